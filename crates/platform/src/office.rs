//! Guards for what is no case: the programme, an agency, one's own account.

use std::{marker::PhantomData, sync::Arc};

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};
use kernel::{
    access::{About, By, Decision, Needs, Sees, decide},
    ids::{AgencyId, CaseId, StreamId, UserId},
    time::Instant,
};

use crate::{
    App, Changes, Error, Opens, Origin, Permission, Result, Tx,
    audit::{self, Event, Mark, Said},
    case::{refused, signed_in, stream_of},
    casefile::{self, NewCase},
    db::{Conn, Failed},
    permission::is_about_case,
    session::{Current, Session},
};

/// SQL about the partnership: agencies, agreements, users, settings, drafts. It holds no case, so
/// no casework query can start from it.
pub struct Office<'a> {
    conn: &'a mut Conn,
    session: &'a Session,
    now: Instant,
    app: &'a App,
    needs: Needs,
    marks: Vec<Mark>,
}

impl Office<'_> {
    /// The connection.
    pub fn conn(&mut self) -> &mut Conn {
        self.conn
    }

    /// Who asks.
    pub fn actor(&self) -> UserId {
        self.session.actor.user
    }

    /// The agency of who asks.
    pub fn agency(&self) -> AgencyId {
        self.session.actor.agency
    }

    /// The instant at which the request is answered.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The application.
    pub(crate) fn app(&self) -> &App {
        self.app
    }

    /// The permission in whose name this happens.
    pub(crate) fn needs(&self) -> Needs {
        self.needs
    }

    /// Notes a row of another chain, for the checkpoint after the commit.
    pub(crate) fn mark(&mut self, mark: Mark) {
        self.marks.push(mark);
    }
}

/// What the three guards share.
struct Desk {
    session: Arc<Session>,
    app: App,
    now: Instant,
}

impl Desk {
    async fn read<T: Send + 'static>(
        &self,
        needs: Needs,
        work: impl FnOnce(&mut Office<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (session, app, now) = (self.session.clone(), self.app.clone(), self.now);
        self.app
            .readers
            .run(move |conn| {
                work(&mut Office {
                    conn,
                    session: &session,
                    now,
                    app: &app,
                    needs,
                    marks: Vec::new(),
                })
            })
            .await
    }

    async fn change<E: Event, T: Send + 'static>(
        &self,
        stream: StreamId,
        needs: Needs,
        work: impl Fn(&mut Office<'_>) -> Result<(E, T), Failed> + Send + 'static,
    ) -> Result<T> {
        self.app.disk_allows()?;
        let (session, app, now) = (self.session.clone(), self.app.clone(), self.now);
        let (value, marks) = self
            .app
            .write(move |conn| {
                let head = audit::take(conn, stream)?;
                let mut office = Office {
                    conn: &mut *conn,
                    session: &session,
                    now,
                    app: &app,
                    needs,
                    marks: Vec::new(),
                };
                let (event, value) = work(&mut office)?;
                let mut marks = office.marks;
                let said = Said::of(needs, &event, session.actor.user, now);
                marks.push(audit::write(conn, &app.key, head, said)?);
                Ok((value, marks))
            })
            .await?;
        self.app.note(marks);
        Ok(value)
    }
}

macro_rules! desk {
    ($guard:ident) => {
        impl<P: Permission> $guard<P> {
            /// Who is signed in.
            pub fn session(&self) -> &Arc<Session> {
                &self.desk.session
            }

            /// The application.
            pub fn app(&self) -> &App {
                &self.desk.app
            }

            /// The instant at which the request is answered.
            pub fn now(&self) -> Instant {
                self.desk.now
            }

            /// Reads what concerns no case.
            pub async fn read<T: Send + 'static>(
                &self,
                work: impl FnOnce(&mut Office<'_>) -> Result<T> + Send + 'static,
            ) -> Result<T> {
                self.desk.read(P::NEEDS, work).await
            }

            /// Whether the user also holds `Q` for the programme or her own agency.
            pub fn could<Q: Permission>(&self) -> bool {
                let session = &self.desk.session;
                [About::Programme, About::Agency { own: true }]
                    .into_iter()
                    .any(|about| decide(&session.actor, Q::NEEDS, about, session.mode).allows())
            }
        }
    };
}

/// The programme as a whole, for which the current user holds `P`.
pub struct Service<P: Permission> {
    desk: Desk,
    may: PhantomData<fn() -> P>,
}
desk!(Service);

impl<P: Changes> Service<P> {
    /// Changes what concerns the partnership. The closure returns what happened.
    pub async fn change<E: Event, T: Send + 'static>(
        &self,
        work: impl Fn(&mut Office<'_>) -> Result<(E, T), Failed> + Send + 'static,
    ) -> Result<T> {
        let stream = StreamId::from_uuid(self.desk.session.actor.user.uuid());
        self.desk.change(stream, P::NEEDS, work).await
    }
}

