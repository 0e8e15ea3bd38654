//! Who owns a duty, whom it reaches when overdue, where a case stands. Pure.

use jiff::{Timestamp, civil};
use kernel::{
    access::Tie,
    calendar::Calendar,
    deadline::{Due, london_date, london_instant},
};

use super::{
    facts::Facts,
    model::{Duty, Stage, State},
    settings::{Dated, Settings},
};
use crate::{acknowledgements, allocations};

/// The version of the rules in this file, recorded with every breach.
pub const VERSION: i32 = 1;

/// Every duty of a case, met ones too, what is due first coming first.
pub fn duties(facts: &Facts, settings: &[Dated], calendar: &Calendar) -> Vec<Duty> {
    let mut all = allocations::rules::duties(facts, settings, calendar);
    all.extend(acknowledgements::rules::duties(facts, settings, calendar));
    for duty in &mut all {
        duty.waived = facts.waived.iter().any(|key| key == duty.key);
    }
    all.sort_by_key(|duty| duty.due.instant());
    all
}

/// Where the case stands.
pub fn stage(facts: &Facts) -> Stage {
    if facts.withdrawn {
        Stage::Withdrawn
    } else if facts.acknowledged.is_some() {
        Stage::Acknowledged
    } else if facts.allocated.is_some() {
        Stage::Allocated
    } else if facts.held {
        Stage::Held
    } else if facts.waiting {
        Stage::Waiting
    } else {
        Stage::Received
    }
}

impl Duty {
    /// Where the duty stands at `now`. A later entry with an earlier business date is on time.
    pub fn state(&self, now: Timestamp) -> State {
        match self.met {
            Some(met) if self.due.is_met_at(met.entered) => State::OnTime,
            Some(met) if self.due.is_met_at(met.at) => State::OnTimeRecordedLate,
            Some(_) => State::Late,
            None if self.waived => State::Waived,
            None => State::Owed(self.due.standing(now)),
        }
    }

    /// Whether it is still owed.
    pub fn is_owed(&self) -> bool {
        self.met.is_none() && !self.waived
    }

    /// Whether it passed its time unmet, at `now`: it was not met by then, whatever was entered
    /// later.
    pub fn passed(&self, now: Timestamp) -> bool {
        !self.waived && !self.due.is_met_at(self.met.map_or(now, |met| met.at))
    }
}

/// Who owns a duty, given which ties somebody holds: its tie; none, then the supervisor; none, then
/// the programme. An unowned duty cannot exist.
pub fn owner(duty: &Duty, held: &[Tie]) -> Tie {
    let mut owner = duty.owner;
    loop {
        match supervisor(owner) {
            Some(next) if !held.contains(&owner) => owner = next,
            _ => return owner,
        }
    }
}

/// Who answers when a tie does not.
pub const fn supervisor(tie: Tie) -> Option<Tie> {
    match tie {
        Tie::ClientLine => Some(Tie::ClientSupervisor),
        Tie::SurvivorLine | Tie::LeadWorker => Some(Tie::SurvivorSupervisor),
        Tie::ClientSupervisor | Tie::SurvivorSupervisor | Tie::Intake => Some(Tie::Oversight),
        Tie::Referrer => Some(Tie::TeamManager),
        Tie::TeamManager | Tie::Oversight => None,
    }
}

/// Whom a duty concerns now: its owner; once overdue, the supervisor from the next working morning
/// on, and the programme manager some working days later.
pub fn concerns(
    duty: &Duty,
    held: &[Tie],
    now: Timestamp,
    settings: &Settings,
    calendar: &Calendar,
) -> Vec<Tie> {
    let first = owner(duty, held);
    let mut ties = vec![first];
    if !duty.is_owed() || duty.due.is_met_at(now) {
        return ties;
    }
    let morning = |after: civil::Date, working_days: u16| {
        let day = calendar.add_working_days(after, working_days);
        let hour =
            civil::Time::new(settings.escalate_hour, 0, 0, 0).unwrap_or(civil::Time::midnight());
        london_instant(day, hour)
    };
    let last = match duty.due {
        Due::EndOf(day) => day,
        Due::At(instant) => london_date(instant),
    };
    if now >= morning(last, 1)
        && let Some(next) = supervisor(first)
    {
        ties.push(next);
    }
    if now >= morning(last, settings.escalate_on_working_days) && !ties.contains(&Tie::Oversight) {
        ties.push(Tie::Oversight);
    }
    ties
}

