//! Plays stories: a browser without a window that posts the same forms as a person would, so that
//! the trail, the duties and the wording of the demo are genuine.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use kernel::{ids::UserId, time::Instant};
use platform::{App, Error, Result, identity};
use tower::ServiceExt as _;

use super::{cast::Persona, families::Family};

/// The player of a story.
pub struct Player {
    app: App,
    router: Router,
    /// The cookie and the token of who is signed in, until the clock moves: a session may have ended
    /// by then.
    signed_in: Mutex<HashMap<UserId, (String, String)>>,
}

impl Player {
    /// A player for an application.
    pub fn new(app: &App) -> Self {
        Self {
            app: app.clone(),
            router: crate::routes().serve(app.clone()),
            signed_in: Mutex::default(),
        }
    }

    /// Moves the clock to a London day and time, such as `2026-10-08 14:20`.
    pub fn at(&self, when: &str) -> Result<()> {
        let local: jiff::civil::DateTime = when
            .replace(' ', "T")
            .parse()
            .map_err(|e| Error::Broken(format!("{when}: {e}")))?;
        let instant = kernel::deadline::london_instant(local.date(), local.time());
        self.app.clock.set(Instant::new(instant));
        self.signed_in
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
        Ok(())
    }

    /// Does a step as `who`: posts `fields` to `path`, and gives where the answer leads.
    ///
    /// # Errors
    /// A step that is not answered by going on is an error: a story must play to its end.
    pub async fn post(&self, who: &Persona, path: &str, fields: &[(&str, &str)]) -> Result<String> {
        let (cookie, csrf) = self.sign_in(who).await?;
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        let request = Request::post(path)
            .header(header::COOKIE, &cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let (status, body, place) = self.ask(request, Body::from(encoded(&all))).await?;
        if status == StatusCode::SEE_OTHER {
            return Ok(place);
        }
        let said = body
            .split("govuk-error-summary__list")
            .nth(1)
            .unwrap_or(&body);
        let said: String = said.chars().take(600).collect();
        Err(Error::Broken(format!(
            "{} at {path}: {status}: {said}",
            who.name
        )))
    }

    /// Reads a page as `who`.
    pub async fn get(&self, who: &Persona, path: &str) -> Result<String> {
        let (cookie, _) = self.sign_in(who).await?;
        let request = Request::get(path).header(header::COOKIE, &cookie);
        let (status, body, _) = self.ask(request, Body::empty()).await?;
        if status == StatusCode::OK {
            return Ok(body);
        }
        Err(Error::Broken(format!("{} at {path}: {status}", who.name)))
    }

    /// Fills the sections of a draft as `who`, and gives its address.
    pub async fn draft(&self, who: &Persona, family: &Family) -> Result<String> {
        let draft = self.post(who, "/referrals/new", &[]).await?;
        for (section, fields) in family.sections {
            let path = format!("{draft}/{section}");
            let page = self.get(who, &path).await?;
            let mut fields = fields.to_vec();
            fields.push(("version", hidden(&page, "version").unwrap_or("0")));
            self.post(who, &path, &fields).await?;
        }
        Ok(draft)
    }

    /// Sends a referral as `who`, and gives the case that opens.
    pub async fn refer(&self, who: &Persona, family: &Family) -> Result<String> {
        let draft = self.draft(who, family).await?;
        let check = format!("{draft}/check");
        let page = self.get(who, &check).await?;
        let version = hidden(&page, "version").unwrap_or_default().to_owned();
        let sent = self.post(who, &check, &[("version", &version)]).await?;
        sent.split('/')
            .nth(2)
            .filter(|_| sent.starts_with("/cases/"))
            .map(str::to_owned)
            .ok_or_else(|| Error::Broken(format!("the referral was not sent: {sent}")))
    }

    /// The cookie and the token of `who`.
    async fn sign_in(&self, who: &Persona) -> Result<(String, String)> {
        let kept = self
            .signed_in
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&who.id)
            .cloned();
        if let Some(kept) = kept {
            return Ok(kept);
        }
        let token = identity::sessions::become_persona(&self.app, who.id).await?;
        let cookie = format!("{}={token}", self.app.cookie_name());
        let account = Request::get("/account").header(header::COOKIE, &cookie);
        let (_, page, _) = self.ask(account, Body::empty()).await?;
        let csrf = hidden(&page, "csrf")
            .ok_or_else(|| Error::Broken("no token on the account page".to_owned()))?;
        let both = (cookie, csrf.to_owned());
        self.signed_in
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(who.id, both.clone());
        Ok(both)
    }

    async fn ask(
        &self,
        request: axum::http::request::Builder,
        body: Body,
    ) -> Result<(StatusCode, String, String)> {
        let request = request
            .body(body)
            .map_err(|e| Error::Broken(e.to_string()))?;
        let Ok(answer) = self.router.clone().oneshot(request).await;
        let status = answer.status();
        let place = answer
            .headers()
            .get(header::LOCATION)
            .and_then(|place| place.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let bytes = to_bytes(answer.into_body(), 8 << 20)
            .await
            .map_err(|e| Error::Broken(e.to_string()))?;
        Ok((status, String::from_utf8_lossy(&bytes).into_owned(), place))
    }
}

/// What a hidden field of a page holds.
pub fn hidden<'a>(page: &'a str, name: &str) -> Option<&'a str> {
    let start = format!("name=\"{name}\" value=\"");
    let (_, rest) = page.split_once(&start)?;
    rest.split_once('"').map(|(value, _)| value)
}

/// Fields as a browser sends them.
pub fn encoded(fields: &[(&str, &str)]) -> String {
    let escape = identity::held::escaped;
    fields
        .iter()
        .map(|(name, text)| format!("{}={}", escape(name), escape(text)))
        .collect::<Vec<_>>()
        .join("&")
}
