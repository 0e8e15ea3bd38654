//! Lists of cases. What a list shows follows from the same decision as the page of each case.

use std::{marker::PhantomData, sync::Arc};

use axum::{extract::FromRequestParts, http::request::Parts};
use diesel::prelude::*;
use kernel::{
    access::{About, CaseFacts, Refusal, Role, Tie, decide, programme_ties},
    ids::{AgencyId, CaseId, ProgrammeId, StreamId, UserId},
    label::{Labelled, Survivor},
    plain::Plain,
    time::Instant,
};

use crate::{
    App, Changes, Error, Origin, Permission, Result, Tx,
    audit::{self, Event, Said},
    case::{refused, signed_in, stream_of},
    casefile::{self, Frame},
    db::{Conn, Failed},
    permission::is_about_case,
    schema::{case_list, casefile as cf, programme, tie},
    session::Session,
};

/// Whose cases a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Those to which I am tied by name.
    Mine,
    /// Those which my team referred.
    Team,
    /// Those of the programme.
    Programme,
}

/// The order of a list. Each is an index, so that paging never sorts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// What is due first comes first.
    Due,
    /// What opened last comes first.
    Newest,
}

/// Which cases of a list answer a search. The capability that owns the words looks them up; the
/// list shows those of them that it would show anyway.
#[derive(Clone)]
pub struct Search {
    /// What was typed.
    pub words: String,
    /// The cases that answer, whoever may see them.
    pub find: fn(&mut Conn, &str) -> Result<Vec<CaseId>>,
}

impl std::fmt::Debug for Search {
    /// Without the words: they name somebody.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Search")
    }
}

/// What a list asks for.
#[derive(Clone, Debug)]
pub struct Listing {
    /// Whose cases.
    pub whose: Whose,
    /// The order. `Mine` is always by what is due.
    pub order: Order,
    /// Only cases at this stage.
    pub stage: Option<&'static str>,
    /// Only cases at one of these stages; at any, if there are none.
    pub stages: &'static [&'static str],
    /// Only cases that fall due before this instant.
    pub due_before: Option<Instant>,
    /// Only cases that answer this.
    pub search: Option<Search>,
    /// Only these cases.
    pub among: Option<Vec<CaseId>>,
    /// The key after which to go on, from [`Listed::more`].
    pub after: Option<String>,
    /// The most rows.
    pub limit: i64,
}

impl Listing {
    /// The first 25 of them.
    pub const fn of(whose: Whose, order: Order) -> Self {
        Self {
            whose,
            order,
            stage: None,
            stages: &[],
            due_before: None,
            search: None,
            among: None,
            after: None,
            limit: 25,
        }
    }
}

impl Listing {
    /// The cases that answer the search and are among those asked for, if either was said.
    fn found(&self, conn: &mut Conn) -> Result<Option<Vec<CaseId>>> {
        let found = self
            .search
            .as_ref()
            .map(|search| (search.find)(conn, &search.words))
            .transpose()?;
        Ok(match (found, &self.among) {
            (Some(mut found), Some(among)) => {
                found.retain(|case| among.contains(case));
                Some(found)
            }
            (found, among) => found.or_else(|| among.clone()),
        })
    }
}

/// The cases that a list may show, and a connection that cannot write.
pub struct Across<'a> {
    frames: Vec<Frame>,
    session: &'a Session,
    now: Instant,
    conn: &'a mut Conn,
}

impl Across<'_> {
    /// The cases, in the order of the list.
    pub fn frames(&self) -> &[Frame] {
        &self.frames
    }

    /// The ties that the roles of who asks give to every case of the programme.
    pub fn programme_ties(&self) -> Vec<Tie> {
        programme_ties(&self.session.actor)
    }

    /// Their ids.
    pub fn cases(&self) -> Vec<CaseId> {
        self.frames.iter().map(|frame| frame.id).collect()
    }

    /// The facts that the capabilities kept of each at its last change.
    pub fn facts(&mut self) -> Result<Vec<(CaseId, Labelled<String, Survivor>)>> {
        let cases = self.cases();
        Ok(cf::table
            .filter(cf::id.eq_any(cases))
            .select((cf::id, cf::facts))
            .load(self.conn)?)
    }

    /// Who asks.
    pub fn actor(&self) -> UserId {
        self.session.actor.user
    }

    /// The instant at which the request is answered.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The connection.
    pub fn conn(&mut self) -> &mut Conn {
        self.conn
    }
}

