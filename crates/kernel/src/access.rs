//! The one decision: who may do what about which case.
//!
//! Pages, lists, search, printing, exports and jobs all ask [`decide`]; the visibility of a list
//! comes from the same tables. It fails closed: whatever is not said here is refused.

use std::fmt;

use crate::{
    ids::{AgencyId, UserId},
    label::Named,
};

/// The label that a permission needs, as a value. See [`crate::label`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sees {
    /// What may reach the client.
    Client,
    /// What workers of both lines share.
    Workers,
    /// What would lead to the survivor.
    Survivor,
    /// What would lead to a child.
    Child,
    /// What only named people may see.
    Restricted,
}

impl Sees {
    /// Every label, in the order of the data dictionary.
    pub const ALL: [Self; 5] = [
        Self::Client,
        Self::Workers,
        Self::Survivor,
        Self::Child,
        Self::Restricted,
    ];

    /// As it is stored and written in documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "Client",
            Self::Workers => "Workers",
            Self::Survivor => "Survivor",
            Self::Child => "Child",
            Self::Restricted => "Restricted",
        }
    }

    /// Whether a read of such a value must be on the record before its bytes leave.
    pub const fn reading_is_audited_first(self) -> bool {
        matches!(self, Self::Survivor | Self::Child | Self::Restricted)
    }
}

/// Whose confidences a worker holds on a case. Nobody holds both on one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Line {
    /// Works with the person causing harm.
    Client,
    /// Works with the adult harmed and the children.
    Survivor,
}

/// Why a worker may open a case. A dated cover counts as the tie it stands in for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tie {
    /// Receives referrals for the programme.
    Intake,
    /// Answers for the programme.
    Oversight,
    /// Works with the client.
    ClientLine,
    /// Supervises whoever works with the client.
    ClientSupervisor,
    /// Works with the survivor.
    SurvivorLine,
    /// Supervises whoever works with the survivor.
    SurvivorSupervisor,
    /// Holds the family's statutory case, and the survivor line while no specialist does.
    LeadWorker,
    /// Sent the referral.
    Referrer,
    /// Manages the team from which the referral was sent.
    TeamManager,
}

impl Tie {
    /// Every tie, in the order of the access matrix.
    pub const ALL: [Self; 9] = [
        Self::Intake,
        Self::Oversight,
        Self::ClientLine,
        Self::ClientSupervisor,
        Self::SurvivorLine,
        Self::SurvivorSupervisor,
        Self::LeadWorker,
        Self::Referrer,
        Self::TeamManager,
    ];

    /// The ties of workers inside the service, on either line.
    pub const WORKING: &'static [Self] = &[
        Self::Intake,
        Self::Oversight,
        Self::ClientLine,
        Self::ClientSupervisor,
        Self::SurvivorLine,
        Self::SurvivorSupervisor,
        Self::LeadWorker,
    ];

    /// The ties that hold the survivor line's confidences.
    pub const SURVIVOR_SIDE: &'static [Self] = &[
        Self::SurvivorLine,
        Self::SurvivorSupervisor,
        Self::LeadWorker,
    ];

    /// As it is stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Oversight => "oversight",
            Self::ClientLine => "client_line",
            Self::ClientSupervisor => "client_supervisor",
            Self::SurvivorLine => "survivor_line",
            Self::SurvivorSupervisor => "survivor_supervisor",
            Self::LeadWorker => "lead_worker",
            Self::Referrer => "referrer",
            Self::TeamManager => "team_manager",
        }
    }

    /// As people say it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Intake => "Intake",
            Self::Oversight => "Programme oversight",
            Self::ClientLine => "Practitioner",
            Self::ClientSupervisor => "Practitioner’s supervisor",
            Self::SurvivorLine => "Survivor support worker",
            Self::SurvivorSupervisor => "Survivor support worker’s supervisor",
            Self::LeadWorker => "Lead worker",
            Self::Referrer => "Referrer",
            Self::TeamManager => "Referrer’s team manager",
        }
    }

    /// The tie stored under `code`.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tie| tie.code() == code)
    }

    /// The line whose confidences this tie holds, if any.
    pub const fn line(self) -> Option<Line> {
        match self {
            Self::ClientLine | Self::ClientSupervisor => Some(Line::Client),
            Self::SurvivorLine | Self::SurvivorSupervisor | Self::LeadWorker => {
                Some(Line::Survivor)
            }
            Self::Intake | Self::Oversight | Self::Referrer | Self::TeamManager => None,
        }
    }

    /// How far this tie sees values of `label`.
    ///
    /// A referrer and her team manager read every label of the referral they sent, and nothing
    /// else: the permissions open to their ties are about the referral as sent.
    pub const fn clearance(self, label: Sees) -> Clearance {
        use Clearance::{Always, Never, WithReason};
        match (self, label) {
            (_, Sees::Restricted)
            | (Self::ClientLine | Self::ClientSupervisor, Sees::Survivor | Sees::Child) => Never,
            (_, Sees::Client | Sees::Workers)
            | (
                Self::SurvivorLine
                | Self::SurvivorSupervisor
                | Self::LeadWorker
                | Self::Referrer
                | Self::TeamManager,
                Sees::Survivor | Sees::Child,
            ) => Always,
            (Self::Intake | Self::Oversight, Sees::Survivor | Sees::Child) => WithReason,
        }
    }
}

