//! The command line: the same flags as `careers_numpy.py`.

const USAGE: &str = "usage: [--people N] [--years Y] [--seed S] [--repeat R] [--check] [--seeds K]";

/// What was asked for.
pub struct Flags {
    pub people: usize,
    pub years: usize,
    pub seed: u64,
    pub repeat: u64,
    pub check: bool,
    pub seeds: u64,
}

impl Flags {
    /// Reads the words after the program's name.
    pub fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut flags = Self {
            people: 400_000,
            years: 30,
            seed: 1,
            repeat: 3,
            check: false,
            seeds: 40,
        };
        while let Some(word) = words.next() {
            if word == "--check" {
                flags.check = true;
                continue;
            }
            let number = words.next().and_then(|text| text.parse::<u64>().ok());
            let number = number.ok_or_else(|| format!("{word}: needs a whole number\n{USAGE}"))?;
            if number == 0 && word != "--seed" {
                return Err(format!("{word}: must be at least 1\n{USAGE}"));
            }
            match word.as_str() {
                "--people" => flags.people = number as usize,
                "--years" => flags.years = number as usize,
                "--seed" => flags.seed = number,
                "--repeat" => flags.repeat = number,
                "--seeds" => flags.seeds = number,
                _ => return Err(format!("{word}: no such flag\n{USAGE}")),
            }
        }
        Ok(flags)
    }
}
