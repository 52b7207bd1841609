//! The note beside the values of a unit: what else is known of its runs, the accounts and the
//! durations of lives. With it a unit is all that results are made of.

use super::account::Account;
use super::paired::{Counted, Pair};
use super::work::{Dice, Run};
use crate::store::coded::{decoded, encoded};
use crate::store::{Runs, Trouble};
use crate::tallies::{Durations, RunValues};
use serde::{Deserialize, Serialize};
use snap::raw::{Decoder, Encoder};

/// What is kept of one seed.
#[derive(Serialize, Deserialize)]
struct Kept {
    dice: Dice,
    durations: Durations,
    /// Of the base and the scenarios: person-years and account.
    arms: Vec<(u64, Account)>,
}

/// A note under way.
#[derive(Default)]
pub(super) struct Note {
    seeds: Vec<Kept>,
}

impl Note {
    /// Adds a seed. Without scenarios nothing is compared with the base's account.
    pub fn add(&mut self, pair: Pair) {
        let Pair {
            dice,
            base,
            scenarios,
        } = pair;
        let alone = scenarios.is_empty();
        let durations = base.run.durations.clone();
        let arms = [base].into_iter().chain(scenarios);
        let arms = arms.map(|own| match alone {
            true => (own.run.person_years, Account::default()),
            false => (own.run.person_years, own.account),
        });
        self.seeds.push(Kept {
            dice,
            durations,
            arms: arms.collect(),
        });
    }

    /// Its bytes, compressed.
    pub fn bytes(&self) -> std::io::Result<Vec<u8>> {
        let bytes = encoded(&self.seeds)?;
        Encoder::new()
            .compress_vec(&bytes)
            .map_err(std::io::Error::other)
    }
}

fn read(bytes: &[u8]) -> Option<Vec<Kept>> {
    decoded(&Decoder::new().decompress_vec(bytes).ok()?)
}

impl Kept {
    fn pair(self) -> Option<Pair> {
        let seed = self.dice.seed;
        let mut arms = self
            .arms
            .into_iter()
            .map(|(person_years, account)| Counted {
                run: Run {
                    values: RunValues {
                        seed,
                        values: Vec::new(),
                    },
                    durations: Durations::new(0),
                    person_years,
                },
                account,
            });
        Some(Pair {
            dice: self.dice,
            base: arms.next()?,
            scenarios: arms.collect(),
        })
    }
}

/// Durations of lives in the base, and the pairs of runs without their values: of all runs, by
/// variant, then by draw, then by seed.
///
/// # Errors
/// [`Trouble`] with a unit file.
pub fn lives(runs: &Runs, professions: usize) -> Result<(Durations, Vec<Pair>), Trouble> {
    let mut durations = Durations::new(professions);
    let mut pairs = Vec::with_capacity(runs.count());
    for (piece, seeds) in runs.notes() {
        let path = piece
            .origin()
            .map(|(_, path)| path)
            .unwrap_or("unit".as_ref());
        let wrong = || Trouble::corrupt(path, "its note cannot be read");
        let all = read(&piece.note()?).ok_or_else(wrong)?;
        for (at, kept) in all.into_iter().enumerate() {
            if seeds.contains(&at) {
                durations.merge(&kept.durations);
                pairs.push(kept.pair().ok_or_else(wrong)?);
            }
        }
    }
    Ok((durations, pairs))
}