/// How far a tie sees a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clearance {
    /// Whenever the permission is held.
    Always,
    /// After stating a reason, which goes on the record.
    WithReason,
    /// Only by a release.
    Never,
}

/// What a user is in the partnership, for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Refers families and holds their statutory case.
    SocialWorker,
    /// Manages a team that refers.
    TeamManager,
    /// Receives referrals for the service.
    IntakeWorker,
    /// Works with the person causing harm.
    Practitioner,
    /// Works with the survivor.
    SurvivorWorker,
    /// Answers for the service.
    ServiceManager,
    /// Single point of contact of a borough.
    Spoc,
    /// Delivers a course of a provider.
    ProviderWorker,
    /// Evaluates the programme.
    Evaluator,
    /// Answers for information governance: reads the audit, no case content.
    GovernanceOfficer,
    /// Invites, moves and resets the users of one agency.
    AgencyManager,
    /// Keeps agencies and settings. Holds no case access and cannot grant it.
    Administrator,
}

impl Role {
    /// Every role, in the order of the access matrix.
    pub const ALL: [Self; 12] = [
        Self::SocialWorker,
        Self::TeamManager,
        Self::IntakeWorker,
        Self::Practitioner,
        Self::SurvivorWorker,
        Self::ServiceManager,
        Self::Spoc,
        Self::ProviderWorker,
        Self::Evaluator,
        Self::GovernanceOfficer,
        Self::AgencyManager,
        Self::Administrator,
    ];

    /// As it is stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SocialWorker => "social_worker",
            Self::TeamManager => "team_manager",
            Self::IntakeWorker => "intake_worker",
            Self::Practitioner => "practitioner",
            Self::SurvivorWorker => "survivor_worker",
            Self::ServiceManager => "service_manager",
            Self::Spoc => "spoc",
            Self::ProviderWorker => "provider_worker",
            Self::Evaluator => "evaluator",
            Self::GovernanceOfficer => "governance_officer",
            Self::AgencyManager => "agency_manager",
            Self::Administrator => "administrator",
        }
    }

    /// As people say it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::SocialWorker => "Social worker",
            Self::TeamManager => "Team manager",
            Self::IntakeWorker => "Intake worker",
            Self::Practitioner => "Practitioner",
            Self::SurvivorWorker => "Survivor support worker",
            Self::ServiceManager => "Service manager",
            Self::Spoc => "Single point of contact",
            Self::ProviderWorker => "Provider worker",
            Self::Evaluator => "Evaluator",
            Self::GovernanceOfficer => "Information governance officer",
            Self::AgencyManager => "Agency manager",
            Self::Administrator => "Administrator",
        }
    }

    /// The role stored under `code`.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// Whether a user may work at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// May sign in.
    Active,
    /// May not sign in for now; ties stand.
    Suspended,
    /// Has left; ties ended in the same transaction.
    Left,
}

