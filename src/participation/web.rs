//! Pages of participation. What the other side may see is here; what only the survivor's side sees
//! is in `kept`, the agreements on confidentiality are in `paper`.

mod kept;
mod paper;

use std::collections::HashMap;

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use kernel::{
    form::{Inputs, Line, Problem, Problems, Typed},
    ids::{CaseId, UserId},
    label::{Audience, ClientLine, For, Label, Labelled, Shows, SurvivorLine, VisibleTo, in_order},
    plain::Plain,
    time::Instant,
};
use platform::{Case, Error, Page, Permission, Posted, Result, Routes, Scope, see_other};
use serde::Deserialize;

use super::{
    Agree, Event, ReadAgreement, Record, View, ViewKept,
    model::{
        By, ClientConfidentiality, Confidentiality, Heard, NewHeard, NewReply, NewStrike, Replied,
        ReplyId, Sided, Signing,
    },
    rules::{self, Whose},
    store::{self, ClientPapers, ClientReplies, Papers as _, Replies},
    wording::{self, Passage},
};
use crate::{
    cases::{self, drawn::Drawn},
    people::{
        self,
        model::{Part, PartId, PartRole},
    },
    shell::{Frame, Ids, Named, NavItem, id},
};

/// What is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/participation", show)
        .post("/cases/{case}/participation", record)
        .get("/cases/{case}/participation/new", new)
        .get("/cases/{case}/participation/heard", new_heard)
        .post("/cases/{case}/participation/heard", hear)
        .get("/cases/{case}/participation/replies/{reply}", edit_strike)
        .post("/cases/{case}/participation/replies/{reply}", strike)
        .and(kept::routes())
        .and(paper::routes())
}

