//! What slips on the cases that somebody supervises or answers for.

use std::fmt::Write as _;

use std::collections::{BTreeMap, HashMap};

use axum::{extract::Query, response::Response};
use kernel::{
    access::Tie,
    calendar::Calendar,
    ids::{CaseId, UserId},
    label::{ClientLine, For, Labelled},
    plain::Plain,
    time::Day,
};
use platform::{Across, Caseload, Listing, Order, Page, Result, Routes, Whose, casefile};
use serde::Deserialize;

use crate::{
    duties::{self, facts},
    people,
    printing::csv::Csv,
    shell::Frame,
    supervision::{
        Slips,
        rules::{self, Slip, Sort},
        store,
    },
};

/// What is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .get("/supervision/slips", show)
        .get("/supervision/slips.csv", export)
}

/// How many cases a page looks at.
const CASES: i64 = 200;

/// Whose cases, in which order, and after which.
#[derive(Clone, Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    worker: String,
    #[serde(default)]
    sort: String,
    #[serde(default)]
    after: String,
}

impl Asked {
    fn sort(&self) -> Sort {
        Sort::from_code(&self.sort).unwrap_or(Sort::Overdue)
    }

    /// The address of the list, or of its file, with the same filter and order.
    fn place(&self, path: &str, after: &str) -> Plain {
        let worker: Option<UserId> = self.worker.parse().ok();
        let mut place = format!("{path}?sort={}", self.sort().code());
        if let Some(worker) = worker {
            let _ = write!(place, "&worker={worker}");
        }
        if !after.is_empty() {
            let _ = write!(place, "&after={after}");
        }
        Plain::new(place)
    }
}

/// A case of which something slips.
struct Slipping {
    case: CaseId,
    reference: Plain,
    client: Option<For<ClientLine, String>>,
    worker: Option<(UserId, Plain)>,
    slip: Slip,
}

fn slipping(across: &mut Across<'_>, whose: Whose) -> Result<Vec<Slipping>> {
    let names = people::store::names_listed(across)?;
    let known = facts::listed(across)?;
    let dated = duties::store::settings(across.conn())?;
    let asked = duties::store::asked_listed(across)?;
    let mine = casefile::my_ties_listed(across)?;
    let workers = store::practitioners_listed(across)?;
    let (calendar, now) = (Calendar::default(), across.now());
    let mut all = Vec::new();
    for frame in across.frames() {
        let Some(facts) = known.get(&frame.id) else {
            continue;
        };
        let mut ties: Vec<Tie> = mine
            .iter()
            .filter(|(case, _)| *case == frame.id)
            .map(|(_, tie)| *tie)
            .collect();
        if whose == Whose::Programme {
            ties.push(Tie::Oversight);
        }
        let waivers: Vec<&str> = asked
            .iter()
            .filter(|(case, _)| *case == frame.id)
            .map(|(_, key)| key.as_str())
            .collect();
        let slip = rules::slip(facts, &dated, &calendar, now.get(), &ties, &waivers);
        if slip.is_any() {
            all.push(Slipping {
                case: frame.id,
                reference: frame.client_reference.clone(),
                client: names
                    .get(&frame.id)
                    .and_then(|names| names.client.clone())
                    .map(Labelled::show),
                worker: workers.get(&frame.id).cloned(),
                slip,
            });
        }
    }
    Ok(all)
}

/// What slips, of the cases of one worker if one was chosen, in the order asked for; the workers who
/// may be chosen; the key of the next page.
type Found = (Vec<Slipping>, BTreeMap<Plain, UserId>, Option<String>);

async fn found(load: &Caseload<Slips>, asked: &Asked) -> Result<Found> {
    let whose = if load.has(Whose::Programme) {
        Whose::Programme
    } else {
        Whose::Mine
    };
    let listing = Listing {
        limit: CASES,
        after: Some(asked.after.clone()).filter(|after| !after.is_empty()),
        ..Listing::of(whose, Order::Due)
    };
    let listed = load
        .list(listing, move |across| slipping(across, whose))
        .await?;
    let mut all = listed.rows;
    let workers = all
        .iter()
        .filter_map(|row| row.worker.clone())
        .map(|(id, name)| (name, id))
        .collect();
    if let Ok(chosen) = asked.worker.parse::<UserId>() {
        all.retain(|row| row.worker.as_ref().is_some_and(|(id, _)| *id == chosen));
    }
    let sort = asked.sort();
    all.sort_by_key(|row| rules::place(&row.slip, sort));
    Ok((all, workers, listed.more))
}

