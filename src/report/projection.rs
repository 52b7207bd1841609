//! The national projection (HELSEMOD) beside the model: supply by profession, table 2.2.
//!
//! Facts: nou_projections_0067, nou_projections_0068, nou_projections_0070, nou_projections_0071,
//! nou_projections_0073, nou_projections_0074, nou_projections_0076, nou_projections_0077,
//! nou_projections_0079, nou_projections_0080, nou_projections_0082, nou_projections_0083,
//! nou_projections_0085, nou_projections_0086, nou_projections_0088, nou_projections_0089,
//! nou_projections_0091, nou_projections_0092, nou_projections_0094, nou_projections_0095,
//! nou_projections_0097, nou_projections_0098, nou_projections_0100, nou_projections_0101,
//! nou_projections_0103, nou_projections_0104, nou_projections_0106, nou_projections_0107 (by
//! profession, 2019 and 2040).

use crate::evidence::Facts;
use crate::words::Year;

/// Supply in FTE that the national projection gives for a profession in a year, if it does.
pub fn supply(facts: &Facts, profession: &str, year: Year) -> Option<f64> {
    let year = year.to_string();
    facts
        .ids()
        .filter_map(|id| facts.get(id))
        .find(|fact| {
            fact.quantity == "supply_fte"
                && fact.about[0] == profession
                && fact.about[5] == year
                && fact.locator.contains("table 2.2")
        })
        .and_then(|fact| fact.value)
}
