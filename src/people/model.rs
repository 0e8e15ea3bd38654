//! People's places in a case, and how they can be reached.

use jiff::civil::Date;
use kernel::{
    form::{Answer, Form, Many, Reader, Typed, When, YesNo, ask},
    ids::UserId,
    label::{Label, Labelled, Survivor, Workers},
    time::{Instant, day_words},
};

kernel::ids! {
    /// A person's place in a case.
    PartKind => PartId,
    /// An address, a telephone number or another way to reach somebody.
    DetailKind => DetailId,
    /// What is agreed about reaching somebody safely.
    SafeContactKind => SafeContactId,
    /// A look at what is kept from the service.
    RevealKind => RevealId,
    /// A warning for workers.
    SafetyFlagKind => SafetyFlagId,
    /// A change of who may open a case.
    AccessChangeKind => AccessChangeId,
    /// A change of what is known of a person.
    PartChangeKind => PartChangeId,
    /// A word of a name.
    NameWordKind => NameWordId,
    /// That somebody is known in another case.
    MatchHintKind => MatchHintId,
}

kernel::text_enum! {
    /// A person's place in a case.
    pub enum PartRole {
        /// The person causing harm.
        Client = "client": "Client",
        /// The adult harmed.
        Survivor = "survivor": "Survivor",
        /// A child of the household.
        Child = "child": "Child",
        /// Another adult.
        Other = "other": "Other adult",
    }
}

kernel::text_enum! {
    /// Who may be added to a case that is open: it has one client already.
    pub enum AddedRole {
        /// A child of the household.
        Child = "child": "Child",
        /// Another adult.
        Other = "other": "Other adult",
        /// Another adult harmed.
        Survivor = "survivor": "Another adult who is harmed",
    }
}

impl From<AddedRole> for PartRole {
    fn from(role: AddedRole) -> Self {
        match role {
            AddedRole::Child => Self::Child,
            AddedRole::Other => Self::Other,
            AddedRole::Survivor => Self::Survivor,
        }
    }
}

kernel::text_enum! {
    /// How well a date of birth is known.
    pub enum BornKind {
        /// To the day.
        Exact = "exact": "Exact date",
        /// About.
        Approximate = "approximate": "Approximate",
        /// Asked, and not known.
        Unknown = "unknown": "Not known",
        /// Not born yet.
        Expected = "expected": "Not born yet",
    }
}

/// A date of birth as far as it is known. What was written is kept beside what was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Born {
    /// How well it is known.
    pub kind: BornKind,
    /// The day, or the day on which a child is expected.
    pub day: Option<Date>,
    /// What was written: `about 30`.
    pub words: Option<String>,
}

impl Born {
    /// As people read it.
    pub fn text(&self) -> String {
        let day = self.day.map(day_words);
        let said = match (day, &self.words) {
            (Some(day), Some(words)) => format!("{day} ({words})"),
            (Some(day), None) => day,
            (None, Some(words)) => words.clone(),
            (None, None) => String::new(),
        };
        match (self.kind, said.is_empty()) {
            (BornKind::Exact, _) => said,
            (BornKind::Expected, true) => "Not born yet".to_owned(),
            (BornKind::Expected, false) => format!("Not born yet: {said}"),
            (BornKind::Approximate, false) => format!("Approximate: {said}"),
            (BornKind::Approximate | BornKind::Unknown, true) => "Not known".to_owned(),
            (BornKind::Unknown, false) => format!("Not known: {said}"),
        }
    }
}

kernel::text_enum! {
    /// A way to reach somebody.
    pub enum Channel {
        /// A place.
        Address = "address": "Address",
        /// A telephone.
        Telephone = "telephone": "Telephone",
        /// An e-mail address.
        Email = "email": "E-mail",
        /// Anything else: a school, a workplace, a friend.
        Other = "other": "Other",
    }
}

kernel::text_enum! {
    /// A way to reach somebody that is no place.
    pub enum Reach {
        /// A telephone.
        Telephone = "telephone": "Telephone",
        /// An e-mail address.
        Email = "email": "E-mail",
        /// Anything else.
        Other = "other": "Something else, such as a school or workplace",
    }
}

