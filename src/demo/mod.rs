//! The demonstration: an invented partnership, its stories, and the controls to look around.

pub mod cast;
mod course;
mod courses;
pub mod families;
mod opening;
pub mod player;
pub mod stories;

pub use opening::open;

/// The one password of the cast, printed at the start and on the sign-in page. There is no second
/// factor in the demonstration.
pub const PASSWORD: &str = "cusp demonstration 2026";

/// What is printed when the demonstration is ready.
pub fn welcome(listen: &str) -> String {
    let cast: Vec<String> = cast::CAST
        .iter()
        .map(|persona| format!("  {:<36} {}", persona.email(), persona.what))
        .collect();
    format!(
        "\nThe demonstration is open at http://{listen}\n\nEverybody signs in with the password “{PASSWORD}”:\n{}\n\nOr press “Become” at http://{listen}/sign-in. Everybody in it is invented.\n",
        cast.join("\n")
    )
}
