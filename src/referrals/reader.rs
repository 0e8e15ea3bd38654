//! Reads a referral that came as a file with the boxes of the form.
//!
//! One reader for the command line and for the page. What stands in a box of the form is typed
//! into it; what cannot be is kept as text with its path. Nothing is dropped and nothing is
//! guessed: a name that says "(known as ...)" stays as it is, a number where text belongs is text
//! without a box, a key that stands twice is read once and kept the second time.

use std::fmt;

use jiff::civil::Date;
use kernel::form::{Parse, Typed, Value as _, YesNoUnknown};

use super::{
    model::{CHILDREN, Referral, compacted},
    rules,
};

/// Why a file is no referral. It quotes nothing of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Not text in UTF-8, from this byte on.
    NotText(usize),
    /// Not JSON, at this line and column.
    NotJson(usize, usize),
    /// JSON, but none of the boxes of the form is filled in.
    NoForm,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotText(byte) => {
                write!(
                    f,
                    "The file is not text in UTF-8: byte {} cannot be read",
                    byte + 1
                )
            }
            Self::NotJson(line, column) => {
                write!(f, "The file is not JSON: see line {line}, column {column}")
            }
            Self::NoForm => {
                f.write_str("The file is JSON, but no box of the referral form is filled in")
            }
        }
    }
}
impl std::error::Error for Unreadable {}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// What stands in the boxes of the form.
    pub typed: Typed,
    /// What has no box, with its path.
    pub unplaced: Vec<(String, String)>,
}

/// How a box is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    /// Text, or a date as it is known.
    Text,
    /// `yes`, `no`, `not known`, `not asked`.
    YesNo,
}

/// The boxes: where the file has them, and where the form has them.
const BOXES: [(&str, &str, Written); 46] = [
    ("dash_ric.attached", "dash_attached", Written::YesNo),
    ("dash_ric.detail", "dash_detail", Written::Text),
    ("referrer.name", "referrer_name", Written::Text),
    ("referrer.social_care_team", "referrer_team", Written::Text),
    ("referrer.telephone", "referrer_telephone", Written::Text),
    ("referrer.email", "referrer_email", Written::Text),
    ("referrer.date_of_referral", "referral_date", Written::Text),
    ("referrer.working_hours", "referrer_hours", Written::Text),
    ("victim.name", "survivor_name", Written::Text),
    ("victim.date_of_birth", "survivor_born", Written::Text),
    ("victim.address", "survivor_address", Written::Text),
    ("victim.ethnicity", "survivor_ethnicity", Written::Text),
    ("victim.disabled", "survivor_disabled", Written::Text),
    (
        "victim.sexual_orientation",
        "survivor_orientation",
        Written::Text,
    ),
    ("victim.gender", "survivor_gender", Written::Text),
    ("victim.telephone", "survivor_telephone", Written::Text),
    (
        "victim.alternate_contact_number",
        "survivor_other_telephone",
        Written::Text,
    ),
    (
        "victim.safe_contact_information",
        "survivor_safe_contact",
        Written::Text,
    ),
    ("perpetrator.name", "client_name", Written::Text),
    ("perpetrator.date_of_birth", "client_born", Written::Text),
    ("perpetrator.address", "client_address", Written::Text),
    (
        "perpetrator.relationship_to_victim",
        "client_relationship",
        Written::Text,
    ),
    ("perpetrator.telephone", "client_telephone", Written::Text),
    (
        "perpetrator.alternative_contact_number",
        "client_other_telephone",
        Written::Text,
    ),
    ("perpetrator.ethnicity", "client_ethnicity", Written::Text),
    ("perpetrator.disabled", "client_disabled", Written::Text),
    (
        "perpetrator.sexual_orientation",
        "client_orientation",
        Written::Text,
    ),
    ("perpetrator.gender", "client_gender", Written::Text),
    ("perpetrator.occupation", "client_occupation", Written::Text),
    ("relationship_status", "relationship", Written::Text),
    ("pregnancy.victim_pregnant", "pregnant", Written::YesNo),
    ("pregnancy.due_date", "due", Written::Text),
    (
        "reasons.risk_factors_background_and_reason",
        "background",
        Written::Text,
    ),
    ("reasons.perpetrator_behaviours", "acts", Written::Text),
    (
        "reasons.impact_on_victim_and_children",
        "impact",
        Written::Text,
    ),
    (
        "reasons.victim_strengths_and_efforts",
        "strengths",
        Written::Text,
    ),
    (
        "reasons.perpetrator_willingness_and_motivation",
        "willingness",
        Written::Text,
    ),
    ("awareness.victim_aware", "survivor_aware", Written::YesNo),
    (
        "awareness.victim_consented",
        "survivor_consented",
        Written::YesNo,
    ),
    (
        "awareness.victim_not_aware_or_not_consented_reason",
        "survivor_reason",
        Written::Text,
    ),
    (
        "awareness.perpetrator_aware",
        "client_aware",
        Written::YesNo,
    ),
    (
        "awareness.perpetrator_consented",
        "client_consented",
        Written::YesNo,
    ),
    (
        "awareness.perpetrator_not_aware_or_not_consented_reason",
        "client_reason",
        Written::Text,
    ),
    (
        "awareness.victim_identified_priorities",
        "priorities",
        Written::Text,
    ),
    (
        "awareness.victim_previous_marac",
        "survivor_marac",
        Written::Text,
    ),
    (
        "awareness.perpetrator_previous_marac_or_mappa",
        "client_marac",
        Written::Text,
    ),
];

