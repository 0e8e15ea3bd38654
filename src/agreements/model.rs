//! What an agreement is, and the forms in which it is recorded.

use diesel::prelude::*;
use jiff::civil::Date;
use kernel::{
    form::{Answer, ControlKind, Form, Problem, Problems, Reader, Typed, ask},
    ids::{AgencyId, ProgrammeId},
    label::Client,
    plain::Plain,
    time::Day,
};
use platform::schema::{AgreementId, agreement};

use super::rules::Term;

kernel::text_enum! {
    /// What an agreement is about.
    pub enum Kind {
        /// The memorandum of understanding, under which an agency refers and takes part (R105).
        Mou = "mou": "Memorandum of understanding",
        /// Sharing with the multi-agency safeguarding hub (R102).
        Mash = "mash": "Information sharing: MASH",
        /// Sharing with the multi-agency risk assessment conference (R102).
        Marac = "marac": "Information sharing: MARAC",
        /// Sharing in the community safety partnership (R102).
        CommunitySafety = "community_safety": "Information sharing: community safety partnership",
        /// Any other sharing.
        Other = "other": "Information sharing: other",
    }
}

kernel::text_enum! {
    /// Who ended an agreement before its time.
    pub enum EndedBy {
        /// The agency.
        Agency = "agency": "The agency",
        /// The programme.
        Programme = "programme": "The programme",
        /// Nobody: another took its place.
        Replaced = "replaced": "Replaced by another",
    }
}

kernel::text_enum! {
    /// Which side ends an agreement. Either may (R105).
    pub enum Side {
        /// The agency.
        Agency = "agency": "The agency",
        /// The programme.
        Programme = "programme": "The programme",
    }
}

/// An agreement as it is stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = agreement, check_for_backend(platform::db::Backend))]
pub struct AgreementRow {
    /// Its id.
    pub id: AgreementId,
    /// The agency that signed.
    pub agency_id: AgencyId,
    /// The programme it is about.
    pub programme_id: ProgrammeId,
    /// The code of its [`Kind`].
    pub kind: Plain,
    /// What it is called.
    pub title: Plain,
    /// Who signed for the agency.
    pub agency_signatory: Option<Plain>,
    /// As what.
    pub agency_signatory_role: Option<Plain>,
    /// When.
    pub agency_signed_on: Option<Day>,
    /// Who signed for the programme.
    pub programme_signatory: Option<Plain>,
    /// As what.
    pub programme_signatory_role: Option<Plain>,
    /// When.
    pub programme_signed_on: Option<Day>,
    /// The first day in force.
    pub starts_on: Option<Day>,
    /// The last day in force.
    pub ends_on: Day,
    /// From which day it is no longer in force, if it was ended or replaced.
    pub ended_on: Option<Day>,
    /// Why it ended before its time.
    pub ended_because: Option<Plain>,
    /// The code of [`EndedBy`].
    pub ended_by: Option<Plain>,
    /// The agreement that takes its place, signed or not yet.
    pub replaced_by: Option<AgreementId>,
    /// Counts saves.
    pub version: i32,
}

impl AgreementRow {
    /// What it is about; whatever is unknown is some other sharing, under which nothing is refused.
    pub fn kind(&self) -> Kind {
        Kind::from_code(self.kind.as_str()).unwrap_or(Kind::Other)
    }

    /// Its days.
    pub fn term(&self) -> Term {
        Term {
            starts_on: self.starts_on.map(|day| day.0),
            ends_on: self.ends_on.0,
            ended_on: self.ended_on.map(|day| day.0),
            ended_by: self
                .ended_by
                .as_ref()
                .and_then(|code| EndedBy::from_code(code.as_str())),
        }
    }

    /// As it is typed again into its form.
    pub fn typed(&self) -> Typed {
        let text = |plain: &Option<Plain>| plain.clone().unwrap_or_default().as_str().to_owned();
        let day = |day: Option<Day>| day.map(|day| day.0.to_string()).unwrap_or_default();
        let mut typed = Typed::default();
        for (name, value) in [
            ("kind", self.kind.as_str().to_owned()),
            ("programme", self.programme_id.to_string()),
            ("title", self.title.as_str().to_owned()),
            ("ends_on", self.ends_on.0.to_string()),
            ("agency_signatory", text(&self.agency_signatory)),
            ("agency_signatory_role", text(&self.agency_signatory_role)),
            ("agency_signed_on", day(self.agency_signed_on)),
            ("programme_signatory", text(&self.programme_signatory)),
            (
                "programme_signatory_role",
                text(&self.programme_signatory_role),
            ),
            ("programme_signed_on", day(self.programme_signed_on)),
        ] {
            typed.push(name.to_owned(), value);
        }
        typed
    }
}

/// Who signed for one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The name.
    pub name: Plain,
    /// The role.
    pub role: Plain,
    /// The day.
    pub on: Date,
}

/// What was agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// What it is called.
    pub title: Plain,
    /// Who signed for the agency, once somebody has.
    pub agency: Option<Signature>,
    /// Who signed for the programme, once somebody has.
    pub programme: Option<Signature>,
    /// The last day in force.
    pub ends_on: Date,
}

/// The form of an agreement. What an agency signed concerns no family, so its label is the widest.
#[derive(Debug, Default)]
pub struct AgreementForm {
    kind: Answer<Kind, Client>,
    programme: Answer<String, Client>,
    title: Answer<String, Client>,
    agency_signatory: Answer<String, Client>,
    agency_signatory_role: Answer<String, Client>,
    agency_signed_on: Answer<Date, Client>,
    programme_signatory: Answer<String, Client>,
    programme_signatory_role: Answer<String, Client>,
    programme_signed_on: Answer<Date, Client>,
    ends_on: Answer<Date, Client>,
}

