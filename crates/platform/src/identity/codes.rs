//! The second factor: one-time codes of an authenticator app (RFC 6238), and recovery codes.
//!
//! The secret of a user is derived from the server's key, the user and a salt of the enrolment, so
//! that the database alone holds no secret.

use diesel::prelude::*;
use kernel::{ids::UserId, plain::Plain, time::Instant};
use qrcode::{Color, QrCode};
use totp_rs::{Builder, Secret, Totp};

use crate::{
    Error, Result,
    audit::Key,
    db::{Conn, Failed},
    random,
    schema::app_user,
    sql::{SqlId, SqlPlain},
};

/// Seconds for which a code stands (RFC 6238; ASVS 5.0 6.5.5: at most 30). The neighbouring steps
/// are taken too, for clocks that differ (RFC 6238 5.2).
const STEP: u64 = 30;

/// How many recovery codes a user is given.
pub const RECOVERY_CODES: usize = 10;

mod table {
    use kernel::ids::UserKind;

    use super::{SqlId, SqlPlain};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{SqlId, SqlPlain, UserKind};
        recovery_code (user_id, code_hash) {
            user_id -> SqlId<UserKind>,
            code_hash -> SqlPlain,
        }
    }
}
use table::recovery_code;

/// What an authenticator app must be told, once.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// The secret as it is typed, in groups of four.
    pub secret: Plain,
    /// Cells to a side of the picture, with its quiet margin.
    pub side: usize,
    /// The dark cells as an SVG path.
    pub path: Plain,
}

/// A new salt of an enrolment.
pub(crate) fn new_salt() -> Result<Plain> {
    random::token().map(Plain::new)
}

fn secret(key: &Key, user: UserId, salt: &Plain) -> Result<Secret> {
    let seal = key.seal(&["totp", &user.to_string(), salt.as_str()]);
    let bytes: Vec<u8> = seal
        .as_bytes()
        .chunks(2)
        .take(20)
        .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    if bytes.len() == 20 && !salt.is_empty() {
        Ok(Secret::from(bytes))
    } else {
        Err(Error::Broken("a secret could not be derived".to_owned()))
    }
}

fn totp(key: &Key, user: UserId, salt: &Plain) -> Result<Totp> {
    Builder::new()
        .with_secret(secret(key, user, salt)?)
        .with_step_duration(STEP)
        .build()
        .map_err(|e| Error::Broken(format!("one-time codes: {e}")))
}

/// The step whose code was typed, if it is later than `last`: each step is used once.
pub(crate) fn step_of(
    key: &Key,
    user: UserId,
    salt: &Plain,
    typed: &str,
    last: i64,
    now: Instant,
) -> Result<Option<i64>> {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let Ok(seconds) = u64::try_from(now.get().as_second()) else {
        return Ok(None);
    };
    let step = totp(key, user, salt)?.check(&digits, seconds);
    Ok(step
        .and_then(|step| i64::try_from(step).ok())
        .filter(|step| *step > last))
}

/// What the authenticator app of `email` must be told.
pub(crate) fn enrolment(key: &Key, user: UserId, email: &Plain, salt: &Plain) -> Result<Enrolment> {
    let text = secret(key, user, salt)?.to_base32();
    let label = super::held::escaped(email.as_str());
    let uri = format!("otpauth://totp/Cusp:{label}?secret={text}&issuer=Cusp");
    let code = QrCode::new(uri.as_bytes()).map_err(|e| Error::Broken(format!("QR code: {e}")))?;
    let (width, margin) = (code.width(), 4);
    let mut path = String::new();
    for (place, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            use std::fmt::Write as _;
            let (x, y) = (place % width + margin, place / width + margin);
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    let grouped: Vec<String> = text
        .as_bytes()
        .chunks(4)
        .map(|four| String::from_utf8_lossy(four).into_owned())
        .collect();
    Ok(Enrolment {
        secret: Plain::new(grouped.join(" ")),
        side: width + 2 * margin,
        path: Plain::new(path),
    })
}

/// Uses the code of an authenticator app, or a recovery code, of `user`. Says whether it was right,
/// and which it was.
pub(crate) fn use_code(
    conn: &mut Conn,
    key: &Key,
    user: UserId,
    typed: &str,
    now: Instant,
) -> Result<Option<Factor>, Failed> {
    let (salt, last): (Option<Plain>, i64) = app_user::table
        .find(user)
        .select((app_user::totp_salt, app_user::totp_step))
        .first(conn)?;
    if let Some(salt) = salt
        && let Some(step) = step_of(key, user, &salt, typed, last, now)?
    {
        // Two requests with one code: the second finds the step used.
        let moved = diesel::update(
            app_user::table
                .filter(app_user::id.eq(user))
                .filter(app_user::totp_step.lt(step)),
        )
        .set(app_user::totp_step.eq(step))
        .execute(conn)?;
        return Ok((moved == 1).then_some(Factor::App));
    }
    let hash = recovery_hash(key, user, typed);
    let deleted = diesel::delete(recovery_code::table.find((user, hash))).execute(conn)?;
    Ok((deleted == 1).then_some(Factor::Recovery))
}

/// By what the second step was passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    /// A code of the authenticator app.
    App,
    /// A recovery code, which is used up.
    Recovery,
}

