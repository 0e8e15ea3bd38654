//! The pages of an agency's people.

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use kernel::{
    access::{Role, Standing},
    form::{Block, Form, Inputs, Many, Problem, Problems, Typed, YesNo},
    ids::{AgencyId, TeamId, UserId},
    label::{Labelled, Office},
    plain::Plain,
    time::Day,
};
use platform::{
    Agency, App, Error, Own, Page, Permission, Posted, Pressed, Result, Routes, Session,
    bootstrap::NewUser,
    identity::{
        links::{OneTimeId, Purpose},
        office::link_path,
    },
    schema::HeldRoleId,
    see_other,
};

use super::{
    Change, Event, Invite, View,
    model::{Invitation, Member, NewRole, NewTeam, Offered},
    rules::{Act, Granter, clash, is_address, may_act, may_grant, ties_ending},
    store::{self, Home},
};
use crate::{
    mail::{self, MailKind},
    shell::{Frame, Ids, id},
};

/// The people of an agency.
pub fn routes() -> Routes {
    Routes::new()
        .get("/users", mine)
        .get("/agencies/{agency}/users", list)
        .get("/agencies/{agency}/users/new", new_page)
        .post("/agencies/{agency}/users/new", invite)
        .get("/agencies/{agency}/users/{user}", user_page)
        .post("/agencies/{agency}/users/{user}/roles", give_role)
        .post("/agencies/{agency}/users/{user}/roles/{held}/end", end_role)
        .post("/agencies/{agency}/users/{user}/suspend", suspend)
        .post("/agencies/{agency}/users/{user}/reinstate", reinstate)
        .get("/agencies/{agency}/users/{user}/team", team_page)
        .post("/agencies/{agency}/users/{user}/team", change_team)
        .get("/agencies/{agency}/users/{user}/left", left_page)
        .post("/agencies/{agency}/users/{user}/left", left)
        .get("/agencies/{agency}/users/{user}/reset", reset_page)
        .post("/agencies/{agency}/users/{user}/reset", reset)
}

async fn mine(own: Own) -> Response {
    see_other(&format!("/agencies/{}/users", own.session().actor.agency))
}

fn granter<P: Permission>(guard: &Agency<P>) -> (Vec<Role>, bool) {
    let actor = &guard.session().actor;
    (actor.roles.clone(), actor.agency == guard.id())
}

fn frame(session: &Session, app: &App) -> Frame {
    Frame::new(session, app, "/users")
}

// ---- The list ----

platform::rows! {
    struct Row for Office {
        id: UserId,
        name: Plain,
        email: Plain,
        team: Plain,
        roles: Plain,
        standing: &'static str,
        colour: &'static str,
    }
}

platform::page! {
    /// The people of an agency.
    struct ListPage for Office, "users/list.html" {
        frame: Frame,
        agency: AgencyId,
        name: Plain,
        rows: Vec<Row>,
        all: usize,
        query: Plain,
        by_standing: bool,
        may_invite: bool,
    }
}

async fn list(
    agency: Agency<View>,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Page<ListPage>> {
    let of = agency.id();
    let (home, mut members, teams) = agency
        .read(move |office| {
            let now = office.now();
            let home = store::home(office.conn(), of, now)?;
            let members = store::members(office.conn(), of)?;
            Ok((home, members, store::teams(office.conn(), of)?))
        })
        .await?;
    let of_query = |name: &str| {
        let found = asked.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, text)| text.trim())
    };
    let (query, by_standing) = (of_query("q"), of_query("sort") == "standing");
    let all = members.len();
    let wanted = query.to_lowercase();
    members.retain(|member| {
        let holds = |text: &Plain| text.as_str().to_lowercase().contains(&wanted);
        holds(&member.name) || holds(&member.email)
    });
    let rank = |member: &Member| match (by_standing, member.standing) {
        (false, _) => 0,
        (true, Standing::Active) => 1 + i32::from(member.taken_up),
        (true, Standing::Suspended) => 3,
        (true, Standing::Left) => 4,
    };
    members.sort_by_key(|member| (rank(member), member.name.as_str().to_lowercase(), member.id));
    let today = Day(agency.now().day());
    let rows = members
        .into_iter()
        .map(|member| Row {
            id: member.id,
            team: team_name(&teams, member.team),
            roles: words_of(member.current(today)),
            standing: member.standing_words(),
            colour: member.standing_colour(),
            name: member.name,
            email: member.email,
        })
        .collect();
    let offered = offered(&agency, &home, &[]);
    Ok(Page(ListPage {
        frame: frame(agency.session(), agency.app()),
        agency: of,
        name: home.name,
        rows,
        all,
        query: Plain::new(query),
        by_standing,
        may_invite: !offered.is_empty(),
    }))
}

