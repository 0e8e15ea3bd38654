//! What an agency and the programme signed: the memorandum of understanding (R105) and the
//! agreements under which information is shared (R102).
//!
//! An agreement is in force from the later of the two signatures to its last day, unless either
//! side ends it before or another takes its place. One that has ended turns no family away and
//! closes no case: it only makes new referrals wait for a decision.

mod model;
pub mod rules;
mod store;
mod web;

pub use model::{AgreementRow, EndedBy, Kind};
pub use rules::{Standing, Term, in_force, missing_sharing};
pub use store::{
    ForReferral, Notice, Summary, WhomToRing, agreement_for_referral, ends_soon_days, notices,
    notices_in, of_agency, standing_of, summaries,
};
pub use web::routes;

use kernel::access::{Role, Sees};
use platform::schema::AgreementId;

platform::permission! {
    /// Read the agreements of an agency.
    pub View = "agreements.view",
        own &[Role::Spoc, Role::AgencyManager],
        any &[Role::ServiceManager, Role::Administrator, Role::GovernanceOfficer];
    /// Record what was signed, ended or replaced.
    pub Change = "agreements.change",
        own &[], any &[Role::Administrator, Role::ServiceManager], changes;
}

/// What happens to agreements.
#[derive(Clone, Debug)]
pub enum Event {
    /// One was recorded.
    Added(AgreementId, Vec<&'static str>),
    /// Its wording or a signature was recorded.
    Changed(AgreementId, Vec<&'static str>),
    /// Either side ended it.
    Ended(AgreementId),
    /// Another takes its place.
    Replaced(AgreementId, Vec<&'static str>),
}

impl platform::Event for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Added(..) => "agreement added",
            Self::Changed(..) => "agreement changed",
            Self::Ended(_) => "agreement ended",
            Self::Replaced(..) => "agreement replaced",
        }
    }

    fn item(&self) -> String {
        match self {
            Self::Added(id, _) | Self::Changed(id, _) | Self::Ended(id) | Self::Replaced(id, _) => {
                id.to_string()
            }
        }
    }

    /// What an agency signed may reach anybody.
    fn label(&self) -> Sees {
        Sees::Client
    }

    fn fields(&self) -> Vec<&'static str> {
        match self {
            Self::Added(_, fields) | Self::Changed(_, fields) | Self::Replaced(_, fields) => {
                fields.clone()
            }
            Self::Ended(_) => vec!["ended_by", "ended_on", "ended_because"],
        }
    }
}
