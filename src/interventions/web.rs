//! Pages of the intensive work. What only the survivor's side says is in `ready`.

mod ready;

use std::collections::HashMap;

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use jiff::civil::Date;
use kernel::{
    form::{Answer, Form, Problems, Typed},
    ids::CaseId,
    label::{ClientLine, For, Labelled, Workers},
    plain::Plain,
    time::day_words,
};
use platform::{
    Case, Changes, Error, Page, Permission, Posted, Result, Routes, Scope, casefile, see_other,
};
use serde::Deserialize;

use super::{
    End, Event, LetBegin, Open, Pause, StayOpen, TakeBack, View,
    model::{
        NewEnding, NewOpening, NewPause, NewResumption, NewStatement, Step, StepId, StepKind,
        TakeBackForm,
    },
    rules::{self, Gate},
    store::{self, NewStep},
};
use crate::{
    cases::{
        self,
        drawn::{Drawn, Picks},
    },
    duties, engagement,
    mail::{self, model::MailKind},
    people,
    shell::{Frame, Ids, Named, NavItem, id},
};

/// What is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/interventions", show)
        .get("/cases/{case}/interventions/stays-open", new_statement)
        .post("/cases/{case}/interventions/stays-open", state)
        .get("/cases/{case}/interventions/new", new)
        .post("/cases/{case}/interventions/new", open)
        .get("/cases/{case}/interventions/pause", new_pause)
        .post("/cases/{case}/interventions/pause", pause)
        .get("/cases/{case}/interventions/resume", new_resumption)
        .post("/cases/{case}/interventions/resume", resume)
        .get("/cases/{case}/interventions/end", new_ending)
        .post("/cases/{case}/interventions/end", end)
        .get("/cases/{case}/interventions/{step}/back", new_back)
        .post("/cases/{case}/interventions/{step}/back", back)
        .and(ready::routes())
}

/// What the user may do next on a case.
pub fn next(case: &Case<cases::View>) -> Vec<NavItem> {
    if !case.could::<View>() {
        return Vec::new();
    }
    vec![NavItem {
        href: format!("/cases/{}/interventions", case.id()),
        text: "Intervention",
        current: false,
    }]
}

type Out<T> = For<ClientLine, T>;

/// What was just done, in the address.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
}

/// What is said when something was saved.
fn done(asked: &str) -> Option<&'static str> {
    Some(match asked {
        "asked" => "Asked. The work opens when the other side says that it may begin",
        "aside" => "The request is set aside. The other side reads that, and no reason",
        "stays_open" => "Recorded: the statutory case stays open",
        "opened" => "The intervention is open",
        "paused" => "The pause is recorded",
        "resumed" => "The intervention goes on",
        "ended" => "The intervention has ended",
        "back" => "The entry is taken back",
        _ => return None,
    })
}

platform::rows! {
    /// A gate.
    struct GateRow for ClientLine { words: &'static str, open: bool, place: &'static str }
}
platform::rows! {
    /// Something that happened.
    struct StepRow for ClientLine {
        id: StepId,
        kind: &'static str,
        on: Out<String>,
        until: Option<Out<String>>,
        why: Option<Out<String>>,
        said_by: Option<Out<String>>,
        words: Option<Out<String>>,
        entered: Out<String>,
        by: Plain,
        back: Option<Out<String>>,
        may_take_back: bool,
    }
}
platform::page! {
    /// Where the intensive work stands.
    struct ShowPage for ClientLine, "interventions/show.html" {
        frame: Frame,
        case: CaseId,
        stands: &'static str,
        colour: &'static str,
        since: Option<Out<String>>,
        statement_missing: bool,
        gates: Vec<GateRow>,
        all_open: bool,
        steps: Vec<StepRow>,
        asked: bool,
        may_state: bool,
        may_open: bool,
        may_let_begin: bool,
        may_pause: bool,
        may_resume: bool,
        may_end: bool,
        just_opened: bool,
    }
}

