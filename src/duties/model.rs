//! What a duty is.

use std::borrow::Cow;

use jiff::{Timestamp, civil::Date};
use kernel::{
    access::Tie,
    deadline::{Due, Standing, london_date, start_of},
    form::{Answer, Form, Reader, ask},
    label::{Audience, For, Labelled, VisibleTo, Workers},
};
use serde::{Deserialize, Serialize};

use crate::people::model::PartId;

kernel::ids! {
    /// A request that a duty be waived.
    WaiverKind => WaiverId,
}

kernel::text_enum! {
    /// Where a case stands: a function of its rows, kept in its frame.
    pub enum Stage {
        /// Sent while the agreement of the referring agency was not in force.
        Held = "held": "Held: agreement ended",
        /// Received, and nobody has it yet.
        Received = "received": "Received",
        /// Received, and waiting for a worker.
        Waiting = "waiting": "Waiting list",
        /// A practitioner has it.
        Allocated = "allocated": "Allocated",
        /// Receipt is confirmed; the consultation follows.
        Acknowledged = "acknowledged": "Acknowledged",
        /// The consultation was held; the plan and the decision about suitability follow.
        Consulted = "consulted": "Consulted",
        /// Not suitable for the intensive work: version 1 of the plan stands.
        Unsuitable = "unsuitable": "Version 1 of the plan stands",
        /// Suitable, as far as the gates that the programme demands open.
        Suitable = "suitable": "Suitable, not yet open",
        /// The intervention is open.
        Open = "open": "Intervention open",
        /// The intervention is open, and paused for now.
        Paused = "paused": "Intervention paused",
        /// The intervention has ended; closing the case follows.
        Ended = "ended": "Intervention ended",
        /// The case is closed.
        Closed = "closed": "Closed",
        /// Taken back by who sent it.
        Withdrawn = "withdrawn": "Withdrawn",
    }
}

impl Stage {
    /// Whether the case is still worked on.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Withdrawn | Self::Closed)
    }
}

/// What the rules say about a case, in words: a day, an instant. Workers of both lines may read it.
pub fn said<A: Audience>(text: String) -> For<A, String>
where
    Workers: VisibleTo<A>,
{
    Labelled::<_, Workers>::new(text).show()
}

/// How a duty was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Met {
    /// When it was done.
    pub at: Timestamp,
    /// When that was entered.
    pub entered: Timestamp,
}

impl Met {
    /// Done on `day`, entered at `entered`. A day counts from its start; what was entered on that
    /// very day counts from its entry.
    pub fn on(day: Date, entered: Timestamp) -> Self {
        let at = if london_date(entered) == day {
            entered
        } else {
            start_of(day)
        };
        Self { at, entered }
    }

    /// The London day on which it was done.
    pub fn day(self) -> Date {
        london_date(self.at)
    }
}

/// A dated obligation that somebody owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// Its name, unique in the case: `acknowledgement`, `survivor-contact.2026-10-12`. It stands in
    /// addresses, so it is of lower-case letters, digits, hyphens and full stops.
    pub key: Cow<'static, str>,
    /// What is to be done.
    pub what: &'static str,
    /// Whom it is about, where there is one for each person: each child's weekly contact.
    pub about: Option<PartId>,
    /// Whether only the survivor's side and the programme see it: that it is owed would tell what
    /// she said or how often she is seen.
    pub apart: bool,
    /// Where that comes from.
    pub rule: &'static str,
    /// The page on which it is done, after `/cases/{case}`. One that ends with `=` wants the name of
    /// the duty behind it: see [`Duty::page`].
    pub place: &'static str,
    /// Whose it is: a tie, not a user.
    pub owner: Tie,
    /// When it is due.
    pub due: Due,
    /// From when on it reaches whoever answers for its owner while it is owed, where that is sooner
    /// than the working morning after it was due: high risk after 24 hours (R028).
    pub reaches: Option<Timestamp>,
    /// How it was met, if it was.
    pub met: Option<Met>,
    /// Whether a supervisor waived it.
    pub waived: bool,
}

impl Duty {
    /// The page on which it is done, after `/cases/{case}`: a form that knows for which duty it is
    /// opened, where its place asks for that.
    pub fn page(&self) -> Cow<'static, str> {
        if self.place.ends_with('=') {
            format!("{}{}", self.place, self.key).into()
        } else {
            self.place.into()
        }
    }
}

/// Where a duty stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Still owed.
    Owed(Standing),
    /// Done in time.
    OnTime,
    /// Done in time, entered after it.
    OnTimeRecordedLate,
    /// Done late.
    Late,
    /// A supervisor decided that it need not be done.
    Waived,
}

impl State {
    /// In words, for a tag.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Owed(Standing::Overdue) => "Overdue",
            Self::Owed(Standing::Today) => "Today",
            Self::Owed(Standing::ThisWeek) => "This week",
            Self::Owed(Standing::Later) => "Later",
            Self::OnTime => "Done on time",
            Self::OnTimeRecordedLate => "Done on time, recorded late",
            Self::Late => "Done late",
            Self::Waived => "Waived",
        }
    }

    /// The urgency by which the components colour it; colour never stands alone.
    pub const fn urgency(self) -> &'static str {
        match self {
            Self::Owed(Standing::Overdue) | Self::Late => "overdue",
            Self::Owed(Standing::Today) => "today",
            Self::Owed(Standing::ThisWeek) => "week",
            Self::Owed(Standing::Later) => "later",
            Self::OnTime | Self::OnTimeRecordedLate | Self::Waived => "done",
        }
    }
}

/// Asks that a duty be waived.
#[derive(Debug, Default)]
pub struct NewWaiver {
    /// Why.
    pub reason: Answer<String, Workers>,
}

impl Form for NewWaiver {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("waiver", "Ask to waive");
        r.field(
            ask("why", "Why can this not be done?")
                .area()
                .required()
                .max(2000)
                .hint("Your supervisor decides. Until then it stays due."),
            &mut self.reason,
        );
    }
}

kernel::text_enum! {
    /// A supervisor's answer to a request.
    pub enum Decision {
        /// The duty need not be done.
        Waive = "waive": "Waive it",
        /// It stays due.
        Refuse = "refuse": "It stays due",
    }
}

/// Decides about a waiver.
#[derive(Debug, Default)]
pub struct NewDecision {
    /// The answer.
    pub decision: Answer<Decision, Workers>,
    /// Why.
    pub note: Answer<String, Workers>,
}

impl Form for NewDecision {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("decision", "Decide");
        r.field(
            ask("decision", "What do you decide?").required(),
            &mut self.decision,
        );
        r.field(
            ask("note", "Why?").area().required().max(2000),
            &mut self.note,
        );
    }
}
