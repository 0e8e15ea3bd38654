//! The pages of agencies.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, Query},
    response::{IntoResponse, Response},
};
use jiff::{ToSpan as _, civil::Date};
use kernel::{
    form::{Problems, Typed},
    ids::{AgencyId, TeamId},
    label::Office,
    plain::Plain,
    time::Day,
};
use platform::{
    Agency, Error, Own, Page, Posted, Result, Routes, Service, casefile::counts_of_agency,
    identity::held::escaped, see_other,
};

use super::{
    Borough, Change, Event, View,
    csv::{Cell, Csv},
    model::{
        AgencyForm, AgencyRow, ContactForm, ContactId, Drawn, Kind, Option_, TeamForm, typed,
        typed_day,
    },
    rules::{wrong_agency, wrong_contact},
    store::{self, Contact},
};
use crate::{
    agreements::{self, Standing, Summary},
    printing::months::{MONTHS, month_words},
    shell::Frame,
};

/// The pages of agencies.
pub fn routes() -> Routes {
    Routes::new()
        .get("/agencies", list)
        .get("/agencies.csv", export)
        .get("/agencies/new", new)
        .post("/agencies/new", add)
        .get("/agencies/{agency}", show)
        .get("/agencies/{agency}/change", edit)
        .post("/agencies/{agency}/change", change)
        .get("/agencies/{agency}/teams/new", new_team)
        .post("/agencies/{agency}/teams/new", add_team)
        .get("/agencies/{agency}/teams/{team}", edit_team)
        .post("/agencies/{agency}/teams/{team}", rename_team)
        .get("/agencies/{agency}/contacts/new", new_contact)
        .post("/agencies/{agency}/contacts/new", add_contact)
        .get("/agencies/{agency}/contacts/{contact}", edit_contact)
        .post("/agencies/{agency}/contacts/{contact}", change_contact)
        .get("/agencies/{agency}/borough", borough)
        .get("/borough", own_borough)
}

const SECTION: &str = "/agencies";

platform::page! {
    /// A form and nothing else.
    pub struct FormPage for Office, "agencies/form.html" {
        frame: Frame,
        heading: &'static str,
        of: Plain,
        back: Plain,
        action: Plain,
        about: &'static str,
        drawn: Drawn,
        chooses: &'static str,
        options: Vec<Option_>,
        button: &'static str,
    }
}

impl FormPage {
    /// A form that is posted to `action` and left to `back`. `heading` says what is done and names
    /// nobody; `of` is what it is done to, and may be empty.
    pub fn new(
        frame: Frame,
        heading: &'static str,
        of: Plain,
        (back, action): (String, String),
        drawn: Drawn,
    ) -> Self {
        Self {
            frame,
            heading,
            of,
            back: Plain::new(back),
            action: Plain::new(action),
            about: "",
            drawn,
            chooses: "",
            options: Vec::new(),
            button: "Save",
        }
    }

    /// With what is good to know before.
    #[must_use]
    pub fn about(mut self, text: &'static str) -> Self {
        self.about = text;
        self
    }

    /// With another word on the button.
    #[must_use]
    pub fn button(mut self, text: &'static str) -> Self {
        self.button = text;
        self
    }

    /// With rows as the choices of the question `name`.
    #[must_use]
    pub fn choosing(mut self, name: &'static str, options: Vec<Option_>) -> Self {
        self.chooses = name;
        self.options = options;
        self
    }
}

/// What was just done, as a page says it after the redirect. The address holds a code, never a
/// text of its own.
pub fn done(frame: Frame, query: &BTreeMap<String, String>) -> Frame {
    let said = match query.get("done").map(String::as_str) {
        Some("added") => "The agency was added",
        Some("changed") => "The agency was changed",
        Some("team") => "The team was saved",
        Some("contact") => "The contact person was saved",
        Some("agreement") => "The agreement was saved",
        Some("ended") => "The end of the agreement was saved",
        Some("replaced") => "The new agreement was saved",
        _ => return frame,
    };
    frame.with_success(said)
}

/// What was picked from the address: nothing there is trusted, and what is unknown is left out.
type Picked = Query<BTreeMap<String, String>>;

// ---- The list ----

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Name,
    Ends,
}

/// What the list is asked for; all of it stands in the address.
#[derive(Clone, Debug)]
struct ListAsk {
    words: String,
    kind: Option<Kind>,
    state: Option<State>,
    sort: Sort,
}

