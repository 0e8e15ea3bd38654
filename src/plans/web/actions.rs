//! Actions of the plan.

use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use kernel::{
    form::{Block, Inputs, Problems, Typed},
    ids::CaseId,
    label::ClientLine,
    plain::Plain,
    time::Instant,
};
use platform::{Case, Error, Page, Posted, Result, Scope as _, see_other};

use super::{
    super::{
        Event, Write,
        model::{ActionForm, ActionId, PlanId},
        rules, store,
    },
    Authors, Ids, Out, frame, id,
};
use crate::{
    allocations::web::{Summary, summary},
    duties,
    shell::Frame,
};

platform::rows! {
    /// An answer as somebody else saved it meanwhile.
    pub(super) struct TheirLine for ClientLine {
        question: &'static str,
        text: Out<String>,
    }
}
platform::page! {
    /// An action, to write.
    pub(super) struct ActionPage for ClientLine, "plans/action.html" {
        frame: Frame,
        case: CaseId,
        plan: PlanId,
        action: ActionId,
        version: i64,
        is_new: bool,
        theirs: Vec<TheirLine>,
        by: Option<Plain>,
        at: Option<Instant>,
        problems: Summary,
        blocks: Vec<Block>,
        result: Vec<Block>,
        time_out: Option<i64>,
    }
}

/// The page of an action that stands in version `version`, with what was typed.
async fn page(
    case: &Case<Write>,
    (plan, action): (PlanId, ActionId),
    version: i32,
    typed: &Typed,
    problems: Problems,
) -> Result<ActionPage> {
    let draw =
        |section: &str| Inputs::draw::<ActionForm>(typed, problems.clone(), Some(section), 0);
    let mut blocks = draw("action");
    blocks.extend(draw("client"));
    let today = case.now().day();
    let time_out = case
        .read(move |r| Ok(rules::time_out(&duties::store::settings(r.conn())?, today)))
        .await?;
    Ok(ActionPage {
        frame: frame(case),
        case: case.id(),
        plan,
        action,
        version: i64::from(version),
        is_new: version == 0,
        theirs: Vec::new(),
        by: None,
        at: None,
        blocks,
        result: draw("result"),
        problems: Summary(summary(&problems)),
        time_out: time_out.map(i64::from),
    })
}

/// A new action has its id before it is saved, so that a second click saves it once.
pub(super) async fn new(case: Case<Write>, Path(path): Ids) -> Result<Page<ActionPage>> {
    let plan = id(&path, "plan")?;
    case.read(move |r| store::in_force(r, plan)).await?;
    let mut typed = Typed::default();
    for (name, text) in [
        ("owner", "client".to_owned()),
        ("agreed_on", case.now().day().to_string()),
        ("exercise", "no".to_owned()),
        ("may_use", "no".to_owned()),
        ("outcome", "open".to_owned()),
    ] {
        typed.push(name.to_owned(), text);
    }
    let action = ActionId::new();
    let page = page(&case, (plan, action), 0, &typed, Problems::new()).await?;
    Ok(Page(page))
}

pub(super) async fn edit(case: Case<Write>, Path(path): Ids) -> Result<Page<ActionPage>> {
    let (plan, action) = (id(&path, "plan")?, id(&path, "action")?);
    let last = case
        .read(move |r| {
            store::in_force(r, plan)?;
            store::action_history(r, action)?
                .pop()
                .ok_or(Error::NotFound)
        })
        .await?;
    let typed = last.typed();
    let page = page(
        &case,
        (plan, action),
        last.number(),
        &typed,
        Problems::new(),
    )
    .await?;
    Ok(Page(page))
}

pub(super) async fn save(
    case: Case<Write>,
    Path(path): Ids,
    posted: Posted<ActionForm>,
) -> Result<Response> {
    let ids: (PlanId, ActionId) = (id(&path, "plan")?, id(&path, "action")?);
    let seen = posted.version().unwrap_or(0);
    let today = case.now().day();
    let gate = case
        .read(move |r| {
            store::in_force(r, ids.0)?;
            store::is_exercise_open(r, ids.1)
        })
        .await?;
    let mut problems = posted.problems;
    problems.extend(rules::action_problems(&posted.form, gate, today));
    if !problems.is_empty() {
        let page = page(&case, ids, seen, &posted.typed, problems).await?;
        return Ok(Page(page).into_response());
    }
    let form = posted.form.clone();
    let done = case
        .change(move |tx| {
            store::save_action(tx, ids.0, ids.1, seen, &form)?;
            Ok((Event::Action(ids.1), ()))
        })
        .await;
    match done {
        Ok(()) => Ok(see_other(&format!(
            "/cases/{}/plans/{}?done=action",
            case.id(),
            ids.0
        ))),
        Err(Error::Refused(problems)) => {
            let page = page(&case, ids, seen, &posted.typed, problems).await?;
            Ok(Page(page).into_response())
        }
        Err(Error::Stale) => clash(&case, ids, &posted.form, &posted.typed).await,
        Err(other) => Err(other),
    }
}

/// Somebody else saved this action: what differs is shown, and what was typed is still in its boxes.
async fn clash(
    case: &Case<Write>,
    ids: (PlanId, ActionId),
    form: &ActionForm,
    typed: &Typed,
) -> Result<Response> {
    let form = form.clone();
    let (theirs, differing, authors) = case
        .read(move |r| {
            store::in_force(r, ids.0)?;
            let theirs = store::action_history(r, ids.1)?.pop().ok_or(Error::Stale)?;
            let differing = store::differing(r, &theirs, &form);
            let authors = Authors::of(r, [theirs.recorded_by])?;
            Ok((theirs, differing, authors))
        })
        .await?;
    let page = ActionPage {
        theirs: differing
            .into_iter()
            .map(|(question, text)| TheirLine {
                question,
                text: text.show(),
            })
            .collect(),
        by: authors.name(theirs.recorded_by),
        at: Some(theirs.recorded_at),
        ..page(case, ids, theirs.number(), typed, Problems::new()).await?
    };
    Ok((StatusCode::CONFLICT, Page(page)).into_response())
}
