//! Drafts. They are their author's own, and no case yet.

use std::collections::BTreeMap;

use diesel::prelude::*;
use kernel::{
    form::Typed,
    ids::{ProgrammeId, UserId},
    label::{Labelled, Survivor},
    plain::Plain,
    time::Instant,
};
use platform::{Error, Failed, Office, Result, Scope as _, Tx, db::Conn};

use super::{super::model::DraftId, packed, unpacked};

mod table {
    use kernel::{
        ids::{ProgrammeKind, UserKind},
        label::Survivor,
    };
    use platform::sql::{Of, SqlId, SqlInstant, SqlPlain};

    use super::super::super::model::DraftKind;

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

use table::{referral_draft, referral_draft_section};

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
        let typed = draft(office.conn(), me, id)?
            .map(|draft| draft.typed())
            .unwrap_or_default();
        let names = ["survivor_name", "client_name"]
            .map(|name| typed.get(name).to_owned())
            .into_iter()
            .filter(|name| !name.is_empty())
            .collect::<Vec<_>>()
            .join(", ");
        let names = Some(names)
            .filter(|names| !names.is_empty())
            .map(Labelled::new);
        heads.push(DraftHead {
            id,
            changed_at,
            names,
        });
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
        .select((
            referral_draft::programme_id,
            referral_draft::created_at,
            referral_draft::sent_at,
        ))
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
    Ok(Some(Draft {
        id,
        programme,
        created_at,
        sent: sent_at.is_some(),
        sections,
    }))
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
    diesel::delete(referral_draft_section::table.filter(referral_draft_section::draft_id.eq(id)))
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
