//! A closure on paper: what workers share, and what the client may read.

use axum::{extract::Path, response::Response};
use kernel::{
    access::Sees,
    label::{Audience, ClientLine, For, Labelled, TheClient, Workers},
    time::day_words,
};
use platform::{Case, Changes, Error, Permission, Result, Routes, Scope, casefile};

use crate::{
    closures::{
        Event, Print, PrintClient,
        model::ClosureId,
        store::{self, Closure},
    },
    printing::paper,
    shell::{Ids, id},
};

/// The papers.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/closures/{closure}/print", workers)
        .get("/cases/{case}/closures/{closure}/letter", letter)
}

fn one(r: &mut impl Scope, id: ClosureId) -> Result<Closure> {
    store::of_case(r)?
        .into_iter()
        .find(|row| row.id == id)
        .ok_or(Error::NotFound)
}

fn row<A: Audience>(label: String, answer: For<A, String>) -> pdf::Row {
    pdf::Row {
        label,
        answer: answer.into_inner(),
    }
}

fn shown(text: Labelled<String, Workers>) -> For<ClientLine, String> {
    text.show()
}

async fn answer<P: Permission + Changes>(
    case: &Case<P>,
    id: ClosureId,
    document: pdf::Document,
) -> Result<Response> {
    let reference = case.read(|r| casefile::frame(r)).await?.client_reference;
    let label: Sees = P::NEEDS.label;
    let paper = paper::set(pdf::Document {
        reference: reference.to_string(),
        ..document
    })
    .await?;
    let hash = paper.hash.clone();
    case.change(move |_| Ok((Event::Printed(id, label, hash.clone()), ())))
        .await?;
    Ok(paper.into_answer(&reference))
}

async fn workers(case: Case<Print>, Path(path): Ids) -> Result<Response> {
    let closure: ClosureId = id(&path, "closure")?;
    let (whole, goals, told) = case
        .read(move |r| Ok((one(r, closure)?, store::goals(r)?, store::tellings(r)?)))
        .await?;
    let mut sections = vec![pdf::Section {
        heading: "Closure".to_owned(),
        rows: store::words(&whole)
            .into_iter()
            .map(|(question, answer)| row(question.to_owned(), shown(answer)))
            .collect(),
    }];
    let goals: Vec<pdf::Row> = goals
        .into_iter()
        .filter(|goal| goal.closure_id == closure)
        .map(|goal| {
            let outcome = shown(goal.outcome.map(|outcome| outcome.words().to_owned()));
            row(shown(goal.goal).into_inner(), outcome)
        })
        .collect();
    if !goals.is_empty() {
        sections.push(pdf::Section {
            heading: "Goals".to_owned(),
            rows: goals,
        });
    }
    let told: Vec<pdf::Row> = told
        .into_iter()
        .filter(|told| told.closure_id == closure)
        .map(|told| {
            let when = shown(told.told_on.map(|on| day_words(*on))).into_inner();
            let how = shown(told.how.map(|how| format!("{}, {when}", how.words())));
            row(shown(told.who).into_inner(), how)
        })
        .collect();
    if !told.is_empty() {
        sections.push(pdf::Section {
            heading: "Also told".to_owned(),
            rows: told,
        });
    }
    if let Some(text) = whole.client_text {
        let text: For<ClientLine, String> = text.show();
        sections.push(pdf::Section {
            heading: "What the client may read".to_owned(),
            rows: vec![row("Text".to_owned(), text)],
        });
    }
    let document = pdf::Document {
        title: "Closure".to_owned(),
        audience: format!("Printed for: {}", ClientLine::NAME),
        printed: format!(
            "{}, {}",
            day_words(case.now().day()),
            case.session().name.as_str()
        ),
        sections,
        ..pdf::Document::default()
    };
    answer(&case, closure, document).await
}

/// What the client may read and nothing else: no day, no outcome, no worker's job.
async fn letter(case: Case<PrintClient>, Path(path): Ids) -> Result<Response> {
    let closure: ClosureId = id(&path, "closure")?;
    let text = case
        .read(move |r| one(r, closure)?.client_text.ok_or(Error::NotFound))
        .await?;
    let text: For<TheClient, String> = text.show();
    let document = pdf::Document {
        title: "For you".to_owned(),
        audience: format!("Printed for: {}", TheClient::NAME),
        printed: day_words(case.now().day()),
        closing: vec![text.into_inner()],
        ..pdf::Document::default()
    };
    answer(&case, closure, document).await
}