/// A page of a list.
#[derive(Debug)]
pub struct Listed<T> {
    /// What was made of the cases.
    pub rows: T,
    /// The key of the next page, if there is one.
    pub more: Option<String>,
}

/// The cases which the current user may use for `P`.
pub struct Caseload<P: Permission> {
    session: Arc<Session>,
    app: App,
    now: Instant,
    may: PhantomData<fn() -> P>,
}

impl<P: Permission> Caseload<P> {
    /// Who is signed in.
    pub fn session(&self) -> &Arc<Session> {
        &self.session
    }

    /// The application.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The instant at which the request is answered.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// Whether `tie` alone gives `P`: the same decision as for the page of a case.
    fn gives(&self, tie: Tie) -> bool {
        let facts = CaseFacts {
            took_part: true,
            ties: vec![tie],
            ..CaseFacts::default()
        };
        decide(
            &self.session.actor,
            P::NEEDS,
            About::Case(&facts),
            self.session.mode,
        )
        .allows()
    }

    /// Whether the user has a list of this kind at all.
    pub fn has(&self, whose: Whose) -> bool {
        match whose {
            Whose::Mine => true,
            Whose::Team => {
                self.session.team.is_some()
                    && self.session.actor.holds(&[Role::TeamManager])
                    && self.gives(Tie::TeamManager)
            }
            Whose::Programme => programme_ties(&self.session.actor)
                .into_iter()
                .any(|tie| self.gives(tie)),
        }
    }

    /// One page of a list. Which cases it showed is committed before it is answered.
    pub async fn list<T: Send + 'static>(
        &self,
        listing: Listing,
        work: impl FnOnce(&mut Across<'_>) -> Result<T> + Send + 'static,
    ) -> Result<Listed<T>> {
        if !self.has(listing.whose) {
            return Err(Error::NotFound);
        }
        let kinds: Vec<Plain> = Tie::ALL
            .into_iter()
            .filter(|tie| self.gives(*tie))
            .map(|tie| Plain::new(tie.code()))
            .collect();
        let (session, now) = (self.session.clone(), self.now);
        let (rows, more, ids) = self
            .app
            .readers
            .run(move |conn| {
                let (frames, more) = frames(conn, &session, &listing, kinds, now)?;
                let mut across = Across {
                    frames,
                    session: &session,
                    now,
                    conn,
                };
                let ids = across.cases();
                Ok((work(&mut across)?, more, ids))
            })
            .await?;
        if !ids.is_empty() {
            let (key, actor) = (self.app.key.clone(), self.session.actor.user);
            let item = ids
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(" ");
            let mark = self
                .app
                .write(move |conn| {
                    let head = audit::take(conn, StreamId::from_uuid(actor.uuid()))?;
                    let said = Said {
                        event: "listed",
                        ..Said::seen(P::NEEDS, actor, now, item.clone())
                    };
                    audit::write(conn, &key, head, said)
                })
                .await?;
            self.app.note([mark]);
        }
        Ok(Listed { rows, more })
    }

