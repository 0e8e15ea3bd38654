//! The rows of agencies, teams and contact persons. They concern no case.

use std::collections::BTreeMap;

use diesel::prelude::*;
use jiff::civil::Date;
use kernel::{
    access::Standing,
    form::Problem,
    ids::{AgencyId, TeamId, UserId},
    plain::Plain,
    time::Day,
};
use platform::{
    Error, Failed, Result,
    bootstrap::SYSTEM,
    db::{Conn, is_duplicate},
    schema::{agency, app_user, team},
    sql::{SqlDay, SqlId, SqlPlain},
};

use super::{
    model::{AgencyRow, ContactId, ContactKind, Details, Named, Place, TeamRow},
    rules::{HandOver, Spell, hand_over},
};

mod table {
    use kernel::ids::{AgencyKind, UserKind};

    use super::{ContactKind, SqlDay, SqlId, SqlPlain};

    diesel::table! {
        use diesel::sql_types::{Integer, Nullable};
        use super::{AgencyKind, ContactKind, SqlDay, SqlId, SqlPlain, UserKind};
        /// Whom to ring at an agency, for a time (R094).
        agency_contact (id) {
            /// Its id.
            id -> SqlId<ContactKind>,
            /// The agency.
            agency_id -> SqlId<AgencyKind>,
            /// As what: `spoc` or `deputy`.
            place -> SqlPlain,
            /// Who, if it is somebody who signs in.
            user_id -> Nullable<SqlId<UserKind>>,
            /// The name of somebody who does not.
            name -> Nullable<SqlPlain>,
            /// The work telephone.
            phone -> Nullable<SqlPlain>,
            /// The work e-mail.
            email -> Nullable<SqlPlain>,
            /// The first day.
            from_day -> SqlDay,
            /// The last day, if there is one.
            until_day -> Nullable<SqlDay>,
            /// Counts saves.
            version -> Integer,
        }
    }
}
use table::agency_contact;

/// Every agency, by name.
pub fn all(conn: &mut Conn) -> Result<Vec<AgencyRow>> {
    let mut rows: Vec<AgencyRow> = agency::table.select(AgencyRow::as_select()).load(conn)?;
    // By letters, not by bytes: the two engines order capitals differently.
    rows.sort_by_cached_key(|row| (row.name.as_str().to_lowercase(), row.id));
    Ok(rows)
}

/// One agency.
pub fn one(conn: &mut Conn, id: AgencyId) -> Result<AgencyRow> {
    Ok(agency::table
        .find(id)
        .select(AgencyRow::as_select())
        .first(conn)?)
}

/// What speaks against the name or code of an agency: another has it.
fn taken(conn: &mut Conn, id: AgencyId, details: &Details) -> Result<(), Failed> {
    let mut problems = Vec::new();
    for other in all(conn)?.into_iter().filter(|row| row.id != id) {
        if other.name.as_str().to_lowercase() == details.name.as_str().to_lowercase() {
            problems.push(Problem::new(
                "name",
                "There is an agency of this name already",
            ));
        }
        if details.gss.is_some() && other.gss == details.gss {
            problems.push(Problem::new(
                "gss",
                format!("{} has this GSS code already", other.name),
            ));
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::Refused(problems).into())
    }
}

/// A code that another change took in the same moment, which only the index saw.
fn refused_code(error: diesel::result::Error) -> Failed {
    if is_duplicate(&error) {
        let problem = Problem::new("gss", "Another agency has this GSS code already");
        return Error::Refused(vec![problem]).into();
    }
    error.into()
}

/// Adds an agency. `Refused` if another has its name or code.
pub fn add(conn: &mut Conn, id: AgencyId, details: &Details) -> Result<(), Failed> {
    taken(conn, id, details)?;
    diesel::insert_into(agency::table)
        .values((
            agency::id.eq(id),
            agency::name.eq(&details.name),
            agency::kind.eq(Plain::new(details.kind.code())),
            agency::gss.eq(details.gss.clone()),
            agency::phone.eq(details.phone.clone()),
            agency::version.eq(1),
        ))
        .execute(conn)
        .map_err(refused_code)?;
    Ok(())
}

