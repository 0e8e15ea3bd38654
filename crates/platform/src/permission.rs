//! Permissions: types declared by the capability that needs them.

use kernel::access::{By, Needs};

/// A permission is a type, declared in the capability that needs it with [`permission!`](crate::permission).
pub trait Permission: Send + Sync + 'static {
    /// What it asks for.
    const NEEDS: Needs;
}

/// A permission that may also change what it opens.
pub trait Changes: Permission {}

/// A permission that may open a case.
pub trait Opens: Permission {}

/// A permission that may read the trail. Whoever reads it is on it.
pub trait Audits: Permission {}

/// Whether a permission is about a case, or about the partnership: a guard of one kind does not
/// build with a permission of the other.
pub(crate) const fn is_about_case(needs: Needs) -> bool {
    matches!(needs.by, By::Ties(_))
}

/// Declares a permission.
///
/// ```
/// use kernel::access::Tie;
/// platform::permission! {
///     /// See the visits of a case.
///     pub View = "visits.view", Workers, ties Tie::WORKING;
///     /// Record a visit.
///     pub Record = "visits.record", Workers, ties Tie::WORKING, changes;
/// }
/// ```
#[macro_export]
macro_rules! permission {
    ($($(#[$doc:meta])* $vis:vis $name:ident = $text:literal, $label:ident, ties $ties:expr $(, $kind:ident)*;)*) => { $(
        $(#[$doc])*
        #[derive(Debug)]
        $vis struct $name;
        impl $crate::Permission for $name {
            const NEEDS: ::kernel::access::Needs = ::kernel::access::Needs {
                name: $text,
                label: ::kernel::access::Sees::$label,
                by: ::kernel::access::By::Ties($ties),
            };
        }
        $($crate::permission!(@ $kind $name);)*
    )* };
    ($($(#[$doc:meta])* $vis:vis $name:ident = $text:literal, own $own:expr, any $any:expr $(, $kind:ident)*;)*) => { $(
        $(#[$doc])*
        #[derive(Debug)]
        $vis struct $name;
        impl $crate::Permission for $name {
            const NEEDS: ::kernel::access::Needs = ::kernel::access::Needs {
                name: $text,
                label: ::kernel::access::Sees::Client,
                by: ::kernel::access::By::Roles { own: $own, any: $any },
            };
        }
        $($crate::permission!(@ $kind $name);)*
    )* };
    (@ changes $name:ident) => { impl $crate::Changes for $name {} };
    (@ audits $name:ident) => { impl $crate::Audits for $name {} };
    (@ opens $name:ident) => { impl $crate::Opens for $name {} impl $crate::Changes for $name {} };
}
