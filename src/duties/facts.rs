//! The facts from which the duties of a case follow.
//!
//! What a change touched is read from the rows of the case in its transaction, and kept in the
//! case's frame; pages and lists read what was kept. What changes by time alone is not kept: ties
//! are read anew, and where answers stand is worked out for the day that asks.

use std::collections::{BTreeSet, HashMap};

use jiff::{Timestamp, civil::Date};
use kernel::{
    access::Tie,
    ids::CaseId,
    label::{Labelled, Survivor},
};
use platform::{Across, Error, Origin, Reading, Result, Scope, Tx, casefile};
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
    #[serde(skip_serializing_if = "is_default")]
    pub received: Option<Timestamp>,
    /// Whether it is held because the agreement had ended, and not yet taken.
    #[serde(skip_serializing_if = "is_default")]
    pub held: bool,
    /// Whether it was withdrawn.
    #[serde(skip_serializing_if = "is_default")]
    pub withdrawn: bool,
    /// When a practitioner was first allocated.
    #[serde(skip_serializing_if = "is_default")]
    pub allocated: Option<Timestamp>,
    /// Whether it is on the waiting list.
    #[serde(skip_serializing_if = "is_default")]
    pub waiting: bool,
    /// When receipt was confirmed.
    #[serde(skip_serializing_if = "is_default")]
    pub acknowledged: Option<Met>,
    /// The consultation.
    #[serde(skip_serializing_if = "is_default")]
    pub consultation: consultations::rules::Known,
    /// Risk as it is assessed.
    #[serde(skip_serializing_if = "is_default")]
    pub risk: risks::rules::Known,
    /// Whether the intensive work suits.
    #[serde(skip_serializing_if = "is_default")]
    pub suitability: suitability::rules::Known,
    /// What the survivor and the client answered.
    #[serde(skip_serializing_if = "is_default")]
    pub participation: participation::rules::Known,
    /// The plan.
    #[serde(skip_serializing_if = "is_default")]
    pub plan: plans::rules::Known,
    /// The intensive work.
    #[serde(skip_serializing_if = "is_default")]
    pub intervention: interventions::rules::Known,
    /// Contacts and liaison.
    #[serde(skip_serializing_if = "is_default")]
    pub contact: contacts::rules::Known,
    /// How the client takes part.
    #[serde(skip_serializing_if = "is_default")]
    pub engagement: engagement::rules::Known,
    /// What supervision decided.
    #[serde(skip_serializing_if = "is_default")]
    pub supervision: supervision::rules::Known,
    /// The closure.
    #[serde(skip_serializing_if = "is_default")]
    pub closure: closures::rules::Known,
    /// The ties that somebody holds now.
    #[serde(skip)]
    pub ties: Vec<Tie>,
    /// The keys of duties that were waived.
    #[serde(skip_serializing_if = "is_default")]
    pub waived: Vec<String>,
}

/// Whether nothing is known of a part: it is then not written, for most cases have few of them.
fn is_default<T: Default + PartialEq>(part: &T) -> bool {
    *part == T::default()
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

/// A part of the facts that is gathered by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Referral,
    Allocation,
    Acknowledgement,
    Consultation,
    Risk,
    Suitability,
    Participation,
    Plan,
    Intervention,
    Contact,
    Engagement,
    Supervision,
    Closure,
    Waivers,
}

impl Part {
    const ALL: [Self; 14] = [
        Self::Referral,
        Self::Allocation,
        Self::Acknowledgement,
        Self::Consultation,
        Self::Risk,
        Self::Suitability,
        Self::Participation,
        Self::Plan,
        Self::Intervention,
        Self::Contact,
        Self::Engagement,
        Self::Supervision,
        Self::Closure,
        Self::Waivers,
    ];

    /// The parts that read a table. A table that is not known here is read by all of them.
    ///
    /// What is missing from an arm is found by [`renewed`] wherever debug assertions are on.
    fn reading(table: &str) -> &'static [Self] {
        match table.split('_').next().unwrap_or_default() {
            "referral" => &[Self::Referral, Self::Participation],
            "allocation" | "wait" => &[Self::Allocation],
            "acknowledgement" => &[Self::Acknowledgement, Self::Consultation],
            "consultation" => &[Self::Consultation],
            "risk" => &[Self::Risk],
            "suitability" => &[Self::Suitability],
            "participation" => &[Self::Participation],
            "plan" => &[Self::Plan],
            "intervention" => &[Self::Intervention],
            // A contact that was held may be the first meeting (R069).
            "contact" => &[Self::Contact, Self::Participation],
            "part" => &[Self::Participation, Self::Contact],
            "engagement" => &[Self::Engagement],
            "supervision" => &[Self::Supervision],
            "closure" => &[Self::Closure],
            _ => match table {
                "survivor_contact" | "child_contact" => &[Self::Contact, Self::Participation],
                "duty_waiver" => &[Self::Waivers],
                // Names, addresses, ties (read anew each time), mail and the platform's own.
                "audit" | "casefile" | "case_list" | "chain" | "tie" | "outbox" | "name_word"
                | "match_hint" | "access_change" | "reveal" | "safe_contact" | "safety_flag"
                | "client_detail" | "survivor_detail" | "child_detail" | "other_detail"
                | "duty_breach" => &[],
                _ => &Self::ALL,
            },
        }
    }
}

