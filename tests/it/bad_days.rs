//! Bad days that no single capability owns.

use cusp::{
    contacts::model::{ContactId, VisitId},
    demo::{
        cast::{self, Persona},
        player::hidden,
    },
    people::model::PartId,
};
use kernel::access::Tie;

use crate::{
    family::{Family, STORY, Story, inside, open},
    interventions::opened,
    opening::{answer, hers, ready},
    support::*,
};

/// Gives somebody of Harbour a role from today on.
async fn role(world: &World, whom: &Persona, role: &str) {
    let page = format!("/agencies/{}/users/{}", cast::HARBOUR, whom.id);
    let boss = &cast::SERVICE_MANAGER;
    let shown = world.get(boss, &page).await;
    let version = hidden(&shown.is(200).body, "version").unwrap().to_owned();
    let fields = [
        ("version", version.as_str()),
        ("role", role),
        ("from", "2026-10-14"),
    ];
    let done = world.post(boss, &format!("{page}/roles"), &fields).await;
    done.is(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_works_for_the_referring_borough() {
    on_each_engine(|world| async move {
        // The lead worker finds that she works beside the client: she is kept away by name.
        let beside = &cast::SOCIAL_WORKER;
        let ties = &[
            (&cast::PRACTITIONER, Tie::ClientLine),
            (&cast::OTHER_PRACTITIONER, Tie::ClientSupervisor),
            (&cast::SOCIAL_WORKER, Tie::LeadWorker),
        ];
        let family = open(&world, Story { ties, ..STORY }).await;
        let change = family.at(&format!("/people/{}/change", family.client));
        let page = world.get(&cast::PRACTITIONER, &change).await;
        let version = hidden(&page.is(200).body, "version").unwrap().to_owned();
        let fields = [
            ("version", version.as_str()),
            ("name", STORY.client),
            ("born_kind", "unknown"),
            ("occupation", "Works for the borough’s housing office"),
        ];
        world
            .post(&cast::PRACTITIONER, &change, &fields)
            .await
            .is(303);
        // Whoever decides who may open the case reads it where that is decided.
        world
            .get(
                &cast::OTHER_PRACTITIONER,
                &family.at(&format!("/people/{}", family.client)),
            )
            .await
            .is(200)
            .shows("housing office");
        // Before: it is hers as any other.
        world.get(beside, &family.at("")).await.is(200);
        world.get(beside, "/cases").await.is(200).shows("CL-0001");
        let form = family.at("/access/excluded");
        let (id, why) = (beside.id.to_string(), "She sits beside the client");
        let fields = [("worker", id.as_str()), ("reason", why)];
        world
            .post(&cast::SERVICE_MANAGER, &form, &fields)
            .await
            .is(303);
        // After: nothing, in the same bytes as for a case that never was.
        let absent = "/cases/00000000-0000-4000-8000-00000000dead";
        for place in [
            "",
            "/people/new",
            "/chronology",
            "/duties",
            "/plans",
            "/participation",
            "/interventions",
            "/access",
            "/trail",
            "/referral",
        ] {
            let got = world.get(beside, &family.at(place)).await;
            let none = world.get(beside, &format!("{absent}{place}")).await;
            assert_eq!((got.status, none.status), (404, 404), "{place}");
            let case = family.case.to_string();
            let without = |answer: &Answer| {
                let body = answer.body.replace(&case, "CASE");
                let body = body.replace(absent.rsplit('/').next().unwrap(), "CASE");
                body.split("Reference for whoever")
                    .next()
                    .unwrap()
                    .to_owned()
            };
            assert_eq!(without(&got), without(&none), "{place}");
        }
        for place in ["/cases", "/cases.csv", "/my-day"] {
            world
                .get(beside, place)
                .await
                .hides("CL-0001")
                .hides("Wrigglesworth");
        }
        world
            .post(beside, "/cases", &[("words", "wrigglesworth")])
            .await
            .hides("CL-0001");
        // Nobody can tie her either, and the words are those for everybody who cannot be tied.
        let tie = family.at("/allocation/lead");
        world
            .post(&cast::SERVICE_MANAGER, &tie, &[("lead", &id)])
            .await
            .is(200)
            .shows("This worker cannot be tied to this case: choose another")
            .hides("sits beside");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_assigned_to_both_lines() {
    on_each_engine(|world| async move {
        let petra = &cast::INTAKE_WORKER;
        role(&world, petra, "practitioner").await;
        role(&world, petra, "survivor_worker").await;
        let boss = &cast::SERVICE_MANAGER;
        let ties = &[(&cast::PRACTITIONER, Tie::ClientLine)];
        let family = open(&world, Story { ties, ..STORY }).await;
        let both = "This worker cannot be tied to this case: choose another";
        let id = petra.id.to_string();
        let allocate = async |worker: &str| {
            let supervisor = cast::SERVICE_MANAGER.id.to_string();
            let fields = [("worker", worker), ("supervisor", supervisor.as_str())];
            let place = family.at("/allocation");
            world.post(boss, &place, &fields).await
        };
        let support = async |worker: &str| {
            let place = family.at("/allocation/support");
            world.post(boss, &place, &[("support", worker)]).await
        };
        // On hers: not on his as well, nor by handing over, nor by cover, nor as lead worker.
        support(&id).await.is(303);
        allocate(&id).await.is(200).shows(both);
        let place = format!("/caseload/{}/handover", cast::PRACTITIONER.id);
        for days in [("", ""), ("2026-10-20", "2026-10-24")] {
            let fields = [
                ("to", id.as_str()),
                ("why", "Leave"),
                ("from", days.0),
                ("until", days.1),
            ];
            let refused = world.post(boss, &place, &fields).await;
            assert_ne!(refused.status, 303, "{days:?}");
            refused.shows(both);
        }
        // On his: not on hers. Cover that has not begun counts.
        let other = cast::SURVIVOR_WORKER.id.to_string();
        support(&other).await.is(303);
        let fields = [
            ("to", id.as_str()),
            ("why", "Leave"),
            ("from", "2026-10-20"),
            ("until", "2026-10-24"),
        ];
        world.post(boss, &place, &fields).await.is(303);
        support(&id).await.is(200).shows(both);
        allocate(&id).await.is(303);
        support(&id).await.is(200).shows(both);
        // Who is not excluded and on no line is told nothing either.
        let lines = world.get(boss, &family.at("/allocation")).await;
        inside(lines).is(200).hides("both lines");
    })
    .await;
}

/// Adds an adult who was harmed, and gives her id.
async fn second_survivor(world: &World, family: &Family) -> String {
    let second = [
        ("role", "survivor"),
        ("name", "Araminta Voss"),
        ("born_kind", "unknown"),
    ];
    let sunniva = &cast::SURVIVOR_WORKER;
    let new = family.at("/people/new");
    world.post(sunniva, &new, &second).await.is(303);
    let page = world.get(sunniva, &family.at("/apart/participation")).await;
    let start = format!("/cases/{}/apart/", family.case);
    page.body
        .split(&start)
        .skip(1)
        .filter_map(|rest| rest.get(..36))
        .filter_map(|id| id.parse::<PartId>().ok())
        .find(|id| *id != family.survivor)
        .unwrap()
        .to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_household_with_two_survivors() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let (maren, sunniva) = (&cast::PRACTITIONER, &cast::SURVIVOR_WORKER);
        ready(&world, &family, sunniva).await;
        let ask = [("opened_on", "2026-10-14")];
        let new = family.at("/interventions/new");
        world.post(maren, &new, &ask).await.is(303);
        // Another adult was harmed in the same household: nothing begins before she has answered.
        let second = second_survivor(&world, &family).await;
        let begin = family.at("/apart/interventions");
        let today = [("ready_on", "2026-10-14")];
        world
            .post(sunniva, &begin, &today)
            .await
            .is(200)
            .shows("does not stand");
        let place = family.at(&format!("/apart/{second}/participation"));
        world
            .post(sunniva, &place, &answer("given", "0", "14"))
            .await
            .is(303);
        // Each withdraws for herself.
        world
            .post(sunniva, &place, &answer("withdrawn", "1", "14"))
            .await
            .is(303);
        world
            .post(sunniva, &begin, &today)
            .await
            .is(200)
            .shows("does not stand");
        let mut back = answer("given", "2", "14");
        back.push(("own_accord", "yes"));
        world.post(sunniva, &place, &back).await.is(303);
        world.post(sunniva, &begin, &today).await.is(303);
        // Each is met every week, on her own.
        world.set_clock("2026-10-23T09:00:00Z");
        let duties = inside(world.get(sunniva, &family.at("/duties")).await);
        duties
            .shows("Araminta Voss")
            .shows("Persephone Cholmondeley");
        let (hers, visit) = (family.survivor.to_string(), VisitId::new().to_string());
        let seen = [
            ("entry", visit.as_str()),
            ("who", hers.as_str()),
            ("held_on", "2026-10-22"),
            ("method", "face_to_face"),
            ("result", "held"),
            ("alone", "yes"),
            ("safe_place", "yes"),
        ];
        let contacts = family.at("/apart/contacts/new");
        world.post(sunniva, &contacts, &seen).await.is(303);
        let form = |part: &str| format!("/apart/contacts/new?for=contact.{part}.2026-10-19");
        let page = world.get(sunniva, &family.at("/duties")).await;
        page.hides(&form(&hers)).shows(&form(&second));
        // Neither address is refused in a text for the client for one of them only.
        let address = family.at(&format!("/apart/{second}/address"));
        let fields = [
            ("version", "0"),
            ("kept", "here"),
            ("value", "5 Plover Steps, Wexbrook, ZZ99 5PS"),
            ("because", "She asked us to keep it"),
            ("status", "current"),
        ];
        world.post(sunniva, &address, &fields).await.is(303);
        for text in ["Meet at 5 Plover Steps", "Post to ZZ99 1QQ"] {
            let paper = client_paper(text);
            let place = family.at("/participation/confidentiality");
            world
                .post(maren, &place, &paper)
                .await
                .is(200)
                .shows("This text cannot be saved");
        }
    })
    .await;
}

/// Appendix B, with a text that the client reads.
fn client_paper(text: &str) -> Vec<(&str, &str)> {
    vec![
        ("version", "0"),
        ("explained_on", "2026-10-14"),
        ("how", "telephone"),
        ("explained_by", "Maren Okafor"),
        ("interpreter", "not_needed"),
        ("explained", "yes"),
        ("research", "no"),
        ("confidential", "yes"),
        ("exceptions", "yes"),
        ("signing", "not_yet"),
        ("sharing.0.agency", "Harbour Housing Desk"),
        ("sharing.0.information", text),
        ("sharing.0.permission", "yes"),
        ("sharing.0.on", "2026-10-14"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn both_parties_are_survivors_in_other_cases() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let maren = &cast::PRACTITIONER;
        let seen = async || {
            let mut all = Vec::new();
            for place in [
                "",
                "/participation",
                "/interventions",
                "/duties",
                "/chronology",
                "/suitability",
                "/people/new",
            ] {
                let got = inside(world.get(maren, &family.at(place)).await);
                assert_eq!(got.status, 200, "{place}");
                all.push(got.body);
            }
            for place in ["/cases", "/cases.csv", "/my-day"] {
                all.push(inside(world.get(maren, place).await).body);
            }
            all
        };
        let before = seen().await;
        // He was harmed in another case, she in a third; other workers hold those.
        let ties = &[
            (&cast::OTHER_PRACTITIONER, Tie::ClientLine),
            (&cast::SURVIVOR_WORKER, Tie::SurvivorLine),
        ];
        let his = Story {
            number: 2,
            client: "Hesper Dunnock",
            client_born: "",
            survivor: STORY.client,
            survivor_born: STORY.client_born,
            ties,
            ..STORY
        };
        let theirs = Story {
            number: 3,
            client: "Corin Dunnock",
            survivor: STORY.survivor,
            survivor_born: STORY.survivor_born,
            ..his
        };
        let (second, third) = (open(&world, his).await, open(&world, theirs).await);
        for (other, reply) in [(&second, "refused"), (&third, "given")] {
            let fields = answer(reply, "0", "13");
            hers(&world, other, &cast::SURVIVOR_WORKER, &fields).await;
        }
        assert_eq!(before, seen().await, "the other cases show");
        for other in [&second, &third] {
            world.get(maren, &other.at("")).await.is(404);
        }
        world
            .post(maren, "/cases", &[("words", "dunnock")])
            .await
            .hides("CL-0002")
            .hides("CL-0003");
        // An answer counts in its own case only, and closes nothing elsewhere.
        let gate = async |family: &Family, who: &Persona, says: &str| {
            let page = world.get(who, &family.at("/participation")).await;
            page.is(200).shows(says);
        };
        gate(&family, maren, "Not yet").await;
        gate(&second, &cast::OTHER_PRACTITIONER, "Not yet").await;
        gate(&third, &cast::OTHER_PRACTITIONER, "The client may be asked").await;
        hers(
            &world,
            &family,
            &cast::SURVIVOR_WORKER,
            &answer("given", "0", "13"),
        )
        .await;
        gate(&family, maren, "The client may be asked").await;
        gate(&second, &cast::OTHER_PRACTITIONER, "Not yet").await;
        // What is his as a survivor there is not shown to who works with him here.
        let here = inside(
            world
                .get(maren, &family.at(&format!("/people/{}", family.client)))
                .await,
        );
        here.is(200).hides("Quillfeather").hides("CL-0002");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_week_with_two_bank_holidays() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        opened(&world, &family, "2026-12-07").await;
        let (maren, sunniva) = (&cast::PRACTITIONER, &cast::SURVIVOR_WORKER);
        // Boxing Day is a Saturday, so Monday 28 December is a bank holiday; so is Friday.
        world.set_clock("2026-12-24T15:00:00Z");
        let fields = [
            ("what", "missed"),
            ("changed_on", "2026-12-24"),
            ("heightened", "no"),
            ("words", "Did not come."),
        ];
        world
            .post(maren, &family.at("/engagement/change"), &fields)
            .await
            .is(303);
        // R023: five working days from Thursday are 29, 30, 31 December, 4 and 5 January.
        world
            .get(sunniva, &family.at("/apart/engagement"))
            .await
            .is(200)
            .shows("5 January 2027");
        // A week owes its contacts all the same: a bank holiday is no leave.
        world.set_clock("2026-12-30T09:00:00Z");
        world
            .get(maren, &family.at("/duties"))
            .await
            .is(200)
            .shows("3 January 2027");
        let entry = ContactId::new().to_string();
        let fields = [
            ("entry", entry.as_str()),
            ("held_on", "2026-12-28"),
            ("method", "telephone"),
            ("result", "held"),
            ("serves", "liaison"),
            ("took_part", "Ines Calloway"),
        ];
        world
            .post(maren, &family.at("/contacts/liaison"), &fields)
            .await
            .is(303);
        let form = "for=liaison.2026-12-28";
        world.get(maren, &family.at("/duties")).await.hides(form);
        // What was missed in it reaches the supervisor on the next working morning, Monday.
        world.set_clock("2027-01-04T10:00:00Z");
        inside(world.get(&cast::OTHER_PRACTITIONER, "/my-day").await).shows("Overdue");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_is_born_during_the_intervention() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        opened(&world, &family, "2026-10-05").await;
        let (maren, sunniva) = (&cast::PRACTITIONER, &cast::SURVIVOR_WORKER);
        let unborn = [
            ("role", "child"),
            ("name", "Not named yet"),
            ("born_kind", "expected"),
            ("born_words", "due at the end of October"),
        ];
        world
            .post(maren, &family.at("/people/new"), &unborn)
            .await
            .is(303);
        let page = inside(world.get(maren, &family.at("")).await);
        let child = page
            .body
            .split(&format!("/cases/{}/people/", family.case))
            .skip(1)
            .filter_map(|rest| rest.get(..36))
            .filter_map(|id| id.parse::<PartId>().ok())
            .find(|id| ![family.client, family.survivor, family.child, family.other].contains(id))
            .unwrap()
            .to_string();
        let owed = async || {
            let page = world.get(sunniva, &family.at("/duties")).await;
            page.is(200);
            page.body.matches(&format!("for=contact.{child}.")).count()
        };
        world.set_clock("2026-10-22T09:00:00Z");
        assert_eq!(owed().await, 0, "nobody meets a child that is not born");
        // Born on Wednesday; entered on Friday. A part-week of under four days would owe nothing.
        world.set_clock("2026-10-30T09:00:00Z");
        let change = family.at(&format!("/people/{child}/change"));
        world.get(maren, &change).await.is(404);
        let form = world.get(sunniva, &change).await;
        let version = hidden(&form.is(200).body, "version").unwrap().to_owned();
        let born = [
            ("version", version.as_str()),
            ("name", "Odette Cholmondeley"),
            ("born_kind", "exact"),
            ("born_day-day", "28"),
            ("born_day-month", "10"),
            ("born_day-year", "2026"),
        ];
        world.post(sunniva, &change, &born).await.is(303);
        assert_eq!(owed().await, 1, "from the week of the birth");
        world
            .get(sunniva, &family.at("/duties"))
            .await
            .shows("Odette Cholmondeley")
            .shows(&format!("for=contact.{child}.2026-10-26"));
        // The other line sees the child, and not how often it is met.
        inside(world.get(maren, &family.at("/duties")).await).hides(&format!("contact.{child}"));
        world.set_clock("2026-11-04T09:00:00Z");
        assert_eq!(owed().await, 2);
        // An attempt is no contact (R015).
        let (part, visit) = (family.survivor.to_string(), VisitId::new().to_string());
        let tried = [
            ("entry", visit.as_str()),
            ("who", child.as_str()),
            ("held_on", "2026-11-02"),
            ("method", "face_to_face"),
            ("result", "attempted"),
            ("reason", "Nobody opened"),
        ];
        let place = family.at("/apart/contacts/new");
        world.post(sunniva, &place, &tried).await.is(303);
        assert_eq!(owed().await, 2);
        // One visit meets mother and child.
        let visit = VisitId::new().to_string();
        let seen = [
            ("entry", visit.as_str()),
            ("who", part.as_str()),
            ("who", child.as_str()),
            ("held_on", "2026-11-03"),
            ("method", "face_to_face"),
            ("result", "held"),
            ("alone", "yes"),
            ("safe_place", "yes"),
            ("child_voice", "sleeps"),
        ];
        world.post(sunniva, &place, &seen).await.is(303);
        assert_eq!(owed().await, 1);
    })
    .await;
}
