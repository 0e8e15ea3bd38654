//! The pages of advice.

use axum::{
    extract::Query,
    response::{IntoResponse, Response},
};
use kernel::{
    form::{Block, Inputs, Problem, Problems, Typed, Value as _},
    ids::{AgencyId, ProgrammeId},
    label::Office,
    plain::Plain,
    time::Day,
};
use platform::{Error, Page, Posted, Result, Routes, Service, see_other};

use super::{
    Event, Record,
    model::{AdviceId, Given, Outcome, Topic},
    rules::{month, problems},
    store::{self, Counted, NewAdvice},
};
use crate::{printing::csv::Csv, referrals, shell::Frame};

/// The pages of advice.
pub fn routes() -> Routes {
    Routes::new()
        .get("/advice", list)
        .get("/advice/export", export)
        .get("/advice/new", blank)
        .post("/advice/new", add)
}

platform::rows! {
    /// Advice given once.
    struct Given1 for Office {
        on: Day,
        agency: Option<Plain>,
        topics: Vec<&'static str>,
        outcome: &'static str,
        minutes: Option<i64>,
        consultation: bool,
    }
}
platform::rows! {
    /// How often something was.
    struct Total for Office { what: &'static str, count: usize }
}
platform::page! {
    /// What was given in a month.
    struct List for Office, "advice/list.html" {
        frame: Frame,
        heading: Plain,
        month: Plain,
        earlier: Plain,
        later: Plain,
        rows: Vec<Given1>,
        outcomes: Vec<Total>,
        topics: Vec<Total>,
        minutes: i64,
        may_count: bool,
    }
}
platform::rows! {
    /// An agency to choose.
    struct AgencyChoice for Office { id: AgencyId, name: Plain, chosen: bool }
}
platform::page! {
    /// Advice to count.
    struct New for Office, "advice/new.html" {
        frame: Frame,
        agencies: Vec<AgencyChoice>,
        blocks: Vec<Block>,
        problems: Vec<Problem>,
    }
}

/// Which month.
#[derive(Debug, serde::Deserialize)]
struct Asked {
    #[serde(default)]
    month: String,
    #[serde(default)]
    done: String,
}

/// The programme that the agency of who asks runs: its advice is nobody else's.
async fn programme(service: &Service<Record>) -> Result<ProgrammeId> {
    service
        .read(|office| {
            let agency = office.agency();
            referrals::store::run_by(office.conn(), agency)
        })
        .await?
        .ok_or(Error::NotFound)
}

/// The days of the month asked for, or of this one.
fn days(service: &Service<Record>, asked: &str) -> (Day, Day) {
    let today = service.now().day();
    let (first, last) =
        month(asked).unwrap_or_else(|| (today.first_of_month(), today.last_of_month()));
    (Day(first), Day(last))
}

async fn counted(service: &Service<Record>, asked: &str) -> Result<(Day, Vec<Counted>)> {
    let programme = programme(service).await?;
    let (first, last) = days(service, asked);
    let rows = service
        .read(move |office| store::between(office, programme, first, last))
        .await?;
    Ok((first, rows))
}

fn code(day: Day) -> Plain {
    Plain::new(format!("{:04}-{:02}", day.0.year(), day.0.month()))
}

async fn list(service: Service<Record>, Query(asked): Query<Asked>) -> Result<Page<List>> {
    let (first, rows) = counted(&service, &asked.month).await?;
    let minutes = rows
        .iter()
        .filter_map(|row| row.minutes)
        .map(i64::from)
        .sum();
    let outcomes = Outcome::ALL
        .iter()
        .map(|outcome| Total {
            what: Outcome::words(*outcome),
            count: rows
                .iter()
                .filter(|row| row.outcome == Some(*outcome))
                .count(),
        })
        .collect();
    let topics = Topic::ALL
        .iter()
        .map(|topic| Total {
            what: Topic::words(*topic),
            count: rows
                .iter()
                .filter(|row| row.topics.0.contains(topic))
                .count(),
        })
        .collect();
    let near = |day: Result<jiff::civil::Date, jiff::Error>| {
        day.map(|day| code(Day(day))).unwrap_or_default()
    };
    let words = kernel::time::day_words(first.0);
    let heading = words
        .split_once(' ')
        .map_or(words.as_str(), |(_, month)| month);
    let mut frame = Frame::new(service.session(), service.app(), "/intake");
    if asked.done == "counted" {
        frame = frame.with_success("The advice is counted");
    }
    Ok(Page(List {
        frame,
        heading: Plain::new(heading),
        month: code(first),
        earlier: near(first.0.yesterday()),
        later: near(first.0.last_of_month().tomorrow()),
        outcomes,
        topics,
        minutes,
        may_count: service.could::<crate::consultations::Count>(),
        rows: rows
            .into_iter()
            .map(|row| Given1 {
                on: row.on,
                agency: row.agency,
                topics: row
                    .topics
                    .0
                    .iter()
                    .map(|topic| Topic::words(*topic))
                    .collect(),
                outcome: row.outcome.map_or("", Outcome::words),
                minutes: row.minutes.map(i64::from),
                consultation: row.consultation,
            })
            .collect(),
    }))
}

async fn export(service: Service<Record>, Query(asked): Query<Asked>) -> Result<Response> {
    let (_, rows) = counted(&service, &asked.month).await?;
    let mut csv = Csv::new(&[
        "date",
        "agency",
        "topics",
        "outcome",
        "minutes",
        "consultation",
    ]);
    for row in rows {
        csv.row([
            row.on.0.to_string(),
            row.agency.map(|name| name.to_string()).unwrap_or_default(),
            row.topics.words(),
            row.outcome
                .map(|outcome| outcome.words().to_owned())
                .unwrap_or_default(),
            row.minutes
                .map(|minutes| minutes.to_string())
                .unwrap_or_default(),
            if row.consultation { "yes" } else { "no" }.to_owned(),
        ]);
    }
    Ok(csv.into_answer("advice"))
}

async fn page(service: &Service<Record>, typed: &Typed, problems: Problems) -> Result<Response> {
    let chosen = typed.get("agency").to_owned();
    let agencies = service
        .read(|office| referrals::store::agencies(office.conn()))
        .await?
        .into_iter()
        .map(|(id, name)| AgencyChoice {
            id,
            name,
            chosen: id.to_string() == chosen,
        })
        .collect();
    let mut blocks = Inputs::draw::<Given>(typed, problems.clone(), None, 0);
    for block in &mut blocks {
        // The page draws the agencies itself: they are rows, not choices of the form.
        block.controls.retain(|control| control.name != "agency");
    }
    let frame = Frame::new(service.session(), service.app(), "/intake");
    Ok(Page(New {
        frame,
        agencies,
        blocks,
        problems,
    })
    .into_response())
}

async fn blank(service: Service<Record>) -> Result<Response> {
    programme(&service).await?;
    let mut typed = Typed::default();
    typed.push("on".to_owned(), service.now().day().to_string());
    typed.push("consultation".to_owned(), "no".to_owned());
    page(&service, &typed, Problems::new()).await
}

async fn add(service: Service<Record>, posted: Posted<Given>) -> Result<Response> {
    let programme = programme(&service).await?;
    let mut all = posted.problems;
    all.extend(problems(&posted.form, service.now().day()));
    let consultation = posted.form.is_consultation();
    let complete = posted.form.complete().filter(|_| all.is_empty());
    let Some((on, topics, outcome, minutes)) = complete else {
        return page(&service, &posted.typed, all).await;
    };
    let agency: Option<AgencyId> = match posted.typed.get("agency") {
        "" => None,
        chosen => Some(chosen.parse().map_err(|_| Error::NotFound)?),
    };
    let new = NewAdvice {
        id: AdviceId::new(),
        programme,
        on: Day(on),
        agency,
        topics,
        outcome,
        minutes: minutes.map(i32::from),
        consultation,
    };
    let month = code(new.on);
    service
        .change(move |office| {
            let known = referrals::store::agencies(office.conn())?;
            if agency.is_some_and(|agency| known.iter().all(|(id, _)| *id != agency)) {
                return Err(Error::NotFound.into());
            }
            store::add(office, &new)?;
            Ok((Event::Counted(new.id), ()))
        })
        .await?;
    Ok(see_other(&format!("/advice?month={month}&done=counted")))
}
