//! Where two lives of one person part: the decision that comes out otherwise first, its
//! probability in both, and whose doing it is.

use super::Model;
use super::life_story::{Note, Outcome, share, zone_id};
use crate::dice::Decision;
use crate::dice::sample::probability;
use crate::parameters::policy::What;
use crate::parameters::{Levers, Policy};
use crate::population::Person;
use crate::words::Sector;

/// The run without policies and the run with them.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    /// The base.
    pub base: &'a Model,
    /// The scenario: the same data, parameters and factors.
    pub scenario: &'a Model,
    /// The policies of the scenario, in its order.
    pub policies: &'a [Policy],
}

/// What a year brought to one of two lives.
#[derive(Clone, Debug, Default)]
pub(super) struct YearOfLife {
    /// What was decided, in order.
    pub notes: Vec<Note>,
    /// The state at its end, if the person is in the model.
    pub state: Option<Person>,
    /// The policies that the person took part in, a bit each.
    pub reached: u64,
}

/// Why two lives that were one part in a year, if they do: the first decision that comes out
/// otherwise, or else how the states can differ without one. `reached` has the bits of policies.
pub(super) fn fork(
    pair: &Pair,
    [base, scenario]: [&YearOfLife; 2],
    before: [Option<Person>; 2],
    reached: u64,
) -> Option<String> {
    let because = |changed: bool| because(pair, reached, changed);
    let longest = base.notes.len().max(scenario.notes.len());
    for number in 0..longest {
        match (base.notes.get(number), scenario.notes.get(number)) {
            (Some(one), Some(other)) if one.decision == other.decision => {
                if came_out(one) != came_out(other) {
                    let changed = one.outcome_chances() != other.outcome_chances();
                    return Some(format!(
                        "{}; {}",
                        beside(pair, one, other),
                        because(changed)
                    ));
                }
            }
            (one, other) => {
                let only = |note: Option<&Note>, side: &str| {
                    note.map(|note| format!("in the {side} {note}"))
                };
                let both = [only(one, "base"), only(other, "scenario")];
                let both: Vec<String> = both.into_iter().flatten().collect();
                return Some(format!("{}; {}", both.join(", "), because(true)));
            }
        }
    }
    let [one, other] = [base.state, scenario.state];
    if one == other {
        return None;
    }
    Some(match (before, one, other) {
        ([None, None], None, Some(_)) => format!("enters in the scenario only; {}", entry(pair)),
        ([None, None], Some(_), None) => format!("enters in the base only; {}", entry(pair)),
        ([None, None], ..) => "enters as somebody else: the attributes of those who come are \
                               drawn by other odds"
            .to_string(),
        _ => format!("by no decision of the person's own: {}", posts(pair)),
    })
}

impl Note {
    /// What the outcome was thrown by: the thresholds.
    fn outcome_chances(&self) -> &[u32] {
        match &self.outcome {
            Outcome::Decided(threshold, _) => std::slice::from_ref(threshold),
            Outcome::Chose(row, _) => row,
        }
    }
}

/// The outcome alone: yes is 1.
fn came_out(note: &Note) -> usize {
    match note.outcome {
        Outcome::Decided(_, yes) => usize::from(yes),
        Outcome::Chose(_, choice) => choice,
    }
}

/// A decision as it was made in both lives.
fn beside(pair: &Pair, base: &Note, scenario: &Note) -> String {
    let draw = if base.word == scenario.word {
        format!("the same draw {:.5}", probability(base.word))
    } else {
        format!(
            "draws {:.5} and {:.5}",
            probability(base.word),
            probability(scenario.word)
        )
    };
    let (own, other) = match (&base.outcome, &scenario.outcome) {
        (Outcome::Decided(threshold, yes), Outcome::Decided(changed, then)) => {
            let word = |yes: bool| if yes { "yes" } else { "no" };
            (
                format!(
                    "{:.5} in the base ({})",
                    probability(*threshold),
                    word(*yes)
                ),
                format!(
                    "{:.5} in the scenario ({})",
                    probability(*changed),
                    word(*then)
                ),
            )
        }
        (Outcome::Chose(row, choice), Outcome::Chose(changed, then)) => {
            let name = |choice: usize| choice_name(pair.base, base.decision, row.len(), choice);
            let told = |side: &str, row: &[u32], choice: usize, lost: usize| {
                let (chosen, other) = (share(row, choice), share(row, lost));
                format!(
                    "{chosen:.5} of {} in the {side} (chosen; {} has {other:.5})",
                    name(choice),
                    name(lost)
                )
            };
            (
                told("base", row, *choice, *then),
                told("scenario", changed, *then, *choice),
            )
        }
        _ => (base.to_string(), scenario.to_string()),
    };
    format!("{:?}, probability {own}, {other}, {draw}", base.decision)
}

fn choice_name(model: &Model, decision: Decision, of: usize, choice: usize) -> String {
    match decision {
        Decision::FirstZone | Decision::TargetZone if of == model.data.zones.len() => {
            zone_id(model, choice as u8)
        }
        Decision::FirstSector if choice < Sector::ALL.len() => Sector::ALL[choice].id().to_string(),
        _ => format!("choice {choice}"),
    }
}

/// Whose doing a decision is: the policies that have reached the person, or what lies around.
fn because(pair: &Pair, reached: u64, chances_differ: bool) -> String {
    let own = |(number, _): &(usize, &Policy)| *number < 64 && reached >> number & 1 == 1;
    let ids: Vec<&str> = pair
        .policies
        .iter()
        .enumerate()
        .filter(own)
        .map(|(_, policy)| policy.id.as_str())
        .collect();
    match (chances_differ, ids.is_empty()) {
        (true, false) => format!("reached by {}", ids.join(", ")),
        (true, true) => {
            "no policy reaches the person: the chances differ because what lies around \
                         does (posts, colleagues, queues), or because of an earlier change"
                .to_string()
        }
        (false, _) => "at the same chances: it follows from an earlier change".to_string(),
    }
}

