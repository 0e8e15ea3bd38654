//! What referrals need to know of the partnership: programmes, agencies, who can be rung.

use diesel::prelude::*;
use kernel::{
    access::{Role, Standing as UserStanding},
    form::Typed,
    ids::{AgencyId, ProgrammeId, UserId},
    plain::Plain,
    time::{Day, Instant},
};
use platform::{
    Result,
    casefile::had_agreement,
    db::Conn,
    schema::{agency, agreement, app_user, programme, team, user_role},
};

use super::super::rules::Standing;

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
    type Row = (
        Plain,
        Plain,
        Option<Plain>,
        Plain,
        Option<kernel::ids::TeamId>,
    );
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
        Some(id) => team::table
            .find(id)
            .select(team::name)
            .first(conn)
            .optional()?,
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
        (
            "referrer_telephone",
            phone.map(|phone| phone.to_string()).unwrap_or_default(),
        ),
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
        .filter(
            user_role::until_day
                .is_null()
                .or(user_role::until_day.ge(Some(today))),
        )
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
    Ok(app_user::table
        .find(user)
        .select(app_user::name)
        .first(conn)?)
}
