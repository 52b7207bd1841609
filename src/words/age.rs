//! Ages in whole years on 1 December, and the age classes that statistics are printed in.

/// Youngest age of anybody in the model (care assistants start at 16).
pub const YOUNGEST_AGE: u8 = 16;
/// Oldest age counted: people leave the statistics on reaching 75, as in SSB's tables (15-74).
pub const OLDEST_AGE: u8 = 74;

/// Number of five-year age classes: 15-19, 20-24, ... 70-74.
pub const AGE_CLASSES: usize = 12;

/// Index of a five-year age class, 0 (15-19) to 11 (70-74).
pub type AgeClass = usize;

/// The five-year class of an age, clamped to the ends.
pub fn age_class(age: u8) -> AgeClass {
    usize::from(age.clamp(15, OLDEST_AGE) - 15) / 5
}

/// First age of a class.
pub fn class_start(class: AgeClass) -> u8 {
    15 + 5 * class as u8
}

/// The label of a class, as in the open statistics: `"25-29"`.
pub fn class_label(class: AgeClass) -> String {
    format!("{}-{}", class_start(class), class_start(class) + 4)
}

/// The class with this label, if there is one.
pub fn class_of_label(label: &str) -> Option<AgeClass> {
    (0..AGE_CLASSES).find(|&class| class_label(class) == label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_age_falls_in_the_class_whose_label_names_it() {
        for age in YOUNGEST_AGE..=OLDEST_AGE {
            let class = age_class(age);
            assert!(class_start(class) <= age && age < class_start(class) + 5);
            assert_eq!(class_of_label(&class_label(class)), Some(class));
        }
    }
}
