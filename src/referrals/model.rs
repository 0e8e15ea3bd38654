//! The questions of a referral, and what is kept of the answers.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use kernel::{
    access::Sees,
    form::{
        Answer, Ask, ControlKind, Dictionary, Form, Group, Line, Many, Names, Parse, Problems,
        Reader, Sheet, Typed, Value, When, Wording, YesNoUnknown, ask, words_of,
    },
    ids::CaseId,
    label::{
        Audience, Child, Client, For, Label, Labelled, Survivor, VisibleTo, Workers, in_order,
    },
};

kernel::ids! {
    /// A draft. The case that it opens takes the same id, so that one draft opens one case.
    DraftKind => DraftId,
    /// A revision of a referral.
    RevisionKind => RevisionId,
    /// A stated reason for looking at the survivor's side.
    LookKind => LookId,
}

/// The case that a draft opens.
pub fn case_of(draft: DraftId) -> CaseId {
    CaseId::from_uuid(draft.uuid())
}

kernel::text_enum! {
    /// How a referral came.
    pub enum Origin {
        /// Sent by a referrer from her account.
        Account = "account": "Sent from an account",
        /// Told on the telephone.
        Telephone = "telephone": "By telephone",
        /// Written in an e-mail.
        Email = "email": "By e-mail",
        /// Told face to face.
        InPerson = "in_person": "In person",
        /// As a file with the boxes of the form.
        File = "file": "As a file",
    }
}

kernel::text_enum! {
    /// How somebody without an account referred.
    pub enum How {
        /// On the telephone.
        Telephone = "telephone": "By telephone",
        /// In an e-mail.
        Email = "email": "By e-mail",
        /// Face to face.
        InPerson = "in_person": "In person",
    }
}

impl How {
    /// The origin that is kept.
    pub const fn origin(self) -> Origin {
        match self {
            Self::Telephone => Origin::Telephone,
            Self::Email => Origin::Email,
            Self::InPerson => Origin::InPerson,
        }
    }
}

kernel::text_enum! {
    /// Why a referral waits for a manager before it goes on (R105).
    pub enum HeldReason {
        /// The agency's agreement has ended.
        AgreementEnded = "agreement_ended": "Held: agreement ended",
        /// The agency never had one that was in force.
        NoAgreement = "no_agreement": "Held: no agreement",
    }
}

kernel::text_enum! {
    /// The ten signs of early harm, in the order of the source (lines 116-125; R005). The codes
    /// are the source's; the words say who does what, since the source's own blame both (L004,
    /// L005, L016, L062). The list is not exhaustive (line 127).
    pub enum Marker {
        /// Line 116.
        ContactDispute = "dispute_over_child_contact": "Arrangements for seeing the children are contested",
        /// Line 117.
        VerbalArgument = "verbal_argument": "Shouts at, insults or threatens in words",
        /// Line 118.
        EarlyControl = "early_controlling_behaviours": "First signs of control: checks a phone, keeps from friends or family, asks to account for time",
        /// Line 119.
        RefusedToLeave = "asked_to_leave_and_refused": "Was asked to leave and would not",
        /// Line 120.
        Monitoring = "monitoring": "Watches or checks up: on a phone, or by questioning the children",
        /// Line 121.
        FirstAssault = "first_physical_assault": "First physical assault",
        /// Line 122.
        Altercation = "altercation": "Pushes, grabs or blocks the way",
        /// Line 123.
        DamageToProperty = "damage_to_property": "Damages property",
        /// Line 124.
        AngerIssues = "anger_issues": "Uses anger to frighten",
        /// Line 125.
        Willingness = "willingness_to_engage": "Is willing to take part",
    }
}

kernel::text_enum! {
    /// The answer that lets a referral go without a reason (R007).
    pub enum ReasonPending {
        /// Nobody knows it yet.
        NotKnown = "not_known_yet": "The reason is not known yet",
    }
}

/// A time of day, to the minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeOfDay(pub Time);

impl Value for TimeOfDay {
    const KIND: ControlKind = ControlKind::Narrow;

    fn parse(raw: &str) -> Result<Self, String> {
        let wrong = || "must be a time, like 9:05 or 14:30".to_owned();
        let (hour, minute) = raw.split_once([':', '.']).ok_or_else(wrong)?;
        if hour.is_empty() || hour.len() > 2 || minute.len() != 2 {
            return Err(wrong());
        }
        let (hour, minute) = (
            hour.parse().map_err(|_| wrong())?,
            minute.parse().map_err(|_| wrong())?,
        );
        Time::new(hour, minute, 0, 0).map(Self).map_err(|_| wrong())
    }

    fn typed(&self) -> String {
        format!("{}:{:02}", self.0.hour(), self.0.minute())
    }
}

