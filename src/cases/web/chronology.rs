//! What happened on a case, on each side.

use std::collections::{BTreeSet, HashMap};

use axum::extract::Query;
use kernel::{
    ids::{CaseId, UserId},
    label::{Audience, ClientLine, For, SurvivorLine, VisibleTo},
    plain::Plain,
    time::day_words,
};
use platform::{Case, Page, Result, Routes};
use serde::Deserialize;

use super::{Kept, Out, frame};
use crate::{
    cases::{
        Chronology, KeptChronology,
        model::{self, Moment, Said},
        rules, store,
    },
    people,
    shell::Frame,
};

/// What is mounted.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/chronology", chronology)
        .get("/cases/{case}/apart/chronology", kept_chronology)
}

/// What a chronology shows, in its address.
#[derive(Clone, Debug, Default, Deserialize)]
struct Filter {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    author: String,
}

/// A moment as it is drawn.
struct Line<A> {
    on: For<A, String>,
    entered: For<A, String>,
    author: Option<(UserId, Plain)>,
    kind: &'static str,
    ours: &'static str,
    written: Option<For<A, String>>,
}

fn line<A: Audience, L: VisibleTo<A>>(
    moment: Moment<L>,
    author: Option<UserId>,
    names: &HashMap<UserId, Plain>,
) -> Line<A> {
    let entered = moment.entered_at;
    let (ours, written) = match moment.text {
        Said::Ours(text) => (text, None),
        Said::Written(text) => ("", Some(text.show())),
    };
    Line {
        entered: moment
            .on
            .map(|on| {
                if rules::shows_both_dates(*on, entered) {
                    day_words(entered.day())
                } else {
                    String::new()
                }
            })
            .show(),
        on: moment.on.map(|on| day_words(*on)).show(),
        author: author.map(|id| (id, names.get(&id).cloned().unwrap_or_default())),
        kind: moment.kind,
        ours,
        written,
    }
}

