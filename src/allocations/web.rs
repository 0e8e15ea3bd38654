//! Pages of intake, allocation, the waiting list, cover and handing over.

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use kernel::{
    access::{Line, Role, Tie},
    form::{Block, Control, ControlKind, Inputs, Problem, Problems, Typed},
    ids::{CaseId, UserId},
    label::{ClientLine, For, Labelled, Office as ForOffice},
    plain::Plain,
    time::{Instant, day_words},
};
use platform::{
    Across, Case, Caseload, Failed, Listing, Order, Page, Posted, Pressed, Result, Routes, Scope,
    Service, Tx, Whose, casefile, see_other,
};
use serde::Deserialize;

use super::{
    Allocate, Event, HandOver, Intake, Load,
    model::{AllocationId, NewAllocation, NewHandover, NewWait, WaitId},
    rules::{self, Proposed},
    store,
};
use crate::{
    duties::{
        self,
        model::{Stage, said},
    },
    mail::{self, model::MailKind},
    people, referrals,
    shell::{Frame, NavItem},
};

/// What is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .get("/intake", intake)
        .get("/caseload", caseload)
        .get("/caseload/left", left)
        .get("/caseload/{user}/handover", new_handover)
        .post("/caseload/{user}/handover", hand_over)
        .get("/cases/{case}/allocation", new)
        .post("/cases/{case}/allocation", allocate)
        .post("/cases/{case}/allocation/support", support)
        .post("/cases/{case}/allocation/lead", lead)
        .post("/cases/{case}/waiting", wait)
        .post("/cases/{case}/waiting/end", end_wait)
}

type Out<T> = For<ClientLine, T>;

/// A question whose choices are workers: they are known only when it is drawn.
pub(crate) struct Choose {
    pub name: &'static str,
    pub text: &'static str,
    pub hint: &'static str,
    pub choices: Vec<Choice>,
    pub problem: Option<String>,
}
impl<A: kernel::label::Audience> kernel::label::Shows<A> for Choose {}

/// A worker as a choice.
pub(crate) struct Choice {
    pub code: String,
    pub text: String,
    pub chosen: bool,
}

fn choose(
    name: &'static str,
    text: &'static str,
    hint: &'static str,
    workers: &[store::Candidate],
    typed: &Typed,
    problems: &[Problem],
) -> Choose {
    let choices = workers
        .iter()
        .map(|worker| Choice {
            code: worker.user.to_string(),
            text: format!("{}, {} ({} open)", worker.name, worker.agency, worker.load),
            chosen: typed.get(name) == worker.user.to_string(),
        })
        .collect();
    let problem = problems
        .iter()
        .find(|p| p.field == name)
        .map(|p| p.message.clone());
    Choose {
        name,
        text,
        hint,
        choices,
        problem,
    }
}

fn rest(blocks: Vec<Block>, without: &[&str]) -> Vec<Block> {
    blocks
        .into_iter()
        .map(|block| Block {
            controls: block
                .controls
                .into_iter()
                .filter(|control: &Control| {
                    !without.contains(&control.name.as_str()) && control.kind != ControlKind::Hidden
                })
                .collect(),
            ..block
        })
        .collect()
}

pub(crate) fn summary(problems: &[Problem]) -> Vec<(String, String)> {
    problems
        .iter()
        .map(|p| (p.field.clone(), p.message.clone()))
        .collect()
}

/// Problems of a drawn form, for its summary.
pub(crate) struct Summary(pub Vec<(String, String)>);
impl<A: kernel::label::Audience> kernel::label::Shows<A> for Summary {}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    stage: String,
    #[serde(default)]
    after: Option<String>,
}

platform::rows! {
    struct IntakeRow for ClientLine {
        case: CaseId,
        client: Option<Out<String>>,
        survivor: Option<Out<String>>,
        children: usize,
        reference: Plain,
        from: Plain,
        told_by: Option<Out<String>>,
        received: Option<Out<String>>,
        waits: Option<Out<String>>,
        due: Option<Out<String>>,
        state: &'static str,
        urgency: &'static str,
    }
}
platform::page! {
    struct IntakePage for ClientLine, "allocations/intake.html" {
        frame: Frame,
        tabs: Vec<NavItem>,
        rows: Vec<IntakeRow>,
        total: i64,
        what: &'static str,
        next: Plain,
        take: bool,
    }
}

