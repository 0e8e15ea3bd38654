//! Proof-carrying access to one case. Nothing outside this crate makes a [`Case`], reaches a
//! connection without one, or commits without an [`Event`].

use std::{
    collections::BTreeSet,
    marker::PhantomData,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};
use kernel::{
    access::{About, CaseFacts, Decision, Line, Needs, Refusal, Tie, decide},
    form::Problem,
    ids::{CaseId, StreamId, UserId},
    time::Instant,
};

use crate::{
    App, Changes, Error, Permission, Result,
    audit::{self, Event, Said},
    casefile,
    db::{Conn, Failed, Written},
    permission::is_about_case,
    session::{Current, Session},
};

/// Something that holds a case and a connection: [`Reading`] or [`Tx`].
pub trait Scope: sealed::Sealed {
    /// The case.
    fn case(&self) -> CaseId;
    /// The connection.
    fn conn(&mut self) -> &mut Conn;
    /// The instant at which the request is answered.
    fn now(&self) -> Instant;
    /// Who asks.
    fn actor(&self) -> UserId;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Reading<'_> {}
    impl Sealed for super::Tx<'_> {}
}

/// SELECTs about one case, on a connection that cannot write.
pub struct Reading<'a> {
    case: CaseId,
    actor: UserId,
    now: Instant,
    conn: &'a mut Conn,
}

/// A change of one case, in one transaction.
pub struct Tx<'a> {
    case: CaseId,
    actor: UserId,
    now: Instant,
    conn: &'a mut Conn,
    pub(crate) origin: Origin,
    written: Written,
}

/// What a change starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A case that did not exist before.
    Nothing,
    /// The case as it was kept at its last change.
    Kept,
    /// The rows of the case, whatever was kept: all is looked at anew.
    Rows,
}

impl<'a> Tx<'a> {
    pub(crate) fn begin(
        conn: &'a mut Conn,
        origin: Origin,
        case: CaseId,
        actor: UserId,
        now: Instant,
    ) -> Self {
        let written = Written::begin(conn);
        Self {
            case,
            actor,
            now,
            conn,
            origin,
            written,
        }
    }

    /// What the change starts from.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// The names of the tables that the change wrote so far, as the connection saw it. An empty name
    /// stands for a statement that was not understood.
    pub fn written(&self) -> BTreeSet<String> {
        self.written.tables()
    }

    /// Ends the noting of what is written: what follows is the platform's.
    pub(crate) fn done(&self) {
        self.written.end();
    }
}

impl Scope for Reading<'_> {
    fn case(&self) -> CaseId {
        self.case
    }
    fn conn(&mut self) -> &mut Conn {
        self.conn
    }
    fn now(&self) -> Instant {
        self.now
    }
    fn actor(&self) -> UserId {
        self.actor
    }
}
impl Scope for Tx<'_> {
    fn case(&self) -> CaseId {
        self.case
    }
    fn conn(&mut self) -> &mut Conn {
        self.conn
    }
    fn now(&self) -> Instant {
        self.now
    }
    fn actor(&self) -> UserId {
        self.actor
    }
}

/// A case that the current user may use for `P`.
///
/// It exists only after [`decide`] allowed it. What is read through it is on the record before
/// the handler sees it; what is changed through it commits with its event or not at all.
pub struct Case<P: Permission> {
    id: CaseId,
    session: Arc<Session>,
    ties: Vec<Tie>,
    specialist: bool,
    app: App,
    now: Instant,
    reason_given: bool,
    seen: AtomicBool,
    may: PhantomData<fn() -> P>,
}

impl<P: Permission> Case<P> {
    /// The case.
    pub fn id(&self) -> CaseId {
        self.id
    }

    /// The ties by which the user is here.
    pub fn ties(&self) -> &[Tie] {
        &self.ties
    }

    /// The line whose confidences the user holds on this case, if any.
    pub fn line(&self) -> Option<Line> {
        self.ties.iter().find_map(|tie| tie.line())
    }

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

