//! What only the survivor's side reads and writes about the plan.

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use kernel::{
    access::Sees,
    form::{Form, Problems, Typed},
    ids::CaseId,
    label::{Child, Labelled, Survivor, SurvivorLine},
    time::day_words,
};
use platform::{Case, Error, Page, Permission, Posted, Result, Scope, see_other};

use super::{
    super::{
        Event, ViewApart, WriteApart,
        model::{
            ActionId, ExerciseForm, ExerciseId, OwnActionForm, OwnRowId, SafetyForm, SafetyId,
            ViewForm, ViewId,
        },
        rules,
        store::{self, Action, Exercise, OwnAction, Safety},
    },
    Done, Ids, Kept, frame, id,
};
use crate::{
    cases::drawn::{Drawn, Picks},
    people::{
        self,
        model::{Part, PartId, PartRole},
    },
    shell::{Frame, Named},
};

platform::rows! {
    /// A safety plan.
    pub(super) struct SafetyCard for SurvivorLine {
        asked: Kept<String>,
        text: Kept<String>,
        affirmed: Kept<String>,
    }
}
platform::rows! {
    /// An action that a survivor set herself.
    pub(super) struct OwnLine for SurvivorLine {
        id: ActionId,
        what: Kept<String>,
        by: Option<Kept<String>>,
        outcome: Kept<String>,
        notes: Option<Kept<String>>,
    }
}
platform::rows! {
    /// What somebody said.
    pub(super) struct SaidLine for SurvivorLine {
        on: Kept<String>,
        said: Kept<String>,
        used: Kept<String>,
    }
}
platform::rows! {
    /// A survivor or a child.
    pub(super) struct Person for SurvivorLine {
        id: PartId,
        name: Kept<String>,
        is_child: bool,
        safety: Option<SafetyCard>,
        actions: Vec<OwnLine>,
        said: Vec<SaidLine>,
    }
}
platform::rows! {
    /// An exercise of the plan, with what was last said to it.
    pub(super) struct ExerciseLine for SurvivorLine {
        id: ActionId,
        what: Kept<String>,
        open: bool,
        asked: Option<Kept<String>>,
        answer: Option<Kept<String>>,
        note: Option<Kept<String>>,
    }
}
platform::page! {
    /// What lies apart about the plan.
    pub(super) struct ApartPage for SurvivorLine, "plans/apart.html" {
        frame: Frame,
        case: CaseId,
        may_write: bool,
        people: Vec<Person>,
        exercises: Vec<ExerciseLine>,
    }
}
platform::page! {
    /// A form of the survivor's side.
    pub(super) struct ApartFormPage for SurvivorLine, "cases/form.html" {
        frame: Frame,
        title: &'static str,
        explain: &'static str,
        about: Option<Kept<String>>,
        quoted_as: &'static str,
        quoted: Option<Kept<String>>,
        picks: Vec<Picks<SurvivorLine>>,
        drawn: Drawn,
    }
}

/// Everything of this side, read at once.
struct Seen {
    parts: Vec<Part>,
    safety: std::collections::HashMap<PartId, Safety>,
    own: Vec<OwnAction>,
    survivor: Vec<store::View<Survivor>>,
    child: Vec<store::View<Child>>,
    actions: Vec<Action>,
    open: Vec<ActionId>,
    exercises: Vec<Exercise>,
}

fn see(r: &mut impl Scope) -> Result<Seen> {
    Ok(Seen {
        parts: people::store::parts(r)?,
        safety: store::safety_plans(r)?,
        own: store::own_actions(r)?,
        survivor: store::survivor_said(r)?,
        child: store::child_said(r)?,
        actions: store::actions(r, i32::MAX)?,
        open: store::open_exercises(r)?,
        exercises: store::exercises(r)?,
    })
}

fn said<L>(all: &[store::View<L>], part: PartId) -> Vec<SaidLine>
where
    L: kernel::label::VisibleTo<SurvivorLine>,
{
    all.iter()
        .filter(|view| view.part == part)
        .map(|view| SaidLine {
            on: view.heard_on.map(|day| day_words(*day)).show(),
            said: view.said.clone().show(),
            used: view.used.clone().show(),
        })
        .collect()
}

