//! The organisations of the partnership: what they are, their teams, and whom to ring.
//!
//! Nothing here is about a case. A borough's contact person sees how many referrals it sent and
//! where they stand, as counts.

mod csv;
mod model;
mod rules;
mod store;
mod web;

pub use csv::{Cell, Csv};
pub use model::{ContactId, ContactKind, Drawn, Kind, Option_ as Choosable, Place};
pub use store::{Contact, contacts_on};
pub use web::{FormPage, done, routes};

use kernel::{
    access::{Role, Sees},
    ids::{AgencyId, TeamId},
};

platform::permission! {
    /// Read what an agency is, its teams, contact persons and agreements.
    pub View = "agencies.view",
        own &[Role::Spoc, Role::AgencyManager],
        any &[Role::ServiceManager, Role::Administrator, Role::GovernanceOfficer];
    /// Add agencies, and change them.
    pub Change = "agencies.change",
        own &[], any &[Role::Administrator, Role::ServiceManager], changes;
    /// See how many referrals an agency sent and where they stand, as counts.
    pub Borough = "agencies.borough",
        own &[Role::Spoc], any &[Role::ServiceManager];
}

/// What happens to agencies.
#[derive(Clone, Debug)]
pub enum Event {
    /// One was added.
    Added(AgencyId, Vec<&'static str>),
    /// What it is was changed.
    Changed(AgencyId, Vec<&'static str>),
    /// A team was added.
    TeamAdded(TeamId),
    /// A team got another name.
    TeamRenamed(TeamId),
    /// A contact person was named.
    ContactAdded(ContactId, Vec<&'static str>),
    /// A contact person's details or dates were changed.
    ContactChanged(ContactId, Vec<&'static str>),
}

impl platform::Event for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Added(..) => "agency added",
            Self::Changed(..) => "agency changed",
            Self::TeamAdded(_) => "team added",
            Self::TeamRenamed(_) => "team renamed",
            Self::ContactAdded(..) => "contact person added",
            Self::ContactChanged(..) => "contact person changed",
        }
    }

    fn item(&self) -> String {
        match self {
            Self::Added(id, _) | Self::Changed(id, _) => id.to_string(),
            Self::TeamAdded(id) | Self::TeamRenamed(id) => id.to_string(),
            Self::ContactAdded(id, _) | Self::ContactChanged(id, _) => id.to_string(),
        }
    }

    /// What an agency is may reach anybody.
    fn label(&self) -> Sees {
        Sees::Client
    }

    fn fields(&self) -> Vec<&'static str> {
        match self {
            Self::Added(_, fields)
            | Self::Changed(_, fields)
            | Self::ContactAdded(_, fields)
            | Self::ContactChanged(_, fields) => fields.clone(),
            Self::TeamAdded(_) | Self::TeamRenamed(_) => vec!["name"],
        }
    }
}
