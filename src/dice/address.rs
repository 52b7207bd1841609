//! The address of a draw: who, when, which decision. Never "the next number".

use super::philox::{self, Counter, Stream};
use crate::words::Year;

/// The key of one run: seed and parameter draw. The scenario is not part of it, so that a
/// scenario and its baseline throw the same dice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key(pub [u32; 2]);

impl Key {
    /// The key for a run seed and a parameter draw number, both well mixed.
    pub fn new(seed: u64, draw: u64) -> Key {
        let mixed = mix(seed ^ mix(draw.wrapping_add(0x5851_F42D_4C95_7F2D)));
        Key([mixed as u32, (mixed >> 32) as u32])
    }

    /// The four words of a decision group for a person in a year.
    #[inline(always)]
    pub fn words(self, group: u32, person: u64, year: Year) -> [u32; 4] {
        philox::block(self.0, counter(group, person, year))
    }

    /// The word behind one decision.
    #[inline(always)]
    pub fn word(self, decision: Decision, person: u64, year: Year) -> u32 {
        self.words(decision.group(), person, year)[decision.word()]
    }

    /// The word on which a person's part in something named is drawn, once for a life.
    #[inline]
    pub fn participation(self, address: u32, person: u64) -> u32 {
        self.words(address, person, 0)[0]
    }

    /// A whole stream for a person and year, for the synthesis of people outside the engine.
    pub fn stream(self, group: u32, person: u64, year: Year) -> Stream {
        Stream::new(self.0, counter(group, person, year))
    }
}

fn counter(group: u32, person: u64, year: Year) -> Counter {
    [group, person as u32, (person >> 32) as u32, u32::from(year)]
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014, doi 10.1145/2660193.2660195).
fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Where in the range of a word a yes/no decision takes its share.
///
/// Two or three decisions that exclude each other within a year can live on one word: each is
/// anchored at a place of its own and grows from there, so that a change in the probability of
/// one never moves another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// From zero upward.
    Low,
    /// From the top downward.
    High,
    /// From the middle upward (probability at most one half).
    Middle,
}

impl Anchor {
    /// The word turned so that "yes" means below the threshold.
    #[inline(always)]
    pub fn turn(self, word: u32) -> u32 {
        // By anchor; which one it is cannot be foreseen.
        word ^ [0, u32::MAX, 0x8000_0000][self as usize]
    }
}

/// Every decision that takes a random number. The numbers are frozen: they are addresses, and a
/// change of one changes every result (a test pins them).
///
/// Layout: `group << 8 | word << 4 | anchor`. Group 0 is the block drawn for everybody every
/// year; the other groups are drawn only for those to whom something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u16)]
pub enum Decision {
    /// Death in the year.
    Death = 0x000,
    /// Moving abroad.
    Emigration = 0x001,
    /// Starting further education, or the next grade of a ladder.
    Advance = 0x002,
    /// Beginning of a long sick leave.
    SickLeave = 0x010,
    /// Beginning of a disability pension, or its increase.
    Disability = 0x011,
    /// Leaving the job.
    LeaveJob = 0x020,
    /// Old-age pension.
    Retirement = 0x021,
    /// Moving to another zone.
    MoveZone = 0x030,
    /// A new position size.
    PositionBand = 0x031,
    /// Where a leaver goes: sector or outside work.
    Destination = 0x100,
    /// The zone moved to.
    TargetZone = 0x110,
    /// The new position band.
    NewBand = 0x120,
    /// Graded or full disability pension.
    DisabilityGrade = 0x130,
    /// The sector of a first job (also after return, re-entry, a new grade).
    FirstSector = 0x200,
    /// The zone of a first job.
    FirstZone = 0x210,
    /// The band of a first job.
    FirstBand = 0x220,
    /// Which programme of further education.
    Programme = 0x230,
    /// Giving up a study.
    Dropout = 0x300,
    /// Taking a year longer.
    Delay = 0x400,
    /// Return to work from sick leave or from outside work, or home from abroad.
    Return = 0x310,
    /// Lottery for limited posts (LIS1).
    Lottery = 0x320,
    /// Whether a move goes to the zone of upbringing.
    HomeZone = 0x330,
    /// The order in which applicants for the posts of a place are hired.
    Hiring = 0x500,
    /// Whether somebody turned away looks for a post elsewhere.
    LookElsewhere = 0x510,
    /// Which of the posts open elsewhere.
    SecondPost = 0x520,
}

