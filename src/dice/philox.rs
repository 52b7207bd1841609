//! Philox4x32-10, the counter-based generator.
//!
//! Salmon, Moraes, Dror, Shaw (2011): Parallel random numbers: as easy as 1, 2, 3. SC'11,
//! doi 10.1145/2063384.2063405. It passes BigCrush by its authors' account; the known answers of
//! their Random123 library are tests here, and every block is compared with an independent crate.

use core::convert::Infallible;
use rand_core::TryRng;

/// The counter: decision group, person (low and high half), year.
pub type Counter = [u32; 4];

const MULTIPLIER: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
const ROUNDS: usize = 10;

#[inline(always)]
fn wide(a: u32, b: u32) -> (u32, u32) {
    let product = u64::from(a) * u64::from(b);
    ((product >> 32) as u32, product as u32)
}

/// One block of four words.
#[inline(always)]
pub fn block(key: [u32; 2], counter: Counter) -> [u32; 4] {
    let [mut c0, mut c1, mut c2, mut c3] = counter;
    let [mut k0, mut k1] = key;
    for _ in 0..ROUNDS {
        let (h0, l0) = wide(MULTIPLIER[0], c0);
        let (h1, l1) = wide(MULTIPLIER[1], c2);
        (c0, c1, c2, c3) = (h1 ^ c1 ^ k0, l1, h0 ^ c3 ^ k1, l0);
        k0 = k0.wrapping_add(WEYL[0]);
        k1 = k1.wrapping_add(WEYL[1]);
    }
    [c0, c1, c2, c3]
}

/// The blocks of `N` persons for a group each and one year, word by word: `result[word][lane]`.
///
/// Written lane by lane so that the compiler can use vector instructions; equal to [`block`]. Words
/// are the low halves of lanes of 64 bits, and what stands in the high halves means nothing: so a
/// round is two multiplications, two shifts and four exclusive ors for each lane, and nothing is
/// moved between lanes.
#[inline(always)]
// One index into four arrays reads better than as many zips, and compiles better.
#[allow(clippy::needless_range_loop)]
pub fn blocks<const N: usize>(
    key: [u32; 2],
    groups: &[u32; N],
    persons: &[u64; N],
    year: u32,
) -> [[u32; N]; 4] {
    const LOW: u64 = 0xFFFF_FFFF;
    let [m0, m1] = MULTIPLIER.map(u64::from);
    let mut c0 = groups.map(u64::from);
    let mut c1 = *persons;
    let mut c2 = persons.map(|person| person >> 32);
    let mut c3 = [u64::from(year); N];
    let [mut k0, mut k1] = key;
    for _ in 0..ROUNDS {
        let keys = [k0, k1].map(u64::from);
        for lane in 0..N {
            let product = (c0[lane] & LOW) * m0;
            let other = (c2[lane] & LOW) * m1;
            c0[lane] = other >> 32 ^ c1[lane] ^ keys[0];
            c2[lane] = product >> 32 ^ c3[lane] ^ keys[1];
            c1[lane] = other;
            c3[lane] = product;
        }
        k0 = k0.wrapping_add(WEYL[0]);
        k1 = k1.wrapping_add(WEYL[1]);
    }
    [c0, c1, c2, c3].map(|words| words.map(|word| word as u32))
}

/// A sequence of words from one address onward, for use with distributions outside the engine.
///
/// The group word of the counter is counted up, so streams with different persons or years
/// never overlap.
#[derive(Clone, Debug)]
pub struct Stream {
    key: [u32; 2],
    counter: Counter,
    words: [u32; 4],
    used: usize,
}

impl Stream {
    /// A stream that starts at this key and counter.
    pub fn new(key: [u32; 2], counter: Counter) -> Stream {
        Stream {
            key,
            counter,
            words: block(key, counter),
            used: 0,
        }
    }

    /// The next word.
    pub fn next_word(&mut self) -> u32 {
        if self.used == 4 {
            self.counter[0] = self.counter[0].wrapping_add(1);
            self.words = block(self.key, self.counter);
            self.used = 0;
        }
        self.used += 1;
        self.words[self.used - 1]
    }

    /// The next uniform number in [0, 1), with 32 bits.
    pub fn uniform(&mut self) -> f64 {
        f64::from(self.next_word()) / 4_294_967_296.0
    }
}

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.next_word())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from(self.next_word()) | u64::from(self.next_word()) << 32)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(4) {
            let word = self.next_word().to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The three vectors published with Random123 (kat_vectors, philox4x32 10).
    #[test]
    fn known_answers() {
        assert_eq!(
            block([0, 0], [0; 4]),
            [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
        );
        let ones = u32::MAX;
        assert_eq!(
            block([ones, ones], [ones; 4]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(
            block(
                [0xa409_3822, 0x299f_31d0],
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344]
            ),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn lanes_equal_single_blocks() {
        let persons = [0, 1, u64::MAX, 77 << 32 | 5, 12_345, 9, 10, 11];
        let groups = [3, 3, 0, 1, 5, u32::MAX, 2, 3];
        let lanes = blocks([7, 9], &groups, &persons, 2031);
        for (lane, &person) in persons.iter().enumerate() {
            let counter = [groups[lane], person as u32, (person >> 32) as u32, 2031];
            let alone = block([7, 9], counter);
            for word in 0..4 {
                assert_eq!(lanes[word][lane], alone[word]);
            }
        }
    }

    #[test]
    fn agrees_with_an_independent_implementation() {
        for round in 0u32..500 {
            let key = [round.wrapping_mul(0x9E37_79B9), !round];
            let counter = [round, round << 7, round.wrapping_mul(77_777), 2019 + round];
            let packed = counter
                .iter()
                .rev()
                .fold(0u128, |all, word| all << 32 | u128::from(*word));
            let mut other = rand_philox::Philox::new(key, packed);
            let theirs = [(); 4].map(|()| other.next_u32());
            assert_eq!(block(key, counter), theirs);
        }
    }
}
