//! The precision that is wished for (ønsket presisjon): simulate draws until the Monte Carlo
//! standard error of one mean is below a number.

use super::plan::COMMAND_LINE;
use crate::bands::clustered::summarise_nested;
use crate::store::Nested;
use crate::tallies::{ALL, Layout, OutputCell};
use crate::words::{Problem, Year};
use serde::Serialize;

/// Draws that are simulated between two looks at the error. Fixed, so that the results do not
/// depend on the number of threads; and enough for a first estimate of the spread of draws.
pub const BATCH: usize = 10;

/// The flag.
pub const FLAG: &str = "--precision";
/// What a cell alone is called in complaints.
const CELL: &str = "CELL";
/// A wish that is allowed.
const EXAMPLE: &str = "--precision \"gap_fte:nurse:rural:2040 < 100\"";

/// A wish: the standard error of the mean of an output cell in a year is to be below a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// As it was typed.
    pub text: String,
    /// The measure.
    measure: String,
    /// Professions, grades, sectors and zones, in any order.
    names: Vec<String>,
    /// The year.
    year: Year,
    /// The number, in the unit of the measure.
    pub below: f64,
    /// What complaints are about.
    about: &'static str,
}

/// What became of a wish.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Precision {
    /// The wish, as it was typed.
    pub wish: String,
    /// The Monte Carlo standard error of the mean over the draws of the results.
    pub mcse: f64,
    /// Is it below the number?
    pub reached: bool,
    /// Draws of the results.
    pub draws: usize,
    /// Draws that it would take by this error, if it was not reached.
    pub draws_needed: Option<usize>,
}

impl Wish {
    /// Reads a wish, `MEASURE[:NAME...]:YEAR < NUMBER`.
    ///
    /// # Errors
    /// A [`Problem`] if it is none.
    pub fn read(text: &str) -> Result<Wish, Problem> {
        let wrong = |message: &str| {
            Problem::in_file(COMMAND_LINE, message)
                .about(FLAG, text)
                .mend(format!("for example: {EXAMPLE}"))
        };
        let form = "must be MEASURE:YEAR < NUMBER, with names of professions, grades, sectors and \
                    zones between measure and year, each after a colon";
        let (cell, number) = text.split_once('<').ok_or_else(|| wrong(form))?;
        let below: f64 = number.trim().parse().map_err(|_| wrong(form))?;
        if !(below > 0.0 && below.is_finite()) {
            return Err(wrong("the error must be below a number greater than 0"));
        }
        let words: Vec<&str> = cell.split(':').map(str::trim).collect();
        let [measure, names @ .., year] = &words[..] else {
            return Err(wrong(form));
        };
        Ok(Wish {
            text: text.to_string(),
            measure: (*measure).to_string(),
            names: names.iter().map(|name| (*name).to_string()).collect(),
            year: year.parse().map_err(|_| wrong(form))?,
            below,
            about: FLAG,
        })
    }

    /// Reads the name of a cell and year alone, in words: `gap_fte nurse rural 2040`.
    ///
    /// # Errors
    /// A [`Problem`] if it is none.
    pub fn of_cell(text: &str) -> Result<Wish, Problem> {
        let wish = Wish::read(&format!("{} < 1", words(text).join(":")));
        let wish = wish.map_err(|_| {
            let message = "must be a measure, names of profession and zone if wanted, and a year";
            Problem::in_file(COMMAND_LINE, message)
                .about(CELL, text)
                .mend("for example: \"gap_fte nurse rural 2040\"")
        })?;
        Ok(Wish {
            text: text.to_string(),
            about: CELL,
            ..wish
        })
    }

