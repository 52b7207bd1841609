//! One person's year: the turn, the order of steps, and who may watch.

use super::bounds::Possible;
use super::market::Strain;
use super::policy::Standing;
use super::policy::effect::Tilt;
use super::predictor::{Predictor, Scene};
use super::rules::Rules;
use super::search::{Ahead, Busy};
use super::{
    death, disability, emigration, further_education, leave_job, move_zone, position, retirement,
    sick_leave, study,
};
use crate::dice::sample::pick_tilted;
use crate::dice::{Decision, Key, pick};
use crate::parameters::policy::{Choice, Transition};
use crate::population::Person;
use crate::words::{OLDEST_AGE, Sector, Status, Year, year_byte};

/// Why somebody is no longer in the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Death.
    Death,
    /// 75 years old: past the age that statistics count.
    AgeLimit,
    /// Gave up an education without having a profession.
    Dropout,
    /// Left health and care, for this status, in a profession followed only while employed there.
    Scope(Status),
    /// Moved abroad as a pensioner.
    Abroad,
    /// Abroad for so long that a return is no longer expected.
    Forgotten,
}

/// How somebody came into the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Admitted as a student.
    Admitted,
    /// Arrived with an education from abroad.
    Abroad,
    /// Hired without health education.
    Hired,
}

/// What happened to a person in a year.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// The state before the change.
    pub before: &'a Person,
    /// The year that state has been counted for: last year, or this one if the change comes after
    /// the year's steps.
    pub counted: Year,
    /// The state on this 1 December.
    pub after: &'a Person,
    /// Why the person is gone, if so.
    pub exit: Option<Exit>,
    /// Did the person qualify for a new profession this year?
    pub qualified: bool,
    /// The year.
    pub year: Year,
}

/// The same, kept for later: of people who go on living meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Happened {
    /// See [`Change::before`].
    pub before: Person,
    /// See [`Change::counted`].
    pub counted: Year,
    /// See [`Change::after`].
    pub after: Person,
    /// See [`Change::exit`].
    pub exit: Option<Exit>,
    /// See [`Change::qualified`].
    pub qualified: bool,
}

impl Happened {
    /// Keeps a change.
    pub fn of(change: &Change<'_>) -> Happened {
        Happened {
            before: *change.before,
            counted: change.counted,
            after: *change.after,
            exit: change.exit,
            qualified: change.qualified,
        }
    }

    /// The change, of the year in which it was kept.
    pub fn change(&self, year: Year) -> Change<'_> {
        Change {
            before: &self.before,
            counted: self.counted,
            after: &self.after,
            exit: self.exit,
            qualified: self.qualified,
            year,
        }
    }
}

