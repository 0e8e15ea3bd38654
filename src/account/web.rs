//! The pages of one's own account.

use axum::{
    extract::{Path, Query},
    http::HeaderMap,
    response::{IntoResponse as _, Response},
};
use kernel::{
    form::{Block, Problem, Problems, Typed},
    label::Office,
    plain::Plain,
    time::Instant,
};
use platform::{
    Error, Own, Page, Posted, Pressed, Result, Routes,
    identity::{
        codes,
        doors::{self, Enrolled},
        passwords, sessions,
    },
    schema::SessionId,
    see_other,
};

use super::{
    Event,
    model::{ChangePassword, Proof},
};
use crate::{
    mail::{
        self, MailKind,
        model::{Choice, Choices},
    },
    shell::Frame,
    sign_in::{
        model::{FirstCode, new_password, secret},
        second::{draw_codes, draw_enrolment, wrong_first_code},
        web::draw,
    },
};

/// The account.
pub fn routes() -> Routes {
    Routes::new()
        .get("/account", account)
        .get("/account/password", password_page)
        .post("/account/password", change_password)
        .get("/account/second-factor", second_factor_page)
        .post("/account/second-factor", begin_second_factor)
        .get("/account/second-factor/new", new_factor_page)
        .post("/account/second-factor/new", change_factor)
        .get("/account/recovery-codes", recovery_page)
        .post("/account/recovery-codes", new_recovery)
        .post("/account/sessions/end-others", end_others)
        .post("/account/sessions/{session}/end", end_session)
        .get("/account/mail", mail_page)
        .post("/account/mail", choose_mail)
}

platform::rows! {
    struct SessionRow for Office {
        id: SessionId,
        device: Plain,
        started_at: Instant,
        seen_at: Instant,
        this: bool,
    }
}

platform::page! {
    /// The account.
    struct AccountPage for Office, "account/account.html" {
        frame: Frame,
        name: Plain,
        agency: Plain,
        roles: Plain,
        enrolled: bool,
        demo: bool,
        codes_left: i64,
        sessions: Vec<SessionRow>,
        mail: Vec<MailRow>,
    }
}

platform::rows! {
    struct MailRow for Office { kind: &'static str, choice: &'static str }
}

fn said(asked: &[(String, String)]) -> Option<&'static str> {
    let (_, code) = asked.iter().find(|(name, _)| name == "said")?;
    match code.as_str() {
        "password" => Some("The password was changed, and every other session has ended"),
        "mail" => Some("Your choice was saved"),
        "ended" => Some("The session has ended"),
        "others-ended" => Some("Every other session has ended"),
        "recovery-used" => Some("You signed in with a recovery code, which does not work again"),
        _ => None,
    }
}

