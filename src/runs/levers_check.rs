//! Levers of a run file: their years against the run's, their names against the data, told at the
//! lines of the file.

use super::run_text::{RunText, Step};
use crate::parameters::{Levers, ModelData};
use crate::words::{Problem, Year};
use std::ops::RangeInclusive;

/// A name in a lever that the data do not know.
struct LeverFault {
    /// The list of levers.
    list: &'static str,
    /// Position in the list.
    position: usize,
    /// The field of the lever.
    field: &'static str,
    /// The name, which may be one of several in the field.
    value: String,
    /// What is wrong.
    message: String,
    /// The names that are known.
    valid: Vec<String>,
}

/// Checks the years of all levers, and shares that their range alone does not keep from zero.
///
/// # Errors
/// A [`Problem`] at the line of a first year outside the run, of a last year before the first, or
/// of a share of nobody.
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
    match levers
        .self_sufficiency
        .iter()
        .position(|it| it.share <= 0.0)
    {
        None => Ok(()),
        Some(position) => Err(complaint(
            "self_sufficiency",
            position,
            "share",
            "must be over 0 and at most 1".to_string(),
            "for example: share = 0.9".to_string(),
        )),
    }
}

/// Checks the names in all levers.
///
/// # Errors
/// A [`Problem`] at the line of a name that the data do not know.
pub(super) fn names(levers: &Levers, data: &ModelData, run: &RunText) -> Result<(), Problem> {
    check(levers, data).map_err(|fault| told(&fault, run))
}

/// The fault as a complaint about the run file, at the item itself where the field is a list.
fn told(fault: &LeverFault, run: &RunText) -> Problem {
    let mut steps = steps(fault.list, fault.position, fault.field).to_vec();
    let items = run.strings(&steps);
    if let Some(item) = items.iter().position(|item| *item == fault.value) {
        steps.push(item.into());
    }
    Problem {
        message: fault.message.clone(),
        ..run.complaint_about(&steps)
    }
    .nearest(&fault.value, fault.valid.iter().map(String::as_str))
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

/// What a name in a lever names.
#[derive(Clone, Copy)]
enum Among<'a> {
    Professions,
    CountryGroups,
    Programmes,
    /// The tracks of this programme.
    Tracks(&'a str),
    Zones,
    Grades,
}

impl Among<'_> {
    /// What one of them is called, and where to see them all.
    fn told(self) -> &'static str {
        match self {
            Among::Professions => "profession; see: stabil list professions",
            Among::CountryGroups => "country group of the data folder",
            Among::Programmes => "programme; see: stabil list programmes",
            Among::Tracks(_) => "track of this programme; see: stabil list programmes",
            Among::Zones => "zone or union of the zone scheme; see: stabil list zones",
            Among::Grades => "grade; see: stabil list professions",
        }
    }

    fn names(self, data: &ModelData) -> Vec<String> {
        let lists = &data.classification;
        match self {
            Among::Professions => lists.profession_ids().map(String::from).collect(),
            Among::CountryGroups => lists.country_groups.iter().map(|g| g.id.clone()).collect(),
            Among::Programmes => lists.programmes.iter().map(|p| p.id.clone()).collect(),
            Among::Tracks(programme) => {
                let programme = lists.programmes.iter().find(|p| p.id == programme);
                programme.map_or_else(Vec::new, |p| p.tracks.clone())
            }
            Among::Zones => {
                let unions = data.zones.unions().into_iter().map(|(name, _)| name);
                let zones = data.zones.zones.iter().map(|zone| zone.id.clone());
                zones.chain(unions).collect()
            }
            Among::Grades => lists.grades.iter().map(|grade| grade.id.clone()).collect(),
        }
    }
}

/// Every name in every lever against the data.
fn check(levers: &Levers, data: &ModelData) -> Result<(), LeverFault> {
    let one = |list, position, field, value: &str, among: Among| {
        let valid = among.names(data);
        if valid.iter().any(|name| name == value) {
            return Ok(());
        }
        Err(LeverFault {
            list,
            position,
            field,
            value: value.to_string(),
            message: format!("unknown {}", among.told()),
            valid,
        })
    };
    let all = |list, position, field, values: &[String], among: Among| {
        values
            .iter()
            .try_for_each(|value| one(list, position, field, value, among))
    };
    for (i, it) in levers.licence_rule.iter().enumerate() {
        let groups = &it.country_groups;
        all(
            "licence_rule",
            i,
            "professions",
            &it.professions,
            Among::Professions,
        )?;
        all(
            "licence_rule",
            i,
            "country_groups",
            groups,
            Among::CountryGroups,
        )?;
    }
    for (i, it) in levers.recruitment_stop.iter().enumerate() {
        let groups = &it.country_groups;
        all(
            "recruitment_stop",
            i,
            "country_groups",
            groups,
            Among::CountryGroups,
        )?;
    }
    for (i, it) in levers.agreement.iter().enumerate() {
        one(
            "agreement",
            i,
            "profession",
            &it.profession,
            Among::Professions,
        )?;
        let group = &it.country_group;
        one("agreement", i, "country_group", group, Among::CountryGroups)?;
    }
    for (i, it) in levers.study_abroad.iter().enumerate() {
        one(
            "study_abroad",
            i,
            "profession",
            &it.profession,
            Among::Professions,
        )?;
    }
    for (i, it) in levers.study_places.iter().enumerate() {
        one(
            "study_places",
            i,
            "programme",
            &it.programme,
            Among::Programmes,
        )?;
        if let Some(track) = &it.track {
            one(
                "study_places",
                i,
                "track",
                track,
                Among::Tracks(&it.programme),
            )?;
        }
        if let Some(zone) = &it.zone {
            one("study_places", i, "zone", zone, Among::Zones)?;
        }
    }
    for (i, it) in levers.posts.iter().enumerate() {
        one("posts", i, "grade", &it.grade, Among::Grades)?;
    }
    for (i, it) in levers.self_sufficiency.iter().enumerate() {
        one(
            "self_sufficiency",
            i,
            "profession",
            &it.profession,
            Among::Professions,
        )?;
    }
    Ok(())
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
            (
                "[levers]\nself_sufficiency = [\n{ profession = \"nurse\", from = 2030, by = \
                 \"study_places\",\nshare = 0 }]",
                5,
                "levers.self_sufficiency.share",
                "over 0",
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
}
