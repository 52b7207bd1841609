//! Changes to inputs: the same ones every time for a target.

/// Pieces that have broken readers before.
const PIECES: [&[u8]; 32] = [
    b"NaN",
    b"inf",
    b"-inf",
    b"1e999",
    b"-1",
    b"0",
    b"1,5",
    b"99999999999999999999999999",
    b"-9223372036854775808",
    b"0x7fffffffffffffff",
    b"\xEF\xBB\xBF",
    b"\r\n",
    b"\r",
    b"\n\n",
    b"\0",
    b"\xFF\xFE",
    b"\xC3",
    b"\xE2\x80\xAE",
    b"[[[[[[[[",
    b"{a={a={a=",
    b"[a.b.c.d]",
    b"\"\"\"",
    b"\"",
    b"'",
    b",,,,,,,,",
    b";",
    b"\t",
    b"=",
    b"1979-05-27T07:32:00Z",
    b"\xFF\xFF\xFF\xFF\x07",
    b"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01",
    b"PAR1",
];

/// Largest input made.
const LARGEST: usize = 1 << 16;

/// Makes inputs of a corpus.
pub struct Mutator {
    state: u64,
}

impl Mutator {
    /// One for a target of this name.
    pub fn new(name: &str) -> Mutator {
        let state = name
            .bytes()
            .fold(7_u64, |sum, byte| sum.wrapping_mul(31) + u64::from(byte));
        Mutator { state }
    }

    /// The next number (splitmix64, Steele, Lea and Flood 2014, doi 10.1145/2714064.2660195).
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// One more input: now and then arbitrary bytes, mostly a changed one of the corpus.
    pub fn input(&mut self, corpus: &[Vec<u8>]) -> Vec<u8> {
        if self.below(50) == 0 {
            let length = self.below(200);
            return (0..length).map(|_| self.next() as u8).collect();
        }
        let mut own = corpus[self.below(corpus.len())].clone();
        let changes = 1 + self.below(4);
        for _ in 0..changes {
            self.change(&mut own, corpus);
        }
        own.truncate(LARGEST);
        own
    }

    fn change(&mut self, own: &mut Vec<u8>, corpus: &[Vec<u8>]) {
        let at = self.below(own.len() + 1);
        let end = (at + self.below(64)).min(own.len());
        match self.below(9) {
            0 if at < own.len() => own[at] ^= 1 << self.below(8),
            1 if at < own.len() => own[at] = self.next() as u8,
            2 => own.truncate(at),
            3 => drop(own.drain(at..end)),
            4 => {
                let twice = own[at..end].to_vec();
                own.splice(at..at, twice);
            }
            5 | 6 => {
                let piece = PIECES[self.below(PIECES.len())];
                own.splice(
                    at..(at + self.below(2) * piece.len()).min(own.len()),
                    piece.to_vec(),
                );
            }
            7 => {
                let other = &corpus[self.below(corpus.len())];
                let from = self.below(other.len() + 1);
                let until = (from + self.below(400)).min(other.len());
                own.splice(at..end, other[from..until].to_vec());
            }
            _ => {
                // A line of text, or what stands for one, in another place.
                let line: Vec<u8> = own[at..]
                    .iter()
                    .copied()
                    .take_while(|b| *b != b'\n')
                    .collect();
                let to = self.below(own.len() + 1);
                own.splice(to..to, line);
            }
        }
    }
}