    /// Position of the cell and year in the values of a run.
    ///
    /// # Errors
    /// A [`Problem`] for a name that no cell has, one that several columns have, two of one
    /// column, or a cell that is not written.
    pub fn find(&self, layout: &Layout) -> Result<usize, Problem> {
        let about = |value: &str, message: String| {
            Problem::in_file(COMMAND_LINE, message).about(self.about, value)
        };
        let Some(year) = layout.years.iter().position(|own| *own == self.year) else {
            let years = layout.years.iter().map(Year::to_string);
            let years: Vec<String> = years.collect();
            let (first, last) = (years.first(), years.last());
            let ends = [first, last].map(|end| end.cloned().unwrap_or_default());
            let message = "the run has no such year".to_string();
            let hint = format!("give a year from {} to {}", ends[0], ends[1]);
            return Err(about(&self.year.to_string(), message).mend(hint));
        };
        let known = |of: &dyn Fn(&OutputCell) -> &str| {
            let mut names: Vec<String> = layout.cells.iter().map(|c| of(c).to_string()).collect();
            names.sort_unstable();
            names.dedup();
            names
        };
        let measures = known(&|cell| &cell.measure);
        if !measures.contains(&self.measure) {
            let message = "the run has no such measure".to_string();
            let names = measures.iter().map(String::as_str);
            return Err(about(&self.measure, message).nearest(&self.measure, names));
        }
        let columns = COLUMNS.map(|(_, of)| known(&of));
        let mut key: [Option<&str>; 4] = [None; 4];
        for name in self.names.iter().filter(|name| *name != ALL) {
            let places: Vec<usize> = (0..4).filter(|at| columns[*at].contains(name)).collect();
            let [place] = places[..] else {
                let all = columns.iter().flatten().map(String::as_str);
                let all = all.filter(|own| *own != ALL);
                return Err(match places.is_empty() {
                    true => about(
                        name,
                        "no profession, grade, sector or zone of the run has this name".into(),
                    )
                    .nearest(name, all),
                    false => {
                        let columns: Vec<&str> = places.iter().map(|at| COLUMNS[*at].0).collect();
                        about(
                            name,
                            format!("the name is that of a {}", columns.join(" and a ")),
                        )
                        .mend("watch another cell")
                    }
                });
            };
            if let Some(before) = key[place].replace(name) {
                let column = COLUMNS[place].0;
                let message = format!("{before} is a {column} already, and so is this");
                return Err(about(name, message).mend("leave one of them out"));
            }
        }
        let fits = |cell: &OutputCell| {
            let own = COLUMNS.iter().zip(key).enumerate();
            let mut own = own.map(|(at, ((_, of), wanted))| match wanted {
                Some(name) => of(cell) == name,
                // A grade has its profession.
                None => of(cell) == ALL || (at == 0 && key[1].is_some()),
            });
            cell.measure == self.measure && cell.from == ALL && own.all(|fits| fits)
        };
        let found: Vec<usize> = (0..layout.cells.len())
            .filter(|at| fits(&layout.cells[*at]))
            .collect();
        match found[..] {
            [cell] => Ok(layout.index(year, cell)),
            [] => Err(about(
                &self.text,
                "the run does not write this measure broken down so".to_string(),
            )
            .mend("add the breakdown to the run file, or leave a name out")),
            _ => Err(about(&self.text, "several cells are called so".to_string())
                .mend("name the profession as well")),
        }
    }

    /// How the wish stands, given the values of the cell by variant, draw and seed.
    pub fn judged(&self, values: Nested<'_>) -> Precision {
        let mcse = summarise_nested(values).mcse;
        let reached = mcse < self.below;
        // The error falls with the root of the number of draws.
        let needed = values.draws as f64 * (mcse / self.below).powi(2);
        let told = !reached && needed.is_finite();
        Precision {
            wish: self.text.clone(),
            mcse,
            reached,
            draws: values.draws,
            draws_needed: told.then(|| needed.ceil() as usize),
        }
    }
}

fn words(text: &str) -> Vec<&str> {
    text.split([' ', ':', ','])
        .filter(|word| !word.is_empty())
        .collect()
}

