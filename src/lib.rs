//! Cusp: a case record for programmes run by several agencies together.
//!
//! Each folder is a capability: its pages, its rules, its rows. `ARCHITECTURE.md` has the map.

pub mod cases;
pub mod demo;
pub mod people;
pub mod shell;

use platform::{Hooks, Routes};

/// Everything that is mounted.
pub fn routes() -> Routes {
    Routes::new().get("/account", account_stub).and(shell::routes()).and(people::web::routes()).and(cases::web::routes())
}

// REMOVE at merge: the identity capability has the real page. Tests read the token from here.
async fn account_stub(own: platform::Own) -> axum::response::Html<String> {
    axum::response::Html(format!(
        "<input type=\"hidden\" name=\"csrf\" value=\"{}\">",
        own.session().csrf
    ))
}

/// What the capabilities add to the platform.
pub fn hooks() -> Hooks {
    Hooks {
        keep,
        error_page: shell::error_page,
    }
}

fn keep(_: &mut platform::Tx<'_>) -> Result<platform::Kept, platform::Failed> {
    Ok(platform::Kept {
        stage: "received",
        open: true,
        next_due: platform::NEVER,
    })
}
