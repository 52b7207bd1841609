//! Polynomials of one parameter that are orthonormal over its draws (ortogonale polynomer).
//!
//! The degree-one column is the parameter itself, centred and scaled, so what is linear in it is
//! met exactly; higher degrees are what a power adds to the lower ones over these very draws.
//! Source: Forsythe (1957), Generation and use of orthogonal polynomials for data-fitting with a
//! digital computer, Journal of the Society for Industrial and Applied Mathematics 5(2), 74-88,
//! doi 10.1137/0105007.

/// What a power adds is taken for nothing below this share of its length.
const NOTHING: f64 = 1e-8;

/// The columns of degree 1 and up, each of length 1 and orthogonal to the constant and to each
/// other over the draws, followed in the same vector by its values at other points.
///
/// There are fewer than asked for when the parameter takes few values, and none when it takes one.
pub(super) fn columns(draws: &[f64], points: &[f64], degree: usize) -> Vec<Vec<f64>> {
    let count = draws.len();
    let all: Vec<f64> = draws.iter().chain(points).copied().collect();
    let constant = vec![1.0 / (count as f64).sqrt(); all.len()];
    let mut found = vec![constant];
    for _ in 0..degree {
        let last = &found[found.len() - 1];
        let mut next: Vec<f64> = all.iter().zip(last).map(|(x, q)| x * q).collect();
        let before = norm(&next[..count]);
        // Once more, because the first subtraction leaves the rounding of large numbers.
        for _ in 0..2 {
            for column in &found {
                take_out(&mut next, column, count);
            }
        }
        let length = norm(&next[..count]);
        if length.is_nan() || length <= NOTHING * before {
            break;
        }
        next.iter_mut().for_each(|value| *value /= length);
        found.push(next);
    }
    found.remove(0);
    found
}

/// Takes a column of length 1 out of another, by what they have in common over the first entries.
pub(super) fn take_out(of: &mut [f64], column: &[f64], count: usize) {
    let common = dot(&of[..count], &column[..count]);
    for (value, part) in of.iter_mut().zip(column) {
        *value -= common * part;
    }
}

/// The sum of products.
pub(super) fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

/// The length of a vector.
pub(super) fn norm(of: &[f64]) -> f64 {
    dot(of, of).sqrt()
}

/// Columns made orthonormal among themselves; those that add nothing are left out.
pub(super) fn orthonormal(columns: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let mut found: Vec<Vec<f64>> = Vec::new();
    for mut column in columns {
        let before = norm(&column);
        for _ in 0..2 {
            for known in &found {
                take_out(&mut column, known, known.len());
            }
        }
        let length = norm(&column);
        if length > NOTHING * before {
            column.iter_mut().for_each(|value| *value /= length);
            found.push(column);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_constant_has_no_columns_and_a_switch_has_one() {
        assert!(columns(&[2.0; 9], &[], 3).is_empty());
        let switch: Vec<f64> = (0..9).map(|n| f64::from(n % 2)).collect();
        assert_eq!(columns(&switch, &[], 3).len(), 1);
        assert!(columns(&[1.0, f64::NAN], &[], 1).is_empty());
    }

    #[test]
    fn points_lie_on_the_polynomial_of_the_draws() {
        let draws: Vec<f64> = (0..12).map(|n| 1e4 + f64::from(n * n)).collect();
        let found = columns(&draws, &draws[..4], 3);
        for column in found {
            for (at, point) in column[12..].iter().enumerate() {
                assert!((column[at] - point).abs() < 1e-9);
            }
        }
    }

    proptest! {
        #[test]
        fn columns_are_orthonormal(draws in prop::collection::vec(-1e3..1e3_f64, 8..40)) {
            let found = columns(&draws, &[], 4);
            for (at, one) in found.iter().enumerate() {
                prop_assert!(one.iter().sum::<f64>().abs() < 1e-8);
                for (other_at, other) in found.iter().enumerate() {
                    let expected = f64::from(u8::from(at == other_at));
                    prop_assert!((dot(one, other) - expected).abs() < 1e-8);
                }
            }
        }
    }
}
