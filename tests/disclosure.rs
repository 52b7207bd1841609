//! Attacks on what disclosure control leaves: random linked tables are protected and then solved for
//! the bounds of every small hidden cell by linear programming. With the control nothing is found;
//! with small cells hidden alone, much is. So is a file as it is released, of the embedded country.

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use stabil::disclosure::{Cell, Dimension, Frame, protect};
use stabil::evidence::DataFolder;
use stabil::parameters::ModelData;
use std::collections::BTreeMap;

const MINIMUM: f64 = 5.0;

/// A dimension of atoms in groups: everything, the groups, the atoms, and a union across groups.
fn dimension(groups: &[usize], with_union: bool) -> Dimension {
    let atoms: usize = groups.iter().sum();
    let mut categories = vec![(0..atoms).collect::<Vec<usize>>()];
    let mut first = 0;
    for size in groups {
        if *size > 1 && *size < atoms {
            categories.push((first..first + size).collect());
        }
        first += size;
    }
    if atoms > 1 {
        categories.extend((0..atoms).map(|atom| vec![atom]));
    }
    if with_union && atoms > 3 {
        categories.push((0..atoms).step_by(2).collect());
    }
    Dimension { atoms, categories }
}

/// The frame of which these breakdowns are printed: each says by which dimensions.
fn frame(dimensions: Vec<Dimension>, atoms: Vec<f64>, breakdowns: &[Vec<bool>]) -> Frame {
    let mut frame = Frame {
        dimensions,
        cells: Vec::new(),
        atoms,
    };
    let mut keys: Vec<Vec<usize>> = Vec::new();
    for breakdown in breakdowns {
        let mut all = vec![Vec::new()];
        for (own, by) in frame.dimensions.iter().zip(breakdown) {
            let count = if *by { own.categories.len() } else { 1 };
            all = all
                .iter()
                .flat_map(|start: &Vec<usize>| (0..count).map(|key| [&start[..], &[key]].concat()))
                .collect();
        }
        keys.extend(all);
    }
    keys.sort();
    keys.dedup();
    for own in keys {
        let value = frame.sum(&own);
        frame.cells.push(Cell {
            keys: own,
            value,
            is_small: value > 0.0 && value < MINIMUM,
        });
    }
    frame
}

/// The least and most that a hidden cell can hold, as far as the printed cells tell.
fn bounds(frame: &Frame, hidden: &[bool], target: usize) -> (f64, f64) {
    let solve = |direction| {
        let mut problem = Problem::new(direction);
        let inside: Vec<usize> = members(frame, target);
        let variables: Vec<Variable> = (0..frame.atoms.len())
            .map(|atom| {
                let weight = f64::from(u8::from(inside.contains(&atom)));
                problem.add_var(weight, (0.0, f64::INFINITY))
            })
            .collect();
        for (at, cell) in frame.cells.iter().enumerate() {
            if !hidden[at] {
                let sum: Vec<(Variable, f64)> = members(frame, at)
                    .into_iter()
                    .map(|atom| (variables[atom], 1.0))
                    .collect();
                problem.add_constraint(&sum[..], ComparisonOp::Eq, cell.value);
            }
        }
        match problem.solve() {
            Ok(outcome) => outcome.solution().expect("no limit of time").objective(),
            Err(microlp::Error::Unbounded) => f64::INFINITY,
            Err(error) => panic!("the truth itself is a solution: {error}"),
        }
    };
    (
        solve(OptimizationDirection::Minimize),
        solve(OptimizationDirection::Maximize),
    )
}

fn members(frame: &Frame, cell: usize) -> Vec<usize> {
    let all = frame.members(&frame.cells[cell].keys);
    all.iter().map(|atoms| frame.index(atoms)).collect()
}

/// Small cells whose interval is narrower than the rule allows.
fn found(frame: &Frame, hidden: &[bool]) -> Vec<(usize, f64, f64)> {
    (0..frame.cells.len())
        .filter(|at| frame.cells[*at].is_small)
        .filter_map(|at| {
            let (low, high) = bounds(frame, hidden, at);
            let is_narrow = !hidden[at] || high - low < MINIMUM - 1e-6;
            is_narrow.then_some((at, low, high))
        })
        .collect()
}

