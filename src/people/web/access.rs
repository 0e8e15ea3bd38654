//! Who may open a case.

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use kernel::{
    access::Tie,
    form::{Problem, Problems, Typed},
    ids::{CaseId, UserId},
    label::{ClientLine, Labelled},
    plain::Plain,
    time::Instant,
};
use platform::{Case, Error, Page, Posted, Result, Routes, Scope as _, Tx, casefile, see_other};

use super::{Asked, FormPage, Out, frame, shared_form};
use crate::{
    cases::drawn::{Drawn, Pick, Picks, Says},
    people::{
        Access, Event, ViewKept,
        model::{AccessChangeId, AccessForm, AccessWhat},
        rules, store,
    },
    shell::{Frame, Ids, Named},
};

/// What is mounted.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/access", access)
        .get("/cases/{case}/access/{what}", edit_access)
        .post("/cases/{case}/access/{what}", change_access)
}

platform::rows! {
    /// A worker who is excluded or named.
    struct ListedRow for ClientLine {
        id: UserId,
        name: Plain,
        what: &'static str,
    }
}
platform::rows! {
    /// A change of who may open the case.
    struct AccessRow for ClientLine {
        what: Out<String>,
        worker: Option<Plain>,
        reason: Out<String>,
        by: Plain,
        at: Instant,
    }
}
platform::page! {
    /// Who must not open a case, and who alone may.
    struct AccessPage for ClientLine, "people/access.html" {
        frame: Frame,
        case: CaseId,
        restricted: bool,
        listed: Vec<ListedRow>,
        changes: Vec<AccessRow>,
        hint: Option<Out<String>>,
    }
}

async fn access(case: Case<Access>) -> Result<Page<AccessPage>> {
    let (restricted, listed, changes, hint) = case
        .read(|r| {
            let kept = store::survivor_side(r)?;
            let listed = casefile::listed_workers(r)?;
            let changes = store::access_changes(r)?;
            let names = store::worker_names(
                r,
                listed.iter().map(|(user, _)| *user).chain(
                    changes
                        .iter()
                        .flat_map(|c| c.worker.into_iter().chain([c.by])),
                ),
            )?;
            let name = |id: UserId| names.get(&id).cloned().unwrap_or_default();
            // Whoever works with the survivor is left out: being named would tell.
            let mut rows: Vec<ListedRow> = listed
                .into_iter()
                .filter(|(user, _)| !kept.contains(user))
                .map(|(id, allowed)| ListedRow {
                    id,
                    name: name(id),
                    what: if allowed {
                        "May open it"
                    } else {
                        "Must not open it"
                    },
                })
                .collect();
            rows.sort_by(|a, b| a.name.cmp(&b.name));
            let changes = changes
                .into_iter()
                .filter(|c| c.worker.is_none_or(|worker| !kept.contains(&worker)))
                .map(|c| AccessRow {
                    what: c.what.map(|what| (*what).words().to_owned()).show(),
                    worker: c.worker.map(name),
                    reason: c.reason.show(),
                    by: if kept.contains(&c.by) {
                        Plain::default()
                    } else {
                        name(c.by)
                    },
                    at: c.at,
                })
                .collect();
            let agencies = store::agency_names(r)?;
            let agencies: Vec<&str> = agencies.iter().map(Plain::as_str).collect();
            let house = rules::household(store::parts(r)?);
            let hint = rules::client_hint(&house, &agencies);
            Ok((casefile::frame(r)?.restricted == 1, rows, changes, hint))
        })
        .await?;
    Ok(Page(AccessPage {
        frame: frame(&case),
        case: case.id(),
        restricted,
        listed,
        changes,
        hint: hint.map(Labelled::show),
    }))
}

/// The change that the path names, and how its page is worded.
fn access_what(path: &Named) -> Result<(AccessWhat, &'static str, &'static str)> {
    let what = path
        .get("what")
        .and_then(|code| AccessWhat::from_code(code))
        .ok_or(Error::NotFound)?;
    Ok(match what {
        AccessWhat::Excluded => (
            what,
            "Exclude a worker",
            "The worker can no longer open or find this case, whatever he or she does in the service, and loses every part in it.",
        ),
        AccessWhat::Named => (
            what,
            "Name a worker",
            "Once the case is restricted, only those named can open it, and only as far as their part in it reaches.",
        ),
        AccessWhat::TakenOff => (
            what,
            "Take a worker off the list",
            "The worker is neither excluded nor named any more.",
        ),
        AccessWhat::Restricted => (
            what,
            "Restrict to named people",
            "Everybody who works on the case now, and you, are named. Nobody else can open or find it, service managers and intake included.",
        ),
        AccessWhat::Opened => (
            what,
            "Lift the restriction",
            "Everybody who has a part in the case can open it again. Workers who are excluded stay so.",
        ),
    })
}

