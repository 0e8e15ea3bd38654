//! What each party answers, and how confidentiality is explained to each.

use jiff::civil::Date;
use kernel::{
    form::{Answer, Form, Group, Many, Reader, Sheet, Typed, Wording, YesNo, ask, words_of},
    ids::UserId,
    label::{Client, Label, Labelled, Survivor, Workers},
    time::Instant,
};

use crate::people::model::PartId;

kernel::ids! {
    /// What a party answered to taking part.
    ReplyKind => ReplyId,
    /// What was agreed after somebody withdrew.
    AgreedKind => AgreedId,
    /// That the client heard of the service from elsewhere.
    HeardKind => HeardId,
    /// A time at which the agreement on confidentiality was gone through with a party.
    ConfidentialityKind => ConfidentialityId,
}

kernel::text_enum! {
    /// What a party answered.
    #[derive(serde::Serialize, serde::Deserialize)]
    pub enum Reply {
        /// Told of the service, and has not answered.
        Told = "told": "Told of the service; no answer yet",
        /// Takes part.
        Given = "given": "Yes, takes part",
        /// Does not take part.
        Refused = "refused": "No",
        /// Took part, and does so no longer.
        Withdrawn = "withdrawn": "No longer takes part",
    }
}

kernel::text_enum! {
    /// How somebody was spoken to.
    pub enum Way {
        /// In one room.
        FaceToFace = "face_to_face": "Face to face",
        /// By telephone.
        Telephone = "telephone": "Telephone",
        /// By video.
        Video = "video": "Secure video",
    }
}

kernel::text_enum! {
    /// What somebody needs to understand fully what is signed. guidance-pack-2020.md 697.
    pub enum Need {
        /// Another language.
        Language = "language": "Language",
        /// Help with reading or writing.
        Literacy = "literacy": "Reading or writing",
        /// Anything else.
        Other = "other": "Something else",
    }
}

kernel::text_enum! {
    /// Who interpreted. A member of the family is no choice (`design.md` 7).
    pub enum Interpreter {
        /// Nobody had to.
        NotNeeded = "not_needed": "Not needed",
        /// A professional.
        Professional = "professional": "A professional interpreter",
        /// Nobody did, and somebody should have.
        Missing = "missing": "Needed, and none was there",
    }
}

kernel::text_enum! {
    /// How an agreement is signed (`design.md` 7).
    pub enum Signing {
        /// On paper, which a named person holds.
        Paper = "paper": "On paper",
        /// With a typed name, the worker being witness.
        Typed = "typed": "Typed name, with a worker as witness",
        /// On the screen, which shows nothing else.
        Screen = "screen": "On the screen",
        /// By telephone, or not yet.
        NotYet = "not_yet": "Not yet signed",
    }
}

/// What a party answers. `L` is `Survivor` for the adult harmed, `Workers` for the client.
#[derive(Clone, Debug)]
pub struct NewReply<L: Label> {
    /// The answer.
    pub reply: Answer<Reply, L>,
    /// The day.
    pub answered_on: Answer<Date, L>,
    /// Who asked.
    pub asked_by: Answer<String, L>,
    /// How.
    pub how: Answer<Way, L>,
    /// Whether alone.
    pub alone: Answer<YesNo, L>,
    /// Whether able to decide.
    pub able: Answer<YesNo, L>,
    /// Whether the service was explained (R011).
    pub explained: Answer<YesNo, L>,
    /// Whether sharing of information was explained (R013).
    pub sharing: Answer<YesNo, L>,
    /// How it was explained, and by whom.
    pub explained_how: Answer<String, L>,
    /// What is needed to understand it.
    pub needs: Answer<Many<Need>, L>,
    /// More about that.
    pub needs_note: Answer<String, L>,
    /// Who interpreted.
    pub interpreter: Answer<Interpreter, L>,
    /// Whether the person came back to it unasked, after a no.
    pub own_accord: Answer<YesNo, L>,
    /// Anything else.
    pub note: Answer<String, L>,
}

