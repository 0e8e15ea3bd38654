//! Writing the texts of a plan: all on one page, or those of one heading.

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use kernel::{
    form::{Block, Inputs, Problems, Typed},
    ids::CaseId,
    label::{ClientLine, Labelled},
    plain::Plain,
    time::{Instant, day_words},
};
use platform::{Case, Error, Page, Posted, Result, see_other};
use serde::Deserialize;

use super::{
    super::{
        Event, Write,
        model::{OfFirst, OfSecond, Parts, PlanId, TextForm},
        store::{self, Crossed, Entry},
    },
    Authors, Ids, Out, frame, id,
};
use crate::{
    allocations::web::{Summary, summary},
    consultations,
    shell::Frame,
};

platform::rows! {
    /// What somebody else saved of a text while it was being written here.
    pub(super) struct CrossedLine for ClientLine {
        question: &'static str,
        text: Option<Out<String>>,
        by: Option<Plain>,
        at: Option<Instant>,
    }
}
platform::rows! {
    /// The texts under a heading.
    pub(super) struct GroupBlock for ClientLine {
        heading: &'static str,
        crossed: Vec<CrossedLine>,
        blocks: Vec<Block>,
    }
}
platform::rows! {
    /// What was said of an area at the consultation, to write from.
    pub(super) struct SaidLine for ClientLine { what: &'static str, text: Out<String> }
}
platform::page! {
    /// The texts of a plan, to write.
    pub(super) struct TextsPage for ClientLine, "plans/texts.html" {
        frame: Frame,
        case: CaseId,
        plan: PlanId,
        title: &'static str,
        code: &'static str,
        one: bool,
        part: &'static str,
        clash: bool,
        problems: Summary,
        said_on: Option<Out<String>>,
        said: Vec<SaidLine>,
        groups: Vec<GroupBlock>,
        hidden: Vec<Block>,
    }
}

/// Which heading is written; nothing for all of them.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    part: String,
}

impl Asked {
    fn group<P: Parts>(&self) -> Option<&'static str> {
        P::VERSION
            .groups()
            .into_iter()
            .find(|group| *group == self.part)
    }
}

pub(super) async fn first(
    case: Case<Write>,
    path: Ids,
    asked: Query<Asked>,
) -> Result<Page<TextsPage>> {
    edit::<OfFirst>(case, path, asked).await
}

pub(super) async fn second(
    case: Case<Write>,
    path: Ids,
    asked: Query<Asked>,
) -> Result<Page<TextsPage>> {
    edit::<OfSecond>(case, path, asked).await
}

pub(super) async fn save_first(
    case: Case<Write>,
    path: Ids,
    asked: Query<Asked>,
    posted: Posted<TextForm<OfFirst>>,
) -> Result<Response> {
    save(case, path, asked, posted).await
}

pub(super) async fn save_second(
    case: Case<Write>,
    path: Ids,
    asked: Query<Asked>,
    posted: Posted<TextForm<OfSecond>>,
) -> Result<Response> {
    save(case, path, asked, posted).await
}

/// The texts as they stand in the version in force, if it is of this form.
async fn standing<P: Parts>(case: &Case<Write>, id: PlanId) -> Result<store::Texts> {
    case.read(move |r| {
        let plan = store::in_force(r, id)?;
        if plan.version != P::VERSION {
            return Err(Error::NotFound);
        }
        store::texts(r, id)
    })
    .await
}

async fn edit<P: Parts>(
    case: Case<Write>,
    Path(path): Ids,
    Query(asked): Query<Asked>,
) -> Result<Page<TextsPage>> {
    let id = id(&path, "plan")?;
    let group = asked.group::<P>();
    let texts = standing::<P>(&case, id).await?;
    let typed = store::typed(&texts, P::VERSION, group);
    let mut page = page::<P>(&case, id, group, &typed, Problems::new(), Vec::new());
    // What was talked through is at hand and not typed from memory.
    let all = case.read(|r| consultations::store::of_case(r)).await?;
    if let Some(held) = all.iter().find_map(|one| one.held.first()) {
        page.said_on = Some(held.held_on.map(|day| day_words(*day)).show());
        page.said = held
            .areas()
            .into_iter()
            .map(|(area, text)| SaidLine {
                what: area.words(),
                text: text.show(),
            })
            .collect();
    }
    Ok(Page(page))
}

