//! Stage of change, decisions with their grounds, who is told, and what is done besides.

use jiff::civil::Date;
use kernel::{
    form::{Answer, Form, Many, Reader, Sheet, YesNo, ask, words_of},
    ids::{Id, UserId},
    label::{Client, Label, Labelled, Survivor, Workers},
    time::Instant,
};

use crate::{
    participation::model::{By, Sided},
    people::model::PartId,
};

kernel::ids! {
    /// Something that was recorded about suitability.
    EntryKind => EntryId,
}

kernel::text_enum! {
    /// Where the client stands in the cycle of change. guidance-pack-2020.md 314-356.
    pub enum ChangeStage {
        /// Means to change nothing; may not see that there is a problem.
        Precontemplation = "precontemplation": "Precontemplation: sees no need to change",
        /// Sees a problem, and has decided nothing.
        Contemplation = "contemplation": "Contemplation: sees a problem, has decided nothing",
        /// Is changing.
        Action = "action": "Action: is changing",
    }
}

kernel::text_enum! {
    /// What was decided.
    pub enum Decided {
        /// The intensive work suits, subject to the gates of the programme.
        Suitable = "suitable": "Suitable, subject to the answers this programme asks for",
        /// It does not.
        NotSuitable = "not_suitable": "Not suitable",
    }
}

kernel::text_enum! {
    /// Why the intensive work does not suit, as far as workers of both lines may read it (R062). That
    /// one party does not consent is no choice here: see [`KeptGround`].
    pub enum Ground {
        /// The client denies the behaviour.
        Denial = "denial": "The client denies the behaviour",
        /// High risk, which asks for another response.
        HighRisk = "high_risk": "High risk, which asks for another response",
        /// Multiple and complex needs.
        ComplexNeeds = "complex_needs": "Multiple and complex needs",
        /// A neutral choice of the people who decide.
        NotNow = "not_now": "The programme does not fit at present",
        /// Another ground.
        Other = "other": "Another ground",
    }
}

kernel::text_enum! {
    /// Why it does not suit, as far as only the survivor's side may know (R062).
    pub enum KeptGround {
        /// One party does not consent.
        NoConsent = "no_consent": "One party does not consent",
        /// Another ground that must not be shared.
        Other = "other": "Another ground that must not be shared",
    }
}

kernel::text_enum! {
    /// Whether somebody was told of the outcome (R024).
    pub enum Telling {
        /// Told.
        Told = "told": "Told",
        /// Not told, because it was not safe.
        NotSafe = "not_safe": "Not told: it is not safe",
    }
}

/// Records the stage of change.
#[derive(Clone, Debug, Default)]
pub struct NewStage {
    /// When it was assessed.
    pub assessed_on: Answer<Date, Workers>,
    /// The stage.
    pub stage: Answer<ChangeStage, Workers>,
    /// By what it shows.
    pub evidence: Answer<String, Workers>,
}

impl Form for NewStage {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("stage", "Stage of change");
        r.field(
            ask("stage", "At which stage of change is the client?").required(),
            &mut self.stage,
        );
        r.field(
            ask("evidence", "By what does that show?")
                .required()
                .area()
                .max(4000)
                .hint("What the client said and did, not what others feel. Nothing that a survivor or a child told in confidence."),
            &mut self.evidence,
        );
        r.field(
            ask("assessed_on", "When was that assessed?").required(),
            &mut self.assessed_on,
        );
    }
}

/// Decides whether the intensive work suits.
#[derive(Clone, Debug, Default)]
pub struct NewDecision {
    /// What is decided.
    pub outcome: Answer<Decided, Workers>,
    /// Why not.
    pub grounds: Answer<Many<Ground>, Workers>,
    /// Another ground in words.
    pub grounds_other: Answer<String, Workers>,
    /// Why it suits although the stage of change speaks against it.
    pub despite: Answer<String, Workers>,
    /// The reasons.
    pub reason: Answer<String, Workers>,
    /// Who decided together.
    pub decided_with: Answer<String, Workers>,
    /// When.
    pub decided_on: Answer<Date, Workers>,
    /// Whether a review was offered (R061).
    pub review_offered: Answer<YesNo, Workers>,
    /// When, if that is known.
    pub review_on: Answer<Date, Workers>,
}

