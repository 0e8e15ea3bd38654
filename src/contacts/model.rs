//! Contacts and their forms.

use jiff::civil::Date;
use kernel::{
    form::{Answer, ControlKind, Form, Many, Reader, Value, YesNo, ask},
    ids::UserId,
    label::{Child, Label, Labelled, Survivor, Workers},
    time::Instant,
};

use crate::people::model::PartId;

kernel::ids! {
    /// An entry that workers of both lines read.
    ContactKind => ContactId,
    /// An entry about the survivor or a child.
    KeptContactKind => KeptContactId,
    /// One meeting with several of them: an entry for each.
    VisitKind => VisitId,
}

kernel::text_enum! {
    /// What an entry is about.
    pub enum About {
        /// The professionals.
        Liaison = "liaison": "Between professionals",
        /// The client.
        Client = "client": "With the client",
        /// An invitation of the client to a meeting (R131).
        Invitation = "invitation": "Invitation to a meeting",
    }
}

kernel::text_enum! {
    /// How.
    pub enum Method {
        /// In one place.
        FaceToFace = "face_to_face": "Face to face",
        /// By telephone.
        Telephone = "telephone": "Telephone",
        /// By video.
        Video = "video": "Video",
        /// In writing.
        Message = "message": "Message",
    }
}

kernel::text_enum! {
    /// What came of it. Only what was held counts (R015).
    pub enum Outcome {
        /// It took place.
        Held = "held": "It took place",
        /// Nobody was reached.
        Attempted = "attempted": "Attempted: nobody was reached, or nobody came",
        /// It was cancelled.
        Cancelled = "cancelled": "Cancelled",
    }
}

impl Outcome {
    /// In a word or two.
    pub const fn short(self) -> &'static str {
        match self {
            Self::Held => "Held",
            Self::Attempted => "Attempted",
            Self::Cancelled => "Cancelled",
        }
    }
}

kernel::text_enum! {
    /// Who cancelled, as workers of both lines read it.
    pub enum CancelledBy {
        /// The client.
        Client = "client": "The client",
        /// The service.
        Service = "service": "The service",
        /// The lead worker.
        LeadWorker = "lead_worker": "The lead worker",
        /// Another agency.
        Agency = "agency": "Another agency",
    }
}

kernel::text_enum! {
    /// Who cancelled on the survivor's side.
    pub enum KeptCancelledBy {
        /// The person who was to be met.
        Person = "person": "The person to be met",
        /// Somebody else of the household.
        Household = "household": "Somebody else of the household",
        /// The worker.
        Worker = "worker": "The worker",
        /// Another agency.
        Agency = "agency": "Another agency",
    }
}

kernel::text_enum! {
    /// As what it counts.
    pub enum Serves {
        /// The weekly liaison (R017).
        Liaison = "liaison": "The week’s liaison between professionals",
        /// The weekly professionals' meeting (R018).
        Meeting = "meeting": "The week’s professionals’ meeting",
    }
}

kernel::text_enum! {
    /// A way in which somebody uses a programme against a partner (R035).
    ///
    /// Source: guidance-pack-2020.md 369-377, nine ways in their order, in words of our own.
    pub enum Misuse {
        /// 369.
        Attendance = "attendance": "Says untrue things about coming or taking part",
        /// 370.
        Cured = "cured": "Says that it is no longer needed, because all is well now",
        /// 371.
        Undermines = "undermines": "Turns what is learnt against the partner, to make them feel small",
        /// 372.
        Misquotes = "misquotes": "Says untrue things about what the practitioner says",
        /// 373.
        Professionals = "professionals": "Uses coming to impress other professionals or a court",
        /// 374.
        Stays = "stays": "Uses coming to make the partner stay, without real change",
        /// 375.
        Blames = "blames": "Says that everybody sees the problem in the partner",
        /// 376.
        Criticises = "criticises": "Uses what is learnt to find fault with or control the partner",
        /// 377.
        Jargon = "jargon": "Uses the words of the programme to get their way",
    }
}

