//! What may stand on one sheet of paper.

/// What stands in place of an answer that is not printed.
pub const APART: &str = "Not printed beside another person’s address: see the record";

/// The questions about where the client is.
const CLIENTS: [&str; 3] = ["client_address", "client_telephone", "client_other_telephone"];

/// Whether a question asks where the survivor or a child is.
fn leads_to_survivor(name: &str) -> bool {
    matches!(name, "survivor_address" | "survivor_telephone" | "survivor_other_telephone")
        || (name.starts_with("children.") && name.ends_with(".address"))
}

/// Whether the answer to `name` is left off a paper that also answers `others`: no printed version
/// holds the addresses of two parties (`design.md` 7). The client's are left off, since a paper for
/// the survivor's side is of use without them.
pub fn left_off<'a>(name: &str, others: impl IntoIterator<Item = &'a str>) -> bool {
    CLIENTS.contains(&name) && others.into_iter().any(leads_to_survivor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_paper_holds_the_addresses_of_two_parties() {
        let both = ["client_address", "client_telephone", "survivor_address", "background"];
        for (name, others, expected) in [
            ("client_address", &both[..], true),
            ("client_telephone", &both, true),
            ("survivor_address", &both, false),
            ("background", &both, false),
            ("client_address", &["client_address", "children.2.address"], true),
            ("client_address", &["client_address", "children.2.name"], false),
            ("client_address", &["client_address"], false),
        ] {
            assert_eq!(left_off(name, others.iter().copied()), expected, "{name} {others:?}");
        }
    }
}
