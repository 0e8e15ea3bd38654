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

/// The newest library of a crate.
fn library(name: &str) -> PathBuf {
    fs::read_dir(libraries())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension().is_some_and(|ext| ext == "rlib")
                && path
                    .file_stem()
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .rsplit_once('-')
                    .is_some_and(|(stem, _)| stem == format!("lib{name}"))
        })
        .max_by_key(|path| fs::metadata(path).unwrap().modified().unwrap())
        .unwrap_or_else(|| panic!("no library of {name} in {}", libraries().display()))
}

/// Compiles a source, and gives what the compiler says.
fn compile(source: &str, name: &str, out: &Path) -> (bool, String) {
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
            "--cap-lints",
            "allow",
        ])
        .arg("--out-dir")
        .arg(out)
        .arg("-L")
        .arg(format!("dependency={}", libraries().display()));
    for extern_crate in ["kernel", "platform", "cusp", "axum", "diesel", "jiff"] {
        rustc.arg("--extern").arg(format!(
            "{extern_crate}={}",
            library(extern_crate).display()
        ));
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
    std::thread::scope(|scope| {
        let checks: Vec<_> = files
            .iter()
            .map(|file| {
                let out = &out;
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
                    let (compiles, said) =
                        compile(&text.replace("//- ", ""), &format!("{name}_forbidden"), out);
                    assert!(!compiles, "{name}: the forbidden version compiles");
                    assert!(
                        said.contains(&format!("error[{code}]")) && said.contains(words),
                        "{name}: expected {code} “{words}”, got:\n{said}"
                    );
                    let (compiles, said) =
                        compile(&text.replace("//+ ", ""), &format!("{name}_allowed"), out);
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
