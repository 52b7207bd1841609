//! HTML as it is written: texts in two languages, tables, pictures with the table behind them.

use crate::picture::{Both, Drawing, Lang, number};
use std::fmt::Write as _;

/// A text with the characters that mean something in HTML written out.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            other => safe.push(other),
        }
    }
    safe
}

/// Both languages, each in an element that the page hides when the other is chosen; one text if
/// they are equal.
pub fn both(text: &Both) -> String {
    if text.nb == text.en {
        return escape(&text.nb);
    }
    let (nb, en) = (escape(&text.nb), escape(&text.en));
    format!("<span class=nb lang=nb>{nb}</span><span class=en lang=en>{en}</span>")
}

/// A paragraph.
pub fn paragraph(text: &Both) -> String {
    format!("<p>{}</p>\n", both(text))
}

/// A list with a point for each text.
pub fn list(texts: &[Both]) -> String {
    let items = texts
        .iter()
        .map(|text| format!("<li>{}</li>\n", both(text)));
    format!("<ul>\n{}</ul>\n", items.collect::<String>())
}

/// A heading of the third level, below that of a section.
pub fn heading(text: &Both) -> String {
    format!("<h3>{}</h3>\n", both(text))
}

/// A text that holds figures, written once for each language.
pub fn told(write: impl Fn(Lang) -> String) -> Both {
    Both::new(write(Lang::Nb), write(Lang::En))
}

/// The identifier of a picture, also the name of its files: small letters, digits and hyphens.
pub fn identifier(words: &[&str]) -> String {
    let joined = words.join("-").to_lowercase();
    let letters = joined.chars().map(|letter| match letter {
        'a'..='z' | '0'..='9' => letter,
        _ => '-',
    });
    letters.collect()
}

/// One of two texts.
pub fn choose<'a>(lang: Lang, nb: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Nb => nb,
        Lang::En => en,
    }
}

/// A number with as many decimals as its size asks for: none from 100, one from 1, else three.
pub fn fit(value: f64, lang: Lang) -> String {
    number(value, decimals(value), lang)
}

/// The decimals that the size of a number asks for.
pub fn decimals(value: f64) -> usize {
    match value.abs() {
        size if size >= 100.0 || size == 0.0 => 0,
        size if size >= 1.0 => 1,
        _ => 3,
    }
}

/// A number rounded to three digits.
pub fn three_digits(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let unit = 10f64.powi(value.abs().log10().floor() as i32 - 2);
    (value / unit).round() * unit
}

/// A share as a percentage.
pub fn percent(share: f64, decimals: usize, lang: Lang) -> String {
    match lang {
        Lang::Nb => format!("{}\u{a0}%", number(100.0 * share, decimals, lang)),
        Lang::En => format!("{}%", number(100.0 * share, decimals, lang)),
    }
}

/// A band from its lower to its upper end.
pub fn band(low: f64, high: f64, lang: Lang) -> String {
    let decimals = decimals(low.abs().max(high.abs()));
    let (low, high) = (number(low, decimals, lang), number(high, decimals, lang));
    format!("{low} {} {high}", choose(lang, "til", "to"))
}

/// Characters from which a text in a table has a wide column.
const LONG: usize = 40;

/// What stands in a cell of a table.
#[derive(Clone, Debug)]
pub enum Cell {
    /// A text.
    Text(Both),
    /// A text that there is in English only, and that says so to those who hear it read.
    English(String),
    /// A number in the unit that the column names.
    Number(f64),
    /// A share, shown as a percentage.
    Share(f64),
    /// A whole number without separators, such as a year.
    Plain(i64),
}

impl Cell {
    fn html(&self) -> String {
        match self {
            Cell::Text(text) => both(text),
            Cell::English(text) => format!("<span lang=en>{}</span>", escape(text)),
            Cell::Number(value) | Cell::Share(value) if value.is_nan() => "–".to_owned(),
            Cell::Number(value) => both(&told(|lang| fit(*value, lang))),
            Cell::Share(value) => both(&told(|lang| percent(*value, 1, lang))),
            Cell::Plain(value) => value.to_string(),
        }
    }

    /// Does the text need a column wide enough to be read in?
    fn is_long(&self) -> bool {
        match self {
            Cell::Text(text) => text.nb.chars().count() > LONG,
            Cell::English(text) => text.chars().count() > LONG,
            _ => false,
        }
    }

    fn is_number(&self) -> bool {
        !matches!(self, Cell::Text(_) | Cell::English(_))
    }

