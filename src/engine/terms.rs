//! The terms of the linear predictors as data: which there are, and the keys that each can have.

use super::predictor::{JOB_YEARS, SINCE_QUALIFIED};
use crate::parameters::ModelData;
use crate::words::age::{AGE_CLASSES, class_label};
use crate::words::{Band, Disability, Sex, Status, Track};

/// A term of a predictor: the name after the process, and what its keys are.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    /// Name: `x.NAME[key]` is the parameter of process `x`.
    pub name: &'static str,
    /// What it tells apart.
    pub of: &'static str,
    /// The keys that it can have with a data folder.
    pub keys: fn(&ModelData) -> Vec<String>,
}

fn texts(ids: &[&str]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

/// All terms, besides the base by grade and sector that each process sets by itself.
pub const TERMS: [Term; 14] = [
    Term {
        name: "grade",
        of: "the grade held",
        keys: |data| {
            data.classification
                .grades
                .iter()
                .map(|g| g.id.clone())
                .collect()
        },
    },
    Term {
        name: "sex",
        of: "sex",
        keys: |_| Sex::ALL.iter().map(|s| s.id().to_string()).collect(),
    },
    Term {
        name: "age",
        of: "age in five-year classes",
        keys: |_| (0..AGE_CLASSES).map(class_label).collect(),
    },
    Term {
        name: "job_years",
        of: "whole years in the present job",
        keys: |_| texts(&JOB_YEARS),
    },
    Term {
        name: "since_qualified",
        of: "years since qualifying",
        keys: |_| texts(&SINCE_QUALIFIED),
    },
    Term {
        name: "since_arrival",
        of: "years since arrival, for those educated abroad",
        keys: |_| texts(&SINCE_QUALIFIED),
    },
    Term {
        name: "home",
        of: "living in the zone of upbringing or not",
        keys: |_| texts(&["away", "at_home"]),
    },
    Term {
        name: "attachment",
        of: "latent type",
        keys: |_| texts(&["stayer", "mover"]),
    },
    Term {
        name: "status",
        of: "status",
        keys: |_| Status::ALL.iter().map(|s| s.id().to_string()).collect(),
    },
    Term {
        name: "zone_group",
        of: "group of the zone",
        keys: |data| data.zones.groups.iter().map(|g| g.id.clone()).collect(),
    },
    Term {
        name: "track",
        of: "track of the last education",
        keys: |_| Track::ALL.iter().map(|t| t.id().to_string()).collect(),
    },
    Term {
        name: "band",
        of: "position band",
        keys: |_| Band::ALL.iter().map(|b| b.id().to_string()).collect(),
    },
    Term {
        name: "country",
        of: "country group of education",
        keys: |data| {
            let groups = &data.classification.country_groups;
            groups.iter().map(|c| c.id.clone()).collect()
        },
    },
    Term {
        name: "disability",
        of: "disability pension held",
        keys: |_| Disability::ALL.iter().map(|d| d.id().to_string()).collect(),
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_list_is_what_predictors_read() {
        let source = include_str!("predictor.rs");
        let read: BTreeSet<&str> = source
            .split("term(\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        let listed: BTreeSet<&str> = TERMS.iter().map(|term| term.name).collect();
        assert_eq!(listed, read);
    }
}
