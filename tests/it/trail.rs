//! Who saw and did what: who may read it, what it never holds, and that altering it is found.





use cusp::demo::cast::{self, Persona};
use platform::{
    audit::{Tampering, Verified},
    testing,
};
use crate::support::*;

/// A case of Larkmoor with its workers on both lines, and a supervisor of each.
async fn case(world: &World) -> String {
    let id = kernel::ids::CaseId::new().to_string();
    let mut sql = format!(
        "INSERT INTO casefile (id, programme_id, referring_agency_id, team_id, client_reference, \
         survivor_reference, opened_at, stage, open, next_due, restricted, version) VALUES \
         ('{id}', '{}', '{}', NULL, 'CLIENT-REF', 'SURVIVOR-REF', '2026-10-01T09:00:00.000000Z', \
         'received', 1, '9999-01-01T00:00:00.000000Z', 0, 1);",
        cast::PROGRAMME,
        cast::LARKMOOR
    );
    for (who, kind) in [
        (&cast::PRACTITIONER, "client_line"),
        (&cast::OTHER_PRACTITIONER, "client_supervisor"),
        (&cast::SURVIVOR_WORKER, "survivor_supervisor"),
    ] {
        sql.push_str(&tie(&id, who, kind));
    }
    testing::raw(&world.app, &sql).await.unwrap();
    id
}

fn tie(case: &str, who: &Persona, kind: &str) -> String {
    format!(
        "INSERT INTO tie (id, case_id, user_id, kind, from_at, until_at, next_due) VALUES \
         ('{}', '{case}', '{}', '{kind}', '2026-10-01T09:00:00.000000Z', NULL, \
         '9999-01-01T00:00:00.000000Z');",
        kernel::ids::CaseId::new(),
        who.id
    )
}

/// Everything the trail holds, as one text.
async fn dump(world: &World) -> String {
    let cast = |column: &str| format!("CAST({column} AS TEXT)");
    let columns = [
        "stream",
        "seq",
        "at",
        "actor",
        "permission",
        "event",
        "item",
        "fields",
        "label",
        "commitment",
        "prev",
        "hash",
    ];
    let all = columns.map(cast).join(" || ' ' || ");
    let sql = format!("SELECT {all} AS text FROM audit ORDER BY stream, seq");
    testing::texts(&world.app, &sql).await.unwrap().join("\n")
}

/// The cells of the “Who” column of a page.
fn names(page: &Answer) -> Vec<String> {
    let text: String = page.body.split_whitespace().collect::<Vec<_>>().join(" ");
    text.split("<tr class=\"govuk-table__row\" role=\"row\">")
        .filter_map(|row| {
            row.split_once("data-head=\"Who\">")?
                .1
                .split_once("dir=\"auto\">")
        })
        .map(|(_, rest)| rest.split('<').next().unwrap().to_owned())
        .collect()
}

/// A page without its frame: the bar of the demonstration names the whole cast.
async fn opened(world: &World, who: &Persona, path: &str) -> Answer {
    let mut answer = world.get(who, path).await;
    answer.body = main_of(&answer).to_owned();
    answer
}

fn main_of(answer: &Answer) -> &str {
    answer
        .body
        .split_once("<main")
        .map_or(answer.body.as_str(), |(_, main)| main)
}

// ---- Of a case ----