kernel::text_enum! {
    /// How agencies stand by their memorandum, for the filter and the totals.
    enum State {
        InForce = "in_force": "In force",
        EndsSoon = "ends_soon": "Ends soon",
        NotYet = "not_yet": "Not yet in force",
        NotSigned = "not_signed": "Not signed by both",
        Ended = "ended": "Ended",
        Without = "none": "No memorandum",
    }
}

impl ListAsk {
    fn read(query: &BTreeMap<String, String>) -> Self {
        let get = |name: &str| query.get(name).map_or("", |text| text.trim());
        Self {
            words: get("q").to_owned(),
            kind: Kind::from_code(get("kind")),
            state: State::from_code(get("state")),
            sort: if get("sort") == "ends" {
                Sort::Ends
            } else {
                Sort::Name
            },
        }
    }

    fn address(&self, path: &str) -> Plain {
        let mut parts = Vec::new();
        let mut add = |name: &str, value: &str| {
            if !value.is_empty() {
                parts.push(format!("{name}={}", escaped(value)));
            }
        };
        add("q", &self.words);
        add("kind", self.kind.map_or("", Kind::code));
        add("state", self.state.map_or("", State::code));
        add("sort", if self.sort == Sort::Ends { "ends" } else { "" });
        if parts.is_empty() {
            Plain::new(path)
        } else {
            Plain::new(format!("{path}?{}", parts.join("&")))
        }
    }
}

platform::rows! {
    /// An agency in the list.
    struct Row for Office {
        id: AgencyId,
        name: Plain,
        kind: &'static str,
        gss: Plain,
        state: Plain,
        colour: &'static str,
        last_day: Option<Day>,
        contact: Plain,
        lacks_contact: bool,
    }
}

platform::rows! {
    /// One choice of a filter, or one total.
    struct Choice for Office {
        code: &'static str,
        text: &'static str,
        chosen: bool,
        count: usize,
    }
}

platform::page! {
    /// The agencies of the partnership.
    struct ListPage for Office, "agencies/list.html" {
        frame: Frame,
        words: Plain,
        kinds: Vec<Choice>,
        states: Vec<Choice>,
        by_end: bool,
        csv: Plain,
        rows: Vec<Row>,
        shown: Plain,
        narrowed: bool,
        may_add: bool,
    }
}

struct Found {
    row: AgencyRow,
    summary: Option<Summary>,
    contact: Option<Contact>,
}

impl Found {
    fn state(&self) -> State {
        self.summary.map_or(State::Without, |summary| {
            State::from_code(summary.standing.group()).unwrap_or(State::Without)
        })
    }

    fn matches(&self, ask: &ListAsk) -> bool {
        let contact = self.contact.as_ref().map(|contact| contact.name.as_str());
        let texts = [
            Some(self.row.name.as_str()),
            self.row.gss.as_ref().map(Plain::as_str),
            contact,
        ];
        let words = ask.words.to_lowercase();
        let named = texts
            .into_iter()
            .flatten()
            .any(|text| text.to_lowercase().contains(&words));
        named
            && ask.kind.is_none_or(|kind| self.row.kind() == Some(kind))
            && ask.state.is_none_or(|state| self.state() == state)
    }

    fn into_row(self) -> Row {
        let lacks_contact = self.contact.is_none() && self.row.kind() == Some(Kind::Borough);
        Row {
            id: self.row.id,
            kind: self.row.kind_words(),
            state: match self.summary {
                Some(summary) => Plain::new(summary.standing.to_string()),
                None => Plain::new(State::Without.words()),
            },
            colour: self
                .summary
                .map_or("grey", |summary| summary.standing.colour()),
            last_day: self.summary.map(|summary| summary.last_day),
            contact: match self.contact {
                Some(contact) => contact.name,
                None if lacks_contact => Plain::new("None named"),
                None => Plain::default(),
            },
            lacks_contact,
            name: self.row.name,
            gss: self.row.gss.unwrap_or_default(),
        }
    }
}

