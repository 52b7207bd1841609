//! The vacancy closure (ledige stillinger): the labour market answers.
//!
//! Posts per profession, sector and zone follow need with a lag ([`posts`]). Whoever would take a
//! job of health care in another sector or zone than before is an applicant; posts are filled
//! after everybody's year is decided, by a draw among the applicants of each place, as long as
//! there are posts ([`hiring`]). Places that are short of staff compared with the base year lose
//! more people in the next year: understaffing raises leaving and sick leave of those who stay
//! (`vacancy.leaving`, `vacancy.sick_leave`), and where experienced colleagues are too few there to
//! guide the newcomers (`vacancy.newcomers_per_experienced`), the unguided ones leave more
//! (`vacancy.unguided`). Hired-in staff cover part of what stands vacant, at a cost.
//!
//! The strengths are uncertain (grade C and D): the difference between this closure and the other
//! is structural uncertainty, not a forecast. Under the supply closure none of this exists.

pub mod hiring;
pub mod posts;

use super::closure::Surplus;
use super::first_job::nearness;
use super::life::Observer;
use super::position;
use super::predictor::{STEPS, job_class};
use crate::dice::sample::threshold;
use crate::need::{Need, SECTORS};
use crate::parameters::{ModelData, Scope};
use crate::population::{Person, Population};
use crate::words::{Problem, Sector, Year, year_byte};

pub use hiring::Application;
pub use posts::Agency;

/// Years since qualifying from which a colleague can guide newcomers; younger ones are newcomers
/// in their first year in a job.
const EXPERIENCED: u8 = 3;
/// Largest understaffing that the strengths are applied to: half the posts, compared with the base
/// year. Nothing is known of what happens beyond.
const MOST: f64 = 0.5;
/// Share of posts that the strengths are stated for.
const TENTH: f64 = 0.1;

/// The compiled labour market.
#[derive(Clone, Debug)]
pub struct Market {
    first: Year,
    professions: usize,
    zones: usize,
    /// Posts in simulated thousandths of FTE by year and cell.
    posts: Vec<i64>,
    /// Share of the posts not covered in the base year, by cell.
    usual: Vec<f64>,
    /// Share of vacant FTE covered by hired-in staff, by sector and zone.
    agency: [Vec<f64>; SECTORS],
    /// Log-odds per tenth of the posts missing, of leaving and of sick leave.
    strength: [f64; 2],
    /// Professions whose newcomers need a colleague of the profession to guide them: those with an
    /// education. Who has none is shown the work by everybody.
    educated: Vec<bool>,
    /// Newcomers that one experienced colleague can guide at a time.
    guided: f64,
    /// Log-odds of leaving of an unguided newcomer.
    unguided: f64,
    /// Threshold of looking for a post elsewhere when turned away.
    elsewhere: u32,
    /// Nearness of zones, in thousandths, by zone of departure and arrival.
    nearness: Vec<u64>,
    surplus: Surplus,
    /// FTE of position bands in thousandths.
    fte: [i64; 5],
}

/// What a place does to the predictors of those who work there, in [`STEPS`] of log-odds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Strain {
    /// Added to leaving the job.
    pub leaving: i32,
    /// Added to the beginning of a long sick leave.
    pub sick_leave: i32,
}

/// The market's state in one run.
#[derive(Debug, Default)]
pub struct State {
    /// FTE held in each cell at the last census, in thousandths.
    staffed: Vec<i64>,
    /// Experienced people and newcomers in each cell at the last census.
    guides: Vec<[i32; 2]>,
    /// Strain of those who stay, and what is added to it for newcomers, by cell.
    strain: Vec<(Strain, i32)>,
    /// FTE of posts still open this year, in thousandths; below zero where there are more people
    /// than posts.
    open: Vec<i64>,
    /// This year's applicants among people already here, and among newcomers.
    applications: Vec<Application>,
}

