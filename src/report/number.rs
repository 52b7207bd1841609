//! Numbers as text: plain for files, grouped and in percent for readers.

/// Significant digits of a number in a file.
const DIGITS: i32 = 6;

/// The most decimals of a number in a file. What is smaller is rounding error in this model.
const MOST_DECIMALS: i32 = 12;

/// What stands for a missing number in a text for readers.
const MISSING: &str = "–";

/// A number for a file, never with an exponent: rounded to 6 significant digits, but never to less
/// than whole numbers nor to more than 12 decimals. Zeros at the end of the decimals are cut and
/// the decimal point is a point: `1234567`, `81500`, `81500.3`, `0.707107`, `0.00000123457`.
///
/// NaN and infinite numbers give an empty text. Ties of the exact binary value go to the even
/// digit. The same number gives the same text on every machine.
pub fn plain(number: f64) -> String {
    if !number.is_finite() {
        return String::new();
    }
    quick(number).unwrap_or_else(|| exact(number))
}

/// Numbers from this on are told with decimals by [`quick`].
const LEAST_QUICK: f64 = 1e-4;

/// What [`exact`] gives, in whole-number arithmetic, or `None` where the last digit is in doubt: a
/// results file has millions of numbers.
fn quick(number: f64) -> Option<String> {
    let size = number.abs();
    if size.fract() == 0.0 && size < 1e15 {
        return Some((number as i64).to_string());
    }
    if !(LEAST_QUICK..1e5).contains(&size) {
        return None;
    }
    let mut decimals = DIGITS - 1;
    let mut scale = 1e5;
    let mut bound = 10.0;
    while size >= bound {
        bound *= 10.0;
        scale /= 10.0;
        decimals -= 1;
    }
    let mut bound = 1.0;
    while size < bound {
        bound /= 10.0;
        scale *= 10.0;
        decimals += 1;
    }
    let scaled = size * scale;
    let whole = scaled.round();
    // The product is off by far less than this; so close to a tie, or where the rounding makes one
    // digit more, the exact way decides.
    if (scaled.fract() - 0.5).abs() < 1e-6 || !(1e5..1e6).contains(&whole) {
        return None;
    }
    let mut digits = whole as u64;
    while decimals > 0 && digits.is_multiple_of(10) {
        digits /= 10;
        decimals -= 1;
    }
    let sign = if number < 0.0 { "-" } else { "" };
    if decimals == 0 {
        return Some(format!("{sign}{digits}"));
    }
    let one = 10_u64.pow(decimals as u32);
    let width = decimals as usize;
    Some(format!("{sign}{}.{:0width$}", digits / one, digits % one))
}

/// The text by the exact decimal expansion of the binary number.
fn exact(number: f64) -> String {
    let decimals = (DIGITS - 1 - magnitude(number)).clamp(0, MOST_DECIMALS);
    let text = format!("{number:.*}", decimals as usize);
    let short = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => &text,
    };
    without_negative_zero(short).to_string()
}

/// The power of ten of a number's first digit once it is rounded to [`DIGITS`]; 0 for 0.
///
/// It is read off the text since a logarithm can differ between machines in the last bit.
fn magnitude(number: f64) -> i32 {
    let text = format!("{number:.*e}", (DIGITS - 1) as usize);
    let exponent = text
        .split_once('e')
        .and_then(|(_, exponent)| exponent.parse().ok());
    exponent.unwrap_or(0)
}

