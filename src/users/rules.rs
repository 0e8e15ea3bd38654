//! Who may give which role, and do what to which account.

use kernel::access::{Role, Tie};

/// Where a role would be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// What the agency is: borough, charity, police, provider, funder, evaluator, school, housing.
    pub kind: &'a str,
    /// Whether it runs a programme.
    pub runs_programme: bool,
    /// Whether somebody active manages its users already.
    pub has_manager: bool,
}

/// Who gives it.
#[derive(Clone, Copy, Debug)]
pub struct Granter<'a> {
    /// The roles held today.
    pub roles: &'a [Role],
    /// Whether it is the granter's own agency.
    pub own_agency: bool,
}

impl Granter<'_> {
    fn manages(&self) -> bool {
        self.own_agency && self.roles.contains(&Role::AgencyManager)
    }

    fn administers(&self) -> bool {
        self.roles.contains(&Role::Administrator)
    }
}

/// Whether a role can be held in an agency of this kind at all.
fn fits(place: Place<'_>, role: Role) -> bool {
    match role {
        Role::SocialWorker | Role::TeamManager => place.kind == "borough",
        Role::IntakeWorker
        | Role::Practitioner
        | Role::ServiceManager
        | Role::GovernanceOfficer
        | Role::Administrator => place.runs_programme,
        Role::SurvivorWorker => {
            place.runs_programme || matches!(place.kind, "charity" | "borough" | "housing")
        }
        Role::ProviderWorker => matches!(place.kind, "provider" | "charity"),
        Role::Evaluator => place.kind == "evaluator",
        Role::Spoc | Role::AgencyManager => true,
    }
}

/// Whether `granter` may give `role` in an agency.
///
/// An agency manager gives the roles of her own kind of agency. An administrator gives no role that
/// bears cases, to nobody: only the first manager of an agency, who then invites the others, and
/// the two roles that belong to no agency's own business (`design.md` 5, `security.md` 5.12).
pub fn may_grant(granter: Granter<'_>, place: Place<'_>, role: Role) -> bool {
    if !fits(place, role) {
        return false;
    }
    let by_manager =
        granter.manages() && !matches!(role, Role::Administrator | Role::GovernanceOfficer);
    let by_administrator = granter.administers()
        && match role {
            Role::Administrator | Role::GovernanceOfficer => true,
            Role::AgencyManager => !place.has_manager,
            _ => false,
        };
    by_manager || by_administrator
}

/// Whether a role brings people to cases.
pub fn bears_cases(role: Role) -> bool {
    matches!(
        role,
        Role::SocialWorker
            | Role::TeamManager
            | Role::IntakeWorker
            | Role::Practitioner
            | Role::SurvivorWorker
            | Role::ServiceManager
    )
}

/// Why these roles cannot be held by one person; `None` if they can.
///
/// Who runs the system, who reads the audit and who manages people watch each other
/// (`security.md` 5.12).
pub fn clash(roles: &[Role]) -> Option<&'static str> {
    let others = |than: Role| roles.iter().any(|role| *role != than);
    if roles.contains(&Role::Administrator) && others(Role::Administrator) {
        return Some("An administrator holds no other role");
    }
    let watched = |role: &Role| bears_cases(*role) || *role == Role::AgencyManager;
    if roles.contains(&Role::GovernanceOfficer) && roles.iter().any(watched) {
        return Some(
            "An information governance officer works on no cases and manages nobody: those are what the officer watches",
        );
    }
    None
}

/// The ties that come by a role, which end with it.
pub fn ties_of(role: Role) -> &'static [Tie] {
    match role {
        Role::SocialWorker => &[Tie::Referrer, Tie::LeadWorker],
        Role::TeamManager => &[Tie::Referrer],
        Role::Practitioner => &[Tie::ClientLine, Tie::ClientSupervisor],
        Role::SurvivorWorker => &[Tie::SurvivorLine, Tie::SurvivorSupervisor],
        Role::ServiceManager => &[Tie::ClientSupervisor, Tie::SurvivorSupervisor],
        Role::IntakeWorker
        | Role::Spoc
        | Role::ProviderWorker
        | Role::Evaluator
        | Role::GovernanceOfficer
        | Role::AgencyManager
        | Role::Administrator => &[],
    }
}

/// The ties that end when `role` ends while `kept` are still held.
pub fn ties_ending(role: Role, kept: &[Role]) -> Vec<Tie> {
    ties_of(role)
        .iter()
        .copied()
        .filter(|tie| !kept.iter().any(|other| ties_of(*other).contains(tie)))
        .collect()
}

/// What is done to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// End a role.
    EndRole,
    /// Keep from signing in for now.
    Suspend,
    /// Let sign in again.
    Reinstate,
    /// Move to another team.
    Move,
    /// Record that the user has left.
    Leave,
    /// Void password and second factor, or make another link.
    Reset,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 6] = [
        Self::EndRole,
        Self::Suspend,
        Self::Reinstate,
        Self::Move,
        Self::Leave,
        Self::Reset,
    ];
}

/// Whether `granter` may do this to an account with these roles. Nobody does it to herself.
///
/// An administrator may take power from anybody, but give none back where it reaches cases: the
/// link of a reset opens the account to whoever holds it.
pub fn may_act(granter: Granter<'_>, oneself: bool, act: Act, roles: &[Role]) -> bool {
    if oneself {
        return false;
    }
    let takes = matches!(act, Act::Suspend | Act::Leave | Act::EndRole);
    let reaches_cases = roles.iter().any(|role| bears_cases(*role));
    let above = roles
        .iter()
        .any(|role| matches!(role, Role::Administrator | Role::GovernanceOfficer));
    // A manager has no hold on those who watch her.
    let by_manager = granter.manages() && !above;
    let by_administrator = granter.administers() && (takes || (act != Act::Move && !reaches_cases));
    by_manager || by_administrator
}

