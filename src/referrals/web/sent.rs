//! A referral that was sent: as its sender reads it, and as each line of the service may.

use axum::{
    extract::Query,
    response::{IntoResponse, Response},
};
use kernel::{
    form::{Block, Inputs, Names, Problem, Problems, Typed},
    ids::CaseId,
    label::{ClientLine, Sender, SurvivorLine},
};
use platform::{Case, Error, Page, Permission, Posted, Result, see_other};

use super::{Paper, paper, quiet};
use crate::{
    referrals::{
        Amend, Event, Full, Read, Reveal, Sent, TakeHeld, Withdraw,
        model::{
            Amended, Because, Difference, Kept, LookId, Looking, Referral, compacted, differences,
            sections, shared, unplaced_of, whole,
        },
        rules, store,
    },
    shell::Frame,
};

platform::page! {
    /// The referral as its sender reads it.
    struct SentPage for Sender, "referrals/sent.html" {
        frame: Frame,
        paper: Paper<Sender>,
        may_change: bool,
        ring: Vec<super::drafts::Ring>,
    }
}
platform::page! {
    /// The referral as workers of both lines read it.
    struct ReadPage for ClientLine, "referrals/read.html" {
        frame: Frame,
        paper: Paper<ClientLine>,
        may_reveal: bool,
        may_take_held: bool,
        may_withdraw: bool,
        may_read_all: bool,
        blocks: Vec<Block>,
        problems: Vec<Problem>,
    }
}
platform::page! {
    /// The referral as the survivor's side reads it.
    struct FullPage for SurvivorLine, "referrals/full.html" {
        frame: Frame,
        paper: Paper<SurvivorLine>,
        revealed: bool,
    }
}

platform::rows! {
    /// A section of the form that is corrected.
    pub(super) struct Sheet for Sender { heading: &'static str, slug: &'static str, blocks: Vec<Block> }
}
platform::page! {
    /// The form to correct.
    struct AmendPage for Sender, "referrals/amend.html" {
        frame: Frame,
        case: CaseId,
        sheets: Vec<Sheet>,
        problems: Vec<Problem>,
        version: i64,
        meanwhile: Vec<Difference>,
    }
}
platform::page! {
    /// Why it is withdrawn.
    struct WithdrawPage for ClientLine, "referrals/withdraw.html" {
        frame: Frame,
        case: CaseId,
        back: &'static str,
        blocks: Vec<Block>,
        problems: Vec<Problem>,
    }
}

/// What the address of a referral says.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Asked {
    revision: Option<i32>,
    done: Option<String>,
}

fn frame<P: Permission>(case: &Case<P>, section: &'static str, done: Option<&str>) -> Frame {
    let frame = Frame::new(case.session(), case.app(), section);
    match done {
        Some("sent") => frame.with_success("The referral is sent"),
        Some("taken") => frame.with_success("The referral is taken"),
        Some("amended") => frame.with_success("The correction is saved"),
        Some("by-hand") => frame.with_important(
            "The correction is saved. The service has changed the people’s details since and takes yours over by hand",
        ),
        Some("held") => frame.with_important("The referral is saved and held"),
        Some("withdrawn") => frame.with_success("The referral is withdrawn"),
        Some("released") => frame.with_success("The held referral is taken"),
        _ => frame,
    }
}

/// The referral as its sender reads it.
pub(super) async fn sent(case: Case<Sent>, Query(asked): Query<Asked>) -> Result<Response> {
    let agency = case.session().actor.agency;
    let (paper, ring) = case
        .read(move |r| {
            let paper: Paper<Sender> =
                paper(r, asked.revision, |r, n| Ok(whole(store::all_words(r, n)?)))?;
            let programme = platform::casefile::frame(r)?.programme_id;
            let now = platform::Scope::now(r);
            let conn = platform::Scope::conn(r);
            let ring = store::whom_to_ring(conn, agency, programme, now)?;
            Ok((paper, ring))
        })
        .await?;
    Ok(Page(SentPage {
        frame: frame(&case, "/referrals", asked.done.as_deref()),
        may_change: case.could::<Amend>() && paper.withdrawn.is_none(),
        paper,
        ring: ring.into_iter().map(Into::into).collect(),
    })
    .into_response())
}

