//! Pages of people, of how they can be reached, and of who may open a case.

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use kernel::{
    access::Tie,
    form::{Parse, Problem, Problems, Typed},
    ids::{CaseId, UserId},
    label::{Audience, ClientLine, For, Label, Labelled, SurvivorLine, VisibleTo, Workers},
    plain::Plain,
    time::{Day, Instant},
};
use platform::{
    Case, Error, Page, Permission, Posted, Result, Routes, Scope, Tx, casefile, see_other,
};
use serde::Deserialize;

use super::{
    Access, Add, AskReveal, Change, ChangeDetails, ChangeKept, Event, Flag, Matches, Reveal, View,
    ViewKept,
    model::{
        AccessChangeId, AccessForm, AccessWhat, AddPerson, AddressForm, Channel, Detail, DetailId,
        FlagForm, KeptAddressForm, Part, PartId, PartRole, Person, ReachForm, ReasonForm, RevealId,
        SafeContact, SafeContactForm, SafetyFlagId, WhyForm,
    },
    rules::{self, By},
    store::{self, ChildDetails, ClientDetails, Details, OtherDetails, SurvivorDetails},
};
use crate::{
    cases::{
        self,
        drawn::{Drawn, Pick, Picks, Says},
    },
    duties,
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
        .get("/cases/{case}/people/{part}/address", edit_address)
        .post("/cases/{case}/people/{part}/address", save_address)
        .get("/cases/{case}/people/{part}/contact", edit_contact)
        .post("/cases/{case}/people/{part}/contact", save_contact)
        .get("/cases/{case}/apart", show_kept)
        .get("/cases/{case}/apart/{part}/address", edit_kept_address)
        .post("/cases/{case}/apart/{part}/address", save_kept_address)
        .get("/cases/{case}/apart/{part}/contact", edit_kept_contact)
        .post("/cases/{case}/apart/{part}/contact", save_kept_contact)
        .get("/cases/{case}/apart/{part}/safe", edit_safe)
        .post("/cases/{case}/apart/{part}/safe", save_safe)
        .get("/cases/{case}/reveal", ask_reveal)
        .post("/cases/{case}/reveal", reveal)
        .get("/cases/{case}/access", access)
        .get("/cases/{case}/access/{what}", edit_access)
        .post("/cases/{case}/access/{what}", change_access)
        .get("/cases/{case}/flag", new_flag)
        .post("/cases/{case}/flag", raise_flag)
        .get("/cases/{case}/flag/{flag}", edit_flag)
        .post("/cases/{case}/flag/{flag}", lift_flag)
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

// ---- How the client can be reached ----

/// The client of the path with the client's details, and the one that is to be replaced.
async fn client_of<P: Permission>(
    case: &Case<P>,
    path: &Named,
    asked: &Asked,
) -> Result<(Part, Vec<Detail<Workers>>, Option<Detail<Workers>>)> {
    let (id, of) = (id(path, "part")?, asked.detail()?);
    case.read(move |r| {
        let part = store::person(r, id)?;
        if part.role != PartRole::Client {
            return Err(Error::NotFound);
        }
        let all = store::details::<ClientDetails>(r)?;
        let old = chosen(&all, of, id)?;
        Ok((part, all, old))
    })
    .await
}

/// The detail that a form takes the place of: one of this person.
fn chosen<L: Label + Clone>(
    all: &[Detail<L>],
    of: Option<DetailId>,
    part: PartId,
) -> Result<Option<Detail<L>>> {
    let Some(of) = of else { return Ok(None) };
    all.iter()
        .find(|detail| detail.id == of && detail.part == part)
        .cloned()
        .map(Some)
        .ok_or(Error::Stale)
}

/// The place of a form, with the row whose place it takes.
fn place<P: Permission>(
    case: &Case<P>,
    side: &str,
    part: PartId,
    form: &str,
    of: &Asked,
) -> String {
    let of = of.of.as_deref().map(|of| format!("?of={of}"));
    format!(
        "/cases/{}/{side}/{part}/{form}{}",
        case.id(),
        of.unwrap_or_default()
    )
}

const ADDRESS: &str = "Address";
const ADDRESS_EXPLAIN: &str = "If the person has left, or the address is unsafe, telephones at it become unsafe too. Nothing is sent by post about a change.";
const CONTACT: &str = "Contact details";
const CONTACT_EXPLAIN: &str = "A number or address that is not known to be safe is checked first.";

fn address_form(
    case: &Case<ChangeDetails>,
    part: &Part,
    asked: &Asked,
    typed: &Typed,
    problems: Problems,
) -> FormPage {
    let place = place(case, "people", part.id, "address", asked);
    let back = format!("/cases/{}/people/{}", case.id(), part.id);
    let drawn = Drawn::new::<AddressForm>(place, back, "Save", typed, problems);
    shared_form(
        case,
        ADDRESS,
        ADDRESS_EXPLAIN,
        Some(part.name.clone()),
        drawn,
    )
}

async fn edit_address(
    case: Case<ChangeDetails>,
    Path(path): Ids,
    Query(asked): Query<Asked>,
) -> Result<Page<FormPage>> {
    let (part, _, old) = client_of(&case, &path, &asked).await?;
    let typed = old.map(|old| old.typed()).unwrap_or_default();
    Ok(Page(address_form(
        &case,
        &part,
        &asked,
        &typed,
        Problems::new(),
    )))
}

async fn save_address(
    case: Case<ChangeDetails>,
    Path(path): Ids,
    Query(asked): Query<Asked>,
    posted: Posted<AddressForm>,
) -> Result<Response> {
    let (part, _, old) = client_of(&case, &path, &asked).await?;
    let new = rules::address(&posted.form, part.id, by(&case));
    let (true, Some(new)) = (posted.problems.is_empty(), new) else {
        let page = address_form(&case, &part, &asked, &posted.typed, posted.problems);
        return Ok(Page(page).into_response());
    };
    save::<ClientDetails, _>(&case, new, old).await?;
    Ok(see_other(&format!(
        "/cases/{}/people/{}",
        case.id(),
        part.id
    )))
}

/// The question at which address a telephone stands.
fn at_address<A: Audience, L: VisibleTo<A>>(
    all: &[Detail<L>],
    part: PartId,
    typed: &Typed,
) -> Vec<Picks<A>> {
    let choices: Vec<Pick<A>> = rules::addresses(all)
        .into_iter()
        .filter(|address| address.part == part)
        .map(|address| Pick {
            code: address.id.to_string(),
            text: Says::Value(address.value.clone().show()),
            chosen: typed.get("at_address") == address.id.to_string(),
        })
        .collect();
    if choices.is_empty() {
        return Vec::new();
    }
    vec![Picks {
        name: "at_address",
        text: "If it is a telephone: at which address is it?",
        hint: "If the address is left or becomes unsafe, so does the telephone.",
        after: "value",
        none: "At none of these, or not known",
        choices,
        problem: None,
    }]
}

fn contact_form(
    case: &Case<ChangeDetails>,
    part: &Part,
    all: &[Detail<Workers>],
    asked: &Asked,
    typed: &Typed,
    problems: Problems,
) -> FormPage {
    let place = place(case, "people", part.id, "contact", asked);
    let back = format!("/cases/{}/people/{}", case.id(), part.id);
    let drawn = Drawn::new::<ReachForm<Workers>>(place, back, "Save", typed, problems);
    FormPage {
        picks: at_address(all, part.id, typed),
        ..shared_form(
            case,
            CONTACT,
            CONTACT_EXPLAIN,
            Some(part.name.clone()),
            drawn,
        )
    }
}

async fn edit_contact(
    case: Case<ChangeDetails>,
    Path(path): Ids,
    Query(asked): Query<Asked>,
) -> Result<Page<FormPage>> {
    let (part, all, old) = client_of(&case, &path, &asked).await?;
    let typed = old.map(|old| old.typed()).unwrap_or_default();
    Ok(Page(contact_form(
        &case,
        &part,
        &all,
        &asked,
        &typed,
        Problems::new(),
    )))
}

async fn save_contact(
    case: Case<ChangeDetails>,
    Path(path): Ids,
    Query(asked): Query<Asked>,
    posted: Posted<ReachForm<Workers>>,
) -> Result<Response> {
    let (part, all, old) = client_of(&case, &path, &asked).await?;
    let new = rules::reach(&posted.form, part.id, &address_ids(&all), by(&case));
    let (true, Some(new)) = (posted.problems.is_empty(), new) else {
        let page = contact_form(&case, &part, &all, &asked, &posted.typed, posted.problems);
        return Ok(Page(page).into_response());
    };
    save::<ClientDetails, _>(&case, new, old).await?;
    Ok(see_other(&format!(
        "/cases/{}/people/{}",
        case.id(),
        part.id
    )))
}

fn address_ids<L: Label>(all: &[Detail<L>]) -> Vec<DetailId> {
    rules::addresses(all)
        .into_iter()
        .map(|address| address.id)
        .collect()
}

async fn save<D: Details, P: platform::Changes>(
    case: &Case<P>,
    new: Detail<D::Label>,
    old: Option<Detail<D::Label>>,
) -> Result<()> {
    let old = old.map(|old| old.id);
    case.change(move |tx| {
        store::save_detail::<D>(tx, &new, old)?;
        Ok((Event::Reached(new.id, D::Label::SEES), ()))
    })
    .await
}

// ---- The survivor's side ----

platform::rows! {
    /// A way to reach somebody of the survivor's side.
    struct KeptRow for SurvivorLine {
        id: DetailId,
        item: &'static str,
        what: &'static str,
        form: &'static str,
        value: Kept<String>,
        note: Option<Kept<String>>,
        because: Option<Kept<String>>,
        tag: Kept<String>,
        colour: Kept<String>,
        place: Option<Kept<String>>,
    }
}
platform::rows! {
    /// What is agreed about reaching somebody safely.
    struct SafeCard for SurvivorLine {
        id: super::model::SafeContactId,
        status: Kept<String>,
        never: Kept<String>,
        old: Option<Kept<String>>,
        methods: Option<Kept<String>>,
        times: Option<Kept<String>>,
        who_may_answer: Option<Kept<String>>,
        pretext: Option<Kept<String>>,
        code_word: Option<Kept<String>>,
        checked_on: Option<Kept<String>>,
        as_given: Option<Kept<String>>,
    }
}
platform::rows! {
    /// Somebody of the survivor's side.
    struct KeptPerson for SurvivorLine {
        id: PartId,
        role: &'static str,
        name: Kept<String>,
        age: Kept<String>,
        asks_safe: bool,
        safe: Option<SafeCard>,
        details: Vec<KeptRow>,
    }
}
platform::rows! {
    /// Somebody who works with the survivor.
    struct KeptTie for SurvivorLine {
        name: Plain,
        what: &'static str,
        since: Day,
    }
}
platform::rows! {
    /// A look with a reason.
    struct LookRow for SurvivorLine {
        by: Plain,
        at: Instant,
        reason: Kept<String>,
    }
}
platform::page! {
    /// What only the survivor's side reads.
    struct KeptPage for SurvivorLine, "people/kept.html" {
        frame: Frame,
        case: CaseId,
        reference: Plain,
        people: Vec<KeptPerson>,
        ties: Vec<KeptTie>,
        looks: Vec<LookRow>,
        may_change: bool,
        may_sort: bool,
    }
}
platform::page! {
    /// What was asked for with a reason, shown once.
    struct RevealedPage for SurvivorLine, "people/revealed.html" {
        frame: Frame,
        case: CaseId,
        people: Vec<KeptPerson>,
        may_change: bool,
    }
}

fn kept_rows<D: Details>(
    all: &[Detail<D::Label>],
    part: PartId,
    client: &[Detail<Workers>],
) -> Vec<KeptRow>
where
    D::Label: VisibleTo<SurvivorLine>,
{
    all.iter()
        .filter(|detail| detail.part == part)
        .map(|detail| KeptRow {
            id: detail.id,
            item: D::ITEM,
            what: detail.channel.words(),
            form: form_of(detail.channel),
            value: rules::detail_text(detail, client).show(),
            note: detail.note.clone().map(Labelled::show),
            because: detail.because.clone().map(Labelled::show),
            tag: detail.status.map(|status| status.tag().0.to_owned()).show(),
            colour: detail.status.map(|status| status.tag().1.to_owned()).show(),
            place: place_of(detail, all).map(Labelled::show),
        })
        .collect()
}

fn safe_card(safe: &SafeContact, today: jiff::civil::Date, old_days: Option<u16>) -> SafeCard {
    SafeCard {
        id: safe.id,
        status: safe
            .status
            .map(|status| (*status).words().to_owned())
            .show(),
        never: safe
            .never_message
            .map(|never| if *never { "Never leave a message" } else { "" }.to_owned())
            .show(),
        old: rules::check_is_old(safe, today, old_days).map(Labelled::show),
        methods: safe
            .methods
            .as_ref()
            .map(|methods| methods.map(kernel::form::Value::words).show()),
        times: safe.times.clone().map(Labelled::show),
        who_may_answer: safe.who_may_answer.clone().map(Labelled::show),
        pretext: safe.pretext.clone().map(Labelled::show),
        code_word: safe.code_word.clone().map(Labelled::show),
        checked_on: safe
            .checked_on
            .map(|day| day.map(|day| kernel::time::day_words(*day)).show()),
        as_given: safe.as_given.clone().map(Labelled::show),
    }
}

/// Everybody but the client, with how they can be reached.
fn kept_people(scope: &mut impl Scope) -> Result<Vec<KeptPerson>> {
    let (now, client) = (scope.now(), store::details::<ClientDetails>(scope)?);
    let survivor = store::details::<SurvivorDetails>(scope)?;
    let child = store::details::<ChildDetails>(scope)?;
    let other = store::details::<OtherDetails>(scope)?;
    let safe = store::safe_contacts(scope)?;
    let settings = duties::store::settings(scope.conn())?;
    let old_days = rules::SAFE_CONTACT_OLD.number(&settings, now.day());
    let people = store::parts(scope)?;
    Ok(people
        .into_iter()
        .filter_map(|part| {
            let details = match part.role {
                PartRole::Client => return None,
                PartRole::Survivor => kept_rows::<SurvivorDetails>(&survivor, part.id, &client),
                PartRole::Child => kept_rows::<ChildDetails>(&child, part.id, &client),
                PartRole::Other => kept_rows::<OtherDetails>(&other, part.id, &client),
            };
            Some(KeptPerson {
                id: part.id,
                role: part.role.words(),
                age: part
                    .born
                    .map(|born| rules::age_words(born, now.day()))
                    .show(),
                name: part.name.show(),
                asks_safe: part.role == PartRole::Survivor,
                safe: safe
                    .iter()
                    .find(|safe| safe.part == part.id)
                    .map(|safe| safe_card(safe, now.day(), old_days)),
                details,
            })
        })
        .collect())
}

/// The survivors alone: what a reason opens.
fn revealed_people(scope: &mut impl Scope) -> Result<Vec<KeptPerson>> {
    let mut people = kept_people(scope)?;
    people.retain(|person| person.role == PartRole::Survivor.words());
    Ok(people)
}

async fn show_kept(case: Case<ViewKept>) -> Result<Page<KeptPage>> {
    let (reference, people, ties, looks) = case
        .read(|r| {
            let frame = casefile::frame(r)?;
            let now = r.now();
            let ties = casefile::ties(r)?;
            let looks = store::reveals(r)?;
            let names = store::worker_names(
                r,
                ties.iter()
                    .map(|tie| tie.user_id)
                    .chain(looks.iter().map(|look| look.by)),
            )?;
            let name = |id| names.get(&id).cloned().unwrap_or_default();
            let ties = ties
                .into_iter()
                .filter(|tie| tie.holds(now))
                .filter_map(|row| {
                    let tie = row
                        .tie()
                        .filter(|tie| rules::tells_of_survivor_line(*tie))?;
                    Some(KeptTie {
                        name: name(row.user_id),
                        what: tie.words(),
                        since: Day(row.from_at.day()),
                    })
                })
                .collect();
            let looks = looks
                .into_iter()
                .map(|look| LookRow {
                    by: name(look.by),
                    at: look.at,
                    reason: look.reason.show(),
                })
                .collect();
            Ok((frame.survivor_reference, kept_people(r)?, ties, looks))
        })
        .await?;
    Ok(Page(KeptPage {
        frame: frame(&case),
        case: case.id(),
        reference,
        people,
        ties,
        looks,
        may_change: case.could::<ChangeKept>(),
        may_sort: case.could::<cases::KeptQueue>(),
    }))
}

/// Somebody of the survivor's side whom the path names.
async fn kept_person(case: &Case<ChangeKept>, path: &Named) -> Result<Part> {
    let id = id(path, "part")?;
    let part = case.read(move |r| store::person(r, id)).await?;
    if part.role == PartRole::Client {
        return Err(Error::NotFound);
    }
    Ok(part)
}

fn kept_back(case: &Case<ChangeKept>) -> String {
    format!("/cases/{}/apart", case.id())
}

/// What a form about somebody of the survivor's side is sent with.
struct Asking<'a> {
    case: &'a Case<ChangeKept>,
    part: &'a Part,
    asked: &'a Asked,
}

