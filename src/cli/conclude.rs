//! What becomes of the runs of `stabil run`: tables, files, the manifest, and what is told at the
//! end.

use super::compare::{self, Choice};
use super::results::{MANIFEST, Results, write};
use super::spread_files::Found;
use super::{CliError, DONE, INTERRUPTED, print, report, tell};
use crate::bands::{Names, Tables};
use crate::disclosure::{Rule, Screen, Screened, Subject};
use crate::picture::Lang;
use crate::report::datapackage;
use crate::report::manifest::Manifest;
use crate::report::number::thousands;
use crate::report::spread_page;
use crate::report::summary::{self, Holds};
use crate::runs::batches::Outcome;
use crate::runs::ensemble::Ensemble;
use crate::runs::kept::Sheet;
use crate::runs::manual;
use crate::runs::note::lives;
use crate::runs::paired::Pair;
use crate::runs::precision::Precision;
use crate::runs::questions::questions;
use crate::runs::scenario::BASE;
use crate::runs::spread::{Look, Spread};
use crate::runs::{Plan, effects};
use crate::store::Runs;
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
    /// What its units are made by.
    pub sheet: &'a Sheet,
    /// The results folder.
    pub folder: &'a Path,
    /// No messages but errors.
    pub quiet: bool,
    /// Are tables printed?
    pub prints: bool,
    /// Threads used.
    pub threads: usize,
    /// Time spent on preparing.
    pub prepared: Duration,
}

/// Results that have been written.
#[derive(Debug)]
pub struct Filed {
    /// Bands and differences.
    pub tables: Tables,
    /// Effects and costs, by scenario.
    pub told: Vec<effects::Told>,
    /// What the spread says.
    pub found: Found,
    /// What vouches for the files.
    pub manifest: Manifest,
    /// What the bands hold.
    pub holds: Holds,
    /// Pairs of runs that the results rest on.
    pub pairs: usize,
}

/// Makes tables of the runs and writes all files of the results folder.
///
/// # Errors
/// A [`CliError`] for what cannot be read or written.
pub fn file(
    work: &Work<'_>,
    outcome: Outcome,
    runs: Runs,
    simulated: Duration,
) -> Result<Filed, CliError> {
    let (ensemble, folder) = (work.ensemble, work.folder);
    let first = ensemble.first();
    let names = names(work);
    let look = Look::of(ensemble, &runs);
    let mut spread = Spread::default();
    let mut tables = Tables::beside(
        &runs,
        ensemble.layout(),
        &names,
        |cell| look.seen(cell),
        |_, seen| spread.take(seen),
    )?;
    let rule = work.plan.rule(&first.base.data);
    let screened = match rule {
        Some(rule) => Some(screen(work, rule, &mut tables, &mut spread)?),
        None => None,
    };
    let spread = spread.with_draws(ensemble, &runs.draws);
    let shape = (runs.variants, runs.draws.len(), runs.seeds.len());
    let holds = Holds {
        draws: outcome.draws.len(),
        variants: runs.variants,
    };
    let number = runs.count() * runs.shape.arms;
    let (durations, pairs) = lives(&runs, first.base.data.classification.professions.len())?;
    drop(runs);
    let Outcome {
        draws,
        seeds,
        precision,
        is_complete,
        fresh,
        failures: _,
    } = outcome;
    let told: Vec<effects::Told> = (0..first.scenarios.len())
        .map(|position| effects::told(&first.design, position, &pairs))
        .collect();
    let found = Found::of(spread, ensemble.layout(), &first.design, &pairs, shape);
    let found = match rule.is_some_and(|rule| rule.rounds()) {
        true => found.without_levels(),
        false => found,
    };
    let results = Results {
        bands: &tables.bands,
        durations: &durations,
        pairing: first,
        pairs: &pairs,
        differences: &tables.differences,
        told: &told,
        found: &found,
        arms: &names.arms,
        is_screened: screened.is_some(),
    };
    let draws = draws.iter().filter_map(|at| ensemble.draws.get(*at));
    let manifest = Manifest {
        draws: draws.map(|draw| draw.number).collect(),
        seeds: seeds.into_iter().collect(),
        variants: names.variants,
        runs: number,
        complete: is_complete,
        precision,
        disclosure: screened,
        ..manifest(work, results.write(folder)?, &pairs, (simulated, fresh))?
    };
    let described = datapackage::describe(
        folder,
        &work.plan.name,
        [&work.plan.title_nb, &work.plan.title_en],
        &manifest.results,
    )
    .map_err(|error| CliError::io(folder, error))?;
    write(folder, datapackage::NAME, |to| {
        writeln!(to, "{described:#}")
    })?;
    write(folder, MANIFEST, |to| {
        to.write_all(manifest.json().as_bytes())
    })?;
    // The page tells of the manifest, hashes included, so its own hash cannot be among them.
    report::write(folder, Lang::Nb)?;
    Ok(Filed {
        tables,
        told,
        found,
        manifest,
        holds,
        pairs: pairs.len(),
    })
}

