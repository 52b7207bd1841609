//! No file names a folder of one particular machine: it would mean nothing on another.

/// Lines that name such a folder.
pub fn violations(path: &str, text: &str) -> Vec<String> {
    let names = names();
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for (name, only_before_letter) in &names {
            let named = line.match_indices(name.as_str()).any(|(at, _)| {
                let next = line[at + name.len()..].chars().next();
                !only_before_letter || next.is_some_and(char::is_alphabetic)
            });
            if named {
                found.push(format!("{path}:{}: names a folder under {name}", index + 1));
            }
        }
    }
    found
}

/// The folders, and whether only a longer path under them counts. The names are put together here
/// because this file is searched as well.
fn names() -> [(String, bool); 3] {
    [("work", false), ("root", false), ("tmp", true)]
        .map(|(folder, only_before_letter)| (format!("/{folder}/"), only_before_letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_found() {
        for folder in ["work", "root", "tmp"] {
            let text = format!("first\nread /{folder}/notes here\n");
            let found = violations("README.md", &text);
            assert_eq!(found.len(), 1, "{text}");
            assert!(found[0].starts_with("README.md:2: "), "{found:?}");
        }
        assert_eq!(violations("a", &format!("in /{}/.cargo", "root")).len(), 1);
    }

    #[test]
    fn other_text_passes() {
        for sound in [
            "work/notes",
            "the root / the work",
            "/home/x",
            &format!("/{}/*", "tmp"),
        ] {
            assert!(violations("a", sound).is_empty(), "{sound}");
        }
    }
}
