//! Scales: from values to lengths, with round ticks.

use super::{Both, numbers};

/// A straight scale.
#[derive(Clone, Debug)]
pub(crate) struct Scale {
    /// Values at the ends.
    pub(crate) ends: (f64, f64),
    /// Lengths at the ends.
    pub(crate) to: (f64, f64),
    /// Values of the ticks.
    pub(crate) ticks: Vec<f64>,
    decimals: usize,
}

impl Scale {
    /// A scale over values that are numbers; `from_zero` lets it begin (or end) at zero unless the
    /// values lie far from it and close together.
    pub(crate) fn over(
        values: impl Iterator<Item = f64>,
        from_zero: bool,
        to: (f64, f64),
    ) -> Scale {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.filter(|value| value.is_finite()) {
            low = low.min(value);
            high = high.max(value);
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        let near_zero = high - low > 0.25 * low.abs().max(high.abs());
        if from_zero && (near_zero || low <= 0.0) {
            low = low.min(0.0);
            high = high.max(0.0);
        }
        if high - low < 1e-9 * high.abs().max(1e-9) {
            let pad = (high.abs() * 0.1).max(0.5);
            (low, high) = (low - pad, high + pad);
        }
        let step = round_step((high - low) / 5.0);
        let (first, last) = ((low / step).floor(), (high / step).ceil());
        let count = (last - first).clamp(1.0, 50.0) as i32;
        let ticks = (0..=count).map(|at| (first + f64::from(at)) * step);
        Scale {
            ends: (first * step, last * step),
            to,
            ticks: ticks.collect(),
            decimals: (-step.log10().floor()).clamp(0.0, 6.0) as usize,
        }
    }

    /// The length of a value.
    pub(crate) fn at(&self, value: f64) -> f64 {
        let share = (value - self.ends.0) / (self.ends.1 - self.ends.0);
        self.to.0 + share.clamp(-0.05, 1.05) * (self.to.1 - self.to.0)
    }

    /// A tick in words.
    pub(crate) fn label(&self, tick: f64) -> Both {
        numbers(tick, self.decimals)
    }
}

/// 1, 2 or 5 times a power of ten, at least as large.
fn round_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    let steps = [1.0, 2.0, 5.0].map(|step| step * power);
    steps
        .into_iter()
        .find(|step| *step >= least * (1.0 - 1e-9))
        .unwrap_or(10.0 * power)
}

/// Heights moved apart so that none is nearer to another than `gap`, between `top` and `bottom` as
/// far as there is room; in the order given.
pub(crate) fn apart(heights: &[f64], gap: f64, top: f64, bottom: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..heights.len()).collect();
    order.sort_by(|a, b| heights[*a].total_cmp(&heights[*b]));
    let mut moved = heights.to_vec();
    let mut least = top;
    for at in &order {
        moved[*at] = moved[*at].max(least);
        least = moved[*at] + gap;
    }
    let mut most = bottom;
    for at in order.iter().rev() {
        moved[*at] = moved[*at].min(most);
        most = moved[*at] - gap;
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ticks_cover_the_values_and_rise(
            values in prop::collection::vec(-1e7f64..1e7, 1..20), from_zero: bool
        ) {
            let scale = Scale::over(values.iter().copied(), from_zero, (0.0, 100.0));
            let slack = 1e-6 * (scale.ends.1 - scale.ends.0);
            for value in &values {
                prop_assert!(*value >= scale.ends.0 - slack && *value <= scale.ends.1 + slack);
            }
            prop_assert!(scale.ticks.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!((3..=12).contains(&scale.ticks.len()), "{:?}", scale.ticks);
            prop_assert!(scale.at(scale.ends.0) <= scale.at(scale.ends.1));
        }

        #[test]
        fn labels_keep_their_distance(heights in prop::collection::vec(0f64..200.0, 1..8)) {
            let mut moved = apart(&heights, 14.0, 0.0, 200.0);
            moved.sort_by(f64::total_cmp);
            prop_assert!(moved.windows(2).all(|pair| pair[1] - pair[0] > 13.9));
        }
    }
}
