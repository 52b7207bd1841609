//! Places (steder), professions and limits, as the page is told them once.

use super::wanted::{MOST_DRAWS, MOST_POLICIES, MOST_SCALE, MOST_SCENARIOS, MOST_SEEDS, MOST_WORK};
use crate::evidence::Table;
use crate::parameters::ModelData;
use crate::runs::raw;
use crate::words::Problem;
use serde_json::{Value, json};

/// Names of counties and regions, and where the counties are on a map of tiles. A data folder need
/// not have it.
const FILE: &str = "classification/places.csv";

struct Place {
    id: String,
    labels: [String; 2],
    tile: Option<(u32, u32)>,
}

fn named(data: &ModelData) -> Result<Vec<Place>, Problem> {
    if !data.folder.has(FILE) {
        return Ok(Vec::new());
    }
    let columns = ["place", "label_nb", "label_en", "row", "column"];
    let table = Table::read(&data.folder, FILE, &columns)?;
    table.forbid_duplicates(&["place"])?;
    let one = |row| {
        let text = |column| table.text(row, column).to_string();
        let tile = match text("row").is_empty() {
            true => None,
            false => Some((
                table.number(row, "row")? as u32,
                table.number(row, "column")? as u32,
            )),
        };
        Ok(Place {
            id: text("place"),
            labels: [text("label_nb"), text("label_en")],
            tile,
        })
    };
    table.rows().iter().map(one).collect()
}

/// An identifier in words, where the data give it no name.
fn in_words(id: &str) -> String {
    let mut words = id.replace('_', " ");
    if let Some(first) = words.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    words
}

/// Columns of the map where the data say nothing of tiles.
const COLUMNS: usize = 4;

/// Everything about places, professions and limits.
///
/// # Errors
/// A [`Problem`] in the file of places.
pub fn told(data: &ModelData) -> Result<Value, Problem> {
    let known = named(data)?;
    let labels = |id: &str| match known.iter().find(|place| place.id == id) {
        Some(place) => place.labels.clone(),
        None => [in_words(id), in_words(id)],
    };
    let zones = &data.zones;
    let mut areas: Vec<&str> = zones.zones.iter().map(|zone| zone.area.as_str()).collect();
    areas.dedup();
    let mut regions: Vec<&str> = zones
        .zones
        .iter()
        .map(|zone| zone.region.as_str())
        .collect();
    regions.dedup();
    regions.retain(|region| !areas.contains(region));
    let area = |(number, id): (usize, &&str)| {
        let tile = known.iter().find(|place| place.id == **id);
        let tile = tile.and_then(|place| place.tile);
        let (row, column) =
            tile.unwrap_or(((number / COLUMNS) as u32 + 1, (number % COLUMNS) as u32 + 1));
        let [nb, en] = labels(id);
        json!({ "id": id, "nb": nb, "en": en, "row": row, "column": column })
    };
    let areas: Vec<Value> = areas.iter().enumerate().map(area).collect();
    let region = |id: &&str| {
        let [nb, en] = labels(id);
        json!({ "id": id, "nb": nb, "en": en })
    };
    let groups = zones.groups.iter();
    let groups: Vec<Value> = groups
        .map(|group| json!({ "id": group.id, "nb": group.label_nb, "en": group.label_en }))
        .collect();
    let zone = |zone: &crate::parameters::zones::Zone| {
        json!({
            "id": zone.id,
            "area": zone.area,
            "region": zone.region,
            "group": zones.groups[zone.group].id,
            "people": zone.population.iter().sum::<f64>(),
            "municipalities": zone.members.len(),
        })
    };
    let lists = &data.classification;
    let professions: Vec<Value> = lists
        .professions
        .iter()
        .map(|own| json!({ "id": own.id, "nb": own.label_nb, "en": own.label_en }))
        .collect();
    Ok(json!({
        "areas": areas,
        "regions": regions.iter().map(region).collect::<Vec<Value>>(),
        "groups": groups,
        "zones": zones.zones.iter().map(zone).collect::<Vec<Value>>(),
        "professions": professions,
        "limits": {
            "scenarios": MOST_SCENARIOS,
            "policies": MOST_POLICIES,
            "seeds": MOST_SEEDS,
            "draws": MOST_DRAWS,
            "scale": MOST_SCALE,
            "work": MOST_WORK,
            "until": [raw::UNTILS.start(), raw::UNTILS.end()],
            "start": data.parameters.value("base_population.year", &[])?,
        },
        "version": env!("CARGO_PKG_VERSION"),
    }))
}
