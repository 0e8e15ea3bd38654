//! The rows of people.

use diesel::prelude::*;
use kernel::{
    access::{Role, Standing},
    ids::{AgencyId, ProgrammeId, TeamId, UserId},
    plain::Plain,
    time::{Day, Instant},
};
use platform::{
    App, Error, Failed, Office, Result,
    bootstrap::{NewUser, SYSTEM},
    db::{Conn, is_duplicate},
    identity::{links::OneTimeId, office::link_path},
    schema::{HeldRoleId, agency, app_user, programme, team, user_role},
};

use super::{
    model::{HeldRole, Member},
    rules::Place,
};

type Row = (
    (UserId, Plain, Plain, Option<Plain>, Option<TeamId>),
    (Plain, Option<Plain>, Instant, i32),
);

/// The people of an agency, or one of them; what no person is, the mailbox, is not among them.
fn load(conn: &mut Conn, of: AgencyId, one: Option<UserId>) -> Result<Vec<Member>> {
    let mut users = app_user::table
        .filter(app_user::agency_id.eq(of))
        .filter(app_user::id.ne(SYSTEM))
        .into_boxed();
    let mut held = user_role::table
        .inner_join(app_user::table)
        .filter(app_user::agency_id.eq(of))
        .into_boxed();
    if let Some(one) = one {
        users = users.filter(app_user::id.eq(one));
        held = held.filter(user_role::user_id.eq(one));
    }
    let rows: Vec<Row> = users
        .select((
            (
                app_user::id,
                app_user::name,
                app_user::email,
                app_user::phone,
                app_user::team_id,
            ),
            (
                app_user::standing,
                app_user::password,
                app_user::created_at,
                app_user::version,
            ),
        ))
        .load(conn)?;
    let roles: Vec<(UserId, HeldRoleId, Plain, Day, Option<Day>)> = held
        .order((user_role::from_day, user_role::id))
        .select((
            user_role::user_id,
            user_role::id,
            user_role::role,
            user_role::from_day,
            user_role::until_day,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(
            |((id, name, email, phone, team), (standing, password, created_at, version))| Member {
                roles: roles
                    .iter()
                    .filter(|(user, ..)| *user == id)
                    .filter_map(|(_, held, role, from, until)| {
                        Some(HeldRole {
                            id: *held,
                            role: Role::parse(role.as_str())?,
                            from: *from,
                            until: *until,
                        })
                    })
                    .collect(),
                id,
                name,
                email,
                phone,
                team,
                standing: Standing::parse(standing.as_str()),
                taken_up: password.is_some(),
                created_at,
                version,
            },
        )
        .collect())
}

/// The people of an agency.
pub fn members(conn: &mut Conn, of: AgencyId) -> Result<Vec<Member>> {
    load(conn, of, None)
}

/// One of them.
///
/// # Errors
/// [`Error::NotFound`] if the user is of another agency.
pub fn member(conn: &mut Conn, of: AgencyId, user: UserId) -> Result<Member> {
    load(conn, of, Some(user))?
        .into_iter()
        .next()
        .ok_or(Error::NotFound)
}

/// One of them, to be changed: her page must show the row as it is now.
///
/// # Errors
/// [`Error::Stale`] if somebody else saved meanwhile.
pub fn to_change(
    office: &mut Office<'_>,
    of: AgencyId,
    user: UserId,
    version: Option<i32>,
) -> Result<Member, Failed> {
    let changed = diesel::update(
        app_user::table
            .filter(app_user::id.eq(user))
            .filter(app_user::agency_id.eq(of))
            .filter(app_user::version.eq(version.unwrap_or_default())),
    )
    .set(app_user::version.eq(app_user::version + 1))
    .execute(office.conn())?;
    let found = member(office.conn(), of, user)?;
    if changed == 1 {
        Ok(found)
    } else {
        Err(Error::Stale.into())
    }
}

/// An agency, as far as it decides which roles are held in it.
#[derive(Clone, Debug)]
pub struct Home {
    /// Its name.
    pub name: Plain,
    /// What it is.
    pub kind: Plain,
    /// Whether it runs a programme.
    pub runs_programme: bool,
    /// Whether somebody active manages its users.
    pub has_manager: bool,
}

impl Home {
    /// For the rules.
    pub fn place(&self) -> Place<'_> {
        Place {
            kind: self.kind.as_str(),
            runs_programme: self.runs_programme,
            has_manager: self.has_manager,
        }
    }
}

/// An agency, as far as it decides which roles are held in it.
///
/// # Errors
/// [`Error::NotFound`] if there is no such agency.
pub fn home(conn: &mut Conn, of: AgencyId, now: Instant) -> Result<Home> {
    let (name, kind): (Plain, Plain) = agency::table
        .find(of)
        .select((agency::name, agency::kind))
        .first(conn)?;
    let programmes: i64 = programme::table
        .filter(programme::agency_id.eq(of))
        .count()
        .get_result(conn)?;
    let today = Day(now.day());
    let manages = |held: &HeldRole| held.role == Role::AgencyManager && held.holds(today);
    let has_manager = members(conn, of)?
        .iter()
        .any(|member| member.standing == Standing::Active && member.roles.iter().any(manages));
    Ok(Home {
        name,
        kind,
        runs_programme: programmes > 0,
        has_manager,
    })
}

/// The teams of an agency by name.
pub fn teams(conn: &mut Conn, of: AgencyId) -> Result<Vec<(TeamId, Plain)>> {
    Ok(team::table
        .filter(team::agency_id.eq(of))
        .order(team::name)
        .select((team::id, team::name))
        .load(conn)?)
}

