//! Which tables a change wrote, seen at the connection: nobody can forget to say so.

use std::{
    collections::BTreeSet,
    fmt::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use diesel::connection::{Connection as _, Instrumentation, InstrumentationEvent};

use super::Conn;

/// How much of a statement is looked at: its verb and its table stand there. Values stand further
/// on, and are never looked at.
const START: usize = 96;

/// The names of the tables that were written since it began.
#[derive(Clone, Debug, Default)]
pub(crate) struct Written(Arc<Mutex<Noted>>);

#[derive(Debug, Default)]
struct Noted {
    ended: bool,
    tables: BTreeSet<String>,
}

impl Written {
    /// Notes what `conn` writes from now on, until [`Written::end`] or the next to begin.
    pub(crate) fn begin(conn: &mut Conn) -> Self {
        let written = Self::default();
        conn.set_instrumentation(Recorder(written.clone()));
        written
    }

    /// What was written so far.
    pub(crate) fn tables(&self) -> BTreeSet<String> {
        self.noted().tables.clone()
    }

    /// Notes nothing more.
    pub(crate) fn end(&self) {
        self.noted().ended = true;
    }

    fn noted(&self) -> std::sync::MutexGuard<'_, Noted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Recorder(Written);

impl Instrumentation for Recorder {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        let InstrumentationEvent::StartQuery { query, .. } = event else {
            return;
        };
        let mut noted = self.0.noted();
        if noted.ended {
            return;
        }
        let mut start = Start::default();
        // It stops by an error when it has seen enough.
        let _ = write!(start, "{query}");
        if let Some(table) = table_written(&start.0) {
            noted.tables.insert(table);
        }
    }
}

/// The beginning of a text.
#[derive(Default)]
struct Start(String);

impl Write for Start {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let left = START.saturating_sub(self.0.len());
        self.0.extend(text.chars().take(left));
        if self.0.len() < START {
            Ok(())
        } else {
            Err(fmt::Error)
        }
    }
}

/// The table that a statement writes; the empty name where it is not understood, `None` if it only
/// reads.
fn table_written(start: &str) -> Option<String> {
    let mut words = start.split_whitespace();
    let verb = words.next()?.to_ascii_uppercase();
    let name = match verb.as_str() {
        "SELECT" | "BEGIN" | "COMMIT" | "ROLLBACK" | "SAVEPOINT" | "RELEASE" | "SET" | "PRAGMA" => {
            return None;
        }
        "INSERT" | "REPLACE" | "DELETE" => words.find(|word| {
            let word = word.to_ascii_uppercase();
            !["INTO", "FROM", "OR", "IGNORE", "REPLACE"].contains(&word.as_str())
        }),
        "UPDATE" => words.next(),
        _ => None,
    };
    let bare = name.unwrap_or_default().trim_matches(['`', '"', '(']);
    Some(bare.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_a_statement_is_found() {
        for (statement, table) in [
            ("INSERT INTO `part` (`id`) VALUES (?)", Some("part")),
            (
                "INSERT OR IGNORE INTO \"wait\" DEFAULT VALUES",
                Some("wait"),
            ),
            ("UPDATE \"tie\" SET \"until_at\" = $1", Some("tie")),
            ("DELETE  FROM `match_hint` WHERE 1", Some("match_hint")),
            ("SELECT `part`.`id` FROM `part`", None),
            ("COMMIT", None),
            ("", None),
            ("WITH gone AS (DELETE FROM part) SELECT 1", Some("")),
        ] {
            assert_eq!(table_written(statement).as_deref(), table, "{statement}");
        }
    }

    #[test]
    fn only_the_beginning_is_looked_at() {
        let mut start = Start::default();
        assert!(write!(start, "{}{}", "é".repeat(60), "x".repeat(900)).is_err());
        assert!(start.0.len() <= 2 * START);
    }
}
