//! Lists of cases, the page of a case, its chronology, and what lies in the wrong place.

use std::collections::{BTreeSet, HashMap};

use axum::{
    extract::{Path, Query},
    http::header,
    response::{IntoResponse as _, Response},
};
use kernel::{
    access::{Role, Tie},
    form::{Problems, Typed},
    ids::{CaseId, Id, UserId},
    label::{Audience, ClientLine, For, Label, Labelled, SurvivorLine, VisibleTo},
    plain::Plain,
    time::{Day, Instant, day_words},
};
use platform::{
    Across, Case, Caseload, Error, Listing, Order, Page, Permission, Posted, Reading, Result,
    Routes, Search, Whose, casefile, see_other,
};
use serde::Deserialize;

use super::{
    AskSort, Chronology, Event, Export, KeptChronology, KeptQueue, Mark, MarkKept, Sort, SortKept,
    View,
    drawn::Drawn,
    model::{self, DueRow, MarkForm, Misfiled, MisfiledId, Moment, Said, SettleForm, Stage},
    rules,
    store::{self, KeptMarks, Marks, SharedMarks},
};
use crate::{
    acknowledgements, allocations, closures, consultations, contacts, duties, engagement,
    interventions, participation,
    people::{
        self,
        store::ClientDetails,
        web::{DetailRow, PersonRow, detail_rows, person_row},
    },
    plans, referrals, risks, screens,
    shell::{Frame, Ids, Named, NavItem, id},
    suitability, supervision, trail,
};

/// What is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .get("/cases", list)
        .post("/cases", search)
        .get("/cases.csv", csv)
        .get("/cases/{case}", show)
        .get("/cases/{case}/chronology", chronology)
        .get("/cases/{case}/apart/chronology", kept_chronology)
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

type Out<T> = For<ClientLine, T>;
type Kept<T> = For<SurvivorLine, T>;
fn frame<P: Permission>(case: &Case<P>) -> Frame {
    Frame::new(case.session(), case.app(), "/cases")
}

// ---- Lists ----

/// What a list asks for, in its address: no name and no reference is ever in it.
#[derive(Clone, Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    whose: String,
    #[serde(default)]
    stage: String,
    #[serde(default)]
    sort: String,
    #[serde(default)]
    after: String,
}

impl Asked {
    fn whose<P: Permission>(&self, load: &Caseload<P>) -> Whose {
        if self.whose == "programme" && load.has(Whose::Programme) {
            Whose::Programme
        } else {
            Whose::Mine
        }
    }

    fn stage(&self) -> Option<&'static str> {
        rules::STAGES
            .iter()
            .map(|stage| stage.code)
            .find(|code| *code == self.stage)
    }

    fn listing(&self, whose: Whose) -> Listing {
        let order = if self.sort == "newest" {
            Order::Newest
        } else {
            Order::Due
        };
        Listing {
            stage: self.stage(),
            after: Some(self.after.clone()).filter(|after| !after.is_empty()),
            ..Listing::of(whose, order)
        }
    }

    /// The address of the list, or of its file, with the same filter.
    fn place(&self, path: &str, whose: Whose, after: Option<&str>) -> String {
        let mut place = path.to_owned();
        let mut ask = |name: &str, text: &str| {
            if !text.is_empty() {
                place.push(if place.contains('?') { '&' } else { '?' });
                place.push_str(name);
                place.push('=');
                place.push_str(text);
            }
        };
        if whose == Whose::Programme {
            ask("whose", "programme");
        }
        ask("stage", self.stage().unwrap_or_default());
        if self.sort == "newest" && whose == Whose::Programme {
            ask("sort", "newest");
        }
        ask("after", after.unwrap_or_default());
        place
    }
}

