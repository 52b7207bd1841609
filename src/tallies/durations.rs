//! Durations of single lives: years in a job when it ends, ages when careers end.
//!
//! Histograms in whole years (crate hdrhistogram); they merge exactly, in any order.

use super::footing::Footing;
use super::sums::follow;
use crate::engine::Change;
use crate::words::Status;
use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

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

/// Longest duration in years that is told apart.
const LONGEST: usize = 127;

/// Lives by kind, profession and whole years. Counted in plain arrays while the years run (an
/// event costs one addition), summarised through a histogram at the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Durations {
    counts: Vec<u64>,
    professions: usize,
}

impl Durations {
    /// Empty counts.
    pub fn new(professions: usize) -> Durations {
        Durations {
            counts: vec![0; professions * Kind::ALL.len() * (LONGEST + 1)],
            professions,
        }
    }

    /// Takes account of a change in a person.
    #[inline]
    pub fn changed(
        &mut self,
        change: &Change<'_>,
        [held, holds]: [Footing; 2],
        profession: &[u8; 256],
    ) {
        let (before, after) = (change.before, change.after);
        let own = usize::from(profession[usize::from(before.grade)]);
        if own >= self.professions {
            return;
        }
        let lost_job =
            held.is_employed() & (!holds.is_employed() | (after.job_since != before.job_since));
        if lost_job {
            self.record(Kind::JobYears, own, before.job_years(change.year - 1));
        }
        let began = |status| after.status == status && before.status != status;
        if began(Status::OldAgePension) && held.is_employed() {
            self.record(Kind::PensionAge, own, after.age(change.year));
        }
        if began(Status::DisabilityPension) {
            self.record(Kind::DisabilityAge, own, after.age(change.year));
        }
    }

    fn record(&mut self, kind: Kind, profession: usize, years: u8) {
        let row = self.row(kind, profession);
        self.counts[row + usize::from(years).min(LONGEST)] += 1;
    }

    fn row(&self, kind: Kind, profession: usize) -> usize {
        (kind as usize * self.professions + profession) * (LONGEST + 1)
    }

    /// Takes over the lives of a base run, less those of `less`, and more.
    pub fn follow(&mut self, base: &Durations, less: &Durations, more: &Durations) {
        follow(&mut self.counts, &base.counts, &less.counts, &more.counts);
    }

    /// Adds the lives of another run.
    pub fn merge(&mut self, other: &Durations) {
        for (own, others) in self.counts.iter_mut().zip(&other.counts) {
            *own += others;
        }
    }

    /// The lives of a kind and profession as a histogram of years plus one (a histogram starts
    /// at one); empty if the histogram cannot be made, which its fixed bounds rule out.
    pub fn histogram(&self, kind: Kind, profession: usize) -> Option<Histogram<u64>> {
        // Three digits keep every whole year to 127 apart.
        let mut histogram = Histogram::new_with_bounds(1, LONGEST as u64 + 1, 3).ok()?;
        let row = self.row(kind, profession);
        for (years, lives) in self.counts[row..=row + LONGEST].iter().enumerate() {
            histogram.saturating_record_n(years as u64 + 1, *lives);
        }
        Some(histogram)
    }

    /// Number, mean, and quantiles (in years) of a kind for a profession.
    pub fn summary(
        &self,
        kind: Kind,
        profession: usize,
        quantiles: &[f64],
    ) -> (u64, f64, Vec<u64>) {
        let Some(histogram) = self.histogram(kind, profession) else {
            return (0, f64::NAN, Vec::new());
        };
        let at = |q: &f64| histogram.value_at_quantile(*q).saturating_sub(1);
        (
            histogram.len(),
            histogram.mean() - 1.0,
            quantiles.iter().map(at).collect(),
        )
    }
}