/// One child of the household (lines 660-662). A child may have no relation to the client, and
/// lives where it lives: each has both relations and an address of its own.
#[derive(Clone, Debug, Default)]
pub struct ChildOnForm {
    /// The name as given.
    pub name: Answer<String, Workers>,
    /// As far as it is known.
    pub born: Answer<When, Workers>,
    /// To the survivor.
    pub to_survivor: Answer<String, Workers>,
    /// To the client; "None" is a relation.
    pub to_client: Answer<String, Workers>,
    /// Where the child lives.
    pub address: Answer<String, Child>,
}

/// A referral: every box of the source form, in its order.
///
/// What comes from the survivor or a child, or leads to one, is labelled so; the narrative about
/// the client's acts is for workers of both lines.
#[derive(Clone, Debug, Default)]
pub struct Referral {
    // Lines 638-645.
    /// Who refers.
    pub referrer_name: Answer<String, Workers>,
    /// The referrer's team.
    pub referrer_team: Answer<String, Workers>,
    /// The referrer's telephone.
    pub referrer_telephone: Answer<String, Workers>,
    /// The referrer's e-mail.
    pub referrer_email: Answer<String, Workers>,
    /// When the form was filled in.
    pub referral_date: Answer<When, Workers>,
    /// When the referrer can be reached for the consultation.
    pub referrer_hours: Answer<String, Workers>,
    // Line 633.
    /// Whether a risk identification checklist comes with it (R004).
    pub dash_attached: Answer<YesNoUnknown, Workers>,
    /// Where it is held, or what it says.
    pub dash_detail: Answer<String, Survivor>,
    // Lines 647-650.
    /// The survivor's name.
    pub survivor_name: Answer<String, Workers>,
    /// The survivor's date of birth.
    pub survivor_born: Answer<When, Workers>,
    /// Where the survivor lives.
    pub survivor_address: Answer<String, Survivor>,
    /// As the survivor says it.
    pub survivor_ethnicity: Answer<String, Survivor>,
    /// As the survivor says it.
    pub survivor_disabled: Answer<String, Survivor>,
    /// As the survivor says it.
    pub survivor_orientation: Answer<String, Survivor>,
    /// As the survivor says it.
    pub survivor_gender: Answer<String, Survivor>,
    /// The survivor's telephone.
    pub survivor_telephone: Answer<String, Survivor>,
    /// Another number.
    pub survivor_other_telephone: Answer<String, Survivor>,
    /// How, when and by whom the survivor may be reached (R008).
    pub survivor_safe_contact: Answer<String, Survivor>,
    // Lines 652-656.
    /// The client's name.
    pub client_name: Answer<String, Workers>,
    /// The client's date of birth.
    pub client_born: Answer<When, Workers>,
    /// Where the client lives.
    pub client_address: Answer<String, Workers>,
    /// What the client is to the survivor.
    pub client_relationship: Answer<String, Workers>,
    /// The client's telephone.
    pub client_telephone: Answer<String, Workers>,
    /// Another number.
    pub client_other_telephone: Answer<String, Workers>,
    /// As the client says it.
    pub client_ethnicity: Answer<String, Workers>,
    /// As the client says it.
    pub client_disabled: Answer<String, Workers>,
    /// As the client says it.
    pub client_orientation: Answer<String, Workers>,
    /// As the client says it.
    pub client_gender: Answer<String, Workers>,
    /// The client's occupation: whoever knows the client from work must not open the case.
    pub client_occupation: Answer<String, Workers>,
    // Line 658.
    /// Whether they live together, are separated, and so on.
    pub relationship: Answer<String, Workers>,
    // Lines 660-662.
    /// The children.
    pub children: Vec<ChildOnForm>,
    // Line 663.
    /// Whether the survivor is pregnant.
    pub pregnant: Answer<YesNoUnknown, Survivor>,
    /// When the child is due, in the words that were written.
    pub due: Answer<When, Survivor>,
    // Lines 667-671.
    /// Risk factors, background, reason.
    pub background: Answer<String, Workers>,
    /// What the client has done, and to whom.
    pub acts: Answer<String, Workers>,
    /// What it does to the survivor and to each child.
    pub impact: Answer<String, Child>,
    /// What the survivor does to keep the children safe and well.
    pub strengths: Answer<String, Survivor>,
    /// What the client says about taking part.
    pub willingness: Answer<String, Workers>,
    // Lines 112-127.
    /// Signs of early harm (R005).
    pub markers: Answer<Many<Marker>, Workers>,
    /// Another sign.
    pub markers_other: Answer<String, Workers>,
    // Lines 672-675.
    /// Whether the survivor knows of the referral (R007).
    pub survivor_aware: Answer<YesNoUnknown, Survivor>,
    /// Whether the survivor agrees to it.
    pub survivor_consented: Answer<YesNoUnknown, Survivor>,
    /// Why not.
    pub survivor_reason: Answer<String, Survivor>,
    /// That the reason is not known yet.
    pub survivor_reason_pending: Answer<Many<ReasonPending>, Survivor>,
    /// Whether the client knows of the referral (R007).
    pub client_aware: Answer<YesNoUnknown, Workers>,
    /// Whether the client agrees to it.
    pub client_consented: Answer<YesNoUnknown, Workers>,
    /// Why not.
    pub client_reason: Answer<String, Workers>,
    /// That the reason is not known yet.
    pub client_reason_pending: Answer<Many<ReasonPending>, Workers>,
    // Lines 676-678.
    /// What the survivor wants first.
    pub priorities: Answer<String, Survivor>,
    /// Whether, when and where the survivor was referred to a MARAC.
    pub survivor_marac: Answer<String, Survivor>,
    /// Whether, when and where the client was heard at a MARAC or MAPPA.
    pub client_marac: Answer<String, Workers>,
}

