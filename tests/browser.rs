//! Opens the report and the explorer in a headless browser, as their readers would.
//!
//! The tests are `tests/browser/*.test.mjs`, run by Node.js. Where Node.js, npm or Chromium is
//! missing they are left out, and that is said; with `STABIL_BROWSER=required` it is a failure.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What is missing, or where the packages that the tests use are installed.
fn missing(folder: &Path) -> Option<String> {
    for program in ["node", "npm"] {
        if Command::new(program).arg("--version").output().is_err() {
            return Some(format!("{program} is not installed"));
        }
    }
    let places = [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
    ];
    let named = std::env::var("STABIL_CHROMIUM").ok();
    if !places.iter().any(|place| Path::new(place).exists()) && named.is_none() {
        return Some("no Chromium is installed (on Debian: apt-get install chromium)".to_owned());
    }
    if folder.join("node_modules").is_dir() {
        return None;
    }
    let installed = Command::new("npm")
        .args(["ci", "--no-audit", "--no-fund"])
        .current_dir(folder)
        .output();
    match installed {
        Ok(output) if output.status.success() => None,
        Ok(output) => Some(format!(
            "npm ci failed: {}",
            String::from_utf8_lossy(&output.stderr)
        )),
        Err(error) => Some(format!("npm ci failed: {error}")),
    }
}

#[test]
fn the_pages_work_in_a_browser() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    if let Some(what) = missing(&folder) {
        let required = std::env::var("STABIL_BROWSER").is_ok_and(|value| value == "required");
        assert!(!required, "browser tests are required, but {what}");
        eprintln!("browser tests left out: {what}");
        return;
    }
    let output = Command::new("node")
        .args(["--test", "--test-concurrency=2", "."])
        .current_dir(&folder)
        .env("STABIL_PROGRAM", env!("CARGO_BIN_EXE_stabil"))
        .output()
        .expect("node was found above");
    assert!(
        output.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