/// The boxes of one child.
const CHILD: [(&str, &str); 5] = [
    ("name", "name"),
    ("date_of_birth", "born"),
    ("relationship_to_victim", "to_survivor"),
    ("relationship_to_perpetrator", "to_client"),
    ("address", "address"),
];

/// The name by which a file says that it is this form.
const FORM: &str = "early_intervention_referral";

/// Reads a file. `today` tells which dates of birth cannot be.
pub fn read(bytes: &[u8], today: Date) -> Result<Read, Unreadable> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text =
        std::str::from_utf8(bytes).map_err(|error| Unreadable::NotText(error.valid_up_to()))?;
    // Checked first by a parser that says where it fails; ours below keeps what that one drops.
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        return Err(Unreadable::NotJson(error.line(), error.column()));
    }
    let mut leaves = Vec::new();
    Walk {
        text,
        at: 0,
        leaves: &mut leaves,
    }
    .value(&mut Vec::new());
    let mut read = Read::default();
    for leaf in leaves {
        place(&mut read, leaf);
    }
    refuse(&mut read, today);
    if read.typed.0.is_empty() {
        return Err(Unreadable::NoForm);
    }
    Ok(read)
}

/// Something at the end of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Leaf {
    path: Vec<Step>,
    value: Held,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    Item(usize),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Held {
    /// Text.
    Text(String),
    /// A number, `true`, `false`, or an empty list or object, as it was written.
    Other(String),
    /// `null`: a box left blank.
    Blank,
}

/// Walks JSON that was found to be right, and keeps numbers and repeated keys as they are.
struct Walk<'a> {
    text: &'a str,
    at: usize,
    leaves: &'a mut Vec<Leaf>,
}

