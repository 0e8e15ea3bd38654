//! What an address names.

use std::collections::BTreeMap;

use axum::extract::Path;
use kernel::ids::Id;
use platform::{Error, Result};

/// The parts of an address, each under its name in the route.
///
/// By name rather than by place: a handler then need not know what comes before its own part, and
/// the case, which [`platform::Case`] reads for itself, may stand beside it.
pub type Named = BTreeMap<String, String>;

/// How a handler is given them.
pub type Ids = Path<Named>;

/// The id that stands under `name`.
///
/// # Errors
/// [`Error::NotFound`] if nothing stands there, or something that is no id: a stranger learns
/// nothing from an address that he makes up.
pub fn id<K>(path: &Named, name: &str) -> Result<Id<K>> {
    path.get(name)
        .and_then(|text| text.parse().ok())
        .ok_or(Error::NotFound)
}
