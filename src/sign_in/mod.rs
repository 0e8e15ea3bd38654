//! Coming in and going out: password and second factor, unlocking, invitations, signing out, and
//! the controls of the demonstration.

mod demo;
pub mod model;
pub mod rules;
pub(crate) mod second;
pub mod web;

use kernel::form::Block;
use platform::{App, identity};

/// The problems of a drawn form, for the error summary.
pub fn problems(blocks: &[Block]) -> Vec<(String, String)> {
    blocks
        .iter()
        .flat_map(|block| &block.controls)
        .filter_map(|control| Some((control.name.clone(), control.problem.clone()?)))
        .collect()
}

/// What the browser may fill in by itself: only what users say about themselves.
pub fn autocomplete(name: &str) -> &'static str {
    match name {
        "email" => "username",
        "password" => "current-password",
        "new_password" | "again" => "new-password",
        _ => "off",
    }
}

/// Drops what nobody can use any more, every hour: held posts, expired links, ended sessions.
pub async fn prune_forever(app: App) {
    loop {
        if let Err(error) = identity::prune(&app).await {
            tracing::warn!(%error, "nothing was pruned");
        }
        tokio::time::sleep(std::time::Duration::from_hours(1)).await;
    }
}
