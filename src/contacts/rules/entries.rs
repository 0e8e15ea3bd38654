//! What an entry about a contact needs, and what becomes of it. Pure.

use jiff::civil::Date;
use kernel::{
    form::{Many, Problem, Problems, without_label},
    ids::UserId,
    label::{Labelled, Survivor, Workers},
    time::Instant,
};

use super::{SeriesKind, weeks::Week};
use crate::{
    contacts::model::{
        About, Contact, ContactId, Method, NewClientContact, NewConfirmation, NewInvitation,
        NewLiaison, NewVisit, Outcome, Response, Visit, VisitId, Who,
    },
    people::model::PartId,
};

/// What a new entry says, as far as its rules depend on it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Entered {
    /// The day.
    pub on: Option<Date>,
    /// What came of it.
    pub result: Option<Outcome>,
    /// Whether a reason is given.
    pub reason: bool,
    /// Whether it is said who cancelled.
    pub cancelled_by: bool,
}

/// R130: an entry names its day and its result; what was not held names the reason, and what was
/// cancelled who did. No day lies ahead.
///
/// Source: safe-together-london-2023.md 661, 839 (attempts are documented even when unsuccessful).
pub fn problems(entered: Entered, today: Date) -> Problems {
    let mut problems = Problems::new();
    if entered.on.is_some_and(|on| on > today) {
        problems.push(Problem::new(
            "held_on",
            "The day must not be in the future: an entry is about what happened",
        ));
    }
    let result = entered.result;
    if matches!(result, Some(Outcome::Attempted | Outcome::Cancelled)) && !entered.reason {
        problems.push(Problem::missing(
            "reason",
            "Say why it did not take place, as far as you know",
        ));
    }
    if result == Some(Outcome::Cancelled) && !entered.cancelled_by {
        problems.push(Problem::missing("cancelled_by", "Say who cancelled"));
    }
    problems
}

/// R017, R018: what was held between professionals says as what it counts: one meeting may be both
/// when it is recorded as both (`design.md` 6).
pub fn liaison_problems(held: bool, serves: usize) -> Option<Problem> {
    (held && serves == 0).then(|| {
        Problem::missing(
            "serves",
            "Say as what it counts: liaison, professionals’ meeting, or both",
        )
    })
}

/// R019: a meeting in one place says whether that was a safe one for those met.
///
/// Source: guidance-pack-2020.md 94. A no is an answer too: it is what the next meeting must mend.
pub fn place_problems(face_to_face: bool, held: bool, said: bool) -> Option<Problem> {
    (face_to_face && held && !said)
        .then(|| Problem::missing("safe_place", "Say whether the place was safe"))
}

/// The form for a duty of the worklist: which duty, for whom and of which week.
///
/// The day is filled in while the week runs; for a week that has passed it is asked, because a
/// wrong day is worse than none.
pub fn asked(key: &str, today: Date) -> Option<(SeriesKind, Option<PartId>, Option<Date>)> {
    let mut parts = key.split('.');
    let kind = match parts.next()? {
        "contact" => SeriesKind::Contact,
        "liaison" => SeriesKind::Liaison,
        "meeting" => SeriesKind::Meeting,
        _ => return None,
    };
    let part = match kind {
        SeriesKind::Contact => Some(parts.next()?.parse().ok()?),
        SeriesKind::Liaison | SeriesKind::Meeting => None,
    };
    let monday: Date = parts.next()?.parse().ok()?;
    let runs = Week::of(monday) == Week::of(today);
    parts
        .next()
        .is_none()
        .then_some((kind, part, runs.then_some(today)))
}

/// Who records, and when.
#[derive(Clone, Copy, Debug)]
pub struct By {
    /// The worker.
    pub user: UserId,
    /// The instant.
    pub at: Instant,
}

/// What stands against an entry about liaison or a meeting.
pub fn check_liaison(form: &NewLiaison, today: Date) -> Problems {
    let result = without_label(&form.result);
    let entered = Entered {
        on: without_label(&form.held_on),
        result,
        reason: form.reason.is_some(),
        cancelled_by: form.cancelled_by.is_some(),
    };
    let mut problems = problems(entered, today);
    let serves = form.serves.as_ref().map_or(0, |some| some.expose().0.len());
    problems.extend(liaison_problems(result == Some(Outcome::Held), serves));
    problems
}

/// What stands against an entry about a contact with the client.
pub fn check_client(form: &NewClientContact, today: Date) -> Problems {
    let entered = Entered {
        on: without_label(&form.held_on),
        result: without_label(&form.result),
        reason: form.reason.is_some(),
        cancelled_by: form.cancelled_by.is_some(),
    };
    problems(entered, today)
}

