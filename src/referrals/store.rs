//! The tables of referrals and their drafts.

mod drafts;
mod files;
mod partners;

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use kernel::{
    form::{Sheet, Wording, YesNoUnknown},
    ids::{CaseId, UserId},
    label::{Child, Client, Label, Labelled, Survivor, Workers},
    time::Instant,
};
use platform::{Across, Error, Failed, Result, Scope, Tx, casefile};
use serde::{Serialize, de::DeserializeOwned};

pub use drafts::{
    Draft, DraftHead, DraftSection, begin, delete_draft, draft, drafts, save_section, send_draft,
};
pub use files::{file_taken, note_file};
pub use partners::{
    Answers, agencies, programmes, receivers, referrer, run_by, standing, whom_to_ring, worker,
};

use super::{
    model::{HeldReason, Kept, LookId, Origin, Referral, RevisionId, TypedByLabel},
    rules,
};
use crate::{
    mail::{self, MailKind},
    people::{
        self,
        model::{
            Channel, DetailId, DetailStatus, NewDetail, NewPart, NewSafeContact, PartId, PartRole,
        },
    },
};

mod referrals {
    use kernel::{
        ids::{CaseKind, UserKind},
        label::{Survivor, Workers},
    };
    use platform::sql::{Of, SqlId, SqlInstant};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, Of, SqlId, SqlInstant, Survivor, UserKind, Workers};
        /// How a referral came.
        referral (case_id) {
            /// The case that it opened.
            case_id -> SqlId<CaseKind>,
            /// When it was received: the clock of R001.
            received_at -> Of<Workers, SqlInstant>,
            /// When it was entered.
            entered_at -> SqlInstant,
            /// By whom.
            entered_by -> SqlId<UserKind>,
            /// How it came.
            origin -> Of<Workers, Text>,
            /// From whom the service took it.
            taken_from -> Nullable<Of<Workers, Text>>,
            /// Why it was held, if it was.
            held -> Nullable<Of<Workers, Text>>,
            /// Whether the client knows of it.
            client_aware -> Nullable<Of<Workers, Text>>,
            /// Whether the survivor knows of it.
            survivor_aware -> Nullable<Of<Survivor, Text>>,
            /// The latest revision.
            revision -> Of<Workers, Integer>,
        }
    }
    platform::casework!(referral);
}

mod revisions {
    use kernel::{
        ids::{CaseKind, UserKind},
        label::{Child, Client, Survivor, Workers},
    };
    use platform::sql::{Of, SqlId, SqlInstant};

    use super::super::model::RevisionKind;

    diesel::table! {
        use diesel::sql_types::*;
        use super::{
            CaseKind, Child, Client, Of, RevisionKind, SqlId, SqlInstant, Survivor, UserKind,
            Workers,
        };
        /// A referral as it was worded at one time.
        referral_revision (id) {
            /// Its id.
            id -> SqlId<RevisionKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// 1 for what was sent, then on.
            number -> Of<Workers, Integer>,
            /// When.
            entered_at -> SqlInstant,
            /// By whom.
            author -> SqlId<UserKind>,
            /// Why it was changed.
            reason -> Nullable<Of<Workers, Text>>,
            /// How many texts of a file had no box.
            unplaced -> Of<Workers, Integer>,
            /// The lines that may reach the client.
            words_client -> Of<Client, Text>,
            /// The lines for workers.
            words_workers -> Of<Workers, Text>,
            /// The lines that lead to the survivor.
            words_survivor -> Of<Survivor, Text>,
            /// The lines that lead to a child.
            words_child -> Of<Child, Text>,
            /// The answers that may reach the client.
            typed_client -> Of<Client, Text>,
            /// The answers for workers.
            typed_workers -> Of<Workers, Text>,
            /// The answers that lead to the survivor.
            typed_survivor -> Of<Survivor, Text>,
            /// The answers that lead to a child.
            typed_child -> Of<Child, Text>,
        }
    }
    platform::casework!(referral_revision);
}

