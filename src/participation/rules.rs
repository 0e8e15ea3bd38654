//! Whether the gate is open, what follows from an answer, what is owed. Pure.

use jiff::{Timestamp, civil::Date};
use kernel::{
    access::Tie,
    calendar::Calendar,
    deadline::{Due, london_date},
    form::{Answer, Problem, Problems, YesNo, without_label},
    label::{Label, Labelled},
};
use serde::{Deserialize, Serialize};

use super::model::{
    ClientConfidentiality, Explaining, Interpreter, NewAgreed, NewHeard, NewReply, Reply, ReplyId,
    Signed, Signing, SurvivorConfidentiality, Way,
};
use crate::{
    duties::{
        facts::Facts,
        model::{Duty, Met},
        settings::{Dated, Kind, Setting},
    },
    people::model::PartId,
    suitability::rules::Outcome,
};

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
    /// The first day, after it was explained without a signature, on which the party was met.
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
    what: "Within what the service is explained to a party, from the decision or from when it may be (R011, R013); no duty while it is not set",
    kind: Kind::Within,
    default: None,
};
const PAPER: Setting = Setting {
    name: "confidentiality",
    what: "Within what the agreement on confidentiality is gone through after a yes (R068); no duty while it is not set",
    kind: Kind::Within,
    default: None,
};
const SIGN: Setting = Setting {
    name: "sign_confidentiality",
    what: "Within what an agreement that was explained by telephone is signed, or what was not understood is explained again (R069, R070); the first meeting makes it due, set or not",
    kind: Kind::Within,
    default: None,
};
const WITHDRAWAL: Setting = Setting {
    name: "withdrawal",
    what: "Within what survivor's side and supervisor agree what happens after a withdrawal (R012): 0 days is the same day",
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
    fn as_of(self, today: Date) -> Self {
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
    pub fn as_of(self, today: Date) -> Self {
        let of_each = self.survivors.into_iter();
        known(
            self.consents,
            of_each.map(|party| party.as_of(today)).collect(),
            self.party.as_of(today),
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

fn is_blank<L: Label>(answer: &Answer<String, L>) -> bool {
    answer.as_ref().is_none_or(|text| text.expose().is_empty())
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "as the readers of other answers take theirs"
)]
fn ahead<L: Label>(name: &str, answer: &Answer<Date, L>, today: Date) -> Option<Problem> {
    without_label(answer)
        .is_some_and(|day| day > today)
        .then(|| Problem::new(name, "The day must not be in the future"))
}

/// Whose answer is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The adult harmed.
    Survivor,
    /// The client.
    Client,
}

/// Whether an answer can stand after those before it, of which the last was given on `last`.
///
/// R012: a yes counts when service (R011) and sharing (R013) were explained and the person was able
/// to decide; of the survivor, when she was alone, since she is asked first and alone
/// (`design.md` 5). A no of hers is asked about no further: another answer follows only when she
/// comes back to it unasked.
pub fn reply_problems<L: Label>(
    form: &NewReply<L>,
    whose: Whose,
    before: Stand,
    last: Option<Labelled<Date, L>>,
    today: Date,
) -> Problems {
    let mut problems = Problems::new();
    let mut refuse = |field: &str, words: &str| problems.push(Problem::new(field, words));
    let reply = without_label(&form.reply);
    let is_no = |answer: &Answer<YesNo, L>| without_label(answer) == Some(YesNo::No);
    if reply == Some(Reply::Given) {
        if is_no(&form.explained) {
            refuse(
                "explained",
                "A yes counts only after the service was explained: record that the person was told when that is done",
            );
        }
        if is_no(&form.sharing) {
            refuse(
                "sharing",
                "A yes counts only after sharing of information was explained",
            );
        }
        if is_no(&form.able) {
            refuse(
                "able",
                "A yes of somebody who was not able to decide does not count: record what was told, and ask again another time",
            );
        }
        if whose == Whose::Survivor && is_no(&form.alone) {
            refuse(
                "alone",
                "A yes counts only when the person was alone: record what was told, and ask again alone",
            );
        }
        if without_label(&form.interpreter) == Some(Interpreter::Missing) {
            refuse(
                "interpreter",
                "A yes without the interpreter who was needed does not count: record what was told, and ask again with one",
            );
        }
    }
    if reply == Some(Reply::Told) && is_no(&form.explained) {
        refuse(
            "explained",
            "If the service was not explained there is nothing to record yet",
        );
    }
    match (reply, before) {
        (Some(Reply::Refused), Stand::Given) => refuse(
            "reply",
            "There is a yes on record: record that the person no longer takes part",
        ),
        (Some(Reply::Told), Stand::Given) => refuse("reply", "There is a yes on record already"),
        (Some(Reply::Withdrawn), Stand::NotAsked | Stand::Told | Stand::Refused) => {
            refuse("reply", "There is no yes on record that could be withdrawn");
        }
        (Some(Reply::Withdrawn), Stand::Withdrawn) => {
            refuse(
                "reply",
                "That the person no longer takes part is on record already",
            );
        }
        (Some(_), Stand::Refused | Stand::Withdrawn)
            if whose == Whose::Survivor && without_label(&form.own_accord) != Some(YesNo::Yes) =>
        {
            refuse(
                "own_accord",
                "There is a no on record, and nobody asks again: another answer can be recorded only if the person came back to it unasked",
            );
        }
        _ => {}
    }
    if let (Some(day), Some(last)) = (without_label(&form.answered_on), last)
        && day < *last.expose()
    {
        refuse(
            "answered_on",
            "A later answer is on record: this one must not be before it. If that one is wrong, strike it out first",
        );
    }
    problems.extend(ahead("answered_on", &form.answered_on, today));
    problems
}

/// Whether what was agreed can stand: not in the future, not before the withdrawal; what the other
/// line sees does not change before it was agreed.
pub fn agreed_problems(
    form: &NewAgreed,
    withdrawn_on: &Labelled<Date, kernel::label::Survivor>,
    today: Date,
) -> Problems {
    let mut problems = Problems::new();
    problems.extend(ahead("agreed_on", &form.agreed_on, today));
    let (agreed, stops) = (
        without_label(&form.agreed_on),
        without_label(&form.stops_on),
    );
    if agreed.is_some_and(|day| day < *withdrawn_on.expose()) {
        problems.push(Problem::new(
            "agreed_on",
            "The agreement must not be before the withdrawal",
        ));
    }
    if let (Some(agreed), Some(stops)) = (agreed, stops)
        && stops < agreed
    {
        problems.push(Problem::new(
            "stops_on",
            "The other line must not see it before it was agreed",
        ));
    }
    problems
}

/// Whether the day on which the client heard of the service can stand.
pub fn heard_problems(form: &NewHeard, today: Date) -> Problems {
    ahead("heard_on", &form.heard_on, today)
        .into_iter()
        .collect()
}

/// R069: what is explained by telephone is signed later; every signature says who stands for it.
fn signing_problems<L: Label>(
    explaining: &Explaining<L>,
    signed: &Signed<L>,
    today: Date,
) -> Problems {
    let mut problems = Problems::new();
    problems.extend(ahead("explained_on", &explaining.explained_on, today));
    problems.extend(ahead("signed_on", &signed.signed_on, today));
    let mut refuse = |field: &str, words: &str| problems.push(Problem::new(field, words));
    let signing = without_label(&signed.signing);
    let is_signed = signing.is_some_and(|signing| signing != Signing::NotYet);
    if is_signed && without_label(&explaining.how) == Some(Way::Telephone) {
        refuse(
            "signing",
            "By telephone nobody signs: choose “Not yet signed”, and go through it again at the first meeting",
        );
    }
    if is_signed {
        match without_label(&signed.signed_on) {
            None => refuse("signed_on", "Say on which day it was signed"),
            Some(day) if without_label(&explaining.explained_on).is_some_and(|told| day < told) => {
                refuse("signed_on", "It must not be signed before it was explained");
            }
            Some(_) => {}
        }
        if is_blank(&signed.signed_name) {
            refuse("signed_name", "Write the name as it was signed");
        }
    } else if signing.is_some() && signed.signed_on.is_some() {
        refuse("signed_on", "Leave this blank, or say how it was signed");
    }
    if signing == Some(Signing::Paper) && is_blank(&signed.held_by) {
        refuse("held_by", "Say who holds the paper");
    }
    if signing == Some(Signing::Typed) && is_blank(&signed.witness) {
        refuse("witness", "Say which worker saw the name typed");
    }
    problems
}

/// Whether the answers of Appendix B can stand. R070 asks that each statement is answered, which
/// the form does; a no is an answer.
pub fn client_paper_problems(form: &ClientConfidentiality, today: Date) -> Problems {
    let mut problems = signing_problems(&form.explaining, &form.signed, today);
    for (number, row) in form.sharing.iter().enumerate() {
        problems.extend(ahead(&format!("sharing.{number}.on"), &row.on, today));
    }
    problems
}

/// Whether the answers of Appendix C can stand.
pub fn survivor_paper_problems(form: &SurvivorConfidentiality, today: Date) -> Problems {
    let mut problems = signing_problems(&form.explaining, &form.signed, today);
    for (number, row) in form.requests.iter().enumerate() {
        problems.extend(ahead(&format!("requests.{number}.on"), &row.on, today));
    }
    problems
}

/// R070: whether Appendix B was understood. A no to the statement that it was explained, or to one
/// that begins with "I understand", means that it is explained again; a no to research does not.
pub fn client_understood(form: &ClientConfidentiality) -> YesNo {
    all_yes([
        without_label(&form.explained),
        without_label(&form.confidential),
        without_label(&form.exceptions),
    ])
}

/// R092: whether Appendix C and how its data are stored were understood.
pub fn survivor_understood(form: &SurvivorConfidentiality) -> YesNo {
    all_yes([
        without_label(&form.understood),
        without_label(&form.storage_understood),
    ])
}

fn all_yes<const N: usize>(answers: [Option<YesNo>; N]) -> YesNo {
    if answers.into_iter().all(|answer| answer == Some(YesNo::Yes)) {
        YesNo::Yes
    } else {
        YesNo::No
    }
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
    use kernel::{
        deadline::start_of,
        label::{Survivor, Workers},
    };

    use super::*;
    use crate::{
        suitability,
        testing::{met, set},
    };

    fn said(reply: Reply, day: i8, agreed: Option<(i8, i8)>) -> Said {
        let october = |day| date(2026, 10, day);
        Said {
            id: ReplyId::new(),
            reply,
            on: met(october(day)),
            agreed: agreed.map(|(on, stops)| (met(october(on)), october(stops))),
        }
    }

    fn party(stand: Stand) -> Party {
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

    #[test]
    fn r092_storage_must_be_understood_too() {
        let form = |understood: YesNo, storage: YesNo| SurvivorConfidentiality {
            understood: Some(Labelled::new(understood)),
            storage_understood: Some(Labelled::new(storage)),
            ..SurvivorConfidentiality::default()
        };
        for (understood, storage, all) in [
            (YesNo::Yes, YesNo::Yes, YesNo::Yes),
            (YesNo::Yes, YesNo::No, YesNo::No),
            (YesNo::No, YesNo::Yes, YesNo::No),
        ] {
            assert_eq!(survivor_understood(&form(understood, storage)), all);
        }
    }

    fn reply<L: Label>(reply: Reply, wrong: &str) -> NewReply<L> {
        let yes = |name: &str| {
            Some(Labelled::new(if name == wrong {
                YesNo::No
            } else {
                YesNo::Yes
            }))
        };
        NewReply {
            reply: Some(Labelled::new(reply)),
            answered_on: Some(Labelled::new(date(2026, 10, 14))),
            alone: yes("alone"),
            able: yes("able"),
            explained: yes("explained"),
            sharing: yes("sharing"),
            interpreter: Some(Labelled::new(if wrong == "interpreter" {
                Interpreter::Missing
            } else {
                Interpreter::NotNeeded
            })),
            own_accord: (wrong == "own_accord").then(|| Labelled::new(YesNo::Yes)),
            ..NewReply::default()
        }
    }

    #[test]
    fn r012_a_yes_counts_when_it_could_be_a_no() {
        let today = date(2026, 10, 14);
        for (wrong, survivor, client) in [
            ("", 0, 0),
            ("explained", 1, 1),
            ("sharing", 1, 1),
            ("able", 1, 1),
            ("alone", 1, 0),
            ("interpreter", 1, 1),
        ] {
            let hers = reply_problems::<Survivor>(
                &reply(Reply::Given, wrong),
                Whose::Survivor,
                Stand::NotAsked,
                None,
                today,
            );
            let theirs = reply_problems::<Workers>(
                &reply(Reply::Given, wrong),
                Whose::Client,
                Stand::NotAsked,
                None,
                today,
            );
            assert_eq!((hers.len(), theirs.len()), (survivor, client), "{wrong}");
        }
    }

    #[test]
    fn r012_what_may_follow_what() {
        use Reply::{Given, Refused, Told, Withdrawn};
        use Stand as S;
        let today = date(2026, 10, 14);
        for (before, after, own, stands) in [
            (S::NotAsked, Told, "", true),
            (S::NotAsked, Refused, "", true),
            (S::NotAsked, Withdrawn, "", false),
            (S::Given, Refused, "", false),
            (S::Given, Told, "", false),
            (S::Given, Withdrawn, "", true),
            (S::Refused, Given, "", false),
            (S::Refused, Told, "", false),
            (S::Refused, Given, "own_accord", true),
            (S::Withdrawn, Given, "own_accord", true),
            (S::Withdrawn, Withdrawn, "own_accord", false),
        ] {
            let problems = reply_problems::<Survivor>(
                &reply(after, own),
                Whose::Survivor,
                before,
                None,
                today,
            );
            assert_eq!(problems.is_empty(), stands, "{before:?} {after:?} {own}");
        }
        let form = reply::<Survivor>(Told, "");
        let later = Some(Labelled::new(date(2026, 10, 15)));
        assert_eq!(
            reply_problems(&form, Whose::Survivor, S::NotAsked, later, today).len(),
            1
        );
        let early = date(2026, 10, 13);
        assert_eq!(
            reply_problems(&form, Whose::Survivor, S::NotAsked, None, early).len(),
            1
        );
    }

    #[test]
    fn r069_every_signature_says_who_stands_for_it() {
        let today = date(2026, 10, 14);
        for (how, signing, filled, wrong) in [
            (Way::Telephone, Signing::NotYet, false, 0),
            (Way::Telephone, Signing::Typed, true, 1),
            (Way::FaceToFace, Signing::Paper, true, 0),
            (Way::FaceToFace, Signing::Paper, false, 3),
            (Way::FaceToFace, Signing::Typed, false, 3),
            (Way::FaceToFace, Signing::Screen, false, 2),
            (Way::FaceToFace, Signing::Screen, true, 0),
        ] {
            let text = || filled.then(|| Labelled::<_, Workers>::new("Maren Okafor".to_owned()));
            let explaining = Explaining {
                explained_on: Some(Labelled::new(today)),
                how: Some(Labelled::new(how)),
                ..Explaining::default()
            };
            let signed = Signed {
                signing: Some(Labelled::new(signing)),
                signed_on: filled.then(|| Labelled::new(today)),
                signed_name: text(),
                held_by: text(),
                witness: text(),
            };
            let problems = signing_problems(&explaining, &signed, today);
            assert_eq!(problems.len(), wrong, "{how:?} {signing:?} {filled}");
        }
    }
}
