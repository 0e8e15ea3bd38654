//! What each step came to, and the closing line.

use std::process::ExitCode;
use std::time::{Duration, Instant};

/// What one step came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Tests or journeys that passed; 0 for a step that has none.
    pub passed: u32,
    /// Tests or journeys that failed.
    pub failed: u32,
    /// Why the step failed, where a number does not say it.
    pub why: Option<String>,
}

impl Outcome {
    /// A step without tests of its own that did what it should.
    pub const DONE: Self = Self {
        passed: 0,
        failed: 0,
        why: None,
    };

    /// Adds a failure that no test counted, so that the closing line cannot say "0 failed".
    pub fn and_failed(self, why: String) -> Self {
        Self {
            failed: self.failed + 1,
            why: Some(why),
            ..self
        }
    }

    fn is_good(&self) -> bool {
        self.failed == 0
    }
}

impl From<Result<Self, String>> for Outcome {
    fn from(result: Result<Self, String>) -> Self {
        result.unwrap_or_else(|why| Self::DONE.and_failed(why))
    }
}

/// The steps so far.
pub struct Report {
    started: Instant,
    steps: Vec<(&'static str, Duration, Outcome)>,
}

impl Report {
    /// An empty report; the clock of the whole starts.
    pub fn new() -> Self {
        Self {
            started: Instant::now(),
            steps: Vec::new(),
        }
    }

    /// Runs one step and says at once what it came to. True if it was good.
    pub fn step<O: Into<Outcome>>(&mut self, name: &'static str, work: impl FnOnce() -> O) -> bool {
        println!(
            "\n── {name} {}",
            "─".repeat(70_usize.saturating_sub(name.len()))
        );
        let started = Instant::now();
        let outcome: Outcome = work().into();
        let took = started.elapsed();
        println!("{}", line(name, took, &outcome));
        let good = outcome.is_good();
        self.steps.push((name, took, outcome));
        good
    }

    /// Prints all steps and, as the last line, the sum: `N passed, N failed`.
    pub fn close(self) -> ExitCode {
        println!("\n── summary {}", "─".repeat(63));
        for (name, took, outcome) in &self.steps {
            println!("{}", line(name, *took, outcome));
        }
        println!("all in {:.1} s", self.started.elapsed().as_secs_f64());
        let (passed, failed) = self.sum();
        println!("\n{passed} passed, {failed} failed");
        if failed == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }

    fn sum(&self) -> (u32, u32) {
        self.steps
            .iter()
            .fold((0, 0), |(passed, failed), (_, _, outcome)| {
                (passed + outcome.passed, failed + outcome.failed)
            })
    }
}

fn line(name: &str, took: Duration, outcome: &Outcome) -> String {
    let word = if outcome.is_good() { "ok" } else { "FAILED" };
    let counts = match (outcome.passed, outcome.failed, &outcome.why) {
        (0, 0, _) => String::new(),
        (0, _, Some(why)) => format!("  {why}"),
        (passed, failed, None) => format!("  {passed} passed, {failed} failed"),
        (passed, failed, Some(why)) => format!("  {passed} passed, {failed} failed: {why}"),
    };
    format!("{name:<8} {word:<6} {:>7.1} s{counts}", took.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tests(passed: u32, failed: u32) -> Outcome {
        Outcome {
            passed,
            failed,
            why: None,
        }
    }

    #[test]
    fn the_sum_is_over_all_steps() {
        let mut report = Report::new();
        assert!(report.step("fmt", || Outcome::DONE));
        assert!(report.step("tests", || tests(12, 0)));
        assert!(!report.step("browser", || tests(3, 1)));
        assert_eq!(report.sum(), (15, 1));
    }

    #[test]
    fn a_step_that_could_not_be_done_counts_as_a_failure() {
        let mut report = Report::new();
        report.step("tests", || tests(12, 0));
        assert!(!report.step("browser", || Err::<Outcome, _>("no browser".to_owned())));
        assert_eq!(report.sum(), (12, 1));
    }

    #[test]
    fn a_line_says_what_happened() {
        let took = Duration::from_millis(1234);
        let cases = [
            (Outcome::DONE, "fmt      ok         1.2 s"),
            (tests(3, 0), "fmt      ok         1.2 s  3 passed, 0 failed"),
            (tests(3, 1), "fmt      FAILED     1.2 s  3 passed, 1 failed"),
            (
                Outcome::DONE.and_failed("why".into()),
                "fmt      FAILED     1.2 s  why",
            ),
            (
                tests(3, 0).and_failed("why".into()),
                "fmt      FAILED     1.2 s  3 passed, 1 failed: why",
            ),
        ];
        for (outcome, expected) in cases {
            assert_eq!(line("fmt", took, &outcome), expected);
        }
    }
}
