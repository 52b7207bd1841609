//! The values that can be typed after flags, and what is told of the others.

use crate::engine::closure::Closure;
use crate::need::Scenario;
use crate::population::columns::identity;
use crate::runs::calibrated::Values;
use crate::runs::precision::Wish;
use crate::runs::raw;
use clap::builder::{PossibleValuesParser, TypedValueParser};

/// Reads how the labour market is closed.
pub(super) fn closure() -> impl TypedValueParser<Value = Closure> {
    PossibleValuesParser::new(["supply", "vacancy"]).map(|word| match word.as_str() {
        "supply" => Closure::Supply,
        _ => Closure::Vacancy,
    })
}

/// Reads where the parameters' values come from.
pub(super) fn parameters() -> impl TypedValueParser<Value = Values> {
    PossibleValuesParser::new(["calibrated", "evidence"]).map(|word| match word.as_str() {
        "evidence" => Values::Evidence,
        _ => Values::Calibrated,
    })
}

/// Reads a scenario of need.
pub(super) fn scenario() -> impl TypedValueParser<Value = Scenario> {
    PossibleValuesParser::new(Scenario::ALL.map(Scenario::id)).map(|word| {
        let of = |scenario: &Scenario| scenario.id() == word;
        Scenario::ALL.into_iter().find(of).unwrap_or_default()
    })
}

/// Reads a wish for precision.
///
/// # Errors
/// What is wrong with it.
pub(super) fn wish(text: &str) -> Result<Wish, String> {
    Wish::read(text).map_err(|problem| format!("{}; {}", problem.message, problem.hint))
}

/// Numbers of draws that can be typed.
pub(super) fn draws() -> std::ops::RangeInclusive<i64> {
    i64::from(*raw::DRAWS.start())..=i64::from(*raw::DRAWS.end())
}

/// Numbers of seeds that can be typed.
pub(super) fn seeds() -> std::ops::RangeInclusive<i64> {
    i64::from(*raw::SEEDS.start())..=i64::from(*raw::SEEDS.end())
}

/// Last years that can be typed.
pub(super) fn untils() -> std::ops::RangeInclusive<i64> {
    i64::from(*raw::UNTILS.start())..=i64::from(*raw::UNTILS.end())
}

/// Reads a scale.
///
/// # Errors
/// What is allowed instead.
pub(super) fn scale(text: &str) -> Result<f64, String> {
    let (least, most) = (raw::SCALES.start(), raw::SCALES.end());
    text.parse()
        .ok()
        .filter(|scale| raw::SCALES.contains(scale))
        .ok_or_else(|| {
            let point = if text.contains(',') {
                "; write decimals with a point"
            } else {
                ""
            };
            format!("a number from {least} to {most}{point}")
        })
}

/// Reads a number of threads.
///
/// # Errors
/// What is allowed instead.
pub(super) fn threads(text: &str) -> Result<usize, String> {
    let most = crate::runs::overrides::MOST_THREADS;
    text.parse()
        .ok()
        .filter(|threads| (1..=most).contains(threads))
        .ok_or_else(|| format!("a whole number from 1 to {most}"))
}

/// Reads the identity of a person.
///
/// # Errors
/// What is allowed instead.
pub(super) fn person(text: &str) -> Result<u64, String> {
    let parts: Vec<&str> = text.split('-').collect();
    let id = match parts[..] {
        [number] => number.parse().ok(),
        [stream, year, number] => match (stream.parse(), year.parse(), number.parse()) {
            (Ok(stream), Ok(year), Ok(number)) => Some(identity(stream, year, number)),
            _ => None,
        },
        _ => None,
    };
    id.ok_or_else(|| "a whole number, or STREAM-YEAR-NUMBER such as 0-2019-17".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_named_by_number_or_parts() {
        assert_eq!(person("17"), Ok(17));
        assert_eq!(person("3-2025-17"), Ok(identity(3, 2025, 17)));
        assert!(person("3-2025").is_err());
    }
}
