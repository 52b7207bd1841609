//! The files about where the spread of a run comes from: the spread of the chosen cells by year,
//! the means of draws, what drives outputs, and what it would be worth to know parameters.

use super::number::plain;
use super::sheet::{Sheet, texts};
use super::{COLUMNS, Column, Row};
use crate::bands::{Summary, summarise};
use crate::runs::spread::causes::Causes;
use crate::runs::spread::directions::Directions;
use crate::runs::spread::draw_means::DrawMeans;
use crate::runs::spread::information::{Gain, Group, Reduction};
use crate::runs::spread::years::NAMES;
use crate::runs::spread::{Spread, years::YearSpread};
use crate::tallies::{Layout, OutputCell};
use std::io::{self, Write};
use std::sync::LazyLock;

/// How many columns name a row of the tidy table: scenario, year and those of the cell.
const KEYS: usize = 9;
/// Words of a parameter's reasoning that are told.
const WORDS: usize = 16;

/// The columns of `uncertainty.csv`: the keys of the tidy table, the mean and its Monte Carlo
/// error, and the numbers of [`NAMES`].
pub const UNCERTAINTY_COLUMNS: [(&str, Column); KEYS + 2 + NAMES.len()] = {
    const MORE: [fn(&Row) -> f64; NAMES.len()] = [
        |row| row.more[0],
        |row| row.more[1],
        |row| row.more[2],
        |row| row.more[3],
        |row| row.more[4],
        |row| row.more[5],
        |row| row.more[6],
        |row| row.more[7],
        |row| row.more[8],
        |row| row.more[9],
        |row| row.more[10],
        |row| row.more[11],
        |row| row.more[12],
        |row| row.more[13],
        |row| row.more[14],
        |row| row.more[15],
        |row| row.more[16],
        |row| row.more[17],
        |row| row.more[18],
        |row| row.more[19],
        |row| row.more[20],
        |row| row.more[21],
    ];
    let mut columns = [("mean", Column::Number(|row| row.summary.mean)); KEYS + 2 + NAMES.len()];
    let mut at = 0;
    while at < KEYS {
        columns[at] = COLUMNS[at];
        at += 1;
    }
    columns[KEYS + 1] = ("mcse", Column::Number(|row| row.summary.mcse));
    at = 0;
    while at < NAMES.len() {
        columns[KEYS + 2 + at] = (NAMES[at], Column::Number(MORE[at]));
        at += 1;
    }
    columns
};

/// The columns of `draws.csv`: the keys of the tidy table, the draw's number (1 and its position in
/// the posterior), the mean over its variants and seeds, and the variance of chance in that mean.
pub const DRAW_COLUMNS: [(&str, Column); KEYS + 3] = {
    let mut columns = [("draw", Column::Whole(|row| row.more[0] as usize)); KEYS + 3];
    let mut at = 0;
    while at < KEYS {
        columns[at] = COLUMNS[at];
        at += 1;
    }
    columns[KEYS + 1] = ("mean", Column::Number(|row| row.more[1]));
    columns[KEYS + 2] = ("noise", Column::Number(|row| row.more[2]));
    columns
};

/// What stands before a scenario's name where it is told less the base.
pub const LESS_BASE: &str = "less the base: ";

/// Names of base and scenarios, and the output cells.
#[derive(Clone, Copy, Debug)]
pub struct Keys<'a> {
    /// The output cells.
    pub layout: &'a Layout,
    /// Base and scenarios.
    pub arms: &'a [String],
    /// The scenarios' names where they are told less the base; the base's own first.
    pub less: &'a [String],
}

/// The names of base and scenarios where scenarios are told less the base.
pub fn less_base(arms: &[String]) -> Vec<String> {
    let less = |(at, name): (usize, &String)| match at {
        0 => name.clone(),
        _ => format!("{LESS_BASE}{name}"),
    };
    arms.iter().enumerate().map(less).collect()
}

/// The rows of `uncertainty.csv`: by cell, then by base and scenarios, then by year.
pub fn uncertainty_rows<'a>(
    spread: &'a Spread,
    keys: Keys<'a>,
) -> impl Iterator<Item = Row<'a>> + use<'a> {
    spread.years.iter().map(move |own: &YearSpread| Row {
        scenario: &keys.arms[own.arm],
        year: keys.layout.years[own.year],
        cell: &keys.layout.cells[own.cell],
        summary: &own.summary,
        paired: [f64::NAN; 2],
        more: &own.numbers,
    })
}

