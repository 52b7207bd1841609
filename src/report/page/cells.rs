//! The rows of `bands.csv` and `differences.csv` that the page needs, read one at a time: the files
//! may hold hundreds of thousands.

use crate::report::COLUMNS;
use crate::tallies::ALL;
use crate::words::{Problem, Year};
use csv::ByteRecord;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// The unions of zones by centrality, most central first.
pub const GROUPS: [&str; 3] = ["central", "middle", "rural"];
/// Measures kept for every profession, in the whole country and in the groups of zones.
const BY_PROFESSION: [&str; 3] = ["supply_fte", "need_fte", "gap_fte"];
/// Measures kept for all professions together, in every zone.
const BY_ZONE: [&str; 4] = ["supply_fte", "need_fte", "gap_fte", "net_gain"];
/// Measures kept for all professions together in the whole country.
const NATIONAL: [&str; 4] = [
    "retention_in_health",
    "retention_in_sector",
    "retention_in_zone",
    "retention_in_study_zone",
];
/// Persons who came from one place to another.
pub const FLOWS: &str = "inflow_zone_to_zone";

/// What a row tells of the runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// The mean over runs.
    pub mean: f64,
    /// p025, p10, p25, p50, p75, p90, p975.
    pub bands: [f64; 7],
    /// Of differences: the probability of being above zero; NaN in other files.
    pub positive: f64,
}

/// Which number: scenario, measure, profession, zone, place of origin.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key(String, String, String, String, String);

/// The rows kept of one file.
#[derive(Clone, Debug, Default)]
pub struct Cells {
    rows: BTreeMap<Key, BTreeMap<Year, Summary>>,
    /// Scenarios in the order of the file.
    pub scenarios: Vec<String>,
    /// Years in the file.
    pub years: BTreeSet<Year>,
    /// Professions in the order of the file.
    pub professions: Vec<String>,
    /// Zones and unions of zones in the order of the file.
    pub zones: Vec<String>,
}

impl Cells {
    /// Reads the rows that the page needs.
    ///
    /// # Errors
    /// A [`Problem`] if the file cannot be read or is not such a file.
    pub fn read(folder: &Path, name: &str) -> Result<Cells, Problem> {
        let path = folder.join(name);
        let named = path.display().to_string();
        let wrong = |message: String, line: u64| {
            Problem::in_file(&named, message)
                .at(line as usize)
                .mend("carry out the run again: stabil run RUN --force")
        };
        let file = File::open(&path).map_err(|error| wrong(error.to_string(), 0))?;
        let mut reader = csv::Reader::from_reader(BufReader::with_capacity(1 << 20, file));
        let head = reader
            .headers()
            .map_err(|error| wrong(error.to_string(), 1))?;
        let columns = Columns::of(head)
            .map_err(|name| wrong(format!("there is no column named {name}"), 1))?;
        let mut cells = Cells::default();
        let mut row = ByteRecord::new();
        let mut line = 1;
        loop {
            match reader.read_byte_record(&mut row) {
                Ok(true) => line += 1,
                Ok(false) => break,
                Err(error) => return Err(wrong(error.to_string(), line + 1)),
            }
            if columns.is_wanted(&row) {
                let taken = columns.take(&row);
                let (key, year, summary) =
                    taken.ok_or_else(|| wrong("a number was expected".to_owned(), line))?;
                cells.note(&key, year);
                cells.rows.entry(key).or_default().insert(year, summary);
            }
        }
        Ok(cells)
    }

    fn note(&mut self, key: &Key, year: Year) {
        let Key(scenario, measure, profession, zone, _) = key;
        self.years.insert(year);
        for (list, name) in [
            (&mut self.scenarios, scenario),
            (&mut self.professions, profession),
            (&mut self.zones, zone),
        ] {
            if measure != FLOWS && !list.contains(name) {
                list.push(name.clone());
            }
        }
    }

    /// The numbers of a cell, by year; none if the file has none.
    pub fn series(
        &self,
        scenario: &str,
        measure: &str,
        profession: &str,
        zone: &str,
    ) -> Vec<(Year, Summary)> {
        let [scenario, measure, profession, zone] =
            [scenario, measure, profession, zone].map(str::to_owned);
        let key = Key(scenario, measure, profession, zone, ALL.to_owned());
        let found = self.rows.get(&key).into_iter().flatten();
        found.map(|(year, summary)| (*year, *summary)).collect()
    }

    /// The number of a cell in a year.
    pub fn at(
        &self,
        scenario: &str,
        year: Year,
        measure: &str,
        profession: &str,
        zone: &str,
    ) -> Option<Summary> {
        let [scenario, measure, profession, zone] =
            [scenario, measure, profession, zone].map(str::to_owned);
        let key = Key(scenario, measure, profession, zone, ALL.to_owned());
        self.rows.get(&key)?.get(&year).copied()
    }

