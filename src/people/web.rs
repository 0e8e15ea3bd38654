//! Pages of people, of how they can be reached, and of who may open a case.

mod access;
mod details;
mod kept;
mod warnings;

use axum::{
    extract::Path,
    response::{IntoResponse as _, Response},
};
use kernel::{
    access::Tie,
    form::{Problems, Typed},
    ids::CaseId,
    label::{ClientLine, For, Label, Labelled, SurvivorLine, Workers},
    time::Instant,
};
use platform::{Case, Error, Page, Permission, Posted, Result, Routes, see_other};
use serde::Deserialize;

use super::{
    Add, Change, ChangeDetails, Event, Matches, View,
    model::{AddPerson, Channel, Detail, DetailId, Part, PartId, PartRole, Person},
    rules::{self, By},
    store::{self, ClientDetails},
};
use crate::{
    cases::{
        self,
        drawn::{Drawn, Picks},
    },
    shell::{Frame, Ids, Named, id},
};

/// What is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/people/new", new_person)
        .post("/cases/{case}/people/new", add_person)
        .get("/cases/{case}/people/{part}", show)
        .get("/cases/{case}/people/{part}/change", edit_person)
        .post("/cases/{case}/people/{part}/change", change_person)
        .and(details::routes())
        .and(kept::routes())
        .and(access::routes())
        .and(warnings::routes())
        .get("/cases/{case}/matches", matches)
}

type Out<T> = For<ClientLine, T>;
type Kept<T> = For<SurvivorLine, T>;

/// Which row a form takes the place of; nothing for a new one.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    /// The row.
    #[serde(default)]
    of: Option<String>,
    /// The worker chosen before.
    #[serde(default)]
    worker: Option<String>,
}

