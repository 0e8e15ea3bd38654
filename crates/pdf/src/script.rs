//! Prepares what people wrote for the page, whatever script it is in.

use typst::text::is_default_ignorable;
use unicode_bidi::{Direction, get_base_direction};
use unicode_segmentation::UnicodeSegmentation;

/// Stands for words no embedded font can show.
pub(crate) const OTHER_SCRIPT: &str = "[text in another script: see the record]";
/// Stands for emoji and other signs that are no writing.
pub(crate) const SYMBOL: &str = "[symbol: see the record]";

/// A word of more clusters than this may be set apart over a line end: a name without spaces would
/// else run off the page. Twenty-four of the widest letters still fit into the main heading.
const LONGEST_WORD: usize = 24;
/// Where a longer word may be set apart: after so many clusters, and again.
const PIECE: usize = 8;

/// About the longest piece, in bytes. The layout counts positions inside a piece in 16 bits, and
/// `clusters.rs` relies on them.
const LONGEST_PIECE: usize = 4_000;

/// One paragraph, ready for the layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Whether an empty line stood before it.
    pub(crate) apart: bool,
    /// Whether the first letter with a direction runs from right to left (Unicode annex 9, P2).
    pub(crate) rtl: bool,
    /// Whether the first letter is Latin. What is not is marked as of unknown language, so that no
    /// screen reader tries to read it as English.
    pub(crate) latin: bool,
    /// The text; between two pieces a line may end.
    pub(crate) pieces: Vec<String>,
}

/// Splits a text into its paragraphs, replaces what cannot be shown, and finds the direction of
/// each.
pub(crate) fn lines(text: &str, covers: impl Fn(&str) -> bool) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut apart = false;
    for line in clean(text).split('\n').map(str::trim) {
        if line.is_empty() {
            apart = !lines.is_empty();
            continue;
        }
        let shown = replace_unprintable(line, &covers);
        lines.push(Line {
            apart: std::mem::take(&mut apart),
            rtl: get_base_direction(shown.as_str()) == Direction::Rtl,
            latin: shown
                .chars()
                .find(|c| c.is_alphabetic())
                .is_none_or(is_latin),
            pieces: pieces(&shown),
        });
    }
    lines
}

/// A text as one paragraph, for places that hold no more.
pub(crate) fn line(text: &str, covers: impl Fn(&str) -> bool) -> Option<Line> {
    let text = clean(text).replace('\n', " ");
    lines(&text, covers).pop()
}

/// Makes every line end `\n` and every other white space a space, and drops what has no shape:
/// control characters and code points that PDF/UA forbids. The invisible marks that turn the
/// direction of the text around it go too; with them a printed line could read differently from
/// what was entered. Joiners stay, as Persian and the Indic scripts are spelled with them.
fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\r' => {
                rest.next_if_eq(&'\n');
                clean.push('\n');
            }
            '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => clean.push('\n'),
            '\u{a0}' | '\u{202f}' => clean.push('\u{a0}'),
            c if c.is_whitespace() => clean.push(' '),
            c if c.is_control() || is_shapeless(c) => {}
            c => clean.push(c),
        }
    }
    clean
}

/// What is never drawn, except the joiners and the two single direction marks; and what is no
/// character at all. Among the first are embeddings, overrides and isolates, the byte order mark and
/// variation selectors.
fn is_shapeless(c: char) -> bool {
    let spelling = matches!(c, '\u{200c}'..='\u{200f}');
    (is_default_ignorable(c) && !spelling)
        || matches!(c, '\u{fdd0}'..='\u{fdef}' | '\u{fff9}'..='\u{fffb}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// Private use: each organisation gives these another meaning, so a glyph would be a guess.
fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}')
}

fn is_latin(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | 'ª' | 'º' | 'À'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// Replaces each stretch of clusters that cannot be shown by one note. Spaces inside a stretch
/// belong to it: a name of three such words is one note.
fn replace_unprintable(line: &str, covers: impl Fn(&str) -> bool) -> String {
    let mut shown = String::with_capacity(line.len());
    let mut missing = String::new();
    let mut spaces = String::new();
    for cluster in line.graphemes(true) {
        if cluster.chars().all(char::is_whitespace) {
            spaces.push_str(cluster);
        } else if covers(cluster) && !cluster.chars().any(is_private) {
            let note = take_note(&mut missing);
            if let Some(note) = note {
                push_apart(&mut shown, note);
                if spaces.is_empty() && cluster.starts_with(char::is_alphanumeric) {
                    shown.push(' ');
                }
            }
            shown.push_str(&spaces);
            shown.push_str(cluster);
            spaces.clear();
        } else {
            if missing.is_empty() {
                shown.push_str(&spaces);
            }
            missing.push_str(cluster);
            spaces.clear();
        }
    }
    if let Some(note) = take_note(&mut missing) {
        push_apart(&mut shown, note);
    }
    shown
}

/// The note for what is missing, if anything is.
fn take_note(missing: &mut String) -> Option<&'static str> {
    if missing.is_empty() {
        return None;
    }
    let writing = missing.chars().any(char::is_alphanumeric);
    missing.clear();
    Some(if writing { OTHER_SCRIPT } else { SYMBOL })
}

