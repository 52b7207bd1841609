//! Observed series that a base run is aligned to: the data folder's `alignment.toml`.

use crate::parameters::ModelData;
use crate::parameters::table::toml_problem;
use crate::words::problem::line_of;
use crate::words::{Problem, Sector, Year};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// The file; a data folder without it has no series.
pub const FILE: &str = "alignment.toml";

/// The sectors whose growth is compared, in the order (municipal, hospital).
pub const GROWING: [Sector; 2] = [Sector::Municipal, Sector::Hospital];

/// What has been observed, by year.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// Narrow municipal turnover (smal turnover): share of last year's municipal staff gone from the
    /// sector, by year and profession number.
    pub municipal_narrow: BTreeMap<(Year, usize), f64>,
    /// Yearly growth of agreed FTE, all professions together, by year: municipal and hospital.
    pub sector_growth: BTreeMap<Year, [f64; 2]>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[allow(dead_code)]
    about: Option<String>,
    #[serde(default)]
    series: Vec<RawPoint>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPoint {
    kind: Spanned<Kind>,
    profession: Option<Spanned<String>>,
    sector: Option<Spanned<String>>,
    year: Spanned<Year>,
    value: Spanned<f64>,
    facts: Spanned<Vec<String>>,
    reasoning: Spanned<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    MunicipalNarrow,
    SectorGrowth,
}

/// Largest yearly growth or decline of a sector that is not taken for a slip of the pen.
const MOST_GROWTH: f64 = 0.5;

impl Series {
    /// Reads the series of a data folder; without the file there are none.
    ///
    /// # Errors
    /// A [`Problem`] for bad syntax, an unknown profession, sector or fact, a value out of range, a
    /// missing reason, a point given twice, or growth of one sector without the other's.
    pub fn read(data: &ModelData) -> Result<Series, Problem> {
        if !data.folder.has(FILE) {
            return Ok(Series::default());
        }
        Series::of_text(data, &data.folder.name(FILE), &data.folder.read(FILE)?)
    }

    /// The same from a text.
    ///
    /// # Errors
    /// As [`Series::read`].
    pub fn of_text(data: &ModelData, file: &str, text: &str) -> Result<Series, Problem> {
        let raw: RawFile =
            toml::from_str(text).map_err(|error| toml_problem(file, text, &error))?;
        let mut series = Series::default();
        let mut growth: BTreeMap<(Year, usize), (f64, usize)> = BTreeMap::new();
        for point in raw.series {
            let at = |message: &str, start: usize| {
                Problem::in_file(file, message).at(line_of(text, start))
            };
            point.check(data, &at)?;
            let year = *point.year.get_ref();
            let value = *point.value.get_ref();
            let start = point.kind.span().start;
            let before = match point.kind.get_ref() {
                Kind::MunicipalNarrow => {
                    let profession = point.profession(data, &at)?;
                    let key = (year, profession);
                    series.municipal_narrow.insert(key, value).is_some()
                }
                Kind::SectorGrowth => {
                    let sector = point.sector(&at)?;
                    growth.insert((year, sector), (value, start)).is_some()
                }
            };
            if before {
                return Err(at("the series has this year already", start)
                    .about("year", year.to_string())
                    .mend("delete one of the two"));
            }
        }
        for ((year, sector), (_, start)) in &growth {
            let of = |sector: usize| growth.get(&(*year, sector)).map(|(value, _)| *value);
            let (Some(municipal), Some(hospital)) = (of(0), of(1)) else {
                let other = GROWING[1 - sector].id();
                return Err(Problem::in_file(
                    file,
                    "growth of one sector says nothing without the other's: only the difference can \
                     be met",
                )
                .at(line_of(text, *start))
                .about("year", year.to_string())
                .mend(format!("give the growth of sector \"{other}\" in {year}")));
            };
            series.sector_growth.insert(*year, [municipal, hospital]);
        }
        Ok(series)
    }

