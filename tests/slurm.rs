//! A real Slurm, of one node on loopback: an array of eight shards, one of them killed and
//! requeued, merges to the bytes of one local run; and the scripts for it are sound.
//!
//! Where Slurm (or root, which a cluster of one's own needs) is missing, the test is left out, and
//! that is said; with `STABIL_SLURM=required` it is a failure.

#![cfg(unix)]

use assert_cmd::cargo::cargo_bin;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// How long all of it may take.
const BOUND: Duration = Duration::from_secs(120);
const TASKS: usize = 8;
const RUN: &str = "name = \"mine\"\nscale = 1.0\nuntil = 2034\nseeds = 16\n\
                   breakdowns = [[], [\"profession\"], [\"zone\"]]\n";

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("runs/cluster")
}

fn is_required() -> bool {
    std::env::var("STABIL_SLURM").is_ok_and(|value| value == "required")
}

fn missing() -> Option<String> {
    for program in ["sbatch", "slurmctld", "slurmd", "munged"] {
        let found = Command::new(program).arg("--version").output();
        if found.is_err() {
            return Some(format!(
                "{program} is not installed (on Debian: apt-get install slurm-wlm munge)"
            ));
        }
    }
    let id = Command::new("id").arg("-u").output().ok()?;
    (id.stdout != b"0\n").then(|| "a cluster of one's own takes root".to_owned())
}

/// A cluster of one node, ended when it is dropped.
struct Cluster {
    folder: PathBuf,
    began: Instant,
}

impl Cluster {
    fn start(folder: PathBuf) -> Cluster {
        let cluster = Cluster {
            folder,
            began: Instant::now(),
        };
        let output = Command::new(scripts().join("one_node.sh"))
            .arg("start")
            .arg(&cluster.folder)
            .stdout(fs::File::create(cluster.folder.with_extension("told")).unwrap())
            .stderr(fs::File::create(cluster.folder.with_extension("err")).unwrap())
            .status()
            .unwrap();
        let told = fs::read_to_string(cluster.folder.with_extension("err")).unwrap();
        assert!(output.success(), "{told}");
        cluster
    }

    /// A command with this cluster.
    fn says(&self, program: &str, words: &[&str]) -> String {
        let output = Command::new(program)
            .args(words)
            .env("SLURM_CONF", self.folder.join("slurm.conf"))
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    #[track_caller]
    fn wait_until(&self, what: &str, is_so: impl Fn() -> bool) {
        while !is_so() {
            assert!(
                self.began.elapsed() < BOUND,
                "not within {} s: {what}\n{}",
                BOUND.as_secs(),
                self.says("squeue", &["--all"])
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.says("scancel", &["--full", "--name=stabil,stabil-merge"]);
        let stop = Command::new(scripts().join("one_node.sh"))
            .arg("stop")
            .arg(&self.folder)
            .status();
        assert!(
            stop.is_ok_and(|status| status.success()),
            "daemons are left"
        );
    }
}

/// The results in a folder but the manifest, which tells the time.
fn results(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let mut all: Vec<(String, Vec<u8>)> = entries
        .filter(|entry| entry.path().is_file() && entry.file_name() != "manifest.json")
        .map(|entry| {
            let bytes = fs::read(entry.path()).unwrap();
            (entry.file_name().into_string().unwrap(), bytes)
        })
        .collect();
    all.sort();
    all
}

/// The process of this test's program that works at a shard.
fn worker(shard: &str) -> Option<u32> {
    let program = cargo_bin!("stabil").to_string_lossy().into_owned();
    let processes = fs::read_dir("/proc").ok()?.filter_map(Result::ok);
    processes
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .find(|id: &u32| {
            let line = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
            let mut words = line.split(|byte| *byte == 0);
            words.next() == Some(program.as_bytes()) && words.any(|word| word == shard.as_bytes())
        })
}

#[test]
fn an_array_with_a_task_killed_and_requeued_merges_to_the_same_bytes() {
    if let Some(what) = missing() {
        assert!(!is_required(), "Slurm is required, but {what}");
        eprintln!("Slurm test left out: {what}");
        return;
    }
    let desk = tempfile::tempdir().unwrap();
    let path = |name: &str| desk.path().join(name);
    fs::write(path("mine.toml"), RUN).unwrap();
    let program = cargo_bin!("stabil");
    let local = Command::new(program)
        .current_dir(desk.path())
        .args(["run", "mine.toml", "--out", "local", "--quiet"])
        .output()
        .unwrap();
    assert!(local.status.success(), "{local:?}");

    let cluster = Cluster::start(path("cluster"));
    let submitted = Command::new(scripts().join("submit.sh"))
        .current_dir(desk.path())
        .args(["mine.toml", "8", "merged"])
        .env("SLURM_CONF", path("cluster/slurm.conf"))
        .env("STABIL", program)
        .env("STABIL_CARRY_SECONDS", "0.2")
        .env("SBATCH_MEM_PER_NODE", "200")
        .output()
        .unwrap();
    let told = String::from_utf8(submitted.stdout).unwrap();
    assert!(submitted.status.success(), "{:?}", submitted.stderr);
    let array = told
        .split(['y', ','])
        .nth(1)
        .expect("array N")
        .trim()
        .to_owned();

    // The first task's program is killed when a unit has been brought home; the task puts itself
    // back in the queue.
    let units = |task: usize| {
        let files = fs::read_dir(path(&format!("merged-shards/{task}/units")));
        let names = files.map(|files| files.map(|file| file.unwrap().file_name()).collect());
        let names: Vec<std::ffi::OsString> = names.unwrap_or_default();
        let is_unit = |name: &&std::ffi::OsString| {
            let name = name.to_string_lossy();
            name.ends_with(".unit") && !name.starts_with('.')
        };
        names.iter().filter(is_unit).count()
    };
    cluster.wait_until("the first task brings a unit home", || units(1) > 0);
    let task = format!("{array}_1");
    let worker = worker("1/8").expect("the first task is at work");
    let killed = Command::new("kill")
        .args(["-9", &worker.to_string()])
        .status();
    assert!(killed.unwrap().success());
    let kept = units(1);
    // The manifest is not the last file to be written: the job has to be over as well.
    cluster.wait_until("the merge is done", || {
        let queue = cluster.says("squeue", &["--noheader", "--name=stabil-merge"]);
        path("merged/manifest.json").is_file() && queue.trim().is_empty()
    });
    let restarts = cluster.says("scontrol", &["show", "job", &task]);
    let restarts = restarts
        .split_whitespace()
        .find(|word| word.starts_with("Restarts="));
    assert_eq!(restarts, Some("Restarts=1"), "the task was not requeued");
    assert!(
        (1..=TASKS).all(|task| units(task) == 2),
        "two units to each task"
    );

    let (local, merged) = (results(&path("local")), results(&path("merged")));
    assert!(local.len() > 3);
    assert!(
        local == merged,
        "the merged results are not those of the local run"
    );
    eprintln!(
        "array of {TASKS}, one killed with {kept} of 2 units at home and requeued: the same bytes \
         as one local run, {:.0} s with the cluster",
        cluster.began.elapsed().as_secs_f64()
    );
}

#[test]
fn the_scripts_pass_shellcheck() {
    let mut command = Command::new("shellcheck");
    for entry in fs::read_dir(scripts()).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|ending| ending == "sh" || ending == "sbatch")
        {
            command.arg(path);
        }
    }
    match command.output() {
        Ok(output) => assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stdout)
        ),
        Err(_) if !is_required() => eprintln!("left out: shellcheck is not installed"),
        Err(error) => panic!("shellcheck is required: {error}"),
    }
}
