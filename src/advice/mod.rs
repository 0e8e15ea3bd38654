//! Advice before referral: a social worker rings to ask whether a family fits (R003).
//!
//! It is counted, never written down: a day, an agency, topics from a list, what came of it, and
//! minutes. There is no free text, so nothing about a person can be in it.

pub mod model;
pub mod rules;
pub mod store;
pub mod web;

use kernel::access::{Role, Sees};

use model::AdviceId;

platform::permission! {
    /// Count advice that was given, and see the counts.
    pub Record = "advice.record", own &[],
        any &[Role::IntakeWorker, Role::ServiceManager, Role::Practitioner], changes;
}

/// What happened, for the trail.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// Advice was counted.
    Counted(AdviceId),
}

impl platform::Event for Event {
    fn name(&self) -> &'static str {
        "advice counted"
    }
    fn item(&self) -> String {
        let Self::Counted(id) = self;
        id.to_string()
    }
    fn label(&self) -> Sees {
        Sees::Client
    }
}
