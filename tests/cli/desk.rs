//! A desk: an empty folder to type commands in, and the answers that come back.

use assert_cmd::cargo::{cargo_bin, cargo_bin_cmd};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// A folder that one test has for itself; removed with everything in it afterwards.
pub struct Desk {
    folder: TempDir,
}

/// Every file below a folder with what it holds; folders are there with nothing in them.
type Contents = BTreeMap<PathBuf, Vec<u8>>;

impl Desk {
    /// An empty desk.
    pub fn new() -> Desk {
        Desk {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// A desk with the embedded data in the folder `data`, to be changed there.
    pub fn with_data() -> Desk {
        let desk = Desk::new();
        desk.types("data export data").succeeds();
        desk
    }

    /// The same desk with this file on it.
    pub fn with(self, name: &str, text: impl AsRef<[u8]>) -> Desk {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// The same desk without this file.
    #[track_caller]
    pub fn without(self, name: &str) -> Desk {
        fs::remove_file(self.path(name)).unwrap();
        self
    }

    /// The same desk with a file's text changed, which must make a difference.
    #[track_caller]
    pub fn changing(self, name: &str, change: impl FnOnce(&str) -> String) -> Desk {
        let old = self.text(name);
        let new = change(&old);
        assert_ne!(old, new, "{name} was to be changed");
        self.with(name, new)
    }

    /// The path of a file on the desk.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Is there something of this name on the desk?
    pub fn has(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    /// The bytes of a file on the desk.
    #[track_caller]
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The text of a file on the desk.
    #[track_caller]
    pub fn text(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap()
    }

    /// The number, from 1, of the first line of a file that holds these words.
    #[track_caller]
    pub fn line_of(&self, name: &str, words: &str) -> usize {
        let text = self.text(name);
        let position = text.lines().position(|line| line.contains(words));
        position.unwrap_or_else(|| panic!("{name} does not hold {words}")) + 1
    }

    /// The names in a folder on the desk, hidden ones included, in alphabetical order.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// Types `stabil` and these words, parted by spaces, and waits for the answer.
    #[must_use]
    pub fn types(&self, words: &str) -> Answer {
        self.types_in("", words)
    }

    /// The same in a folder on the desk.
    #[must_use]
    pub fn types_in(&self, folder: &str, words: &str) -> Answer {
        let before = contents(self.folder.path());
        let output = cargo_bin_cmd!("stabil")
            .current_dir(self.path(folder))
            .args(words.split_whitespace())
            .output()
            .unwrap();
        Answer::of(words, output, before, contents(self.folder.path()))
    }

    /// The program with these words, for tests that start it in a way of their own.
    pub fn command(&self, words: &str) -> Command {
        let mut command = Command::new(program());
        command
            .current_dir(self.folder.path())
            .args(words.split_whitespace());
        command
    }

    /// Starts a command, waits for it and gives its answer.
    #[must_use]
    pub fn starts(&self, mut command: Command) -> Answer {
        let before = contents(self.folder.path());
        let output = command.output().unwrap();
        let words = format!("{command:?}");
        Answer::of(&words, output, before, contents(self.folder.path()))
    }
}

/// The program under test.
pub fn program() -> &'static Path {
    cargo_bin!("stabil")
}

fn contents(folder: &Path) -> Contents {
    let mut found = Contents::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(contents(&path));
            found.insert(path, Vec::new());
        } else {
            let bytes = fs::read(&path).unwrap();
            found.insert(path, bytes);
        }
    }
    found
}

/// What came back: exit code, both streams, and what was on the desk before and after.
pub struct Answer {
    words: String,
    /// The exit code; none if a signal ended the program.
    pub code: Option<i32>,
    /// Standard output: data.
    pub out: String,
    /// Standard error: messages.
    pub err: String,
    before: Contents,
    after: Contents,
}

impl Answer {
    /// An answer; escape codes and panics are never right, whatever was asked.
    #[track_caller]
    pub fn of(words: &str, output: Output, before: Contents, after: Contents) -> Answer {
        let answer = Answer {
            words: words.to_string(),
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
            before,
            after,
        };
        for stream in [&answer.out, &answer.err] {
            assert!(!stream.contains('\u{1b}'), "escape codes{}", answer.told());
        }
        assert!(!answer.err.contains("panicked"), "a panic{}", answer.told());
        answer
    }

    /// What was asked and answered, for the message of a test that fails.
    pub fn told(&self) -> String {
        let Answer {
            words, code, err, ..
        } = self;
        let out: String = self.out.chars().take(2000).collect();
        format!("\n> stabil {words}\nexit code {code:?}\nstderr:\n{err}\nstdout:\n{out}")
    }

    /// Expects this exit code.
    #[track_caller]
    pub fn exits(self, code: i32) -> Answer {
        assert_eq!(self.code, Some(code), "exit code{}", self.told());
        self
    }

    /// Expects exit code 0.
    #[track_caller]
    pub fn succeeds(self) -> Answer {
        self.exits(0)
    }

    /// Expects each of these in the messages.
    #[track_caller]
    pub fn says(self, pieces: &[&str]) -> Answer {
        for piece in pieces {
            let is_said = self.err.contains(piece);
            assert!(is_said, "not in the message: {piece}{}", self.told());
        }
        self
    }

    /// Expects each of these in the data.
    #[track_caller]
    pub fn prints(self, pieces: &[&str]) -> Answer {
        for piece in pieces {
            let is_printed = self.out.contains(piece);
            assert!(is_printed, "not printed: {piece}{}", self.told());
        }
        self
    }

    /// Expects no message at all.
    #[track_caller]
    pub fn says_nothing(self) -> Answer {
        assert_eq!(self.err, "", "a message{}", self.told());
        self
    }

    /// Expects no data at all.
    #[track_caller]
    pub fn prints_nothing(self) -> Answer {
        assert_eq!(self.out, "", "data{}", self.told());
        self
    }

    /// Expects that nothing was written, changed or removed.
    #[track_caller]
    pub fn writes_nothing(self) -> Answer {
        let (before, after): (Vec<_>, Vec<_>) =
            (self.before.keys().collect(), self.after.keys().collect());
        assert_eq!(before, after, "files{}", self.told());
        assert!(self.before == self.after, "a file changed{}", self.told());
        self
    }

    /// Expects what bad input must lead to: exit code 2, a message with each of these in it, no
    /// data, and nothing written.
    #[track_caller]
    pub fn refuses(self, pieces: &[&str]) {
        self.exits(2).says(pieces).prints_nothing().writes_nothing();
    }

    /// The same at a line of a file, as it is named to the user.
    #[track_caller]
    pub fn refuses_at(self, file: &str, line: usize, pieces: &[&str]) {
        let place = format!("{file}, line {line}");
        self.says(&[&place]).refuses(pieces);
    }
}
