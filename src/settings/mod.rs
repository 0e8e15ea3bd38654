//! Settings: the times and words that a partnership sets for itself, each in force from a day.
//!
//! A setting applies from tomorrow at the earliest and never to what happened before: the one in
//! force at the trigger decides (`design.md` 6), so that nobody's deadline moves behind their back.

pub mod model;
pub mod rules;
pub mod store;
pub mod web;

use kernel::{
    access::{Role, Sees},
    form::{Dictionary, Entry},
};

platform::permission! {
    /// See what is set.
    pub See = "settings.see", own &[],
        any &[Role::ServiceManager, Role::Administrator, Role::GovernanceOfficer];
    /// Set it.
    pub Set = "settings.set", own &[], any &[Role::ServiceManager, Role::Administrator], changes;
}

/// Every form of this capability with its fields, for the data dictionary.
pub fn each_form(tell: &mut dyn FnMut(&'static str, Vec<Entry>)) {
    tell("Setting", Dictionary::of::<model::NewValue>());
    tell("Words on screen", Dictionary::of::<model::NewWords>());
}

/// What happens to settings. What was set stays in its rows, so the trail needs no value.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// A value was set from a day.
    Set(&'static str),
    /// A value that was not yet in force was taken back.
    TakenBack(&'static str),
    /// The words on screen were changed.
    Words,
}

impl platform::Event for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Set(_) => "setting changed",
            Self::TakenBack(_) => "setting taken back",
            Self::Words => "words on screen changed",
        }
    }
    fn item(&self) -> String {
        match self {
            Self::Set(name) | Self::TakenBack(name) => (*name).to_owned(),
            Self::Words => String::new(),
        }
    }
    fn label(&self) -> Sees {
        Sees::Client
    }
}
