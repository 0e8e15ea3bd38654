//! Whom to ring in a borough at each level of risk. It knows no case.

use diesel::prelude::*;
use kernel::{
    ids::{AgencyId, AgencyKind, UserId, UserKind},
    label::Labelled,
    plain::Plain,
    time::{Day, Instant},
};
use platform::{
    Error, Failed, Result,
    db::{Backend, Conn},
    sql::{SqlDay, SqlId, SqlInstant, SqlPlain},
};

use crate::risks::model::{Level, NewPathway, PathwayId, PathwayKind};

mod table {
    use super::{AgencyKind, PathwayKind, SqlDay, SqlId, SqlInstant, SqlPlain, UserKind};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{AgencyKind, PathwayKind, SqlDay, SqlId, SqlInstant, SqlPlain, UserKind};
        /// Whom to ring in a borough at a level of risk. It knows no case.
        risk_pathway (id) {
            /// Its id.
            id -> SqlId<PathwayKind>,
            /// The borough.
            agency_id -> SqlId<AgencyKind>,
            /// The level.
            level -> SqlPlain,
            /// The service.
            service -> SqlPlain,
            /// Whom to ask for.
            who -> Nullable<SqlPlain>,
            /// The number.
            telephone -> Nullable<SqlPlain>,
            /// When somebody last said that it holds.
            checked_on -> SqlDay,
            /// Who recorded it.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
            /// Until when it held.
            ended_at -> Nullable<SqlInstant>,
        }
    }
}
use table::risk_pathway;

/// Whom to ring in a borough at a level of risk.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = risk_pathway, check_for_backend(Backend), treat_none_as_default_value = false)]
pub struct Pathway {
    /// Its id.
    pub id: PathwayId,
    /// The borough.
    pub agency_id: AgencyId,
    /// The code of the level.
    pub level: Plain,
    /// The service.
    pub service: Plain,
    /// Whom to ask for.
    pub who: Option<Plain>,
    /// The number.
    pub telephone: Option<Plain>,
    /// When somebody last said that it holds.
    pub checked_on: Day,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
    /// Until when it held.
    pub ended_at: Option<Instant>,
}

/// Whom to ring, before anybody has recorded it.
#[derive(Clone, Debug)]
pub struct Named {
    id: PathwayId,
    agency: AgencyId,
    level: Level,
    service: String,
    who: Option<String>,
    telephone: Option<String>,
}

impl NewPathway {
    /// Whom to ring, once everything needed was answered.
    pub fn named(self, id: PathwayId, agency: AgencyId) -> Option<Named> {
        Some(Named {
            id,
            agency,
            level: self.level?.into_exposed(),
            service: self.service?.into_exposed(),
            who: self.who.map(Labelled::into_exposed),
            telephone: self.telephone.map(Labelled::into_exposed),
        })
    }
}

impl Named {
    /// The row, recorded by `actor` now.
    pub fn row(&self, actor: UserId, now: Instant) -> Pathway {
        let text = |text: &Option<String>| text.clone().map(Plain::new);
        Pathway {
            id: self.id,
            agency_id: self.agency,
            level: Plain::new(self.level.code().to_owned()),
            service: Plain::new(self.service.clone()),
            who: text(&self.who),
            telephone: text(&self.telephone),
            checked_on: Day(now.day()),
            recorded_by: actor,
            recorded_at: now,
            ended_at: None,
        }
    }
}

impl Pathway {
    /// The level; what cannot be read counts as standard, and is shown.
    pub fn level(&self) -> Level {
        Level::from_code(self.level.as_str()).unwrap_or(Level::Standard)
    }
}

/// Whom to ring in a borough, by level, the highest first, as far as it holds.
pub fn pathways(conn: &mut Conn, agency: AgencyId) -> Result<Vec<Pathway>> {
    let mut all: Vec<Pathway> = risk_pathway::table
        .filter(risk_pathway::agency_id.eq(agency))
        .filter(risk_pathway::ended_at.is_null())
        .order((risk_pathway::service, risk_pathway::id))
        .select(Pathway::as_select())
        .load(conn)?;
    all.sort_by_key(|row| std::cmp::Reverse(row.level()));
    Ok(all)
}

/// Records whom to ring.
pub fn add_pathway(conn: &mut Conn, row: &Pathway) -> Result<(), Failed> {
    diesel::insert_into(risk_pathway::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Says of a pathway of the borough that it holds on this day, or no longer.
///
/// # Errors
/// [`Error::Stale`] if it holds no longer.
pub fn settle_pathway(
    conn: &mut Conn,
    agency: AgencyId,
    id: PathwayId,
    now: Instant,
    holds: bool,
) -> Result<(), Failed> {
    let rows = risk_pathway::table
        .filter(risk_pathway::agency_id.eq(agency))
        .filter(risk_pathway::id.eq(id))
        .filter(risk_pathway::ended_at.is_null());
    let done = if holds {
        diesel::update(rows)
            .set(risk_pathway::checked_on.eq(Day(now.day())))
            .execute(conn)?
    } else {
        diesel::update(rows)
            .set(risk_pathway::ended_at.eq(Some(now)))
            .execute(conn)?
    };
    if done == 0 {
        return Err(Error::Stale.into());
    }
    Ok(())
}