/// Somebody who counts events as they happen. The engine itself counts nothing.
pub trait Observer {
    /// A person entered.
    fn entered(&mut self, person: &Person, entry: Entry, year: Year);
    /// Something happened to a person (or an age limit of a statistic was passed).
    fn changed(&mut self, change: &Change<'_>);
    /// Somebody applied for a post, as the person would have held it, and did not get it.
    fn turned_away(&mut self, _applicant: &Person, _year: Year) {}
    /// So many newcomers of a profession, sector and zone had no experienced colleague to guide
    /// them at the last census.
    fn unguided(&mut self, _place: (usize, Sector, usize), _newcomers: u32, _year: Year) {}
}

/// Somebody who watches decisions being made, for telling a life. Costs nothing when nobody does.
pub trait Witness {
    /// A yes/no decision was made.
    fn decided(&mut self, decision: Decision, threshold: u32, turned_word: u32, yes: bool);
    /// A choice was made among several.
    fn chose(&mut self, decision: Decision, row: &[u32], word: u32, choice: usize);
    /// A person has qualified, and is reached from now on by policies for those who have.
    #[inline(always)]
    fn qualified(&mut self, _person: &Person) {}
}

/// Nobody watches.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nobody;

impl Witness for Nobody {
    #[inline(always)]
    fn decided(&mut self, _: Decision, _: u32, _: u32, _: bool) {}
    #[inline(always)]
    fn chose(&mut self, _: Decision, _: &[u32], _: u32, _: usize) {}
}

/// One person's turn in a year.
#[derive(Debug)]
pub struct Turn<'a, W: Witness> {
    /// The compiled rules.
    pub rules: &'a Rules,
    /// The key of the run.
    pub key: Key,
    /// The year.
    pub year: Year,
    /// The person as the steps change it. Not held by value: it would be copied in byte by byte.
    pub person: &'a mut Person,
    /// What predictors need to know, as on the last 1 December but for the age.
    pub scene: Scene,
    /// Why the person is gone, if so.
    pub exit: Option<Exit>,
    /// Did the person qualify for a new profession this year?
    pub qualified: bool,
    /// Can the state have changed? Every way of changing it sets this.
    pub touched: bool,
    /// What was drawn before the turn began.
    drawn: &'a Busy,
    /// The last block drawn since.
    other: Ahead,
    /// What a place short of staff adds to leaving and sick leave.
    pub strain: Strain,
    /// The policies that reach the person.
    pub standing: Standing<'a>,
    /// Decisions of the year's block that can say yes as long as nothing has happened.
    possible: Possible,
    pub(super) witness: &'a mut W,
}

impl<'a, W: Witness> Turn<'a, W> {
    /// A person's turn; `drawn` tells what can happen, and holds the words it hangs on.
    #[inline(always)]
    pub(super) fn new(
        rules: &'a Rules,
        key: Key,
        year: Year,
        person: &'a mut Person,
        drawn: &'a Busy,
        witness: &'a mut W,
    ) -> Turn<'a, W> {
        let scene = Scene::of(person, year, &rules.lookup);
        Turn {
            rules,
            key,
            year,
            person,
            scene,
            exit: None,
            qualified: false,
            touched: false,
            drawn,
            strain: Strain::default(),
            standing: Standing::default(),
            other: Ahead::NOTHING,
            possible: drawn.possible,
            witness,
        }
    }

    /// This year as a clock byte.
    pub fn now(&self) -> u8 {
        year_byte(self.year)
    }

    #[inline]
    fn word(&mut self, decision: Decision) -> u32 {
        let group = decision.group();
        if group == 0 {
            return self.drawn.words[decision.word()];
        }
        if self.drawn.ahead.group == group {
            return self.drawn.ahead.words[decision.word()];
        }
        if self.other.group != group {
            self.draw(group);
        }
        self.other.words[decision.word()]
    }

    #[inline(never)]
    fn draw(&mut self, group: u32) {
        self.other = Ahead {
            group,
            words: self.key.words(group, self.person.id, self.year),
        };
    }

    /// Decides yes or no with the probability of a threshold.
    #[inline]
    pub fn decide(&mut self, decision: Decision, threshold: u32) -> bool {
        let turned = decision.anchor().turn(self.word(decision));
        let yes = turned < threshold;
        self.witness.decided(decision, threshold, turned, yes);
        if yes {
            self.touch();
        }
        yes
    }

    /// The state changes: what was possible before says nothing any more.
    #[inline(always)]
    pub fn touch(&mut self) {
        self.touched = true;
        if self.possible != Possible::EVERYTHING {
            self.possible = Possible::UNKNOWN;
        }
    }

    /// Can this decision of the year's block say yes?
    #[inline(always)]
    fn can(&mut self, decision: Decision) -> bool {
        if self.possible == Possible::UNKNOWN {
            self.look_again();
        }
        self.possible.contains(decision)
    }

    #[inline(never)]
    fn look_again(&mut self) {
        self.possible = match &self.rules.bounds {
            None => Possible::EVERYTHING,
            Some(bounds) => bounds.possible_now(self.person, &self.scene, self.drawn.words),
        };
    }

    /// Decides yes or no with the probability of a predictor, on a word of the year's block.
    #[inline(always)]
    pub fn decide_by(&mut self, decision: Decision, predictor: &Predictor) -> bool {
        self.decide_under(decision, predictor, 0)
    }

    /// The same with something added to the predictor.
    #[inline(always)]
    pub fn decide_under(&mut self, decision: Decision, predictor: &Predictor, more: i32) -> bool {
        debug_assert!(decision.group() == 0);
        self.can(decision) && self.decide_exactly(decision, predictor, more)
    }

    #[inline(never)]
    fn decide_exactly(&mut self, decision: Decision, predictor: &Predictor, more: i32) -> bool {
        let eta = predictor.eta(self.person, &self.scene) + more;
        self.decide(decision, self.rules.expit.threshold(eta))
    }

    /// What the policies that reach the person add to the log-odds of a transition, in steps.
    #[inline]
    pub fn policy(&self, transition: Transition) -> i32 {
        if self.standing.reached == 0 {
            return 0;
        }
        let since = (&*self.person, self.year);
        self.rules.policies.more(self.standing, transition, since)
    }

    /// What they multiply the odds of a choice's outcomes by, if they touch it.
    #[inline]
    pub fn tilt(&self, choice: Choice) -> Option<Tilt> {
        if self.standing.reached == 0 {
            return None;
        }
        let since = (&*self.person, self.year);
        self.rules.policies.tilt(self.standing, choice, since)
    }

    /// Chooses from a cumulative row whose odds are multiplied, as [`Turn::choose`] if not.
    pub fn choose_tilted(
        &mut self,
        decision: Decision,
        row: &[u32],
        factor: Option<impl Fn(usize) -> f64>,
    ) -> usize {
        let Some(factor) = factor else {
            return self.choose(decision, row);
        };
        let word = self.word(decision);
        let choice = pick_tilted(row, word, factor);
        self.witness.chose(decision, row, word, choice);
        choice
    }

    /// Chooses from a cumulative row.
    pub fn choose(&mut self, decision: Decision, row: &[u32]) -> usize {
        let word = self.word(decision);
        let choice = pick(row, word);
        self.witness.chose(decision, row, word, choice);
        choice
    }

    /// Puts the person in another status from this year on.
    pub fn become_status(&mut self, status: Status) {
        self.touch();
        self.person.status = status;
        self.person.status_since = self.now();
    }

    /// Lets the person go.
    pub fn end(&mut self, exit: Exit) {
        self.touch();
        self.exit = Some(exit);
        self.person.status = Status::Gone;
    }
}