fn because(typed: &Typed, problems: Problems) -> Vec<Block> {
    Inputs::draw::<Because>(typed, problems, None, 0)
}

async fn read_page(
    case: &Case<Read>,
    revision: Option<i32>,
    done: Option<&str>,
) -> Result<Response> {
    let paper: Paper<ClientLine> = case
        .read(move |r| paper(r, revision, |r, n| Ok(shared(store::shared_words(r, n)?))))
        .await?;
    let standing = paper.withdrawn.is_none();
    Ok(Page(ReadPage {
        frame: frame(case, "/intake", done),
        may_reveal: case.could::<Reveal>(),
        may_take_held: case.could::<TakeHeld>() && paper.held.is_some() && standing,
        may_withdraw: case.could::<Withdraw>() && standing,
        may_read_all: case.could::<Full>(),
        blocks: because(&Typed::default(), Problems::new()),
        problems: Vec::new(),
        paper,
    })
    .into_response())
}

/// The referral as workers of both lines read it.
pub(super) async fn read(case: Case<Read>, Query(asked): Query<Asked>) -> Result<Response> {
    read_page(&case, asked.revision, asked.done.as_deref()).await
}

/// The referral as the survivor's side reads it.
pub(super) async fn full(case: Case<Full>, Query(asked): Query<Asked>) -> Result<Response> {
    let revision = asked.revision;
    let paper: Paper<SurvivorLine> = case
        .read(move |r| paper(r, revision, |r, n| Ok(whole(store::all_words(r, n)?))))
        .await?;
    Ok(Page(FullPage {
        frame: frame(&case, "/cases", None),
        paper,
        revealed: false,
    })
    .into_response())
}

/// All of the referral, once, for somebody who said why. The guard let her in only with a reason.
pub(super) async fn reveal(case: Case<Reveal>, posted: Posted<Looking>) -> Result<Response> {
    let Some(reason) = posted.form.reason else {
        return Err(Error::Refused(posted.problems));
    };
    let (id, item) = (LookId::new(), case.id());
    case.change(move |tx| {
        store::look(tx, id, &reason)?;
        Ok((Event::revealed(item, &reason), ()))
    })
    .await?;
    let paper: Paper<SurvivorLine> = case
        .read(move |r| paper(r, None, |r, n| Ok(whole(store::all_words(r, n)?))))
        .await?;
    Ok(Page(FullPage {
        frame: frame(&case, "/intake", None),
        paper,
        revealed: true,
    })
    .into_response())
}

/// What the form of a correction draws.
fn amend_page(
    case: &Case<Amend>,
    typed: &Typed,
    problems: Problems,
    version: i32,
    meanwhile: Vec<Difference>,
    spare: usize,
) -> Response {
    let sheets = sections::<Amended>()
        .into_iter()
        .map(|(slug, heading)| Sheet {
            heading,
            slug,
            blocks: quiet(Inputs::draw::<Amended>(
                typed,
                problems.clone(),
                Some(slug),
                spare,
            )),
        })
        .collect();
    Page(AmendPage {
        frame: frame(case, "/referrals", None),
        case: case.id(),
        sheets,
        problems,
        version: i64::from(version),
        meanwhile,
    })
    .into_response()
}

/// The latest revision as it can be typed again.
async fn latest(case: &Case<Amend>) -> Result<(Typed, i32, Vec<(String, String)>)> {
    case.read(|r| {
        let received = store::received(r)?.ok_or(Error::NotFound)?;
        if received.withdrawn {
            return Err(Error::NotFound);
        }
        let number = received.revision;
        let unplaced = unplaced_of(&store::all_words(r, number)?.survivor);
        Ok((store::typed(r, number)?.together(), number, unplaced))
    })
    .await
}

/// The form to correct, with what was sent.
pub(super) async fn correct(case: Case<Amend>) -> Result<Response> {
    let (typed, version, _) = latest(&case).await?;
    Ok(amend_page(
        &case,
        &typed,
        Problems::new(),
        version,
        Vec::new(),
        0,
    ))
}