impl<P: Opens> Service<P> {
    /// Opens a case and fills it, in one transaction.
    ///
    /// # Errors
    /// [`Error::Stale`] if a case with this id exists already: the same draft was sent twice.
    pub async fn open<E: Event, T: Send + 'static>(
        &self,
        new: NewCase,
        work: impl Fn(&mut Tx<'_>) -> Result<(E, T), Failed> + Send + 'static,
    ) -> Result<T> {
        self.desk.app.disk_allows()?;
        let (session, app, now) = (
            self.desk.session.clone(),
            self.desk.app.clone(),
            self.desk.now,
        );
        let (value, mark) = self
            .desk
            .app
            .write(move |conn| {
                let head = audit::take(conn, stream_of(new.id))?;
                let actor = session.actor.user;
                let mut tx = Tx::begin(&mut *conn, Origin::Nothing, new.id, actor, now);
                casefile::open(&mut tx, &new).map_err(|failed| match failed {
                    Failed::Sql(error) if crate::db::is_duplicate(&error) => Error::Stale.into(),
                    other => other,
                })?;
                let (event, value) = work(&mut tx)?;
                casefile::keep(&mut tx, app.hooks.keep)?;
                let said = Said::of(P::NEEDS, &event, actor, now);
                Ok((value, audit::write(conn, &app.key, head, said)?))
            })
            .await?;
        self.desk.app.note([mark]);
        Ok(value)
    }
}

impl<P: Permission> Service<P> {
    /// Does not build with a permission about anything else.
    const FITS: () = assert!(
        !is_about_case(P::NEEDS),
        "this guard wants a permission about the partnership"
    );
}

impl<P: Permission> FromRequestParts<App> for Service<P> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let () = Self::FITS;
        let session = signed_in(parts)?;
        let now = app.clock.now();
        match decide(&session.actor, P::NEEDS, About::Programme, session.mode) {
            Decision::Allow => Ok(Self {
                desk: Desk {
                    session,
                    app: app.clone(),
                    now,
                },
                may: PhantomData,
            }),
            Decision::Deny(refusal) => {
                refused(app, &session, P::NEEDS, String::new(), refusal, now).await?;
                Err(Error::NotFound)
            }
        }
    }
}

impl App {
    /// The programme for a system actor: receives what arrives as a file, and is named in the
    /// trail as what it is.
    pub fn as_system<P: Permission>(&self, session: Session) -> Result<Service<P>> {
        let now = self.clock.now();
        if !decide(&session.actor, P::NEEDS, About::Programme, session.mode).allows() {
            return Err(Error::NotFound);
        }
        let desk = Desk {
            session: Arc::new(session),
            app: self.clone(),
            now,
        };
        Ok(Service {
            desk,
            may: PhantomData,
        })
    }
}

impl App {
    /// Looks at every open case of which a duty fell due, and records what the hook has to note,
    /// in the name of the system. A case of which nothing new is to be noted is left as it was.
    /// Gives how many were noted.
    pub async fn note_overdue(&self) -> Result<usize> {
        let now = self.clock.now();
        let overdue = self
            .readers
            .run(move |conn| casefile::overdue(conn, now))
            .await?;
        let mut noted = 0;
        for case in overdue {
            if self.keep_again(case, false).await? {
                noted += 1;
            }
        }
        Ok(noted)
    }

    /// Keeps anew what an older program did not keep: the facts of cases that have none. A migration
    /// that changes their meaning empties them.
    pub async fn keep_missing(&self) -> Result<usize> {
        let missing = self.readers.run(casefile::unkept).await?;
        for case in missing.iter().copied() {
            self.keep_again(case, true).await?;
        }
        Ok(missing.len())
    }

