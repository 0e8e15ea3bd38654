//! The way of a case: where each part of it stands, and what comes next that no rule gives a day.
//!
//! The sources give few of these steps a time, and a time that nobody set is no dated duty. They are
//! told all the same, so that nobody has to know the order by heart. Pure.

use jiff::Timestamp;
use kernel::access::Tie;

use crate::{
    duties::{
        facts::Facts,
        model::{Duty, Stage},
        rules::{answers, stage},
    },
    participation::rules::Stand,
};

/// Something to do next, without a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next {
    /// What is to be done.
    pub what: &'static str,
    /// The page on which it is done, after `/cases/{case}`.
    pub place: &'static str,
    /// Whose it is.
    pub owner: Tie,
    /// Whether only the survivor's side and the programme see it (`design.md` 5).
    pub apart: bool,
}

const fn step(owner: Tie, what: &'static str, place: &'static str) -> Next {
    Next {
        what,
        place,
        owner,
        apart: false,
    }
}

const fn kept(what: &'static str, place: &'static str) -> Next {
    Next {
        what,
        place,
        owner: Tie::SurvivorLine,
        apart: true,
    }
}

/// What comes next at `now`, first things first. A step that is not apart follows from nothing that
/// only the survivor's side may know: of her answer, what the client line sees of it.
pub fn next(facts: &Facts, now: Timestamp) -> Vec<Next> {
    let mut steps = Vec::new();
    match stage(facts, now) {
        Stage::Acknowledged => {
            if facts.consultation.held.is_none() {
                steps.push(step(
                    Tie::ClientLine,
                    "Hold the consultation",
                    "/consultations",
                ));
            }
        }
        Stage::Consulted => {
            steps.extend(first_version(facts));
            steps.push(step(
                Tie::ClientLine,
                "Decide with the lead worker whether the intensive work suits",
                "/suitability",
            ));
        }
        Stage::Unsuitable => {
            steps.extend(first_version(facts));
            steps.extend(not_started(facts));
            if facts.plan.first.is_some() {
                steps.push(step(
                    Tie::ClientLine,
                    "Close the case when nothing more is to be done",
                    "/closures",
                ));
            }
        }
        Stage::Suitable => {
            steps.extend(first_version(facts));
            steps.extend(before_it_opens(facts));
        }
        Stage::Open | Stage::Paused => {
            if facts.participation.party.paper.explained.is_none() {
                steps.push(step(
                    Tie::ClientLine,
                    "Go through the agreement on confidentiality with the client",
                    "/participation",
                ));
            }
            if facts.plan.second.is_none() {
                steps.push(step(
                    Tie::ClientLine,
                    "Make version 2 of the plan and agree it",
                    "/plans",
                ));
            }
        }
        Stage::Ended => {
            steps.push(step(Tie::ClientLine, "Close the case", "/closures"));
            steps.extend(stays(facts));
        }
        Stage::Closed => steps.extend(stays(facts)),
        Stage::Held | Stage::Received | Stage::Waiting | Stage::Allocated | Stage::Withdrawn => {}
    }
    steps
}

/// Version 1 exists for every family that was talked through, and needs nobody's consent (R010).
fn first_version(facts: &Facts) -> Option<Next> {
    facts.plan.first.is_none().then_some(step(
        Tie::ClientLine,
        "Make version 1 of the plan with the lead worker",
        "/plans",
    ))
}

/// Her answer first and alone, then the client's, then the statement, then the work (R011, R012,
/// R016; `design.md` 5).
fn before_it_opens(facts: &Facts) -> Vec<Next> {
    let taking = &facts.participation;
    let mut steps = Vec::new();
    let answered = |so: Stand| matches!(so, Stand::Given | Stand::Refused | Stand::Withdrawn);
    if taking.survivors.iter().any(|party| !answered(party.so)) {
        steps.push(kept(
            "Explain the service to the survivor, alone, and ask first",
            "/apart/participation",
        ));
    }
    if taking
        .survivors
        .iter()
        .any(|party| matches!(party.so, Stand::Refused | Stand::Withdrawn))
    {
        steps.extend(not_started(facts));
        steps.push(kept(
            "Decide with the practitioner what happens now, without saying why",
            "/suitability",
        ));
    }
    if taking.may_ask && !answered(taking.party.so) {
        steps.push(step(
            Tie::LeadWorker,
            "Explain the service to the client, and ask",
            "/participation",
        ));
    }
    if taking.open && !facts.intervention.stays_open {
        steps.push(step(
            Tie::LeadWorker,
            "Say that the statutory case stays open",
            "/interventions/stays-open",
        ));
    }
    if facts.intervention.is_asked() {
        steps.push(kept(
            "Say whether the work may begin",
            "/apart/interventions",
        ));
    } else if taking.open && facts.intervention.stays_open && facts.risk.high.is_none() {
        steps.push(step(
            Tie::ClientLine,
            "Ask to open the intervention",
            "/interventions",
        ));
    }
    steps
}

