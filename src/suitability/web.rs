//! Pages of suitability.

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use kernel::{
    form::{Line, Problems, Typed},
    ids::{CaseId, UserId},
    label::{Audience, ClientLine, For, Label, Labelled, SurvivorLine, VisibleTo, in_order},
    plain::Plain,
    time::{Instant, day_words},
};
use platform::{Case, Error, Page, Permission, Posted, Result, Routes, Scope, see_other};
use serde::Deserialize;

use super::{
    Decide, Event, RecordKept, View, ViewKept,
    model::{
        Entry, EntryId, NewDecision, NewKeptGround, NewOnward, NewSafety, NewStage, NewTold,
        NewWords, OneEntry, entry,
    },
    rules,
    store::{self, Entries},
};
use crate::{
    cases::{self, drawn::Drawn},
    duties,
    participation::{
        model::By,
        web::{FormPage, KeptFormPage, kept_page, shared_page},
    },
    people::{
        self,
        model::{Part, PartId, PartRole},
    },
    shell::{Frame, Ids, Named, NavItem, id},
};

/// What is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/suitability", show)
        .get("/cases/{case}/suitability/stage", new::<NewStage>)
        .post("/cases/{case}/suitability/stage", save::<NewStage>)
        .get("/cases/{case}/suitability/decision", new_decision)
        .post("/cases/{case}/suitability/decision", decide)
        .get("/cases/{case}/suitability/words", new::<NewWords>)
        .post("/cases/{case}/suitability/words", save::<NewWords>)
        .get("/cases/{case}/suitability/onward", new::<NewOnward>)
        .post("/cases/{case}/suitability/onward", save::<NewOnward>)
        .get("/cases/{case}/apart/suitability", show_kept)
        .get(
            "/cases/{case}/apart/suitability/ground",
            new_kept::<NewKeptGround>,
        )
        .post(
            "/cases/{case}/apart/suitability/ground",
            save_kept::<NewKeptGround>,
        )
        .get(
            "/cases/{case}/apart/suitability/safety",
            new_kept::<NewSafety>,
        )
        .post(
            "/cases/{case}/apart/suitability/safety",
            save_kept::<NewSafety>,
        )
        .get("/cases/{case}/apart/{part}/told", new_told)
        .post("/cases/{case}/apart/{part}/told", tell)
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
        at(case.could::<View>(), "/suitability", "Does the work suit?"),
        at(
            case.could::<ViewKept>(),
            "/apart/suitability",
            "Does the work suit, kept apart",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

type Out<T> = For<ClientLine, T>;
type Kept<T> = For<SurvivorLine, T>;

#[derive(Debug, Default, Deserialize)]
struct Done {
    #[serde(default)]
    done: String,
}

fn framed<P: Permission>(case: &Case<P>, done: &Done) -> Frame {
    let frame = Frame::new(case.session(), case.app(), "/cases");
    if done.done.is_empty() {
        frame
    } else {
        frame.with_success("That is recorded")
    }
}

fn by<P: Permission>(case: &Case<P>) -> By {
    By {
        user: case.session().actor.user,
        at: case.now(),
    }
}

platform::rows! {
    /// Something that was recorded.
    struct EntryRow for ClientLine {
        on: Out<String>,
        by: Plain,
        at: Instant,
        lines: Vec<Out<Line>>,
    }
}
platform::page! {
    /// Whether the intensive work suits.
    struct ShowPage for ClientLine, "suitability/show.html" {
        frame: Frame,
        case: CaseId,
        client: Option<Out<String>>,
        markers: Vec<Out<Line>>,
        decisions: Vec<EntryRow>,
        stages: Vec<EntryRow>,
        onward: Vec<EntryRow>,
        words: Vec<EntryRow>,
        high: bool,
        again: bool,
        suits: bool,
        may_decide: bool,
        kept: bool,
    }
}
platform::rows! {
    /// The same on the survivor's side.
    struct KeptRow for SurvivorLine {
        on: Kept<String>,
        by: Plain,
        at: Instant,
        lines: Vec<Kept<Line>>,
    }
}
platform::rows! {
    /// An adult who was harmed, with how she was told of the outcome.
    struct ToldRow for SurvivorLine {
        id: PartId,
        name: Kept<String>,
        told: Vec<KeptRow>,
        owed: bool,
    }
}
platform::page! {
    /// What only the survivor's side may know of it.
    struct KeptPage for SurvivorLine, "suitability/kept.html" {
        frame: Frame,
        case: CaseId,
        decided: bool,
        grounds: Vec<KeptRow>,
        people: Vec<ToldRow>,
        safety: Vec<KeptRow>,
        may_record: bool,
    }
}

fn day<L: Label>(entry: &Entry<L>) -> Labelled<String, L> {
    entry.on.map(|day| day_words(*day))
}

fn lines<A: Audience, L: VisibleTo<A>>(entry: Entry<L>) -> Vec<For<A, Line>> {
    in_order([entry.words.show()])
}

/// Entries as rows, latest first, with the names of who recorded them; those whose name would tell
/// who supports the survivor are left out.
fn shared<F: Entries>(r: &mut impl Scope) -> Result<Vec<EntryRow>>
where
    F::Label: VisibleTo<ClientLine>,
{
    let all = F::all(r)?;
    let kept = people::store::survivor_side(r)?;
    let who = all
        .iter()
        .map(|row| row.recorded_by)
        .filter(|id| !kept.contains(id));
    let names = people::store::worker_names(r, who)?;
    Ok(all
        .into_iter()
        .rev()
        .map(|row| EntryRow {
            on: day(&row).show(),
            by: names.get(&row.recorded_by).cloned().unwrap_or_default(),
            at: row.recorded_at,
            lines: lines(row),
        })
        .collect())
}

async fn show(case: Case<View>, Query(done): Query<Done>) -> Result<Page<ShowPage>> {
    let frame = framed(&case, &done);
    let (may_decide, kept, id) = (case.could::<Decide>(), case.could::<ViewKept>(), case.id());
    let page = case
        .read(move |r| {
            let facts = duties::facts::of_case(r)?;
            Ok(ShowPage {
                frame,
                case: id,
                client: people::store::names(r)?.client.map(Labelled::show),
                markers: in_order([store::markers(r)?.show()]),
                decisions: shared::<NewDecision>(r)?,
                stages: shared::<NewStage>(r)?,
                onward: shared::<NewOnward>(r)?,
                words: shared::<NewWords>(r)?,
                high: facts.risk.high.is_some(),
                again: rules::again(&facts).iter().any(|(_, met)| met.is_none()),
                suits: facts.suitability.outcome == Some(rules::Outcome::Suitable),
                may_decide,
                kept,
            })
        })
        .await?;
    Ok(Page(page))
}

/// What a form begins with: today.
fn prefilled<F: OneEntry, P: Permission>(case: &Case<P>) -> Typed {
    let mut typed = Typed::default();
    if let Some(name) = F::DAY {
        typed.push(name.to_owned(), case.now().day().to_string());
    }
    typed
}

fn drawn<F: OneEntry>(
    action: String,
    back: String,
    version: i32,
    typed: &Typed,
    problems: Problems,
) -> Drawn {
    Drawn::new::<F>(action, back, "Save", typed, problems).version(version)
}

/// A count of rows, by which a form that was sent twice is known.
fn count<T>(rows: &[T]) -> i32 {
    i32::try_from(rows.len()).unwrap_or(i32::MAX)
}

fn form<F: OneEntry>(
    case: &Case<Decide>,
    version: i32,
    typed: &Typed,
    problems: Problems,
) -> FormPage {
    let back = format!("/cases/{}/suitability", case.id());
    let action = format!("{back}/{}", F::PLACE);
    let drawn = drawn::<F>(action, back, version, typed, problems);
    shared_page(case, (F::TITLE, F::EXPLAIN), drawn)
}

async fn new<F: Entries>(case: Case<Decide>) -> Result<Page<FormPage>> {
    let version = case.read(|r| Ok(count(&F::all(r)?))).await?;
    let typed = prefilled::<F, _>(&case);
    Ok(Page(form::<F>(&case, version, &typed, Problems::new())))
}

/// Adds an entry, unless another was recorded since the form was opened.
async fn add<F: Entries, P: platform::Changes>(
    case: &Case<P>,
    new: Entry<F::Label>,
    seen: i32,
    grounds: Vec<Labelled<String, kernel::label::Workers>>,
) -> Result<()>
where
    F::Label: Send + Sync,
{
    case.change(move |tx| {
        if count(&F::all(tx)?) != seen {
            return Err(Error::Stale.into());
        }
        let problems = F::problems(tx, &new)?;
        if !problems.is_empty() {
            return Err(Error::Refused(problems).into());
        }
        F::add(tx, &new)?;
        store::add_grounds(tx, new.id, &grounds)?;
        let event = Event {
            place: F::PLACE,
            id: new.id,
            label: <F::Label as Label>::SEES,
        };
        Ok((event, ()))
    })
    .await
}

async fn save<F: Entries>(case: Case<Decide>, posted: Posted<F>) -> Result<Response>
where
    F::Label: Send + Sync,
{
    let problems = day_problems(&posted.form, case.now().day());
    finish(&case, posted, problems, Vec::new()).await
}

fn day_problems<F: OneEntry>(form: &F, today: jiff::civil::Date) -> Problems {
    F::DAY.map_or_else(Problems::new, |name| {
        rules::day_problems(name, &form.day(), today)
    })
}

async fn finish<F: Entries>(
    case: &Case<Decide>,
    posted: Posted<F>,
    more: Problems,
    grounds: Vec<Labelled<String, kernel::label::Workers>>,
) -> Result<Response>
where
    F::Label: Send + Sync,
{
    let seen = posted.version().unwrap_or(0);
    let mut problems = posted.problems;
    problems.extend(more);
    let new = entry(posted.form, (None, None), by(case));
    let (true, Some(new)) = (problems.is_empty(), new) else {
        return Ok(Page(form::<F>(case, seen, &posted.typed, problems)).into_response());
    };
    match add::<F, _>(case, new, seen, grounds).await {
        Err(Error::Refused(problems)) => {
            Ok(Page(form::<F>(case, seen, &posted.typed, problems)).into_response())
        }
        other => other.map(|()| {
            see_other(&format!(
                "/cases/{}/suitability?done={}",
                case.id(),
                F::PLACE
            ))
        }),
    }
}

async fn new_decision(case: Case<Decide>) -> Result<Page<FormPage>> {
    new::<NewDecision>(case).await
}

async fn decide(case: Case<Decide>, posted: Posted<NewDecision>) -> Result<Response> {
    let (high, stage) = case
        .read(|r| {
            let high = duties::facts::of_case(r)?.risk.high.is_some();
            Ok((high, store::stage_now(r)?))
        })
        .await?;
    let problems = rules::decision_problems(&posted.form, high, stage, case.now().day());
    let grounds = store::grounds_of(&posted.form);
    finish(&case, posted, problems, grounds).await
}

// ---- The survivor's side ----

async fn show_kept(case: Case<ViewKept>, Query(done): Query<Done>) -> Result<Page<KeptPage>> {
    let (decided, grounds, told, safety, parts, names) = case
        .read(|r| {
            let decided = store::latest_decision(r)?;
            let grounds = NewKeptGround::all(r)?;
            let told = NewTold::all(r)?;
            let safety = NewSafety::all(r)?;
            let who = grounds
                .iter()
                .chain(&told)
                .chain(&safety)
                .map(|row| row.recorded_by);
            let names = people::store::worker_names(r, who)?;
            Ok((
                decided,
                grounds,
                told,
                safety,
                people::store::parts(r)?,
                names,
            ))
        })
        .await?;
    let name = |id: UserId| names.get(&id).cloned().unwrap_or_default();
    let row = |row: Entry<kernel::label::Survivor>| KeptRow {
        on: day(&row).show(),
        by: name(row.recorded_by),
        at: row.recorded_at,
        lines: lines(row),
    };
    let people = parts
        .into_iter()
        .filter(|part| part.role == PartRole::Survivor)
        .map(|part| ToldRow {
            id: part.id,
            owed: decided.is_some_and(|decision| {
                !told
                    .iter()
                    .any(|row| row.part == Some(part.id) && row.decision == Some(decision))
            }),
            told: told
                .iter()
                .rev()
                .filter(|row| row.part == Some(part.id))
                .cloned()
                .map(row)
                .collect(),
            name: part.name.show(),
        })
        .collect();
    Ok(Page(KeptPage {
        frame: framed(&case, &done),
        case: case.id(),
        decided: decided.is_some(),
        grounds: grounds.into_iter().rev().map(row).collect(),
        people,
        safety: safety.into_iter().rev().map(row).collect(),
        may_record: case.could::<RecordKept>(),
    }))
}

/// Which form of the survivor's side, about whom, after which decision.
struct Asking<'a> {
    case: &'a Case<RecordKept>,
    about: Option<&'a Part>,
    decision: Option<EntryId>,
}

