//! When the intensive work may open, and whether it runs. Pure.

use jiff::{Timestamp, civil::Date};
use kernel::{
    access::Tie,
    calendar::Calendar,
    deadline::london_date,
    form::{Problem, Problems},
    label::{Labelled, Workers},
};
use serde::{Deserialize, Serialize};

use super::model::{PauseReason, StepKind};
use crate::{
    duties::{
        facts::Facts,
        model::{Duty, Met},
        settings::{Dated, Kind, Setting},
    },
    suitability::rules::Outcome,
};

/// What is known of a case, as far as duties depend on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Known {
    /// When the client's side asked that it be opened, if that stands.
    pub asked: Option<Met>,
    /// When it opened: when the survivor's side said that it may begin.
    pub opened: Option<Met>,
    /// When it ended.
    pub ended: Option<Met>,
    /// Its pauses: the first day, and the last if it is known.
    pub pauses: Vec<(Date, Option<Date>)>,
    /// Whether a lead worker said that the statutory case stays open (R016).
    pub stays_open: bool,
}

impl Known {
    /// Whether it is paused on `day`.
    pub fn is_paused_on(&self, day: Date) -> bool {
        self.pauses
            .iter()
            .any(|(from, until)| *from <= day && until.is_none_or(|until| day <= until))
    }

    /// Whether it is open: opened and not ended, paused or not.
    pub fn is_open(&self) -> bool {
        self.opened.is_some() && self.ended.is_none()
    }

    /// Whether a request to open waits for the survivor's side.
    pub fn is_asked(&self) -> bool {
        self.asked.is_some() && self.opened.is_none()
    }
}

/// A step as far as rules depend on it; what was taken back is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// What happened.
    pub kind: StepKind,
    /// On which day.
    pub on: Date,
    /// Until which day.
    pub until: Option<Date>,
    /// When that was entered.
    pub entered: Timestamp,
}

/// What follows from the steps.
pub fn known(steps: &[Told]) -> Known {
    let first = |kind| {
        steps
            .iter()
            .filter(move |step| step.kind == kind)
            .min_by_key(|step| step.on)
    };
    let met = |step: &Told| Met::on(step.on, step.entered);
    let resumed = |from: Date| {
        steps
            .iter()
            .filter(|step| step.kind == StepKind::Resumed && step.on > from)
            .map(|step| step.on)
            .min()
            .and_then(|day| day.yesterday().ok())
    };
    let mut pauses: Vec<(Date, Option<Date>)> = steps
        .iter()
        .filter(|step| step.kind == StepKind::Paused)
        .map(|step| {
            let until = match (step.until, resumed(step.on)) {
                (Some(until), Some(last)) => Some(until.min(last)),
                (until, last) => until.or(last),
            };
            (step.on, until)
        })
        .collect();
    pauses.sort_unstable();
    Known {
        asked: first(StepKind::Asked).map(met),
        opened: first(StepKind::Opened).map(met),
        ended: first(StepKind::Ended).map(met),
        pauses,
        stays_open: first(StepKind::StaysOpen).is_some(),
    }
}

/// A gate before the work opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gate {
    /// What stands there, in words that tell nothing of the survivor's answer.
    pub words: &'static str,
    /// Whether it is open.
    pub open: bool,
    /// Where it is opened, after `/cases/{case}`.
    pub place: &'static str,
}

/// R012, R016: the gates before the intensive work opens, each with where it stands.
///
/// Source: guidance-pack-2020.md 152, 165 and 294-296 (suitable, answers of both, not high risk), 92
/// (the lead worker stays for the whole of it). Which answers a programme needs is
/// `participation`'s to say: here is seen only whether they are complete (`design.md` 5).
pub fn gates(facts: &Facts) -> Vec<Gate> {
    let suitable = match facts.suitability.outcome {
        Some(Outcome::Suitable) => ("The intensive work is found suitable", true),
        Some(Outcome::NotSuitable) => (
            "The intensive work is found not suitable: version 1 of the plan stands",
            false,
        ),
        None => (
            "Whether the intensive work suits has not been decided",
            false,
        ),
    };
    let answers = if facts.participation.open {
        "The answers the programme needs are complete"
    } else {
        "The answers the programme needs are not complete"
    };
    let stays = if facts.intervention.stays_open {
        "The lead worker says that the statutory case stays open"
    } else {
        "The lead worker has not said that the statutory case stays open"
    };
    let risk = if facts.risk.high.is_none() {
        "Risk is not recorded as high"
    } else {
        "Risk is high: that needs another response than this service"
    };
    [
        (suitable.0, suitable.1, "/suitability"),
        (answers, facts.participation.open, "/participation"),
        (
            stays,
            facts.intervention.stays_open,
            "/interventions/stays-open",
        ),
        (risk, facts.risk.high.is_none(), "/risks"),
    ]
    .map(|(words, open, place)| Gate { words, open, place })
    .to_vec()
}