fn team_name(teams: &[(TeamId, Plain)], of: Option<TeamId>) -> Plain {
    teams
        .iter()
        .find(|(id, _)| Some(*id) == of)
        .map(|(_, name)| name.clone())
        .unwrap_or_default()
}

fn words_of(roles: Vec<Role>) -> Plain {
    let words: Vec<&str> = roles.into_iter().map(Role::words).collect();
    Plain::new(words.join(", "))
}

/// The roles that may be given here to who holds `held` already.
fn offered<P: Permission>(guard: &Agency<P>, home: &Home, held: &[Role]) -> Vec<Role> {
    let (roles, own_agency) = granter(guard);
    let granter = Granter {
        roles: &roles,
        own_agency,
    };
    Role::ALL
        .into_iter()
        .filter(|role| may_grant(granter, home.place(), *role) && !held.contains(role))
        .filter(|role| {
            let mut together = held.to_vec();
            together.push(*role);
            clash(&together).is_none()
        })
        .collect()
}

/// Draws a form whose roles are those that may be given.
fn draw<F: Form>(typed: &Typed, problems: Problems, roles: &[Role]) -> Vec<Block> {
    let mut blocks = Inputs::draw::<F>(typed, problems, None, 0);
    for control in blocks.iter_mut().flat_map(|block| &mut block.controls) {
        if matches!(control.name.as_str(), "role" | "roles") {
            control
                .choices
                .retain(|choice| roles.iter().any(|role| role.code() == choice.code));
        }
    }
    blocks
}

// ---- Inviting ----

platform::rows! {
    struct TeamChoice for Office { id: TeamId, name: Plain, chosen: bool }
}

platform::page! {
    /// Inviting somebody.
    struct NewPage for Office, "users/new.html" {
        frame: Frame,
        agency: AgencyId,
        name: Plain,
        blocks: Vec<Block>,
        teams: Vec<TeamChoice>,
    }
}

platform::page! {
    /// A one-time link, shown once.
    struct LinkPage for Office, "users/link.html" {
        frame: Frame,
        agency: AgencyId,
        user: UserId,
        link: Plain,
        reset: bool,
    }
}

fn choices(teams: Vec<(TeamId, Plain)>, typed: &str) -> Vec<TeamChoice> {
    teams
        .into_iter()
        .map(|(id, name)| TeamChoice {
            chosen: id.to_string() == typed,
            id,
            name,
        })
        .collect()
}

async fn draw_new(agency: &Agency<Invite>, typed: &Typed, problems: Problems) -> Result<Response> {
    let of = agency.id();
    let (home, teams) = agency
        .read(move |office| {
            let now = office.now();
            let home = store::home(office.conn(), of, now)?;
            Ok((home, store::teams(office.conn(), of)?))
        })
        .await?;
    let offered = offered(agency, &home, &[]);
    if offered.is_empty() {
        return Err(Error::NotFound);
    }
    Ok(Page(NewPage {
        frame: frame(agency.session(), agency.app()),
        agency: of,
        name: home.name,
        blocks: draw::<Invitation>(typed, problems, &offered),
        teams: choices(teams, typed.get("team")),
    })
    .into_response())
}

async fn new_page(agency: Agency<Invite>) -> Result<Response> {
    draw_new(&agency, &Typed::default(), Vec::new()).await
}

