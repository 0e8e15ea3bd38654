//! The pages of the trail.

use std::collections::BTreeMap;

use axum::{
    extract::Query,
    response::{IntoResponse, Response},
};
use jiff::civil::Date;
use kernel::{
    access::Refusal,
    access::Role,
    ids::{CaseId, UserId},
    label::{ClientLine, For, Label, Labelled, Office, SurvivorLine, VisibleTo},
    plain::Plain,
    time::{Day, Instant, weekday_words},
};
use platform::{
    Case, Own, Page, Pressed, Result, Routes, Service,
    audit::reading::{Ask, Found, Kind, LISTED_DAYS, Mine, Trace},
    identity::held::escaped,
};

use super::{OfCase, View, WholeOfCase};
use crate::{
    agencies::{Cell, Csv},
    shell::{Frame, NavItem},
};

/// The pages of the trail.
pub fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/trail", of_case)
        .get("/cases/{case}/trail/whole", whole_of_case)
        .get("/trail/mine", mine)
        .get("/trail", all)
        .get("/trail.csv", export)
        .post("/trail/verify", verify)
}

/// Rows on one page.
const PAGE: i64 = 50;

/// Rows on a page to be printed.
const PRINT: i64 = 1000;

/// Rows in a file.
const EXPORT: i64 = 10_000;

/// What was picked from the address: nothing there is trusted, and what is unknown is left out.
type Picked = Query<BTreeMap<String, String>>;

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default)]
struct Filter {
    kind: Option<Kind>,
    actor: Option<UserId>,
    event: String,
    from: Option<Date>,
    until: Option<Date>,
    after: Option<String>,
    print: bool,
}

impl Filter {
    fn read(query: &BTreeMap<String, String>) -> Self {
        let get = |name: &str| query.get(name).map_or("", |text| text.trim());
        Self {
            kind: Kind::from_code(get("kind")),
            actor: get("user").parse().ok(),
            event: get("event").to_owned(),
            from: get("from").parse().ok(),
            until: get("until").parse().ok(),
            after: Some(get("after"))
                .filter(|key| !key.is_empty())
                .map(str::to_owned),
            print: get("print") == "1",
        }
    }

    fn ask(&self, limit: i64) -> Ask {
        Ask {
            kind: self.kind,
            actor: self.actor,
            event: Some(self.event.as_str())
                .filter(|event| !event.is_empty())
                .map(Plain::new),
            from: self.from,
            until: self.until,
            after: self.after.clone(),
            limit,
        }
    }

    fn limit(&self) -> i64 {
        if self.print { PRINT } else { PAGE }
    }

    /// The same filter at `path`, going on after `key`.
    fn address(&self, path: &str, key: Option<&str>) -> Plain {
        let mut parts = Vec::new();
        let mut add = |name: &str, value: &str| {
            if !value.is_empty() {
                parts.push(format!("{name}={}", escaped(value)));
            }
        };
        add("kind", self.kind.map_or("", Kind::code));
        add(
            "user",
            &self.actor.map(|user| user.to_string()).unwrap_or_default(),
        );
        add("event", &self.event);
        add("from", iso(self.from).as_str());
        add("until", iso(self.until).as_str());
        add("print", if self.print { "1" } else { "" });
        add("after", key.unwrap_or_default());
        if parts.is_empty() {
            Plain::new(path)
        } else {
            Plain::new(format!("{path}?{}", parts.join("&")))
        }
    }

    fn next(&self, path: &str, more: Option<&String>) -> Plain {
        more.map_or_else(Plain::default, |key| self.address(path, Some(key)))
    }

    fn is_narrow(&self) -> bool {
        self.kind.is_some()
            || self.actor.is_some()
            || !self.event.is_empty()
            || self.from.is_some()
            || self.until.is_some()
    }
}

/// A day as a date box holds it.
fn iso(day: Option<Date>) -> Plain {
    Plain::new(day.map(|day| day.to_string()).unwrap_or_default())
}

platform::rows! {
    /// One choice of a filter.
    struct Choice for Office {
        code: Plain,
        text: Plain,
        chosen: bool,
    }
}
impl kernel::label::Shows<ClientLine> for Choice {}
impl kernel::label::Shows<SurvivorLine> for Choice {}

fn kinds(chosen: Option<Kind>, listed: bool) -> Vec<Choice> {
    Kind::ALL
        .iter()
        .filter(|kind| listed || **kind != Kind::Listed)
        .map(|kind| Choice {
            code: Plain::new(kind.code()),
            text: Plain::new(kind.words()),
            chosen: chosen == Some(*kind),
        })
        .collect()
}

/// The colour of a kind's tag. The words say it too.
const fn colour(kind: Kind) -> &'static str {
    match kind {
        Kind::Seen | Kind::Listed => "grey",
        Kind::Changed => "",
        Kind::Refused => "red",
    }
}

