//! Lists of cases, the page of a case, its chronology, and what lies in the wrong place.

mod chronology;
mod lists;
mod misfiled;

use std::collections::HashMap;

use kernel::{
    access::Tie,
    ids::{CaseId, UserId},
    label::{ClientLine, For, Labelled, SurvivorLine},
    plain::Plain,
    time::{Day, Instant, day_words},
};
use platform::{Case, Page, Permission, Reading, Result, Routes, casefile};

use super::{
    Chronology, Sort, View,
    model::{DueRow, Stage},
    rules, store, way,
};
use crate::{
    acknowledgements, allocations, closures, consultations, contacts, duties, engagement,
    interventions, participation,
    people::{
        self,
        store::ClientDetails,
        web::{DetailRow, PersonRow, detail_rows, person_row},
    },
    plans, referrals, risks, screens,
    shell::{Frame, NavItem},
    suitability, supervision, trail,
};

/// What is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .and(lists::routes())
        .get("/cases/{case}", show)
        .and(chronology::routes())
        .and(misfiled::routes())
}

type Out<T> = For<ClientLine, T>;
type Kept<T> = For<SurvivorLine, T>;

fn frame<P: Permission>(case: &Case<P>) -> Frame {
    Frame::new(case.session(), case.app(), "/cases")
}

// ---- The case ----

platform::rows! {
    /// Something that is due.
    struct DueLine for ClientLine {
        what: &'static str,
        about: Option<Out<String>>,
        when: Day,
        urgency: &'static str,
        words: &'static str,
        page: Option<Plain>,
    }
}
/// A part of the case and where it stands, as the list of tasks draws it. It quotes nothing.
struct PartRow {
    href: String,
    text: &'static str,
    hint: &'static str,
    status: &'static str,
    done: bool,
}
impl kernel::label::Shows<ClientLine> for PartRow {}

