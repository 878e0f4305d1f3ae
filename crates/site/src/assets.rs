//! Files that every site has.

/// The style sheet.
pub(crate) const STYLE_SHEET: (&str, &str) =
    ("assets/site.css", include_str!("../assets/site.css"));

/// Sorting and filtering of tables.
pub(crate) const TABLES: (&str, &str) = ("assets/site.js", include_str!("../assets/site.js"));

/// The sliders of the model.
pub(crate) const SLIDERS: (&str, &str) = ("assets/model.js", include_str!("../assets/model.js"));

/// The sign of the site. Browsers ask for one at the root of a server where a page names none.
pub(crate) const ICON: (&str, &str) = ("assets/icon.svg", include_str!("../assets/icon.svg"));

/// All of them, as path and text.
pub(crate) const ALL: [(&str, &str); 4] = [ICON, SLIDERS, STYLE_SHEET, TABLES];