    /// How many open cases to which I am tied by name stand at each stage. It names nobody.
    pub async fn my_stages(&self) -> Result<Vec<(Plain, i64)>> {
        let kinds: Vec<Plain> = Tie::ALL
            .into_iter()
            .filter(|tie| self.gives(*tie))
            .map(|tie| Plain::new(tie.code()))
            .collect();
        let (me, now) = (self.session.actor.user, self.now);
        self.app
            .readers
            .run(move |conn| {
                let (named, excluded) = named_and_excluded(conn, me)?;
                let rows: Vec<(CaseId, Plain, i32)> = tie::table
                    .inner_join(cf::table)
                    .filter(tie::user_id.eq(me))
                    .filter(tie::kind.eq_any(kinds))
                    .filter(tie::from_at.le(now))
                    .filter(tie::until_at.is_null().or(tie::until_at.gt(Some(now))))
                    .filter(cf::open.eq(1))
                    .select((cf::id, cf::stage, cf::restricted))
                    .load(conn)?;
                // Somebody tied twice counts the case once.
                let mine: std::collections::BTreeMap<CaseId, Plain> = rows
                    .into_iter()
                    .filter(|(case, _, restricted)| {
                        !excluded.contains(case) && (*restricted == 0 || named.contains(case))
                    })
                    .map(|(case, stage, _)| (case, stage))
                    .collect();
                let mut stages: std::collections::BTreeMap<Plain, i64> =
                    std::collections::BTreeMap::new();
                for stage in mine.into_values() {
                    *stages.entry(stage).or_default() += 1;
                }
                Ok(stages.into_iter().collect())
            })
            .await
    }

    /// How many open cases of the programme stand at each stage. It names nobody.
    pub async fn stages(&self) -> Result<Vec<(Plain, i64)>> {
        if !self.has(Whose::Programme) {
            return Err(Error::NotFound);
        }
        let agency = self.session.actor.agency;
        self.app
            .readers
            .run(move |conn| {
                let programmes: Vec<ProgrammeId> = programme::table
                    .filter(programme::agency_id.eq(agency))
                    .select(programme::id)
                    .load(conn)?;
                Ok(cf::table
                    .filter(cf::programme_id.eq_any(programmes))
                    .filter(cf::open.eq(1))
                    .group_by(cf::stage)
                    .select((cf::stage, diesel::dsl::count_star()))
                    .load(conn)?)
            })
            .await
    }
}

/// The open cases of the programmes of `agency` on which somebody held `kind` and nobody does now,
/// each with who held it last: what a worker who left, or whose role ended, leaves behind.
pub fn unheld(
    conn: &mut Conn,
    agency: AgencyId,
    kind: Tie,
    now: Instant,
) -> Result<Vec<(CaseId, UserId)>> {
    let kind = Plain::new(kind.code());
    let held: Vec<CaseId> = tie::table
        .filter(tie::kind.eq(kind.clone()))
        .filter(tie::from_at.le(now))
        .filter(tie::until_at.is_null().or(tie::until_at.gt(Some(now))))
        .select(tie::case_id)
        .load(conn)?;
    let held: std::collections::HashSet<CaseId> = held.into_iter().collect();
    let mut rows: Vec<(CaseId, UserId)> = tie::table
        .inner_join(cf::table.inner_join(programme::table))
        .filter(programme::agency_id.eq(agency))
        .filter(cf::open.eq(1))
        .filter(tie::kind.eq(kind))
        .filter(tie::covers.is_null())
        .filter(tie::until_at.le(Some(now)))
        .order((tie::case_id, tie::until_at.desc(), tie::id.desc()))
        .select((tie::case_id, tie::user_id))
        .load(conn)?;
    rows.retain(|(case, _)| !held.contains(case));
    rows.dedup_by_key(|(case, _)| *case);
    Ok(rows)
}

impl<P: Permission> Caseload<P> {
    /// The open cases of the programme on which nobody holds `kind` any more: [`unheld`].
    pub async fn unheld(&self, kind: Tie) -> Result<Vec<(CaseId, UserId)>> {
        if !self.has(Whose::Programme) {
            return Err(Error::NotFound);
        }
        let (now, agency) = (self.now, self.session.actor.agency);
        self.app
            .readers
            .run(move |conn| unheld(conn, agency, kind, now))
            .await
    }
}

