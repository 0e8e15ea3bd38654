//! Acknowledgement: receipt of a referral is confirmed within three working days, with the timeline
//! of the consultation (R001).

pub mod model;
pub mod rules;
pub mod store;
pub mod web;

use kernel::access::Tie;

use model::AcknowledgementId;

platform::permission! {
    /// Confirm receipt.
    pub Acknowledge = "acknowledgements.acknowledge", Workers,
        ties &[Tie::Intake, Tie::Oversight, Tie::ClientLine, Tie::ClientSupervisor], changes;
    /// Read the confirmation: who sent the referral, and who works on it.
    pub Read = "acknowledgements.read", Workers,
        ties &[
            Tie::Intake, Tie::Oversight, Tie::ClientLine, Tie::ClientSupervisor,
            Tie::SurvivorLine, Tie::SurvivorSupervisor, Tie::LeadWorker,
            Tie::Referrer, Tie::TeamManager,
        ];
}

/// What happens to acknowledgements.
#[derive(Debug)]
pub enum Event {
    /// Receipt was confirmed.
    Acknowledged(AcknowledgementId),
}

impl platform::Event for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Acknowledged(_) => "referral acknowledged",
        }
    }
    fn item(&self) -> String {
        match self {
            Self::Acknowledged(id) => id.to_string(),
        }
    }
    fn fields(&self) -> Vec<&'static str> {
        vec!["confirmed_on", "how", "consultation_on", "timeline"]
    }
}
