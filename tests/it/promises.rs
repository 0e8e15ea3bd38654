//! What must not compile does not, and says so in our words; its twin, which differs in one line,
//! does compile, so that it is the forbidden thing that is refused and nothing else.
//!
//! Each file in `tests/promises/` names the error it expects in its first line. Lines that begin
//! with `//- ` are the forbidden version, lines that begin with `//+ ` the allowed one.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The folder of this test's own libraries: they were built together, so their types agree.
fn libraries() -> PathBuf {
    std::env::current_exe()
        .unwrap()
        .parent()
        .unwrap()
        .to_path_buf()
}

/// The crates that the snippets name.
const CRATES: [&str; 6] = ["cusp", "platform", "kernel", "diesel", "jiff", "axum"];

/// Compiles only where all of them were built together.
const PROBE: &str = "
pub fn user(who: cusp::demo::cast::Persona) -> kernel::ids::UserId { who.id }
pub fn read(r: &mut platform::Reading<'_>) { let _ = cusp::acknowledgements::store::of_case(r); }
pub fn day(d: jiff::civil::Date) -> kernel::time::Day { kernel::time::Day(d) }
pub async fn open(_: platform::Public, m: axum::http::Method) -> &'static str { let _ = m; \"\" }
pub fn routes() -> platform::Routes { platform::Routes::new().get(\"/x\", open) }
pub mod table {
    use kernel::ids::CaseKind;
    use platform::sql::SqlId;
    diesel::table! { use diesel::sql_types::*; use super::{CaseKind, SqlId}; visit (case_id) { case_id -> SqlId<CaseKind>, } }
    platform::casework!(visit);
}
";

/// The libraries of a crate, newest first. Building a part of the workspace leaves others beside
/// those of this test.
fn libraries_of(name: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(libraries())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let stem = path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .unwrap_or_default();
            path.extension().is_some_and(|ext| ext == "rlib")
                && stem
                    .rsplit_once('-')
                    .is_some_and(|(stem, _)| stem == format!("lib{name}"))
        })
        .collect();
    found.sort_by_key(|path| std::cmp::Reverse(fs::metadata(path).unwrap().modified().unwrap()));
    found
}

/// The libraries that were built together: of each crate in turn, the newest that fits those
/// before it.
fn fitting(out: &Path) -> Vec<(&'static str, PathBuf)> {
    let mut sets: Vec<Vec<(&'static str, PathBuf)>> = vec![Vec::new()];
    for name in CRATES {
        sets = sets
            .into_iter()
            .flat_map(|set| {
                libraries_of(name).into_iter().map(move |library| {
                    let mut set = set.clone();
                    set.push((name, library));
                    set
                })
            })
            .collect();
    }
    sets.into_iter()
        .find(|set| compile(PROBE, "probe", out, set).0)
        .unwrap_or_else(|| panic!("no libraries in {} fit together", libraries().display()))
}

/// Compiles a source, and gives what the compiler says.
fn compile(source: &str, name: &str, out: &Path, with: &[(&str, PathBuf)]) -> (bool, String) {
    let file = out.join(format!("{name}.rs"));
    fs::write(&file, source).unwrap();
    let mut rustc = Command::new("rustc");
    rustc
        .args([
            "--edition",
            "2024",
            "--crate-type",
            "lib",
            "--emit",
            "metadata",
        ])
        .args(["--cap-lints", "allow"])
        .arg("--out-dir")
        .arg(out)
        .arg("-L")
        .arg(format!("dependency={}", libraries().display()));
    for (name, library) in with {
        rustc
            .arg("--extern")
            .arg(format!("{name}={}", library.display()));
    }
    let done = rustc.arg(&file).output().unwrap();
    (
        done.status.success(),
        String::from_utf8_lossy(&done.stderr).into_owned(),
    )
}

#[test]
fn what_is_forbidden_does_not_compile_and_its_twin_does() {
    let out = std::env::temp_dir().join(format!("cusp-promises-{}", std::process::id()));
    fs::create_dir_all(&out).unwrap();
    let mut files: Vec<PathBuf> =
        fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/promises"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
    files.sort();
    assert!(files.len() >= 12, "promises were lost: {files:?}");
    let with = fitting(&out);
    std::thread::scope(|scope| {
        let checks: Vec<_> = files
            .iter()
            .map(|file| {
                let (out, with) = (&out, &with);
                scope.spawn(move || {
                    let text = fs::read_to_string(file).unwrap();
                    let name = file.file_stem().unwrap().to_str().unwrap();
                    let first = text.lines().next().unwrap();
                    let (code, words) = first
                        .strip_prefix("//! ")
                        .unwrap()
                        .split_once(": ")
                        .unwrap();
                    for mark in ["//- ", "//+ "] {
                        assert_eq!(
                            text.lines()
                                .filter(|line| line.trim_start().starts_with(mark))
                                .count(),
                            1,
                            "{name}: the twins differ in one line"
                        );
                    }
                    let (compiles, said) = compile(
                        &text.replace("//- ", ""),
                        &format!("{name}_forbidden"),
                        out,
                        with,
                    );
                    assert!(!compiles, "{name}: the forbidden version compiles");
                    assert!(
                        said.contains(&format!("error[{code}]")) && said.contains(words),
                        "{name}: expected {code} “{words}”, got:\n{said}"
                    );
                    let (compiles, said) = compile(
                        &text.replace("//+ ", ""),
                        &format!("{name}_allowed"),
                        out,
                        with,
                    );
                    assert!(
                        compiles,
                        "{name}: the allowed version does not compile:\n{said}"
                    );
                })
            })
            .collect();
        let broken = checks
            .into_iter()
            .filter_map(|check| check.join().err())
            .count();
        assert_eq!(broken, 0, "promises are broken; see above");
    });
    fs::remove_dir_all(&out).unwrap();
}
