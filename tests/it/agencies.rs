//! Agencies, their teams and contact persons, as each persona meets them.

use crate::support::*;
use cusp::demo::cast;
use platform::testing;

/// The id at the end of the address to which a save redirects.
fn id_in(location: &str) -> String {
    let path = location.split('?').next().unwrap();
    path.rsplit('/').next().unwrap().to_owned()
}

const NEW: [(&str, &str); 4] = [
    ("name", "London Borough of Fennmere"),
    ("kind", "borough"),
    ("gss", "e09 000 903"),
    ("phone", "07700 900040"),
];

#[tokio::test(flavor = "multi_thread")]
async fn the_list_shows_how_each_agency_stands() {
    on_each_engine(|world| async move {
        let page = world.get(&cast::SERVICE_MANAGER, "/agencies").await;
        page.is(200)
            .shows("London Borough of Larkmoor")
            .shows("E09000901")
            .shows("In force")
            .shows("31 March 2027")
            .shows("Penhallow Constabulary")
            .shows("No memorandum")
            .shows("7 agencies: 4 in force, 1 ended, 2 no memorandum")
            .shows("None named");
        let narrowed = world
            .get(&cast::ADMINISTRATOR, "/agencies?state=ended")
            .await;
        narrowed
            .is(200)
            .shows("Wexbrook")
            .shows("1 of 7 agencies")
            .hides("Larkmoor");
        let by_code = world
            .get(&cast::GOVERNANCE_OFFICER, "/agencies?q=e09000901")
            .await;
        by_code.shows("Larkmoor").hides("Wexbrook");
        let nothing = world.get(&cast::SERVICE_MANAGER, "/agencies?q=zzz").await;
        nothing.shows("No agency matches").shows("Show all");
        let by_end = world
            .get(&cast::SERVICE_MANAGER, "/agencies?sort=ends")
            .await;
        let first = by_end.body.find("Wexbrook").unwrap();
        assert!(
            first < by_end.body.find("Larkmoor").unwrap(),
            "the soonest end first"
        );
        assert!(by_end.body.find("Larkmoor").unwrap() < by_end.body.find("Penhallow").unwrap());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_holds_what_the_list_shows() {
    on_each_engine(|world| async move {
        let fields = [("name", "=HYPERLINK(1)"), ("kind", "charity")];
        world
            .post(&cast::ADMINISTRATOR, "/agencies/new", &fields)
            .await
            .is(303);
        let all = world.get(&cast::SERVICE_MANAGER, "/agencies.csv").await;
        all.is(200);
        assert_eq!(all.headers["content-type"], "text/csv; charset=utf-8");
        assert_eq!(
            all.headers["content-disposition"],
            "attachment; filename=\"agencies-2026-10-14.csv\""
        );
        let lines: Vec<&str> = all.body.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(
            lines[0],
            "Agency,Kind,GSS code,Memorandum,Last day,Single point of contact"
        );
        assert_eq!(lines.len(), 9);
        assert!(
            lines.contains(&"\"'=HYPERLINK(1)\",Charity,,No memorandum,,"),
            "{lines:?}"
        );
        let some = world
            .get(&cast::SERVICE_MANAGER, "/agencies.csv?state=ended")
            .await;
        assert_eq!(some.body.lines().count(), 2);
        some.shows("London Borough of Wexbrook,Borough,E09000902,Ended,2026-09-30,None named");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_look_and_who_may_change() {
    on_each_engine(|world| async move {
        let own = format!("/agencies/{}", cast::LARKMOOR);
        let other = format!("/agencies/{}", cast::WEXBROOK);
        let change = format!("{own}/change");
        let borough = format!("{own}/borough");
        let cases = [
            // persona, list, own page, other page, change, counts
            (&cast::SERVICE_MANAGER, [200, 200, 200, 200, 200]),
            (&cast::ADMINISTRATOR, [200, 200, 200, 200, 404]),
            (&cast::GOVERNANCE_OFFICER, [200, 200, 200, 404, 404]),
            (&cast::SPOC, [404, 200, 404, 404, 200]),
            (&cast::TEAM_MANAGER, [404, 200, 404, 404, 404]),
            (&cast::SOCIAL_WORKER, [404; 5]),
            (&cast::PRACTITIONER, [404; 5]),
            (&cast::INTAKE_WORKER, [404; 5]),
            (&cast::SURVIVOR_WORKER, [404; 5]),
            (&cast::EVALUATOR, [404; 5]),
            (&cast::OUTSIDER, [404; 5]),
        ];
        for (who, expected) in cases {
            let paths = ["/agencies", &own, &other, &change, &borough];
            for (path, status) in paths.into_iter().zip(expected) {
                let got = world.get(who, path).await.status;
                assert_eq!(got, status, "{} at {path}", who.name);
            }
        }
        world.post(&cast::SPOC, &change, &NEW).await.is(404);
        world
            .post(&cast::GOVERNANCE_OFFICER, "/agencies/new", &NEW)
            .await
            .is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agency_is_added_and_changed() {
    on_each_engine(|world| async move {
        let who = &cast::ADMINISTRATOR;
        let added = world.post(who, "/agencies/new", &NEW).await;
        added.is(303);
        let at = added.location.split('?').next().unwrap().to_owned();
        world
            .get(who, &added.location)
            .await
            .shows("The agency was added")
            .shows("London Borough of Fennmere")
            .shows("E09000903")
            .shows("No single point of contact is named");

        let form = world.get(who, &format!("{at}/change")).await;
        form.shows("value=\"E09000903\"")
            .shows("name=\"version\" value=\"1\"");
        let mut fields = NEW.to_vec();
        fields[3] = ("phone", "07700 900041");
        fields.push(("version", "1"));
        let saved = world.post(who, &format!("{at}/change"), &fields).await;
        saved.is(303);
        world
            .get(who, &at)
            .await
            .shows("07700 900041")
            .hides("07700 900040");
        // The page that was open beside it saves second, and loses nothing.
        fields[0] = ("name", "Fennmere typed elsewhere");
        let stale = world.post(who, &format!("{at}/change"), &fields).await;
        stale.is(409).shows("Fennmere typed elsewhere");
        world.get(who, &at).await.hides("typed elsewhere");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_and_nothing_typed_is_lost() {
    on_each_engine(|world| async move {
        let cases: [(&[(&str, &str)], &str); 7] = [
            (&[("kind", "charity")], "Answer “Name”"),
            (
                &[("name", "X"), ("kind", "pub")],
                "is not one of the choices",
            ),
            (
                &[("name", "X"), ("kind", "borough")],
                "Enter the GSS code of the borough",
            ),
            (
                &[("name", "X"), ("kind", "borough"), ("gss", "E0900")],
                "must be a code like E09000901",
            ),
            (
                &[("name", "X"), ("kind", "borough"), ("gss", "E09000901")],
                "London Borough of Larkmoor has this GSS code already",
            ),
            (
                &[("name", "lantern"), ("kind", "charity")],
                "There is an agency of this name already",
            ),
            (
                &[
                    ("name", "X"),
                    ("kind", "charity"),
                    ("phone", &"7".repeat(51)),
                ],
                "must be 50 characters or fewer",
            ),
        ];
        for (fields, said) in cases {
            let page = world
                .post(&cast::ADMINISTRATOR, "/agencies/new", fields)
                .await;
            page.is(200).shows("There is a problem").shows(said);
            if let Some((_, gss)) = fields.iter().find(|(name, _)| *name == "gss") {
                page.shows(&format!("value=\"{gss}\""));
            }
        }
        let unknown = [("name", "X"), ("kind", "charity"), ("colour", "red")];
        world
            .post(&cast::ADMINISTRATOR, "/agencies/new", &unknown)
            .await
            .is(422);
        world
            .get(&cast::ADMINISTRATOR, "/agencies")
            .await
            .shows("7 agencies");
        let long = "ሀ".repeat(200);
        let fields = [("name", long.as_str()), ("kind", "charity")];
        world
            .post(&cast::ADMINISTRATOR, "/agencies/new", &fields)
            .await
            .is(303);
        let markup = [("name", "<b>Bold</b> & co"), ("kind", "charity")];
        let added = world
            .post(&cast::ADMINISTRATOR, "/agencies/new", &markup)
            .await;
        let page = world.get(&cast::ADMINISTRATOR, &added.location).await;
        page.shows("&#60;b&#62;Bold").hides("<b>Bold");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn teams_are_added_and_renamed() {
    on_each_engine(|world| async move {
        let who = &cast::SERVICE_MANAGER;
        let at = format!("/agencies/{}", cast::LARKMOOR);
        let name = [("name", "Edge of Care Team")];
        world
            .post(who, &format!("{at}/teams/new"), &name)
            .await
            .is(303);
        world.get(who, &at).await.shows("Edge of Care Team");
        let lower = [("name", "edge of care team")];
        let again = world.post(who, &format!("{at}/teams/new"), &lower).await;
        again.is(200).shows("has a team of this name already");
        let rename = format!("{at}/teams/{}", cast::SAFEGUARDING);
        world
            .get(who, &rename)
            .await
            .shows("value=\"Family Safeguarding Team 3\"");
        world
            .post(who, &rename, &[("name", "Safeguarding 3")])
            .await
            .is(303);
        world
            .get(who, &at)
            .await
            .shows("Safeguarding 3")
            .hides("Family Safeguarding Team 3");
        // A team is changed through its own agency only.
        let elsewhere = format!("/agencies/{}/teams/{}", cast::WEXBROOK, cast::SAFEGUARDING);
        world.get(who, &elsewhere).await.is(404);
        world
            .post(who, &elsewhere, &[("name", "Taken over")])
            .await
            .is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r094_a_borough_names_one_contact_person() {
    on_each_engine(|world| async move {
        let who = &cast::ADMINISTRATOR;
        let at = format!("/agencies/{}", cast::LARKMOOR);
        let add = format!("{at}/contacts/new");
        world
            .get(who, &at)
            .await
            .shows("No single point of contact is named");
        let spoc = cast::SPOC.id.to_string();
        let fields = [
            ("place", "spoc"),
            ("user", &spoc),
            ("from_day", "2026-09-01"),
        ];
        world.post(who, &add, &fields).await.is(303);
        world
            .get(who, &at)
            .await
            .shows("Rohan Beckett")
            .shows("rohan.beckett@example.org")
            .hides("No single point of contact is named");
        world.get(who, "/agencies").await.shows("Rohan Beckett");

        // Another takes over, and the one before ends the day before.
        let other = [
            ("place", "spoc"),
            ("name", "Imogen Vale"),
            ("phone", "07700 900050"),
            ("from_day-day", "12"),
            ("from_day-month", "10"),
            ("from_day-year", "2026"),
        ];
        world.post(who, &add, &other).await.is(303);
        let page = world.get(who, &at).await;
        page.shows("Imogen Vale")
            .shows("1 September 2026 to 11 October 2026");
        let same_day = world.post(who, &add, &other).await;
        same_day
            .is(200)
            .shows("is single point of contact from 12 October 2026");

        let deputy = [
            ("place", "deputy"),
            ("name", "Femi Strand"),
            ("email", "femi.strand@example.org"),
            ("from_day", "2026-10-01"),
            ("until_day", "2026-10-13"),
        ];
        world.post(who, &add, &deputy).await.is(303);
        world
            .get(who, &at)
            .await
            .shows("Femi Strand")
            .shows("Earlier contact persons");

        for (fields, said) in [
            (
                &[("place", "deputy"), ("from_day", "2026-10-01")][..],
                "Enter a name, or choose",
            ),
            (
                &[
                    ("place", "deputy"),
                    ("name", "A"),
                    ("from_day", "2026-10-01"),
                ],
                "Enter a telephone number or an e-mail address",
            ),
            (
                &[
                    ("place", "deputy"),
                    ("name", "A"),
                    ("phone", "1"),
                    ("from_day", "2026-10-01"),
                    ("until_day", "2026-09-30"),
                ],
                "The last day must not be before the first",
            ),
            (
                &[
                    ("place", "deputy"),
                    ("name", "A"),
                    ("phone", "1"),
                    ("from_day", "31/2/2026"),
                ],
                "must be a real date",
            ),
            (
                &[
                    ("place", "deputy"),
                    ("user", &cast::PRACTITIONER.id.to_string()),
                    ("from_day", "2026-10-01"),
                ],
                "Choose somebody who signs in for this agency",
            ),
        ] {
            world.post(who, &add, fields).await.is(200).shows(said);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r094_a_contact_person_who_left_is_missed() {
    on_each_engine(|world| async move {
        let who = &cast::SERVICE_MANAGER;
        let at = format!("/agencies/{}", cast::LARKMOOR);
        let spoc = cast::SPOC.id.to_string();
        let fields = [
            ("place", "spoc"),
            ("user", &spoc),
            ("from_day", "2026-09-01"),
        ];
        world
            .post(who, &format!("{at}/contacts/new"), &fields)
            .await
            .is(303);
        let sql = format!("UPDATE app_user SET standing = 'left' WHERE id = '{spoc}'");
        testing::raw(&world.app, &sql).await.unwrap();
        world
            .get(who, &at)
            .await
            .shows("No longer works here")
            .shows("No single point of contact is named");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_person_is_changed_once() {
    on_each_engine(|world| async move {
        let who = &cast::ADMINISTRATOR;
        let at = format!("/agencies/{}", cast::LARKMOOR);
        let add = [
            ("place", "spoc"),
            ("name", "Imogen Vale"),
            ("phone", "07700 900050"),
            ("from_day", "2026-09-01"),
        ];
        world
            .post(who, &format!("{at}/contacts/new"), &add)
            .await
            .is(303);
        let page = world.get(who, &at).await;
        let (_, rest) = page.body.split_once("/contacts/").unwrap();
        let contact = format!("{at}/contacts/{}", &rest[..36]);
        world
            .get(who, &contact)
            .await
            .shows("07700 900050")
            .shows("value=\"2026\"");
        let mut change = add.to_vec();
        change[2] = ("phone", "07700 900051");
        change.push(("version", "1"));
        world.post(who, &contact, &change).await.is(303);
        world.get(who, &at).await.shows("07700 900051");
        world.post(who, &contact, &change).await.is(409);
        let elsewhere = contact.replace(&cast::LARKMOOR.to_string(), &cast::WEXBROOK.to_string());
        world.get(who, &elsewhere).await.is(404);
    })
    .await;
}

/// A case as the access decision and the lists know it, without what it is about.
async fn case(world: &World, agency: &str, opened: &str, stage: &str) -> String {
    let id = kernel::ids::CaseId::new().to_string();
    let reference = &id[24..];
    let sql = format!(
        "INSERT INTO casefile (id, programme_id, referring_agency_id, team_id, client_reference, \
         survivor_reference, opened_at, stage, open, next_due, restricted, version) VALUES \
         ('{id}', '{}', '{agency}', NULL, 'C-{reference}', 'S-{reference}', '{opened}', '{stage}', \
         1, '9999-01-01T00:00:00.000000Z', 0, 1)",
        cast::PROGRAMME
    );
    testing::raw(&world.app, &sql).await.unwrap();
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn r095_the_contact_person_sees_numbers_and_no_case() {
    on_each_engine(|world| async move {
        let (larkmoor, wexbrook) = (cast::LARKMOOR.to_string(), cast::WEXBROOK.to_string());
        let mut ids = Vec::new();
        for (agency, opened, stage) in [
            (&larkmoor, "2026-10-01T08:00:00.000000Z", "received"),
            (&larkmoor, "2026-10-02T08:00:00.000000Z", "received"),
            // Half past midnight in London is still August in UTC.
            (&larkmoor, "2026-08-31T23:30:00.000000Z", "held"),
            (&wexbrook, "2026-10-02T08:00:00.000000Z", "allocated"),
        ] {
            ids.push(case(&world, agency, opened, stage).await);
        }
        let to = world.get(&cast::SPOC, "/borough").await;
        to.is(303);
        assert_eq!(to.location, format!("/agencies/{larkmoor}/borough"));
        let page = world.get(&cast::SPOC, &to.location).await;
        page.is(200)
            .shows("In force")
            .shows("Last day: 31 March 2027")
            .hides("Allocated");
        let text: String = page.body.split_whitespace().collect::<Vec<_>>().join(" ");
        for (what, count) in [
            ("Received", 2),
            ("Held: agreement ended", 1),
            ("October 2026", 2),
            ("September 2026", 1),
            ("August 2026", 0),
        ] {
            let cell = format!("<span class=\"cusp-table__value\">{what}</span></th>");
            let (_, rest) = text
                .split_once(&cell)
                .unwrap_or_else(|| panic!("no {what}"));
            let value = format!("<span class=\"cusp-table__value\">{count}</span>");
            let cell = rest.split("</tr>").next().unwrap();
            assert!(cell.contains(&value), "{what}: {cell}");
        }
        for id in &ids {
            page.hides(id).hides(&id[24..]);
        }
        world
            .get(&cast::SPOC, &format!("/agencies/{wexbrook}/borough"))
            .await
            .is(404);
        assert!(!id_in(&to.location).is_empty());
    })
    .await;
}
