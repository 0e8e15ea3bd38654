//! `cargo xtask bench`: what a request costs, in a release build, on both engines.

use crate::command::{cargo, run};
use crate::postgres::Cluster;

/// Builds and measures. Prints a table; nothing passes or fails.
pub fn run_all() -> Result<(), String> {
    run(&mut cargo(&[
        "build",
        "--release",
        "--bin",
        "cusp",
        "--example",
        "bench",
    ]))?;
    let cluster = Cluster::start_durable()?;
    run(&mut cargo(&[
        "run",
        "--quiet",
        "--release",
        "--example",
        "bench",
        "--",
        &cluster.url(),
    ]))
}
