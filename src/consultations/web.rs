//! Pages of consultations.

mod apart;
mod counts;

use std::collections::{HashMap, HashSet};

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use kernel::{
    access::Tie,
    form::{Problems, Typed},
    ids::{CaseId, UserId},
    label::{Audience, ClientLine, For, Labelled, VisibleTo, Workers},
    plain::Plain,
    time::{Instant, day_words},
};
use platform::{
    Case, Error, Page, Permission, Posted, Result, Routes, Scope, Tx, casefile, see_other,
};
use serde::Deserialize;

use super::{
    Event, Read, ReadApart, Record,
    model::{ConsultationId, HeldId, MissedId, NewBooking, NewHeld, NewMissed, Revised},
    rules,
    store::{self, Booked, Consultation, Held},
};
use crate::{
    cases::{View, drawn::Drawn},
    people,
    printing::text,
    shell::{Frame, Ids, Named, NavItem, id},
};

/// What is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/consultations", list)
        .get("/cases/{case}/consultations/new", new)
        .get("/cases/{case}/consultations/unplanned", unplanned)
        .post("/cases/{case}/consultations/{consultation}/book", book)
        .get("/cases/{case}/consultations/{consultation}", show)
        .get("/cases/{case}/consultations/{consultation}/held", new_held)
        .post("/cases/{case}/consultations/{consultation}/held", hold)
        .get(
            "/cases/{case}/consultations/{consultation}/missed",
            new_missed,
        )
        .post("/cases/{case}/consultations/{consultation}/missed", miss)
        .get(
            "/cases/{case}/consultations/{consultation}/correct",
            new_correction,
        )
        .post(
            "/cases/{case}/consultations/{consultation}/correct",
            correct,
        )
        .get("/cases/{case}/consultations/{consultation}/copy", copy)
        .get(
            "/cases/{case}/consultations/{consultation}/copy.txt",
            copy_file,
        )
        .and(apart::routes())
        .and(counts::routes())
}

/// What the user may do next on a case.
pub fn next(case: &Case<View>) -> Vec<NavItem> {
    if !case.could::<Read>() {
        return Vec::new();
    }
    vec![NavItem {
        href: format!("/cases/{}/consultations", case.id()),
        text: "Consultations",
        current: false,
    }]
}

type Out<T> = For<ClientLine, T>;

/// What has just been done, in the address a save leads to.
#[derive(Debug, Default, Deserialize)]
struct Done {
    #[serde(default)]
    done: String,
}

impl Done {
    fn words(&self) -> Option<&'static str> {
        Some(match self.done.as_str() {
            "booked" => "The consultation is booked",
            "held" => "The consultation is recorded",
            "corrected" => "The correction is saved",
            "missed" => "It is recorded that it was not held",
            "apart" => "Saved, and kept apart",
            _ => return None,
        })
    }
}

fn frame<P: Permission>(case: &Case<P>, done: &Done) -> Frame {
    let frame = Frame::new(case.session(), case.app(), "/cases");
    match done.words() {
        Some(words) => frame.with_success(words),
        None => frame,
    }
}

/// A form that was sent twice did its work the first time: Back and a double click do no harm.
fn once<T>(saved: Result<T>) -> Result<()> {
    match saved {
        Ok(_) | Err(Error::Stale) => Ok(()),
        Err(error) => Err(error),
    }
}

platform::rows! {
    /// A consultation of a list.
    struct Line for ClientLine {
        id: ConsultationId,
        on: Out<String>,
        at: Option<Out<String>>,
        how: Out<String>,
        state: &'static str,
        colour: &'static str,
        said: Option<Out<String>>,
        open: bool,
        held: bool,
        /// For the wrong-place mark.
        item: &'static str,
    }
}
platform::page! {
    struct ListPage for ClientLine, "consultations/list.html" {
        frame: Frame,
        case: CaseId,
        promised: Option<Out<String>>,
        rows: Vec<Line>,
        may_record: bool,
        has_apart: bool,
    }
}

