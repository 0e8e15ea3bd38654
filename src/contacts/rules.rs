//! The weekly rhythm and what an entry about a contact needs. Pure.

use std::collections::BTreeMap;

use jiff::{Span, Timestamp, civil::Date};
use kernel::{
    access::Tie,
    calendar::Calendar,
    deadline::{Due, london_date, start_of},
    form::{Many, Problem, Problems, without_label},
    ids::UserId,
    label::{Labelled, Survivor, Workers},
    time::Instant,
};
use serde::{Deserialize, Serialize};

use super::model::{
    About, Contact, ContactId, Method, NewClientContact, NewConfirmation, NewInvitation,
    NewLiaison, NewVisit, Outcome, Response, Visit, VisitId, Who,
};
use crate::{
    duties::{
        facts::Facts,
        model::{Duty, Met},
        settings::{Dated, Kind, Setting},
    },
    interventions,
    people::model::PartId,
};

/// A week from Monday to Sunday by the London date, counted from that of 5 January 1970. Bank
/// holidays change nothing about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Week(i32);

/// The Monday of week 0.
const FIRST: Date = Date::constant(1970, 1, 5);

/// Days since [`FIRST`].
fn number(day: Date) -> i32 {
    FIRST.until(day).map_or(0, |span| span.get_days())
}

fn day(number: i32) -> Date {
    FIRST.saturating_add(Span::new().days(number))
}

impl Week {
    /// The week in which `day` lies.
    pub fn of(day: Date) -> Self {
        Self(number(day).div_euclid(7))
    }

    /// Its Monday.
    pub fn monday(self) -> Date {
        day(self.0.saturating_mul(7))
    }

    /// Its Sunday.
    pub fn sunday(self) -> Date {
        day(self.0.saturating_mul(7).saturating_add(6))
    }

    /// The week `weeks` later, or earlier.
    #[must_use]
    pub fn plus(self, weeks: i32) -> Self {
        Self(self.0.saturating_add(weeks))
    }

    /// The weeks from this one to `last`, both included.
    pub fn to(self, last: Self) -> impl DoubleEndedIterator<Item = Self> + Clone {
        (self.0..=last.0).map(Self)
    }
}

/// One contact that was held: on which day, entered on which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Held {
    /// The day on which that was entered.
    pub entered: Date,
    /// The day on which it was held.
    pub on: Date,
}

/// The weeks in which something was held, small enough to be kept for years: one letter for each
/// week from the first to the last, and the day of entry only where it came after the week.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Weeks {
    /// The week of the first letter.
    from: Option<Week>,
    /// `.` for nothing held; `0` to `6` for the day from Monday; `a` to `g` for the same day,
    /// entered after the week.
    days: String,
    /// The days of entry of those, in their order.
    late: Vec<(Week, Date)>,
}

const NOTHING: u8 = b'.';

impl Weeks {
    /// The weeks of what was held. Of several contacts in one week that counts which was entered
    /// first: it is what shows that the week was kept in time.
    pub fn of(all: impl IntoIterator<Item = Held>) -> Self {
        let mut weeks: BTreeMap<Week, Held> = BTreeMap::new();
        for held in all {
            weeks
                .entry(Week::of(held.on))
                .and_modify(|best| *best = held.min(*best))
                .or_insert(held);
        }
        let Some((from, last)) = weeks
            .first_key_value()
            .zip(weeks.last_key_value())
            .map(|((from, _), (last, _))| (*from, *last))
        else {
            return Self::default();
        };
        let mut late = Vec::new();
        let days = from
            .to(last)
            .map(|week| {
                let Some(held) = weeks.get(&week) else {
                    return char::from(NOTHING);
                };
                let offset = u8::try_from(held.on.weekday().to_monday_zero_offset()).unwrap_or(0);
                if held.entered <= week.sunday() {
                    char::from(b'0'.saturating_add(offset))
                } else {
                    late.push((week, held.entered));
                    char::from(b'a'.saturating_add(offset))
                }
            })
            .collect();
        Self {
            from: Some(from),
            days,
            late,
        }
    }

    /// The letter of a week.
    fn letter(&self, week: Week) -> u8 {
        self.from
            .and_then(|from| usize::try_from(week.0.checked_sub(from.0)?).ok())
            .and_then(|at| self.days.as_bytes().get(at).copied())
            .unwrap_or(NOTHING)
    }