/// R131: an invitation without an answer, or none at all, says why.
///
/// Source: safe-together-london-2023.md 661.
pub fn check_invitation(form: &NewInvitation, today: Date) -> Problems {
    let entered = Entered {
        on: without_label(&form.held_on),
        result: None,
        reason: form.reason.is_some(),
        cancelled_by: false,
    };
    let mut problems = problems(entered, today);
    let unexplained = matches!(
        without_label(&form.response),
        Some(Response::NoAnswer | Response::NotInvited)
    );
    if unexplained && form.reason.is_none() {
        problems.push(Problem::missing(
            "reason",
            "Say why there is no answer, or why it would not be safe",
        ));
    }
    problems
}

/// What stands against an entry about a contact with the survivor and children.
pub fn check_visit(form: &NewVisit, today: Date) -> Problems {
    let result = without_label(&form.result);
    let entered = Entered {
        on: without_label(&form.held_on),
        result,
        reason: form.reason.is_some(),
        cancelled_by: form.cancelled_by.is_some(),
    };
    let mut problems = problems(entered, today);
    problems.extend(place_problems(
        without_label(&form.method) == Some(Method::FaceToFace),
        result == Some(Outcome::Held),
        form.safe_place.is_some(),
    ));
    if form.consulted.is_some() && form.exercise.is_none() {
        problems.push(Problem::missing("exercise", "Say which exercise it was"));
    }
    problems
}

/// What stands against a confirmation.
pub fn check_confirmation(form: &NewConfirmation, today: Date) -> Problems {
    let entered = Entered {
        on: without_label(&form.held_on),
        ..Entered::default()
    };
    problems(entered, today)
}

/// The entry of a form about liaison or a meeting, if it says enough.
pub fn liaison(form: NewLiaison, id: ContactId, by: By) -> Option<Contact> {
    Some(Contact {
        serves: form.serves,
        reason: form.reason,
        cancelled_by: form.cancelled_by,
        took_part: form.took_part,
        body: form.body,
        briefed: form.briefed,
        planned: form.planned,
        key_risks: form.key_risks,
        discuss: form.discuss,
        misuse_checked: form.misuse_checked,
        misuse: form.misuse,
        ..blank(
            About::Liaison,
            id,
            by,
            form.held_on?,
            form.method?,
            form.result?,
        )
    })
}

/// The entry of a form about a contact with the client, if it says enough.
pub fn client(form: NewClientContact, id: ContactId, by: By) -> Option<Contact> {
    Some(Contact {
        reason: form.reason,
        cancelled_by: form.cancelled_by,
        body: form.body,
        misuse_checked: form.misuse_checked,
        misuse: form.misuse,
        ..blank(
            About::Client,
            id,
            by,
            form.held_on?,
            form.method?,
            form.result?,
        )
    })
}

/// The entry of a form about an invitation, if it says enough.
pub fn invitation(form: NewInvitation, id: ContactId, by: By) -> Option<Contact> {
    let response = form.response?;
    let result = response.map(|response| match response {
        Response::Comes | Response::Declines => Outcome::Held,
        Response::NoAnswer | Response::NotInvited => Outcome::Attempted,
    });
    Some(Contact {
        reason: form.reason,
        invited_to: form.invited_to,
        response: Some(response),
        safety: form.safety,
        ..blank(
            About::Invitation,
            id,
            by,
            form.held_on?,
            form.method?,
            result,
        )
    })
}

fn blank(
    about: About,
    id: ContactId,
    by: By,
    on: Labelled<Date, Workers>,
    method: Labelled<Method, Workers>,
    result: Labelled<Outcome, Workers>,
) -> Contact {
    Contact {
        id,
        about,
        on,
        method,
        result,
        reason: None,
        cancelled_by: None,
        serves: None,
        took_part: None,
        body: None,
        briefed: None,
        planned: None,
        key_risks: None,
        discuss: None,
        misuse_checked: None,
        misuse: None,
        invited_to: None,
        response: None,
        safety: None,
        recorded_by: by.user,
        recorded_at: by.at,
        back: None,
    }
}

/// Who was ticked, as survivors and children of the case; a problem if it is nobody of them.
pub fn ticked(
    who: Option<&Labelled<Many<Who>, Survivor>>,
    people: &[(PartId, bool)],
) -> Result<(Vec<PartId>, Vec<PartId>), Problem> {
    let ticked: Vec<PartId> = who.map_or_else(Vec::new, |who| {
        who.expose().0.iter().map(|who| who.0).collect()
    });
    let (mut survivors, mut children) = (Vec::new(), Vec::new());
    for part in &ticked {
        match people.iter().find(|(id, _)| id == part) {
            Some((_, true)) if !children.contains(part) => children.push(*part),
            Some((_, false)) if !survivors.contains(part) => survivors.push(*part),
            Some(_) => {}
            None => {
                return Err(Problem::new(
                    "who",
                    "One of the people ticked is not of this household: choose again",
                ));
            }
        }
    }
    if survivors.is_empty() && children.is_empty() {
        return Err(Problem::missing("who", "Choose with whom the contact was"));
    }
    Ok((survivors, children))
}

