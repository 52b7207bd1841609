//! Posts in limited number: the queue for LIS1 (turnus, spesialistutdanningens første del).
//!
//! Everybody waiting in a grade with a queue step takes part in the year's lottery; the posts go
//! to those who draw lowest, and each keeps the draw of the own address, so that one more person
//! in the queue moves nobody but the one at the margin. Posts: nou_education_0204 (950 in 2019),
//! nou_education_0203 (about 1,120 in 2023); a lever sets another number from a year on. Whoever gets one begins in a hospital in the zone
//! drawn by the hospitals' size and, in the next grade step, goes on from there.
//!
//! State touched: grade and its clock, status, sector, zone, clock of the job, band.

use super::life::{Happened, Observer};
use super::rules::Rules;
use super::walk::Memory;
use crate::dice::sample::cumulative;
use crate::dice::{Decision, Key, pick};
use crate::parameters::{Levers, ModelData, StepKind};
use crate::population::columns::{LANES, STATUS};
use crate::population::{Person, Population};
use crate::words::{Band, Disability, Problem, Sector, Status, Year, year_byte};

/// A compiled queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    from: u8,
    to: u8,
    /// Posts a year: first year, and the numbers from then on; the last one holds on.
    first: Year,
    posts: Vec<u32>,
    /// Zones of the posts.
    zones: Vec<u32>,
}

/// Compiles the queues.
///
/// # Errors
/// A [`Problem`] if posts are not given.
pub fn compile(
    data: &ModelData,
    jobs: &super::first_job::Jobs,
    base_year: Year,
    scale: f64,
    levers: &Levers,
) -> Result<Vec<Queue>, Problem> {
    let p = &data.parameters;
    let lists = &data.classification;
    let mut queues = Vec::new();
    for step in lists.steps.iter().filter(|s| s.kind == StepKind::Queue) {
        let to = step.to[0];
        let id = lists.grades[to].id.as_str();
        let mut posts = Vec::new();
        for year in base_year..=base_year + 60 {
            match p.find_optional("queue.posts", &[id, &year.to_string()]) {
                Some(given) => posts.push((given.value * scale).round() as u32),
                None if posts.is_empty() => {
                    p.find("queue.posts", &[id, &year.to_string()])?;
                }
                None => break,
            }
        }
        let number = |persons: f64| (persons * scale).round() as u32;
        for lever in levers.posts.iter().filter(|lever| lever.grade == id) {
            let from = usize::from(lever.from.saturating_sub(base_year));
            let last = posts.last().copied().unwrap_or_default();
            posts.resize(posts.len().max(from + 1), last);
            posts[from..].fill(number(lever.persons));
        }
        let profession = lists.grades[to].profession;
        let weights: Vec<f64> = (0..data.zones.len())
            .map(|z| jobs.of(profession, Sector::Hospital, z))
            .collect();
        queues.push(Queue {
            from: step.from as u8,
            to: to as u8,
            first: base_year,
            posts,
            zones: cumulative(&weights),
        });
    }
    Ok(queues)
}

impl Queue {
    /// Those of a population who wait in this queue, by slot.
    fn each_waiting(&self, population: &Population, mut found: impl FnMut(usize)) {
        for (number, block) in population.blocks().iter().enumerate() {
            // Few blocks have anybody in the grade, and all lanes are compared at once.
            let here = block.grade.map(|grade| grade == self.from);
            if !here.iter().fold(false, |any, here| any | here) {
                continue;
            }
            for lane in (0..LANES).filter(|lane| here[*lane]) {
                let status = Status::of_number(block.place[lane] & STATUS);
                if matches!(status, Status::Working | Status::OutsideWork) {
                    found(number * LANES + lane);
                }
            }
        }
    }
}

/// Everybody who could take part in the year's lotteries, by slot: whoever waits in a queue.
pub fn each_waiting(rules: &Rules, population: &Population, mut found: impl FnMut(usize)) {
    for queue in &rules.queues {
        queue.each_waiting(population, &mut found);
    }
}

/// Step 13: the year's posts are given. Posts by
/// decree are filled whatever the market says, and count in it.
pub fn apply<O: Observer>(
    rules: &Rules,
    population: &mut Population,
    key: Key,
    year: Year,
    memory: &mut Memory,
    observer: &mut O,
) {
    let Memory {
        waiting,
        placed,
        market,
        ..
    } = memory;
    placed.clear();
    let profession = |p: &Person| usize::from(rules.lookup.profession[usize::from(p.grade)]);
    for queue in &rules.queues {
        waiting.clear();
        queue.each_waiting(population, |slot| {
            let id = population.id(slot);
            waiting.push((key.word(Decision::Lottery, id, year), id, slot as u32));
        });
        waiting.sort_unstable();
        let since = usize::from(year.saturating_sub(queue.first)).min(queue.posts.len() - 1);
        for &(_, _, slot) in waiting.iter().take(queue.posts[since] as usize) {
            let before = population.get(slot as usize);
            let mut after = before;
            let now = year_byte(year);
            after.grade = queue.to;
            after.grade_since = now;
            after.status = Status::Working;
            after.status_since = now;
            after.sector = Sector::Hospital;
            after.zone = pick(&queue.zones, key.word(Decision::FirstZone, before.id, year)) as u8;
            after.job_since = now;
            after.band = match before.disability {
                Disability::None => Band::Full,
                _ => Band::From50,
            };
            if let Some(rules) = &rules.market {
                market.moved(
                    rules,
                    (profession(&before), &before),
                    (profession(&after), &after),
                );
            }
            population.set(slot as usize, &after);
            let given = Happened {
                before,
                counted: year,
                after,
                exit: None,
                qualified: false,
            };
            observer.changed(&given.change(year));
            placed.push((slot, given));
        }
    }
}
