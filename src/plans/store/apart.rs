//! What only the survivor's side reads: her safety plan, her actions, her views and the children's,
//! what she says to an exercise. Tables of their own, so that no query of the client line meets them.

use std::collections::HashMap;

use diesel::prelude::*;
use jiff::civil::Date;
use kernel::{
    form::{Typed, Value as _, YesNo},
    ids::{CaseId, CaseKind, UserId, UserKind},
    label::{Child, Labelled, Survivor},
    time::Instant,
};
use platform::{
    Error, Failed, Result, Scope, Tx,
    sql::{Of, SqlDay, SqlId, SqlInstant},
};

use super::super::model::{
    ActionId, ActionKind, ExerciseId, ExerciseKind, Outcome, OwnActionForm, OwnRowId, OwnRowKind,
    SafetyId, SafetyKind, UNWRITTEN, ViewId,
};
use crate::{
    cases::model::Moment,
    duties::model::Met,
    people::model::{PartId, PartKind},
};

mod safety_table {
    use super::{
        CaseKind, Of, PartKind, SafetyKind, SqlDay, SqlId, SqlInstant, Survivor, UserKind,
    };

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, Of, PartKind, SafetyKind, SqlDay, SqlId, SqlInstant, Survivor, UserKind};
        /// A survivor's own safety plan as it was saved once.
        plan_safety (id) {
            /// Its id.
            id -> SqlId<SafetyKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// Whose.
            part_id -> SqlId<PartKind>,
            /// Counts its saves.
            version -> Of<Survivor, Integer>,
            /// When she was asked.
            asked_on -> Of<Survivor, SqlDay>,
            /// The plan in her words.
            text -> Of<Survivor, Text>,
            /// What was said back to her.
            affirmed -> Of<Survivor, Text>,
            /// Who recorded it.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(plan_safety);
}
use safety_table::plan_safety;

mod own_table {
    use super::{
        ActionKind, CaseKind, Of, OwnRowKind, PartKind, SqlDay, SqlId, SqlInstant, Survivor,
        UserKind,
    };