impl From<Reach> for Channel {
    fn from(reach: Reach) -> Self {
        match reach {
            Reach::Telephone => Self::Telephone,
            Reach::Email => Self::Email,
            Reach::Other => Self::Other,
        }
    }
}

kernel::text_enum! {
    /// Whether a way to reach somebody may be used.
    pub enum DetailStatus {
        /// In use.
        Current = "current": "Current",
        /// No longer lives or answers there.
        Left = "left": "Left: no longer there",
        /// Somebody else may read, hear or wait there.
        Unsafe = "unsafe": "Unsafe: do not use",
        /// Nobody knows; to be checked before it is used.
        Unknown = "unknown": "Not known: check before use",
    }
}

impl DetailStatus {
    /// As a tag: words and colour.
    pub const fn tag(self) -> (&'static str, &'static str) {
        match self {
            Self::Current => ("Current", "green"),
            Self::Left => ("Left", "grey"),
            Self::Unsafe => ("Unsafe", "red"),
            Self::Unknown => ("Check first", "yellow"),
        }
    }
}

kernel::text_enum! {
    /// Where an address is kept. `design.md` 5: the fewest places that must.
    pub enum KeptAt {
        /// In this record.
        Here = "here": "Recorded here",
        /// The same as the client's.
        AsClient = "as_client": "Same as the client’s",
        /// In the records of another agency, which is rung for it.
        Agency = "agency": "Held by another agency",
    }
}

kernel::text_enum! {
    /// Who wrote a row.
    pub enum Origin {
        /// The referral.
        Referral = "referral": "Referral",
        /// A worker, on a page of the case.
        Page = "page": "Page",
    }
}

/// A person about to be given a place in a case.
#[derive(Clone, Debug)]
pub struct NewPart {
    /// Its id.
    pub id: PartId,
    /// The place.
    pub role: PartRole,
    /// The name as it was given.
    pub name: Labelled<String, Workers>,
    /// Other names, as they were given.
    pub aliases: Option<Labelled<String, Workers>>,
    /// The date of birth, or the words that stand for it.
    pub born: Option<Labelled<When, Workers>>,
    /// What the person is to the survivor.
    pub relation_to_survivor: Option<Labelled<String, Workers>>,
    /// What the person is to the client.
    pub relation_to_client: Option<Labelled<String, Workers>>,
    /// The place in the list, from 0.
    pub position: i32,
}

/// A way to reach somebody, about to be recorded. `L` is the label of the table that takes it.
#[derive(Clone, Debug)]
pub struct NewDetail<L: Label> {
    /// Its id.
    pub id: DetailId,
    /// Whose.
    pub part: PartId,
    /// What it is.
    pub channel: Channel,
    /// The address or number as it was given.
    pub value: Labelled<String, L>,
    /// What must be known about it.
    pub note: Option<Labelled<String, L>>,
    /// Whether it may be used.
    pub status: DetailStatus,
}

/// What a referral says about reaching somebody safely. Method, times, pretext and the rest are
/// asked on the page of the case.
#[derive(Clone, Debug)]
pub struct NewSafeContact {
    /// Whose.
    pub part: PartId,
    /// The words of the referral.
    pub as_given: Labelled<String, Survivor>,
}

/// A person's place in a case.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its id.
    pub id: PartId,
    /// The place.
    pub role: PartRole,
    /// The name as it was given.
    pub name: Labelled<String, Workers>,
    /// Other names.
    pub aliases: Option<Labelled<String, Workers>>,
    /// The date of birth as far as it is known.
    pub born: Labelled<Born, Workers>,
    /// What the person is to the survivor.
    pub relation_to_survivor: Option<Labelled<String, Workers>>,
    /// What the person is to the client.
    pub relation_to_client: Option<Labelled<String, Workers>>,
    /// What the person works as; asked of the client only.
    pub occupation: Option<Labelled<String, Workers>>,
    /// The place in the list.
    pub position: i32,
    /// Counts saves.
    pub version: i32,
}