const DATE_HINT: &str = "For example, 27 3 1990, or what is known: “about 30”, “not known”";
const OWN_WORDS: &str =
    "In the person’s own words. “Not asked” and “prefers not to say” are answers";

/// The most children that one form holds.
pub const CHILDREN: usize = 20;

impl Form for Referral {
    #[expect(
        clippy::too_many_lines,
        reason = "one description, in the order of the form"
    )]
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("referrer", "Who is referring");
        r.field(
            ask("referrer_name", "Referrer’s name"),
            &mut self.referrer_name,
        );
        r.field(
            ask("referrer_team", "Referrer’s team and agency"),
            &mut self.referrer_team,
        );
        r.field(
            ask("referrer_telephone", "Referrer’s telephone").kind(ControlKind::Telephone),
            &mut self.referrer_telephone,
        );
        r.field(
            ask("referrer_email", "Referrer’s e-mail").kind(ControlKind::Email),
            &mut self.referrer_email,
        );
        r.field(
            ask("referral_date", "Date of referral").hint("For example, 27 3 2026"),
            &mut self.referral_date,
        );
        r.field(
            ask("referrer_hours", "Referrer’s working hours")
                .hint("So that the consultation can be arranged for when the referrer is there"),
            &mut self.referrer_hours,
        );

        r.section("dash", "Risk checklist (DASH)");
        r.field(
            ask("dash_attached", "Is there a completed DASH risk checklist?"),
            &mut self.dash_attached,
        );
        r.field(
            ask("dash_detail", "Where it is held, and what it says in short")
                .hint("For example who filled it in, when, and how many ticks. If there is none, say why")
                .area(),
            &mut self.dash_detail,
        );

        r.section("survivor", "The survivor");
        self.survivor(r);
        r.section("client", "The client");
        self.client(r);

        r.section("relationship", "Their relationship");
        r.field(
            ask("relationship", "How do things stand between them?")
                .hint("For example living together, separated, on and off"),
            &mut self.relationship,
        );

        r.section("children", "Children");
        r.each(
            Group {
                name: "children",
                item: "Child",
                at_most: CHILDREN,
            },
            &mut self.children,
            |r, child: &mut ChildOnForm| {
                r.field(ask("name", "Name"), &mut child.name);
                r.field(
                    ask("born", "Date of birth").hint(DATE_HINT),
                    &mut child.born,
                );
                r.field(
                    ask("to_survivor", "Relationship to the survivor"),
                    &mut child.to_survivor,
                );
                r.field(
                    ask("to_client", "Relationship to the client").hint("“None” is an answer"),
                    &mut child.to_client,
                );
                r.field(
                    ask("address", "Where the child lives")
                        .hint("Say so if anybody must not be told")
                        .kind(ControlKind::Area)
                        .max(1000),
                    &mut child.address,
                );
            },
        );

        r.section("pregnancy", "Pregnancy");
        r.field(
            ask("pregnant", "Is the survivor pregnant?"),
            &mut self.pregnant,
        );
        r.field(
            ask("due", "When is the child due?")
                .hint("A date, or what is known. What you write is kept as it is"),
            &mut self.due,
        );

        r.section("circumstances", "Reason for referral");
        self.circumstances(r);

        r.section("markers", "Early signs");
        r.field(
            ask("markers", "Which of these early signs have you seen?")
                .hint("The list is not complete. None of them is a condition for sending"),
            &mut self.markers,
        );
        r.field(
            ask("markers_other", "Another early sign").area().max(2000),
            &mut self.markers_other,
        );

        r.section("awareness", "Who knows and who agrees");
        self.awareness(r);

        r.section("earlier", "Priorities and earlier referrals");
        r.field(
            ask("priorities", "What would make the survivor safer or meet the survivor’s needs, in the survivor’s own view?")
                .area(),
            &mut self.priorities,
        );
        r.field(
            ask(
                "survivor_marac",
                "Has the survivor been referred to a MARAC before?",
            )
            .hint("If so, when and where")
            .area()
            .max(2000),
            &mut self.survivor_marac,
        );
        r.field(
            ask(
                "client_marac",
                "Has the client been heard at a MARAC or MAPPA before?",
            )
            .hint("If so, when and where")
            .area()
            .max(2000),
            &mut self.client_marac,
        );
    }
}

