//! Lists as files for a spreadsheet.
//!
//! A cell is made of what may be shown anywhere; a bare `String`, which has lost its label, is
//! none.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use kernel::{
    plain::Plain,
    time::{Day, Instant},
};

use crate::printing::csv::runs_as_formula;

/// What one cell holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell(String);

impl From<Plain> for Cell {
    fn from(plain: Plain) -> Self {
        Self(plain.as_str().to_owned())
    }
}
impl From<Option<Plain>> for Cell {
    fn from(plain: Option<Plain>) -> Self {
        plain.unwrap_or_default().into()
    }
}
impl From<&'static str> for Cell {
    fn from(text: &'static str) -> Self {
        Self(text.to_owned())
    }
}
/// ISO 8601, which every spreadsheet reads as a day.
impl From<Day> for Cell {
    fn from(day: Day) -> Self {
        Self(day.0.to_string())
    }
}
impl From<Option<Day>> for Cell {
    fn from(day: Option<Day>) -> Self {
        day.map_or(Self(String::new()), Self::from)
    }
}
/// ISO 8601 in UTC.
impl From<Instant> for Cell {
    fn from(at: Instant) -> Self {
        Self(at.to_string())
    }
}
impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self(number.to_string())
    }
}

/// A file of comma-separated values, with columns that stay as they are.
#[derive(Clone, Debug)]
pub struct Csv {
    text: String,
}

impl Csv {
    /// A file with these headings.
    pub fn new(heads: &[&'static str]) -> Self {
        // The mark tells spreadsheets that it is UTF-8, without which names come out broken.
        let mut csv = Self {
            text: "\u{feff}".to_owned(),
        };
        csv.row(heads.iter().map(|head| Cell::from(*head)));
        csv
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        let cells: Vec<String> = cells.into_iter().map(|cell| quoted(&cell.0)).collect();
        self.text.push_str(&cells.join(","));
        self.text.push_str("\r\n");
    }

    /// The answer that saves it under `name`, which names nobody.
    pub fn download(self, name: &str) -> Response {
        (
            [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                (
                    header::CONTENT_DISPOSITION,
                    format!("attachment; filename=\"{name}.csv\""),
                ),
            ],
            self.text,
        )
            .into_response()
    }
}

/// One cell. What a spreadsheet would run as a formula gets an apostrophe before it, and is then
/// shown as text: a name that was typed must not run on the machine of who reads the list.
fn quoted(text: &str) -> String {
    let safe = if runs_as_formula(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if safe.contains([',', '"', '\n', '\r', '\'']) {
        format!("\"{}\"", safe.replace('"', "\"\""))
    } else {
        safe
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text_and_quotes_are_kept() {
        for (text, cell) in [
            ("Larkmoor", "Larkmoor"),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=1+1", "\"'=1+1\""),
            ("  =1+1", "\"'  =1+1\""),
            ("+44 7700 900001", "\"'+44 7700 900001\""),
            ("-2", "\"'-2\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            ("two\nlines", "\"two\nlines\""),
            ("", ""),
        ] {
            assert_eq!(quoted(text), cell);
        }
    }
}
