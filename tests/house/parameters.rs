//! Every parameter states what it is worth, what it rests on and how sure it is.

use toml::{Table, Value};

/// A sentence of reasoning is at least this long.
const LEAST_REASONING: usize = 20;

/// An assumption (grade D) spans at least this part of its value from low to high: a narrow band
/// around a number that nobody has measured would claim a knowledge that is not there.
const LEAST_WIDTH: f64 = 0.3;

/// Room for rounding when a width is compared with the least one.
const ROUNDING: f64 = 1e-9;

/// The number of parameters in a file, and what is wrong with them.
pub fn violations(path: &str, text: &str) -> (usize, Vec<String>) {
    let file = match toml::from_str::<Table>(text) {
        Ok(file) => file,
        Err(error) => return (0, vec![format!("{path}: {}", error.to_string().trim_end())]),
    };
    let list = match file.get("parameter") {
        None => return (0, Vec::new()),
        Some(Value::Array(list)) => list,
        Some(_) => {
            return (
                0,
                vec![format!("{path}: parameter must be written [[parameter]]")],
            );
        }
    };
    let mut found = Vec::new();
    for (index, entry) in list.iter().enumerate() {
        let Some(parameter) = entry.as_table() else {
            found.push(format!("{path}: parameter {} is no table", index + 1));
            continue;
        };
        let name = name_of(parameter).unwrap_or_else(|| format!("number {}", index + 1));
        found.extend(
            faults(parameter)
                .into_iter()
                .map(|fault| format!("{path}: {name}: {fault}")),
        );
    }
    (list.len(), found)
}

fn name_of(parameter: &Table) -> Option<String> {
    ["id", "name", "key"]
        .iter()
        .find_map(|key| parameter.get(*key).and_then(Value::as_str))
        .map(str::to_owned)
}

fn faults(parameter: &Table) -> Vec<String> {
    let mut found = Vec::new();
    let value = parameter.get("value").and_then(number);
    if value.is_none() {
        found.push("value must be a finite number".to_owned());
    }
    if text(parameter, "unit").is_empty() {
        found.push("unit is missing".to_owned());
    }
    let grade = text(parameter, "grade");
    if !["A", "B", "C", "D"].contains(&grade) {
        found.push(format!("grade must be A, B, C or D, not {grade:?}"));
    }
    match parameter.get("facts").and_then(Value::as_array) {
        None => found.push("facts must be a list".to_owned()),
        Some(facts) if facts.is_empty() && grade != "D" => {
            found.push("facts may be empty only for an assumption (grade D)".to_owned());
        }
        Some(_) => {}
    }
    if text(parameter, "reasoning").chars().count() < LEAST_REASONING {
        found.push(format!(
            "reasoning must have at least {LEAST_REASONING} characters"
        ));
    }
    match parameter.get("distribution").and_then(Value::as_table) {
        None => found.push("distribution must be a table".to_owned()),
        Some(distribution) if grade == "D" => {
            found.extend(value.and_then(|value| narrow(value, distribution)));
        }
        Some(_) => {}
    }
    found
}

/// Why the distribution of an assumption is too narrow; one without low and high is not judged.
fn narrow(value: f64, distribution: &Table) -> Option<String> {
    let low = distribution.get("low").and_then(number)?;
    let high = distribution.get("high").and_then(number)?;
    let width = high - low;
    let least = LEAST_WIDTH * value.abs();
    let is_wide = if value == 0.0 {
        width > 0.0
    } else {
        width >= least * (1.0 - ROUNDING)
    };
    (!is_wide).then(|| {
        format!("an assumption must be wide: high - low is {width}, at least {least} is needed")
    })
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Float(number) => Some(*number).filter(|number| number.is_finite()),
        Value::Integer(number) => Some(*number as f64),
        _ => None,
    }
}

/// A text without the blanks around it; empty when there is none.
fn text<'a>(parameter: &'a Table, key: &str) -> &'a str {
    parameter
        .get(key)
        .and_then(Value::as_str)
        .map_or("", str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = r#"
[[parameter]]
id = "share_leaving"
value = 0.1
unit = "probability per year"
facts = ["nou_turnover_0001"]
grade = "B"
reasoning = "Observed in the register of the same population."
distribution = { kind = "triangular", low = 0.09, high = 0.11 }
"#;

    #[test]
    fn a_sound_parameter_passes() {
        let (count, found) = violations("a.toml", SOUND);
        assert_eq!(count, 1);
        assert!(found.is_empty(), "{found:?}");
        let whole_number = SOUND.replace("value = 0.1", "value = 1");
        assert!(violations("a.toml", &whole_number).1.is_empty());
    }

    #[test]
    fn each_missing_field_is_found() {
        for field in [
            "value",
            "unit",
            "facts",
            "grade",
            "reasoning",
            "distribution",
        ] {
            let broken: String = SOUND
                .lines()
                .filter(|line| !line.starts_with(field))
                .map(|line| format!("{line}\n"))
                .collect();
            let found = violations("a.toml", &broken).1;
            assert_eq!(found.len(), 1, "{field}: {found:?}");
            assert!(found[0].starts_with("a.toml: share_leaving: "), "{found:?}");
        }
    }

    #[test]
    fn each_wrong_field_is_found() {
        for (right, wrong) in [
            ("value = 0.1", "value = \"0.1\""),
            ("value = 0.1", "value = nan"),
            ("\"probability per year\"", "\" \""),
            ("[\"nou_turnover_0001\"]", "[]"),
            ("[\"nou_turnover_0001\"]", "\"nou_turnover_0001\""),
            ("\"B\"", "\"E\""),
            (
                "Observed in the register of the same population.",
                "Observed.",
            ),
            (
                "{ kind = \"triangular\", low = 0.09, high = 0.11 }",
                "\"triangular\"",
            ),
            ("[[parameter]]", "[parameter]"),
            ("[[parameter]]", "[[parameter"),
        ] {
            let found = violations("a.toml", &SOUND.replace(right, wrong)).1;
            assert_eq!(found.len(), 1, "{wrong}: {found:?}");
        }
    }

    #[test]
    fn a_narrow_assumption_is_found() {
        let assumed = SOUND
            .replace("\"B\"", "\"D\"")
            .replace("[\"nou_turnover_0001\"]", "[]");
        assert_eq!(violations("a.toml", &assumed).1.len(), 1);
        let wide = assumed.replace("0.09", "0.085").replace("0.11", "0.115");
        assert!(violations("a.toml", &wide).1.is_empty());
        let around_zero = assumed.replace("value = 0.1", "value = 0");
        assert!(violations("a.toml", &around_zero).1.is_empty());
        let point = around_zero.replace("0.09", "0").replace("0.11", "0.0");
        assert_eq!(violations("a.toml", &point).1.len(), 1);
        let no_bounds = assumed.replace("low = 0.09, high = 0.11", "sd = 0.001");
        assert!(violations("a.toml", &no_bounds).1.is_empty());
    }
}
