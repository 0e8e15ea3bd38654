//! What only the survivor's side sees: what each adult harmed answered, and what follows.

use axum::response::IntoResponse as _;
use kernel::{
    access::Sees,
    label::{Survivor, SurvivorLine},
};

use super::{
    ANSWER, ANSWER_EXPLAIN, Done, Error, Event, For, Frame, Ids, KeptFormPage, Labelled, Line,
    Named, NewReply, NewStrike, Page, Part, PartRole, Path, Places, Plain, Posted, Problems, Query,
    Replied, ReplyId, Response, Result, Routes, STRIKE, Typed, UserId, ViewKept, again_words, by,
    counting, day, drawn, frame, id, lines, passages, people, prefilled, research_words, rules,
    save_reply, see_other, signing_words, store, version, wording,
};
use crate::interventions;
use crate::participation::{
    RecordKept,
    model::{Agreed, NewAgreed},
    rules::{Stand, Whose},
    store::{Papers as _, Replies as _, SurvivorPapers, SurvivorReplies},
};
use kernel::{ids::CaseId, time::Instant};
use platform::{Case, Permission};

type Kept<T> = For<SurvivorLine, T>;

/// What is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/apart/participation", show)
        .get("/cases/{case}/apart/{part}/participation", new)
        .post("/cases/{case}/apart/{part}/participation", record)
        .get("/cases/{case}/apart/{part}/agreed/{reply}", new_agreed)
        .post("/cases/{case}/apart/{part}/agreed/{reply}", agree)
        .get("/cases/{case}/apart/{part}/replies/{reply}", edit_strike)
        .post("/cases/{case}/apart/{part}/replies/{reply}", strike)
}

platform::rows! {
    /// An answer.
    struct ReplyRow for SurvivorLine {
        id: ReplyId,
        reply: Kept<String>,
        on: Kept<String>,
        by: Plain,
        at: Instant,
        struck: Option<Kept<String>>,
        lines: Vec<Kept<Line>>,
        pending: bool,
        agreed: Vec<Kept<Line>>,
    }
}
platform::rows! {
    /// A time at which the agreement was gone through.
    struct PaperRow for SurvivorLine {
        on: Kept<String>,
        how: Kept<String>,
        signing: Kept<String>,
        again: Kept<String>,
        research: Kept<String>,
        lines: Vec<Kept<Line>>,
    }
}
platform::rows! {
    /// An adult who was harmed, with what she answered.
    struct PartyRow for SurvivorLine {
        id: crate::people::model::PartId,
        name: Kept<String>,
        stand: &'static str,
        colour: &'static str,
        refused: bool,
        replies: Vec<ReplyRow>,
        papers: Vec<PaperRow>,
    }
}
platform::page! {
    /// What only the survivor's side sees.
    struct KeptPage for SurvivorLine, "participation/kept.html" {
        frame: Frame,
        case: CaseId,
        parties: Vec<PartyRow>,
        pending: bool,
        asked: bool,
        heard: bool,
        open: bool,
        may_ask: bool,
        so: bool,
        may_record: bool,
    }
}

async fn show(case: Case<ViewKept>, Query(done): Query<Done>) -> Result<Page<KeptPage>> {
    let (parts, known, gate, asked, replies, agreed, papers, names) = case
        .read(|r| {
            let parts = people::store::parts(r)?;
            let (known, gate) = (store::known(r)?, store::gate(r)?);
            let asked = interventions::store::known(r)?.is_asked();
            let replies = SurvivorReplies::all(r)?;
            let agreed = store::agreed(r)?;
            let papers = SurvivorPapers::all(r)?;
            let who = replies.iter().map(|row| row.recorded_by);
            let names = people::store::worker_names(r, who)?;
            Ok((parts, known, gate, asked, replies, agreed, papers, names))
        })
        .await?;
    let name = |id: UserId| names.get(&id).cloned().unwrap_or_default();
    let parties = parts
        .into_iter()
        .filter(|part| part.role == PartRole::Survivor)
        .map(|part| {
            let hers = known
                .survivors
                .iter()
                .find(|hers| hers.part == Some(part.id));
            let stand = hers.map(|hers| hers.so).unwrap_or_default();
            let open = |id: ReplyId| {
                hers.is_some_and(|hers| {
                    hers.withdrawals
                        .iter()
                        .any(|withdrawal| withdrawal.id == id && withdrawal.settled.is_none())
                })
            };
            PartyRow {
                stand: stand.words(),
                colour: stand.colour(),
                refused: matches!(stand, Stand::Refused | Stand::Withdrawn),
                replies: replies
                    .iter()
                    .rev()
                    .filter(|row| row.part == part.id)
                    .cloned()
                    .map(|row| ReplyRow {
                        id: row.id,
                        reply: row.reply.map(|reply| reply.words().to_owned()).show(),
                        on: day(&row.answered_on).show(),
                        by: name(row.recorded_by),
                        at: row.recorded_at,
                        struck: row.struck.map(Labelled::show),
                        lines: lines(row.words),
                        pending: open(row.id),
                        agreed: agreed
                            .iter()
                            .filter(|agreed| agreed.reply == row.id)
                            .flat_map(|agreed| lines(agreed.words.clone()))
                            .collect(),
                    })
                    .collect(),
                papers: papers
                    .iter()
                    .rev()
                    .filter(|paper| paper.part == part.id)
                    .cloned()
                    .map(|paper| PaperRow {
                        on: day(&paper.explained_on).show(),
                        how: paper.how.map(|how| how.words().to_owned()).show(),
                        signing: signing_words(&paper).show(),
                        again: again_words(&paper).show(),
                        research: research_words(&paper).show(),
                        lines: lines(paper.words),
                    })
                    .collect(),
                id: part.id,
                name: part.name.show(),
            }
        })
        .collect();
    Ok(Page(KeptPage {
        frame: done.frame(&case),
        case: case.id(),
        parties,
        pending: known.withdrawn_pending,
        asked,
        heard: known.heard.is_some(),
        open: gate.open,
        may_ask: gate.may_ask,
        so: gate.so,
        may_record: case.could::<RecordKept>(),
    }))
}

