//! What becomes of the runs of `stabil run`: tables, files, the manifest, and what is told at the
//! end.

use super::compare::{self, Choice};
use super::results::{MANIFEST, Results, write};
use super::spread_files::Found;
use super::{CliError, DONE, INTERRUPTED, print, report, tell};
use crate::bands::{Names, Tables};
use crate::picture::Lang;
use crate::report::manifest::Manifest;
use crate::report::number::thousands;
use crate::report::spread_page;
use crate::report::summary::{self, Holds};
use crate::runs::batches::Outcome;
use crate::runs::ensemble::{Ensemble, Part};
use crate::runs::paired::Pair;
use crate::runs::precision::Precision;
use crate::runs::scenario::BASE;
use crate::runs::spread::{Look, Spread};
use crate::runs::{Plan, effects};
use crate::store::Runs;
use crate::tallies::Durations;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

/// What was carried out, and how.
#[derive(Clone, Copy, Debug)]
pub struct Work<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Draws, variants and models.
    pub ensemble: &'a Ensemble,
    /// The results folder.
    pub folder: &'a Path,
    /// No messages but errors.
    pub quiet: bool,
    /// Threads used.
    pub threads: usize,
    /// Time spent on preparing.
    pub prepared: Duration,
}

/// Makes tables of the runs, writes the results and tells them; gives the exit code.
///
/// # Errors
/// A [`CliError`] for what cannot be read or written.
pub fn conclude(
    work: &Work<'_>,
    outcome: Outcome,
    runs: Runs,
    simulated: Duration,
) -> Result<u8, CliError> {
    let (plan, ensemble, folder) = (work.plan, work.ensemble, work.folder);
    let first = ensemble.first();
    let names = names(work);
    let look = Look::of(ensemble, &runs);
    let mut spread = Spread::default();
    let tables = Tables::beside(
        &runs,
        ensemble.layout(),
        &names,
        |cell| look.seen(cell),
        |_, seen| spread.take(seen),
    )?;
    let spread = spread.with_draws(ensemble, &runs.draws);
    let shape = (runs.variants, runs.draws.len(), runs.seeds.len());
    let holds = Holds {
        draws: outcome.draws.len(),
        variants: runs.variants,
    };
    let number = runs.count() * runs.shape.arms;
    // Work files are gone before the results are written.
    drop(runs);
    let Outcome {
        parts,
        draws,
        seeds,
        precision,
        is_complete,
    } = outcome;
    let (durations, pairs) = lives(parts, first.base.data.classification.professions.len());
    let told: Vec<effects::Told> = (0..first.scenarios.len())
        .map(|position| effects::told(&first.design, position, &pairs))
        .collect();
    let found = Found::of(spread, ensemble.layout(), &first.design, &pairs, shape);
    let results = Results {
        bands: &tables.bands,
        durations: &durations,
        pairing: first,
        pairs: &pairs,
        differences: &tables.differences,
        told: &told,
        found: &found,
        arms: &names.arms,
    };
    let draws = draws.iter().filter_map(|at| ensemble.draws.get(*at));
    let manifest = Manifest {
        draws: draws.map(|draw| draw.number).collect(),
        seeds: seeds.into_iter().collect(),
        variants: names.variants,
        runs: number,
        complete: is_complete,
        precision,
        ..manifest(work, results.write(folder)?, &pairs, simulated)?
    };
    write(folder, MANIFEST, |to| {
        to.write_all(manifest.json().as_bytes())
    })?;
    // The page tells of the manifest, hashes included, so its own hash cannot be among them.
    report::write(folder, Lang::Nb)?;
    print(&summary::tables(&tables.bands[0], &first.base.data, holds))?;
    if !first.scenarios.is_empty() {
        print(&format!("\n{}", compare::page(folder, &Choice::default())?))?;
    }
    let rural = first.design.groups.last();
    print(&spread_page::page(
        &found.spread,
        &found.causes,
        ensemble.layout(),
        rural,
    ))?;
    let counted = format!("{} of {} runs", pairs.len(), ensemble.pairs());
    if !work.quiet {
        tell(&format!(
            "\n{counted}, {:.0} million person-years in {:.1} s ({:.1} million a second); results in {}, for readers in report.html",
            manifest.person_years as f64 / 1e6,
            simulated.as_secs_f64(),
            manifest.person_years_per_second / 1e6,
            folder.display()
        ));
    }
    if let Some(precision) = &manifest.precision {
        tell(&told_of(precision, plan.draws));
    }
    if is_complete {
        return Ok(DONE);
    }
    tell(&format!(
        "interrupted: {counted} were complete; the results are theirs alone"
    ));
    Ok(INTERRUPTED)
}