/// A way to reach somebody.
#[derive(Clone, Debug)]
pub struct Detail<L: Label> {
    /// Its id.
    pub id: DetailId,
    /// Whose.
    pub part: PartId,
    /// What it is.
    pub channel: Channel,
    /// The address or number; what is kept elsewhere says where.
    pub value: Labelled<String, L>,
    /// What must be known about it.
    pub note: Option<Labelled<String, L>>,
    /// Whether it may be used.
    pub status: Labelled<DetailStatus, L>,
    /// Where it is kept.
    pub kept: Labelled<KeptAt, L>,
    /// Why it is kept here.
    pub because: Option<Labelled<String, L>>,
    /// The address at which this telephone stands.
    pub at_address: Option<DetailId>,
    /// Who wrote it.
    pub origin: Origin,
    /// By whom it was recorded.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

kernel::text_enum! {
    /// A way of contact that was agreed as safe.
    pub enum SafeMethod {
        /// A call.
        Call = "call": "Phone call",
        /// A text message.
        Text = "text": "Text message",
        /// E-mail.
        Email = "email": "E-mail",
        /// In person.
        InPerson = "in_person": "In person",
        /// Through another worker.
        ThroughWorker = "through_worker": "Through another worker",
    }
}

kernel::text_enum! {
    /// How far safe contact is known.
    pub enum SafeStatus {
        /// As the referral said; not yet asked.
        AsReferred = "as_referred": "As the referral says; not yet checked",
        /// Checked with the person.
        Checked = "checked": "Checked with the person",
        /// There is no safe way at present.
        NoSafeWay = "no_safe_way": "No safe way at present",
    }
}

/// What is agreed about reaching somebody safely (R008).
#[derive(Clone, Debug)]
pub struct SafeContact {
    /// Its id.
    pub id: SafeContactId,
    /// Whose.
    pub part: PartId,
    /// The words of the referral.
    pub as_given: Option<Labelled<String, Survivor>>,
    /// The ways that are safe.
    pub methods: Option<Labelled<Many<SafeMethod>, Survivor>>,
    /// Days and times.
    pub times: Option<Labelled<String, Survivor>>,
    /// Who may answer.
    pub who_may_answer: Option<Labelled<String, Survivor>>,
    /// What is said if somebody else answers.
    pub pretext: Option<Labelled<String, Survivor>>,
    /// The word by which the two know each other.
    pub code_word: Option<Labelled<String, Survivor>>,
    /// Whether no message may ever be left.
    pub never_message: Labelled<bool, Survivor>,
    /// The day on which it was last checked with the person.
    pub checked_on: Option<Labelled<Date, Survivor>>,
    /// How far it is known.
    pub status: Labelled<SafeStatus, Survivor>,
    /// Who wrote it.
    pub origin: Origin,
    /// Counts saves.
    pub version: i32,
    /// By whom it was recorded.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

/// A warning for workers.
#[derive(Clone, Debug)]
pub struct SafetyFlag {
    /// Its id.
    pub id: SafetyFlagId,
    /// The warning.
    pub words: Labelled<String, Workers>,
    /// The day by which it is looked at again.
    pub review_on: Labelled<Date, Workers>,
    /// By whom it was raised.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
    /// When it was lifted.
    pub lifted_at: Option<Instant>,
    /// By whom.
    pub lifted_by: Option<UserId>,
}

kernel::text_enum! {
    /// A change of who may open a case.
    pub enum AccessWhat {
        /// A worker must not open it.
        Excluded = "excluded": "Excluded",
        /// A worker is named for it.
        Named = "named": "Named",
        /// A worker is taken off the list.
        TakenOff = "taken_off": "Taken off the list",
        /// Only those named may open it.
        Restricted = "restricted": "Restricted to named people",
        /// The restriction ends.
        Opened = "opened": "Restriction lifted",
    }
}

kernel::text_enum! {
    /// What happened to what is known of a person.
    pub enum PartWhat {
        /// Given a place.
        Added = "added": "Person added",
        /// Name, birth or relation changed.
        Changed = "changed": "Person’s details changed",
    }
}

/// The form of a person who is added.
#[derive(Clone, Debug, Default)]
pub struct AddPerson {
    /// The place.
    pub role: Answer<AddedRole, Workers>,
    /// What is known.
    pub person: Person,
}

/// The form of what is known about a person.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// The name.
    pub name: Answer<String, Workers>,
    /// Other names.
    pub aliases: Answer<String, Workers>,
    /// How well the date of birth is known.
    pub born_kind: Answer<BornKind, Workers>,
    /// The day.
    pub born_day: Answer<Date, Workers>,
    /// Words for it.
    pub born_words: Answer<String, Workers>,
    /// What the person is to the survivor.
    pub to_survivor: Answer<String, Workers>,
    /// What the person is to the client.
    pub to_client: Answer<String, Workers>,
    /// What the person works as.
    pub occupation: Answer<String, Workers>,
}

impl Form for AddPerson {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("person", "Person");
        r.field(ask("role", "Who is it?").required(), &mut self.role);
        self.person.questions(r);
    }
}