/// What the list shows, and how many agencies there are of each state before the filter.
async fn found(
    service: &Service<View>,
    ask: ListAsk,
) -> Result<(Vec<Found>, BTreeMap<&'static str, usize>)> {
    service
        .read(move |office| {
            let day = office.now().day();
            let conn = office.conn();
            let agencies = store::all(conn)?;
            let summaries = agreements::summaries(conn, day)?;
            let mut contacts: BTreeMap<AgencyId, Contact> = BTreeMap::new();
            for contact in store::contacts(conn, None)? {
                if contact.serves(day) && contact.place == super::Place::Spoc {
                    contacts.insert(contact.agency, contact);
                }
            }
            let mut totals = BTreeMap::new();
            let mut found: Vec<Found> = agencies
                .into_iter()
                .map(|row| Found {
                    summary: summaries.get(&row.id).copied(),
                    contact: contacts.remove(&row.id),
                    row,
                })
                .inspect(|one| *totals.entry(one.state().code()).or_insert(0) += 1)
                .filter(|one| one.matches(&ask))
                .collect();
            if ask.sort == Sort::Ends {
                // Without an end comes last; what is equal stays by name.
                found.sort_by_key(|one| {
                    let last = one.summary.map(|summary| summary.last_day);
                    (last.is_none(), last)
                });
            }
            Ok((found, totals))
        })
        .await
}

/// How many agencies the list shows, of how many, and how they stand.
fn totals_words(found: &[Found], all: usize) -> String {
    let some = found.len();
    let count = if some == all {
        format!("{all} agencies")
    } else {
        format!("{some} of {all} agencies")
    };
    let by_state: Vec<String> = State::ALL
        .iter()
        .map(|state| (state, found.iter().filter(|one| one.state() == *state)))
        .map(|(state, ones)| (state.words().to_lowercase(), ones.count()))
        .filter(|(_, count)| *count > 0)
        .map(|(words, count)| format!("{count} {words}"))
        .collect();
    if by_state.is_empty() {
        count
    } else {
        format!("{count}: {}", by_state.join(", "))
    }
}

async fn list(service: Service<View>, Query(query): Picked) -> Result<Page<ListPage>> {
    let ask = ListAsk::read(&query);
    let (found, totals) = found(&service, ask.clone()).await?;
    let all: usize = totals.values().sum();
    let choice = |code, text, chosen| Choice {
        code,
        text,
        chosen,
        count: totals.get(code).copied().unwrap_or(0),
    };
    let shown = totals_words(&found, all);
    Ok(Page(ListPage {
        frame: Frame::new(service.session(), service.app(), SECTION),
        words: Plain::new(ask.words.clone()),
        kinds: Kind::ALL
            .iter()
            .map(|kind| choice(kind.code(), kind.words(), ask.kind == Some(*kind)))
            .collect(),
        states: State::ALL
            .iter()
            .map(|state| choice(state.code(), state.words(), ask.state == Some(*state)))
            .collect(),
        by_end: ask.sort == Sort::Ends,
        csv: ask.address("/agencies.csv"),
        narrowed: !ask.words.is_empty() || ask.kind.is_some() || ask.state.is_some(),
        rows: found.into_iter().map(Found::into_row).collect(),
        shown: Plain::new(shown),
        may_add: service.could::<Change>(),
    }))
}

async fn export(service: Service<View>, Query(query): Picked) -> Result<Response> {
    let (found, _) = found(&service, ListAsk::read(&query)).await?;
    let mut csv = Csv::new(&[
        "Agency",
        "Kind",
        "GSS code",
        "Memorandum",
        "Last day",
        "Single point of contact",
    ]);
    for row in found.into_iter().map(Found::into_row) {
        csv.row([
            Cell::from(row.name),
            Cell::from(row.kind),
            Cell::from(row.gss),
            Cell::from(row.state),
            Cell::from(row.last_day),
            Cell::from(row.contact),
        ]);
    }
    Ok(csv.download(&format!("agencies-{}", service.now().day())))
}

// ---- One agency ----

platform::rows! {
    /// A contact person.
    struct ContactRow for Office {
        id: ContactId,
        place: &'static str,
        name: Plain,
        phone: Plain,
        email: Plain,
        from: Day,
        until: Option<Day>,
        gone: bool,
    }
}

platform::rows! {
    /// An agreement.
    struct AgreementLine for Office {
        id: platform::schema::AgreementId,
        title: Plain,
        kind: &'static str,
        standing: Standing,
        colour: &'static str,
        starts_on: Option<Day>,
        last_day: Day,
    }
}

platform::rows! {
    /// A team.
    struct TeamLine for Office {
        id: TeamId,
        name: Plain,
    }
}