impl Asking<'_> {
    fn page<F: OneEntry>(&self, version: i32, typed: &Typed, problems: Problems) -> KeptFormPage {
        let side = format!("/cases/{}/apart", self.case.id());
        let back = format!("{side}/suitability");
        let action = match self.about {
            Some(part) => format!("{side}/{}/{}", part.id, F::PLACE),
            None => format!("{back}/{}", F::PLACE),
        };
        let drawn = drawn::<F>(action, back, version, typed, problems);
        let about = self.about.map(|part| part.name.clone());
        kept_page(self.case, (F::TITLE, F::EXPLAIN), about, drawn)
    }

    async fn blank<F: Entries>(&self) -> Result<Page<KeptFormPage>> {
        let version = self.case.read(|r| Ok(count(&F::all(r)?))).await?;
        let typed = prefilled::<F, _>(self.case);
        Ok(Page(self.page::<F>(version, &typed, Problems::new())))
    }

    async fn save<F: Entries>(&self, posted: Posted<F>) -> Result<Response>
    where
        F::Label: Send + Sync,
    {
        let seen = posted.version().unwrap_or(0);
        let mut problems = posted.problems;
        problems.extend(day_problems(&posted.form, self.case.now().day()));
        let of = (self.about.map(|part| part.id), self.decision);
        let new = entry(posted.form, of, by(self.case));
        let (true, Some(new)) = (problems.is_empty(), new) else {
            return Ok(Page(self.page::<F>(seen, &posted.typed, problems)).into_response());
        };
        add::<F, _>(self.case, new, seen, Vec::new()).await?;
        Ok(see_other(&format!(
            "/cases/{}/apart/suitability?done={}",
            self.case.id(),
            F::PLACE
        )))
    }
}