macro_rules! decision {
    ($(#[$doc:meta])* $module:ident, $table:ident) => {
        mod $module {
            use kernel::{
                ids::{CaseKind, UserKind},
                label::Workers,
            };
            use platform::sql::{Of, SqlId, SqlInstant};

            diesel::table! {
                use diesel::sql_types::*;
                use super::{CaseKind, Of, SqlId, SqlInstant, UserKind, Workers};
                $(#[$doc])*
                $table (case_id) {
                    /// The case.
                    case_id -> SqlId<CaseKind>,
                    /// When.
                    at -> SqlInstant,
                    /// By whom.
                    author -> SqlId<UserKind>,
                    /// Why.
                    reason -> Of<Workers, Text>,
                }
            }
            platform::casework!($table);
        }
    };
}
decision! {
    /// That a referral was withdrawn.
    withdrawals, referral_withdrawal
}
decision! {
    /// That a held referral was taken all the same.
    takings, referral_held_taking
}

mod looks {
    use kernel::{
        ids::{CaseKind, UserKind},
        label::Survivor,
    };
    use platform::sql::{Of, SqlId, SqlInstant};

    use super::super::model::LookKind;

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, LookKind, Of, SqlId, SqlInstant, Survivor, UserKind};
        /// Why somebody looked at the survivor's side of a referral.
        referral_look (id) {
            /// Its id.
            id -> SqlId<LookKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// When.
            at -> SqlInstant,
            /// Who.
            author -> SqlId<UserKind>,
            /// Why. It may say anything, so it has the survivor's label.
            reason -> Of<Survivor, Text>,
        }
    }
    platform::casework!(referral_look);
}

use looks::referral_look;
use referrals::referral;
use revisions::referral_revision;
use takings::referral_held_taking;
use withdrawals::referral_withdrawal;

fn broken(error: serde_json::Error) -> Error {
    Error::Broken(format!("stored answers: {error}"))
}

fn packed<T: Serialize, L: Label>(value: &Labelled<T, L>) -> Result<Labelled<String, L>> {
    serde_json::to_string(value.expose())
        .map(Labelled::new)
        .map_err(broken)
}

fn unpacked<T: DeserializeOwned, L: Label>(text: &Labelled<String, L>) -> Result<Labelled<T, L>> {
    serde_json::from_str(text.expose())
        .map(Labelled::new)
        .map_err(broken)
}

/// A referral about to be written.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When it was received.
    pub received_at: Instant,
    /// How it came.
    pub origin: Origin,
    /// From whom the service took it.
    pub taken_from: Option<Labelled<String, Workers>>,
    /// Why it is held, if it is.
    pub held: Option<HeldReason>,
    /// The form.
    pub form: Referral,
    /// What is kept of it.
    pub kept: Kept,
}

/// Writes a referral, its first revision and the people whom it names, and tells the managers of
/// the service.
pub fn enter(tx: &mut Tx<'_>, entry: &Entry) -> Result<(), Failed> {
    let (case, me, now) = (tx.case(), tx.actor(), tx.now());
    diesel::insert_into(referral::table)
        .values((
            referral::case_id.eq(case),
            referral::received_at.eq(Labelled::<_, Workers>::new(entry.received_at)),
            referral::entered_at.eq(now),
            referral::entered_by.eq(me),
            referral::origin.eq(Labelled::<_, Workers>::new(entry.origin)),
            referral::taken_from.eq(entry.taken_from.as_ref()),
            referral::held.eq(entry.held.map(Labelled::<_, Workers>::new)),
            referral::client_aware.eq(entry.form.client_aware.as_ref()),
            referral::survivor_aware.eq(entry.form.survivor_aware.as_ref()),
            referral::revision.eq(Labelled::<_, Workers>::new(1)),
        ))
        .execute(tx.conn())?;
    add_revision(tx, 1, None, &entry.kept)?;
    add_people(tx, &entry.form)?;
    let programme = casefile::frame(tx)?.programme_id;
    let path = format!("/cases/{case}/referral/read");
    for manager in receivers(tx.conn(), programme, now)? {
        // Whoever takes a referral knows that it came.
        if manager != me {
            mail::queue(tx.conn(), manager, MailKind::NewReferral, &path, now)?;
        }
    }
    Ok(())
}

/// Writes a corrected referral as the next revision. Says whether the people of the case were
/// written anew; they are not once somebody has worked on them, and then a worker takes the
/// correction over by hand: neither text is lost.
///
/// # Errors
/// [`Error::Stale`] if it was corrected since `version`.
pub fn amend(
    tx: &mut Tx<'_>,
    version: i32,
    reason: &Labelled<String, Workers>,
    form: &Referral,
    kept: &Kept,
) -> Result<bool, Failed> {
    let next = version.saturating_add(1);
    let moved = diesel::update(
        referrals::of(tx).filter(referral::revision.eq(Labelled::<_, Workers>::new(version))),
    )
    .set((
        referral::revision.eq(Labelled::<_, Workers>::new(next)),
        referral::client_aware.eq(form.client_aware.as_ref()),
        referral::survivor_aware.eq(form.survivor_aware.as_ref()),
    ))
    .execute(tx.conn())?;
    if moved == 0 {
        return Err(Error::Stale.into());
    }
    add_revision(tx, next, Some(reason), kept)?;
    match people::store::clear_parts(tx) {
        Ok(()) => add_people(tx, form).map(|()| true),
        Err(Failed::Said(Error::Refused(_))) => Ok(false),
        Err(failed) => Err(failed),
    }
}