impl Walk<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_space(&mut self) {
        let space = self.rest().len()
            - self
                .rest()
                .trim_start_matches([' ', '\t', '\r', '\n'])
                .len();
        self.at += space;
    }

    fn take(&mut self, expected: char) -> bool {
        self.skip_space();
        let there = self.rest().starts_with(expected);
        if there {
            self.at += expected.len_utf8();
        }
        there
    }

    fn leaf(&mut self, path: &[Step], value: Held) {
        self.leaves.push(Leaf {
            path: path.to_vec(),
            value,
        });
    }

    fn value(&mut self, path: &mut Vec<Step>) {
        self.skip_space();
        match self.rest().chars().next() {
            Some('{') => self.object(path),
            Some('[') => self.list(path),
            Some('"') => {
                let text = self.string();
                self.leaf(path, Held::Text(text));
            }
            _ => {
                let end = self.rest().find([',', ']', '}', ' ', '\t', '\r', '\n']);
                let word = self
                    .rest()
                    .get(..end.unwrap_or(self.rest().len()))
                    .unwrap_or_default();
                let word = word.to_owned();
                self.at += word.len();
                let held = if word == "null" {
                    Held::Blank
                } else {
                    Held::Other(word)
                };
                self.leaf(path, held);
            }
        }
    }

    fn object(&mut self, path: &mut Vec<Step>) {
        self.take('{');
        if self.take('}') {
            return self.leaf(path, Held::Other("{}".to_owned()));
        }
        loop {
            self.skip_space();
            let key = self.string();
            self.take(':');
            path.push(Step::Key(key));
            self.value(path);
            path.pop();
            if !self.take(',') {
                break;
            }
        }
        self.take('}');
    }

    fn list(&mut self, path: &mut Vec<Step>) {
        self.take('[');
        if self.take(']') {
            return self.leaf(path, Held::Other("[]".to_owned()));
        }
        let mut number = 0;
        loop {
            path.push(Step::Item(number));
            self.value(path);
            path.pop();
            number += 1;
            if !self.take(',') {
                break;
            }
        }
        self.take(']');
    }

    /// The string that starts here, with its escapes resolved.
    fn string(&mut self) -> String {
        let mut escaped = false;
        let end = self
            .rest()
            .char_indices()
            .skip(1)
            .find_map(|(place, c)| match c {
                _ if escaped => {
                    escaped = false;
                    None
                }
                '\\' => {
                    escaped = true;
                    None
                }
                '"' => Some(place + 1),
                _ => None,
            })
            .unwrap_or(self.rest().len());
        let raw = self.rest().get(..end).unwrap_or_default();
        let text = serde_json::from_str(raw).unwrap_or_else(|_| raw.to_owned());
        self.at += end;
        text
    }
}

/// A path in words: `children[2].address`.
fn words(path: &[Step]) -> String {
    let mut words = String::new();
    for step in path {
        match step {
            Step::Key(key) => {
                if !words.is_empty() {
                    words.push('.');
                }
                words.push_str(key);
            }
            Step::Item(number) => {
                words.push('[');
                words.push_str(&number.to_string());
                words.push(']');
            }
        }
    }
    words
}

fn place(read: &mut Read, leaf: Leaf) {
    let path = words(&leaf.path);
    let text = match leaf.value {
        Held::Blank => return blank(read, &leaf.path, path),
        Held::Other(text) if text == "[]" && path == "children" => return,
        Held::Other(text) => return read.unplaced.push((path, text)),
        Held::Text(text) => text,
    };
    if path == "form" && text == FORM {
        return;
    }
    // An empty box is a blank one, wherever it stands on the form.
    let known = field_of(&leaf.path);
    match known {
        Some((field, kind)) => {
            let typed = match kind {
                Written::Text => Some(text.clone()),
                Written::YesNo => yes_no(&text),
            };
            match typed {
                Some(_) if read.typed.0.contains_key(&field) => read.unplaced.push((path, text)),
                Some(typed) if !typed.trim().is_empty() => {
                    read.typed.0.insert(field, typed);
                }
                Some(_) => {}
                None => read.unplaced.push((path, text)),
            }
        }
        None => read.unplaced.push((path, text)),
    }
}

/// A blank box is no answer; a blank under a key that no form has is said, since the key is text.
fn blank(read: &mut Read, path: &[Step], words: String) {
    let part = matches!(path, [Step::Key(key)] if BOXES.iter().any(|(at, _, _)| {
        at.split('.').next() == Some(key.as_str())
    }) || key == "children");
    if field_of(path).is_none() && !part {
        read.unplaced.push((words, "(blank)".to_owned()));
    }
}

/// The field of the form for a box of the file, and how it is written there.
fn field_of(path: &[Step]) -> Option<(String, Written)> {
    if let [Step::Key(list), Step::Item(number), Step::Key(key)] = path {
        let (_, field) = CHILD.iter().find(|(known, _)| known == key)?;
        let fits = list == "children" && *number < CHILDREN;
        return fits.then(|| (format!("children.{number}.{field}"), Written::Text));
    }
    // Keys are compared one by one, so that a key with a dot in it is no path.
    let keys: Option<Vec<&str>> = path
        .iter()
        .map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Item(_) => None,
        })
        .collect();
    let keys = keys?;
    BOXES
        .iter()
        .find(|(at, _, _)| at.split('.').eq(keys.iter().copied()))
        .map(|(_, field, kind)| ((*field).to_owned(), *kind))
}

