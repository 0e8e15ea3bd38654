//! Beginning and ending sessions.

use diesel::prelude::*;
use kernel::{ids::UserId, plain::Plain};

use crate::{
    App, Result, Session,
    db::Failed,
    office::platform_change,
    random,
    schema::{SessionId, session},
    session::token_hash,
};

/// Begins a session and gives its token, which is stored nowhere. The caller has made sure who it is.
pub(crate) async fn begin(app: &App, user: UserId, device: &str) -> Result<String> {
    let token = random::token()?;
    let (hash, csrf, now) = (
        token_hash(&token),
        Plain::new(random::token()?),
        app.clock.now(),
    );
    let (id, device) = (SessionId::random(), Plain::new(device));
    platform_change(app, user, "signed in", move |conn| -> Result<(), Failed> {
        diesel::insert_into(session::table)
            .values((
                session::token_hash.eq(&hash),
                session::id.eq(id),
                session::user_id.eq(user),
                session::csrf.eq(&csrf),
                session::started_at.eq(now),
                session::seen_at.eq(now),
                session::locked.eq(0),
                session::shared.eq(0),
                session::device.eq(&device),
            ))
            .execute(conn)?;
        Ok(())
    })
    .await?;
    Ok(token)
}

/// Begins a session for a persona of the demo, without a password. Refused anywhere else.
pub async fn become_persona(app: &App, user: UserId) -> Result<String> {
    let in_cast = app
        .config
        .cast
        .iter()
        .any(|(id, _)| *id == user.to_string());
    if !app.is_demo() || !in_cast {
        return Err(crate::Error::NotFound);
    }
    begin(app, user, "Demonstration").await
}

/// Ends this session.
pub async fn end(app: &App, ending: &Session) -> Result<()> {
    let hash = ending.token_hash.clone();
    platform_change(
        app,
        ending.actor.user,
        "signed out",
        move |conn| -> Result<(), Failed> {
            diesel::delete(session::table.find(&hash)).execute(conn)?;
            Ok(())
        },
    )
    .await
}

/// The `Set-Cookie` value that carries `token`, or that takes it away.
pub fn set_cookie(app: &App, token: Option<&str>) -> String {
    let secure = if app.config.session.secure_cookies {
        "; Secure"
    } else {
        ""
    };
    let name = app.cookie_name();
    match token {
        Some(token) => format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict{secure}"),
        None => format!("{name}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0{secure}"),
    }
}
