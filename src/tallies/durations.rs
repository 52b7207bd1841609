//! Durations of single lives: years in a job when it ends, ages when careers end.
//!
//! Histograms in whole years (crate hdrhistogram); they merge exactly, in any order.

use crate::engine::Change;
use crate::words::Status;
use hdrhistogram::Histogram;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Kind {
    /// Whole years in the job on the census before it ended.
    JobYears,
    /// Age at old-age pension.
    PensionAge,
    /// Age at full disability pension.
    DisabilityAge,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 3] = [Kind::JobYears, Kind::PensionAge, Kind::DisabilityAge];

    /// Identifier in outputs.
    pub fn id(self) -> &'static str {
        match self {
            Kind::JobYears => "years_in_job_at_its_end",
            Kind::PensionAge => "age_at_old_age_pension",
            Kind::DisabilityAge => "age_at_disability_pension",
        }
    }
}

/// Longest duration in years that the histograms hold.
const LONGEST: u64 = 127;

/// Histograms by kind and profession.
#[derive(Clone, Debug)]
pub struct Durations {
    histograms: Vec<Histogram<u64>>,
    professions: usize,
}

impl Durations {
    /// Empty histograms.
    pub fn new(professions: usize) -> Durations {
        let histograms = (0..professions * Kind::ALL.len())
            .map(|_| {
                // Three digits keep every whole year to 127 apart; these bounds are always valid.
                Histogram::new_with_bounds(1, LONGEST + 1, 3)
                    .expect("1 to 128 with three digits is a valid histogram")
            })
            .collect();
        Durations {
            histograms,
            professions,
        }
    }

    /// Takes account of a change in a person.
    pub fn changed(&mut self, change: &Change<'_>, profession: &[u8; 256]) {
        let (before, after) = (change.before, change.after);
        let own = usize::from(profession[usize::from(before.grade)]);
        if own >= self.professions {
            return;
        }
        let lost_job = before.status.is_employed()
            && (!after.status.is_employed() || after.job_since != before.job_since);
        if lost_job {
            self.record(Kind::JobYears, own, before.job_years(change.year - 1));
        }
        let began = |status| after.status == status && before.status != status;
        if began(Status::OldAgePension) && before.status.is_employed() {
            self.record(Kind::PensionAge, own, after.age(change.year));
        }
        if began(Status::DisabilityPension) {
            self.record(Kind::DisabilityAge, own, after.age(change.year));
        }
    }

    fn record(&mut self, kind: Kind, profession: usize, years: u8) {
        // Values are stored plus one, since a histogram starts at one.
        self.histograms[kind as usize * self.professions + profession]
            .saturating_record(u64::from(years) + 1);
    }

    /// Adds the histograms of another run.
    pub fn merge(&mut self, other: &Durations) {
        for (own, others) in self.histograms.iter_mut().zip(&other.histograms) {
            // Same bounds on both sides, so nothing can fall outside.
            own.add(others).expect("histograms of equal bounds add up");
        }
    }

    /// Number, mean, and quantiles (in years) of a kind for a profession.
    pub fn summary(
        &self,
        kind: Kind,
        profession: usize,
        quantiles: &[f64],
    ) -> (u64, f64, Vec<u64>) {
        let histogram = &self.histograms[kind as usize * self.professions + profession];
        let values = quantiles
            .iter()
            .map(|q| histogram.value_at_quantile(*q).saturating_sub(1))
            .collect();
        (histogram.len(), histogram.mean() - 1.0, values)
    }
}
