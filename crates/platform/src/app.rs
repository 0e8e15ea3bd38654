//! The running application: its database, its clock, its keys, and what the capabilities add.

use std::sync::Arc;

use axum::extract::FromRef;
use kernel::{
    access::{Role, Sees},
    label::{Labelled, Survivor},
    plain::Plain,
    time::Instant,
};

use crate::{
    Error, Result, Tx,
    audit::{self, Checkpoints, Mark, Verified},
    clock::Clock,
    config::Config,
    db::{Conn, Failed, Place, Pool},
    error, session,
};

/// What the capabilities keep in a case's row at each change, so that lists are index scans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Where the case stands: a function of its rows.
    pub stage: &'static str,
    /// Whether the case is open.
    pub open: bool,
    /// The next instant at which a duty falls due, or [`NEVER`].
    pub next_due: Instant,
    /// The same with the duties that only the survivor's side sees.
    pub next_due_apart: Instant,
    /// The facts from which the duties follow, for lists: see [`crate::Across::facts`].
    pub facts: Labelled<String, Survivor>,
    /// The label of what nobody did and was recorded: a duty passed its time.
    pub noted: Option<Sees>,
}

/// The due instant of a case that owes nothing: past every other.
pub const NEVER: Instant = never();

const fn never() -> Instant {
    // 9999-01-01T00:00:00Z
    Instant::whole(jiff::Timestamp::constant(253_370_764_800, 0))
}

/// An error on its way to a page.
pub struct Failing<'a> {
    /// What happened.
    pub error: &'a Error,
    /// Who asked, if somebody is signed in.
    pub session: Option<&'a Arc<session::Session>>,
    /// What was posted, so that nothing typed is lost.
    pub typed: Option<&'a kernel::form::Typed>,
    /// Where it was posted.
    pub path: &'a str,
    /// The number under which the log has it.
    pub reference: &'a str,
    /// The application.
    pub app: &'a App,
}

/// What the capabilities add to the platform.
#[derive(Clone, Copy)]
pub struct Hooks {
    /// What is kept in a case's row, computed in the transaction of every change of it.
    pub keep: fn(&mut Tx<'_>) -> Result<Kept, Failed>,
    /// The page of an error.
    pub error_page: fn(&Failing<'_>) -> String,
}

/// The running application. Its pools are private: SQL runs only through guards.
#[derive(Clone)]
pub struct App {
    pub(crate) readers: Arc<Pool>,
    pub(crate) writers: Arc<Pool>,
    pub(crate) hooks: Hooks,
    pub(crate) key: audit::Key,
    checkpoints: Arc<Checkpoints>,
    /// What time it is.
    pub clock: Clock,
    /// The settings the process was started with.
    pub config: Arc<Config>,
    place: Place,
}

impl App {
    /// Opens the database, which must be up to date.
    pub fn open(config: Config, hooks: Hooks) -> Result<Self> {
        let place = config.place().map_err(Error::Broken)?;
        let pending = place.pending()?;
        if !pending.is_empty() {
            return Err(Error::Broken(format!(
                "the database lacks {} migrations; run `cusp migrate` first",
                pending.len()
            )));
        }
        let key = audit::Key::new(config.audit_key().map_err(Error::Broken)?);
        let (readers, writers) = place.pools();
        Ok(Self {
            readers,
            writers,
            hooks,
            checkpoints: Arc::new(Checkpoints::new(
                config.audit.checkpoint.clone(),
                key.clone(),
            )),
            key,
            clock: Clock::default(),
            config: Arc::new(config),
            place,
        })
    }

    /// Whether the demo's controls are there.
    pub fn is_demo(&self) -> bool {
        self.config.demo
    }

    /// How long sessions last.
    pub fn limits(&self) -> session::Limits {
        session::Limits {
            idle: self.config.session.idle_minutes * 60,
            absolute: self.config.session.absolute_hours * 3600,
        }
    }

    /// The instant of the last row of the trail, to set the demo's clock by.
    pub async fn last_recorded(&self) -> Result<Option<Instant>> {
        use diesel::prelude::*;

        use crate::schema::audit;
        self.readers
            .run(|conn| {
                Ok(audit::table
                    .order(audit::at.desc())
                    .select(audit::at)
                    .first(conn)
                    .optional()?)
            })
            .await
    }

    /// Whether the database answers, for `/healthz`.
    pub async fn healthy(&self) -> Result<()> {
        self.readers
            .run(|conn| {
                use diesel::prelude::*;

                // A query that needs no table, so that it answers before the first migration too.
                let _: i32 =
                    diesel::select(1.into_sql::<diesel::sql_types::Integer>()).get_result(conn)?;
                Ok(())
            })
            .await
    }

    /// Writes the heads of the chains that moved to the checkpoint file.
    pub async fn checkpoint(&self) -> Result<usize> {
        let checkpoints = self.checkpoints.clone();
        let done = tokio::task::spawn_blocking(move || checkpoints.flush()).await;
        done.map_err(|_| Error::Broken("a checkpoint panicked".to_owned()))?
            .map_err(|e| Error::Broken(format!("checkpoint: {e}")))
    }

    pub(crate) fn note(&self, marks: impl IntoIterator<Item = Mark>) {
        for mark in marks {
            self.checkpoints.note(mark);
        }
    }

    /// Where the checkpoint file is.
    pub fn checkpoint_file(&self) -> &std::path::Path {
        &self.config.audit.checkpoint
    }

    /// Checks every audit chain, and the checkpoint file against them.
    pub async fn verify_audit(&self) -> Result<Verified> {
        let key = self.key.clone();
        let marks = self
            .checkpoints
            .read()
            .map_err(|e| Error::Broken(format!("checkpoint file: {e}")))?;
        self.readers
            .run(move |conn| conn.snapshot(|conn| Ok(audit::verify(conn, &key, marks)?)))
            .await
    }

    /// Refuses writes once the disk of the data has less than the reserve left, so that reads,
    /// which are audited first, go on for a while.
    pub(crate) fn disk_allows(&self) -> Result<()> {
        let Some(folder) = self.place.folder() else {
            return Ok(());
        };
        match free_bytes(&folder) {
            Some(free) if free < self.config.disk_reserve_bytes() => Err(Error::DiskFull),
            _ => Ok(()),
        }
    }

    /// A unit of work outside any guard: for the platform itself, and for tests of it.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Conn) -> Result<T, Failed> + Send + 'static,
    ) -> Result<T> {
        self.writers.run(move |conn| conn.write(&work)).await
    }

    /// The roles in which a system actor works: it receives referrals and holds nothing else.
    pub const SYSTEM_ROLES: &'static [Role] = &[Role::IntakeWorker];
}

/// Free bytes on the disk of `folder`; `None` where the system does not tell.
fn free_bytes(folder: &std::path::Path) -> Option<u64> {
    let folder = if folder.as_os_str().is_empty() {
        std::path::Path::new(".")
    } else {
        folder
    };
    rustix::fs::statvfs(folder)
        .ok()
        .map(|stat| stat.f_bavail.saturating_mul(stat.f_frsize))
}

impl FromRef<App> for Clock {
    fn from_ref(app: &App) -> Self {
        app.clock.clone()
    }
}

/// The name of the product, everywhere.
pub fn product() -> Plain {
    Plain::new("Cusp")
}

pub use error::Ended;

impl App {
    /// The name of the session cookie. `__Host-` ties it to this host and to HTTPS.
    pub fn cookie_name(&self) -> &'static str {
        if self.config.session.secure_cookies {
            "__Host-cusp"
        } else {
            "cusp"
        }
    }
}
