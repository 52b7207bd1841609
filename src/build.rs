//! Build script: tells the program which commit it was built from, for the manifests.

use std::path::Path;
use std::process::Command;

/// What git answers to these words; nothing outside a repository.
fn git(words: &[&str]) -> Option<String> {
    let output = Command::new("git").args(words).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_string())
}

fn main() {
    let commit = git(&["rev-parse", "HEAD"]);
    let commit = commit.unwrap_or_else(|| "unknown".to_string());
    println!("cargo:rustc-env=STABIL_COMMIT={commit}");
    // Where HEAD and its history are, which is elsewhere in a linked worktree. A path that is not
    // there would have everything built anew each time.
    let branch = git(&["rev-parse", "--symbolic-full-name", "HEAD"]).unwrap_or_default();
    for name in ["HEAD", "logs/HEAD", branch.as_str()] {
        let path = git(&["rev-parse", "--git-path", name]).unwrap_or_default();
        if Path::new(&path).is_file() {
            println!("cargo:rerun-if-changed={path}");
        }
    }
    println!("cargo:rerun-if-changed=calibration");
}
