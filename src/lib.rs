//! Cusp: a case record for programmes run by several agencies together.
//!
//! Each folder is a capability: its pages, its rules, its rows. `ARCHITECTURE.md` has the map.

pub mod agencies;
pub mod agreements;
pub mod demo;
pub mod shell;
pub mod trail;

use platform::{Hooks, Routes};

/// Everything that is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .and(shell::routes())
        .and(agencies::routes())
        .and(agreements::routes())
        .and(trail::routes())
        .get("/account", stub_account)
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

// STUB, to be removed: the page comes with `src/account`.
async fn stub_account(own: platform::Own) -> axum::response::Html<String> {
    axum::response::Html(format!("<input name=\"csrf\" value=\"{}\">", own.session().csrf))
}
