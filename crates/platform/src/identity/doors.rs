//! Coming in: password, second factor, unlocking, taking up an invitation.
//!
//! What is answered for an unknown user, a wrong password, a suspended user and one who has left is
//! the same, and takes as long: one password is always checked (ASVS 5.0 6.3.8).

use axum::http::{HeaderMap, header};
use diesel::prelude::*;
use kernel::{access::Standing, ids::UserId, plain::Plain, time::Instant};

use super::{
    codes::{self, Enrolment, Factor},
    links::{self, OneTime, OneTimeId, Purpose},
    passwords, sessions,
    throttle::{self, Account, Bucket},
};
use crate::{
    App, Result, Session,
    db::{Conn, Failed},
    layer::cookie,
    office::platform_change,
    schema::{agency, app_user},
};

/// `Set-Cookie` values for the answer.
pub type Cookies = Vec<String>;

/// What follows a password.
#[derive(Debug)]
pub enum Entered {
    /// A session has begun.
    In(Cookies),
    /// A code is asked next.
    Code(Cookies),
    /// The authenticator app must be set up next.
    Enrol(Cookies),
    /// Not signed in; nobody says why.
    No,
}

/// What follows a code.
#[derive(Debug)]
pub enum Passed {
    /// A session has begun, by a recovery code if `recovery` is set.
    In {
        /// For the answer.
        cookies: Cookies,
        /// Whether a recovery code was used up.
        recovery: bool,
    },
    /// The code is wrong, was used, or is too old.
    No,
    /// The password must be given again: ten minutes have passed, or nobody gave one.
    Gone,
}

/// What follows the first code of a new authenticator app.
#[derive(Debug)]
pub enum Enrolled {
    /// It is set up: the cookies of the answer, and recovery codes to be shown once.
    Done(Cookies, Vec<Plain>),
    /// The code is wrong.
    No,
    /// The password must be given again.
    Gone,
}

struct User {
    id: UserId,
    email: Plain,
    active: bool,
    password: Option<Plain>,
    enrolled: bool,
}

type Row = (UserId, Plain, Plain, Option<Plain>, Option<Plain>);

impl User {
    fn read((id, email, standing, password, salt): Row) -> Self {
        Self {
            id,
            email,
            active: Standing::parse(standing.as_str()) == Standing::Active,
            password,
            enrolled: salt.is_some(),
        }
    }

    fn by_email(conn: &mut Conn, email: &str) -> Result<Option<Self>> {
        let row: Option<Row> = app_user::table
            .filter(app_user::email.eq(Plain::new(email)))
            .select((
                app_user::id,
                app_user::email,
                app_user::standing,
                app_user::password,
                app_user::totp_salt,
            ))
            .first(conn)
            .optional()?;
        Ok(row.map(Self::read))
    }

    fn by_id(conn: &mut Conn, id: UserId) -> Result<Self> {
        let row: Row = app_user::table
            .find(id)
            .select((
                app_user::id,
                app_user::email,
                app_user::standing,
                app_user::password,
                app_user::totp_salt,
            ))
            .first(conn)?;
        Ok(Self::read(row))
    }

    fn account(&self) -> Account {
        Account {
            email: self.email.as_str().to_owned(),
            user: Some(self.id),
        }
    }
}

/// Signs in with a password; the second factor follows, except in the demo.
///
/// # Errors
/// [`crate::Error::TooMany`] with the seconds to wait, for known and unknown addresses alike.
pub async fn sign_in(
    app: &App,
    headers: &HeaderMap,
    email: &str,
    password: String,
) -> Result<Entered> {
    let email = email.trim().to_lowercase();
    let asked = email.clone();
    let user = app
        .readers
        .run(move |conn| User::by_email(conn, &asked))
        .await?;
    let account = Account {
        email,
        user: user.as_ref().map(|user| user.id),
    };
    let guess = throttle::guess(app, Bucket::of(app, headers, &account)).await?;
    let kept = user.as_ref().and_then(|user| user.password.clone());
    let right = passwords::verify(password, kept).await?;
    let Some(user) = user.filter(|user| right && user.active) else {
        return Ok(Entered::No);
    };
    throttle::right(app, guess).await?;
    if app.is_demo() {
        return Ok(Entered::In(begin(app, headers, user.id).await?));
    }
    let purpose = if user.enrolled {
        Purpose::Code
    } else {
        Purpose::Enrol
    };
    let cookies = step(app, user.id, purpose).await?;
    Ok(if user.enrolled {
        Entered::Code(cookies)
    } else {
        Entered::Enrol(cookies)
    })
}

