//! The tables of referrals and their drafts.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::prelude::*;
use kernel::{
    access::{Role, Standing as UserStanding},
    form::{Sheet, Typed, Wording, YesNoUnknown},
    ids::{AgencyId, CaseId, ProgrammeId, UserId},
    label::{Child, Client, Label, Labelled, Survivor, Workers},
    plain::Plain,
    time::{Day, Instant},
};
use platform::{
    Across, Error, Failed, Office, Result, Scope, Tx,
    casefile::had_agreement,
    db::Conn,
    schema::{agency, agreement, app_user, programme, team, user_role},
};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    model::{DraftId, HeldReason, Kept, LookId, Origin, Referral, RevisionId, TypedByLabel},
    rules::{self, Standing},
};
use crate::people::{
    self,
    model::{Channel, DetailId, DetailStatus, NewDetail, NewPart, NewSafeContact, PartId, PartRole},
};

mod drafts {
    use kernel::{
        ids::{ProgrammeKind, UserKind},
        label::Survivor,
    };
    use platform::sql::{Of, SqlId, SqlInstant, SqlPlain};

    use super::super::model::DraftKind;

    diesel::table! {
        use diesel::sql_types::*;
        use super::{DraftKind, ProgrammeKind, SqlId, SqlInstant, UserKind};
        /// A draft. It belongs to its author, and holds nothing once it was sent.
        referral_draft (id) {
            /// Its id, which the case takes over.
            id -> SqlId<DraftKind>,
            /// Whose.
            user_id -> SqlId<UserKind>,
            /// For which programme.
            programme_id -> SqlId<ProgrammeKind>,
            /// When it was begun: an agreement in force then lets it go through.
            created_at -> SqlInstant,
            /// When it was last saved.
            changed_at -> SqlInstant,
            /// When it was sent.
            sent_at -> Nullable<SqlInstant>,
        }
    }
    diesel::table! {
        use diesel::sql_types::*;
        use super::{DraftKind, Of, SqlId, SqlPlain, Survivor};
        /// What was typed into one section of a draft, right or wrong.
        referral_draft_section (draft_id, slug) {
            /// The draft.
            draft_id -> SqlId<DraftKind>,
            /// The section.
            slug -> SqlPlain,
            /// What was typed, as JSON. It may be anything, so it has the survivor's label.
            typed -> Of<Survivor, Text>,
            /// Counts saves, so that two tabs do not overwrite each other.
            version -> Integer,
        }
    }
    diesel::allow_tables_to_appear_in_same_query!(referral_draft, referral_draft_section);
}

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

mod files {
    use kernel::ids::CaseKind;
    use platform::sql::{SqlId, SqlInstant, SqlPlain};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, SqlId, SqlInstant, SqlPlain};
        /// A file that was taken.
        referral_file (hash) {
            /// SHA-256 of its bytes.
            hash -> SqlPlain,
            /// The case that it opened.
            case_id -> SqlId<CaseKind>,
            /// The reference under which it was taken.
            reference -> SqlPlain,
            /// When.
            at -> SqlInstant,
        }
    }
}

use drafts::{referral_draft, referral_draft_section};
use files::referral_file;
use looks::referral_look;
use referrals::referral;
use revisions::referral_revision;
use takings::referral_held_taking;
use withdrawals::referral_withdrawal;

fn broken(error: serde_json::Error) -> Error {
    Error::Broken(format!("stored answers: {error}"))
}

fn packed<T: Serialize, L: Label>(value: &Labelled<T, L>) -> Result<Labelled<String, L>> {
    serde_json::to_string(value.expose()).map(Labelled::new).map_err(broken)
}

fn unpacked<T: DeserializeOwned, L: Label>(text: &Labelled<String, L>) -> Result<Labelled<T, L>> {
    serde_json::from_str(text.expose()).map(Labelled::new).map_err(broken)
}

// ---- Drafts ----

/// What was typed into a section, and how often it was saved.
#[derive(Clone, Debug, Default)]
pub struct DraftSection {
    /// What was typed.
    pub typed: Typed,
    /// 0 before the first save.
    pub version: i32,
}

/// A draft with everything typed so far.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its id.
    pub id: DraftId,
    /// For which programme.
    pub programme: ProgrammeId,
    /// When it was begun.
    pub created_at: Instant,
    /// Whether it was sent; then nothing else is here.
    pub sent: bool,
    /// The sections that were saved.
    pub sections: BTreeMap<String, DraftSection>,
}

impl Draft {
    /// What was typed into all sections.
    pub fn typed(&self) -> Typed {
        let mut all = Typed::default();
        for section in self.sections.values() {
            all.0.extend(section.typed.0.clone());
        }
        all
    }

