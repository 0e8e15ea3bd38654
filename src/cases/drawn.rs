//! A form as pages of a case draw it.

use std::fmt;

use kernel::{
    form::{Block, ControlKind, Form, Inputs, Problems, Typed},
    label::{Audience, For, Shows},
    plain::Plain,
};

/// A form, where it is sent, and what is wrong with what was typed.
pub(crate) struct Drawn {
    /// Where it is sent.
    pub action: String,
    /// Where the link back goes.
    pub back: String,
    /// What its button says.
    pub button: &'static str,
    /// Its controls, without those that the page draws by itself.
    pub blocks: Vec<Block>,
    /// What is wrong, as field and words.
    pub problems: Vec<(String, String)>,
    /// The version of the row that it changes.
    pub version: Option<i32>,
}

/// A drawn form goes back to the person who typed it, and to nobody else.
impl<A: Audience> Shows<A> for Drawn {}

impl Drawn {
    /// Draws what was typed.
    pub fn new<F: Form>(
        action: String,
        back: String,
        button: &'static str,
        typed: &Typed,
        problems: Problems,
    ) -> Self {
        let said = problems
            .iter()
            .map(|problem| (problem.field.clone(), problem.message.clone()))
            .collect();
        let mut blocks = Inputs::draw::<F>(typed, problems, None, 0);
        for block in &mut blocks {
            block
                .controls
                .retain(|control| control.kind != ControlKind::Hidden);
        }
        Self {
            action,
            back,
            button,
            blocks,
            problems: said,
            version: None,
        }
    }

    /// With the version of the row that it changes.
    pub fn version(mut self, version: i32) -> Self {
        self.version = Some(version);
        self
    }

    /// Without a question that this person is not asked.
    pub fn without(mut self, name: &str) -> Self {
        for block in &mut self.blocks {
            block.controls.retain(|control| control.name != name);
        }
        self
    }
}

/// What a choice says: about the partnership, or for this audience.
pub(crate) enum Says<A> {
    /// The name of a worker and of an agency.
    Worker(Plain, Plain),
    /// A value of the case.
    Value(For<A, String>),
}

impl<A: Audience> fmt::Display for Says<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Worker(name, agency) => write!(f, "{name}, {agency}"),
            Self::Value(text) => text.fmt(f),
        }
    }
}

/// A choice of a question whose choices are known only when it is drawn.
pub(crate) struct Pick<A> {
    /// What is posted: an id.
    pub code: String,
    /// What is read.
    pub text: Says<A>,
    /// Whether it was chosen.
    pub chosen: bool,
}

/// A question whose choices are known only when it is drawn.
pub(crate) struct Picks<A> {
    /// The field.
    pub name: &'static str,
    /// The question.
    pub text: &'static str,
    /// What helps to answer it.
    pub hint: &'static str,
    /// The question after which it stands; none for the first place.
    pub after: &'static str,
    /// The words of no choice.
    pub none: &'static str,
    /// The choices.
    pub choices: Vec<Pick<A>>,
    /// What is wrong with what was chosen.
    pub problem: Option<String>,
}

impl<A: Audience> Shows<A> for Picks<A> {}
