//! Pages that workers of both lines read.

use std::fmt::Write as _;

use std::collections::{BTreeSet, HashMap};

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use kernel::{
    form::{Form, Problems, Typed},
    ids::{CaseId, UserId},
    label::{ClientLine, For, Labelled, Workers},
    plain::Plain,
    time::day_words,
};
use platform::{Case, Error, Page, Posted, Result, Routes, Scope, casefile, see_other};

use super::{
    Asked, Ids, SharedForm, Words, by, drawn, entry, frame, id,
    picture::{self, Called, Picture},
    taking_back, typed,
};
use crate::{
    contacts::{
        Event, Record, TakeBack, View, ViewKept,
        model::{
            About, Contact, ContactId, Method, NewClientContact, NewInvitation, NewLiaison, Outcome,
        },
        rhythm::{self, Seen},
        rules::{self, SeriesKind, Week, Weeks, Work},
        store,
    },
    duties,
    interventions::model::TakeBackForm,
    people,
    printing::text,
};

/// What is mounted.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/contacts", list)
        .get("/cases/{case}/contacts/liaison", new_liaison)
        .post("/cases/{case}/contacts/liaison", add_liaison)
        .get("/cases/{case}/contacts/client", new_client)
        .post("/cases/{case}/contacts/client", add_client)
        .get("/cases/{case}/contacts/invitation", new_invitation)
        .post("/cases/{case}/contacts/invitation", add_invitation)
        .get("/cases/{case}/contacts/{contact}/copy", copy)
        .get("/cases/{case}/contacts/{contact}/back", new_back)
        .post("/cases/{case}/contacts/{contact}/back", back)
}

type Out<T> = For<ClientLine, T>;

platform::rows! {
    /// A line of an entry.
    struct Line for ClientLine { label: &'static str, value: Out<String>, said: bool }
}
platform::rows! {
    /// An entry.
    struct EntryRow for ClientLine {
        id: ContactId,
        heading: &'static str,
        on: Out<String>,
        result: Out<String>,
        colour: Out<String>,
        lines: Vec<Line>,
        entered: Out<String>,
        late: Out<String>,
        by: Option<Plain>,
        back: Option<Out<String>>,
        may_take_back: bool,
    }
}
platform::page! {
    /// Contacts, liaison and meetings, with their rhythm.
    struct ListPage for ClientLine, "contacts/list.html" {
        frame: Frame,
        case: CaseId,
        open: bool,
        picture: Picture<ClientLine>,
        rows: Vec<EntryRow>,
        may_record: bool,
        apart: bool,
    }
}
use crate::shell::Frame;

/// The lines that are read first: what was said, and why nothing was.
const SAID: &[&str] = &["Shared and agreed", "What happened", "Reason"];

/// What an entry says, line by line, without day and result.
fn lines(row: &Contact) -> Vec<Line> {
    type Said = Labelled<String, Workers>;
    let mut lines = Vec::new();
    let mut line = |label, value: Option<Said>| {
        if let Some(value) = value {
            lines.push(Line {
                label,
                value: value.show(),
                said: SAID.contains(&label),
            });
        }
    };
    line("How", Some(row.method.map(|how| (*how).words().to_owned())));
    line(
        "Counts as",
        row.serves
            .as_ref()
            .map(|some| some.map(kernel::form::Value::words)),
    );
    line("Meeting", row.invited_to.clone());
    line(
        "Answer",
        row.response
            .as_ref()
            .map(|answer| answer.map(|answer| (*answer).words().to_owned())),
    );
    line("Who took part", row.took_part.clone());
    line(
        match row.about {
            About::Liaison => "Shared and agreed",
            About::Client | About::Invitation => "What happened",
        },
        row.body.clone(),
    );
    line("Reason", row.reason.clone());
    line(
        "Cancelled by",
        row.cancelled_by
            .as_ref()
            .map(|who| who.map(|who| (*who).words().to_owned())),
    );
    line(
        "Lead worker knows what is planned",
        row.briefed
            .as_ref()
            .map(|so| so.map(|so| (*so).words().to_owned())),
    );
    line("Planned work", row.planned.clone());
    line("Key risks", row.key_risks.clone());
    line("How to discuss it", row.discuss.clone());
    line(
        "Nine ways of misuse gone through",
        row.misuse_checked
            .as_ref()
            .map(|so| so.map(|so| (*so).words().to_owned())),
    );
    line(
        "Noticed",
        row.misuse
            .as_ref()
            .map(|some| some.map(kernel::form::Value::words)),
    );
    line("Safety considered", row.safety.clone());
    lines
}

fn heading(row: &Contact) -> &'static str {
    row.about.words()
}