/// What the user may do next on a case.
pub fn next(case: &Case<cases::View>) -> Vec<NavItem> {
    let at = |may: bool, place: &str, text| {
        may.then(|| NavItem {
            href: format!("/cases/{}{place}", case.id()),
            text,
            current: false,
        })
    };
    [
        at(case.could::<View>(), "/participation", "Taking part"),
        at(
            case.could::<ViewKept>(),
            "/apart/participation",
            "Taking part, kept apart",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

type Out<T> = For<ClientLine, T>;

fn frame<P: Permission>(case: &Case<P>) -> Frame {
    Frame::new(case.session(), case.app(), "/cases")
}

fn by<P: Permission>(case: &Case<P>) -> By {
    By {
        user: case.session().actor.user,
        at: case.now(),
    }
}

/// What was just done, in the address of the page that follows.
#[derive(Debug, Default, Deserialize)]
struct Done {
    #[serde(default)]
    done: String,
}

impl Done {
    fn frame<P: Permission>(&self, case: &Case<P>) -> Frame {
        let frame = frame(case);
        match self.done.as_str() {
            "answer" => frame.with_success("The answer is recorded"),
            "struck" => frame.with_success("The answer is struck out"),
            "agreed" => frame.with_success("What was agreed is recorded"),
            "heard" => frame.with_success("That is recorded"),
            "signed" => frame.with_success("The agreement is recorded"),
            _ => frame,
        }
    }
}

/// A part of a long form under its heading.
pub(crate) struct Section {
    heading: &'static str,
    blocks: Vec<kernel::form::Block>,
}
impl<A: Audience> Shows<A> for Section {}

/// A form in one piece, for `Drawn`'s furniture, and in sections.
fn in_sections<F: kernel::form::Form>(
    headings: &[(&'static str, &'static str)],
    typed: &Typed,
    problems: &Problems,
) -> Vec<Section> {
    headings
        .iter()
        .map(|(slug, heading)| Section {
            heading,
            blocks: Inputs::draw::<F>(typed, problems.clone(), Some(slug), 1),
        })
        .collect()
}

/// Where a form is sent, where its link back goes, and what its button says.
struct Places {
    action: String,
    back: String,
    button: &'static str,
    version: i32,
}

fn drawn<F: kernel::form::Form>(places: Places, typed: &Typed, problems: Problems) -> Drawn {
    let version = places.version;
    Drawn::new::<F>(places.action, places.back, places.button, typed, problems).version(version)
}

platform::page! {
    /// A form whose values workers of both lines may read.
    pub(crate) struct FormPage for ClientLine, "participation/form.html" {
        frame: Frame,
        title: &'static str,
        explain: &'static str,
        about: Option<Out<String>>,
        passages: Vec<Passage>,
        sections: Vec<Section>,
        drawn: Drawn,
    }
}

platform::page! {
    /// A form of the survivor's side.
    pub(crate) struct KeptFormPage for SurvivorLine, "participation/form.html" {
        frame: Frame,
        title: &'static str,
        explain: &'static str,
        about: Option<For<SurvivorLine, String>>,
        passages: Vec<Passage>,
        sections: Vec<Section>,
        drawn: Drawn,
    }
}

/// A form of a capability whose values workers of both lines may read.
pub(crate) fn shared_page<P: Permission>(
    case: &Case<P>,
    (title, explain): (&'static str, &'static str),
    drawn: Drawn,
) -> FormPage {
    FormPage {
        frame: frame(case),
        title,
        explain,
        about: None,
        passages: Vec::new(),
        sections: Vec::new(),
        drawn,
    }
}

/// A form of the survivor's side, about one person or about none.
pub(crate) fn kept_page<P: Permission>(
    case: &Case<P>,
    (title, explain): (&'static str, &'static str),
    about: Option<Labelled<String, kernel::label::Workers>>,
    drawn: Drawn,
) -> KeptFormPage {
    KeptFormPage {
        frame: frame(case),
        title,
        explain,
        about: about.map(Labelled::show),
        passages: Vec::new(),
        sections: Vec::new(),
        drawn,
    }
}

platform::rows! {
    /// An answer of the client.
    struct ReplyRow for ClientLine {
        id: ReplyId,
        reply: Out<String>,
        on: Out<String>,
        by: Plain,
        at: Instant,
        struck: Option<Out<String>>,
        lines: Vec<Out<Line>>,
    }
}
platform::rows! {
    /// What the client heard of the service.
    struct HeardRow for ClientLine {
        on: Out<String>,
        by: Plain,
        at: Instant,
        lines: Vec<Out<Line>>,
    }
}
platform::rows! {
    /// A time at which the agreement was gone through with the client.
    struct PaperRow for ClientLine {
        on: Out<String>,
        how: Out<String>,
        signing: Out<String>,
        again: Out<String>,
        research: Out<String>,
        lines: Vec<Out<Line>>,
    }
}
platform::page! {
    /// How the gate stands, and what the client answered.
    struct ShowPage for ClientLine, "participation/show.html" {
        frame: Frame,
        case: CaseId,
        client: Option<Out<String>>,
        open: bool,
        may_ask: bool,
        replies: Vec<ReplyRow>,
        papers: Vec<PaperRow>,
        heard: Vec<HeardRow>,
        may_record: bool,
        may_agree: bool,
        kept: bool,
    }
}

/// The days and words of rows, made before the page is.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "rows hand over what they keep"
)]
fn day<L: Label>(day: &Labelled<jiff::civil::Date, L>) -> Labelled<String, L> {
    day.map(|day| kernel::time::day_words(*day))
}

fn lines<A: Audience, L: VisibleTo<A>>(
    words: Labelled<kernel::form::Sheet, L>,
) -> Vec<For<A, Line>> {
    in_order([words.show()])
}

/// The names of workers, but for those whose name here would tell who supports the survivor.
fn shared_names(
    r: &mut impl Scope,
    ids: impl IntoIterator<Item = UserId>,
) -> Result<HashMap<UserId, Plain>> {
    let kept = people::store::survivor_side(r)?;
    people::store::worker_names(r, ids.into_iter().filter(|id| !kept.contains(id)))
}

/// The words for whether an agreement was understood.
fn again_words<L: Label>(paper: &Confidentiality<L>) -> Labelled<String, L> {
    paper.understood.map(|yes| match yes {
        kernel::form::YesNo::Yes => String::new(),
        kernel::form::YesNo::No => "Explain it again: not all of it was understood".to_owned(),
    })
}

fn paper_row(paper: Confidentiality<kernel::label::Client>) -> PaperRow {
    PaperRow {
        on: day(&paper.explained_on).show(),
        how: paper.how.map(|how| how.words().to_owned()).show(),
        signing: signing_words(&paper).show(),
        again: again_words(&paper).show(),
        research: research_words(&paper).show(),
        lines: lines(paper.words),
    }
}

fn signing_words<L: Label>(paper: &Confidentiality<L>) -> Labelled<String, L> {
    paper.signing.map(|signing| match signing {
        Signing::NotYet => "Not yet signed: sign it at the next meeting".to_owned(),
        other => format!("Signed: {}", other.words()),
    })
}

fn research_words<L: Label>(paper: &Confidentiality<L>) -> Labelled<String, L> {
    paper.research.map(|yes| match yes {
        kernel::form::YesNo::Yes => "Without a name, yes".to_owned(),
        kernel::form::YesNo::No => "No: it is left out of what is handed on".to_owned(),
    })
}

async fn show(case: Case<View>, Query(done): Query<Done>) -> Result<Page<ShowPage>> {
    let (client, gate, replies, papers, heard, names) = case
        .read(|r| {
            let gate = store::gate(r)?;
            let replies = ClientReplies::all(r)?;
            let papers = ClientPapers::all(r)?;
            let heard = store::heard(r)?;
            let who = replies
                .iter()
                .map(|row| row.recorded_by)
                .chain(heard.iter().map(|row| row.recorded_by));
            let names = shared_names(r, who)?;
            let client = people::store::names(r)?.client;
            Ok((client, gate, replies, papers, heard, names))
        })
        .await?;
    let name = |id: UserId| names.get(&id).cloned().unwrap_or_default();
    Ok(Page(ShowPage {
        frame: done.frame(&case),
        case: case.id(),
        client: client.map(Labelled::show),
        open: gate.open,
        may_ask: gate.may_ask,
        replies: replies
            .into_iter()
            .rev()
            .map(|row| ReplyRow {
                id: row.id,
                reply: row.reply.map(|reply| reply.words().to_owned()).show(),
                on: day(&row.answered_on).show(),
                by: name(row.recorded_by),
                at: row.recorded_at,
                struck: row.struck.map(Labelled::show),
                lines: lines(row.words),
            })
            .collect(),
        papers: papers.into_iter().rev().map(paper_row).collect(),
        heard: heard
            .into_iter()
            .map(|row| HeardRow {
                on: day(&row.heard_on).show(),
                by: name(row.recorded_by),
                at: row.recorded_at,
                lines: lines(row.words),
            })
            .collect(),
        may_record: case.could::<Record>(),
        may_agree: case.could::<Agree>(),
        kept: case.could::<ViewKept>(),
    }))
}

/// The client of the case in hand.
fn client_part(r: &mut impl Scope) -> Result<Part> {
    people::store::parts(r)?
        .into_iter()
        .find(|part| part.role == PartRole::Client)
        .ok_or(Error::NotFound)
}

const ANSWER: &str = "Record an answer";
const ANSWER_EXPLAIN: &str =
    "A yes counts only from somebody who knows what it is about and could say no.";

/// Everything but what was said is prefilled as it most often is.
fn prefilled<P: Permission>(case: &Case<P>) -> Typed {
    let mut typed = Typed::default();
    let mut fill = |name: &str, text: String| typed.push(name.to_owned(), text);
    fill("answered_on", case.now().day().to_string());
    fill("asked_by", case.session().name.as_str().to_owned());
    fill("how", "face_to_face".to_owned());
    fill("interpreter", "not_needed".to_owned());
    typed
}

fn passages(of: &[&[Passage]]) -> Vec<Passage> {
    of.iter().copied().flatten().copied().collect()
}

fn answer_form(
    case: &Case<Record>,
    part: &Part,
    version: i32,
    typed: &Typed,
    problems: Problems,
) -> FormPage {
    let places = Places {
        action: format!("/cases/{}/participation", case.id()),
        back: format!("/cases/{}/participation", case.id()),
        button: "Save the answer",
        version,
    };
    FormPage {
        frame: frame(case),
        title: ANSWER,
        explain: ANSWER_EXPLAIN,
        about: Some(part.name.clone().show()),
        passages: passages(&[wording::SERVICE, wording::SHARING]),
        sections: Vec::new(),
        drawn: drawn::<NewReply<kernel::label::Workers>>(places, typed, problems)
            .without("own_accord"),
    }
}

/// A count of rows, by which a form that was sent twice is known.
fn version<T>(rows: &[T]) -> i32 {
    i32::try_from(rows.len()).unwrap_or(i32::MAX)
}

async fn new(case: Case<Record>) -> Result<Response> {
    let (part, may_ask, version) = case
        .read(|r| {
            let gate = store::gate(r)?;
            Ok((
                client_part(r)?,
                gate.may_ask,
                version(&ClientReplies::all(r)?),
            ))
        })
        .await?;
    if !may_ask {
        return Ok(see_other(&format!("/cases/{}/participation", case.id())));
    }
    let page = answer_form(&case, &part, version, &prefilled(&case), Problems::new());
    Ok(Page(page).into_response())
}

/// What is said of every answer that comes before its time, whatever the reason.
const NOT_YET: &str =
    "Nobody may ask the client yet. When the client may be asked, the page “Taking part” says so";

async fn record(
    case: Case<Record>,
    posted: Posted<NewReply<kernel::label::Workers>>,
) -> Result<Response> {
    let version = posted.version().unwrap_or(0);
    let (part, before, last, may_ask) = case
        .read(|r| {
            let part = client_part(r)?;
            let last = store::last_answer(part.id, &ClientReplies::all(r)?);
            let gate = store::gate(r)?;
            Ok((part, store::known(r)?.party.so, last, gate.may_ask))
        })
        .await?;
    let mut problems = posted.problems;
    problems.extend(rules::reply_problems(
        &posted.form,
        Whose::Client,
        before,
        last,
        case.now().day(),
    ));
    if !may_ask {
        problems.push(Problem::new("reply", NOT_YET));
    }
    let new = Replied::of(posted.form, part.id, by(&case));
    let (true, Some(new)) = (problems.is_empty(), new) else {
        let page = answer_form(&case, &part, version, &posted.typed, problems);
        return Ok(Page(page).into_response());
    };
    save_reply::<ClientReplies, _>(&case, new, version, true).await?;
    Ok(see_other(&format!(
        "/cases/{}/participation?done=answer",
        case.id()
    )))
}

/// Adds an answer, unless another was recorded since the form was opened.
async fn save_reply<R: Replies, P: platform::Changes>(
    case: &Case<P>,
    new: Replied<R::Label>,
    seen: i32,
    of_client: bool,
) -> Result<()>
where
    R::Label: Sided,
{
    case.change(move |tx| {
        let mut before = R::all(tx)?;
        if !of_client {
            before.retain(|reply| reply.part == new.part);
        }
        if version(&before) != seen {
            return Err(Error::Stale.into());
        }
        if of_client && !store::gate(tx)?.may_ask {
            return Err(Error::Refused(vec![Problem::new("reply", NOT_YET)]).into());
        }
        R::add(tx, &new)?;
        Ok((Event::Replied(new.id, <R::Label as Label>::SEES), ()))
    })
    .await
}

const STRIKE: &str = "Entered in error";

fn strike_form(case: &Case<Record>, id: ReplyId, typed: &Typed, problems: Problems) -> FormPage {
    let place = format!("/cases/{}/participation", case.id());
    let places = Places {
        action: format!("{place}/replies/{id}"),
        back: place,
        button: "Strike it out",
        version: 0,
    };
    FormPage {
        frame: frame(case),
        title: STRIKE,
        explain: "",
        about: None,
        passages: Vec::new(),
        sections: Vec::new(),
        drawn: drawn::<NewStrike<kernel::label::Workers>>(places, typed, problems),
    }
}

/// An answer of one side that still counts.
async fn counting<R: Replies + 'static, P: Permission>(
    case: &Case<P>,
    path: &Named,
) -> Result<ReplyId>
where
    R::Label: Sided,
{
    let id: ReplyId = id(path, "reply")?;
    let all = case.read(|r| R::all(r)).await?;
    all.into_iter()
        .find(|reply| reply.id == id && reply.struck.is_none())
        .map(|reply| reply.id)
        .ok_or(Error::NotFound)
}

