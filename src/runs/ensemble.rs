//! Nested ensembles (nøstede ensembler): draws of the parameters, in each all structural variants,
//! in each all seeds, in each the base and the scenarios with the same dice.
//!
//! The work goes draw by draw, so that the first draws are whole whenever it ends. A thread builds
//! the models of one draw and variant, lives through all its seeds and drops the models; where
//! there are fewer of these than threads, the seeds are spread over the threads instead. Neither
//! makes a difference to the results.

use super::calibrated::{Calibrated, Fit, View};
use super::draws::Draw;
use super::paired::{Counted, Pair};
use super::union::Union;
use super::variant::Variant;
use super::work::{Dice, Progress};
use super::{Pairing, Plan};
use crate::engine::Walk;
use crate::parameters::ModelData;
use crate::store::{Label, Shape, Store, Trouble};
use crate::tallies::{Durations, Layout};
use crate::words::Problem;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::atomic::Ordering;

/// Everything that a nested ensemble is simulated with.
#[derive(Debug)]
pub struct Ensemble {
    /// The plan under each variant.
    plans: Vec<Plan>,
    /// The variants.
    pub variants: Vec<Variant>,
    /// The draws, in their order.
    pub draws: Vec<Draw>,
    /// What the posterior brought into the first draw, under the first variant.
    pub calibrated: Calibrated,
    /// The output cells of all variants together.
    pub union: Union,
    /// The models of the first draw under the first variant.
    first: Pairing,
    /// Those under the other variants, if it is the only draw.
    others: Vec<Pairing>,
    data: ModelData,
    fit: Fit,
}

/// Runs that were finished, of one draw under one variant: all of its seeds, or a single one.
#[derive(Debug)]
pub struct Part {
    /// Position of the variant.
    pub variant: usize,
    /// Position of the draw.
    pub draw: usize,
    /// The runs, by seed. Their values are in the store.
    pub pairs: Vec<Pair>,
    /// Durations of single lives in the base.
    pub durations: Durations,
    /// The base's value of the cell that is watched, by seed.
    pub watched: Vec<f64>,
}

/// Why an ensemble ended before its time.
#[derive(Debug, thiserror::Error)]
pub enum Halt {
    /// A model could not be built.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// A work file could not be written.
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

/// What the work is done with: where values go, how far it is, and the value that is watched.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// Where values go.
    pub store: &'a Store,
    /// How far the work is.
    pub progress: &'a Progress,
    /// Position, in the values of a run, of a number to look at while the work goes on.
    pub watch: Option<usize>,
}

impl Ensemble {
    /// Reads the fit, chooses the draws and builds the models of the first one.
    ///
    /// # Errors
    /// A [`Problem`] in the data, a policy, a scenario or a variant; or if there are fewer draws
    /// than asked for.
    pub fn prepare(plan: &Plan, data: ModelData) -> Result<Ensemble, Problem> {
        let fit = Fit::read(&data, plan.parameters)?;
        let draws = plan.chosen_draws(fit.posterior.as_ref())?;
        let variants = plan.all_variants();
        let plans: Vec<Plan> = variants.iter().map(|variant| plan.under(variant)).collect();
        let point = draws.first().copied().unwrap_or(Draw::CENTRE);
        let build = |at: usize| {
            let (variant, plan) = (&variants[at], &plans[at]);
            Pairing::under(plan, &data, &fit, view(point, variant))
        };
        let (first, calibrated) = build(0)?;
        let mut layouts = vec![first.outputs.layout.clone()];
        let mut others = Vec::new();
        for at in 1..variants.len() {
            let (pairing, _) = build(at)?;
            layouts.push(pairing.outputs.layout.clone());
            if draws.len() == 1 {
                others.push(pairing);
            }
        }
        Ok(Ensemble {
            plans,
            variants,
            calibrated,
            draws,
            union: Union::of(layouts),
            first,
            others,
            data,
            fit,
        })
    }

    /// The models of the first draw under the first variant.
    pub fn first(&self) -> &Pairing {
        &self.first
    }

    /// The data as they were read, and the fit that draws come from.
    pub fn evidence(&self) -> (&ModelData, &Fit) {
        (&self.data, &self.fit)
    }

    /// The output cells.
    pub fn layout(&self) -> &Layout {
        &self.union.layout
    }

