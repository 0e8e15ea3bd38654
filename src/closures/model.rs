//! A closure, its forms, and what is counted of it.

use jiff::civil::Date;
use kernel::{
    form::{Answer, Form, Group, Reader, YesNo, ask},
    label::{Client, Survivor, Workers},
};

kernel::ids! {
    /// A case that was closed.
    ClosureKind => ClosureId,
    /// A goal with what came of it.
    ClosureGoalKind => ClosureGoalId,
    /// Somebody who was told that a case was closed.
    ClosureToldKind => ClosureToldId,
    /// A closed case that was opened again.
    ReopeningKind => ReopeningId,
    /// What stays in place for survivor and children.
    ClosureApartKind => ClosureApartId,
    /// That a family was referred before.
    EarlierKind => EarlierId,
}

kernel::text_enum! {
    /// How a case ended. No source names the ways (R096 names closure and does not describe it);
    /// these are those that the guidance speaks of in passing.
    pub enum Outcome {
        /// The work was done as planned.
        Completed = "completed": "Completed",
        /// Part of it was done.
        Partly = "partly": "Partly completed",
        /// The client stopped coming.
        DroppedOut = "dropped_out": "Dropped out",
        /// The client was taken out of the programme, or left it by saying so.
        Withdrawn = "withdrawn": "Withdrawn from the programme",
        /// The client moved where the programme does not reach.
        Moved = "moved": "Moved away",
        /// The service decided to go on no longer.
        Deselected = "deselected": "De-selected by the service",
        /// The intensive work was never opened.
        NeverStarted = "never_started": "Never started",
    }
}

impl Outcome {
    /// Whether there must have been intensive work for a case to end so.
    pub const fn had_work(self) -> bool {
        matches!(self, Self::Completed | Self::Partly | Self::DroppedOut)
    }
}

kernel::text_enum! {
    /// What came of a goal.
    pub enum GoalOutcome {
        /// It was met.
        Met = "met": "Met",
        /// It was met in part.
        Partly = "partly": "Partly met",
        /// It was not met.
        NotMet = "not_met": "Not met",
    }
}

kernel::text_enum! {
    /// How somebody was told, or that nobody told them.
    pub enum Told {
        /// In one room.
        InPerson = "in_person": "In person",
        /// By telephone.
        Telephone = "telephone": "By telephone",
        /// By video.
        Video = "video": "By secure video",
        /// In writing.
        Writing = "writing": "In writing",
        /// Not told.
        NotTold = "not_told": "Not told",
    }
}

kernel::text_enum! {
    /// How somebody was told.
    pub enum Way {
        /// In one room.
        InPerson = "in_person": "In person",
        /// By telephone.
        Telephone = "telephone": "By telephone",
        /// By video.
        Video = "video": "By secure video",
        /// In writing.
        Writing = "writing": "In writing",
    }
}

/// A goal with what came of it.
#[derive(Clone, Debug, Default)]
pub struct NewGoal {
    /// The goal, in words: plans are kept elsewhere.
    pub goal: Answer<String, Workers>,
    /// What came of it.
    pub outcome: Answer<GoalOutcome, Workers>,
}

/// An agency or person who was told.
#[derive(Clone, Debug, Default)]
pub struct NewTold {
    /// Who.
    pub who: Answer<String, Workers>,
    /// How.
    pub how: Answer<Way, Workers>,
    /// When.
    pub on: Answer<Date, Workers>,
}

/// Closes a case.
#[derive(Clone, Debug, Default)]
pub struct NewClosure {
    /// The day.
    pub closed_on: Answer<Date, Workers>,
    /// How it ended.
    pub outcome: Answer<Outcome, Workers>,
    /// Each goal with what came of it.
    pub goals: Vec<NewGoal>,
    /// What was done and what came of it.
    pub summary: Answer<String, Workers>,
    /// How risk stands now.
    pub risk: Answer<String, Workers>,
    /// Whether the lead worker took part in the decision (R096).
    pub lead_worker: Answer<YesNo, Workers>,
    /// When the behaviour work ended (R041).
    pub work_ended_on: Answer<Date, Workers>,
    /// When temporary accommodation ended (R041).
    pub placement_ended_on: Answer<Date, Workers>,
    /// What the client goes on to.
    pub onward: Answer<String, Workers>,
    /// How the client was told.
    pub client_told: Answer<Told, Workers>,
    /// When.
    pub client_told_on: Answer<Date, Workers>,
    /// Why not.
    pub client_untold: Answer<String, Workers>,
    /// What the client may read about it.
    pub client_text: Answer<String, Client>,
    /// How the referrer was told.
    pub referrer_told: Answer<Told, Workers>,
    /// When.
    pub referrer_told_on: Answer<Date, Workers>,
    /// Who else was told.
    pub told: Vec<NewTold>,
}

/// The most goals of one closure.
const GOALS: usize = 20;
/// The most agencies told of one closure.
const AGENCIES: usize = 12;