    /// A section, saved or not.
    pub fn section(&self, slug: &str) -> DraftSection {
        self.sections.get(slug).cloned().unwrap_or_default()
    }

    /// How often it was saved, over all sections: it moves with every save.
    pub fn version(&self) -> i32 {
        self.sections.values().map(|section| section.version).sum()
    }
}

/// A draft in a list.
#[derive(Clone, Debug)]
pub struct DraftHead {
    /// Its id.
    pub id: DraftId,
    /// When it was last saved.
    pub changed_at: Instant,
    /// Whom it is about: both names as typed so far.
    pub names: Option<Labelled<String, Survivor>>,
}

/// The drafts of who asks, the latest first.
pub fn drafts(office: &mut Office<'_>) -> Result<Vec<DraftHead>> {
    let me = office.actor();
    let rows: Vec<(DraftId, Instant)> = referral_draft::table
        .filter(referral_draft::user_id.eq(me))
        .filter(referral_draft::sent_at.is_null())
        .order((referral_draft::changed_at.desc(), referral_draft::id.desc()))
        .select((referral_draft::id, referral_draft::changed_at))
        .load(office.conn())?;
    let mut heads = Vec::new();
    for (id, changed_at) in rows {
        let typed = draft(office.conn(), me, id)?.map(|draft| draft.typed()).unwrap_or_default();
        let names = ["survivor_name", "client_name"]
            .map(|name| typed.get(name).to_owned())
            .into_iter()
            .filter(|name| !name.is_empty())
            .collect::<Vec<_>>()
            .join(", ");
        let names = Some(names).filter(|names| !names.is_empty()).map(Labelled::new);
        heads.push(DraftHead { id, changed_at, names });
    }
    Ok(heads)
}

/// Begins a draft, with what is known of its author filled in.
pub fn begin(
    office: &mut Office<'_>,
    id: DraftId,
    programme: ProgrammeId,
    referrer: &Typed,
) -> Result<(), Failed> {
    let (me, now) = (office.actor(), office.now());
    diesel::insert_into(referral_draft::table)
        .values((
            referral_draft::id.eq(id),
            referral_draft::user_id.eq(me),
            referral_draft::programme_id.eq(programme),
            referral_draft::created_at.eq(now),
            referral_draft::changed_at.eq(now),
        ))
        .execute(office.conn())?;
    save_section(office, id, "referrer", referrer, 0)
}

/// A draft of `user`, whole.
pub fn draft(conn: &mut Conn, user: UserId, id: DraftId) -> Result<Option<Draft>> {
    let head: Option<(ProgrammeId, Instant, Option<Instant>)> = referral_draft::table
        .filter(referral_draft::id.eq(id))
        .filter(referral_draft::user_id.eq(user))
        .select((referral_draft::programme_id, referral_draft::created_at, referral_draft::sent_at))
        .first(conn)
        .optional()?;
    let Some((programme, created_at, sent_at)) = head else {
        return Ok(None);
    };
    let rows: Vec<(Plain, Labelled<String, Survivor>, i32)> = referral_draft_section::table
        .filter(referral_draft_section::draft_id.eq(id))
        .select((
            referral_draft_section::slug,
            referral_draft_section::typed,
            referral_draft_section::version,
        ))
        .load(conn)?;
    let mut sections = BTreeMap::new();
    for (slug, typed, version) in rows {
        let typed = Typed(unpacked(&typed)?.into_exposed());
        sections.insert(slug.as_str().to_owned(), DraftSection { typed, version });
    }
    Ok(Some(Draft { id, programme, created_at, sent: sent_at.is_some(), sections }))
}