fn line(one: Consultation) -> Line {
    let (open, held) = (one.is_open(), !one.held.is_empty());
    let (state, colour) = match (held, open) {
        (true, _) => ("Held", "green"),
        (_, true) => ("Booked", ""),
        _ => ("Not held", "grey"),
    };
    let said = one
        .held
        .first()
        .map(|held| held.outcome.map(|outcome| outcome.words().to_owned()))
        .or_else(|| {
            one.missed
                .as_ref()
                .map(|missed| missed.absent().map(kernel::form::Value::words))
        });
    let last = one.held.first();
    let on = last.map_or(one.booked.planned_on, |held| held.held_on);
    let how = last.map_or(one.booked.meeting, |held| held.meeting);
    Line {
        id: one.booked.id,
        on: on.map(|day| day_words(*day)).show(),
        at: one.booked.planned_at.filter(|_| !held).map(Labelled::show),
        how: how.map(|meeting| meeting.words().to_owned()).show(),
        state,
        colour,
        said: said.map(Labelled::show),
        open,
        held,
        item: store::ITEM,
    }
}

async fn list(case: Case<Read>, Query(done): Query<Done>) -> Result<Page<ListPage>> {
    let (all, promised) = case
        .read(|r| {
            let promised = crate::acknowledgements::store::shown(r)?;
            Ok((store::of_case(r)?, promised.map(|row| row.consultation_on)))
        })
        .await?;
    Ok(Page(ListPage {
        frame: frame(&case, &done),
        case: case.id(),
        promised,
        rows: all.into_iter().map(line).collect(),
        may_record: case.could::<Record>(),
        has_apart: case.could::<ReadApart>(),
    }))
}

platform::page! {
    /// A form about a consultation.
    struct FormPage for ClientLine, "consultations/form.html" {
        frame: Frame,
        title: &'static str,
        explain: &'static str,
        drawn: Drawn,
    }
}

fn form_page(
    case: &Case<Record>,
    title: &'static str,
    explain: &'static str,
    drawn: Drawn,
) -> Page<FormPage> {
    Page(FormPage {
        frame: frame(case, &Done::default()),
        title,
        explain,
        drawn,
    })
}

// ---- Booking ----

fn booking_form(
    case: &Case<Record>,
    id: ConsultationId,
    typed: &Typed,
    problems: Problems,
) -> Page<FormPage> {
    let action = format!("/cases/{}/consultations/{id}/book", case.id());
    let back = format!("/cases/{}/consultations", case.id());
    let drawn = Drawn::new::<NewBooking>(action, back, "Book it", typed, problems);
    form_page(
        case,
        "Book a consultation",
        "For the social worker and the practitioner. Others who are asked to come are named when it was held.",
        drawn,
    )
}

async fn new(case: Case<Record>) -> Page<FormPage> {
    let mut typed = Typed::default();
    typed.push("meeting".to_owned(), "telephone".to_owned());
    booking_form(&case, ConsultationId::new(), &typed, Problems::new())
}

/// What a booking needs, once everything was answered.
fn booking(form: &NewBooking, id: ConsultationId, tx: &Tx<'_>) -> Option<Booked> {
    Some(Booked {
        id,
        case_id: tx.case(),
        planned_on: form.planned_on?,
        planned_at: form.planned_at.clone(),
        meeting: form.meeting.unwrap_or_else(rules::by_telephone),
        recorded_by: tx.actor(),
        recorded_at: tx.now(),
    })
}

async fn book(case: Case<Record>, Path(path): Ids, posted: Posted<NewBooking>) -> Result<Response> {
    let id: ConsultationId = id(&path, "consultation")?;
    let mut problems = posted.problems;
    problems.extend(rules::check_booking(&posted.form, case.now().day()));
    if !problems.is_empty() {
        return Ok(booking_form(&case, id, &posted.typed, problems).into_response());
    }
    let form = posted.form;
    once(
        case.change(move |tx| {
            let row = booking(&form, id, tx).ok_or(Error::Stale)?;
            store::book(tx, &row)?;
            Ok((Event::Booked(id), ()))
        })
        .await,
    )?;
    Ok(see_other(&format!(
        "/cases/{}/consultations?done=booked",
        case.id()
    )))
}

// ---- Held ----

const HELD: &str = "Record a consultation";
const HELD_EXPLAIN: &str = "All six areas are recorded, also where the intensive work will not suit. What would lead to the survivor has a place of its own.";

