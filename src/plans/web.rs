//! Pages of the plan.

mod actions;
mod apart;
mod client;
mod papers;
mod records;
mod texts;

use std::collections::{HashMap, HashSet};

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use kernel::{
    form::{Problems, Typed},
    ids::{CaseId, UserId},
    label::{ClientLine, For, Labelled, SurvivorLine},
    plain::Plain,
    time::{Instant, day_words},
};
use platform::{Case, Error, Page, Permission, Posted, Result, Routes, Scope, casefile, see_other};
use serde::Deserialize;

use super::{
    Event, ForClient, View, ViewApart, Write,
    model::{ActionId, Plan, PlanId, StartForm, Version},
    rules::{self, Change},
    store,
};
use crate::{
    cases::{
        self,
        drawn::{Drawn, Picks},
    },
    people,
    shell::{Frame, Ids, NavItem, id},
};

/// What is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/plans", latest)
        .get("/cases/{case}/plans/client", client::latest)
        .get("/cases/{case}/plans/new", new)
        .post("/cases/{case}/plans/new", start)
        .get("/cases/{case}/plans/assessments", records::inputs)
        .post("/cases/{case}/plans/assessments", records::add_input)
        .get("/cases/{case}/plans/{plan}", show)
        .get("/cases/{case}/plans/{plan}/read", read)
        .get("/cases/{case}/plans/{plan}/beside/{other}", beside)
        .get("/cases/{case}/plans/{plan}/first", texts::first)
        .post("/cases/{case}/plans/{plan}/first", texts::save_first)
        .get("/cases/{case}/plans/{plan}/second", texts::second)
        .post("/cases/{case}/plans/{plan}/second", texts::save_second)
        .get("/cases/{case}/plans/{plan}/actions/new", actions::new)
        .get("/cases/{case}/plans/{plan}/actions/{action}", actions::edit)
        .post("/cases/{case}/plans/{plan}/actions/{action}", actions::save)
        .get("/cases/{case}/plans/{plan}/agree", records::new_agreement)
        .post("/cases/{case}/plans/{plan}/agree", records::agree)
        .get("/cases/{case}/plans/{plan}/dates", records::edit_dates)
        .post("/cases/{case}/plans/{plan}/dates", records::redate)
        .get("/cases/{case}/plans/{plan}/review", records::new_review)
        .post("/cases/{case}/plans/{plan}/review", records::review)
        .get("/cases/{case}/plans/{plan}/client", client::show)
        .get("/cases/{case}/plans/{plan}/client.pdf", client::print)
        .get("/cases/{case}/plans/{plan}/copy", papers::ask)
        .post("/cases/{case}/plans/{plan}/copy", papers::permit)
        .get("/cases/{case}/plans/{plan}/copy/{permission}", papers::text)
        .get(
            "/cases/{case}/plans/{plan}/copy/{permission}/plan.pdf",
            papers::pdf,
        )
        .get(
            "/cases/{case}/plans/{plan}/copy/{permission}/plan.csv",
            papers::csv,
        )
        .get("/cases/{case}/apart/plan", apart::show)
        .get("/cases/{case}/apart/plan/{part}/safety", apart::edit_safety)
        .post("/cases/{case}/apart/plan/{part}/safety", apart::save_safety)
        .get("/cases/{case}/apart/plan/{part}/view", apart::new_view)
        .post("/cases/{case}/apart/plan/{part}/view", apart::add_view)
        .get(
            "/cases/{case}/apart/plan/{part}/said",
            apart::new_child_view,
        )
        .post(
            "/cases/{case}/apart/plan/{part}/said",
            apart::add_child_view,
        )
        .get("/cases/{case}/apart/plan/{part}/new", apart::new_action)
        .get(
            "/cases/{case}/apart/plan/{part}/actions/{action}",
            apart::edit_action,
        )
        .post(
            "/cases/{case}/apart/plan/{part}/actions/{action}",
            apart::save_action,
        )
        .get(
            "/cases/{case}/apart/exercises/{action}",
            apart::new_exercise,
        )
        .post(
            "/cases/{case}/apart/exercises/{action}",
            apart::add_exercise,
        )
}

