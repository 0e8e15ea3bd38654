//! One's own account: who I am here, my password and second factor, my sessions, my mail.

pub mod model;
pub mod web;

use kernel::ids::UserId;
use platform::schema::SessionId;

/// What a user did to her own account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Changed the password; all other sessions ended.
    PasswordChanged(UserId),
    /// Changed the authenticator app; all other sessions ended.
    SecondFactorChanged(UserId),
    /// Was given new recovery codes.
    RecoveryCodesChanged(UserId),
    /// Ended one of her sessions.
    SessionEnded(SessionId),
    /// Ended all of her sessions but this one.
    OtherSessionsEnded(UserId),
    /// Chose what to be told by mail.
    MailChosen(UserId),
}

impl platform::Event for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::PasswordChanged(_) => "password changed",
            Self::SecondFactorChanged(_) => "second factor changed",
            Self::RecoveryCodesChanged(_) => "recovery codes changed",
            Self::SessionEnded(_) => "session ended",
            Self::OtherSessionsEnded(_) => "other sessions ended",
            Self::MailChosen(_) => "mail chosen",
        }
    }

    fn item(&self) -> String {
        match self {
            Self::SessionEnded(session) => session.to_string(),
            Self::PasswordChanged(user)
            | Self::SecondFactorChanged(user)
            | Self::RecoveryCodesChanged(user)
            | Self::OtherSessionsEnded(user)
            | Self::MailChosen(user) => user.to_string(),
        }
    }
}
