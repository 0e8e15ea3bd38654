//! A browser without a window that keeps its cookies, for what happens around signing in.

use std::{collections::BTreeMap, sync::Arc, sync::Mutex};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
};
use cusp::demo::cast::{self, Persona};
use platform::{App, Routes};
use tower::ServiceExt as _;

use super::{World, encoded};

/// The same database without the controls of the demonstration.
pub fn real(world: &World) -> App {
    let mut app = world.app.clone();
    let mut config = (*app.config).clone();
    config.demo = false;
    app.config = Arc::new(config);
    app
}

/// A browser.
pub struct Browser {
    router: Router,
    jar: Mutex<BTreeMap<String, String>>,
    csrf: Mutex<String>,
    pub agent: &'static str,
}

/// What it got.
#[derive(Debug)]
pub struct Got {
    pub status: u16,
    pub location: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Got {
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }
    #[track_caller]
    pub fn leads_to(self, place: &str) -> Self {
        assert_eq!(self.status, 303, "{}", self.body);
        assert!(
            self.location.starts_with(place),
            "{} is not {place}",
            self.location
        );
        self
    }
    #[track_caller]
    pub fn shows(self, text: &str) -> Self {
        assert!(
            self.body.contains(text),
            "{} without “{text}”:\n{}",
            self.status,
            self.body
        );
        self
    }
    #[track_caller]
    pub fn hides(self, text: &str) -> Self {
        assert!(
            !self.body.contains(text),
            "{} with “{text}”:\n{}",
            self.status,
            self.body
        );
        self
    }
    pub fn header(&self, name: &str) -> String {
        let found: Vec<&str> = self.all(name);
        found
            .first()
            .map_or(String::new(), |value| (*value).to_owned())
    }
    pub fn all(&self, name: &str) -> Vec<&str> {
        let mine = self.headers.iter().filter(|(known, _)| known == name);
        mine.map(|(_, value)| value.as_str()).collect()
    }
    /// What stands between two texts of the page.
    #[track_caller]
    pub fn between(&self, from: &str, to: &str) -> String {
        let (_, rest) = self
            .body
            .split_once(from)
            .unwrap_or_else(|| panic!("no {from}: {}", self.body));
        rest.split_once(to).unwrap().0.to_owned()
    }
}

impl Browser {
    pub fn new(app: &App) -> Self {
        Self::with(app, Routes::new())
    }

    /// On a service that has these routes too.
    pub fn with(app: &App, routes: Routes) -> Self {
        Self {
            router: cusp::routes().and(routes).serve(app.clone()),
            jar: Mutex::default(),
            csrf: Mutex::default(),
            agent: "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0",
        }
    }

    /// Signed in as one of the cast, on the demo's service.
    pub async fn of(world: &World, app: &App, who: &Persona, routes: Routes) -> Self {
        let browser = Self::with(app, routes);
        let token = platform::identity::sessions::become_persona(&world.app, who.id)
            .await
            .unwrap();
        browser
            .jar
            .lock()
            .unwrap()
            .insert(app.cookie_name().to_owned(), token);
        browser.get("/account").await.is(200);
        browser
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.jar.lock().unwrap().get(name).cloned()
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        self.jar
            .lock()
            .unwrap()
            .insert(name.to_owned(), value.to_owned());
    }

    pub fn cookies(&self) -> BTreeMap<String, String> {
        self.jar.lock().unwrap().clone()
    }

    pub fn csrf(&self) -> String {
        self.csrf.lock().unwrap().clone()
    }

    pub async fn get(&self, path: &str) -> Got {
        self.send(Request::get(path), Body::empty()).await
    }