fn held_form(
    case: &Case<Record>,
    id: ConsultationId,
    typed: &Typed,
    problems: Problems,
) -> Page<FormPage> {
    let action = format!("/cases/{}/consultations/{id}/held", case.id());
    let back = format!("/cases/{}/consultations", case.id());
    let drawn = Drawn::new::<NewHeld>(action, back, "Save", typed, problems);
    form_page(case, HELD, HELD_EXPLAIN, drawn)
}

/// A consultation that nobody booked: it gets its id here, so that it is saved once however often
/// it is sent.
async fn unplanned(case: Case<Record>) -> Response {
    let id = ConsultationId::new();
    see_other(&format!("/cases/{}/consultations/{id}/held", case.id()))
}

/// Who most likely took part, each with the agency: who works with the client, the lead worker, who
/// sent the referral. Never who supports the survivor.
fn likely(r: &mut impl Scope) -> Result<String> {
    let now = r.now();
    let near: Vec<UserId> = casefile::ties(r)?
        .into_iter()
        .filter(|row| row.holds(now))
        .filter(|row| {
            matches!(
                row.tie(),
                Some(Tie::ClientLine | Tie::LeadWorker | Tie::Referrer)
            )
        })
        .map(|row| row.user_id)
        .collect();
    let lines: Vec<String> = people::store::workers(r)?
        .into_iter()
        .filter(|worker| near.contains(&worker.id))
        .map(|worker| format!("{}, {}", worker.name, worker.agency_name))
        .collect();
    Ok(lines.join("\n"))
}

async fn new_held(case: Case<Record>, Path(path): Ids) -> Result<Response> {
    let id: ConsultationId = id(&path, "consultation")?;
    let today = case.now().day();
    let (known, took_part) = case
        .read(move |r| {
            let known = if store::exists(r, id)? {
                Some(store::one(r, id)?)
            } else {
                None
            };
            Ok((known, likely(r)?))
        })
        .await?;
    if known.as_ref().is_some_and(|one| !one.is_open()) {
        return Ok(see_other(&format!(
            "/cases/{}/consultations/{id}",
            case.id()
        )));
    }
    let mut typed = known.map_or_else(
        || {
            let mut typed = Typed::default();
            typed.push("held_on".to_owned(), today.to_string());
            typed.push("meeting".to_owned(), "telephone".to_owned());
            typed
        },
        |one| one.booked.typed(today),
    );
    typed.push("took_part".to_owned(), took_part);
    Ok(held_form(&case, id, &typed, Problems::new()).into_response())
}

/// What is recorded, once everything needed was answered.
fn record(
    form: NewHeld,
    of: ConsultationId,
    reason: Option<Labelled<String, Workers>>,
    after: i32,
) -> Option<store::Record> {
    Some(store::Record {
        id: HeldId::new(),
        of,
        held_on: form.held_on?,
        meeting: form.meeting?,
        took_part: form.took_part?,
        presenting: form.presenting?,
        risk: form.risk?,
        needs: form.needs?,
        client_goals: form.client_goals?,
        survivor_goals: form.survivor_goals?,
        motivation: form.motivation?,
        strengths: form.strengths?,
        usable: form.usable,
        outcome: form.outcome?,
        outcome_note: form.outcome_note,
        theme: form.theme,
        reason,
        after,
    })
}

async fn hold(case: Case<Record>, Path(path): Ids, posted: Posted<NewHeld>) -> Result<Response> {
    let id: ConsultationId = id(&path, "consultation")?;
    let mut problems = posted.problems;
    problems.extend(rules::check_held(&posted.form, case.now().day()));
    let (true, Some(new)) = (problems.is_empty(), record(posted.form, id, None, 0)) else {
        return Ok(held_form(&case, id, &posted.typed, problems).into_response());
    };
    once(
        case.change(move |tx| {
            store::record(tx, &new)?;
            Ok((Event::Held(new.id), ()))
        })
        .await,
    )?;
    Ok(see_other(&format!(
        "/cases/{}/consultations/{id}?done=held",
        case.id()
    )))
}

// ---- Correcting ----

fn correction_form(
    case: &Case<Record>,
    id: ConsultationId,
    typed: &Typed,
    problems: Problems,
    version: i32,
) -> Page<FormPage> {
    let action = format!("/cases/{}/consultations/{id}/correct", case.id());
    let back = format!("/cases/{}/consultations/{id}", case.id());
    let drawn = Drawn::new::<Revised>(action, back, "Save the correction", typed, problems)
        .version(version);
    form_page(
        case,
        "Correct a consultation",
        "What was written before stays on the record.",
        drawn,
    )
}

