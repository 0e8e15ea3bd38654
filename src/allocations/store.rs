//! Rows of allocations and of the waiting list.

use std::collections::HashMap;

use diesel::prelude::*;
use jiff::Timestamp;
use kernel::{
    access::{Role, Tie},
    ids::{AgencyId, CaseId, CaseKind, UserId, UserKind},
    label::{Labelled, Workers},
    plain::Plain,
    time::Instant,
};
use platform::{
    Across, Failed, Result, Scope, Tx, casefile,
    schema::agency,
    sql::{Of, SqlId, SqlInstant},
};

use super::model::{AllocationId, AllocationKind, WaitId, WaitKind};

mod allocations {
    use super::{AllocationKind, CaseKind, Of, SqlId, SqlInstant, UserKind, Workers};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{AllocationKind, CaseKind, Of, SqlId, SqlInstant, UserKind, Workers};
        /// A decision about who works with the client.
        allocation (id) {
            /// Its id.
            id -> SqlId<AllocationKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// The practitioner.
            worker_id -> SqlId<UserKind>,
            /// The supervisor.
            supervisor_id -> SqlId<UserKind>,
            /// What they should know, or why it was handed over.
            note -> Nullable<Of<Workers, Text>>,
            /// Who decided.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(allocation);
}
use allocations::allocation;

mod waits {
    use super::{CaseKind, Of, SqlId, SqlInstant, UserKind, WaitKind, Workers};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, Of, SqlId, SqlInstant, UserKind, WaitKind, Workers};
        /// A time on the waiting list.
        wait (id) {
            /// Its id.
            id -> SqlId<WaitKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// Why.
            reason -> Of<Workers, Text>,
            /// Who decided.
            recorded_by -> SqlId<UserKind>,
            /// Since when.
            recorded_at -> SqlInstant,
            /// Until when.
            ended_at -> Nullable<SqlInstant>,
        }
    }
    platform::casework!(wait);
}
use waits::wait;

/// Somebody who may be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The worker.
    pub user: UserId,
    /// The name.
    pub name: Plain,
    /// The agency's name.
    pub agency: Plain,
    /// Open cases on the worker's line.
    pub load: i64,
}

/// Who may be chosen for the case in hand by role: workers of agencies that took part. Who is
/// excluded is listed too, since a missing name would tell.
pub fn candidates(scope: &mut impl Scope, role: Role) -> Result<Vec<Candidate>> {
    let now = scope.now();
    let line = match role {
        Role::SurvivorWorker => Tie::SurvivorLine,
        Role::SocialWorker => Tie::LeadWorker,
        _ => Tie::ClientLine,
    };
    let loads = casefile::loads(scope.conn(), &[line], now)?;
    let mut candidates = Vec::new();
    for worker in casefile::workers(scope.conn(), role, now)? {
        if casefile::took_part(scope, worker.agency)? {
            candidates.push(Candidate {
                load: loads
                    .iter()
                    .find(|(user, _)| *user == worker.user)
                    .map_or(0, |(_, n)| *n),
                user: worker.user,
                name: worker.name,
                agency: worker.agency_name,
            });
        }
    }
    Ok(candidates)
}

/// The names of the agencies that referred the cases of a list.
pub fn senders(across: &mut Across<'_>) -> Result<HashMap<CaseId, Plain>> {
    let of: Vec<(CaseId, Option<AgencyId>)> = across
        .frames()
        .iter()
        .map(|frame| (frame.id, frame.referring_agency_id))
        .collect();
    let ids: Vec<AgencyId> = of.iter().filter_map(|(_, agency)| *agency).collect();
    let names: Vec<(AgencyId, Plain)> = agency::table
        .filter(agency::id.eq_any(ids))
        .select((agency::id, agency::name))
        .load(across.conn())?;
    let names: HashMap<AgencyId, Plain> = names.into_iter().collect();
    Ok(of
        .into_iter()
        .filter_map(|(case, agency)| Some((case, names.get(&agency?)?.clone())))
        .collect())
}