impl Asking<'_> {
    async fn details<D: Details>(
        &self,
    ) -> Result<(Vec<Detail<D::Label>>, Option<Detail<D::Label>>)> {
        let (of, id) = (self.asked.detail()?, self.part.id);
        self.case
            .read(move |r| {
                let all = store::details::<D>(r)?;
                let old = chosen(&all, of, id)?;
                Ok((all, old))
            })
            .await
    }

    fn address_page<L: Label>(&self, typed: &Typed, problems: Problems) -> KeptFormPage {
        let place = place(self.case, "apart", self.part.id, "address", self.asked);
        let back = kept_back(self.case);
        let drawn = Drawn::new::<KeptAddressForm<L>>(place, back, "Save", typed, problems);
        kept_form(self.case, ADDRESS, ADDRESS_EXPLAIN, self.part, drawn)
    }

    async fn edit_address<D: Details>(&self) -> Result<KeptFormPage> {
        let (_, old) = self.details::<D>().await?;
        let typed = old.map(|old| old.typed()).unwrap_or_default();
        Ok(self.address_page::<D::Label>(&typed, Problems::new()))
    }

    async fn save_address<D: Details>(&self, typed: &Typed) -> Result<Response> {
        let (_, old) = self.details::<D>().await?;
        let (form, mut problems) = Parse::form::<KeptAddressForm<D::Label>>(typed);
        let new = match rules::address_kept(&form, self.part.id, by(self.case)) {
            Ok(new) => new,
            Err(more) => {
                problems.extend(more);
                None
            }
        };
        let (true, Some(new)) = (problems.is_empty(), new) else {
            return Ok(Page(self.address_page::<D::Label>(typed, problems)).into_response());
        };
        save::<D, _>(self.case, new, old).await?;
        Ok(see_other(&kept_back(self.case)))
    }

    fn contact_page<L: VisibleTo<SurvivorLine>>(
        &self,
        all: &[Detail<L>],
        typed: &Typed,
        problems: Problems,
    ) -> KeptFormPage {
        let place = place(self.case, "apart", self.part.id, "contact", self.asked);
        let back = kept_back(self.case);
        let drawn = Drawn::new::<ReachForm<L>>(place, back, "Save", typed, problems);
        KeptFormPage {
            picks: at_address(all, self.part.id, typed),
            ..kept_form(self.case, CONTACT, CONTACT_EXPLAIN, self.part, drawn)
        }
    }

    async fn edit_contact<D: Details>(&self) -> Result<KeptFormPage>
    where
        D::Label: VisibleTo<SurvivorLine>,
    {
        let (all, old) = self.details::<D>().await?;
        let typed = old.map(|old| old.typed()).unwrap_or_default();
        Ok(self.contact_page(&all, &typed, Problems::new()))
    }

    async fn save_contact<D: Details>(&self, typed: &Typed) -> Result<Response>
    where
        D::Label: VisibleTo<SurvivorLine>,
    {
        let (all, old) = self.details::<D>().await?;
        let (form, problems) = Parse::form::<ReachForm<D::Label>>(typed);
        let new = rules::reach(&form, self.part.id, &address_ids(&all), by(self.case));
        let (true, Some(new)) = (problems.is_empty(), new) else {
            return Ok(Page(self.contact_page(&all, typed, problems)).into_response());
        };
        save::<D, _>(self.case, new, old).await?;
        Ok(see_other(&kept_back(self.case)))
    }
}

