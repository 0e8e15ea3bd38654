//! What tests stand on: the application on each engine with the cast of the demo, and a browser
//! without a window.

pub mod browser;
pub mod referral;
pub mod wire;

use std::{collections::BTreeMap, path::PathBuf, sync::Mutex};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
};
use cusp::demo::cast::{self, Persona};
use kernel::{plain::Plain, time::Instant};
use platform::{App, Config};
use tower::ServiceExt as _;

/// The application of one test, on an empty database of its own.
pub struct World {
    pub app: App,
    router: Router,
    sessions: Mutex<BTreeMap<String, String>>,
    folder: PathBuf,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub location: String,
    pub headers: BTreeMap<String, String>,
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    /// Fails unless the page holds `text`.
    #[track_caller]
    pub fn shows(&self, text: &str) -> &Self {
        assert!(
            self.body.contains(text),
            "{} without “{text}”:\n{}",
            self.status,
            self.body
        );
        self
    }
    /// Fails if the page holds `text`.
    #[track_caller]
    pub fn hides(&self, text: &str) -> &Self {
        assert!(
            !self.body.contains(text),
            "{} with “{text}”:\n{}",
            self.status,
            self.body
        );
        self
    }
    /// Fails unless the status is `status`.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }
}

/// The engines on which every test runs: SQLCipher, and PostgreSQL where `CUSP_TEST_POSTGRES`
/// names a cluster, as `cargo xtask test` always does.
pub async fn on_each_engine<F: Future<Output = ()>>(test: impl Fn(World) -> F) {
    test(World::new(None).await).await;
    #[expect(
        clippy::disallowed_methods,
        reason = "tests have no configuration file"
    )]
    match std::env::var("CUSP_TEST_POSTGRES") {
        Ok(url) => test(World::new(Some(url)).await).await,
        Err(_) => eprintln!("CUSP_TEST_POSTGRES is not set: not run on PostgreSQL"),
    }
}

/// The same with two worlds that know nothing of each other.
pub async fn two_on_each_engine<F: Future<Output = ()>>(test: impl Fn(World, World) -> F) {
    test(World::new(None).await, World::new(None).await).await;
    #[expect(
        clippy::disallowed_methods,
        reason = "tests have no configuration file"
    )]
    match std::env::var("CUSP_TEST_POSTGRES") {
        Ok(url) => {
            let one = World::new(Some(url.clone())).await;
            test(one, World::new(Some(url)).await).await;
        }
        Err(_) => eprintln!("CUSP_TEST_POSTGRES is not set: not run on PostgreSQL"),
    }
}

