//! The cost-effectiveness plane (kostnad-effekt-planet): one point a run, in four quadrants.

use super::scale::Scale;
use super::svg::{Anchor, Canvas, length};
use super::{Both, Drawing, look};

/// What a plane shows.
#[derive(Clone, Debug)]
pub struct Plane {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: Both,
    /// What is to be seen.
    pub description: Both,
    /// The axis below: what is gained.
    pub x: Both,
    /// The axis at the left: what it costs.
    pub y: Both,
    /// The groups.
    pub groups: Vec<PlaneGroup>,
}

/// Points that belong together.
#[derive(Clone, Debug)]
pub struct PlaneGroup {
    /// Name.
    pub name: Both,
    /// Gain and cost, by run.
    pub points: Vec<(f64, f64)>,
    /// Their mean.
    pub mean: Option<(f64, f64)>,
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 380.0;
const LEFT: f64 = 84.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 60.0;
/// Height of a name in the key, which stands below the plane.
const NAME: f64 = 20.0;

/// A mark of a group: each has a shape of its own.
fn mark(group: usize, (x, y): (f64, f64), size: f64) -> String {
    let [x, y, s, d] = [x, y, size, 2.0 * size].map(length);
    match group % 5 {
        0 => format!("M{x} {y}m-{s} 0a{s} {s} 0 1 0 {d} 0a{s} {s} 0 1 0 -{d} 0Z"),
        1 => format!("M{x} {y}m0 -{s}l{s} {d}l-{d} 0Z"),
        2 => format!("M{x} {y}m-{s} -{s}h{d}v{d}h-{d}Z"),
        3 => format!("M{x} {y}m0 -{s}l{s} {s}l-{s} {s}l-{s} -{s}Z"),
        _ => format!("M{x} {y}m-{s} -{s}l{d} {d}m0 -{d}l-{d} {d}"),
    }
}

/// Draws a plane.
pub fn plane(all: &Plane) -> Drawing {
    let points = || {
        let groups = all.groups.iter();
        groups.flat_map(|own| own.points.iter().chain(&own.mean))
    };
    if !points().any(|(x, y)| x.is_finite() && y.is_finite()) {
        return Canvas::nothing(&all.id, &all.title, &all.description);
    }
    let along = points().map(|point| point.0).chain([0.0]);
    let x = Scale::over(along, true, (LEFT, WIDTH - RIGHT));
    let up = points().map(|point| point.1).chain([0.0]);
    let y = Scale::over(up, true, (HEIGHT - BOTTOM, TOP));
    let mut canvas = Canvas::new(&all.id, WIDTH, HEIGHT + NAME * all.groups.len() as f64);
    for tick in &y.ticks {
        canvas.line("grid", (LEFT, y.at(*tick)), (WIDTH - RIGHT, y.at(*tick)));
        let at = (LEFT - 8.0, y.at(*tick) + 4.0);
        canvas.text(at, Anchor::End, "quiet", &y.label(*tick));
    }
    for tick in &x.ticks {
        canvas.line("grid", (x.at(*tick), TOP), (x.at(*tick), HEIGHT - BOTTOM));
        let at = (x.at(*tick), HEIGHT - BOTTOM + 18.0);
        canvas.text(at, Anchor::Middle, "quiet", &x.label(*tick));
    }
    canvas.line("zero", (LEFT, y.at(0.0)), (WIDTH - RIGHT, y.at(0.0)));
    canvas.line("zero", (x.at(0.0), TOP), (x.at(0.0), HEIGHT - BOTTOM));
    canvas.text((4.0, 14.0), Anchor::Start, "quiet", &all.y);
    let below = (WIDTH - RIGHT, HEIGHT - BOTTOM + 38.0);
    canvas.text(below, Anchor::End, "quiet", &all.x);
    for (number, own) in all.groups.iter().enumerate() {
        let (colour, _) = look(number);
        let known = own
            .points
            .iter()
            .filter(|(x, y)| x.is_finite() && y.is_finite());
        for point in known {
            let d = mark(number, (x.at(point.0), y.at(point.1)), 3.0);
            canvas.raw(&format!(
                "<path d=\"{d}\" fill=\"{colour}\" fill-opacity=\".4\" stroke=\"{colour}\" stroke-width=\".8\"/>"
            ));
        }
        if let Some(mean) = own.mean.filter(|(x, y)| x.is_finite() && y.is_finite()) {
            let d = mark(number, (x.at(mean.0), y.at(mean.1)), 7.0);
            canvas.raw(&format!(
                "<path d=\"{d}\" fill=\"#fff\" stroke=\"{colour}\" stroke-width=\"2.5\"/>"
            ));
        }
        let y = HEIGHT + NAME * number as f64;
        let d = mark(number, (LEFT + 6.0, y - 4.0), 5.0);
        canvas.raw(&format!(
            "<path d=\"{d}\" fill=\"{colour}\" stroke=\"{colour}\"/>"
        ));
        canvas.text((LEFT + 18.0, y), Anchor::Start, "", &own.name);
    }
    canvas.finish(&all.title, &all.description)
}
