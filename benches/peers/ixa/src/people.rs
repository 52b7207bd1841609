//! Who people are: ixa keeps a column a property, and nobody is ever removed from it.

use ixa::{define_entity, define_property};

define_entity!(Person);

define_property!(struct Age(u8), Person);

define_property!(
    enum Sex {
        Male,
        Female,
    },
    Person
);

define_property!(
    enum State {
        Study,
        Municipal,
        Hospital,
        OtherHealth,
        Outside,
        Disability,
        Retired,
        Dead,
    },
    Person,
    default_const = State::Study
);

define_property!(
    enum Zone {
        Rural,
        Central,
    },
    Person
);

define_property!(struct Tenure(u8), Person, default_const = Tenure(0));

define_property!(struct FteBand(u8), Person, default_const = FteBand(3));

impl State {
    /// The states of work, in the order of the tables.
    pub const WORK: [State; 4] = [
        State::Municipal,
        State::Hospital,
        State::OtherHealth,
        State::Outside,
    ];

    /// The sector of a worker.
    pub fn sector(self) -> Option<usize> {
        Self::WORK.iter().position(|state| *state == self)
    }

    pub fn is_active(self) -> bool {
        !matches!(self, State::Retired | State::Dead)
    }
}

impl Zone {
    pub const ALL: [Zone; 2] = [Zone::Rural, Zone::Central];

    pub fn other(self) -> Self {
        match self {
            Zone::Rural => Zone::Central,
            Zone::Central => Zone::Rural,
        }
    }
}
