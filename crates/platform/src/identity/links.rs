//! What works once: the link of an invitation or a reset, and the steps between password and
//! session.

use diesel::prelude::*;
use kernel::{ids::UserId, plain::Plain, time::Instant};

use crate::{
    Result,
    audit::Key,
    db::{Conn, Failed},
    session::token_hash,
    sql::{SqlId, SqlInstant, SqlPlain},
};

kernel::ids! {
    /// Something that works once.
    OneTimeKind => OneTimeId,
}

mod table {
    use kernel::ids::UserKind;

    use super::{OneTimeKind, SqlId, SqlInstant, SqlPlain};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{OneTimeKind, SqlId, SqlInstant, SqlPlain, UserKind};
        one_time (id) {
            id -> SqlId<OneTimeKind>,
            token_hash -> SqlPlain,
            user_id -> SqlId<UserKind>,
            purpose -> SqlPlain,
            made_at -> SqlInstant,
            expires_at -> SqlInstant,
            salt -> Nullable<SqlPlain>,
        }
    }
}
use table::one_time;

/// Seconds for which the link of an invitation or a reset is good: seven days.
pub const LINK: i64 = 7 * 86_400;

/// Seconds for which a sign-in may stand between password and code.
pub const STEP: i64 = 600;

/// What a one-time token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Choosing the first password.
    Invitation,
    /// Choosing a new password, after a manager voided the old one.
    Reset,
    /// The code after the password.
    Code,
    /// Setting up the authenticator app after the password.
    Enrol,
    /// Setting up another authenticator app while signed in.
    Again,
}

impl Purpose {
    const ALL: [Self; 5] = [
        Self::Invitation,
        Self::Reset,
        Self::Code,
        Self::Enrol,
        Self::Again,
    ];

    /// As it is stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reset => "reset",
            Self::Code => "code",
            Self::Enrol => "enrol",
            Self::Again => "again",
        }
    }

    const fn seconds(self) -> i64 {
        match self {
            Self::Invitation | Self::Reset => LINK,
            Self::Code | Self::Enrol | Self::Again => STEP,
        }
    }
}

/// A one-time token that is still good.
#[derive(Clone, Debug)]
pub(crate) struct OneTime {
    pub(crate) id: OneTimeId,
    pub(crate) user: UserId,
    pub(crate) purpose: Purpose,
    pub(crate) salt: Option<Plain>,
    pub(crate) expires_at: Instant,
}

/// The token of a row. It is derived from the key, so that mail still to be sent need not keep it.
pub(crate) fn token(key: &Key, id: OneTimeId) -> String {
    key.seal(&["one-time", &id.to_string()])
}

/// Makes the one token of this purpose that `user` has from now on; older ones stop working.
pub(crate) fn make(
    conn: &mut Conn,
    key: &Key,
    (id, purpose): (OneTimeId, Purpose),
    user: UserId,
    salt: Option<&Plain>,
    now: Instant,
) -> Result<(), Failed> {
    drop_of(conn, user, &[purpose])?;
    diesel::insert_into(one_time::table)
        .values((
            one_time::id.eq(id),
            one_time::token_hash.eq(token_hash(&token(key, id))),
            one_time::user_id.eq(user),
            one_time::purpose.eq(Plain::new(purpose.code())),
            one_time::made_at.eq(now),
            one_time::expires_at.eq(now.plus_seconds(purpose.seconds())),
            one_time::salt.eq(salt),
        ))
        .execute(conn)?;
    Ok(())
}

type Row = (OneTimeId, UserId, Plain, Option<Plain>, Instant);

fn read(row: Row) -> Option<OneTime> {
    let (id, user, purpose, salt, expires_at) = row;
    let purpose = Purpose::ALL
        .into_iter()
        .find(|known| known.code() == purpose.as_str())?;
    Some(OneTime {
        id,
        user,
        purpose,
        salt,
        expires_at,
    })
}

/// What `token` is good for now.
pub(crate) fn find(conn: &mut Conn, token: &str, now: Instant) -> Result<Option<OneTime>, Failed> {
    let row: Option<Row> = one_time::table
        .filter(one_time::token_hash.eq(token_hash(token)))
        .filter(one_time::expires_at.gt(now))
        .select((
            one_time::id,
            one_time::user_id,
            one_time::purpose,
            one_time::salt,
            one_time::expires_at,
        ))
        .first(conn)
        .optional()?;
    Ok(row.and_then(read))
}

/// What `user` has of these purposes, still good.
pub(crate) fn of_user(
    conn: &mut Conn,
    user: UserId,
    purposes: &[Purpose],
    now: Instant,
) -> Result<Option<OneTime>, Failed> {
    let codes: Vec<Plain> = purposes.iter().map(|p| Plain::new(p.code())).collect();
    let row: Option<Row> = one_time::table
        .filter(one_time::user_id.eq(user))
        .filter(one_time::purpose.eq_any(codes))
        .filter(one_time::expires_at.gt(now))
        .order(one_time::made_at.desc())
        .select((
            one_time::id,
            one_time::user_id,
            one_time::purpose,
            one_time::salt,
            one_time::expires_at,
        ))
        .first(conn)
        .optional()?;
    Ok(row.and_then(read))
}

/// Uses a token up. Of two requests at once, one is told `false`.
pub(crate) fn take(conn: &mut Conn, id: OneTimeId) -> Result<bool, Failed> {
    Ok(diesel::delete(one_time::table.find(id)).execute(conn)? == 1)
}

/// Voids what `user` has of these purposes.
pub(crate) fn drop_of(
    conn: &mut Conn,
    user: UserId,
    purposes: &[Purpose],
) -> Result<usize, Failed> {
    let codes: Vec<Plain> = purposes.iter().map(|p| Plain::new(p.code())).collect();
    Ok(diesel::delete(
        one_time::table
            .filter(one_time::user_id.eq(user))
            .filter(one_time::purpose.eq_any(codes)),
    )
    .execute(conn)?)
}

/// Drops what expired before `before`.
pub(crate) fn forget(conn: &mut Conn, before: Instant) -> Result<usize, Failed> {
    Ok(diesel::delete(one_time::table.filter(one_time::expires_at.lt(before))).execute(conn)?)
}
