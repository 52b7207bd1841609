//! The state variables as data: where each lies in the columns, and in how many bits.
//!
//! What each means stands at the fields of [`super::Person`]; the description of the model takes
//! its words from there.

use super::columns::BYTES_PER_PERSON;

/// A state variable: its name (a field of [`super::Person`]), the column that holds it, and its
/// width in bits.
pub type Variable = (&'static str, &'static str, u32);

/// The column of what only events need.
const REST: &str = "rest";

/// All state variables of a person.
pub const STATE: [Variable; 24] = [
    ("id", "id", 64),
    ("born", "born", 8),
    ("grade", "grade", 8),
    ("status", "place", 4),
    ("sector", "place", 2),
    ("first_sector", "place", 2),
    ("sex", "traits", 1),
    ("mover", "traits", 1),
    ("band", "traits", 3),
    ("disability", "traits", 2),
    ("job_since", "job_since", 8),
    ("zone", REST, 8),
    ("origin", REST, 8),
    ("track", REST, 2),
    ("country", REST, 3),
    ("placement", REST, 1),
    ("curriculum", REST, 1),
    ("study_zone", REST, 8),
    ("qualified", REST, 8),
    ("programme", REST, 8),
    ("study_since", REST, 8),
    ("grade_since", REST, 8),
    ("status_since", REST, 8),
    ("first_zone", REST, 8),
];

/// Bits of a person's record that hold no variable of their own: whether the person studies, which
/// repeats the programme for speed, and a spare one.
pub const OTHER_BITS: u32 = 2;

const _: () = assert!(bits() + OTHER_BITS == 8 * BYTES_PER_PERSON as u32);

const fn bits() -> u32 {
    let mut sum = 0;
    let mut at = 0;
    while at < STATE.len() {
        sum += STATE[at].2;
        at += 1;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(mut names: Vec<&str>) -> Vec<&str> {
        names.sort_unstable();
        names
    }

    #[test]
    fn the_list_is_a_persons_fields() {
        let source = include_str!("columns.rs");
        let (_, rest) = source.split_once("pub struct Person {").unwrap();
        let fields: Vec<&str> = rest
            .lines()
            .take_while(|line| *line != "}")
            .filter_map(|line| line.trim().strip_prefix("pub ")?.split(':').next())
            .collect();
        assert_eq!(
            sorted(STATE.map(|(name, ..)| name).to_vec()),
            sorted(fields)
        );
    }
}
