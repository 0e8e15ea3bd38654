//! My day, my team, the service; the duties of a case; waivers.

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use jiff::{Timestamp, civil::Date};
use kernel::{
    access::{Line, Tie},
    calendar::Calendar,
    deadline::Standing,
    form::{Block, Inputs, Problems, Typed},
    ids::CaseId,
    label::{Audience, ClientLine, For, Labelled, VisibleTo, Workers},
    plain::Plain,
    time::{day_words, weekday_words},
};
use platform::{
    Across, Case, Caseload, Error, Listing, Order, Own, Page, Posted, Result, Routes, Scope as _,
    Whose, casefile, see_other,
};
use serde::Deserialize;

use super::{
    Ask, Event, Read, View, Waive,
    facts::{self, Facts},
    model::{Decision, Duty, NewDecision, NewWaiver, State, WaiverId, said},
    rules, settings, store,
};
use crate::{
    acknowledgements,
    agreements::{self, Notice},
    allocations::web::{Summary, summary},
    cases::way,
    people,
    shell::{Frame, NavItem},
};

/// What is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .get("/", first)
        .get("/my-day", mine)
        .get("/my-day/team", team)
        .get("/my-day/service", service)
        .get("/cases/{case}/duties", of_case)
        .get("/cases/{case}/duties/{duty}/waiver", new_waiver)
        .post("/cases/{case}/duties/{duty}/waiver", ask)
        .post("/cases/{case}/waivers/{waiver}", decide)
}

type Out<T> = For<ClientLine, T>;

/// Where somebody's work begins: the day of who has cases, the list of who has none.
async fn first(own: Own) -> Response {
    use kernel::access::Role::{
        Administrator, GovernanceOfficer, IntakeWorker, Practitioner, ServiceManager, SocialWorker,
        Spoc, SurvivorWorker, TeamManager,
    };
    let actor = &own.session().actor;
    let place = if actor.holds(&[
        SocialWorker,
        TeamManager,
        IntakeWorker,
        Practitioner,
        SurvivorWorker,
        ServiceManager,
    ]) {
        "/my-day"
    } else if actor.holds(&[Spoc]) {
        "/borough"
    } else if actor.holds(&[GovernanceOfficer]) {
        "/trail"
    } else if actor.holds(&[Administrator]) {
        "/agencies"
    } else {
        "/account"
    };
    see_other(place)
}

platform::rows! {
    /// One duty of a list.
    struct DueRow for ClientLine {
        case: CaseId,
        client: Option<Out<String>>,
        what: &'static str,
        about: Option<Out<String>>,
        href: Plain,
        due: Out<String>,
        state: &'static str,
        urgency: &'static str,
        owner: &'static str,
        stage: &'static str,
    }
}
platform::rows! {
    struct Group for ClientLine { heading: &'static str, rows: Vec<DueRow> }
}
platform::page! {
    struct DayPage for ClientLine, "duties/day.html" {
        frame: Frame,
        today: Plain,
        tabs: Vec<NavItem>,
        heading: &'static str,
        groups: Vec<Group>,
        total: usize,
        empty: &'static str,
        next: Plain,
        notices: Vec<Notice>,
    }
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    after: Option<String>,
}

/// How many cases a page of duties looks at.
const CASES: i64 = 50;

/// Which duties a view shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// Those which one of my ties owns, or which have climbed to it.
    Mine,
    /// All of the cases listed.
    All,
}