impl<L: Label> Default for NewReply<L> {
    fn default() -> Self {
        Self {
            reply: None,
            answered_on: None,
            asked_by: None,
            how: None,
            alone: None,
            able: None,
            explained: None,
            sharing: None,
            explained_how: None,
            needs: None,
            needs_note: None,
            interpreter: None,
            own_accord: None,
            note: None,
        }
    }
}

impl<L: Label> Form for NewReply<L> {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("answer", "Answer");
        r.field(
            ask("explained", "Was the service explained?")
                .required()
                .hint("What it does, that the harmful behaviour is its focus, and the support on offer."),
            &mut self.explained,
        );
        r.field(
            ask(
                "sharing",
                "Was it explained when and why information is shared?",
            )
            .required(),
            &mut self.sharing,
        );
        r.field(
            ask("explained_how", "How was it explained, and by whom?")
                .area()
                .max(2000),
            &mut self.explained_how,
        );
        r.field(
            ask("reply", "What was the answer?").required(),
            &mut self.reply,
        );
        r.field(
            ask("answered_on", "When was that?").required(),
            &mut self.answered_on,
        );
        r.field(
            ask("asked_by", "Who asked?").required().max(200),
            &mut self.asked_by,
        );
        r.field(ask("how", "How?").required(), &mut self.how);
        r.field(
            ask("alone", "Was the person alone?").required(),
            &mut self.alone,
        );
        r.field(
            ask("able", "Was the person able to decide?").required(),
            &mut self.able,
        );
        r.field(
            ask("needs", "What did the person need to understand it?"),
            &mut self.needs,
        );
        r.field(
            ask("needs_note", "Which language, which help?").max(500),
            &mut self.needs_note,
        );
        r.field(
            ask("interpreter", "Interpreter")
                .required()
                .hint("Never somebody of the family or a friend."),
            &mut self.interpreter,
        );
        r.field(
            ask(
                "own_accord",
                "After a no: did the person come back to it unasked?",
            )
            .hint("After a no nobody asks again."),
            &mut self.own_accord,
        );
        r.field(
            ask("note", "Anything else?").area().max(2000),
            &mut self.note,
        );
    }
}

/// An answer as it was recorded.
#[derive(Clone, Debug)]
pub struct Replied<L: Label> {
    /// Its id.
    pub id: ReplyId,
    /// Whose.
    pub part: PartId,
    /// The answer.
    pub reply: Labelled<Reply, L>,
    /// The day.
    pub answered_on: Labelled<Date, L>,
    /// How.
    pub how: Labelled<Way, L>,
    /// Whether the service was explained.
    pub explained: Labelled<YesNo, L>,
    /// Whether sharing of information was explained.
    pub sharing: Labelled<YesNo, L>,
    /// The form as it was worded.
    pub words: Labelled<Sheet, L>,
    /// Why it was struck out, if it was entered in error.
    pub struck: Option<Labelled<String, L>>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

/// Strikes out what was entered in error. `L` is the label of what is struck out.
#[derive(Clone, Debug)]
pub struct NewStrike<L: Label> {
    /// Why.
    pub why: Answer<String, L>,
}

impl<L: Label> Default for NewStrike<L> {
    fn default() -> Self {
        Self { why: None }
    }
}

impl<L: Label> Form for NewStrike<L> {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("strike", "Entered in error");
        r.field(
            ask("why", "What is wrong with it?")
                .required()
                .area()
                .max(1000)
                .hint("It stays on the record, struck out, and no longer counts."),
            &mut self.why,
        );
    }
}

/// What is agreed after somebody withdrew.
#[derive(Clone, Debug, Default)]
pub struct NewAgreed {
    /// When it was agreed.
    pub agreed_on: Answer<Date, Survivor>,
    /// With whom.
    pub agreed_with: Answer<String, Survivor>,
    /// What happens.
    pub what: Answer<String, Survivor>,
    /// From when workers of the other line may know that the gate is closed.
    pub stops_on: Answer<Date, Survivor>,
}