impl Form for NewDecision {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("decision", "Decision");
        r.field(
            ask("outcome", "Does the intensive work suit?").required(),
            &mut self.outcome,
        );
        r.field(
            ask("grounds", "If not: on what grounds?").hint(
                "Nothing that only one side may know belongs here: workers of both lines read it.",
            ),
            &mut self.grounds,
        );
        r.field(
            ask("grounds_other", "Another ground, in words").max(500),
            &mut self.grounds_other,
        );
        r.field(
            ask("despite", "If it suits although the client is at precontemplation, or no stage is recorded: why?")
                .area()
                .max(2000),
            &mut self.despite,
        );
        r.field(
            ask("because", "Reasons")
                .required()
                .area()
                .max(4000)
                .hint("Nothing about anybody’s answer to taking part."),
            &mut self.reason,
        );
        r.field(
            ask("decided_with", "Who decided together?")
                .required()
                .max(500)
                .hint("Practitioner and lead worker decide together."),
            &mut self.decided_with,
        );
        r.field(ask("decided_on", "When?").required(), &mut self.decided_on);
        r.field(
            ask("review_offered", "If not: was a review offered?"),
            &mut self.review_offered,
        );
        r.field(
            ask("review_on", "When will it be looked at again?"),
            &mut self.review_on,
        );
    }
}

/// Writes what the client may be told.
#[derive(Clone, Debug, Default)]
pub struct NewWords {
    /// The words. They are a text of their own and follow from nothing.
    pub text: Answer<String, Client>,
}

impl Form for NewWords {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("words", "What the client may be told");
        r.field(
            ask("text", "What may the client be told about what happens next?")
                .required()
                .area()
                .max(2000)
                .hint("Neutral words: what is offered, or whom to turn to. Never why, and never anybody’s answer, address or telephone."),
            &mut self.text,
        );
    }
}

/// Records a referral to another service (R099, R100).
#[derive(Clone, Debug, Default)]
pub struct NewOnward {
    /// To whom.
    pub to_whom: Answer<String, Workers>,
    /// What for.
    pub what_for: Answer<String, Workers>,
    /// Whether the risk is higher than it was first identified.
    pub higher: Answer<YesNo, Workers>,
    /// When.
    pub referred_on: Answer<Date, Workers>,
}

impl Form for NewOnward {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("onward", "Refer on");
        r.field(
            ask("to_whom", "To which service was the client referred?")
                .required()
                .max(300),
            &mut self.to_whom,
        );
        r.field(
            ask("what_for", "What for?").required().area().max(2000),
            &mut self.what_for,
        );
        r.field(
            ask("higher", "Is the risk higher than it was first identified?").required(),
            &mut self.higher,
        );
        r.field(
            ask("referred_on", "When?").required(),
            &mut self.referred_on,
        );
    }
}

/// Records a ground that only the survivor's side may know.
#[derive(Clone, Debug, Default)]
pub struct NewKeptGround {
    /// The ground.
    pub ground: Answer<KeptGround, Survivor>,
    /// More about it.
    pub note: Answer<String, Survivor>,
    /// When it came up.
    pub found_on: Answer<Date, Survivor>,
}

impl Form for NewKeptGround {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("ground", "A ground kept apart");
        r.field(
            ask("ground", "What speaks against it?").required(),
            &mut self.ground,
        );
        r.field(
            ask("note", "More about it").area().max(2000),
            &mut self.note,
        );
        r.field(
            ask("found_on", "When did that come up?").required(),
            &mut self.found_on,
        );
    }
}

/// Records how an adult who was harmed was told of the outcome, or why not (R024).
#[derive(Clone, Debug, Default)]
pub struct NewTold {
    /// Whether told.
    pub telling: Answer<Telling, Survivor>,
    /// How and by whom, or why not.
    pub note: Answer<String, Survivor>,
    /// When.
    pub told_on: Answer<Date, Survivor>,
}

impl Form for NewTold {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("told", "Telling the outcome");
        r.field(
            ask("telling", "Was the person told?").required(),
            &mut self.telling,
        );
        r.field(
            ask("note", "How and by whom, or why is it not safe?")
                .required()
                .area()
                .max(2000),
            &mut self.note,
        );
        r.field(
            ask("told_on", "When was the person told, or that decided?").required(),
            &mut self.told_on,
        );
    }
}

/// Records safety work when the client does not start (R025).
#[derive(Clone, Debug, Default)]
pub struct NewSafety {
    /// What it means for safety.
    pub implications: Answer<String, Survivor>,
    /// With whom it was thought through.
    pub explored_with: Answer<String, Survivor>,
    /// Which services were linked.
    pub services: Answer<String, Survivor>,
    /// When.
    pub explored_on: Answer<Date, Survivor>,
}

