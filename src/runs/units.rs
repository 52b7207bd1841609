//! Units of work (arbeidsenheter): a block of seeds of one draw under one variant, base and
//! scenarios together. A unit is what is kept when it is done, what a failure loses, and what
//! shards are made of.

use crate::words::Problem;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// Units that a run is cut into, about, if it has so many seeds: enough to share out, and few
/// enough for a file system.
const UNITS: u64 = 256;
/// Units to each shard, about, so that shards take equally long.
const PER_SHARD: u64 = 4;
/// Most seeds of a unit: what an end without warning loses on each thread.
const MOST_SEEDS: u64 = 50;

/// A block of seeds of a draw under a variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Position of the draw.
    pub draw: usize,
    /// Position of the variant.
    pub variant: usize,
    /// The seeds.
    pub seeds: Range<u64>,
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = (self.seeds.start, self.seeds.end.saturating_sub(1));
        match first == last {
            true => write!(f, "seed {first}")?,
            false => write!(f, "seeds {first}-{last}")?,
        }
        write!(
            f,
            " of draw {} under variant {}",
            self.draw + 1,
            self.variant + 1
        )
    }
}

/// How much there is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Structural variants.
    pub variants: usize,
    /// Draws.
    pub draws: usize,
    /// The seeds of each draw.
    pub seeds: Range<u64>,
}

impl Extent {
    /// All units, in their order: by draw; of a single draw by seeds, so that the first seeds are
    /// whole under every variant; of several by variant. Depends on nothing but the extent and the
    /// number of shards.
    pub fn units(&self, shards: u32) -> Vec<Unit> {
        let number = self.seeds.end - self.seeds.start;
        let pairs = number * (self.draws * self.variants) as u64;
        let wanted = UNITS.max(PER_SHARD * u64::from(shards));
        let size = (pairs / wanted).clamp(1, MOST_SEEDS);
        let blocks = || {
            let ends = self.seeds.end;
            let starts = self.seeds.clone().step_by(size as usize);
            starts.map(move |first| first..(first + size).min(ends))
        };
        let mut units = Vec::new();
        for draw in 0..self.draws {
            let unit = |variant, seeds| Unit {
                draw,
                variant,
                seeds,
            };
            match self.draws {
                1 => units.extend(blocks().flat_map(|seeds| {
                    (0..self.variants).map(move |variant| unit(variant, seeds.clone()))
                })),
                _ => units.extend(
                    (0..self.variants)
                        .flat_map(|variant| blocks().map(move |seeds| unit(variant, seeds))),
                ),
            }
        }
        units
    }
}

/// A shard (skår): the k-th of n parts of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Shard {
    /// Which, from 1.
    pub number: u32,
    /// Of how many.
    pub of: u32,
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

/// Most shards that a run can be cut into.
const MOST_SHARDS: u32 = 100_000;

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let wrong = || format!("must be K/N, two whole numbers, 1 <= K <= N <= {MOST_SHARDS}");
        let (number, of) = text.split_once('/').ok_or_else(wrong)?;
        let (number, of) = number.parse().ok().zip(of.parse().ok()).ok_or_else(wrong)?;
        let fits = of <= MOST_SHARDS && (1..=of).contains(&number);
        fits.then_some(Shard { number, of }).ok_or_else(wrong)
    }
}

impl Shard {
    /// The units of the shard out of all: a stretch of them, as long as the others', so that the
    /// models of a draw are built in few shards.
    ///
    /// # Errors
    /// A [`Problem`] if there are fewer units than shards.
    pub fn own(self, mut units: Vec<Unit>) -> Result<Vec<Unit>, Problem> {
        let all = units.len() as u64;
        if u64::from(self.of) > all {
            let message = format!("the run has {all} units of work, and no more shards than that");
            return Err(Problem::in_file(super::plan::COMMAND_LINE, message)
                .about("--shard", self.to_string())
                .mend("ask for fewer shards, or more draws or seeds"));
        }
        let from = |number: u32| (u64::from(number) * all / u64::from(self.of)) as usize;
        units.truncate(from(self.number));
        Ok(units.split_off(from(self.number - 1)))
    }
}

/// Which seeds of which draws and variants are done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    done: BTreeMap<(usize, usize), BTreeSet<u64>>,
}

impl Coverage {
    /// Takes account of seeds of a draw and variant; tells the first that was there already.
    pub fn add(
        &mut self,
        (draw, variant): (usize, usize),
        seeds: impl IntoIterator<Item = u64>,
    ) -> Option<u64> {
        let own = self.done.entry((draw, variant)).or_default();
        let mut twice = None;
        for seed in seeds {
            if !own.insert(seed) {
                twice = twice.or(Some(seed));
            }
        }
        twice
    }

