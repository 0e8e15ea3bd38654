//! Staff mail: written with the fact it tells of, sent as each user chose, holding nothing.


use crate::support::*;

use crate::support::browser::*;

use axum::response::Response;
use cusp::{
    demo::cast::{self, Persona},
    mail::{self, MailKind},
};
use kernel::ids::UserId;
use platform::{App, Error, Own, Pressed, Result, Routes, outbox, see_other};

struct Told(UserId);
impl platform::Event for Told {
    fn name(&self) -> &'static str {
        "told"
    }
    fn item(&self) -> String {
        self.0.to_string()
    }
}

/// Tells `user` of `kind`; fails afterwards if `fails` was posted.
async fn tell(own: Own, pressed: Pressed) -> Result<Response> {
    let user: UserId = pressed.typed.get("user").parse().unwrap();
    let kind = MailKind::from_code(pressed.typed.get("kind")).unwrap();
    let fails = !pressed.typed.get("fails").is_empty();
    own.change(move |office| {
        let now = office.now();
        let path = "/cases/0198f000-0000-7000-8000-000000000001";
        mail::queue(office.conn(), user, kind, path, now)?;
        if fails {
            Err(Error::Stale.into())
        } else {
            Ok((Told(user), ()))
        }
    })
    .await?;
    Ok(see_other("/"))
}

fn routes() -> Routes {
    Routes::new().post("/test/tell", tell)
}

async fn queue(world: &World, app: &App, to: &Persona, kinds: &[&str]) {
    let desk = Browser::of(world, app, &cast::SERVICE_MANAGER, routes()).await;
    let user = to.id.to_string();
    for kind in kinds {
        desk.post("/test/tell", &[("user", &user), ("kind", kind)])
            .await
            .is(303);
    }
}

fn mails(world: &World) -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(world.folder().join("mail")) else {
        return Vec::new();
    };
    let paths = folder.map(|file| file.unwrap().path());
    paths
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect()
}