platform::page! {
    /// An agency.
    struct ShowPage for Office, "agencies/show.html" {
        frame: Frame,
        id: AgencyId,
        name: Plain,
        kind: &'static str,
        gss: Plain,
        phone: Plain,
        warnings: Vec<Plain>,
        contacts: Vec<ContactRow>,
        earlier: Vec<ContactRow>,
        agreements: Vec<AgreementLine>,
        missing: Vec<&'static str>,
        teams: Vec<TeamLine>,
        may_list: bool,
        may_change: bool,
        may_agree: bool,
        may_count: bool,
    }
}

/// What has to be known of an agency at once.
fn warnings(standing: Option<(Standing, Day)>, lacks_contact: bool) -> Vec<Plain> {
    let mut warnings = Vec::new();
    match standing {
        Some((standing @ Standing::EndsSoon { .. }, last)) => warnings.push(Plain::new(format!(
            "The memorandum of understanding {} ({last}). Replace it with a new one, or referrals \
             after that day wait for a decision.",
            lower(standing),
        ))),
        Some((Standing::Ended | Standing::Terminated, last)) => warnings.push(Plain::new(format!(
            "The memorandum of understanding ended on {last}. New referrals are held until the \
             service decides; open cases go on."
        ))),
        _ => {}
    }
    if lacks_contact {
        warnings.push(Plain::new(
            "No single point of contact is named. A borough names one when it joins, and keeps it \
             current.",
        ));
    }
    warnings
}

fn lower(standing: Standing) -> String {
    standing.to_string().to_lowercase()
}

async fn show(agency: Agency<View>, Query(query): Picked) -> Result<Page<ShowPage>> {
    let id = agency.id();
    let (row, summary, soon, contacts, agreements, teams, today) = agency
        .read(move |office| {
            let day = office.now().day();
            let conn = office.conn();
            Ok((
                store::one(conn, id)?,
                agreements::summaries(conn, day)?.remove(&id),
                agreements::ends_soon_days(conn, day)?,
                store::contacts(conn, Some(id))?,
                agreements::of_agency(conn, id)?,
                store::teams(conn, id)?,
                day,
            ))
        })
        .await?;
    let borough = row.kind() == Some(Kind::Borough);
    let has_contact = contacts
        .iter()
        .any(|contact| contact.serves(today) && contact.place == super::Place::Spoc);
    let recorded: Vec<_> = agreements.iter().map(|a| (a.kind(), a.term())).collect();
    let missing = if borough {
        agreements::missing_sharing(&recorded, today)
    } else {
        Vec::new()
    };
    let (contacts, earlier): (Vec<Contact>, Vec<Contact>) = contacts
        .into_iter()
        .partition(|contact| contact.spell().until.is_none_or(|last| today <= last));
    let own = agency.session().actor.agency == id;
    let frame = Frame::new(
        agency.session(),
        agency.app(),
        if holds_any::<View>(&agency) {
            SECTION
        } else {
            "/borough"
        },
    );
    Ok(Page(ShowPage {
        frame: done(frame, &query),
        id,
        kind: row.kind_words(),
        gss: row.gss.unwrap_or_default(),
        phone: row.phone.unwrap_or_default(),
        name: row.name,
        warnings: warnings(
            summary.map(|summary| (summary.standing, summary.last_day)),
            borough && !has_contact,
        ),
        contacts: contacts.into_iter().map(contact_row).collect(),
        earlier: earlier.into_iter().map(contact_row).collect(),
        agreements: agreements
            .into_iter()
            .map(|row| {
                let standing = agreements::in_force(&row.term(), today, soon);
                AgreementLine {
                    id: row.id,
                    kind: row.kind().words(),
                    standing,
                    colour: standing.colour(),
                    starts_on: row.starts_on,
                    last_day: Day(row.term().last_day()),
                    title: row.title,
                }
            })
            .collect(),
        missing: missing.into_iter().map(agreements::Kind::words).collect(),
        teams: teams
            .into_iter()
            .map(|team| TeamLine {
                id: team.id,
                name: team.name,
            })
            .collect(),
        may_list: holds_any::<View>(&agency),
        may_change: agency.could::<Change>(),
        may_agree: agency.could::<agreements::Change>(),
        may_count: borough && (holds_any::<Borough>(&agency) || (own && agency.could::<Borough>())),
    }))
}

/// Whether the user holds `Q` for every agency, not only for her own.
fn holds_any<Q: platform::Permission>(agency: &Agency<View>) -> bool {
    match Q::NEEDS.by {
        kernel::access::By::Roles { any, .. } => agency.session().actor.holds(any),
        _ => false,
    }
}