/// R012: what stands against opening on `day`: each gate that is not open, and a day before it was
/// decided that the work suits.
pub fn against_opening(facts: &Facts, day: Date) -> Problems {
    let mut problems: Problems = gates(facts)
        .into_iter()
        .filter(|gate| !gate.open)
        .map(|gate| Problem::new("", gate.words))
        .collect();
    if facts
        .suitability
        .decided
        .is_some_and(|decided| day < decided.day())
    {
        problems.push(Problem::new(
            "opened_on",
            "The day must not be before it was decided that the work suits",
        ));
    }
    problems
}

/// R012: what stands against the word of the survivor's side that the work may begin, on `day`. It
/// opens the work, so it is the one place where her answer itself is asked after: only her side is
/// told, and nobody else sees anything but that the word has not been given.
///
/// Source: guidance-pack-2020.md 152, 165, 294-296; `design.md` 5 (withdrawal stops new work that
/// depends on the answer, and changes nothing that the client's side can see), ADR 16. `so` is
/// whether the answers that the programme demands stand in truth.
pub fn against_beginning(facts: &Facts, so: bool, day: Date, today: Date) -> Problems {
    if facts.intervention.opened.is_some() {
        return vec![Problem::new("", "The intervention has been opened already")];
    }
    let Some(asked) = facts.intervention.asked else {
        return vec![Problem::new("", "Nobody has asked to open the work")];
    };
    if !so {
        let words = "An answer that the programme needs does not stand: the work cannot begin. If somebody withdrew, agree with the supervisor what happens";
        return vec![Problem::new("", words)];
    }
    let mut problems = against_opening(facts, day.max(asked.day()));
    let given = facts
        .participation
        .survivors
        .iter()
        .filter_map(|party| party.given);
    if given
        .max_by_key(|given| given.at)
        .is_some_and(|given| day < given.day())
    {
        let words = "The day must not be before the answer on which it stands";
        problems.push(Problem::new("ready_on", words));
    }
    if day > today {
        problems.push(Problem::new(
            "ready_on",
            "The day must not be in the future",
        ));
    }
    problems
}

/// What stands against a new step, given those before it and the day of `today`. Days that were
/// lived must not lie ahead; a pause may.
pub fn against(
    steps: &[Told],
    kind: StepKind,
    on: Date,
    until: Option<Date>,
    today: Date,
) -> Problems {
    let known = known(steps);
    let is_asked = known.is_asked();
    let opened = known.opened.map(Met::day);
    let ended = known.ended.is_some();
    let (field, wrong) = match kind {
        StepKind::StaysOpen if on > today => ("said_on", "That day must not be in the future"),
        StepKind::Asked | StepKind::Opened if opened.is_some() => {
            ("opened_on", "The intervention has been opened already")
        }
        StepKind::Asked if is_asked => (
            "opened_on",
            "It was asked before, and waits for the other side. Take that back first if the day is wrong",
        ),
        StepKind::Asked | StepKind::Opened if on > today => {
            ("opened_on", "The day of opening must not be in the future")
        }
        StepKind::Paused | StepKind::Resumed | StepKind::Ended if opened.is_none() => {
            ("", "The intervention has not been opened")
        }
        StepKind::Paused | StepKind::Resumed | StepKind::Ended if ended => {
            ("", "The intervention has ended")
        }
        StepKind::Paused if opened.is_some_and(|opened| on < opened) => (
            "from",
            "The first day of the pause must not be before the intervention opened",
        ),
        StepKind::Paused if until.is_some_and(|until| until < on) => {
            ("until", "The last day must not be before the first")
        }
        StepKind::Paused if overlaps(&known.pauses, on, until) => (
            "from",
            "The intervention is paused on some of these days already",
        ),
        StepKind::Resumed if on > today => (
            "resumed_on",
            "The day on which the work went on must not be in the future",
        ),
        StepKind::Resumed
            if !known
                .pauses
                .iter()
                .any(|(from, until)| *from < on && until.is_none_or(|until| on <= until)) =>
        {
            (
                "resumed_on",
                "The intervention was not paused on the day before: look at the days of the pause",
            )
        }
        StepKind::Ended if on > today => ("ended_on", "The last day must not be in the future"),
        StepKind::Ended if opened.is_some_and(|opened| on < opened) => (
            "ended_on",
            "The last day must not be before the intervention opened",
        ),
        _ => return Problems::new(),
    };
    vec![Problem::new(field, wrong)]
}

