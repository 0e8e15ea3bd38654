//! Agreements, reviews, and what a plan rests on.

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use kernel::{
    access::Tie,
    form::{Problem, Problems, Typed},
    ids::CaseId,
    label::{ClientLine, Labelled},
    time::day_words,
};
use platform::{Case, Error, Page, Posted, Result, Scope as _, see_other};

use super::{
    super::{
        Event, View, Write,
        model::{
            AgreementForm, AgreementId, DatesForm, InputForm, InputId, Plan, PlanId, ReviewForm,
            Side,
        },
        rules,
        store::{self, Agreement, Input},
    },
    Done, FormPage, Ids, InputLine, form_page, frame, id, input_lines,
};
use crate::{cases::drawn::Drawn, shell::Frame};

// ---- Agreements ----

const AGREE: &str = "Record an agreement";
const AGREE_EXPLAIN: &str = "The practitioner and the lead worker each agree to the plan as it stands. One of you may record both, from a meeting or a call.";

fn agree_form(case: &Case<Write>, plan: PlanId, typed: &Typed, problems: Problems) -> FormPage {
    let drawn = Drawn::new::<AgreementForm>(
        format!("/cases/{}/plans/{plan}/agree", case.id()),
        format!("/cases/{}/plans/{plan}", case.id()),
        "Record",
        typed,
        problems,
    );
    form_page(case, AGREE, AGREE_EXPLAIN, drawn)
}

pub(super) async fn new_agreement(case: Case<Write>, Path(path): Ids) -> Result<Page<FormPage>> {
    let plan: PlanId = id(&path, "plan")?;
    case.read(move |r| store::in_force(r, plan)).await?;
    let mut typed = Typed::default();
    typed.push("agreed_on".to_owned(), case.now().day().to_string());
    let mine = |tie: Tie| case.ties().contains(&tie);
    // One's own agreement is most often recorded. Nobody else's name is known to this page.
    let side = match (mine(Tie::ClientLine), mine(Tie::LeadWorker)) {
        (true, _) => Some(Side::Practitioner),
        (_, true) => Some(Side::LeadWorker),
        _ => None,
    };
    if let Some(side) = side {
        typed.push("side".to_owned(), side.code().to_owned());
        typed.push("name".to_owned(), case.session().name.as_str().to_owned());
    }
    Ok(Page(agree_form(&case, plan, &typed, Problems::new())))
}

pub(super) async fn agree(
    case: Case<Write>,
    Path(path): Ids,
    posted: Posted<AgreementForm>,
) -> Result<Response> {
    let id: PlanId = id(&path, "plan")?;
    let (today, form) = (case.now().day(), posted.form);
    let again = |problems| {
        let page = agree_form(&case, id, &posted.typed, problems);
        Ok(Page(page).into_response())
    };
    let (true, Some(_), Some(_), Some(_)) = (
        posted.problems.is_empty(),
        &form.side,
        &form.name,
        &form.agreed_on,
    ) else {
        return again(posted.problems);
    };
    let row = AgreementId::new();
    let done = case
        .change(move |tx| {
            let plan = store::in_force(tx, id)?;
            let texts = store::texts(tx, id)?;
            store::check_agreement(&form, &plan, &texts, today)?;
            if let (Some(side), Some(name), Some(agreed_on)) =
                (form.side, form.name.clone(), form.agreed_on)
            {
                let row = Agreement {
                    id: row,
                    case_id: tx.case(),
                    plan_id: id,
                    side,
                    name,
                    agreed_on,
                    recorded_by: tx.actor(),
                    recorded_at: tx.now(),
                };
                store::agree(tx, &row)?;
            }
            Ok((Event::Agreed(id), ()))
        })
        .await;
    match done {
        Ok(()) => Ok(see_other(&format!(
            "/cases/{}/plans/{id}?done=agreed",
            case.id()
        ))),
        Err(Error::Refused(problems)) => again(problems),
        Err(other) => Err(other),
    }
}

// ---- Dates ----

const DATES: &str = "Correct the dates";
const STALE_DATES: &str = "Somebody else corrected the dates since this page was drawn. Look at them before you save yours.";