/// What the user may do next on a case.
pub fn next(case: &Case<cases::View>) -> Vec<NavItem> {
    let at = |may: bool, place: &str, text: &'static str| {
        may.then(|| NavItem {
            href: format!("/cases/{}{place}", case.id()),
            text,
            current: false,
        })
    };
    [
        at(case.could::<View>(), "/plans", "Plan"),
        at(
            case.could::<ViewApart>(),
            "/apart/plan",
            "Safety plan and views, kept apart",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

type Out<T> = For<ClientLine, T>;
type Kept<T> = For<SurvivorLine, T>;

fn frame<P: Permission>(case: &Case<P>) -> Frame {
    Frame::new(case.session(), case.app(), "/cases")
}

/// What has just been done, in the address.
#[derive(Debug, Default, Deserialize)]
struct Done {
    #[serde(default)]
    done: String,
}

impl Done {
    fn on(&self, frame: Frame) -> Frame {
        let text = match self.done.as_str() {
            "started" => "The version is started",
            "dates" => "The dates are corrected",
            "written" => "The texts are saved",
            "action" => "The action is saved",
            "agreed" => "The agreement is recorded",
            "reviewed" => "The review is recorded",
            "input" => "The assessment is recorded",
            "permitted" => "The permission is recorded",
            "saved" => "Saved",
            _ => return frame,
        };
        frame.with_success(text)
    }
}

platform::page! {
    /// A form whose values workers of both lines may read.
    struct FormPage for ClientLine, "cases/form.html" {
        frame: Frame,
        title: &'static str,
        explain: &'static str,
        about: Option<Out<String>>,
        quoted_as: &'static str,
        quoted: Option<Out<String>>,
        picks: Vec<Picks<ClientLine>>,
        drawn: Drawn,
    }
}

fn form_page<P: Permission>(
    case: &Case<P>,
    title: &'static str,
    explain: &'static str,
    drawn: Drawn,
) -> FormPage {
    FormPage {
        frame: frame(case),
        title,
        explain,
        about: None,
        quoted_as: "",
        quoted: None,
        picks: Vec::new(),
        drawn,
    }
}

/// The names of workers as the client line may read them: nobody of the survivor's side.
struct Authors {
    names: HashMap<UserId, Plain>,
    kept: HashSet<UserId>,
}

impl Authors {
    fn of(scope: &mut impl Scope, users: impl IntoIterator<Item = UserId>) -> Result<Self> {
        Ok(Self {
            names: people::store::worker_names(scope, users)?,
            kept: people::store::survivor_side(scope)?,
        })
    }

    fn name(&self, user: UserId) -> Option<Plain> {
        let shown = cases::rules::author_shown(user, &self.kept)?;
        self.names.get(&shown).cloned()
    }
}

// ---- Starting a version ----

async fn latest(case: Case<View>) -> Result<Response> {
    let last = case.read(|r| Ok(store::plans(r)?.pop())).await?;
    let place = match last {
        Some(plan) => format!("/cases/{}/plans/{}", case.id(), plan.id),
        None if case.could::<Write>() => format!("/cases/{}/plans/new", case.id()),
        None => {
            let page = EmptyPage {
                frame: frame(&case),
                case: case.id(),
            };
            return Ok(Page(page).into_response());
        }
    };
    Ok(see_other(&place))
}

platform::page! {
    /// A case without a plan, for who cannot start one.
    struct EmptyPage for ClientLine, "plans/empty.html" {
        frame: Frame,
        case: CaseId,
    }
}

const START: &str = "Start a version of the plan";
const START_FIRST: &str =
    "Version 1 is made with the lead worker after the consultation. It needs nobody’s consent.";
const START_NEXT: &str = "Every text and every action of the version before goes on into this one. The version before can still be read.";

fn start_form(
    case: &Case<Write>,
    count: usize,
    typed: Option<&Typed>,
    problems: Problems,
) -> FormPage {
    let mut prefilled = Typed::default();
    let version = if count == 0 {
        Version::First
    } else {
        Version::Second
    };
    prefilled.push("form".to_owned(), version.code().to_owned());
    prefilled.push("created_on".to_owned(), case.now().day().to_string());
    let mut drawn = Drawn::new::<StartForm>(
        format!("/cases/{}/plans/new", case.id()),
        format!("/cases/{}", case.id()),
        "Start",
        typed.unwrap_or(&prefilled),
        problems,
    );
    drawn.version = Some(i32::try_from(count).unwrap_or(i32::MAX));
    let explain = if count == 0 { START_FIRST } else { START_NEXT };
    form_page(case, START, explain, drawn)
}

async fn new(case: Case<Write>) -> Result<Page<FormPage>> {
    let count = case.read(|r| Ok(store::plans(r)?.len())).await?;
    Ok(Page(start_form(&case, count, None, Problems::new())))
}

async fn start(case: Case<Write>, posted: Posted<StartForm>) -> Result<Response> {
    let count = case.read(|r| Ok(store::plans(r)?.len())).await?;
    let after = posted.version().and_then(|n| usize::try_from(n).ok());
    let mut problems = posted.problems;
    problems.extend(rules::start_problems(&posted.form, case.now().day()));
    let new = store::new_plan(&posted.form, after.unwrap_or(0));
    let (true, Some(new), Some(after)) = (problems.is_empty(), new, after) else {
        return Ok(Page(start_form(&case, count, Some(&posted.typed), problems)).into_response());
    };
    let id = new.id;
    let done = case
        .change(move |tx| {
            store::start(tx, &new, after)?;
            Ok((Event::Started(id), ()))
        })
        .await;
    match done {
        Ok(()) => Ok(see_other(&format!(
            "/cases/{}/plans/{id}?done=started",
            case.id()
        ))),
        Err(Error::Refused(problems)) => {
            Ok(Page(start_form(&case, count, Some(&posted.typed), problems)).into_response())
        }
        // Somebody else started one meanwhile, or this was a second click: that one is shown.
        Err(Error::Stale) => Ok(see_other(&format!("/cases/{}/plans", case.id()))),
        Err(other) => Err(other),
    }
}

// ---- The plan on one page ----

/// A task of the list: a heading of the plan, with how far it is written.
struct Task {
    href: String,
    text: &'static str,
    hint: &'static str,
    status: &'static str,
    done: bool,
}
impl kernel::label::Shows<ClientLine> for Task {}

platform::rows! {
    /// An action.
    struct ActionLine for ClientLine {
        id: ActionId,
        what: Out<String>,
        area: Option<Out<String>>,
        owner: Out<String>,
        agreed: Out<String>,
        by: Out<String>,
        outcome: Out<String>,
        notes: Option<Out<String>>,
        measure: Option<Out<String>>,
        late: bool,
        open: bool,
        exercise: bool,
        usable: bool,
        may_use_exercise: bool,
    }
}
platform::rows! {
    /// Who agreed.
    struct AgreedLine for ClientLine {
        side: Out<String>,
        name: Out<String>,
        on: Out<String>,
    }
}
platform::rows! {
    /// A review.
    struct ReviewLine for ClientLine {
        due: Out<String>,
        held: Out<String>,
        changed: Out<String>,
        next: Option<Out<String>>,
    }
}
platform::rows! {
    /// What the plan rests on.
    struct InputLine for ClientLine {
        kind: Out<String>,
        tool: Out<String>,
        on: Out<String>,
        author: Out<String>,
        summary: Out<String>,
    }
}
platform::rows! {
    /// Another version.
    struct VersionLine for ClientLine {
        id: PlanId,
        words: &'static str,
        created: Out<String>,
        number: i64,
        here: bool,
        latest: bool,
    }
}
platform::page! {
    /// The plan on one page.
    struct PlanPage for ClientLine, "plans/show.html" {
        frame: Frame,
        case: CaseId,
        plan: PlanId,
        title: &'static str,
        code: &'static str,
        number: i64,
        client: Option<Out<String>>,
        reference: Plain,
        practitioner: Option<Plain>,
        created: Out<String>,
        review: Option<Out<String>>,
        latest: bool,
        may_write: bool,
        for_client: bool,
        warning: Option<&'static str>,
        changed_since: bool,
        tasks: Vec<Task>,
        actions: Vec<ActionLine>,
        agreed: Vec<AgreedLine>,
        reviews: Vec<ReviewLine>,
        inputs: Vec<InputLine>,
        versions: Vec<VersionLine>,
    }
}

/// What the pages of one version are made of, read at once.
struct Seen {
    plan: Plan,
    plans: Vec<Plan>,
    texts: store::Texts,
    actions: Vec<store::Action>,
    open: Vec<ActionId>,
    agreements: Vec<store::Agreement>,
    reviews: Vec<store::ReviewRow>,
    inputs: Vec<store::Input>,
    next_review: Option<Labelled<jiff::civil::Date, kernel::label::Client>>,
    client: Option<Labelled<String, kernel::label::Workers>>,
    practitioner: Option<Plain>,
    reference: Plain,
}

fn see(r: &mut impl Scope, id: PlanId) -> Result<Seen> {
    let plan = store::plan_of(r, id)?;
    let agreements = store::agreements(r)?;
    let reviews = store::reviews(r)?;
    Ok(Seen {
        plans: store::plans(r)?,
        texts: store::texts(r, id)?,
        actions: store::actions(r, plan.number)?,
        open: store::open_exercises(r)?,
        agreements: agreements.into_iter().filter(|a| a.plan_id == id).collect(),
        reviews: reviews.into_iter().filter(|a| a.plan_id == id).collect(),
        inputs: store::inputs(r)?,
        next_review: store::next_review(r, &plan)?.0,
        client: people::store::names(r)?.client,
        practitioner: practitioner(r)?,
        reference: casefile::frame(r)?.client_reference,
        plan,
    })
}

/// The name of who works with the client now: the one name that stands on papers for the client.
fn practitioner(r: &mut impl Scope) -> Result<Option<Plain>> {
    let now = r.now();
    let who = casefile::ties(r)?
        .into_iter()
        .filter(|row| row.holds(now) && row.tie() == Some(kernel::access::Tie::ClientLine))
        .map(|row| row.user_id)
        .next_back();
    let Some(who) = who else { return Ok(None) };
    Ok(people::store::worker_names(r, [who])?.remove(&who))
}

impl Seen {
    fn is_latest(&self) -> bool {
        self.plans
            .last()
            .is_some_and(|last| last.id == self.plan.id)
    }

    fn warning(&self) -> Option<&'static str> {
        let owned: Vec<_> = self.actions.iter().map(store::Action::ownership).collect();
        rules::client_warning(&owned)
    }

    fn action_lines(&self, today: jiff::civil::Date) -> Vec<ActionLine> {
        self.actions
            .iter()
            .map(|action| ActionLine {
                id: action.action_id,
                what: action.what.clone().show(),
                area: action.area.clone().map(Labelled::show),
                owner: action.owner_words().show(),
                agreed: action.agreed_on.map(|day| day_words(*day)).show(),
                by: action.proposed_on.map(|day| day_words(*day)).show(),
                outcome: action.done_on.map_or_else(
                    || action.outcome.map(|o| (*o).words().to_owned()).show(),
                    |day| day.map(|day| format!("Done on {}", day_words(*day))).show(),
                ),
                notes: action.notes.clone().map(Labelled::show),
                measure: action.measure.clone().map(Labelled::show),
                late: action.is_late(today),
                open: action.is_open(),
                exercise: action.is_exercise(),
                usable: action.is_usable(),
                may_use_exercise: self.open.contains(&action.action_id),
            })
            .collect()
    }

    fn agreed_lines(&self) -> Vec<AgreedLine> {
        self.agreements
            .iter()
            .map(|agreed| AgreedLine {
                side: agreed.side.map(|side| (*side).words().to_owned()).show(),
                name: agreed.name.clone().show(),
                on: agreed.agreed_on.map(|day| day_words(*day)).show(),
            })
            .collect()
    }

    fn review_lines(&self) -> Vec<ReviewLine> {
        self.reviews
            .iter()
            .map(|review| ReviewLine {
                due: review.due_on.map(|day| day_words(*day)).show(),
                held: review.held_on.map(|day| day_words(*day)).show(),
                changed: review.changed.clone().show(),
                next: review
                    .next_on
                    .map(|day| day.map(|day| day_words(*day)).show()),
            })
            .collect()
    }

    fn version_lines(&self) -> Vec<VersionLine> {
        let last = self.plans.last().map(|plan| plan.id);
        self.plans
            .iter()
            .rev()
            .map(|plan| VersionLine {
                id: plan.id,
                words: plan.version.words(),
                created: plan.created_on.map(|day| day_words(*day)).show(),
                number: i64::from(plan.number),
                here: plan.id == self.plan.id,
                latest: Some(plan.id) == last,
            })
            .collect()
    }
}

fn input_lines(inputs: &[store::Input]) -> Vec<InputLine> {
    inputs
        .iter()
        .map(|input| InputLine {
            kind: input.kind.map(|kind| (*kind).words().to_owned()).show(),
            tool: input.tool.clone().show(),
            on: input.made_on.map(|day| day_words(*day)).show(),
            author: input.author.clone().show(),
            summary: input.summary.clone().show(),
        })
        .collect()
}

fn tasks(case: CaseId, seen: &Seen) -> Vec<Task> {
    let version = seen.plan.version;
    version
        .groups()
        .into_iter()
        .map(|group| {
            let of: Vec<_> = version
                .parts()
                .iter()
                .filter(|part| part.group == group)
                .collect();
            let written = of
                .iter()
                .filter(|part| {
                    seen.texts
                        .get(part.code)
                        .is_some_and(store::Text::is_written)
                })
                .count();
            let status = match written {
                0 => "Not written",
                all if all == of.len() => "Written",
                _ => "Partly written",
            };
            Task {
                href: format!(
                    "/cases/{case}/plans/{}/{}?part={group}",
                    seen.plan.id,
                    version.code()
                ),
                text: of.first().map_or("", |part| part.heading),
                hint: "",
                status,
                done: written == of.len(),
            }
        })
        .collect()
}

async fn show(case: Case<View>, Path(path): Ids, Query(done): Query<Done>) -> Result<Response> {
    let id = id(&path, "plan")?;
    let seen = case.read(move |r| see(r, id)).await?;
    let latest = seen.is_latest();
    if !latest {
        return Ok(see_other(&format!("/cases/{}/plans/{id}/read", case.id())));
    }
    let page = PlanPage {
        frame: done.on(frame(&case)),
        case: case.id(),
        plan: id,
        title: seen.plan.version.words(),
        code: seen.plan.version.code(),
        number: i64::from(seen.plan.number),
        reference: seen.reference.clone(),
        practitioner: seen.practitioner.clone(),
        created: seen.plan.created_on.map(|day| day_words(*day)).show(),
        review: seen
            .next_review
            .map(|day| day.map(|day| day_words(*day)).show()),
        latest,
        may_write: case.could::<Write>(),
        for_client: case.could::<ForClient>(),
        warning: seen.warning(),
        changed_since: store::is_changed_since(&seen.texts, &seen.actions, &seen.agreements),
        tasks: tasks(case.id(), &seen),
        actions: seen.action_lines(case.now().day()),
        agreed: seen.agreed_lines(),
        reviews: seen.review_lines(),
        inputs: input_lines(&seen.inputs),
        versions: seen.version_lines(),
        client: seen.client.map(Labelled::show),
    };
    Ok(Page(page).into_response())
}

// ---- Reading a version whole ----

platform::rows! {
    /// A text.
    struct TextLine for ClientLine {
        question: &'static str,
        text: Option<Out<String>>,
        usable: bool,
        by: Option<Plain>,
        at: Option<Instant>,
    }
}
platform::rows! {
    /// The texts under a heading.
    struct GroupLine for ClientLine {
        heading: &'static str,
        texts: Vec<TextLine>,
    }
}
platform::page! {
    /// A version, whole.
    struct ReadPage for ClientLine, "plans/read.html" {
        frame: Frame,
        case: CaseId,
        plan: PlanId,
        title: &'static str,
        number: i64,
        client: Option<Out<String>>,
        reference: Plain,
        practitioner: Option<Plain>,
        created: Out<String>,
        review: Option<Out<String>>,
        latest: bool,
        warning: Option<&'static str>,
        groups: Vec<GroupLine>,
        actions: Vec<ActionLine>,
        agreed: Vec<AgreedLine>,
        reviews: Vec<ReviewLine>,
        versions: Vec<VersionLine>,
    }
}

fn group_lines(seen: &Seen, authors: &Authors) -> Vec<GroupLine> {
    let version = seen.plan.version;
    let line = |question, text: Option<&store::Text>| TextLine {
        question,
        text: text.and_then(store::Text::words).map(Labelled::show),
        usable: text.is_some_and(store::Text::is_usable),
        by: text.and_then(|text| authors.name(text.recorded_by)),
        at: text.map(|text| text.recorded_at),
    };
    let mut all: Vec<GroupLine> = version
        .groups()
        .into_iter()
        .map(|group| {
            let of = || {
                version
                    .parts()
                    .iter()
                    .filter(move |part| part.group == group)
            };
            GroupLine {
                heading: of().next().map_or("", |part| part.heading),
                texts: of()
                    .map(|part| line(part.question, seen.texts.get(part.code)))
                    .collect(),
            }
        })
        .collect();
    let carried = store::carried(version, &seen.texts);
    if !carried.is_empty() {
        all.push(GroupLine {
            heading: store::CARRIED,
            texts: carried
                .into_iter()
                .map(|(question, text)| line(question, Some(text)))
                .collect(),
        });
    }
    all
}

async fn read(case: Case<View>, Path(path): Ids) -> Result<Page<ReadPage>> {
    let id = id(&path, "plan")?;
    let (seen, authors) = case
        .read(move |r| {
            let seen = see(r, id)?;
            let authors = Authors::of(r, seen.texts.values().map(|text| text.recorded_by))?;
            Ok((seen, authors))
        })
        .await?;
    Ok(Page(ReadPage {
        frame: frame(&case),
        case: case.id(),
        plan: id,
        title: seen.plan.version.words(),
        number: i64::from(seen.plan.number),
        reference: seen.reference.clone(),
        practitioner: seen.practitioner.clone(),
        created: seen.plan.created_on.map(|day| day_words(*day)).show(),
        review: seen
            .next_review
            .map(|day| day.map(|day| day_words(*day)).show()),
        latest: seen.is_latest(),
        warning: seen.warning(),
        groups: group_lines(&seen, &authors),
        actions: seen.action_lines(case.now().day()),
        agreed: seen.agreed_lines(),
        reviews: seen.review_lines(),
        versions: seen.version_lines(),
        client: seen.client.map(Labelled::show),
    }))
}

// ---- Side by side ----

platform::rows! {
    /// A text or an action in two versions.
    struct BesideLine for ClientLine {
        question: &'static str,
        earlier: Option<Out<String>>,
        later: Option<Out<String>>,
        change: &'static str,
        colour: &'static str,
    }
}
platform::page! {
    /// Two versions side by side.
    struct BesidePage for ClientLine, "plans/beside.html" {
        frame: Frame,
        case: CaseId,
        plan: PlanId,
        earlier: &'static str,
        earlier_on: Out<String>,
        later: &'static str,
        later_on: Out<String>,
        changed: usize,
        rows: Vec<BesideLine>,
    }
}

async fn beside(case: Case<View>, Path(path): Ids) -> Result<Page<BesidePage>> {
    let (one, other) = (id(&path, "plan")?, id(&path, "other")?);
    let (earlier, later) = case
        .read(move |r| {
            let (one, other) = (see(r, one)?, see(r, other)?);
            Ok(if one.plan.number <= other.plan.number {
                (one, other)
            } else {
                (other, one)
            })
        })
        .await?;
    let rows: Vec<BesideLine> = store::beside(
        (&earlier.texts, &earlier.actions),
        (&later.texts, &later.actions),
    )
    .into_iter()
    .map(|line| BesideLine {
        question: line.question,
        change: line.change.words(),
        colour: line.change.colour(),
        earlier: line.earlier.map(Labelled::show),
        later: line.later.map(Labelled::show),
    })
    .collect();
    Ok(Page(BesidePage {
        frame: frame(&case),
        case: case.id(),
        plan: later.plan.id,
        earlier: earlier.plan.version.words(),
        earlier_on: earlier.plan.created_on.map(|day| day_words(*day)).show(),
        later: later.plan.version.words(),
        later_on: later.plan.created_on.map(|day| day_words(*day)).show(),
        changed: rows
            .iter()
            .filter(|row| row.change != Change::Same.words())
            .count(),
        rows,
    }))
}

/// What there is for the client to see on a shown screen.
pub fn shown(case: &Case<crate::screens::See>) -> Vec<NavItem> {
    if !case.could::<ForClient>() {
        return Vec::new();
    }
    vec![NavItem {
        href: format!("/cases/{}/plans/client", case.id()),
        text: "Your plan",
        current: false,
    }]
}
