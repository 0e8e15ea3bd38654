//! What must be told, by when, and what cannot stand on a form. Pure.

use jiff::{Timestamp, civil::Date};
use kernel::{
    access::Tie,
    calendar::Calendar,
    deadline::Due,
    form::{Problem, Problems, YesNo},
    ids::{CaseId, UserId},
    label::{Label, Labelled},
    time::Instant,
};
use serde::{Deserialize, Serialize};

use super::{
    model::{
        ChangeId, EngagementFormId, NewChange, NewForm, NewTelling, QUESTIONS, TellingOutcome,
        What, Why,
    },
    store::FormRow,
};
use crate::{
    duties::{
        facts::Facts,
        model::{Duty, Met},
        settings::{Dated, Kind, Setting},
    },
    people::model::PartId,
};

/// A change in how the client takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Its id.
    pub id: ChangeId,
    /// When it happened, and when that was entered.
    pub on: Met,
    /// What changed, by its place in [`What::ALL`].
    pub what: u8,
    /// Whether concern for safety is heightened.
    pub heightened: bool,
    /// When the survivor was told, or it was decided that it is not safe to.
    pub told: Option<Met>,
}

impl Change {
    /// What changed.
    pub fn what(&self) -> What {
        What::ALL
            .get(usize::from(self.what))
            .copied()
            .unwrap_or(What::Other)
    }
}

/// The place of `what` in [`What::ALL`].
pub fn place_of(what: What) -> u8 {
    What::ALL
        .iter()
        .position(|known| *known == what)
        .and_then(|place| u8::try_from(place).ok())
        .unwrap_or(u8::MAX)
}

/// What is known of a case, as far as duties depend on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Known {
    /// The changes, those recorded in error left out, oldest first.
    pub changes: Vec<Change>,
}

const fn significant(name: &'static str, what: &'static str) -> Setting {
    Setting {
        name,
        what,
        kind: Kind::Word(&["yes", "no"]),
        default: Some("yes"),
    }
}

/// What a partnership may set. "Significant" is undefined in the source, so each trigger can be
/// turned off; a change with heightened concern is always told.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "tell_survivor",
        what: "How soon the survivor is told of a significant change in the client’s attendance or engagement (R023)",
        kind: Kind::Within,
        default: Some("5 working days"),
    },
    Setting {
        name: "tell_survivor_heightened",
        what: "The same where concern for safety is heightened: sooner, and the source gives no number (R023)",
        kind: Kind::Within,
        default: None,
    },
    significant(
        "tell_started",
        "Whether it is significant that the client starts (R023)",
    ),
    significant(
        "tell_stopped",
        "Whether it is significant that the client stops (R023)",
    ),
    significant(
        "tell_missed",
        "Whether missed sessions are significant (R023)",
    ),
    significant("tell_hostile", "Whether hostility is significant (R023)"),
    significant("tell_improved", "Whether improvement is significant (R023)"),
    significant(
        "tell_other",
        "Whether any other change is significant (R023)",
    ),
];

