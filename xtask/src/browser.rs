//! Journeys through the demo in a real browser.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::command::{cargo, number_before, read_lines, root, run};
use crate::guarded::{Guarded, Scratch, free_port};
use crate::machine::chromium;
use crate::report::Outcome;

/// How long the demo may take to play its stories on a busy machine.
const PATIENCE: Duration = Duration::from_mins(3);

/// How long one answer of the server may take before it is asked again.
const ONE_ANSWER: Duration = Duration::from_secs(2);

/// Builds the program, starts its demo on an empty folder and runs the journeys, or those that
/// `chosen` names.
pub fn journeys(chosen: &[String]) -> Result<Outcome, String> {
    let browser = chromium().ok_or("there is no Chromium: name its program in CHROMIUM")?;
    // With the features the tests were built with, so that nothing is compiled twice.
    run(&mut cargo(&["build", "--workspace", "--bin", "cusp"]))?;
    install_driver()?;
    let port = free_port()?;
    let mut demo = start_demo(port)?;

    let mut outcome = Outcome::default();
    let mut counted = false;
    let mut node = Command::new("node");
    node.arg("run.mjs")
        .args(chosen)
        .current_dir(root().join("e2e"))
        .env("BASE_URL", format!("http://127.0.0.1:{port}"))
        .env("CHROMIUM", browser);
    let ended = read_lines(&mut node, |line| {
        if line.starts_with("journeys: ") {
            counted = true;
            outcome.passed = number_before("passed", line);
            outcome.failed = number_before("failed", line);
        }
    })?;
    if outcome.failed > 0 {
        println!("\nthe demo printed{}", demo.last_lines());
    }
    if !counted || (!ended.success() && outcome.failed == 0) {
        return Ok(outcome.and_failed(format!("the journeys were not run to their end: {ended}")));
    }
    Ok(outcome)
}

/// `npm ci` for the library that drives the browser, when its lock file is not the one installed.
fn install_driver() -> Result<(), String> {
    let e2e = root().join("e2e");
    let (lock, installed) = (
        e2e.join("package-lock.json"),
        e2e.join("node_modules/.installed.json"),
    );
    let wanted = fs::read(&lock).map_err(|error| format!("{}: {error}", lock.display()))?;
    if fs::read(&installed).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args([
        "ci",
        "--ignore-scripts",
        "--prefer-offline",
        "--no-audit",
        "--no-fund",
    ])
    // npm's own patience without a network is over a minute.
    .args([
        "--fetch-retries=1",
        "--fetch-retry-mintimeout=1000",
        "--fetch-retry-maxtimeout=5000",
    ])
    .arg("--loglevel=error")
    .current_dir(&e2e);
    run(&mut npm)?;
    fs::write(&installed, wanted).map_err(|error| format!("{}: {error}", installed.display()))
}

/// Starts the demo and waits until it answers.
fn start_demo(port: u16) -> Result<Guarded, String> {
    let scratch = Scratch::new(None)?;
    let (program, listen) = (built_program()?, format!("127.0.0.1:{port}"));
    let data = scratch.path().join("demo");
    let words: [&OsStr; 6] = [
        program.as_ref(),
        "demo".as_ref(),
        "--listen".as_ref(),
        listen.as_ref(),
        "--data".as_ref(),
        data.as_ref(),
    ];
    let mut demo = Guarded::start("cusp demo", scratch, "TERM", words)?;
    demo.wait_until(PATIENCE, || is_healthy(port))?;
    Ok(demo)
}

/// Cargo puts it beside this program, wherever its target folder is.
fn built_program() -> Result<PathBuf, String> {
    let program = env::current_exe()
        .map_err(|error| format!("this program does not know where it is: {error}"))?
        .with_file_name("cusp");
    if program.is_file() {
        Ok(program)
    } else {
        Err(format!("no {}", program.display()))
    }
}

/// Whether `GET /healthz` answers 200.
fn is_healthy(port: u16) -> bool {
    let ask = || {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_read_timeout(Some(ONE_ANSWER))?;
        write!(
            stream,
            "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        std::io::Result::Ok(answer.starts_with(b"HTTP/1.1 200 "))
    };
    ask().unwrap_or(false)
}