/// Compiles the market. The parameters are read whatever the closure; `None` under supply.
///
/// # Errors
/// A [`Problem`] if a parameter is missing.
pub fn compile(
    data: &ModelData,
    posts: &Need,
    staffed: &[f64],
    (until, scale): (Year, f64),
    surplus: Surplus,
    position: &position::Position,
) -> Result<Market, Problem> {
    let p = &data.parameters;
    let professions = data.classification.professions.len();
    let zones = data.zones.len();
    let first = posts.first_year();
    let mut milli = Vec::new();
    for year in first..=until {
        for row in 0..professions * SECTORS {
            let sector = Sector::ALL[row % SECTORS];
            for zone in 0..zones {
                let fte = posts.fte(year, row / SECTORS, sector, zone);
                milli.push((fte * scale * 1000.0).round() as i64);
            }
        }
    }
    let Agency { cover: agency, .. } = Agency::read(data)?;
    let cells = professions * SECTORS * zones;
    let usual = (0..cells)
        .map(|cell| {
            let (row, zone) = (cell / zones, cell % zones);
            let total = posts.fte(first, row / SECTORS, Sector::ALL[row % SECTORS], zone);
            let cover = agency[row % SECTORS][zone];
            shortfall(total, staffed[cell], cover)
        })
        .collect();
    let strength =
        ["leaving", "sick_leave"].map(|name| p.value(&format!("vacancy.{name}"), &[]).map(f64::ln));
    let [leaving, sick_leave] = strength;
    let mut near = Vec::new();
    for from in 0..zones {
        near.extend((0..zones).map(|to| (nearness(data, from, to) * 1000.0).round() as u64));
    }
    Ok(Market {
        first,
        professions,
        zones,
        posts: milli,
        usual,
        agency,
        strength: [leaving?, sick_leave?],
        educated: data
            .classification
            .professions
            .iter()
            .map(|profession| profession.scope == Scope::Educated)
            .collect(),
        guided: p.value("vacancy.newcomers_per_experienced", &[])?,
        unguided: p.value("vacancy.unguided", &[])?.ln(),
        elsewhere: threshold(p.value("vacancy.looks_elsewhere", &[])?),
        nearness: near,
        surplus,
        fte: position.fte.map(i64::from),
    })
}

/// Share of posts that neither staff nor hired-in people fill.
fn shortfall(posts: f64, staffed: f64, agency_cover: f64) -> f64 {
    let vacant = (posts - staffed).max(0.0) * (1.0 - agency_cover);
    if posts > 0.0 { vacant / posts } else { 0.0 }
}

impl Market {
    /// The cell of somebody with a job in health care.
    #[inline]
    pub fn cell(&self, profession: usize, person: &Person) -> Option<usize> {
        let known = profession < self.professions && usize::from(person.zone) < self.zones;
        (person.in_health() && known).then(|| {
            (profession * SECTORS + person.sector.index()) * self.zones + usize::from(person.zone)
        })
    }

    /// The largest strain there can be, for the quick test.
    pub fn most(&self) -> Strain {
        let most = |strength: f64| in_steps(strength.max(0.0) * MOST / TENTH);
        Strain {
            leaving: most(self.strength[0]) + in_steps(self.unguided.max(0.0)),
            sick_leave: most(self.strength[1]),
        }
    }

    fn cells(&self) -> usize {
        self.professions * SECTORS * self.zones
    }

    fn posts_in(&self, year: Year) -> &[i64] {
        let cells = self.cells();
        let since = usize::from(year.saturating_sub(self.first)).min(self.posts.len() / cells - 1);
        &self.posts[since * cells..(since + 1) * cells]
    }

    /// Posts of a cell in a year, in simulated thousandths of FTE.
    pub fn posts(&self, year: Year, cell: usize) -> i64 {
        self.posts_in(year)[cell]
    }

    fn fte_of(&self, person: &Person) -> i64 {
        self.fte[person.band.index()]
    }
}

fn in_steps(log_odds: f64) -> i32 {
    (log_odds * f64::from(STEPS)).round() as i32
}

