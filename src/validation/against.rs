//! The rungs of the base run: fitted targets, facts kept back, the national projection.
//!
//! The nurse path is told in prose beside table 2.2: about 13,000 FTE more in 2030 than in 2019
//! (nou_projections_0342), about 8,000 more from 2030 to 2040 (nou_projections_0343). All-staff
//! FTE of 2019 and 2021: nou_workforce_0092, nou_workforce_0094 (municipal), nou_workforce_0103,
//! nou_workforce_0105 (hospital).

use super::ladder::{BAND, Demand, Line, Rung, START, UNTIL};
use super::points::Said;
use crate::bands::quantile::quantile;
use crate::bands::scores::{LEVELS, below, coverage, crps, mean};
use crate::calibration::Target;
use crate::calibration::targets::{Bound, Change, Errors, Quantity, Use};
use crate::parameters::ModelData;
use crate::runs::Model;
use crate::runs::need_check::printed;
use crate::words::Year;
use std::collections::BTreeMap;

/// Least share of fitted targets that have the model's mean in their 95 % band. Errors are
/// standard errors, so that 95 % would if they were all of it; half as many misses again are
/// allowed for facts that contradict each other.
pub const FITTED: f64 = 0.90;
/// Least coverage of kept-back facts by the model's 95 % intervals. Honest intervals would cover
/// under 80 % of 37 facts with independent errors 4 times in 10,000 (binomial); facts from one
/// survey or register share their errors, and if they count for a third as many, twice in 100.
/// Intervals that in truth cover 60 % would pass 5 times in 1,000, or, of a third as many facts, up
/// to 8 times in 100.
pub const KEPT_BACK: f64 = 0.80;
/// Least number of professions whose 95 % band holds the national projection's figure, of 14; for
/// other lists of professions the same share.
pub const PROFESSIONS: f64 = 11.0;
/// Of how many.
const OF: f64 = 14.0;
/// Most median width of those bands over the model's mean: a band that holds everything says
/// nothing.
pub const WIDTH: f64 = 0.5;

/// Profession whose path the source tells.
const PATH: &str = "nurse";
/// The years of that path.
const PATH_YEARS: [Year; 3] = [START, 2030, UNTIL];

/// Targets beyond the folder's own, in an order that [`cross_model`] knows: supply in 2040 by
/// profession, the path of nurses where there are any, growth of the sectors 2019-2021.
pub fn asked(data: &ModelData) -> Vec<Target> {
    let professions = data.classification.professions.iter();
    let mut all: Vec<Target> = professions
        .map(|own| question(Some(&own.id), &[], &[UNTIL], None))
        .collect();
    for year in PATH_YEARS {
        let known = data.classification.professions.iter();
        let known = known.map(|own| own.id.as_str()).find(|id| *id == PATH);
        all.push(question(known, &[], &[year], None));
    }
    let sectors = ["municipal", "hospital"];
    let years = [START, START + 2];
    all.push(question(None, &sectors, &years, Some(Change::Growth)));
    all
}

/// A question about supply in FTE that no target asks.
fn question(
    profession: Option<&str>,
    sectors: &[&str],
    years: &[Year],
    change: Option<Change>,
) -> Target {
    Target {
        name: format!("asked_{}", profession.unwrap_or("all")),
        of: Quantity {
            measure: "supply_fte".into(),
            profession: profession.map(str::to_string),
            grade: None,
            sector: None,
            sectors: sectors.iter().map(|id| (*id).to_string()).collect(),
            zone: None,
        },
        over: None,
        years: years.to_vec(),
        change,
        ages: None,
        track: None,
        value: 0.0,
        bound: None,
        error: Errors {
            sampling: 1.0,
            definition: 0.0,
            age: 0.0,
        },
        family: String::new(),
        used: Use::Validate,
        facts: Vec::new(),
        reasoning: String::new(),
    }
}

