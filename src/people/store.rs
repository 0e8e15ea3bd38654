//! Rows of people.

mod tables;

use std::collections::{BTreeSet, HashMap, HashSet};

use diesel::prelude::*;
use jiff::civil::Date;
use kernel::{
    access::Tie,
    form::{Many, Problem},
    ids::{AgencyId, CaseId, Id, UserId},
    label::{Child, Label, Labelled, Survivor, Workers},
    plain::Plain,
    time::Instant,
};
use platform::{
    Across, Error, Failed, Result, Scope, Tx, casefile,
    db::Conn,
    schema::{agency, app_user, casefile as frames, programme},
};

use tables::{
    accesses::{self, access_change},
    changes::{self, part_change},
    flags::{self, safety_flag},
    hints::{self, match_hint},
    parts::{self, part},
    reveals::{self, reveal},
    safe::{self, safe_contact},
    words::{self, name_word},
};
pub use tables::{
    child::ChildDetails, client::ClientDetails, other::OtherDetails, survivor::SurvivorDetails,
};

use super::{
    model::{
        AccessChangeId, AccessWhat, Born, BornKind, Channel, Detail, DetailId, DetailStatus,
        KeptAt, MatchHintId, NameWordId, NewDetail, NewPart, NewSafeContact, Origin, Part,
        PartChangeId, PartId, PartRole, PartWhat, RevealId, SafeContact, SafeContactId, SafeMethod,
        SafeStatus, SafetyFlag, SafetyFlagId,
    },
    rules,
};
use crate::cases::{model::Moment, store::hidden_items};

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
}

