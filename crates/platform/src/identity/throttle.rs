//! At most ten guesses in five minutes for each account and device.
//!
//! A device that signed in to an account before has a count of its own, by a signed cookie; all
//! other devices share one. So a stranger who guesses at a worker's password uses up the strangers'
//! tries, and the worker still signs in from her own machine (OWASP, "Slow Down Online Guessing
//! Attacks with Device Cookies").

use axum::http::HeaderMap;
use diesel::prelude::*;
use kernel::{ids::UserId, plain::Plain, time::Instant};

use crate::{
    App, Error, Result,
    db::{Conn, Failed},
    layer::cookie,
    posted::same,
    random,
    sql::{SqlInstant, SqlPlain},
};

/// Guesses that may be wrong within [`WINDOW`].
pub const MOST: usize = 10;

/// Seconds in which they are counted.
pub const WINDOW: i64 = 300;

/// Seconds for which a device is known: 400 days, the longest that browsers keep a cookie.
const KNOWN: i64 = 400 * 86_400;

mod table {
    use super::{SqlInstant, SqlPlain};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{SqlInstant, SqlPlain};
        sign_in_try (bucket) {
            bucket -> SqlPlain,
            times -> SqlPlain,
            last_at -> SqlInstant,
            version -> BigInt,
        }
    }
}
use table::sign_in_try;

/// Seconds until another guess may be made; `None` if it may be made now.
pub fn wait(tries: &[Instant], now: Instant) -> Option<i64> {
    let mut counted: Vec<i64> = tries
        .iter()
        .map(|at| now.seconds_since(*at))
        .filter(|ago| (0..WINDOW).contains(ago))
        .collect();
    counted.sort_unstable();
    counted.get(MOST - 1).map(|ago| WINDOW - ago)
}

/// A count of guesses, under a name that does not tell whose it is.
#[derive(Clone, Debug)]
pub(crate) struct Bucket(Plain);

impl Bucket {
    /// The count of guesses at `account` from this device.
    pub(crate) fn of(app: &App, headers: &HeaderMap, account: &Account) -> Self {
        let device = account
            .user
            .and_then(|user| device(app, headers, user))
            .unwrap_or_default();
        Self(Plain::new(app.key.seal(&["try", &account.email, &device])))
    }
}

/// Whose password is guessed at: the address as it was typed, and the user if there is one.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) email: String,
    pub(crate) user: Option<UserId>,
}

/// A guess that was counted.
pub(crate) struct Guess {
    bucket: Bucket,
    at: Instant,
}

/// Counts a guess before it is looked at, so that many at once are not more than ten.
///
/// # Errors
/// [`Error::TooMany`] with the seconds to wait.
pub(crate) async fn guess(app: &App, bucket: Bucket) -> Result<Guess> {
    let (now, name) = (app.clock.now(), bucket.0.clone());
    app.write(move |conn| {
        let mut times = take(conn, &name, now)?;
        if let Some(seconds) = wait(&times, now) {
            return Err(Error::TooMany(seconds).into());
        }
        times.push(now);
        put(conn, &name, &times, now)
    })
    .await?;
    Ok(Guess { bucket, at: now })
}

/// Takes a guess that was right off the count.
pub(crate) async fn right(app: &App, guess: Guess) -> Result<()> {
    let now = app.clock.now();
    app.write(move |conn| {
        let name = &guess.bucket.0;
        let mut times = take(conn, name, now)?;
        if let Some(place) = times.iter().position(|at| *at == guess.at) {
            times.remove(place);
        }
        put(conn, name, &times, now)
    })
    .await
}

/// The guesses of a count, which is held until the transaction ends.
fn take(conn: &mut Conn, name: &Plain, now: Instant) -> Result<Vec<Instant>, Failed> {
    let found: Option<Plain> = diesel::update(sign_in_try::table.find(name))
        .set(sign_in_try::version.eq(sign_in_try::version + 1))
        .returning(sign_in_try::times)
        .get_result(conn)
        .optional()?;
    if found.is_none() {
        diesel::insert_into(sign_in_try::table)
            .values((
                sign_in_try::bucket.eq(name),
                sign_in_try::times.eq(Plain::new("[]")),
                sign_in_try::last_at.eq(now),
                sign_in_try::version.eq(1_i64),
            ))
            .execute(conn)?;
    }
    let text = found.unwrap_or_else(|| Plain::new("[]"));
    Ok(serde_json::from_str(text.as_str()).map_err(|e| Error::Broken(e.to_string()))?)
}

fn put(conn: &mut Conn, name: &Plain, times: &[Instant], now: Instant) -> Result<(), Failed> {
    let counted: Vec<Instant> = times
        .iter()
        .copied()
        .filter(|at| (0..WINDOW).contains(&now.seconds_since(*at)))
        .collect();
    let text = serde_json::to_string(&counted).map_err(|e| Error::Broken(e.to_string()))?;
    diesel::update(sign_in_try::table.find(name))
        .set((
            sign_in_try::times.eq(Plain::new(text)),
            sign_in_try::last_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Drops counts that were not used since `before`.
pub(crate) fn forget(conn: &mut Conn, before: Instant) -> Result<usize, Failed> {
    Ok(diesel::delete(sign_in_try::table.filter(sign_in_try::last_at.lt(before))).execute(conn)?)
}

/// The name of the cookie by which a device is known to one account. Several people who share a
/// machine each have one.
fn cookie_name(app: &App, user: UserId) -> String {
    let seal = app.key.seal(&["device name", &user.to_string()]);
    let short: String = seal.chars().take(12).collect();
    format!("{}-d-{short}", app.cookie_name())
}

/// The device of this request, if it signed in to this account before.
fn device(app: &App, headers: &HeaderMap, user: UserId) -> Option<String> {
    let value = cookie(headers, &cookie_name(app, user))?;
    let (device, seal) = value.split_once('.')?;
    let ours = app.key.seal(&["device", &user.to_string(), device]);
    (!ours.is_empty() && same(&ours, seal)).then(|| device.to_owned())
}

/// The `Set-Cookie` value by which this device is known to `user` from now on.
pub(crate) fn know_device(app: &App, headers: &HeaderMap, user: UserId) -> Result<String> {
    let device = match device(app, headers, user) {
        Some(known) => known,
        None => random::hex(&random::bytes::<16>()?),
    };
    let seal = app.key.seal(&["device", &user.to_string(), &device]);
    let secure = if app.config.session.secure_cookies {
        "; Secure"
    } else {
        ""
    };
    Ok(format!(
        "{}={device}.{seal}; Path=/; HttpOnly; SameSite=Strict; Max-Age={KNOWN}{secure}",
        cookie_name(app, user)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_guesses_in_five_minutes() {
        let start = Instant::new("2026-10-14T09:00:00Z".parse().unwrap());
        // Seconds after the start at which guesses were made; when the next is asked for; the wait.
        let cases: [(&[i64], i64, Option<i64>); 8] = [
            (&[], 0, None),
            (&[0; 9], 0, None),
            (&[0; 10], 0, Some(300)),
            (&[0; 10], 299, Some(1)),
            (&[0; 10], 300, None),
            (&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 10, Some(290)),
            (&[0, 0, 0, 0, 0, 0, 0, 0, 0, 200, 250], 260, Some(40)),
            (&[900; 10], 0, None), // the clock of the demo went back
        ];
        for (made, asked, expected) in cases {
            let tries: Vec<Instant> = made.iter().map(|s| start.plus_seconds(*s)).collect();
            assert_eq!(
                wait(&tries, start.plus_seconds(asked)),
                expected,
                "{made:?} {asked}"
            );
        }
    }
}
