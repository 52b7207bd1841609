//! What no source file may hold: too many lines, hidden ways to crash, marks of unfinished work.

use super::source::{code_only, line_of, test_tail, words};

/// More than this and a file holds more than one idea.
const MOST_LINES: usize = 500;

/// A file over the greatest length.
pub fn length(path: &str, text: &str) -> Vec<String> {
    let lines = text.lines().count();
    if lines > MOST_LINES {
        vec![format!(
            "{path}: {lines} lines, the most is {MOST_LINES}; split it by idea"
        )]
    } else {
        Vec::new()
    }
}

/// Unwraps outside the test module at the end of a file, and unfinished or debugging macros
/// anywhere in the file. Comments and strings are not looked at.
pub fn loose_ends(path: &str, text: &str) -> Vec<String> {
    let code = code_only(text);
    let tail = test_tail(&code);
    let mut found = Vec::new();
    for (offset, word) in words(&code) {
        let before = code[..offset].trim_end();
        let after = &code[offset + word.len()..];
        // `todo != x` is a comparison, not a macro.
        let is_macro = after.starts_with('!') && !after.starts_with("!=");
        let advice = match word {
            "unwrap" if offset < tail => {
                let method = before.ends_with('.') && after.trim_start().starts_with('(');
                // Handed on as a function: `.map(Option::unwrap)`.
                let path = before.ends_with("::");
                if !method && !path {
                    continue;
                }
                "return an error, or use expect with the reason why it cannot occur"
            }
            "todo" | "unimplemented" if is_macro => "finish it or leave it out",
            "dbg" if is_macro => "remove it",
            _ => continue,
        };
        let line = line_of(&code, offset);
        found.push(format!("{path}:{line}: {word}: {advice}"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_file_is_found() {
        assert!(length("src/a.rs", &"x\n".repeat(500)).is_empty());
        assert_eq!(length("src/a.rs", &"x\n".repeat(501)).len(), 1);
    }

    #[test]
    fn loose_ends_are_found() {
        for broken in [
            "fn f() { g().unwrap() }",
            "fn f() {\n    g()\n        .unwrap()\n}",
            "fn f() { g().map(Option::unwrap) }",
            "fn f() { todo!() }",
            "fn f() { unimplemented!(\"later\") }",
            "fn f() { dbg!(1) }",
            "#[cfg(test)]\nmod tests {\n    fn f() { todo!() }\n}",
        ] {
            let found = loose_ends("src/a.rs", broken);
            assert_eq!(found.len(), 1, "{broken}: {found:?}");
        }
        assert!(loose_ends("src/a.rs", "\n\nx.unwrap()")[0].starts_with("src/a.rs:3: "));
    }

    #[test]
    fn sound_code_passes() {
        for sound in [
            "fn f() { g().unwrap_or(0) + g().unwrap_or_default() }",
            "fn f() { todo != 1 }",
            "/// `x.unwrap()` would crash; todo!()\nfn f() { g(\".unwrap() dbg!(\") }",
            "fn f() {}\n#[cfg(test)]\nmod tests {\n    fn g() { f().unwrap() }\n}",
        ] {
            let found = loose_ends("src/a.rs", sound);
            assert!(found.is_empty(), "{sound}: {found:?}");
        }
    }
}
