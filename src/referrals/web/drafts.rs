//! Drafts: the list of sections, each section, checking, sending.

use axum::{
    extract::{Path, Query},
    response::{IntoResponse, Response},
};
use kernel::{
    form::{Block, Inputs, Parse, Problem, Problems, Typed},
    ids::{CaseId, ProgrammeId},
    label::{Office, Sender},
    plain::Plain,
    time::Instant,
};
use platform::{Error, NewCase, Page, Posted, Pressed, Result, Service, random, see_other};

use super::{id, quiet};
use crate::{
    referrals::{
        Event, Refer,
        model::{
            Difference, DraftId, Kept, Origin, Part, Referral, SectionOf, answered, case_of,
            compacted, differences, names_in, problems_in, sections,
        },
        rules,
        store::{self, Answers, Draft, DraftSection, Entry},
    },
    shell::Frame,
};

platform::rows! {
    /// A programme that one may refer to.
    pub(super) struct ProgrammeRow for Office { id: ProgrammeId, name: Plain }
}
platform::page! {
    /// Which programme.
    struct Choose for Office, "referrals/choose.html" { frame: Frame, programmes: Vec<ProgrammeRow> }
}

platform::rows! {
    /// One section in the list of a draft.
    pub(super) struct Task for Office {
        slug: &'static str,
        heading: &'static str,
        status: &'static str,
        done: bool,
    }
}
platform::page! {
    /// The sections of a draft.
    struct Outline for Office, "referrals/tasks.html" {
        frame: Frame,
        draft: DraftId,
        begun: Instant,
        sections: Vec<Task>,
        done: usize,
        next: &'static str,
    }
}

platform::page! {
    /// One section of a draft.
    struct Section for Sender, "referrals/section.html" {
        frame: Frame,
        draft: DraftId,
        slug: &'static str,
        heading: &'static str,
        number: usize,
        of: usize,
        back: &'static str,
        blocks: Vec<Block>,
        problems: Vec<Problem>,
        version: i64,
        meanwhile: Vec<Difference>,
        grows: bool,
    }
}