impl Form for NewAgreed {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("agreed", "What happens now");
        r.field(
            ask("agreed_on", "When was it agreed?").required(),
            &mut self.agreed_on,
        );
        r.field(
            ask("agreed_with", "With which supervisor?")
                .required()
                .max(200),
            &mut self.agreed_with,
        );
        r.field(
            ask("what", "What happens, and who does what?")
                .required()
                .area()
                .max(4000)
                .hint("How the next appointments end without giving her answer away, and what keeps everybody safe meanwhile."),
            &mut self.what,
        );
        r.field(
            ask("stops_on", "From which day may the other line see that the work stops?")
                .required()
                .hint("Until the end of the day before, nothing changes for the other line or the client."),
            &mut self.stops_on,
        );
    }
}

/// What was agreed after somebody withdrew.
#[derive(Clone, Debug)]
pub struct Agreed {
    /// Its id.
    pub id: AgreedId,
    /// The withdrawal.
    pub reply: ReplyId,
    /// When it was agreed.
    pub agreed_on: Labelled<Date, Survivor>,
    /// The first day on which the other line sees a closed gate.
    pub stops_on: Labelled<Date, Survivor>,
    /// The form as it was worded.
    pub words: Labelled<Sheet, Survivor>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

/// That the client heard of the service from somebody else, before anybody may offer it.
#[derive(Clone, Debug, Default)]
pub struct NewHeard {
    /// When.
    pub heard_on: Answer<Date, Workers>,
    /// From whom.
    pub from_whom: Answer<String, Workers>,
    /// What was said.
    pub said: Answer<String, Workers>,
}

impl Form for NewHeard {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("heard", "Heard from elsewhere");
        r.field(
            ask("heard_on", "When did the client hear of it?").required(),
            &mut self.heard_on,
        );
        r.field(
            ask("from_whom", "From whom?").required().max(200),
            &mut self.from_whom,
        );
        r.field(
            ask("said", "What was said, as far as it is known?")
                .required()
                .area()
                .max(2000),
            &mut self.said,
        );
    }
}

/// That the client heard of the service from somebody else.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Its id.
    pub id: HeardId,
    /// The day.
    pub heard_on: Labelled<Date, Workers>,
    /// The form as it was worded.
    pub words: Labelled<Sheet, Workers>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

/// How an agreement was explained: the first part of both versions.
#[derive(Clone, Debug)]
pub struct Explaining<L: Label> {
    /// When.
    pub explained_on: Answer<Date, L>,
    /// How.
    pub how: Answer<Way, L>,
    /// By whom: the signature of the worker.
    pub explained_by: Answer<String, L>,
    /// What is needed to understand it.
    pub needs: Answer<Many<Need>, L>,
    /// More about that, and what was done.
    pub needs_met: Answer<String, L>,
    /// Who interpreted.
    pub interpreter: Answer<Interpreter, L>,
}

impl<L: Label> Default for Explaining<L> {
    fn default() -> Self {
        Self {
            explained_on: None,
            how: None,
            explained_by: None,
            needs: None,
            needs_met: None,
            interpreter: None,
        }
    }
}

impl<L: Label> Explaining<L> {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("explaining", "How it was explained");
        r.field(
            ask("explained_on", "When was it gone through?").required(),
            &mut self.explained_on,
        );
        r.field(
            ask("how", "How?")
                .required()
                .hint("By telephone it is explained now and signed at the first meeting."),
            &mut self.how,
        );
        r.field(
            ask("explained_by", "Who explained it?").required().max(200),
            &mut self.explained_by,
        );
        r.field(
            ask("needs", "What was needed to understand it fully?"),
            &mut self.needs,
        );
        r.field(
            ask("needs_met", "How was that met?").max(500),
            &mut self.needs_met,
        );
        r.field(
            ask("interpreter", "Interpreter")
                .required()
                .hint("Never somebody of the family or a friend."),
            &mut self.interpreter,
        );
    }
}

/// How an agreement was signed: the same questions in both versions.
#[derive(Clone, Debug)]
pub struct Signed<L: Label> {
    /// How.
    pub signing: Answer<Signing, L>,
    /// When.
    pub signed_on: Answer<Date, L>,
    /// The printed name.
    pub signed_name: Answer<String, L>,
    /// Who holds the paper.
    pub held_by: Answer<String, L>,
    /// Who saw the name typed.
    pub witness: Answer<String, L>,
}

