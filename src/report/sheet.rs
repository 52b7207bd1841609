//! CSV files that are written field by field.

use std::io::{self, Write};

/// A CSV file under way.
pub(super) struct Sheet<W: Write>(csv::Writer<W>);

impl<W: Write> Sheet<W> {
    pub(super) fn new(to: W, header: impl IntoIterator<Item = String>) -> io::Result<Sheet<W>> {
        let mut csv = csv::Writer::from_writer(to);
        csv.write_record(header.into_iter().collect::<Vec<String>>())?;
        Ok(Sheet(csv))
    }

    pub(super) fn row(&mut self, fields: impl IntoIterator<Item = String>) -> io::Result<()> {
        self.0
            .write_record(fields.into_iter().collect::<Vec<String>>())?;
        Ok(())
    }

    pub(super) fn end(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Words as the fields of a row.
pub(super) fn texts<const N: usize>(words: [&str; N]) -> impl Iterator<Item = String> {
    words.map(str::to_string).into_iter()
}
