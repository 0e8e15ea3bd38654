//! What was marked as misplaced, and what happened in a case.

use std::collections::HashSet;

use diesel::prelude::*;
use kernel::{
    form::Problem,
    ids::{Id, UserId},
    label::{Label, Labelled, Survivor, Workers},
    time::Instant,
};
use platform::{Across, Error, Failed, Result, Scope, Tx};

use super::model::{Misfiled, MisfiledId, Misplaced, Outcome};

/// One of the two tables of marks.
pub trait Marks: 'static {
    /// The label of what is marked and why.
    type Label: Label + Clone + std::fmt::Debug;

    /// Marks a thing: it is hidden from now on.
    fn mark(
        tx: &mut Tx<'_>,
        id: MisfiledId,
        kind: &Labelled<String, Self::Label>,
        item: Id<()>,
        why: Labelled<Misplaced, Self::Label>,
        reason: &Labelled<String, Self::Label>,
    ) -> Result<(), Failed>;
    /// What was ever marked, newest first.
    fn all(scope: &mut impl Scope) -> Result<Vec<Misfiled<Self::Label>>>;
    /// Settles a mark; 0 if it was settled before.
    fn settle(
        tx: &mut Tx<'_>,
        id: MisfiledId,
        outcome: Labelled<Outcome, Self::Label>,
        because: &Labelled<String, Self::Label>,
    ) -> Result<usize, Failed>;
    /// Kind and id of what is hidden now.
    fn hidden(scope: &mut impl Scope) -> Result<Vec<(String, Id<()>)>>;
    /// The same for the cases of a list.
    fn hidden_listed(across: &mut Across<'_>) -> Result<Vec<(String, Id<()>)>>;
}