impl<P: Changes> Caseload<P> {
    /// The open cases of the programme on which `user` holds `kind` now, to be changed together.
    /// They are ids only: each is decided about again when it is changed.
    pub async fn held_by(&self, user: UserId, kind: Tie) -> Result<Vec<CaseId>> {
        if !self.has(Whose::Programme) {
            return Err(Error::NotFound);
        }
        let (now, agency) = (self.now, self.session.actor.agency);
        self.app
            .readers
            .run(move |conn| {
                Ok(tie::table
                    .inner_join(cf::table.inner_join(programme::table))
                    .filter(programme::agency_id.eq(agency))
                    .filter(cf::open.eq(1))
                    .filter(tie::user_id.eq(user))
                    .filter(tie::kind.eq(Plain::new(kind.code())))
                    .filter(tie::covers.is_null())
                    .filter(tie::from_at.le(now))
                    .filter(tie::until_at.is_null().or(tie::until_at.gt(Some(now))))
                    .select(tie::case_id)
                    .load(conn)?)
            })
            .await
    }

    /// Changes several cases in one transaction, each with its own event on its own chain. One
    /// that may not be changed stops all.
    pub async fn change_each<E: Event>(
        &self,
        mut cases: Vec<CaseId>,
        work: impl Fn(&mut Tx<'_>) -> Result<E, Failed> + Send + 'static,
    ) -> Result<usize> {
        self.app.disk_allows()?;
        // In one order everywhere, so that two such changes cannot wait for each other.
        cases.sort_unstable();
        cases.dedup();
        let (session, app, now) = (self.session.clone(), self.app.clone(), self.now);
        let marks = self
            .app
            .write(move |conn| {
                let mut marks = Vec::new();
                for case in cases.iter().copied() {
                    let head = audit::take(conn, stream_of(case))?;
                    let facts = casefile::facts(conn, &session, case, now, false)?;
                    let about = About::Case(&facts);
                    if !decide(&session.actor, P::NEEDS, about, session.mode).allows() {
                        return Err(Error::NotFound.into());
                    }
                    let actor = session.actor.user;
                    let mut tx = Tx::begin(&mut *conn, Origin::Kept, case, actor, now);
                    let event = work(&mut tx)?;
                    casefile::keep(&mut tx, app.hooks.keep)?;
                    marks.push(audit::write(
                        conn,
                        &app.key,
                        head,
                        Said::of(P::NEEDS, &event, actor, now),
                    )?);
                }
                Ok(marks)
            })
            .await?;
        let count = marks.len();
        self.app.note(marks);
        Ok(count)
    }
}

impl<P: Permission> Caseload<P> {
    /// Does not build with a permission about anything else.
    const FITS: () = assert!(
        is_about_case(P::NEEDS),
        "this guard wants a permission about a case"
    );
}

impl<P: Permission> FromRequestParts<App> for Caseload<P> {
    type Rejection = Error;

    /// Whoever could hold one of the ties that give `P` has a list, which may be empty.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let () = Self::FITS;
        let session = signed_in(parts)?;
        let now = app.clock.now();
        let load = Self {
            session,
            app: app.clone(),
            now,
            may: PhantomData,
        };
        let roles = &load.session.actor.roles;
        let works_with_cases = roles.iter().any(|role| {
            matches!(
                role,
                Role::SocialWorker
                    | Role::TeamManager
                    | Role::IntakeWorker
                    | Role::Practitioner
                    | Role::SurvivorWorker
                    | Role::ServiceManager
            )
        });
        let any = Tie::ALL.into_iter().any(|tie| load.gives(tie));
        if works_with_cases && any {
            return Ok(load);
        }
        refused(
            app,
            &load.session,
            P::NEEDS,
            String::new(),
            Refusal::NoTie,
            now,
        )
        .await?;
        Err(Error::NotFound)
    }
}