kernel::text_enum! {
    /// What came of an invitation (R131).
    pub enum Response {
        /// Accepted.
        Comes = "comes": "Says that they will come",
        /// Declined.
        Declines = "declines": "Says that they will not come",
        /// No answer.
        NoAnswer = "no_answer": "No answer yet",
        /// Not invited.
        NotInvited = "not_invited": "Not invited, because it would not be safe",
    }
}

kernel::text_enum! {
    /// What was agreed with the survivor about an exercise (R022).
    pub enum Consulted {
        /// Agrees.
        Agrees = "agrees": "Knows the exercise and its rules, and agrees",
        /// Informed.
        Informed = "informed": "Told about it; no answer yet",
        /// Does not agree.
        Disagrees = "disagrees": "Does not agree: it is not used",
        /// Not safe.
        NotSafe = "not_safe": "Not raised, because it was not safe",
    }
}

/// The form entry of one of the people of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Who(pub PartId);

impl Value for Who {
    const KIND: ControlKind = ControlKind::Checkboxes;

    fn parse(raw: &str) -> Result<Self, String> {
        raw.parse()
            .map(Self)
            .map_err(|_| "is not one of the choices".to_owned())
    }

    fn typed(&self) -> String {
        self.0.to_string()
    }
}

/// An entry that workers of both lines read.
#[derive(Clone, Debug)]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// What it is about.
    pub about: About,
    /// The day.
    pub on: Labelled<Date, Workers>,
    /// How.
    pub method: Labelled<Method, Workers>,
    /// What came of it.
    pub result: Labelled<Outcome, Workers>,
    /// Why it did not take place.
    pub reason: Option<Labelled<String, Workers>>,
    /// Who cancelled.
    pub cancelled_by: Option<Labelled<CancelledBy, Workers>>,
    /// As what it counts.
    pub serves: Option<Labelled<Many<Serves>, Workers>>,
    /// Who took part.
    pub took_part: Option<Labelled<String, Workers>>,
    /// What was said.
    pub body: Option<Labelled<String, Workers>>,
    /// Whether the lead worker was told of the planned work (R033).
    pub briefed: Option<Labelled<YesNo, Workers>>,
    /// The planned work.
    pub planned: Option<Labelled<String, Workers>>,
    /// Its key risks.
    pub key_risks: Option<Labelled<String, Workers>>,
    /// How to discuss it with the survivor.
    pub discuss: Option<Labelled<String, Workers>>,
    /// Whether the ways of misuse were gone through (R035).
    pub misuse_checked: Option<Labelled<YesNo, Workers>>,
    /// Which of them were seen.
    pub misuse: Option<Labelled<Many<Misuse>, Workers>>,
    /// To which meeting the client was invited.
    pub invited_to: Option<Labelled<String, Workers>>,
    /// What came of the invitation.
    pub response: Option<Labelled<Response, Workers>>,
    /// How the safety of the family was considered.
    pub safety: Option<Labelled<String, Workers>>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
    /// Why it was taken back, if it was.
    pub back: Option<Labelled<String, Workers>>,
}

/// An entry about the survivor or a child.
#[derive(Clone, Debug)]
pub struct KeptContact<L: Label> {
    /// Its id.
    pub id: KeptContactId,
    /// The meeting it was part of.
    pub visit: VisitId,
    /// With whom.
    pub part: PartId,
    /// The day.
    pub on: Labelled<Date, L>,
    /// How; none where it was confirmed at liaison.
    pub method: Option<Labelled<Method, L>>,
    /// What came of it.
    pub result: Labelled<Outcome, L>,
    /// Why it did not take place.
    pub reason: Option<Labelled<String, L>>,
    /// Who cancelled.
    pub cancelled_by: Option<Labelled<KeptCancelledBy, L>>,
    /// Whether the person was seen alone.
    pub alone: Option<Labelled<YesNo, L>>,
    /// Whether the place was safe (R019).
    pub safe_place: Option<Labelled<YesNo, L>>,
    /// The place.
    pub place: Option<Labelled<String, L>>,
    /// What the person said (R020).
    pub voice: Option<Labelled<String, L>>,
    /// What happened.
    pub body: Option<Labelled<String, L>>,
    /// Whether it was said what can be expected (R034).
    pub expectations: Option<Labelled<YesNo, L>>,
    /// Whether the ways of misuse were gone through (R035).
    pub misuse_checked: Option<Labelled<YesNo, L>>,
    /// Which of them were told of.
    pub misuse: Option<Labelled<Many<Misuse>, L>>,
    /// The exercise that was talked through (R022).
    pub exercise: Option<Labelled<String, L>>,
    /// What was agreed about it.
    pub consulted: Option<Labelled<Consulted, L>>,
    /// Who confirmed at liaison that it took place.
    pub confirmed_by: Option<Labelled<String, L>>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
    /// Why it was taken back, if it was.
    pub back: Option<Labelled<String, L>>,
}