fn setting(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

/// R023: whether a change must be told: the service says which are significant, by the setting in
/// force on its day; heightened concern always is.
pub fn is_told(what: What, heightened: bool, on: Date, settings: &[Dated]) -> bool {
    let name = match what {
        What::Started => "tell_started",
        What::Stopped => "tell_stopped",
        What::Missed => "tell_missed",
        What::Hostile => "tell_hostile",
        What::Improved => "tell_improved",
        What::Other => "tell_other",
    };
    heightened || setting(name).and_then(|s| s.on(settings, on)) != Some("no")
}

/// R023: by when the survivor is told: within five working days, sooner where concern is heightened.
///
/// Source: guidance-pack-2020.md 98. It gives no number for "sooner", and none is made up: until the
/// partnership sets one, the five working days stand there too, and the heightened one is shown
/// first. One that is set later than the ordinary time does not hold: sooner is never later.
pub fn due(change: &Change, settings: &[Dated], calendar: &Calendar) -> Option<Due> {
    let day = change.on.day();
    let within = |name: &str| {
        setting(name)
            .and_then(|s| s.within(settings, day))
            .map(|within| within.due(change.on.at, calendar))
    };
    let soon = within("tell_survivor_heightened").filter(|_| change.heightened);
    within("tell_survivor")
        .into_iter()
        .chain(soon)
        .min_by_key(|due| due.instant())
}

/// The name of the duty to tell the survivor of a change.
pub fn key(change: ChangeId) -> String {
    format!("engagement-told.{change}")
}

/// R023: the survivor is told of each significant change, whoever records it and however late.
///
/// That a change must be told is known to who recorded it; whether and when she was is hers, so the
/// duty is `apart`.
pub fn duties(facts: &Facts, settings: &[Dated], calendar: &Calendar, _: Timestamp) -> Vec<Duty> {
    let mut changes: Vec<&Change> = facts.engagement.changes.iter().collect();
    changes.sort_by_key(|change| !change.heightened);
    changes
        .into_iter()
        .filter(|change| is_told(change.what(), change.heightened, change.on.day(), settings))
        .filter_map(|change| {
            Some(Duty {
                key: key(change.id).into(),
                what: if change.heightened {
                    "Tell the survivor at once: engagement changed, concern is heightened"
                } else {
                    "Tell the survivor of a change in engagement"
                },
                about: None,
                apart: true,
                rule: "R023",
                place: "/apart/engagement",
                owner: Tie::SurvivorLine,
                due: due(change, settings, calendar)?,
                reaches: None,
                met: change.told,
                waived: false,
            })
        })
        .collect()
}

fn future<L: Label>(
    day: Option<&Labelled<Date, L>>,
    today: Date,
    field: &str,
    problems: &mut Problems,
) {
    if day.is_some_and(|day| *day.expose() > today) {
        problems.push(Problem::new(field, "The day must not be in the future"));
    }
}

/// Whether a change can stand.
pub fn change_problems(form: &NewChange, today: Date) -> Problems {
    let mut problems = Problems::new();
    future(form.changed_on.as_ref(), today, "changed_on", &mut problems);
    problems
}

/// R023: proof is a date and a way, or why it is not safe; she cannot be told before it happened.
pub fn telling_problems(form: &NewTelling, changed_on: Date, today: Date) -> Problems {
    let mut problems = Problems::new();
    future(form.told_on.as_ref(), today, "told_on", &mut problems);
    if form
        .told_on
        .as_ref()
        .is_some_and(|day| *day.expose() < changed_on)
    {
        problems.push(Problem::new(
            "told_on",
            "The day must not be before the change itself",
        ));
    }
    match form.outcome.as_ref().map(|outcome| *outcome.expose()) {
        Some(TellingOutcome::Told) if form.how.is_none() => {
            problems.push(Problem::missing("how", "Say how it was told"));
        }
        Some(TellingOutcome::NotSafe) if form.words.is_none() => {
            problems.push(Problem::missing("words", "Say why it is not safe"));
        }
        _ => {}
    }
    problems
}

/// R127: every no is explained, with a reason and in words. A form that corrects another says why.
///
/// Source: safe-together-london-2023.md 1145.
pub fn form_problems(form: &NewForm, corrects: bool, today: Date) -> Problems {
    let mut problems = Problems::new();
    future(form.filled_on.as_ref(), today, "filled_on", &mut problems);
    if form
        .children
        .as_ref()
        .is_some_and(|children| children.expose().0.is_empty())
    {
        problems.push(Problem::missing("children", "Choose at least one child"));
    }
    for ((question, answer), why) in QUESTIONS.iter().zip(form.answers()).zip(&form.why) {
        let no = answer
            .as_ref()
            .is_some_and(|answer| *answer.expose() == YesNo::No);
        if no && why.reason.is_none() {
            problems.push(Problem::missing(question.why, question.why_text));
        }
        if no && why.words.is_none() {
            problems.push(Problem::missing(
                question.words,
                format!("{}: write a few words", question.short),
            ));
        }
    }
    if corrects && form.because.is_none() {
        problems.push(Problem::missing(
            "because",
            "Say why the earlier form is corrected",
        ));
    }
    problems
}

/// A child that is not one of the case is none to choose.
pub fn unknown_children(form: &NewForm, known: &[PartId]) -> Problems {
    let unknown = form
        .children
        .as_ref()
        .is_some_and(|children| children.expose().0.iter().any(|id| !known.contains(id)));
    if unknown {
        vec![Problem::new(
            "children",
            "Choose from the children of this case",
        )]
    } else {
        Problems::new()
    }
}

/// The form as it is kept, once everything needed was answered. The reason of what is answered yes
/// is left out: it was typed before the answer changed.
pub fn complete(
    form: NewForm,
    id: EngagementFormId,
    case_id: CaseId,
    replaces: Option<EngagementFormId>,
    (recorded_by, recorded_at): (UserId, Instant),
) -> Option<(FormRow, Vec<PartId>)> {
    let noes = form.answers().map(|answer| {
        answer
            .as_ref()
            .is_some_and(|answer| *answer.expose() == YesNo::No)
    });
    let [spoken_why, parenting_why, impact_why, actions_why] = {
        let mut given = form.why;
        for (why, no) in given.iter_mut().zip(noes) {
            if !no {
                *why = Why::default();
            }
        }
        given
    };
    let children = form.children?.into_exposed().0;
    let row = FormRow {
        id,
        case_id,
        replaces,
        because: form.because.filter(|_| replaces.is_some()),
        filled_on: form.filled_on?,
        spoken: form.spoken?,
        parenting: form.parenting?,
        impact: form.impact?,
        actions: form.actions?,
        spoken_why: spoken_why.reason,
        spoken_words: spoken_why.words,
        parenting_why: parenting_why.reason,
        parenting_words: parenting_why.words,
        impact_why: impact_why.reason,
        impact_words: impact_why.words,
        actions_why: actions_why.reason,
        actions_words: actions_why.words,
        summary: form.summary?,
        referral: form.referral?,
        recorded_by,
        recorded_at,
    };
    Some((row, children))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::deadline::start_of;

    use super::*;
    use crate::{
        duties::{
            model::State,
            rules::{owner, seen_by},
        },
        engagement::model::Reason,
        testing::{answered, at, set},
    };

    fn change(on: Date, heightened: bool) -> Change {
        Change {
            id: ChangeId::new(),
            on: Met::on(on, start_of(on)),
            what: place_of(What::Missed),
            heightened,
            told: None,
        }
    }

    fn owed(changes: Vec<Change>, settings: &[Dated]) -> Vec<Duty> {
        let facts = Facts {
            engagement: Known { changes },
            ..Facts::default()
        };
        duties(
            &facts,
            settings,
            &Calendar::default(),
            at("2026-10-14T09:00:00Z"),
        )
    }

    #[test]
    fn r023_told_within_five_working_days() {
        for (on, by) in [
            (date(2026, 10, 14), date(2026, 10, 21)),
            // A Friday, and the Saturday after it.
            (date(2026, 10, 16), date(2026, 10, 23)),
            (date(2026, 10, 17), date(2026, 10, 23)),
            // Over Christmas: 25 and 28 December and 1 January are holidays.
            (date(2026, 12, 23), date(2027, 1, 4)),
            // A week with two bank holidays: Good Friday and Easter Monday 2027.
            (date(2027, 3, 24), date(2027, 4, 2)),
        ] {
            let duties = owed(vec![change(on, false)], &[]);
            assert_eq!(duties[0].due, Due::EndOf(by), "{on}");
        }
    }

    #[test]
    fn r023_sooner_when_heightened_and_never_later() {
        let on = date(2026, 10, 14);
        let ordinary = Due::EndOf(date(2026, 10, 21));
        for (settings, heightened, expected) in [
            (vec![], false, ordinary),
            // No number is made up: the ordinary time stands.
            (vec![], true, ordinary),
            (
                vec![set("tell_survivor_heightened", "1 working day")],
                true,
                Due::EndOf(date(2026, 10, 15)),
            ),
            (
                vec![set("tell_survivor_heightened", "1 working day")],
                false,
                ordinary,
            ),
            (
                vec![set("tell_survivor_heightened", "24 hours")],
                true,
                Due::At(at("2026-10-14T23:00:00Z")),
            ),
            (
                vec![set("tell_survivor_heightened", "10 working days")],
                true,
                ordinary,
            ),
            (
                vec![set("tell_survivor", "2 working days")],
                true,
                Due::EndOf(date(2026, 10, 16)),
            ),
            (vec![set("tell_survivor", "soon")], false, ordinary),
        ] {
            let due = due(&change(on, heightened), &settings, &Calendar::default());
            assert_eq!(due, Some(expected), "{settings:?} {heightened}");
        }
    }

    #[test]
    fn r023_the_heightened_one_comes_first() {
        let on = date(2026, 10, 14);
        let (ordinary, heightened) = (change(on, false), change(on, true));
        let keys: Vec<String> = owed(vec![ordinary, heightened], &[])
            .into_iter()
            .map(|duty| duty.key.into_owned())
            .collect();
        assert_eq!(
            keys,
            [
                format!("engagement-told.{}", heightened.id),
                format!("engagement-told.{}", ordinary.id)
            ]
        );
    }

    #[test]
    fn r023_the_service_says_what_is_significant() {
        let on = date(2026, 10, 14);
        let off = [set("tell_missed", "no")];
        for (what, heightened, settings, expected) in [
            (What::Missed, false, &[][..], true),
            (What::Missed, false, &off, false),
            (What::Missed, true, &off, true),
            (What::Hostile, false, &off, true),
            (What::Other, false, &[], true),
        ] {
            assert_eq!(
                is_told(what, heightened, on, settings),
                expected,
                "{what:?} {heightened}"
            );
        }
        // What was not significant on its day does not become so.
        let later = [Dated {
            from: date(2026, 11, 1),
            ..set("tell_missed", "no")
        }];
        assert!(is_told(What::Missed, false, on, &later));
        for what in What::ALL {
            let change = Change {
                what: place_of(*what),
                ..change(on, false)
            };
            assert_eq!(change.what(), *what);
        }
    }

    #[test]
    fn r023_each_change_has_its_own_duty_that_only_her_side_sees() {
        let told = Change {
            told: Some(Met::on(date(2026, 10, 20), start_of(date(2026, 10, 23)))),
            ..change(date(2026, 10, 14), false)
        };
        let duties = owed(vec![told, change(date(2026, 10, 15), false)], &[]);
        assert_eq!(duties.len(), 2);
        assert_ne!(duties[0].key, duties[1].key);
        assert!(
            duties[0]
                .key
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.'))
        );
        let now = at("2026-10-26T09:00:00Z");
        assert_eq!(duties[0].state(now), State::OnTimeRecordedLate);
        assert!(duties[1].passed(now));
        let facts = Facts::default();
        for (tie, seen) in [
            (Tie::ClientLine, false),
            (Tie::ClientSupervisor, false),
            (Tie::Intake, false),
            (Tie::Referrer, false),
            (Tie::SurvivorLine, true),
            (Tie::LeadWorker, true),
        ] {
            assert_eq!(seen_by(&duties[1], &[tie], &facts), seen, "{tie:?}");
        }
        assert_eq!(owner(&duties[1], &[Tie::LeadWorker]), Tie::LeadWorker);
        assert_eq!(
            owner(&duties[1], &[Tie::LeadWorker, Tie::SurvivorLine]),
            Tie::SurvivorLine
        );
    }

    #[test]
    fn r023_proof_is_a_date_and_a_way_or_why_it_is_not_safe() {
        use crate::engagement::model::TellingWay::Telephone;
        let changed = date(2026, 10, 12);
        for (outcome, on, how, words, field) in [
            (TellingOutcome::Told, 13, true, false, None),
            (TellingOutcome::Told, 13, false, true, Some("how")),
            (TellingOutcome::NotSafe, 13, false, true, None),
            (TellingOutcome::NotSafe, 13, true, false, Some("words")),
            (TellingOutcome::Told, 11, true, false, Some("told_on")),
            (TellingOutcome::Told, 15, true, false, Some("told_on")),
        ] {
            let form = NewTelling {
                outcome: answered(outcome),
                told_on: answered(date(2026, 10, on)),
                how: how.then(|| Labelled::new(Telephone)),
                words: words.then(|| Labelled::new("said".to_owned())),
            };
            let problems = telling_problems(&form, changed, date(2026, 10, 14));
            assert_eq!(
                problems.first().map(|p| p.field.as_str()),
                field,
                "{outcome:?} {on}"
            );
        }
    }

    #[test]
    fn r126_the_four_questions_stand_in_the_order_of_the_source() {
        let names: Vec<String> = kernel::form::Dictionary::of::<NewForm>()
            .into_iter()
            .map(|entry| entry.name)
            .collect();
        let place = |name: &str| names.iter().position(|known| known == name).unwrap();
        let order = [
            "filled_on",
            "children",
            "spoken",
            "parenting",
            "impact",
            "actions",
            "spoken_why",
            "actions_words",
            "summary",
            "referral",
        ];
        for pair in order.windows(2) {
            assert!(place(pair[0]) < place(pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn r127_every_no_is_explained() {
        use YesNo::{No, Yes};
        let reason = || Why {
            reason: answered(Reason::NotSafe),
            words: answered("He is bailed to her road.".to_owned()),
        };
        let code_only = || Why {
            reason: answered(Reason::NonEngagement),
            words: None,
        };
        let none = Why::default;
        for (answers, why, wrong) in [
            ([Yes; 4], [none(), none(), none(), none()], vec![]),
            (
                [No, Yes, Yes, Yes],
                [reason(), none(), none(), none()],
                vec![],
            ),
            (
                [No, Yes, Yes, Yes],
                [none(), reason(), none(), none()],
                vec!["spoken_why", "spoken_words"],
            ),
            (
                [Yes, No, Yes, No],
                [none(), code_only(), none(), none()],
                vec!["parenting_words", "actions_why", "actions_words"],
            ),
            ([No; 4], [reason(), reason(), reason(), reason()], vec![]),
        ] {
            let [spoken, parenting, impact, actions] = answers.map(answered);
            let form = NewForm {
                spoken,
                parenting,
                impact,
                actions,
                why,
                ..NewForm::default()
            };
            let fields: Vec<String> = form_problems(&form, false, date(2026, 10, 14))
                .into_iter()
                .map(|problem| problem.field)
                .collect();
            assert_eq!(fields, wrong, "{answers:?}");
        }
    }

    #[test]
    fn r127_a_correction_says_why() {
        let today = date(2026, 10, 14);
        for (corrects, because, wrong) in [
            (true, None, true),
            (true, answered("Spoken to on the 12th.".to_owned()), false),
            (false, None, false),
        ] {
            let form = NewForm {
                because,
                ..NewForm::default()
            };
            let problems = form_problems(&form, corrects, today);
            let asked = problems.iter().any(|problem| problem.field == "because");
            assert_eq!(asked, wrong, "{corrects}");
        }
    }

    #[test]
    fn r128_summary_and_referral_are_asked() {
        let (_, problems) = kernel::form::Parse::form::<NewForm>(&kernel::form::Typed::default());
        let fields: Vec<&str> = problems.iter().map(|p| p.field.as_str()).collect();
        for name in [
            "filled_on",
            "spoken",
            "parenting",
            "impact",
            "actions",
            "summary",
            "referral",
        ] {
            assert!(fields.contains(&name), "{name}");
        }
    }
}
