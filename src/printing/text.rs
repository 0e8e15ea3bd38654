//! Plain text as an answer.

use axum::{
    http::header,
    response::{IntoResponse as _, Response},
};
use kernel::label::{Audience, For};

const PLAIN: &str = "text/plain; charset=utf-8";

/// Text to be marked and copied in the browser.
pub fn shown(text: String) -> Response {
    ([(header::CONTENT_TYPE, PLAIN)], text).into_response()
}

/// Text as a file. Its name says nothing.
pub fn saved<A: Audience>(text: For<A, String>) -> Response {
    (
        [
            (header::CONTENT_TYPE, PLAIN),
            (
                header::CONTENT_DISPOSITION,
                "attachment; filename=\"entry.txt\"",
            ),
        ],
        text.into_inner(),
    )
        .into_response()
}
