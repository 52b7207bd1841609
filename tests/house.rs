//! House rules: what the compiler and clippy cannot check about this project.
//!
//! Each module under `house/` holds one family of rules as pure functions from a file's path and
//! text to the list of its violations, with tests that show that each rule can fail. The module
//! `rules` applies them to a folder tree; the tests here apply that to this project. No rule has a
//! list of exceptions.

mod house {
    pub mod code;
    pub mod facts;
    pub mod parameters;
    pub mod places;
    pub mod rooms;
    pub mod rules;
    pub mod source;
    pub mod tree;
}

use house::{rules, tree};

/// Fails with all violations at once, so that one run shows everything there is to mend.
fn assert_none(rule: &str, violations: &[String]) {
    assert!(
        violations.is_empty(),
        "house rule broken: {rule}\n  {}\n",
        violations.join("\n  ")
    );
}

#[test]
fn imports_go_one_way() {
    assert_none(
        "a room uses only itself and the rooms before it",
        &rules::imports(&tree::root()),
    );
}

#[test]
fn source_files_are_short() {
    assert_none(
        "no file in src over 500 lines",
        &rules::lengths(&tree::root()),
    );
}

#[test]
fn source_has_no_loose_ends() {
    assert_none(
        "no unwrap outside tests, no todo, unimplemented or dbg",
        &rules::loose_ends(&tree::root()),
    );
}

#[test]
fn cited_facts_exist() {
    assert_none(
        "every cited fact and external file exists",
        &rules::citations(&tree::root()),
    );
}

#[test]
fn facts_are_cited() {
    assert_none(
        "every fact is cited somewhere",
        &rules::dead_facts(&tree::root()),
    );
}

#[test]
fn parameters_are_complete() {
    assert_none(
        "every parameter states value, unit, facts, grade, reasoning and distribution",
        &rules::parameters(&tree::root()),
    );
}

#[test]
fn files_name_no_place_on_a_machine() {
    assert_none(
        "no file names a folder of one particular machine",
        &rules::places(&tree::root()),
    );
}
