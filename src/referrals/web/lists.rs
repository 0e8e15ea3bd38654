//! The drafts and the sent referrals of who asks, and of her team.

use std::collections::HashMap;

use axum::{
    extract::Query,
    response::{IntoResponse, Response},
};
use kernel::{
    ids::CaseId,
    label::{For, Labelled, Sender},
    plain::Plain,
    time::Instant,
};
use platform::{Caseload, Error, Listing, Order, Page, Result, Service, Whose};

use super::{IN_WORK, IN_WORK_WORDS, STATUS, status};
use crate::{
    people,
    printing::csv::Csv,
    referrals::{Refer, Sent, model::DraftId, store},
    shell::{Frame, NavItem},
};

platform::rows! {
    /// A draft in the list.
    pub(super) struct DraftRow for Sender {
        id: DraftId,
        names: Option<For<Sender, String>>,
        changed: Instant,
    }
}
platform::rows! {
    /// A sent referral in the list.
    pub(super) struct SentRow for Sender {
        case: CaseId,
        reference: Plain,
        client: Option<For<Sender, String>>,
        survivor: Option<For<Sender, String>>,
        children: usize,
        received: For<Sender, Instant>,
        status: &'static str,
    }
}
platform::rows! {
    /// A choice of the filter.
    pub(super) struct Pick for Sender { code: &'static str, words: &'static str, chosen: bool }
}
platform::page! {
    /// Drafts and sent referrals.
    struct List for Sender, "referrals/list.html" {
        frame: Frame,
        team: bool,
        tabs: Vec<NavItem>,
        drafts: Vec<DraftRow>,
        rows: Vec<SentRow>,
        found: usize,
        stages: Vec<Pick>,
        orders: Vec<Pick>,
        asked: Asked,
        csv: Plain,
        next: Plain,
        capped: bool,
    }
}

/// What the address asks of the list.
#[derive(Clone, Debug, Default, serde::Deserialize)]
pub(super) struct Asked {
    /// `team` for the team's.
    #[serde(default)]
    pub(super) whose: String,
    /// A part of a name or reference.
    #[serde(default)]
    pub(super) q: String,
    /// Only this stage.
    #[serde(default)]
    pub(super) stage: String,
    /// `newest` or `oldest`; else what is due first.
    #[serde(default)]
    pub(super) sort: String,
    /// From which row on.
    #[serde(default)]
    from: String,
    /// What was just done.
    #[serde(default)]
    done: String,
}

/// What somebody typed goes back to her.
impl kernel::label::Shows<Sender> for Asked {}

/// The most cases that one search looks through.
const SEARCHED: usize = 500;

/// The rows of one page.
const PAGE: usize = 25;

const ORDERS: [(&str, &str); 3] = [
    ("newest", "Newest first"),
    ("oldest", "Oldest first"),
    ("name", "By name"),
];

impl Asked {
    fn whose(&self) -> Whose {
        if self.whose == "team" {
            Whose::Team
        } else {
            Whose::Mine
        }
    }

    fn stage(&self) -> Option<&'static str> {
        STATUS
            .iter()
            .find(|(code, _)| *code == self.stage)
            .map(|(code, _)| *code)
    }

    fn sort(&self) -> &'static str {
        ORDERS
            .iter()
            .find(|(code, _)| *code == self.sort)
            .map_or("newest", |(code, _)| code)
    }

    fn from(&self) -> usize {
        self.from.parse().unwrap_or(0)
    }

    /// The address of this list, going on at `from`.
    fn address(&self, path: &str, from: usize) -> String {
        let escape = platform::identity::held::escaped;
        format!(
            "{path}?whose={}&q={}&stage={}&sort={}&from={from}",
            escape(&self.whose),
            escape(&self.q),
            escape(&self.stage),
            escape(&self.sort),
        )
    }
}

