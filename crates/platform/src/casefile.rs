//! The frame of a case: what the access decision and the lists need to know of it.

use std::collections::BTreeMap;

use diesel::prelude::*;
use kernel::{
    access::{CaseFacts, Sees, Tie, programme_ties},
    ids::{AgencyId, CaseId, ProgrammeId, TeamId, UserId},
    label::{Labelled, Survivor},
    plain::Plain,
    time::{Day, Instant},
};

use crate::{
    Kept, NEVER, Result, Scope as _, Tx,
    db::{Conn, Failed},
    schema::{TieId, agreement, case_list, casefile, programme, tie},
    session::Session,
};

/// A case about to be opened.
#[derive(Clone, Debug)]
pub struct NewCase {
    /// Its id. Taken from the draft, so that the same draft cannot open two cases.
    pub id: CaseId,
    /// The programme.
    pub programme: ProgrammeId,
    /// The agency that refers, if it is one of the partnership.
    pub agency: Option<AgencyId>,
    /// The team that refers.
    pub team: Option<TeamId>,
    /// What papers about the client carry.
    pub client_reference: Plain,
    /// What papers about the survivor carry.
    pub survivor_reference: Plain,
    /// Who sent the referral and follows it as its referrer.
    pub referrer: Option<UserId>,
}

/// The frame of a case as lists show it. It names nobody.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = casefile, check_for_backend(crate::db::Backend))]
pub struct Frame {
    /// The case.
    pub id: CaseId,
    /// The programme.
    pub programme_id: ProgrammeId,
    /// The agency that referred.
    pub referring_agency_id: Option<AgencyId>,
    /// The team that referred.
    pub team_id: Option<TeamId>,
    /// What papers about the client carry.
    pub client_reference: Plain,
    /// What papers about the survivor carry.
    pub survivor_reference: Plain,
    /// When it opened.
    pub opened_at: Instant,
    /// Where it stands.
    pub stage: Plain,
    /// 1 while it is open.
    pub open: i32,
    /// The next due instant, as far as who lists the case sees it.
    pub next_due: Instant,
    /// The next due instant with the duties that only the survivor's side sees.
    pub next_due_apart: Instant,
    /// 1 if restricted.
    pub restricted: i32,
    /// Counts changes.
    pub version: i32,
}

/// A tie of who asks, beside the frame, the agency that runs the programme, and how who asks is
/// listed.
type Asked = (Frame, AgencyId, Option<Plain>, Option<i32>);

/// What is known about `session` and a case, for the one decision.
pub(crate) fn facts(
    conn: &mut Conn,
    session: &Session,
    case: CaseId,
    now: Instant,
    reason_given: bool,
) -> Result<CaseFacts, diesel::result::Error> {
    let me = session.actor.user;
    let mine = tie::case_id
        .eq(casefile::id)
        .and(tie::user_id.eq(me))
        .and(tie::from_at.le(now))
        .and(tie::until_at.is_null().or(tie::until_at.gt(Some(now))));
    let named = case_list::case_id
        .eq(casefile::id)
        .and(case_list::user_id.eq(me));
    // One statement for all that is asked of every request about a case.
    let rows: Vec<Asked> = casefile::table
        .inner_join(programme::table)
        .left_join(tie::table.on(mine.assume_not_null()))
        .left_join(case_list::table.on(named))
        .filter(casefile::id.eq(case))
        .select((
            Frame::as_select(),
            programme::agency_id,
            tie::kind.nullable(),
            case_list::allowed.nullable(),
        ))
        .load(conn)?;
    let mut ties: Vec<Tie> = rows
        .iter()
        .filter_map(|(_, _, kind, _)| Tie::parse(kind.as_ref()?.as_str()))
        .collect();
    let Some((frame, runs, _, listed)) = rows.into_iter().next() else {
        return Ok(CaseFacts::default());
    };
    let runs = runs == session.actor.agency;
    if runs {
        ties.extend(programme_ties(&session.actor));
    }
    let sent_by_my_agency = frame.referring_agency_id == Some(session.actor.agency);
    if sent_by_my_agency
        && frame.team_id.is_some()
        && frame.team_id == session.team
        && session.actor.holds(&[kernel::access::Role::TeamManager])
    {
        ties.push(Tie::TeamManager);
    }
    ties.sort_unstable();
    ties.dedup();
    let took_part = runs
        || sent_by_my_agency
        || had_agreement(
            conn,
            session.actor.agency,
            frame.programme_id,
            frame.opened_at,
        )?;
    Ok(CaseFacts {
        took_part,
        excluded: listed == Some(0),
        on_allow_list: (frame.restricted == 1).then_some(listed == Some(1)),
        reason_given,
        specialist: ties.contains(&Tie::LeadWorker) && has_specialist(conn, case, now)?,
        ties,
    })
}

