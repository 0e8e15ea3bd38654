//! SQL types shared by both engines, and labels as part of a column's type.

use std::marker::PhantomData;

use diesel::{
    backend::Backend as SqlBackend,
    deserialize::{self, FromSql, FromStaticSqlRow, Queryable},
    pg::Pg,
    query_builder::QueryId,
    serialize::{self, IsNull, Output, ToSql},
    sql_types::{self, HasSqlType, Nullable, SingleValue, SqlType, Text, Timestamptz},
    sqlite::Sqlite,
};
use jiff::civil::Date;
use kernel::{
    ids::Id,
    label::{Label, Labelled},
    plain::Plain,
    sql::Stores,
    time::{Day, Instant},
};

use crate::db::Backend;

/// `uuid` on PostgreSQL, 36 characters on SQLite; one type for each kind of id.
pub struct SqlId<K>(PhantomData<fn() -> K>);
/// `ST` whose values carry the label `L`.
pub struct Of<L, ST>(PhantomData<fn() -> (L, ST)>);

macro_rules! marker {
    ($([$($generic:ident),*] $marker:ty;)*) => { $(
        impl<$($generic),*> Clone for $marker {
            fn clone(&self) -> Self {
                *self
            }
        }
        impl<$($generic),*> Copy for $marker {}
        impl<$($generic),*> Default for $marker {
            fn default() -> Self {
                Self(PhantomData)
            }
        }
        impl<$($generic),*> std::fmt::Debug for $marker {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(stringify!($marker))
            }
        }
    )* };
}
marker! { [K] SqlId<K>; [L, ST] Of<L, ST>; }

/// A day: `date` on PostgreSQL, ISO 8601 text on SQLite.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(
    postgres_type(oid = 1082, array_oid = 1182),
    sqlite_type(name = "Text")
)]
pub struct SqlDay;

/// An instant: `timestamptz` on PostgreSQL; on SQLite UTC text with six digits, which sorts.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(
    postgres_type(oid = 1184, array_oid = 1185),
    sqlite_type(name = "Text")
)]
pub struct SqlInstant;

/// Text that concerns no family.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 25, array_oid = 1009), sqlite_type(name = "Text"))]
pub struct SqlPlain;

