//! Inviting people, their roles for a time, and their going.


use crate::support::*;

use crate::support::browser::*;

use axum::response::{IntoResponse as _, Response};
use cusp::{
    demo::cast::{self, Persona},
    users::{NewInstallation, found},
};
use diesel::prelude::*;
use kernel::{
    access::{Role, Tie},
    ids::{CaseId, UserId},
    plain::Plain,
};
use platform::{
    App, Case, NewCase, Pressed, Result, Routes, Service, casefile,
    schema::{app_user, audit, tie},
    see_other,
};

platform::permission! {
    /// Open a case in these tests.
    Open = "test.open", own &[], any &[Role::ServiceManager], opens;
    /// Read the rows of these tests.
    Rows = "test.rows", own &[], any &[Role::ServiceManager];
}
platform::permission! {
    /// Look at a case in these tests.
    Look = "test.look", Client, ties &Tie::ALL;
}

struct Opened(CaseId);
impl platform::Event for Opened {
    fn name(&self) -> &'static str {
        "opened"
    }
    fn item(&self) -> String {
        self.0.to_string()
    }
}

/// Opens a case to which the users of the fields are tied: `kind=user`.
async fn open(service: Service<Open>, pressed: Pressed) -> Result<Response> {
    let id = CaseId::new();
    let new = NewCase {
        id,
        programme: cast::PROGRAMME,
        agency: Some(cast::LARKMOOR),
        team: Some(cast::SAFEGUARDING),
        client_reference: Plain::new(platform::random::reference()?),
        survivor_reference: Plain::new(platform::random::reference()?),
        referrer: Some(cast::SOCIAL_WORKER.id),
    };
    let ties: Vec<(Tie, UserId)> = pressed
        .typed
        .0
        .iter()
        .map(|(kind, user)| (Tie::parse(kind).unwrap(), user.parse().unwrap()))
        .collect();
    service
        .open(new, move |tx| {
            for (kind, user) in &ties {
                casefile::add_tie(tx, *user, *kind, None, None)?;
            }
            Ok((Opened(id), ()))
        })
        .await?;
    Ok(see_other(&format!("/test/cases/{id}")))
}

async fn look(case: Case<Look>) -> Result<Response> {
    case.read(|_| Ok(())).await?;
    Ok("it is there".into_response())
}

/// The rows of a chain, and the open ties, as text.
async fn rows(service: Service<Rows>) -> Result<Response> {
    let text = service
        .read(|office| {
            let audit: Vec<(Plain, Plain, UserId)> = audit::table
                .order((audit::stream, audit::seq))
                .select((audit::event, audit::item, audit::actor))
                .load(office.conn())?;
            let now = office.now();
            let ties: Vec<(Plain, UserId)> = tie::table
                .filter(tie::until_at.is_null().or(tie::until_at.gt(Some(now))))
                .order((tie::kind, tie::user_id))
                .select((tie::kind, tie::user_id))
                .load(office.conn())?;
            let versions: Vec<(UserId, Option<Plain>)> = app_user::table
                .select((app_user::id, app_user::password))
                .load(office.conn())?;
            Ok(format!("{audit:?}\n{ties:?}\n{}", versions.len()))
        })
        .await?;
    Ok(text.into_response())
}

fn routes() -> Routes {
    Routes::new()
        .post("/test/cases", open)
        .get("/test/cases/{case}", look)
        .get("/test/rows", rows)
}

async fn desk(world: &World, app: &App, who: &Persona) -> Browser {
    Browser::of(world, app, who, routes()).await
}

fn page_of(who: &Persona) -> String {
    format!("/agencies/{}/users/{}", who.agency, who.id)
}

/// Presses a button of a person's page, with the version that the page shows.
async fn press(browser: &Browser, who: &Persona, act: &str) -> Got {
    let page = browser.get(&page_of(who)).await.is(200);
    let version = page.between("name=\"version\" value=\"", "\"");
    browser
        .post(&format!("{}/{act}", page_of(who)), &[("version", &version)])
        .await
}