/// Whether a tie sees the duties of the survivor's side: who holds her confidences, and who answers
/// for the programme. The lead worker does while no specialist holds the line.
pub fn sees_apart(tie: Tie, specialist: bool) -> bool {
    match tie {
        Tie::SurvivorLine | Tie::SurvivorSupervisor | Tie::Oversight => true,
        Tie::LeadWorker => !specialist,
        Tie::Intake
        | Tie::ClientLine
        | Tie::ClientSupervisor
        | Tie::Referrer
        | Tie::TeamManager => false,
    }
}

/// Whether somebody holds the survivor line as a specialist now.
fn has_specialist(
    conn: &mut Conn,
    case: CaseId,
    now: Instant,
) -> Result<bool, diesel::result::Error> {
    let count: i64 = tie::table
        .filter(tie::case_id.eq(case))
        .filter(tie::kind.eq(Plain::new(Tie::SurvivorLine.code())))
        .filter(tie::from_at.le(now))
        .filter(tie::until_at.is_null().or(tie::until_at.gt(Some(now))))
        .count()
        .get_result(conn)?;
    Ok(count > 0)
}

fn runs_programme(
    conn: &mut Conn,
    agency: AgencyId,
    id: ProgrammeId,
) -> Result<bool, diesel::result::Error> {
    let runs: Option<AgencyId> = programme::table
        .find(id)
        .select(programme::agency_id)
        .first(conn)
        .optional()?;
    Ok(runs == Some(agency))
}

/// Whether `agency` had an agreement in force with the programme on the London day of `at`
/// (R105): an agreement that ends later changes nothing for cases that opened before.
pub fn had_agreement(
    conn: &mut Conn,
    agency: AgencyId,
    programme: ProgrammeId,
    at: Instant,
) -> Result<bool, diesel::result::Error> {
    let day = Day(at.day());
    let count: i64 = agreement::table
        .filter(agreement::agency_id.eq(agency))
        .filter(agreement::programme_id.eq(programme))
        .filter(agreement::kind.eq(Plain::new("mou")))
        .filter(agreement::starts_on.le(Some(day)))
        .filter(agreement::ends_on.ge(day))
        .filter(
            agreement::ended_on
                .is_null()
                .or(agreement::ended_on.gt(Some(day))),
        )
        .count()
        .get_result(conn)?;
    Ok(count > 0)
}

/// Inserts the frame of a case that opens now, with the tie of its referrer.
pub(crate) fn open(tx: &mut Tx<'_>, new: &NewCase) -> Result<(), Failed> {
    let now = tx.now();
    diesel::insert_into(casefile::table)
        .values((
            (
                casefile::id.eq(new.id),
                casefile::programme_id.eq(new.programme),
                casefile::referring_agency_id.eq(new.agency),
                casefile::team_id.eq(new.team),
            ),
            (
                casefile::client_reference.eq(&new.client_reference),
                casefile::survivor_reference.eq(&new.survivor_reference),
                casefile::opened_at.eq(now),
                casefile::stage.eq(Plain::new("opening")),
            ),
            (
                casefile::open.eq(1),
                casefile::next_due.eq(NEVER),
                casefile::next_due_apart.eq(NEVER),
                casefile::facts.eq(Labelled::<_, Survivor>::new(String::new())),
                casefile::restricted.eq(0),
                casefile::version.eq(0),
            ),
        ))
        .execute(tx.conn())?;
    if let Some(referrer) = new.referrer {
        add_tie(tx, referrer, Tie::Referrer, None, None)?;
    }
    Ok(())
}