    /// Whether the user could also use the case for `Q`, so that a page offers only what works.
    pub fn could<Q: Permission>(&self) -> bool {
        let facts = CaseFacts {
            took_part: true,
            ties: self.ties.clone(),
            specialist: self.specialist,
            ..CaseFacts::default()
        };
        let got = decide(
            &self.session.actor,
            Q::NEEDS,
            About::Case(&facts),
            self.session.mode,
        );
        matches!(got, Decision::Allow | Decision::Deny(Refusal::ReasonNeeded))
    }

    /// Which of `cases` the user could also open for `Q`, by the same decision as for the page of
    /// each. Which they are is on the record before it is answered.
    pub async fn also<Q: Permission>(&self, cases: Vec<CaseId>) -> Result<Vec<CaseId>> {
        let (session, now) = (self.session.clone(), self.now);
        let open = self
            .app
            .readers
            .run(move |conn| {
                let mut open = Vec::new();
                for case in cases {
                    let facts = casefile::facts(conn, &session, case, now, false)?;
                    let about = About::Case(&facts);
                    if decide(&session.actor, Q::NEEDS, about, session.mode).allows() {
                        open.push(case);
                    }
                }
                Ok(open)
            })
            .await?;
        if !open.is_empty() {
            let (key, actor) = (self.app.key.clone(), self.session.actor.user);
            let item = open
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
                        ..Said::seen(Q::NEEDS, actor, now, item.clone())
                    };
                    audit::write(conn, &key, head, said)
                })
                .await?;
            self.app.note([mark]);
        }
        Ok(open)
    }

    /// Reads rows of this case. That they were read is committed first.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Reading<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (case, actor, now) = (self.id, self.session.actor.user, self.now);
        if !self.seen.swap(true, Ordering::Relaxed) {
            let key = self.app.key.clone();
            let needs = P::NEEDS;
            let mark = self
                .app
                .write(move |conn| {
                    let head = audit::take(conn, stream_of(case))?;
                    audit::write(
                        conn,
                        &key,
                        head,
                        Said::seen(needs, actor, now, String::new()),
                    )
                })
                .await?;
            self.app.note([mark]);
        }
        self.app
            .readers
            .run(move |conn| {
                work(&mut Reading {
                    case,
                    actor,
                    now,
                    conn,
                })
            })
            .await
    }
}

impl<P: Changes> Case<P> {
    /// Changes this case. The closure returns what happened and a value; the engine may make it
    /// run again, so it is `Fn`.
    ///
    /// The decision is taken again inside the transaction: what was true when the request came
    /// may no longer be.
    pub async fn change<E: Event, T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<(E, T), Failed> + Send + 'static,
    ) -> Result<T> {
        self.app.disk_allows()?;
        let (case, now, reason_given) = (self.id, self.now, self.reason_given);
        let (session, app) = (self.session.clone(), self.app.clone());
        let (value, mark) = self
            .app
            .write(move |conn| {
                let head = audit::take(conn, stream_of(case))?;
                let facts = casefile::facts(conn, &session, case, now, reason_given)?;
                let about = About::Case(&facts);
                if !decide(&session.actor, P::NEEDS, about, session.mode).allows() {
                    return Err(Error::NotFound.into());
                }
                let actor = session.actor.user;
                let mut tx = Tx::begin(&mut *conn, Origin::Kept, case, actor, now);
                let (event, value) = work(&mut tx)?;
                casefile::keep(&mut tx, app.hooks.keep)?;
                let mark =
                    audit::write(conn, &app.key, head, Said::of(P::NEEDS, &event, actor, now))?;
                Ok((value, mark))
            })
            .await?;
        self.app.note([mark]);
        Ok(value)
    }
}

impl<P: Permission> Case<P> {
    /// Does not build with a permission about anything else.
    const FITS: () = assert!(
        is_about_case(P::NEEDS),
        "this guard wants a permission about a case"
    );
}