platform::rows! {
    /// A choice of a filter.
    struct KindChoice for ClientLine { text: &'static str, chosen: bool }
}
platform::rows! {
    /// A choice of a filter.
    struct AuthorChoice for ClientLine { id: UserId, name: Plain, chosen: bool }
}
platform::rows! {
    /// A moment.
    struct MomentRow for ClientLine {
        on: Out<String>,
        entered: Out<String>,
        author: Option<Plain>,
        kind: &'static str,
        ours: &'static str,
        written: Option<Out<String>>,
    }
}
platform::page! {
    /// What happened, as workers of both lines read it.
    struct ChronologyPage for ClientLine, "cases/chronology.html" {
        frame: Frame,
        case: CaseId,
        place: &'static str,
        title: &'static str,
        rows: Vec<MomentRow>,
        kinds: Vec<KindChoice>,
        authors: Vec<AuthorChoice>,
        filtered: bool,
    }
}
platform::rows! {
    /// A choice of a filter.
    struct KeptKindChoice for SurvivorLine { text: &'static str, chosen: bool }
}
platform::rows! {
    /// A choice of a filter.
    struct KeptAuthorChoice for SurvivorLine { id: UserId, name: Plain, chosen: bool }
}
platform::rows! {
    /// A moment.
    struct KeptMomentRow for SurvivorLine {
        on: Kept<String>,
        entered: Kept<String>,
        author: Option<Plain>,
        kind: &'static str,
        ours: &'static str,
        written: Option<Kept<String>>,
    }
}
platform::page! {
    /// What happened, with what only the survivor's side reads.
    struct KeptChronologyPage for SurvivorLine, "cases/chronology.html" {
        frame: Frame,
        case: CaseId,
        place: &'static str,
        title: &'static str,
        rows: Vec<KeptMomentRow>,
        kinds: Vec<KeptKindChoice>,
        authors: Vec<KeptAuthorChoice>,
        filtered: bool,
    }
}

/// The kinds and authors of lines, and the lines that a filter lets through. It works on what is
/// shown, so that a filter cannot ask for what is not.
#[expect(clippy::type_complexity, reason = "the three lists of one page")]
fn filtered<A>(
    lines: Vec<Line<A>>,
    filter: &Filter,
) -> (
    Vec<Line<A>>,
    Vec<(&'static str, bool)>,
    Vec<(UserId, Plain, bool)>,
) {
    let kinds: BTreeSet<&'static str> = lines.iter().map(|line| line.kind).collect();
    let authors: BTreeSet<(Plain, UserId)> = lines
        .iter()
        .filter_map(|line| line.author.clone())
        .map(|(id, name)| (name, id))
        .collect();
    let kinds = kinds
        .into_iter()
        .map(|kind| (kind, kind == filter.kind))
        .collect();
    let authors = authors
        .into_iter()
        .map(|(name, id)| (id, name, id.to_string() == filter.author))
        .collect();
    let lines = lines
        .into_iter()
        .filter(|line| filter.kind.is_empty() || line.kind == filter.kind)
        .filter(|line| {
            filter.author.is_empty()
                || line
                    .author
                    .as_ref()
                    .is_some_and(|(id, _)| id.to_string() == filter.author)
        })
        .collect();
    (lines, kinds, authors)
}

async fn chronology(
    case: Case<Chronology>,
    Query(filter): Query<Filter>,
) -> Result<Page<ChronologyPage>> {
    let lines = case
        .read(|r| {
            let kept = people::store::survivor_side(r)?;
            let moments = store::moments(r)?;
            let names = people::store::worker_names(r, moments.iter().map(|m| m.author))?;
            Ok(moments
                .into_iter()
                .map(|moment| {
                    let author = rules::author_shown(moment.author, &kept);
                    line::<ClientLine, _>(moment, author, &names)
                })
                .collect::<Vec<_>>())
        })
        .await?;
    let (lines, kinds, authors) = filtered(lines, &filter);
    Ok(Page(ChronologyPage {
        frame: frame(&case),
        case: case.id(),
        place: "chronology",
        title: "Chronology",
        filtered: !filter.kind.is_empty() || !filter.author.is_empty(),
        rows: lines
            .into_iter()
            .map(|line| MomentRow {
                on: line.on,
                entered: line.entered,
                author: line.author.map(|(_, name)| name),
                kind: line.kind,
                ours: line.ours,
                written: line.written,
            })
            .collect(),
        kinds: kinds
            .into_iter()
            .map(|(text, chosen)| KindChoice { text, chosen })
            .collect(),
        authors: authors
            .into_iter()
            .map(|(id, name, chosen)| AuthorChoice { id, name, chosen })
            .collect(),
    }))
}

async fn kept_chronology(
    case: Case<KeptChronology>,
    Query(filter): Query<Filter>,
) -> Result<Page<KeptChronologyPage>> {
    let lines = case
        .read(|r| {
            let shared = store::moments(r)?;
            let kept = store::kept_moments(r)?;
            let names = people::store::worker_names(
                r,
                shared
                    .iter()
                    .map(|m| m.author)
                    .chain(kept.iter().map(|m| m.author)),
            )?;
            Ok(merged(shared, kept)
                .into_iter()
                .map(|moment| match moment {
                    Either::Shared(moment) => {
                        let author = Some(moment.author);
                        line::<SurvivorLine, _>(moment, author, &names)
                    }
                    Either::Kept(moment) => {
                        let author = Some(moment.author);
                        line::<SurvivorLine, _>(moment, author, &names)
                    }
                })
                .collect::<Vec<_>>())
        })
        .await?;
    let (lines, kinds, authors) = filtered(lines, &filter);
    Ok(Page(KeptChronologyPage {
        frame: frame(&case),
        case: case.id(),
        place: "apart/chronology",
        title: "Chronology with both sides",
        filtered: !filter.kind.is_empty() || !filter.author.is_empty(),
        rows: lines
            .into_iter()
            .map(|line| KeptMomentRow {
                on: line.on,
                entered: line.entered,
                author: line.author.map(|(_, name)| name),
                kind: line.kind,
                ours: line.ours,
                written: line.written,
            })
            .collect(),
        kinds: kinds
            .into_iter()
            .map(|(text, chosen)| KeptKindChoice { text, chosen })
            .collect(),
        authors: authors
            .into_iter()
            .map(|(id, name, chosen)| KeptAuthorChoice { id, name, chosen })
            .collect(),
    }))
}

enum Either {
    Shared(Moment),
    Kept(model::KeptMoment),
}

/// Both lists in one order, latest first.
fn merged(shared: Vec<Moment>, kept: Vec<model::KeptMoment>) -> Vec<Either> {
    let mut all: Vec<_> = shared
        .into_iter()
        .map(|m| (rules::place_in_time(&m), Either::Shared(m)))
        .chain(
            kept.into_iter()
                .map(|m| (rules::place_in_time(&m), Either::Kept(m))),
        )
        .collect();
    all.sort_by_key(|(when, _)| std::cmp::Reverse(*when));
    all.into_iter().map(|(_, moment)| moment).collect()
}
