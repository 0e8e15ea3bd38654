//! Pages with an audience.

use axum::response::{Html, IntoResponse, Response};
use kernel::label::Audience;

use crate::Error;

/// A template for one audience; declared with [`page!`](crate::page).
pub trait Shown: askama::Template {
    /// Who it is for.
    type Audience: Audience;
}

/// The response with a page.
#[derive(Debug)]
pub struct Page<T: Shown>(pub T);

impl<T: Shown> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(html) => Html(html).into_response(),
            Err(error) => Error::from(error).into_response(),
        }
    }
}

/// Declares what a page holds. A value that may not reach the audience does not compile.
///
/// ```ignore
/// platform::page! {
///     /// The contacts of a case.
///     struct List for ClientLine, "contacts/list.html" { frame: Frame, rows: Vec<Row> }
/// }
/// ```
#[macro_export]
macro_rules! page {
    ($(#[$meta:meta])* $vis:vis struct $name:ident for $audience:ty, $path:tt {
        $($(#[$fmeta:meta])* $field:ident : $type:ty),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(::askama::Template)]
        #[template(path = $path)]
        $vis struct $name { $($(#[$fmeta])* $field: $type),* }
        impl $crate::page::Shown for $name {
            type Audience = $audience;
        }
        const _: () = {
            const fn shows<T: ::kernel::label::Shows<$audience>>() {}
            $(shows::<$type>();)*
        };
    };
}

/// Declares what a row of a page holds. A value that may not reach the audience does not compile.
#[macro_export]
macro_rules! rows {
    ($(#[$meta:meta])* $vis:vis struct $name:ident for $audience:ty {
        $($(#[$fmeta:meta])* $field:ident : $type:ty),* $(,)?
    }) => {
        $(#[$meta])*
        $vis struct $name { $($(#[$fmeta])* $vis $field: $type),* }
        impl ::kernel::label::Shows<$audience> for $name {}
        const _: () = {
            const fn shows<T: ::kernel::label::Shows<$audience>>() {}
            $(shows::<$type>();)*
        };
    };
}
