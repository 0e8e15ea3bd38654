//! The rows of agreements. They concern no case.

use std::collections::BTreeMap;

use diesel::prelude::*;
use jiff::civil::Date;
use kernel::{
    access::Role,
    ids::{AgencyId, ProgrammeId},
    plain::Plain,
    time::{Day, Instant},
};
use platform::{
    Failed, Office, Own, Result,
    db::Conn,
    schema::{AgreementId, agency, agreement, programme},
};

use crate::duties;

use super::{
    model::{AgreementRow, EndedBy, Kind, Terms},
    rules::{ENDS_SOON, Standing, Term, in_force, stands_by, starts_on},
};

/// How many days before its end an agreement counts as ending soon, as set for `day`.
pub fn ends_soon_days(conn: &mut Conn, day: Date) -> Result<u16> {
    let dated = duties::store::settings(conn)?;
    Ok(ENDS_SOON.number(&dated, day).unwrap_or_default())
}

/// Every agreement of an agency: by kind, the newest first.
pub fn of_agency(conn: &mut Conn, of: AgencyId) -> Result<Vec<AgreementRow>> {
    let mut rows: Vec<AgreementRow> = agreement::table
        .filter(agreement::agency_id.eq(of))
        .select(AgreementRow::as_select())
        .load(conn)?;
    rows.sort_by_key(|row| (row.kind(), std::cmp::Reverse(row.term().last_day())));
    Ok(rows)
}

/// One agreement of an agency.
pub fn one(conn: &mut Conn, of: AgencyId, id: AgreementId) -> Result<AgreementRow> {
    Ok(agreement::table
        .filter(agreement::agency_id.eq(of))
        .filter(agreement::id.eq(id))
        .select(AgreementRow::as_select())
        .first(conn)?)
}

/// The agreement whose place another took, if it took one.
pub fn replaced_by(conn: &mut Conn, id: AgreementId) -> Result<Vec<AgreementRow>> {
    Ok(agreement::table
        .filter(agreement::replaced_by.eq(Some(id)))
        .select(AgreementRow::as_select())
        .load(conn)?)
}

/// Id and name of every programme.
pub fn programmes(conn: &mut Conn) -> Result<Vec<(ProgrammeId, Plain)>> {
    Ok(programme::table
        .order(programme::name)
        .select((programme::id, programme::name))
        .load(conn)?)
}

/// How an agency stands by its memorandum of understanding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The agreement.
    pub id: AgreementId,
    /// How it stands.
    pub standing: Standing,
    /// Its last day in force.
    pub last_day: Day,
}

/// How each agency stands by its memorandum of understanding on `day`; agencies without one are
/// missing.
pub fn summaries(conn: &mut Conn, day: Date) -> Result<BTreeMap<AgencyId, Summary>> {
    let rows: Vec<AgreementRow> = agreement::table
        .filter(agreement::kind.eq(Plain::new(Kind::Mou.code())))
        .select(AgreementRow::as_select())
        .load(conn)?;
    let soon = ends_soon_days(conn, day)?;
    let mut terms: BTreeMap<AgencyId, Vec<(AgreementId, Term)>> = BTreeMap::new();
    for row in &rows {
        let of = terms.entry(row.agency_id).or_default();
        of.push((row.id, row.term()));
    }
    Ok(terms
        .into_iter()
        .filter_map(|(agency, terms)| Some((agency, summary(&terms, day, soon)?)))
        .collect())
}

fn summary(terms: &[(AgreementId, Term)], day: Date, soon: u16) -> Option<Summary> {
    let (id, standing) = stands_by(terms, day, soon)?;
    let (_, term) = terms.iter().find(|(of, _)| *of == id)?;
    Some(Summary {
        id,
        standing,
        last_day: Day(term.last_day()),
    })
}

/// How an agency stands by its memorandum of understanding on `day` (R105). One that never had any
/// stands as one that has not signed.
pub fn standing_of(office: &mut Office<'_>, agency: AgencyId, day: Date) -> Result<Standing> {
    let found = summaries(office.conn(), day)?;
    Ok(found
        .get(&agency)
        .map_or(Standing::NotSigned, |summary| summary.standing))
}

/// Whether a referral is received as usual, or waits for a decision (R105).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ForReferral {
    /// The agency takes part.
    InForce,
    /// It does not, on that day. The referral is saved as held; nobody is turned away.
    Ended(WhomToRing),
}

/// Whom to ring now, when a referral is held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhomToRing {
    /// The agency's contact persons of today, its deputies last: name and telephone.
    pub contacts: Vec<(Plain, Option<Plain>)>,
    /// The agency's own telephone.
    pub agency_phone: Option<Plain>,
    /// The service that decides.
    pub service: Plain,
    /// The service's telephone.
    pub service_phone: Option<Plain>,
}