async fn new_correction(case: Case<Record>, Path(path): Ids) -> Result<Page<FormPage>> {
    let id: ConsultationId = id(&path, "consultation")?;
    let one = case.read(move |r| store::one(r, id)).await?;
    let last = one.held.first().ok_or(Error::NotFound)?;
    Ok(correction_form(
        &case,
        id,
        &last.typed(),
        Problems::new(),
        revisions(&one),
    ))
}

/// How many revisions there are: each adds one.
fn revisions(one: &Consultation) -> i32 {
    i32::try_from(one.held.len()).unwrap_or(i32::MAX)
}

async fn correct(case: Case<Record>, Path(path): Ids, posted: Posted<Revised>) -> Result<Response> {
    let id: ConsultationId = id(&path, "consultation")?;
    let version = posted.version().unwrap_or(0);
    let mut problems = posted.problems;
    problems.extend(rules::check_held(&posted.form.held, case.now().day()));
    let (form, because) = (posted.form.held, posted.form.because);
    let new = record(form, id, because, version).filter(|new| new.reason.is_some());
    let (true, Some(new)) = (problems.is_empty(), new) else {
        return Ok(correction_form(&case, id, &posted.typed, problems, version).into_response());
    };
    if version < 1 {
        return Err(Error::Stale);
    }
    case.change(move |tx| {
        store::record(tx, &new)?;
        Ok((Event::Corrected(new.id), ()))
    })
    .await?;
    Ok(see_other(&format!(
        "/cases/{}/consultations/{id}?done=corrected",
        case.id()
    )))
}

// ---- Not held ----

fn missed_form(
    case: &Case<Record>,
    id: ConsultationId,
    typed: &Typed,
    problems: Problems,
) -> Page<FormPage> {
    let action = format!("/cases/{}/consultations/{id}/missed", case.id());
    let back = format!("/cases/{}/consultations", case.id());
    let drawn = Drawn::new::<NewMissed>(action, back, "Save", typed, problems);
    form_page(
        case,
        "Consultation not held",
        "It stays owed. If you know the new day, book it here at once.",
        drawn,
    )
}

async fn new_missed(case: Case<Record>, Path(path): Ids) -> Result<Response> {
    let id: ConsultationId = id(&path, "consultation")?;
    let one = case.read(move |r| store::one(r, id)).await?;
    if !one.is_open() {
        return Ok(see_other(&format!(
            "/cases/{}/consultations/{id}",
            case.id()
        )));
    }
    Ok(missed_form(&case, id, &Typed::default(), Problems::new()).into_response())
}

async fn miss(case: Case<Record>, Path(path): Ids, posted: Posted<NewMissed>) -> Result<Response> {
    let id: ConsultationId = id(&path, "consultation")?;
    let mut problems = posted.problems;
    problems.extend(rules::check_missed(&posted.form, case.now().day()));
    let form = posted.form;
    let (true, Some(absent)) = (problems.is_empty(), form.absent) else {
        return Ok(missed_form(&case, id, &posted.typed, problems).into_response());
    };
    let (missed, again) = (MissedId::new(), ConsultationId::new());
    let (why, new_day) = (form.why, form.again);
    once(
        case.change(move |tx| {
            store::miss(tx, missed, id, &absent, why.as_ref())?;
            if let Some(row) = booking(&new_day, again, tx) {
                store::book(tx, &row)?;
            }
            Ok((Event::Missed(missed), ()))
        })
        .await,
    )?;
    Ok(see_other(&format!(
        "/cases/{}/consultations?done=missed",
        case.id()
    )))
}

// ---- One consultation ----

platform::rows! {
    /// An area with what was said.
    struct AreaRow for ClientLine {
        what: &'static str,
        text: Out<String>,
        usable: Out<String>,
    }
}
platform::rows! {
    /// One revision of what was recorded.
    struct Revision for ClientLine {
        on: Out<String>,
        how: Out<String>,
        took_part: Out<String>,
        areas: Vec<AreaRow>,
        outcome: Out<String>,
        outcome_note: Option<Out<String>>,
        theme: Option<Out<String>>,
        reason: Option<Out<String>>,
        by: Option<Plain>,
        at: Instant,
    }
}
platform::page! {
    struct ShowPage for ClientLine, "consultations/show.html" {
        frame: Frame,
        case: CaseId,
        line: Line,
        why: Option<Out<String>>,
        now: Vec<Revision>,
        before: Vec<Revision>,
        may_record: bool,
        has_apart: bool,
    }
}

