//! The posterior (a posteriori-fordelingen): joint draws of the free parameters' scores, as a fit
//! to the targets leaves them, with the alignment factors found for each draw.
//!
//! Kept in a Parquet file at the top of the data folder: one row a draw, one column a free
//! parameter (32-bit floats; normal scores, 0 the value before fitting) or an alignment factor
//! (log-odds; column names begin with [`FACTOR`]). The file's key-value header tells how the fit
//! was made and carries, for each free parameter, a fingerprint of what it rested on: where the
//! data folder has changed since, the fit says nothing of that parameter and is not applied.

use super::free::FreeParameters;
use super::table::Parameters;
use crate::evidence::{DataFolder, parquet_guard};
use crate::words::Problem;
use bytes::Bytes;
use parquet::basic::{Compression, Repetition, Type as Physical};
use parquet::data_type::FloatType;
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::FileReader;
use parquet::file::writer::SerializedFileWriter;
use parquet::record::Field;
use parquet::schema::types::Type;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The file, at the top of the data folder.
pub const FILE: &str = "posterior.parquet";
/// How the names of alignment factors' columns begin.
pub const FACTOR: &str = "align:";
/// Most draws that are read.
pub const MOST_DRAWS: u64 = 100_000;
/// How the header's keys of fingerprints begin.
const FINGERPRINT: &str = "fingerprint:";

/// Joint draws of scores and alignment factors.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Posterior {
    /// Free parameters, in the order of a draw's scores.
    pub names: Vec<String>,
    /// Scores: one row a draw.
    pub draws: Vec<Vec<f32>>,
    /// Names of alignment factors.
    pub factor_names: Vec<String>,
    /// Log-odds: one row a draw.
    pub factors: Vec<Vec<f32>>,
    /// How the fit was made: settings, duration, hash of inputs.
    pub header: BTreeMap<String, String>,
    /// By free parameter: what the fit of it rested on.
    pub fingerprints: BTreeMap<String, String>,
}

/// A free parameter that the posterior was not applied to, because the data have changed.
pub type Passed = String;

impl Posterior {
    /// Reads the posterior of a data folder; none if it has no such file.
    ///
    /// # Errors
    /// A [`Problem`] if the file is not such a Parquet file.
    pub fn read(folder: &DataFolder) -> Result<Option<Posterior>, Problem> {
        if !folder.has(FILE) {
            return Ok(None);
        }
        let bytes = folder.read_bytes(FILE)?;
        let wrong = |error: &dyn std::fmt::Display| {
            Problem::in_file(&folder.name(FILE), format!("not a posterior: {error}"))
                .mend("make it again with stabil calibrate, or delete it")
        };
        let posterior = Posterior::of_bytes(bytes).map_err(|error| wrong(&error))?;
        let finite = |rows: &[Vec<f32>]| rows.iter().flatten().all(|x| x.is_finite());
        if posterior.draws.is_empty() || !finite(&posterior.draws) || !finite(&posterior.factors) {
            return Err(wrong(&"it has no draws, or draws that are not numbers"));
        }
        Ok(Some(posterior))
    }

    /// The posterior that a Parquet file's bytes hold.
    ///
    /// # Errors
    /// What the file claims beyond the limits, or what its decoder complains of.
    pub fn of_bytes(bytes: Vec<u8>) -> ParquetResult<Posterior> {
        parquet_guard::decoded(|| Posterior::decode(bytes))?
    }

    fn decode(bytes: Vec<u8>) -> ParquetResult<Posterior> {
        let reader = parquet_guard::open(Bytes::from(bytes), MOST_DRAWS)?;
        let about = reader.metadata().file_metadata();
        let mut posterior = Posterior::default();
        for pair in about.key_value_metadata().into_iter().flatten() {
            let value = pair.value.clone().unwrap_or_default();
            match pair.key.strip_prefix(FINGERPRINT) {
                Some(name) => posterior.fingerprints.insert(name.to_string(), value),
                None => posterior.header.insert(pair.key.clone(), value),
            };
        }
        let columns = about.schema_descr().columns();
        let is_factor: Vec<bool> = columns
            .iter()
            .map(|column| column.name().starts_with(FACTOR))
            .collect();
        for (column, factor) in columns.iter().zip(&is_factor) {
            match factor {
                true => &mut posterior.factor_names,
                false => &mut posterior.names,
            }
            .push(column.name().trim_start_matches(FACTOR).to_string());
        }
        for row in reader.get_row_iter(None)? {
            let row = row?;
            let (mut scores, mut factors) = (Vec::new(), Vec::new());
            for ((_, field), factor) in row.get_column_iter().zip(&is_factor) {
                let Field::Float(value) = field else {
                    return Err(ParquetError::General("a column is not of floats".into()));
                };
                if *factor { &mut factors } else { &mut scores }.push(*value);
            }
            posterior.draws.push(scores);
            posterior.factors.push(factors);
        }
        Ok(posterior)
    }

