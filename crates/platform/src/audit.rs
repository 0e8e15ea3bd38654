//! What was seen and what was done: a keyed hash chain for each case, user and agency.
//!
//! A row holds ids, field names and a keyed commitment to the values, never a value. Its hash is
//! an HMAC over the row and the hash before it, so edit, deletion, insertion and reordering are
//! found by [`verify`]; truncation and a rewrite are found against the checkpoint file, which lies
//! outside the database.

mod checkpoint;
pub mod reading;

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use hmac::{Hmac, KeyInit, Mac};
use kernel::{
    access::Sees,
    ids::{StreamId, UserId},
    plain::Plain,
    time::Instant,
};
use sha2::Sha256;

pub use checkpoint::{Checkpoints, Mark};

use crate::{
    db::{Conn, Failed},
    random::hex,
    schema::{audit, chain},
};

/// The key of the chains. It is not in the database.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl Key {
    /// The key with these bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// An HMAC-SHA-256 over parts, each with its length, so that no two lists of parts collide.
    pub(crate) fn seal(&self, parts: &[&str]) -> String {
        // HMAC takes a key of any length, so this cannot fail for ours; an empty seal would only
        // make every check fail.
        let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.0) else {
            return String::new();
        };
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        hex(&mac.finalize().into_bytes())
    }
}

/// What happened, for the trail: names and ids, never a value.
pub trait Event: Send + 'static {
    /// What happened: `referral submitted`.
    fn name(&self) -> &'static str;

    /// The id of the item.
    fn item(&self) -> String;

    /// The label of the item: who supports the survivor is itself `Survivor`.
    fn label(&self) -> Sees {
        Sees::Workers
    }

    /// The names of the fields that were set.
    fn fields(&self) -> Vec<&'static str> {
        Vec::new()
    }

    /// What was written, for the commitment: it is hashed with the key and the stream, then
    /// dropped, so that a later claim about it can be checked and a guess cannot.
    fn content(&self) -> Option<String> {
        None
    }
}

/// One row of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit, check_for_backend(crate::db::Backend))]
pub struct Entry {
    /// What the chain is about.
    pub stream: StreamId,
    /// The place in the chain, from 1.
    pub seq: i64,
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: UserId,
    /// With which permission.
    pub permission: Plain,
    /// What happened.
    pub event: Plain,
    /// To which item.
    pub item: Plain,
    /// Which fields.
    pub fields: Plain,
    /// The label of the item.
    pub label: Plain,
    /// The commitment to the values.
    pub commitment: Plain,
    /// The hash before.
    pub prev: Plain,
    /// The hash of this row.
    pub hash: Plain,
}

impl Entry {
    fn seal(&self, key: &Key) -> Plain {
        Plain::new(key.seal(&[
            &self.stream.to_string(),
            &self.seq.to_string(),
            &self.at.to_string(),
            &self.actor.to_string(),
            self.permission.as_str(),
            self.event.as_str(),
            self.item.as_str(),
            self.fields.as_str(),
            self.label.as_str(),
            self.commitment.as_str(),
            self.prev.as_str(),
        ]))
    }
}

/// The head of a chain, taken for the length of a transaction.
pub(crate) struct Head {
    stream: StreamId,
    seq: i64,
    prev: Plain,
}

/// What a row says.
pub(crate) struct Said<'a> {
    pub at: Instant,
    pub actor: UserId,
    pub permission: &'a str,
    pub event: &'a str,
    pub item: String,
    pub fields: String,
    pub label: Sees,
    pub content: Option<String>,
}

/// Takes the head of a chain: the first statement of every change, so that changes of one case
/// follow one another and what holds inside a case holds in READ COMMITTED.
pub(crate) fn take(conn: &mut Conn, stream: StreamId) -> Result<Head, Failed> {
    let moved: Option<(i64, Plain)> = diesel::update(chain::table.find(stream))
        .set(chain::seq.eq(chain::seq + 1))
        .returning((chain::seq, chain::hash))
        .get_result(conn)
        .optional()?;
    let (seq, prev) = if let Some(head) = moved {
        head
    } else {
        diesel::insert_into(chain::table)
            .values((
                chain::stream.eq(stream),
                chain::seq.eq(1_i64),
                chain::hash.eq(Plain::default()),
            ))
            .execute(conn)?;
        (1, Plain::default())
    };
    Ok(Head { stream, seq, prev })
}

