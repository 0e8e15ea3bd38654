//! Page furniture: the frame around every page, the components, the pages of errors.

mod address;
mod failing;

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};
use kernel::{
    access::{Mode, Role},
    label::{Audience, Shows},
    time::weekday_words,
};
use platform::{App, Error, Public, Result, Routes, Session};

pub use address::{Ids, Named, id};
pub use failing::error_page;

/// What stands around every page.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Who is signed in.
    pub signed_in: Option<SignedIn>,
    /// The bar of the demonstration.
    pub demo: Option<DemoBar>,
    /// What has just been done, or must be known.
    pub banner: Option<Banner>,
    /// The token of every form.
    pub csrf: String,
    /// Whether the client can see the screen: then no name, no menu and no demonstration.
    pub shared: bool,
    /// The hash of the look, part of its address.
    pub version: &'static str,
    /// The name of the product.
    pub word: &'static str,
}
impl<A: Audience> Shows<A> for Frame {}

/// Who is signed in, for the header.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The worker's name.
    pub name: String,
    /// The roles, in words.
    pub role: String,
    /// Where the worker may go.
    pub nav: Vec<NavItem>,
}

/// One entry of the menu, or a tab.
#[derive(Clone, Debug)]
pub struct NavItem {
    /// Where to.
    pub href: String,
    /// What it is called.
    pub text: &'static str,
    /// Whether this is it.
    pub current: bool,
}
impl<A: Audience> Shows<A> for NavItem {}

/// The controls of the demonstration.
#[derive(Clone, Debug)]
pub struct DemoBar {
    /// The day, in words.
    pub today: String,
    /// The day, as a date box holds it.
    pub today_iso: String,
    /// Whom one may become: id, label, whether it is oneself.
    pub personas: Vec<(String, String, bool)>,
}

/// A message on top of a page.
#[derive(Clone, Debug)]
pub struct Banner {
    /// `success` or `important`.
    pub kind: &'static str,
    /// The message. It names nobody of a case.
    pub text: String,
}

/// The menu: address, words, who has it.
const MENU: &[(&str, &str, &[Role])] = &[
    (
        "/my-day",
        "My day",
        &[
            Role::SocialWorker,
            Role::TeamManager,
            Role::Practitioner,
            Role::SurvivorWorker,
            Role::ServiceManager,
            Role::IntakeWorker,
        ],
    ),
    (
        "/referrals",
        "Referrals",
        &[Role::SocialWorker, Role::TeamManager],
    ),
    (
        "/intake",
        "Intake",
        &[Role::IntakeWorker, Role::ServiceManager],
    ),
    ("/caseload", "Caseload", &[Role::ServiceManager]),
    (
        "/cases",
        "Cases",
        &[
            Role::SocialWorker,
            Role::Practitioner,
            Role::SurvivorWorker,
            Role::ServiceManager,
        ],
    ),
    (
        "/agencies",
        "Agencies",
        &[
            Role::ServiceManager,
            Role::Administrator,
            Role::GovernanceOfficer,
        ],
    ),
    ("/borough", "Our agency", &[Role::Spoc]),
    (
        "/settings",
        "Settings",
        &[Role::ServiceManager, Role::Administrator],
    ),
    ("/trail", "Audit", &[Role::GovernanceOfficer]),
    ("/users", "People", &[Role::AgencyManager]),
];

impl Frame {
    /// The frame of a page for somebody signed in. `section` is the address of the menu entry the
    /// page belongs to.
    pub fn new(session: &Session, app: &App, section: &str) -> Self {
        if session.mode == Mode::ClientCanSee {
            return Self {
                demo: None,
                shared: true,
                csrf: session.csrf.clone(),
                ..Self::bare(app)
            };
        }
        let nav = MENU
            .iter()
            .filter(|(_, _, roles)| session.actor.holds(roles))
            .map(|(href, text, _)| NavItem {
                href: (*href).to_owned(),
                text,
                current: *href == section,
            })
            .collect();
        let signed_in = SignedIn {
            name: session.name.as_str().to_owned(),
            role: session.roles_words(),
            nav,
        };
        Self {
            signed_in: Some(signed_in),
            demo: demo_bar(app, Some(session)),
            csrf: session.csrf.clone(),
            ..Self::bare(app)
        }
    }

    /// The frame of a page for nobody in particular.
    pub fn bare(app: &App) -> Self {
        Self {
            signed_in: None,
            demo: demo_bar(app, None),
            banner: None,
            csrf: String::new(),
            shared: false,
            version: assets::VERSION,
            word: "Cusp",
        }
    }

    /// With a message that something was done.
    #[must_use]
    pub fn with_success(mut self, text: impl Into<String>) -> Self {
        self.banner = Some(Banner {
            kind: "success",
            text: text.into(),
        });
        self
    }

    /// With a message that must be known.
    #[must_use]
    pub fn with_important(mut self, text: impl Into<String>) -> Self {
        self.banner = Some(Banner {
            kind: "important",
            text: text.into(),
        });
        self
    }
}

fn demo_bar(app: &App, session: Option<&Session>) -> Option<DemoBar> {
    if !app.is_demo() {
        return None;
    }
    let today = app.clock.now().day();
    let me = session.map(|session| session.actor.user.to_string());
    let personas = app
        .config
        .cast
        .iter()
        .map(|(id, label)| (id.clone(), label.clone(), me.as_ref() == Some(id)))
        .collect();
    Some(DemoBar {
        today: weekday_words(today),
        today_iso: today.to_string(),
        personas,
    })
}

/// The look, and whether the service is well.
pub fn routes() -> Routes {
    Routes::new()
        .get("/assets/{version}/{file}", asset)
        .get("/healthz", health)
}

async fn health(public: Public) -> Result<&'static str> {
    public.app().healthy().await?;
    Ok("well")
}

async fn asset(_: Public, Path((version, file)): Path<(String, String)>) -> Result<Response> {
    let (kind, bytes) = match file.as_str() {
        "app.css" => ("text/css; charset=utf-8", assets::APP_CSS),
        "govuk-frontend.min.js" => ("text/javascript; charset=utf-8", assets::APP_JS),
        "init.js" => ("text/javascript; charset=utf-8", assets::INIT_JS),
        "icon.svg" => ("image/svg+xml", assets::ICON_SVG),
        _ => return Err(Error::NotFound),
    };
    // The address holds the hash of the content, so it may be kept; another hash is another build.
    let keep = if version == assets::VERSION {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    Ok((
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep)],
        bytes,
    )
        .into_response())
}
