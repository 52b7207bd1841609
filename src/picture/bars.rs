//! Stacked bars (stablede søyler) that lie: shares of a whole, or sizes of one part.

use super::scale::Scale;
use super::svg::{Anchor, Canvas, length};
use super::{Both, COLOURS, Drawing, room};

/// What a picture of bars shows.
#[derive(Clone, Debug)]
pub struct Bars {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: Both,
    /// What is to be seen.
    pub description: Both,
    /// Unit of the sizes.
    pub unit: Both,
    /// The parts of each bar, five at most.
    pub parts: Vec<Both>,
    /// Name, and size of each part.
    pub bars: Vec<(Both, Vec<f64>)>,
}

/// Width of the axis.
const PLOT: f64 = 460.0;
const LEFT: f64 = 270.0;
const RIGHT: f64 = 30.0;
const ROW: f64 = 28.0;

/// Draws bars.
pub fn bars(all: &Bars) -> Drawing {
    let sum = |sizes: &Vec<f64>| -> f64 {
        let known = sizes.iter().filter(|size| size.is_finite());
        known.map(|size| size.max(0.0)).sum()
    };
    if !all.bars.iter().any(|(_, sizes)| sum(sizes) > 0.0) {
        return Canvas::nothing(&all.id, &all.title, &all.description);
    }
    let left = room(all.bars.iter().map(|(name, _)| name), LEFT);
    // Shares are read with six digits: a sum of 100.0001 is 100, and needs no further tick.
    let whole = |sum: f64| (sum * 1e3).round() / 1e3;
    let ends = all.bars.iter().map(|(_, sizes)| whole(sum(sizes)));
    let ends = ends.chain([0.0]);
    let x = Scale::over(ends, true, (left, left + PLOT));
    let many = all.parts.len() > 1;
    let top = if many { 54.0 } else { 28.0 };
    let bottom = top + ROW * all.bars.len() as f64;
    let mut canvas = Canvas::new(&all.id, left + PLOT + RIGHT, bottom + 28.0);
    canvas.raw("<defs>");
    for (number, colour) in COLOURS.iter().enumerate() {
        let size = length(5.0 + 2.0 * number as f64);
        let turn = length(45.0 * number as f64);
        canvas.raw(&format!(
            "<pattern id=\"{}-part-{number}\" width=\"{size}\" height=\"{size}\" \
             patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate({turn})\"><rect \
             width=\"{size}\" height=\"{size}\" fill=\"{colour}\" fill-opacity=\".75\"/><line \
             x1=\"0\" y1=\"0\" x2=\"0\" y2=\"{size}\" stroke=\"#fff\" stroke-width=\"{}\"/></pattern>",
            all.id,
            if number == 0 { "0" } else { "1.4" },
        ));
    }
    canvas.raw("</defs>");
    let fill = |part: usize| {
        let part = part % COLOURS.len();
        format!(
            "fill=\"url(#{}-part-{part})\" stroke=\"#333\" stroke-width=\".6\"",
            all.id
        )
    };
    canvas.text((4.0, 14.0), Anchor::Start, "quiet", &all.unit);
    if many {
        let mut at = 4.0;
        for (number, part) in all.parts.iter().enumerate() {
            canvas.rect((at, 26.0), (18.0, 13.0), &fill(number));
            canvas.text((at + 24.0, 37.0), Anchor::Start, "", part);
            let longest = part.nb.chars().count().max(part.en.chars().count());
            at += 40.0 + 7.4 * longest as f64;
        }
    }
    for tick in &x.ticks {
        canvas.line("grid", (x.at(*tick), top), (x.at(*tick), bottom));
        canvas.text(
            (x.at(*tick), bottom + 18.0),
            Anchor::Middle,
            "quiet",
            &x.label(*tick),
        );
    }
    for (number, (name, sizes)) in all.bars.iter().enumerate() {
        let y = top + ROW * number as f64;
        canvas.text((left - 10.0, y + ROW / 2.0 + 4.0), Anchor::End, "", name);
        let mut from = 0.0;
        for (part, size) in sizes.iter().enumerate() {
            let size = if size.is_finite() { size.max(0.0) } else { 0.0 };
            let wide = x.at(from + size) - x.at(from);
            canvas.rect((x.at(from), y + 5.0), (wide, ROW - 10.0), &fill(part));
            from += size;
        }
    }
    canvas.line("axis", (x.at(0.0), top), (x.at(0.0), bottom));
    canvas.finish(&all.title, &all.description)
}