async fn edit_kept_address(
    case: Case<ChangeKept>,
    Path(path): Ids,
    Query(asked): Query<Asked>,
) -> Result<Page<KeptFormPage>> {
    let part = &kept_person(&case, &path).await?;
    let (case, asked) = (&case, &asked);
    let asking = Asking { case, part, asked };
    let page = match part.role {
        PartRole::Survivor => asking.edit_address::<SurvivorDetails>().await?,
        PartRole::Child => asking.edit_address::<ChildDetails>().await?,
        PartRole::Other => asking.edit_address::<OtherDetails>().await?,
        PartRole::Client => return Err(Error::NotFound),
    };
    Ok(Page(page))
}

/// The names of the form are checked for one label; whose it is, is read from the path.
async fn save_kept_address(
    case: Case<ChangeKept>,
    Path(path): Ids,
    Query(asked): Query<Asked>,
    posted: Posted<KeptAddressForm<kernel::label::Child>>,
) -> Result<Response> {
    let part = &kept_person(&case, &path).await?;
    let (case, asked) = (&case, &asked);
    let asking = Asking { case, part, asked };
    match part.role {
        PartRole::Survivor => asking.save_address::<SurvivorDetails>(&posted.typed).await,
        PartRole::Child => asking.save_address::<ChildDetails>(&posted.typed).await,
        PartRole::Other => asking.save_address::<OtherDetails>(&posted.typed).await,
        PartRole::Client => Err(Error::NotFound),
    }
}

