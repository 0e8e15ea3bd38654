//! Pages.

use platform::{Case, Routes};

use crate::{cases::View, shell::NavItem};

/// What is mounted.
pub fn routes() -> Routes {
    Routes::new()
}

/// What the user may do next on a case.
pub fn next(_: &Case<View>) -> Vec<NavItem> {
    Vec::new()
}

/// What there is for the client to see on a shown screen.
pub fn shown(_: &Case<crate::screens::See>) -> Vec<NavItem> {
    Vec::new()
}