async fn invite(agency: Agency<Invite>, posted: Posted<Invitation>) -> Result<Response> {
    let (of, today) = (agency.id(), Day(agency.now().day()));
    let mut problems = posted.problems.clone();
    let email = Plain::new(posted.typed.get("email").to_lowercase());
    let is_missing = email.is_empty();
    if !is_missing && !is_address(email.as_str()) {
        let said = "The e-mail address must look like name@example.org";
        problems.push(Problem::new("email", said));
    }
    let asked = email.clone();
    let (taken, teams) = agency
        .read(move |office| {
            let taken = store::is_taken(office.conn(), &asked)?;
            Ok((taken, store::teams(office.conn(), of)?))
        })
        .await?;
    if taken && let Error::Refused(said) = store::address_taken() {
        problems.extend(said);
    }
    let form = posted.form;
    let until = form.until.as_ref().map(|until| Day(*until.expose()));
    if until.is_some_and(|until| until < today) {
        problems.push(Problem::new("until", "The last day must be today or later"));
    }
    let roles: Vec<Role> = form
        .roles
        .as_ref()
        .map(Labelled::expose)
        .map(|Many(roles)| roles.iter().map(|Offered(role)| *role).collect())
        .unwrap_or_default();
    if let Some(why) = clash(&roles) {
        problems.push(Problem::new("roles", why));
    }
    let team = read_team(&teams, posted.typed.get("team"))?;
    if !problems.is_empty() {
        return draw_new(&agency, &posted.typed, problems).await;
    }
    let plain = |answer: Option<&String>| answer.map(|text| Plain::new(text.clone()));
    let new = NewUser {
        id: UserId::new(),
        agency: of,
        team,
        name: plain(form.name.as_ref().map(Labelled::expose)).unwrap_or_default(),
        email,
        phone: plain(form.phone.as_ref().map(Labelled::expose)),
        password: None,
        roles,
    };
    let (user, link) = (new.id, OneTimeId::random());
    let (by, own_agency) = granter(&agency);
    agency
        .change(move |office| {
            let now = office.now();
            let home = store::home(office.conn(), of, now)?;
            let granter = Granter {
                roles: &by,
                own_agency,
            };
            if !new
                .roles
                .iter()
                .all(|role| may_grant(granter, home.place(), *role))
            {
                return Err(not_yours_to_give().into());
            }
            store::add(office, &new, until)?;
            office.make_link(link, user, Purpose::Invitation)?;
            mail::queue_link(office.conn(), user, MailKind::Invitation, link, now)?;
            Ok((Event::Invited(user), ()))
        })
        .await?;
    Ok(show_link(
        agency.session(),
        agency.app(),
        (of, user),
        link,
        false,
    ))
}

fn not_yours_to_give() -> Error {
    let said = "One of these roles is not yours to give";
    Error::Refused(vec![Problem::new("roles", said)])
}

/// The team that was chosen, which must be one of the agency.
fn read_team(teams: &[(TeamId, Plain)], typed: &str) -> Result<Option<TeamId>> {
    if typed.is_empty() {
        return Ok(None);
    }
    let found = teams.iter().find(|(id, _)| id.to_string() == typed);
    found.map(|(id, _)| Some(*id)).ok_or(Error::NotFound)
}

/// The link is not stored, so it is shown by the very answer that made it.
fn show_link(
    session: &Session,
    app: &App,
    (agency, user): (AgencyId, UserId),
    link: OneTimeId,
    reset: bool,
) -> Response {
    Page(LinkPage {
        frame: frame(session, app),
        agency,
        user,
        link: Plain::new(format!("{}{}", app.config.address, link_path(app, link))),
        reset,
    })
    .into_response()
}

// ---- One of them ----

platform::rows! {
    struct RoleRow for Office {
        id: HeldRoleId,
        words: &'static str,
        from: Day,
        until: Option<Day>,
        state: &'static str,
        may_end: bool,
    }
}

platform::page! {
    /// Somebody who works for an agency.
    struct UserPage for Office, "users/user.html" {
        frame: Frame,
        agency: AgencyId,
        agency_name: Plain,
        user: UserId,
        name: Plain,
        email: Plain,
        phone: Plain,
        team: Plain,
        standing: &'static str,
        colour: &'static str,
        since: Day,
        cases: usize,
        link_until: Plain,
        roles: Vec<RoleRow>,
        blocks: Vec<Block>,
        version: i64,
        oneself: bool,
        may_suspend: bool,
        may_reinstate: bool,
        may_move: bool,
        may_leave: bool,
        may_reset: bool,
        taken_up: bool,
    }
}