async fn edit_kept_contact(
    case: Case<ChangeKept>,
    Path(path): Ids,
    Query(asked): Query<Asked>,
) -> Result<Page<KeptFormPage>> {
    let part = &kept_person(&case, &path).await?;
    let (case, asked) = (&case, &asked);
    let asking = Asking { case, part, asked };
    let page = match part.role {
        PartRole::Survivor => asking.edit_contact::<SurvivorDetails>().await?,
        PartRole::Child => asking.edit_contact::<ChildDetails>().await?,
        PartRole::Other => asking.edit_contact::<OtherDetails>().await?,
        PartRole::Client => return Err(Error::NotFound),
    };
    Ok(Page(page))
}

/// The names of the form are checked for one label; whose it is, is read from the path.
async fn save_kept_contact(
    case: Case<ChangeKept>,
    Path(path): Ids,
    Query(asked): Query<Asked>,
    posted: Posted<ReachForm<kernel::label::Child>>,
) -> Result<Response> {
    let part = &kept_person(&case, &path).await?;
    let (case, asked) = (&case, &asked);
    let asking = Asking { case, part, asked };
    match part.role {
        PartRole::Survivor => asking.save_contact::<SurvivorDetails>(&posted.typed).await,
        PartRole::Child => asking.save_contact::<ChildDetails>(&posted.typed).await,
        PartRole::Other => asking.save_contact::<OtherDetails>(&posted.typed).await,
        PartRole::Client => Err(Error::NotFound),
    }
}