/// Saves a section whose version is still `version`. The draft is one of who asks.
///
/// # Errors
/// [`Error::Stale`] if somebody, in another tab, saved it since.
pub fn save_section(
    office: &mut Office<'_>,
    id: DraftId,
    slug: &'static str,
    typed: &Typed,
    version: i32,
) -> Result<(), Failed> {
    let (me, now) = (office.actor(), office.now());
    let mine = diesel::update(
        referral_draft::table
            .filter(referral_draft::id.eq(id))
            .filter(referral_draft::user_id.eq(me))
            .filter(referral_draft::sent_at.is_null()),
    )
    .set(referral_draft::changed_at.eq(now))
    .execute(office.conn())?;
    if mine == 0 {
        return Err(Error::NotFound.into());
    }
    let text = packed(&Labelled::<_, Survivor>::new(&typed.0))?;
    let slug = Plain::from(slug);
    let saved = if version == 0 {
        diesel::insert_into(referral_draft_section::table)
            .values((
                referral_draft_section::draft_id.eq(id),
                referral_draft_section::slug.eq(slug),
                referral_draft_section::typed.eq(text),
                referral_draft_section::version.eq(1),
            ))
            .execute(office.conn())
            .map_err(|error| {
                if platform::db::is_duplicate(&error) {
                    Failed::from(Error::Stale)
                } else {
                    error.into()
                }
            })?
    } else {
        diesel::update(
            referral_draft_section::table
                .filter(referral_draft_section::draft_id.eq(id))
                .filter(referral_draft_section::slug.eq(slug))
                .filter(referral_draft_section::version.eq(version)),
        )
        .set((
            referral_draft_section::typed.eq(text),
            referral_draft_section::version.eq(version.saturating_add(1)),
        ))
        .execute(office.conn())?
    };
    if saved == 0 {
        return Err(Error::Stale.into());
    }
    Ok(())
}

/// Deletes a draft of who asks, and everything typed into it.
pub fn delete_draft(office: &mut Office<'_>, id: DraftId) -> Result<(), Failed> {
    let me = office.actor();
    if draft(office.conn(), me, id)?.is_none_or(|draft| draft.sent) {
        return Err(Error::NotFound.into());
    }
    empty_draft(office.conn(), id)?;
    diesel::delete(
        referral_draft::table
            .filter(referral_draft::id.eq(id))
            .filter(referral_draft::user_id.eq(me)),
    )
    .execute(office.conn())?;
    Ok(())
}

fn empty_draft(conn: &mut Conn, id: DraftId) -> Result<(), Failed> {
    diesel::delete(
        referral_draft_section::table.filter(referral_draft_section::draft_id.eq(id)),
    )
    .execute(conn)?;
    Ok(())
}

/// Marks a draft as sent and forgets what was typed into it: the referral holds it now.
///
/// # Errors
/// [`Error::Stale`] if it was saved since `version`, so that what was checked is what is sent.
pub fn send_draft(tx: &mut Tx<'_>, id: DraftId, version: i32) -> Result<(), Failed> {
    let (me, now) = (tx.actor(), tx.now());
    let found = draft(tx.conn(), me, id)?;
    if found.is_none_or(|draft| draft.sent || draft.version() != version) {
        return Err(Error::Stale.into());
    }
    empty_draft(tx.conn(), id)?;
    diesel::update(referral_draft::table.filter(referral_draft::id.eq(id)))
        .set(referral_draft::sent_at.eq(Some(now)))
        .execute(tx.conn())?;
    Ok(())
}

// ---- The partnership ----

/// The programmes that take referrals.
pub fn programmes(conn: &mut Conn) -> Result<Vec<(ProgrammeId, Plain)>> {
    Ok(programme::table
        .order((programme::name, programme::id))
        .select((programme::id, programme::name))
        .load(conn)?)
}

/// The programme that an agency runs.
pub fn run_by(conn: &mut Conn, agency: AgencyId) -> Result<Option<ProgrammeId>> {
    Ok(programme::table
        .filter(programme::agency_id.eq(agency))
        .order(programme::id)
        .select(programme::id)
        .first(conn)
        .optional()?)
}

/// The agencies, by name.
pub fn agencies(conn: &mut Conn) -> Result<Vec<(AgencyId, Plain)>> {
    Ok(agency::table
        .order((agency::name, agency::id))
        .select((agency::id, agency::name))
        .load(conn)?)
}

/// What is known of the author of a draft, typed for her.
pub fn referrer(conn: &mut Conn, user: UserId, now: Instant) -> Result<Typed> {
    type Row = (Plain, Plain, Option<Plain>, Plain, Option<kernel::ids::TeamId>);
    let (name, email, phone, agency, team_id): Row = app_user::table
        .inner_join(agency::table)
        .filter(app_user::id.eq(user))
        .select((
            app_user::name,
            app_user::email,
            app_user::phone,
            agency::name,
            app_user::team_id,
        ))
        .first(conn)?;
    let team: Option<Plain> = match team_id {
        Some(id) => team::table.find(id).select(team::name).first(conn).optional()?,
        None => None,
    };
    let team = match team {
        Some(team) => format!("{team}, {agency}"),
        None => agency.to_string(),
    };
    let today = now.day();
    let date = format!("{} {} {}", today.day(), today.month(), today.year());
    let mut typed = Typed::default();
    for (field, text) in [
        ("referrer_name", name.to_string()),
        ("referrer_team", team),
        ("referrer_telephone", phone.map(|phone| phone.to_string()).unwrap_or_default()),
        ("referrer_email", email.to_string()),
        ("referral_date", date),
    ] {
        typed.push(field.to_owned(), text);
    }
    Ok(typed)
}

