//! Maps of tiles (rutekart): one tile a place, roughly where it lies, with its figure printed.

use super::svg::{Anchor, Canvas, length};
use super::{Both, Drawing};

/// What a map of tiles shows.
#[derive(Clone, Debug)]
pub struct Tiles {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: Both,
    /// What is to be seen.
    pub description: Both,
    /// What the levels mean.
    pub legend: Vec<(Level, Both)>,
    /// The tiles.
    pub tiles: Vec<Tile>,
}

/// A tile.
#[derive(Clone, Debug)]
pub struct Tile {
    /// Row, from the top.
    pub row: usize,
    /// Column, from the left.
    pub column: usize,
    /// Name of the place.
    pub name: Both,
    /// The figure as it is printed.
    pub value: Both,
    /// How much it is.
    pub level: Level,
}

/// How much there is in a place, told by colour and pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Far too little.
    MuchLess,
    /// Too little.
    Less,
    /// About as much as wanted.
    Even,
    /// More than wanted.
    More,
    /// Far more than wanted.
    MuchMore,
    /// Not known.
    Unknown,
}

impl Level {
    /// Colour, and the stroke of the pattern over it: direction and distance.
    fn look(self) -> (&'static str, Option<(f64, f64)>) {
        match self {
            Level::MuchLess => ("#f2b38c", Some((45.0, 6.0))),
            Level::Less => ("#fae0cf", Some((45.0, 12.0))),
            Level::Even => ("#f4f4f4", None),
            Level::More => ("#d3e3f3", Some((135.0, 12.0))),
            Level::MuchMore => ("#a5c6e8", Some((135.0, 6.0))),
            Level::Unknown => ("#ffffff", None),
        }
    }

    fn pattern(self, id: &str) -> String {
        format!("{id}-level-{}", self as usize)
    }
}

const SIZE: (f64, f64) = (170.0, 62.0);
const GAP: f64 = 6.0;

/// Draws a map of tiles.
pub fn tiles(map: &Tiles) -> Drawing {
    if map.tiles.is_empty() {
        return Canvas::nothing(&map.id, &map.title, &map.description);
    }
    let first = |of: fn(&Tile) -> usize| map.tiles.iter().map(of).min().unwrap_or(0);
    let last = |of: fn(&Tile) -> usize| map.tiles.iter().map(of).max().unwrap_or(0);
    let (row, column) = (first(|tile| tile.row), first(|tile| tile.column));
    let rows = (last(|tile| tile.row) - row + 1) as f64;
    let columns = (last(|tile| tile.column) - column + 1) as f64;
    let legend = 26.0 * (map.legend.len() as f64 / 2.0).ceil() + 8.0;
    let width = (columns * (SIZE.0 + GAP)).max(560.0) + GAP;
    let mut canvas = Canvas::new(&map.id, width, rows * (SIZE.1 + GAP) + GAP + legend);
    let levels = [Level::MuchLess, Level::Less, Level::More, Level::MuchMore];
    canvas.raw("<defs>");
    for level in levels {
        let (colour, pattern) = level.look();
        let (turn, size) = pattern.unwrap_or((0.0, 8.0));
        let [turn, size] = [turn, size].map(length);
        canvas.raw(&format!(
            "<pattern id=\"{}\" width=\"{size}\" height=\"{size}\" patternUnits=\"userSpaceOnUse\" \
             patternTransform=\"rotate({turn})\"><rect width=\"{size}\" height=\"{size}\" \
             fill=\"{colour}\"/><line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"{size}\" stroke=\"#777\" \
             stroke-width=\".8\"/></pattern>",
            level.pattern(&map.id)
        ));
    }
    canvas.raw("</defs>");
    let fill = |level: Level| match level.look() {
        (_, Some(_)) => format!("class=\"tile\" fill=\"url(#{})\"", level.pattern(&map.id)),
        (colour, None) => format!("class=\"tile\" fill=\"{colour}\""),
    };
    for tile in &map.tiles {
        let x = GAP + (tile.column - column) as f64 * (SIZE.0 + GAP);
        let y = GAP + (tile.row - row) as f64 * (SIZE.1 + GAP);
        canvas.rect((x, y), SIZE, &fill(tile.level));
        // A quiet ground under the words keeps the pattern away from them.
        let ground = "fill=\"#fff\" fill-opacity=\".82\"";
        canvas.rect((x + 6.0, y + 7.0), (SIZE.0 - 12.0, SIZE.1 - 14.0), ground);
        canvas.text((x + 12.0, y + 26.0), Anchor::Start, "", &tile.name);
        canvas.text((x + 12.0, y + 46.0), Anchor::Start, "strong", &tile.value);
    }
    let top = rows * (SIZE.1 + GAP) + GAP + 8.0;
    for (number, (level, name)) in map.legend.iter().enumerate() {
        let x = GAP + (number % 2) as f64 * 290.0;
        let y = top + (number / 2) as f64 * 26.0;
        canvas.rect((x, y), (26.0, 16.0), &fill(*level));
        canvas.text((x + 34.0, y + 13.0), Anchor::Start, "quiet", name);
    }
    canvas.finish(&map.title, &map.description)
}
