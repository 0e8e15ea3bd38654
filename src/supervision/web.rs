//! Pages of supervision.

mod slips;

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use kernel::{
    form::{Problems, Typed},
    ids::{CaseId, Id, UserId},
    label::{Audience, ClientLine, For, Labelled, Shows, Survivor, SurvivorLine, Workers},
    plain::Plain,
    time::{Instant, day_words},
};
use platform::{Case, Error, Page, Permission, Posted, Result, Routes, Scope as _, see_other};
use serde::Deserialize;

use super::{
    Event, Note, NoteApart, Read, ReadApart, SignOff,
    model::{NewNote, NewSignOff, NoteId, SignOffId, What},
    rules,
    store::{self, Item, Noted, NotedApart, SignedOff},
};
use crate::{
    cases::{View, drawn::Drawn, rules::author_shown},
    people,
    shell::{Frame, Ids, NavItem, id},
};

/// What is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/supervision", show)
        .get("/cases/{case}/supervision/new", new)
        .post("/cases/{case}/supervision/notes/{note}", add)
        .get("/cases/{case}/supervision/sign-off", new_sign_off)
        .post("/cases/{case}/supervision/sign-off", sign_off)
        .get("/cases/{case}/apart/supervision", show_apart)
        .get("/cases/{case}/apart/supervision/new", new_apart)
        .post("/cases/{case}/apart/supervision/notes/{note}", add_apart)
        .and(slips::routes())
}

/// What the user may do next on a case.
pub fn next(case: &Case<View>) -> Vec<NavItem> {
    if !case.could::<Read>() {
        return Vec::new();
    }
    vec![NavItem {
        href: format!("/cases/{}/supervision", case.id()),
        text: "Supervision",
        current: false,
    }]
}

type Out<T> = For<ClientLine, T>;
type Kept<T> = For<SurvivorLine, T>;

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
struct Done {
    #[serde(default)]
    done: String,
}