fn overlaps(pauses: &[(Date, Option<Date>)], on: Date, until: Option<Date>) -> bool {
    pauses.iter().any(|(from, last)| {
        last.is_none_or(|last| on <= last) && until.is_none_or(|until| *from <= until)
    })
}

/// A pause for another reason says which.
pub fn unexplained(
    why: Option<&Labelled<PauseReason, Workers>>,
    words: Option<&Labelled<String, Workers>>,
) -> Option<Problem> {
    (why.is_some_and(|why| *why.expose() == PauseReason::Other) && words.is_none()).then(|| {
        Problem::missing(
            "words",
            "Write down the other reason for which the work pauses",
        )
    })
}

/// Why a step cannot be taken back while `rest` stands, if it cannot.
pub fn stands_on(kind: StepKind, rest: &[Told]) -> Option<&'static str> {
    let follows = |kinds: &[StepKind]| rest.iter().any(|step| kinds.contains(&step.kind));
    match kind {
        StepKind::Asked if follows(&[StepKind::Opened]) => {
            Some("The work was opened on it: take the opening back first")
        }
        StepKind::Opened if follows(&[StepKind::Paused, StepKind::Resumed, StepKind::Ended]) => {
            Some("Take back first what followed: pauses, resumptions and the ending")
        }
        StepKind::Paused if follows(&[StepKind::Resumed]) && !follows(&[StepKind::Paused]) => {
            Some("Take back the resumption first")
        }
        _ => None,
    }
}

const LET_BEGIN: Setting = Setting {
    name: "let_begin",
    what: "How soon the survivor’s side says whether the work may begin, once it was asked (R012); no duty while it is not set",
    kind: Kind::Within,
    default: None,
};

/// What a partnership may set.
pub const SETTINGS: &[Setting] = &[LET_BEGIN];