/// Which policies change who comes in.
fn entry(pair: &Pair) -> String {
    let of_newcomers = |what: What| matches!(what, What::Choice(choice) if choice.is_attribute());
    let mut ids = Vec::new();
    for policy in pair.policies {
        let mut changes = policy.changes.iter();
        if policy.levers != Levers::default() || changes.any(|change| of_newcomers(change.what)) {
            ids.push(policy.id.as_str());
        }
    }
    if ids.is_empty() {
        "who is hired or comes follows from an earlier change".to_string()
    } else {
        format!("those who come in are changed by {}", ids.join(", "))
    }
}

/// Why somebody has a post in one life and not in the other, at the same draws.
fn posts(pair: &Pair) -> String {
    let with_posts = pair.policies.iter();
    let with_posts = with_posts.filter(|policy| !policy.levers.posts.is_empty());
    let ids: Vec<&str> = with_posts.map(|policy| policy.id.as_str()).collect();
    if ids.is_empty() {
        "a post in limited number, or on the labour market, goes to another because others do \
         otherwise"
            .to_string()
    } else {
        format!("the number of posts is changed by {}", ids.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::DataFolder;
    use crate::parameters::ModelData;
    use crate::parameters::policy::Catalogue;

    const HALF: u32 = 1 << 31;

    fn decided(threshold: u32, word: u32) -> Note {
        Note {
            decision: Decision::LeaveJob,
            word,
            outcome: Outcome::Decided(threshold, word < threshold),
        }
    }

    fn year(notes: Vec<Note>, state: Option<Person>) -> YearOfLife {
        YearOfLife {
            notes,
            state,
            reached: 0,
        }
    }

    #[test]
    fn the_first_decision_that_comes_out_otherwise_parts_the_lives() {
        let data = ModelData::read(DataFolder::Embedded, None).unwrap();
        let catalogue = Catalogue::read(&data, &[] as &[&str]).unwrap();
        let policies = ["mentor_scheme", "lis1_expansion"];
        let policies = policies.map(|id| catalogue.find(id).unwrap().clone());
        let model = Model::build_supply(data, 2019, 0.02).unwrap();
        let pair = Pair {
            base: &model,
            scenario: &model,
            policies: &policies,
        };
        let person = model.base.population.people().next();
        let fork = |base: &[Note], scenario: &[Note], reached| {
            let [base, scenario] = [base, scenario].map(|notes| year(notes.to_vec(), person));
            fork(&pair, [&base, &scenario], [person, person], reached)
        };
        // Another chance that comes out the same parts nobody.
        let (low, high) = (decided(HALF / 2, 7), decided(HALF, 7));
        assert_eq!(fork(std::slice::from_ref(&low), &[high], 1), None);
        // Between the thresholds, the same draw says yes in one life and no in the other.
        let draw = HALF / 4 * 3;
        let (stays, leaves) = (decided(HALF / 2, draw), decided(HALF, draw));
        let told = fork(
            &[low.clone(), leaves.clone()],
            &[low.clone(), stays.clone()],
            1,
        );
        assert_eq!(
            told.as_deref(),
            Some(
                "LeaveJob, probability 0.50000 in the base (yes), 0.25000 in the scenario (no), \
                 the same draw 0.37500; reached by mentor_scheme"
            )
        );
        let told = fork(&[leaves], &[stays], 0).unwrap();
        assert!(told.contains("no policy reaches the person"), "{told}");
        // A choice names what was chosen, with its chance in both.
        let zones = model.data.zones.len();
        let chose = |first: u32, choice| Note {
            decision: Decision::FirstZone,
            word: 7,
            outcome: Outcome::Chose(
                [first]
                    .into_iter()
                    .chain(vec![u32::MAX; zones - 1])
                    .collect(),
                choice,
            ),
        };
        let told = fork(&[chose(HALF, 0)], &[chose(3, 1)], 1).unwrap();
        let [first, second] = [0, 1].map(|zone: usize| model.data.zones.zones[zone].id.clone());
        let expected = format!("0.50000 of {first} in the base (chosen; {second} has 0.50000)");
        assert!(told.contains(&expected), "{told}");
        // Decided in one life only.
        let told = fork(&[low.clone(), low.clone()], &[low], 1).unwrap();
        assert!(
            told.starts_with("in the base LeaveJob: probability"),
            "{told}"
        );
    }

    #[test]
    fn states_that_differ_without_a_decision_are_told_as_such() {
        let data = ModelData::read(DataFolder::Embedded, None).unwrap();
        let model = Model::build_supply(data, 2019, 0.02).unwrap();
        let pair = Pair {
            base: &model,
            scenario: &model,
            policies: &[],
        };
        let person = model.base.population.people().next();
        let other = person.map(|person| Person {
            zone: person.zone + 1,
            ..person
        });
        let told = |base, scenario, before| {
            let (base, scenario) = (year(Vec::new(), base), year(Vec::new(), scenario));
            fork(&pair, [&base, &scenario], before, 0).unwrap_or_default()
        };
        let elsewhere = told(person, other, [person, person]);
        assert!(
            elsewhere.contains("no decision of the person's own"),
            "{elsewhere}"
        );
        let enters = told(None, person, [None, None]);
        assert!(
            enters.starts_with("enters in the scenario only"),
            "{enters}"
        );
        let enters = told(person, None, [None, None]);
        assert!(enters.starts_with("enters in the base only"), "{enters}");
    }
}