/// The adult harmed whom the path names.
pub(super) async fn survivor<P: Permission>(case: &Case<P>, path: &Named) -> Result<Part> {
    let id = id(path, "part")?;
    let part = case.read(move |r| people::store::person(r, id)).await?;
    if part.role == PartRole::Survivor {
        Ok(part)
    } else {
        Err(Error::NotFound)
    }
}

fn answer_form(
    case: &Case<RecordKept>,
    part: &Part,
    version: i32,
    after_no: bool,
    typed: &Typed,
    problems: Problems,
) -> KeptFormPage {
    let place = format!("/cases/{}/apart", case.id());
    let places = Places {
        action: format!("{place}/{}/participation", part.id),
        back: format!("{place}/participation"),
        button: "Save the answer",
        version,
    };
    let drawn = drawn::<NewReply<Survivor>>(places, typed, problems);
    KeptFormPage {
        frame: frame(case),
        title: ANSWER,
        explain: ANSWER_EXPLAIN,
        about: Some(part.name.clone().show()),
        passages: passages(&[wording::SERVICE, wording::FOCUS, wording::SHARING]),
        sections: Vec::new(),
        drawn: if after_no {
            drawn
        } else {
            drawn.without("own_accord")
        },
    }
}

/// Where the adult whom the path names stands, and how many answers there are.
async fn standing(
    case: &Case<RecordKept>,
    part: &Part,
) -> Result<(Stand, Option<Labelled<jiff::civil::Date, Survivor>>, i32)> {
    let part = part.id;
    case.read(move |r| {
        let replies = SurvivorReplies::all(r)?;
        let last = store::last_answer(part, &replies);
        let mine: Vec<_> = replies.iter().filter(|row| row.part == part).collect();
        let known = store::known(r)?;
        let stand = known
            .survivors
            .iter()
            .find(|party| party.part == Some(part))
            .map(|party| party.so)
            .unwrap_or_default();
        Ok((stand, last, version(&mine)))
    })
    .await
}

fn is_no(stand: Stand) -> bool {
    matches!(stand, Stand::Refused | Stand::Withdrawn)
}

async fn new(case: Case<RecordKept>, Path(path): Ids) -> Result<Page<KeptFormPage>> {
    let part = survivor(&case, &path).await?;
    let (stand, _, version) = standing(&case, &part).await?;
    let typed = prefilled(&case);
    let none = Problems::new();
    Ok(Page(answer_form(
        &case,
        &part,
        version,
        is_no(stand),
        &typed,
        none,
    )))
}

async fn record(
    case: Case<RecordKept>,
    Path(path): Ids,
    posted: Posted<NewReply<Survivor>>,
) -> Result<Response> {
    let part = survivor(&case, &path).await?;
    let seen = posted.version().unwrap_or(0);
    let (stand, last, _) = standing(&case, &part).await?;
    let mut problems = posted.problems;
    problems.extend(rules::reply_problems(
        &posted.form,
        Whose::Survivor,
        stand,
        last,
        case.now().day(),
    ));
    let new = Replied::of(posted.form, part.id, by(&case));
    let (true, Some(new)) = (problems.is_empty(), new) else {
        let page = answer_form(&case, &part, seen, is_no(stand), &posted.typed, problems);
        return Ok(Page(page).into_response());
    };
    save_reply::<SurvivorReplies, _>(&case, new, seen, false).await?;
    Ok(see_other(&format!(
        "/cases/{}/apart/participation?done=answer",
        case.id()
    )))
}

