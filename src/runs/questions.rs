//! Unions of zones and questions about risk: checked on their own, then found in the data.

use super::raw::{RawRun, RiskQuestion};
use super::run_text::{RunText, Step};
use super::{Model, Plan};
use crate::parameters::ModelData;
use crate::tallies::{self, series::ALL};
use crate::words::{Problem, Sector};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The user's unions and questions, with every name found in the data.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Questions {
    /// Unions of zones: name, and positions of the zones in it.
    pub unions: Vec<(String, Vec<usize>)>,
    /// Questions about risk, one for each profession of each question of the run file.
    pub risks: Vec<Question>,
}

/// A question about risk, asked of one profession.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Position of the profession.
    pub profession: usize,
    /// The sector; none for all of health care.
    pub sector: Option<Sector>,
    /// Zones, unions of the scheme and unions of the user's, each by its name.
    pub zones: Vec<String>,
    /// Too few are fewer persons than this.
    pub fewer_than: u32,
    /// Understaffed is where FTE are less than this share of the need.
    pub understaffed_below: f64,
}

/// The questions that a run file asks.
///
/// # Errors
/// A [`Problem`] if one is asked twice of the same profession, sector and zone.
pub(super) fn risks(raw: &RawRun, run: &RunText) -> Result<Vec<RiskQuestion>, Problem> {
    let mut asked = BTreeMap::new();
    for (number, question) in raw.risk.iter().enumerate() {
        let line = run.line(&["risk".into(), number.into()]);
        for (position, zone) in question.zones.iter().enumerate() {
            for profession in &question.professions {
                let Some(first) = asked.insert((profession, &question.sector, zone), line) else {
                    continue;
                };
                let steps = [
                    "risk".into(),
                    number.into(),
                    "zones".into(),
                    position.into(),
                ];
                let message = format!(
                    "{profession} in {} in {zone} is already asked about in the question on line \
                     {first}",
                    question.sector.as_deref().unwrap_or("all of health care")
                );
                return Err(Problem {
                    message,
                    hint: "leave it out of one of the two".to_string(),
                    ..run.complaint_about(&steps)
                });
            }
        }
    }
    Ok(raw.risk.clone())
}

/// What the outputs of a run are asked: the plan's questions, and the need, posts and hired-in staff
/// of the model. Hired-in staff are a stop-gap of the vacancy closure.
///
/// # Errors
/// As [`questions`].
pub fn asked(plan: &Plan, model: &Model) -> Result<tallies::Questions, Problem> {
    let Questions { unions, risks } = questions(plan, &model.data)?;
    let hired_in = model.rules.market.as_ref().and(model.agency.as_ref());
    let risks = risks.into_iter().map(|question| tallies::Risk {
        professions: vec![question.profession],
        sector: question.sector,
        zones: question.zones,
        fewer_than: question.fewer_than,
        understaffed_below: question.understaffed_below,
    });
    Ok(tallies::Questions {
        need: model.need.clone().map(Arc::new),
        posts: model.posts.clone().map(Arc::new),
        agency: hired_in.cloned(),
        risks: risks.collect(),
        unions,
    })
}