/// R012: what is owed: the word of the survivor's side once the opening was asked for, where the
/// partnership sets a time; the sources give none. It is kept apart: that it is late would tell that
/// something is amiss on her side. The weekly rhythm that runs while the work is open is owed by
/// `contacts`.
pub fn duties(facts: &Facts, settings: &[Dated], calendar: &Calendar, _: Timestamp) -> Vec<Duty> {
    let known = &facts.intervention;
    let over = facts.withdrawn || facts.closure.closed.is_some();
    let Some(asked) = known.asked.filter(|_| known.opened.is_some() || !over) else {
        return Vec::new();
    };
    let Some(within) = LET_BEGIN.within(settings, london_date(asked.entered)) else {
        return Vec::new();
    };
    vec![Duty {
        key: "let-begin".into(),
        what: "Say whether the work may begin",
        about: None,
        apart: true,
        rule: "R012",
        place: "/apart/interventions",
        owner: Tie::SurvivorLine,
        due: within.due(asked.entered, calendar),
        reaches: None,
        met: known.opened,
        waived: false,
    }]
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::deadline::{Due, start_of};

    use super::*;
    use crate::participation::rules::Party;

    fn told(kind: StepKind, on: i8, until: Option<i8>) -> Told {
        Told {
            kind,
            on: date(2026, 10, on),
            until: until.map(|day| date(2026, 10, day)),
            entered: start_of(date(2026, 10, 28)),
        }
    }

    use StepKind::{Asked, Ended, Opened, Paused, Resumed, StaysOpen};

    #[test]
    fn what_follows_from_the_steps() {
        let known = known(&[
            told(StaysOpen, 1, None),
            told(Opened, 5, None),
            told(Paused, 7, Some(12)),
            told(Resumed, 10, None),
            told(Paused, 14, None),
            told(Resumed, 20, None),
            told(Paused, 25, None),
        ]);
        assert!(known.stays_open && known.is_open());
        assert_eq!(
            known.pauses,
            [
                (date(2026, 10, 7), Some(date(2026, 10, 9))),
                (date(2026, 10, 14), Some(date(2026, 10, 19))),
                (date(2026, 10, 25), None),
            ]
        );
        for (day, paused) in [
            (6, false),
            (7, true),
            (9, true),
            (10, false),
            (19, true),
            (20, false),
            (28, true),
        ] {
            assert_eq!(known.is_paused_on(date(2026, 10, day)), paused, "{day}");
        }
    }

    #[test]
    fn steps_follow_one_another() {
        let open = [told(Opened, 5, None)];
        let paused = [told(Opened, 5, None), told(Paused, 7, None)];
        let ended = [told(Opened, 5, None), told(Ended, 9, None)];
        let asked = [told(Asked, 4, None)];
        for (before, kind, on, until, wrong) in [
            (&[][..], Opened, 5, None, ""),
            (&[], Opened, 29, None, "future"),
            (&open, Opened, 6, None, "already"),
            (&[], Asked, 5, None, ""),
            (&[], Asked, 29, None, "future"),
            (&asked, Asked, 5, None, "asked before"),
            (&open, Asked, 6, None, "already"),
            (&asked, Opened, 5, None, ""),
            (&[], Paused, 6, None, "not been opened"),
            (&open, Paused, 4, None, "before"),
            (&open, Paused, 6, Some(5), "before the first"),
            (&open, Paused, 30, Some(31), ""),
            (&paused, Paused, 8, None, "already"),
            (&paused, Resumed, 7, None, "not paused"),
            (&paused, Resumed, 8, None, ""),
            (&paused, Resumed, 29, None, "future"),
            (&open, Resumed, 8, None, "not paused"),
            (&open, Ended, 4, None, "before"),
            (&open, Ended, 5, None, ""),
            (&ended, Paused, 7, None, "has ended"),
            (&ended, Ended, 7, None, "has ended"),
            (&[], StaysOpen, 29, None, "future"),
            (&ended, StaysOpen, 28, None, ""),
        ] {
            let until = until.map(|day| date(2026, 10, day));
            let problems = against(before, kind, date(2026, 10, on), until, date(2026, 10, 28));
            assert_eq!(
                problems.is_empty(),
                wrong.is_empty(),
                "{kind:?} {on}: {problems:?}"
            );
            assert!(
                problems.iter().all(|p| p.message.contains(wrong)),
                "{problems:?}"
            );
        }
    }

    fn ready() -> Facts {
        let mut facts = Facts::default();
        facts.suitability.outcome = Some(Outcome::Suitable);
        facts.suitability.decided = Some(Met::on(date(2026, 10, 12), start_of(date(2026, 10, 13))));
        facts.participation.open = true;
        facts.intervention.stays_open = true;
        facts
    }

    #[test]
    fn r012_every_gate_must_be_open() {
        let day = date(2026, 10, 14);
        assert_eq!(against_opening(&ready(), day), []);
        let shut: [fn(&mut Facts); 5] = [
            |facts| facts.suitability.outcome = None,
            |facts| facts.suitability.outcome = Some(Outcome::NotSuitable),
            |facts| facts.participation.open = false,
            |facts| facts.intervention.stays_open = false,
            |facts| {
                facts.risk.high = Some(Met::on(date(2026, 10, 13), start_of(date(2026, 10, 13))));
            },
        ];
        for (at, shut) in shut.iter().enumerate() {
            let mut facts = ready();
            shut(&mut facts);
            assert_eq!(against_opening(&facts, day).len(), 1, "{at}");
        }
        assert_eq!(against_opening(&ready(), date(2026, 10, 11)).len(), 1);
    }

    #[test]
    fn r012_nothing_begins_without_the_word_of_her_side() {
        let entered = start_of(date(2026, 10, 28));
        let asked = |day| Some(Met::on(date(2026, 10, day), entered));
        let today = date(2026, 10, 20);
        let mut begun = ready();
        begun.intervention.asked = asked(14);
        begun.participation.survivors = vec![Party {
            given: asked(13),
            ..Party::default()
        }];
        let says = |facts: &Facts, so, day| {
            let problems = against_beginning(facts, so, date(2026, 10, day), today);
            problems
                .into_iter()
                .map(|p| p.message)
                .collect::<Vec<_>>()
                .join("; ")
        };
        for (day, so, wrong) in [
            (14, true, ""),
            (13, true, ""),
            (20, true, ""),
            (12, true, "before the answer"),
            (21, true, "future"),
            // She withdrew, and the other side sees an open gate still.
            (14, false, "does not stand"),
        ] {
            let said = says(&begun, so, day);
            assert!(
                said.contains(wrong) && said.is_empty() == wrong.is_empty(),
                "{day}: {said}"
            );
        }
        // Said on the day before the first that was asked for: the work opens on the later day, after
        // it was decided that it suits.
        let mut late = begun.clone();
        late.suitability.decided = asked(14);
        assert_eq!(says(&late, true, 13), "");
        let with = |change: fn(&mut Facts)| {
            let mut facts = begun.clone();
            change(&mut facts);
            says(&facts, true, 14)
        };
        assert!(with(|facts| facts.intervention.asked = None).contains("Nobody has asked"));
        assert!(with(|facts| facts.intervention.stays_open = false).contains("statutory case"));
        assert!(with(|facts| facts.participation.open = false).contains("not complete"));
        assert!(
            with(|facts| facts.intervention.opened = facts.intervention.asked).contains("already")
        );
    }

    #[test]
    fn r012_the_word_is_owed_where_a_time_is_set() {
        let mut facts = Facts::default();
        let now = start_of(date(2026, 10, 20));
        let owed =
            |facts: &Facts, settings: &[Dated]| duties(facts, settings, &Calendar::default(), now);
        let set = [Dated {
            name: LET_BEGIN.name.into(),
            from: date(2026, 1, 1),
            value: "2 days".into(),
        }];
        assert_eq!(owed(&facts, &set), []);
        facts.intervention.asked = Some(Met::on(date(2026, 10, 14), start_of(date(2026, 10, 14))));
        assert_eq!(owed(&facts, &[]), []);
        let duty = owed(&facts, &set);
        assert_eq!(duty.len(), 1);
        assert!(duty[0].apart && duty[0].met.is_none() && duty[0].owner == Tie::SurvivorLine);
        assert_eq!(duty[0].due, Due::EndOf(date(2026, 10, 16)));
        facts.withdrawn = true;
        assert_eq!(owed(&facts, &set), []);
        facts.intervention.opened = facts.intervention.asked;
        assert!(owed(&facts, &set)[0].met.is_some());
    }

    #[test]
    fn r012_what_is_missing_tells_nothing_of_an_answer() {
        // What the client line reads depends on the gate alone, never on who answered what.
        let mut facts = ready();
        facts.participation.open = false;
        let said = gates(&facts);
        for (survivor, client) in [(true, false), (false, true), (false, false)] {
            facts.participation.survivor = survivor;
            facts.participation.client = client;
            assert_eq!(gates(&facts), said);
        }
    }

    #[test]
    fn r016_the_statement_is_a_gate_until_it_is_taken_back() {
        let said = [told(StaysOpen, 1, None)];
        assert!(known(&said).stays_open && !known(&[]).stays_open);
    }

    #[test]
    fn what_others_stand_on_cannot_be_taken_back() {
        for (kind, rest, refused) in [
            (Opened, &[][..], false),
            (Asked, &[], false),
            (Asked, &[told(Opened, 9, None)], true),
            (Opened, &[told(Paused, 7, None)], true),
            (Opened, &[told(Ended, 9, None)], true),
            (Ended, &[told(Opened, 5, None)], false),
            (
                Paused,
                &[told(Opened, 5, None), told(Resumed, 9, None)],
                true,
            ),
            (Paused, &[told(Opened, 5, None)], false),
        ] {
            assert_eq!(stands_on(kind, rest).is_some(), refused, "{kind:?}");
        }
    }
}
