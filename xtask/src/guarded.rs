//! Programs that end when this one ends, however this one ends.

use std::env;
use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Read};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{DirBuilderExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The shell between us and the program: `guard FOLDER SIGNAL PROGRAM WORDS..`.
///
/// It holds the reading end of a pipe whose writing end only we hold. The pipe closes when we drop
/// it, and as well when we panic or are killed; the program then gets SIGNAL (again and again,
/// because a shell that is still preparing it may ignore the first) and after ten seconds KILL.
/// When the program has ended, for whatever reason, FOLDER goes.
const GUARD: &str = r#"
exec 3<&0
folder=$1 signal=$2
shift 2
"$@" </dev/null 3<&- &
child=$!
(
    cat <&3
    tries=0
    while kill -s "$signal" "$child"; do
        sleep 0.2
        tries=$((tries + 1))
        [ "$tries" -lt 50 ] || signal=KILL
    done
) >/dev/null 2>&1 &
watch=$!
wait "$child"
status=$?
kill "$watch" 2>/dev/null
rm -rf -- "$folder"
exit "$status"
"#;

/// How often a program is asked whether it is ready.
const PAUSE: Duration = Duration::from_millis(20);

/// How many of its last lines are shown of a program that failed.
const LAST_LINES: usize = 30;

/// A user of this machine, by number.
#[derive(Clone, Copy, Debug)]
pub struct User {
    /// The user's id.
    pub uid: u32,
    /// The id of its own group.
    pub gid: u32,
}

/// A new folder below the machine's temporary one, that goes when it is dropped.
pub struct Scratch {
    path: PathBuf,
    owner: Option<User>,
}

impl Scratch {
    /// A folder that only `owner`, or whoever runs this program, may enter.
    pub fn new(owner: Option<User>) -> Result<Self, String> {
        let path = env::temp_dir().join(format!("cusp-xtask-{}", random_word()?));
        let failed = |error: io::Error| format!("cannot make {}: {error}", path.display());
        DirBuilder::new()
            .mode(0o700)
            .create(&path)
            .map_err(failed)?;
        let made = Self {
            path: path.clone(),
            owner,
        };
        made.give(&path)?;
        Ok(made)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file in it, for the owner alone.
    pub fn write(&self, name: &str, text: &str) -> Result<(), String> {
        let path = self.path.join(name);
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        self.give(&path)
    }

    fn give(&self, path: &Path) -> Result<(), String> {
        let Some(user) = self.owner else {
            return Ok(());
        };
        chown(path, Some(user.uid), Some(user.gid))
            .map_err(|error| format!("cannot give {} away: {error}", path.display()))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Already gone when the guard has done its work.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// A running program, its folder and what it prints.
pub struct Guarded {
    name: &'static str,
    guard: Child,
    /// Open from the start, because the guard removes it with the folder.
    printed: File,
    /// Held for its end, should the guard not have removed it.
    _scratch: Scratch,
}

impl Guarded {
    /// Starts a program in its folder, as the folder's owner. `signal` is what ends it kindly, as
    /// `kill -s` names it.
    pub fn start<W: AsRef<OsStr>>(
        name: &'static str,
        scratch: Scratch,
        signal: &str,
        program: impl IntoIterator<Item = W>,
    ) -> Result<Self, String> {
        let failed = |error: io::Error| format!("cannot start {name}: {error}");
        let path = scratch.path.join("printed");
        let log = File::options()
            .append(true)
            .create_new(true)
            .open(&path)
            .map_err(failed)?;
        let printed = File::open(&path).map_err(failed)?;
        let mut shell = Command::new("sh");
        shell
            .args(["-c", GUARD, "guard"])
            .args([scratch.path.as_os_str(), OsStr::new(signal)])
            .args(program)
            .current_dir(&scratch.path)
            .stdin(Stdio::piped())
            .stdout(log.try_clone().map_err(failed)?)
            .stderr(log)
            // Ctrl-C is for us alone; the pipe that then closes ends the program.
            .process_group(0);
        if let Some(User { uid, gid }) = scratch.owner {
            shell.uid(uid).gid(gid);
        }
        let guard = shell.spawn().map_err(failed)?;
        Ok(Self {
            name,
            guard,
            printed,
            _scratch: scratch,
        })
    }

    /// Waits until `ready` says yes. The error tells what the program printed last.
    pub fn wait_until(&mut self, limit: Duration, ready: impl Fn() -> bool) -> Result<(), String> {
        let started = Instant::now();
        while !ready() {
            let why = match self.guard.try_wait() {
                Ok(Some(status)) => format!("ended early with {status}"),
                _ if started.elapsed() > limit => {
                    format!("was not ready after {} s", limit.as_secs())
                }
                _ => {
                    sleep(PAUSE);
                    continue;
                }
            };
            let printed = self.last_lines();
            return Err(format!("{} {why}{printed}", self.name));
        }
        Ok(())
    }

    /// The last lines the program printed, each on a line of its own after a colon.
    pub fn last_lines(&mut self) -> String {
        let mut bytes = Vec::new();
        if let Err(error) = self.printed.read_to_end(&mut bytes) {
            return format!(" (what it printed is lost: {error})");
        }
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.lines().collect();
        let last = lines.split_at(lines.len().saturating_sub(LAST_LINES)).1;
        last.iter()
            .fold(String::from(":"), |all, line| all + "\n    " + line)
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // Closes the pipe, then waits for the guard, which gives up after ten seconds.
        let _ = self.guard.wait();
    }
}

/// 32 random hexadecimal digits, for names and passwords.
pub fn random_word() -> Result<String, String> {
    let mut bytes = [0_u8; 16];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .map_err(|error| format!("no randomness: {error}"))?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}

/// A port of 127.0.0.1 that nothing listens on just now.
pub fn free_port() -> Result<u16, String> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| format!("no free port: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_secs(10);

    fn start(script: &str) -> (Guarded, PathBuf) {
        let scratch = Scratch::new(None).unwrap();
        let folder = scratch.path().to_owned();
        (
            Guarded::start("it", scratch, "TERM", ["sh", "-c", script]).unwrap(),
            folder,
        )
    }

    fn is_alive(pid: &str) -> bool {
        let mut ask = Command::new("kill");
        ask.args(["-0", pid.trim()])
            .stderr(Stdio::null())
            .status()
            .unwrap()
            .success()
    }

    #[test]
    fn dropping_ends_the_program_and_removes_its_folder() {
        let (mut it, folder) = start("echo $$ > pid; exec sleep 1000");
        let pid = || fs::read_to_string(folder.join("pid")).unwrap_or_default();
        it.wait_until(SOON, || pid().ends_with('\n')).unwrap();
        let pid = pid();
        assert!(is_alive(&pid));
        drop(it);
        assert!(!is_alive(&pid));
        assert!(!folder.exists());
    }

    #[test]
    fn a_program_that_ignores_its_signal_at_first_is_asked_again() {
        let (it, folder) = start("trap '' TERM; sleep 0.3; trap - TERM; exec sleep 1000");
        drop(it);
        assert!(!folder.exists());
    }

    #[test]
    fn an_early_end_tells_what_was_printed() {
        let (mut it, _) = start("echo all is lost >&2; exit 4");
        let why = it.wait_until(SOON, || false).unwrap_err();
        assert_eq!(why, "it ended early with exit status: 4:\n    all is lost");
    }

    #[test]
    fn waiting_has_an_end() {
        let (mut it, _) = start("exec sleep 1000");
        let why = it.wait_until(Duration::ZERO, || false).unwrap_err();
        assert_eq!(why, "it was not ready after 0 s:");
    }
}
