//! Placeholder of the referrals worktree: the people capability takes its place.

pub mod model;
pub mod store;
