//! Names of places (steder) in both languages, and where they lie on a map of tiles.

use super::zones::{Zone, Zones};
use crate::evidence::{DataFolder, Table};
use crate::words::Problem;

/// The file. A data folder need not have it.
const FILE: &str = "classification/places.csv";

/// Columns of the map where the data say nothing of tiles.
const COLUMNS: usize = 4;

/// A county or region.
#[derive(Clone, Debug)]
struct Place {
    id: String,
    labels: [String; 2],
    tile: Option<[u32; 2]>,
}

/// Names and tiles of places.
#[derive(Clone, Debug, Default)]
pub struct Places(Vec<Place>);

impl Places {
    /// Reads the names, if the folder has them.
    ///
    /// # Errors
    /// A [`Problem`] in the file.
    pub fn read(folder: &DataFolder) -> Result<Places, Problem> {
        if !folder.has(FILE) {
            return Ok(Places::default());
        }
        let columns = ["place", "label_nb", "label_en", "row", "column"];
        let table = Table::read(folder, FILE, &columns)?;
        table.forbid_duplicates(&["place"])?;
        let one = |row| {
            let text = |column| table.text(row, column).to_string();
            let tile = match text("row").is_empty() {
                true => None,
                false => Some([
                    table.number(row, "row")? as u32,
                    table.number(row, "column")? as u32,
                ]),
            };
            Ok(Place {
                id: text("place"),
                labels: [text("label_nb"), text("label_en")],
                tile,
            })
        };
        table
            .rows()
            .iter()
            .map(one)
            .collect::<Result<_, _>>()
            .map(Places)
    }

    fn find(&self, id: &str) -> Option<&Place> {
        self.0.iter().find(|place| place.id == id)
    }

    /// The Norwegian and the English name of a county or region, if the data give it one.
    pub fn known(&self, id: &str) -> Option<[&str; 2]> {
        self.find(id)
            .map(|place| place.labels.each_ref().map(String::as_str))
    }

    /// The areas that have a tile, with its row and column (from 1).
    pub fn tiles(&self) -> impl Iterator<Item = (&str, [u32; 2])> {
        let places = self.0.iter();
        places.filter_map(|place| Some((place.id.as_str(), place.tile?)))
    }

    /// The Norwegian and the English name of a county or region; its identifier in words where the
    /// data give it none.
    pub fn labels(&self, id: &str) -> [String; 2] {
        match self.find(id) {
            Some(place) => place.labels.clone(),
            None => [in_words(id), in_words(id)],
        }
    }

    /// Row and column (from 1) of an area on a map of tiles; `number` is its position among areas,
    /// which places it where the data say nothing.
    pub fn tile(&self, id: &str, number: usize) -> [u32; 2] {
        let filled = [number / COLUMNS, number % COLUMNS].map(|at| at as u32 + 1);
        self.find(id).and_then(|place| place.tile).unwrap_or(filled)
    }

    /// The names of a zone: area and kind of place.
    pub fn of_zone(&self, zone: &Zone, zones: &Zones) -> [String; 2] {
        let group = &zones.groups[zone.group];
        // The second word of an identifier tells classes and groups apart, which may both be used.
        let kind = zone.id.strip_prefix(&format!("{}_", zone.area));
        let kinds = match kind {
            Some(kind) if kind != group.id => [format!("klasse {kind}"), format!("class {kind}")],
            _ => [&group.label_nb, &group.label_en].map(|label| label.to_lowercase()),
        };
        let [nb, en] = self.labels(&zone.area);
        [format!("{nb}, {}", kinds[0]), format!("{en}, {}", kinds[1])]
    }

    /// The names of a union of zones (see [`Zones::unions`]).
    pub fn of_union(&self, id: &str, zones: &Zones) -> [String; 2] {
        match zones.groups.iter().find(|group| group.id == id) {
            Some(group) => [group.label_nb.clone(), group.label_en.clone()],
            None => self.labels(id),
        }
    }
}

/// An identifier in words.
fn in_words(id: &str) -> String {
    let mut words = id.replace('_', " ");
    if let Some(first) = words.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_and_union_of_the_program_has_both_names() {
        let folder = DataFolder::Embedded;
        let zones = Zones::read(&folder, None).unwrap();
        let places = Places::read(&folder).unwrap();
        for zone in &zones.zones {
            assert!(places.find(&zone.area).is_some(), "{}", zone.area);
            assert!(places.find(&zone.area).unwrap().tile.is_some());
        }
        for (id, _) in zones.unions() {
            let group = zones.groups.iter().any(|group| group.id == id);
            assert!(group || places.find(&id).is_some(), "{id}");
        }
        let [nb, en] = places.of_zone(&zones.zones[0], &zones);
        assert!(nb.starts_with("Møre og Romsdal, ") && en.starts_with("Møre og Romsdal, "));
        assert_eq!(places.labels("new_place"), ["New place", "New place"]);
    }
}
