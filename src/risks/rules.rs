//! What follows from risk. Pure.

use jiff::{SignedDuration, Timestamp, civil::Date};
use kernel::{
    access::{Line, Tie},
    calendar::Calendar,
    deadline::Within,
    form::{Answer, Problem, Problems},
    label::{Label, Labelled},
};
use serde::{Deserialize, Serialize};

use super::model::{AssessmentId, ConcernId, ForLine, Level, Target};
use crate::{
    duties::{
        facts::Facts,
        model::{Duty, Met},
        settings::{Dated, Kind, Setting},
    },
    people::model::{PartId, PartRole},
};

/// What is known of a case, as far as duties depend on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Known {
    /// Since when the risk is high, while it is.
    pub high: Option<Met>,
    /// The assessments that hold, in the order of their days.
    pub assessed: Vec<Assessed>,
    /// The referrals because of risk, in the order of their days.
    pub referred: Vec<Referred>,
    /// The concerns passed to a line, in the order in which they arose.
    pub concerns: Vec<Concern>,
}

/// An assessment, with what it carries forward and what judgement makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessed {
    /// Its id.
    pub id: AssessmentId,
    /// Who is in danger.
    pub part: Option<PartId>,
    /// When.
    pub met: Met,
    /// The level that holds.
    pub level: Level,
    /// Whether it was a DASH.
    pub dash: bool,
    /// Whether every question was asked.
    pub full: bool,
    /// Whether the threshold of MARAC is met.
    pub marac: bool,
}

/// A referral because of risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referred {
    /// To the advisers for high risk.
    pub idva: bool,
    /// To the conference.
    pub marac: bool,
    /// Who.
    pub part: Option<PartId>,
    /// When.
    pub met: Met,
}

impl Referred {
    /// A referral to `target`.
    pub fn to(target: Target, part: Option<PartId>, met: Met) -> Self {
        Self {
            idva: target == Target::Idva,
            marac: target == Target::Marac,
            part,
            met,
        }
    }
}

/// A concern passed to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concern {
    /// Its id.
    pub id: ConcernId,
    /// Whether it is for the survivor's line.
    pub survivor: bool,
    /// Whether only that line knows of it.
    pub apart: bool,
    /// When it was raised.
    pub raised: Timestamp,
    /// When it was taken up.
    pub met: Option<Met>,
}

/// An assessment as it was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its id.
    pub id: AssessmentId,
    /// Who is in danger.
    pub part: Option<PartId>,
    /// When.
    pub met: Met,
    /// What the tool says.
    pub level: Level,
    /// What the professional says.
    pub judgement: Option<Level>,
    /// How many answers were yes.
    pub score: Option<i32>,
    /// Whether it was a DASH.
    pub dash: bool,
    /// Whether every question was asked.
    pub full: bool,
    /// Whether the threshold of MARAC is met.
    pub marac: bool,
}

/// Professional judgement raises the level of a tool and never lowers it.
///
/// Source: guidance-pack-2020.md 1128, where the assessment includes professional judgement.
pub fn in_force(level: Level, judgement: Option<Level>) -> Level {
    judgement.map_or(level, |judged| judged.max(level))
}

/// R030: a re-check asks only what was answered no or don't know before, so whatever was yes stays
/// yes: neither score nor level of the tool falls below those of the assessment it re-checks.
/// Only a full assessment lowers them.
///
/// Source: guidance-pack-2020.md 519.
pub fn carried(before: Option<(Level, Option<i32>)>, now: &Recorded) -> (Level, Option<i32>) {
    match before {
        Some((level, score)) if !now.full => (now.level.max(level), now.score.max(score)),
        _ => (now.level, now.score),
    }
}

/// A level and a score.
type Weight = (Level, Option<i32>);

/// The assessments as they hold, each with its score, in the order of their days.
pub fn weighed(mut recorded: Vec<Recorded>) -> Vec<(Assessed, Option<i32>)> {
    recorded.sort_by_key(|one| (one.met.day(), one.met.entered, one.id));
    let mut tools: Vec<(Option<PartId>, Weight)> = Vec::new();
    recorded
        .iter()
        .map(|one| {
            let place = tools.iter().position(|(part, _)| *part == one.part);
            let before = place
                .and_then(|place| tools.get(place))
                .map(|(_, tool)| *tool);
            let tool = carried(before, one);
            tools.retain(|(part, _)| *part != one.part);
            tools.push((one.part, tool));
            let assessed = Assessed {
                id: one.id,
                part: one.part,
                met: one.met,
                level: in_force(tool.0, one.judgement),
                dash: one.dash,
                full: one.full,
                marac: one.marac,
            };
            (assessed, tool.1)
        })
        .collect()
}