/// The manifest as far as it does not depend on which runs were whole.
fn manifest(
    work: &Work<'_>,
    results: BTreeMap<String, String>,
    pairs: &[Pair],
    simulated: Duration,
) -> Result<Manifest, CliError> {
    let plan = work.plan;
    let lived = |pair: &Pair| {
        let scenarios = pair.scenarios.iter().map(|own| own.run.person_years);
        pair.base.run.person_years + scenarios.sum::<u64>()
    };
    let person_years: u64 = pairs.iter().map(lived).sum();
    let mut calibrated = work.ensemble.calibrated.clone();
    if plan.draws > 0 {
        calibrated.factors.clear();
    }
    Ok(Manifest {
        program: "stabil",
        version: env!("CARGO_PKG_VERSION"),
        commit: env!("STABIL_COMMIT"),
        run: plan.name.clone(),
        run_file: plan.file.clone(),
        run_file_hash: blake3::hash(plan.text.as_bytes()).to_hex().to_string(),
        settings: serde_json::to_value(plan).unwrap_or_default(),
        draws: Vec::new(),
        seeds: Vec::new(),
        variants: Vec::new(),
        runs: 0,
        complete: false,
        precision: None,
        calibrated,
        data: Manifest::data_hashes(&work.ensemble.first().base.data)?,
        results,
        machine: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        threads: work.threads,
        seconds_preparing: work.prepared.as_secs_f64(),
        seconds_simulating: simulated.as_secs_f64(),
        person_years,
        person_years_per_second: person_years as f64 / simulated.as_secs_f64().max(1e-9),
    })
}

/// The names of base, scenarios and variants in outputs.
fn names(work: &Work<'_>) -> Names {
    let scenarios = &work.plan.scenarios;
    let base = match scenarios.is_empty() {
        true => work.plan.name.as_str(),
        false => BASE,
    };
    let scenarios = scenarios.iter().map(|scenario| scenario.name.as_str());
    let variants = work.plan.variants.iter();
    Names {
        arms: [base]
            .into_iter()
            .chain(scenarios)
            .map(str::to_string)
            .collect(),
        variants: variants.map(|variant| variant.name.clone()).collect(),
    }
}

/// Durations of lives in the base, and the pairs of runs, of all parts.
fn lives(parts: Vec<Part>, professions: usize) -> (Durations, Vec<Pair>) {
    let mut durations = Durations::new(professions);
    let mut pairs = Vec::new();
    for part in parts {
        durations.merge(&part.durations);
        pairs.extend(part.pairs);
    }
    (durations, pairs)
}

/// What became of the wish, in words.
fn told_of(precision: &Precision, most: u32) -> String {
    let Precision {
        wish,
        mcse,
        reached,
        draws,
        draws_needed,
    } = precision;
    let standing = format!("the standard error is {mcse:.3} after {draws} draws");
    match (reached, draws_needed) {
        (true, _) => format!("precision reached, {wish}: {standing} of {most}"),
        (false, Some(needed)) => format!(
            "precision not reached, {wish}: {standing}; it would take about {} draws",
            thousands(*needed as f64)
        ),
        (false, None) => format!("precision not reached, {wish}: {standing}"),
    }
}
