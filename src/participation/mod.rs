//! Participation: what each party answers, alone and apart, and how confidentiality was explained.
//!
//! The survivor's answer is sought first, alone, by her side; what she answered, and that she was
//! asked at all, is known to her side only (`design.md` 5). The client line sees whether the client
//! may be asked and whether the gate is open, and nothing else.

pub mod model;
pub mod rules;
pub mod store;
pub mod web;
pub mod wording;

use kernel::{
    access::{Sees, Tie},
    form::{Dictionary, Entry},
    label::{Survivor, Workers},
};

use model::{AgreedId, ConfidentialityId, HeardId, ReplyId};

platform::permission! {
    /// See how the gate stands and what the client answered.
    pub View = "participation.view", Workers, ties Tie::WORKING;
    /// Record what the client answered, or heard.
    pub Record = "participation.record", Workers,
        ties &[Tie::ClientLine, Tie::ClientSupervisor, Tie::LeadWorker], changes;
    /// Go through the agreement on confidentiality with the client.
    pub Agree = "participation.confidentiality", Client,
        ties &[Tie::ClientLine, Tie::ClientSupervisor, Tie::LeadWorker], changes;
    /// Read and print the client's agreement on confidentiality.
    pub ReadAgreement = "participation.confidentiality_read", Client, ties Tie::WORKING;
    /// See what the survivor answered.
    pub ViewKept = "participation.survivor", Survivor, ties Tie::SURVIVOR_SIDE;
    /// Record what the survivor answered, and what was agreed after a withdrawal.
    pub RecordKept = "participation.survivor_record", Survivor, ties Tie::SURVIVOR_SIDE, changes;
}

/// Every form of this capability with its fields, for the data dictionary.
pub fn each_form(tell: &mut dyn FnMut(&'static str, Vec<Entry>)) {
    use model::{
        ClientConfidentiality, NewAgreed, NewHeard, NewReply, NewStrike, SurvivorConfidentiality,
    };
    tell("Client’s answer", Dictionary::of::<NewReply<Workers>>());
    tell("Survivor’s answer", Dictionary::of::<NewReply<Survivor>>());
    tell("Entered in error", Dictionary::of::<NewStrike<Workers>>());
    tell(
        "Entered in error, kept apart",
        Dictionary::of::<NewStrike<Survivor>>(),
    );
    tell("After a withdrawal", Dictionary::of::<NewAgreed>());
    tell("Heard from elsewhere", Dictionary::of::<NewHeard>());
    tell(
        "Client’s agreement on confidentiality",
        Dictionary::of::<ClientConfidentiality>(),
    );
    tell(
        "Survivor’s agreement on confidentiality",
        Dictionary::of::<SurvivorConfidentiality>(),
    );
}

/// What happens to participation.
#[derive(Debug)]
pub enum Event {
    /// A party answered; the label says on whose side.
    Replied(ReplyId, Sees),
    /// An answer was struck out.
    Struck(ReplyId, Sees),
    /// What happens after a withdrawal was agreed.
    Agreed(AgreedId),
    /// The client heard of the service from elsewhere.
    Heard(HeardId),
    /// The agreement on confidentiality was gone through; the label says with whom.
    GoneThrough(ConfidentialityId, Sees),
}

impl platform::Event for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Replied(..) => "answer recorded",
            Self::Struck(..) => "answer struck out",
            Self::Agreed(_) => "agreed what happens after a withdrawal",
            Self::Heard(_) => "heard from elsewhere",
            Self::GoneThrough(..) => "confidentiality gone through",
        }
    }

    fn item(&self) -> String {
        match self {
            Self::Replied(id, _) | Self::Struck(id, _) => id.to_string(),
            Self::Agreed(id) => id.to_string(),
            Self::Heard(id) => id.to_string(),
            Self::GoneThrough(id, _) => id.to_string(),
        }
    }

    fn label(&self) -> Sees {
        match self {
            Self::Replied(_, label) | Self::Struck(_, label) | Self::GoneThrough(_, label) => {
                *label
            }
            Self::Agreed(_) => Sees::Survivor,
            Self::Heard(_) => Sees::Workers,
        }
    }
}
