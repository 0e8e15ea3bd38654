//! Pages of closures: for both lines, and what stays in place, apart.

mod apart;
mod counts;
mod print;

use std::collections::HashMap;

use axum::{
    extract::Query,
    response::{IntoResponse as _, Response},
};
use kernel::{
    form::{Block, Inputs, Problems, Typed},
    ids::{CaseId, UserId},
    label::{ClientLine, For, Labelled},
    plain::Plain,
    time::{Day, day_words},
};
use platform::{Case, Error, Page, Permission, Posted, Result, Routes, Scope, Tx, see_other};
use serde::Deserialize;

use super::{
    Close, Event, Print, PrintClient, Read, ReadKept, Reopen, SayEarlier,
    model::{ClosureId, Earlier, EarlierId, NewClosure, NewEarlier, NewReopening, ReopeningId},
    rules,
    store::{self, Closure, Goal, Reopening, Telling},
};
use crate::{
    allocations::web::{Summary, summary},
    cases::{
        self,
        drawn::{Drawn, Picks},
    },
    duties, engagement, interventions,
    mail::{self, model::MailKind},
    people, referrals,
    shell::{Frame, NavItem},
};

/// What is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/closures", show)
        .get("/cases/{case}/closures/new", new)
        .post("/cases/{case}/closures/new", close)
        .get("/cases/{case}/closures/reopening", new_reopening)
        .post("/cases/{case}/closures/reopening", reopen)
        .get("/cases/{case}/closures/earlier", new_earlier)
        .post("/cases/{case}/closures/earlier", say_earlier)
        .and(apart::routes())
        .and(print::routes())
        .and(counts::routes())
}