fn persons() -> impl Strategy<Value = f64> {
    prop_oneof![
        2 => Just(0.0),
        3 => (1_u32..5).prop_map(f64::from),
        3 => (5_u32..20).prop_map(f64::from),
        2 => (20_u32..400).prop_map(f64::from),
    ]
}

/// Two or three dimensions and some of the breakdowns by them.
fn tables() -> impl Strategy<Value = Frame> {
    let groups = || prop::collection::vec(1_usize..4, 1..4);
    let dimensions = prop::collection::vec((groups(), any::<bool>()), 2..4);
    let breakdowns = prop::collection::vec(prop::collection::vec(any::<bool>(), 3), 1..5);
    (dimensions, breakdowns)
        .prop_map(|(own, breakdowns)| {
            let own: Vec<Dimension> = own.iter().map(|(g, u)| dimension(g, *u)).collect();
            (own, breakdowns)
        })
        .prop_filter("small enough to be solved often", |(own, _)| {
            own.iter().map(|one| one.atoms).product::<usize>() <= 100
        })
        .prop_flat_map(|(own, breakdowns)| {
            let size: usize = own.iter().map(|one| one.atoms).product();
            (
                Just(own),
                Just(breakdowns),
                prop::collection::vec(persons(), size),
            )
        })
        .prop_map(|(own, breakdowns, atoms)| {
            let width = own.len();
            let mut chosen: Vec<Vec<bool>> =
                breakdowns.iter().map(|one| one[..width].to_vec()).collect();
            chosen.push(vec![false; width]);
            frame(own, atoms, &chosen)
        })
}

#[test]
fn linear_programming_finds_nothing_with_control_and_much_without() {
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(Default::default()),
    );
    let (mut small, mut found_without, mut hidden_cells, mut cells) = (0, 0, 0, 0);
    for _ in 0..150 {
        let frame = tables().new_tree(&mut runner).unwrap().current();
        let alone: Vec<bool> = frame.cells.iter().map(|cell| cell.is_small).collect();
        let hidden = protect(&frame, MINIMUM, Vec::new());
        let leaks = found(&frame, &hidden);
        assert!(leaks.is_empty(), "{leaks:?} in {frame:?}");
        small += alone.iter().filter(|own| **own).count();
        found_without += found(&frame, &alone).len();
        hidden_cells += hidden.iter().filter(|own| **own).count();
        cells += frame.cells.len();
    }
    eprintln!(
        "{cells} cells, {small} small, {hidden_cells} hidden; without complements {found_without} found"
    );
    assert!(small > 500, "{small} small cells say little");
    assert!(found_without * 5 > small, "{found_without} of {small}");
    assert!(hidden_cells < cells, "all is hidden");
}

#[test]
fn a_cell_that_follows_by_subtraction_takes_others_with_it() {
    // One row of a large and a small number under a printed total.
    let atoms = vec![3.0, 40.0, 60.0];
    let one = Dimension {
        atoms: 1,
        categories: vec![vec![0]],
    };
    let frame = frame(
        vec![dimension(&[1, 1, 1], false), one],
        atoms,
        &[vec![false, false], vec![true, false]],
    );
    let hidden = protect(&frame, MINIMUM, Vec::new());
    let names: Vec<(f64, bool)> = frame
        .cells
        .iter()
        .zip(&hidden)
        .map(|(cell, hidden)| (cell.value, *hidden))
        .collect();
    assert_eq!(
        names,
        [(103.0, false), (3.0, true), (40.0, true), (60.0, false)]
    );
}

#[test]
fn nothing_small_hides_nothing() {
    let frame = frame(
        vec![dimension(&[2, 2], true), dimension(&[3], false)],
        vec![7.0; 12],
        &[vec![true, true], vec![true, false], vec![false, true]],
    );
    assert!(protect(&frame, MINIMUM, Vec::new()).iter().all(|own| !own));
}

/// A row of a table of bands.
type Printed = BTreeMap<(String, String), f64>;

