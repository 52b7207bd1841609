//! What policies change in who is admitted: where students grew up, rural placements, curriculum.
//!
//! A student is drawn first as without policies; then some are others instead, so that those whom
//! a policy does not change are the same people as without it.

use super::Standing;
use super::effect::Tilt;
use crate::dice::Key;
use crate::dice::address::{self, BIRTH_GROUP};
use crate::dice::sample::{pick_tilted, probability, threshold, with_odds};
use crate::engine::rules::Rules;
use crate::parameters::policy::Choice;
use crate::population::Person;
use crate::population::newcomers::Newcomers;
use crate::words::Year;

/// Changes an admitted student as the policies that reach the student say, and gives those with
/// attributes, a bit each.
pub fn admit(
    rules: &Rules,
    newcomers: &Newcomers,
    student: &mut Person,
    standing: Standing<'_>,
    (key, year): (Key, Year),
) -> u64 {
    let policies = &rules.policies;
    let reached = standing.reached & policies.attributes;
    if reached == 0 {
        return 0;
    }
    let person = *student;
    let tilt = |choice| policies.tilt(standing, choice, (&person, year));
    let [origin, placement, curriculum, other] =
        key.words(address::of_name("attributes of students"), person.id, year);
    let shares = newcomers.exposure(person.track);
    let gains = |had: bool, share: u32, tilt: Option<Tilt>, word: u32| {
        let Some(tilt) = tilt else {
            return had;
        };
        let before = probability(share);
        let after = with_odds(before, tilt.all().exp());
        had || word < threshold((after - before) / (1.0 - before).max(f64::MIN_POSITIVE))
    };
    student.placement = gains(
        person.placement,
        shares[0],
        tilt(Choice::Placement),
        placement,
    );
    student.curriculum = gains(
        person.curriculum,
        shares[1],
        tilt(Choice::Curriculum),
        curriculum,
    );
    if let Some(tilt) = tilt(Choice::StudentOrigin) {
        let study = usize::from(person.study_zone);
        let row = newcomers.origins(person.track, study);
        let mean = tilt.mean(row);
        let relative = |zone: usize| tilt.factor(zone) / mean;
        let kept = threshold(relative(usize::from(person.origin)));
        if origin >= kept {
            let zone = pick_tilted(row, other, |zone| (relative(zone) - 1.0).max(0.0));
            let [.., mover] = key.words(BIRTH_GROUP, person.id, year);
            student.origin = zone as u8;
            student.mover = newcomers.is_mover(mover, zone, study);
        }
    }
    reached
}