/// Since when somebody's risk is high, while anybody's is: what was assessed last of each person
/// holds.
pub fn high_since(assessed: &[Assessed]) -> Option<Met> {
    let mut since: Vec<(Option<PartId>, Option<Met>)> = Vec::new();
    for one in assessed {
        let before = since
            .iter()
            .find(|(part, _)| *part == one.part)
            .and_then(|(_, met)| *met);
        let now = (one.level == Level::High).then(|| before.unwrap_or(one.met));
        since.retain(|(part, _)| *part != one.part);
        since.push((one.part, now));
    }
    since
        .into_iter()
        .filter_map(|(_, met)| met)
        .min_by_key(|met| met.at)
}

/// R014: where client, survivor or child is at high risk, what is needed to protect may be shared
/// without consent. The decision to share is recorded by whoever shares.
///
/// Source: guidance-pack-2020.md 169-177.
pub fn may_share_without_consent(known: &Known) -> bool {
    known.high.is_some()
}

/// What a partnership may set.
pub const SETTINGS: &[Setting] = &[IDVA, MARAC, ESCALATES, SUPPORT, INITIAL, REVIEW, CONCERN];

const IDVA: Setting = Setting {
    name: "idva",
    what: "How soon somebody at high risk is referred to the IDVA service (R028)",
    kind: Kind::Within,
    default: Some("same day"),
};
const MARAC: Setting = Setting {
    name: "marac",
    what: "How soon somebody who meets the threshold is referred to MARAC (R028)",
    kind: Kind::Within,
    default: Some("same day"),
};
const ESCALATES: Setting = Setting {
    name: "high_risk_escalates",
    what: "Hours after which high risk without its referrals reaches the supervisor (R028)",
    kind: Kind::Number(1, 168),
    default: Some("24"),
};
const SUPPORT: Setting = Setting {
    name: "support_referral",
    what: "How soon somebody at medium or high risk is referred to a support service; no dated duty while it is not set (R027)",
    kind: Kind::Within,
    default: None,
};
const INITIAL: Setting = Setting {
    name: "initial_dash",
    what: "How soon after the opening of the intervention the first DASH is done; the guidance says at the start (R029)",
    kind: Kind::Within,
    default: Some("same day"),
};
const REVIEW: Setting = Setting {
    name: "risk_review",
    what: "How soon after the last assessment risk is reviewed while the intervention is open; no duty while it is not set (R031)",
    kind: Kind::Within,
    default: None,
};
const CONCERN: Setting = Setting {
    name: "risk_concern",
    what: "How soon a concern about risk is taken up by the line it is for; no dated duty while it is not set (R021)",
    kind: Kind::Within,
    default: None,
};

/// A duty without its key and place in time.
fn duty(key: String, what: &'static str, rule: &'static str, due: kernel::deadline::Due) -> Duty {
    Duty {
        key: key.into(),
        what,
        about: None,
        apart: false,
        rule,
        place: "/risks",
        owner: Tie::LeadWorker,
        due,
        reaches: None,
        met: None,
        waived: false,
    }
}

/// What is owed because of risk.
pub fn duties(facts: &Facts, settings: &[Dated], calendar: &Calendar, now: Timestamp) -> Vec<Duty> {
    let known = &facts.risk;
    let mut all = high_risk(known, settings, calendar);
    all.extend(support(known, settings, calendar));
    all.extend(initial(facts, settings, calendar));
    all.extend(reviews(facts, settings, calendar, now));
    all.extend(concerns(known, settings, calendar));
    all
}

/// When somebody was referred because of this assessment, if anybody was.
fn answered(known: &Known, of: &Assessed, counts: impl Fn(&Referred) -> bool) -> Option<Met> {
    known
        .referred
        .iter()
        .filter(|one| one.part == of.part && one.met.day() >= of.met.day() && counts(one))
        .map(|one| one.met)
        .min_by_key(|met| met.at)
}

