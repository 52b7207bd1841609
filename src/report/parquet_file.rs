//! The tidy table as a Parquet file: the rows and columns of the CSV file, with numbers unrounded.

use super::{COLUMNS, Column, Row, rows};
use crate::bands::Bands;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{ColumnPath, Type};
use std::io::Write;
use std::sync::Arc;

/// Rows written at a time; bounds the memory needed. Readers skip groups by the statistics of
/// `year` and the texts.
const ROWS_PER_GROUP: usize = 1 << 17;

/// What the file says of its writer, in the form that readers expect. The number is that of the
/// file's layout, so that a new release alone does not change the bytes.
const CREATED_BY: &str = "stabil version 1";

/// Writes the tidy table of these scenarios and tells the number of rows.
///
/// Texts are BYTE_ARRAY of logical type String with a dictionary, `year` and `runs` are INT32, and
/// all other numbers are optional DOUBLE, null where the number is missing; pages are compressed
/// with Snappy. The same bands give the same bytes with the same version of the parquet library.
///
/// # Errors
///
/// When `to` does not take the bytes, or when a whole number is beyond INT32.
pub fn write_parquet(bands: &[&Bands], to: impl Write + Send) -> Result<u64> {
    write_rows("bands", &COLUMNS, rows(bands), to)
}

/// Writes these columns of these rows, in the same way, under a name for the schema.
///
/// # Errors
///
/// As [`write_parquet`].
pub fn write_rows<'a>(
    name: &str,
    columns: &[(&str, Column)],
    mut rows: impl Iterator<Item = Row<'a>>,
    to: impl Write + Send,
) -> Result<u64> {
    let (schema, properties) = (schema(name, columns)?, properties(columns));
    let mut writer = SerializedFileWriter::new(to, Arc::new(schema), Arc::new(properties))?;
    let mut count = 0;
    loop {
        let group: Vec<Row> = rows.by_ref().take(ROWS_PER_GROUP).collect();
        if group.is_empty() {
            break;
        }
        let mut chunks = writer.next_row_group()?;
        for (_, column) in columns {
            let to = chunks.next_column()?.ok_or_else(too_few_columns)?;
            write_column(to, *column, &group)?;
        }
        chunks.close()?;
        count += group.len() as u64;
    }
    writer.close()?;
    Ok(count)
}

fn too_few_columns() -> ParquetError {
    ParquetError::General("the schema has fewer columns than the table".to_string())
}

/// The types of the columns.
fn schema(name: &str, columns: &[(&str, Column)]) -> Result<Type> {
    let fields: Result<Vec<_>> = columns
        .iter()
        .map(|(name, column)| field(name, column).map(Arc::new))
        .collect();
    Type::group_type_builder(name).with_fields(fields?).build()
}

fn field(name: &str, column: &Column) -> Result<Type> {
    let (physical, repetition, logical) = match column {
        Column::Text(_) => (
            Physical::BYTE_ARRAY,
            Repetition::REQUIRED,
            Some(LogicalType::String),
        ),
        Column::Whole(_) => (Physical::INT32, Repetition::REQUIRED, None),
        Column::Number(_) => (Physical::DOUBLE, Repetition::OPTIONAL, None),
    };
    Type::primitive_type_builder(name, physical)
        .with_repetition(repetition)
        .with_logical_type(logical)
        .build()
}

/// How the file is written. Numbers rarely repeat, so a dictionary of them would only cost space.
fn properties(columns: &[(&str, Column)]) -> WriterProperties {
    let start = WriterProperties::builder()
        .set_created_by(CREATED_BY.to_string())
        .set_compression(Compression::SNAPPY);
    let numbers = columns
        .iter()
        .filter(|(_, column)| matches!(column, Column::Number(_)));
    numbers
        .fold(start, |builder, (name, _)| {
            builder.set_column_dictionary_enabled(ColumnPath::from(*name), false)
        })
        .build()
}

