//! Who people are: signing in, invitations, sessions, what is held while a session is locked.

pub mod codes;
pub mod doors;
pub mod held;
mod lapsed;
pub mod links;
pub mod office;
pub mod passwords;
pub mod sessions;
mod system;
pub mod throttle;

pub use system::system_session;

use crate::{App, Result, db::Failed};

/// Seconds for which what was posted to a locked session is held.
const HELD: i64 = 7 * 86_400;

/// Seconds for which what has ended is kept before it is dropped.
const ENDED: i64 = 86_400;

/// Drops what nobody can use any more: held posts nobody came back for, expired links and steps,
/// old counts of guesses, sessions past their end. Says how many rows went.
pub async fn prune(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let (held_before, ended_before) = (now.plus_seconds(-HELD), now.plus_seconds(-ENDED));
    let began_before = ended_before.plus_seconds(-app.limits().absolute);
    let held = held::forget(app, held_before).await?;
    let ended = app
        .write(move |conn| -> Result<usize, Failed> {
            Ok(links::forget(conn, ended_before)?
                + throttle::forget(conn, ended_before)?
                + sessions::forget(conn, began_before)?)
        })
        .await?;
    Ok(held + ended)
}
