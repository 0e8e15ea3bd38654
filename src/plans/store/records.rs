//! Agreements, reviews, what a plan rests on, permissions for copies.

use diesel::prelude::*;
use jiff::civil::Date;
use kernel::{
    form::Problem,
    ids::{CaseId, CaseKind, UserId, UserKind},
    label::{Client, Labelled, Workers},
    time::{Instant, day_words},
};
use platform::{
    Error, Failed, Result, Scope, Tx,
    sql::{Of, SqlDay, SqlId, SqlInstant},
};

use super::super::{
    model::{
        AgreementForm, AgreementId, AgreementKind, InputId, InputKind, InputWhat, PermissionId,
        PermissionKind, Plan, PlanId, PlanKind, ReviewForm, ReviewId, ReviewKind, Side, Version,
    },
    rules,
};
use crate::{cases::model::Moment, duties::model::Met};

mod agreement_table {
    use super::{
        AgreementKind, CaseKind, Of, PlanKind, SqlDay, SqlId, SqlInstant, UserKind, Workers,
    };

    diesel::table! {
        use diesel::sql_types::*;
        use super::{AgreementKind, CaseKind, Of, PlanKind, SqlDay, SqlId, SqlInstant, UserKind, Workers};
        /// That one of the two agrees to a plan.
        plan_agreement (id) {
            /// Its id.
            id -> SqlId<AgreementKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// The plan.
            plan_id -> SqlId<PlanKind>,
            /// Who agrees.
            side -> Of<Workers, Text>,
            /// The name.
            name -> Of<Workers, Text>,
            /// When.
            agreed_on -> Of<Workers, SqlDay>,
            /// Who recorded it.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(plan_agreement);
}
use agreement_table::plan_agreement;

mod review_table {
    use super::{
        CaseKind, Client, Of, PlanKind, ReviewKind, SqlDay, SqlId, SqlInstant, UserKind, Workers,
    };

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, Client, Of, PlanKind, ReviewKind, SqlDay, SqlId, SqlInstant, UserKind, Workers};
        /// A review of a plan.
        plan_review (id) {
            /// Its id.
            id -> SqlId<ReviewKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// The plan.
            plan_id -> SqlId<PlanKind>,
            /// Its place among the reviews of the plan, from 1.
            number -> Of<Workers, Integer>,
            /// The day that was set.
            due_on -> Of<Workers, SqlDay>,
            /// When it was held.
            held_on -> Of<Workers, SqlDay>,
            /// What changed.
            changed -> Of<Workers, Text>,
            /// The day of the next; none if another version was made of it. The client's page names
            /// it.
            next_on -> Nullable<Of<Client, SqlDay>>,
            /// Who recorded it.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(plan_review);
}
use review_table::plan_review;

mod input_table {
    use super::{CaseKind, InputKind, Of, SqlDay, SqlId, SqlInstant, UserKind, Workers};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, InputKind, Of, SqlDay, SqlId, SqlInstant, UserKind, Workers};
        /// Something that a plan rests on.
        plan_input (id) {
            /// Its id.
            id -> SqlId<InputKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// Which.
            kind -> Of<Workers, Text>,
            /// The name of the tool.
            tool -> Of<Workers, Text>,
            /// When it was made.
            made_on -> Of<Workers, SqlDay>,
            /// By whom.
            author -> Of<Workers, Text>,
            /// What it says.
            summary -> Of<Workers, Text>,
            /// Who recorded it.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(plan_input);
}
use input_table::plan_input;

mod permission_table {
    use super::{
        CaseKind, Of, PermissionKind, PlanKind, SqlDay, SqlId, SqlInstant, UserKind, Workers,
    };

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, Of, PermissionKind, PlanKind, SqlDay, SqlId, SqlInstant, UserKind, Workers};
        /// That the programme permits a copy of a plan in another system (R067).
        plan_permission (id) {
            /// Its id.
            id -> SqlId<PermissionKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// The plan.
            plan_id -> SqlId<PlanKind>,
            /// Into which system.
            system -> Of<Workers, Text>,
            /// Who permitted it.
            given_by -> Of<Workers, Text>,
            /// When.
            given_on -> Of<Workers, SqlDay>,
            /// Who recorded it.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(plan_permission);
}
use permission_table::plan_permission;

/// That one of the two agrees to a plan.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = plan_agreement, check_for_backend(platform::db::Backend))]
pub struct Agreement {
    /// Its id.
    pub id: AgreementId,
    /// The case.
    pub case_id: CaseId,
    /// The plan.
    pub plan_id: PlanId,
    /// Who agrees.
    pub side: Labelled<Side, Workers>,
    /// The name.
    pub name: Labelled<String, Workers>,
    /// When.
    pub agreed_on: Labelled<Date, Workers>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

impl Agreement {
    /// Who agrees, in words.
    pub fn side_words(&self) -> &'static str {
        (*self.side.expose()).words()
    }

    /// When, in words.
    pub fn day_words(&self) -> String {
        day_words(*self.agreed_on.expose())
    }
}

/// A review of a plan.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = plan_review, check_for_backend(platform::db::Backend), treat_none_as_default_value = false)]
pub struct ReviewRow {
    /// Its id.
    pub id: ReviewId,
    /// The case.
    pub case_id: CaseId,
    /// The plan.
    pub plan_id: PlanId,
    /// Its place among the reviews of the plan, from 1.
    pub number: Labelled<i32, Workers>,
    /// The day that was set.
    pub due_on: Labelled<Date, Workers>,
    /// When it was held.
    pub held_on: Labelled<Date, Workers>,
    /// What changed.
    pub changed: Labelled<String, Workers>,
    /// The day of the next.
    pub next_on: Option<Labelled<Date, Client>>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

/// Something that a plan rests on.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = plan_input, check_for_backend(platform::db::Backend))]
pub struct Input {
    /// Its id.
    pub id: InputId,
    /// The case.
    pub case_id: CaseId,
    /// Which.
    pub kind: Labelled<InputWhat, Workers>,
    /// The name of the tool.
    pub tool: Labelled<String, Workers>,
    /// When it was made.
    pub made_on: Labelled<Date, Workers>,
    /// By whom.
    pub author: Labelled<String, Workers>,
    /// What it says.
    pub summary: Labelled<String, Workers>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

/// That the programme permits a copy of a plan.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = plan_permission, check_for_backend(platform::db::Backend))]
pub struct Permitted {
    /// Its id.
    pub id: PermissionId,
    /// The case.
    pub case_id: CaseId,
    /// The plan.
    pub plan_id: PlanId,
    /// Into which system.
    pub system: Labelled<String, Workers>,
    /// Who permitted it.
    pub given_by: Labelled<String, Workers>,
    /// When.
    pub given_on: Labelled<Date, Workers>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

/// The agreements of the case in hand, oldest first.
pub fn agreements(scope: &mut impl Scope) -> Result<Vec<Agreement>> {
    Ok(agreement_table::of(scope)
        .order((plan_agreement::recorded_at, plan_agreement::id))
        .select(Agreement::as_select())
        .load(scope.conn())?)
}

/// When a plan was agreed by both, if it was.
pub(super) fn both_agreed(agreements: &[Agreement], plan: PlanId) -> Option<Met> {
    let of: Vec<&Agreement> = agreements
        .iter()
        .filter(|agreement| agreement.plan_id == plan)
        .collect();
    let has = |side| of.iter().any(|agreement| *agreement.side.expose() == side);
    if !Side::ALL.iter().copied().all(has) {
        return None;
    }
    let day = of
        .iter()
        .map(|agreement| *agreement.agreed_on.expose())
        .max()?;
    let entered = of.iter().map(|agreement| agreement.recorded_at).max()?;
    Some(Met::on(day, entered.get()))
}

/// Records that one of the two agrees.
///
/// # Errors
/// [`Error::Refused`] if that side has agreed to this plan already.
pub fn agree(tx: &mut Tx<'_>, row: &Agreement) -> Result<(), Failed> {
    super::in_force(tx, row.plan_id)?;
    let done = agreements(tx)?
        .iter()
        .any(|other| other.plan_id == row.plan_id && other.side == row.side);
    if done {
        let message = "This side has agreed to this version already";
        return Err(Error::Refused(vec![Problem::new("side", message)]).into());
    }
    diesel::insert_into(plan_agreement::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// The reviews of the case in hand, oldest first.
pub fn reviews(scope: &mut impl Scope) -> Result<Vec<ReviewRow>> {
    Ok(review_table::of(scope)
        .order((plan_review::recorded_at, plan_review::number))
        .select(ReviewRow::as_select())
        .load(scope.conn())?)
}

/// The day on which a plan is to be reviewed next, and how many reviews it has had.
pub fn next_review(
    scope: &mut impl Scope,
    plan: &Plan,
) -> Result<(Option<Labelled<Date, Client>>, i32)> {
    let held: Vec<ReviewRow> = reviews(scope)?
        .into_iter()
        .filter(|review| review.plan_id == plan.id)
        .collect();
    let count = i32::try_from(held.len()).unwrap_or(i32::MAX);
    Ok((
        held.last()
            .map_or(Some(plan.review_on), |last| last.next_on),
        count,
    ))
}

/// Records a review. `after` is how many the plan had when the page was drawn.
///
/// # Errors
/// [`Error::Stale`] if it has had another since.
pub fn review(
    tx: &mut Tx<'_>,
    plan: PlanId,
    after: i32,
    held_on: Labelled<Date, Workers>,
    changed: Labelled<String, Workers>,
    next_on: Option<Labelled<Date, Client>>,
) -> Result<(), Failed> {
    let plan = super::in_force(tx, plan)?;
    let (due, count) = next_review(tx, &plan)?;
    let Some(due) = due.filter(|_| count == after) else {
        return Err(Error::Stale.into());
    };
    let row = ReviewRow {
        id: ReviewId::new(),
        case_id: tx.case(),
        plan_id: plan.id,
        number: Labelled::new(count.saturating_add(1)),
        due_on: Labelled::new(*due.expose()),
        held_on,
        changed,
        next_on,
        recorded_by: tx.actor(),
        recorded_at: tx.now(),
    };
    diesel::insert_into(plan_review::table)
        .values(&row)
        .execute(tx.conn())?;
    Ok(())
}

/// Records that a plan was reviewed by making the next version of it. Called once that exists.
pub(super) fn renewed(tx: &mut Tx<'_>, old: &Plan, new: &Plan) -> Result<(), Failed> {
    let (Some(due), count) = next_review(tx, old)? else {
        return Ok(());
    };
    let changed = match new.version {
        Version::First => "Version 1 was made anew.",
        Version::Second => "Version 2 was made of it.",
    };
    let row = ReviewRow {
        id: ReviewId::new(),
        case_id: tx.case(),
        plan_id: old.id,
        number: Labelled::new(count.saturating_add(1)),
        due_on: Labelled::new(*due.expose()),
        held_on: new.created_on,
        changed: Labelled::new(changed.to_owned()),
        next_on: None,
        recorded_by: tx.actor(),
        recorded_at: tx.now(),
    };
    diesel::insert_into(plan_review::table)
        .values(&row)
        .execute(tx.conn())?;
    Ok(())
}

/// What the plans of the case in hand rest on, the newest first.
pub fn inputs(scope: &mut impl Scope) -> Result<Vec<Input>> {
    let mut all: Vec<Input> = input_table::of(scope)
        .select(Input::as_select())
        .load(scope.conn())?;
    all.sort_by_key(|input| (*input.made_on.expose(), input.recorded_at));
    all.reverse();
    Ok(all)
}

/// Records what a plan rests on. The same twice is once.
pub fn add_input(tx: &mut Tx<'_>, row: &Input) -> Result<(), Failed> {
    let known = inputs(tx)?.iter().any(|other| {
        other.kind == row.kind
            && other.tool == row.tool
            && other.made_on == row.made_on
            && other.summary == row.summary
    });
    if !known {
        diesel::insert_into(plan_input::table)
            .values(row)
            .execute(tx.conn())?;
    }
    Ok(())
}

/// The permissions for copies of a plan, the newest first.
pub fn permissions(scope: &mut impl Scope, plan: PlanId) -> Result<Vec<Permitted>> {
    Ok(permission_table::of(scope)
        .filter(plan_permission::plan_id.eq(plan))
        .order((
            plan_permission::recorded_at.desc(),
            plan_permission::id.desc(),
        ))
        .select(Permitted::as_select())
        .load(scope.conn())?)
}

/// Records a permission for a copy.
pub fn permit(tx: &mut Tx<'_>, row: &Permitted) -> Result<(), Failed> {
    super::plan_of(tx, row.plan_id)?;
    diesel::insert_into(plan_permission::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn record_moments(scope: &mut impl Scope) -> Result<Vec<Moment>> {
    let mut moments: Vec<Moment> = Vec::new();
    for row in agreements(scope)? {
        moments.push(Moment {
            on: row.agreed_on,
            entered_at: row.recorded_at,
            author: row.recorded_by,
            kind: "Plan",
            text: match row.side.expose() {
                Side::Practitioner => "Agreed by the practitioner",
                Side::LeadWorker => "Agreed by the lead worker",
            }
            .into(),
        });
    }
    for row in reviews(scope)? {
        moments.push(Moment {
            on: row.held_on,
            entered_at: row.recorded_at,
            author: row.recorded_by,
            kind: "Plan reviewed",
            text: row.changed.into(),
        });
    }
    for row in inputs(scope)? {
        moments.push(Moment {
            on: row.made_on,
            entered_at: row.recorded_at,
            author: row.recorded_by,
            kind: "Plan",
            text: match row.kind.expose() {
                InputWhat::Needs => "Needs analysis recorded",
                InputWhat::Attitudes => "Attitudes and treatment viability recorded",
            }
            .into(),
        });
    }
    Ok(moments)
}

/// Asks [`rules::agreement_problems`] about a plan and its texts.
///
/// # Errors
/// [`Error::Refused`] with what is wrong.
pub fn check_agreement(
    form: &AgreementForm,
    plan: &Plan,
    texts: &super::Texts,
    today: Date,
) -> Result<()> {
    let written: Vec<&str> = texts
        .iter()
        .filter(|(_, text)| text.is_written())
        .map(|(code, _)| code.as_str())
        .collect();
    let created = *plan.created_on.expose();
    let problems = rules::agreement_problems(form, plan.version, &written, created, today);
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::Refused(problems))
    }
}

/// Asks [`rules::review_problems`] about a plan.
pub fn review_problems(form: &ReviewForm, plan: &Plan, today: Date) -> Vec<Problem> {
    rules::review_problems(form, *plan.created_on.expose(), today)
}
