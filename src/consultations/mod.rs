//! Consultation: practitioner and lead worker talk a referred family through, whether or not it
//! goes on (R009, R101).
//!
//! What both lines share is one record; what would lead to the survivor, and who took part for
//! her, lies apart. How many were held is counted in a table of its own that knows no case.

pub mod model;
pub mod rules;
pub mod store;
pub mod web;

use kernel::{
    access::{Role, Sees, Tie},
    form::{Dictionary, Entry},
};

use model::{ApartId, ConsultationId, HeldId, MissedId};

platform::permission! {
    /// Read what was booked, held and agreed.
    pub Read = "consultations.read", Workers, ties Tie::WORKING;
    /// Book, and record what became of it.
    pub Record = "consultations.record", Workers, ties Tie::WORKING, changes;
    /// Read what of a consultation would lead to the survivor.
    pub ReadApart = "consultations.read_survivor", Survivor, ties Tie::SURVIVOR_SIDE;
    /// Record it.
    pub RecordApart = "consultations.record_survivor", Survivor,
        ties Tie::SURVIVOR_SIDE, changes;
}

platform::permission! {
    /// See how many consultations were held, without anything about a person.
    pub Count = "consultations.count", own &[Role::Spoc], any &[Role::ServiceManager];
}

/// Every form of this capability with its fields, for the data dictionary.
pub fn each_form(tell: &mut dyn FnMut(&'static str, Vec<Entry>)) {
    use model::{NewApart, NewBooking, NewHeld, NewMissed, Revised};
    tell("Book a consultation", Dictionary::of::<NewBooking>());
    tell("Consultation held", Dictionary::of::<NewHeld>());
    tell("Correct a consultation", Dictionary::of::<Revised>());
    tell("Consultation not held", Dictionary::of::<NewMissed>());
    tell("Consultation, kept apart", Dictionary::of::<NewApart>());
}

/// What happens to consultations.
#[derive(Debug)]
pub enum Event {
    /// One was booked.
    Booked(ConsultationId),
    /// It was held.
    Held(HeldId),
    /// What was recorded of it was corrected.
    Corrected(HeldId),
    /// It was not held.
    Missed(MissedId),
    /// What would lead to the survivor was recorded.
    Apart(ApartId),
}

impl platform::Event for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Booked(_) => "consultation booked",
            Self::Held(_) => "consultation held",
            Self::Corrected(_) => "consultation corrected",
            Self::Missed(_) => "consultation not held",
            Self::Apart(_) => "consultation recorded apart",
        }
    }

    fn item(&self) -> String {
        match self {
            Self::Booked(id) => id.to_string(),
            Self::Held(id) | Self::Corrected(id) => id.to_string(),
            Self::Missed(id) => id.to_string(),
            Self::Apart(id) => id.to_string(),
        }
    }

    fn label(&self) -> Sees {
        match self {
            Self::Apart(_) => Sees::Survivor,
            _ => Sees::Workers,
        }
    }
}
