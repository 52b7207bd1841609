//! Everybody of a scenario that follows a base: the base's people, but for those who differ in the
//! scenario or are not in it, and those whom it has of its own. A run by itself is the simple case
//! of it.

use crate::population::{Person, Population};

/// In the map of a scenario: the person is what the base's is.
pub(super) const SAME: u32 = u32::MAX;
/// In the map of a scenario: the base's person is not in it.
pub(super) const ABSENT: u32 = u32::MAX - 1;

/// Everybody of a run, or of a scenario that follows one.
#[derive(Clone, Copy, Debug)]
pub struct Crowd<'a> {
    shared: &'a Population,
    /// By slot of the shared people: [`SAME`], [`ABSENT`] or a slot of the own people; empty where
    /// all are shared.
    twin: &'a [u32],
    own: Option<&'a Population>,
}

impl<'a> Crowd<'a> {
    /// Everybody of a run by itself.
    pub fn of(population: &'a Population) -> Crowd<'a> {
        Crowd {
            shared: population,
            twin: &[],
            own: None,
        }
    }

    /// Everybody of a scenario: a base's people but for those of whom the map says that they are
    /// not the same, and the scenario's own.
    pub(super) fn beside(base: &'a Population, twin: &'a [u32], own: &'a Population) -> Crowd<'a> {
        Crowd {
            shared: base,
            twin,
            own: Some(own),
        }
    }

    /// The people of whom those who are shared belong to it.
    pub fn shared(&self) -> &'a Population {
        self.shared
    }

    /// Does the person in a slot of the shared people, if there is one, belong to it?
    #[inline]
    pub fn shares(&self, slot: usize) -> bool {
        self.twin.get(slot).is_none_or(|twin| *twin == SAME)
    }

    /// Those who are not among the shared people.
    pub fn own(&self) -> impl Iterator<Item = Person> + 'a {
        self.own.into_iter().flat_map(Population::people)
    }

    /// Everybody.
    pub fn people(&self) -> impl Iterator<Item = Person> + 'a {
        let crowd = *self;
        let is_here = move |slot: &usize| crowd.shares(*slot) && !crowd.shared.is_free(*slot);
        let shared = (0..self.shared.len()).filter(is_here);
        shared
            .map(move |slot| crowd.shared.get(slot))
            .chain(self.own())
    }
}
