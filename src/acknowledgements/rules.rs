//! Confirming receipt of a referral. Pure.

use jiff::{Timestamp, civil::Date};
use kernel::{
    access::Tie,
    calendar::Calendar,
    deadline::london_date,
    form::{Answer, Problem, Problems},
    label::{Labelled, Workers},
};

use super::model::NewAcknowledgement;
use crate::duties::{
    facts::Facts,
    model::Duty,
    settings::{Dated, in_force},
};

/// The name of the duty to confirm receipt.
pub const KEY: &str = "acknowledgement";

/// R001: receipt is confirmed to the referrer, with the timeline of the consultation, within 3
/// working days of receipt (a setting, in force on the day of receipt).
///
/// Source: guidance-pack-2020.md 131. The clock starts when the referral reaches the service, also
/// where it is held because an agreement had ended, and waits for nobody's allocation.
pub fn duties(facts: &Facts, settings: &[Dated], calendar: &Calendar, _: Timestamp) -> Vec<Duty> {
    let Some(received) = facts.received else {
        return Vec::new();
    };
    if facts.withdrawn && facts.acknowledged.is_none() {
        return Vec::new();
    }
    let within = in_force(settings, london_date(received)).acknowledge;
    vec![Duty {
        key: KEY.into(),
        what: "Confirm receipt to the referrer",
        about: None,
        apart: false,
        rule: "R001",
        place: "/acknowledgement/new",
        owner: Tie::ClientLine,
        due: within.due(received, calendar),
        met: facts.acknowledged,
        reaches: None,
        waived: false,
    }]
}

/// Whether the answers can stand: told on or after receipt and not in the future; the consultation
/// not before the referrer is told of it.
pub fn check(
    form: &NewAcknowledgement,
    received: &Labelled<Date, Workers>,
    today: Date,
) -> Problems {
    let received = *received.expose();
    let mut problems = Problems::new();
    let day = |answer: &Answer<Date, Workers>| answer.as_ref().map(|day| *day.expose());
    let (told, consultation) = (day(&form.confirmed_on), day(&form.consultation_on));
    if told.is_some_and(|told| told > today) {
        problems.push(Problem::new(
            "confirmed_on",
            "The day you told the referrer must not be in the future",
        ));
    }
    if told.is_some_and(|told| told < received) {
        problems.push(Problem::new(
            "confirmed_on",
            "The day you told the referrer must not be before the referral was received",
        ));
    }
    if let (Some(told), Some(consultation)) = (told, consultation)
        && consultation < told
    {
        problems.push(Problem::new(
            "consultation_on",
            "The consultation must not be before the referrer was told of it",
        ));
    }
    problems
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::deadline::{Due, start_of};

    use super::*;
    use crate::{
        duties::model::{Met, State},
        testing::at,
    };

    fn due(received: &str, settings: &[Dated]) -> Due {
        duties(
            &Facts::received(at(received)),
            settings,
            &Calendar::default(),
            Timestamp::UNIX_EPOCH,
        )[0]
        .due
    }

    #[test]
    fn r001_three_working_days_from_receipt() {
        for (received, by) in [
            // The two referrals of the examples.
            ("2026-09-08T09:00:00Z", date(2026, 9, 11)),
            ("2026-10-14T09:00:00Z", date(2026, 10, 19)),
            // Late on a Friday evening by the London date.
            ("2026-10-16T22:59:00Z", date(2026, 10, 21)),
            // Half past midnight on Saturday in London is still Friday in UTC.
            ("2026-10-16T23:30:00Z", date(2026, 10, 21)),
            ("2026-10-18T10:00:00Z", date(2026, 10, 21)),
            // Over Christmas 2026: 25 and 28 December are bank holidays, as is 1 January.
            ("2026-12-23T10:00:00Z", date(2026, 12, 30)),
            ("2026-12-24T10:00:00Z", date(2026, 12, 31)),
            // Over Easter 2027: 26 and 29 March.
            ("2027-03-25T10:00:00Z", date(2027, 4, 1)),
        ] {
            assert_eq!(due(received, &[]), Due::EndOf(by), "{received}");
        }
    }

    #[test]
    fn r001_a_setting_applies_from_its_day() {
        let set = [Dated {
            name: "acknowledge".to_owned(),
            from: date(2026, 10, 1),
            value: "1 working day".to_owned(),
        }];
        assert_eq!(
            due("2026-09-08T09:00:00Z", &set),
            Due::EndOf(date(2026, 9, 11))
        );
        assert_eq!(
            due("2026-10-14T09:00:00Z", &set),
            Due::EndOf(date(2026, 10, 15))
        );
    }

    #[test]
    fn r001_met_by_what_was_done_not_by_when_it_was_entered() {
        let told = |told: Date, entered: Date| {
            let facts = Facts {
                acknowledged: Some(Met {
                    at: start_of(told),
                    entered: start_of(entered),
                }),
                ..Facts::received(at("2026-09-08T09:00:00Z"))
            };
            duties(&facts, &[], &Calendar::default(), Timestamp::UNIX_EPOCH)[0]
                .state(at("2026-10-01T09:00:00Z"))
        };
        assert_eq!(told(date(2026, 9, 11), date(2026, 9, 11)), State::OnTime);
        assert_eq!(
            told(date(2026, 9, 11), date(2026, 9, 14)),
            State::OnTimeRecordedLate
        );
        assert_eq!(told(date(2026, 9, 14), date(2026, 9, 14)), State::Late);
    }

    #[test]
    fn r001_runs_while_held_and_ends_with_withdrawal() {
        let received = Facts::received(at("2026-10-14T09:00:00Z"));
        let held = Facts {
            held: true,
            ..received.clone()
        };
        assert_eq!(
            duties(&held, &[], &Calendar::default(), Timestamp::UNIX_EPOCH).len(),
            1
        );
        let withdrawn = Facts {
            withdrawn: true,
            ..received
        };
        assert_eq!(
            duties(&withdrawn, &[], &Calendar::default(), Timestamp::UNIX_EPOCH),
            []
        );
    }

    #[test]
    fn told_after_receipt_and_before_the_consultation() {
        let form = |told: i8, consultation: i8| NewAcknowledgement {
            confirmed_on: Some(Labelled::new(date(2026, 10, told))),
            consultation_on: Some(Labelled::new(date(2026, 10, consultation))),
            ..NewAcknowledgement::default()
        };
        let (received, today) = (date(2026, 10, 14), date(2026, 10, 16));
        for (told, consultation, wrong) in [
            (14, 14, 0),
            (16, 20, 0),
            (17, 20, 1),
            (13, 20, 1),
            (16, 15, 1),
            (13, 12, 2),
        ] {
            let problems = check(&form(told, consultation), &Labelled::new(received), today);
            assert_eq!(problems.len(), wrong, "{told} {consultation}");
        }
    }
}