impl Asked {
    fn detail(&self) -> Result<Option<DetailId>> {
        self.of
            .as_deref()
            .map(|text| text.parse().map_err(|_| Error::NotFound))
            .transpose()
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
platform::page! {
    /// A form of the survivor's side.
    struct KeptFormPage for SurvivorLine, "cases/form.html" {
        frame: Frame,
        title: &'static str,
        explain: &'static str,
        about: Option<Kept<String>>,
        quoted_as: &'static str,
        quoted: Option<Kept<String>>,
        picks: Vec<Picks<SurvivorLine>>,
        drawn: Drawn,
    }
}

fn frame<P: Permission>(case: &Case<P>) -> Frame {
    Frame::new(case.session(), case.app(), "/cases")
}

fn by<P: Permission>(case: &Case<P>) -> By {
    By {
        user: case.session().actor.user,
        at: case.now(),
    }
}

fn shared_form<P: Permission>(
    case: &Case<P>,
    title: &'static str,
    explain: &'static str,
    about: Option<Labelled<String, Workers>>,
    drawn: Drawn,
) -> FormPage {
    FormPage {
        frame: frame(case),
        title,
        explain,
        about: about.map(Labelled::show),
        quoted_as: "",
        quoted: None,
        picks: Vec::new(),
        drawn,
    }
}

fn kept_form<P: Permission>(
    case: &Case<P>,
    title: &'static str,
    explain: &'static str,
    about: &Part,
    drawn: Drawn,
) -> KeptFormPage {
    KeptFormPage {
        frame: frame(case),
        title,
        explain,
        about: Some(about.name.clone().show()),
        quoted_as: "",
        quoted: None,
        picks: Vec::new(),
        drawn,
    }
}

// ---- Who they are ----

const ADD: &str = "Add a person";
const ADD_EXPLAIN: &str =
    "Another child, another adult. What is not known can be left blank and added later.";

fn add_form(case: &Case<Add>, typed: &Typed, problems: Problems) -> FormPage {
    let place = format!("/cases/{}/people/new", case.id());
    let back = format!("/cases/{}", case.id());
    let drawn = Drawn::new::<AddPerson>(place, back, "Add", typed, problems);
    shared_form(case, ADD, ADD_EXPLAIN, None, drawn)
}

async fn new_person(case: Case<Add>) -> Page<FormPage> {
    Page(add_form(&case, &Typed::default(), Problems::new()))
}

async fn add_person(case: Case<Add>, posted: Posted<AddPerson>) -> Result<Response> {
    let mut problems = posted.problems;
    problems.extend(rules::person_problems(
        &posted.form.person,
        case.now().day(),
    ));
    let part = rules::new_person(&posted.form, PartId::new());
    let (true, Some(part)) = (problems.is_empty(), part) else {
        return Ok(Page(add_form(&case, &posted.typed, problems)).into_response());
    };
    case.change(move |tx| {
        store::add_person(tx, &part)?;
        store::possible_matches(tx)?;
        Ok((Event::Added(part.id), ()))
    })
    .await?;
    Ok(see_other(&format!("/cases/{}", case.id())))
}

const CHANGE: &str = "Change a person";
const CHANGE_EXPLAIN: &str = "What was known before stays in the history of the case.";

fn change_form(case: &Case<Change>, part: &Part, typed: &Typed, problems: Problems) -> FormPage {
    let place = format!("/cases/{}/people/{}/change", case.id(), part.id);
    let back = format!("/cases/{}/people/{}", case.id(), part.id);
    let mut drawn = Drawn::new::<Person>(place, back, "Save", typed, problems);
    if part.role != PartRole::Client {
        drawn = drawn.without("occupation");
    }
    let drawn = drawn.version(part.version);
    shared_form(case, CHANGE, CHANGE_EXPLAIN, Some(part.name.clone()), drawn)
}

/// The person whom the path names, if the user may change what is known of her.
async fn to_change(case: &Case<Change>, path: &Named) -> Result<Part> {
    let id = id(path, "part")?;
    let part = case.read(move |r| store::person(r, id)).await?;
    if rules::may_change_person(part.role, case.ties()) {
        Ok(part)
    } else {
        Err(Error::NotFound)
    }
}

async fn edit_person(case: Case<Change>, Path(path): Ids) -> Result<Page<FormPage>> {
    let part = to_change(&case, &path).await?;
    let typed = part.typed();
    Ok(Page(change_form(&case, &part, &typed, Problems::new())))
}

async fn change_person(
    case: Case<Change>,
    Path(path): Ids,
    posted: Posted<Person>,
) -> Result<Response> {
    let before = to_change(&case, &path).await?;
    let version = posted.version().unwrap_or(0);
    let mut problems = posted.problems;
    problems.extend(rules::person_problems(&posted.form, case.now().day()));
    let part = rules::changed_person(&posted.form, &before, version);
    let (true, Some(part)) = (problems.is_empty(), part) else {
        let before = Part { version, ..before };
        return Ok(Page(change_form(&case, &before, &posted.typed, problems)).into_response());
    };
    let id = part.id;
    case.change(move |tx| {
        store::change_person(tx, &part)?;
        store::possible_matches(tx)?;
        Ok((Event::Changed(part.id), ()))
    })
    .await?;
    Ok(see_other(&format!("/cases/{}/people/{id}", case.id())))
}

platform::rows! {
    /// A way to reach the client.
    pub(crate) struct DetailRow for ClientLine {
        id: DetailId,
        what: &'static str,
        form: &'static str,
        value: Out<String>,
        note: Option<Out<String>>,
        tag: Out<String>,
        colour: Out<String>,
        place: Option<Out<String>>,
    }
}
platform::rows! {
    /// A person, as workers of both lines read it.
    pub(crate) struct PersonRow for ClientLine {
        id: PartId,
        role: &'static str,
        name: Out<String>,
        aliases: Option<Out<String>>,
        born: Out<String>,
        age: Out<String>,
        to_survivor: Option<Out<String>>,
        to_client: Option<Out<String>>,
        occupation: Option<Out<String>>,
    }
}

/// A person, as workers of both lines read it.
pub(crate) fn person_row(part: Part, now: Instant) -> PersonRow {
    let today = now.day();
    PersonRow {
        id: part.id,
        role: part.role.words(),
        age: part.born.map(|born| rules::age_words(born, today)).show(),
        born: part.born.map(super::model::Born::text).show(),
        name: part.name.show(),
        aliases: part.aliases.map(Labelled::show),
        to_survivor: part.relation_to_survivor.map(Labelled::show),
        to_client: part.relation_to_client.map(Labelled::show),
        occupation: part.occupation.map(Labelled::show),
    }
}

/// The form that changes a way to reach somebody.
fn form_of(channel: Channel) -> &'static str {
    match channel {
        Channel::Address => "address",
        _ => "contact",
    }
}

/// The address at which a telephone stands.
fn place_of<L: Label>(detail: &Detail<L>, all: &[Detail<L>]) -> Option<Labelled<String, L>> {
    let at = detail.at_address?;
    all.iter()
        .find(|other| other.id == at)
        .map(|other| other.value.clone())
}

/// How the client can be reached.
pub(crate) fn detail_rows(details: &[Detail<Workers>]) -> Vec<DetailRow> {
    details
        .iter()
        .map(|detail| DetailRow {
            id: detail.id,
            what: detail.channel.words(),
            form: form_of(detail.channel),
            value: detail.value.clone().show(),
            note: detail.note.clone().map(Labelled::show),
            tag: detail.status.map(|status| status.tag().0.to_owned()).show(),
            colour: detail.status.map(|status| status.tag().1.to_owned()).show(),
            place: place_of(detail, details).map(Labelled::show),
        })
        .collect()
}

platform::page! {
    /// One person.
    struct PersonPage for ClientLine, "people/show.html" {
        frame: Frame,
        case: CaseId,
        person: PersonRow,
        is_client: bool,
        may_change: bool,
        may_reach: bool,
        details: Vec<DetailRow>,
    }
}

async fn show(case: Case<View>, Path(path): Ids) -> Result<Page<PersonPage>> {
    let id = id(&path, "part")?;
    let (part, details) = case
        .read(move |r| {
            let part = store::person(r, id)?;
            let mut details = Vec::new();
            if part.role == PartRole::Client {
                details = store::details::<ClientDetails>(r)?;
                details.retain(|detail| detail.part == id);
            }
            Ok((part, details))
        })
        .await?;
    let is_client = part.role == PartRole::Client;
    Ok(Page(PersonPage {
        frame: frame(&case),
        case: case.id(),
        is_client,
        may_change: case.could::<Change>() && rules::may_change_person(part.role, case.ties()),
        may_reach: is_client && case.could::<ChangeDetails>(),
        details: detail_rows(&details),
        person: person_row(part, case.now()),
    }))
}

// ---- Known elsewhere ----

platform::page! {
    /// Where else somebody may be known, as far as its reader may know.
    struct MatchesPage for ClientLine, "people/matches.html" {
        frame: Frame,
        case: CaseId,
        known: bool,
        open: Vec<CaseId>,
    }
}

async fn matches(case: Case<Matches>) -> Result<Page<MatchesPage>> {
    let found = case.read(|r| store::matching_cases(r)).await?;
    let known = !found.is_empty();
    // Intake learns that there is another case and whom to ask; only who answers for the
    // programme is led to it, and only where the case itself would open.
    let open = if case.ties().contains(&Tie::Oversight) {
        case.also::<cases::View>(found).await?
    } else {
        Vec::new()
    };
    Ok(Page(MatchesPage {
        frame: frame(&case),
        case: case.id(),
        known,
        open,
    }))
}
