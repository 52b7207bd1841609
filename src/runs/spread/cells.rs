//! The output cells whose spread is told: a choice, because some of it takes time for each cell
//! and because few readers look at more.

use crate::tallies::{ALL, OutputCell};

/// The measures of the choice.
pub const MEASURES: [&str; 7] = [
    "supply_fte",
    "persons",
    "gap_fte",
    "need_fte",
    "turnover_municipal_broad",
    "turnover_municipal_narrow",
    "turnover_hospital_external",
];

/// The measures that drivers are ranked for.
const DRIVEN: [&str; 2] = ["supply_fte", "gap_fte"];

/// Is the spread of this cell told? Professions and all of them together, in the country and in
/// the groups of zones.
pub fn is_chosen(cell: &OutputCell, groups: &[String]) -> bool {
    let whole = [&cell.grade, &cell.sector, &cell.from];
    MEASURES.contains(&cell.measure.as_str())
        && whole.into_iter().all(|own| own == ALL)
        && (cell.zone == ALL || groups.contains(&cell.zone))
}

/// Are drivers ranked for this cell, which is among the choice?
pub fn is_driven(cell: &OutputCell) -> bool {
    DRIVEN.contains(&cell.measure.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(sector: &str, zone: &str, measure: &str) -> OutputCell {
        OutputCell {
            profession: "nurse".to_string(),
            grade: ALL.to_string(),
            sector: sector.to_string(),
            zone: zone.to_string(),
            from: ALL.to_string(),
            measure: measure.to_string(),
            unit: "fte",
        }
    }

    #[test]
    fn groups_of_zones_are_chosen_and_zones_are_not() {
        let groups = ["central".to_string(), "rural".to_string()];
        for (sector, zone, measure, chosen) in [
            (ALL, ALL, "supply_fte", true),
            (ALL, "rural", "persons", true),
            (ALL, "finnmark_rural", "supply_fte", false),
            ("hospital", ALL, "supply_fte", false),
            (ALL, ALL, "leavers", false),
        ] {
            assert_eq!(is_chosen(&cell(sector, zone, measure), &groups), chosen);
        }
        assert!(is_driven(&cell(ALL, ALL, "gap_fte")) && !is_driven(&cell(ALL, ALL, "persons")));
    }
}
