//! What the survivor's side says of a request to open: that the work may begin, or nothing yet.

use axum::response::{IntoResponse as _, Response};
use kernel::{
    form::{Problem, Problems, Typed},
    ids::CaseId,
    label::SurvivorLine,
};
use platform::{Case, Error, Page, Posted, Pressed, Result, Routes, see_other};

use super::{Event, Frame, LetBegin, frame, rules, store, today};
use crate::{
    cases::drawn::Drawn,
    duties,
    interventions::model::{NewReady, StepKind},
    participation,
};

/// What is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/apart/interventions", show)
        .post("/cases/{case}/apart/interventions", begin)
        .post("/cases/{case}/apart/interventions/aside", aside)
}

platform::page! {
    /// A request to open, and what the survivor's side says of it.
    struct ReadyPage for SurvivorLine, "interventions/ready.html" {
        frame: Frame,
        case: CaseId,
        asked: bool,
        stands: bool,
        drawn: Drawn,
    }
}

/// The page with what was typed.
async fn drawn(
    case: &Case<LetBegin>,
    typed: &Typed,
    problems: Problems,
) -> Result<Page<ReadyPage>> {
    let (facts, so) = case
        .read(|r| {
            let so = participation::store::gate(r)?.so;
            Ok((duties::facts::of_case(r)?, so))
        })
        .await?;
    let back = format!("/cases/{}/interventions", case.id());
    let action = format!("/cases/{}/apart/interventions", case.id());
    let asked = facts.intervention.is_asked();
    let day = case.now().day();
    Ok(Page(ReadyPage {
        frame: frame(case),
        case: case.id(),
        asked,
        stands: asked && rules::against_beginning(&facts, so, day, day).is_empty(),
        drawn: Drawn::new::<NewReady>(action, back, "The work may begin", typed, problems),
    }))
}

async fn show(case: Case<LetBegin>) -> Result<Page<ReadyPage>> {
    let typed = today(&case, "ready_on");
    drawn(&case, &typed, Problems::new()).await
}

async fn begin(case: Case<LetBegin>, posted: Posted<NewReady>) -> Result<Response> {
    let mut problems = posted.problems;
    if let (Some(day), true) = (posted.form.ready_on, problems.is_empty()) {
        let saved = case
            .change(move |tx| {
                let so = participation::store::gate(tx)?.so;
                let id = store::begin(tx, day, so)?;
                Ok((Event::Recorded(StepKind::Opened, id), ()))
            })
            .await;
        match saved {
            Ok(()) => {
                let place = format!("/cases/{}/interventions?done=opened", case.id());
                return Ok(see_other(&place));
            }
            Err(Error::Refused(refused)) => problems = refused,
            Err(other) => return Err(other),
        }
    }
    Ok(drawn(&case, &posted.typed, problems).await?.into_response())
}

async fn aside(case: Case<LetBegin>, _: Pressed) -> Result<Response> {
    let saved = case
        .change(|tx| {
            let id = store::set_aside(tx)?;
            Ok((Event::SetAside(id), ()))
        })
        .await;
    match saved {
        Ok(()) => Ok(see_other(&format!(
            "/cases/{}/interventions?done=aside",
            case.id()
        ))),
        // The other side took it back, or it was opened, meanwhile.
        Err(Error::Stale) => {
            let typed = today(&case, "ready_on");
            let problem = Problem::new(
                "",
                "Nobody is waiting for this any more: look at where the work stands",
            );
            Ok(drawn(&case, &typed, vec![problem]).await?.into_response())
        }
        Err(other) => Err(other),
    }
}
