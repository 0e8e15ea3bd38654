//! Rows of the intensive work.

use diesel::prelude::*;
use jiff::civil::Date;
use kernel::{
    form::Problem,
    ids::{CaseId, CaseKind, UserId, UserKind},
    label::{Labelled, Survivor, Workers},
    time::Instant,
};
use platform::{
    Error, Failed, Result, Scope, Tx,
    db::Backend,
    sql::{Of, SqlDay, SqlId, SqlInstant},
};

use super::{
    model::{Ending, PauseReason, Step, StepId, StepKind, StepKindId},
    rules::{self, Known, Told},
};
use crate::{
    cases::model::{Moment, Said},
    duties::{self, model::Met},
};

diesel::table! {
    use diesel::sql_types::*;
    use super::{CaseKind, Of, SqlDay, SqlId, SqlInstant, StepKindId, UserKind, Workers};
    /// Something that happened to the intensive work.
    intervention_step (id) {
        /// Its id.
        id -> SqlId<StepKindId>,
        /// The case.
        case_id -> SqlId<CaseKind>,
        /// What happened.
        kind -> Of<Workers, Text>,
        /// On which day; of a pause the first.
        on_day -> Of<Workers, SqlDay>,
        /// Of a pause the last day.
        until_day -> Nullable<Of<Workers, SqlDay>>,
        /// Why it paused, or how it ended.
        code -> Nullable<Of<Workers, Text>>,
        /// Who said that the statutory case stays open.
        said_by -> Nullable<Of<Workers, Text>>,
        /// What is said about it.
        words -> Nullable<Of<Workers, Text>>,
        /// Who recorded it.
        recorded_by -> SqlId<UserKind>,
        /// When.
        recorded_at -> SqlInstant,
        /// Why it was taken back.
        back_because -> Nullable<Of<Workers, Text>>,
        /// By whom.
        back_by -> Nullable<SqlId<UserKind>>,
        /// When.
        back_at -> Nullable<SqlInstant>,
    }
}
platform::casework!(intervention_step);

#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = intervention_step, check_for_backend(Backend), treat_none_as_default_value = false)]
struct Row {
    id: StepId,
    case_id: CaseId,
    kind: Labelled<StepKind, Workers>,
    on_day: Labelled<Date, Workers>,
    until_day: Option<Labelled<Date, Workers>>,
    code: Option<Labelled<String, Workers>>,
    said_by: Option<Labelled<String, Workers>>,
    words: Option<Labelled<String, Workers>>,
    recorded_by: UserId,
    recorded_at: Instant,
    back_because: Option<Labelled<String, Workers>>,
    back_by: Option<UserId>,
    back_at: Option<Instant>,
}

impl From<Row> for Step {
    fn from(row: Row) -> Self {
        let code = row.code.as_ref().map(|code| code.expose().as_str());
        Self {
            id: row.id,
            kind: row.kind.into_exposed(),
            pause: code.and_then(PauseReason::from_code).map(Labelled::new),
            ending: code.and_then(Ending::from_code).map(Labelled::new),
            on: row.on_day,
            until: row.until_day,
            said_by: row.said_by,
            words: row.words,
            recorded_by: row.recorded_by,
            recorded_at: row.recorded_at,
            back: row
                .back_because
                .zip(row.back_by)
                .zip(row.back_at)
                .map(|((because, by), at)| (because, by, at)),
        }
    }
}

impl Step {
    /// What the rules want to know of it, if it was not taken back.
    pub fn told(&self) -> Option<Told> {
        self.back.is_none().then(|| Told {
            kind: self.kind,
            on: *self.on.expose(),
            until: self.until.as_ref().map(|day| *day.expose()),
            entered: self.recorded_at.get(),
        })
    }
}

/// Everything that happened to the intensive work of the case in hand, earliest first; what was
/// taken back too.
pub fn steps(scope: &mut impl Scope) -> Result<Vec<Step>> {
    let rows: Vec<Row> = of(scope)
        .order((
            intervention_step::on_day.asc(),
            intervention_step::recorded_at.asc(),
            intervention_step::id.asc(),
        ))
        .select(Row::as_select())
        .load(scope.conn())?;
    Ok(rows.into_iter().map(Step::from).collect())
}