async fn new_kept<F: Entries>(case: Case<RecordKept>) -> Result<Page<KeptFormPage>> {
    let asking = Asking {
        case: &case,
        about: None,
        decision: None,
    };
    asking.blank::<F>().await
}

async fn save_kept<F: Entries>(case: Case<RecordKept>, posted: Posted<F>) -> Result<Response>
where
    F::Label: Send + Sync,
{
    let asking = Asking {
        case: &case,
        about: None,
        decision: None,
    };
    asking.save::<F>(posted).await
}

/// The adult whom the path names, and the decision of which she is told.
async fn to_tell(case: &Case<RecordKept>, path: &Named) -> Result<(Part, EntryId)> {
    let id: PartId = id(path, "part")?;
    case.read(move |r| {
        let part = people::store::person(r, id)?;
        if part.role != PartRole::Survivor {
            return Err(Error::NotFound);
        }
        let decision = store::latest_decision(r)?.ok_or(Error::NotFound)?;
        Ok((part, decision))
    })
    .await
}

async fn new_told(case: Case<RecordKept>, Path(path): Ids) -> Result<Page<KeptFormPage>> {
    let (part, decision) = to_tell(&case, &path).await?;
    let asking = Asking {
        case: &case,
        about: Some(&part),
        decision: Some(decision),
    };
    asking.blank::<NewTold>().await
}

async fn tell(
    case: Case<RecordKept>,
    Path(path): Ids,
    posted: Posted<NewTold>,
) -> Result<Response> {
    let (part, decision) = to_tell(&case, &path).await?;
    let asking = Asking {
        case: &case,
        about: Some(&part),
        decision: Some(decision),
    };
    asking.save(posted).await
}