fn add_revision(
    tx: &mut Tx<'_>,
    number: i32,
    reason: Option<&Labelled<String, Workers>>,
    kept: &Kept,
) -> Result<(), Failed> {
    let (case, me, now) = (tx.case(), tx.actor(), tx.now());
    let unplaced = i32::try_from(kept.unplaced).unwrap_or(i32::MAX);
    diesel::insert_into(referral_revision::table)
        .values((
            (
                referral_revision::id.eq(RevisionId::new()),
                referral_revision::case_id.eq(case),
                referral_revision::number.eq(Labelled::<_, Workers>::new(number)),
                referral_revision::entered_at.eq(now),
                referral_revision::author.eq(me),
                referral_revision::reason.eq(reason),
                referral_revision::unplaced.eq(Labelled::<_, Workers>::new(unplaced)),
            ),
            (
                referral_revision::words_client.eq(packed(&kept.words.client)?),
                referral_revision::words_workers.eq(packed(&kept.words.workers)?),
                referral_revision::words_survivor.eq(packed(&kept.words.survivor)?),
                referral_revision::words_child.eq(packed(&kept.words.child)?),
            ),
            (
                referral_revision::typed_client.eq(packed(&kept.typed.client)?),
                referral_revision::typed_workers.eq(packed(&kept.typed.workers)?),
                referral_revision::typed_survivor.eq(packed(&kept.typed.survivor)?),
                referral_revision::typed_child.eq(packed(&kept.typed.child)?),
            ),
        ))
        .execute(tx.conn())?;
    Ok(())
}

fn detail<L: Label>(
    part: PartId,
    channel: Channel,
    value: Option<&Labelled<String, L>>,
) -> Option<NewDetail<L>> {
    value.map(|value| NewDetail {
        id: DetailId::new(),
        part,
        channel,
        value: value.clone(),
        note: None,
        status: DetailStatus::Current,
    })
}

/// The people whom a referral names, with how each can be reached.
fn add_people(tx: &mut Tx<'_>, form: &Referral) -> Result<(), Failed> {
    let mut position = 0;
    let mut next = || {
        let at = position;
        position += 1;
        at
    };
    if let Some(part) = client_part(form, next()) {
        people::store::add_part(tx, &part)?;
        if let Some(occupation) = &form.client_occupation {
            people::store::set_occupation(tx, part.id, occupation)?;
        }
        let details = [
            detail(part.id, Channel::Address, form.client_address.as_ref()),
            detail(part.id, Channel::Telephone, form.client_telephone.as_ref()),
            detail(
                part.id,
                Channel::Telephone,
                form.client_other_telephone.as_ref(),
            ),
        ];
        for detail in details.into_iter().flatten() {
            people::store::add_client_detail(tx, &detail)?;
        }
    }
    if let Some(part) = survivor_part(form, next()) {
        people::store::add_part(tx, &part)?;
        let details = [
            detail(part.id, Channel::Address, form.survivor_address.as_ref()),
            detail(
                part.id,
                Channel::Telephone,
                form.survivor_telephone.as_ref(),
            ),
            detail(
                part.id,
                Channel::Telephone,
                form.survivor_other_telephone.as_ref(),
            ),
        ];
        for detail in details.into_iter().flatten() {
            people::store::add_survivor_detail(tx, &detail)?;
        }
        if let Some(as_given) = form.survivor_safe_contact.clone() {
            let safe = NewSafeContact {
                part: part.id,
                as_given,
            };
            people::store::add_safe_contact(tx, &safe)?;
        }
    }
    for child in &form.children {
        let part = NewPart {
            id: PartId::new(),
            role: PartRole::Child,
            name: child
                .name
                .clone()
                .unwrap_or_else(|| Labelled::new("Name not given".to_owned())),
            aliases: None,
            born: child.born.clone(),
            relation_to_survivor: child.to_survivor.clone(),
            relation_to_client: child.to_client.clone(),
            position: next(),
        };
        people::store::add_part(tx, &part)?;
        if let Some(address) = detail(part.id, Channel::Address, child.address.as_ref()) {
            people::store::add_child_detail(tx, &address)?;
        }
    }
    people::store::possible_matches(tx)?;
    Ok(())
}

