//! Another country: an invented one with three zones, two professions and a few thousand people,
//! in a data folder of the ordinary form. What works there does not depend on Norway's names.

mod support;

use stabil::bands::Bands;
use stabil::evidence::DataFolder;
use stabil::parameters::{ModelData, Scope};
use stabil::report::csv_file::write_csv;
use stabil::runs::work::{Progress, Run, ensemble};
use stabil::runs::{checks, laws};
use stabil::tallies::flow::FLOWS;
use stabil::tallies::{Flow, Ledger, Plan};
use stabil::words::Year;
use std::collections::BTreeSet;

const UNTIL: Year = 2035;

fn ran(plan: &Plan) -> Vec<Run> {
    ensemble(support::tiny(), plan, 1..4, UNTIL, &Progress::default())
}

#[test]
fn the_folder_holds_three_zones_and_two_professions() {
    let model = support::tiny();
    let lists = &model.data.classification;
    let zones: Vec<&str> = model
        .data
        .zones
        .zones
        .iter()
        .map(|z| z.id.as_str())
        .collect();
    assert_eq!(
        zones,
        ["meadowland_town", "meadowland_hills", "meadowland_shore"]
    );
    let groups: BTreeSet<usize> = model.data.zones.zones.iter().map(|z| z.group).collect();
    assert_eq!(
        groups.len(),
        3,
        "each zone is a centrality group of its own"
    );
    let professions: Vec<(&str, Scope, usize)> = lists
        .professions
        .iter()
        .map(|p| (p.id.as_str(), p.scope, p.grade.len()))
        .collect();
    assert_eq!(
        professions,
        [
            ("herb_doctor", Scope::Educated, 2),
            ("helper", Scope::Employed, 1)
        ]
    );
    assert_eq!(lists.country_groups.len(), 2);
    let number = model.base.population.people().count();
    assert!((3_000..9_000).contains(&number), "{number} people");
}

#[test]
fn the_ensemble_runs_and_everybody_is_somewhere() {
    let plan = support::outputs(support::tiny(), UNTIL);
    let runs = ran(&plan);
    assert_eq!(runs.len(), 3);
    let layout = &plan.layout;
    let at = |measure: &str, profession: &str, zone: &str| {
        layout
            .find(measure, profession, "all", "all", zone)
            .unwrap_or_else(|| panic!("no cell {measure} {profession} {zone}"))
    };
    let zones = ["meadowland_town", "meadowland_hills", "meadowland_shore"];
    for run in &runs {
        for year in 0..layout.years.len() {
            let value = |cell: usize| run.values.values[layout.index(year, cell)];
            for profession in ["herb_doctor", "helper"] {
                let all = value(at("persons", profession, "all"));
                let in_zones: f64 = zones
                    .iter()
                    .map(|zone| value(at("persons", profession, zone)))
                    .sum();
                assert_eq!(all, in_zones, "the zones add up to the country");
                // A country that was set up in rough balance neither dies out nor bursts.
                let fte = value(at("supply_fte", profession, "all"));
                let base = run.values.values[at("supply_fte", profession, "all")];
                let kept = fte / base;
                assert!((0.5..2.0).contains(&kept), "{profession}: {fte} of {base}");
            }
        }
    }
    let same = runs[0].values.values == runs[1].values.values;
    assert!(!same, "two seeds gave the same run");
}

#[test]
fn nobody_appears_or_vanishes() {
    for seed in 1..=3 {
        let lines = laws::conservation(support::tiny(), seed, UNTIL, |_| ());
        assert_eq!(lines.len(), 3 * usize::from(UNTIL - support::BASE_YEAR));
        let failing: Vec<_> = lines.iter().filter(|line| !line.passes()).collect();
        assert!(failing.is_empty(), "{failing:#?}");
    }
}