fn person(seen: &Seen, part: &Part) -> Option<Person> {
    let is_child = part.role == PartRole::Child;
    if !is_child && part.role != PartRole::Survivor {
        return None;
    }
    Some(Person {
        id: part.id,
        name: part.name.clone().show(),
        is_child,
        safety: seen.safety.get(&part.id).map(|safety| SafetyCard {
            asked: safety.asked_on.map(|day| day_words(*day)).show(),
            text: safety.text.clone().show(),
            affirmed: safety.affirmed.clone().show(),
        }),
        actions: seen
            .own
            .iter()
            .filter(|action| action.part_id == part.id)
            .map(|action| OwnLine {
                id: action.action_id,
                what: action.what.clone().show(),
                by: action
                    .proposed_on
                    .map(|day| day.map(|day| day_words(*day)).show()),
                outcome: action
                    .outcome
                    .map(|outcome| (*outcome).words().to_owned())
                    .show(),
                notes: action.notes.clone().map(Labelled::show),
            })
            .collect(),
        said: if is_child {
            said(&seen.child, part.id)
        } else {
            said(&seen.survivor, part.id)
        },
    })
}

fn exercise_lines(seen: &Seen) -> Vec<ExerciseLine> {
    seen.actions
        .iter()
        .filter(|action| action.is_exercise())
        .map(|action| {
            let asked = seen
                .exercises
                .iter()
                .find(|asked| asked.action_id == action.action_id);
            ExerciseLine {
                id: action.action_id,
                what: action.what.clone().show(),
                open: seen.open.contains(&action.action_id),
                asked: asked.map(|asked| asked.asked_on.map(|day| day_words(*day)).show()),
                answer: asked.map(|asked| asked.in_words().show()),
                note: asked
                    .and_then(|asked| asked.note.clone())
                    .map(Labelled::show),
            }
        })
        .collect()
}

pub(super) async fn show(
    case: Case<ViewApart>,
    Query(done): Query<Done>,
) -> Result<Page<ApartPage>> {
    let seen = case.read(|r| see(r)).await?;
    Ok(Page(ApartPage {
        frame: done.on(frame(&case)),
        case: case.id(),
        may_write: case.could::<WriteApart>(),
        people: seen
            .parts
            .iter()
            .filter_map(|part| person(&seen, part))
            .collect(),
        exercises: exercise_lines(&seen),
    }))
}

// ---- Forms ----

/// The survivor or child whom the path names.
async fn part<P: Permission>(case: &Case<P>, path: &Named, role: PartRole) -> Result<Part> {
    let part = id(path, "part")?;
    let part = case.read(move |r| people::store::person(r, part)).await?;
    if part.role == role {
        Ok(part)
    } else {
        Err(Error::NotFound)
    }
}

fn back(case: CaseId) -> String {
    format!("/cases/{case}/apart/plan")
}

fn saved(case: CaseId) -> Response {
    see_other(&format!("{}?done=saved", back(case)))
}

fn today(case: &Case<WriteApart>, name: &str) -> Typed {
    let mut typed = Typed::default();
    typed.push(name.to_owned(), case.now().day().to_string());
    typed
}

/// A form about somebody: title, explanation, place after `/apart/`.
fn form<F: Form>(
    case: &Case<WriteApart>,
    (title, explain): (&'static str, &'static str),
    place: &str,
    about: Kept<String>,
    typed: &Typed,
    problems: Problems,
) -> ApartFormPage {
    ApartFormPage {
        frame: frame(case),
        title,
        explain,
        about: Some(about),
        quoted_as: "",
        quoted: None,
        picks: Vec::new(),
        drawn: Drawn::new::<F>(
            format!("/cases/{}/apart/{place}", case.id()),
            back(case.id()),
            "Save",
            typed,
            problems,
        ),
    }
}

const MEANWHILE: &str = "Somebody else saved this while you were writing. What you typed is below; saving again takes the place of:";

fn conflict(page: ApartFormPage) -> Response {
    (StatusCode::CONFLICT, Page(page)).into_response()
}

// ---- The safety plan (R133) ----

