//! The pages of errors: each says what to do next, and none loses what was typed.

use askama::Template;
use platform::{Error, app::Failing, posted::SECRET};

use super::Frame;

#[derive(Template)]
#[template(path = "shell/failing.html")]
struct FailingPage {
    frame: Frame,
    heading: &'static str,
    what: String,
    next: &'static str,
    said: Vec<String>,
    reference: String,
    /// Where what was typed may be sent again.
    again: Option<String>,
    typed: Vec<(String, String)>,
}

/// The page of an error.
pub fn error_page(failing: &Failing<'_>) -> String {
    let mut frame = match failing.session {
        Some(session) => Frame::new(session, failing.app, ""),
        None => Frame::bare(failing.app),
    };
    let (heading, what, next) = words(failing.error);
    let said = match failing.error {
        Error::Refused(problems) => problems.iter().map(|p| p.message.clone()).collect(),
        Error::Unknown(names) => names.clone(),
        _ => Vec::new(),
    };
    let can_retry = matches!(
        failing.error,
        Error::Forged | Error::Stale | Error::Away(_) | Error::DiskFull | Error::Broken(_)
    );
    let secret = |name: &str| name == "csrf" || SECRET.contains(&name);
    let typed = failing
        .typed
        .map(|typed| {
            typed
                .0
                .iter()
                .filter(|(name, text)| !secret(name) && !text.is_empty())
                .map(|(name, text)| (name.clone(), text.clone()))
                .collect::<Vec<_>>()
        })
        .unwrap_or_default();
    // While the database is away nobody's session can be read; the platform then hands over only
    // what came from a page of ours, whose token goes along again.
    let away = matches!(failing.error, Error::Away(_));
    let typed = if failing.session.is_some() || away {
        typed
    } else {
        Vec::new()
    };
    let again = (can_retry && !typed.is_empty()).then(|| failing.path.to_owned());
    if let (true, None, Some(posted)) = (away, failing.session, failing.typed) {
        posted.get("csrf").clone_into(&mut frame.csrf);
    }
    let page = FailingPage {
        frame,
        heading,
        what,
        next,
        said,
        reference: failing.reference.to_owned(),
        again,
        typed,
    };
    page.render()
        .unwrap_or_else(|_| format!("{heading}. {next}"))
}

fn words(error: &Error) -> (&'static str, String, &'static str) {
    let own = str::to_owned;
    match error {
        Error::SignIn | Error::Locked | Error::NotFound => (
            "Page not found",
            own("There is nothing at this address that you can open."),
            "Check the address, or go back to your day.",
        ),
        Error::Forged => (
            "This page is too old to send",
            own(
                "Nothing was saved. The page was open since before you signed in, or was not sent by this service.",
            ),
            "Check what you typed below and send it again.",
        ),
        Error::Stale => (
            "Somebody else saved first",
            own("Nothing of yours was saved, and nothing of theirs was overwritten."),
            "Open the page again to see what they saved. What you typed is below.",
        ),
        Error::Unknown(_) => (
            "This form holds something that was not asked",
            own(
                "Nothing was saved. The form may have been changed by a browser extension, or by an upgrade since you opened it.",
            ),
            "Open the form again. What you typed is below, so that you can copy it.",
        ),
        Error::Refused(_) => (
            "This cannot be done",
            own("Nothing was changed."),
            "Go back and change what is named below.",
        ),
        Error::TooLong => (
            "This is too long to send",
            own("More than 1 MB was sent at once, and nothing was saved."),
            "Go back: what you typed is still in your browser. Shorten the longest text, or attach it elsewhere.",
        ),
        Error::TooMany(seconds) => (
            "Too many tries",
            format!("Wait {} before you try again.", wait(*seconds)),
            "If you have forgotten your password, your manager can reset it.",
        ),
        Error::DiskFull => (
            "Nothing more can be saved just now",
            own("The disk of the service is full. What was saved before is safe and can be read."),
            "Tell whoever runs the service. Keep this page open and send it again later: what you typed is below.",
        ),
        Error::Away(_) => (
            "The service cannot reach its records just now",
            own("Nothing was saved."),
            "Keep this page open and send it again in a minute: what you typed is below. If somebody is in danger, ring.",
        ),
        Error::Broken(_) => (
            "Something went wrong",
            own("This is our fault, not yours. Nothing was saved."),
            "Try again. If it happens again, tell whoever runs the service and give the reference.",
        ),
    }
}

fn wait(seconds: i64) -> String {
    match (seconds + 59) / 60 {
        1 => "1 minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}