/// Changes an agency; gives the names of what is different. `Stale` if it moved on, `Refused` if
/// another has its name or code.
pub fn change(
    conn: &mut Conn,
    id: AgencyId,
    version: i32,
    details: &Details,
) -> Result<Vec<&'static str>, Failed> {
    taken(conn, id, details)?;
    let before = one(conn, id)?;
    let changed = diesel::update(
        agency::table
            .filter(agency::id.eq(id))
            .filter(agency::version.eq(version)),
    )
    .set((
        agency::name.eq(&details.name),
        agency::kind.eq(Plain::new(details.kind.code())),
        agency::gss.eq(details.gss.clone()),
        agency::phone.eq(details.phone.clone()),
        agency::version.eq(agency::version + 1),
    ))
    .execute(conn)
    .map_err(refused_code)?;
    if changed == 0 {
        return Err(Error::Stale.into());
    }
    Ok([
        ("name", before.name != details.name),
        ("kind", before.kind() != Some(details.kind)),
        ("gss", before.gss != details.gss),
        ("phone", before.phone != details.phone),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect())
}

/// The teams of an agency, by name.
pub fn teams(conn: &mut Conn, of: AgencyId) -> Result<Vec<TeamRow>> {
    let mut rows: Vec<TeamRow> = team::table
        .filter(team::agency_id.eq(of))
        .select(TeamRow::as_select())
        .load(conn)?;
    rows.sort_by_cached_key(|row| (row.name.as_str().to_lowercase(), row.id));
    Ok(rows)
}

fn team_taken(conn: &mut Conn, of: AgencyId, id: TeamId, name: &Plain) -> Result<(), Failed> {
    let lower = name.as_str().to_lowercase();
    let taken = teams(conn, of)?
        .iter()
        .any(|row| row.id != id && row.name.as_str().to_lowercase() == lower);
    if taken {
        let problem = Problem::new("name", "The agency has a team of this name already");
        return Err(Error::Refused(vec![problem]).into());
    }
    Ok(())
}

/// Adds a team. `Refused` if the agency has one of this name.
pub fn add_team(conn: &mut Conn, of: AgencyId, id: TeamId, name: &Plain) -> Result<(), Failed> {
    team_taken(conn, of, id, name)?;
    diesel::insert_into(team::table)
        .values((
            team::id.eq(id),
            team::agency_id.eq(of),
            team::name.eq(name),
        ))
        .execute(conn)?;
    Ok(())
}

/// Gives a team another name. `Stale` if it is no longer called `shown`; `Refused` if the agency
/// has another team of the new name.
pub fn rename_team(
    conn: &mut Conn,
    of: AgencyId,
    id: TeamId,
    shown: &Plain,
    name: &Plain,
) -> Result<(), Failed> {
    team_taken(conn, of, id, name)?;
    let renamed = diesel::update(
        team::table
            .filter(team::id.eq(id))
            .filter(team::agency_id.eq(of))
            .filter(team::name.eq(shown)),
    )
    .set(team::name.eq(name))
    .execute(conn)?;
    if renamed == 0 {
        return Err(Error::Stale.into());
    }
    Ok(())
}

/// Somebody named as contact person, with what is known of them today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// The agency.
    pub agency: AgencyId,
    /// As what.
    pub place: Place,
    /// Who, if it is somebody who signs in.
    pub user: Option<UserId>,
    /// The name.
    pub name: Plain,
    /// The work telephone.
    pub phone: Option<Plain>,
    /// The work e-mail.
    pub email: Option<Plain>,
    /// The first day.
    pub from: Day,
    /// The last day, if there is one.
    pub until: Option<Day>,
    /// Whether it is somebody who signs in and no longer may: suspended, left, or moved to another
    /// agency. The agency is then without this person, whatever the dates say.
    pub gone: bool,
    /// What was typed here and not taken from an account.
    pub own: Named,
    /// Counts saves.
    pub version: i32,
}