impl<K: 'static> SqlType for SqlId<K> {
    type IsNull = sql_types::is_nullable::NotNull;
}
impl<K: 'static> SingleValue for SqlId<K> {}
impl<K: 'static> QueryId for SqlId<K> {
    type QueryId = SqlId<K>;
    const HAS_STATIC_QUERY_ID: bool = true;
}
impl<L: 'static, ST: SqlType + 'static> SqlType for Of<L, ST> {
    type IsNull = ST::IsNull;
}
impl<L: 'static, ST: SingleValue + 'static> SingleValue for Of<L, ST> {}
impl<L: 'static, ST: 'static> QueryId for Of<L, ST> {
    type QueryId = Of<L, ST>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

macro_rules! metadata {
    ($([$($generic:tt)*] $st:ty, $backend:ty => ($($how:tt)*));* $(;)?) => { $(
        impl<$($generic)*> HasSqlType<$st> for $backend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                metadata!(@ lookup, $st, $($how)*)
            }
        }
    )* };
    (@ $lookup:ident, $st:ty, as $native:ty) => {
        <Self as HasSqlType<$native>>::metadata($lookup)
    };
    (@ $lookup:ident, $st:ty, dispatch) => {
        Backend::lookup_sql_type::<$st>($lookup)
    };
}
metadata! {
    [K: 'static] SqlId<K>, Pg => (as sql_types::Uuid);
    [K: 'static] SqlId<K>, Sqlite => (as Text);
    [K: 'static] SqlId<K>, Backend => (dispatch);
    [] SqlDay, Backend => (dispatch);
    [] SqlInstant, Backend => (dispatch);
    [] SqlPlain, Backend => (dispatch);
}

macro_rules! labelled_type {
    ($($backend:ty)*) => { $(
        impl<L: 'static, ST: SqlType + 'static> HasSqlType<Of<L, ST>> for $backend
        where
            $backend: HasSqlType<ST>,
        {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                <$backend as HasSqlType<ST>>::metadata(lookup)
            }
        }
    )* };
}
labelled_type!(Pg Sqlite Backend);

/// How a Rust type is written on each engine: as `$native` on PostgreSQL, as text on SQLite.
macro_rules! column {
    ([$($generic:tt)*] $rust:ty, $st:ty, $inner:ty as $native:ty,
     $to:expr, $from:expr, $write:expr, $read:expr) => {
        impl<$($generic)*> ToSql<$st, Pg> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                let value: $inner = ($to)(self);
                <$inner as ToSql<$native, Pg>>::to_sql(&value, &mut out.reborrow())
            }
        }
        impl<$($generic)*> FromSql<$st, Pg> for $rust {
            fn from_sql(bytes: <Pg as SqlBackend>::RawValue<'_>) -> deserialize::Result<Self> {
                Ok(($from)(<$inner as FromSql<$native, Pg>>::from_sql(bytes)?))
            }
        }
        impl<$($generic)*> ToSql<$st, Sqlite> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                let text: String = ($write)(self);
                out.set_value(text);
                Ok(IsNull::No)
            }
        }
        impl<$($generic)*> FromSql<$st, Sqlite> for $rust {
            fn from_sql(bytes: <Sqlite as SqlBackend>::RawValue<'_>) -> deserialize::Result<Self> {
                let text = <String as FromSql<Text, Sqlite>>::from_sql(bytes)?;
                Ok(($read)(text.as_str())?)
            }
        }
        impl<$($generic)*> ToSql<$st, Backend> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Backend>) -> serialize::Result {
                out.set_value((<$st>::default(), self));
                Ok(IsNull::No)
            }
        }
        impl<$($generic)*> FromSql<$st, Backend> for $rust {
            fn from_sql(bytes: <Backend as SqlBackend>::RawValue<'_>) -> deserialize::Result<Self> {
                bytes.from_sql::<$rust, $st>()
            }
        }
        impl<$($generic)* DB: SqlBackend> Queryable<$st, DB> for $rust
        where
            $rust: FromStaticSqlRow<$st, DB>,
        {
            type Row = Self;
            fn build(row: Self) -> deserialize::Result<Self> {
                Ok(row)
            }
        }
        impl<$($generic)*> Stores<$rust> for $st {}
    };
}

column!(
    [K: 'static,] Id<K>, SqlId<K>, uuid::Uuid as sql_types::Uuid,
    |id: &Id<K>| id.uuid(), Id::<K>::from_uuid,
    |id: &Id<K>| id.to_string(), |text: &str| text.parse::<Id<K>>()
);
column!(
    [] Date, SqlDay, jiff_diesel::Date as sql_types::Date,
    |day: &Date| (*day).into(), |day: jiff_diesel::Date| day.to_jiff(),
    |day: &Date| day.to_string(), |text: &str| text.parse::<Date>()
);
column!(
    [] Day, SqlDay, jiff_diesel::Date as sql_types::Date,
    |day: &Day| day.0.into(), |day: jiff_diesel::Date| Day(day.to_jiff()),
    |day: &Day| day.0.to_string(), |text: &str| text.parse::<Date>().map(Day)
);
column!(
    [] Instant, SqlInstant, jiff_diesel::Timestamp as Timestamptz,
    |at: &Instant| at.get().into(), |at: jiff_diesel::Timestamp| Instant::new(at.to_jiff()),
    Instant::to_string, |text: &str| text.parse::<jiff::Timestamp>().map(Instant::new)
);
column!(
    [] Plain, SqlPlain, String as Text,
    |plain: &Plain| plain.as_str().to_owned(), |text: String| Plain::new(text),
    |plain: &Plain| plain.as_str().to_owned(),
    |text: &str| Ok::<_, std::convert::Infallible>(Plain::new(text))
);

impl<L: Label, T: ToSql<ST, DB>, ST, DB: SqlBackend> ToSql<Of<L, ST>, DB> for Labelled<T, L> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        <T as ToSql<ST, DB>>::to_sql(self.expose(), out)
    }
}
impl<L: Label, T: FromSql<ST, DB>, ST, DB: SqlBackend> FromSql<Of<L, ST>, DB> for Labelled<T, L> {
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        T::from_sql(bytes).map(Labelled::new)
    }
}
impl<L: Label, T, ST, DB: SqlBackend> Queryable<Of<L, ST>, DB> for Labelled<T, L>
where
    Self: FromStaticSqlRow<Of<L, ST>, DB>,
{
    type Row = Self;
    fn build(row: Self) -> deserialize::Result<Self> {
        Ok(row)
    }
}
impl<L: Label, T, ST: SingleValue + 'static> Stores<Labelled<T, L>> for Of<L, ST> {}

