//! A stage (trinn) of a job: a plan with its models and the runs that are finished, carried out a
//! portion at a time and readable in between.

use super::wanted;
use crate::bands::{Names, Tables};
use crate::parameters::ModelData;
use crate::runs::Plan;
use crate::runs::batches::Outcome;
use crate::runs::ensemble::{Desk, Ensemble, Failure, Halt, Part, whole};
use crate::runs::scenario::BASE;
use crate::runs::units::Unit;
use crate::runs::work::Progress;
use crate::store::{Runs, Store, Trouble};
use crate::words::Problem;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// The scale of the first look: simulated people per real person.
const LOOK_SCALE: f64 = 0.02;
/// Seeds of the first look.
const LOOK_SEEDS: u32 = 6;
/// Plans with less work than so many times the first look's have none: they are quick themselves.
const WORTH_A_LOOK: f64 = 4.0;

/// A small and quick version of a plan for the first bands, if that is worth while.
pub fn first_look(plan: &Plan) -> Option<Plan> {
    let look = Plan {
        scale: LOOK_SCALE.min(plan.scale),
        seeds: LOOK_SEEDS.min(plan.seeds),
        draws: 0,
        ..plan.clone()
    };
    (wanted::work(plan) > WORTH_A_LOOK * wanted::work(&look)).then_some(look)
}

/// A plan under way.
#[derive(Debug)]
pub struct Stage {
    /// The plan.
    pub plan: Plan,
    /// Its draws and models.
    pub ensemble: Ensemble,
    /// Is it the first look, on a small scale?
    pub is_look: bool,
    /// When its simulation began.
    pub began: Instant,
    /// Time spent on preparing.
    pub prepared: Duration,
    progress: Arc<Progress>,
    /// Until the results are written.
    store: RwLock<Option<Store>>,
    done: Mutex<Finished>,
}

/// What is finished.
#[derive(Debug, Default)]
struct Finished {
    /// Seeds of the single draw, or draws, that have been simulated: the next one.
    next: u64,
    parts: Vec<Part>,
    draws: BTreeSet<u32>,
    seeds: BTreeSet<u64>,
}

impl Stage {
    /// Builds the models.
    ///
    /// # Errors
    /// A [`Problem`] in the data or the plan.
    pub fn prepare(
        plan: Plan,
        data: &ModelData,
        is_look: bool,
        progress: Arc<Progress>,
    ) -> Result<Stage, Problem> {
        let began = Instant::now();
        let ensemble = Ensemble::prepare(&plan, data.clone())?;
        let store = Store::in_memory(ensemble.shape());
        progress.years.store(0, Ordering::Relaxed);
        Ok(Stage {
            plan,
            ensemble,
            is_look,
            began: Instant::now(),
            prepared: began.elapsed(),
            progress,
            store: RwLock::new(Some(store)),
            done: Mutex::default(),
        })
    }

    /// Carries out the next portion, as many seeds or draws as there are threads, and tells whether
    /// there is more to do.
    ///
    /// # Errors
    /// [`Halt`].
    pub fn step(&self, threads: usize) -> Result<bool, Halt> {
        let guard = self.store.read().unwrap_or_else(PoisonError::into_inner);
        let Some(store) = &*guard else {
            return Ok(false);
        };
        let desk = Desk {
            store,
            progress: &self.progress,
            watch: None,
            before: |_| {},
        };
        let next = self.finished().next;
        let (draws, seeds) = (self.ensemble.draws.len(), self.plan.seed_range());
        let variants = self.ensemble.variants.len();
        let all = match draws {
            1 => seeds.end - seeds.start,
            _ => draws as u64,
        };
        let end = (next + threads as u64).min(all);
        let unit = |place: u64, variant: usize| {
            let seed = seeds.start + place;
            match draws {
                1 => Unit {
                    draw: 0,
                    variant,
                    seeds: seed..seed + 1,
                },
                _ => Unit {
                    draw: place as usize,
                    variant,
                    seeds: seeds.clone(),
                },
            }
        };
        let units = (next..end).flat_map(|place| (0..variants).map(move |at| (place, at)));
        let units = units.map(|(place, at)| unit(place, at)).collect();
        let (parts, failures) = self.ensemble.simulate(units, desk)?;
        if let Some(Failure { unit, told, .. }) = failures.into_iter().next() {
            let what = std::io::Error::other(format!("{unit}: {told}"));
            return Err(Trouble::at(Path::new("unit"), what).into());
        }
        let mut done = self.finished();
        if self.is_stopped() {
            // What is not whole counts for nothing, and nothing comes after it.
            return Ok(false);
        }
        for part in &parts {
            done.draws.insert(part.draw as u32);
            done.seeds.extend(&part.seeds);
        }
        done.parts.extend(parts);
        done.next = end;
        Ok(end < all)
    }

