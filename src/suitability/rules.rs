//! Whether a decision can stand, when it must be made again, and what follows from it. Pure.

use jiff::{Timestamp, civil::Date};
use kernel::{
    access::Tie,
    calendar::Calendar,
    deadline::{Due, london_date},
    form::{Answer, Problem, Problems, without_label},
    label::Label,
};
use serde::{Deserialize, Serialize};

use super::model::{ChangeStage, Decided, EntryId, Ground, NewDecision};
use crate::{
    duties::{
        facts::Facts,
        model::{Duty, Met},
        settings::{Dated, Kind, Setting},
    },
    participation::rules::Stand,
    people::model::PartId,
};

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The intensive work suits, subject to the gates of the programme.
    Suitable,
    /// It does not; version 1 of the plan stands.
    NotSuitable,
}

impl From<Decided> for Outcome {
    fn from(decided: Decided) -> Self {
        match decided {
            Decided::Suitable => Self::Suitable,
            Decided::NotSuitable => Self::NotSuitable,
        }
    }
}

/// A decision, as far as duties depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Its id.
    pub id: EntryId,
    /// What was decided.
    pub outcome: Outcome,
    /// When.
    pub met: Met,
}

/// What is known of a case, as far as duties depend on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Known {
    /// The decision in force.
    pub outcome: Option<Outcome>,
    /// When it was first decided.
    pub decided: Option<Met>,
    /// When the decision in force was made, if by it the work suits.
    pub suitable: Option<Met>,
    /// Every decision, in the order in which they were entered.
    pub decisions: Vec<Decision>,
    /// Every change of the stage of change, in the order in which they were entered.
    pub stages: Vec<Met>,
    /// Referrals to other services: when, and whether because the risk is higher than first identified.
    pub onward: Vec<(Met, bool)>,
    /// Who was told of which decision, or why not. Only the survivor's side may know.
    pub told: Vec<(EntryId, PartId, Met)>,
    /// When safety work for a client who does not start was done. Only the survivor's side may know.
    pub safety: Vec<Met>,
}

const TELL: Setting = Setting {
    name: "tell_outcome",
    what: "How soon a survivor is told of a decision about suitability, or it is recorded why not (R024); no duty while it is not set",
    kind: Kind::Within,
    default: None,
};
const SAFETY: Setting = Setting {
    name: "safety_work",
    what: "How soon safety is thought through and services are linked when the client does not start (R025); no duty while it is not set",
    kind: Kind::Within,
    default: None,
};
const AGAIN: Setting = Setting {
    name: "decide_again",
    what: "How soon suitability is decided again after a new high risk or a new stage of change (R063); no duty while it is not set",
    kind: Kind::Within,
    default: None,
};
const ONWARD: Setting = Setting {
    name: "refer_on",
    what: "How soon a client whom the work does not suit is referred on (R099), or one whose risk is higher than first identified (R100); no duty while it is not set",
    kind: Kind::Within,
    default: None,
};

/// What a partnership may set.
pub const SETTINGS: &[Setting] = &[TELL, SAFETY, AGAIN, ONWARD];

/// R063: since when a new decision is asked for, and the decision that answered it: a high risk or a
/// new stage of change that was entered after a decision.
///
/// Source: guidance-pack-2020.md 294-296. A decision against the work is not asked for again by a
/// high risk: it stands all the more.
pub fn again(facts: &Facts) -> Vec<(Met, Option<Met>)> {
    let known = &facts.suitability;
    let high = facts.risk.high.map(|met| (met, true));
    let stages = known.stages.iter().map(|met| (*met, false));
    let mut all: Vec<(Met, Option<Met>)> = stages
        .chain(high)
        .filter(|(trigger, is_risk)| {
            known
                .decisions
                .iter()
                .rfind(|decision| decision.met.entered < trigger.entered)
                .is_some_and(|before| !is_risk || before.outcome == Outcome::Suitable)
        })
        .map(|(trigger, _)| {
            let after = known
                .decisions
                .iter()
                .find(|decision| decision.met.entered >= trigger.entered);
            (trigger, after.map(|decision| decision.met))
        })
        .collect();
    all.sort_by_key(|(trigger, _)| trigger.entered);
    all
}

