//! What the tests need of the machine, and how it gets there.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::command::answer;
use crate::options::Step;
use crate::{packages, postgres};

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
pub struct Need {
    /// What it is, for the person at the terminal.
    pub what: &'static str,
    steps: &'static [Step],
    is_met: fn() -> bool,
    /// What it is called by apt-get, dnf and Homebrew.
    pub packages: [&'static str; 3],
    /// The oldest release of apt's package that will do.
    pub oldest: Option<Version>,
    /// The variable that may say where it is.
    named_by: Option<&'static str>,
    /// Where it is when the distribution has none, or too old a one.
    pub elsewhere: &'static str,
}

const NEEDS: [Need; 5] = [
    Need {
        what: "PostgreSQL 15 or newer, the server",
        steps: &[Step::Tests],
        is_met: || postgres::Programs::find().is_some(),
        packages: ["postgresql", "postgresql-server", "postgresql@17"],
        oldest: Some(postgres::OLDEST),
        named_by: Some("PGBIN"),
        elsewhere: "see https://www.postgresql.org/download/ and name its bin folder in PGBIN",
    },
    Need {
        what: "pdftotext and pdftoppm",
        steps: &[Step::Tests],
        is_met: || on_path("pdftotext") && on_path("pdftoppm"),
        packages: ["poppler-utils", "poppler-utils", "poppler"],
        oldest: None,
        named_by: None,
        elsewhere: "see https://poppler.freedesktop.org/",
    },
    Need {
        what: "OpenSSL with its headers",
        steps: &[Step::Clippy, Step::Tests, Step::Browser],
        is_met: || {
            env::var_os("OPENSSL_DIR").is_some()
                || cfg!(target_os = "macos") && answer("brew", &["--prefix", "openssl@3"]).is_some()
                || answer("pkg-config", &["--exists", "openssl"]).is_some()
        },
        packages: [
            "libssl-dev pkg-config",
            "openssl-devel pkgconf-pkg-config",
            "openssl@3",
        ],
        oldest: None,
        named_by: None,
        elsewhere: "see https://www.openssl.org/ and name its folder in OPENSSL_DIR",
    },
    Need {
        what: "Node.js 20.19 or newer, with npm",
        steps: &[Step::Clippy, Step::Tests, Step::Browser],
        is_met: || {
            let said = answer("node", &["--version"]);
            said.and_then(|said| Version::read(&said)) >= Some(OLDEST_NODE) && on_path("npm")
        },
        packages: ["nodejs npm", "nodejs npm", "node"],
        oldest: Some(OLDEST_NODE),
        named_by: None,
        elsewhere: "see https://nodejs.org/en/download",
    },
    Need {
        what: "Chromium",
        steps: &[Step::Browser],
        is_met: || chromium().is_some(),
        packages: ["chromium", "chromium", "chromium"],
        oldest: None,
        named_by: Some("CHROMIUM"),
        elsewhere: "install Chromium or Chrome and name its program in CHROMIUM",
    },
];

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
    for need in &missing {
        if let Some(named) = need.named_by.and_then(env::var_os) {
            return Err(format!("{} is not at {}", need.what, named.display()));
        }
    }
    if !(may_install && is_root() && packages::is_debian()) {
        return Err(packages::advice(&missing));
    }
    packages::install(&missing)?;
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

/// Whether a program of this name is on the path.
pub fn on_path(program: &str) -> bool {
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
    fn every_need_has_a_package_for_every_installer() {
        let all: Vec<&Need> = NEEDS.iter().collect();
        for installer in [packages::APT, packages::DNF, packages::BREW] {
            let packages = packages::names(&all, &installer);
            assert!(packages.len() >= NEEDS.len(), "{packages:?}");
            assert!(packages.iter().all(|name| !name.is_empty()), "{packages:?}");
        }
    }
}
