//! A page of Markdown as it is written: headings in the reader's language, paragraphs, tables.

/// The language of headings and of names that the data give in two languages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Norwegian (bokmål); what the code says of itself stays English.
    Norwegian,
}

impl Language {
    /// The identifier, as on the command line.
    pub fn id(self) -> &'static str {
        self.choose("english", "norwegian")
    }

    /// One of two texts.
    pub fn choose<'a>(self, english: &'a str, norwegian: &'a str) -> &'a str {
        match self {
            Language::English => english,
            Language::Norwegian => norwegian,
        }
    }
}

/// What stands in a cell of a table that has nothing to say.
const NOTHING: &str = "–";

/// A page of Markdown.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The language of headings.
    pub language: Language,
    text: String,
}

impl Page {
    /// An empty page.
    pub fn new(language: Language) -> Page {
        Page {
            language,
            text: String::new(),
        }
    }

    /// The whole text.
    pub fn text(self) -> String {
        self.text
    }

    /// A heading of a level from 1 to 4, in English and Norwegian.
    pub fn heading(&mut self, level: usize, english: &str, norwegian: &str) {
        let title = self.language.choose(english, norwegian);
        self.block(&format!("{} {title}", "#".repeat(level)));
    }

    /// Running text; empty lines part paragraphs, and each item of a list keeps its line.
    pub fn prose(&mut self, text: &str) {
        for paragraph in text.split("\n\n").filter(|p| !p.trim().is_empty()) {
            self.block(&unwrapped(paragraph));
        }
    }

    /// A list.
    pub fn list(&mut self, items: impl IntoIterator<Item = String>) {
        let items: Vec<String> = items
            .into_iter()
            .map(|item| unwrapped(&format!("- {item}")))
            .collect();
        self.block(&items.join("\n"));
    }

    /// A table; nothing without rows.
    pub fn table<const N: usize>(
        &mut self,
        header: [&str; N],
        rows: impl IntoIterator<Item = [String; N]>,
    ) {
        let line = |cells: [String; N]| {
            let cells = cells.map(|cell| match cell.trim() {
                "" => NOTHING.to_string(),
                cell => cell.replace('|', "\\|").replace('\n', " "),
            });
            format!("| {} |", cells.join(" | "))
        };
        let rows: Vec<String> = rows.into_iter().map(line).collect();
        if rows.is_empty() {
            return;
        }
        let head = line(header.map(str::to_string));
        self.block(&format!(
            "{head}\n|{}\n{}",
            "---|".repeat(N),
            rows.join("\n")
        ));
    }

    /// Markdown that is ready as it is.
    pub fn block(&mut self, text: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }
}

/// A paragraph on one line, as programs that set Markdown like it; items of a list on one each.
fn unwrapped(paragraph: &str) -> String {
    let mut text = String::new();
    for line in paragraph.lines() {
        if !text.is_empty() {
            text.push(if line.starts_with("- ") { '\n' } else { ' ' });
        }
        text.push_str(line.trim());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_parted_by_empty_lines() {
        let mut page = Page::new(Language::Norwegian);
        page.heading(2, "Need", "Behov");
        page.prose("One\ntwo.\n\nThree.");
        page.table(["a", "b"], [["1|2".to_string(), String::new()]]);
        page.table(["none"], []);
        page.list(["x".to_string(), "y".to_string()]);
        let expected = "## Behov\n\nOne two.\n\nThree.\n\n| a | b |\n|---|---|\n| 1\\|2 | – |\n\n\
                        - x\n- y\n";
        assert_eq!(page.text(), expected);
    }

    #[test]
    fn lines_of_a_paragraph_are_joined_and_items_are_not() {
        assert_eq!(unwrapped("one\ntwo"), "one two");
        assert_eq!(unwrapped("- one\n  more\n- two"), "- one more\n- two");
    }
}