/// A column type of a casework table: an id, an instant of recording, or a labelled value.
#[diagnostic::on_unimplemented(
    message = "the column type `{Self}` states no label",
    note = "write `Of<Workers, Text>`, not `Text`"
)]
pub trait StatesLabel {}
impl<K> StatesLabel for SqlId<K> {}
impl StatesLabel for SqlInstant {}
impl<L: Label, ST> StatesLabel for Of<L, ST> {}
impl<S: StatesLabel> StatesLabel for Nullable<S> {}

macro_rules! tuples {
    ($(($($t:ident)*))*) => { $(
        impl<$($t: StatesLabel),*> StatesLabel for ($($t,)*) {}
    )* };
}
tuples! {
    (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G) (A B C D E F G H)
    (A B C D E F G H I) (A B C D E F G H I J) (A B C D E F G H I J K) (A B C D E F G H I J K M)
    (A B C D E F G H I J K M N) (A B C D E F G H I J K M N O) (A B C D E F G H I J K M N O P)
    (A B C D E F G H I J K M N O P Q) (A B C D E F G H I J K M N O P Q R)
    (A B C D E F G H I J K M N O P Q R S) (A B C D E F G H I J K M N O P Q R S T)
    (A B C D E F G H I J K M N O P Q R S T U) (A B C D E F G H I J K M N O P Q R S T U V)
    (A B C D E F G H I J K M N O P Q R S T U V W) (A B C D E F G H I J K M N O P Q R S T U V W X)
    (A B C D E F G H I J K M N O P Q R S T U V W X Y) (A B C D E F G H I J K M N O P Q R S T U V W X Y Z)
}

/// Declares that a table belongs to cases: makes `of(scope)` and `of_listed(across)`, the only
/// starts of a query, and checks that every column states a label.
#[macro_export]
macro_rules! casework {
    ($table:ident) => {
        /// Rows of the case in hand.
        pub type Scoped = ::diesel::dsl::Filter<
            $table::table,
            ::diesel::dsl::Eq<$table::case_id, ::kernel::ids::CaseId>,
        >;
        /// Rows of the case in hand.
        pub fn of(scope: &impl $crate::Scope) -> Scoped {
            ::diesel::QueryDsl::filter(
                $table::table,
                ::diesel::ExpressionMethods::eq($table::case_id, scope.case()),
            )
        }
        /// Rows of the cases that a list may show.
        pub type Listed = ::diesel::dsl::Filter<
            $table::table,
            ::diesel::dsl::EqAny<$table::case_id, ::std::vec::Vec<::kernel::ids::CaseId>>,
        >;
        /// Rows of the cases that a list may show.
        pub fn of_listed(across: &$crate::Across<'_>) -> Listed {
            ::diesel::QueryDsl::filter(
                $table::table,
                ::diesel::ExpressionMethods::eq_any($table::case_id, across.cases()),
            )
        }
        const _: () = {
            const fn states_label<T: $crate::sql::StatesLabel>() {}
            states_label::<$table::SqlType>();
        };
    };
}
