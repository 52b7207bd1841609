//! Moves between health jobs summed by zones and unions of zones.

use super::displacement::STANDINGS;

/// The zone keys of outputs: each a set of zones.
#[derive(Clone, Debug)]
pub struct Ends {
    /// The zones of each key.
    pub members: Vec<Vec<usize>>,
    /// The rural zones outside each key.
    rural_outside: Vec<Vec<usize>>,
    zones: usize,
}

/// Moves into and out of a zone key, from and to anywhere outside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Moves into it.
    pub recruits: u64,
    /// Those from health jobs in rural zones.
    pub from_rural: u64,
    /// Moves out of it.
    pub departures: u64,
    /// Those to health jobs in rural zones.
    pub to_rural: u64,
}

/// Moves summed by zone keys.
#[derive(Clone, Debug, Default)]
pub struct KeyMoves {
    states: usize,
    keys: usize,
    /// By key, then by the state that people came from.
    into: Vec<u64>,
    /// By key, then by the state that people went to.
    out: Vec<u64>,
    /// From a key to a key.
    between: Vec<u64>,
    /// By key.
    pub totals: Vec<Totals>,
}

impl Ends {
    /// The keys with these zones; `rural` tells of each zone whether it is rural.
    pub fn new(members: Vec<Vec<usize>>, rural: &[bool]) -> Ends {
        let outside = |own: &Vec<usize>| {
            let others = (0..rural.len()).filter(|zone| rural[*zone] && !own.contains(zone));
            others.collect()
        };
        Ends {
            rural_outside: members.iter().map(outside).collect(),
            members,
            zones: rural.len(),
        }
    }

    /// Have two keys no zone in common?
    pub fn disjoint(&self, one: usize, other: usize) -> bool {
        let others = &self.members[other];
        !self.members[one].iter().any(|zone| others.contains(zone))
    }

    /// Sums moves (by from, then by to) by key.
    pub fn sum(&self, moves: &[u64]) -> KeyMoves {
        let keys = self.members.len();
        let states = self.zones + STANDINGS;
        let mut sums = KeyMoves {
            states,
            keys,
            into: vec![0; keys * states],
            out: vec![0; keys * states],
            between: vec![0; keys * keys],
            totals: Vec::with_capacity(keys),
        };
        for (key, members) in self.members.iter().enumerate() {
            let own = key * states..(key + 1) * states;
            for (from, sum) in sums.into[own.clone()].iter_mut().enumerate() {
                *sum = members.iter().map(|to| moves[from * states + to]).sum();
            }
            for (to, sum) in sums.out[own].iter_mut().enumerate() {
                *sum = members.iter().map(|from| moves[from * states + to]).sum();
            }
        }
        for (key, members) in self.members.iter().enumerate() {
            for to in 0..keys {
                let from = members.iter().map(|from| sums.into[to * states + from]);
                sums.between[key * keys + to] = from.sum();
            }
            let within = sums.between[key * keys + key];
            let into = &sums.into[key * states..(key + 1) * states];
            let out = &sums.out[key * states..(key + 1) * states];
            let rural = &self.rural_outside[key];
            sums.totals.push(Totals {
                recruits: into.iter().sum::<u64>() - within,
                from_rural: rural.iter().map(|zone| into[*zone]).sum(),
                departures: out.iter().sum::<u64>() - within,
                to_rural: rural.iter().map(|zone| out[*zone]).sum(),
            });
        }
        sums
    }
}

/// Where a move begins or ends: in a zone key, or in some standings outside the zones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// A zone key.
    Key(usize),
    /// Standings.
    Outside(&'static [u8]),
}

impl KeyMoves {
    /// Moves from one end to another.
    pub fn moved(&self, from: End, to: End) -> u64 {
        let of = |key: usize, table: &[u64], standings: &[u8]| {
            let after_zones = key * self.states + self.states - STANDINGS;
            let cells = standings.iter().map(|s| after_zones + usize::from(*s));
            cells.map(|cell| table[cell]).sum()
        };
        match (from, to) {
            (End::Key(from), End::Key(to)) => self.between[from * self.keys + to],
            (End::Outside(standings), End::Key(key)) => of(key, &self.into, standings),
            (End::Key(key), End::Outside(standings)) => of(key, &self.out, standings),
            (End::Outside(_), End::Outside(_)) => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABROAD: u8 = 2;
    const PENSION: u8 = 3;

    #[test]
    fn what_happens_inside_a_union_is_no_flow_of_it() {
        // Three zones, the last two rural; from zone a to zone b, ten to the power of both.
        let states = 3 + STANDINGS;
        let mut moves = vec![0; states * states];
        for (from, to, persons) in [(0, 1, 1), (1, 0, 20), (1, 2, 300), (2, 1, 4000)] {
            moves[from * states + to] = persons;
        }
        moves[(3 + usize::from(ABROAD)) * states + 1] = 50_000;
        moves[2 * states + 3 + usize::from(PENSION)] = 600_000;
        let members = vec![vec![0], vec![1], vec![2], vec![1, 2], vec![0, 1, 2]];
        let ends = Ends::new(members, &[false, true, true]);
        let sums = ends.sum(&moves);
        let totals = |recruits, from_rural, departures, to_rural| Totals {
            recruits,
            from_rural,
            departures,
            to_rural,
        };
        let expected = [
            totals(20, 20, 1, 1),
            totals(54_001, 4000, 320, 300),
            totals(300, 300, 604_000, 4000),
            totals(50_001, 0, 600_020, 0),
            totals(50_000, 0, 600_000, 0),
        ];
        assert_eq!(sums.totals, expected);
        assert_eq!(sums.moved(End::Key(0), End::Key(3)), 1);
        assert_eq!(sums.moved(End::Key(3), End::Key(0)), 20);
        assert_eq!(sums.moved(End::Outside(&[ABROAD]), End::Key(3)), 50_000);
        let pension = End::Outside(&[PENSION]);
        assert_eq!(sums.moved(End::Key(3), pension), 600_000);
        assert!(ends.disjoint(0, 3) && !ends.disjoint(2, 3));
    }
}