/// The numbers of a row of `draws.csv`: draw, mean, noise.
pub fn draw_numbers(spread: &Spread) -> Vec<(usize, [f64; 3])> {
    let mut all = Vec::new();
    for (at, own) in spread.draws.iter().enumerate() {
        let means = spread.numbers.iter().zip(&own.means);
        all.extend(means.map(|(draw, mean)| (at, [*draw as f64, *mean, own.noise])));
    }
    all
}

/// The rows of `draws.csv` out of their numbers: by cell, by base and scenarios (less the base), by
/// year, by draw.
pub fn draw_rows<'a>(
    spread: &'a Spread,
    numbers: &'a [(usize, [f64; 3])],
    keys: Keys<'a>,
) -> impl Iterator<Item = Row<'a>> + use<'a> {
    static NONE: LazyLock<Summary> = LazyLock::new(|| summarise(&mut []));
    numbers.iter().map(move |(at, numbers)| {
        let own = &spread.draws[*at];
        Row {
            scenario: &keys.less[own.arm],
            year: keys.layout.years[own.year],
            cell: &keys.layout.cells[own.cell],
            summary: &NONE,
            paired: [f64::NAN; 2],
            more: numbers,
        }
    })
}

/// What an output is called in a row: scenario, year, measure, profession, zone, unit.
const OUTPUT: [&str; 6] = ["scenario", "year", "measure", "profession", "zone", "unit"];

fn output(own: &DrawMeans, keys: Keys<'_>) -> [String; 6] {
    let cell: &OutputCell = &keys.layout.cells[own.cell];
    [
        keys.less[own.arm].clone(),
        keys.layout.years[own.year].to_string(),
        cell.measure.clone(),
        cell.profession.clone(),
        cell.zone.clone(),
        cell.unit.to_string(),
    ]
}

/// The first words of a text.
pub fn first_words(text: &str) -> String {
    let mut words = text.split_whitespace();
    let first: Vec<&str> = words.by_ref().take(WORDS).collect();
    let rest = if words.next().is_some() { " ..." } else { "" };
    format!("{}{rest}", first.join(" "))
}

/// The words of a list of names in one field.
pub fn joined<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    let names: Vec<&str> = names.into_iter().map(String::as_str).collect();
    names.join(" ")
}

/// The columns of `drivers.csv` after those that name the output: rank; the free parameter, its
/// evidence grade; is it told from chance; its share of the variance between draws with standard
/// error; change of the output for one standard deviation of the parameter, with standard error;
/// rank correlation with standard error, the others listed held where draws allow; expected output
/// at the parameter's ends; the share that all those told explain together; the share that would be
/// told in half of such ensembles; facts, sources, reasoning.
pub const DRIVER_COLUMNS: [&str; 18] = [
    "rank",
    "parameter",
    "grade",
    "told",
    "share",
    "share_se",
    "sign",
    "effect",
    "effect_se",
    "prcc",
    "prcc_se",
    "low_end",
    "high_end",
    "explained",
    "detectable",
    "facts",
    "sources",
    "reasoning",
];

/// Writes `drivers.csv`: by output, then by rank.
///
/// # Errors
/// An I/O error from the writer.
pub fn drivers<'a>(
    all: impl Iterator<Item = (&'a DrawMeans, &'a Causes)>,
    directions: &Directions,
    keys: Keys<'_>,
    to: impl Write,
) -> io::Result<()> {
    let mut sheet = Sheet::new(to, texts(OUTPUT).chain(texts(DRIVER_COLUMNS)))?;
    for (means, causes) in all {
        for (rank, cause) in causes.listed.iter().enumerate() {
            let own = &directions.all[cause.driver.parameter];
            let driver = &cause.driver;
            let of_rank = cause
                .rank
                .map_or([f64::NAN; 2], |rank| [rank.coefficient, rank.se]);
            let sign = if driver.effect < 0.0 { "-" } else { "+" };
            let first = [
                (rank + 1).to_string(),
                own.name.clone(),
                format!("{:?}", own.grade),
                driver.told.to_string(),
                plain(driver.share),
                plain(driver.se),
                sign.to_string(),
            ];
            let numbers = [driver.effect, driver.effect_se]
                .into_iter()
                .chain(of_rank)
                .chain(cause.ends)
                .chain([causes.drivers.explained, causes.drivers.detectable]);
            let last = [
                joined(&own.facts),
                joined(&own.sources),
                first_words(&own.reasoning),
            ];
            let fields = output(means, keys).into_iter().chain(first);
            sheet.row(fields.chain(numbers.map(plain)).chain(last))?;
        }
    }
    sheet.end()
}

