//! A picture as a file of its own: in one language, under a heading that a page would say beside it.

use super::svg::{escaped, length};
use super::{Drawing, Lang, STYLE};

/// Where a heading begins.
const LEFT: f64 = 4.0;
/// Size of its letters, and the room that one of them takes at most on average.
const TITLE: (f64, f64) = (15.0, 8.4);
/// The same for what is to be seen.
const TEXT: (f64, f64) = (13.0, 7.2);
/// From a line to the next, in sizes of letters.
const LEADING: f64 = 1.4;
/// Between the heading and the picture.
const GAP: f64 = 12.0;

/// A text in lines of so many letters at most; a longer word has a line of its own.
fn wrapped(text: &str, letters: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    // Not at the narrow spaces within numbers.
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= letters => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_string()),
        }
    }
    lines
}

impl Drawing {
    /// A whole SVG file in one language, with title and description as its heading.
    pub fn standalone(&self, lang: Lang) -> String {
        let other = match lang {
            Lang::Nb => "en",
            Lang::En => "nb",
        };
        // Every text stands on a line of its own; programs that draw do not all know hidden ones.
        let is_other = |line: &&str| {
            ["text", "title", "desc"]
                .iter()
                .any(|tag| line.starts_with(&format!("<{tag} class=\"{other}")))
        };
        let own = self.svg.lines().skip(1).filter(|line| !is_other(line));
        let rest: Vec<&str> = own.collect();
        let (heading, above) = self.heading(lang);
        let [width, height] = self.size;
        let [w, h, top] = [width, height + above, -above].map(length);
        let id = match lang {
            Lang::Nb => format!("{}-nb", self.id),
            Lang::En => format!("{}-en", self.id),
        };
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <svg xmlns=\"http://www.w3.org/2000/svg\" class=\"picture\" role=\"img\" \
             width=\"{w}\" height=\"{h}\" viewBox=\"0 {top} {w} {h}\" aria-labelledby=\"{id}\">\n\
             <style>{STYLE}</style>\n\
             <rect class=\"paper\" y=\"{top}\" width=\"{w}\" height=\"{h}\"/>\n{heading}{}\n",
            rest.join("\n")
        )
    }

    /// The lines of the heading, which end above the picture, and their height.
    fn heading(&self, lang: Lang) -> (String, f64) {
        let [title, text] = [&self.title, &self.description].map(|both| both.in_lang(lang));
        let room = |letter: f64| ((self.size[0] - 2.0 * LEFT) / letter).max(1.0) as usize;
        let title_is_said = text.starts_with(title);
        let parts = [
            (if title_is_said { text } else { title }, TITLE, "strong"),
            (if title_is_said { "" } else { text }, TEXT, "quiet"),
        ];
        let mut lines = Vec::new();
        for (words, (size, letter), class) in parts {
            let own = wrapped(words, room(letter)).into_iter();
            lines.extend(own.map(|line| (line, size, class)));
        }
        let above: f64 = lines.iter().map(|(_, size, _)| size * LEADING).sum::<f64>() + GAP;
        let mut y = -above;
        let mut svg = String::new();
        for (line, size, class) in lines {
            y += size * LEADING;
            svg.push_str(&format!(
                "<text class=\"{class}\" style=\"font-size:{size}px\" x=\"{}\" y=\"{}\">{}</text>\n",
                length(LEFT),
                length(y),
                escaped(&line)
            ));
        }
        (svg, above)
    }
}
