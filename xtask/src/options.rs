//! What was asked for on the command line of `cargo xtask test`.

/// A part of the whole check that can be run alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// `cargo fmt --check`.
    Format,
    /// `cargo clippy`, warnings denied.
    Clippy,
    /// `cargo test` on both databases.
    Tests,
    /// Journeys in a browser.
    Browser,
}

impl Step {
    /// Cheapest first, so that a slip shows soon.
    const ALL: [Self; 4] = [Self::Format, Self::Clippy, Self::Tests, Self::Browser];

    /// The word for it on the command line and in the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Format => "fmt",
            Self::Clippy => "clippy",
            Self::Tests => "tests",
            Self::Browser => "browser",
        }
    }
}

/// The options of one run.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether missing packages may be installed.
    pub may_install: bool,
    /// What to run, in this order.
    pub steps: Vec<Step>,
    /// Words for `cargo test` or for the journeys, to choose some of them.
    pub chosen: Vec<String>,
}

impl Options {
    /// Reads the words after `cargo xtask test`; the error is for the person who typed them.
    pub fn read(words: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut words = words.into_iter();
        let (mut may_install, mut browser, mut only) = (true, true, None);
        let mut chosen = Vec::new();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--no-install" => may_install = false,
                "--no-browser" => browser = false,
                "--only" => only = Some(step(&words.next().unwrap_or_default())?),
                "--" => chosen.extend(words.by_ref()),
                other => return Err(format!("there is no option {other}")),
            }
        }
        if only == Some(Step::Browser) && !browser {
            return Err("--no-browser leaves out what --only browser asks for".into());
        }
        if !chosen.is_empty() && !matches!(only, Some(Step::Tests | Step::Browser)) {
            return Err("words after -- need --only tests or --only browser".into());
        }
        let wanted = |step: &Step| only.map_or(browser || *step != Step::Browser, |o| o == *step);
        Ok(Self {
            may_install,
            steps: Step::ALL.into_iter().filter(wanted).collect(),
            chosen,
        })
    }
}

fn step(word: &str) -> Result<Step, String> {
    Step::ALL
        .into_iter()
        .find(|step| step.name() == word)
        .ok_or_else(|| format!("--only wants fmt, clippy, tests or browser, not \"{word}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Options, String> {
        Options::read(line.split_whitespace().map(String::from))
    }

    #[test]
    fn steps_follow_the_options() {
        use Step::{Browser, Clippy, Format, Tests};
        let cases: [(&str, &[Step]); 4] = [
            ("", &[Format, Clippy, Tests, Browser]),
            ("--no-browser", &[Format, Clippy, Tests]),
            ("--only tests", &[Tests]),
            ("--only browser --no-install", &[Browser]),
        ];
        for (line, steps) in cases {
            assert_eq!(read(line).unwrap().steps, steps, "{line}");
        }
        assert!(!read("--no-install").unwrap().may_install);
        assert_eq!(
            read("--only tests -- audit --nocapture")
                .unwrap()
                .chosen
                .len(),
            2
        );
    }

    #[test]
    fn wrong_words_are_refused() {
        let wrong = [
            "--fast",
            "--only",
            "--only lint",
            "--only browser --no-browser",
            "-- audit",
        ];
        for line in wrong {
            assert!(read(line).is_err(), "{line}");
        }
    }
}