/// What has come in, by where it stands.
async fn intake(load: Caseload<Intake>, Query(asked): Query<Asked>) -> Result<Page<IntakePage>> {
    const STAGES: [Stage; 5] = [
        Stage::Received,
        Stage::Held,
        Stage::Waiting,
        Stage::Allocated,
        Stage::Acknowledged,
    ];
    let stage = Stage::from_code(&asked.stage)
        .filter(|stage| STAGES.contains(stage))
        .unwrap_or(Stage::Received);
    let counts = load.stages().await?;
    let total = counts
        .iter()
        .find(|(code, _)| code.as_str() == stage.code())
        .map_or(0, |(_, n)| *n);
    let tabs = STAGES
        .iter()
        .map(|each| NavItem {
            href: format!("/intake?stage={}", each.code()),
            text: each.words(),
            current: *each == stage,
        })
        .collect();
    let listing = Listing {
        stage: Some(stage.code()),
        after: asked.after,
        ..Listing::of(Whose::Programme, Order::Newest)
    };
    let listed = load.list(listing, intake_rows).await?;
    let next = listed
        .more
        .map(|key| format!("/intake?stage={}&after={key}", stage.code()));
    Ok(Page(IntakePage {
        frame: Frame::new(load.session(), load.app(), "/intake"),
        tabs,
        rows: listed.rows,
        total,
        what: stage.words(),
        next: Plain::new(next.unwrap_or_default()),
        take: load
            .session()
            .actor
            .holds(&[Role::IntakeWorker, Role::ServiceManager]),
    }))
}

fn intake_rows(across: &mut Across<'_>) -> Result<Vec<IntakeRow>> {
    let names = people::store::names_listed(across)?;
    let receipts = referrals::store::received_listed(across)?;
    let known = duties::facts::listed(across)?;
    let waits = store::waits_listed(across)?;
    let settings = duties::store::settings(across.conn())?;
    let senders = store::senders(across)?;
    let (now, calendar) = (across.now(), kernel::calendar::Calendar::default());
    let rows = across.frames().iter().map(|frame| {
        let names = names.get(&frame.id);
        let facts = known.get(&frame.id).cloned().unwrap_or_default();
        let duty = duties::rules::duties(&facts, &settings, &calendar, now.get())
            .into_iter()
            .find(|duty| duty.key == "acknowledgement");
        let standing = duty.as_ref().map(|duty| duty.state(now.get()));
        let waits = waits.get(&frame.id).map(|(since, why)| {
            let days = now.seconds_since(*since) / 86_400;
            why.map(|why| format!("{days} days: {why}")).show()
        });
        IntakeRow {
            case: frame.id,
            client: names.and_then(|n| n.client.clone()).map(Labelled::show),
            survivor: names.and_then(|n| n.survivor.clone()).map(Labelled::show),
            children: names.map_or(0, |n| n.children),
            reference: frame.client_reference.clone(),
            from: senders.get(&frame.id).cloned().unwrap_or_default(),
            told_by: receipts
                .get(&frame.id)
                .and_then(|receipt| receipt.taken_from.clone())
                .map(Labelled::show),
            received: facts.received.map(|at| said(Instant::new(at).words())),
            waits,
            due: duty
                .as_ref()
                .map(|duty| said(day_words(duty.due.last_day()))),
            state: standing.map_or("", duties::model::State::words),
            urgency: standing.map_or("", duties::model::State::urgency),
        }
    });
    Ok(rows.collect())
}