fn frame<P: Permission>(case: &Case<P>, done: &Done) -> Frame {
    let frame = Frame::new(case.session(), case.app(), "/cases");
    match done.done.as_str() {
        "noted" => frame.with_success("The decision is recorded"),
        "signed" => frame.with_success("It is signed off"),
        _ => frame,
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
    /// What was decided.
    struct NoteRow for ClientLine {
        on: Out<String>,
        note: Option<Out<String>>,
        decision: Out<String>,
        by: Option<Plain>,
        at: Instant,
    }
}
platform::rows! {
    /// What can be signed off, or was.
    struct ItemRow for ClientLine {
        what: What,
        item: Id<()>,
        on: Out<String>,
        signed_at: Option<Instant>,
        signed_by: Option<Plain>,
        note: Option<Out<String>>,
        mine: bool,
    }
}
platform::page! {
    struct ShowPage for ClientLine, "supervision/show.html" {
        frame: Frame,
        case: CaseId,
        notes: Vec<NoteRow>,
        items: Vec<ItemRow>,
        may_note: bool,
        may_sign: bool,
        has_apart: bool,
    }
}

async fn show(case: Case<Read>, Query(done): Query<Done>) -> Result<Page<ShowPage>> {
    let (notes, items, signed, names, kept) = case
        .read(|r| {
            let (notes, signed) = (store::notes(r)?, store::signed_off(r)?);
            let who = notes
                .iter()
                .map(|row| row.recorded_by)
                .chain(signed.iter().map(|row| row.recorded_by));
            let names = people::store::worker_names(r, who)?;
            let kept = people::store::survivor_side(r)?;
            Ok((notes, store::items(r)?, signed, names, kept))
        })
        .await?;
    let author = |user: UserId| author_shown(user, &kept).and_then(|id| names.get(&id).cloned());
    let (may_sign, me) = (case.could::<SignOff>(), case.session().actor.user);
    Ok(Page(ShowPage {
        frame: frame(&case, &done),
        case: case.id(),
        items: items
            .into_iter()
            .map(|item| {
                let by = signed.iter().find(|row| row.item == item.id);
                ItemRow {
                    what: item.what,
                    item: item.id,
                    on: item.on.map(|day| day_words(*day)).show(),
                    signed_at: by.map(|row| row.recorded_at),
                    signed_by: by.and_then(|row| author(row.recorded_by)),
                    note: by.and_then(|row| row.note.clone()).map(Labelled::show),
                    mine: may_sign && rules::may_sign_off(&me, &item.authors),
                }
            })
            .collect(),
        notes: notes
            .into_iter()
            .map(|row| NoteRow {
                by: author(row.recorded_by),
                on: row.noted_on.map(|day| day_words(*day)).show(),
                note: row.note.map(Labelled::show),
                decision: row.decision.show(),
                at: row.recorded_at,
            })
            .collect(),
        may_note: case.could::<Note>(),
        may_sign,
        has_apart: case.could::<ReadApart>(),
    }))
}

// ---- Deciding ----

/// What a form carries along.
struct Hidden {
    name: &'static str,
    value: String,
}
impl<A: Audience> Shows<A> for Hidden {}

platform::page! {
    struct FormPage for ClientLine, "supervision/form.html" {
        frame: Frame,
        title: &'static str,
        explain: &'static str,
        hidden: Vec<Hidden>,
        drawn: Drawn,
    }
}
platform::page! {
    struct FormApartPage for SurvivorLine, "supervision/form.html" {
        frame: Frame,
        title: &'static str,
        explain: &'static str,
        hidden: Vec<Hidden>,
        drawn: Drawn,
    }
}

fn today(typed: &mut Typed, on: jiff::civil::Date) {
    typed.push("noted_on".to_owned(), on.to_string());
}

fn note_form(case: &Case<Note>, id: NoteId, typed: &Typed, problems: Problems) -> Page<FormPage> {
    let action = format!("/cases/{}/supervision/notes/{id}", case.id());
    let back = format!("/cases/{}/supervision", case.id());
    Page(FormPage {
        frame: frame(case, &Done::default()),
        title: "Record a decision",
        explain: "Workers of both lines read it.",
        hidden: Vec::new(),
        drawn: Drawn::new::<NewNote<Workers>>(action, back, "Save", typed, problems),
    })
}

async fn new(case: Case<Note>) -> Page<FormPage> {
    let mut typed = Typed::default();
    today(&mut typed, case.now().day());
    note_form(&case, NoteId::new(), &typed, Problems::new())
}

async fn add(
    case: Case<Note>,
    Path(path): Ids,
    posted: Posted<NewNote<Workers>>,
) -> Result<Response> {
    let id: NoteId = id(&path, "note")?;
    let (mut problems, form) = (posted.problems, posted.form);
    problems.extend(rules::check_note(&form.noted_on, case.now().day()));
    let (true, Some(noted_on), Some(decision)) =
        (problems.is_empty(), form.noted_on, form.decision)
    else {
        return Ok(note_form(&case, id, &posted.typed, problems).into_response());
    };
    let note = form.note;
    once(
        case.change(move |tx| {
            let row = Noted {
                id,
                case_id: tx.case(),
                noted_on,
                note: note.clone(),
                decision: decision.clone(),
                recorded_by: tx.actor(),
                recorded_at: tx.now(),
            };
            store::add_note(tx, &row)?;
            Ok((Event::Noted(id), ()))
        })
        .await,
    )?;
    Ok(see_other(&format!(
        "/cases/{}/supervision?done=noted",
        case.id()
    )))
}

// ---- The survivor's side ----

platform::rows! {
    /// What was decided.
    struct NoteApartRow for SurvivorLine {
        on: Kept<String>,
        note: Option<Kept<String>>,
        decision: Kept<String>,
        by: Plain,
        at: Instant,
    }
}
platform::page! {
    struct ApartPage for SurvivorLine, "supervision/apart.html" {
        frame: Frame,
        case: CaseId,
        notes: Vec<NoteApartRow>,
        may_note: bool,
    }
}

async fn show_apart(case: Case<ReadApart>, Query(done): Query<Done>) -> Result<Page<ApartPage>> {
    let (notes, names) = case
        .read(|r| {
            let notes = store::notes_apart(r)?;
            let names = people::store::worker_names(r, notes.iter().map(|row| row.recorded_by))?;
            Ok((notes, names))
        })
        .await?;
    Ok(Page(ApartPage {
        frame: frame(&case, &done),
        case: case.id(),
        notes: notes
            .into_iter()
            .map(|row| NoteApartRow {
                on: row.noted_on.map(|day| day_words(*day)).show(),
                note: row.note.map(Labelled::show),
                decision: row.decision.show(),
                by: names.get(&row.recorded_by).cloned().unwrap_or_default(),
                at: row.recorded_at,
            })
            .collect(),
        may_note: case.could::<NoteApart>(),
    }))
}

fn note_apart_form(
    case: &Case<NoteApart>,
    id: NoteId,
    typed: &Typed,
    problems: Problems,
) -> Page<FormApartPage> {
    let action = format!("/cases/{}/apart/supervision/notes/{id}", case.id());
    let back = format!("/cases/{}/apart/supervision", case.id());
    Page(FormApartPage {
        frame: frame(case, &Done::default()),
        title: "Record a decision, kept apart",
        explain: "Only workers for the survivor and the children read it.",
        hidden: Vec::new(),
        drawn: Drawn::new::<NewNote<Survivor>>(action, back, "Save", typed, problems),
    })
}

async fn new_apart(case: Case<NoteApart>) -> Page<FormApartPage> {
    let mut typed = Typed::default();
    today(&mut typed, case.now().day());
    note_apart_form(&case, NoteId::new(), &typed, Problems::new())
}

async fn add_apart(
    case: Case<NoteApart>,
    Path(path): Ids,
    posted: Posted<NewNote<Survivor>>,
) -> Result<Response> {
    let id: NoteId = id(&path, "note")?;
    let (mut problems, form) = (posted.problems, posted.form);
    problems.extend(rules::check_note(&form.noted_on, case.now().day()));
    let (true, Some(noted_on), Some(decision)) =
        (problems.is_empty(), form.noted_on, form.decision)
    else {
        return Ok(note_apart_form(&case, id, &posted.typed, problems).into_response());
    };
    let note = form.note;
    once(
        case.change(move |tx| {
            let row = NotedApart {
                id,
                case_id: tx.case(),
                noted_on,
                note: note.clone(),
                decision: decision.clone(),
                recorded_by: tx.actor(),
                recorded_at: tx.now(),
            };
            store::add_note_apart(tx, &row)?;
            Ok((Event::NotedApart(id), ()))
        })
        .await,
    )?;
    Ok(see_other(&format!(
        "/cases/{}/apart/supervision?done=noted",
        case.id()
    )))
}

// ---- Signing off ----

/// Which thing is to be signed off, in the address.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    what: String,
    #[serde(default)]
    item: String,
}