    /// Whether the week was kept and entered in time.
    fn in_time(&self, week: Week) -> bool {
        self.letter(week).is_ascii_digit()
    }

    /// What was held in a week.
    pub fn held(&self, week: Week) -> Option<Held> {
        let letter = self.letter(week);
        let (first, late) = match letter {
            b'0'..=b'6' => (b'0', false),
            b'a'..=b'g' => (b'a', true),
            _ => return None,
        };
        let on = day(week
            .0
            .saturating_mul(7)
            .saturating_add(letter.saturating_sub(first).into()));
        let entered = if late {
            self.late
                .iter()
                .find(|(of, _)| *of == week)
                .map_or(Date::MAX, |(_, entered)| *entered)
        } else {
            on
        };
        Some(Held { entered, on })
    }
}

/// Somebody with whom there is a contact each week: the survivor, each child.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who.
    pub part: PartId,
    /// Whether it is a child.
    pub child: bool,
    /// The day of birth, where it is known to the day.
    pub born: Option<Date>,
    /// The day on which somebody was added to the case after it opened.
    pub added: Option<Date>,
    /// The weeks in which there was a contact.
    pub weeks: Weeks,
}

impl Person {
    /// From which day a contact each week is owed: from birth for a child born while the work is
    /// open, whenever that is entered; from the day on which it is entered for anybody else who
    /// joins; else from the opening.
    fn since(&self, opened: Date) -> Date {
        match (self.born, self.added) {
            (Some(born), _) if self.child && born > opened => born,
            (_, Some(added)) => added.max(opened),
            (_, None) => opened,
        }
    }
}

/// What is known of a case, as far as duties depend on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Known {
    /// With whom there is a contact each week.
    pub people: Vec<Person>,
    /// The weeks in which the professionals spoke (R017).
    pub liaison: Weeks,
    /// The weeks in which they met (R018).
    pub meeting: Weeks,
}

/// The least days of a week on which the work is open and not paused for the week to owe anything.
const LEAST: Setting = Setting {
    name: "part_week_days",
    what: "The fewest days of a week on which the work is open and not paused for the week to owe \
           contact, liaison and meeting (R015, R017, R018)",
    kind: Kind::Number(1, 7),
    default: Some("4"),
};

/// The same where nothing was set.
const LEAST_UNSET: u32 = 4;

/// What a partnership may set.
pub const SETTINGS: &[Setting] = &[LEAST];

/// What a week owes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owes {
    /// A contact.
    Contact,
    /// Nothing: the work is open for fewer days.
    PartWeek,
    /// Nothing: the work is paused for too many of them.
    Paused,
    /// Nothing: the work is not open.
    Nothing,
}

/// When the work ran.
#[derive(Clone, Debug)]
pub struct Work {
    opened: i32,
    ended: i32,
    pauses: Vec<(i32, i32)>,
}

impl Work {
    /// When the work of a case ran, if it opened.
    pub fn of(facts: &Facts) -> Option<Self> {
        let known: &interventions::rules::Known = &facts.intervention;
        let opened = number(known.opened?.day());
        let last = |met: Option<Met>| met.map_or(i32::MAX, |met| number(met.day()));
        Some(Self {
            opened,
            ended: last(known.ended).min(last(facts.closure.closed)),
            pauses: known
                .pauses
                .iter()
                .map(|(from, until)| (number(*from), until.map_or(i32::MAX, number)))
                .collect(),
        })
    }

    /// The first day.
    pub fn opened(&self) -> Date {
        day(self.opened)
    }

    /// The weeks in which the work ran, up to the week of `today`; none if it had not begun.
    pub fn weeks(&self, today: Date) -> Option<(Week, Week)> {
        let first = Week(self.opened.div_euclid(7));
        let last = Week::of(today).min(Week(self.ended.div_euclid(7)));
        (first <= last).then_some((first, last))
    }