platform::rows! {
    struct TieLine for ClientLine { name: Plain, what: &'static str, since: Instant, cover: bool, until: Option<Instant> }
}
platform::page! {
    struct AllocationPage for ClientLine, "allocations/new.html" {
        frame: Frame,
        case: CaseId,
        client: Option<Out<String>>,
        stage: &'static str,
        held: bool,
        problems: Summary,
        worker: Choose,
        supervisor: Choose,
        blocks: Vec<Block>,
        lead: Choose,
        support: Choose,
        waiting: Option<Out<String>>,
        wait: Vec<Block>,
        ties: Vec<TieLine>,
    }
}

/// What a refused form brings back.
#[derive(Clone, Default)]
struct Again {
    typed: Typed,
    problems: Problems,
}

#[derive(Debug, Default, Deserialize)]
struct Done {
    #[serde(default)]
    done: String,
}

async fn new(case: Case<Allocate>, Query(done): Query<Done>) -> Result<Page<AllocationPage>> {
    let Page(mut page) = page(&case, Again::default()).await?;
    page.frame = match done.done.as_str() {
        "allocated" => page
            .frame
            .with_success("Allocated. The practitioner has been told"),
        "led" => page.frame.with_success("The lead worker is named"),
        "supported" => page.frame.with_success("The support worker is tied"),
        _ => page.frame,
    };
    Ok(Page(page))
}

#[expect(clippy::too_many_lines, reason = "one page with five forms")]
async fn page(case: &Case<Allocate>, again: Again) -> Result<Page<AllocationPage>> {
    let (names, stage, workers, supervisors, (leads, led), supporters, waiting, ties) = case
        .read(|r| {
            // Who sent the referral most often holds the family's statutory case.
            let referrer = referrals::store::received(r)?.and_then(|r| r.referrer_user);
            let names = people::store::names(r)?;
            let stage = casefile::frame(r)?.stage;
            let now = r.now();
            let ties: Vec<_> = casefile::ties(r)?
                .into_iter()
                .filter(|tie| tie.until_at.is_none_or(|until| until > now))
                .collect();
            let lead = ties
                .iter()
                .find(|tie| tie.tie() == Some(Tie::LeadWorker))
                .map(|tie| tie.user_id)
                .or(referrer);
            let known = casefile::worker_names(
                r.conn(),
                &ties.iter().map(|t| t.user_id).collect::<Vec<_>>(),
            )?;
            let lines = ties
                .into_iter()
                .filter_map(|tie| {
                    let kind = tie.tie()?;
                    // Who supports the survivor is itself the survivor's.
                    (!people::rules::tells_of_survivor_line(kind)).then(|| TieLine {
                        name: known.get(&tie.user_id).cloned().unwrap_or_default(),
                        what: kind.words(),
                        since: tie.from_at,
                        cover: tie.covers.is_some(),
                        until: tie.until_at,
                    })
                })
                .collect::<Vec<_>>();
            Ok((
                names,
                stage,
                store::candidates(r, Role::Practitioner)?,
                store::candidates(r, Role::ServiceManager)?,
                (store::candidates(r, Role::SocialWorker)?, lead),
                store::candidates(r, Role::SurvivorWorker)?,
                store::current_wait(r)?,
                lines,
            ))
        })
        .await?;
    let Again {
        mut typed,
        problems,
    } = again;
    if let Some(led) = led.filter(|_| typed.get("lead").is_empty()) {
        typed.push("lead".to_owned(), led.to_string());
    }
    let mut all = supervisors;
    all.extend(workers.iter().cloned());
    Ok(Page(AllocationPage {
        frame: Frame::new(case.session(), case.app(), "/intake"),
        case: case.id(),
        client: names.client.map(Labelled::show),
        held: stage.as_str() == Stage::Held.code(),
        stage: Stage::from_code(stage.as_str()).map_or("", Stage::words),
        worker: choose(
            "worker",
            "Practitioner",
            "Works with the client.",
            &workers,
            &typed,
            &problems,
        ),
        supervisor: choose(
            "supervisor",
            "Supervisor",
            "Somebody else than the practitioner.",
            &all,
            &typed,
            &problems,
        ),
        lead: choose(
            "lead",
            "Lead worker",
            "Holds the family’s statutory case: explains the service and asks for the answers.",
            &leads,
            &typed,
            &problems,
        ),
        support: choose(
            "support",
            "Survivor support worker",
            "Tied to the survivor line only. The client line does not see that there is one.",
            &supporters,
            &typed,
            &problems,
        ),
        blocks: rest(
            Inputs::draw::<NewAllocation>(&typed, problems.clone(), None, 0),
            &["worker", "supervisor"],
        ),
        waiting: waiting.map(|(since, why)| {
            why.map(|why| format!("Since {}: {why}", since.words()))
                .show()
        }),
        wait: Inputs::draw::<NewWait>(&typed, problems.clone(), None, 0),
        ties,
        problems: Summary(summary(&problems)),
    }))
}

/// What the rules need to know of a worker, in the transaction that ties him.
fn proposed(scope: &mut impl Scope, user: UserId, roles: &[Role]) -> Result<Proposed> {
    let now = scope.now();
    let mut agency = None;
    for role in roles {
        agency = agency.or(casefile::workers(scope.conn(), *role, now)?
            .into_iter()
            .find(|worker| worker.user == user)
            .map(|worker| worker.agency));
    }
    let took_part = match agency {
        Some(agency) => casefile::took_part(scope, agency)?,
        None => true,
    };
    let restricted = casefile::frame(scope)?.restricted == 1;
    let listed = casefile::listed_workers(scope)?
        .into_iter()
        .find(|(id, _)| *id == user);
    let excluded = match listed {
        Some((_, allowed)) => !allowed,
        None => restricted,
    };
    Ok(Proposed {
        user,
        qualified: agency.is_some(),
        took_part,
        excluded,
    })
}

/// Who holds which tie, or will: cover that has not begun keeps its worker from the other line too.
fn held(scope: &mut impl Scope) -> Result<Vec<(UserId, Tie)>> {
    let now = scope.now();
    Ok(casefile::ties(scope)?
        .into_iter()
        .filter(|tie| tie.until_at.is_none_or(|until| until > now))
        .filter_map(|tie| Some((tie.user_id, tie.tie()?)))
        .collect())
}

async fn allocate(case: Case<Allocate>, posted: Posted<NewAllocation>) -> Result<Response> {
    let mut problems = posted.problems;
    let worker = rules::chosen(posted.form.worker.as_ref());
    let supervisor = rules::chosen(posted.form.supervisor.as_ref());
    let (Some(worker), Some(supervisor)) = (worker, supervisor) else {
        for (field, answer, text) in [
            ("worker", worker, "Choose a practitioner"),
            ("supervisor", supervisor, "Choose a supervisor"),
        ] {
            if answer.is_none() && !problems.iter().any(|p| p.field == field) {
                problems.push(Problem::new(field, text));
            }
        }
        return Ok(page(
            &case,
            Again {
                typed: posted.typed,
                problems,
            },
        )
        .await?
        .into_response());
    };
    problems.extend(rules::supervised_by_another(worker, supervisor));
    problems.extend(
        case.read(move |r| {
            let waits = duties::facts::of_case(r)?.held;
            let held = held(r)?;
            let proposed_worker = proposed(r, worker, &[Role::Practitioner])?;
            let proposed_supervisor =
                proposed(r, supervisor, &[Role::ServiceManager, Role::Practitioner])?;
            let mut problems = rules::may_allocate(waits);
            problems.extend(rules::may_hold(
                proposed_worker,
                Line::Client,
                &held,
                "worker",
            ));
            problems.extend(rules::may_hold(
                proposed_supervisor,
                Line::Client,
                &held,
                "supervisor",
            ));
            Ok(problems)
        })
        .await?,
    );
    if !problems.is_empty() {
        return Ok(page(
            &case,
            Again {
                typed: posted.typed,
                problems,
            },
        )
        .await?
        .into_response());
    }
    let (id, note) = (AllocationId::new(), posted.form.note);
    let case_id = case.id();
    case.change(move |tx| {
        // Asked again inside the transaction: two managers may allocate at once.
        refuse(rules::may_allocate(duties::facts::of_rows(tx)?.held))?;
        let held = held(tx)?;
        let proposed = proposed(tx, worker, &[Role::Practitioner])?;
        refuse(rules::may_hold(proposed, Line::Client, &held, "worker"))?;
        store::allocate(tx, id, worker, supervisor, note.as_ref())?;
        let now = tx.now();
        let path = format!("/cases/{case_id}");
        mail::queue(tx.conn(), worker, MailKind::Allocation, &path, now)?;
        Ok((Event::Allocated(id), ()))
    })
    .await?;
    Ok(see_other(&format!(
        "/cases/{case_id}/allocation?done=allocated"
    )))
}

fn refuse(problems: Problems) -> Result<(), Failed> {
    if problems.is_empty() {
        Ok(())
    } else {
        Err(platform::Error::Refused(problems).into())
    }
}

/// What of the survivor's side is named on the page of allocation.
#[derive(Clone, Copy)]
struct Named {
    field: &'static str,
    role: Role,
    missing: &'static str,
    event: fn(AllocationId) -> Event,
    tie: fn(&mut Tx<'_>, UserId) -> Result<(), Failed>,
    done: &'static str,
}

/// The survivor line's worker, whose very existence the client line does not see.
async fn support(case: Case<Allocate>, pressed: Pressed) -> Result<Response> {
    const SUPPORT: Named = Named {
        field: "support",
        role: Role::SurvivorWorker,
        missing: "Choose a survivor support worker",
        event: Event::Supported,
        tie: store::support,
        done: "supported",
    };
    name(&case, pressed, SUPPORT).await
}

/// The lead worker, who holds the family's statutory case, and the survivor line while no specialist
/// does.
async fn lead(case: Case<Allocate>, pressed: Pressed) -> Result<Response> {
    const LEAD: Named = Named {
        field: "lead",
        role: Role::SocialWorker,
        missing: "Choose a social worker",
        event: Event::Led,
        tie: store::lead,
        done: "led",
    };
    name(&case, pressed, LEAD).await
}

async fn name(case: &Case<Allocate>, pressed: Pressed, named: Named) -> Result<Response> {
    let chosen = pressed.typed.get(named.field).parse::<UserId>();
    let problems = match chosen {
        Ok(worker) => case.read(move |r| fits(r, worker, named)).await?,
        Err(_) => vec![Problem::new(named.field, named.missing)],
    };
    let (Ok(worker), true) = (chosen, problems.is_empty()) else {
        let again = Again {
            typed: pressed.typed,
            problems,
        };
        return Ok(page(case, again).await?.into_response());
    };
    let id = AllocationId::new();
    case.change(move |tx| {
        refuse(fits(tx, worker, named)?)?;
        (named.tie)(tx, worker)?;
        Ok(((named.event)(id), ()))
    })
    .await?;
    Ok(see_other(&format!(
        "/cases/{}/allocation?done={}",
        case.id(),
        named.done
    )))
}

fn fits(scope: &mut impl Scope, worker: UserId, named: Named) -> Result<Problems> {
    let held = held(scope)?;
    let proposed = proposed(scope, worker, &[named.role])?;
    Ok(rules::may_hold(
        proposed,
        Line::Survivor,
        &held,
        named.field,
    ))
}

async fn wait(case: Case<Allocate>, posted: Posted<NewWait>) -> Result<Response> {
    let Some(why) = posted.form.why.filter(|_| posted.problems.is_empty()) else {
        let again = Again {
            typed: posted.typed,
            problems: posted.problems,
        };
        return Ok(page(&case, again).await?.into_response());
    };
    let id = WaitId::new();
    case.change(move |tx| {
        store::add_wait(tx, id, &why)?;
        Ok((Event::Waits(id), ()))
    })
    .await?;
    Ok(see_other("/intake?stage=waiting"))
}

async fn end_wait(case: Case<Allocate>, _: Pressed) -> Result<Response> {
    case.change(move |tx| {
        store::end_wait(tx)?;
        Ok((Event::WaitsNoMore, ()))
    })
    .await?;
    Ok(see_other("/intake"))
}

platform::rows! {
    struct LoadRow for ForOffice { user: UserId, name: Plain, agency: Plain, load: i64 }
}
platform::page! {
    struct LoadPage for ForOffice, "allocations/caseload.html" { frame: Frame, rows: Vec<LoadRow>, total: i64, left: usize }
}

/// How many open cases each worker has. It names no case.
async fn caseload(service: Service<Load>) -> Result<Page<LoadPage>> {
    let (rows, left): (Vec<LoadRow>, usize) = service
        .read(|office| {
            let now = office.now();
            let agency = office.agency();
            let left = platform::unheld(office.conn(), agency, Tie::ClientLine, now)?.len();
            let loads = casefile::loads(office.conn(), &[Tie::ClientLine], now)?;
            let workers = casefile::workers(office.conn(), Role::Practitioner, now)?;
            let rows = workers
                .into_iter()
                .filter(|worker| worker.agency == agency)
                .map(|worker| LoadRow {
                    user: worker.user,
                    load: loads
                        .iter()
                        .find(|(user, _)| *user == worker.user)
                        .map_or(0, |(_, n)| *n),
                    name: worker.name,
                    agency: worker.agency_name,
                })
                .collect();
            Ok((rows, left))
        })
        .await?;
    let total = rows.iter().map(|row| row.load).sum();
    Ok(Page(LoadPage {
        frame: Frame::new(service.session(), service.app(), "/caseload"),
        rows,
        total,
        left,
    }))
}

platform::rows! {
    /// A case with which nobody works any more.
    struct LeftRow for ClientLine {
        case: CaseId,
        client: Option<Out<String>>,
        reference: Plain,
        stage: &'static str,
        overdue: usize,
        due: Option<Out<String>>,
    }
}
platform::rows! {
    /// Who left, with the cases that were left behind.
    struct Leaver for ClientLine { user: UserId, name: Plain, rows: Vec<LeftRow> }
}
platform::page! {
    /// The cases whose practitioner left, or whose role ended.
    struct LeavingPage for ClientLine, "allocations/left.html" { frame: Frame, leavers: Vec<Leaver>, more: bool }
}

/// The most cases that the page shows at once.
const LEFT: i64 = 200;

/// The cases with which nobody works any more, by who did last, what is due first coming first.
/// Meanwhile their duties are the supervisor's, and without one the programme's.
async fn left(load: Caseload<HandOver>) -> Result<Page<LeavingPage>> {
    let unheld = load.unheld(Tie::ClientLine).await?;
    let listing = Listing {
        among: Some(unheld.iter().map(|(case, _)| *case).collect()),
        limit: LEFT,
        ..Listing::of(Whose::Programme, Order::Due)
    };
    let listed = load
        .list(listing, move |across| leavers(across, &unheld))
        .await?;
    Ok(Page(LeavingPage {
        frame: Frame::new(load.session(), load.app(), "/caseload"),
        leavers: listed.rows,
        more: listed.more.is_some(),
    }))
}

fn leavers(across: &mut Across<'_>, unheld: &[(CaseId, UserId)]) -> Result<Vec<Leaver>> {
    let names = people::store::names_listed(across)?;
    let known = duties::facts::listed(across)?;
    let settings = duties::store::settings(across.conn())?;
    let who: Vec<UserId> = unheld.iter().map(|(_, user)| *user).collect();
    let workers = casefile::worker_names(across.conn(), &who)?;
    let (now, calendar) = (across.now(), kernel::calendar::Calendar::default());
    let mut leavers: Vec<Leaver> = Vec::new();
    for frame in across.frames() {
        let Some((_, user)) = unheld.iter().find(|(case, _)| *case == frame.id) else {
            continue;
        };
        let facts = known.get(&frame.id).cloned().unwrap_or_default();
        // What the survivor's side owes is not this list's: a practitioner never owned it.
        let owed: Vec<_> = duties::rules::duties(&facts, &settings, &calendar, now.get())
            .into_iter()
            .filter(|duty| duty.is_owed() && !duty.apart)
            .collect();
        let row = LeftRow {
            case: frame.id,
            client: names
                .get(&frame.id)
                .and_then(|names| names.client.clone())
                .map(Labelled::show),
            reference: frame.client_reference.clone(),
            stage: Stage::from_code(frame.stage.as_str()).map_or("", Stage::words),
            overdue: owed
                .iter()
                .filter(|duty| !duty.due.is_met_at(now.get()))
                .count(),
            due: owed
                .first()
                .map(|duty| said(day_words(duty.due.last_day()))),
        };
        match leavers.iter_mut().find(|leaver| leaver.user == *user) {
            Some(leaver) => leaver.rows.push(row),
            None => leavers.push(Leaver {
                user: *user,
                name: workers.get(user).cloned().unwrap_or_default(),
                rows: vec![row],
            }),
        }
    }
    Ok(leavers)
}

/// The open cases that `user` works with, and those that were left behind by `user`.
async fn cases_of(load: &Caseload<HandOver>, user: UserId) -> Result<(Vec<CaseId>, Vec<CaseId>)> {
    let held = load.held_by(user, Tie::ClientLine).await?;
    let left = load.unheld(Tie::ClientLine).await?;
    let left = left
        .into_iter()
        .filter(|(_, last)| *last == user)
        .map(|(case, _)| case)
        .collect();
    Ok((held, left))
}

platform::page! {
    struct HandoverPage for ForOffice, "allocations/handover.html" {
        frame: Frame,
        user: UserId,
        name: Plain,
        load: usize,
        left: bool,
        problems: Summary,
        to: Choose,
        blocks: Vec<Block>,
    }
}

async fn handover_page(
    load: &Caseload<HandOver>,
    user: UserId,
    again: Again,
) -> Result<Page<HandoverPage>> {
    let listing = Listing {
        limit: 1,
        ..Listing::of(Whose::Programme, Order::Due)
    };
    let (held, left) = cases_of(load, user).await?;
    let (mut candidates, name) = load
        .list(listing, move |across| {
            let now = across.now();
            let loads = casefile::loads(across.conn(), &[Tie::ClientLine], now)?;
            let workers = casefile::workers(across.conn(), Role::Practitioner, now)?;
            let count = |id| {
                loads
                    .iter()
                    .find(|(user, _)| *user == id)
                    .map_or(0, |(_, n)| *n)
            };
            let candidates: Vec<_> = workers
                .into_iter()
                .map(|worker| store::Candidate {
                    load: count(worker.user),
                    user: worker.user,
                    name: worker.name,
                    agency: worker.agency_name,
                })
                .collect();
            let name = casefile::worker_names(across.conn(), &[user])?.remove(&user);
            Ok((candidates, name))
        })
        .await?
        .rows;
    candidates.retain(|candidate| candidate.user != user);
    let name = name.ok_or(platform::Error::NotFound)?;
    let Again { typed, problems } = again;
    Ok(Page(HandoverPage {
        frame: Frame::new(load.session(), load.app(), "/caseload"),
        user,
        name,
        load: held.len().saturating_add(left.len()),
        left: !left.is_empty(),
        to: choose("to", "Who takes over?", "", &candidates, &typed, &problems),
        blocks: rest(
            Inputs::draw::<NewHandover>(&typed, problems.clone(), None, 0),
            &["to"],
        ),
        problems: Summary(summary(&problems)),
    }))
}

async fn new_handover(
    load: Caseload<HandOver>,
    Path(user): Path<UserIdInPath>,
) -> Result<Page<HandoverPage>> {
    handover_page(&load, user.0, Again::default()).await
}

/// A user's id in a path.
#[derive(Debug)]
struct UserIdInPath(UserId);
impl<'de> Deserialize<'de> for UserIdInPath {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        UserId::deserialize(deserializer).map(Self)
    }
}

/// Hands over all open cases of a worker, for good or as dated cover, in one transaction.
async fn hand_over(
    load: Caseload<HandOver>,
    Path(user): Path<UserIdInPath>,
    posted: Posted<NewHandover>,
) -> Result<Response> {
    let user = user.0;
    let mut problems = posted.problems;
    let (from, until) = rules::days(&posted.form);
    problems.extend(rules::cover_days(from, until, load.now().day()));
    let (held_now, left) = cases_of(&load, user).await?;
    problems.extend(rules::cover_of(from.is_some(), !left.is_empty()));
    let to = rules::chosen(posted.form.to.as_ref());
    let (Some(to), Some(why), true) = (to, posted.form.why.clone(), problems.is_empty()) else {
        if to.is_none() && problems.is_empty() {
            problems.push(Problem::new("to", "Choose who takes over"));
        }
        let again = Again {
            typed: posted.typed,
            problems,
        };
        return Ok(handover_page(&load, user, again).await?.into_response());
    };
    let cases: Vec<CaseId> = held_now.into_iter().chain(left).collect();
    let cover = from.zip(until).map(|(from, until)| {
        let end = kernel::deadline::Due::EndOf(until).instant();
        (
            Instant::new(kernel::deadline::start_of(from)),
            Instant::new(end),
        )
    });
    let done = load.change_each(cases, move |tx| {
        let open = held(tx)?;
        let proposed = proposed(tx, to, &[Role::Practitioner])?;
        refuse(rules::may_hold(proposed, Line::Client, &open, "to"))?;
        if let Some(dates) = cover {
            casefile::add_tie(tx, to, Tie::ClientLine, Some(user), Some(dates))?;
            return Ok(Event::Covered);
        }
        let supervisor = open
            .iter()
            // Nobody supervises their own work: a supervisor who takes over is supervised by the
            // manager.
            .find(|(user, tie)| *tie == Tie::ClientSupervisor && *user != to)
            .map_or(tx.actor(), |(user, _)| *user);
        let id = AllocationId::new();
        store::allocate(tx, id, to, supervisor, Some(&why))?;
        Ok(Event::HandedOver(id))
    });
    match done.await {
        Ok(_) => Ok(see_other("/caseload")),
        Err(platform::Error::Refused(problems)) => {
            let typed = posted.typed;
            let again = Again { typed, problems };
            Ok(handover_page(&load, user, again).await?.into_response())
        }
        Err(other) => Err(other),
    }
}
