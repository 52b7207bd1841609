//! Facts: one published figure each, with source and locator.

use super::folder::DataFolder;
use super::table::Table;
use crate::words::Problem;
use std::collections::BTreeMap;

/// One published figure. Columns as in `calibration/evidence/facts.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Identifier, e.g. `nou_projections_0097`.
    pub id: String,
    /// What is measured.
    pub quantity: String,
    /// Profession, sector, place, age, sex, year of the figure; empty when not limited.
    pub about: [String; 6],
    /// The value, if one was printed.
    pub value: Option<f64>,
    /// Lower and upper end, if a range was printed.
    pub range: (Option<f64>, Option<f64>),
    /// Unit: `fte`, `persons`, `fraction`, ...
    pub unit: String,
    /// Short name of the source.
    pub source: String,
    /// Where in the source.
    pub locator: String,
    /// Remarks on definition and quality.
    pub note: String,
}

/// All facts of a data folder.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    by_id: BTreeMap<String, Fact>,
}

const FILE: &str = "evidence/facts.csv";
const COLUMNS: [&str; 15] = [
    "id",
    "quantity",
    "profession",
    "sector",
    "place",
    "age",
    "sex",
    "year",
    "value",
    "low",
    "high",
    "unit",
    "source",
    "locator",
    "note",
];

impl Facts {
    /// Reads the facts of a data folder.
    ///
    /// # Errors
    /// A [`Problem`] for a malformed file, a repeated id, or a value that is not a number.
    pub fn read(folder: &DataFolder) -> Result<Facts, Problem> {
        let table = Table::read(folder, FILE, &COLUMNS)?;
        table.forbid_duplicates(&["id"])?;
        let mut by_id = BTreeMap::new();
        for row in table.rows() {
            let text = |column: &str| table.text(row, column).to_string();
            let number = |column: &str| match table.text(row, column) {
                "" => Ok(None),
                _ => table.number(row, column).map(Some),
            };
            let about = ["profession", "sector", "place", "age", "sex", "year"].map(text);
            let fact = Fact {
                id: text("id"),
                quantity: text("quantity"),
                about,
                value: number("value")?,
                range: (number("low")?, number("high")?),
                unit: text("unit"),
                source: text("source"),
                locator: text("locator"),
                note: text("note"),
            };
            by_id.insert(fact.id.clone(), fact);
        }
        Ok(Facts { by_id })
    }

    /// The fact with this id.
    pub fn get(&self, id: &str) -> Option<&Fact> {
        self.by_id.get(id)
    }

    /// All facts, in the order of their ids.
    pub fn all(&self) -> impl Iterator<Item = &Fact> {
        self.by_id.values()
    }

    /// The ids, in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> + Clone {
        self.by_id.keys().map(String::as_str)
    }

    /// How many facts there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }
}