fn push_apart(shown: &mut String, note: &str) {
    if shown.ends_with(char::is_alphanumeric) {
        shown.push(' ');
    }
    shown.push_str(note);
}

/// Cuts a line where it may end beside its spaces: inside words that are too long for a line.
fn pieces(line: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for word in line.split_inclusive(' ') {
        let long = word.graphemes(true).count() > LONGEST_WORD;
        if pieces
            .last()
            .is_some_and(|piece| piece.len() > LONGEST_PIECE)
        {
            pieces.push(String::new());
        }
        for (position, cluster) in word.graphemes(true).enumerate() {
            let due = position > 0 && position % PIECE == 0;
            if long && due && !cluster.starts_with(is_parted_by_the_layout) {
                pieces.push(String::new());
            }
            if let Some(last) = pieces.last_mut() {
                last.push_str(cluster);
            }
        }
    }
    pieces
}

/// Spaces, and the scripts that are written without them: Thai, Lao, Burmese and Khmer. The layout
/// knows where their words end.
fn is_parted_by_the_layout(c: char) -> bool {
    matches!(c, ' ' | '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As if the fonts had everything but Chinese and emoji.
    fn covers(cluster: &str) -> bool {
        cluster.chars().all(|c| u32::from(c) < 0x4e00)
    }

    fn shown(text: &str) -> Vec<String> {
        lines(text, covers)
            .iter()
            .map(|line| line.pieces.concat())
            .collect()
    }

    #[test]
    fn line_ends_of_every_kind_part_paragraphs_and_empty_lines_leave_a_gap() {
        let lines = lines(" a\r\nb\rc\u{2028}d\n \n\ne\n", covers);
        let found: Vec<_> = lines
            .iter()
            .map(|line| (line.pieces.concat(), line.apart))
            .collect();
        let expected = [
            ("a", false),
            ("b", false),
            ("c", false),
            ("d", false),
            ("e", true),
        ];
        assert_eq!(
            found,
            expected.map(|(text, apart)| (text.to_owned(), apart))
        );
        assert_eq!(line("a\n\nb", covers).unwrap().pieces, ["a  b"]);
        assert_eq!(line(" \n", covers), None);
    }

    #[test]
    fn what_has_no_shape_is_dropped_and_what_spelling_needs_is_kept() {
        assert_eq!(shown("\u{202e}a\u{202c}\0b\u{feff}\tc\u{ad}"), ["ab c"]);
        assert_eq!(shown("می\u{200c}خواهم"), ["می\u{200c}خواهم"]);
        assert_eq!(shown("क्\u{200d}ष"), ["क्\u{200d}ष"]);
    }

    #[test]
    fn a_stretch_without_font_is_one_note() {
        let cases = [
            ("王小明", OTHER_SCRIPT.to_owned()),
            ("王 小 明", OTHER_SCRIPT.to_owned()),
            (
                "Wang (王 小明), Ming",
                format!("Wang ({OTHER_SCRIPT}), Ming"),
            ),
            ("Wang王Ming", format!("Wang {OTHER_SCRIPT} Ming")),
            ("王 and 明", format!("{OTHER_SCRIPT} and {OTHER_SCRIPT}")),
            ("ok 😀 😀.", format!("ok {SYMBOL}.")),
            ("\u{e000}", SYMBOL.to_owned()),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), [expected], "{text}");
        }
    }

    #[test]
    fn the_first_strong_letter_gives_the_direction_and_the_first_letter_the_language() {
        let cases = [
            ("Ada فاطمة", false, true),
            ("فاطمة Ada", true, false),
            ("(12) משה", true, false),
            ("07700 900123", false, true),
            ("রহিমা Ada", false, false),
            ("Żądło", false, true),
        ];
        for (text, rtl, latin) in cases {
            let line = line(text, covers).unwrap();
            assert_eq!((line.rtl, line.latin), (rtl, latin), "{text}");
        }
    }

    #[test]
    fn only_words_too_long_for_a_line_are_cut_and_nothing_is_lost() {
        let cases = [
            ("x".repeat(24), 1),
            ("x".repeat(25), 4),
            ("short words ".repeat(10).trim().to_owned(), 1),
            (
                format!("{} and {}", "x".repeat(300), "y".repeat(30)),
                38 + 3,
            ),
            ("ประเทศไทย".repeat(20), 1),
            ("e\u{301}".repeat(32), 4),
        ];
        for (text, count) in cases {
            let pieces = line(&text, covers).unwrap().pieces;
            assert_eq!(pieces.concat(), text);
            assert_eq!(pieces.len(), count, "{text}");
        }
        let longest = "words ".repeat(20_000);
        let pieces = line(&longest, covers).unwrap().pieces;
        assert!(pieces.iter().all(|piece| piece.len() <= LONGEST_PIECE + 6));
    }
}
