//! What lies in the wrong place: marked, and sorted by a supervisor.

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use kernel::{
    form::{Problems, Typed},
    ids::{CaseId, Id},
    label::{Audience, ClientLine, Label, Labelled, SurvivorLine},
    plain::Plain,
    time::{Day, Instant},
};
use platform::{Case, Error, Page, Permission, Posted, Result, Routes, see_other};
use serde::Deserialize;

use super::{Kept, Out, frame};
use crate::{
    cases::{
        AskSort, Event, KeptQueue, Mark, MarkKept, Sort, SortKept,
        drawn::Drawn,
        model::{MarkForm, Misfiled, MisfiledId, SettleForm},
        rules,
        store::{self, KeptMarks, Marks as _, SharedMarks},
    },
    people,
    shell::{Frame, Ids, Named, id},
};

/// What is mounted.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/mark", new_mark)
        .post("/cases/{case}/mark", mark)
        .get("/cases/{case}/apart/mark", new_kept_mark)
        .post("/cases/{case}/apart/mark", mark_kept)
        .get("/cases/{case}/misfiled", queue)
        .get("/cases/{case}/misfiled/{mark}", edit_settle)
        .post("/cases/{case}/misfiled/{mark}", settle)
        .get("/cases/{case}/misfiled/{mark}/unseen", ask_settle)
        .get("/cases/{case}/apart/misfiled", kept_queue)
        .get("/cases/{case}/apart/misfiled/{mark}", edit_kept_settle)
        .post("/cases/{case}/apart/misfiled/{mark}", settle_kept)
}

platform::page! {
    /// A form about an entry that workers share.
    struct FormPage for ClientLine, "cases/settle.html" {
        frame: Frame,
        title: &'static str,
        explain: &'static str,
        what: &'static str,
        item: Option<Out<String>>,
        reason: Option<Out<String>>,
        hidden: Vec<Hidden>,
        drawn: Drawn,
    }
}
platform::page! {
    /// A form about an entry of the survivor's side.
    struct KeptFormPage for SurvivorLine, "cases/settle.html" {
        frame: Frame,
        title: &'static str,
        explain: &'static str,
        what: &'static str,
        item: Option<Kept<String>>,
        reason: Option<Kept<String>>,
        hidden: Vec<Hidden>,
        drawn: Drawn,
    }
}

/// What a form carries along: the kind and id of an entry, as the page was asked for them.
struct Hidden {
    name: &'static str,
    value: String,
}
impl<A: Audience> kernel::label::Shows<A> for Hidden {}

/// The entry that is to be marked.
#[derive(Clone, Debug, Default, Deserialize)]
struct Item {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    item: String,
}

impl Item {
    fn typed(&self) -> Typed {
        let mut typed = Typed::default();
        typed.push("kind".to_owned(), self.kind.clone());
        typed.push("item".to_owned(), self.item.clone());
        typed
    }
}

fn hidden(typed: &Typed) -> Vec<Hidden> {
    ["kind", "item"]
        .into_iter()
        .map(|name| Hidden {
            name,
            value: typed.get(name).to_owned(),
        })
        .collect()
}

const MARK: &str = "In the wrong place";
const MARK_EXPLAIN: &str = "It is hidden from everybody at once. A supervisor decides where it belongs, and nothing is lost.";

/// What was typed about a mark, as far as it says something.
struct Marking<L: Label> {
    kind: Labelled<String, L>,
    item: Id<()>,
}

fn marking<L: Label>(typed: &Typed) -> Result<Marking<L>> {
    let (form, _) = kernel::form::Parse::form::<MarkForm<L>>(typed);
    Ok(Marking {
        kind: form.kind.ok_or(Error::NotFound)?,
        item: typed.get("item").parse().map_err(|_| Error::NotFound)?,
    })
}

async fn mark_page(case: &Case<Mark>, typed: &Typed, problems: Problems) -> Result<FormPage> {
    let about = marking::<kernel::label::Workers>(typed)?;
    let what = store::kind_words(&about.kind);
    let said = case
        .read(move |r| {
            store::must_show(r, &about.kind, about.item)?;
            store::shared_item(r, &about.kind, about.item)
        })
        .await?;
    let place = format!("/cases/{}/mark", case.id());
    let back = format!("/cases/{}", case.id());
    let drawn =
        Drawn::new::<MarkForm<kernel::label::Workers>>(place, back, "Hide it", typed, problems);
    Ok(FormPage {
        frame: frame(case),
        title: MARK,
        explain: MARK_EXPLAIN,
        what,
        item: Some(said.show()),
        reason: None,
        hidden: hidden(typed),
        drawn,
    })
}