const SAFE: &str = "Safe contact";
const SAFE_EXPLAIN: &str = "It is read before anybody rings, writes or calls.";

fn safe_form(
    case: &Case<ChangeKept>,
    part: &Part,
    before: Option<&SafeContact>,
    version: i32,
    typed: &Typed,
    problems: Problems,
) -> KeptFormPage {
    let place = format!("/cases/{}/apart/{}/safe", case.id(), part.id);
    let drawn = Drawn::new::<SafeContactForm>(place, kept_back(case), "Save", typed, problems)
        .version(version);
    KeptFormPage {
        quoted_as: "The referral says:",
        quoted: before
            .and_then(|safe| safe.as_given.clone())
            .map(Labelled::show),
        ..kept_form(case, SAFE, SAFE_EXPLAIN, part, drawn)
    }
}

async fn safe_of(case: &Case<ChangeKept>, part: PartId) -> Result<Option<SafeContact>> {
    let all = case.read(|r| store::safe_contacts(r)).await?;
    Ok(all.into_iter().find(|safe| safe.part == part))
}

async fn edit_safe(case: Case<ChangeKept>, Path(path): Ids) -> Result<Page<KeptFormPage>> {
    let part = kept_person(&case, &path).await?;
    let before = safe_of(&case, part.id).await?;
    let (typed, version) = before
        .as_ref()
        .map_or((Typed::default(), 0), |safe| (safe.typed(), safe.version));
    let none = Problems::new();
    Ok(Page(safe_form(
        &case,
        &part,
        before.as_ref(),
        version,
        &typed,
        none,
    )))
}

