//! Placeholder of the referrals worktree: the people capability takes its place.

use kernel::{
    form::When,
    label::{Labelled, Survivor, Workers},
};

kernel::ids! {
    /// A person's place in a case.
    PartKind => PartId,
    /// An address or a telephone number.
    DetailKind => DetailId,
    /// What is agreed about reaching somebody safely.
    SafeContactKind => SafeContactId,
}
kernel::text_enum! {
    /// A person's place in a case.
    pub enum PartRole {
        /// The person causing harm.
        Client = "client": "Client",
        /// The adult harmed.
        Survivor = "survivor": "Survivor",
        /// A child of the household.
        Child = "child": "Child",
        /// Another adult.
        Other = "other": "Other adult",
    }
}
kernel::text_enum! {
    /// A way to reach somebody.
    pub enum Channel {
        /// A place.
        Address = "address": "Address",
        /// A telephone.
        Telephone = "telephone": "Telephone",
        /// An e-mail address.
        Email = "email": "E-mail",
        /// Anything else.
        Other = "other": "Other",
    }
}
kernel::text_enum! {
    /// Whether a detail may be used.
    pub enum DetailStatus {
        /// In use.
        Current = "current": "Current",
        /// No longer there.
        Left = "left": "Left: no longer there",
        /// Not to be used.
        Unsafe = "unsafe": "Unsafe: do not use",
        /// To be checked.
        Unknown = "unknown": "Not known: check before use",
    }
}
/// A person about to be given a place in a case.
#[derive(Clone, Debug)]
pub struct NewPart {
    /// Its id.
    pub id: PartId,
    /// The place.
    pub role: PartRole,
    /// The name as it was given.
    pub name: Labelled<String, Workers>,
    /// Other names.
    pub aliases: Option<Labelled<String, Workers>>,
    /// The date of birth.
    pub born: Option<Labelled<When, Workers>>,
    /// What the person is to the survivor.
    pub relation_to_survivor: Option<Labelled<String, Workers>>,
    /// What the person is to the client.
    pub relation_to_client: Option<Labelled<String, Workers>>,
    /// The place in the list.
    pub position: i32,
}
/// A way to reach somebody.
#[derive(Clone)]
pub struct NewDetail<L> {
    /// Its id.
    pub id: DetailId,
    /// Whose.
    pub part: PartId,
    /// What it is.
    pub channel: Channel,
    /// As it was given.
    pub value: Labelled<String, L>,
    /// What must be known about it.
    pub note: Option<Labelled<String, L>>,
    /// Whether it may be used.
    pub status: DetailStatus,
}
/// What the referral says about reaching somebody safely.
#[derive(Clone, Debug)]
pub struct NewSafeContact {
    /// Whose.
    pub part: PartId,
    /// The words of the referral.
    pub as_given: Labelled<String, Survivor>,
}
