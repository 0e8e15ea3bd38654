//! Whether the gate is open, what follows from an answer, what is owed. Pure.

mod forms;
mod owed;

use jiff::{Timestamp, civil::Date};
use kernel::deadline::london_date;
use serde::{Deserialize, Serialize};

use super::model::{Reply, ReplyId, Way};
use crate::{
    duties::{
        facts::Facts,
        model::Met,
        settings::{Dated, Kind, Setting},
    },
    people::model::PartId,
};

pub use forms::{
    Whose, agreed_problems, client_paper_problems, client_understood, heard_problems,
    reply_problems, survivor_paper_problems, survivor_understood,
};
pub use owed::duties;

/// Where a party stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stand {
    /// Nobody asked.
    #[default]
    NotAsked,
    /// Told of the service, and has not answered.
    Told,
    /// Takes part.
    Given,
    /// Does not.
    Refused,
    /// Took part, and does so no longer.
    Withdrawn,
}

impl Stand {
    /// In words, for a tag on a page of the survivor's side.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NotAsked => "Not asked yet",
            Self::Told => "Told, no answer yet",
            Self::Given => "Yes",
            Self::Refused => "No",
            Self::Withdrawn => "Withdrawn",
        }
    }

    /// The colour of the tag.
    pub const fn colour(self) -> &'static str {
        match self {
            Self::NotAsked => "grey",
            Self::Told => "yellow",
            Self::Given => "green",
            Self::Refused | Self::Withdrawn => "red",
        }
    }
}

/// A withdrawal, and what was agreed about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// The answer by which somebody withdrew.
    pub id: ReplyId,
    /// When.
    pub on: Met,
    /// When it was settled what happens: agreed with the supervisor, or taken back.
    pub settled: Option<Met>,
}

/// What is known of the agreement on confidentiality with a party.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Paper {
    /// When it was first gone through.
    pub explained: Option<Met>,
    /// When it was first gone through without being signed.
    pub unsigned: Option<Met>,
    /// When it was signed.
    pub signed: Option<Met>,
    /// Each time after which it must be explained again, with the next time it was.
    pub again: Vec<(Met, Option<Met>)>,
    /// Whether information without a name may be used for research, by the latest answer.
    pub research: Option<bool>,
    /// The first day, after it was explained without a signature, on which the party was met face to
    /// face: to answer, or at a contact that was held (R069; guidance-pack-2020.md 684, 786).
    pub first_meeting: Option<Date>,
}

/// What is known of a party.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Party {
    /// Who.
    pub part: Option<PartId>,
    /// The answers, from which follows where the party stands on a day.
    pub said: Vec<Said>,
    /// The answer.
    #[serde(skip)]
    pub so: Stand,
    /// The answer as the other line sees it in the state of the gate.
    #[serde(skip)]
    pub shown: Stand,
    /// Since when, by its entry, it is a yes as the other line sees it.
    #[serde(skip)]
    pub since: Option<Timestamp>,
    /// When the service was explained (R011).
    pub explained: Option<Met>,
    /// When sharing of information was explained (R013).
    pub sharing: Option<Met>,
    /// When the yes in force was given.
    #[serde(skip)]
    pub given: Option<Met>,
    /// When the no in force was said.
    #[serde(skip)]
    pub no: Option<Met>,
    /// Withdrawals.
    #[serde(skip)]
    pub withdrawals: Vec<Withdrawal>,
    /// The agreement on confidentiality.
    pub paper: Paper,
}

