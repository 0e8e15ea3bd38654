//! Plan: the Risk Management and Intervention Plan, version 1 and version 2.
//!
//! It is written together: what workers share of it is for both lines, and nothing of it reaches the
//! client but the texts that were written for the client (`design.md` 5). Each text and each action
//! is saved by itself, so that two people who write two of them never meet. What the survivor set
//! herself, her own safety plan, her views and the children's lie apart and never on these pages.

pub mod model;
pub mod rules;
pub mod store;
pub mod web;

use kernel::{
    access::{Sees, Tie},
    form::{Dictionary, Entry},
};

use model::{ActionId, PlanId};

/// Who writes the plan: it is made together.
const WRITES: &[Tie] = &[
    Tie::Oversight,
    Tie::ClientLine,
    Tie::ClientSupervisor,
    Tie::SurvivorLine,
    Tie::SurvivorSupervisor,
    Tie::LeadWorker,
];

/// Who goes through the client's own page with the client.
const WITH_CLIENT: &[Tie] = &[
    Tie::Oversight,
    Tie::ClientLine,
    Tie::ClientSupervisor,
    Tie::LeadWorker,
];

platform::permission! {
    /// Read the plan.
    pub View = "plans.view", Workers, ties Tie::WORKING;
    /// Write the plan.
    pub Write = "plans.write", Workers, ties WRITES, changes;
    /// Take a copy of the plan away, once the programme permitted it (R067).
    pub Copy = "plans.copy", Workers, ties WRITES, changes;
    /// See the client's own page of the plan.
    pub ForClient = "plans.client", Client, ties WITH_CLIENT;
    /// Print the client's own page of the plan.
    pub PrintForClient = "plans.client_print", Client, ties WITH_CLIENT, changes;
    /// See what lies apart: the survivor's safety plan, actions and views.
    pub ViewApart = "plans.survivor", Survivor, ties Tie::SURVIVOR_SIDE;
    /// Record it.
    pub WriteApart = "plans.survivor_write", Survivor, ties Tie::SURVIVOR_SIDE, changes;
}

/// Every form of this capability with its fields, for the data dictionary.
pub fn each_form(tell: &mut dyn FnMut(&'static str, Vec<Entry>)) {
    use model::{
        ActionForm, AgreementForm, DatesForm, ExerciseForm, FirstForm, InputForm, OwnActionForm,
        PermissionForm, ReviewForm, SafetyForm, SecondForm, StartForm, ViewForm,
    };
    tell("Start a version of the plan", Dictionary::of::<StartForm>());
    tell("Correct the dates of a plan", Dictionary::of::<DatesForm>());
    tell("Plan, version 1", Dictionary::of::<FirstForm>());
    tell("Plan, version 2", Dictionary::of::<SecondForm>());
    tell("Action of a plan", Dictionary::of::<ActionForm>());
    tell("Plan agreed", Dictionary::of::<AgreementForm>());
    tell("Plan reviewed", Dictionary::of::<ReviewForm>());
    tell("What a plan rests on", Dictionary::of::<InputForm>());
    tell(
        "Permission for a copy of a plan",
        Dictionary::of::<PermissionForm>(),
    );
    tell("Safety plan, survivor", Dictionary::of::<SafetyForm>());
    tell(
        "Action that the survivor set",
        Dictionary::of::<OwnActionForm>(),
    );
    tell(
        "Views on the plan, survivor",
        Dictionary::of::<ViewForm<kernel::label::Survivor>>(),
    );
    tell(
        "Views on the plan, child",
        Dictionary::of::<ViewForm<kernel::label::Child>>(),
    );
    tell(
        "Survivor asked about an exercise",
        Dictionary::of::<ExerciseForm>(),
    );
}

/// What happens to plans.
#[derive(Clone, Debug)]
pub enum Event {
    /// A version was started.
    Started(PlanId),
    /// Its dates were corrected.
    Redated(PlanId),
    /// Texts were saved: their parts.
    Written(PlanId, Vec<&'static str>),
    /// An action was saved.
    Action(ActionId),
    /// One of the two agreed to it.
    Agreed(PlanId),
    /// It was reviewed.
    Reviewed(PlanId),
    /// What it rests on was recorded.
    Input(model::InputId),
    /// The programme permitted a copy.
    Permitted(model::PermissionId),
    /// A copy was made, with the SHA-256 of its bytes.
    Copied(PlanId, String),
    /// The client's page was printed, with the SHA-256 of its bytes.
    Printed(PlanId, String),
    /// Something was recorded apart; the item, what it is and its label.
    Apart(String, &'static str, Sees),
}

impl platform::Event for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Started(_) => "plan started",
            Self::Redated(_) => "plan dates corrected",
            Self::Written(..) => "plan written",
            Self::Action(_) => "plan action saved",
            Self::Agreed(_) => "plan agreed",
            Self::Reviewed(_) => "plan reviewed",
            Self::Input(_) => "plan input recorded",
            Self::Permitted(_) => "plan copy permitted",
            Self::Copied(..) => "plan copied",
            Self::Printed(..) => "plan printed for the client",
            Self::Apart(_, what, _) => what,
        }
    }

    fn item(&self) -> String {
        match self {
            Self::Started(id)
            | Self::Redated(id)
            | Self::Written(id, _)
            | Self::Agreed(id)
            | Self::Reviewed(id)
            | Self::Copied(id, _)
            | Self::Printed(id, _) => id.to_string(),
            Self::Action(id) => id.to_string(),
            Self::Input(id) => id.to_string(),
            Self::Permitted(id) => id.to_string(),
            Self::Apart(item, ..) => item.clone(),
        }
    }

    fn label(&self) -> Sees {
        match self {
            Self::Printed(..) => Sees::Client,
            Self::Apart(_, _, label) => *label,
            _ => Sees::Workers,
        }
    }

    fn fields(&self) -> Vec<&'static str> {
        match self {
            Self::Written(_, parts) => parts.clone(),
            _ => Vec::new(),
        }
    }

    fn content(&self) -> Option<String> {
        match self {
            Self::Copied(_, hash) | Self::Printed(_, hash) => Some(hash.clone()),
            _ => None,
        }
    }
}
