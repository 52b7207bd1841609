//! A job (jobb): an order under way, what can be shown of it, and who looks at it.

use super::Refusal;
use super::stage::Stage;
use super::wanted::{self, Order};
use crate::bands::Tables;
use crate::runs::work::Progress;
use serde::Serialize;
use serde_json::Value;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Runs that bands are made of, at least: of fewer they would seem narrow. So many of the work as
/// asked for take the place of the first look.
const ENOUGH: u64 = 4;
/// The part of the work that is left for writing results when all is simulated.
const WRITING: f64 = 0.03;

/// How far a job has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// In the queue.
    Waiting,
    /// Models are being built.
    Preparing,
    /// The first look, on a small scale, is being simulated.
    Looking,
    /// The work as asked for is being simulated.
    Running,
    /// Results are being written.
    Writing,
    /// All is there.
    Done,
    /// Somebody stopped it, or nobody looked at it any more.
    Cancelled,
    /// It could not be carried out.
    Failed,
}

impl Phase {
    /// Is nothing more to come?
    pub fn is_over(self) -> bool {
        matches!(self, Phase::Done | Phase::Cancelled | Phase::Failed)
    }
}

/// What figures rest on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rests {
    /// `look` for the first look, `part` for some of the runs asked for, `all` for all of them.
    pub on: &'static str,
    /// Simulated people per real person.
    pub scale: f64,
    /// Runs: base and scenarios of one seed are one.
    pub runs: u64,
    /// Runs that the stage has in all.
    pub of: u64,
    /// Draws of the parameters in the stage; 0 for the centre of the fit.
    pub draws: u32,
}

/// Figures kept after the end: of the cells that the page can show.
#[derive(Debug)]
pub struct Kept {
    /// Bands and differences.
    pub tables: Tables,
    /// What they rest on.
    pub rests: Rests,
}

/// What is known of a job.
#[derive(Debug)]
pub struct Shown {
    /// How far it has come.
    pub phase: Phase,
    /// The first look, until the work itself has given enough.
    pub look: Option<Arc<Stage>>,
    /// Is the first look over?
    pub looked: bool,
    /// The work itself.
    pub full: Option<Arc<Stage>>,
    /// What is kept of it after the end.
    pub kept: Option<Arc<Kept>>,
    /// Effects and costs, when all is done.
    pub effects: Option<Arc<Value>>,
    /// Why it could not be carried out.
    pub fault: Option<Refusal>,
    /// Work done a second, as the first look found it: years of the whole population.
    pub rate: Option<f64>,
    /// When it ended.
    pub ended: Option<Instant>,
}

/// A job.
#[derive(Debug)]
pub struct Job {
    /// Its number: hard to guess, of our own making.
    pub id: String,
    /// Whose it is, as far as the page says.
    pub client: String,
    /// What was asked for.
    pub order: Order,
    /// How far the stage under way is, and whether to stop.
    pub progress: Arc<Progress>,
    /// Its own folder.
    pub folder: PathBuf,
    shown: Mutex<Shown>,
    watchers: AtomicUsize,
    seen: Mutex<Instant>,
}

/// The news of a job, as the page is told them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct News {
    /// How far it has come.
    pub phase: Phase,
    /// Place in the queue, from 1.
    pub place: Option<usize>,
    /// How many wait in all.
    pub waiting: Option<usize>,
    /// Share of the work that is done, 0 to 1.
    pub done: f64,
    /// Seconds left, where they can be told.
    pub left: Option<f64>,
    /// Simulated years done a second, over base and scenarios.
    pub rate: Option<f64>,
    /// Which figures there are; other words when there are new ones.
    pub figures: Option<Rests>,
    /// Why it could not be carried out.
    pub fault: Option<Refusal>,
}

/// Somebody who looks at a job.
#[derive(Debug)]
pub struct Watcher(Arc<Job>);

