//! A change in how the client takes part, what the survivor was told of it, and the form about work
//! with the client.

use jiff::civil::Date;
use kernel::{
    form::{Answer, ControlKind, Form, Reader, Value, YesNo, ask},
    label::{Survivor, Workers},
};

use crate::people::model::PartId;

kernel::ids! {
    /// A change in how the client takes part.
    ChangeKind => ChangeId,
    /// That a change was recorded in error.
    ChangeErrorKind => ChangeErrorId,
    /// What the survivor was told of a change.
    TellingKind => TellingId,
    /// A form about work with the client.
    EngagementFormKind => EngagementFormId,
    /// A child whom a form concerns.
    EngagementChildKind => EngagementChildId,
}

kernel::text_enum! {
    /// What changed. R023 says "significant" and no more; which of these are, is set by the service.
    pub enum What {
        /// Began to attend.
        Started = "started": "Started",
        /// No longer attends.
        Stopped = "stopped": "Stopped",
        /// Did not come.
        Missed = "missed": "Missed sessions",
        /// Hostile towards the work or a worker.
        Hostile = "hostile": "Hostile",
        /// Takes part better than before.
        Improved = "improved": "Improved",
        /// Something else.
        Other = "other": "Something else",
    }
}

/// Records a change.
#[derive(Clone, Debug, Default)]
pub struct NewChange {
    /// What changed.
    pub what: Answer<What, Workers>,
    /// When.
    pub changed_on: Answer<Date, Workers>,
    /// Whether concern for safety is heightened.
    pub heightened: Answer<YesNo, Workers>,
    /// What happened.
    pub words: Answer<String, Workers>,
}

impl Form for NewChange {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("change", "A change in how the client takes part");
        r.field(ask("what", "What changed?").required(), &mut self.what);
        r.field(
            ask("changed_on", "When did it change?").required(),
            &mut self.changed_on,
        );
        r.field(
            ask(
                "heightened",
                "Is there more concern for safety because of it?",
            )
            .required()
            .hint("If you are unsure, say yes."),
            &mut self.heightened,
        );
        r.field(
            ask("words", "What happened?")
                .area()
                .required()
                .max(4000)
                .hint("Both sides read this."),
            &mut self.words,
        );
    }
}

/// Says that something was recorded in error.
#[derive(Clone, Debug, Default)]
pub struct NewChangeError {
    /// Why.
    pub why: Answer<String, Workers>,
}

impl Form for NewChangeError {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("error", "Recorded in error");
        r.field(
            ask("why", "What is wrong with it?")
                .area()
                .required()
                .max(1000)
                .hint("The entry stays readable, with this beside it."),
            &mut self.why,
        );
    }
}

kernel::text_enum! {
    /// Whether the survivor was told.
    pub enum TellingOutcome {
        /// She was told.
        Told = "told": "Told, and it was safe to",
        /// It is not safe.
        NotSafe = "not_safe": "Not told: it is not safe now",
    }
}

kernel::text_enum! {
    /// How she was told.
    pub enum TellingWay {
        /// In one room.
        InPerson = "in_person": "In person",
        /// By telephone.
        Telephone = "telephone": "By telephone",
        /// By video.
        Video = "video": "By secure video",
        /// As agreed for safe contact.
        Agreed = "agreed": "In another way agreed as safe",
    }
}

/// Proves that the survivor was told of a change, or says why it is not safe (R023).
#[derive(Clone, Debug, Default)]
pub struct NewTelling {
    /// Whether she was told.
    pub outcome: Answer<TellingOutcome, Survivor>,
    /// When, or when it was decided that it is not safe.
    pub told_on: Answer<Date, Survivor>,
    /// How.
    pub how: Answer<TellingWay, Survivor>,
    /// What she said, or why it is not safe.
    pub words: Answer<String, Survivor>,
}

impl Form for NewTelling {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("telling", "Was the survivor told?");
        r.field(
            ask("outcome", "Was the survivor told?").required(),
            &mut self.outcome,
        );
        r.field(
            ask("told_on", "When?")
                .required()
                .hint("The day it was told, or the day you decided that it is not safe."),
            &mut self.told_on,
        );
        r.field(ask("how", "How was it told?"), &mut self.how);
        r.field(
            ask("words", "What was the answer, or why is it not safe?")
                .area()
                .max(4000)
                .hint("Needed if it is not safe. The other side cannot read any of this."),
            &mut self.words,
        );
    }
}

kernel::text_enum! {
    /// Why an answer is no. The source names the first three and asks for words (004, 1145); its
    /// question is open, so there is room for another reason.
    pub enum Reason {
        /// The behaviour is not acknowledged.
        NotAcknowledging = "not_acknowledging": "The client does not acknowledge the behaviour",
        /// The client does not engage.
        NonEngagement = "non_engagement": "The client does not engage",
        /// It is not safe now.
        NotSafe = "not_safe": "It is not safe now",
        /// Another reason.
        Other = "other": "Another reason",
    }
}

/// The children whom a form concerns: ids of parts.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Children(pub Vec<PartId>);

impl Value for Children {
    const KIND: ControlKind = ControlKind::Checkboxes;

    fn parse(raw: &str) -> Result<Self, String> {
        let mut all: Vec<PartId> = raw
            .split(',')
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(|text| {
                text.parse()
                    .map_err(|_| "has a choice that is unknown".to_owned())
            })
            .collect::<Result<_, _>>()?;
        all.sort_unstable();
        all.dedup();
        Ok(Self(all))
    }

