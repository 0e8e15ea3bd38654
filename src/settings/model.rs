//! The forms of settings. Nothing of them concerns a family, so they have the freest label.

use jiff::civil::Date;
use kernel::{
    form::{Answer, Form, Reader, ask},
    label::Client,
};

/// A value from a day.
#[derive(Clone, Debug, Default)]
pub struct NewValue {
    /// As it is written: `3 working days`.
    pub value: Answer<String, Client>,
    /// The first day on which it applies.
    pub from: Answer<Date, Client>,
}

impl Form for NewValue {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("setting", "Setting");
        r.field(
            ask("value", "New value").required().max(60),
            &mut self.value,
        );
        r.field(
            ask("from", "From which day?")
                .required()
                .hint("Tomorrow at the earliest. What happened before keeps its time."),
            &mut self.from,
        );
    }
}

/// The words on screen for the two adults.
#[derive(Clone, Debug, Default)]
pub struct NewWords {
    /// For the person causing harm.
    pub client: Answer<String, Client>,
    /// For the adult harmed.
    pub survivor: Answer<String, Client>,
}

impl Form for NewWords {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("words", "Words on screen");
        r.field(
            ask("word_client", "The person causing harm is called")
                .required()
                .max(40),
            &mut self.client,
        );
        r.field(
            ask("word_survivor", "The adult who is harmed is called")
                .required()
                .max(40),
            &mut self.survivor,
        );
    }
}
