//! The page's own files, in the binary, and the texts that are made once of the data.

use super::{catalogue, places};
use crate::parameters::ModelData;
use crate::words::Problem;

/// A file of the page: its address, its kind, its bytes.
pub type Asset = (&'static str, &'static str, &'static [u8]);

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const PLAIN: &str = "text/plain; charset=utf-8";
const SVG: &str = "image/svg+xml";

macro_rules! asset {
    ($address:literal, $kind:expr, $file:literal) => {
        (
            $address,
            $kind,
            include_bytes!(concat!("page/", $file)).as_slice(),
        )
    };
}

/// All files of the page. uPlot 1.6.32 (Leon Sorokin, MIT) draws the charts; its licence is beside it.
pub const ASSETS: &[Asset] = &[
    asset!("/", HTML, "index.html"),
    asset!("/explorer.css", CSS, "explorer.css"),
    asset!("/uplot.css", CSS, "uplot.css"),
    asset!("/explorer.js", SCRIPT, "explorer.js"),
    asset!("/charts.js", SCRIPT, "charts.js"),
    asset!("/dom.js", SCRIPT, "dom.js"),
    asset!("/form.js", SCRIPT, "form.js"),
    asset!("/map.js", SCRIPT, "map.js"),
    asset!("/policies.js", SCRIPT, "policies.js"),
    asset!("/presets.js", SCRIPT, "presets.js"),
    asset!("/results.js", SCRIPT, "results.js"),
    asset!("/state.js", SCRIPT, "state.js"),
    asset!("/words.js", SCRIPT, "words.js"),
    asset!("/uplot.js", SCRIPT, "uplot.js"),
    asset!("/uplot-license.txt", PLAIN, "uplot-license.txt"),
    asset!("/icon.svg", SVG, "icon.svg"),
];

/// Texts made of the data, once.
#[derive(Debug)]
pub struct Texts {
    /// Places, professions and limits, as JSON.
    pub places: String,
    /// The catalogue of policies.
    pub catalogue: catalogue::Told,
}

impl Texts {
    /// The texts of a data folder.
    ///
    /// # Errors
    /// A [`Problem`] in a policy file or in the file of places.
    pub fn of(data: &ModelData) -> Result<Texts, Problem> {
        Ok(Texts {
            places: places::told(data)?.to_string(),
            catalogue: catalogue::told(data)?,
        })
    }
}