/// How an agency stands to a programme, for [`rules::held`].
pub fn standing(
    conn: &mut Conn,
    agency: AgencyId,
    programme: ProgrammeId,
    now: Instant,
    begun: Instant,
) -> Result<Standing> {
    let runs: i64 = programme::table
        .filter(programme::id.eq(programme))
        .filter(programme::agency_id.eq(agency))
        .count()
        .get_result(conn)?;
    let ever: i64 = agreement::table
        .filter(agreement::agency_id.eq(agency))
        .filter(agreement::programme_id.eq(programme))
        .filter(agreement::kind.eq(Plain::from("mou")))
        .filter(agreement::starts_on.le(Some(Day(now.day()))))
        .count()
        .get_result(conn)?;
    Ok(Standing {
        runs: runs > 0,
        now: had_agreement(conn, agency, programme, now)?,
        when_begun: had_agreement(conn, agency, programme, begun)?,
        ever: ever > 0,
    })
}

/// Somebody who can be rung.
#[derive(Clone, Debug)]
pub struct Answers {
    /// The agency, and the worker if one is named.
    pub who: Plain,
    /// The number.
    pub phone: Plain,
}

/// Whom a referrer rings when her referral is held: the service, then the single point of contact
/// of her own agency, then that agency.
pub fn whom_to_ring(
    conn: &mut Conn,
    mine: AgencyId,
    programme: ProgrammeId,
    now: Instant,
) -> Result<Vec<Answers>> {
    let service: Option<(Plain, Option<Plain>)> = programme::table
        .inner_join(agency::table.on(agency::id.eq(programme::agency_id)))
        .filter(programme::id.eq(programme))
        .select((agency::name, agency::phone))
        .first(conn)
        .optional()?;
    let spocs: Vec<(Plain, Option<Plain>)> = holders(conn, mine, Role::Spoc, now)?
        .into_iter()
        .map(|(_, name, phone)| (name, phone))
        .collect();
    let own: Option<(Plain, Option<Plain>)> = agency::table
        .find(mine)
        .select((agency::name, agency::phone))
        .first(conn)
        .optional()?;
    Ok(service
        .into_iter()
        .chain(spocs)
        .chain(own)
        .filter_map(|(who, phone)| phone.map(|phone| Answers { who, phone }))
        .collect())
}

type Holder = (UserId, Plain, Option<Plain>);

/// The active users of an agency who hold a role today.
fn holders(conn: &mut Conn, of: AgencyId, role: Role, now: Instant) -> Result<Vec<Holder>> {
    let today = Day(now.day());
    Ok(user_role::table
        .inner_join(app_user::table)
        .filter(app_user::agency_id.eq(of))
        .filter(app_user::standing.eq(Plain::from(UserStanding::Active.code())))
        .filter(user_role::role.eq(Plain::from(role.code())))
        .filter(user_role::from_day.le(today))
        .filter(user_role::until_day.is_null().or(user_role::until_day.ge(Some(today))))
        .order((app_user::name, app_user::id))
        .select((app_user::id, app_user::name, app_user::phone))
        .load(conn)?)
}

/// Who is told by staff mail that a referral came: the managers of the service.
pub fn receivers(conn: &mut Conn, programme: ProgrammeId, now: Instant) -> Result<Vec<UserId>> {
    let service: Option<AgencyId> = programme::table
        .find(programme)
        .select(programme::agency_id)
        .first(conn)
        .optional()?;
    match service {
        Some(service) => Ok(holders(conn, service, Role::ServiceManager, now)?
            .into_iter()
            .map(|(id, _, _)| id)
            .collect()),
        None => Ok(Vec::new()),
    }
}

/// The name of a worker.
pub fn worker(conn: &mut Conn, user: UserId) -> Result<Plain> {
    Ok(app_user::table.find(user).select(app_user::name).first(conn)?)
}

// ---- What was sent or taken ----

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

/// Writes a referral, its first revision and the people whom it names.
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
    add_people(tx, &entry.form)
}

