//! Run files as they are written: what they hold, and its schema.

use super::calibrated::Values;
use super::manual::Manual;
use super::scenario::Scenario;
use super::variant::Variant;
use crate::disclosure::Rule;
use crate::engine::closure::{Closure, Surplus};
use crate::need::Request;
use crate::parameters::Levers;
use crate::parameters::policy::Effects;
use crate::words::Year;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// First years that a run can have.
pub const STARTS: RangeInclusive<Year> = 2000..=2059;
/// Last years that a run can have.
pub const UNTILS: RangeInclusive<Year> = 2020..=2060;
/// Scales that a run can have: simulated people per real person.
pub const SCALES: RangeInclusive<f64> = 0.01..=40.0;
/// Numbers of seeds that a run can have.
pub const SEEDS: RangeInclusive<u32> = 1..=100_000;
/// Numbers of draws that a run can ask for; a posterior may have fewer.
pub const DRAWS: RangeInclusive<u32> = 0..=10_000;
/// Seeds that a run can begin with. The end is what every reader of JSON still holds exactly.
pub const FIRST_SEEDS: RangeInclusive<u64> = 0..=1_000_000_000_000_000;

/// A run of the model: what is simulated and what is reported.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "stabil run file")]
pub struct RawRun {
    /// Short name of the run: small letters, digits, - and _. Results are filed under it.
    #[schemars(regex(pattern = r"^[a-z0-9][a-z0-9_-]{0,59}$"))]
    pub name: String,
    /// Title in Norwegian (bokmål), for reports.
    pub title_nb: Option<String>,
    /// Title in English, for reports.
    pub title_en: Option<String>,
    /// The base year: everybody's career is taken up on 1 December of it.
    #[serde(default = "default_start")]
    #[schemars(range(min = *STARTS.start(), max = *STARTS.end()))]
    pub start: Year,
    /// The last year.
    #[serde(default = "default_until")]
    #[schemars(range(min = *UNTILS.start(), max = *UNTILS.end()))]
    pub until: Year,
    /// Simulated people per real person: 1 simulates everybody, 0.1 one in ten.
    #[serde(default = "default_scale")]
    #[schemars(range(min = *SCALES.start(), max = *SCALES.end()))]
    pub scale: f64,
    /// How many draws of the parameters from the fit to the targets, each simulated with all seeds;
    /// 0 takes the centre of the fit alone.
    #[serde(default)]
    #[schemars(range(min = *DRAWS.start(), max = *DRAWS.end()))]
    pub draws: u32,
    /// How many times the years are simulated, in each draw, each time with another seed.
    #[serde(default = "default_seeds")]
    #[schemars(range(min = *SEEDS.start(), max = *SEEDS.end()))]
    pub seeds: u32,
    /// The first seed; the others follow it.
    #[serde(default = "default_first_seed")]
    #[schemars(range(min = *FIRST_SEEDS.start(), max = *FIRST_SEEDS.end()))]
    pub first_seed: u64,
    /// The zone scheme of the data folder by which places are grouped.
    #[serde(default = "default_zones")]
    pub zones: String,
    /// What the results are broken down by, each time a list of keys; the empty list is the total.
    #[serde(default = "default_breakdowns")]
    #[schemars(length(min = 1))]
    pub breakdowns: Vec<Vec<BreakdownKey>>,
    /// What is measured: "all", or a list of measures.
    #[serde(default = "default_measures")]
    pub measures: RawMeasures,
    /// Where the parameters' values come from: "calibrated", the centre of the fit to the targets,
    /// or "evidence", as the evidence gives them before any fit.
    #[serde(default)]
    pub parameters: Values,
    /// How the labour market is closed (lukking av arbeidsmarkedet): "supply" lets whoever wants a
    /// job have one, "vacancy" lets posts follow need.
    #[serde(default)]
    pub closure: Closure,
    /// What becomes of applicants when the posts are taken; only with closure = "vacancy".
    #[serde(default)]
    pub surplus: Surplus,
    /// The need for FTE: a scenario, and what is to differ from it.
    #[serde(default)]
    pub need: Request,
    /// Unions of zones of the user's own: a name, and the zones and unions in it.
    #[serde(default)]
    pub unions: BTreeMap<String, Vec<String>>,
    /// Questions about places with few people: how likely it is that there are too few.
    #[serde(default)]
    pub risk: Vec<RiskQuestion>,
    /// Levers (virkemidler) on who comes in.
    #[serde(default)]
    pub levers: Levers,
    /// Disclosure control (avsløringskontroll) of the results; in use by default where the data folder
    /// holds microdata.
    pub disclosure: Option<Rule>,
    /// Policy files (tiltaksfiler) of the user's own, by their paths from the run file.
    #[serde(default)]
    pub policy_files: Vec<String>,
    /// Which sizes the effects of policies have: "drawn" anew for every seed (for every draw, where
    /// there are draws), or "central".
    #[serde(default)]
    pub effects: Effects,
    /// Scenarios (scenarier): each is the run with policies and levers laid over it.
    #[serde(default)]
    pub scenario: Vec<Scenario>,
    /// Structural variants (strukturelle varianter): each is the run with another view of how the
    /// world works. All draws, seeds and scenarios are simulated under each.
    #[serde(default)]
    pub variant: Vec<Variant>,
    /// Parameters set by hand (manuell overstyring), in every draw, with who set them, when and why.
    #[serde(default, rename = "override")]
    pub manual: Vec<Manual>,
}

