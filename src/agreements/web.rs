//! The pages of agreements.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, Query},
    response::{IntoResponse, Response},
};
use kernel::{
    form::{Problem, Typed},
    ids::AgencyId,
    label::Office,
    plain::Plain,
    time::Day,
};
use platform::{
    Agency, Error, Page, Permission, Posted, Result, Routes,
    schema::{AgreementId, agency},
    see_other,
};

use super::{
    Change, Event, View,
    model::{AgreementForm, AgreementRow, EndForm, EndedBy, Side, Terms},
    rules::{Standing, in_force, starts_on, wrong, wrong_end},
    store,
};
use crate::{
    agencies::{Choosable, Drawn, FormPage, done},
    shell::Frame,
};

/// The pages of agreements.
pub fn routes() -> Routes {
    Routes::new()
        .get("/agencies/{agency}/agreements/new", new)
        .post("/agencies/{agency}/agreements/new", add)
        .get("/agencies/{agency}/agreements/{agreement}", show)
        .get("/agencies/{agency}/agreements/{agreement}/change", edit)
        .post("/agencies/{agency}/agreements/{agreement}/change", change)
        .get("/agencies/{agency}/agreements/{agreement}/end", ask_end)
        .post("/agencies/{agency}/agreements/{agreement}/end", end)
        .get(
            "/agencies/{agency}/agreements/{agreement}/replace",
            ask_replace,
        )
        .post(
            "/agencies/{agency}/agreements/{agreement}/replace",
            replace,
        )
}

const SECTION: &str = "/agencies";

/// The parts of the path.
type At = Path<(String, String)>;

platform::rows! {
    /// Another agreement.
    struct Other for Office {
        id: AgreementId,
        title: Plain,
    }
}

platform::page! {
    /// An agreement.
    struct ShowPage for Office, "agreements/show.html" {
        frame: Frame,
        agency: AgencyId,
        agency_name: Plain,
        home: Plain,
        base: Plain,
        title: Plain,
        kind: &'static str,
        programme: Plain,
        standing: Standing,
        colour: &'static str,
        agency_signature: Plain,
        programme_signature: Plain,
        starts_on: Option<Day>,
        ends_on: Day,
        ended_on: Option<Day>,
        ended_by: &'static str,
        ended_because: Plain,
        replaced_by: Option<Other>,
        replaces: Vec<Other>,
        may_sign: bool,
        may_replace: bool,
        may_end: bool,
    }
}

/// An agreement with its agency's name, and the days that rules ask for.
struct Found {
    row: AgreementRow,
    agency: Plain,
    programmes: Vec<(kernel::ids::ProgrammeId, Plain)>,
    replaces: Vec<AgreementRow>,
    replaced_by: Option<AgreementRow>,
    soon: u16,
}

impl Found {
    fn standing(&self, today: jiff::civil::Date) -> Standing {
        in_force(&self.row.term(), today, self.soon)
    }

    /// Terms may still be changed: not both have signed, and it has not been given up.
    fn may_sign(&self, today: jiff::civil::Date) -> bool {
        self.standing(today) == Standing::NotSigned
    }

    /// Another may take its place: none is there yet, and neither side ended it.
    fn may_replace(&self, today: jiff::civil::Date) -> bool {
        self.row.replaced_by.is_none()
            && !matches!(
                self.standing(today),
                Standing::Terminated | Standing::Replaced
            )
    }

    /// Either side may end it: it is not over, and no end is set.
    fn may_end(&self, today: jiff::civil::Date) -> bool {
        self.row.ended_on.is_none() && self.standing(today) != Standing::Ended
    }
}

