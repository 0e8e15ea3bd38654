//! The forms about people, and what a list of them shows.

use std::sync::LazyLock;

use jiff::civil::Date;
use kernel::{
    access::{Role, Standing},
    form::{Answer, ControlKind, Form, Many, Reader, Value, YesNo, ask},
    ids::{TeamId, UserId},
    label::Workers,
    plain::Plain,
    time::{Day, Instant},
};
use platform::schema::HeldRoleId;

/// A role as the answer to a question. Which are offered is a rule of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offered(pub Role);

static OFFERED: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    Role::ALL
        .into_iter()
        .map(|role| (role.code(), role.words()))
        .collect()
});

impl Value for Offered {
    const KIND: ControlKind = ControlKind::Radios;

    fn parse(raw: &str) -> Result<Self, String> {
        Role::parse(raw)
            .map(Self)
            .ok_or_else(|| "is not one of the choices".to_owned())
    }

    fn typed(&self) -> String {
        self.0.code().to_owned()
    }

    fn words(&self) -> String {
        self.0.words().to_owned()
    }

    fn choices() -> &'static [(&'static str, &'static str)] {
        &OFFERED
    }
}

/// Somebody to be invited.
#[derive(Debug, Default)]
pub struct Invitation {
    /// The name.
    pub name: Answer<String, Workers>,
    /// The address that will sign in.
    pub email: Answer<String, Workers>,
    /// The work telephone.
    pub phone: Answer<String, Workers>,
    /// The team, drawn by the page from the agency's teams.
    pub team: Answer<String, Workers>,
    /// The roles.
    pub roles: Answer<Many<Offered>, Workers>,
    /// The last day of the roles.
    pub until: Answer<Date, Workers>,
}
impl Form for Invitation {
    fn describe(&mut self, r: &mut impl Reader) {
        r.field(ask("name", "Name").required().max(300), &mut self.name);
        let email = ask("email", "Work e-mail address").required().max(300);
        let email = email.hint("An address that nobody else reads. The invitation goes there");
        r.field(email.kind(ControlKind::Email), &mut self.email);
        let phone = ask("phone", "Work telephone").max(50);
        r.field(phone.kind(ControlKind::Telephone), &mut self.phone);
        r.field(
            ask("team", "Team").kind(ControlKind::Select),
            &mut self.team,
        );
        r.field(ask("roles", "Roles").required(), &mut self.roles);
        let until = ask("until", "Last day of the roles").hint("Leave it blank if there is none");
        r.field(until, &mut self.until);
    }
}

/// A role to be given.
#[derive(Debug, Default)]
pub struct NewRole {
    /// The role.
    pub role: Answer<Offered, Workers>,
    /// The first day.
    pub from: Answer<Date, Workers>,
    /// The last day.
    pub until: Answer<Date, Workers>,
}
impl Form for NewRole {
    fn describe(&mut self, r: &mut impl Reader) {
        r.field(ask("role", "Role").required(), &mut self.role);
        r.field(ask("from", "First day").required(), &mut self.from);
        let until = ask("until", "Last day").hint("Leave it blank if there is none");
        r.field(until, &mut self.until);
    }
}

/// A move to another team.
#[derive(Debug, Default)]
pub struct NewTeam {
    /// The team, drawn by the page from the agency's teams; none for no team.
    pub team: Answer<String, Workers>,
    /// Whether the user's own cases go with her.
    pub keeps: Answer<YesNo, Workers>,
}
impl Form for NewTeam {
    fn describe(&mut self, r: &mut impl Reader) {
        r.field(
            ask("team", "Team").kind(ControlKind::Select),
            &mut self.team,
        );
        let keeps = ask("keeps", "Do the cases of this person go along?").required();
        let keeps = keeps.hint("If not, this person cannot open them any more, from now");
        r.field(keeps, &mut self.keeps);
    }
}

/// Somebody who works for an agency.
#[derive(Clone, Debug)]
pub struct Member {
    /// The user.
    pub id: UserId,
    /// The name.
    pub name: Plain,
    /// The address.
    pub email: Plain,
    /// The work telephone.
    pub phone: Option<Plain>,
    /// The team.
    pub team: Option<TeamId>,
    /// Whether the user may work.
    pub standing: Standing,
    /// Whether a password was chosen.
    pub taken_up: bool,
    /// Since when the account exists.
    pub created_at: Instant,
    /// Counts saves.
    pub version: i32,
    /// The roles, ended ones too.
    pub roles: Vec<HeldRole>,
}

/// A role held for a time.
#[derive(Clone, Copy, Debug)]
pub struct HeldRole {
    /// Its id.
    pub id: HeldRoleId,
    /// The role.
    pub role: Role,
    /// The first day.
    pub from: Day,
    /// The last day.
    pub until: Option<Day>,
}

impl HeldRole {
    /// Whether it is held on a day.
    pub fn holds(&self, on: Day) -> bool {
        self.from <= on && !self.ended(on)
    }

    /// Whether it was over before a day.
    pub fn ended(&self, on: Day) -> bool {
        self.until.is_some_and(|until| until < on)
    }
}

impl Member {
    /// The roles held on a day, and those that begin later.
    pub fn current(&self, on: Day) -> Vec<Role> {
        self.roles
            .iter()
            .filter(|held| !held.ended(on))
            .map(|held| held.role)
            .collect()
    }

    /// Where the account stands, in words.
    pub const fn standing_words(&self) -> &'static str {
        match self.standing {
            Standing::Active if !self.taken_up => "Invited",
            other => other.words(),
        }
    }

    /// The colour of its tag.
    pub const fn standing_colour(&self) -> &'static str {
        match self.standing {
            Standing::Active if !self.taken_up => "yellow",
            Standing::Active => "green",
            Standing::Suspended => "orange",
            Standing::Left => "grey",
        }
    }
}
