//! The agreements on confidentiality, each party's own version, on the screen and on paper.

use axum::response::IntoResponse as _;
use kernel::{
    access::Mode,
    label::{Audience, Client, Survivor, SurvivorLine, TheClient, VisibleTo},
    time::day_words,
};
use platform::{Case, Failed, Permission, Tx, casefile};

use super::{
    Agree, ClientConfidentiality, ClientPapers, Confidentiality, Error, Event, For, FormPage, Ids,
    KeptFormPage, Label, Line, Page, Part, PartId, Passage, Path, Places, Plain, Posted, Problem,
    Problems, ReadAgreement, Response, Result, Routes, Sided, Typed, ViewKept, by, client_part,
    drawn, frame, in_sections, kept::survivor, lines, passages, rules, see_other, store, version,
    wording,
};
use crate::{
    closures, engagement,
    participation::{
        RecordKept,
        model::SurvivorConfidentiality,
        store::{Papers, SurvivorPapers},
    },
    people::told,
    printing::paper,
};

/// What is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/participation/confidentiality", new)
        .post("/cases/{case}/participation/confidentiality", go_through)
        .get("/cases/{case}/participation/confidentiality.pdf", print)
        .get("/cases/{case}/apart/{part}/confidentiality", new_kept)
        .post(
            "/cases/{case}/apart/{part}/confidentiality",
            go_through_kept,
        )
        .get("/cases/{case}/apart/{part}/confidentiality.pdf", print_kept)
}

const TITLE: &str = "Agreement on confidentiality";
const EXPLAIN: &str = "Read it through together, and let every statement be answered. By telephone it is explained now and gone through again, and signed, at the first meeting.";

/// The sections of Appendix B in their order.
const CLIENT: &[(&str, &str)] = &[
    ("explaining", "How it was explained"),
    ("statements", "The client’s answers"),
    ("signing", "Signature"),
    ("sharing", "What may be shared with whom"),
];
/// The sections of Appendix C in their order.
const SURVIVOR: &[(&str, &str)] = &[
    ("explaining", "How it was explained"),
    ("understanding", "Understanding"),
    ("requests", "Requests for consent"),
    ("use", "Improving the service"),
    ("storage", "How it is stored"),
    ("signing", "Signature"),
];

/// What the next time begins from: what may be shared stands, answers and signature do not.
fn prefilled<P: Permission>(case: &Case<P>, before: Option<Typed>) -> Typed {
    let mut typed = before.unwrap_or_default();
    typed.push("explained_on".to_owned(), case.now().day().to_string());
    let name = case.session().name.as_str().to_owned();
    typed.push("explained_by".to_owned(), name);
    if typed.get("interpreter").is_empty() {
        typed.push("interpreter".to_owned(), "not_needed".to_owned());
    }
    typed
}

/// Where the worker goes on: on a screen that the client can see, to what else there is to see.
fn after(case: &Case<Agree>) -> String {
    let place = if case.session().mode == Mode::ClientCanSee {
        "screen"
    } else {
        "participation"
    };
    format!("/cases/{}/{place}", case.id())
}

fn form(case: &Case<Agree>, version: i32, typed: &Typed, problems: Problems) -> FormPage {
    let place = format!("/cases/{}/participation", case.id());
    let places = Places {
        action: format!("{place}/confidentiality"),
        back: after(case),
        button: "Save",
        version,
    };
    FormPage {
        frame: frame(case),
        title: TITLE,
        explain: EXPLAIN,
        // The client may be looking: nothing stands here but the client's own paper.
        about: None,
        passages: passages(&[wording::CLIENT]),
        sections: in_sections::<ClientConfidentiality>(CLIENT, typed, &problems),
        drawn: drawn::<ClientConfidentiality>(places, typed, problems),
    }
}

async fn new(case: Case<Agree>) -> Result<Response> {
    let (papers, gate) = case
        .read(|r| Ok((ClientPapers::all(r)?, store::gate(r)?)))
        .await?;
    if !gate.may_ask {
        return Ok(see_other(&format!("/cases/{}/participation", case.id())));
    }
    let before = papers.last().map(store::carried_text);
    let mut typed = prefilled(&case, before);
    if case.session().mode == Mode::ClientCanSee {
        typed.push("how".to_owned(), "face_to_face".to_owned());
        typed.push("signing".to_owned(), "screen".to_owned());
        typed.push("signed_on".to_owned(), case.now().day().to_string());
    }
    let none = Problems::new();
    Ok(Page(form(&case, version(&papers), &typed, none)).into_response())
}

