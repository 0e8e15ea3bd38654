//! Notes of supervision, and signing off.

use jiff::civil::Date;
use kernel::{
    form::{Answer, ControlKind, Form, Reader, ask},
    label::{Label, Workers},
};

kernel::ids! {
    /// What was talked about and decided in supervision.
    NoteKind => NoteId,
    /// That something was signed off.
    SignOffKind => SignOffId,
}

kernel::text_enum! {
    /// What can be signed off. A capability adds its own here, and to `super::store::items`.
    pub enum What {
        /// What was recorded of a consultation.
        Consultation = "consultation": "Consultation",
        /// A version of the plan.
        Plan = "plan": "Version of the plan",
        /// A closure.
        Closure = "closure": "Closure",
    }
}

/// Records what was decided. `L` is the label of the side that it is for.
#[derive(Debug)]
pub struct NewNote<L: Label> {
    /// The day.
    pub noted_on: Answer<Date, L>,
    /// What was talked about.
    pub note: Answer<String, L>,
    /// What was decided.
    pub decision: Answer<String, L>,
}

impl<L: Label> Default for NewNote<L> {
    fn default() -> Self {
        Self {
            noted_on: None,
            note: None,
            decision: None,
        }
    }
}

impl<L: Label> Form for NewNote<L> {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("supervision", "Supervision");
        r.field(ask("noted_on", "When?").required(), &mut self.noted_on);
        r.field(
            ask("note", "What was talked about?").area().max(8000),
            &mut self.note,
        );
        r.field(
            ask("decision", "What did you decide?")
                .area()
                .required()
                .max(4000)
                .hint("Who does what, by when."),
            &mut self.decision,
        );
    }
}

/// Signs something off.
#[derive(Debug, Default)]
pub struct NewSignOff {
    /// What kind of thing.
    pub what: Answer<What, Workers>,
    /// The thing.
    pub item: Answer<String, Workers>,
    /// What is to be minded.
    pub note: Answer<String, Workers>,
}

impl Form for NewSignOff {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("sign_off", "Sign off");
        r.field(
            ask("what", "What").required().kind(ControlKind::Hidden),
            &mut self.what,
        );
        r.field(
            ask("item", "Item").required().kind(ControlKind::Hidden),
            &mut self.item,
        );
        r.field(
            ask("note", "What should be minded?").area().max(2000),
            &mut self.note,
        );
    }
}