    fn finished(&self) -> std::sync::MutexGuard<'_, Finished> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has somebody asked it to stop?
    pub fn is_stopped(&self) -> bool {
        self.progress.stop.load(Ordering::Relaxed)
    }

    /// Runs that are whole, base and scenarios of one seed counted as one.
    pub fn runs(&self) -> u64 {
        let done = self.finished();
        (done.draws.len() * done.seeds.len()) as u64
    }

    /// Simulated years that are done, and those of the whole stage.
    pub fn years(&self) -> (u64, u64) {
        let all = self.ensemble.years();
        (self.progress.years.load(Ordering::Relaxed).min(all), all)
    }

    /// The names of base and scenarios in outputs.
    pub fn names(&self) -> Names {
        let scenarios = &self.plan.scenarios;
        let base = match scenarios.is_empty() {
            true => self.plan.name.as_str(),
            false => BASE,
        };
        let scenarios = scenarios.iter().map(|scenario| scenario.name.as_str());
        Names {
            arms: [base]
                .into_iter()
                .chain(scenarios)
                .map(str::to_string)
                .collect(),
            variants: Vec::new(),
        }
    }

    /// Bands and differences of some cells, of all runs that are whole; nothing before the first
    /// or after the end.
    ///
    /// # Errors
    /// [`Trouble`] with a work file.
    pub fn tables(&self, cells: &[usize]) -> Result<Option<(Tables, u64)>, Trouble> {
        let (draws, seeds) = {
            let done = self.finished();
            (done.draws.clone(), done.seeds.clone())
        };
        let count = (draws.len() * seeds.len()) as u64;
        if count == 0 {
            return Ok(None);
        }
        let excerpt = {
            let guard = self.store.read().unwrap_or_else(PoisonError::into_inner);
            match &*guard {
                Some(store) => store.excerpt(cells)?,
                None => return Ok(None),
            }
        };
        let runs = excerpt.close(|draw, seed| draws.contains(&draw) && seeds.contains(&seed))?;
        let mut layout = self.ensemble.layout().clone();
        layout.cells = cells
            .iter()
            .map(|cell| layout.cells[*cell].clone())
            .collect();
        Tables::of(&runs, &layout, &self.names()).map(|tables| Some((tables, count)))
    }

    /// Ends the stage and gives what all its runs have given, for the results to be written.
    ///
    /// # Errors
    /// [`Trouble`] with the store.
    pub fn end(&self) -> Result<Option<(Outcome, Runs)>, Trouble> {
        let store = {
            let mut guard = self.store.write().unwrap_or_else(PoisonError::into_inner);
            guard.take()
        };
        let Some(store) = store else {
            return Ok(None);
        };
        let parts = std::mem::take(&mut self.finished().parts);
        let (draws, seeds) = whole(&self.ensemble, &parts);
        let wanted = (self.ensemble.draws.len(), self.ensemble.seeds() as usize);
        let outcome = Outcome {
            is_complete: (draws.len(), seeds.len()) == wanted,
            draws,
            seeds,
            precision: None,
            fresh: 1.0,
            failures: Vec::new(),
        };
        let runs = store.close(|draw, seed| {
            outcome.draws.contains(&(draw as usize)) && outcome.seeds.contains(&seed)
        })?;
        Ok(Some((outcome, runs)))
    }
}
