//! The pages of referrals.

mod drafts;
mod intake;
mod lists;
mod sent;

use kernel::{
    form::{Block, Line},
    ids::{CaseId, Id},
    label::{Audience, Client, For, Shows, VisibleTo, Workers},
    plain::Plain,
    time::Instant,
};
use platform::{Error, Result, Routes, Scope, casefile};

use super::{model::HeldReason, store};

/// The pages of referrals.
pub fn routes() -> Routes {
    Routes::new()
        .get("/referrals", lists::list)
        .get("/referrals/export", lists::export)
        .get("/referrals/new", drafts::choose)
        .post("/referrals/new", drafts::begin)
        .get("/referrals/drafts/{draft}", drafts::tasks)
        .get("/referrals/drafts/{draft}/check", drafts::check)
        .post("/referrals/drafts/{draft}/check", drafts::send)
        .get("/referrals/drafts/{draft}/delete", drafts::confirm_delete)
        .post("/referrals/drafts/{draft}/delete", drafts::delete)
        .get("/referrals/drafts/{draft}/{section}", drafts::section)
        .post("/referrals/drafts/{draft}/{section}", drafts::save)
        .get("/cases/{case}/referral", sent::sent)
        .get("/cases/{case}/referral/amend", sent::correct)
        .post("/cases/{case}/referral/amend", sent::amend)
        .get("/cases/{case}/referral/withdraw", sent::why_withdraw)
        .post("/cases/{case}/referral/withdraw", sent::withdraw)
        .get("/cases/{case}/referral/read", sent::read)
        .get("/cases/{case}/referral/full", sent::full)
        .post("/cases/{case}/referral/reveal", sent::reveal)
        .post("/cases/{case}/held", sent::take_held)
        .get("/intake/take", intake::blank)
        .post("/intake/take", intake::take)
        .get("/intake/upload", intake::choose_file)
        .post("/intake/upload", intake::upload)
}

/// The id in a path; what is none is absent.
fn id<K>(text: &str) -> Result<Id<K>> {
    text.parse().map_err(|_| Error::NotFound)
}

/// Without "(optional)" at each question: almost all may be left blank, which the page says once.
fn quiet(mut blocks: Vec<Block>) -> Vec<Block> {
    for control in blocks.iter_mut().flat_map(|block| &mut block.controls) {
        control.optional = false;
    }
    blocks
}

/// One revision in a list.
#[derive(Clone, Debug)]
pub(crate) struct Revised<A: Audience> {
    pub(crate) number: i64,
    pub(crate) at: Instant,
    pub(crate) by: Plain,
    pub(crate) reason: Option<For<A, String>>,
    pub(crate) shown: bool,
}

/// What was decided, in a sentence's parts.
#[derive(Clone, Debug)]
pub(crate) struct Decision<A: Audience> {
    pub(crate) at: Instant,
    pub(crate) by: Plain,
    pub(crate) reason: For<A, String>,
}

/// A referral as `A` may read it. Every value that concerns the family is a `For<A, _>`.
#[derive(Clone, Debug)]
pub(crate) struct Paper<A: Audience> {
    pub(crate) case: CaseId,
    pub(crate) client_reference: Plain,
    pub(crate) survivor_reference: Plain,
    pub(crate) received_at: For<A, String>,
    pub(crate) entered_later: Option<Instant>,
    pub(crate) entered_by: Plain,
    pub(crate) origin: &'static str,
    pub(crate) by_service: bool,
    pub(crate) note: Option<&'static str>,
    pub(crate) taken_from: Option<For<A, String>>,
    pub(crate) status: &'static str,
    pub(crate) held: Option<HeldReason>,
    pub(crate) withdrawn: Option<Decision<A>>,
    pub(crate) held_taken: Option<Decision<A>>,
    pub(crate) client_blocked: bool,
    pub(crate) revisions: Vec<Revised<A>>,
    pub(crate) unplaced: i64,
    pub(crate) groups: Vec<Vec<For<A, Line>>>,
}

/// Its values were shown to `A` one by one when it was made; the rest names nobody of the family.
impl<A: Audience> Shows<A> for Paper<A> {}

/// The referral of the case in hand, in one of its revisions, the latest if none is named.
pub(crate) fn paper<A: Audience, S: Scope>(
    scope: &mut S,
    number: Option<i32>,
    lines: impl FnOnce(&mut S, i32) -> Result<Vec<Vec<For<A, Line>>>>,
) -> Result<Paper<A>>
where
    Client: VisibleTo<A>,
    Workers: VisibleTo<A>,
{
    let received = store::received(scope)?.ok_or(Error::NotFound)?;
    let frame = casefile::frame(scope)?;
    let number = number.unwrap_or(received.revision);
    let mut revisions = Vec::new();
    let mut unplaced = 0;
    for head in store::revisions(scope)? {
        if head.number == number {
            unplaced = i64::from(head.unplaced);
        }
        revisions.push(Revised {
            number: i64::from(head.number),
            at: head.entered_at,
            by: store::worker(scope.conn(), head.author)?,
            reason: head.reason.map(kernel::label::Labelled::show),
            shown: head.number == number,
        });
    }
    let status = status(frame.stage.as_str(), &received);
    Ok(Paper {
        case: scope.case(),
        client_reference: frame.client_reference,
        survivor_reference: frame.survivor_reference,
        received_at: received.received_at.map(|at| at.words()).show(),
        entered_by: store::worker(scope.conn(), received.entered_by)?,
        by_service: received.by_service(),
        note: received.secure_note(),
        origin: received.origin_words(),
        client_blocked: received.client_blocked(),
        entered_later: received.entered_later(),
        taken_from: received.taken_from.map(kernel::label::Labelled::show),
        status,
        held: received.held,
        withdrawn: decision(scope, store::withdrawal)?,
        held_taken: decision(scope, store::held_taking)?,
        revisions,
        unplaced,
        groups: lines(scope, number)?,
    })
}

fn decision<A: Audience, S: Scope>(
    scope: &mut S,
    find: impl FnOnce(&mut S) -> Result<Option<store::Decided>>,
) -> Result<Option<Decision<A>>>
where
    Workers: VisibleTo<A>,
{
    find(scope)?
        .map(|decided| {
            Ok(Decision {
                at: decided.at,
                by: store::worker(scope.conn(), decided.author)?,
                reason: decided.reason.show(),
            })
        })
        .transpose()
}

/// In an address: every stage of which a referrer reads no more than that it is worked on.
const IN_WORK: &str = "work";
const IN_WORK_WORDS: &str = "In work";

/// The stages by which a referrer may filter, with what she reads.
const STATUS: [(&str, &str); 7] = [
    ("received", "Sent"),
    ("held", "Held"),
    ("allocated", "Allocated"),
    ("acknowledged", "Confirmed"),
    (IN_WORK, IN_WORK_WORDS),
    ("withdrawn", "Withdrawn"),
    ("closed", "Closed"),
];

/// Where a referral stands, for who sent it: no more than the stage of its case.
fn status(stage: &str, received: &store::Received) -> &'static str {
    if received.withdrawn {
        return "Withdrawn";
    }
    if let Some(held) = received.held {
        return held.words();
    }
    STATUS
        .iter()
        .find(|(code, _)| *code == stage)
        .map_or(IN_WORK_WORDS, |(_, words)| words)
}
