//! The schedule of a year as data: which steps there are, in what order, what each reads and
//! draws, and where its own words about itself stand.
//!
//! Nothing here moves anybody. The description of the model is written from this list, and the
//! tests below hold it against the code: the order of the calls, the parameters that each file
//! asks for, the decisions that each file draws.

use crate::dice::Decision;

/// When in the year a step takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// In everybody's turn, in the order of the list.
    Turn,
    /// In somebody's turn when another step calls for it.
    Called,
    /// After everybody's turn.
    End,
    /// Around the turns, and only under the vacancy closure.
    Vacancy,
}

/// A source file that a part of the model is written in: its path in `src/`, and its text.
pub type Source = (&'static str, &'static str);

/// A part of the model: a step of the year, or what is worked out once before the years.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Identifier: the name of its module.
    pub id: &'static str,
    /// What it is, in English and Norwegian.
    pub label: [&'static str; 2],
    /// When it takes place; `None` once, before the first year.
    pub when: Option<When>,
    /// The files of parameters that belong to it, each to one part.
    pub parameters: &'static [&'static str],
    /// Files of parameters of other parts that it reads as well.
    pub reads: &'static [&'static str],
    /// The decisions that belong to it, each to one part.
    pub decisions: &'static [Decision],
    /// Decisions of other parts that it draws as well: never both for a person in a year, or on
    /// purpose the same draw.
    pub shares: &'static [Decision],
    /// Its source files, the one that explains most first.
    pub sources: &'static [Source],
}

macro_rules! source {
    ($path:literal) => {
        ($path, include_str!(concat!("../", $path)))
    };
}

/// The steps of a year, in order. A person's turn ends early on death, emigration, or qualifying.
pub const STEPS: [Part; 15] = [
    Part {
        id: "death",
        label: ["Death", "Død"],
        when: Some(When::Turn),
        parameters: &["death"],
        reads: &[],
        decisions: &[Decision::Death],
        shares: &[],
        sources: &[source!("engine/death.rs")],
    },
    Part {
        id: "emigration",
        label: ["Emigration and return", "Utvandring og tilbakevending"],
        when: Some(When::Turn),
        parameters: &["emigration"],
        reads: &[],
        decisions: &[Decision::Emigration, Decision::Return],
        shares: &[],
        sources: &[source!("engine/emigration.rs")],
    },
    Part {
        id: "study",
        label: [
            "Study: progress, dropout, graduation",
            "Studier: progresjon, frafall, fullføring",
        ],
        when: Some(When::Turn),
        parameters: &["study"],
        reads: &[],
        decisions: &[Decision::Dropout, Decision::Delay],
        shares: &[],
        sources: &[source!("engine/study.rs")],
    },
    Part {
        id: "first_job",
        label: ["First job", "Første jobb"],
        when: Some(When::Called),
        parameters: &["first_job"],
        reads: &["move_zone"],
        decisions: &[
            Decision::FirstSector,
            Decision::FirstZone,
            Decision::FirstBand,
            Decision::HomeZone,
        ],
        shares: &[],
        sources: &[source!("engine/first_job.rs")],
    },
    Part {
        id: "sick_leave",
        label: ["Long sick leave", "Langtidssykefravær"],
        when: Some(When::Turn),
        parameters: &["sick_leave"],
        reads: &[],
        decisions: &[Decision::SickLeave],
        shares: &[Decision::Return],
        sources: &[source!("engine/sick_leave.rs")],
    },
    Part {
        id: "disability",
        label: ["Disability pension", "Uføretrygd"],
        when: Some(When::Turn),
        parameters: &["disability"],
        reads: &[],
        decisions: &[Decision::Disability, Decision::DisabilityGrade],
        shares: &[],
        sources: &[source!("engine/disability.rs")],
    },
    Part {
        id: "retirement",
        label: ["Old-age pension", "Alderspensjon og AFP"],
        when: Some(When::Turn),
        parameters: &["retirement"],
        reads: &[],
        decisions: &[Decision::Retirement],
        shares: &[],
        sources: &[source!("engine/retirement.rs")],
    },
    Part {
        id: "leave_job",
        label: [
            "Leaving the job, and re-entry",
            "Slutte i jobben, og komme tilbake",
        ],
        when: Some(When::Turn),
        parameters: &["leave_job", "reentry"],
        reads: &[],
        decisions: &[Decision::LeaveJob, Decision::Destination],
        shares: &[Decision::Return, Decision::NewBand],
        sources: &[source!("engine/leave_job.rs")],
    },
    Part {
        id: "move_zone",
        label: ["Moving to another zone", "Flytting"],
        when: Some(When::Turn),
        parameters: &["move_zone"],
        reads: &[],
        decisions: &[Decision::MoveZone, Decision::TargetZone],
        shares: &[Decision::HomeZone],
        sources: &[source!("engine/move_zone.rs")],
    },
    Part {
        id: "position",
        label: ["Position bands", "Stillingsstørrelse"],
        when: Some(When::Turn),
        parameters: &["position"],
        reads: &[],
        decisions: &[Decision::PositionBand, Decision::NewBand],
        shares: &[],
        sources: &[
            source!("engine/position.rs"),
            source!("population/positions.rs"),
        ],
    },
    Part {
        id: "further_education",
        label: [
            "Further education and the next grade",
            "Videreutdanning og neste trinn",
        ],
        when: Some(When::Turn),
        parameters: &["further_education"],
        reads: &[],
        decisions: &[Decision::Advance, Decision::Programme],
        shares: &[Decision::Delay],
        sources: &[source!("engine/further_education.rs")],
    },
    Part {
        id: "life",
        label: ["Leaving the scope", "Ut av det som telles"],
        when: Some(When::Turn),
        parameters: &[],
        reads: &[],
        decisions: &[],
        shares: &[],
        sources: &[source!("engine/life.rs")],
    },
    Part {
        id: "queue",
        label: ["Posts in limited number", "Stillinger i begrenset antall"],
        when: Some(When::End),
        parameters: &["queue"],
        reads: &[],
        decisions: &[Decision::Lottery],
        shares: &[Decision::FirstZone],
        sources: &[source!("engine/queue.rs")],
    },
    Part {
        id: "inflow",
        label: ["Inflows", "Tilgang"],
        when: Some(When::End),
        parameters: &["abroad", "attachment", "hire"],
        reads: &["study", "further_education"],
        decisions: &[],
        shares: &[Decision::Programme],
        sources: &[
            source!("engine/inflow.rs"),
            source!("population/students.rs"),
            source!("population/arrivals.rs"),
            source!("population/newcomers.rs"),
            source!("population/places.rs"),
        ],
    },
    Part {
        id: "market",
        label: ["The vacancy closure", "Ledige stillinger"],
        when: Some(When::Vacancy),
        parameters: &["vacancy"],
        reads: &[],
        decisions: &[
            Decision::Hiring,
            Decision::LookElsewhere,
            Decision::SecondPost,
        ],
        shares: &[],
        sources: &[
            source!("engine/market/mod.rs"),
            source!("engine/market/posts.rs"),
            source!("engine/market/hiring.rs"),
        ],
    },
];

