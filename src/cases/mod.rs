//! A case on one page: who, where it stands, what is due, what may be done next, and what happened.
//!
//! The page is for both lines, so it shows nothing but what workers share. Who works with the
//! survivor is itself the survivor's, and is not on it, not even as a gap.

pub(crate) mod drawn;
pub mod model;
pub mod rules;
pub mod store;
pub mod way;
pub mod web;

use kernel::{
    access::{Sees, Tie},
    form::{Dictionary, Entry},
    label::{Survivor, Workers},
};

use model::MisfiledId;

/// Ties that settle what was marked as misplaced.
const SORTS: &[Tie] = &[
    Tie::Oversight,
    Tie::ClientSupervisor,
    Tie::SurvivorSupervisor,
];

platform::permission! {
    /// See a case, and lists of cases.
    pub View = "cases.view", Workers, ties Tie::WORKING;
    /// Take a list of cases away as a file.
    pub Export = "cases.export", Workers, ties Tie::WORKING;
    /// See what happened in a case.
    pub Chronology = "cases.chronology", Workers, ties Tie::WORKING;
    /// See what happened on the survivor's side too.
    pub KeptChronology = "cases.survivor_chronology", Survivor, ties Tie::SURVIVOR_SIDE;
    /// Mark something that workers share as misplaced.
    pub Mark = "cases.mark", Workers, ties Tie::WORKING, changes;
    /// Mark something of the survivor's side as misplaced.
    pub MarkKept = "cases.mark_survivor", Survivor, ties Tie::SURVIVOR_SIDE, changes;
    /// Settle what was marked.
    pub Sort = "cases.sort", Workers, ties SORTS, changes;
    /// See what was marked on the survivor's side.
    pub KeptQueue = "cases.survivor_queue", Survivor,
        ties &[Tie::SurvivorSupervisor, Tie::LeadWorker];
    /// Be asked why something of the survivor's side is to be settled without being seen.
    pub AskSort = "cases.ask_sort", Workers, ties &[Tie::Oversight];
    /// Settle what was marked on the survivor's side.
    pub SortKept = "cases.sort_survivor", Survivor,
        ties &[Tie::SurvivorSupervisor, Tie::LeadWorker, Tie::Oversight], changes;
}

/// Every form of cases with its fields, for the data dictionary.
pub fn each_form(tell: &mut dyn FnMut(&'static str, Vec<Entry>)) {
    use model::{MarkForm, Search, SettleForm};
    tell("Look for a case", Dictionary::of::<Search>());
    tell("Mark an entry", Dictionary::of::<MarkForm<Workers>>());
    tell(
        "Mark an entry kept apart",
        Dictionary::of::<MarkForm<Survivor>>(),
    );
    tell("Settle an entry", Dictionary::of::<SettleForm<Workers>>());
    tell(
        "Settle an entry kept apart",
        Dictionary::of::<SettleForm<Survivor>>(),
    );
}

/// What happens to what was marked as misplaced.
#[derive(Debug)]
pub enum Event {
    /// Something was marked, and is hidden.
    Marked(MisfiledId, Sees),
    /// It was settled.
    Settled(MisfiledId, Sees),
}

impl platform::Event for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Marked(..) => "marked as misplaced",
            Self::Settled(..) => "misplaced entry settled",
        }
    }

    fn item(&self) -> String {
        match self {
            Self::Marked(id, _) | Self::Settled(id, _) => id.to_string(),
        }
    }

    fn label(&self) -> Sees {
        match self {
            Self::Marked(_, label) | Self::Settled(_, label) => *label,
        }
    }
}
