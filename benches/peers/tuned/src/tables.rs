//! Everything the yearly loops look up, as integer limits.
//!
//! A person is 16 bits: sex 1, hours 2, zone 1, sector 2, age over 20 6, tenure 4 (capped at 10,
//! above which it makes no difference).

use crate::dice::{Alias, limit};
use yardstick::Parameters;

/// A person.
pub type Word = u16;

pub const ZONE: Word = 1 << 3;
pub const ONE_YEAR: Word = 1 << 6;
pub const ONE_TENURE: Word = 1 << 12;
/// The longest tenure that is told apart.
pub const LONG_TENURE: Word = 10;
/// Sector, zone, hours and sex: what the yearly tables need.
pub const CELL: Word = 63;
/// Age, sector, zone, hours and sex.
const ALL_BUT_TENURE: Word = 0xFFF;

/// Whose age this is.
pub fn age(word: Word) -> usize {
    20 + usize::from(word >> 6 & 63)
}

/// Bands of age, by years over 20.
const AGE_BANDS: [u8; 64] = {
    let mut bands = [0; 64];
    let mut over = 0;
    while over < 64 {
        bands[over] = match over {
            0..10 => 0,
            10..20 => 1,
            20..30 => 2,
            30..40 => 3,
            _ => 4,
        };
        over += 1;
    }
    bands
};

/// Bands of tenure, by whole years.
const TENURE_BANDS: [u8; 16] = [0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3];

/// What happens to a worker: limits of one 32-bit draw. Under the first nothing happens; then only
/// the hours change, then the zone but not the sector, then the sector, then retirement, disability
/// and death.
type Fates = [u32; 6];

pub struct Tables {
    /// Upper half of the first limit of `fates`, by the whole word.
    pub quiet: Box<[u16; 1 << 16]>,
    fates: Box<[Fates; 1 << 14]>,
    /// New hours, if they change: limits between the three others.
    other_hours: [[u32; 2]; 64],
    hours: [[u32; 3]; 64],
    /// New sector, if it changes: limits between the three others.
    other_sector: [[u32; 2]; 256],
    zone_moves: [u32; 16],
    first_jobs: [[u32; 7]; 2],
    /// Limits of death by age and sex.
    pub death: [u32; 128],
    /// Age and state.
    pub initial: Alias,
    /// Sex, zone and hours of the initial population, in the bits of a person.
    pub initial_rest: Alias,
    /// Age, sex and zone of entrants.
    pub entrants: Alias,
    pub parameters: Parameters,
}

fn age_band(word: Word) -> usize {
    usize::from(AGE_BANDS[usize::from(word >> 6 & 63)])
}

fn tenure_band(word: Word) -> usize {
    usize::from(TENURE_BANDS[usize::from(word >> 12)])
}

fn fate_row(word: Word) -> usize {
    tenure_band(word) << 12 | usize::from(word & ALL_BUT_TENURE)
}

fn hours_row(word: Word) -> usize {
    age_band(word) << 3 | usize::from(word & 7)
}

fn sector_row(word: Word) -> usize {
    (tenure_band(word) << 6 | age_band(word) << 3 | usize::from(word >> 3 & 7)) & 255
}

fn zone_row(word: Word) -> usize {
    age_band(word) << 1 | usize::from(word >> 3 & 1)
}

pub fn death_row(word: Word) -> usize {
    usize::from(word >> 6 & 63) << 1 | usize::from(word & 1)
}

/// How many limits the draw reaches: the category.
#[inline(always)]
fn reached<const N: usize>(limits: &[u32; N], draw: u32) -> Word {
    limits.iter().map(|limit| Word::from(draw >= *limit)).sum()
}

/// Limits between the categories.
fn cumulative<const N: usize>(probabilities: impl IntoIterator<Item = f64>) -> [u32; N] {
    let mut limits = [u32::MAX; N];
    let mut sum = 0.0;
    for (slot, probability) in limits.iter_mut().zip(probabilities) {
        sum += probability;
        *slot = limit(sum);
    }
    limits
}

/// Limits between the categories other than `stay`, given that it is not drawn.
fn others(row: &[f64; 4], stay: usize) -> [u32; 2] {
    let moved = 1.0 - row[stay];
    let rest = (0..4).filter(|i| *i != stay);
    cumulative(rest.map(|i| row[i] / moved))
}

