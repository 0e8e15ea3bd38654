//! The pages of settings.

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use kernel::{
    access::Role,
    form::{Block, Inputs, Problem, Problems, Typed},
    label::{Labelled, Office},
    plain::Plain,
    time::Day,
};
use platform::{Error, Page, Posted, Pressed, Result, Routes, Service, see_other};

use super::{
    Event, See, Set,
    model::{NewValue, NewWords},
    rules, store,
};
use crate::{
    duties::{
        self,
        settings::{ALL, Dated, Setting},
    },
    shell::Frame,
};

/// What is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .get("/settings", list)
        .get("/settings/words", words)
        .post("/settings/words", set_words)
        .get("/settings/value/{name}", edit)
        .post("/settings/value/{name}", set)
        .post("/settings/value/{name}/{from}/take-back", take_back)
}

platform::rows! {
    /// A value that was set, from a day.
    struct Set1 for Office { from: Day, iso: Plain, value: Plain, coming: bool }
}
platform::rows! {
    /// A setting, and what is in force today.
    struct Row for Office {
        name: &'static str,
        what: &'static str,
        now: Option<Plain>,
        source: bool,
        set: Vec<Set1>,
    }
}
platform::rows! {
    /// The words on screen.
    struct Words for Office { client: Plain, survivor: Plain }
}
platform::page! {
    /// Every setting.
    struct ListPage for Office, "settings/list.html" {
        frame: Frame,
        may_set: bool,
        words: Option<Words>,
        rows: Vec<Row>,
    }
}
platform::page! {
    /// One setting, to be changed.
    struct EditPage for Office, "settings/edit.html" {
        frame: Frame,
        setting: Row,
        how: Plain,
        problems: Vec<Problem>,
        blocks: Vec<Block>,
    }
}
platform::page! {
    /// The words on screen, to be changed.
    struct WordsPage for Office, "settings/words.html" {
        frame: Frame,
        problems: Vec<Problem>,
        blocks: Vec<Block>,
    }
}

#[derive(Debug, Default, serde::Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
}

fn row(setting: Setting, dated: &[Dated], today: jiff::civil::Date) -> Row {
    let mut set: Vec<&Dated> = dated
        .iter()
        .filter(|set| set.name == setting.name)
        .collect();
    set.sort_by_key(|set| std::cmp::Reverse(set.from));
    Row {
        name: setting.name,
        what: setting.what,
        now: setting
            .on(dated, today)
            .map(|value| Plain::new(value.to_owned())),
        source: set.iter().all(|set| set.from > today),
        set: set
            .into_iter()
            .map(|set| Set1 {
                from: Day(set.from),
                iso: Plain::new(set.from.to_string()),
                value: Plain::new(set.value.clone()),
                coming: set.from > today,
            })
            .collect(),
    }
}

async fn list(service: Service<See>, Query(asked): Query<Asked>) -> Result<Page<ListPage>> {
    let today = service.now().day();
    let (dated, words) = service
        .read(|office| {
            let agency = office.agency();
            let dated = duties::store::settings(office.conn())?;
            Ok((dated, store::words(office.conn(), agency)?))
        })
        .await?;
    let mut frame = Frame::new(service.session(), service.app(), "/settings");
    frame = match asked.done.as_str() {
        "set" => frame.with_success("The new value is set"),
        "back" => frame.with_success("The value is taken back"),
        "words" => frame.with_success("The words on screen are changed"),
        _ => frame,
    };
    Ok(Page(ListPage {
        frame,
        may_set: service
            .session()
            .actor
            .holds(&[Role::ServiceManager, Role::Administrator]),
        words: words.map(|(client, survivor)| Words { client, survivor }),
        rows: ALL
            .iter()
            .copied()
            .flatten()
            .map(|setting| row(*setting, &dated, today))
            .collect(),
    }))
}

async fn page(
    service: &Service<Set>,
    setting: Setting,
    typed: &Typed,
    problems: Problems,
) -> Result<Page<EditPage>> {
    let today = service.now().day();
    let dated = service
        .read(|office| duties::store::settings(office.conn()))
        .await?;
    Ok(Page(EditPage {
        frame: Frame::new(service.session(), service.app(), "/settings"),
        setting: row(setting, &dated, today),
        how: Plain::new(rules::how(setting.kind)),
        blocks: Inputs::draw::<NewValue>(typed, problems.clone(), None, 0),
        problems,
    }))
}

