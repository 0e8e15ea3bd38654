//! Makes every written character one thing again after the layout.
//!
//! A letter and its mark, or the body and the dots of an Arabic letter, are several glyphs at
//! different heights. The layout sets glyphs of different heights as runs of their own, and each of
//! these runs claims to be the whole character: whoever searches the file, copies from it or has it
//! read aloud then gets `ففاطمة` for `فاطمة`. (typst issues 4225 and 8767; to be removed when they
//! are closed, as the tests of the joined scripts will show.) Here such runs become one run again,
//! whose glyphs carry the heights themselves; the page looks the same to the pixel.
//!
//! What remains: typst writes a right-to-left line in the order of the page, from left to right.
//! Readers that order text by its place, as for most PDF files, are right; one that goes by the tags
//! alone may read the parts of such a line in the wrong order.

use std::ops::Range;

use typst::layout::{Em, Frame, FrameItem, GroupItem, Point};
use typst::model::Document as _;
use typst::text::{Glyph, TextItem};
use typst_layout::{Page, PagedDocument};

/// Joins the runs that share a character, on all pages.
pub(crate) fn rejoin(document: &PagedDocument) -> PagedDocument {
    let pages = document
        .pages()
        .iter()
        .map(|page| Page {
            frame: rejoin_frame(&page.frame),
            ..page.clone()
        })
        .collect();
    PagedDocument::new(pages, document.info().clone())
}

fn rejoin_frame(frame: &Frame) -> Frame {
    let mut items: Vec<(Point, FrameItem)> = Vec::new();
    for (at, item) in frame.items() {
        let joined = match (items.last(), item) {
            (Some((before_at, FrameItem::Text(before))), FrameItem::Text(text)) => {
                join(*before_at, before, *at, text)
            }
            _ => None,
        };
        match (joined, items.last_mut()) {
            (Some(joined), Some((_, last))) => *last = FrameItem::Text(joined),
            _ => items.push((*at, rejoin_item(item))),
        }
    }
    let mut joined = frame.clone();
    joined.clear();
    joined.push_multiple(items);
    joined
}

fn rejoin_item(item: &FrameItem) -> FrameItem {
    match item {
        FrameItem::Group(group) => FrameItem::Group(GroupItem {
            frame: rejoin_frame(&group.frame),
            ..group.clone()
        }),
        other => other.clone(),
    }
}

/// Joins two neighbouring runs if one character lies in both.
fn join(at: Point, run: &TextItem, next_at: Point, next: &TextItem) -> Option<TextItem> {
    let alike = run.font == next.font
        && run.size == next.size
        && run.fill == next.fill
        && run.stroke == next.stroke
        && run.lang == next.lang
        && run.region == next.region;
    let follows = (at.x + run.width()).approx_eq(next_at.x);
    if !(alike && follows && shares_character(run, next)) {
        return None;
    }

    let (first, second) = (source_range(run)?, source_range(next)?);
    let whole = first.start.min(second.start)..first.end.max(second.end);
    let text = union(&run.text, &first, &next.text, &second)?;
    let rise = (at.y - next_at.y) / run.size;
    let mut glyphs = Vec::with_capacity(run.glyphs.len() + next.glyphs.len());
    for glyph in &run.glyphs {
        glyphs.push(moved(glyph, first.start - whole.start, 0.0)?);
    }
    for glyph in &next.glyphs {
        glyphs.push(moved(glyph, second.start - whole.start, rise)?);
    }
    Some(TextItem {
        text: text.into(),
        glyphs,
        ..run.clone()
    })
}

/// Whether the last glyph of a run and the first of the next stand for the same place of the source.
fn shares_character(run: &TextItem, next: &TextItem) -> bool {
    let (Some(last), Some(first)) = (run.glyphs.last(), next.glyphs.first()) else {
        return false;
    };
    last.span == first.span && run.text.get(last.range()) == next.text.get(first.range())
}

/// Where the text of a run lies in the text it was cut from. `None` if its glyphs do not agree.
fn source_range(run: &TextItem) -> Option<Range<usize>> {
    let starts = |glyph: &Glyph| usize::from(glyph.span.1).checked_sub(glyph.range().start);
    let start = starts(run.glyphs.first()?)?;
    let agree = run.glyphs.iter().all(|glyph| starts(glyph) == Some(start));
    agree.then(|| start..start + run.text.len())
}

/// Two overlapping texts as one. `None` if they do not overlap or say different things.
fn union(text: &str, at: &Range<usize>, other: &str, other_at: &Range<usize>) -> Option<String> {
    if other_at.start < at.start {
        return union(other, other_at, text, at);
    }
    let (before, shared) = text.split_at_checked(other_at.start - at.start)?;
    if shared.is_empty() {
        None
    } else if let Some(rest) = other.strip_prefix(shared) {
        Some(format!("{before}{shared}{rest}"))
    } else {
        shared.starts_with(other).then(|| text.to_owned())
    }
}

/// A glyph in a text that begins `by` bytes earlier, on a line that lies `rise` (in units of the
/// font size) lower.
fn moved(glyph: &Glyph, by: usize, rise: f64) -> Option<Glyph> {
    let by = u16::try_from(by).ok()?;
    Some(Glyph {
        range: glyph.range.start.checked_add(by)?..glyph.range.end.checked_add(by)?,
        y_offset: glyph.y_offset + Em::new(rise),
        ..glyph.clone()
    })
}