/// Writes the results and tells them; gives the exit code.
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
    let is_complete = outcome.is_complete;
    let Filed {
        tables,
        found,
        manifest,
        holds,
        pairs,
        ..
    } = file(work, outcome, runs, simulated)?;
    if !work.prints {
        return Ok(DONE);
    }
    print(&summary::tables(&tables.bands[0], &first.base.data, holds))?;
    if !first.scenarios.is_empty() && manifest.disclosure.is_none() {
        print(&format!("\n{}", compare::page(folder, &Choice::default())?))?;
    }
    let rural = first.design.groups.last();
    print(&spread_page::page(
        &found.spread,
        &found.causes,
        ensemble.layout(),
        rural,
    ))?;
    print(&manual::told(&manifest.overrides))?;
    let counted = format!("{pairs} of {} runs", ensemble.pairs());
    if !work.quiet {
        tell(&format!(
            "\n{counted}, {:.0} million person-years in {:.1} s ({:.1} million a second); results in {}, for readers in report.html",
            manifest.person_years as f64 / 1e6,
            simulated.as_secs_f64(),
            manifest.person_years_per_second / 1e6,
            folder.display()
        ));
    }
    if !work.quiet && !manifest.overrides.is_empty() {
        let names = manifest
            .overrides
            .iter()
            .map(|own| own.manual.parameter.as_str());
        let names: Vec<&str> = names.collect();
        tell(&format!(
            "set by hand, see manifest.json: {}",
            names.join(", ")
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

/// Takes out of the tables and the spread what may not be told.
fn screen(
    work: &Work<'_>,
    rule: Rule,
    tables: &mut Tables,
    spread: &mut Spread,
) -> Result<Screened, CliError> {
    let base = &work.ensemble.first().base;
    let unions = questions(work.plan, &base.data)?.unions;
    let subject = Subject {
        data: &base.data,
        population: &base.base.population,
        scale: work.plan.scale,
        unions: &unions,
        layout: work.ensemble.layout(),
    };
    let screen = Screen::of(rule, subject, tables);
    let screened = screen.apply(tables);
    spread.years.retain(|own| !screen.hides(own.year, own.cell));
    let cells = &work.ensemble.layout().cells;
    let (scale, least) = (work.plan.scale.min(1.0), f64::from(rule.minimum));
    spread.draws.retain(|own| {
        // A draw's mean rests on fewer runs than the row's, and may be small where that is not.
        let is_count = own.arm == 0 && cells[own.cell].unit == "persons";
        let is_small = |mean: &f64| (1e-9..least).contains(&(mean.abs() * scale));
        let tells_few = is_count && own.means.iter().any(is_small);
        !(tells_few || screen.hides(own.year, own.cell))
    });
    spread.round(rule, work.ensemble.layout());
    if !work.quiet {
        tell(&format!(
            "disclosure control: cells under {} persons and what would tell them are hidden, {} of {} rows",
            rule.minimum,
            thousands(screened.hidden as f64),
            thousands((screened.hidden + screened.shown) as f64)
        ));
    }
    Ok(screened)
}

/// The manifest as far as it does not depend on which runs were whole.
fn manifest(
    work: &Work<'_>,
    results: BTreeMap<String, String>,
    pairs: &[Pair],
    (simulated, fresh): (Duration, f64),
) -> Result<Manifest, CliError> {
    let plan = work.plan;
    let data = &work.ensemble.first().base.data;
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
        run_text: plan.text.clone(),
        flags: work.sheet.overrides.clone(),
        data_folder: work.sheet.data_folder.clone(),
        settings: serde_json::to_value(plan).unwrap_or_default(),
        draws: Vec::new(),
        seeds: Vec::new(),
        variants: Vec::new(),
        runs: 0,
        complete: false,
        precision: None,
        calibrated,
        overrides: manual::overridden(&plan.manual, work.ensemble.evidence().0),
        data: Manifest::data_hashes(data)?,
        microdata_rows: data.microdata.as_ref().map(|own| {
            let rule = plan.rule(data).unwrap_or_default();
            rule.rounded_rows(own.people.len())
        }),
        disclosure: None,
        results,
        machine: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        threads: work.threads,
        seconds_preparing: work.prepared.as_secs_f64(),
        seconds_simulating: simulated.as_secs_f64(),
        person_years,
        person_years_per_second: fresh * person_years as f64 / simulated.as_secs_f64().max(1e-9),
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
