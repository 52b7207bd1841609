//! `labels.csv`: the names, in Norwegian and English, of the codes that stand in the other files.

use crate::parameters::ModelData;
use crate::parameters::places::Places;
use crate::report::sheet::Sheet;
use crate::tallies::measures::MEASURES;
use std::io::{self, Write};

/// The columns of `labels.csv`.
pub const COLUMNS: [&str; 5] = ["column", "code", "label_nb", "label_en", "unit"];

/// Codes of the column `sector`: sectors, and places without a job.
const SECTORS: [[&str; 3]; 9] = [
    ["all", "Alle", "All"],
    ["municipal", "Kommunene", "Municipalities"],
    ["hospital", "Sykehusene", "Hospitals"],
    [
        "other_health",
        "Annen helse og omsorg",
        "Other health and care",
    ],
    ["other_sectors", "Andre næringer", "Other sectors"],
    ["education", "Utdanning", "Education"],
    ["outside_work", "Utenfor arbeid", "Outside work"],
    ["disability_pension", "Uføretrygd", "Disability pension"],
    ["old_age_pension", "Alderspensjon", "Old-age pension"],
];

/// Codes that stand for whole sets.
const ALL: [[&str; 4]; 3] = [
    ["profession", "all", "Alle yrker", "All professions"],
    ["grade", "all", "Alle trinn", "All grades"],
    ["zone", "all", "Hele landet", "The whole country"],
];

/// Units.
const UNITS: [[&str; 3]; 9] = [
    ["persons", "personer", "persons"],
    ["fte", "årsverk", "full-time equivalents"],
    ["fte_years", "årsverk ganger år", "FTE-years"],
    ["fraction", "andel (0 til 1)", "fraction (0 to 1)"],
    ["ratio", "forholdstall", "ratio"],
    ["years", "år", "years"],
    ["probability", "sannsynlighet", "probability"],
    ["nok", "kroner", "Norwegian kroner"],
    [
        "nok_million",
        "millioner kroner",
        "million Norwegian kroner",
    ],
];

/// Writes the names: a row a column and code.
///
/// # Errors
/// An I/O error from the writer.
pub fn write(data: &ModelData, to: impl Write) -> io::Result<()> {
    let places = Places::read(&data.folder).map_err(io::Error::other)?;
    let mut sheet = Sheet::new(to, COLUMNS.map(str::to_string))?;
    let mut row = |column: &str, code: &str, labels: [&str; 2], unit: &str| {
        sheet.row([column, code, labels[0], labels[1], unit].map(str::to_string))
    };
    for [column, code, nb, en] in ALL {
        row(column, code, [nb, en], "")?;
    }
    for profession in &data.classification.professions {
        let labels = [&*profession.label_nb, &*profession.label_en];
        row("profession", &profession.id, labels, "")?;
        for grade in &profession.grade {
            row("grade", &grade.id, [&grade.label_nb, &grade.label_en], "")?;
        }
    }
    for [code, nb, en] in SECTORS {
        row("sector", code, [nb, en], "")?;
    }
    for zone in &data.zones.zones {
        let [nb, en] = places.of_zone(zone, &data.zones);
        row("zone", &zone.id, [&nb, &en], "")?;
    }
    for (id, _) in data.zones.unions() {
        let [nb, en] = places.of_union(&id, &data.zones);
        row("zone", &id, [&nb, &en], "")?;
    }
    for measure in MEASURES {
        let labels = [measure.label_nb, measure.label_en];
        row("measure", measure.id, labels, measure.unit)?;
    }
    for [code, nb, en] in UNITS {
        row("unit", code, [nb, en], "")?;
    }
    sheet.end()
}