/// The owed duties of the cases of a list, with the ties of who asks: what is due first comes first,
/// whichever case it is of, with its day.
fn owed(
    across: &mut Across<'_>,
    seen: Seen,
    whose: Whose,
) -> Result<Vec<(Date, Option<Standing>, DueRow)>> {
    let names = people::store::names_listed(across)?;
    let known = facts::listed(across)?;
    let dated = store::settings(across.conn())?;
    let mine = casefile::my_ties_listed(across)?;
    let (calendar, now) = (Calendar::default(), across.now());
    let in_force = settings::in_force(&dated, now.day());
    let mut rows = Vec::new();
    for frame in across.frames() {
        let Some(facts) = known.get(&frame.id) else {
            continue;
        };
        let mut my_ties: Vec<Tie> = mine
            .iter()
            .filter(|(case, _)| *case == frame.id)
            .map(|(_, tie)| *tie)
            .collect();
        // Intake works the list of whoever answers for the programme, and sees no more for it.
        let mut own_ties = my_ties.clone();
        own_ties.extend(across.programme_ties());
        match whose {
            Whose::Mine => {}
            Whose::Team => my_ties.push(Tie::TeamManager),
            Whose::Programme => my_ties.push(Tie::Oversight),
        }
        let stands = rules::stage(facts, now.get());
        let all: Vec<Duty> = rules::duties(facts, &dated, &calendar, now.get())
            .into_iter()
            .filter(|duty| rules::is_listed(duty, stands) && rules::seen_by(duty, &own_ties, facts))
            .collect();
        if seen == Seen::Mine {
            rows.extend(undated(facts, &my_ties, &all, now.get()).map(|step| {
                let row = DueRow {
                    case: frame.id,
                    client: names
                        .get(&frame.id)
                        .and_then(|n| n.client.clone())
                        .map(Labelled::show),
                    what: step.what,
                    about: None,
                    href: Plain::new(format!("/cases/{}{}", frame.id, step.place)),
                    due: said("No day is set".to_owned()),
                    state: "Next",
                    urgency: "later",
                    owner: shown_owner(rules::answers(step.owner, &facts.ties), &my_ties),
                    stage: stands.words(),
                };
                (Date::MAX, None, row)
            }));
        }
        for duty in all {
            let State::Owed(standing) = duty.state(now.get()) else {
                continue;
            };
            let owner = rules::owner(&duty, &facts.ties);
            let concerned = rules::concerns(&duty, &facts.ties, now.get(), &in_force, &calendar);
            // Who sent the referral waits for its confirmation, and owes nothing.
            let works = my_ties.iter().any(|tie| Tie::WORKING.contains(tie));
            let waits = !works && duty.key == acknowledgements::rules::KEY;
            let mine = my_ties.iter().any(|tie| concerned.contains(tie));
            if !(works || waits) || (seen == Seen::Mine && !waits && !mine) {
                continue;
            }
            // Who answers for somebody else's duty goes to where it can be seen and waived.
            let href = if works && my_ties.contains(&owner) {
                format!("/cases/{}{}", frame.id, duty.page())
            } else if works {
                format!("/cases/{}/duties", frame.id)
            } else {
                format!("/cases/{}/referral", frame.id)
            };
            rows.push((
                duty.due.last_day(),
                Some(standing),
                DueRow {
                    case: frame.id,
                    client: names
                        .get(&frame.id)
                        .and_then(|n| n.client.clone())
                        .map(Labelled::show),
                    what: if works {
                        duty.what
                    } else {
                        "Wait for the service to confirm receipt"
                    },
                    about: duty
                        .about
                        .and_then(|part| names.get(&frame.id)?.of(part))
                        .map(Labelled::show),
                    href: Plain::new(href),
                    due: said(day_words(duty.due.last_day())),
                    state: State::Owed(standing).words(),
                    urgency: State::Owed(standing).urgency(),
                    owner: shown_owner(owner, &my_ties),
                    stage: super::model::Stage::from_code(frame.stage.as_str())
                        .map_or("", super::model::Stage::words),
                },
            ));
        }
    }
    rows.sort_by_key(|(day, ..)| *day);
    Ok(rows)
}

/// What comes next on a case without a day, for somebody with these ties to do. What is owed by a
/// day on the same page is not said twice.
fn undated<'a>(
    facts: &'a Facts,
    ties: &'a [Tie],
    owed: &'a [Duty],
    now: Timestamp,
) -> impl Iterator<Item = way::Next> + use<'a> {
    way::seen(way::next(facts, now), ties, facts)
        .into_iter()
        .filter(|step| step.is_for(ties, facts))
        .filter(|step| !owed.iter().any(|duty| way::asks_for(duty, *step)))
}

/// The owner in words for a page of both lines: that there is a survivor line is said to nobody but
/// who holds it.
fn shown_owner(tie: Tie, mine: &[Tie]) -> &'static str {
    if tie.line() == Some(Line::Survivor) && !mine.contains(&tie) {
        "Supervisor"
    } else {
        tie.words()
    }
}