async fn edit_strike(case: Case<Record>, Path(path): Ids) -> Result<Page<FormPage>> {
    let id = counting::<ClientReplies, _>(&case, &path).await?;
    Ok(Page(strike_form(
        &case,
        id,
        &Typed::default(),
        Problems::new(),
    )))
}

async fn strike(
    case: Case<Record>,
    Path(path): Ids,
    posted: Posted<NewStrike<kernel::label::Workers>>,
) -> Result<Response> {
    let id = counting::<ClientReplies, _>(&case, &path).await?;
    let (true, Some(why)) = (posted.problems.is_empty(), posted.form.why) else {
        let page = strike_form(&case, id, &posted.typed, posted.problems);
        return Ok(Page(page).into_response());
    };
    case.change(move |tx| {
        store::strike::<ClientReplies>(tx, id, &why)?;
        Ok((Event::Struck(id, kernel::access::Sees::Workers), ()))
    })
    .await?;
    Ok(see_other(&format!(
        "/cases/{}/participation?done=struck",
        case.id()
    )))
}

fn heard_form(case: &Case<Record>, version: i32, typed: &Typed, problems: Problems) -> FormPage {
    let place = format!("/cases/{}/participation", case.id());
    let places = Places {
        action: format!("{place}/heard"),
        back: place,
        button: "Save",
        version,
    };
    FormPage {
        frame: frame(case),
        title: "The client heard of it from elsewhere",
        explain: "It opens nothing: the client is asked when the page “Taking part” says so. Say nothing about anybody else’s answer.",
        about: None,
        passages: Vec::new(),
        sections: Vec::new(),
        drawn: drawn::<NewHeard>(places, typed, problems),
    }
}

