//! The files the program carries inside itself: the look of its pages and the fonts of its prints.
//!
//! Everything is embedded, so the program needs no folder beside it and no other server. What comes
//! from npm is fetched by the build script and never committed.

/// The style sheet, served as `app.css`.
pub const APP_CSS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/ready/app.css"));

/// The GOV.UK Frontend components, an ES module, served as `govuk-frontend.min.js`.
pub const APP_JS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/ready/govuk-frontend.min.js"));

/// The module that starts the components, served as `app.js` **in the same folder** as [`APP_JS`],
/// which it imports by a relative address. The only script a page names, as `type="module"`.
pub const INIT_JS: &[u8] = include_bytes!("../../../frontend/app.js");

/// The icon of the browser tab and the home screen: a curve that says nothing about the service, as
/// the device may be looked at by others.
pub const ICON_SVG: &[u8] = include_bytes!("../../../frontend/icon.svg");

/// The fonts for printed forms, as TTF: Noto Sans regular and bold, and the regular face of further
/// scripts, so that a person's own spelling of a name can be printed. Not served to browsers.
pub const FONTS: &[&[u8]] = include!(concat!(env!("OUT_DIR"), "/fonts.rs"));

/// The licence of [`FONTS`] (SIL Open Font License 1.1) with its copyright holders. The licence asks
/// that it goes wherever the fonts go.
pub const FONT_LICENCE: &str = include_str!(concat!(env!("OUT_DIR"), "/ready/font-licence.txt"));

/// A hash of what is served, 16 hexadecimal digits. As a **folder** of the address
/// (`/assets/<version>/app.css`) it lets browsers keep the files for ever; as a query it would be
/// lost when [`INIT_JS`] imports [`APP_JS`].
pub const VERSION: &str = env!("ASSETS_VERSION");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_sheet_is_compiled_and_asks_for_no_typeface() {
        let css = std::str::from_utf8(APP_CSS).unwrap();
        assert!(css.contains(".govuk-button"));
        assert!(!css.contains("@font-face") && !css.contains("GDS Transport"));
        for elsewhere in ["url(http", "url(\"http", "url(//", "url(\"//", "@import"] {
            assert!(
                !css.contains(elsewhere),
                "the page would ask another server: {elsewhere}"
            );
        }
    }

    #[test]
    fn the_starting_module_imports_what_the_library_exports() {
        assert!(
            std::str::from_utf8(INIT_JS)
                .unwrap()
                .contains("./govuk-frontend.min.js")
        );
        assert!(std::str::from_utf8(APP_JS).unwrap().contains("initAll"));
    }

    #[test]
    fn every_font_is_plain_truetype() {
        // woff and woff2 are ignored by typst without an error, and the print is then empty.
        assert!(FONTS.len() > 2);
        assert!(FONTS.iter().all(|font| font.starts_with(&[0, 1, 0, 0])));
        assert!(FONT_LICENCE.contains("SIL OPEN FONT LICENSE"));
        assert!(
            FONT_LICENCE
                .lines()
                .filter(|line| line.starts_with("Copyright"))
                .count()
                > 2
        );
    }

    #[test]
    fn the_icon_names_only_the_program() {
        assert!(
            std::str::from_utf8(ICON_SVG)
                .unwrap()
                .contains("<title id=\"t\">Cusp</title>")
        );
    }

    #[test]
    fn the_version_is_a_hash() {
        assert_eq!(VERSION.len(), 16);
        assert!(VERSION.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
}
