//! Engagement: how the client takes part, and what the survivor must be told about it.
//!
//! The client line records what changed; that it must be told is a duty of the survivor's side
//! (R023), and whether and when she was told is hers alone. The form about work with the client on a
//! child's case (R126-R128) is filled in by whoever works with the client, and is counted by borough
//! without anything about a person.

pub mod model;
pub mod rules;
pub mod store;
pub mod web;

use kernel::{
    access::{Role, Sees, Tie},
    form::{Dictionary, Entry},
};

use model::{ChangeErrorId, ChangeId, EngagementFormId, TellingId};

/// Ties that work with the client or answer for who does.
const CLIENT_SIDE: &[Tie] = &[Tie::ClientLine, Tie::ClientSupervisor, Tie::Oversight];
/// Ties that fill in the form: the source gives it to the social worker (004, 1024), who is the lead
/// worker; the practitioner knows the answers too.
const FILLS: &[Tie] = &[
    Tie::ClientLine,
    Tie::ClientSupervisor,
    Tie::LeadWorker,
    Tie::Oversight,
];

platform::permission! {
    /// See how the client takes part.
    pub View = "engagement.view", Workers, ties Tie::WORKING;
    /// Record that it changed.
    pub Record = "engagement.record", Workers, ties CLIENT_SIDE, changes;
    /// Fill in the form about work with the client, and correct it.
    pub Fill = "engagement.fill", Workers, ties FILLS, changes;
    /// Print it.
    pub Print = "engagement.print", Workers, ties Tie::WORKING, changes;
    /// See what the survivor was told of changes.
    pub ViewTold = "engagement.told", Survivor, ties Tie::SURVIVOR_SIDE;
    /// Record that she was told, or why it is not safe.
    pub Tell = "engagement.tell", Survivor, ties Tie::SURVIVOR_SIDE, changes;
}

platform::permission! {
    /// See the forms as numbers, by month and borough.
    pub Counts = "engagement.counts", own &[Role::Spoc], any &[Role::ServiceManager];
}

/// Every form of this capability with its fields, for the data dictionary.
pub fn each_form(tell: &mut dyn FnMut(&'static str, Vec<Entry>)) {
    use model::{NewChange, NewChangeError, NewForm, NewTelling};
    tell("Change in engagement", Dictionary::of::<NewChange>());
    tell(
        "Change in engagement, recorded in error",
        Dictionary::of::<NewChangeError>(),
    );
    tell("Telling of a change", Dictionary::of::<NewTelling>());
    tell("Engagement form", Dictionary::of::<NewForm>());
}

/// What happens to engagement.
#[derive(Clone, Debug)]
pub enum Event {
    /// A change was recorded.
    Changed(ChangeId),
    /// It was said to be recorded in error.
    Wrong(ChangeErrorId),
    /// The survivor was told, or it was not safe.
    Told(TellingId),
    /// A form was filled in.
    Filled(EngagementFormId),
    /// A form was corrected by this one.
    Corrected(EngagementFormId),
    /// A form was printed; with the SHA-256 of its bytes.
    Printed(EngagementFormId, String),
}

impl platform::Event for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Changed(_) => "engagement changed",
            Self::Wrong(_) => "engagement recorded in error",
            Self::Told(_) => "told of a change",
            Self::Filled(_) => "engagement form filled in",
            Self::Corrected(_) => "engagement form corrected",
            Self::Printed(..) => "engagement form printed",
        }
    }

    fn item(&self) -> String {
        match self {
            Self::Changed(id) => id.to_string(),
            Self::Wrong(id) => id.to_string(),
            Self::Told(id) => id.to_string(),
            Self::Filled(id) | Self::Corrected(id) | Self::Printed(id, _) => id.to_string(),
        }
    }

    fn label(&self) -> Sees {
        match self {
            Self::Told(_) => Sees::Survivor,
            _ => Sees::Workers,
        }
    }

    fn content(&self) -> Option<String> {
        match self {
            Self::Printed(_, hash) => Some(hash.clone()),
            _ => None,
        }
    }
}
