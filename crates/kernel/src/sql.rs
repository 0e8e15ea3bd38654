//! The bridge to the database: a kernel value may be bound wherever the platform's SQL type says
//! that it stores it.
//!
//! Coherence wants `AsExpression` beside the value and `ToSql` beside the SQL type; this file is
//! why the kernel knows Diesel's query builder. No engine is named here.

use diesel::{
    expression::{AsExpression, TypedExpressionType},
    internal::derives::as_expression::Bound,
    sql_types::SqlType,
};

use crate::{
    ids::Id,
    label::Labelled,
    plain::Plain,
    time::{Day, Instant},
};

/// An SQL type whose values are `T`.
pub trait Stores<T>: SqlType + TypedExpressionType {}

macro_rules! bound {
    ($([$($generic:ident),*] $value:ty;)*) => { $(
        impl<$($generic,)* ST: Stores<$value>> AsExpression<ST> for $value {
            type Expression = Bound<ST, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl<$($generic,)* ST: Stores<$value>> AsExpression<ST> for &$value {
            type Expression = Bound<ST, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
    )* };
}

bound! {
    [K] Id<K>;
    [T, L] Labelled<T, L>;
    [] Instant;
    [] Plain;
    [] Day;
}
