//! Levers of a run file: their years against the run's, their names against the data, told at the
//! lines of the file.

use super::run_text::{RunText, Step};
use crate::parameters::{LeverFault, Levers, ModelData};
use crate::words::{Problem, Year};
use std::ops::RangeInclusive;

/// Checks the years of all levers.
///
/// # Errors
/// A [`Problem`] at the line of a first year outside the run, or of a last year before the first.
pub(super) fn years(
    levers: &Levers,
    run_years: RangeInclusive<Year>,
    run: &RunText,
) -> Result<(), Problem> {
    let complaint = |list: &str, position: usize, field: &str, message: String, hint: String| {
        let steps = steps(list, position, field);
        Problem {
            message,
            hint,
            ..run.complaint_about(&steps)
        }
    };
    for (list, position, from, until) in spells(levers) {
        if !run_years.contains(&from) {
            let (start, end) = (run_years.start(), run_years.end());
            let message = format!("must be a year of the run, which is from {start} to {end}");
            let hint = "give a year of the run, or let the run last longer".to_string();
            return Err(complaint(list, position, "from", message, hint));
        }
        if let Some(until) = until.filter(|until| *until < from) {
            let message = format!(
                "the year range is the wrong way round: until must not be before from, which is \
                 {from}"
            );
            let hint = format!("give until a year after {until}, or leave it out for all years");
            return Err(complaint(list, position, "until", message, hint));
        }
    }
    Ok(())
}

/// Checks the names in all levers, and the numbers that depend on them, see [`Levers::check`].
///
/// # Errors
/// A [`Problem`] at the line of a name that the data do not know, or of a number out of range.
pub(super) fn names(levers: &Levers, data: &ModelData, run: &RunText) -> Result<(), Problem> {
    levers.check(data).map_err(|fault| told(&fault, run))
}

/// The fault as a complaint about the run file, at the item itself where the field is a list.
fn told(fault: &LeverFault, run: &RunText) -> Problem {
    let mut steps = steps(fault.list, fault.position, fault.field).to_vec();
    let items = run.strings(&steps);
    if let Some(item) = items.iter().position(|item| *item == fault.value) {
        steps.push(item.into());
    }
    let problem = Problem {
        message: fault.message.clone(),
        ..run.complaint_about(&steps)
    };
    if fault.valid.is_empty() {
        return problem;
    }
    problem.nearest(&fault.value, fault.valid.iter().map(String::as_str))
}

fn steps<'a>(list: &'a str, position: usize, field: &'a str) -> [Step<'a>; 4] {
    ["levers".into(), list.into(), position.into(), field.into()]
}