/// What is known of the case in hand.
pub fn known(scope: &mut impl Scope) -> Result<Known> {
    Ok(rules::known(&told(scope)?))
}

/// What the rules want to know of the case in hand.
pub fn told(scope: &mut impl Scope) -> Result<Vec<Told>> {
    Ok(steps(scope)?.iter().filter_map(Step::told).collect())
}

/// What happened, as workers of both lines may read it. What was taken back stays, and says so.
pub fn chronology(scope: &mut impl Scope) -> Result<Vec<Moment>> {
    Ok(steps(scope)?
        .into_iter()
        .map(|step| {
            let why = match (&step.ending, &step.pause) {
                (Some(how), _) => (*how.expose()).words(),
                (None, Some(why)) => (*why.expose()).words(),
                (None, None) => "",
            };
            let text: Said = match (&step.back, step.words) {
                (Some(_), _) => Said::Ours("Taken back: entered in error"),
                (None, Some(words)) if why.is_empty() => Said::Written(words),
                (None, Some(words)) => Said::Written(words.map(|words| format!("{why}: {words}"))),
                (None, None) => Said::Ours(why),
            };
            Moment {
                on: step.on,
                ..Moment::entered(step.recorded_at, step.recorded_by, step.kind.words(), text)
            }
        })
        .collect())
}

/// What happened on the survivor's side: nothing of this is kept there.
pub fn survivor_chronology(_: &mut impl Scope) -> Result<Vec<Moment<Survivor>>> {
    Ok(Vec::new())
}

/// A new step, as a form has it.
#[derive(Clone, Debug)]
pub struct NewStep {
    /// Its id.
    pub id: StepId,
    /// What happened.
    pub kind: StepKind,
    /// On which day.
    pub on: Labelled<Date, Workers>,
    /// Until which day.
    pub until: Option<Labelled<Date, Workers>>,
    /// Why it paused.
    pub pause: Option<Labelled<PauseReason, Workers>>,
    /// How it ended.
    pub ending: Option<Labelled<Ending, Workers>>,
    /// Who said it.
    pub said_by: Option<Labelled<String, Workers>>,
    /// What is said about it.
    pub words: Option<Labelled<String, Workers>>,
}

impl NewStep {
    /// A step of which only kind and day are known.
    pub fn new(kind: StepKind, on: Labelled<Date, Workers>) -> Self {
        Self {
            id: StepId::new(),
            kind,
            on,
            until: None,
            pause: None,
            ending: None,
            said_by: None,
            words: None,
        }
    }
}

/// Records a step, if what was recorded before allows it; a request to open, if its gates are open
/// too. The opening itself is [`begin`].
///
/// # Errors
/// [`Error::Refused`] with what stands against it ([`rules::against`], [`rules::against_opening`]).
pub fn record(tx: &mut Tx<'_>, new: &NewStep) -> Result<(), Failed> {
    let today = tx.now().day();
    let told = told(tx)?;
    let mut problems = rules::against(
        &told,
        new.kind,
        *new.on.expose(),
        new.until.as_ref().map(|day| *day.expose()),
        today,
    );
    if new.kind == StepKind::Asked && problems.is_empty() {
        let facts = duties::facts::of_rows(tx)?;
        problems = rules::against_opening(&facts, *new.on.expose());
    }
    if !problems.is_empty() {
        return Err(Error::Refused(problems).into());
    }
    insert(tx, new)
}

fn insert(tx: &mut Tx<'_>, new: &NewStep) -> Result<(), Failed> {
    let code = match (&new.pause, &new.ending) {
        (Some(why), _) => Some(why.map(kernel::form::Value::typed)),
        (None, Some(how)) => Some(how.map(kernel::form::Value::typed)),
        (None, None) => None,
    };
    let row = Row {
        id: new.id,
        case_id: tx.case(),
        kind: Labelled::new(new.kind),
        on_day: new.on,
        until_day: new.until,
        code,
        said_by: new.said_by.clone(),
        words: new.words.clone(),
        recorded_by: tx.actor(),
        recorded_at: tx.now(),
        back_because: None,
        back_by: None,
        back_at: None,
    };
    diesel::insert_into(intervention_step::table)
        .values(&row)
        .execute(tx.conn())?;
    Ok(())
}

