//! What the value of a key of a run file must be, as complaints tell it.

use Kind::{Name, Names, Number, Table, Tables, Told, Unions, Whole, Word};

/// What a value must be.
pub(super) enum Kind {
    /// What these words say; judged when the file is read as a whole.
    Told(&'static str),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A number from the first to the second.
    Number(f64, f64),
    /// A whole number from the first to the second.
    Whole(i64, i64),
    /// The name of something that the data know: what is named.
    Name(&'static str),
    /// One or more different names of things that the data know: what is named.
    Names(&'static str),
    /// A table.
    Table,
    /// Unions of zones under names that the user makes up.
    Unions,
    /// A list of tables.
    Tables,
}

impl Kind {
    /// The same in words.
    pub(super) fn told(&self) -> String {
        match self {
            Told(words) => (*words).to_string(),
            Word(words) => {
                let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
                quoted.join(" or ")
            }
            Number(least, most) => format!("a number from {least} to {most}"),
            Whole(least, most) => format!("a whole number from {least} to {most}"),
            Name(what) => format!("the name of {what} in quotation marks"),
            Names(what) => format!("a list of one or more names of {what}, each once"),
            Table => "a table".to_string(),
            Unions => "a table of lists of zones".to_string(),
            Tables => "a list of tables".to_string(),
        }
    }
}