#[tokio::test(flavor = "multi_thread")]
async fn who_may_read_the_trail_of_a_case() {
    on_each_engine(|world| async move {
        let id = case(&world).await;
        let (trail, whole) = (
            format!("/cases/{id}/trail"),
            format!("/cases/{id}/trail/whole"),
        );
        for (who, expected) in [
            (&cast::SERVICE_MANAGER, [200, 404]),
            (&cast::OTHER_PRACTITIONER, [200, 404]),
            (&cast::SURVIVOR_WORKER, [200, 200]),
            (&cast::PRACTITIONER, [404, 404]),
            (&cast::INTAKE_WORKER, [404, 404]),
            (&cast::GOVERNANCE_OFFICER, [404, 404]),
            (&cast::ADMINISTRATOR, [404, 404]),
            (&cast::SPOC, [404, 404]),
            (&cast::TEAM_MANAGER, [404, 404]),
            (&cast::OUTSIDER, [404, 404]),
        ] {
            for (path, status) in [&trail, &whole].into_iter().zip(expected) {
                assert_eq!(
                    opened(&world, who, path).await.status,
                    status,
                    "{} {path}",
                    who.name
                );
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trail_of_a_case_is_newest_first_and_filtered() {
    on_each_engine(|world| async move {
        let id = case(&world).await;
        let trail = format!("/cases/{id}/trail");
        opened(&world, &cast::OTHER_PRACTITIONER, &trail)
            .await
            .is(200);
        world.set_clock("2026-10-14T10:00:00Z");
        opened(&world, &cast::PRACTITIONER, &trail).await.is(404);
        world.set_clock("2026-10-14T11:00:00Z");
        let page = opened(&world, &cast::SERVICE_MANAGER, &trail).await;
        // The reader is on the page that is read, and who was refused as well.
        assert_eq!(
            names(&page),
            ["Adaeze Thornbury", "Maren Okafor", "Joss Whitlow"]
        );
        page.shows("14 October 2026, 12:00pm")
            .shows("Refused")
            .shows("Trail: case");
        let refused = opened(
            &world,
            &cast::SERVICE_MANAGER,
            &format!("{trail}?kind=refused"),
        )
        .await;
        assert_eq!(names(&refused), ["Maren Okafor"]);
        let by_user = format!("{trail}?user={}", cast::OTHER_PRACTITIONER.id);
        let by_user = opened(&world, &cast::SERVICE_MANAGER, &by_user).await;
        assert_eq!(names(&by_user), ["Joss Whitlow"]);
        let changed = opened(
            &world,
            &cast::SERVICE_MANAGER,
            &format!("{trail}?kind=changed"),
        )
        .await;
        changed.shows("Nothing of this is recorded");
        // Another case's rows are not here.
        let other = case_of_nobody(&world).await;
        opened(
            &world,
            &cast::SERVICE_MANAGER,
            &format!("/cases/{other}/trail"),
        )
        .await
        .is(200);
        let seen = opened(
            &world,
            &cast::SERVICE_MANAGER,
            &format!("{trail}?kind=seen"),
        )
        .await;
        assert_eq!(names(&seen).len(), 6);
    })
    .await;
}

async fn case_of_nobody(world: &World) -> String {
    let id = kernel::ids::CaseId::new().to_string();
    let sql = format!(
        "INSERT INTO casefile (id, programme_id, referring_agency_id, team_id, client_reference, \
         survivor_reference, opened_at, stage, open, next_due, restricted, version) VALUES \
         ('{id}', '{}', NULL, NULL, 'C-2', 'S-2', '2026-10-01T09:00:00.000000Z', 'received', 1, \
         '9999-01-01T00:00:00.000000Z', 0, 1)",
        cast::PROGRAMME
    );
    testing::raw(&world.app, &sql).await.unwrap();
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_one_another_without_gap_or_repeat() {
    on_each_engine(|world| async move {
        let id = case(&world).await;
        let trail = format!("/cases/{id}/trail");
        for minute in 0..60 {
            world.set_clock(&format!("2026-10-14T09:{minute:02}:00Z"));
            opened(&world, &cast::OTHER_PRACTITIONER, &trail)
                .await
                .is(200);
        }
        let first = opened(&world, &cast::SERVICE_MANAGER, &trail).await;
        assert_eq!(names(&first).len(), 50);
        let (_, rest) = first.body.split_once("after=").unwrap();
        let key = rest.split('"').next().unwrap();
        let second = opened(
            &world,
            &cast::SERVICE_MANAGER,
            &format!("{trail}?after={key}"),
        )
        .await;
        assert_eq!(names(&second).len(), 11);
        second
            .shows("14 October 2026, 10:00am")
            .hides("14 October 2026, 10:59am");
        let print = opened(&world, &cast::SERVICE_MANAGER, &format!("{trail}?print=1")).await;
        assert_eq!(names(&print).len(), 63);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_supports_the_survivor_leaves_no_gap_on_the_client_side() {
    on_each_engine(|world| async move {
        let id = case(&world).await;
        let (trail, whole) = (
            format!("/cases/{id}/trail"),
            format!("/cases/{id}/trail/whole"),
        );
        let empty = opened(&world, &cast::OTHER_PRACTITIONER, &trail).await;
        // The survivor's side opens what both lines open, and what is its own.
        opened(&world, &cast::SURVIVOR_WORKER, &trail).await.is(200);
        opened(&world, &cast::SURVIVOR_WORKER, &whole).await.is(200);
        // And is refused a page that it may not open, which is on the record as well.
        for path in [&trail, &whole] {
            opened(&world, &cast::OTHER_PRACTITIONER, path).await;
        }
        for who in [&cast::OTHER_PRACTITIONER, &cast::SERVICE_MANAGER] {
            for query in [
                "",
                "?kind=seen",
                "?kind=refused",
                "?kind=listed",
                "?print=1",
            ] {
                let page = opened(&world, who, &format!("{trail}{query}")).await;
                page.is(200)
                    .hides("Sunniva")
                    .hides("Lantern")
                    .hides(&cast::SURVIVOR_WORKER.id.to_string())
                    .hides("case whole")
                    .hides("Survivor")
                    .hides("Everything</a>");
            }
            let asked = format!("{trail}?user={}", cast::SURVIVOR_WORKER.id);
            opened(&world, who, &asked)
                .await
                .hides("Sunniva")
                .shows("Nothing of this is recorded");
        }
        assert_eq!(names(&empty), ["Joss Whitlow"]);
        // A tie that has ended hides as much as one that holds.
        let ended = "UPDATE tie SET until_at = '2026-10-13T09:00:00.000000Z' \
                     WHERE kind = 'survivor_supervisor'";
        testing::raw(&world.app, ended).await.unwrap();
        opened(&world, &cast::OTHER_PRACTITIONER, &trail)
            .await
            .hides("Sunniva");
        let again = "UPDATE tie SET until_at = NULL WHERE kind = 'survivor_supervisor'";
        testing::raw(&world.app, again).await.unwrap();

        let page = opened(&world, &cast::SURVIVOR_WORKER, &whole).await;
        page.is(200)
            .shows("Sunniva Hale")
            .shows("Joss Whitlow")
            .shows("Trail: case whole");
        let both = opened(&world, &cast::SURVIVOR_WORKER, &trail).await;
        both.shows("Everything</a>").shows("Joss Whitlow");
        assert!(
            !names(&both).contains(&"Sunniva Hale".to_owned()),
            "{both:?}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_that_showed_the_case_are_found() {
    on_each_engine(|world| async move {
        let id = case(&world).await;
        for (seq, who, at, item) in [
            (71, &cast::PRACTITIONER, "2026-10-13T09:00:00", format!("{} {id} x", cast::LARKMOOR)),
            (72, &cast::PRACTITIONER, "2026-10-13T10:00:00", cast::LARKMOOR.to_string()),
            (71, &cast::OTHER_PRACTITIONER, "2026-09-12T10:00:00", id.clone()),
            (71, &cast::SURVIVOR_WORKER, "2026-10-13T10:00:00", id.clone()),
        ] {
            let sql = format!(
                "INSERT INTO audit (stream, seq, at, actor, permission, event, item, fields, label, \
                 commitment, prev, hash) VALUES ('{0}', {seq}, '{at}.000000Z', '{0}', 'cases.list', \
                 'listed', '{item}', '', 'Workers', '', '', '')",
                who.id
            );
            testing::raw(&world.app, &sql).await.unwrap();
        }
        let listed = format!("/cases/{id}/trail?kind=listed");
        let page = opened(&world, &cast::SERVICE_MANAGER, &listed).await;
        page.shows("in the last 31 days").shows("Cases: list");
        assert_eq!(names(&page), ["Maren Okafor"]);
        let whole = format!("/cases/{id}/trail/whole?kind=listed");
        let page = opened(&world, &cast::SURVIVOR_WORKER, &whole).await;
        assert_eq!(names(&page), ["Sunniva Hale", "Maren Okafor"]);
        let mine = opened(&world, &cast::PRACTITIONER, "/trail/mine?kind=listed").await;
        mine.shows("3 cases").shows("1 case");
    })
    .await;
}

// ---- One's own ----

#[tokio::test(flavor = "multi_thread")]
async fn everybody_reads_what_they_looked_at() {
    on_each_engine(|world| async move {
        let id = case(&world).await;
        opened(
            &world,
            &cast::OTHER_PRACTITIONER,
            &format!("/cases/{id}/trail"),
        )
        .await
        .is(200);
        world.set_clock("2026-10-15T09:00:00Z");
        world.forget(&cast::OTHER_PRACTITIONER);
        opened(&world, &cast::OTHER_PRACTITIONER, "/trail")
            .await
            .is(404);
        opened(
            &world,
            &cast::SURVIVOR_WORKER,
            &format!("/cases/{id}/trail/whole"),
        )
        .await
        .is(200);
        let page = opened(&world, &cast::OTHER_PRACTITIONER, "/trail/mine").await;
        page.is(200)
            .shows("Wednesday 14 October 2026")
            .shows("Thursday 15 October 2026")
            .shows("CLIENT-REF")
            .shows("Trail: view")
            .hides("SURVIVOR-REF")
            .hides("Sunniva");
        let day = opened(
            &world,
            &cast::OTHER_PRACTITIONER,
            "/trail/mine?from=2026-10-14",
        )
        .await;
        day.shows("Wednesday 14")
            .hides("Trail: view")
            .shows("value=\"2026-10-14\"");
        let none = opened(
            &world,
            &cast::OTHER_PRACTITIONER,
            "/trail/mine?from=2025-01-01",
        )
        .await;
        none.shows("Nothing of this is recorded");
        // Each side knows the case by the reference of its own party.
        let survivor = opened(&world, &cast::SURVIVOR_WORKER, "/trail/mine").await;
        survivor
            .shows("SURVIVOR-REF")
            .hides("CLIENT-REF")
            .hides("Joss");
        // Nobody reads another's.
        let other = format!("/trail/mine?user={}", cast::SURVIVOR_WORKER.id);
        opened(&world, &cast::OTHER_PRACTITIONER, &other)
            .await
            .hides("SURVIVOR-REF");
    })
    .await;
}

// ---- All ----

#[tokio::test(flavor = "multi_thread")]
async fn the_governance_officer_reads_all_without_any_case() {
    on_each_engine(|world| async move {
        let id = case(&world).await;
        opened(
            &world,
            &cast::OTHER_PRACTITIONER,
            &format!("/cases/{id}/trail"),
        )
        .await
        .is(200);
        opened(&world, &cast::PRACTITIONER, &format!("/cases/{id}/trail"))
            .await
            .is(404);
        opened(
            &world,
            &cast::SURVIVOR_WORKER,
            &format!("/cases/{id}/trail/whole"),
        )
        .await
        .is(200);
        let fields = [("name", "Housing First"), ("kind", "housing")];
        world
            .post(&cast::ADMINISTRATOR, "/agencies/new", &fields)
            .await
            .is(303);
        let officer = &cast::GOVERNANCE_OFFICER;
        let page = opened(&world, officer, "/trail").await;
        page.is(200)
            .shows("Joss Whitlow")
            .shows("Sunniva Hale")
            .shows("agency added")
            .shows("No tie, or not there")
            .hides("Housing First")
            .hides("CLIENT-REF")
            .hides("SURVIVOR-REF")
            .hides(&id)
            .hides(&id[..13]);
        for (who, status) in [
            (&cast::SERVICE_MANAGER, 404),
            (&cast::ADMINISTRATOR, 404),
            (&cast::SURVIVOR_WORKER, 404),
        ] {
            for path in ["/trail", "/trail.csv"] {
                opened(&world, who, path).await.is(status);
            }
        }
        let refused = opened(&world, officer, "/trail?kind=refused").await;
        refused.shows("Maren Okafor").hides("agency added");
        let event = opened(&world, officer, "/trail?event=agency%20added").await;
        assert_eq!(names(&event), ["Greer Lovatt"]);
        let user = opened(
            &world,
            officer,
            &format!("/trail?user={}", cast::PRACTITIONER.id),
        )
        .await;
        assert!(
            names(&user).iter().all(|name| name == "Maren Okafor"),
            "{user:?}"
        );
        opened(&world, officer, "/trail?until=2026-10-13")
            .await
            .shows("Nothing of this is recorded");
        opened(&world, officer, "/trail?from=2026-10-14&until=2026-10-14")
            .await
            .shows("agency added");
        // Whoever reads is read.
        let own = opened(&world, officer, &format!("/trail?user={}", officer.id)).await;
        own.shows("Alban Sorley").shows("trail.view");
        let csv = opened(&world, officer, "/trail.csv?kind=refused").await;
        csv.is(200)
            .shows("Maren Okafor,Harbour Programmes,Refused,refused,trail.case,");
        csv.hides(&id).hides("seen,");
        assert_eq!(
            csv.headers["content-disposition"],
            "attachment; filename=\"audit-2026-10-14.csv\""
        );
        let before = csv.body.lines().count();
        assert!(before > 2, "{before}");
    })
    .await;
}

// ---- What it never holds ----

#[tokio::test(flavor = "multi_thread")]
async fn no_value_that_was_typed_is_in_the_trail() {
    on_each_engine(|world| async move {
        let who = &cast::ADMINISTRATOR;
        let fields = [
            ("name", "CANARY-name"),
            ("kind", "borough"),
            ("gss", "E09000777"),
            ("phone", "07700 900777"),
        ];
        let added = world.post(who, "/agencies/new", &fields).await;
        let at = added.location.split('?').next().unwrap().to_owned();
        let contact = [
            ("place", "spoc"),
            ("name", "CANARY-person"),
            ("phone", "CANARY-phone"),
            ("email", "canary@example.org"),
            ("from_day", "2026-10-01"),
        ];
        world
            .post(who, &format!("{at}/contacts/new"), &contact)
            .await
            .is(303);
        let programme = cast::PROGRAMME.to_string();
        let agreement = [
            ("kind", "mou"),
            ("programme", programme.as_str()),
            ("title", "CANARY-title"),
            ("agency_signatory", "CANARY-signatory"),
            ("agency_signatory_role", "CANARY-role"),
            ("agency_signed_on", "2026-10-01"),
            ("ends_on", "2027-10-01"),
        ];
        let added = world
            .post(who, &format!("{at}/agreements/new"), &agreement)
            .await;
        let end = format!("{}/end", added.location.split('?').next().unwrap());
        let ending = [
            ("side", "agency"),
            ("last_day", "2026-11-01"),
            ("reason", "CANARY-reason"),
            ("version", "1"),
        ];
        world.post(who, &end, &ending).await.is(303);
        opened(&world, who, "/agencies?q=CANARY-search")
            .await
            .is(200);
        opened(
            &world,
            &cast::GOVERNANCE_OFFICER,
            "/trail?event=CANARY-event",
        )
        .await
        .is(200);
        // What is refused before it is saved leaves nothing either.
        world
            .post(who, "/agencies/new", &[("name", "CANARY"), ("kind", "x")])
            .await
            .is(200);
        let all = dump(&world).await;
        assert!(
            all.contains("agency added") && all.contains("name,kind,gss,phone"),
            "{all}"
        );
        for canary in ["canary", "e09000777", "07700 900777"] {
            assert!(!all.to_lowercase().contains(canary), "{canary} in {all}");
        }
    })
    .await;
}

// ---- Tampering ----

/// Makes a chain of six rows: the service manager signs in, and looks at what she may not see.
async fn history(world: &World) {
    for _ in 0..5 {
        opened(world, &cast::SERVICE_MANAGER, "/trail")
            .await
            .is(404);
    }
}

async fn verified(world: &World) -> Verified {
    world.app.verify_audit().await.unwrap()
}

async fn drop_triggers(world: &World) {
    let sql = if testing::is_postgres(&world.app) {
        "DROP TRIGGER audit_no_change ON audit; DROP TRIGGER audit_no_truncate ON audit;"
    } else {
        "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete; DROP TRIGGER audit_no_replace;"
    };
    testing::raw(&world.app, sql).await.unwrap();
}

/// The chain of the service manager.
fn chain() -> String {
    cast::SERVICE_MANAGER.id.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_refuses_to_alter_the_trail() {
    on_each_engine(|world| async move {
        history(&world).await;
        let before = dump(&world).await;
        let columns = "stream, seq, at, actor, permission, event, item, fields, label, commitment, \
                       prev, hash";
        let again = format!(
            "SELECT stream, seq, at, actor, permission, 'x', item, fields, label, commitment, prev, \
             hash FROM audit WHERE stream = '{}' AND seq = 2",
            chain()
        );
        let mut refused = vec![
            "UPDATE audit SET event = 'nothing'".to_owned(),
            format!("UPDATE audit SET actor = '{}' WHERE seq = 1", cast::SPOC.id),
            "DELETE FROM audit".to_owned(),
            "DELETE FROM audit WHERE seq = 3".to_owned(),
            format!("INSERT INTO audit ({columns}) {again}"),
        ];
        if testing::is_postgres(&world.app) {
            refused.push("TRUNCATE audit".to_owned());
            refused.push(format!(
                "INSERT INTO audit ({columns}) {again} \
                 ON CONFLICT (stream, seq) DO UPDATE SET event = 'x'"
            ));
        } else {
            refused.push(format!("REPLACE INTO audit ({columns}) {again}"));
            refused.push(format!("INSERT OR REPLACE INTO audit ({columns}) {again}"));
            refused.push("UPDATE OR REPLACE audit SET seq = 2 WHERE seq = 1".to_owned());
        }
        for sql in refused {
            let done = testing::raw(&world.app, &sql).await;
            assert!(done.is_err(), "{sql}");
        }
        assert_eq!(dump(&world).await, before);
        assert!(verified(&world).await.found.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_untouched_trail_is_sound() {
    on_each_engine(|world| async move {
        history(&world).await;
        world.app.checkpoint().await.unwrap();
        let found = verified(&world).await;
        assert!(found.found.is_empty(), "{found:?}");
        assert!(
            found.rows >= 6 && found.chains >= 2 && found.marks >= 2,
            "{found:?}"
        );
        let report = cusp::trail::verify(&world.app).await.unwrap();
        assert!(report.is_sound());
        let said = report.to_string();
        assert!(
            said.contains("Everything holds.") && !said.contains("no checkpoint"),
            "{said}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn editing_deleting_inserting_and_reordering_are_found() {
    let stream = chain();
    let cases = [
        (
            "edited",
            format!("UPDATE audit SET event = 'seen' WHERE stream = '{stream}' AND seq = 3"),
            3,
        ),
        (
            "edited time",
            format!(
                "UPDATE audit SET at = '2026-01-01T00:00:00.000000Z' WHERE stream = '{stream}' AND \
                 seq = 2"
            ),
            2,
        ),
        (
            "label",
            format!(
                "UPDATE audit SET label = 'Client', fields = 'x' WHERE stream = '{stream}' AND seq = 4"
            ),
            4,
        ),
        (
            "deleted",
            format!("DELETE FROM audit WHERE stream = '{stream}' AND seq = 2"),
            2,
        ),
        (
            "deleted and closed up",
            format!(
                "DELETE FROM audit WHERE stream = '{stream}' AND seq = 2; \
                 UPDATE audit SET seq = 2 WHERE stream = '{stream}' AND seq = 3; \
                 UPDATE audit SET seq = 3 WHERE stream = '{stream}' AND seq = 4; \
                 UPDATE audit SET seq = 4 WHERE stream = '{stream}' AND seq = 5; \
                 UPDATE audit SET seq = 5 WHERE stream = '{stream}' AND seq = 6; \
                 UPDATE chain SET seq = 5 WHERE stream = '{stream}'"
            ),
            2,
        ),
        (
            "inserted at the end",
            format!(
                "INSERT INTO audit SELECT stream, 7, at, actor, permission, event, item, fields, \
                 label, commitment, hash, hash FROM audit WHERE stream = '{stream}' AND seq = 6; \
                 UPDATE chain SET seq = 7 WHERE stream = '{stream}'"
            ),
            7,
        ),
        (
            "reordered",
            format!(
                "UPDATE audit SET seq = 99 WHERE stream = '{stream}' AND seq = 2; \
                 UPDATE audit SET seq = 2 WHERE stream = '{stream}' AND seq = 3; \
                 UPDATE audit SET seq = 3 WHERE stream = '{stream}' AND seq = 99"
            ),
            2,
        ),
    ];
    on_each_engine(|world| {
        let cases = cases.clone();
        async move {
            history(&world).await;
            drop_triggers(&world).await;
            assert!(verified(&world).await.found.is_empty());
            for (what, sql, seq) in cases {
                let copy = "CREATE TABLE kept AS SELECT * FROM audit; \
                            CREATE TABLE kept_chain AS SELECT * FROM chain;";
                testing::raw(&world.app, copy).await.unwrap();
                testing::raw(&world.app, &sql).await.unwrap();
                let found = verified(&world).await.found;
                let expected = Tampering::Broken {
                    stream: chain().parse().unwrap(),
                    seq,
                };
                assert_eq!(found, [expected], "{what}");
                let restore = "DELETE FROM audit; INSERT INTO audit SELECT * FROM kept; \
                               DELETE FROM chain; INSERT INTO chain SELECT * FROM kept_chain; \
                               DROP TABLE kept; DROP TABLE kept_chain;";
                testing::raw(&world.app, restore).await.unwrap();
                assert!(
                    verified(&world).await.found.is_empty(),
                    "restored after {what}"
                );
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_cut_off_is_found_by_its_head_and_by_the_checkpoint() {
    on_each_engine(|world| async move {
        history(&world).await;
        world.app.checkpoint().await.unwrap();
        drop_triggers(&world).await;
        let stream = chain();
        let cut = format!("DELETE FROM audit WHERE stream = '{stream}' AND seq > 3");
        testing::raw(&world.app, &cut).await.unwrap();
        let at = stream.parse().unwrap();
        let found = verified(&world).await.found;
        assert_eq!(
            found,
            [
                Tampering::Head { stream: at },
                Tampering::Checkpoint { stream: at, seq: 6 }
            ]
        );
        // Whoever cuts the head to match is found by the checkpoint, which is not in the database.
        let head = format!(
            "UPDATE chain SET seq = 3, hash = (SELECT hash FROM audit WHERE stream = '{stream}' \
             AND seq = 3) WHERE stream = '{stream}'"
        );
        testing::raw(&world.app, &head).await.unwrap();
        let found = verified(&world).await.found;
        assert_eq!(found, [Tampering::Checkpoint { stream: at, seq: 6 }]);
        let mut page = world
            .post(&cast::GOVERNANCE_OFFICER, "/trail/verify", &[])
            .await;
        page.body = main_of(&page).to_owned();
        page.is(200)
            .shows("Something was altered")
            .shows("row 6 was seen by a checkpoint and is gone or changed")
            .hides(&stream);
        let report = cusp::trail::verify(&world.app).await.unwrap();
        assert!(!report.is_sound() && report.to_string().contains("1 places do not hold"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_rewritten_with_the_key_is_found_by_the_checkpoint() {
    on_each_engine(|world| async move {
        history(&world).await;
        world.app.checkpoint().await.unwrap();
        drop_triggers(&world).await;
        let stream = chain();
        // The application itself, which has the key, writes another history from the first row on.
        let erase = format!(
            "DELETE FROM audit WHERE stream = '{stream}'; DELETE FROM chain WHERE stream = '{stream}'"
        );
        testing::raw(&world.app, &erase).await.unwrap();
        let at = stream.parse().unwrap();
        let gone = verified(&world).await.found;
        assert_eq!(gone, [Tampering::Checkpoint { stream: at, seq: 6 }]);
        world.set_clock("2026-10-14T09:10:00Z");
        for _ in 0..7 {
            opened(&world, &cast::SERVICE_MANAGER, "/trail").await.is(404);
        }
        let found = verified(&world).await.found;
        assert_eq!(found, [Tampering::Checkpoint { stream: at, seq: 6 }]);
        // Every chain at once, heads and all.
        testing::raw(&world.app, "DELETE FROM audit; DELETE FROM chain;").await.unwrap();
        let found = verified(&world).await.found;
        assert!(found.len() >= 2, "{found:?}");
        assert!(found.iter().all(|one| matches!(one, Tampering::Checkpoint { .. })), "{found:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_two_histories_do_not_join() {
    on_each_engine(|world| async move {
        history(&world).await;
        drop_triggers(&world).await;
        let stream = chain();
        // Row 4 and what follows is written a second time, as after a restored backup; every row of
        // both histories is genuine.
        let back = format!(
            "CREATE TABLE kept AS SELECT * FROM audit WHERE stream = '{stream}' AND seq = 4; \
             DELETE FROM audit WHERE stream = '{stream}' AND seq >= 4; \
             UPDATE chain SET seq = 3, hash = (SELECT hash FROM audit WHERE stream = '{stream}' \
             AND seq = 3) WHERE stream = '{stream}'"
        );
        testing::raw(&world.app, &back).await.unwrap();
        world.set_clock("2026-10-14T09:10:00Z");
        history(&world).await;
        assert!(verified(&world).await.found.is_empty());
        let splice = format!(
            "DELETE FROM audit WHERE stream = '{stream}' AND seq = 4; \
             INSERT INTO audit SELECT * FROM kept"
        );
        testing::raw(&world.app, &splice).await.unwrap();
        let stream = stream.parse().unwrap();
        assert_eq!(
            verified(&world).await.found,
            [Tampering::Broken { stream, seq: 5 }]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_without_a_head_is_found() {
    on_each_engine(|world| async move {
        history(&world).await;
        let stream = chain();
        let sql = format!("DELETE FROM chain WHERE stream = '{stream}'");
        testing::raw(&world.app, &sql).await.unwrap();
        let stream = stream.parse().unwrap();
        assert_eq!(verified(&world).await.found, [Tampering::Head { stream }]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_file_that_was_touched_is_found() {
    on_each_engine(|world| async move {
        history(&world).await;
        world.app.checkpoint().await.unwrap();
        history(&world).await;
        world.app.checkpoint().await.unwrap();
        let file = world.folder().join("audit.checkpoint");
        let whole = std::fs::read_to_string(&file).unwrap();
        let lines: Vec<&str> = whole.lines().collect();
        assert!(lines.len() >= 3);
        for (number, changed) in [
            (
                1,
                lines[0].replace(" 1 ", " 2 ") + "\n" + &lines[1..].join("\n"),
            ),
            (1, lines[1..].join("\n")),
            (2, [&lines[..1], &lines[2..]].concat().join("\n")),
            (
                1,
                [vec![lines[1], lines[0]], lines[2..].to_vec()]
                    .concat()
                    .join("\n"),
            ),
        ] {
            std::fs::write(&file, changed + "\n").unwrap();
            let found = verified(&world).await.found;
            assert_eq!(found, [Tampering::CheckpointFile { line: number }]);
        }
        std::fs::write(&file, &whole).unwrap();
        assert!(verified(&world).await.found.is_empty());
        std::fs::remove_file(&file).unwrap();
        let report = cusp::trail::verify(&world.app).await.unwrap();
        assert!(report.to_string().contains("There is no checkpoint file"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_was_never_finished_is_written_anew() {
    on_each_engine(|world| async move {
        history(&world).await;
        world.app.checkpoint().await.unwrap();
        let file = world.folder().join("audit.checkpoint");
        let whole = std::fs::read_to_string(&file).unwrap();
        // The machine stopped in the middle of a line.
        std::fs::write(&file, format!("{whole}{}", &whole[..50])).unwrap();
        history(&world).await;
        world.app.checkpoint().await.unwrap();
        let found = verified(&world).await;
        assert!(found.found.is_empty() && found.marks > 2, "{found:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_write_one_checkpoint_file() {
    on_each_engine(|world| async move {
        // A second process on the same database, as `cusp referral take` beside the server.
        let config = platform::Config::clone(&world.app.config);
        let second = platform::App::open(config, cusp::hooks()).unwrap();
        second.clock.set(world.app.clock.now());
        let router = cusp::routes().serve(second.clone());
        for _ in 0..3 {
            history(&world).await;
            world.app.checkpoint().await.unwrap();
            let token = platform::identity::sessions::become_persona(&second, cast::SPOC.id)
                .await
                .unwrap();
            let request = axum::http::Request::get("/trail")
                .header("cookie", format!("{}={token}", second.cookie_name()))
                .body(axum::body::Body::empty())
                .unwrap();
            tower::ServiceExt::oneshot(router.clone(), request)
                .await
                .unwrap();
            second.checkpoint().await.unwrap();
        }
        let found = verified(&world).await;
        assert!(found.found.is_empty() && found.marks >= 6, "{found:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_commits_during_a_check_is_no_forgery() {
    on_each_engine(|world| async move {
        let writing = async {
            for _ in 0..30 {
                opened(&world, &cast::SERVICE_MANAGER, "/trail")
                    .await
                    .is(404);
            }
        };
        let checking = async {
            for _ in 0..15 {
                let found = verified(&world).await.found;
                assert!(found.is_empty(), "{found:?}");
            }
        };
        tokio::join!(writing, checking);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_officer_checks_the_trail_on_a_page() {
    on_each_engine(|world| async move {
        history(&world).await;
        let page = world
            .post(&cast::GOVERNANCE_OFFICER, "/trail/verify", &[])
            .await;
        page.is(200)
            .shows("Nothing was altered")
            .shows("Checkpoint marks compared");
        let trail = opened(
            &world,
            &cast::GOVERNANCE_OFFICER,
            "/trail?event=audit%20verified",
        )
        .await;
        assert_eq!(names(&trail), ["Alban Sorley"]);
        world
            .post(&cast::SERVICE_MANAGER, "/trail/verify", &[])
            .await
            .is(404);
        let forged = [("csrf", "guess")];
        world
            .post_raw(&cast::GOVERNANCE_OFFICER, "/trail/verify", &forged)
            .await
            .is(403);
    })
    .await;
}