/// Everything on this paper may reach the client, so none of it may say where somebody lives.
fn gives_away(tx: &mut Tx<'_>, paper: &Confidentiality<Client>) -> Result<Problems> {
    let all = store::texts(paper);
    let mut problems = Problems::new();
    if told::problems(tx, "", &store::joined(&all))?.is_empty() {
        return Ok(problems);
    }
    for (name, text) in &all {
        problems.extend(told::problems(tx, name, text)?);
    }
    if problems.is_empty() {
        problems.push(Problem::new("signed_name", told::GIVES_AWAY));
    }
    Ok(problems)
}

async fn go_through(case: Case<Agree>, posted: Posted<ClientConfidentiality>) -> Result<Response> {
    let part = case.read(|r| client_part(r)).await?;
    let seen = posted.version().unwrap_or(0);
    let mut problems = posted.problems;
    problems.extend(rules::client_paper_problems(&posted.form, case.now().day()));
    let understood = rules::client_understood(&posted.form);
    let new = Confidentiality::of(posted.form, understood, &posted.typed, part.id, by(&case));
    let (true, Some(new)) = (problems.is_empty(), new) else {
        let page = form(&case, seen, &posted.typed, problems);
        return Ok(Page(page).into_response());
    };
    let done = case
        .change(move |tx| {
            let mut problems = gives_away(tx, &new)?;
            // The client is offered nothing before the survivor's answer allows it.
            if !store::gate(tx)?.may_ask {
                problems.push(Problem::new("explained_on", super::NOT_YET));
            }
            if !problems.is_empty() {
                return Err(Error::Refused(problems).into());
            }
            let added = add::<ClientPapers>(tx, &new, seen, None)?;
            // A no to use without a name holds for what was counted before, too (R091).
            let out = rules::is_left_out(&store::known(tx)?.party);
            engagement::store::leave_out(tx, out)?;
            closures::store::leave_out(tx, out)?;
            Ok(added)
        })
        .await;
    match done {
        Err(Error::Refused(problems)) => {
            Ok(Page(form(&case, seen, &posted.typed, problems)).into_response())
        }
        other => other.map(|()| see_other(&format!("{}?done=signed", after(&case)))),
    }
}

/// Adds a time, unless another was recorded since the form was opened.
fn add<S: Papers>(
    tx: &mut Tx<'_>,
    new: &Confidentiality<S::Label>,
    seen: i32,
    of: Option<PartId>,
) -> Result<(Event, ()), Failed>
where
    S::Label: Sided,
{
    let mut before = S::all(tx)?;
    before.retain(|paper| of.is_none_or(|part| paper.part == part));
    if version(&before) != seen {
        return Err(Error::Stale.into());
    }
    S::add(tx, new)?;
    let label = <S::Label as Label>::SEES;
    Ok((Event::GoneThrough(new.id, label), ()))
}

fn kept_form(
    case: &Case<RecordKept>,
    part: &Part,
    version: i32,
    typed: &Typed,
    problems: Problems,
) -> KeptFormPage {
    let place = format!("/cases/{}/apart", case.id());
    let places = Places {
        action: format!("{place}/{}/confidentiality", part.id),
        back: format!("{place}/participation"),
        button: "Save",
        version,
    };
    KeptFormPage {
        frame: frame(case),
        title: TITLE,
        explain: EXPLAIN,
        about: Some(part.name.clone().show()),
        passages: passages(&[wording::SURVIVOR]),
        sections: in_sections::<SurvivorConfidentiality>(SURVIVOR, typed, &problems),
        drawn: drawn::<SurvivorConfidentiality>(places, typed, problems),
    }
}

/// The agreements with one adult who was harmed.
async fn papers_of<P: Permission>(
    case: &Case<P>,
    part: PartId,
) -> Result<Vec<Confidentiality<Survivor>>> {
    let mut papers = case.read(|r| SurvivorPapers::all(r)).await?;
    papers.retain(|paper| paper.part == part);
    Ok(papers)
}