fn write_column(mut to: SerializedColumnWriter, column: Column, rows: &[Row]) -> Result<()> {
    match column {
        Column::Text(of) => {
            let texts: Vec<ByteArray> = rows.iter().map(|row| ByteArray::from(of(row))).collect();
            to.typed::<ByteArrayType>()
                .write_batch(&texts, None, None)?;
        }
        Column::Whole(of) => {
            let wholes: std::result::Result<Vec<i32>, _> =
                rows.iter().map(|row| i32::try_from(of(row))).collect();
            to.typed::<Int32Type>().write_batch(&wholes?, None, None)?;
        }
        Column::Number(of) => {
            let all: Vec<f64> = rows.iter().map(of).collect();
            let levels: Vec<i16> = all.iter().map(|number| number.is_finite().into()).collect();
            let present: Vec<f64> = all
                .into_iter()
                .filter(|number| number.is_finite())
                .collect();
            to.typed::<DoubleType>()
                .write_batch(&present, Some(&levels), None)?;
        }
    }
    to.close()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bands::{Summary, summarise};
    use crate::report::tests::sample;
    use crate::report::{csv_file::write_csv, number::plain};
    use parquet::basic::Encoding;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;
    use std::fs::{self, File};
    use std::path::Path;

    /// A written file, open for reading, and the number of rows that the writer told.
    fn written(bands: &[&Bands]) -> (SerializedFileReader<File>, u64) {
        let file = tempfile::tempfile().unwrap();
        let count = write_parquet(bands, file.try_clone().unwrap()).unwrap();
        (SerializedFileReader::new(file).unwrap(), count)
    }

    fn records(reader: &SerializedFileReader<File>) -> Vec<Vec<(String, Field)>> {
        let rows = reader.get_row_iter(None).unwrap();
        let columns = |row: parquet::record::Row| {
            row.into_columns()
                .into_iter()
                .map(|(name, field)| (name.to_string(), field))
                .collect()
        };
        rows.map(|row| columns(row.unwrap())).collect()
    }

    fn expected_field(column: Column, row: &Row) -> Field {
        match column {
            Column::Text(of) => Field::Str(of(row).to_string()),
            Column::Whole(of) => Field::Int(of(row) as i32),
            Column::Number(of) if of(row).is_nan() => Field::Null,
            Column::Number(of) => Field::Double(of(row)),
        }
    }

    fn expected(bands: &[&Bands]) -> Vec<Vec<(String, Field)>> {
        let columns = |row: Row| {
            COLUMNS
                .map(|(name, column)| (name.to_string(), expected_field(column, &row)))
                .to_vec()
        };
        rows(bands).map(columns).collect()
    }

    #[test]
    fn what_is_read_back_is_what_was_written() {
        let bands = [&sample(), &sample()];
        let (reader, count) = written(&bands);
        assert_eq!(count, 6);
        assert_eq!(records(&reader), expected(&bands));
        let nulls = records(&reader)[2]
            .iter()
            .filter(|(_, field)| *field == Field::Null)
            .count();
        assert_eq!(nulls, 2, "sd and mcse of one run");
    }

    #[test]
    fn the_values_are_those_of_the_csv_file_unrounded() {
        let bands = sample();
        let mut bytes = Vec::new();
        write_csv(&[&bands], &mut bytes).unwrap();
        let mut lines = csv::Reader::from_reader(&bytes[..]);
        let header = lines.headers().unwrap().clone();
        let records = records(&written(&[&bands]).0);
        assert_eq!(lines.records().count(), records.len());
        let mut lines = csv::Reader::from_reader(&bytes[..]);
        for (line, record) in lines.records().zip(&records) {
            for ((name, text), (column, field)) in header.iter().zip(&line.unwrap()).zip(record) {
                let told = match field {
                    Field::Str(text) => text.clone(),
                    Field::Int(whole) => whole.to_string(),
                    Field::Double(number) => plain(*number),
                    _ => String::new(),
                };
                assert_eq!((name, text), (column.as_str(), told.as_str()));
            }
        }
    }

    #[test]
    fn texts_have_a_dictionary_and_all_is_compressed() {
        let (reader, _) = written(&[&sample()]);
        let metadata = reader.metadata();
        assert_eq!(metadata.file_metadata().created_by(), Some(CREATED_BY));
        for (position, (name, column)) in COLUMNS.iter().enumerate() {
            let chunk = metadata.row_group(0).column(position);
            assert_eq!(chunk.compression(), Compression::SNAPPY, "{name}");
            let has_dictionary = chunk.encodings().any(|e| e == Encoding::RLE_DICTIONARY);
            assert_eq!(
                has_dictionary,
                !matches!(column, Column::Number(_)),
                "{name}"
            );
            if matches!(column, Column::Text(_)) {
                let logical = chunk.column_descr().logical_type_ref();
                assert_eq!(logical, Some(&LogicalType::String), "{name}");
            }
        }
    }

    #[test]
    fn the_same_bands_give_the_same_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let [one, other] = ["one", "other"].map(|name| {
            let path = folder.path().join(name);
            write_parquet(&[&sample()], File::create(&path).unwrap()).unwrap();
            fs::read(path).unwrap()
        });
        assert_eq!(one, other);
    }

    #[test]
    fn many_rows_come_in_groups_and_none_in_no_group() {
        let mut large = sample();
        let cells = ROWS_PER_GROUP / 2 + 1;
        large.layout.cells = vec![large.layout.cells[0].clone(); cells];
        let summary = |index| summarise(&mut [index as f64, 0.0]);
        large.rows = (0..2 * cells).map(summary).collect::<Vec<Summary>>();
        let (reader, count) = written(&[&large]);
        assert_eq!(count, 2 * cells as u64);
        let groups: Vec<i64> = reader
            .metadata()
            .row_groups()
            .iter()
            .map(|group| group.num_rows())
            .collect();
        assert_eq!(groups, [ROWS_PER_GROUP as i64, 2]);
        let last = records(&reader).pop().unwrap();
        assert_eq!(last[9].1, Field::Double(large.rows[2 * cells - 1].mean));

        let (reader, count) = written(&[]);
        assert_eq!((count, reader.num_row_groups()), (0, 0));
    }

    #[test]
    fn it_can_be_put_in_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let fill =
            |to: &mut std::io::BufWriter<File>| Ok(write_parquet(&[&sample()], to).map(drop)?);
        crate::report::put(folder.path(), "bands.parquet", fill).unwrap();
        let path: &Path = &folder.path().join("bands.parquet");
        let reader = SerializedFileReader::try_from(path).unwrap();
        assert_eq!(records(&reader), expected(&[&sample()]));
    }
}
