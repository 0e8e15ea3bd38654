//! The session of the user in whose name arrives what no person hands in.

use diesel::prelude::*;
use kernel::{
    access::{Actor, Mode, Standing},
    ids::AgencyId,
    plain::Plain,
};

use crate::{
    App, Error, Result, Session,
    bootstrap::SYSTEM,
    schema::{SessionId, agency, app_user},
    session::roles,
};

/// A session for [`SYSTEM`], which holds no token and cannot be reached from a browser.
///
/// # Errors
/// [`Error::NotFound`] if the installation has no such user.
pub async fn system_session(app: &App) -> Result<Session> {
    let now = app.clock.now();
    app.readers
        .run(move |conn| {
            let found: Option<(AgencyId, Plain, Plain, Plain)> = app_user::table
                .inner_join(agency::table)
                .filter(app_user::id.eq(SYSTEM))
                .select((
                    app_user::agency_id,
                    app_user::name,
                    app_user::standing,
                    agency::name,
                ))
                .first(conn)
                .optional()?;
            let (agency, name, standing, agency_name) = found.ok_or(Error::NotFound)?;
            Ok(Session {
                actor: Actor {
                    user: SYSTEM,
                    agency,
                    standing: Standing::parse(standing.as_str()),
                    roles: roles(conn, SYSTEM, now)?,
                },
                name,
                agency_name,
                team: None,
                csrf: String::new(),
                mode: Mode::Alone,
                id: SessionId::random(),
                locked: false,
                token_hash: Plain::default(),
                seen_at: now,
            })
        })
        .await
}