impl Watcher {
    /// Begins to look.
    pub fn of(job: &Arc<Job>) -> Watcher {
        job.watchers.fetch_add(1, Ordering::SeqCst);
        Watcher(Arc::clone(job))
    }

    /// The job.
    pub fn job(&self) -> &Arc<Job> {
        &self.0
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        *self.0.seen.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        self.0.watchers.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Job {
    /// A job that waits.
    pub fn new(id: String, client: String, order: Order, folder: PathBuf) -> Job {
        Job {
            id,
            client,
            order,
            progress: Arc::default(),
            folder,
            shown: Mutex::new(Shown {
                phase: Phase::Waiting,
                look: None,
                looked: false,
                full: None,
                kept: None,
                effects: None,
                fault: None,
                rate: None,
                ended: None,
            }),
            watchers: AtomicUsize::new(0),
            seen: Mutex::new(Instant::now()),
        }
    }

    /// What is known of it.
    pub fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has nobody looked at it for so long?
    pub fn is_left(&self, grace: Duration) -> bool {
        let seen = *self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        self.watchers.load(Ordering::SeqCst) == 0 && seen.elapsed() > grace
    }

    /// The stage whose figures are to be shown, while there are no final ones.
    pub fn stage(&self) -> Option<Arc<Stage>> {
        let mut shown = self.shown();
        let enough = |full: &Arc<Stage>| full.runs() >= ENOUGH.min(full.ensemble.pairs());
        match (&shown.full, &shown.look) {
            (Some(full), look) if enough(full) || look.is_none() => {
                let full = Arc::clone(full);
                shown.look = None;
                Some(full)
            }
            (_, look) => look.clone(),
        }
    }

    /// The news. `place` is the place in the queue and how many wait.
    pub fn news(&self, place: Option<(usize, usize)>) -> News {
        let stage = self.stage();
        let shown = self.shown();
        let figures = match (&shown.kept, stage) {
            (Some(kept), _) => Some(kept.rests.clone()),
            (None, Some(stage)) => {
                Some(rests(&stage, false)).filter(|rests| rests.runs >= ENOUGH.min(rests.of))
            }
            (None, None) => None,
        };
        let (done, left, rate) = self.pace(&shown);
        News {
            phase: shown.phase,
            place: place.map(|(place, _)| place),
            waiting: place.map(|(_, waiting)| waiting),
            done,
            left,
            rate,
            figures,
            fault: shown.fault.clone(),
        }
    }

    /// Share of the work done, seconds left, and years a second.
    fn pace(&self, shown: &Shown) -> (f64, Option<f64>, Option<f64>) {
        if shown.phase == Phase::Done {
            return (1.0, Some(0.0), None);
        }
        let all = self.order.work;
        let (stage, share) = match (&shown.full, &shown.look) {
            (Some(full), _) => (full, 1.0),
            (None, Some(look)) => (look, wanted::work(&look.plan) / all),
            (None, None) => return (0.0, None, None),
        };
        let (years, of) = stage.years();
        let own = years as f64 / of.max(1) as f64;
        let seconds = stage.began.elapsed().as_secs_f64();
        let done = (own * share * (1.0 - WRITING)).min(1.0 - WRITING);
        let rate = (years > 0 && seconds > 0.0).then(|| years as f64 / seconds);
        let left = if shown.full.is_some() && own > 0.02 {
            Some(seconds * (1.0 - own) / own)
        } else {
            shown.rate.map(|rate| all / rate)
        };
        let left = left.filter(|_| !shown.phase.is_over());
        (done, left, rate.filter(|_| !shown.phase.is_over()))
    }
}

/// What the figures of a stage rest on.
pub fn rests(stage: &Stage, is_final: bool) -> Rests {
    Rests {
        on: match (stage.is_look, is_final) {
            (true, _) => "look",
            (false, false) => "part",
            (false, true) => "all",
        },
        scale: stage.plan.scale,
        runs: stage.runs(),
        of: stage.ensemble.pairs(),
        draws: stage.plan.draws,
    }
}