impl Referral {
    fn survivor(&mut self, r: &mut impl Reader) {
        r.field(
            ask("survivor_name", "Survivor’s name"),
            &mut self.survivor_name,
        );
        r.field(
            ask("survivor_born", "Survivor’s date of birth").hint(DATE_HINT),
            &mut self.survivor_born,
        );
        r.field(
            ask("survivor_address", "Survivor’s address")
                .area()
                .max(1000),
            &mut self.survivor_address,
        );
        r.field(
            ask("survivor_ethnicity", "Survivor’s ethnicity").hint(OWN_WORDS),
            &mut self.survivor_ethnicity,
        );
        r.field(
            ask("survivor_disabled", "Is the survivor disabled?"),
            &mut self.survivor_disabled,
        );
        r.field(
            ask("survivor_orientation", "Survivor’s sexual orientation"),
            &mut self.survivor_orientation,
        );
        r.field(
            ask("survivor_gender", "Survivor’s gender"),
            &mut self.survivor_gender,
        );
        r.field(
            ask("survivor_telephone", "Survivor’s telephone"),
            &mut self.survivor_telephone,
        );
        r.field(
            ask(
                "survivor_other_telephone",
                "Another number for the survivor",
            ),
            &mut self.survivor_other_telephone,
        );
        r.field(
            ask(
                "survivor_safe_contact",
                "How can the survivor be reached safely?",
            )
            .hint("Which number, when, who may answer, whether to leave a message")
            .area()
            .max(5000),
            &mut self.survivor_safe_contact,
        );
    }

    fn client(&mut self, r: &mut impl Reader) {
        r.field(ask("client_name", "Client’s name"), &mut self.client_name);
        r.field(
            ask("client_born", "Client’s date of birth").hint(DATE_HINT),
            &mut self.client_born,
        );
        r.field(
            ask("client_address", "Client’s address").area().max(1000),
            &mut self.client_address,
        );
        r.field(
            ask("client_relationship", "Relationship to the survivor"),
            &mut self.client_relationship,
        );
        r.field(
            ask("client_telephone", "Client’s telephone"),
            &mut self.client_telephone,
        );
        r.field(
            ask("client_other_telephone", "Another number for the client"),
            &mut self.client_other_telephone,
        );
        r.field(
            ask("client_ethnicity", "Client’s ethnicity").hint(OWN_WORDS),
            &mut self.client_ethnicity,
        );
        r.field(
            ask("client_disabled", "Is the client disabled?"),
            &mut self.client_disabled,
        );
        r.field(
            ask("client_orientation", "Client’s sexual orientation"),
            &mut self.client_orientation,
        );
        r.field(
            ask("client_gender", "Client’s gender"),
            &mut self.client_gender,
        );
        r.field(
            ask("client_occupation", "Client’s occupation")
                .hint("So that nobody who knows the client from work is given the case"),
            &mut self.client_occupation,
        );
    }

    fn circumstances(&mut self, r: &mut impl Reader) {
        r.field(
            ask("background", "What are the risks, what is the background, and why do you refer now?")
                .hint("Workers with the client read this. Put nothing here that leads to the survivor or a child")
                .area(),
            &mut self.background,
        );
        r.field(
            ask(
                "acts",
                "What has the client done to the survivor or the children?",
            )
            .hint("Say who did what to whom. Workers with the client read this")
            .area(),
            &mut self.acts,
        );
        r.field(
            ask(
                "impact",
                "What does it do to the survivor and to each child?",
            )
            .area(),
            &mut self.impact,
        );
        r.field(
            ask("strengths", "What are the survivor’s strengths, and what does the survivor do to keep the children safe and well?")
                .area(),
            &mut self.strengths,
        );
        r.field(
            ask(
                "willingness",
                "How willing is the client to take part, and why?",
            )
            .hint("Workers with the client read this")
            .area(),
            &mut self.willingness,
        );
    }

    fn awareness(&mut self, r: &mut impl Reader) {
        const PENDING: &str = "If you do not know why yet";
        r.field(
            ask("survivor_aware", "Does the survivor know of this referral?")
                .hint("If not, the service will not contact the survivor"),
            &mut self.survivor_aware,
        );
        r.field(
            ask("survivor_consented", "Does the survivor agree to it?"),
            &mut self.survivor_consented,
        );
        r.field(
            ask(
                "survivor_reason",
                "If the survivor does not know or does not agree, why not?",
            )
            .area()
            .max(5000),
            &mut self.survivor_reason,
        );
        r.field(
            ask("survivor_reason_pending", PENDING),
            &mut self.survivor_reason_pending,
        );
        r.field(
            ask("client_aware", "Does the client know of this referral?")
                .hint("If not, the service will not contact the client"),
            &mut self.client_aware,
        );
        r.field(
            ask("client_consented", "Does the client agree to it?"),
            &mut self.client_consented,
        );
        r.field(
            ask(
                "client_reason",
                "If the client does not know or does not agree, why not?",
            )
            .area()
            .max(5000),
            &mut self.client_reason,
        );
        r.field(
            ask("client_reason_pending", PENDING),
            &mut self.client_reason_pending,
        );
    }
}

