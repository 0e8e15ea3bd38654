//! A document as a file that leaves: its bytes, their hash for the record, the answer that shows it.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use kernel::plain::Plain;
use platform::{Error, Result};
use sha2::{Digest as _, Sha256};

/// A document that was set.
#[derive(Clone, Debug)]
pub struct Paper {
    bytes: Vec<u8>,
    /// SHA-256 of its bytes, for the record.
    pub hash: String,
}

/// Sets a document where waiting is allowed.
///
/// # Errors
/// [`Error::TooLong`] if it holds more than a document can.
pub async fn set(document: pdf::Document) -> Result<Paper> {
    let bytes = tokio::task::spawn_blocking(move || pdf::render(&document))
        .await
        .map_err(|_| Error::Broken("printing panicked".to_owned()))?
        .map_err(|error| match error {
            pdf::Error::TooLong => Error::TooLong,
            other => Error::Broken(other.to_string()),
        })?;
    let hash = hash(&bytes);
    Ok(Paper { bytes, hash })
}

/// SHA-256 of what left, as the record keeps it: it commits to the bytes and says nothing of them.
pub fn hash(bytes: &[u8]) -> String {
    platform::random::hex(&Sha256::digest(bytes))
}

impl Paper {
    /// The answer that shows it. Its name is a reference and says nothing else.
    pub fn into_answer(self, reference: &Plain) -> Response {
        let name = format!("inline; filename=\"form-{reference}.pdf\"");
        let disposition =
            HeaderValue::from_str(&name).unwrap_or_else(|_| HeaderValue::from_static("inline"));
        (
            [
                (
                    header::CONTENT_TYPE,
                    HeaderValue::from_static("application/pdf"),
                ),
                (header::CONTENT_DISPOSITION, disposition),
            ],
            self.bytes,
        )
            .into_response()
    }
}
