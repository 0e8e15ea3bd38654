//! What the tests need of the machine, and how it gets there.

use std::env;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{answer, run};
use crate::options::Step;
use crate::postgres;

/// The oldest Node.js that builds the styles and drives the browser.
const OLDEST_NODE: Version = Version(20, 19);

/// A release, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32, pub u32);

impl Version {
    /// The first release number in a text: `v20.20.2`, `postgres (PostgreSQL) 15.18`, or a
    /// package's `1:20.19.2+dfsg-1`, whose epoch does not count.
    pub fn read(text: &str) -> Option<Self> {
        let from = text.find(|c: char| c.is_ascii_digit())?;
        let number = text.get(from..)?;
        let number = number
            .split_once(':')
            .map_or(number, |(_, release)| release);
        let mut parts = number.split('.').map(|part| {
            part.split(|c: char| !c.is_ascii_digit())
                .next()
                .unwrap_or_default()
                .parse()
                .ok()
        });
        Some(Self(parts.next()??, parts.next().flatten().unwrap_or(0)))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// Something that some steps need.
struct Need {
    what: &'static str,
    steps: &'static [Step],
    is_met: fn() -> bool,
    /// What it is called by apt-get, dnf and Homebrew.
    packages: [&'static str; 3],
    /// The oldest release of apt's package that will do.
    oldest: Option<Version>,
    /// Where it is when the distribution has none, or too old a one.
    elsewhere: &'static str,
}

const NEEDS: [Need; 6] = [
    Need {
        what: "PostgreSQL 15 or newer, the server",
        steps: &[Step::Tests],
        is_met: || postgres::Programs::find().is_some(),
        packages: ["postgresql", "postgresql-server", "postgresql@17"],
        oldest: Some(postgres::OLDEST),
        elsewhere: "see https://www.postgresql.org/download/linux/ and name its bin folder in PGBIN",
    },
    Need {
        what: "pdftotext and pdftoppm",
        steps: &[Step::Tests],
        is_met: || on_path("pdftotext") && on_path("pdftoppm"),
        packages: ["poppler-utils", "poppler-utils", "poppler"],
        oldest: None,
        elsewhere: "see https://poppler.freedesktop.org/",
    },
    Need {
        what: "OpenSSL with its headers",
        steps: &[Step::Clippy, Step::Tests, Step::Browser],
        is_met: || {
            env::var_os("OPENSSL_DIR").is_some()
                || cfg!(target_os = "macos") && answer("brew", &["--prefix", "openssl@3"]).is_some()
                || Command::new("pkg-config")
                    .args(["--exists", "openssl"])
                    .status()
                    .is_ok_and(|s| s.success())
        },
        packages: [
            "libssl-dev pkg-config",
            "openssl-devel pkgconf-pkg-config",
            "openssl@3",
        ],
        oldest: None,
        elsewhere: "see https://www.openssl.org/ and name its folder in OPENSSL_DIR",
    },
    Need {
        what: "Node.js 20.19 or newer",
        steps: &[Step::Clippy, Step::Tests, Step::Browser],
        is_met: || {
            answer("node", &["--version"]).and_then(|said| Version::read(&said))
                >= Some(OLDEST_NODE)
        },
        packages: ["nodejs", "nodejs", "node"],
        oldest: Some(OLDEST_NODE),
        elsewhere: "see https://nodejs.org/en/download",
    },
    Need {
        what: "npm",
        steps: &[Step::Clippy, Step::Tests, Step::Browser],
        is_met: || on_path("npm"),
        packages: ["npm", "npm", "node"],
        oldest: None,
        elsewhere: "it comes with Node.js: see https://nodejs.org/en/download",
    },
    Need {
        what: "Chromium",
        steps: &[Step::Browser],
        is_met: || chromium().is_some(),
        packages: ["chromium", "chromium", "chromium"],
        oldest: None,
        elsewhere: "install Chromium or Chrome and name its program in CHROMIUM",
    },
];

/// A program that installs packages.
struct Installer {
    /// Which name in [`Need::packages`] is its.
    names: usize,
    /// What comes before the packages, for a person to type after `sudo`.
    command: &'static str,
    /// Homebrew refuses root; the others want it.
    as_root: bool,
}

const APT: Installer = Installer {
    names: 0,
    command: "apt-get install --yes --no-install-recommends",
    as_root: true,
};
const DNF: Installer = Installer {
    names: 1,
    command: "dnf install --assumeyes",
    as_root: true,
};
const BREW: Installer = Installer {
    names: 2,
    command: "brew install",
    as_root: false,
};

/// Makes sure that the machine has what these steps need. As root on Debian or Ubuntu it installs
/// what is missing, if it may; else the error holds the one command that does.
pub fn make_ready(steps: &[Step], may_install: bool) -> Result<(), String> {
    let missing = missing(steps);
    if missing.is_empty() {
        println!("nothing is missing");
        return Ok(());
    }
    println!("This machine lacks:");
    for need in &missing {
        println!("  {}", need.what);
    }
    if !(may_install && is_root() && is_debian()) {
        return Err(advice(&missing));
    }
    install(&missing)?;
    match self::missing(steps).first() {
        None => Ok(()),
        Some(need) => Err(format!(
            "{} is still missing: {}",
            need.what, need.elsewhere
        )),
    }
}

/// Whether this program runs as root.
pub fn is_root() -> bool {
    answer("id", &["-u"]).as_deref() == Some("0")
}

/// The browser: what `CHROMIUM` names, or the first of its usual names that is there.
pub fn chromium() -> Option<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM") {
        return Some(PathBuf::from(named)).filter(|program| program.is_file());
    }
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome-stable",
        "google-chrome",
    ];
    let apps = [
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];
    let apps = apps
        .into_iter()
        .map(PathBuf::from)
        .filter(|program| program.is_file());
    names
        .into_iter()
        .filter_map(find_on_path)
        .chain(apps)
        .next()
}