/// A column of a table: its name, and how to read it off a cell.
type NamedColumn = (&'static str, fn(&OutputCell) -> &str);

/// The columns that names can be found in.
const COLUMNS: [NamedColumn; 4] = [
    ("profession", |cell| &cell.profession),
    ("grade", |cell| &cell.grade),
    ("sector", |cell| &cell.sector),
    ("zone", |cell| &cell.zone),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn layout() -> Layout {
        let cells = [
            ("all", "all", "all", "all"),
            ("nurse", "all", "all", "all"),
            ("nurse", "midwife_nurse", "all", "all"),
            ("nurse", "all", "all", "rural"),
            ("physician", "all", "hospital", "all"),
            ("physician", "all", "both", "all"),
            ("physician", "all", "all", "both"),
        ];
        let cell = |(profession, grade, sector, zone): (&str, &str, &str, &str)| OutputCell {
            profession: profession.to_string(),
            grade: grade.to_string(),
            sector: sector.to_string(),
            zone: zone.to_string(),
            from: ALL.to_string(),
            measure: "gap_fte".to_string(),
            unit: "fte",
        };
        Layout {
            years: vec![2030, 2040],
            cells: cells.map(cell).to_vec(),
        }
    }

    fn found(text: &str) -> Result<usize, Problem> {
        Wish::read(text)?.find(&layout())
    }

    #[test]
    fn names_are_found_where_they_are_known() {
        for (text, at) in [
            ("gap_fte:2030 < 1", 0),
            ("gap_fte:nurse:2040 < 0.5", 8),
            (" gap_fte : nurse : rural : 2040 <100", 10),
            ("gap_fte:rural:nurse:2030<1e3", 3),
            ("gap_fte:midwife_nurse:2030 < 1", 2),
            ("gap_fte:physician:all:hospital:2030 < 1", 4),
        ] {
            assert_eq!(found(text), Ok(at), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_a_remedy() {
        for (text, value, told) in [
            ("gap_fte:2030", "gap_fte:2030", "MEASURE:YEAR < NUMBER"),
            ("2030 < 4", "2030 < 4", "MEASURE:YEAR < NUMBER"),
            ("gap_fte:2030 < 0", "gap_fte:2030 < 0", "greater than 0"),
            ("gap_fte:2030 < nan", "gap_fte:2030 < nan", "greater than 0"),
            (
                "gap_fte:nurse < 4",
                "gap_fte:nurse < 4",
                "MEASURE:YEAR < NUMBER",
            ),
            ("gap_fta:2030 < 4", "gap_fta", "did you mean \"gap_fte\"?"),
            ("gap_fte:nurze:2030 < 4", "nurze", "did you mean \"nurse\"?"),
            ("gap_fte:both:2030 < 4", "both", "a sector and a zone"),
            ("gap_fte:nurse:physician:2030 < 4", "physician", "already"),
            ("gap_fte:2031 < 4", "2031", "from 2030 to 2040"),
            (
                "gap_fte:rural:2030 < 4",
                "gap_fte:rural:2030 < 4",
                "broken down so",
            ),
        ] {
            let problem = found(text).unwrap_err();
            assert_eq!(
                (problem.key.as_str(), problem.value.as_str()),
                (FLAG, value)
            );
            assert!(problem.to_string().contains(told), "{problem}");
            assert!(!problem.hint.is_empty(), "{problem}");
        }
    }

    #[test]
    fn draws_needed_grow_with_the_square() {
        // Draw means 0, 2, 4, 6: variance 20 / 3, error of the mean sqrt(5 / 3).
        let values = [-1.0, 1.0, 1.0, 3.0, 3.0, 5.0, 5.0, 7.0];
        let nested = Nested {
            variants: 1,
            draws: 4,
            seeds: 2,
            values: &values,
        };
        let judged = |text: &str| Wish::read(text).unwrap().judged(nested);
        let close = judged("gap_fte:2030 < 2");
        assert!((close.mcse - (5.0_f64 / 3.0).sqrt()).abs() < 1e-12);
        assert_eq!(
            (close.reached, close.draws_needed, close.draws),
            (true, None, 4)
        );
        let far = judged("gap_fte:2030 < 0.5");
        // 4 (5 / 3) / 0.25 is 26.7.
        assert_eq!((far.reached, far.draws_needed), (false, Some(27)));
    }
}
