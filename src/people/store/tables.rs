//! The tables of people. Every column of a case states its label.

/// Declares one table of details, its rows and what can be done with them. The four differ in
/// nothing but name and label, and no query reaches two of them.
macro_rules! details {
    ($(#[$doc:meta])* $module:ident, $table:ident, $kept:ident, $label:ident, $item:literal) => {
        $(#[$doc])*
        pub(super) mod $module {
            use diesel::prelude::*;
            use kernel::{
                ids::{CaseId, CaseKind, UserId, UserKind},
                label::{$label, Labelled},
                time::Instant,
            };
            use platform::{
                Failed, Result, Scope, Tx,
                sql::{Of, SqlId, SqlInstant},
            };

            use crate::people::model::{
                Channel, Detail, DetailId, DetailKind, DetailStatus, KeptAt, Origin, PartId,
                PartKind,
            };

            diesel::table! {
                use diesel::sql_types::*;
                use super::{CaseKind, DetailKind, Of, PartKind, SqlId, SqlInstant, UserKind, $label};
                $table (id) {
                    id -> SqlId<DetailKind>,
                    case_id -> SqlId<CaseKind>,
                    part_id -> SqlId<PartKind>,
                    channel -> Of<$label, Text>,
                    value -> Of<$label, Text>,
                    note -> Nullable<Of<$label, Text>>,
                    status -> Of<$label, Text>,
                    kept -> Of<$label, Text>,
                    because -> Nullable<Of<$label, Text>>,
                    at_address -> Nullable<SqlId<DetailKind>>,
                    origin -> Of<$label, Text>,
                    recorded_by -> SqlId<UserKind>,
                    recorded_at -> SqlInstant,
                    replaced_at -> Nullable<SqlInstant>,
                }
            }
            platform::casework!($table);

            #[derive(Insertable)]
            #[diesel(table_name = $table, treat_none_as_default_value = false)]
            struct New {
                id: DetailId,
                case_id: CaseId,
                part_id: PartId,
                channel: Labelled<Channel, $label>,
                value: Labelled<String, $label>,
                note: Option<Labelled<String, $label>>,
                status: Labelled<DetailStatus, $label>,
                kept: Labelled<KeptAt, $label>,
                because: Option<Labelled<String, $label>>,
                at_address: Option<DetailId>,
                origin: Labelled<Origin, $label>,
                recorded_by: UserId,
                recorded_at: Instant,
                replaced_at: Option<Instant>,
            }

            #[derive(Queryable, Selectable)]
            #[diesel(table_name = $table, check_for_backend(platform::db::Backend))]
            struct Row {
                id: DetailId,
                part_id: PartId,
                channel: Labelled<Channel, $label>,
                value: Labelled<String, $label>,
                note: Option<Labelled<String, $label>>,
                status: Labelled<DetailStatus, $label>,
                kept: Labelled<KeptAt, $label>,
                because: Option<Labelled<String, $label>>,
                at_address: Option<DetailId>,
                origin: Labelled<Origin, $label>,
                recorded_by: UserId,
                recorded_at: Instant,
            }

            impl From<Row> for Detail<$label> {
                fn from(row: Row) -> Self {
                    Self {
                        id: row.id,
                        part: row.part_id,
                        channel: row.channel.into_exposed(),
                        value: row.value,
                        note: row.note,
                        status: row.status,
                        kept: row.kept,
                        because: row.because,
                        at_address: row.at_address,
                        origin: row.origin.into_exposed(),
                        recorded_by: row.recorded_by,
                        recorded_at: row.recorded_at,
                    }
                }
            }

            /// The table, as a type.
            #[derive(Clone, Copy, Debug)]
            pub enum $kept {}

            impl super::super::Details for $kept {
                type Label = $label;
                const ITEM: &'static str = $item;

                fn insert(tx: &mut Tx<'_>, detail: &Detail<$label>) -> Result<(), Failed> {
                    let row = New {
                        id: detail.id,
                        case_id: tx.case(),
                        part_id: detail.part,
                        channel: Labelled::new(detail.channel),
                        value: detail.value.clone(),
                        note: detail.note.clone(),
                        status: detail.status,
                        kept: detail.kept,
                        because: detail.because.clone(),
                        at_address: detail.at_address,
                        origin: Labelled::new(detail.origin),
                        recorded_by: detail.recorded_by,
                        recorded_at: detail.recorded_at,
                        replaced_at: None,
                    };
                    diesel::insert_into($table::table).values(&row).execute(tx.conn())?;
                    Ok(())
                }

                fn load(scope: &mut impl Scope) -> Result<Vec<Detail<$label>>> {
                    let rows: Vec<Row> = of(scope)
                        .filter($table::replaced_at.is_null())
                        .order(($table::recorded_at.asc(), $table::id.asc()))
                        .select(Row::as_select())
                        .load(scope.conn())?;
                    Ok(rows.into_iter().map(Into::into).collect())
                }

                fn since_opened(
                    scope: &mut impl Scope,
                ) -> Result<Vec<(DetailId, PartId, UserId, Instant)>> {
                    Ok(of(scope)
                        .filter($table::origin.eq(Labelled::<_, $label>::new(Origin::Page)))
                        .select((
                            $table::id,
                            $table::part_id,
                            $table::recorded_by,
                            $table::recorded_at,
                        ))
                        .load(scope.conn())?)
                }

                fn retire(tx: &mut Tx<'_>, id: DetailId) -> Result<usize, Failed> {
                    let now = tx.now();
                    let done = diesel::update(
                        of(tx).filter($table::id.eq(id)).filter($table::replaced_at.is_null()),
                    )
                    .set($table::replaced_at.eq(Some(now)))
                    .execute(tx.conn())?;
                    Ok(done)
                }

                fn repoint(tx: &mut Tx<'_>, old: DetailId, new: DetailId) -> Result<(), Failed> {
                    diesel::update(of(tx).filter($table::at_address.eq(Some(old))))
                        .set($table::at_address.eq(Some(new)))
                        .execute(tx.conn())?;
                    Ok(())
                }

                fn clear(tx: &mut Tx<'_>) -> Result<(), Failed> {
                    diesel::delete(of(tx)).execute(tx.conn())?;
                    Ok(())
                }
            }
        }
    };
}

details! {
    /// How the client can be reached.
    client, client_detail, ClientDetails, Workers, "client_detail"
}
details! {
    /// How the survivor can be reached.
    survivor, survivor_detail, SurvivorDetails, Survivor, "survivor_detail"
}
details! {
    /// How a child can be reached.
    child, child_detail, ChildDetails, Child, "child_detail"
}
details! {
    /// How another adult can be reached: often the survivor's family, so the survivor's label.
    other, other_detail, OtherDetails, Survivor, "other_detail"
}

pub(super) mod parts {
    use kernel::{ids::CaseKind, ids::UserKind, label::Workers};
    use platform::sql::{Of, SqlDay, SqlId, SqlInstant};

    use crate::people::model::PartKind;

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, Of, PartKind, SqlDay, SqlId, SqlInstant, UserKind, Workers};
        /// A person's place in a case.
        part (id) {
            id -> SqlId<PartKind>,
            case_id -> SqlId<CaseKind>,
            role -> Of<Workers, Text>,
            name -> Of<Workers, Text>,
            name_key -> Of<Workers, Text>,
            aliases -> Nullable<Of<Workers, Text>>,
            born_kind -> Of<Workers, Text>,
            born_day -> Nullable<Of<Workers, SqlDay>>,
            born_words -> Nullable<Of<Workers, Text>>,
            to_survivor -> Nullable<Of<Workers, Text>>,
            to_client -> Nullable<Of<Workers, Text>>,
            occupation -> Nullable<Of<Workers, Text>>,
            position -> Of<Workers, Integer>,
            origin -> Of<Workers, Text>,
            version -> Of<Workers, Integer>,
            recorded_by -> SqlId<UserKind>,
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(part);
}

pub(super) mod words {
    use kernel::{ids::CaseKind, label::Workers};
    use platform::sql::{Of, SqlId};

    use crate::people::model::{NameWordKind, PartKind};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, NameWordKind, Of, PartKind, SqlId, Workers};
        /// A word of a name or alias, folded, for the search of lists.
        name_word (id) {
            id -> SqlId<NameWordKind>,
            case_id -> SqlId<CaseKind>,
            part_id -> SqlId<PartKind>,
            word -> Of<Workers, Text>,
        }
    }
    platform::casework!(name_word);
}