async fn save_safe(
    case: Case<ChangeKept>,
    Path(path): Ids,
    posted: Posted<SafeContactForm>,
) -> Result<Response> {
    let part = kept_person(&case, &path).await?;
    let version = posted.version().unwrap_or(0);
    let mut problems = posted.problems;
    problems.extend(rules::safe_contact_problems(&posted.form, case.now().day()));
    let new = rules::safe_contact(&posted.form, part.id, by(&case));
    let (true, Some(new)) = (problems.is_empty(), new) else {
        let before = safe_of(&case, part.id).await?;
        let page = safe_form(
            &case,
            &part,
            before.as_ref(),
            version,
            &posted.typed,
            problems,
        );
        return Ok(Page(page).into_response());
    };
    case.change(move |tx| {
        store::save_safe_contact(tx, &new, version)?;
        Ok((Event::SafeContact(new.id), ()))
    })
    .await?;
    Ok(see_other(&kept_back(&case)))
}

// ---- With a reason ----

const REVEAL: &str = "See contact details that are kept apart";
const REVEAL_EXPLAIN: &str =
    "They are shown once. Your name, the time and your reason stay on the record.";

fn reveal_form<P: Permission>(case: &Case<P>, typed: &Typed, problems: Problems) -> FormPage {
    let place = format!("/cases/{}/reveal", case.id());
    let back = format!("/cases/{}", case.id());
    let drawn = Drawn::new::<ReasonForm>(place, back, "Show them once", typed, problems);
    shared_form(case, REVEAL, REVEAL_EXPLAIN, None, drawn)
}

async fn ask_reveal(case: Case<AskReveal>) -> Page<FormPage> {
    Page(reveal_form(&case, &Typed::default(), Problems::new()))
}

async fn reveal(case: Case<Reveal>, posted: Posted<ReasonForm>) -> Result<Response> {
    let (true, Some(reason)) = (posted.problems.is_empty(), posted.form.reason) else {
        return Ok(Page(reveal_form(&case, &posted.typed, posted.problems)).into_response());
    };
    let id = RevealId::new();
    let people = case
        .change(move |tx| {
            store::add_reveal(tx, id, &reason)?;
            Ok((Event::Revealed(id), revealed_people(tx)?))
        })
        .await?;
    Ok(Page(RevealedPage {
        frame: frame(&case),
        case: case.id(),
        people,
        may_change: false,
    })
    .into_response())
}

// ---- Who may open a case ----

platform::rows! {
    /// A worker who is excluded or named.
    struct ListedRow for ClientLine {
        id: UserId,
        name: Plain,
        what: &'static str,
    }
}
platform::rows! {
    /// A change of who may open the case.
    struct AccessRow for ClientLine {
        what: Out<String>,
        worker: Option<Plain>,
        reason: Out<String>,
        by: Plain,
        at: Instant,
    }
}
platform::page! {
    /// Who must not open a case, and who alone may.
    struct AccessPage for ClientLine, "people/access.html" {
        frame: Frame,
        case: CaseId,
        restricted: bool,
        listed: Vec<ListedRow>,
        changes: Vec<AccessRow>,
        hint: Option<Out<String>>,
    }
}

async fn access(case: Case<Access>) -> Result<Page<AccessPage>> {
    let (restricted, listed, changes, hint) = case
        .read(|r| {
            let kept = store::survivor_side(r)?;
            let listed = casefile::listed_workers(r)?;
            let changes = store::access_changes(r)?;
            let names = store::worker_names(
                r,
                listed.iter().map(|(user, _)| *user).chain(
                    changes
                        .iter()
                        .flat_map(|c| c.worker.into_iter().chain([c.by])),
                ),
            )?;
            let name = |id: UserId| names.get(&id).cloned().unwrap_or_default();
            // Whoever works with the survivor is left out: being named would tell.
            let mut rows: Vec<ListedRow> = listed
                .into_iter()
                .filter(|(user, _)| !kept.contains(user))
                .map(|(id, allowed)| ListedRow {
                    id,
                    name: name(id),
                    what: if allowed {
                        "May open it"
                    } else {
                        "Must not open it"
                    },
                })
                .collect();
            rows.sort_by(|a, b| a.name.cmp(&b.name));
            let changes = changes
                .into_iter()
                .filter(|c| c.worker.is_none_or(|worker| !kept.contains(&worker)))
                .map(|c| AccessRow {
                    what: c.what.map(|what| (*what).words().to_owned()).show(),
                    worker: c.worker.map(name),
                    reason: c.reason.show(),
                    by: if kept.contains(&c.by) {
                        Plain::default()
                    } else {
                        name(c.by)
                    },
                    at: c.at,
                })
                .collect();
            let agencies = store::agency_names(r)?;
            let agencies: Vec<&str> = agencies.iter().map(Plain::as_str).collect();
            let house = rules::household(store::parts(r)?);
            let hint = rules::client_hint(&house, &agencies);
            Ok((casefile::frame(r)?.restricted == 1, rows, changes, hint))
        })
        .await?;
    Ok(Page(AccessPage {
        frame: frame(&case),
        case: case.id(),
        restricted,
        listed,
        changes,
        hint: hint.map(Labelled::show),
    }))
}