/// A referral that the service takes from somebody without an account, in one go.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// The id of the case to open, made when the page was drawn: a double click opens one case.
    pub taking: Answer<String, Workers>,
    /// The day on which it came.
    pub received_on: Answer<Date, Workers>,
    /// The time at which it came.
    pub received_time: Answer<TimeOfDay, Workers>,
    /// How it came.
    pub how: Answer<How, Workers>,
    /// Who rang, wrote or came.
    pub from_whom: Answer<String, Workers>,
    /// The agency for which that person works, by id, if it is one of the partnership.
    pub agency: Answer<String, Workers>,
    /// The form.
    pub referral: Referral,
}

impl Form for Taken {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("receipt", "How it came");
        r.field(
            ask("taking", "Page").kind(ControlKind::Hidden),
            &mut self.taking,
        );
        r.field(
            ask("received_on", "When did it come?").required(),
            &mut self.received_on,
        );
        r.field(
            ask("received_time", "At what time?")
                .hint("For example, 14:30. The time to confirm it runs from here"),
            &mut self.received_time,
        );
        r.field(ask("how", "How did it come?").required(), &mut self.how);
        r.field(
            ask("from_whom", "From whom?").hint("Name, and how to reach the person"),
            &mut self.from_whom,
        );
        r.field(
            ask("agency", "Agency").kind(ControlKind::Hidden),
            &mut self.agency,
        );
        self.referral.describe(r);
    }
}

impl Taken {
    /// How it came, if that was said.
    pub fn how(&self) -> Option<How> {
        self.how.as_ref().map(|how| *how.expose())
    }

    /// When it came, if the day was said.
    pub fn stated(&self) -> Option<(Date, Option<TimeOfDay>)> {
        let time = self.received_time.as_ref().map(|time| *time.expose());
        self.received_on.as_ref().map(|day| (*day.expose(), time))
    }
}

/// A referral as it should have been, and why it is changed.
#[derive(Clone, Debug, Default)]
pub struct Amended {
    /// Why.
    pub reason: Answer<String, Workers>,
    /// The form.
    pub referral: Referral,
}

impl Form for Amended {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("reason", "Why you change it");
        r.field(
            ask("reason", "Why do you change the referral?")
                .hint("All workers on the case read this. Put no address or number here")
                .required()
                .area()
                .max(2000),
            &mut self.reason,
        );
        self.referral.describe(r);
    }
}

/// Why something is done.
#[derive(Clone, Debug, Default)]
pub struct Because {
    /// The reason.
    pub reason: Answer<String, Workers>,
}

impl Form for Because {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("reason", "Reason");
        r.field(
            ask("reason", "Why?")
                .hint("All workers on the case read this. Put no address or number here")
                .required()
                .area()
                .max(2000),
            &mut self.reason,
        );
    }
}

/// Why somebody looks at the survivor's side. It may say anything, so it has the survivor's label.
#[derive(Clone, Debug, Default)]
pub struct Looking {
    /// The reason.
    pub reason: Answer<String, Survivor>,
}

impl Form for Looking {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("reason", "Reason");
        r.field(
            ask("reason", "Why do you need them?").required().max(2000),
            &mut self.reason,
        );
    }
}

/// One section of a form: its name in addresses and its heading.
pub type Part = (&'static str, &'static str);

/// The sections of a form, in order.
pub fn sections<F: Form>() -> Vec<Part> {
    struct Sections(Vec<Part>);
    impl Reader for Sections {
        fn section(&mut self, slug: &'static str, heading: &'static str) {
            self.0.push((slug, heading));
        }
        fn field<T: Value, L: Label>(&mut self, _: Ask, _: &mut Answer<T, L>) {}
        fn each<T: Default>(&mut self, _: Group, _: &mut Vec<T>, _: impl FnMut(&mut Self, &mut T)) {
        }
    }
    let mut reader = Sections(Vec::new());
    F::default().describe(&mut reader);
    reader.0
}

/// What was typed, apart by label, so that a corrected form can be drawn again from what each
/// label keeps.
#[derive(Clone, Debug, Default)]
pub struct TypedByLabel {
    /// May reach the client.
    pub client: Labelled<BTreeMap<String, String>, Client>,
    /// For workers.
    pub workers: Labelled<BTreeMap<String, String>, Workers>,
    /// Leads to the survivor.
    pub survivor: Labelled<BTreeMap<String, String>, Survivor>,
    /// Leads to a child.
    pub child: Labelled<BTreeMap<String, String>, Child>,
    prefix: String,
}

impl Reader for TypedByLabel {
    fn section(&mut self, _: &'static str, _: &'static str) {}

