//! Ranks (ranger) and correlations.

use super::nested::mean;

/// The ranks of numbers from 1; equal numbers share the mean of their ranks. NaN comes last or, if
/// negative, first.
pub(super) fn ranks(of: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..of.len()).collect();
    order.sort_by(|one, other| of[*one].total_cmp(&of[*other]));
    let mut found = vec![0.0; of.len()];
    let mut start = 0;
    for tied in order.chunk_by(|one, other| of[*one] == of[*other]) {
        let rank = start as f64 + (tied.len() as f64 + 1.0) / 2.0;
        for position in tied {
            found[*position] = rank;
        }
        start += tied.len();
    }
    found
}

/// Numbers less their mean, scaled to length 1; all 0 where they are equal.
pub(super) fn standardised(of: &[f64]) -> Vec<f64> {
    let centre = mean(of);
    let off: Vec<f64> = of.iter().map(|number| number - centre).collect();
    let length = super::polynomial::norm(&off);
    // What is left of equal numbers is rounding.
    let scale = of
        .iter()
        .fold(0.0_f64, |most, number| most.max(number.abs()));
    if length > 1e-12 * scale * (of.len() as f64).sqrt() {
        off.iter().map(|number| number / length).collect()
    } else {
        vec![0.0; of.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_their_ranks() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
        assert!(ranks(&[]).is_empty());
    }

    #[test]
    fn equal_numbers_have_no_direction() {
        assert_eq!(standardised(&[0.1; 7]), [0.0; 7]);
        let found = standardised(&[1.0, 3.0]);
        assert!((found[1] - 0.5_f64.sqrt()).abs() < 1e-12);
    }
}
