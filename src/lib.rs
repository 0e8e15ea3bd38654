//! Cusp: a case record for programmes run by several agencies together.
//!
//! Each folder is a capability: its pages, its rules, its rows. `ARCHITECTURE.md` has the map.

pub mod account;
pub mod acknowledgements;
pub mod agencies;
pub mod agreements;
pub mod allocations;
pub mod cases;
pub mod demo;
pub mod duties;
pub mod mail;
pub mod people;
pub mod referrals;
pub mod shell;
pub mod sign_in;
pub mod trail;
pub mod users;

use platform::{Hooks, Routes};

/// Everything that is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .and(shell::routes())
        .and(duties::web::routes())
        .and(allocations::web::routes())
        .and(acknowledgements::web::routes())
        .and(account::web::routes())
        .and(sign_in::web::routes())
        .and(agencies::routes())
        .and(agreements::routes())
        .and(trail::routes())
        .and(users::web::routes())
}

/// What the capabilities add to the platform.
pub fn hooks() -> Hooks {
    Hooks { keep: duties::kept::keep, error_page: shell::error_page }
}