fn entry_row(row: Contact, names: &HashMap<UserId, Plain>, takes: bool) -> EntryRow {
    let day = row.recorded_at.day();
    EntryRow {
        id: row.id,
        heading: heading(&row),
        lines: lines(&row),
        late: row
            .on
            .map(|on| if *on < day { "Entered later" } else { "" }.to_owned())
            .show(),
        on: row.on.map(|on| day_words(*on)).show(),
        result: row.result.map(|result| result.short().to_owned()).show(),
        colour: row
            .result
            .map(|result| {
                if *result == Outcome::Held {
                    "green"
                } else {
                    "yellow"
                }
                .to_owned()
            })
            .show(),
        entered: duties::model::said(row.recorded_at.words()),
        by: names.get(&row.recorded_by).cloned(),
        may_take_back: takes && row.back.is_none(),
        back: row.back.map(Labelled::show),
    }
}

/// The names of who recorded, without those that would tell who works with the survivor.
fn shown_names(scope: &mut impl Scope, rows: &[Contact]) -> Result<HashMap<UserId, Plain>> {
    let kept = people::store::survivor_side(scope)?;
    let shown: BTreeSet<UserId> = rows
        .iter()
        .map(|row| row.recorded_by)
        .filter(|user| !kept.contains(user))
        .collect();
    let shown: Vec<UserId> = shown.into_iter().collect();
    Ok(casefile::worker_names(scope.conn(), &shown)?
        .into_iter()
        .collect())
}

/// The rhythm of liaison, meetings and contacts with the client.
fn rhythm_of(
    scope: &mut impl Scope,
    facts: &duties::facts::Facts,
    asked: &Asked,
) -> Result<Picture<ClientLine>> {
    let settings = duties::store::settings(scope.conn())?;
    let spoken = store::spoken(scope)?;
    let now = Week::of(scope.now().day());
    let (first, last) = picture::shown(asked.until(), now);
    let work = Work::of(facts);
    let none = BTreeSet::new();
    let client = Weeks::of(spoken.client);
    let series = rules::shared_series(&facts.contact);
    let mut rows = Vec::new();
    let mut totals = Vec::new();
    for series in series {
        let (called, tried) = match series.kind {
            SeriesKind::Liaison => ("Liaison between professionals", &spoken.liaison_tried),
            SeriesKind::Meeting => ("Professionals’ meeting", &spoken.meeting_tried),
            SeriesKind::Contact => ("", &none),
        };
        let seen = Seen {
            tried,
            waived: &facts.waived,
            settings: &settings,
            now,
        };
        let cells = rhythm::cells(&series, work.as_ref(), first.to(last), seen);
        rows.push((Called::Ours(called), cells));
        if let Some((begin, end)) = picture::counted(work.as_ref(), now) {
            totals.extend(rhythm::cells(&series, work.as_ref(), begin.to(end), seen));
        }
    }
    rows.push((
        Called::Ours("Contact with the client"),
        rhythm::unowed(&client, &spoken.client_tried, first.to(last)),
    ));
    let begins = spoken
        .first
        .into_iter()
        .chain(work.as_ref().map(Work::opened))
        .min()
        .map(Week::of);
    Ok(picture::draw(
        (first, last, now),
        begins,
        rows,
        &totals,
        (scope.case(), "/contacts"),
    ))
}

