//! Signing in, the second factor, sessions, and what keeps strangers out.

use crate::support::*;

use crate::support::browser::*;

use axum::{
    body::Body,
    http::{Request, header},
};
use cusp::demo::cast;

/// A token, the headers sent with it, and the status that answers.
type Forged<'a> = (Option<&'a str>, &'a [(&'a str, &'a str)], u16);

#[tokio::test(flavor = "multi_thread")]
async fn the_account_page_says_who_i_am() {
    on_each_engine(|world| async move {
        world
            .get(&cast::SOCIAL_WORKER, "/account")
            .await
            .is(200)
            .shows("Ines Calloway")
            .shows("London Borough of Larkmoor")
            .shows("Social worker")
            .shows("name=\"csrf\" value=\"");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_demo_one_becomes_somebody() {
    on_each_engine(|world| async move {
        let browser = Browser::new(&world.app);
        let page = browser
            .get("/sign-in")
            .await
            .is(200)
            .shows("cusp demonstration 2026");
        for persona in cast::CAST {
            assert!(
                page.body
                    .contains(&format!(">Become {}</button>", persona.name))
            );
        }
        let user = cast::PRACTITIONER.id.to_string();
        browser
            .post("/demo/become", &[("user", &user)])
            .await
            .leads_to("/");
        browser.get("/account").await.is(200).shows("Maren Okafor");
        // And on to the next, from the bar on every page.
        let user = cast::EVALUATOR.id.to_string();
        browser
            .post("/demo/become", &[("user", &user)])
            .await
            .leads_to("/");
        browser.get("/account").await.is(200).shows("Yusra Fenwick");
        // Nobody but the cast: not the mailbox, not a made-up user.
        for user in ["00000000-0000-0000-0000-000000000001", "", "x"] {
            browser
                .post("/demo/become", &[("user", user)])
                .await
                .is(404);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_demo_the_day_is_chosen_and_nobody_is_signed_out() {
    on_each_engine(|world| async move {
        let browser = Browser::of(&world, &world.app, &cast::SPOC, platform::Routes::new()).await;
        for (date, words) in [
            ("2026-12-24", "Thursday 24 December 2026"),
            ("2026-07-01", "Wednesday 1 July 2026"),
        ] {
            browser
                .post("/demo/clock", &[("date", date)])
                .await
                .leads_to("/");
            browser
                .get("/account")
                .await
                .is(200)
                .shows("Rohan Beckett")
                .shows(words);
            assert!(
                world.app.clock.now().words().ends_with("9:00am"),
                "in London"
            );
        }
        for date in ["", "yesterday", "2026-02-30", "9999-12-31"] {
            browser.post("/demo/clock", &[("date", date)]).await.is(422);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn outside_the_demo_there_are_no_controls() {
    on_each_engine(|world| async move {
        let app = real(&world);
        let browser = Browser::of(&world, &app, &cast::SPOC, platform::Routes::new()).await;
        browser.get("/account").await.is(200).hides("/demo/");
        let user = cast::SERVICE_MANAGER.id.to_string();
        browser
            .post("/demo/become", &[("user", &user)])
            .await
            .is(404);
        browser
            .post("/demo/clock", &[("date", "2026-12-24")])
            .await
            .is(404);
        let stranger = Browser::new(&app);
        stranger
            .get("/sign-in")
            .await
            .is(200)
            .hides("Become")
            .hides("demonstration");
        stranger
            .post("/demo/become", &[("user", &user)])
            .await
            .is(404);
        assert!(
            platform::identity::sessions::become_persona(&app, cast::SPOC.id)
                .await
                .is_err()
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_signs_in_with_password_and_code() {
    on_each_engine(|world| async move {
        let app = real(&world);
        let (first, worker) = ines(&world, &app).await;
        first
            .get("/account")
            .await
            .is(200)
            .shows("Ines Calloway")
            .shows("Firefox on Linux");

        let second = Browser::new(&app);
        second
            .get("/account")
            .await
            .leads_to("/sign-in?next=/account");
        second.get("/sign-in?next=/account").await.is(200);
        let fields = [
            ("email", "INES.Calloway@example.org "),
            ("password", PASSWORD),
        ];
        let mut onward = fields.to_vec();
        onward.push(("next", "/account?x=1"));
        let place = second
            .post("/sign-in", &onward)
            .await
            .leads_to("/sign-in/code")
            .location;
        assert!(
            second.cookie("cusp").is_none(),
            "a password alone opens nothing"
        );
        second.get("/account").await.leads_to("/sign-in");
        second.get(&place).await.is(200).shows("Enter your code");
        let right = code(&app, &worker.secret);
        let wrong = if right == "000000" {
            "000001"
        } else {
            "000000"
        };
        second
            .post("/sign-in/code", &[("code", wrong)])
            .await
            .is(200)
            .shows("not right");
        assert!(second.cookie("cusp").is_none());
        second
            .post(
                "/sign-in/code",
                &[("code", &right), ("next", "/account?x=1")],
            )
            .await
            .leads_to("/account?x=1");
        second.get("/account").await.is(200).shows("Ines Calloway");
        // The step is used up, and so is the code.
        second
            .post("/sign-in/code", &[("code", &right)])
            .await
            .leads_to("/sign-in");

        let third = Browser::new(&app);
        third
            .post("/sign-in", &fields)
            .await
            .leads_to("/sign-in/code");
        third
            .post("/sign-in/code", &[("code", &right)])
            .await
            .is(200)
            .shows("was used before");
        pass(&app, 60);
        let fresh = code(&app, &worker.secret);
        third
            .post("/sign-in/code", &[("code", &fresh)])
            .await
            .leads_to("/");
        assert!(app.verify_audit().await.unwrap().found.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn between_password_and_code_lie_ten_minutes() {
    on_each_engine(|world| async move {
        let app = real(&world);
        let (_, worker) = ines(&world, &app).await;
        let browser = Browser::new(&app);
        let fields = [("email", worker.email.as_str()), ("password", PASSWORD)];
        browser
            .post("/sign-in", &fields)
            .await
            .leads_to("/sign-in/code");
        pass(&app, 600);
        browser.get("/sign-in/code").await.leads_to("/sign-in");
        let fresh = code(&app, &worker.secret);
        browser
            .post("/sign-in/code", &[("code", &fresh)])
            .await
            .leads_to("/sign-in");
        // The step of somebody who must enrol is no step for a code, and the other way about.
        browser.get("/sign-in/enrol").await.leads_to("/sign-in");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_works_once() {
    on_each_engine(|world| async move {
        let app = real(&world);
        let (_, worker) = ines(&world, &app).await;
        let fields = [("email", worker.email.as_str()), ("password", PASSWORD)];
        let typed = worker.recovery[3].to_lowercase().replace('-', " ");
        let browser = Browser::new(&app);
        browser.post("/sign-in", &fields).await.leads_to("/sign-in/code");
        let said = browser.post("/sign-in/code", &[("code", &typed)]).await.leads_to("/account");
        browser
            .get(&said.location)
            .await
            .is(200)
            .shows("which does not work again")
            .shows("Recovery codes left</dt><dd class=\"govuk-summary-list__value cusp-text\" dir=\"auto\">9<");
        let again = Browser::new(&app);
        again.post("/sign-in", &fields).await.leads_to("/sign-in/code");
        again.post("/sign-in/code", &[("code", &typed)]).await.is(200).shows("not right");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_no_app_yet_must_set_one_up() {
    on_each_engine(|world| async move {
        let app = real(&world);
        let link = link_for(&world, &app, &cast::TEAM_MANAGER, &cast::SOCIAL_WORKER).await;
        let browser = Browser::new(&app);
        let chosen = [("new_password", PASSWORD), ("again", PASSWORD)];
        browser.get(&link).await.is(200);
        browser
            .post(&link, &chosen)
            .await
            .leads_to("/sign-in/enrol");
        browser.get("/account").await.leads_to("/sign-in");
        // The browser is closed; later only the password is known.
        let later = Browser::new(&app);
        let fields = [
            ("email", "ines.calloway@example.org"),
            ("password", PASSWORD),
        ];
        later
            .post("/sign-in", &fields)
            .await
            .leads_to("/sign-in/enrol");
        let page = later.get("/sign-in/enrol").await.is(200);
        later
            .post("/sign-in/enrol", &[("code", "12")])
            .await
            .is(200)
            .shows("not right");
        let same = later.get("/sign-in/enrol").await;
        let key = |got: &Got| got.between("<span class=\"cusp-reference\">", "<");
        assert_eq!(key(&page), key(&same), "a second try is with the same key");
        later.get("/account").await.leads_to("/sign-in");
        let typed = code(&app, &key(&page));
        later
            .post("/sign-in/enrol", &[("code", &typed)])
            .await
            .is(200)
            .shows("recovery codes");
        later.get("/account").await.is(200).shows("Ines Calloway");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_answer_to_every_wrong_guess() {
    on_each_engine(|world| async move {
        let app = real(&world);
        let (_, worker) = ines(&world, &app).await;
        let guess = |email: &'static str, password: &'static str| {
            let browser = Browser::new(&app);
            async move {
                let fields = [("email", email), ("password", password)];
                let got = browser.post("/sign-in", &fields).await;
                let mut headers = got.headers.clone();
                // The address is drawn again, so the length is its.
                headers.retain(|(name, _)| name != "content-length");
                headers.sort();
                let cookies = browser.cookies();
                (
                    got.status,
                    headers,
                    got.body.replace(email, "EMAIL"),
                    cookies,
                )
            }
        };
        let wrong = guess("ines.calloway@example.org", "not her password at all").await;
        assert_eq!(wrong.0, 200);
        assert!(
            wrong
                .2
                .contains("The e-mail address or the password is not right")
        );
        assert!(
            !wrong.2.contains("not her password"),
            "a password is never drawn again"
        );
        // An unknown address; one who never chose a password, with none; the mailbox.
        let unknown = guess("nobody.at.all@example.org", "not her password at all").await;
        assert_eq!(wrong, unknown);
        for email in ["rohan.beckett@example.org", "mailbox@system.invalid"] {
            assert_eq!(
                wrong,
                guess(email, "not her password at all").await,
                "{email}"
            );
        }

        // Suspended, with the right password.
        let desk = Browser::of(&world, &app, &cast::TEAM_MANAGER, platform::Routes::new()).await;
        let page = format!(
            "/agencies/{}/users/{}",
            cast::LARKMOOR,
            cast::SOCIAL_WORKER.id
        );
        let version = desk
            .get(&page)
            .await
            .between("name=\"version\" value=\"", "\"");
        desk.post(&format!("{page}/suspend"), &[("version", &version)])
            .await
            .leads_to(&page);
        assert_eq!(wrong, guess("ines.calloway@example.org", PASSWORD).await);
        drop(worker);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_stopped_and_locks_nobody_out() {
    on_each_engine(|world| async move {
        let app = real(&world);
        let (hers, worker) = ines(&world, &app).await;
        let stranger = Browser::new(&app);
        let wrong = [
            ("email", worker.email.as_str()),
            ("password", "a guess of a stranger"),
        ];
        for _ in 0..10 {
            stranger.post("/sign-in", &wrong).await.is(200);
        }
        let stopped = stranger
            .post("/sign-in", &wrong)
            .await
            .is(429)
            .shows("Wait 5 minutes");
        assert!((290..=300).contains(&stopped.header("retry-after").parse::<i64>().unwrap()));
        // The right password does not help a stranger now, from no other device either.
        let right = [("email", worker.email.as_str()), ("password", PASSWORD)];
        stranger.post("/sign-in", &right).await.is(429);
        Browser::new(&app).post("/sign-in", &right).await.is(429);
        // The worker signs in from the device that signed in before.
        hers.post("/sign-out", &[]).await.leads_to("/sign-in");
        assert!(hers.cookie("cusp").is_none());
        sign_in(&hers, &app, &worker).await;
        hers.get("/account").await.is(200);
        // Her device's cookie is hers alone: on another account, or forged, it counts for nothing.
        let (name, value) = hers
            .cookies()
            .into_iter()
            .find(|(name, _)| name.starts_with("cusp-d-"))
            .unwrap();
        let forger = Browser::new(&app);
        let (device, seal) = value.split_once('.').unwrap();
        forger.set_cookie(&name, &format!("x{device}.{seal}"));
        forger.post("/sign-in", &right).await.is(429);
        // Others are not stopped, and after five minutes nobody is.
        stranger
            .post(
                "/sign-in",
                &[("email", "rohan.beckett@example.org"), ("password", "x")],
            )
            .await
            .is(200);
        pass(&app, 300);
        stranger
            .post("/sign-in", &right)
            .await
            .leads_to("/sign-in/code");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_at_an_unknown_address_are_counted_alike() {
    on_each_engine(|world| async move {
        let app = real(&world);
        let fields = [("email", "nobody.at.all@example.org"), ("password", "x")];
        let browser = Browser::new(&app);
        for _ in 0..10 {
            browser.post("/sign-in", &fields).await.is(200);
        }
        browser.post("/sign-in", &fields).await.is(429);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_guesses_at_once_are_no_more_than_ten() {
    on_each_engine(|world| async move {
        let app = real(&world);
        let tries = (0..24).map(|_| {
            let browser = Browser::new(&app);
            tokio::spawn(async move {
                let fields = [("email", "rohan.beckett@example.org"), ("password", "x")];
                browser.post("/sign-in", &fields).await.status
            })
        });
        let tries: Vec<_> = tries.collect();
        let mut let_through = 0;
        for done in tries {
            let_through += usize::from(done.await.unwrap() == 200);
        }
        assert_eq!(let_through, 10);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_at_the_code_are_counted_too() {
    on_each_engine(|world| async move {
        let app = real(&world);
        let (_, worker) = ines(&world, &app).await;
        let thief = Browser::new(&app);
        let right = [("email", worker.email.as_str()), ("password", PASSWORD)];
        thief
            .post("/sign-in", &right)
            .await
            .leads_to("/sign-in/code");
        for _ in 0..10 {
            thief
                .post("/sign-in/code", &[("code", "abc")])
                .await
                .is(200);
        }
        let now = code(&app, &worker.secret);
        thief.post("/sign-in/code", &[("code", &now)]).await.is(429);
        thief.post("/sign-in", &right).await.is(429);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_not_ours_is_refused() {
    on_each_engine(|world| async move {
        let choices: Vec<(&str, &str)> =
            ["new_referral", "allocation", "acknowledgement", "due_soon"]
                .into_iter()
                .map(|kind| (kind, "never"))
                .collect();
        let routes = platform::Routes::new;
        let hers = Browser::of(&world, &world.app, &cast::SOCIAL_WORKER, routes()).await;
        let his = Browser::of(&world, &world.app, &cast::TEAM_MANAGER, routes()).await;
        let (own, other) = (hers.csrf(), his.csrf());
        assert_ne!(own, other);
        let with = |token: Option<&str>| {
            let mut fields: Vec<(String, String)> = choices
                .iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
                .collect();
            if let Some(token) = token {
                fields.push(("csrf".to_owned(), token.to_owned()));
            }
            fields
        };
        let cases: [Forged<'_>; 10] = [
            (None, &[], 403),
            (Some(""), &[], 403),
            (Some("0000"), &[], 403),
            (Some(&other), &[], 403),
            (Some(&own), &[("sec-fetch-site", "cross-site")], 403),
            (Some(&own), &[("sec-fetch-site", "same-site")], 403),
            (
                Some(&own),
                &[
                    ("host", "cusp.example"),
                    ("origin", "https://elsewhere.example"),
                ],
                403,
            ),
            (
                Some(&own),
                &[("host", "cusp.example"), ("origin", "null")],
                403,
            ),
            (
                Some(&own),
                &[("host", "cusp.example"), ("origin", "https://cusp.example")],
                303,
            ),
            (Some(&own), &[("sec-fetch-site", "same-origin")], 303),
        ];
        for (token, headers, status) in cases {
            let fields = with(token);
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(n, v)| (n.as_str(), v.as_str()))
                .collect();
            let got = hers.post_raw("/account/mail", &fields, headers).await;
            assert_eq!(got.status, status, "{token:?} {headers:?}");
        }
        // Before signing in there is no token to know; the browser's word still counts.
        let stranger = Browser::new(&world.app);
        let fields = [("email", "a@example.org"), ("password", "x")];
        let cross = [("sec-fetch-site", "cross-site")];
        assert_eq!(
            stranger.post_raw("/sign-in", &fields, &cross).await.status,
            403
        );
        // Nothing is changed by asking for a page.
        hers.get("/sign-out").await.is(405);
        hers.get("/account").await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_answer_carries_the_headers() {
    on_each_engine(|world| async move {
        let who = &cast::SOCIAL_WORKER;
        let version = world
            .get(who, "/account")
            .await
            .body
            .split_once("/assets/")
            .unwrap()
            .1
            .split_once('/')
            .unwrap()
            .0
            .to_owned();
        let mut answers = vec![
            ("page", world.get(who, "/account").await, 200),
            ("redirect", world.get_as_nobody("/account").await, 303),
            ("absent", world.get(who, "/no/such/page").await, 404),
            (
                "not hers",
                world
                    .get(who, &format!("/agencies/{}/users", cast::HARBOUR))
                    .await,
                404,
            ),
            (
                "forged",
                world.post_raw(who, "/account/mail", &[]).await,
                403,
            ),
            (
                "unknown field",
                world.post(who, "/account/mail", &[("x", "1")]).await,
                422,
            ),
            ("well", world.get_as_nobody("/healthz").await, 200),
            (
                "look",
                world
                    .get_as_nobody(&format!("/assets/{version}/app.css"))
                    .await,
                200,
            ),
            ("sign-in", world.get_as_nobody("/sign-in").await, 200),
            (
                "no link",
                world.get_as_nobody("/invitation/none").await,
                410,
            ),
            (
                "long",
                world
                    .post(who, "/account/mail", &[("x", &"x".repeat(2 << 20))])
                    .await,
                413,
            ),
            ("signed out", world.post(who, "/sign-out", &[]).await, 303),
        ];
        let wrong = [("email", "a@example.org"), ("password", "x")];
        for _ in 0..10 {
            world.post_raw(&cast::SPOC, "/sign-in", &wrong).await;
        }
        let csrf = world.csrf(&cast::SPOC).await;
        let mut counted = wrong.to_vec();
        counted.push(("csrf", &csrf));
        for _ in 0..10 {
            world.post_raw(&cast::SPOC, "/sign-in", &counted).await;
        }
        answers.push((
            "too many",
            world.post_raw(&cast::SPOC, "/sign-in", &counted).await,
            429,
        ));
        for (what, answer, status) in answers {
            assert_eq!(answer.status, status, "{what}: {}", answer.body);
            let policy = &answer.headers["content-security-policy"];
            for part in [
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                "frame-ancestors 'none'",
                "base-uri 'none'",
                "form-action 'self'",
                "require-trusted-types-for 'script'",
            ] {
                assert!(policy.contains(part), "{what}: {part}");
            }
            assert!(!policy.contains("unsafe"), "{what}");
            for (name, value) in [
                ("referrer-policy", "no-referrer"),
                ("x-content-type-options", "nosniff"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
                (
                    "strict-transport-security",
                    "max-age=63072000; includeSubDomains",
                ),
            ] {
                assert_eq!(
                    answer.headers.get(name).map(String::as_str),
                    Some(value),
                    "{what}"
                );
            }
            if what != "look" {
                assert_eq!(answer.headers["cache-control"], "no-store", "{what}");
            }
            let lower = answer.body.to_lowercase();
            if answer
                .headers
                .get("content-type")
                .is_some_and(|kind| kind.contains("html"))
            {
                for inline in [" style=", "<style", "<script>", " onclick=", "javascript:"] {
                    assert!(!lower.contains(inline), "{what} with {inline}");
                }
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_are_kept_from_scripts_and_other_sites() {
    on_each_engine(|world| async move {
        let mut app = world.app.clone();
        let mut config = (*app.config).clone();
        config.session.secure_cookies = true;
        app.config = std::sync::Arc::new(config);
        let browser = Browser::new(&app);
        browser.get("/sign-in").await;
        let user = cast::SPOC.id.to_string();
        let first = browser
            .post("/demo/become", &[("user", &user)])
            .await
            .is(303);
        let cookie = first.header("set-cookie");
        assert!(cookie.starts_with("__Host-cusp="), "{cookie}");
        for flag in ["; Path=/", "; HttpOnly", "; SameSite=Strict", "; Secure"] {
            assert!(cookie.contains(flag), "{cookie}");
        }
        assert!(
            !cookie.contains("Domain") && !cookie.contains("Max-Age"),
            "{cookie}"
        );
        let before = browser.cookie("__Host-cusp").unwrap();
        browser.get("/account").await.is(200);
        browser
            .post("/demo/become", &[("user", &user)])
            .await
            .is(303);
        let after = browser.cookie("__Host-cusp").unwrap();
        assert_ne!(before, after, "a new token at each sign-in");
        assert_eq!(after.len(), 64);
        browser.set_cookie("__Host-cusp", &before);
        browser.get("/account").await.leads_to("/sign-in");

        // The three cookies of a real sign-in.
        let mut config = (*app.config).clone();
        config.demo = false;
        app.config = std::sync::Arc::new(config);
        let link = link_for(
            &world,
            &real(&world),
            &cast::TEAM_MANAGER,
            &cast::SOCIAL_WORKER,
        )
        .await;
        let browser = Browser::new(&app);
        browser.get(&link).await;
        let fields = [("new_password", PASSWORD), ("again", PASSWORD)];
        let step = browser.post(&link, &fields).await.is(303);
        let page = browser.get("/sign-in/enrol").await;
        let secret = page.between("<span class=\"cusp-reference\">", "<");
        let fields = [("code", code(&app, &secret))];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let entered = browser.post("/sign-in/enrol", &fields).await.is(200);
        let all: Vec<&str> = step
            .all("set-cookie")
            .into_iter()
            .chain(entered.all("set-cookie"))
            .collect();
        assert_eq!(all.len(), 4, "{all:?}");
        for cookie in all {
            for flag in [
                "__Host-cusp",
                "; Path=/",
                "; HttpOnly",
                "; SameSite=Strict",
                "; Secure",
            ] {
                assert!(cookie.contains(flag), "{cookie}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_locks_and_gives_back_what_was_typed() {
    on_each_engine(|world| async move {
        let app = real(&world);
        let (browser, _) = ines(&world, &app).await;
        browser.get("/account/mail").await.is(200);
        let (csrf, before) = (browser.csrf(), browser.cookie("cusp").unwrap());
        pass(&app, 30 * 60 + 60);
        let typed = [
            ("csrf", csrf.as_str()),
            ("new_referral", "never"),
            ("allocation", "morning"),
            ("acknowledgement", "never"),
            ("due_soon", "never"),
        ];
        // A page comes back by its address; a form is kept.
        browser
            .get("/account/mail")
            .await
            .leads_to("/unlock?next=/account/mail");
        let kept = browser
            .post_raw("/account/mail", &typed, &[])
            .await
            .leads_to("/unlock?held=");
        // A form of somebody else is not.
        let mut forged = typed.to_vec();
        forged[0] = ("csrf", "0");
        browser
            .post_raw("/account/mail", &forged, &[])
            .await
            .is(403);
        let locked = browser
            .get(&kept.location)
            .await
            .is(200)
            .shows("What you had typed is kept")
            .shows("Ines Calloway")
            .shows("Sign out")
            .hides("/account/mail");
        let held = locked.between("name=\"held\" value=\"", "\"");
        let wrong = [("password", "not her password"), ("held", &held)];
        browser
            .post("/unlock", &wrong)
            .await
            .is(200)
            .shows("not right")
            .shows(&held);
        browser.get("/account").await.leads_to("/unlock");
        let right = [("password", PASSWORD), ("held", held.as_str())];
        let back = browser.post("/unlock", &right).await.leads_to("/held/");
        assert_ne!(
            before,
            browser.cookie("cusp").unwrap(),
            "a new token after the password"
        );
        let page = browser
            .get(&back.location)
            .await
            .is(200)
            .shows("What you had typed is back")
            .shows("name=\"allocation\" value=\"morning\"");
        // Nobody else sees it.
        let other = Browser::of(&world, &app, &cast::TEAM_MANAGER, platform::Routes::new()).await;
        other.get(&back.location).await.is(404);
        let action = page.between("action=\"/account/mail", "\"");
        let again: Vec<(&str, &str)> = typed[1..].to_vec();
        let action = format!("/account/mail{}", action.replace("&amp;", "&"));
        browser
            .post(&action, &again)
            .await
            .leads_to("/account?said=mail");
        browser
            .get("/account/mail")
            .await
            .shows("value=\"morning\" checked");
        browser.get(&back.location).await.is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_session_opens_nothing_and_guesses_are_counted() {
    on_each_engine(|world| async move {
        let app = real(&world);
        let (browser, _) = ines(&world, &app).await;
        let csrf = browser.csrf();
        pass(&app, 31 * 60);
        let secrets = [
            ("csrf", csrf.as_str()),
            ("password", PASSWORD),
            ("new_password", "another orbit 9 9 9"),
            ("again", "another orbit 9 9 9"),
        ];
        browser.get("/unlock").await.is(200);
        let held = browser
            .post_raw("/account/password", &secrets, &[])
            .await
            .leads_to("/unlock");
        for _ in 0..10 {
            browser
                .post("/unlock", &[("password", "wrong")])
                .await
                .is(200);
        }
        browser
            .post("/unlock", &[("password", PASSWORD)])
            .await
            .is(429);
        pass(&app, 300);
        let id = held.location.split_once("held=").unwrap().1.to_owned();
        for next in ["https://elsewhere.example", "//elsewhere.example"] {
            let fields = [("password", PASSWORD), ("next", next)];
            browser.post("/unlock", &fields).await.leads_to("/");
            pass(&app, 31 * 60);
        }
        browser
            .post("/unlock", &[("password", PASSWORD)])
            .await
            .leads_to("/");
        // Secrets are not kept for later.
        browser
            .get(&format!("/held/{id}"))
            .await
            .is(200)
            .hides("orbit");
        browser
            .post(&format!("/held/{id}/drop"), &[])
            .await
            .leads_to("/");
        browser.get(&format!("/held/{id}")).await.is(404);
        // Not you? Signing out works while locked.
        pass(&app, 31 * 60);
        browser.get("/unlock").await.is(200);
        let out = browser.post("/sign-out", &[]).await.leads_to("/sign-in");
        assert_eq!(out.header("clear-site-data"), "\"cache\", \"storage\"");
        browser.get("/account").await.leads_to("/sign-in");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_twelve_hours_a_session_ends_and_nothing_typed_is_lost() {
    on_each_engine(|world| async move {
        let app = real(&world);
        let (browser, worker) = ines(&world, &app).await;
        browser.get("/account/mail").await.is(200);
        for _ in 0..24 {
            pass(&app, 29 * 60);
            browser.get("/account").await.is(200);
        }
        let csrf = browser.csrf();
        pass(&app, 29 * 60);
        browser
            .get("/account")
            .await
            .leads_to("/sign-in?next=/account");
        let typed = [
            ("csrf", csrf.as_str()),
            ("new_referral", "never"),
            ("allocation", "never"),
            ("acknowledgement", "never"),
            ("due_soon", "never"),
        ];
        // A form without the session's own token is nobody's.
        let mut forged = typed.to_vec();
        forged[0] = ("csrf", "0");
        let got = browser
            .post_raw("/account/mail", &forged, &[])
            .await
            .is(303);
        assert_eq!(got.location, "/sign-in");
        let gone = browser
            .post_raw("/account/mail", &typed, &[])
            .await
            .leads_to("/sign-in?held=");
        let held = browser
            .get(&gone.location)
            .await
            .between("name=\"held\" value=\"", "\"");
        let fields = [
            ("email", worker.email.as_str()),
            ("password", PASSWORD),
            ("held", held.as_str()),
        ];
        let step = browser
            .post("/sign-in", &fields)
            .await
            .leads_to("/sign-in/code?held=");
        browser.get(&step.location).await.is(200);
        let fresh = code(&app, &worker.secret);
        let back = browser
            .post("/sign-in/code", &[("code", &fresh), ("held", &held)])
            .await;
        let place = back.leads_to("/held/").location;
        browser
            .get(&place)
            .await
            .is(200)
            .shows("name=\"allocation\" value=\"never\"");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_sees_and_ends_her_sessions() {
    on_each_engine(|world| async move {
        let app = real(&world);
        let (first, worker) = ines(&world, &app).await;
        let mut second = Browser::new(&app);
        second.agent = "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0";
        sign_in(&second, &app, &worker).await;
        let third = Browser::new(&app);
        sign_in(&third, &app, &worker).await;
        let page = first
            .get("/account")
            .await
            .is(200)
            .shows("Edge on Windows")
            .shows("This one");
        assert_eq!(page.body.matches("/end\"").count(), 2, "not her own");
        // The second is the one whose row says Edge.
        let row = page
            .body
            .split("<tr")
            .find(|row| row.contains("Edge on Windows"))
            .unwrap();
        let end = row
            .split("action=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        // Nobody ends the session of somebody else.
        let other = Browser::of(&world, &app, &cast::TEAM_MANAGER, platform::Routes::new()).await;
        other.post(&end, &[]).await.is(404);
        second.get("/account").await.is(200);
        first.post(&end, &[]).await.leads_to("/account?said=ended");
        second.get("/account").await.leads_to("/sign-in");
        third.get("/account").await.is(200);
        first
            .post("/account/sessions/end-others", &[])
            .await
            .leads_to("/account?said=others");
        third.get("/account").await.leads_to("/sign-in");
        first.get("/account").await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_changes_her_password() {
    on_each_engine(|world| async move {
        let app = real(&world);
        let (first, worker) = ines(&world, &app).await;
        let second = Browser::new(&app);
        sign_in(&second, &app, &worker).await;
        let fresh = "  saucer copper lantern  ";
        first.get("/account/password").await.is(200).shows("autocomplete=\"new-password\"");
        let change = |old: &'static str, new: &'static str, again: &'static str| {
            let first = &first;
            async move {
                let fields = [("password", old), ("new_password", new), ("again", again)];
                first.post("/account/password", &fields).await
            }
        };
        change("wrong password here", fresh, fresh).await.is(200).shows("The password is not right");
        change(PASSWORD, fresh, "something else").await.is(200).shows("differ");
        change(PASSWORD, "too short", "too short").await.is(200).shows("15 characters or more");
        let own = "Calloway kettle marble";
        change(PASSWORD, own, own).await.is(200).shows("must not hold your name");
        let long = "saucer copper lantern, saucer copper lantern, saucer copper lantern, saucer copper lantern, saucer copper lantern, saucer copper lantern";
        change(PASSWORD, long, long).await.is(200).shows("128 characters or fewer");
        second.get("/account").await.is(200);
        change(PASSWORD, fresh, fresh).await.leads_to("/account?said=password");
        second.get("/account").await.leads_to("/sign-in");
        first.get("/account").await.is(200);
        // Spaces at the ends belong to it.
        let try_with = |password: &'static str| {
            let (browser, email) = (Browser::new(&app), worker.email.clone());
            async move {
                let fields = [("email", email.as_str()), ("password", password)];
                browser.post("/sign-in", &fields).await
            }
        };
        try_with(PASSWORD).await.is(200).shows("not right");
        try_with("saucer copper lantern").await.is(200).shows("not right");
        try_with(fresh).await.leads_to("/sign-in/code");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_changes_her_app_and_recovery_codes() {
    on_each_engine(|world| async move {
        let app = real(&world);
        let (browser, worker) = ines(&world, &app).await;
        browser
            .get("/account/second-factor")
            .await
            .is(200)
            .shows("name=\"code\"");
        browser
            .get("/account/second-factor/new")
            .await
            .leads_to("/account/second-factor");
        let proof = |password: &str| {
            [
                ("password", password.to_owned()),
                ("code", code(&app, &worker.secret)),
            ]
        };
        let wrong = proof("wrong password here");
        let fields: Vec<(&str, &str)> = wrong.iter().map(|(n, v)| (*n, v.as_str())).collect();
        browser
            .post("/account/second-factor", &fields)
            .await
            .is(200)
            .shows("not right");
        let right = proof(PASSWORD);
        let fields: Vec<(&str, &str)> = right.iter().map(|(n, v)| (*n, v.as_str())).collect();
        browser
            .post("/account/second-factor", &fields)
            .await
            .leads_to("/account/second-factor/new");
        // A code proves one thing once.
        browser
            .post("/account/recovery-codes", &fields)
            .await
            .is(200)
            .shows("A code works once");
        let page = browser.get("/account/second-factor/new").await.is(200);
        let secret = page.between("<span class=\"cusp-reference\">", "<");
        assert_ne!(secret, worker.secret);
        let shown = browser
            .post(
                "/account/second-factor/new",
                &[("code", &code(&app, &secret))],
            )
            .await
            .is(200)
            .shows("Keep your recovery codes");
        assert!(!shown.body.contains(&worker.recovery[0]));
        pass(&app, 60);
        // The old app and the old codes are void.
        let fields = [("email", worker.email.as_str()), ("password", PASSWORD)];
        let other = Browser::new(&app);
        other
            .post("/sign-in", &fields)
            .await
            .leads_to("/sign-in/code");
        let old = code(&app, &worker.secret);
        other
            .post("/sign-in/code", &[("code", &old)])
            .await
            .is(200)
            .shows("not right");
        let old = worker.recovery[0].clone();
        other
            .post("/sign-in/code", &[("code", &old)])
            .await
            .is(200)
            .shows("not right");
        let fresh = code(&app, &secret);
        other
            .post("/sign-in/code", &[("code", &fresh)])
            .await
            .leads_to("/");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_works_once_and_for_seven_days() {
    on_each_engine(|world| async move {
        let app = real(&world);
        let chosen = [("new_password", PASSWORD), ("again", PASSWORD)];
        let link = link_for(&world, &app, &cast::TEAM_MANAGER, &cast::SOCIAL_WORKER).await;
        let browser = Browser::new(&app);
        let weak = [("new_password", "weak"), ("again", "weak")];
        browser.get(&link).await.is(200).shows("Ines Calloway");
        browser
            .post(&link, &weak)
            .await
            .is(200)
            .shows("15 characters");
        browser
            .post(&link, &chosen)
            .await
            .leads_to("/sign-in/enrol");
        browser.post(&link, &chosen).await.is(410);
        browser
            .get(&link)
            .await
            .is(410)
            .shows("does not work any more");

        // A newer link replaces an older one.
        let older = link_for(&world, &app, &cast::TEAM_MANAGER, &cast::SOCIAL_WORKER).await;
        let newer = link_for(&world, &app, &cast::TEAM_MANAGER, &cast::SOCIAL_WORKER).await;
        assert_ne!(older, newer);
        browser.get(&older).await.is(410);
        browser.get(&newer).await.is(200);
        pass(&app, 7 * 86_400 - 60);
        browser.get(&newer).await.is(200);
        pass(&app, 60);
        browser.get(&newer).await.is(410);
        browser.post(&newer, &chosen).await.is(410);
        for made_up in ["/invitation/0", "/invitation/%00", "/invitation/../x"] {
            assert!(matches!(browser.get(made_up).await.status, 410 | 404 | 400));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_requests_at_once_one_has_the_link_and_one_the_code() {
    on_each_engine(|world| async move {
        let app = real(&world);
        let link = link_for(&world, &app, &cast::TEAM_MANAGER, &cast::SOCIAL_WORKER).await;
        let take = || {
            let (browser, link) = (Browser::new(&app), link.clone());
            tokio::spawn(async move {
                let fields = [("new_password", PASSWORD), ("again", PASSWORD)];
                browser.post(&link, &fields).await.status
            })
        };
        let (one, two) = (take(), take());
        let mut got = [one.await.unwrap(), two.await.unwrap()];
        got.sort_unstable();
        assert_eq!(got, [303, 410]);

        let (_, worker) = ines(&world, &app).await;
        let browser = Browser::new(&app);
        let right = [("email", worker.email.as_str()), ("password", PASSWORD)];
        browser
            .post("/sign-in", &right)
            .await
            .leads_to("/sign-in/code");
        let (name, step) = browser
            .cookies()
            .into_iter()
            .find(|(name, _)| name.ends_with("-step"))
            .unwrap();
        let typed = code(&app, &worker.secret);
        let give = || {
            let (thief, typed) = (Browser::new(&app), typed.clone());
            thief.set_cookie(&name, &step);
            tokio::spawn(async move {
                thief.post("/sign-in/code", &[("code", &typed)]).await;
                thief.cookie("cusp").is_some()
            })
        };
        let (one, two) = (give(), give());
        let entered = [one.await.unwrap(), two.await.unwrap()];
        assert_eq!(entered.iter().filter(|entered| **entered).count(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_voids_everything_at_once() {
    on_each_engine(|world| async move {
        let app = real(&world);
        let (browser, worker) = ines(&world, &app).await;
        let step = Browser::new(&app);
        let right = [("email", worker.email.as_str()), ("password", PASSWORD)];
        step.post("/sign-in", &right)
            .await
            .leads_to("/sign-in/code");
        let link = link_for(&world, &app, &cast::TEAM_MANAGER, &cast::SOCIAL_WORKER).await;
        browser.get("/account").await.leads_to("/sign-in");
        let old = code(&app, &worker.secret);
        step.post("/sign-in/code", &[("code", &old)])
            .await
            .leads_to("/sign-in");
        Browser::new(&app)
            .post("/sign-in", &right)
            .await
            .is(200)
            .shows("not right");
        let anew = Browser::new(&app);
        let again = take_up(&anew, &app, &link, worker.email.clone()).await;
        assert_ne!(again.secret, worker.secret);
        let fields = [("email", worker.email.as_str()), ("password", PASSWORD)];
        let other = Browser::new(&app);
        other
            .post("/sign-in", &fields)
            .await
            .leads_to("/sign-in/code");
        let old = worker.recovery[0].clone();
        other
            .post("/sign-in/code", &[("code", &old)])
            .await
            .is(200)
            .shows("not right");
        assert!(app.verify_audit().await.unwrap().found.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_can_use_any_more_is_dropped() {
    on_each_engine(|world| async move {
        let app = real(&world);
        let (browser, worker) = ines(&world, &app).await;
        let csrf = browser.csrf();
        pass(&app, 31 * 60);
        let fields = [("csrf", csrf.as_str()), ("new_referral", "never")];
        browser
            .post_raw("/account/mail", &fields, &[])
            .await
            .leads_to("/unlock?held=");
        let wrong = [("email", worker.email.as_str()), ("password", "x")];
        Browser::new(&app).post("/sign-in", &wrong).await.is(200);
        link_for(&world, &app, &cast::TEAM_MANAGER, &cast::SOCIAL_WORKER).await;
        let dropped =
            |app: platform::App| async move { platform::identity::prune(&app).await.unwrap() };
        assert_eq!(dropped(app.clone()).await, 0, "all of it may still be used");
        pass(&app, 9 * 86_400);
        assert!(
            dropped(app.clone()).await >= 4,
            "held, counts, link, sessions"
        );
        assert_eq!(dropped(app.clone()).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_request_or_a_strange_one_gets_a_page() {
    on_each_engine(|world| async move {
        for path in [
            "/sign-in?next=a&next=b&held=%00",
            "/unlock?next=//x",
            "/account?said=x&said=y",
            "/held/none",
        ] {
            let got = world.get(&cast::SPOC, path).await;
            assert!(
                matches!(got.status, 200 | 303 | 404),
                "{path} {}",
                got.status
            );
        }
        let request = Request::post("/sign-in")
            .header(header::CONTENT_TYPE, "text/plain")
            .body(Body::from("x"))
            .unwrap();
        assert_eq!(world.send(request).await.status, 403);
    })
    .await;
}