/// A question about places with few people (risiko i små fagmiljøer), asked of each of its
/// professions in each of its zones: how likely is it that too few are at work?
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RiskQuestion {
    /// Professions.
    #[schemars(length(min = 1))]
    pub professions: Vec<String>,
    /// The sector: "municipal", "hospital" or "other_health"; all of health care if left out.
    pub sector: Option<String>,
    /// Zones and unions of zones.
    #[schemars(length(min = 1))]
    pub zones: Vec<String>,
    /// Too few are fewer persons than this, 0 to 100,000.
    #[schemars(range(min = 0, max = 100_000))]
    pub fewer_than: u32,
    /// Understaffed is where the FTE at work are less than this share of the need, 0 to 2.
    #[serde(default = "default_understaffed_below")]
    #[schemars(range(min = 0.0, max = 2.0))]
    pub understaffed_below: f64,
}

/// Something that results can be broken down by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BreakdownKey {
    /// The profession.
    Profession,
    /// The grade on the profession's ladder.
    Grade,
    /// The sector of the job.
    Sector,
    /// The zone of work and residence.
    Zone,
    /// Where people in health jobs of the zone came from; only with zone.
    From,
}

/// What is measured, as written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum RawMeasures {
    /// Everything there is.
    All(AllMeasures),
    /// These measures only.
    These(Vec<String>),
}

/// The word for every measure there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AllMeasures {
    /// Everything there is.
    All,
}

/// The words for [`BreakdownKey`], in the order of outputs.
pub const BREAKDOWN_KEYS: [&str; 5] = ["profession", "grade", "sector", "zone", "from"];

fn default_start() -> Year {
    2019
}

fn default_until() -> Year {
    2040
}

fn default_scale() -> f64 {
    1.0
}

fn default_seeds() -> u32 {
    20
}

fn default_first_seed() -> u64 {
    1
}

fn default_zones() -> String {
    "county_group".to_string()
}

fn default_breakdowns() -> Vec<Vec<BreakdownKey>> {
    use BreakdownKey::{From, Grade, Profession, Sector, Zone};
    vec![
        vec![],
        vec![Profession],
        vec![Profession, Grade],
        vec![Profession, Sector],
        vec![Sector],
        vec![Zone],
        vec![Profession, Zone],
        vec![Sector, Zone],
        vec![Zone, From],
    ]
}

fn default_understaffed_below() -> f64 {
    0.9
}

fn default_measures() -> RawMeasures {
    RawMeasures::All(AllMeasures::All)
}

/// The JSON Schema of run files, for editors and other programs.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(RawRun).to_value()
}
