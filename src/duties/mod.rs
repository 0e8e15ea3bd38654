//! Duties: dated obligations computed from the facts of a case, never scheduled.
//!
//! Each capability says in its `rules.rs` what it owes; this one puts the duties of a case
//! together, knows who owns them and whom an overdue one reaches, and keeps in the case's row when
//! the next falls due. Only completions, waivers and breaches are stored, so a changed rule is right
//! everywhere at once.

pub mod facts;
pub mod kept;
pub mod model;
pub mod rules;
pub mod settings;
pub mod store;
pub mod web;

use kernel::access::{Sees, Tie};

use model::WaiverId;

/// Ties that see what is due on a case: the workers, and who sent the referral.
const SEES: &[Tie] = &[
    Tie::Intake,
    Tie::Oversight,
    Tie::ClientLine,
    Tie::ClientSupervisor,
    Tie::SurvivorLine,
    Tie::SurvivorSupervisor,
    Tie::LeadWorker,
    Tie::Referrer,
    Tie::TeamManager,
];

platform::permission! {
    /// See what is due on one's cases.
    pub View = "duties.view", Workers, ties SEES;
    /// See the duties of a case, met ones too.
    pub Read = "duties.read", Workers, ties Tie::WORKING;
    /// Ask that a duty be waived.
    pub Ask = "duties.ask", Workers, ties Tie::WORKING, changes;
    /// Waive a duty, or refuse to.
    pub Waive = "duties.waive", Workers,
        ties &[Tie::Oversight, Tie::ClientSupervisor, Tie::SurvivorSupervisor], changes;
}

/// What happens to duties.
#[derive(Debug)]
pub enum Event {
    /// A waiver was asked for.
    Asked(WaiverId),
    /// A duty was waived.
    Waived(WaiverId),
    /// A waiver was refused.
    Refused(WaiverId),
}

impl platform::Event for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Asked(_) => "waiver asked for",
            Self::Waived(_) => "duty waived",
            Self::Refused(_) => "waiver refused",
        }
    }
    fn item(&self) -> String {
        match self {
            Self::Asked(id) | Self::Waived(id) | Self::Refused(id) => id.to_string(),
        }
    }
    fn label(&self) -> Sees {
        Sees::Workers
    }
}