impl<P: Permission> FromRequestParts<App> for Case<P> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let () = Self::FITS;
        let session = signed_in(parts)?;
        let path = RawPathParams::from_request_parts(parts, app)
            .await
            .map_err(|_| Error::NotFound)?;
        let id: CaseId = path
            .iter()
            .find(|(name, _)| *name == "case")
            .and_then(|(_, text)| text.parse().ok())
            .ok_or(Error::NotFound)?;
        let now = app.clock.now();
        let reason_given = parts
            .extensions
            .get::<Arc<kernel::form::Typed>>()
            .is_some_and(|typed| {
                parts.method == axum::http::Method::POST
                    && typed.get("reason").chars().count() >= REASON
            });
        let asked = session.clone();
        let facts = app
            .readers
            .run(move |conn| Ok(casefile::facts(conn, &asked, id, now, reason_given)?))
            .await?;
        match decide(&session.actor, P::NEEDS, About::Case(&facts), session.mode) {
            Decision::Allow => Ok(Self {
                id,
                session,
                ties: facts.ties,
                specialist: facts.specialist,
                app: app.clone(),
                now,
                reason_given,
                seen: AtomicBool::new(false),
                may: PhantomData,
            }),
            Decision::Deny(refusal) => {
                refused(app, &session, P::NEEDS, id.to_string(), refusal, now).await?;
                // Whoever only lacks a reason is tied to the case and knows of it; a form that
                // came without one is told what is missing, and keeps what was typed.
                if refusal == Refusal::ReasonNeeded && parts.method == axum::http::Method::POST {
                    return Err(Error::Refused(vec![Problem::missing(
                        "reason",
                        format!("Say why you need it, in at least {REASON} characters"),
                    )]));
                }
                Err(Error::NotFound)
            }
        }
    }
}

/// The fewest characters of a reason for looking at what needs one.
const REASON: usize = 10;

/// The chain of a case.
pub(crate) fn stream_of(case: CaseId) -> StreamId {
    StreamId::from_uuid(case.uuid())
}

/// Who is signed in and at the screen.
pub(crate) fn signed_in(parts: &Parts) -> Result<Arc<Session>> {
    let session = parts
        .extensions
        .get::<Current>()
        .map(|current| current.0.clone())
        .ok_or(Error::SignIn)?;
    if session.locked {
        Err(Error::Locked)
    } else {
        Ok(session)
    }
}

/// Puts a refusal on the record of who asked. Something absent is recorded in the same way, so
/// that the time of the answer tells nothing.
pub(crate) async fn refused(
    app: &App,
    session: &Session,
    needs: Needs,
    item: String,
    refusal: Refusal,
    now: Instant,
) -> Result<()> {
    let (key, actor) = (app.key.clone(), session.actor.user);
    let mark = app
        .write(move |conn| {
            let head = audit::take(conn, StreamId::from_uuid(actor.uuid()))?;
            let said = Said {
                at: now,
                actor,
                permission: needs.name,
                event: "refused",
                item: item.clone(),
                fields: refusal.to_string(),
                label: needs.label,
                content: None,
            };
            audit::write(conn, &key, head, said)
        })
        .await?;
    app.note([mark]);
    Ok(())
}

impl Said<'static> {
    pub(crate) fn seen(needs: Needs, actor: UserId, at: Instant, item: String) -> Self {
        Self {
            at,
            actor,
            permission: needs.name,
            event: "seen",
            item,
            fields: String::new(),
            label: needs.label,
            content: None,
        }
    }

    pub(crate) fn of(needs: Needs, event: &impl Event, actor: UserId, at: Instant) -> Self {
        Self {
            at,
            actor,
            permission: needs.name,
            event: event.name(),
            item: event.item(),
            fields: event.fields().join(","),
            label: event.label(),
            content: event.content(),
        }
    }
}