impl Decision {
    /// All decisions.
    pub const ALL: &[Decision] = &[
        Decision::Death,
        Decision::Emigration,
        Decision::Advance,
        Decision::SickLeave,
        Decision::Disability,
        Decision::LeaveJob,
        Decision::Retirement,
        Decision::MoveZone,
        Decision::PositionBand,
        Decision::Destination,
        Decision::TargetZone,
        Decision::NewBand,
        Decision::DisabilityGrade,
        Decision::FirstSector,
        Decision::FirstZone,
        Decision::FirstBand,
        Decision::Programme,
        Decision::Dropout,
        Decision::Delay,
        Decision::Return,
        Decision::Lottery,
        Decision::HomeZone,
        Decision::Hiring,
        Decision::LookElsewhere,
        Decision::SecondPost,
    ];

    /// The group whose block holds the word.
    #[inline(always)]
    pub fn group(self) -> u32 {
        u32::from(self as u16 >> 8)
    }

    /// The word's position in the block.
    #[inline(always)]
    pub fn word(self) -> usize {
        usize::from(self as u16 >> 4 & 0x3)
    }

    /// Position among the decisions of the year's block: words from below, from above, and from
    /// the middle. Meaningful for group 0 only.
    #[inline(always)]
    pub fn slot(self) -> u32 {
        4 * u32::from(self as u16 & 0xF) + self.word() as u32
    }

    /// The anchor within the word.
    #[inline(always)]
    pub fn anchor(self) -> Anchor {
        match self as u16 & 0xF {
            0 => Anchor::Low,
            1 => Anchor::High,
            _ => Anchor::Middle,
        }
    }
}

/// The bit that marks addresses made of names, apart from those of decisions.
pub const NAMED: u32 = 0x8000_0000;

/// The address of something that data name, e.g. a policy: the same whatever else there is (FNV-1a,
/// 32 bits, with [`NAMED`] set).
pub fn of_name(name: &str) -> u32 {
    let step = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    name.bytes().fold(0x811C_9DC5, step) | NAMED
}

/// Group number of the block that gives a new person's attributes (entrants, base population).
pub const BIRTH_GROUP: u32 = 0x10_0000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_addresses_of_their_own() {
        // The published test value of FNV-1a for "a".
        assert_eq!(of_name("a"), 0xE40C_292C | NAMED);
        assert_ne!(of_name("mentors"), of_name("mentor"));
        assert!(Decision::ALL.iter().all(|d| d.group() & NAMED == 0));
    }

    #[test]
    fn addresses_are_frozen() {
        let told: Vec<String> = Decision::ALL
            .iter()
            .map(|d| format!("{d:?}={:03x}", *d as u16))
            .collect();
        assert_eq!(
            told.join(" "),
            "Death=000 Emigration=001 Advance=002 SickLeave=010 Disability=011 LeaveJob=020 \
             Retirement=021 MoveZone=030 PositionBand=031 Destination=100 TargetZone=110 \
             NewBand=120 DisabilityGrade=130 FirstSector=200 FirstZone=210 FirstBand=220 \
             Programme=230 Dropout=300 Delay=400 Return=310 Lottery=320 HomeZone=330 \
             Hiring=500 LookElsewhere=510 SecondPost=520"
        );
    }

    #[test]
    fn no_two_decisions_share_an_address() {
        let mut numbers: Vec<u16> = Decision::ALL.iter().map(|d| *d as u16).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), Decision::ALL.len());
    }

    #[test]
    fn anchors_take_disjoint_shares_of_a_word() {
        let quarter = 1u32 << 30;
        for word in [
            0,
            5,
            quarter,
            quarter * 2,
            quarter * 2 + 9,
            quarter * 3,
            u32::MAX,
        ] {
            let hits = [Anchor::Low, Anchor::High, Anchor::Middle]
                .iter()
                .filter(|anchor| anchor.turn(word) < quarter)
                .count();
            assert!(hits <= 1, "word {word} hit {hits} anchors");
        }
    }

    #[test]
    fn the_seed_and_the_draw_both_matter() {
        assert_ne!(Key::new(1, 0), Key::new(2, 0));
        assert_ne!(Key::new(1, 0), Key::new(1, 1));
        assert_ne!(Key::new(0, 1), Key::new(1, 0));
    }
}
