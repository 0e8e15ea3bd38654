//! Warnings for workers.

use axum::{
    extract::Path,
    response::{IntoResponse as _, Response},
};
use kernel::form::{Problems, Typed};
use platform::{Case, Error, Page, Posted, Result, Routes, see_other};

use super::{FormPage, shared_form};
use crate::{
    cases::drawn::Drawn,
    people::{
        Access, Event, Flag,
        model::{FlagForm, SafetyFlag, SafetyFlagId, WhyForm},
        store,
    },
    shell::{Ids, Named, id},
};

/// What is mounted.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/flag", new_flag)
        .post("/cases/{case}/flag", raise_flag)
        .get("/cases/{case}/flag/{flag}", edit_flag)
        .post("/cases/{case}/flag/{flag}", lift_flag)
}

const FLAG: &str = "Warn workers";
const LIFT: &str = "Lift a warning";

fn flag_form(case: &Case<Flag>, typed: &Typed, problems: Problems) -> FormPage {
    let place = format!("/cases/{}/flag", case.id());
    let back = format!("/cases/{}", case.id());
    let drawn = Drawn::new::<FlagForm>(place, back, "Warn", typed, problems);
    let explain = "The warning stands on top of the case until it is lifted.";
    shared_form(case, FLAG, explain, None, drawn)
}

async fn new_flag(case: Case<Flag>) -> Page<FormPage> {
    Page(flag_form(&case, &Typed::default(), Problems::new()))
}

async fn raise_flag(case: Case<Flag>, posted: Posted<FlagForm>) -> Result<Response> {
    let form = posted.form;
    let (true, Some(words), Some(review)) =
        (posted.problems.is_empty(), form.words, form.review_on)
    else {
        return Ok(Page(flag_form(&case, &posted.typed, posted.problems)).into_response());
    };
    let id = SafetyFlagId::new();
    case.change(move |tx| {
        store::raise_flag(tx, id, &words, &review)?;
        Ok((Event::Flagged(id), ()))
    })
    .await?;
    Ok(see_other(&format!("/cases/{}", case.id())))
}

async fn flag_to_lift(case: &Case<Access>, path: &Named) -> Result<SafetyFlag> {
    let id: SafetyFlagId = id(path, "flag")?;
    let flags = case.read(|r| store::flags(r)).await?;
    flags
        .into_iter()
        .find(|flag| flag.id == id && flag.lifted_at.is_none())
        .ok_or(Error::NotFound)
}

fn lift_form(
    case: &Case<Access>,
    flag: &SafetyFlag,
    typed: &Typed,
    problems: Problems,
) -> FormPage {
    let place = format!("/cases/{}/flag/{}", case.id(), flag.id);
    let back = format!("/cases/{}", case.id());
    let drawn = Drawn::new::<WhyForm>(place, back, "Lift the warning", typed, problems);
    FormPage {
        quoted_as: "The warning says:",
        quoted: Some(flag.words.clone().show()),
        ..shared_form(case, LIFT, "", None, drawn)
    }
}

async fn edit_flag(case: Case<Access>, Path(path): Ids) -> Result<Page<FormPage>> {
    let flag = flag_to_lift(&case, &path).await?;
    Ok(Page(lift_form(
        &case,
        &flag,
        &Typed::default(),
        Problems::new(),
    )))
}

async fn lift_flag(
    case: Case<Access>,
    Path(path): Ids,
    posted: Posted<WhyForm>,
) -> Result<Response> {
    let flag = flag_to_lift(&case, &path).await?;
    let (true, Some(reason)) = (posted.problems.is_empty(), posted.form.reason) else {
        let page = lift_form(&case, &flag, &posted.typed, posted.problems);
        return Ok(Page(page).into_response());
    };
    let id = flag.id;
    case.change(move |tx| {
        store::lift_flag(tx, id, &reason)?;
        Ok((Event::Unflagged(id), ()))
    })
    .await?;
    Ok(see_other(&format!("/cases/{}", case.id())))
}