platform::rows! {
    /// A case of a list.
    struct CaseRow for ClientLine {
        id: CaseId,
        reference: Plain,
        client: Option<Out<String>>,
        survivor: Option<Out<String>>,
        children: usize,
        stage: &'static str,
        colour: &'static str,
        due: Option<Day>,
        urgency: &'static str,
        urgency_words: &'static str,
        opened: Day,
        restricted: bool,
    }
}
platform::rows! {
    /// How many open cases stand where.
    struct StageRow for ClientLine {
        code: &'static str,
        words: &'static str,
        count: i64,
        chosen: bool,
    }
}
platform::page! {
    /// A list of cases.
    struct ListPage for ClientLine, "cases/list.html" {
        frame: Frame,
        tabs: Vec<NavItem>,
        programme: bool,
        newest: bool,
        rows: Vec<CaseRow>,
        stages: Vec<StageRow>,
        total: i64,
        filtered: bool,
        next: Option<NavItem>,
        first: Option<NavItem>,
        file: NavItem,
        search: Drawn,
        searched: bool,
    }
}

fn case_rows(across: &mut Across<'_>) -> Result<Vec<CaseRow>> {
    let names = people::store::names_listed(across)?;
    let now = across.now();
    Ok(across
        .frames()
        .iter()
        .map(|frame| {
            let stage = rules::stage(frame.stage.as_str());
            let due = store::owed(frame.next_due).map(|due| rules::next_due(due, now));
            let urgency = due.map_or("", |(_, urgency)| urgency);
            let names = names.get(&frame.id).cloned().unwrap_or_default();
            CaseRow {
                id: frame.id,
                reference: frame.client_reference.clone(),
                client: names.client.map(Labelled::show),
                survivor: names.survivor.map(Labelled::show),
                children: names.children,
                stage: stage.words,
                colour: stage.colour,
                due: due.map(|(day, _)| day),
                urgency,
                urgency_words: rules::urgency_words(urgency),
                opened: Day(frame.opened_at.day()),
                restricted: frame.restricted == 1,
            }
        })
        .collect())
}

fn tabs(load: &Caseload<View>, whose: Whose) -> Vec<NavItem> {
    if !load.has(Whose::Programme) {
        return Vec::new();
    }
    [
        ("/cases", "Mine", Whose::Mine),
        ("/cases?whose=programme", "Programme", Whose::Programme),
    ]
    .into_iter()
    .map(|(href, text, tab)| NavItem {
        href: href.to_owned(),
        text,
        current: tab == whose,
    })
    .collect()
}

/// A list, as the address asks for it or as somebody looks for a case.
async fn list_page(
    load: &Caseload<View>,
    asked: &Asked,
    whose: Whose,
    looking: Option<(Search, Typed)>,
    problems: Problems,
) -> Result<ListPage> {
    let (search, typed) = match looking {
        Some((search, typed)) => (Some(search), typed),
        None => (None, Typed::default()),
    };
    let searched = search.is_some();
    let listing = Listing {
        search,
        ..asked.listing(whose)
    };
    let listed = load.list(listing, case_rows).await?;
    let counts = match whose {
        Whose::Programme => load.stages().await?,
        _ => load.my_stages().await?,
    };
    let stages: Vec<StageRow> = rules::STAGES
        .iter()
        .map(|stage| StageRow {
            code: stage.code,
            words: stage.words,
            count: counts
                .iter()
                .find(|(code, _)| code.as_str() == stage.code)
                .map_or(0, |(_, count)| *count),
            chosen: asked.stage() == Some(stage.code),
        })
        .collect();
    let place = |path: &str, after: Option<&str>| asked.place(path, whose, after);
    let item = |href: String, text| NavItem {
        href,
        text,
        current: false,
    };
    let here = (!asked.after.is_empty()).then_some(asked.after.as_str());
    Ok(ListPage {
        frame: Frame::new(load.session(), load.app(), "/cases"),
        tabs: tabs(load, whose),
        programme: whose == Whose::Programme,
        newest: asked.sort == "newest",
        total: counts.iter().map(|(_, count)| count).sum(),
        filtered: asked.stage().is_some(),
        stages,
        next: listed
            .more
            .filter(|_| !searched)
            .map(|after| item(place("/cases", Some(&after)), "More")),
        first: here.map(|_| item(place("/cases", None), "First page")),
        file: item(place("/cases.csv", here), "Take this list away as a file"),
        rows: listed.rows,
        search: Drawn::new::<model::Search>(
            asked.place("/cases", whose, None),
            String::new(),
            "Search",
            &typed,
            problems,
        ),
        searched,
    })
}