/// What narrows a list, whosever cases it is of.
struct Narrowed {
    /// The cases for which who asks is named.
    named: Vec<CaseId>,
    /// The cases from which who asks is excluded.
    excluded: Vec<CaseId>,
    /// The cases that a search found, if anything is searched for.
    found: Option<Vec<CaseId>>,
    /// Where the page before ended.
    after: Option<(Instant, CaseId)>,
    /// How many cases a page holds.
    limit: i64,
}

/// The stages that a list asks for, as they are stored.
fn codes(listing: &Listing) -> Vec<Plain> {
    listing.stages.iter().copied().map(Plain::new).collect()
}

/// The frames of one page, and the key of the next.
fn frames(
    conn: &mut Conn,
    session: &Session,
    listing: &Listing,
    kinds: Vec<Plain>,
    now: Instant,
) -> Result<(Vec<Frame>, Option<String>)> {
    let (named, excluded) = named_and_excluded(conn, session.actor.user)?;
    let narrowed = Narrowed {
        named,
        excluded,
        found: listing.found(conn)?,
        after: listing.after.as_deref().and_then(read_key),
        limit: listing.limit.clamp(1, 500),
    };
    match listing.whose {
        Whose::Mine => my_frames(conn, (session.actor.user, kinds), listing, narrowed, now),
        Whose::Team | Whose::Programme => wide_frames(conn, session, listing, narrowed),
    }
}

/// The frames of a page of the cases to which `me` is tied by one of `kinds`, and the key of the
/// next.
fn my_frames(
    conn: &mut Conn,
    (me, kinds): (UserId, Vec<Plain>),
    listing: &Listing,
    narrowed: Narrowed,
    now: Instant,
) -> Result<(Vec<Frame>, Option<String>)> {
    let mut mine = tie::table
        .inner_join(cf::table)
        .filter(tie::user_id.eq(me))
        .filter(tie::kind.eq_any(kinds))
        .filter(tie::from_at.le(now))
        .filter(tie::until_at.is_null().or(tie::until_at.gt(Some(now))))
        .filter(cf::restricted.eq(0).or(cf::id.eq_any(narrowed.named)))
        .filter(cf::id.ne_all(narrowed.excluded))
        .into_boxed();
    if let Some(stage) = listing.stage {
        mine = mine.filter(cf::stage.eq(Plain::new(stage)));
    }
    if !listing.stages.is_empty() {
        mine = mine.filter(cf::stage.eq_any(codes(listing)));
    }
    if let Some(before) = listing.due_before {
        mine = mine.filter(tie::next_due.lt(before));
    }
    if let Some(found) = narrowed.found {
        mine = mine.filter(cf::id.eq_any(found));
    }
    if let Some((at, id)) = narrowed.after {
        mine = mine.filter(
            tie::next_due
                .gt(at)
                .or(tie::next_due.eq(at).and(tie::case_id.gt(id))),
        );
    }
    let rows: Vec<(Frame, Instant)> = mine
        .order((tie::next_due, tie::case_id))
        .limit(narrowed.limit.saturating_add(1))
        .select((Frame::as_select(), tie::next_due))
        .load(conn)?;
    let mut frames: Vec<Frame> = rows
        .into_iter()
        .map(|(frame, next_due)| Frame { next_due, ..frame })
        .collect();
    let more = cut(&mut frames, narrowed.limit, |frame| frame.next_due);
    // Somebody tied twice sees the case once.
    frames.dedup_by_key(|frame| frame.id);
    Ok((frames, more))
}

