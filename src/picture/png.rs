//! Pictures as PNG, for documents and programs that take no SVG: painted by resvg from the same file
//! with a font of our own, so that every machine writes the same picture.
//!
//! The font is Inter with the letters of the Latin script alone; see `font/LICENSE.txt`.

use super::{Drawing, Lang};
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb::Database};
use std::sync::{Arc, LazyLock};

/// Pixels to a unit of the SVG: 1520 across, which is 300 to an inch over 13 cm of paper.
const PIXELS: f32 = 2.0;
/// The family of the font.
const FAMILY: &str = "Inter";

static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    fonts.load_font_data(include_bytes!("font/Inter-Regular.otf").to_vec());
    fonts.load_font_data(include_bytes!("font/Inter-SemiBold.otf").to_vec());
    fonts.set_sans_serif_family(FAMILY);
    Arc::new(fonts)
});

impl Drawing {
    /// The bytes of a PNG file in one language, with twice as many pixels as the SVG has units.
    ///
    /// # Errors
    /// What is wrong with the picture, if it is too large to be painted.
    pub fn png(&self, lang: Lang) -> Result<Vec<u8>, String> {
        let options = Options {
            font_family: FAMILY.to_string(),
            fontdb: Arc::clone(&FONTS),
            ..Options::default()
        };
        let wrong = |error: &dyn std::fmt::Display| format!("picture {}: {error}", self.id);
        let tree =
            Tree::from_str(&self.standalone(lang), &options).map_err(|error| wrong(&error))?;
        let [width, height] =
            [tree.size().width(), tree.size().height()].map(|side| (side * PIXELS).round() as u32);
        let mut pixels = Pixmap::new(width, height)
            .ok_or_else(|| wrong(&format!("{width} x {height} pixels cannot be painted")))?;
        pixels.fill(Color::WHITE);
        let larger = Transform::from_scale(PIXELS, PIXELS);
        resvg::render(&tree, larger, &mut pixels.as_mut());
        pixels.encode_png().map_err(|error| wrong(&error))
    }
}
