//! Pages that only the survivor's side reads.

use std::fmt::Write as _;

use std::collections::{BTreeSet, HashMap};

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use kernel::{
    form::{Form, Problems, Typed},
    ids::{CaseId, UserId},
    label::{For, Label, Labelled, Survivor, SurvivorLine, VisibleTo},
    plain::Plain,
    time::day_words,
};
use platform::{Case, Error, Page, Permission, Posted, Result, Routes, Scope, casefile, see_other};

use super::{
    Asked, Ids, KeptForm, Words, drawn, entry, frame, id,
    picture::{self, Called, Picture},
    taking_back, typed,
};
use crate::{
    cases::drawn::{Pick, Picks, Says},
    contacts::{
        Event, RecordKept, TakeBackKept, ViewKept,
        model::{
            KeptContact, Method, NewConfirmation, NewVisit, Outcome, Visit, VisitId, VisitKind,
        },
        rhythm::{self, Seen},
        rules::{self, Week, Work},
        store::{self, AnyKept},
    },
    duties,
    interventions::model::TakeBackForm,
    people::{
        self,
        model::{PartId, PartRole},
        store::Names,
    },
    printing::text,
    shell::Frame,
};

/// What is mounted.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/apart/contacts", list)
        .get("/cases/{case}/apart/contacts/new", new_visit)
        .post("/cases/{case}/apart/contacts/new", add_visit)
        .get("/cases/{case}/apart/contacts/confirm", new_confirmation)
        .post("/cases/{case}/apart/contacts/confirm", confirm)
        .get("/cases/{case}/apart/contacts/{visit}/copy", copy)
        .get("/cases/{case}/apart/contacts/{visit}/back", new_back)
        .post("/cases/{case}/apart/contacts/{visit}/back", back)
}

type Kept<T> = For<SurvivorLine, T>;

