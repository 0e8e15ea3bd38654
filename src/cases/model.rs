//! What the pages of a case are made of.

use jiff::civil::Date;
use kernel::{
    form::{Answer, Form, Reader, ask},
    ids::{Id, UserId},
    label::{Label, Labelled, Survivor, Workers},
    time::{Day, Instant},
};

use crate::people::model::PartId;

kernel::ids! {
    /// Something marked as misplaced.
    MisfiledKind => MisfiledId,
}

/// What a moment says.
#[derive(Clone, Debug)]
pub enum Said<L: Label = Workers> {
    /// Words of ours: what happened needs no more.
    Ours(&'static str),
    /// What somebody wrote.
    Written(Labelled<String, L>),
}

impl<L: Label> From<&'static str> for Said<L> {
    fn from(words: &'static str) -> Self {
        Self::Ours(words)
    }
}
impl<L: Label> From<Labelled<String, L>> for Said<L> {
    fn from(text: Labelled<String, L>) -> Self {
        Self::Written(text)
    }
}

/// Something that happened in a case. `L` is `Survivor` for what only the survivor line reads.
#[derive(Clone, Debug)]
pub struct Moment<L: Label = Workers> {
    /// The day on which it happened.
    pub on: Labelled<Date, L>,
    /// When it was entered.
    pub entered_at: Instant,
    /// By whom.
    pub author: UserId,
    /// What kind of thing it is: `Referral received`.
    pub kind: &'static str,
    /// What is said about it.
    pub text: Said<L>,
}

impl<L: Label> Moment<L> {
    /// What happened on the day it was entered.
    pub fn entered(
        entered_at: Instant,
        author: UserId,
        kind: &'static str,
        text: impl Into<Said<L>>,
    ) -> Self {
        Self {
            on: Labelled::new(entered_at.day()),
            entered_at,
            author,
            kind,
            text: text.into(),
        }
    }
}

/// Something that is due, as the page of a case shows it.
#[derive(Clone, Debug)]
pub struct DueRow {
    /// What is due.
    pub what: &'static str,
    /// Whom it is about, where there is one for each person.
    pub about: Option<PartId>,
    /// The day by whose end.
    pub when: Day,
    /// `overdue`, `today`, `week`, `later` or `done`.
    pub urgency: &'static str,
    /// The page on which it is done, after `/cases/{case}`, for whose it is.
    pub page: Option<String>,
}

/// What comes next without a day.
#[derive(Clone, Copy, Debug)]
pub struct NextRow {
    /// What is to be done.
    pub what: &'static str,
    /// The page on which it is done, after `/cases/{case}`, for whose it is.
    pub place: Option<&'static str>,
    /// Whose it is.
    pub whose: &'static str,
}

/// Where a case may stand: what is stored, what is read, the colour of its tag.
#[derive(Clone, Copy, Debug)]
pub struct Stage {
    /// As [`platform::Kept`] has it.
    pub code: &'static str,
    /// As people read it.
    pub words: &'static str,
    /// The colour of its tag.
    pub colour: &'static str,
}

kernel::text_enum! {
    /// What is wrong with where something lies.
    pub enum Misplaced {
        /// People may read it who must not.
        WrongLabel = "wrong_label": "The wrong people can read it",
        /// It belongs to another case.
        WrongCase = "wrong_case": "It belongs to another case",
    }
}

kernel::text_enum! {
    /// What became of something marked as misplaced.
    pub enum Outcome {
        /// It was right where it was.
        Restored = "restored": "Put back: it is right where it was",
        /// It now lies with the survivor's side.
        Moved = "moved": "Moved to the survivor’s side",
        /// It stays hidden; it is recorded anew where it belongs.
        TakenOff = "taken_off": "Taken off this case for good",
    }
}

/// Something marked as misplaced.
#[derive(Clone, Debug)]
pub struct Misfiled<L: Label> {
    /// Its id.
    pub id: MisfiledId,
    /// What kind of thing it is, as [`crate::cases::rules::MARKABLE`] has it.
    pub kind: Labelled<String, L>,
    /// The thing.
    pub item: Id<()>,
    /// What is wrong.
    pub why: Labelled<Misplaced, L>,
    /// Why somebody thinks so.
    pub reason: Labelled<String, L>,
    /// Who.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
    /// What became of it.
    pub outcome: Option<Labelled<Outcome, L>>,
    /// When it was settled.
    pub settled_at: Option<Instant>,
    /// By whom.
    pub settled_by: Option<UserId>,
}

/// The form that marks something as misplaced. `L` is the label of the thing.
#[derive(Clone, Debug)]
pub struct MarkForm<L: Label> {
    /// What kind of thing.
    pub kind: Answer<String, L>,
    /// The thing.
    pub item: Answer<String, L>,
    /// What is wrong.
    pub why: Answer<Misplaced, L>,
    /// Why.
    pub reason: Answer<String, L>,
}

impl<L: Label> Default for MarkForm<L> {
    fn default() -> Self {
        Self {
            kind: None,
            item: None,
            why: None,
            reason: None,
        }
    }
}

impl<L: Label> Form for MarkForm<L> {
    fn describe(&mut self, r: &mut impl Reader) {
        use kernel::form::ControlKind::Hidden;
        r.section("mark", "Mark");
        r.field(ask("kind", "Kind").required().kind(Hidden), &mut self.kind);
        r.field(ask("item", "Item").required().kind(Hidden), &mut self.item);
        r.field(ask("why", "What is wrong?").required(), &mut self.why);
        r.field(
            ask("reason", "What should happen to it?")
                .required()
                .hint("Do not repeat what it says: a supervisor can read it.")
                .max(1000)
                .area(),
            &mut self.reason,
        );
    }
}

/// The form that settles what was marked.
#[derive(Clone, Debug)]
pub struct SettleForm<L: Label> {
    /// What becomes of it.
    pub outcome: Answer<Outcome, L>,
    /// Why.
    pub reason: Answer<String, L>,
}

impl<L: Label> Default for SettleForm<L> {
    fn default() -> Self {
        Self {
            outcome: None,
            reason: None,
        }
    }
}

impl<L: Label> Form for SettleForm<L> {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("settle", "Settle");
        r.field(
            ask("outcome", "What happens to it?").required(),
            &mut self.outcome,
        );
        r.field(
            ask("reason", "Why?")
                .required()
                .hint("At least 10 characters.")
                .max(1000)
                .area(),
            &mut self.reason,
        );
    }
}

/// Something that happened on the survivor's side.
pub type KeptMoment = Moment<Survivor>;

/// The form that looks for a case.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// A name or a reference.
    pub words: Answer<String, Workers>,
}

impl Form for Search {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("search", "Search");
        r.field(
            ask("words", "Name or reference")
                .required()
                .max(300)
                .hint("Whole words of a name, in any order, or the reference of a letter."),
            &mut self.words,
        );
    }
}