async fn list(case: Case<View>, Query(asked): Query<Asked>) -> Result<Page<ListPage>> {
    let wanted = asked.clone();
    let (open, picture, entries, names) = case
        .read(move |r| {
            let facts = duties::facts::of_case(r)?;
            let picture = rhythm_of(r, &facts, &wanted)?;
            let now = Week::of(r.now().day());
            let (first, last) = picture::shown(wanted.until(), now);
            let rows = store::between(r, first.monday(), last.sunday())?;
            let names = shown_names(r, &rows)?;
            Ok((facts.intervention.is_open(), picture, rows, names))
        })
        .await?;
    let takes = case.could::<TakeBack>();
    Ok(Page(ListPage {
        frame: frame(&case, &asked),
        case: case.id(),
        open,
        picture,
        rows: entries
            .into_iter()
            .map(|row| entry_row(row, &names, takes))
            .collect(),
        may_record: case.could::<Record>(),
        apart: case.could::<ViewKept>(),
    }))
}

// ---- Recording ----

const LIAISON: Words = Words {
    place: "/contacts/liaison",
    back: "/contacts",
    title: "Record liaison or a meeting",
    explain: "",
    button: "Save",
};
const CLIENT: Words = Words {
    place: "/contacts/client",
    back: "/contacts",
    title: "Record a contact with the client",
    explain: "What was tried without success is recorded too, with its reason.",
    button: "Save",
};
const INVITATION: Words = Words {
    place: "/contacts/invitation",
    back: "/contacts",
    title: "Record an invitation",
    explain: "A conference or meeting about the children: that the client was asked, and what the answer was.",
    button: "Save",
};

fn form<F: Form>(
    case: &Case<Record>,
    words: &Words,
    typed: &Typed,
    problems: Problems,
) -> Page<SharedForm> {
    Page(SharedForm {
        frame: frame(case, &Asked::default()),
        title: words.title,
        explain: words.explain,
        entry: Plain::new(entry::<crate::contacts::model::ContactKind>(typed).to_string()),
        who: None,
        drawn: drawn::<F>(case.id(), words, typed, problems),
    })
}

/// Records an entry that a form gave, or draws the form again with what was typed.
async fn record<F: Form>(
    case: &Case<Record>,
    words: &Words,
    typed: &Typed,
    problems: Problems,
    new: Option<Contact>,
) -> Result<Response> {
    let (Some(new), true) = (new, problems.is_empty()) else {
        return Ok(form::<F>(case, words, typed, problems).into_response());
    };
    let id = new.id;
    let saved = case
        .change(move |tx| {
            store::add(tx, &new)?;
            Ok((Event::Recorded(id), ()))
        })
        .await;
    if let Err(error) = saved {
        // The second of two clicks finds the first one's entry.
        let twice =
            matches!(error, Error::Stale) && case.read(move |r| store::is_recorded(r, id)).await?;
        if !twice {
            return Err(error);
        }
    }
    Ok(see_other(&format!(
        "/cases/{}/contacts?done=saved",
        case.id()
    )))
}

async fn new_liaison(case: Case<Record>, Query(asked): Query<Asked>) -> Result<Page<SharedForm>> {
    let today = case.now().day();
    let last = case.read(|r| store::last_liaison(r)).await?;
    let wanted = rules::asked(&asked.duty, today);
    let day = match wanted {
        Some((.., day)) => day,
        None => Some(today),
    };
    let serves = match wanted {
        Some((SeriesKind::Meeting, ..)) => "meeting",
        _ => "liaison",
    };
    let (method, took_part) = store::again(last);
    let mut before = typed(&[
        (
            "held_on",
            day.map(|day| day.to_string()).unwrap_or_default(),
        ),
        ("method", method),
        ("serves", serves.to_owned()),
        ("took_part", took_part),
    ]);
    before.push("entry".to_owned(), ContactId::new().to_string());
    Ok(form::<NewLiaison>(
        &case,
        &LIAISON,
        &before,
        Problems::new(),
    ))
}