/// Whether `decider` may decide about a waiver that `asker` asked for: nobody waives their own.
pub fn may_decide<U: PartialEq>(decider: U, asker: U) -> bool {
    decider != asker
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::deadline::{Standing, start_of};

    use super::*;
    use crate::duties::{model::Met, settings::DEFAULT};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn duty(due: Due) -> Duty {
        Duty {
            key: "x",
            what: "X",
            rule: "R000",
            place: "",
            owner: Tie::ClientLine,
            due,
            met: None,
            waived: false,
        }
    }

    #[test]
    fn a_duty_always_has_an_owner() {
        let due = duty(Due::EndOf(date(2026, 10, 19)));
        for (held, expected) in [
            (
                &[Tie::ClientLine, Tie::ClientSupervisor][..],
                Tie::ClientLine,
            ),
            (&[Tie::ClientSupervisor], Tie::ClientSupervisor),
            (&[], Tie::Oversight),
            (&[Tie::SurvivorLine], Tie::Oversight),
        ] {
            assert_eq!(owner(&due, held), expected, "{held:?}");
        }
    }

    #[test]
    fn an_overdue_duty_climbs() {
        // Due at the end of Friday 16 October 2026.
        let due = duty(Due::EndOf(date(2026, 10, 16)));
        let held = [Tie::ClientLine, Tie::ClientSupervisor];
        let calendar = Calendar::default();
        for (now, expected) in [
            ("2026-10-16T20:00:00Z", vec![Tie::ClientLine]),
            ("2026-10-17T10:00:00Z", vec![Tie::ClientLine]),
            ("2026-10-19T07:59:00Z", vec![Tie::ClientLine]),
            (
                "2026-10-19T08:00:00Z",
                vec![Tie::ClientLine, Tie::ClientSupervisor],
            ),
            (
                "2026-10-20T08:00:00Z",
                vec![Tie::ClientLine, Tie::ClientSupervisor, Tie::Oversight],
            ),
        ] {
            assert_eq!(
                concerns(&due, &held, at(now), &DEFAULT, &calendar),
                expected,
                "{now}"
            );
        }
    }

    #[test]
    fn recorded_late_is_not_done_late() {
        let friday = Due::EndOf(date(2026, 10, 16));
        let met = |day, entered| Duty {
            met: Some(Met {
                at: start_of(day),
                entered: start_of(entered),
            }),
            ..duty(friday)
        };
        let now = at("2026-11-01T09:00:00Z");
        let (thu, mon) = (date(2026, 10, 15), date(2026, 10, 19));
        assert_eq!(met(thu, thu).state(now), State::OnTime);
        assert_eq!(met(thu, mon).state(now), State::OnTimeRecordedLate);
        assert_eq!(met(mon, mon).state(now), State::Late);
        assert_eq!(duty(friday).state(now), State::Owed(Standing::Overdue));
        assert!(
            !met(thu, mon).passed(now) && met(mon, mon).passed(now) && duty(friday).passed(now)
        );
    }

    #[test]
    fn nobody_waives_their_own() {
        assert!(may_decide(1, 2) && !may_decide(1, 1));
    }

    #[test]
    fn a_case_stands_where_its_rows_say() {
        let received = at("2026-10-14T09:00:00Z");
        let fresh = Facts::received(received);
        for (facts, expected) in [
            (fresh.clone(), Stage::Received),
            (
                Facts {
                    held: true,
                    ..fresh.clone()
                },
                Stage::Held,
            ),
            (
                Facts {
                    waiting: true,
                    ..fresh.clone()
                },
                Stage::Waiting,
            ),
            (
                Facts {
                    allocated: Some(received),
                    waiting: true,
                    ..fresh.clone()
                },
                Stage::Allocated,
            ),
            (
                Facts {
                    acknowledged: Some(Met {
                        at: received,
                        entered: received,
                    }),
                    ..fresh.clone()
                },
                Stage::Acknowledged,
            ),
            (
                Facts {
                    withdrawn: true,
                    held: true,
                    ..fresh
                },
                Stage::Withdrawn,
            ),
        ] {
            assert_eq!(stage(&facts), expected);
        }
    }
}
