//! What a request costs, measured: `cargo xtask bench` runs this in a release build.
//!
//! 10,000 open cases with five entries each and 100 practitioners, filled through the same
//! functions as the service's own; access check, token check and audit on, commits durable. A
//! request goes through the whole router in this process, without the socket. CPU is the process's
//! own and, on PostgreSQL, that of all its server processes.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a measurement that cannot run must stop, and is printed"
)]

mod long;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Instant as Stopwatch,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
};
use cusp::demo::{
    cast, families,
    player::{Player, encoded, hidden},
};
use kernel::{access::Role, ids::UserId, plain::Plain, time::Instant};
use platform::{App, Config, bootstrap::NewUser, identity::sessions};
use tower::ServiceExt as _;

const CASES: usize = 10_000;
const WORKERS: usize = 100;
const SAMPLES: usize = 1_000;

struct Bench {
    app: App,
    router: Router,
    postmaster: Option<u32>,
}

fn main() {
    // A second word is another number of cases, for a quick look; at least twice the samples.
    let count = std::env::args()
        .nth(2)
        .map_or(CASES, |text| text.parse().unwrap());
    let folder = std::env::temp_dir().join(format!("cusp-bench-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(12)
        .enable_all()
        .build()
        .unwrap();
    println!(
        "| engine | request | CPU ms | p50 ms | rows shown | bytes |\n|---|---|---|---|---|---|"
    );
    runtime.block_on(run("SQLCipher", None, &folder, count));
    if let Some(url) = std::env::args().nth(1) {
        runtime.block_on(run("PostgreSQL", Some(url), &folder, count));
    }
    started(&folder);
    fs::remove_dir_all(&folder).unwrap();
}

fn worker(number: usize) -> UserId {
    UserId::from_uuid(uuid::Uuid::from_u128(
        0x7000_0000_0000_4000_8000_0000_0000_0000 + number as u128,
    ))
}

fn config(folder: &Path, url: Option<&String>, careless: bool) -> Config {
    let mut config = Config::parse("").unwrap();
    config.database.key_file = folder.join("database.key");
    config.audit.key_file = folder.join("audit.key");
    config.audit.checkpoint = folder.join("audit.checkpoint");
    platform::config::make_key(&config.database.key_file).unwrap();
    platform::config::make_key(&config.audit.key_file).unwrap();
    config.database.url = url
        .cloned()
        .unwrap_or_else(|| format!("sqlite:{}", folder.join("bench.db").display()));
    config.database.careless = careless;
    config.database.disk_reserve_mb = 1;
    config.session.secure_cookies = false;
    config.mail.to = format!("folder:{}", folder.join("mail").display());
    config.demo = true;
    config.cast = cast::CAST
        .iter()
        .map(|p| (p.id.to_string(), p.name.to_owned()))
        .collect();
    config
        .cast
        .extend((0..WORKERS).map(|n| (worker(n).to_string(), format!("Worker {n}"))));
    config
}

async fn run(engine: &str, url: Option<String>, folder: &Path, count: usize) {
    let filling = config(folder, url.as_ref(), true);
    filling.place().unwrap().migrate().unwrap();
    let app = App::open(filling, cusp::hooks()).unwrap();
    let began = Stopwatch::now();
    let cases = fill(&app, count).await;
    eprintln!("{engine}: filled in {:.0} s", began.elapsed().as_secs_f64());
    drop(app);

    let app = App::open(config(folder, url.as_ref(), false), cusp::hooks()).unwrap();
    app.clock
        .set(Instant::new("2026-10-16T09:00:00Z".parse().unwrap()));
    let postmaster = url.as_ref().and_then(|url| postmaster(url));
    let bench = Bench {
        router: cusp::routes().serve(app.clone()),
        app,
        postmaster,
    };

    let mine = bench.sign_in(worker(0)).await;
    let manager = bench.sign_in(cast::SERVICE_MANAGER.id).await;
    let social = bench.sign_in(cast::SOCIAL_WORKER.id).await;
    bench
        .reads(engine, "own list (my day)", &mine, |_| "/my-day".to_owned())
        .await;
    bench
        .reads(engine, "own list (cases)", &mine, |_| "/cases".to_owned())
        .await;
    bench
        .reads(engine, "service-wide list (what is due)", &manager, |_| {
            "/my-day/service".to_owned()
        })
        .await;
    bench
        .reads(engine, "service-wide list (intake)", &manager, |_| {
            "/intake?stage=allocated".to_owned()
        })
        .await;
    bench
        .reads(engine, "case page, another each time", &manager, |n| {
            format!("/cases/{}", cases[n * 7 % count])
        })
        .await;

    // Of the first worker's cases, half are not yet confirmed.
    let mut open = cases.iter().skip(1).step_by(2);
    let confirmed = [
        ("confirmed_on", "16/10/2026"),
        ("how", "here"),
        ("consultation_on", "23/10/2026"),
        ("meeting", "telephone"),
    ];
    let requests: Vec<_> = (0..SAMPLES)
        .map(|_| {
            (
                format!("/cases/{}/acknowledgement", open.next().unwrap()),
                confirmed.map(|(a, b)| (a, b.to_owned())).to_vec(),
            )
        })
        .collect();
    bench
        .writes(engine, "acknowledge", &manager, requests)
        .await;

    let player = Player::new(&bench.app);
    let mut requests = Vec::new();
    for _ in 0..200 {
        let draft = player
            .draft(&cast::SOCIAL_WORKER, &families::ASHBY)
            .await
            .unwrap();
        let page = player
            .get(&cast::SOCIAL_WORKER, &format!("{draft}/check"))
            .await
            .unwrap();
        requests.push((
            format!("{draft}/check"),
            vec![("version", hidden(&page, "version").unwrap().to_owned())],
        ));
    }
    bench
        .writes(engine, "submit referral", &social, requests)
        .await;
    bench
        .reads(engine, "health (the floor)", &social, |_| {
            "/healthz".to_owned()
        })
        .await;

    let contact = |_| long::contact(&cases[1], "16/10/2026");
    let requests = (0..200).map(contact).collect();
    bench.writes(engine, "add contact", &mine, requests).await;

    long::measure(&bench, engine, &player, config(folder, url.as_ref(), true)).await;
}

/// Opens the cases, allocates each and confirms every second.
async fn fill(app: &App, count: usize) -> Vec<String> {
    app.clock
        .set(Instant::new("2026-10-12T09:00:00Z".parse().unwrap()));
    app.bootstrap(|b| {
        cast::found(b, &Plain::default())?;
        for n in 0..WORKERS {
            b.user(&NewUser {
                id: worker(n),
                agency: cast::HARBOUR,
                team: None,
                name: Plain::new(format!("Worker {n}")),
                email: Plain::new(format!("worker{n}@example.org")),
                phone: None,
                password: None,
                roles: vec![Role::Practitioner],
            })?;
        }
        Ok(())
    })
    .await
    .unwrap();
    let bench = Bench {
        router: cusp::routes().serve(app.clone()),
        app: app.clone(),
        postmaster: None,
    };
    let manager = bench.sign_in(cast::SERVICE_MANAGER.id).await;
    let supervisor = cast::SERVICE_MANAGER.id.to_string();
    let mut cases = Vec::with_capacity(count);
    for n in 0..count {
        let text = form(n);
        let said = cusp::referrals::take_file(app, text.as_bytes())
            .await
            .unwrap();
        let case = said.split("as case ").nth(1).unwrap()[..36].to_owned();
        let worker = worker(n / (count / WORKERS)).to_string();
        let fields = vec![("worker", worker), ("supervisor", supervisor.clone())];
        bench
            .post(&manager, &format!("/cases/{case}/allocation"), &fields)
            .await;
        if n % 2 == 0 {
            let fields = [
                ("confirmed_on", "12/10/2026"),
                ("how", "here"),
                ("consultation_on", "20/10/2026"),
                ("meeting", "video"),
            ];
            let fields = fields.map(|(a, b)| (a, b.to_owned())).to_vec();
            bench
                .post(&manager, &format!("/cases/{case}/acknowledgement"), &fields)
                .await;
        }
        cases.push(case);
        if n % 1000 == 999 {
            eprintln!("  {} cases", n + 1);
        }
    }
    cases
}

/// A form as it arrives as a file; every family another.
fn form(n: usize) -> String {
    let value = serde_json::json!({
        "form": "early_intervention_referral",
        "referrer": { "name": "Ines Calloway", "date_of_referral": "2026-10-12" },
        "victim": { "name": format!("Survivor {n}"), "date_of_birth": "1990-01-31", "address": format!("{n} Heron Court, ZZ99 2AA"), "telephone": "07700 900211", "safe_contact_information": "Weekdays before noon" },
        "perpetrator": { "name": format!("Client {n}"), "date_of_birth": "1988-05-02", "address": format!("{n} Tallow Hill, ZZ99 1TH"), "telephone": "07700 900212", "relationship_to_victim": "Husband" },
        "children": [{ "name": format!("Child {n}"), "date_of_birth": "2017-06-19", "relationship_to_victim": "Son", "relationship_to_perpetrator": "Son" }],
        "reasons": { "risk_factors_background_and_reason": "He shouts at her most evenings, mainly about money and about where she has been.".repeat(5) },
        "awareness": { "victim_aware": "yes", "victim_consented": "yes", "perpetrator_aware": "yes", "perpetrator_consented": "yes" }
    });
    value.to_string()
}

impl Bench {
    async fn sign_in(&self, user: UserId) -> (String, String) {
        let token = sessions::become_persona(&self.app, user).await.unwrap();
        let cookie = format!("{}={token}", self.app.cookie_name());
        let request = Request::get("/account")
            .header(header::COOKIE, &cookie)
            .body(Body::empty())
            .unwrap();
        let (_, page) = self.send(request).await;
        let csrf = hidden(&page, "csrf").unwrap().to_owned();
        (cookie, csrf)
    }

    async fn send(&self, request: Request<Body>) -> (u16, String) {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let status = answer.status().as_u16();
        let bytes = to_bytes(answer.into_body(), 64 << 20).await.unwrap();
        (status, String::from_utf8_lossy(&bytes).into_owned())
    }

    async fn post(&self, who: &(String, String), path: &str, fields: &[(&str, String)]) {
        let mut all: Vec<(&str, &str)> = vec![("csrf", &who.1)];
        all.extend(fields.iter().map(|(name, text)| (*name, text.as_str())));
        let request = Request::post(path)
            .header(header::COOKIE, &who.0)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(encoded(&all)))
            .unwrap();
        let (status, body) = self.send(request).await;
        assert_eq!(status, 303, "{path}: {body}");
    }

    async fn reads(
        &self,
        engine: &str,
        what: &str,
        who: &(String, String),
        path: impl Fn(usize) -> String,
    ) {
        let get = |n: usize| {
            Request::get(path(n))
                .header(header::COOKIE, &who.0)
                .body(Body::empty())
                .unwrap()
        };
        let (mut rows, mut bytes) = (0, 0);
        for n in 0..20 {
            let (status, body) = self.send(get(n)).await;
            assert_eq!(status, 200, "{}: {body}", path(n));
            rows = body
                .matches("<tr class=\"govuk-table__row\"")
                .count()
                .saturating_sub(body.matches("<thead").count());
            bytes = body.len();
        }
        let mut walls = Vec::with_capacity(SAMPLES);
        let before = self.cpu();
        for n in 0..SAMPLES {
            let began = Stopwatch::now();
            self.send(get(n + 20)).await;
            walls.push(began.elapsed());
        }
        self.row(engine, what, before, &mut walls, rows, bytes);
    }

    async fn writes(
        &self,
        engine: &str,
        what: &str,
        who: &(String, String),
        requests: Vec<(String, Vec<(&'static str, String)>)>,
    ) {
        let mut walls = Vec::with_capacity(requests.len());
        let before = self.cpu();
        for (path, fields) in requests {
            let began = Stopwatch::now();
            self.post(who, &path, &fields).await;
            walls.push(began.elapsed());
        }
        self.row(engine, what, before, &mut walls, 0, 0);
    }

    #[expect(clippy::too_many_arguments, reason = "the cells of a row")]
    fn row(
        &self,
        engine: &str,
        what: &str,
        before: f64,
        walls: &mut [std::time::Duration],
        rows: usize,
        bytes: usize,
    ) {
        #[expect(clippy::cast_precision_loss, reason = "a mean of a thousand")]
        let cpu = (self.cpu() - before) * 1000.0 / walls.len() as f64;
        walls.sort();
        let p50 = walls[walls.len() / 2].as_secs_f64() * 1000.0;
        println!("| {engine} | {what} | {cpu:.2} | {p50:.2} | {rows} | {bytes} |");
    }

    /// CPU seconds of this process and of the database's.
    fn cpu(&self) -> f64 {
        let mut total = cpu_of("self");
        if let Some(postmaster) = self.postmaster {
            total += processes()
                .into_iter()
                .filter(|(pid, parent)| *pid == postmaster || *parent == postmaster)
                .map(|(pid, _)| cpu_of(&pid.to_string()))
                .sum::<f64>();
        }
        total
    }
}

fn stat(pid: &str) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(") ")?;
    Some(rest.split(' ').map(str::to_owned).collect())
}

/// User and system time, in ticks of 10 ms; precise enough over a thousand requests.
fn cpu_of(pid: &str) -> f64 {
    stat(pid).map_or(0.0, |fields| {
        (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
    })
}

fn processes() -> BTreeMap<u32, u32> {
    fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
        .filter_map(|pid| Some((pid, stat(&pid.to_string())?[1].parse().ok()?)))
        .collect()
}

/// The server's first process: the one that was told to listen on the port of the address.
fn postmaster(url: &str) -> Option<u32> {
    let port = url.rsplit_once(':')?.1.split('/').next()?.to_owned();
    processes().into_keys().find(|pid| {
        let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let words: Vec<String> = line
            .split(|b| *b == 0)
            .map(|w| String::from_utf8_lossy(w).into_owned())
            .collect();
        words.first().is_some_and(|w| w.ends_with("postgres"))
            && words
                .windows(2)
                .any(|pair| pair[0] == "-p" && pair[1] == port)
    })
}

/// How long until the binary answers on the filled database, and what it holds when idle.
fn started(folder: &Path) {
    let binary = binary();
    if !binary.exists() {
        println!(
            "\n(no {} beside this: start and memory not measured)",
            binary.display()
        );
        return;
    }
    let file = folder.join("cusp.toml");
    let text = format!(
        "listen = '127.0.0.1:18099'\n[database]\nurl = 'sqlite:{0}/bench.db'\nkey_file = '{0}/database.key'\ndisk_reserve_mb = 1\n[audit]\nkey_file = '{0}/audit.key'\ncheckpoint = '{0}/audit.checkpoint'\n[mail]\nto = 'folder:{0}/mail'\n",
        folder.display()
    );
    fs::write(&file, text).unwrap();
    let began = Stopwatch::now();
    let mut served = std::process::Command::new(&binary)
        .args(["serve", "--config"])
        .arg(&file)
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    while std::net::TcpStream::connect("127.0.0.1:18099").is_err() {
        assert!(began.elapsed().as_secs() < 30, "it does not start");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    let ready = began.elapsed().as_secs_f64() * 1000.0;
    std::thread::sleep(std::time::Duration::from_secs(2));
    let status = fs::read_to_string(format!("/proc/{}/status", served.id())).unwrap();
    let rss = status
        .lines()
        .find(|line| line.starts_with("VmRSS"))
        .unwrap_or_default()
        .to_owned();
    served.kill().unwrap();
    served.wait().unwrap();
    println!("\nReady {ready:.0} ms after start on the filled SQLCipher database; idle {rss}");
}

fn binary() -> PathBuf {
    std::env::current_exe()
        .unwrap()
        .parent()
        .unwrap()
        .parent()
        .unwrap()
        .join("cusp")
}