/// The assessments by which somebody was identified at high risk: each full one that says so, and
/// the first re-check that does after one that did not.
fn identified(known: &Known) -> impl Iterator<Item = &Assessed> {
    known
        .assessed
        .iter()
        .enumerate()
        .filter_map(|(place, one)| {
            let before = known
                .assessed
                .iter()
                .take(place)
                .rfind(|other| other.part == one.part);
            let was_high = before.is_some_and(|other| other.level == Level::High);
            (one.level == Level::High && (one.full || !was_high)).then_some(one)
        })
}

/// R028: whoever is identified at high risk, during the intervention or at any time after, is
/// referred to the IDVA service at once, and to MARAC if the threshold is met. Each has its clock,
/// which runs from the day of the assessment through nights and weekends; after 24 hours (a setting)
/// it reaches the supervisor. The default of both clocks is the same day: the guidance says "as
/// soon as possible". Nobody is asked for consent (R014).
///
/// Source: guidance-pack-2020.md 521; mou-2020.md 32. They are the survivor's side's to make and to
/// know of: that somebody supports her is hers.
fn high_risk(known: &Known, settings: &[Dated], calendar: &Calendar) -> Vec<Duty> {
    let mut all = Vec::new();
    for one in identified(known) {
        let day = one.met.day();
        let hours = ESCALATES.number(settings, day).unwrap_or(24);
        let reaches = one
            .met
            .at
            .checked_add(SignedDuration::from_hours(hours.into()))
            .ok();
        let at_once = |within: Option<Within>| within.unwrap_or(Within::CalendarDays(0));
        let apart = |duty: Duty| Duty {
            about: one.part,
            apart: true,
            place: "/risks/referred",
            owner: Tie::SurvivorLine,
            reaches,
            ..duty
        };
        let due = at_once(IDVA.within(settings, day)).due(one.met.at, calendar);
        all.push(Duty {
            met: answered(known, one, |referred| referred.idva),
            ..apart(duty(
                format!("idva.{}", one.id),
                "Refer to the IDVA service: risk is high",
                "R028",
                due,
            ))
        });
        if one.marac {
            let due = at_once(MARAC.within(settings, day)).due(one.met.at, calendar);
            all.push(Duty {
                met: answered(known, one, |referred| referred.marac),
                ..apart(duty(
                    format!("marac.{}", one.id),
                    "Refer to MARAC: the threshold is met",
                    "R028",
                    due,
                ))
            });
        }
    }
    all
}

/// The DASH assessments at medium or high risk after which nobody was referred anywhere.
pub fn unreferred(known: &Known) -> impl Iterator<Item = &Assessed> {
    wants_support(known).filter(|one| answered(known, one, |_| true).is_none())
}

fn wants_support(known: &Known) -> impl Iterator<Item = &Assessed> {
    known
        .assessed
        .iter()
        .filter(|one| one.dash && one.full && one.level >= Level::Medium)
}

/// R027: whoever a DASH finds at medium or high risk is referred to the appropriate support
/// service, each time. The guidance gives no number, so there is no date until the partnership sets
/// one; the page of risk asks for it all the same.
///
/// Source: guidance-pack-2020.md 102. A referral to IDVA or MARAC is one to a support service.
fn support(known: &Known, settings: &[Dated], calendar: &Calendar) -> Vec<Duty> {
    wants_support(known)
        .filter_map(|one| {
            let within = SUPPORT.within(settings, one.met.day())?;
            Some(Duty {
                about: one.part,
                apart: true,
                place: "/risks/referred",
                owner: Tie::SurvivorLine,
                met: answered(known, one, |_| true),
                ..duty(
                    format!("support.{}", one.id),
                    "Refer to a support service",
                    "R027",
                    within.due(one.met.at, calendar),
                )
            })
        })
        .collect()
}

/// R029: a DASH is done at the start of the intervention, with the practitioner's professional
/// judgement. One that was done before it opened counts.
///
/// Source: guidance-pack-2020.md 519, 1128.
fn initial(facts: &Facts, settings: &[Dated], calendar: &Calendar) -> Option<Duty> {
    let opened = facts.intervention.opened?;
    let within = INITIAL.within(settings, opened.day())?;
    let met = facts
        .risk
        .assessed
        .iter()
        .filter(|one| one.dash && one.full)
        .map(|one| one.met)
        .min_by_key(|met| met.at);
    Some(Duty {
        place: "/risks/new",
        met,
        ..duty(
            "initial-dash".to_owned(),
            "Do the first DASH",
            "R029",
            within.due(opened.at, calendar),
        )
    })
}

