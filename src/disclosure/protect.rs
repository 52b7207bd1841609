//! Complementary suppression: what else must be hidden so that small cells stay hidden.
//!
//! For each small cell a move of persons is looked for that no published figure would notice: some
//! come to one combination of atoms in the cell from another combination, and where a margin of a
//! dimension is published the same is done the other way round in another category of it: the
//! corners of a cube with alternating signs. All printed cells that the move would change are
//! hidden. The move itself is then the proof that the published figures allow the small cell to be
//! larger by what is moved: whoever solves for its bounds, by whatever means, finds an interval no
//! narrower. Of the moves that are possible (nobody is moved who is not there, and nobody to where
//! nobody is) that which hides least is taken; if one does not move enough, others are added.

use super::frame::Frame;
use std::collections::BTreeMap;

/// Combinations of atoms of a small cell that moves are tried from.
const STARTS: usize = 6;
/// Atoms of a dimension that persons are tried to be taken from.
const PARTNERS: usize = 8;

/// A move: who comes and goes by combination of atoms, the cells that notice, and how many persons
/// can be moved.
struct Move {
    corners: Vec<(usize, i8)>,
    noticed: Vec<(usize, i8)>,
    room: f64,
    cost: f64,
}

/// Which cells to hide so that each small one could hold `minimum` persons more. Cells that are
/// `hidden` from the start stay so.
pub fn protect(frame: &Frame, minimum: f64, mut hidden: Vec<bool>) -> Vec<bool> {
    hidden.resize(frame.cells.len(), false);
    let places = frame.places();
    let mut small: Vec<usize> = (0..frame.cells.len())
        .filter(|at| frame.cells[*at].is_small)
        .collect();
    for at in &small {
        hidden[*at] = true;
    }
    // The largest sums first: what they hide serves what is in them.
    small.sort_by(|a, b| {
        let value = |at: &usize| frame.cells[*at].value;
        value(b).total_cmp(&value(a)).then(a.cmp(b))
    });
    for at in small {
        let mut moved = Moved::default();
        while moved.sum + 1e-9 < minimum {
            let left = minimum - moved.sum;
            let found = best(frame, &places, at, left, &hidden, &moved);
            let own = found.unwrap_or_else(|| last_resort(frame, &places, at, left));
            for (cell, _) in &own.noticed {
                hidden[*cell] = true;
            }
            moved.add(&own, left.min(own.room));
        }
    }
    hidden
}

/// What has been moved for a cell so far.
#[derive(Default)]
struct Moved {
    sum: f64,
    atoms: BTreeMap<usize, f64>,
    cells: BTreeMap<usize, f64>,
}

impl Moved {
    fn add(&mut self, own: &Move, persons: f64) {
        self.sum += persons;
        for (atom, sign) in &own.corners {
            *self.atoms.entry(*atom).or_default() += f64::from(*sign) * persons;
        }
        for (cell, sign) in &own.noticed {
            *self.cells.entry(*cell).or_default() += f64::from(*sign) * persons;
        }
    }

    fn of(map: &BTreeMap<usize, f64>, at: usize) -> f64 {
        map.get(&at).copied().unwrap_or_default()
    }
}

/// The move for a small cell that hides least.
fn best(
    frame: &Frame,
    places: &BTreeMap<&[usize], usize>,
    at: usize,
    wanted: f64,
    hidden: &[bool],
    moved: &Moved,
) -> Option<Move> {
    let keys = &frame.cells[at].keys;
    let mut starts = frame.members(keys);
    let there = |own: &[usize]| frame.atoms[frame.index(own)];
    if starts.iter().any(|own| there(own) > 0.0) {
        starts.retain(|own| there(own) > 0.0);
    }
    starts.sort_by(|a, b| there(b).total_cmp(&there(a)).then(a.cmp(b)));
    starts.truncate(STARTS);
    let open: Vec<usize> = (0..keys.len())
        .filter(|own| !frame.dimensions[*own].is_whole(keys[*own]))
        .collect();
    let mut found: Option<Move> = None;
    for start in &starts {
        let partners: Vec<Vec<usize>> = open
            .iter()
            .map(|own| partners(frame, keys, start, *own, moved))
            .collect();
        for chosen in choices(&partners) {
            let from: Vec<(usize, usize)> = open
                .iter()
                .zip(&chosen)
                .filter_map(|(own, partner)| Some((*own, (*partner)?)))
                .collect();
            if from.is_empty() {
                continue;
            }
            let Some(mut own) = corners(frame, start, &from, moved) else {
                continue;
            };
            notice(frame, places, start, &from, moved, &mut own);
            if own.room < 1e-6 {
                continue;
            }
            own.room = own.room.min(wanted);
            let new = own.noticed.iter().filter(|(cell, _)| !hidden[*cell]);
            let lost: f64 = new.map(|(cell, _)| loss(frame, *cell)).sum();
            own.cost = (lost + 0.01) * (wanted / own.room);
            if found.as_ref().is_none_or(|best| own.cost < best.cost) {
                found = Some(own);
            }
        }
    }
    found
}