impl Tables {
    pub fn new(p: &Parameters) -> Self {
        let words = || 0..=Word::MAX;
        let sex = |word: Word| usize::from(word & 1);
        let hours = |word: Word| usize::from(word >> 1 & 3);
        let zone = |word: Word| usize::from(word >> 3 & 1);
        let sector = |word: Word| usize::from(word >> 4 & 3);
        let sectors =
            |word: Word| &p.sector_tr[sector(word)][zone(word)][age_band(word)][tenure_band(word)];
        let mut tables = Self {
            quiet: Box::new([0; 1 << 16]),
            fates: Box::new([[0; 6]; 1 << 14]),
            other_hours: [[0; 2]; 64],
            hours: [[0; 3]; 64],
            other_sector: [[0; 2]; 256],
            zone_moves: [0; 16],
            first_jobs: p.grad.map(cumulative),
            death: [0; 128],
            initial: initial(p),
            initial_rest: initial_rest(p),
            entrants: entrants(p),
            parameters: p.clone(),
        };
        for word in words() {
            let changes = &p.fte_tr[sex(word)][age_band(word)][hours(word)];
            let moves = p.zone_move[zone(word)][age_band(word)];
            let (death, disability) = (p.death[sex(word)][age(word)], p.disab[age(word)]);
            let able = (1.0 - death) * (1.0 - disability);
            let works = able * (1.0 - p.retire[age(word)]);
            let stays = works * sectors(word)[sector(word)];
            let settled = stays * (1.0 - moves);
            let quiet = settled * changes[hours(word)];
            let fates = [quiet, settled, stays, works, able, 1.0 - death].map(limit);
            tables.fates[fate_row(word)] = fates;
            tables.quiet[usize::from(word)] = (fates[0] >> 16) as u16;
            tables.other_hours[hours_row(word)] = others(changes, hours(word));
            tables.hours[hours_row(word)] = cumulative(*changes);
            tables.other_sector[sector_row(word)] = others(sectors(word), sector(word));
            tables.zone_moves[zone_row(word)] = limit(moves);
            tables.death[death_row(word)] = limit(death);
        }
        tables
    }

    /// What happens to a worker: 0 nothing, 1 other hours, 2 other zone, 3 other sector, 4
    /// retirement, 5 disability, 6 death.
    #[inline(always)]
    pub fn fate(&self, word: Word, draw: u32) -> Word {
        reached(&self.fates[fate_row(word)], draw)
    }

    /// The worker with other hours.
    #[inline(always)]
    pub fn other_hours(&self, word: Word, draw: u32) -> Word {
        let old = word >> 1 & 3;
        let other = reached(&self.other_hours[hours_row(word)], draw);
        word & !(3 << 1) | (other + Word::from(other >= old)) << 1
    }

    /// The worker with other hours or the same.
    #[inline(always)]
    pub fn hours(&self, word: Word, draw: u32) -> Word {
        word & !(3 << 1) | reached(&self.hours[hours_row(word)], draw) << 1
    }

    /// The bit of the zone if the worker moves.
    #[inline(always)]
    pub fn zone_move(&self, word: Word, draw: u32) -> Word {
        Word::from(draw < self.zone_moves[zone_row(word)]) * ZONE
    }

    /// The worker in another sector.
    #[inline(always)]
    pub fn other_sector(&self, word: Word, draw: u32) -> Word {
        let old = word >> 4 & 3;
        let other = reached(&self.other_sector[sector_row(word)], draw);
        word & !(3 << 4) | (other + Word::from(other >= old)) << 4
    }

    /// The graduate in a first job.
    pub fn first_job(&self, student: Word, draw: u32) -> Word {
        let job = reached(&self.first_jobs[usize::from(student >> 3 & 1)], draw);
        // The index holds sector and zone in the order of a person's bits.
        student & !(7 << 3) | job << 3
    }
}

fn initial(p: &Parameters) -> Alias {
    let pairs = p.init_age.iter().zip(&p.init_state);
    let cells: Vec<f64> = pairs
        .flat_map(|(age, states)| states.map(|state| age * state))
        .collect();
    Alias::new(&cells)
}

/// Probabilities of male and female, or of rural and central.
fn either(probability: f64) -> [f64; 2] {
    [1.0 - probability, probability]
}

fn initial_rest(p: &Parameters) -> Alias {
    let cells: Vec<f64> = (0..16_usize)
        .map(|bits| {
            let (sex, hours, zone) = (bits & 1, bits >> 1 & 3, bits >> 3);
            either(p.p_female)[sex] * p.init_fte[sex][hours] * either(p.p_central)[zone]
        })
        .collect();
    Alias::new(&cells)
}

fn entrants(p: &Parameters) -> Alias {
    let cells: Vec<f64> = (0..p.entrant_age.len() * 4)
        .map(|bits| {
            let (sex, zone, age) = (bits & 1, bits >> 1 & 1, bits >> 2);
            either(p.p_female)[sex] * either(p.p_central)[zone] * p.entrant_age[age]
        })
        .collect();
    Alias::new(&cells)
}