    /// What a week owes to somebody who is there from the day `since`.
    ///
    /// `design.md` 6: a first or last part-week under 4 days owes nothing, and leave, hospital and
    /// custody are dated waivers. One rule says both: a week owes when the work is open, and not
    /// paused, on at least `least` of its days. Of what has not ended, days ahead count as open,
    /// unless a pause covers them.
    fn owes(&self, week: Week, since: i32, least: u32) -> Owes {
        let monday = week.0.saturating_mul(7);
        let bits = |from: i32, until: i32| -> u8 {
            let from = from.max(monday).saturating_sub(monday);
            let until = until.min(monday.saturating_add(6)).saturating_sub(monday);
            (from..=until).fold(0, |bits, at| bits | 1_u8.unbounded_shl(at.unsigned_abs()))
        };
        let open = bits(self.opened.max(since), self.ended);
        if open == 0 {
            return Owes::Nothing;
        }
        if open.count_ones() < least {
            return Owes::PartWeek;
        }
        let paused = self
            .pauses
            .iter()
            .fold(0, |all, (from, until)| all | bits(*from, *until));
        if (open & !paused).count_ones() < least {
            Owes::Paused
        } else {
            Owes::Contact
        }
    }
}

/// One weekly duty of a case, with the weeks in which it was done.
#[derive(Clone, Copy, Debug)]
pub struct Series<'a> {
    /// What begins its keys.
    pub kind: SeriesKind,
    /// With whom.
    pub part: Option<PartId>,
    since: i32,
    weeks: &'a Weeks,
}

/// What is done each week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeriesKind {
    /// A contact with the survivor or a child (R015).
    Contact,
    /// Liaison between professionals (R017).
    Liaison,
    /// A professionals' meeting (R018).
    Meeting,
}

impl SeriesKind {
    /// With what its keys begin.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Liaison => "liaison",
            Self::Meeting => "meeting",
        }
    }
}

impl Series<'_> {
    /// The name of the duty of a week.
    pub fn key(&self, week: Week) -> String {
        let monday = week.monday();
        match self.part {
            Some(part) => format!("{}.{part}.{monday}", self.kind.code()),
            None => format!("{}.{monday}", self.kind.code()),
        }
    }

    /// What was held in a week.
    pub fn held(&self, week: Week) -> Option<Held> {
        self.weeks.held(week)
    }

    /// What a week owes.
    pub fn owes(&self, work: &Work, week: Week, dated: &[Dated]) -> Owes {
        work.owes(week, self.since, least(dated, week))
    }

    fn duty(&self, week: Week) -> Duty {
        let (what, rule, place, owner) = match self.kind {
            SeriesKind::Contact => (
                "Weekly contact",
                "R015",
                "/apart/contacts/new?for=",
                Tie::SurvivorLine,
            ),
            SeriesKind::Liaison => (
                "Weekly liaison between professionals",
                "R017",
                "/contacts/liaison?for=",
                Tie::ClientLine,
            ),
            SeriesKind::Meeting => (
                "Weekly professionals’ meeting",
                "R018",
                "/contacts/liaison?for=",
                Tie::ClientLine,
            ),
        };
        Duty {
            key: self.key(week).into(),
            what,
            about: self.part,
            apart: self.kind == SeriesKind::Contact,
            rule,
            place,
            owner,
            due: Due::EndOf(week.sunday()),
            reaches: None,
            met: self.weeks.held(week).map(|held| Met {
                at: start_of(held.on),
                entered: start_of(held.entered),
            }),
            waived: false,
        }
    }
}

/// The weekly duties of a case: each person first, then liaison and meeting.
pub fn series<'a>(known: &'a Known, work: &Work) -> Vec<Series<'a>> {
    let mut all = kept_series(known, Some(work));
    all.extend(shared_series(known));
    all
}

/// Those of which only the survivor's side knows: one for each person.
pub fn kept_series<'a>(known: &'a Known, work: Option<&Work>) -> Vec<Series<'a>> {
    known
        .people
        .iter()
        .map(|person| Series {
            kind: SeriesKind::Contact,
            part: Some(person.part),
            since: work.map_or(i32::MIN, |work| number(person.since(work.opened()))),
            weeks: &person.weeks,
        })
        .collect()
}

/// Those of which workers of both lines know.
pub fn shared_series(known: &Known) -> Vec<Series<'_>> {
    [
        (SeriesKind::Liaison, &known.liaison),
        (SeriesKind::Meeting, &known.meeting),
    ]
    .map(|(kind, weeks)| Series {
        kind,
        part: None,
        since: i32::MIN,
        weeks,
    })
    .to_vec()
}