const SAFETY: (&str, &str) = (
    "Safety plan",
    "What is done already, and what is wanted on the plan. Nobody of the other side reads it.",
);

fn safety_form(
    case: &Case<WriteApart>,
    part: &Part,
    version: i32,
    typed: &Typed,
    problems: Problems,
) -> ApartFormPage {
    let place = format!("plan/{}/safety", part.id);
    let about = part.name.clone().show();
    let mut page = form::<SafetyForm>(case, SAFETY, &place, about, typed, problems);
    page.drawn = page.drawn.version(version);
    page
}

async fn safety_of(case: &Case<WriteApart>, part: PartId) -> Result<Option<Safety>> {
    case.read(move |r| Ok(store::safety_plans(r)?.remove(&part)))
        .await
}

pub(super) async fn edit_safety(
    case: Case<WriteApart>,
    Path(path): Ids,
) -> Result<Page<ApartFormPage>> {
    let part = part(&case, &path, PartRole::Survivor).await?;
    let before = safety_of(&case, part.id).await?;
    let mut typed = before.as_ref().map(Safety::typed).unwrap_or_default();
    typed.push("asked_on".to_owned(), case.now().day().to_string());
    let version = before.map_or(0, |before| before.number());
    Ok(Page(safety_form(
        &case,
        &part,
        version,
        &typed,
        Problems::new(),
    )))
}

pub(super) async fn save_safety(
    case: Case<WriteApart>,
    Path(path): Ids,
    posted: Posted<SafetyForm>,
) -> Result<Response> {
    let part = part(&case, &path, PartRole::Survivor).await?;
    let seen = posted.version().unwrap_or(0);
    let form = posted.form;
    let mut problems = posted.problems;
    problems.extend(rules::safety_problems(&form, case.now().day()));
    let (true, Some(asked_on), Some(text), Some(affirmed)) =
        (problems.is_empty(), form.asked_on, form.text, form.affirmed)
    else {
        let page = safety_form(&case, &part, seen, &posted.typed, problems);
        return Ok(Page(page).into_response());
    };
    let (id, of) = (SafetyId::new(), part.id);
    let done = case
        .change(move |tx| {
            let row = store::safety_row(tx, (id, of, seen), asked_on, &text, &affirmed);
            store::save_safety(tx, &row)?;
            let event = Event::Apart(id.to_string(), "safety plan recorded", Sees::Survivor);
            Ok((event, ()))
        })
        .await;
    match done {
        Ok(()) => Ok(saved(case.id())),
        Err(Error::Stale) => {
            let now = safety_of(&case, part.id).await?.ok_or(Error::Stale)?;
            let version = now.number();
            Ok(conflict(ApartFormPage {
                quoted_as: MEANWHILE,
                quoted: Some(now.text.show()),
                ..safety_form(&case, &part, version, &posted.typed, Problems::new())
            }))
        }
        Err(other) => Err(other),
    }
}

// ---- Actions that the survivor set herself ----

const OWN: (&str, &str) = (
    "Own action",
    "Only what was asked for. It stands on this side alone, and no count of the other side includes it.",
);

fn own_form(
    case: &Case<WriteApart>,
    part: &Part,
    action: ActionId,
    version: i32,
    typed: &Typed,
    problems: Problems,
) -> ApartFormPage {
    let place = format!("plan/{}/actions/{action}", part.id);
    let about = part.name.clone().show();
    let mut page = form::<OwnActionForm>(case, OWN, &place, about, typed, problems);
    page.drawn = page.drawn.version(version);
    if version == 0 {
        for result in ["outcome", "done_on", "notes"] {
            page.drawn = page.drawn.without(result);
        }
    }
    page
}

async fn own_action(
    case: &Case<WriteApart>,
    part: PartId,
    action: ActionId,
) -> Result<Option<OwnAction>> {
    let all = case.read(|r| store::own_actions(r)).await?;
    Ok(all
        .into_iter()
        .find(|own| own.action_id == action && own.part_id == part))
}

/// A new action has its id before it is saved, so that a second click saves it once.
pub(super) async fn new_action(
    case: Case<WriteApart>,
    Path(path): Ids,
) -> Result<Page<ApartFormPage>> {
    let part = part(&case, &path, PartRole::Survivor).await?;
    let (typed, none) = (Typed::default(), Problems::new());
    Ok(Page(own_form(
        &case,
        &part,
        ActionId::new(),
        0,
        &typed,
        none,
    )))
}

