//! `stabil policies`, and lives that a scenario changed.

use super::desk::Desk;

#[test]
fn the_catalogue_is_a_table() {
    let answer = Desk::new()
        .types("policies")
        .succeeds()
        .says_nothing()
        .writes_nothing();
    let answer = answer.prints(&[
        "mentor_scheme",
        "Mentoring of new graduates",
        "leave_job x 0.61 (0.37-1)",
    ]);
    assert!(answer.out.lines().count() > 100);
    Desk::new()
        .types("policies --lang nb")
        .succeeds()
        .prints(&["Mentorordning for nyutdannede"]);
}

#[test]
fn the_catalogue_is_searched() {
    let count = |words: &str| {
        let answer = Desk::new().types(words).succeeds();
        assert!(
            answer.out.starts_with("policy,name_nb,name_en,"),
            "{}",
            answer.told()
        );
        answer.out.lines().count() - 1
    };
    let all = count("policies --csv");
    let grades: usize = ["A", "B", "C", "D"]
        .map(|grade| count(&format!("policies --csv --grade {grade}")))
        .into_iter()
        .sum();
    assert_eq!(grades, all);
    let rural = count("policies --csv --family rural");
    assert!(rural > 0 && rural < all);
    let found = count("policies --csv --find MENTOR");
    assert!(found > 0 && found < all);
    assert!(count("policies --csv --find mentor --family rural") < found);
    Desk::new()
        .types("policies --family rurall")
        .refuses(&["--family = rurall", "did you mean \"rural\"?"]);
}

#[test]
fn one_policy_is_told_in_full() {
    Desk::new()
        .types("policies mentor_scheme")
        .succeeds()
        .says_nothing()
        .prints(&[
            "Mentorordning for nyutdannede",
            "who_14",
            "takes part    50 % of the eligible",
        ])
        .prints(&[
            "leave_job x 0.61 (0.37-1), years 0 to 1, half-life 1 years",
            "40 000  for each",
        ])
        .prints(&[
            "literature_effects_0063",
            "brook2019",
            "reasoning",
            "selects ",
        ]);
    Desk::new()
        .types("policies mentor_schem")
        .refuses(&["NAME = mentor_schem", "did you mean \"mentor_scheme\"?"]);
}

#[test]
fn measures_without_a_policy_are_listed_with_the_reason() {
    Desk::new()
        .types("policies --unmodelled")
        .succeeds()
        .prints(&[
            "gender_quotas",
            "code_7_information_exchange",
            "no transition",
        ]);
    let table = Desk::new()
        .types("policies --unmodelled --csv --find gender")
        .succeeds();
    assert_eq!(table.out.lines().next(), Some("measure,reason"));
}

/// Forty more places in Finnmark, in a small world.
const WORLD: &str = "name = \"small\"\nscale = 0.1\nseeds = 1\nuntil = 2030\n\
                     [[scenario]]\nname = \"more\"\n[[scenario.policy]]\n\
                     use = \"decentralised_nursing_education\"\nplaces = 40\nzones = [\"finnmark\"]\n\
                     [[scenario]]\nname = \"posts\"\n[[scenario.policy]]\nuse = \"lis1_expansion\"\n\
                     [[scenario]]\nname = \"nothing\"\n";

#[test]
fn lives_that_a_scenario_changed_are_told_beside_the_base() {
    let desk = Desk::new().with("small.toml", WORLD);
    let answer = desk
        .types("explain --changed more small.toml --count 2")
        .succeeds()
        .says_nothing()
        .writes_nothing()
        .prints(&[
            "; 2 of them told",
            "THE LIVES PART: enters in the scenario only",
        ])
        .prints(&[
            "changed by decentralised_nursing_education",
            "finnmark",
            "base      not in the model",
        ]);
    assert_eq!(
        answer.out.matches("THE LIVES PART").count(),
        2,
        "{}",
        answer.told()
    );
    let again = desk.types("explain --changed more small.toml --count 2");
    assert_eq!(answer.out, again.out);
    desk.types("explain --changed more small.toml --count 1 --seed 5")
        .succeeds()
        .prints(&["; 1 of them told"]);
}

#[test]
fn lives_part_where_the_number_of_posts_is_changed() {
    let desk = Desk::new().with("small.toml", WORLD);
    desk.types("explain --changed posts small.toml --count 1")
        .succeeds()
        .prints(&[
            "by no decision of the person's own",
            "posts is changed by lis1_expansion",
        ]);
}

#[test]
fn nobody_is_changed_by_nothing() {
    let desk = Desk::new().with("small.toml", WORLD);
    desk.types("explain --changed nothing small.toml")
        .succeeds()
        .prints(&["0 simulated people's state in 2030 differs from the base"]);
}

#[test]
fn a_scenario_that_is_not_there() {
    let desk = Desk::new().with("small.toml", WORLD);
    desk.types("explain --changed mor small.toml")
        .refuses(&["--changed = mor", "did you mean \"more\"?"]);
    desk.types("explain --changed more baseline")
        .refuses(&["the run has no scenarios", "[[scenario]]"]);
    desk.types("explain --changed more").refuses(&["RUN"]);
}