    /// What is not done of these units, in their order; a unit done in part is parted.
    pub fn missing(&self, units: &[Unit]) -> Vec<Unit> {
        let mut left: Vec<Unit> = Vec::new();
        for unit in units {
            let done = self.done.get(&(unit.draw, unit.variant));
            let mut open = false;
            for seed in unit.seeds.clone() {
                if done.is_some_and(|done| done.contains(&seed)) {
                    open = false;
                } else if let (true, Some(last)) = (open, left.last_mut()) {
                    last.seeds.end = seed + 1;
                } else {
                    left.push(Unit {
                        seeds: seed..seed + 1,
                        ..unit.clone()
                    });
                    open = true;
                }
            }
        }
        left
    }

    /// What is done that none of these units holds: draw, variant and first such seed.
    pub fn beyond(&self, units: &[Unit]) -> Option<(usize, usize, u64)> {
        let mut wanted = Coverage::default();
        for unit in units {
            wanted.add((unit.draw, unit.variant), unit.seeds.clone());
        }
        self.done.iter().find_map(|(key, seeds)| {
            let known = wanted.done.get(key);
            let own = |seed: &&u64| !known.is_some_and(|known| known.contains(seed));
            seeds.iter().find(own).map(|seed| (key.0, key.1, *seed))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn extent(variants: usize, draws: usize, seeds: u64) -> Extent {
        Extent {
            variants,
            draws,
            seeds: 5..5 + seeds,
        }
    }

    #[test]
    fn shards_are_read_and_refused() {
        assert_eq!("3/16".parse(), Ok(Shard { number: 3, of: 16 }));
        for wrong in [
            "", "3", "0/4", "5/4", "1/0", "a/b", "1/100001", "-1/4", "1/2/3",
        ] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
        let few = extent(1, 1, 3).units(4);
        let found = Shard { number: 1, of: 4 }.own(few).unwrap_err();
        assert!(found.message.contains("3 units"), "{found}");
    }

    #[test]
    fn units_are_small_where_seeds_are_few_and_never_large() {
        assert_eq!(extent(1, 1, 20).units(1).len(), 20);
        assert_eq!(extent(1, 1, 50_000).units(1).len(), 1000);
        assert_eq!(extent(1, 100, 10).units(1).len(), 400);
        assert!(extent(1, 5000, 10).units(10_000).len() >= 10_000);
    }

    proptest! {
        #[test]
        fn units_hold_everything_once_and_shards_all_units(
            variants in 1..4_usize, draws in 1..9_usize, seeds in 1..700_u64, shards in 1..40_u32,
        ) {
            let all = extent(variants, draws, seeds).units(shards);
            let mut seen = Coverage::default();
            for unit in &all {
                prop_assert_eq!(seen.add((unit.draw, unit.variant), unit.seeds.clone()), None);
            }
            let whole = Coverage::default();
            let number: u64 = whole.missing(&all).iter().map(|u| u.seeds.end - u.seeds.start).sum();
            prop_assert_eq!(number, seeds * (variants * draws) as u64);
            prop_assert!(seen.missing(&all).is_empty());
            if all.len() >= shards as usize {
                let parts = (1..=shards).map(|number| Shard { number, of: shards });
                let parts: Vec<Vec<Unit>> = parts.map(|own| own.own(all.clone()).unwrap()).collect();
                let sizes: Vec<usize> = parts.iter().map(Vec::len).collect();
                let (least, most) = (sizes.iter().min().unwrap(), sizes.iter().max().unwrap());
                prop_assert!(*least > 0 && most - least <= 1, "{:?}", sizes);
                prop_assert_eq!(parts.concat(), all);
            }
        }

        #[test]
        fn what_is_missing_and_what_is_done_are_all(
            seeds in 1..200_u64, done in prop::collection::btree_set(0..200_u64, 0..50),
        ) {
            let all = extent(1, 1, seeds).units(1);
            let done: BTreeSet<u64> =
                done.into_iter().map(|s| s + 5).filter(|s| *s < 5 + seeds).collect();
            let mut covered = Coverage::default();
            covered.add((0, 0), done.iter().copied());
            let left = covered.missing(&all);
            for unit in &left {
                prop_assert_eq!(covered.add((0, 0), unit.seeds.clone()), None);
            }
            prop_assert!(covered.missing(&all).is_empty());
            prop_assert_eq!(covered.beyond(&all), None);
            covered.add((0, 0), [1000]);
            prop_assert_eq!(covered.beyond(&all), Some((0, 0, 1000)));
        }
    }
}