    /// What every run holds in the store.
    pub fn shape(&self) -> Shape {
        Shape {
            years: self.layout().years.len(),
            cells: self.layout().cells.len(),
            arms: 1 + self.first.scenarios.len(),
        }
    }

    /// Seeds of each draw.
    pub fn seeds(&self) -> u64 {
        self.plans.first().map_or(0, |plan| u64::from(plan.seeds))
    }

    /// Pairs of runs, base with scenarios, of all draws: variants, draws and seeds multiplied.
    pub fn pairs(&self) -> u64 {
        (self.variants.len() * self.draws.len()) as u64 * self.seeds()
    }

    /// Simulated years of the whole work.
    pub fn years(&self) -> u64 {
        self.first.years_per_seed() * self.pairs()
    }

    /// Simulates these draws, by their positions, and gives what was finished, in no order. Draws
    /// that are not whole are among it; see [`whole`].
    ///
    /// # Errors
    /// [`Halt`]; the work of other threads is then stopped.
    pub fn simulate(&self, draws: Range<usize>, desk: Desk<'_>) -> Result<Vec<Part>, Halt> {
        let units = draws.len() * self.variants.len();
        let parts = match self.draws.len() > 1 && units >= rayon::current_num_threads() {
            true => self.unit_by_unit(draws, desk),
            false => self.seed_by_seed(draws, desk),
        };
        parts.inspect_err(|_| desk.progress.stop.store(true, Ordering::Relaxed))
    }

    /// A thread takes a draw and variant at a time.
    fn unit_by_unit(&self, draws: Range<usize>, desk: Desk<'_>) -> Result<Vec<Part>, Halt> {
        let variants = self.variants.len();
        let units = draws.flat_map(|draw| (0..variants).map(move |variant| (draw, variant)));
        let parts: Result<Vec<Option<Part>>, Halt> = units
            // In their order: the next unit to whoever is free.
            .par_bridge()
            .map(|(draw, variant)| {
                if desk.progress.stop.load(Ordering::Relaxed) {
                    return Ok(None);
                }
                let pairing = self.pairing(draw, variant)?;
                let seeds = self.plans[variant].seed_range();
                let part = self.part(&pairing, (draw, variant), seeds, &mut Walk::default(), desk);
                part.inspect_err(|_| desk.progress.stop.store(true, Ordering::Relaxed))
            })
            .collect();
        Ok(parts?.into_iter().flatten().collect())
    }

    /// The threads take the seeds of a draw, each under all variants.
    fn seed_by_seed(&self, draws: Range<usize>, desk: Desk<'_>) -> Result<Vec<Part>, Halt> {
        let mut parts = Vec::new();
        let seeds = self.plans.first().map_or(0..0, Plan::seed_range);
        for draw in draws {
            if desk.progress.stop.load(Ordering::Relaxed) {
                break;
            }
            parts.extend(self.simulate_seeds(draw, seeds.clone(), desk)?);
        }
        Ok(parts)
    }

    /// Simulates some seeds of a draw, by its position, each under all variants, and gives what was
    /// finished: a portion of the work of [`Ensemble::simulate`], for those who look at results
    /// before all of it is done. The seeds must be those of the run.
    ///
    /// # Errors
    /// [`Halt`].
    pub fn simulate_seeds(
        &self,
        draw: usize,
        seeds: Range<u64>,
        desk: Desk<'_>,
    ) -> Result<Vec<Part>, Halt> {
        let own: Result<Vec<Pairing>, Problem> = match self.draws.len() {
            1 => Ok(Vec::new()),
            _ => (0..self.variants.len())
                .map(|variant| self.pairing(draw, variant))
                .collect(),
        };
        let own = own?;
        let all: Vec<&Pairing> = match self.draws.len() {
            1 => [&self.first].into_iter().chain(&self.others).collect(),
            _ => own.iter().collect(),
        };
        let work = |walk: &mut Walk, seed: u64| {
            let variants = all.iter().enumerate();
            variants
                .map(|(at, pairing)| self.part(pairing, (draw, at), seed..seed + 1, walk, desk))
                .collect::<Result<Vec<Option<Part>>, Halt>>()
        };
        let found: Result<Vec<Vec<Option<Part>>>, Halt> = seeds
            .into_par_iter()
            .map_init(Walk::default, work)
            .collect();
        Ok(found?.into_iter().flatten().flatten().collect())
    }

