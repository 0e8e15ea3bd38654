//! Two worlds (`design.md` 5): of stories that differ only in what is the survivor's, everything
//! that the client's side and everybody outside can get is the same, byte by byte. What people
//! decided and recorded for all to see is the same in both by construction.
//!
//! Each pair of stories is played once in each world, by the same forms and at the same times. Then
//! every page, list, file and refusal that an audience can reach is asked for in both, from the
//! routes and by following the links of each page, and compared. Ids, tokens and references are
//! random, so they are first named by the order in which a page mentions them.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt::Write as _,
};

use cusp::demo::cast::{self, Persona};

use crate::{
    pairs::{self, PAIRS, Which},
    support::{Answer, World, filled, on_each_engine, two_on_each_engine},
    tying,
};

/// When the pages are asked for: after the last step of every story.
const THEN: &str = "2026-12-07T10:00:00Z";

/// Who must not notice any difference.
fn audiences() -> Vec<Persona> {
    vec![
        cast::PRACTITIONER,
        cast::OTHER_PRACTITIONER,
        cast::PROVIDER_WORKER,
        cast::SPOC,
        cast::EVALUATOR,
        cast::ADMINISTRATOR,
        cast::OUTSIDER,
        cast::WEXBROOK_WORKER,
        cast::SOCIAL_WORKER,
    ]
}

