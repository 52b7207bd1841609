//! Results folders as other programs read them: the tidy table and the manifest.

use super::desk::Desk;
use serde_json::Value;
use std::collections::BTreeMap;

/// The columns of the tidy table that say what a row is about, after scenario and year.
pub const KEYS: [&str; 5] = ["profession", "grade", "sector", "zone", "measure"];

/// `bands.csv`, read.
pub struct Bands {
    /// Names of the columns.
    pub header: Vec<String>,
    /// The rows as written.
    pub rows: Vec<Vec<String>>,
    means: BTreeMap<(u16, [String; 5]), f64>,
}

impl Bands {
    /// Reads the table in a results folder on the desk.
    pub fn read(desk: &Desk, folder: &str) -> Bands {
        let bytes = desk.bytes(&format!("{folder}/bands.csv"));
        let mut reader = csv::Reader::from_reader(&bytes[..]);
        let texts = |record: &csv::StringRecord| record.iter().map(str::to_string).collect();
        let header = texts(reader.headers().unwrap());
        let rows = reader.records().map(|row| texts(&row.unwrap())).collect();
        let mut bands = Bands {
            header,
            rows,
            means: BTreeMap::new(),
        };
        for row in &bands.rows {
            let mut key = KEYS.map(|name| bands.text(row, name).to_string());
            // Rows that say where people came from stand beside those about the zone itself.
            let from = bands.text(row, "from");
            if from != "all" {
                key[3] = format!("{} from {from}", key[3]);
            }
            let year = bands.text(row, "year").parse().unwrap();
            let twice = bands.means.insert((year, key), bands.number(row, "mean"));
            assert_eq!(twice, None, "a second row for {row:?}");
        }
        bands
    }

    /// The text in a column of a row.
    pub fn text<'a>(&self, row: &'a [String], column: &str) -> &'a str {
        let position = self.header.iter().position(|name| name == column);
        &row[position.unwrap_or_else(|| panic!("no column {column}"))]
    }

    /// The number in a column of a row.
    pub fn number(&self, row: &[String], column: &str) -> f64 {
        let text = self.text(row, column);
        let number = text.parse();
        number.unwrap_or_else(|_| panic!("{column} is {text} in {row:?}"))
    }

    /// The different texts in a column.
    pub fn values(&self, column: &str) -> Vec<&str> {
        let mut values: Vec<&str> = self.rows.iter().map(|row| self.text(row, column)).collect();
        values.sort_unstable();
        values.dedup();
        values
    }

    /// The mean of profession, grade, sector, zone and measure in a year, if there is such a row.
    pub fn find(&self, year: u16, key: [&str; 5]) -> Option<f64> {
        let key = key.map(str::to_string);
        self.means.get(&(year, key)).copied()
    }

    /// The same where there must be such a row.
    pub fn mean(&self, year: u16, key: [&str; 5]) -> f64 {
        let found = self.find(year, key);
        found.unwrap_or_else(|| panic!("no row for {year} {key:?}"))
    }

    /// A measure of a profession over all grades, sectors and zones.
    pub fn of_profession(&self, year: u16, profession: &str, measure: &str) -> f64 {
        self.mean(year, [profession, "all", "all", "all", measure])
    }

    /// The years, first to last.
    pub fn years(&self) -> Vec<u16> {
        let values = self.values("year");
        values.iter().map(|year| year.parse().unwrap()).collect()
    }
}

/// The manifest in a results folder on the desk.
pub fn manifest(desk: &Desk, folder: &str) -> Value {
    let text = desk.text(&format!("{folder}/manifest.json"));
    serde_json::from_str(&text).unwrap()
}

/// The BLAKE3 hash of a file on the desk, as manifests give it.
pub fn hash(desk: &Desk, file: &str) -> String {
    blake3::hash(&desk.bytes(file)).to_hex().to_string()
}
