//! Rows of closures.

mod tables;

use diesel::prelude::*;
use jiff::civil::Date;
use kernel::{
    form::{Problem, YesNo},
    ids::{AgencyId, CaseId, Id, ProgrammeId, UserId},
    label::{Client, Labelled, Survivor, Workers},
    plain::Plain,
    time::{Day, Instant, day_words},
};
use platform::{Error, Failed, Result, Scope, Tx, casefile};

use super::{
    model::{
        ClosureApartId, ClosureGoalId, ClosureId, ClosureToldId, Earlier, EarlierId, GoalOutcome,
        NewClosure, Outcome, ReopeningId, Told, Way,
    },
    rules::{self, Known},
};
use crate::{
    cases::model::Moment, duties::model::Met, interventions::model::Ending, participation,
};
use tables::{
    apart::{self, closure_apart},
    closures::{self, closure},
    earlier::{self, closure_earlier},
    goals::{self, closure_goal},
    reopenings::{self, closure_reopened},
    tallies::closure_tally,
    tellings::{self, closure_told},
};

/// A closure.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = closure, check_for_backend(platform::db::Backend), treat_none_as_default_value = false)]
pub struct Closure {
    /// Its id.
    pub id: ClosureId,
    /// The case.
    pub case_id: CaseId,
    /// The day.
    pub closed_on: Labelled<Date, Workers>,
    /// How it ended.
    pub outcome: Labelled<Outcome, Workers>,
    /// What was done and what came of it.
    pub summary: Option<Labelled<String, Workers>>,
    /// How risk stands.
    pub risk: Option<Labelled<String, Workers>>,
    /// What the client goes on to.
    pub onward: Option<Labelled<String, Workers>>,
    /// Whether the lead worker agreed.
    pub lead_worker: Labelled<YesNo, Workers>,
    /// When temporary accommodation ended.
    pub placement_ended_on: Option<Labelled<Date, Workers>>,
    /// When the behaviour work ended.
    pub work_ended_on: Option<Labelled<Date, Workers>>,
    /// How the client was told.
    pub client_told: Labelled<Told, Workers>,
    /// When.
    pub client_told_on: Option<Labelled<Date, Workers>>,
    /// Why not.
    pub client_untold: Option<Labelled<String, Workers>>,
    /// What the client may read.
    pub client_text: Option<Labelled<String, Client>>,
    /// How the referrer was told.
    pub referrer_told: Labelled<Told, Workers>,
    /// When.
    pub referrer_told_on: Option<Labelled<Date, Workers>>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

impl Closure {
    /// The day.
    pub fn day(&self) -> Date {
        *self.closed_on.expose()
    }