    fn field<T: Value, L: Label>(&mut self, ask: Ask, answer: &mut Answer<T, L>) {
        fn add<M: Label>(map: &mut Labelled<BTreeMap<String, String>, M>, pair: (String, String)) {
            let mut pairs = std::mem::take(map).into_exposed();
            pairs.insert(pair.0, pair.1);
            *map = Labelled::new(pairs);
        }
        let Some(answer) = answer else { return };
        let pair = (
            format!("{}{}", self.prefix, ask.name),
            answer.expose().typed(),
        );
        match L::SEES {
            Sees::Client => add(&mut self.client, pair),
            Sees::Workers => add(&mut self.workers, pair),
            Sees::Survivor => add(&mut self.survivor, pair),
            Sees::Child | Sees::Restricted => add(&mut self.child, pair),
        }
    }

    fn each<T: Default>(
        &mut self,
        group: Group,
        items: &mut Vec<T>,
        mut describe: impl FnMut(&mut Self, &mut T),
    ) {
        let outer = format!("{}{}", self.prefix, group.name);
        for (number, item) in items.iter_mut().enumerate() {
            let before = std::mem::replace(&mut self.prefix, format!("{outer}.{number}."));
            describe(self, item);
            self.prefix = before;
        }
    }
}

impl TypedByLabel {
    /// What was typed into the form, apart by label.
    pub fn of<F: Form>(form: &mut F) -> Self {
        let mut reader = Self::default();
        form.describe(&mut reader);
        reader
    }

    /// All of it, for the page on which its author corrects it.
    pub fn together(self) -> Typed {
        let mut all = self.client.into_exposed();
        all.extend(self.workers.into_exposed());
        all.extend(self.survivor.into_exposed());
        all.extend(self.child.into_exposed());
        Typed(all)
    }
}

/// The heading of what a file held that has no box on the form.
pub const UNPLACED: &str = "What could not be placed";

/// Where the lines of [`UNPLACED`] stand: after every question.
const UNPLACED_ORDER: usize = 1_000_000;

/// What is kept of a form: the wording and the answers, both apart by label.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// As it was worded.
    pub words: Wording,
    /// As it was typed.
    pub typed: TypedByLabel,
    /// How many texts of a file had no box.
    pub unplaced: usize,
}

impl Kept {
    /// What is kept of `form`, and of the texts of a file that had no box in it, each with its
    /// path. Those may be anything, so they stand on the survivor's side.
    pub fn of(form: &mut Referral, unplaced: &[(String, String)]) -> Self {
        let mut words = words_of(form);
        let mut lines = words.survivor.into_exposed();
        lines.extend(
            unplaced
                .iter()
                .enumerate()
                .map(|(number, (path, text))| Line {
                    order: UNPLACED_ORDER + number,
                    section: UNPLACED.to_owned(),
                    name: path.clone(),
                    question: path.clone(),
                    answer: text.clone(),
                }),
        );
        words.survivor = Labelled::new(lines);
        Self {
            words,
            typed: TypedByLabel::of(form),
            unplaced: unplaced.len(),
        }
    }

    /// All that was answered, and all that had no box, for the commitment in the trail.
    pub fn said(&self) -> String {
        let words = &self.words;
        [
            words.client.expose(),
            words.workers.expose(),
            words.survivor.expose(),
        ]
        .into_iter()
        .chain([words.child.expose()])
        .flatten()
        .flat_map(|line| [line.name.as_str(), "=", line.answer.as_str(), "\n"])
        .collect()
    }
}

/// The texts without a box among the lines of a sheet, as [`Kept::of`] takes them.
pub fn unplaced_of(sheet: &Labelled<Sheet, Survivor>) -> Vec<(String, String)> {
    sheet
        .expose()
        .iter()
        .filter(|line| line.order >= UNPLACED_ORDER)
        .map(|line| (line.name.clone(), line.answer.clone()))
        .collect()
}

/// The lines of the sheets that are for workers of both lines, in the order of the form.
pub fn shared<A: Audience>(words: Wording) -> Vec<Vec<For<A, Line>>>
where
    Client: VisibleTo<A>,
    Workers: VisibleTo<A>,
{
    grouped(in_order([words.client.show(), words.workers.show()]))
}

/// The lines of all sheets, in the order of the form.
pub fn whole<A: Audience>(words: Wording) -> Vec<Vec<For<A, Line>>>
where
    Client: VisibleTo<A>,
    Workers: VisibleTo<A>,
    Survivor: VisibleTo<A>,
    Child: VisibleTo<A>,
{
    grouped(in_order([
        words.client.show(),
        words.workers.show(),
        words.survivor.show(),
        words.child.show(),
    ]))
}

/// Lines under the same heading together.
fn grouped<A: Audience>(lines: Vec<For<A, Line>>) -> Vec<Vec<For<A, Line>>> {
    let mut groups: Vec<Vec<For<A, Line>>> = Vec::new();
    for line in lines {
        match groups.last_mut() {
            Some(group)
                if group
                    .first()
                    .is_some_and(|first| first.section() == line.section()) =>
            {
                group.push(line);
            }
            _ => groups.push(vec![line]),
        }
    }
    groups
}

