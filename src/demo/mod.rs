//! The demonstration: an invented partnership, its stories, and the controls to look around.

pub mod cast;
