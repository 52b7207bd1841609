//! The career workload in Rust tuned by hand for this workload alone.
//!
//! A person is 16 bits. Sixteen random bits a worker-year tell whether anything happens at all; only
//! those to whom something does are looked at closely, grouped by what happens, so that branches can
//! be foreseen. Yearly tables are kept by differences. Nobody keeps an identity: this program can
//! answer nothing but the tables.

mod dice;
mod tables;

use dice::Dice;
use std::process::ExitCode;
use tables::{CELL, LONG_TENURE, ONE_TENURE, ONE_YEAR, Tables, Word, ZONE, age, death_row};
use yardstick::{Counts, Fte, Outcome, Task};

/// Workers looked at together, so that the lists stay in the nearest cache.
const BLOCK: usize = 4096;
const STUDY: usize = 0;
const DISABILITY: usize = 5;
const RETIRED: usize = 6;
const DEAD: usize = 7;
const RETIREMENT_AGE_OF_DISABLED: usize = 67;
/// The hours of students.
const FULL_TIME: Word = 3 << 1;

struct World<'t> {
    tables: &'t Tables,
    dice: Dice,
    workers: Vec<Word>,
    /// Students by years of study.
    students: [Vec<Word>; 3],
    disabled: Vec<Word>,
    /// Workers by sector, zone, hours and sex.
    cells: [u64; 64],
    /// Students, disabled, retired and dead by zone; the rows of work stay empty.
    others: Counts,
    /// Places in `workers` that fell vacant this year, in order.
    vacated: Vec<usize>,
    lists: Box<Lists>,
}

/// Places in a block, by what is to be done there.
struct Lists {
    /// Place and random bits of those to whom something may happen.
    candidates: [u32; BLOCK],
    /// Nothing, other hours, other zone, other sector, leaving; place and fate.
    fates: [[Word; BLOCK]; 5],
}

fn zone(word: Word) -> usize {
    usize::from(word >> 3 & 1)
}

impl<'t> World<'t> {
    fn new(tables: &'t Tables, task: Task) -> Self {
        let mut world = Self {
            tables,
            dice: Dice::new(task.seed),
            workers: Vec::with_capacity(task.people),
            students: [Vec::new(), Vec::new(), Vec::new()],
            disabled: Vec::new(),
            cells: [0; 64],
            others: Counts::default(),
            vacated: Vec::new(),
            lists: Box::new(Lists {
                candidates: [0; BLOCK],
                fates: [[0; BLOCK]; 5],
            }),
        };
        for _ in 0..task.people {
            world.settle();
        }
        world
    }

    /// One of the initial population.
    fn settle(&mut self) {
        let (first, second) = self.dice.pair();
        let (third, _) = self.dice.pair();
        let place = self.tables.initial.draw(first);
        let (years_over, state) = (place / 6, (place % 6) as usize);
        let tenures = if state == STUDY {
            3
        } else {
            years_over.min(20) + 1
        };
        let tenure = ((u64::from(third) * u64::from(tenures)) >> 32) as Word;
        let rest = self.tables.initial_rest.draw(second) as Word;
        let person = rest | (years_over as Word * ONE_YEAR);
        match state {
            STUDY => {
                self.others[STUDY][zone(person)] += 1;
                self.students[usize::from(tenure)].push(person | FULL_TIME);
            }
            DISABILITY => {
                self.others[DISABILITY][zone(person)] += 1;
                self.disabled.push(person);
            }
            _ => {
                let sector = (state as Word - 1) << 4;
                let worker = person | sector | (tenure.min(LONG_TENURE) * ONE_TENURE);
                self.cells[usize::from(worker & CELL)] += 1;
                self.workers.push(worker);
            }
        }
    }

    fn active(&self) -> usize {
        let students: usize = self.students.iter().map(Vec::len).sum();
        self.workers.len() + students + self.disabled.len()
    }