impl Form for Person {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("person", "Person");
        self.questions(r);
        r.field(
            ask("occupation", "Occupation")
                .hint("Asked of the client: it may mean that somebody must not open the case."),
            &mut self.occupation,
        );
    }
}

impl Person {
    fn questions(&mut self, r: &mut impl Reader) {
        r.field(
            ask("name", "Name as it was given")
                .required()
                .hint("A part of a name, or what the person is called, is enough."),
            &mut self.name,
        );
        r.field(
            ask("aliases", "Other names").hint("Known as, before marriage, other spellings."),
            &mut self.aliases,
        );
        r.field(
            ask("born_kind", "How well is the date of birth known?").required(),
            &mut self.born_kind,
        );
        r.field(
            ask(
                "born_day",
                "Date of birth, or the date the child is expected",
            )
            .hint("For example, 27 3 2016. Leave it blank if it is not known."),
            &mut self.born_day,
        );
        r.field(
            ask("born_words", "In words")
                .hint("For example, about 30; a teenager; due in the spring."),
            &mut self.born_words,
        );
        r.field(
            ask("to_survivor", "What is the person to the survivor?"),
            &mut self.to_survivor,
        );
        r.field(
            ask("to_client", "What is the person to the client?"),
            &mut self.to_client,
        );
    }
}

/// The form of a way to reach somebody that is no place.
#[derive(Clone, Debug)]
pub struct ReachForm<L: Label> {
    /// What it is.
    pub channel: Answer<Reach, L>,
    /// The number or address.
    pub value: Answer<String, L>,
    /// What must be known about it.
    pub note: Answer<String, L>,
    /// Whether it may be used.
    pub status: Answer<DetailStatus, L>,
    /// The address at which a telephone stands, as its id.
    pub at_address: Answer<String, L>,
}

impl<L: Label> Default for ReachForm<L> {
    fn default() -> Self {
        Self {
            channel: None,
            value: None,
            note: None,
            status: None,
            at_address: None,
        }
    }
}

impl<L: Label> Form for ReachForm<L> {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("reach", "Contact");
        r.field(ask("channel", "What is it?").required(), &mut self.channel);
        r.field(
            ask("value", "Number or address").required(),
            &mut self.value,
        );
        r.field(
            ask("note", "What must be known before it is used")
                .max(2000)
                .area(),
            &mut self.note,
        );
        r.field(
            ask("status", "May it be used?").required(),
            &mut self.status,
        );
        r.field(
            ask("at_address", "At which address is this telephone?")
                .hint("If the address is left or becomes unsafe, so does the telephone.")
                .kind(kernel::form::ControlKind::Hidden),
            &mut self.at_address,
        );
    }
}

/// The form of the client's address.
#[derive(Clone, Debug, Default)]
pub struct AddressForm {
    /// The address.
    pub value: Answer<String, Workers>,
    /// What must be known about it.
    pub note: Answer<String, Workers>,
    /// Whether it may be used.
    pub status: Answer<DetailStatus, Workers>,
}

impl Form for AddressForm {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("address", "Address");
        r.field(
            ask("value", "Address").required().max(1000).area(),
            &mut self.value,
        );
        r.field(
            ask("note", "What must be known about it").max(2000).area(),
            &mut self.note,
        );
        r.field(
            ask("status", "May it be used?").required(),
            &mut self.status,
        );
    }
}