impl Names {
    fn take(&mut self, role: PartRole, name: Labelled<String, Workers>) {
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
        names.take(part.role, part.name);
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
                .take(role.into_exposed(), name);
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
    let said: Option<(
        Option<Labelled<String, Survivor>>,
        Option<Labelled<String, Survivor>>,
    )> = safe::of(scope)
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

/// A look at what is kept from the service.
#[derive(Clone, Debug)]
pub struct Revealed {
    /// Why.
    pub reason: Labelled<String, Survivor>,
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Instant,
}

/// Records a look at what is kept from the service, before it is given.
pub fn add_reveal(
    tx: &mut Tx<'_>,
    id: RevealId,
    reason: &Labelled<String, Survivor>,
) -> Result<(), Failed> {
    let (case, actor, now) = (tx.case(), tx.actor(), tx.now());
    diesel::insert_into(reveal::table)
        .values((
            reveal::id.eq(id),
            reveal::case_id.eq(case),
            reveal::reason.eq(reason),
            reveal::recorded_by.eq(actor),
            reveal::recorded_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Who looked, newest first.
pub fn reveals(scope: &mut impl Scope) -> Result<Vec<Revealed>> {
    let rows: Vec<(Labelled<String, Survivor>, UserId, Instant)> = reveals::of(scope)
        .order((reveal::recorded_at.desc(), reveal::id.desc()))
        .select((reveal::reason, reveal::recorded_by, reveal::recorded_at))
        .load(scope.conn())?;
    Ok(rows
        .into_iter()
        .map(|(reason, by, at)| Revealed { reason, by, at })
        .collect())
}

/// Warns workers.
pub fn raise_flag(
    tx: &mut Tx<'_>,
    id: SafetyFlagId,
    words: &Labelled<String, Workers>,
    review_on: &Labelled<Date, Workers>,
) -> Result<(), Failed> {
    let (case, actor, now) = (tx.case(), tx.actor(), tx.now());
    diesel::insert_into(safety_flag::table)
        .values((
            safety_flag::id.eq(id),
            safety_flag::case_id.eq(case),
            safety_flag::words.eq(words),
            safety_flag::review_on.eq(review_on),
            safety_flag::recorded_by.eq(actor),
            safety_flag::recorded_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Lifts a warning.
///
/// # Errors
/// [`Error::Stale`] if somebody lifted it before.
pub fn lift_flag(
    tx: &mut Tx<'_>,
    id: SafetyFlagId,
    because: &Labelled<String, Workers>,
) -> Result<(), Failed> {
    let (actor, now) = (tx.actor(), tx.now());
    let done = diesel::update(
        flags::of(tx)
            .filter(safety_flag::id.eq(id))
            .filter(safety_flag::lifted_at.is_null()),
    )
    .set((
        safety_flag::lifted_because.eq(Some(because)),
        safety_flag::lifted_by.eq(Some(actor)),
        safety_flag::lifted_at.eq(Some(now)),
    ))
    .execute(tx.conn())?;
    if done == 0 {
        return Err(Error::Stale.into());
    }
    Ok(())
}

/// Every warning of the case in hand, lifted ones too, oldest first, without what is marked as
/// misplaced.
pub fn flags(scope: &mut impl Scope) -> Result<Vec<SafetyFlag>> {
    type Row = (
        SafetyFlagId,
        Labelled<String, Workers>,
        Labelled<Date, Workers>,
        UserId,
        Instant,
        Option<Instant>,
        Option<UserId>,
    );
    let hidden = hidden_items(scope)?;
    let rows: Vec<Row> = flags::of(scope)
        .order((safety_flag::recorded_at.asc(), safety_flag::id.asc()))
        .select((
            safety_flag::id,
            safety_flag::words,
            safety_flag::review_on,
            safety_flag::recorded_by,
            safety_flag::recorded_at,
            safety_flag::lifted_at,
            safety_flag::lifted_by,
        ))
        .load(scope.conn())?;
    Ok(rows
        .into_iter()
        .map(|row| SafetyFlag {
            id: row.0,
            words: row.1,
            review_on: row.2,
            recorded_by: row.3,
            recorded_at: row.4,
            lifted_at: row.5,
            lifted_by: row.6,
        })
        .filter(|flag| !hidden.contains(&format!("safety_flag:{}", flag.id)))
        .collect())
}

/// A change of who may open a case.
#[derive(Clone, Debug)]
pub struct AccessChanged {
    /// What was done.
    pub what: Labelled<AccessWhat, Workers>,
    /// To whom, unless it was to everybody.
    pub worker: Option<UserId>,
    /// Why.
    pub reason: Labelled<String, Workers>,
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Instant,
}

/// Changes who may open the case in hand, and says why.
///
/// Whoever is excluded loses every tie but that of the referrer, which only says what happened:
/// a duty must not stay with somebody who cannot open the case. Restricting a case names
/// everybody who is tied to it by name, so that nobody who works on it is shut out by surprise, and
/// so that no list has to tell who they are.
pub fn change_access(
    tx: &mut Tx<'_>,
    id: AccessChangeId,
    what: AccessWhat,
    worker: Option<UserId>,
    reason: &Labelled<String, Workers>,
) -> Result<(), Failed> {
    let (case, actor, now) = (tx.case(), tx.actor(), tx.now());
    match (what, worker) {
        (AccessWhat::Excluded, Some(worker)) => {
            casefile::list_worker(tx, worker, false)?;
            for tie in Tie::ALL.into_iter().filter(|tie| *tie != Tie::Referrer) {
                casefile::end_ties(tx, Some(tie), Some(worker))?;
            }
        }
        (AccessWhat::Named, Some(worker)) => casefile::list_worker(tx, worker, true)?,
        (AccessWhat::TakenOff, Some(worker)) => casefile::unlist_worker(tx, worker)?,
        (AccessWhat::Restricted, _) => {
            let listed: HashSet<UserId> = casefile::listed_workers(tx)?
                .into_iter()
                .map(|(user, _)| user)
                .collect();
            let mut named: BTreeSet<UserId> = casefile::ties(tx)?
                .into_iter()
                .filter(|tie| tie.holds(now))
                .map(|tie| tie.user_id)
                .collect();
            named.insert(actor);
            for user in named {
                if !listed.contains(&user) {
                    casefile::list_worker(tx, user, true)?;
                }
            }
            casefile::restrict(tx, true)?;
        }
        (AccessWhat::Opened, _) => casefile::restrict(tx, false)?,
        (AccessWhat::Excluded | AccessWhat::Named | AccessWhat::TakenOff, None) => {
            return Err(Error::Refused(vec![Problem::missing("worker", "Choose a worker")]).into());
        }
    }
    diesel::insert_into(access_change::table)
        .values((
            access_change::id.eq(id),
            access_change::case_id.eq(case),
            access_change::what.eq(Labelled::<_, Workers>::new(what)),
            access_change::worker.eq(worker),
            access_change::reason.eq(reason),
            access_change::recorded_by.eq(actor),
            access_change::recorded_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// What was changed about who may open the case in hand, newest first.
pub fn access_changes(scope: &mut impl Scope) -> Result<Vec<AccessChanged>> {
    type Row = (
        Labelled<AccessWhat, Workers>,
        Option<UserId>,
        Labelled<String, Workers>,
        UserId,
        Instant,
    );
    let rows: Vec<Row> = accesses::of(scope)
        .order((access_change::recorded_at.desc(), access_change::id.desc()))
        .select((
            access_change::what,
            access_change::worker,
            access_change::reason,
            access_change::recorded_by,
            access_change::recorded_at,
        ))
        .load(scope.conn())?;
    Ok(rows
        .into_iter()
        .map(|(what, worker, reason, by, at)| AccessChanged {
            what,
            worker,
            reason,
            by,
            at,
        })
        .collect())
}

/// The workers whose name beside this case would tell who supports the survivor: everybody who is
/// or was tied to its survivor line.
pub fn survivor_side(scope: &mut impl Scope) -> Result<HashSet<UserId>> {
    Ok(casefile::ties(scope)?
        .into_iter()
        .filter(|tie| tie.tie().is_some_and(rules::tells_of_survivor_line))
        .map(|tie| tie.user_id)
        .collect())
}

/// Who holds which tie to the case in hand now.
pub fn holders(scope: &mut impl Scope) -> Result<Vec<rules::Holder>> {
    let now = scope.now();
    Ok(casefile::ties(scope)?
        .into_iter()
        .filter(|row| row.holds(now))
        .filter_map(|row| {
            Some(rules::Holder {
                user: row.user_id,
                tie: row.tie()?,
            })
        })
        .collect())
}

/// A worker of the partnership.
#[derive(Clone, Debug)]
pub struct Worker {
    /// The user.
    pub id: UserId,
    /// The name.
    pub name: Plain,
    /// The agency.
    pub agency: AgencyId,
    /// Its name.
    pub agency_name: Plain,
}

/// The workers who may sign in, by name.
pub fn workers(scope: &mut impl Scope) -> Result<Vec<Worker>> {
    let rows: Vec<(UserId, Plain, AgencyId, Plain)> = app_user::table
        .inner_join(agency::table)
        .filter(app_user::standing.eq(Plain::new("active")))
        .filter(app_user::id.ne(platform::bootstrap::SYSTEM))
        .order((app_user::name, app_user::id))
        .select((
            app_user::id,
            app_user::name,
            app_user::agency_id,
            agency::name,
        ))
        .load(scope.conn())?;
    Ok(rows
        .into_iter()
        .map(|(id, name, agency, agency_name)| Worker {
            id,
            name,
            agency,
            agency_name,
        })
        .collect())
}

/// The names of workers, of those who left too.
pub fn worker_names(
    scope: &mut impl Scope,
    ids: impl IntoIterator<Item = UserId>,
) -> Result<HashMap<UserId, Plain>> {
    let ids: Vec<UserId> = ids
        .into_iter()
        .collect::<HashSet<_>>()
        .into_iter()
        .collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(UserId, Plain)> = app_user::table
        .filter(app_user::id.eq_any(ids))
        .select((app_user::id, app_user::name))
        .load(scope.conn())?;
    Ok(rows.into_iter().collect())
}

/// The names of the agencies of the partnership.
pub fn agency_names(scope: &mut impl Scope) -> Result<Vec<Plain>> {
    Ok(agency::table
        .order(agency::name)
        .select(agency::name)
        .load(scope.conn())?)
}

/// The words on screen for the person causing harm and for the adult harmed.
pub fn words_on_screen(scope: &mut impl Scope) -> Result<(Plain, Plain)> {
    let id = casefile::frame(scope)?.programme_id;
    Ok(programme::table
        .find(id)
        .select((programme::word_client, programme::word_survivor))
        .first(scope.conn())?)
}

/// Other cases in which somebody of the case in hand may be known: the same name however it is
/// written, and a date of birth that does not contradict it, as client or survivor of either.
///
/// What this gives is for the one decision about each of them ([`platform::Case::also`]) and for a
/// count; it is shown to nobody as it is.
pub fn matching_cases(scope: &mut impl Scope) -> Result<Vec<CaseId>> {
    type Row = (
        CaseId,
        Labelled<String, Workers>,
        Labelled<BornKind, Workers>,
        Option<Labelled<Date, Workers>>,
    );
    let ours: Vec<(Labelled<String, Workers>, Part)> = parts(scope)?
        .into_iter()
        .filter(|part| matches!(part.role, PartRole::Client | PartRole::Survivor))
        .map(|part| (part.name.map(|name| rules::name_key(name)), part))
        .filter(|(key, _)| !key.expose().is_empty())
        .collect();
    if ours.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<_> = ours.iter().map(|(key, _)| key.clone()).collect();
    let roles = [PartRole::Client, PartRole::Survivor].map(Labelled::<_, Workers>::new);
    let case = scope.case();
    // crosses cases: somebody known elsewhere can only be found elsewhere. It reads name keys and
    // dates of birth, gives back ids alone, and no page shows an id that its reader may not open.
    let rows: Vec<Row> = part::table
        .filter(part::name_key.eq_any(keys))
        .filter(part::case_id.ne(case))
        .filter(part::role.eq_any(roles))
        .select((
            part::case_id,
            part::name_key,
            part::born_kind,
            part::born_day,
        ))
        .load(scope.conn())?;
    let found: BTreeSet<CaseId> = rows
        .into_iter()
        .filter(|(_, key, kind, day)| {
            let theirs = Born {
                kind: *kind.expose(),
                day: day.as_ref().map(|day| *day.expose()),
                words: None,
            };
            ours.iter().any(|(our_key, part)| {
                our_key == key && rules::birth_compatible(part.born.expose(), &theirs)
            })
        })
        .map(|(case, _, _, _)| case)
        .collect();
    Ok(found.into_iter().collect())
}

/// In how many other cases somebody of the case in hand may be known, without telling which, and
/// notes whether there are any for intake and oversight. To be called when people are written.
pub fn possible_matches(tx: &mut Tx<'_>) -> Result<usize, Failed> {
    let count = matching_cases(tx)?.len();
    let (case, now) = (tx.case(), tx.now());
    diesel::delete(hints::of(tx)).execute(tx.conn())?;
    diesel::insert_into(match_hint::table)
        .values((
            match_hint::id.eq(MatchHintId::new()),
            match_hint::case_id.eq(case),
            match_hint::known.eq(Labelled::<_, Workers>::new(i32::from(count > 0))),
            match_hint::recorded_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(count)
}

/// Whether somebody of the case in hand was known in another case when people were last written.
pub fn is_known_elsewhere(scope: &mut impl Scope) -> Result<bool> {
    let known: i64 = hints::of(scope)
        .filter(match_hint::known.eq(Labelled::<_, Workers>::new(1)))
        .count()
        .get_result(scope.conn())?;
    Ok(known > 0)
}

/// The cases in which somebody bears all the words of a name, or whose client's papers carry the
/// reference. A list shows those of them that it would show anyway ([`platform::Search`]).
pub fn find_cases(conn: &mut Conn, typed: &str) -> Result<Vec<CaseId>> {
    let reference = typed.trim().to_uppercase();
    let by_reference = frames::table
        .filter(
            frames::client_reference
                .eq_any([Plain::new(reference.clone()), Plain::new(typed.trim())]),
        )
        .select(frames::id)
        .load(conn)?;
    find_by_name(conn, typed, by_reference)
}

/// The same for workers of the survivor line, whose letters carry the survivor's reference. The
/// client line cannot search by it: it would join the two.
pub fn find_cases_for_survivor_line(conn: &mut Conn, typed: &str) -> Result<Vec<CaseId>> {
    let reference = typed.trim().to_uppercase();
    let by_reference = frames::table
        .filter(
            frames::survivor_reference
                .eq_any([Plain::new(reference.clone()), Plain::new(typed.trim())]),
        )
        .select(frames::id)
        .load(conn)?;
    let mut found = find_cases(conn, typed)?;
    found.extend::<Vec<CaseId>>(by_reference);
    Ok(found)
}

fn find_by_name(conn: &mut Conn, typed: &str, found: Vec<CaseId>) -> Result<Vec<CaseId>> {
    let mut all: BTreeSet<CaseId> = found.into_iter().collect();
    let mut bearing: Option<BTreeSet<(CaseId, PartId)>> = None;
    for word in rules::search_words(typed, None) {
        // crosses cases: a search begins with a word and not with a case. It gives back ids, and
        // a list shows only those that it would show without the search.
        let rows: Vec<(CaseId, PartId)> = name_word::table
            .filter(name_word::word.eq(Labelled::<_, Workers>::new(word)))
            .select((name_word::case_id, name_word::part_id))
            .load(conn)?;
        let rows: BTreeSet<_> = rows.into_iter().collect();
        bearing = Some(match bearing {
            Some(before) => before.intersection(&rows).copied().collect(),
            None => rows,
        });
    }
    all.extend(
        bearing
            .unwrap_or_default()
            .into_iter()
            .map(|(case, _)| case),
    );
    Ok(all.into_iter().collect())
}

/// What happened to people of the case in hand, as workers of both lines may read it.
pub fn chronology(scope: &mut impl Scope) -> Result<Vec<Moment>> {
    type Row = (PartId, Labelled<PartWhat, Workers>, UserId, Instant);
    let people: HashMap<PartId, Labelled<String, Workers>> = parts(scope)?
        .into_iter()
        .map(|part| (part.id, part.name))
        .collect();
    let mut moments = Vec::new();
    let changed: Vec<Row> = changes::of(scope)
        .select((
            part_change::part_id,
            part_change::what,
            part_change::recorded_by,
            part_change::recorded_at,
        ))
        .load(scope.conn())?;
    for (id, what, by, at) in changed {
        if let Some(name) = people.get(&id) {
            moments.push(Moment::entered(
                at,
                by,
                (*what.expose()).words(),
                name.clone(),
            ));
        }
    }
    for (_, id, by, at) in ClientDetails::since_opened(scope)? {
        if let Some(name) = people.get(&id) {
            moments.push(Moment::entered(
                at,
                by,
                "Contact details changed",
                name.clone(),
            ));
        }
    }
    for flag in flags(scope)? {
        moments.push(Moment::entered(
            flag.recorded_at,
            flag.recorded_by,
            "Warning for workers",
            flag.words,
        ));
        if let (Some(at), Some(by)) = (flag.lifted_at, flag.lifted_by) {
            moments.push(Moment::entered(at, by, "Warning lifted", ""));
        }
    }
    let kept = survivor_side(scope)?;
    for change in access_changes(scope)? {
        if change.worker.is_none_or(|worker| !kept.contains(&worker)) {
            moments.push(Moment::entered(
                change.at,
                change.by,
                (*change.what.expose()).words(),
                "",
            ));
        }
    }
    Ok(moments)
}

/// What happened to people of the case in hand that only the survivor line reads.
pub fn survivor_chronology(scope: &mut impl Scope) -> Result<Vec<Moment<Survivor>>> {
    let people: HashMap<PartId, Labelled<String, Survivor>> = parts(scope)?
        .into_iter()
        .map(|part| (part.id, Labelled::new(part.name.into_exposed())))
        .collect();
    let mut moments = Vec::new();
    let mut changed = SurvivorDetails::since_opened(scope)?;
    changed.extend(ChildDetails::since_opened(scope)?);
    changed.extend(OtherDetails::since_opened(scope)?);
    for (_, id, by, at) in changed {
        if let Some(name) = people.get(&id) {
            moments.push(Moment::entered(
                at,
                by,
                "Contact details changed",
                name.clone(),
            ));
        }
    }
    let agreed: Vec<(PartId, UserId, Instant)> = safe::of(scope)
        .filter(safe_contact::origin.eq(Labelled::<_, Survivor>::new(Origin::Page)))
        .select((
            safe_contact::part_id,
            safe_contact::recorded_by,
            safe_contact::recorded_at,
        ))
        .load(scope.conn())?;
    for (id, by, at) in agreed {
        if let Some(name) = people.get(&id) {
            moments.push(Moment::entered(
                at,
                by,
                "Safe contact recorded",
                name.clone(),
            ));
        }
    }
    for look in reveals(scope)? {
        moments.push(Moment::entered(
            look.at,
            look.by,
            "Looked at with a reason",
            look.reason,
        ));
    }
    Ok(moments)
}