platform::rows! {
    /// A problem with the section in which it is mended.
    pub(super) struct Trouble for Sender { slug: &'static str, problem: Problem }
}
platform::rows! {
    /// Whom to ring.
    pub(super) struct Ring for Sender { who: Plain, phone: Plain }
}
platform::page! {
    /// Everything before it is sent.
    struct Check for Sender, "referrals/check.html" {
        frame: Frame,
        draft: DraftId,
        version: i64,
        sections: Vec<SectionOf<Sender>>,
        problems: Vec<Trouble>,
        advice: Vec<&'static str>,
        unanswered: Vec<&'static str>,
        held: bool,
        ring: Vec<Ring>,
        changed: bool,
    }
}
platform::page! {
    /// Whether to delete a draft.
    struct Delete for Office, "referrals/delete.html" { frame: Frame, draft: DraftId }
}

impl From<Answers> for Ring {
    fn from(answers: Answers) -> Self {
        Self {
            who: answers.who,
            phone: answers.phone,
        }
    }
}

fn frame(refer: &Service<Refer>) -> Frame {
    Frame::new(refer.session(), refer.app(), "/referrals")
}

/// A draft of who asks, or where its referral is.
async fn mine(refer: &Service<Refer>, text: &str) -> Result<Result<Draft, Response>> {
    let id: DraftId = id(text)?;
    let draft = refer
        .read(move |office| {
            let me = office.actor();
            store::draft(office.conn(), me, id)
        })
        .await?
        .ok_or(Error::NotFound)?;
    // Back, after sending: the referral is what became of the draft.
    if draft.sent {
        Ok(Err(see_other(&sent_path(case_of(id)))))
    } else {
        Ok(Ok(draft))
    }
}

fn sent_path(case: CaseId) -> String {
    format!("/cases/{case}/referral")
}

macro_rules! mine {
    ($refer:expr, $draft:expr) => {
        match mine($refer, $draft).await? {
            Ok(draft) => draft,
            Err(elsewhere) => return Ok(elsewhere),
        }
    };
}

/// Which programme, where there are several.
pub(super) async fn choose(refer: Service<Refer>) -> Result<Response> {
    let programmes = refer
        .read(|office| store::programmes(office.conn()))
        .await?;
    let programmes = programmes
        .into_iter()
        .map(|(id, name)| ProgrammeRow { id, name })
        .collect();
    Ok(Page(Choose {
        frame: frame(&refer),
        programmes,
    })
    .into_response())
}

/// Begins a draft.
pub(super) async fn begin(refer: Service<Refer>, pressed: Pressed) -> Result<Response> {
    let programmes = refer
        .read(|office| store::programmes(office.conn()))
        .await?;
    let programme = match (pressed.typed.get("programme"), programmes.as_slice()) {
        ("", [(only, _)]) => *only,
        ("", _) => return Ok(see_other("/referrals/new")),
        (chosen, _) => {
            let chosen: ProgrammeId = id(chosen)?;
            programmes
                .iter()
                .find(|(id, _)| *id == chosen)
                .map(|(id, _)| *id)
                .ok_or(Error::NotFound)?
        }
    };
    let draft = DraftId::new();
    refer
        .change(move |office| {
            let (me, now) = (office.actor(), office.now());
            let referrer = store::referrer(office.conn(), me, now)?;
            store::begin(office, draft, programme, &referrer)?;
            Ok((Event::DraftBegun(draft), ()))
        })
        .await?;
    Ok(see_other(&format!("/referrals/drafts/{draft}")))
}

/// What is wrong with a draft as it is, besides what is merely missing.
fn wrong(typed: &Typed, now: Instant) -> Problems {
    let (form, mut problems) = Parse::form::<Referral>(typed);
    problems.extend(rules::problems(&form, now.day()));
    problems.retain(|problem| !problem.missing);
    problems
}

/// The sections of a draft.
pub(super) async fn tasks(refer: Service<Refer>, Path(draft): Path<String>) -> Result<Response> {
    let draft = mine!(&refer, &draft);
    let typed = draft.typed();
    let problems = wrong(&typed, refer.now());
    let tasks: Vec<Task> = sections::<Referral>()
        .into_iter()
        .map(|(slug, heading)| {
            let section = draft.section(slug);
            let (status, done) = if !problems_in(slug, &typed, &problems).is_empty() {
                ("Has problems", false)
            } else if section.version == 0 {
                ("Not started", false)
            } else if section.typed.0.values().all(|text| text.trim().is_empty()) {
                ("Left blank", true)
            } else {
                ("Done", true)
            };
            Task {
                slug,
                heading,
                status,
                done,
            }
        })
        .collect();
    let next = tasks
        .iter()
        .find(|task| !task.done)
        .map_or("check", |task| task.slug);
    Ok(Page(Outline {
        frame: frame(&refer),
        draft: draft.id,
        begun: draft.created_at,
        done: tasks.iter().filter(|task| task.done).count(),
        sections: tasks,
        next,
    })
    .into_response())
}

/// What the address of a section says besides the section.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Asked {
    /// Set when another blank child is wanted.
    add: Option<String>,
    /// `check` if one comes from checking the answers and goes back there.
    from: Option<String>,
}

fn part(slug: &str) -> Result<(usize, Part)> {
    sections::<Referral>()
        .into_iter()
        .enumerate()
        .find(|(_, (known, _))| *known == slug)
        .ok_or(Error::NotFound)
}

/// What is drawn of a section.
struct Drawn {
    typed: Typed,
    problems: Problems,
    version: i32,
    spare: usize,
    meanwhile: Vec<Difference>,
    back: &'static str,
}

fn page(refer: &Service<Refer>, draft: DraftId, slug: &str, drawn: Drawn) -> Result<Response> {
    let (number, (slug, heading)) = part(slug)?;
    let problems = problems_in(slug, &drawn.typed, &drawn.problems);
    let blocks = quiet(Inputs::draw::<Referral>(
        &drawn.typed,
        problems.clone(),
        Some(slug),
        drawn.spare,
    ));
    Ok(Page(Section {
        frame: frame(refer),
        draft,
        slug,
        heading,
        number: number.saturating_add(1),
        of: sections::<Referral>().len(),
        back: drawn.back,
        grows: slug == "children",
        blocks,
        problems,
        version: i64::from(drawn.version),
        meanwhile: drawn.meanwhile,
    })
    .into_response())
}

fn back(from: Option<&str>) -> &'static str {
    if from == Some("check") {
        "check"
    } else {
        "next"
    }
}