async fn list(load: Caseload<View>, Query(asked): Query<Asked>) -> Result<Page<ListPage>> {
    let whose = asked.whose(&load);
    Ok(Page(
        list_page(&load, &asked, whose, None, Problems::new()).await?,
    ))
}

/// Looks for a case. What is looked for is posted, so that no name stands in an address, a history
/// or a log.
async fn search(
    load: Caseload<View>,
    Query(asked): Query<Asked>,
    posted: Posted<model::Search>,
) -> Result<Page<ListPage>> {
    let asked = Asked {
        after: String::new(),
        stage: String::new(),
        ..asked
    };
    let whose = asked.whose(&load);
    let words = posted.typed.get("words").to_owned();
    if !posted.problems.is_empty() {
        let mut page = list_page(&load, &asked, whose, None, posted.problems.clone()).await?;
        page.search = Drawn::new::<model::Search>(
            asked.place("/cases", whose, None),
            String::new(),
            "Search",
            &posted.typed,
            posted.problems,
        );
        return Ok(Page(page));
    }
    // Letters about the survivor carry another reference; only her line searches by it.
    let find = if load.session().actor.holds(&[Role::SurvivorWorker]) {
        people::store::find_cases_for_survivor_line
    } else {
        people::store::find_cases
    };
    let looking = Some((Search { words, find }, posted.typed));
    Ok(Page(
        list_page(&load, &asked, whose, looking, Problems::new()).await?,
    ))
}

/// Exactly what the list shows, for a spreadsheet. Its name says nothing.
async fn csv(load: Caseload<Export>, Query(asked): Query<Asked>) -> Result<Response> {
    let whose = asked.whose(&load);
    let rows = load.list(asked.listing(whose), case_rows).await?.rows;
    let mut file =
        String::from("\u{feff}Reference,Client,Survivor,Children,Stage,Next due,Opened\r\n");
    for row in rows {
        let text = |value: Option<Out<String>>| value.map(For::into_inner).unwrap_or_default();
        let cells = [
            row.reference.as_str().to_owned(),
            text(row.client),
            text(row.survivor),
            row.children.to_string(),
            row.stage.to_owned(),
            row.due.map(|day| day.0.to_string()).unwrap_or_default(),
            row.opened.0.to_string(),
        ];
        let cells: Vec<String> = cells.iter().map(|text| rules::cell(text)).collect();
        file.push_str(&cells.join(","));
        file.push_str("\r\n");
    }
    Ok((
        [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
            (
                header::CONTENT_DISPOSITION,
                "attachment; filename=\"list.csv\"",
            ),
        ],
        file,
    )
        .into_response())
}

// ---- The case ----

platform::rows! {
    /// Something that is due.
    struct DueLine for ClientLine {
        what: &'static str,
        about: Option<Out<String>>,
        when: Day,
        urgency: &'static str,
        words: &'static str,
    }
}
platform::rows! {
    /// Somebody who works on the case.
    struct TieRow for ClientLine {
        name: Plain,
        what: &'static str,
        covers: Option<Plain>,
        since: Day,
        until: Option<Day>,
    }
}
platform::rows! {
    /// A warning.
    struct FlagRow for ClientLine {
        id: people::model::SafetyFlagId,
        words: Out<String>,
        review: Out<String>,
        late: Out<String>,
    }
}
platform::page! {
    /// A case on one page.
    struct CasePage for ClientLine, "cases/show.html" {
        frame: Frame,
        case: CaseId,
        reference: Plain,
        word_client: Plain,
        word_survivor: Plain,
        title: Option<Out<String>>,
        stage: &'static str,
        colour: &'static str,
        since: Option<Instant>,
        opened: Day,
        restricted: bool,
        flags: Vec<FlagRow>,
        may_lift: bool,
        known_elsewhere: bool,
        concern: bool,
        due: Vec<DueLine>,
        next: Vec<NavItem>,
        clients: Vec<PersonRow>,
        details: Vec<DetailRow>,
        survivors: Vec<PersonRow>,
        children: Vec<PersonRow>,
        others: Vec<PersonRow>,
        ties: Vec<TieRow>,
    }
}

