//! Beginning and ending sessions.

use diesel::prelude::*;
use kernel::{ids::UserId, plain::Plain, time::Instant};

use crate::{
    App, Result, Scope as _, Session, Tx,
    db::{Conn, Failed},
    identity::links::{self, Purpose},
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

/// Ends the session of a token, if there is one, because the same browser begins another.
pub(crate) async fn end_token(app: &App, token: &str) -> Result<()> {
    let hash = token_hash(token);
    app.write(move |conn| -> Result<(), Failed> {
        diesel::delete(session::table.find(&hash)).execute(conn)?;
        Ok(())
    })
    .await
}

/// Unlocks a session under a new token (ASVS 5.0 7.2.4). The token of its forms stays, so that what
/// is open in other tabs can still be sent.
pub(crate) async fn unlock(app: &App, locked: &Session) -> Result<String> {
    let token = random::token()?;
    let (old, new, now) = (
        locked.token_hash.clone(),
        token_hash(&token),
        app.clock.now(),
    );
    let user = locked.actor.user;
    platform_change(app, user, "unlocked", move |conn| -> Result<(), Failed> {
        let moved = diesel::update(session::table.find(&old))
            .set((
                session::token_hash.eq(&new),
                session::locked.eq(0),
                session::shared.eq(0),
                session::seen_at.eq(now),
            ))
            .execute(conn)?;
        if moved == 1 {
            Ok(())
        } else {
            Err(crate::Error::SignIn.into())
        }
    })
    .await?;
    Ok(token)
}

/// Begins session mode: the client can see the screen of this session until the worker signs in
/// again. From the next request on the server sends `Client` fields only.
pub fn share(tx: &mut Tx<'_>, shown: &Session) -> Result<(), Failed> {
    let shared = diesel::update(session::table.find(&shown.token_hash))
        .set(session::shared.eq(1))
        .execute(tx.conn())?;
    if shared == 1 {
        Ok(())
    } else {
        Err(crate::Error::SignIn.into())
    }
}

/// A session in the list of one's own.
#[derive(Clone, Debug)]
pub struct Mine {
    /// By what it is named; it opens nothing.
    pub id: SessionId,
    /// What browser it is, in words.
    pub device: Plain,
    /// When it began.
    pub started_at: Instant,
    /// When it was last used, to within a minute.
    pub seen_at: Instant,
}

/// The sessions of `user` that have not ended, the one used last first.
pub fn of_user(app: &App, conn: &mut Conn, user: UserId) -> Result<Vec<Mine>> {
    let since = app.clock.now().plus_seconds(-app.limits().absolute);
    let rows: Vec<(SessionId, Plain, Instant, Instant)> = session::table
        .filter(session::user_id.eq(user))
        .filter(session::started_at.gt(since))
        .order(session::seen_at.desc())
        .select((
            session::id,
            session::device,
            session::started_at,
            session::seen_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, device, started_at, seen_at)| Mine {
            id,
            device,
            started_at,
            seen_at,
        })
        .collect())
}

/// Ends one session of `user`. Says whether there was one.
pub fn end_one(conn: &mut Conn, user: UserId, id: SessionId) -> Result<bool, Failed> {
    Ok(diesel::delete(
        session::table
            .filter(session::id.eq(id))
            .filter(session::user_id.eq(user)),
    )
    .execute(conn)?
        == 1)
}

/// Ends all sessions of `user` but `except`, and the steps of sign-ins that are under way.
pub fn end_all(conn: &mut Conn, user: UserId, except: Option<SessionId>) -> Result<usize, Failed> {
    links::drop_of(conn, user, &[Purpose::Code, Purpose::Enrol])?;
    let mut mine = diesel::delete(session::table)
        .filter(session::user_id.eq(user))
        .into_boxed();
    if let Some(kept) = except {
        mine = mine.filter(session::id.ne(kept));
    }
    Ok(mine.execute(conn)?)
}

/// Drops sessions that began before `before`, long past their end.
pub(crate) fn forget(conn: &mut Conn, before: Instant) -> Result<usize, Failed> {
    Ok(diesel::delete(session::table.filter(session::started_at.lt(before))).execute(conn)?)
}

/// What browser it is, in words for the list of one's own sessions.
pub fn device_words(agent: &str) -> &'static str {
    // The order matters: Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
    let browser = [
        ("Edg", 0),
        ("OPR/", 1),
        ("Firefox/", 2),
        ("Chrome/", 3),
        ("Safari/", 4),
    ]
    .into_iter()
    .find(|(sign, _)| agent.contains(sign))
    .map_or(5, |(_, browser)| browser);
    let system = [
        ("iPhone", 0),
        ("iPad", 1),
        ("Android", 2),
        ("Windows", 3),
        ("Mac OS", 4),
        ("Linux", 5),
    ]
    .into_iter()
    .find(|(sign, _)| agent.contains(sign))
    .map_or(6, |(_, system)| system);
    DEVICES
        .get(browser)
        .and_then(|row: &[&str; 7]| row.get(system))
        .copied()
        .unwrap_or("A browser")
}

macro_rules! devices {
    ($($browser:literal)*) => {
        [$([
            concat!($browser, " on an iPhone"),
            concat!($browser, " on an iPad"),
            concat!($browser, " on Android"),
            concat!($browser, " on Windows"),
            concat!($browser, " on a Mac"),
            concat!($browser, " on Linux"),
            $browser,
        ]),*]
    };
}
const DEVICES: [[&str; 7]; 6] = devices!("Edge" "Opera" "Firefox" "Chrome" "Safari" "A browser");

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_in_words() {
        let cases = [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36",
                "Chrome on Windows",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0",
                "Firefox on Linux",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604",
                "Safari on an iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/17.0 Safari/605",
                "Safari on a Mac",
            ),
            ("curl/8", "A browser"),
            ("", "A browser"),
        ];
        for (agent, words) in cases {
            assert_eq!(device_words(agent), words, "{agent}");
        }
    }
}