pub(super) mod changes {
    use kernel::{ids::CaseKind, ids::UserKind, label::Workers};
    use platform::sql::{Of, SqlId, SqlInstant};

    use crate::people::model::{PartChangeKind, PartKind};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, Of, PartChangeKind, PartKind, SqlId, SqlInstant, UserKind, Workers};
        /// What happened to what is known of a person, with what was known before.
        part_change (id) {
            id -> SqlId<PartChangeKind>,
            case_id -> SqlId<CaseKind>,
            part_id -> SqlId<PartKind>,
            what -> Of<Workers, Text>,
            was -> Nullable<Of<Workers, Text>>,
            recorded_by -> SqlId<UserKind>,
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(part_change);
}

pub(super) mod safe {
    use kernel::{ids::CaseKind, ids::UserKind, label::Survivor};
    use platform::sql::{Of, SqlDay, SqlId, SqlInstant};

    use crate::people::model::{PartKind, SafeContactKind};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, Of, PartKind, SafeContactKind, SqlDay, SqlId, SqlInstant, Survivor, UserKind};
        /// What is agreed about reaching somebody safely (R008).
        safe_contact (id) {
            id -> SqlId<SafeContactKind>,
            case_id -> SqlId<CaseKind>,
            part_id -> SqlId<PartKind>,
            as_given -> Nullable<Of<Survivor, Text>>,
            methods -> Nullable<Of<Survivor, Text>>,
            times -> Nullable<Of<Survivor, Text>>,
            who_may_answer -> Nullable<Of<Survivor, Text>>,
            pretext -> Nullable<Of<Survivor, Text>>,
            code_word -> Nullable<Of<Survivor, Text>>,
            never_message -> Of<Survivor, Integer>,
            checked_on -> Nullable<Of<Survivor, SqlDay>>,
            status -> Of<Survivor, Text>,
            origin -> Of<Survivor, Text>,
            version -> Of<Survivor, Integer>,
            recorded_by -> SqlId<UserKind>,
            recorded_at -> SqlInstant,
            replaced_at -> Nullable<SqlInstant>,
        }
    }
    platform::casework!(safe_contact);
}