fn dates_form(
    case: &Case<Write>,
    plan: PlanId,
    count: usize,
    typed: &Typed,
    problems: Problems,
) -> FormPage {
    let drawn = Drawn::new::<DatesForm>(
        format!("/cases/{}/plans/{plan}/dates", case.id()),
        format!("/cases/{}/plans/{plan}", case.id()),
        "Save",
        typed,
        problems,
    )
    .version(i32::try_from(count).unwrap_or(i32::MAX));
    let explain = "For dates that were entered in error. What is due is worked out again.";
    form_page(case, DATES, explain, drawn)
}

pub(super) async fn edit_dates(case: Case<Write>, Path(path): Ids) -> Result<Page<FormPage>> {
    let plan: PlanId = id(&path, "plan")?;
    let (typed, count) = case
        .read(move |r| {
            let found = store::in_force(r, plan)?;
            Ok((store::typed_dates(&found), store::corrections(r, plan)?))
        })
        .await?;
    Ok(Page(dates_form(
        &case,
        plan,
        count,
        &typed,
        Problems::new(),
    )))
}

pub(super) async fn redate(
    case: Case<Write>,
    Path(path): Ids,
    posted: Posted<DatesForm>,
) -> Result<Response> {
    let plan: PlanId = id(&path, "plan")?;
    let seen = posted.version().and_then(|n| usize::try_from(n).ok());
    let (form, mut problems) = (posted.form, posted.problems);
    if problems.is_empty() {
        let saved = case
            .change(move |tx| {
                store::redate(tx, plan, &form, seen.unwrap_or(usize::MAX))?;
                Ok((Event::Redated(plan), ()))
            })
            .await;
        match saved {
            Ok(()) => {
                return Ok(see_other(&format!(
                    "/cases/{}/plans/{plan}?done=dates",
                    case.id()
                )));
            }
            Err(Error::Refused(refused)) => problems = refused,
            Err(Error::Stale) => problems = vec![Problem::new("created_on", STALE_DATES)],
            Err(other) => return Err(other),
        }
    }
    let count = case.read(move |r| store::corrections(r, plan)).await?;
    Ok(Page(dates_form(&case, plan, count, &posted.typed, problems)).into_response())
}

// ---- Reviews ----

const REVIEW: &str = "Record a review";
const STALE_REVIEW: &str = "Somebody else recorded a review since this page was drawn. Look at it before you record yours.";

fn review_form(
    case: &Case<Write>,
    plan: &Plan,
    (due, count): (
        Option<Labelled<jiff::civil::Date, kernel::label::Client>>,
        i32,
    ),
    typed: &Typed,
    problems: Problems,
) -> FormPage {
    let drawn = Drawn::new::<ReviewForm>(
        format!("/cases/{}/plans/{}/review", case.id(), plan.id),
        format!("/cases/{}/plans/{}", case.id(), plan.id),
        "Record",
        typed,
        problems,
    )
    .version(count);
    FormPage {
        quoted_as: "The review date that was set:",
        quoted: due.map(|day| day.map(|day| day_words(*day)).show()),
        ..form_page(
            case,
            REVIEW,
            "Look at texts and actions first. Ask before it what the survivor and the children say.",
            drawn,
        )
    }
}

type Next = (
    Option<Labelled<jiff::civil::Date, kernel::label::Client>>,
    i32,
);

async fn reviewed(case: &Case<Write>, id: PlanId) -> Result<(Plan, Next)> {
    case.read(move |r| {
        let plan = store::in_force(r, id)?;
        let next = store::next_review(r, &plan)?;
        Ok((plan, next))
    })
    .await
}

pub(super) async fn new_review(case: Case<Write>, Path(path): Ids) -> Result<Page<FormPage>> {
    let (plan, next) = reviewed(&case, id(&path, "plan")?).await?;
    let mut typed = Typed::default();
    typed.push("held_on".to_owned(), case.now().day().to_string());
    Ok(Page(review_form(
        &case,
        &plan,
        next,
        &typed,
        Problems::new(),
    )))
}

