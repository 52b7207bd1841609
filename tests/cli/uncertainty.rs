//! What a run tells of its spread: files, columns, the lines at its end, and `stabil why`.

use super::desk::Desk;
use super::results::{hash, manifest};

const RUN: &str = "run mine.toml --out out";

const MINE: &str = r#"
name = "mine"
scale = 0.01
draws = 10
seeds = 2
until = 2021
breakdowns = [[], ["profession"], ["zone"], ["profession", "zone"]]
measures = ["supply_fte", "persons", "gap_fte", "need_fte"]
"#;

const FILES: [&str; 6] = [
    "draws.csv",
    "draws.parquet",
    "drivers.csv",
    "uncertainty.csv",
    "uncertainty.parquet",
    "value_of_information.csv",
];

const UNCERTAINTY: &str = "scenario,year,profession,grade,sector,zone,from,measure,unit,mean,mcse,\
    variance,structural,structural_se,structural_share,alignment,alignment_se,alignment_share,\
    parameter,parameter_se,parameter_share,interaction,interaction_se,interaction_share,\
    stochastic,stochastic_se,stochastic_share,sim_low,sim_high,pointwise,p025_se,p50_se,p975_se";
const DRAWS: &str = "scenario,year,profession,grade,sector,zone,from,measure,unit,draw,mean,noise";
const DRIVERS: &str = "scenario,year,measure,profession,zone,unit,rank,parameter,grade,told,share,\
    share_se,sign,effect,effect_se,prcc,prcc_se,low_end,high_end,explained,detectable,facts,sources,\
    reasoning";
const VALUES: &str = "kind,group,parameters,quantity,scenario,year,measure,profession,zone,unit,\
    willingness_to_pay,value,se,sd_now,sd_known";

#[test]
fn a_run_with_draws_tells_of_its_spread_and_why_reads_it() {
    let desk = Desk::new().with("mine.toml", MINE);
    desk.types(&format!("{RUN} --threads 1"))
        .succeeds()
        .prints(&[
            "Where the spread comes from, gap_fte in 2021",
            "nurse, rural: parameters",
        ]);
    for (file, header) in [
        ("uncertainty.csv", UNCERTAINTY),
        ("draws.csv", DRAWS),
        ("drivers.csv", DRIVERS),
        ("value_of_information.csv", VALUES),
    ] {
        let text = desk.text(&format!("out/{file}"));
        assert_eq!(text.lines().next(), Some(header), "{file}");
        assert!(text.lines().count() > 50, "{file} has few rows");
    }
    let told = manifest(&desk, "out");
    for file in FILES {
        assert_eq!(told["results"][file], hash(&desk, &format!("out/{file}")));
    }
    desk.types("run mine.toml --threads 2 --out two").succeeds();
    for file in FILES {
        let [one, two] = ["out", "two"].map(|folder| desk.bytes(&format!("{folder}/{file}")));
        assert!(one == two, "{file} differs");
    }
    desk.types("why gap_fte:nurse:rural:2021 out")
        .succeeds()
        .prints(&[
            "gap_fte, profession nurse, zone rural, 2021",
            "the variance is of",
        ]);
    // Not among the drivers of the run, but in its draws.
    desk.types("why persons:nurse:2021 --out out")
        .succeeds()
        .prints(&["persons, profession nurse, zone all, 2021"]);
    desk.types("why gap_fte:nurze:2021 out")
        .refuses(&["did you mean \"nurse\"?"]);
    desk.types("why gap_fte:2020 out")
        .refuses(&["ask about 2021"]);
    desk.types("why gap_fte out").refuses(&["for example"]);
}

#[test]
fn seeds_alone_give_bands_of_paths_and_one_run_gives_nothing() {
    let desk = Desk::new().with("mine.toml", MINE);
    desk.types(&format!("{RUN} --draws 0 --seeds 3")).succeeds();
    let text = desk.text("out/uncertainty.csv");
    let header: Vec<&str> = UNCERTAINTY.split(',').collect();
    let place = |name: &str| header.iter().position(|own| *own == name).unwrap();
    let row: Vec<&str> = text.lines().nth(2).unwrap().split(',').collect();
    assert_eq!(row[place("parameter")], "");
    for told in ["sim_low", "sim_high", "p50_se", "stochastic"] {
        assert!(row[place(told)].parse::<f64>().is_ok(), "{told}: {row:?}");
    }
    assert!(!desk.has("out/draws.csv"));
    desk.types("why persons:2021 out")
        .succeeds()
        .prints(&["--draws 100"]);
    desk.types(&format!("{RUN} --draws 0 --seeds 1 --force"))
        .succeeds();
    assert!(!desk.has("out/uncertainty.csv"));
    desk.types("why persons:2021 out").refuses(&["--draws 100"]);
}