fn missing(steps: &[Step]) -> Vec<&'static Need> {
    let wanted = |need: &&Need| need.steps.iter().any(|step| steps.contains(step));
    NEEDS
        .iter()
        .filter(wanted)
        .filter(|need| !(need.is_met)())
        .collect()
}

fn install(missing: &[&Need]) -> Result<(), String> {
    let packages = packages(missing, &APT);
    println!(
        "Running apt-get update and {} {}",
        APT.command,
        packages.join(" ")
    );
    run(apt_get().args(["update", "--quiet=2"]))?;
    for need in missing {
        suits(need)?;
    }
    run(apt_get()
        .args(APT.command.split(' ').skip(1))
        .arg("--quiet=2")
        .args(packages))
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// Refuses a package that this release of the distribution lacks or has too old, before anything
/// is installed.
fn suits(need: &Need) -> Result<(), String> {
    for package in need
        .packages
        .iter()
        .take(1)
        .flat_map(|names| names.split(' '))
    {
        let offered = answer("apt-cache", &["policy", package]).unwrap_or_default();
        match candidate(&offered) {
            None => return Err(format!("apt offers no {package}: {}", need.elsewhere)),
            Some(version) if need.oldest.is_some_and(|oldest| version < oldest) => {
                let elsewhere = need.elsewhere;
                return Err(format!(
                    "apt offers {package} {version}, too old: {elsewhere}"
                ));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// The release apt would install, from what `apt-cache policy` prints.
fn candidate(policy: &str) -> Option<Version> {
    let line = policy
        .lines()
        .find_map(|line| line.trim().strip_prefix("Candidate: "))?;
    Version::read(line)
}

/// The one command that installs what is missing, for a person to run.
fn advice(missing: &[&Need]) -> String {
    let installer = if is_debian() {
        APT
    } else if on_path("dnf") {
        DNF
    } else if on_path("brew") {
        BREW
    } else {
        let lines = missing
            .iter()
            .map(|need| format!("\n  {}: {}", need.what, need.elsewhere));
        return format!(
            "install what is missing, then run this again:{}",
            lines.collect::<String>()
        );
    };
    let sudo = if installer.as_root && !is_root() {
        "sudo "
    } else {
        ""
    };
    let packages = packages(missing, &installer).join(" ");
    let update = if is_debian() {
        format!("{sudo}apt-get update && ")
    } else {
        String::new()
    };
    format!(
        "install what is missing, then run this again:\n  {update}{sudo}{} {packages}",
        installer.command
    )
}

fn packages(missing: &[&Need], installer: &Installer) -> Vec<&'static str> {
    let names = missing
        .iter()
        .filter_map(|need| need.packages.get(installer.names));
    let mut packages: Vec<&str> = names.flat_map(|names| names.split(' ')).collect();
    packages.sort_unstable();
    packages.dedup();
    packages
}

fn is_debian() -> bool {
    fs::read_to_string("/etc/os-release").is_ok_and(|text| names_debian(&text))
}

/// Whether `/etc/os-release` is that of Debian, Ubuntu or one of their children.
fn names_debian(os_release: &str) -> bool {
    os_release
        .lines()
        .filter_map(|line| {
            line.strip_prefix("ID=")
                .or_else(|| line.strip_prefix("ID_LIKE="))
        })
        .flat_map(|ids| ids.trim_matches('"').split(' '))
        .any(|id| matches!(id, "debian" | "ubuntu"))
}

fn on_path(program: &str) -> bool {
    find_on_path(program).is_some()
}

fn find_on_path(program: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders)
        .map(|folder| folder.join(program))
        .find(|path| Path::is_file(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_programs_say() {
        let cases = [
            ("v20.20.2", Some(Version(20, 20))),
            (
                "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)",
                Some(Version(15, 18)),
            ),
            ("postgres (PostgreSQL) 18beta1", Some(Version(18, 0))),
            ("18.20.4+dfsg-1~deb12u1", Some(Version(18, 20))),
            ("1:20.19.2+dfsg-1", Some(Version(20, 19))),
            ("15+248+deb12u1", Some(Version(15, 0))),
            ("(none)", None),
        ];
        for (text, version) in cases {
            assert_eq!(Version::read(text), version, "{text}");
        }
        assert!(Version(20, 9) < OLDEST_NODE);
    }

    #[test]
    fn the_release_apt_offers_is_found() {
        let policy =
            "nodejs:\n  Installed: (none)\n  Candidate: 18.20.4+dfsg-1\n  Version table:\n";
        assert_eq!(candidate(policy), Some(Version(18, 20)));
        assert_eq!(candidate("chromium:\n  Candidate: (none)\n"), None);
        assert_eq!(candidate(""), None);
    }

    #[test]
    fn debian_and_its_children_are_known() {
        let cases = [
            ("NAME=\"Debian GNU/Linux\"\nID=debian\n", true),
            ("ID=ubuntu\nID_LIKE=debian\n", true),
            ("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", true),
            (
                "ID=fedora\nHOME_URL=\"https://example.org/debian\"\n",
                false,
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(names_debian(text), expected, "{text}");
        }
    }

    #[test]
    fn every_need_has_a_package_for_every_installer() {
        let all: Vec<&Need> = NEEDS.iter().collect();
        for installer in [APT, DNF, BREW] {
            let packages = packages(&all, &installer);
            assert!(packages.len() >= NEEDS.len() - 1, "{packages:?}");
            assert!(packages.iter().all(|name| !name.is_empty()), "{packages:?}");
        }
    }
}