fn agreed_form(
    case: &Case<RecordKept>,
    part: &Part,
    reply: ReplyId,
    typed: &Typed,
    problems: Problems,
) -> KeptFormPage {
    let place = format!("/cases/{}/apart", case.id());
    let places = Places {
        action: format!("{place}/{}/agreed/{reply}", part.id),
        back: format!("{place}/participation"),
        button: "Save what was agreed",
        version: 0,
    };
    KeptFormPage {
        frame: frame(case),
        title: "What was agreed",
        explain: "Nothing changes for the other line, and nothing the client can see, before the day you name here.",
        about: Some(part.name.clone().show()),
        passages: Vec::new(),
        sections: Vec::new(),
        drawn: drawn::<NewAgreed>(places, typed, problems),
    }
}

/// The withdrawal that the path names, if nothing was agreed about it yet.
async fn open_withdrawal(
    case: &Case<RecordKept>,
    part: &Part,
    path: &Named,
) -> Result<Replied<Survivor>> {
    let (part, reply): (_, ReplyId) = (part.id, id(path, "reply")?);
    case.read(move |r| {
        let known = store::known(r)?;
        let open = known
            .survivors
            .iter()
            .filter(|party| party.part == Some(part))
            .flat_map(|party| &party.withdrawals)
            .any(|withdrawal| withdrawal.id == reply && withdrawal.settled.is_none());
        let replies = SurvivorReplies::all(r)?;
        replies
            .into_iter()
            .find(|row| open && row.id == reply)
            .ok_or(Error::NotFound)
    })
    .await
}

async fn new_agreed(case: Case<RecordKept>, Path(path): Ids) -> Result<Page<KeptFormPage>> {
    let part = survivor(&case, &path).await?;
    let reply = open_withdrawal(&case, &part, &path).await?;
    let mut typed = Typed::default();
    typed.push("agreed_on".to_owned(), case.now().day().to_string());
    let none = Problems::new();
    Ok(Page(agreed_form(&case, &part, reply.id, &typed, none)))
}

async fn agree(
    case: Case<RecordKept>,
    Path(path): Ids,
    posted: Posted<NewAgreed>,
) -> Result<Response> {
    let part = survivor(&case, &path).await?;
    let reply = open_withdrawal(&case, &part, &path).await?;
    let mut problems = posted.problems;
    problems.extend(rules::agreed_problems(
        &posted.form,
        &reply.answered_on,
        case.now().day(),
    ));
    let new = Agreed::of(posted.form, reply.id, by(&case));
    let (true, Some(new)) = (problems.is_empty(), new) else {
        let page = agreed_form(&case, &part, reply.id, &posted.typed, problems);
        return Ok(Page(page).into_response());
    };
    case.change(move |tx| {
        let before = store::agreed(tx)?;
        if before.iter().any(|agreed| agreed.reply == new.reply) {
            return Err(Error::Stale.into());
        }
        store::add_agreed(tx, &new)?;
        Ok((Event::Agreed(new.id), ()))
    })
    .await?;
    Ok(see_other(&format!(
        "/cases/{}/apart/participation?done=agreed",
        case.id()
    )))
}

fn strike_form(
    case: &Case<RecordKept>,
    part: &Part,
    id: ReplyId,
    typed: &Typed,
    problems: Problems,
) -> KeptFormPage {
    let place = format!("/cases/{}/apart", case.id());
    let places = Places {
        action: format!("{place}/{}/replies/{id}", part.id),
        back: format!("{place}/participation"),
        button: "Strike it out",
        version: 0,
    };
    KeptFormPage {
        frame: frame(case),
        title: STRIKE,
        explain: "If a yes is struck out, the other line sees at once that the client may not be asked. Somebody who changed her mind withdraws instead.",
        about: Some(part.name.clone().show()),
        passages: Vec::new(),
        sections: Vec::new(),
        drawn: drawn::<NewStrike<Survivor>>(places, typed, problems),
    }
}

async fn edit_strike(case: Case<RecordKept>, Path(path): Ids) -> Result<Page<KeptFormPage>> {
    let part = survivor(&case, &path).await?;
    let id = counting::<SurvivorReplies, _>(&case, &path).await?;
    let none = Problems::new();
    Ok(Page(strike_form(&case, &part, id, &Typed::default(), none)))
}

async fn strike(
    case: Case<RecordKept>,
    Path(path): Ids,
    posted: Posted<NewStrike<Survivor>>,
) -> Result<Response> {
    let part = survivor(&case, &path).await?;
    let id = counting::<SurvivorReplies, _>(&case, &path).await?;
    let (true, Some(why)) = (posted.problems.is_empty(), posted.form.why) else {
        let page = strike_form(&case, &part, id, &posted.typed, posted.problems);
        return Ok(Page(page).into_response());
    };
    case.change(move |tx| {
        store::strike::<SurvivorReplies>(tx, id, &why)?;
        Ok((Event::Struck(id, Sees::Survivor), ()))
    })
    .await?;
    Ok(see_other(&format!(
        "/cases/{}/apart/participation?done=struck",
        case.id()
    )))
}
