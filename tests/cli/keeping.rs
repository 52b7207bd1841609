//! Units that are kept: taken up, extended, sharded and merged, and refused where they do not fit.

use super::desk::Desk;
use super::results::manifest;
use std::fs;
use std::path::Path;

const RUN: &str = "name = \"mine\"\nscale = 0.02\nuntil = 2021\nseeds = 3\n\
                   breakdowns = [[], [\"profession\"], [\"zone\"]]\n[[scenario]]\nname = \"more\"\n\
                   [[scenario.policy]]\nuse = \"decentralised_nursing_education\"\nplaces = 40\n\
                   zones = [\"finnmark\"]\nfrom = 2020\n";

fn desk(lines: &str) -> Desk {
    let text = RUN.replacen("seeds = 3\n", &format!("seeds = 3\n{lines}"), 1);
    Desk::new().with("mine.toml", text)
}

/// Expects the same results in two folders, byte for byte, and that there are some.
#[track_caller]
fn assert_same(desk: &Desk, one: &str, other: &str) {
    let files = |folder: &str| -> Vec<String> {
        let names = desk.names(folder).into_iter();
        names
            .filter(|name| name != "units" && name != "manifest.json")
            .collect()
    };
    assert_eq!(files(one), files(other));
    assert!(files(one).len() > 5, "{:?}", files(one));
    for name in files(one) {
        let [left, right] = [one, other].map(|folder| desk.bytes(&format!("{folder}/{name}")));
        assert!(left == right, "{name} is not the same in {one} and {other}");
    }
    let [left, right] = [one, other].map(|folder| manifest(desk, folder));
    for key in [
        "draws",
        "seeds",
        "runs",
        "complete",
        "results",
        "settings",
        "person_years",
    ] {
        assert_eq!(left[key], right[key], "{key}");
    }
}

fn remove_units(desk: &Desk, folder: &str, choose: impl Fn(usize) -> bool) {
    let units = desk.names(&format!("{folder}/units")).into_iter();
    let units = units.filter(|name| name.ends_with(".unit")).enumerate();
    for (_, name) in units.filter(|(at, _)| choose(*at)) {
        fs::remove_file(desk.path(&format!("{folder}/units/{name}"))).unwrap();
    }
}

#[test]
fn what_is_missing_is_done_and_nothing_else() {
    for lines in ["", "draws = 3\n"] {
        let desk = desk(lines);
        desk.types("run mine.toml --out whole").succeeds();
        desk.types("run mine.toml --out cut").succeeds();
        remove_units(&desk, "cut", |at| at % 2 == 1);
        let kept = desk.path("cut/units").join(&desk.names("cut/units")[0]);
        let before = fs::metadata(&kept).unwrap().modified().unwrap();
        desk.types("run mine.toml --out cut --resume")
            .succeeds()
            .says(&["runs are there"]);
        assert_eq!(fs::metadata(&kept).unwrap().modified().unwrap(), before);
        assert_same(&desk, "whole", "cut");
    }
}

#[test]
fn a_run_grows_without_being_done_again() {
    let many = desk("draws = 5\n");
    many.types("run mine.toml --out whole").succeeds();
    many.types("run mine.toml --draws 2 --seeds 2 --out grown")
        .succeeds();
    many.types("extend grown --draws +2")
        .succeeds()
        .says(&["4 of 8 runs are there"]);
    many.types("extend grown --draws +1 --seeds +1").succeeds();
    assert_same(&many, "whole", "grown");
    // Seeds of a run without draws.
    let centre = desk("");
    centre.types("run mine.toml --out whole").succeeds();
    centre
        .types("run mine.toml --seeds 1 --out grown")
        .succeeds();
    centre.types("extend grown --seeds +2").succeeds();
    assert_same(&centre, "whole", "grown");
    centre
        .types("extend grown --draws +2")
        .refuses(&["has no draws", "--seeds +N"]);
    centre
        .types("extend grown --seeds 2")
        .refuses(&["plus sign"]);
    centre
        .types("extend nowhere")
        .refuses(&["nowhere", "no units"]);
    centre
        .types("run mine.toml --drop-units --out dropped")
        .succeeds();
    assert_same(&centre, "whole", "dropped");
    assert!(!centre.has("dropped/units"));
    centre
        .types("extend dropped --seeds +1")
        .refuses(&["dropped", "--drop-units"]);
}

