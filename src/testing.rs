//! What tests of rules write again and again.

use jiff::{Timestamp, civil::Date};
use kernel::{
    deadline::start_of,
    form::Answer,
    label::{Label, Labelled},
};

use crate::duties::{model::Met, settings::Dated};

/// An instant such as `2026-10-14T09:00:00Z`.
pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Done on `day`, and entered as it began.
pub fn met(day: Date) -> Met {
    Met::on(day, start_of(day))
}

/// A setting in force since the beginning of 2026.
pub fn set(name: &str, value: &str) -> Dated {
    Dated {
        name: name.to_owned(),
        from: jiff::civil::date(2026, 1, 1),
        value: value.to_owned(),
    }
}

/// An answer that was given.
#[expect(clippy::unnecessary_wraps, reason = "as a form has it")]
pub fn answered<T, L: Label>(value: T) -> Answer<T, L> {
    Some(Labelled::new(value))
}
