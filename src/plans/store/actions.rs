//! Actions of the plan. Each save is a row; an action stands as its last row says.

use std::collections::HashMap;

use diesel::prelude::*;
use jiff::civil::Date;
use kernel::{
    form::{Typed, YesNo},
    ids::{CaseId, CaseKind, UserId, UserKind},
    label::{Client, Label, Labelled, Workers},
    time::{Instant, day_words},
};
use platform::{
    Error, Failed, Result, Scope, Tx,
    sql::{Of, SqlDay, SqlId, SqlInstant},
};

use super::super::{
    model::{
        ActionForm, ActionId, ActionKind, ActionRowId, ActionRowKind, GateId, GateKind, Outcome,
        Owner, PlanId, UNWRITTEN,
    },
    rules,
};
use crate::{cases::model::Moment, people::told};

mod action_table {
    use super::{
        ActionKind, ActionRowKind, CaseKind, Client, Of, SqlDay, SqlId, SqlInstant, UserKind,
        Workers,
    };

    diesel::table! {
        use diesel::sql_types::*;
        use super::{ActionKind, ActionRowKind, CaseKind, Client, Of, SqlDay, SqlId, SqlInstant, UserKind, Workers};
        /// An action as it was saved once.
        plan_action (id) {
            /// Its id.
            id -> SqlId<ActionRowKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// The action.
            action_id -> SqlId<ActionKind>,
            /// The version of the plan that was in force.
            plan_number -> Of<Workers, Integer>,
            /// Counts its saves.
            version -> Of<Workers, Integer>,
            /// When it was agreed.
            agreed_on -> Of<Workers, SqlDay>,
            /// The area of support.
            area -> Nullable<Of<Workers, Text>>,
            /// What is agreed.
            what -> Of<Workers, Text>,
            /// Whose it is.
            owner -> Of<Workers, Text>,
            /// Which worker or agency.
            who -> Nullable<Of<Workers, Text>>,
            /// By when it should be done.
            proposed_on -> Of<Workers, SqlDay>,
            /// How one will see a change.
            measure -> Nullable<Of<Workers, Text>>,
            /// Whether it is an exercise that needs the other side.
            exercise -> Of<Workers, Integer>,
            /// From whom it comes.
            sources -> Of<Workers, Text>,
            /// Whether it may be used with the client.
            may_use -> Of<Workers, Integer>,
            /// What became of it.
            outcome -> Of<Workers, Text>,
            /// When it was done.
            done_on -> Nullable<Of<Workers, SqlDay>>,
            /// With what result.
            notes -> Nullable<Of<Workers, Text>>,
            /// The action in words for the client.
            client_words -> Nullable<Of<Client, Text>>,
            /// By when, for the client.
            client_by -> Nullable<Of<Client, SqlDay>>,
            /// Who saved it.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(plan_action);
}
use action_table::plan_action;

mod gate_table {
    use super::{ActionKind, CaseKind, GateKind, Of, SqlId, SqlInstant, UserKind, Workers};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{ActionKind, CaseKind, GateKind, Of, SqlId, SqlInstant, UserKind, Workers};
        /// A decision whether an exercise may be used, without what it rests on.
        plan_exercise_gate (id) {
            /// Its id.
            id -> SqlId<GateKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// The action.
            action_id -> SqlId<ActionKind>,
            /// Whether it may be used.
            open -> Of<Workers, Integer>,
            /// Who decided.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(plan_exercise_gate);
}
use gate_table::plan_exercise_gate;

/// An action as it was saved once.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = plan_action, check_for_backend(platform::db::Backend), treat_none_as_default_value = false)]
pub struct Action {
    /// The id of the row.
    pub id: ActionRowId,
    /// The case.
    pub case_id: CaseId,
    /// The action.
    pub action_id: ActionId,
    /// The version of the plan that was in force.
    pub plan_number: Labelled<i32, Workers>,
    /// Counts its saves, from 1.
    pub version: Labelled<i32, Workers>,
    /// When it was agreed.
    pub agreed_on: Labelled<Date, Workers>,
    /// The area of support.
    pub area: Option<Labelled<String, Workers>>,
    /// What is agreed.
    pub what: Labelled<String, Workers>,
    /// Whose it is.
    pub owner: Labelled<Owner, Workers>,
    /// Which worker or agency.
    pub who: Option<Labelled<String, Workers>>,
    /// By when it should be done.
    pub proposed_on: Labelled<Date, Workers>,
    /// How one will see a change.
    pub measure: Option<Labelled<String, Workers>>,
    /// Whether it is an exercise that needs the other side: 1 or 0.
    pub exercise: Labelled<i32, Workers>,
    /// From whom it comes.
    pub sources: Labelled<String, Workers>,
    /// Whether it may be used with the client: 1 or 0.
    pub may_use: Labelled<i32, Workers>,
    /// What became of it.
    pub outcome: Labelled<Outcome, Workers>,
    /// When it was done.
    pub done_on: Option<Labelled<Date, Workers>>,
    /// With what result.
    pub notes: Option<Labelled<String, Workers>>,
    /// The action in words for the client.
    pub client_words: Option<Labelled<String, Client>>,
    /// By when, for the client.
    pub client_by: Option<Labelled<Date, Client>>,
    /// Who saved it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

fn put<T: kernel::form::Value, L: Label>(
    typed: &mut Typed,
    name: &str,
    value: Option<&Labelled<T, L>>,
) {
    if let Some(value) = value {
        typed.push(name.to_owned(), value.expose().typed());
    }
}

fn yes_no(number: i32) -> String {
    let answer = if number == 1 { YesNo::Yes } else { YesNo::No };
    answer.code().to_owned()
}

impl Action {
    /// Whether it is an exercise that needs the other side.
    pub fn is_exercise(&self) -> bool {
        *self.exercise.expose() == 1
    }

    /// Whether it may be used with the client.
    pub fn is_usable(&self) -> bool {
        *self.may_use.expose() == 1
    }

    /// Whether it is still to be done.
    pub fn is_open(&self) -> bool {
        *self.outcome.expose() == Outcome::Open
    }

    /// What [`rules::client_warning`] needs to know.
    pub fn ownership(&self) -> (Owner, Outcome, bool) {
        (
            *self.owner.expose(),
            *self.outcome.expose(),
            self.measure.is_some(),
        )
    }

    /// Whose it is, in words.
    pub fn owner_words(&self) -> Labelled<String, Workers> {
        self.owner.map(|owner| match (owner, &self.who) {
            (Owner::Worker | Owner::Agency, Some(who)) => who.expose().clone(),
            (owner, _) => (*owner).words().to_owned(),
        })
    }

    /// In words: heading and value of each answer, in the order of the source's table.
    pub fn lines(&self) -> Vec<(&'static str, Labelled<String, Workers>)> {
        let yes = |number: &Labelled<i32, Workers>| {
            number.map(|n| if *n == 1 { "Yes" } else { "No" }.to_owned())
        };
        let words = |day: &Date| day_words(*day);
        let blank = || Labelled::new(String::new());
        let or_blank =
            |text: &Option<Labelled<String, Workers>>| text.clone().unwrap_or_else(blank);
        vec![
            ("Area of support", or_blank(&self.area)),
            ("Agreed on", self.agreed_on.map(words)),
            ("Action agreed", self.what.clone()),
            ("Owner", self.owner_words()),
            ("Proposed date for completion", self.proposed_on.map(words)),
            (
                "Completed",
                self.done_on.map_or_else(
                    || self.outcome.map(|outcome| (*outcome).words().to_owned()),
                    |day| day.map(words),
                ),
            ),
            ("Action taken, notes", or_blank(&self.notes)),
            ("How a change is seen", or_blank(&self.measure)),
            (
                "Comes from",
                self.sources.map(|sources| rules::source_words(sources)),
            ),
            ("May be used with the client", yes(&self.may_use)),
            ("Needs the other side first", yes(&self.exercise)),
            (
                "In words for the client",
                self.client_words
                    .as_ref()
                    .map_or_else(blank, |words| Labelled::new(words.expose().clone())),
            ),
        ]
    }

    /// What, whose, by when and what became of it, in one text.
    pub fn in_short(&self) -> Labelled<String, Workers> {
        self.what.map(|what| {
            let outcome = self.done_on.as_ref().map_or_else(
                || (*self.outcome.expose()).words().to_owned(),
                |day| format!("Done on {}", day_words(*day.expose())),
            );
            format!(
                "{what}\n{}, by {}. {outcome}",
                self.owner_words().expose(),
                day_words(*self.proposed_on.expose())
            )
        })
    }

    /// Which save it is.
    pub fn number(&self) -> i32 {
        *self.version.expose()
    }

    /// Whether it is past the day by which it should be done.
    pub fn is_late(&self, today: Date) -> bool {
        self.is_open() && *self.proposed_on.expose() < today
    }

    /// As it is typed again.
    pub fn typed(&self) -> Typed {
        let mut typed = Typed::default();
        put(&mut typed, "what", Some(&self.what));
        put(&mut typed, "area", self.area.as_ref());
        put(&mut typed, "owner", Some(&self.owner));
        put(&mut typed, "who", self.who.as_ref());
        put(&mut typed, "agreed_on", Some(&self.agreed_on));
        put(&mut typed, "proposed_on", Some(&self.proposed_on));
        put(&mut typed, "measure", self.measure.as_ref());
        typed.push("exercise".to_owned(), yes_no(*self.exercise.expose()));
        put(&mut typed, "client_words", self.client_words.as_ref());
        put(&mut typed, "sources", Some(&self.sources));
        typed.push("may_use".to_owned(), yes_no(*self.may_use.expose()));
        put(&mut typed, "outcome", Some(&self.outcome));
        put(&mut typed, "done_on", self.done_on.as_ref());
        put(&mut typed, "notes", self.notes.as_ref());
        typed
    }

    fn is_same(&self, other: &Self) -> bool {
        self.typed() == other.typed()
    }
}

/// Every row of every action, in the order in which they were saved.
fn rows(scope: &mut impl Scope) -> Result<Vec<Action>> {
    Ok(action_table::of(scope)
        .order((plan_action::action_id, plan_action::version))
        .select(Action::as_select())
        .load(scope.conn())?)
}

/// The actions as they stood under version `number` of the plan, what is due first coming first.
pub fn actions(scope: &mut impl Scope, number: i32) -> Result<Vec<Action>> {
    let mut last: HashMap<ActionId, Action> = HashMap::new();
    for row in rows(scope)? {
        if *row.plan_number.expose() <= number {
            last.insert(row.action_id, row);
        }
    }
    let mut actions: Vec<Action> = last.into_values().collect();
    actions.sort_by_key(|action| {
        (
            !action.is_open(),
            *action.proposed_on.expose(),
            action.action_id,
        )
    });
    Ok(actions)
}

/// The rows of one action, oldest first.
pub fn action_history(scope: &mut impl Scope, id: ActionId) -> Result<Vec<Action>> {
    Ok(action_table::of(scope)
        .filter(plan_action::action_id.eq(id))
        .order(plan_action::version)
        .select(Action::as_select())
        .load(scope.conn())?)
}

/// The differences between what somebody else saved and what was typed, as heading and what was
/// saved.
pub fn differing(
    scope: &impl Scope,
    theirs: &Action,
    form: &ActionForm,
) -> Vec<(&'static str, Labelled<String, Workers>)> {
    let by = (scope.case(), scope.actor(), scope.now());
    let number = *theirs.plan_number.expose();
    let Some(mine) = action_row(form, theirs.action_id, theirs.number(), number, by) else {
        return theirs.lines();
    };
    theirs
        .lines()
        .into_iter()
        .zip(mine.lines())
        .filter(|((_, theirs), (_, mine))| theirs != mine)
        .map(|(theirs, _)| theirs)
        .collect()
}

/// The row that a form makes of an action, if it has what it needs.
pub fn action_row(
    form: &ActionForm,
    id: ActionId,
    version: i32,
    number: i32,
    by: (CaseId, UserId, Instant),
) -> Option<Action> {
    let (client_words, client_by) = rules::for_client(form);
    let yes = |answer: &kernel::form::Answer<YesNo, Workers>| {
        Labelled::new(i32::from(
            answer
                .as_ref()
                .is_some_and(|yes| *yes.expose() == YesNo::Yes),
        ))
    };
    Some(Action {
        id: ActionRowId::new(),
        case_id: by.0,
        action_id: id,
        plan_number: Labelled::new(number),
        version: Labelled::new(version),
        agreed_on: form.agreed_on?,
        area: form.area.clone(),
        what: form.what.clone()?,
        owner: form.owner?,
        who: form.who.clone(),
        proposed_on: form.proposed_on?,
        measure: form.measure.clone(),
        exercise: yes(&form.exercise),
        sources: form
            .sources
            .as_ref()
            .map(|sources| sources.map(kernel::form::Value::typed))
            .unwrap_or_default(),
        may_use: yes(&form.may_use),
        outcome: form.outcome.unwrap_or(Labelled::new(Outcome::Open)),
        done_on: form.done_on,
        notes: form.notes.clone(),
        client_words,
        client_by,
        recorded_by: by.1,
        recorded_at: by.2,
    })
}

/// Saves an action that the page showed in version `seen`; 0 for a new one. The same twice is once.
///
/// # Errors
/// [`Error::Stale`] if somebody else saved it since; [`Error::Refused`] for what the rules refuse now,
/// and for a text that gives something away.
pub fn save_action(
    tx: &mut Tx<'_>,
    plan: PlanId,
    id: ActionId,
    seen: i32,
    form: &ActionForm,
) -> Result<(), Failed> {
    let plan = super::in_force(tx, plan)?;
    let gate = is_exercise_open(tx, id)?;
    let mut problems = rules::action_problems(form, gate, tx.now().day());
    let by = (tx.case(), tx.actor(), tx.now());
    let row = action_row(form, id, seen.saturating_add(1), plan.number, by);
    let Some(row) = row.filter(|_| problems.is_empty()) else {
        return Err(Error::Refused(problems).into());
    };
    let last = action_history(tx, id)?.pop();
    let version = last
        .as_ref()
        .map_or(UNWRITTEN, |last| *last.version.expose());
    if last.as_ref().is_some_and(|last| last.is_same(&row)) {
        return Ok(());
    }
    if version != seen {
        return Err(Error::Stale.into());
    }
    if let Some(words) = &row.client_words {
        problems.extend(told::problems(tx, "client_words", words)?);
    }
    if !problems.is_empty() {
        return Err(Error::Refused(problems).into());
    }
    diesel::insert_into(plan_action::table)
        .values(&row)
        .execute(tx.conn())?;
    Ok(())
}

/// A step in words for the client, and by when.
pub type Step = (Labelled<String, Client>, Option<Labelled<Date, Client>>);

/// What the client is to do, in words for the client: the client's own actions that are still to be
/// done, without exercises that may not be used yet. Ordered by their day.
pub fn for_the_client(scope: &mut impl Scope, number: i32) -> Result<Vec<Step>> {
    let open = open_exercises(scope)?;
    Ok(actions(scope, number)?
        .into_iter()
        .filter(|action| {
            action.is_open() && (!action.is_exercise() || open.contains(&action.action_id))
        })
        .filter_map(|action| Some((action.client_words?, action.client_by)))
        .collect())
}

/// The exercises that may be used.
pub fn open_exercises(scope: &mut impl Scope) -> Result<Vec<ActionId>> {
    let rows: Vec<(ActionId, Labelled<i32, Workers>)> = gate_table::of(scope)
        .order((plan_exercise_gate::recorded_at, plan_exercise_gate::id))
        .select((plan_exercise_gate::action_id, plan_exercise_gate::open))
        .load(scope.conn())?;
    let mut last: HashMap<ActionId, bool> = HashMap::new();
    for (id, open) in rows {
        last.insert(id, *open.expose() == 1);
    }
    Ok(last
        .into_iter()
        .filter(|(_, open)| *open)
        .map(|(id, _)| id)
        .collect())
}

/// Whether an exercise may be used.
pub fn is_exercise_open(scope: &mut impl Scope, id: ActionId) -> Result<bool> {
    Ok(open_exercises(scope)?.contains(&id))
}

/// Says whether an exercise may be used, if that is another answer than before: a second no leaves
/// no trace on the other side.
pub(super) fn set_gate(tx: &mut Tx<'_>, id: ActionId, open: bool) -> Result<(), Failed> {
    if is_exercise_open(tx, id)? == open {
        return Ok(());
    }
    let (case, actor, now) = (tx.case(), tx.actor(), tx.now());
    diesel::insert_into(plan_exercise_gate::table)
        .values((
            plan_exercise_gate::id.eq(GateId::new()),
            plan_exercise_gate::case_id.eq(case),
            plan_exercise_gate::action_id.eq(id),
            plan_exercise_gate::open.eq(Labelled::<_, Workers>::new(i32::from(open))),
            plan_exercise_gate::recorded_by.eq(actor),
            plan_exercise_gate::recorded_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn action_moments(scope: &mut impl Scope) -> Result<Vec<Moment>> {
    Ok(actions(scope, i32::MAX)?
        .into_iter()
        .filter_map(|action| {
            Some(Moment {
                on: action.done_on?,
                entered_at: action.recorded_at,
                author: action.recorded_by,
                kind: "Plan: action done",
                text: action.what.into(),
            })
        })
        .collect())
}
