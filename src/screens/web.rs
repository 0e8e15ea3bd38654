//! What the client may see, and how it is shown.

use kernel::{access::Mode, ids::CaseId, label::TheClient};
use platform::{Case, Page, Pressed, Result, Routes, see_other};

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

/// What a capability has to look at together.
type Offers = fn(&Case<See>) -> Vec<NavItem>;

/// What each capability has for the client's eyes.
const SHOWN: &[Offers] = &[plans::web::shown, participation::web::shown];

platform::page! {
    /// What there is for the client.
    struct ScreenPage for TheClient, "screens/show.html" {
        frame: Frame,
        case: CaseId,
        shared: bool,
        pages: Vec<NavItem>,
    }
}

async fn screen(case: Case<See>) -> Result<Page<ScreenPage>> {
    Ok(Page(ScreenPage {
        frame: Frame::new(case.session(), case.app(), "/cases"),
        case: case.id(),
        shared: case.session().mode == Mode::ClientCanSee,
        pages: SHOWN.iter().flat_map(|pages| pages(&case)).collect(),
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