    /// One year of everybody.
    fn year(&mut self, entrants: usize) {
        self.disabled_year();
        self.vacated.clear();
        for start in (0..self.workers.len()).step_by(BLOCK) {
            let mut block = [0; BLOCK];
            let end = self.workers.len().min(start + BLOCK);
            let many = end - start;
            block[..many].copy_from_slice(&self.workers[start..end]);
            let candidates = self.quiet_test(&block, many);
            self.events(&mut block, start, candidates);
            for worker in &mut block {
                // A tenure of all ones, set by a change of sector, turns over to nought.
                let longer = Word::from(*worker >> 12 != LONG_TENURE) * ONE_TENURE;
                *worker = worker.wrapping_add(ONE_YEAR + longer);
            }
            self.workers[start..end].copy_from_slice(&block[..many]);
        }
        self.students_year();
        for place in self.vacated.drain(..).rev() {
            self.workers.swap_remove(place);
        }
        for _ in 0..entrants {
            let (bits, _) = self.dice.pair();
            let drawn = self.tables.entrants.draw(bits) as Word;
            let student =
                drawn & 1 | FULL_TIME | ((drawn >> 1 & 1) * ZONE) | ((drawn >> 2) * ONE_YEAR);
            self.others[STUDY][zone(student)] += 1;
            self.students[0].push(student);
        }
    }

    /// Lists those of a block to whom something may happen; gives how many.
    #[inline(always)]
    fn quiet_test(&mut self, block: &[Word; BLOCK], many: usize) -> usize {
        let quiet = &self.tables.quiet;
        let candidates = &mut self.lists.candidates;
        let mut found = 0;
        let mut place = 0;
        for four in block[..many.next_multiple_of(4)].chunks_exact(4) {
            let bits = self.dice.word();
            for (lane, worker) in four.iter().enumerate() {
                let draw = (bits >> (16 * lane)) as u16;
                // Written always and kept only if counted: no branch to foresee.
                candidates[found % BLOCK] = place << 16 | u32::from(draw);
                found += usize::from(draw >= quiet[usize::from(*worker)]);
                place += 1;
            }
        }
        // The last four may reach over the end of the last block.
        while found > 0 && (candidates[found - 1] >> 16) as usize >= many {
            found -= 1;
        }
        found
    }

    /// Tells the candidates' fates and lives them, one kind after the other.
    #[inline(always)]
    fn events(&mut self, block: &mut [Word; BLOCK], start: usize, candidates: usize) {
        let Lists {
            candidates: list,
            fates,
        } = &mut *self.lists;
        let tables = self.tables;
        let mut many = [0; 5];
        for candidate in &list[..candidates] {
            let place = (candidate >> 16) as Word;
            let draw = candidate << 16 | self.dice.word() as u32 >> 16;
            let fate = tables.fate(block[usize::from(place) % BLOCK], draw);
            let kind = usize::from(fate.min(4));
            fates[kind][many[kind] % BLOCK] = place | fate << 12;
            many[kind] += 1;
        }
        let cells = &mut self.cells;
        for place in &fates[1][..many[1]] {
            let (draw, _) = self.dice.pair();
            let worker = &mut block[usize::from(*place) % BLOCK];
            cells[usize::from(*worker & CELL)] -= 1;
            *worker = tables.other_hours(*worker, draw);
            cells[usize::from(*worker & CELL)] += 1;
        }
        for place in &fates[2][..many[2]] {
            let (draw, _) = self.dice.pair();
            let worker = &mut block[usize::from(*place) % BLOCK];
            cells[usize::from(*worker & CELL)] -= 1;
            *worker = tables.hours(*worker, draw) ^ ZONE;
            cells[usize::from(*worker & CELL)] += 1;
        }
        for place in &fates[3][..many[3]] {
            let (first, second) = self.dice.pair();
            let (third, _) = self.dice.pair();
            let worker = &mut block[usize::from(*place) % BLOCK];
            let old = *worker;
            let moved = tables.other_sector(old, first) ^ tables.zone_move(old, second);
            *worker = tables.hours(moved, third) | (15 * ONE_TENURE);
            cells[usize::from(old & CELL)] -= 1;
            cells[usize::from(*worker & CELL)] += 1;
        }
        for item in &fates[4][..many[4]] {
            let (place, fate) = (usize::from(*item) % BLOCK, item >> 12);
            let worker = block[place];
            cells[usize::from(worker & CELL)] -= 1;
            self.vacated.push(start + place);
            let state = [RETIRED, DISABILITY, DEAD][usize::from(fate - 4) % 3];
            self.others[state][zone(worker)] += 1;
            if state == DISABILITY {
                self.disabled.push(worker + ONE_YEAR);
            }
        }
    }

