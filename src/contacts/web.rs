//! Pages of contacts.

mod kept;
mod picture;
mod shared;

use std::fmt;

use jiff::civil::Date;
use kernel::{
    form::{Form, Problems, Typed},
    ids::{CaseId, Id},
    label::{ClientLine, Label, SurvivorLine},
    plain::Plain,
};
use platform::{Case, Permission, Routes};
use serde::Deserialize;

use super::{View, ViewKept, rules::By};
use crate::{
    cases::{
        self,
        drawn::{Drawn, Picks},
    },
    interventions::model::TakeBackForm,
    shell::{Frame, Ids, NavItem, id},
};

/// What is mounted.
pub fn routes() -> Routes {
    shared::routes().and(kept::routes())
}

/// What the user may do next on a case.
pub fn next(case: &Case<cases::View>) -> Vec<NavItem> {
    let mut steps = Vec::new();
    let mut step = |place: &str, text| {
        steps.push(NavItem {
            href: format!("/cases/{}{place}", case.id()),
            text,
            current: false,
        });
    };
    if case.could::<View>() {
        step("/contacts", "Contacts, liaison and meetings");
    }
    if case.could::<ViewKept>() {
        step("/apart/contacts", "Contacts with survivor and children");
    }
    steps
}

/// What the address asks for.
#[derive(Clone, Debug, Default, Deserialize)]
struct Asked {
    /// What was just done.
    #[serde(default)]
    done: String,
    /// A day of the last week that is shown.
    #[serde(default)]
    until: String,
    /// The duty for which a form is opened.
    #[serde(default, rename = "for")]
    duty: String,
}

impl Asked {
    fn until(&self) -> Option<Date> {
        self.until.parse().ok()
    }
}

fn frame<P: Permission>(case: &Case<P>, asked: &Asked) -> Frame {
    let frame = Frame::new(case.session(), case.app(), "/cases");
    match asked.done.as_str() {
        "saved" => frame.with_success("The contact is recorded"),
        "back" => frame.with_success("The entry is taken back"),
        _ => frame,
    }
}

fn by<P: Permission>(case: &Case<P>) -> By {
    By {
        user: case.session().actor.user,
        at: case.now(),
    }
}

/// Something typed in advance.
fn typed(pairs: &[(&str, String)]) -> Typed {
    let mut typed = Typed::default();
    for (name, text) in pairs {
        if !text.is_empty() {
            typed.push((*name).to_owned(), text.clone());
        }
    }
    typed
}

/// The id of the entry that a form carries, so that a second click records nothing.
fn entry<K>(typed: &Typed) -> Id<K> {
    typed.get("entry").parse().unwrap_or_else(|_| Id::new())
}

/// A form with its words.
struct Words {
    place: &'static str,
    back: &'static str,
    title: &'static str,
    explain: &'static str,
    button: &'static str,
}

/// A form, as it was typed and with what is wrong.
fn drawn<F: Form>(case: CaseId, words: &Words, typed: &Typed, problems: Problems) -> Drawn {
    let action = format!("/cases/{case}{}", words.place);
    let back = format!("/cases/{case}{}", words.back);
    Drawn::new::<F>(action, back, words.button, typed, problems)
}

/// The form that takes `entry` back, on the side whose label its reason has.
fn taking_back<L: Label>(
    case: CaseId,
    words: &Words,
    entry: impl fmt::Display,
    typed: &Typed,
    problems: Problems,
) -> Drawn {
    let mut drawn = drawn::<TakeBackForm<L>>(case, words, typed, problems);
    drawn.action = format!("/cases/{case}{}/{entry}/back", words.back);
    drawn
}

platform::page! {
    /// A form that workers of both lines fill in.
    struct SharedForm for ClientLine, "contacts/form.html" {
        frame: Frame,
        title: &'static str,
        explain: &'static str,
        entry: Plain,
        who: Option<Picks<ClientLine>>,
        drawn: Drawn,
    }
}
platform::page! {
    /// A form of the survivor's side.
    struct KeptForm for SurvivorLine, "contacts/form.html" {
        frame: Frame,
        title: &'static str,
        explain: &'static str,
        entry: Plain,
        who: Option<Picks<SurvivorLine>>,
        drawn: Drawn,
    }
}
