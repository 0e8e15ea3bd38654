//! Why a request ends without its page.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kernel::form::Problems;

/// Why a request ends without its page. Each has a page that says what to do next.
#[derive(Debug)]
pub enum Error {
    /// 303 to the sign-in page: nobody is signed in.
    SignIn,
    /// 303 to the unlock page: the session was idle for too long. What was posted is kept.
    Locked,
    /// 404: absent, or not to be known of; the two look the same.
    NotFound,
    /// 403: the form did not come from our page, or its page is older than the session.
    Forged,
    /// 409: somebody else saved first.
    Stale,
    /// 422: what was posted is not what the form asks.
    Unknown(Vec<String>),
    /// 422: a decision refuses what was asked, and says why.
    Refused(Problems),
    /// 413: longer than any form can be.
    TooLong,
    /// 429: too many guesses; the seconds to wait.
    TooMany(i64),
    /// 503: the disk reserve is reached, so nothing more is written.
    DiskFull,
    /// 503: the database does not answer. Nothing was saved.
    Away(String),
    /// 500: our fault. The text is for the log, and never holds what was typed.
    Broken(String),
}

/// The result of whatever may end a request.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// The status of the answer.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::SignIn | Self::Locked => StatusCode::SEE_OTHER,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forged => StatusCode::FORBIDDEN,
            Self::Stale => StatusCode::CONFLICT,
            Self::Unknown(_) | Self::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::DiskFull | Self::Away(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Away(why) | Self::Broken(why) => f.write_str(why),
            Self::Refused(problems) => {
                let said: Vec<_> = problems.iter().map(|p| p.message.as_str()).collect();
                f.write_str(&said.join("; "))
            }
            other => write!(f, "{other:?}"),
        }
    }
}
impl std::error::Error for Error {}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind as Kind, Error as Sql};
        match error {
            Sql::NotFound => Self::NotFound,
            Sql::DatabaseError(Kind::ClosedConnection, why) => Self::Away(why.message().to_owned()),
            Sql::DatabaseError(_, why) if why.message().contains("disk is full") => Self::DiskFull,
            Sql::DatabaseError(_, why) if why.message().contains("No space left") => Self::DiskFull,
            Sql::DatabaseError(_, why)
                if [
                    "server closed",
                    "no connection",
                    "terminating connection",
                    "disk I/O error",
                    "unable to open",
                ]
                .iter()
                .any(|sign| why.message().contains(sign)) =>
            {
                Self::Away(why.message().to_owned())
            }
            other => Self::Broken(other.to_string()),
        }
    }
}
impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

/// What the layer around all handlers makes a page of.
#[derive(Clone, Debug)]
pub struct Ended(pub std::sync::Arc<Error>);

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response
            .extensions_mut()
            .insert(Ended(std::sync::Arc::new(self)));
        response
    }
}