    /// Posts with the token of the page that was last looked at.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Got {
        let csrf = self.csrf();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        self.post_raw(path, &all, &[]).await
    }

    pub async fn post_raw(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Got {
        let mut request =
            Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request, Body::from(encoded(fields))).await
    }

    async fn send(&self, request: axum::http::request::Builder, body: Body) -> Got {
        let cookies: Vec<String> = self
            .jar
            .lock()
            .unwrap()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = request
            .header(header::COOKIE, cookies.join("; "))
            .header(header::USER_AGENT, self.agent)
            .body(body)
            .unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let status = answer.status().as_u16();
        let headers: Vec<(String, String)> = answer
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("").to_owned()))
            .collect();
        for (_, cookie) in headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            let mut jar = self.jar.lock().unwrap();
            if cookie.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
        let bytes = to_bytes(answer.into_body(), 64 << 20)
            .await
            .unwrap()
            .to_vec();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((_, rest)) = body.split_once("name=\"csrf\" value=\"") {
            rest.split_once('"')
                .unwrap()
                .0
                .clone_into(&mut self.csrf.lock().unwrap());
        }
        let location = headers
            .iter()
            .find(|(name, _)| name == "location")
            .map_or(String::new(), |(_, value)| value.clone());
        Got {
            status,
            location,
            headers,
            body,
        }
    }
}

/// The password that people in these tests choose.
pub const PASSWORD: &str = "kettle marble orbit 9";

/// A worker who has taken up her account: address, secret of the app, recovery codes.
pub struct Worker {
    pub email: String,
    pub secret: String,
    pub recovery: Vec<String>,
}

/// The code that an authenticator app shows at the time of the service.
pub fn code(app: &App, secret: &str) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    let now = app.clock.now().get().as_second();
    totp.generate(u64::try_from(now).unwrap()).to_string()
}

/// Lets the clock of the service go on.
pub fn pass(app: &App, seconds: i64) {
    app.clock.set(app.clock.now().plus_seconds(seconds));
}

/// A one-time link for `who`, made by the manager of her agency.
pub async fn link_for(world: &World, app: &App, manager: &Persona, who: &Persona) -> String {
    let desk = Browser::of(world, app, manager, Routes::new()).await;
    let page = format!("/agencies/{}/users/{}/reset", who.agency, who.id);
    let version = desk
        .get(&page)
        .await
        .is(200)
        .between("name=\"version\" value=\"", "\"");
    let shown = desk.post(&page, &[("version", &version)]).await.is(200);
    let link = shown.between("cusp-reference cusp-text\">", "<");
    link.strip_prefix("http://127.0.0.1:8080")
        .unwrap()
        .to_owned()
}

/// Takes up a link: chooses the password, sets up the app; signed in at the end.
pub async fn take_up(browser: &Browser, app: &App, link: &str, email: String) -> Worker {
    browser.get(link).await.is(200).shows("Choose a password");
    browser
        .post(link, &[("new_password", PASSWORD), ("again", PASSWORD)])
        .await
        .leads_to("/sign-in/enrol");
    let page = browser.get("/sign-in/enrol").await.is(200).shows("<svg");
    let secret = page.between(
        "Key</dt><dd class=\"govuk-summary-list__value\"><span class=\"cusp-reference\">",
        "<",
    );
    let shown = browser
        .post("/sign-in/enrol", &[("code", &code(app, &secret))])
        .await
        .is(200);
    let recovery: Vec<String> = shown
        .body
        .split("<span class=\"cusp-reference\">")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap().to_owned())
        .collect();
    assert_eq!(recovery.len(), 10, "{}", shown.body);
    pass(app, 60);
    browser.get("/account").await.is(200);
    Worker {
        email,
        secret,
        recovery,
    }
}

/// Ines, who has taken up her account, and the browser in which she is signed in.
pub async fn ines(world: &World, app: &App) -> (Browser, Worker) {
    let link = link_for(world, app, &cast::TEAM_MANAGER, &cast::SOCIAL_WORKER).await;
    let browser = Browser::new(app);
    let worker = take_up(&browser, app, &link, cast::SOCIAL_WORKER.email()).await;
    (browser, worker)
}

/// Signs in with password and code.
pub async fn sign_in(browser: &Browser, app: &App, worker: &Worker) {
    let fields = [("email", worker.email.as_str()), ("password", PASSWORD)];
    browser.get("/sign-in").await.is(200);
    browser
        .post("/sign-in", &fields)
        .await
        .leads_to("/sign-in/code");
    browser.get("/sign-in/code").await.is(200);
    browser
        .post("/sign-in/code", &[("code", &code(app, &worker.secret))])
        .await
        .leads_to("/");
    pass(app, 60);
}