fn groups(rows: Vec<(Date, Option<Standing>, DueRow)>) -> Vec<Group> {
    let mut groups = Vec::new();
    for (standing, heading) in [
        (Some(Standing::Overdue), "Overdue"),
        (Some(Standing::Today), "Today"),
        (Some(Standing::ThisWeek), "This week"),
        (Some(Standing::Later), "Later"),
        (None, "Next, without a day"),
    ] {
        groups.push((
            standing,
            Group {
                heading,
                rows: Vec::new(),
            },
        ));
    }
    for (_, standing, row) in rows {
        if let Some((_, group)) = groups.iter_mut().find(|(s, _)| *s == standing) {
            group.rows.push(row);
        }
    }
    groups
        .into_iter()
        .map(|(_, group)| group)
        .filter(|group| !group.rows.is_empty())
        .collect()
}

fn tabs(load: &Caseload<View>, here: &str) -> Vec<NavItem> {
    let mut tabs = vec![("/my-day", "My day")];
    if load.has(Whose::Team)
        || load
            .session()
            .actor
            .holds(&[kernel::access::Role::ServiceManager])
    {
        tabs.push(("/my-day/team", "My team"));
    }
    if load.has(Whose::Programme) {
        tabs.push(("/my-day/service", "The service"));
    }
    // Supervisors are tied case by case and have no role of their own.
    let may_supervise = [
        kernel::access::Role::Practitioner,
        kernel::access::Role::SurvivorWorker,
    ];
    if tabs.len() > 1 || load.session().actor.holds(&may_supervise) {
        tabs.push(("/supervision/slips", "What slips"));
    }
    tabs.into_iter()
        .map(|(href, text)| NavItem {
            href: href.to_owned(),
            text,
            current: href == here,
        })
        .collect()
}