/// What is known of a case, as far as duties depend on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own that another capability looks at"
)]
pub struct Known {
    /// Which answers were demanded when the referral was received.
    pub consents: Consents,
    /// Whether the survivor takes part and has not withdrawn; each of them, where there are more.
    /// Only her side may know.
    #[serde(skip)]
    pub survivor: bool,
    /// Whether the client takes part and has not withdrawn.
    #[serde(skip)]
    pub client: bool,
    /// Whether the gates that the programme demands are open: the only part of the survivor's answer
    /// that the client line sees. It stays open after a withdrawal until the day that was agreed.
    #[serde(skip)]
    pub open: bool,
    /// Whether the client may be asked, as the client line sees it.
    #[serde(skip)]
    pub may_ask: bool,
    /// Since when, as the client line sees it.
    #[serde(skip)]
    pub may_ask_since: Option<Timestamp>,
    /// Whether somebody withdrew, and the client line does not see it yet. Only the survivor's side
    /// may know.
    #[serde(skip)]
    pub withdrawn_pending: bool,
    /// The adults harmed.
    pub survivors: Vec<Party>,
    /// The client.
    pub party: Party,
    /// When somebody recorded that the client heard of the service from elsewhere.
    pub heard: Option<Met>,
}

/// Which answers a programme demands before the intervention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Consents {
    /// A yes of every party.
    #[default]
    Both,
    /// Every party was told, and none said no.
    Told,
    /// None.
    None,
}

/// How the gates stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gate {
    /// Whether the client may be asked, as the client line sees it.
    pub may_ask: bool,
    /// Whether the gates are open, as the client line sees it.
    pub open: bool,
    /// Whether they are open in truth. New work that depends on a yes asks this, where who asks may
    /// know it.
    pub so: bool,
}

/// Which consents the gate of a programme demands: `both`, `told` or `none`. `design.md` 5.
pub const CONSENTS: Setting = Setting {
    name: "consents",
    what: "What the gate before the intervention demands of survivor and client: both take part, both told, or none (R012)",
    kind: Kind::Word(&["both", "told", "none"]),
    default: Some("both"),
};
const EXPLAIN: Setting = Setting {
    name: "explain_service",
    what: "How soon the service is explained to a party, from the decision or from when it may be (R011, R013); no duty while it is not set",
    kind: Kind::Within,
    default: None,
};
const PAPER: Setting = Setting {
    name: "confidentiality",
    what: "How soon the agreement on confidentiality is gone through after a yes (R068); no duty while it is not set",
    kind: Kind::Within,
    default: None,
};
const SIGN: Setting = Setting {
    name: "sign_confidentiality",
    what: "How soon an agreement that was explained by telephone is signed, or what was not understood is explained again (R069, R070); the first meeting makes it due, set or not",
    kind: Kind::Within,
    default: None,
};
const WITHDRAWAL: Setting = Setting {
    name: "withdrawal",
    what: "How soon the survivor’s side and supervisor agree what happens after a withdrawal (R012): 0 days is the same day",
    kind: Kind::Within,
    default: Some("0 days"),
};

/// What a partnership may set.
pub const SETTINGS: &[Setting] = &[CONSENTS, EXPLAIN, PAPER, SIGN, WITHDRAWAL];

/// Which consents are demanded of a case that was received at `received`.
pub fn consents(received: Option<Timestamp>, settings: &[Dated]) -> Consents {
    let day = received.map_or(Date::MAX, london_date);
    match CONSENTS.on(settings, day) {
        Some("told") => Consents::Told,
        Some("none") => Consents::None,
        _ => Consents::Both,
    }
}

/// R012: how the gates of a case stand, by the setting in force when it was received.
///
/// Source: guidance-pack-2020.md 152, 165, 247, 294. Which consents a programme's gate needs is a
/// setting (`design.md` 5).
pub fn gate(facts: &Facts, settings: &[Dated]) -> Gate {
    gate_of(
        consents(facts.received, settings),
        &facts.participation.survivors,
        facts.participation.party.so,
    )
}

/// R012: the survivors first, each for herself, then the client.
///
/// A no closes the gate also where only telling is demanded: nobody is made to take part. A case
/// without a survivor on it has nobody whose answer could open it.
pub fn gate_of(consents: Consents, survivors: &[Party], client: Stand) -> Gate {
    let yes = |stand: Stand| match consents {
        Consents::Both => stand == Stand::Given,
        Consents::Told => matches!(stand, Stand::Told | Stand::Given),
        Consents::None => true,
    };
    let all = |stand: fn(&Party) -> Stand| {
        consents == Consents::None
            || (!survivors.is_empty() && survivors.iter().all(|party| yes(stand(party))))
    };
    let may_ask = all(|party| party.shown);
    Gate {
        may_ask,
        open: may_ask && yes(client),
        so: all(|party| party.so) && yes(client),
    }
}