    /// When the case was closed.
    pub fn met(&self) -> Met {
        Met::on(*self.closed_on.expose(), self.recorded_at.get())
    }
}

/// A goal of a closure.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = closure_goal, check_for_backend(platform::db::Backend))]
pub struct Goal {
    /// Its id.
    pub id: ClosureGoalId,
    /// The case.
    pub case_id: CaseId,
    /// The closure.
    pub closure_id: ClosureId,
    /// Its place on the form.
    pub place: Labelled<i32, Workers>,
    /// The goal.
    pub goal: Labelled<String, Workers>,
    /// What came of it.
    pub outcome: Labelled<GoalOutcome, Workers>,
}

/// An agency that was told.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = closure_told, check_for_backend(platform::db::Backend))]
pub struct Telling {
    /// Its id.
    pub id: ClosureToldId,
    /// The case.
    pub case_id: CaseId,
    /// The closure.
    pub closure_id: ClosureId,
    /// Its place on the form.
    pub place: Labelled<i32, Workers>,
    /// Who.
    pub who: Labelled<String, Workers>,
    /// How.
    pub how: Labelled<Way, Workers>,
    /// When.
    pub told_on: Labelled<Date, Workers>,
}

/// A closed case that was opened again.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = closure_reopened, check_for_backend(platform::db::Backend))]
pub struct Reopening {
    /// Its id.
    pub id: ReopeningId,
    /// The case.
    pub case_id: CaseId,
    /// The closure that it undoes.
    pub closure_id: ClosureId,
    /// From which day.
    pub reopened_on: Labelled<Date, Workers>,
    /// Why.
    pub why: Labelled<String, Workers>,
    /// Who decided.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

/// What stays in place for survivor and children.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = closure_apart, check_for_backend(platform::db::Backend), treat_none_as_default_value = false)]
pub struct Apart {
    /// Its id.
    pub id: ClosureApartId,
    /// The case.
    pub case_id: CaseId,
    /// How she was told.
    pub told: Labelled<Told, Survivor>,
    /// When.
    pub told_on: Option<Labelled<Date, Survivor>>,
    /// Why it was not safe.
    pub untold: Option<Labelled<String, Survivor>>,
    /// What the end means for safety.
    pub implications: Labelled<String, Survivor>,
    /// What stays in place for her.
    pub survivor_keeps: Labelled<String, Survivor>,
    /// What stays in place for the children.
    pub children_keep: Option<Labelled<String, Survivor>>,
    /// The services that are linked.
    pub services: Option<Labelled<String, Survivor>>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

/// A closure in words, in the order of its form, as workers of both lines read it.
pub fn words(row: &Closure) -> Vec<(&'static str, Labelled<String, Workers>)> {
    let day = |day: &Labelled<Date, Workers>| day.map(|day| day_words(*day));
    let told = |told: &Labelled<Told, Workers>| told.map(|told| told.words().to_owned());
    let mut rows = vec![("Closed on", day(&row.closed_on))];
    rows.push((
        "How it ended",
        row.outcome.map(|outcome| outcome.words().to_owned()),
    ));
    let mut put = |question, answer: Option<Labelled<String, Workers>>| {
        rows.extend(answer.map(|answer| (question, answer)));
    };
    put("What was done, and what came of it", row.summary.clone());
    put("How risk stands now", row.risk.clone());
    put(
        "Agreed with the lead worker",
        Some(row.lead_worker.map(|answer| answer.words().to_owned())),
    );
    put("Behaviour work ended", row.work_ended_on.as_ref().map(day));
    put(
        "Temporary accommodation ended",
        row.placement_ended_on.as_ref().map(day),
    );
    put("What the client goes on to", row.onward.clone());
    put("How the client was told", Some(told(&row.client_told)));
    put(
        "When the client was told",
        row.client_told_on.as_ref().map(day),
    );
    put("Why the client was not told", row.client_untold.clone());
    put("How the referrer was told", Some(told(&row.referrer_told)));
    put(
        "When the referrer was told",
        row.referrer_told_on.as_ref().map(day),
    );
    rows
}

/// A closure with its goals and who was told, as it is kept.
pub type Whole = (Closure, Vec<Goal>, Vec<Telling>);

/// The closure as it is kept, once everything needed was answered.
pub fn complete(
    form: NewClosure,
    id: ClosureId,
    case_id: CaseId,
    (recorded_by, recorded_at): (UserId, Instant),
) -> Option<Whole> {
    let places = || (0..).map(Labelled::<i32, Workers>::new);
    let goals: Option<Vec<Goal>> = form
        .goals
        .into_iter()
        .zip(places())
        .map(|(goal, place)| {
            Some(Goal {
                id: ClosureGoalId::new(),
                case_id,
                closure_id: id,
                place,
                goal: goal.goal?,
                outcome: goal.outcome?,
            })
        })
        .collect();
    let told: Option<Vec<Telling>> = form
        .told
        .into_iter()
        .zip(places())
        .map(|(told, place)| {
            Some(Telling {
                id: ClosureToldId::new(),
                case_id,
                closure_id: id,
                place,
                who: told.who?,
                how: told.how?,
                told_on: told.on?,
            })
        })
        .collect();
    let row = Closure {
        id,
        case_id,
        closed_on: form.closed_on?,
        outcome: form.outcome?,
        summary: form.summary,
        risk: form.risk,
        onward: form.onward,
        lead_worker: form.lead_worker?,
        placement_ended_on: form.placement_ended_on,
        work_ended_on: form.work_ended_on,
        client_told: form.client_told?,
        client_told_on: form.client_told_on,
        client_untold: form.client_untold,
        client_text: form.client_text,
        referrer_told: form.referrer_told?,
        referrer_told_on: form.referrer_told_on,
        recorded_by,
        recorded_at,
    };
    Some((row, goals?, told?))
}

/// On which day and how open work ends with this closure: on the day that was said, or on that of
/// the closure.
pub fn ending(row: &Closure) -> Option<(Labelled<Date, Workers>, Labelled<Ending, Workers>)> {
    let how = rules::ending(*row.outcome.expose())?;
    Some((
        row.work_ended_on.unwrap_or(row.closed_on),
        Labelled::new(how),
    ))
}

/// The closures of the case in hand, latest first.
pub fn of_case(scope: &mut impl Scope) -> Result<Vec<Closure>> {
    Ok(closures::of(scope)
        .order((closure::recorded_at.desc(), closure::id.desc()))
        .select(Closure::as_select())
        .load(scope.conn())?)
}

/// The reopenings of the case in hand, latest first.
pub fn reopenings(scope: &mut impl Scope) -> Result<Vec<Reopening>> {
    Ok(reopenings::of(scope)
        .order((
            closure_reopened::recorded_at.desc(),
            closure_reopened::id.desc(),
        ))
        .select(Reopening::as_select())
        .load(scope.conn())?)
}

/// The goals of the case in hand, closure by closure, in the order of the form.
pub fn goals(scope: &mut impl Scope) -> Result<Vec<Goal>> {
    Ok(goals::of(scope)
        .order((closure_goal::closure_id, closure_goal::place))
        .select(Goal::as_select())
        .load(scope.conn())?)
}

/// Who was told, closure by closure, in the order of the form.
pub fn tellings(scope: &mut impl Scope) -> Result<Vec<Telling>> {
    Ok(tellings::of(scope)
        .order((closure_told::closure_id, closure_told::place))
        .select(Telling::as_select())
        .load(scope.conn())?)
}

/// What stays in place for survivor and children, latest first.
pub fn kept(scope: &mut impl Scope) -> Result<Vec<Apart>> {
    Ok(apart::of(scope)
        .order((closure_apart::recorded_at.desc(), closure_apart::id.desc()))
        .select(Apart::as_select())
        .load(scope.conn())?)
}

/// The closure that stands: the latest, unless the case was opened again.
pub fn standing(scope: &mut impl Scope) -> Result<Option<Closure>> {
    let latest: Option<Closure> = closures::of(scope)
        .order((closure::recorded_at.desc(), closure::id.desc()))
        .select(Closure::as_select())
        .first(scope.conn())
        .optional()?;
    let Some(latest) = latest else {
        return Ok(None);
    };
    let undone: i64 = reopenings::of(scope)
        .filter(closure_reopened::closure_id.eq(latest.id))
        .count()
        .get_result(scope.conn())?;
    Ok((undone == 0).then_some(latest))
}

/// What is known of the case in hand.
pub fn known(scope: &mut impl Scope) -> Result<Known> {
    let recorded: Option<Instant> = apart::of(scope)
        .order((closure_apart::recorded_at.desc(), closure_apart::id.desc()))
        .select(closure_apart::recorded_at)
        .first(scope.conn())
        .optional()?;
    Ok(Known {
        closed: standing(scope)?.map(|row| row.met()),
        kept: recorded.map(|at| Met {
            at: at.get(),
            entered: at.get(),
        }),
    })
}

/// Closes the case in hand, with its goals and who was told, and counts it.
///
/// # Errors
/// Refused if it is closed already: the first closure stands.
pub fn close(
    tx: &mut Tx<'_>,
    row: &Closure,
    goals: &[Goal],
    told: &[Telling],
) -> Result<(), Failed> {
    if standing(tx)?.is_some() {
        return Err(Error::Refused(vec![Problem::new(
            "closed_on",
            "This case has been closed already",
        )])
        .into());
    }
    diesel::insert_into(closure::table)
        .values(row)
        .execute(tx.conn())?;
    for goal in goals {
        diesel::insert_into(closure_goal::table)
            .values(goal)
            .execute(tx.conn())?;
    }
    for telling in told {
        diesel::insert_into(closure_told::table)
            .values(telling)
            .execute(tx.conn())?;
    }
    let day = Day(*row.closed_on.expose());
    let what = row.outcome.expose().code();
    count(tx, Id::from_uuid(row.id.uuid()), day, what)
}

/// Opens the case in hand again. What was counted of the closure is counted no more.
///
/// # Errors
/// Stale if the closure that was shown no longer stands.
pub fn reopen(tx: &mut Tx<'_>, row: &Reopening) -> Result<(), Failed> {
    if standing(tx)?.is_none_or(|stands| stands.id != row.closure_id) {
        return Err(Error::Stale.into());
    }
    diesel::insert_into(closure_reopened::table)
        .values(row)
        .execute(tx.conn())?;
    uncount(tx, Id::from_uuid(row.closure_id.uuid()))
}

/// Records what stays in place. What was recorded before stays in the history.
pub fn keep(tx: &mut Tx<'_>, row: &Apart) -> Result<(), Failed> {
    diesel::insert_into(closure_apart::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// What was last said about an earlier referral of the family in hand.
pub fn earlier(scope: &mut impl Scope) -> Result<Option<(EarlierId, Labelled<Earlier, Workers>)>> {
    Ok(earlier::of(scope)
        .order((
            closure_earlier::recorded_at.desc(),
            closure_earlier::id.desc(),
        ))
        .select((closure_earlier::id, closure_earlier::what))
        .first(scope.conn())
        .optional()?)
}

/// Says whether the family in hand was referred before, and counts it by the day on which this
/// referral came. What was said before is counted no more.
pub fn say_earlier(
    tx: &mut Tx<'_>,
    id: EarlierId,
    what: Labelled<Earlier, Workers>,
) -> Result<(), Failed> {
    if let Some((before, _)) = earlier(tx)? {
        uncount(tx, Id::from_uuid(before.uuid()))?;
    }
    let (case, actor, now) = (tx.case(), tx.actor(), tx.now());
    diesel::insert_into(closure_earlier::table)
        .values((
            closure_earlier::id.eq(id),
            closure_earlier::case_id.eq(case),
            closure_earlier::what.eq(what),
            closure_earlier::recorded_by.eq(actor),
            closure_earlier::recorded_at.eq(now),
        ))
        .execute(tx.conn())?;
    if *what.expose() == Earlier::NotSame {
        return Ok(());
    }
    let opened = Day(casefile::frame(tx)?.opened_at.day());
    count(tx, Id::from_uuid(id.uuid()), opened, what.expose().code())
}

fn count(tx: &mut Tx<'_>, id: Id<()>, on: Day, what: &'static str) -> Result<(), Failed> {
    let frame = casefile::frame(tx)?;
    let left_out = participation::rules::is_left_out(&participation::store::known(tx)?.party);
    diesel::insert_into(closure_tally::table)
        .values((
            closure_tally::id.eq(id),
            closure_tally::programme_id.eq(frame.programme_id),
            closure_tally::agency_id.eq(frame.referring_agency_id),
            closure_tally::counted_on.eq(on),
            closure_tally::what.eq(Plain::from(what)),
            closure_tally::left_out.eq(i32::from(left_out)),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Leaves the case in hand out of what leaves the house, or counts it there again (R091).
pub fn leave_out(tx: &mut Tx<'_>, out: bool) -> Result<(), Failed> {
    let mut ids: Vec<Id<()>> = of_case(tx)?
        .iter()
        .map(|closure| Id::from_uuid(closure.id.uuid()))
        .collect();
    ids.extend(earlier(tx)?.map(|(id, _)| Id::from_uuid(id.uuid())));
    diesel::update(closure_tally::table.filter(closure_tally::id.eq_any(ids)))
        .set(closure_tally::left_out.eq(i32::from(out)))
        .execute(tx.conn())?;
    Ok(())
}

fn uncount(tx: &mut Tx<'_>, id: Id<()>) -> Result<(), Failed> {
    diesel::delete(closure_tally::table.find(id)).execute(tx.conn())?;
    Ok(())
}

/// What happened, as workers of both lines may read it.
pub fn chronology(scope: &mut impl Scope) -> Result<Vec<Moment>> {
    let mut moments = Vec::new();
    for row in of_case(scope)? {
        let text = row.outcome.map(|outcome| outcome.words().to_owned());
        moments.push(Moment {
            on: row.closed_on,
            ..Moment::entered(row.recorded_at, row.recorded_by, "Case closed", text)
        });
    }
    for row in reopenings(scope)? {
        moments.push(Moment {
            on: row.reopened_on,
            ..Moment::entered(
                row.recorded_at,
                row.recorded_by,
                "Case opened again",
                row.why,
            )
        });
    }
    Ok(moments)
}

/// What happened on the survivor's side.
pub fn survivor_chronology(scope: &mut impl Scope) -> Result<Vec<Moment<Survivor>>> {
    Ok(kept(scope)?
        .into_iter()
        .map(|row| {
            let kind = "What stays in place";
            Moment::entered(row.recorded_at, row.recorded_by, kind, row.survivor_keeps)
        })
        .collect())
}

/// Something counted.
#[derive(Clone, Debug)]
pub struct Counted {
    /// The agency that referred.
    pub agency: Option<AgencyId>,
    /// The day.
    pub on: Day,
    /// What: the code of an outcome or of an earlier referral.
    pub what: Plain,
    /// Whether it stays in the house (R091).
    pub left_out: bool,
}

/// What was counted from a day on, of a programme or of the referrals of one agency.
pub fn counted(office: &mut platform::Office<'_>, of: Whose, from: Day) -> Result<Vec<Counted>> {
    let mut rows = closure_tally::table
        .filter(closure_tally::counted_on.ge(from))
        .into_boxed();
    rows = match of {
        Whose::Programme(id) => rows.filter(closure_tally::programme_id.eq(id)),
        Whose::Agency(id) => rows.filter(closure_tally::agency_id.eq(Some(id))),
    };
    let rows: Vec<(Option<AgencyId>, Day, Plain, i32)> = rows
        .select((
            closure_tally::agency_id,
            closure_tally::counted_on,
            closure_tally::what,
            closure_tally::left_out,
        ))
        .load(office.conn())?;
    Ok(rows
        .into_iter()
        .map(|(agency, on, what, out)| Counted {
            agency,
            on,
            what,
            left_out: out == 1,
        })
        .collect())
}

/// Whose numbers.
#[derive(Clone, Copy, Debug)]
pub enum Whose {
    /// Of a programme.
    Programme(ProgrammeId),
    /// Of the referrals of one agency.
    Agency(AgencyId),
}