/// What the plan's unions and questions mean in the data: the one place where their names are
/// looked up.
///
/// # Errors
/// A [`Problem`] at the line of the run file: an unknown profession or zone, a union under a name
/// that is taken or with a zone twice, a zone or union where nobody lives.
pub fn questions(plan: &Plan, data: &ModelData) -> Result<Questions, Problem> {
    let run = RunText::parse(&plan.file, &plan.text)?;
    let own: Vec<(String, Vec<usize>)> = (0..data.zones.len())
        .map(|zone| (data.zones.zones[zone].id.clone(), vec![zone]))
        .collect();
    let mut places: Vec<(String, Vec<usize>)> = own;
    places.extend(data.zones.unions());
    let mut unions = Vec::new();
    for (name, members) in &plan.unions {
        let steps = ["unions".into(), name.as_str().into()];
        if name == ALL || places.iter().any(|(taken, _)| taken == name) {
            let message = "the name is that of a zone or union of the zone scheme";
            return Err(Problem {
                message: message.to_string(),
                hint: "give the union another name; taken ones: stabil list zones".to_string(),
                ..run.complaint_about(&steps)
            });
        }
        let mut zones = Vec::new();
        for (position, member) in members.iter().enumerate() {
            let steps = [steps[0], steps[1], position.into()];
            let found = zones_of(member, &places, &run, &steps)?;
            if let Some(twice) = found.iter().find(|zone| zones.contains(*zone)) {
                let message = format!(
                    "the zone {} is already in this union",
                    data.zones.zones[*twice].id
                );
                return Err(Problem {
                    message,
                    hint: "let every zone be in it once".to_string(),
                    ..run.complaint_about(&steps)
                });
            }
            zones.extend(found);
        }
        inhabited(&zones, data, &run, &steps)?;
        zones.sort_unstable();
        unions.push((name.clone(), zones));
    }
    places.extend(unions.iter().cloned());
    let mut risks = Vec::new();
    for (number, question) in plan.risks.iter().enumerate() {
        for (position, zone) in question.zones.iter().enumerate() {
            let steps = [
                "risk".into(),
                number.into(),
                "zones".into(),
                position.into(),
            ];
            let zones = zones_of(zone, &places, &run, &steps)?;
            inhabited(&zones, data, &run, &steps)?;
        }
        for (position, id) in question.professions.iter().enumerate() {
            let profession = data.classification.profession(id).ok_or_else(|| {
                let steps = [
                    "risk".into(),
                    number.into(),
                    "professions".into(),
                    position.into(),
                ];
                Problem {
                    message: "unknown profession; see: stabil list professions".to_string(),
                    ..run.complaint_about(&steps)
                }
                .nearest(id, data.classification.profession_ids())
            })?;
            risks.push(Question {
                profession,
                sector: question.sector.as_deref().and_then(Sector::of_id),
                zones: question.zones.clone(),
                fewer_than: question.fewer_than,
                understaffed_below: question.understaffed_below,
            });
        }
    }
    Ok(Questions { unions, risks })
}

/// The zones that a name stands for.
fn zones_of(
    name: &str,
    places: &[(String, Vec<usize>)],
    run: &RunText,
    steps: &[Step],
) -> Result<Vec<usize>, Problem> {
    let found = places.iter().find(|(id, _)| id == name);
    found.map(|(_, zones)| zones.clone()).ok_or_else(|| {
        Problem {
            message: "unknown zone or union of zones; see: stabil list zones".to_string(),
            ..run.complaint_about(steps)
        }
        .nearest(name, places.iter().map(|(id, _)| id.as_str()))
    })
}

