//! What stays in place for survivor and children, on the survivor's side.

use axum::{
    extract::Query,
    response::{IntoResponse as _, Response},
};
use kernel::{
    form::{Problems, Typed},
    ids::CaseId,
    label::{For, Labelled, SurvivorLine},
    plain::Plain,
    time::{Day, day_words},
};
use platform::{Case, Error, Page, Posted, Result, Routes, see_other};

use super::{Asked, frame};
use crate::{
    cases::drawn::{Drawn, Picks},
    closures::{
        Event, Keep, ReadKept,
        model::{ClosureApartId, NewApart},
        rules,
        store::{self, Apart},
    },
    people,
    shell::Frame,
};

/// The pages of the survivor's side.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/apart/closures", show)
        .get("/cases/{case}/apart/closures/new", new)
        .post("/cases/{case}/apart/closures/new", keep)
}

type Kept<T> = For<SurvivorLine, T>;

platform::rows! {
    /// What was recorded once.
    struct KeptRow for SurvivorLine {
        told: Kept<String>,
        told_on: Option<Kept<String>>,
        untold: Option<Kept<String>>,
        implications: Kept<String>,
        survivor_keeps: Kept<String>,
        children_keep: Option<Kept<String>>,
        services: Option<Kept<String>>,
        by: Plain,
        entered: Day,
    }
}
platform::page! {
    /// What stays in place, the latest first.
    struct KeptPage for SurvivorLine, "closures/kept.html" {
        frame: Frame,
        case: CaseId,
        closed_on: Option<Kept<String>>,
        rows: Vec<KeptRow>,
        may_keep: bool,
    }
}

async fn show(case: Case<ReadKept>, Query(asked): Query<Asked>) -> Result<Page<KeptPage>> {
    let (rows, names, closed) = case
        .read(|r| {
            let rows = store::kept(r)?;
            let names = people::store::worker_names(r, rows.iter().map(|row| row.recorded_by))?;
            Ok((rows, names, store::standing(r)?))
        })
        .await?;
    Ok(Page(KeptPage {
        frame: asked.frame(&case),
        case: case.id(),
        closed_on: closed.map(|row| row.closed_on.map(|day| day_words(*day)).show()),
        may_keep: case.could::<Keep>(),
        rows: rows
            .into_iter()
            .map(|row| KeptRow {
                told: row.told.map(|told| told.words().to_owned()).show(),
                told_on: row.told_on.map(|day| day.map(|day| day_words(*day)).show()),
                untold: row.untold.map(Labelled::show),
                implications: row.implications.show(),
                survivor_keeps: row.survivor_keeps.show(),
                children_keep: row.children_keep.map(Labelled::show),
                services: row.services.map(Labelled::show),
                by: names.get(&row.recorded_by).cloned().unwrap_or_default(),
                entered: Day(row.recorded_at.day()),
            })
            .collect(),
    }))
}

platform::page! {
    /// A form of the survivor's side.
    struct KeptFormPage for SurvivorLine, "cases/form.html" {
        frame: Frame,
        title: &'static str,
        explain: &'static str,
        about: Option<Kept<String>>,
        quoted_as: &'static str,
        quoted: Option<Kept<String>>,
        picks: Vec<Picks<SurvivorLine>>,
        drawn: Drawn,
    }
}

fn page(case: &Case<Keep>, typed: &Typed, problems: Problems) -> Page<KeptFormPage> {
    let place = format!("/cases/{}/apart/closures/new", case.id());
    let back = format!("/cases/{}/apart/closures", case.id());
    Page(KeptFormPage {
        frame: frame(case),
        title: "What stays in place",
        explain: "For when the work with the client ends, or is about to. Talk it through with \
                  whoever works with the client; what you write here stays on this side.",
        about: None,
        quoted_as: "",
        quoted: None,
        picks: Vec::new(),
        drawn: Drawn::new::<NewApart>(place, back, "Save", typed, problems),
    })
}

async fn new(case: Case<Keep>) -> Page<KeptFormPage> {
    let mut typed = Typed::default();
    typed.push("told_on".to_owned(), case.now().day().to_string());
    page(&case, &typed, Problems::new())
}

async fn keep(case: Case<Keep>, posted: Posted<NewApart>) -> Result<Response> {
    let mut problems = posted.problems;
    problems.extend(rules::apart_problems(&posted.form, case.now().day()));
    let form = posted.form;
    let (Some(told), Some(implications), Some(survivor_keeps), true) = (
        form.told,
        form.implications,
        form.survivor_keeps,
        problems.is_empty(),
    ) else {
        return Ok(page(&case, &posted.typed, problems).into_response());
    };
    let id = ClosureApartId::new();
    let row = Apart {
        id,
        case_id: case.id(),
        told,
        told_on: form.told_on,
        untold: form.untold,
        implications,
        survivor_keeps,
        children_keep: form.children_keep,
        services: form.services,
        recorded_by: case.session().actor.user,
        recorded_at: case.now(),
    };
    let done = case
        .change(move |tx| {
            store::keep(tx, &row)?;
            Ok((Event::Kept(id), ()))
        })
        .await;
    match done {
        Err(Error::Refused(problems)) => Ok(page(&case, &posted.typed, problems).into_response()),
        Err(other) => Err(other),
        Ok(()) => Ok(see_other(&format!(
            "/cases/{}/apart/closures?done=kept",
            case.id()
        ))),
    }
}