platform::rows! {
    /// Something to do next.
    struct NextLine for ClientLine {
        what: &'static str,
        place: Option<&'static str>,
        whose: &'static str,
    }
}
platform::rows! {
    /// Pages of the case that belong together.
    struct Shelf for ClientLine { heading: &'static str, pages: Vec<NavItem> }
}
platform::rows! {
    /// Somebody who works on the case.
    struct TieRow for ClientLine {
        name: Plain,
        what: &'static str,
        covers: Option<Plain>,
        since: Day,
        until: Option<Day>,
    }
}
platform::rows! {
    /// A warning.
    struct FlagRow for ClientLine {
        id: people::model::SafetyFlagId,
        words: Out<String>,
        review: Out<String>,
        late: Out<String>,
    }
}
platform::page! {
    /// A case on one page.
    struct CasePage for ClientLine, "cases/show.html" {
        frame: Frame,
        case: CaseId,
        reference: Plain,
        word_client: Plain,
        word_survivor: Plain,
        title: Option<Out<String>>,
        stage: &'static str,
        colour: &'static str,
        since: Option<Instant>,
        opened: Day,
        restricted: bool,
        flags: Vec<FlagRow>,
        may_lift: bool,
        known_elsewhere: bool,
        concern: bool,
        due: Vec<DueLine>,
        next: Vec<NextLine>,
        parts: Vec<PartRow>,
        shelves: Vec<Shelf>,
        clients: Vec<PersonRow>,
        details: Vec<DetailRow>,
        survivors: Vec<PersonRow>,
        children: Vec<PersonRow>,
        others: Vec<PersonRow>,
        ties: Vec<TieRow>,
    }
}

/// What the page of a case is made of, read at once.
struct Seen {
    frame: casefile::Frame,
    words: (Plain, Plain),
    people: people::rules::Household,
    details: Vec<people::model::Detail<kernel::label::Workers>>,
    flags: Vec<people::model::SafetyFlag>,
    known: bool,
    ties: Vec<casefile::TieRow>,
    names: HashMap<UserId, Plain>,
    standing: store::Standing,
}

fn see(r: &mut Reading<'_>, mine: &[Tie]) -> Result<Seen> {
    let frame = casefile::frame(r)?;
    let ties = casefile::ties(r)?;
    let names = people::store::worker_names(
        r,
        ties.iter()
            .flat_map(|tie| [Some(tie.user_id), tie.covers])
            .flatten(),
    )?;
    Ok(Seen {
        words: people::store::words_on_screen(r)?,
        people: people::rules::household(people::store::parts(r)?),
        details: people::store::details::<ClientDetails>(r)?,
        flags: people::store::flags(r)?,
        known: people::store::is_known_elsewhere(r)?,
        standing: store::standing(r, &frame, mine)?,
        frame,
        ties,
        names,
    })
}

async fn show(case: Case<View>) -> Result<Page<CasePage>> {
    let mine = case.ties().to_vec();
    let seen = case.read(move |r| see(r, &mine)).await?;
    let (now, today) = (case.now(), case.now().day());
    let stage: Stage = rules::stage(seen.frame.stage.as_str());
    let rows = |parts: Vec<people::model::Part>| {
        parts
            .into_iter()
            .map(|part| person_row(part, now))
            .collect::<Vec<_>>()
    };
    let title = seen
        .people
        .clients
        .first()
        .map(|part| part.name.clone().show());
    let flags = seen
        .flags
        .into_iter()
        .filter(|flag| flag.lifted_at.is_none())
        .map(|flag| FlagRow {
            id: flag.id,
            late: flag
                .review_on
                .map(|day| {
                    if *day < today {
                        "The review is overdue."
                    } else {
                        ""
                    }
                    .to_owned()
                })
                .show(),
            review: flag.review_on.map(|day| day_words(*day)).show(),
            words: flag.words.show(),
        })
        .collect();
    let (parts, shelves) = laid_out(&case, next_steps(&case, stage.code), &seen.standing.parts);
    let next = seen.standing.next.iter().map(|step| NextLine {
        what: step.what,
        place: step.place,
        whose: step.whose,
    });
    Ok(Page(CasePage {
        frame: frame(&case),
        case: case.id(),
        next: next.collect(),
        parts,
        shelves,
        reference: seen.frame.client_reference.clone(),
        word_client: seen.words.0,
        word_survivor: seen.words.1,
        title,
        stage: stage.words,
        colour: stage.colour,
        since: seen.standing.since,
        opened: Day(seen.frame.opened_at.day()),
        restricted: seen.frame.restricted == 1,
        flags,
        may_lift: case.could::<people::Access>(),
        known_elsewhere: seen.known && case.could::<people::Matches>(),
        concern: seen.standing.concern,
        due: due_lines(seen.standing.due, &seen.people),
        details: detail_rows(&seen.details),
        clients: rows(seen.people.clients),
        survivors: rows(seen.people.survivors),
        children: rows(seen.people.children),
        others: rows(seen.people.others),
        ties: tie_rows(seen.ties, &seen.names, now),
    }))
}

fn due_lines(due: Vec<DueRow>, people: &people::rules::Household) -> Vec<DueLine> {
    due.into_iter()
        .map(|row| DueLine {
            what: row.what,
            about: row
                .about
                .and_then(|part| people.name_of(part))
                .map(Labelled::show),
            when: row.when,
            urgency: row.urgency,
            words: rules::urgency_words(row.urgency),
            page: row.page.map(Plain::new),
        })
        .collect()
}

/// The pages of a case: the parts of its way with where they stand, and the others by what they are
/// for.
fn laid_out(
    case: &Case<View>,
    pages: Vec<NavItem>,
    parts: &[way::Part],
) -> (Vec<PartRow>, Vec<Shelf>) {
    let of_case = |place: &str| format!("/cases/{}{place}", case.id());
    let rows = parts
        .iter()
        .filter_map(|part| {
            let page = pages.iter().find(|page| page.href == of_case(part.place))?;
            Some(PartRow {
                href: page.href.clone(),
                text: page.text,
                hint: "",
                status: part.stands,
                done: part.done,
            })
        })
        .collect();
    let mut shelves = [
        ("Work on it", Vec::new()),
        ("Kept apart", Vec::new()),
        ("The case", Vec::new()),
    ];
    let work = [
        "/contacts",
        "/engagement",
        "/engagement/change",
        "/supervision",
        "/screen",
    ];
    for page in pages {
        if parts.iter().any(|part| page.href == of_case(part.place)) {
            continue;
        }
        let shelf = if page.href.starts_with(&of_case("/apart")) || page.href == of_case("/reveal")
        {
            1
        } else if work.iter().any(|place| page.href == of_case(place)) {
            0
        } else {
            2
        };
        if let Some((_, pages)) = shelves.get_mut(shelf) {
            pages.push(page);
        }
    }
    let shelves = shelves
        .into_iter()
        .filter(|(_, pages)| !pages.is_empty())
        .map(|(heading, pages)| Shelf { heading, pages })
        .collect();
    (rows, shelves)
}

/// Who works on the case, as far as both lines may know: who works with the survivor is left out,
/// and nothing says that somebody was.
fn tie_rows(
    ties: Vec<casefile::TieRow>,
    names: &HashMap<UserId, Plain>,
    now: Instant,
) -> Vec<TieRow> {
    let name = |id: UserId| names.get(&id).cloned().unwrap_or_default();
    ties.into_iter()
        .filter(|row| row.holds(now))
        .filter_map(|row| {
            let tie: Tie = row
                .tie()
                .filter(|tie| !people::rules::tells_of_survivor_line(*tie))?;
            Some(TieRow {
                name: name(row.user_id),
                what: tie.words(),
                covers: row.covers.map(name),
                since: Day(row.from_at.day()),
                until: row.until_at.map(|until| Day(until.day())),
            })
        })
        .collect()
}

/// What the user may do next: only what works. A capability adds its own here.
fn next_steps(case: &Case<View>, stage: &str) -> Vec<NavItem> {
    let waits = matches!(stage, "held" | "received" | "waiting" | "allocated");
    let confirmed = !waits && stage != "withdrawn";
    let at = |may: bool, place: &str, text: &'static str| {
        may.then(|| NavItem {
            href: format!("/cases/{}{place}", case.id()),
            text,
            current: false,
        })
    };
    [
        at(
            case.could::<allocations::Allocate>(),
            "/allocation",
            "Allocate, or put on the waiting list",
        ),
        at(
            waits && case.could::<acknowledgements::Acknowledge>(),
            "/acknowledgement/new",
            "Confirm receipt to the referrer",
        ),
        at(
            confirmed && case.could::<acknowledgements::Read>(),
            "/acknowledgement",
            "Receipt as it was confirmed",
        ),
        at(
            case.could::<duties::Read>(),
            "/duties",
            "All that is due and was due",
        ),
        at(
            case.could::<referrals::Read>(),
            "/referral/read",
            "Read the referral",
        ),
        at(
            case.could::<people::ViewKept>(),
            "/apart",
            "Contact and safety",
        ),
        at(
            case.could::<people::AskReveal>(),
            "/reveal",
            "See contact details that are kept apart",
        ),
        at(
            case.could::<screens::See>(),
            "/screen",
            "Look at something together with the client",
        ),
        at(case.could::<Chronology>(), "/chronology", "Chronology"),
        at(case.could::<people::Add>(), "/people/new", "Add a person"),
        at(case.could::<people::Flag>(), "/flag", "Warn workers"),
        at(
            case.could::<people::Access>(),
            "/access",
            "Who may open the case",
        ),
        at(
            case.could::<Sort>(),
            "/misfiled",
            "Entries in the wrong place",
        ),
        at(
            case.could::<trail::OfCase>(),
            "/trail",
            "Who looked and who changed what",
        ),
    ]
    .into_iter()
    .flatten()
    .chain(STEPS.iter().flat_map(|steps| steps(case)))
    .collect()
}

/// What a capability offers to whoever looks at a case.
type Offers = fn(&Case<View>) -> Vec<NavItem>;

/// What each capability offers on the page of a case.
const STEPS: &[Offers] = &[
    consultations::web::next,
    risks::web::next,
    suitability::web::next,
    participation::web::next,
    plans::web::next,
    interventions::web::next,
    contacts::web::next,
    engagement::web::next,
    supervision::web::next,
    closures::web::next,
];