/// Refuses places where nobody lives: there is nothing to be short of.
fn inhabited(
    zones: &[usize],
    data: &ModelData,
    run: &RunText,
    steps: &[Step],
) -> Result<(), Problem> {
    let people = zones
        .iter()
        .flat_map(|zone| data.zones.zones[*zone].population);
    if people.sum::<f64>() > 0.0 {
        return Ok(());
    }
    Err(Problem {
        message: "a zone without population: nobody lives there in the data".to_string(),
        hint: "leave it out; how many live where: stabil list zones".to_string(),
        ..run.complaint_about(steps)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::DataFolder;

    const UNIONS: &str = "[unions]\nrural_north = [\n\"nordland_rural\",\n\"troms_rural\"]\n";

    fn plan(lines: &str) -> Result<Plan, Problem> {
        Plan::of_text("a.toml", &format!("name = \"a\"\n{lines}\n"))
    }

    fn risk(professions: &str, zones: &str) -> String {
        format!("[[risk]]\nprofessions = {professions}\nzones = {zones}\nfewer_than = 5\n")
    }

    fn data() -> ModelData {
        ModelData::read(DataFolder::Embedded, None).unwrap()
    }

    fn fault(lines: &str) -> Problem {
        questions(&plan(lines).unwrap(), &data()).unwrap_err()
    }

    #[test]
    fn names_are_found() {
        let sector = "sector = \"municipal\"\nunderstaffed_below = 1";
        let asked = risk(
            "[\"midwife\", \"physician\"]",
            "[\"finnmark\", \"rural_north\"]",
        );
        let data = data();
        let asked = plan(&format!("{UNIONS}{asked}{sector}")).unwrap();
        let found = questions(&asked, &data).unwrap();
        let zones = ["nordland_rural", "troms_rural"].map(|id| data.zones.of_id(id).unwrap());
        assert_eq!(found.unions, [("rural_north".to_string(), zones.to_vec())]);
        assert_eq!(found.risks.len(), 2);
        for (question, id) in found.risks.iter().zip(["midwife", "physician"]) {
            let expected = Question {
                profession: data.classification.profession(id).unwrap(),
                sector: Some(Sector::Municipal),
                zones: vec!["finnmark".into(), "rural_north".into()],
                fewer_than: 5,
                understaffed_below: 1.0,
            };
            assert_eq!(*question, expected);
        }
        let asked = plan(&risk("[\"nurse\"]", "[\"rural\"]")).unwrap();
        let found = questions(&asked, &data).unwrap();
        assert_eq!(found.risks[0].sector, None);
        assert_eq!(found.risks[0].understaffed_below, 0.9);
    }

    #[test]
    fn unknown_names_are_told_at_their_own_line() {
        let found = fault(&risk("[\n\"midwife\",\n\"fysician\"]", "[\"rural\"]"));
        assert_eq!((found.line, found.value.as_str()), (5, "\"fysician\""));
        assert_eq!(found.key, "risk.professions");
        assert_eq!(found.hint, "did you mean \"physician\"?");
        let found = fault(&risk("[\"midwife\"]", "[\"rural\",\n\"finmark\"]"));
        assert_eq!((found.line, found.value.as_str()), (5, "\"finmark\""));
        assert_eq!(
            (found.key.as_str(), found.hint.as_str()),
            ("risk.zones", "did you mean \"finnmark\"?")
        );
        let found = fault("[unions]\nnorth = [\"troms\",\n\"finmark\"]");
        assert_eq!((found.line, found.key.as_str()), (4, "unions.north"));
        // The user's own unions are names too, but not within each other.
        let found = fault(&format!(
            "{UNIONS}{}",
            risk("[\"midwife\"]", "[\"rural_nort\"]")
        ));
        assert_eq!(found.hint, "did you mean \"rural_north\"?");
        let found = fault(&format!("{UNIONS}south = [\"rural_north\"]"));
        assert_eq!((found.line, found.key.as_str()), (6, "unions.south"));
    }

    #[test]
    fn unions_that_clash_or_overlap_are_told() {
        for name in ["finnmark", "finnmark_rural", "rural", "helse_nord", "all"] {
            let found = fault(&format!("[unions]\n{name} = [\"troms\"]"));
            assert_eq!((found.line, found.key), (3, format!("unions.{name}")));
            assert!(
                found.message.contains("name is that of"),
                "{}",
                found.message
            );
        }
        let found = fault("[unions]\nnorth = [\"troms\",\n\"rural\"]");
        assert_eq!((found.line, found.value.as_str()), (4, "\"rural\""));
        assert!(found.message.contains("troms_rural is already"), "{found}");
    }

    #[test]
    fn places_where_nobody_lives_are_told() {
        let mut data = data();
        let zone = data.zones.of_id("finnmark_rural").unwrap();
        data.zones.zones[zone].population = Default::default();
        let asked = |lines: &str| questions(&plan(lines).unwrap(), &data);
        for lines in [
            risk("[\"midwife\"]", "[\"finnmark_rural\"]"),
            "[unions]\nb = [\"troms\"]\na = [\"finnmark_rural\"]".to_string(),
        ] {
            let found = asked(&lines).unwrap_err();
            assert_eq!(found.line, 4);
            assert!(
                found.message.contains("a zone without population"),
                "{found}"
            );
        }
        assert!(asked("[unions]\na = [\"troms\", \"finnmark_rural\"]").is_ok());
    }

    #[test]
    fn a_question_asked_twice_is_told_with_both_lines() {
        let first = risk("[\"midwife\", \"nurse\"]", "[\"troms\", \"finnmark\"]");
        let second = risk(
            "[\"physician\", \"nurse\"]",
            "[\"nordland\",\n\"finnmark\"]",
        );
        let found = plan(&format!("{first}{second}")).unwrap_err();
        assert_eq!((found.line, found.value.as_str()), (9, "\"finnmark\""));
        assert!(
            found
                .message
                .starts_with("nurse in all of health care in finnmark"),
            "{found}"
        );
        assert!(found.message.ends_with("on line 2"), "{found}");
        let elsewhere = format!("{first}{second}sector = \"hospital\"");
        assert_eq!(plan(&elsewhere).unwrap().risks.len(), 2);
    }
}
