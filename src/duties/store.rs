//! Waivers and breaches: the only things about duties that are stored.

use std::collections::HashSet;

use diesel::prelude::*;
use kernel::{
    ids::{CaseId, CaseKind, UserId, UserKind},
    label::{Labelled, Workers},
    plain::Plain,
    time::{Day, Instant},
};
use platform::{
    Across, Error, Failed, Result, Scope, Tx,
    db::{Backend, Conn},
    schema::setting,
    sql::{Of, SqlId, SqlInstant},
};

use super::{
    Event,
    model::{Decision, Duty, WaiverId, WaiverKind},
    rules,
    settings::Dated,
};

mod waiver {
    use super::{CaseKind, Of, SqlId, SqlInstant, UserKind, WaiverKind, Workers};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, Of, SqlId, SqlInstant, UserKind, WaiverKind, Workers};
        /// A request that a duty be waived, and its decision.
        duty_waiver (id) {
            /// Its id.
            id -> SqlId<WaiverKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// The duty.
            duty -> Of<Workers, Text>,
            /// Why it cannot be done.
            reason -> Of<Workers, Text>,
            /// Who asks.
            asked_by -> SqlId<UserKind>,
            /// When.
            asked_at -> SqlInstant,
            /// What was decided.
            decision -> Nullable<Of<Workers, Text>>,
            /// Why.
            note -> Nullable<Of<Workers, Text>>,
            /// Who decided.
            decided_by -> Nullable<SqlId<UserKind>>,
            /// When.
            decided_at -> Nullable<SqlInstant>,
        }
    }
    platform::casework!(duty_waiver);
}
use waiver::duty_waiver;

mod breach {
    use super::{CaseKind, Of, SqlId, SqlInstant, Workers};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, Of, SqlId, SqlInstant, Workers};
        /// A duty that passed its time. Append-only by trigger.
        duty_breach (case_id, duty) {
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// The duty.
            duty -> Of<Workers, Text>,
            /// The version of the rules.
            rule_version -> Of<Workers, Integer>,
            /// When it was due.
            due_at -> SqlInstant,
            /// When that it had passed was seen.
            seen_at -> SqlInstant,
        }
    }
    platform::casework!(duty_breach);
}
use breach::duty_breach;

/// A request that a duty be waived.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = duty_waiver, check_for_backend(Backend))]
pub struct Waiver {
    /// Its id.
    pub id: WaiverId,
    /// The duty: a name of ours, see [`Waiver::key`].
    duty: Labelled<String, Workers>,
    /// Why it cannot be done.
    pub reason: Labelled<String, Workers>,
    /// Who asks.
    pub asked_by: UserId,
    /// When.
    pub asked_at: Instant,
    /// What was decided.
    pub decision: Option<Labelled<Decision, Workers>>,
    /// Why.
    pub note: Option<Labelled<String, Workers>>,
}

impl Waiver {
    /// The key of the duty. It is a word of the rules and tells nothing of the family.
    pub fn key(&self) -> &str {
        self.duty.expose()
    }
}

/// The waivers of the case in hand, newest first.
pub fn waivers(scope: &mut impl Scope) -> Result<Vec<Waiver>> {
    Ok(waiver::of(scope)
        .order(duty_waiver::asked_at.desc())
        .select(Waiver::as_select())
        .load(scope.conn())?)
}

/// The keys of the duties of which a waiver was asked for and not decided, in the cases of a list.
/// Whether a reader may know that the duty is owed is the caller's to ask.
pub fn asked_listed(across: &mut Across<'_>) -> Result<Vec<(CaseId, String)>> {
    let rows: Vec<(CaseId, Labelled<String, Workers>)> = waiver::of_listed(across)
        .filter(duty_waiver::decided_at.is_null())
        .select((duty_waiver::case_id, duty_waiver::duty))
        .load(across.conn())?;
    Ok(rows
        .into_iter()
        .map(|(case, key)| (case, key.into_exposed()))
        .collect())
}

/// The keys of the duties of the case in hand that were waived.
pub fn waived(scope: &mut impl Scope) -> Result<Vec<String>> {
    let keys: Vec<Labelled<String, Workers>> = waiver::of(scope)
        .filter(duty_waiver::decision.eq(Some(Labelled::new(Decision::Waive))))
        .select(duty_waiver::duty)
        .load(scope.conn())?;
    Ok(keys.into_iter().map(Labelled::into_exposed).collect())
}