impl<L: Label> Default for Signed<L> {
    fn default() -> Self {
        Self {
            signing: None,
            signed_on: None,
            signed_name: None,
            held_by: None,
            witness: None,
        }
    }
}

impl<L: Label> Signed<L> {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("signing", "Signature");
        r.field(
            ask("signing", "How was it signed?").required(),
            &mut self.signing,
        );
        r.field(ask("signed_on", "When was it signed?"), &mut self.signed_on);
        r.field(
            ask("signed_name", "Name, as it was signed").max(200),
            &mut self.signed_name,
        );
        r.field(
            ask("held_by", "On paper: who holds the paper?").max(200),
            &mut self.held_by,
        );
        r.field(
            ask("witness", "Typed name: who was witness?").max(200),
            &mut self.witness,
        );
    }
}

/// One row of the table of Appendix B: what may be shared with whom.
///
/// guidance-pack-2020.md 765-770; R090: for other uses, such as a case study, permission is asked
/// each time.
#[derive(Clone, Debug, Default)]
pub struct Sharing {
    /// The agency.
    pub agency: Answer<String, Client>,
    /// Its contact.
    pub contact: Answer<String, Client>,
    /// What is shared.
    pub information: Answer<String, Client>,
    /// Whether it may be.
    pub permission: Answer<YesNo, Client>,
    /// When that was said.
    pub on: Answer<Date, Client>,
    /// When it is looked at again.
    pub review_on: Answer<Date, Client>,
}

/// Appendix B: the client's agreement on confidentiality and sharing of information.
///
/// Source: guidance-pack-2020.md 680-770. Its fields and their order are the source's; the words
/// are ours. It is the client's own paper, so every answer may reach the client.
#[derive(Clone, Debug, Default)]
pub struct ClientConfidentiality {
    /// How it was explained.
    pub explaining: Explaining<Client>,
    /// Statement 1 (R070).
    pub explained: Answer<YesNo, Client>,
    /// Statement 2: a no is valid and honoured.
    pub research: Answer<YesNo, Client>,
    /// Statement 3.
    pub confidential: Answer<YesNo, Client>,
    /// Statement 4.
    pub exceptions: Answer<YesNo, Client>,
    /// How it was signed.
    pub signed: Signed<Client>,
    /// What may be shared with whom.
    pub sharing: Vec<Sharing>,
}

impl Form for ClientConfidentiality {
    fn describe(&mut self, r: &mut impl Reader) {
        self.explaining.describe(r);
        r.section("statements", "Four statements, each answered by the client");
        r.field(
            ask("explained", "This agreement was explained to me.").required(),
            &mut self.explained,
        );
        r.field(
            ask(
                "research",
                "Other agencies and researchers may use information about me without my name, to see how well the work is done and to learn from it.",
            )
            .required()
            .hint("A no changes nothing in the service that is offered."),
            &mut self.research,
        );
        r.field(
            ask(
                "confidential",
                "I understand that what is known about me stays confidential unless I agree that it is shared.",
            )
            .required(),
            &mut self.confidential,
        );
        r.field(
            ask(
                "exceptions",
                "I understand that there are exceptions: where I, other people or children are judged to be at high risk of harm, information about me can be shared without my agreement.",
            )
            .required(),
            &mut self.exceptions,
        );
        self.signed.describe(r);
        r.section("sharing", "What may be shared with whom");
        r.each(
            Group {
                name: "sharing",
                item: "Agency",
                at_most: 12,
            },
            &mut self.sharing,
            |r, row| {
                r.field(ask("agency", "Agency").required().max(200), &mut row.agency);
                r.field(ask("contact", "Contact there").max(200), &mut row.contact);
                r.field(
                    ask("information", "What is shared").required().max(500),
                    &mut row.information,
                );
                r.field(
                    ask("permission", "May it be shared?").required(),
                    &mut row.permission,
                );
                r.field(ask("on", "Date").required(), &mut row.on);
                r.field(ask("review_on", "Date of review"), &mut row.review_on);
            },
        );
    }
}