struct Seen {
    home: Home,
    member: Member,
    teams: Vec<(TeamId, Plain)>,
    cases: usize,
    link_until: Option<kernel::time::Instant>,
}

async fn see<P: Permission>(agency: &Agency<P>, user: UserId) -> Result<Seen> {
    let of = agency.id();
    agency
        .read(move |office| {
            let now = office.now();
            Ok(Seen {
                home: store::home(office.conn(), of, now)?,
                member: store::member(office.conn(), of, user)?,
                teams: store::teams(office.conn(), of)?,
                cases: office.open_ties_of(user)?,
                link_until: office.link_until(user)?,
            })
        })
        .await
}

/// Whether the one who asks may do `act` to a member.
fn may<P: Permission>(agency: &Agency<P>, member: &Member, act: Act) -> bool {
    let (roles, own_agency) = granter(agency);
    let oneself = member.id == agency.session().actor.user;
    let granter = Granter {
        roles: &roles,
        own_agency,
    };
    may_act(
        granter,
        oneself,
        act,
        &member.current(Day(agency.now().day())),
    )
}

fn said(asked: &[(String, String)]) -> Option<&'static str> {
    let (_, code) = asked.iter().find(|(name, _)| name == "said")?;
    match code.as_str() {
        "role-given" => Some("The role was given"),
        "role-ended" => Some("The role has ended"),
        "suspended" => Some("Suspended: signed out everywhere, and cannot sign in"),
        "reinstated" => Some("Can sign in again"),
        "moved" => Some("Moved to the other team"),
        "left" => {
            Some("Recorded as having left: signed out everywhere, and tied to no case any more")
        }
        _ => None,
    }
}

