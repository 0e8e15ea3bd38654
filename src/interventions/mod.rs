//! Intervention: the intensive work, opened after the gates, paused and ended by recorded events
//! (R012, R016).
//!
//! Nothing is edited: each thing that happened is a row, a wrong one is taken back with a reason,
//! and what is true now follows from the rest.

pub mod model;
pub mod rules;
pub mod store;
pub mod web;

use kernel::{
    access::Tie,
    form::{Dictionary, Entry},
};

use model::{StepId, StepKind};

/// Ties that open and end the work: the guidance gives both to the practitioner and those who
/// answer for the practitioner.
const OPENS: &[Tie] = &[Tie::Oversight, Tie::ClientLine, Tie::ClientSupervisor];
/// Ties that pause it or say that the statutory case stays open: the lead worker too.
const KEEPS: &[Tie] = &[
    Tie::Oversight,
    Tie::ClientLine,
    Tie::ClientSupervisor,
    Tie::SurvivorLine,
    Tie::SurvivorSupervisor,
    Tie::LeadWorker,
];

platform::permission! {
    /// See where the intensive work stands.
    pub View = "interventions.view", Workers, ties Tie::WORKING;
    /// Open it.
    pub Open = "interventions.open", Workers, ties OPENS, changes;
    /// Say that the statutory case stays open.
    pub StayOpen = "interventions.stay_open", Workers, ties KEEPS, changes;
    /// Pause and resume it.
    pub Pause = "interventions.pause", Workers, ties KEEPS, changes;
    /// End it.
    pub End = "interventions.end", Workers, ties OPENS, changes;
    /// Take back what was recorded in error.
    pub TakeBack = "interventions.take_back", Workers, ties OPENS, changes;
}

/// Every form of this capability with its fields, for the data dictionary.
pub fn each_form(tell: &mut dyn FnMut(&'static str, Vec<Entry>)) {
    use kernel::label::Workers;
    use model::{NewEnding, NewOpening, NewPause, NewResumption, NewStatement, TakeBackForm};
    tell(
        "Statutory case stays open",
        Dictionary::of::<NewStatement>(),
    );
    tell("Open the intervention", Dictionary::of::<NewOpening>());
    tell("Pause the intervention", Dictionary::of::<NewPause>());
    tell("Resume the intervention", Dictionary::of::<NewResumption>());
    tell("End the intervention", Dictionary::of::<NewEnding>());
    tell(
        "Take back an entry",
        Dictionary::of::<TakeBackForm<Workers>>(),
    );
}

/// What happens to an intervention.
#[derive(Debug)]
pub enum Event {
    /// Something was recorded.
    Recorded(StepKind, StepId),
    /// It was taken back.
    TakenBack(StepId),
}

impl platform::Event for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Recorded(StepKind::StaysOpen, _) => "statutory case stays open",
            Self::Recorded(StepKind::Opened, _) => "intervention opened",
            Self::Recorded(StepKind::Paused, _) => "intervention paused",
            Self::Recorded(StepKind::Resumed, _) => "intervention resumed",
            Self::Recorded(StepKind::Ended, _) => "intervention ended",
            Self::TakenBack(_) => "intervention entry taken back",
        }
    }
    fn item(&self) -> String {
        match self {
            Self::Recorded(_, id) | Self::TakenBack(id) => id.to_string(),
        }
    }
}