/// The client, if anything is said of the client.
fn client_part(form: &Referral, position: i32) -> Option<NewPart> {
    let said = form.client_name.is_some()
        || form.client_born.is_some()
        || form.client_address.is_some()
        || form.client_telephone.is_some()
        || form.client_other_telephone.is_some();
    said.then(|| NewPart {
        id: PartId::new(),
        role: PartRole::Client,
        name: named(form.client_name.as_ref()),
        aliases: None,
        born: form.client_born.clone(),
        relation_to_survivor: form.client_relationship.clone(),
        relation_to_client: None,
        position,
    })
}

/// The survivor, if anything is said of the survivor.
fn survivor_part(form: &Referral, position: i32) -> Option<NewPart> {
    let said = form.survivor_name.is_some()
        || form.survivor_born.is_some()
        || form.survivor_address.is_some()
        || form.survivor_telephone.is_some()
        || form.survivor_other_telephone.is_some()
        || form.survivor_safe_contact.is_some();
    said.then(|| NewPart {
        id: PartId::new(),
        role: PartRole::Survivor,
        name: named(form.survivor_name.as_ref()),
        aliases: None,
        born: form.survivor_born.clone(),
        relation_to_survivor: None,
        relation_to_client: None,
        position,
    })
}

fn named(name: Option<&Labelled<String, Workers>>) -> Labelled<String, Workers> {
    name.cloned()
        .unwrap_or_else(|| Labelled::new("Name not given".to_owned()))
}

/// What every worker on a case knows of how its referral came.
#[derive(Clone, Debug)]
pub struct Received {
    /// When it was received: the clock of R001.
    pub received_at: Labelled<Instant, Workers>,
    /// When it was entered.
    pub entered_at: Instant,
    /// Who entered it.
    pub entered_by: UserId,
    /// How it came.
    pub origin: Labelled<Origin, Workers>,
    /// From whom the service took it.
    pub taken_from: Option<Labelled<String, Workers>>,
    /// Why it waits for a manager, while it does.
    pub held: Option<HeldReason>,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
    /// The latest revision, from 1.
    pub revision: i32,
    /// Who sent it from an account.
    pub referrer_user: Option<UserId>,
    /// Whether the client knows of it.
    pub client_aware: Option<Labelled<YesNoUnknown, Workers>>,
    /// Whether the survivor knows of it.
    pub survivor_aware: Option<Labelled<YesNoUnknown, Survivor>>,
}

impl Received {
    /// Whether the service took it from somebody, rather than that it was sent from an account.
    pub fn by_service(&self) -> bool {
        *self.origin.expose() != Origin::Account
    }

    /// How it came, in words.
    pub fn origin_words(&self) -> &'static str {
        self.origin.expose().words()
    }

    /// What to look at because of how it came (R002).
    pub fn secure_note(&self) -> Option<&'static str> {
        rules::secure_note(*self.origin.expose())
    }

    /// Whether the service must not contact the client about it (R007).
    pub fn client_blocked(&self) -> bool {
        rules::contact_blocked(self.client_aware.map(Labelled::into_exposed))
    }

    /// Whether the service must not contact the survivor about it (R007).
    pub fn survivor_blocked(&self) -> bool {
        rules::contact_blocked(self.survivor_aware.map(Labelled::into_exposed))
    }

    /// When it was entered, if that was not when it was received.
    pub fn entered_later(&self) -> Option<Instant> {
        Some(self.entered_at).filter(|at| at != self.received_at.expose())
    }

    /// The stage that the referral decides, if it does.
    pub fn stage(&self) -> Option<&'static str> {
        rules::stage(self.withdrawn, self.held.is_some())
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = referral, check_for_backend(platform::db::Backend))]
struct Row {
    case_id: CaseId,
    received_at: Labelled<Instant, Workers>,
    entered_at: Instant,
    entered_by: UserId,
    origin: Labelled<Origin, Workers>,
    taken_from: Option<Labelled<String, Workers>>,
    held: Option<Labelled<HeldReason, Workers>>,
    client_aware: Option<Labelled<YesNoUnknown, Workers>>,
    survivor_aware: Option<Labelled<YesNoUnknown, Survivor>>,
    revision: Labelled<i32, Workers>,
}

