//! Imports go one way, so that each room can be read and tested without those behind it.

use super::source::{code_only, line_of, test_tail, words};

/// The rooms in order: each may use itself and those before it.
pub const ROOMS: [&str; 17] = [
    "words",
    "dice",
    "evidence",
    "parameters",
    "population",
    "need",
    "engine",
    "tallies",
    "store",
    "bands",
    "uncertainty",
    "runs",
    "calibration",
    "validation",
    "picture",
    "report",
    "cli",
];

/// The references of one file in `src/` to rooms that it may not use.
///
/// `lib.rs` names all rooms and `main.rs` stands outside the library; both are exempt, and so is
/// the test module at the end of a file. References in comments are no imports.
pub fn violations(path: &str, text: &str) -> Vec<String> {
    if matches!(path, "src/lib.rs" | "src/main.rs" | "src/build.rs") {
        return Vec::new();
    }
    let Some(own) = room_of(path) else {
        return vec![format!(
            "{path}: belongs to no room; a file of the library is src/ROOM.rs or in src/ROOM/, \
             with ROOM one of {}",
            ROOMS.join(", ")
        )];
    };
    let code = code_only(text);
    let code = &code[..test_tail(&code)];
    let mut found = Vec::new();
    for (offset, name) in references(code, depth_of(path)) {
        let line = line_of(code, offset);
        if name == "*" {
            found.push(format!(
                "{path}:{line}: imports all of the crate; name the room"
            ));
        } else if ROOMS
            .iter()
            .position(|room| *room == name)
            .is_some_and(|used| used > own)
        {
            found.push(format!(
                "{path}:{line}: {} uses {name}, which comes after it; the order is {}",
                ROOMS[own],
                ROOMS.join(" < ")
            ));
        }
    }
    found
}

/// The position in `ROOMS` of the room that a file belongs to.
fn room_of(path: &str) -> Option<usize> {
    let inside = path.strip_prefix("src/")?;
    let first = inside.split('/').next()?;
    let name = if first == inside {
        first.strip_suffix(".rs")?
    } else {
        first
    };
    ROOMS.iter().position(|room| *room == name)
}

/// How many `super::` lead from a file's module to the root of the crate.
fn depth_of(path: &str) -> usize {
    let parts = path.split('/').count() - 1;
    if path.ends_with("/mod.rs") {
        parts - 1
    } else {
        parts
    }
}

/// The names that follow the root of the crate, reached by `crate::` or by enough `super::`, with
/// their offsets. A glob behind `crate::` is told as `*`.
fn references(code: &str, depth: usize) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut supers = 0;
    let mut end_of_last = 0;
    for (offset, word) in words(code) {
        let after = offset + word.len();
        // `super::super` is one chain: nothing but `::` lies between its words.
        let chained = code[end_of_last..offset].trim() == "::";
        supers = match word {
            "super" if chained => supers + 1,
            "super" => 1,
            _ => 0,
        };
        end_of_last = after;
        let Some(rest) = code[after..].trim_start().strip_prefix("::") else {
            continue;
        };
        let names = first_names(rest.trim_start());
        if word == "crate" {
            found.extend(names.into_iter().map(|name| (offset, name)));
        } else if supers >= depth && supers > 0 {
            // A module written inside a file also says `super::*`, to reach the file itself, so
            // only names of rooms tell anything here.
            let rooms = names.into_iter().filter(|name| *name != "*");
            found.extend(rooms.map(|name| (offset, name)));
        }
    }
    found
}

/// The first name of a path, or of each path of a group in braces.
fn first_names(rest: &str) -> Vec<&str> {
    if rest.starts_with('*') {
        return vec!["*"];
    }
    if !rest.starts_with('{') {
        return words(rest)
            .first()
            .filter(|(at, _)| *at == 0)
            .map(|(_, name)| *name)
            .into_iter()
            .collect();
    }
    let mut names = Vec::new();
    let mut depth = 0;
    let mut expects_name = false;
    for (at, character) in rest.char_indices() {
        match character {
            '{' => {
                depth += 1;
                expects_name = depth == 1;
            }
            '}' => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            ',' => expects_name = depth == 1,
            _ if character.is_whitespace() => {}
            _ if expects_name => {
                names.extend(first_names(&rest[at..]));
                expects_name = false;
            }
            _ => {}
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_against_the_order_is_found() {
        for broken in [
            "use crate::engine::Year;",
            "use crate::{words::Age, engine};",
            "use crate::{\n    words::{Age, Year},\n    engine::{self, Year},\n};",
            "fn f() -> crate::engine::Year {}",
            "use super::super::engine::Year;",
            "use crate::words::Age;\nuse crate::cli;",
            "pub use crate :: engine;",
            "use crate::*;",
            "use crate::{words, *};",
            "#[cfg(test)]\nmod tests;\nuse crate::engine;",
        ] {
            let found = violations("src/dice/sample.rs", broken);
            assert_eq!(found.len(), 1, "{broken}: {found:?}");
            assert!(found[0].starts_with("src/dice/sample.rs:"), "{found:?}");
        }
    }

    #[test]
    fn a_sibling_of_the_root_is_found() {
        for path in ["src/dice.rs", "src/dice/mod.rs"] {
            assert_eq!(
                violations(path, "use super::engine::Year;").len(),
                1,
                "{path}"
            );
        }
    }

    #[test]
    fn imports_in_order_pass() {
        for sound in [
            "use crate::words::Age;\nuse crate::dice::Key;\nuse crate::evidence;",
            "use crate::{words::{Age, engine}, dice};",
            "pub(crate) fn engine() {}\npub(in crate::evidence) fn f() {}",
            "use super::engine::Year;",
            "mod inner { use super::*; }",
            "/// See [`crate::engine`].\nfn f() { g(\"crate::engine\") }",
            "fn f() {}\n#[cfg(test)]\nmod tests {\n    use crate::engine::Year;\n}",
        ] {
            let found = violations("src/evidence/read.rs", sound);
            assert!(found.is_empty(), "{sound}: {found:?}");
        }
    }

    #[test]
    fn the_roots_are_exempt_and_others_need_a_room() {
        assert!(violations("src/lib.rs", "pub use crate::cli::run;").is_empty());
        assert!(violations("src/main.rs", "use stabil::cli;").is_empty());
        assert_eq!(violations("src/helpers.rs", "").len(), 1);
        assert_eq!(violations("src/bin/other.rs", "").len(), 1);
    }
}
