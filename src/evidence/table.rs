//! CSV tables with complaints that name file, line and column.

use super::folder::DataFolder;
use crate::words::Problem;

/// A CSV table held as text, with a header row and line numbers.
#[derive(Clone, Debug)]
pub struct Table {
    /// The file, as the user knows it.
    pub file: String,
    header: Vec<String>,
    rows: Vec<Row>,
}

/// One row of a [`Table`].
#[derive(Clone, Debug)]
pub struct Row {
    /// Line number in the file, from 1.
    pub line: usize,
    cells: Vec<String>,
}

impl Table {
    /// Reads a table from the data folder and checks that these columns are there.
    ///
    /// # Errors
    /// A [`Problem`] if the file is missing, malformed, or lacks a column.
    pub fn read(folder: &DataFolder, path: &str, columns: &[&str]) -> Result<Table, Problem> {
        let text = folder.read(path)?;
        Table::of_text(&folder.name(path), &text, columns)
    }

    /// The same from a text.
    ///
    /// # Errors
    /// A [`Problem`] as for [`Table::read`].
    pub fn of_text(file: &str, text: &str, columns: &[&str]) -> Result<Table, Problem> {
        let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
        let header: Vec<String> = reader
            .headers()
            .map_err(|e| Problem::in_file(file, e.to_string()).at(1))?
            .iter()
            .map(|name| name.trim().to_string())
            .collect();
        if let Some(missing) = columns.iter().find(|c| !header.iter().any(|h| h == *c)) {
            return Err(
                Problem::in_file(file, format!("column \"{missing}\" is missing"))
                    .at(1)
                    .mend(format!("the columns must include: {}", columns.join(", "))),
            );
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| {
                let line = error.position().map_or(0, |p| p.line() as usize);
                Problem::in_file(file, error.to_string()).at(line)
            })?;
            rows.push(Row {
                line: record.position().map_or(0, |p| p.line() as usize),
                cells: record.iter().map(|cell| cell.trim().to_string()).collect(),
            });
        }
        Ok(Table {
            file: file.to_string(),
            header,
            rows,
        })
    }

    /// The rows in file order.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.header
    }

    /// The text in a column of a row; empty if the column is not there.
    pub fn text<'a>(&self, row: &'a Row, column: &str) -> &'a str {
        self.header
            .iter()
            .position(|h| h == column)
            .map_or("", |i| row.cells[i].as_str())
    }

    /// The number in a column of a row.
    ///
    /// # Errors
    /// A [`Problem`] if the cell is not a finite number with a decimal point.
    pub fn number(&self, row: &Row, column: &str) -> Result<f64, Problem> {
        let text = self.text(row, column);
        let parsed = text.parse::<f64>().ok().filter(|number| number.is_finite());
        parsed.ok_or_else(|| {
            let problem = Problem::in_file(&self.file, "not a number")
                .at(row.line)
                .about(column, text);
            if text.contains(',') {
                problem.mend("write decimals with a point")
            } else {
                problem
            }
        })
    }

    /// Complains if two rows have the same values in these columns.
    ///
    /// # Errors
    /// A [`Problem`] that names both lines.
    pub fn forbid_duplicates(&self, columns: &[&str]) -> Result<(), Problem> {
        let mut seen = std::collections::BTreeMap::new();
        for row in &self.rows {
            let key: Vec<&str> = columns.iter().map(|c| self.text(row, c)).collect();
            if let Some(first) = seen.insert(key.clone(), row.line) {
                return Err(Problem::in_file(
                    &self.file,
                    format!(
                        "the row repeats line {first}; each {} once",
                        columns.join(" x ")
                    ),
                )
                .at(row.line)
                .about(columns.join(","), key.join(","))
                .mend("delete one of the two rows"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_at_the_bad_cell() {
        let table = Table::of_text("t.csv", "a,b\n1,2\n3,\"4,5\"\n", &["a", "b"]).unwrap();
        let problem = table.number(&table.rows()[1], "b").unwrap_err();
        assert_eq!((problem.line, problem.key.as_str()), (3, "b"));
        assert!(problem.hint.contains("point"));
    }

    #[test]
    fn names_missing_columns_and_duplicates() {
        let problem = Table::of_text("t.csv", "a\n1\n", &["a", "b"]).unwrap_err();
        assert!(problem.message.contains("\"b\""));
        let table = Table::of_text("t.csv", "a,b\n1,2\n1,3\n", &["a"]).unwrap();
        assert_eq!(table.forbid_duplicates(&["a"]).unwrap_err().line, 3);
        assert!(table.forbid_duplicates(&["a", "b"]).is_ok());
    }
}
