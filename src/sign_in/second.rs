//! The second factor, and taking up an invitation.

use axum::{
    extract::Path,
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
    Page, Posted, Public, Result,
    identity::{
        codes::Enrolment,
        doors::{self, Cookies, Enrolled, Entered, Passed},
    },
    see_other,
};

use super::{
    model::{FirstCode, NewPassword, Onward, SecondStep, new_password},
    web::{draw, frame, go, with_cookies},
};
use crate::shell::Frame;

platform::page! {
    /// The code after the password.
    struct CodePage for Office, "sign_in/code.html" { frame: Frame, blocks: Vec<Block> }
}

fn draw_code(public: &Public, typed: &Typed, problems: Problems) -> Response {
    let (frame, blocks) = (frame(public), draw::<SecondStep>(typed, problems));
    Page(CodePage { frame, blocks }).into_response()
}

pub(super) async fn code_page(
    public: Public,
    headers: HeaderMap,
    onward: Onward,
) -> Result<Response> {
    if !doors::awaits_code(public.app(), &headers).await? {
        return Ok(see_other(&onward.after("/sign-in")));
    }
    Ok(draw_code(&public, &onward.typed(), Vec::new()))
}

pub(super) async fn give_code(
    public: Public,
    headers: HeaderMap,
    posted: Posted<SecondStep>,
) -> Result<Response> {
    let onward = Onward::of(&posted.typed);
    let mut problems = posted.problems.clone();
    if problems.is_empty() {
        let typed = posted.typed.get("code");
        match doors::give_code(public.app(), &headers, typed).await? {
            Passed::In {
                cookies,
                recovery: false,
            } => return Ok(go(&onward.place(), &cookies)),
            // Whoever uses them up should see how many are left.
            Passed::In {
                cookies,
                recovery: true,
            } => {
                return Ok(go("/account?said=recovery-used", &cookies));
            }
            Passed::Gone => return Ok(see_other(&onward.after("/sign-in"))),
            Passed::No => problems.push(Problem::new(
                "code",
                "The code is not right, or was used before. Wait for the next one in the app",
            )),
        }
    }
    Ok(draw_code(&public, &posted.typed, problems))
}

platform::page! {
    /// What the authenticator app must be told.
    pub(crate) struct EnrolPage for Office, "sign_in/enrol.html" {
        frame: Frame,
        action: &'static str,
        secret: Plain,
        side: usize,
        path: Plain,
        blocks: Vec<Block>,
    }
}

/// The page on which the authenticator app is set up, at sign-in and again in the account.
pub(crate) fn draw_enrolment(
    frame: Frame,
    action: &'static str,
    enrolment: Enrolment,
    typed: &Typed,
    problems: Problems,
) -> Response {
    Page(EnrolPage {
        frame,
        action,
        secret: enrolment.secret,
        side: enrolment.side,
        path: enrolment.path,
        blocks: draw::<FirstCode>(typed, problems),
    })
    .into_response()
}

/// What is wrong with the first code.
pub(crate) fn wrong_first_code() -> Problem {
    Problem::new(
        "code",
        "The code is not right. Type the 6 digits that the app shows now; if it happens again, check the clock of your phone",
    )
}

pub(super) async fn enrol_page(
    public: Public,
    headers: HeaderMap,
    onward: Onward,
) -> Result<Response> {
    Ok(match doors::enrolling(public.app(), &headers).await? {
        Some(enrolment) => draw_enrolment(
            frame(&public),
            "/sign-in/enrol",
            enrolment,
            &onward.typed(),
            vec![],
        ),
        None => see_other(&onward.after("/sign-in")),
    })
}

pub(super) async fn enrol(
    public: Public,
    headers: HeaderMap,
    posted: Posted<FirstCode>,
) -> Result<Response> {
    let onward = Onward::of(&posted.typed);
    let app = public.app();
    let Some(enrolment) = doors::enrolling(app, &headers).await? else {
        return Ok(see_other(&onward.after("/sign-in")));
    };
    let mut problems = posted.problems.clone();
    if problems.is_empty() {
        match doors::enrol(app, &headers, posted.typed.get("code")).await? {
            Enrolled::Done(cookies, codes) => {
                // The session has just begun; its frame comes with the next page.
                let page = draw_codes(Frame::bare(app), codes, &onward.place());
                return Ok(with_cookies(page, &cookies));
            }
            Enrolled::No => problems.push(wrong_first_code()),
            Enrolled::Gone => return Ok(see_other(&onward.after("/sign-in"))),
        }
    }
    let frame = frame(&public);
    Ok(draw_enrolment(
        frame,
        "/sign-in/enrol",
        enrolment,
        &posted.typed,
        problems,
    ))
}

platform::page! {
    /// Recovery codes, shown once.
    struct CodesPage for Office, "sign_in/codes.html" {
        frame: Frame,
        codes: Vec<Plain>,
        next: Plain,
    }
}

/// The page that shows recovery codes, once.
pub(crate) fn draw_codes(frame: Frame, codes: Vec<Plain>, next: &str) -> Response {
    Page(CodesPage {
        frame,
        codes,
        next: Plain::new(next),
    })
    .into_response()
}

platform::page! {
    /// Choosing a password by a one-time link.
    struct InvitationPage for Office, "sign_in/invitation.html" {
        frame: Frame,
        action: Plain,
        name: Plain,
        agency: Plain,
        email: Plain,
        until: Instant,
        reset: bool,
        blocks: Vec<Block>,
    }
}

platform::page! {
    /// The link does not work any more.
    struct GonePage for Office, "sign_in/gone.html" { frame: Frame }
}

fn gone(public: &Public) -> Response {
    let page = Page(GonePage {
        frame: frame(public),
    });
    (axum::http::StatusCode::GONE, page).into_response()
}

fn draw_invitation(
    public: &Public,
    token: &str,
    invited: doors::Invited,
    problems: Problems,
) -> Response {
    Page(InvitationPage {
        frame: frame(public),
        action: Plain::new(format!("/invitation/{token}")),
        name: invited.name,
        agency: invited.agency,
        email: invited.email,
        until: invited.until,
        reset: invited.reset,
        blocks: draw::<NewPassword>(&Typed::default(), problems),
    })
    .into_response()
}

pub(super) async fn invitation_page(public: Public, Path(token): Path<String>) -> Result<Response> {
    Ok(match doors::invited(public.app(), &token).await? {
        Some(invited) => draw_invitation(&public, &token, invited, Vec::new()),
        None => gone(&public),
    })
}

pub(super) async fn take_up(
    public: Public,
    headers: HeaderMap,
    Path(token): Path<String>,
    mut posted: Posted<NewPassword>,
) -> Result<Response> {
    let app = public.app();
    let Some(invited) = doors::invited(app, &token).await? else {
        return Ok(gone(&public));
    };
    let own = [invited.name.as_str(), invited.email.as_str()];
    let Some(password) = new_password(&mut posted, &own) else {
        return Ok(draw_invitation(&public, &token, invited, posted.problems));
    };
    let home = |cookies: &Cookies| go("/", cookies);
    Ok(
        match doors::take_up(app, &headers, &token, password).await? {
            Some(Entered::Enrol(cookies)) => go("/sign-in/enrol", &cookies),
            Some(Entered::In(cookies)) => home(&cookies),
            Some(Entered::Code(_) | Entered::No) | None => gone(&public),
        },
    )
}