/// One request for consent of Appendix C: what, with which agency, what for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// What is shared.
    pub information: Answer<String, Survivor>,
    /// With which agency.
    pub agency: Answer<String, Survivor>,
    /// What for.
    pub purpose: Answer<String, Survivor>,
    /// Whether it may be.
    pub consented: Answer<YesNo, Survivor>,
    /// When that was said.
    pub on: Answer<Date, Survivor>,
    /// Whether by telephone; then it is signed when possible.
    pub by_telephone: Answer<YesNo, Survivor>,
}

/// Appendix C: the agreement with the adult harmed on confidentiality and sharing of information.
///
/// Source: guidance-pack-2020.md 772-905. It is a version of its own with fields of its own.
#[derive(Clone, Debug, Default)]
pub struct SurvivorConfidentiality {
    /// How it was explained.
    pub explaining: Explaining<Survivor>,
    /// Whether it was understood.
    pub understood: Answer<YesNo, Survivor>,
    /// Requests for consent.
    pub requests: Vec<Request>,
    /// Whether anonymous use is agreed to (R091).
    pub anonymous: Answer<YesNo, Survivor>,
    /// How it is stored, for how long, and why that long (R092): the source leaves it blank.
    pub storage: Answer<String, Survivor>,
    /// Whether that was understood.
    pub storage_understood: Answer<YesNo, Survivor>,
    /// How it was signed.
    pub signed: Signed<Survivor>,
}

impl Form for SurvivorConfidentiality {
    fn describe(&mut self, r: &mut impl Reader) {
        self.explaining.describe(r);
        r.section("understanding", "Understanding");
        r.field(
            ask(
                "understood",
                "I have understood how information about me is treated.",
            )
            .required(),
            &mut self.understood,
        );
        r.section("requests", "Requests for consent");
        r.each(
            Group {
                name: "requests",
                item: "Request",
                at_most: 12,
            },
            &mut self.requests,
            |r, row| {
                r.field(
                    ask("information", "What would be shared")
                        .required()
                        .max(500)
                        .hint("No more than the purpose needs."),
                    &mut row.information,
                );
                r.field(
                    ask("agency", "With which agency").required().max(200),
                    &mut row.agency,
                );
                r.field(
                    ask("purpose", "What for").required().max(500),
                    &mut row.purpose,
                );
                r.field(
                    ask("consented", "May it be shared?").required(),
                    &mut row.consented,
                );
                r.field(ask("on", "Date").required(), &mut row.on);
                r.field(
                    ask("by_telephone", "Was that said by telephone?"),
                    &mut row.by_telephone,
                );
            },
        );
        r.section("use", "Improving the service");
        r.field(
            ask(
                "anonymous",
                "Information about me may be used without anything that could identify me or my family, by funders, agencies and researchers.",
            )
            .required()
            .hint("A no changes nothing in the service that is offered."),
            &mut self.anonymous,
        );
        r.section("storage", "How it is stored");
        r.field(
            ask(
                "storage",
                "How is it stored, for how long, and why for that long?",
            )
            .required()
            .area()
            .max(2000)
            .hint("As it was explained. Take the words of your service."),
            &mut self.storage,
        );
        r.field(
            ask("storage_understood", "I have understood how it is stored.").required(),
            &mut self.storage_understood,
        );
        self.signed.describe(r);
    }
}

/// A time at which the agreement was gone through with a party.
#[derive(Clone, Debug)]
pub struct Confidentiality<L: Label> {
    /// Its id.
    pub id: ConfidentialityId,
    /// With whom.
    pub part: PartId,
    /// When.
    pub explained_on: Labelled<Date, L>,
    /// How.
    pub how: Labelled<Way, L>,
    /// Whether everything that must be understood was.
    pub understood: Labelled<YesNo, L>,
    /// Whether use without a name is agreed to.
    pub research: Labelled<YesNo, L>,
    /// How it was signed.
    pub signing: Labelled<Signing, L>,
    /// When.
    pub signed_on: Option<Labelled<Date, L>>,
    /// What was typed, to begin the next from.
    pub answers: Labelled<Typed, L>,
    /// The form as it was worded.
    pub words: Labelled<Sheet, L>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

/// A label under which answers or papers of a party are kept, with its sheet of a form's wording.
pub trait Sided: Label + Clone {
    /// The lines of this label.
    fn sheet(words: Wording) -> Labelled<Sheet, Self>;
}
impl Sided for Client {
    fn sheet(words: Wording) -> Labelled<Sheet, Self> {
        words.client
    }
}
impl Sided for Workers {
    fn sheet(words: Wording) -> Labelled<Sheet, Self> {
        words.workers
    }
}
impl Sided for Survivor {
    fn sheet(words: Wording) -> Labelled<Sheet, Self> {
        words.survivor
    }
}

/// An agreement on confidentiality in one party's version.
pub trait PaperForm: Form + Send + 'static {
    /// Its label.
    type Label: Sided;