    /// The models of a draw under a variant.
    fn pairing(&self, draw: usize, variant: usize) -> Result<Pairing, Problem> {
        let view = view(self.draws[draw], &self.variants[variant]);
        let pairing = Pairing::under(&self.plans[variant], &self.data, &self.fit, view);
        pairing.map(|(pairing, _)| pairing)
    }

    /// Lives through seeds of a draw under a variant, one after the other; nothing if stopped
    /// before the last was finished.
    fn part(
        &self,
        pairing: &Pairing,
        (draw, variant): (usize, usize),
        seeds: Range<u64>,
        walk: &mut Walk,
        desk: Desk<'_>,
    ) -> Result<Option<Part>, Halt> {
        if desk.progress.stop.load(Ordering::Relaxed) {
            // Before a work file is begun: there may be many seeds to come.
            return Ok(None);
        }
        let label = Label {
            variant: variant as u32,
            draw: draw as u32,
            seeds: seeds.clone().collect(),
        };
        let mut filling = desk.store.begin(label)?;
        let professions = self.data.classification.professions.len();
        let mut part = Part {
            variant,
            draw,
            pairs: Vec::new(),
            durations: Durations::new(professions),
            watched: Vec::new(),
        };
        for seed in seeds {
            let dice = Dice {
                seed,
                draw: self.draws[draw].number,
            };
            let Some(mut pair) = pairing.pair(dice, desk.progress, walk) else {
                return Ok(None);
            };
            part.durations.merge(&pair.base.run.durations);
            for (arm, counted) in arms(&mut pair).enumerate() {
                let values = std::mem::take(&mut counted.run.values.values);
                let values = self.union.placed(variant, values);
                if arm == 0 {
                    let watched = desk.watch.and_then(|at| values.get(at));
                    part.watched.extend(watched);
                }
                filling.add(values)?;
                counted.run.durations = Durations::new(0);
            }
            if pair.scenarios.is_empty() {
                // Nothing is compared with it.
                pair.base.account = super::account::Account::default();
            }
            part.pairs.push(pair);
        }
        desk.store.put(filling)?;
        Ok(Some(part))
    }
}

/// The runs of a pair: base, then scenarios.
fn arms(pair: &mut Pair) -> impl Iterator<Item = &mut Counted> {
    [&mut pair.base].into_iter().chain(&mut pair.scenarios)
}

fn view(draw: Draw, variant: &Variant) -> View {
    View {
        point: draw.point,
        attachment: variant.attachment,
        alignment: variant.alignment,
    }
}

/// What is whole of parts: draws of which every variant and seed was finished; of a single draw,
/// seeds that were finished under every variant. Drops the other parts, puts those left in their
/// order (by variant, then by draw, then by seed), and tells which draws, by position, and which
/// seeds are left.
pub fn whole(ensemble: &Ensemble, parts: &mut Vec<Part>) -> (BTreeSet<usize>, BTreeSet<u64>) {
    let seeds = ensemble.plans.first().map_or(0..0, Plan::seed_range);
    let variants = ensemble.variants.len();
    let all_of_draw = variants * seeds.clone().count();
    let is_single = ensemble.draws.len() == 1;
    let (mut by_draw, mut by_seed) = (BTreeMap::new(), BTreeMap::new());
    for part in parts.iter() {
        *by_draw.entry(part.draw).or_insert(0) += part.pairs.len();
        for pair in &part.pairs {
            *by_seed.entry(pair.dice.seed).or_insert(0) += 1;
        }
    }
    let (draws, seeds) = if is_single {
        by_seed.retain(|_, count| *count == variants);
        let draw = (!by_seed.is_empty()).then_some(0);
        (draw.into_iter().collect(), by_seed.into_keys().collect())
    } else {
        by_draw.retain(|_, count| *count == all_of_draw);
        (by_draw.into_keys().collect(), seeds.collect())
    };
    let (draws, seeds): (BTreeSet<usize>, BTreeSet<u64>) = (draws, seeds);
    parts.retain(|part| {
        let mut own = part.pairs.iter().map(|pair| pair.dice.seed);
        draws.contains(&part.draw) && own.all(|seed| seeds.contains(&seed))
    });
    sort(parts);
    (draws, seeds)
}

fn sort(parts: &mut [Part]) {
    let first = |part: &Part| part.pairs.first().map(|pair| pair.dice.seed);
    parts.sort_by_key(|part| (part.variant, part.draw, first(part)));
}