async fn sent(app: &App) -> usize {
    let done = mail::deliver(app).await.unwrap();
    assert_eq!((done.failed, done.given_up), (0, 0));
    done.sent
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_holds_a_reference_and_a_link() {
    on_each_engine(|world| async move {
        let app = world.app.clone();
        queue(&world, &app, &cast::PRACTITIONER, &["allocation"]).await;
        assert_eq!(sent(&app).await, 1);
        assert_eq!(sent(&app).await, 0, "once");
        let mails = mails(&world);
        let [mail] = mails.as_slice() else {
            panic!("{mails:?}")
        };
        let (head, body) = mail.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("To: maren.okafor@example.org"), "{head}");
        assert!(head.contains("From: Cusp <no-reply@example.org>"), "{head}");
        assert!(
            head.contains("Subject: Something has been given to you"),
            "{head}"
        );
        let lines: Vec<&str> = body.split_whitespace().collect();
        let [link, word, reference] = lines.as_slice() else {
            panic!("{body}")
        };
        assert_eq!(
            *link,
            "http://127.0.0.1:8080/cases/0198f000-0000-7000-8000-000000000001"
        );
        assert_eq!(*word, "Reference");
        assert_eq!(reference.len(), 9, "{reference}");
        for word in [
            "refer", "abuse", "domestic", "client", "survivor", "harbour",
        ] {
            assert!(!head.to_lowercase().contains(word), "{head}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_mail_without_its_fact() {
    on_each_engine(|world| async move {
        let app = world.app.clone();
        let desk = Browser::of(&world, &app, &cast::SERVICE_MANAGER, routes()).await;
        let user = cast::PRACTITIONER.id.to_string();
        let fields = [
            ("user", user.as_str()),
            ("kind", "allocation"),
            ("fails", "yes"),
        ];
        desk.post("/test/tell", &fields).await.is(409);
        assert_eq!(sent(&app).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_user_chooses_what_to_be_told_and_when() {
    on_each_engine(|world| async move {
        let app = world.app.clone();
        let hers = Browser::of(&world, &app, &cast::PRACTITIONER, routes()).await;
        hers.get("/account").await.is(200).shows("At once");
        let page = hers.get("/account/mail").await.is(200);
        assert_eq!(page.body.matches("value=\"at_once\" checked").count(), 3);
        assert_eq!(
            page.body.matches("value=\"morning\" checked").count(),
            1,
            "what is due"
        );
        hers.post("/account/mail", &[("allocation", "morning")])
            .await
            .is(200)
            .shows("There is a problem");
        let choose = [
            ("new_referral", "never"),
            ("allocation", "morning"),
            ("acknowledgement", "at_once"),
            ("due_soon", "morning"),
        ];
        hers.post("/account/mail", &choose)
            .await
            .leads_to("/account?said=mail");
        hers.get("/account?said=mail")
            .await
            .is(200)
            .shows("Your choice was saved");

        // Wednesday 14 October 2026, 10 in the morning.
        let kinds = [
            "new_referral",
            "allocation",
            "acknowledgement",
            "due_soon",
            "due_soon",
        ];
        queue(&world, &app, &cast::PRACTITIONER, &kinds).await;
        assert_eq!(sent(&app).await, 1);
        assert!(mails(&world)[0].contains("There is an answer for you"));
        world.set_clock("2026-10-15T06:59:00Z");
        assert_eq!(sent(&app).await, 0);
        world.set_clock("2026-10-15T07:00:00Z");
        assert_eq!(sent(&app).await, 1, "one mail for all of them");
        let all = mails(&world);
        let morning = all
            .iter()
            .find(|mail| mail.contains("Your summary this morning"))
            .unwrap();
        assert!(
            morning.contains("Given to you: 1\r\nDue soon: 2\r\n"),
            "{morning}"
        );
        assert!(morning.contains("http://127.0.0.1:8080/\r\n"), "{morning}");
        assert!(!morning.contains("/cases/"), "{morning}");
        world.set_clock("2026-10-16T07:00:00Z");
        assert_eq!(sent(&app).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_sent_is_tried_five_times() {
    on_each_engine(|world| async move {
        let mut app = world.app.clone();
        let mut config = (*app.config).clone();
        // Nobody listens there.
        config.mail.to = "smtp://127.0.0.1:9".to_owned();
        app.config = std::sync::Arc::new(config);
        queue(&world, &app, &cast::PRACTITIONER, &["allocation"]).await;
        let mut tries = Vec::new();
        for seconds in [0, 59, 1, 299, 1, 1799, 1, 7199, 1, 86_400, 86_400] {
            pass(&app, seconds);
            let done = mail::deliver(&app).await.unwrap();
            tries.push((done.sent, done.failed, done.given_up));
        }
        let none = (0, 0, 0);
        let failed = (0, 1, 0);
        let expected = [
            failed,
            none,
            failed,
            none,
            failed,
            none,
            failed,
            none,
            (0, 0, 1),
            none,
            none,
        ];
        assert_eq!(tries, expected);
        assert_eq!(outbox::given_up(&app).await.unwrap(), 1);

        // What was not given up goes out when the way is free again.
        queue(&world, &app, &cast::PRACTITIONER, &["allocation"]).await;
        assert_eq!(mail::deliver(&app).await.unwrap().failed, 1);
        pass(&app, 60);
        assert_eq!(sent(&world.app).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_sign_in_is_told_nothing() {
    on_each_engine(|world| async move {
        let app = world.app.clone();
        queue(&world, &app, &cast::SPOC, &["allocation"]).await;
        let boss = Browser::of(&world, &app, &cast::TEAM_MANAGER, routes()).await;
        let page = format!("/agencies/{}/users/{}", cast::LARKMOOR, cast::SPOC.id);
        let version = boss
            .get(&page)
            .await
            .between("name=\"version\" value=\"", "\"");
        boss.post(&format!("{page}/suspend"), &[("version", &version)])
            .await
            .is(303);
        assert_eq!(sent(&app).await, 0);
        assert!(mails(&world).is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_send_each_mail_once() {
    on_each_engine(|world| async move {
        let app = world.app.clone();
        queue(&world, &app, &cast::PRACTITIONER, &["allocation"; 6]).await;
        let (one, two) = tokio::join!(mail::deliver(&app), mail::deliver(&app));
        assert_eq!(one.unwrap().sent + two.unwrap().sent, 6);
        assert_eq!(mails(&world).len(), 6);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_the_password_is_told() {
    on_each_engine(|world| async move {
        let app = real(&world);
        let (browser, worker) = ines(&world, &app).await;
        assert_eq!(sent(&app).await, 1, "the reset");
        let fresh = "saucer copper lantern";
        let fields = [
            ("password", PASSWORD),
            ("new_password", fresh),
            ("again", fresh),
        ];
        browser.get("/account/password").await.is(200);
        browser
            .post("/account/password", &fields)
            .await
            .leads_to("/account");
        assert_eq!(sent(&app).await, 1);
        let all = mails(&world);
        let told = all
            .iter()
            .find(|mail| mail.contains("Your account was changed"))
            .unwrap();
        assert!(told.contains(&format!("To: {}", worker.email)), "{told}");
        assert!(!told.contains("saucer"), "{told}");
    })
    .await;
}
