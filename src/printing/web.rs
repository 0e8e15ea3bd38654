//! Forms on paper.

use axum::{extract::Query, response::Response};
use kernel::{
    form::Line,
    label::{Audience, Client, ClientLine, For, Sender, SurvivorLine, VisibleTo, Workers},
    plain::Plain,
};
use pdf::{Document, Row, Section};
use platform::{Case, Changes, Permission, Reading, Result, Routes};

use super::{PrintFull, PrintRead, PrintSent, Printed, rules};
use crate::referrals::{
    model::{shared, whole},
    store,
    web::{Paper, paper},
};

/// The papers.
pub fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/printing/sent", sent)
        .get("/cases/{case}/printing/read", read)
        .get("/cases/{case}/printing/full", full)
}

/// Which revision is printed; the latest if none is named.
#[derive(Debug, serde::Deserialize)]
struct Asked {
    revision: Option<i32>,
}

async fn sent(case: Case<PrintSent>, Query(asked): Query<Asked>) -> Result<Response> {
    let lines = |r: &mut Reading<'_>, n| Ok(whole(store::all_words(r, n)?));
    print::<_, Sender>(&case, asked.revision, lines, |p| {
        p.survivor_reference.clone()
    })
    .await
}

async fn read(case: Case<PrintRead>, Query(asked): Query<Asked>) -> Result<Response> {
    let lines = |r: &mut Reading<'_>, n| Ok(shared(store::shared_words(r, n)?));
    print::<_, ClientLine>(&case, asked.revision, lines, |p| p.client_reference.clone()).await
}

async fn full(case: Case<PrintFull>, Query(asked): Query<Asked>) -> Result<Response> {
    let lines = |r: &mut Reading<'_>, n| Ok(whole(store::all_words(r, n)?));
    print::<_, SurvivorLine>(&case, asked.revision, lines, |p| {
        p.survivor_reference.clone()
    })
    .await
}

type Groups<A> = Vec<Vec<For<A, Line>>>;

async fn print<P: Permission + Changes, A: Audience>(
    case: &Case<P>,
    revision: Option<i32>,
    lines: impl FnOnce(&mut Reading<'_>, i32) -> Result<Groups<A>> + Send + 'static,
    reference: impl FnOnce(&Paper<A>) -> Plain,
) -> Result<Response>
where
    Client: VisibleTo<A>,
    Workers: VisibleTo<A>,
{
    let paper: Paper<A> = case.read(move |r| paper(r, revision, lines)).await?;
    let reference = reference(&paper);
    let name = case.session().name.as_str().to_owned();
    let printed = format!("{}, {name}", kernel::time::day_words(case.now().day()));
    let document = document(paper, &reference, printed);
    let set = super::paper::set(document).await?;
    let event = Printed {
        case: case.id(),
        audience: A::NAME,
        label: P::NEEDS.label,
        hash: set.hash.clone(),
    };
    case.change(move |_| Ok((event.clone(), ()))).await?;
    Ok(set.into_answer(&reference))
}

/// The paper, with a neutral title: it may lie on a kitchen table.
fn document<A: Audience>(paper: Paper<A>, reference: &Plain, printed: String) -> Document {
    let names: Vec<String> = paper
        .groups
        .iter()
        .flatten()
        .map(|line| line.name().to_owned())
        .collect();
    let mut receipt = vec![
        Row {
            label: "Received".to_owned(),
            answer: paper.received_at.to_string(),
        },
        Row {
            label: "How it came".to_owned(),
            answer: paper.origin.to_owned(),
        },
        Row {
            label: "Entered by".to_owned(),
            answer: paper.entered_by.to_string(),
        },
    ];
    if let Some(from) = paper.taken_from {
        receipt.push(Row {
            label: "From".to_owned(),
            answer: from.into_inner(),
        });
    }
    let shown = paper.revisions.iter().find(|revision| revision.shown);
    if let Some(revision) = shown.filter(|_| paper.revisions.len() > 1) {
        let answer = format!("{} of {}", revision.number, paper.revisions.len());
        receipt.push(Row {
            label: "Version".to_owned(),
            answer,
        });
    }
    let mut sections = vec![Section {
        heading: "Receipt".to_owned(),
        rows: receipt,
    }];
    sections.extend(paper.groups.iter().map(|group| {
        Section {
            heading: group
                .first()
                .map(|line| line.section().to_owned())
                .unwrap_or_default(),
            rows: group
                .iter()
                .map(|line| {
                    let apart = rules::left_off(line.name(), names.iter().map(String::as_str));
                    let answer = if apart { rules::APART } else { line.answer() };
                    Row {
                        label: line.question().to_owned(),
                        answer: answer.to_owned(),
                    }
                })
                .collect(),
        }
    }));
    Document {
        title: "Referral".to_owned(),
        reference: reference.to_string(),
        audience: format!("Printed for: {}", A::NAME),
        printed,
        notice: paper
            .withdrawn
            .is_some()
            .then(|| "This referral was withdrawn.".to_owned()),
        sections,
        closing: Vec::new(),
    }
}
