//! One description of a form, read by many readers.
//!
//! A form is an ordinary struct whose answers state their labels in their types. `describe` walks
//! it once, in the order of the page; readers parse what was posted, draw controls, write the
//! wording that is kept, list the fields for the data dictionary, and fill it for the demo.

mod readers;
mod values;

use std::{collections::BTreeMap, fmt};

pub use readers::{Dictionary, Entry, Fill, Inputs, Line, Names, Parse, Sheet, Wording, words_of};
pub use values::{Many, When, YesNo, YesNoUnknown};

use crate::label::{Label, Labelled};

/// The answer to one question. Its type states the label, and there is no default label.
///
/// A question without a label does not compile; see `tests/promises` of the application.
pub type Answer<T, L> = Option<Labelled<T, L>>;

/// An answer as rules weigh it. Pages have no use for it: there a label stays on.
pub fn without_label<T: Copy, L: Label>(answer: &Answer<T, L>) -> Option<T> {
    answer.as_ref().map(|value| *value.expose())
}

/// A value that one question can hold.
pub trait Value: Clone {
    /// How the question is drawn unless it says otherwise.
    const KIND: ControlKind;

    /// Reads what was typed, already trimmed and not empty. The error completes "{question} …".
    fn parse(raw: &str) -> Result<Self, String>;

    /// As it is typed again into the control.
    fn typed(&self) -> String;

    /// As people read it.
    fn words(&self) -> String {
        self.typed()
    }

    /// The choices, as (code, words), where there are any.
    fn choices() -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// A plausible answer for the demo, different for different seeds.
    fn plausible(seed: usize) -> Option<Self> {
        let choices = Self::choices();
        let (code, _) = choices.get(seed.checked_rem(choices.len())?)?;
        Self::parse(code).ok()
    }
}

/// How a question is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ControlKind {
    /// One line.
    Text,
    /// One short line.
    Narrow,
    /// Several lines, with a count of what is left.
    Area,
    /// Day, month and year.
    Date,
    /// One of few choices.
    Radios,
    /// Some of few choices.
    Checkboxes,
    /// One of many choices.
    Select,
    /// A telephone number.
    Telephone,
    /// An e-mail address.
    Email,
    /// A password.
    Password,
    /// A one-time code.
    Code,
    /// Not drawn.
    Hidden,
}

/// What the describer says about a question, besides its answer.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    /// The name of the field, the same in pages, exports and the data dictionary.
    pub name: &'static str,
    /// The question.
    pub text: &'static str,
    /// What helps to answer it; may be empty.
    pub hint: &'static str,
    /// Whether the form is incomplete without it.
    pub required: bool,
    /// The longest answer in characters; 0 for the default of its kind.
    pub max: usize,
    /// How it is drawn, if not as its value's kind.
    pub kind: Option<ControlKind>,
}

/// Asks a question.
pub const fn ask(name: &'static str, text: &'static str) -> Ask {
    Ask {
        name,
        text,
        hint: "",
        required: false,
        max: 0,
        kind: None,
    }
}

impl Ask {
    /// The form is incomplete without an answer.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The longest answer, in characters.
    #[must_use]
    pub const fn max(mut self, characters: usize) -> Self {
        self.max = characters;
        self
    }

    /// What helps to answer it.
    #[must_use]
    pub const fn hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }

    /// Draws it otherwise than its value's kind.
    #[must_use]
    pub const fn kind(mut self, kind: ControlKind) -> Self {
        self.kind = Some(kind);
        self
    }

    /// Several lines.
    #[must_use]
    pub const fn area(self) -> Self {
        self.kind(ControlKind::Area)
    }

    /// The longest answer in characters, given how it is drawn.
    const fn limit(&self, kind: ControlKind) -> usize {
        if self.max > 0 {
            self.max
        } else if matches!(kind, ControlKind::Area) {
            20_000
        } else {
            500
        }
    }
}

/// A part of the form that repeats: one child, one address.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// The first part of the names of its fields: `children` in `children.0.name`.
    pub name: &'static str,
    /// What one item is called: `Child`.
    pub item: &'static str,
    /// The most items that are read. What is beyond is reported, never dropped in silence.
    pub at_most: usize,
}

/// Something that walks a form.
pub trait Reader: Sized {
    /// The questions that follow belong under this heading. `slug` names the section in URLs.
    fn section(&mut self, slug: &'static str, heading: &'static str);

    /// One question.
    fn field<T: Value, L: Label>(&mut self, ask: Ask, answer: &mut Answer<T, L>);

    /// A part that repeats.
    fn each<T: Default>(
        &mut self,
        group: Group,
        items: &mut Vec<T>,
        describe: impl FnMut(&mut Self, &mut T),
    );

    /// Whether questions under `condition` are visited. The data dictionary says always.
    fn shows(&self, condition: bool) -> bool {
        condition
    }
}

/// A form.
pub trait Form: Default {
    /// Walks the questions in page order.
    fn describe(&mut self, reader: &mut impl Reader);
}

/// What was posted or drafted, by field name. Choices ticked together are joined by commas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed(pub BTreeMap<String, String>);

