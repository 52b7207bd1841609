//! Checks of the model against its evidence and its laws: rows to print, pass or fail.

use super::model::Model;
use crate::population::margins::zone_shares;
use crate::population::positions::band_means;
use crate::population::{Person, rates};
use crate::words::{Band, Disability, Problem, Sector, Sex, Status};

/// One line of a check.
#[derive(Clone, Debug)]
pub struct Line {
    /// What margin or law it belongs to.
    pub margin: String,
    /// Which cell of it.
    pub cell: String,
    /// What the model has.
    pub model: f64,
    /// What the evidence says, or the law demands.
    pub evidence: f64,
    /// The largest difference accepted, in the same unit.
    pub tolerance: f64,
}

impl Line {
    /// Model minus evidence.
    pub fn difference(&self) -> f64 {
        self.model - self.evidence
    }

    /// Is it judged, and not accepted? Without a finite tolerance a line is told alone.
    pub fn is_off(&self) -> bool {
        self.tolerance.is_finite() && !self.passes()
    }

    /// Is the difference accepted?
    pub fn passes(&self) -> bool {
        self.difference().abs() <= self.tolerance
    }
}

/// Relative tolerance of FTE by profession: what HELSEMOD's table 2.2 must be met within.
pub const FTE_TOLERANCE: f64 = 0.005;

/// Compares the base population with the margins that it was fitted to, and with some that it
/// was not: FTE by profession and sector, positions, age, sex, place, origin of education,
/// sick leave, employment.
///
/// # Errors
/// A [`Problem`] if a parameter is missing.
pub fn base(model: &Model) -> Result<Vec<Line>, Problem> {
    let mut lines = Vec::new();
    let everybody: Vec<Person> = model
        .base
        .population
        .people()
        .filter(|p| p.status.is_present())
        .collect();
    for profession in 0..model.data.classification.professions.len() {
        let lookup = &model.rules.lookup.profession;
        let own = |p: &&Person| usize::from(lookup[usize::from(p.grade)]) == profession;
        let people: Vec<&Person> = everybody.iter().filter(own).collect();
        profession_lines(model, profession, &people, &mut lines)?;
    }
    zone_lines(model, &everybody, &mut lines)?;
    Ok(lines)
}

/// A margin on a share: tolerance in absolute terms, and never under eight people, since each cell
/// of zone, age and sex is rounded to whole ones.
fn share_line(margin: &str, cell: &str, part: f64, whole: f64, evidence: f64, least: f64) -> Line {
    Line {
        margin: margin.to_string(),
        cell: cell.to_string(),
        model: part / whole,
        evidence,
        tolerance: least.max(8.0 / whole),
    }
}

