//! The facts from which the duties of a case follow.

use std::collections::HashMap;

use jiff::Timestamp;
use kernel::{access::Tie, ids::CaseId};
use platform::{Across, Result, Scope, casefile};

use super::{model::Met, store};
use crate::{acknowledgements, allocations, referrals};

/// What is known of a case, as far as duties depend on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// When the referral was received, whenever that was entered (R001).
    pub received: Option<Timestamp>,
    /// Whether it is held because the agreement had ended, and not yet taken.
    pub held: bool,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
    /// When a practitioner was first allocated.
    pub allocated: Option<Timestamp>,
    /// Whether it is on the waiting list.
    pub waiting: bool,
    /// When receipt was confirmed.
    pub acknowledged: Option<Met>,
    /// The ties that somebody holds now.
    pub ties: Vec<Tie>,
    /// The keys of duties that were waived.
    pub waived: Vec<String>,
}

impl Facts {
    /// A case of which only the receipt is known.
    pub fn received(at: Timestamp) -> Self {
        Self {
            received: Some(at),
            ..Self::default()
        }
    }
}

/// The facts of the case in hand.
pub fn of_case(scope: &mut impl Scope) -> Result<Facts> {
    let now = scope.now();
    let received = referrals::store::received(scope)?;
    let ties = casefile::ties(scope)?;
    Ok(Facts {
        received: received.as_ref().map(|r| r.received_at.expose().get()),
        held: received.as_ref().is_some_and(|r| r.held.is_some()),
        withdrawn: received.as_ref().is_some_and(|r| r.withdrawn),
        allocated: allocations::store::first(scope)?,
        waiting: allocations::store::is_waiting(scope)?,
        acknowledged: acknowledgements::store::met(scope)?,
        ties: ties
            .iter()
            .filter(|tie| tie.holds(now))
            .filter_map(casefile::TieRow::tie)
            .collect(),
        waived: store::waived(scope)?,
    })
}

/// The facts of the cases of a list.
pub fn listed(across: &mut Across<'_>) -> Result<HashMap<CaseId, Facts>> {
    let receipts = referrals::store::received_listed(across)?;
    listed_from(across, &receipts)
}

/// The same, where the list has read the receipts for itself.
pub(crate) fn listed_from(
    across: &mut Across<'_>,
    receipts: &HashMap<CaseId, referrals::store::Received>,
) -> Result<HashMap<CaseId, Facts>> {
    let mut all: HashMap<CaseId, Facts> = across
        .cases()
        .into_iter()
        .map(|case| (case, Facts::default()))
        .collect();
    for (case, received) in receipts {
        if let Some(facts) = all.get_mut(case) {
            facts.received = Some(received.received_at.expose().get());
            facts.held = received.held.is_some();
            facts.withdrawn = received.withdrawn;
        }
    }
    for (case, at) in allocations::store::first_listed(across)? {
        if let Some(facts) = all.get_mut(&case) {
            facts.allocated = Some(at);
        }
    }
    for case in allocations::store::waiting_listed(across)? {
        if let Some(facts) = all.get_mut(&case) {
            facts.waiting = true;
        }
    }
    for (case, met) in acknowledgements::store::met_listed(across)? {
        if let Some(facts) = all.get_mut(&case) {
            facts.acknowledged = Some(met);
        }
    }
    for (case, tie) in casefile::ties_listed(across)? {
        if let Some(facts) = all.get_mut(&case) {
            facts.ties.push(tie);
        }
    }
    for (case, key) in store::waived_listed(across)? {
        if let Some(facts) = all.get_mut(&case) {
            facts.waived.push(key);
        }
    }
    Ok(all)
}
