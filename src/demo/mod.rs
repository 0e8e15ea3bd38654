//! The demonstration: an invented partnership, its stories, and the controls to look around.

pub mod cast;

/// The one password of the cast, printed at the start and on the sign-in page. There is no second
/// factor in the demonstration.
pub const PASSWORD: &str = "cusp demonstration 2026";
