//! The frame of linked tables: what their cells are sums of.

use std::collections::BTreeMap;

/// A dimension: atoms, and the categories that tables are printed by, each a set of atoms.
/// Categories may overlap and contain each other.
#[derive(Clone, Debug, Default)]
pub struct Dimension {
    /// Number of atoms.
    pub atoms: usize,
    /// The atoms of each category.
    pub categories: Vec<Vec<usize>>,
}

impl Dimension {
    /// Does a category hold everything? Nobody can be moved out of it.
    pub(super) fn is_whole(&self, category: usize) -> bool {
        self.categories[category].len() == self.atoms
    }

    /// The categories whose number changes when a person is put on one atom, and taken from another
    /// if one is given, with the change.
    pub(super) fn changes(&self, to: usize, from: Option<usize>) -> Vec<(usize, i8)> {
        let has = |own: &[usize], atom: usize| i8::from(own.contains(&atom));
        let change = |own: &Vec<usize>| has(own, to) - from.map_or(0, |from| has(own, from));
        let all = self.categories.iter().enumerate();
        all.map(|(category, own)| (category, change(own)))
            .filter(|(_, change)| *change != 0)
            .collect()
    }
}

/// A printed cell: the persons in one category of each dimension.
#[derive(Clone, Debug)]
pub struct Cell {
    /// A category of each dimension.
    pub keys: Vec<usize>,
    /// The least number of persons in it, over all that is printed of it.
    pub value: f64,
    /// Is it to be hidden?
    pub is_small: bool,
}

/// Linked tables: all printed cells over the same dimensions.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// The dimensions.
    pub dimensions: Vec<Dimension>,
    /// The printed cells.
    pub cells: Vec<Cell>,
    /// Persons at each combination of atoms, the last dimension fastest.
    pub atoms: Vec<f64>,
}

impl Frame {
    /// Where the persons of a combination of atoms stand.
    pub fn index(&self, atoms: &[usize]) -> usize {
        let own = self.dimensions.iter().zip(atoms);
        own.fold(0, |index, (dimension, atom)| index * dimension.atoms + atom)
    }

    /// The combinations of atoms in a cell.
    pub fn members(&self, keys: &[usize]) -> Vec<Vec<usize>> {
        let mut members = vec![Vec::new()];
        for (dimension, key) in self.dimensions.iter().zip(keys) {
            let longer = |start: &Vec<usize>| {
                let start = start.clone();
                dimension.categories[*key].iter().map(move |atom| {
                    let mut one = start.clone();
                    one.push(*atom);
                    one
                })
            };
            members = members.iter().flat_map(longer).collect();
        }
        members
    }

    /// The persons in a cell, by its atoms.
    pub fn sum(&self, keys: &[usize]) -> f64 {
        let members = self.members(keys);
        members.iter().map(|own| self.atoms[self.index(own)]).sum()
    }

    /// The cells by their keys.
    pub(super) fn places(&self) -> BTreeMap<&[usize], usize> {
        let cells = self.cells.iter().enumerate();
        cells.map(|(at, cell)| (&cell.keys[..], at)).collect()
    }
}
