//! Zones (soner): where people live and work, built from the open municipal statistics.
//!
//! A zone is a set of municipalities with the same county or health region and the same group
//! (or class) of SSB's centrality index. Which, is a scheme in `classification/zones.toml`.

use super::table::toml_problem;
use crate::evidence::{DataFolder, Table};
use crate::words::{Problem, Sex};
use serde::Deserialize;

/// Five-year age classes of the municipal population: 0-4, 5-9, ... 85-89, 90+.
pub const POPULATION_AGES: [&str; 19] = [
    "0-4", "5-9", "10-14", "15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49", "50-54",
    "55-59", "60-64", "65-69", "70-74", "75-79", "80-84", "85-89", "90+",
];

/// A municipality (kommune) with what the model needs to know of it.
#[derive(Clone, Debug)]
pub struct Municipality {
    /// Official number and name.
    pub name: String,
    /// County (fylke) in force in 2024, as an identifier.
    pub county: String,
    /// County in the years 2020 to 2023, which many published figures use.
    pub county_2020: String,
    /// Health region (regionalt helseforetak), as an identifier.
    pub region: String,
    /// Centrality class 1 (most central) to 6, SSB's 2024 version.
    pub class: u8,
    /// Persons by five-year age class, both sexes, 1 January 2020.
    pub population: [f64; POPULATION_AGES.len()],
}

/// A group of centrality classes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Identifier: `central`, `middle`, `rural`.
    pub id: String,
    /// Norwegian name.
    pub label_nb: String,
    /// English name.
    pub label_en: String,
    /// The classes in it.
    pub classes: Vec<u8>,
}

/// A way of making zones.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// Identifier.
    pub id: String,
    /// By what: `county` or `region`, and `group` or `class` of centrality.
    pub by: [String; 2],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ZoneFile {
    default_scheme: String,
    group: Vec<Group>,
    scheme: Vec<Scheme>,
}

/// A zone.
#[derive(Clone, Debug)]
pub struct Zone {
    /// Identifier, e.g. `finnmark_rural`.
    pub id: String,
    /// Name for people, e.g. `Finnmark, rural`.
    pub label: String,
    /// County or health region that it lies in.
    pub area: String,
    /// Health region of its municipalities.
    pub region: String,
    /// Position of its group.
    pub group: usize,
    /// Its municipalities, as positions in [`Zones::municipalities`].
    pub members: Vec<usize>,
    /// Persons by five-year age class, 1 January 2020.
    pub population: [f64; POPULATION_AGES.len()],
}

/// All zones of a scheme, with the municipalities that they are made of.
#[derive(Clone, Debug)]
pub struct Zones {
    /// Identifier of the scheme.
    pub scheme: String,
    /// All schemes there are.
    pub schemes: Vec<Scheme>,
    /// The zones in the order of outputs.
    pub zones: Vec<Zone>,
    /// The groups of centrality classes, most central first.
    pub groups: Vec<Group>,
    /// All municipalities.
    pub municipalities: Vec<Municipality>,
}

/// Most zones there can be: zone numbers are bytes and one is kept for "none".
pub const MOST_ZONES: usize = 200;

const FILE: &str = "classification/zones.toml";
const MUNICIPALITIES: &str = "external/municipalities_2024.csv";
const POPULATION: &str = "external/pop_municipality_age5_sex_2020.csv";

