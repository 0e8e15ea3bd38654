//! Referrals on paper: one audience's version, whatever people are called.

use crate::support::*;
use crate::tying::{dense, text_of, tied};
use cusp::demo::cast::{self, Persona};
use kernel::access::Tie;

const NAMES: [&str; 4] = [
    "فاتن الحسيني",
    "রহিমা খাতুন",
    "ፍቅርተ ተስፋዬ",
    "Zoë O’Brien-Ångström",
];

/// A referral by the social worker, with `fields`, as the address of its case.
async fn sent(world: &World, who: &Persona, sections: &[(&str, &[(&str, &str)])]) -> String {
    let draft = world.post(who, "/referrals/new", &[]).await.location;
    for (section, fields) in sections {
        let mut all = vec![("version", "0"), ("section", "tasks")];
        all.extend_from_slice(fields);
        world
            .post(who, &format!("{draft}/{section}"), &all)
            .await
            .is(303);
    }
    let check = world.get(who, &format!("{draft}/check")).await;
    let (_, rest) = check.body.split_once("name=\"version\" value=\"").unwrap();
    let version = rest.split_once('"').unwrap().0.to_owned();
    world
        .post(who, &format!("{draft}/check"), &[("version", &version)])
        .await
        .is(303);
    draft.replace("/referrals/drafts/", "/cases/")
}

/// A referral with both addresses, and a worker on each line.
async fn of_both(world: &World) -> String {
    let case = sent(
        world,
        &cast::SOCIAL_WORKER,
        &[
            (
                "survivor",
                &[
                    ("survivor_name", "Ottoline Marchbanks"),
                    ("survivor_address", "4 Sedge Close"),
                ],
            ),
            (
                "client",
                &[
                    ("client_name", "Rufus Marchbanks"),
                    ("client_address", "11 Bittern Road"),
                    ("client_telephone", "07700 900555"),
                ],
            ),
            ("circumstances", &[("acts", "Took the keys.")]),
        ],
    )
    .await;
    tied(
        &world.app,
        &cast::INTAKE_WORKER,
        &case,
        &cast::PRACTITIONER,
        Tie::ClientLine,
    )
    .await;
    tied(
        &world.app,
        &cast::INTAKE_WORKER,
        &case,
        &cast::SURVIVOR_WORKER,
        Tie::SurvivorLine,
    )
    .await;
    case
}

