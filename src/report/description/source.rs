//! What the code says of itself: doc comments taken from the source text, so that the description
//! and the code cannot drift apart.

/// The doc comment at the head of a file, with links to other code turned to plain names.
pub fn module_doc(text: &str) -> String {
    let lines = text.lines().map_while(|line| line.strip_prefix("//!"));
    joined(lines)
}

/// The first paragraph of a text.
pub fn first_paragraph(text: &str) -> String {
    text.split("\n\n").next().unwrap_or_default().to_string()
}

/// The doc comment above the line that begins so, without what it says of errors.
pub fn item_doc(text: &str, item: &str) -> String {
    let mut comment: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(words) = line.strip_prefix("///") {
            comment.push(words);
        } else if line.starts_with(item) {
            let told = joined(comment.into_iter());
            return told.split("\n\n# ").next().unwrap_or_default().to_string();
        } else if !line.starts_with("#[") {
            comment.clear();
        }
    }
    String::new()
}

/// The members of a struct, enum or list of words: name, and what stands above it.
pub fn members(text: &str, item: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut comment: Vec<&str> = Vec::new();
    let mut inside = None;
    for line in text.lines() {
        let words = line.trim();
        let indent = line.len() - line.trim_start().len();
        match inside {
            None if words.starts_with(item) && words.ends_with('{') => inside = Some(indent),
            Some(start) if words.starts_with('}') && indent <= start => break,
            Some(_) => {
                if let Some(told) = words.strip_prefix("///") {
                    comment.push(told);
                } else if !words.starts_with("#[") && !words.is_empty() {
                    let name = words.trim_start_matches("pub ");
                    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                    let name = &name[..end.unwrap_or(name.len())];
                    if !comment.is_empty() {
                        found.push((name.to_string(), joined(comment.drain(..))));
                    }
                }
            }
            None => {}
        }
    }
    found
}

fn joined<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let lines: Vec<&str> = lines
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    without_links(&lines.join("\n"))
}

/// Links between pieces of code as plain names: ``[`crate::a::b`]`` becomes `` `a::b` ``.
fn without_links(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[`") {
        plain.push_str(before);
        plain.push('`');
        let after = after.trim_start_matches("crate::");
        let after = after.trim_start_matches("super::");
        match after.split_once("`]") {
            Some((name, end)) => {
                plain.push_str(name);
                plain.push('`');
                rest = end;
            }
            None => rest = after,
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "//! Head, see [`crate::a::b`].\n//!\n//! More.\nuse x;\n\n\
        /// What [`c`] does.\n///\n/// # Errors\n/// Some.\n#[inline]\npub fn c(n: u8) {}\n\
        /// All.\npub struct S {\n    /// One.\n    #[serde]\n    pub first: u8,\n    /// Two,\n    \
        /// long.\n    second: u8,\n}\nword_list! {\n    /// Words.\n    W {\n        /// A.\n        \
        Aa = 0, \"aa\";\n    }\n}\n";

    #[test]
    fn heads_items_and_members_are_found() {
        assert_eq!(module_doc(TEXT), "Head, see `a::b`.\n\nMore.");
        assert_eq!(first_paragraph("a\nb\n\nc"), "a\nb");
        assert_eq!(item_doc(TEXT, "pub fn c"), "What `c` does.");
        assert_eq!(item_doc(TEXT, "pub fn d"), "");
        let pair = |name: &str, told: &str| (name.to_string(), told.to_string());
        assert_eq!(
            members(TEXT, "pub struct S"),
            [pair("first", "One."), pair("second", "Two,\nlong.")]
        );
        assert_eq!(members(TEXT, "W {"), [pair("Aa", "A.")]);
    }
}