#[test]
fn the_base_year_is_what_the_folder_says() {
    let lines = checks::base(support::tiny()).expect("the folder is complete");
    let supply: Vec<_> = lines
        .iter()
        .filter(|line| line.margin.starts_with("supply FTE"))
        .collect();
    assert_eq!(supply.len(), 2);
    for line in &supply {
        assert!(line.evidence >= 1_000.0, "{line:?}");
        let missed = line.difference().abs() / line.evidence;
        assert!(missed <= checks::FTE_TOLERANCE, "{line:?}");
    }
    let failing: Vec<_> = lines.iter().filter(|line| !line.passes()).collect();
    assert!(failing.is_empty(), "{failing:#?}");
}

/// In sixteen years and a few thousand lives everything happens that can happen. Nobody leaves a
/// job to study, since the only further education is beside the job; and the labour market answers
/// nobody, since posts are no limit to supply.
#[test]
fn every_kind_of_event_happens() {
    let model = support::tiny();
    let mut counts = [0u64; FLOWS];
    let mut lives = support::Lives::begin(model, 1);
    let zones = model.data.zones.len();
    let mut ledger = Ledger::open(&model.rules, zones, &lives.walk.population, 2019, 16);
    while lives.walk.year < UNTIL {
        ledger.begin_year();
        lives.next(&mut ledger);
        for flows in ledger.flows.chunks_exact(FLOWS) {
            for (count, flow) in counts.iter_mut().zip(flows) {
                *count += u64::from(*flow);
            }
        }
    }
    let never: Vec<&str> = Flow::ALL
        .iter()
        .filter(|flow| counts[**flow as usize] == 0)
        .map(|flow| flow.id())
        .collect();
    let told = [Flow::ToEducation, Flow::TurnedAway, Flow::Unguided].map(Flow::id);
    assert_eq!(never, told, "what never happened");
}

/// The ladder is climbed by those who have been on its first step for four years, and only those.
#[test]
fn the_ladder_takes_four_years() {
    let model = support::tiny();
    let mut lives = support::Lives::begin(model, 5);
    let (mut climbed, mut evening) = (0, 0);
    while lives.walk.year < UNTIL {
        let mut diary = support::Diary::default();
        lives.next(&mut diary);
        for event in &diary.events {
            match (event.before.grade, event.after.grade) {
                (0, 1) => {
                    let held = event.after.grade_since - event.before.grade_since;
                    assert!(held >= 4, "{event:?}");
                    climbed += 1;
                }
                (2, 0) => {
                    let studied = event.after.qualified - event.before.study_since;
                    assert!(event.qualified && (2..=4).contains(&studied), "{event:?}");
                    evening += 1;
                }
                // Students hold grade 3, which is none.
                (before, after) => assert!(
                    before == after || (before, after) == (3, 0),
                    "from grade {before} to {after}"
                ),
            }
        }
    }
    assert!(climbed > 100 && evening > 100, "{climbed}, {evening}");
}

#[test]
fn norways_names_do_not_occur() {
    let norway = ModelData::read(DataFolder::Embedded, None).expect("the embedded data are sound");
    let lists = &norway.classification;
    let mut names: BTreeSet<&str> = lists.profession_ids().collect();
    names.extend(lists.grades.iter().map(|grade| grade.id.as_str()));
    names.extend(lists.programmes.iter().map(|p| p.id.as_str()));
    names.extend(lists.country_groups.iter().map(|group| group.id.as_str()));
    names.extend(norway.zones.zones.iter().map(|zone| zone.id.as_str()));
    names.extend(norway.zones.zones.iter().map(|zone| zone.area.as_str()));
    assert!(names.contains("nurse") && names.contains("nursing") && names.contains("oslo"));
    let plan = support::outputs(support::tiny(), UNTIL);
    let values: Vec<_> = ran(&plan).into_iter().map(|run| run.values).collect();
    let bands = Bands::of("tiny", plan.layout, &values);
    let mut file = Vec::new();
    let rows = write_csv(&[&bands], &mut file).expect("memory takes all bytes");
    assert!(rows > 1_000, "{rows} rows");
    let text = String::from_utf8(file).expect("a CSV file is text");
    assert!(text.contains(",herb_doctor,master_herb_doctor,"));
    let found: BTreeSet<&str> = text
        .split([',', '\n'])
        .filter(|word| names.contains(word))
        .collect();
    assert!(found.is_empty(), "names of Norway: {found:?}");
}
