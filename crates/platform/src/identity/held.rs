//! What was posted to a locked session is kept as that user's, and returns after the password.

use std::sync::Arc;

use axum::{
    http::{Method, Uri},
    response::{IntoResponse as _, Response},
};
use diesel::prelude::*;
use kernel::{form::Typed, ids::UserId, plain::Plain, time::Instant};

use crate::{
    App, Error, Result,
    db::Failed,
    layer::see_other,
    posted::{SECRET, same},
    session::Session,
    sql::{SqlId, SqlInstant, SqlPlain},
};

kernel::ids! {
    /// Something that was posted while the session was locked.
    HeldKind => HeldId,
}

mod table {
    use kernel::ids::UserKind;

    use super::{HeldKind, SqlId, SqlInstant, SqlPlain};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{HeldKind, SqlId, SqlInstant, SqlPlain, UserKind};
        held_post (id) {
            id -> SqlId<HeldKind>,
            user_id -> SqlId<UserKind>,
            path -> SqlPlain,
            typed -> SqlPlain,
            at -> SqlInstant,
        }
    }
}
use table::held_post;

/// Something that was posted while the session was locked.
#[derive(Clone, Debug)]
pub struct Held {
    /// Where it was posted.
    pub path: String,
    /// What was typed.
    pub typed: Typed,
}

/// The pages that a locked session still opens.
pub(crate) fn open_while_locked(path: &str) -> bool {
    matches!(path, "/unlock" | "/sign-out" | "/healthz")
        || path.starts_with("/assets/")
        || path.starts_with("/demo/")
}

/// Keeps what was posted, and asks for the password. A GET comes back by its address.
pub(crate) async fn keep(
    app: &App,
    session: &Arc<Session>,
    method: &Method,
    uri: &Uri,
    typed: Option<&Typed>,
) -> Response {
    if *method == Method::GET {
        let next = uri.path_and_query().map_or("/", |place| place.as_str());
        return see_other(&format!("/unlock?next={}", escaped(next)));
    }
    match typed {
        Some(typed) if same(typed.get("csrf"), &session.csrf) => {
            match store(app, session.actor.user, uri, typed.clone()).await {
                Ok(id) => see_other(&format!("/unlock?held={id}")),
                Err(error) => error.into_response(),
            }
        }
        Some(_) => Error::Forged.into_response(),
        // A file is not kept: it is chosen again on its page, which has the same address.
        None => see_other(&format!("/unlock?next={}", escaped(uri.path()))),
    }
}

/// Keeps what was posted by a session that has ended: it returns after signing in again. `None` if
/// there was no such session, or the form was not of it.
pub(crate) async fn keep_of_ended(
    app: &App,
    token: &str,
    uri: &Uri,
    typed: &Typed,
) -> Result<Option<HeldId>> {
    let token = token.to_owned();
    let found = app
        .readers
        .run(move |conn| crate::session::owner(conn, &token))
        .await?;
    match found {
        Some((user, csrf)) if same(typed.get("csrf"), csrf.as_str()) => {
            store(app, user, uri, typed.clone()).await.map(Some)
        }
        _ => Ok(None),
    }
}

async fn store(app: &App, user: UserId, uri: &Uri, mut typed: Typed) -> Result<HeldId> {
    let path = uri.path_and_query().map_or("/", |place| place.as_str());
    typed
        .0
        .retain(|name, _| name != "csrf" && !SECRET.contains(&name.as_str()));
    let text = serde_json::to_string(&typed.0).map_err(|e| Error::Broken(e.to_string()))?;
    let (id, path, text, at) = (
        HeldId::random(),
        Plain::new(path),
        Plain::new(text),
        app.clock.now(),
    );
    app.write(move |conn| -> Result<(), Failed> {
        diesel::insert_into(held_post::table)
            .values((
                held_post::id.eq(id),
                held_post::user_id.eq(user),
                held_post::path.eq(&path),
                held_post::typed.eq(&text),
                held_post::at.eq(at),
            ))
            .execute(conn)?;
        Ok(())
    })
    .await?;
    Ok(id)
}

/// What `user` posted, to be shown again. It stays until it is sent, dropped, or forgotten.
pub async fn find(app: &App, user: UserId, id: HeldId) -> Result<Option<Held>> {
    let row: Option<(Plain, Plain)> = app
        .readers
        .run(move |conn| {
            Ok(held_post::table
                .filter(held_post::id.eq(id))
                .filter(held_post::user_id.eq(user))
                .select((held_post::path, held_post::typed))
                .first(conn)
                .optional()?)
        })
        .await?;
    row.map(|(path, typed)| {
        let typed =
            serde_json::from_str(typed.as_str()).map_err(|e| Error::Broken(e.to_string()))?;
        Ok(Held {
            path: path.as_str().to_owned(),
            typed: Typed(typed),
        })
    })
    .transpose()
}

/// Drops what `user` posted: it was sent again, or is not wanted.
pub async fn discard(app: &App, user: UserId, id: HeldId) -> Result<()> {
    app.write(move |conn| -> Result<(), Failed> {
        diesel::delete(
            held_post::table
                .filter(held_post::id.eq(id))
                .filter(held_post::user_id.eq(user)),
        )
        .execute(conn)?;
        Ok(())
    })
    .await
}

/// The held post that a request sends again: its address says so.
pub(crate) fn sent_again(uri: &Uri) -> Option<HeldId> {
    uri.query()?
        .split('&')
        .find_map(|pair| pair.strip_prefix("held="))?
        .parse()
        .ok()
}

/// Drops what nobody came back for since `before`.
pub async fn forget(app: &App, before: Instant) -> Result<usize> {
    app.write(move |conn| {
        Ok(diesel::delete(held_post::table.filter(held_post::at.lt(before))).execute(conn)?)
    })
    .await
}

/// A path in a query: everything but letters, digits and `/-_.` in percent-encoding.
pub fn escaped(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}