/// A contact with the survivor and children, as a form gives it.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Its id.
    pub id: VisitId,
    /// The survivors who were met.
    pub survivors: Vec<PartId>,
    /// The children who were met.
    pub children: Vec<PartId>,
    /// The day.
    pub on: Labelled<Date, Survivor>,
    /// How; none where it was confirmed at liaison.
    pub method: Option<Labelled<Method, Survivor>>,
    /// What came of it.
    pub result: Labelled<Outcome, Survivor>,
    /// Why it did not take place.
    pub reason: Option<Labelled<String, Survivor>>,
    /// Who cancelled.
    pub cancelled_by: Option<Labelled<KeptCancelledBy, Survivor>>,
    /// Whether each was seen alone.
    pub alone: Option<Labelled<YesNo, Survivor>>,
    /// Whether the place was safe.
    pub safe_place: Option<Labelled<YesNo, Survivor>>,
    /// The place.
    pub place: Option<Labelled<String, Survivor>>,
    /// What the survivor said.
    pub voice: Option<Labelled<String, Survivor>>,
    /// What the children said.
    pub child_voice: Option<Labelled<String, Child>>,
    /// What happened.
    pub body: Option<Labelled<String, Survivor>>,
    /// Whether it was said what can be expected.
    pub expectations: Option<Labelled<YesNo, Survivor>>,
    /// Whether the ways of misuse were gone through.
    pub misuse_checked: Option<Labelled<YesNo, Survivor>>,
    /// Which of them were told of.
    pub misuse: Option<Labelled<Many<Misuse>, Survivor>>,
    /// The exercise that was talked through.
    pub exercise: Option<Labelled<String, Survivor>>,
    /// What was agreed about it.
    pub consulted: Option<Labelled<Consulted, Survivor>>,
    /// Who confirmed at liaison that it took place.
    pub confirmed_by: Option<Labelled<String, Survivor>>,
}

impl Visit {
    /// A visit of which only day and result are known.
    pub fn new(
        id: VisitId,
        on: Labelled<Date, Survivor>,
        result: Labelled<Outcome, Survivor>,
    ) -> Self {
        Self {
            id,
            survivors: Vec::new(),
            children: Vec::new(),
            on,
            method: None,
            result,
            reason: None,
            cancelled_by: None,
            alone: None,
            safe_place: None,
            place: None,
            voice: None,
            child_voice: None,
            body: None,
            expectations: None,
            misuse_checked: None,
            misuse: None,
            exercise: None,
            consulted: None,
            confirmed_by: None,
        }
    }
}

const NOT_SURVIVOR: &str = "Workers of both lines read this. How often the survivor is seen, and what the survivor said, \
     belongs to the other page.";