/// The form of an address of the survivor's side: kept in the fewest places that must.
#[derive(Clone, Debug)]
pub struct KeptAddressForm<L: Label> {
    /// Where it is kept.
    pub kept: Answer<KeptAt, L>,
    /// Which agency holds it.
    pub agency: Answer<String, L>,
    /// The address.
    pub value: Answer<String, L>,
    /// Why it is recorded here.
    pub because: Answer<String, L>,
    /// What must be known about it.
    pub note: Answer<String, L>,
    /// Whether it may be used.
    pub status: Answer<DetailStatus, L>,
}

impl<L: Label> Default for KeptAddressForm<L> {
    fn default() -> Self {
        Self {
            kept: None,
            agency: None,
            value: None,
            because: None,
            note: None,
            status: None,
        }
    }
}

impl<L: Label> Form for KeptAddressForm<L> {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("address", "Address");
        r.field(
            ask("kept", "Where is the address kept?")
                .required()
                .hint("Record it here only if the work needs it."),
            &mut self.kept,
        );
        r.field(
            ask("agency", "Which agency holds it?").hint("If another agency holds it."),
            &mut self.agency,
        );
        r.field(
            ask("value", "Address")
                .hint("If it is recorded here.")
                .max(1000)
                .area(),
            &mut self.value,
        );
        r.field(
            ask("because", "Why does it have to be recorded here?")
                .hint("If it is recorded here.")
                .max(2000)
                .area(),
            &mut self.because,
        );
        r.field(
            ask("note", "What must be known about it").max(2000).area(),
            &mut self.note,
        );
        r.field(
            ask("status", "May it be used?").required(),
            &mut self.status,
        );
    }
}

/// The form of what is agreed about reaching somebody safely.
#[derive(Clone, Debug, Default)]
pub struct SafeContactForm {
    /// How far it is known.
    pub status: Answer<SafeStatus, Survivor>,
    /// The ways that are safe.
    pub methods: Answer<Many<SafeMethod>, Survivor>,
    /// Days and times.
    pub times: Answer<String, Survivor>,
    /// Who may answer.
    pub who_may_answer: Answer<String, Survivor>,
    /// What is said if somebody else answers.
    pub pretext: Answer<String, Survivor>,
    /// The word by which the two know each other.
    pub code_word: Answer<String, Survivor>,
    /// Whether no message may ever be left.
    pub never_message: Answer<YesNo, Survivor>,
    /// The day on which it was checked with the person.
    pub checked_on: Answer<Date, Survivor>,
}

impl Form for SafeContactForm {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("safe", "Safe contact");
        r.field(
            ask("status", "How far is it known?").required(),
            &mut self.status,
        );
        r.field(
            ask("methods", "Which ways of contact are safe?"),
            &mut self.methods,
        );
        r.field(
            ask("times", "On which days, at which times?")
                .hint("For example, weekdays 10am to 2.30pm.")
                .max(1000),
            &mut self.times,
        );
        r.field(
            ask("who_may_answer", "Who may answer?").max(1000),
            &mut self.who_may_answer,
        );
        r.field(
            ask("pretext", "What to say if somebody else answers")
                .max(1000)
                .area(),
            &mut self.pretext,
        );
        r.field(ask("code_word", "Code word").max(200), &mut self.code_word);
        r.field(
            ask("never_message", "Must a message never be left?")
                .required()
                .hint("No voicemail, no text that waits to be read."),
            &mut self.never_message,
        );
        r.field(
            ask("checked_on", "When was this last checked with the person?"),
            &mut self.checked_on,
        );
    }
}

/// The form of a reason, where nothing else is asked.
#[derive(Clone, Debug, Default)]
pub struct ReasonForm {
    /// The reason.
    pub reason: Answer<String, Survivor>,
}

impl Form for ReasonForm {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("reason", "Reason");
        r.field(
            ask("reason", "Why do you need it?")
                .required()
                .hint("At least 10 characters. The other side’s workers see it, with your name.")
                .max(2000)
                .area(),
            &mut self.reason,
        );
    }
}

/// The form of a reason that workers of both lines may read.
#[derive(Clone, Debug, Default)]
pub struct WhyForm {
    /// The reason.
    pub reason: Answer<String, Workers>,
}

impl Form for WhyForm {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("why", "Why");
        r.field(
            ask("reason", "Why?").required().max(2000).area(),
            &mut self.reason,
        );
    }
}

