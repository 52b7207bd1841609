//! The state variables as data, and how many bits each needs.
//!
//! What each means stands at the fields of [`super::Person`]; the description of the model takes
//! its words from there.

/// A state variable: its name (a field of [`super::Person`]), and the bits that its values need.
pub type Variable = (&'static str, u32);

/// All state variables of a person.
pub const STATE: [Variable; 24] = [
    ("id", 64),
    ("born", 8),
    ("grade", 8),
    ("status", 3),
    ("sector", 2),
    ("first_sector", 2),
    ("sex", 1),
    ("mover", 1),
    ("band", 3),
    ("disability", 2),
    ("job_since", 8),
    ("zone", 8),
    ("origin", 8),
    ("track", 2),
    ("country", 3),
    ("placement", 1),
    ("curriculum", 1),
    ("study_zone", 8),
    ("qualified", 8),
    ("programme", 8),
    ("study_since", 8),
    ("grade_since", 8),
    ("status_since", 8),
    ("first_zone", 8),
];

/// Bytes that the state of a person needs, packed: what nothing that simulates can do without.
pub const PACKED_BYTES: usize = bits().div_ceil(8) as usize;

const fn bits() -> u32 {
    let mut sum = 0;
    let mut at = 0;
    while at < STATE.len() {
        sum += STATE[at].1;
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