impl Standing {
    /// As it is stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Left => "left",
        }
    }

    /// As people say it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Suspended => "Suspended",
            Self::Left => "Left",
        }
    }

    /// The standing stored under `code`; whatever is unknown may not sign in.
    pub fn parse(code: &str) -> Self {
        match code {
            "active" => Self::Active,
            "suspended" => Self::Suspended,
            _ => Self::Left,
        }
    }
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The user.
    pub user: UserId,
    /// The user's agency.
    pub agency: AgencyId,
    /// Whether the user may work at all.
    pub standing: Standing,
    /// The roles held today.
    pub roles: Vec<Role>,
}

impl Actor {
    /// Whether the user holds one of `roles` today.
    pub fn holds(&self, roles: &[Role]) -> bool {
        self.roles.iter().any(|role| roles.contains(role))
    }
}

/// Whether the client can see the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The worker is alone with the screen.
    Alone,
    /// Session mode: only what may reach the client is served.
    ClientCanSee,
}

/// How a permission is come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// By one of these ties to the case.
    Ties(&'static [Tie]),
    /// By a role, for one's own agency or for any.
    Roles {
        /// Roles that hold it for their own agency.
        own: &'static [Role],
        /// Roles that hold it for every agency and for the programme.
        any: &'static [Role],
    },
    /// By being signed in: one's own account and drafts.
    Anyone,
}

/// What a permission asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// `capability.verb`.
    pub name: &'static str,
    /// The most protected label that it opens.
    pub label: Sees,
    /// How it is come by.
    pub by: By,
}

/// What is known about the actor and a case, now.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a condition of its own"
)]
pub struct CaseFacts {
    /// Whether the actor's agency took part under an agreement when the case opened, runs the
    /// programme, or sent the referral.
    pub took_part: bool,
    /// The actor's ties today.
    pub ties: Vec<Tie>,
    /// Whether the actor is excluded: a conflict of interest, or "not this worker".
    pub excluded: bool,
    /// `None` while the case is not restricted; else whether the actor is on the allow-list.
    pub on_allow_list: Option<bool>,
    /// Whether a reason was stated for this very request.
    pub reason_given: bool,
    /// Whether a specialist holds the survivor line: the lead worker then does not.
    pub specialist: bool,
}

/// What the request is about.
#[derive(Clone, Copy, Debug)]
pub enum About<'a> {
    /// A case.
    Case(&'a CaseFacts),
    /// An agency: the actor's own or another.
    Agency {
        /// Whether it is the actor's own.
        own: bool,
    },
    /// The programme as a whole.
    Programme,
    /// The actor's own account, drafts and lists.
    Own,
}

/// Why a request is refused. For the log only: the answer is the same as for something absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Suspended or left.
    NotActive,
    /// The agency did not take part when the case opened.
    NoAgreement,
    /// No tie that gives this permission.
    NoTie,
    /// A conflict of interest, or excluded by name.
    Excluded,
    /// The case is restricted and the actor is not on its list.
    NotOnAllowList,
    /// The tie does not see this label.
    LabelBeyondTie,
    /// The tie sees this label only after a reason.
    ReasonNeeded,
    /// No role that gives this permission.
    NoRole,
    /// The client can see the screen.
    ScreenShared,
    /// The permission is about something else.
    WrongKind,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Go on.
    Allow,
    /// Answer as for something absent.
    Deny(Refusal),
}

impl Decision {
    /// Whether to go on.
    pub fn allows(self) -> bool {
        self == Self::Allow
    }
}

