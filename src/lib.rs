//! Cusp: a case record for programmes run by several agencies together.
//!
//! Each folder is a capability: its pages, its rules, its rows. `ARCHITECTURE.md` has the map.

pub mod advice;
pub mod demo;
pub mod people;
pub mod printing;
pub mod referrals;
pub mod shell;

use platform::{Hooks, Routes};

/// Everything that is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .and(shell::routes())
        .and(referrals::web::routes())
        .and(advice::web::routes())
        .and(printing::web::routes())
        .and(stub::routes())
}

/// FOR REMOVAL: the token of every form, until the page of one's own account is merged.
mod stub {
    use axum::response::Html;
    use platform::{Own, Routes};

    pub(super) fn routes() -> Routes {
        Routes::new().get("/account", account)
    }
    async fn account(own: Own) -> Html<String> {
        Html(format!("<input type=\"hidden\" name=\"csrf\" value=\"{}\">", own.session().csrf))
    }
}

/// What the capabilities add to the platform.
pub fn hooks() -> Hooks {
    Hooks {
        keep,
        error_page: shell::error_page,
    }
}

fn keep(tx: &mut platform::Tx<'_>) -> Result<platform::Kept, platform::Failed> {
    let received = referrals::store::received(tx)?;
    let stage = received.as_ref().and_then(referrals::store::Received::stage);
    Ok(platform::Kept {
        stage: stage.unwrap_or("received"),
        open: received.is_none_or(|received| !received.withdrawn),
        next_due: platform::NEVER,
    })
}