pub(super) async fn edit_action(
    case: Case<WriteApart>,
    Path(path): Ids,
) -> Result<Page<ApartFormPage>> {
    let part = part(&case, &path, PartRole::Survivor).await?;
    let action = id(&path, "action")?;
    let own = own_action(&case, part.id, action)
        .await?
        .ok_or(Error::NotFound)?;
    let page = own_form(
        &case,
        &part,
        action,
        own.number(),
        &own.typed(),
        Problems::new(),
    );
    Ok(Page(page))
}

pub(super) async fn save_action(
    case: Case<WriteApart>,
    Path(path): Ids,
    posted: Posted<OwnActionForm>,
) -> Result<Response> {
    let part = part(&case, &path, PartRole::Survivor).await?;
    let action: ActionId = id(&path, "action")?;
    let seen = posted.version().unwrap_or(0);
    let mut problems = posted.problems;
    problems.extend(rules::own_action_problems(&posted.form, case.now().day()));
    let form = posted.form;
    if !problems.is_empty() || form.what.is_none() {
        let page = own_form(&case, &part, action, seen, &posted.typed, problems);
        return Ok(Page(page).into_response());
    }
    let (id, of) = (OwnRowId::new(), part.id);
    let done = case
        .change(move |tx| {
            if let Some(row) = store::own_row(tx, id, (action, of, seen), &form) {
                store::save_own_action(tx, &row)?;
            }
            let event = Event::Apart(action.to_string(), "own action saved", Sees::Survivor);
            Ok((event, ()))
        })
        .await;
    match done {
        Ok(()) => Ok(saved(case.id())),
        Err(Error::Stale) => {
            let now = own_action(&case, part.id, action)
                .await?
                .ok_or(Error::Stale)?;
            let version = now.number();
            Ok(conflict(ApartFormPage {
                quoted_as: MEANWHILE,
                quoted: Some(now.in_short().show()),
                ..own_form(
                    &case,
                    &part,
                    action,
                    version,
                    &posted.typed,
                    Problems::new(),
                )
            }))
        }
        Err(other) => Err(other),
    }
}

// ---- What was said about the plan (R020) ----

const VIEW: (&str, &str) = (
    "View on the plan",
    "Before each review, and whenever something is said. It stays on this side.",
);

fn view_form<L: kernel::label::Label>(
    case: &Case<WriteApart>,
    part: &Part,
    page: &str,
    typed: &Typed,
    problems: Problems,
) -> ApartFormPage {
    let place = format!("plan/{}/{page}", part.id);
    let about = part.name.clone().show();
    form::<ViewForm<L>>(case, VIEW, &place, about, typed, problems)
}

pub(super) async fn new_view(
    case: Case<WriteApart>,
    Path(path): Ids,
) -> Result<Page<ApartFormPage>> {
    let part = part(&case, &path, PartRole::Survivor).await?;
    let typed = today(&case, "heard_on");
    let page = view_form::<Survivor>(&case, &part, "view", &typed, Problems::new());
    Ok(Page(page))
}

pub(super) async fn new_child_view(
    case: Case<WriteApart>,
    Path(path): Ids,
) -> Result<Page<ApartFormPage>> {
    let part = part(&case, &path, PartRole::Child).await?;
    let typed = today(&case, "heard_on");
    let page = view_form::<Child>(&case, &part, "said", &typed, Problems::new());
    Ok(Page(page))
}

/// The view that a form records, if it says what it must.
fn view<L: kernel::label::Label>(
    case: &Case<WriteApart>,
    part: &Part,
    form: ViewForm<L>,
) -> Option<store::View<L>> {
    Some(store::View {
        id: ViewId::new(),
        part: part.id,
        heard_on: form.heard_on?,
        said: form.said?,
        used: form.used?,
        recorded_by: case.session().actor.user,
        recorded_at: case.now(),
    })
}