impl Row {
    fn received(self, withdrawn: bool, taken: bool) -> Received {
        let from_account = *self.origin.expose() == Origin::Account;
        Received {
            received_at: self.received_at,
            entered_at: self.entered_at,
            entered_by: self.entered_by,
            origin: self.origin,
            taken_from: self.taken_from,
            held: self.held.map(Labelled::into_exposed).filter(|_| !taken),
            withdrawn,
            revision: self.revision.into_exposed(),
            referrer_user: from_account.then_some(self.entered_by),
            client_aware: self.client_aware,
            survivor_aware: self.survivor_aware,
        }
    }
}

/// How the referral of the case in hand came.
pub fn received(scope: &mut impl Scope) -> Result<Option<Received>> {
    let row: Option<Row> = referrals::of(scope)
        .select(Row::as_select())
        .first(scope.conn())
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let withdrawn: i64 = withdrawals::of(scope).count().get_result(scope.conn())?;
    let taken: i64 = takings::of(scope).count().get_result(scope.conn())?;
    Ok(Some(row.received(withdrawn > 0, taken > 0)))
}

/// How the referrals of listed cases came.
pub fn received_listed(across: &mut Across<'_>) -> Result<HashMap<CaseId, Received>> {
    let rows: Vec<Row> = referrals::of_listed(across)
        .select(Row::as_select())
        .load(across.conn())?;
    let withdrawn: Vec<CaseId> = withdrawals::of_listed(across)
        .select(referral_withdrawal::case_id)
        .load(across.conn())?;
    let taken: Vec<CaseId> = takings::of_listed(across)
        .select(referral_held_taking::case_id)
        .load(across.conn())?;
    let (withdrawn, taken): (HashSet<_>, HashSet<_>) =
        (withdrawn.into_iter().collect(), taken.into_iter().collect());
    Ok(rows
        .into_iter()
        .map(|row| {
            let case = row.case_id;
            (
                case,
                row.received(withdrawn.contains(&case), taken.contains(&case)),
            )
        })
        .collect())
}

/// One revision, without what it says.
#[derive(Clone, Debug)]
pub struct RevisionHead {
    /// From 1.
    pub number: i32,
    /// When.
    pub entered_at: Instant,
    /// By whom.
    pub author: UserId,
    /// Why it was changed.
    pub reason: Option<Labelled<String, Workers>>,
    /// How many texts of a file had no box.
    pub unplaced: i32,
}

type HeadRow = (
    Labelled<i32, Workers>,
    Instant,
    UserId,
    Option<Labelled<String, Workers>>,
    Labelled<i32, Workers>,
);

/// The revisions of the referral, the latest first.
pub fn revisions(scope: &mut impl Scope) -> Result<Vec<RevisionHead>> {
    let rows: Vec<HeadRow> = revisions::of(scope)
        .order(referral_revision::number.desc())
        .select((
            referral_revision::number,
            referral_revision::entered_at,
            referral_revision::author,
            referral_revision::reason,
            referral_revision::unplaced,
        ))
        .load(scope.conn())?;
    Ok(rows
        .into_iter()
        .map(
            |(number, entered_at, author, reason, unplaced)| RevisionHead {
                number: number.into_exposed(),
                entered_at,
                author,
                reason,
                unplaced: unplaced.into_exposed(),
            },
        )
        .collect())
}

/// A revision as workers of both lines may read it: nothing of the survivor's or a child's is
/// even fetched.
pub fn shared_words(scope: &mut impl Scope, number: i32) -> Result<Wording> {
    let (client, workers): (Labelled<String, Client>, Labelled<String, Workers>) =
        revisions::of(scope)
            .filter(referral_revision::number.eq(Labelled::<_, Workers>::new(number)))
            .select((
                referral_revision::words_client,
                referral_revision::words_workers,
            ))
            .first(scope.conn())?;
    let mut words = Wording::default();
    words.client = unpacked(&client)?;
    words.workers = unpacked(&workers)?;
    Ok(words)
}

type Texts = (
    Labelled<String, Client>,
    Labelled<String, Workers>,
    Labelled<String, Survivor>,
    Labelled<String, Child>,
);

