//! `durations.csv`: distributions of single lives over all runs together.

use crate::parameters::ModelData;
use crate::tallies::{Durations, Kind};
use std::io::{self, Write};

/// Quantiles written.
const QUANTILES: [f64; 5] = [0.10, 0.25, 0.50, 0.75, 0.90];

/// Writes a row a kind of duration and profession: number of lives, mean and quantiles, in whole
/// years.
///
/// # Errors
/// An I/O error from the writer.
pub fn write(
    durations: &Durations,
    scenario: &str,
    data: &ModelData,
    to: impl Write,
) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(to);
    csv.write_record([
        "scenario",
        "profession",
        "measure",
        "unit",
        "lives",
        "mean",
        "p10",
        "p25",
        "p50",
        "p75",
        "p90",
    ])?;
    for kind in Kind::ALL {
        for (number, profession) in data.classification.professions.iter().enumerate() {
            let (lives, mean, values) = durations.summary(kind, number, &QUANTILES);
            if lives == 0 {
                continue;
            }
            let mut row: Vec<String> = [scenario, &profession.id, kind.id(), "years"]
                .map(str::to_string)
                .to_vec();
            row.push(lives.to_string());
            row.push(super::number::plain(mean));
            row.extend(values.iter().map(u64::to_string));
            csv.write_record(&row)?;
        }
    }
    csv.flush()
}
