//! What happens around every handler: the session is known, what is posted is kept until it is
//! saved, errors become pages, and every answer carries the same headers.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use kernel::{access::Mode, form::Typed};

use crate::{
    App, Error, Result,
    app::Failing,
    error::Ended,
    identity::held,
    random,
    session::{self, Current},
};

/// The longest body. The longest form is far below it.
const BODY: usize = 1024 * 1024;

/// Seconds between two notes that a session is in use.
const TOUCH: i64 = 60;

const HEADERS: [(&str, &str); 9] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'",
    ),
    ("cache-control", "no-store"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=(), display-capture=(), clipboard-read=()",
    ),
    (
        "strict-transport-security",
        "max-age=63072000; includeSubDomains",
    ),
    ("x-robots-tag", "noindex, nofollow"),
];

/// Around every handler.
pub(crate) async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let (mut parts, body) = request.into_parts();
    let session = if path.starts_with("/assets/") {
        Ok(None)
    } else {
        who(&app, &parts.headers).await
    };
    let mut typed = None;
    let mut answer = match (session, kept(&parts.method, &parts.headers, body).await) {
        (Ok(session), Ok((bytes, posted))) => {
            typed.clone_from(&posted);
            if let Some(session) = &session {
                parts.extensions.insert(Current(session.clone()));
            }
            if let Some(posted) = posted {
                parts.extensions.insert(posted);
            }
            let locked = session
                .as_ref()
                .filter(|s| s.locked && !held::open_while_locked(&path));
            let mut answer = if let Some(session) = locked {
                held::keep(&app, session, &parts.method, &parts.uri, typed.as_deref()).await
            } else {
                let asked = (parts.method.clone(), parts.uri.clone());
                let token = cookie(&parts.headers, app.cookie_name());
                let request = Request::from_parts(parts, Body::from(bytes));
                let answer = next.run(request).await;
                let signed_in = session.as_deref();
                if let Some(session) = session.as_ref().filter(|s| refuses_shared(s, &answer)) {
                    held::keep(&app, session, &asked.0, &asked.1, typed.as_deref()).await
                } else {
                    lose_nothing(&app, answer, &asked, signed_in, (token, typed.as_deref())).await
                }
            };
            if let Some(ended) = answer.extensions_mut().remove::<Ended>() {
                answer = page_of(&app, &ended.0, session.as_ref(), typed.as_deref(), &path);
            }
            answer
        }
        // Who asks is not known while the database is away. What came with a cookie came from a page
        // of ours (another site's post carries none), so it is given back.
        (Err(error), Ok((_, posted))) => {
            let ours = cookie(&parts.headers, app.cookie_name()).is_some();
            let posted = posted.filter(|_| ours && matches!(error, Error::Away(_)));
            page_of(&app, &error, None, posted.as_deref(), &path)
        }
        (_, Err(error)) => page_of(&app, &error, None, None, &path),
    };
    for (name, value) in HEADERS {
        if path.starts_with("/assets/") && name == "cache-control" {
            continue;
        }
        answer
            .headers_mut()
            .entry(HeaderName::from_static(name))
            .or_insert(HeaderValue::from_static(value));
    }
    answer
}

/// Whether the client can see the screen and the answer is not for the client: the worker signs in
/// again, and nothing says whether there is anything at this address.
fn refuses_shared(session: &session::Session, answer: &Response) -> bool {
    session.mode == Mode::ClientCanSee
        && answer
            .extensions()
            .get::<Ended>()
            .is_some_and(|ended| matches!(*ended.0, Error::NotFound))
}

