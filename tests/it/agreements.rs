//! Agreements from the first signature to the last day, day by day.

use crate::support::*;
use cusp::{
    agreements::{ForReferral, Standing, agreement_for_referral, notices_in},
    demo::cast::{self, Persona},
};
use kernel::time::Instant;
use platform::testing;

const MANAGER: Persona = cast::SERVICE_MANAGER;

fn at(agency: impl ToString) -> String {
    format!("/agencies/{}", agency.to_string())
}

/// The terms of an agreement that both sign on `signed`.
fn signed<'a>(title: &'a str, signed: &'a str, ends: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("title", title),
        ("agency_signatory", "Priya Lang"),
        ("agency_signatory_role", "Director of children’s services"),
        ("agency_signed_on", signed),
        ("programme_signatory", "Owen Marsh"),
        ("programme_signatory_role", "Chief executive"),
        ("programme_signed_on", signed),
        ("ends_on", ends),
    ]
}

fn of_kind<'a>(
    kind: &'a str,
    programme: &'a str,
    terms: Vec<(&'a str, &'a str)>,
) -> Vec<(&'a str, &'a str)> {
    [vec![("kind", kind), ("programme", programme)], terms].concat()
}

/// The address of the agreement with this title, read from its agency's page.
async fn agreement(world: &World, agency: &str, title: &str) -> String {
    let page = world.get(&MANAGER, agency).await;
    let (before, _) = page
        .body
        .split_once(&format!(" dir=\"auto\">{title}</a>"))
        .unwrap();
    let (_, id) = before.rsplit_once("/agreements/").unwrap();
    format!("{agency}/agreements/{}", &id[..36])
}