/// Records liaison or a professionals' meeting.
#[derive(Debug, Default)]
pub struct NewLiaison {
    /// The id of the entry, so that a second click records nothing.
    pub entry: Answer<String, Workers>,
    /// The day.
    pub held_on: Answer<Date, Workers>,
    /// How.
    pub method: Answer<Method, Workers>,
    /// What came of it.
    pub result: Answer<Outcome, Workers>,
    /// As what it counts.
    pub serves: Answer<Many<Serves>, Workers>,
    /// Why it did not take place.
    pub reason: Answer<String, Workers>,
    /// Who cancelled.
    pub cancelled_by: Answer<CancelledBy, Workers>,
    /// Who took part.
    pub took_part: Answer<String, Workers>,
    /// What was shared.
    pub body: Answer<String, Workers>,
    /// Whether the lead worker was briefed.
    pub briefed: Answer<YesNo, Workers>,
    /// The planned work.
    pub planned: Answer<String, Workers>,
    /// Its key risks.
    pub key_risks: Answer<String, Workers>,
    /// How to discuss it.
    pub discuss: Answer<String, Workers>,
    /// Whether the ways of misuse were gone through.
    pub misuse_checked: Answer<YesNo, Workers>,
    /// Which were seen.
    pub misuse: Answer<Many<Misuse>, Workers>,
}

const WHEN: &str = "When was it, or when was it to be?";
const ENTRY: &str = "Entry";
const REASON: &str = "If it did not take place: why?";
const CANCELLED: &str = "If it was cancelled: who cancelled?";
const MISUSE_CHECKED: &str =
    "Did you go through the nine ways in which a programme is used against a partner?";
const MISUSE: &str = "Which of them did anybody notice?";

impl Form for NewLiaison {
    /// R033 (guidance-pack-2020.md 302): the lead worker knows the planned work, its key risks and
    /// how to discuss it. R035 (365-377): misuse is watched for.
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("liaison", "Liaison or meeting");
        r.field(
            ask("entry", ENTRY).max(36).kind(ControlKind::Hidden),
            &mut self.entry,
        );
        r.field(ask("held_on", WHEN).required(), &mut self.held_on);
        r.field(ask("method", "How?").required(), &mut self.method);
        r.field(
            ask("result", "What came of it?").required(),
            &mut self.result,
        );
        r.field(
            ask("serves", "As what does it count?")
                .hint("One meeting may be both. Only what took place counts."),
            &mut self.serves,
        );
        r.field(
            ask("took_part", "Who took part?").max(500),
            &mut self.took_part,
        );
        r.field(
            ask("body", "What was shared and agreed?")
                .area()
                .max(4000)
                .hint(NOT_SURVIVOR),
            &mut self.body,
        );
        r.field(ask("reason", REASON).area().max(1000), &mut self.reason);
        r.field(
            ask("cancelled_by", CANCELLED).kind(ControlKind::Select),
            &mut self.cancelled_by,
        );
        r.section("briefing", "The planned work");
        r.field(
            ask("briefed", "Does the lead worker know what is planned next?"),
            &mut self.briefed,
        );
        r.field(
            ask("planned", "Which work is planned?").area().max(2000),
            &mut self.planned,
        );
        r.field(
            ask("key_risks", "What are its key risks?").area().max(2000),
            &mut self.key_risks,
        );
        r.field(
            ask("discuss", "How is it best discussed with the survivor?")
                .area()
                .max(2000),
            &mut self.discuss,
        );
        r.field(
            ask("misuse_checked", MISUSE_CHECKED),
            &mut self.misuse_checked,
        );
        r.field(ask("misuse", MISUSE), &mut self.misuse);
    }
}

/// Records a contact with the client.
#[derive(Debug, Default)]
pub struct NewClientContact {
    /// The id of the entry.
    pub entry: Answer<String, Workers>,
    /// The day.
    pub held_on: Answer<Date, Workers>,
    /// How.
    pub method: Answer<Method, Workers>,
    /// What came of it.
    pub result: Answer<Outcome, Workers>,
    /// What was said.
    pub body: Answer<String, Workers>,
    /// Why it did not take place.
    pub reason: Answer<String, Workers>,
    /// Who cancelled.
    pub cancelled_by: Answer<CancelledBy, Workers>,
    /// Whether the ways of misuse were gone through.
    pub misuse_checked: Answer<YesNo, Workers>,
    /// Which were seen.
    pub misuse: Answer<Many<Misuse>, Workers>,
}

