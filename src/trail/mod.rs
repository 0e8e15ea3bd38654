//! Who saw and did what: on a case, by oneself, and in all.
//!
//! The rows are written by the platform with every read and every change. Here they are read: by
//! who supervises a case, by everybody about themselves, and by the information governance officer
//! without what would tell which case a row is about.

mod check;
mod web;

pub use check::{Report, verify};
pub use web::routes;

use kernel::access::{Role, Tie};

platform::permission! {
    /// Read who saw and did what on a case, as far as both lines may know of it.
    pub OfCase = "trail.case", Workers,
        ties &[Tie::Oversight, Tie::ClientSupervisor, Tie::SurvivorSupervisor], audits;
    /// Read it with who supports the survivor.
    pub WholeOfCase = "trail.case_whole", Survivor,
        ties &[Tie::SurvivorSupervisor], audits;
}
platform::permission! {
    /// Read the whole trail, without which case a row is about; and check it.
    pub View = "trail.view", own &[], any &[Role::GovernanceOfficer], audits;
}