/// A path with the case and the agency in hand; other ids are of things that do not exist.
pub fn filled(path: &str, case: &str) -> String {
    let nothing = "00000000-0000-4000-8000-00000000dead";
    path.split('/')
        .map(|part| match part {
            "{case}" => case.to_owned(),
            "{agency}" => cast::LARKMOOR.to_string(),
            "{user}" => cast::PRACTITIONER.id.to_string(),
            "{version}" => assets::VERSION.to_owned(),
            "{file}" => "app.css".to_owned(),
            part if part.starts_with('{') => nothing.to_owned(),
            part => part.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("/")
}

impl World {
    async fn new(postgres: Option<String>) -> Self {
        let name = format!("cusp_{}", kernel::ids::CaseId::random().uuid().simple());
        let folder = std::env::temp_dir().join(&name);
        std::fs::create_dir_all(&folder).unwrap();
        let key = "07".repeat(32);
        std::fs::write(folder.join("database.key"), &key).unwrap();
        std::fs::write(folder.join("audit.key"), &key).unwrap();
        let mut config = Config::parse("").unwrap();
        config.database.url = postgres
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}", folder.join("t.db").display()));
        config.database.schema = postgres.map(|_| name);
        config.database.key_file = folder.join("database.key");
        config.database.disk_reserve_mb = 0;
        config.database.careless = true;
        config.audit.key_file = folder.join("audit.key");
        config.audit.checkpoint = folder.join("audit.checkpoint");
        config.session.secure_cookies = false;
        config.mail.to = format!("folder:{}", folder.join("mail").display());
        config.demo = true;
        config.cast = cast::CAST
            .iter()
            .map(|p| (p.id.to_string(), p.name.to_owned()))
            .collect();
        config.place().unwrap().migrate().unwrap();
        let app = App::open(config, cusp::hooks()).unwrap();
        app.clock
            .set(Instant::new("2026-10-14T09:00:00Z".parse().unwrap()));
        app.bootstrap(|b| cast::found(b, &Plain::default()))
            .await
            .unwrap();
        let router = cusp::routes().serve(app.clone());
        Self {
            app,
            router,
            sessions: Mutex::default(),
            folder,
        }
    }

    /// Answers with another application on the same database.
    pub fn serve(&mut self, app: App) {
        self.router = cusp::routes().serve(app);
    }

    /// Where the test's files are.
    pub fn folder(&self) -> &PathBuf {
        &self.folder
    }

    /// Sets the clock to an instant such as `2026-10-14T09:00:00Z`. Everybody signs in anew then: a
    /// session ends after some hours.
    pub fn set_clock(&self, at: &str) {
        self.sessions.lock().unwrap().clear();
        self.app.clock.set(Instant::new(at.parse().unwrap()));
    }

    async fn cookie(&self, who: &Persona) -> String {
        let known = self.sessions.lock().unwrap().get(who.name).cloned();
        if let Some(cookie) = known {
            return cookie;
        }
        let token = platform::identity::sessions::become_persona(&self.app, who.id)
            .await
            .unwrap();
        let cookie = format!("{}={token}", self.app.cookie_name());
        self.sessions
            .lock()
            .unwrap()
            .insert(who.name.to_owned(), cookie.clone());
        cookie
    }

    /// Signs `who` in anew at the next request.
    pub fn forget(&self, who: &Persona) {
        self.sessions.lock().unwrap().remove(who.name);
    }

    /// GET as a persona.
    pub async fn get(&self, who: &Persona, path: &str) -> Answer {
        let cookie = self.cookie(who).await;
        self.send(
            Request::get(path)
                .header(header::COOKIE, cookie)
                .body(Body::empty())
                .unwrap(),
        )
        .await
    }

    /// GET as nobody.
    pub async fn get_as_nobody(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    /// POST as a persona, with the token of the session.
    pub async fn post(&self, who: &Persona, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf(who).await;
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        self.post_raw(who, path, &all).await
    }

    /// POST as nobody.
    pub async fn post_as_nobody(&self, path: &str) -> Answer {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::empty())
            .unwrap();
        self.send(request).await
    }

    /// POST as a persona, with exactly these fields.
    pub async fn post_raw(&self, who: &Persona, path: &str, fields: &[(&str, &str)]) -> Answer {
        let cookie = self.cookie(who).await;
        let request = Request::post(path)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(encoded(fields)))
            .unwrap();
        self.send(request).await
    }

    /// The token of the forms of a persona, read from a page as a browser would.
    pub async fn csrf(&self, who: &Persona) -> String {
        let page = self.get(who, "/account").await;
        let (_, rest) = page
            .body
            .split_once("name=\"csrf\" value=\"")
            .unwrap_or_else(|| panic!("no token: {}", page.body));
        rest.split_once('"').unwrap().0.to_owned()
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let status = answer.status().as_u16();
        let headers: BTreeMap<String, String> = answer
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("").to_owned()))
            .collect();
        let bytes = to_bytes(answer.into_body(), 64 << 20)
            .await
            .unwrap()
            .to_vec();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        let location = headers.get("location").cloned().unwrap_or_default();
        Answer {
            status,
            location,
            headers,
            body,
            bytes,
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub use cusp::demo::player::encoded;