    /// Places of those who die this year, in order.
    fn deaths(&mut self, people: &[Word]) -> Vec<usize> {
        let mut dead = Vec::new();
        for (block, four) in people.chunks(4).enumerate() {
            let bits = self.dice.word();
            for (lane, person) in four.iter().enumerate() {
                let limit = self.tables.death[death_row(*person)];
                let draw = (bits >> (16 * lane)) as u16;
                if u32::from(draw) <= limit >> 16 {
                    let draw = u32::from(draw) << 16 | self.dice.word() as u32 >> 16;
                    if draw < limit {
                        dead.push(4 * block + lane);
                    }
                }
            }
        }
        dead
    }

    fn students_year(&mut self) {
        let mut cohorts = std::mem::take(&mut self.students);
        for cohort in &mut cohorts {
            for place in self.deaths(cohort).into_iter().rev() {
                let student = cohort.swap_remove(place);
                self.others[STUDY][zone(student)] -= 1;
                self.others[DEAD][zone(student)] += 1;
            }
            for student in &mut *cohort {
                *student += ONE_YEAR;
            }
        }
        cohorts.rotate_right(1);
        let mut vacant = 0;
        for student in cohorts[0].drain(..) {
            let (draw, _) = self.dice.pair();
            let worker = self.tables.first_job(student, draw);
            self.others[STUDY][zone(student)] -= 1;
            self.cells[usize::from(worker & CELL)] += 1;
            // Graduates take the places of those who left, so that nobody need move up.
            if let Some(place) = self.vacated.get(vacant) {
                self.workers[*place] = worker;
                vacant += 1;
            } else {
                self.workers.push(worker);
            }
        }
        self.vacated.drain(..vacant);
        self.students = cohorts;
    }

    fn disabled_year(&mut self) {
        let mut disabled = std::mem::take(&mut self.disabled);
        for place in self.deaths(&disabled).into_iter().rev() {
            let person = disabled.swap_remove(place);
            self.others[DISABILITY][zone(person)] -= 1;
            self.others[DEAD][zone(person)] += 1;
        }
        disabled.retain_mut(|person| {
            let stays = age(*person) < RETIREMENT_AGE_OF_DISABLED;
            if !stays {
                self.others[DISABILITY][zone(*person)] -= 1;
                self.others[RETIRED][zone(*person)] += 1;
            }
            *person += ONE_YEAR;
            stays
        });
        self.disabled = disabled;
    }

    /// The tables of one year.
    fn tally(&self) -> (Counts, Fte) {
        let mut counts = self.others;
        let mut fte = Fte::default();
        for (cell, many) in self.cells.iter().enumerate() {
            let (hours, zone, sector) = (cell >> 1 & 3, cell >> 3 & 1, cell >> 4);
            counts[1 + sector][zone] += many;
            fte[sector][zone] += self.tables.parameters.fte_weight[hours] * *many as f64;
        }
        (counts, fte)
    }
}

fn simulate(tables: &Tables, task: Task) -> Outcome {
    let mut world = World::new(tables, task);
    let entrants = tables.parameters.entrants(task.people);
    let mut outcome = Outcome::default();
    for year in 0..=task.years {
        if year > 0 {
            outcome.person_years += world.active() as u64;
            world.year(entrants);
        }
        let (counts, fte) = world.tally();
        outcome.counts.push(counts);
        outcome.fte.push(fte);
    }
    outcome
}

fn main() -> ExitCode {
    yardstick::run("tuned", Tables::new, simulate)
}
