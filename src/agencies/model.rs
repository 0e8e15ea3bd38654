//! What an agency is, and the forms in which it is kept.

use diesel::prelude::*;
use jiff::civil::Date;
use kernel::{
    form::{
        Answer, Control, ControlKind, Form, Inputs, Problems, Reader, Typed, Value, ask,
    },
    ids::{AgencyId, TeamId, UserId},
    label::{Audience, Client, Shows},
    plain::Plain,
    time::Day,
};
use platform::schema::{agency, team};

use super::rules::Spell;

kernel::ids! {
    /// Somebody named as contact person of an agency.
    ContactKind => ContactId,
}

kernel::text_enum! {
    /// What an agency is.
    pub enum Kind {
        /// A local authority.
        Borough = "borough": "Borough",
        /// A charity.
        Charity = "charity": "Charity",
        /// A police force.
        Police = "police": "Police force",
        /// A provider of courses.
        Provider = "provider": "Provider of courses",
        /// A funder.
        Funder = "funder": "Funder",
        /// An evaluator.
        Evaluator = "evaluator": "Evaluator",
        /// A school.
        School = "school": "School",
        /// A housing provider.
        Housing = "housing": "Housing provider",
        /// A health service.
        Health = "health": "Health service",
    }
}

kernel::text_enum! {
    /// As what a contact person is named (R094).
    pub enum Place {
        /// The single point of contact.
        Spoc = "spoc": "Single point of contact",
        /// Stands in for the single point of contact.
        Deputy = "deputy": "Deputy",
    }
}

/// The GSS code of a local authority: two signs for the kind of area, seven digits in all but the
/// first. `E09` are the London boroughs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gss(String);

impl Gss {
    /// The kinds of area that are a local authority with social care, in England and Wales.
    const AREAS: [&'static str; 5] = ["E06", "E08", "E09", "E10", "W06"];

    /// As it is stored.
    pub fn plain(&self) -> Plain {
        Plain::new(self.0.clone())
    }
}

impl Value for Gss {
    const KIND: ControlKind = ControlKind::Narrow;

    fn parse(raw: &str) -> Result<Self, String> {
        let code: String = raw
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let area = Self::AREAS.iter().any(|area| code.starts_with(area));
        let digits = code.chars().skip(1).all(|c| c.is_ascii_digit());
        if area && digits && code.chars().count() == 9 {
            Ok(Self(code))
        } else {
            Err("must be a code like E09000901: E09 and six more digits".to_owned())
        }
    }

    fn typed(&self) -> String {
        self.0.clone()
    }

    fn plausible(_: usize) -> Option<Self> {
        None
    }
}

/// An agency as it is stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = agency, check_for_backend(platform::db::Backend))]
pub struct AgencyRow {
    /// Its id.
    pub id: AgencyId,
    /// Its name.
    pub name: Plain,
    /// The code of its [`Kind`].
    pub kind: Plain,
    /// The borough's GSS code.
    pub gss: Option<Plain>,
    /// Whom to ring when nobody else answers.
    pub phone: Option<Plain>,
    /// Counts saves.
    pub version: i32,
}

impl AgencyRow {
    /// What it is, if it is one of the kinds.
    pub fn kind(&self) -> Option<Kind> {
        Kind::from_code(self.kind.as_str())
    }

    /// What it is, in words.
    pub fn kind_words(&self) -> &'static str {
        self.kind().map_or("", Kind::words)
    }

    /// As it is typed again into its form.
    pub fn typed(&self) -> Typed {
        typed([
            ("name", Some(&self.name)),
            ("kind", Some(&self.kind)),
            ("gss", self.gss.as_ref()),
            ("phone", self.phone.as_ref()),
        ])
    }
}

/// A team as it is stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = team, check_for_backend(platform::db::Backend))]
pub struct TeamRow {
    /// Its id.
    pub id: TeamId,
    /// Its agency.
    pub agency_id: AgencyId,
    /// Its name.
    pub name: Plain,
}