/// Takes up a new authenticator app with the step whose code proved it, and gives new recovery
/// codes, which are stored as keyed hashes only. The codes come from outside so that a transaction
/// that runs again gives the same.
pub(crate) fn enrol(
    conn: &mut Conn,
    key: &Key,
    user: UserId,
    (salt, step): (&Plain, i64),
    codes: &[Plain],
) -> Result<(), Failed> {
    diesel::update(app_user::table.find(user))
        .set((
            app_user::totp_salt.eq(Some(salt)),
            app_user::totp_step.eq(step),
        ))
        .execute(conn)?;
    replace_recovery(conn, key, user, codes)
}

/// Replaces the recovery codes of `user`.
pub(crate) fn replace_recovery(
    conn: &mut Conn,
    key: &Key,
    user: UserId,
    codes: &[Plain],
) -> Result<(), Failed> {
    diesel::delete(recovery_code::table.filter(recovery_code::user_id.eq(user))).execute(conn)?;
    for code in codes {
        diesel::insert_into(recovery_code::table)
            .values((
                recovery_code::user_id.eq(user),
                recovery_code::code_hash.eq(recovery_hash(key, user, code.as_str())),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Voids the second factor of `user`.
pub(crate) fn void(conn: &mut Conn, user: UserId) -> Result<(), Failed> {
    diesel::update(app_user::table.find(user))
        .set(app_user::totp_salt.eq(None::<Plain>))
        .execute(conn)?;
    diesel::delete(recovery_code::table.filter(recovery_code::user_id.eq(user))).execute(conn)?;
    Ok(())
}

/// How many recovery codes `user` has left.
pub fn recovery_left(conn: &mut Conn, user: UserId) -> Result<i64> {
    Ok(recovery_code::table
        .filter(recovery_code::user_id.eq(user))
        .count()
        .get_result(conn)?)
}

/// Whether `user` has set up an authenticator app.
pub fn is_enrolled(conn: &mut Conn, user: UserId) -> Result<bool> {
    let salt: Option<Plain> = app_user::table
        .find(user)
        .select(app_user::totp_salt)
        .first(conn)?;
    Ok(salt.is_some())
}

/// The address by which `user` signs in.
pub fn address_of(conn: &mut Conn, user: UserId) -> Result<Plain> {
    Ok(app_user::table
        .find(user)
        .select(app_user::email)
        .first(conn)?)
}

/// New recovery codes, of 60 bits each.
pub(crate) fn new_recovery() -> Result<Vec<Plain>> {
    (0..RECOVERY_CODES)
        .map(|_| {
            let (one, two) = (random::reference()?, random::reference()?);
            let half: String = two.chars().take(4).collect();
            Ok(Plain::new(format!("{one}-{half}")))
        })
        .collect()
}

fn recovery_hash(key: &Key, user: UserId, typed: &str) -> Plain {
    let bare: String = typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    Plain::new(key.seal(&["recovery", &user.to_string(), &bare]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::new("2026-10-14T09:00:00Z".parse().unwrap()).plus_seconds(seconds)
    }

    fn code(key: &Key, user: UserId, salt: &Plain, at: Instant) -> String {
        let seconds = u64::try_from(at.get().as_second()).unwrap();
        totp(key, user, salt).unwrap().generate(seconds).to_string()
    }

    #[test]
    fn a_code_stands_for_its_step_and_is_used_once() {
        let (key, user, salt) = (Key::new([7; 32]), UserId::new(), Plain::new("salt"));
        let typed = code(&key, user, &salt, at(0));
        let check = |last, seconds| step_of(&key, user, &salt, &typed, last, at(seconds)).unwrap();
        let step = check(0, 0).unwrap();
        for (last, seconds, expected) in [
            (0, 0, true),
            (0, 29, true),
            (0, 59, true),   // one step late
            (0, -30, true),  // one step early
            (0, 60, false),  // two steps late
            (0, -31, false), // two steps early
            (step, 0, false),
            (step - 1, 0, true),
        ] {
            assert_eq!(check(last, seconds).is_some(), expected, "{last} {seconds}");
        }
        let spaced = format!("{} {}", &typed[..3], &typed[3..]);
        assert_eq!(
            step_of(&key, user, &salt, &spaced, 0, at(0)).unwrap(),
            Some(step)
        );
    }

    #[test]
    fn the_secret_hangs_on_key_user_and_salt() {
        let (key, user, salt) = (Key::new([7; 32]), UserId::new(), Plain::new("salt"));
        let text = |key: &Key, user, salt: &Plain| secret(key, user, salt).unwrap().to_base32();
        let one = text(&key, user, &salt);
        assert_eq!(one, text(&key, user, &salt));
        assert_eq!(one.len(), 32, "160 bits");
        assert_ne!(one, text(&Key::new([8; 32]), user, &salt));
        assert_ne!(one, text(&key, UserId::new(), &salt));
        assert_ne!(one, text(&key, user, &Plain::new("other")));
        assert!(secret(&key, user, &Plain::default()).is_err());
    }

    #[test]
    fn a_recovery_code_is_read_as_people_type_it() {
        let (key, user) = (Key::new([7; 32]), UserId::new());
        let hash = recovery_hash(&key, user, "ABCD-EFGH-2345");
        assert_eq!(hash, recovery_hash(&key, user, " abcd efgh 2345"));
        assert_ne!(hash, recovery_hash(&key, UserId::new(), "ABCD-EFGH-2345"));
    }
}