    fn data(&self) -> String {
        match self {
            Cell::Text(text) => text.en.clone(),
            Cell::English(text) => text.clone(),
            Cell::Number(value) | Cell::Share(value) if value.is_nan() => String::new(),
            Cell::Number(value) | Cell::Share(value) => value.to_string(),
            Cell::Plain(value) => value.to_string(),
        }
    }
}

/// A table: the first column names the rows.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// What it shows.
    pub caption: Both,
    /// The columns' names.
    pub head: Vec<Both>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// An empty table.
    pub fn new(caption: Both, head: Vec<Both>) -> Table {
        let rows = Vec::new();
        Table {
            caption,
            head,
            rows,
        }
    }

    /// A table of bands: columns of its own, then mean, low end, median and high end, then others.
    pub fn of_bands(caption: Both, first: &[(&str, &str)], last: &[(&str, &str)]) -> Table {
        let bands = [
            ("Snitt", "Mean"),
            ("2,5 %", "2.5%"),
            ("Median", "Median"),
            ("97,5 %", "97.5%"),
        ];
        let all = first.iter().chain(&bands).chain(last);
        let head = all.map(|(nb, en)| Both::new(*nb, *en)).collect();
        Table::new(caption, head)
    }

    /// The table in a box of its own that scrolls where the page is too narrow.
    pub fn html(&self) -> String {
        let mut text = String::from("<div class=scroll tabindex=0 role=group>\n<table>\n");
        let _ = write!(
            text,
            "<caption>{}</caption>\n<thead><tr>",
            both(&self.caption)
        );
        for name in &self.head {
            let _ = write!(text, "<th scope=col>{}</th>", both(name));
        }
        text.push_str("</tr></thead>\n<tbody>\n");
        for row in &self.rows {
            text.push_str("<tr>");
            for (position, cell) in row.iter().enumerate() {
                let html = cell.html();
                let _ = match (position, cell.is_number()) {
                    (0, _) => write!(text, "<th scope=row>{html}</th>"),
                    (_, true) => write!(text, "<td class=n>{html}</td>"),
                    (_, false) if cell.is_long() => write!(text, "<td class=l>{html}</td>"),
                    (_, false) => write!(text, "<td>{html}</td>"),
                };
            }
            text.push_str("</tr>\n");
        }
        text.push_str("</tbody>\n</table>\n</div>\n");
        text
    }

    /// The table as CSV with English names and numbers as exact as in the folder's files.
    pub fn csv(&self) -> String {
        let mut to = csv::Writer::from_writer(Vec::new());
        let head: Vec<&str> = self.head.iter().map(|name| name.en.as_str()).collect();
        let rows = self.rows.iter().map(|row| row.iter().map(Cell::data));
        // Writing into memory cannot fail, and every row has the columns of the head.
        let _ = to.write_record(head);
        for row in rows {
            let _ = to.write_record(row);
        }
        let bytes = to.into_inner().unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// A picture and the numbers that it is drawn from.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The picture.
    pub drawing: Drawing,
    /// The numbers.
    pub table: Table,
}

impl Figure {
    /// The picture with its caption, and the table to be opened below it.
    pub fn html(&self) -> String {
        let Drawing { title, svg, id, .. } = &self.drawing;
        format!(
            "<figure id=\"picture-{}\">\n<figcaption>{}</figcaption>\n<div class=scroll tabindex=0>\n{svg}\n</div>\n<details><summary>{}</summary>\n{}</details>\n</figure>\n",
            escape(id),
            both(title),
            both(&Both::new(
                "Tallene bak figuren",
                "The numbers behind the picture"
            )),
            self.table.html()
        )
    }
}

/// A section of the page.
#[derive(Clone, Debug)]
pub struct Section {
    /// Identifier, for links.
    pub id: &'static str,
    /// The heading.
    pub title: Both,
    /// The text, in HTML, pictures included.
    pub body: String,
    /// The pictures.
    pub figures: Vec<Figure>,
}

impl Section {
    /// A section with nothing in it.
    pub fn new(id: &'static str, nb: &str, en: &str) -> Section {
        Section {
            id,
            title: Both::new(nb, en),
            body: String::new(),
            figures: Vec::new(),
        }
    }

    /// Adds a paragraph.
    pub fn say(&mut self, text: &Both) {
        self.body.push_str(&paragraph(text));
    }

    /// Adds a picture.
    pub fn show(&mut self, figure: Figure) {
        self.body.push_str(&figure.html());
        self.figures.push(figure);
    }

    /// The section in HTML.
    pub fn html(&self) -> String {
        let Section {
            id, title, body, ..
        } = self;
        let title = both(title);
        format!(
            "<section id={id} aria-labelledby={id}-title>\n<h2 id={id}-title>{title}</h2>\n{body}</section>\n"
        )
    }
}