impl Form for AgreementForm {
    fn describe(&mut self, r: &mut impl Reader) {
        r.field(ask("kind", "What is it?").required(), &mut self.kind);
        r.field(
            ask("programme", "Which programme is it about?")
                .kind(ControlKind::Select)
                .required(),
            &mut self.programme,
        );
        r.field(
            ask("title", "Title")
                .hint("As it stands on the document, with its year")
                .max(200)
                .required(),
            &mut self.title,
        );
        r.field(
            ask("agency_signatory", "Who signed for the agency?")
                .hint("Leave name, role and date blank until somebody has signed")
                .max(200),
            &mut self.agency_signatory,
        );
        r.field(
            ask("agency_signatory_role", "Their role").max(200),
            &mut self.agency_signatory_role,
        );
        r.field(
            ask("agency_signed_on", "Signed for the agency on"),
            &mut self.agency_signed_on,
        );
        r.field(
            ask("programme_signatory", "Who signed for the programme?")
                .hint("Leave name, role and date blank until somebody has signed")
                .max(200),
            &mut self.programme_signatory,
        );
        r.field(
            ask("programme_signatory_role", "Role of who signed for the programme").max(200),
            &mut self.programme_signatory_role,
        );
        r.field(
            ask("programme_signed_on", "Signed for the programme on"),
            &mut self.programme_signed_on,
        );
        r.field(
            ask("ends_on", "Last day in force")
                .hint("It is in force from the later of the two signatures")
                .required(),
            &mut self.ends_on,
        );
    }
}

fn plain(answer: &Answer<String, Client>) -> Plain {
    answer
        .as_ref()
        .map(|text| Plain::new(text.expose().trim()))
        .unwrap_or_default()
}

fn day(answer: &Answer<Date, Client>) -> Option<Date> {
    answer.as_ref().map(|day| *day.expose())
}

/// One side's signature, or the problem of a half one.
fn signature(
    side: &'static str,
    name: &Answer<String, Client>,
    role: &Answer<String, Client>,
    on: &Answer<Date, Client>,
    problems: &mut Problems,
) -> Option<Signature> {
    let (name, role) = (plain(name), plain(role));
    match day(on) {
        Some(on) => Some(Signature { name, role, on }),
        None => {
            let field = format!("{side}_signed_on");
            let known = problems.iter().any(|problem| problem.field == field);
            if !known && !(name.is_empty() && role.is_empty()) {
                problems.push(Problem::missing(
                    field,
                    "Enter the day of the signature, or leave name and role blank",
                ));
            }
            None
        }
    }
}

impl AgreementForm {
    /// What it is about.
    pub fn kind(&self) -> Option<Kind> {
        self.kind.as_ref().map(|kind| *kind.expose())
    }

    /// The programme, if what was posted is an id.
    pub fn programme(&self) -> Option<ProgrammeId> {
        self.programme.as_ref()?.expose().parse().ok()
    }

    /// What was agreed, adding what is wrong with the signatures to `problems`. `None` while
    /// something that it needs is missing.
    pub fn terms(&self, problems: &mut Problems) -> Option<Terms> {
        let agency = signature(
            "agency",
            &self.agency_signatory,
            &self.agency_signatory_role,
            &self.agency_signed_on,
            problems,
        );
        let programme = signature(
            "programme",
            &self.programme_signatory,
            &self.programme_signatory_role,
            &self.programme_signed_on,
            problems,
        );
        Some(Terms {
            title: self.title.as_ref().map(|_| plain(&self.title))?,
            agency,
            programme,
            ends_on: day(&self.ends_on)?,
        })
    }

    /// The names of what was answered, for the trail.
    pub fn answered(&self) -> Vec<&'static str> {
        [
            ("kind", self.kind.is_some()),
            ("programme", self.programme.is_some()),
            ("title", self.title.is_some()),
            ("agency_signatory", self.agency_signatory.is_some()),
            ("agency_signatory_role", self.agency_signatory_role.is_some()),
            ("agency_signed_on", self.agency_signed_on.is_some()),
            ("programme_signatory", self.programme_signatory.is_some()),
            (
                "programme_signatory_role",
                self.programme_signatory_role.is_some(),
            ),
            ("programme_signed_on", self.programme_signed_on.is_some()),
            ("ends_on", self.ends_on.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, answered)| answered.then_some(name))
        .collect()
    }
}

/// The form by which either side ends an agreement.
#[derive(Debug, Default)]
pub struct EndForm {
    side: Answer<Side, Client>,
    last_day: Answer<Date, Client>,
    reason: Answer<String, Client>,
}

impl Form for EndForm {
    fn describe(&mut self, r: &mut impl Reader) {
        r.field(ask("side", "Which side ends it?").required(), &mut self.side);
        r.field(
            ask("last_day", "Last day in force")
                .hint("Today or later. Referrals after this day wait for a decision; open cases go on")
                .required(),
            &mut self.last_day,
        );
        r.field(
            ask("reason", "Why does it end?")
                .hint("About the agencies only: no family and nobody who is referred")
                .max(2000)
                .area()
                .required(),
            &mut self.reason,
        );
    }
}

impl EndForm {
    /// Side, last day in force and reason, once all are answered.
    pub fn ending(&self) -> Option<(Side, Date, Plain)> {
        let side = *self.side.as_ref()?.expose();
        let last = day(&self.last_day)?;
        self.reason.as_ref()?;
        Some((side, last, plain(&self.reason)))
    }
}