platform::rows! {
    /// A case of which something slips.
    struct SlipRow for ClientLine {
        case: CaseId,
        reference: Plain,
        client: Option<For<ClientLine, String>>,
        worker: Option<Plain>,
        overdue: usize,
        since: Option<Day>,
        passed: usize,
        weeks: usize,
        late: usize,
        waivers: usize,
        concerns: usize,
    }
}
platform::rows! {
    /// How many duties of a kind are overdue.
    struct KindRow for ClientLine { what: &'static str, count: usize }
}
platform::rows! {
    /// A worker to choose.
    struct WorkerChoice for ClientLine { id: UserId, name: Plain, chosen: bool }
}
platform::rows! {
    /// An order to choose.
    struct SortChoice for ClientLine { code: &'static str, words: &'static str, chosen: bool }
}
platform::page! {
    struct SlipsPage for ClientLine, "supervision/slips.html" {
        frame: Frame,
        rows: Vec<SlipRow>,
        kinds: Vec<KindRow>,
        workers: Vec<WorkerChoice>,
        sorts: Vec<SortChoice>,
        filtered: bool,
        file: Plain,
        next: Plain,
    }
}

fn kinds(all: &[Slipping]) -> Vec<KindRow> {
    let mut counts: HashMap<&'static str, usize> = HashMap::new();
    for (what, count) in all.iter().flat_map(|row| &row.slip.overdue) {
        *counts.entry(what).or_default() += count;
    }
    let mut kinds: Vec<KindRow> = counts
        .into_iter()
        .map(|(what, count)| KindRow { what, count })
        .collect();
    kinds.sort_by_key(|kind| (std::cmp::Reverse(kind.count), kind.what));
    kinds
}

async fn show(load: Caseload<Slips>, Query(asked): Query<Asked>) -> Result<Page<SlipsPage>> {
    let (all, workers, more) = found(&load, &asked).await?;
    let sort = asked.sort();
    let chosen: Option<UserId> = asked.worker.parse().ok();
    Ok(Page(SlipsPage {
        frame: Frame::new(load.session(), load.app(), "/my-day"),
        kinds: kinds(&all),
        workers: workers
            .into_iter()
            .map(|(name, id)| WorkerChoice {
                id,
                name,
                chosen: chosen == Some(id),
            })
            .collect(),
        sorts: Sort::ALL
            .iter()
            .map(|known| SortChoice {
                code: known.code(),
                words: known.words(),
                chosen: *known == sort,
            })
            .collect(),
        filtered: chosen.is_some(),
        file: asked.place("/supervision/slips.csv", &asked.after),
        next: more
            .map(|after| asked.place("/supervision/slips", &after))
            .unwrap_or_default(),
        rows: all
            .into_iter()
            .map(|row| SlipRow {
                case: row.case,
                reference: row.reference,
                client: row.client,
                worker: row.worker.map(|(_, name)| name),
                overdue: row.slip.overdue_count(),
                since: row.slip.since.map(Day),
                passed: row.slip.passed,
                weeks: row.slip.weeks,
                late: row.slip.recorded_late,
                waivers: row.slip.waivers,
                concerns: row.slip.concerns,
            })
            .collect(),
    }))
}

async fn export(load: Caseload<Slips>, Query(asked): Query<Asked>) -> Result<Response> {
    let (all, _, _) = found(&load, &asked).await?;
    let mut csv = Csv::new(&[
        "reference",
        "client",
        "practitioner",
        "overdue now",
        "overdue since",
        "missed or late",
        "weeks missed",
        "recorded late",
        "waivers asked for",
        "concerns not taken up",
    ]);
    for row in all {
        csv.row([
            row.reference.to_string(),
            row.client.map(For::into_inner).unwrap_or_default(),
            row.worker
                .map(|(_, name)| name.to_string())
                .unwrap_or_default(),
            row.slip.overdue_count().to_string(),
            row.slip
                .since
                .map(|day| day.to_string())
                .unwrap_or_default(),
            row.slip.passed.to_string(),
            row.slip.weeks.to_string(),
            row.slip.recorded_late.to_string(),
            row.slip.waivers.to_string(),
            row.slip.concerns.to_string(),
        ]);
    }
    Ok(csv.into_answer("list"))
}