/// What the setting says on the Monday of a week.
fn least(dated: &[Dated], week: Week) -> u32 {
    LEAST
        .number(dated, week.monday())
        .map_or(LEAST_UNSET, u32::from)
}

/// R015, R017, R018: each week in which the work is open, a contact with the survivor and one with
/// each child, a liaison of the professionals and a professionals' meeting.
///
/// Source: guidance-pack-2020.md 92 (at least one contact a week for the whole intervention), 93 (at
/// least one liaison a week), 300-302 (at least one professionals' meeting a week). Only what was
/// held counts, on any day of the week from Monday to Sunday. A part-week or a week that is mostly
/// paused owes nothing ([`Work::owes`]).
///
/// A week before the last one that was kept in time is not told: nothing can change about it, no
/// list shows it, and the picture of the rhythm does. What was missed, waived or recorded late is
/// told for ever.
pub fn duties(facts: &Facts, settings: &[Dated], _: &Calendar, now: Timestamp) -> Vec<Duty> {
    let Some(work) = Work::of(facts) else {
        return Vec::new();
    };
    let today = london_date(now);
    let Some((first, last)) = work.weeks(today) else {
        return Vec::new();
    };
    let recent = Week::of(today).plus(-1);
    let set = settings.iter().any(|set| set.name == LEAST.name);
    let mut duties = Vec::new();
    for series in series(&facts.contact, &work) {
        for week in first.to(last) {
            if week < recent && series.weeks.in_time(week) {
                continue;
            }
            let days = if set {
                least(settings, week)
            } else {
                LEAST_UNSET
            };
            if work.owes(week, series.since, days) == Owes::Contact {
                duties.push(series.duty(week));
            }
        }
    }
    duties
}

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
    use jiff::{ToSpan as _, civil::date};
    use proptest::prelude::*;

    use super::*;
    use crate::duties::model::State;

    fn held(on: Date, entered: Date) -> Held {
        Held { entered, on }
    }

    #[expect(clippy::unnecessary_wraps, reason = "as the facts have it")]
    fn met(on: Date) -> Option<Met> {
        Some(Met::on(on, start_of(on)))
    }

    fn noon(day: Date) -> Timestamp {
        start_of(day) + 12.hours()
    }

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

    /// The work opened on Monday 5 October 2026.
    fn facts() -> Facts {
        let mut facts = Facts::default();
        facts.intervention.opened = met(date(2026, 10, 5));
        facts
    }

    fn person(child: bool) -> Person {
        Person {
            part: PartId::new(),
            child,
            born: None,
            added: None,
            weeks: Weeks::default(),
        }
    }

    fn owed(facts: &Facts, now: Date) -> Vec<Duty> {
        let calendar = Calendar::default();
        let mut all = duties(facts, &[], &calendar, noon(now));
        all.retain(|duty| duty.met.is_none());
        all
    }

    fn of_kind<'a>(all: &'a [Duty], kind: &str) -> Vec<&'a str> {
        all.iter()
            .filter(|duty| duty.key.starts_with(kind))
            .filter_map(|duty| duty.key.rsplit('.').next())
            .collect()
    }

    #[test]
    fn weeks_run_from_monday_to_sunday() {
        for (on, monday) in [
            (date(1970, 1, 4), date(1969, 12, 29)),
            (date(1970, 1, 5), date(1970, 1, 5)),
            (date(2026, 10, 18), date(2026, 10, 12)),
            (date(2026, 10, 19), date(2026, 10, 19)),
        ] {
            assert_eq!(Week::of(on).monday(), monday, "{on}");
            assert_eq!(Week::of(on).sunday(), monday + 6.days());
        }
    }

    #[test]
    fn what_was_held_is_kept_small_and_whole() {
        let weeks = Weeks::of([
            held(date(2026, 10, 8), date(2026, 10, 8)),
            held(date(2026, 10, 6), date(2026, 10, 30)),
            held(date(2026, 10, 20), date(2026, 11, 9)),
        ]);
        let text = serde_json::to_string(&weeks).unwrap();
        assert!(text.contains("\"3.b\""), "{text}");
        let back: Weeks = serde_json::from_str(&text).unwrap();
        assert_eq!(back, weeks);
        let of = |day| weeks.held(Week::of(day));
        // The contact entered in time shows that the week was kept in time.
        let first = held(date(2026, 10, 8), date(2026, 10, 8));
        assert_eq!(of(date(2026, 10, 5)), Some(first));
        assert_eq!(of(date(2026, 10, 12)), None);
        let late = held(date(2026, 10, 20), date(2026, 11, 9));
        assert_eq!(of(date(2026, 10, 25)), Some(late));
        assert_eq!(of(date(2026, 9, 28)), None);
        assert_eq!(of(date(2026, 10, 26)), None);
    }

    #[test]
    fn r015_survivor_and_each_child_separately() {
        let mut facts = facts();
        let (mut survivor, child) = (person(false), person(true));
        survivor.weeks = Weeks::of([held(date(2026, 10, 7), date(2026, 10, 7))]);
        let (seen, unseen) = (survivor.part, child.part);
        facts.contact.people = vec![survivor, child];
        let all = duties(&facts, &[], &Calendar::default(), noon(date(2026, 10, 8)));
        let contact: Vec<_> = all.iter().filter(|duty| duty.rule == "R015").collect();
        assert_eq!(contact.len(), 2);
        assert!(contact.iter().all(|duty| duty.apart));
        for duty in contact {
            assert_eq!(duty.met.is_some(), duty.about == Some(seen));
            assert_eq!(duty.met.is_none(), duty.about == Some(unseen));
            assert_eq!(
                duty.key,
                format!("contact.{}.2026-10-05", duty.about.unwrap())
            );
        }
    }

    #[test]
    fn r015_two_survivors_owe_each_their_own() {
        let mut facts = facts();
        facts.contact.people = vec![person(false), person(false)];
        assert_eq!(
            of_kind(&owed(&facts, date(2026, 10, 8)), "contact").len(),
            2
        );
    }

    #[test]
    fn r015_a_child_owes_from_birth_and_others_from_their_entry() {
        let weeks = |born: Option<Date>, added: Option<Date>| {
            let mut facts = facts();
            facts.contact.people = vec![Person {
                born,
                added,
                ..person(true)
            }];
            of_kind(&owed(&facts, date(2026, 11, 4)), "contact").len()
        };
        // Five weeks run from 5 October to 8 November.
        assert_eq!(weeks(Some(date(2017, 6, 19)), None), 5);
        // Born on Thursday 15 October: that week has four days left. It was entered a week later.
        assert_eq!(weeks(Some(date(2026, 10, 15)), Some(date(2026, 10, 22))), 4);
        // Born on Friday 16 October: three days are left.
        assert_eq!(weeks(Some(date(2026, 10, 16)), Some(date(2026, 10, 22))), 3);
        // Known to the service since Monday 19 October.
        assert_eq!(weeks(Some(date(2017, 6, 19)), Some(date(2026, 10, 19))), 3);
        assert_eq!(weeks(None, Some(date(2026, 10, 19))), 3);
    }

    #[test]
    fn r017_liaison_is_owed_while_the_work_is_open_only() {
        let closed = |opened: Option<Date>, ended: Option<Date>| {
            let mut facts = Facts::default();
            facts.intervention.opened = opened.and_then(met);
            facts.intervention.ended = ended.and_then(met);
            let owed = owed(&facts, date(2026, 10, 21));
            of_kind(&owed, "liaison")
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        };
        let monday = Some(date(2026, 10, 5));
        for (opened, ended, weeks) in [
            (None, None, &[][..]),
            (monday, None, &["2026-10-05", "2026-10-12", "2026-10-19"]),
            // A first week of four days owes, one of three does not.
            (
                Some(date(2026, 10, 8)),
                None,
                &["2026-10-05", "2026-10-12", "2026-10-19"],
            ),
            (Some(date(2026, 10, 9)), None, &["2026-10-12", "2026-10-19"]),
            // A last week likewise.
            (
                monday,
                Some(date(2026, 10, 15)),
                &["2026-10-05", "2026-10-12"],
            ),
            (monday, Some(date(2026, 10, 14)), &["2026-10-05"]),
            (Some(date(2026, 10, 6)), Some(date(2026, 10, 7)), &[]),
        ] {
            assert_eq!(closed(opened, ended), weeks, "{opened:?} {ended:?}");
        }
    }

    #[test]
    fn r018_a_meeting_counts_as_liaison_only_where_it_is_recorded_as_both() {
        let mut facts = facts();
        let one = [held(date(2026, 10, 6), date(2026, 10, 6))];
        facts.contact.meeting = Weeks::of(one);
        let now = date(2026, 10, 8);
        assert_eq!(of_kind(&owed(&facts, now), "liaison").len(), 1);
        assert_eq!(of_kind(&owed(&facts, now), "meeting").len(), 0);
        facts.contact.liaison = Weeks::of(one);
        assert_eq!(owed(&facts, now), []);
    }

    #[test]
    fn r017_a_week_that_is_mostly_paused_owes_nothing() {
        for (from, until, owes) in [
            // The week of 12 October: three days off leave four.
            (12, Some(14), true),
            (12, Some(15), false),
            (16, Some(18), true),
            (15, Some(18), false),
            (12, None, false),
        ] {
            let mut facts = facts();
            let until = until.map(|day| date(2026, 10, day));
            facts.intervention.pauses = vec![(date(2026, 10, from), until)];
            let owed = owed(&facts, date(2026, 10, 20));
            let owed = of_kind(&owed, "liaison");
            assert_eq!(owed.contains(&"2026-10-12"), owes, "{from} {until:?}");
        }
        // Two short pauses in one week add up.
        let mut facts = facts();
        facts.intervention.pauses = vec![
            (date(2026, 10, 12), Some(date(2026, 10, 13))),
            (date(2026, 10, 17), Some(date(2026, 10, 18))),
        ];
        let owed = owed(&facts, date(2026, 10, 20));
        assert!(!of_kind(&owed, "liaison").contains(&"2026-10-12"));
    }

    #[test]
    fn r015_recorded_three_weeks_late_is_on_time_recorded_late() {
        let mut facts = facts();
        facts.contact.liaison = Weeks::of([held(date(2026, 10, 7), date(2026, 10, 28))]);
        let now = noon(date(2026, 10, 28));
        let all = duties(&facts, &[], &Calendar::default(), now);
        let first = all
            .iter()
            .find(|duty| duty.key == "liaison.2026-10-05")
            .unwrap();
        assert_eq!(first.state(now), State::OnTimeRecordedLate);
        assert!(!first.passed(now));
    }

    #[test]
    fn r017_bank_holidays_change_nothing() {
        // The week of Christmas 2026 has two, that of Easter 2026 (3 and 6 April) one in each of two.
        for (opened, now) in [
            (date(2026, 12, 21), date(2026, 12, 30)),
            (date(2026, 3, 30), date(2026, 4, 8)),
        ] {
            let mut facts = Facts::default();
            facts.intervention.opened = met(opened);
            let plain = owed(&facts, now);
            let closed = Calendar::default().with_closures([opened, opened + 1.day()]);
            let mut with = duties(&facts, &[], &closed, noon(now));
            with.retain(|duty| duty.met.is_none());
            assert_eq!(plain, with);
            assert_eq!(of_kind(&plain, "liaison").len(), 2);
        }
    }

    #[test]
    fn r015_the_setting_of_the_week_applies() {
        let mut facts = Facts::default();
        // Friday: three days of the week are left.
        facts.intervention.opened = met(date(2026, 10, 9));
        let set = [Dated {
            name: "part_week_days".to_owned(),
            from: date(2026, 10, 1),
            value: "3".to_owned(),
        }];
        let with = duties(&facts, &set, &Calendar::default(), noon(date(2026, 10, 10)));
        assert_eq!(of_kind(&with, "liaison"), ["2026-10-05"]);
        assert_eq!(owed(&facts, date(2026, 10, 10)), []);
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

    /// The weeks owed by looking at one day after another: written apart from the rule.
    fn naive(
        opened: Date,
        ended: Option<Date>,
        pauses: &[(Date, Option<Date>)],
        held: &[(Date, Date)],
        today: Date,
    ) -> BTreeMap<Date, Option<Date>> {
        let mut worked: BTreeMap<Date, u32> = BTreeMap::new();
        let mut on = opened;
        let horizon = today + 14.days();
        while on <= horizon && ended.is_none_or(|ended| on <= ended) {
            let back = i64::from(on.weekday().to_monday_zero_offset());
            let monday = on - back.days();
            let rests = pauses
                .iter()
                .any(|(from, until)| *from <= on && until.is_none_or(|until| on <= until));
            let days = worked.entry(monday).or_default();
            if !rests {
                *days += 1;
            }
            on += 1.day();
        }
        worked
            .into_iter()
            .filter(|(monday, days)| *days >= 4 && *monday <= today)
            .map(|(monday, _)| {
                let first = held
                    .iter()
                    .filter(|(on, _)| monday <= *on && *on <= monday + 6.days())
                    .map(|(_, entered)| *entered)
                    .min();
                (monday, first)
            })
            .collect()
    }

    proptest! {
        #[test]
        fn r015_r017_r018_agree_with_an_independent_model(
            opened in 0_i64..40,
            ran in proptest::option::of(0_i64..120),
            pauses in proptest::collection::vec((0_i64..120, proptest::option::of(0_i64..30)), 0..4),
            held in proptest::collection::vec((0_i64..140, 0_i64..40), 0..40),
            now in 0_i64..150,
        ) {
            let start = date(2026, 9, 1);
            let opened = start + opened.days();
            let ended = ran.map(|days| opened + days.days());
            let pauses: Vec<(Date, Option<Date>)> = pauses
                .into_iter()
                .map(|(from, days)| {
                    let from = start + from.days();
                    (from, days.map(|days| from + days.days()))
                })
                .collect();
            let held: Vec<(Date, Date)> = held
                .into_iter()
                .map(|(on, later)| {
                    let on = start + on.days();
                    (on, on + later.days())
                })
                .collect();
            let today = start + now.days();
            let mut facts = Facts::default();
            facts.intervention.opened = met(opened);
            facts.intervention.ended = ended.and_then(met);
            facts.intervention.pauses.clone_from(&pauses);
            facts.contact.liaison = Weeks::of(held.iter().map(|(on, entered)| Held { entered: *entered, on: *on }));
            let text = serde_json::to_string(&facts).unwrap();
            let facts: Facts = serde_json::from_str(&text).unwrap();
            let expected = naive(opened, ended, &pauses, &held, today);
            let told: BTreeMap<Date, Option<Date>> = duties(&facts, &[], &Calendar::default(), noon(today))
                .into_iter()
                .filter(|duty| duty.key.starts_with("liaison"))
                .map(|duty| {
                    let monday: Date = duty.key.rsplit('.').next().unwrap().parse().unwrap();
                    let entered = duty.met.map(|met| london_date(met.entered));
                    (monday, entered)
                })
                .collect();
            let recent = Week::of(today).plus(-1).monday();
            for (monday, entered) in &expected {
                let sunday = *monday + 6.days();
                match (entered, told.get(monday)) {
                    // Kept in time long ago: not told any more.
                    (Some(entered), None) => prop_assert!(*entered <= sunday && *monday < recent),
                    (Some(entered), Some(Some(said))) if *entered > sunday => prop_assert_eq!(entered, said),
                    (Some(_), Some(Some(said))) => prop_assert!(*said <= sunday && *monday >= recent),
                    (None, Some(None)) => {}
                    other => prop_assert!(false, "{}: {:?}", monday, other),
                }
            }
            prop_assert!(told.keys().all(|monday| expected.contains_key(monday)));
        }
    }

    #[test]
    fn a_case_of_eighteen_months_costs_microseconds() {
        let mut facts = Facts::default();
        facts.intervention.opened = met(date(2025, 4, 7));
        let weekly = || {
            Weeks::of((0..78).map(|week| {
                let on = date(2025, 4, 9) + (week * 7_i64).days();
                held(on, on)
            }))
        };
        facts.contact.people = [false, true, true]
            .map(|child| Person {
                weeks: weekly(),
                ..person(child)
            })
            .to_vec();
        facts.contact.liaison = weekly();
        facts.contact.meeting = weekly();
        assert!(serde_json::to_string(&facts.contact).unwrap().len() < 1500);
        let now = noon(date(2026, 10, 2));
        let calendar = Calendar::default();
        let told = duties(&facts, &[], &calendar, now);
        // This week and the last one of each of five, and nothing of the 76 before.
        assert_eq!(told.len(), 10);
        let begun = std::time::Instant::now();
        for _ in 0..200 {
            std::hint::black_box(duties(std::hint::black_box(&facts), &[], &calendar, now));
        }
        let each = begun.elapsed() / 200;
        eprintln!("18 months: {each:?} a case");
        assert!(each.as_micros() < 2_000, "{each:?}");
    }
}
