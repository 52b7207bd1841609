//! Places (steder), professions and limits, as the page is told them once.

use super::wanted::{MOST_DRAWS, MOST_POLICIES, MOST_SCALE, MOST_SCENARIOS, MOST_SEEDS, MOST_WORK};
use crate::parameters::ModelData;
use crate::parameters::places::Places;
use crate::runs::raw;
use crate::words::Problem;
use serde_json::{Value, json};

/// Everything about places, professions and limits.
///
/// # Errors
/// A [`Problem`] in the file of places.
pub fn told(data: &ModelData) -> Result<Value, Problem> {
    let known = Places::read(&data.folder)?;
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
        let [row, column] = known.tile(id, number);
        let [nb, en] = known.labels(id);
        json!({ "id": id, "nb": nb, "en": en, "row": row, "column": column })
    };
    let areas: Vec<Value> = areas.iter().enumerate().map(area).collect();
    let region = |id: &&str| {
        let [nb, en] = known.labels(id);
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