/// The current allocation of the case in hand.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = allocation, check_for_backend(platform::db::Backend))]
pub struct Allocation {
    /// Its id.
    pub id: AllocationId,
    /// The practitioner.
    pub worker_id: UserId,
    /// The supervisor.
    pub supervisor_id: UserId,
    /// What they should know.
    pub note: Option<Labelled<String, Workers>>,
    /// Who decided.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

/// Every allocation of the case in hand, newest first.
pub fn of_case(scope: &mut impl Scope) -> Result<Vec<Allocation>> {
    Ok(allocations::of(scope)
        .order((allocation::recorded_at.desc(), allocation::id.desc()))
        .select(Allocation::as_select())
        .load(scope.conn())?)
}

/// When the case in hand was first allocated.
pub fn first(scope: &mut impl Scope) -> Result<Option<Timestamp>> {
    let at: Option<Instant> = allocations::of(scope)
        .order(allocation::recorded_at)
        .select(allocation::recorded_at)
        .first(scope.conn())
        .optional()?;
    Ok(at.map(Instant::get))
}

/// Records an allocation and ties the worker and the supervisor, ending what held before.
pub fn allocate(
    tx: &mut Tx<'_>,
    id: AllocationId,
    worker: UserId,
    supervisor: UserId,
    note: Option<&Labelled<String, Workers>>,
) -> Result<(), Failed> {
    let (case, actor, now) = (tx.case(), tx.actor(), tx.now());
    diesel::insert_into(allocation::table)
        .values((
            allocation::id.eq(id),
            allocation::case_id.eq(case),
            allocation::worker_id.eq(worker),
            allocation::supervisor_id.eq(supervisor),
            allocation::note.eq(note.cloned()),
            allocation::recorded_by.eq(actor),
            allocation::recorded_at.eq(now),
        ))
        .execute(tx.conn())?;
    casefile::end_ties(tx, Some(Tie::ClientLine), None)?;
    casefile::end_ties(tx, Some(Tie::ClientSupervisor), None)?;
    // Who took the referral reads it as it was sent, the survivor's address included; who works
    // with the client does not.
    casefile::end_ties(tx, Some(Tie::Referrer), Some(worker))?;
    casefile::end_ties(tx, Some(Tie::Referrer), Some(supervisor))?;
    casefile::add_tie(tx, worker, Tie::ClientLine, None, None)?;
    casefile::add_tie(tx, supervisor, Tie::ClientSupervisor, None, None)?;
    end_wait(tx)?;
    Ok(())
}

/// Ties a survivor support worker to the case in hand.
pub fn support(tx: &mut Tx<'_>, worker: UserId) -> Result<(), Failed> {
    casefile::end_ties(tx, Some(Tie::SurvivorLine), None)?;
    casefile::add_tie(tx, worker, Tie::SurvivorLine, None, None)?;
    Ok(())
}

/// Names the lead worker of the case in hand: who holds the family's statutory case.
pub fn lead(tx: &mut Tx<'_>, worker: UserId) -> Result<(), Failed> {
    casefile::end_ties(tx, Some(Tie::LeadWorker), None)?;
    casefile::add_tie(tx, worker, Tie::LeadWorker, None, None)?;
    Ok(())
}

/// Puts the case in hand on the waiting list; a second time changes only the reason.
pub fn add_wait(
    tx: &mut Tx<'_>,
    id: WaitId,
    reason: &Labelled<String, Workers>,
) -> Result<(), Failed> {
    end_wait(tx)?;
    let (case, actor, now) = (tx.case(), tx.actor(), tx.now());
    diesel::insert_into(wait::table)
        .values((
            wait::id.eq(id),
            wait::case_id.eq(case),
            wait::reason.eq(reason),
            wait::recorded_by.eq(actor),
            wait::recorded_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes the case in hand off the waiting list.
pub fn end_wait(tx: &mut Tx<'_>) -> Result<usize, Failed> {
    let now = tx.now();
    Ok(
        diesel::update(waits::of(tx).filter(wait::ended_at.is_null()))
            .set(wait::ended_at.eq(Some(now)))
            .execute(tx.conn())?,
    )
}

/// Whether the case in hand is on the waiting list.
pub fn is_waiting(scope: &mut impl Scope) -> Result<bool> {
    Ok(current_wait(scope)?.is_some())
}

/// Since when and why the case in hand waits.
pub fn current_wait(
    scope: &mut impl Scope,
) -> Result<Option<(Instant, Labelled<String, Workers>)>> {
    Ok(waits::of(scope)
        .filter(wait::ended_at.is_null())
        .select((wait::recorded_at, wait::reason))
        .first(scope.conn())
        .optional()?)
}

/// Why and since when a case waits.
pub type Waiting = (Instant, Labelled<String, Workers>);

/// Why and since when the cases of a list wait.
pub fn waits_listed(across: &mut Across<'_>) -> Result<HashMap<CaseId, Waiting>> {
    let rows: Vec<(CaseId, Instant, Labelled<String, Workers>)> = waits::of_listed(across)
        .filter(wait::ended_at.is_null())
        .select((wait::case_id, wait::recorded_at, wait::reason))
        .load(across.conn())?;
    Ok(rows
        .into_iter()
        .map(|(case, since, why)| (case, (since, why)))
        .collect())
}