/// The base population: made once, before the first year.
pub const BASE: Part = Part {
    id: "base",
    label: ["The base population", "Basisbefolkningen"],
    when: None,
    parameters: &["base_population"],
    reads: &[
        "disability",
        "emigration",
        "position",
        "retirement",
        "sick_leave",
    ],
    decisions: &[],
    shares: &[],
    sources: &[
        source!("population/base.rs"),
        source!("population/margins.rs"),
        source!("population/stock.rs"),
        source!("population/ipf.rs"),
        source!("population/quota.rs"),
        source!("population/rates.rs"),
    ],
};

/// Need: worked out once, before the first year.
pub const NEED: Part = Part {
    id: "need",
    label: ["Need", "Etterspørsel"],
    when: None,
    parameters: &["need"],
    reads: &[],
    decisions: &[],
    shares: &[],
    sources: &[
        source!("need/mod.rs"),
        source!("need/people.rs"),
        source!("need/profile.rs"),
        source!("need/services.rs"),
        source!("need/mix.rs"),
        source!("need/profession.rs"),
        source!("need/zones.rs"),
    ],
};

/// Policies of a scenario: what they add to the odds of the steps' transitions and choices.
pub const POLICIES: Part = Part {
    id: "policies",
    label: ["Policies", "Tiltak"],
    when: None,
    parameters: &["policy"],
    reads: &[],
    decisions: &[],
    shares: &[],
    sources: &[
        source!("engine/policy/mod.rs"),
        source!("engine/policy/state.rs"),
        source!("engine/policy/eligible.rs"),
        source!("engine/policy/effect.rs"),
        source!("engine/policy/attributes.rs"),
        source!("engine/policy/displaced.rs"),
        source!("need/policy.rs"),
    ],
};

