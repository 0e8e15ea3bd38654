//! Looks with a reason, warnings, and who may open a case.

use std::collections::{BTreeSet, HashMap, HashSet};

use diesel::prelude::*;
use jiff::civil::Date;
use kernel::{
    access::Tie,
    form::Problem,
    ids::{AgencyId, UserId},
    label::{Labelled, Survivor, Workers},
    plain::Plain,
    time::Instant,
};
use platform::{
    Error, Failed, Result, Scope, Tx, casefile,
    schema::{agency, app_user, programme},
};

use super::tables::{
    accesses::{self, access_change},
    flags::{self, safety_flag},
    reveals::{self, reveal},
};
use crate::{
    cases::store::hidden_items,
    people::{
        model::{AccessChangeId, AccessWhat, RevealId, SafetyFlag, SafetyFlagId},
        rules,
    },
};

/// A look at what is kept from the service.
#[derive(Clone, Debug)]
pub struct Revealed {
    /// Why.
    pub reason: Labelled<String, Survivor>,
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Instant,
}

/// Records a look at what is kept from the service, before it is given.
pub fn add_reveal(
    tx: &mut Tx<'_>,
    id: RevealId,
    reason: &Labelled<String, Survivor>,
) -> Result<(), Failed> {
    let (case, actor, now) = (tx.case(), tx.actor(), tx.now());
    diesel::insert_into(reveal::table)
        .values((
            reveal::id.eq(id),
            reveal::case_id.eq(case),
            reveal::reason.eq(reason),
            reveal::recorded_by.eq(actor),
            reveal::recorded_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Who looked, newest first.
pub fn reveals(scope: &mut impl Scope) -> Result<Vec<Revealed>> {
    let rows: Vec<(Labelled<String, Survivor>, UserId, Instant)> = reveals::of(scope)
        .order((reveal::recorded_at.desc(), reveal::id.desc()))
        .select((reveal::reason, reveal::recorded_by, reveal::recorded_at))
        .load(scope.conn())?;
    Ok(rows
        .into_iter()
        .map(|(reason, by, at)| Revealed { reason, by, at })
        .collect())
}

/// Warns workers.
pub fn raise_flag(
    tx: &mut Tx<'_>,
    id: SafetyFlagId,
    words: &Labelled<String, Workers>,
    review_on: &Labelled<Date, Workers>,
) -> Result<(), Failed> {
    let (case, actor, now) = (tx.case(), tx.actor(), tx.now());
    diesel::insert_into(safety_flag::table)
        .values((
            safety_flag::id.eq(id),
            safety_flag::case_id.eq(case),
            safety_flag::words.eq(words),
            safety_flag::review_on.eq(review_on),
            safety_flag::recorded_by.eq(actor),
            safety_flag::recorded_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Lifts a warning.
///
/// # Errors
/// [`Error::Stale`] if somebody lifted it before.
pub fn lift_flag(
    tx: &mut Tx<'_>,
    id: SafetyFlagId,
    because: &Labelled<String, Workers>,
) -> Result<(), Failed> {
    let (actor, now) = (tx.actor(), tx.now());
    let done = diesel::update(
        flags::of(tx)
            .filter(safety_flag::id.eq(id))
            .filter(safety_flag::lifted_at.is_null()),
    )
    .set((
        safety_flag::lifted_because.eq(Some(because)),
        safety_flag::lifted_by.eq(Some(actor)),
        safety_flag::lifted_at.eq(Some(now)),
    ))
    .execute(tx.conn())?;
    if done == 0 {
        return Err(Error::Stale.into());
    }
    Ok(())
}

/// Every warning of the case in hand, lifted ones too, oldest first, without what is marked as
/// misplaced.
pub fn flags(scope: &mut impl Scope) -> Result<Vec<SafetyFlag>> {
    type Row = (
        SafetyFlagId,
        Labelled<String, Workers>,
        Labelled<Date, Workers>,
        UserId,
        Instant,
        Option<Instant>,
        Option<UserId>,
    );
    let hidden = hidden_items(scope)?;
    let rows: Vec<Row> = flags::of(scope)
        .order((safety_flag::recorded_at.asc(), safety_flag::id.asc()))
        .select((
            safety_flag::id,
            safety_flag::words,
            safety_flag::review_on,
            safety_flag::recorded_by,
            safety_flag::recorded_at,
            safety_flag::lifted_at,
            safety_flag::lifted_by,
        ))
        .load(scope.conn())?;
    Ok(rows
        .into_iter()
        .map(|row| SafetyFlag {
            id: row.0,
            words: row.1,
            review_on: row.2,
            recorded_by: row.3,
            recorded_at: row.4,
            lifted_at: row.5,
            lifted_by: row.6,
        })
        .filter(|flag| !hidden.contains(&format!("safety_flag:{}", flag.id)))
        .collect())
}

/// A change of who may open a case.
#[derive(Clone, Debug)]
pub struct AccessChanged {
    /// What was done.
    pub what: Labelled<AccessWhat, Workers>,
    /// To whom, unless it was to everybody.
    pub worker: Option<UserId>,
    /// Why.
    pub reason: Labelled<String, Workers>,
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Instant,
}

/// Changes who may open the case in hand, and says why.
///
/// Whoever is excluded loses every tie but that of the referrer, which only says what happened:
/// a duty must not stay with somebody who cannot open the case. Restricting a case names
/// everybody who is tied to it by name, so that nobody who works on it is shut out by surprise, and
/// so that no list has to tell who they are.
pub fn change_access(
    tx: &mut Tx<'_>,
    id: AccessChangeId,
    what: AccessWhat,
    worker: Option<UserId>,
    reason: &Labelled<String, Workers>,
) -> Result<(), Failed> {
    let (case, actor, now) = (tx.case(), tx.actor(), tx.now());
    match (what, worker) {
        (AccessWhat::Excluded, Some(worker)) => {
            casefile::list_worker(tx, worker, false)?;
            for tie in Tie::ALL.into_iter().filter(|tie| *tie != Tie::Referrer) {
                casefile::end_ties(tx, Some(tie), Some(worker))?;
            }
        }
        (AccessWhat::Named, Some(worker)) => casefile::list_worker(tx, worker, true)?,
        (AccessWhat::TakenOff, Some(worker)) => casefile::unlist_worker(tx, worker)?,
        (AccessWhat::Restricted, _) => {
            let listed: HashSet<UserId> = casefile::listed_workers(tx)?
                .into_iter()
                .map(|(user, _)| user)
                .collect();
            let mut named: BTreeSet<UserId> = casefile::ties(tx)?
                .into_iter()
                .filter(|tie| tie.holds(now))
                .map(|tie| tie.user_id)
                .collect();
            named.insert(actor);
            for user in named {
                if !listed.contains(&user) {
                    casefile::list_worker(tx, user, true)?;
                }
            }
            casefile::restrict(tx, true)?;
        }
        (AccessWhat::Opened, _) => casefile::restrict(tx, false)?,
        (AccessWhat::Excluded | AccessWhat::Named | AccessWhat::TakenOff, None) => {
            return Err(Error::Refused(vec![Problem::missing("worker", "Choose a worker")]).into());
        }
    }
    diesel::insert_into(access_change::table)
        .values((
            access_change::id.eq(id),
            access_change::case_id.eq(case),
            access_change::what.eq(Labelled::<_, Workers>::new(what)),
            access_change::worker.eq(worker),
            access_change::reason.eq(reason),
            access_change::recorded_by.eq(actor),
            access_change::recorded_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// What was changed about who may open the case in hand, newest first.
pub fn access_changes(scope: &mut impl Scope) -> Result<Vec<AccessChanged>> {
    type Row = (
        Labelled<AccessWhat, Workers>,
        Option<UserId>,
        Labelled<String, Workers>,
        UserId,
        Instant,
    );
    let rows: Vec<Row> = accesses::of(scope)
        .order((access_change::recorded_at.desc(), access_change::id.desc()))
        .select((
            access_change::what,
            access_change::worker,
            access_change::reason,
            access_change::recorded_by,
            access_change::recorded_at,
        ))
        .load(scope.conn())?;
    Ok(rows
        .into_iter()
        .map(|(what, worker, reason, by, at)| AccessChanged {
            what,
            worker,
            reason,
            by,
            at,
        })
        .collect())
}

/// The workers whose name beside this case would tell who supports the survivor: everybody who is
/// or was tied to its survivor line.
pub fn survivor_side(scope: &mut impl Scope) -> Result<HashSet<UserId>> {
    Ok(casefile::ties(scope)?
        .into_iter()
        .filter(|tie| tie.tie().is_some_and(rules::tells_of_survivor_line))
        .map(|tie| tie.user_id)
        .collect())
}

/// Who holds which tie to the case in hand now.
pub fn holders(scope: &mut impl Scope) -> Result<Vec<rules::Holder>> {
    let now = scope.now();
    Ok(casefile::ties(scope)?
        .into_iter()
        .filter(|row| row.holds(now))
        .filter_map(|row| {
            Some(rules::Holder {
                user: row.user_id,
                tie: row.tie()?,
            })
        })
        .collect())
}

/// A worker of the partnership.
#[derive(Clone, Debug)]
pub struct Worker {
    /// The user.
    pub id: UserId,
    /// The name.
    pub name: Plain,
    /// The agency.
    pub agency: AgencyId,
    /// Its name.
    pub agency_name: Plain,
}

/// The workers who may sign in, by name.
pub fn workers(scope: &mut impl Scope) -> Result<Vec<Worker>> {
    let rows: Vec<(UserId, Plain, AgencyId, Plain)> = app_user::table
        .inner_join(agency::table)
        .filter(app_user::standing.eq(Plain::new("active")))
        .filter(app_user::id.ne(platform::bootstrap::SYSTEM))
        .order((app_user::name, app_user::id))
        .select((
            app_user::id,
            app_user::name,
            app_user::agency_id,
            agency::name,
        ))
        .load(scope.conn())?;
    Ok(rows
        .into_iter()
        .map(|(id, name, agency, agency_name)| Worker {
            id,
            name,
            agency,
            agency_name,
        })
        .collect())
}

/// The names of workers, of those who left too.
pub fn worker_names(
    scope: &mut impl Scope,
    ids: impl IntoIterator<Item = UserId>,
) -> Result<HashMap<UserId, Plain>> {
    let ids: Vec<UserId> = ids
        .into_iter()
        .collect::<HashSet<_>>()
        .into_iter()
        .collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(UserId, Plain)> = app_user::table
        .filter(app_user::id.eq_any(ids))
        .select((app_user::id, app_user::name))
        .load(scope.conn())?;
    Ok(rows.into_iter().collect())
}

/// The names of the agencies of the partnership.
pub fn agency_names(scope: &mut impl Scope) -> Result<Vec<Plain>> {
    Ok(agency::table
        .order(agency::name)
        .select(agency::name)
        .load(scope.conn())?)
}

/// The words on screen for the person causing harm and for the adult harmed.
pub fn words_on_screen(scope: &mut impl Scope) -> Result<(Plain, Plain)> {
    let id = casefile::frame(scope)?.programme_id;
    Ok(programme::table
        .find(id)
        .select((programme::word_client, programme::word_survivor))
        .first(scope.conn())?)
}