impl Typed {
    /// What stands under `name`, trimmed; empty if nothing does.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |text| text.trim())
    }

    /// Adds a pair as it came from a browser; ticks of the same name are joined.
    pub fn push(&mut self, name: String, text: String) {
        match self.0.get_mut(&name) {
            Some(before) => {
                before.push(',');
                before.push_str(&text);
            }
            None => {
                self.0.insert(name, text);
            }
        }
    }

    /// How many items of a repeated part were typed: one more than the highest number in use.
    pub fn items(&self, prefix: &str) -> usize {
        let start = format!("{prefix}.");
        self.0
            .range(start.clone()..)
            .take_while(|(name, _)| name.starts_with(&start))
            .filter_map(|(name, _)| {
                name.strip_prefix(&start)?
                    .split('.')
                    .next()?
                    .parse::<usize>()
                    .ok()
            })
            .max()
            .map_or(0, |highest| highest.saturating_add(1))
    }

    /// A date typed in three boxes, or in one.
    fn date(&self, name: &str) -> ([String; 3], String) {
        let parts =
            ["day", "month", "year"].map(|part| self.get(&format!("{name}-{part}")).to_owned());
        let [day, month, year] = &parts;
        if day.is_empty() && month.is_empty() && year.is_empty() {
            (parts, self.get(name).to_owned())
        } else {
            let joined = format!("{day}/{month}/{year}");
            (parts, joined)
        }
    }
}

/// What is wrong with one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The field, for the link of the error summary.
    pub field: String,
    /// What to do about it, in words for the person who types.
    pub message: String,
    /// Whether the answer is merely missing; a draft may be saved without it.
    pub missing: bool,
}

impl Problem {
    /// An answer that cannot stand.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
            missing: false,
        }
    }

    /// An answer that is missing.
    pub fn missing(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
            missing: true,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.message)
    }
}

/// What is wrong with a form, in page order.
pub type Problems = Vec<Problem>;

/// One control of a page.
#[derive(Clone, Debug)]
pub struct Control {
    /// The name that is posted, and the id of the control.
    pub name: String,
    /// The question.
    pub text: String,
    /// What helps to answer it; may be empty.
    pub hint: String,
    /// How it is drawn.
    pub kind: ControlKind,
    /// What was typed.
    pub value: String,
    /// What was typed into day, month and year.
    pub parts: [String; 3],
    /// The choices.
    pub choices: Vec<Choice>,
    /// What is wrong with what was typed.
    pub problem: Option<String>,
    /// The longest answer, in characters.
    pub max: usize,
    /// Whether it may be left blank.
    pub optional: bool,
}

/// One choice of a control.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What is posted.
    pub code: &'static str,
    /// What is read.
    pub text: &'static str,
    /// What helps to choose; may be empty.
    pub hint: &'static str,
    /// Whether it was chosen.
    pub checked: bool,
}

/// Controls that stand together, under a heading if they are an item of a repeated part.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// `Child 2`, or empty.
    pub heading: String,
    /// The controls.
    pub controls: Vec<Control>,
}

/// An enum stored as text, with the choices of its question.
///
/// ```
/// kernel::text_enum! {
///     /// How a contact was held.
///     pub enum How {
///         /// In the same room.
///         Visit = "visit": "Visit",
///         /// By telephone.
///         Call = "call": "Phone call",
///     }
/// }
/// assert_eq!(How::Call.words(), "Phone call");
/// ```
#[macro_export]
macro_rules! text_enum {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[$vmeta:meta])* $variant:ident = $code:literal : $text:literal),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name { $($(#[$vmeta])* $variant),* }

        impl $name {
            /// Every variant, in the order of the question.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// As it is stored.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// As people read it.
            pub const fn words(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            /// The variant stored under `code`.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }
        }

        impl $crate::form::Value for $name {
            const KIND: $crate::form::ControlKind = $crate::form::ControlKind::Radios;
            fn parse(raw: &str) -> Result<Self, String> {
                Self::from_code(raw).ok_or_else(|| "is not one of the choices".to_owned())
            }
            fn typed(&self) -> String {
                self.code().to_owned()
            }
            fn words(&self) -> String {
                (*self).words().to_owned()
            }
            fn choices() -> &'static [(&'static str, &'static str)] {
                &[$(($code, $text)),*]
            }
        }

        impl<DB: ::diesel::backend::Backend> ::diesel::serialize::ToSql<::diesel::sql_types::Text, DB>
            for $name
        where
            str: ::diesel::serialize::ToSql<::diesel::sql_types::Text, DB>,
        {
            fn to_sql<'b>(
                &'b self,
                out: &mut ::diesel::serialize::Output<'b, '_, DB>,
            ) -> ::diesel::serialize::Result {
                <str as ::diesel::serialize::ToSql<::diesel::sql_types::Text, DB>>::to_sql(
                    self.code(),
                    out,
                )
            }
        }

        impl<DB: ::diesel::backend::Backend>
            ::diesel::deserialize::FromSql<::diesel::sql_types::Text, DB> for $name
        where
            String: ::diesel::deserialize::FromSql<::diesel::sql_types::Text, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> ::diesel::deserialize::Result<Self> {
                let code = <String as ::diesel::deserialize::FromSql<
                    ::diesel::sql_types::Text,
                    DB,
                >>::from_sql(bytes)?;
                Self::from_code(&code)
                    .ok_or_else(|| format!("{code} is no {}", stringify!($name)).into())
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str((*self).words())
            }
        }

        impl<A: $crate::label::Audience> $crate::label::Shows<A> for $name {}
    };
}