platform::rows! {
    /// A line of an entry.
    struct Line for SurvivorLine { label: &'static str, value: Kept<String>, said: bool }
}
platform::rows! {
    /// An entry.
    struct EntryRow for SurvivorLine {
        visit: VisitId,
        name: Option<Kept<String>>,
        on: Kept<String>,
        result: Kept<String>,
        colour: Kept<String>,
        lines: Vec<Line>,
        entered: Kept<String>,
        late: Kept<String>,
        by: Option<Plain>,
        back: Option<Kept<String>>,
        may_take_back: bool,
    }
}
platform::page! {
    /// Contacts with the survivor and the children, with the whole rhythm.
    struct ListPage for SurvivorLine, "contacts/kept.html" {
        frame: Frame,
        case: CaseId,
        open: bool,
        stopped: bool,
        picture: Picture<SurvivorLine>,
        rows: Vec<EntryRow>,
        may_record: bool,
    }
}

/// The lines that are read first: what was said, and why nothing was.
const SAID: &[&str] = &["Says, wants, needs", "What happened", "Reason"];

/// What an entry says, line by line, without person, day and result.
fn lines<L: Label + VisibleTo<SurvivorLine>>(row: &KeptContact<L>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut line = |label, value: Option<Labelled<String, L>>| {
        if let Some(value) = value {
            lines.push(Line {
                label,
                value: value.show(),
                said: SAID.contains(&label),
            });
        }
    };
    let yes_no = |so: &Option<Labelled<kernel::form::YesNo, L>>| {
        so.as_ref().map(|so| so.map(|so| (*so).words().to_owned()))
    };
    line("Confirmed at liaison by", row.confirmed_by.clone());
    line(
        "How",
        row.method
            .as_ref()
            .map(|how| how.map(|how| (*how).words().to_owned())),
    );
    line("Seen alone", yes_no(&row.alone));
    line("Safe place", yes_no(&row.safe_place));
    line("Where", row.place.clone());
    line("Says, wants, needs", row.voice.clone());
    line("What happened", row.body.clone());
    line("Reason", row.reason.clone());
    line(
        "Cancelled by",
        row.cancelled_by
            .as_ref()
            .map(|who| who.map(|who| (*who).words().to_owned())),
    );
    line(
        "Told that change is not certain and planning goes on",
        yes_no(&row.expectations),
    );
    line("Exercise talked through", row.exercise.clone());
    line(
        "Agreed about it",
        row.consulted
            .as_ref()
            .map(|so| so.map(|so| (*so).words().to_owned())),
    );
    line(
        "Nine ways of misuse gone through",
        yes_no(&row.misuse_checked),
    );
    line(
        "Noticed",
        row.misuse
            .as_ref()
            .map(|some| some.map(kernel::form::Value::words)),
    );
    lines
}

fn entry_of<L: Label + VisibleTo<SurvivorLine>>(
    row: &KeptContact<L>,
    people: &Names,
    names: &HashMap<UserId, Plain>,
    takes: bool,
) -> EntryRow {
    let day = row.recorded_at.day();
    EntryRow {
        visit: row.visit,
        name: people.of(row.part).map(Labelled::show),
        lines: lines(row),
        on: row.on.map(|on| day_words(*on)).show(),
        late: row
            .on
            .map(|on| if *on < day { "Entered later" } else { "" }.to_owned())
            .show(),
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
        back: row.back.clone().map(Labelled::show),
    }
}

fn entry_row(
    row: &AnyKept,
    people: &Names,
    names: &HashMap<UserId, Plain>,
    takes: bool,
) -> EntryRow {
    match row {
        AnyKept::Survivor(row) => entry_of(row, people, names, takes),
        AnyKept::Child(row) => entry_of(row, people, names, takes),
    }
}

fn author(row: &AnyKept) -> UserId {
    match row {
        AnyKept::Survivor(row) => row.recorded_by,
        AnyKept::Child(row) => row.recorded_by,
    }
}

/// The rhythm of everything that is done each week.
fn rhythm_of(
    scope: &mut impl Scope,
    facts: &duties::facts::Facts,
    people: &Names,
    asked: &Asked,
) -> Result<Picture<SurvivorLine>> {
    let settings = duties::store::settings(scope.conn())?;
    let spoken = store::spoken(scope)?;
    let tried = store::kept_tried(scope)?;
    let now = Week::of(scope.now().day());
    let (first, last) = picture::shown(asked.until(), now);
    let work = Work::of(facts);
    let none = BTreeSet::new();
    let mut all = rules::kept_series(&facts.contact, work.as_ref());
    all.extend(rules::shared_series(&facts.contact));
    let mut rows = Vec::new();
    let mut totals = Vec::new();
    for series in all {
        let (called, tried) = match (series.part, series.kind) {
            (Some(part), _) => (
                people
                    .of(part)
                    .map_or(Called::Ours("Name not known"), |name| {
                        Called::Name(name.show())
                    }),
                tried.get(&part).unwrap_or(&none),
            ),
            (None, rules::SeriesKind::Meeting) => (
                Called::Ours("Professionals’ meeting"),
                &spoken.meeting_tried,
            ),
            (None, _) => (
                Called::Ours("Liaison between professionals"),
                &spoken.liaison_tried,
            ),
        };
        let seen = Seen {
            tried,
            waived: &facts.waived,
            settings: &settings,
            now,
        };
        let cells = rhythm::cells(&series, work.as_ref(), first.to(last), seen);
        rows.push((called, cells));
        if let Some((begin, end)) = picture::counted(work.as_ref(), now) {
            totals.extend(rhythm::cells(&series, work.as_ref(), begin.to(end), seen));
        }
    }
    let begins = spoken
        .first
        .into_iter()
        .chain(store::kept_first_day(scope)?)
        .chain(work.as_ref().map(Work::opened))
        .min()
        .map(Week::of);
    Ok(picture::draw(
        (first, last, now),
        begins,
        rows,
        &totals,
        (scope.case(), "/apart/contacts"),
    ))
}

async fn list(case: Case<ViewKept>, Query(asked): Query<Asked>) -> Result<Page<ListPage>> {
    let wanted = asked.clone();
    let takes = case.could::<TakeBackKept>();
    let (facts, picture, rows) = case
        .read(move |r| {
            let facts = duties::facts::of_case(r)?;
            let people = people::store::names(r)?;
            let picture = rhythm_of(r, &facts, &people, &wanted)?;
            let now = Week::of(r.now().day());
            let (first, last) = picture::shown(wanted.until(), now);
            let rows = store::kept_between(r, first.monday(), last.sunday())?;
            let authors: BTreeSet<UserId> = rows.iter().map(author).collect();
            let authors: Vec<UserId> = authors.into_iter().collect();
            let names = casefile::worker_names(r.conn(), &authors)?
                .into_iter()
                .collect();
            let rows = rows
                .iter()
                .map(|row| entry_row(row, &people, &names, takes))
                .collect();
            Ok((facts, picture, rows))
        })
        .await?;
    Ok(Page(ListPage {
        frame: frame(&case, &asked),
        case: case.id(),
        open: facts.intervention.is_open(),
        stopped: facts.participation.withdrawn_pending,
        picture,
        rows,
        may_record: case.could::<RecordKept>(),
    }))
}

// ---- Recording ----

const VISIT: Words = Words {
    place: "/apart/contacts/new",
    back: "/apart/contacts",
    title: "Record a contact",
    explain: "One entry serves everybody who is ticked. What was tried without success is recorded too, with its reason.",
    button: "Save",
};
const CONFIRMATION: Words = Words {
    place: "/apart/contacts/confirm",
    back: "/apart/contacts",
    title: "Confirmed at liaison",
    explain: "For the lead worker’s own contact: that it took place, nothing of what was said.",
    button: "Save",
};

/// Somebody who may be ticked: who, whether a child, and the name.
type Choice = (PartId, bool, Kept<String>);

/// The people who may be ticked.
async fn people_of<P: Permission>(case: &Case<P>) -> Result<Vec<Choice>> {
    case.read(|r| {
        Ok(people::store::parts(r)?
            .into_iter()
            .filter(|part| matches!(part.role, PartRole::Survivor | PartRole::Child))
            .map(|part| (part.id, part.role == PartRole::Child, part.name.show()))
            .collect())
    })
    .await
}

fn form<F: Form>(
    case: &Case<RecordKept>,
    words: &Words,
    people: Vec<Choice>,
    typed: &Typed,
    problems: Problems,
) -> Page<KeptForm> {
    let chosen: Vec<&str> = typed.get("who").split(',').map(str::trim).collect();
    let who = Picks {
        name: "who",
        text: "With whom?",
        hint: "",
        after: "",
        none: "",
        problem: problems
            .iter()
            .find(|problem| problem.field == "who")
            .map(|problem| problem.message.clone()),
        choices: people
            .into_iter()
            .map(|(part, _, name)| {
                let code = part.to_string();
                Pick {
                    chosen: chosen.contains(&code.as_str()),
                    text: Says::Value(name),
                    code,
                }
            })
            .collect(),
    };
    Page(KeptForm {
        frame: frame(case, &Asked::default()),
        title: words.title,
        explain: words.explain,
        entry: Plain::new(entry::<VisitKind>(typed).to_string()),
        who: Some(who),
        drawn: drawn::<F>(case.id(), words, typed, problems),
    })
}

/// Records a contact that a form gave. None means that there was something wrong.
async fn record(case: &Case<RecordKept>, new: Visit) -> Result<Response> {
    let id = new.id;
    let saved = case
        .change(move |tx| {
            store::add_visit(tx, &new)?;
            Ok((Event::RecordedKept(id), ()))
        })
        .await;
    if let Err(error) = saved {
        // The second of two clicks finds the first one's entry.
        let twice = matches!(error, Error::Stale)
            && !case.read(move |r| store::visit(r, id)).await?.is_empty();
        if !twice {
            return Err(error);
        }
    }
    Ok(see_other(&format!(
        "/cases/{}/apart/contacts?done=saved",
        case.id()
    )))
}

async fn new_visit(case: Case<RecordKept>, Query(asked): Query<Asked>) -> Result<Page<KeptForm>> {
    let today = case.now().day();
    let people = people_of(&case).await?;
    let wanted = rules::asked(&asked.duty, today);
    let part = wanted.and_then(|(_, part, _)| part);
    let method = match part {
        Some(part) => case.read(move |r| store::last_method(r, part)).await?,
        None => None,
    };
    let day = match wanted {
        Some((.., day)) => day,
        None => Some(today),
    };
    let before = typed(&[
        ("entry", VisitId::new().to_string()),
        ("who", part.map(|part| part.to_string()).unwrap_or_default()),
        (
            "held_on",
            day.map(|day| day.to_string()).unwrap_or_default(),
        ),
        (
            "method",
            method.unwrap_or(Method::FaceToFace).code().to_owned(),
        ),
    ]);
    Ok(form::<NewVisit>(
        &case,
        &VISIT,
        people,
        &before,
        Problems::new(),
    ))
}

fn ids(people: &[Choice]) -> Vec<(PartId, bool)> {
    people.iter().map(|(id, child, _)| (*id, *child)).collect()
}

async fn add_visit(case: Case<RecordKept>, posted: Posted<NewVisit>) -> Result<Response> {
    let people = people_of(&case).await?;
    let mut problems = posted.problems;
    problems.extend(rules::check_visit(&posted.form, case.now().day()));
    let new = match rules::ticked(posted.form.who.as_ref(), &ids(&people)) {
        Ok(who) => rules::visit(posted.form, entry(&posted.typed), who),
        Err(problem) => {
            problems.retain(|known| known.field != "who");
            problems.insert(0, problem);
            None
        }
    };
    match new {
        Some(new) if problems.is_empty() => record(&case, new).await,
        _ => Ok(form::<NewVisit>(&case, &VISIT, people, &posted.typed, problems).into_response()),
    }
}

async fn new_confirmation(
    case: Case<RecordKept>,
    Query(asked): Query<Asked>,
) -> Result<Page<KeptForm>> {
    let people = people_of(&case).await?;
    let wanted = rules::asked(&asked.duty, case.now().day());
    let part = wanted.and_then(|(_, part, _)| part);
    let before = typed(&[
        ("entry", VisitId::new().to_string()),
        ("who", part.map(|part| part.to_string()).unwrap_or_default()),
    ]);
    Ok(form::<NewConfirmation>(
        &case,
        &CONFIRMATION,
        people,
        &before,
        Problems::new(),
    ))
}

async fn confirm(case: Case<RecordKept>, posted: Posted<NewConfirmation>) -> Result<Response> {
    let people = people_of(&case).await?;
    let mut problems = posted.problems;
    problems.extend(rules::check_confirmation(&posted.form, case.now().day()));
    let new = match rules::ticked(posted.form.who.as_ref(), &ids(&people)) {
        Ok(who) => rules::confirmed(posted.form, entry(&posted.typed), who),
        Err(problem) => {
            problems.retain(|known| known.field != "who");
            problems.insert(0, problem);
            None
        }
    };
    match new {
        Some(new) if problems.is_empty() => record(&case, new).await,
        _ => Ok(
            form::<NewConfirmation>(&case, &CONFIRMATION, people, &posted.typed, problems)
                .into_response(),
        ),
    }
}

// ---- Copy and correction ----

/// The contact as plain text, to be pasted into the case system of the council.
async fn copy(case: Case<ViewKept>, Path(path): Ids) -> Result<Response> {
    let id: VisitId = id(&path, "visit")?;
    let rows: Vec<EntryRow> = case
        .read(move |r| {
            let people = people::store::names(r)?;
            let rows = store::visit(r, id)?;
            Ok(rows
                .iter()
                .map(|row| entry_row(row, &people, &HashMap::new(), false))
                .collect())
        })
        .await?;
    if rows.is_empty() {
        return Err(Error::NotFound);
    }
    let mut text = String::new();
    for row in rows {
        let name = row.name.map(For::into_inner).unwrap_or_default();
        let _ = writeln!(text, "{}: contact with {name}, {}", row.on, row.result);
        for line in row.lines {
            let _ = writeln!(text, "{}: {}", line.label, line.value);
        }
        let _ = writeln!(text, "Recorded {}\n", row.entered);
    }
    Ok(text::shown(text))
}

const BACK: Words = Words {
    place: "",
    back: "/apart/contacts",
    title: "Take back an entry",
    explain: "For what was entered in error, for everybody it names. Record it anew as it was.",
    button: "Take it back",
};

fn back_form(
    case: &Case<TakeBackKept>,
    id: VisitId,
    typed: &Typed,
    problems: Problems,
) -> Page<KeptForm> {
    Page(KeptForm {
        frame: frame(case, &Asked::default()),
        title: BACK.title,
        explain: BACK.explain,
        entry: Plain::default(),
        who: None,
        drawn: taking_back::<Survivor>(case.id(), &BACK, id, typed, problems),
    })
}

async fn new_back(case: Case<TakeBackKept>, Path(path): Ids) -> Result<Page<KeptForm>> {
    let id: VisitId = id(&path, "visit")?;
    if case.read(move |r| store::visit(r, id)).await?.is_empty() {
        return Err(Error::NotFound);
    }
    Ok(back_form(&case, id, &Typed::default(), Problems::new()))
}

async fn back(
    case: Case<TakeBackKept>,
    Path(path): Ids,
    posted: Posted<TakeBackForm<Survivor>>,
) -> Result<Response> {
    let id: VisitId = id(&path, "visit")?;
    let (Some(because), true) = (posted.form.because, posted.problems.is_empty()) else {
        return Ok(back_form(&case, id, &posted.typed, posted.problems).into_response());
    };
    case.change(move |tx| {
        store::take_back_visit(tx, id, &because)?;
        Ok((Event::TakenBackKept(id), ()))
    })
    .await?;
    Ok(see_other(&format!(
        "/cases/{}/apart/contacts?done=back",
        case.id()
    )))
}
