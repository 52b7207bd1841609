//! Just enough reading of Rust source for the rules: what is code, and where the tests begin.

/// The text with comments, strings and character literals blanked out.
///
/// Every blanked byte becomes a space and line ends stay, so offsets and line numbers are those of
/// the original text. Without this a rule would take a word in a message for code.
pub fn code_only(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = blank_end(bytes, at);
        for byte in &mut code[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end.max(at + 1);
    }
    // Blanked stretches begin and end at ASCII characters, so no character is cut in two.
    String::from_utf8(code).expect("blanking keeps characters whole")
}

/// The end of the comment or literal that begins at `at`, or `at` if none does.
fn blank_end(bytes: &[u8], at: usize) -> usize {
    match bytes[at] {
        b'/' if bytes.get(at + 1) == Some(&b'/') => line_comment_end(bytes, at),
        b'/' if bytes.get(at + 1) == Some(&b'*') => block_comment_end(bytes, at),
        b'r' => raw_string_end(bytes, at),
        b'"' => string_end(bytes, at),
        b'\'' => character_end(bytes, at),
        _ => at,
    }
}

fn line_comment_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..]
        .iter()
        .position(|&byte| byte == b'\n')
        .map_or(bytes.len(), |length| at + length)
}

fn block_comment_end(bytes: &[u8], at: usize) -> usize {
    let mut depth = 0;
    let mut end = at;
    while end < bytes.len() {
        if bytes[end..].starts_with(b"/*") {
            depth += 1;
            end += 2;
        } else if bytes[end..].starts_with(b"*/") {
            depth -= 1;
            end += 2;
            if depth == 0 {
                return end;
            }
        } else {
            end += 1;
        }
    }
    bytes.len()
}

fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    while end < bytes.len() {
        match bytes[end] {
            b'\\' => end += 2,
            b'"' => return end + 1,
            _ => end += 1,
        }
    }
    bytes.len()
}

/// Raw strings: `r"..."`, `r#"..."#`, also behind `b` or `c`. A raw identifier such as `r#type`
/// has no quote behind its number signs and is left alone.
fn raw_string_end(bytes: &[u8], at: usize) -> usize {
    let prefix = match at.checked_sub(1).map(|before| bytes[before]) {
        Some(b'b' | b'c') => at - 1,
        _ => at,
    };
    if prefix > 0 && is_word(bytes[prefix - 1]) {
        return at;
    }
    let signs = bytes[at + 1..]
        .iter()
        .take_while(|&&byte| byte == b'#')
        .count();
    let quote = at + 1 + signs;
    if bytes.get(quote) != Some(&b'"') {
        return at;
    }
    let closing = [b"\"".as_slice(), &b"#".repeat(signs)].concat();
    bytes[quote + 1..]
        .windows(closing.len())
        .position(|window| window == closing)
        .map_or(bytes.len(), |length| quote + 1 + length + closing.len())
}

/// A character literal, told from a lifetime by its closing quote.
fn character_end(bytes: &[u8], at: usize) -> usize {
    if bytes.get(at + 1) == Some(&b'\\') {
        let from = (at + 3).min(bytes.len());
        return bytes[from..]
            .iter()
            .position(|&byte| byte == b'\'')
            .map_or(bytes.len(), |length| from + length + 1);
    }
    let mut end = at + 2;
    // The bytes that continue a character outside ASCII all begin with the bits 10.
    while bytes
        .get(end)
        .is_some_and(|byte| byte & 0b1100_0000 == 0b1000_0000)
    {
        end += 1;
    }
    if bytes.get(end) == Some(&b'\'') {
        end + 1
    } else {
        at
    }
}

/// Whether a byte can be part of an English name in code.
pub fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// All words (names, keywords, numbers) of a text with their offsets.
pub fn words(text: &str) -> Vec<(usize, &str)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let length = bytes[at..]
            .iter()
            .take_while(|&&byte| is_word(byte))
            .count();
        if length > 0 {
            found.push((at, &text[at..at + length]));
        }
        at += length.max(1);
    }
    found
}

/// Where the test module at the end of a file begins, or the text's length if there is none.
///
/// Only an inline `#[cfg(test)] mod tests {` counts: behind `mod tests;` ordinary code goes on.
pub fn test_tail(code: &str) -> usize {
    let mut marked = None;
    let mut offset = 0;
    for line in code.split_inclusive('\n') {
        let mut words = line.trim();
        if let Some(rest) = words.strip_prefix("#[cfg(test)]") {
            marked = Some(offset);
            words = rest.trim();
        }
        if words.starts_with("mod tests {") {
            if let Some(start) = marked {
                return start;
            }
        } else if !words.is_empty() && !words.starts_with("#[") {
            marked = None;
        }
        offset += line.len();
    }
    code.len()
}

/// The line number of an offset, counted from 1.
pub fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset]
        .iter()
        .filter(|&&byte| byte == b'\n')
        .count()
        + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_blanked() {
        for hidden in [
            "// X\n",
            "/// X `'` \"\n",
            "/* X /* inner */ X */",
            "\"X \\\" X\"",
            "r\"X\\\"",
            "r#\"X \" X\"#",
            "br##\"X \"# X\"##",
            "b\"X\"",
            "'X'",
            "b'X'",
            "'\\'' /* X */",
            "'\\u{58}' /* X */",
            "'å' /* X */",
            "\"å X\"",
            "\"X",
            "/* X",
        ] {
            let text = format!("before(); {hidden} // end\nafter()");
            let code = code_only(&text);
            assert!(!code.contains('X'), "{hidden}: {code}");
            assert_eq!(code.len(), text.len(), "{hidden}");
            assert_eq!(code.lines().count(), text.lines().count(), "{hidden}");
            assert!(code.starts_with("before();"), "{hidden}");
        }
    }

    #[test]
    fn code_stays() {
        for shown in [
            "fn f<'a>(x: &'a str) -> X",
            "let r#type = X;",
            "let r = 1; X",
            "let c = '\"'; X",
            "let s = for_r\"\"; X",
            "let s = r#\"\"#; X",
            "a / b; X",
            "'outer: loop { X }",
        ] {
            assert!(
                code_only(shown).contains('X'),
                "{shown}: {}",
                code_only(shown)
            );
        }
    }

    #[test]
    fn the_test_tail_is_found() {
        let text = "fn f() {}\n\n#[cfg(test)]\n#[allow(dead_code)]\nmod tests {\n}\n";
        assert_eq!(line_of(text, test_tail(text)), 3);
        let one_line = "fn f() {}\n#[cfg(test)] mod tests {}\n";
        assert_eq!(line_of(one_line, test_tail(one_line)), 2);
    }

    #[test]
    fn what_is_no_test_tail() {
        for text in [
            "#[cfg(test)]\nmod tests;\nfn f() {}\n",
            "#[cfg(test)]\nuse std::fmt;\nmod tests {}\n",
            "mod tests {}\n",
        ] {
            assert_eq!(test_tail(text), text.len(), "{text}");
        }
        let quoted = "let s = \"\n#[cfg(test)]\nmod tests {\";\n";
        assert_eq!(test_tail(&code_only(quoted)), quoted.len());
    }
}