/// What the page of a case is made of, read at once.
struct Seen {
    frame: casefile::Frame,
    words: (Plain, Plain),
    people: people::rules::Household,
    details: Vec<people::model::Detail<kernel::label::Workers>>,
    flags: Vec<people::model::SafetyFlag>,
    known: bool,
    ties: Vec<casefile::TieRow>,
    names: HashMap<UserId, Plain>,
    standing: store::Standing,
}

fn see(r: &mut Reading<'_>, mine: &[Tie]) -> Result<Seen> {
    let frame = casefile::frame(r)?;
    let ties = casefile::ties(r)?;
    let names = people::store::worker_names(
        r,
        ties.iter()
            .flat_map(|tie| [Some(tie.user_id), tie.covers])
            .flatten(),
    )?;
    Ok(Seen {
        words: people::store::words_on_screen(r)?,
        people: people::rules::household(people::store::parts(r)?),
        details: people::store::details::<ClientDetails>(r)?,
        flags: people::store::flags(r)?,
        known: people::store::is_known_elsewhere(r)?,
        standing: store::standing(r, &frame, mine)?,
        frame,
        ties,
        names,
    })
}

async fn show(case: Case<View>) -> Result<Page<CasePage>> {
    let mine = case.ties().to_vec();
    let seen = case.read(move |r| see(r, &mine)).await?;
    let (now, today) = (case.now(), case.now().day());
    let stage: Stage = rules::stage(seen.frame.stage.as_str());
    let rows = |parts: Vec<people::model::Part>| {
        parts
            .into_iter()
            .map(|part| person_row(part, now))
            .collect::<Vec<_>>()
    };
    let title = seen
        .people
        .clients
        .first()
        .map(|part| part.name.clone().show());
    let flags = seen
        .flags
        .into_iter()
        .filter(|flag| flag.lifted_at.is_none())
        .map(|flag| FlagRow {
            id: flag.id,
            late: flag
                .review_on
                .map(|day| {
                    if *day < today {
                        "The review is overdue."
                    } else {
                        ""
                    }
                    .to_owned()
                })
                .show(),
            review: flag.review_on.map(|day| day_words(*day)).show(),
            words: flag.words.show(),
        })
        .collect();
    Ok(Page(CasePage {
        frame: frame(&case),
        case: case.id(),
        reference: seen.frame.client_reference.clone(),
        word_client: seen.words.0,
        word_survivor: seen.words.1,
        title,
        stage: stage.words,
        colour: stage.colour,
        since: seen.standing.since,
        opened: Day(seen.frame.opened_at.day()),
        restricted: seen.frame.restricted == 1,
        flags,
        may_lift: case.could::<people::Access>(),
        known_elsewhere: seen.known && case.could::<people::Matches>(),
        concern: seen.standing.concern,
        due: due_lines(seen.standing.due, &seen.people),
        next: next_steps(&case, stage.code),
        details: detail_rows(&seen.details),
        clients: rows(seen.people.clients),
        survivors: rows(seen.people.survivors),
        children: rows(seen.people.children),
        others: rows(seen.people.others),
        ties: tie_rows(seen.ties, &seen.names, now),
    }))
}

fn due_lines(due: Vec<DueRow>, people: &people::rules::Household) -> Vec<DueLine> {
    due.into_iter()
        .map(|row| DueLine {
            what: row.what,
            about: row
                .about
                .and_then(|part| people.name_of(part))
                .map(Labelled::show),
            when: row.when,
            urgency: row.urgency,
            words: rules::urgency_words(row.urgency),
        })
        .collect()
}

