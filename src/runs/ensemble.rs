//! Nested ensembles (nøstede ensembler): draws of the parameters, in each all structural variants,
//! in each all seeds, in each the base and the scenarios with the same dice.
//!
//! The work goes draw by draw, so that the first draws are whole whenever it ends. A thread builds
//! the models of one draw and variant, lives through all its units and drops the models; where
//! there are fewer of these than threads, the units are spread over the threads instead. Neither
//! makes a difference to the results.

use super::calibrated::{Calibrated, Fit, View};
use super::draws::Draw;
use super::note::Note;
use super::paired::{Counted, Pair};
use super::union::Union;
use super::units::{Extent, Unit};
use super::variant::Variant;
use super::work::{Dice, Progress};
use super::{Pairing, Plan};
use crate::engine::Walk;
use crate::parameters::ModelData;
use crate::store::{Label, Shape, Store, Trouble};
use crate::tallies::Layout;
use crate::words::Problem;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

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

/// Runs that were finished, of one draw under one variant. What they gave is in the store.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Position of the variant.
    pub variant: usize,
    /// Position of the draw.
    pub draw: usize,
    /// The seeds.
    pub seeds: Vec<u64>,
    /// The base's value of the cell that is watched, by seed.
    pub watched: Vec<f64>,
}

/// A unit that could not be done; the others go on without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Which.
    pub unit: Unit,
    /// What happened.
    pub told: String,
    /// Was it that there is no room to write to?
    pub is_no_room: bool,
}

/// Why an ensemble ended before its time.
#[derive(Debug, thiserror::Error)]
pub enum Halt {
    /// A model could not be built.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// A unit file could not be read.
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
    /// Called on the thread that is about to begin a unit, for tests of what a failure loses.
    pub before: fn(&Unit),
}