async fn user_page(
    agency: Agency<View>,
    Path(path): Ids,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Response> {
    let user = id(&path, "user")?;
    let seen = see(&agency, user).await?;
    let today = Day(agency.now().day()).to_typed();
    let page = draw_user(&agency, seen, &today, Vec::new());
    Ok(match said(&asked) {
        Some(text) => Page(UserPage {
            frame: page.frame.with_success(text),
            ..page
        }),
        None => Page(page),
    }
    .into_response())
}

/// A form about roles that begins with today.
trait ToTyped {
    fn to_typed(self) -> Typed;
}
impl ToTyped for Day {
    fn to_typed(self) -> Typed {
        let mut typed = Typed::default();
        typed.push("from".to_owned(), self.0.to_string());
        typed
    }
}

fn draw_user<P: Permission>(
    agency: &Agency<P>,
    seen: Seen,
    typed: &Typed,
    problems: Problems,
) -> UserPage {
    let Seen {
        home,
        member,
        teams,
        cases,
        link_until,
    } = seen;
    let today = Day(agency.now().day());
    let current = member.current(today);
    let oneself = member.id == agency.session().actor.user;
    let grantable = if oneself || member.standing == Standing::Left {
        Vec::new()
    } else {
        offered(agency, &home, &current)
    };
    let may = |act| may(agency, &member, act);
    let active = member.standing == Standing::Active;
    let roles = member
        .roles
        .iter()
        .rev()
        .map(|held| RoleRow {
            id: held.id,
            words: held.role.words(),
            from: held.from,
            until: held.until,
            state: if held.ended(today) {
                "Ended"
            } else if held.holds(today) {
                "Now"
            } else {
                "Later"
            },
            may_end: !held.ended(today) && may(Act::EndRole),
        })
        .collect();
    UserPage {
        frame: frame(agency.session(), agency.app()),
        agency: agency.id(),
        agency_name: home.name,
        user: member.id,
        standing: member.standing_words(),
        colour: member.standing_colour(),
        since: Day(member.created_at.day()),
        team: team_name(&teams, member.team),
        cases,
        link_until: Plain::new(
            link_until
                .map(kernel::time::Instant::words)
                .unwrap_or_default(),
        ),
        roles,
        blocks: if grantable.is_empty() {
            Vec::new()
        } else {
            draw::<NewRole>(typed, problems, &grantable)
        },
        version: i64::from(member.version),
        oneself,
        may_suspend: active && may(Act::Suspend),
        may_reinstate: !active && may(Act::Reinstate),
        may_move: member.standing != Standing::Left && !teams.is_empty() && may(Act::Move),
        may_leave: member.standing != Standing::Left && may(Act::Leave),
        may_reset: active && may(Act::Reset),
        taken_up: member.taken_up,
        phone: member.phone.clone().unwrap_or_default(),
        name: member.name,
        email: member.email,
    }
}

fn back_to(agency: AgencyId, user: UserId, said: &str) -> Response {
    see_other(&format!("/agencies/{agency}/users/{user}?said={said}"))
}

async fn give_role(
    agency: Agency<Change>,
    Path(path): Ids,
    posted: Posted<NewRole>,
) -> Result<Response> {
    let (of, user) = (agency.id(), id::<kernel::ids::UserKind>(&path, "user")?);
    let mut problems = posted.problems.clone();
    let day = |answer: &kernel::form::Answer<jiff::civil::Date, kernel::label::Workers>| {
        answer.as_ref().map(|day| Day(*day.expose()))
    };
    let (from, until) = (day(&posted.form.from), day(&posted.form.until));
    let today = Day(agency.now().day());
    if from.is_some_and(|from| from < today) {
        // What somebody could see cannot be changed for the past.
        problems.push(Problem::new("from", "The first day must be today or later"));
    }
    if until.zip(from).is_some_and(|(until, from)| until < from) {
        problems.push(Problem::new(
            "until",
            "The last day must not be before the first",
        ));
    }
    let role = posted.form.role.as_ref().map(|role| role.expose().0);
    let (Some(role), Some(from), true) = (role, from, problems.is_empty()) else {
        let seen = see(&agency, user).await?;
        return Ok(Page(draw_user(&agency, seen, &posted.typed, problems)).into_response());
    };
    let version = posted.version();
    let oneself = user == agency.session().actor.user;
    let (by, own_agency) = granter(&agency);
    agency
        .change(move |office| {
            let now = office.now();
            let member = store::to_change(office, of, user, version)?;
            let home = store::home(office.conn(), of, now)?;
            let granter = Granter {
                roles: &by,
                own_agency,
            };
            if oneself
                || member.standing == Standing::Left
                || !may_grant(granter, home.place(), role)
            {
                return Err(not_yours_to_give().into());
            }
            let mut together = member.current(Day(now.day()));
            together.push(role);
            if let Some(why) = clash(&together) {
                return Err(Error::Refused(vec![Problem::new("role", why)]).into());
            }
            store::give_role(office.conn(), user, role, from, until)?;
            Ok((Event::RoleGiven(user, role), ()))
        })
        .await?;
    Ok(back_to(of, user, "role-given"))
}

/// What stands between a request and an act: the row as the page showed it, and the rule.
fn acting(
    office: &mut platform::Office<'_>,
    (of, user): (AgencyId, UserId),
    (roles, own_agency): (&[Role], bool),
    version: Option<i32>,
    act: Act,
) -> Result<Member, platform::Failed> {
    let oneself = user == office.actor();
    let today = Day(office.now().day());
    let member = store::to_change(office, of, user, version)?;
    let granter = Granter { roles, own_agency };
    if may_act(granter, oneself, act, &member.current(today)) {
        Ok(member)
    } else {
        let said = if oneself {
            "Nobody changes her or his own account here: ask another manager"
        } else {
            "This is not yours to do"
        };
        Err(Error::Refused(vec![Problem::new("user", said)]).into())
    }
}

fn version_of(pressed: &Pressed) -> Option<i32> {
    pressed.typed.get("version").parse().ok()
}

async fn end_role(agency: Agency<Change>, Path(path): Ids, pressed: Pressed) -> Result<Response> {
    let (of, user) = (agency.id(), id::<kernel::ids::UserKind>(&path, "user")?);
    let held: HeldRoleId = id(&path, "held")?;
    let (by, version) = (granter(&agency), version_of(&pressed));
    agency
        .change(move |office| {
            let now = office.now();
            let by = (by.0.as_slice(), by.1);
            let member = acting(office, (of, user), by, version, Act::EndRole)?;
            let today = Day(now.day());
            let ending = member
                .roles
                .iter()
                .find(|role| role.id == held && !role.ended(today))
                .ok_or(Error::NotFound)?;
            store::end_role(office.conn(), held, now)?;
            let kept: Vec<Role> = member
                .roles
                .iter()
                .filter(|role| role.id != held && role.holds(today))
                .map(|role| role.role)
                .collect();
            let ties = ties_ending(ending.role, &kept);
            if !ties.is_empty() {
                office.end_ties_of(user, Some(&ties))?;
            }
            Ok((Event::RoleEnded(user, ending.role), ()))
        })
        .await?;
    Ok(back_to(of, user, "role-ended"))
}

async fn suspend(agency: Agency<Change>, Path(path): Ids, pressed: Pressed) -> Result<Response> {
    let (of, user) = (agency.id(), id::<kernel::ids::UserKind>(&path, "user")?);
    let (by, version) = (granter(&agency), version_of(&pressed));
    agency
        .change(move |office| {
            let by = (by.0.as_slice(), by.1);
            acting(office, (of, user), by, version, Act::Suspend)?;
            store::set_standing(office.conn(), user, Standing::Suspended)?;
            super::end_sessions(office.conn(), user, None)?;
            Ok((Event::Suspended(user), ()))
        })
        .await?;
    Ok(back_to(of, user, "suspended"))
}

async fn reinstate(agency: Agency<Change>, Path(path): Ids, pressed: Pressed) -> Result<Response> {
    let (of, user) = (agency.id(), id::<kernel::ids::UserKind>(&path, "user")?);
    let (by, version) = (granter(&agency), version_of(&pressed));
    agency
        .change(move |office| {
            let by = (by.0.as_slice(), by.1);
            acting(office, (of, user), by, version, Act::Reinstate)?;
            store::set_standing(office.conn(), user, Standing::Active)?;
            Ok((Event::Reinstated(user), ()))
        })
        .await?;
    Ok(back_to(of, user, "reinstated"))
}

// ---- Another team ----

platform::page! {
    /// Moving somebody to another team.
    struct TeamPage for Office, "users/team.html" {
        frame: Frame,
        agency: AgencyId,
        user: UserId,
        name: Plain,
        cases: usize,
        version: i64,
        blocks: Vec<Block>,
        teams: Vec<TeamChoice>,
    }
}

fn draw_team(
    agency: &Agency<Change>,
    seen: Seen,
    typed: &Typed,
    problems: Problems,
) -> Result<Response> {
    if !may(agency, &seen.member, Act::Move) || seen.member.standing == Standing::Left {
        return Err(Error::NotFound);
    }
    let current = seen
        .member
        .team
        .map(|team| team.to_string())
        .unwrap_or_default();
    let chosen = match typed.0.get("team") {
        Some(chosen) => chosen.clone(),
        None => current,
    };
    Ok(Page(TeamPage {
        frame: frame(agency.session(), agency.app()),
        agency: agency.id(),
        user: seen.member.id,
        name: seen.member.name,
        cases: seen.cases,
        version: i64::from(seen.member.version),
        blocks: draw::<NewTeam>(typed, problems, &[]),
        teams: choices(seen.teams, &chosen),
    })
    .into_response())
}

async fn team_page(agency: Agency<Change>, Path(path): Ids) -> Result<Response> {
    let seen = see(&agency, id(&path, "user")?).await?;
    draw_team(&agency, seen, &Typed::default(), Vec::new())
}

async fn change_team(
    agency: Agency<Change>,
    Path(path): Ids,
    posted: Posted<NewTeam>,
) -> Result<Response> {
    let (of, user) = (agency.id(), id::<kernel::ids::UserKind>(&path, "user")?);
    let seen = see(&agency, user).await?;
    let team = read_team(&seen.teams, posted.typed.get("team"))?;
    let keeps = posted.form.keeps.as_ref().map(|keeps| *keeps.expose());
    let (Some(keeps), true) = (keeps, posted.problems.is_empty()) else {
        return draw_team(&agency, seen, &posted.typed, posted.problems);
    };
    let (by, version) = (granter(&agency), posted.version());
    agency
        .change(move |office| {
            let by = (by.0.as_slice(), by.1);
            acting(office, (of, user), by, version, Act::Move)?;
            store::set_team(office.conn(), user, team)?;
            if keeps == YesNo::No {
                office.end_ties_of(user, None)?;
            }
            Ok((Event::Moved(user), ()))
        })
        .await?;
    Ok(back_to(of, user, "moved"))
}

// ---- Has left ----

platform::page! {
    /// What happens when somebody has left.
    struct LeftPage for Office, "users/left.html" {
        frame: Frame,
        agency: AgencyId,
        user: UserId,
        name: Plain,
        cases: usize,
        version: i64,
    }
}

async fn left_page(agency: Agency<Change>, Path(path): Ids) -> Result<Page<LeftPage>> {
    let seen = see(&agency, id(&path, "user")?).await?;
    if !may(&agency, &seen.member, Act::Leave) || seen.member.standing == Standing::Left {
        return Err(Error::NotFound);
    }
    Ok(Page(LeftPage {
        frame: frame(agency.session(), agency.app()),
        agency: agency.id(),
        user: seen.member.id,
        name: seen.member.name,
        cases: seen.cases,
        version: i64::from(seen.member.version),
    }))
}

async fn left(agency: Agency<Change>, Path(path): Ids, pressed: Pressed) -> Result<Response> {
    let (of, user) = (agency.id(), id::<kernel::ids::UserKind>(&path, "user")?);
    let (by, version) = (granter(&agency), version_of(&pressed));
    agency
        .change(move |office| {
            let by = (by.0.as_slice(), by.1);
            let now = office.now();
            let member = acting(office, (of, user), by, version, Act::Leave)?;
            let today = Day(now.day());
            for held in member.roles.iter().filter(|held| !held.ended(today)) {
                store::end_role(office.conn(), held.id, now)?;
            }
            store::set_standing(office.conn(), user, Standing::Left)?;
            office.void_account(user)?;
            office.void_links(user)?;
            office.end_ties_of(user, None)?;
            Ok((Event::Left(user), ()))
        })
        .await?;
    Ok(back_to(of, user, "left"))
}

// ---- Reset ----

platform::page! {
    /// What a reset does.
    struct ResetPage for Office, "users/reset.html" {
        frame: Frame,
        agency: AgencyId,
        user: UserId,
        name: Plain,
        version: i64,
        taken_up: bool,
    }
}

async fn reset_page(agency: Agency<Change>, Path(path): Ids) -> Result<Page<ResetPage>> {
    let seen = see(&agency, id(&path, "user")?).await?;
    if !may(&agency, &seen.member, Act::Reset) || seen.member.standing != Standing::Active {
        return Err(Error::NotFound);
    }
    Ok(Page(ResetPage {
        frame: frame(agency.session(), agency.app()),
        agency: agency.id(),
        user: seen.member.id,
        name: seen.member.name,
        version: i64::from(seen.member.version),
        taken_up: seen.member.taken_up,
    }))
}

/// Whoever asks for the reset learns a link, never a password, and the user is told by mail.
async fn reset(agency: Agency<Change>, Path(path): Ids, pressed: Pressed) -> Result<Response> {
    let (of, user) = (agency.id(), id::<kernel::ids::UserKind>(&path, "user")?);
    let (by, version) = (granter(&agency), version_of(&pressed));
    let link = OneTimeId::random();
    let was_in_use = agency
        .change(move |office| {
            let by = (by.0.as_slice(), by.1);
            let now = office.now();
            let member = acting(office, (of, user), by, version, Act::Reset)?;
            if member.standing != Standing::Active {
                return Err(Error::NotFound.into());
            }
            let (purpose, kind, event) = if member.taken_up {
                (Purpose::Reset, MailKind::Reset, Event::Reset(user))
            } else {
                (
                    Purpose::Invitation,
                    MailKind::Invitation,
                    Event::LinkMade(user),
                )
            };
            office.void_account(user)?;
            office.make_link(link, user, purpose)?;
            mail::queue_link(office.conn(), user, kind, link, now)?;
            Ok((event, member.taken_up))
        })
        .await?;
    Ok(show_link(
        agency.session(),
        agency.app(),
        (of, user),
        link,
        was_in_use,
    ))
}