fn step_row(step: Step, names: &HashMap<kernel::ids::UserId, Plain>, takes: bool) -> StepRow {
    let why = match (&step.ending, &step.pause) {
        (Some(how), _) => Some(how.map(|how| (*how).words().to_owned()).show()),
        (None, Some(why)) => Some(why.map(|why| (*why).words().to_owned()).show()),
        (None, None) => None,
    };
    StepRow {
        id: step.id,
        kind: step.kind.words(),
        on: step.on.map(|day| day_words(*day)).show(),
        until: step.until.map(|day| day.map(|day| day_words(*day)).show()),
        why,
        said_by: step.said_by.map(Labelled::show),
        words: step.words.map(Labelled::show),
        entered: duties::model::said(step.recorded_at.words()),
        by: names.get(&step.recorded_by).cloned().unwrap_or_default(),
        may_take_back: takes && step.back.is_none(),
        back: step.back.map(|(because, ..)| because.show()),
    }
}

/// The names of workers as the client line may read them: none, if it would tell who works with the
/// survivor.
fn shown_names(
    scope: &mut impl Scope,
    steps: &[Step],
) -> Result<HashMap<kernel::ids::UserId, Plain>> {
    let kept = people::store::survivor_side(scope)?;
    let shown: Vec<_> = steps
        .iter()
        .map(|step| step.recorded_by)
        .filter(|user| !kept.contains(user))
        .collect();
    Ok(casefile::worker_names(scope.conn(), &shown)?
        .into_iter()
        .collect())
}

async fn show(case: Case<View>, Query(asked): Query<Asked>) -> Result<Page<ShowPage>> {
    let (facts, steps, names) = case
        .read(|r| {
            let facts = duties::facts::of_case(r)?;
            let steps = store::steps(r)?;
            let names = shown_names(r, &steps)?;
            Ok((facts, steps, names))
        })
        .await?;
    let known = &facts.intervention;
    let today = case.now().day();
    let paused = known.is_open() && known.is_paused_on(today);
    let (stands, colour) = match (known.opened, known.ended, paused) {
        (None, ..) if known.is_asked() => ("Asked to open", "yellow"),
        (None, ..) => ("Not open", "grey"),
        (_, Some(_), _) => ("Ended", "grey"),
        (_, None, true) => ("Paused", "yellow"),
        (_, None, false) => ("Open", "green"),
    };
    let since = known
        .ended
        .or(known.opened)
        .map(|met| duties::model::said(day_words(met.day())));
    let gates: Vec<Gate> = if known.opened.is_none() {
        rules::gates(&facts)
    } else {
        Vec::new()
    };
    let takes = case.could::<TakeBack>();
    let mut frame = frame(&case);
    if let Some(said) = done(&asked.done) {
        frame = frame.with_success(said);
    }
    Ok(Page(ShowPage {
        frame,
        case: case.id(),
        stands,
        colour,
        since,
        statement_missing: known.is_open() && !known.stays_open,
        all_open: gates.iter().all(|gate| gate.open),
        gates: gates
            .into_iter()
            .map(|gate| GateRow {
                words: gate.words,
                open: gate.open,
                place: gate.place,
            })
            .collect(),
        may_state: !known.stays_open && case.could::<StayOpen>(),
        asked: known.is_asked(),
        may_open: known.opened.is_none() && !known.is_asked() && case.could::<Open>(),
        may_let_begin: known.is_asked() && case.could::<LetBegin>(),
        may_pause: known.is_open() && case.could::<Pause>(),
        may_resume: known.is_open() && !known.pauses.is_empty() && case.could::<Pause>(),
        may_end: known.is_open() && case.could::<End>(),
        just_opened: asked.done == "opened",
        steps: steps
            .into_iter()
            .rev()
            .map(|step| step_row(step, &names, takes))
            .collect(),
    }))
}

platform::page! {
    /// A form of the intensive work.
    struct FormPage for ClientLine, "cases/form.html" {
        frame: Frame,
        title: &'static str,
        explain: &'static str,
        about: Option<Out<String>>,
        quoted_as: &'static str,
        quoted: Option<Out<String>>,
        picks: Vec<Picks<ClientLine>>,
        drawn: Drawn,
    }
}

fn frame<P: Permission>(case: &Case<P>) -> Frame {
    Frame::new(case.session(), case.app(), "/cases")
}

/// A form with its words.
struct Words {
    place: &'static str,
    title: &'static str,
    explain: &'static str,
    button: &'static str,
}