/// One question of a draft with its answer, if it has one.
#[derive(Clone, Debug)]
pub struct Answered<A: Audience> {
    /// The name of the field.
    pub name: String,
    /// The question, with the item of a repeated part: `Child 2: Name`.
    pub question: String,
    /// What was typed, in words where it could be read.
    pub answer: Option<For<A, String>>,
    /// Whether it could not be read.
    pub wrong: bool,
}

/// A section of a draft with all its questions.
#[derive(Clone, Debug)]
pub struct SectionOf<A: Audience> {
    /// Its name in addresses.
    pub slug: &'static str,
    /// Its heading.
    pub heading: &'static str,
    /// Its questions.
    pub rows: Vec<Answered<A>>,
}

/// Its author reads a draft whole, whatever the labels.
impl kernel::label::Shows<kernel::label::Sender> for SectionOf<kernel::label::Sender> {}

/// All questions of a draft in order, with the answers that it has so far.
pub fn answered(typed: &Typed) -> Vec<SectionOf<kernel::label::Sender>> {
    let (mut form, problems) = Parse::form::<Referral>(typed);
    let words = words_of(&mut form);
    let lines = whole::<kernel::label::Sender>(words);
    let said: BTreeMap<String, String> = lines
        .into_iter()
        .flatten()
        .map(|line| (line.name().to_owned(), line.answer().to_owned()))
        .collect();
    let names = Names::of::<Referral>(typed);
    let children = typed.items("children");
    sections::<Referral>()
        .into_iter()
        .map(|(slug, heading)| SectionOf {
            slug,
            heading,
            rows: names
                .iter()
                .filter(|(section, _)| *section == slug)
                .filter(|(_, name)| children > 0 || !name.starts_with("children."))
                .map(|(_, name)| {
                    let wrong = problems.iter().any(|p| p.field == *name && !p.missing);
                    // Items that were left blank are not in the form, so the answer of an item
                    // that follows stands under another number there: what was typed is shown.
                    let raw = typed.get(name);
                    let text = if name.starts_with("children.") || wrong {
                        Some(raw.to_owned()).filter(|raw| !raw.is_empty())
                    } else {
                        said.get(name).cloned()
                    };
                    Answered {
                        name: name.clone(),
                        question: question_of(name),
                        answer: text.map(|text| Labelled::<_, Survivor>::new(text).show()),
                        wrong,
                    }
                })
                .collect(),
        })
        .collect()
}

/// The question that a field asks, with the item of a repeated part.
pub fn question_of(name: &str) -> String {
    let parts: Vec<&str> = name.split('.').collect();
    let (general, item) = match parts.as_slice() {
        [group, number, field] => (
            format!("{group}.*.{field}"),
            number
                .parse::<usize>()
                .ok()
                .map(|n| format!("Child {}: ", n.saturating_add(1))),
        ),
        _ => (name.to_owned(), None),
    };
    let question = Dictionary::of::<Amended>()
        .into_iter()
        .find(|entry| entry.name == general)
        .map_or(name, |entry| entry.question);
    format!("{}{question}", item.unwrap_or_default())
}

/// A field that differs between what is saved and what somebody typed meanwhile.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The question.
    pub question: String,
    /// What is saved; it may be empty.
    pub saved: String,
}

/// Both texts go back to somebody who may read the whole form: she has it open.
impl kernel::label::Shows<kernel::label::Sender> for Difference {}

/// The fields among `names` in which `typed` differs from what is saved.
pub fn differences(saved: &Typed, typed: &Typed, names: &[String]) -> Vec<Difference> {
    names
        .iter()
        .filter(|name| saved.get(name) != typed.get(name))
        .map(|name| Difference {
            question: question_of(name),
            saved: saved.get(name).to_owned(),
        })
        .collect()
}

/// The names of a section's fields, given what was typed.
pub fn names_in(section: &str, typed: &Typed) -> Vec<String> {
    Names::of::<Referral>(typed)
        .into_iter()
        .filter(|(slug, _)| *slug == section)
        .map(|(_, name)| name)
        .collect()
}

/// The problems that concern the fields of one section.
pub fn problems_in(section: &str, typed: &Typed, problems: &Problems) -> Problems {
    let names = names_in(section, typed);
    problems
        .iter()
        .filter(|problem| names.contains(&problem.field))
        .cloned()
        .collect()
}