/// Decides whether `actor` may do what `needs` asks. Everything must hold, else it is refused.
///
/// `design.md` 5: active user; an agency that took part when the case opened; a tie to the case
/// now; clearance for the label; no conflict of interest; on the allow-list if restricted.
pub fn decide(actor: &Actor, needs: Needs, about: About<'_>, mode: Mode) -> Decision {
    use Decision::{Allow, Deny};
    if actor.standing != Standing::Active {
        return Deny(Refusal::NotActive);
    }
    // One's own account and lists are refused too: they name other cases and other people.
    let shown_to_client = needs.label == Sees::Client && matches!(needs.by, By::Ties(_));
    if mode == Mode::ClientCanSee && !shown_to_client {
        return Deny(Refusal::ScreenShared);
    }
    match (needs.by, about) {
        (By::Ties(ties), About::Case(facts)) => about_case(ties, needs.label, facts),
        (By::Roles { own, any }, About::Agency { own: is_own }) => {
            if actor.holds(any) || (is_own && actor.holds(own)) {
                Allow
            } else {
                Deny(Refusal::NoRole)
            }
        }
        (By::Roles { any, .. }, About::Programme) => {
            if actor.holds(any) {
                Allow
            } else {
                Deny(Refusal::NoRole)
            }
        }
        (By::Anyone, About::Own) => Allow,
        _ => Deny(Refusal::WrongKind),
    }
}

fn about_case(giving: &[Tie], label: Sees, facts: &CaseFacts) -> Decision {
    use Decision::{Allow, Deny};
    if !facts.took_part {
        return Deny(Refusal::NoAgreement);
    }
    if facts.excluded {
        return Deny(Refusal::Excluded);
    }
    if facts.on_allow_list == Some(false) {
        return Deny(Refusal::NotOnAllowList);
    }
    let mut refusal = Refusal::NoTie;
    for tie in facts.ties.iter().filter(|tie| giving.contains(tie)) {
        let clearance = match (tie, label) {
            // `design.md` 5: the lead worker holds the line only where no specialist does.
            (Tie::LeadWorker, Sees::Survivor | Sees::Child) if facts.specialist => Clearance::Never,
            _ => tie.clearance(label),
        };
        match clearance {
            Clearance::Always => return Allow,
            Clearance::WithReason if facts.reason_given => return Allow,
            Clearance::WithReason => refusal = Refusal::ReasonNeeded,
            Clearance::Never if refusal == Refusal::NoTie => refusal = Refusal::LabelBeyondTie,
            Clearance::Never => {}
        }
    }
    Deny(refusal)
}

/// The roles that tie a user to every case of the programme, and how.
pub fn programme_ties(actor: &Actor) -> Vec<Tie> {
    let mut ties = Vec::new();
    if actor.holds(&[Role::IntakeWorker]) {
        ties.push(Tie::Intake);
    }
    if actor.holds(&[Role::ServiceManager]) {
        ties.push(Tie::Oversight);
    }
    ties
}