/// Whether `agency` has a memorandum of understanding with `programme` in force on the London day
/// of `at`, and if not, whom to ring. A draft that was begun in force is asked about with the
/// instant at which it was begun. The agency that runs the programme needs none with itself.
pub fn agreement_for_referral(
    conn: &mut Conn,
    agency: AgencyId,
    programme: ProgrammeId,
    at: Instant,
) -> Result<ForReferral> {
    let runs: AgencyId = programme::table
        .find(programme)
        .select(programme::agency_id)
        .first(conn)?;
    if runs == agency || platform::casefile::had_agreement(conn, agency, programme, at)? {
        return Ok(ForReferral::InForce);
    }
    let own_phone: Option<Plain> = agency::table
        .find(agency)
        .select(agency::phone)
        .first(conn)?;
    let (service, service_phone): (Plain, Option<Plain>) = agency::table
        .find(runs)
        .select((agency::name, agency::phone))
        .first(conn)?;
    let contacts = crate::agencies::contacts_on(conn, agency, at.day())?
        .into_iter()
        .map(|contact| (contact.name, contact.phone))
        .collect();
    Ok(ForReferral::Ended(WhomToRing {
        contacts,
        agency_phone: own_phone,
        service,
        service_phone,
    }))
}

/// That the memorandum of an agency ends soon, or has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The agency.
    pub agency: AgencyId,
    /// Its name.
    pub name: Plain,
    /// How it stands: `EndsSoon`, `Ended` or `Terminated`.
    pub standing: Standing,
    /// The last day in force.
    pub last_day: Day,
    /// Where to read more.
    pub href: Plain,
}
impl<A: kernel::label::Audience> kernel::label::Shows<A> for Notice {}

/// The agreements that end soon or have ended, for who is to know of it: the contact person of an
/// agency of that one, the service manager of all. Nobody else is told.
pub async fn notices(own: &Own) -> Result<Vec<Notice>> {
    let session = own.session().clone();
    let only = if session.actor.holds(&[Role::ServiceManager]) {
        None
    } else if session.actor.holds(&[Role::Spoc]) {
        Some(session.actor.agency)
    } else {
        return Ok(Vec::new());
    };
    own.read(move |office| {
        let day = office.now().day();
        notices_in(office.conn(), only, day)
    })
    .await
}

/// The notices of one agency, or of all.
pub fn notices_in(conn: &mut Conn, only: Option<AgencyId>, day: Date) -> Result<Vec<Notice>> {
    let names: Vec<(AgencyId, Plain)> = agency::table
        .order(agency::name)
        .select((agency::id, agency::name))
        .load(conn)?;
    let found = summaries(conn, day)?;
    let mut notices: Vec<Notice> = names
        .into_iter()
        .filter(|(id, _)| only.is_none_or(|only| only == *id))
        .filter_map(|(id, name)| {
            let summary = found.get(&id)?;
            matches!(
                summary.standing,
                Standing::EndsSoon { .. } | Standing::Ended | Standing::Terminated
            )
            .then(|| Notice {
                agency: id,
                name,
                standing: summary.standing,
                last_day: summary.last_day,
                href: Plain::new(match only {
                    Some(_) => format!("/agencies/{id}/borough"),
                    None => format!("/agencies/{id}"),
                }),
            })
        })
        .collect();
    notices.sort_by_key(|notice| notice.last_day);
    Ok(notices)
}

/// The agreement of the same kind that another one would run beside. A second memorandum, or a
/// second protocol of one hub, takes the place of the first; only other sharing may be several.
pub fn rival(
    conn: &mut Conn,
    of: AgencyId,
    about: ProgrammeId,
    kind: Kind,
    today: Date,
) -> Result<Option<AgreementRow>> {
    if kind == Kind::Other {
        return Ok(None);
    }
    Ok(of_agency(conn, of)?
        .into_iter()
        .filter(|row| row.kind() == kind && row.programme_id == about)
        .filter(|row| row.replaced_by.is_none())
        .find(|row| {
            matches!(
                in_force(&row.term(), today, 0),
                Standing::NotSigned
                    | Standing::NotYet
                    | Standing::InForce
                    | Standing::EndsSoon { .. }
            )
        }))
}

/// Adds an agreement.
pub fn add(
    conn: &mut Conn,
    id: AgreementId,
    of: AgencyId,
    about: ProgrammeId,
    kind: Kind,
    terms: &Terms,
) -> Result<(), Failed> {
    let first = starts_on(terms.agency.as_ref(), terms.programme.as_ref()).map(Day);
    let (agency, programme) = (terms.agency.as_ref(), terms.programme.as_ref());
    diesel::insert_into(agreement::table)
        .values((
            (
                agreement::id.eq(id),
                agreement::agency_id.eq(of),
                agreement::programme_id.eq(about),
                agreement::kind.eq(Plain::new(kind.code())),
                agreement::title.eq(&terms.title),
            ),
            (
                agreement::agency_signatory.eq(agency.map(|s| s.name.clone())),
                agreement::agency_signatory_role.eq(agency.map(|s| s.role.clone())),
                agreement::agency_signed_on.eq(agency.map(|s| Day(s.on))),
                agreement::programme_signatory.eq(programme.map(|s| s.name.clone())),
                agreement::programme_signatory_role.eq(programme.map(|s| s.role.clone())),
                agreement::programme_signed_on.eq(programme.map(|s| Day(s.on))),
            ),
            (
                agreement::starts_on.eq(first),
                agreement::ends_on.eq(Day(terms.ends_on)),
                agreement::version.eq(1),
            ),
        ))
        .execute(conn)?;
    Ok(())
}