async fn account(
    own: Own,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Page<AccountPage>> {
    let session = own.session();
    let (user, app) = (session.actor.user, own.app().clone());
    let (mine, codes_left, enrolled, choices) = own
        .read(move |office| {
            let mine = sessions::of_user(&app, office.conn(), user)?;
            let left = codes::recovery_left(office.conn(), user)?;
            let enrolled = codes::is_enrolled(office.conn(), user)?;
            Ok((mine, left, enrolled, choices_of(office.conn(), user)?))
        })
        .await?;
    let frame = Frame::new(session, own.app(), "/account");
    Ok(Page(AccountPage {
        frame: match said(&asked) {
            Some(text) => frame.with_success(text),
            None => frame,
        },
        name: session.name.clone(),
        agency: session.agency_name.clone(),
        roles: Plain::new(session.roles_words()),
        enrolled,
        demo: own.app().is_demo(),
        codes_left,
        sessions: mine
            .into_iter()
            .map(|mine| SessionRow {
                this: mine.id == session.id,
                id: mine.id,
                device: mine.device,
                started_at: mine.started_at,
                seen_at: mine.seen_at,
            })
            .collect(),
        mail: choices
            .into_iter()
            .map(|(kind, choice)| MailRow {
                kind: kind.words(),
                choice: choice.words(),
            })
            .collect(),
    }))
}

fn choices_of(
    conn: &mut platform::db::Conn,
    user: kernel::ids::UserId,
) -> Result<Vec<(MailKind, Choice)>> {
    MailKind::CHOSEN
        .into_iter()
        .map(|kind| Ok((kind, mail::store::choice(conn, user, kind)?)))
        .collect()
}

platform::page! {
    /// A form about one's own account.
    struct FormPage for Office, "account/form.html" {
        frame: Frame,
        heading: &'static str,
        why: &'static str,
        action: &'static str,
        button: &'static str,
        blocks: Vec<Block>,
    }
}

/// What a form about one's own account says around its questions.
struct Around {
    heading: &'static str,
    why: &'static str,
    action: &'static str,
    button: &'static str,
}

fn form(own: &Own, around: &Around, blocks: Vec<Block>) -> Response {
    Page(FormPage {
        frame: Frame::new(own.session(), own.app(), "/account"),
        heading: around.heading,
        why: around.why,
        action: around.action,
        button: around.button,
        blocks,
    })
    .into_response()
}

// ---- Password ----

const PASSWORD: Around = Around {
    heading: "Change password",
    why: "Every other session of yours ends. Nobody needs to change a password that nobody else knows.",
    action: "/account/password",
    button: "Change password",
};

async fn password_page(own: Own) -> Response {
    let blocks = draw::<ChangePassword>(&Typed::default(), Vec::new());
    form(&own, &PASSWORD, blocks)
}

async fn change_password(
    own: Own,
    headers: HeaderMap,
    mut posted: Posted<ChangePassword>,
) -> Result<Response> {
    let session = own.session();
    let user = session.actor.user;
    let email = own
        .read(move |office| codes::address_of(office.conn(), user))
        .await?;
    let fresh = new_password(&mut posted, &[session.name.as_str(), email.as_str()]);
    let mut problems = posted.problems.clone();
    if let Some(fresh) = fresh {
        let old = secret(&posted, "password");
        if doors::confirm(own.app(), &headers, user, old, None).await? {
            let kept = passwords::hash(fresh).await?;
            let this = session.id;
            own.change(move |office| {
                let now = office.now();
                doors::set_password(office.conn(), user, &kept)?;
                sessions::end_all(office.conn(), user, Some(this))?;
                tell(office.conn(), user, now)?;
                Ok((Event::PasswordChanged(user), ()))
            })
            .await?;
            return Ok(see_other("/account?said=password"));
        }
        problems.push(wrong_password());
    }
    let blocks = draw::<ChangePassword>(&posted.typed, problems);
    Ok(form(&own, &PASSWORD, blocks))
}

fn wrong_password() -> Problem {
    Problem::new("password", "The password is not right")
}

/// Tells the user by mail, in case it was somebody else (ASVS 5.0 6.3.7).
fn tell(
    conn: &mut platform::db::Conn,
    user: kernel::ids::UserId,
    now: Instant,
) -> Result<(), platform::Failed> {
    mail::queue(conn, user, MailKind::AccountChanged, "/account", now)
}

// ---- Second factor ----

const SECOND_FACTOR: Around = Around {
    heading: "Change authenticator app",
    why: "The app that you use now stops working once the new one is set up. Every other session of yours ends.",
    action: "/account/second-factor",
    button: "Continue",
};

const RECOVERY: Around = Around {
    heading: "Make new recovery codes",
    why: "The codes that you have now stop working.",
    action: "/account/recovery-codes",
    button: "Make new codes",
};

/// The questions before a change: no code where there is no second factor yet.
async fn proof(own: &Own, typed: &Typed, problems: Problems) -> Result<Vec<Block>> {
    let enrolled = is_enrolled(own).await?;
    let mut blocks = draw::<Proof>(typed, problems);
    for block in &mut blocks {
        block
            .controls
            .retain(|control| enrolled || control.name != "code");
    }
    Ok(blocks)
}

async fn is_enrolled(own: &Own) -> Result<bool> {
    let user = own.session().actor.user;
    own.read(move |office| codes::is_enrolled(office.conn(), user))
        .await
}

/// The problems that remain after password and code were looked at; none if both are right.
async fn prove(own: &Own, headers: &HeaderMap, posted: &Posted<Proof>) -> Result<Problems> {
    let enrolled = is_enrolled(own).await?;
    let mut problems = posted.problems.clone();
    problems.retain(|problem| enrolled || problem.field != "code");
    if !problems.is_empty() {
        return Ok(problems);
    }
    let (user, password) = (own.session().actor.user, secret(posted, "password"));
    let code = Some(posted.typed.get("code"));
    if !doors::confirm(own.app(), headers, user, password, code).await? {
        problems.push(Problem::new(
            "password",
            "The password or the code is not right. A code works once: wait for the next one",
        ));
    }
    Ok(problems)
}

/// The demonstration asks for no second factor, so it has none to change.
fn not_in_demo(own: &Own) -> Result<()> {
    if own.app().is_demo() {
        Err(Error::NotFound)
    } else {
        Ok(())
    }
}

async fn second_factor_page(own: Own) -> Result<Response> {
    not_in_demo(&own)?;
    let blocks = proof(&own, &Typed::default(), Vec::new()).await?;
    Ok(form(&own, &SECOND_FACTOR, blocks))
}

async fn begin_second_factor(
    own: Own,
    headers: HeaderMap,
    posted: Posted<Proof>,
) -> Result<Response> {
    not_in_demo(&own)?;
    let problems = prove(&own, &headers, &posted).await?;
    if problems.is_empty() {
        doors::enrol_again(own.app(), own.session().actor.user).await?;
        return Ok(see_other("/account/second-factor/new"));
    }
    let blocks = proof(&own, &posted.typed, problems).await?;
    Ok(form(&own, &SECOND_FACTOR, blocks))
}

const NEW_FACTOR: &str = "/account/second-factor/new";

async fn new_factor_page(own: Own) -> Result<Response> {
    not_in_demo(&own)?;
    let user = own.session().actor.user;
    Ok(match doors::enrolling_again(own.app(), user).await? {
        Some(enrolment) => {
            let frame = Frame::new(own.session(), own.app(), "/account");
            draw_enrolment(frame, NEW_FACTOR, enrolment, &Typed::default(), Vec::new())
        }
        None => see_other("/account/second-factor"),
    })
}

async fn change_factor(
    own: Own,
    headers: HeaderMap,
    posted: Posted<FirstCode>,
) -> Result<Response> {
    not_in_demo(&own)?;
    let session = own.session();
    let (user, this) = (session.actor.user, session.id);
    let Some(enrolment) = doors::enrolling_again(own.app(), user).await? else {
        return Ok(see_other("/account/second-factor"));
    };
    let frame = Frame::new(session, own.app(), "/account");
    let mut problems = posted.problems.clone();
    if problems.is_empty() {
        let code = posted.typed.get("code");
        match doors::enrol_new(own.app(), &headers, session, code).await? {
            Enrolled::Done(_, codes) => {
                own.change(move |office| {
                    let now = office.now();
                    sessions::end_all(office.conn(), user, Some(this))?;
                    tell(office.conn(), user, now)?;
                    Ok((Event::SecondFactorChanged(user), ()))
                })
                .await?;
                return Ok(draw_codes(frame, codes, "/account"));
            }
            Enrolled::Gone => return Ok(see_other("/account/second-factor")),
            Enrolled::No => problems.push(wrong_first_code()),
        }
    }
    Ok(draw_enrolment(
        frame,
        NEW_FACTOR,
        enrolment,
        &posted.typed,
        problems,
    ))
}

async fn recovery_page(own: Own) -> Result<Response> {
    not_in_demo(&own)?;
    let blocks = proof(&own, &Typed::default(), Vec::new()).await?;
    Ok(form(&own, &RECOVERY, blocks))
}

async fn new_recovery(own: Own, headers: HeaderMap, posted: Posted<Proof>) -> Result<Response> {
    not_in_demo(&own)?;
    let problems = prove(&own, &headers, &posted).await?;
    if !problems.is_empty() {
        let blocks = proof(&own, &posted.typed, problems).await?;
        return Ok(form(&own, &RECOVERY, blocks));
    }
    let user = own.session().actor.user;
    let codes = doors::new_recovery_codes(own.app(), user).await?;
    own.change(move |office| {
        let now = office.now();
        tell(office.conn(), user, now)?;
        Ok((Event::RecoveryCodesChanged(user), ()))
    })
    .await?;
    let frame = Frame::new(own.session(), own.app(), "/account");
    Ok(draw_codes(frame, codes, "/account"))
}

// ---- Sessions ----

async fn end_session(own: Own, Path(id): Path<String>, _: Pressed) -> Result<Response> {
    let id: SessionId = id.parse().map_err(|_| Error::NotFound)?;
    let user = own.session().actor.user;
    own.change(move |office| {
        if sessions::end_one(office.conn(), user, id)? {
            Ok((Event::SessionEnded(id), ()))
        } else {
            Err(Error::NotFound.into())
        }
    })
    .await?;
    Ok(see_other("/account?said=ended"))
}

async fn end_others(own: Own, _: Pressed) -> Result<Response> {
    let (user, this) = (own.session().actor.user, own.session().id);
    own.change(move |office| {
        sessions::end_all(office.conn(), user, Some(this))?;
        Ok((Event::OtherSessionsEnded(user), ()))
    })
    .await?;
    Ok(see_other("/account?said=others-ended"))
}

// ---- Mail ----

const MAIL: Around = Around {
    heading: "What you are told by mail",
    why: "A mail holds a reference and a link, nothing else. What concerns your account always comes.",
    action: "/account/mail",
    button: "Save",
};

async fn mail_page(own: Own) -> Result<Response> {
    let user = own.session().actor.user;
    let chosen = own
        .read(move |office| choices_of(office.conn(), user))
        .await?;
    let mut typed = Typed::default();
    for (kind, choice) in chosen {
        typed.push(kind.code().to_owned(), choice.code().to_owned());
    }
    Ok(form(&own, &MAIL, draw::<Choices>(&typed, Vec::new())))
}

async fn choose_mail(own: Own, posted: Posted<Choices>) -> Result<Response> {
    if !posted.problems.is_empty() {
        let blocks = draw::<Choices>(&posted.typed, posted.problems);
        return Ok(form(&own, &MAIL, blocks));
    }
    let form = posted.form;
    let chosen: Vec<(MailKind, Choice)> = [
        (MailKind::NewReferral, form.new_referral),
        (MailKind::Allocation, form.allocation),
        (MailKind::Acknowledgement, form.acknowledgement),
        (MailKind::DueSoon, form.due_soon),
    ]
    .into_iter()
    .filter_map(|(kind, choice)| Some((kind, *choice?.expose())))
    .collect();
    let user = own.session().actor.user;
    own.change(move |office| {
        for (kind, choice) in &chosen {
            mail::store::choose(office.conn(), user, *kind, *choice)?;
        }
        Ok((Event::MailChosen(user), ()))
    })
    .await?;
    Ok(see_other("/account?said=mail"))
}
