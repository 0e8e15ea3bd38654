//! Typed ids: an `Id<CaseKind>` cannot be passed for an `Id<UserKind>`.

use std::{cmp::Ordering, fmt, hash, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// The id of one kind of thing: a UUID version 7, so that ids sort by the time they were made.
///
/// `K` is an empty enum that only names the kind.
pub struct Id<K>(Uuid, PhantomData<fn() -> K>);

impl<K> Id<K> {
    /// A new id. The order of ids is the only thing that depends on it.
    pub fn new() -> Self {
        Self::from_uuid(Uuid::now_v7())
    }

    /// A new id that tells nothing of when it was made, for what a party may see.
    pub fn random() -> Self {
        Self::from_uuid(Uuid::new_v4())
    }

    /// The id with these bits.
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// The bits.
    pub const fn uuid(self) -> Uuid {
        self.0
    }
}

// By hand: the derives would ask the same of `K`.
impl<K> Default for Id<K> {
    fn default() -> Self {
        Self::new()
    }
}
impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
impl<K> hash::Hash for Id<K> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<K> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl<K> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl<K> FromStr for Id<K> {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        text.parse().map(Self::from_uuid)
    }
}
impl<K> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
impl<'de, K> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Uuid::deserialize(deserializer).map(Self::from_uuid)
    }
}

/// Declares kinds of things that have ids, each with the name of its id.
///
/// ```
/// kernel::ids! {
///     /// A visit.
///     VisitKind => VisitId
/// }
/// let _: VisitId = VisitId::new();
/// ```
#[macro_export]
macro_rules! ids {
    ($($(#[$doc:meta])* $kind:ident => $id:ident),* $(,)?) => { $(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $kind {}
        $(#[$doc])*
        pub type $id = $crate::ids::Id<$kind>;
    )* };
}

crate::ids! {
    /// A case: one person causing harm and one household harmed.
    CaseKind => CaseId,
    /// Somebody who signs in.
    UserKind => UserId,
    /// An organisation of the partnership.
    AgencyKind => AgencyId,
    /// A team of an agency.
    TeamKind => TeamId,
    /// A service run by the partnership.
    ProgrammeKind => ProgrammeId,
    /// Whatever one audit chain is about: a case, a user, an agency.
    StreamKind => StreamId,
}