impl Contact {
    /// The days for which the person is named.
    pub fn spell(&self) -> Spell {
        Spell {
            place: self.place,
            from: self.from.0,
            until: self.until.map(|day| day.0),
        }
    }

    /// Whether the person can be rung on `day`.
    pub fn serves(&self, day: Date) -> bool {
        self.spell().holds(day) && !self.gone
    }
}

type ContactRow = (
    (ContactId, AgencyId, Plain, Option<UserId>),
    (Option<Plain>, Option<Plain>, Option<Plain>),
    (Day, Option<Day>, i32),
);

/// The contact persons of one agency, or of all: the single point of contact first, the newest
/// first.
pub fn contacts(conn: &mut Conn, of: Option<AgencyId>) -> Result<Vec<Contact>> {
    let mut query = agency_contact::table.into_boxed();
    if let Some(of) = of {
        query = query.filter(agency_contact::agency_id.eq(of));
    }
    let rows: Vec<ContactRow> = query
        .select((
            (
                agency_contact::id,
                agency_contact::agency_id,
                agency_contact::place,
                agency_contact::user_id,
            ),
            (
                agency_contact::name,
                agency_contact::phone,
                agency_contact::email,
            ),
            (
                agency_contact::from_day,
                agency_contact::until_day,
                agency_contact::version,
            ),
        ))
        .load(conn)?;
    let ids: Vec<UserId> = rows.iter().filter_map(|row| row.0.3).collect();
    let accounts = accounts(conn, ids)?;
    let mut contacts: Vec<Contact> = rows
        .into_iter()
        .map(|((id, agency, place, user), (name, phone, email), (from, until, version))| {
            let account = user.and_then(|user| accounts.get(&user));
            let gone = account.is_some_and(|account| {
                account.agency != agency || account.standing != Standing::Active
            });
            Contact {
                id,
                agency,
                place: Place::from_code(place.as_str()).unwrap_or(Place::Deputy),
                user,
                name: account
                    .map(|account| account.name.clone())
                    .or_else(|| name.clone())
                    .unwrap_or_default(),
                phone: phone
                    .clone()
                    .or_else(|| account.and_then(|account| account.phone.clone())),
                email: email
                    .clone()
                    .or_else(|| account.map(|account| account.email.clone())),
                from,
                until,
                gone,
                own: Named {
                    user,
                    name,
                    phone,
                    email,
                },
                version,
            }
        })
        .collect();
    contacts.sort_by_key(|contact| (contact.place, std::cmp::Reverse(contact.from), contact.id));
    Ok(contacts)
}

struct Account {
    agency: AgencyId,
    name: Plain,
    phone: Option<Plain>,
    email: Plain,
    standing: Standing,
}

fn accounts(conn: &mut Conn, ids: Vec<UserId>) -> Result<BTreeMap<UserId, Account>> {
    let rows: Vec<(UserId, AgencyId, Plain, Option<Plain>, Plain, Plain)> = app_user::table
        .filter(app_user::id.eq_any(ids))
        .select((
            app_user::id,
            app_user::agency_id,
            app_user::name,
            app_user::phone,
            app_user::email,
            app_user::standing,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, agency, name, phone, email, standing)| {
            let account = Account {
                agency,
                name,
                phone,
                email,
                standing: Standing::parse(standing.as_str()),
            };
            (id, account)
        })
        .collect())
}

/// Whom to ring at an agency on `day`: the single point of contact, then deputies.
pub fn contacts_on(conn: &mut Conn, of: AgencyId, day: Date) -> Result<Vec<Contact>> {
    let mut contacts = contacts(conn, Some(of))?;
    contacts.retain(|contact| contact.serves(day));
    Ok(contacts)
}

/// Id and name of who signs in for an agency today, by name.
pub fn active_users(conn: &mut Conn, of: AgencyId) -> Result<Vec<(UserId, Plain)>> {
    Ok(app_user::table
        .filter(app_user::agency_id.eq(of))
        .filter(app_user::standing.eq(Plain::new(Standing::Active.code())))
        .filter(app_user::id.ne(SYSTEM))
        .order(app_user::name)
        .select((app_user::id, app_user::name))
        .load(conn)?)
}

