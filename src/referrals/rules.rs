//! The rules of a referral: functions from what was answered to what follows.

use jiff::civil::Date;
use kernel::{
    deadline::{london_instant, start_of},
    form::{Problem, Problems, When, YesNoUnknown},
    time::Instant,
};

use super::model::{HeldReason, Origin, Referral, Taken, TimeOfDay};

/// R001: the instant from which the time to confirm a referral runs.
///
/// What a referrer sends, or a file brings, is received when it arrives. What the service takes
/// was received when the caller rang or the e-mail came, however late it is entered; where nobody
/// noted the time, the start of that day, so that the clock is never kinder than the truth. The
/// source does not say what starts it (guidance pack 2020, line 131).
pub fn receipt(
    origin: Origin,
    stated: Option<(Date, Option<TimeOfDay>)>,
    entered: Instant,
) -> Instant {
    match (origin, stated) {
        (Origin::Account | Origin::File, _) | (_, None) => entered,
        (_, Some((day, Some(TimeOfDay(time))))) => Instant::new(london_instant(day, time)),
        (_, Some((day, None))) => Instant::new(start_of(day)),
    }
}

/// R002: referrals travel by secure e-mail. What is sent from an account does so inside the
/// service; for what came by e-mail, whoever reads it is told what to look at (guidance pack 2020,
/// line 131).
pub fn secure_note(origin: Origin) -> Option<&'static str> {
    match origin {
        Origin::Email => Some(
            "It came by e-mail. If that was not secure e-mail, tell the sender, and answer only by a secure way",
        ),
        Origin::Account | Origin::Telephone | Origin::InPerson | Origin::File => None,
    }
}

/// R001: receipt lies in the past; a call that is yet to come starts no clock.
pub fn receipt_problems(taken: &Taken, now: Instant) -> Problems {
    let Some((day, time)) = taken.stated() else {
        return Problems::new();
    };
    if day > now.day() {
        return vec![Problem::new(
            "received_on",
            "“When did it come?” must not be in the future",
        )];
    }
    if receipt(Origin::Telephone, Some((day, time)), now) > now {
        return vec![Problem::new(
            "received_time",
            "“At what time?” must not be in the future",
        )];
    }
    Problems::new()
}

/// What nobody can do without: somebody who is referred, and somebody who refers.
///
/// A name may be partial; nothing else is ever demanded, so that no form stops a worker from
/// recording a person in danger (`design.md` 8).
pub fn identified(referral: &Referral) -> Problems {
    let mut problems = Problems::new();
    if referral.referrer_name.is_none() && referral.referrer_team.is_none() {
        problems.push(Problem::missing(
            "referrer_name",
            "Say who refers: a name or a team",
        ));
    }
    if referral.survivor_name.is_none() && referral.client_name.is_none() {
        problems.push(Problem::missing(
            "survivor_name",
            "Give the survivor’s or the client’s name, as far as you know it",
        ));
    }
    problems
}

/// R004: the checklist comes with the referral if there is one, or its absence is noted.
pub fn dash_note(referral: &Referral) -> Option<&'static str> {
    let attached = referral
        .dash_attached
        .as_ref()
        .map(|answer| *answer.expose());
    match (attached, referral.dash_detail.is_some()) {
        (Some(YesNoUnknown::Yes), false) => {
            Some("You say that there is a risk checklist, but not where it is held or what it says")
        }
        (None, false) => Some("You have not said whether there is a risk checklist"),
        _ => None,
    }
}

/// R005: whether any early sign is named. None is no reason to refuse: the list is not exhaustive
/// (line 127), and whether the service fits is decided at the consultation.
pub fn eligibility_note(referral: &Referral) -> Option<&'static str> {
    let ticked = referral
        .markers
        .as_ref()
        .is_some_and(|ticked| !ticked.expose().0.is_empty());
    (!ticked && referral.markers_other.is_none()).then_some(
        "No early sign is ticked. The service is meant for early signs; if you are unsure whether it fits, ring first or send it and say so",
    )
}

