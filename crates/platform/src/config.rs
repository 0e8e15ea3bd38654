//! Settings of a process: the compiled-in file is the default and the documentation.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::db::Place;

/// The default settings, with what each means.
pub const EXAMPLE: &str = include_str!("../../../config.example.toml");

/// The settings of a process. Unknown keys are errors.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where to listen.
    pub listen: String,
    /// The address at which people reach it, without a slash at the end.
    pub address: String,
    /// The database.
    pub database: Database,
    /// The audit trail.
    pub audit: Audit,
    /// Sessions.
    pub session: Session,
    /// Staff mail.
    pub mail: Mail,
    /// Set by `cusp demo` only; a file cannot.
    #[serde(skip)]
    pub demo: bool,
    /// Whom one may become in the demo: user id and words; empty otherwise.
    #[serde(skip)]
    pub cast: Vec<(String, String)>,
}

/// The database.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
    /// The file with SQLCipher's key: 64 hexadecimal digits.
    pub key_file: PathBuf,
    /// Writes stop when the disk has less than this left.
    pub disk_reserve_mb: u64,
    /// The schema of a test; a file cannot set it.
    #[serde(skip)]
    pub schema: Option<String>,
    /// Whether commits skip the disk; tests only, a file cannot set it.
    #[serde(skip)]
    pub careless: bool,
}

/// The audit trail.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    /// The file with the key of the chains: 64 hexadecimal digits.
    pub key_file: PathBuf,
    /// The checkpoint file; keep it on another disk.
    pub checkpoint: PathBuf,
    /// Seconds between two writings of the checkpoint file.
    pub checkpoint_seconds: u64,
}

/// Sessions.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// Minutes without use after which the password is asked again.
    pub idle_minutes: i64,
    /// Hours after which a session ends.
    pub absolute_hours: i64,
    /// Whether cookies are sent over HTTPS only.
    pub secure_cookies: bool,
}

/// Staff mail.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// `folder:PATH` or `smtp://user:password@host:port`.
    pub to: String,
    /// The sender.
    pub from: String,
}

impl Config {
    /// The settings in `file` over the defaults.
    pub fn read(file: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
        Self::parse(&text).map_err(|e| format!("{}: {e}", file.display()))
    }

    /// The settings in `text` over the defaults.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut all: toml::Table = EXAMPLE.parse().map_err(|e| format!("the example: {e}"))?;
        let own: toml::Table = text.parse().map_err(|e: toml::de::Error| e.to_string())?;
        merge(&mut all, own);
        all.try_into().map_err(|e: toml::de::Error| e.to_string())
    }

    /// Where the data are.
    pub fn place(&self) -> Result<Place, String> {
        let url = &self.database.url;
        let key = if url.starts_with("sqlite:") {
            key_in(&self.database.key_file)?
        } else {
            [0; 32]
        };
        let place = Place::from_url(url, key)?;
        Ok(match place {
            Place::Sqlite { path, key, .. } => Place::Sqlite {
                path,
                key,
                durable: !self.database.careless,
            },
            Place::Postgres { url, .. } => Place::Postgres {
                url,
                schema: self.database.schema.clone(),
            },
        })
    }

    /// The key of the audit chains.
    pub fn audit_key(&self) -> Result<[u8; 32], String> {
        key_in(&self.audit.key_file)
    }

    /// Bytes that writes leave free.
    pub const fn disk_reserve_bytes(&self) -> u64 {
        self.database.disk_reserve_mb.saturating_mul(1024 * 1024)
    }

    /// The settings as they are in force, without what is secret.
    pub fn shown(&self) -> String {
        let mut shown = self.clone();
        for url in [&mut shown.database.url, &mut shown.mail.to] {
            if let Some((head, tail)) = url.clone().split_once("://")
                && let Some((_, host)) = tail.rsplit_once('@')
            {
                *url = format!("{head}://…@{host}");
            }
        }
        toml::to_string_pretty(&shown).unwrap_or_default()
    }
}

/// Makes a key file if there is none yet, readable by its owner only.
pub fn make_key(path: &Path) -> Result<(), String> {
    if path.exists() {
        return Ok(());
    }
    let key = crate::random::token().map_err(|e| e.to_string())?;
    write_private(path, &format!("{key}\n"))
}

/// Writes a file that did not exist, readable by its owner only.
pub fn write_private(path: &Path, text: &str) -> Result<(), String> {
    use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _};
    let said = |e: std::io::Error| format!("{}: {e}", path.display());
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(said)?;
    file.write_all(text.as_bytes()).map_err(said)
}

fn key_in(path: &Path) -> Result<[u8; 32], String> {
    let text =
        std::fs::read_to_string(path).map_err(|e| format!("key file {}: {e}", path.display()))?;
    let text = text.trim();
    let bad = || format!("key file {}: not 64 hexadecimal digits", path.display());
    if text.len() != 64 || !text.is_ascii() {
        return Err(bad());
    }
    let mut key = [0; 32];
    for (byte, pair) in key.iter_mut().zip(text.as_bytes().chunks(2)) {
        let pair = std::str::from_utf8(pair).map_err(|_| bad())?;
        *byte = u8::from_str_radix(pair, 16).map_err(|_| bad())?;
    }
    Ok(key)
}

fn merge(under: &mut toml::Table, over: toml::Table) {
    for (name, value) in over {
        match (under.get_mut(&name), value) {
            (Some(toml::Value::Table(under)), toml::Value::Table(over)) => merge(under, over),
            (_, value) => {
                under.insert(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_the_default() {
        let config = Config::parse("").unwrap();
        assert_eq!(
            (config.session.idle_minutes, config.session.absolute_hours),
            (30, 12)
        );
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        for text in ["lissten = 'x'", "[session]\nidle = 5", "demo = true"] {
            let said = Config::parse(text).unwrap_err();
            assert!(said.contains("unknown field"), "{said}");
        }
    }

    #[test]
    fn a_mistyped_url_is_refused() {
        for url in ["postgres:nope", "cusp.db", "sqlite:", "mysql://x"] {
            assert!(Place::from_url(url, [0; 32]).is_err(), "{url}");
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        let config = Config::parse("[database]\nurl = 'postgres://cusp:hunter2@db/cusp'").unwrap();
        assert!(!config.shown().contains("hunter2") && config.shown().contains("@db/cusp"));
    }
}