#[test]
fn shards_merge_in_any_order_to_the_same_bytes() {
    let desk = desk("draws = 3\n");
    desk.types("run mine.toml --out whole").succeeds();
    for shard in 1..=4 {
        desk.types(&format!(
            "run mine.toml --shard {shard}/4 --out s/{shard} --threads {shard}"
        ))
        .succeeds()
        .prints_nothing();
        assert!(!desk.has(&format!("s/{shard}/bands.csv")));
    }
    desk.types("merge s/1 s/2 s/3 s/4 --out merged").succeeds();
    desk.types("merge s/3 s/1 s/4 s/2 --out kept --keep-units")
        .succeeds();
    assert_same(&desk, "whole", "merged");
    assert_same(&desk, "whole", "kept");
    assert!(!desk.has("merged/units"));
    desk.types("extend kept --seeds +1").succeeds();
    desk.types("run mine.toml --seeds 4 --out four").succeeds();
    assert_same(&desk, "four", "kept");
}

#[test]
fn shards_that_do_not_make_one_run_are_refused_by_name() {
    let desk = desk("draws = 3\n");
    for shard in 1..=3 {
        desk.types(&format!(
            "run mine.toml --shard {shard}/3 --out s{shard} -q"
        ))
        .succeeds();
    }
    desk.types("run mine.toml --shard 2/3 --until 2020 --out other -q")
        .succeeds();
    desk.types("run mine.toml --shard 2/4 --out four -q")
        .succeeds();
    desk.types("merge s1 s3 --out out")
        .refuses(&["1 of 3 shards", "2/3"]);
    desk.types("merge s1 s2 s3 s2 --out out")
        .refuses(&["s2", "so is"]);
    desk.types("merge s1 other s3 --out out")
        .refuses(&["other", "until: 2021, now 2020"]);
    desk.types("merge s1 four s3 --out out")
        .refuses(&["four", "number of shards: 3, now 4"]);
    desk.types("merge s1 s2 s3 --out s1")
        .refuses(&["s1", "one of the shards"]);
    desk.types("merge mine.toml --out out")
        .refuses(&["no units"]);
    // A copy of another shard's unit is an overlap, one of no part of the shard.
    let theirs = desk.names("s1/units").remove(0);
    fs::copy(
        desk.path(&format!("s1/units/{theirs}")),
        desk.path(&format!("s2/units/{theirs}")),
    )
    .unwrap();
    desk.types("merge s1 s2 s3 --out out")
        .refuses(&["s2", "no part of this run"]);
    fs::remove_file(desk.path(&format!("s2/units/{theirs}"))).unwrap();
    remove_units(&desk, "s2", |at| at == 1);
    desk.types("merge s1 s2 s3 --out out").refuses(&[
        "shard 2/3 in s2",
        "1 of 3 units are missing",
        "--resume",
    ]);
    desk.types("run mine.toml --shard 2/3 --out s2 --resume")
        .succeeds();
    let names = desk.names("s3/units");
    let path = format!("s3/units/{}", names[0]);
    let mut bytes = desk.bytes(&path);
    let at = bytes.len() / 2;
    bytes[at] ^= 4;
    fs::write(desk.path(&path), bytes).unwrap();
    desk.types("merge s1 s2 s3 --out out")
        .refuses(&["shard 3/3", "damaged"]);
}

#[test]
fn units_of_another_run_are_refused_with_what_differs() {
    let desk = desk("").with("data/.keep", "");
    desk.types("run mine.toml --out out").succeeds();
    for (flags, told) in [
        ("--seeds 4", "seeds: 3, now 4"),
        ("--until 2022", "until: 2021, now 2022"),
        ("--scale 0.03", "scale: 0.02, now 0.03"),
        ("--closure vacancy", "closure: \"supply\", now \"vacancy\""),
        ("--shard 1/2", "shard: none, now 1/2"),
    ] {
        desk.types(&format!("run mine.toml {flags} --out out --resume"))
            .refuses(&["out/units", told]);
    }
    fs::remove_dir_all(desk.path("data")).unwrap();
    desk.types("data export data").succeeds();
    let desk = desk.changing("data/parameters/death.toml", |text| {
        format!("{text}\n# mine\n")
    });
    desk.types("run mine.toml --data data --out out --resume")
        .refuses(&["data file parameters/death.toml"]);
    let desk = desk.changing("out/units/plan.json", |text| {
        text.replacen("\"program\": \"", "\"program\": \"0.0.9, once ", 1)
    });
    desk.types("run mine.toml --out out --resume")
        .refuses(&["program: 0.0.9, once", "--force"]);
    desk.types("run mine.toml --out out")
        .refuses(&["--resume", "--force"]);
    desk.types("run mine.toml --out out --force").succeeds();
}

#[test]
fn a_first_start_with_resume_begins() {
    let desk = desk("");
    desk.types("run mine.toml --seeds 1 --out out --resume")
        .succeeds()
        .says(&["nothing to take up"]);
    assert!(Path::new(&desk.path("out/bands.csv")).is_file());
    desk.types("run mine.toml --resume --force").exits(2);
    desk.types("run mine.toml --shard 9/9 --out many")
        .refuses(&["3 units", "--shard"]);
}