/// An answer, as far as it decides where a party stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Its id.
    pub id: ReplyId,
    /// The answer.
    pub reply: Reply,
    /// When.
    pub on: Met,
    /// What was agreed about a withdrawal: when, and the first day on which it shows.
    pub agreed: Option<(Met, Date)>,
}

/// Where a party stands on `today` by its answers, in the order in which they were given.
///
/// `design.md` 5: a withdrawal changes nothing that the client line can see until what happens is
/// agreed, and then from the agreed day. A no after a yes is a withdrawal. To have been told again
/// takes nothing back.
pub fn stand(said: &[Said], today: Date) -> Party {
    let mut party = Party {
        said: said.to_vec(),
        ..Party::default()
    };
    for answer in said {
        match (answer.reply, party.so) {
            (Reply::Told, Stand::NotAsked) => {
                party.so = Stand::Told;
                party.shown = Stand::Told;
                party.since = Some(answer.on.entered);
            }
            (Reply::Told, _) => {}
            (Reply::Given, _) => {
                for withdrawal in &mut party.withdrawals {
                    withdrawal.settled = withdrawal.settled.or(Some(answer.on));
                }
                if party.so != Stand::Given {
                    party.given = Some(answer.on);
                }
                if party.shown != Stand::Given {
                    party.since = Some(answer.on.entered);
                }
                party.so = Stand::Given;
                party.shown = Stand::Given;
                party.no = None;
            }
            (Reply::Refused | Reply::Withdrawn, Stand::Given) => {
                party.so = Stand::Withdrawn;
                party.given = None;
                party.no = Some(answer.on);
                if answer.agreed.is_some_and(|(_, stops)| stops <= today) {
                    party.shown = Stand::Withdrawn;
                    party.since = None;
                }
                party.withdrawals.push(Withdrawal {
                    id: answer.id,
                    on: answer.on,
                    settled: answer.agreed.map(|(met, _)| met),
                });
            }
            (Reply::Refused | Reply::Withdrawn, _) => {
                // While a withdrawal is not settled, another no shows as little as it does.
                if party.shown != Stand::Given {
                    party.shown = Stand::Refused;
                    party.since = None;
                }
                if party.so != Stand::Withdrawn {
                    party.so = Stand::Refused;
                }
                party.no = party.no.or(Some(answer.on));
            }
        }
    }
    party
}

impl Party {
    /// The party as it stands on `today`.
    fn standing_on(self, today: Date) -> Self {
        Self {
            part: self.part,
            explained: self.explained,
            sharing: self.sharing,
            paper: self.paper,
            ..stand(&self.said, today)
        }
    }
}

impl Known {
    /// What is known, as it stands on `today`: a withdrawal shows from a day that was agreed ahead,
    /// and nobody need record anything on that day.
    #[must_use]
    pub fn standing_on(self, today: Date) -> Self {
        let of_each = self.survivors.into_iter();
        known(
            self.consents,
            of_each.map(|party| party.standing_on(today)).collect(),
            self.party.standing_on(today),
            self.heard,
        )
    }
}

/// What follows for the gates from where the parties stand.
pub fn known(
    consents: Consents,
    survivors: Vec<Party>,
    client: Party,
    heard: Option<Met>,
) -> Known {
    let gate = gate_of(consents, &survivors, client.so);
    let given = |party: &Party| party.so == Stand::Given;
    Known {
        consents,
        survivor: !survivors.is_empty() && survivors.iter().all(given),
        client: given(&client),
        open: gate.open,
        may_ask: gate.may_ask,
        may_ask_since: survivors
            .iter()
            .filter_map(|party| party.since)
            .max()
            .filter(|_| gate.may_ask),
        withdrawn_pending: survivors
            .iter()
            .any(|party| party.so == Stand::Withdrawn && party.shown == Stand::Given),
        survivors,
        party: client,
        heard,
    }
}