/// The columns of `value_of_information.csv`: kind and name of the group, number of its parameters;
/// what is told (`sd_reduction`: fall of the output's standard deviation; `evppi`: expected gain of
/// choosing between base and scenarios, NOK); the output; willingness to pay for an FTE-year where
/// that matters, NOK; the value and its standard error; standard deviations now and with the group
/// known.
pub const VALUE_COLUMNS: [&str; 15] = [
    "kind",
    "group",
    "parameters",
    "quantity",
    "scenario",
    "year",
    "measure",
    "profession",
    "zone",
    "unit",
    "willingness_to_pay",
    "value",
    "se",
    "sd_now",
    "sd_known",
];

/// Writes `value_of_information.csv`: reductions by output, then gains by group.
///
/// # Errors
/// An I/O error from the writer.
pub fn values(
    spread: &Spread,
    groups: &[Group],
    (reductions, gains): (&[Reduction], &[Gain]),
    keys: Keys<'_>,
    to: impl Write,
) -> io::Result<()> {
    let mut sheet = Sheet::new(to, texts(VALUE_COLUMNS))?;
    let named = |group: usize, quantity: &str| {
        let own = &groups[group];
        let number = own.columns.len().to_string();
        [
            own.kind.to_string(),
            own.name.clone(),
            number,
            quantity.to_string(),
        ]
    };
    for own in reductions {
        let fields = named(own.group, "sd_reduction").into_iter();
        let fields = fields.chain(output(&spread.draws[own.output], keys));
        let numbers = [f64::NAN, own.sd, own.se, own.now, own.known];
        sheet.row(fields.chain(numbers.map(plain)))?;
    }
    for own in gains {
        let fields = named(own.group, "evppi").into_iter();
        let fields = fields.chain(texts(["", "", "net_benefit", "", "target", "nok"]));
        let numbers = [own.worth, own.value, own.se, f64::NAN, f64::NAN];
        sheet.row(fields.chain(numbers.map(plain)))?;
    }
    sheet.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_are_keys_mean_and_the_numbers_in_their_order() {
        let numbers: Vec<f64> = (0..NAMES.len()).map(|at| at as f64).collect();
        let sample = crate::report::tests::sample();
        let bands = [&sample];
        let row = Row {
            more: &numbers,
            ..crate::report::rows(&bands).next().unwrap()
        };
        let names: Vec<&str> = UNCERTAINTY_COLUMNS.iter().map(|(name, _)| *name).collect();
        assert_eq!(names[..3], ["scenario", "year", "profession"]);
        assert_eq!(names[KEYS..KEYS + 3], ["mean", "mcse", "variance"]);
        for (at, (name, column)) in UNCERTAINTY_COLUMNS[KEYS + 2..].iter().enumerate() {
            let Column::Number(of) = column else {
                panic!("{name} is no number")
            };
            assert_eq!((of(&row), *name), (at as f64, NAMES[at]));
        }
    }

    #[test]
    fn a_row_of_draws_has_the_draw_and_its_mean() {
        let sample = crate::report::tests::sample();
        let spread = Spread {
            draws: vec![DrawMeans {
                cell: 0,
                arm: 1,
                year: 1,
                means: vec![10.0, 12.0],
                noise: 0.5,
                others: 1.0,
            }],
            numbers: vec![1, 197],
            ..Spread::default()
        };
        let arms = ["base".to_string(), "more".to_string()];
        let keys = Keys {
            layout: &sample.layout,
            arms: &arms,
            less: &less_base(&arms),
        };
        let numbers = draw_numbers(&spread);
        let mut text = Vec::new();
        let rows = draw_rows(&spread, &numbers, keys);
        super::super::csv_file::write_rows(&DRAW_COLUMNS, rows, &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].ends_with("measure,unit,draw,mean,noise"));
        assert_eq!(
            lines[2],
            "less the base: more,2026,nurse,all,hospital,north,all,supply_fte,fte,197,12,0.5"
        );
        assert_eq!(lines.len(), 3);
    }

    #[test]
    fn long_reasoning_is_cut_between_words() {
        assert_eq!(first_words("short  and sweet"), "short and sweet");
        let long = vec!["word"; 40].join(" ");
        assert_eq!(first_words(&long).matches("word").count(), WORDS);
        assert!(first_words(&long).ends_with("word ..."));
    }
}
