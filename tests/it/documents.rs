//! Documents that are generated, and compared with what is committed: reviewed like code.
//!
//! `CUSP_BLESS=1 cargo test --test it documents` writes them anew; the diff is what is reviewed.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use cusp::demo::cast;
use kernel::access::{By, Clearance, Needs, Role, Sees, Tie};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Compares with the committed document, or writes it when asked to.
fn golden(path: &str, made: &str) {
    let path = root().join(path);
    #[expect(
        clippy::disallowed_methods,
        reason = "tests have no configuration file"
    )]
    if std::env::var("CUSP_BLESS").is_ok() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, made).unwrap();
        return;
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    if kept != made {
        let differs = kept
            .lines()
            .zip(made.lines())
            .find(|(kept, made)| kept != made);
        panic!(
            "{} is not current; the first difference: {differs:?}\nCUSP_BLESS=1 cargo test --test it documents writes it anew",
            path.display()
        );
    }
}

/// What every route asks for, once for each permission.
fn permissions() -> BTreeMap<&'static str, Needs> {
    cusp::routes()
        .list()
        .iter()
        .filter_map(|route| route.needs)
        .map(|needs| (needs.name, needs))
        .collect()
}

#[test]
fn access_matrix() {
    let mut text = String::from(
        "# Access matrix\n\nGenerated; `tests/documents.rs` compares. Expected values first, then golden.\n\n\
         ## Permissions about a case, by relation to the case\n\n\
         `yes` whenever the other conditions of the decision hold (active user, agency that took part, \
         not excluded, on the list if restricted); `reason` after stating a reason, which is recorded; \
         `·` never: answered as if absent.\n\n| permission | label | none |",
    );
    for tie in Tie::ALL {
        write!(text, " {} |", tie.code()).unwrap();
    }
    text.push_str("\n|---|---|---|");
    text.push_str(&"---|".repeat(Tie::ALL.len()));
    text.push('\n');
    for needs in permissions().values() {
        let By::Ties(ties) = needs.by else { continue };
        write!(text, "| `{}` | {} | · |", needs.name, needs.label.name()).unwrap();
        for tie in Tie::ALL {
            let cell = match (ties.contains(&tie), tie.clearance(needs.label)) {
                (true, Clearance::Always) => "yes",
                (true, Clearance::WithReason) => "reason",
                _ => "·",
            };
            write!(text, " {cell} |").unwrap();
        }
        text.push('\n');
    }
    text.push_str("\n## Permissions about the partnership, by role\n\n`any` for the programme and every agency; `own` for one's own agency.\n\n| permission |");
    for role in Role::ALL {
        write!(text, " {} |", role.code()).unwrap();
    }
    text.push_str("\n|---|");
    text.push_str(&"---|".repeat(Role::ALL.len()));
    text.push('\n');
    for needs in permissions().values() {
        let By::Roles { own, any } = needs.by else {
            continue;
        };
        write!(text, "| `{}` |", needs.name).unwrap();
        for role in Role::ALL {
            let cell = if any.contains(&role) {
                "any"
            } else if own.contains(&role) {
                "own"
            } else {
                "·"
            };
            write!(text, " {cell} |").unwrap();
        }
        text.push('\n');
    }
    text.push_str("\n## Personas\n\n| persona | roles | relations to a case that the roles can give |\n|---|---|---|\n");
    for persona in cast::CAST {
        let roles: Vec<_> = persona.roles.iter().map(|role| role.code()).collect();
        let relations: Vec<_> = Tie::ALL
            .into_iter()
            .filter(|tie| can_hold(persona.roles, *tie))
            .map(Tie::code)
            .collect();
        writeln!(
            text,
            "| {} | {} | {} |",
            persona.what,
            roles.join(", "),
            relations.join(", ")
        )
        .unwrap();
    }
    golden("docs/access-matrix.md", &text);
}

/// Which ties a role can come by: by itself, by sending, or by allocation.
fn can_hold(roles: &[Role], tie: Tie) -> bool {
    let by = match tie {
        Tie::Intake => Role::IntakeWorker,
        Tie::Oversight => Role::ServiceManager,
        Tie::ClientLine => Role::Practitioner,
        Tie::ClientSupervisor => {
            return roles.contains(&Role::ServiceManager) || roles.contains(&Role::Practitioner);
        }
        Tie::SurvivorLine | Tie::SurvivorSupervisor => Role::SurvivorWorker,
        Tie::LeadWorker => Role::SocialWorker,
        Tie::Referrer => {
            return [
                Role::SocialWorker,
                Role::TeamManager,
                Role::Practitioner,
                Role::IntakeWorker,
            ]
            .iter()
            .any(|role| roles.contains(role));
        }
        Tie::TeamManager => Role::TeamManager,
    };
    roles.contains(&by)
}