/// Proof that `user` is named on a restricted item, if `people` says so.
pub fn named(user: UserId, people: &[UserId]) -> Option<Named> {
    people.contains(&user).then_some(Named(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(roles: &[Role]) -> Actor {
        Actor {
            user: UserId::new(),
            agency: AgencyId::new(),
            standing: Standing::Active,
            roles: roles.to_vec(),
        }
    }

    fn needs(label: Sees) -> Needs {
        Needs {
            name: "x.view",
            label,
            by: By::Ties(Tie::WORKING),
        }
    }

    fn tied(tie: Tie) -> CaseFacts {
        CaseFacts {
            took_part: true,
            ties: vec![tie],
            ..CaseFacts::default()
        }
    }

    #[test]
    fn everything_must_hold() {
        let who = actor(&[]);
        let facts = tied(Tie::SurvivorLine);
        let ask = |who: &Actor, facts: &CaseFacts| {
            decide(who, needs(Sees::Survivor), About::Case(facts), Mode::Alone)
        };
        assert_eq!(ask(&who, &facts), Decision::Allow);

        let left = Actor {
            standing: Standing::Left,
            ..who.clone()
        };
        let cases = [
            (&left, facts.clone(), Refusal::NotActive),
            (
                &who,
                CaseFacts {
                    took_part: false,
                    ..facts.clone()
                },
                Refusal::NoAgreement,
            ),
            (
                &who,
                CaseFacts {
                    excluded: true,
                    ..facts.clone()
                },
                Refusal::Excluded,
            ),
            (
                &who,
                CaseFacts {
                    on_allow_list: Some(false),
                    ..facts.clone()
                },
                Refusal::NotOnAllowList,
            ),
            (
                &who,
                CaseFacts {
                    ties: vec![],
                    ..facts.clone()
                },
                Refusal::NoTie,
            ),
            (&who, tied(Tie::ClientLine), Refusal::LabelBeyondTie),
            (&who, tied(Tie::Oversight), Refusal::ReasonNeeded),
            (&who, tied(Tie::Referrer), Refusal::NoTie),
        ];
        for (who, facts, refusal) in cases {
            assert_eq!(ask(who, &facts), Decision::Deny(refusal), "{facts:?}");
        }
    }

    #[test]
    fn a_reason_opens_the_survivors_address_to_the_programme_only() {
        for (tie, allowed) in [
            (Tie::Oversight, true),
            (Tie::Intake, true),
            (Tie::ClientLine, false),
        ] {
            let facts = CaseFacts {
                reason_given: true,
                ..tied(tie)
            };
            let got = decide(
                &actor(&[]),
                needs(Sees::Survivor),
                About::Case(&facts),
                Mode::Alone,
            );
            assert_eq!(got.allows(), allowed, "{tie:?}");
        }
    }

    #[test]
    fn the_lead_worker_holds_the_survivor_line_only_where_no_specialist_does() {
        for (specialist, label, allowed) in [
            (false, Sees::Survivor, true),
            (false, Sees::Child, true),
            (true, Sees::Survivor, false),
            (true, Sees::Child, false),
            (true, Sees::Workers, true),
        ] {
            let facts = CaseFacts {
                specialist,
                ..tied(Tie::LeadWorker)
            };
            let got = decide(&actor(&[]), needs(label), About::Case(&facts), Mode::Alone);
            assert_eq!(got.allows(), allowed, "{specialist} {label:?}");
        }
    }

    #[test]
    fn nothing_but_client_fields_while_the_client_can_see() {
        let facts = tied(Tie::SurvivorLine);
        for label in Sees::ALL {
            let got = decide(
                &actor(&[]),
                needs(label),
                About::Case(&facts),
                Mode::ClientCanSee,
            );
            assert_eq!(got.allows(), label == Sees::Client, "{label:?}");
        }
        let own = Needs {
            name: "x",
            label: Sees::Client,
            by: By::Anyone,
        };
        for (mode, allowed) in [(Mode::Alone, true), (Mode::ClientCanSee, false)] {
            assert_eq!(decide(&actor(&[]), own, About::Own, mode).allows(), allowed);
        }
    }

    #[test]
    fn restricted_is_never_reached_by_a_tie() {
        for tie in Tie::ALL {
            assert_eq!(tie.clearance(Sees::Restricted), Clearance::Never);
        }
    }

    #[test]
    fn an_administrator_reaches_no_case() {
        let who = actor(&[Role::Administrator]);
        assert_eq!(programme_ties(&who), vec![]);
        let facts = CaseFacts {
            took_part: true,
            ..CaseFacts::default()
        };
        let got = decide(&who, needs(Sees::Client), About::Case(&facts), Mode::Alone);
        assert_eq!(got, Decision::Deny(Refusal::NoTie));
    }

    #[test]
    fn a_role_for_its_own_agency_does_not_reach_another() {
        let who = actor(&[Role::AgencyManager]);
        let needs = Needs {
            name: "users.invite",
            label: Sees::Client,
            by: By::Roles {
                own: &[Role::AgencyManager],
                any: &[],
            },
        };
        assert!(decide(&who, needs, About::Agency { own: true }, Mode::Alone).allows());
        assert!(!decide(&who, needs, About::Agency { own: false }, Mode::Alone).allows());
        assert!(!decide(&who, needs, About::Programme, Mode::Alone).allows());
    }
}
