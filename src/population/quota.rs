//! Whole people from fractional shares, without rounding drift (error diffusion).

/// Hands out choices so that after every person the number of each choice is within one of the
/// sum of its shares so far.
#[derive(Clone, Debug)]
pub struct Quota {
    owed: Vec<f64>,
}

impl Quota {
    /// A quota over this many choices.
    pub fn new(choices: usize) -> Quota {
        Quota {
            owed: vec![0.0; choices],
        }
    }

    /// The choice for the next person, whose shares these are (they sum to one). A choice with
    /// no share is never given.
    pub fn next(&mut self, shares: &[f64]) -> usize {
        let mut best = 0;
        let mut most = f64::NEG_INFINITY;
        for (choice, (owed, share)) in self.owed.iter_mut().zip(shares).enumerate() {
            *owed += share;
            if *share > 0.0 && *owed > most {
                (best, most) = (choice, *owed);
            }
        }
        self.owed[best] -= 1.0;
        best
    }

    /// The choice for the next person among those allowed, when the shares are those of the
    /// whole group: what one cannot take, a later one makes up for. At least one is allowed.
    pub fn next_allowed(&mut self, shares: &[f64], allowed: impl Fn(usize) -> bool) -> usize {
        let mut best = 0;
        let mut most = f64::NEG_INFINITY;
        for (choice, (owed, share)) in self.owed.iter_mut().zip(shares).enumerate() {
            *owed += share;
            if *owed > most && allowed(choice) {
                (best, most) = (choice, *owed);
            }
        }
        self.owed[best] -= 1.0;
        best
    }

    /// Yes or no for the next person, with this share of yes.
    pub fn yes(&mut self, share: f64) -> bool {
        self.next(&[1.0 - share, share]) == 1
    }
}

/// Whole numbers with the sum of `amounts` (rounded), each within one of its amount.
pub fn whole(amounts: &[f64]) -> Vec<u32> {
    let mut given = 0.0f64;
    let mut sum = 0.0;
    amounts
        .iter()
        .map(|amount| {
            sum += amount.max(0.0);
            let next = (sum - given).round().max(0.0);
            given += next;
            next as u32
        })
        .collect()
}

/// Whole people for amounts laid end to end, place after place and year after year: a person falls
/// wherever the sum passes a whole number. However small the amounts, nobody is lost to rounding,
/// and whole amounts give themselves.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ruler {
    laid: f64,
}

impl Ruler {
    /// Lays one more amount, and gives the people that fall into it (fewer, if it is below zero).
    pub fn lay(&mut self, amount: f64) -> i32 {
        // The last term keeps errors of the sum from moving a person when whole amounts are laid.
        let passed = |sum: f64| (sum + 0.5 + 1e-9).floor();
        let before = passed(self.laid);
        self.laid += amount;
        (passed(self.laid) - before) as i32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_ruler_loses_nobody() {
        let mut ruler = Ruler::default();
        let small: i32 = (0..50).map(|_| ruler.lay(0.1)).sum();
        assert_eq!(small, 5);
        assert_eq!(ruler.lay(-9.0), -9);
        let back: i32 = (0..30).map(|_| ruler.lay(-0.3)).sum();
        assert_eq!(back, -9);
    }

    proptest! {
        #[test]
        fn counts_stay_close_to_the_sum_of_shares(
            people in prop::collection::vec(prop::array::uniform4(0.0f64..1.0), 1..200)
        ) {
            let mut quota = Quota::new(4);
            let mut counts = [0.0; 4];
            let mut expected = [0.0; 4];
            for weights in &people {
                let total: f64 = weights.iter().sum::<f64>().max(1e-9);
                let shares: Vec<f64> = weights.iter().map(|w| w / total).collect();
                counts[quota.next(&shares)] += 1.0;
                for i in 0..4 {
                    expected[i] += shares[i];
                }
            }
            for i in 0..4 {
                prop_assert!((counts[i] - expected[i]).abs() <= 3.0, "{counts:?} {expected:?}");
            }
        }

        #[test]
        fn whole_numbers_keep_the_sum(amounts in prop::collection::vec(0.0f64..50.0, 0..60)) {
            let sum: f64 = amounts.iter().sum();
            let whole = whole(&amounts);
            prop_assert!((f64::from(whole.iter().sum::<u32>()) - sum).abs() <= 0.5 + 1e-6);
            for (w, a) in whole.iter().zip(&amounts) {
                prop_assert!((f64::from(*w) - a).abs() < 1.0 + 1e-6);
            }
        }
    }
}