impl Zones {
    /// Builds the zones of a scheme (`None`: the default one) from the data folder.
    ///
    /// # Errors
    /// A [`Problem`] for an unknown scheme or group, a repeated municipality, a municipality
    /// without population, or too many zones.
    pub fn read(folder: &DataFolder, scheme: Option<&str>) -> Result<Zones, Problem> {
        let text = folder.read(FILE)?;
        let file = folder.name(FILE);
        let raw: ZoneFile =
            toml::from_str(&text).map_err(|error| toml_problem(&file, &text, &error))?;
        let wanted = scheme.unwrap_or(&raw.default_scheme).to_string();
        let scheme = raw.scheme.iter().find(|s| s.id == wanted).ok_or_else(|| {
            Problem::in_file(&file, "unknown zone scheme")
                .about("zones", wanted.clone())
                .nearest(&wanted, raw.scheme.iter().map(|s| s.id.as_str()))
        })?;
        let municipalities = read_municipalities(folder)?;
        let mut zones: Vec<Zone> = Vec::new();
        for (number, municipality) in municipalities.iter().enumerate() {
            let group = raw
                .group
                .iter()
                .position(|g| g.classes.contains(&municipality.class))
                .ok_or_else(|| {
                    Problem::in_file(&file, "no group holds this centrality class")
                        .about("classes", municipality.class.to_string())
                })?;
            let area = match scheme.by[0].as_str() {
                "region" => &municipality.region,
                "county" => &municipality.county,
                other => return Err(unknown_by(&file, other, ["county", "region"])),
            };
            let kind = match scheme.by[1].as_str() {
                "group" => raw.group[group].id.clone(),
                "class" => municipality.class.to_string(),
                other => return Err(unknown_by(&file, other, ["group", "class"])),
            };
            let id = format!("{area}_{kind}");
            let position = zones.iter().position(|z| z.id == id).unwrap_or_else(|| {
                zones.push(Zone {
                    label: format!("{}, {kind}", capital(area)),
                    id,
                    area: area.clone(),
                    region: municipality.region.clone(),
                    group,
                    members: Vec::new(),
                    population: [0.0; POPULATION_AGES.len()],
                });
                zones.len() - 1
            });
            zones[position].members.push(number);
            for (sum, persons) in zones[position]
                .population
                .iter_mut()
                .zip(municipality.population)
            {
                *sum += persons;
            }
        }
        zones.sort_by(|a, b| {
            (&a.region, &a.area, a.group, &a.id).cmp(&(&b.region, &b.area, b.group, &b.id))
        });
        if zones.len() > MOST_ZONES {
            return Err(Problem::in_file(
                &file,
                format!("{} zones; at most {MOST_ZONES}", zones.len()),
            ));
        }
        Ok(Zones {
            scheme: wanted,
            schemes: raw.scheme,
            zones,
            groups: raw.group,
            municipalities,
        })
    }

    /// How many zones there are.
    pub fn len(&self) -> usize {
        self.zones.len()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.zones.is_empty()
    }

    /// The zone with this identifier.
    pub fn of_id(&self, id: &str) -> Option<usize> {
        self.zones.iter().position(|z| z.id == id)
    }

    /// Named unions of zones: each group, each area, each region; and `all`.
    pub fn unions(&self) -> Vec<(String, Vec<usize>)> {
        let mut unions: Vec<(String, Vec<usize>)> = Vec::new();
        let mut add = |name: &str, zone: usize| match unions.iter_mut().find(|(n, _)| n == name) {
            Some((_, members)) => members.push(zone),
            None => unions.push((name.to_string(), vec![zone])),
        };
        for group in &self.groups {
            for (number, _) in self
                .zones
                .iter()
                .enumerate()
                .filter(|(_, z)| self.groups[z.group].id == group.id)
            {
                add(&group.id, number);
            }
        }
        for (number, zone) in self.zones.iter().enumerate() {
            add(&zone.area, number);
            if zone.region != zone.area {
                add(&zone.region, number);
            }
        }
        unions
    }
}

fn unknown_by(file: &str, found: &str, valid: [&str; 2]) -> Problem {
    Problem::in_file(
        file,
        "a zone scheme is by county or region, and by group or class",
    )
    .about("by", found)
    .nearest(found, valid)
}