/// R025: since when it is known that the client does not start: a decision against the work, or a no
/// of any party. Nothing once the intensive work has opened; what ends later is the closure's.
///
/// Source: guidance-pack-2020.md 99.
fn does_not_start(facts: &Facts) -> Option<Met> {
    if facts.intervention.opened.is_some() {
        return None;
    }
    let decided = facts
        .suitability
        .decisions
        .last()
        .filter(|decision| decision.outcome == Outcome::NotSuitable)
        .map(|decision| decision.met);
    let parties = facts
        .participation
        .survivors
        .iter()
        .chain([&facts.participation.party]);
    let noes = parties
        .filter(|party| matches!(party.so, Stand::Refused | Stand::Withdrawn))
        .filter_map(|party| party.no);
    decided.into_iter().chain(noes).min_by_key(|met| met.at)
}

/// What is owed: telling the survivor (R024), safety work when the client does not start (R025),
/// deciding again (R063), referring on (R099, R100).
///
/// Source: guidance-pack-2020.md 99, 294-296; mou-2020.md 32, 43. None has a number in the sources,
/// so none is dated until the partnership sets one.
pub fn duties(facts: &Facts, settings: &[Dated], calendar: &Calendar, _: Timestamp) -> Vec<Duty> {
    let known = &facts.suitability;
    let within = |setting: &Setting, from: Met| {
        let within = setting.within(settings, london_date(from.at))?;
        Some(within.due(from.at, calendar))
    };
    let mut all = Vec::new();
    for decision in &known.decisions {
        let latest = known.decisions.last() == Some(decision);
        for part in facts.participation.survivors.iter().filter_map(|p| p.part) {
            let met = known
                .told
                .iter()
                .find(|(of, whom, _)| *of == decision.id && *whom == part)
                .map(|(_, _, met)| *met);
            // What was decided anew is what is told.
            if met.is_some() || latest {
                all.extend(within(&TELL, decision.met).map(|due| Duty {
                    about: Some(part),
                    ..apart(
                        format!("outcome-told.{}.{part}", decision.id),
                        "Tell of the outcome where it is safe, or say why not",
                        "R024",
                        due,
                        met,
                    )
                }));
            }
        }
    }
    if let Some(since) = does_not_start(facts) {
        let met = known
            .safety
            .iter()
            .copied()
            .find(|met| met.day() >= since.day());
        all.extend(within(&SAFETY, since).map(|due| {
            let what = "Think safety through and link services: the client does not start";
            apart("safety-work".to_owned(), what, "R025", due, met)
        }));
    }
    for (since, met) in again(facts) {
        all.extend(within(&AGAIN, since).map(|due| {
            let key = format!("decide-again.{}", since.entered.as_microsecond());
            let what = "Decide again whether the intensive work suits";
            shared(key, what, "R063", "/suitability/decision", due, met)
        }));
    }
    let referred = |since: Met, higher: bool| {
        known
            .onward
            .iter()
            .find(|(met, is_higher)| met.day() >= since.day() && (*is_higher || !higher))
            .map(|(met, _)| *met)
    };
    if let Some(against) = known
        .decisions
        .last()
        .filter(|decision| decision.outcome == Outcome::NotSuitable)
    {
        all.extend(within(&ONWARD, against.met).map(|due| {
            let key = format!("refer-on.{}", against.id);
            let met = referred(against.met, false);
            let what = "Refer the client to what suits instead";
            shared(key, what, "R099", "/suitability/onward", due, met)
        }));
    }
    if let Some(high) = facts.risk.high {
        all.extend(within(&ONWARD, high).map(|due| {
            let key = format!("refer-on-higher.{}", high.entered.as_microsecond());
            let met = referred(high, true);
            let what = "Refer on: the risk is higher than it was first identified";
            shared(key, what, "R100", "/suitability/onward", due, met)
        }));
    }
    let over = facts.withdrawn || facts.closure.closed.is_some();
    all.retain(|duty| duty.met.is_some() || !over);
    all
}