    /// Persons who came from one place to another in a year: from, to, how many.
    pub fn flows(&self, scenario: &str, year: Year) -> Vec<(&str, &str, Summary)> {
        let own = self
            .rows
            .iter()
            .filter(|(key, _)| key.0 == scenario && key.1 == FLOWS);
        own.filter_map(|(key, years)| Some((key.4.as_str(), key.3.as_str(), *years.get(&year)?)))
            .collect()
    }
}

/// Where the columns stand.
struct Columns {
    /// scenario, year, profession, grade, sector, zone, from, measure.
    keys: [usize; 8],
    mean: usize,
    bands: [usize; 7],
    positive: Option<usize>,
}

impl Columns {
    fn of(head: &csv::StringRecord) -> Result<Columns, &'static str> {
        let find = |name: &'static str| head.iter().position(|own| own == name).ok_or(name);
        let [mut keys, mut bands] = [[0; 8], [0; 8]];
        for (place, (name, _)) in keys.iter_mut().zip(COLUMNS) {
            *place = find(name)?;
        }
        let names = ["p025", "p10", "p25", "p50", "p75", "p90", "p975", "mean"];
        for (place, name) in bands.iter_mut().zip(names) {
            *place = find(name)?;
        }
        let [a, b, c, d, e, f, g, mean] = bands;
        Ok(Columns {
            keys,
            mean,
            bands: [a, b, c, d, e, f, g],
            positive: find("p_positive").ok(),
        })
    }

    fn is_wanted(&self, row: &ByteRecord) -> bool {
        let [_, _, profession, grade, sector, zone, from, measure] =
            self.keys.map(|column| row.get(column).unwrap_or_default());
        let is = |names: &[&str], word: &[u8]| names.iter().any(|name| name.as_bytes() == word);
        let all = |word: &[u8]| word == ALL.as_bytes();
        if !all(grade) || !all(sector) {
            return false;
        }
        if measure == FLOWS.as_bytes() {
            return is(&GROUPS, zone)
                && is(
                    &[
                        "central",
                        "middle",
                        "rural",
                        "education",
                        "abroad",
                        "outside_health",
                    ],
                    from,
                )
                || is(&["outside_health", "pension", "abroad", "death"], zone)
                    && is(&GROUPS, from);
        }
        let grouped = all(zone) || is(&GROUPS, zone);
        all(from)
            && (is(&BY_PROFESSION, measure) && grouped
                || is(&BY_ZONE, measure) && all(profession)
                || is(&NATIONAL, measure) && all(profession) && all(zone))
    }

    fn take(&self, row: &ByteRecord) -> Option<(Key, Year, Summary)> {
        let text = |column: usize| String::from_utf8_lossy(row.get(column).unwrap_or_default());
        let number = |column: usize| -> Option<f64> {
            match text(column).as_ref() {
                "" => Some(f64::NAN),
                own => own.parse().ok(),
            }
        };
        let [scenario, year, profession, _, _, zone, from, measure] = self.keys;
        let [scenario, measure, profession, zone, from] =
            [scenario, measure, profession, zone, from].map(|column| text(column).into_owned());
        let mut bands = [f64::NAN; 7];
        for (to, column) in bands.iter_mut().zip(self.bands) {
            *to = number(column)?;
        }
        let summary = Summary {
            mean: number(self.mean)?,
            bands,
            positive: self.positive.map_or(Some(f64::NAN), number)?,
        };
        let year = text(year).parse().ok()?;
        Some((
            Key(scenario, measure, profession, zone, from),
            year,
            summary,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "scenario,year,profession,grade,sector,zone,from,measure,unit,mean,sd,mcse,p025,p10,p25,p50,p75,p90,p975,runs\n";

    fn read(rows: &str) -> Result<Cells, Problem> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("bands.csv"), format!("{HEAD}{rows}")).unwrap();
        Cells::read(folder.path(), "bands.csv")
    }

    #[test]
    fn only_the_rows_needed_are_kept() {
        let cells = read(
            "a,2030,all,all,all,all,all,supply_fte,fte,10,0,0,1,2,3,4,5,6,7,4\n\
             a,2031,nurse,all,all,oslo,all,supply_fte,fte,10,0,0,1,2,3,4,5,6,7,4\n\
             a,2032,all,all,hospital,all,all,supply_fte,fte,10,0,0,1,2,3,4,5,6,7,4\n",
        )
        .unwrap();
        assert_eq!(cells.years.iter().copied().collect::<Vec<_>>(), [2030]);
        let found = cells.at("a", 2030, "supply_fte", "all", "all").unwrap();
        assert_eq!(
            (found.mean, found.bands),
            (10.0, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0])
        );
        assert!(cells.at("a", 2031, "supply_fte", "nurse", "oslo").is_none());
    }

    #[test]
    fn a_word_where_a_number_belongs_is_told_with_its_line() {
        let found = read("a,2030,all,all,all,all,all,supply_fte,fte,ten,0,0,1,2,3,4,5,6,7,4\n");
        let found = found.unwrap_err();
        assert_eq!(found.line, 2, "{found}");
        assert!(found.hint.contains("stabil run"), "{found}");
    }
}