async fn new_mark(case: Case<Mark>, Query(item): Query<Item>) -> Result<Page<FormPage>> {
    Ok(Page(
        mark_page(&case, &item.typed(), Problems::new()).await?,
    ))
}

async fn mark(
    case: Case<Mark>,
    posted: Posted<MarkForm<kernel::label::Workers>>,
) -> Result<Response> {
    let form = posted.form;
    let (true, Some(why), Some(reason)) = (posted.problems.is_empty(), form.why, form.reason)
    else {
        let page = mark_page(&case, &posted.typed, posted.problems).await?;
        return Ok(Page(page).into_response());
    };
    let about = marking::<kernel::label::Workers>(&posted.typed)?;
    let id = MisfiledId::new();
    case.change(move |tx| {
        store::must_show(tx, &about.kind, about.item)?;
        store::shared_item(tx, &about.kind, about.item)?;
        SharedMarks::mark(tx, id, &about.kind, about.item, why, &reason)?;
        Ok((Event::Marked(id, kernel::label::Workers::SEES), ()))
    })
    .await?;
    Ok(see_other(&format!("/cases/{}", case.id())))
}

async fn kept_mark_page(
    case: &Case<MarkKept>,
    typed: &Typed,
    problems: Problems,
) -> Result<KeptFormPage> {
    let about = marking::<kernel::label::Survivor>(typed)?;
    let what = store::kind_words(&about.kind);
    let said = case
        .read(move |r| {
            store::must_show(r, &about.kind, about.item)?;
            store::kept_item(r, &about.kind, about.item)
        })
        .await?;
    let place = format!("/cases/{}/apart/mark", case.id());
    let back = format!("/cases/{}/apart", case.id());
    let drawn =
        Drawn::new::<MarkForm<kernel::label::Survivor>>(place, back, "Hide it", typed, problems);
    Ok(KeptFormPage {
        frame: frame(case),
        title: MARK,
        explain: MARK_EXPLAIN,
        what,
        item: Some(said.show()),
        reason: None,
        hidden: hidden(typed),
        drawn,
    })
}

async fn new_kept_mark(
    case: Case<MarkKept>,
    Query(item): Query<Item>,
) -> Result<Page<KeptFormPage>> {
    Ok(Page(
        kept_mark_page(&case, &item.typed(), Problems::new()).await?,
    ))
}

async fn mark_kept(
    case: Case<MarkKept>,
    posted: Posted<MarkForm<kernel::label::Survivor>>,
) -> Result<Response> {
    let form = posted.form;
    let (true, Some(why), Some(reason)) = (posted.problems.is_empty(), form.why, form.reason)
    else {
        let page = kept_mark_page(&case, &posted.typed, posted.problems).await?;
        return Ok(Page(page).into_response());
    };
    let about = marking::<kernel::label::Survivor>(&posted.typed)?;
    let id = MisfiledId::new();
    case.change(move |tx| {
        store::must_show(tx, &about.kind, about.item)?;
        store::kept_item(tx, &about.kind, about.item)?;
        KeptMarks::mark(tx, id, &about.kind, about.item, why, &reason)?;
        Ok((Event::Marked(id, kernel::label::Survivor::SEES), ()))
    })
    .await?;
    Ok(see_other(&format!("/cases/{}/apart", case.id())))
}

platform::rows! {
    /// Something that was marked.
    struct MarkRow for ClientLine {
        id: MisfiledId,
        what: &'static str,
        why: Out<String>,
        reason: Out<String>,
        by: Plain,
        at: Instant,
        outcome: Option<Out<String>>,
    }
}
platform::rows! {
    /// Something of the survivor's side that waits to be settled: neither what nor by whom.
    struct UnseenRow for ClientLine {
        id: MisfiledId,
        at: Day,
    }
}
platform::page! {
    /// What was marked among what workers share.
    struct QueuePage for ClientLine, "cases/queue.html" {
        frame: Frame,
        case: CaseId,
        place: &'static str,
        rows: Vec<MarkRow>,
        unseen: Vec<UnseenRow>,
    }
}
platform::rows! {
    /// Something that was marked on the survivor's side.
    struct KeptMarkRow for SurvivorLine {
        id: MisfiledId,
        what: &'static str,
        why: Kept<String>,
        reason: Kept<String>,
        by: Plain,
        at: Instant,
        outcome: Option<Kept<String>>,
    }
}
platform::page! {
    /// What was marked on the survivor's side.
    struct KeptQueuePage for SurvivorLine, "cases/queue.html" {
        frame: Frame,
        case: CaseId,
        place: &'static str,
        rows: Vec<KeptMarkRow>,
        unseen: Vec<KeptUnseenRow>,
    }
}
platform::rows! {
    /// On the survivor's side nothing is unseen; the page is drawn alike.
    struct KeptUnseenRow for SurvivorLine {
        id: MisfiledId,
        at: Day,
    }
}

