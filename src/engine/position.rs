//! Position bands (stillingsstørrelse) over a career.
//!
//! Each year a share of those at work change the size of their position
//! (`position.change_probability`, an assumption); the new band is drawn from the distribution
//! of their profession, sector, sex and age that the base population was built with
//! ([`crate::population::positions`]), so that means and part-time shares stay what the evidence
//! says until something changes them. People on graded pension hold at most the 50-69 % band.
//!
//! State touched: band.

use super::life::{Turn, Witness};
use super::predictor::Predictor;
use super::reference::Reference;
use crate::dice::Decision;
use crate::dice::sample::cumulative;
use crate::parameters::ModelData;
use crate::parameters::policy::Choice;
use crate::population::positions::{self, AGE_GROUPS, BANDS, age_group};
use crate::words::{Band, Disability, Problem, Sector, Status};

/// Compiled positions.
#[derive(Clone, Debug)]
pub struct Position {
    /// Changing at all.
    pub changing: Predictor,
    /// Bands by profession, sector, sex, age group.
    rows: Vec<[u32; BANDS]>,
    /// FTE of each band, in thousandths of a full post.
    pub fte: [u32; BANDS],
}

/// Compiles the step.
///
/// # Errors
/// A [`Problem`] if a parameter is missing or contradictory.
pub fn compile(data: &ModelData, reference: &Reference) -> Result<Position, Problem> {
    let mut changing = Predictor::read(data, "position");
    let chance = data.parameters.value("position.change_probability", &[])?;
    changing.meet_overall(&reference.everybody(), chance);
    let mut rows = Vec::new();
    for (number, profession) in data.classification.professions.iter().enumerate() {
        for sector in Sector::ALL {
            let mut people = [[0.0; AGE_GROUPS]; 2];
            for (person, scene) in reference.of(number, *sector) {
                people[person.sex.index()][age_group(scene.age as u8)] += 1.0;
            }
            for of_sex in positions::rows(data, &profession.id, *sector, &people)? {
                for shares in of_sex {
                    let mut row = [0; BANDS];
                    row.copy_from_slice(&cumulative(&shares));
                    rows.push(row);
                }
            }
        }
    }
    let fte = positions::band_means(data)?.map(|mean| (mean * 1000.0).round() as u32);
    Ok(Position {
        changing,
        rows,
        fte,
    })
}

/// Draws the band of a new job, or a new band in the same one.
pub fn new_band<W: Witness>(turn: &mut Turn<'_, W>, decision: Decision) {
    let rules = turn.rules;
    let profession = usize::from(rules.lookup.profession[usize::from(turn.person.grade)]);
    let sector = turn.person.sector.index();
    let cell = ((profession * 4 + sector) * 2 + turn.person.sex.index()) * AGE_GROUPS
        + age_group(turn.scene.age as u8);
    let Some(row) = rules.position.rows.get(cell) else {
        return;
    };
    // The odds are of the larger of two neighbouring bands, so they add up from band to band.
    let larger = turn.tilt(Choice::LargerPosition);
    let factor = larger.map(|tilt| {
        let log = tilt.all();
        move |band: usize| (log * band as f64).exp()
    });
    let band = Band::of_number(turn.choose_tilted(decision, row, factor) as u8);
    turn.person.band = if turn.person.disability == Disability::Half {
        band.min(Band::From50)
    } else {
        band
    };
}

/// Step 10: people at work may change the size of their position.
#[inline(always)]
pub fn apply<W: Witness>(turn: &mut Turn<'_, W>) {
    let rules = turn.rules;
    if turn.person.status == Status::Working
        && turn.decide_by(Decision::PositionBand, &rules.position.changing)
    {
        new_band(turn, Decision::NewBand);
    }
}
