//! The document as values for `form.typ`.

use typst::foundations::{Array, Dict, IntoValue, Value};

use crate::press::{Press, Repertoire};
use crate::script::{self, Line};
use crate::{Document, Row, Section};

/// Stands for an empty answer, so that a reader of the paper knows nothing was left off.
const NOT_ANSWERED: &str = "Not answered";

/// Stands for the title of a document that has neither title nor reference: PDF/UA demands one.
const UNTITLED: &str = "Document";

/// The longest text at the foot of a page, in characters: it has to fit beside the page number.
const RUNNING: usize = 90;

/// Makes the inputs of a document. What `repertoire` lacks becomes a note.
pub(crate) fn of(document: &Document, press: &Press, repertoire: Repertoire) -> Dict {
    Setter { press, repertoire }.document(document)
}

/// Turns texts into values.
struct Setter<'a> {
    press: &'a Press,
    repertoire: Repertoire,
}

impl Setter<'_> {
    fn document(&self, document: &Document) -> Dict {
        let titles = [document.title.as_str(), &document.reference, UNTITLED];
        let title = titles.into_iter().find_map(|title| self.line(title));
        let reference = document.reference.trim();
        let referred = if reference.is_empty() {
            String::new()
        } else {
            format!("Reference: {reference}")
        };
        dict([
            (
                "fonts",
                self.press
                    .families()
                    .map(IntoValue::into_value)
                    .collect::<Array>()
                    .into_value(),
            ),
            ("title", title.into_value()),
            ("reference", self.lines(&referred)),
            ("audience", self.lines(&document.audience)),
            ("running", self.line(&running(document)).into_value()),
            ("printed", self.lines(&document.printed)),
            (
                "notice",
                self.lines(document.notice.as_deref().unwrap_or_default()),
            ),
            (
                "sections",
                array(
                    document
                        .sections
                        .iter()
                        .map(|section| self.section(section)),
                ),
            ),
            (
                "closing",
                array(document.closing.iter().map(|text| self.lines(text))),
            ),
        ])
    }

    fn section(&self, section: &Section) -> Value {
        dict([
            ("heading", self.line(&section.heading).into_value()),
            ("rows", array(section.rows.iter().map(|row| self.row(row)))),
        ])
        .into_value()
    }

    fn row(&self, row: &Row) -> Value {
        let answer = if row.answer.trim().is_empty() {
            NOT_ANSWERED
        } else {
            &row.answer
        };
        dict([
            ("label", self.line(&row.label).into_value()),
            ("answer", self.lines(answer)),
        ])
        .into_value()
    }

    /// `None`, in the layout `none`, for an empty text.
    fn line(&self, text: &str) -> Option<Value> {
        script::line(text, |cluster| self.covers(cluster)).map(value)
    }

    fn lines(&self, text: &str) -> Value {
        array(
            script::lines(text, |cluster| self.covers(cluster))
                .into_iter()
                .map(value),
        )
    }

    fn covers(&self, cluster: &str) -> bool {
        self.press.covers(cluster, self.repertoire)
    }
}

/// What stands at the foot of every page.
fn running(document: &Document) -> String {
    let parts = [document.reference.trim(), document.audience.trim()];
    let text = parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    match text.char_indices().nth(RUNNING) {
        Some((end, _)) => text.get(..end).unwrap_or_default().trim_end().to_owned() + "…",
        None => text,
    }
}

fn value(line: Line) -> Value {
    dict([
        ("apart", line.apart.into_value()),
        ("rtl", line.rtl.into_value()),
        ("lang", if line.latin { "en" } else { "und" }.into_value()),
        (
            "pieces",
            array(line.pieces.into_iter().map(IntoValue::into_value)),
        ),
    ])
    .into_value()
}

fn dict<const N: usize>(entries: [(&str, Value); N]) -> Dict {
    entries
        .into_iter()
        .map(|(key, value)| (key.into(), value))
        .collect()
}

fn array(values: impl Iterator<Item = Value>) -> Value {
    values.collect::<Array>().into_value()
}
