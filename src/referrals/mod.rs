//! Referrals: the form by which a family comes to the service, however it comes.
//!
//! A referrer fills a draft and sends it, which opens the case; or the service takes what was said
//! on the telephone, written in an e-mail, or sent as a file. What was answered is kept as it was
//! worded, apart by label, for ever; a correction is a new revision with its reason. Nothing here
//! turns a family away: an agency whose agreement has ended sends a referral that is held, and a
//! manager may take it.
//!
//! The questions are those of the source form (guidance pack 2020, lines 629-678); the rules are
//! R001 and R004 to R008.

pub mod model;
pub mod reader;
pub mod rules;
pub mod store;
mod taking;
pub mod web;

use kernel::{
    access::{Role, Sees, Tie},
    ids::CaseId,
    label::{Labelled, Survivor},
};

use model::{DraftId, Origin};

pub use taking::take_file;

platform::permission! {
    /// Read a referral as it was sent, and what became of it: who sent it, and her team manager.
    pub Sent = "referrals.sent", Survivor, ties &[Tie::Referrer, Tie::TeamManager];
    /// Correct a referral that was sent.
    pub Amend = "referrals.amend", Survivor, ties &[Tie::Referrer, Tie::TeamManager], changes;
    /// Withdraw a referral; the service may, when somebody without an account asks for it.
    pub Withdraw = "referrals.withdraw", Workers,
        ties &[Tie::Referrer, Tie::TeamManager, Tie::Intake, Tie::Oversight], changes;
    /// Read what workers of both lines share of a referral.
    pub Read = "referrals.read", Workers, ties Tie::WORKING;
    /// Read all of a referral, on the survivor's side.
    pub Full = "referrals.full", Survivor, ties Tie::SURVIVOR_SIDE;
    /// Read all of a referral after stating why.
    pub Reveal = "referrals.reveal", Survivor, ties &[Tie::Intake, Tie::Oversight], changes;
    /// Take a held referral (R105).
    pub TakeHeld = "referrals.take_held", Workers, ties &[Tie::Oversight], changes;
}

platform::permission! {
    /// Write drafts and send them.
    pub Refer = "referrals.refer", own &[], any &[Role::SocialWorker, Role::TeamManager], opens;
    /// Take a referral that comes by telephone, e-mail, in person or as a file.
    pub Take = "referrals.take", own &[],
        any &[Role::IntakeWorker, Role::ServiceManager, Role::Practitioner], opens;
}

/// What happened, for the trail.
#[derive(Clone, Debug)]
pub enum Event {
    /// A draft was begun.
    DraftBegun(DraftId),
    /// A section of a draft was saved.
    DraftSaved(DraftId, &'static str),
    /// A draft was deleted.
    DraftDeleted(DraftId),
    /// A draft was sent and opened a case. What was answered is committed to.
    Submitted(CaseId, String),
    /// The service took a referral.
    Taken(CaseId, Origin, String),
    /// A referral was corrected.
    Amended(CaseId, String),
    /// A referral was withdrawn.
    Withdrawn(CaseId),
    /// A held referral was taken.
    HeldTaken(CaseId),
    /// Somebody said why she looked at the survivor's side.
    Revealed(CaseId, String),
}

impl Event {
    /// That somebody looked at the survivor's side, with a commitment to her reason.
    pub fn revealed(case: CaseId, reason: &Labelled<String, Survivor>) -> Self {
        Self::Revealed(case, reason.expose().clone())
    }
}

impl platform::Event for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::DraftBegun(_) => "draft begun",
            Self::DraftSaved(..) => "draft saved",
            Self::DraftDeleted(_) => "draft deleted",
            Self::Submitted(..) => "referral submitted",
            Self::Taken(_, Origin::File, _) => "referral taken from a file",
            Self::Taken(..) => "referral taken",
            Self::Amended(..) => "referral amended",
            Self::Withdrawn(_) => "referral withdrawn",
            Self::HeldTaken(_) => "held referral taken",
            Self::Revealed(..) => "referral revealed",
        }
    }

    fn item(&self) -> String {
        match self {
            Self::DraftBegun(id) | Self::DraftSaved(id, _) | Self::DraftDeleted(id) => {
                id.to_string()
            }
            Self::Submitted(id, _)
            | Self::Taken(id, _, _)
            | Self::Amended(id, _)
            | Self::Withdrawn(id)
            | Self::HeldTaken(id)
            | Self::Revealed(id, _) => id.to_string(),
        }
    }

    fn label(&self) -> Sees {
        match self {
            Self::Withdrawn(_) | Self::HeldTaken(_) => Sees::Workers,
            _ => Sees::Survivor,
        }
    }

    fn fields(&self) -> Vec<&'static str> {
        match self {
            Self::DraftSaved(_, section) => vec![section],
            Self::Revealed(..) | Self::Withdrawn(_) | Self::HeldTaken(_) => vec!["reason"],
            _ => Vec::new(),
        }
    }

    fn content(&self) -> Option<String> {
        match self {
            Self::Submitted(_, said)
            | Self::Taken(_, _, said)
            | Self::Amended(_, said)
            | Self::Revealed(_, said) => Some(said.clone()),
            _ => None,
        }
    }
}
