//! The recovery page (gjenfinningssiden): what came of refitting known truths, in a small table.

use crate::calibration::fit::Settings;
use crate::calibration::recovery::{CLASSES, Recovery, TOLERATED};
use std::fmt::Write as _;

/// The page, in Markdown: coverage, ranks in classes with their probability, and the free
/// parameters that the targets inform.
pub fn page(recovery: &Recovery, settings: &Settings) -> String {
    let percent = |share: f64| match share.is_nan() {
        true => "none".to_string(),
        false => format!("{:.1} %", 100.0 * share),
    };
    let mut text = String::from("# Parameter recovery\n\n");
    let _ = writeln!(
        text,
        "{} truths; {} members, {} steps, scale {}, {} seeds a point, seed {}. At {} truths no model could be built.\n",
        recovery.replicates.len(),
        settings.members,
        settings.steps,
        settings.scale,
        settings.seeds,
        settings.seed,
        recovery.left_out,
    );
    let _ = writeln!(
        text,
        "| coverage of 90 % intervals | free parameters | share |\n|---|---:|---:|\n\
         | all | {} | {} |\n| informed by the targets | {} | {} |\n",
        recovery.names.len(),
        percent(recovery.coverage()),
        recovery.informed(),
        percent(recovery.coverage_informed()),
    );
    let _ = writeln!(
        text,
        "Tolerated: {:.0} to {:.0} %.\n",
        100.0 * TOLERATED.start(),
        100.0 * TOLERATED.end()
    );
    text += "| rank of the truth among the draws | truths |\n|---|---:|\n";
    for (class, count) in recovery.ranks().into_iter().enumerate() {
        let edge = |class: usize| 100 * class / CLASSES;
        let _ = writeln!(
            text,
            "| {} to {} % | {count} |",
            edge(class),
            edge(class + 1)
        );
    }
    let _ = writeln!(
        text,
        "\nRanks of informed free parameters; p = {:.4} if they are uniform (chi-square).\n",
        recovery.uniformity()
    );
    let mut informed: Vec<usize> = (0..recovery.names.len())
        .filter(|direction| recovery.is_informed(*direction))
        .collect();
    informed.sort_by(|a, b| recovery.width(*a).total_cmp(&recovery.width(*b)));
    if !informed.is_empty() {
        text += "| free parameter | width | coverage |\n|---|---:|---:|\n";
    }
    for direction in informed {
        let _ = writeln!(
            text,
            "| {} | {:.2} | {} |",
            recovery.names[direction],
            recovery.width(direction),
            percent(recovery.coverage_of(|own| own == direction)),
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibration::recovery::Replicate;

    #[test]
    fn the_page_tells_coverage_ranks_and_parameters() {
        let one = |rank: f64| Replicate {
            rank: vec![rank, 0.5],
            covered: vec![rank < 0.9, true],
            width: vec![0.4, 1.0],
        };
        let recovery = Recovery {
            names: vec!["moving".into(), "opinion".into()],
            replicates: vec![one(0.12), one(0.95), one(0.5), one(0.51)],
            left_out: 1,
        };
        let text = page(&recovery, &Settings::SMALL);
        for piece in [
            "4 truths; 120 members",
            "At 1 truths no model",
            "| all | 2 | 87.5 % |",
            "| informed by the targets | 1 | 75.0 % |",
            "| 10 to 20 % | 1 |",
            "| 50 to 60 % | 2 |",
            "| moving | 0.40 | 75.0 % |",
        ] {
            assert!(text.contains(piece), "{piece}\n{text}");
        }
        assert!(!text.contains("opinion"), "{text}");
    }
}