/// Writes a corrected referral as the next revision.
///
/// # Errors
/// [`Error::Stale`] if it was corrected since `version`.
pub fn amend(
    tx: &mut Tx<'_>,
    version: i32,
    reason: &Labelled<String, Workers>,
    form: &Referral,
    kept: &Kept,
) -> Result<(), Failed> {
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
    // What workers have written about the people since is theirs: the correction stands in the
    // referral, and they bring it over.
    if people::store::written_since(tx)? {
        return Ok(());
    }
    people::store::clear_parts(tx)?;
    add_people(tx, form)
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
            detail(part.id, Channel::Telephone, form.client_other_telephone.as_ref()),
        ];
        for detail in details.into_iter().flatten() {
            people::store::add_client_detail(tx, &detail)?;
        }
    }
    if let Some(part) = survivor_part(form, next()) {
        people::store::add_part(tx, &part)?;
        let details = [
            detail(part.id, Channel::Address, form.survivor_address.as_ref()),
            detail(part.id, Channel::Telephone, form.survivor_telephone.as_ref()),
            detail(part.id, Channel::Telephone, form.survivor_other_telephone.as_ref()),
        ];
        for detail in details.into_iter().flatten() {
            people::store::add_survivor_detail(tx, &detail)?;
        }
        if let Some(as_given) = form.survivor_safe_contact.clone() {
            let safe = NewSafeContact { part: part.id, as_given };
            people::store::add_safe_contact(tx, &safe)?;
        }
    }
    for child in &form.children {
        let part = NewPart {
            id: PartId::new(),
            role: PartRole::Child,
            name: child.name.clone().unwrap_or_else(|| Labelled::new("Name not given".to_owned())),
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
    name.cloned().unwrap_or_else(|| Labelled::new("Name not given".to_owned()))
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
    let row: Option<Row> =
        referrals::of(scope).select(Row::as_select()).first(scope.conn()).optional()?;
    let Some(row) = row else { return Ok(None) };
    let withdrawn: i64 = withdrawals::of(scope).count().get_result(scope.conn())?;
    let taken: i64 = takings::of(scope).count().get_result(scope.conn())?;
    Ok(Some(row.received(withdrawn > 0, taken > 0)))
}

/// How the referrals of listed cases came.
pub fn received_listed(across: &mut Across<'_>) -> Result<HashMap<CaseId, Received>> {
    let rows: Vec<Row> =
        referrals::of_listed(across).select(Row::as_select()).load(across.conn())?;
    let withdrawn: Vec<CaseId> = withdrawals::of_listed(across)
        .select(referral_withdrawal::case_id)
        .load(across.conn())?;
    let taken: Vec<CaseId> =
        takings::of_listed(across).select(referral_held_taking::case_id).load(across.conn())?;
    let (withdrawn, taken): (HashSet<_>, HashSet<_>) =
        (withdrawn.into_iter().collect(), taken.into_iter().collect());
    Ok(rows
        .into_iter()
        .map(|row| {
            let case = row.case_id;
            (case, row.received(withdrawn.contains(&case), taken.contains(&case)))
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
        .map(|(number, entered_at, author, reason, unplaced)| RevisionHead {
            number: number.into_exposed(),
            entered_at,
            author,
            reason,
            unplaced: unplaced.into_exposed(),
        })
        .collect())
}

/// A revision as workers of both lines may read it: nothing of the survivor's or a child's is
/// even fetched.
pub fn shared_words(scope: &mut impl Scope, number: i32) -> Result<Wording> {
    let (client, workers): (Labelled<String, Client>, Labelled<String, Workers>) =
        revisions::of(scope)
            .filter(referral_revision::number.eq(Labelled::<_, Workers>::new(number)))
            .select((referral_revision::words_client, referral_revision::words_workers))
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
pub fn look(tx: &mut Tx<'_>, id: LookId, reason: &Labelled<String, Survivor>) -> Result<(), Failed> {
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

// ---- Files ----

/// The reference under which a file with this hash was taken, if it was.
pub fn file_taken(conn: &mut Conn, hash: &str) -> Result<Option<Plain>> {
    Ok(referral_file::table
        .find(Plain::from(hash))
        .select(referral_file::reference)
        .first(conn)
        .optional()?)
}

/// Notes that a file was taken.
///
/// # Errors
/// [`Error::Stale`] if it was taken meanwhile.
pub fn note_file(tx: &mut Tx<'_>, hash: &str, reference: &Plain) -> Result<(), Failed> {
    let (case, now) = (tx.case(), tx.now());
    diesel::insert_into(referral_file::table)
        .values((
            referral_file::hash.eq(Plain::from(hash)),
            referral_file::case_id.eq(case),
            referral_file::reference.eq(reference),
            referral_file::at.eq(now),
        ))
        .execute(tx.conn())
        .map_err(|error| {
            if platform::db::is_duplicate(&error) {
                Failed::from(Error::Stale)
            } else {
                error.into()
            }
        })?;
    Ok(())
}