/// What the user may do next on a case.
pub fn next(case: &Case<cases::View>) -> Vec<NavItem> {
    let at = |may: bool, place: &str, text: &'static str| {
        may.then(|| NavItem {
            href: format!("/cases/{}{place}", case.id()),
            text,
            current: false,
        })
    };
    [
        at(case.could::<Read>(), "/closures", "Closure"),
        at(
            case.could::<ReadKept>(),
            "/apart/closures",
            "What stays in place for survivor and children",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

type Out<T> = For<ClientLine, T>;

/// What was just done.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
}

impl Asked {
    fn frame<P: Permission>(&self, case: &Case<P>) -> Frame {
        let frame = frame(case);
        let text = match self.done.as_str() {
            "closed" => "The case is closed",
            "reopened" => "The case is open again",
            "kept" => "It is recorded",
            "earlier" => "It is counted so",
            _ => return frame,
        };
        frame.with_success(text)
    }
}

fn frame<P: Permission>(case: &Case<P>) -> Frame {
    Frame::new(case.session(), case.app(), "/cases")
}

// ---- How a case was closed ----

platform::rows! {
    /// A question with its answer.
    struct AnswerRow for ClientLine { question: &'static str, answer: Out<String> }
}
platform::rows! {
    /// A goal with what came of it.
    struct GoalRow for ClientLine { goal: Out<String>, outcome: Out<String> }
}
platform::rows! {
    /// An agency that was told.
    struct ToldRow for ClientLine { who: Out<String>, how: Out<String>, on: Out<String> }
}
platform::rows! {
    /// A closure.
    struct ClosureCard for ClientLine {
        id: ClosureId,
        outcome: Out<String>,
        on: Out<String>,
        rows: Vec<AnswerRow>,
        goals: Vec<GoalRow>,
        told: Vec<ToldRow>,
        client_text: Option<Out<String>>,
        by: Option<Plain>,
        entered: Day,
        reopened_on: Option<Out<String>>,
        reopened_why: Option<Out<String>>,
        reopened_by: Option<Plain>,
    }
}
platform::page! {
    /// How the case was closed, every time.
    struct ShowPage for ClientLine, "closures/show.html" {
        frame: Frame,
        case: CaseId,
        closures: Vec<ClosureCard>,
        closed: bool,
        earlier: Option<Out<String>>,
        may_say_earlier: bool,
        may_close: bool,
        may_reopen: bool,
        may_print: bool,
        may_print_client: bool,
    }
}

/// What a page of closures is made of.
struct Seen {
    closures: Vec<Closure>,
    goals: Vec<Goal>,
    told: Vec<Telling>,
    reopenings: Vec<Reopening>,
    closed: bool,
    kept: std::collections::HashSet<UserId>,
    names: HashMap<UserId, Plain>,
    known: bool,
    earlier: Option<(EarlierId, Labelled<Earlier, kernel::label::Workers>)>,
}

fn see(r: &mut impl Scope) -> Result<Seen> {
    let closures = store::of_case(r)?;
    let reopenings = store::reopenings(r)?;
    let names = people::store::worker_names(
        r,
        closures
            .iter()
            .map(|row| row.recorded_by)
            .chain(reopenings.iter().map(|row| row.recorded_by)),
    )?;
    Ok(Seen {
        goals: store::goals(r)?,
        told: store::tellings(r)?,
        closed: store::standing(r)?.is_some(),
        kept: people::store::survivor_side(r)?,
        known: people::store::is_known_elsewhere(r)?,
        earlier: store::earlier(r)?,
        closures,
        reopenings,
        names,
    })
}

fn card(row: Closure, seen: &Seen) -> ClosureCard {
    let by = |user| {
        cases::rules::author_shown(user, &seen.kept).and_then(|user| seen.names.get(&user).cloned())
    };
    let again = seen.reopenings.iter().find(|r| r.closure_id == row.id);
    ClosureCard {
        id: row.id,
        outcome: row.outcome.map(|outcome| outcome.words().to_owned()).show(),
        on: row.closed_on.map(|day| day_words(*day)).show(),
        rows: store::words(&row)
            .into_iter()
            .map(|(question, answer)| AnswerRow {
                question,
                answer: answer.show(),
            })
            .collect(),
        goals: seen
            .goals
            .iter()
            .filter(|goal| goal.closure_id == row.id)
            .map(|goal| GoalRow {
                goal: goal.goal.clone().show(),
                outcome: goal.outcome.map(|o| o.words().to_owned()).show(),
            })
            .collect(),
        told: seen
            .told
            .iter()
            .filter(|told| told.closure_id == row.id)
            .map(|told| ToldRow {
                who: told.who.clone().show(),
                how: told.how.map(|how| how.words().to_owned()).show(),
                on: told.told_on.map(|day| day_words(*day)).show(),
            })
            .collect(),
        by: by(row.recorded_by),
        entered: Day(row.recorded_at.day()),
        reopened_on: again.map(|again| again.reopened_on.map(|day| day_words(*day)).show()),
        reopened_why: again.map(|again| again.why.clone().show()),
        reopened_by: again.and_then(|again| by(again.recorded_by)),
        client_text: row.client_text.map(Labelled::show),
    }
}

async fn show(case: Case<Read>, Query(asked): Query<Asked>) -> Result<Page<ShowPage>> {
    let mut seen = case.read(|r| see(r)).await?;
    let may_say_earlier = seen.known && case.could::<SayEarlier>();
    let closures = std::mem::take(&mut seen.closures);
    Ok(Page(ShowPage {
        frame: asked.frame(&case),
        case: case.id(),
        closed: seen.closed,
        earlier: seen
            .earlier
            .as_ref()
            .filter(|_| may_say_earlier)
            .map(|(_, what)| what.map(|what| what.words().to_owned()).show()),
        may_say_earlier,
        may_close: !seen.closed && case.could::<Close>(),
        may_reopen: seen.closed && case.could::<Reopen>(),
        may_print: case.could::<Print>(),
        may_print_client: case.could::<PrintClient>(),
        closures: closures.into_iter().map(|row| card(row, &seen)).collect(),
    }))
}

// ---- Closing ----

platform::page! {
    /// Close a case.
    struct NewPage for ClientLine, "closures/new.html" {
        frame: Frame,
        case: CaseId,
        client: Option<Out<String>>,
        high: bool,
        open_work: bool,
        problems: Summary,
        blocks: Vec<Block>,
    }
}

async fn page(
    case: &Case<Close>,
    typed: Option<Typed>,
    problems: Problems,
    spare: usize,
) -> Result<Page<NewPage>> {
    let (client, facts, closed) = case
        .read(|r| {
            Ok((
                people::store::names(r)?.client,
                duties::facts::of_case(r)?,
                store::standing(r)?.is_some(),
            ))
        })
        .await?;
    if closed && typed.is_none() {
        return Err(Error::Stale);
    }
    let typed = typed.unwrap_or_else(|| {
        let mut typed = Typed::default();
        typed.push("closed_on".to_owned(), case.now().day().to_string());
        if let Some(ended) = facts.intervention.ended {
            typed.push("work_ended_on".to_owned(), ended.day().to_string());
        }
        typed
    });
    Ok(Page(NewPage {
        frame: frame(case),
        case: case.id(),
        client: client.map(Labelled::show),
        high: facts.risk.high.is_some(),
        open_work: facts.intervention.is_open(),
        blocks: Inputs::draw::<NewClosure>(&typed, problems.clone(), None, spare),
        problems: Summary(summary(&problems)),
    }))
}

async fn new(case: Case<Close>) -> Result<Response> {
    match page(&case, None, Problems::new(), 1).await {
        Err(Error::Stale) => Ok(see_other(&format!("/cases/{}/closures", case.id()))),
        other => Ok(other?.into_response()),
    }
}

async fn close(case: Case<Close>, posted: Posted<NewClosure>) -> Result<Response> {
    if posted.adds().is_some() {
        let typed = Some(posted.typed);
        return Ok(page(&case, typed, Problems::new(), 1)
            .await?
            .into_response());
    }
    let facts = case.read(duties::facts::of_case).await?;
    let mut problems = posted.problems;
    problems.extend(rules::problems(&posted.form, &facts, case.now().day()));
    let (id, case_id) = (ClosureId::new(), case.id());
    let by = (case.session().actor.user, case.now());
    let complete = store::complete(posted.form, id, case_id, by);
    let (Some(whole), true) = (complete, problems.is_empty()) else {
        return Ok(page(&case, Some(posted.typed), problems, 0)
            .await?
            .into_response());
    };
    let done = case
        .change(move |tx| {
            end_work(tx, &whole.0)?;
            store::close(tx, &whole.0, &whole.1, &whole.2)?;
            if let Some(text) = &whole.0.client_text {
                let told = people::told::problems(tx, "client_text", text)?;
                if !told.is_empty() {
                    return Err(Error::Refused(told).into());
                }
            }
            tell_workers(tx)?;
            Ok((Event::Closed(id), ()))
        })
        .await;
    match done {
        Err(Error::Refused(problems)) => Ok(page(&case, Some(posted.typed), problems, 0)
            .await?
            .into_response()),
        Err(other) => Err(other),
        Ok(()) => Ok(see_other(&format!("/cases/{case_id}/closures?done=closed"))),
    }
}

/// Work that is open ends with its case: on the day that was said, or on that of the closure.
fn end_work(tx: &mut Tx<'_>, row: &Closure) -> Result<(), platform::Failed> {
    let Some((on, how)) = store::ending(row) else {
        return Ok(());
    };
    match interventions::store::end(tx, on, how, None) {
        Err(platform::Failed::Said(Error::Refused(problems))) => {
            // Its form has other fields; here the day of the work is to be looked at.
            let field = if row.work_ended_on.is_some() {
                "work_ended_on"
            } else {
                "closed_on"
            };
            let problems = problems
                .into_iter()
                .map(|problem| kernel::form::Problem::new(field, problem.message))
                .collect();
            Err(Error::Refused(problems).into())
        }
        other => other.map(|_| ()),
    }
}

/// Who sent the referral is told that there is news, and the survivor's side that something ended:
/// it looks at what stays in place. Who that is, is told to nobody else.
fn tell_workers(tx: &mut Tx<'_>) -> Result<(), platform::Failed> {
    let (case, now) = (tx.case(), tx.now());
    if let Some(referrer) = referrals::store::received(tx)?.and_then(|r| r.referrer_user) {
        let path = format!("/cases/{case}/referral");
        mail::queue(tx.conn(), referrer, MailKind::Acknowledgement, &path, now)?;
    }
    let path = format!("/cases/{case}/apart/closures");
    for user in engagement::store::owners(tx)? {
        mail::queue(tx.conn(), user, MailKind::DueSoon, &path, now)?;
    }
    Ok(())
}

// ---- Opening again ----

platform::page! {
    /// A form whose values workers of both lines may read.
    struct FormPage for ClientLine, "cases/form.html" {
        frame: Frame,
        title: &'static str,
        explain: &'static str,
        about: Option<Out<String>>,
        quoted_as: &'static str,
        quoted: Option<Out<String>>,
        picks: Vec<Picks<ClientLine>>,
        drawn: Drawn,
    }
}

fn reopening_page(
    case: &Case<Reopen>,
    closure: &Closure,
    typed: &Typed,
    problems: Problems,
) -> Page<FormPage> {
    let place = format!("/cases/{}/closures/reopening", case.id());
    let back = format!("/cases/{}/closures", case.id());
    Page(FormPage {
        frame: frame(case),
        title: "Open the case again",
        explain: "Whoever worked on it finds it on the worklists again, and what is owed goes on. \
                  The closure stays readable.",
        about: None,
        quoted_as: "It was closed as:",
        quoted: Some(closure.outcome.map(|o| o.words().to_owned()).show()),
        picks: Vec::new(),
        drawn: Drawn::new::<NewReopening>(place, back, "Open it again", typed, problems),
    })
}

async fn closed(case: &Case<Reopen>) -> Result<Closure> {
    case.read(|r| store::standing(r)?.ok_or(Error::Stale)).await
}

async fn new_reopening(case: Case<Reopen>) -> Result<Response> {
    let closure = match closed(&case).await {
        Err(Error::Stale) => return Ok(see_other(&format!("/cases/{}/closures", case.id()))),
        other => other?,
    };
    let mut typed = Typed::default();
    typed.push("reopened_on".to_owned(), case.now().day().to_string());
    Ok(reopening_page(&case, &closure, &typed, Problems::new()).into_response())
}

async fn reopen(case: Case<Reopen>, posted: Posted<NewReopening>) -> Result<Response> {
    let closure = closed(&case).await?;
    let mut problems = posted.problems;
    problems.extend(rules::reopening_problems(
        &posted.form,
        closure.day(),
        case.now().day(),
    ));
    let form = posted.form;
    let (Some(reopened_on), Some(why), true) = (form.reopened_on, form.why, problems.is_empty())
    else {
        return Ok(reopening_page(&case, &closure, &posted.typed, problems).into_response());
    };
    let (id, closure_id) = (ReopeningId::new(), closure.id);
    case.change(move |tx| {
        let row = Reopening {
            id,
            case_id: tx.case(),
            closure_id,
            reopened_on,
            why: why.clone(),
            recorded_by: tx.actor(),
            recorded_at: tx.now(),
        };
        store::reopen(tx, &row)?;
        Ok((Event::Reopened(id), ()))
    })
    .await?;
    Ok(see_other(&format!(
        "/cases/{}/closures?done=reopened",
        case.id()
    )))
}

// ---- Referred before ----

fn earlier_page(case: &Case<SayEarlier>, typed: &Typed, problems: Problems) -> Page<FormPage> {
    let place = format!("/cases/{}/closures/earlier", case.id());
    let back = format!("/cases/{}/closures", case.id());
    Page(FormPage {
        frame: frame(case),
        title: "Referred before?",
        explain: "Somebody of this name and date of birth is known in another case. Ask the service \
                  manager where you cannot tell. It is counted, and nothing of the other case is \
                  shown.",
        about: None,
        quoted_as: "",
        quoted: None,
        picks: Vec::new(),
        drawn: Drawn::new::<NewEarlier>(place, back, "Save", typed, problems),
    })
}

async fn new_earlier(case: Case<SayEarlier>) -> Result<Page<FormPage>> {
    let (known, said) = case
        .read(|r| Ok((people::store::is_known_elsewhere(r)?, store::earlier(r)?)))
        .await?;
    if !known && said.is_none() {
        return Err(Error::NotFound);
    }
    Ok(earlier_page(&case, &Typed::default(), Problems::new()))
}

async fn say_earlier(case: Case<SayEarlier>, posted: Posted<NewEarlier>) -> Result<Response> {
    let (Some(what), true) = (posted.form.what, posted.problems.is_empty()) else {
        return Ok(earlier_page(&case, &posted.typed, posted.problems).into_response());
    };
    let id = EarlierId::new();
    case.change(move |tx| {
        store::say_earlier(tx, id, what)?;
        Ok((Event::Earlier(id), ()))
    })
    .await?;
    Ok(see_other(&format!(
        "/cases/{}/closures?done=earlier",
        case.id()
    )))
}