async fn found<P: Permission>(agency: &Agency<P>, agreement: &str) -> Result<Found> {
    let of = agency.id();
    let id = agreement
        .parse::<AgreementId>()
        .map_err(|_| Error::NotFound)?;
    agency
        .read(move |office| {
            let day = office.now().day();
            let conn = office.conn();
            let row = store::one(conn, of, id)?;
            let replaced_by = match row.replaced_by {
                Some(other) => Some(store::one(conn, of, other)?),
                None => None,
            };
            Ok(Found {
                agency: agency_name(conn, of)?,
                programmes: store::programmes(conn)?,
                replaces: store::replaced_by(conn, id)?,
                replaced_by,
                soon: store::ends_soon_days(conn, day)?,
                row,
            })
        })
        .await
}

fn agency_name(conn: &mut platform::db::Conn, of: AgencyId) -> Result<Plain> {
    use diesel::prelude::*;
    Ok(agency::table.find(of).select(agency::name).first(conn)?)
}

fn other(row: AgreementRow) -> Other {
    Other {
        id: row.id,
        title: row.title,
    }
}

/// A signature as it is read: `Priya Lang, director, on 1 April 2026`.
fn signature(name: Option<&Plain>, role: Option<&Plain>, on: Option<Day>) -> Plain {
    let Some(on) = on else {
        return Plain::default();
    };
    let mut words: Vec<&str> = [name, role]
        .into_iter()
        .flatten()
        .map(Plain::as_str)
        .filter(|word| !word.is_empty())
        .collect();
    let on = format!("on {on}");
    words.push(&on);
    Plain::new(words.join(", "))
}

