//! The client's own page of a plan: made of nothing but what was written for the client.

use axum::{extract::Path, response::Response};
use jiff::civil::Date;
use kernel::{
    access::Mode,
    ids::CaseId,
    label::{Client, For, Labelled, TheClient},
    plain::Plain,
    time::day_words,
};
use platform::{Case, Error, Page, Permission, Result, Scope, casefile, see_other};

use super::{
    super::{Event, ForClient, PrintForClient, model::PlanId, store},
    Ids, frame, id, practitioner,
};
use crate::{people::told, printing::paper, shell::Frame};

type His<T> = For<TheClient, T>;

platform::rows! {
    /// Something that the client does.
    pub(super) struct Step for TheClient {
        words: His<String>,
        by: Option<His<String>>,
    }
}
platform::page! {
    /// The client's own page of a plan.
    pub(super) struct ClientPage for TheClient, "plans/client.html" {
        frame: Frame,
        case: CaseId,
        plan: PlanId,
        reference: Plain,
        worker: Option<Plain>,
        goals: Option<His<String>>,
        steps: Vec<Step>,
        review: Option<His<String>>,
        held_back: bool,
        shared: bool,
    }
}

/// What the client may read of a plan.
struct Seen {
    reference: Plain,
    worker: Option<Plain>,
    goals: Option<Labelled<String, Client>>,
    steps: Vec<store::Step>,
    review: Option<Labelled<Date, Client>>,
    held_back: bool,
}

fn see(r: &mut impl Scope, id: PlanId) -> Result<Seen> {
    let plan = store::in_force(r, id)?;
    // What was no secret when it was saved may be one now: it is compared again.
    let (written, agreed) = (store::goals(r, id)?, store::for_the_client(r, plan.number)?);
    let (mut goals, mut steps) = (None, Vec::new());
    let mut held_back = false;
    if let Some(text) = written {
        if told::problems(r, "", &text)?.is_empty() {
            goals = Some(text);
        } else {
            held_back = true;
        }
    }
    for (words, by) in agreed {
        if told::problems(r, "", &words)?.is_empty() {
            steps.push((words, by));
        } else {
            held_back = true;
        }
    }
    Ok(Seen {
        reference: casefile::frame(r)?.client_reference,
        worker: practitioner(r)?,
        goals,
        steps,
        review: store::next_review(r, &plan)?.0,
        held_back,
    })
}

async fn seen<P: Permission>(case: &Case<P>, id: PlanId) -> Result<Seen> {
    case.read(move |r| see(r, id)).await
}

fn day(day: Labelled<Date, Client>) -> His<String> {
    day.map(|day| day_words(*day)).show()
}

fn steps(seen: &Seen) -> Vec<Step> {
    seen.steps
        .iter()
        .map(|(words, by)| Step {
            words: words.clone().show(),
            by: by.map(day),
        })
        .collect()
}

/// The client's page of the version in force, wherever the link stands.
pub(super) async fn latest(case: Case<ForClient>) -> Result<Response> {
    let plan = case.read(|r| Ok(store::plans(r)?.pop())).await?;
    let plan = plan.ok_or(Error::NotFound)?.id;
    Ok(see_other(&format!(
        "/cases/{}/plans/{plan}/client",
        case.id()
    )))
}

pub(super) async fn show(case: Case<ForClient>, Path(path): Ids) -> Result<Page<ClientPage>> {
    let plan = id(&path, "plan")?;
    let seen = seen(&case, plan).await?;
    Ok(Page(ClientPage {
        frame: frame(&case),
        case: case.id(),
        plan,
        steps: steps(&seen),
        reference: seen.reference,
        worker: seen.worker,
        goals: seen.goals.map(Labelled::show),
        review: seen.review.map(day),
        held_back: seen.held_back,
        shared: case.session().mode == Mode::ClientCanSee,
    }))
}

/// The same on paper, unless something on it is held back. It may lie on a kitchen table: no title of a service, no job title, no name but
/// the worker's.
pub(super) async fn print(case: Case<PrintForClient>, Path(path): Ids) -> Result<Response> {
    let plan = id(&path, "plan")?;
    let seen = seen(&case, plan).await?;
    if seen.held_back {
        // Nothing goes on paper by half: the page says what to do.
        return Ok(see_other(&format!(
            "/cases/{}/plans/{plan}/client",
            case.id()
        )));
    }
    let mut sections = Vec::new();
    if let Some(goals) = &seen.goals {
        let goals: His<String> = goals.clone().show();
        sections.push(section(
            "What you want to reach",
            vec![("In your words".to_owned(), goals)],
        ));
    }
    let rows = steps(&seen)
        .into_iter()
        .zip(1..)
        .map(|(step, number)| {
            let words = match step.by {
                Some(by) => step.words.map(|words| format!("{words}\nBy {by}")),
                None => step.words,
            };
            (format!("Step {number}"), words)
        })
        .collect::<Vec<_>>();
    if !rows.is_empty() {
        sections.push(section("Your steps", rows));
    }
    if let Some(review) = seen.review {
        let when = vec![("On".to_owned(), day(review))];
        sections.push(section("When we look at it again", when));
    }
    let worker = seen.worker.map(|name| format!(", {name}"));
    let document = pdf::Document {
        title: "Your plan".to_owned(),
        reference: seen.reference.to_string(),
        audience: "Printed for you".to_owned(),
        printed: format!(
            "{}{}",
            day_words(case.now().day()),
            worker.unwrap_or_default()
        ),
        notice: None,
        sections,
        closing: Vec::new(),
    };
    let paper = paper::set(document).await?;
    let hash = paper.hash.clone();
    case.change(move |_| Ok((Event::Printed(plan, hash.clone()), ())))
        .await?;
    Ok(paper.into_answer(&seen.reference))
}

fn section(heading: &str, rows: Vec<(String, His<String>)>) -> pdf::Section {
    pdf::Section {
        heading: heading.to_owned(),
        rows: rows
            .into_iter()
            .map(|(label, answer)| pdf::Row {
                label,
                answer: answer.into_inner(),
            })
            .collect(),
    }
}