/// What is done for the survivor's side when the client does not start (R025).
fn not_started(facts: &Facts) -> Option<Next> {
    facts.suitability.safety.is_empty().then_some(kept(
        "Think through what it means for safety that the client does not start",
        "/apart/suitability",
    ))
}

/// What stays in place when the work has ended (R025).
fn stays(facts: &Facts) -> Option<Next> {
    facts.closure.kept.is_none().then_some(kept(
        "Record what stays in place for survivor and children",
        "/apart/closures",
    ))
}

/// What of this somebody with these ties is told: what they may see.
pub fn seen(steps: Vec<Next>, ties: &[Tie], facts: &Facts) -> Vec<Next> {
    steps
        .into_iter()
        .filter(|step| {
            !step.apart
                || ties
                    .iter()
                    .any(|tie| platform::casefile::sees_apart(*tie, facts.specialist()))
        })
        .collect()
}

impl Next {
    /// Whether it is for somebody with these ties to do.
    pub fn is_for(&self, ties: &[Tie], facts: &Facts) -> bool {
        ties.contains(&answers(self.owner, &facts.ties))
    }
}

/// Whether a duty that is owed by a day asks for the same: then the day is told, and nothing twice.
pub fn asks_for(duty: &Duty, step: Next) -> bool {
    duty.place == step.place
        && (step.place != "/plans" || matches!(&*duty.key, "plan-first" | "plan-second"))
}

/// A part of the way, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The page, after `/cases/{case}`: the part is left out for who may not open it.
    pub place: &'static str,
    /// Where it stands.
    pub stands: &'static str,
    /// Whether there is nothing more to do on it now.
    pub done: bool,
}

const fn part(place: &'static str, stands: &'static str, done: bool) -> Part {
    Part {
        place,
        stands,
        done,
    }
}

