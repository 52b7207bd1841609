//! The tables of a run out of its store, in one pass over the cells: bands of base and scenarios,
//! pooled and by structural variant, and differences.

use super::clustered::{difference_nested, summarise_nested};
use super::{Bands, Difference, Differences, Summary};
use crate::store::{CellRuns, Nested, Runs, Trouble};
use crate::tallies::Layout;

/// What stands between a scenario's and a variant's name in outputs: `base@posts`.
pub const UNDER: char = '@';

/// The names of what was run side by side.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Names {
    /// The base and the scenarios.
    pub arms: Vec<String>,
    /// The structural variants; none for the run as it is.
    pub variants: Vec<String>,
}

impl Names {
    /// Of all tables in their order: those over all variants, then each variant's own.
    fn all<'a>(&'a self, arms: &'a [String]) -> impl Iterator<Item = String> + 'a {
        let under = |variant: &'a String| {
            let named = move |arm: &String| format!("{arm}{UNDER}{variant}");
            arms.iter().map(named)
        };
        let pooled = arms.iter().cloned();
        pooled.chain(self.variants.iter().flat_map(under))
    }
}

/// The tables of a run.
#[derive(Clone, Debug)]
pub struct Tables {
    /// Bands of the base and of each scenario over all variants; then, where there are variants,
    /// the same under each.
    pub bands: Vec<Bands>,
    /// Differences of each scenario from the base, in the same order.
    pub differences: Vec<Differences>,
}

/// What a cell gives to the tables: by table, then by year.
struct Rows {
    summaries: Vec<Vec<Summary>>,
    differences: Vec<Vec<Difference>>,
}

impl Tables {
    /// The tables of the runs of a store.
    ///
    /// # Errors
    /// [`Trouble`] with a work file.
    pub fn of(runs: &Runs, layout: &Layout, names: &Names) -> Result<Tables, Trouble> {
        Tables::beside(runs, layout, names, |_| (), |_, ()| ())
    }

    /// The tables, and in the same pass whatever else is to be made of a cell's runs: `look` sees
    /// each cell over all its years on some thread, `take` is given what it made, in the order of
    /// cells.
    ///
    /// # Errors
    /// As [`Tables::of`].
    pub fn beside<T: Send>(
        runs: &Runs,
        layout: &Layout,
        names: &Names,
        look: impl Fn(&CellRuns) -> T + Sync,
        mut take: impl FnMut(usize, T),
    ) -> Result<Tables, Trouble> {
        let size = layout.years.len() * layout.cells.len();
        let empty = super::summarise(&mut []);
        let bands = names.all(&names.arms).map(|scenario| Bands {
            scenario,
            layout: layout.clone(),
            rows: vec![empty; size],
        });
        let none = super::difference(&[]);
        let scenarios = names.arms.get(1..).unwrap_or_default();
        let differences = names.all(scenarios).map(|scenario| Differences {
            scenario,
            layout: layout.clone(),
            rows: vec![none; size],
        });
        let mut tables = Tables {
            bands: bands.collect(),
            differences: differences.collect(),
        };
        let both = |cell: &CellRuns| (rows(cell, names), look(cell));
        runs.each_cell(both, |cell, (own, other)| {
            tables.enter(cell, &own);
            take(cell, other);
        })?;
        Ok(tables)
    }

    fn enter(&mut self, cell: usize, own: &Rows) {
        for (bands, rows) in self.bands.iter_mut().zip(&own.summaries) {
            for (year, row) in rows.iter().enumerate() {
                let index = bands.layout.index(year, cell);
                bands.rows[index] = *row;
            }
        }
        for (table, rows) in self.differences.iter_mut().zip(&own.differences) {
            for (year, row) in rows.iter().enumerate() {
                let index = table.layout.index(year, cell);
                table.rows[index] = *row;
            }
        }
    }
}

