//! Files that were taken, so that the same file is not taken twice.

use diesel::prelude::*;
use kernel::plain::Plain;
use platform::{Error, Failed, Result, Scope as _, Tx, db::Conn};

mod table {
    use kernel::ids::CaseKind;
    use platform::sql::{SqlId, SqlInstant, SqlPlain};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, SqlId, SqlInstant, SqlPlain};
        /// A file that was taken.
        referral_file (hash) {
            /// SHA-256 of its bytes.
            hash -> SqlPlain,
            /// The case that it opened.
            case_id -> SqlId<CaseKind>,
            /// The reference under which it was taken.
            reference -> SqlPlain,
            /// When.
            at -> SqlInstant,
        }
    }
}

use table::referral_file;

/// The reference under which a file with this hash was taken, if it was.
pub fn file_taken(conn: &mut Conn, hash: &str) -> Result<Option<Plain>> {
    Ok(referral_file::table
        .find(Plain::new(hash))
        .select(referral_file::reference)
        .first(conn)
        .optional()?)
}

/// Notes that a file was taken.
///
/// # Errors
/// [`Error::Stale`] if it was taken meanwhile.
pub fn note_file(tx: &mut Tx<'_>, hash: &str, reference: &Plain) -> Result<(), Failed> {
    let (case, now) = (tx.case(), tx.now());
    diesel::insert_into(referral_file::table)
        .values((
            referral_file::hash.eq(Plain::new(hash)),
            referral_file::case_id.eq(case),
            referral_file::reference.eq(reference),
            referral_file::at.eq(now),
        ))
        .execute(tx.conn())
        .map_err(|error| {
            if platform::db::is_duplicate(&error) {
                Failed::from(Error::Stale)
            } else {
                error.into()
            }
        })?;
    Ok(())
}
