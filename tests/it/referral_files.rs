//! Referrals that arrive as a file: by the command line and by upload, with one reader.

use cusp::{demo::cast, referrals::take_file};
use kernel::access::Tie;
use platform::Error;
use crate::support::*;
use crate::tying::{dense, text_of, tied, uploaded};

const FIRST: &[u8] = include_bytes!("../fixtures/referral-file-1.json");
const SECOND: &[u8] = include_bytes!("../fixtures/referral-file-2.json");

/// What leads to the survivor or a child, or was said by one: no page and no paper of the client
/// line may hold it. Each stands in one of the files.
const NEVER: [&[&str]; 2] = [
    &[
        "Basement, 7 Curlew Yard",
        "07700 900312",
        "07700 900313",
        "about the piano",
        "2 Fennel Court",
        "sleeps in her shoes",
        "keeps a bag packed",
        "A street door that only she can open",
        "missed two",
        "Penhallow MARAC in 2023",
        "Wants to hear first",
        "9 ticks",
        "St Brannock",
        "7700900399",
        "2014-02-30",
    ],
    &[
        "31 Plover Terrace",
        "07700 900322",
        "hang up if it is a man",
        "8 Lapwing Mews",
        "The Warren, ZZ99 6WA",
        "scan on 2026-12-01",
        "nobody asked me which bed",
        "walks them the long way",
        "14 ticks",
        "Her own front door key",
        "speak to nobody at the nursery",
    ],
];

/// Takes a file: the address of its case, and what was said.
async fn taken(world: &World, file: &[u8]) -> (String, String) {
    let said = take_file(&world.app, file).await.unwrap();
    let (_, rest) = said.split_once("as case ").unwrap();
    (format!("/cases/{}", rest.split_once('.').unwrap().0), said)
}

fn holds(file: &[u8], text: &str) -> bool {
    String::from_utf8_lossy(file).contains(text)
}