const STATEMENT: Words = Words {
    place: "stays-open",
    title: "The statutory case stays open",
    explain: "The work opens only while a lead worker keeps the family’s own case open until it ends.",
    button: "Save",
};
const OPENING: Words = Words {
    place: "new",
    title: "Ask to open the intervention",
    explain: "It opens when the survivor’s side says that the work may begin. Until then nothing begins; when they will say so, and why not yet, is theirs.",
    button: "Ask to open it",
};
const PAUSE: Words = Words {
    place: "pause",
    title: "Pause the intervention",
    explain: "A week in which fewer than four days are worked owes no contact, liaison or meeting.",
    button: "Save the pause",
};
const RESUMPTION: Words = Words {
    place: "resume",
    title: "Resume the intervention",
    explain: "",
    button: "Resume it",
};
const ENDING: Words = Words {
    place: "end",
    title: "End the intervention",
    explain: "The weekly rhythm ends with it. Closing the case is another step.",
    button: "End it",
};

fn drawn<F: Form, P: Permission>(
    case: &Case<P>,
    words: &Words,
    typed: &Typed,
    problems: Problems,
) -> Page<FormPage> {
    let back = format!("/cases/{}/interventions", case.id());
    let action = format!("{back}/{}", words.place);
    Page(FormPage {
        frame: frame(case),
        title: words.title,
        explain: words.explain,
        about: None,
        quoted_as: "",
        quoted: None,
        picks: Vec::new(),
        drawn: Drawn::new::<F>(action, back, words.button, typed, problems),
    })
}

/// Today, where it is most often right.
fn today<P: Permission>(case: &Case<P>, field: &str) -> Typed {
    let mut typed = Typed::default();
    typed.push(field.to_owned(), case.now().day().to_string());
    typed
}

/// Records a step that a form gave, or draws the form again with what was typed.
async fn record<F: Form, P: Changes>(
    case: &Case<P>,
    words: &Words,
    typed: Typed,
    mut problems: Problems,
    new: Option<NewStep>,
) -> Result<Response> {
    if let (Some(new), true) = (new, problems.is_empty()) {
        let (kind, id) = (new.kind, new.id);
        let saved = case
            .change(move |tx| {
                store::record(tx, &new)?;
                if kind == StepKind::Asked {
                    // Nothing else tells her side where no time is set for it.
                    let path = format!("/cases/{}/apart/interventions", tx.case());
                    let now = tx.now();
                    for user in engagement::store::owners(tx)? {
                        mail::queue(tx.conn(), user, MailKind::DueSoon, &path, now)?;
                    }
                }
                Ok((Event::Recorded(kind, id), ()))
            })
            .await;
        match saved {
            Ok(()) => {
                return Ok(see_other(&format!(
                    "/cases/{}/interventions?done={}",
                    case.id(),
                    kind.code()
                )));
            }
            Err(Error::Refused(refused)) => problems = refused,
            Err(other) => return Err(other),
        }
    }
    Ok(drawn::<F, P>(case, words, &typed, problems).into_response())
}

/// A step of a day that was given.
fn step(kind: StepKind, on: Answer<Date, Workers>) -> Option<NewStep> {
    Some(NewStep::new(kind, on?))
}

async fn new_statement(case: Case<StayOpen>) -> Page<FormPage> {
    let mut typed = today(&case, "said_on");
    if case.ties().contains(&kernel::access::Tie::LeadWorker) {
        typed.push(
            "said_by".to_owned(),
            case.session().name.as_str().to_owned(),
        );
    }
    drawn::<NewStatement, _>(&case, &STATEMENT, &typed, Problems::new())
}

async fn state(case: Case<StayOpen>, posted: Posted<NewStatement>) -> Result<Response> {
    let form = posted.form;
    let new = step(StepKind::StaysOpen, form.said_on).map(|step| NewStep {
        said_by: form.said_by,
        ..step
    });
    record::<NewStatement, _>(&case, &STATEMENT, posted.typed, posted.problems, new).await
}

async fn new(case: Case<Open>) -> Page<FormPage> {
    let typed = today(&case, "opened_on");
    drawn::<NewOpening, _>(&case, &OPENING, &typed, Problems::new())
}

async fn open(case: Case<Open>, posted: Posted<NewOpening>) -> Result<Response> {
    let form = posted.form;
    let new = step(StepKind::Asked, form.opened_on).map(|step| NewStep {
        words: form.words,
        ..step
    });
    record::<NewOpening, _>(&case, &OPENING, posted.typed, posted.problems, new).await
}

