//! What is kept in a case's row at every change, so that worklists are index scans; and the breach
//! that is recorded when a duty passes its time.

use kernel::{calendar::Calendar, time::Instant};
use platform::{Failed, Kept, NEVER, Scope as _, Tx};

use super::{facts, rules, store};

/// The hook of the platform: computed inside the transaction of every change of a case.
pub fn keep(tx: &mut Tx<'_>) -> Result<Kept, Failed> {
    let facts = facts::of_case(tx)?;
    let settings = store::settings(tx.conn())?;
    let duties = rules::duties(&facts, &settings, &Calendar::default());
    let now = tx.now();
    let mut noted = false;
    for duty in duties.iter().filter(|duty| duty.passed(now.get())) {
        noted |= store::record_breach(tx, duty)?;
    }
    let stage = rules::stage(&facts);
    let next_due = duties
        .iter()
        .filter(|duty| stage.is_open() && duty.is_owed())
        .map(|duty| Instant::new(duty.due.instant()))
        .min();
    Ok(Kept {
        stage: stage.code(),
        open: stage.is_open(),
        next_due: next_due.unwrap_or(NEVER),
        noted,
    })
}