/// What hiding a cell loses: large ones are missed more.
fn loss(frame: &Frame, cell: usize) -> f64 {
    let whole = frame.cells[cell].keys.iter().zip(&frame.dimensions);
    let margins = whole.filter(|(key, own)| own.is_whole(**key)).count();
    frame.cells[cell].value.max(0.0).ln_1p() * 12.0_f64.powi(margins as i32) + 0.1
}

/// Atoms of a dimension that persons could come from: outside the cell, with persons to take.
fn partners(
    frame: &Frame,
    keys: &[usize],
    start: &[usize],
    dimension: usize,
    moved: &Moved,
) -> Vec<usize> {
    let own = &frame.dimensions[dimension];
    let inside = &own.categories[keys[dimension]];
    let mut other = start.to_vec();
    let mut able: Vec<(usize, f64, usize)> = (0..own.atoms)
        .filter(|atom| !inside.contains(atom))
        .filter_map(|atom| {
            other[dimension] = atom;
            let at = frame.index(&other);
            let left = frame.atoms[at] + Moved::of(&moved.atoms, at);
            let seen = own.changes(start[dimension], Some(atom)).len();
            (left > 1e-6).then_some((seen, -left, atom))
        })
        .collect();
    able.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
    // Half of them are those whose exchange the fewest categories notice, half the largest.
    let mut chosen: Vec<usize> = able.iter().take(PARTNERS / 2).map(|own| own.2).collect();
    able.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.2.cmp(&b.2)));
    for (_, _, atom) in able {
        if chosen.len() < PARTNERS && !chosen.contains(&atom) {
            chosen.push(atom);
        }
    }
    chosen
}

/// Every choice of one partner, or none, in each dimension.
fn choices(partners: &[Vec<usize>]) -> Vec<Vec<Option<usize>>> {
    let mut all = vec![Vec::new()];
    for own in partners {
        let each = || own.iter().copied().map(Some).chain([None]);
        let longer = |start: &Vec<Option<usize>>| {
            let start = start.clone();
            each().map(move |one| {
                let mut whole = start.clone();
                whole.push(one);
                whole
            })
        };
        all = all.iter().flat_map(longer).collect();
    }
    all
}

/// The corners of a move; nothing if persons would go to where nobody is.
fn corners(frame: &Frame, start: &[usize], from: &[(usize, usize)], moved: &Moved) -> Option<Move> {
    let mut own = Move {
        corners: Vec::new(),
        noticed: Vec::new(),
        room: f64::INFINITY,
        cost: 0.0,
    };
    for turned in 0..1_usize << from.len() {
        let mut atoms = start.to_vec();
        for (bit, (dimension, partner)) in from.iter().enumerate() {
            if turned >> bit & 1 == 1 {
                atoms[*dimension] = *partner;
            }
        }
        let at = frame.index(&atoms);
        let is_left = turned.count_ones() % 2 == 1;
        if turned > 0 && frame.atoms[at] <= 0.0 {
            return None;
        }
        if is_left {
            own.room = own.room.min(frame.atoms[at] + Moved::of(&moved.atoms, at));
        }
        own.corners.push((at, if is_left { -1 } else { 1 }));
    }
    Some(own)
}

/// Finds the printed cells that notice a move, and what they leave of its room.
fn notice(
    frame: &Frame,
    places: &BTreeMap<&[usize], usize>,
    start: &[usize],
    from: &[(usize, usize)],
    moved: &Moved,
    own: &mut Move,
) {
    let mut all: Vec<(Vec<usize>, i8)> = vec![(Vec::new(), 1)];
    for (number, dimension) in frame.dimensions.iter().enumerate() {
        let partner = from.iter().find(|(own, _)| *own == number);
        let changes = dimension.changes(start[number], partner.map(|(_, atom)| *atom));
        let mut longer = Vec::with_capacity(all.len() * changes.len());
        for (keys, sign) in &all {
            for (category, change) in &changes {
                let mut keys = keys.clone();
                keys.push(*category);
                longer.push((keys, sign * change));
            }
        }
        all = longer;
    }
    for (keys, sign) in all {
        let Some(cell) = places.get(&keys[..]) else {
            continue;
        };
        if sign < 0 {
            let left = frame.cells[*cell].value + Moved::of(&moved.cells, *cell);
            own.room = own.room.min(left);
        }
        own.noticed.push((*cell, sign));
    }
}

/// Where nobody can be moved: everything that the small cell's people are counted in is hidden, up
/// to the grand total. People might then have come from nowhere.
fn last_resort(frame: &Frame, places: &BTreeMap<&[usize], usize>, at: usize, wanted: f64) -> Move {
    let members = frame.members(&frame.cells[at].keys);
    let there = |own: &&Vec<usize>| frame.atoms[frame.index(own)];
    let start = members.iter().max_by(|a, b| there(a).total_cmp(&there(b)));
    let mut own = Move {
        corners: Vec::new(),
        noticed: Vec::new(),
        room: f64::INFINITY,
        cost: 0.0,
    };
    if let Some(start) = start {
        notice(frame, places, start, &[], &Moved::default(), &mut own);
    }
    own.room = wanted;
    own
}