#[test]
fn data_dictionary() {
    let mut text = String::from(
        "# Data dictionary\n\nGenerated; `tests/documents.rs` compares. The label says who may ever see the answer.\n",
    );
    for label in Sees::ALL {
        let who = match label {
            Sees::Client => "may reach the client",
            Sees::Workers => "workers tied to the case on either line",
            Sees::Survivor => "the survivor line, the lead worker, and what is released",
            Sees::Child => "the survivor line and the lead worker",
            Sees::Restricted => "named people",
        };
        write!(text, "\n- `{}`: {who}", label.name()).unwrap();
    }
    text.push('\n');
    cusp::each_form(&mut |title, entries| {
        write!(text, "\n## {title}\n\n| section | field | question | label | codes | required |\n|---|---|---|---|---|---|\n").unwrap();
        for entry in entries {
            writeln!(
                text,
                "| {} | `{}` | {} | {} | {} | {} |",
                entry.section,
                entry.name,
                entry.question,
                entry.label,
                entry.codes.join(", "),
                if entry.required { "yes" } else { "" }
            )
            .unwrap();
        }
    });
    golden("docs/data-dictionary.md", &text);
}

/// A rule named in a doc comment, with its function and the tests whose names begin with its id.
struct Rule {
    id: String,
    function: String,
    says: String,
    tests: Vec<String>,
}

fn rules() -> Vec<Rule> {
    let mut found = Vec::new();
    let mut tests: Vec<(String, String)> = Vec::new();
    let mut folders = vec![
        root().join("src"),
        root().join("crates"),
        root().join("tests"),
    ];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    for path in &files {
        let text = fs::read_to_string(path).unwrap();
        let file = path.strip_prefix(root()).unwrap().display().to_string();
        let mut doc: Vec<String> = Vec::new();
        for line in text.lines() {
            let line = line.trim();
            if let Some(said) = line.strip_prefix("/// ") {
                doc.push(said.to_owned());
                continue;
            }
            let function = line
                .strip_prefix("pub fn ")
                .or_else(|| line.strip_prefix("pub const fn "))
                .or_else(|| line.strip_prefix("fn "))
                .or_else(|| line.strip_prefix("async fn "))
                .or_else(|| line.strip_prefix("pub async fn "))
                .and_then(|rest| rest.split(['(', '<']).next());
            if let Some(function) = function {
                // A test may be about several rules: `r011_r013_told_once`.
                let named: Vec<String> = function
                    .split('_')
                    .map(str::to_uppercase)
                    .take_while(|word| is_rule(word))
                    .collect();
                if !named.is_empty() {
                    for id in named {
                        tests.push((id, format!("{file}::{function}")));
                    }
                } else if file.starts_with("src/") && line.starts_with("pub ") {
                    let all = doc.join(" ");
                    for id in ids(&all) {
                        found.push(Rule {
                            id,
                            function: format!("{file}::{function}"),
                            says: first_sentence(&all),
                            tests: vec![],
                        });
                    }
                }
            }
            if !line.starts_with("#[") && !line.starts_with("///") {
                doc.clear();
            }
        }
    }
    for rule in &mut found {
        rule.tests = tests
            .iter()
            .filter(|(id, _)| *id == rule.id)
            .map(|(_, test)| test.clone())
            .collect();
    }
    found.sort_by(|a, b| (&a.id, &a.function).cmp(&(&b.id, &b.function)));
    found
}

fn is_rule(id: &str) -> bool {
    id.len() == 4 && id.starts_with('R') && id[1..].chars().all(|c| c.is_ascii_digit())
}

fn ids(text: &str) -> Vec<String> {
    let mut ids: Vec<String> = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| is_rule(word))
        .map(str::to_owned)
        .collect();
    ids.dedup();
    ids
}

fn first_sentence(text: &str) -> String {
    let end = text.find(". ").map_or(text.len(), |at| at + 1);
    text[..end].replace(['"', '|'], "")
}

#[test]
fn rules_document() {
    let rules = rules();
    let mut csv = String::from("rule,function,tests\n");
    let mut text = String::from(
        "# Rules\n\nGenerated from the doc comments of `rules.rs`; `tests/documents.rs` compares.\n\n| rule | what | function | tests |\n|---|---|---|---|\n",
    );
    for rule in &rules {
        writeln!(
            csv,
            "{},{},{}",
            rule.id,
            rule.function,
            rule.tests.join(" ")
        )
        .unwrap();
        let tests: Vec<_> = rule.tests.iter().map(|test| format!("`{test}`")).collect();
        writeln!(
            text,
            "| {} | {} | `{}` | {} |",
            rule.id,
            rule.says,
            rule.function,
            tests.join("<br>")
        )
        .unwrap();
    }
    golden("docs/rules.csv", &csv);
    golden("docs/rules.md", &text);
    let without: Vec<_> = rules
        .iter()
        .filter(|rule| rule.tests.is_empty())
        .map(|rule| &rule.id)
        .collect();
    assert!(
        without.is_empty(),
        "rules without a test named after them: {without:?}"
    );
}

#[test]
fn every_rule_of_the_walking_skeleton_is_somewhere() {
    // R095 is practice: that boroughs identify families is supported by the referral itself.
    let here: Vec<String> = rules().into_iter().map(|rule| rule.id).collect();
    for id in [
        "R001", "R002", "R003", "R004", "R005", "R006", "R007", "R008", "R094", "R102", "R105",
    ] {
        assert!(here.contains(&id.to_owned()), "{id} is nowhere");
    }
}
