//! `cargo xtask test`: the steps, in their order.

use std::process::ExitCode;

use crate::browser::journeys;
use crate::command::{cargo, number_before, read_lines, run};
use crate::machine;
use crate::options::{Options, Step};
use crate::postgres::Cluster;
use crate::report::{Outcome, Report};

/// The variable by which the tests learn of PostgreSQL. Without it they run on SQLCipher alone.
const POSTGRES: &str = "CUSP_TEST_POSTGRES";

/// Runs the steps asked for. One that fails does not stop the next, so that one run shows all
/// there is to mend; only a machine that is not ready stops everything.
pub fn run_all(options: &Options) -> ExitCode {
    let mut report = Report::new();
    let ready = || machine::make_ready(&options.steps, options.may_install).map(|()| Outcome::DONE);
    if report.step("machine", ready) {
        for step in &options.steps {
            report.step(step.name(), || one(*step, &options.chosen));
        }
    }
    report.close()
}

fn one(step: Step, chosen: &[String]) -> Result<Outcome, String> {
    match step {
        Step::Format => run(&mut cargo(&["fmt", "--all", "--check"])).map(|()| Outcome::DONE),
        Step::Clippy => {
            let words = [
                "clippy",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ];
            run(&mut cargo(&words)).map(|()| Outcome::DONE)
        }
        Step::Tests => tests(chosen),
        Step::Browser => journeys(chosen),
    }
}

/// All tests, on both databases.
fn tests(chosen: &[String]) -> Result<Outcome, String> {
    let cluster = Cluster::start()?;
    println!("{}", cluster.describe());
    let mut command = cargo(&["test", "--workspace", "--no-fail-fast"]);
    if !chosen.is_empty() {
        command.arg("--").args(chosen);
    }
    let mut outcome = Outcome::default();
    let ended = read_lines(command.env(POSTGRES, cluster.url()), |line| {
        if line.starts_with("test result: ") {
            outcome.passed += number_before("passed", line);
            outcome.failed += number_before("failed", line);
        }
    })?;
    Ok(match (ended.success(), outcome.passed, outcome.failed) {
        (true, 0, 0) => outcome.and_failed("no test was run".into()),
        (false, _, 0) => outcome.and_failed(format!("cargo test ended with {ended}")),
        _ => outcome,
    })
}
