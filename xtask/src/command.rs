//! Starting other programs and reading what they say.

use std::env;
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

/// The root of the repository.
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// The cargo that started this program, in the root of the repository.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    command.current_dir(root()).args(arguments);
    command
}

/// Runs a command to its end; what it prints goes to the terminal.
pub fn run(command: &mut Command) -> Result<(), String> {
    let ended = command
        .status()
        .map_err(|error| cannot_start(command, &error))?;
    if ended.success() {
        Ok(())
    } else {
        Err(format!("{} ended with {ended}", name(command)))
    }
}

/// What a command prints, trimmed; nothing if it cannot be started or fails.
pub fn answer(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

/// Runs a command to its end and passes every line it prints on, to the terminal as it comes and
/// to `each`.
pub fn read_lines(command: &mut Command, mut each: impl FnMut(&str)) -> Result<ExitStatus, String> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| cannot_start(command, &error))?;
    if let Some(printed) = child.stdout.take() {
        let mut reader = BufReader::new(printed);
        let mut line = Vec::new();
        while reader
            .read_until(b'\n', &mut line)
            .is_ok_and(|bytes| bytes > 0)
        {
            let text = String::from_utf8_lossy(&line);
            print!("{text}");
            each(text.trim_end());
            line.clear();
        }
    }
    child
        .wait()
        .map_err(|error| format!("{}: {error}", name(command)))
}

/// The number before a word, as in `12 passed`; 0 if it is not there.
pub fn number_before(word: &str, line: &str) -> u32 {
    let mut words = line.split(|c: char| c.is_whitespace() || c == ',' || c == ';');
    let mut before = "";
    words
        .find_map(|next| {
            let number = (next == word).then(|| before.parse().ok());
            before = next;
            number
        })
        .flatten()
        .unwrap_or(0)
}

fn cannot_start(command: &Command, error: &io::Error) -> String {
    format!("cannot start {}: {error}", name(command))
}

/// The program and its first word, which is enough to know it by.
fn name(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program());
    let first = command.get_args().next().unwrap_or_default();
    format!("{} {}", program.display(), first.display())
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_before_their_word() {
        let line = "test result: ok. 12 passed; 3 failed; 0 ignored; finished in 0.01s";
        for (word, number) in [
            ("passed", 12),
            ("failed", 3),
            ("ignored", 0),
            ("skipped", 0),
        ] {
            assert_eq!(number_before(word, line), number, "{word}");
        }
        assert_eq!(number_before("failed", "journeys: 5 passed, 1 failed"), 1);
        assert_eq!(number_before("passed", "passed"), 0);
    }

    #[test]
    fn lines_are_passed_on_and_the_end_is_told() {
        let mut lines = Vec::new();
        let mut command = Command::new("sh");
        command.args(["-c", "echo one; echo two; exit 3"]);
        let ended = read_lines(&mut command, |line| lines.push(line.to_owned())).unwrap();
        assert_eq!(
            (lines, ended.code()),
            (vec!["one".into(), "two".into()], Some(3))
        );
    }

    #[test]
    fn a_missing_program_is_named() {
        let why = run(Command::new("/no/such/program").arg("go")).unwrap_err();
        assert!(why.starts_with("cannot start program go: "), "{why}");
    }
}
