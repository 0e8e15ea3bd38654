//! The only I/O of Cusp: the database, guards, routes, sessions, audit, clock and settings.
//!
//! The three types that make the dangerous impossible are [`Routes`] (no handler without a guard),
//! [`Case`] (no casework without the access decision) and the closure of [`Case::change`] (no
//! commit without its event).

pub mod app;
pub mod audit;
pub mod bootstrap;
pub mod case;
pub mod casefile;
pub mod caseload;
pub mod clock;
pub mod config;
pub mod db;
pub mod error;
pub mod identity;
mod layer;
pub mod office;
pub mod outbox;
pub mod page;
mod permission;
pub mod posted;
pub mod random;
pub mod routes;
pub mod schema;
pub mod session;
pub mod sql;
#[doc(hidden)]
pub mod testing;

pub use app::{App, Hooks, Kept, NEVER};
pub use audit::Event;
pub use case::{Case, Origin, Reading, Scope, Tx};
pub use casefile::NewCase;
pub use caseload::{Across, Caseload, Listing, Order, Search, Whose, unheld};
pub use config::Config;
pub use db::Failed;
pub use error::{Error, Result};
pub use layer::see_other;
pub use office::{Agency, Office, Own, Public, Service};
pub use page::Page;
pub use permission::{Audits, Changes, Opens, Permission};
pub use posted::{Posted, Pressed, Uploaded};
pub use routes::Routes;
pub use session::Session;
