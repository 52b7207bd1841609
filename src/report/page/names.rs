//! Names for readers, in both languages, of what the files name by identifiers.

use super::cells::GROUPS;
use crate::evidence::DataFolder;
use crate::parameters::Classification;
use crate::parameters::places::Places;
use crate::picture::Both;
use crate::tallies::ALL;
use crate::words::Problem;
use serde::Deserialize;
use std::collections::BTreeMap;

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

/// The names that the embedded data give; what they do not name keeps its identifier.
#[derive(Clone, Debug)]
pub struct Names {
    professions: BTreeMap<String, Both>,
    policies: BTreeMap<String, Both>,
    /// Counties and health regions.
    pub places: Places,
}

impl Names {
    /// Reads the names.
    ///
    /// # Errors
    /// A [`Problem`] in the embedded data.
    pub fn read() -> Result<Names, Problem> {
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
            professions,
            policies,
            places: Places::read(&folder)?,
        })
    }

    /// A profession, or all together.
    pub fn profession(&self, id: &str) -> Both {
        if id == ALL {
            return Both::new("Alle yrkesgrupper", "All professions");
        }
        let found = self.professions.get(id).cloned();
        found.unwrap_or_else(|| plain(id))
    }

    /// A policy.
    pub fn policy(&self, id: &str) -> Both {
        self.policies.get(id).cloned().unwrap_or_else(|| plain(id))
    }

    /// A zone, a union of zones, or what lies outside them.
    pub fn zone(&self, id: &str) -> Both {
        if let Some(text) = group(id) {
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

    #[test]
    fn zones_have_the_name_of_their_place_and_group() {
        let names = Names::read().unwrap();
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
        let names = Names::read().unwrap();
        assert_eq!(names.profession("nurse"), Both::new("Sykepleier", "Nurse"));
        let policy = names.policy("decentralised_nursing_education");
        assert_eq!(policy.en, "Decentralised nursing education");
    }
}