impl Form for NewClientContact {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("client", "Contact with the client");
        r.field(
            ask("entry", ENTRY).max(36).kind(ControlKind::Hidden),
            &mut self.entry,
        );
        r.field(ask("held_on", WHEN).required(), &mut self.held_on);
        r.field(ask("method", "How?").required(), &mut self.method);
        r.field(
            ask("result", "What came of it?").required(),
            &mut self.result,
        );
        r.field(
            ask("body", "What happened?")
                .area()
                .max(4000)
                .hint(NOT_SURVIVOR),
            &mut self.body,
        );
        r.field(ask("reason", REASON).area().max(1000), &mut self.reason);
        r.field(
            ask("cancelled_by", CANCELLED).kind(ControlKind::Select),
            &mut self.cancelled_by,
        );
        r.field(
            ask("misuse_checked", MISUSE_CHECKED),
            &mut self.misuse_checked,
        );
        r.field(ask("misuse", MISUSE), &mut self.misuse);
    }
}

/// Records an invitation of the client to a meeting about the family.
#[derive(Debug, Default)]
pub struct NewInvitation {
    /// The id of the entry.
    pub entry: Answer<String, Workers>,
    /// The day.
    pub held_on: Answer<Date, Workers>,
    /// How.
    pub method: Answer<Method, Workers>,
    /// To which meeting.
    pub invited_to: Answer<String, Workers>,
    /// What came of it.
    pub response: Answer<Response, Workers>,
    /// Why.
    pub reason: Answer<String, Workers>,
    /// How safety was considered.
    pub safety: Answer<String, Workers>,
}

impl Form for NewInvitation {
    /// R131 (safe-together-london-2023.md 661): the invitation and the response are recorded, and
    /// safety is considered.
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("invitation", "Invitation");
        r.field(
            ask("entry", ENTRY).max(36).kind(ControlKind::Hidden),
            &mut self.entry,
        );
        r.field(
            ask(
                "held_on",
                "When was the client invited, or was it decided not to?",
            )
            .required(),
            &mut self.held_on,
        );
        r.field(ask("method", "How?").required(), &mut self.method);
        r.field(
            ask("invited_to", "To which meeting?")
                .required()
                .max(300)
                .hint("Such as a conference about the children, with its day."),
            &mut self.invited_to,
        );
        r.field(
            ask("response", "What was the answer?").required(),
            &mut self.response,
        );
        r.field(
            ask(
                "reason",
                "In the client’s own words, or why there is no answer",
            )
            .area()
            .max(1000),
            &mut self.reason,
        );
        r.field(
            ask(
                "safety",
                "How was the safety of everybody at the meeting considered?",
            )
            .area()
            .required()
            .max(1000)
            .hint(NOT_SURVIVOR),
            &mut self.safety,
        );
    }
}

/// Records a contact with the survivor and children.
#[derive(Debug, Default)]
pub struct NewVisit {
    /// The id of the entry.
    pub entry: Answer<String, Survivor>,
    /// With whom.
    pub who: Answer<Many<Who>, Survivor>,
    /// The day.
    pub held_on: Answer<Date, Survivor>,
    /// How.
    pub method: Answer<Method, Survivor>,
    /// What came of it.
    pub result: Answer<Outcome, Survivor>,
    /// Whether each was seen alone.
    pub alone: Answer<YesNo, Survivor>,
    /// Whether the place was safe.
    pub safe_place: Answer<YesNo, Survivor>,
    /// The place.
    pub place: Answer<String, Survivor>,
    /// What the survivor said.
    pub voice: Answer<String, Survivor>,
    /// What the children said.
    pub child_voice: Answer<String, Child>,
    /// What happened.
    pub body: Answer<String, Survivor>,
    /// Why it did not take place.
    pub reason: Answer<String, Survivor>,
    /// Who cancelled.
    pub cancelled_by: Answer<KeptCancelledBy, Survivor>,
    /// Whether it was said what can be expected.
    pub expectations: Answer<YesNo, Survivor>,
    /// The exercise that was talked through.
    pub exercise: Answer<String, Survivor>,
    /// What was agreed about it.
    pub consulted: Answer<Consulted, Survivor>,
    /// Whether the ways of misuse were gone through.
    pub misuse_checked: Answer<YesNo, Survivor>,
    /// Which were told of.
    pub misuse: Answer<Many<Misuse>, Survivor>,
}