/// Begins a session and gives its cookies: the token, that the device is known, no step any more.
/// The session that this browser had before ends.
async fn begin(app: &App, headers: &HeaderMap, user: UserId) -> Result<Cookies> {
    if let Some(token) = cookie(headers, app.cookie_name()) {
        sessions::end_token(app, &token).await?;
    }
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let token = sessions::begin(app, user, sessions::device_words(agent)).await?;
    Ok(vec![
        sessions::set_cookie(app, Some(&token)),
        throttle::know_device(app, headers, user)?,
        step_cookie(app, None),
    ])
}

fn step_name(app: &App) -> String {
    format!("{}-step", app.cookie_name())
}

fn step_cookie(app: &App, token: Option<&str>) -> String {
    let secure = if app.config.session.secure_cookies {
        "; Secure"
    } else {
        ""
    };
    let (value, age) = token.map_or(("", 0), |token| (token, links::STEP));
    format!(
        "{}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={age}{secure}",
        step_name(app)
    )
}

/// Makes the step that follows a right password. No right beyond that step comes with it.
async fn step(app: &App, user: UserId, purpose: Purpose) -> Result<Cookies> {
    let (id, key, now) = (OneTimeId::random(), app.key.clone(), app.clock.now());
    let salt = codes::new_salt()?;
    let token = links::token(&key, id);
    app.write(move |conn| {
        let salt = (purpose == Purpose::Enrol).then_some(&salt);
        links::make(conn, &key, (id, purpose), user, salt, now)
    })
    .await?;
    Ok(vec![step_cookie(app, Some(&token))])
}

/// The step at which this browser is, if it is this one.
async fn at_step(app: &App, headers: &HeaderMap, purpose: Purpose) -> Result<Option<OneTime>> {
    let Some(token) = cookie(headers, &step_name(app)) else {
        return Ok(None);
    };
    let now = app.clock.now();
    let found = app
        .readers
        .run(move |conn| Ok(links::find(conn, &token, now)?))
        .await?;
    Ok(found.filter(|step| step.purpose == purpose))
}

/// Whether a code is asked of this browser.
pub async fn awaits_code(app: &App, headers: &HeaderMap) -> Result<bool> {
    Ok(at_step(app, headers, Purpose::Code).await?.is_some())
}

/// Passes the second step, by the code of an app or a recovery code.
///
/// # Errors
/// [`crate::Error::TooMany`] with the seconds to wait; wrong codes count with wrong passwords.
pub async fn give_code(app: &App, headers: &HeaderMap, typed: &str) -> Result<Passed> {
    let Some(step) = at_step(app, headers, Purpose::Code).await? else {
        return Ok(Passed::Gone);
    };
    let user = app
        .readers
        .run(move |conn| User::by_id(conn, step.user))
        .await?;
    if !user.active {
        return Ok(Passed::Gone);
    }
    let guess = throttle::guess(app, Bucket::of(app, headers, &user.account())).await?;
    let (key, now, typed) = (app.key.clone(), app.clock.now(), typed.to_owned());
    let (id, of) = (step.id, step.user);
    let factor = platform_change(app, of, "second factor asked", move |conn| {
        let factor = codes::use_code(conn, &key, of, &typed, now)?;
        if factor.is_some() && !links::take(conn, id)? {
            return Ok(None);
        }
        Ok(factor)
    })
    .await?;
    let Some(factor) = factor else {
        return Ok(Passed::No);
    };
    throttle::right(app, guess).await?;
    Ok(Passed::In {
        cookies: begin(app, headers, of).await?,
        recovery: factor == Factor::Recovery,
    })
}

/// What the authenticator app must be told, if this browser is at that step.
pub async fn enrolling(app: &App, headers: &HeaderMap) -> Result<Option<Enrolment>> {
    match at_step(app, headers, Purpose::Enrol).await? {
        Some(step) => enrolment_of(app, &step).await.map(Some),
        None => Ok(None),
    }
}

