//! Suitability: whether the intensive work suits, on what grounds, and who is told.
//!
//! That somebody does not consent is a ground that only the survivor's side may know. What workers
//! of both lines read is what people decided and worded for both (`design.md` 5).

pub mod model;
pub mod rules;
pub mod store;
pub mod web;

use kernel::{
    access::{Sees, Tie},
    form::{Dictionary, Entry},
};

use model::EntryId;

platform::permission! {
    /// See whether the intensive work suits.
    pub View = "suitability.view", Workers, ties Tie::WORKING;
    /// Decide whether it suits, and record what belongs to that.
    pub Decide = "suitability.decide", Workers,
        ties &[Tie::ClientLine, Tie::ClientSupervisor, Tie::LeadWorker], changes;
    /// See what only the survivor's side may know of it.
    pub ViewKept = "suitability.survivor", Survivor, ties Tie::SURVIVOR_SIDE;
    /// Record what only the survivor's side may know of it.
    pub RecordKept = "suitability.survivor_record", Survivor, ties Tie::SURVIVOR_SIDE, changes;
}

/// Every form of this capability with its fields, for the data dictionary.
pub fn each_form(tell: &mut dyn FnMut(&'static str, Vec<Entry>)) {
    use model::{NewDecision, NewKeptGround, NewOnward, NewSafety, NewStage, NewTold, NewWords};
    tell("Stage of change", Dictionary::of::<NewStage>());
    tell("Decide about suitability", Dictionary::of::<NewDecision>());
    tell("What the client may be told", Dictionary::of::<NewWords>());
    tell("Refer on", Dictionary::of::<NewOnward>());
    tell("Ground kept apart", Dictionary::of::<NewKeptGround>());
    tell("Tell the outcome", Dictionary::of::<NewTold>());
    tell(
        "When the client does not start",
        Dictionary::of::<NewSafety>(),
    );
}

/// Something was recorded about suitability: which form, which entry, whose label.
#[derive(Debug)]
pub struct Event {
    /// The page of the form.
    pub place: &'static str,
    /// The entry.
    pub id: EntryId,
    /// Its label.
    pub label: Sees,
}

impl platform::Event for Event {
    fn name(&self) -> &'static str {
        match self.place {
            "stage" => "stage of change assessed",
            "decision" => "suitability decided",
            "words" => "words for the client written",
            "onward" => "client referred on",
            "ground" => "ground kept apart",
            "told" => "outcome told, or why not",
            _ => "safety thought through",
        }
    }

    fn item(&self) -> String {
        self.id.to_string()
    }

    fn label(&self) -> Sees {
        self.label
    }
}
