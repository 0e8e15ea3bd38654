//! Passwords: how strong one must be, and how it is kept.

use std::sync::LazyLock;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _},
};
use kernel::plain::Plain;
use tokio::sync::Semaphore;

use crate::{Error, Result, random};

/// The fewest characters (ASVS 5.0 6.2.1, NIST SP 800-63B-4 3.1.1.2).
pub const LEAST: usize = 15;

/// The most characters. ASVS 5.0 6.2.9 asks for at least 64; a limit keeps the work bounded.
pub const MOST: usize = 128;

/// How many are hashed at once: each takes 19 MiB and a core, and pages must go on.
static TURNS: Semaphore = Semaphore::const_new(2);

/// What is checked where there is nothing to check, so that an unknown user takes as long.
static NOBODY: LazyLock<String> =
    LazyLock::new(|| phc(b"nobody signs in with this").unwrap_or_default());

/// Argon2id with 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet).
fn argon() -> Result<Argon2<'static>> {
    let params =
        Params::new(19_456, 2, 1, None).map_err(|e| Error::Broken(format!("argon2: {e}")))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn phc(password: &[u8]) -> Result<String> {
    let salt = random::bytes::<16>()?;
    argon()?
        .hash_password_with_salt(password, &salt)
        .map(|hash| hash.to_string())
        .map_err(|e| Error::Broken(format!("argon2: {e}")))
}

/// The password as a PHC string.
pub async fn hash(password: String) -> Result<Plain> {
    turn(move || phc(password.as_bytes()).map(Plain::new)).await
}

/// Whether `password` is the one kept as `phc`. Takes as long where nothing is kept.
pub(crate) async fn verify(password: String, kept: Option<Plain>) -> Result<bool> {
    turn(move || {
        let nobody = NOBODY.as_str();
        let known = kept.filter(|kept| !kept.is_empty());
        let against = known.as_ref().map_or(nobody, Plain::as_str);
        let right = argon()?
            .verify_password(password.as_bytes(), against)
            .is_ok();
        Ok(right && known.is_some())
    })
    .await
}

async fn turn<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let _turn = TURNS
        .acquire()
        .await
        .map_err(|_| Error::Broken("closing".to_owned()))?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Error::Broken("hashing panicked".to_owned()))?
}

/// Long passwords that lists of stolen ones hold in numbers, without spaces and signs.
const COMMON: [&str; 14] = [
    "correcthorsebatterystaple",
    "thequickbrownfoxjumps",
    "thequickbrownfoxjumpsoverthelazydog",
    "qwertyuiopasdfg",
    "qwertyuiopasdfgh",
    "qwertyuiopasdfghjkl",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv",
    "1qaz2wsx3edc4rfv5tgb",
    "1q2w3e4r5t6y7u8i9o0p",
    "iloveyouverymuch",
    "thisismypassword",
    "mypasswordispassword",
    "passwordpassword123",
];

/// What speaks against a password, in words that complete "The password …"; `None` if nothing.
///
/// Any characters may be used, and nothing is asked of their mixture (ASVS 5.0 6.2.5). `own` are
/// the user's name and address, whose parts of five letters or more it must not hold (6.2.11); shorter ones stand in
/// many a word.
pub fn weakness(password: &str, own: &[&str]) -> Option<&'static str> {
    let length = password.chars().count();
    if length < LEAST {
        return Some(
            "must have 15 characters or more: three or four words that do not belong together are easy to keep",
        );
    }
    if length > MOST {
        return Some("must have 128 characters or fewer");
    }
    let lower = password.to_lowercase();
    let parts = own
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .map(str::to_lowercase)
        .filter(|part| part.chars().count() >= 5);
    if parts
        .chain(["cusp".to_owned()])
        .any(|part| lower.contains(&part))
    {
        return Some("must not hold your name, your e-mail address or the name of this service");
    }
    let bare: String = lower.chars().filter(|c| c.is_alphanumeric()).collect();
    let common = COMMON.contains(&bare.as_str()) || repeats(&lower) || runs(&bare);
    common.then_some("is too easy to guess: choose one that nobody else would think of")
}

/// Whether a text is one piece of at most eight characters over and over.
fn repeats(text: &str) -> bool {
    let all: Vec<char> = text.chars().collect();
    (1..=8).any(|piece| {
        all.iter()
            .zip(all.iter().skip(piece))
            .all(|(before, after)| before == after)
    })
}

/// Whether a text counts up or down: `123456789012345`, `abcdefghijklmno`.
fn runs(text: &str) -> bool {
    let codes: Vec<u32> = text.chars().map(u32::from).collect();
    let follows = |by: fn(u32, u32) -> bool| {
        codes
            .iter()
            .zip(codes.iter().skip(1))
            .filter(|(a, b)| by(**a, **b))
            .count()
            .saturating_mul(10)
            >= codes.len().saturating_sub(1).saturating_mul(9)
            && codes.len() > 1
    };
    follows(|a, b| b == a.saturating_add(1)) || follows(|a, b| a == b.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_password_must_be() {
        let own = ["Ines Calloway", "ines.calloway@example.org"];
        let cases = [
            ("kettle marble orbit 9", true),
            ("ножницы бумага камень", true),
            ("              x", true),
            ("short one 12 34", true),
            ("fourteen chars", false),
            ("", false),
            ("CALLOWAY kettle marble", false),
            ("kettle marble ines", true), // as in lines, mines, pines
            ("my Cusp pass phrase 1", false),
            ("example kettle marble", false),
            ("passwordpassword", false),
            ("aaaaaaaaaaaaaaaaaa", false),
            ("abcabcabcabcabcabc", false),
            ("123456789012345678", false),
            ("abcdefghijklmnopq", false),
            ("zyxwvutsrqponmlk", false),
            ("Correct Horse Battery Staple", false),
            ("qwertyuiop asdfghjkl", false),
        ];
        for (password, fine) in cases {
            assert_eq!(weakness(password, &own).is_none(), fine, "{password}");
        }
        assert!(
            weakness(&"kettle marble ".repeat(9), &[]).is_none(),
            "126 characters"
        );
        assert!(
            weakness(&"kettle marble ".repeat(10), &[]).is_some(),
            "140 characters"
        );
    }

    #[tokio::test]
    async fn kept_and_checked() {
        let kept = hash("kettle marble orbit".to_owned()).await.unwrap();
        assert!(kept.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let check = |password: &str, kept: Option<Plain>| verify(password.to_owned(), kept);
        assert!(
            check("kettle marble orbit", Some(kept.clone()))
                .await
                .unwrap()
        );
        assert!(!check("kettle marble orbiT", Some(kept)).await.unwrap());
        assert!(!check("nobody signs in with this", None).await.unwrap());
        assert!(!check("", Some(Plain::default())).await.unwrap());
    }

    /// Not a measurement: a check that was skipped would take a hundredth of one that was made.
    #[tokio::test]
    async fn an_unknown_user_takes_as_long() {
        let kept = hash("kettle marble orbit".to_owned()).await.unwrap();
        let mut fastest = [std::time::Duration::MAX; 3];
        for _ in 0..5 {
            let cases = [Some(kept.clone()), None, Some(Plain::default())];
            for (least, kept) in fastest.iter_mut().zip(cases) {
                let begun = std::time::Instant::now();
                assert!(!verify("wrong".to_owned(), kept).await.unwrap());
                *least = begun.elapsed().min(*least);
            }
        }
        let [known, unknown, none] = fastest;
        assert!(unknown > known / 4 && none > known / 4, "{fastest:?}");
        assert!(known > unknown / 4, "{fastest:?}");
    }
}
