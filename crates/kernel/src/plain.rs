//! Words about the partnership, not about a case.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Text that concerns no family: the name of an agency, of a worker, of a borough, a setting.
///
/// Any page may show it. It is what a `String` would be, if a `String` could not also be a
/// survivor's address that lost its label; the architecture test keeps `Plain::new` away from
/// capabilities that hold casework.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Plain(String);

impl Plain {
    /// States that `text` concerns no family.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
/// Words of the program concern no family.
impl From<&'static str> for Plain {
    fn from(text: &'static str) -> Self {
        Self::new(text)
    }
}