/// Adds somebody without a password, with roles from `now` on.
///
/// # Errors
/// [`Error::Refused`] if the address signs in already.
pub fn add(office: &mut Office<'_>, new: &NewUser, until: Option<Day>) -> Result<(), Failed> {
    let now = office.now();
    let done = diesel::insert_into(app_user::table)
        .values((
            (
                app_user::id.eq(new.id),
                app_user::agency_id.eq(new.agency),
                app_user::team_id.eq(new.team),
                app_user::name.eq(&new.name),
                app_user::email.eq(&new.email),
            ),
            (
                app_user::phone.eq(&new.phone),
                app_user::standing.eq(Plain::new(Standing::Active.code())),
                app_user::totp_step.eq(0_i64),
                app_user::created_at.eq(now),
                app_user::version.eq(1),
            ),
        ))
        .execute(office.conn());
    match done {
        Err(error) if is_duplicate(&error) => return Err(address_taken().into()),
        done => done?,
    };
    for role in &new.roles {
        give_role(office.conn(), new.id, *role, Day(now.day()), until)?;
    }
    Ok(())
}

/// What is said of an address that signs in already.
pub fn address_taken() -> Error {
    let said = "Somebody signs in with this address already";
    Error::Refused(vec![kernel::form::Problem::new("email", said)])
}

/// Whether an address signs in already.
pub fn is_taken(conn: &mut Conn, email: &Plain) -> Result<bool> {
    let found: i64 = app_user::table
        .filter(app_user::email.eq(email))
        .count()
        .get_result(conn)?;
    Ok(found > 0)
}

/// Gives a role for a time.
pub fn give_role(
    conn: &mut Conn,
    user: UserId,
    role: Role,
    from: Day,
    until: Option<Day>,
) -> Result<(), Failed> {
    diesel::insert_into(user_role::table)
        .values((
            user_role::id.eq(HeldRoleId::new()),
            user_role::user_id.eq(user),
            user_role::role.eq(Plain::new(role.code())),
            user_role::from_day.eq(from),
            user_role::until_day.eq(until),
        ))
        .execute(conn)?;
    Ok(())
}

/// Ends a role now: yesterday was its last day. One that had not begun was never held.
pub fn end_role(conn: &mut Conn, held: HeldRoleId, now: Instant) -> Result<(), Failed> {
    let yesterday = now.day().yesterday().unwrap_or(now.day());
    diesel::update(user_role::table.find(held))
        .set(user_role::until_day.eq(Some(Day(yesterday))))
        .execute(conn)?;
    Ok(())
}

/// Sets whether the user may work.
pub fn set_standing(conn: &mut Conn, user: UserId, to: Standing) -> Result<(), Failed> {
    diesel::update(app_user::table.find(user))
        .set(app_user::standing.eq(Plain::new(to.code())))
        .execute(conn)?;
    Ok(())
}

/// Moves the user to a team of the agency, or to none.
pub fn set_team(conn: &mut Conn, user: UserId, to: Option<TeamId>) -> Result<(), Failed> {
    diesel::update(app_user::table.find(user))
        .set(app_user::team_id.eq(to))
        .execute(conn)?;
    Ok(())
}

/// A partnership that is about to begin.
#[derive(Clone, Debug)]
pub struct NewInstallation {
    /// The agency that runs the programme.
    pub agency: Plain,
    /// The programme.
    pub programme: Plain,
    /// The administrator's name.
    pub name: Plain,
    /// The administrator's address.
    pub email: Plain,
}

/// What [`found`] made.
#[derive(Clone, Debug)]
pub struct Founded {
    /// The administrator.
    pub administrator: UserId,
    /// The address at which the administrator chooses a password, good for seven days. It is
    /// stored nowhere: print it once.
    pub link: String,
}

/// Founds an empty installation: the agency that runs the programme, the programme, the user in
/// whose name files arrive, and an administrator who must take up an invitation.
///
/// # Errors
/// [`Error::Broken`] if there are users already, [`Error::Refused`] if the address is none.
pub async fn found(app: &App, new: NewInstallation) -> Result<Founded> {
    let email = Plain::new(new.email.as_str().trim().to_lowercase());
    if !super::rules::is_address(email.as_str()) {
        let said = "The e-mail address must look like name@example.org";
        return Err(Error::Refused(vec![kernel::form::Problem::new(
            "email", said,
        )]));
    }
    let (agency, programme, administrator, link) = (
        AgencyId::new(),
        ProgrammeId::new(),
        UserId::new(),
        OneTimeId::random(),
    );
    app.bootstrap(move |b| {
        b.agency(agency, new.agency.as_str(), "charity", None, None)?;
        b.programme(
            programme,
            new.programme.as_str(),
            agency,
            ("client", "survivor"),
        )?;
        let user = |id, name: &str, email: &Plain, role| NewUser {
            id,
            agency,
            team: None,
            name: Plain::new(name),
            email: email.clone(),
            phone: None,
            password: None,
            roles: vec![role],
        };
        let mailbox = Plain::new("mailbox@system.invalid");
        b.user(&user(SYSTEM, "Mailbox", &mailbox, Role::IntakeWorker))?;
        b.user(&user(
            administrator,
            new.name.as_str(),
            &email,
            Role::Administrator,
        ))?;
        b.invite(administrator, link)
    })
    .await?;
    Ok(Founded {
        administrator,
        link: format!("{}{}", app.config.address, link_path(app, link)),
    })
}