fn read_municipalities(folder: &DataFolder) -> Result<Vec<Municipality>, Problem> {
    let columns = [
        "kom2024",
        "navn",
        "fylke2024_navn",
        "fylke2020_navn",
        "rhf",
        "sentr_klasse_2024",
    ];
    let table = Table::read(folder, MUNICIPALITIES, &columns)?;
    table.forbid_duplicates(&["kom2024"])?;
    let mut needed = vec!["kom2024", "sex"];
    needed.extend(POPULATION_AGES);
    let persons = Table::read(folder, POPULATION, &needed)?;
    persons.forbid_duplicates(&["kom2024", "sex"])?;
    let mut by_number = std::collections::BTreeMap::new();
    for row in persons.rows() {
        let number = persons.text(row, "kom2024");
        let complaint = |message: &str, key: &str| {
            Problem::in_file(&persons.file, message)
                .at(row.line)
                .about(key, persons.text(row, key))
        };
        let Some(sex) = Sex::of_id(persons.text(row, "sex")) else {
            let sex = persons.text(row, "sex");
            return Err(
                complaint("unknown sex", "sex").nearest(sex, Sex::ALL.iter().map(|s| s.id()))
            );
        };
        if !table
            .rows()
            .iter()
            .any(|town| table.text(town, "kom2024") == number)
        {
            return Err(complaint(
                "people of a municipality that is not in the list",
                "kom2024",
            )
            .mend(format!("add it to {}, or delete the row", table.file)));
        }
        let (sexes, sums): &mut (Vec<Sex>, [f64; POPULATION_AGES.len()]) =
            by_number.entry(number.to_string()).or_default();
        sexes.push(sex);
        for (sum, age) in sums.iter_mut().zip(POPULATION_AGES) {
            let people = persons.number(row, age)?;
            if people < 0.0 {
                return Err(complaint("a number of people is 0 or more", age));
            }
            *sum += people;
        }
    }
    table
        .rows()
        .iter()
        .map(|row| {
            let number = table.text(row, "kom2024");
            let mend = format!(
                "add its rows, or delete line {} of {}",
                row.line, table.file
            );
            let (sexes, population) = by_number.get(number).cloned().ok_or_else(|| {
                Problem::in_file(&persons.file, "the municipality has no population here")
                    .about("kom2024", number)
                    .mend(mend.clone())
            })?;
            if let Some(sex) = Sex::ALL.iter().find(|sex| !sexes.contains(sex)) {
                let message = format!("the municipality has no row with sex = {} here", sex.id());
                return Err(Problem::in_file(&persons.file, message)
                    .about("kom2024", number)
                    .mend(mend));
            }
            let class = table.number(row, "sentr_klasse_2024")?;
            if class.fract() != 0.0 || !(1.0..=6.0).contains(&class) {
                return Err(
                    Problem::in_file(&table.file, "a centrality class is 1 to 6")
                        .at(row.line)
                        .about("sentr_klasse_2024", class.to_string()),
                );
            }
            Ok(Municipality {
                name: format!("{number} {}", table.text(row, "navn")),
                county: identifier(table.text(row, "fylke2024_navn")),
                county_2020: identifier(table.text(row, "fylke2020_navn")),
                region: identifier(table.text(row, "rhf")),
                class: class as u8,
                population,
            })
        })
        .collect()
}

/// A Norwegian name as an identifier: small letters, no special ones, underscores for the rest.
pub fn identifier(name: &str) -> String {
    let mut id = String::new();
    for letter in name
        .split(" - ")
        .next()
        .unwrap_or(name)
        .to_lowercase()
        .chars()
    {
        match letter {
            'æ' | 'ä' => id.push_str("ae"),
            'ø' | 'ö' => id.push('o'),
            'å' => id.push('a'),
            'a'..='z' | '0'..='9' => id.push(letter),
            _ if !id.ends_with('_') && !id.is_empty() => id.push('_'),
            _ => {}
        }
    }
    id.trim_end_matches('_').to_string()
}

fn capital(id: &str) -> String {
    let mut letters = id.replace('_', " ");
    if let Some(first) = letters.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_plain() {
        assert_eq!(identifier("Møre og Romsdal"), "more_og_romsdal");
        assert_eq!(identifier("Troms - Romsa - Tromssa"), "troms");
        assert_eq!(identifier("Helse Sør-Øst"), "helse_sor_ost");
    }
}