/// Saves a correction as a new revision.
pub(super) async fn amend(case: Case<Amend>, posted: Posted<Amended>) -> Result<Response> {
    let (saved, number, unplaced) = latest(&case).await?;
    let shown = posted.version().unwrap_or(0);
    let typed = compacted(&posted.typed);
    if posted.adds() == Some("children") {
        return Ok(amend_page(
            &case,
            &typed,
            Problems::new(),
            shown,
            Vec::new(),
            1,
        ));
    }
    let names: Vec<String> = Names::of::<Referral>(&saved)
        .into_iter()
        .chain(Names::of::<Referral>(&typed))
        .map(|(_, name)| name)
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect();
    if shown != number {
        let differ = differences(&saved, &typed, &names);
        return Ok(if differ.is_empty() {
            // The other click of a double click saved the very same.
            see_other(&format!("/cases/{}/referral", case.id()))
        } else {
            amend_page(&case, &typed, Problems::new(), number, differ, 0)
        });
    }
    let (form, mut problems) = kernel::form::Parse::form::<Amended>(&typed);
    problems.extend(rules::problems(&form.referral, case.now().day()));
    let Some(reason) = form.reason.filter(|_| problems.is_empty()) else {
        return Ok(amend_page(&case, &typed, problems, number, Vec::new(), 0));
    };
    let mut referral = form.referral;
    let kept = Kept::of(&mut referral, &unplaced);
    let id = case.id();
    let done = case
        .change(move |tx| {
            let anew = store::amend(tx, number, &reason, &referral, &kept)?;
            Ok((Event::Amended(id, kept.said()), anew))
        })
        .await;
    match done {
        Ok(true) => Ok(see_other(&format!("/cases/{id}/referral?done=amended"))),
        Ok(false) => Ok(see_other(&format!("/cases/{id}/referral?done=by-hand"))),
        Err(Error::Stale) => {
            let (saved, number, _) = latest(&case).await?;
            let differ = differences(&saved, &typed, &names);
            Ok(amend_page(
                &case,
                &typed,
                Problems::new(),
                number,
                differ,
                0,
            ))
        }
        Err(error) => Err(error),
    }
}

/// Where who withdraws came from.
fn home<P: Permission>(case: &Case<P>) -> &'static str {
    if case.could::<Sent>() {
        "referral"
    } else {
        "referral/read"
    }
}

fn withdraw_page(case: &Case<Withdraw>, typed: &Typed, problems: Problems) -> Response {
    Page(WithdrawPage {
        frame: frame(case, "/referrals", None),
        case: case.id(),
        back: home(case),
        blocks: because(typed, problems.clone()),
        problems,
    })
    .into_response()
}

/// Asks why a referral is withdrawn.
pub(super) async fn why_withdraw(case: Case<Withdraw>) -> Result<Response> {
    Ok(withdraw_page(&case, &Typed::default(), Problems::new()))
}

/// Withdraws a referral.
pub(super) async fn withdraw(case: Case<Withdraw>, posted: Posted<Because>) -> Result<Response> {
    let Some(reason) = posted.form.reason else {
        return Ok(withdraw_page(&case, &posted.typed, posted.problems));
    };
    let id = case.id();
    let done = case
        .change(move |tx| {
            store::withdraw(tx, &reason)?;
            Ok((Event::Withdrawn(id), ()))
        })
        .await;
    match done {
        // Withdrawn twice is withdrawn.
        Ok(()) | Err(Error::Stale) => Ok(see_other(&format!(
            "/cases/{id}/{}?done=withdrawn",
            home(&case)
        ))),
        Err(error) => Err(error),
    }
}

/// Takes a held referral (R105).
pub(super) async fn take_held(case: Case<TakeHeld>, posted: Posted<Because>) -> Result<Response> {
    let id = case.id();
    let Some(reason) = posted.form.reason else {
        return Err(Error::Refused(posted.problems));
    };
    case.change(move |tx| {
        store::take_held(tx, &reason)?;
        Ok((Event::HeldTaken(id), ()))
    })
    .await?;
    Ok(see_other(&format!(
        "/cases/{id}/referral/read?done=released"
    )))
}
