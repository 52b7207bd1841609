//! Names for readers, in both languages, of what the files name by identifiers: those of the results
//! folder's own `labels.csv`, so that a report of older results, or of a country of one's own, has
//! the names that they were made with; of what it does not name, those of the embedded data.

use super::cells::GROUPS;
use super::rows;
use crate::evidence::DataFolder;
use crate::parameters::Classification;
use crate::parameters::places::Places;
use crate::picture::Both;
use crate::tallies::ALL;
use crate::words::Problem;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Deserialize)]
struct PolicyFile {
    #[serde(default)]
    policy: Vec<PolicyName>,
}

#[derive(Deserialize)]
struct PolicyName {
    id: String,
    name_nb: String,
    name_en: String,
}

/// A row of `labels.csv`.
#[derive(Deserialize)]
struct Label {
    column: String,
    code: String,
    label_nb: String,
    label_en: String,
}

/// The names; what has none keeps its identifier.
#[derive(Clone, Debug)]
pub struct Names {
    /// Those of the results folder, by column and code.
    labels: BTreeMap<(String, String), Both>,
    professions: BTreeMap<String, Both>,
    policies: BTreeMap<String, Both>,
    /// Counties and health regions.
    pub places: Places,
}

impl Names {
    /// Reads the names for a results folder.
    ///
    /// # Errors
    /// A [`Problem`] in its `labels.csv` or in the embedded data.
    pub fn read(results: &Path) -> Result<Names, Problem> {
        let labels = rows::read(results, "labels.csv", |_: &Label| true)?;
        let labels = labels.unwrap_or_default().into_iter().map(|own| {
            let name = Both::new(short(&own.label_nb), short(&own.label_en));
            ((own.column, own.code), name)
        });
        let folder = DataFolder::Embedded;
        let mut policies = BTreeMap::new();
        for name in folder.list("policies", ".toml")? {
            let file: PolicyFile = toml::from_str(&folder.read(&name)?)
                .map_err(|error| Problem::in_file(&folder.name(&name), error.to_string()))?;
            for PolicyName {
                id,
                name_nb,
                name_en,
            } in file.policy
            {
                policies.insert(id, Both::new(name_nb, name_en));
            }
        }
        let professions = Classification::read(&folder)?.professions.into_iter();
        let professions = professions
            .map(|own| (own.id, Both::new(own.label_nb, own.label_en)))
            .collect();
        Ok(Names {
            labels: labels.collect(),
            professions,
            policies,
            places: Places::read(&folder)?,
        })
    }

    fn label(&self, column: &str, code: &str) -> Option<Both> {
        let found = self.labels.get(&(column.to_string(), code.to_string()));
        found.cloned()
    }

    /// A profession, or all together.
    pub fn profession(&self, id: &str) -> Both {
        if id == ALL {
            return Both::new("Alle yrkesgrupper", "All professions");
        }
        let found = self.label("profession", id);
        let found = found.or_else(|| self.professions.get(id).cloned());
        found.unwrap_or_else(|| plain(id))
    }

    /// A policy.
    pub fn policy(&self, id: &str) -> Both {
        self.policies.get(id).cloned().unwrap_or_else(|| plain(id))
    }

    /// A zone, a union of zones, or what lies outside them.
    pub fn zone(&self, id: &str) -> Both {
        if let Some(text) = group(id).or_else(|| self.label("zone", id)) {
            return text;
        }
        if let Some([nb, en]) = self.places.known(id) {
            return Both::new(nb, en);
        }
        let parts = id.rsplit_once('_');
        let found = parts.and_then(|(area, kind)| {
            let [nb, en] = self.places.known(area)?;
            let kind = if GROUPS.contains(&kind) {
                group(kind)?
            } else {
                Both::new(
                    format!("sentralitetsklasse {kind}"),
                    format!("centrality class {kind}"),
                )
            };
            Some(Both::new(
                format!("{nb}, {}", small(&kind.nb)),
                format!("{en}, {}", small(&kind.en)),
            ))
        });
        found.unwrap_or_else(|| plain(id))
    }
}

/// The first letter small.
pub fn small(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_lowercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// A label without what it adds in brackets at its end.
fn short(label: &str) -> &str {
    let bracket = label.rfind(" (").filter(|_| label.ends_with(')'));
    bracket.map_or(label, |start| &label[..start])
}

fn plain(id: &str) -> Both {
    Both::same(id.replace('_', " "))
}

/// Unions of zones, what effects are told of, and where people come from and go.
fn group(id: &str) -> Option<Both> {
    let (nb, en) = match id {
        ALL => ("Hele landet", "The whole country"),
        "central" => ("Sentrale kommuner", "Central municipalities"),
        "middle" => ("Mellomsentrale kommuner", "Middle municipalities"),
        "rural" => ("Distriktskommuner", "Rural municipalities"),
        "target" => ("Området som tiltaket gjelder", "The area the policy is for"),
        "other_central" => ("Andre sentrale kommuner", "Other central municipalities"),
        "other_middle" => (
            "Andre mellomsentrale kommuner",
            "Other middle municipalities",
        ),
        "other_rural" => ("Andre distriktskommuner", "Other rural municipalities"),
        "education" => ("Utdanning", "Education"),
        "abroad" => ("Utlandet", "Abroad"),
        "outside_health" => ("Utenfor helse og omsorg", "Outside health and care"),
        "pension" => ("Pensjon", "Pension"),
        "death" => ("Død", "Death"),
        _ => return None,
    };
    Some(Both::new(nb, en))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(labels: &str) -> Names {
        let folder = tempfile::tempdir().unwrap();
        if !labels.is_empty() {
            std::fs::write(folder.path().join("labels.csv"), labels).unwrap();
        }
        Names::read(folder.path()).unwrap()
    }

    #[test]
    fn zones_have_the_name_of_their_place_and_group() {
        let names = names("");
        let zone = names.zone("more_og_romsdal_rural");
        assert_eq!(zone.nb, "Møre og Romsdal, distriktskommuner");
        assert_eq!(zone.en, "Møre og Romsdal, rural municipalities");
        assert_eq!(
            names.zone("helse_nord_6").en,
            "Northern health region, centrality class 6"
        );
        assert_eq!(names.zone("my_own").en, "my own");
    }

    #[test]
    fn professions_and_policies_are_named_in_both_languages() {
        let names = names("");
        assert_eq!(names.profession("nurse"), Both::new("Sykepleier", "Nurse"));
        let policy = names.policy("decentralised_nursing_education");
        assert_eq!(policy.en, "Decentralised nursing education");
    }

    #[test]
    fn the_results_own_names_come_first() {
        let names = names(
            "column,code,label_nb,label_en,unit\n\
             profession,nurse,Pleier,Carer,\n\
             zone,finnmark,Finnmárku,\"Finnmárku (in the north)\",\n",
        );
        assert_eq!(names.profession("nurse"), Both::new("Pleier", "Carer"));
        assert_eq!(names.zone("finnmark"), Both::new("Finnmárku", "Finnmárku"));
        assert_eq!(names.profession("midwife").en, "Midwife");
        assert_eq!(names.zone("troms").en, "Troms");
    }
}