/// An area in words: its name, what was said, and whether it may be used with the client.
type Said<A> = (&'static str, For<A, String>, For<A, String>);

fn areas<A: Audience>(held: &Held) -> Vec<Said<A>>
where
    Workers: VisibleTo<A>,
{
    held.areas()
        .into_iter()
        .map(|(area, said)| {
            let usable = held.usable().map(|areas| {
                let usable = areas.0.contains(&area);
                if usable {
                    "May be used with the client"
                } else {
                    ""
                }
                .to_owned()
            });
            (area.words(), said.show(), usable.show())
        })
        .collect()
}

fn revision(
    held: &Held,
    names: &HashMap<UserId, Plain>,
    survivor_side: &HashSet<UserId>,
) -> Revision {
    Revision {
        on: held.held_on.map(|day| day_words(*day)).show(),
        how: held.meeting.map(|how| how.words().to_owned()).show(),
        took_part: held.took_part.clone().show(),
        areas: areas(held)
            .into_iter()
            .map(|(what, text, usable)| AreaRow { what, text, usable })
            .collect(),
        outcome: held
            .outcome
            .map(|outcome| outcome.words().to_owned())
            .show(),
        outcome_note: held.outcome_note.clone().map(Labelled::show),
        theme: held
            .theme
            .map(|theme| theme.map(|theme| theme.words().to_owned()).show()),
        reason: held.reason.clone().map(Labelled::show),
        by: crate::cases::rules::author_shown(held.recorded_by, survivor_side)
            .and_then(|id| names.get(&id).cloned()),
        at: held.recorded_at,
    }
}

async fn show(
    case: Case<Read>,
    Path(path): Ids,
    Query(done): Query<Done>,
) -> Result<Page<ShowPage>> {
    let id: ConsultationId = id(&path, "consultation")?;
    let (one, names, kept) = case
        .read(move |r| {
            let one = store::one(r, id)?;
            let who = one.held.iter().map(|held| held.recorded_by);
            let names = people::store::worker_names(r, who)?;
            Ok((one, names, people::store::survivor_side(r)?))
        })
        .await?;
    let mut revisions = one
        .held
        .iter()
        .map(|held| revision(held, &names, &kept))
        .collect::<Vec<_>>()
        .into_iter();
    let now = revisions.by_ref().take(1).collect();
    Ok(Page(ShowPage {
        frame: frame(&case, &done),
        case: case.id(),
        why: one
            .missed
            .as_ref()
            .and_then(|missed| missed.reason.clone())
            .map(Labelled::show),
        now,
        before: revisions.collect(),
        may_record: case.could::<Record>(),
        has_apart: case.could::<ReadApart>(),
        line: line(one),
    }))
}

// ---- Copy for the case system ----

platform::page! {
    /// Plain text that is copied into another system.
    struct CopyPage for ClientLine, "consultations/copy.html" {
        frame: Frame,
        back: Plain,
        file: Plain,
        text: Out<String>,
    }
}

async fn text_of(case: &Case<Read>, path: &Named) -> Result<Out<String>> {
    let id: ConsultationId = id(path, "consultation")?;
    let one = case.read(move |r| store::one(r, id)).await?;
    let last = one.held.first().ok_or(Error::NotFound)?;
    Ok(last.plain_text().show())
}

async fn copy(case: Case<Read>, Path(path): Ids) -> Result<Page<CopyPage>> {
    let text = text_of(&case, &path).await?;
    let id: ConsultationId = id(&path, "consultation")?;
    let back = format!("/cases/{}/consultations/{id}", case.id());
    Ok(Page(CopyPage {
        frame: frame(&case, &Done::default()),
        file: Plain::new(format!("{back}/copy.txt")),
        back: Plain::new(back),
        text,
    }))
}

async fn copy_file(case: Case<Read>, Path(path): Ids) -> Result<Response> {
    Ok(text::saved(text_of(&case, &path).await?))
}