impl Form for NewVisit {
    /// R019 (guidance-pack-2020.md 94): a safe place. R020 (95): the voices of survivor and child.
    /// R022 (97, 365): the survivor is consulted about an exercise. R034 (381-386, 404): realistic
    /// expectations. R035 (365-377): misuse.
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("visit", "Contact");
        r.field(
            ask("entry", ENTRY).max(36).kind(ControlKind::Hidden),
            &mut self.entry,
        );
        r.field(
            ask("who", "With whom?")
                .required()
                .max(2000)
                .kind(ControlKind::Hidden),
            &mut self.who,
        );
        r.field(ask("held_on", WHEN).required(), &mut self.held_on);
        r.field(ask("method", "How?").required(), &mut self.method);
        r.field(
            ask("result", "What came of it?").required(),
            &mut self.result,
        );
        r.field(
            ask("alone", "Was each of them seen alone?"),
            &mut self.alone,
        );
        r.field(
            ask("safe_place", "Was the place safe for them?"),
            &mut self.safe_place,
        );
        r.field(ask("place", "Where was it?").max(300), &mut self.place);
        r.field(
            ask("voice", "What does the survivor say, want and need?")
                .area()
                .max(4000),
            &mut self.voice,
        );
        r.field(
            ask("child_voice", "What do the children say, want and need?")
                .area()
                .max(4000),
            &mut self.child_voice,
        );
        r.field(
            ask("body", "What happened?").area().max(4000),
            &mut self.body,
        );
        r.field(ask("reason", REASON).area().max(1000), &mut self.reason);
        r.field(
            ask("cancelled_by", CANCELLED).kind(ControlKind::Select),
            &mut self.cancelled_by,
        );
        r.section("programme", "About the client’s work");
        r.field(
            ask(
                "expectations",
                "Did you say that change is not certain, and that planning for safety goes on?",
            ),
            &mut self.expectations,
        );
        r.field(
            ask("exercise", "Did you talk through an exercise? Which?")
                .max(300)
                .hint("Such as leaving the room before it gets worse: it is used only as agreed."),
            &mut self.exercise,
        );
        r.field(
            ask("consulted", "If so: what was agreed about it?"),
            &mut self.consulted,
        );
        r.field(
            ask("misuse_checked", MISUSE_CHECKED),
            &mut self.misuse_checked,
        );
        r.field(ask("misuse", MISUSE), &mut self.misuse);
    }
}

/// Records that the lead worker's own contact took place: date, took place, confirmed by, no content
/// (`design.md` 6).
#[derive(Debug, Default)]
pub struct NewConfirmation {
    /// The id of the entry.
    pub entry: Answer<String, Survivor>,
    /// With whom.
    pub who: Answer<Many<Who>, Survivor>,
    /// The day.
    pub held_on: Answer<Date, Survivor>,
    /// Who confirmed it.
    pub confirmed_by: Answer<String, Survivor>,
}

impl Form for NewConfirmation {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("confirmation", "Confirmed at liaison");
        r.field(
            ask("entry", ENTRY).max(36).kind(ControlKind::Hidden),
            &mut self.entry,
        );
        r.field(
            ask("who", "With whom did a contact take place?")
                .required()
                .max(2000)
                .kind(ControlKind::Hidden),
            &mut self.who,
        );
        r.field(
            ask("held_on", "On which day did it take place?").required(),
            &mut self.held_on,
        );
        r.field(
            ask("confirmed_by", "Who confirmed it?")
                .required()
                .max(200)
                .hint(
                    "The lead worker’s name. What was said stays in the lead worker’s own record.",
                ),
            &mut self.confirmed_by,
        );
    }
}