fn shared(
    key: String,
    what: &'static str,
    rule: &'static str,
    place: &'static str,
    due: Due,
    met: Option<Met>,
) -> Duty {
    Duty {
        key: key.into(),
        what,
        about: None,
        apart: false,
        rule,
        place,
        owner: Tie::ClientLine,
        due,
        reaches: None,
        met,
        waived: false,
    }
}

fn apart(key: String, what: &'static str, rule: &'static str, due: Due, met: Option<Met>) -> Duty {
    Duty {
        apart: true,
        owner: Tie::SurvivorLine,
        ..shared(key, what, rule, "/apart/suitability", due, met)
    }
}

/// Whether a day is not in the future.
pub fn day_problems<L: Label>(name: &str, answer: &Answer<Date, L>, today: Date) -> Problems {
    without_label(answer)
        .filter(|day| *day > today)
        .map(|_| Problem::new(name, "The day must not be in the future"))
        .into_iter()
        .collect()
}

/// Whether a decision can stand (R062, R063).
///
/// Source: guidance-pack-2020.md 294-296: deemed suitable is who is not at high risk and at
/// contemplation or action. A high risk asks for another response, so it cannot stand beside; the
/// stage is judged, so it can with a reason. Every ground is data; "not suitable" needs one.
pub fn decision_problems(
    form: &NewDecision,
    high: bool,
    stage: Option<ChangeStage>,
    today: Date,
) -> Problems {
    let mut problems = day_problems("decided_on", &form.decided_on, today);
    let grounds: &[Ground] = form.grounds.as_ref().map_or(&[], |all| &all.expose().0);
    let blank = |answer: &Answer<String, kernel::label::Workers>| {
        answer.as_ref().is_none_or(|text| text.expose().is_empty())
    };
    let mut refuse = |field: &str, words: &str| problems.push(Problem::new(field, words));
    match without_label(&form.outcome) {
        Some(Decided::NotSuitable) if grounds.is_empty() => refuse(
            "grounds",
            "Choose at least one ground that workers of both lines may read",
        ),
        Some(Decided::Suitable) => {
            if !grounds.is_empty() {
                refuse(
                    "grounds",
                    "Grounds are for what does not suit: clear them, or decide otherwise",
                );
            }
            if high {
                refuse(
                    "outcome",
                    "The risk is high, which asks for another response: the intensive work does not suit while it is",
                );
            }
            if !matches!(
                stage,
                Some(ChangeStage::Contemplation | ChangeStage::Action)
            ) && blank(&form.despite)
            {
                refuse(
                    "despite",
                    "The client is at precontemplation, or no stage of change is recorded: say why it suits nevertheless, or record the stage first",
                );
            }
        }
        _ => {}
    }
    if grounds.contains(&Ground::Other) && blank(&form.grounds_other) {
        refuse("grounds_other", "Say what the other ground is");
    }
    if let (Some(decided), Some(review)) = (
        without_label(&form.decided_on),
        without_label(&form.review_on),
    ) && review <= decided
    {
        refuse("review_on", "The review must be after the decision");
    }
    problems
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::{
        deadline::start_of,
        form::Many,
        label::{Labelled, Workers},
    };

    use super::*;
    use crate::participation::rules::Party;

    fn met(day: i8) -> Met {
        let at = start_of(date(2026, 10, day));
        Met { at, entered: at }
    }

    fn set(name: &str) -> Dated {
        Dated {
            name: name.to_owned(),
            from: date(2026, 1, 1),
            value: "2 working days".to_owned(),
        }
    }

    fn case(decisions: &[(Outcome, i8)]) -> Facts {
        let decisions: Vec<Decision> = decisions
            .iter()
            .map(|(outcome, day)| Decision {
                id: EntryId::new(),
                outcome: *outcome,
                met: met(*day),
            })
            .collect();
        let mut facts = Facts::received(start_of(date(2026, 10, 1)));
        facts.suitability = Known {
            outcome: decisions.last().map(|decision| decision.outcome),
            decisions,
            ..Known::default()
        };
        facts
    }

    fn rules_of(facts: &Facts, settings: &[Dated]) -> Vec<(&'static str, bool, bool)> {
        let now = start_of(date(2026, 10, 20));
        duties(facts, settings, &Calendar::default(), now)
            .iter()
            .map(|duty| (duty.rule, duty.apart, duty.is_owed()))
            .collect()
    }

    #[test]
    fn r024_each_survivor_is_told_of_the_latest_decision_apart() {
        let mut facts = case(&[(Outcome::Suitable, 5), (Outcome::NotSuitable, 8)]);
        let parts = [PartId::new(), PartId::new()];
        facts.participation.survivors = parts
            .iter()
            .map(|part| Party {
                part: Some(*part),
                ..Party::default()
            })
            .collect();
        assert_eq!(rules_of(&facts, &[]), []);
        let settings = [set("tell_outcome")];
        assert_eq!(
            rules_of(&facts, &settings),
            [("R024", true, true), ("R024", true, true)]
        );
        let first = facts.suitability.decisions[0].id;
        let latest = facts.suitability.decisions[1].id;
        // Told of the first, which was decided anew: told again, except who was.
        facts.suitability.told = vec![(first, parts[0], met(6)), (latest, parts[1], met(9))];
        assert_eq!(
            rules_of(&facts, &settings),
            [
                ("R024", true, false),
                ("R024", true, true),
                ("R024", true, false)
            ]
        );
    }

    #[test]
    fn r025_a_client_who_does_not_start_asks_for_safety_work_apart() {
        let settings = [set("safety_work")];
        let no = |stand: Stand| Party {
            so: stand,
            no: Some(met(7)),
            ..Party::default()
        };
        for (decisions, survivor, client, opened, owes) in [
            (&[][..], Stand::NotAsked, Stand::NotAsked, false, false),
            (
                &[(Outcome::Suitable, 5)],
                Stand::Given,
                Stand::Given,
                false,
                false,
            ),
            (
                &[(Outcome::NotSuitable, 5)],
                Stand::NotAsked,
                Stand::NotAsked,
                false,
                true,
            ),
            (
                &[(Outcome::Suitable, 5)],
                Stand::Refused,
                Stand::NotAsked,
                false,
                true,
            ),
            (
                &[(Outcome::Suitable, 5)],
                Stand::Withdrawn,
                Stand::Given,
                false,
                true,
            ),
            (
                &[(Outcome::Suitable, 5)],
                Stand::Given,
                Stand::Refused,
                false,
                true,
            ),
            (
                &[(Outcome::Suitable, 5)],
                Stand::Withdrawn,
                Stand::Given,
                true,
                false,
            ),
        ] {
            let mut facts = case(decisions);
            facts.participation.survivors = vec![no(survivor)];
            facts.participation.party = no(client);
            facts.intervention.opened = opened.then(|| met(9));
            let found = rules_of(&facts, &settings);
            let expected: &[_] = if owes { &[("R025", true, true)] } else { &[] };
            assert_eq!(
                found, expected,
                "{decisions:?} {survivor:?} {client:?} {opened}"
            );
            facts.suitability.safety = vec![met(8)];
            let done: &[_] = if owes { &[("R025", true, false)] } else { &[] };
            assert_eq!(rules_of(&facts, &settings), done);
        }
    }

    #[test]
    fn r063_what_changed_since_asks_for_a_new_decision() {
        let settings = [set("decide_again")];
        for (decisions, high, stages, expected) in [
            (&[(Outcome::Suitable, 5)][..], None, &[][..], &[][..]),
            (&[(Outcome::Suitable, 5)], Some(7), &[], &[true]),
            (&[(Outcome::NotSuitable, 5)], Some(7), &[], &[]),
            (&[(Outcome::NotSuitable, 5)], None, &[8], &[true]),
            (&[(Outcome::Suitable, 5)], None, &[4], &[]),
            (
                &[(Outcome::Suitable, 5), (Outcome::NotSuitable, 9)],
                Some(7),
                &[],
                &[false],
            ),
            (&[(Outcome::Suitable, 5)], Some(7), &[8], &[true, true]),
            (&[], Some(7), &[8], &[]),
        ] {
            let mut facts = case(decisions);
            facts.risk.high = high.map(met);
            facts.suitability.stages = stages.iter().copied().map(met).collect();
            let found: Vec<bool> = rules_of(&facts, &settings)
                .iter()
                .map(|(rule, apart, owed)| {
                    assert_eq!((*rule, *apart), ("R063", false));
                    *owed
                })
                .collect();
            assert_eq!(found, expected, "{decisions:?} {high:?} {stages:?}");
        }
    }

    #[test]
    fn r099_r100_refer_on() {
        let settings = [set("refer_on")];
        let mut facts = case(&[(Outcome::NotSuitable, 5)]);
        assert_eq!(rules_of(&facts, &settings), [("R099", false, true)]);
        // Nothing where the work suits, and nothing new of a case that is closed.
        assert_eq!(rules_of(&case(&[(Outcome::Suitable, 5)]), &settings), []);
        let mut over = facts.clone();
        over.closure.closed = Some(met(9));
        assert_eq!(rules_of(&over, &settings), []);
        facts.suitability.onward = vec![(met(6), false)];
        facts.risk.high = Some(met(6));
        assert_eq!(
            rules_of(&facts, &settings),
            [("R099", false, false), ("R100", false, true)]
        );
        facts.suitability.onward.push((met(7), true));
        assert_eq!(
            rules_of(&facts, &settings),
            [("R099", false, false), ("R100", false, false)]
        );
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table of cases")]
    fn r062_r063_a_decision_has_its_grounds() {
        use ChangeStage::{Action, Contemplation, Precontemplation};
        let today = date(2026, 10, 14);
        let text = |given: bool| given.then(|| Labelled::<_, Workers>::new("Because".to_owned()));
        for (outcome, grounds, other, high, stage, despite, wrong) in [
            (
                Decided::Suitable,
                &[][..],
                false,
                false,
                Some(Contemplation),
                false,
                &[][..],
            ),
            (
                Decided::Suitable,
                &[],
                false,
                false,
                Some(Action),
                false,
                &[],
            ),
            (
                Decided::Suitable,
                &[],
                false,
                true,
                Some(Action),
                false,
                &["outcome"],
            ),
            (
                Decided::Suitable,
                &[],
                false,
                false,
                Some(Precontemplation),
                false,
                &["despite"],
            ),
            (
                Decided::Suitable,
                &[],
                false,
                false,
                None,
                false,
                &["despite"],
            ),
            (Decided::Suitable, &[], false, false, None, true, &[]),
            (
                Decided::Suitable,
                &[Ground::Denial],
                false,
                false,
                Some(Action),
                false,
                &["grounds"],
            ),
            (
                Decided::NotSuitable,
                &[],
                false,
                false,
                None,
                false,
                &["grounds"],
            ),
            (
                Decided::NotSuitable,
                &[Ground::NotNow],
                false,
                true,
                None,
                false,
                &[],
            ),
            (
                Decided::NotSuitable,
                &[Ground::Other],
                false,
                false,
                None,
                false,
                &["grounds_other"],
            ),
            (
                Decided::NotSuitable,
                &[Ground::Other],
                true,
                false,
                None,
                false,
                &[],
            ),
        ] {
            let form = NewDecision {
                outcome: Some(Labelled::new(outcome)),
                grounds: (!grounds.is_empty()).then(|| Labelled::new(Many(grounds.to_vec()))),
                grounds_other: text(other),
                despite: text(despite),
                decided_on: Some(Labelled::new(today)),
                ..NewDecision::default()
            };
            let problems = decision_problems(&form, high, stage, today);
            let fields: Vec<&str> = problems.iter().map(|p| p.field.as_str()).collect();
            assert_eq!(fields, wrong, "{outcome:?} {grounds:?} {high} {stage:?}");
        }
        let tomorrow = NewDecision {
            decided_on: Some(Labelled::new(date(2026, 10, 15))),
            review_on: Some(Labelled::new(date(2026, 10, 15))),
            ..NewDecision::default()
        };
        assert_eq!(decision_problems(&tomorrow, false, None, today).len(), 2);
    }

    #[test]
    fn r062_no_consent_is_no_ground_that_both_lines_read() {
        assert!(
            Ground::ALL
                .iter()
                .all(|ground| ground.code() != "no_consent")
        );
    }
}
