//! The people of an agency: inviting them, the roles they hold for a time, and their going.

pub mod model;
pub mod rules;
pub mod store;
pub mod web;

use kernel::{access::Role, ids::UserId};
use platform::identity::sessions;

platform::permission! {
    /// See who works for an agency and with which roles.
    pub View = "users.view", own &[Role::AgencyManager], any &[Role::Administrator];
    /// Invite somebody, with a one-time link.
    pub Invite = "users.invite", own &[Role::AgencyManager], any &[Role::Administrator], changes;
    /// Change roles, team and standing; reset an account.
    pub Change = "users.change", own &[Role::AgencyManager], any &[Role::Administrator], changes;
}

/// What happened to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Invited, with roles.
    Invited(UserId),
    /// Given another link in place of the one before.
    LinkMade(UserId),
    /// Password, second factor and sessions ended; a new password is to be chosen.
    Reset(UserId),
    /// A role was given for a time.
    RoleGiven(UserId, Role),
    /// A role ended, and the ties that came by it.
    RoleEnded(UserId, Role),
    /// May not sign in for now.
    Suspended(UserId),
    /// May sign in again.
    Reinstated(UserId),
    /// Moved to another team.
    Moved(UserId),
    /// Has left; every tie ended.
    Left(UserId),
}

impl platform::Event for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Invited(_) => "user invited",
            Self::LinkMade(_) => "link made",
            Self::Reset(_) => "account reset",
            Self::RoleGiven(..) => "role given",
            Self::RoleEnded(..) => "role ended",
            Self::Suspended(_) => "user suspended",
            Self::Reinstated(_) => "user reinstated",
            Self::Moved(_) => "user moved",
            Self::Left(_) => "user left",
        }
    }

    fn item(&self) -> String {
        match self {
            Self::Invited(user)
            | Self::LinkMade(user)
            | Self::Reset(user)
            | Self::RoleGiven(user, _)
            | Self::RoleEnded(user, _)
            | Self::Suspended(user)
            | Self::Reinstated(user)
            | Self::Moved(user)
            | Self::Left(user) => user.to_string(),
        }
    }

    fn fields(&self) -> Vec<&'static str> {
        match self {
            // Which role it is belongs to the record of who could see what.
            Self::RoleGiven(_, role) | Self::RoleEnded(_, role) => vec![role.code()],
            _ => Vec::new(),
        }
    }
}

pub use store::{Founded, NewInstallation, found};

/// Ends the sessions of a user, at once.
pub(crate) use sessions::end_all as end_sessions;
