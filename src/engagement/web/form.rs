//! The form about work with the client on a child's case.

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use kernel::{
    form::{Problems, Typed, YesNo},
    ids::CaseId,
    label::{ClientLine, Labelled, Workers},
    plain::Plain,
    time::{Instant, day_words},
};
use platform::{Case, Error, Page, Permission, Posted, Result, Routes, Scope, see_other};

use super::{Asked, Ids, Out, author, frame, id, reference};
use crate::{
    cases::drawn::Drawn,
    engagement::{
        Event, Fill, Print, View,
        model::{EngagementFormId, NewForm, QUESTIONS, Question},
        rules,
        store::{self, FormRow},
    },
    people::{
        self,
        model::{Part, PartId},
    },
    printing::paper,
    shell::Frame,
};

/// The pages of the form.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/engagement/form", blank)
        .post("/cases/{case}/engagement/form", fill)
        .get("/cases/{case}/engagement/form/{form}", show)
        .get("/cases/{case}/engagement/form/{form}/print", print)
        .get("/cases/{case}/engagement/form/{form}/correct", again)
        .post("/cases/{case}/engagement/form/{form}/correct", correct)
}

platform::rows! {
    /// A child to choose.
    struct ChildChoice for ClientLine {
        id: PartId,
        name: Out<String>,
        chosen: bool,
    }
}
platform::page! {
    /// The form to fill in.
    struct FillPage for ClientLine, "engagement/form.html" {
        frame: Frame,
        case: CaseId,
        corrects: bool,
        children: Vec<ChildChoice>,
        children_wrong: bool,
        drawn: Drawn,
    }
}

/// The children of the case, as the form offers them.
async fn children(case: &Case<Fill>) -> Result<Vec<Part>> {
    let parts = case.read(|r| people::store::parts(r)).await?;
    Ok(people::rules::household(parts).children)
}

/// The reason of a no is asked where there is a no, so that four yeses stay a short page.
fn asks_why(typed: &Typed, question: &Question) -> bool {
    typed.get(question.name) == YesNo::No.code()
}

async fn page(
    case: &Case<Fill>,
    of: Option<EngagementFormId>,
    typed: &Typed,
    problems: Problems,
) -> Result<Page<FillPage>> {
    let home = format!("/cases/{}/engagement", case.id());
    let place = match of {
        Some(of) => format!("{home}/form/{of}/correct"),
        None => format!("{home}/form"),
    };
    let children_wrong = problems.iter().any(|problem| problem.field == "children");
    let mut drawn =
        Drawn::new::<NewForm>(place, home, "Save the form", typed, problems).without("children");
    for question in QUESTIONS.iter().filter(|q| !asks_why(typed, q)) {
        drawn = drawn.without(question.why).without(question.words);
    }
    if of.is_none() {
        drawn = drawn.without("because");
    }
    let chosen: Vec<&str> = typed.get("children").split(',').map(str::trim).collect();
    Ok(Page(FillPage {
        frame: frame(case),
        case: case.id(),
        corrects: of.is_some(),
        children: children(case)
            .await?
            .into_iter()
            .map(|part| ChildChoice {
                id: part.id,
                chosen: chosen.contains(&part.id.to_string().as_str()),
                name: part.name.show(),
            })
            .collect(),
        children_wrong,
        drawn,
    }))
}

async fn blank(case: Case<Fill>) -> Result<Page<FillPage>> {
    let mut typed = Typed::default();
    typed.push("filled_on".to_owned(), case.now().day().to_string());
    for child in children(&case).await? {
        typed.push("children".to_owned(), child.id.to_string());
    }
    page(&case, None, &typed, Problems::new()).await
}

async fn again(case: Case<Fill>, Path(path): Ids) -> Result<Page<FillPage>> {
    let of: EngagementFormId = id(&path, "form")?;
    let (row, children) = case
        .read(move |r| {
            if store::corrected_by(r, of)?.is_some() {
                return Err(Error::Stale);
            }
            store::form(r, of)
        })
        .await?;
    page(&case, Some(of), &row.typed(&children), Problems::new()).await
}

async fn fill(case: Case<Fill>, posted: Posted<NewForm>) -> Result<Response> {
    save(&case, None, posted).await
}

async fn correct(case: Case<Fill>, Path(path): Ids, posted: Posted<NewForm>) -> Result<Response> {
    let of: EngagementFormId = id(&path, "form")?;
    case.read(move |r| store::form(r, of)).await?;
    save(&case, Some(of), posted).await
}