fn contact_row(contact: Contact) -> ContactRow {
    ContactRow {
        id: contact.id,
        place: contact.place.words(),
        name: contact.name,
        phone: contact.phone.unwrap_or_default(),
        email: contact.email.unwrap_or_default(),
        from: contact.from,
        until: contact.until,
        gone: contact.gone,
    }
}

async fn new(service: Service<Change>) -> Page<FormPage> {
    let drawn = Drawn::of::<AgencyForm>(&Typed::default(), Vec::new(), 0);
    new_page(&service, drawn)
}

fn new_page(service: &Service<Change>, drawn: Drawn) -> Page<FormPage> {
    let frame = Frame::new(service.session(), service.app(), SECTION);
    let places = (SECTION.to_owned(), "/agencies/new".to_owned());
    let page = FormPage::new(frame, "Add an agency", Plain::default(), places, drawn);
    Page(page.button("Add the agency"))
}

/// Everything that is wrong with a posted agency, before it is compared with the others.
fn wrong_posted(posted: &Posted<AgencyForm>) -> Problems {
    let mut problems = posted.problems.clone();
    let gss_refused = problems.iter().any(|problem| problem.field == "gss");
    problems.extend(wrong_agency(
        posted.form.kind(),
        posted.form.has_gss(),
        gss_refused,
    ));
    problems
}

async fn add(service: Service<Change>, posted: Posted<AgencyForm>) -> Result<Response> {
    let problems = wrong_posted(&posted);
    let (Some(details), true) = (posted.form.details(), problems.is_empty()) else {
        let drawn = Drawn::of::<AgencyForm>(&posted.typed, problems, 0);
        return Ok(new_page(&service, drawn).into_response());
    };
    let id = AgencyId::new();
    let saved = service
        .change(move |office| {
            store::add(office.conn(), id, &details)?;
            let fields = vec!["name", "kind", "gss", "phone"];
            Ok((Event::Added(id, fields), ()))
        })
        .await;
    match saved {
        Ok(()) => Ok(see_other(&format!("/agencies/{id}?done=added"))),
        Err(Error::Refused(problems)) => {
            let drawn = Drawn::of::<AgencyForm>(&posted.typed, problems, 0);
            Ok(new_page(&service, drawn).into_response())
        }
        Err(error) => Err(error),
    }
}

fn form_page(
    agency: &Agency<Change>,
    heading: &'static str,
    of: Plain,
    action: &str,
    drawn: Drawn,
) -> FormPage {
    let id = agency.id();
    let frame = Frame::new(agency.session(), agency.app(), SECTION);
    let places = (
        format!("/agencies/{id}"),
        format!("/agencies/{id}/{action}"),
    );
    FormPage::new(frame, heading, of, places, drawn)
}

async fn row_of(agency: &Agency<Change>) -> Result<AgencyRow> {
    let id = agency.id();
    agency
        .read(move |office| store::one(office.conn(), id))
        .await
}

async fn edit(agency: Agency<Change>) -> Result<Page<FormPage>> {
    let row = row_of(&agency).await?;
    let drawn = Drawn::of::<AgencyForm>(&row.typed(), Vec::new(), row.version);
    Ok(Page(form_page(
        &agency,
        "Change an agency",
        row.name,
        "change",
        drawn,
    )))
}

async fn change(agency: Agency<Change>, posted: Posted<AgencyForm>) -> Result<Response> {
    let row = row_of(&agency).await?;
    let version = posted.version().ok_or(Error::Stale)?;
    let redraw = |problems| {
        let drawn = Drawn::of::<AgencyForm>(&posted.typed, problems, version);
        Page(form_page(
            &agency,
            "Change an agency",
            row.name.clone(),
            "change",
            drawn,
        ))
        .into_response()
    };
    let problems = wrong_posted(&posted);
    let (Some(details), true) = (posted.form.details(), problems.is_empty()) else {
        return Ok(redraw(problems));
    };
    let id = agency.id();
    let saved = agency
        .change(move |office| {
            let fields = store::change(office.conn(), id, version, &details)?;
            Ok((Event::Changed(id, fields), ()))
        })
        .await;
    match saved {
        Ok(()) => Ok(see_other(&format!("/agencies/{id}?done=changed"))),
        Err(Error::Refused(problems)) => Ok(redraw(problems)),
        Err(error) => Err(error),
    }
}

