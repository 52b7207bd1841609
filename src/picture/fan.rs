//! Fan charts (viftediagram): bands of 50, 80 and 95 per cent over years, with other lines beside.

use super::scale::{Scale, apart};
use super::svg::{Anchor, Canvas, length};
use super::{Both, Drawing, look, room};

/// What a fan chart shows.
#[derive(Clone, Debug)]
pub struct Fan {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: Both,
    /// What is to be seen.
    pub description: Both,
    /// Unit of the values.
    pub unit: Both,
    /// The years.
    pub years: Vec<u16>,
    /// The fans.
    pub series: Vec<FanSeries>,
    /// Other lines, and single points.
    pub lines: Vec<FanLine>,
}

/// A fan.
#[derive(Clone, Debug)]
pub struct FanSeries {
    /// Name.
    pub name: Both,
    /// By year: p025, p10, p25, p50, p75, p90, p975.
    pub bands: Vec<[f64; 7]>,
}

/// A line beside the fans; of one point, a mark.
#[derive(Clone, Debug)]
pub struct FanLine {
    /// Name.
    pub name: Both,
    /// Year and value.
    pub points: Vec<(f64, f64)>,
}

/// The right end of the axes.
const PLOT: f64 = 570.0;
const HEIGHT: f64 = 340.0;
/// Room for the names at the right.
const NAMES: f64 = 190.0;
const LEFT: f64 = 64.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 34.0;

/// Draws a fan chart.
pub fn fan(fan: &Fan) -> Drawing {
    let banded = fan.series.iter().flat_map(|own| own.bands.iter().flatten());
    let lined = fan
        .lines
        .iter()
        .flat_map(|own| own.points.iter().map(|(_, y)| y));
    let values: Vec<f64> = banded.chain(lined).copied().collect();
    if fan.years.is_empty() || !values.iter().any(|value| value.is_finite()) {
        return Canvas::nothing(&fan.id, &fan.title, &fan.description);
    }
    let lines = fan.lines.iter().map(|own| &own.name);
    let names = room(fan.series.iter().map(|own| &own.name).chain(lines), NAMES);
    let right = PLOT;
    let mut canvas = Canvas::new(&fan.id, right + names, HEIGHT);
    let y = Scale::over(values.into_iter(), true, (HEIGHT - BOTTOM, TOP));
    let beside = fan
        .lines
        .iter()
        .flat_map(|own| own.points.iter().map(|point| point.0));
    let all = fan.years.iter().map(|year| f64::from(*year)).chain(beside);
    let known = || all.clone().filter(|year| year.is_finite());
    let first = known().fold(f64::INFINITY, f64::min);
    let last = known().fold(f64::NEG_INFINITY, f64::max);
    let span = (last - first).max(1.0);
    let x = |year: f64| LEFT + (year - first) / span * (right - LEFT);
    for tick in &y.ticks {
        canvas.line("grid", (LEFT, y.at(*tick)), (right, y.at(*tick)));
        let at = (LEFT - 8.0, y.at(*tick) + 4.0);
        canvas.text(at, Anchor::End, "quiet", &y.label(*tick));
    }
    canvas.text(
        (4.0, 14.0),
        Anchor::Start,
        "quiet",
        &unit(&fan.unit, y.ends.0),
    );
    let step = (fan.years.len() / 5).max(1);
    for year in fan.years.iter().step_by(step) {
        let at = x(f64::from(*year));
        canvas.line("axis", (at, HEIGHT - BOTTOM), (at, HEIGHT - BOTTOM + 5.0));
        let label = Both::same(year.to_string());
        canvas.text(
            (at, HEIGHT - BOTTOM + 20.0),
            Anchor::Middle,
            "quiet",
            &label,
        );
    }
    let zero = y.at(0.0_f64.clamp(y.ends.0, y.ends.1));
    canvas.line("axis", (LEFT, zero), (right, zero));
    let mut names: Vec<(f64, Both, &str, &str)> = Vec::new();
    for (number, own) in fan.series.iter().enumerate() {
        let (colour, dash) = look(number);
        let known: Vec<(f64, &[f64; 7])> = fan
            .years
            .iter()
            .zip(&own.bands)
            .filter(|(_, band)| band.iter().all(|value| value.is_finite()))
            .map(|(year, band)| (x(f64::from(*year)), band))
            .collect();
        for (low, high, opacity) in [(0, 6, 0.14), (1, 5, 0.2), (2, 4, 0.3)] {
            let up = known.iter().map(|(at, band)| (*at, y.at(band[high])));
            let down = known.iter().rev().map(|(at, band)| (*at, y.at(band[low])));
            let outline: Vec<(f64, f64)> = up.chain(down).collect();
            let style = format!("fill=\"{colour}\" fill-opacity=\"{opacity}\"");
            canvas.path(&outline, true, &style);
        }
        for edge in [0, 6] {
            let points: Vec<_> = known
                .iter()
                .map(|(at, band)| (*at, y.at(band[edge])))
                .collect();
            canvas.path(
                &points,
                false,
                &format!("class=\"edge\" stroke=\"{colour}\""),
            );
        }
        let middle: Vec<_> = known
            .iter()
            .map(|(at, band)| (*at, y.at(band[3])))
            .collect();
        let style = format!("class=\"line\" stroke=\"{colour}\" stroke-dasharray=\"{dash}\"");
        canvas.path(&middle, false, &style);
        if let Some((_, end)) = middle.last() {
            names.push((*end, own.name.clone(), colour, dash));
        }
    }
    for (number, own) in fan.lines.iter().enumerate() {
        let dash = ["4 4", "1 4", "10 4"][number % 3];
        let known = own.points.iter().filter(|(_, value)| value.is_finite());
        let points: Vec<_> = known
            .map(|(year, value)| (x(*year), y.at(*value)))
            .collect();
        let Some((at, height)) = points.last().copied() else {
            continue;
        };
        if points.len() == 1 {
            let [cx, cy] = [at, height].map(length);
            canvas.raw(&format!(
                "<path d=\"M{cx} {cy}m-6 0l6 -6l6 6l-6 6Z\" fill=\"#fff\" stroke=\"#1a1a1a\" stroke-width=\"2\"/>"
            ));
        } else {
            let style = format!("class=\"line\" stroke=\"#1a1a1a\" stroke-dasharray=\"{dash}\"");
            canvas.path(&points, false, &style);
        }
        names.push((height, own.name.clone(), "#1a1a1a", dash));
    }
    let heights: Vec<f64> = names.iter().map(|(height, ..)| *height).collect();
    let moved = apart(&heights, 17.0, TOP, HEIGHT - BOTTOM);
    for ((height, name, colour, _), moved) in names.iter().zip(moved) {
        let from = (right + 3.0, *height);
        let style = format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"1\"");
        canvas.path(&[from, (right + 14.0, moved)], false, &style);
        canvas.text((right + 18.0, moved + 4.0), Anchor::Start, "", name);
    }
    canvas.finish(&fan.title, &fan.description)
}

/// The unit, and whether the axis begins at zero.
fn unit(unit: &Both, begin: f64) -> Both {
    match begin > 0.0 {
        true => Both::new(
            format!("{} (aksen begynner ikke på null)", unit.nb),
            format!("{} (the axis does not begin at zero)", unit.en),
        ),
        false => unit.clone(),
    }
}