/// The mails that were written, oldest first.
fn mails(world: &World) -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(world.folder().join("mail")) else {
        return Vec::new();
    };
    let mut found: Vec<_> = folder.map(|file| file.unwrap().path()).collect();
    found.sort();
    found
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_invites_and_the_worker_takes_it_up() {
    on_each_engine(|world| async move {
        let app = real(&world);
        let boss = desk(&world, &app, &cast::TEAM_MANAGER).await;
        let place = boss.get("/users").await.leads_to("/agencies/").location;
        assert_eq!(place, format!("/agencies/{}/users", cast::LARKMOOR));
        boss.get(&place)
            .await
            .is(200)
            .shows("Ines Calloway")
            .shows("Rohan Beckett")
            .hides("Maren Okafor")
            .hides("Mailbox");
        let new = format!("{place}/new");
        let page = boss
            .get(&new)
            .await
            .is(200)
            .shows("Family Safeguarding Team 3");
        for role in [
            "social_worker",
            "team_manager",
            "survivor_worker",
            "spoc",
            "agency_manager",
        ] {
            assert!(page.body.contains(&format!("value=\"{role}\"")), "{role}");
        }
        for role in [
            "practitioner",
            "service_manager",
            "administrator",
            "governance_officer",
        ] {
            assert!(!page.body.contains(&format!("value=\"{role}\"")), "{role}");
        }
        let team = cast::ASSESSMENT.to_string();
        let name = "እሌኒ <b>O'Dare</b>";
        let fields = [
            ("name", name),
            ("email", "Eleni.Odare@example.org"),
            ("team", &team),
            ("roles", "social_worker"),
        ];
        let shown = boss
            .post(&new, &fields)
            .await
            .is(200)
            .shows("Hand over this link");
        let link = shown.between("cusp-reference cusp-text\">", "<");
        let link = link
            .strip_prefix("http://127.0.0.1:8080")
            .unwrap()
            .to_owned();
        let list = boss
            .get(&place)
            .await
            .is(200)
            .shows("eleni.odare@example.org")
            .shows("Invited")
            .shows("Assessment Team 1")
            .hides("<b>O");
        let hers = list
            .body
            .split("<a class=\"govuk-link\" href=\"")
            .find(|a| a.contains("እሌኒ"));
        let hers = hers.unwrap().split('"').next().unwrap().to_owned();
        boss.get(&hers)
            .await
            .is(200)
            .shows("A link waits")
            .hides(&link);

        // The mail holds the same link, and nothing else.
        assert_eq!(cusp::mail::deliver(&app).await.unwrap().sent, 1);
        let mail = mails(&world).pop().unwrap();
        assert!(mail.contains("To: eleni.odare@example.org"), "{mail}");
        assert!(
            mail.contains("Subject: Your account: choose a password"),
            "{mail}"
        );
        let unfolded = mail.replace("=\r\n", "").replace("=3D", "=");
        assert!(unfolded.contains(&link), "{mail}");
        for word in ["Larkmoor", "O'Dare", "Tobias", "ocial worker"] {
            assert!(!unfolded.contains(word), "{mail}");
        }

        let browser = Browser::new(&app);
        take_up(&browser, &app, &link, "eleni.odare@example.org".to_owned()).await;
        browser.get("/account").await.is(200).shows("Social worker");
        boss.get(&hers)
            .await
            .is(200)
            .shows("Active")
            .hides("A link waits");
        assert!(app.verify_audit().await.unwrap().found.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_invitation_says_why_and_keeps_what_was_typed() {
    on_each_engine(|world| async move {
        let boss = desk(&world, &world.app, &cast::TEAM_MANAGER).await;
        let new = format!("/agencies/{}/users/new", cast::LARKMOOR);
        boss.get(&new).await.is(200);
        let cases: [(&[(&str, &str)], &str); 6] = [
            (
                &[("name", "A B"), ("roles", "spoc")],
                "Answer “Work e-mail address”",
            ),
            (
                &[("name", "A B"), ("email", "nonsense"), ("roles", "spoc")],
                "must look like",
            ),
            (
                &[("email", "a@example.org"), ("roles", "spoc")],
                "Answer “Name”",
            ),
            (
                &[("name", "A B"), ("email", "a@example.org")],
                "Answer “Roles”",
            ),
            (
                &[
                    ("name", "A B"),
                    ("email", "INES.calloway@example.org"),
                    ("roles", "spoc"),
                ],
                "signs in with this address already",
            ),
            (
                &[
                    ("name", "A B"),
                    ("email", "a@example.org"),
                    ("roles", "spoc"),
                    ("until-day", "1"),
                    ("until-month", "1"),
                    ("until-year", "2020"),
                ],
                "The last day must be today or later",
            ),
        ];
        for (fields, why) in cases {
            let got = boss
                .post(&new, fields)
                .await
                .is(200)
                .shows("There is a problem")
                .shows(why);
            for (name, typed) in fields.iter().filter(|(name, _)| *name == "name") {
                assert!(got.body.contains(&format!("value=\"{typed}\"")), "{name}");
            }
        }
        // A role that was not offered, a team of another agency, a field that was not asked.
        let fields = [
            ("name", "A B"),
            ("email", "a@example.org"),
            ("roles", "practitioner"),
        ];
        boss.post(&new, &fields)
            .await
            .is(422)
            .shows("not yours to give");
        let team = cast::WEXBROOK_FAMILIES.to_string();
        let fields = [
            ("name", "A B"),
            ("email", "a@example.org"),
            ("roles", "spoc"),
            ("team", &team),
        ];
        boss.post(&new, &fields).await.is(404);
        boss.post(&new, &[("standing", "active")]).await.is(422);
        boss.get(&format!("/agencies/{}/users", cast::LARKMOOR))
            .await
            .hides("a@example.org");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_managers_and_administrators_see_people() {
    on_each_engine(|world| async move {
        let of = |agency| format!("/agencies/{agency}/users");
        for who in cast::CAST {
            let manages = who.roles.contains(&Role::AgencyManager);
            let administers = who.roles.contains(&Role::Administrator);
            for agency in [cast::HARBOUR, cast::LARKMOOR, cast::LANTERN, cast::OUTSIDE] {
                let status = if administers || (manages && who.agency == agency) {
                    200
                } else {
                    404
                };
                let got = world.get(&who, &of(agency)).await;
                assert_eq!(got.status, status, "{} {agency}", who.name);
                let user = format!("{}/{}", of(agency), cast::SURVIVOR_WORKER.id);
                let found = if agency == cast::LANTERN { status } else { 404 };
                assert_eq!(world.get(&who, &user).await.status, found, "{}", who.name);
            }
        }
        // A person of another agency is not there, under one's own agency either.
        let strange = format!("{}/{}", of(cast::LARKMOOR), cast::PRACTITIONER.id);
        world.get(&cast::TEAM_MANAGER, &strange).await.is(404);
        for path in ["x", "00000000-0000-4000-8000-000000000999"] {
            world
                .get(
                    &cast::TEAM_MANAGER,
                    &format!("{}/{path}", of(cast::LARKMOOR)),
                )
                .await
                .is(404);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_invites_an_agencys_first_manager_and_gives_no_cases() {
    on_each_engine(|world| async move {
        let app = real(&world);
        let admin = desk(&world, &app, &cast::ADMINISTRATOR).await;
        let lantern = format!("/agencies/{}/users", cast::LANTERN);
        let page = admin.get(&format!("{lantern}/new")).await.is(200);
        assert_eq!(page.body.matches("type=\"checkbox\"").count(), 1);
        page.shows("value=\"agency_manager\"");
        let fields = [
            ("name", "A B"),
            ("email", "a@example.org"),
            ("roles", "survivor_worker"),
        ];
        admin.post(&format!("{lantern}/new"), &fields).await.is(422);
        let fields = [
            ("name", "A B"),
            ("email", "a@example.org"),
            ("roles", "agency_manager"),
        ];
        admin
            .post(&format!("{lantern}/new"), &fields)
            .await
            .is(200)
            .shows("Hand over this link");
        // Now there is one, who invites the others.
        admin.get(&format!("{lantern}/new")).await.is(404);
        admin.get(&lantern).await.is(200).hides("Invite somebody");

        // Of a worker with cases: suspend, but no link into the account.
        let worker = page_of(&cast::SURVIVOR_WORKER);
        admin
            .get(&worker)
            .await
            .is(200)
            .shows("Suspend")
            .hides("/reset")
            .hides("Give another");
        admin.get(&format!("{worker}/reset")).await.is(404);
        press(&admin, &cast::SURVIVOR_WORKER, "reset").await.is(422);
        press(&admin, &cast::SURVIVOR_WORKER, "suspend")
            .await
            .leads_to(&worker);
        press_without_button(&admin, &cast::SURVIVOR_WORKER, "reinstate", 2)
            .await
            .is(422);

        // In the agency that runs the programme: colleagues and the governance officer.
        let harbour = format!("/agencies/{}/users/new", cast::HARBOUR);
        let page = admin
            .get(&harbour)
            .await
            .is(200)
            .shows("value=\"governance_officer\"");
        assert_eq!(page.body.matches("type=\"checkbox\"").count(), 2);
        let both = [
            ("name", "A B"),
            ("email", "b@example.org"),
            ("roles", "administrator"),
            ("roles", "governance_officer"),
        ];
        admin
            .post(&harbour, &both)
            .await
            .is(200)
            .shows("An administrator holds no other role");
    })
    .await;
}

async fn press_without_button(browser: &Browser, who: &Persona, act: &str, version: i32) -> Got {
    let version = version.to_string();
    browser
        .post(&format!("{}/{act}", page_of(who)), &[("version", &version)])
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_changes_her_own_roles_or_standing() {
    on_each_engine(|world| async move {
        for who in [
            &cast::TEAM_MANAGER,
            &cast::ADMINISTRATOR,
            &cast::SERVICE_MANAGER,
        ] {
            let browser = desk(&world, &world.app, who).await;
            let page = browser
                .get(&page_of(who))
                .await
                .is(200)
                .shows("This is you");
            let held = format!("{}/roles/", page_of(who));
            assert!(!page.body.contains(&held) && !page.body.contains("/suspend"));
            for act in ["suspend", "reinstate", "left", "reset"] {
                let got = press_without_button(&browser, who, act, 1).await;
                got.is(422).shows("ask another manager");
            }
            let fields = [
                ("version", "1"),
                ("role", "spoc"),
                ("from-day", "14"),
                ("from-month", "10"),
                ("from-year", "2026"),
            ];
            browser
                .post(&format!("{}/roles", page_of(who)), &fields)
                .await
                .is(422);
            for path in ["team", "left", "reset"] {
                browser
                    .get(&format!("{}/{path}", page_of(who)))
                    .await
                    .is(404);
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_held_for_a_time() {
    on_each_engine(|world| async move {
        let app = world.app.clone();
        let boss = desk(&world, &app, &cast::TEAM_MANAGER).await;
        let page = page_of(&cast::SPOC);
        let give = |from: (&'static str, &'static str), until: (&'static str, &'static str)| {
            let (boss, page) = (&boss, &page);
            async move {
                let shown = boss.get(page).await;
                let version = shown.between("name=\"version\" value=\"", "\"");
                let fields = [
                    ("version", version.as_str()),
                    ("role", "social_worker"),
                    ("from-day", from.0),
                    ("from-month", from.1),
                    ("from-year", "2026"),
                    ("until-day", until.0),
                    ("until-month", until.1),
                    ("until-year", if until.0.is_empty() { "" } else { "2026" }),
                ];
                boss.post(&format!("{page}/roles"), &fields).await
            }
        };
        // 14 October 2026 is today.
        give(("13", "10"), ("", ""))
            .await
            .is(200)
            .shows("first day must be today or later");
        give(("20", "10"), ("19", "10"))
            .await
            .is(200)
            .shows("must not be before the first");
        give(("31", "2"), ("", ""))
            .await
            .is(200)
            .shows("must be a real date");
        give(("15", "10"), ("16", "10")).await.leads_to(&page);
        boss.get(&page)
            .await
            .is(200)
            .shows("Later")
            .shows("15 October 2026")
            .shows("16 October");
        // It cannot be given twice at once.
        boss.get(&page).await.hides("value=\"social_worker\"");

        let held = |day: &'static str| {
            let (world, app) = (&world, &app);
            async move {
                world.set_clock(&format!("2026-10-{day}T09:00:00Z"));
                let his = desk(world, app, &cast::SPOC).await;
                his.get("/account").await.body.contains("Social worker")
            }
        };
        for (day, holds) in [("14", false), ("15", true), ("16", true), ("17", false)] {
            assert_eq!(held(day).await, holds, "{day} October");
        }
        let boss = desk(&world, &app, &cast::TEAM_MANAGER).await;
        boss.get(&page).await.is(200).shows("Ended");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ending_a_role_ends_the_ties_that_came_by_it() {
    on_each_engine(|world| async move {
        let app = world.app.clone();
        let boss = desk(&world, &app, &cast::SERVICE_MANAGER).await;
        let worker = cast::PRACTITIONER.id.to_string();
        let other = cast::OTHER_PRACTITIONER.id.to_string();
        let fields = [
            ("client_line", worker.as_str()),
            ("client_supervisor", other.as_str()),
        ];
        let case = boss
            .post("/test/cases", &fields)
            .await
            .leads_to("/test/cases/")
            .location;
        let hers = desk(&world, &app, &cast::PRACTITIONER).await;
        let theirs = desk(&world, &app, &cast::OTHER_PRACTITIONER).await;
        hers.get(&case).await.is(200);
        theirs.get(&case).await.is(200);
        let page = boss.get(&page_of(&cast::PRACTITIONER)).await.is(200);
        let end = page.between("action=\"/agencies", "/end\"");
        let version = page.between("name=\"version\" value=\"", "\"");
        let end = format!("/agencies{end}/end");
        boss.post(&end, &[("version", &version)])
            .await
            .leads_to(&page_of(&cast::PRACTITIONER));
        hers.get(&case).await.is(404);
        hers.get("/account").await.is(200).hides("Practitioner");
        theirs.get(&case).await.is(200);
        // What has ended cannot be ended again.
        let version = (version.parse::<i32>().unwrap() + 1).to_string();
        boss.post(&end, &[("version", &version)]).await.is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leavers_ties_end_in_the_same_transaction() {
    on_each_engine(|world| async move {
        let app = real(&world);
        let (hers, worker) = ines(&world, &app).await;
        let manager = desk(&world, &app, &cast::SERVICE_MANAGER).await;
        let lead = cast::SOCIAL_WORKER.id.to_string();
        let other = cast::PRACTITIONER.id.to_string();
        let fields = [
            ("lead_worker", lead.as_str()),
            ("client_line", other.as_str()),
        ];
        let first = manager
            .post("/test/cases", &fields)
            .await
            .leads_to("/test/")
            .location;
        let second = manager
            .post("/test/cases", &[])
            .await
            .leads_to("/test/")
            .location;
        let hers_on_tests = desk(&world, &app, &cast::SOCIAL_WORKER).await;
        hers_on_tests.get(&first).await.is(200);
        hers_on_tests.get(&second).await.is(200);

        let boss = desk(&world, &app, &cast::TEAM_MANAGER).await;
        let page = page_of(&cast::SOCIAL_WORKER);
        boss.get(&format!("{page}/left"))
            .await
            .is(200)
            .shows("2 cases can no longer be opened");
        hers.get("/account").await.is(200);
        press(&boss, &cast::SOCIAL_WORKER, "left")
            .await
            .leads_to(&page);

        hers.get("/account").await.leads_to("/sign-in");
        let right = [("email", worker.email.as_str()), ("password", PASSWORD)];
        Browser::new(&app)
            .post("/sign-in", &right)
            .await
            .is(200)
            .shows("not right");
        let rows = manager.get("/test/rows").await.is(200).body;
        let open = rows.lines().nth(1).unwrap();
        assert!(!open.contains(&lead) && open.contains(&other), "{open}");
        let ended = rows.matches("\"tie ended\"").count();
        assert_eq!(ended, 3, "two as referrer, one as lead worker: {rows}");
        let by = format!("{:?}", cast::TEAM_MANAGER.id);
        let said = rows
            .split("\"tie ended\"")
            .nth(1)
            .unwrap()
            .split("(Plain")
            .next()
            .unwrap();
        assert!(said.contains(&by), "by whom: {said}");
        boss.get(&page)
            .await
            .is(200)
            .shows("Left")
            .shows("Ended")
            .hides("Suspend")
            .hides("Give another role");
        assert!(app.verify_audit().await.unwrap().found.is_empty());

        // Coming back gives an account without roles and without cases, by a new link.
        press_without_button(&boss, &cast::SOCIAL_WORKER, "reinstate", 3)
            .await
            .leads_to(&page);
        boss.get(&page)
            .await
            .is(200)
            .shows("Invited")
            .shows("Make a new link");
        Browser::new(&app)
            .post("/sign-in", &right)
            .await
            .is(200)
            .shows("not right");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_fails_ends_no_tie() {
    on_each_engine(|world| async move {
        let app = world.app.clone();
        let manager = desk(&world, &app, &cast::SERVICE_MANAGER).await;
        let case = manager
            .post("/test/cases", &[])
            .await
            .leads_to("/test/")
            .location;
        let boss = desk(&world, &app, &cast::TEAM_MANAGER).await;
        let page = page_of(&cast::SOCIAL_WORKER);
        let before = manager.get("/test/rows").await.body;
        press_without_button(&boss, &cast::SOCIAL_WORKER, "left", 7)
            .await
            .is(409);
        let got = boss.post(&format!("{page}/left"), &[]).await;
        assert_eq!(
            got.status, 409,
            "a form without its version is older than the page"
        );
        let after = manager.get("/test/rows").await.body;
        assert_eq!(before.lines().nth(1), after.lines().nth(1));
        let hers = desk(&world, &app, &cast::SOCIAL_WORKER).await;
        hers.get(&case).await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_suspended_is_out_at_once_and_keeps_her_cases() {
    on_each_engine(|world| async move {
        let app = world.app.clone();
        let manager = desk(&world, &app, &cast::SERVICE_MANAGER).await;
        let case = manager
            .post("/test/cases", &[])
            .await
            .leads_to("/test/")
            .location;
        let hers = desk(&world, &app, &cast::SOCIAL_WORKER).await;
        hers.get(&case).await.is(200);
        let boss = desk(&world, &app, &cast::TEAM_MANAGER).await;
        let page = page_of(&cast::SOCIAL_WORKER);
        press(&boss, &cast::SOCIAL_WORKER, "suspend")
            .await
            .leads_to(&page);
        hers.get(&case).await.leads_to("/sign-in");
        boss.get(&page)
            .await
            .is(200)
            .shows("Suspended")
            .hides("/reset");
        boss.get(&format!("/agencies/{}/users?sort=standing", cast::LARKMOOR))
            .await
            .is(200)
            .shows("Suspended");
        press(&boss, &cast::SOCIAL_WORKER, "reinstate")
            .await
            .leads_to(&page);
        // What was open then stays shut; signing in anew opens the same cases.
        hers.get(&case).await.leads_to("/sign-in");
        let anew = desk(&world, &app, &cast::SOCIAL_WORKER).await;
        anew.get(&case).await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_takes_the_cases_along_or_not() {
    on_each_engine(|world| async move {
        let app = world.app.clone();
        let manager = desk(&world, &app, &cast::SERVICE_MANAGER).await;
        let case = manager
            .post("/test/cases", &[])
            .await
            .leads_to("/test/")
            .location;
        let boss = desk(&world, &app, &cast::TEAM_MANAGER).await;
        let page = format!("{}/team", page_of(&cast::SOCIAL_WORKER));
        let to = |team: String, keeps: &'static str| {
            let (boss, page) = (&boss, &page);
            async move {
                let shown = boss.get(page).await.is(200);
                let version = shown.between("name=\"version\" value=\"", "\"");
                let mut fields = vec![("version", version.as_str()), ("team", team.as_str())];
                if !keeps.is_empty() {
                    fields.push(("keeps", keeps));
                }
                boss.post(page, &fields).await
            }
        };
        to(cast::ASSESSMENT.to_string(), "")
            .await
            .is(200)
            .shows("There is a problem");
        to(cast::WEXBROOK_FAMILIES.to_string(), "yes").await.is(404);
        to(cast::ASSESSMENT.to_string(), "yes")
            .await
            .leads_to(&page_of(&cast::SOCIAL_WORKER));
        boss.get(&page_of(&cast::SOCIAL_WORKER))
            .await
            .shows("Assessment Team 1");
        let hers = desk(&world, &app, &cast::SOCIAL_WORKER).await;
        hers.get(&case).await.is(200);
        to(String::new(), "no")
            .await
            .leads_to(&page_of(&cast::SOCIAL_WORKER));
        hers.get(&case).await.is(404);
        hers.get("/account").await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_managers_do_not_overwrite_each_other() {
    on_each_engine(|world| async move {
        let one = desk(&world, &world.app, &cast::TEAM_MANAGER).await;
        let page = one.get(&page_of(&cast::SPOC)).await.is(200);
        let version = page.between("name=\"version\" value=\"", "\"");
        press(&one, &cast::SPOC, "suspend").await.is(303);
        let act = format!("{}/left", page_of(&cast::SPOC));
        one.post(&act, &[("version", &version)])
            .await
            .is(409)
            .shows("Somebody else saved first");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_searched_by_name_and_address() {
    on_each_engine(|world| async move {
        let of = |query: &str| format!("/agencies/{}/users?{query}", cast::HARBOUR);
        let who = &cast::SERVICE_MANAGER;
        world
            .get(who, &of("q=OKAF"))
            .await
            .is(200)
            .shows("maren.okafor@")
            .hides("joss.whitlow@");
        world
            .get(who, &of("q=joss.whitlow%40"))
            .await
            .shows("joss.whitlow@")
            .shows("1 of 6 shown");
        world
            .get(who, &of("q=nobody%3Cb%3E"))
            .await
            .is(200)
            .shows("Nobody here")
            .hides("<b>");
        let page = world.get(who, &of("sort=name")).await.body;
        assert!(page.find("adaeze.").unwrap() < page.find("petra.").unwrap());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_installation_is_founded_once() {
    on_each_engine(|world| async move {
        // A second, empty database beside the first.
        let mut config = (*world.app.config).clone();
        config.demo = false;
        config.cast = Vec::new();
        if config.database.url.starts_with("sqlite:") {
            config.database.url = format!("sqlite:{}", world.folder().join("new.db").display());
        } else {
            config.database.schema = config.database.schema.map(|name| format!("{name}_new"));
        }
        config.place().unwrap().migrate().unwrap();
        let app = App::open(config, cusp::hooks()).unwrap();
        let new = NewInstallation {
            agency: Plain::new("Quayside Programmes"),
            programme: Plain::new("Early intervention"),
            name: Plain::new("Imre Solveig"),
            email: Plain::new(" Imre.Solveig@example.org"),
        };
        let strange = NewInstallation {
            email: Plain::new("imre"),
            ..new.clone()
        };
        assert!(found(&app, strange).await.is_err());
        assert!(app.is_empty().await.unwrap());
        let founded = found(&app, new.clone()).await.unwrap();
        assert!(found(&app, new).await.is_err(), "only once");
        let link = founded.link.strip_prefix("http://127.0.0.1:8080").unwrap();
        let browser = Browser::new(&app);
        let email = "imre.solveig@example.org".to_owned();
        let worker = take_up(&browser, &app, link, email).await;
        browser
            .get("/account")
            .await
            .is(200)
            .shows("Administrator")
            .shows("Quayside Programmes");
        let people = browser.get("/users").await.leads_to("/agencies/").location;
        browser
            .get(&people)
            .await
            .is(200)
            .shows("Imre Solveig")
            .hides("Mailbox");
        let new = format!("{people}/new");
        let page = browser
            .get(&new)
            .await
            .is(200)
            .shows("value=\"agency_manager\"");
        assert_eq!(page.body.matches("type=\"checkbox\"").count(), 3);
        sign_in(&Browser::new(&app), &app, &worker).await;
        assert!(app.verify_audit().await.unwrap().found.is_empty());
    })
    .await;
}
