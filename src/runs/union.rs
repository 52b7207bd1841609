//! One layout for variants whose output cells differ: with posts there is more to measure.

use crate::tallies::Layout;

/// The output cells of all variants together.
#[derive(Clone, Debug, PartialEq)]
pub struct Union {
    /// The cells: those of the variant with most of them, then what others have besides.
    pub layout: Layout,
    /// By variant, where its cells stand in the layout; none where they are the same.
    places: Vec<Option<Vec<usize>>>,
}

impl Union {
    /// The union of the layouts of variants, which have the same years.
    pub fn of(layouts: Vec<Layout>) -> Union {
        let most = layouts.iter().rev().max_by_key(|own| own.cells.len());
        let Some(mut layout) = most.cloned() else {
            let layout = Layout {
                years: Vec::new(),
                cells: Vec::new(),
            };
            let places = Vec::new();
            return Union { layout, places };
        };
        let mut known: std::collections::BTreeMap<_, usize> = layout
            .cells
            .iter()
            .cloned()
            .enumerate()
            .map(|(at, cell)| (cell, at))
            .collect();
        let mut places = Vec::new();
        for own in &layouts {
            let place = own.cells.iter().map(|cell| {
                *known.entry(cell.clone()).or_insert_with(|| {
                    layout.cells.push(cell.clone());
                    layout.cells.len() - 1
                })
            });
            places.push(place.collect::<Vec<usize>>());
        }
        let size = layout.cells.len();
        let same = |own: &Vec<usize>| own.len() == size && own.is_sorted();
        let places = places.into_iter().map(|own| (!same(&own)).then_some(own));
        Union {
            places: places.collect(),
            layout,
        }
    }

    /// The values of a run of a variant at their places in the layout; NaN where it has no such
    /// cell.
    pub fn placed(&self, variant: usize, values: Vec<f64>) -> Vec<f64> {
        let Some(Some(places)) = self.places.get(variant) else {
            return values;
        };
        let (years, cells) = (self.layout.years.len(), self.layout.cells.len());
        let mut placed = vec![f64::NAN; years * cells];
        for (year, own) in values.chunks_exact(places.len().max(1)).enumerate() {
            for (place, value) in places.iter().zip(own) {
                placed[year * cells + place] = *value;
            }
        }
        placed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tallies::{ALL, OutputCell};

    fn layout(measures: &[&str]) -> Layout {
        let cell = |measure: &&str| OutputCell {
            profession: ALL.to_string(),
            grade: ALL.to_string(),
            sector: ALL.to_string(),
            zone: ALL.to_string(),
            from: ALL.to_string(),
            measure: (*measure).to_string(),
            unit: "fte",
        };
        Layout {
            years: vec![2025, 2026],
            cells: measures.iter().map(cell).collect(),
        }
    }

    #[test]
    fn equal_layouts_are_left_as_they_are() {
        let union = Union::of(vec![layout(&["a", "b"]), layout(&["a", "b"])]);
        assert_eq!(union.layout, layout(&["a", "b"]));
        assert_eq!(
            union.placed(1, vec![1.0, 2.0, 3.0, 4.0]),
            [1.0, 2.0, 3.0, 4.0]
        );
    }

    #[test]
    fn what_a_variant_has_not_is_no_value() {
        let union = Union::of(vec![
            layout(&["a", "c"]),
            layout(&["a", "b", "c"]),
            layout(&["d"]),
        ]);
        assert_eq!(union.layout, layout(&["a", "b", "c", "d"]));
        let bits = |values: Vec<f64>| values.into_iter().map(f64::to_bits).collect::<Vec<u64>>();
        let nan = f64::NAN;
        assert_eq!(
            bits(union.placed(0, vec![1.0, 2.0, 3.0, 4.0])),
            bits(vec![1.0, nan, 2.0, nan, 3.0, nan, 4.0, nan])
        );
        assert_eq!(
            bits(union.placed(2, vec![1.0, 2.0])),
            bits(vec![nan, nan, nan, 1.0, nan, nan, nan, 2.0])
        );
    }
}