/// What somebody wanted whose session has ended comes back after signing in: a page by its address,
/// what was posted by being held. What was held and has now been saved is dropped.
async fn lose_nothing(
    app: &App,
    answer: Response,
    (method, uri): &(Method, Uri),
    session: Option<&session::Session>,
    (token, typed): (Option<String>, Option<&Typed>),
) -> Response {
    let saved = answer.status().is_redirection() && answer.extensions().get::<Ended>().is_none();
    if let (Some(session), true, Some(id)) = (session, saved, held::sent_again(uri))
        && *method == Method::POST
        && let Err(error) = held::discard(app, session.actor.user, id).await
    {
        // What was sent is saved; the copy goes with the next pruning.
        tracing::warn!(%error, "a held post was not dropped");
    }
    let needs_sign_in = answer
        .extensions()
        .get::<Ended>()
        .is_some_and(|ended| matches!(*ended.0, Error::SignIn));
    if !needs_sign_in {
        return answer;
    }
    if *method == Method::GET {
        let wanted = uri.path_and_query().map_or("/", |place| place.as_str());
        return match wanted {
            "/" => see_other("/sign-in"),
            wanted => see_other(&format!("/sign-in?next={}", held::escaped(wanted))),
        };
    }
    match (token, typed) {
        (Some(token), Some(typed)) => match held::keep_of_ended(app, &token, uri, typed).await {
            Ok(Some(id)) => see_other(&format!("/sign-in?held={id}")),
            Ok(None) => answer,
            Err(error) => error.into_response(),
        },
        _ => answer,
    }
}

/// The session of the cookie, if there is one that has not ended.
async fn who(app: &App, headers: &HeaderMap) -> Result<Option<Arc<session::Session>>> {
    let Some(token) = cookie(headers, app.cookie_name()) else {
        return Ok(None);
    };
    let (now, limits) = (app.clock.now(), app.limits());
    let found = app
        .readers
        .run(move |conn| session::load(conn, &token, now, limits))
        .await?;
    let Some(session) = found else {
        return Ok(None);
    };
    let idle = now.seconds_since(session.seen_at);
    if !session.locked && !(0..TOUCH).contains(&idle) {
        let used = session.clone();
        app.write(move |conn| Ok(session::touch(conn, &used, now)?))
            .await?;
    }
    Ok(Some(Arc::new(session)))
}

/// The value of a cookie.
pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split("; "))
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
        .map(str::to_owned)
}

/// The body, and what was typed if it is a form, so that an error can give it back.
async fn kept(
    method: &Method,
    headers: &HeaderMap,
    body: Body,
) -> Result<(Bytes, Option<Arc<Typed>>)> {
    let bytes = to_bytes(body, BODY).await.map_err(|_| Error::TooLong)?;
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or("");
    if method != Method::POST || !kind.starts_with("application/x-www-form-urlencoded") {
        return Ok((bytes, None));
    }
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_bytes(&bytes).map_err(|_| Error::Forged)?;
    let mut typed = Typed::default();
    for (name, text) in pairs {
        typed.push(name, text);
    }
    Ok((bytes, Some(Arc::new(typed))))
}

/// The page of an error. What is broken is logged once, under a number, without any data.
fn page_of(
    app: &App,
    error: &Error,
    session: Option<&Arc<session::Session>>,
    typed: Option<&Typed>,
    path: &str,
) -> Response {
    match error {
        Error::SignIn => return see_other("/sign-in"),
        Error::Locked => return see_other("/unlock"),
        _ => {}
    }
    let reference = random::reference().unwrap_or_default();
    if let Error::Broken(why) | Error::Away(why) = error {
        tracing::error!(reference, %why, "a request failed");
    }
    let failing = Failing {
        error,
        session,
        typed,
        path,
        reference: &reference,
        app,
    };
    let mut answer = (error.status(), Html((app.hooks.error_page)(&failing))).into_response();
    if let Error::TooMany(seconds) = error
        && let Ok(value) = HeaderValue::from_str(&seconds.to_string())
    {
        answer.headers_mut().insert(header::RETRY_AFTER, value);
    }
    answer
}

/// 303 to a page of ours.
pub fn see_other(path: &str) -> Response {
    match HeaderValue::from_str(path) {
        Ok(place) => (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response(),
        Err(_) => StatusCode::SEE_OTHER.into_response(),
    }
}