async fn edit(service: Service<Set>, Path(name): Path<String>) -> Result<Page<EditPage>> {
    let setting = rules::named(&name).ok_or(Error::NotFound)?;
    let today = service.now().day();
    let mut typed = Typed::default();
    let dated = service
        .read(|office| duties::store::settings(office.conn()))
        .await?;
    typed.push(
        "value".to_owned(),
        setting.on(&dated, today).unwrap_or_default().to_owned(),
    );
    if let Ok(tomorrow) = today.tomorrow() {
        typed.push("from".to_owned(), tomorrow.to_string());
    }
    page(&service, setting, &typed, Problems::new()).await
}

async fn set(
    service: Service<Set>,
    Path(name): Path<String>,
    posted: Posted<NewValue>,
) -> Result<Response> {
    let setting = rules::named(&name).ok_or(Error::NotFound)?;
    let today = service.now().day();
    let mut problems = posted.problems;
    let value = posted.form.value.map(Labelled::into_exposed);
    let from = posted.form.from.map(Labelled::into_exposed);
    if let (Some(value), Some(from)) = (&value, from) {
        problems.extend(rules::problems(setting, value.trim(), from, today));
    }
    let (Some(value), Some(from), true) = (value, from, problems.is_empty()) else {
        return Ok(page(&service, setting, &posted.typed, problems)
            .await?
            .into_response());
    };
    service
        .change(move |office| {
            store::set(office, setting.name, Day(from), value.trim())?;
            Ok((Event::Set(setting.name), ()))
        })
        .await?;
    Ok(see_other("/settings?done=set"))
}

async fn take_back(
    service: Service<Set>,
    Path((name, from)): Path<(String, String)>,
    _: Pressed,
) -> Result<Response> {
    let setting = rules::named(&name).ok_or(Error::NotFound)?;
    let from: jiff::civil::Date = from.parse().map_err(|_| Error::NotFound)?;
    if from <= service.now().day() {
        return Err(Error::Refused(vec![Problem::new(
            "from",
            "This value applies already: set another from tomorrow on",
        )]));
    }
    service
        .change(move |office| {
            if !store::take_back(office, setting.name, Day(from))? {
                return Err(Error::Stale.into());
            }
            Ok((Event::TakenBack(setting.name), ()))
        })
        .await?;
    Ok(see_other("/settings?done=back"))
}

fn words_page(service: &Service<Set>, typed: &Typed, problems: Problems) -> Page<WordsPage> {
    Page(WordsPage {
        frame: Frame::new(service.session(), service.app(), "/settings"),
        blocks: Inputs::draw::<NewWords>(typed, problems.clone(), None, 0),
        problems,
    })
}

async fn words(service: Service<Set>) -> Result<Page<WordsPage>> {
    let (client, survivor) = service
        .read(|office| {
            let agency = office.agency();
            store::words(office.conn(), agency)
        })
        .await?
        .ok_or(Error::NotFound)?;
    let mut typed = Typed::default();
    typed.push("word_client".to_owned(), client.to_string());
    typed.push("word_survivor".to_owned(), survivor.to_string());
    Ok(words_page(&service, &typed, Problems::new()))
}

async fn set_words(service: Service<Set>, posted: Posted<NewWords>) -> Result<Response> {
    let (Some(client), Some(survivor), true) = (
        posted.form.client.map(Labelled::into_exposed),
        posted.form.survivor.map(Labelled::into_exposed),
        posted.problems.is_empty(),
    ) else {
        return Ok(words_page(&service, &posted.typed, posted.problems).into_response());
    };
    service
        .change(move |office| {
            if store::set_words(office, client.trim(), survivor.trim())? == 0 {
                return Err(Error::NotFound.into());
            }
            Ok((Event::Words, ()))
        })
        .await?;
    Ok(see_other("/settings?done=words"))
}
