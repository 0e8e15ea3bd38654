//! What follows from supervision, and what slips. Pure.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use kernel::{
    access::Tie,
    calendar::Calendar,
    deadline::{Standing, london_date},
    form::{Answer, Problem, Problems},
    label::Label,
};
use serde::{Deserialize, Serialize};

use crate::{
    contacts,
    duties::{
        self,
        facts::Facts,
        model::{Duty, State},
        settings::{Dated, Setting},
    },
};

/// What is known of a case, as far as duties depend on it: nothing yet, for a decision of
/// supervision moves no date.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Known {}

/// What a partnership may set.
pub const SETTINGS: &[Setting] = &[];

/// What is owed: nothing, for no source asks for supervision by a date.
pub fn duties(_: &Facts, _: &[Dated], _: &Calendar, _: Timestamp) -> Vec<Duty> {
    Vec::new()
}

/// Whether `signer` may sign off what `authors` made: nobody signs off their own, nor what they had a
/// hand in.
pub fn may_sign_off<U: PartialEq>(signer: &U, authors: &[U]) -> bool {
    !authors.contains(signer)
}

/// The day of a note must not lie ahead.
pub fn check_note<L: Label>(noted_on: &Answer<Date, L>, today: Date) -> Problems {
    if noted_on.as_ref().is_some_and(|on| *on.expose() > today) {
        return vec![Problem::new(
            "noted_on",
            "The day must not be in the future",
        )];
    }
    Problems::new()
}

/// What slips on a case, as far as somebody may see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slip {
    /// Duties that are overdue now, by what is to be done.
    pub overdue: BTreeMap<&'static str, usize>,
    /// Since when the oldest of them is.
    pub since: Option<Date>,
    /// Duties that passed their time, done late or never, those overdue now among them.
    pub passed: usize,
    /// Weeks in which a weekly duty was not met.
    pub weeks: usize,
    /// Duties done on time and entered late.
    pub recorded_late: usize,
    /// Waivers asked for and not decided.
    pub waivers: usize,
    /// Concerns about risk that nobody has taken up.
    pub concerns: usize,
}

impl Slip {
    /// How many duties are overdue now.
    pub fn overdue_count(&self) -> usize {
        self.overdue.values().sum()
    }

    /// Whether anything slips.
    pub fn is_any(&self) -> bool {
        *self != Self::default()
    }
}

/// What slips on a case for somebody who holds `ties` on it. What she may not see of a case slips
/// for her neither, not even as a number.
pub fn slip(
    facts: &Facts,
    settings: &[Dated],
    calendar: &Calendar,
    now: Timestamp,
    ties: &[Tie],
    asked: &[&str],
) -> Slip {
    let today = london_date(now);
    let seen: Vec<Duty> = duties::rules::duties(facts, settings, calendar, now)
        .into_iter()
        .filter(|duty| duties::rules::seen_by(duty, ties, facts))
        .collect();
    let mut slip = Slip {
        waivers: asked
            .iter()
            .filter(|key| seen.iter().any(|duty| duty.key == **key))
            .count(),
        ..Slip::default()
    };
    for duty in &seen {
        let passed = duty.passed(now);
        slip.passed += usize::from(passed);
        let weekly = contacts::rules::asked(&duty.key, today).is_some();
        slip.weeks += usize::from(passed && weekly);
        match duty.state(now) {
            State::Owed(Standing::Overdue) => {
                *slip.overdue.entry(duty.what).or_default() += 1;
                let day = duty.due.last_day();
                slip.since = Some(slip.since.map_or(day, |since| since.min(day)));
            }
            State::OnTimeRecordedLate => slip.recorded_late += 1,
            _ => {}
        }
    }
    let apart = ties
        .iter()
        .any(|tie| platform::casefile::sees_apart(*tie, facts.specialist()));
    slip.concerns = facts
        .risk
        .concerns
        .iter()
        .filter(|concern| concern.met.is_none() && (apart || !concern.apart))
        .count();
    slip
}