/// Makes room for a single point of contact: the one before ends the day before. `Refused` if
/// somebody is named from that day or later.
fn make_room(
    conn: &mut Conn,
    of: AgencyId,
    id: ContactId,
    spell: &Spell,
) -> Result<(), Failed> {
    for before in contacts(conn, Some(of))? {
        if before.id == id {
            continue;
        }
        match hand_over(&before.spell(), spell) {
            HandOver::Free => {}
            HandOver::EndsOn(last) => {
                diesel::update(agency_contact::table.filter(agency_contact::id.eq(before.id)))
                    .set((
                        agency_contact::until_day.eq(Some(Day(last))),
                        agency_contact::version.eq(agency_contact::version + 1),
                    ))
                    .execute(conn)?;
            }
            HandOver::Taken(from) => {
                let problem = Problem::new(
                    "from_day",
                    format!(
                        "{} is single point of contact from {}: enter a later day, or change that \
                         first",
                        before.name,
                        Day(from)
                    ),
                );
                return Err(Error::Refused(vec![problem]).into());
            }
        }
    }
    Ok(())
}

/// `Refused` unless the user signs in for this agency.
fn must_work_here(conn: &mut Conn, of: AgencyId, named: &Named) -> Result<(), Failed> {
    let Some(user) = named.user else {
        return Ok(());
    };
    if active_users(conn, of)?.iter().any(|(id, _)| *id == user) {
        return Ok(());
    }
    let problem = Problem::new("user", "Choose somebody who signs in for this agency");
    Err(Error::Refused(vec![problem]).into())
}

/// Names a contact person. `Refused` if the user is of another agency, or the place is taken.
pub fn add_contact(
    conn: &mut Conn,
    of: AgencyId,
    id: ContactId,
    named: &Named,
    spell: &Spell,
) -> Result<(), Failed> {
    must_work_here(conn, of, named)?;
    make_room(conn, of, id, spell)?;
    diesel::insert_into(agency_contact::table)
        .values((
            (
                agency_contact::id.eq(id),
                agency_contact::agency_id.eq(of),
                agency_contact::place.eq(Plain::new(spell.place.code())),
                agency_contact::user_id.eq(named.user),
            ),
            (
                agency_contact::name.eq(named.name.clone()),
                agency_contact::phone.eq(named.phone.clone()),
                agency_contact::email.eq(named.email.clone()),
                agency_contact::from_day.eq(Day(spell.from)),
                agency_contact::until_day.eq(spell.until.map(Day)),
                agency_contact::version.eq(1),
            ),
        ))
        .execute(conn)?;
    Ok(())
}

/// Changes a contact person's details or dates. `Stale` if they moved on; `Refused` as for a new
/// one.
pub fn change_contact(
    conn: &mut Conn,
    of: AgencyId,
    id: ContactId,
    version: i32,
    named: &Named,
    spell: &Spell,
) -> Result<(), Failed> {
    let before = contacts(conn, Some(of))?
        .into_iter()
        .find(|contact| contact.id == id)
        .ok_or(Error::NotFound)?;
    if before.version != version {
        return Err(Error::Stale.into());
    }
    if before.user != named.user {
        must_work_here(conn, of, named)?;
    }
    make_room(conn, of, id, spell)?;
    diesel::update(agency_contact::table.filter(agency_contact::id.eq(id)))
        .set((
            agency_contact::place.eq(Plain::new(spell.place.code())),
            agency_contact::user_id.eq(named.user),
            agency_contact::name.eq(named.name.clone()),
            agency_contact::phone.eq(named.phone.clone()),
            agency_contact::email.eq(named.email.clone()),
            agency_contact::from_day.eq(Day(spell.from)),
            agency_contact::until_day.eq(spell.until.map(Day)),
            agency_contact::version.eq(agency_contact::version + 1),
        ))
        .execute(conn)?;
    Ok(())
}
