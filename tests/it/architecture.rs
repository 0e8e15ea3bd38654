//! What the compiler cannot hold, held here: where labels may be taken off, where a query may
//! start, what a rule may know, what no file may say.
//!
//! The exemptions in `tests/exemptions.txt` only ever become fewer.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below `folder` with one of the endings.
fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if !path.ends_with("target")
                    && !path.ends_with("node_modules")
                    && !path.ends_with("out")
                {
                    folders.push(path);
                }
            } else if endings
                .iter()
                .any(|end| path.extension().is_some_and(|e| e == *end))
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn name(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().display().to_string()
}

/// The source without its inline tests.
fn source(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    text.split("#[cfg(test)]").next().unwrap().to_owned()
}

/// The capabilities: folders of `src` with routes or rows of their own.
fn capabilities() -> Vec<String> {
    fs::read_dir(root().join("src"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .filter(|folder| !matches!(folder.as_str(), "shell" | "demo"))
        .collect()
}

/// `file: what` for each file in which a forbidden word stands outside a comment.
fn offences(paths: &[PathBuf], words: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in paths {
        for line in source(path).lines() {
            let code = line.split("//").next().unwrap();
            for word in words {
                if code.contains(word) {
                    found.insert(format!("{}: {word}", name(path)));
                }
            }
        }
    }
    found
}

/// Fails on an offence that is not exempt, and on an exemption that is no longer needed.
fn exempt_or_none(rule: &str, found: &BTreeSet<String>) {
    let list = fs::read_to_string(root().join("tests/exemptions.txt")).unwrap();
    let exempt: BTreeSet<String> = list
        .lines()
        .filter_map(|line| {
            line.strip_prefix(&format!("{rule} | "))?
                .split(" | ")
                .next()
        })
        .map(str::to_owned)
        .collect();
    let new: Vec<_> = found.difference(&exempt).collect();
    assert!(new.is_empty(), "{rule}: {new:#?}");
    let stale: Vec<_> = exempt.difference(found).collect();
    assert!(
        stale.is_empty(),
        "{rule}: take these exemptions out, they are not needed: {stale:#?}"
    );
}

/// The module of that name in every capability, in one file or in a folder.
fn named(module: &str) -> Vec<PathBuf> {
    files("src", &["rs"])
        .into_iter()
        .filter(|path| {
            path.file_stem().is_some_and(|stem| stem == module)
                || path.components().any(|part| part.as_os_str() == module)
        })
        .collect()
}

#[test]
fn labels_are_not_taken_off_where_pages_are_made() {
    let web: Vec<_> = files("src", &["rs"])
        .into_iter()
        .filter(|path| {
            path.ends_with("web.rs") || path.components().any(|c| c.as_os_str() == "web")
        })
        .collect();
    let found = offences(
        &web,
        &[
            ".expose()",
            ".into_exposed()",
            "without_label",
            "Labelled::new",
            "Labelled::<",
            "Release::recorded",
        ],
    );
    exempt_or_none("labels", &found);
}

#[test]
fn words_without_a_label_are_not_made_of_casework() {
    let stores: Vec<_> = files("src", &["rs"])
        .into_iter()
        .filter(|path| fs::read_to_string(path).unwrap().contains("casework!"))
        .collect();
    exempt_or_none("plain", &offences(&stores, &["Plain::new("]));
}

#[test]
fn a_query_of_casework_starts_from_its_case() {
    let mut found = BTreeSet::new();
    for path in files("src", &["rs"]) {
        let text = source(&path);
        let tables: Vec<&str> = text
            .split("casework!(")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
            .collect();
        let flat: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for table in tables {
            for (at, _) in flat.match_indices(&format!("{table}::table")) {
                let before = &flat[..at];
                if !before.ends_with("insert_into(")
                    && !before.ends_with(|c: char| c.is_alphanumeric() || c == '_')
                {
                    found.insert(format!("{}: {table}", name(&path)));
                }
            }
        }
    }
    exempt_or_none("case", &found);
}

#[test]
fn rules_and_models_are_pure() {
    let mut pure = named("rules");
    pure.extend(named("model"));
    assert!(pure.len() > 8);
    let words = [
        "async ",
        "platform::App",
        "axum",
        "diesel::",
        "askama",
        "::now(",
        "&mut impl Scope",
        "spawn",
    ];
    exempt_or_none("pure", &offences(&pure, &words));
    let kernel = files("crates/kernel/src", &["rs"]);
    let words = [
        "async ",
        "Timestamp::now(",
        "Zoned::now(",
        "std::fs",
        "std::env",
        "tokio",
    ];
    exempt_or_none("kernel", &offences(&kernel, &words));
}

#[test]
fn engines_differ_in_one_folder() {
    let found: BTreeSet<String> = files("crates/platform/src", &["rs"])
        .into_iter()
        .chain(files("src", &["rs"]))
        .filter(|path| !name(path).starts_with("crates/platform/src/db"))
        .flat_map(|path| {
            offences(
                &[path],
                &[
                    "Conn::Sqlite",
                    "Conn::Postgres",
                    "batch_execute",
                    "sql_query(",
                ],
            )
        })
        .collect();
    exempt_or_none("engine", &found);
}

#[test]
fn pages_hold_no_script_style_or_foreign_address() {
    let pages = files("src", &["html"]);
    assert!(pages.len() > 10);
    let mut found = BTreeSet::new();
    for path in pages {
        let text = fs::read_to_string(&path).unwrap();
        for word in [
            "<script>",
            "style=\"",
            "onclick=",
            "onload=",
            "javascript:",
            "https://",
            "|safe",
            "<style",
        ] {
            if text.contains(word) {
                found.insert(format!("{}: {word}", name(&path)));
            }
        }
    }
    exempt_or_none("page", &found);
}

#[test]
fn nothing_says_what_the_service_is_about() {
    // Titles, addresses and file names are seen by who stands behind the worker.
    let mut found = BTreeSet::new();
    for path in files("src", &["html", "rs"]) {
        for line in fs::read_to_string(&path).unwrap().lines() {
            let title = line.contains("{% block title %}");
            let route = line.contains(".get(\"/")
                || line.contains(".post(\"/")
                || line.contains("filename=");
            // What stands in braces is the name of a field, not a word on the page.
            let line: String = line
                .split("{{")
                .enumerate()
                .map(|(n, part)| {
                    if n == 0 {
                        part
                    } else {
                        part.split_once("}}").map_or("", |(_, rest)| rest)
                    }
                })
                .collect();
            let words = [
                "abuse",
                "violen",
                "perpetrat",
                "victim",
                "survivor",
                "domestic",
            ];
            if (title || route) && words.iter().any(|word| line.to_lowercase().contains(word)) {
                found.insert(format!("{}: {}", name(&path), line.trim()));
            }
        }
    }
    exempt_or_none("discreet", &found);
}

#[test]
fn names_are_the_fields_own() {
    let mut found = BTreeSet::new();
    for path in files("src", &["rs"])
        .into_iter()
        .chain(files("crates", &["rs"]))
    {
        for line in source(&path).lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            for pair in words.windows(2) {
                if let [kind, thing] = pair
                    && matches!(*kind, "struct" | "enum" | "trait" | "mod")
                    && ["Manager", "Helper", "Util", "Dto", "DTO", "helper", "util"]
                        .iter()
                        .any(|bad| thing.contains(bad))
                {
                    found.insert(format!("{}: {thing}", name(&path)));
                }
            }
        }
    }
    exempt_or_none("names", &found);
}

#[test]
fn nothing_is_put_off_and_no_machine_is_named() {
    let mut found = BTreeSet::new();
    let all: Vec<_> = [
        "src",
        "crates",
        "xtask",
        "tests",
        "migrations",
        "docs",
        "e2e",
    ]
    .into_iter()
    .flat_map(|folder| files(folder, &["rs", "html", "sql", "md", "mjs", "toml"]))
    .filter(|path| !path.ends_with("architecture.rs"))
    .collect();
    for path in all {
        let text = fs::read_to_string(&path).unwrap();
        for word in [
            "TODO",
            "FIXME",
            "XXX",
            "todo!(",
            "unimplemented!(",
            "/work/",
            "/root/",
            "#[allow(",
            "#[ignore",
        ] {
            if text.contains(word) {
                found.insert(format!("{}: {word}", name(&path)));
            }
        }
    }
    exempt_or_none("finished", &found);
}

#[test]
fn the_map_names_every_capability() {
    let map = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    for capability in capabilities() {
        assert!(
            map.contains(&format!("`{capability}`")),
            "ARCHITECTURE.md does not name {capability}"
        );
        assert!(
            root().join("src").join(&capability).join("mod.rs").exists(),
            "{capability} has no mod.rs"
        );
    }
}

#[test]
fn every_dependency_has_its_reason() {
    let mut reasonless = Vec::new();
    let text = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let section = text
        .split("[workspace.dependencies]")
        .nth(1)
        .unwrap()
        .split("\n[")
        .next()
        .unwrap();
    let mut explained = false;
    for line in section.lines() {
        if line.starts_with('#') {
            explained = true;
        } else if line.trim().is_empty() {
            explained = false;
        } else if let Some((crate_name, _)) = line.split_once(" = ")
            && !explained
            && !line.contains("path = ")
        {
            reasonless.push(crate_name.to_owned());
        }
    }
    assert!(reasonless.is_empty(), "without a reason: {reasonless:?}");
}