    diesel::table! {
        use diesel::sql_types::*;
        use super::{ActionKind, CaseKind, Of, OwnRowKind, PartKind, SqlDay, SqlId, SqlInstant, Survivor, UserKind};
        /// An action that a survivor set herself, as it was saved once.
        plan_own_action (id) {
            /// Its id.
            id -> SqlId<OwnRowKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// The action.
            action_id -> SqlId<ActionKind>,
            /// Whose.
            part_id -> SqlId<PartKind>,
            /// Counts its saves.
            version -> Of<Survivor, Integer>,
            /// What she wants to do.
            what -> Of<Survivor, Text>,
            /// By when.
            proposed_on -> Nullable<Of<Survivor, SqlDay>>,
            /// What became of it.
            outcome -> Of<Survivor, Text>,
            /// When it was done.
            done_on -> Nullable<Of<Survivor, SqlDay>>,
            /// Notes.
            notes -> Nullable<Of<Survivor, Text>>,
            /// Who recorded it.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(plan_own_action);
}
use own_table::plan_own_action;

mod exercise_table {
    use super::{
        ActionKind, CaseKind, ExerciseKind, Of, SqlDay, SqlId, SqlInstant, Survivor, UserKind,
    };

    diesel::table! {
        use diesel::sql_types::*;
        use super::{ActionKind, CaseKind, ExerciseKind, Of, SqlDay, SqlId, SqlInstant, Survivor, UserKind};
        /// That the survivor was asked about an exercise.
        plan_exercise (id) {
            /// Its id.
            id -> SqlId<ExerciseKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// The action that is the exercise.
            action_id -> SqlId<ActionKind>,
            /// When.
            asked_on -> Of<Survivor, SqlDay>,
            /// Whether she knows of it.
            informed -> Of<Survivor, Text>,
            /// Whether she was asked how it becomes safer.
            consulted -> Of<Survivor, Text>,
            /// Whether she agrees.
            consents -> Of<Survivor, Text>,
            /// Whether she understands its rules.
            understands -> Of<Survivor, Text>,
            /// What she said.
            note -> Nullable<Of<Survivor, Text>>,
            /// Who recorded it.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(plan_exercise);
}
use exercise_table::plan_exercise;

/// Declares a table of views; the two differ in nothing but name and label.
macro_rules! views {
    ($module:ident, $table:ident, $label:ident) => {
        mod $module {
            use diesel::prelude::*;
            use kernel::{
                ids::{CaseKind, UserKind},
                label::$label,
            };
            use platform::{
                Failed, Result, Scope, Tx,
                sql::{Of, SqlDay, SqlId, SqlInstant},
            };

            use super::View;
            use crate::{
                people::model::PartKind,
                plans::model::ViewKind,
            };

            diesel::table! {
                use diesel::sql_types::*;
                use super::{CaseKind, Of, PartKind, SqlDay, SqlId, SqlInstant, UserKind, ViewKind, $label};
                /// What somebody said about the plan.
                $table (id) {
                    /// Its id.
                    id -> SqlId<ViewKind>,
                    /// The case.
                    case_id -> SqlId<CaseKind>,
                    /// Who said it.
                    part_id -> SqlId<PartKind>,
                    /// When.
                    heard_on -> Of<$label, SqlDay>,
                    /// What was said.
                    said -> Of<$label, Text>,
                    /// How the plan takes it up.
                    used -> Of<$label, Text>,
                    /// Who recorded it.
                    recorded_by -> SqlId<UserKind>,
                    /// When.
                    recorded_at -> SqlInstant,
                }
            }
            platform::casework!($table);

            pub(super) fn load(scope: &mut impl Scope) -> Result<Vec<View<$label>>> {
                type Row = (
                    kernel::ids::Id<ViewKind>,
                    kernel::ids::Id<PartKind>,
                    kernel::label::Labelled<jiff::civil::Date, $label>,
                    kernel::label::Labelled<String, $label>,
                    kernel::label::Labelled<String, $label>,
                    kernel::ids::UserId,
                    kernel::time::Instant,
                );
                let rows: Vec<Row> = of(scope)
                    .order(($table::heard_on.desc(), $table::id.desc()))
                    .select((
                        $table::id,
                        $table::part_id,
                        $table::heard_on,
                        $table::said,
                        $table::used,
                        $table::recorded_by,
                        $table::recorded_at,
                    ))
                    .load(scope.conn())?;
                Ok(rows
                    .into_iter()
                    .map(|(id, part, heard_on, said, used, recorded_by, recorded_at)| View {
                        id,
                        part,
                        heard_on,
                        said,
                        used,
                        recorded_by,
                        recorded_at,
                    })
                    .collect())
            }

            pub(super) fn add(tx: &mut Tx<'_>, view: &View<$label>) -> Result<(), Failed> {
                let case = tx.case();
                diesel::insert_into($table::table)
                    .values((
                        $table::id.eq(view.id),
                        $table::case_id.eq(case),
                        $table::part_id.eq(view.part),
                        $table::heard_on.eq(view.heard_on),
                        $table::said.eq(&view.said),
                        $table::used.eq(&view.used),
                        $table::recorded_by.eq(view.recorded_by),
                        $table::recorded_at.eq(view.recorded_at),
                    ))
                    .execute(tx.conn())?;
                Ok(())
            }
        }
    };
}
views!(survivor_views, plan_survivor_view, Survivor);
views!(child_views, plan_child_view, Child);

/// What somebody said about the plan.
#[derive(Clone, Debug)]
pub struct View<L: kernel::label::Label> {
    /// Its id.
    pub id: ViewId,
    /// Who said it.
    pub part: PartId,
    /// When.
    pub heard_on: Labelled<Date, L>,
    /// What was said.
    pub said: Labelled<String, L>,
    /// How the plan takes it up.
    pub used: Labelled<String, L>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

/// A survivor's own safety plan as it was saved once.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = plan_safety, check_for_backend(platform::db::Backend))]
pub struct Safety {
    /// Its id.
    pub id: SafetyId,
    /// The case.
    pub case_id: CaseId,
    /// Whose.
    pub part_id: PartId,
    /// Counts its saves, from 1.
    pub version: Labelled<i32, Survivor>,
    /// When she was asked.
    pub asked_on: Labelled<Date, Survivor>,
    /// The plan in her words.
    pub text: Labelled<String, Survivor>,
    /// What was said back to her.
    pub affirmed: Labelled<String, Survivor>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

impl Safety {
    /// As it is typed again. The day is asked anew.
    pub fn typed(&self) -> Typed {
        let mut typed = Typed::default();
        typed.push("text".to_owned(), self.text.expose().clone());
        typed.push("affirmed".to_owned(), self.affirmed.expose().clone());
        typed
    }

    /// Which save it is.
    pub fn number(&self) -> i32 {
        *self.version.expose()
    }
}

/// An action that a survivor set herself, as it was saved once.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = plan_own_action, check_for_backend(platform::db::Backend), treat_none_as_default_value = false)]
pub struct OwnAction {
    /// The id of the row.
    pub id: OwnRowId,
    /// The case.
    pub case_id: CaseId,
    /// The action.
    pub action_id: ActionId,
    /// Whose.
    pub part_id: PartId,
    /// Counts its saves, from 1.
    pub version: Labelled<i32, Survivor>,
    /// What she wants to do.
    pub what: Labelled<String, Survivor>,
    /// By when.
    pub proposed_on: Option<Labelled<Date, Survivor>>,
    /// What became of it.
    pub outcome: Labelled<Outcome, Survivor>,
    /// When it was done.
    pub done_on: Option<Labelled<Date, Survivor>>,
    /// Notes.
    pub notes: Option<Labelled<String, Survivor>>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

impl OwnAction {
    /// As it is typed again.
    pub fn typed(&self) -> Typed {
        let mut typed = Typed::default();
        typed.push("what".to_owned(), self.what.expose().clone());
        typed.push("outcome".to_owned(), self.outcome.expose().typed());
        for (name, day) in [("proposed_on", self.proposed_on), ("done_on", self.done_on)] {
            if let Some(day) = day {
                typed.push(name.to_owned(), day.expose().typed());
            }
        }
        if let Some(notes) = &self.notes {
            typed.push("notes".to_owned(), notes.expose().clone());
        }
        typed
    }

    /// Which save it is.
    pub fn number(&self) -> i32 {
        *self.version.expose()
    }
}

impl OwnAction {
    /// What, and what became of it.
    pub fn in_short(&self) -> Labelled<String, Survivor> {
        self.what.map(|what| {
            let notes = self
                .notes
                .as_ref()
                .map_or("", |notes| notes.expose().as_str());
            format!("{what}\n{}\n{notes}", (*self.outcome.expose()).words())
        })
    }
}

/// That the survivor was asked about an exercise.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = plan_exercise, check_for_backend(platform::db::Backend), treat_none_as_default_value = false)]
pub struct Exercise {
    /// Its id.
    pub id: ExerciseId,
    /// The case.
    pub case_id: CaseId,
    /// The action that is the exercise.
    pub action_id: ActionId,
    /// When.
    pub asked_on: Labelled<Date, Survivor>,
    /// Whether she knows of it.
    pub informed: Labelled<YesNo, Survivor>,
    /// Whether she was asked how it becomes safer.
    pub consulted: Labelled<YesNo, Survivor>,
    /// Whether she agrees.
    pub consents: Labelled<YesNo, Survivor>,
    /// Whether she understands its rules.
    pub understands: Labelled<YesNo, Survivor>,
    /// What she said.
    pub note: Option<Labelled<String, Survivor>>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

impl Exercise {
    /// The four answers in words.
    pub fn in_words(&self) -> Labelled<String, Survivor> {
        Labelled::new(
            [
                ("explained", self.informed),
                ("advice sought", self.consulted),
                ("agreed to", self.consents),
                ("rules understood", self.understands),
            ]
            .map(|(what, answer)| format!("{what}: {}", (*answer.expose()).words().to_lowercase()))
            .join(", "),
        )
    }
}

/// The safety plans of the case in hand, each as it stands.
pub fn safety_plans(scope: &mut impl Scope) -> Result<HashMap<PartId, Safety>> {
    let rows: Vec<Safety> = safety_table::of(scope)
        .order((plan_safety::part_id, plan_safety::version))
        .select(Safety::as_select())
        .load(scope.conn())?;
    Ok(rows.into_iter().map(|row| (row.part_id, row)).collect())
}

/// Saves a safety plan; `row.version` is one more than the page showed. The same twice is once.
///
/// # Errors
/// [`Error::Stale`] if somebody else saved it since.
pub fn save_safety(tx: &mut Tx<'_>, row: &Safety) -> Result<(), Failed> {
    let last = safety_plans(tx)?.remove(&row.part_id);
    if let Some(last) = &last
        && last.text == row.text
        && last.affirmed == row.affirmed
        && last.asked_on == row.asked_on
    {
        return Ok(());
    }
    let version = last.map_or(UNWRITTEN, |last| last.number());
    if version.saturating_add(1) != row.number() {
        return Err(Error::Stale.into());
    }
    diesel::insert_into(plan_safety::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// The actions that survivors set themselves, each as it stands, in the order they were set.
pub fn own_actions(scope: &mut impl Scope) -> Result<Vec<OwnAction>> {
    let rows: Vec<OwnAction> = own_table::of(scope)
        .order((plan_own_action::action_id, plan_own_action::version))
        .select(OwnAction::as_select())
        .load(scope.conn())?;
    let mut last: Vec<OwnAction> = Vec::new();
    for row in rows {
        if last
            .last()
            .is_some_and(|before| before.action_id == row.action_id)
        {
            last.pop();
        }
        last.push(row);
    }
    Ok(last)
}

/// Saves an action that a survivor set herself; `row.version` is one more than the page showed. The
/// same twice is once.
///
/// # Errors
/// [`Error::Stale`] if somebody else saved it since.
pub fn save_own_action(tx: &mut Tx<'_>, row: &OwnAction) -> Result<(), Failed> {
    let last = own_actions(tx)?
        .into_iter()
        .find(|action| action.action_id == row.action_id);
    if last
        .as_ref()
        .is_some_and(|last| last.typed() == row.typed())
    {
        return Ok(());
    }
    let version = last.map_or(UNWRITTEN, |last| last.number());
    if version.saturating_add(1) != row.number() {
        return Err(Error::Stale.into());
    }
    diesel::insert_into(plan_own_action::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// What survivors said about the plan, the newest first.
pub fn survivor_said(scope: &mut impl Scope) -> Result<Vec<View<Survivor>>> {
    survivor_views::load(scope)
}

/// What children said about the plan, the newest first.
pub fn child_said(scope: &mut impl Scope) -> Result<Vec<View<Child>>> {
    child_views::load(scope)
}

/// Records what a survivor said. The same twice is once.
pub fn add_survivor_view(tx: &mut Tx<'_>, view: &View<Survivor>) -> Result<(), Failed> {
    let known = survivor_said(tx)?.iter().any(|other| {
        other.part == view.part && other.heard_on == view.heard_on && other.said == view.said
    });
    if known {
        return Ok(());
    }
    survivor_views::add(tx, view)
}

/// Records what a child said. The same twice is once.
pub fn add_child_view(tx: &mut Tx<'_>, view: &View<Child>) -> Result<(), Failed> {
    let known = child_said(tx)?.iter().any(|other| {
        other.part == view.part && other.heard_on == view.heard_on && other.said == view.said
    });
    if known {
        return Ok(());
    }
    child_views::add(tx, view)
}

/// When a survivor or a child was last heard, on or after `since`.
pub(super) fn heard_since(scope: &mut impl Scope, since: Date) -> Result<Option<Met>> {
    let mut heard: Vec<(Date, Instant)> = survivor_said(scope)?
        .iter()
        .map(|view| (*view.heard_on.expose(), view.recorded_at))
        .collect();
    heard.extend(
        child_said(scope)?
            .iter()
            .map(|view| (*view.heard_on.expose(), view.recorded_at)),
    );
    Ok(heard
        .into_iter()
        .filter(|(day, _)| *day >= since)
        .max()
        .map(|(day, entered)| Met::on(day, entered.get())))
}

/// What was said to exercises, the newest first.
pub fn exercises(scope: &mut impl Scope) -> Result<Vec<Exercise>> {
    Ok(exercise_table::of(scope)
        .order((plan_exercise::recorded_at.desc(), plan_exercise::id.desc()))
        .select(Exercise::as_select())
        .load(scope.conn())?)
}

/// Records what the survivor said to an exercise, and whether it may be used.
pub fn add_exercise(tx: &mut Tx<'_>, row: &Exercise, opens: bool) -> Result<(), Failed> {
    diesel::insert_into(plan_exercise::table)
        .values(row)
        .execute(tx.conn())?;
    super::actions::set_gate(tx, row.action_id, opens)
}

pub(super) fn apart_moments(scope: &mut impl Scope) -> Result<Vec<Moment<Survivor>>> {
    let mut moments: Vec<Moment<Survivor>> = Vec::new();
    for row in safety_plans(scope)?.into_values() {
        moments.push(Moment {
            on: row.asked_on,
            entered_at: row.recorded_at,
            author: row.recorded_by,
            kind: "Safety plan",
            text: "Told by the survivor, and affirmed".into(),
        });
    }
    for row in survivor_said(scope)? {
        moments.push(Moment {
            on: row.heard_on,
            entered_at: row.recorded_at,
            author: row.recorded_by,
            kind: "View on the plan",
            text: row.said.into(),
        });
    }
    for row in child_said(scope)? {
        // The words of a child have a label of their own: that they were heard is enough here.
        moments.push(Moment::entered(
            row.recorded_at,
            row.recorded_by,
            "View on the plan",
            "A child was heard",
        ));
    }
    for row in exercises(scope)? {
        moments.push(Moment {
            on: row.asked_on,
            entered_at: row.recorded_at,
            author: row.recorded_by,
            kind: "Asked about an exercise",
            text: match row.consents.expose() {
                YesNo::Yes => "Agrees to it",
                YesNo::No => "Does not agree to it",
            }
            .into(),
        });
    }
    for row in own_actions(scope)? {
        moments.push(Moment::entered(
            row.recorded_at,
            row.recorded_by,
            "Action set by the survivor",
            row.what,
        ));
    }
    moments.sort_by_key(|moment| moment.entered_at);
    Ok(moments)
}

/// The row of a safety plan that the page showed in version `seen`.
pub fn safety_row(
    scope: &impl Scope,
    (id, part, seen): (SafetyId, PartId, i32),
    asked_on: Labelled<Date, Survivor>,
    text: &Labelled<String, Survivor>,
    affirmed: &Labelled<String, Survivor>,
) -> Safety {
    Safety {
        id,
        case_id: scope.case(),
        part_id: part,
        version: Labelled::new(seen.saturating_add(1)),
        asked_on,
        text: text.clone(),
        affirmed: affirmed.clone(),
        recorded_by: scope.actor(),
        recorded_at: scope.now(),
    }
}

/// The row of an action that a survivor set herself, which the page showed in version `seen`; none
/// if the form does not say what it is.
pub fn own_row(
    scope: &impl Scope,
    id: OwnRowId,
    (action, part, seen): (ActionId, PartId, i32),
    form: &OwnActionForm,
) -> Option<OwnAction> {
    Some(OwnAction {
        id,
        case_id: scope.case(),
        action_id: action,
        part_id: part,
        version: Labelled::new(seen.saturating_add(1)),
        what: form.what.clone()?,
        proposed_on: form.proposed_on,
        outcome: form.outcome.unwrap_or(Labelled::new(Outcome::Open)),
        done_on: form.done_on,
        notes: form.notes.clone(),
        recorded_by: scope.actor(),
        recorded_at: scope.now(),
    })
}