async fn new_heard(case: Case<Record>) -> Result<Page<FormPage>> {
    let version = version(&case.read(|r| store::heard(r)).await?);
    let mut typed = Typed::default();
    typed.push("heard_on".to_owned(), case.now().day().to_string());
    Ok(Page(heard_form(&case, version, &typed, Problems::new())))
}

async fn hear(case: Case<Record>, posted: Posted<NewHeard>) -> Result<Response> {
    let seen = posted.version().unwrap_or(0);
    let mut problems = posted.problems;
    problems.extend(rules::heard_problems(&posted.form, case.now().day()));
    let new = Heard::of(posted.form, by(&case));
    let (true, Some(new)) = (problems.is_empty(), new) else {
        let page = heard_form(&case, seen, &posted.typed, problems);
        return Ok(Page(page).into_response());
    };
    case.change(move |tx| {
        if version(&store::heard(tx)?) != seen {
            return Err(Error::Stale.into());
        }
        store::add_heard(tx, &new)?;
        Ok((Event::Heard(new.id), ()))
    })
    .await?;
    Ok(see_other(&format!(
        "/cases/{}/participation?done=heard",
        case.id()
    )))
}

/// What there is for the client to see on a shown screen: the agreement, once the client may be
/// asked, to be read together and signed there.
pub fn shown(case: &Case<crate::screens::See>, gate: &rules::Gate) -> Vec<NavItem> {
    if !(gate.may_ask && case.could::<Agree>()) {
        return Vec::new();
    }
    vec![NavItem {
        href: format!("/cases/{}/participation/confidentiality", case.id()),
        text: "Agreement on confidentiality",
        current: false,
    }]
}
