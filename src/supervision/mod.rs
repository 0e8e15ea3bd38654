//! Supervision: what a supervisor decided on a case, what she signed off, and what slips.
//!
//! A supervisor writes for her own side. What the survivor's side decided lies apart, and that it
//! decided anything is not seen by the other.

pub mod model;
pub mod rules;
pub mod store;
pub mod web;

use kernel::{
    access::{Sees, Tie},
    form::{Dictionary, Entry},
};

use model::{NoteId, SignOffId};

/// Who supervises, on either side.
const SUPERVISES: &[Tie] = &[
    Tie::Oversight,
    Tie::ClientSupervisor,
    Tie::SurvivorSupervisor,
];

platform::permission! {
    /// Read what was decided in supervision and what was signed off.
    pub Read = "supervision.read", Workers, ties Tie::WORKING;
    /// Decide, for workers of both lines to read.
    pub Note = "supervision.note", Workers,
        ties &[Tie::Oversight, Tie::ClientSupervisor], changes;
    /// Read what the survivor's side decided.
    pub ReadApart = "supervision.read_survivor", Survivor, ties Tie::SURVIVOR_SIDE;
    /// Decide for the survivor's side.
    pub NoteApart = "supervision.note_survivor", Survivor,
        ties &[Tie::SurvivorSupervisor], changes;
    /// Sign off what somebody else made.
    pub SignOff = "supervision.sign_off", Workers, ties SUPERVISES, changes;
    /// See what slips on the cases that one supervises or answers for.
    pub Slips = "supervision.slips", Workers, ties SUPERVISES;
}

/// Every form of this capability with its fields, for the data dictionary.
pub fn each_form(tell: &mut dyn FnMut(&'static str, Vec<Entry>)) {
    use kernel::label::{Survivor, Workers};
    use model::{NewNote, NewSignOff};
    tell("Supervision", Dictionary::of::<NewNote<Workers>>());
    tell(
        "Supervision, kept apart",
        Dictionary::of::<NewNote<Survivor>>(),
    );
    tell("Sign off", Dictionary::of::<NewSignOff>());
}

/// What happens in supervision.
#[derive(Debug)]
pub enum Event {
    /// Something was decided.
    Noted(NoteId),
    /// The survivor's side decided something.
    NotedApart(NoteId),
    /// Something was signed off.
    SignedOff(SignOffId),
}

impl platform::Event for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Noted(_) | Self::NotedApart(_) => "decided in supervision",
            Self::SignedOff(_) => "signed off",
        }
    }

    fn item(&self) -> String {
        match self {
            Self::Noted(id) | Self::NotedApart(id) => id.to_string(),
            Self::SignedOff(id) => id.to_string(),
        }
    }

    fn label(&self) -> Sees {
        match self {
            Self::NotedApart(_) => Sees::Survivor,
            Self::Noted(_) | Self::SignedOff(_) => Sees::Workers,
        }
    }
}