async fn add_liaison(case: Case<Record>, posted: Posted<NewLiaison>) -> Result<Response> {
    let mut problems = posted.problems;
    problems.extend(rules::check_liaison(&posted.form, case.now().day()));
    let new = rules::liaison(posted.form, entry(&posted.typed), by(&case));
    record::<NewLiaison>(&case, &LIAISON, &posted.typed, problems, new).await
}

async fn new_client(case: Case<Record>) -> Page<SharedForm> {
    let before = typed(&[
        ("held_on", case.now().day().to_string()),
        ("method", Method::FaceToFace.code().to_owned()),
    ]);
    form::<NewClientContact>(&case, &CLIENT, &before, Problems::new())
}

async fn add_client(case: Case<Record>, posted: Posted<NewClientContact>) -> Result<Response> {
    let mut problems = posted.problems;
    problems.extend(rules::check_client(&posted.form, case.now().day()));
    let new = rules::client(posted.form, entry(&posted.typed), by(&case));
    record::<NewClientContact>(&case, &CLIENT, &posted.typed, problems, new).await
}

async fn new_invitation(case: Case<Record>) -> Page<SharedForm> {
    let before = typed(&[
        ("held_on", case.now().day().to_string()),
        ("method", Method::Telephone.code().to_owned()),
    ]);
    form::<NewInvitation>(&case, &INVITATION, &before, Problems::new())
}

async fn add_invitation(case: Case<Record>, posted: Posted<NewInvitation>) -> Result<Response> {
    let mut problems = posted.problems;
    problems.extend(rules::check_invitation(&posted.form, case.now().day()));
    let new = rules::invitation(posted.form, entry(&posted.typed), by(&case));
    record::<NewInvitation>(&case, &INVITATION, &posted.typed, problems, new).await
}

// ---- Copy and correction ----

/// The entry as plain text, to be pasted into the case system of the council: typing twice kills a
/// product (`design.md` 6).
async fn copy(case: Case<View>, Path(path): Ids) -> Result<Response> {
    let id: ContactId = id(&path, "contact")?;
    let row = case.read(move |r| store::one(r, id)).await?;
    let on: Out<String> = row.on.map(|on| day_words(*on)).show();
    let result: Out<String> = row.result.map(|result| result.short().to_owned()).show();
    let mut text = format!("{on}: {}, {result}\n", heading(&row));
    for line in lines(&row) {
        let _ = writeln!(text, "{}: {}", line.label, line.value);
    }
    let _ = writeln!(text, "Recorded {}", row.recorded_at.words());
    Ok(text::shown(text))
}

const BACK: Words = Words {
    place: "",
    back: "/contacts",
    title: "Take back an entry",
    explain: "For what was entered in error. Record it anew as it was.",
    button: "Take it back",
};

fn back_form(
    case: &Case<TakeBack>,
    id: ContactId,
    typed: &Typed,
    problems: Problems,
) -> Page<SharedForm> {
    Page(SharedForm {
        frame: frame(case, &Asked::default()),
        title: BACK.title,
        explain: BACK.explain,
        entry: Plain::default(),
        who: None,
        drawn: taking_back::<Workers>(case.id(), &BACK, id, typed, problems),
    })
}

async fn new_back(case: Case<TakeBack>, Path(path): Ids) -> Result<Page<SharedForm>> {
    let id: ContactId = id(&path, "contact")?;
    case.read(move |r| store::one(r, id)).await?;
    Ok(back_form(&case, id, &Typed::default(), Problems::new()))
}

async fn back(
    case: Case<TakeBack>,
    Path(path): Ids,
    posted: Posted<TakeBackForm<Workers>>,
) -> Result<Response> {
    let id: ContactId = id(&path, "contact")?;
    let (Some(because), true) = (posted.form.because, posted.problems.is_empty()) else {
        return Ok(back_form(&case, id, &posted.typed, posted.problems).into_response());
    };
    case.change(move |tx| {
        store::take_back(tx, id, &because)?;
        Ok((Event::TakenBack(id), ()))
    })
    .await?;
    Ok(see_other(&format!(
        "/cases/{}/contacts?done=back",
        case.id()
    )))
}