async fn enrolment_of(app: &App, step: &OneTime) -> Result<Enrolment> {
    let (user, key) = (step.user, app.key.clone());
    let salt = step.salt.clone().unwrap_or_default();
    let found = app.readers.run(move |conn| User::by_id(conn, user)).await?;
    codes::enrolment(&key, user, &found.email, &salt)
}

/// Sets up the authenticator app by its first code, and begins a session.
pub async fn enrol(app: &App, headers: &HeaderMap, typed: &str) -> Result<Enrolled> {
    let Some(step) = at_step(app, headers, Purpose::Enrol).await? else {
        return Ok(Enrolled::Gone);
    };
    let user = step.user;
    match take_up_app(app, headers, step, typed).await? {
        Some(codes) => Ok(Enrolled::Done(begin(app, headers, user).await?, codes)),
        None => Ok(Enrolled::No),
    }
}

async fn take_up_app(
    app: &App,
    headers: &HeaderMap,
    step: OneTime,
    typed: &str,
) -> Result<Option<Vec<Plain>>> {
    let user = app
        .readers
        .run(move |conn| User::by_id(conn, step.user))
        .await?;
    let guess = throttle::guess(app, Bucket::of(app, headers, &user.account())).await?;
    let (key, now) = (app.key.clone(), app.clock.now());
    let salt = step.salt.unwrap_or_default();
    let Some(proved) = codes::step_of(&key, step.user, &salt, typed, 0, now)? else {
        return Ok(None);
    };
    throttle::right(app, guess).await?;
    let fresh = codes::new_recovery()?;
    let (id, given) = (step.id, fresh.clone());
    let done = platform_change(app, step.user, "second factor set up", move |conn| {
        if !user.active || !links::take(conn, id)? {
            return Ok(false);
        }
        codes::enrol(conn, &key, user.id, (&salt, proved), &given)?;
        Ok(true)
    })
    .await?;
    Ok(done.then_some(fresh))
}

/// Begins the change of the authenticator app of who is signed in and has just proved it.
pub async fn enrol_again(app: &App, user: UserId) -> Result<()> {
    let (id, key, now) = (OneTimeId::random(), app.key.clone(), app.clock.now());
    let salt = codes::new_salt()?;
    app.write(move |conn| links::make(conn, &key, (id, Purpose::Again), user, Some(&salt), now))
        .await
}

async fn again_of(app: &App, user: UserId) -> Result<Option<OneTime>> {
    let now = app.clock.now();
    app.readers
        .run(move |conn| Ok(links::of_user(conn, user, &[Purpose::Again], now)?))
        .await
}

/// What the new authenticator app must be told, if its change has begun.
pub async fn enrolling_again(app: &App, user: UserId) -> Result<Option<Enrolment>> {
    match again_of(app, user).await? {
        Some(step) => enrolment_of(app, &step).await.map(Some),
        None => Ok(None),
    }
}

/// Sets up the new authenticator app by its first code. The old one stops working.
pub async fn enrol_new(
    app: &App,
    headers: &HeaderMap,
    session: &Session,
    typed: &str,
) -> Result<Enrolled> {
    let Some(step) = again_of(app, session.actor.user).await? else {
        return Ok(Enrolled::Gone);
    };
    Ok(match take_up_app(app, headers, step, typed).await? {
        Some(codes) => Enrolled::Done(Vec::new(), codes),
        None => Enrolled::No,
    })
}

/// Replaces the recovery codes of who is signed in and has just proved it; shown once.
pub async fn new_recovery_codes(app: &App, user: UserId) -> Result<Vec<Plain>> {
    let (fresh, key) = (codes::new_recovery()?, app.key.clone());
    let given = fresh.clone();
    platform_change(app, user, "recovery codes made", move |conn| {
        codes::replace_recovery(conn, &key, user, &given)
    })
    .await?;
    Ok(fresh)
}