/// Where the parts of a case stand, as both lines may read it.
pub fn parts(facts: &Facts, now: Timestamp) -> Vec<Part> {
    let taking = &facts.participation;
    let stands = stage(facts, now);
    vec![
        if facts.consultation.held.is_some() {
            part("/consultations", "Held", true)
        } else {
            part("/consultations", "Not held yet", false)
        },
        match (facts.risk.high.is_some(), facts.risk.assessed.is_empty()) {
            (true, _) => part("/risks", "High", false),
            (false, true) => part("/risks", "Not recorded yet", false),
            (false, false) => part("/risks", "Recorded", true),
        },
        match (&facts.plan.first, &facts.plan.second) {
            (_, Some(_)) => part("/plans", "Version 2 agreed", true),
            (Some(_), None) => part("/plans", "Version 1 made", true),
            (None, None) => part("/plans", "Not made yet", false),
        },
        match facts.suitability.outcome {
            Some(crate::suitability::rules::Outcome::Suitable) => {
                part("/suitability", "Suitable", true)
            }
            Some(crate::suitability::rules::Outcome::NotSuitable) => {
                part("/suitability", "Not suitable", true)
            }
            None => part("/suitability", "Not decided yet", false),
        },
        if taking.open {
            part("/participation", "Answers complete", true)
        } else if taking.may_ask {
            part("/participation", "Client may be asked", false)
        } else {
            part("/participation", "Not yet", false)
        },
        match (
            stands,
            &facts.intervention.ended,
            &facts.intervention.opened,
        ) {
            (_, Some(_), _) => part("/interventions", "Ended", true),
            (_, None, None) if facts.intervention.is_asked() => {
                part("/interventions", "Asked to open", false)
            }
            (Stage::Paused, ..) => part("/interventions", "Paused", false),
            (_, None, Some(_)) => part("/interventions", "Open", true),
            (_, None, None) => part("/interventions", "Not open", false),
        },
        if facts.closure.closed.is_some() {
            part("/closures", "Closed", true)
        } else {
            part("/closures", "Not closed", false)
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{duties::model::Met, participation::rules::Party, suitability::rules::Outcome};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn now() -> Timestamp {
        at("2026-10-20T09:00:00Z")
    }

    fn met() -> Met {
        let at = at("2026-10-16T09:00:00Z");
        Met { at, entered: at }
    }

    /// A family that was talked through, found suitable, with a plan, and whose survivor says `so`.
    fn suitable(so: Stand) -> Facts {
        let mut facts = Facts::received(at("2026-10-14T09:00:00Z"));
        facts.acknowledged = Some(met());
        facts.consultation.held = Some(met());
        facts.plan.first = Some(met());
        facts.suitability.outcome = Some(Outcome::Suitable);
        facts.ties = vec![Tie::ClientLine, Tie::LeadWorker];
        facts.participation.survivors = vec![Party {
            so,
            ..Party::default()
        }];
        facts
    }

    #[test]
    fn r011_the_survivor_is_asked_first_and_only_her_side_is_told_to() {
        let facts = suitable(Stand::NotAsked);
        let steps = next(&facts, now());
        assert_eq!(
            steps.iter().map(|step| step.place).collect::<Vec<_>>(),
            ["/apart/participation"]
        );
        assert!(seen(steps.clone(), &[Tie::ClientLine], &facts).is_empty());
        let hers = seen(steps, &[Tie::LeadWorker], &facts);
        assert!(
            hers.iter()
                .all(|step| step.is_for(&[Tie::LeadWorker], &facts))
        );
        assert_eq!(hers.len(), 1);
    }

    #[test]
    fn r012_what_the_client_line_is_told_does_not_follow_from_her_answer() {
        let told = |so| {
            let facts = suitable(so);
            seen(next(&facts, now()), &[Tie::ClientLine], &facts)
        };
        for so in [Stand::Told, Stand::Given, Stand::Refused, Stand::Withdrawn] {
            assert_eq!(told(so), told(Stand::NotAsked), "{so:?}");
            let (facts, before) = (suitable(so), suitable(Stand::NotAsked));
            assert_eq!(parts(&facts, now()), parts(&before, now()), "{so:?}");
        }
    }

    #[test]
    fn one_step_follows_another() {
        let mut facts = suitable(Stand::Given);
        facts.participation.may_ask = true;
        let places = |facts: &Facts| -> Vec<&str> {
            next(facts, now()).iter().map(|step| step.place).collect()
        };
        assert_eq!(places(&facts), ["/participation"]);
        facts.participation.party.so = Stand::Given;
        facts.participation.open = true;
        assert_eq!(places(&facts), ["/interventions/stays-open"]);
        facts.intervention.stays_open = true;
        assert_eq!(places(&facts), ["/interventions"]);
        facts.risk.high = Some(met());
        assert!(places(&facts).is_empty(), "not while risk is high");
        facts.risk.high = None;
        facts.intervention.asked = Some(met());
        assert_eq!(places(&facts), ["/apart/interventions"]);
        facts.intervention.opened = Some(met());
        assert_eq!(places(&facts), ["/participation", "/plans"]);
        facts.intervention.ended = Some(met());
        assert_eq!(places(&facts), ["/closures", "/apart/closures"]);
        facts.closure.closed = Some(met());
        assert_eq!(places(&facts), ["/apart/closures"]);
    }

    #[test]
    fn r010_every_family_talked_through_has_a_plan() {
        let mut facts = suitable(Stand::NotAsked);
        facts.plan.first = None;
        for outcome in [None, Some(Outcome::Suitable), Some(Outcome::NotSuitable)] {
            facts.suitability.outcome = outcome;
            assert!(
                next(&facts, now())
                    .iter()
                    .any(|step| step.place == "/plans"),
                "{outcome:?}"
            );
        }
    }
}