impl Form for NewSafety {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("safety", "When the client does not start");
        r.field(
            ask("implications", "What does it mean for everybody’s safety?")
                .required()
                .area()
                .max(4000),
            &mut self.implications,
        );
        r.field(
            ask(
                "services",
                "Which services were linked, for whom? If none, why?",
            )
            .required()
            .area()
            .max(2000),
            &mut self.services,
        );
        r.field(
            ask("explored_with", "With whom was it thought through?")
                .required()
                .max(500)
                .hint("The practitioner is consulted without being told more than is released."),
            &mut self.explored_with,
        );
        r.field(
            ask("explored_on", "When?").required(),
            &mut self.explored_on,
        );
    }
}

/// Something that was recorded: its day, the code that rules read, the form as it was worded.
#[derive(Clone, Debug)]
pub struct Entry<L: Label> {
    /// Its id.
    pub id: EntryId,
    /// The day.
    pub on: Labelled<Date, L>,
    /// What rules read: a stage, an outcome, a ground, a yes or no.
    pub code: Labelled<String, L>,
    /// Whom it is about, where there may be several.
    pub part: Option<PartId>,
    /// The decision to which it belongs.
    pub decision: Option<EntryId>,
    /// The form as it was worded.
    pub words: Labelled<Sheet, L>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

/// A form that becomes one entry.
pub trait OneEntry: Form + Clone + Send + Sync + 'static {
    /// Its label.
    type Label: Sided;
    /// Its page, below that of suitability on its side.
    const PLACE: &'static str;
    /// Its heading.
    const TITLE: &'static str;
    /// What is said below it.
    const EXPLAIN: &'static str;
    /// The field of its day, if it has one.
    const DAY: Option<&'static str>;

    /// The day, if it was answered.
    fn day(&self) -> Option<Labelled<Date, Self::Label>>;
    /// What rules read of it.
    fn code(&self) -> Option<String>;
}

/// The form as an entry; `None` while something is missing. A form without a day takes today's.
pub fn entry<F: OneEntry>(
    mut form: F,
    of: (Option<PartId>, Option<EntryId>),
    by: By,
) -> Option<Entry<F::Label>> {
    let on = match F::DAY {
        Some(_) => form.day()?,
        None => Labelled::new(by.at.day()),
    };
    let code = Labelled::new(form.code()?);
    let words = F::Label::sheet(words_of(&mut form));
    Some(Entry {
        id: Id::new(),
        on,
        code,
        part: of.0,
        decision: of.1,
        words,
        recorded_by: by.user,
        recorded_at: by.at,
    })
}

fn code_of<T: kernel::form::Value, L: Label>(answer: &Answer<T, L>) -> Option<String> {
    answer.as_ref().map(|value| value.expose().typed())
}

macro_rules! one_entry {
    ($form:ident, $label:ident, $place:literal, $title:literal, $explain:literal, $day:expr, $of:ident, $this:ident => $code:expr) => {
        impl OneEntry for $form {
            type Label = $label;
            const PLACE: &'static str = $place;
            const TITLE: &'static str = $title;
            const EXPLAIN: &'static str = $explain;
            const DAY: Option<&'static str> = $day;

            fn day(&self) -> Option<Labelled<Date, $label>> {
                self.$of
            }
            fn code(&self) -> Option<String> {
                let $this = self;
                $code
            }
        }
    };
}
one_entry!(NewStage, Workers, "stage", "Stage of change", "A change of the stage asks for a new decision.", Some("assessed_on"), assessed_on, form => code_of(&form.stage));
one_entry!(NewDecision, Workers, "decision", "Does it suit?", "Decisions stay on the record; the latest is in force.", Some("decided_on"), decided_on, form => code_of(&form.outcome));
one_entry!(NewOnward, Workers, "onward", "Refer the client on", "Services for the survivor and the children are recorded on their side.", Some("referred_on"), referred_on, form => code_of(&form.higher));
one_entry!(NewKeptGround, Survivor, "ground", "A ground kept apart", "The other side does not see it. What both sides read is decided and worded by people on the page “Does it suit?”.", Some("found_on"), found_on, form => code_of(&form.ground));
one_entry!(NewTold, Survivor, "told", "Telling the outcome", "Only where it is safe.", Some("told_on"), told_on, form => code_of(&form.telling));
one_entry!(NewSafety, Survivor, "safety", "When the client does not start", "The support of the survivor and the children goes on.", Some("explored_on"), explored_on, form => form.implications.as_ref().map(|_| "explored".to_owned()));

impl OneEntry for NewWords {
    type Label = Client;
    const PLACE: &'static str = "words";
    const TITLE: &'static str = "What the client may be told";
    const EXPLAIN: &'static str = "This text stands for itself and is never made from grounds.";
    const DAY: Option<&'static str> = None;

    fn day(&self) -> Option<Labelled<Date, Client>> {
        None
    }
    fn code(&self) -> Option<String> {
        self.text.as_ref().map(|_| "text".to_owned())
    }
}
