//! The weekly rhythm as it is drawn: places of cells, signs and words.

use std::fmt;

use kernel::{
    ids::CaseId,
    label::{Audience, For, Shows},
    time::day_words,
};

use crate::contacts::{
    rhythm::{self, Cell, SHOWN},
    rules::{Week, Work},
};

/// What a row is called.
pub(super) enum Called<A> {
    /// Words of ours.
    Ours(&'static str),
    /// Somebody's name.
    Name(For<A, String>),
}

impl<A: Audience> fmt::Display for Called<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ours(words) => f.write_str(words),
            Self::Name(name) => name.fmt(f),
        }
    }
}

/// One week of one row.
pub(super) struct CellDrawn {
    pub x: usize,
    pub y: usize,
    pub text_x: usize,
    pub text_y: usize,
    pub class: &'static str,
    pub sign: &'static str,
    pub words: &'static str,
}

/// What is done each week.
pub(super) struct Row<A> {
    pub called: Called<A>,
    pub y: usize,
    pub cells: Vec<CellDrawn>,
}

/// A week.
pub(super) struct Column {
    pub x: usize,
    pub day: String,
    pub month: String,
    pub words: String,
}

/// The picture with everything that its table says too.
pub(super) struct Picture<A> {
    pub height: usize,
    pub columns: Vec<Column>,
    pub rows: Vec<Row<A>>,
    pub key: Vec<(&'static str, &'static str, &'static str)>,
    pub totals: Vec<(&'static str, usize)>,
    pub from: String,
    pub until: String,
    pub earlier: String,
    pub later: String,
}
impl<A: Audience> Shows<A> for Picture<A> {}

impl<A> Picture<A> {
    /// The cells of a week, for the table.
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "a template hands over what it walks along by reference"
    )]
    pub fn week(&self, at: &usize) -> Vec<(&Called<A>, &'static str)> {
        self.rows
            .iter()
            .map(|row| {
                let words = row.cells.get(*at).map_or("", |cell| cell.words);
                (&row.called, words)
            })
            .collect()
    }
}

/// The side of a cell and the space between two, in units of the picture.
const SIDE: usize = 26;
const STEP: usize = 28;
/// Where the rows begin, and how far apart they are.
const TOP: usize = 44;
const APART: usize = 56;

/// Draws rows of cells, each from the first week shown to the last, and the totals of `all`.
pub(super) fn draw<A: Audience>(
    (first, last, now): (Week, Week, Week),
    begins: Option<Week>,
    rows: Vec<(Called<A>, Vec<Cell>)>,
    totals: &[Cell],
    (case, place): (CaseId, &str),
) -> Picture<A> {
    let mut columns = Vec::new();
    let mut month_before = String::new();
    for (at, week) in first.to(last).enumerate() {
        let monday = week.monday();
        let month = monday.strftime("%b").to_string();
        columns.push(Column {
            x: at.saturating_mul(STEP),
            day: monday.day().to_string(),
            words: day_words(monday),
            month: if month == month_before {
                String::new()
            } else {
                month.clone()
            },
        });
        month_before = month;
    }
    let rows: Vec<Row<A>> = rows
        .into_iter()
        .enumerate()
        .map(|(at, (called, cells))| {
            let y = at.saturating_mul(APART).saturating_add(TOP);
            let cells = cells
                .into_iter()
                .enumerate()
                .map(|(at, cell)| {
                    let x = at.saturating_mul(STEP);
                    CellDrawn {
                        x,
                        y: y.saturating_add(20),
                        text_x: x.saturating_add(SIDE / 2),
                        text_y: y.saturating_add(38),
                        class: cell.class(),
                        sign: cell.sign(),
                        words: cell.words(),
                    }
                })
                .collect();
            Row {
                called,
                y: y.saturating_add(12),
                cells,
            }
        })
        .collect();
    let until = |week: Week| format!("/cases/{case}{place}?until={}", week.sunday());
    Picture {
        height: rows.len().saturating_mul(APART).saturating_add(TOP),
        columns,
        rows,
        key: Cell::KEY
            .iter()
            .map(|cell| (cell.class(), cell.sign(), cell.words()))
            .collect(),
        totals: Cell::KEY
            .iter()
            .map(|cell| {
                let count = totals.iter().filter(|found| *found == cell).count();
                (cell.words(), count)
            })
            .filter(|(_, count)| *count > 0)
            .collect(),
        from: day_words(first.monday()),
        until: day_words(last.sunday()),
        earlier: if begins.is_some_and(|begins| begins < first) {
            until(first.plus(-1))
        } else {
            String::new()
        },
        later: if last < now {
            until(last.plus(SHOWN))
        } else {
            String::new()
        },
    }
}

/// The weeks that are counted: all in which the work ran, up to this one.
pub(super) fn counted(work: Option<&Work>, now: Week) -> Option<(Week, Week)> {
    work.and_then(|work| work.weeks(now.sunday()))
}

/// The weeks that are shown.
pub(super) fn shown(until: Option<jiff::civil::Date>, now: Week) -> (Week, Week) {
    rhythm::window(until, now)
}