impl Ensemble {
    /// Reads the fit, chooses the draws and builds the models of the first one.
    ///
    /// # Errors
    /// A [`Problem`] in the data, a policy, a scenario or a variant; or if there are fewer draws
    /// than asked for.
    pub fn prepare(plan: &Plan, data: ModelData) -> Result<Ensemble, Problem> {
        let fit = Fit::read(&data, plan.parameters)?.with(&plan.manual);
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

    /// How much there is to do.
    pub fn extent(&self) -> Extent {
        Extent {
            variants: self.variants.len(),
            draws: self.draws.len(),
            seeds: self.plans.first().map_or(0..0, Plan::seed_range),
        }
    }

    /// Simulates these units, and gives what was finished and what failed, in no order. Draws that
    /// are not whole are among it; see [`whole`].
    ///
    /// # Errors
    /// [`Halt`] if a model cannot be built; the work of other threads is then stopped.
    pub fn simulate(
        &self,
        units: Vec<Unit>,
        desk: Desk<'_>,
    ) -> Result<(Vec<Part>, Vec<Failure>), Halt> {
        let mut by_model: BTreeMap<(usize, usize), Vec<Unit>> = BTreeMap::new();
        for unit in units {
            let own = by_model.entry((unit.draw, unit.variant)).or_default();
            own.push(unit);
        }
        let failures = Mutex::default();
        let models = self.draws.len() > 1 && by_model.len() >= rayon::current_num_threads();
        let parts = match models {
            true => self.model_by_model(by_model, desk, &failures),
            false => self.unit_by_unit(by_model, desk, &failures),
        };
        let parts = parts.inspect_err(|_| desk.progress.stop.store(true, Ordering::Relaxed))?;
        let failures = failures.into_inner();
        Ok((parts, failures.unwrap_or_else(PoisonError::into_inner)))
    }

    /// A thread takes a draw and variant at a time.
    fn model_by_model(
        &self,
        by_model: BTreeMap<(usize, usize), Vec<Unit>>,
        desk: Desk<'_>,
        failures: &Mutex<Vec<Failure>>,
    ) -> Result<Vec<Part>, Halt> {
        let parts: Result<Vec<Vec<Part>>, Halt> = by_model
            .into_iter()
            // In their order: the next to whoever is free.
            .par_bridge()
            .map(|((draw, variant), units)| {
                if desk.progress.stop.load(Ordering::Relaxed) {
                    return Ok(Vec::new());
                }
                let pairing = self.pairing(draw, variant);
                let stop = |_: &Problem| desk.progress.stop.store(true, Ordering::Relaxed);
                let pairing = pairing.inspect_err(stop)?;
                let mut walk = Walk::default();
                let part = |unit| self.tried(&pairing, unit, &mut walk, desk, failures);
                Ok(units.into_iter().filter_map(part).collect())
            })
            .collect();
        Ok(parts?.into_iter().flatten().collect())
    }

    /// The threads take the units of a draw, those of the same seeds under all variants together.
    fn unit_by_unit(
        &self,
        by_model: BTreeMap<(usize, usize), Vec<Unit>>,
        desk: Desk<'_>,
        failures: &Mutex<Vec<Failure>>,
    ) -> Result<Vec<Part>, Halt> {
        let mut by_draw: BTreeMap<usize, BTreeMap<u64, Vec<Unit>>> = BTreeMap::new();
        for unit in by_model.into_values().flatten() {
            let draw = by_draw.entry(unit.draw).or_default();
            draw.entry(unit.seeds.start).or_default().push(unit);
        }
        let mut parts = Vec::new();
        for (draw, by_seed) in by_draw {
            if desk.progress.stop.load(Ordering::Relaxed) {
                break;
            }
            let mut own = BTreeMap::new();
            for unit in by_seed.values().flatten() {
                if self.draws.len() > 1 && !own.contains_key(&unit.variant) {
                    own.insert(unit.variant, self.pairing(draw, unit.variant)?);
                }
            }
            let of = |variant: usize| match (own.get(&variant), variant) {
                (Some(pairing), _) => pairing,
                (None, 0) => &self.first,
                (None, other) => &self.others[other - 1],
            };
            let work = |walk: &mut Walk, units: Vec<Unit>| {
                let part = |unit: Unit| self.tried(of(unit.variant), unit, walk, desk, failures);
                units.into_iter().filter_map(part).collect()
            };
            let found: Vec<Vec<Part>> = by_seed
                .into_values()
                .par_bridge()
                .map_init(Walk::default, work)
                .collect();
            parts.extend(found.into_iter().flatten());
        }
        Ok(parts)
    }

    /// The models of a draw under a variant.
    fn pairing(&self, draw: usize, variant: usize) -> Result<Pairing, Problem> {
        let view = view(self.draws[draw], &self.variants[variant]);
        let pairing = Pairing::under(&self.plans[variant], &self.data, &self.fit, view);
        pairing.map(|(pairing, _)| pairing)
    }

    /// Lives through a unit; what goes wrong in it is noted and goes no further.
    ///
    /// A panic is caught here. That is safe because a unit owns what it changes: its walk is thrown
    /// away, its file has no name yet and is removed, and nothing of it is in the store; the models
    /// are only read.
    fn tried(
        &self,
        pairing: &Pairing,
        unit: Unit,
        walk: &mut Walk,
        desk: Desk<'_>,
        failures: &Mutex<Vec<Failure>>,
    ) -> Option<Part> {
        let lived = || self.part(pairing, &unit, walk, desk);
        let (told, is_no_room) = match catch_unwind(AssertUnwindSafe(lived)) {
            Ok(Ok(part)) => return part,
            Ok(Err(trouble)) => (trouble.to_string(), trouble.is_no_room()),
            Err(panic) => {
                let text = panic.downcast_ref::<String>().map(String::as_str);
                let text = text.or(panic.downcast_ref::<&str>().copied());
                *walk = Walk::default();
                (
                    format!("a fault in the program: {}", text.unwrap_or("unknown")),
                    false,
                )
            }
        };
        if is_no_room {
            desk.progress.stop.store(true, Ordering::Relaxed);
        }
        let mut failures = failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.push(Failure {
            unit,
            told,
            is_no_room,
        });
        None
    }

    /// Lives through a unit, one seed after the other, and puts it in the store; of one that is
    /// stopped, the seeds that were finished.
    fn part(
        &self,
        pairing: &Pairing,
        unit: &Unit,
        walk: &mut Walk,
        desk: Desk<'_>,
    ) -> Result<Option<Part>, Trouble> {
        if desk.progress.stop.load(Ordering::Relaxed) {
            // Before a file is begun: there may be many units to come.
            return Ok(None);
        }
        (desk.before)(unit);
        let mut filling = desk.store.begin()?;
        let mut note = Note::default();
        let mut part = Part {
            variant: unit.variant,
            draw: unit.draw,
            seeds: Vec::new(),
            watched: Vec::new(),
        };
        for seed in unit.seeds.clone() {
            let dice = Dice {
                seed,
                draw: self.draws[unit.draw].number,
            };
            let Some(mut pair) = pairing.pair(dice, desk.progress, walk) else {
                break;
            };
            for (arm, counted) in arms(&mut pair).enumerate() {
                let values = std::mem::take(&mut counted.run.values.values);
                let values = self.union.placed(unit.variant, values);
                if arm == 0 {
                    let watched = desk.watch.and_then(|at| values.get(at));
                    part.watched.extend(watched);
                }
                filling.add(values)?;
            }
            note.add(pair);
            part.seeds.push(seed);
        }
        if part.seeds.is_empty() {
            return Ok(None);
        }
        let label = Label {
            variant: unit.variant as u32,
            draw: unit.draw as u32,
            seeds: part.seeds.clone(),
        };
        let unwritten = |error| Trouble::at("note".as_ref(), error);
        desk.store
            .put(filling, label, note.bytes().map_err(unwritten)?)?;
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
/// seeds that were finished under every variant. Tells which draws, by position, and which seeds
/// are.
pub fn whole(ensemble: &Ensemble, parts: &[Part]) -> (BTreeSet<usize>, BTreeSet<u64>) {
    let Extent {
        variants,
        draws,
        seeds,
    } = ensemble.extent();
    let all_of_draw = variants * seeds.clone().count();
    let (mut by_draw, mut by_seed) = (BTreeMap::new(), BTreeMap::new());
    for part in parts {
        *by_draw.entry(part.draw).or_insert(0) += part.seeds.len();
        for seed in &part.seeds {
            *by_seed.entry(*seed).or_insert(0) += 1;
        }
    }
    if draws == 1 {
        by_seed.retain(|_, count| *count == variants);
        let draw = (!by_seed.is_empty()).then_some(0);
        (draw.into_iter().collect(), by_seed.into_keys().collect())
    } else {
        by_draw.retain(|_, count| *count == all_of_draw);
        (by_draw.into_keys().collect(), seeds.collect())
    }
}

/// The values that are watched, of these draws and seeds: by variant, then by draw, then by seed.
pub fn watched(parts: &[Part], draws: &BTreeSet<usize>, seeds: &BTreeSet<u64>) -> Vec<f64> {
    let mut kept: Vec<(usize, usize, u64, f64)> = Vec::new();
    for part in parts.iter().filter(|part| draws.contains(&part.draw)) {
        for (seed, value) in part.seeds.iter().zip(&part.watched) {
            if seeds.contains(seed) {
                kept.push((part.variant, part.draw, *seed, *value));
            }
        }
    }
    kept.sort_by_key(|(variant, draw, seed, _)| (*variant, *draw, *seed));
    kept.into_iter().map(|(.., value)| value).collect()
}