impl Facts {
    /// Reads a part from the rows of the case in hand.
    fn gather(&mut self, part: Part, scope: &mut impl Scope) -> Result<()> {
        match part {
            Part::Referral => {
                let received = referrals::store::received(scope)?;
                self.received = received.as_ref().map(|r| r.received_at.expose().get());
                self.held = received.as_ref().is_some_and(|r| r.held.is_some());
                self.withdrawn = received.is_some_and(|r| r.withdrawn);
            }
            Part::Allocation => {
                self.allocated = allocations::store::first(scope)?;
                self.waiting = allocations::store::is_waiting(scope)?;
            }
            Part::Acknowledgement => self.acknowledged = acknowledgements::store::met(scope)?,
            Part::Consultation => self.consultation = consultations::store::known(scope)?,
            Part::Risk => self.risk = risks::store::known(scope)?,
            Part::Suitability => self.suitability = suitability::store::known(scope)?,
            Part::Participation => self.participation = participation::store::known(scope)?,
            Part::Plan => self.plan = plans::store::known(scope)?,
            Part::Intervention => self.intervention = interventions::store::known(scope)?,
            Part::Contact => self.contact = contacts::store::known(scope)?,
            Part::Engagement => self.engagement = engagement::store::known(scope)?,
            Part::Supervision => self.supervision = supervision::store::known(scope)?,
            Part::Closure => self.closure = closures::store::known(scope)?,
            Part::Waivers => self.waived = store::waived(scope)?,
        }
        Ok(())
    }

    /// The ties that somebody holds now: they begin and end by the hour, and are not kept.
    fn with_ties(mut self, scope: &mut impl Scope) -> Result<Self> {
        let now = scope.now();
        self.ties = casefile::ties(scope)?
            .iter()
            .filter(|tie| tie.holds(now))
            .filter_map(casefile::TieRow::tie)
            .collect();
        Ok(self)
    }

    /// The facts as they stand on `today`.
    fn standing_on(mut self, today: Date) -> Self {
        self.participation = self.participation.standing_on(today);
        self
    }
}

/// The facts of the case in hand, from its rows: for who is changing them.
pub fn of_rows(scope: &mut impl Scope) -> Result<Facts> {
    let mut facts = Facts::default();
    for part in Part::ALL {
        facts.gather(part, scope)?;
    }
    facts.with_ties(scope)
}

/// The facts of the case in hand, as they were kept at its last change.
pub fn of_case(reading: &mut Reading<'_>) -> Result<Facts> {
    match casefile::facts_kept(reading)? {
        Some(text) => {
            let facts = parsed(reading.case(), &text)?;
            facts.standing_on(reading.now().day()).with_ties(reading)
        }
        None => of_rows(reading),
    }
}

/// The facts after a change: those parts are read anew that read a table which it wrote.
///
/// # Errors
/// Where debug assertions are on: [`Error::Broken`] if the rows say something else, so that no test
/// passes while a part is forgotten.
pub(super) fn renewed(tx: &mut Tx<'_>) -> Result<Facts> {
    let before = match tx.origin() {
        Origin::Nothing => Some(Facts::default()),
        Origin::Kept => match casefile::facts_kept(tx)? {
            Some(text) => Some(parsed(tx.case(), &text)?.standing_on(tx.now().day())),
            None => None,
        },
        Origin::Rows => None,
    };
    let Some(mut facts) = before else {
        return of_rows(tx);
    };
    let parts: BTreeSet<Part> = tx
        .written()
        .iter()
        .flat_map(|table| Part::reading(table))
        .copied()
        .collect();
    for part in parts {
        facts.gather(part, tx)?;
    }
    let facts = facts.with_ties(tx)?;
    if cfg!(debug_assertions) && facts != of_rows(tx)? {
        let written = tx.written();
        return Err(Error::Broken(format!(
            "facts were not renewed after a change of {written:?}"
        )));
    }
    Ok(facts)
}

fn parsed(case: CaseId, text: &Labelled<String, Survivor>) -> Result<Facts> {
    // A case whose facts cannot be read must not look like one that owes nothing.
    serde_json::from_str(text.expose()).map_err(|e| Error::Broken(format!("facts of {case}: {e}")))
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
    let today = across.now().day();
    let mut all = HashMap::new();
    for (case, text) in across.facts()? {
        all.insert(case, parsed(case, &text)?.standing_on(today));
    }
    for (case, tie) in casefile::ties_listed(across)? {
        if let Some(facts) = all.get_mut(&case) {
            facts.ties.push(tie);
        }
    }
    Ok(all)
}
