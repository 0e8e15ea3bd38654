//! Intervention: the intensive work, opened after the gates, paused and ended by recorded events
//! (R012, R016).
//!
//! It takes two: the client's side asks to open it, and the survivor's side says that it may begin,
//! which opens it. Only her side knows whether her answer stands, so nothing begins while it does not,
//! and the other side sees the same whether it does or not (ADR 16).
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
    /// Ask that it be opened.
    pub Open = "interventions.open", Workers, ties OPENS, changes;
    /// Say, for the survivor's side, that it may begin: that opens it. Or set the request aside.
    pub LetBegin = "interventions.let_begin", Survivor, ties Tie::SURVIVOR_SIDE, changes;
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
    use model::{
        NewEnding, NewOpening, NewPause, NewReady, NewResumption, NewStatement, TakeBackForm,
    };
    tell(
        "Statutory case stays open",
        Dictionary::of::<NewStatement>(),
    );
    tell(
        "Ask to open the intervention",
        Dictionary::of::<NewOpening>(),
    );
    tell("The work may begin", Dictionary::of::<NewReady>());
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
    /// A request to open was set aside.
    SetAside(StepId),
}

impl platform::Event for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Recorded(StepKind::StaysOpen, _) => "statutory case stays open",
            Self::Recorded(StepKind::Asked, _) => "opening asked for",
            Self::Recorded(StepKind::Opened, _) => "intervention opened",
            Self::Recorded(StepKind::Paused, _) => "intervention paused",
            Self::Recorded(StepKind::Resumed, _) => "intervention resumed",
            Self::Recorded(StepKind::Ended, _) => "intervention ended",
            Self::TakenBack(_) => "intervention entry taken back",
            Self::SetAside(_) => "request to open set aside",
        }
    }
    fn item(&self) -> String {
        match self {
            Self::Recorded(_, id) | Self::TakenBack(id) | Self::SetAside(id) => id.to_string(),
        }
    }
}
