//! How many consultations were held in each month and borough, without anything about a person.

use std::collections::BTreeMap;

use axum::{extract::Query, response::Response};
use jiff::civil::Date;
use kernel::{ids::AgencyId, label::Office, plain::Plain, time::Day};
use platform::{Agency, Error, Page, Result, Routes, Service};
use serde::Deserialize;

use crate::{
    consultations::{
        Count, rules,
        store::{self, Counted, Whose},
    },
    printing::{
        csv::Csv,
        months::{OUTSIDE, by_month, month_words},
    },
    referrals,
    shell::Frame,
};

/// What is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .get("/consultations", of_service)
        .get("/consultations/export", export_service)
        .get("/agencies/{agency}/consultations", of_borough)
        .get("/agencies/{agency}/consultations/export", export_borough)
}

/// Which year, and which borough of the service.
#[derive(Clone, Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    year: String,
    #[serde(default)]
    agency: String,
}

platform::rows! {
    /// The consultations of a borough in a month.
    struct MonthRow for Office {
        month: Plain,
        borough: Plain,
        with_case: usize,
        as_advice: usize,
        total: usize,
    }
}
platform::rows! {
    /// A borough to choose.
    struct BoroughChoice for Office { id: AgencyId, name: Plain, chosen: bool }
}
platform::page! {
    struct CountsPage for Office, "consultations/counts.html" {
        frame: Frame,
        place: Plain,
        heading: Plain,
        year: i64,
        earlier: i64,
        later: Option<i64>,
        boroughs: Vec<BoroughChoice>,
        chosen: Plain,
        rows: Vec<MonthRow>,
        with_case: usize,
        as_advice: usize,
        may_advise: bool,
    }
}

/// The year asked for, or this one; no later than this one.
fn year(asked: &Asked, today: Date) -> i16 {
    asked
        .year
        .parse()
        .ok()
        .filter(|year| (2000..=today.year()).contains(year))
        .unwrap_or_else(|| today.year())
}

fn span(year: i16) -> Result<(Day, Day)> {
    let day = |month, day| Date::new(year, month, day).map(Day);
    match (day(1, 1), day(12, 31)) {
        (Ok(first), Ok(last)) => Ok((first, last)),
        _ => Err(Error::NotFound),
    }
}

/// The counts by month, the latest first, and by borough.
fn rows(all: &[Counted], year: i16, today: Date) -> Vec<MonthRow> {
    let mut months = by_month(
        all,
        |one| {
            let name = one.name.clone();
            (one.on, name.unwrap_or_else(|| Plain::from(OUTSIDE)))
        },
        |(with_case, as_advice): &mut (usize, usize), one| {
            if one.with_case {
                *with_case += 1;
            } else {
                *as_advice += 1;
            }
        },
    );
    let mut rows = Vec::new();
    for first in rules::months(year, today) {
        let boroughs = months.remove(&first).unwrap_or_default();
        rows.extend(
            boroughs
                .into_iter()
                .map(|(borough, (with_case, as_advice))| MonthRow {
                    month: month_words(first),
                    borough,
                    with_case,
                    as_advice,
                    total: with_case + as_advice,
                }),
        );
    }
    rows
}

struct Drawn {
    frame: Frame,
    place: String,
    heading: Plain,
    boroughs: Vec<BoroughChoice>,
    may_advise: bool,
}

fn page(drawn: Drawn, all: &[Counted], year: i16, today: Date) -> Page<CountsPage> {
    let rows = rows(all, year, today);
    let chosen = drawn
        .boroughs
        .iter()
        .find(|borough| borough.chosen)
        .map(|borough| borough.id.to_string());
    Page(CountsPage {
        frame: drawn.frame,
        place: Plain::new(drawn.place),
        heading: drawn.heading,
        year: year.into(),
        earlier: i64::from(year) - 1,
        later: (year < today.year()).then(|| i64::from(year) + 1),
        chosen: Plain::new(chosen.unwrap_or_default()),
        boroughs: drawn.boroughs,
        with_case: rows.iter().map(|row| row.with_case).sum(),
        as_advice: rows.iter().map(|row| row.as_advice).sum(),
        rows,
        may_advise: drawn.may_advise,
    })
}

fn csv(all: &[Counted], year: i16, today: Date) -> Response {
    let mut csv = Csv::new(&["month", "borough", "with a case", "as advice", "total"]);
    for row in rows(all, year, today) {
        csv.row([
            row.month.to_string(),
            row.borough.to_string(),
            row.with_case.to_string(),
            row.as_advice.to_string(),
            row.total.to_string(),
        ]);
    }
    csv.into_answer("counts")
}

/// The counts of the service in a year, as far as a borough was chosen of it, and the boroughs that
/// may be chosen.
async fn service_counts(
    service: &Service<Count>,
    asked: &Asked,
    year: i16,
) -> Result<(Vec<Counted>, Vec<BoroughChoice>)> {
    let (from, to) = span(year)?;
    let chosen: Option<AgencyId> = asked.agency.parse().ok();
    service
        .read(move |office| {
            let agency = office.agency();
            let programme =
                referrals::store::run_by(office.conn(), agency)?.ok_or(Error::NotFound)?;
            let mut all = store::counted(office, Whose::Service(programme), from, to)?;
            let boroughs: BTreeMap<Plain, AgencyId> = all
                .iter()
                .filter_map(|one| Some((one.name.clone()?, one.agency?)))
                .collect();
            if chosen.is_some() {
                all.retain(|one| one.agency == chosen);
            }
            let boroughs = boroughs
                .into_iter()
                .map(|(name, id)| BoroughChoice {
                    id,
                    name,
                    chosen: chosen == Some(id),
                })
                .collect();
            Ok((all, boroughs))
        })
        .await
}

async fn of_service(
    service: Service<Count>,
    Query(asked): Query<Asked>,
) -> Result<Page<CountsPage>> {
    let today = service.now().day();
    let year = year(&asked, today);
    let (all, boroughs) = service_counts(&service, &asked, year).await?;
    let drawn = Drawn {
        frame: Frame::new(service.session(), service.app(), "/intake"),
        place: "/consultations".to_owned(),
        heading: Plain::new("Consultations held"),
        boroughs,
        may_advise: true,
    };
    Ok(page(drawn, &all, year, today))
}

async fn export_service(service: Service<Count>, Query(asked): Query<Asked>) -> Result<Response> {
    let today = service.now().day();
    let year = year(&asked, today);
    let (all, _) = service_counts(&service, &asked, year).await?;
    Ok(csv(&all, year, today))
}

async fn borough_counts(agency: &Agency<Count>, year: i16) -> Result<Vec<Counted>> {
    let (from, to) = span(year)?;
    let id = agency.id();
    agency
        .read(move |office| store::counted(office, Whose::Borough(id), from, to))
        .await
}

async fn of_borough(agency: Agency<Count>, Query(asked): Query<Asked>) -> Result<Page<CountsPage>> {
    let today = agency.now().day();
    let year = year(&asked, today);
    let all = borough_counts(&agency, year).await?;
    let drawn = Drawn {
        frame: Frame::new(agency.session(), agency.app(), "/borough"),
        place: format!("/agencies/{}/consultations", agency.id()),
        heading: Plain::new("Consultations held for our families"),
        boroughs: Vec::new(),
        may_advise: false,
    };
    Ok(page(drawn, &all, year, today))
}

async fn export_borough(agency: Agency<Count>, Query(asked): Query<Asked>) -> Result<Response> {
    let today = agency.now().day();
    let year = year(&asked, today);
    let all = borough_counts(&agency, year).await?;
    Ok(csv(&all, year, today))
}
