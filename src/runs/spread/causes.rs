//! What drives an output cell: the parameters with the largest shares of the variance between
//! draws, with their rank correlations and the output at either end of each.

use super::directions::Directions;
use super::draw_means::DrawMeans;
use crate::uncertainty::drivers::{Driver, Drivers, drivers};
use crate::uncertainty::prcc::{RankCorrelation, prcc};
use crate::uncertainty::tornado::tornado;

/// So many parameters are listed for a cell at most.
pub const MOST: usize = 10;
/// So many at least, though they may not be told from chance.
pub const LEAST: usize = 3;

/// A parameter that drives an output.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cause {
    /// The parameter's share, direction and errors.
    pub driver: Driver,
    /// Rank correlation with the output, the other parameters listed held where there are draws
    /// enough.
    pub rank: Option<RankCorrelation>,
    /// Expected output at the parameter's 2.5 % and 97.5 % quantile; NaN where it is not told.
    pub ends: [f64; 2],
}

/// The parameters that drive an output.
#[derive(Clone, Debug, PartialEq)]
pub struct Causes {
    /// All that was found out.
    pub drivers: Drivers,
    /// The parameters listed, as they are ranked.
    pub listed: Vec<Cause>,
}

/// The parameters that drive an output; nothing below eight draws, or if draws do not vary by more
/// than chance.
pub fn causes(directions: &Directions, output: &DrawMeans) -> Option<Causes> {
    // With one seed chance is not known, and is counted with the rest.
    let noise = if output.noise.is_nan() {
        0.0
    } else {
        output.noise
    };
    let found = drivers(&directions.scores, &output.means, noise)?;
    let number = found.told.clamp(LEAST, MOST).min(found.ranked.len());
    let ranked = &found.ranked[..number];
    let columns: Vec<usize> = ranked.iter().map(|own| own.parameter).collect();
    let scores = directions.columns(&columns);
    let ranks = prcc(&scores, &output.means).map(|(_, ranks)| ranks);
    let bars = tornado(&scores, &output.means).unwrap_or_default();
    let cause = |(at, driver): (usize, &Driver)| {
        let bar = bars.iter().find(|bar| bar.parameter == at);
        Cause {
            driver: *driver,
            rank: ranks.as_ref().and_then(|ranks| ranks.get(at).copied()),
            ends: bar.map_or([f64::NAN; 2], |bar| [bar.low, bar.high]),
        }
    };
    let listed = ranked.iter().enumerate().map(cause).collect();
    Some(Causes {
        listed,
        drivers: found,
    })
}