fn page<P: Parts>(
    case: &Case<Write>,
    plan: PlanId,
    group: Option<&'static str>,
    typed: &Typed,
    problems: Problems,
    mut crossed: Vec<(&'static str, CrossedLine)>,
) -> TextsPage {
    let draw =
        |section: &str| Inputs::draw::<TextForm<P>>(typed, problems.clone(), Some(section), 0);
    let groups = P::VERSION
        .groups()
        .into_iter()
        .filter(|shown| group.is_none_or(|group| group == *shown))
        .map(|shown| {
            let heading = P::VERSION
                .parts()
                .iter()
                .find(|part| part.group == shown)
                .map_or("", |part| part.heading);
            let (here, rest) = std::mem::take(&mut crossed)
                .into_iter()
                .partition(|(of, _)| *of == shown);
            crossed = rest;
            GroupBlock {
                heading,
                crossed: here.into_iter().map(|(_, line)| line).collect(),
                blocks: draw(shown),
            }
        })
        .collect::<Vec<GroupBlock>>();
    let mut hidden = draw("page");
    if group.is_some() {
        hidden.extend(draw("use"));
    }
    TextsPage {
        frame: frame(case),
        case: case.id(),
        plan,
        title: P::VERSION.words(),
        code: P::VERSION.code(),
        one: group.is_some(),
        part: group.unwrap_or_default(),
        clash: groups.iter().any(|group| !group.crossed.is_empty()),
        problems: Summary(summary(&problems)),
        said_on: None,
        said: Vec::new(),
        groups,
        hidden,
    }
}

async fn save<P: Parts>(
    case: Case<Write>,
    Path(path): Ids,
    Query(asked): Query<Asked>,
    posted: Posted<TextForm<P>>,
) -> Result<Response> {
    let id: PlanId = id(&path, "plan")?;
    let group = asked.group::<P>();
    standing::<P>(&case, id).await?;
    let mut problems = posted.problems;
    problems.extend(store::text_problems(&posted.form));
    let entries = store::entries(&posted.form, group.is_some());
    if !problems.is_empty() {
        let page = page::<P>(&case, id, group, &posted.typed, problems, Vec::new());
        return Ok(Page(page).into_response());
    }
    let saving = entries.clone();
    let done = case
        .change(move |tx| {
            let parts = store::write(tx, id, &saving)?;
            Ok((Event::Written(id, parts), ()))
        })
        .await;
    match done {
        Ok(()) => Ok(see_other(&format!(
            "/cases/{}/plans/{id}?done=written",
            case.id()
        ))),
        Err(Error::Refused(problems)) => {
            let page = page::<P>(&case, id, group, &posted.typed, problems, Vec::new());
            Ok(Page(page).into_response())
        }
        Err(Error::Stale) => clash::<P>(&case, id, group, &posted.typed, entries).await,
        Err(other) => Err(other),
    }
}

/// Somebody else saved one of these texts: both are shown, and what was typed is still in its box.
/// Saving again then takes the place of the other, which stays in the record.
async fn clash<P: Parts>(
    case: &Case<Write>,
    id: PlanId,
    group: Option<&'static str>,
    typed: &Typed,
    entries: Vec<Entry>,
) -> Result<Response> {
    let typed = typed.clone();
    let (typed, crossed, authors) = case
        .read(move |r| {
            store::in_force(r, id)?;
            let texts = store::texts(r, id)?;
            let crossed = store::met(r, id, &entries)?;
            let users: Vec<_> = crossed
                .iter()
                .filter_map(|crossed| Some(crossed.now.as_ref()?.recorded_by))
                .collect();
            let authors = Authors::of(r, users)?;
            let typed = store::over(&typed, &texts, &entries, &crossed);
            Ok((typed, crossed, authors))
        })
        .await?;
    let lines = crossed
        .into_iter()
        .map(|Crossed { part, now }| {
            let line = CrossedLine {
                question: part.question,
                by: now.as_ref().and_then(|now| authors.name(now.recorded_by)),
                at: now.as_ref().map(|now| now.recorded_at),
                text: now.and_then(|now| now.words()).map(Labelled::show),
            };
            (part.group, line)
        })
        .collect();
    let page = page::<P>(case, id, group, &typed, Problems::new(), lines);
    Ok((StatusCode::CONFLICT, Page(page)).into_response())
}
