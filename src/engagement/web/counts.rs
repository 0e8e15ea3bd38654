//! The forms as numbers, by month and borough, without anything about a person.

use axum::response::Response;
use jiff::civil::Date;
use kernel::{ids::AgencyId, label::Office, plain::Plain};
use platform::{Agency, Error, Page, Result, Routes, Service};

use crate::{
    engagement::{
        Counts,
        model::QUESTIONS,
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
        .get("/engagement", all)
        .get("/engagement/export", all_file)
        .get("/agencies/{agency}/engagement", own)
        .get("/agencies/{agency}/engagement/export", own_file)
}

/// What one borough's forms of one month say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sum {
    forms: i64,
    yes: [i64; 5],
}

impl Sum {
    fn with(mut self, one: &Counted) -> Self {
        self.forms += 1;
        for (sum, yes) in self.yes.iter_mut().zip(one.yes) {
            *sum += i64::from(yes);
        }
        self
    }
}

/// The forms by month, latest first, and by agency.
fn by_month(counted: &[Counted]) -> Vec<(Date, Option<AgencyId>, Sum)> {
    latest_first(months::by_month(
        counted,
        |one| (one.on, one.agency),
        |sum: &mut Sum, one| *sum = sum.with(one),
    ))
}

platform::rows! {
    /// What one borough's forms of one month say.
    struct SumRow for Office {
        month: Plain,
        agency: Plain,
        forms: i64,
        answers: Vec<Plain>,
    }
}
platform::page! {
    /// The forms as numbers.
    struct CountsPage for Office, "engagement/counts.html" {
        frame: Frame,
        heads: Vec<&'static str>,
        rows: Vec<SumRow>,
        total: i64,
        left_out: usize,
        file: Plain,
        back: &'static str,
    }
}

fn page(
    frame: Frame,
    counted: &[Counted],
    names: &Names,
    file: String,
    back: &'static str,
) -> CountsPage {
    let mut heads = vec!["Month", "Borough", "#Forms"];
    heads.extend(QUESTIONS.iter().map(|question| question.short));
    heads.push("Referred to a programme");
    CountsPage {
        frame,
        heads,
        total: i64::try_from(counted.len()).unwrap_or(i64::MAX),
        rows: by_month(counted)
            .into_iter()
            .map(|(month, agency, sum)| SumRow {
                month: month_words(month),
                agency: named(names, agency),
                forms: sum.forms,
                answers: sum
                    .yes
                    .into_iter()
                    .map(|yes| Plain::new(format!("{yes} yes, {} no", sum.forms - yes)))
                    .collect(),
            })
            .collect(),
        left_out: counted.iter().filter(|one| one.left_out).count(),
        file: Plain::new(file),
        back,
    }
}

fn file(counted: &[Counted], names: &Names) -> Response {
    let mut csv = Csv::new(&[
        "month",
        "borough",
        "forms",
        "spoken_yes",
        "spoken_no",
        "parenting_yes",
        "parenting_no",
        "impact_yes",
        "impact_no",
        "actions_yes",
        "actions_no",
        "referral_yes",
        "referral_no",
    ]);
    for (month, agency, sum) in by_month(counted) {
        let mut cells = vec![
            month_code(month),
            named(names, agency).to_string(),
            sum.forms.to_string(),
        ];
        for yes in sum.yes {
            cells.push(yes.to_string());
            cells.push((sum.forms - yes).to_string());
        }
        csv.row(cells);
    }
    csv.into_answer("numbers")
}

/// What a service manager sees: every borough of the programme that her agency runs.
async fn of_programme(service: &Service<Counts>) -> Result<(Vec<Counted>, Names)> {
    let from = since(service.now().day());
    service
        .read(move |office| {
            let agency = office.agency();
            let programme =
                referrals::store::run_by(office.conn(), agency)?.ok_or(Error::NotFound)?;
            let names = referrals::store::agencies(office.conn())?;
            let counted = store::counted(office, Whose::Programme(programme), from)?;
            Ok((counted, names.into_iter().collect()))
        })
        .await
}

/// What a borough's contact person sees: its own.
async fn of_agency(agency: &Agency<Counts>) -> Result<(Vec<Counted>, Names)> {
    let (id, from) = (agency.id(), since(agency.now().day()));
    agency
        .read(move |office| {
            let names = referrals::store::agencies(office.conn())?;
            let mut counted = store::counted(office, Whose::Agency(id), from)?;
            // R091: what the client said no to does not leave the house.
            counted.retain(|one| !one.left_out);
            Ok((counted, names.into_iter().collect()))
        })
        .await
}

async fn all(service: Service<Counts>) -> Result<Page<CountsPage>> {
    let (counted, names) = of_programme(&service).await?;
    let frame = Frame::new(service.session(), service.app(), "/caseload");
    let file = "/engagement/export".to_owned();
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
    let file = format!("/agencies/{}/engagement/export", agency.id());
    Ok(Page(page(frame, &counted, &names, file, "/borough")))
}

async fn own_file(agency: Agency<Counts>) -> Result<Response> {
    let (counted, names) = of_agency(&agency).await?;
    Ok(file(&counted, &names))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::time::Day;

    use super::*;

    #[test]
    fn r126_answers_are_counted_by_month_and_borough() {
        let (larkmoor, wexbrook) = (AgencyId::new(), AgencyId::new());
        let one = |agency, on, yes| Counted {
            agency,
            on: Day(on),
            yes,
            left_out: false,
        };
        let counted = [
            one(Some(larkmoor), date(2026, 10, 1), [true; 5]),
            one(
                Some(larkmoor),
                date(2026, 10, 31),
                [true, false, false, true, false],
            ),
            one(Some(wexbrook), date(2026, 10, 31), [false; 5]),
            one(None, date(2026, 9, 30), [true; 5]),
        ];
        let sums = by_month(&counted);
        let of = |month, agency| {
            sums.iter()
                .find(|(m, a, _)| *m == month && *a == agency)
                .map(|(_, _, sum)| (sum.forms, sum.yes))
        };
        assert_eq!(
            of(date(2026, 10, 1), Some(larkmoor)),
            Some((2, [2, 1, 1, 2, 1]))
        );
        assert_eq!(of(date(2026, 10, 1), Some(wexbrook)), Some((1, [0; 5])));
        assert_eq!(of(date(2026, 9, 1), None), Some((1, [1; 5])));
        assert_eq!(sums.len(), 3);
        assert_eq!(since(date(2026, 10, 14)), Day(date(2025, 11, 1)));
    }
}