/// The change that the path names, and how its page is worded.
fn access_what(path: &Named) -> Result<(AccessWhat, &'static str, &'static str)> {
    let what = path
        .get("what")
        .and_then(|code| AccessWhat::from_code(code))
        .ok_or(Error::NotFound)?;
    Ok(match what {
        AccessWhat::Excluded => (
            what,
            "Exclude a worker",
            "The worker can no longer open or find this case, whatever he or she does in the service, and loses every part in it.",
        ),
        AccessWhat::Named => (
            what,
            "Name a worker",
            "Once the case is restricted, only those named can open it, and only as far as their part in it reaches.",
        ),
        AccessWhat::TakenOff => (
            what,
            "Take a worker off the list",
            "The worker is neither excluded nor named any more.",
        ),
        AccessWhat::Restricted => (
            what,
            "Restrict to named people",
            "Everybody who works on the case now, and you, are named. Nobody else can open or find it, service managers and intake included.",
        ),
        AccessWhat::Opened => (
            what,
            "Lift the restriction",
            "Everybody who has a part in the case can open it again. Workers who are excluded stay so.",
        ),
    })
}

fn is_about_worker(what: AccessWhat) -> bool {
    matches!(
        what,
        AccessWhat::Excluded | AccessWhat::Named | AccessWhat::TakenOff
    )
}

/// The workers whom the user may choose: a practitioner's supervisor chooses among her own
/// agency's, because a choice among all would let her ask who works with the survivor.
async fn candidates(case: &Case<Access>, what: AccessWhat) -> Result<Vec<store::Worker>> {
    let any = case
        .ties()
        .iter()
        .any(|tie| matches!(tie, Tie::Oversight | Tie::SurvivorSupervisor));
    let (own, sees_kept) = (case.session().actor.agency, case.could::<ViewKept>());
    case.read(move |r| {
        let mut workers = store::workers(r)?;
        if what == AccessWhat::TakenOff {
            let kept = store::survivor_side(r)?;
            let listed: Vec<UserId> = casefile::listed_workers(r)?
                .into_iter()
                .map(|(user, _)| user)
                .filter(|user| sees_kept || !kept.contains(user))
                .collect();
            workers.retain(|worker| listed.contains(&worker.id));
        } else if !any {
            workers.retain(|worker| worker.agency == own);
        }
        Ok(workers)
    })
    .await
}

fn access_page(
    case: &Case<Access>,
    (what, title, explain): (AccessWhat, &'static str, &'static str),
    workers: Vec<store::Worker>,
    typed: &Typed,
    problems: Problems,
) -> FormPage {
    let place = format!("/cases/{}/access/{}", case.id(), what.code());
    let back = format!("/cases/{}/access", case.id());
    let problem = problems
        .iter()
        .find(|problem| problem.field == "worker")
        .map(|problem| problem.message.clone());
    let drawn = Drawn::new::<AccessForm>(place, back, title, typed, problems);
    let choices = workers
        .into_iter()
        .map(|worker| Pick {
            code: worker.id.to_string(),
            chosen: typed.get("worker") == worker.id.to_string(),
            text: Says::Worker(worker.name, worker.agency_name),
        })
        .collect();
    let picks = Picks {
        name: "worker",
        text: "Which worker?",
        hint: "",
        after: "",
        none: "Choose a worker",
        choices,
        problem,
    };
    FormPage {
        picks: if is_about_worker(what) {
            vec![picks]
        } else {
            Vec::new()
        },
        ..shared_form(case, title, explain, None, drawn)
    }
}

async fn edit_access(
    case: Case<Access>,
    Path(path): Ids,
    Query(asked): Query<Asked>,
) -> Result<Page<FormPage>> {
    let what = access_what(&path)?;
    let workers = candidates(&case, what.0).await?;
    let mut typed = Typed::default();
    typed.push("worker".to_owned(), asked.worker.unwrap_or_default());
    Ok(Page(access_page(
        &case,
        what,
        workers,
        &typed,
        Problems::new(),
    )))
}

