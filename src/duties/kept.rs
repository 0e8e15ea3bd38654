//! What is kept in a case's row at every change, so that worklists are index scans; and the breach
//! that is recorded when a duty passes its time.

use jiff::SignedDuration;
use kernel::{access::Sees, calendar::Calendar, time::Instant};
use platform::{Failed, Kept, NEVER, Scope as _, Tx};

use super::{facts, model::Duty, rules, store};

/// How far ahead is looked for the next weekly duty, when this week's is done.
const AHEAD: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The hook of the platform: computed inside the transaction of every change of a case.
pub fn keep(tx: &mut Tx<'_>) -> Result<Kept, Failed> {
    let facts = facts::renewed(tx)?;
    let settings = store::settings(tx.conn())?;
    let calendar = Calendar::default();
    let now = tx.now();
    let duties = rules::duties(&facts, &settings, &calendar, now.get());
    let known = store::breached(tx)?;
    let mut noted = None;
    for duty in duties.iter().filter(|duty| duty.passed(now.get())) {
        if known.contains(duty.key.as_ref()) {
            continue;
        }
        store::record_breach(tx, duty)?;
        // The event carries the label of the most widely seen of them: it names none.
        if noted != Some(Sees::Workers) {
            noted = Some(if duty.apart {
                Sees::Survivor
            } else {
                Sees::Workers
            });
        }
    }
    let stage = rules::stage(&facts, now.get());
    let later = rules::duties(&facts, &settings, &calendar, now.get() + AHEAD);
    let next = |apart: bool| {
        duties
            .iter()
            .chain(&later)
            .filter(|duty| rules::is_listed(duty, stage) && (apart || !duty.apart))
            .map(|duty: &Duty| Instant::new(duty.due.instant()))
            .min()
            .unwrap_or(NEVER)
    };
    Ok(Kept {
        stage: stage.code(),
        open: stage.is_open(),
        next_due: next(false),
        next_due_apart: next(true),
        facts: facts::kept(&facts)?,
        noted,
    })
}
