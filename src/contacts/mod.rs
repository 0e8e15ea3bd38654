//! Contacts: with the client, with the survivor and each child, and between professionals, with the
//! weekly rhythm that they keep while the intervention is open (R015, R017-R020, R130, R131).
//!
//! What workers of both lines read lies in one table; what is about the survivor and about a child
//! in two others, read only by the survivor's side. Nothing is edited: a wrong entry is taken back
//! with a reason, stays readable and counts no more.

pub mod model;
pub mod rhythm;
pub mod rules;
pub mod store;
pub mod web;

use kernel::{
    access::{Sees, Tie},
    form::{Dictionary, Entry},
    label::{Survivor, Workers},
};

use model::{ContactId, VisitId};

/// Ties that record what is shared: who works with either side.
const RECORDS: &[Tie] = &[
    Tie::ClientLine,
    Tie::ClientSupervisor,
    Tie::SurvivorLine,
    Tie::SurvivorSupervisor,
    Tie::LeadWorker,
];

platform::permission! {
    /// See contacts with the client, liaison, meetings and their rhythm.
    pub View = "contacts.view", Workers, ties Tie::WORKING;
    /// Record one of them.
    pub Record = "contacts.record", Workers, ties RECORDS, changes;
    /// Take one of them back.
    pub TakeBack = "contacts.take_back", Workers, ties RECORDS, changes;
    /// See contacts with the survivor and the children.
    pub ViewKept = "contacts.survivor", Survivor, ties Tie::SURVIVOR_SIDE;
    /// Record one of them.
    pub RecordKept = "contacts.record_survivor", Survivor, ties Tie::SURVIVOR_SIDE, changes;
    /// Take one of them back.
    pub TakeBackKept = "contacts.take_back_survivor", Survivor, ties Tie::SURVIVOR_SIDE, changes;
}

/// Every form of this capability with its fields, for the data dictionary.
pub fn each_form(tell: &mut dyn FnMut(&'static str, Vec<Entry>)) {
    use crate::interventions::model::TakeBackForm;
    use model::{NewClientContact, NewConfirmation, NewInvitation, NewLiaison, NewVisit};
    tell("Liaison or meeting", Dictionary::of::<NewLiaison>());
    tell(
        "Contact with the client",
        Dictionary::of::<NewClientContact>(),
    );
    tell("Invitation to a meeting", Dictionary::of::<NewInvitation>());
    tell(
        "Contact with survivor and children",
        Dictionary::of::<NewVisit>(),
    );
    tell("Confirmed at liaison", Dictionary::of::<NewConfirmation>());
    tell(
        "Take back a contact",
        Dictionary::of::<TakeBackForm<Workers>>(),
    );
    tell(
        "Take back a contact kept apart",
        Dictionary::of::<TakeBackForm<Survivor>>(),
    );
}

/// What happens to contacts.
#[derive(Debug)]
pub enum Event {
    /// Something that is shared was recorded.
    Recorded(ContactId),
    /// It was taken back.
    TakenBack(ContactId),
    /// A contact of the survivor's side was recorded.
    RecordedKept(VisitId),
    /// It was taken back.
    TakenBackKept(VisitId),
}

impl platform::Event for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Recorded(_) | Self::RecordedKept(_) => "contact recorded",
            Self::TakenBack(_) | Self::TakenBackKept(_) => "contact taken back",
        }
    }
    fn item(&self) -> String {
        match self {
            Self::Recorded(id) | Self::TakenBack(id) => id.to_string(),
            Self::RecordedKept(id) | Self::TakenBackKept(id) => id.to_string(),
        }
    }
    fn label(&self) -> Sees {
        match self {
            Self::Recorded(_) | Self::TakenBack(_) => Sees::Workers,
            Self::RecordedKept(_) | Self::TakenBackKept(_) => Sees::Survivor,
        }
    }
}