/// What is typed again into a form.
pub fn typed<'a>(fields: impl IntoIterator<Item = (&'static str, Option<&'a Plain>)>) -> Typed {
    let mut typed = Typed::default();
    for (name, text) in fields {
        if let Some(text) = text {
            typed.push(name.to_owned(), text.as_str().to_owned());
        }
    }
    typed
}

fn plain(answer: &Answer<String, Client>) -> Option<Plain> {
    let text = answer.as_ref()?.expose().trim();
    (!text.is_empty()).then(|| Plain::new(text))
}

/// The form of an agency. It concerns no family, so its label is the widest.
#[derive(Debug, Default)]
pub struct AgencyForm {
    name: Answer<String, Client>,
    kind: Answer<Kind, Client>,
    gss: Answer<Gss, Client>,
    phone: Answer<String, Client>,
}

impl Form for AgencyForm {
    fn describe(&mut self, r: &mut impl Reader) {
        r.field(ask("name", "Name").max(200).required(), &mut self.name);
        r.field(ask("kind", "What is it?").required(), &mut self.kind);
        r.field(
            ask("gss", "GSS code")
                .hint("For a borough: E09 and six more digits, as the Office for National Statistics lists it"),
            &mut self.gss,
        );
        r.field(
            ask("phone", "Telephone")
                .hint("Whom to ring when nobody else answers")
                .kind(ControlKind::Telephone)
                .max(50),
            &mut self.phone,
        );
    }
}

/// What an agency is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// Its name.
    pub name: Plain,
    /// What it is.
    pub kind: Kind,
    /// The borough's GSS code.
    pub gss: Option<Plain>,
    /// Whom to ring when nobody else answers.
    pub phone: Option<Plain>,
}

impl AgencyForm {
    /// The kind, if it was answered.
    pub fn kind(&self) -> Option<Kind> {
        self.kind.as_ref().map(|kind| *kind.expose())
    }

    /// Whether the code was answered.
    pub fn has_gss(&self) -> bool {
        self.gss.is_some()
    }

    /// What the agency is, once what is required was answered.
    pub fn details(&self) -> Option<Details> {
        Some(Details {
            name: plain(&self.name)?,
            kind: self.kind()?,
            gss: self.gss.as_ref().map(|gss| gss.expose().plain()),
            phone: plain(&self.phone),
        })
    }
}

/// The form of a team.
#[derive(Debug, Default)]
pub struct TeamForm {
    name: Answer<String, Client>,
}

impl Form for TeamForm {
    fn describe(&mut self, r: &mut impl Reader) {
        r.field(
            ask("name", "Name of the team").max(200).required(),
            &mut self.name,
        );
    }
}

impl TeamForm {
    /// The name, once it was answered.
    pub fn name(&self) -> Option<Plain> {
        plain(&self.name)
    }
}

/// The form of a contact person (R094).
#[derive(Debug, Default)]
pub struct ContactForm {
    place: Answer<Place, Client>,
    user: Answer<String, Client>,
    name: Answer<String, Client>,
    phone: Answer<String, Client>,
    email: Answer<String, Client>,
    from_day: Answer<Date, Client>,
    until_day: Answer<Date, Client>,
}

impl Form for ContactForm {
    fn describe(&mut self, r: &mut impl Reader) {
        r.field(ask("place", "Named as").required(), &mut self.place);
        r.field(
            ask("user", "Somebody who signs in")
                .hint("Name, telephone and e-mail then follow the account")
                .kind(ControlKind::Select),
            &mut self.user,
        );
        r.field(
            ask("name", "Name")
                .hint("Of somebody who does not sign in")
                .max(200),
            &mut self.name,
        );
        r.field(
            ask("phone", "Work telephone")
                .kind(ControlKind::Telephone)
                .max(50),
            &mut self.phone,
        );
        r.field(
            ask("email", "Work e-mail")
                .kind(ControlKind::Email)
                .max(200),
            &mut self.email,
        );
        r.field(
            ask("from_day", "From")
                .hint("Whoever is single point of contact now is so until the day before")
                .required(),
            &mut self.from_day,
        );
        r.field(
            ask("until_day", "Until").hint("Leave blank while it goes on"),
            &mut self.until_day,
        );
    }
}

