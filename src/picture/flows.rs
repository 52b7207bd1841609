//! Flows (strømmer): how many go from places at the left to places at the right.

use super::svg::{Anchor, Canvas, length};
use super::{Both, COLOURS, Drawing, numbers};

/// What a picture of flows shows.
#[derive(Clone, Debug)]
pub struct Flows {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: Both,
    /// What is to be seen.
    pub description: Both,
    /// Unit of the sizes.
    pub unit: Both,
    /// Places that flows come from.
    pub left: Vec<Both>,
    /// Places that they go to.
    pub right: Vec<Both>,
    /// From, to, size.
    pub links: Vec<(usize, usize, f64)>,
}

const WIDTH: f64 = 760.0;
const NAMES: f64 = 230.0;
const BODY: f64 = 340.0;
const GAP: f64 = 8.0;
const BAR: f64 = 12.0;

/// Where each place of a side begins, and how tall it is.
fn places(sizes: &[f64], scale: f64) -> Vec<(f64, f64)> {
    let mut top = 30.0;
    let place = |size: &f64| {
        let own = (top, size * scale);
        top += own.1.max(15.0) + GAP;
        own
    };
    sizes.iter().map(place).collect()
}

/// Draws flows.
pub fn flows(all: &Flows) -> Drawing {
    let fits = |link: &&(usize, usize, f64)| {
        link.0 < all.left.len() && link.1 < all.right.len() && link.2.is_finite() && link.2 > 0.0
    };
    let links: Vec<(usize, usize, f64)> = all.links.iter().filter(fits).copied().collect();
    let total: f64 = links.iter().map(|link| link.2).sum();
    if links.is_empty() || !total.is_finite() {
        return Canvas::nothing(&all.id, &all.title, &all.description);
    }
    let mut sizes = (vec![0.0; all.left.len()], vec![0.0; all.right.len()]);
    for (from, to, size) in &links {
        sizes.0[*from] += size;
        sizes.1[*to] += size;
    }
    let scale = BODY / total;
    let (left, right) = (places(&sizes.0, scale), places(&sizes.1, scale));
    let end = |side: &[(f64, f64)]| side.last().map_or(0.0, |(top, tall)| top + tall.max(15.0));
    let height = end(&left).max(end(&right)) + 12.0;
    let mut canvas = Canvas::new(&all.id, WIDTH, height);
    canvas.text((4.0, 14.0), Anchor::Start, "quiet", &all.unit);
    let (x1, x2) = (NAMES + BAR, WIDTH - NAMES - BAR);
    let mut used = (vec![0.0; left.len()], vec![0.0; right.len()]);
    for (from, to, size) in &links {
        let tall = size * scale;
        let (a, b) = (left[*from].0 + used.0[*from], right[*to].0 + used.1[*to]);
        used.0[*from] += tall;
        used.1[*to] += tall;
        let middle = length((x1 + x2) / 2.0);
        let [x1, x2, a1, b1, a2, b2] = [x1, x2, a, b, a + tall, b + tall].map(length);
        let colour = COLOURS[from % COLOURS.len()];
        canvas.raw(&format!(
            "<path d=\"M{x1} {a1}C{middle} {a1} {middle} {b1} {x2} {b1}L{x2} {b2}C{middle} {b2} \
             {middle} {a2} {x1} {a2}Z\" fill=\"{colour}\" fill-opacity=\".28\" stroke=\"{colour}\" \
             stroke-opacity=\".6\" stroke-width=\".6\"/>"
        ));
    }
    let label = |name: &Both, size: f64| {
        let size = numbers(size, if total < 20.0 { 1 } else { 0 });
        Both::new(
            format!("{}  {}", name.nb, size.nb),
            format!("{}  {}", name.en, size.en),
        )
    };
    let sides = [
        (&all.left, &left, &sizes.0, NAMES, Anchor::End, NAMES - 8.0),
        (
            &all.right,
            &right,
            &sizes.1,
            x2,
            Anchor::Start,
            x2 + BAR + 8.0,
        ),
    ];
    for (names, places, sizes, x, anchor, at) in sides {
        for ((name, (top, tall)), size) in names.iter().zip(places).zip(sizes) {
            canvas.rect((x, *top), (BAR, tall.max(1.0)), "fill=\"#444\"");
            let middle = (at, top + tall.max(12.0) / 2.0 + 4.0);
            canvas.text(middle, anchor, "", &label(name, *size));
        }
    }
    canvas.finish(&all.title, &all.description)
}