/// All parts of the model: the two made before the years, then the steps in order.
pub fn parts() -> impl Iterator<Item = &'static Part> {
    [&BASE, &NEED, &POLICIES].into_iter().chain(&STEPS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::DataFolder;
    use std::collections::BTreeSet;

    const LIFE: &str = include_str!("life.rs");
    const YEAR: &str = include_str!("year.rs");
    const ENGINE: &str = include_str!("mod.rs");

    /// The code of a source file: no comments, nothing of its tests.
    fn code(text: &str) -> String {
        let code = text.split("#[cfg(test)]").next().unwrap();
        let lines = code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The names that stand between a start and the first thing that is no letter of a name.
    fn names<'a>(code: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
        code.split(start).skip(1).map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            &rest[..end.unwrap_or(rest.len())]
        })
    }

    /// The body of a function, to the brace that ends it at the start of a line.
    fn body<'a>(text: &'a str, function: &str) -> &'a str {
        let (_, rest) = text.split_once(&format!("fn {function}")).unwrap();
        rest.split("\n}\n").next().unwrap()
    }

    fn with(when: When) -> Vec<&'static str> {
        let steps = STEPS.iter().filter(|step| step.when == Some(when));
        steps.map(|step| step.id).collect()
    }

    #[test]
    fn turns_have_the_order_of_the_calls() {
        let calls = body(LIFE, "steps<")
            .lines()
            .filter_map(|line| line.trim().strip_suffix("::apply(turn);"));
        let mut called: Vec<&str> = calls.collect();
        called.push("life");
        assert_eq!(with(When::Turn), called);
        assert!(body(LIFE, "live<").contains("leave_scope(turn)"));
    }

    #[test]
    fn the_year_ends_in_the_order_of_the_calls() {
        let end = body(YEAR, "end_year<");
        let places = ["settle(", "queue::apply(", "inflow::apply("].map(|call| end.find(call));
        assert!(places.is_sorted() && places[0].is_some(), "{places:?}");
        assert!(
            end.rfind("settle(") > places[2],
            "hiring comes last as well"
        );
        assert_eq!(with(When::End), ["queue", "inflow"]);
        for id in with(When::Called) {
            let calls = format!("{id}::take(");
            assert!(
                STEPS
                    .iter()
                    .any(|step| code(step.sources[0].1).contains(&calls))
            );
        }
    }

    #[test]
    fn the_engine_explains_the_same_steps() {
        let told: Vec<&str> = ENGINE
            .lines()
            .filter_map(|line| line.strip_prefix("//! ")?.trim_start().split_once(". [`"))
            .enumerate()
            .map(|(number, (told, rest))| {
                assert_eq!(told, (number + 1).to_string());
                rest.split('`').next().unwrap()
            })
            .collect();
        assert_eq!(told, STEPS.map(|step| step.id));
    }

    #[test]
    fn every_decision_belongs_to_one_step() {
        let mut owned: Vec<Decision> = parts().flat_map(|part| part.decisions).copied().collect();
        owned.sort();
        let mut all = Decision::ALL.to_vec();
        all.sort();
        assert_eq!(owned, all);
    }

    #[test]
    fn steps_draw_what_they_say() {
        for part in parts() {
            let listed = part.decisions.iter().chain(part.shares);
            let listed: BTreeSet<String> = listed.map(|d| format!("{d:?}")).collect();
            let drawn: BTreeSet<String> = part
                .sources
                .iter()
                .flat_map(|(_, text)| {
                    let code = code(text);
                    let found = names(&code, "Decision::").map(str::to_string);
                    found.collect::<Vec<_>>()
                })
                .collect();
            assert_eq!(listed, drawn, "{}", part.id);
        }
    }

    fn files() -> Vec<String> {
        let paths = DataFolder::Embedded.list("parameters", ".toml").unwrap();
        let stem = |path: &String| {
            let name = path.trim_start_matches("parameters/");
            name.trim_end_matches(".toml").to_string()
        };
        paths.iter().map(stem).collect()
    }

    #[test]
    fn every_file_of_parameters_belongs_to_one_part() {
        let mut owned: Vec<&str> = parts().flat_map(|part| part.parameters).copied().collect();
        owned.sort_unstable();
        assert_eq!(owned, files());
    }

    #[test]
    fn parts_read_what_they_say() {
        for part in parts() {
            let listed: BTreeSet<String> = part
                .parameters
                .iter()
                .chain(part.reads)
                .map(ToString::to_string)
                .collect();
            let mut read = BTreeSet::new();
            for (_, text) in part.sources {
                let code = code(text);
                for file in files() {
                    if code.contains(&format!("\"{file}."))
                        || code.contains(&format!("data, \"{file}\""))
                    {
                        read.insert(file);
                    }
                }
            }
            assert_eq!(listed, read, "{}", part.id);
        }
    }
}