/// R006: what the source asks every referral to hold, and this one does not, in the order of the
/// form. It is said, never demanded.
pub fn not_answered(referral: &Referral) -> Vec<&'static str> {
    let r = referral;
    [
        (r.referrer_name.is_some(), "who refers"),
        (r.referrer_hours.is_some(), "the referrer’s working hours"),
        (r.survivor_name.is_some(), "the survivor’s name"),
        (r.client_name.is_some(), "the client’s name"),
        (r.relationship.is_some(), "their relationship"),
        (!r.children.is_empty(), "the children"),
        (r.pregnant.is_some(), "pregnancy"),
        (r.background.is_some(), "risks, background and reason"),
        (r.acts.is_some(), "what the client has done"),
        (
            r.impact.is_some(),
            "what it does to the survivor and each child",
        ),
        (
            r.strengths.is_some(),
            "the survivor’s strengths and efforts",
        ),
        (r.willingness.is_some(), "the client’s willingness"),
        (r.priorities.is_some(), "the survivor’s priorities"),
        (
            r.survivor_marac.is_some(),
            "whether the survivor was referred to a MARAC",
        ),
        (
            r.client_marac.is_some(),
            "whether the client was heard at a MARAC or MAPPA",
        ),
    ]
    .into_iter()
    .filter_map(|(answered, what)| (!answered).then_some(what))
    .collect()
}

/// One of the two who must be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// The adult harmed.
    Survivor,
    /// The person causing harm.
    Client,
}

/// R007: awareness and consent are stated for each party.
pub fn awareness_note(referral: &Referral) -> Option<&'static str> {
    let r = referral;
    let stated = r.survivor_aware.is_some()
        && r.survivor_consented.is_some()
        && r.client_aware.is_some()
        && r.client_consented.is_some();
    (!stated).then_some("You have not said of both who knows of the referral and who agrees to it")
}

/// R007: a reason stands with every no, or the plain answer that it is not known yet. A no itself
/// stops nothing.
pub fn reasons_missing(referral: &Referral) -> Problems {
    let no = YesNoUnknown::No;
    let r = referral;
    let said_no = |party| match party {
        Party::Survivor => {
            r.survivor_aware.as_ref().is_some_and(|a| *a.expose() == no)
                || r.survivor_consented
                    .as_ref()
                    .is_some_and(|a| *a.expose() == no)
        }
        Party::Client => {
            r.client_aware.as_ref().is_some_and(|a| *a.expose() == no)
                || r.client_consented
                    .as_ref()
                    .is_some_and(|a| *a.expose() == no)
        }
    };
    let survivor_pending = r
        .survivor_reason_pending
        .as_ref()
        .is_some_and(|ticked| !ticked.expose().0.is_empty());
    let client_pending = r
        .client_reason_pending
        .as_ref()
        .is_some_and(|ticked| !ticked.expose().0.is_empty());
    let mut problems = Problems::new();
    if said_no(Party::Survivor) && r.survivor_reason.is_none() && !survivor_pending {
        problems.push(Problem::new(
            "survivor_reason",
            "Say why the survivor does not know or does not agree, or tick that the reason is not known yet",
        ));
    }
    if said_no(Party::Client) && r.client_reason.is_none() && !client_pending {
        problems.push(Problem::new(
            "client_reason",
            "Say why the client does not know or does not agree, or tick that the reason is not known yet",
        ));
    }
    problems
}

/// R007: whether the service must not contact a party about the referral, given whether the party
/// knows of it. What was not asked is not a yes.
pub fn contact_blocked(aware: Option<YesNoUnknown>) -> bool {
    aware != Some(YesNoUnknown::Yes)
}