/// Writes what the capabilities want kept.
pub(crate) fn keep(
    tx: &mut Tx<'_>,
    hook: fn(&mut Tx<'_>) -> Result<Kept, Failed>,
) -> Result<Option<Sees>, Failed> {
    let kept = hook(tx)?;
    tx.done();
    let (case, now) = (tx.case(), tx.now());
    diesel::update(casefile::table.find(case))
        .set((
            casefile::stage.eq(Plain::new(kept.stage)),
            casefile::open.eq(i32::from(kept.open)),
            casefile::next_due.eq(kept.next_due),
            casefile::next_due_apart.eq(kept.next_due_apart),
            casefile::facts.eq(&kept.facts),
            casefile::version.eq(casefile::version + 1),
        ))
        .execute(tx.conn())?;
    // Each tie is listed by what it sees: a duty of the survivor's side moves nothing for the other.
    let specialist = has_specialist(tx.conn(), case, now)?;
    let apart: Vec<Plain> = Tie::ALL
        .into_iter()
        .filter(|tie| sees_apart(*tie, specialist))
        .map(|tie| Plain::new(tie.code()))
        .collect();
    let moved = tie::table
        .filter(tie::case_id.eq(case))
        .filter(tie::kind.ne_all(apart.clone()))
        .filter(tie::next_due.ne(kept.next_due));
    diesel::update(moved)
        .set(tie::next_due.eq(kept.next_due))
        .execute(tx.conn())?;
    let moved = tie::table
        .filter(tie::case_id.eq(case))
        .filter(tie::kind.eq_any(apart))
        .filter(tie::next_due.ne(kept.next_due_apart));
    diesel::update(moved)
        .set(tie::next_due.eq(kept.next_due_apart))
        .execute(tx.conn())?;
    Ok(kept.noted)
}

/// The open cases of which a duty fell due before `now`, what is longest overdue first.
pub(crate) fn overdue(conn: &mut Conn, now: Instant) -> Result<Vec<CaseId>> {
    Ok(casefile::table
        .filter(casefile::open.eq(1))
        .filter(casefile::next_due_apart.le(now))
        .order((casefile::next_due_apart, casefile::id))
        .select(casefile::id)
        .load(conn)?)
}

/// The cases of which no facts were kept yet.
pub(crate) fn unkept(conn: &mut Conn) -> Result<Vec<CaseId>> {
    Ok(casefile::table
        .filter(casefile::facts.eq(Labelled::<_, Survivor>::new(String::new())))
        .select(casefile::id)
        .load(conn)?)
}

/// The facts that the capabilities kept of the case in hand at its last change; `None` if none were.
pub fn facts_kept(scope: &mut impl crate::Scope) -> Result<Option<Labelled<String, Survivor>>> {
    let case = scope.case();
    let text: Labelled<String, Survivor> = casefile::table
        .find(case)
        .select(casefile::facts)
        .first(scope.conn())?;
    Ok((!text.expose().is_empty()).then_some(text))
}

/// The frame of the case in hand.
pub fn frame(scope: &mut impl crate::Scope) -> Result<Frame> {
    let case = scope.case();
    Ok(casefile::table
        .find(case)
        .select(Frame::as_select())
        .first(scope.conn())?)
}

/// A tie of the case in hand. Who it is, is shown by the capability that knows its label.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = tie, check_for_backend(crate::db::Backend))]
pub struct TieRow {
    /// Its id.
    pub id: TieId,
    /// The worker.
    pub user_id: UserId,
    /// The tie's code.
    pub kind: Plain,
    /// Whose place it takes.
    pub covers: Option<UserId>,
    /// From when.
    pub from_at: Instant,
    /// Until when.
    pub until_at: Option<Instant>,
}

impl TieRow {
    /// The tie.
    pub fn tie(&self) -> Option<Tie> {
        Tie::parse(self.kind.as_str())
    }

    /// Whether it holds at `now`.
    pub fn holds(&self, now: Instant) -> bool {
        self.from_at <= now && self.until_at.is_none_or(|until| until > now)
    }
}

/// The ties of the case in hand, ended ones too, oldest first.
pub fn ties(scope: &mut impl crate::Scope) -> Result<Vec<TieRow>> {
    let case = scope.case();
    Ok(tie::table
        .filter(tie::case_id.eq(case))
        .order((tie::from_at, tie::id))
        .select(TieRow::as_select())
        .load(scope.conn())?)
}

/// The ties that somebody holds on the cases of a list.
pub fn ties_listed(across: &mut crate::Across<'_>) -> Result<Vec<(CaseId, Tie)>> {
    let (cases, now) = (across.cases(), across.now());
    let rows: Vec<(CaseId, Plain)> = tie::table
        .filter(tie::case_id.eq_any(cases))
        .filter(tie::from_at.le(now))
        .filter(tie::until_at.is_null().or(tie::until_at.gt(Some(now))))
        .select((tie::case_id, tie::kind))
        .load(across.conn())?;
    Ok(rows
        .into_iter()
        .filter_map(|(case, kind)| Some((case, Tie::parse(kind.as_str())?)))
        .collect())
}

/// My own ties on the cases of a list, cover included.
pub fn my_ties_listed(across: &mut crate::Across<'_>) -> Result<Vec<(CaseId, Tie)>> {
    let (cases, now, me) = (across.cases(), across.now(), across.actor());
    let rows: Vec<(CaseId, Plain)> = tie::table
        .filter(tie::case_id.eq_any(cases))
        .filter(tie::user_id.eq(me))
        .filter(tie::from_at.le(now))
        .filter(tie::until_at.is_null().or(tie::until_at.gt(Some(now))))
        .select((tie::case_id, tie::kind))
        .load(across.conn())?;
    Ok(rows
        .into_iter()
        .filter_map(|(case, kind)| Some((case, Tie::parse(kind.as_str())?)))
        .collect())
}

/// Ties a worker to the case in hand, from now, or as dated cover for `covers`.
///
/// Whether the worker may be tied is the caller's rule.
pub fn add_tie(
    tx: &mut Tx<'_>,
    user: UserId,
    kind: Tie,
    covers: Option<UserId>,
    dates: Option<(Instant, Instant)>,
) -> Result<TieId, Failed> {
    let id = TieId::new();
    let (from, until) = dates.map_or((tx.now(), None), |(from, until)| (from, Some(until)));
    let (case, frame) = (tx.case(), frame(tx)?);
    // The hook of the change sets it anew for every tie; this is for cover of later days.
    let next_due = if sees_apart(kind, false) {
        frame.next_due_apart
    } else {
        frame.next_due
    };
    diesel::insert_into(tie::table)
        .values((
            tie::id.eq(id),
            tie::case_id.eq(case),
            tie::user_id.eq(user),
            tie::kind.eq(Plain::new(kind.code())),
            tie::covers.eq(covers),
            tie::from_at.eq(from),
            tie::until_at.eq(until),
            tie::next_due.eq(next_due),
        ))
        .execute(tx.conn())?;
    Ok(id)
}

/// Ends open ties of the case in hand: of one kind, of one worker, or of both.
pub fn end_ties(tx: &mut Tx<'_>, kind: Option<Tie>, user: Option<UserId>) -> Result<usize, Failed> {
    let (case, now) = (tx.case(), tx.now());
    let mut open = tie::table
        .filter(tie::case_id.eq(case))
        .filter(tie::until_at.is_null().or(tie::until_at.gt(Some(now))))
        .into_boxed();
    if let Some(kind) = kind {
        open = open.filter(tie::kind.eq(Plain::new(kind.code())));
    }
    if let Some(user) = user {
        open = open.filter(tie::user_id.eq(user));
    }
    let ids: Vec<TieId> = open.select(tie::id).load(tx.conn())?;
    let ended = diesel::update(tie::table.filter(tie::id.eq_any(&ids)))
        .set(tie::until_at.eq(Some(now)))
        .execute(tx.conn())?;
    Ok(ended)
}

/// Excludes a worker from the case in hand, or names one for it if it is restricted.
pub fn list_worker(tx: &mut Tx<'_>, user: UserId, allowed: bool) -> Result<(), Failed> {
    let (case, now) = (tx.case(), tx.now());
    diesel::delete(case_list::table.find((case, user))).execute(tx.conn())?;
    diesel::insert_into(case_list::table)
        .values((
            case_list::case_id.eq(case),
            case_list::user_id.eq(user),
            case_list::allowed.eq(i32::from(allowed)),
            case_list::since.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes a worker off the list of the case in hand.
pub fn unlist_worker(tx: &mut Tx<'_>, user: UserId) -> Result<(), Failed> {
    let case = tx.case();
    diesel::delete(case_list::table.find((case, user))).execute(tx.conn())?;
    Ok(())
}

/// The workers listed on the case in hand, each with whether allowed (else excluded).
pub fn listed_workers(scope: &mut impl crate::Scope) -> Result<Vec<(UserId, bool)>> {
    let case = scope.case();
    let rows: Vec<(UserId, i32)> = case_list::table
        .filter(case_list::case_id.eq(case))
        .select((case_list::user_id, case_list::allowed))
        .load(scope.conn())?;
    Ok(rows
        .into_iter()
        .map(|(user, allowed)| (user, allowed == 1))
        .collect())
}

/// Restricts the case in hand to the people named for it, or lifts the restriction.
pub fn restrict(tx: &mut Tx<'_>, restricted: bool) -> Result<(), Failed> {
    let case = tx.case();
    diesel::update(casefile::table.find(case))
        .set(casefile::restricted.eq(i32::from(restricted)))
        .execute(tx.conn())?;
    Ok(())
}

/// How many open cases each worker holds by one of `kinds` now. It names no case.
pub fn loads(conn: &mut Conn, kinds: &[Tie], now: Instant) -> Result<Vec<(UserId, i64)>> {
    let kinds: Vec<Plain> = kinds.iter().map(|kind| Plain::new(kind.code())).collect();
    Ok(tie::table
        .inner_join(casefile::table)
        .filter(casefile::open.eq(1))
        .filter(tie::kind.eq_any(kinds))
        .filter(tie::from_at.le(now))
        .filter(tie::until_at.is_null().or(tie::until_at.gt(Some(now))))
        .group_by(tie::user_id)
        .select((tie::user_id, diesel::dsl::count_star()))
        .load(conn)?)
}

/// The workers who hold the role `role` on the day of `now` and may sign in, with their agency.
pub fn workers(conn: &mut Conn, role: kernel::access::Role, now: Instant) -> Result<Vec<Worker>> {
    use crate::schema::{agency, app_user, user_role};
    let today = Day(now.day());
    let rows: Vec<(UserId, AgencyId, Plain, Plain)> = user_role::table
        .inner_join(app_user::table.inner_join(agency::table))
        .filter(user_role::role.eq(Plain::new(role.code())))
        .filter(user_role::from_day.le(today))
        .filter(
            user_role::until_day
                .is_null()
                .or(user_role::until_day.ge(Some(today))),
        )
        .filter(app_user::standing.eq(Plain::new("active")))
        .order(app_user::name)
        .select((
            app_user::id,
            app_user::agency_id,
            app_user::name,
            agency::name,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .filter(|(user, ..)| *user != crate::bootstrap::SYSTEM)
        .map(|(user, agency, name, agency_name)| Worker {
            user,
            agency,
            name,
            agency_name,
        })
        .collect())
}

/// A worker who may be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    /// The worker.
    pub user: UserId,
    /// The agency.
    pub agency: AgencyId,
    /// The name.
    pub name: Plain,
    /// The agency's name.
    pub agency_name: Plain,
}

/// Whether an agency took part in the case in hand when it opened.
pub fn took_part(scope: &mut impl crate::Scope, agency: AgencyId) -> Result<bool> {
    let frame = frame(scope)?;
    let conn = scope.conn();
    Ok(runs_programme(conn, agency, frame.programme_id)?
        || frame.referring_agency_id == Some(agency)
        || had_agreement(conn, agency, frame.programme_id, frame.opened_at)?)
}

/// The names of workers, for showing who did what.
pub fn worker_names(
    conn: &mut Conn,
    users: &[UserId],
) -> Result<std::collections::HashMap<UserId, Plain>> {
    use crate::schema::app_user;
    let rows: Vec<(UserId, Plain)> = app_user::table
        .filter(app_user::id.eq_any(users))
        .select((app_user::id, app_user::name))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// How many referrals an agency sent, without any case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// By where they stand now: stage code, number.
    pub by_stage: Vec<(Plain, i64)>,
    /// The London days on which they opened, each with a number, oldest first.
    pub by_day: Vec<(Day, i64)>,
}

/// Counts the referrals of one agency by stage and by day. It names nobody and gives no reference,
/// so that a borough's contact person, who may open no case, can see how many there are (R095).
pub fn counts_of_agency(office: &mut crate::Office<'_>, agency: AgencyId) -> Result<Counts> {
    let rows: Vec<(Plain, Instant)> = casefile::table
        .filter(casefile::referring_agency_id.eq(Some(agency)))
        .select((casefile::stage, casefile::opened_at))
        .load(office.conn())?;
    let (mut by_stage, mut by_day) = (BTreeMap::new(), BTreeMap::new());
    for (stage, opened_at) in rows {
        *by_stage.entry(stage).or_insert(0) += 1;
        *by_day.entry(Day(opened_at.day())).or_insert(0) += 1;
    }
    Ok(Counts {
        by_stage: by_stage.into_iter().collect(),
        by_day: by_day.into_iter().collect(),
    })
}

/// The cases that opened from a day on: by which programme, from which agency, on which London day.
/// It names nobody and gives no reference.
pub fn openings(
    office: &mut crate::Office<'_>,
    from: Day,
) -> Result<Vec<(ProgrammeId, Option<AgencyId>, Day)>> {
    let start = Instant::new(kernel::deadline::start_of(from.0));
    let rows: Vec<(ProgrammeId, Option<AgencyId>, Instant)> = casefile::table
        .filter(casefile::opened_at.ge(start))
        .select((
            casefile::programme_id,
            casefile::referring_agency_id,
            casefile::opened_at,
        ))
        .load(office.conn())?;
    Ok(rows
        .into_iter()
        .map(|(programme, agency, at)| (programme, agency, Day(at.day())))
        .collect())
}