/// Adds the row and moves the head.
pub(crate) fn write(
    conn: &mut Conn,
    key: &Key,
    head: Head,
    said: Said<'_>,
) -> Result<Mark, Failed> {
    let stream = head.stream.to_string();
    let commitment = said
        .content
        .map(|content| key.seal(&["commitment", &stream, &content]))
        .unwrap_or_default();
    let mut entry = Entry {
        stream: head.stream,
        seq: head.seq,
        at: said.at,
        actor: said.actor,
        permission: said.permission.into(),
        event: said.event.into(),
        item: Plain::new(said.item),
        fields: Plain::new(said.fields),
        label: said.label.name().into(),
        commitment: Plain::new(commitment),
        prev: head.prev,
        hash: Plain::default(),
    };
    entry.hash = entry.seal(key);
    diesel::insert_into(audit::table)
        .values(&entry)
        .execute(conn)?;
    diesel::update(chain::table.find(entry.stream))
        .set(chain::hash.eq(&entry.hash))
        .execute(conn)?;
    Ok(Mark {
        stream: entry.stream,
        seq: entry.seq,
        hash: entry.hash,
    })
}

/// What is wrong with a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tampering {
    /// From this place on the chain does not hold: a row was edited, deleted, inserted or moved.
    Broken {
        /// The chain.
        stream: StreamId,
        /// The first place that does not hold.
        seq: i64,
    },
    /// The head says another length or hash than the rows.
    Head {
        /// The chain.
        stream: StreamId,
    },
    /// A checkpoint saw a row that is no longer there, or is another one now.
    Checkpoint {
        /// The chain.
        stream: StreamId,
        /// The place the checkpoint saw.
        seq: i64,
    },
    /// The checkpoint file itself was changed at this line.
    CheckpointFile {
        /// The line, from 1.
        line: usize,
    },
}

impl Tampering {
    /// What is wrong, with chains named as `name` does.
    pub fn told<N: std::fmt::Display>(&self, name: impl Fn(StreamId) -> N) -> String {
        match self {
            Self::Broken { stream, seq } => {
                format!("chain {}: broken at row {seq}", name(*stream))
            }
            Self::Head { stream } => {
                format!("chain {}: its head does not match its rows", name(*stream))
            }
            Self::Checkpoint { stream, seq } => format!(
                "chain {}: row {seq} was seen by a checkpoint and is gone or changed",
                name(*stream)
            ),
            Self::CheckpointFile { line } => format!("checkpoint file: line {line} was changed"),
        }
    }
}

impl std::fmt::Display for Tampering {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.told(|stream| stream))
    }
}

/// What [`verify`] found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Chains looked at.
    pub chains: usize,
    /// Rows looked at.
    pub rows: usize,
    /// Checkpoint lines compared.
    pub marks: usize,
    /// What is wrong.
    pub found: Vec<Tampering>,
}

/// Checks every chain against its rows, and the checkpoints against the chains.
///
/// Runs in one snapshot: a row that commits meanwhile must not look like a forged one.
pub(crate) fn verify(
    conn: &mut Conn,
    key: &Key,
    marks: Result<Vec<Mark>, usize>,
) -> Result<Verified, diesel::result::Error> {
    let mut done = Verified::default();
    let mut seen_by_marks: HashMap<StreamId, Vec<Mark>> = HashMap::new();
    match marks {
        Ok(marks) => {
            done.marks = marks.len();
            for mark in marks {
                seen_by_marks.entry(mark.stream).or_default().push(mark);
            }
        }
        Err(line) => done.found.push(Tampering::CheckpointFile { line }),
    }
    let heads: Vec<(StreamId, i64, Plain)> = chain::table.order(chain::stream).load(conn)?;
    let known: HashSet<StreamId> = heads.iter().map(|(stream, ..)| *stream).collect();
    for (stream, length, hash) in heads {
        done.chains += 1;
        let rows: Vec<Entry> = audit::table
            .filter(audit::stream.eq(stream))
            .order(audit::seq)
            .select(Entry::as_select())
            .load(conn)?;
        let mut hashes = HashMap::new();
        let (mut prev, mut seq, mut whole) = (Plain::default(), 0, true);
        for row in rows {
            seq += 1;
            done.rows += 1;
            if row.seq != seq || row.prev != prev || row.hash != row.seal(key) {
                done.found.push(Tampering::Broken { stream, seq });
                whole = false;
                break;
            }
            hashes.insert(seq, row.hash.clone());
            prev = row.hash;
        }
        if whole && (seq != length || prev != hash) {
            done.found.push(Tampering::Head { stream });
        }
        for mark in seen_by_marks.remove(&stream).unwrap_or_default() {
            if hashes.get(&mark.seq) != Some(&mark.hash) {
                done.found.push(Tampering::Checkpoint {
                    stream,
                    seq: mark.seq,
                });
            }
        }
    }
    let mut gone: Vec<Mark> = seen_by_marks.into_values().flatten().collect();
    gone.sort_unstable_by_key(|mark| (mark.stream, mark.seq));
    done.found
        .extend(gone.into_iter().map(|mark| Tampering::Checkpoint {
            stream: mark.stream,
            seq: mark.seq,
        }));
    let orphans: Vec<StreamId> = audit::table.select(audit::stream).distinct().load(conn)?;
    for stream in orphans.into_iter().filter(|stream| !known.contains(stream)) {
        done.found.push(Tampering::Head { stream });
    }
    Ok(done)
}