/// The rule about a change, inside its transaction.
fn check_access(tx: &mut Tx<'_>, what: AccessWhat, worker: Option<UserId>) -> Result<()> {
    let Some(worker) = worker else { return Ok(()) };
    let said = match what {
        AccessWhat::Excluded => {
            let holders = store::holders(tx)?;
            rules::may_exclude(tx.actor(), worker, &holders)
        }
        AccessWhat::TakenOff if worker == tx.actor() => {
            Err("You cannot take yourself off the list: ask another supervisor")
        }
        _ => Ok(()),
    };
    said.map_err(|why| Error::Refused(vec![Problem::new("worker", why)]))
}

async fn change_access(
    case: Case<Access>,
    Path(path): Ids,
    posted: Posted<AccessForm>,
) -> Result<Response> {
    let what = access_what(&path)?;
    let workers = candidates(&case, what.0).await?;
    let mut problems = posted.problems;
    let worker = workers
        .iter()
        .map(|worker| worker.id)
        .find(|id| id.to_string() == posted.typed.get("worker"))
        .filter(|_| is_about_worker(what.0));
    if is_about_worker(what.0) && worker.is_none() {
        problems.insert(0, Problem::missing("worker", "Choose a worker"));
    }
    let (true, Some(reason)) = (problems.is_empty(), posted.form.reason) else {
        let page = access_page(&case, what, workers, &posted.typed, problems);
        return Ok(Page(page).into_response());
    };
    let id = AccessChangeId::new();
    let done = case
        .change(move |tx| {
            check_access(tx, what.0, worker)?;
            store::change_access(tx, id, what.0, worker, &reason)?;
            Ok((Event::Access(id), ()))
        })
        .await;
    match done {
        Err(Error::Refused(problems)) => {
            let page = access_page(&case, what, workers, &posted.typed, problems);
            Ok(Page(page).into_response())
        }
        other => other.map(|()| see_other(&format!("/cases/{}/access", case.id()))),
    }
}

// ---- Warnings ----

const FLAG: &str = "Warn workers";
const LIFT: &str = "Lift a warning";

fn flag_form(case: &Case<Flag>, typed: &Typed, problems: Problems) -> FormPage {
    let place = format!("/cases/{}/flag", case.id());
    let back = format!("/cases/{}", case.id());
    let drawn = Drawn::new::<FlagForm>(place, back, "Warn", typed, problems);
    let explain = "The warning stands on top of the case until it is lifted.";
    shared_form(case, FLAG, explain, None, drawn)
}

async fn new_flag(case: Case<Flag>) -> Page<FormPage> {
    Page(flag_form(&case, &Typed::default(), Problems::new()))
}

async fn raise_flag(case: Case<Flag>, posted: Posted<FlagForm>) -> Result<Response> {
    let form = posted.form;
    let (true, Some(words), Some(review)) =
        (posted.problems.is_empty(), form.words, form.review_on)
    else {
        return Ok(Page(flag_form(&case, &posted.typed, posted.problems)).into_response());
    };
    let id = SafetyFlagId::new();
    case.change(move |tx| {
        store::raise_flag(tx, id, &words, &review)?;
        Ok((Event::Flagged(id), ()))
    })
    .await?;
    Ok(see_other(&format!("/cases/{}", case.id())))
}

async fn flag_to_lift(case: &Case<Access>, path: &Named) -> Result<super::model::SafetyFlag> {
    let id: SafetyFlagId = id(path, "flag")?;
    let flags = case.read(|r| store::flags(r)).await?;
    flags
        .into_iter()
        .find(|flag| flag.id == id && flag.lifted_at.is_none())
        .ok_or(Error::NotFound)
}

fn lift_form(
    case: &Case<Access>,
    flag: &super::model::SafetyFlag,
    typed: &Typed,
    problems: Problems,
) -> FormPage {
    let place = format!("/cases/{}/flag/{}", case.id(), flag.id);
    let back = format!("/cases/{}", case.id());
    let drawn = Drawn::new::<WhyForm>(place, back, "Lift the warning", typed, problems);
    FormPage {
        quoted_as: "The warning says:",
        quoted: Some(flag.words.clone().show()),
        ..shared_form(case, LIFT, "", None, drawn)
    }
}

async fn edit_flag(case: Case<Access>, Path(path): Ids) -> Result<Page<FormPage>> {
    let flag = flag_to_lift(&case, &path).await?;
    Ok(Page(lift_form(
        &case,
        &flag,
        &Typed::default(),
        Problems::new(),
    )))
}

async fn lift_flag(
    case: Case<Access>,
    Path(path): Ids,
    posted: Posted<WhyForm>,
) -> Result<Response> {
    let flag = flag_to_lift(&case, &path).await?;
    let (true, Some(reason)) = (posted.problems.is_empty(), posted.form.reason) else {
        let page = lift_form(&case, &flag, &posted.typed, posted.problems);
        return Ok(Page(page).into_response());
    };
    let id = flag.id;
    case.change(move |tx| {
        store::lift_flag(tx, id, &reason)?;
        Ok((Event::Unflagged(id), ()))
    })
    .await?;
    Ok(see_other(&format!("/cases/{}", case.id())))
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
