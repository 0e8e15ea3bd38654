//! Pages of acknowledgement.

use axum::response::{IntoResponse as _, Response};
use kernel::{
    calendar::Calendar,
    form::{Block, Inputs, Problems, Typed},
    ids::CaseId,
    label::{ClientLine, For, Labelled},
    plain::Plain,
    time::{Instant, day_words},
};
use platform::{Case, Error, Page, Posted, Result, Routes, Scope as _, casefile, see_other};

use super::{
    Acknowledge, Event, Read,
    model::{AcknowledgementId, How, NewAcknowledgement},
    rules,
    store::{self, Acknowledgement},
};
use crate::{
    allocations::web::{Summary, summary},
    duties::{self, model::said},
    mail::{self, model::MailKind},
    people,
    printing::paper,
    referrals,
    shell::Frame,
};

/// What is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/acknowledgement", show)
        .get("/cases/{case}/acknowledgement/new", new)
        .post("/cases/{case}/acknowledgement", acknowledge)
        .get("/cases/{case}/acknowledgement.pdf", print)
}

type Out<T> = For<ClientLine, T>;

platform::page! {
    struct NewPage for ClientLine, "acknowledgements/new.html" {
        frame: Frame,
        case: CaseId,
        client: Option<Out<String>>,
        received: Out<String>,
        due: Out<String>,
        state: &'static str,
        urgency: &'static str,
        referrer: Option<Out<String>>,
        problems: Summary,
        blocks: Vec<Block>,
    }
}

/// Everything but the dates is prefilled as it most often is: told today, in Cusp where the
/// referrer has an account.
fn prefilled(today: jiff::civil::Date, has_account: bool) -> Typed {
    let mut typed = Typed::default();
    typed.push("confirmed_on".to_owned(), today.to_string());
    let how = if has_account { How::Here } else { How::Letter };
    typed.push("how".to_owned(), how.code().to_owned());
    typed.push("meeting".to_owned(), "telephone".to_owned());
    typed
}

async fn new(case: Case<Acknowledge>) -> Result<Response> {
    let done = case.read(|r| store::of_case(r)).await?.is_some();
    if done {
        return Ok(see_other(&format!("/cases/{}/acknowledgement", case.id())));
    }
    Ok(page(&case, None, Problems::new()).await?.into_response())
}

async fn page(
    case: &Case<Acknowledge>,
    typed: Option<Typed>,
    problems: Problems,
) -> Result<Page<NewPage>> {
    let now = case.now();
    let (client, received, duty, sender, has_account) = case
        .read(move |r| {
            let received = referrals::store::received(r)?.ok_or(Error::NotFound)?;
            let facts = duties::facts::of_case(r)?;
            let settings = duties::store::settings(r.conn())?;
            let duty = rules::duties(&facts, &settings, &Calendar::default(), now.get()).pop();
            let has_account = received.referrer_user.is_some();
            let client = people::store::names(r)?.client;
            Ok((
                client,
                received.received_at,
                duty,
                received.taken_from,
                has_account,
            ))
        })
        .await?;
    let duty = duty.ok_or(Error::NotFound)?;
    let state = duty.state(now.get());
    let typed = typed.unwrap_or_else(|| prefilled(now.day(), has_account));
    Ok(Page(NewPage {
        frame: Frame::new(case.session(), case.app(), "/my-day"),
        case: case.id(),
        client: client.map(Labelled::show),
        received: received.map(|at| Instant::words(*at)).show(),
        due: said(day_words(duty.due.last_day())),
        state: state.words(),
        urgency: state.urgency(),
        referrer: sender.map(Labelled::show),
        blocks: Inputs::draw::<NewAcknowledgement>(&typed, problems.clone(), None, 0),
        problems: Summary(summary(&problems)),
    }))
}