/// The rows that a cell gives, in the order of [`Names::all`].
fn rows(cell: &CellRuns, names: &Names) -> Rows {
    let views = [None]
        .into_iter()
        .chain((0..names.variants.len()).map(Some));
    let seen = |nested: Nested<'_>, view: Option<usize>| match view {
        None => summarise_nested(nested),
        Some(variant) => summarise_nested(nested.of_variant(variant)),
    };
    let (mut summaries, mut differences) = (Vec::new(), Vec::new());
    for view in views {
        for arm in 0..names.arms.len() {
            summaries.push(cell.years(arm).map(|own| seen(own, view)).collect());
        }
        for arm in 1..names.arms.len() {
            let years = cell.years(0).zip(cell.years(arm));
            let differ = |(base, own): (Nested<'_>, Nested<'_>)| match view {
                None => difference_nested(base, own),
                Some(variant) => {
                    difference_nested(base.of_variant(variant), own.of_variant(variant))
                }
            };
            differences.push(years.map(differ).collect());
        }
    }
    Rows {
        summaries,
        differences,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Label, Shape, Store};
    use crate::tallies::{ALL, OutputCell, RunValues};

    fn layout() -> Layout {
        let cell = |measure: &str| OutputCell {
            profession: ALL.to_string(),
            grade: ALL.to_string(),
            sector: ALL.to_string(),
            zone: ALL.to_string(),
            from: ALL.to_string(),
            measure: measure.to_string(),
            unit: "persons",
        };
        Layout {
            years: vec![2025, 2026],
            cells: vec![cell("persons"), cell("supply_fte"), cell("gap_fte")],
        }
    }

    /// The value of a run: base or scenario (arm), variant, draw, seed, at a place.
    fn value((arm, variant, draw): (usize, u32, u32), seed: u64, at: usize) -> f64 {
        let mixed = (draw as usize + 1) * (at + 3) * 37 % 101 + seed as usize * 13 % 7;
        mixed as f64 + arm as f64 * 0.5 * at as f64 + f64::from(variant)
    }

    fn run(place: (usize, u32, u32), seed: u64) -> RunValues {
        RunValues {
            seed,
            values: (0..6).map(|at| value(place, seed, at)).collect(),
        }
    }

    fn store(variants: u32, draws: u32) -> Runs {
        let shape = Shape {
            years: 2,
            cells: 3,
            arms: 2,
        };
        let store = Store::in_memory(shape);
        for (variant, draw) in (0..variants).flat_map(|v| (0..draws).map(move |d| (v, d))) {
            let label = Label {
                variant,
                draw,
                seeds: vec![1, 2, 3],
            };
            let mut filling = store.begin().unwrap();
            for seed in 1..=3 {
                for arm in 0..2 {
                    filling.add(run((arm, variant, draw), seed).values).unwrap();
                }
            }
            store.put(filling, label, Vec::new()).unwrap();
        }
        store.close(|_, _| true).unwrap()
    }

    fn names(variants: &[&str]) -> Names {
        Names {
            arms: vec!["base".into(), "more".into()],
            variants: variants.iter().map(|name| (*name).to_string()).collect(),
        }
    }

    #[test]
    fn seeds_alone_give_the_bands_and_differences_of_plain_runs() {
        let runs = store(1, 1);
        let tables = Tables::of(&runs, &layout(), &names(&[])).unwrap();
        let of = |arm: usize| -> Vec<RunValues> { (1..=3).map(|s| run((arm, 0, 0), s)).collect() };
        assert_eq!(tables.bands[0], Bands::of("base", layout(), &of(0)));
        assert_eq!(tables.bands[1], Bands::of("more", layout(), &of(1)));
        let expected = Differences::of("more", layout(), &of(0), &of(1));
        let means = |own: &Differences| -> Vec<Summary> {
            own.rows.iter().map(|row| row.summary).collect()
        };
        assert_eq!(means(&tables.differences[0]), means(&expected));
    }

    #[test]
    fn variants_have_tables_of_their_own_after_the_pooled_ones() {
        let runs = store(2, 4);
        let mut paths = 0;
        let tables = Tables::beside(
            &runs,
            &layout(),
            &names(&["one", "two"]),
            |cell| cell.in_year(1, 1).values.len(),
            |_, number| paths += number,
        );
        let tables = tables.unwrap();
        assert_eq!(paths, 3 * 24);
        let told: Vec<&str> = tables
            .bands
            .iter()
            .map(|own| own.scenario.as_str())
            .collect();
        assert_eq!(
            told,
            [
                "base", "more", "base@one", "more@one", "base@two", "more@two"
            ]
        );
        let told = tables.differences.iter().map(|own| own.scenario.as_str());
        assert_eq!(told.collect::<Vec<_>>(), ["more", "more@one", "more@two"]);
        let (pooled, one, two) = (&tables.bands[0], &tables.bands[2], &tables.bands[4]);
        for (at, row) in pooled.rows.iter().enumerate() {
            assert_eq!((row.runs, one.rows[at].runs), (24, 12));
            let apart = two.rows[at].mean - one.rows[at].mean;
            assert!((apart - 1.0).abs() < 1e-9);
            let middle = f64::midpoint(one.rows[at].mean, two.rows[at].mean);
            assert!((row.mean - middle).abs() < 1e-9);
            // The variants differ by a constant, so the draws leave the same error in all three.
            assert!((row.mcse - one.rows[at].mcse).abs() < 1e-9);
        }
        assert!(
            tables.differences[1]
                .rows
                .iter()
                .all(|row| row.summary.runs == 12)
        );
    }
}
