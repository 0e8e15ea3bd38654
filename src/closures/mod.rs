//! Closure: how a case ends, who is told, and what stays in place for survivor and children.
//!
//! Whoever works with the client closes the case; what stays in place for the survivor is recorded by
//! the survivor's side, apart (R025), and neither waits for the other. A closed case stays readable
//! by those who worked on it, leaves the worklists, and can be opened again with a reason. What is
//! counted names nobody.

pub mod model;
pub mod rules;
pub mod store;
pub mod web;

use kernel::{
    access::{Role, Sees, Tie},
    form::{Dictionary, Entry},
};

use model::{ClosureApartId, ClosureId, EarlierId, ReopeningId};

platform::permission! {
    /// See how a case was closed.
    pub Read = "closures.read", Workers, ties Tie::WORKING;
    /// Close a case.
    pub Close = "closures.close", Workers,
        ties &[Tie::Intake, Tie::Oversight, Tie::ClientLine, Tie::ClientSupervisor], changes;
    /// Open a closed case again.
    pub Reopen = "closures.reopen", Workers,
        ties &[Tie::Oversight, Tie::ClientSupervisor], changes;
    /// Print what workers share of a closure.
    pub Print = "closures.print", Workers, ties Tie::WORKING, changes;
    /// Print what the client may read.
    pub PrintClient = "closures.print_client", Client, ties Tie::WORKING, changes;
    /// Say whether a family was referred before.
    pub SayEarlier = "closures.earlier", Workers, ties &[Tie::Intake, Tie::Oversight], changes;
    /// See what stays in place for survivor and children.
    pub ReadKept = "closures.kept", Survivor, ties Tie::SURVIVOR_SIDE;
    /// Record what stays in place.
    pub Keep = "closures.keep", Survivor, ties Tie::SURVIVOR_SIDE, changes;
}

platform::permission! {
    /// See closures as numbers, by month and borough.
    pub Counts = "closures.counts", own &[Role::Spoc], any &[Role::ServiceManager];
}

/// Every form of this capability with its fields, for the data dictionary.
pub fn each_form(tell: &mut dyn FnMut(&'static str, Vec<Entry>)) {
    use model::{NewApart, NewClosure, NewEarlier, NewReopening};
    tell("Close a case", Dictionary::of::<NewClosure>());
    tell("Open a case again", Dictionary::of::<NewReopening>());
    tell("What stays in place", Dictionary::of::<NewApart>());
    tell("Referred before", Dictionary::of::<NewEarlier>());
}

/// What happens to closures.
#[derive(Clone, Debug)]
pub enum Event {
    /// A case was closed.
    Closed(ClosureId),
    /// It was opened again.
    Reopened(ReopeningId),
    /// It was recorded what stays in place.
    Kept(ClosureApartId),
    /// It was said whether the family was referred before.
    Earlier(EarlierId),
    /// A closure was printed: for whom, and the SHA-256 of the bytes.
    Printed(ClosureId, Sees, String),
}

impl platform::Event for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Closed(_) => "case closed",
            Self::Reopened(_) => "case opened again",
            Self::Kept(_) => "what stays in place recorded",
            Self::Earlier(_) => "earlier referral looked into",
            Self::Printed(..) => "closure printed",
        }
    }

    fn item(&self) -> String {
        match self {
            Self::Closed(id) | Self::Printed(id, ..) => id.to_string(),
            Self::Reopened(id) => id.to_string(),
            Self::Kept(id) => id.to_string(),
            Self::Earlier(id) => id.to_string(),
        }
    }

    /// That somebody may be known elsewhere is for intake and oversight, who alone are asked.
    fn label(&self) -> Sees {
        match self {
            Self::Kept(_) | Self::Earlier(_) => Sees::Survivor,
            Self::Printed(_, label, _) => *label,
            Self::Closed(_) | Self::Reopened(_) => Sees::Workers,
        }
    }

    fn content(&self) -> Option<String> {
        match self {
            Self::Printed(_, _, hash) => Some(hash.clone()),
            _ => None,
        }
    }
}
