//! Pictures (figurer) for a statistical report: values in, SVG and PNG out. Knows nothing of health
//! workers.
//!
//! The writer of SVG is our own and small: libraries for charts write files that a screen reader
//! cannot read and that hold one language. Here every picture has a title and a description, every
//! text stands in it in Norwegian (class `nb`) and in English (class `en`), and nothing is told by
//! colour alone: series differ by dash and mark, tiles by pattern and printed figure.

mod bars;
mod curves;
mod fan;
mod file;
mod flows;
mod intervals;
mod plane;
mod png;
mod scale;
mod svg;
mod tiles;

pub use bars::{Bars, bars};
pub use curves::{Curve, Curves, curves};
pub use fan::{Fan, FanLine, FanSeries, fan};
pub use flows::{Flows, flows};
pub use intervals::{IntervalRow, Intervals, intervals};
pub use plane::{Plane, PlaneGroup, plane};
pub use tiles::{Level, Tile, Tiles, tiles};

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Both {
    /// Norwegian (bokmål).
    pub nb: String,
    /// English.
    pub en: String,
}

impl Both {
    /// A text in both languages.
    pub fn new(nb: impl Into<String>, en: impl Into<String>) -> Both {
        Both {
            nb: nb.into(),
            en: en.into(),
        }
    }

    /// A text that is the same in both.
    pub fn same(text: impl Into<String>) -> Both {
        let text = text.into();
        Both::new(text.clone(), text)
    }

    /// The text in a language.
    pub fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nb => &self.nb,
            Lang::En => &self.en,
        }
    }
}

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// Norwegian (bokmål).
    Nb,
    /// English.
    En,
}

/// A number with so many decimals as the language writes it: `−1 234,5` (narrow no-break space) and
/// `−1,234.5`. What is no number is a dash.
pub fn number(value: f64, decimals: usize, lang: Lang) -> String {
    if !value.is_finite() {
        return "–".to_string();
    }
    let text = format!("{:.decimals$}", value.abs());
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let (group, point) = match lang {
        Lang::Nb => ('\u{202F}', ','),
        Lang::En => (',', '.'),
    };
    let mut told = String::new();
    if value < 0.0 && text.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
        told.push('\u{2212}');
    }
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            told.push(group);
        }
        told.push(digit);
    }
    if !part.is_empty() {
        told.push(point);
        told.push_str(part);
    }
    told
}

/// The same in both languages.
pub fn numbers(value: f64, decimals: usize) -> Both {
    Both::new(
        number(value, decimals, Lang::Nb),
        number(value, decimals, Lang::En),
    )
}

/// A picture: one SVG with the texts of both languages.
#[derive(Clone, Debug)]
pub struct Drawing {
    /// Identifier: small letters, digits and hyphens.
    pub id: String,
    /// Title.
    pub title: Both,
    /// What is to be seen, in a sentence, for those who cannot see it.
    pub description: Both,
    /// The SVG, to stand in a page that has [`STYLE`] and hides one of the languages.
    pub svg: String,
    /// Width and height, in units of the SVG.
    pub size: [f64; 2],
}

/// Colour and dash of a series: both differ for the first five, and no two are alike before
/// twenty-five.
pub(crate) fn look(series: usize) -> (&'static str, &'static str) {
    let round = series / COLOURS.len();
    let dash = DASHES[(series + round) % DASHES.len()];
    (COLOURS[series % COLOURS.len()], dash)
}

/// The room that names need at the size of letters in pictures, at least `least`.
pub(crate) fn room<'a>(names: impl Iterator<Item = &'a Both>, least: f64) -> f64 {
    let longest = |name: &Both| name.nb.chars().count().max(name.en.chars().count());
    let letters = names.map(longest).max().unwrap_or(0);
    least.max(7.2 * letters as f64 + 26.0)
}

/// Colours of series, told apart by people with any colour vision (Okabe and Ito 2008), darkened
/// where they stand on white.
pub(crate) const COLOURS: [&str; 5] = ["#0b5394", "#b8500a", "#00695c", "#8e3a7a", "#5c5c00"];
/// Dashes of series.
const DASHES: [&str; 5] = ["none", "7 3", "2 3", "9 3 2 3", "12 4"];

/// The style that pictures need, once a page.
pub const STYLE: &str = "svg.picture{width:100%;height:auto;font-family:system-ui,-apple-system,\
'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif;font-size:13px;color:#1a1a1a}\
.picture text{fill:#1a1a1a}.picture .quiet{fill:#4d4d4d}.picture .strong{font-weight:600}\
.picture .grid{stroke:#d9d9d9;stroke-width:1}.picture .axis{stroke:#666;stroke-width:1}\
.picture .zero{stroke:#333;stroke-width:1.5}.picture .line{fill:none;stroke-width:2.25}\
.picture .edge{fill:none;stroke-width:.75;stroke-opacity:.55}.picture .paper,.paper{fill:#fff}\
.picture .tile{stroke:#444;stroke-width:1}.end{text-anchor:end}.middle{text-anchor:middle}";

#[cfg(test)]
mod tests;
