//! Every route, asked for by nobody and by every persona, on a case that all of them know of and
//! few may open. The statuses are golden; what leads to the survivor reaches nobody else.

use std::{fmt::Write as _, fs, path::Path};

use crate::support::{World, filled, on_each_engine, referral};
use cusp::demo::cast::{self, Persona};

/// A case with both lines: sent by Ines, allocated to Maren, supported by Sunniva.
async fn case_with_both_lines(world: &World) -> String {
    let case = referral::send(world, &cast::SOCIAL_WORKER, &referral::MONTY).await;
    let maren = cast::PRACTITIONER.id.to_string();
    let adaeze = cast::SERVICE_MANAGER.id.to_string();
    let path = format!("/cases/{case}/allocation");
    let fields = [("worker", maren.as_str()), ("supervisor", adaeze.as_str())];
    world
        .post(&cast::SERVICE_MANAGER, &path, &fields)
        .await
        .is(303);
    let sunniva = cast::SURVIVOR_WORKER.id.to_string();
    let path = format!("/cases/{case}/allocation/support");
    world
        .post(
            &cast::SERVICE_MANAGER,
            &path,
            &[("support", sunniva.as_str())],
        )
        .await
        .is(303);
    case
}

/// Who may read what leads to the survivor: the survivor line, and who sent it.
fn may_know(who: &Persona) -> bool {
    [
        cast::SURVIVOR_WORKER.id,
        cast::SOCIAL_WORKER.id,
        cast::TEAM_MANAGER.id,
    ]
    .contains(&who.id)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_everybody_as_it_should() {
    on_each_engine(|world| async move {
        let case = case_with_both_lines(&world).await;
        let mut text = String::from(
            "# Every route and every persona\n\nGenerated; `tests/everything.rs` compares. The case was sent by the social \
             worker, allocated to the practitioner and supported by the survivor support worker. POST is sent \
             without its token: 403 means that the guard let it through, 404 that it did not.\n\n| route | permission | nobody |",
        );
        for persona in cast::CAST {
            write!(text, " {} |", persona.name).unwrap();
        }
        text.push_str("\n|---|---|---|");
        text.push_str(&"---|".repeat(cast::CAST.len()));
        text.push('\n');
        for route in cusp::routes().list() {
            // Signing out and becoming somebody else end the session that the others need.
            if matches!(route.path, "/sign-out" | "/demo/become" | "/demo/clock") {
                continue;
            }
            let path = filled(route.path, &case);
            write!(text, "| {} `{}` | {} |", route.method, route.path, route.permission()).unwrap();
            let nobody = if route.method == "GET" {
                world.get_as_nobody(&path).await
            } else {
                world.post_as_nobody(&path).await
            };
            write!(text, " {} |", nobody.status).unwrap();
            if route.permission() != "public" {
                assert!(
                    nobody.status == 303 && nobody.location.starts_with("/sign-in"),
                    "{} {path} answers nobody with {}",
                    route.method,
                    nobody.status
                );
            }
            for persona in cast::CAST {
                let answer = if route.method == "GET" {
                    world.get(&persona, &path).await
                } else {
                    world.post_raw(&persona, &path, &[]).await
                };
                assert!(answer.status < 500, "{} {path} as {}: {}", route.method, persona.name, answer.body);
                write!(text, " {} |", answer.status).unwrap();
                if !may_know(&persona) {
                    for secret in referral::MONTY.secrets {
                        assert!(!answer.body.contains(secret), "{path} tells {} “{secret}”", persona.name);
                    }
                }
                if persona.id == cast::OUTSIDER.id && path.contains(&case) {
                    assert_eq!(answer.status, 404, "{path}");
                }
            }
            text.push('\n');
        }
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/route-access.md");
        #[expect(clippy::disallowed_methods, reason = "tests have no configuration file")]
        if std::env::var("CUSP_BLESS").is_ok() {
            fs::write(&golden, &text).unwrap();
        }
        let kept = fs::read_to_string(&golden).unwrap_or_default();
        let differs = kept.lines().zip(text.lines()).find(|(kept, made)| kept != made);
        assert!(kept == text, "docs/route-access.md is not current: {differs:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_read_it_does_find_the_secrets() {
    // The control of the test above: a crawler that finds nothing anywhere would prove nothing.
    on_each_engine(|world| async move {
        let case = case_with_both_lines(&world).await;
        for (who, path) in [
            (&cast::SOCIAL_WORKER, format!("/cases/{case}/referral")),
            (&cast::TEAM_MANAGER, format!("/cases/{case}/referral")),
            (
                &cast::SURVIVOR_WORKER,
                format!("/cases/{case}/referral/full"),
            ),
        ] {
            let answer = world.get(who, &path).await;
            for secret in referral::MONTY.secrets {
                answer.shows(secret);
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn something_absent_and_something_forbidden_look_the_same() {
    on_each_engine(|world| async move {
        let case = case_with_both_lines(&world).await;
        let absent = "00000000-0000-4000-8000-00000000dead";
        for who in [
            &cast::OTHER_PRACTITIONER,
            &cast::OUTSIDER,
            &cast::ADMINISTRATOR,
            &cast::SPOC,
        ] {
            for tail in ["", "/referral", "/referral/read", "/allocation", "/duties"] {
                let forbidden = world.get(who, &format!("/cases/{case}{tail}")).await;
                let missing = world.get(who, &format!("/cases/{absent}{tail}")).await;
                assert_eq!(
                    (forbidden.status, missing.status),
                    (404, 404),
                    "{} {tail}",
                    who.name
                );
                assert_eq!(
                    without_reference(&forbidden.body),
                    without_reference(&missing.body)
                );
            }
        }
    })
    .await;
}

/// The page without the number under which the log has it, which is random.
fn without_reference(body: &str) -> String {
    body.split("<span class=\"cusp-reference\">")
        .enumerate()
        .map(|(n, part)| {
            if n == 0 {
                part
            } else {
                part.split_once("</span>").map_or("", |(_, rest)| rest)
            }
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_headers() {
    on_each_engine(|world| async move {
        for path in [
            "/sign-in",
            "/my-day",
            "/nothing-here",
            "/healthz",
            "/account",
        ] {
            let answer = world.get(&cast::SOCIAL_WORKER, path).await;
            for (name, part) in [
                ("content-security-policy", "default-src 'none'"),
                ("content-security-policy", "frame-ancestors 'none'"),
                ("cache-control", "no-store"),
                ("referrer-policy", "no-referrer"),
                ("x-content-type-options", "nosniff"),
                ("cross-origin-opener-policy", "same-origin"),
                ("strict-transport-security", "max-age="),
            ] {
                let value = answer.headers.get(name).map_or("", String::as_str);
                assert!(value.contains(part), "{path}: {name}: {value}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_client_can_see_the_screen_no_route_shows_more() {
    on_each_engine(|world| async move {
        let case = case_with_both_lines(&world).await;
        let maren = &cast::PRACTITIONER;
        let screen = format!("/cases/{case}/screen");
        let csrf = world.csrf(maren).await;
        world.get(maren, &screen).await.is(200).shows("Maren");
        world.post(maren, &screen, &[]).await.is(303);
        for route in cusp::routes().list() {
            if matches!(route.path, "/sign-out" | "/demo/become" | "/demo/clock")
                || route.path == "/unlock"
            {
                continue;
            }
            let path = filled(route.path, &case);
            let answer = if route.method == "GET" {
                world.get(maren, &path).await
            } else {
                world
                    .post_raw(maren, &path, &[("csrf", &csrf), ("note", "typed")])
                    .await
            };
            // Another page of the case asks for the password in its turn.
            let refused = answer.status == 303
                && (answer.location.starts_with("/unlock")
                    || answer.location.starts_with(&format!("/cases/{case}")));
            assert!(
                refused
                    || matches!(answer.status, 200 | 403 | 422)
                    || route.permission() == "public",
                "{} {path}: {} {}",
                route.method,
                answer.status,
                answer.location
            );
            // Names of other workers and words of the case stand on no page that is still answered; what
            // anybody may open without signing in says nothing of this case.
            if route.permission() != "public" {
                for secret in referral::MONTY.secrets.iter().chain(&["Adaeze", "Sunniva"]) {
                    assert!(!answer.body.contains(secret), "{path} shows “{secret}”");
                }
            }
        }
        // What was typed beside it comes back after the password, as from a locked session.
        let typed = [("csrf", csrf.as_str()), ("why", "Typed in another tab")];
        let kept = world
            .post_raw(maren, &format!("/cases/{case}/waiting"), &typed)
            .await;
        assert!(
            kept.is(303).location.starts_with("/unlock?held="),
            "{kept:?}"
        );
        world
            .get(maren, &kept.location)
            .await
            .is(200)
            .shows("What you had typed is kept");
    })
    .await;
}
