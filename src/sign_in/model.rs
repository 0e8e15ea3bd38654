//! The forms of coming in.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use kernel::{
    form::{Answer, ControlKind, Form, Reader, Typed, ask},
    label::Workers,
};
use platform::{
    App,
    identity::{held::escaped, passwords},
    posted::Posted,
};

/// E-mail address and password.
#[derive(Debug, Default)]
pub struct SignIn {
    /// The address.
    pub email: Answer<String, Workers>,
    password: Answer<String, Workers>,
    next: Answer<String, Workers>,
    held: Answer<String, Workers>,
}
impl Form for SignIn {
    fn describe(&mut self, r: &mut impl Reader) {
        let email = ask("email", "E-mail address").required();
        r.field(email.kind(ControlKind::Email), &mut self.email);
        let password = ask("password", "Password").required().max(1000);
        r.field(password.kind(ControlKind::Password), &mut self.password);
        r.field(HIDDEN_NEXT, &mut self.next);
        r.field(HIDDEN_HELD, &mut self.held);
    }
}

/// The password again.
#[derive(Debug, Default)]
pub struct Unlock {
    password: Answer<String, Workers>,
    next: Answer<String, Workers>,
    held: Answer<String, Workers>,
}
impl Form for Unlock {
    fn describe(&mut self, r: &mut impl Reader) {
        let password = ask("password", "Password").required().max(1000);
        r.field(password.kind(ControlKind::Password), &mut self.password);
        r.field(HIDDEN_NEXT, &mut self.next);
        r.field(HIDDEN_HELD, &mut self.held);
    }
}

/// The code after the password.
#[derive(Debug, Default)]
pub struct SecondStep {
    code: Answer<String, Workers>,
    next: Answer<String, Workers>,
    held: Answer<String, Workers>,
}
impl Form for SecondStep {
    fn describe(&mut self, r: &mut impl Reader) {
        let code = ask("code", "Code").required().max(40);
        let code = code.hint("The 6 digits in your authenticator app now, or a recovery code");
        r.field(code.kind(ControlKind::Code), &mut self.code);
        r.field(HIDDEN_NEXT, &mut self.next);
        r.field(HIDDEN_HELD, &mut self.held);
    }
}

/// The first code of a new authenticator app.
#[derive(Debug, Default)]
pub struct FirstCode {
    code: Answer<String, Workers>,
    next: Answer<String, Workers>,
    held: Answer<String, Workers>,
}
impl Form for FirstCode {
    fn describe(&mut self, r: &mut impl Reader) {
        let code = ask("code", "Code").required().max(40);
        let code = code.hint("The 6 digits that the app shows now");
        r.field(code.kind(ControlKind::Code), &mut self.code);
        r.field(HIDDEN_NEXT, &mut self.next);
        r.field(HIDDEN_HELD, &mut self.held);
    }
}

/// A new password, typed twice.
#[derive(Debug, Default)]
pub struct NewPassword {
    new_password: Answer<String, Workers>,
    again: Answer<String, Workers>,
}
impl Form for NewPassword {
    fn describe(&mut self, r: &mut impl Reader) {
        describe_new_password(r, &mut self.new_password, &mut self.again);
    }
}

/// The two questions of a new password.
pub fn describe_new_password(
    r: &mut impl Reader,
    new_password: &mut Answer<String, Workers>,
    again: &mut Answer<String, Workers>,
) {
    let first = ask("new_password", "New password").required().max(1000);
    let first = first.hint("15 characters or more, of any kind. Three or four words that do not belong together are easy to keep. You may paste it.");
    r.field(first.kind(ControlKind::Password), new_password);
    let second = ask("again", "New password again").required().max(1000);
    r.field(second.kind(ControlKind::Password), again);
}

const HIDDEN_NEXT: kernel::form::Ask = ask("next", "Next").kind(ControlKind::Hidden).max(2000);
const HIDDEN_HELD: kernel::form::Ask = ask("held", "Held").kind(ControlKind::Hidden);

/// A secret exactly as it was typed: a space at its end belongs to it (ASVS 5.0 6.2.8).
pub fn secret<F>(posted: &Posted<F>, name: &str) -> String {
    posted.typed.0.get(name).cloned().unwrap_or_default()
}

/// The new password, if nothing speaks against it; else the problems are added.
pub fn new_password<F: Form>(posted: &mut Posted<F>, own: &[&str]) -> Option<String> {
    let (password, again) = (secret(posted, "new_password"), secret(posted, "again"));
    // What is missing is said already.
    let typed_both = !password.is_empty() && !again.is_empty();
    if typed_both && let Some(why) = passwords::weakness(&password, own) {
        let said = format!("The new password {why}");
        posted
            .problems
            .push(kernel::form::Problem::new("new_password", said));
    } else if typed_both && password != again {
        let said = "The two new passwords differ: type the same twice";
        posted
            .problems
            .push(kernel::form::Problem::new("again", said));
    }
    posted.problems.is_empty().then_some(password)
}

/// Where to go on after coming in, and what was held. As an argument it is read from the address;
/// what is strange there is passed over.
#[derive(Clone, Debug, Default)]
pub struct Onward {
    /// The page that was asked for.
    pub next: String,
    /// The id of what was posted.
    pub held: String,
}

impl FromRequestParts<App> for Onward {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let Query(pairs) = Query::<Vec<(String, String)>>::from_request_parts(parts, app)
            .await
            .unwrap_or_default();
        let mut typed = Typed::default();
        for (name, text) in pairs {
            typed.0.entry(name).or_insert(text);
        }
        Ok(Self::of(&typed))
    }
}

impl Onward {
    /// As a form carries it.
    pub fn of(typed: &Typed) -> Self {
        Self {
            next: typed.get("next").to_owned(),
            held: typed.get("held").to_owned(),
        }
    }

    /// What a form that carries it starts with.
    pub fn typed(&self) -> Typed {
        let mut typed = Typed::default();
        for (name, text) in [("next", &self.next), ("held", &self.held)] {
            if !text.is_empty() {
                typed.push(name.to_owned(), text.clone());
            }
        }
        typed
    }

    /// `path` with it as a query.
    pub fn after(&self, path: &str) -> String {
        let query: Vec<String> = [("next", &self.next), ("held", &self.held)]
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(name, text)| format!("{name}={}", escaped(text)))
            .collect();
        match query.join("&") {
            query if query.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }

    /// The page to which it leads.
    pub fn place(&self) -> String {
        match self.held.parse::<platform::identity::held::HeldId>() {
            Ok(id) => format!("/held/{id}"),
            Err(_) => super::rules::local(&self.next).to_owned(),
        }
    }
}
