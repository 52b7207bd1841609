//! Demographic rates from the open tables, as several rooms need them: mortality, disability.

use crate::evidence::{DataFolder, Table};
use crate::parameters::ModelData;
use crate::words::{OLDEST_AGE, Problem, Sex, YOUNGEST_AGE};

/// Number of single-year ages in rate tables: 0 to [`OLDEST_AGE`].
pub const AGES: usize = OLDEST_AGE as usize + 1;

/// A rate by sex and single year of age.
pub type ByAge = [[f64; AGES]; 2];

const LIFE_TABLE: &str = "external/life_table_2019_2021.csv";
const DISABILITY: &str = "external/derived_disability_prevalence_onset_age_sex_2019.csv";

/// Probability of dying within a year by sex and age, whole population, 2019-2021.
///
/// # Errors
/// A [`Problem`] if the table is missing or lacks an age.
pub fn mortality(folder: &DataFolder) -> Result<ByAge, Problem> {
    let table = Table::read(folder, LIFE_TABLE, &["sex", "age", "qx"])?;
    table.forbid_duplicates(&["sex", "age"])?;
    let mut rates = [[f64::NAN; AGES]; 2];
    for row in table.rows() {
        let age = table.number(row, "age")? as usize;
        if let (Some(sex), true) = (Sex::of_id(table.text(row, "sex")), age < AGES) {
            rates[sex.index()][age] = table.number(row, "qx")?;
        }
    }
    complete(&table.file, rates)
}

/// What the disability table holds.
#[derive(Clone, Debug)]
pub struct DisabilityRates {
    /// Share of the population on a disability pension (uføretrygd), any degree, end of 2019.
    pub prevalence: ByAge,
    /// Yearly onset per person not on one, scaled to 2019-2021.
    pub onset: ByAge,
}

/// Disability prevalence and onset by sex and age, whole population.
///
/// # Errors
/// A [`Problem`] if the table is missing or malformed.
pub fn disability(folder: &DataFolder) -> Result<DisabilityRates, Problem> {
    let onset_column = "onset_per_1000_scaled_to_2019_2021_est";
    let table = Table::read(
        folder,
        DISABILITY,
        &["age", "sex", "percent_est", onset_column],
    )?;
    let mut prevalence = [[0.0; AGES]; 2];
    let mut onset = [[0.0; AGES]; 2];
    for row in table.rows() {
        let (from, to) = span(&table, row)?;
        let Some(sex) = Sex::of_id(table.text(row, "sex")) else {
            continue;
        };
        for age in from..=to.min(AGES - 1) {
            prevalence[sex.index()][age] = table.number(row, "percent_est")? / 100.0;
            onset[sex.index()][age] = table.number(row, onset_column)? / 1000.0;
        }
    }
    Ok(DisabilityRates { prevalence, onset })
}

fn span(table: &Table, row: &crate::evidence::table::Row) -> Result<(usize, usize), Problem> {
    let text = table.text(row, "age");
    let parts: Vec<usize> = text
        .split('-')
        .filter_map(|part| part.parse().ok())
        .collect();
    match parts[..] {
        [from, to] => Ok((from, to)),
        _ => Err(
            Problem::in_file(&table.file, "an age class looks like 20-24")
                .at(row.line)
                .about("age", text),
        ),
    }
}

fn complete(file: &str, rates: ByAge) -> Result<ByAge, Problem> {
    for (sex, ages) in rates.iter().enumerate() {
        if let Some(age) = ages.iter().position(|rate| rate.is_nan()) {
            return Err(Problem::in_file(file, "an age is missing")
                .about("age", format!("{} {age}", Sex::ALL[sex].id())));
        }
    }
    Ok(rates)
}

/// Share of a profession's people who are on old-age pension (alderspensjon, AFP) by age, as its
/// yearly probabilities of retiring imply: zero before they start, then one minus what is left.
///
/// # Errors
/// A [`Problem`] if no probability covers the profession and an age.
pub fn retired_share(data: &ModelData, profession: &str) -> Result<[f64; AGES], Problem> {
    let mut share = [0.0; AGES];
    let mut working = 1.0;
    for (age, share) in share.iter_mut().enumerate().skip(usize::from(YOUNGEST_AGE)) {
        working *= 1.0 - retirement_probability(data, profession, age)?;
        *share = 1.0 - working;
    }
    Ok(share)
}

/// First age at which anybody can draw an old-age pension.
pub const FIRST_PENSION_AGE: usize = 57;

/// Probability that a working member of a profession retires at an age (parameter
/// `retirement.probability`); zero before [`FIRST_PENSION_AGE`].
///
/// # Errors
/// A [`Problem`] if none is given for the profession and age.
pub fn retirement_probability(
    data: &ModelData,
    profession: &str,
    age: usize,
) -> Result<f64, Problem> {
    if age < FIRST_PENSION_AGE {
        return Ok(0.0);
    }
    data.parameters
        .value("retirement.probability", &[profession, &age.to_string()])
}