#[tokio::test(flavor = "multi_thread")]
async fn each_paper_holds_what_its_audience_may_see() {
    on_each_engine(|world| async move {
        let case = of_both(&world).await;
        for (who, page, audience, survivors, clients) in [
            (&cast::SOCIAL_WORKER, "sent", "the referrer", true, false),
            (&cast::TEAM_MANAGER, "sent", "the referrer", true, false),
            (
                &cast::PRACTITIONER,
                "read",
                "workers of the client line",
                false,
                true,
            ),
            (
                &cast::SERVICE_MANAGER,
                "read",
                "workers of the client line",
                false,
                true,
            ),
            (
                &cast::SURVIVOR_WORKER,
                "full",
                "workers of the survivor line",
                true,
                false,
            ),
            (
                &cast::SURVIVOR_WORKER,
                "read",
                "workers of the client line",
                false,
                true,
            ),
        ] {
            let answer = world.get(who, &format!("{case}/printing/{page}")).await;
            answer.is(200);
            assert_eq!(answer.headers["content-type"], "application/pdf");
            let name = &answer.headers["content-disposition"];
            assert!(
                name.starts_with("inline; filename=\"form-") && name.len() < 45,
                "{name}"
            );
            assert!(
                answer
                    .bytes
                    .windows(22)
                    .any(|w| w == b"<pdfuaid:part>1</pdfua".as_slice())
            );
            let text = text_of(&answer.bytes);
            assert!(text.contains(&format!("Printed for: {audience}")), "{text}");
            assert!(text.contains("Ottoline Marchbanks") && text.contains("Took the keys."));
            // Never the addresses of two parties on one paper.
            assert_eq!(
                text.contains("4 Sedge Close"),
                survivors,
                "{page} {}",
                who.name
            );
            assert_eq!(
                text.contains("11 Bittern Road"),
                clients,
                "{page} {}",
                who.name
            );
            assert_eq!(
                text.contains("07700 900555"),
                clients,
                "{page} {}",
                who.name
            );
            assert_eq!(
                text.contains("see the record"),
                survivors,
                "{page} {}",
                who.name
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_prints_what_she_may_not_read() {
    on_each_engine(|world| async move {
        let case = of_both(&world).await;
        for (who, page) in [
            (&cast::SOCIAL_WORKER, "read"),
            (&cast::SOCIAL_WORKER, "full"),
            (&cast::PRACTITIONER, "sent"),
            (&cast::PRACTITIONER, "full"),
            (&cast::SERVICE_MANAGER, "full"),
            (&cast::OTHER_PRACTITIONER, "read"),
            (&cast::ADMINISTRATOR, "read"),
        ] {
            world
                .get(who, &format!("{case}/printing/{page}"))
                .await
                .is(404);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn any_name_and_any_text_is_printed_as_text() {
    on_each_engine(|world| async move {
        let long = "Featherstonehaugh-".repeat(17);
        let long: String = long.chars().take(300).collect();
        let odd =
            "<b>bold</b> =SUM(A1) #set page(fill: red) $x$ [link](http://example.org) \\ *stars*";
        let case = sent(
            &world,
            &cast::SOCIAL_WORKER,
            &[
                (
                    "survivor",
                    &[("survivor_name", &long), ("survivor_address", odd)],
                ),
                ("client", &[("client_name", odd)]),
                (
                    "children",
                    &[
                        ("children.0.name", NAMES[0]),
                        ("children.1.name", NAMES[1]),
                        ("children.2.name", NAMES[2]),
                        ("children.3.name", NAMES[3]),
                        ("children.4.name", "𒀭𒂗 👩‍👧"),
                    ],
                ),
            ],
        )
        .await;
        let who = &cast::SOCIAL_WORKER;
        let answer = world.get(who, &format!("{case}/printing/sent")).await;
        let text = text_of(&answer.is(200).bytes);
        let dense_text = dense(&text);
        assert!(dense_text.contains(&dense(&long)), "{text}");
        assert_eq!(dense_text.matches(&dense(odd)).count(), 2, "{text}");
        for name in NAMES {
            for word in name.split_whitespace() {
                assert!(dense_text.contains(word), "{word} in {text}");
            }
        }
        assert!(text.contains("Child 5"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_paper_is_on_the_record_and_says_which_version_it_is() {
    on_each_engine(|world| async move {
        let who = &cast::SOCIAL_WORKER;
        let case = sent(&world, who, &[("client", &[("client_name", "Rufus")])]).await;
        let before = world.app.verify_audit().await.unwrap();
        world
            .get(who, &format!("{case}/printing/sent"))
            .await
            .is(200);
        let after = world.app.verify_audit().await.unwrap();
        assert_eq!(after.rows - before.rows, 2, "seen, and printed");
        assert_eq!(after.found, []);
        let fields = [
            ("version", "1"),
            ("referrer_name", "Ines"),
            ("client_name", "Rufus Marchbanks"),
            ("reason", "The surname is known now"),
        ];
        world
            .post(who, &format!("{case}/referral/amend"), &fields)
            .await
            .is(303);
        for (query, version, name) in [
            ("", "2 of 2", true),
            ("?revision=1", "1 of 2", false),
            ("?revision=2", "2 of 2", true),
        ] {
            let paper = world
                .get(who, &format!("{case}/printing/sent{query}"))
                .await;
            let text = text_of(&paper.is(200).bytes);
            assert!(text.contains(version), "{query}: {text}");
            assert_eq!(text.contains("Rufus Marchbanks"), name, "{query}");
        }
        world
            .get(who, &format!("{case}/printing/sent?revision=9"))
            .await
            .is(404);
        let reason = [("reason", "The family moved")];
        world
            .post(who, &format!("{case}/referral/withdraw"), &reason)
            .await
            .is(303);
        let paper = world.get(who, &format!("{case}/printing/sent")).await;
        assert!(text_of(&paper.bytes).contains("This referral was withdrawn."));
    })
    .await;
}