/// The frames of a page of a team's or a programme's cases, and the key of the next.
fn wide_frames(
    conn: &mut Conn,
    session: &Session,
    listing: &Listing,
    narrowed: Narrowed,
) -> Result<(Vec<Frame>, Option<String>)> {
    let mut all = cf::table
        .filter(cf::restricted.eq(0).or(cf::id.eq_any(narrowed.named)))
        .filter(cf::id.ne_all(narrowed.excluded))
        .into_boxed();
    if listing.whose == Whose::Team {
        all = all
            .filter(cf::team_id.eq(session.team))
            .filter(cf::referring_agency_id.eq(Some(session.actor.agency)));
    } else {
        let programmes: Vec<ProgrammeId> = programme::table
            .filter(programme::agency_id.eq(session.actor.agency))
            .select(programme::id)
            .load(conn)?;
        all = match programmes.as_slice() {
            // One programme is an equality that the index serves in order.
            [one] => all.filter(cf::programme_id.eq(*one)),
            _ => all.filter(cf::programme_id.eq_any(programmes)),
        };
    }
    if let Some(stage) = listing.stage {
        all = all.filter(cf::stage.eq(Plain::new(stage)));
    }
    if !listing.stages.is_empty() {
        all = all.filter(cf::stage.eq_any(codes(listing)));
    }
    if let Some(found) = narrowed.found {
        all = all.filter(cf::id.eq_any(found));
    }
    // Who answers for the programme sees what is due on both sides; a team that referred
    // sees nothing of the survivor's, not even in the order of its list.
    macro_rules! page {
        ($due:expr) => {{
            if let Some(before) = listing.due_before {
                all = all.filter($due.lt(before));
            }
            let all = match (listing.order, narrowed.after) {
                (Order::Due, Some((at, id))) => all
                    .filter($due.gt(at).or($due.eq(at).and(cf::id.gt(id))))
                    .order(($due.asc(), cf::id.asc())),
                (Order::Due, None) => all.order(($due.asc(), cf::id.asc())),
                (Order::Newest, Some((at, id))) => all
                    .filter(
                        cf::opened_at
                            .lt(at)
                            .or(cf::opened_at.eq(at).and(cf::id.lt(id))),
                    )
                    .order((cf::opened_at.desc(), cf::id.desc())),
                (Order::Newest, None) => all.order((cf::opened_at.desc(), cf::id.desc())),
            };
            let rows: Vec<(Frame, Instant)> = all
                .limit(narrowed.limit.saturating_add(1))
                .select((Frame::as_select(), $due))
                .load(conn)?;
            rows
        }};
    }
    let answers = programme_ties(&session.actor).contains(&Tie::Oversight);
    let rows = if listing.whose == Whose::Programme && answers {
        page!(cf::next_due_apart)
    } else {
        page!(cf::next_due)
    };
    let mut frames: Vec<Frame> = rows
        .into_iter()
        .map(|(frame, next_due)| Frame { next_due, ..frame })
        .collect();
    let by_due = listing.order == Order::Due;
    let more = cut(&mut frames, narrowed.limit, |f| {
        if by_due { f.next_due } else { f.opened_at }
    });
    Ok((frames, more))
}

/// The cases for which a user is named, and those from which the user is excluded.
fn named_and_excluded(conn: &mut Conn, user: UserId) -> Result<(Vec<CaseId>, Vec<CaseId>)> {
    let lists: Vec<(CaseId, i32)> = case_list::table
        .filter(case_list::user_id.eq(user))
        .select((case_list::case_id, case_list::allowed))
        .load(conn)?;
    let (named, excluded): (Vec<_>, Vec<_>) =
        lists.into_iter().partition(|(_, allowed)| *allowed == 1);
    let cases = |list: Vec<(CaseId, i32)>| list.into_iter().map(|(case, _)| case).collect();
    Ok((cases(named), cases(excluded)))
}

fn cut(frames: &mut Vec<Frame>, limit: i64, by: impl Fn(&Frame) -> Instant) -> Option<String> {
    let limit = usize::try_from(limit).unwrap_or(25);
    if frames.len() <= limit {
        return None;
    }
    frames.truncate(limit);
    frames
        .last()
        .map(|last| format!("{}_{}", by(last).get().as_microsecond(), last.id))
}

fn read_key(key: &str) -> Option<(Instant, CaseId)> {
    let (at, id) = key.split_once('_')?;
    let at = jiff::Timestamp::from_microsecond(at.parse().ok()?).ok()?;
    Some((Instant::new(at), id.parse().ok()?))
}