/// Whether a text can be an e-mail address: something on both sides of one `@`, and a dot behind.
pub fn is_address(text: &str) -> bool {
    match text.split_once('@') {
        Some((name, host)) => {
            !name.is_empty()
                && text.chars().all(|c| c.is_ascii_graphic())
                && !host.contains('@')
                && host.split('.').count() >= 2
                && host.split('.').all(|part| !part.is_empty())
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Act::*, *};

    const MANAGER: &[Role] = &[Role::AgencyManager];
    const ADMINISTRATOR: &[Role] = &[Role::Administrator];

    fn granter(roles: &[Role], own_agency: bool) -> Granter<'_> {
        Granter { roles, own_agency }
    }

    fn place(kind: &str, runs_programme: bool, has_manager: bool) -> Place<'_> {
        Place {
            kind,
            runs_programme,
            has_manager,
        }
    }

    fn granted(granter: Granter<'_>, place: Place<'_>) -> String {
        let given: Vec<_> = Role::ALL
            .into_iter()
            .filter(|role| may_grant(granter, place, *role))
            .map(Role::code)
            .collect();
        given.join(" ")
    }

    #[test]
    fn who_gives_which_role() {
        let own = granter(MANAGER, true);
        let other = granter(MANAGER, false);
        let admin = granter(ADMINISTRATOR, true);
        let admin_elsewhere = granter(ADMINISTRATOR, false);
        let worker = granter(&[Role::ServiceManager, Role::TeamManager], true);
        let cases = [
            (
                own,
                place("borough", false, true),
                "social_worker team_manager survivor_worker spoc agency_manager",
            ),
            (
                own,
                place("charity", true, true),
                "intake_worker practitioner survivor_worker service_manager spoc provider_worker agency_manager",
            ),
            (
                own,
                place("charity", false, true),
                "survivor_worker spoc provider_worker agency_manager",
            ),
            (
                own,
                place("provider", false, true),
                "spoc provider_worker agency_manager",
            ),
            (
                own,
                place("evaluator", false, true),
                "spoc evaluator agency_manager",
            ),
            (own, place("police", false, true), "spoc agency_manager"),
            (other, place("borough", false, true), ""),
            (other, place("borough", false, false), ""),
            (
                admin,
                place("charity", true, true),
                "governance_officer administrator",
            ),
            (
                admin,
                place("charity", true, false),
                "governance_officer agency_manager administrator",
            ),
            (
                admin_elsewhere,
                place("borough", false, false),
                "agency_manager",
            ),
            (admin_elsewhere, place("borough", false, true), ""),
            (worker, place("charity", true, true), ""),
        ];
        for (granter, place, roles) in cases {
            assert_eq!(granted(granter, place), roles, "{granter:?} {place:?}");
        }
    }

    #[test]
    fn which_roles_clash() {
        let cases: [(&[Role], bool); 7] = [
            (&[Role::Administrator], false),
            (&[Role::Administrator, Role::AgencyManager], true),
            (&[Role::Administrator, Role::Evaluator], true),
            (&[Role::GovernanceOfficer, Role::Practitioner], true),
            (&[Role::GovernanceOfficer, Role::AgencyManager], true),
            (&[Role::GovernanceOfficer, Role::Spoc], false),
            (&[Role::ServiceManager, Role::AgencyManager], false),
        ];
        for (roles, clashes) in cases {
            assert_eq!(clash(roles).is_some(), clashes, "{roles:?}");
        }
    }

    #[test]
    fn who_does_what_to_whom() {
        let own = granter(MANAGER, true);
        let other = granter(MANAGER, false);
        let admin = granter(ADMINISTRATOR, false);
        let worker: &[Role] = &[Role::SocialWorker];
        let manager: &[Role] = &[Role::AgencyManager];
        let officer: &[Role] = &[Role::GovernanceOfficer];

        let cases: [(Granter<'_>, bool, &[Role], &[Act]); 8] = [
            (own, false, worker, &Act::ALL),
            (own, true, manager, &[]),
            (own, false, officer, &[]),
            (other, false, worker, &[]),
            (admin, false, worker, &[EndRole, Suspend, Leave]),
            (
                admin,
                false,
                manager,
                &[EndRole, Suspend, Reinstate, Leave, Reset],
            ),
            (admin, true, manager, &[]),
            (granter(&[Role::ServiceManager], true), false, worker, &[]),
        ];
        for (granter, oneself, roles, acts) in cases {
            let may: Vec<Act> = Act::ALL
                .into_iter()
                .filter(|act| may_act(granter, oneself, *act, roles))
                .collect();
            assert_eq!(may, acts, "{granter:?} {roles:?}");
        }
    }

    #[test]
    fn ties_end_with_the_role_that_brought_them() {
        let ending = |role, kept: &[Role]| ties_ending(role, kept);
        assert_eq!(
            ending(Role::Practitioner, &[]),
            [Tie::ClientLine, Tie::ClientSupervisor]
        );
        assert_eq!(
            ending(Role::Practitioner, &[Role::ServiceManager]),
            [Tie::ClientLine]
        );
        assert_eq!(
            ending(Role::SocialWorker, &[Role::TeamManager]),
            [Tie::LeadWorker]
        );
        assert!(ending(Role::Spoc, &[]).is_empty());
    }

    #[test]
    fn addresses() {
        for (text, fine) in [
            ("a@example.org", true),
            ("a.b+c@mail.example.org", true),
            ("a@example", false),
            ("a@@example.org", false),
            ("a b@example.org", false),
            ("@example.org", false),
            ("a@.org", false),
            ("example.org", false),
        ] {
            assert_eq!(is_address(text), fine, "{text}");
        }
    }
}
