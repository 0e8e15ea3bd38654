//! What is owed while answers are asked for and agreements gone through. Pure.

use jiff::Timestamp;
use kernel::{
    access::Tie,
    calendar::Calendar,
    deadline::{Due, london_date},
};

use super::{EXPLAIN, PAPER, Party, SIGN, Stand, WITHDRAWAL};
use crate::{
    duties::{
        facts::Facts,
        model::{Duty, Met},
        settings::{Dated, Setting},
    },
    suitability::rules::Outcome,
};

/// What is owed: explaining the service (R011) and sharing of information (R013), the agreement on
/// confidentiality (R068), its signature (R069), explaining it again (R070), and agreeing what
/// happens after a withdrawal (R012; `design.md` 5).
///
/// Source: guidance-pack-2020.md 152-181, 684, 697, 733-739, 786, 863. Where the sources give no
/// number there is no dated duty until the partnership sets one; the first meeting makes a signature
/// due without any.
pub fn duties(facts: &Facts, settings: &[Dated], calendar: &Calendar, _: Timestamp) -> Vec<Duty> {
    let known = &facts.participation;
    let mut all = Vec::new();
    let suits = facts.suitability.outcome == Some(Outcome::Suitable);
    let decided = facts.suitability.suitable.filter(|_| suits);
    let within = |setting: &Setting, from: Timestamp| {
        let within = setting.within(settings, london_date(from))?;
        Some(within.due(from, calendar))
    };
    for party in &known.survivors {
        let side = Side::survivor(party);
        if let Some(decided) = decided
            && (party.so == Stand::NotAsked || party.explained.is_some())
        {
            all.extend(within(&EXPLAIN, decided.at).map(|due| {
                side.duty(
                    "explain",
                    "Explain the service, alone",
                    "R011",
                    due,
                    party.explained,
                )
            }));
        }
        paper_duties(&side, party, &within, &mut all);
        for withdrawal in &party.withdrawals {
            let due = within(&WITHDRAWAL, withdrawal.on.at);
            all.extend(due.map(|due| Duty {
                key: format!("withdrawal.{}", withdrawal.id).into(),
                ..side.duty(
                    "",
                    "Agree with the supervisor what happens now, and when",
                    "R012",
                    due,
                    withdrawal.settled,
                )
            }));
        }
    }
    let side = Side::client(&known.party);
    let from = known
        .may_ask_since
        .or(decided.map(|decided| decided.at).filter(|_| known.may_ask));
    if let (true, Some(from)) = (suits, from) {
        let (service, sharing) = (known.party.explained, known.party.sharing);
        for (name, what, rule, met) in [
            ("explain", "Explain the service", "R011", service),
            (
                "explain-sharing",
                "Explain when and why information is shared",
                "R013",
                sharing,
            ),
        ] {
            all.extend(within(&EXPLAIN, from).map(|due| Duty {
                owner: Tie::LeadWorker,
                ..side.duty(name, what, rule, due, met)
            }));
        }
    }
    paper_duties(&side, &known.party, &within, &mut all);
    let over = facts.withdrawn || facts.closure.closed.is_some();
    all.retain(|duty| duty.met.is_some() || !over);
    all
}

/// What is owed about the agreement on confidentiality with a party.
fn paper_duties(
    side: &Side<'_>,
    party: &Party,
    within: &impl Fn(&Setting, Timestamp) -> Option<Due>,
    all: &mut Vec<Duty>,
) {
    let paper = &party.paper;
    if let Some(given) = party.given {
        all.extend(within(&PAPER, given.at).map(|due| {
            let what = "Go through the agreement on confidentiality";
            side.duty("confidentiality", what, "R068", due, paper.explained)
        }));
    }
    let next = |from: Met| {
        let met_at = paper.first_meeting.map(Due::EndOf);
        let set = within(&SIGN, from.at);
        [met_at, set]
            .into_iter()
            .flatten()
            .min_by_key(|due| due.instant())
    };
    if let Some(unsigned) = paper.unsigned {
        all.extend(next(unsigned).map(|due| {
            let what = "Have the agreement on confidentiality signed";
            side.duty("confidentiality-signed", what, "R069", due, paper.signed)
        }));
    }
    for (from, again) in &paper.again {
        all.extend(next(*from).map(|due| {
            let what = "Explain the agreement on confidentiality again";
            let duty = side.duty("confidentiality-again", what, "R070", due, *again);
            Duty {
                key: format!("{}.{}", duty.key, from.entered.as_microsecond()).into(),
                ..duty
            }
        }));
    }
}

