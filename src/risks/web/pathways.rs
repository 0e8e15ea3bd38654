//! Whom to ring in a borough at each level of risk.

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use kernel::{
    form::{Problems, Typed},
    ids::AgencyId,
    label::Office,
    plain::Plain,
    time::Day,
};
use platform::{Agency, Page, Posted, Pressed, Result, Routes, see_other};
use serde::Deserialize;

use super::{Ids, id};
use crate::{
    cases::drawn::Drawn,
    risks::{
        Event, Pathways,
        model::{Level, NewPathway, PathwayId},
        store,
    },
    shell::Frame,
};

/// What is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .get("/agencies/{agency}/pathways", show)
        .post("/agencies/{agency}/pathways", add)
        .post("/agencies/{agency}/pathways/{pathway}/checked", check)
        .post("/agencies/{agency}/pathways/{pathway}/ended", end)
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
}

platform::rows! {
    /// Whom to ring.
    struct PathwayRow for Office {
        id: PathwayId,
        level: Level,
        colour: &'static str,
        service: Plain,
        who: Option<Plain>,
        telephone: Option<Plain>,
        checked: Day,
    }
}
platform::page! {
    struct PathwaysPage for Office, "risks/pathways.html" {
        frame: Frame,
        agency: AgencyId,
        rows: Vec<PathwayRow>,
        lacks: Vec<Level>,
        drawn: Drawn,
    }
}

/// R026: a borough has somebody to ring for survivors at every level of risk; the levels for which
/// it has nobody stand first on the page.
async fn page(
    agency: &Agency<Pathways>,
    typed: &Typed,
    problems: Problems,
    asked: &Asked,
) -> Result<Page<PathwaysPage>> {
    let id = agency.id();
    let rows = agency
        .read(move |office| store::pathways(office.conn(), id))
        .await?;
    let frame = Frame::new(agency.session(), agency.app(), "/borough");
    let frame = match asked.done.as_str() {
        "added" => frame.with_success("Added: workers see it beside the level"),
        "checked" => frame.with_success("It is recorded that this holds today"),
        "ended" => frame.with_success("Taken off the list"),
        _ => frame,
    };
    let place = format!("/agencies/{id}/pathways");
    Ok(Page(PathwaysPage {
        frame,
        agency: id,
        lacks: Level::ALL
            .iter()
            .copied()
            .filter(|level| rows.iter().all(|row| row.level() != *level))
            .collect(),
        rows: rows
            .into_iter()
            .map(|row| PathwayRow {
                id: row.id,
                level: row.level(),
                colour: row.level().colour(),
                service: row.service,
                who: row.who,
                telephone: row.telephone,
                checked: row.checked_on,
            })
            .collect(),
        drawn: Drawn::new::<NewPathway>(place, String::new(), "Add", typed, problems),
    }))
}

async fn show(agency: Agency<Pathways>, Query(asked): Query<Asked>) -> Result<Page<PathwaysPage>> {
    page(&agency, &Typed::default(), Problems::new(), &asked).await
}

async fn add(agency: Agency<Pathways>, posted: Posted<NewPathway>) -> Result<Response> {
    let of = agency.id();
    let form = posted.form;
    let new = posted
        .problems
        .is_empty()
        .then(|| form.named(PathwayId::new(), of))
        .flatten();
    let Some(named) = new else {
        let asked = Asked::default();
        return Ok(page(&agency, &posted.typed, posted.problems, &asked)
            .await?
            .into_response());
    };
    agency
        .change(move |office| {
            let row = named.row(office.actor(), office.now());
            store::add_pathway(office.conn(), &row)?;
            Ok((Event::PathwayAdded(row.id), ()))
        })
        .await?;
    Ok(see_other(&format!("/agencies/{of}/pathways?done=added")))
}

async fn settle(agency: &Agency<Pathways>, pathway: PathwayId, holds: bool) -> Result<()> {
    let of = agency.id();
    agency
        .change(move |office| {
            let now = office.now();
            store::settle_pathway(office.conn(), of, pathway, now, holds)?;
            let event = if holds {
                Event::PathwayChecked(pathway)
            } else {
                Event::PathwayEnded(pathway)
            };
            Ok((event, ()))
        })
        .await
}

async fn check(agency: Agency<Pathways>, Path(path): Ids, _: Pressed) -> Result<Response> {
    settle(&agency, id(&path, "pathway")?, true).await?;
    let of = agency.id();
    Ok(see_other(&format!("/agencies/{of}/pathways?done=checked")))
}

async fn end(agency: Agency<Pathways>, Path(path): Ids, _: Pressed) -> Result<Response> {
    settle(&agency, id(&path, "pathway")?, false).await?;
    let of = agency.id();
    Ok(see_other(&format!("/agencies/{of}/pathways?done=ended")))
}