/// Where a lever stands, its first year and its last.
type Spell = (&'static str, usize, Year, Option<Year>);

fn spells(levers: &Levers) -> Vec<Spell> {
    fn of<T>(
        list: &'static str,
        levers: &[T],
        years: impl Fn(&T) -> (Year, Option<Year>),
    ) -> Vec<Spell> {
        let years = levers.iter().map(years).enumerate();
        years
            .map(|(position, (from, until))| (list, position, from, until))
            .collect()
    }
    [
        of("licence_rule", &levers.licence_rule, |l| (l.from, l.until)),
        of("recruitment_stop", &levers.recruitment_stop, |l| {
            (l.from, l.until)
        }),
        of("agreement", &levers.agreement, |l| (l.from, l.until)),
        of("study_abroad", &levers.study_abroad, |l| (l.from, l.until)),
        of("study_places", &levers.study_places, |l| (l.from, l.until)),
        of("posts", &levers.posts, |l| (l.from, None)),
        of("self_sufficiency", &levers.self_sufficiency, |l| {
            (l.from, None)
        }),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::DataFolder;
    use crate::runs::Plan;

    fn plan(lines: &str) -> Result<Plan, Problem> {
        Plan::of_text("a.toml", &format!("name = \"a\"\n{lines}\n"))
    }

    #[test]
    fn years_are_those_of_the_run_and_the_right_way_round() {
        for (lines, line, key, told) in [
            (
                "[[levers.posts]]\ngrade = \"lis1\"\nfrom = 2041\npersons = 1",
                4,
                "levers.posts.from",
                "2019 to 2040",
            ),
            (
                "until = 2025\n[[levers.recruitment_stop]]\ncountry_groups = [\"eea\"]\nfrom = 2026",
                5,
                "levers.recruitment_stop.from",
                "2019 to 2025",
            ),
            (
                "[[levers.study_abroad]]\nprofession = \"nurse\"\nfactor = 2\nfrom = 2026\nuntil = 2025",
                6,
                "levers.study_abroad.until",
                "which is 2026",
            ),
        ] {
            let found = plan(lines).unwrap_err();
            assert_eq!((found.line, found.key.as_str()), (line, key), "{found}");
            assert!(found.message.contains(told), "{found}");
            assert!(!found.hint.is_empty(), "{found}");
        }
        let whole = "[[levers.study_abroad]]\nprofession = \"nurse\"\nfactor = 2\nfrom = 2026\n\
                     until = 2060";
        assert!(plan(whole).is_ok());
    }

    #[test]
    fn every_name_in_every_lever_is_looked_up() {
        let data = ModelData::read(DataFolder::Embedded, None).unwrap();
        let sound = "[[levers.licence_rule]]\nprofessions = [\"nurse\", \"midwife\"]\n\
                     country_groups = [\"eea\", \"other\"]\nfrom = 2026\npasses = 0.5\n\
                     [[levers.recruitment_stop]]\ncountry_groups = [\"who_list\"]\nfrom = 2026\n\
                     [[levers.agreement]]\nprofession = \"psychologist\"\n\
                     country_group = \"nordic\"\npersons = 50\nfrom = 2026\n\
                     [[levers.study_abroad]]\nprofession = \"physician\"\nfrom = 2026\n\
                     factor = 0.5\n\
                     [[levers.study_places]]\nprogramme = \"nursing\"\ntrack = \"campus\"\n\
                     zone = \"finnmark_rural\"\nfrom = 2026\nchange = 40\n\
                     [[levers.posts]]\ngrade = \"lis1\"\nfrom = 2026\npersons = 1200\n\
                     [[levers.self_sufficiency]]\nprofession = \"dentist\"\nshare = 0.9\n\
                     from = 2030\nby = \"fewer_from_abroad\"\n";
        assert_eq!(plan(sound).unwrap().check_against(&data, &[]), Ok(()));
        for (name, list, field) in [
            ("midwife", "licence_rule", "professions"),
            ("other", "licence_rule", "country_groups"),
            ("who_list", "recruitment_stop", "country_groups"),
            ("psychologist", "agreement", "profession"),
            ("nordic", "agreement", "country_group"),
            ("physician", "study_abroad", "profession"),
            ("nursing", "study_places", "programme"),
            ("campus", "study_places", "track"),
            ("finnmark_rural", "study_places", "zone"),
            ("lis1", "posts", "grade"),
            ("dentist", "self_sufficiency", "profession"),
        ] {
            let written = format!("\"{name}\"");
            let wrong = format!("\"x_{name}\"");
            let text = sound.replace(&written, &wrong);
            let found = plan(&text).unwrap().check_against(&data, &[]).unwrap_err();
            let line = text.lines().position(|line| line.contains(&wrong)).unwrap() + 2;
            assert_eq!(found.line, line, "{found}");
            assert_eq!(found.key, format!("levers.{list}.{field}"));
            assert_eq!(found.value, wrong);
            assert!(found.message.starts_with("unknown "), "{found}");
            assert!(!found.hint.is_empty(), "{found}");
        }
    }

    #[test]
    fn what_the_data_do_not_allow_is_told_at_its_line() {
        let data = ModelData::read(DataFolder::Embedded, None).unwrap();
        for (lines, line, key, value, told) in [
            (
                "[levers]\nself_sufficiency = [\n{ profession = \"nurse\", from = 2030, by = \
                 \"study_places\",\nshare = 0 }]",
                5,
                "levers.self_sufficiency.share",
                "0",
                "over 0",
            ),
            (
                "[[levers.self_sufficiency]]\nprofession = \"nurse\"\nshare = 1\nfrom = 2030\n\
                 by = \"study_places\"",
                4,
                "levers.self_sufficiency.share",
                "1",
                "fewer_from_abroad",
            ),
            (
                "[[levers.recruitment_stop]]\nfrom = 2026\ncountry_groups = []",
                4,
                "levers.recruitment_stop.country_groups",
                "[]",
                "",
            ),
            (
                "[unions]\nmine = [\"finnmark\"]\n[[levers.study_places]]\n\
                 programme = \"nursing\"\nzone = \"mine\"\nfrom = 2026\nchange = 4",
                6,
                "levers.study_places.zone",
                "\"mine\"",
                "unions of the scheme",
            ),
        ] {
            let checked = plan(lines).and_then(|plan| plan.check_against(&data, &[]));
            let found = checked.unwrap_err();
            assert_eq!((found.line, found.key.as_str()), (line, key), "{found}");
            assert_eq!(found.value, value);
            assert!(found.message.contains(told), "{found}");
            assert!(!found.hint.is_empty(), "{found}");
        }
    }
}