/// R031: while the intervention is open, risk is reviewed frequently. How often is a setting
/// without a default, for the guidance gives no number. Each assessment since the opening starts
/// the clock of the next; a short re-check is a review (R030).
///
/// Source: guidance-pack-2020.md 1128.
fn reviews(facts: &Facts, settings: &[Dated], calendar: &Calendar, now: Timestamp) -> Vec<Duty> {
    let Some(opened) = facts.intervention.opened else {
        return Vec::new();
    };
    let ended = facts.intervention.ended.map(|ended| ended.at);
    let mut days: Vec<Met> = facts
        .risk
        .assessed
        .iter()
        .filter(|one| one.met.day() >= opened.day())
        .filter(|one| ended.is_none_or(|ended| one.met.at <= ended))
        .map(|one| one.met)
        .collect();
    days.dedup_by_key(|met| met.day());
    if days.first().is_none_or(|first| first.day() > opened.day()) {
        days.insert(0, opened);
    }
    days.iter()
        .enumerate()
        .filter_map(|(place, from)| {
            let within = REVIEW.within(settings, from.day())?;
            let due = within.due(from.at, calendar);
            let met = days.get(place + 1).copied();
            let over = met.is_none() && ended.is_some_and(|ended| due.is_met_at(ended));
            let ahead = met.is_none() && now < from.at;
            (!over && !ahead).then(|| Duty {
                place: "/risks/new",
                met,
                ..duty(
                    format!("risk-review.{}", place + 1),
                    "Review risk",
                    "R031",
                    due,
                )
            })
        })
        .collect()
}

/// R021: a concern about risk is taken up by the line it was passed to. The guidance says "in a
/// timely manner", so there is no date until the partnership sets one; an open concern stands first
/// on the page of risk all the same.
///
/// Source: guidance-pack-2020.md 96.
fn concerns(known: &Known, settings: &[Dated], calendar: &Calendar) -> Vec<Duty> {
    known
        .concerns
        .iter()
        .filter_map(|one| {
            let within = CONCERN.within(settings, kernel::deadline::london_date(one.raised))?;
            Some(Duty {
                apart: one.apart,
                place: if one.apart { "/apart/risks" } else { "/risks" },
                owner: if one.survivor {
                    Tie::SurvivorLine
                } else {
                    Tie::ClientLine
                },
                met: one.met,
                ..duty(
                    format!("concern.{}", one.id),
                    "Take up a concern about risk",
                    "R021",
                    within.due(one.raised, calendar),
                )
            })
        })
        .collect()
}

/// R021: who may take up a concern: a worker of the line it is for. Intake and who answers for the
/// programme may for either, since a concern must not wait for somebody who is away.
pub fn may_take_up(ties: &[Tie], line: ForLine) -> bool {
    ties.iter().any(|tie| match tie.line() {
        Some(mine) => mine == line.line(),
        None => matches!(tie, Tie::Oversight | Tie::Intake),
    })
}

/// R021: whether a concern waits that somebody with these ties may take up, of those that both lines
/// read.
pub fn waits(known: &Known, ties: &[Tie]) -> bool {
    known.concerns.iter().any(|concern| {
        let line = if concern.survivor {
            ForLine::Survivor
        } else {
            ForLine::Client
        };
        concern.met.is_none() && !concern.apart && may_take_up(ties, line)
    })
}

/// Whether these ties hold the survivor's confidences: what they write for the other line is
/// compared with what is kept from it.
pub fn writes_from_survivor_side(ties: &[Tie]) -> bool {
    ties.iter().any(|tie| tie.line() == Some(Line::Survivor))
}

/// Whom a form is about: who was chosen, or the first survivor if nobody was. Danger is never left
/// unrecorded because somebody's place in the case is not known yet.
///
/// # Errors
/// The problem, if who was chosen has no place in the case.
pub fn chosen_part<L: Label>(
    answer: &Answer<String, L>,
    people: &[(PartId, PartRole)],
) -> Result<Option<PartId>, Problem> {
    match answer {
        None => Ok(people
            .iter()
            .find(|(_, role)| *role == PartRole::Survivor)
            .map(|(id, _)| *id)),
        Some(chosen) => people
            .iter()
            .find(|(id, _)| id.to_string() == *chosen.expose())
            .map(|(id, _)| Some(*id))
            .ok_or_else(|| Problem::new("part", "Choose somebody of this case")),
    }
}

