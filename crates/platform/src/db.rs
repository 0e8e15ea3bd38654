//! Two engines behind one connection type. Everything that differs between them is in this folder.

mod place;
mod pool;
mod written;

use diesel::{
    connection::{AnsiTransactionManager as Ansi, TransactionManager},
    result::{DatabaseErrorKind, Error as Sql},
};

pub use place::{Migrated, Place};
pub use pool::Pool;
pub(crate) use written::Written;

use crate::{Error, Result};

mod conn {
    #![expect(missing_docs, reason = "the derive adds items of its own")]

    /// A connection to either engine.
    #[derive(diesel::MultiConnection)]
    pub enum Conn {
        Postgres(diesel::PgConnection),
        Sqlite(diesel::SqliteConnection),
    }

    /// The backend of [`Conn`], for `check_for_backend`.
    pub type Backend = self::multi_connection_impl::MultiBackend;
}
pub use conn::{Backend, Conn};

/// A failure inside a transaction, kept apart so that the engine's wish to run again is seen.
#[derive(Debug)]
pub enum Failed {
    /// The engine's.
    Sql(Sql),
    /// Ours.
    Said(Error),
}
impl From<Sql> for Failed {
    fn from(error: Sql) -> Self {
        Self::Sql(error)
    }
}
impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Said(error)
    }
}
impl From<Failed> for Error {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Sql(error) => error.into(),
            Failed::Said(error) => error,
        }
    }
}

impl Conn {
    /// Whether the connection must not be used again.
    fn is_broken(&mut self) -> bool {
        match self {
            Self::Postgres(c) => Ansi::is_broken_transaction_manager(c),
            Self::Sqlite(c) => Ansi::is_broken_transaction_manager(c),
        }
    }

    /// Reads on the one connection of SQLite. They all see the same state; that something was
    /// written is an error, and is undone.
    fn look<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let Self::Sqlite(c) = self else {
            return work(self);
        };
        let before = changes(c)?;
        Ansi::begin_transaction_sql(c, "BEGIN")?;
        let done = work(self);
        let Self::Sqlite(c) = self else {
            return done;
        };
        let after = changes(c);
        // A failed rollback breaks the connection, which the pool then drops.
        let _ = Ansi::rollback_transaction(c);
        if after? != before {
            return Err(Error::Broken("what only reads has written".to_owned()));
        }
        done
    }

    /// Reads that all see the same state, whatever commits meanwhile.
    pub(crate) fn snapshot<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        match self {
            Self::Postgres(c) => {
                Ansi::begin_transaction_sql(c, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
            }
            // What looks there is in a transaction already, and keeps what it saw.
            Self::Sqlite(_) => return work(self),
        }
        let done = work(self);
        // Nothing was written; a failed rollback breaks the connection, which the pool then drops.
        let _ = <Self as diesel::Connection>::TransactionManager::rollback_transaction(self);
        done
    }

    /// A write transaction, run again when the engine asks for it.
    ///
    /// `BEGIN IMMEDIATE` on SQLite: a transaction that starts by reading could not be upgraded
    /// while another writes.
    pub(crate) fn write<T>(&mut self, work: impl Fn(&mut Self) -> Result<T, Failed>) -> Result<T> {
        const TRIES: usize = 8;
        for _ in 0..TRIES {
            match self {
                Self::Postgres(c) => Ansi::begin_transaction_sql(c, "BEGIN")?,
                Self::Sqlite(c) => Ansi::begin_transaction_sql(c, "BEGIN IMMEDIATE")?,
            }
            let done = work(self).and_then(|value| {
                <Self as diesel::Connection>::TransactionManager::commit_transaction(self)?;
                Ok(value)
            });
            match done {
                Ok(value) => return Ok(value),
                Err(failed) => {
                    // The first error is the one to report; a failed rollback breaks the
                    // connection, which the pool then drops.
                    let _ = <Self as diesel::Connection>::TransactionManager::rollback_transaction(
                        self,
                    );
                    match failed {
                        Failed::Sql(error) if wants_again(&error) => {}
                        other => return Err(other.into()),
                    }
                }
            }
        }
        Err(Error::Broken(format!(
            "still in conflict after {TRIES} tries"
        )))
    }
}

/// How many rows the connection has changed since it was opened.
fn changes(conn: &mut diesel::SqliteConnection) -> Result<i64> {
    use diesel::{RunQueryDsl as _, dsl::sql, sql_types::BigInt};
    Ok(diesel::select(sql::<BigInt>("total_changes()")).get_result(conn)?)
}

/// Whether another try may succeed: a serialization failure, or two first writers of one chain or
/// of one count of guesses.
fn wants_again(error: &Sql) -> bool {
    match error {
        Sql::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        Sql::DatabaseError(DatabaseErrorKind::UniqueViolation, info) => {
            ["chain", "sign_in_try"].into_iter().any(|table| {
                info.table_name() == Some(table) || info.message().contains(&format!("{table}."))
            })
        }
        _ => false,
    }
}

/// Whether a unique constraint refused the statement.
pub fn is_duplicate(error: &Sql) -> bool {
    matches!(
        error,
        Sql::DatabaseError(DatabaseErrorKind::UniqueViolation, _)
    )
}
