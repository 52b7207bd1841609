//! Writing SVG: elements and texts, escaped, with numbers of few decimals.

use super::{Both, Drawing};
use std::fmt::Write;

/// A picture under way.
pub(crate) struct Canvas {
    id: String,
    width: f64,
    height: f64,
    body: String,
}

/// Where a text stands in relation to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// A text without what would end it, and what XML does not allow.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            own if own.is_control() => out.push(' '),
            own => out.push(own),
        }
    }
    out
}

/// A length with one decimal.
pub(crate) fn length(value: f64) -> String {
    let text = format!("{:.1}", if value.is_finite() { value } else { 0.0 });
    text.strip_suffix(".0").unwrap_or(&text).to_string()
}

impl Canvas {
    pub(crate) fn new(id: &str, width: f64, height: f64) -> Canvas {
        Canvas {
            id: id.to_string(),
            width,
            height,
            body: String::new(),
        }
    }

    /// An element as it is.
    pub(crate) fn raw(&mut self, element: &str) {
        self.body.push_str(element);
        self.body.push('\n');
    }

    pub(crate) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(length);
        self.raw(&format!(
            "<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>"
        ));
    }

    /// A box with attributes of its own.
    pub(crate) fn rect(&mut self, at: (f64, f64), size: (f64, f64), attributes: &str) {
        let [x, y, w, h] = [at.0, at.1, size.0.max(0.0), size.1.max(0.0)].map(length);
        self.raw(&format!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" {attributes}/>"
        ));
    }

    /// A path through points, open or closed.
    pub(crate) fn path(&mut self, points: &[(f64, f64)], closed: bool, attributes: &str) {
        let mut d = String::new();
        for (at, (x, y)) in points.iter().enumerate() {
            let letter = if at == 0 { 'M' } else { 'L' };
            // Writing to a string cannot fail.
            let _ = write!(d, "{letter}{} {}", length(*x), length(*y));
        }
        if d.is_empty() {
            return;
        }
        if closed {
            d.push('Z');
        }
        self.raw(&format!("<path d=\"{d}\" {attributes}/>"));
    }

    pub(crate) fn text(&mut self, at: (f64, f64), anchor: Anchor, class: &str, text: &Both) {
        let side = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " middle",
            Anchor::End => " end",
        };
        let [x, y] = [at.0, at.1].map(length);
        let space = if class.is_empty() { "" } else { " " };
        let mut one = |lang: &str, text: &str| {
            self.raw(&format!(
                "<text class=\"{lang}{space}{class}{side}\" x=\"{x}\" y=\"{y}\">{}</text>",
                escaped(text)
            ));
        };
        match text.nb == text.en {
            true => one("both", &text.nb),
            false => {
                one("nb", &text.nb);
                one("en", &text.en);
            }
        }
    }

    /// The finished picture.
    pub(crate) fn finish(self, title: &Both, description: &Both) -> Drawing {
        let id = &self.id;
        let [width, height] = [self.width, self.height].map(length);
        let mut svg = format!(
            "<svg class=\"picture\" role=\"img\" viewBox=\"0 0 {width} {height}\" \
             aria-labelledby=\"{id}-nb {id}-en\">\n"
        );
        // Named in both languages: without a script the name cannot follow the language shown.
        for (lang, title, text) in [
            ("nb", &title.nb, &description.nb),
            ("en", &title.en, &description.en),
        ] {
            // Writing to a string cannot fail.
            let _ = writeln!(
                svg,
                "<title class=\"{lang}\" id=\"{id}-{lang}\" lang=\"{lang}\">{}</title>",
                escaped(title)
            );
            let _ = writeln!(
                svg,
                "<desc class=\"{lang}\" lang=\"{lang}\">{}</desc>",
                escaped(text)
            );
        }
        svg.push_str(&self.body);
        svg.push_str("</svg>");
        Drawing {
            id: self.id,
            title: title.clone(),
            description: description.clone(),
            svg,
            size: [self.width, self.height],
        }
    }

    /// A picture of nothing, for values that are not there.
    pub(crate) fn nothing(id: &str, title: &Both, description: &Both) -> Drawing {
        let mut canvas = Canvas::new(id, 720.0, 80.0);
        let text = Both::new("Ingen data", "No data");
        canvas.text((360.0, 45.0), Anchor::Middle, "quiet", &text);
        canvas.finish(title, description)
    }
}
