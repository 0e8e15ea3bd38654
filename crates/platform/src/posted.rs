//! Forms that came from our own pages.

use std::{marker::PhantomData, sync::Arc};

use axum::extract::{FromRequest, Multipart, Request};
use kernel::form::{Form, Names, Parse, Problems, Typed};

use crate::{App, Error, Result, session::Current};

/// Fields that pages add to every form: they are no answers.
const OURS: [&str; 4] = ["csrf", "version", "add", "section"];

/// Fields that are secrets: never kept for later, never drawn again.
pub const SECRET: [&str; 4] = ["password", "new_password", "again", "code"];

/// Whether a page added this field, not a person.
pub fn is_ours(name: &str) -> bool {
    OURS.contains(&name)
}

/// A posted form whose CSRF token was right and which holds no field that was not asked.
#[derive(Debug)]
pub struct Posted<F> {
    /// What could be read.
    pub form: F,
    /// What is wrong, in page order.
    pub problems: Problems,
    /// What was typed, to draw the form again.
    pub typed: Typed,
}

impl<F: Form> FromRequest<App> for Posted<F> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &App) -> Result<Self> {
        let typed = genuine(&request)?;
        let names = Names::of::<F>(&typed);
        let unknown: Vec<String> = typed
            .0
            .keys()
            .filter(|name| !OURS.contains(&name.as_str()))
            .filter(|name| !names.iter().any(|(_, known)| known == *name))
            .cloned()
            .collect();
        if !unknown.is_empty() {
            return Err(Error::Unknown(unknown));
        }
        let (form, problems) = Parse::form::<F>(&typed);
        Ok(Self {
            form,
            problems,
            typed,
        })
    }
}

impl<F> Posted<F> {
    /// The version of the row that the page showed, if it showed one.
    pub fn version(&self) -> Option<i32> {
        self.typed.get("version").parse().ok()
    }

    /// Which repeated part should get another blank item, if that was pressed.
    pub fn adds(&self) -> Option<&str> {
        Some(self.typed.get("add")).filter(|part| !part.is_empty())
    }
}

/// A form with nothing but a button.
#[derive(Debug)]
pub struct Pressed {
    /// What was posted besides the token.
    pub typed: Typed,
}

impl FromRequest<App> for Pressed {
    type Rejection = Error;

    async fn from_request(request: Request, _: &App) -> Result<Self> {
        Ok(Self {
            typed: genuine(&request)?,
        })
    }
}

/// An uploaded file, from our own page.
#[derive(Debug)]
pub struct Uploaded {
    /// What is in it.
    pub bytes: Vec<u8>,
    private: PhantomData<()>,
}

impl FromRequest<App> for Uploaded {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self> {
        let current = request
            .extensions()
            .get::<Current>()
            .cloned()
            .ok_or(Error::SignIn)?;
        let mut parts = Multipart::from_request(request, app)
            .await
            .map_err(|_| Error::Forged)?;
        let (mut genuine, mut file) = (false, None);
        while let Some(part) = parts.next_field().await.map_err(|_| Error::TooLong)? {
            match part.name() {
                Some("csrf") => {
                    let token = part.text().await.map_err(|_| Error::Forged)?;
                    genuine = same(&token, &current.0.csrf);
                }
                Some("file") => file = Some(part.bytes().await.map_err(|_| Error::TooLong)?),
                other => return Err(Error::Unknown(vec![other.unwrap_or_default().to_owned()])),
            }
        }
        match file {
            Some(bytes) if genuine => Ok(Self {
                bytes: bytes.to_vec(),
                private: PhantomData,
            }),
            _ => Err(Error::Forged),
        }
    }
}

/// What was posted, if it came from a page of this session.
fn genuine(request: &Request) -> Result<Typed> {
    let typed = request
        .extensions()
        .get::<Arc<Typed>>()
        .ok_or(Error::Forged)?;
    let mut typed = Typed::clone(typed);
    let token = typed.0.remove("csrf").unwrap_or_default();
    if !comes_from_here(request) {
        return Err(Error::Forged);
    }
    match request.extensions().get::<Current>() {
        Some(current) if same(&token, &current.0.csrf) => Ok(typed),
        Some(_) => Err(Error::Forged),
        // Before sign-in there is no session whose rights a forged form could use; the browser's
        // own word that the form is ours has been checked.
        None => Ok(typed),
    }
}

/// The browser's word on where the form came from, where it gives one.
fn comes_from_here(request: &Request) -> bool {
    let said = |name: &str| {
        let value = request.headers().get(name)?;
        value.to_str().ok()
    };
    match said("sec-fetch-site") {
        Some(site) => matches!(site, "same-origin" | "none"),
        // Browsers from before 2023 say at least the origin of a form.
        None => said("origin").is_none_or(|origin| {
            said("host").is_some_and(|host| {
                origin
                    .split_once("://")
                    .is_some_and(|(_, of)| of.eq_ignore_ascii_case(host))
            })
        }),
    }
}

/// Compares in a time that does not tell how much is right.
pub(crate) fn same(left: &str, right: &str) -> bool {
    left.len() == right.len()
        && left
            .bytes()
            .zip(right.bytes())
            .fold(0, |differ, (l, r)| differ | (l ^ r))
            == 0
}