/// R008: contact is only made in the way that was given as safe (line 649).
pub fn safe_contact_note(referral: &Referral) -> Option<&'static str> {
    referral.survivor_safe_contact.is_none().then_some(
        "You have not said how the survivor can be reached safely. The service will not contact the survivor until it knows",
    )
}

/// What should be known before a referral is sent, and does not stop it.
pub fn advice(referral: &Referral) -> Vec<&'static str> {
    [
        dash_note(referral),
        safe_contact_note(referral),
        eligibility_note(referral),
        awareness_note(referral),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Dates that have not come yet, where that cannot be. An expected child stands under pregnancy,
/// not among the children. Words instead of a date are never wrong.
pub fn future_dates(referral: &Referral, today: Date) -> Problems {
    let late = |when: Option<&When>| when.and_then(When::day).is_some_and(|day| day > today);
    let r = referral;
    let mut problems = Problems::new();
    let mut check = |name: String, question: &str, when: Option<&When>| {
        if late(when) {
            problems.push(Problem::new(
                name,
                format!("“{question}” must not be in the future"),
            ));
        }
    };
    let of = |answer: &kernel::form::Answer<When, kernel::label::Workers>| {
        answer.as_ref().map(|when| when.expose().clone())
    };
    check(
        "referral_date".into(),
        "Date of referral",
        of(&r.referral_date).as_ref(),
    );
    check(
        "survivor_born".into(),
        "Survivor’s date of birth",
        of(&r.survivor_born).as_ref(),
    );
    check(
        "client_born".into(),
        "Client’s date of birth",
        of(&r.client_born).as_ref(),
    );
    for (number, child) in r.children.iter().enumerate() {
        let name = format!("children.{number}.born");
        let question = format!("Child {}: date of birth", number.saturating_add(1));
        check(name, &question, of(&child.born).as_ref());
    }
    problems
}

/// Everything that stops a referral from being sent, besides what could not be read.
pub fn problems(referral: &Referral, today: Date) -> Problems {
    let mut all = identified(referral);
    all.extend(future_dates(referral, today));
    all.extend(reasons_missing(referral));
    all
}

/// What is known about the agreement of the agency that refers.
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent facts, read once"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether the agency runs the programme itself, and needs no agreement.
    pub runs: bool,
    /// Whether an agreement is in force now.
    pub now: bool,
    /// Whether one was in force when the draft was begun.
    pub when_begun: bool,
    /// Whether there ever was one.
    pub ever: bool,
}

/// R105: a referral from an agency without an agreement in force is held, never refused; a draft
/// begun while one was in force goes through.
pub fn held(standing: Standing) -> Option<HeldReason> {
    match standing {
        Standing { runs: true, .. }
        | Standing { now: true, .. }
        | Standing {
            when_begun: true, ..
        } => None,
        Standing { ever: true, .. } => Some(HeldReason::AgreementEnded),
        Standing { .. } => Some(HeldReason::NoAgreement),
    }
}