/// R091: whether what numbers say of the client stays in the house: by the latest answer the client
/// said no to use without a name. Whom nobody has asked is counted.
///
/// Source: guidance-pack-2020.md 728-731. The numbers of engagement and of closures are of the
/// client; nothing of the survivor is in them, so her answer leaves nothing out, and no number tells
/// of it.
pub fn is_left_out(client: &Party) -> bool {
    client.paper.research == Some(false)
}

/// A time at which the agreement was gone through, as far as duties depend on it.
#[derive(Clone, Copy, Debug)]
pub struct Gone {
    /// When.
    pub on: Met,
    /// How.
    pub how: Way,
    /// Whether everything that must be understood was.
    pub understood: bool,
    /// Whether use without a name is agreed to.
    pub research: bool,
    /// When it was signed.
    pub signed: Option<Met>,
}

/// What is known of an agreement from the times at which it was gone through, in their order, and
/// from the days on which the party was met.
pub fn paper(gone: &[Gone], meetings: &[Date]) -> Paper {
    let mut paper = Paper::default();
    for time in gone {
        for (_, next) in paper.again.iter_mut().filter(|(_, next)| next.is_none()) {
            *next = Some(time.on);
        }
        paper.explained = paper.explained.or(Some(time.on));
        if let Some(signed) = time.signed {
            paper.signed = paper.signed.or(Some(signed));
        } else if paper.signed.is_none() {
            paper.unsigned = paper.unsigned.or(Some(time.on));
        }
        if !time.understood {
            paper.again.push((time.on, None));
        }
        paper.research = Some(time.research);
    }
    let open = gone
        .iter()
        .find(|time| time.signed.is_none() || !time.understood);
    // Of somebody who was met when it was explained, the next meeting counts.
    paper.first_meeting = open.and_then(|open| {
        let meeting = |day: &Date| match open.how {
            Way::FaceToFace => *day > open.on.day(),
            Way::Telephone | Way::Video => *day >= open.on.day(),
        };
        meetings.iter().copied().filter(meeting).min()
    });
    paper
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::testing::met;

    pub(super) fn said(reply: Reply, day: i8, agreed: Option<(i8, i8)>) -> Said {
        let october = |day| date(2026, 10, day);
        Said {
            id: ReplyId::new(),
            reply,
            on: met(october(day)),
            agreed: agreed.map(|(on, stops)| (met(october(on)), october(stops))),
        }
    }

    pub(super) fn party(stand: Stand) -> Party {
        Party {
            so: stand,
            shown: stand,
            ..Party::default()
        }
    }

    #[test]
    fn r012_the_gate_for_every_answer() {
        use Consents::{Both, None, Told};
        use Stand::{Given, NotAsked, Refused, Withdrawn};
        let told = Stand::Told;
        for (consents, survivor, client, may_ask, open) in [
            (Both, NotAsked, NotAsked, false, false),
            (Both, told, NotAsked, false, false),
            (Both, Refused, NotAsked, false, false),
            (Both, Refused, Given, false, false),
            (Both, Withdrawn, Given, false, false),
            (Both, NotAsked, Given, false, false),
            (Both, Given, NotAsked, true, false),
            (Both, Given, told, true, false),
            (Both, Given, Refused, true, false),
            (Both, Given, Withdrawn, true, false),
            (Both, Given, Given, true, true),
            (Told, NotAsked, Given, false, false),
            (Told, told, NotAsked, true, false),
            (Told, told, told, true, true),
            (Told, Given, Given, true, true),
            (Told, Refused, Given, false, false),
            (Told, Withdrawn, Given, false, false),
            (Told, told, Refused, true, false),
            (None, NotAsked, NotAsked, true, true),
            (None, Refused, Refused, true, true),
            (None, Withdrawn, Withdrawn, true, true),
        ] {
            let gate = gate_of(consents, &[party(survivor)], client);
            let expected = Gate {
                may_ask,
                open,
                so: open,
            };
            assert_eq!(gate, expected, "{consents:?} {survivor:?} {client:?}");
        }
    }

    #[test]
    fn r012_each_survivor_answers_for_herself_and_somebody_must() {
        use Stand::{Given, NotAsked, Refused};
        for (survivors, open) in [
            (&[][..], false),
            (&[Given], true),
            (&[Given, Given], true),
            (&[Given, NotAsked], false),
            (&[Refused, Given], false),
        ] {
            let survivors: Vec<Party> = survivors.iter().copied().map(party).collect();
            let gate = gate_of(Consents::Both, &survivors, Given);
            assert_eq!((gate.open, gate.so), (open, open), "{survivors:?}");
        }
    }

    #[test]
    fn r012_a_withdrawal_shows_from_the_agreed_day_only() {
        use Reply::{Given, Refused, Told, Withdrawn};
        use Stand as S;
        // Answers, the day on which it is looked at, the truth, what the other line sees.
        for (answers, today, so, shown) in [
            (vec![], 20, S::NotAsked, S::NotAsked),
            (vec![said(Told, 1, None)], 20, S::Told, S::Told),
            (vec![said(Refused, 1, None)], 20, S::Refused, S::Refused),
            (
                vec![said(Refused, 1, None), said(Told, 2, None)],
                20,
                S::Refused,
                S::Refused,
            ),
            (
                vec![said(Refused, 1, None), said(Given, 2, None)],
                20,
                S::Given,
                S::Given,
            ),
            (
                vec![said(Given, 1, None), said(Told, 2, None)],
                20,
                S::Given,
                S::Given,
            ),
            (
                vec![said(Given, 1, None), said(Withdrawn, 2, None)],
                20,
                S::Withdrawn,
                S::Given,
            ),
            (
                vec![said(Given, 1, None), said(Refused, 2, None)],
                20,
                S::Withdrawn,
                S::Given,
            ),
            (
                vec![said(Given, 1, None), said(Withdrawn, 2, Some((2, 9)))],
                8,
                S::Withdrawn,
                S::Given,
            ),
            (
                vec![said(Given, 1, None), said(Withdrawn, 2, Some((2, 9)))],
                9,
                S::Withdrawn,
                S::Withdrawn,
            ),
            (
                vec![
                    said(Given, 1, None),
                    said(Withdrawn, 2, None),
                    said(Refused, 3, None),
                ],
                20,
                S::Withdrawn,
                S::Given,
            ),
            (
                vec![
                    said(Given, 1, None),
                    said(Withdrawn, 2, None),
                    said(Given, 3, None),
                ],
                20,
                S::Given,
                S::Given,
            ),
        ] {
            let party = stand(&answers, date(2026, 10, today));
            assert_eq!((party.so, party.shown), (so, shown), "{answers:?} {today}");
        }
    }

    #[test]
    fn r012_what_the_other_line_sees_does_not_move_when_she_withdraws() {
        let october = date(2026, 10, 20);
        let client = party(Stand::Given);
        let seen = |answers: &[Said]| {
            let known = known(
                Consents::Both,
                vec![stand(answers, october)],
                client.clone(),
                None,
            );
            (known.open, known.may_ask, known.may_ask_since)
        };
        let yes = said(Reply::Given, 1, None);
        let before = seen(&[yes]);
        assert_eq!(before, (true, true, Some(yes.on.entered)));
        assert_eq!(seen(&[yes, said(Reply::Withdrawn, 2, None)]), before);
        assert_eq!(
            seen(&[
                yes,
                said(Reply::Withdrawn, 2, None),
                said(Reply::Given, 5, None)
            ]),
            before
        );
        // The truth is kept beside it.
        let survivors = vec![stand(&[yes, said(Reply::Withdrawn, 2, None)], october)];
        let known = known(Consents::Both, survivors, client.clone(), None);
        assert!(known.withdrawn_pending && !known.survivor && known.open);
        // A no, no answer and not having been asked look alike.
        let never = seen(&[]);
        for reply in [Reply::Refused, Reply::Told] {
            assert_eq!(seen(&[said(reply, 1, None)]), never, "{reply:?}");
        }
    }
}
