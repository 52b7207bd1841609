//! Random bits: `SplitMix64` of a counter. The words do not depend on each other, so that the
//! processor works on several at once.
//!
//! Source: Steele, Lea and Flood (2014), Fast splittable pseudorandom number generators, OOPSLA,
//! doi:10.1145/2660193.2660195.

/// A counter and its place.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        // Neighbouring seeds must not give overlapping counters.
        let mut dice = Self(seed);
        Self(dice.word())
    }

    /// The next 64 bits.
    #[inline(always)]
    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Two independent halves of one word.
    #[inline(always)]
    pub fn pair(&mut self) -> (u32, u32) {
        let word = self.word();
        (word as u32, (word >> 32) as u32)
    }
}

/// The limit under which a 32-bit draw falls with this probability.
pub fn limit(probability: f64) -> u32 {
    // The cast saturates: certainty misses one draw in 2^32.
    (probability * 4_294_967_296.0) as u32
}

/// A table of categories with one look-up a draw.
///
/// Source: Walker (1977), An efficient method for generating discrete random variables with general
/// distributions, ACM Transactions on Mathematical Software 3:253-256,
/// doi:10.1145/355744.355749.
pub struct Alias(Vec<(u32, u32)>);

impl Alias {
    /// `probabilities` must sum to one.
    pub fn new(probabilities: &[f64]) -> Self {
        let many = probabilities.len() as f64;
        let mut share: Vec<f64> = probabilities.iter().map(|p| p * many).collect();
        let mut table: Vec<(u32, u32)> = (0..share.len() as u32).map(|i| (u32::MAX, i)).collect();
        let (mut poor, mut rich): (Vec<usize>, Vec<usize>) =
            (0..share.len()).partition(|i| share[*i] < 1.0);
        while let (Some(low), Some(high)) = (poor.pop(), rich.pop()) {
            table[low] = (limit(share[low]), high as u32);
            share[high] -= 1.0 - share[low];
            if share[high] < 1.0 {
                poor.push(high);
            } else {
                rich.push(high);
            }
        }
        Self(table)
    }

    /// The category of 32 random bits.
    #[inline(always)]
    pub fn draw(&self, bits: u32) -> u32 {
        let scaled = u64::from(bits) * self.0.len() as u64;
        let index = (scaled >> 32) as u32;
        let (limit, other) = self.0[index as usize];
        if (scaled as u32) < limit {
            index
        } else {
            other
        }
    }
}
