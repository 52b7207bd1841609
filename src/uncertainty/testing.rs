//! Numbers for the statistical tests of this room, from fixed seeds.

use crate::dice::philox::Stream;
use rand_distr::{Distribution, StandardNormal};

/// A stream for the test with this number.
pub fn stream(seed: u32) -> Stream {
    Stream::new([seed, 1978], Default::default())
}

/// The next standard normal number.
pub fn normal(dice: &mut Stream) -> f64 {
    StandardNormal.sample(dice)
}

/// The expected value of perfect information about a normal gain of one option over another.
pub fn gain(mean: f64, sd: f64) -> f64 {
    use statrs::distribution::{Continuous, ContinuousCDF, Normal};
    let normal = Normal::standard();
    let distance = mean.abs() / sd;
    sd * (normal.pdf(distance) - distance * normal.sf(distance))
}
