//! Taking a referral from somebody without an account, or from a file.

use axum::response::{IntoResponse, Response};
use kernel::{
    form::{Block, Inputs, Parse, Problem, Problems, Typed},
    ids::{AgencyId, CaseId},
    label::{Office, Sender},
    plain::Plain,
};
use platform::{Error, Page, Result, Service, Uploaded, see_other};

use super::{id, quiet};
use crate::{
    referrals::{
        Take,
        model::{Kept, Taken, compacted, sections},
        rules,
        store::{self, Entry},
        taking,
    },
    shell::Frame,
};

platform::rows! {
    /// A section of the form.
    pub(super) struct Sheet for Sender {
        slug: &'static str,
        heading: &'static str,
        blocks: Vec<Block>,
    }
}
platform::rows! {
    /// An agency to choose.
    pub(super) struct AgencyChoice for Sender { id: AgencyId, name: Plain, chosen: bool }
}
platform::page! {
    /// The whole form on one page.
    struct TakePage for Sender, "referrals/take.html" {
        frame: Frame,
        sheets: Vec<Sheet>,
        agencies: Vec<AgencyChoice>,
        problems: Vec<Problem>,
    }
}
platform::page! {
    /// A file to take.
    struct UploadPage for Office, "referrals/upload.html" { frame: Frame, problems: Vec<Problem> }
}

fn frame(service: &Service<Take>) -> Frame {
    Frame::new(service.session(), service.app(), "/intake")
}

async fn page(
    service: &Service<Take>,
    typed: &Typed,
    problems: Problems,
    spare: usize,
) -> Result<Response> {
    let chosen = typed.get("agency").to_owned();
    let agencies = service
        .read(|office| store::agencies(office.conn()))
        .await?
        .into_iter()
        .map(|(id, name)| AgencyChoice {
            id,
            name,
            chosen: id.to_string() == chosen,
        })
        .collect();
    let sheets = sections::<Taken>()
        .into_iter()
        .map(|(slug, heading)| {
            let mut blocks = Inputs::draw::<Taken>(typed, problems.clone(), Some(slug), spare);
            for block in &mut blocks {
                // The page draws the agencies itself: they are rows, not choices of the form.
                block.controls.retain(|control| control.name != "agency");
            }
            let blocks = quiet(blocks);
            Sheet {
                slug,
                heading,
                blocks,
            }
        })
        .collect();
    Ok(Page(TakePage {
        frame: frame(service),
        sheets,
        agencies,
        problems,
    })
    .into_response())
}

/// The form to fill in while somebody is on the telephone: it came now, unless one says otherwise.
pub(super) async fn blank(service: Service<Take>) -> Result<Response> {
    taking::programme(&service).await?;
    let now = service.now();
    let local = now.get().to_zoned(kernel::time::london());
    let mut typed = Typed::default();
    typed.push("taking".to_owned(), CaseId::new().to_string());
    typed.push("received_on".to_owned(), now.day().to_string());
    typed.push(
        "received_time".to_owned(),
        format!("{}:{:02}", local.hour(), local.minute()),
    );
    page(&service, &typed, Problems::new(), 0).await
}

/// Takes what was typed.
pub(super) async fn take(
    service: Service<Take>,
    posted: platform::Posted<Taken>,
) -> Result<Response> {
    taking::programme(&service).await?;
    let typed = compacted(&posted.typed);
    if posted.adds() == Some("children") {
        return page(&service, &typed, Problems::new(), 1).await;
    }
    let now = service.now();
    let (mut form, mut problems) = Parse::form::<Taken>(&typed);
    problems.extend(rules::receipt_problems(&form, now));
    problems.extend(rules::problems(&form.referral, now.day()));
    let case: CaseId = id(typed.get("taking"))?;
    let how = form.how();
    let (Some(how), true) = (how, problems.is_empty()) else {
        return page(&service, &typed, problems, 0).await;
    };
    let agency: Option<AgencyId> = match typed.get("agency") {
        "" => None,
        chosen => Some(id(chosen)?),
    };
    let received_at = rules::receipt(how.origin(), form.stated(), now);
    let programme = taking::programme(&service).await?;
    let held = service
        .read(move |office| {
            let Some(agency) = agency else {
                return Ok(None);
            };
            if !store::agencies(office.conn())?
                .iter()
                .any(|(known, _)| *known == agency)
            {
                return Err(Error::NotFound);
            }
            let conn = office.conn();
            let standing = store::standing(conn, agency, programme, now, received_at)?;
            Ok(rules::held(standing))
        })
        .await?;
    let kept = Kept::of(&mut form.referral, &[]);
    let entry = Entry {
        received_at,
        origin: how.origin(),
        taken_from: form.from_whom,
        held,
        form: form.referral,
        kept,
    };
    match taking::open(&service, case, agency, entry, None).await {
        // The other click of a double click, or Back: it is taken.
        Ok(_) | Err(Error::Stale) => Ok(see_other(&taken_path(&service, case))),
        Err(error) => Err(error),
    }
}

/// Where who took a referral reads it.
fn taken_path(service: &Service<Take>, case: CaseId) -> String {
    let page = if taking::sees_all(service) {
        "referral/read"
    } else {
        "referral"
    };
    format!("/cases/{case}/{page}?done=taken")
}

fn upload_page(service: &Service<Take>, problems: Problems) -> Response {
    Page(UploadPage {
        frame: frame(service),
        problems,
    })
    .into_response()
}

/// Asks for a file.
pub(super) async fn choose_file(service: Service<Take>) -> Result<Response> {
    taking::programme(&service).await?;
    Ok(upload_page(&service, Problems::new()))
}

/// Takes a file.
pub(super) async fn upload(service: Service<Take>, uploaded: Uploaded) -> Result<Response> {
    taking::programme(&service).await?;
    match taking::file(&service, &uploaded.bytes).await {
        Ok(taken) => Ok(see_other(&taken_path(&service, taken.case))),
        Err(Error::Refused(problems)) => Ok(upload_page(&service, problems)),
        Err(error) => Err(error),
    }
}
