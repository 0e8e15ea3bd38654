//! Printed forms as PDF: tagged, after PDF/UA-1, so that a screen reader follows them.
//!
//! The text of a record reaches the page as values, never as markup, and the layout can open no
//! file, no package and no address. A text nobody here has a font for is printed as a note; no
//! letter is refused because of a name.
//!
//! One form takes tenths of a second of one processor: call [`render`] where waiting is allowed
//! (`spawn_blocking`).

mod clusters;
mod inputs;
mod press;
mod script;

use std::fmt::{self, Display, Formatter};

use crate::press::Press;

/// The most text one document may hold, in characters: far more than any form (some 150 pages), and
/// a bound on the time and memory one request may take.
pub const MAX_CHARACTERS: usize = 400_000;

/// One printed form in one audience's version.
///
/// The audience is chosen before: what must not be seen by it is not in here. Every text may hold
/// any script and any character; line ends begin a new paragraph. The texts are printed as they
/// are: an empty one leaves no trace, except an empty answer, which prints as "Not answered".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The main heading, and the name a reader shows in its window: it may not say what the service
    /// is about. Where it is empty, the reference stands in.
    pub title: String,
    /// The party's reference, on the first page and at the foot of every page.
    pub reference: String,
    /// For whom this version was made, as "Printed for: ...". At the foot of every page too, since
    /// sheets get parted.
    pub audience: String,
    /// The line with the date and a neutral worker name.
    pub printed: String,
    /// What the reader has to know first, set apart below the title.
    pub notice: Option<String>,
    /// The questions and answers, in the order of the form.
    pub sections: Vec<Section>,
    /// Paragraphs after the sections, such as lines to sign on. Each stays on one page.
    pub closing: Vec<String>,
}

/// A part of a form under its own heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// The heading, one level below the title.
    pub heading: String,
    /// The questions with their answers.
    pub rows: Vec<Row>,
}

/// A question with its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The question as it was asked.
    pub label: String,
    /// The answer as it was given, with its line ends.
    pub answer: String,
}

/// Why no PDF was made.
///
/// Its words hold no text of the document, so they may go into a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The document holds more than [`MAX_CHARACTERS`].
    TooLong,
    /// An embedded font cannot be read: the program was built wrong.
    Fonts,
    /// The layout failed or gave a warning, which here always means a wrong page.
    Layout(String),
    /// The pages do not comply with PDF/UA-1, not even with every text beyond the Latin, Greek and
    /// Cyrillic scripts replaced by a note.
    Export(String),
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(f, "the document is longer than {MAX_CHARACTERS} characters"),
            Self::Fonts => f.write_str("the embedded fonts cannot be read"),
            Self::Layout(reason) => write!(f, "the pages could not be laid out: {reason}"),
            Self::Export(reason) => write!(f, "the PDF is not accessible: {reason}"),
        }
    }
}

impl std::error::Error for Error {}

/// Sets a document as a PDF file of the standard PDF/UA-1 (ISO 14289-1) on A4 pages.
///
/// The same document gives the same bytes: no time of making is written into it.
///
/// # Errors
///
/// See [`Error`]. Apart from the length, none depends on what people write.
pub fn render(document: &Document) -> Result<Vec<u8>, Error> {
    if document.characters() > MAX_CHARACTERS {
        return Err(Error::TooLong);
    }
    let press = Press::get()?;
    match press.print(inputs::of(document, press, press::Repertoire::Everything)) {
        // The fonts have every character, yet shaping joined some into what no reader could turn
        // back into text. Rare enough to set the whole form again, with the note in those places.
        Err(Error::Export(_)) => {
            press.print(inputs::of(document, press, press::Repertoire::European))
        }
        result => result,
    }
}

impl Document {
    /// The length of all texts together.
    fn characters(&self) -> usize {
        let rows = self.sections.iter().flat_map(|section| {
            section
                .rows
                .iter()
                .flat_map(|row| [&row.label, &row.answer])
                .chain([&section.heading])
        });
        let head = [&self.title, &self.reference, &self.audience, &self.printed];
        rows.chain(head)
            .chain(&self.notice)
            .chain(&self.closing)
            .map(|text| text.chars().count())
            .sum()
    }
}

#[cfg(test)]
mod tests;