async fn queue(case: Case<Sort>) -> Result<Page<QueuePage>> {
    let oversees = case.could::<AskSort>();
    let (rows, unseen) = case
        .read(move |r| {
            let kept = people::store::survivor_side(r)?;
            let marks = SharedMarks::all(r)?;
            let names = people::store::worker_names(r, marks.iter().map(|m| m.recorded_by))?;
            let rows = marks
                .into_iter()
                .map(|mark| MarkRow {
                    id: mark.id,
                    what: store::kind_words(&mark.kind),
                    why: mark.why.map(|why| (*why).words().to_owned()).show(),
                    reason: mark.reason.show(),
                    by: rules::author_shown(mark.recorded_by, &kept)
                        .and_then(|id| names.get(&id).cloned())
                        .unwrap_or_default(),
                    at: mark.recorded_at,
                    outcome: mark
                        .outcome
                        .map(|outcome| outcome.map(|o| (*o).words().to_owned()).show()),
                })
                .collect();
            let mut unseen = Vec::new();
            if oversees {
                for mark in KeptMarks::all(r)? {
                    if mark.settled_at.is_none() {
                        unseen.push(UnseenRow {
                            id: mark.id,
                            at: Day(mark.recorded_at.day()),
                        });
                    }
                }
            }
            Ok((rows, unseen))
        })
        .await?;
    Ok(Page(QueuePage {
        frame: frame(&case),
        case: case.id(),
        place: "misfiled",
        rows,
        unseen,
    }))
}

async fn kept_queue(case: Case<KeptQueue>) -> Result<Page<KeptQueuePage>> {
    let rows = case
        .read(|r| {
            let marks = KeptMarks::all(r)?;
            let names = people::store::worker_names(r, marks.iter().map(|m| m.recorded_by))?;
            Ok(marks
                .into_iter()
                .map(|mark| KeptMarkRow {
                    id: mark.id,
                    what: store::kind_words(&mark.kind),
                    why: mark.why.map(|why| (*why).words().to_owned()).show(),
                    reason: mark.reason.show(),
                    by: names.get(&mark.recorded_by).cloned().unwrap_or_default(),
                    at: mark.recorded_at,
                    outcome: mark
                        .outcome
                        .map(|outcome| outcome.map(|o| (*o).words().to_owned()).show()),
                })
                .collect())
        })
        .await?;
    Ok(Page(KeptQueuePage {
        frame: frame(&case),
        case: case.id(),
        place: "apart/misfiled",
        rows,
        unseen: Vec::new(),
    }))
}

const SETTLE: &str = "Where does it belong?";
const SETTLE_EXPLAIN: &str = "Whatever is decided, what was recorded stays in the history.";

/// The mark of the path, if it is not settled.
fn waiting<L: Label>(all: Vec<Misfiled<L>>, id: MisfiledId) -> Result<Misfiled<L>> {
    all.into_iter()
        .find(|mark| mark.id == id && mark.settled_at.is_none())
        .ok_or(Error::NotFound)
}

async fn settle_page(
    case: &Case<Sort>,
    path: &Named,
    typed: &Typed,
    problems: Problems,
) -> Result<FormPage> {
    let id: MisfiledId = id(path, "mark")?;
    let (mark, said) = case
        .read(move |r| {
            let mark = waiting(SharedMarks::all(r)?, id)?;
            let said = store::shared_item(r, &mark.kind, mark.item)?;
            Ok((mark, said))
        })
        .await?;
    let place = format!("/cases/{}/misfiled/{id}", case.id());
    let back = format!("/cases/{}/misfiled", case.id());
    let drawn =
        Drawn::new::<SettleForm<kernel::label::Workers>>(place, back, "Decide", typed, problems);
    Ok(FormPage {
        frame: frame(case),
        title: SETTLE,
        explain: SETTLE_EXPLAIN,
        what: store::kind_words(&mark.kind),
        item: Some(said.show()),
        reason: Some(mark.reason.show()),
        hidden: Vec::new(),
        drawn,
    })
}

async fn edit_settle(case: Case<Sort>, Path(path): Ids) -> Result<Page<FormPage>> {
    Ok(Page(
        settle_page(&case, &path, &Typed::default(), Problems::new()).await?,
    ))
}

