//! Signing in and out, and unlocking.

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use kernel::{
    access::Mode,
    form::{Block, Form, Inputs, Problem, Problems, Typed},
    label::{Audience, Office, Shows},
    plain::Plain,
};
use platform::{
    App, Error, Own, Page, Posted, Pressed, Public, Result, Routes,
    identity::{
        doors::{self, Cookies, Entered},
        held::{self, HeldId},
        sessions,
    },
    see_other,
};

use super::{
    demo,
    model::{Onward, SignIn, Unlock, secret},
    second,
};
use crate::shell::Frame;

/// Coming in and going out.
pub fn routes() -> Routes {
    Routes::new()
        .get("/sign-in", page)
        .post("/sign-in", enter)
        .get("/sign-in/code", second::code_page)
        .post("/sign-in/code", second::give_code)
        .get("/sign-in/enrol", second::enrol_page)
        .post("/sign-in/enrol", second::enrol)
        .get("/invitation/{token}", second::invitation_page)
        .post("/invitation/{token}", second::take_up)
        .get("/unlock", unlock_page)
        .post("/unlock", unlock)
        .get("/held/{held}", held_page)
        .post("/held/{held}/drop", drop_held)
        .post("/sign-out", sign_out)
        .post("/demo/become", demo::become_persona)
        .post("/demo/clock", demo::set_clock)
}

platform::page! {
    /// Signing in.
    struct SignInPage for Office, "sign_in/sign_in.html" {
        frame: Frame,
        blocks: Vec<Block>,
        cast: Vec<demo::Player>,
        password: &'static str,
        next: Plain,
        held: Plain,
    }
}

/// The frame of a page that may be open before signing in.
pub(super) fn frame(public: &Public) -> Frame {
    match public.session() {
        Some(session) if !session.locked => Frame::new(session, public.app(), ""),
        Some(session) => Frame {
            // A locked screen says nothing but whose it is.
            csrf: session.csrf.clone(),
            ..Frame::bare(public.app())
        },
        None => Frame::bare(public.app()),
    }
}

/// Draws a form with what was typed, without its secrets.
pub(crate) fn draw<F: Form>(typed: &Typed, problems: Problems) -> Vec<Block> {
    let mut typed = typed.clone();
    typed
        .0
        .retain(|name, _| !platform::posted::SECRET.contains(&name.as_str()));
    Inputs::draw::<F>(&typed, problems, None, 0)
}

fn sign_in_page(public: &Public, typed: &Typed, problems: Problems) -> Response {
    let is_demo = public.app().is_demo();
    let held = Plain::new(typed.get("held"));
    let mut frame = frame(public);
    if !held.is_empty() {
        frame = frame.with_important(
            "Your session ended. What you typed is kept: sign in, and it comes back",
        );
    }
    Page(SignInPage {
        frame,
        next: Plain::new(typed.get("next")),
        held,
        blocks: draw::<SignIn>(typed, problems),
        cast: if is_demo { demo::players() } else { Vec::new() },
        password: if is_demo { crate::demo::PASSWORD } else { "" },
    })
    .into_response()
}

async fn page(public: Public, onward: Onward) -> Response {
    if public.session().is_some() && !public.app().is_demo() {
        return see_other(&onward.place());
    }
    sign_in_page(&public, &onward.typed(), Vec::new())
}

async fn enter(public: Public, headers: HeaderMap, posted: Posted<SignIn>) -> Result<Response> {
    let mut problems = posted.problems.clone();
    if problems.is_empty() {
        let email = posted.typed.get("email").to_owned();
        let onward = Onward::of(&posted.typed);
        let password = secret(&posted, "password");
        match doors::sign_in(public.app(), &headers, &email, password).await? {
            Entered::In(cookies) => return Ok(go(&onward.place(), &cookies)),
            Entered::Code(cookies) => return Ok(go(&onward.after("/sign-in/code"), &cookies)),
            Entered::Enrol(cookies) => return Ok(go(&onward.after("/sign-in/enrol"), &cookies)),
            Entered::No => problems.push(Problem::new(
                "email",
                "The e-mail address or the password is not right. If you have forgotten the password, your manager can reset it",
            )),
        }
    }
    Ok(sign_in_page(&public, &posted.typed, problems))
}

