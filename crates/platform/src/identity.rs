//! Who people are: signing in, invitations, sessions, what is held while a session is locked.

pub mod held;
pub mod sessions;
mod system;

pub use system::system_session;
