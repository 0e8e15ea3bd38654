//! The first rows of an empty installation: by `cusp create-admin`, and by the demo's cast.

use diesel::prelude::*;
use kernel::{
    access::{Role, Sees},
    ids::{AgencyId, ProgrammeId, StreamId, TeamId, UserId},
    plain::Plain,
    time::{Day, Instant},
};

use crate::{
    App, Error, Result,
    audit::{self, Said},
    db::{Conn, Failed},
    identity::links::{self, OneTimeId, Purpose},
    schema::{
        AgreementId, HeldRoleId, agency, agreement, app_user, programme, setting, team, user_role,
    },
};

/// The user in whose name arrives what no person hands in: a file, a mailbox. It cannot sign in.
pub const SYSTEM: UserId = UserId::from_uuid(uuid::Uuid::from_u128(1));

/// Somebody to be added.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The id.
    pub id: UserId,
    /// The agency.
    pub agency: AgencyId,
    /// The team.
    pub team: Option<TeamId>,
    /// The name.
    pub name: Plain,
    /// The address that signs in.
    pub email: Plain,
    /// The work telephone.
    pub phone: Option<Plain>,
    /// The password as a PHC string; `None` for who must take up an invitation first.
    pub password: Option<Plain>,
    /// The roles, from today.
    pub roles: Vec<Role>,
}

/// An empty installation being filled, in one transaction.
pub struct Bootstrap<'a> {
    conn: &'a mut Conn,
    now: Instant,
    key: audit::Key,
}

impl App {
    /// Fills an installation that has no users yet. Refuses any other.
    pub async fn bootstrap<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Bootstrap<'_>) -> Result<T, Failed> + Send + 'static,
    ) -> Result<T> {
        let (now, key) = (self.clock.now(), self.key.clone());
        let (value, mark) = self
            .write(move |conn| {
                let users: i64 = app_user::table.count().get_result(conn)?;
                if users > 0 {
                    return Err(
                        Error::Broken("this installation has users already".to_owned()).into(),
                    );
                }
                let head = audit::take(conn, StreamId::from_uuid(SYSTEM.uuid()))?;
                let value = work(&mut Bootstrap {
                    conn: &mut *conn,
                    now,
                    key: key.clone(),
                })?;
                let said = Said {
                    at: now,
                    actor: SYSTEM,
                    permission: "bootstrap",
                    event: "installation filled",
                    item: String::new(),
                    fields: String::new(),
                    label: Sees::Client,
                    content: None,
                };
                Ok((value, audit::write(conn, &key, head, said)?))
            })
            .await?;
        self.note([mark]);
        Ok(value)
    }

    /// Whether nobody has ever been added.
    pub async fn is_empty(&self) -> Result<bool> {
        self.readers
            .run(|conn| {
                let users: i64 = app_user::table.count().get_result(conn)?;
                Ok(users == 0)
            })
            .await
    }
}

impl Bootstrap<'_> {
    /// Adds an agency.
    pub fn agency(
        &mut self,
        id: AgencyId,
        name: &str,
        kind: &str,
        gss: Option<&str>,
        phone: Option<&str>,
    ) -> Result<(), Failed> {
        diesel::insert_into(agency::table)
            .values((
                agency::id.eq(id),
                agency::name.eq(Plain::new(name)),
                agency::kind.eq(Plain::new(kind)),
                agency::gss.eq(gss.map(Plain::new)),
                agency::phone.eq(phone.map(Plain::new)),
                agency::version.eq(1),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Adds a team.
    pub fn team(&mut self, id: TeamId, of: AgencyId, name: &str) -> Result<(), Failed> {
        diesel::insert_into(team::table)
            .values((
                team::id.eq(id),
                team::agency_id.eq(of),
                team::name.eq(Plain::new(name)),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Adds a programme.
    pub fn programme(
        &mut self,
        id: ProgrammeId,
        name: &str,
        run_by: AgencyId,
        words: (&str, &str),
    ) -> Result<(), Failed> {
        diesel::insert_into(programme::table)
            .values((
                programme::id.eq(id),
                programme::name.eq(Plain::new(name)),
                programme::agency_id.eq(run_by),
                programme::word_client.eq(Plain::new(words.0)),
                programme::word_survivor.eq(Plain::new(words.1)),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Adds an agreement signed by both, in force from the later signature to `ends_on`.
    pub fn agreement(
        &mut self,
        of: AgencyId,
        programme: ProgrammeId,
        kind: &str,
        title: &str,
        (starts_on, ends_on): (Day, Day),
    ) -> Result<(), Failed> {
        diesel::insert_into(agreement::table)
            .values((
                agreement::id.eq(AgreementId::new()),
                agreement::agency_id.eq(of),
                agreement::programme_id.eq(programme),
                agreement::kind.eq(Plain::new(kind)),
                agreement::title.eq(Plain::new(title)),
                agreement::agency_signatory.eq(Some(Plain::new("Director"))),
                agreement::agency_signed_on.eq(Some(starts_on)),
                agreement::programme_signatory.eq(Some(Plain::new("Chief executive"))),
                agreement::programme_signed_on.eq(Some(starts_on)),
                agreement::starts_on.eq(Some(starts_on)),
                agreement::ends_on.eq(ends_on),
                agreement::version.eq(1),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Adds a user with roles from today.
    pub fn user(&mut self, new: &NewUser) -> Result<(), Failed> {
        diesel::insert_into(app_user::table)
            .values((
                app_user::id.eq(new.id),
                app_user::agency_id.eq(new.agency),
                app_user::team_id.eq(new.team),
                app_user::name.eq(&new.name),
                app_user::email.eq(&new.email),
                app_user::phone.eq(&new.phone),
                app_user::standing.eq(Plain::new("active")),
                app_user::password.eq(&new.password),
                app_user::totp_step.eq(0_i64),
                app_user::created_at.eq(self.now),
                app_user::version.eq(1),
            ))
            .execute(self.conn)?;
        for role in &new.roles {
            diesel::insert_into(user_role::table)
                .values((
                    user_role::id.eq(HeldRoleId::new()),
                    user_role::user_id.eq(new.id),
                    user_role::role.eq(Plain::new(role.code())),
                    user_role::from_day.eq(Day(self.now.day())),
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// Makes the one-time link by which a user without a password chooses one.
    pub fn invite(&mut self, user: UserId, link: OneTimeId) -> Result<(), Failed> {
        let what = (link, Purpose::Invitation);
        links::make(self.conn, &self.key, what, user, None, self.now)
    }

    /// Puts a setting in force from a day.
    pub fn setting(&mut self, name: &str, from: Day, value: &str) -> Result<(), Failed> {
        diesel::insert_into(setting::table)
            .values((
                setting::name.eq(Plain::new(name)),
                setting::from_day.eq(from),
                setting::value.eq(Plain::new(value)),
            ))
            .execute(self.conn)?;
        Ok(())
    }
}
