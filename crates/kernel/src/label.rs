//! Who may ever see a value, as types.
//!
//! A value of a family carries its label in its type from the column to the page. The only way
//! onto a page is [`Labelled::show`], and only for an audience that may see the label; the only
//! ways around are [`Labelled::expose`] (rules and storage; [`crate::form::without_label`] is the
//! same for an answer) and [`Labelled::release`] (a recorded human decision). The architecture test
//! bans `expose`, `without_label` and `new` where pages are made.

use std::{fmt, marker::PhantomData};

use crate::{access::Sees, ids::Id, plain::Plain, time::Instant};

/// A label. A value's label is part of its type.
pub trait Label: 'static {
    /// As it is written in the data dictionary.
    const NAME: &'static str;
    /// The same label as a value, for the access decision and the audit.
    const SEES: Sees;
}

/// Who a page, letter or export is for.
pub trait Audience: 'static {
    /// As it is printed on what leaves the system.
    const NAME: &'static str;
}

/// A label whose values may reach `A`.
#[diagnostic::on_unimplemented(
    message = "a value labelled `{Self}` may not reach `{A}`",
    note = "build this output from fields of another label, or record a release"
)]
pub trait VisibleTo<A: Audience>: Label {}

macro_rules! labels {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub enum $name {}
        impl Label for $name {
            const NAME: &'static str = stringify!($name);
            const SEES: Sees = Sees::$name;
        }
    )* };
}
labels! {
    /// May reach the client: goals, actions, appointments, texts written for the client.
    Client,
    /// Workers tied to the case on either line.
    Workers,
    /// The survivor line, the lead worker where no specialist holds it, and what is released.
    Survivor,
    /// The survivor line, the lead worker and the child's own worker.
    Child,
    /// Named people only: intelligence, legal advice, reviews.
    Restricted,
}

macro_rules! audiences {
    ($($(#[$doc:meta])* $name:ident = $words:literal),* $(,)?) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub enum $name {}
        impl Audience for $name {
            const NAME: &'static str = $words;
        }
    )* };
}
audiences! {
    /// The person causing harm.
    TheClient = "the person it is about",
    /// Workers of the client line, and every page that both lines open.
    ClientLine = "workers of the client line",
    /// Workers of the survivor line.
    SurvivorLine = "workers of the survivor line",
    /// Who sent a referral, reading it as it was sent.
    Sender = "the referrer",
    /// Pages that hold no casework at all.
    Office = "staff",
}

macro_rules! visible {
    ($($label:ident => $($audience:ident)*;)*) => { $($(
        impl VisibleTo<$audience> for $label {}
    )*)* };
}
visible! {
    Client     => TheClient ClientLine SurvivorLine Sender;
    Workers    => ClientLine SurvivorLine Sender;
    Survivor   => SurvivorLine Sender;
    Child      => SurvivorLine Sender;
}

/// A value with its label. It has no `Display`: only a page of a permitted audience draws it.
pub struct Labelled<T, L>(T, PhantomData<fn() -> L>);

impl<T, L: Label> Labelled<T, L> {
    /// Gives `value` the label `L`.
    pub const fn new(value: T) -> Self {
        Self(value, PhantomData)
    }

    /// The bare value, for rules and storage.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The bare value, for rules and storage.
    pub fn into_exposed(self) -> T {
        self.0
    }

    /// The value, for an output whose audience may see it.
    pub fn show<A: Audience>(self) -> For<A, T>
    where
        L: VisibleTo<A>,
    {
        For(self.0, PhantomData)
    }

    /// Derives a value of the same label.
    #[must_use]
    pub fn map<U>(&self, derive: impl FnOnce(&T) -> U) -> Labelled<U, L> {
        Labelled::new(derive(&self.0))
    }

    /// The value for workers of both lines, by a recorded decision about this very item.
    ///
    /// Nothing is released by default, and a release never reaches the client: whether an item may
    /// be used with the client is a decision of its own.
    pub fn release(self, _: &Release<L>) -> Labelled<T, Workers> {
        Labelled::new(self.0)
    }
}

impl<T> Labelled<T, Restricted> {
    /// The restricted value, for the one page made for a person who is named on it.
    pub fn show_to<A: Audience>(self, _: &Named) -> For<A, T> {
        For(self.0, PhantomData)
    }
}

/// The recorded decision to release one item to the other line: who, what and why are in the
/// audit trail under its id.
#[derive(Debug)]
pub struct Release<L> {
    item: Id<()>,
    label: PhantomData<fn() -> L>,
}

impl<L: Label> Release<L> {
    /// What a store makes of a release row that it read.
    pub fn recorded(item: Id<()>) -> Self {
        Self {
            item,
            label: PhantomData,
        }
    }

    /// The item that was released.
    pub fn item(&self) -> Id<()> {
        self.item
    }
}

/// Proof that the reader is on the list of people named for a restricted item.
///
/// Only [`crate::access::named`] makes one.
#[derive(Debug)]
pub struct Named(pub(crate) ());

impl<T: Clone, L> Clone for Labelled<T, L> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}
impl<T: Copy, L> Copy for Labelled<T, L> {}
impl<T: PartialEq, L> PartialEq for Labelled<T, L> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T: Eq, L> Eq for Labelled<T, L> {}
impl<T: Default, L: Label> Default for Labelled<T, L> {
    fn default() -> Self {
        Self::new(T::default())
    }
}
impl<T, L: Label> fmt::Debug for Labelled<T, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}]", L::NAME)
    }
}