/// Every sent referral that matches, in the order asked for, and whether there were more than one
/// search looks through.
async fn rows(load: &Caseload<Sent>, asked: &Asked) -> Result<(Vec<SentRow>, bool)> {
    let listing = Listing {
        stage: asked.stage().filter(|stage| *stage != IN_WORK),
        limit: i64::try_from(SEARCHED).unwrap_or(i64::MAX),
        ..Listing::of(asked.whose(), Order::Newest)
    };
    let listed = load
        .list(listing, |across| {
            let received = store::received_listed(across)?;
            let mut names: HashMap<_, _> = people::store::names_listed(across)?;
            let rows: Vec<SentRow> = across
                .frames()
                .iter()
                .filter_map(|frame| {
                    let received = received.get(&frame.id)?;
                    let names = names.remove(&frame.id);
                    let children = names.as_ref().map_or(0, |names| names.children);
                    let (client, survivor) =
                        names.map_or((None, None), |names| (names.client, names.survivor));
                    Some(SentRow {
                        case: frame.id,
                        reference: frame.client_reference.clone(),
                        client: client.map(Labelled::show),
                        survivor: survivor.map(Labelled::show),
                        children,
                        received: received.received_at.show(),
                        status: status(frame.stage.as_str(), received),
                    })
                })
                .collect();
            Ok(rows)
        })
        .await?;
    let mut rows = listed.rows;
    if asked.stage() == Some(IN_WORK) {
        rows.retain(|row| row.status == IN_WORK_WORDS);
    }
    let sought = asked.q.trim().to_lowercase();
    if !sought.is_empty() {
        rows.retain(|row| row.holds(&sought));
    }
    match asked.sort() {
        "oldest" => rows.sort_by_key(|row| (row.at(), row.case)),
        "name" => rows.sort_by_key(|row| (row.name(), row.case)),
        _ => rows.sort_by_key(|row| std::cmp::Reverse((row.at(), row.case))),
    }
    Ok((rows, listed.more.is_some()))
}

impl SentRow {
    fn at(&self) -> Instant {
        self.received.clone().into_inner()
    }

    /// The London day on which it was received.
    fn day(&self) -> For<Sender, String> {
        self.received
            .clone()
            .map(|at| kernel::time::day_words(at.day()))
    }

    fn name(&self) -> String {
        let name = self.survivor.as_ref().or(self.client.as_ref());
        name.map(|name| name.to_string().to_lowercase())
            .unwrap_or_default()
    }

    fn holds(&self, sought: &str) -> bool {
        [&self.client, &self.survivor]
            .into_iter()
            .flatten()
            .any(|name| name.to_string().to_lowercase().contains(sought))
            || self.reference.as_str().to_lowercase().contains(sought)
    }
}

/// My drafts, and what I or my team sent.
pub(super) async fn list(
    load: Caseload<Sent>,
    refer: Service<Refer>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let drafts = refer.read(store::drafts).await?;
    let (mut all, capped) = rows(&load, &asked).await?;
    let found = all.len();
    let from = asked.from().min(found);
    let until = from.saturating_add(PAGE).min(found);
    all.truncate(until);
    let rows = all.split_off(from);
    let next = if until < found {
        asked.address("/referrals", until)
    } else {
        String::new()
    };
    let mut frame = Frame::new(load.session(), load.app(), "/referrals");
    if asked.done == "deleted" {
        frame = frame.with_success("The draft is deleted");
    }
    let team = load.has(Whose::Team);
    let tabs = [("", "Mine"), ("team", "My team")]
        .into_iter()
        .map(|(whose, text)| NavItem {
            href: Asked {
                whose: whose.to_owned(),
                ..asked.clone()
            }
            .address("/referrals", 0),
            text,
            current: (whose == "team") == (asked.whose() == Whose::Team),
        })
        .collect();
    let picks = |list: &[(&'static str, &'static str)], chosen: &str| {
        list.iter()
            .map(|(code, words)| Pick {
                code,
                words,
                chosen: *code == chosen,
            })
            .collect()
    };
    Ok(Page(List {
        frame,
        team,
        tabs,
        drafts: drafts
            .into_iter()
            .map(|draft| DraftRow {
                id: draft.id,
                names: draft.names.map(Labelled::show),
                changed: draft.changed_at,
            })
            .collect(),
        rows,
        found,
        stages: picks(&STATUS, asked.stage().unwrap_or("")),
        orders: picks(&ORDERS, asked.sort()),
        csv: Plain::new(asked.address("/referrals/export", 0)),
        next: Plain::new(next),
        asked,
        capped,
    })
    .into_response())
}

/// The list as a file: exactly what it shows, all pages.
pub(super) async fn export(
    load: Caseload<Sent>,
    _: Service<Refer>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    if asked.whose() == Whose::Team && !load.has(Whose::Team) {
        return Err(Error::NotFound);
    }
    let (rows, _) = rows(&load, &asked).await?;
    let text = |name: Option<For<Sender, String>>| name.map(For::into_inner).unwrap_or_default();
    let mut csv = Csv::new(&[
        "reference",
        "received",
        "status",
        "survivor",
        "client",
        "children",
    ]);
    for row in rows {
        csv.row([
            row.reference.to_string(),
            row.at().day().to_string(),
            row.status.to_owned(),
            text(row.survivor),
            text(row.client),
            row.children.to_string(),
        ]);
    }
    Ok(csv.into_answer("list"))
}