async fn settle(
    case: Case<Sort>,
    Path(path): Ids,
    posted: Posted<SettleForm<kernel::label::Workers>>,
) -> Result<Response> {
    let mark: MisfiledId = id(&path, "mark")?;
    let form = posted.form;
    let (true, Some(outcome), Some(reason)) =
        (posted.problems.is_empty(), form.outcome, form.reason)
    else {
        let page = settle_page(&case, &path, &posted.typed, posted.problems).await?;
        return Ok(Page(page).into_response());
    };
    let done = case
        .change(move |tx| {
            store::settle_shared(tx, mark, outcome, &reason)?;
            Ok((Event::Settled(mark, kernel::label::Workers::SEES), ()))
        })
        .await;
    match done {
        Err(Error::Refused(problems)) => {
            let page = settle_page(&case, &path, &posted.typed, problems).await?;
            Ok(Page(page).into_response())
        }
        other => other.map(|()| see_other(&format!("/cases/{}/misfiled", case.id()))),
    }
}

async fn kept_settle_page(
    case: &Case<KeptQueue>,
    path: &Named,
    typed: &Typed,
    problems: Problems,
) -> Result<KeptFormPage> {
    let id: MisfiledId = id(path, "mark")?;
    let (mark, said) = case
        .read(move |r| {
            let mark = waiting(KeptMarks::all(r)?, id)?;
            let said = store::kept_item(r, &mark.kind, mark.item)?;
            Ok((mark, said))
        })
        .await?;
    let place = format!("/cases/{}/apart/misfiled/{id}", case.id());
    let back = format!("/cases/{}/apart/misfiled", case.id());
    let drawn =
        Drawn::new::<SettleForm<kernel::label::Survivor>>(place, back, "Decide", typed, problems);
    Ok(KeptFormPage {
        frame: frame(case),
        title: SETTLE,
        explain: SETTLE_EXPLAIN,
        what: store::kind_words(&mark.kind),
        item: Some(said.show()),
        reason: Some(mark.reason.show()),
        hidden: Vec::new(),
        drawn,
    })
}

async fn edit_kept_settle(case: Case<KeptQueue>, Path(path): Ids) -> Result<Page<KeptFormPage>> {
    Ok(Page(
        kept_settle_page(&case, &path, &Typed::default(), Problems::new()).await?,
    ))
}

/// The form by which oversight settles what it does not see.
fn unseen_page<P: Permission>(
    case: &Case<P>,
    id: MisfiledId,
    typed: &Typed,
    problems: Problems,
) -> FormPage {
    let place = format!("/cases/{}/apart/misfiled/{id}", case.id());
    let back = format!("/cases/{}", case.id());
    let drawn =
        Drawn::new::<SettleForm<kernel::label::Survivor>>(place, back, "Decide", typed, problems);
    FormPage {
        frame: frame(case),
        title: SETTLE,
        explain: "You decide without seeing it, because nobody who may see it is there to decide. Your reason stays on the record.",
        what: "Entry that is kept apart",
        item: None,
        reason: None,
        hidden: Vec::new(),
        drawn,
    }
}

async fn ask_settle(case: Case<AskSort>, Path(path): Ids) -> Result<Page<FormPage>> {
    let id: MisfiledId = id(&path, "mark")?;
    case.read(move |r| waiting(KeptMarks::all(r)?, id)).await?;
    Ok(Page(unseen_page(
        &case,
        id,
        &Typed::default(),
        Problems::new(),
    )))
}

async fn settle_kept(
    case: Case<SortKept>,
    Path(path): Ids,
    posted: Posted<SettleForm<kernel::label::Survivor>>,
) -> Result<Response> {
    let mark: MisfiledId = id(&path, "mark")?;
    let sees = case.could::<KeptQueue>();
    let back = if sees { "apart/misfiled" } else { "misfiled" };
    let form = posted.form;
    let (true, Some(outcome), Some(reason)) =
        (posted.problems.is_empty(), form.outcome, form.reason)
    else {
        return Ok(Page(unseen_page(&case, mark, &posted.typed, posted.problems)).into_response());
    };
    let done = case
        .change(move |tx| {
            store::settle_kept(tx, mark, outcome, &reason)?;
            Ok((Event::Settled(mark, kernel::label::Survivor::SEES), ()))
        })
        .await;
    match done {
        Err(Error::Refused(problems)) => {
            Ok(Page(unseen_page(&case, mark, &posted.typed, problems)).into_response())
        }
        other => other.map(|()| see_other(&format!("/cases/{}/{back}", case.id()))),
    }
}