/// Whether who is signed in gave her password, and the code too where `code` is asked: before what
/// an open session alone must not do (ASVS 5.0 7.5.1).
///
/// # Errors
/// [`crate::Error::TooMany`] with the seconds to wait.
pub async fn confirm(
    app: &App,
    headers: &HeaderMap,
    user: UserId,
    password: String,
    code: Option<&str>,
) -> Result<bool> {
    let found = app.readers.run(move |conn| User::by_id(conn, user)).await?;
    let guess = throttle::guess(app, Bucket::of(app, headers, &found.account())).await?;
    if !passwords::verify(password, found.password.clone()).await? {
        return Ok(false);
    }
    if let Some(code) = code.filter(|_| found.enrolled) {
        let (key, now, typed) = (app.key.clone(), app.clock.now(), code.to_owned());
        let factor = platform_change(app, user, "second factor asked", move |conn| {
            codes::use_code(conn, &key, user, &typed, now)
        })
        .await?;
        if factor.is_none() {
            return Ok(false);
        }
    }
    throttle::right(app, guess).await?;
    Ok(true)
}

/// Unlocks an idle session by its password. `None` if it is wrong.
///
/// # Errors
/// [`crate::Error::TooMany`] with the seconds to wait.
pub async fn unlock(
    app: &App,
    headers: &HeaderMap,
    session: &Session,
    password: String,
) -> Result<Option<Cookies>> {
    if !confirm(app, headers, session.actor.user, password, None).await? {
        return Ok(None);
    }
    let token = sessions::unlock(app, session).await?;
    Ok(Some(vec![sessions::set_cookie(app, Some(&token))]))
}

/// An invitation or a reset that may still be taken up.
#[derive(Clone, Debug)]
pub struct Invited {
    /// Who is asked to choose a password.
    pub name: Plain,
    /// The address that will sign in.
    pub email: Plain,
    /// The agency.
    pub agency: Plain,
    /// Until when the link is good.
    pub until: Instant,
    /// Whether it is a reset of an account that was in use.
    pub reset: bool,
}

async fn link(app: &App, token: &str) -> Result<Option<OneTime>> {
    let (token, now) = (token.to_owned(), app.clock.now());
    let found = app
        .readers
        .run(move |conn| Ok(links::find(conn, &token, now)?))
        .await?;
    Ok(found.filter(|link| matches!(link.purpose, Purpose::Invitation | Purpose::Reset)))
}

/// Who was invited by a link, if it is still good.
pub async fn invited(app: &App, token: &str) -> Result<Option<Invited>> {
    let Some(link) = link(app, token).await? else {
        return Ok(None);
    };
    let user = link.user;
    let row: Option<(Plain, Plain, Plain, Plain)> = app
        .readers
        .run(move |conn| {
            Ok(app_user::table
                .inner_join(agency::table)
                .filter(app_user::id.eq(user))
                .select((
                    app_user::name,
                    app_user::email,
                    app_user::standing,
                    agency::name,
                ))
                .first(conn)
                .optional()?)
        })
        .await?;
    Ok(row
        .filter(|(_, _, standing, _)| Standing::parse(standing.as_str()) == Standing::Active)
        .map(|(name, email, _, agency)| Invited {
            name,
            email,
            agency,
            until: link.expires_at,
            reset: link.purpose == Purpose::Reset,
        }))
}

/// Takes up an invitation or a reset with the password that the user chose. `None` if the link was
/// used meanwhile.
pub async fn take_up(
    app: &App,
    headers: &HeaderMap,
    token: &str,
    password: String,
) -> Result<Option<Entered>> {
    let Some(link) = link(app, token).await? else {
        return Ok(None);
    };
    let kept = passwords::hash(password).await?;
    let (id, user) = (link.id, link.user);
    let done = platform_change(app, user, "invitation taken up", move |conn| {
        if !links::take(conn, id)? {
            return Ok(false);
        }
        links::drop_of(conn, user, &[Purpose::Invitation, Purpose::Reset])?;
        codes::void(conn, user)?;
        sessions::end_all(conn, user, None)?;
        set_password(conn, user, &kept)?;
        Ok(true)
    })
    .await?;
    if !done {
        return Ok(None);
    }
    if app.is_demo() {
        return Ok(Some(Entered::In(begin(app, headers, user).await?)));
    }
    Ok(Some(Entered::Enrol(step(app, user, Purpose::Enrol).await?)))
}

/// Keeps a new password, as a PHC string.
pub fn set_password(conn: &mut Conn, user: UserId, kept: &Plain) -> Result<(), Failed> {
    diesel::update(app_user::table.find(user))
        .set(app_user::password.eq(Some(kept)))
        .execute(conn)?;
    Ok(())
}