/// Writes the terms of an agreement that not both have signed yet. `Stale` if it moved on.
pub fn rewrite(
    conn: &mut Conn,
    row: &AgreementRow,
    terms: &Terms,
    version: i32,
) -> Result<(), Failed> {
    let first = starts_on(terms.agency.as_ref(), terms.programme.as_ref()).map(Day);
    let (agency, programme) = (terms.agency.as_ref(), terms.programme.as_ref());
    let written = diesel::update(
        agreement::table
            .filter(agreement::id.eq(row.id))
            .filter(agreement::version.eq(version)),
    )
    .set((
        (
            agreement::title.eq(&terms.title),
            agreement::agency_signatory.eq(agency.map(|s| s.name.clone())),
            agreement::agency_signatory_role.eq(agency.map(|s| s.role.clone())),
            agreement::agency_signed_on.eq(agency.map(|s| Day(s.on))),
            agreement::programme_signatory.eq(programme.map(|s| s.name.clone())),
            agreement::programme_signatory_role.eq(programme.map(|s| s.role.clone())),
            agreement::programme_signed_on.eq(programme.map(|s| Day(s.on))),
        ),
        (
            agreement::starts_on.eq(first),
            agreement::ends_on.eq(Day(terms.ends_on)),
            agreement::version.eq(agreement::version + 1),
        ),
    ))
    .execute(conn)?;
    if written == 0 {
        return Err(platform::Error::Stale.into());
    }
    if let Some(Day(first)) = first {
        for old in replaced_by(conn, row.id)? {
            give_way(conn, &old, first)?;
        }
    }
    Ok(())
}

/// Links an agreement to the one that takes its place, which begins on `first` once both have
/// signed it. `Stale` if it moved on.
pub fn replace(
    conn: &mut Conn,
    old: &AgreementRow,
    version: i32,
    new: AgreementId,
    first: Option<Date>,
) -> Result<(), Failed> {
    let linked = diesel::update(
        agreement::table
            .filter(agreement::id.eq(old.id))
            .filter(agreement::version.eq(version)),
    )
    .set((
        agreement::replaced_by.eq(Some(new)),
        agreement::version.eq(agreement::version + 1),
    ))
    .execute(conn)?;
    if linked == 0 {
        return Err(platform::Error::Stale.into());
    }
    match first {
        Some(first) => give_way(conn, old, first),
        None => Ok(()),
    }
}

/// Ends an agreement on the day on which the one that replaces it begins, so that no day lies
/// between them. One that is over by then, or that nobody signed, keeps the days it had.
fn give_way(conn: &mut Conn, old: &AgreementRow, first: Date) -> Result<(), Failed> {
    let term = old.term();
    let over = term.starts_on.is_some() && term.last_day() < first;
    if over || term.ended_on.is_some() {
        return Ok(());
    }
    end(conn, old.id, EndedBy::Replaced, first, None)
}

/// Ends an agreement: from `ended_on` it is no longer in force.
fn end(
    conn: &mut Conn,
    id: AgreementId,
    by: EndedBy,
    ended_on: Date,
    because: Option<Plain>,
) -> Result<(), Failed> {
    diesel::update(agreement::table.filter(agreement::id.eq(id)))
        .set((
            agreement::ended_on.eq(Some(Day(ended_on))),
            agreement::ended_by.eq(Some(Plain::new(by.code()))),
            agreement::ended_because.eq(because),
            agreement::version.eq(agreement::version + 1),
        ))
        .execute(conn)?;
    Ok(())
}

/// Ends an agreement after `last` by the will of one side. `Stale` if it moved on.
pub fn terminate(
    conn: &mut Conn,
    row: &AgreementRow,
    version: i32,
    by: EndedBy,
    last: Date,
    because: Plain,
) -> Result<(), Failed> {
    if row.version != version {
        return Err(platform::Error::Stale.into());
    }
    let ended_on = last.tomorrow().map_err(|e| {
        Failed::Said(platform::Error::Broken(format!(
            "the day after {last}: {e}"
        )))
    })?;
    if row.starts_on.is_none() {
        // It will never begin, so what it was to replace may be replaced by another.
        diesel::update(agreement::table.filter(agreement::replaced_by.eq(Some(row.id))))
            .set(agreement::replaced_by.eq(None::<AgreementId>))
            .execute(conn)?;
    }
    end(conn, row.id, by, ended_on, Some(because))
}