/// The most addresses that are asked for as one person: more than there are.
const MOST: usize = 6_000;

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_the_survivors_side_can_tell_two_worlds_apart() {
    two_on_each_engine(|one, other| async move {
        let cases = (
            pairs::play(&one, Which::One).await,
            pairs::play(&other, Which::Other).await,
        );
        assert!(PAIRS.len() >= 20);
        for world in [&one, &other] {
            world.set_clock(THEN);
            world.app.note_overdue().await.unwrap();
        }
        let mut seen = Seen::default();
        compare(&one, &other, &cases, &audiences(), &mut seen).await;
        assert!(seen.asked > 500, "only {} pages were compared", seen.asked);
        assert_eq!(seen.differ, Vec::<String>::new());
        // The control: stories that do not differ would prove nothing.
        compare(&one, &other, &cases, &[cast::SURVIVOR_WORKER], &mut seen).await;
        for (number, (case, _)) in cases.0.iter().zip(&cases.1).enumerate() {
            let named = seen.differ.iter().any(|what| what.contains(case.as_str()));
            assert!(named, "pair {number} is the same on both sides");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leak_that_is_planted_is_found() {
    on_each_engine(|world| async move {
        // A world beside itself: one warning for workers is the only difference.
        let case = pairs::plain(&world).await;
        let before = page(&world, &cast::PRACTITIONER, &format!("/cases/{case}"), 0).await;
        world
            .post(
                &cast::PRACTITIONER,
                &format!("/cases/{case}/flag"),
                &[
                    ("words", "She has moved"),
                    ("review_on-day", "1"),
                    ("review_on-month", "2"),
                    ("review_on-year", "2027"),
                ],
            )
            .await
            .is(303);
        let after = page(&world, &cast::PRACTITIONER, &format!("/cases/{case}"), 0).await;
        assert_ne!(canonical(&before, &[]), canonical(&after, &[]));
    })
    .await;
}

/// What was compared, and what was not the same.
#[derive(Default)]
struct Seen {
    asked: usize,
    differ: Vec<String>,
}

/// Asks for everything in both worlds as each of the audiences.
async fn compare(
    one: &World,
    other: &World,
    cases: &(Vec<String>, Vec<String>),
    audiences: &[Persona],
    seen: &mut Seen,
) {
    let references = (references(one).await, references(other).await);
    for who in audiences {
        one.forget(who);
        other.forget(who);
        let mut known = BTreeSet::new();
        let mut queue = VecDeque::new();
        let ask = |queue: &mut VecDeque<(String, String)>,
                   known: &mut BTreeSet<(String, String)>,
                   left: String,
                   right: String| {
            if known.insert((left.clone(), right.clone())) {
                queue.push_back((left, right));
            }
        };
        for route in cusp::routes().list() {
            if route.method != "GET" || !is_asked(route.path) {
                continue;
            }
            if route.path.contains("{case}") {
                // Who has nothing to do with a case gets the same refusal for each of them.
                let most = if works(who) { usize::MAX } else { 3 };
                for (left, right) in cases.0.iter().zip(&cases.1).take(most) {
                    let (left, right) = (filled(route.path, left), filled(route.path, right));
                    ask(&mut queue, &mut known, left, right);
                }
            } else {
                let path = filled(route.path, "");
                ask(&mut queue, &mut known, path.clone(), path);
            }
        }
        while let Some((left, right)) = queue.pop_front() {
            assert!(known.len() < MOST, "{} pages as {}", known.len(), who.name);
            seen.asked += 1;
            let answers = (
                page(one, who, &left, seen.asked).await,
                page(other, who, &right, seen.asked).await,
            );
            let bodies = (
                canonical(&answers.0, &references.0),
                canonical(&answers.1, &references.1),
            );
            if bodies.0 != bodies.1 {
                let at = first_difference(&bodies.0, &bodies.1);
                seen.differ.push(format!("{} at {left}: {at}", who.name));
                continue;
            }
            let links = (links(&answers.0.body), links(&answers.1.body));
            for (left, right) in links.0.into_iter().zip(links.1) {
                ask(&mut queue, &mut known, left, right);
            }
        }
    }
}

/// Who is tied to every case of the stories.
fn works(who: &Persona) -> bool {
    [
        cast::PRACTITIONER.id,
        cast::OTHER_PRACTITIONER.id,
        cast::SOCIAL_WORKER.id,
        cast::SURVIVOR_WORKER.id,
    ]
    .contains(&who.id)
}

/// Signing out ends the session, and the assets are the same for everybody.
fn is_asked(path: &str) -> bool {
    path != "/sign-out" && !path.starts_with("/assets") && !path.starts_with("/demo")
}

/// The page as the person gets it. Each is asked for a second after the one before, so that what
/// the trail lists newest first is in one order.
async fn page(world: &World, who: &Persona, path: &str, after: usize) -> Answer {
    let then = kernel::time::Instant::new(THEN.parse().unwrap());
    let after = i64::try_from(after).unwrap();
    world.app.clock.stop_at(then.plus_seconds(after));
    world.get(who, path).await
}

/// The random references of the cases of a world, in the order in which they opened.
async fn references(world: &World) -> Vec<String> {
    let mut all = Vec::new();
    for column in ["client_reference", "survivor_reference"] {
        let sql = format!("SELECT {column} AS text FROM casefile ORDER BY opened_at, id");
        all.extend(platform::testing::texts(&world.app, &sql).await.unwrap());
    }
    all
}

/// An answer without what is random: ids, tokens and references are named by the order in which
/// the page mentions them.
fn canonical(answer: &Answer, references: &[String]) -> String {
    let kind = answer
        .headers
        .get("content-type")
        .map_or("", String::as_str);
    let mut body = if kind.starts_with("application/pdf") {
        tying::text_of(&answer.bytes)
    } else {
        answer.body.clone()
    };
    for (number, reference) in references.iter().enumerate() {
        body = body.replace(reference.as_str(), &format!("REFERENCE-{number}"));
    }
    let file = answer.headers.get("content-disposition").cloned();
    let text = format!(
        "{} {} {kind} {}\n{body}",
        answer.status,
        answer.location,
        file.unwrap_or_default()
    );
    let text = without_instants(&without_numbers_of_the_log(&text));
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(|c: char| c.is_ascii_hexdigit()) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let length = from
            .find(|c: char| !c.is_ascii_hexdigit() && c != '-')
            .unwrap_or(from.len());
        let (word, after) = from.split_at(length);
        if is_id(word) || is_token(word) {
            let next = names.len();
            let number = *names.entry(word.to_owned()).or_insert(next);
            let _ = write!(out, "ID-{number}");
        } else {
            out.push_str(word);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

fn is_id(word: &str) -> bool {
    word.len() == 36 && word.split('-').map(str::len).eq([8, 4, 4, 4, 12])
}

fn is_token(word: &str) -> bool {
    word.len() == 64
}

/// The key of the next page begins with an instant to the microsecond, which two clocks never share.
fn without_instants(text: &str) -> String {
    let mut parts = text.split("after=");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, rest| {
        text + "after=" + rest.trim_start_matches(|c: char| c.is_ascii_digit())
    })
}

/// The number under which the log has an error is random.
fn without_numbers_of_the_log(text: &str) -> String {
    match text.split_once("Reference for whoever runs the service:") {
        Some((before, _)) => before.to_owned(),
        None => text.to_owned(),
    }
}

/// Where the links of a page lead.
fn links(body: &str) -> Vec<String> {
    body.split("href=\"/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|path| format!("/{}", path.replace("&amp;", "&").replace("&#38;", "&")))
        // A page with another filter or another week shows no more than the rows of this one.
        .map(|path| path.split(['#', '?']).next().unwrap_or_default().to_owned())
        .filter(|path| is_asked(path))
        .collect()
}

fn first_difference(left: &str, right: &str) -> String {
    let at = left
        .bytes()
        .zip(right.bytes())
        .position(|(left, right)| left != right)
        .unwrap_or(left.len().min(right.len()));
    let around = |text: &str| {
        let from = (0..=at.saturating_sub(120))
            .rev()
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or_default();
        text.get(from..)
            .unwrap_or_default()
            .chars()
            .take(300)
            .collect::<String>()
    };
    format!("“{}” is not “{}”", around(left), around(right))
}
