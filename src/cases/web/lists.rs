//! Lists of cases, on the screen and as a file.

use axum::{
    extract::Query,
    http::header,
    response::{IntoResponse as _, Response},
};
use kernel::{
    access::Role,
    form::{Problems, Typed},
    ids::CaseId,
    label::{ClientLine, For, Labelled},
    plain::Plain,
    time::Day,
};
use platform::{
    Across, Caseload, Listing, Order, Page, Permission, Posted, Result, Routes, Search, Whose,
};
use serde::Deserialize;

use super::Out;
use crate::{
    cases::{Export, View, drawn::Drawn, model, rules, store},
    people,
    shell::{Frame, NavItem},
};

/// What is mounted.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/cases", list)
        .post("/cases", search)
        .get("/cases.csv", csv)
}

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

    /// Whether it asks for every stage in which somebody works on the case.
    fn in_work(&self) -> bool {
        self.stage == rules::IN_WORK
    }

    fn listing(&self, whose: Whose) -> Listing {
        let order = if self.sort == "newest" {
            Order::Newest
        } else {
            Order::Due
        };
        Listing {
            stage: self.stage(),
            stages: if self.in_work() {
                rules::WORKED_ON
            } else {
                &[]
            },
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
        ask(
            "stage",
            if self.in_work() {
                rules::IN_WORK
            } else {
                self.stage().unwrap_or_default()
            },
        );
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
        in_work: bool,
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
        filtered: asked.stage().is_some() || asked.in_work(),
        in_work: asked.in_work(),
        stages,
        next: listed
            .more
            .filter(|_| !searched)
            .map(|after| item(place("/cases", Some(&after)), "More")),
        first: here.map(|_| item(place("/cases", None), "First page")),
        file: item(place("/cases.csv", here), "Download this list (CSV)"),
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