/// The day of a form on which it may be left blank: today, then.
pub fn day_or_today<L: Label>(answer: &Answer<Date, L>, today: Date) -> Labelled<Date, L> {
    Labelled::new(answer.as_ref().map_or(today, |day| *day.expose()))
}

/// A day that may be left blank must not lie ahead.
pub fn check_day<L: Label>(field: &str, answer: &Answer<Date, L>, today: Date) -> Problems {
    let day = answer.as_ref().map(|day| *day.expose());
    if day.is_some_and(|day| day > today) {
        return vec![Problem::new(field, "The day must not be in the future")];
    }
    Problems::new()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::deadline::{Due, start_of};

    use super::*;
    use crate::{
        consultations::rules::Known as Consulted,
        duties::model::State,
        testing::{at, set},
    };

    /// Recorded on its day at nine.
    fn on(day: i8) -> Met {
        let entered = at(&format!("2026-10-{day:02}T08:00:00Z"));
        Met::on(date(2026, 10, day), entered)
    }

    fn recorded(day: i8, level: Level) -> Recorded {
        Recorded {
            id: AssessmentId::new(),
            part: None,
            met: on(day),
            level,
            judgement: None,
            score: None,
            dash: true,
            full: true,
            marac: false,
        }
    }

    fn assessed(all: &[Recorded]) -> Vec<Assessed> {
        weighed(all.to_vec())
            .into_iter()
            .map(|(one, _)| one)
            .collect()
    }

    fn known(all: &[Recorded]) -> Known {
        let assessed = assessed(all);
        Known {
            high: high_since(&assessed),
            assessed,
            ..Known::default()
        }
    }

    fn owed(known: Known, settings: &[Dated], change: impl FnOnce(&mut Facts)) -> Vec<Duty> {
        let mut facts = Facts {
            risk: known,
            ..Facts::default()
        };
        change(&mut facts);
        let now = at("2026-11-30T09:00:00Z");
        duties(&facts, settings, &Calendar::default(), now)
    }

    fn keys(duties: &[Duty]) -> Vec<&str> {
        duties
            .iter()
            .map(|duty| duty.key.split('.').next().unwrap())
            .collect()
    }

    use Level::{High, Medium, Standard};

    #[test]
    fn judgement_raises_and_never_lowers() {
        for (tool, judged, expected) in [
            (Standard, None, Standard),
            (Standard, Some(High), High),
            (Medium, Some(Medium), Medium),
            (High, Some(Standard), High),
        ] {
            assert_eq!(in_force(tool, judged), expected, "{tool} {judged:?}");
        }
    }

    #[test]
    fn r030_what_was_yes_stays_yes_until_all_is_asked_again() {
        let recheck = |day, level, score| Recorded {
            full: false,
            score: Some(score),
            ..recorded(day, level)
        };
        let full = |day, level, score| Recorded {
            score: Some(score),
            ..recorded(day, level)
        };
        for (all, level, score) in [
            (vec![full(1, High, 15), recheck(8, Standard, 2)], High, 15),
            (vec![full(1, Medium, 9), recheck(8, High, 14)], High, 14),
            (
                vec![
                    full(1, Medium, 9),
                    recheck(8, High, 14),
                    recheck(9, Medium, 1),
                ],
                High,
                14,
            ),
            (vec![full(1, High, 15), full(8, Standard, 3)], Standard, 3),
            (vec![recheck(1, Medium, 5)], Medium, 5),
        ] {
            let (last, sum) = weighed(all.clone()).pop().unwrap();
            assert_eq!((last.level, sum), (level, Some(score)), "{all:?}");
        }
        // Nothing is carried from one person to another.
        let other = Recorded {
            part: Some(PartId::new()),
            ..recheck(8, Standard, 2)
        };
        let all = assessed(&[full(1, High, 15), other]);
        assert_eq!(all.last().map(|one| one.level), Some(Standard));
    }

    #[test]
    fn high_since_it_was_first_said_until_it_is_not() {
        let other = |day, level| Recorded {
            part: Some(PartId::new()),
            ..recorded(day, level)
        };
        for (all, expected) in [
            (vec![], None),
            (vec![recorded(1, Medium)], None),
            (vec![recorded(1, High), recorded(5, High)], Some(1)),
            (vec![recorded(5, High), recorded(1, Medium)], Some(5)),
            (vec![recorded(1, High), recorded(5, Medium)], None),
            (
                vec![recorded(1, High), recorded(5, Medium), other(3, High)],
                Some(3),
            ),
        ] {
            let since = high_since(&assessed(&all)).map(Met::day);
            assert_eq!(since, expected.map(|day| date(2026, 10, day)), "{all:?}");
        }
    }

    #[test]
    fn r014_high_risk_needs_nobodys_consent() {
        assert!(may_share_without_consent(&known(&[recorded(1, High)])));
        assert!(!may_share_without_consent(&known(&[recorded(1, Medium)])));
        // Whatever anybody answered, the same is owed.
        let risk = || known(&[recorded(1, High)]);
        let asked = owed(risk(), &[], |facts| {
            facts.consultation = Consulted::default();
        });
        assert_eq!(keys(&asked), ["idva"]);
    }

    #[test]
    fn r028_each_time_somebody_is_identified_at_high_risk() {
        let recheck = |day| Recorded {
            full: false,
            ..recorded(day, High)
        };
        let marac = |day| Recorded {
            marac: true,
            ..recorded(day, High)
        };
        for (all, expected) in [
            (vec![recorded(1, Medium)], vec![]),
            (vec![recorded(1, High)], vec!["idva"]),
            (vec![marac(1)], vec!["idva", "marac"]),
            (vec![recorded(1, High), recheck(5)], vec!["idva"]),
            (vec![recorded(1, Medium), recheck(5)], vec!["idva"]),
            (
                vec![recorded(1, High), recorded(5, High)],
                vec!["idva", "idva"],
            ),
        ] {
            let duties = owed(known(&all), &[], |_| {});
            assert_eq!(keys(&duties), expected, "{all:?}");
            assert!(duties.iter().all(|duty| duty.apart && duty.rule == "R028"));
        }
    }

    #[test]
    fn r028_the_same_day_and_to_the_supervisor_after_24_hours() {
        // On a Friday, recorded at nine.
        let duty =
            |settings: &[Dated]| owed(known(&[recorded(16, High)]), settings, |_| {}).remove(0);
        let plain = duty(&[]);
        assert_eq!(plain.due, Due::EndOf(date(2026, 10, 16)));
        assert_eq!(plain.reaches, Some(at("2026-10-17T08:00:00Z")));
        let own = duty(&[set("idva", "4 hours"), set("high_risk_escalates", "6")]);
        assert_eq!(own.due, Due::At(at("2026-10-16T12:00:00Z")));
        assert_eq!(own.reaches, Some(at("2026-10-16T14:00:00Z")));
    }

    #[test]
    fn r028_met_by_a_referral_of_that_person_since() {
        let part = PartId::new();
        for (target, of, day, met) in [
            (Target::Idva, None, 16, true),
            (Target::Idva, None, 18, true),
            (Target::Idva, None, 15, false),
            (Target::Marac, None, 16, false),
            (Target::Idva, Some(part), 16, false),
        ] {
            let mut risk = known(&[recorded(16, High)]);
            risk.referred = vec![Referred::to(target, of, on(day))];
            let duty = owed(risk, &[], |_| {}).remove(0);
            assert_eq!(duty.met.is_some(), met, "{target} {of:?} {day}");
        }
    }

    #[test]
    fn r028_does_not_end_with_the_case() {
        let duties = owed(known(&[recorded(16, High)]), &[], |facts| {
            facts.closure.closed = Some(on(1));
            facts.intervention.ended = Some(on(1));
        });
        assert_eq!(keys(&duties), ["idva"]);
        assert!(duties[0].is_owed());
    }

    #[test]
    fn r027_medium_or_high_on_a_dash_asks_for_a_referral() {
        let other_tool = Recorded {
            dash: false,
            ..recorded(1, Medium)
        };
        for (one, asks) in [
            (recorded(1, Standard), false),
            (recorded(1, Medium), true),
            (recorded(1, High), true),
            (other_tool, false),
        ] {
            let risk = known(&[one]);
            assert_eq!(unreferred(&risk).count() == 1, asks, "{one:?}");
            // Dated only once the partnership sets a time.
            let support = |settings: &[Dated]| {
                keys(&owed(risk.clone(), settings, |_| {})).contains(&"support")
            };
            assert!(!support(&[]));
            assert_eq!(support(&[set("support_referral", "2 working days")]), asks);
        }
        let mut risk = known(&[recorded(1, Medium)]);
        let settings = [set("support_referral", "2 working days")];
        let is_owed = |risk: &Known| {
            let duties = owed(risk.clone(), &settings, |_| {});
            duties
                .iter()
                .any(|duty| duty.rule == "R027" && duty.is_owed())
        };
        assert!(is_owed(&risk));
        risk.referred = vec![Referred::to(Target::Support, None, on(3))];
        assert_eq!(unreferred(&risk).count(), 0);
        assert!(!is_owed(&risk));
    }

    #[test]
    fn r029_a_full_dash_at_the_start_of_the_intervention() {
        let opened = |facts: &mut Facts| facts.intervention.opened = Some(on(12));
        assert_eq!(owed(Known::default(), &[], |_| {}), []);
        let recheck = Recorded {
            full: false,
            ..recorded(5, Standard)
        };
        for (all, expected) in [
            (vec![recorded(5, Standard)], Some(State::OnTime)),
            (vec![recorded(14, Standard)], Some(State::Late)),
            (vec![recheck], None),
        ] {
            let duty = owed(known(&all), &[], opened).remove(0);
            assert_eq!(duty.key, "initial-dash");
            assert_eq!(duty.due, Due::EndOf(date(2026, 10, 12)));
            let state = duty.met.map(|_| duty.state(at("2026-11-30T09:00:00Z")));
            assert_eq!(state, expected, "{all:?}");
        }
    }

    #[test]
    fn r031_each_assessment_starts_the_clock_of_the_next_review() {
        let every = [set("risk_review", "14 days")];
        let risk = || known(&[recorded(1, Standard), recorded(20, Standard)]);
        let reviews = |ended: Option<Met>, settings: &[Dated]| -> Vec<(Date, bool)> {
            owed(risk(), settings, |facts| {
                facts.intervention.opened = Some(on(12));
                facts.intervention.ended = ended;
            })
            .into_iter()
            .filter(|duty| duty.rule == "R031")
            .map(|duty| (duty.due.last_day(), duty.met.is_some()))
            .collect()
        };
        assert_eq!(reviews(None, &[]), []);
        let first = (date(2026, 10, 26), true);
        assert_eq!(reviews(None, &every), [first, (date(2026, 11, 3), false)]);
        // What fell due after the end is not owed.
        assert_eq!(reviews(Some(on(25)), &every), [first]);
    }

    #[test]
    fn r021_a_concern_is_the_receiving_lines() {
        let concern = |survivor, apart| Concern {
            id: ConcernId::new(),
            survivor,
            apart,
            raised: start_of(date(2026, 10, 14)),
            met: None,
        };
        let risk = || Known {
            concerns: vec![
                concern(false, false),
                concern(true, false),
                concern(true, true),
            ],
            ..Known::default()
        };
        assert_eq!(owed(risk(), &[], |_| {}), []);
        let duties = owed(risk(), &[set("risk_concern", "1 working day")], |_| {});
        let owners: Vec<_> = duties.iter().map(|duty| (duty.owner, duty.apart)).collect();
        assert_eq!(
            owners,
            [
                (Tie::ClientLine, false),
                (Tie::SurvivorLine, false),
                (Tie::SurvivorLine, true)
            ]
        );
        assert_eq!(duties[0].due, Due::EndOf(date(2026, 10, 15)));
        for (tie, line, may) in [
            (Tie::ClientLine, ForLine::Client, true),
            (Tie::LeadWorker, ForLine::Client, false),
            (Tie::LeadWorker, ForLine::Survivor, true),
            (Tie::ClientSupervisor, ForLine::Survivor, false),
            (Tie::Oversight, ForLine::Survivor, true),
            (Tie::Referrer, ForLine::Client, false),
        ] {
            assert_eq!(may_take_up(&[tie], line), may, "{tie:?} {line}");
        }
        // What both lines read says that one waits only of what both lines read.
        for (survivor, apart, shows) in [(true, false, true), (true, true, false)] {
            let risk = Known {
                concerns: vec![concern(survivor, apart)],
                ..Known::default()
            };
            assert_eq!(waits(&risk, &[Tie::SurvivorLine]), shows, "{apart}");
            assert!(!waits(&risk, &[Tie::ClientLine]));
        }
    }
}