/// A revision whole.
pub fn all_words(scope: &mut impl Scope, number: i32) -> Result<Wording> {
    let (client, workers, survivor, child): Texts = revisions::of(scope)
        .filter(referral_revision::number.eq(Labelled::<_, Workers>::new(number)))
        .select((
            referral_revision::words_client,
            referral_revision::words_workers,
            referral_revision::words_survivor,
            referral_revision::words_child,
        ))
        .first(scope.conn())?;
    let mut words = Wording::default();
    words.client = unpacked(&client)?;
    words.workers = unpacked(&workers)?;
    words.survivor = unpacked::<Sheet, _>(&survivor)?;
    words.child = unpacked(&child)?;
    Ok(words)
}

/// What was typed into a revision.
pub fn typed(scope: &mut impl Scope, number: i32) -> Result<TypedByLabel> {
    let (client, workers, survivor, child): Texts = revisions::of(scope)
        .filter(referral_revision::number.eq(Labelled::<_, Workers>::new(number)))
        .select((
            referral_revision::typed_client,
            referral_revision::typed_workers,
            referral_revision::typed_survivor,
            referral_revision::typed_child,
        ))
        .first(scope.conn())?;
    let mut typed = TypedByLabel::default();
    typed.client = unpacked(&client)?;
    typed.workers = unpacked(&workers)?;
    typed.survivor = unpacked(&survivor)?;
    typed.child = unpacked(&child)?;
    Ok(typed)
}

/// What was decided about a referral, by whom, when and why.
#[derive(Clone, Debug)]
pub struct Decided {
    /// When.
    pub at: Instant,
    /// By whom.
    pub author: UserId,
    /// Why.
    pub reason: Labelled<String, Workers>,
}

type DecidedRow = (Instant, UserId, Labelled<String, Workers>);

/// The withdrawal of the referral, if it was withdrawn.
pub fn withdrawal(scope: &mut impl Scope) -> Result<Option<Decided>> {
    let row: Option<DecidedRow> = withdrawals::of(scope)
        .select((
            referral_withdrawal::at,
            referral_withdrawal::author,
            referral_withdrawal::reason,
        ))
        .first(scope.conn())
        .optional()?;
    Ok(row.map(|(at, author, reason)| Decided { at, author, reason }))
}

/// That the referral was taken although it was held, if it was.
pub fn held_taking(scope: &mut impl Scope) -> Result<Option<Decided>> {
    let row: Option<DecidedRow> = takings::of(scope)
        .select((
            referral_held_taking::at,
            referral_held_taking::author,
            referral_held_taking::reason,
        ))
        .first(scope.conn())
        .optional()?;
    Ok(row.map(|(at, author, reason)| Decided { at, author, reason }))
}

/// Withdraws the referral.
///
/// # Errors
/// [`Error::Stale`] if it was withdrawn already.
pub fn withdraw(tx: &mut Tx<'_>, reason: &Labelled<String, Workers>) -> Result<(), Failed> {
    if withdrawal(tx)?.is_some() {
        return Err(Error::Stale.into());
    }
    let (case, me, now) = (tx.case(), tx.actor(), tx.now());
    diesel::insert_into(referral_withdrawal::table)
        .values((
            referral_withdrawal::case_id.eq(case),
            referral_withdrawal::at.eq(now),
            referral_withdrawal::author.eq(me),
            referral_withdrawal::reason.eq(reason),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes a referral that is held.
///
/// # Errors
/// [`Error::Stale`] if it is not held, or was withdrawn.
pub fn take_held(tx: &mut Tx<'_>, reason: &Labelled<String, Workers>) -> Result<(), Failed> {
    if received(tx)?.is_none_or(|received| received.held.is_none() || received.withdrawn) {
        return Err(Error::Stale.into());
    }
    let (case, me, now) = (tx.case(), tx.actor(), tx.now());
    diesel::insert_into(referral_held_taking::table)
        .values((
            referral_held_taking::case_id.eq(case),
            referral_held_taking::at.eq(now),
            referral_held_taking::author.eq(me),
            referral_held_taking::reason.eq(reason),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes down why somebody looks at the survivor's side.
pub fn look(
    tx: &mut Tx<'_>,
    id: LookId,
    reason: &Labelled<String, Survivor>,
) -> Result<(), Failed> {
    let (case, me, now) = (tx.case(), tx.actor(), tx.now());
    diesel::insert_into(referral_look::table)
        .values((
            referral_look::id.eq(id),
            referral_look::case_id.eq(case),
            referral_look::at.eq(now),
            referral_look::author.eq(me),
            referral_look::reason.eq(reason),
        ))
        .execute(tx.conn())?;
    Ok(())
}
