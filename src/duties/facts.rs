//! The facts from which the duties of a case follow.
//!
//! They are read from the rows of the case in the transaction of every change, and kept in its
//! frame; lists read what was kept. What changes by time alone (ties begin and end by date) is
//! read anew.

use std::collections::HashMap;

use jiff::Timestamp;
use kernel::{
    access::Tie,
    ids::CaseId,
    label::{Labelled, Survivor},
};
use platform::{Across, Error, Result, Scope, casefile};
use serde::{Deserialize, Serialize};

use super::{model::Met, store};
use crate::{
    acknowledgements, allocations, closures, consultations, contacts, engagement, interventions,
    participation, plans, referrals, risks, suitability, supervision,
};

/// What is known of a case, as far as duties depend on it. It names nobody and quotes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
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
    /// The consultation.
    pub consultation: consultations::rules::Known,
    /// Risk as it is assessed.
    pub risk: risks::rules::Known,
    /// Whether the intensive work suits.
    pub suitability: suitability::rules::Known,
    /// What the survivor and the client answered.
    pub participation: participation::rules::Known,
    /// The plan.
    pub plan: plans::rules::Known,
    /// The intensive work.
    pub intervention: interventions::rules::Known,
    /// Contacts and liaison.
    pub contact: contacts::rules::Known,
    /// How the client takes part.
    pub engagement: engagement::rules::Known,
    /// What supervision decided.
    pub supervision: supervision::rules::Known,
    /// The closure.
    pub closure: closures::rules::Known,
    /// The ties that somebody holds now.
    #[serde(skip)]
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

    /// Whether a specialist holds the survivor line: the lead worker then does not.
    pub fn specialist(&self) -> bool {
        self.ties.contains(&Tie::SurvivorLine)
    }
}

/// The facts of the case in hand, from its rows.
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
        consultation: consultations::store::known(scope)?,
        risk: risks::store::known(scope)?,
        suitability: suitability::store::known(scope)?,
        participation: participation::store::known(scope)?,
        plan: plans::store::known(scope)?,
        intervention: interventions::store::known(scope)?,
        contact: contacts::store::known(scope)?,
        engagement: engagement::store::known(scope)?,
        supervision: supervision::store::known(scope)?,
        closure: closures::store::known(scope)?,
        ties: ties
            .iter()
            .filter(|tie| tie.holds(now))
            .filter_map(casefile::TieRow::tie)
            .collect(),
        waived: store::waived(scope)?,
    })
}

/// The facts as they are kept in the frame of a case. They hold what only the survivor's side may
/// know, so they carry her label.
pub fn kept(facts: &Facts) -> Result<Labelled<String, Survivor>> {
    serde_json::to_string(facts)
        .map(Labelled::new)
        .map_err(|e| Error::Broken(format!("facts: {e}")))
}

/// The facts of the cases of a list, as they were kept at the last change of each.
pub fn listed(across: &mut Across<'_>) -> Result<HashMap<CaseId, Facts>> {
    let mut all = HashMap::new();
    for (case, text) in across.facts()? {
        // A case whose facts cannot be read must not look like one that owes nothing.
        let facts: Facts = serde_json::from_str(text.expose())
            .map_err(|e| Error::Broken(format!("facts of {case}: {e}")))?;
        all.insert(case, facts);
    }
    for (case, tie) in casefile::ties_listed(across)? {
        if let Some(facts) = all.get_mut(&case) {
            facts.ties.push(tie);
        }
    }
    Ok(all)
}
