//! Nothing is lost: runs killed at random moments, on a disk that fills up, with unit files that
//! rot, taken up each time, end with the bytes of a run that was left alone.
//!
//! Few kills here, so that it is quick; `STABIL_KILLS=50 cargo test --locked --test torture` for
//! many, and `STABIL_TORTURE_SEED` for other moments.

#![cfg(unix)]

use assert_cmd::cargo::cargo_bin;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

const RUN: &str = "name = \"mine\"\nscale = 0.03\nuntil = 2024\nseeds = 8\ndraws = 3\n\
                   breakdowns = [[], [\"profession\"], [\"zone\"]]\n[[variant]]\nname = \"one\"\n\
                   [[variant]]\nname = \"two\"\nattachment = \"none\"\n";

/// Moments and places at random, the same on every machine (Knuth's linear congruential numbers;
/// Source: Knuth 1998, The Art of Computer Programming 2, table 1 of 3.3.4, line 26).
struct Chance(u64);

impl Chance {
    fn new() -> Chance {
        let seed = std::env::var("STABIL_TORTURE_SEED");
        Chance(seed.ok().and_then(|seed| seed.parse().ok()).unwrap_or(1))
    }

    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % end.max(1)
    }
}

struct Bench {
    folder: tempfile::TempDir,
    expected: Vec<(String, Vec<u8>)>,
    /// How long the run takes when it is left alone.
    takes: Duration,
}

impl Bench {
    fn new() -> Bench {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("mine.toml"), RUN).unwrap();
        let mut bench = Bench {
            folder,
            expected: Vec::new(),
            takes: Duration::ZERO,
        };
        let began = Instant::now();
        assert!(bench.ends("whole").status.success());
        bench.takes = began.elapsed();
        bench.expected = results(&bench.path("whole"));
        assert!(bench.expected.len() > 5);
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, out: impl AsRef<Path>) -> Command {
        let mut command = Command::new(cargo_bin!("stabil"));
        command
            .current_dir(self.folder.path())
            .args(["run", "mine.toml", "--resume", "--out"])
            .arg(out.as_ref())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn ends(&self, out: impl AsRef<Path>) -> Output {
        self.command(out).output().unwrap()
    }

    /// Takes the run up and ends it after so long by a signal that nothing can be done about.
    /// Tells whether it was still at work.
    fn killed(&self, out: &str, after: Duration) -> bool {
        let mut child: Child = self.command(out).spawn().unwrap();
        std::thread::sleep(after);
        let at_work = child.try_wait().unwrap().is_none();
        child.kill().unwrap();
        child.wait().unwrap();
        at_work
    }

    #[track_caller]
    fn expect_whole(&self, out: impl AsRef<Path>) -> String {
        let output = self.ends(out.as_ref());
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{told}");
        let found = results(&self.folder.path().join(out));
        let names = |all: &[(String, Vec<u8>)]| -> Vec<String> {
            all.iter().map(|(name, _)| name.clone()).collect()
        };
        assert_eq!(names(&found), names(&self.expected));
        for ((name, one), (_, other)) in found.iter().zip(&self.expected) {
            assert!(one == other, "{name} is not that of the run left alone");
        }
        told
    }

    fn units(&self, out: &str) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.path(out).join("units")) else {
            return Vec::new();
        };
        let files = entries.map(|entry| entry.unwrap().path());
        let mut files: Vec<PathBuf> = files
            .filter(|path| path.extension().is_some_and(|ending| ending == "unit"))
            .filter(|path| !path.file_name().unwrap().to_string_lossy().starts_with('.'))
            .collect();
        files.sort();
        files
    }
}

/// The results in a folder but the manifest, which tells the time.
fn results(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let files = entries.filter(|entry| entry.path().is_file());
    let mut all: Vec<(String, Vec<u8>)> = files
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.path()))
        .filter(|(name, _)| name != "manifest.json")
        .map(|(name, path)| (name, fs::read(path).unwrap()))
        .collect();
    all.sort();
    all
}

#[test]
#[ignore = "takes a minute: cargo test --locked --test torture -- --ignored"]
fn kills_and_rot_change_no_byte() {
    let bench = Bench::new();
    let kills = std::env::var("STABIL_KILLS").ok();
    let kills: u32 = kills.and_then(|kills| kills.parse().ok()).unwrap_or(6);
    let mut chance = Chance::new();
    let longest = bench.takes.as_millis() as u64 * 3 / 4;
    let (mut killed, mut rotten, mut lives, mut noticed) = (0, 0, 0, 0);
    let mut kept = Vec::new();
    while killed < kills {
        let after = Duration::from_millis(chance.below(longest));
        if bench.killed("out", after) {
            killed += 1;
        }
        let units = bench.units("out");
        kept.push(units.len());
        // Every other time a bit of some unit is turned over.
        if killed % 2 == 1 && !units.is_empty() {
            let path = &units[chance.below(units.len() as u64) as usize];
            let mut bytes = fs::read(path).unwrap();
            let at = chance.below(bytes.len() as u64) as usize;
            bytes[at] ^= 1 << chance.below(8);
            fs::write(path, bytes).unwrap();
            rotten += 1;
            let told = bench.expect_whole("out");
            noticed += u32::from(told.contains("damaged"));
            fs::remove_dir_all(bench.path("out")).unwrap();
            lives += 1;
        }
    }
    bench.expect_whole("out");
    assert_eq!(noticed, rotten, "damage that nobody noticed");
    eprintln!(
        "{killed} kills in {} runs, units kept after each: {kept:?}; {rotten} units damaged and \
         noticed; every run ended with the same bytes",
        lives + 1
    );
}

/// A small disk in memory, taken away when it is dropped.
struct Disk(PathBuf);

impl Disk {
    fn mount(at: PathBuf, kilobytes: u32) -> Option<Disk> {
        fs::create_dir_all(&at).ok()?;
        let size = format!("size={kilobytes}k");
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(&at)
            .output();
        mount.ok()?.status.success().then_some(Disk(at))
    }

    fn grow(&self, kilobytes: u32) {
        let size = format!("remount,size={kilobytes}k");
        let grown = Command::new("mount")
            .args(["-o", &size])
            .arg(&self.0)
            .status();
        assert!(grown.unwrap().success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_loses_nothing_that_was_there() {
    let bench = Bench::new();
    let Some(disk) = Disk::mount(bench.path("disk"), 700) else {
        eprintln!("left out: no disk in memory can be mounted here (needs root)");
        return;
    };
    let output = bench.ends("disk/out");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{told}");
    for piece in [
        "No space left",
        "could not be done",
        "--resume",
        "disk/out/units",
    ] {
        assert!(told.contains(piece), "not told: {piece}\n{told}");
    }
    let kept = bench.units("disk/out").len();
    assert!((1..48).contains(&kept), "{kept} units\n{told}");
    // Still full: nothing gets worse.
    assert_eq!(bench.ends("disk/out").status.code(), Some(3));
    assert!(bench.units("disk/out").len() >= kept);
    disk.grow(20_000);
    bench.expect_whole("disk/out");
    eprintln!("{kept} of 48 units were kept on a full disk, and taken up");
}
