//! The checkpoint file: the heads of the chains, outside the database, so that a truncated or
//! rewritten chain is found.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, Read as _, Seek as _, SeekFrom, Write as _},
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use kernel::{ids::StreamId, plain::Plain};

use super::Key;

/// The last row of a chain, as it was committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The chain.
    pub stream: StreamId,
    /// The row.
    pub seq: i64,
    /// Its hash.
    pub hash: Plain,
}

/// The file, and what is to be written to it.
///
/// A line is `stream seq hash seal`; the seal covers the line and the seal before it, so that a
/// line cannot be taken out. Marks of one chain between two writings are written once.
pub struct Checkpoints {
    path: PathBuf,
    key: Key,
    waiting: Mutex<BTreeMap<StreamId, (i64, Plain)>>,
    flushing: Mutex<()>,
}

impl Checkpoints {
    /// Checkpoints in the file at `path`, which is made when first needed.
    pub fn new(path: PathBuf, key: Key) -> Self {
        Self {
            path,
            key,
            waiting: Mutex::default(),
            flushing: Mutex::default(),
        }
    }

    /// Notes a committed row, to be written with the next [`Self::flush`].
    pub(crate) fn note(&self, mark: Mark) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let newest = waiting.entry(mark.stream).or_insert((0, Plain::default()));
        if newest.0 < mark.seq {
            *newest = (mark.seq, mark.hash);
        }
    }

    /// Writes what waits, and waits for the disk.
    pub fn flush(&self) -> std::io::Result<usize> {
        // Held over the writing, so that two flushes cannot interleave their seals. The file itself
        // is locked too: `cusp referral take` writes to it beside a running server.
        let _turn = self.flushing.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting =
            std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        if waiting.is_empty() {
            return Ok(0);
        }
        let written = self.append(&waiting);
        if written.is_err() {
            // What could not be written waits for the next time.
            for (stream, (seq, hash)) in waiting {
                self.note(Mark { stream, seq, hash });
            }
        }
        written
    }

    fn append(&self, waiting: &BTreeMap<StreamId, (i64, Plain)>) -> std::io::Result<usize> {
        let mut file = OpenOptions::new()
            .create(true)
            .read(true)
            .append(true)
            .open(&self.path)?;
        file.lock()?;
        let mut before = last_seal(&mut file)?;
        let mut text = String::new();
        for (stream, (seq, hash)) in waiting {
            let seal = self.seal(&before, *stream, *seq, hash);
            text.push_str(&format!("{stream} {seq} {hash} {seal}\n"));
            before = seal;
        }
        file.write_all(text.as_bytes())?;
        file.sync_data()?;
        Ok(waiting.len())
    }

    /// The marks in the file, or the first line that does not hold.
    pub fn read(&self) -> std::io::Result<Result<Vec<Mark>, usize>> {
        if !self.path.exists() {
            return Ok(Ok(Vec::new()));
        }
        let mut marks = Vec::new();
        let mut before = String::new();
        for (number, line) in BufReader::new(File::open(&self.path)?).lines().enumerate() {
            let line = line?;
            let mut parts = line.split(' ');
            let read = (|| {
                let stream: StreamId = parts.next()?.parse().ok()?;
                let seq: i64 = parts.next()?.parse().ok()?;
                let hash = Plain::new(parts.next()?);
                let seal = parts.next()?.to_owned();
                (seal == self.seal(&before, stream, seq, &hash))
                    .then_some((Mark { stream, seq, hash }, seal))
            })();
            let Some((mark, seal)) = read else {
                return Ok(Err(number + 1));
            };
            marks.push(mark);
            before = seal;
        }
        Ok(Ok(marks))
    }

    fn seal(&self, before: &str, stream: StreamId, seq: i64, hash: &Plain) -> String {
        self.key.seal(&[
            "checkpoint",
            before,
            &stream.to_string(),
            &seq.to_string(),
            hash.as_str(),
        ])
    }
}

/// The seal of the last line. A line that was never finished, because the machine stopped in the
/// middle of it, was never counted as written and is taken away.
fn last_seal(file: &mut File) -> std::io::Result<String> {
    /// More than the longest line.
    const TAIL: u64 = 1024;
    let length = file.metadata()?.len();
    let start = length.saturating_sub(TAIL);
    file.seek(SeekFrom::Start(start))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    let whole = tail
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |end| end + 1);
    if whole < tail.len() {
        file.set_len(start + whole as u64)?;
    }
    tail.truncate(whole);
    let text = String::from_utf8_lossy(&tail);
    Ok(text
        .trim_end()
        .rsplit([' ', '\n'])
        .next()
        .unwrap_or_default()
        .to_owned())
}