async fn new_pause(case: Case<Pause>) -> Page<FormPage> {
    let typed = today(&case, "from");
    drawn::<NewPause, _>(&case, &PAUSE, &typed, Problems::new())
}

async fn pause(case: Case<Pause>, posted: Posted<NewPause>) -> Result<Response> {
    let form = posted.form;
    let mut problems = posted.problems;
    problems.extend(rules::unexplained(form.why.as_ref(), form.words.as_ref()));
    let new = step(StepKind::Paused, form.from).map(|step| NewStep {
        until: form.until,
        pause: form.why,
        words: form.words,
        ..step
    });
    record::<NewPause, _>(&case, &PAUSE, posted.typed, problems, new).await
}

async fn new_resumption(case: Case<Pause>) -> Page<FormPage> {
    let typed = today(&case, "resumed_on");
    drawn::<NewResumption, _>(&case, &RESUMPTION, &typed, Problems::new())
}

async fn resume(case: Case<Pause>, posted: Posted<NewResumption>) -> Result<Response> {
    let form = posted.form;
    let new = step(StepKind::Resumed, form.resumed_on).map(|step| NewStep {
        words: form.words,
        ..step
    });
    record::<NewResumption, _>(&case, &RESUMPTION, posted.typed, posted.problems, new).await
}

async fn new_ending(case: Case<End>) -> Page<FormPage> {
    let typed = today(&case, "ended_on");
    drawn::<NewEnding, _>(&case, &ENDING, &typed, Problems::new())
}

async fn end(case: Case<End>, posted: Posted<NewEnding>) -> Result<Response> {
    let form = posted.form;
    let new = step(StepKind::Ended, form.ended_on).map(|step| NewStep {
        ending: form.how,
        words: form.words,
        ..step
    });
    record::<NewEnding, _>(&case, &ENDING, posted.typed, posted.problems, new).await
}

// ---- Taking back ----

/// The step that the path names, if it was not taken back.
async fn to_take_back(case: &Case<TakeBack>, path: &Named) -> Result<Step> {
    let id: StepId = id(path, "step")?;
    case.read(move |r| {
        store::steps(r)?
            .into_iter()
            .find(|step| step.id == id)
            .ok_or(Error::NotFound)
    })
    .await
}

fn back_page(
    case: &Case<TakeBack>,
    step: &Step,
    typed: &Typed,
    problems: Problems,
) -> Page<FormPage> {
    let back = format!("/cases/{}/interventions", case.id());
    let action = format!("{back}/{}/back", step.id);
    let said = step
        .on
        .map(|day| format!("{}, {}", step.kind.words(), day_words(*day)));
    Page(FormPage {
        frame: frame(case),
        title: "Take back an entry",
        explain: "For what was entered in error. What is due is worked out again without it.",
        about: Some(said.show()),
        quoted_as: "",
        quoted: None,
        picks: Vec::new(),
        drawn: Drawn::new::<TakeBackForm<Workers>>(action, back, "Take it back", typed, problems),
    })
}

async fn new_back(case: Case<TakeBack>, Path(path): Ids) -> Result<Page<FormPage>> {
    let step = to_take_back(&case, &path).await?;
    Ok(back_page(&case, &step, &Typed::default(), Problems::new()))
}

async fn back(
    case: Case<TakeBack>,
    Path(path): Ids,
    posted: Posted<TakeBackForm<Workers>>,
) -> Result<Response> {
    let step = to_take_back(&case, &path).await?;
    let mut problems = posted.problems;
    if let (Some(because), true) = (posted.form.because, problems.is_empty()) {
        let id = step.id;
        let saved = case
            .change(move |tx| {
                store::take_back(tx, id, &because)?;
                Ok((Event::TakenBack(id), ()))
            })
            .await;
        match saved {
            Ok(()) => {
                return Ok(see_other(&format!(
                    "/cases/{}/interventions?done=back",
                    case.id()
                )));
            }
            Err(Error::Refused(refused)) => problems = refused,
            Err(other) => return Err(other),
        }
    }
    Ok(back_page(&case, &step, &posted.typed, problems).into_response())
}