macro_rules! marks {
    ($(#[$doc:meta])* $module:ident, $table:ident, $marks:ident, $label:ident) => {
        mod $module {
            use diesel::prelude::*;
            use kernel::{
                ids::{CaseKind, Id, UserId, UserKind},
                label::{$label, Labelled},
                time::Instant,
            };
            use platform::{
                Across, Failed, Result, Scope, Tx,
                sql::{Of, SqlId, SqlInstant},
            };

            use crate::cases::model::{Misfiled, MisfiledId, MisfiledKind, Misplaced, Outcome};

            /// The kind of whatever is marked: its table is named beside it.
            type Thing = ();

            diesel::table! {
                use diesel::sql_types::*;
                use super::{CaseKind, MisfiledKind, Of, SqlId, SqlInstant, Thing, UserKind, $label};
                $table (id) {
                    id -> SqlId<MisfiledKind>,
                    case_id -> SqlId<CaseKind>,
                    kind -> Of<$label, Text>,
                    item -> SqlId<Thing>,
                    why -> Of<$label, Text>,
                    reason -> Of<$label, Text>,
                    recorded_by -> SqlId<UserKind>,
                    recorded_at -> SqlInstant,
                    outcome -> Nullable<Of<$label, Text>>,
                    settled_because -> Nullable<Of<$label, Text>>,
                    settled_by -> Nullable<SqlId<UserKind>>,
                    settled_at -> Nullable<SqlInstant>,
                }
            }
            platform::casework!($table);

            #[derive(Queryable, Selectable)]
            #[diesel(table_name = $table, check_for_backend(platform::db::Backend))]
            struct Row {
                id: MisfiledId,
                kind: Labelled<String, $label>,
                item: Id<()>,
                why: Labelled<Misplaced, $label>,
                reason: Labelled<String, $label>,
                recorded_by: UserId,
                recorded_at: Instant,
                outcome: Option<Labelled<Outcome, $label>>,
                settled_at: Option<Instant>,
                settled_by: Option<UserId>,
            }

            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub enum $marks {}

            impl super::Marks for $marks {
                type Label = $label;

                fn mark(
                    tx: &mut Tx<'_>,
                    id: MisfiledId,
                    kind: &Labelled<String, $label>,
                    item: Id<()>,
                    why: Labelled<Misplaced, $label>,
                    reason: &Labelled<String, $label>,
                ) -> Result<(), Failed> {
                    let (case, actor, now) = (tx.case(), tx.actor(), tx.now());
                    diesel::insert_into($table::table)
                        .values((
                            $table::id.eq(id),
                            $table::case_id.eq(case),
                            $table::kind.eq(kind),
                            $table::item.eq(item),
                            $table::why.eq(why),
                            $table::reason.eq(reason),
                            $table::recorded_by.eq(actor),
                            $table::recorded_at.eq(now),
                        ))
                        .execute(tx.conn())?;
                    Ok(())
                }

                fn all(scope: &mut impl Scope) -> Result<Vec<Misfiled<$label>>> {
                    let rows: Vec<Row> = of(scope)
                        .order(($table::recorded_at.desc(), $table::id.desc()))
                        .select(Row::as_select())
                        .load(scope.conn())?;
                    Ok(rows
                        .into_iter()
                        .map(|row| Misfiled {
                            id: row.id,
                            kind: row.kind,
                            item: row.item,
                            why: row.why,
                            reason: row.reason,
                            recorded_by: row.recorded_by,
                            recorded_at: row.recorded_at,
                            outcome: row.outcome,
                            settled_at: row.settled_at,
                            settled_by: row.settled_by,
                        })
                        .collect())
                }

                fn settle(
                    tx: &mut Tx<'_>,
                    id: MisfiledId,
                    outcome: Labelled<Outcome, $label>,
                    because: &Labelled<String, $label>,
                ) -> Result<usize, Failed> {
                    let (actor, now) = (tx.actor(), tx.now());
                    let done = diesel::update(
                        of(tx).filter($table::id.eq(id)).filter($table::settled_at.is_null()),
                    )
                    .set((
                        $table::outcome.eq(Some(outcome)),
                        $table::settled_because.eq(Some(because)),
                        $table::settled_by.eq(Some(actor)),
                        $table::settled_at.eq(Some(now)),
                    ))
                    .execute(tx.conn())?;
                    Ok(done)
                }

                fn hidden(scope: &mut impl Scope) -> Result<Vec<(String, Id<()>)>> {
                    let restored = Labelled::<_, $label>::new(Outcome::Restored);
                    let rows: Vec<(Labelled<String, $label>, Id<()>)> = of(scope)
                        .filter($table::outcome.is_null().or($table::outcome.ne(Some(restored))))
                        .select(($table::kind, $table::item))
                        .load(scope.conn())?;
                    Ok(rows.into_iter().map(|(kind, item)| (kind.into_exposed(), item)).collect())
                }

                fn hidden_listed(across: &mut Across<'_>) -> Result<Vec<(String, Id<()>)>> {
                    let restored = Labelled::<_, $label>::new(Outcome::Restored);
                    let rows: Vec<(Labelled<String, $label>, Id<()>)> = of_listed(across)
                        .filter($table::outcome.is_null().or($table::outcome.ne(Some(restored))))
                        .select(($table::kind, $table::item))
                        .load(across.conn())?;
                    Ok(rows.into_iter().map(|(kind, item)| (kind.into_exposed(), item)).collect())
                }
            }
        }
        pub use $module::$marks;
    };
}

marks! {
    /// Marks on what workers of both lines read.
    shared, misfiled, SharedMarks, Workers
}
marks! {
    /// Marks on what only the survivor's side reads.
    kept, misfiled_kept, KeptMarks, Survivor
}

/// What of the case in hand is hidden because it was marked as misplaced, as `kind:id`.
///
/// Every capability that shows entries of its own leaves these out: `design.md` 5, "hidden at
/// once".
pub fn hidden_items(scope: &mut impl Scope) -> Result<HashSet<String>> {
    let mut all = SharedMarks::hidden(scope)?;
    all.extend(KeptMarks::hidden(scope)?);
    Ok(keys(all))
}

/// The same for the cases that a list shows. Ids are unique, so one set serves all of them.
pub fn hidden_listed(across: &mut Across<'_>) -> Result<HashSet<String>> {
    Ok(keys(SharedMarks::hidden_listed(across)?))
}

fn keys(all: Vec<(String, Id<()>)>) -> HashSet<String> {
    all.into_iter()
        .map(|(kind, item)| format!("{kind}:{item}"))
        .collect()
}