async fn show(
    agency: Agency<View>,
    Path((_, agreement)): At,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Page<ShowPage>> {
    let found = found(&agency, &agreement).await?;
    let today = agency.now().day();
    let standing = found.standing(today);
    let may = agency.could::<Change>();
    let (may_sign, may_replace, may_end) = (
        may && found.may_sign(today),
        may && found.may_replace(today),
        may && found.may_end(today),
    );
    let row = found.row;
    let term = row.term();
    let programme = found
        .programmes
        .into_iter()
        .find(|(id, _)| *id == row.programme_id)
        .map(|(_, name)| name)
        .unwrap_or_default();
    let frame = Frame::new(agency.session(), agency.app(), SECTION);
    Ok(Page(ShowPage {
        frame: done(frame, &query),
        agency: agency.id(),
        agency_name: found.agency,
        home: Plain::new(format!("/agencies/{}", agency.id())),
        base: Plain::new(format!("/agencies/{}/agreements/{}", agency.id(), row.id)),
        kind: row.kind().words(),
        programme,
        standing,
        colour: standing.colour(),
        agency_signature: signature(
            row.agency_signatory.as_ref(),
            row.agency_signatory_role.as_ref(),
            row.agency_signed_on,
        ),
        programme_signature: signature(
            row.programme_signatory.as_ref(),
            row.programme_signatory_role.as_ref(),
            row.programme_signed_on,
        ),
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        ended_on: row.ended_on,
        ended_by: term.ended_by.map_or("", EndedBy::words),
        ended_because: row.ended_because.unwrap_or_default(),
        replaced_by: found.replaced_by.map(other),
        replaces: found.replaces.into_iter().map(other).collect(),
        title: row.title,
        may_sign,
        may_replace,
        may_end,
    }))
}

fn form_page(
    agency: &Agency<Change>,
    heading: &'static str,
    of: Plain,
    at: &str,
    drawn: Drawn,
) -> FormPage {
    let id = agency.id();
    let back = match at.rsplit_once('/') {
        Some((agreement, _)) => format!("/agencies/{id}/agreements/{agreement}"),
        None => format!("/agencies/{id}"),
    };
    let frame = Frame::new(agency.session(), agency.app(), SECTION);
    let places = (back, format!("/agencies/{id}/agreements/{at}"));
    FormPage::new(frame, heading, of, places, drawn)
}

// ---- Adding ----

async fn new_page(agency: &Agency<Change>, drawn: Drawn) -> Result<Page<FormPage>> {
    let id = agency.id();
    let (name, programmes) = agency
        .read(move |office| {
            let conn = office.conn();
            Ok((agency_name(conn, id)?, store::programmes(conn)?))
        })
        .await?;
    let options = programmes
        .into_iter()
        .map(|(id, name)| Choosable {
            id: id.to_string(),
            text: name,
        })
        .collect();
    let page = form_page(agency, "Add an agreement", name, "new", drawn);
    Ok(Page(page.choosing("programme", options)))
}

async fn new(agency: Agency<Change>) -> Result<Page<FormPage>> {
    let programmes = agency
        .read(|office| store::programmes(office.conn()))
        .await?;
    let mut typed = Typed::default();
    // Where there is one programme, it is the one.
    if let [(only, _)] = programmes.as_slice() {
        typed.push("programme".to_owned(), only.to_string());
    }
    new_page(&agency, Drawn::of::<AgreementForm>(&typed, Vec::new(), 0)).await
}

/// What was agreed, or what is wrong with it.
fn terms_of(
    posted: &Posted<AgreementForm>,
    answered_elsewhere: &[&str],
    today: jiff::civil::Date,
) -> Result<Terms, Vec<Problem>> {
    let mut problems = posted.problems.clone();
    problems.retain(|problem| !answered_elsewhere.contains(&problem.field.as_str()));
    match posted.form.terms(&mut problems) {
        Some(terms) if problems.is_empty() => {
            let problems = wrong(&terms, today);
            if problems.is_empty() {
                Ok(terms)
            } else {
                Err(problems)
            }
        }
        _ => Err(problems),
    }
}

async fn add(agency: Agency<Change>, posted: Posted<AgreementForm>) -> Result<Response> {
    let today = agency.now().day();
    let asked = terms_of(&posted, &[], today).and_then(|terms| {
        match (posted.form.kind(), posted.form.programme()) {
            (Some(kind), Some(programme)) => Ok((terms, kind, programme)),
            _ => Err(vec![Problem::new("programme", "Choose a programme")]),
        }
    });
    let problems = match asked {
        Ok((terms, kind, programme)) => {
            let (of, id, fields) = (agency.id(), AgreementId::new(), posted.form.answered());
            let saved = agency
                .change(move |office| {
                    let conn = office.conn();
                    if !store::programmes(conn)?.iter().any(|(id, _)| *id == programme) {
                        let problem = Problem::new("programme", "Choose a programme");
                        return Err(Error::Refused(vec![problem]).into());
                    }
                    if let Some(rival) = store::rival(conn, of, programme, kind, today)? {
                        let problem = Problem::new(
                            "kind",
                            format!(
                                "There is one of this kind already, “{}”: open it and replace it, \
                                 so that no day is left between them",
                                rival.title
                            ),
                        );
                        return Err(Error::Refused(vec![problem]).into());
                    }
                    store::add(conn, id, of, programme, kind, &terms)?;
                    Ok((Event::Added(id, fields.clone()), ()))
                })
                .await;
            match saved {
                Ok(()) => {
                    let place = format!("/agencies/{of}/agreements/{id}?done=agreement");
                    return Ok(see_other(&place));
                }
                Err(Error::Refused(problems)) => problems,
                Err(error) => return Err(error),
            }
        }
        Err(problems) => problems,
    };
    let drawn = Drawn::of::<AgreementForm>(&posted.typed, problems, 0);
    Ok(new_page(&agency, drawn).await?.into_response())
}

// ---- Signing ----

/// Questions that an agreement answered when it was added.
const SETTLED: [&str; 2] = ["kind", "programme"];

fn sign_page(agency: &Agency<Change>, found: &Found, drawn: Drawn) -> Page<FormPage> {
    let at = format!("{}/change", found.row.id);
    let drawn = SETTLED.into_iter().fold(drawn, Drawn::without);
    let title = found.row.title.clone();
    let page = form_page(agency, "Change an agreement", title, &at, drawn);
    let page = page.about(
        "Once both have signed, it is in force from the later day, and can only be ended or \
             replaced.",
    );
    Page(page)
}

fn both_signed() -> Error {
    Error::Refused(vec![Problem::new(
        "title",
        "Both have signed this agreement, so it stays as it is. Replace it with another instead",
    )])
}

async fn edit(agency: Agency<Change>, Path((_, agreement)): At) -> Result<Page<FormPage>> {
    let found = found(&agency, &agreement).await?;
    if !found.may_sign(agency.now().day()) {
        return Err(both_signed());
    }
    let drawn =
        Drawn::of::<AgreementForm>(&found.row.typed(), Vec::new(), found.row.version);
    Ok(sign_page(&agency, &found, drawn))
}

async fn change(
    agency: Agency<Change>,
    Path((_, agreement)): At,
    posted: Posted<AgreementForm>,
) -> Result<Response> {
    let found = found(&agency, &agreement).await?;
    let (of, id, today) = (agency.id(), found.row.id, agency.now().day());
    let version = posted.version().ok_or(Error::Stale)?;
    let problems = match terms_of(&posted, &SETTLED, today) {
        Ok(terms) => {
            let fields = posted.form.answered();
            let saved = agency
                .change(move |office| {
                    let conn = office.conn();
                    let row = store::one(conn, of, id)?;
                    if row.version != version {
                        return Err(Error::Stale.into());
                    }
                    if in_force(&row.term(), today, 0) != Standing::NotSigned {
                        return Err(both_signed().into());
                    }
                    store::rewrite(conn, &row, &terms, version)?;
                    Ok((Event::Changed(id, fields.clone()), ()))
                })
                .await;
            match saved {
                Ok(()) => {
                    let place = format!("/agencies/{of}/agreements/{id}?done=agreement");
                    return Ok(see_other(&place));
                }
                Err(Error::Refused(problems)) => problems,
                Err(error) => return Err(error),
            }
        }
        Err(problems) => problems,
    };
    let drawn = Drawn::of::<AgreementForm>(&posted.typed, problems, version);
    Ok(sign_page(&agency, &found, drawn).into_response())
}

// ---- Ending ----

fn end_page(agency: &Agency<Change>, found: &Found, drawn: Drawn) -> Page<FormPage> {
    let at = format!("{}/end", found.row.id);
    let title = found.row.title.clone();
    let page = form_page(agency, "End an agreement", title, &at, drawn);
    Page(page.button("End the agreement"))
}

fn over() -> Error {
    Error::Refused(vec![Problem::new(
        "last_day",
        "This agreement has ended, or its end is set already",
    )])
}

async fn ask_end(agency: Agency<Change>, Path((_, agreement)): At) -> Result<Page<FormPage>> {
    let found = found(&agency, &agreement).await?;
    let today = agency.now().day();
    if !found.may_end(today) {
        return Err(over());
    }
    let mut typed = Typed::default();
    typed.push("last_day".to_owned(), today.to_string());
    let drawn = Drawn::of::<EndForm>(&typed, Vec::new(), found.row.version);
    Ok(end_page(&agency, &found, drawn))
}

async fn end(
    agency: Agency<Change>,
    Path((_, agreement)): At,
    posted: Posted<EndForm>,
) -> Result<Response> {
    let found = found(&agency, &agreement).await?;
    let (of, id, today) = (agency.id(), found.row.id, agency.now().day());
    let version = posted.version().ok_or(Error::Stale)?;
    let mut problems = posted.problems.clone();
    if let (Some((side, last, reason)), true) = (posted.form.ending(), problems.is_empty()) {
        let by = match side {
            Side::Agency => EndedBy::Agency,
            Side::Programme => EndedBy::Programme,
        };
        let saved = agency
            .change(move |office| {
                let conn = office.conn();
                let row = store::one(conn, of, id)?;
                if row.version != version {
                    return Err(Error::Stale.into());
                }
                let open = row.ended_on.is_none()
                    && in_force(&row.term(), today, 0) != Standing::Ended;
                if !open {
                    return Err(over().into());
                }
                let problems = wrong_end(&row.term(), last, today);
                if !problems.is_empty() {
                    return Err(Error::Refused(problems).into());
                }
                store::terminate(conn, &row, version, by, last, reason.clone())?;
                Ok((Event::Ended(id), ()))
            })
            .await;
        match saved {
            Ok(()) => {
                let place = format!("/agencies/{of}/agreements/{id}?done=ended");
                return Ok(see_other(&place));
            }
            Err(Error::Refused(refused)) => problems = refused,
            Err(error) => return Err(error),
        }
    }
    let drawn = Drawn::of::<EndForm>(&posted.typed, problems, version);
    Ok(end_page(&agency, &found, drawn).into_response())
}

// ---- Replacing ----

fn replace_page(agency: &Agency<Change>, found: &Found, drawn: Drawn) -> Page<FormPage> {
    let at = format!("{}/replace", found.row.id);
    let drawn = SETTLED.into_iter().fold(drawn, Drawn::without);
    let title = found.row.title.clone();
    let page = form_page(agency, "Replace an agreement", title, &at, drawn);
    let page = page.about(
        "Record the agreement that takes its place: one with a later last day, or with other \
             terms. The old one goes on until the day on which the new one is in force.",
    );
    Page(page.button("Replace the agreement"))
}

fn not_replaceable() -> Error {
    Error::Refused(vec![Problem::new(
        "title",
        "Another agreement takes its place already, or one side ended it. Add a new one instead",
    )])
}

async fn ask_replace(agency: Agency<Change>, Path((_, agreement)): At) -> Result<Page<FormPage>> {
    let found = found(&agency, &agreement).await?;
    if !found.may_replace(agency.now().day()) {
        return Err(not_replaceable());
    }
    let drawn = Drawn::of::<AgreementForm>(&Typed::default(), Vec::new(), found.row.version);
    Ok(replace_page(&agency, &found, drawn))
}

async fn replace(
    agency: Agency<Change>,
    Path((_, agreement)): At,
    posted: Posted<AgreementForm>,
) -> Result<Response> {
    let found = found(&agency, &agreement).await?;
    let (of, old, today) = (agency.id(), found.row.id, agency.now().day());
    let version = posted.version().ok_or(Error::Stale)?;
    let problems = match terms_of(&posted, &SETTLED, today) {
        Ok(terms) => {
            let (new, fields) = (AgreementId::new(), posted.form.answered());
            let saved = agency
                .change(move |office| {
                    let conn = office.conn();
                    let row = store::one(conn, of, old)?;
                    if row.version != version {
                        return Err(Error::Stale.into());
                    }
                    let gone = matches!(
                        in_force(&row.term(), today, 0),
                        Standing::Terminated | Standing::Replaced
                    );
                    if row.replaced_by.is_some() || gone {
                        return Err(not_replaceable().into());
                    }
                    store::add(conn, new, of, row.programme_id, row.kind(), &terms)?;
                    let first = starts_on(terms.agency.as_ref(), terms.programme.as_ref());
                    store::replace(conn, &row, version, new, first)?;
                    Ok((Event::Replaced(old, fields.clone()), ()))
                })
                .await;
            match saved {
                Ok(()) => {
                    let place = format!("/agencies/{of}/agreements/{new}?done=replaced");
                    return Ok(see_other(&place));
                }
                Err(Error::Refused(problems)) => problems,
                Err(error) => return Err(error),
            }
        }
        Err(problems) => problems,
    };
    let drawn = Drawn::of::<AgreementForm>(&posted.typed, problems, version);
    Ok(replace_page(&agency, &found, drawn).into_response())
}
