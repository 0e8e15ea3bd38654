//! What happens to the intensive work, and its forms.

use jiff::civil::Date;
use kernel::{
    form::{Answer, Form, Reader, ask},
    ids::UserId,
    label::{Label, Labelled, Workers},
    time::Instant,
};

kernel::ids! {
    /// Something that happened to the intensive work.
    StepKindId => StepId,
}

kernel::text_enum! {
    /// What happened.
    pub enum StepKind {
        /// The lead worker says that the statutory case stays open (R016).
        StaysOpen = "stays_open": "Statutory case stays open",
        /// The client's side asked that the work be opened.
        Asked = "asked": "Asked to open",
        /// The work opened: the survivor's side said that it may begin.
        Opened = "opened": "Intervention opened",
        /// It paused.
        Paused = "paused": "Intervention paused",
        /// It went on.
        Resumed = "resumed": "Intervention resumed",
        /// It ended.
        Ended = "ended": "Intervention ended",
    }
}

kernel::text_enum! {
    /// Why the work pauses (`design.md` 6: leave, hospital, custody are dated waivers).
    pub enum PauseReason {
        /// Leave.
        Leave = "leave": "Leave",
        /// Hospital.
        Hospital = "hospital": "In hospital",
        /// Custody.
        Custody = "custody": "In custody",
        /// Another reason, which is written down.
        Other = "other": "Another reason",
    }
}

kernel::text_enum! {
    /// How the work ended.
    pub enum Ending {
        /// As planned.
        Completed = "completed": "Completed",
        /// In part.
        Partly = "partly": "Partly completed",
        /// The client no longer came.
        DroppedOut = "dropped_out": "Dropped out",
        /// Taking part was withdrawn.
        Withdrawn = "withdrawn": "Withdrawn",
        /// Somebody moved away.
        Moved = "moved": "Moved away",
        /// The service ended it.
        Deselected = "deselected": "De-selected by the service",
    }
}

/// Something that happened to the intensive work.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its id.
    pub id: StepId,
    /// What happened.
    pub kind: StepKind,
    /// On which day; of a pause the first.
    pub on: Labelled<Date, Workers>,
    /// Of a pause the last day, if it is known.
    pub until: Option<Labelled<Date, Workers>>,
    /// Why it paused.
    pub pause: Option<Labelled<PauseReason, Workers>>,
    /// How it ended.
    pub ending: Option<Labelled<Ending, Workers>>,
    /// Who said that the statutory case stays open.
    pub said_by: Option<Labelled<String, Workers>>,
    /// What is said about it.
    pub words: Option<Labelled<String, Workers>>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
    /// Why it was taken back, by whom and when, if it was.
    pub back: Option<(Labelled<String, Workers>, UserId, Instant)>,
}

/// Says that the statutory case stays open.
#[derive(Debug, Default)]
pub struct NewStatement {
    /// The day on which it was said.
    pub said_on: Answer<Date, Workers>,
    /// Who said it.
    pub said_by: Answer<String, Workers>,
}

impl Form for NewStatement {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("statement", "Statutory case stays open");
        r.field(
            ask("said_on", "When was it said?").required(),
            &mut self.said_on,
        );
        r.field(
            ask("said_by", "Which lead worker said it?")
                .required()
                .max(200)
                .hint("A name."),
            &mut self.said_by,
        );
    }
}

/// Asks that the work be opened.
#[derive(Debug, Default)]
pub struct NewOpening {
    /// The first day.
    pub opened_on: Answer<Date, Workers>,
    /// What is said about it.
    pub words: Answer<String, Workers>,
}

impl Form for NewOpening {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("opening", "Ask to open the intervention");
        r.field(
            ask("opened_on", "On which day can the work begin?")
                .required()
                .hint("It opens when the other side says that it may begin, not before this day. Weekly contact, liaison and meetings are due from then on."),
            &mut self.opened_on,
        );
        r.field(
            ask("words", "What should colleagues know?")
                .area()
                .max(2000),
            &mut self.words,
        );
    }
}

/// Says, for the survivor's side, that the work may begin.
#[derive(Debug, Default)]
pub struct NewReady {
    /// The day on which that was said.
    pub ready_on: Answer<Date, Workers>,
}

impl Form for NewReady {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("ready", "The work may begin");
        r.field(
            ask("ready_on", "On which day do you say that the work may begin?")
                .required()
                .hint("Workers of both lines read this day. The work opens on it, or on the first day that was asked for if that is later."),
            &mut self.ready_on,
        );
    }
}

/// Pauses the work.
#[derive(Debug, Default)]
pub struct NewPause {
    /// The first day.
    pub from: Answer<Date, Workers>,
    /// The last day.
    pub until: Answer<Date, Workers>,
    /// Why.
    pub why: Answer<PauseReason, Workers>,
    /// What is said about it.
    pub words: Answer<String, Workers>,
}

impl Form for NewPause {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("pause", "Pause the intervention");
        r.field(
            ask("from", "What is the first day of the pause?")
                .required()
                .hint("It may lie ahead, such as the first day of leave."),
            &mut self.from,
        );
        r.field(
            ask("until", "What is the last day?").hint("Leave it blank if nobody knows yet."),
            &mut self.until,
        );
        r.field(
            ask("why", "Why does the work pause?")
                .required()
                .hint("Workers of both lines read this. Nothing about the survivor belongs here."),
            &mut self.why,
        );
        r.field(
            ask("words", "What should colleagues know?")
                .area()
                .max(2000)
                .hint("Needed for another reason."),
            &mut self.words,
        );
    }
}

/// Takes the work up again.
#[derive(Debug, Default)]
pub struct NewResumption {
    /// The first day of work.
    pub resumed_on: Answer<Date, Workers>,
    /// What is said about it.
    pub words: Answer<String, Workers>,
}

impl Form for NewResumption {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("resumption", "Resume the intervention");
        r.field(
            ask("resumed_on", "On which day did the work go on?").required(),
            &mut self.resumed_on,
        );
        r.field(
            ask("words", "What should colleagues know?")
                .area()
                .max(2000),
            &mut self.words,
        );
    }
}

/// Ends the work.
#[derive(Debug, Default)]
pub struct NewEnding {
    /// The last day.
    pub ended_on: Answer<Date, Workers>,
    /// How.
    pub how: Answer<Ending, Workers>,
    /// What is said about it.
    pub words: Answer<String, Workers>,
}

impl Form for NewEnding {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("ending", "End the intervention");
        r.field(
            ask("ended_on", "What was the last day?").required(),
            &mut self.ended_on,
        );
        r.field(ask("how", "How did it end?").required(), &mut self.how);
        r.field(
            ask("words", "What should colleagues know?")
                .area()
                .max(2000)
                .hint("Workers of both lines read this. Nothing about the survivor belongs here."),
            &mut self.words,
        );
    }
}

/// Takes back what was recorded in error. `L` is the label of the entry.
#[derive(Clone, Debug)]
pub struct TakeBackForm<L: Label> {
    /// Why.
    pub because: Answer<String, L>,
}

impl<L: Label> Default for TakeBackForm<L> {
    fn default() -> Self {
        Self { because: None }
    }
}

impl<L: Label> Form for TakeBackForm<L> {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("back", "Take back");
        r.field(
            ask("because", "What is wrong with it?")
                .area()
                .required()
                .max(1000)
                .hint("The entry stays readable, with this reason beside it, and counts no more."),
            &mut self.because,
        );
    }
}