/// On which side a duty lies.
struct Side<'a> {
    party: &'a Party,
    survivor: bool,
}

impl<'a> Side<'a> {
    const fn survivor(party: &'a Party) -> Self {
        Self {
            party,
            survivor: true,
        }
    }

    const fn client(party: &'a Party) -> Self {
        Self {
            party,
            survivor: false,
        }
    }

    fn duty(
        &self,
        name: &str,
        what: &'static str,
        rule: &'static str,
        due: Due,
        met: Option<Met>,
    ) -> Duty {
        let part = self.party.part;
        let key = match part.filter(|_| self.survivor) {
            Some(part) => format!("{name}.{part}"),
            None => name.to_owned(),
        };
        Duty {
            key: key.into(),
            what,
            about: part,
            apart: self.survivor,
            rule,
            place: if self.survivor {
                "/apart/participation"
            } else {
                "/participation"
            },
            owner: if self.survivor {
                Tie::SurvivorLine
            } else {
                Tie::ClientLine
            },
            due,
            reaches: None,
            met,
            waived: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::{
        deadline::start_of,
        form::{Answer, YesNo},
        label::Labelled,
    };

    use super::super::tests::{party, said};
    use super::*;
    use crate::{
        participation::{
            model::{ClientConfidentiality, Reply, Way},
            rules::{
                Consents, Gone, Known, Paper, Party, Said, client_understood, is_left_out, known,
                paper, stand,
            },
        },
        people::model::PartId,
        suitability,
        testing::{met, set},
    };

    fn suitable(known: Known) -> Facts {
        let decided = Some(met(date(2026, 10, 5)));
        Facts {
            suitability: suitability::rules::Known {
                outcome: Some(Outcome::Suitable),
                decided,
                suitable: decided,
                ..suitability::rules::Known::default()
            },
            participation: known,
            ..Facts::received(start_of(date(2026, 10, 1)))
        }
    }

    fn owed(facts: &Facts, settings: &[Dated]) -> Vec<Duty> {
        duties(
            facts,
            settings,
            &Calendar::default(),
            start_of(date(2026, 10, 20)),
        )
    }

    #[test]
    fn r012_a_withdrawal_is_settled_on_the_same_day_and_only_her_side_sees_it() {
        let yes = said(Reply::Given, 1, None);
        for (agreed, owes) in [(None, true), (Some((2, 2)), false)] {
            let survivors = vec![stand(
                &[yes, said(Reply::Withdrawn, 2, agreed)],
                date(2026, 10, 20),
            )];
            let known = known(Consents::Both, survivors, party(Stand::Given), None);
            let duties = owed(&suitable(known), &[]);
            let [duty] = duties.as_slice() else {
                panic!("{duties:?}")
            };
            assert!(duty.apart && duty.key.starts_with("withdrawal."));
            assert_eq!(duty.due, Due::EndOf(date(2026, 10, 2)));
            assert_eq!(duty.owner, Tie::SurvivorLine);
            assert_eq!(duty.is_owed(), owes);
        }
    }

    #[test]
    fn r011_r013_the_client_is_told_only_once_he_may_be_asked() {
        let within = [set("explain_service", "5 working days")];
        let names = |facts: &Facts, settings: &[Dated]| -> Vec<(String, bool)> {
            owed(facts, settings)
                .iter()
                .map(|duty| (duty.what.to_owned(), duty.apart))
                .collect()
        };
        let asked = |reply: Option<Reply>| {
            let answers: Vec<Said> = reply
                .into_iter()
                .map(|reply| said(reply, 6, None))
                .collect();
            let mut survivor = stand(&answers, date(2026, 10, 20));
            survivor.part = Some(PartId::new());
            suitable(known(
                Consents::Both,
                vec![survivor],
                Party::default(),
                None,
            ))
        };
        assert_eq!(
            names(&asked(None), &within),
            [("Explain the service, alone".to_owned(), true)]
        );
        assert_eq!(names(&asked(Some(Reply::Refused)), &within), []);
        assert_eq!(
            names(&asked(Some(Reply::Given)), &within),
            [
                ("Explain the service".to_owned(), false),
                (
                    "Explain when and why information is shared".to_owned(),
                    false
                )
            ]
        );
        // No source gives a number, so without a setting nothing is dated.
        assert_eq!(names(&asked(Some(Reply::Given)), &[]), []);
        // Each is met by itself: who heard of the service need not have heard of sharing.
        let mut told = asked(Some(Reply::Given));
        let on = Some(met(date(2026, 10, 7)));
        told.participation.party.explained = on;
        told.participation.survivors[0].explained = on;
        let met_of: Vec<(&str, bool, bool)> = owed(&told, &within)
            .iter()
            .map(|duty| (duty.rule, duty.apart, duty.met.is_some()))
            .collect();
        assert_eq!(
            met_of,
            [
                ("R011", true, true),
                ("R011", false, true),
                ("R013", false, false)
            ]
        );
        let unsuitable = Facts {
            suitability: suitability::rules::Known::default(),
            ..asked(Some(Reply::Given))
        };
        assert_eq!(names(&unsuitable, &within), []);
    }

    fn gone(day: i8, how: Way, understood: bool, signed: bool) -> Gone {
        let on = met(date(2026, 10, day));
        Gone {
            on,
            how,
            understood,
            research: false,
            signed: signed.then_some(on),
        }
    }

    #[test]
    fn r068_the_agreement_is_gone_through_after_a_yes() {
        let within = [set("confidentiality", "5 days")];
        let yes = met(date(2026, 10, 6));
        for (given, explained, settings, expected) in [
            (None, None, &within[..], None),
            (Some(yes), None, &within, Some(true)),
            (
                Some(yes),
                Some(met(date(2026, 10, 8))),
                &within,
                Some(false),
            ),
            // No source gives a number.
            (Some(yes), None, &[], None),
        ] {
            let mut client = Party {
                given,
                ..Party::default()
            };
            client.paper.explained = explained;
            let facts = suitable(known(Consents::Both, vec![], client, None));
            let duties = owed(&facts, settings);
            let found = duties.iter().find(|duty| duty.rule == "R068");
            assert_eq!(
                found.map(Duty::is_owed),
                expected,
                "{given:?} {explained:?}"
            );
            let due = Due::EndOf(date(2026, 10, 11));
            assert!(found.is_none_or(|duty| duty.due == due));
        }
    }

    #[test]
    fn r091_a_no_to_research_leaves_the_client_out() {
        for (research, out) in [(None, false), (Some(true), false), (Some(false), true)] {
            let mut client = Party::default();
            client.paper.research = research;
            assert_eq!(is_left_out(&client), out, "{research:?}");
        }
        // The latest answer counts.
        let mut times = [
            gone(6, Way::Telephone, true, false),
            gone(8, Way::Telephone, true, false),
        ];
        times[0].research = false;
        times[1].research = true;
        assert_eq!(paper(&times, &[]).research, Some(true));
        times[1].research = false;
        assert_eq!(paper(&times, &[]).research, Some(false));
    }

    #[test]
    fn r069_signed_at_the_first_meeting() {
        use Way::{FaceToFace, Telephone};
        let by_telephone = [gone(6, Telephone, true, false)];
        for (times, meetings, settings, expected) in [
            // By telephone, nobody met yet, no number set: open, without a date.
            (&by_telephone[..], vec![], vec![], None),
            (
                &by_telephone,
                vec![date(2026, 10, 5), date(2026, 10, 8), date(2026, 10, 12)],
                vec![],
                Some((Due::EndOf(date(2026, 10, 8)), true)),
            ),
            (
                &by_telephone,
                vec![date(2026, 10, 6)],
                vec![],
                Some((Due::EndOf(date(2026, 10, 6)), true)),
            ),
            (
                &by_telephone,
                vec![],
                vec![set("sign_confidentiality", "7 days")],
                Some((Due::EndOf(date(2026, 10, 13)), true)),
            ),
            (
                &by_telephone,
                vec![date(2026, 10, 8)],
                vec![set("sign_confidentiality", "7 days")],
                Some((Due::EndOf(date(2026, 10, 8)), true)),
            ),
            // Signed when it was gone through again.
            (
                &[
                    gone(6, Telephone, true, false),
                    gone(8, FaceToFace, true, true),
                ],
                vec![date(2026, 10, 8)],
                vec![],
                Some((Due::EndOf(date(2026, 10, 8)), false)),
            ),
            // Not signed although met: the next meeting counts.
            (
                &[gone(6, FaceToFace, true, false)],
                vec![date(2026, 10, 6), date(2026, 10, 9)],
                vec![],
                Some((Due::EndOf(date(2026, 10, 9)), true)),
            ),
            (&[gone(6, FaceToFace, true, true)], vec![], vec![], None),
        ] {
            let client = Party {
                paper: paper(times, &meetings),
                ..Party::default()
            };
            let facts = suitable(known(Consents::Both, vec![], client, None));
            let duties = owed(&facts, &settings);
            let found = duties.iter().find(|duty| duty.rule == "R069");
            assert_eq!(
                found.map(|duty| (duty.due, duty.is_owed())),
                expected,
                "{times:?} {meetings:?}"
            );
        }
    }

    #[test]
    fn r070_a_no_to_understanding_means_explain_again_a_no_to_research_does_not() {
        let yes = Some(Labelled::new(YesNo::Yes));
        let no = Some(Labelled::new(YesNo::No));
        let form = |answers: [Answer<YesNo, kernel::label::Client>; 4]| {
            let [explained, research, confidential, exceptions] = answers;
            ClientConfidentiality {
                explained,
                research,
                confidential,
                exceptions,
                ..ClientConfidentiality::default()
            }
        };
        for (answers, understood) in [
            ([yes, yes, yes, yes], YesNo::Yes),
            ([yes, no, yes, yes], YesNo::Yes),
            ([no, yes, yes, yes], YesNo::No),
            ([yes, yes, no, yes], YesNo::No),
            ([yes, yes, yes, no], YesNo::No),
            ([yes, yes, None, yes], YesNo::No),
        ] {
            assert_eq!(client_understood(&form(answers)), understood, "{answers:?}");
        }
        let again = paper(&[gone(6, Way::FaceToFace, false, true)], &[]);
        assert_eq!(again.again.len(), 1);
        let settings = [set("sign_confidentiality", "7 days")];
        let client = |paper| Party {
            paper,
            ..Party::default()
        };
        let rules_of = |paper: Paper| -> Vec<(&'static str, bool)> {
            let facts = suitable(known(Consents::Both, vec![], client(paper), None));
            owed(&facts, &settings)
                .iter()
                .map(|duty| (duty.rule, duty.is_owed()))
                .collect()
        };
        assert_eq!(rules_of(again), [("R070", true)]);
        let done = paper(
            &[
                gone(6, Way::FaceToFace, false, true),
                gone(9, Way::FaceToFace, true, true),
            ],
            &[],
        );
        assert_eq!(rules_of(done), [("R070", false)]);
    }
}