async fn new_kept(case: Case<RecordKept>, Path(path): Ids) -> Result<Page<KeptFormPage>> {
    let part = survivor(&case, &path).await?;
    let papers = papers_of(&case, part.id).await?;
    let typed = prefilled(&case, papers.last().map(store::carried_text));
    let none = Problems::new();
    Ok(Page(kept_form(
        &case,
        &part,
        version(&papers),
        &typed,
        none,
    )))
}

async fn go_through_kept(
    case: Case<RecordKept>,
    Path(path): Ids,
    posted: Posted<SurvivorConfidentiality>,
) -> Result<Response> {
    let part = survivor(&case, &path).await?;
    let seen = posted.version().unwrap_or(0);
    let mut problems = posted.problems;
    problems.extend(rules::survivor_paper_problems(
        &posted.form,
        case.now().day(),
    ));
    let understood = rules::survivor_understood(&posted.form);
    let new = Confidentiality::of(posted.form, understood, &posted.typed, part.id, by(&case));
    let (true, Some(new)) = (problems.is_empty(), new) else {
        let page = kept_form(&case, &part, seen, &posted.typed, problems);
        return Ok(Page(page).into_response());
    };
    case.change(move |tx| add::<SurvivorPapers>(tx, &new, seen, Some(new.part)))
        .await?;
    Ok(see_other(&format!(
        "/cases/{}/apart/participation?done=signed",
        case.id()
    )))
}

/// The paper of one party: the passages that were explained, and the answers as they were worded.
/// It names nobody but who signed, and says nothing about the other party.
fn document<A: Audience, L: VisibleTo<A>>(
    explained: &[Passage],
    paper: Confidentiality<L>,
    reference: &Plain,
    printed: String,
) -> pdf::Document {
    let mut sections = vec![pdf::Section {
        heading: "What was explained".to_owned(),
        rows: explained
            .iter()
            .map(|passage| pdf::Row {
                label: passage.heading.to_owned(),
                answer: passage.text.to_owned(),
            })
            .collect(),
    }];
    let answers: Vec<For<A, Line>> = lines(paper.words);
    for line in answers {
        let row = pdf::Row {
            label: line.question().to_owned(),
            answer: line.answer().to_owned(),
        };
        match sections.last_mut() {
            Some(last) if last.heading == line.section() => last.rows.push(row),
            _ => sections.push(pdf::Section {
                heading: line.section().to_owned(),
                rows: vec![row],
            }),
        }
    }
    pdf::Document {
        title: "How we treat what you tell us".to_owned(),
        reference: reference.to_string(),
        audience: "Printed for: who signs it".to_owned(),
        printed,
        notice: Some("This paper is yours. Keep it where you think it is safe.".to_owned()),
        sections,
        closing: vec![
            "Signature: ______________________________   Date: ______________".to_owned(),
            "Worker: ______________________________   Date: ______________".to_owned(),
        ],
    }
}

async fn print(case: Case<ReadAgreement>) -> Result<Response> {
    let (paper, reference, problems) = case
        .read(|r| {
            let paper = ClientPapers::all(r)?.pop().ok_or(Error::NotFound)?;
            // What was no secret when it was saved may be one now.
            let text = store::joined(&store::texts(&paper));
            let problems = told::problems(r, "", &text)?;
            Ok((paper, casefile::frame(r)?.client_reference, problems))
        })
        .await?;
    if !problems.is_empty() {
        let words = "Something has changed since this paper was saved, and it cannot be printed as it is. Go through the agreement again";
        return Err(Error::Refused(vec![Problem::new("", words)]));
    }
    let printed = format!("Printed on {}", day_words(case.now().day()));
    let document = document::<TheClient, _>(wording::CLIENT, paper, &reference, printed);
    Ok(paper::set(document).await?.into_answer(&reference))
}

async fn print_kept(case: Case<ViewKept>, Path(path): Ids) -> Result<Response> {
    let part = survivor(&case, &path).await?;
    let mut papers = papers_of(&case, part.id).await?;
    let paper = papers.pop().ok_or(Error::NotFound)?;
    let reference = case
        .read(|r| Ok(casefile::frame(r)?.survivor_reference))
        .await?;
    let printed = format!("Printed on {}", day_words(case.now().day()));
    let document = document::<SurvivorLine, _>(wording::SURVIVOR, paper, &reference, printed);
    Ok(paper::set(document).await?.into_answer(&reference))
}