async fn version(world: &World, path: &str) -> String {
    let page = world.get(&MANAGER, path).await;
    page.is(200);
    let (_, rest) = page.body.split_once("name=\"version\" value=\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

/// How the agency stands in the list, on each of these days.
async fn stands(world: &World, name: &str, days: &[(&str, &str)]) {
    // Whoever looks held the role on all of these days.
    let roles = "UPDATE user_role SET from_day = '2020-01-01'";
    testing::raw(&world.app, roles).await.unwrap();
    for (day, expected) in days {
        world.set_clock(&format!("{day}T09:00:00Z"));
        world.forget(&MANAGER);
        let csv = world.get(&MANAGER, "/agencies.csv").await;
        let line = csv
            .body
            .lines()
            .find(|line| line.starts_with(name))
            .unwrap()
            .to_owned();
        let standing = line.split(',').nth(3).unwrap();
        assert_eq!(&standing, expected, "{name} on {day}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r105_day_by_day() {
    on_each_engine(|world| async move {
        stands(
            &world,
            "London Borough of Larkmoor",
            &[
                ("2026-03-31", "Not yet in force"),
                ("2026-04-01", "In force"),
                ("2027-01-29", "In force"),
                ("2027-01-30", "Ends in 60 days"),
                ("2027-03-30", "Ends tomorrow"),
                ("2027-03-31", "Ends today"),
                ("2027-04-01", "Ended"),
            ],
        )
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r105_effective_once_both_have_signed() {
    on_each_engine(|world| async move {
        let agency = at(cast::OUTSIDE);
        let programme = cast::PROGRAMME.to_string();
        let mut half = of_kind(
            "mou",
            &programme,
            signed("MOU 2026", "2026-10-12", "2027-09-30"),
        );
        half.retain(|(name, _)| !name.starts_with("programme_sig"));
        let page = world
            .post(&MANAGER, &format!("{agency}/agreements/new"), &half)
            .await;
        page.is(303);
        let path = page.location.split('?').next().unwrap().to_owned();
        world
            .get(&MANAGER, &page.location)
            .await
            .shows("Not signed by both")
            .shows("Priya Lang, Director of children’s services, on 12 October 2026")
            .shows("Not yet");
        stands(
            &world,
            "Penhallow Constabulary",
            &[("2026-10-14", "Not signed by both")],
        )
        .await;

        let change = format!("{path}/change");
        let mut terms = signed("MOU 2026", "2026-10-12", "2027-09-30");
        terms[6].1 = "2026-10-14";
        terms.push(("version", "1"));
        let tomorrow: Vec<_> = terms
            .iter()
            .map(|(n, v)| {
                (
                    *n,
                    if *n == "programme_signed_on" {
                        "2026-10-15"
                    } else {
                        v
                    },
                )
            })
            .collect();
        let page = world.post(&MANAGER, &change, &tomorrow).await;
        page.is(200)
            .shows("The day of a signature cannot be in the future")
            .shows("Owen Marsh");
        world.post(&MANAGER, &change, &terms).await.is(303);
        stands(
            &world,
            "Penhallow Constabulary",
            &[
                ("2026-10-13", "Not yet in force"),
                ("2026-10-14", "In force"),
                ("2027-09-30", "Ends today"),
                ("2027-10-01", "Ended"),
            ],
        )
        .await;
        world.set_clock("2026-10-14T09:00:00Z");
        world.forget(&MANAGER);
        // What both have signed is not changed any more, neither by the page nor beside it.
        world
            .get(&MANAGER, &change)
            .await
            .is(422)
            .shows("Replace it with another");
        terms.pop();
        terms.push(("version", "2"));
        let page = world.post(&MANAGER, &change, &terms).await;
        page.is(200).shows("Both have signed this agreement");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_an_agreement_is_said() {
    on_each_engine(|world| async move {
        let path = format!("{}/agreements/new", at(cast::OUTSIDE));
        let programme = cast::PROGRAMME.to_string();
        let good = of_kind(
            "mou",
            &programme,
            signed("MOU 2026", "2026-10-12", "2027-09-30"),
        );
        let with = |name: &'static str, value: &'static str| {
            good.iter()
                .map(|(n, v)| (*n, if *n == name { value } else { v }))
                .collect::<Vec<_>>()
        };
        for (fields, said) in [
            (with("title", ""), "Answer “Title”"),
            (with("ends_on", ""), "Answer “Last day in force”"),
            (
                with("ends_on", "2026-10-11"),
                "must not be before the day of the later signature",
            ),
            (with("ends_on", "30/2/2027"), "must be a real date"),
            (
                with("agency_signed_on", ""),
                "Enter the day of the signature",
            ),
            (with("agency_signed_on", "soon"), "must be a real date"),
            (with("agency_signatory", ""), "Enter who signed"),
            (
                with("agency_signatory_role", ""),
                "Enter the role of who signed",
            ),
            (with("programme", "nonsense"), "Choose a programme"),
            (
                with("programme", "00000000-0000-4000-8000-000000000099"),
                "Choose a programme",
            ),
            (with("kind", "treaty"), "is not one of the choices"),
        ] {
            let page = world.post(&MANAGER, &path, &fields).await;
            page.is(200).shows("There is a problem").shows(said);
        }
        let page = world.get(&MANAGER, &at(cast::OUTSIDE)).await;
        page.shows("No agreement is recorded");
        // A second memorandum beside the first would leave it open which one ends when.
        let second = of_kind(
            "mou",
            &programme,
            signed("Second", "2026-10-12", "2027-09-30"),
        );
        let larkmoor = format!("{}/agreements/new", at(cast::LARKMOOR));
        let page = world.post(&MANAGER, &larkmoor, &second).await;
        page.is(200).shows("open it and replace it");
        let other = of_kind(
            "other",
            &programme,
            signed("Schools", "2026-10-12", "2027-09-30"),
        );
        world.post(&MANAGER, &larkmoor, &other).await.is(303);
        world.post(&MANAGER, &larkmoor, &other).await.is(303);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r105_either_side_ends_it_and_never_backwards() {
    on_each_engine(|world| async move {
        let agency = at(cast::LARKMOOR);
        let path = agreement(&world, &agency, "Memorandum of understanding 2026").await;
        let end = format!("{path}/end");
        let version = version(&world, &end).await;
        let fields = |last: &'static str| {
            vec![
                ("side", "agency"),
                ("last_day", last),
                ("reason", "Council funding ended"),
                ("version", version.as_str()),
            ]
        };
        for (last, said) in [
            ("2026-10-13", "cannot be before today"),
            ("2027-03-31", "ends on 31 March 2027 anyway"),
            ("", "Answer “Last day in force”"),
        ] {
            world
                .post(&MANAGER, &end, &fields(last))
                .await
                .is(200)
                .shows(said);
        }
        world
            .post(&MANAGER, &end, &fields("2026-10-20"))
            .await
            .is(303);
        world
            .get(&MANAGER, &path)
            .await
            .shows("Ends in 6 days")
            .shows("21 October 2026")
            .shows("The agency")
            .shows("Council funding ended");
        world
            .post(&MANAGER, &end, &fields("2026-10-20"))
            .await
            .is(409);
        world.get(&MANAGER, &end).await.is(422);
        stands(
            &world,
            "London Borough of Larkmoor",
            &[("2026-10-20", "Ends today"), ("2026-10-21", "Terminated")],
        )
        .await;
        world
            .get(&MANAGER, &agency)
            .await
            .shows("New referrals are held until the service decides");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r105_a_new_agreement_takes_over_without_a_gap() {
    on_each_engine(|world| async move {
        let agency = at(cast::LARKMOOR);
        let old = agreement(&world, &agency, "Memorandum of understanding 2026").await;
        let replace = format!("{old}/replace");
        let version = version(&world, &replace).await;
        // It is drawn up now and signed by one side: the old one goes on.
        let mut terms = signed("MOU 2027", "2026-10-14", "2028-03-31");
        terms.retain(|(name, _)| !name.starts_with("programme_sig"));
        terms.push(("version", version.as_str()));
        let page = world.post(&MANAGER, &replace, &terms).await;
        page.is(303);
        let new = page.location.split('?').next().unwrap().to_owned();
        assert_ne!(new, old);
        world
            .get(&MANAGER, &old)
            .await
            .shows("In force")
            .shows("Its place is taken by");
        world
            .get(&MANAGER, &new)
            .await
            .shows("Not signed by both")
            .shows("takes the place of");
        world.get(&MANAGER, &replace).await.is(422);
        stands(
            &world,
            "London Borough of Larkmoor",
            &[("2027-02-01", "Ends in 58 days")],
        )
        .await;

        // The second signature comes in February; from that day the new one stands.
        let mut terms = signed("MOU 2027", "2026-10-14", "2028-03-31");
        terms[6].1 = "2027-02-01";
        terms.push(("version", "1"));
        world
            .post(&MANAGER, &format!("{new}/change"), &terms)
            .await
            .is(303);
        world
            .get(&MANAGER, &old)
            .await
            .shows("Replaced")
            .shows("1 February 2027");
        stands(
            &world,
            "London Borough of Larkmoor",
            &[
                ("2027-01-31", "Ends today"),
                ("2027-02-01", "In force"),
                ("2028-03-31", "Ends today"),
                ("2028-04-01", "Ended"),
            ],
        )
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r105_a_replacement_that_is_given_up_leaves_the_old_one() {
    on_each_engine(|world| async move {
        let agency = at(cast::LARKMOOR);
        let old = agreement(&world, &agency, "Memorandum of understanding 2026").await;
        let replace = format!("{old}/replace");
        let first = version(&world, &replace).await;
        let terms = [
            ("title", "Draft"),
            ("ends_on", "2028-03-31"),
            ("version", first.as_str()),
        ];
        let page = world.post(&MANAGER, &replace, &terms).await;
        let draft = page.location.split('?').next().unwrap().to_owned();
        let end = format!("{draft}/end");
        let fields = [
            ("side", "programme"),
            ("last_day", "2026-10-14"),
            ("reason", "Drawn up anew"),
            ("version", &version(&world, &end).await),
        ];
        world.post(&MANAGER, &end, &fields).await.is(303);
        world
            .get(&MANAGER, &old)
            .await
            .shows("In force")
            .hides("Its place is taken by");
        world.get(&MANAGER, &replace).await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r102_what_is_not_shared_yet_is_listed() {
    on_each_engine(|world| async move {
        let page = world.get(&MANAGER, &at(cast::LARKMOOR)).await;
        page.shows("Not yet in force:")
            .shows("<li>Information sharing: MARAC</li>")
            .shows("<li>Information sharing: community safety partnership</li>")
            .hides("<li>Information sharing: MASH</li>");
        let charity = world.get(&MANAGER, &at(cast::LANTERN)).await;
        charity.hides("information-sharing protocols");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_days_before_the_end_are_a_setting() {
    on_each_engine(|world| async move {
        let sql = "INSERT INTO setting (name, from_day, value) VALUES \
                   ('agreement_ends_soon_days', '2026-11-01', '200'), \
                   ('agreement_ends_soon_days', '2027-03-25', 'soon')";
        testing::raw(&world.app, sql).await.unwrap();
        stands(
            &world,
            "London Borough of Larkmoor",
            &[
                ("2026-10-31", "In force"),
                ("2026-11-01", "Ends in 150 days"),
                // What is no number is not set, and the default applies.
                ("2027-03-26", "Ends in 5 days"),
            ],
        )
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contact_person_and_the_manager_are_told() {
    on_each_engine(|world| async move {
        world.set_clock("2027-02-15T09:00:00Z");
        let warning = "The memorandum of understanding ends in 44 days (31 March 2027)";
        let borough = format!("{}/borough", at(cast::LARKMOOR));
        world.get(&cast::SPOC, &borough).await.shows(warning);
        world
            .get(&MANAGER, &at(cast::LARKMOOR))
            .await
            .shows(warning);
        world
            .get(&cast::ADMINISTRATOR, "/agencies?state=ends_soon")
            .await
            .shows("Ends in 44 days");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn notices_name_what_ends_soon_or_has_ended() {
    on_each_engine(|world| async move {
        let told = async |only, day: &str| {
            let day = day.parse().unwrap();
            let found = testing::read(&world.app, move |conn| notices_in(conn, only, day)).await;
            found
                .unwrap()
                .into_iter()
                .map(|notice| format!("{}: {}", notice.name, notice.standing))
                .collect::<Vec<_>>()
        };
        // The service manager hears of every agency, the soonest end first.
        assert_eq!(
            told(None, "2026-10-14").await,
            ["London Borough of Wexbrook: Ended"]
        );
        assert_eq!(
            told(None, "2027-01-30").await,
            [
                "London Borough of Wexbrook: Ended",
                "Lantern: Ends in 60 days",
                "London Borough of Larkmoor: Ends in 60 days",
                "Meridian Research: Ends in 60 days",
                "Turning Point Courses: Ends in 60 days",
            ]
        );
        // A contact person hears of her own only.
        let own = Some(cast::LARKMOOR);
        assert!(told(own, "2027-01-29").await.is_empty());
        assert_eq!(
            told(own, "2027-03-31").await,
            ["London Borough of Larkmoor: Ends today"]
        );
    })
    .await;
}

/// What a referral of an agency meets at an instant.
async fn referral(world: &World, agency: kernel::ids::AgencyId, at: &str) -> ForReferral {
    let at = Instant::new(at.parse().unwrap());
    testing::read(&world.app, move |conn| {
        agreement_for_referral(conn, agency, cast::PROGRAMME, at)
    })
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn r105_no_family_is_turned_away_and_the_page_says_whom_to_ring() {
    on_each_engine(|world| async move {
        let wexbrook = at(cast::WEXBROOK);
        let add = format!("{wexbrook}/contacts/new");
        for (place, name, phone) in [
            ("deputy", "Femi Strand", "07700 900061"),
            ("spoc", "Imogen Vale", "07700 900060"),
        ] {
            let fields = [
                ("place", place),
                ("name", name),
                ("phone", phone),
                ("from_day", "2026-01-01"),
            ];
            world.post(&MANAGER, &add, &fields).await.is(303);
        }
        let on_last_day = referral(&world, cast::WEXBROOK, "2026-09-30T22:59:00Z").await;
        assert_eq!(on_last_day, ForReferral::InForce);
        // One minute later it is October in London.
        let ForReferral::Ended(ring) =
            referral(&world, cast::WEXBROOK, "2026-09-30T23:01:00Z").await
        else {
            panic!("in force after its last day");
        };
        let contacts: Vec<_> = ring
            .contacts
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(contacts, ["Imogen Vale", "Femi Strand"]);
        assert_eq!(ring.agency_phone.unwrap().as_str(), "07700 900020");
        assert_eq!(ring.service.as_str(), "Harbour Programmes");
        assert_eq!(ring.service_phone.unwrap().as_str(), "07700 900001");
        // The agency that runs the programme needs no agreement with itself.
        let own = referral(&world, cast::HARBOUR, "2026-10-14T09:00:00Z").await;
        assert_eq!(own, ForReferral::InForce);
        assert!(Standing::InForce.is_in_force());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agreement_is_found_through_its_own_agency_only() {
    on_each_engine(|world| async move {
        let path = agreement(
            &world,
            &at(cast::LARKMOOR),
            "Memorandum of understanding 2026",
        )
        .await;
        world.get(&cast::SPOC, &path).await.is(200).hides("End it");
        world.get(&cast::SPOC, &format!("{path}/end")).await.is(404);
        world.get(&cast::SOCIAL_WORKER, &path).await.is(404);
        let elsewhere = path.replace(&cast::LARKMOOR.to_string(), &cast::WEXBROOK.to_string());
        world.get(&MANAGER, &elsewhere).await.is(404);
        world
            .get(
                &MANAGER,
                &format!("{}/agreements/nonsense", at(cast::LARKMOOR)),
            )
            .await
            .is(404);
    })
    .await;
}
