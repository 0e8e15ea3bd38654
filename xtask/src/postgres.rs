//! A PostgreSQL cluster for one run of the tests.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::command::answer;
use crate::guarded::{Guarded, Scratch, User, free_port, random_word};
use crate::machine::Version;

/// The oldest release the product supports.
pub const OLDEST: Version = Version(15, 0);

/// Makes the cluster and becomes its server: `PROGRAMS FOLDER PORT DURABLE`.
///
/// For tests nothing is made durable, because nothing here outlives the run. Text sorts by bytes, as on
/// SQLite. Clients come by a password, since other users of the machine reach 127.0.0.1 as well.
const SERVE: &str = r#"
set -e
"$1/initdb" --pgdata="$2/data" --username=cusp --pwfile="$2/password" --auth=password \
    --encoding=UTF8 --locale=C --no-sync --no-instructions
exec "$1/postgres" -D "$2/data" -p "$3" \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200 \
    -c log_checkpoints=off -c fsync="$4" -c synchronous_commit="$4" -c full_page_writes="$4"
"#;

/// How long initdb and the first start may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// PostgreSQL's programs on this machine.
pub struct Programs {
    folder: PathBuf,
    version: Version,
}

impl Programs {
    /// The folder in `PGBIN`, or the newest that the distribution installed.
    pub fn find() -> Option<Self> {
        if let Some(named) = env::var_os("PGBIN") {
            return Self::at(PathBuf::from(named));
        }
        let packaged = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"]
            .into_iter()
            .filter_map(|parent| fs::read_dir(parent).ok())
            .flatten()
            .flatten()
            .map(|entry| entry.path().join("bin"));
        let on_path = answer("pg_config", &["--bindir"]).map(PathBuf::from);
        packaged
            .chain(on_path)
            .filter_map(Self::at)
            .max_by_key(|found| found.version)
    }

    fn at(folder: PathBuf) -> Option<Self> {
        let server = folder.join("postgres");
        let complete = ["initdb", "pg_isready"]
            .iter()
            .all(|name| folder.join(name).is_file());
        let said = if complete {
            answer(server.to_str()?, &["--version"])?
        } else {
            return None;
        };
        let version = Version::read(&said)?;
        (version >= OLDEST).then_some(Self { folder, version })
    }
}

/// A running cluster. It stops, and its files go, when this is dropped or this program ends.
pub struct Cluster {
    /// Held for its end.
    _server: Guarded,
    version: Version,
    port: u16,
    password: String,
}

impl Cluster {
    /// Makes and starts one for tests, which waits for no disk; returns when it takes connections.
    pub fn start() -> Result<Self, String> {
        Self::start_with("off")
    }

    /// One whose commits wait for the disk, to measure what they cost.
    pub fn start_durable() -> Result<Self, String> {
        Self::start_with("on")
    }

    fn start_with(durable: &str) -> Result<Self, String> {
        let programs = Programs::find()
            .ok_or_else(|| format!("no server of PostgreSQL {OLDEST} or newer is installed"))?;
        let scratch = Scratch::new(server_user()?)?;
        let (port, password) = (free_port()?, random_word()?);
        scratch.write("password", &password)?;
        let (folder, port_word) = (scratch.path().to_owned(), port.to_string());
        let words: [&OsStr; 8] = [
            "sh".as_ref(),
            "-c".as_ref(),
            SERVE.as_ref(),
            "serve".as_ref(),
            programs.folder.as_ref(),
            folder.as_ref(),
            port_word.as_ref(),
            durable.as_ref(),
        ];
        // INT is PostgreSQL's fast shutdown: it does not wait for its clients.
        let mut server = Guarded::start("PostgreSQL", scratch, "INT", words)?;
        server.wait_until(PATIENCE, || takes_connections(&programs.folder, port))?;
        Ok(Self {
            _server: server,
            version: programs.version,
            port,
            password,
        })
    }

    /// Its address, with a user who may create databases, as libpq and Cusp read it.
    pub fn url(&self) -> String {
        format!(
            "postgres://cusp:{}@127.0.0.1:{}/postgres",
            self.password, self.port
        )
    }

    /// What runs where, for the person who waits.
    pub fn describe(&self) -> String {
        format!("PostgreSQL {} on 127.0.0.1:{}", self.version, self.port)
    }
}

/// PostgreSQL refuses to run as root, so root lends it another user.
fn server_user() -> Result<Option<User>, String> {
    if !crate::machine::is_root() {
        return Ok(None);
    }
    let number = |option, name| answer("id", &[option, name])?.parse().ok();
    ["postgres", "nobody"]
        .into_iter()
        .find_map(|name| {
            Some(User {
                uid: number("-u", name)?,
                gid: number("-g", name)?,
            })
        })
        .map(Some)
        .ok_or_else(|| "PostgreSQL will not run as root, and there is no user nobody".to_owned())
}

fn takes_connections(programs: &Path, port: u16) -> bool {
    let port = port.to_string();
    Command::new(programs.join("pg_isready"))
        .args(["--quiet", "--host=127.0.0.1", "--port", &port])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