/// A target as a line: the model's mean in its 95 % band.
fn line(target: &Target, sample: Vec<f64>) -> Line {
    let error = target.error.total();
    let demand = match target.bound {
        None => Demand::Within(BAND * error),
        Some(Bound::AtLeast) => Demand::AtLeast(target.value - BAND * error),
        Some(Bound::AtMost) => Demand::AtMost(target.value + BAND * error),
    };
    let score =
        (target.bound.is_none() && !sample.is_empty()).then(|| crps(&sample, error, target.value));
    let line = Line::of(&target.name, sample, target.value, demand);
    let off = (line.model.mean - target.value_for(line.model.mean)) / error;
    Line {
        crps: score,
        note: format!("{}, z {off:.1}", target.family),
        ..line
    }
}

/// The targets of a use as lines, and the samples of those that are values and no bounds.
fn lines(targets: &[Target], used: Use, said: &Said) -> Vec<Line> {
    let own = targets.iter().enumerate().filter(|(_, t)| t.used == used);
    own.map(|(number, target)| line(target, said.of(number)))
        .collect()
}

/// The rung of fitted targets.
pub fn fitted(targets: &[Target], said: &Said) -> Rung {
    let mut rung = Rung::new("targets", "Fitted targets");
    let lines = lines(targets, Use::Fit, said);
    if !lines.is_empty() {
        let inside = lines.iter().filter(|line| line.passes()).count();
        let share = inside as f64 / lines.len() as f64;
        let what = format!("share of {} targets within their 95 % band", lines.len());
        let line = Line::told(what, share).judged_by(Demand::AtLeast(FITTED));
        rung.lines.push(line.against(0.95));
    }
    rung.lines.extend(lines);
    rung
}

/// The rung of facts kept back.
pub fn kept_back(targets: &[Target], said: &Said) -> Rung {
    let mut rung = Rung::new("kept_back", "Facts kept back");
    let lines = lines(targets, Use::Validate, said);
    let values = || {
        let own = targets.iter().enumerate();
        own.filter(|(_, t)| t.used == Use::Validate && t.bound.is_none())
            .map(|(number, target)| (said.of(number), target))
            .filter(|(sample, _)| !sample.is_empty())
    };
    let shares: Vec<f64> = values()
        .map(|(sample, target)| below(&sample, target.error.total(), target.value))
        .collect();
    if !shares.is_empty() {
        for level in LEVELS {
            let what = format!(
                "coverage of {} facts by {:.0} % intervals",
                shares.len(),
                100.0 * level
            );
            let line = Line::told(what, coverage(&shares, level)).against(level);
            rung.lines.push(match level > 0.9 {
                true => line.judged_by(Demand::AtLeast(KEPT_BACK)),
                false => line,
            });
        }
        let scores = values().map(|(sample, target)| {
            let error = target.error.total();
            crps(&sample, error, target.value) / error
        });
        let line = Line::told("mean CRPS over the fact's standard error", mean(scores));
        let note = "0.56 if the model knew every fact but for that error";
        rung.lines.push(line.against(0.56).noted(note));
        let inside = lines.iter().filter(|line| line.passes()).count();
        let share = inside as f64 / lines.len() as f64;
        let what = format!(
            "share of {} facts, bounds too, with the mean in the band",
            lines.len()
        );
        rung.lines.push(Line::told(what, share).against(0.95));
        rung.notes.push(
            "Chosen before any fit and never moved. Intervals are of the model's draws spread by \
             the fact's error; bounds have no interval."
                .into(),
        );
    }
    rung.lines.extend(lines);
    rung
}

