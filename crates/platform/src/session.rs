//! Who is signed in.

use std::sync::Arc;

use diesel::prelude::*;
use kernel::{
    access::{Actor, Mode, Role, Standing},
    ids::{AgencyId, TeamId, UserId},
    plain::Plain,
    time::{Day, Instant},
};
use sha2::{Digest, Sha256};

use crate::{
    Result,
    db::Conn,
    random::hex,
    schema::{SessionId, agency, app_user, session, user_role},
};

/// Who is signed in, and how.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who asks.
    pub actor: Actor,
    /// The worker's name.
    pub name: Plain,
    /// The name of the worker's agency.
    pub agency_name: Plain,
    /// The team.
    pub team: Option<TeamId>,
    /// The token every form of this session carries.
    pub csrf: String,
    /// Whether the client can see the screen.
    pub mode: Mode,
    /// The session by a name that opens nothing.
    pub id: SessionId,
    /// Whether the password is awaited.
    pub locked: bool,
    pub(crate) token_hash: Plain,
    pub(crate) seen_at: Instant,
}

impl Session {
    /// The roles in words, for the header.
    pub fn roles_words(&self) -> String {
        self.actor
            .roles
            .iter()
            .map(|role| role.words())
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// The session of this request, as an extension; absent when nobody is signed in.
#[derive(Clone, Debug)]
pub struct Current(pub Arc<Session>);

/// The hash under which a token is stored.
pub(crate) fn token_hash(token: &str) -> Plain {
    Plain::new(hex(&Sha256::digest(token.as_bytes())))
}

/// How long a session lasts.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Seconds without use after which it locks. `design.md` 8: locks, does not end.
    pub idle: i64,
    /// Seconds after which it ends whatever happens.
    pub absolute: i64,
}

type Row = (
    (SessionId, UserId, Plain, Instant, Instant, i32, i32),
    (AgencyId, Option<TeamId>, Plain, Plain),
    Plain,
);

/// Loads the session of a token, if it has not ended.
pub(crate) fn load(
    conn: &mut Conn,
    token: &str,
    now: Instant,
    limits: Limits,
) -> Result<Option<Session>> {
    let hash = token_hash(token);
    let today = Day(now.day());
    let held = user_role::user_id
        .eq(app_user::id)
        .and(user_role::from_day.le(today))
        .and(
            user_role::until_day
                .is_null()
                .or(user_role::until_day.ge(Some(today))),
        );
    // One statement for the session and the roles: every request begins with it.
    let rows: Vec<(Row, Option<Plain>)> = session::table
        .inner_join(
            app_user::table
                .inner_join(agency::table)
                .left_join(user_role::table.on(held.assume_not_null())),
        )
        .filter(session::token_hash.eq(&hash))
        .select((
            (
                (
                    session::id,
                    session::user_id,
                    session::csrf,
                    session::started_at,
                    session::seen_at,
                    session::locked,
                    session::shared,
                ),
                (
                    app_user::agency_id,
                    app_user::team_id,
                    app_user::name,
                    app_user::standing,
                ),
                agency::name,
            ),
            user_role::role.nullable(),
        ))
        .load(conn)?;
    let roles = rows
        .iter()
        .filter_map(|(_, role)| Role::parse(role.as_ref()?.as_str()))
        .collect();
    let Some((
        (
            (id, user, csrf, started, seen_at, locked, shared),
            (agency, team, name, standing),
            agency_name,
        ),
        _,
    )) = rows.into_iter().next()
    else {
        return Ok(None);
    };
    if now.seconds_since(started) >= limits.absolute {
        return Ok(None);
    }
    let actor = Actor {
        user,
        agency,
        standing: Standing::parse(standing.as_str()),
        roles,
    };
    if actor.standing != Standing::Active {
        return Ok(None);
    }
    Ok(Some(Session {
        actor,
        name,
        agency_name,
        team,
        csrf: csrf.as_str().to_owned(),
        mode: if shared == 1 {
            Mode::ClientCanSee
        } else {
            Mode::Alone
        },
        id,
        locked: locked == 1 || now.seconds_since(seen_at) >= limits.idle,
        token_hash: hash,
        seen_at,
    }))
}

/// Whose session a token is or was, with the token of its forms, whether or not it has ended.
pub(crate) fn owner(conn: &mut Conn, token: &str) -> Result<Option<(UserId, Plain)>> {
    Ok(session::table
        .find(token_hash(token))
        .select((session::user_id, session::csrf))
        .first(conn)
        .optional()?)
}

/// The roles that a user holds on the day of `now`.
pub(crate) fn roles(conn: &mut Conn, user: UserId, now: Instant) -> Result<Vec<Role>> {
    let today = Day(now.day());
    let codes: Vec<Plain> = user_role::table
        .filter(user_role::user_id.eq(user))
        .filter(user_role::from_day.le(today))
        .filter(
            user_role::until_day
                .is_null()
                .or(user_role::until_day.ge(Some(today))),
        )
        .select(user_role::role)
        .load(conn)?;
    let mut roles: Vec<Role> = codes
        .iter()
        .filter_map(|code| Role::parse(code.as_str()))
        .collect();
    roles.sort_unstable();
    roles.dedup();
    Ok(roles)
}

/// Notes that the session was used. Called at most once a minute.
pub(crate) fn touch(conn: &mut Conn, session: &Session, now: Instant) -> Result<()> {
    diesel::update(session::table.find(&session.token_hash))
        .set(session::seen_at.eq(now))
        .execute(conn)?;
    Ok(())
}