    /// The file's bytes. The same posterior gives the same bytes with the same version of the
    /// parquet library.
    ///
    /// # Errors
    /// When the library refuses.
    pub fn bytes(&self) -> ParquetResult<Vec<u8>> {
        let columns: Vec<String> = self
            .names
            .iter()
            .cloned()
            .chain(
                self.factor_names
                    .iter()
                    .map(|name| format!("{FACTOR}{name}")),
            )
            .collect();
        let fields: ParquetResult<Vec<_>> = columns
            .iter()
            .map(|name| {
                Type::primitive_type_builder(name, Physical::FLOAT)
                    .with_repetition(Repetition::REQUIRED)
                    .build()
                    .map(Arc::new)
            })
            .collect();
        let schema = Type::group_type_builder("posterior")
            .with_fields(fields?)
            .build()?;
        let header = self.header.iter().map(|(k, v)| (k.clone(), v.clone()));
        let prints = self.fingerprints.iter();
        let prints = prints.map(|(k, v)| (format!("{FINGERPRINT}{k}"), v.clone()));
        let pairs: Vec<KeyValue> = header
            .chain(prints)
            .map(|(key, value)| KeyValue::new(key, value))
            .collect();
        let properties = WriterProperties::builder()
            .set_created_by("stabil posterior version 1".to_string())
            .set_compression(Compression::SNAPPY)
            .set_dictionary_enabled(false)
            .set_key_value_metadata(Some(pairs))
            .build();
        let mut bytes = Vec::new();
        let mut writer =
            SerializedFileWriter::new(&mut bytes, Arc::new(schema), Arc::new(properties))?;
        let mut group = writer.next_row_group()?;
        for column in 0..columns.len() {
            let Some(mut to) = group.next_column()? else {
                break;
            };
            let values: Vec<f32> = match column.checked_sub(self.names.len()) {
                None => self.draws.iter().map(|draw| draw[column]).collect(),
                Some(factor) => self.factors.iter().map(|row| row[factor]).collect(),
            };
            to.typed::<FloatType>().write_batch(&values, None, None)?;
            to.close()?;
        }
        group.close()?;
        writer.close()?;
        Ok(bytes)
    }

    /// The centre: the mean score of each free parameter, and the mean of each factor.
    pub fn centre(&self) -> (Vec<f64>, Vec<f64>) {
        let means = |rows: &[Vec<f32>], width: usize| {
            let mean = |column: usize| {
                let sum: f64 = rows.iter().map(|row| f64::from(row[column])).sum();
                sum / rows.len().max(1) as f64
            };
            (0..width).map(mean).collect()
        };
        (
            means(&self.draws, self.names.len()),
            means(&self.factors, self.factor_names.len()),
        )
    }

    /// One draw's scores and factors; draws beyond the last begin anew.
    pub fn draw(&self, number: usize) -> (Vec<f64>, Vec<f64>) {
        let row = number % self.draws.len().max(1);
        let widen = |row: &[f32]| row.iter().map(|x| f64::from(*x)).collect();
        (widen(&self.draws[row]), widen(&self.factors[row]))
    }

    /// Moves parameters, as they were read, to scores of this posterior. Gives the free parameters
    /// passed over: those that the data folder no longer has as they were fitted.
    pub fn apply(
        &self,
        free: &FreeParameters,
        parameters: &mut Parameters,
        scores: &[f64],
    ) -> Vec<Passed> {
        let mut passed = Vec::new();
        for (name, score) in self.names.iter().zip(scores) {
            let direction = free.all.iter().find(|direction| direction.name == *name);
            let holds = direction.filter(|direction| {
                self.fingerprints.get(name) == Some(&direction.fingerprint(parameters))
            });
            match holds {
                Some(direction) => direction.apply(parameters, *score),
                None => passed.push(name.clone()),
            }
        }
        passed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::ModelData;

    fn sample(data: &ModelData, free: &FreeParameters) -> Posterior {
        let names: Vec<String> = free.all.iter().map(|f| f.name.clone()).collect();
        let fingerprints = free.all.iter();
        Posterior {
            draws: vec![vec![0.5; names.len()], vec![-1.5; names.len()]],
            factor_names: vec!["leave_job.municipal[nurse,2020]".into()],
            factors: vec![vec![0.1], vec![0.3]],
            header: BTreeMap::from([("members".to_string(), "2".to_string())]),
            fingerprints: fingerprints
                .map(|f| (f.name.clone(), f.fingerprint(&data.parameters)))
                .collect(),
            names,
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let data = ModelData::read(DataFolder::Embedded, None).unwrap();
        let free = FreeParameters::read(&data.folder, &data.parameters).unwrap();
        let written = sample(&data, &free);
        let read = Posterior::of_bytes(written.bytes().unwrap()).unwrap();
        assert_eq!(read, written);
        let (scores, factors) = read.centre();
        assert_eq!(scores[0], -0.5);
        assert!((factors[0] - 0.2).abs() < 1e-6);
        assert_eq!(read.draw(3), read.draw(1));
    }

    #[test]
    fn only_what_is_as_it_was_fitted_is_moved() {
        let data = ModelData::read(DataFolder::Embedded, None).unwrap();
        let free = FreeParameters::read(&data.folder, &data.parameters).unwrap();
        let posterior = sample(&data, &free);
        let (scores, _) = posterior.draw(0);
        let mut moved = data.parameters.clone();
        assert_eq!(
            posterior.apply(&free, &mut moved, &scores),
            Vec::<String>::new()
        );
        let first = &free.all[0].moves[0].0;
        assert_ne!(
            moved.named(first).map(|p| p.value),
            data.parameters.named(first).map(|p| p.value)
        );
        let mut other = data.parameters.clone();
        other.replace(first, 0.2);
        let own = other.clone();
        assert_eq!(
            posterior.apply(&free, &mut other, &scores),
            vec![free.all[0].name.clone()]
        );
        assert_eq!(
            other.named(first).map(|p| p.value),
            own.named(first).map(|p| p.value)
        );
    }
}