/// Opens the work of the case in hand by the word of the survivor's side: on `ready_on`, or on the
/// first day that was asked for if that is later. `so` is whether the answers that the programme
/// demands stand in truth.
///
/// # Errors
/// [`Error::Refused`] with what stands against it ([`rules::against_beginning`]).
pub fn begin(
    tx: &mut Tx<'_>,
    ready_on: Labelled<Date, Workers>,
    so: bool,
) -> Result<StepId, Failed> {
    let facts = duties::facts::of_rows(tx)?;
    let (day, today) = (*ready_on.expose(), tx.now().day());
    let problems = rules::against_beginning(&facts, so, day, today);
    if !problems.is_empty() {
        return Err(Error::Refused(problems).into());
    }
    let first = facts.intervention.asked.map_or(day, Met::day);
    let new = NewStep::new(StepKind::Opened, Labelled::new(day.max(first)));
    insert(tx, &new)?;
    Ok(new.id)
}

/// Why a request to open was set aside, as both lines read it: nobody is asked for a reason, since
/// one would tell what is the survivor's.
const ASIDE: &str = "Set aside by the other side. No reason is kept";

/// Sets the request to open aside, for the survivor's side.
///
/// # Errors
/// [`Error::Stale`] if nothing waits any more.
pub fn set_aside(tx: &mut Tx<'_>) -> Result<StepId, Failed> {
    let steps = steps(tx)?;
    let standing = |kind| {
        steps
            .iter()
            .find(move |step| step.kind == kind && step.back.is_none())
    };
    let asked = standing(StepKind::Asked)
        .filter(|_| standing(StepKind::Opened).is_none())
        .ok_or(Error::Stale)?;
    mark_back(tx, asked.id, &Labelled::new(ASIDE.to_owned()))?;
    Ok(asked.id)
}

/// Ends the work of the case in hand, for the closure of the case. Nothing is recorded where nothing
/// is open; the answer is then none.
///
/// # Errors
/// [`Error::Refused`] if it opened after that day.
pub fn end(
    tx: &mut Tx<'_>,
    on: Labelled<Date, Workers>,
    how: Labelled<Ending, Workers>,
    words: Option<Labelled<String, Workers>>,
) -> Result<Option<StepId>, Failed> {
    let known = known(tx)?;
    if known.opened.is_none() || known.ended.is_some() {
        return Ok(None);
    }
    let new = NewStep {
        ending: Some(how),
        words,
        ..NewStep::new(StepKind::Ended, on)
    };
    record(tx, &new)?;
    Ok(Some(new.id))
}

/// Takes back what was recorded in error; it stays readable.
///
/// # Errors
/// [`Error::NotFound`] without such a step, [`Error::Stale`] if it was taken back before,
/// [`Error::Refused`] if what followed stands on it.
pub fn take_back(
    tx: &mut Tx<'_>,
    id: StepId,
    because: &Labelled<String, Workers>,
) -> Result<(), Failed> {
    let steps = steps(tx)?;
    let step = steps
        .iter()
        .find(|step| step.id == id)
        .ok_or(Error::NotFound)?;
    if step.back.is_some() {
        return Err(Error::Stale.into());
    }
    let rest: Vec<Told> = steps
        .iter()
        .filter(|other| other.id != id)
        .filter_map(Step::told)
        .collect();
    if let Some(said) = rules::stands_on(step.kind, &rest) {
        return Err(Error::Refused(vec![Problem::new("because", said)]).into());
    }
    mark_back(tx, id, because)
}

fn mark_back(
    tx: &mut Tx<'_>,
    id: StepId,
    because: &Labelled<String, Workers>,
) -> Result<(), Failed> {
    let (actor, now) = (tx.actor(), tx.now());
    diesel::update(of(tx).filter(intervention_step::id.eq(id)))
        .set((
            intervention_step::back_because.eq(Some(because)),
            intervention_step::back_by.eq(Some(actor)),
            intervention_step::back_at.eq(Some(now)),
        ))
        .execute(tx.conn())?;
    Ok(())
}