// ---- Teams ----

async fn new_team(agency: Agency<Change>) -> Result<Page<FormPage>> {
    let of = row_of(&agency).await?.name;
    let drawn = Drawn::of::<TeamForm>(&Typed::default(), Vec::new(), 0);
    Ok(Page(form_page(
        &agency,
        "Add a team",
        of,
        "teams/new",
        drawn,
    )))
}

async fn add_team(agency: Agency<Change>, posted: Posted<TeamForm>) -> Result<Response> {
    let of = row_of(&agency).await?.name;
    let redraw = |problems| {
        let drawn = Drawn::of::<TeamForm>(&posted.typed, problems, 0);
        Page(form_page(
            &agency,
            "Add a team",
            of.clone(),
            "teams/new",
            drawn,
        ))
        .into_response()
    };
    let Some(name) = posted.form.name() else {
        return Ok(redraw(posted.problems.clone()));
    };
    let (id, team) = (agency.id(), TeamId::new());
    let saved = agency
        .change(move |office| {
            store::add_team(office.conn(), id, team, &name)?;
            Ok((Event::TeamAdded(team), ()))
        })
        .await;
    match saved {
        Ok(()) => Ok(see_other(&format!("/agencies/{id}?done=team"))),
        Err(Error::Refused(problems)) => Ok(redraw(problems)),
        Err(error) => Err(error),
    }
}

/// The team of the path, if it is this agency's.
async fn team_of(agency: &Agency<Change>, team: &str) -> Result<(TeamId, Plain)> {
    let (of, team) = (
        agency.id(),
        team.parse::<TeamId>().map_err(|_| Error::NotFound)?,
    );
    agency
        .read(move |office| {
            store::teams(office.conn(), of)?
                .into_iter()
                .find(|row| row.id == team)
                .map(|row| (row.id, row.name))
                .ok_or(Error::NotFound)
        })
        .await
}

async fn edit_team(
    agency: Agency<Change>,
    Path((_, team)): Path<(String, String)>,
) -> Result<Page<FormPage>> {
    let (team, name) = team_of(&agency, &team).await?;
    let drawn = Drawn::of::<TeamForm>(&typed([("name", Some(&name))]), Vec::new(), 1);
    let action = format!("teams/{team}");
    Ok(Page(form_page(
        &agency,
        "Rename a team",
        name,
        &action,
        drawn,
    )))
}

async fn rename_team(
    agency: Agency<Change>,
    Path((_, team)): Path<(String, String)>,
    posted: Posted<TeamForm>,
) -> Result<Response> {
    let (team, shown) = team_of(&agency, &team).await?;
    let redraw = |problems| {
        let drawn = Drawn::of::<TeamForm>(&posted.typed, problems, 1);
        let action = format!("teams/{team}");
        Page(form_page(
            &agency,
            "Rename a team",
            shown.clone(),
            &action,
            drawn,
        ))
        .into_response()
    };
    let Some(name) = posted.form.name() else {
        return Ok(redraw(posted.problems.clone()));
    };
    let (id, before) = (agency.id(), shown.clone());
    let saved = agency
        .change(move |office| {
            store::rename_team(office.conn(), id, team, &before, &name)?;
            Ok((Event::TeamRenamed(team), ()))
        })
        .await;
    match saved {
        Ok(()) => Ok(see_other(&format!("/agencies/{id}?done=team"))),
        Err(Error::Refused(problems)) => Ok(redraw(problems)),
        Err(error) => Err(error),
    }
}

// ---- Contact persons ----

async fn contact_page(
    agency: &Agency<Change>,
    heading: &'static str,
    of: Plain,
    action: &str,
    drawn: Drawn,
) -> Result<Page<FormPage>> {
    let id = agency.id();
    let users = agency
        .read(move |office| store::active_users(office.conn(), id))
        .await?;
    let options = users
        .into_iter()
        .map(|(user, name)| Option_ {
            id: user.to_string(),
            text: name,
        })
        .collect();
    let page = form_page(agency, heading, of, action, drawn);
    Ok(Page(page.choosing("user", options)))
}

async fn new_contact(agency: Agency<Change>) -> Result<Page<FormPage>> {
    let of = row_of(&agency).await?.name;
    let today = typed_day(Some(Day(agency.now().day())));
    let drawn = Drawn::of::<ContactForm>(&typed([("from_day", Some(&today))]), Vec::new(), 0);
    contact_page(&agency, "Name a contact person", of, "contacts/new", drawn).await
}