impl State {
    /// Takes the census of last year: who works where, how strained each place is, and how many
    /// posts are open this year.
    pub fn begin_year<O: Observer>(
        &mut self,
        market: &Market,
        profession: &[u8; 256],
        population: &Population,
        year: Year,
        observer: &mut O,
    ) {
        let cells = market.cells();
        self.staffed.clear();
        self.staffed.resize(cells, 0);
        self.guides.clear();
        self.guides.resize(cells, [0; 2]);
        self.applications.clear();
        let last = year_byte(year - 1);
        for person in population.people() {
            let profession = usize::from(profession[usize::from(person.grade)]);
            let Some(cell) = market.cell(profession, &person) else {
                continue;
            };
            self.staffed[cell] += market.fte[person.band.index()];
            if last.saturating_sub(person.qualified) >= EXPERIENCED {
                self.guides[cell][0] += 1;
            } else if market.educated[profession] && is_newcomer(&person, last) {
                self.guides[cell][1] += 1;
            }
        }
        self.strain.clear();
        let posts = market.posts_in(year - 1);
        for (cell, wanted) in posts.iter().enumerate() {
            let (row, zone) = (cell / market.zones, cell % market.zones);
            let cover = market.agency[row % SECTORS][zone];
            let (wanted, held) = (*wanted as f64, self.staffed[cell] as f64);
            let more = shortfall(wanted, held, cover) - market.usual[cell];
            let missing = more.clamp(0.0, MOST) / TENTH;
            let [experienced, newcomers] = self.guides[cell].map(f64::from);
            let alone = (newcomers - experienced * market.guided).max(0.0).round();
            if alone > 0.0 {
                let sector = Sector::ALL[row % SECTORS];
                observer.unguided((row / SECTORS, sector, zone), alone as u32, year);
            }
            // At the usual staffing the calibrated rates hold, guidance as it is included.
            let unguided = match missing > 0.0 {
                true => 1.0 - (experienced * market.guided / newcomers.max(1.0)).min(1.0),
                false => 0.0,
            };
            let strain = Strain {
                leaving: in_steps(market.strength[0] * missing),
                sick_leave: in_steps(market.strength[1] * missing),
            };
            self.strain
                .push((strain, in_steps(market.unguided * unguided)));
        }
        self.open.clear();
        let pairs = market.posts_in(year).iter().zip(&self.staffed);
        self.open.extend(pairs.map(|(posts, held)| posts - held));
    }

    /// The strain that a person works under this year.
    #[inline]
    pub fn strain(
        &self,
        market: &Market,
        profession: usize,
        person: &Person,
        year: Year,
    ) -> Strain {
        let Some(cell) = market.cell(profession, person) else {
            return Strain::default();
        };
        let (mut strain, unguided) = self.strain[cell];
        if market.educated[profession] && is_newcomer(person, year_byte(year - 1)) {
            strain.leaving += unguided;
        }
        strain
    }

    /// The share, in 256ths, of newcomers at a person's place whom experienced colleagues can guide,
    /// as at the last census.
    pub fn guided(&self, market: &Market, profession: usize, person: &Person) -> u32 {
        let Some(cell) = market.cell(profession, person) else {
            return 256;
        };
        let [experienced, newcomers] = self.guides[cell].map(f64::from);
        let share = experienced * market.guided / newcomers.max(1.0);
        (share.min(1.0) * 256.0) as u32
    }

    /// Notes that a person's post is another than before, or held no more.
    #[inline]
    pub fn moved(&mut self, market: &Market, before: (usize, &Person), after: (usize, &Person)) {
        if let Some(cell) = market.cell(before.0, before.1) {
            self.open[cell] += market.fte_of(before.1);
        }
        if let Some(cell) = market.cell(after.0, after.1) {
            self.open[cell] -= market.fte_of(after.1);
        }
    }

    /// FTE of posts open in a cell by now, in thousandths (below zero: more people than posts).
    pub fn open(&self, cell: usize) -> i64 {
        self.open[cell]
    }
}

/// Somebody in the first year of a job and of a profession, or nearly so.
fn is_newcomer(person: &Person, last: u8) -> bool {
    job_class(last.saturating_sub(person.job_since)) == 0
        && last.saturating_sub(person.qualified) < EXPERIENCED
}