pub(super) async fn review(
    case: Case<Write>,
    Path(path): Ids,
    posted: Posted<ReviewForm>,
) -> Result<Response> {
    let (plan, next) = reviewed(&case, id(&path, "plan")?).await?;
    let after = posted.version().unwrap_or(-1);
    let form = posted.form;
    let mut problems = posted.problems;
    problems.extend(store::review_problems(&form, &plan, case.now().day()));
    let again = |problems| {
        let page = review_form(&case, &plan, next, &posted.typed, problems);
        Ok(Page(page).into_response())
    };
    let (true, Some(held_on), Some(changed), Some(next_on)) = (
        problems.is_empty(),
        form.held_on,
        form.changed,
        form.next_on,
    ) else {
        return again(problems);
    };
    let id = plan.id;
    let done = case
        .change(move |tx| {
            store::review(tx, id, after, held_on, changed.clone(), Some(next_on))?;
            Ok((Event::Reviewed(id), ()))
        })
        .await;
    match done {
        Ok(()) => Ok(see_other(&format!(
            "/cases/{}/plans/{id}?done=reviewed",
            case.id()
        ))),
        Err(Error::Stale) => {
            let (plan, next) = reviewed(&case, id).await?;
            let problems = vec![kernel::form::Problem::new("changed", STALE_REVIEW)];
            let page = review_form(&case, &plan, next, &posted.typed, problems);
            Ok((axum::http::StatusCode::CONFLICT, Page(page)).into_response())
        }
        Err(other) => Err(other),
    }
}

// ---- What a plan rests on ----

platform::page! {
    /// What the plans rest on, with a form for another.
    pub(super) struct InputsPage for ClientLine, "plans/inputs.html" {
        frame: Frame,
        case: CaseId,
        rows: Vec<InputLine>,
        drawn: Option<Drawn>,
        failed: bool,
    }
}

async fn inputs_page<P: platform::Permission>(
    case: &Case<P>,
    typed: Option<&Typed>,
    problems: Problems,
    done: &Done,
) -> Result<InputsPage> {
    let rows = case.read(|r| store::inputs(r)).await?;
    let mut prefilled = Typed::default();
    prefilled.push("made_on".to_owned(), case.now().day().to_string());
    // Both lines write here, and who works with the adult harmed is not to be told by a prefilled
    // name.
    if case.ties().contains(&Tie::ClientLine) {
        prefilled.push("author".to_owned(), case.session().name.as_str().to_owned());
    }
    let failed = !problems.is_empty();
    let drawn = case.could::<Write>().then(|| {
        Drawn::new::<InputForm>(
            format!("/cases/{}/plans/assessments", case.id()),
            String::new(),
            "Record",
            typed.unwrap_or(&prefilled),
            problems,
        )
    });
    Ok(InputsPage {
        frame: done.on(frame(case)),
        case: case.id(),
        rows: input_lines(&rows),
        drawn,
        failed,
    })
}

pub(super) async fn inputs(case: Case<View>, Query(done): Query<Done>) -> Result<Page<InputsPage>> {
    Ok(Page(
        inputs_page(&case, None, Problems::new(), &done).await?,
    ))
}

pub(super) async fn add_input(case: Case<Write>, posted: Posted<InputForm>) -> Result<Response> {
    let form = posted.form;
    let mut problems = posted.problems;
    problems.extend(rules::input_problems(&form, case.now().day()));
    let (true, Some(kind), Some(tool), Some(made_on), Some(author), Some(summary)) = (
        problems.is_empty(),
        form.kind,
        form.tool,
        form.made_on,
        form.author,
        form.summary,
    ) else {
        let page = inputs_page(&case, Some(&posted.typed), problems, &Done::default()).await?;
        return Ok(Page(page).into_response());
    };
    let id = InputId::new();
    case.change(move |tx| {
        let row = Input {
            id,
            case_id: tx.case(),
            kind,
            tool: tool.clone(),
            made_on,
            author: author.clone(),
            summary: summary.clone(),
            recorded_by: tx.actor(),
            recorded_at: tx.now(),
        };
        store::add_input(tx, &row)?;
        Ok((Event::Input(id), ()))
    })
    .await?;
    Ok(see_other(&format!(
        "/cases/{}/plans/assessments?done=input",
        case.id()
    )))
}
