//! The tidy table as a CSV file: UTF-8, commas, lines ended by a line feed, one header line.

use super::number::plain;
use super::{COLUMNS, Column, Row, rows};
use crate::bands::Bands;
use std::io::{self, Write};

/// Writes the tidy table of these scenarios and tells the number of rows, the header not counted.
///
/// Numbers are rounded as [`plain`] says; a missing number is an empty field. The same bands give
/// the same bytes.
///
/// # Errors
///
/// When `to` does not take the bytes.
pub fn write_csv(bands: &[&Bands], to: impl Write) -> io::Result<u64> {
    write_rows(&COLUMNS, rows(bands), to)
}

/// Writes these columns of these rows, in the same way.
///
/// # Errors
///
/// When `to` does not take the bytes.
pub fn write_rows<'a>(
    columns: &[(&str, Column)],
    rows: impl Iterator<Item = Row<'a>>,
    to: impl Write,
) -> io::Result<u64> {
    let mut writer = csv::Writer::from_writer(to);
    writer.write_record(columns.iter().map(|(name, _)| name))?;
    let mut count = 0;
    for row in rows {
        for (_, column) in columns {
            write_field(&mut writer, *column, &row)?;
        }
        writer.write_record(None::<&[u8]>)?;
        count += 1;
    }
    writer.flush()?;
    Ok(count)
}

fn write_field(writer: &mut csv::Writer<impl Write>, column: Column, row: &Row) -> csv::Result<()> {
    match column {
        Column::Text(of) => writer.write_field(of(row)),
        Column::Whole(of) => writer.write_field(of(row).to_string()),
        Column::Number(of) => writer.write_field(plain(of(row))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::sample;

    const HEADER: &str = "scenario,year,profession,grade,sector,zone,from,measure,unit,mean,sd,mcse,\
                          p025,p10,p25,p50,p75,p90,p975,runs\n";

    fn written(bands: &[&Bands]) -> (u64, String) {
        let mut bytes = Vec::new();
        let count = write_csv(bands, &mut bytes).unwrap();
        (count, String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn the_text_is_the_table() {
        let (count, text) = written(&[&sample()]);
        let expected = [
            "\"more, sooner\",2025,nurse,all,hospital,north,all,supply_fte,fte,81500,0,0,81500,81500,\
             81500,81500,81500,81500,81500,2\n",
            "\"more, sooner\",2026,nurse,all,hospital,north,all,supply_fte,fte,81502.5,2.82843,2,\
             81500.6,81500.9,81501.5,81502.5,81503.5,81504.1,81504.4,2\n",
            "\"more, sooner\",2026,nurse,all,hospital,all,all,left,share,0.125,,,0.125,0.125,0.125,\
             0.125,0.125,0.125,0.125,1\n",
        ];
        assert_eq!(text, HEADER.to_string() + &expected.concat());
        assert_eq!(count, 3);
    }

    #[test]
    fn without_rows_there_is_the_header() {
        assert_eq!(written(&[]), (0, HEADER.to_string()));
    }

    #[test]
    fn a_full_disk_is_an_error() {
        let mut room = [0_u8; 200];
        assert!(write_csv(&[&sample()], &mut room[..]).is_err());
    }
}