/// A value that `A` may see; made only by [`Labelled::show`].
pub struct For<A, T>(T, PhantomData<fn() -> A>);

impl<A: Audience, T> For<A, T> {
    /// Another form of the same value for the same audience.
    #[must_use]
    pub fn map<U>(self, derive: impl FnOnce(T) -> U) -> For<A, U> {
        For(derive(self.0), PhantomData)
    }

    /// The value, for a document or file made for this audience.
    pub fn into_inner(self) -> T {
        self.0
    }
}
impl<A: Audience> For<A, String> {
    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
impl<A, T: fmt::Display> fmt::Display for For<A, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl<A, T: Clone> Clone for For<A, T> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}
impl<A: Audience, T> fmt::Debug for For<A, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[for {}]", A::NAME)
    }
}

/// A type which a page for `A` may hold. `String` is not one: it has lost its label.
#[diagnostic::on_unimplemented(
    message = "`{Self}` may not stand in an output for `{A}`",
    note = "outputs hold `For<A, T>` made by `labelled.show()`, `Plain`, ids, counts, days, `&'static str` and rows declared with `rows!`"
)]
pub trait Shows<A: Audience> {}

impl<A: Audience, T> Shows<A> for For<A, T> {}
impl<A: Audience, T: Shows<A>> Shows<A> for Vec<T> {}
impl<A: Audience, T: Shows<A>> Shows<A> for Option<T> {}
impl<A: Audience> Shows<A> for &'static str {}
impl<A: Audience, K> Shows<A> for Id<K> {}
impl<A: Audience> Shows<A> for usize {}
impl<A: Audience> Shows<A> for i64 {}
impl<A: Audience> Shows<A> for bool {}
impl<A: Audience> Shows<A> for Plain {}
impl<A: Audience> Shows<A> for Instant {}
impl<A: Audience> Shows<A> for crate::time::Day {}

impl<A: Audience> For<A, crate::form::Line> {
    pub(crate) fn line(&self) -> &crate::form::Line {
        &self.0
    }
}

/// Puts lines of several sheets back into the order of the form, for an audience that may see
/// each of them.
pub fn in_order<A: Audience>(
    sheets: impl IntoIterator<Item = For<A, Vec<crate::form::Line>>>,
) -> Vec<For<A, crate::form::Line>> {
    let mut lines: Vec<_> = sheets.into_iter().flat_map(|sheet| sheet.0).collect();
    lines.sort_by_key(|line| line.order);
    lines
        .into_iter()
        .map(|line| For(line, PhantomData))
        .collect()
}