    fn typed(&self) -> String {
        self.0
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(",")
    }

    fn plausible(_: usize) -> Option<Self> {
        None
    }
}

/// The form about work with the client on a child's case: a date, four answers in their order, a
/// reason for each no, a summary, and whether a programme was asked (R126-R128).
///
/// Source: safe-together-london-2023.md 1024-1153 (appendix 2). Its pages about people are not asked
/// again, because people are kept once. Two faults of copying in them are mended by that and not
/// copied: among the details of the person harmed it asks once more for the housing status of the
/// person causing harm (1065-1068, copied from 1047-1050), so hers is asked nowhere; and its one
/// question about safe contact asks how the person causing harm can be reached safely (1041), so how
/// the person harmed can be is asked nowhere. Here both are asked of each person, apart.
#[derive(Clone, Debug, Default)]
pub struct NewForm {
    /// The day.
    pub filled_on: Answer<Date, Workers>,
    /// The children it concerns.
    pub children: Answer<Children, Workers>,
    /// Whether the client was spoken to about the behaviour.
    pub spoken: Answer<YesNo, Workers>,
    /// As a choice made as a parent.
    pub parenting: Answer<YesNo, Workers>,
    /// About what it does to the children.
    pub impact: Answer<YesNo, Workers>,
    /// Whether actions of the plan are the client's.
    pub actions: Answer<YesNo, Workers>,
    /// Why not, in the order of the answers.
    pub why: [Why; 4],
    /// How the client took part.
    pub summary: Answer<String, Workers>,
    /// Whether a programme was asked.
    pub referral: Answer<YesNo, Workers>,
    /// Why an earlier form is corrected.
    pub because: Answer<String, Workers>,
}

/// The reason of a no.
#[derive(Clone, Debug, Default)]
pub struct Why {
    /// Which.
    pub reason: Answer<Reason, Workers>,
    /// In words.
    pub words: Answer<String, Workers>,
}

/// A question of the form about work with the client.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// Its field.
    pub name: &'static str,
    /// What is asked.
    pub text: &'static str,
    /// The field of the reason of a no.
    pub why: &'static str,
    /// What is asked about the reason.
    pub why_text: &'static str,
    /// The field of the words of a no.
    pub words: &'static str,
    /// What is asked about the words.
    pub words_text: &'static str,
    /// What heads a column of counts.
    pub short: &'static str,
}

/// The four questions in the order of the source (1105-1135).
pub const QUESTIONS: [Question; 4] = [
    Question {
        name: "spoken",
        text: "Has the client been spoken to directly about the abusive or violent behaviour?",
        why: "spoken_why",
        why_text: "Why was the client not spoken to about the behaviour?",
        words: "spoken_words",
        words_text: "Not spoken to about the behaviour: in your words",
        short: "Spoken to about the behaviour",
    },
    Question {
        name: "parenting",
        text: "Has the client been spoken to about that behaviour as a choice made as a parent?",
        why: "parenting_why",
        why_text: "Why was the client not spoken to about it as a choice made as a parent?",
        words: "parenting_words",
        words_text: "Not spoken to as a choice made as a parent: in your words",
        short: "As a parent’s choice",
    },
    Question {
        name: "impact",
        text: "Has the client been spoken to about what the behaviour does to the children, and the harm it caused?",
        why: "impact_why",
        why_text: "Why was the client not spoken to about what it does to the children?",
        words: "impact_words",
        words_text: "Not spoken to about the children: in your words",
        short: "Effect on the children",
    },
    Question {
        name: "actions",
        text: "Have actions in the plan been given to the client, to lower the risk of harm the client poses?",
        why: "actions_why",
        why_text: "Why are no actions in the plan the client’s?",
        words: "actions_words",
        words_text: "No actions for the client: in your words",
        short: "Actions are the client’s",
    },
];

impl NewForm {
    /// The four answers in their order.
    pub fn answers(&self) -> [&Answer<YesNo, Workers>; 4] {
        [&self.spoken, &self.parenting, &self.impact, &self.actions]
    }
}

impl Form for NewForm {
    fn describe(&mut self, r: &mut impl Reader) {
        let [spoken, parenting, impact, actions] = QUESTIONS;
        r.section("form", "Work with the client");
        r.field(
            ask("filled_on", "Date")
                .required()
                .hint("The day this is about: today, or an earlier one."),
            &mut self.filled_on,
        );
        r.field(
            ask("children", "Which children does this concern?").required(),
            &mut self.children,
        );
        for (question, answer) in [
            (spoken, &mut self.spoken),
            (parenting, &mut self.parenting),
            (impact, &mut self.impact),
            (actions, &mut self.actions),
        ] {
            r.field(ask(question.name, question.text).required(), answer);
        }
        for (question, why) in QUESTIONS.into_iter().zip(&mut self.why) {
            r.field(ask(question.why, question.why_text), &mut why.reason);
            r.field(
                ask(question.words, question.words_text).area().max(2000),
                &mut why.words,
            );
        }
        r.field(
            ask("summary", "Summary of engagement")
                .area()
                .required()
                .max(4000)
                .hint("Both sides read this."),
            &mut self.summary,
        );
        r.field(
            ask(
                "referral",
                "Was the client referred to a behaviour change programme?",
            )
            .required(),
            &mut self.referral,
        );
        r.field(
            ask("because", "Why is the earlier form corrected?").max(1000),
            &mut self.because,
        );
    }
}