/// A number for readers, rounded to a whole number (halves away from zero), with a space between
/// groups of three digits: `81 500`, `-1 200`. NaN and infinite numbers give `–`.
pub fn thousands(number: f64) -> String {
    if !number.is_finite() {
        return MISSING.to_string();
    }
    let text = format!("{:.0}", number.round());
    let (sign, digits) = split_sign(without_negative_zero(&text));
    let mut grouped = String::from(sign);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

/// A share (0.123, not 12.3) in percent for readers, with this many decimals: `12.3 %`. NaN and
/// infinite numbers give `–`.
pub fn percent(share: f64, decimals: usize) -> String {
    if !share.is_finite() {
        return MISSING.to_string();
    }
    let text = format!("{:.decimals$}", 100.0 * share);
    format!("{} %", without_negative_zero(&text))
}

/// A relative change (0.04 for 4 % more) in percent for readers, with its sign and this many
/// decimals: `+4.0 %`, `-1.5 %`, and `0.0 %` where it rounds to nothing. NaN and infinite numbers
/// give `–`.
pub fn signed_percent(change: f64, decimals: usize) -> String {
    let text = percent(change, decimals);
    let is_above_zero = change > 0.0 && text.contains(|digit| ('1'..='9').contains(&digit));
    if is_above_zero {
        format!("+{text}")
    } else {
        text
    }
}

/// The sign of a number's text, if it has one, and the rest.
fn split_sign(text: &str) -> (&str, &str) {
    text.split_at(usize::from(text.starts_with('-')))
}

/// The text of a number without the sign that a small negative number keeps when rounded to zero.
fn without_negative_zero(text: &str) -> &str {
    let (_, digits) = split_sign(text);
    if digits.bytes().all(|byte| matches!(byte, b'0' | b'.')) {
        digits
    } else {
        text
    }
}

/// A number with about three figures, for a table to be read; nothing for what is no number.
pub fn short(number: f64) -> String {
    match number.abs() {
        size if !size.is_finite() => String::new(),
        size if size >= 1000.0 => format!("{number:.0}"),
        size if size >= 10.0 => format!("{number:.1}"),
        size if size >= 1.0 => format!("{number:.2}"),
        size if size >= 0.01 || size == 0.0 => format!("{number:.3}"),
        _ => format!("{number:.4}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_quick_way_is_the_exact_way(
            digits in 0_i64..=10_000_000,
            power in -9_i32..=6,
            noise in -2_i32..=2,
        ) {
            let near = digits as f64 * 10_f64.powi(power);
            let number = near * (1.0 + f64::from(noise) * 1e-16);
            for number in [number, -number, number / 3.0, number * 7.1e-3] {
                if let Some(text) = quick(number) {
                    prop_assert_eq!(text, exact(number));
                }
            }
        }
    }

    #[test]
    fn most_numbers_go_the_quick_way() {
        let quickly = (1..1000).filter(|n| quick(f64::from(*n) / 7.0).is_some());
        assert_eq!(quickly.count(), 999);
    }

    #[test]
    fn plain_numbers_are_short_and_have_no_exponent() {
        for (number, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-12.0, "-12"),
            (100.0, "100"),
            (81500.0, "81500"),
            (0.1 + 0.2, "0.3"),
            (2.0 / 3.0, "0.666667"),
            (1.0 / 8.0, "0.125"),
            (12345.678, "12345.7"),
            (99999.97, "100000"),
            (123456.4, "123456"),
            (999999.7, "1000000"),
            (1234567.8, "1234568"),
            (123456789012.0, "123456789012"),
            (9.999_999_9, "10"),
            (0.000_999_999_96, "0.001"),
            (0.000_001_234_567_8, "0.00000123457"),
            (0.000_000_001_234_567, "0.000000001235"),
            (4e-13, "0"),
            (-4e-13, "0"),
            (1e21, "1000000000000000000000"),
            (f64::NAN, ""),
            (f64::INFINITY, ""),
        ] {
            assert_eq!(plain(number), text, "{number}");
        }
    }

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in [
            (0.0, "0"),
            (-0.4, "0"),
            (0.5, "1"),
            (999.4, "999"),
            (999.5, "1 000"),
            (81_500.0, "81 500"),
            (-1_200.0, "-1 200"),
            (-120.0, "-120"),
            (1_234_567.0, "1 234 567"),
            (f64::NAN, "–"),
            (f64::NEG_INFINITY, "–"),
        ] {
            assert_eq!(thousands(number), text, "{number}");
        }
    }

    #[test]
    fn percents_have_a_sign_where_asked() {
        assert_eq!(percent(0.123, 1), "12.3 %");
        assert_eq!(percent(1.0, 0), "100 %");
        assert_eq!(percent(-0.0001, 1), "0.0 %");
        assert_eq!(percent(f64::NAN, 1), "–");
        assert_eq!(signed_percent(0.04, 1), "+4.0 %");
        assert_eq!(signed_percent(-0.015, 1), "-1.5 %");
        assert_eq!(signed_percent(0.0001, 1), "0.0 %");
        assert_eq!(signed_percent(-0.0001, 1), "0.0 %");
        assert_eq!(signed_percent(f64::NAN, 1), "–");
        assert_eq!(signed_percent(f64::INFINITY, 1), "–");
    }

    proptest! {
        #[test]
        fn plain_numbers_read_back_nearly_the_same(number in -1e9..1e9_f64, scale in 0..9) {
            let number = number / 10_f64.powi(scale);
            let text = plain(number);
            prop_assert!(!text.contains(['e', 'E', '+']), "{text}");
            prop_assert!(!text.contains('.') || !text.ends_with(['0', '.']), "{text}");
            let read: f64 = text.parse().unwrap();
            let room = (number.abs() * 5.1e-6).clamp(5.1e-13, 0.51);
            prop_assert!((read - number).abs() <= room, "{number} became {text}");
            prop_assert_eq!(plain(read), text);
        }
    }
}
