//! What the client may see, and how it is shown.

use axum::extract::Query;
use kernel::{access::Mode, ids::CaseId, label::TheClient};
use platform::{Case, Page, Pressed, Result, Routes, see_other};
use serde::Deserialize;

use super::{Event, See, Show};
use crate::{
    participation, plans,
    shell::{Frame, NavItem},
};

/// What is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/screen", screen)
        .post("/cases/{case}/screen", show)
}

platform::page! {
    /// What there is for the client.
    struct ScreenPage for TheClient, "screens/show.html" {
        frame: Frame,
        case: CaseId,
        shared: bool,
        done: bool,
        pages: Vec<NavItem>,
    }
}

/// What was just done, in the address.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
}

async fn screen(case: Case<See>, Query(asked): Query<Asked>) -> Result<Page<ScreenPage>> {
    let gate = case.read(|r| participation::store::gate(r)).await?;
    let mut pages = plans::web::shown(&case);
    pages.extend(participation::web::shown(&case, &gate));
    Ok(Page(ScreenPage {
        frame: Frame::new(case.session(), case.app(), "/cases"),
        case: case.id(),
        shared: case.session().mode == Mode::ClientCanSee,
        done: asked.done == "signed",
        pages,
    }))
}

async fn show(case: Case<Show>, _: Pressed) -> Result<axum::response::Response> {
    let session = case.session().clone();
    case.change(move |tx| {
        platform::identity::sessions::share(tx, &session)?;
        Ok((Event::Shown, ()))
    })
    .await?;
    Ok(see_other(&format!("/cases/{}/screen", case.id())))
}