fn profession_lines(
    model: &Model,
    profession: usize,
    people: &[&Person],
    lines: &mut Vec<Line>,
) -> Result<(), Problem> {
    let p = &model.data.parameters;
    let margins = &model.base.margins[profession];
    let id = model.data.classification.professions[profession]
        .id
        .as_str();
    let scale = model.base.scale;
    let year = model.base.year;
    let means = band_means(&model.data)?;
    let fte = |p: &&&Person| {
        if p.status.is_employed() {
            means[p.band.index()]
        } else {
            0.0
        }
    };
    let sum = |of: &dyn Fn(&&&Person) -> f64| people.iter().map(|p| of(&p)).sum::<f64>();
    let supply = sum(&|p| if p.in_health() { fte(p) } else { 0.0 }) / scale;
    let wanted = p.value("base_population.supply_fte", &[id])?;
    lines.push(Line {
        margin: "supply FTE (table 2.2)".into(),
        cell: id.into(),
        model: supply,
        evidence: wanted,
        tolerance: FTE_TOLERANCE * wanted,
    });
    for sector in Sector::ALL {
        let inside: Vec<&&Person> = people
            .iter()
            .filter(|p| p.status.is_employed() && p.sector == *sector)
            .collect();
        let number = inside.len() as f64;
        if number < 200.0 {
            continue;
        }
        let cell = format!("{id}, {}", sector.id());
        if sector.is_health() {
            let sector_fte = inside.iter().map(&fte).sum::<f64>() / scale;
            lines.push(share_line(
                "FTE share of sector",
                &cell,
                sector_fte,
                supply,
                margins.fte[sector.index()] / wanted,
                0.01,
            ));
        }
        let keys = [id, sector.id()];
        let mean = inside.iter().map(&fte).sum::<f64>();
        lines.push(share_line(
            "mean position",
            &cell,
            mean,
            number,
            p.value("position.mean", &keys)?,
            0.01,
        ));
        let part_time = inside.iter().filter(|p| p.band != Band::Full).count() as f64;
        lines.push(share_line(
            "part-time share",
            &cell,
            part_time,
            number,
            p.value("position.part_time_share", &keys)?,
            0.02,
        ));
        let old = inside.iter().filter(|p| p.age(year) >= 55).count() as f64;
        lines.push(share_line(
            "share 55 and over",
            &cell,
            old,
            number,
            margins.share_55[sector.index()],
            0.01,
        ));
        let ill = inside
            .iter()
            .filter(|p| p.status == Status::SickLeave)
            .count() as f64;
        lines.push(share_line(
            "share on long sick leave",
            &cell,
            ill,
            number,
            p.value("sick_leave.prevalence", &keys)?,
            0.005,
        ));
    }
    let employed = people.iter().filter(|p| p.status.is_employed()).count() as f64;
    let women = people
        .iter()
        .filter(|p| p.status.is_employed() && p.sex == Sex::Female)
        .count() as f64;
    lines.push(share_line(
        "share of women, employed",
        id,
        women,
        employed,
        margins.share_female,
        0.01,
    ));
    let abroad = people.iter().filter(|p| p.country != 0).count() as f64;
    lines.push(share_line(
        "educated abroad",
        id,
        abroad,
        people.len() as f64,
        p.value("base_population.foreign_share", &[id])?,
        0.01,
    ));
    if let Some(share) = p.find_optional("base_population.share_outside_health", &[id]) {
        let outside = people
            .iter()
            .filter(|p| p.status.is_employed() && !p.sector.is_health())
            .count() as f64;
        lines.push(share_line(
            "employed outside health",
            id,
            outside,
            employed,
            share.value,
            0.01,
        ));
        disability_line(model, id, people, lines)?;
    }
    Ok(())
}

/// Disability pension of 18-61-year-olds, any degree, against the national rates times the
/// profession's ratio.
fn disability_line(
    model: &Model,
    id: &str,
    people: &[&Person],
    lines: &mut Vec<Line>,
) -> Result<(), Problem> {
    let rates = rates::disability(&model.data.folder)?;
    let ratio = model
        .data
        .parameters
        .value("disability.prevalence_ratio", &[id])?;
    let year = model.base.year;
    let inside: Vec<&&Person> = people
        .iter()
        .filter(|p| (18..57).contains(&p.age(year)))
        .collect();
    let expected: f64 = inside
        .iter()
        .map(|p| rates.prevalence[p.sex.index()][usize::from(p.age(year))] * ratio)
        .sum();
    let held = inside
        .iter()
        .filter(|p| p.disability != Disability::None)
        .count() as f64;
    let number = inside.len() as f64;
    lines.push(share_line(
        "disability pension, 18-56",
        id,
        held,
        number,
        expected / number,
        0.012,
    ));
    Ok(())
}

fn zone_lines(model: &Model, everybody: &[Person], lines: &mut Vec<Line>) -> Result<(), Problem> {
    let zones = &model.data.zones;
    let first = model.data.classification.professions[0].id.as_str();
    for sector in [Sector::Municipal, Sector::Hospital] {
        let inside: Vec<&Person> = everybody
            .iter()
            .filter(|p| p.status.is_employed() && p.sector == sector)
            .collect();
        let number = inside.len() as f64;
        let wanted = zone_shares(&model.data, first, sector)?;
        let margin = match sector {
            Sector::Municipal => "municipal staff by zone",
            _ => "hospital staff by zone",
        };
        for (zone, about) in zones.zones.iter().enumerate() {
            let here = inside
                .iter()
                .filter(|p| usize::from(p.zone) == zone)
                .count() as f64;
            lines.push(share_line(
                margin,
                &about.id,
                here,
                number,
                wanted[zone],
                0.002,
            ));
        }
    }
    Ok(())
}