/// The form of a warning for workers.
#[derive(Clone, Debug, Default)]
pub struct FlagForm {
    /// The warning.
    pub words: Answer<String, Workers>,
    /// The day by which it is looked at again.
    pub review_on: Answer<Date, Workers>,
}

impl Form for FlagForm {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("flag", "Warning");
        r.field(
            ask("words", "What must workers know before they go or ring?")
                .required()
                .hint("Everybody who works on the case reads this. Write nothing that only the other side may know.")
                .max(2000)
                .area(),
            &mut self.words,
        );
        r.field(
            ask("review_on", "When is it looked at again?").required(),
            &mut self.review_on,
        );
    }
}

/// The form of a change of who may open a case.
#[derive(Clone, Debug, Default)]
pub struct AccessForm {
    /// The worker, as an id; asked where the change is about one.
    pub worker: Answer<String, Workers>,
    /// Why.
    pub reason: Answer<String, Workers>,
}

impl Form for AccessForm {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("access", "Access");
        r.field(
            ask("worker", "Which worker?").kind(kernel::form::ControlKind::Hidden),
            &mut self.worker,
        );
        r.field(
            ask("reason", "Why?")
                .required()
                .hint("It stays on the record. Do not describe anybody’s private life.")
                .max(2000)
                .area(),
            &mut self.reason,
        );
    }
}

/// What was recorded, as it is typed again into the form that changes it.
fn typed_of<'a>(pairs: impl IntoIterator<Item = (&'a str, Option<String>)>) -> Typed {
    let mut typed = Typed::default();
    for (name, text) in pairs {
        if let Some(text) = text {
            typed.push(name.to_owned(), text);
        }
    }
    typed
}

fn typed<T: kernel::form::Value, L: Label>(answer: Option<&Labelled<T, L>>) -> Option<String> {
    answer.map(|answer| answer.expose().typed())
}

impl Part {
    /// As it is typed into [`Person`].
    pub fn typed(&self) -> Typed {
        let born = self.born.expose();
        typed_of([
            ("name", typed(Some(&self.name))),
            ("aliases", typed(self.aliases.as_ref())),
            ("born_kind", Some(born.kind.code().to_owned())),
            ("born_day", born.day.map(|day| day.to_string())),
            ("born_words", born.words.clone()),
            ("to_survivor", typed(self.relation_to_survivor.as_ref())),
            ("to_client", typed(self.relation_to_client.as_ref())),
            ("occupation", typed(self.occupation.as_ref())),
        ])
    }
}

impl<L: Label> Detail<L> {
    /// As it is typed into the form of its channel.
    pub fn typed(&self) -> Typed {
        let kept = *self.kept.expose();
        let value = self.value.expose();
        let agency = value.strip_prefix(HELD_BY).map(str::to_owned);
        typed_of([
            ("channel", Some(self.channel.code().to_owned())),
            ("kept", Some(kept.code().to_owned())),
            ("value", (kept == KeptAt::Here).then(|| value.clone())),
            ("agency", agency.filter(|_| kept == KeptAt::Agency)),
            ("because", typed(self.because.as_ref())),
            ("note", typed(self.note.as_ref())),
            ("status", typed(Some(&self.status))),
            ("at_address", self.at_address.map(|id| id.to_string())),
        ])
    }
}

/// How the text of an address begins that another agency holds.
pub const HELD_BY: &str = "Held by ";

impl SafeContact {
    /// As it is typed into [`SafeContactForm`].
    pub fn typed(&self) -> Typed {
        typed_of([
            ("status", typed(Some(&self.status))),
            ("methods", typed(self.methods.as_ref())),
            ("times", typed(self.times.as_ref())),
            ("who_may_answer", typed(self.who_may_answer.as_ref())),
            ("pretext", typed(self.pretext.as_ref())),
            ("code_word", typed(self.code_word.as_ref())),
            (
                "never_message",
                Some(
                    if *self.never_message.expose() {
                        "yes"
                    } else {
                        "no"
                    }
                    .to_owned(),
                ),
            ),
            ("checked_on", typed(self.checked_on.as_ref())),
        ])
    }
}
