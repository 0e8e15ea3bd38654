//! Bad days: a full disk, a wrong key, a database that goes away, a process that is killed. Nothing typed is lost, and nothing is readable at rest.

use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    thread,
    time::Duration,
};

use cusp::demo::cast;
use platform::{App, config::write_private};

use crate::support::{World, on_each_engine, referral, wire};

fn is_sqlite(world: &World) -> bool {
    world.app.config.database.url.starts_with("sqlite:")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_writes_and_gives_back_what_was_typed() {
    on_each_engine(|mut world| async move {
        let case = referral::send(&world, &cast::SOCIAL_WORKER, &referral::MONTY).await;
        let path = format!("/cases/{case}/waiting");
        let why = [("why", "Nobody is free before the 26th")];
        if !is_sqlite(&world) {
            // The disk of a database server is not this machine's to measure.
            world
                .post(&cast::SERVICE_MANAGER, &path, &why)
                .await
                .is(303);
            return;
        }
        let mut config = (*world.app.config).clone();
        config.database.disk_reserve_mb = 1 << 40;
        let mut full = world.app.clone();
        full.config = Arc::new(config);
        world.serve(full);
        let answer = world.post(&cast::SERVICE_MANAGER, &path, &why).await;
        answer
            .is(503)
            .shows("disk of the service is full")
            .shows("Nobody is free before the 26th");
        // Reading goes on, and is still on the record.
        world
            .get(&cast::SERVICE_MANAGER, &format!("/cases/{case}"))
            .await
            .is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_is_unreadable_without_its_key() {
    on_each_engine(|world| async move {
        if !is_sqlite(&world) {
            return;
        }
        referral::send(&world, &cast::SOCIAL_WORKER, &referral::MONTY).await;
        for name in ["t.db", "t.db-wal"] {
            let bytes = std::fs::read(world.folder().join(name)).unwrap_or_default();
            for secret in referral::MONTY
                .secrets
                .iter()
                .copied()
                .chain(["SQLite format 3"])
            {
                let found = bytes
                    .windows(secret.len())
                    .any(|window| window == secret.as_bytes());
                assert!(!found, "{name} holds “{secret}”");
            }
        }
        let mut config = (*world.app.config).clone();
        config.database.key_file = world.folder().join("another.key");
        write_private(&config.database.key_file, &"08".repeat(32)).unwrap();
        let said = App::open(config, cusp::hooks())
            .err()
            .map(|error| error.to_string());
        assert!(
            said.unwrap_or_default()
                .contains("the key does not open this database")
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_goes_away_comes_back_and_nothing_typed_is_lost() {
    on_each_engine(|mut world| async move {
        if is_sqlite(&world) {
            // A file on this machine does not go away while it is open.
            return;
        }
        let case = referral::send(&world, &cast::SOCIAL_WORKER, &referral::MONTY).await;
        let path = format!("/cases/{case}/waiting");
        let mut config = (*world.app.config).clone();
        let (before, rest) = config.database.url.rsplit_once('@').unwrap();
        let (server, database) = rest.split_once('/').unwrap();
        let proxy = wire::Proxy::before(server.to_owned());
        config.database.url = format!("{before}@{}/{database}", proxy.address);
        let app = App::open(config, cusp::hooks()).unwrap();
        app.clock.set(world.app.clock.now());
        world.serve(app);
        let csrf = world.csrf(&cast::SERVICE_MANAGER).await;
        let why = [
            ("csrf", csrf.as_str()),
            ("why", "Nobody is free before the 26th"),
        ];
        proxy.cut();
        for _ in 0..2 {
            let answer = world.post_raw(&cast::SERVICE_MANAGER, &path, &why).await;
            answer
                .is(503)
                .shows("cannot reach its records")
                .shows("Nobody is free before the 26th")
                .shows("Send it again")
                .shows(&csrf);
        }
        world
            .get(&cast::SERVICE_MANAGER, &format!("/cases/{case}"))
            .await
            .is(503);
        world.get_as_nobody("/healthz").await.is(503);
        proxy.mend();
        world.get_as_nobody("/healthz").await.is(200);
        world
            .post_raw(&cast::SERVICE_MANAGER, &path, &why)
            .await
            .is(303);
        world
            .get(&cast::SERVICE_MANAGER, &format!("/cases/{case}/allocation"))
            .await
            .is(200)
            .shows("Nobody is free before the 26th");
    })
    .await;
}

/// A server of its own process, killed when the test is over.
struct Served(std::process::Child);

impl Served {
    fn start(address: SocketAddr, data: &Path) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_cusp"))
            .args(["demo", "--listen", &address.to_string(), "--data"])
            .arg(data)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut served = Self(child);
        loop {
            if let Some(answer) = wire::ask(address, "/healthz", "", None)
                && answer.status == 200
            {
                return served;
            }
            assert!(
                served.0.try_wait().unwrap().is_none(),
                "the server did not start"
            );
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// `kill -9`: the process has no say in it.
    fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn what_was_answered_is_there_after_kill_9() {
    let data = std::env::temp_dir().join(format!(
        "cusp_{}",
        kernel::ids::CaseId::random().uuid().simple()
    ));
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let mut served = Served::start(address, &data);
    let page = wire::ask(address, "/sign-in", "", None).unwrap();
    let csrf = page.hidden("csrf");
    let visit = page
        .header("set-cookie")
        .and_then(|cookie| cookie.split(';').next())
        .unwrap_or_default()
        .to_owned();
    let user = cast::SOCIAL_WORKER.id.to_string();
    let become_her = [("csrf", csrf.as_str()), ("user", user.as_str())];
    let signed = wire::ask(address, "/demo/become", &visit, Some(&become_her)).unwrap();
    let cookie = signed
        .header("set-cookie")
        .and_then(|cookie| cookie.split(';').next())
        .unwrap_or_else(|| panic!("{signed:?}"))
        .to_owned();
    let account = wire::ask(address, "/account", &cookie, None).unwrap();
    let csrf = account.hidden("csrf");
    let mut drafts = Vec::new();
    for round in 0..4 {
        let answer = wire::ask(address, "/referrals/new", &cookie, Some(&[("csrf", &csrf)]));
        let draft = answer.unwrap().header("location").unwrap().to_owned();
        let section = format!("{draft}/survivor");
        let page = wire::ask(address, &section, &cookie, None).unwrap();
        let name = format!("Typed in round {round}");
        let fields = [
            ("csrf", csrf.as_str()),
            ("version", &page.hidden("version")),
            ("survivor_name", &name),
        ];
        let saved = wire::ask(address, &section, &cookie, Some(&fields)).unwrap();
        assert_eq!(saved.status, 303, "{saved:?}");
        served.kill();
        drafts.push((section, name));
        served = Served::start(address, &data);
        for (section, name) in &drafts {
            let page = wire::ask(address, section, &cookie, None).unwrap();
            assert!(page.body.contains(name.as_str()), "{name}: {page:?}");
        }
    }
    drop(served);
    let _ = std::fs::remove_dir_all(&data);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_reads_cannot_write() {
    on_each_engine(|world| async move {
        use diesel::RunQueryDsl as _;
        let case = referral::send(&world, &cast::SOCIAL_WORKER, &referral::MONTY).await;
        let stage = format!("SELECT stage AS text FROM casefile WHERE id = '{case}'");
        let before = platform::testing::texts(&world.app, &stage).await.unwrap();
        let done = platform::testing::read(&world.app, |conn| {
            Ok(diesel::sql_query("UPDATE casefile SET stage = 'closed'").execute(conn)?)
        })
        .await;
        assert!(done.is_err());
        let after = platform::testing::texts(&world.app, &stage).await.unwrap();
        assert_eq!(after, before);
        // The connection goes on: the next look and the next change are answered.
        let path = format!("/cases/{case}/waiting");
        world
            .post(&cast::SERVICE_MANAGER, &path, &[("why", "No place yet")])
            .await
            .is(303);
    })
    .await;
}
