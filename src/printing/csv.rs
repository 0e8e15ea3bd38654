//! Lists as files that a spreadsheet opens.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};

/// A list as comma-separated values (RFC 4180): UTF-8 with a byte order mark, so that Excel shows
/// every script, and lines that end as it expects.
#[derive(Clone, Debug)]
pub struct Csv {
    text: String,
    columns: usize,
}

impl Csv {
    /// A list with these columns. Their names and order stay as they are: people build on them.
    pub fn new(columns: &[&'static str]) -> Self {
        let mut csv = Self {
            text: "\u{feff}".to_owned(),
            columns: columns.len(),
        };
        csv.row(columns.iter().map(|name| (*name).to_owned()));
        csv
    }

    /// One row; what lacks is left blank.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let mut cells: Vec<String> = cells.into_iter().map(|cell| quoted(&cell)).collect();
        cells.resize(self.columns, String::new());
        self.text.push_str(&cells.join(","));
        self.text.push_str("\r\n");
    }

    /// The text of the file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The answer that saves it as `NAME.csv`. The name says nothing of what the service is about.
    pub fn into_answer(self, name: &'static str) -> Response {
        let disposition = format!("attachment; filename=\"{name}.csv\"");
        let disposition = HeaderValue::from_str(&disposition)
            .unwrap_or_else(|_| HeaderValue::from_static("attachment"));
        (
            [
                (
                    header::CONTENT_TYPE,
                    HeaderValue::from_static("text/csv; charset=utf-8"),
                ),
                (header::CONTENT_DISPOSITION, disposition),
            ],
            self.text,
        )
            .into_response()
    }
}

/// Whether a spreadsheet would run `cell` as a formula: it begins with a sign of one, in either
/// width, behind blanks or not. Every list that leaves as a file asks this.
pub fn runs_as_formula(cell: &str) -> bool {
    const SIGNS: [char; 8] = [
        '=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ];
    cell.trim_start().starts_with(SIGNS) || cell.starts_with(['\t', '\r', '\n'])
}

/// A cell in quotes. What a spreadsheet would run as a formula begins with an apostrophe, which
/// makes it text; a name may begin with any sign.
pub fn quoted(cell: &str) -> String {
    let apostrophe = if runs_as_formula(cell) { "'" } else { "" };
    format!("\"{apostrophe}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_text_whatever_they_hold() {
        for (cell, expected) in [
            ("Ada", "\"Ada\""),
            ("", "\"\""),
            ("a,\"b\"\nc", "\"a,\"\"b\"\"\nc\""),
            ("=1+1", "\"'=1+1\""),
            (" @SUM(A1)", "\"' @SUM(A1)\""),
            ("+44", "\"'+44\""),
            ("-1", "\"'-1\""),
            ("\t=1", "\"'\t=1\""),
            ("فاتن", "\"فاتن\""),
        ] {
            assert_eq!(quoted(cell), expected, "{cell}");
        }
    }

    #[test]
    fn every_row_has_every_column() {
        let mut csv = Csv::new(&["a", "b"]);
        csv.row(["1".to_owned()]);
        assert_eq!(csv.text(), "\u{feff}\"a\",\"b\"\r\n\"1\",\r\n");
    }
}
