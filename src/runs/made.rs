//! What a unit's values depend on: program, settings, data, policies. Units that agree in it can
//! stand side by side; where they do not, what differs is told.

use super::Plan;
use crate::parameters::ModelData;
use crate::store::Origin;
use crate::store::piece::VERSION;
use crate::words::Problem;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that the values of a unit depend on, except which draws and seeds there are, on which
/// those of a single unit do not depend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// Version of the program, and the commit that it was built from.
    pub program: String,
    /// Version of the layout of unit files.
    pub layout: u32,
    /// The settings of the run, by their path.
    pub settings: BTreeMap<String, String>,
    /// BLAKE3 hashes of the files of the data folder.
    pub data: BTreeMap<String, String>,
    /// BLAKE3 hashes of the user's own policy files.
    pub policies: BTreeMap<String, String>,
}

/// Keys of a plan that no value depends on, or that a run may be extended in.
const ASIDE: [&str; 5] = ["draws", "seeds", "file", "title_nb", "title_en"];

impl Made {
    /// What makes the units of a plan on these data.
    ///
    /// # Errors
    /// A [`Problem`] if a file of the data or a policy file cannot be read.
    pub fn of(plan: &Plan, data: &ModelData) -> Result<Made, Problem> {
        let settings = Made::settings(&serde_json::to_value(plan).unwrap_or_default());
        let mut policies = BTreeMap::new();
        for (path, name) in plan.policy_files().iter().zip(&plan.policy_files) {
            let bytes = std::fs::read(path).map_err(|error| {
                Problem::in_file(&path.display().to_string(), error.to_string())
                    .mend("policy files are looked for beside the run file")
            })?;
            policies.insert(name.clone(), blake3::hash(&bytes).to_hex().to_string());
        }
        Ok(Made {
            program: format!("{} ({})", env!("CARGO_PKG_VERSION"), env!("STABIL_COMMIT")),
            layout: VERSION,
            settings,
            data: data.folder.hashes()?,
            policies,
        })
    }

    /// The settings that matter of a plan, as manifests hold it.
    pub fn settings(plan: &Value) -> BTreeMap<String, String> {
        let mut settings = BTreeMap::new();
        for (key, value) in plan.as_object().into_iter().flatten() {
            if !ASIDE.contains(&key.as_str()) {
                flatten(key, value, &mut settings);
            }
        }
        settings
    }

    /// The hash that units are marked with.
    pub fn origin(&self) -> Origin {
        // Ordered maps of texts: the same everywhere.
        let text = serde_json::to_vec(self).unwrap_or_default();
        *blake3::hash(&text).as_bytes()
    }

    /// What differs, a line each: what it was, and what it is in the other.
    pub fn differences(&self, now: &Made) -> Vec<String> {
        let mut told = Vec::new();
        if self.program != now.program {
            told.push(format!("program: {}, now {}", self.program, now.program));
        }
        if self.layout != now.layout {
            told.push(format!(
                "layout of unit files: {}, now {}",
                self.layout, now.layout
            ));
        }
        for (what, before, now) in [
            ("", &self.settings, &now.settings),
            ("data file ", &self.data, &now.data),
            ("policy file ", &self.policies, &now.policies),
        ] {
            let keys: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
            for key in keys
                .into_iter()
                .filter(|key| before.get(*key) != now.get(*key))
            {
                let side = |of: &BTreeMap<String, String>| {
                    let text = of.get(key).map_or("not there", String::as_str);
                    // Of a hash the beginning is enough.
                    text.chars()
                        .take(if what.is_empty() { 200 } else { 12 })
                        .collect::<String>()
                };
                told.push(format!("{what}{key}: {}, now {}", side(before), side(now)));
            }
        }
        told
    }
}

fn flatten(path: &str, value: &Value, to: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                flatten(&format!("{path}.{key}"), value, to);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for (at, value) in items.iter().enumerate() {
                flatten(&format!("{path}[{}]", at + 1), value, to);
            }
        }
        other => {
            to.insert(path.to_string(), other.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::DataFolder;

    #[test]
    fn what_differs_is_told_and_what_may_differ_is_not() {
        let data = ModelData::read(DataFolder::Embedded, None).unwrap();
        let made = |lines: &str| {
            let plan = Plan::of_text("a.toml", &format!("name = \"a\"\n{lines}"));
            Made::of(&plan.unwrap(), &data).unwrap()
        };
        let one = made("seeds = 4");
        assert_eq!(one.origin(), made("seeds = 7\ntitle_en = \"b\"").origin());
        let other = made("scale = 0.5\nclosure = \"vacancy\"");
        assert_ne!(one.origin(), other.origin());
        let told = one.differences(&other);
        assert!(
            told.contains(&"scale: 1.0, now 0.5".to_string()),
            "{told:?}"
        );
        assert!(told.iter().any(|line| line.contains("closure")), "{told:?}");
        let older = Made {
            program: "0.0.9 (abc)".into(),
            data: BTreeMap::from([("targets.toml".into(), "0".repeat(64))]),
            ..one.clone()
        };
        let told = older.differences(&one).join("\n");
        assert!(told.contains("0.0.9"), "{told}");
        assert!(
            told.contains("data file targets.toml: 000000000000, now"),
            "{told}"
        );
        assert!(told.contains("not there, now"), "{told}");
    }
}