kernel::text_enum! {
    /// By what the list of what slips is in order.
    pub enum Sort {
        /// What is overdue now.
        Overdue = "overdue": "Overdue now",
        /// What passed its time.
        Passed = "passed": "Missed or late",
        /// Weeks.
        Weeks = "weeks": "Weeks missed",
        /// What was entered late.
        RecordedLate = "late": "Recorded late",
        /// Waivers.
        Waivers = "waivers": "Waivers asked for",
        /// Concerns.
        Concerns = "concerns": "Concerns not taken up",
    }
}

/// By what a case stands in the list: the most comes first; what is equal keeps its order, which is
/// that of the next due day.
pub fn place(slip: &Slip, sort: Sort) -> std::cmp::Reverse<usize> {
    std::cmp::Reverse(match sort {
        Sort::Overdue => slip.overdue_count(),
        Sort::Passed => slip.passed,
        Sort::Weeks => slip.weeks,
        Sort::RecordedLate => slip.recorded_late,
        Sort::Waivers => slip.waivers,
        Sort::Concerns => slip.concerns,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::deadline::start_of;

    use super::*;
    use crate::{
        duties::model::Met,
        risks::{
            model::{AssessmentId, ConcernId, Level},
            rules::{Assessed, Concern},
        },
        testing::at,
    };

    fn facts() -> Facts {
        let day = date(2026, 10, 14);
        let mut facts = Facts::received(at("2026-10-14T09:00:00Z"));
        facts.acknowledged = Some(Met::on(date(2026, 10, 15), start_of(date(2026, 10, 26))));
        facts.consultation.promised = Some(date(2026, 10, 20));
        facts.risk.assessed = vec![Assessed {
            id: AssessmentId::new(),
            part: None,
            met: Met::on(day, start_of(day)),
            level: Level::High,
            dash: true,
            full: true,
            marac: false,
        }];
        facts.risk.concerns = [false, true]
            .map(|apart| Concern {
                id: ConcernId::new(),
                survivor: true,
                apart,
                raised: start_of(day),
                met: None,
            })
            .to_vec();
        facts
    }

    #[test]
    fn what_one_may_not_see_slips_for_one_neither() {
        let (facts, now) = (facts(), at("2026-10-27T09:00:00Z"));
        let idva = format!("idva.{}", facts.risk.assessed[0].id);
        let asked = ["consultation", idva.as_str()];
        let of = |tie| slip(&facts, &[], &Calendar::default(), now, &[tie], &asked);
        let client = of(Tie::ClientSupervisor);
        assert_eq!(client.overdue_count(), 1);
        assert_eq!((client.waivers, client.concerns), (1, 1));
        assert_eq!((client.recorded_late, client.passed), (1, 1));
        assert_eq!(client.since, Some(date(2026, 10, 20)));
        for tie in [Tie::SurvivorSupervisor, Tie::Oversight] {
            let survivor = of(tie);
            assert_eq!(survivor.overdue_count(), 2, "{tie:?}");
            assert_eq!((survivor.waivers, survivor.concerns), (2, 2), "{tie:?}");
        }
    }

    #[test]
    fn nobody_signs_off_their_own() {
        assert!(may_sign_off(&1, &[2, 3]) && may_sign_off(&1, &[]));
        assert!(!may_sign_off(&1, &[1]) && !may_sign_off(&1, &[2, 1]));
    }

    #[test]
    fn the_most_comes_first() {
        let one = Slip {
            waivers: 1,
            passed: 9,
            ..Slip::default()
        };
        let other = Slip {
            waivers: 2,
            ..Slip::default()
        };
        assert!(place(&other, Sort::Waivers) < place(&one, Sort::Waivers));
        assert!(place(&one, Sort::Passed) < place(&other, Sort::Passed));
    }
}