/// A section to fill in.
pub(super) async fn section(
    refer: Service<Refer>,
    Path((draft, slug)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let draft = mine!(&refer, &draft);
    let (_, (slug, _)) = part(&slug)?;
    let saved = draft.section(slug);
    let typed = draft.typed();
    let problems = wrong(&typed, refer.now());
    page(
        &refer,
        draft.id,
        slug,
        Drawn {
            typed,
            problems,
            version: saved.version,
            spare: usize::from(asked.add.is_some()),
            meanwhile: Vec::new(),
            back: back(asked.from.as_deref()),
        },
    )
}

/// Saves a section, with whatever was typed.
pub(super) async fn save(
    refer: Service<Refer>,
    Path((draft, slug)): Path<(String, String)>,
    posted: Posted<Referral>,
) -> Result<Response> {
    let draft = mine!(&refer, &draft);
    let (number, (slug, _)) = part(&slug)?;
    let mine = only(slug, &posted.typed)?;
    let shown = posted.version().unwrap_or(0);
    let saved = draft.section(slug);
    let go = posted.typed.get("section").to_owned();
    if saved.version != shown && saved.typed != mine {
        return meanwhile(&refer, &draft, slug, &saved, &mine, &go);
    }
    if saved.version == shown {
        let (id, kept) = (draft.id, mine.clone());
        let done = refer
            .change(move |office| {
                store::save_section(office, id, slug, &kept, shown)?;
                Ok((Event::DraftSaved(id, slug), ()))
            })
            .await;
        match done {
            Ok(()) => {}
            // Between our look and our save; what was saved then is looked at anew.
            Err(Error::Stale) => {
                let text = draft.id.to_string();
                let draft = mine!(&refer, &text);
                let saved = draft.section(slug);
                return meanwhile(&refer, &draft, slug, &saved, &mine, &go);
            }
            Err(error) => return Err(error),
        }
    }
    let home = format!("/referrals/drafts/{}", draft.id);
    if posted.adds() == Some("children") {
        let from = if go == "check" { "&from=check" } else { "" };
        let last = mine.items("children");
        return Ok(see_other(&format!(
            "{home}/children?add=1{from}#children.{last}.name"
        )));
    }
    if go == "tasks" {
        return Ok(see_other(&home));
    }
    let mut typed = draft.typed();
    for name in names_in(slug, &typed) {
        typed.0.remove(&name);
    }
    typed.0.extend(mine.0);
    let problems = wrong(&typed, refer.now());
    if !problems_in(slug, &typed, &problems).is_empty() {
        let drawn = Drawn {
            typed,
            problems,
            version: saved.version.max(shown.saturating_add(1)),
            spare: 0,
            meanwhile: Vec::new(),
            back: back(Some(&go)),
        };
        return page(&refer, draft.id, slug, drawn);
    }
    let next = sections::<Referral>()
        .get(number.saturating_add(1))
        .map(|(slug, _)| *slug);
    let next = if go == "check" {
        "check"
    } else {
        next.unwrap_or("check")
    };
    Ok(see_other(&format!("{home}/{next}")))
}

/// What was typed into this section. A field of another one was not asked here.
fn only(slug: &str, typed: &Typed) -> Result<Typed> {
    let mut mine = typed.clone();
    mine.0
        .retain(|name, _| !matches!(name.as_str(), "version" | "add" | "section"));
    let known = names_in(slug, &mine);
    let unknown: Vec<String> = mine
        .0
        .keys()
        .filter(|name| !known.contains(name))
        .cloned()
        .collect();
    if unknown.is_empty() {
        Ok(compacted(&mine))
    } else {
        Err(Error::Unknown(unknown))
    }
}

/// The section again with what was typed here, beside what was saved meanwhile in another tab.
fn meanwhile(
    refer: &Service<Refer>,
    draft: &Draft,
    slug: &'static str,
    saved: &DraftSection,
    mine: &Typed,
    go: &str,
) -> Result<Response> {
    let mut names = names_in(slug, &saved.typed);
    names.extend(
        names_in(slug, mine)
            .into_iter()
            .filter(|name| !names.contains(name))
            .collect::<Vec<_>>(),
    );
    let meanwhile = differences(&saved.typed, mine, &names);
    let drawn = Drawn {
        typed: mine.clone(),
        problems: wrong(mine, refer.now()),
        version: saved.version,
        spare: 0,
        meanwhile,
        back: back(Some(go)),
    };
    page(refer, draft.id, slug, drawn)
}

/// Everything that stops a draft from being sent.
fn troubles(typed: &Typed, now: Instant) -> (Referral, Vec<Trouble>) {
    let (form, mut problems) = Parse::form::<Referral>(typed);
    problems.extend(rules::problems(&form, now.day()));
    let troubles = sections::<Referral>()
        .into_iter()
        .flat_map(|(slug, _)| {
            problems_in(slug, typed, &problems)
                .into_iter()
                .map(move |problem| Trouble { slug, problem })
        })
        .collect();
    (form, troubles)
}

async fn held(refer: &Service<Refer>, draft: &Draft) -> Result<(rules::Standing, Vec<Answers>)> {
    let (programme, begun) = (draft.programme, draft.created_at);
    refer
        .read(move |office| {
            let (agency, now) = (office.agency(), office.now());
            let standing = store::standing(office.conn(), agency, programme, now, begun)?;
            let ring = store::whom_to_ring(office.conn(), agency, programme, now)?;
            Ok((standing, ring))
        })
        .await
}

async fn check_page(refer: &Service<Refer>, draft: &Draft, changed: bool) -> Result<Response> {
    let typed = draft.typed();
    let (form, problems) = troubles(&typed, refer.now());
    let (standing, ring) = held(refer, draft).await?;
    Ok(Page(Check {
        frame: frame(refer),
        draft: draft.id,
        version: i64::from(draft.version()),
        sections: answered(&typed),
        problems,
        advice: rules::advice(&form),
        unanswered: rules::not_answered(&form),
        held: rules::held(standing).is_some(),
        ring: ring.into_iter().map(Into::into).collect(),
        changed,
    })
    .into_response())
}

/// All answers before they are sent.
pub(super) async fn check(refer: Service<Refer>, Path(draft): Path<String>) -> Result<Response> {
    let draft = mine!(&refer, &draft);
    check_page(&refer, &draft, false).await
}

/// Sends a draft: the case opens.
pub(super) async fn send(
    refer: Service<Refer>,
    Path(draft): Path<String>,
    pressed: Pressed,
) -> Result<Response> {
    let draft = mine!(&refer, &draft);
    let version = draft.version();
    if pressed.typed.get("version") != version.to_string() {
        return check_page(&refer, &draft, true).await;
    }
    let typed = draft.typed();
    let (mut form, problems) = troubles(&typed, refer.now());
    if !problems.is_empty() {
        return check_page(&refer, &draft, false).await;
    }
    let (standing, _) = held(&refer, &draft).await?;
    let kept = Kept::of(&mut form, &[]);
    let entry = Entry {
        received_at: rules::receipt(Origin::Account, None, refer.now()),
        origin: Origin::Account,
        taken_from: None,
        held: rules::held(standing),
        form,
        kept,
    };
    let said = if entry.held.is_some() { "held" } else { "sent" };
    let session = refer.session();
    let (id, case) = (draft.id, case_of(draft.id));
    let new = NewCase {
        id: case,
        programme: draft.programme,
        agency: Some(session.actor.agency),
        team: session.team,
        client_reference: Plain::new(random::reference()?),
        survivor_reference: Plain::new(random::reference()?),
        referrer: Some(session.actor.user),
    };
    let done = refer
        .open(new, move |tx| {
            store::send_draft(tx, id, version)?;
            store::enter(tx, &entry)?;
            Ok((Event::Submitted(case, entry.kept.said()), ()))
        })
        .await;
    match done {
        Ok(()) => Ok(see_other(&format!("{}?done={said}", sent_path(case)))),
        // Sent by the other click of a double click, or saved in another tab: the page of the
        // draft knows which.
        Err(Error::Stale) => Ok(see_other(&format!("/referrals/drafts/{id}/check"))),
        Err(error) => Err(error),
    }
}

/// Asks whether to delete a draft.
pub(super) async fn confirm_delete(
    refer: Service<Refer>,
    Path(draft): Path<String>,
) -> Result<Response> {
    let draft = mine!(&refer, &draft);
    Ok(Page(Delete {
        frame: frame(&refer),
        draft: draft.id,
    })
    .into_response())
}

/// Deletes a draft and everything typed into it.
pub(super) async fn delete(
    refer: Service<Refer>,
    Path(draft): Path<String>,
    _: Pressed,
) -> Result<Response> {
    let id = mine!(&refer, &draft).id;
    refer
        .change(move |office| {
            store::delete_draft(office, id)?;
            Ok((Event::DraftDeleted(id), ()))
        })
        .await?;
    Ok(see_other("/referrals?done=deleted"))
}