/// Who is named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Somebody who signs in.
    pub user: Option<UserId>,
    /// The name of somebody who does not.
    pub name: Option<Plain>,
    /// The work telephone.
    pub phone: Option<Plain>,
    /// The work e-mail.
    pub email: Option<Plain>,
}

impl ContactForm {
    /// Who is named; a user that is no id is nobody.
    pub fn named(&self) -> Named {
        Named {
            user: self.user.as_ref().and_then(|id| id.expose().parse().ok()),
            name: plain(&self.name),
            phone: plain(&self.phone),
            email: plain(&self.email),
        }
    }

    /// As what and for which days, once what is required was answered.
    pub fn spell(&self) -> Option<Spell> {
        Some(Spell {
            place: *self.place.as_ref()?.expose(),
            from: *self.from_day.as_ref()?.expose(),
            until: self.until_day.as_ref().map(|day| *day.expose()),
        })
    }

    /// The names of what was answered, for the trail.
    pub fn answered(&self) -> Vec<&'static str> {
        [
            ("place", self.place.is_some()),
            ("user", self.user.is_some()),
            ("name", self.name.is_some()),
            ("phone", self.phone.is_some()),
            ("email", self.email.is_some()),
            ("from_day", self.from_day.is_some()),
            ("until_day", self.until_day.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, answered)| answered.then_some(name))
        .collect()
    }
}

/// As a day is typed into a form again.
pub fn typed_day(day: Option<Day>) -> Plain {
    Plain::new(day.map(|day| day.0.to_string()).unwrap_or_default())
}

/// A form as it is drawn: its controls, what is wrong, and the version of the row it changes.
///
/// What was typed goes back to whoever typed it, so any page may hold it.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The controls.
    pub controls: Vec<Control>,
    /// What is wrong, as (id of the control, what to do).
    pub problems: Vec<(String, String)>,
    /// The version of the row; 0 where there is none yet.
    pub version: i32,
}
impl<A: Audience> Shows<A> for Drawn {}

impl Drawn {
    /// Draws what was typed, with what is wrong.
    pub fn of<F: Form>(typed: &Typed, problems: Problems, version: i32) -> Self {
        let shown = problems
            .iter()
            .map(|problem| (problem.field.clone(), problem.message.clone()))
            .collect();
        Self {
            controls: Inputs::draw::<F>(typed, problems, None, 0)
                .into_iter()
                .flat_map(|block| block.controls)
                .collect(),
            problems: shown,
            version,
        }
    }

    /// Without a question that is answered already.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.controls.retain(|control| control.name != name);
        self
    }
}

/// One choice of a question whose choices are rows.
#[derive(Clone, Debug)]
pub struct Option_ {
    /// What is posted.
    pub id: String,
    /// What is read.
    pub text: Plain,
}
impl<A: Audience> Shows<A> for Option_ {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gss_codes_by_their_form() {
        for (raw, stored) in [
            ("E09000901", Some("E09000901")),
            (" e09 000 901 ", Some("E09000901")),
            ("E08000012", Some("E08000012")),
            ("W06000015", Some("W06000015")),
            ("E0900090", None),
            ("E090009011", None),
            ("E01000001", None),
            ("E0900090x", None),
            ("E09\u{661}00001", None),
            ("Larkmoor", None),
        ] {
            let read = Gss::parse(raw).ok().map(|gss| gss.typed());
            assert_eq!(read.as_deref(), stored, "{raw}");
        }
    }
}