/// The contact of a form with those who were ticked, if it says enough.
pub fn visit(form: NewVisit, id: VisitId, who: (Vec<PartId>, Vec<PartId>)) -> Option<Visit> {
    Some(Visit {
        survivors: who.0,
        children: who.1,
        method: Some(form.method?),
        reason: form.reason,
        cancelled_by: form.cancelled_by,
        alone: form.alone,
        safe_place: form.safe_place,
        place: form.place,
        voice: form.voice,
        child_voice: form.child_voice,
        body: form.body,
        expectations: form.expectations,
        misuse_checked: form.misuse_checked,
        misuse: form.misuse,
        exercise: form.exercise,
        consulted: form.consulted,
        ..Visit::new(id, form.held_on?, form.result?)
    })
}

/// The lead worker's own contact as it was confirmed: held, and nothing of its content.
pub fn confirmed(
    form: NewConfirmation,
    id: VisitId,
    who: (Vec<PartId>, Vec<PartId>),
) -> Option<Visit> {
    Some(Visit {
        survivors: who.0,
        children: who.1,
        confirmed_by: Some(form.confirmed_by?),
        ..Visit::new(id, form.held_on?, Labelled::new(Outcome::Held))
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn r131_an_invitation_without_an_answer_says_why() {
        let reason = || Some(Labelled::new("It would not be safe".to_owned()));
        for (response, reason, wrong) in [
            (Response::NoAnswer, None, true),
            (Response::NotInvited, None, true),
            (Response::NoAnswer, reason(), false),
            (Response::NotInvited, reason(), false),
        ] {
            let form = NewInvitation {
                held_on: Some(Labelled::new(date(2026, 10, 12))),
                response: Some(Labelled::new(response)),
                reason,
                ..NewInvitation::default()
            };
            let problems = check_invitation(&form, date(2026, 10, 14));
            assert_eq!(!problems.is_empty(), wrong, "{response:?}");
        }
    }

    #[test]
    fn r130_what_did_not_take_place_says_why() {
        let today = date(2026, 10, 14);
        let entry = |result, reason, cancelled_by| Entered {
            on: Some(today),
            result: Some(result),
            reason,
            cancelled_by,
        };
        for (entered, wrong) in [
            (entry(Outcome::Held, false, false), 0),
            (entry(Outcome::Attempted, false, false), 1),
            (entry(Outcome::Attempted, true, false), 0),
            (entry(Outcome::Cancelled, false, false), 2),
            (entry(Outcome::Cancelled, true, true), 0),
        ] {
            assert_eq!(problems(entered, today).len(), wrong, "{entered:?}");
        }
        let ahead = Entered {
            on: Some(date(2026, 10, 15)),
            ..entry(Outcome::Held, false, false)
        };
        assert_eq!(problems(ahead, today).len(), 1);
    }

    #[test]
    fn r018_what_was_held_says_as_what_it_counts() {
        for (held, serves, wrong) in [
            (true, 0, true),
            (true, 1, false),
            (true, 2, false),
            (false, 0, false),
        ] {
            assert_eq!(liaison_problems(held, serves).is_some(), wrong);
        }
    }

    #[test]
    fn r019_a_meeting_in_one_place_says_whether_it_was_safe() {
        for (face, held, said, wrong) in [
            (true, true, false, true),
            (true, true, true, false),
            (false, true, false, false),
            (true, false, false, false),
        ] {
            assert_eq!(place_problems(face, held, said).is_some(), wrong);
        }
    }

    #[test]
    fn the_form_of_a_duty_knows_for_what_it_is() {
        let part = PartId::new();
        let today = date(2026, 10, 14);
        for (key, expected) in [
            (
                "liaison.2026-10-12".to_owned(),
                Some((SeriesKind::Liaison, None, Some(today))),
            ),
            (
                "meeting.2026-10-05".to_owned(),
                Some((SeriesKind::Meeting, None, None)),
            ),
            (
                format!("contact.{part}.2026-10-12"),
                Some((SeriesKind::Contact, Some(part), Some(today))),
            ),
            ("contact.x.2026-10-12".to_owned(), None),
            ("liaison.2026-10-12.1".to_owned(), None),
            ("acknowledgement".to_owned(), None),
            (String::new(), None),
        ] {
            assert_eq!(asked(&key, today), expected, "{key}");
        }
    }
}
