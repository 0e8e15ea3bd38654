//! The only source of chance: the operating system.

use crate::{Error, Result};

/// `N` random bytes.
pub fn bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| Error::Broken(format!("no randomness: {e}")))?;
    Ok(bytes)
}

/// A token of 256 bits in hexadecimal.
pub fn token() -> Result<String> {
    Ok(hex(&bytes::<32>()?))
}

/// A short reference for people to read out: eight letters and digits that are hard to confuse.
pub fn reference() -> Result<String> {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let drawn = bytes::<8>()?;
    let letters: String = drawn
        .iter()
        .filter_map(|byte| LETTERS.get(usize::from(byte % 32)).copied())
        .map(char::from)
        .collect();
    let (head, tail) = letters.split_at(4);
    Ok(format!("{head}-{tail}"))
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
