//! What is written for the client is compared with what is kept from the client.
//!
//! `design.md` 5: at save, text for the client is compared with the `Survivor` and `Child` values of
//! the case, and a match is refused with a general message: which value matched, and that there is
//! one at all, is not said.

use kernel::{
    form::{Problem, Problems},
    label::{Client, Labelled},
};
use platform::{Result, Scope};

use super::{
    model::{Channel, Detail, KeptAt},
    rules::folded,
    store::{
        ChildDetails, ClientDetails, OtherDetails, SurvivorDetails, details, safe_contacts,
        survivor_side, worker_names,
    },
};

/// What is said of a text that gives something away.
pub const GIVES_AWAY: &str = "This text cannot be saved, because the client may read it: leave out addresses, telephone numbers, \
     schools, workplaces and names of other workers, or ask your supervisor";

/// Something that must not stand in a text for the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Words that stand beside each other, folded: a street, a school, a name.
    Words(Vec<String>),
    /// Letters and digits without spaces: a postcode.
    Code(String),
    /// The last digits of a telephone number, without the prefix of a country.
    Digits(String),
}

/// The fewest letters of words that are looked for: `Flat 2` alone would match everything.
const LETTERS: usize = 5;
/// How many digits of a telephone number make it that number.
const DIGITS: usize = 9;

/// What must be looked for of a value.
pub fn kept(channel: Channel, value: &str) -> Vec<Kept> {
    let mut all = Vec::new();
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    if digits.len() >= DIGITS && channel != Channel::Address {
        let start = digits.len().saturating_sub(DIGITS);
        all.extend(
            digits
                .get(start..)
                .map(|last| Kept::Digits(last.to_owned())),
        );
    }
    if channel == Channel::Telephone {
        return all;
    }
    let words: Vec<String> = folded(value)
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    for pair in words.windows(2) {
        if let [outward, inward] = pair
            && is_outward(outward)
            && is_inward(inward)
        {
            all.push(Kept::Code(format!("{outward}{inward}")));
        }
    }
    all.extend(
        words
            .iter()
            .filter(|word| is_postcode(word))
            .map(|word| Kept::Code(word.clone())),
    );
    for piece in value.split([',', '\n', ';']) {
        let words: Vec<String> = folded(piece)
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        let letters: usize = words.iter().map(|word| word.chars().count()).sum();
        let code: String = words.concat();
        // One word of an address is a town, which is no secret.
        let tells = words.len() > 1 || channel != Channel::Address;
        if letters >= LETTERS && tells && !is_postcode(&code) {
            all.push(Kept::Words(words));
        }
    }
    all
}

fn is_outward(word: &str) -> bool {
    let letters = word.chars().take_while(char::is_ascii_alphabetic).count();
    (1..=2).contains(&letters)
        && (2..=4).contains(&word.len())
        && word
            .chars()
            .nth(letters)
            .is_some_and(|c| c.is_ascii_digit())
}

fn is_inward(word: &str) -> bool {
    let mut chars = word.chars();
    word.len() == 3
        && chars.next().is_some_and(|c| c.is_ascii_digit())
        && chars.all(|c| c.is_ascii_alphabetic())
}

fn is_postcode(word: &str) -> bool {
    word.is_ascii()
        && (5..=7).contains(&word.len())
        && word
            .split_at_checked(word.len().saturating_sub(3))
            .is_some_and(|(outward, inward)| is_outward(outward) && is_inward(inward))
}

/// Whether a text for the client says any of it, however it is spaced, accented or written.
pub fn gives_away(text: &str, kept: &[Kept]) -> bool {
    let folded = folded(text);
    let words: Vec<&str> = folded.split_whitespace().collect();
    let together: String = words.concat();
    let digits: String = text
        .chars()
        .filter(|c| c.is_ascii_digit() || c.is_alphabetic())
        .collect();
    kept.iter().any(|kept| match kept {
        Kept::Words(looked_for) => words
            .windows(looked_for.len().max(1))
            .any(|found| found.iter().eq(looked_for.iter())),
        Kept::Code(code) => together.contains(code),
        Kept::Digits(number) => digits.contains(number),
    })
}

/// Refuses text for the client that gives away what is kept from the client. To be asked inside the
/// transaction that saves the text.
pub fn problems(
    scope: &mut impl Scope,
    field: &str,
    text: &Labelled<String, Client>,
) -> Result<Problems> {
    let kept = of_case(scope)?;
    Ok(if gives_away(text.expose(), &kept) {
        vec![Problem::new(field, GIVES_AWAY)]
    } else {
        Problems::new()
    })
}

/// Everything that must not stand in a text for the client of the case in hand.
fn of_case(scope: &mut impl Scope) -> Result<Vec<Kept>> {
    fn look<L: kernel::label::Label>(all: &mut Vec<Kept>, details: Vec<Detail<L>>) {
        for detail in details {
            // What is the same as the client's is known to the client.
            if *detail.kept.expose() != KeptAt::AsClient {
                all.extend(kept(detail.channel, detail.value.expose()));
            }
        }
    }
    let mut all = Vec::new();
    look(&mut all, details::<SurvivorDetails>(scope)?);
    look(&mut all, details::<ChildDetails>(scope)?);
    look(&mut all, details::<OtherDetails>(scope)?);
    for safe in safe_contacts(scope)? {
        if let Some(word) = safe.code_word {
            all.extend(kept(Channel::Other, word.expose()));
        }
    }
    let workers = survivor_side(scope)?;
    for (_, name) in worker_names(scope, workers)? {
        all.extend(kept(Channel::Other, name.as_str()));
    }
    let mut own = Vec::new();
    look(&mut own, details::<ClientDetails>(scope)?);
    all.retain(|kept| !own.contains(kept));
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_it_is_written() {
        let mut protected = kept(Channel::Address, "Flat 3, 12 Alder Row, Larkmoor, ZZ99 4QT");
        protected.extend(kept(Channel::Telephone, "+44 7700 900 321"));
        protected.extend(kept(Channel::Other, "St Brannoc’s Primary School"));
        protected.extend(kept(Channel::Other, "Sunniva Hale"));
        for (text, refused) in [
            ("Meet at 12 alder row on Monday", true),
            ("Meet at 12, Alder-Row", true),
            ("postcode zz994qt", true),
            ("postcode Z Z 9 9 4 Q T", true),
            ("ring 07700900321", true),
            ("ring 07700 900-321 after six", true),
            ("ring 0 7 7 0 0 9 0 0 3 2 1", true),
            ("collect them at St. Brannocs primary school", true),
            ("Sunniva Hale says so", true),
            ("SUNNIVA  HÂLE", true),
            ("Meet in Larkmoor at noon", false),
            ("Flat screens and 3 chairs in row 12", false),
            ("ring 07700 900322", false),
            ("Come to the session on 12 October", false),
            ("", false),
        ] {
            assert_eq!(gives_away(text, &protected), refused, "{text}");
        }
    }

    #[test]
    fn what_is_too_short_to_mean_anything_is_not_looked_for() {
        assert_eq!(kept(Channel::Address, "Flat"), []);
        assert_eq!(kept(Channel::Other, "No"), []);
        assert_eq!(kept(Channel::Telephone, "999"), []);
    }
}