/// The part of a case's stage that the referral decides: `None` where the case goes on.
pub const fn stage(withdrawn: bool, held: bool) -> Option<&'static str> {
    match (withdrawn, held) {
        (true, _) => Some("withdrawn"),
        (false, true) => Some("held"),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Time, date};
    use kernel::{
        form::{Parse, Typed},
        label::Labelled,
    };

    use super::*;

    fn form(pairs: &[(&str, &str)]) -> Referral {
        let typed = Typed(
            pairs
                .iter()
                .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
                .collect(),
        );
        let (form, problems) = Parse::form::<Referral>(&typed);
        assert_eq!(problems, [], "{pairs:?}");
        form
    }

    fn at(text: &str) -> Instant {
        Instant::new(text.parse().unwrap())
    }

    fn fields(problems: &Problems) -> Vec<&str> {
        problems
            .iter()
            .map(|problem| problem.field.as_str())
            .collect()
    }

    #[test]
    fn r001_receipt_starts_the_clock() {
        let entered = at("2026-10-14T09:00:00Z");
        let day = date(2026, 10, 12);
        let noted = Some(TimeOfDay(Time::constant(16, 45, 0, 0)));
        for (origin, stated, expected) in [
            (Origin::Account, Some((day, noted)), "2026-10-14T09:00:00Z"),
            (Origin::File, Some((day, noted)), "2026-10-14T09:00:00Z"),
            (Origin::Telephone, None, "2026-10-14T09:00:00Z"),
            // British Summer Time: a quarter to five in London.
            (
                Origin::Telephone,
                Some((day, noted)),
                "2026-10-12T15:45:00Z",
            ),
            (Origin::Email, Some((day, None)), "2026-10-11T23:00:00Z"),
        ] {
            assert_eq!(receipt(origin, stated, entered), at(expected), "{origin:?}");
        }
    }

    #[test]
    fn r002_what_came_by_email_is_to_have_come_securely() {
        for origin in Origin::ALL {
            assert_eq!(
                secure_note(*origin).is_some(),
                *origin == Origin::Email,
                "{origin:?}"
            );
        }
    }

    #[test]
    fn r001_receipt_is_not_in_the_future() {
        let now = at("2026-10-14T09:00:00Z");
        for (day, time, expected) in [
            (date(2026, 10, 14), None, None),
            (date(2026, 10, 14), Some((10, 0)), None),
            (date(2026, 10, 14), Some((10, 1)), Some("received_time")),
            (date(2026, 10, 15), None, Some("received_on")),
            (date(2020, 1, 1), Some((23, 59)), None),
        ] {
            let taken = Taken {
                received_on: Some(Labelled::new(day)),
                received_time: time
                    .map(|(h, m)| Labelled::new(TimeOfDay(Time::constant(h, m, 0, 0)))),
                ..Taken::default()
            };
            let said = receipt_problems(&taken, now);
            assert_eq!(fields(&said).first().copied(), expected, "{day} {time:?}");
        }
    }

    #[test]
    fn nothing_is_demanded_but_who_is_referred_and_who_refers() {
        for (pairs, expected) in [
            (&[][..], &["referrer_name", "survivor_name"][..]),
            (
                &[
                    ("referrer_team", "Duty desk"),
                    ("client_name", "a man called Jez"),
                ],
                &[],
            ),
            (&[("referrer_name", "Ann"), ("survivor_name", "Bea")], &[]),
            (&[("referrer_name", "Ann")], &["survivor_name"]),
        ] {
            assert_eq!(fields(&identified(&form(pairs))), expected, "{pairs:?}");
        }
    }

    #[test]
    fn r004_the_checklist_comes_or_its_absence_is_noted() {
        for (pairs, noted) in [
            (&[][..], true),
            (&[("dash_attached", "yes")], true),
            (
                &[("dash_attached", "yes"), ("dash_detail", "With me")],
                false,
            ),
            (&[("dash_attached", "no")], false),
            (&[("dash_attached", "not_asked")], false),
        ] {
            assert_eq!(dash_note(&form(pairs)).is_some(), noted, "{pairs:?}");
        }
    }

    #[test]
    fn r005_no_sign_is_said_and_stops_nothing() {
        assert!(eligibility_note(&form(&[])).is_some());
        assert!(eligibility_note(&form(&[("markers", "monitoring,altercation")])).is_none());
        assert!(eligibility_note(&form(&[("markers_other", "Counts the mileage")])).is_none());
        let bare = form(&[("referrer_name", "Ann"), ("client_name", "Jez")]);
        assert_eq!(problems(&bare, date(2026, 10, 14)), []);
    }

    #[test]
    fn r006_what_the_source_asks_for_is_said_when_it_is_blank() {
        assert_eq!(not_answered(&form(&[])).len(), 15);
        let some = form(&[("pregnant", "not_asked"), ("children.0.name", "Wren")]);
        let said = not_answered(&some);
        assert!(!said.contains(&"pregnancy") && !said.contains(&"the children"));
        assert_eq!(said.len(), 13);
    }

    #[test]
    fn r007_every_no_has_a_reason_or_the_answer_that_none_is_known() {
        for (pairs, expected) in [
            (&[][..], &[][..]),
            (&[("survivor_aware", "no")], &["survivor_reason"]),
            (&[("survivor_consented", "no")], &["survivor_reason"]),
            (
                &[
                    ("survivor_aware", "not_known"),
                    ("client_aware", "not_asked"),
                ],
                &[],
            ),
            (
                &[
                    ("survivor_aware", "no"),
                    ("survivor_reason", "Not safe to ask"),
                ],
                &[],
            ),
            (
                &[
                    ("survivor_aware", "no"),
                    ("survivor_reason_pending", "not_known_yet"),
                ],
                &[],
            ),
            (
                &[("client_aware", "yes"), ("client_consented", "no")],
                &["client_reason"],
            ),
            // The survivor's reason is not the client's.
            (
                &[
                    ("client_aware", "no"),
                    ("survivor_aware", "no"),
                    ("survivor_reason", "x"),
                ],
                &["client_reason"],
            ),
        ] {
            assert_eq!(
                fields(&reasons_missing(&form(pairs))),
                expected,
                "{pairs:?}"
            );
        }
    }

    #[test]
    fn r007_only_who_knows_is_contacted() {
        for (aware, blocked) in [
            (None, true),
            (Some(YesNoUnknown::Yes), false),
            (Some(YesNoUnknown::No), true),
            (Some(YesNoUnknown::NotKnown), true),
            (Some(YesNoUnknown::NotAsked), true),
        ] {
            assert_eq!(contact_blocked(aware), blocked, "{aware:?}");
        }
    }

    #[test]
    fn r008_a_missing_safe_way_is_said() {
        assert!(safe_contact_note(&form(&[("survivor_telephone", "07700 900102")])).is_some());
        assert!(safe_contact_note(&form(&[("survivor_safe_contact", "At work")])).is_none());
    }

    #[test]
    fn a_date_of_birth_has_come_and_words_are_never_wrong() {
        let today = date(2026, 10, 14);
        for (pairs, expected) in [
            (&[("survivor_born", "14 10 2026")][..], &[][..]),
            (&[("survivor_born", "15 10 2026")], &["survivor_born"]),
            (&[("client_born", "about 30")], &[]),
            (
                &[
                    ("children.0.born", "1 1 2020"),
                    ("children.1.born", "1 1 2030"),
                ],
                &["children.1.born"],
            ),
            (&[("due", "3 11 2026")], &[]),
            (&[("referral_date", "1 1 2031")], &["referral_date"]),
        ] {
            assert_eq!(
                fields(&future_dates(&form(pairs), today)),
                expected,
                "{pairs:?}"
            );
        }
    }

    #[test]
    fn r105_an_agreement_that_ended_holds_and_never_refuses() {
        let none = Standing {
            runs: false,
            now: false,
            when_begun: false,
            ever: false,
        };
        for (standing, expected) in [
            (none, Some(HeldReason::NoAgreement)),
            (
                Standing { ever: true, ..none },
                Some(HeldReason::AgreementEnded),
            ),
            (
                Standing {
                    now: true,
                    ever: true,
                    ..none
                },
                None,
            ),
            (
                Standing {
                    when_begun: true,
                    ever: true,
                    ..none
                },
                None,
            ),
            (Standing { runs: true, ..none }, None),
        ] {
            assert_eq!(held(standing), expected, "{standing:?}");
        }
    }

    #[test]
    fn a_withdrawn_referral_is_withdrawn_whether_it_was_held_or_not() {
        assert_eq!(stage(true, true), Some("withdrawn"));
        assert_eq!(stage(false, true), Some("held"));
        assert_eq!(stage(false, false), None);
    }
}
