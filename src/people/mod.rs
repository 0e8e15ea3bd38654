//! The people of a case: who they are, how they can be reached, and who may not be told.
//!
//! Contact details belong to a person's part in a case, never to the person, and lie in a table
//! of their own for each label: the client line has no query that could reach the survivor's
//! (`design.md` 5). Safe contact is recorded before anybody is rung (R008).

pub mod model;
pub mod rules;
pub mod store;
