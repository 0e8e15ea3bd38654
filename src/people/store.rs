//! Rows of people.

mod access;
mod known;
mod past;
mod tables;

use std::collections::HashMap;

use diesel::prelude::*;
use jiff::civil::Date;
use kernel::{
    form::{Many, Problem},
    ids::{CaseId, Id, UserId},
    label::{Child, Label, Labelled, Survivor, Workers},
    time::Instant,
};
use platform::{Across, Error, Failed, Result, Scope, Tx};

pub use access::*;
pub use known::*;
pub use past::*;
use tables::{
    changes::{self, part_change},
    flags::{self, safety_flag},
    parts::{self, part},
    safe::{self, safe_contact},
    words::{self, name_word},
};
pub use tables::{
    child::ChildDetails, client::ClientDetails, other::OtherDetails, survivor::SurvivorDetails,
};

use super::{
    model::{
        Born, BornKind, Channel, Detail, DetailId, DetailStatus, KeptAt, NameWordId, NewDetail,
        NewPart, NewSafeContact, Origin, Part, PartChangeId, PartId, PartRole, PartWhat,
        SafeContact, SafeContactId, SafeMethod, SafeStatus, SafetyFlagId,
    },
    rules,
};
use crate::cases::store::hidden_items;

/// One of the four tables of details.
pub trait Details: 'static {
    /// The label of everything in it.
    type Label: Label + Clone + std::fmt::Debug;
    /// What its rows are called where one of them is marked as misplaced.
    const ITEM: &'static str;

    /// Adds a row.
    fn insert(tx: &mut Tx<'_>, detail: &Detail<Self::Label>) -> Result<(), Failed>;
    /// The rows that no other has taken the place of, oldest first.
    fn load(scope: &mut impl Scope) -> Result<Vec<Detail<Self::Label>>>;
    /// What was written on pages of the case: id, person, author, instant.
    fn since_opened(scope: &mut impl Scope) -> Result<Vec<(DetailId, PartId, UserId, Instant)>>;
    /// Says that another row takes the place of this one; 0 if one has already.
    fn retire(tx: &mut Tx<'_>, id: DetailId) -> Result<usize, Failed>;
    /// Telephones at the old row of an address are at its new row.
    fn repoint(tx: &mut Tx<'_>, old: DetailId, new: DetailId) -> Result<(), Failed>;
    /// Takes every row away.
    fn clear(tx: &mut Tx<'_>) -> Result<(), Failed>;
}

/// The details of one table that are not marked as misplaced.
pub fn details<D: Details>(scope: &mut impl Scope) -> Result<Vec<Detail<D::Label>>> {
    let hidden = hidden_items(scope)?;
    let mut all = D::load(scope)?;
    all.retain(|detail| !hidden.contains(&format!("{}:{}", D::ITEM, detail.id)));
    Ok(all)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = part, check_for_backend(platform::db::Backend))]
struct PartRow {
    id: PartId,
    role: Labelled<PartRole, Workers>,
    name: Labelled<String, Workers>,
    aliases: Option<Labelled<String, Workers>>,
    born_kind: Labelled<BornKind, Workers>,
    born_day: Option<Labelled<Date, Workers>>,
    born_words: Option<Labelled<String, Workers>>,
    to_survivor: Option<Labelled<String, Workers>>,
    to_client: Option<Labelled<String, Workers>>,
    occupation: Option<Labelled<String, Workers>>,
    position: Labelled<i32, Workers>,
    version: Labelled<i32, Workers>,
}

impl From<PartRow> for Part {
    fn from(row: PartRow) -> Self {
        let born = row.born_kind.map(|kind| Born {
            kind: *kind,
            day: row.born_day.as_ref().map(|day| *day.expose()),
            words: row.born_words.as_ref().map(|words| words.expose().clone()),
        });
        Self {
            id: row.id,
            role: row.role.into_exposed(),
            name: row.name,
            aliases: row.aliases,
            born,
            relation_to_survivor: row.to_survivor,
            relation_to_client: row.to_client,
            occupation: row.occupation,
            position: row.position.into_exposed(),
            version: row.version.into_exposed(),
        }
    }
}

/// Adds a person as the referral names them.
pub fn add_part(tx: &mut Tx<'_>, new: &NewPart) -> Result<(), Failed> {
    let today = tx.now().day();
    let born = new.born.as_ref().map_or_else(rules::born_unknown, |when| {
        rules::born_of(when.expose(), today)
    });
    let part = Part {
        id: new.id,
        role: new.role,
        name: new.name.clone(),
        aliases: new.aliases.clone(),
        born: Labelled::new(born),
        relation_to_survivor: new.relation_to_survivor.clone(),
        relation_to_client: new.relation_to_client.clone(),
        occupation: None,
        position: new.position,
        version: 1,
    };
    insert_part(tx, &part, Origin::Referral)
}

fn insert_part(tx: &mut Tx<'_>, new: &Part, origin: Origin) -> Result<(), Failed> {
    let (case, actor, now) = (tx.case(), tx.actor(), tx.now());
    let born = new.born.expose();
    diesel::insert_into(part::table)
        .values((
            (
                part::id.eq(new.id),
                part::case_id.eq(case),
                part::role.eq(Labelled::<_, Workers>::new(new.role)),
                part::name.eq(&new.name),
                part::name_key.eq(new.name.map(|name| rules::name_key(name))),
                part::aliases.eq(&new.aliases),
            ),
            (
                part::born_kind.eq(Labelled::<_, Workers>::new(born.kind)),
                part::born_day.eq(born.day.map(Labelled::<_, Workers>::new)),
                part::born_words.eq(born.words.clone().map(Labelled::<_, Workers>::new)),
                part::to_survivor.eq(&new.relation_to_survivor),
                part::to_client.eq(&new.relation_to_client),
                part::occupation.eq(&new.occupation),
            ),
            (
                part::position.eq(Labelled::<_, Workers>::new(new.position)),
                part::origin.eq(Labelled::<_, Workers>::new(origin)),
                part::version.eq(Labelled::<_, Workers>::new(1)),
                part::recorded_by.eq(actor),
                part::recorded_at.eq(now),
            ),
        ))
        .execute(tx.conn())?;
    index_names(tx, new)
}

/// Writes the words under which lists find a person.
fn index_names(tx: &mut Tx<'_>, of: &Part) -> Result<(), Failed> {
    let case = tx.case();
    diesel::delete(words::of(tx).filter(name_word::part_id.eq(of.id))).execute(tx.conn())?;
    let aliases = of.aliases.as_ref().map(|text| text.expose().as_str());
    for word in rules::search_words(of.name.expose(), aliases) {
        diesel::insert_into(name_word::table)
            .values((
                name_word::id.eq(NameWordId::new()),
                name_word::case_id.eq(case),
                name_word::part_id.eq(of.id),
                name_word::word.eq(Labelled::<_, Workers>::new(word)),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Adds a way to reach somebody as the referral names it.
fn add_detail<D: Details>(tx: &mut Tx<'_>, new: &NewDetail<D::Label>) -> Result<(), Failed> {
    let detail = Detail {
        id: new.id,
        part: new.part,
        channel: new.channel,
        value: new.value.clone(),
        note: new.note.clone(),
        status: Labelled::new(new.status),
        kept: Labelled::new(KeptAt::Here),
        because: None,
        at_address: None,
        origin: Origin::Referral,
        recorded_by: tx.actor(),
        recorded_at: tx.now(),
    };
    D::insert(tx, &detail)
}

/// Adds a way to reach the client.
pub fn add_client_detail(tx: &mut Tx<'_>, new: &NewDetail<Workers>) -> Result<(), Failed> {
    add_detail::<ClientDetails>(tx, new)
}

/// Adds a way to reach the survivor.
pub fn add_survivor_detail(tx: &mut Tx<'_>, new: &NewDetail<Survivor>) -> Result<(), Failed> {
    add_detail::<SurvivorDetails>(tx, new)
}

/// Adds a way to reach a child.
pub fn add_child_detail(tx: &mut Tx<'_>, new: &NewDetail<Child>) -> Result<(), Failed> {
    add_detail::<ChildDetails>(tx, new)
}

/// Adds a way to reach another adult.
pub fn add_other_detail(tx: &mut Tx<'_>, new: &NewDetail<Survivor>) -> Result<(), Failed> {
    add_detail::<OtherDetails>(tx, new)
}

/// Adds what the referral says about reaching somebody safely.
pub fn add_safe_contact(tx: &mut Tx<'_>, new: &NewSafeContact) -> Result<(), Failed> {
    let first = SafeContact {
        id: SafeContactId::new(),
        part: new.part,
        as_given: Some(new.as_given.clone()),
        methods: None,
        times: None,
        who_may_answer: None,
        pretext: None,
        code_word: None,
        never_message: Labelled::new(false),
        checked_on: None,
        status: Labelled::new(SafeStatus::AsReferred),
        origin: Origin::Referral,
        version: 1,
        recorded_by: tx.actor(),
        recorded_at: tx.now(),
    };
    insert_safe_contact(tx, &first)
}

fn insert_safe_contact(tx: &mut Tx<'_>, new: &SafeContact) -> Result<(), Failed> {
    let case = tx.case();
    diesel::insert_into(safe_contact::table)
        .values((
            (
                safe_contact::id.eq(new.id),
                safe_contact::case_id.eq(case),
                safe_contact::part_id.eq(new.part),
                safe_contact::as_given.eq(&new.as_given),
                safe_contact::methods.eq(new
                    .methods
                    .as_ref()
                    .map(|methods| methods.map(kernel::form::Value::typed))),
                safe_contact::times.eq(&new.times),
            ),
            (
                safe_contact::who_may_answer.eq(&new.who_may_answer),
                safe_contact::pretext.eq(&new.pretext),
                safe_contact::code_word.eq(&new.code_word),
                safe_contact::never_message.eq(new.never_message.map(|never| i32::from(*never))),
                safe_contact::checked_on.eq(&new.checked_on),
                safe_contact::status.eq(&new.status),
            ),
            (
                safe_contact::origin.eq(Labelled::<_, Survivor>::new(new.origin)),
                safe_contact::version.eq(Labelled::<_, Survivor>::new(new.version)),
                safe_contact::recorded_by.eq(new.recorded_by),
                safe_contact::recorded_at.eq(new.recorded_at),
            ),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The names of a case, as lists and headings show them.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// The person causing harm.
    pub client: Option<Labelled<String, Workers>>,
    /// The first adult harmed.
    pub survivor: Option<Labelled<String, Workers>>,
    /// How many children.
    pub children: usize,
    everybody: Vec<(PartId, Labelled<String, Workers>)>,
}

impl Names {
    /// The name of one of them.
    pub fn of(&self, id: PartId) -> Option<Labelled<String, Workers>> {
        self.everybody
            .iter()
            .find(|(part, _)| *part == id)
            .map(|(_, name)| name.clone())
    }

    fn take(&mut self, id: PartId, role: PartRole, name: Labelled<String, Workers>) {
        self.everybody.push((id, name.clone()));
        match role {
            PartRole::Client => {
                self.client.get_or_insert(name);
            }
            PartRole::Survivor => {
                self.survivor.get_or_insert(name);
            }
            PartRole::Child => self.children += 1,
            PartRole::Other => {}
        }
    }
}

/// The names of the case in hand.
pub fn names(scope: &mut impl Scope) -> Result<Names> {
    let mut names = Names::default();
    for part in parts(scope)? {
        names.take(part.id, part.role, part.name);
    }
    Ok(names)
}

/// The names of the cases that a list shows.
pub fn names_listed(across: &mut Across<'_>) -> Result<HashMap<CaseId, Names>> {
    type Row = (
        CaseId,
        PartId,
        Labelled<PartRole, Workers>,
        Labelled<String, Workers>,
    );
    let hidden = crate::cases::store::hidden_listed(across)?;
    let rows: Vec<Row> = parts::of_listed(across)
        .order((part::case_id, part::position, part::id))
        .select((part::case_id, part::id, part::role, part::name))
        .load(across.conn())?;
    let mut names: HashMap<CaseId, Names> = HashMap::new();
    for (case, id, role, name) in rows {
        if !hidden.contains(&format!("part:{id}")) {
            names
                .entry(case)
                .or_default()
                .take(id, role.into_exposed(), name);
        }
    }
    Ok(names)
}

/// The people of the case in hand, in the order in which they were named, without those marked as
/// misplaced.
pub fn parts(scope: &mut impl Scope) -> Result<Vec<Part>> {
    let hidden = hidden_items(scope)?;
    let rows: Vec<PartRow> = parts::of(scope)
        .order((part::position, part::id))
        .select(PartRow::as_select())
        .load(scope.conn())?;
    Ok(rows
        .into_iter()
        .map(Part::from)
        .filter(|part| !hidden.contains(&format!("part:{}", part.id)))
        .collect())
}

/// Somebody of the household whom a worker sees each week while the intervention is open.
#[derive(Clone, Debug)]
pub struct ToBeSeen {
    /// Who.
    pub part: PartId,
    /// Whether it is a child.
    pub child: bool,
    /// The day of birth, where it is known to the day.
    pub born: Option<Labelled<Date, Workers>>,
    /// The day on which somebody was added to the case after the referral.
    pub added: Option<Date>,
}

/// The survivors and the children who are born, in the order in which they were named, without those
/// marked as misplaced (R015).
pub fn to_be_seen(scope: &mut impl Scope) -> Result<Vec<ToBeSeen>> {
    type Row = (
        PartId,
        Labelled<PartRole, Workers>,
        Labelled<BornKind, Workers>,
        Option<Labelled<Date, Workers>>,
        Labelled<Origin, Workers>,
        Instant,
    );
    let hidden = hidden_items(scope)?;
    let rows: Vec<Row> = parts::of(scope)
        .order((part::position, part::id))
        .select((
            part::id,
            part::role,
            part::born_kind,
            part::born_day,
            part::origin,
            part::recorded_at,
        ))
        .load(scope.conn())?;
    Ok(rows
        .into_iter()
        .filter(|(id, ..)| !hidden.contains(&format!("part:{id}")))
        .filter_map(|(id, role, kind, day, origin, at)| {
            let (role, kind) = (role.into_exposed(), kind.into_exposed());
            // A child who is expected is seen once the birth is entered.
            let here = match role {
                PartRole::Survivor => true,
                PartRole::Child => kind != BornKind::Expected,
                PartRole::Client | PartRole::Other => false,
            };
            let later = *origin.expose() == Origin::Page;
            here.then(|| ToBeSeen {
                part: id,
                child: role == PartRole::Child,
                born: day.filter(|_| kind == BornKind::Exact),
                added: later.then(|| at.day()),
            })
        })
        .collect())
}

/// The name of a person of the case in hand, marked as misplaced or not: for who settles that.
pub(crate) fn any_part_name(scope: &mut impl Scope, item: Id<()>) -> Result<Option<String>> {
    let name: Option<Labelled<String, Workers>> = parts::of(scope)
        .filter(part::id.eq(PartId::from_uuid(item.uuid())))
        .select(part::name)
        .first(scope.conn())
        .optional()?;
    Ok(name.map(Labelled::into_exposed))
}

/// What a warning of the case in hand says, marked as misplaced or not: for who settles that.
pub(crate) fn any_flag_words(scope: &mut impl Scope, item: Id<()>) -> Result<Option<String>> {
    let said: Option<Labelled<String, Workers>> = flags::of(scope)
        .filter(safety_flag::id.eq(SafetyFlagId::from_uuid(item.uuid())))
        .select(safety_flag::words)
        .first(scope.conn())
        .optional()?;
    Ok(said.map(Labelled::into_exposed))
}

/// What is agreed about safe contact, marked as misplaced or not: for who settles that.
pub(crate) fn any_safe_contact(scope: &mut impl Scope, item: Id<()>) -> Result<Option<String>> {
    type Row = (
        Option<Labelled<String, Survivor>>,
        Option<Labelled<String, Survivor>>,
    );
    let said: Option<Row> = safe::of(scope)
        .filter(safe_contact::id.eq(SafeContactId::from_uuid(item.uuid())))
        .select((safe_contact::as_given, safe_contact::times))
        .first(scope.conn())
        .optional()?;
    Ok(said.map(|(given, times)| {
        [given, times]
            .into_iter()
            .flatten()
            .map(Labelled::into_exposed)
            .collect::<Vec<_>>()
            .join("; ")
    }))
}

/// Whether anybody but the referral wrote about the people of the case in hand.
pub fn written_since(scope: &mut impl Scope) -> Result<bool> {
    let changed: i64 = changes::of(scope).count().get_result(scope.conn())?;
    let safe: i64 = safe::of(scope)
        .filter(safe_contact::origin.eq(Labelled::<_, Survivor>::new(Origin::Page)))
        .count()
        .get_result(scope.conn())?;
    Ok(changed > 0
        || safe > 0
        || !ClientDetails::since_opened(scope)?.is_empty()
        || !SurvivorDetails::since_opened(scope)?.is_empty()
        || !ChildDetails::since_opened(scope)?.is_empty()
        || !OtherDetails::since_opened(scope)?.is_empty()
        || !hidden_items(scope)?.is_empty())
}

/// Takes away what the referral wrote, before a revision of it writes the people anew.
///
/// # Errors
/// [`Error::Refused`] once anybody has written on the case's own pages: their work is not lost.
pub fn clear_parts(tx: &mut Tx<'_>) -> Result<(), Failed> {
    if written_since(tx)? {
        return Err(Error::Refused(vec![Problem::new(
            "",
            "People of this case have been changed on its own pages since: change them there",
        )])
        .into());
    }
    ClientDetails::clear(tx)?;
    SurvivorDetails::clear(tx)?;
    ChildDetails::clear(tx)?;
    OtherDetails::clear(tx)?;
    diesel::delete(safe::of(tx)).execute(tx.conn())?;
    diesel::delete(words::of(tx)).execute(tx.conn())?;
    diesel::delete(parts::of(tx)).execute(tx.conn())?;
    Ok(())
}

/// One person of the case in hand.
///
/// # Errors
/// [`Error::NotFound`] for a person of another case, and for one that is marked as misplaced.
pub fn person(scope: &mut impl Scope, id: PartId) -> Result<Part> {
    parts(scope)?
        .into_iter()
        .find(|part| part.id == id)
        .ok_or(Error::NotFound)
}

/// Gives another person a place in the case in hand, at the end of the list.
pub fn add_person(tx: &mut Tx<'_>, new: &Part) -> Result<(), Failed> {
    let last = parts(tx)?.iter().map(|part| part.position).max();
    let new = Part {
        position: last.map_or(0, |last| last.saturating_add(1)),
        ..new.clone()
    };
    insert_part(tx, &new, Origin::Page)?;
    note_change(tx, new.id, PartWhat::Added, None)
}

/// Changes what is known about a person, and keeps what was known before.
///
/// # Errors
/// [`Error::Stale`] if it was changed since `new.version` was read.
pub fn change_person(tx: &mut Tx<'_>, new: &Part) -> Result<(), Failed> {
    let before = person(tx, new.id)?;
    if before.version != new.version {
        return Err(Error::Stale.into());
    }
    let born = new.born.expose();
    let next = new.version.saturating_add(1);
    diesel::update(parts::of(tx).filter(part::id.eq(new.id)))
        .set((
            part::name.eq(&new.name),
            part::name_key.eq(new.name.map(|name| rules::name_key(name))),
            part::aliases.eq(&new.aliases),
            part::born_kind.eq(Labelled::<_, Workers>::new(born.kind)),
            part::born_day.eq(born.day.map(Labelled::<_, Workers>::new)),
            part::born_words.eq(born.words.clone().map(Labelled::<_, Workers>::new)),
            part::to_survivor.eq(&new.relation_to_survivor),
            part::to_client.eq(&new.relation_to_client),
            part::occupation.eq(&new.occupation),
            part::version.eq(Labelled::<_, Workers>::new(next)),
        ))
        .execute(tx.conn())?;
    index_names(tx, new)?;
    let was = before.name.map(|name| {
        let aliases = before.aliases.as_ref().map(|text| text.expose().clone());
        [
            Some(name.clone()),
            aliases,
            Some(before.born.expose().text()),
        ]
        .into_iter()
        .flatten()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join("; ")
    });
    note_change(tx, new.id, PartWhat::Changed, Some(was))
}

fn note_change(
    tx: &mut Tx<'_>,
    id: PartId,
    what: PartWhat,
    was: Option<Labelled<String, Workers>>,
) -> Result<(), Failed> {
    let (case, actor, now) = (tx.case(), tx.actor(), tx.now());
    diesel::insert_into(part_change::table)
        .values((
            part_change::id.eq(PartChangeId::new()),
            part_change::case_id.eq(case),
            part_change::part_id.eq(id),
            part_change::what.eq(Labelled::<_, Workers>::new(what)),
            part_change::was.eq(was),
            part_change::recorded_by.eq(actor),
            part_change::recorded_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Records what a person works as, as the referral says it.
pub fn set_occupation(
    tx: &mut Tx<'_>,
    id: PartId,
    occupation: &Labelled<String, Workers>,
) -> Result<(), Failed> {
    diesel::update(parts::of(tx).filter(part::id.eq(id)))
        .set(part::occupation.eq(Some(occupation)))
        .execute(tx.conn())?;
    Ok(())
}

/// One detail of the case in hand.
///
/// # Errors
/// [`Error::NotFound`] for one of another case, one that was replaced, and a misplaced one.
pub fn detail<D: Details>(scope: &mut impl Scope, id: DetailId) -> Result<Detail<D::Label>> {
    details::<D>(scope)?
        .into_iter()
        .find(|detail| detail.id == id)
        .ok_or(Error::NotFound)
}

/// Records a way to reach somebody, in place of `instead_of` if that is named. Telephones at an
/// address that was left follow it (INC-8).
///
/// # Errors
/// [`Error::Stale`] if somebody else replaced `instead_of` first.
pub fn save_detail<D: Details>(
    tx: &mut Tx<'_>,
    new: &Detail<D::Label>,
    instead_of: Option<DetailId>,
) -> Result<(), Failed> {
    if let Some(old) = instead_of {
        if D::retire(tx, old)? == 0 {
            return Err(Error::Stale.into());
        }
        if D::ITEM == ClientDetails::ITEM {
            ClientDetails::repoint(tx, old, new.id)?;
        } else {
            SurvivorDetails::repoint(tx, old, new.id)?;
            ChildDetails::repoint(tx, old, new.id)?;
            OtherDetails::repoint(tx, old, new.id)?;
        }
    }
    D::insert(tx, new)?;
    if new.channel != Channel::Address {
        return Ok(());
    }
    let status = *new.status.expose();
    if D::ITEM == ClientDetails::ITEM {
        telephones_follow::<ClientDetails>(tx, new.id, new.part, status)
    } else {
        telephones_follow::<SurvivorDetails>(tx, new.id, new.part, status)?;
        telephones_follow::<ChildDetails>(tx, new.id, new.part, status)?;
        telephones_follow::<OtherDetails>(tx, new.id, new.part, status)
    }
}

/// Applies [`rules::telephones_after`] to the telephones of one table.
fn telephones_follow<D: Details>(
    tx: &mut Tx<'_>,
    address: DetailId,
    person: PartId,
    status: DetailStatus,
) -> Result<(), Failed> {
    let all = D::load(tx)?;
    for (id, becomes) in rules::telephones_after(address, status, &rules::telephones(&all, person))
    {
        let Some(old) = all.iter().find(|detail| detail.id == id) else {
            continue;
        };
        D::retire(tx, id)?;
        let new = Detail {
            id: DetailId::new(),
            status: Labelled::new(becomes),
            origin: Origin::Page,
            recorded_by: tx.actor(),
            recorded_at: tx.now(),
            ..old.clone()
        };
        D::insert(tx, &new)?;
    }
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = safe_contact, check_for_backend(platform::db::Backend))]
struct SafeRow {
    id: SafeContactId,
    part_id: PartId,
    as_given: Option<Labelled<String, Survivor>>,
    methods: Option<Labelled<String, Survivor>>,
    times: Option<Labelled<String, Survivor>>,
    who_may_answer: Option<Labelled<String, Survivor>>,
    pretext: Option<Labelled<String, Survivor>>,
    code_word: Option<Labelled<String, Survivor>>,
    never_message: Labelled<i32, Survivor>,
    checked_on: Option<Labelled<Date, Survivor>>,
    status: Labelled<SafeStatus, Survivor>,
    origin: Labelled<Origin, Survivor>,
    version: Labelled<i32, Survivor>,
    recorded_by: UserId,
    recorded_at: Instant,
}

impl From<SafeRow> for SafeContact {
    fn from(row: SafeRow) -> Self {
        let methods = row
            .methods
            .as_ref()
            .map(|codes| codes.map(|codes| read_methods(codes)));
        Self {
            id: row.id,
            part: row.part_id,
            as_given: row.as_given,
            methods,
            times: row.times,
            who_may_answer: row.who_may_answer,
            pretext: row.pretext,
            code_word: row.code_word,
            never_message: row.never_message.map(|never| *never == 1),
            checked_on: row.checked_on,
            status: row.status,
            origin: row.origin.into_exposed(),
            version: row.version.into_exposed(),
            recorded_by: row.recorded_by,
            recorded_at: row.recorded_at,
        }
    }
}

/// The ways that were stored, in their order; a code that is no longer known is left out.
fn read_methods(codes: &str) -> Many<SafeMethod> {
    Many(codes.split(',').filter_map(SafeMethod::from_code).collect())
}

/// What is agreed about reaching the people of the case in hand safely: one for each person at
/// most, without what is marked as misplaced.
pub fn safe_contacts(scope: &mut impl Scope) -> Result<Vec<SafeContact>> {
    let hidden = hidden_items(scope)?;
    let rows: Vec<SafeRow> = safe::of(scope)
        .filter(safe_contact::replaced_at.is_null())
        .order((safe_contact::recorded_at.asc(), safe_contact::id.asc()))
        .select(SafeRow::as_select())
        .load(scope.conn())?;
    Ok(rows
        .into_iter()
        .map(SafeContact::from)
        .filter(|safe| !hidden.contains(&format!("safe_contact:{}", safe.id)))
        .collect())
}

/// Records what is agreed about reaching somebody safely, in place of what was; the words of the
/// referral stay. `version` is what the page showed, 0 if there was nothing.
///
/// # Errors
/// [`Error::Stale`] if it was changed since.
pub fn save_safe_contact(tx: &mut Tx<'_>, new: &SafeContact, version: i32) -> Result<(), Failed> {
    let before = safe_contacts(tx)?
        .into_iter()
        .find(|safe| safe.part == new.part);
    if before.as_ref().map_or(0, |safe| safe.version) != version {
        return Err(Error::Stale.into());
    }
    if let Some(before) = &before {
        let now = tx.now();
        diesel::update(safe::of(tx).filter(safe_contact::id.eq(before.id)))
            .set(safe_contact::replaced_at.eq(Some(now)))
            .execute(tx.conn())?;
    }
    let new = SafeContact {
        as_given: before.and_then(|safe| safe.as_given),
        version: version.saturating_add(1),
        ..new.clone()
    };
    insert_safe_contact(tx, &new)
}