async fn save(
    case: &Case<Fill>,
    of: Option<EngagementFormId>,
    posted: Posted<NewForm>,
) -> Result<Response> {
    let mut problems = posted.problems;
    problems.extend(rules::form_problems(
        &posted.form,
        of.is_some(),
        case.now().day(),
    ));
    let known: Vec<PartId> = children(case).await?.iter().map(|part| part.id).collect();
    problems.extend(rules::unknown_children(&posted.form, &known));
    let id = EngagementFormId::new();
    let complete = rules::complete(posted.form, id, case.id(), of, case_by(case));
    let (Some((row, children)), true) = (complete, problems.is_empty()) else {
        return Ok(page(case, of, &posted.typed, problems)
            .await?
            .into_response());
    };
    let done = case
        .change(move |tx| {
            store::add_form(tx, &row, &children)?;
            let event = match of {
                Some(_) => Event::Corrected(id),
                None => Event::Filled(id),
            };
            Ok((event, ()))
        })
        .await;
    match done {
        Err(Error::Refused(problems)) => Ok(page(case, of, &posted.typed, problems)
            .await?
            .into_response()),
        Err(other) => Err(other),
        Ok(()) => {
            let done = if of.is_some() { "corrected" } else { "filled" };
            Ok(see_other(&format!(
                "/cases/{}/engagement/form/{id}?done={done}",
                case.id()
            )))
        }
    }
}

fn case_by<P: Permission>(case: &Case<P>) -> (kernel::ids::UserId, Instant) {
    (case.session().actor.user, case.now())
}

/// A form in words.
struct Worded {
    row: FormRow,
    answers: Vec<(&'static str, Labelled<String, Workers>)>,
    by: Option<Plain>,
    corrected_by: Option<EngagementFormId>,
    reference: Plain,
}

fn worded(r: &mut impl Scope, id: EngagementFormId) -> Result<Worded> {
    let (row, children) = store::form(r, id)?;
    let people = people::rules::household(people::store::parts(r)?);
    let names: Vec<Labelled<String, Workers>> = children
        .iter()
        .filter_map(|child| people.name_of(*child))
        .collect();
    let kept = people::store::survivor_side(r)?;
    let known = people::store::worker_names(r, [row.recorded_by])?;
    Ok(Worded {
        answers: store::words(&row, &names),
        by: author(row.recorded_by, &kept, &known),
        corrected_by: store::corrected_by(r, id)?,
        reference: reference(r)?,
        row,
    })
}

platform::rows! {
    /// A question with its answer.
    struct AnswerRow for ClientLine { question: &'static str, answer: Out<String> }
}
platform::page! {
    /// A form as it was filled in.
    struct FormShown for ClientLine, "engagement/filled.html" {
        frame: Frame,
        case: CaseId,
        id: EngagementFormId,
        rows: Vec<AnswerRow>,
        by: Option<Plain>,
        entered: Instant,
        because: Option<Out<String>>,
        replaces: Option<EngagementFormId>,
        corrected_by: Option<EngagementFormId>,
        may_fill: bool,
    }
}

async fn show(
    case: Case<View>,
    Path(path): Ids,
    Query(asked): Query<Asked>,
) -> Result<Page<FormShown>> {
    let id: EngagementFormId = id(&path, "form")?;
    let worded = case.read(move |r| worded(r, id)).await?;
    Ok(Page(FormShown {
        frame: asked.frame(&case),
        case: case.id(),
        id,
        rows: worded
            .answers
            .into_iter()
            .map(|(question, answer)| AnswerRow {
                question,
                answer: answer.show(),
            })
            .collect(),
        by: worded.by,
        entered: worded.row.recorded_at,
        because: worded.row.because.map(Labelled::show),
        replaces: worded.row.replaces,
        corrected_by: worded.corrected_by,
        may_fill: case.could::<Fill>(),
    }))
}

/// The form on paper, for workers. It names the children as workers do and holds no address.
async fn print(case: Case<Print>, Path(path): Ids) -> Result<Response> {
    let id: EngagementFormId = id(&path, "form")?;
    let worded = case.read(move |r| worded(r, id)).await?;
    let reference = worded.reference.clone();
    let rows = worded
        .answers
        .into_iter()
        .map(|(question, answer)| {
            let answer: Out<String> = answer.show();
            pdf::Row {
                label: question.to_owned(),
                answer: answer.into_inner(),
            }
        })
        .collect();
    let mut sections = vec![pdf::Section {
        heading: "Answers".to_owned(),
        rows,
    }];
    if let Some(because) = worded.row.because {
        let because: Out<String> = because.show();
        sections.push(pdf::Section {
            heading: "Correction".to_owned(),
            rows: vec![pdf::Row {
                label: "Why the earlier form was corrected".to_owned(),
                answer: because.into_inner(),
            }],
        });
    }
    let paper = paper::set(pdf::Document {
        title: "Engagement form".to_owned(),
        reference: reference.to_string(),
        audience: format!(
            "Printed for: {}",
            <ClientLine as kernel::label::Audience>::NAME
        ),
        printed: format!(
            "{}, {}",
            day_words(case.now().day()),
            case.session().name.as_str()
        ),
        notice: worded
            .corrected_by
            .is_some()
            .then(|| "This form was corrected later.".to_owned()),
        sections,
        closing: Vec::new(),
    })
    .await?;
    let hash = paper.hash.clone();
    case.change(move |_| Ok((Event::Printed(id, hash.clone()), ())))
        .await?;
    Ok(paper.into_answer(&reference))
}
