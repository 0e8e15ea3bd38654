//! The people of a case: who they are, how they can be reached, and who may not be told.
//!
//! Contact details belong to a person's part in a case, never to the person, and lie in a table
//! of their own for each label: the client line has no query that could reach the survivor's
//! (`design.md` 5). Safe contact is recorded before anybody is rung (R008).

pub mod model;
pub mod rules;
pub mod store;
pub mod told;
pub mod web;

use kernel::{
    access::{Sees, Tie},
    form::{Dictionary, Entry},
    label::{Child, Survivor, Workers},
};

use model::{AccessChangeId, DetailId, PartId, RevealId, SafeContactId, SafetyFlagId};

/// Ties that see what is kept from the service once they say why.
const WITH_REASON: &[Tie] = &[Tie::Intake, Tie::Oversight];

platform::permission! {
    /// See who the people of a case are, and how the client can be reached.
    pub View = "people.view", Workers, ties Tie::WORKING;
    /// Give another person a place in a case.
    pub Add = "people.add", Workers, ties Tie::WORKING, changes;
    /// Change what is known about a person.
    pub Change = "people.change", Workers, ties Tie::WORKING, changes;
    /// Change how the client can be reached.
    pub ChangeDetails = "people.details", Workers, ties Tie::WORKING, changes;
    /// See how the survivor, the children and their people can be reached.
    pub ViewKept = "people.survivor", Survivor, ties Tie::SURVIVOR_SIDE;
    /// Change how they can be reached.
    pub ChangeKept = "people.survivor_change", Survivor, ties Tie::SURVIVOR_SIDE, changes;
    /// Be asked why the survivor's address is needed.
    pub AskReveal = "people.ask_reveal", Workers, ties WITH_REASON;
    /// See the survivor's address and safe contact, once, for a reason.
    pub Reveal = "people.reveal", Survivor, ties WITH_REASON, changes;
    /// Decide who must not open a case, and who alone may.
    pub Access = "people.access", Workers,
        ties &[Tie::Oversight, Tie::ClientSupervisor, Tie::SurvivorSupervisor], changes;
    /// Warn the workers of a case.
    pub Flag = "people.flag", Workers, ties Tie::WORKING, changes;
    /// Look into where else somebody may be known.
    pub Matches = "people.matches", Workers, ties WITH_REASON;
}

/// Every form of people with its fields, for the data dictionary. A form of three labels is told
/// three times: its fields lie in three tables.
pub fn each_form(tell: &mut dyn FnMut(&'static str, Vec<Entry>)) {
    use model::{
        AccessForm, AddPerson, AddressForm, FlagForm, KeptAddressForm, Person, ReachForm,
        ReasonForm, SafeContactForm, WhyForm,
    };
    tell("Add a person", Dictionary::of::<AddPerson>());
    tell("Change a person", Dictionary::of::<Person>());
    tell("Client’s address", Dictionary::of::<AddressForm>());
    tell(
        "Client’s contact details",
        Dictionary::of::<ReachForm<Workers>>(),
    );
    tell(
        "Address, survivor and other adults",
        Dictionary::of::<KeptAddressForm<Survivor>>(),
    );
    tell("Address, child", Dictionary::of::<KeptAddressForm<Child>>());
    tell(
        "Contact details, survivor and other adults",
        Dictionary::of::<ReachForm<Survivor>>(),
    );
    tell(
        "Contact details, child",
        Dictionary::of::<ReachForm<Child>>(),
    );
    tell("Safe contact", Dictionary::of::<SafeContactForm>());
    tell("Look with a reason", Dictionary::of::<ReasonForm>());
    tell("Who may open a case", Dictionary::of::<AccessForm>());
    tell("Warn workers", Dictionary::of::<FlagForm>());
    tell("Lift a warning", Dictionary::of::<WhyForm>());
}

/// What happens to people.
#[derive(Debug)]
pub enum Event {
    /// Somebody was given a place.
    Added(PartId),
    /// What is known about somebody changed.
    Changed(PartId),
    /// How somebody can be reached changed; the label says on whose side.
    Reached(DetailId, Sees),
    /// What is agreed about safe contact changed.
    SafeContact(SafeContactId),
    /// Somebody looked at what is kept, for a reason.
    Revealed(RevealId),
    /// Workers were warned.
    Flagged(SafetyFlagId),
    /// The warning was lifted.
    Unflagged(SafetyFlagId),
    /// Who may open the case changed.
    Access(AccessChangeId),
}

impl platform::Event for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Added(_) => "person added",
            Self::Changed(_) => "person changed",
            Self::Reached(..) => "contact details changed",
            Self::SafeContact(_) => "safe contact recorded",
            Self::Revealed(_) => "looked at with a reason",
            Self::Flagged(_) => "workers warned",
            Self::Unflagged(_) => "warning lifted",
            Self::Access(_) => "access changed",
        }
    }

    fn item(&self) -> String {
        match self {
            Self::Added(id) | Self::Changed(id) => id.to_string(),
            Self::Reached(id, _) => id.to_string(),
            Self::SafeContact(id) => id.to_string(),
            Self::Revealed(id) => id.to_string(),
            Self::Flagged(id) | Self::Unflagged(id) => id.to_string(),
            Self::Access(id) => id.to_string(),
        }
    }

    fn label(&self) -> Sees {
        match self {
            Self::Reached(_, label) => *label,
            Self::SafeContact(_) | Self::Revealed(_) => Sees::Survivor,
            _ => Sees::Workers,
        }
    }
}