/// The thing that was asked for, if the case has it.
async fn item_of(case: &Case<SignOff>, typed: &Typed) -> Result<Item> {
    let what = What::from_code(typed.get("what")).ok_or(Error::NotFound)?;
    let id: Id<()> = typed.get("item").parse().map_err(|_| Error::NotFound)?;
    case.read(move |r| {
        let mut all = store::items(r)?.into_iter();
        all.find(|item| item.what == what && item.id == id)
            .ok_or(Error::NotFound)
    })
    .await
}

fn sign_off_form(
    case: &Case<SignOff>,
    item: &Item,
    typed: &Typed,
    problems: Problems,
) -> Page<FormPage> {
    let action = format!("/cases/{}/supervision/sign-off", case.id());
    let back = format!("/cases/{}/supervision", case.id());
    Page(FormPage {
        frame: frame(case, &Done::default()),
        title: match item.what {
            What::Consultation => "Sign off a consultation",
            What::Plan => "Sign off a version of the plan",
            What::Closure => "Sign off a closure",
        },
        explain: "Read it first. Your name and the time are recorded.",
        hidden: ["what", "item"]
            .into_iter()
            .map(|name| Hidden {
                name,
                value: typed.get(name).to_owned(),
            })
            .collect(),
        drawn: Drawn::new::<NewSignOff>(action, back, "Sign it off", typed, problems),
    })
}

async fn new_sign_off(case: Case<SignOff>, Query(asked): Query<Asked>) -> Result<Page<FormPage>> {
    let mut typed = Typed::default();
    typed.push("what".to_owned(), asked.what);
    typed.push("item".to_owned(), asked.item);
    let item = item_of(&case, &typed).await?;
    Ok(sign_off_form(&case, &item, &typed, Problems::new()))
}

async fn sign_off(case: Case<SignOff>, posted: Posted<NewSignOff>) -> Result<Response> {
    let item = item_of(&case, &posted.typed).await?;
    let (true, Some(what)) = (posted.problems.is_empty(), posted.form.what) else {
        return Ok(sign_off_form(&case, &item, &posted.typed, posted.problems).into_response());
    };
    let (id, thing, note) = (SignOffId::new(), item.id, posted.form.note);
    let saved = case
        .change(move |tx| {
            let row = SignedOff {
                id,
                case_id: tx.case(),
                what,
                item: thing,
                note: note.clone(),
                recorded_by: tx.actor(),
                recorded_at: tx.now(),
            };
            store::sign_off(tx, &row)?;
            Ok((Event::SignedOff(id), ()))
        })
        .await;
    if let Err(Error::Refused(problems)) = saved {
        return Ok(sign_off_form(&case, &item, &posted.typed, problems).into_response());
    }
    once(saved)?;
    Ok(see_other(&format!(
        "/cases/{}/supervision?done=signed",
        case.id()
    )))
}
