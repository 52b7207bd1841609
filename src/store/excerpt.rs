//! A piece with some of its cells alone, in memory: for a look at some results while the work goes on.

use super::Trouble;
use super::piece::{Body, Piece, Shape};

impl Piece {
    /// The same runs with these cells alone, by their positions, in memory, without the note.
    pub(super) fn excerpt(&self, cells: &[usize]) -> Result<Piece, Trouble> {
        let Shape { years, .. } = self.shape;
        let mut runs = vec![vec![0.0; years * cells.len()]; self.runs()];
        for (place, cell) in cells.iter().enumerate() {
            let block = cell / self.shape.cells_per_block();
            let at = cell - self.shape.cells_of(block).start;
            let found: Vec<Vec<f64>> = match &self.body {
                Body::Memory(own, _) => own
                    .iter()
                    .map(|run| {
                        let years = (0..years).map(|year| run[year * self.shape.cells + cell]);
                        years.collect()
                    })
                    .collect(),
                Body::File(_) => self
                    .block_of_runs(block, 0..self.runs())?
                    .into_iter()
                    .map(|run| run[at * years..(at + 1) * years].to_vec())
                    .collect(),
            };
            for (run, path) in runs.iter_mut().zip(found) {
                for (year, value) in path.into_iter().enumerate() {
                    run[year * cells.len() + place] = value;
                }
            }
        }
        Ok(Piece {
            label: self.label.clone(),
            shape: Shape {
                cells: cells.len(),
                ..self.shape
            },
            body: Body::Memory(runs, Vec::new()),
        })
    }
}
