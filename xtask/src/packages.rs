//! Installing packages, or saying which command does.

use std::fs;
use std::process::Command;

use crate::command::{answer, run};
use crate::machine::{Need, Version, is_root, on_path};

/// A program that installs packages.
pub struct Installer {
    /// Which name in [`Need::packages`] is its.
    nth: usize,
    /// What comes before the packages, for a person to type after `sudo`.
    command: &'static str,
    /// Homebrew refuses root; the others want it.
    as_root: bool,
}

/// Debian and Ubuntu.
pub const APT: Installer = Installer {
    nth: 0,
    command: "apt-get install --yes --no-install-recommends",
    as_root: true,
};
/// Fedora and its kin.
pub const DNF: Installer = Installer {
    nth: 1,
    command: "dnf install --assumeyes",
    as_root: true,
};
/// Homebrew, on macOS.
pub const BREW: Installer = Installer {
    nth: 2,
    command: "brew install",
    as_root: false,
};

/// Installs what these needs want with apt, saying so first.
pub fn install(missing: &[&Need]) -> Result<(), String> {
    let packages = names(missing, &APT);
    println!(
        "Running apt-get update and {} {}",
        APT.command,
        packages.join(" ")
    );
    run(apt_get().args(["update", "--quiet=2"]))?;
    for need in missing {
        suits(need)?;
    }
    let mut command = apt_get();
    command
        .args(APT.command.split(' ').skip(1))
        .arg("--quiet=2");
    // NodeSource's package of Node.js holds npm, and refuses the distribution's.
    let npm_inside = policy("nodejs").contains("nodesource");
    run(command.args(
        packages
            .into_iter()
            .filter(|name| !(npm_inside && *name == "npm")),
    ))
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// Refuses a package that this release of the distribution lacks or has too old, before anything
/// is installed. The first package of a need is the one whose release counts.
fn suits(need: &Need) -> Result<(), String> {
    let package = need
        .packages
        .first()
        .and_then(|names| names.split(' ').next());
    let package = package.unwrap_or_default();
    match candidate(&policy(package)) {
        None => Err(format!("apt offers no {package}: {}", need.elsewhere)),
        Some(version) if need.oldest.is_some_and(|oldest| version < oldest) => Err(format!(
            "apt offers {package} {version}, too old: {}",
            need.elsewhere
        )),
        Some(_) => Ok(()),
    }
}

/// What apt knows of a package, in its own words.
fn policy(package: &str) -> String {
    answer("apt-cache", &["policy", package]).unwrap_or_default()
}

/// The release apt would install, from what `apt-cache policy` prints.
fn candidate(policy: &str) -> Option<Version> {
    let line = policy
        .lines()
        .find_map(|line| line.trim().strip_prefix("Candidate: "))?;
    Version::read(line)
}

/// The one command that installs what is missing, for a person to run.
pub fn advice(missing: &[&Need]) -> String {
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
    let packages = names(missing, &installer).join(" ");
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

/// The packages these needs want, each once.
pub fn names(missing: &[&Need], installer: &Installer) -> Vec<&'static str> {
    let names = missing
        .iter()
        .filter_map(|need| need.packages.get(installer.nth));
    let mut packages: Vec<&str> = names.flat_map(|names| names.split(' ')).collect();
    packages.sort_unstable();
    packages.dedup();
    packages
}

/// Whether this is Debian, Ubuntu or one of their children.
pub fn is_debian() -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