async fn add_contact(agency: Agency<Change>, posted: Posted<ContactForm>) -> Result<Response> {
    let of = row_of(&agency).await?.name;
    let (id, contact) = (agency.id(), ContactId::new());
    let mut problems = posted.problems.clone();
    let named = posted.form.named();
    if let (Some(spell), true) = (posted.form.spell(), problems.is_empty()) {
        problems.extend(wrong_contact(&named, &spell));
        if problems.is_empty() {
            let fields = posted.form.answered();
            let saved = agency
                .change(move |office| {
                    store::add_contact(office.conn(), id, contact, &named, &spell)?;
                    Ok((Event::ContactAdded(contact, fields.clone()), ()))
                })
                .await;
            match saved {
                Ok(()) => return Ok(see_other(&format!("/agencies/{id}?done=contact"))),
                Err(Error::Refused(refused)) => problems = refused,
                Err(error) => return Err(error),
            }
        }
    }
    let drawn = Drawn::of::<ContactForm>(&posted.typed, problems, 0);
    let page = contact_page(&agency, "Name a contact person", of, "contacts/new", drawn).await?;
    Ok(page.into_response())
}

async fn contact_of(agency: &Agency<Change>, contact: &str) -> Result<Contact> {
    let of = agency.id();
    let id = contact.parse::<ContactId>().map_err(|_| Error::NotFound)?;
    agency
        .read(move |office| {
            store::contacts(office.conn(), Some(of))?
                .into_iter()
                .find(|contact| contact.id == id)
                .ok_or(Error::NotFound)
        })
        .await
}

async fn edit_contact(
    agency: Agency<Change>,
    Path((_, contact)): Path<(String, String)>,
) -> Result<Page<FormPage>> {
    let contact = contact_of(&agency, &contact).await?;
    let own = contact.own;
    let fields = typed([
        ("place", Some(&Plain::new(contact.place.code()))),
        (
            "user",
            own.user.map(|user| Plain::new(user.to_string())).as_ref(),
        ),
        ("name", own.name.as_ref()),
        ("phone", own.phone.as_ref()),
        ("email", own.email.as_ref()),
        ("from_day", Some(&typed_day(Some(contact.from)))),
        ("until_day", Some(&typed_day(contact.until))),
    ]);
    let drawn = Drawn::of::<ContactForm>(&fields, Vec::new(), contact.version);
    let action = format!("contacts/{}", contact.id);
    contact_page(
        &agency,
        "Change a contact person",
        contact.name,
        &action,
        drawn,
    )
    .await
}

async fn change_contact(
    agency: Agency<Change>,
    Path((_, contact)): Path<(String, String)>,
    posted: Posted<ContactForm>,
) -> Result<Response> {
    let before = contact_of(&agency, &contact).await?;
    let (id, contact) = (agency.id(), before.id);
    let version = posted.version().ok_or(Error::Stale)?;
    let mut problems = posted.problems.clone();
    let named = posted.form.named();
    if let (Some(spell), true) = (posted.form.spell(), problems.is_empty()) {
        problems.extend(wrong_contact(&named, &spell));
        if problems.is_empty() {
            let fields = posted.form.answered();
            let saved = agency
                .change(move |office| {
                    store::change_contact(office.conn(), id, contact, version, &named, &spell)?;
                    Ok((Event::ContactChanged(contact, fields.clone()), ()))
                })
                .await;
            match saved {
                Ok(()) => return Ok(see_other(&format!("/agencies/{id}?done=contact"))),
                Err(Error::Refused(refused)) => problems = refused,
                Err(error) => return Err(error),
            }
        }
    }
    let drawn = Drawn::of::<ContactForm>(&posted.typed, problems, version);
    let action = format!("contacts/{contact}");
    let page = contact_page(
        &agency,
        "Change a contact person",
        before.name,
        &action,
        drawn,
    )
    .await?;
    Ok(page.into_response())
}

// ---- What a borough sees of its referrals ----

platform::rows! {
    /// A number with what it counts.
    struct Count for Office {
        what: Plain,
        count: i64,
    }
}