    /// How it was explained.
    fn explaining(&self) -> &Explaining<Self::Label>;
    /// How it was signed.
    fn signed(&self) -> &Signed<Self::Label>;
    /// Whether use without a name is agreed to.
    fn research(&self) -> &Answer<YesNo, Self::Label>;
}
impl PaperForm for ClientConfidentiality {
    type Label = Client;
    fn explaining(&self) -> &Explaining<Client> {
        &self.explaining
    }
    fn signed(&self) -> &Signed<Client> {
        &self.signed
    }
    fn research(&self) -> &Answer<YesNo, Client> {
        &self.research
    }
}
impl PaperForm for SurvivorConfidentiality {
    type Label = Survivor;
    fn explaining(&self) -> &Explaining<Survivor> {
        &self.explaining
    }
    fn signed(&self) -> &Signed<Survivor> {
        &self.signed
    }
    fn research(&self) -> &Answer<YesNo, Survivor> {
        &self.anonymous
    }
}

/// Who records something, and when.
#[derive(Clone, Copy, Debug)]
pub struct By {
    /// The user.
    pub user: UserId,
    /// The instant.
    pub at: Instant,
}

impl<L: Sided> Replied<L> {
    /// An answer of `part`; `None` while something is missing.
    pub fn of(mut form: NewReply<L>, part: PartId, by: By) -> Option<Self> {
        let words = L::sheet(words_of(&mut form));
        Some(Self {
            id: ReplyId::new(),
            part,
            reply: form.reply?,
            answered_on: form.answered_on?,
            how: form.how?,
            explained: form.explained?,
            sharing: form.sharing?,
            words,
            struck: None,
            recorded_by: by.user,
            recorded_at: by.at,
        })
    }
}

impl<L: Sided> Confidentiality<L> {
    /// A time at which the agreement was gone through with `part`; `None` while something is
    /// missing.
    pub fn of<F: PaperForm<Label = L>>(
        mut form: F,
        understood: YesNo,
        typed: &Typed,
        part: PartId,
        by: By,
    ) -> Option<Self> {
        let words = L::sheet(words_of(&mut form));
        let (explaining, signed) = (form.explaining(), form.signed());
        Some(Self {
            id: ConfidentialityId::new(),
            part,
            explained_on: explaining.explained_on?,
            how: explaining.how?,
            understood: Labelled::new(understood),
            research: (*form.research())?,
            signing: signed.signing?,
            signed_on: signed.signed_on,
            answers: Labelled::new(Typed(
                typed
                    .0
                    .iter()
                    .filter(|(name, _)| *name != "version")
                    .map(|(name, text)| (name.clone(), text.clone()))
                    .collect(),
            )),
            words,
            recorded_by: by.user,
            recorded_at: by.at,
        })
    }
}

impl Agreed {
    /// What was agreed after the withdrawal `reply`; `None` while something is missing.
    pub fn of(mut form: NewAgreed, reply: ReplyId, by: By) -> Option<Self> {
        let words = words_of(&mut form).survivor;
        Some(Self {
            id: AgreedId::new(),
            reply,
            agreed_on: form.agreed_on?,
            stops_on: form.stops_on?,
            words,
            recorded_by: by.user,
            recorded_at: by.at,
        })
    }
}

impl Heard {
    /// What the client heard; `None` while something is missing.
    pub fn of(mut form: NewHeard, by: By) -> Option<Self> {
        let words = words_of(&mut form).workers;
        Some(Self {
            id: HeardId::new(),
            heard_on: form.heard_on?,
            words,
            recorded_by: by.user,
            recorded_at: by.at,
        })
    }
}