#[test]
fn each_text_that_must_not_leak_is_in_its_file() {
    for (file, never) in [(FIRST, NEVER[0]), (SECOND, NEVER[1])] {
        for text in never {
            assert!(holds(file, text), "{text}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_file_is_dropped() {
    on_each_engine(|world| async move {
        for file in [FIRST, SECOND] {
            let (path, _) = taken(&world, file).await;
            let reason = [("reason", "Comparing the record with the file")];
            let page = world
                .post(
                    &cast::SERVICE_MANAGER,
                    &format!("{path}/referral/reveal"),
                    &reason,
                )
                .await;
            page.is(200);
            let page = dense(
                &page
                    .body
                    .replace("&#39;", "'")
                    .replace("&#60;", "<")
                    .replace("&#62;", ">")
                    .replace("&#38;", "&")
                    .replace("&#34;", "\""),
            );
            let value: serde_json::Value = serde_json::from_slice(file).unwrap();
            let mut texts = Vec::new();
            collect(&value, &mut texts);
            for text in texts {
                let said = match text.as_str() {
                    "early_intervention_referral" => continue,
                    "yes" => "Yes".to_owned(),
                    "no" => "No".to_owned(),
                    "not known" => "Not known".to_owned(),
                    "not asked" => "Not asked".to_owned(),
                    _ => match text.parse::<jiff::civil::Date>() {
                        Ok(day) => kernel::time::day_words(day),
                        Err(_) => text,
                    },
                };
                let lower = page.to_lowercase();
                assert!(
                    page.contains(&dense(&said)) || lower.contains(&dense(&said).to_lowercase()),
                    "{said}"
                );
            }
        }
    })
    .await;
}

fn collect(value: &serde_json::Value, texts: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => texts.push(text.clone()),
        serde_json::Value::Number(number) => texts.push(number.to_string()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        serde_json::Value::Object(map) => map.values().for_each(|item| collect(item, texts)),
        serde_json::Value::Null | serde_json::Value::Bool(_) => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_line_is_shown_nothing_that_leads_to_the_survivor() {
    on_each_engine(|world| async move {
        for (file, never) in [(FIRST, NEVER[0]), (SECOND, NEVER[1])] {
            let (path, _) = taken(&world, file).await;
            let intake = &cast::INTAKE_WORKER;
            tied(
                &world.app,
                intake,
                &path,
                &cast::PRACTITIONER,
                Tie::ClientLine,
            )
            .await;
            tied(
                &world.app,
                intake,
                &path,
                &cast::SURVIVOR_WORKER,
                Tie::SurvivorLine,
            )
            .await;
            for reader in [&cast::PRACTITIONER, intake, &cast::SERVICE_MANAGER] {
                let page = world.get(reader, &format!("{path}/referral/read")).await;
                page.is(200);
                let paper = world.get(reader, &format!("{path}/printing/read")).await;
                let paper = dense(&text_of(&paper.is(200).bytes));
                for text in never {
                    page.hides(text);
                    assert!(!paper.contains(&dense(text)), "{text} on paper");
                }
                for closed in [
                    "referral",
                    "referral/full",
                    "printing/full",
                    "printing/sent",
                ] {
                    world.get(reader, &format!("{path}/{closed}")).await.is(404);
                }
            }
            // The survivor's side reads all of it.
            let side = &cast::SURVIVOR_WORKER;
            let page = world.get(side, &format!("{path}/referral/full")).await;
            let paper = world.get(side, &format!("{path}/printing/full")).await;
            let paper = dense(&text_of(&paper.is(200).bytes));
            for text in never {
                page.is(200).shows(&text.replace('\'', "&#39;"));
                assert!(paper.contains(&dense(text)), "{text} not on paper");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_placed_is_counted_for_intake() {
    on_each_engine(|world| async move {
        let (path, said) = taken(&world, FIRST).await;
        // An impossible date, an answer the box does not have, two unknown keys.
        assert!(said.contains("4 texts had no box"), "{said}");
        let page = world
            .get(
                &cast::INTAKE_WORKER,
                &format!("{path}/referral/read"),
            )
            .await;
        page.is(200)
            .shows("4 more texts")
            .shows("As a file, entered by Mailbox")
            // Nothing is guessed: the name stays whole, the answer that no box has is no answer.
            .shows("Leopold Thistlewood (known as Polly)")
            .shows("Do not contact the client")
            .hides("perhaps");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_is_taken_once() {
    on_each_engine(|world| async move {
        let (_, first) = taken(&world, FIRST).await;
        let (_, rest) = first.split_once("reference ").unwrap();
        let reference = rest.split_once(',').unwrap().0;
        let said = match take_file(&world.app, FIRST).await {
            Err(Error::Refused(problems)) => problems[0].message.clone(),
            other => panic!("{other:?}"),
        };
        assert!(said.contains(reference), "{said}");
        let upload = |bytes: &'static [u8]| {
            uploaded(&world.app, &cast::INTAKE_WORKER, "/intake/upload", bytes)
        };
        let (status, _, page) = upload(FIRST).await;
        assert_eq!(status, 200);
        assert!(page.contains("taken already") && page.contains(reference));
        // Two at once: one case.
        let (one, two) = tokio::join!(upload(SECOND), upload(SECOND));
        let mut places = [one.1, two.1];
        places.sort();
        assert!(
            places[0].is_empty() && places[1].ends_with("/referral/read?done=taken"),
            "{places:?}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_referral_is_refused_with_what_to_do() {
    on_each_engine(|world| async move {
        let who = &cast::INTAKE_WORKER;
        for (bytes, said) in [
            (&b"{\"victim\": {\"name\": \"A\""[..], "is not JSON: see line 1, column 23"),
            (b"\xff\xfe{", "is not text in UTF-8: byte 1"),
            (b"{}", "no box of the referral form"),
            (b"", "is not JSON"),
        ] {
            let (status, _, page) = uploaded(&world.app, who, "/intake/upload", bytes).await;
            assert_eq!(status, 200);
            assert!(page.contains(said), "{said}: {page}");
        }
        let large = vec![b' '; 2 << 20];
        let (status, _, page) = uploaded(&world.app, who, "/intake/upload", &large).await;
        assert_eq!((status, page.contains("too long to send")), (413, true));
        assert!(matches!(take_file(&world.app, &large).await, Err(Error::TooLong)));
        for other in [&cast::SOCIAL_WORKER, &cast::OUTSIDER] {
            let (status, ..) = uploaded(&world.app, other, "/intake/upload", FIRST).await;
            assert_eq!(status, 404, "{}", other.name);
        }
        // Control characters, a zero byte among them, are kept as text on both engines.
        let odd = br#"{"victim":{"name":"Ada","date_of_birth":"about\u0000thirty","address":"a\u0000b"},"x\u0000":"y"}"#;
        let (_, said) = taken(&world, odd).await;
        assert!(said.contains("3 texts had no box"), "{said}");
    })
    .await;
}