/// 303 to a page of ours, with cookies.
pub(super) fn go(path: &str, cookies: &Cookies) -> Response {
    with_cookies(see_other(path), cookies)
}

/// An answer with cookies.
pub(super) fn with_cookies(mut answer: Response, cookies: &Cookies) -> Response {
    for cookie in cookies {
        if let Ok(value) = HeaderValue::from_str(cookie) {
            answer.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    answer
}

platform::page! {
    /// The password is asked again.
    struct UnlockPage for Office, "sign_in/unlock.html" {
        frame: Frame,
        name: Plain,
        blocks: Vec<Block>,
        holds: bool,
    }
}

fn draw_unlock(public: &Public, name: Plain, typed: &Typed, problems: Problems) -> Response {
    Page(UnlockPage {
        frame: frame(public),
        name,
        holds: !typed.get("held").is_empty(),
        blocks: draw::<Unlock>(typed, problems),
    })
    .into_response()
}

async fn unlock_page(public: Public, onward: Onward) -> Response {
    match public.session() {
        Some(session) if session.locked || session.mode == Mode::ClientCanSee => {
            draw_unlock(&public, session.name.clone(), &onward.typed(), Vec::new())
        }
        Some(_) => see_other(&onward.place()),
        None => see_other(&onward.after("/sign-in")),
    }
}

async fn unlock(public: Public, headers: HeaderMap, posted: Posted<Unlock>) -> Result<Response> {
    let onward = Onward::of(&posted.typed);
    let Some(session) = public.session() else {
        return Ok(see_other(&onward.after("/sign-in")));
    };
    let mut problems = posted.problems.clone();
    if problems.is_empty() {
        let password = secret(&posted, "password");
        if let Some(cookies) = doors::unlock(public.app(), &headers, session, password).await? {
            return Ok(go(&onward.place(), &cookies));
        }
        problems.push(Problem::new("password", "The password is not right"));
    }
    Ok(draw_unlock(
        &public,
        session.name.clone(),
        &posted.typed,
        problems,
    ))
}

/// A field that somebody typed, on its way back to the same person.
struct Returned {
    name: String,
    /// The question, or the name where no form asks it.
    question: String,
    text: String,
    /// Whether a page added it, not a person.
    ours: bool,
}
// It has no label any more, and needs none: nobody but who typed it opens this page.
impl<A: Audience> Shows<A> for Returned {}

platform::page! {
    /// What was typed into a locked session.
    struct HeldPage for Office, "sign_in/held.html" {
        frame: Frame,
        again: Plain,
        id: HeldId,
        fields: Vec<Returned>,
    }
}

async fn held_page(own: Own, Path(id): Path<String>) -> Result<Page<HeldPage>> {
    let id: HeldId = id.parse().map_err(|_| Error::NotFound)?;
    let session = own.session();
    let held = held::find(own.app(), session.actor.user, id)
        .await?
        .ok_or(Error::NotFound)?;
    let mark = if held.path.contains('?') { '&' } else { '?' };
    Ok(Page(HeldPage {
        frame: Frame::new(session, own.app(), ""),
        again: Plain::new(format!("{}{mark}held={id}", held.path)),
        id,
        fields: held
            .typed
            .0
            .into_iter()
            .map(|(name, text)| Returned {
                question: crate::question_of(&name)
                    .map_or_else(|| name.replace('_', " "), str::to_owned),
                ours: platform::posted::is_ours(&name),
                name,
                text,
            })
            .collect(),
    }))
}

async fn drop_held(own: Own, Path(id): Path<String>, _: Pressed) -> Result<Response> {
    let id: HeldId = id.parse().map_err(|_| Error::NotFound)?;
    held::discard(own.app(), own.session().actor.user, id).await?;
    Ok(see_other("/"))
}

async fn sign_out(public: Public, _: Pressed) -> Result<Response> {
    if let Some(session) = public.session() {
        sessions::end(public.app(), session).await?;
    }
    Ok(signed_out(public.app()))
}

/// What the browser holds of us goes with the session (ASVS 5.0 14.3.1).
fn signed_out(app: &App) -> Response {
    let mut answer = go("/sign-in", &vec![sessions::set_cookie(app, None)]);
    answer.headers_mut().insert(
        "clear-site-data",
        HeaderValue::from_static("\"cache\", \"storage\""),
    );
    answer
}