    /// Is there nothing to align to?
    pub fn is_empty(&self) -> bool {
        self.last().is_none()
    }

    /// The last year observed, if any.
    pub fn last(&self) -> Option<Year> {
        let turnover = self.municipal_narrow.keys().map(|(year, _)| *year);
        turnover.chain(self.sector_growth.keys().copied()).max()
    }

    /// The narrow municipal turnover observed in a year, by profession number.
    pub fn turnover_in(&self, year: Year) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.municipal_narrow
            .range((year, 0)..=(year, usize::MAX))
            .map(|((_, profession), value)| (*profession, *value))
    }
}

impl RawPoint {
    fn check(&self, data: &ModelData, at: &impl Fn(&str, usize) -> Problem) -> Result<(), Problem> {
        let value = *self.value.get_ref();
        let (low, high, allowed) = match self.kind.get_ref() {
            Kind::MunicipalNarrow => (1e-6, 1.0 - 1e-6, "a turnover lies between 0 and 1"),
            Kind::SectorGrowth => (-MOST_GROWTH, MOST_GROWTH, "a growth lies from -0.5 to 0.5"),
        };
        if !(low..=high).contains(&value) {
            return Err(at(allowed, self.value.span().start).about("value", value.to_string()));
        }
        let year = *self.year.get_ref();
        if !(1900..=2100).contains(&year) {
            return Err(at("a year lies from 1900 to 2100", self.year.span().start)
                .about("year", year.to_string()));
        }
        let start = self.facts.span().start;
        if self.facts.get_ref().is_empty() {
            return Err(at("a series rests on facts", start)
                .about("facts", "[]")
                .mend("name the rows of evidence/facts.csv"));
        }
        for fact in self.facts.get_ref() {
            if data.facts.get(fact).is_none() {
                return Err(at("unknown fact", start)
                    .about("facts", fact.clone())
                    .nearest(fact, data.facts.ids()));
            }
        }
        if self.reasoning.get_ref().trim().len() < 20 {
            let start = self.reasoning.span().start;
            return Err(at("say why, in a sentence", start)
                .about("reasoning", self.reasoning.get_ref().clone()));
        }
        Ok(())
    }

    fn profession(
        &self,
        data: &ModelData,
        at: &impl Fn(&str, usize) -> Problem,
    ) -> Result<usize, Problem> {
        if let Some(sector) = &self.sector {
            return Err(at("turnover is municipal by its kind", sector.span().start)
                .about("sector", sector.get_ref().clone())
                .mend("leave sector out"));
        }
        let Some(profession) = &self.profession else {
            return Err(
                at("whose turnover it is, is missing", self.kind.span().start)
                    .about("profession", "")
                    .mend("add profession = \"...\""),
            );
        };
        let lists = &data.classification;
        let id = profession.get_ref().as_str();
        lists.profession(id).ok_or_else(|| {
            at("unknown profession", profession.span().start)
                .about("profession", id)
                .nearest(id, lists.profession_ids())
        })
    }

    fn sector(&self, at: &impl Fn(&str, usize) -> Problem) -> Result<usize, Problem> {
        if let Some(profession) = &self.profession {
            let start = profession.span().start;
            return Err(at("growth is of all professions together", start)
                .about("profession", profession.get_ref().clone())
                .mend("leave profession out"));
        }
        let Some(sector) = &self.sector else {
            return Err(
                at("the sector that grows is missing", self.kind.span().start)
                    .about("sector", "")
                    .mend("add sector = \"municipal\" or \"hospital\""),
            );
        };
        let id = sector.get_ref().as_str();
        let found = GROWING.iter().position(|growing| growing.id() == id);
        found.ok_or_else(|| {
            at(
                "only municipal and hospital staff can be balanced",
                sector.span().start,
            )
            .about("sector", id)
            .nearest(id, GROWING.map(|sector| sector.id()))
        })
    }
}