pub(super) async fn add_view(
    case: Case<WriteApart>,
    Path(path): Ids,
    posted: Posted<ViewForm<Survivor>>,
) -> Result<Response> {
    let part = part(&case, &path, PartRole::Survivor).await?;
    let mut problems = posted.problems;
    problems.extend(rules::view_problems(&posted.form, case.now().day()));
    let new = view(&case, &part, posted.form);
    let (true, Some(new)) = (problems.is_empty(), new) else {
        let page = view_form::<Survivor>(&case, &part, "view", &posted.typed, problems);
        return Ok(Page(page).into_response());
    };
    case.change(move |tx| {
        store::add_survivor_view(tx, &new)?;
        let event = Event::Apart(new.id.to_string(), "view recorded", Sees::Survivor);
        Ok((event, ()))
    })
    .await?;
    Ok(saved(case.id()))
}

pub(super) async fn add_child_view(
    case: Case<WriteApart>,
    Path(path): Ids,
    posted: Posted<ViewForm<Child>>,
) -> Result<Response> {
    let part = part(&case, &path, PartRole::Child).await?;
    let mut problems = posted.problems;
    problems.extend(rules::view_problems(&posted.form, case.now().day()));
    let new = view(&case, &part, posted.form);
    let (true, Some(new)) = (problems.is_empty(), new) else {
        let page = view_form::<Child>(&case, &part, "said", &posted.typed, problems);
        return Ok(Page(page).into_response());
    };
    case.change(move |tx| {
        store::add_child_view(tx, &new)?;
        let event = Event::Apart(new.id.to_string(), "view recorded", Sees::Child);
        Ok((event, ()))
    })
    .await?;
    Ok(saved(case.id()))
}

// ---- Exercises (R022) ----

const EXERCISE: (&str, &str) = (
    "Before an exercise is used",
    "The exercise may be used once all four are answered with yes. The other side learns only that it may, never what was said.",
);

fn exercise_form(
    case: &Case<WriteApart>,
    action: &Action,
    typed: &Typed,
    problems: Problems,
) -> ApartFormPage {
    let place = format!("exercises/{}", action.action_id);
    let about = action.what.clone().show();
    form::<ExerciseForm>(case, EXERCISE, &place, about, typed, problems)
}

async fn exercise(case: &Case<WriteApart>, path: &Named) -> Result<Action> {
    let id: ActionId = id(path, "action")?;
    let last = case
        .read(move |r| Ok(store::action_history(r, id)?.pop()))
        .await?;
    last.filter(Action::is_exercise).ok_or(Error::NotFound)
}

pub(super) async fn new_exercise(
    case: Case<WriteApart>,
    Path(path): Ids,
) -> Result<Page<ApartFormPage>> {
    let action = exercise(&case, &path).await?;
    let typed = today(&case, "asked_on");
    Ok(Page(exercise_form(&case, &action, &typed, Problems::new())))
}

pub(super) async fn add_exercise(
    case: Case<WriteApart>,
    Path(path): Ids,
    posted: Posted<ExerciseForm>,
) -> Result<Response> {
    let action = exercise(&case, &path).await?;
    let mut problems = posted.problems;
    problems.extend(rules::exercise_problems(&posted.form, case.now().day()));
    let form = posted.form;
    let opens = rules::opens(&form);
    let (true, Some(asked_on), Some(informed), Some(consulted), Some(consents), Some(understands)) = (
        problems.is_empty(),
        form.asked_on,
        form.informed,
        form.consulted,
        form.consents,
        form.understands,
    ) else {
        let page = exercise_form(&case, &action, &posted.typed, problems);
        return Ok(Page(page).into_response());
    };
    let (id, note) = (ExerciseId::new(), form.note);
    let of = action.action_id;
    case.change(move |tx| {
        let row = Exercise {
            id,
            case_id: tx.case(),
            action_id: of,
            asked_on,
            informed,
            consulted,
            consents,
            understands,
            note: note.clone(),
            recorded_by: tx.actor(),
            recorded_at: tx.now(),
        };
        store::add_exercise(tx, &row, opens)?;
        let event = Event::Apart(id.to_string(), "asked about an exercise", Sees::Survivor);
        Ok((event, ()))
    })
    .await?;
    Ok(saved(case.id()))
}
