//! What a run reports: the breakdowns and measures that its file asks for.

use super::raw::{BREAKDOWN_KEYS, BreakdownKey, RawMeasures, RawRun};
use super::run_text::RunText;
use crate::tallies::Breakdown;
use crate::tallies::layout::ByProfession;
use crate::words::Problem;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// The keys of a breakdown, in the order of output columns.
pub fn keys_of(breakdown: Breakdown) -> Vec<&'static str> {
    let chosen = [
        breakdown.profession != ByProfession::All,
        breakdown.profession == ByProfession::Grade,
        breakdown.sector,
        breakdown.zone,
        breakdown.from,
    ];
    let keys = BREAKDOWN_KEYS.into_iter().zip(chosen);
    keys.filter(|(_, is)| *is).map(|(key, _)| key).collect()
}

/// Writes breakdowns as the lists of keys that they are made of.
pub(super) fn as_keys<S: Serializer>(
    breakdowns: &[Breakdown],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let lists: Vec<_> = breakdowns.iter().copied().map(keys_of).collect();
    lists.serialize(serializer)
}

/// The breakdowns that a run file asks for. A grade belongs to one profession, so a breakdown by
/// grade is one by profession as well.
///
/// # Errors
/// A [`Problem`] if there are none, one is given twice, or `from` has wrong company.
pub(super) fn breakdowns(raw: &RawRun, run: &RunText) -> Result<Vec<Breakdown>, Problem> {
    if raw.breakdowns.is_empty() {
        return Err(run.complaint("breakdowns"));
    }
    let mut first_lines = BTreeMap::new();
    for (number, keys) in raw.breakdowns.iter().enumerate() {
        if let Some(position) = repeated(keys) {
            let mut problem =
                run.complaint_about(&["breakdowns".into(), number.into(), position.into()]);
            problem.message = "the key is already in this breakdown".to_string();
            return Err(problem.mend("delete one of the two"));
        }
        let mut problem = run.complaint_about(&["breakdowns".into(), number.into()]);
        let one = breakdown(keys);
        if one.from && (!one.zone || one.sector || one.profession == ByProfession::Grade) {
            problem.message = "\"from\" says where the people of a zone came from: it goes with \
                               \"zone\", and besides at most with \"profession\""
                .to_string();
            return Err(problem.mend("write [\"zone\", \"from\"]"));
        }
        if let Some(first) = first_lines.insert(breakdown(keys), problem.line) {
            problem.message = format!(
                "the breakdown is already given on line {first}; the order of keys is free, and a \
                 grade brings its profession"
            );
            return Err(problem.mend("delete one of the two"));
        }
    }
    Ok(raw.breakdowns.iter().map(|keys| breakdown(keys)).collect())
}

fn breakdown(keys: &[BreakdownKey]) -> Breakdown {
    let has = |key| keys.contains(&key);
    let profession = match (has(BreakdownKey::Profession), has(BreakdownKey::Grade)) {
        (_, true) => ByProfession::Grade,
        (true, false) => ByProfession::Profession,
        (false, false) => ByProfession::All,
    };
    Breakdown {
        profession,
        sector: has(BreakdownKey::Sector),
        zone: has(BreakdownKey::Zone),
        from: has(BreakdownKey::From),
    }
}

/// The measures that a run file asks for; none named means all of them.
///
/// # Errors
/// A [`Problem`] if the list is empty or names one twice.
pub(super) fn measures(raw: &RawRun, run: &RunText) -> Result<Vec<String>, Problem> {
    let RawMeasures::These(names) = &raw.measures else {
        return Ok(Vec::new());
    };
    if names.is_empty() {
        return Err(run.complaint("measures"));
    }
    if let Some(position) = repeated(names) {
        let mut problem = run.complaint_about(&["measures".into(), position.into()]);
        problem.message = "the measure is given twice".to_string();
        return Err(problem.mend("delete one of the two"));
    }
    Ok(names.clone())
}

/// Position of the first item that an earlier one equals.
fn repeated<T: PartialEq>(items: &[T]) -> Option<usize> {
    (1..items.len()).find(|position| items[..*position].contains(&items[*position]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::Plan;

    fn plan(lines: &str) -> Result<Plan, Problem> {
        Plan::of_text("a.toml", &format!("name = \"a\"\n{lines}\n"))
    }

    #[test]
    fn repetitions_are_told_with_both_places() {
        let breakdowns = "breakdowns = [\n[\"zone\", \"sector\"],\n[],\n[\"sector\", \"zone\"]]";
        let found = plan(breakdowns).unwrap_err();
        assert_eq!(
            (found.line, found.value.as_str()),
            (5, "[\"sector\", \"zone\"]")
        );
        assert!(found.message.contains("already given on line 3"), "{found}");
        let found = plan("breakdowns = [[\"grade\"],\n[\"profession\", \"grade\"]]").unwrap_err();
        assert_eq!(found.line, 3);
        let found = plan("breakdowns = [\n[\"zone\",\n\"zone\"]]").unwrap_err();
        assert_eq!((found.line, found.value.as_str()), (4, "\"zone\""));
        let found = plan("measures = [\n\"supply_fte\",\n\"supply_fte\"]").unwrap_err();
        assert_eq!((found.line, found.value.as_str()), (4, "\"supply_fte\""));
        assert_eq!(found.hint, "delete one of the two");
    }

    #[test]
    fn from_goes_with_zone() {
        for (keys, fine) in [
            ("[\"zone\", \"from\"]", true),
            ("[\"from\", \"profession\", \"zone\"]", true),
            ("[\"from\"]", false),
            ("[\"profession\", \"from\"]", false),
            ("[\"grade\", \"zone\", \"from\"]", false),
            ("[\"sector\", \"zone\", \"from\"]", false),
        ] {
            let found = plan(&format!("breakdowns = [[],\n{keys}]"));
            assert_eq!(found.is_ok(), fine, "{keys}");
            if let Err(problem) = found {
                assert_eq!((problem.line, problem.value.as_str()), (3, keys));
                assert!(problem.message.contains("goes with \"zone\""), "{problem}");
            }
        }
    }

    #[test]
    fn empty_lists_are_told() {
        for key in ["breakdowns", "measures"] {
            let found = plan(&format!("{key} = []")).unwrap_err();
            assert_eq!(
                (found.line, found.key.as_str(), found.value.as_str()),
                (2, key, "[]")
            );
        }
    }

    #[test]
    fn breakdowns_keep_their_keys() {
        let plan = plan("breakdowns = [[\"zone\", \"profession\"], [], [\"grade\"]]").unwrap();
        let keys: Vec<_> = plan.breakdowns.iter().copied().map(keys_of).collect();
        assert_eq!(
            keys,
            [
                vec!["profession", "zone"],
                vec![],
                vec!["profession", "grade"]
            ]
        );
        let written = serde_json::to_value(&plan).unwrap();
        assert_eq!(written["breakdowns"], serde_json::to_value(&keys).unwrap());
    }

    #[test]
    fn the_keys_are_those_of_the_output_columns() {
        assert_eq!(BREAKDOWN_KEYS, crate::tallies::layout::KEYS);
        let all = breakdown(&[
            BreakdownKey::Grade,
            BreakdownKey::Sector,
            BreakdownKey::Zone,
            BreakdownKey::From,
        ]);
        assert_eq!(keys_of(all), BREAKDOWN_KEYS);
    }
}
