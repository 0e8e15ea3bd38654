//! `cusp audit verify`.

use std::fmt;

use platform::{App, Result, audit::Verified};

/// What a check of the trail found, to be printed.
#[derive(Clone, Debug)]
pub struct Report {
    verified: Verified,
    checkpoint: Option<String>,
}

impl Report {
    /// Whether everything held.
    pub fn is_sound(&self) -> bool {
        self.verified.found.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Verified {
            chains,
            rows,
            marks,
            found,
        } = &self.verified;
        writeln!(f, "{chains} chains, {rows} rows, {marks} checkpoint marks")?;
        if let Some(path) = &self.checkpoint {
            writeln!(
                f,
                "There is no checkpoint file at {path}: rows cut off the end of a chain could not \
                 be noticed."
            )?;
        }
        for tampering in found {
            writeln!(f, "{tampering}")?;
        }
        if found.is_empty() {
            write!(f, "Everything holds.")
        } else {
            write!(f, "{} places do not hold.", found.len())
        }
    }
}

/// Checks every chain of the trail, and the checkpoint file against them. The command prints the
/// report and fails unless it [`Report::is_sound`].
///
/// # Errors
/// Only if it could not be checked; what was found is in the report.
pub async fn verify(app: &App) -> Result<Report> {
    let verified = app.verify_audit().await?;
    let file = app.checkpoint_file();
    Ok(Report {
        verified,
        checkpoint: (!file.exists()).then(|| file.display().to_string()),
    })
}