async fn day(
    load: Caseload<View>,
    asked: Asked,
    (whose, seen): (Whose, Seen),
    (here, heading, empty): (&'static str, &'static str, &'static str),
) -> Result<Page<DayPage>> {
    let listing = Listing {
        limit: CASES,
        after: asked.after,
        ..Listing::of(whose, Order::Due)
    };
    // What comes next without a day stands on one's own day only; a programme is too many to look at.
    let listing = Listing {
        due_before: (whose != Whose::Mine).then_some(platform::NEVER),
        ..listing
    };
    let answers = load
        .session()
        .actor
        .holds(&[kernel::access::Role::ServiceManager]);
    let listed = load
        .list(listing, move |across| {
            let today = across.now().day();
            let notices = if answers {
                agreements::notices_in(across.conn(), None, today)?
            } else {
                Vec::new()
            };
            Ok((owed(across, seen, whose)?, notices))
        })
        .await?;
    let (rows, notices) = listed.rows;
    let total = rows.len();
    let next = listed
        .more
        .map(|key| format!("{here}?after={key}"))
        .unwrap_or_default();
    Ok(Page(DayPage {
        frame: Frame::new(load.session(), load.app(), "/my-day"),
        today: Plain::new(weekday_words(load.now().day())),
        tabs: tabs(&load, here),
        heading,
        groups: groups(rows),
        total,
        empty,
        next: Plain::new(next),
        notices,
    }))
}

async fn mine(load: Caseload<View>, Query(asked): Query<Asked>) -> Result<Page<DayPage>> {
    // Who answers for the programme has no tie of her own to most cases: her day is what nobody
    // else owns, and what has climbed to her.
    let whose = if load.has(Whose::Programme) {
        Whose::Programme
    } else {
        Whose::Mine
    };
    let words = (
        "/my-day",
        "My day",
        "Nothing is due. What falls due on your cases appears here by itself.",
    );
    day(load, asked, (whose, Seen::Mine), words).await
}

async fn team(load: Caseload<View>, Query(asked): Query<Asked>) -> Result<Page<DayPage>> {
    let whose = if load.has(Whose::Team) {
        Whose::Team
    } else {
        Whose::Mine
    };
    let words = ("/my-day/team", "My team", "Nothing of your team is due.");
    day(load, asked, (whose, Seen::All), words).await
}

async fn service(load: Caseload<View>, Query(asked): Query<Asked>) -> Result<Page<DayPage>> {
    let words = (
        "/my-day/service",
        "The service",
        "Nothing is due in the whole service.",
    );
    day(load, asked, (Whose::Programme, Seen::All), words).await
}

platform::rows! {
    struct DutyRow for ClientLine {
        key: Plain,
        what: &'static str,
        about: Option<Out<String>>,
        rule: &'static str,
        href: Plain,
        due: Out<String>,
        state: &'static str,
        urgency: &'static str,
        owner: &'static str,
        owed: bool,
        mine: bool,
        passed_seen: Option<kernel::time::Instant>,
    }
}
platform::rows! {
    struct WaiverRow for ClientLine {
        id: WaiverId,
        duty: &'static str,
        reason: Out<String>,
        by: Plain,
        at: kernel::time::Instant,
        decision: Option<Out<Decision>>,
        note: Option<Out<String>>,
        decidable: bool,
    }
}
platform::page! {
    struct CasePage for ClientLine, "duties/case.html" {
        frame: Frame,
        case: CaseId,
        client: Option<Out<String>>,
        rows: Vec<DutyRow>,
        waivers: Vec<WaiverRow>,
        problems: Summary,
        decision: Vec<Block>,
        may_ask: bool,
    }
}

/// By when receipt of the case in hand is to be confirmed, while it is owed.
pub fn confirm_by<A: Audience>(r: &mut platform::Reading<'_>) -> Result<Option<For<A, String>>>
where
    Workers: VisibleTo<A>,
{
    let all = duties_of(r, &[])?;
    let owed = all
        .into_iter()
        .find(|(duty, _)| duty.key == acknowledgements::rules::KEY && duty.is_owed());
    Ok(owed.map(|(duty, _)| said(day_words(duty.due.last_day()))))
}

/// The duties of the case in hand that somebody with these ties sees, for other pages too.
pub fn duties_of(r: &mut platform::Reading<'_>, ties: &[Tie]) -> Result<Vec<(Duty, State)>> {
    let known = facts::of_case(r)?;
    let dated = store::settings(r.conn())?;
    let now: Timestamp = r.now().get();
    Ok(rules::duties(&known, &dated, &Calendar::default(), now)
        .into_iter()
        .filter(|duty| rules::seen_by(duty, ties, &known))
        .map(|duty| {
            let state = duty.state(now);
            (duty, state)
        })
        .collect())
}

async fn of_case(case: Case<Read>) -> Result<Page<CasePage>> {
    case_page(&case, Typed::default(), Problems::new()).await
}

async fn case_page<P: platform::Permission>(
    case: &Case<P>,
    typed: Typed,
    problems: Problems,
) -> Result<Page<CasePage>> {
    let me = case.session().actor.user;
    let may_decide = case.could::<Waive>();
    let mine = case.ties().to_vec();
    let own = mine.clone();
    let ((names, people), all, ties, waivers, breaches, who) = case
        .read(move |r| {
            let ties = facts::of_case(r)?.ties;
            let waivers = store::waivers(r)?;
            let asked: Vec<_> = waivers.iter().map(|waiver| waiver.asked_by).collect();
            Ok((
                (
                    people::store::names(r)?,
                    people::rules::household(people::store::parts(r)?),
                ),
                duties_of(r, &mine)?,
                ties,
                waivers,
                store::breaches(r)?,
                casefile::worker_names(r.conn(), &asked)?,
            ))
        })
        .await?;
    let title = |key: &str| {
        all.iter()
            .find(|(duty, _)| duty.key == key)
            .map_or("", |(duty, _)| duty.what)
    };
    let shown = |key: &str| all.iter().any(|(duty, _)| duty.key == key);
    let waivers = waivers
        .into_iter()
        .filter(|waiver| shown(waiver.key()))
        .map(|waiver| WaiverRow {
            id: waiver.id,
            duty: title(waiver.key()),
            reason: waiver.reason.show(),
            by: who.get(&waiver.asked_by).cloned().unwrap_or_default(),
            at: waiver.asked_at,
            decidable: may_decide
                && waiver.decision.is_none()
                && rules::may_decide(me, waiver.asked_by),
            decision: waiver.decision.map(Labelled::show),
            note: waiver.note.map(Labelled::show),
        })
        .collect();
    let rows = all
        .iter()
        .map(|(duty, state)| DutyRow {
            key: Plain::new(duty.key.clone().into_owned()),
            what: duty.what,
            about: duty
                .about
                .and_then(|part| people.name_of(part))
                .map(Labelled::show),
            rule: duty.rule,
            href: Plain::new(format!("/cases/{}{}", case.id(), duty.page())),
            due: said(day_words(duty.due.last_day())),
            state: state.words(),
            urgency: state.urgency(),
            owner: shown_owner(rules::owner(duty, &ties), &own),
            owed: duty.is_owed(),
            mine: own.contains(&rules::owner(duty, &ties)),
            passed_seen: breaches
                .iter()
                .find(|(key, ..)| *key == duty.key)
                .map(|(_, _, seen)| *seen),
        })
        .collect();
    Ok(Page(CasePage {
        frame: Frame::new(case.session(), case.app(), "/my-day"),
        case: case.id(),
        client: names.client.map(Labelled::show),
        rows,
        waivers,
        decision: Inputs::draw::<NewDecision>(&typed, problems.clone(), None, 0),
        problems: Summary(summary(&problems)),
        may_ask: case.could::<Ask>(),
    }))
}

platform::page! {
    struct WaiverPage for ClientLine, "duties/waiver.html" {
        frame: Frame,
        case: CaseId,
        duty: &'static str,
        key: Plain,
        problems: Summary,
        blocks: Vec<Block>,
    }
}

async fn waiver_page(
    case: &Case<Ask>,
    key: &str,
    typed: Typed,
    problems: Problems,
) -> Result<Page<WaiverPage>> {
    let mine = case.ties().to_vec();
    let all = case.read(move |r| duties_of(r, &mine)).await?;
    let (duty, _) = all
        .into_iter()
        .find(|(duty, _)| duty.key == key && duty.is_owed())
        .ok_or(Error::NotFound)?;
    Ok(Page(WaiverPage {
        frame: Frame::new(case.session(), case.app(), "/my-day"),
        case: case.id(),
        duty: duty.what,
        key: Plain::new(duty.key.into_owned()),
        blocks: Inputs::draw::<NewWaiver>(&typed, problems.clone(), None, 0),
        problems: Summary(summary(&problems)),
    }))
}

async fn new_waiver(
    case: Case<Ask>,
    Path((_, key)): Path<(String, String)>,
) -> Result<Page<WaiverPage>> {
    waiver_page(&case, &key, Typed::default(), Problems::new()).await
}

async fn ask(
    case: Case<Ask>,
    Path((_, key)): Path<(String, String)>,
    posted: Posted<NewWaiver>,
) -> Result<Response> {
    let Some(reason) = posted.form.reason.filter(|_| posted.problems.is_empty()) else {
        return Ok(waiver_page(&case, &key, posted.typed, posted.problems)
            .await?
            .into_response());
    };
    let (id, ties) = (WaiverId::new(), case.ties().to_vec());
    case.change(move |tx| {
        let known = facts::of_rows(tx)?;
        let dated = store::settings(tx.conn())?;
        let owed = rules::duties(&known, &dated, &Calendar::default(), tx.now().get())
            .into_iter()
            .any(|duty| duty.key == key && duty.is_owed() && rules::seen_by(&duty, &ties, &known));
        if !owed {
            return Err(Error::NotFound.into());
        }
        store::ask(tx, id, &key, &reason)?;
        Ok((Event::Asked(id), ()))
    })
    .await?;
    Ok(see_other(&format!("/cases/{}/duties", case.id())))
}

async fn decide(
    case: Case<Waive>,
    Path((_, waiver)): Path<(String, WaiverId)>,
    posted: Posted<NewDecision>,
) -> Result<Response> {
    let (Some(decision), Some(note), true) = (
        posted.form.decision,
        posted.form.note,
        posted.problems.is_empty(),
    ) else {
        return Ok(case_page(&case, posted.typed, posted.problems)
            .await?
            .into_response());
    };
    case.change(move |tx| Ok((store::decide(tx, waiver, &decision, &note)?, ())))
        .await?;
    Ok(see_other(&format!("/cases/{}/duties", case.id())))
}