async fn acknowledge(
    case: Case<Acknowledge>,
    posted: Posted<NewAcknowledgement>,
) -> Result<Response> {
    let (form, typed, id) = (posted.form, posted.typed, AcknowledgementId::new());
    // Checked inside the change, so that confirming is one row of the trail and not a look before it.
    let done = case
        .change(move |tx| {
            let received = referrals::store::received(tx)?.ok_or(Error::NotFound)?;
            let received_on = received.received_at.map(|at| at.day());
            let mut problems = posted.problems.clone();
            problems.extend(rules::check(&form, &received_on, tx.now().day()));
            let (Some(confirmed_on), Some(how), Some(consultation_on), Some(meeting), true) = (
                form.confirmed_on,
                form.how,
                form.consultation_on,
                form.meeting,
                problems.is_empty(),
            ) else {
                return Err(Error::Refused(problems).into());
            };
            let row = Acknowledgement {
                id,
                case_id: tx.case(),
                confirmed_on,
                how,
                consultation_on,
                meeting,
                timeline: form.timeline.clone(),
                recorded_by: tx.actor(),
                recorded_at: tx.now(),
            };
            store::add(tx, &row)?;
            if let Some(referrer) = received.referrer_user {
                let (now, path) = (tx.now(), format!("/cases/{}/referral", tx.case()));
                mail::queue(tx.conn(), referrer, MailKind::Acknowledgement, &path, now)?;
            }
            Ok((Event::Acknowledged(id), ()))
        })
        .await;
    if let Err(Error::Refused(problems)) = done {
        return Ok(page(&case, Some(typed), problems).await?.into_response());
    }
    done?;
    Ok(see_other(&format!("/cases/{}/acknowledgement", case.id())))
}

platform::page! {
    struct ShowPage for ClientLine, "acknowledgements/show.html" {
        frame: Frame,
        case: CaseId,
        confirmed_on: Out<String>,
        how: Out<How>,
        consultation_on: Out<String>,
        meeting: Out<super::model::Meeting>,
        timeline: Option<Out<String>>,
        by: Plain,
        state: &'static str,
        urgency: &'static str,
        sender: bool,
    }
}

async fn show(case: Case<Read>) -> Result<Page<ShowPage>> {
    let now = case.now();
    let (row, by, state) = case
        .read(move |r| {
            let row = store::of_case(r)?.ok_or(Error::NotFound)?;
            let by = casefile::worker_names(r.conn(), &[row.recorded_by])?.remove(&row.recorded_by);
            let facts = duties::facts::of_case(r)?;
            let settings = duties::store::settings(r.conn())?;
            let duty = rules::duties(&facts, &settings, &Calendar::default(), now.get()).pop();
            Ok((
                row,
                by.unwrap_or_default(),
                duty.map(|duty| duty.state(now.get())),
            ))
        })
        .await?;
    Ok(Page(ShowPage {
        frame: Frame::new(case.session(), case.app(), "/my-day"),
        case: case.id(),
        confirmed_on: row.confirmed_on.map(|day| day_words(*day)).show(),
        how: row.how.show(),
        consultation_on: row.consultation_on.map(|day| day_words(*day)).show(),
        meeting: row.meeting.show(),
        timeline: row.timeline.map(Labelled::show),
        by,
        state: state.map_or("", duties::model::State::words),
        urgency: state.map_or("", duties::model::State::urgency),
        sender: case.line().is_none(),
    }))
}

/// The letter for a referrer without an account. It names nobody of the family: a letter may be
/// opened by anybody, and the reference is enough for who sent it.
async fn print(case: Case<Read>) -> Result<Response> {
    let (row, reference) = case
        .read(|r| {
            let row = store::of_case(r)?.ok_or(Error::NotFound)?;
            Ok((row, casefile::frame(r)?.client_reference))
        })
        .await?;
    let mut rows: Vec<(&str, Out<String>)> = vec![
        (
            "Receipt confirmed on",
            row.confirmed_on.map(|day| day_words(*day)).show(),
        ),
        (
            "Consultation by",
            row.consultation_on.map(|day| day_words(*day)).show(),
        ),
        (
            "How it will be held",
            row.meeting.map(|meeting| meeting.words().to_owned()).show(),
        ),
    ];
    if let Some(timeline) = row.timeline {
        rows.push(("What else you should know", timeline.show()));
    }
    let document = pdf::Document {
        title: "Your form has arrived".to_owned(),
        reference: reference.as_str().to_owned(),
        audience: "Printed for the referrer".to_owned(),
        printed: format!("Printed on {}", day_words(case.now().day())),
        notice: Some(
            "Quote the reference when you ring. Names are left out on purpose.".to_owned(),
        ),
        sections: vec![pdf::Section {
            heading: "What happens next".to_owned(),
            rows: rows
                .into_iter()
                .map(|(label, answer)| pdf::Row {
                    label: label.to_owned(),
                    answer: answer.into_inner(),
                })
                .collect(),
        }],
        closing: Vec::new(),
    };
    Ok(paper::set(document).await?.into_answer(&reference))
}