/// Numbers the items of a repeated part anew, without those that were left blank, so that the
/// third child on the page is the third child of the form.
pub fn compacted(typed: &Typed) -> Typed {
    let mut all = Typed::default();
    let mut items: BTreeMap<usize, Vec<(&str, &str)>> = BTreeMap::new();
    for (name, text) in &typed.0 {
        let item = name
            .strip_prefix("children.")
            .and_then(|rest| rest.split_once('.'))
            .and_then(|(number, field)| Some((number.parse::<usize>().ok()?, field)));
        match item {
            Some((number, field)) => items.entry(number).or_default().push((field, text)),
            None => all.push(name.clone(), text.clone()),
        }
    }
    let filled = items
        .into_values()
        .filter(|fields| fields.iter().any(|(_, text)| !text.trim().is_empty()));
    for (number, fields) in filled.enumerate() {
        for (field, text) in fields {
            all.push(format!("children.{number}.{field}"), text.to_owned());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> Typed {
        Typed(
            pairs
                .iter()
                .map(|(n, t)| ((*n).to_owned(), (*t).to_owned()))
                .collect(),
        )
    }

    #[test]
    fn every_question_states_who_may_see_its_answer() {
        let labels: BTreeMap<String, &str> = Dictionary::of::<Referral>()
            .into_iter()
            .map(|entry| (entry.name, entry.label))
            .collect();
        for (label, names) in [
            (
                "Survivor",
                &[
                    "dash_detail",
                    "survivor_address",
                    "survivor_ethnicity",
                    "survivor_disabled",
                    "survivor_orientation",
                    "survivor_gender",
                    "survivor_telephone",
                    "survivor_other_telephone",
                    "survivor_safe_contact",
                    "pregnant",
                    "due",
                    "strengths",
                    "survivor_aware",
                    "survivor_consented",
                    "survivor_reason",
                    "survivor_reason_pending",
                    "priorities",
                    "survivor_marac",
                ][..],
            ),
            ("Child", &["children.*.address", "impact"]),
        ] {
            let found: Vec<&str> = labels
                .iter()
                .filter(|(_, of)| **of == label)
                .map(|(name, _)| name.as_str())
                .collect();
            let mut expected = names.to_vec();
            expected.sort_unstable();
            assert_eq!(found, expected, "{label}");
        }
        assert!(
            labels
                .values()
                .all(|label| *label != "Client" && *label != "Restricted")
        );
    }

    #[test]
    fn the_boxes_of_the_source_stand_in_its_order() {
        let names: Vec<String> = Dictionary::of::<Referral>()
            .into_iter()
            .map(|entry| entry.name)
            .collect();
        let source = [
            "referrer_name",
            "referrer_team",
            "referrer_telephone",
            "referrer_email",
            "referral_date",
            "referrer_hours",
            "survivor_name",
            "survivor_born",
            "survivor_address",
            "survivor_ethnicity",
            "survivor_disabled",
            "survivor_orientation",
            "survivor_gender",
            "survivor_telephone",
            "survivor_other_telephone",
            "survivor_safe_contact",
            "client_name",
            "client_born",
            "client_address",
            "client_relationship",
            "client_telephone",
            "client_other_telephone",
            "client_ethnicity",
            "client_disabled",
            "client_orientation",
            "client_gender",
            "client_occupation",
            "relationship",
            "children.*.name",
            "children.*.born",
            "children.*.to_survivor",
            "children.*.to_client",
            "children.*.address",
            "pregnant",
            "due",
            "background",
            "acts",
            "impact",
            "strengths",
            "willingness",
            "survivor_aware",
            "survivor_consented",
            "survivor_reason",
            "client_aware",
            "client_consented",
            "client_reason",
            "priorities",
            "survivor_marac",
            "client_marac",
        ];
        let places: Vec<usize> = source
            .iter()
            .map(|field| names.iter().position(|name| name == field).unwrap())
            .collect();
        assert!(places.is_sorted(), "{places:?}");
        assert_eq!(Marker::ALL.len(), 10);
    }

    #[test]
    fn what_is_kept_of_a_form_draws_it_again() {
        let given = typed(&[
            ("survivor_name", "Ada"),
            ("survivor_telephone", "07700 900102"),
            ("children.0.address", "ZZ99 1AA"),
            ("markers", "monitoring,altercation"),
            ("due", "in May"),
        ]);
        let (mut form, _) = Parse::form::<Referral>(&given);
        let kept = Kept::of(&mut form, &[("notes".to_owned(), "n".to_owned())]);
        assert_eq!(kept.typed.workers.expose().len(), 2);
        assert_eq!(kept.typed.child.expose().len(), 1);
        assert_eq!(kept.typed.clone().together(), given);
        assert_eq!(unplaced_of(&kept.words.survivor).len(), 1);
    }

    #[test]
    fn blank_children_are_closed_up() {
        let given = typed(&[
            ("background", "b"),
            ("children.0.name", " "),
            ("children.1.name", "Ann"),
            ("children.10.name", "Bea"),
            ("children.2.name", "Cy"),
        ]);
        let expected = typed(&[
            ("background", "b"),
            ("children.0.name", "Ann"),
            ("children.1.name", "Cy"),
            ("children.2.name", "Bea"),
        ]);
        assert_eq!(compacted(&given), expected);
    }

    #[test]
    fn times_as_people_type_them() {
        for (raw, expected) in [
            ("9:05", Some((9, 5))),
            ("14.30", Some((14, 30))),
            ("00:00", Some((0, 0))),
            ("24:00", None),
            ("9", None),
            ("9:5", None),
            ("09:005", None),
            ("noon", None),
        ] {
            let read = TimeOfDay::parse(raw)
                .ok()
                .map(|t| (t.0.hour(), t.0.minute()));
            assert_eq!(read, expected, "{raw}");
        }
    }
}
