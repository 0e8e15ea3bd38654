//! The chores of this repository: `cargo xtask test`, `cargo xtask bench`.
//!
//! It uses the standard library only, because it is compiled before anything else on every
//! machine, and it needs a Unix: Linux, macOS, or Windows Subsystem for Linux.

mod bench;
mod browser;
mod command;
mod guarded;
mod machine;
mod options;
mod packages;
mod postgres;
mod report;
mod test;

use std::env;
use std::process::ExitCode;

use options::Options;

const USAGE: &str = "\
cargo xtask test [options] [-- words]

Checks the whole product, in this order: what the machine lacks, format, clippy, all tests on
SQLCipher and on PostgreSQL (a throwaway cluster of its own), journeys in a browser.

  --no-install     never install anything: print the command that does, and stop
  --no-browser     leave the browser out
  --only STEP      one step: fmt, clippy, tests or browser
  -- words         with --only tests or --only browser: passed on, to choose tests or journeys

cargo xtask bench

Measures what a request costs, in a release build, on both engines; prints a table.

Environment: PGBIN (folder of PostgreSQL's programs), CHROMIUM (the browser's program).

Exit status: 0 all passed, 1 something failed, 2 wrong use.";

/// Wrong use of the command line, as BSD's and most others' tools report it.
const WRONG_USE: u8 = 2;

fn main() -> ExitCode {
    let mut words = env::args().skip(1);
    match words.next().as_deref() {
        Some("test") => match Options::read(words) {
            Ok(options) => test::run_all(&options),
            Err(why) => wrong_use(&why),
        },
        Some("bench") => match bench::run_all() {
            Ok(()) => ExitCode::SUCCESS,
            Err(why) => {
                eprintln!("{why}");
                ExitCode::FAILURE
            }
        },
        Some("help" | "--help" | "-h") => {
            println!("{USAGE}");
            ExitCode::SUCCESS
        }
        Some(other) => wrong_use(&format!("there is no chore {other}")),
        None => wrong_use("which chore?"),
    }
}

fn wrong_use(why: &str) -> ExitCode {
    eprintln!("{why}\n\n{USAGE}");
    ExitCode::from(WRONG_USE)
}
