//! Curves (kurver) with bands: retention over years, acceptability over willingness to pay.

use super::scale::{Scale, apart};
use super::svg::{Anchor, Canvas};
use super::{Both, Drawing, look, room};

/// What a picture of curves shows.
#[derive(Clone, Debug)]
pub struct Curves {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: Both,
    /// What is to be seen.
    pub description: Both,
    /// The axis below.
    pub x: Both,
    /// The axis at the left.
    pub y: Both,
    /// Are the values shares, from 0 to 100 per cent?
    pub percent: bool,
    /// The curves.
    pub curves: Vec<Curve>,
}

/// A curve.
#[derive(Clone, Debug)]
pub struct Curve {
    /// Name.
    pub name: Both,
    /// Place, low, middle, high.
    pub points: Vec<[f64; 4]>,
    /// Does it go in steps?
    pub steps: bool,
}

/// The right end of the axes.
const PLOT: f64 = 570.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 64.0;
const NAMES: f64 = 190.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 52.0;

/// Draws curves.
pub fn curves(all: &Curves) -> Drawing {
    let points = || all.curves.iter().flat_map(|curve| curve.points.iter());
    if !points().any(|point| point[2].is_finite()) {
        return Canvas::nothing(&all.id, &all.title, &all.description);
    }
    let right = PLOT;
    let names = room(all.curves.iter().map(|curve| &curve.name), NAMES);
    let scaled = if all.percent { 100.0 } else { 1.0 };
    let x = Scale::over(points().map(|point| point[0]), false, (LEFT, right));
    let ends = all.percent.then_some([0.0, 100.0]);
    let heights = points().flat_map(|point| [point[1], point[2], point[3]].map(|v| v * scaled));
    let heights = heights.chain(ends.into_iter().flatten());
    let y = Scale::over(heights, true, (HEIGHT - BOTTOM, TOP));
    let mut canvas = Canvas::new(&all.id, right + names, HEIGHT);
    for tick in &y.ticks {
        canvas.line("grid", (LEFT, y.at(*tick)), (right, y.at(*tick)));
        let mut label = y.label(*tick);
        if all.percent {
            label = Both::new(format!("{} %", label.nb), format!("{}%", label.en));
        }
        canvas.text(
            (LEFT - 8.0, y.at(*tick) + 4.0),
            Anchor::End,
            "quiet",
            &label,
        );
    }
    for tick in &x.ticks {
        let at = x.at(*tick);
        canvas.line("axis", (at, HEIGHT - BOTTOM), (at, HEIGHT - BOTTOM + 5.0));
        let place = (at, HEIGHT - BOTTOM + 20.0);
        canvas.text(place, Anchor::Middle, "quiet", &x.label(*tick));
    }
    canvas.text((4.0, 14.0), Anchor::Start, "quiet", &all.y);
    let below = ((LEFT + right) / 2.0, HEIGHT - 10.0);
    canvas.text(below, Anchor::Middle, "quiet", &all.x);
    let mut names = Vec::new();
    for (number, curve) in all.curves.iter().enumerate() {
        let (colour, dash) = look(number);
        let known = curve.points.iter().filter(|point| point[2].is_finite());
        let known: Vec<&[f64; 4]> = known.collect();
        let path = |which: usize| -> Vec<(f64, f64)> {
            let mut path: Vec<(f64, f64)> = Vec::new();
            for point in &known {
                let value = if point[which].is_finite() {
                    point[which]
                } else {
                    point[2]
                };
                let next = (x.at(point[0]), y.at(value * scaled));
                match path.last() {
                    Some((_, height)) if curve.steps => path.push((next.0, *height)),
                    _ => {}
                }
                path.push(next);
            }
            path
        };
        let outline: Vec<_> = path(1)
            .into_iter()
            .chain(path(3).into_iter().rev())
            .collect();
        let style = format!("fill=\"{colour}\" fill-opacity=\".15\"");
        canvas.path(&outline, true, &style);
        let middle = path(2);
        let style = format!("class=\"line\" stroke=\"{colour}\" stroke-dasharray=\"{dash}\"");
        canvas.path(&middle, false, &style);
        if let Some(end) = middle.last() {
            names.push((*end, &curve.name, colour));
        }
    }
    let ends: Vec<f64> = names.iter().map(|(end, ..)| end.1).collect();
    let moved = apart(&ends, 17.0, TOP, HEIGHT - BOTTOM);
    for ((end, name, colour), moved) in names.into_iter().zip(moved) {
        let style = format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"1\"");
        canvas.path(
            &[(end.0 + 3.0, end.1), (right + 14.0, moved)],
            false,
            &style,
        );
        canvas.text((right + 18.0, moved + 4.0), Anchor::Start, "", name);
    }
    canvas.finish(&all.title, &all.description)
}