/// The code of a yes / no box, if it holds one of the four answers.
fn yes_no(text: &str) -> Option<String> {
    let said = text.trim().to_lowercase();
    if said.is_empty() {
        return Some(String::new());
    }
    let answer = match said.as_str() {
        "yes" => YesNoUnknown::Yes,
        "no" => YesNoUnknown::No,
        "not known" => YesNoUnknown::NotKnown,
        "not asked" => YesNoUnknown::NotAsked,
        _ => return None,
    };
    Some(answer.typed())
}

/// Takes out of the boxes what the form would refuse: impossible dates, texts that are too long.
fn refuse(read: &mut Read, today: Date) {
    read.typed = compacted(&read.typed);
    let (form, mut problems) = Parse::form::<Referral>(&read.typed);
    problems.extend(rules::future_dates(&form, today));
    for problem in problems.iter().filter(|problem| !problem.missing) {
        if let Some(text) = read.typed.0.remove(&problem.field) {
            read.unplaced.push((path_of(&problem.field), text));
        }
    }
}

/// The path in the file of a field of the form.
fn path_of(field: &str) -> String {
    if let [list, number, name] = field.split('.').collect::<Vec<_>>().as_slice() {
        let key = CHILD
            .iter()
            .find(|(_, known)| known == name)
            .map_or(*name, |(key, _)| key);
        return format!("{list}[{number}].{key}");
    }
    BOXES
        .iter()
        .find(|(_, known, _)| *known == field)
        .map_or(field, |(path, _, _)| path)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 10, 14);

    fn typed(text: &str) -> Vec<(String, String)> {
        read(text.as_bytes(), TODAY)
            .unwrap()
            .typed
            .0
            .into_iter()
            .collect()
    }

    fn unplaced(text: &str) -> Vec<(String, String)> {
        read(text.as_bytes(), TODAY).unwrap().unplaced
    }

    fn pair(left: &str, right: &str) -> (String, String) {
        (left.to_owned(), right.to_owned())
    }

    #[test]
    fn every_box_goes_to_a_field_of_the_form() {
        let names: Vec<_> = kernel::form::Names::of::<Referral>(&Typed::default());
        for (path, field, _) in BOXES {
            let known = names.iter().any(|(_, name)| name == field);
            assert!(known, "{path}");
        }
    }

    #[test]
    fn boxes_are_typed_into_the_form() {
        let text = r#"{"form": "early_intervention_referral",
            "victim": {"name": "Ada \"Addie\" Quill", "date_of_birth": "1987-02-11", "telephone": null},
            "relationship_status": "apart",
            "pregnancy": {"victim_pregnant": "Not known", "due_date": "has a letter for 2026-11-03"},
            "children": [{"name": "Wren", "relationship_to_perpetrator": "None"}]}"#;
        assert_eq!(
            typed(text),
            [
                pair("children.0.name", "Wren"),
                pair("children.0.to_client", "None"),
                pair("due", "has a letter for 2026-11-03"),
                pair("pregnant", "not_known"),
                pair("relationship", "apart"),
                pair("survivor_born", "1987-02-11"),
                pair("survivor_name", "Ada \"Addie\" Quill"),
            ]
        );
        assert_eq!(unplaced(text), []);
    }

    #[test]
    fn what_has_no_box_is_kept_with_its_path() {
        let long = "x".repeat(501);
        for (text, expected) in [
            // An unknown key, at each depth.
            (
                r#"{"relationship_status":"a","notes":"n"}"#.to_owned(),
                vec![pair("notes", "n")],
            ),
            (
                r#"{"relationship_status":"a","victim":{"school":"s"}}"#.to_owned(),
                vec![pair("victim.school", "s")],
            ),
            // Wrong types, as they were written.
            (
                r#"{"relationship_status":"a","victim":{"telephone":7700900102,"name":["A","B"]}}"#
                    .to_owned(),
                vec![
                    pair("victim.telephone", "7700900102"),
                    pair("victim.name[0]", "A"),
                    pair("victim.name[1]", "B"),
                ],
            ),
            (
                r#"{"relationship_status":"a","children":{"name":"Wren"},"x":{"y":{"z":1.10}}}"#
                    .to_owned(),
                vec![pair("children.name", "Wren"), pair("x.y.z", "1.10")],
            ),
            // An answer that the box does not have, an impossible date, a text too long.
            (
                r#"{"relationship_status":"a","awareness":{"victim_aware":"perhaps"}}"#.to_owned(),
                vec![pair("awareness.victim_aware", "perhaps")],
            ),
            (
                r#"{"relationship_status":"a","children":[{"date_of_birth":"2017-02-31"}]}"#
                    .to_owned(),
                vec![pair("children[0].date_of_birth", "2017-02-31")],
            ),
            (
                format!(r#"{{"relationship_status":"a","victim":{{"name":"{long}"}}}}"#),
                vec![pair("victim.name", &long)],
            ),
            (
                r#"{"relationship_status":"a","victim":{"date_of_birth":"2031-01-01"}}"#.to_owned(),
                vec![pair("victim.date_of_birth", "2031-01-01")],
            ),
            // The same key twice, a key with a dot, another form, a blank under an unknown key.
            (
                r#"{"relationship_status":"a","relationship_status":"b"}"#.to_owned(),
                vec![pair("relationship_status", "b")],
            ),
            (
                r#"{"relationship_status":"a","victim.name":"dotted"}"#.to_owned(),
                vec![pair("victim.name", "dotted")],
            ),
            (
                r#"{"relationship_status":"a","form":"other","extra":null}"#.to_owned(),
                vec![pair("form", "other"), pair("extra", "(blank)")],
            ),
        ] {
            assert_eq!(unplaced(&text), expected, "{text}");
        }
    }

    #[test]
    fn more_children_than_the_form_holds_are_kept() {
        let children: Vec<String> = (0..22)
            .map(|n| format!(r#"{{"name":"Child {n}"}}"#))
            .collect();
        let text = format!(r#"{{"children":[{}]}}"#, children.join(","));
        assert_eq!(typed(&text).len(), CHILDREN);
        assert_eq!(
            unplaced(&text),
            [
                pair("children[20].name", "Child 20"),
                pair("children[21].name", "Child 21")
            ]
        );
    }

    #[test]
    fn what_is_no_referral_is_said_with_its_place() {
        for (bytes, expected) in [
            (&b""[..], Unreadable::NotJson(1, 0)),
            (
                b"{\n \"victim\": {\"name\": \"A\",}\n}",
                Unreadable::NotJson(2, 25),
            ),
            (b"ab\xff", Unreadable::NotText(2)),
            (b"[]", Unreadable::NoForm),
            (b"\"just text\"", Unreadable::NoForm),
            (b"{\"other\": {\"thing\": 1}}", Unreadable::NoForm),
        ] {
            assert_eq!(
                read(bytes, TODAY),
                Err(expected),
                "{}",
                String::from_utf8_lossy(bytes)
            );
        }
    }

    #[test]
    fn a_byte_order_mark_and_every_script_are_text() {
        let text =
            "\u{feff}{\"victim\":{\"name\":\"\\u0641\u{0627}\u{062a}\u{0646} \\ud83d\\ude42\"}}";
        assert_eq!(typed(text), [pair("survivor_name", "فاتن 🙂")]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_of_a_file_is_lost(keys in proptest::collection::vec("[a-z]{1,9}", 1..6), texts in proptest::collection::vec("\\PC{1,40}", 6)) {
            // Whatever the keys, each text is either in a box or among the unplaced.
            let body: Vec<String> = keys
                .iter()
                .zip(&texts)
                .map(|(key, text)| format!("{}:{}", serde_json::json!(key), serde_json::json!(text)))
                .collect();
            let file = format!("{{\"relationship_status\":\"together\",{}}}", body.join(","));
            let read = read(file.as_bytes(), TODAY).unwrap();
            for (_, text) in keys.iter().zip(&texts) {
                let there = read.unplaced.iter().any(|(_, kept)| kept == text)
                    || read.typed.0.values().any(|kept| kept == text)
                    || text.trim().is_empty();
                proptest::prop_assert!(there, "{text}");
            }
        }
    }
}