/// Who works on the case, as far as both lines may know: who works with the survivor is left out,
/// and nothing says that somebody was.
fn tie_rows(
    ties: Vec<casefile::TieRow>,
    names: &HashMap<UserId, Plain>,
    now: Instant,
) -> Vec<TieRow> {
    let name = |id: UserId| names.get(&id).cloned().unwrap_or_default();
    ties.into_iter()
        .filter(|row| row.holds(now))
        .filter_map(|row| {
            let tie: Tie = row
                .tie()
                .filter(|tie| !people::rules::tells_of_survivor_line(*tie))?;
            Some(TieRow {
                name: name(row.user_id),
                what: tie.words(),
                covers: row.covers.map(name),
                since: Day(row.from_at.day()),
                until: row.until_at.map(|until| Day(until.day())),
            })
        })
        .collect()
}

/// What the user may do next: only what works. A capability adds its own here.
fn next_steps(case: &Case<View>, stage: &str) -> Vec<NavItem> {
    let waits = matches!(stage, "held" | "received" | "waiting" | "allocated");
    let confirmed = !waits && stage != "withdrawn";
    let at = |may: bool, place: &str, text: &'static str| {
        may.then(|| NavItem {
            href: format!("/cases/{}{place}", case.id()),
            text,
            current: false,
        })
    };
    [
        at(
            case.could::<allocations::Allocate>(),
            "/allocation",
            "Allocate, or put on the waiting list",
        ),
        at(
            waits && case.could::<acknowledgements::Acknowledge>(),
            "/acknowledgement/new",
            "Confirm receipt to the referrer",
        ),
        at(
            confirmed && case.could::<acknowledgements::Read>(),
            "/acknowledgement",
            "Receipt as it was confirmed",
        ),
        at(
            case.could::<duties::Read>(),
            "/duties",
            "All that is due and was due",
        ),
        at(
            case.could::<referrals::Read>(),
            "/referral/read",
            "Read the referral",
        ),
        at(
            case.could::<people::ViewKept>(),
            "/apart",
            "Contact and safety",
        ),
        at(
            case.could::<people::AskReveal>(),
            "/reveal",
            "See contact details that are kept apart",
        ),
        at(
            case.could::<screens::See>(),
            "/screen",
            "Look at something together with the client",
        ),
        at(case.could::<Chronology>(), "/chronology", "Chronology"),
        at(case.could::<people::Add>(), "/people/new", "Add a person"),
        at(case.could::<people::Flag>(), "/flag", "Warn workers"),
        at(
            case.could::<people::Access>(),
            "/access",
            "Who may open the case",
        ),
        at(
            case.could::<Sort>(),
            "/misfiled",
            "Entries in the wrong place",
        ),
        at(
            case.could::<trail::OfCase>(),
            "/trail",
            "Who looked and who changed what",
        ),
    ]
    .into_iter()
    .flatten()
    .chain(STEPS.iter().flat_map(|steps| steps(case)))
    .collect()
}

/// What a capability offers to whoever looks at a case.
type Offers = fn(&Case<View>) -> Vec<NavItem>;

/// What each capability offers on the page of a case.
const STEPS: &[Offers] = &[
    consultations::web::next,
    risks::web::next,
    suitability::web::next,
    participation::web::next,
    plans::web::next,
    interventions::web::next,
    contacts::web::next,
    engagement::web::next,
    supervision::web::next,
    closures::web::next,
];

// ---- What happened ----

/// What a chronology shows, in its address.
#[derive(Clone, Debug, Default, Deserialize)]
struct Filter {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    author: String,
}

/// A moment as it is drawn.
struct Line<A> {
    on: For<A, String>,
    entered: For<A, String>,
    author: Option<(UserId, Plain)>,
    kind: &'static str,
    ours: &'static str,
    written: Option<For<A, String>>,
}