/// Lives one person's year through all steps, in order.
#[inline(always)]
pub fn live<W: Witness>(turn: &mut Turn<'_, W>) {
    steps(turn);
    leave_scope(turn);
}

#[inline(always)]
fn steps<W: Witness>(turn: &mut Turn<'_, W>) {
    death::apply(turn);
    if turn.exit.is_some() {
        return;
    }
    if turn.person.age(turn.year) > OLDEST_AGE {
        turn.end(Exit::AgeLimit);
        return;
    }
    emigration::apply(turn);
    if !turn.person.status.is_present() {
        return;
    }
    study::apply(turn);
    if turn.exit.is_some() || turn.qualified {
        return;
    }
    sick_leave::apply(turn);
    disability::apply(turn);
    retirement::apply(turn);
    leave_job::apply(turn);
    move_zone::apply(turn);
    position::apply(turn);
    further_education::apply(turn);
}

/// Lets go of somebody who is followed only while employed in health and care and no longer is.
/// People who study from such a profession stay in sight: they are on their way to another.
fn leave_scope<W: Witness>(turn: &mut Turn<'_, W>) {
    let person = &turn.person;
    let followed = turn.rules.followed_always[usize::from(person.grade)];
    if followed || turn.exit.is_some() || person.in_health() || person.status == Status::Education {
        return;
    }
    let status = person.status;
    turn.end(Exit::Scope(status));
}