/// Asks that a duty be waived. Asking twice while the first is open changes nothing.
pub fn ask(
    tx: &mut Tx<'_>,
    id: WaiverId,
    duty: &str,
    reason: &Labelled<String, Workers>,
) -> Result<(), Failed> {
    let open: i64 = waiver::of(tx)
        .filter(duty_waiver::duty.eq(Labelled::new(duty.to_owned())))
        .filter(duty_waiver::decided_at.is_null())
        .count()
        .get_result(tx.conn())?;
    if open > 0 {
        return Err(Error::Stale.into());
    }
    let (case, actor, now) = (tx.case(), tx.actor(), tx.now());
    diesel::insert_into(duty_waiver::table)
        .values((
            duty_waiver::id.eq(id),
            duty_waiver::case_id.eq(case),
            duty_waiver::duty.eq(Labelled::new(duty.to_owned())),
            duty_waiver::reason.eq(reason),
            duty_waiver::asked_by.eq(actor),
            duty_waiver::asked_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Decides about a waiver that is open. Nobody waives their own.
pub fn decide(
    tx: &mut Tx<'_>,
    id: WaiverId,
    decision: &Labelled<Decision, Workers>,
    note: &Labelled<String, Workers>,
) -> Result<Event, Failed> {
    let (actor, now) = (tx.actor(), tx.now());
    let request: Option<(UserId, Option<Instant>)> = waiver::of(tx)
        .filter(duty_waiver::id.eq(id))
        .select((duty_waiver::asked_by, duty_waiver::decided_at))
        .first(tx.conn())
        .optional()?;
    let Some((asker, before)) = request else {
        return Err(Error::NotFound.into());
    };
    if before.is_some() {
        return Err(Error::Stale.into());
    }
    if !rules::may_decide(actor, asker) {
        return Err(Error::Refused(vec![kernel::form::Problem::new(
            "decision",
            "You asked for this waiver yourself: another supervisor decides",
        )])
        .into());
    }
    diesel::update(waiver::of(tx).filter(duty_waiver::id.eq(id)))
        .set((
            duty_waiver::decision.eq(Some(*decision)),
            duty_waiver::note.eq(Some(note.clone())),
            duty_waiver::decided_by.eq(Some(actor)),
            duty_waiver::decided_at.eq(Some(now)),
        ))
        .execute(tx.conn())?;
    Ok(match decision.expose() {
        Decision::Waive => Event::Waived(id),
        Decision::Refuse => Event::Refused(id),
    })
}

/// The keys of the duties of the case in hand that passed their time.
pub fn breached(scope: &mut impl Scope) -> Result<HashSet<String>> {
    let keys: Vec<Labelled<String, Workers>> = breach::of(scope)
        .select(duty_breach::duty)
        .load(scope.conn())?;
    Ok(keys.into_iter().map(Labelled::into_exposed).collect())
}

/// Records that a duty passed its time: what was due then stays on the record, whatever the rules
/// say later. It is recorded once; see [`breached`].
pub fn record_breach(tx: &mut Tx<'_>, duty: &Duty) -> Result<(), Failed> {
    let key = Labelled::<String, Workers>::new(duty.key.as_ref().to_owned());
    let (case, now) = (tx.case(), tx.now());
    diesel::insert_into(duty_breach::table)
        .values((
            duty_breach::case_id.eq(case),
            duty_breach::duty.eq(key),
            duty_breach::rule_version.eq(Labelled::<i32, Workers>::new(rules::VERSION)),
            duty_breach::due_at.eq(Instant::new(duty.due.instant())),
            duty_breach::seen_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The breaches of the case in hand: the key of the duty, when it was due, when that was seen.
pub fn breaches(scope: &mut impl Scope) -> Result<Vec<(String, Instant, Instant)>> {
    let rows: Vec<(Labelled<String, Workers>, Instant, Instant)> = breach::of(scope)
        .order(duty_breach::due_at)
        .select((duty_breach::duty, duty_breach::due_at, duty_breach::seen_at))
        .load(scope.conn())?;
    Ok(rows
        .into_iter()
        .map(|(key, due, seen)| (key.into_exposed(), due, seen))
        .collect())
}

/// Every setting, with the day from which it is in force.
pub fn settings(conn: &mut Conn) -> Result<Vec<Dated>> {
    let rows: Vec<(Plain, Day, Plain)> = setting::table
        .select((setting::name, setting::from_day, setting::value))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(name, from, value)| Dated {
            name: name.as_str().to_owned(),
            from: from.0,
            value: value.as_str().to_owned(),
        })
        .collect())
}
