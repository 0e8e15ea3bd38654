//! What each user chose.

use diesel::prelude::*;
use kernel::{ids::UserId, plain::Plain};
use platform::{Failed, Result, db::Conn};

use super::model::{Choice, MailKind};

mod table {
    use kernel::ids::UserKind;
    use platform::sql::{SqlId, SqlPlain};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{SqlId, SqlPlain, UserKind};
        mail_choice (user_id, kind) {
            user_id -> SqlId<UserKind>,
            kind -> SqlPlain,
            choice -> SqlPlain,
        }
    }
}
use table::mail_choice;

/// What `user` wants for a kind of mail.
pub fn choice(conn: &mut Conn, user: UserId, kind: MailKind) -> Result<Choice> {
    if !MailKind::CHOSEN.contains(&kind) {
        return Ok(Choice::AtOnce);
    }
    let chosen: Option<Plain> = mail_choice::table
        .find((user, Plain::new(kind.code())))
        .select(mail_choice::choice)
        .first(conn)
        .optional()?;
    Ok(chosen
        .and_then(|code| Choice::from_code(code.as_str()))
        .unwrap_or(kind.by_default()))
}

/// Keeps what `user` wants for a kind of mail. What waits already goes out as it was to.
pub fn choose(conn: &mut Conn, user: UserId, kind: MailKind, to: Choice) -> Result<(), Failed> {
    let code = Plain::new(kind.code());
    diesel::delete(mail_choice::table.find((user, &code))).execute(conn)?;
    diesel::insert_into(mail_choice::table)
        .values((
            mail_choice::user_id.eq(user),
            mail_choice::kind.eq(&code),
            mail_choice::choice.eq(Plain::new(to.code())),
        ))
        .execute(conn)?;
    Ok(())
}
