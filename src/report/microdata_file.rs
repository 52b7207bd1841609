//! Microdata as stabil writes them: invented people in the form that own people are read in, and
//! the schema of that form (Frictionless Table Schema, specs.frictionlessdata.io/table-schema).

use crate::parameters::ModelData;
use crate::parameters::microdata::columns::{COLUMNS, Column, Kind};
use crate::parameters::microdata::{LONGEST, Lists};
use crate::population::Person;
use crate::population::columns::{NO_PROGRAMME, NO_ZONE};
use crate::words::{Band, OLDEST_AGE, YOUNGEST_AGE, Year, byte_year};
use serde_json::{Value, json};
use std::io::{self, Write};

/// A per cent within each position band.
const PERCENT: [&str; 5] = ["40", "60", "80", "95", "100"];

/// Writes people as microdata, in the order given.
///
/// # Errors
/// An I/O error from the writer.
pub fn people(
    data: &ModelData,
    people: impl Iterator<Item = Person>,
    to: impl Write,
) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(to);
    writer.write_record(COLUMNS.iter().map(|column| column.name))?;
    for person in people {
        writer.write_record(
            COLUMNS
                .iter()
                .map(|column| value(data, &person, column.name)),
        )?;
    }
    writer.flush()
}

/// What a column says of a person.
fn value(data: &ModelData, p: &Person, column: &str) -> String {
    let lists = &data.classification;
    let grade = lists.grades.get(usize::from(p.grade));
    let year = |byte: u8| byte_year(byte).to_string();
    let zone = |number: u8| match number {
        NO_ZONE => "none".to_string(),
        number => data.zones.zones[usize::from(number)].id.clone(),
    };
    match column {
        "person" => format!("{}-{}-{}", p.id >> 48, p.id >> 32 & 0xFFFF, p.id as u32),
        "born" => year(p.born),
        "sex" => p.sex.id().to_string(),
        "profession" => grade.map_or(String::new(), |own| {
            lists.professions[own.profession].id.clone()
        }),
        "grade" => grade.map_or(String::new(), |own| own.id.clone()),
        "status" => p.status.id().to_string(),
        "sector" => p.sector.id().to_string(),
        "zone" => zone(p.zone),
        "position" => PERCENT[p.band.index()].to_string(),
        "job_since" => year(p.job_since),
        "qualified" => year(p.qualified),
        "grade_since" => year(p.grade_since),
        "status_since" => year(p.status_since),
        "origin" => zone(p.origin),
        "country" => lists.country_groups[usize::from(p.country)].id.clone(),
        "track" => p.track.id().to_string(),
        "study_zone" => zone(p.study_zone),
        "programme" => match p.programme {
            NO_PROGRAMME => String::new(),
            number => lists.programmes[usize::from(number) - 1].id.clone(),
        },
        "study_since" => year(p.study_since),
        "disability" => p.disability.id().to_string(),
        "first_sector" => p.first_sector.id().to_string(),
        "first_zone" => zone(p.first_zone),
        "exposure" => match (p.placement, p.curriculum) {
            (false, false) => "none",
            (true, false) => "placement",
            (false, true) => "curriculum",
            (true, true) => "both",
        }
        .to_string(),
        "attachment" => if p.mover { "mover" } else { "stayer" }.to_string(),
        _ => String::new(),
    }
}

/// The schema of microdata for a data folder and base year.
pub fn schema(data: &ModelData, year: Year) -> Value {
    let lists = Lists::of(&data.classification, &data.zones, year);
    let fields: Vec<Value> = COLUMNS
        .iter()
        .map(|column| {
            json!({
                "name": column.name,
                "title": column.label_nb,
                "description": format!("{}. If missing: {}.", column.label_en, column.missing),
                "type": kind(column),
                "constraints": constraints(data, &lists, column),
            })
        })
        .collect();
    json!({
        "name": "people",
        "title": "Personer i basisåret, en rad per person (people of the base year, one row each)",
        "description": format!(
            "People on 1 December {year}, in place of the synthesised base population. One of zone \
             and municipality must be there, and one of profession and grade. Separator: comma, \
             semicolon or tab; decimal point; UTF-8."
        ),
        "missingValues": [""],
        "fields": fields,
    })
}

fn kind(column: &Column) -> &'static str {
    match column.kind {
        Kind::Year => "year",
        Kind::Percent => "number",
        _ => "string",
    }
}

fn constraints(data: &ModelData, lists: &Lists, column: &Column) -> Value {
    let base = lists.year;
    let mut own = json!({});
    if column.required && column.name != "sector" {
        own["required"] = json!(true);
    }
    match column.kind {
        Kind::Text if column.name == "exposure" => {
            own["enum"] = json!(["none", "placement", "curriculum", "both"]);
        }
        Kind::Text => {
            own["unique"] = json!(true);
            own["maxLength"] = json!(LONGEST);
        }
        Kind::Year => {
            let youngest = match column.name {
                "born" => YOUNGEST_AGE,
                _ => 0,
            };
            own["minimum"] = json!((base - Year::from(OLDEST_AGE)).to_string());
            own["maximum"] = json!((base - Year::from(youngest)).to_string());
        }
        Kind::Percent => {
            own["minimum"] = json!(1);
            own["maximum"] = json!(100);
        }
        Kind::Municipality => own["pattern"] = json!("[0-9]{4}"),
        Kind::Place => {
            let zones = data.zones.zones.iter().map(|zone| zone.id.as_str());
            let none = (column.name != "zone").then_some("none");
            own["enum"] = json!(zones.chain(none).collect::<Vec<&str>>());
        }
        Kind::Words(list) => own["enum"] = json!(lists.words(list)),
    }
    own
}

const _: () = assert!(PERCENT.len() == Band::ALL.len());

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::DataFolder;

    #[test]
    fn the_schema_has_every_column_in_two_languages() {
        let data = ModelData::read(DataFolder::Embedded, None).unwrap();
        let schema = schema(&data, 2019);
        let fields = schema["fields"].as_array().unwrap();
        assert_eq!(fields.len(), COLUMNS.len());
        for field in fields {
            for key in ["name", "title", "description", "type"] {
                assert!(!field[key].as_str().unwrap().is_empty(), "{field}");
            }
        }
        assert!(fields[4]["constraints"]["enum"].as_array().unwrap().len() > 15);
    }
}
