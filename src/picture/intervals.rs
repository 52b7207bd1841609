//! Intervals (intervallfigur): one row a figure, its median with bands of 50, 80 and 95 per cent.

use super::scale::Scale;
use super::svg::{Anchor, Canvas, length};
use super::{Both, Drawing, look, room};

/// What a picture of intervals shows.
#[derive(Clone, Debug)]
pub struct Intervals {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: Both,
    /// What is to be seen.
    pub description: Both,
    /// Unit of the values.
    pub unit: Both,
    /// Is there a line at zero?
    pub zero: bool,
    /// The rows, from the top.
    pub rows: Vec<IntervalRow>,
}

/// A row.
#[derive(Clone, Debug)]
pub struct IntervalRow {
    /// Name.
    pub name: Both,
    /// p025, p10, p25, p50, p75, p90, p975.
    pub bands: [f64; 7],
    /// What stands at the right.
    pub note: Both,
}

/// Width of the axis.
const PLOT: f64 = 390.0;
const LEFT: f64 = 230.0;
const RIGHT: f64 = 140.0;
const ROW: f64 = 30.0;

/// Draws intervals.
pub fn intervals(all: &Intervals) -> Drawing {
    let values = all.rows.iter().flat_map(|row| row.bands);
    if !values.clone().any(f64::is_finite) {
        return Canvas::nothing(&all.id, &all.title, &all.description);
    }
    let zero = all.zero.then_some(0.0);
    let left = room(all.rows.iter().map(|row| &row.name), LEFT);
    let right = left + PLOT;
    let width = right + room(all.rows.iter().map(|row| &row.note), RIGHT);
    let x = Scale::over(values.chain(zero), all.zero, (left, right));
    let bottom = 34.0 + ROW * all.rows.len() as f64;
    let mut canvas = Canvas::new(&all.id, width, bottom + 30.0);
    canvas.text((left, 14.0), Anchor::Start, "quiet", &all.unit);
    for tick in &x.ticks {
        let at = x.at(*tick);
        canvas.line("grid", (at, 24.0), (at, bottom));
        canvas.text(
            (at, bottom + 18.0),
            Anchor::Middle,
            "quiet",
            &x.label(*tick),
        );
    }
    if all.zero {
        canvas.line("zero", (x.at(0.0), 24.0), (x.at(0.0), bottom));
    }
    let colour = look(0).0;
    for (number, row) in all.rows.iter().enumerate() {
        let y = 34.0 + ROW * (number as f64 + 0.5);
        canvas.text((left - 10.0, y + 4.0), Anchor::End, "", &row.name);
        canvas.text((right + 10.0, y + 4.0), Anchor::Start, "quiet", &row.note);
        if !row.bands.iter().all(|value| value.is_finite()) {
            continue;
        }
        for (low, high, width) in [(0, 6, 1.5), (1, 5, 5.0), (2, 4, 11.0)] {
            let [from, to, y, width] =
                [x.at(row.bands[low]), x.at(row.bands[high]), y, width].map(length);
            canvas.raw(&format!(
                "<line x1=\"{from}\" y1=\"{y}\" x2=\"{to}\" y2=\"{y}\" stroke=\"{colour}\" \
                 stroke-width=\"{width}\" stroke-opacity=\".65\"/>"
            ));
        }
        let [at, y] = [x.at(row.bands[3]), y].map(length);
        canvas.raw(&format!(
            "<circle cx=\"{at}\" cy=\"{y}\" r=\"4.5\" fill=\"#fff\" stroke=\"#1a1a1a\" stroke-width=\"2\"/>"
        ));
    }
    canvas.finish(&all.title, &all.description)
}