/// A permission as people read it: `people.add_part` is “People: add part”.
fn permission_words(code: &str) -> String {
    let (capability, verb) = code.split_once('.').unwrap_or((code, ""));
    let mut letters = capability.chars();
    let capability: String = letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default();
    if verb.is_empty() {
        capability
    } else {
        format!("{capability}: {}", verb.replace('_', " "))
    }
}

/// What a row says was done.
fn what(trace: &Trace) -> String {
    match trace.kind {
        Kind::Changed => {
            let mut letters = trace.event.as_str().chars();
            letters
                .next()
                .map(|first| first.to_uppercase().chain(letters).collect())
                .unwrap_or_default()
        }
        Kind::Seen | Kind::Listed | Kind::Refused => permission_words(trace.permission.as_str()),
    }
}

// ---- Of a case ----

macro_rules! case_page {
    ($(#[$meta:meta])* $page:ident, $row:ident, $person:ident, $audience:ident) => {
        platform::rows! {
            /// One row.
            struct $row for $audience {
                at: For<$audience, String>,
                who: For<$audience, Plain>,
                agency: For<$audience, Plain>,
                kind: &'static str,
                colour: &'static str,
                what: For<$audience, String>,
            }
        }
        platform::rows! {
            /// Somebody whose rows there are.
            struct $person for $audience {
                id: UserId,
                name: For<$audience, Plain>,
                chosen: bool,
            }
        }
        platform::page! {
            $(#[$meta])*
            struct $page for $audience, "trail/case.html" {
                frame: Frame,
                home: Plain,
                path: Plain,
                tabs: Vec<NavItem>,
                kinds: Vec<Choice>,
                people: Vec<$person>,
                rows: Vec<$row>,
                next: Plain,
                first: Plain,
                print: Plain,
                narrowed: bool,
                listed_days: Option<i64>,
            }
        }

        impl $page {
            fn of<L: Label + VisibleTo<$audience>>(
                frame: Frame,
                (case, path): (CaseId, &str),
                tabs: Vec<NavItem>,
                filter: &Filter,
                found: Found<Labelled<Trace, L>, Labelled<(UserId, Plain), L>>,
            ) -> Page<Self> {
                let people = found.people.into_iter().map(|person| {
                    let person: For<$audience, (UserId, Plain)> = person.show();
                    let id = person.clone().map(|(id, _)| id).into_inner();
                    $person {
                        id,
                        name: person.map(|(_, name)| name),
                        chosen: filter.actor == Some(id),
                    }
                });
                let rows = found.rows.into_iter().map(|row| {
                    let row: For<$audience, Trace> = row.show();
                    let kind = row.clone().map(|row| row.kind).into_inner();
                    $row {
                        at: row.clone().map(|row| row.at.words()),
                        who: row.clone().map(|row| row.name),
                        agency: row.clone().map(|row| row.agency),
                        kind: kind.words(),
                        colour: colour(kind),
                        what: row.map(|row| what(&row)),
                    }
                });
                let first = Filter { after: None, print: false, ..filter.clone() };
                let print = Filter { print: true, ..first.clone() };
                Page(Self {
                    frame,
                    home: Plain::new(format!("/cases/{case}")),
                    path: Plain::new(path),
                    tabs,
                    kinds: kinds(filter.kind, true),
                    people: people.collect(),
                    rows: rows.collect(),
                    next: filter.next(path, found.more.as_ref()),
                    first: if filter.after.is_some() {
                        first.address(path, None)
                    } else {
                        Plain::default()
                    },
                    print: if filter.print {
                        Plain::default()
                    } else {
                        print.address(path, None)
                    },
                    narrowed: filter.is_narrow(),
                    listed_days: (filter.kind == Some(Kind::Listed)).then_some(LISTED_DAYS),
                })
            }
        }
    };
}
case_page! {
    /// Who saw and did what on a case, as far as both lines may know of it.
    CasePage, CaseRow, CasePerson, ClientLine
}
case_page! {
    /// Who saw and did what on a case, with who supports the survivor.
    WholePage, WholeRow, WholePerson, SurvivorLine
}

/// The two views, for who has both.
fn tabs(case: CaseId, both: bool, whole: bool) -> Vec<NavItem> {
    if !both {
        return Vec::new();
    }
    vec![
        NavItem {
            href: format!("/cases/{case}/trail"),
            text: "What both lines may see",
            current: !whole,
        },
        NavItem {
            href: format!("/cases/{case}/trail/whole"),
            text: "Everything",
            current: whole,
        },
    ]
}

async fn of_case(case: Case<OfCase>, Query(query): Picked) -> Result<Page<CasePage>> {
    let filter = Filter::read(&query);
    let found = case.trail(filter.ask(filter.limit())).await?;
    let id = case.id();
    Ok(CasePage::of(
        Frame::new(case.session(), case.app(), ""),
        (id, &format!("/cases/{id}/trail")),
        tabs(id, case.could::<WholeOfCase>(), false),
        &filter,
        found,
    ))
}

async fn whole_of_case(case: Case<WholeOfCase>, Query(query): Picked) -> Result<Page<WholePage>> {
    let filter = Filter::read(&query);
    let found = case.whole_trail(filter.ask(filter.limit())).await?;
    let id = case.id();
    Ok(WholePage::of(
        Frame::new(case.session(), case.app(), ""),
        (id, &format!("/cases/{id}/trail/whole")),
        tabs(id, case.could::<OfCase>(), true),
        &filter,
        found,
    ))
}

// ---- One's own ----

platform::rows! {
    /// One row of one's own.
    struct MyRow for Office {
        at: Plain,
        kind: &'static str,
        colour: &'static str,
        what: Plain,
        case: Option<CaseId>,
        reference: Plain,
        listed: usize,
    }
}

platform::rows! {
    /// The rows of one day.
    struct MyDay for Office {
        day: Plain,
        rows: Vec<MyRow>,
    }
}

platform::page! {
    /// What I looked at and did.
    struct MinePage for Office, "trail/mine.html" {
        frame: Frame,
        kinds: Vec<Choice>,
        day: Plain,
        days: Vec<MyDay>,
        next: Plain,
        first: Plain,
        narrowed: bool,
        /// The page of a case that the reader opens, after its address.
        page: &'static str,
    }
}

/// The time of day in London: `3:05pm`.
fn clock(at: Instant) -> Plain {
    let words = at.words();
    Plain::new(words.rsplit_once(", ").map_or("", |(_, time)| time))
}

fn my_row(mine: Mine) -> MyRow {
    MyRow {
        at: clock(mine.trace.at),
        kind: mine.trace.kind.words(),
        colour: colour(mine.trace.kind),
        what: Plain::new(what(&mine.trace)),
        case: mine.case,
        reference: mine.reference,
        listed: mine.listed,
    }
}

async fn mine(own: Own, Query(query): Picked) -> Result<Page<MinePage>> {
    let mut filter = Filter::read(&query);
    // One day is asked for, so that “what did I look at last Tuesday” is one answer.
    filter.until = filter.from;
    filter.actor = None;
    filter.event = String::new();
    let found = own.trail(filter.ask(PAGE)).await?;
    let mut days: Vec<(Day, MyDay)> = Vec::new();
    for mine in found.rows {
        let day = mine.trace.day();
        match days.last_mut() {
            Some((last, rows)) if *last == day => rows.rows.push(my_row(mine)),
            _ => days.push((
                day,
                MyDay {
                    day: Plain::new(weekday_words(day.0)),
                    rows: vec![my_row(mine)],
                },
            )),
        }
    }
    let asked = Filter {
        until: None,
        ..filter.clone()
    };
    let first = Filter {
        after: None,
        ..asked.clone()
    };
    let sends = own
        .session()
        .actor
        .holds(&[Role::SocialWorker, Role::TeamManager]);
    Ok(Page(MinePage {
        frame: Frame::new(own.session(), own.app(), ""),
        page: if sends { "/referral" } else { "" },
        kinds: kinds(filter.kind, true),
        day: iso(filter.from),
        days: days.into_iter().map(|(_, day)| day).collect(),
        next: asked.next("/trail/mine", found.more.as_ref()),
        first: if filter.after.is_some() {
            first.address("/trail/mine", None)
        } else {
            Plain::default()
        },
        narrowed: filter.is_narrow(),
    }))
}

// ---- All ----

platform::rows! {
    /// One row of all.
    struct AllRow for Office {
        at: Plain,
        who: Plain,
        agency: Plain,
        kind: &'static str,
        colour: &'static str,
        named: bool,
        event: Plain,
        only_event: Plain,
        permission: Plain,
        why: &'static str,
        label: Plain,
        chain: Plain,
    }
}

platform::page! {
    /// The trail without which case a row is about.
    struct AllPage for Office, "trail/all.html" {
        frame: Frame,
        kinds: Vec<Choice>,
        people: Vec<Choice>,
        event: Plain,
        from: Plain,
        until: Plain,
        rows: Vec<AllRow>,
        next: Plain,
        first: Plain,
        csv: Plain,
        narrowed: bool,
    }
}

/// Why something was refused, in words.
fn why(code: &str) -> &'static str {
    let all = [
        (Refusal::NotActive, "Suspended or left"),
        (Refusal::NoAgreement, "Agency did not take part"),
        (Refusal::NoTie, "No tie, or not there"),
        (Refusal::Excluded, "Kept away from it by name"),
        (
            Refusal::NotOnAllowList,
            "Not one of the people named for it",
        ),
        (Refusal::LabelBeyondTie, "Not open to this tie"),
        (Refusal::ReasonNeeded, "No reason was given"),
        (Refusal::NoRole, "No role that allows it"),
        (Refusal::ScreenShared, "The screen was shared"),
        (Refusal::WrongKind, "About something else"),
    ];
    all.into_iter()
        .find(|(refusal, _)| refusal.to_string() == code)
        .map_or("", |(_, words)| words)
}

fn all_row(trace: Trace, filter: &Filter) -> AllRow {
    let only = Filter {
        event: trace.event.as_str().to_owned(),
        after: None,
        ..filter.clone()
    };
    AllRow {
        at: Plain::new(trace.at.words()),
        who: trace.name,
        agency: trace.agency,
        kind: trace.kind.words(),
        colour: colour(trace.kind),
        named: trace.kind == Kind::Changed,
        only_event: only.address("/trail", None),
        event: trace.event,
        permission: trace.permission,
        why: why(trace.why.as_str()),
        label: trace.label,
        chain: Plain::new(format!("{}-{}", trace.chain, trace.seq)),
    }
}

async fn all(service: Service<View>, Query(query): Picked) -> Result<Page<AllPage>> {
    let filter = Filter::read(&query);
    let found = service.trail(filter.ask(PAGE)).await?;
    let first = Filter {
        after: None,
        ..filter.clone()
    };
    Ok(Page(AllPage {
        frame: Frame::new(service.session(), service.app(), "/trail"),
        kinds: kinds(filter.kind, true),
        people: found
            .people
            .into_iter()
            .map(|(user, name)| Choice {
                code: Plain::new(user.to_string()),
                text: name,
                chosen: filter.actor == Some(user),
            })
            .collect(),
        event: Plain::new(filter.event.clone()),
        from: iso(filter.from),
        until: iso(filter.until),
        rows: found
            .rows
            .into_iter()
            .map(|trace| all_row(trace, &filter))
            .collect(),
        next: filter.next("/trail", found.more.as_ref()),
        first: if filter.after.is_some() {
            first.address("/trail", None)
        } else {
            Plain::default()
        },
        csv: first.address("/trail.csv", None),
        narrowed: filter.is_narrow(),
    }))
}

async fn export(service: Service<View>, Query(query): Picked) -> Result<Response> {
    let filter = Filter {
        after: None,
        ..Filter::read(&query)
    };
    let found = service.trail(filter.ask(EXPORT)).await?;
    let mut csv = Csv::new(&[
        "Time (UTC)",
        "User",
        "Agency",
        "Kind",
        "Event",
        "Permission",
        "Why refused",
        "Label",
        "Chain",
        "Row",
    ]);
    for trace in found.rows {
        csv.row([
            Cell::from(trace.at),
            Cell::from(trace.name),
            Cell::from(trace.agency),
            Cell::from(trace.kind.words()),
            Cell::from(trace.event),
            Cell::from(trace.permission),
            Cell::from(why(trace.why.as_str())),
            Cell::from(trace.label),
            Cell::from(trace.chain),
            Cell::from(trace.seq),
        ]);
    }
    Ok(csv.download(&format!("audit-{}", service.now().day())))
}

platform::page! {
    /// What a check of the trail found.
    struct VerifyPage for Office, "trail/verify.html" {
        frame: Frame,
        chains: usize,
        rows: usize,
        marks: usize,
        found: Vec<Plain>,
    }
}

async fn verify(service: Service<View>, _: Pressed) -> Result<Response> {
    let verified = service.verify_audit().await?;
    let page = VerifyPage {
        frame: Frame::new(service.session(), service.app(), "/trail"),
        chains: verified.chains,
        rows: verified.rows,
        marks: verified.marks,
        found: verified.found,
    };
    Ok(Page(page).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_in_words() {
        for (code, words) in [
            ("cases.view", "Cases: view"),
            ("people.add_part", "People: add part"),
            ("own", "Own"),
            ("", ""),
        ] {
            assert_eq!(permission_words(code), words);
        }
    }

    #[test]
    fn every_refusal_has_words() {
        for refusal in [
            Refusal::NotActive,
            Refusal::NoAgreement,
            Refusal::NoTie,
            Refusal::Excluded,
            Refusal::NotOnAllowList,
            Refusal::LabelBeyondTie,
            Refusal::ReasonNeeded,
            Refusal::NoRole,
            Refusal::ScreenShared,
            Refusal::WrongKind,
        ] {
            assert!(!why(&refusal.to_string()).is_empty(), "{refusal}");
        }
    }
}
