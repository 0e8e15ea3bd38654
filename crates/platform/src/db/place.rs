//! Where the data are, how a connection is opened, and how the schema is brought up to date.

use std::{path::PathBuf, sync::Arc};

use diesel::{Connection as _, connection::SimpleConnection as _, migration::MigrationSource};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{Conn, Pool};
use crate::{Error, Result, random::hex};

const COMMON: EmbeddedMigrations = embed_migrations!("../../migrations/common");
const POSTGRES_ONLY: EmbeddedMigrations = embed_migrations!("../../migrations/postgres_only");
const SQLITE_ONLY: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite_only");

/// The common migrations and those of one engine, in the order of their names.
struct Merged(EmbeddedMigrations);
impl<B: diesel::backend::Backend> MigrationSource<B> for Merged {
    fn migrations(
        &self,
    ) -> diesel::migration::Result<Vec<Box<dyn diesel::migration::Migration<B>>>> {
        let mut all = COMMON.migrations()?;
        all.extend(self.0.migrations()?);
        all.sort_by_key(|migration| migration.name().to_string());
        Ok(all)
    }
}

/// The names of migrations that were run.
pub type Migrated = Vec<String>;

/// Where the data are.
#[derive(Clone)]
pub enum Place {
    /// One encrypted file.
    Sqlite {
        /// The file.
        path: PathBuf,
        /// SQLCipher's raw key.
        key: [u8; 32],
        /// Whether a commit waits for the disk; `false` in tests only.
        durable: bool,
    },
    /// A PostgreSQL database.
    Postgres {
        /// `postgres://user@host/database`, and the schema if not `public`.
        url: String,
        /// The schema to work in; tests have one each.
        schema: Option<String>,
    },
}

impl Place {
    /// Reads a database URL: `sqlite:PATH` or `postgres://…`. Anything else is refused, because a
    /// mistyped URL must not quietly create an empty database of that name.
    pub fn from_url(url: &str, key: [u8; 32]) -> Result<Self, String> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            if path.is_empty() {
                return Err("sqlite: needs a path, like sqlite:/var/lib/cusp/cusp.db".to_owned());
            }
            return Ok(Self::Sqlite {
                path: path.into(),
                key,
                durable: true,
            });
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres {
                url: url.to_owned(),
                schema: None,
            });
        }
        Err("the database URL must start with sqlite: or postgres://".to_owned())
    }

    fn open(&self, writes: bool) -> Result<Conn> {
        match self {
            Self::Sqlite { path, key, durable } => {
                let path = path
                    .to_str()
                    .ok_or_else(|| Error::Broken("the path is no UTF-8".to_owned()))?;
                let mut conn = diesel::SqliteConnection::establish(path).map_err(away)?;
                let setup = format!(
                    "PRAGMA key = \"x'{}'\"; PRAGMA journal_mode = WAL; PRAGMA synchronous = {}; \
                     PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY; \
                     PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON; PRAGMA cache_size = -16384;",
                    hex(key),
                    if *durable { "FULL" } else { "OFF" },
                );
                conn.batch_execute(&setup).map_err(|error| match error {
                    diesel::result::Error::DatabaseError(_, info)
                        if info.message().contains("not a database") =>
                    {
                        Error::Away(
                            "the key does not open this database file, or it is no database"
                                .to_owned(),
                        )
                    }
                    other => Error::from(other),
                })?;
                Ok(Conn::Sqlite(conn))
            }
            Self::Postgres { url, schema } => {
                let mut conn = diesel::PgConnection::establish(url).map_err(away)?;
                let path = schema.as_deref().unwrap_or("public");
                conn.batch_execute(&format!(
                    "SET statement_timeout = '10s'; SET TIME ZONE 'UTC'; SET search_path TO \"{path}\"; \
                     SET default_transaction_read_only = {};",
                    if writes { "off" } else { "on" },
                ))?;
                Ok(Conn::Postgres(conn))
            }
        }
    }

    /// Brings the schema up to date, and says what was run.
    pub fn migrate(&self) -> Result<Migrated> {
        let run = |done: Result<
            Vec<diesel::migration::MigrationVersion<'_>>,
            Box<dyn std::error::Error + Send + Sync>,
        >| {
            done.map(|ran| ran.iter().map(ToString::to_string).collect())
                .map_err(|e| Error::Broken(format!("migration: {e}")))
        };
        match &mut self.open(true)? {
            Conn::Postgres(c) => {
                if let Self::Postgres {
                    schema: Some(schema),
                    ..
                } = self
                {
                    c.batch_execute(&format!("CREATE SCHEMA IF NOT EXISTS \"{schema}\""))?;
                }
                run(c.run_pending_migrations(Merged(POSTGRES_ONLY)))
            }
            Conn::Sqlite(c) => run(c.run_pending_migrations(Merged(SQLITE_ONLY))),
        }
    }

    /// The names of migrations that have not been run.
    pub fn pending(&self) -> Result<Migrated> {
        let bad =
            |e: Box<dyn std::error::Error + Send + Sync>| Error::Broken(format!("migration: {e}"));
        match &mut self.open(true)? {
            Conn::Postgres(c) => {
                let pending = c.pending_migrations(Merged(POSTGRES_ONLY)).map_err(bad)?;
                Ok(pending.iter().map(|m| m.name().to_string()).collect())
            }
            Conn::Sqlite(c) => {
                let pending = c.pending_migrations(Merged(SQLITE_ONLY)).map_err(bad)?;
                Ok(pending.iter().map(|m| m.name().to_string()).collect())
            }
        }
    }

    /// The pools: who only looks, and who writes.
    ///
    /// On PostgreSQL four connections that cannot write, and four that can. On SQLite one for both:
    /// a connection forgets the pages that it has decrypted whenever another commits, and every look
    /// at a case commits that it was looked at.
    pub(crate) fn pools(&self) -> (Arc<Pool>, Arc<Pool>) {
        let opened = |writes| {
            let place = self.clone();
            move || place.open(writes)
        };
        if matches!(self, Self::Sqlite { .. }) {
            let writers = Pool::new(1, opened(true));
            (writers.looking(), writers)
        } else {
            (Pool::new(4, opened(false)), Pool::new(4, opened(true)))
        }
    }

    /// The folder on whose disk the data lie, if it is this machine's.
    pub fn folder(&self) -> Option<PathBuf> {
        match self {
            Self::Sqlite { path, .. } => Some(path.parent().map_or_else(PathBuf::new, Into::into)),
            Self::Postgres { .. } => None,
        }
    }
}

fn away(error: diesel::ConnectionError) -> Error {
    Error::Away(format!("cannot open the database: {error}"))
}
