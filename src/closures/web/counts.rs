//! Closures as numbers, by month and borough, without anything about a person.

use std::collections::BTreeMap;

use axum::response::Response;
use jiff::civil::Date;
use kernel::{ids::AgencyId, label::Office, plain::Plain, time::Day};
use platform::{Agency, Error, Page, Result, Routes, Service, casefile};

use crate::{
    closures::{
        Counts,
        model::{Earlier, Outcome},
        store::{self, Counted, Whose},
    },
    printing::{
        csv::Csv,
        months::{self, Names, latest_first, month_code, month_words, named, since},
    },
    referrals,
    shell::Frame,
};

/// The pages of numbers.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/closures", all)
        .get("/closures/export", all_file)
        .get("/agencies/{agency}/closures", own)
        .get("/agencies/{agency}/closures/export", own_file)
}

/// What is counted beside the ways in which a case ends.
const OPENED: &str = "opened";

/// What is counted, in the order of the columns: opened, closed in each way, referred before.
fn measures() -> Vec<(&'static str, &'static str)> {
    let mut all = vec![(OPENED, "#Opened")];
    all.extend(Outcome::ALL.iter().map(|o| (o.code(), o.words())));
    all.push((Earlier::Repeat.code(), "Repeat referral"));
    all.push((Earlier::Redirected.code(), "Redirected"));
    all
}

type Sums = Vec<(Date, Option<AgencyId>, BTreeMap<String, i64>)>;

/// What was counted by month, latest first, and by agency.
fn by_month(counted: &[Counted]) -> Sums {
    latest_first(months::by_month(
        counted,
        |one| (one.on, one.agency),
        |sum: &mut BTreeMap<String, i64>, one| {
            *sum.entry(one.what.as_str().to_owned()).or_insert(0) += 1;
        },
    ))
}

platform::rows! {
    /// What happened in one month in one borough.
    struct SumRow for Office {
        month: Plain,
        agency: Plain,
        counts: Vec<i64>,
    }
}
platform::page! {
    /// Closures as numbers.
    struct CountsPage for Office, "closures/counts.html" {
        frame: Frame,
        heads: Vec<&'static str>,
        rows: Vec<SumRow>,
        totals: Vec<i64>,
        left_out: usize,
        file: Plain,
        back: &'static str,
    }
}

fn counts_of(sum: &BTreeMap<String, i64>) -> Vec<i64> {
    measures()
        .into_iter()
        .map(|(code, _)| sum.get(code).copied().unwrap_or(0))
        .collect()
}

fn page(
    frame: Frame,
    counted: &[Counted],
    names: &Names,
    file: String,
    back: &'static str,
) -> CountsPage {
    let sums = by_month(counted);
    let mut heads = vec!["Month", "Borough"];
    heads.extend(measures().into_iter().map(|(_, words)| words));
    let totals = measures()
        .into_iter()
        .map(|(code, _)| {
            sums.iter()
                .filter_map(|(_, _, sum)| sum.get(code))
                .sum::<i64>()
        })
        .collect();
    CountsPage {
        frame,
        heads,
        totals,
        rows: sums
            .into_iter()
            .map(|(month, agency, sum)| SumRow {
                month: month_words(month),
                agency: named(names, agency),
                counts: counts_of(&sum),
            })
            .collect(),
        left_out: counted.iter().filter(|one| one.left_out).count(),
        file: Plain::new(file),
        back,
    }
}

fn file(counted: &[Counted], names: &Names) -> Response {
    let mut columns = vec!["month", "borough"];
    columns.extend(measures().into_iter().map(|(code, _)| code));
    let mut csv = Csv::new(&columns);
    for (month, agency, sum) in by_month(counted) {
        let mut cells = vec![month_code(month), named(names, agency).to_string()];
        cells.extend(counts_of(&sum).iter().map(ToString::to_string));
        csv.row(cells);
    }
    csv.into_answer("numbers")
}

/// What was counted, and the cases that opened, as one list.
fn gather(
    office: &mut platform::Office<'_>,
    of: Whose,
    from: Day,
) -> Result<(Vec<Counted>, Names)> {
    let mut counted = store::counted(office, of, from)?;
    let names: Names = referrals::store::agencies(office.conn())?
        .into_iter()
        .collect();
    let opened = casefile::openings(office, from)?;
    let wanted = |programme, agency| match of {
        Whose::Programme(id) => programme == id,
        Whose::Agency(id) => agency == Some(id),
    };
    counted.extend(
        opened
            .into_iter()
            .filter(|(programme, agency, _)| wanted(*programme, *agency))
            .map(|(_, agency, on)| Counted {
                agency,
                on,
                what: Plain::from(OPENED),
                // That a referral came is the service's own number, not the client's.
                left_out: false,
            }),
    );
    Ok((counted, names))
}

/// What a service manager sees: every borough of the programme that her agency runs.
async fn of_programme(service: &Service<Counts>) -> Result<(Vec<Counted>, Names)> {
    let from = since(service.now().day());
    service
        .read(move |office| {
            let agency = office.agency();
            let programme =
                referrals::store::run_by(office.conn(), agency)?.ok_or(Error::NotFound)?;
            gather(office, Whose::Programme(programme), from)
        })
        .await
}

/// What a borough's contact person sees: its own.
async fn of_agency(agency: &Agency<Counts>) -> Result<(Vec<Counted>, Names)> {
    let (id, from) = (agency.id(), since(agency.now().day()));
    agency
        .read(move |office| {
            let (mut counted, names) = gather(office, Whose::Agency(id), from)?;
            // R091: what the client said no to does not leave the house.
            counted.retain(|one| !one.left_out);
            Ok((counted, names))
        })
        .await
}

async fn all(service: Service<Counts>) -> Result<Page<CountsPage>> {
    let (counted, names) = of_programme(&service).await?;
    let frame = Frame::new(service.session(), service.app(), "/caseload");
    let file = "/closures/export".to_owned();
    Ok(Page(page(frame, &counted, &names, file, "/caseload")))
}

async fn all_file(service: Service<Counts>) -> Result<Response> {
    let (mut counted, names) = of_programme(&service).await?;
    // R091: a file leaves the house with whoever takes it.
    counted.retain(|one| !one.left_out);
    Ok(file(&counted, &names))
}

async fn own(agency: Agency<Counts>) -> Result<Page<CountsPage>> {
    let (counted, names) = of_agency(&agency).await?;
    let frame = Frame::new(agency.session(), agency.app(), "/borough");
    let file = format!("/agencies/{}/closures/export", agency.id());
    Ok(Page(page(frame, &counted, &names, file, "/borough")))
}

async fn own_file(agency: Agency<Counts>) -> Result<Response> {
    let (counted, names) = of_agency(&agency).await?;
    Ok(file(&counted, &names))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn closures_are_counted_by_month_and_borough() {
        let larkmoor = AgencyId::new();
        let one = |on, what: &'static str| Counted {
            agency: Some(larkmoor),
            on: Day(on),
            what: Plain::from(what),
            left_out: false,
        };
        let sums = by_month(&[
            one(date(2026, 10, 1), "moved"),
            one(date(2026, 10, 31), "moved"),
            one(date(2026, 10, 31), OPENED),
            one(date(2026, 11, 1), "repeat"),
        ]);
        assert_eq!(sums.len(), 2);
        let of = |place: usize| counts_of(&sums[place].2);
        // Latest first: opened, seven ways to close, repeat, redirected.
        assert_eq!(of(0), [0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
        assert_eq!(of(1), [1, 0, 0, 0, 0, 2, 0, 0, 0, 0]);
    }
}