/// The persons of the base year by profession and zone that a run of the embedded country prints,
/// in simulated persons, under this rule.
fn printed(rule: &str) -> Printed {
    const SCALE: f64 = 0.05;
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "name = \"release\"\nscale = {SCALE}\nuntil = 2020\nseeds = 1\nmeasures = [\"persons\"]\n\
         breakdowns = [[], [\"profession\"], [\"zone\"], [\"profession\", \"zone\"]]\n{rule}"
    );
    std::fs::write(folder.path().join("release.toml"), text).unwrap();
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("stabil");
    command
        .args(["run", "release.toml", "--quiet", "--out", "out"])
        .current_dir(folder.path());
    command.assert().success();
    let mut rows = csv::Reader::from_path(folder.path().join("out/bands.csv")).unwrap();
    let rows = rows
        .deserialize()
        .map(Result::<BTreeMap<String, String>, _>::unwrap);
    let own = rows.filter(|row| row["year"] == "2019" && row["measure"] == "persons");
    own.map(|row| {
        let mean: f64 = row["mean"].parse().unwrap();
        let keys = (row["profession"].clone(), row["zone"].clone());
        (keys, (mean * SCALE).round())
    })
    .collect()
}

/// The attack of someone who has the file that was released, and knows which professions, zones and
/// unions there are.
#[test]
fn the_embedded_countrys_release_withstands_the_attack() {
    let data = ModelData::read(DataFolder::Embedded, None).unwrap();
    let truth = printed("");
    let released = printed("[disclosure]\nminimum = 5\n");
    let lists = &data.classification.professions;
    let professions: Vec<String> = lists.iter().map(|own| own.id.clone()).collect();
    let zones: Vec<String> = data.zones.zones.iter().map(|own| own.id.clone()).collect();
    let mut areas: Vec<(String, Vec<usize>)> = vec![("all".into(), (0..zones.len()).collect())];
    areas.extend(zones.iter().cloned().zip((0..).map(|zone| vec![zone])));
    for union in data.zones.unions() {
        if !areas.iter().any(|own| own.0 == union.0) {
            areas.push(union);
        }
    }
    let area = Dimension {
        atoms: zones.len(),
        categories: areas.iter().map(|own| own.1.clone()).collect(),
    };
    let trade = dimension(&[professions.len()], false);
    let value = |own: &Printed, trade: usize, area: usize| {
        let profession = trade
            .checked_sub(1)
            .map_or("all", |at| professions[at].as_str());
        own.get(&(profession.to_string(), areas[area].0.clone()))
            .copied()
    };
    // Nobody is without a profession, or the total would hold more than its parts.
    let size = professions.len() * zones.len();
    let mut whole = frame(vec![trade, area], vec![0.0; size], &[vec![true, true]]);
    let mut hidden = Vec::new();
    let mut alone = Vec::new();
    for cell in &mut whole.cells {
        let known = value(&truth, cell.keys[0], cell.keys[1]);
        cell.value = known.unwrap_or(0.0);
        cell.is_small = cell.value > 0.0 && cell.value < MINIMUM;
        let told = value(&released, cell.keys[0], cell.keys[1]);
        hidden.push(told.is_none() && known.is_some());
        alone.push(cell.is_small);
        assert!(told.is_none() || told == known, "{:?}", cell.keys);
    }
    let small: Vec<usize> = (0..whole.cells.len())
        .filter(|at| whole.cells[*at].is_small)
        .collect();
    let told = hidden.iter().filter(|own| !**own).count();
    assert!(small.len() > 20 && told > 300, "{} {told}", small.len());
    let chosen: Vec<usize> = small.iter().copied().step_by(small.len() / 20).collect();
    let narrow = |hidden: &[bool]| -> Vec<(usize, f64, f64)> {
        let bounds = chosen.iter().map(|at| (*at, bounds(&whole, hidden, *at)));
        let all = bounds.map(|(at, (low, high))| (at, low, high));
        all.filter(|(at, low, high)| !hidden[*at] || high - low < MINIMUM - 1e-6)
            .collect()
    };
    let leaks = narrow(&hidden);
    assert!(leaks.is_empty(), "{leaks:?}");
    let without = narrow(&alone).len();
    eprintln!(
        "{} cells, {} small, {told} told; of {} attacked none is found, {without} without complements",
        whole.cells.len(),
        small.len(),
        chosen.len()
    );
    assert!(without > 0, "the attack finds nothing that it should find");
}