pub(super) mod reveals {
    use kernel::{ids::CaseKind, ids::UserKind, label::Survivor};
    use platform::sql::{Of, SqlId, SqlInstant};

    use crate::people::model::RevealKind;

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, Of, RevealKind, SqlId, SqlInstant, Survivor, UserKind};
        /// Who looked at what is kept from the service, and why.
        reveal (id) {
            id -> SqlId<RevealKind>,
            case_id -> SqlId<CaseKind>,
            reason -> Of<Survivor, Text>,
            recorded_by -> SqlId<UserKind>,
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(reveal);
}

pub(super) mod flags {
    use kernel::{ids::CaseKind, ids::UserKind, label::Workers};
    use platform::sql::{Of, SqlDay, SqlId, SqlInstant};

    use crate::people::model::SafetyFlagKind;

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, Of, SafetyFlagKind, SqlDay, SqlId, SqlInstant, UserKind, Workers};
        /// A warning for workers.
        safety_flag (id) {
            id -> SqlId<SafetyFlagKind>,
            case_id -> SqlId<CaseKind>,
            words -> Of<Workers, Text>,
            review_on -> Of<Workers, SqlDay>,
            recorded_by -> SqlId<UserKind>,
            recorded_at -> SqlInstant,
            lifted_because -> Nullable<Of<Workers, Text>>,
            lifted_by -> Nullable<SqlId<UserKind>>,
            lifted_at -> Nullable<SqlInstant>,
        }
    }
    platform::casework!(safety_flag);
}

pub(super) mod accesses {
    use kernel::{ids::CaseKind, ids::UserKind, label::Workers};
    use platform::sql::{Of, SqlId, SqlInstant};

    use crate::people::model::AccessChangeKind;

    diesel::table! {
        use diesel::sql_types::*;
        use super::{AccessChangeKind, CaseKind, Of, SqlId, SqlInstant, UserKind, Workers};
        /// Why somebody was excluded, named, or a case restricted.
        access_change (id) {
            id -> SqlId<AccessChangeKind>,
            case_id -> SqlId<CaseKind>,
            what -> Of<Workers, Text>,
            worker -> Nullable<SqlId<UserKind>>,
            reason -> Of<Workers, Text>,
            recorded_by -> SqlId<UserKind>,
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(access_change);
}

pub(super) mod hints {
    use kernel::{ids::CaseKind, label::Workers};
    use platform::sql::{Of, SqlId, SqlInstant};

    use crate::people::model::MatchHintKind;

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, MatchHintKind, Of, SqlId, SqlInstant, Workers};
        /// That somebody of this case is known in another one; never in which.
        match_hint (id) {
            id -> SqlId<MatchHintKind>,
            case_id -> SqlId<CaseKind>,
            known -> Of<Workers, Integer>,
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(match_hint);
}