    /// Runs the hook for a case in the name of the system, and says whether it noted something. What
    /// noted nothing has no event, and is rolled back unless it is `wanted`.
    async fn keep_again(&self, case: CaseId, wanted: bool) -> Result<bool> {
        let (now, actor, app) = (self.clock.now(), crate::bootstrap::SYSTEM, self.clone());
        let done = self
            .write(move |conn| {
                let head = audit::take(conn, stream_of(case))?;
                let mut tx = Tx::begin(&mut *conn, Origin::Rows, case, actor, now);
                let Some(label) = casefile::keep(&mut tx, app.hooks.keep)? else {
                    if wanted {
                        return Ok(None);
                    }
                    return Err(Error::Stale.into());
                };
                let said = Said {
                    at: now,
                    actor,
                    permission: "system",
                    event: "duty overdue",
                    item: String::new(),
                    fields: String::new(),
                    label,
                    content: None,
                };
                audit::write(conn, &app.key, head, said).map(Some)
            })
            .await;
        match done {
            Ok(mark) => {
                let noted = mark.is_some();
                self.note(mark);
                Ok(noted)
            }
            Err(Error::Stale) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// An agency, for which the current user holds `P`. The path names it as `{agency}`.
pub struct Agency<P: Permission> {
    id: AgencyId,
    desk: Desk,
    may: PhantomData<fn() -> P>,
}
desk!(Agency);

impl<P: Permission> Agency<P> {
    /// The agency.
    pub fn id(&self) -> AgencyId {
        self.id
    }
}

impl<P: Changes> Agency<P> {
    /// Changes what concerns this agency. The closure returns what happened.
    pub async fn change<E: Event, T: Send + 'static>(
        &self,
        work: impl Fn(&mut Office<'_>) -> Result<(E, T), Failed> + Send + 'static,
    ) -> Result<T> {
        self.desk
            .change(StreamId::from_uuid(self.id.uuid()), P::NEEDS, work)
            .await
    }
}

impl<P: Permission> Agency<P> {
    /// Does not build with a permission about anything else.
    const FITS: () = assert!(
        !is_about_case(P::NEEDS),
        "this guard wants a permission about the partnership"
    );
}

impl<P: Permission> FromRequestParts<App> for Agency<P> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let () = Self::FITS;
        let session = signed_in(parts)?;
        let path = RawPathParams::from_request_parts(parts, app)
            .await
            .map_err(|_| Error::NotFound)?;
        let id: AgencyId = path
            .iter()
            .find(|(name, _)| *name == "agency")
            .and_then(|(_, text)| text.parse().ok())
            .ok_or(Error::NotFound)?;
        let now = app.clock.now();
        let own = id == session.actor.agency;
        match decide(
            &session.actor,
            P::NEEDS,
            About::Agency { own },
            session.mode,
        ) {
            Decision::Allow => Ok(Self {
                id,
                desk: Desk {
                    session,
                    app: app.clone(),
                    now,
                },
                may: PhantomData,
            }),
            Decision::Deny(refusal) => {
                refused(app, &session, P::NEEDS, id.to_string(), refusal, now).await?;
                Err(Error::NotFound)
            }
        }
    }
}

/// One's own account, drafts and day.
#[derive(Debug)]
pub struct Account;
impl Permission for Account {
    const NEEDS: Needs = Needs {
        name: "own",
        label: Sees::Client,
        by: By::Anyone,
    };
}
impl Changes for Account {}

/// The current user, for what is her own.
pub struct Own {
    desk: Desk,
}

impl Own {
    /// Who is signed in.
    pub fn session(&self) -> &Arc<Session> {
        &self.desk.session
    }

    /// The application.
    pub fn app(&self) -> &App {
        &self.desk.app
    }

    /// The instant at which the request is answered.
    pub fn now(&self) -> Instant {
        self.desk.now
    }

    /// Reads what is her own.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Office<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.desk.read(Account::NEEDS, work).await
    }

    /// Changes what is her own. The closure returns what happened.
    pub async fn change<E: Event, T: Send + 'static>(
        &self,
        work: impl Fn(&mut Office<'_>) -> Result<(E, T), Failed> + Send + 'static,
    ) -> Result<T> {
        let stream = StreamId::from_uuid(self.desk.session.actor.user.uuid());
        self.desk.change(stream, Account::NEEDS, work).await
    }
}

impl FromRequestParts<App> for Own {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let session = signed_in(parts)?;
        let now = app.clock.now();
        match decide(&session.actor, Account::NEEDS, About::Own, session.mode) {
            Decision::Allow => Ok(Self {
                desk: Desk {
                    session,
                    app: app.clone(),
                    now,
                },
            }),
            Decision::Deny(_) => Err(Error::NotFound),
        }
    }
}

/// Open to everyone: signing in, an invitation, health.
pub struct Public {
    session: Option<Arc<Session>>,
    app: App,
}

impl Public {
    /// Who is signed in, if somebody is.
    pub fn session(&self) -> Option<&Arc<Session>> {
        self.session.as_ref()
    }

    /// The application.
    pub fn app(&self) -> &App {
        &self.app
    }
}

impl FromRequestParts<App> for Public {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let session = parts
            .extensions
            .get::<Current>()
            .map(|current| current.0.clone());
        Ok(Self {
            session,
            app: app.clone(),
        })
    }
}

/// A change of the platform's own tables that nobody signed in makes: signing in, taking up an
/// invitation. `actor` is whom it concerns.
pub(crate) async fn platform_change<T: Send + 'static>(
    app: &App,
    actor: UserId,
    event: &'static str,
    work: impl Fn(&mut Conn) -> Result<T, Failed> + Send + 'static,
) -> Result<T> {
    let (key, now) = (app.key.clone(), app.clock.now());
    let (value, mark): (T, Mark) = app
        .write(move |conn| {
            let head = audit::take(conn, StreamId::from_uuid(actor.uuid()))?;
            let value = work(conn)?;
            let said = Said {
                at: now,
                actor,
                permission: "public",
                event,
                item: actor.to_string(),
                fields: String::new(),
                label: Sees::Workers,
                content: None,
            };
            Ok((value, audit::write(conn, &key, head, said)?))
        })
        .await?;
    app.note([mark]);
    Ok(value)
}