fn line<A: Audience, L: VisibleTo<A>>(
    moment: Moment<L>,
    author: Option<UserId>,
    names: &HashMap<UserId, Plain>,
) -> Line<A> {
    let entered = moment.entered_at;
    let (ours, written) = match moment.text {
        Said::Ours(text) => (text, None),
        Said::Written(text) => ("", Some(text.show())),
    };
    Line {
        entered: moment
            .on
            .map(|on| {
                if rules::shows_both_dates(*on, entered) {
                    day_words(entered.day())
                } else {
                    String::new()
                }
            })
            .show(),
        on: moment.on.map(|on| day_words(*on)).show(),
        author: author.map(|id| (id, names.get(&id).cloned().unwrap_or_default())),
        kind: moment.kind,
        ours,
        written,
    }
}

platform::rows! {
    /// A choice of a filter.
    struct KindChoice for ClientLine { text: &'static str, chosen: bool }
}
platform::rows! {
    /// A choice of a filter.
    struct AuthorChoice for ClientLine { id: UserId, name: Plain, chosen: bool }
}
platform::rows! {
    /// A moment.
    struct MomentRow for ClientLine {
        on: Out<String>,
        entered: Out<String>,
        author: Option<Plain>,
        kind: &'static str,
        ours: &'static str,
        written: Option<Out<String>>,
    }
}
platform::page! {
    /// What happened, as workers of both lines read it.
    struct ChronologyPage for ClientLine, "cases/chronology.html" {
        frame: Frame,
        case: CaseId,
        place: &'static str,
        title: &'static str,
        rows: Vec<MomentRow>,
        kinds: Vec<KindChoice>,
        authors: Vec<AuthorChoice>,
        filtered: bool,
    }
}
platform::rows! {
    /// A choice of a filter.
    struct KeptKindChoice for SurvivorLine { text: &'static str, chosen: bool }
}
platform::rows! {
    /// A choice of a filter.
    struct KeptAuthorChoice for SurvivorLine { id: UserId, name: Plain, chosen: bool }
}
platform::rows! {
    /// A moment.
    struct KeptMomentRow for SurvivorLine {
        on: Kept<String>,
        entered: Kept<String>,
        author: Option<Plain>,
        kind: &'static str,
        ours: &'static str,
        written: Option<Kept<String>>,
    }
}
platform::page! {
    /// What happened, with what only the survivor's side reads.
    struct KeptChronologyPage for SurvivorLine, "cases/chronology.html" {
        frame: Frame,
        case: CaseId,
        place: &'static str,
        title: &'static str,
        rows: Vec<KeptMomentRow>,
        kinds: Vec<KeptKindChoice>,
        authors: Vec<KeptAuthorChoice>,
        filtered: bool,
    }
}

/// The kinds and authors of lines, and the lines that a filter lets through. It works on what is
/// shown, so that a filter cannot ask for what is not.
#[expect(clippy::type_complexity, reason = "the three lists of one page")]
fn filtered<A>(
    lines: Vec<Line<A>>,
    filter: &Filter,
) -> (
    Vec<Line<A>>,
    Vec<(&'static str, bool)>,
    Vec<(UserId, Plain, bool)>,
) {
    let kinds: BTreeSet<&'static str> = lines.iter().map(|line| line.kind).collect();
    let authors: BTreeSet<(Plain, UserId)> = lines
        .iter()
        .filter_map(|line| line.author.clone())
        .map(|(id, name)| (name, id))
        .collect();
    let kinds = kinds
        .into_iter()
        .map(|kind| (kind, kind == filter.kind))
        .collect();
    let authors = authors
        .into_iter()
        .map(|(name, id)| (id, name, id.to_string() == filter.author))
        .collect();
    let lines = lines
        .into_iter()
        .filter(|line| filter.kind.is_empty() || line.kind == filter.kind)
        .filter(|line| {
            filter.author.is_empty()
                || line
                    .author
                    .as_ref()
                    .is_some_and(|(id, _)| id.to_string() == filter.author)
        })
        .collect();
    (lines, kinds, authors)
}

async fn chronology(
    case: Case<Chronology>,
    Query(filter): Query<Filter>,
) -> Result<Page<ChronologyPage>> {
    let lines = case
        .read(|r| {
            let kept = people::store::survivor_side(r)?;
            let moments = store::moments(r)?;
            let names = people::store::worker_names(r, moments.iter().map(|m| m.author))?;
            Ok(moments
                .into_iter()
                .map(|moment| {
                    let author = rules::author_shown(moment.author, &kept);
                    line::<ClientLine, _>(moment, author, &names)
                })
                .collect::<Vec<_>>())
        })
        .await?;
    let (lines, kinds, authors) = filtered(lines, &filter);
    Ok(Page(ChronologyPage {
        frame: frame(&case),
        case: case.id(),
        place: "chronology",
        title: "Chronology",
        filtered: !filter.kind.is_empty() || !filter.author.is_empty(),
        rows: lines
            .into_iter()
            .map(|line| MomentRow {
                on: line.on,
                entered: line.entered,
                author: line.author.map(|(_, name)| name),
                kind: line.kind,
                ours: line.ours,
                written: line.written,
            })
            .collect(),
        kinds: kinds
            .into_iter()
            .map(|(text, chosen)| KindChoice { text, chosen })
            .collect(),
        authors: authors
            .into_iter()
            .map(|(id, name, chosen)| AuthorChoice { id, name, chosen })
            .collect(),
    }))
}

async fn kept_chronology(
    case: Case<KeptChronology>,
    Query(filter): Query<Filter>,
) -> Result<Page<KeptChronologyPage>> {
    let lines = case
        .read(|r| {
            let shared = store::moments(r)?;
            let kept = store::kept_moments(r)?;
            let names = people::store::worker_names(
                r,
                shared
                    .iter()
                    .map(|m| m.author)
                    .chain(kept.iter().map(|m| m.author)),
            )?;
            Ok(merged(shared, kept)
                .into_iter()
                .map(|moment| match moment {
                    Either::Shared(moment) => {
                        let author = Some(moment.author);
                        line::<SurvivorLine, _>(moment, author, &names)
                    }
                    Either::Kept(moment) => {
                        let author = Some(moment.author);
                        line::<SurvivorLine, _>(moment, author, &names)
                    }
                })
                .collect::<Vec<_>>())
        })
        .await?;
    let (lines, kinds, authors) = filtered(lines, &filter);
    Ok(Page(KeptChronologyPage {
        frame: frame(&case),
        case: case.id(),
        place: "apart/chronology",
        title: "Chronology with both sides",
        filtered: !filter.kind.is_empty() || !filter.author.is_empty(),
        rows: lines
            .into_iter()
            .map(|line| KeptMomentRow {
                on: line.on,
                entered: line.entered,
                author: line.author.map(|(_, name)| name),
                kind: line.kind,
                ours: line.ours,
                written: line.written,
            })
            .collect(),
        kinds: kinds
            .into_iter()
            .map(|(text, chosen)| KeptKindChoice { text, chosen })
            .collect(),
        authors: authors
            .into_iter()
            .map(|(id, name, chosen)| KeptAuthorChoice { id, name, chosen })
            .collect(),
    }))
}

enum Either {
    Shared(Moment),
    Kept(model::KeptMoment),
}

/// Both lists in one order, latest first.
fn merged(shared: Vec<Moment>, kept: Vec<model::KeptMoment>) -> Vec<Either> {
    let mut all: Vec<_> = shared
        .into_iter()
        .map(|m| (rules::place_in_time(&m), Either::Shared(m)))
        .chain(
            kept.into_iter()
                .map(|m| (rules::place_in_time(&m), Either::Kept(m))),
        )
        .collect();
    all.sort_by_key(|(when, _)| std::cmp::Reverse(*when));
    all.into_iter().map(|(_, moment)| moment).collect()
}

// ---- In the wrong place ----

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