impl Form for NewClosure {
    #[expect(clippy::too_many_lines, reason = "a form is described in one piece")]
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("closure", "Close the case");
        r.field(
            ask("closed_on", "When was the case closed?").required(),
            &mut self.closed_on,
        );
        r.field(
            ask("outcome", "How did it end?").required().hint(
                "What the client did, or what was decided about the client. \
                 Nobody else's wishes belong here.",
            ),
            &mut self.outcome,
        );
        r.each(
            Group {
                name: "goals",
                item: "Goal",
                at_most: GOALS,
            },
            &mut self.goals,
            |r, goal| {
                r.field(
                    ask("goal", "What was the goal?").required().max(500),
                    &mut goal.goal,
                );
                r.field(ask("outcome", "Was it met?").required(), &mut goal.outcome);
            },
        );
        r.field(
            ask("summary", "What was done, and what came of it?")
                .area()
                .max(4000),
            &mut self.summary,
        );
        r.field(
            ask("risk", "How does risk stand now?")
                .area()
                .max(4000)
                .hint("What was looked at, and who goes on watching it."),
            &mut self.risk,
        );
        r.field(
            ask("lead_worker", "Was this agreed with the lead worker?").required(),
            &mut self.lead_worker,
        );
        r.field(
            ask("work_ended_on", "When did the behaviour work end?")
                .hint("Leave blank if it goes on elsewhere, or never began. Open work is ended on this day, or else on the day of the closure."),
            &mut self.work_ended_on,
        );
        r.field(
            ask(
                "placement_ended_on",
                "When did temporary accommodation end?",
            )
            .hint("Leave blank if there was none. The two days need not agree."),
            &mut self.placement_ended_on,
        );
        r.field(
            ask("onward", "What does the client go on to?")
                .area()
                .max(2000)
                .hint("Other programmes and services, and who passed the client on."),
            &mut self.onward,
        );
        r.field(
            ask("client_told", "How was the client told?").required(),
            &mut self.client_told,
        );
        r.field(
            ask("client_told_on", "When was the client told?"),
            &mut self.client_told_on,
        );
        r.field(
            ask("client_untold", "If the client was not told, why not?").max(1000),
            &mut self.client_untold,
        );
        r.field(
            ask("client_text", "What may the client read about it?")
                .area()
                .max(4000)
                .hint("Printed for the client. Nothing that comes from anybody else."),
            &mut self.client_text,
        );
        r.field(
            ask("referrer_told", "How was the referrer told?").required(),
            &mut self.referrer_told,
        );
        r.field(
            ask("referrer_told_on", "When was the referrer told?"),
            &mut self.referrer_told_on,
        );
        r.each(
            Group {
                name: "told",
                item: "Also told",
                at_most: AGENCIES,
            },
            &mut self.told,
            |r, told| {
                r.field(
                    ask("who", "Which agency or worker?").required().max(300),
                    &mut told.who,
                );
                r.field(ask("how", "How?").required(), &mut told.how);
                r.field(ask("on", "When?").required(), &mut told.on);
            },
        );
    }
}

/// Opens a closed case again.
#[derive(Clone, Debug, Default)]
pub struct NewReopening {
    /// The day.
    pub reopened_on: Answer<Date, Workers>,
    /// Why.
    pub why: Answer<String, Workers>,
}

impl Form for NewReopening {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("reopening", "Open the case again");
        r.field(
            ask("reopened_on", "From which day is it open again?").required(),
            &mut self.reopened_on,
        );
        r.field(
            ask("why", "Why?")
                .area()
                .required()
                .max(2000)
                .hint("Both sides read this. What is owed goes on from here."),
            &mut self.why,
        );
    }
}

/// What stays in place for survivor and children when the work has ended.
#[derive(Clone, Debug, Default)]
pub struct NewApart {
    /// How she was told, if she was.
    pub told: Answer<Told, Survivor>,
    /// When.
    pub told_on: Answer<Date, Survivor>,
    /// Why it was not safe to tell her.
    pub untold: Answer<String, Survivor>,
    /// What the end means for safety.
    pub implications: Answer<String, Survivor>,
    /// What stays in place for her.
    pub survivor_keeps: Answer<String, Survivor>,
    /// What stays in place for the children.
    pub children_keep: Answer<String, Survivor>,
    /// The services that are linked.
    pub services: Answer<String, Survivor>,
}

impl Form for NewApart {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("apart", "What stays in place");
        r.field(
            ask(
                "told",
                "How was the survivor told that the work has ended or will end?",
            )
            .required(),
            &mut self.told,
        );
        r.field(ask("told_on", "When?"), &mut self.told_on);
        r.field(
            ask("untold", "If not told, why was it not safe?").max(1000),
            &mut self.untold,
        );
        r.field(
            ask(
                "implications",
                "What does the end mean for the safety of survivor and children?",
            )
            .area()
            .required()
            .max(4000),
            &mut self.implications,
        );
        r.field(
            ask("survivor_keeps", "What stays in place for the survivor?")
                .area()
                .required()
                .max(4000),
            &mut self.survivor_keeps,
        );
        r.field(
            ask("children_keep", "What stays in place for the children?")
                .area()
                .max(4000),
            &mut self.children_keep,
        );
        r.field(
            ask("services", "Which services are linked, and since when?")
                .area()
                .max(4000),
            &mut self.services,
        );
    }
}

kernel::text_enum! {
    /// Whether a family that seems known was referred before.
    pub enum Earlier {
        /// The same family, closed before, is referred anew.
        Repeat = "repeat": "The same family, referred again after a closure",
        /// The same family, sent on to this service or back to it by another.
        Redirected = "redirected": "The same family, redirected from another service or programme",
        /// Somebody else.
        NotSame = "not_same": "Not the same family",
    }
}

/// Says whether a family was referred before.
#[derive(Clone, Debug, Default)]
pub struct NewEarlier {
    /// What it is.
    pub what: Answer<Earlier, Workers>,
}

impl Form for NewEarlier {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("earlier", "Referred before");
        r.field(
            ask("what", "Was this family referred before?").required(),
            &mut self.what,
        );
    }
}