/// The rung of the national projection; `first` is the place of the first question [`asked`],
/// `differences` are those stated by profession.
pub fn cross_model(
    model: &Model,
    first: usize,
    said: &Said,
    differences: &BTreeMap<String, String>,
) -> Rung {
    let mut rung = Rung::new("cross_model", "Cross-model: HELSEMOD");
    let professions = &model.data.classification.professions;
    let supply = |id: &str, note| printed(model, "table 2.2", "supply_fte", id, "all", note);
    let mut told = Vec::new();
    let mut widths = Vec::new();
    let (mut now, mut then) = (0.0, 0.0);
    for (number, own) in professions.iter().enumerate() {
        let Some(reference) = supply(&own.id, "single supply path") else {
            continue;
        };
        then += reference;
        now += supply(&own.id, "").unwrap_or(f64::NAN);
        let what = format!("supply FTE {UNTIL}, {}", own.id);
        let line = Line::of(what, said.of(first + number), reference, Demand::Inside);
        let width = (line.model.p975 - line.model.p025) / line.model.mean;
        widths.push(width);
        let off = 100.0 * (line.model.mean / reference - 1.0);
        let stated = differences.get(&own.id);
        let why = match (line.passes(), stated) {
            (true, _) => String::new(),
            (false, Some(text)) => format!("; {text}"),
            (false, None) => "; no difference in assumptions is stated".into(),
        };
        told.push(line.noted(format!("{off:+.1} %, width {width:.2}{why}")));
    }
    if told.is_empty() {
        rung.notes
            .push("Nothing to compare: no table 2.2 among the facts.".into());
        return rung;
    }
    let inside = told.iter().filter(|line| line.passes()).count() as f64;
    let all = told.len() as f64;
    let wanted = (all * PROFESSIONS / OF).ceil();
    let what = format!("professions of {all} with HELSEMOD's {UNTIL} in the 95 % band");
    let line = Line::told(what, inside).against(all);
    rung.lines.push(line.judged_by(Demand::AtLeast(wanted)));
    widths.sort_by(f64::total_cmp);
    let line = Line::told(
        "median width of those bands over the mean",
        quantile(&widths, 0.5),
    );
    rung.lines.push(line.judged_by(Demand::AtMost(WIDTH)));
    let unexplained = told
        .iter()
        .filter(|l| !l.passes() && l.note.contains("; no diff"));
    let line = Line::told(
        "misses without a stated difference",
        unexplained.count() as f64,
    );
    rung.lines
        .push(line.against(0.0).judged_by(Demand::Within(0.0)));
    rung.lines.extend(told);
    let place = first + professions.len();
    path_lines(&mut rung, model, place, said);
    growth_lines(
        &mut rung,
        model,
        place + PATH_YEARS.len(),
        said,
        (now, then),
    );
    rung.notes.push(
        "Nothing is fitted to table 2.2. Bands are of parameters and of chance at this scale, \
         which is more chance than all of the country has."
            .into(),
    );
    rung
}

fn path_lines(rung: &mut Rung, model: &Model, place: usize, said: &Said) {
    let values: Vec<Vec<f64>> = (place..place + PATH_YEARS.len())
        .map(|number| said.of(number))
        .collect();
    for (number, fact) in ["nou_projections_0342", "nou_projections_0343"]
        .iter()
        .enumerate()
    {
        let Some(told) = model.data.facts.get(fact).and_then(|fact| fact.value) else {
            continue;
        };
        let ends = values[number].iter().zip(&values[number + 1]);
        let change = ends.map(|(from, to)| to - from).collect();
        let years = format!("{}-{}", PATH_YEARS[number], PATH_YEARS[number + 1]);
        let what = format!("{PATH}: more FTE {years}");
        rung.lines
            .push(Line::of(what, change, told, Demand::Inside));
    }
}

fn growth_lines(rung: &mut Rung, model: &Model, place: usize, said: &Said, ends: (f64, f64)) {
    let value = |id: &str| model.data.facts.get(id).and_then(|fact| fact.value);
    let sum = |one: &str, other: &str| Some(value(one)? + value(other)?);
    let (Some(from), Some(to)) = (
        sum("nou_workforce_0092", "nou_workforce_0103"),
        sum("nou_workforce_0094", "nou_workforce_0105"),
    ) else {
        return;
    };
    let observed = (to / from).sqrt() - 1.0;
    let years = format!("{START}-{}", START + 2);
    let what = format!("mean yearly growth of FTE {years}, municipal and hospital");
    let line = Line::of(what, said.of(place), observed, Demand::Inside);
    let note = "all staff; a base run can be aligned to these years, this one is not";
    rung.lines.push(line.noted(note));
    let span = 1.0 / f64::from(UNTIL - START);
    let path = (ends.1 / ends.0).powf(span) - 1.0;
    let what = format!("the same by HELSEMOD's mean growth {START}-{UNTIL}");
    let note = "the only years that its published path can be held against; by profession and \
                sector there is nothing to compare";
    rung.lines
        .push(Line::told(what, path).against(observed).noted(note));
}