platform::page! {
    /// A borough's agreement and the numbers of its referrals.
    struct BoroughPage for Office, "agencies/borough.html" {
        frame: Frame,
        id: AgencyId,
        name: Plain,
        standing: Plain,
        colour: &'static str,
        last_day: Option<Day>,
        warnings: Vec<Plain>,
        held: i64,
        total: i64,
        stages: Vec<Count>,
        months: Vec<Count>,
        may_show: bool,
    }
}

/// The stage of a referral that waits because the agreement had ended.
const HELD: &str = "held";

/// A stage code as people read it.
fn stage_words(code: &str) -> Plain {
    if code == HELD {
        return Plain::new("Held: agreement ended");
    }
    let mut letters = code.chars();
    let words: String = letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default();
    Plain::new(words.replace('_', " "))
}

/// The numbers of the last months, this one first, with the months in which nothing came.
fn by_month(days: &[(Day, i64)], today: Date) -> Vec<Count> {
    (0..MONTHS)
        .filter_map(|back| today.first_of_month().checked_sub(back.months()).ok())
        .map(|month| Count {
            what: month_words(month),
            count: days
                .iter()
                .filter(|(day, _)| day.0.first_of_month() == month)
                .map(|(_, count)| count)
                .sum(),
        })
        .collect()
}

async fn borough(agency: Agency<Borough>) -> Result<Page<BoroughPage>> {
    let id = agency.id();
    let (row, summary, counts, contacts, today) = agency
        .read(move |office| {
            let day = office.now().day();
            let counts = counts_of_agency(office, id)?;
            let conn = office.conn();
            Ok((
                store::one(conn, id)?,
                agreements::summaries(conn, day)?.remove(&id),
                counts,
                store::contacts_on(conn, id, day)?,
                day,
            ))
        })
        .await?;
    let lacks_contact = row.kind() == Some(Kind::Borough)
        && !contacts
            .iter()
            .any(|contact| contact.place == super::Place::Spoc);
    let of_stage = |code: &str| {
        counts
            .by_stage
            .iter()
            .find(|(stage, _)| stage.as_str() == code)
            .map_or(0, |(_, count)| *count)
    };
    Ok(Page(BoroughPage {
        frame: Frame::new(agency.session(), agency.app(), "/borough"),
        id,
        name: row.name,
        standing: summary.map_or_else(
            || Plain::new(State::Without.words()),
            |summary| Plain::new(summary.standing.to_string()),
        ),
        colour: summary.map_or("grey", |summary| summary.standing.colour()),
        last_day: summary.map(|summary| summary.last_day),
        warnings: warnings(
            summary.map(|summary| (summary.standing, summary.last_day)),
            lacks_contact,
        ),
        held: of_stage(HELD),
        total: counts.by_stage.iter().map(|(_, count)| count).sum(),
        stages: counts
            .by_stage
            .iter()
            .map(|(stage, count)| Count {
                what: stage_words(stage.as_str()),
                count: *count,
            })
            .collect(),
        months: by_month(&counts.by_day, today),
        may_show: agency.could::<View>(),
    }))
}

async fn own_borough(own: Own) -> Response {
    see_other(&format!("/agencies/{}/borough", own.session().actor.agency))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn months_without_referrals_are_shown_and_london_days_count() {
        let days = [
            (Day(date(2025, 10, 31)), 4),
            (Day(date(2026, 8, 1)), 1),
            (Day(date(2026, 8, 31)), 2),
            (Day(date(2026, 10, 14)), 5),
        ];
        let months = by_month(&days, date(2026, 10, 14));
        let shown: Vec<(&str, i64)> = months.iter().map(|m| (m.what.as_str(), m.count)).collect();
        assert_eq!(
            shown.get(..3),
            Some(
                &[
                    ("October 2026", 5),
                    ("September 2026", 0),
                    ("August 2026", 3)
                ][..]
            )
        );
        assert_eq!(shown.len(), 12);
        assert_eq!(shown.last(), Some(&("November 2025", 0)));
    }

    #[test]
    fn an_address_keeps_the_filter() {
        let query = BTreeMap::from([
            ("q".to_owned(), "lark & moor".to_owned()),
            ("state".to_owned(), "ended".to_owned()),
            ("sort".to_owned(), "ends".to_owned()),
            ("kind".to_owned(), "nonsense".to_owned()),
        ]);
        assert_eq!(
            ListAsk::read(&query).address("/agencies.csv").as_str(),
            "/agencies.csv?q=lark%20%26%20moor&state=ended&sort=ends"
        );
    }
}