fn is_about_worker(what: AccessWhat) -> bool {
    matches!(
        what,
        AccessWhat::Excluded | AccessWhat::Named | AccessWhat::TakenOff
    )
}

/// The workers whom the user may choose: a practitioner's supervisor chooses among her own
/// agency's, because a choice among all would let her ask who works with the survivor.
async fn candidates(case: &Case<Access>, what: AccessWhat) -> Result<Vec<store::Worker>> {
    let any = case
        .ties()
        .iter()
        .any(|tie| matches!(tie, Tie::Oversight | Tie::SurvivorSupervisor));
    let (own, sees_kept) = (case.session().actor.agency, case.could::<ViewKept>());
    case.read(move |r| {
        let mut workers = store::workers(r)?;
        if what == AccessWhat::TakenOff {
            let kept = store::survivor_side(r)?;
            let listed: Vec<UserId> = casefile::listed_workers(r)?
                .into_iter()
                .map(|(user, _)| user)
                .filter(|user| sees_kept || !kept.contains(user))
                .collect();
            workers.retain(|worker| listed.contains(&worker.id));
        } else if !any {
            workers.retain(|worker| worker.agency == own);
        }
        Ok(workers)
    })
    .await
}

fn access_page(
    case: &Case<Access>,
    (what, title, explain): (AccessWhat, &'static str, &'static str),
    workers: Vec<store::Worker>,
    typed: &Typed,
    problems: Problems,
) -> FormPage {
    let place = format!("/cases/{}/access/{}", case.id(), what.code());
    let back = format!("/cases/{}/access", case.id());
    let problem = problems
        .iter()
        .find(|problem| problem.field == "worker")
        .map(|problem| problem.message.clone());
    let drawn = Drawn::new::<AccessForm>(place, back, title, typed, problems);
    let choices = workers
        .into_iter()
        .map(|worker| Pick {
            code: worker.id.to_string(),
            chosen: typed.get("worker") == worker.id.to_string(),
            text: Says::Worker(worker.name, worker.agency_name),
        })
        .collect();
    let picks = Picks {
        name: "worker",
        text: "Which worker?",
        hint: "",
        after: "",
        none: "Choose a worker",
        choices,
        problem,
    };
    FormPage {
        picks: if is_about_worker(what) {
            vec![picks]
        } else {
            Vec::new()
        },
        ..shared_form(case, title, explain, None, drawn)
    }
}

async fn edit_access(
    case: Case<Access>,
    Path(path): Ids,
    Query(asked): Query<Asked>,
) -> Result<Page<FormPage>> {
    let what = access_what(&path)?;
    let workers = candidates(&case, what.0).await?;
    let mut typed = Typed::default();
    typed.push("worker".to_owned(), asked.worker.unwrap_or_default());
    Ok(Page(access_page(
        &case,
        what,
        workers,
        &typed,
        Problems::new(),
    )))
}

/// The rule about a change, inside its transaction.
fn check_access(tx: &mut Tx<'_>, what: AccessWhat, worker: Option<UserId>) -> Result<()> {
    let Some(worker) = worker else { return Ok(()) };
    let said = match what {
        AccessWhat::Excluded => {
            let holders = store::holders(tx)?;
            rules::may_exclude(tx.actor(), worker, &holders)
        }
        AccessWhat::TakenOff if worker == tx.actor() => {
            Err("You cannot take yourself off the list: ask another supervisor")
        }
        _ => Ok(()),
    };
    said.map_err(|why| Error::Refused(vec![Problem::new("worker", why)]))
}

async fn change_access(
    case: Case<Access>,
    Path(path): Ids,
    posted: Posted<AccessForm>,
) -> Result<Response> {
    let what = access_what(&path)?;
    let workers = candidates(&case, what.0).await?;
    let mut problems = posted.problems;
    let worker = workers
        .iter()
        .map(|worker| worker.id)
        .find(|id| id.to_string() == posted.typed.get("worker"))
        .filter(|_| is_about_worker(what.0));
    if is_about_worker(what.0) && worker.is_none() {
        problems.insert(0, Problem::missing("worker", "Choose a worker"));
    }
    let (true, Some(reason)) = (problems.is_empty(), posted.form.reason) else {
        let page = access_page(&case, what, workers, &posted.typed, problems);
        return Ok(Page(page).into_response());
    };
    let id = AccessChangeId::new();
    let done = case
        .change(move |tx| {
            check_access(tx, what.0, worker)?;
            store::change_access(tx, id, what.0, worker, &reason)?;
            Ok((Event::Access(id), ()))
        })
        .await;
    match done {
        Err(Error::Refused(problems)) => {
            let page = access_page(&case, what, workers, &posted.typed, problems);
            Ok(Page(page).into_response())
        }
        other => other.map(|()| see_other(&format!("/cases/{}/access", case.id()))),
    }
}
