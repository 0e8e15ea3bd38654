//! Coming in and going out: password and second factor, unlocking, invitations, signing out, and
//! the controls of the demonstration.

mod demo;
pub mod model;
pub mod rules;
pub(crate) mod second;
pub mod web;

use kernel::form::Block;

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
