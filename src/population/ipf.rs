//! Iterative proportional fitting (Deming and Stephan 1940, doi 10.1214/aoms/1177731829).
//!
//! A table of cells is scaled to one margin after another until all are met. Of all tables with
//! those margins it finds the one closest to the seed in relative entropy.

/// A margin: which bin each cell belongs to, and the sum wanted in each bin.
#[derive(Clone, Debug)]
pub struct Margin {
    /// Name for the report of the fit.
    pub name: String,
    /// The bin of each cell; [`FREE`] where the margin says nothing.
    pub bin: Vec<u32>,
    /// The sum wanted in each bin.
    pub target: Vec<f64>,
}

/// The bin of a cell that a margin says nothing about.
pub const FREE: u32 = u32::MAX;

/// How well the margins were met.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// Rounds over all margins.
    pub rounds: usize,
    /// Largest difference between sum and target over all bins, relative to the target.
    pub worst: f64,
}

/// Scales `cells` to the margins in turn until none is missed by more than `tolerance`
/// (relative), or `most_rounds` is reached.
pub fn fit(cells: &mut [f64], margins: &[Margin], tolerance: f64, most_rounds: usize) -> Fit {
    let mut rounds = 0;
    let mut worst = worst_miss(cells, margins);
    while worst > tolerance && rounds < most_rounds {
        for margin in margins {
            let sums = sums(cells, margin);
            let factors: Vec<f64> = sums
                .iter()
                .zip(&margin.target)
                .map(|(sum, target)| if *sum > 0.0 { target / sum } else { 0.0 })
                .collect();
            for (cell, bin) in cells.iter_mut().zip(&margin.bin) {
                if *bin != FREE {
                    *cell *= factors[*bin as usize];
                }
            }
        }
        rounds += 1;
        worst = worst_miss(cells, margins);
    }
    Fit { rounds, worst }
}

/// The sums of the cells in each bin of a margin.
pub fn sums(cells: &[f64], margin: &Margin) -> Vec<f64> {
    let mut sums = vec![0.0; margin.target.len()];
    for (cell, bin) in cells.iter().zip(&margin.bin) {
        if *bin != FREE {
            sums[*bin as usize] += cell;
        }
    }
    sums
}

fn worst_miss(cells: &[f64], margins: &[Margin]) -> f64 {
    margins
        .iter()
        .flat_map(|margin| {
            sums(cells, margin)
                .into_iter()
                .zip(margin.target.clone())
                .map(|(sum, target)| (sum - target).abs() / target.abs().max(1e-9))
                .collect::<Vec<_>>()
        })
        .fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The textbook case of a two-way table: row sums 30 and 70, column sums 40 and 60.
    #[test]
    fn meets_row_and_column_sums_and_keeps_the_odds_ratio() {
        let mut cells = vec![4.0, 1.0, 2.0, 3.0];
        let odds = cells[0] * cells[3] / (cells[1] * cells[2]);
        let margins = [
            Margin {
                name: "row".into(),
                bin: vec![0, 0, 1, 1],
                target: vec![30.0, 70.0],
            },
            Margin {
                name: "column".into(),
                bin: vec![0, 1, 0, 1],
                target: vec![40.0, 60.0],
            },
        ];
        let fit = fit(&mut cells, &margins, 1e-10, 500);
        assert!(fit.worst < 1e-10);
        assert!((cells[0] + cells[1] - 30.0).abs() < 1e-6);
        assert!((cells[0] * cells[3] / (cells[1] * cells[2]) - odds).abs() < 1e-6);
    }

    proptest! {
        #[test]
        fn consistent_margins_are_always_met(
            seed in prop::collection::vec(0.1f64..10.0, 24),
            truth in prop::collection::vec(0.1f64..10.0, 24)
        ) {
            let bins: [Vec<u32>; 3] = [
                (0..24).map(|i| i % 2).collect(),
                (0..24).map(|i| i / 2 % 3).collect(),
                (0..24).map(|i| if i < 12 { i / 6 } else { FREE }).collect(),
            ];
            let margins: Vec<Margin> = bins
                .into_iter()
                .map(|bin| {
                    let size = bin.iter().filter(|b| **b != FREE).max().unwrap_or(&0) + 1;
                    let empty = Margin { name: String::new(), bin, target: vec![0.0; size as usize] };
                    Margin { target: sums(&truth, &empty), ..empty }
                })
                .collect();
            let mut cells = seed;
            prop_assert!(fit(&mut cells, &margins, 1e-8, 2000).worst < 1e-8);
        }
    }
}
