//! Blocks of numbers as compressed bytes.
//!
//! Numbers of neighbouring years are alike in their first bytes and differ in the last ones. So
//! all first bytes are written, then all second ones, and so on, which compresses (Snappy) much
//! better than the numbers one by one.

use snap::raw::{Decoder, Encoder};

/// A copy of 64 bytes is written in three; no block is compressed further than this.
const LARGEST_RATIO: usize = 32;
/// Bytes of a number.
const BYTES: usize = 8;

/// The bytes of these numbers.
///
/// # Errors
/// What the compressing library says of more than 4 GB.
pub fn packed(numbers: &[f64]) -> Result<Vec<u8>, snap::Error> {
    let mut planes = vec![0; numbers.len() * BYTES];
    for (at, number) in numbers.iter().enumerate() {
        for (plane, byte) in number.to_bits().to_be_bytes().into_iter().enumerate() {
            planes[plane * numbers.len() + at] = byte;
        }
    }
    Encoder::new().compress_vec(&planes)
}

/// The numbers that [`packed`] made these bytes of, bit for bit; nothing if it did not.
pub fn unpacked(bytes: &[u8]) -> Option<Vec<f64>> {
    // What is compressed is at most some twenty times larger than its bytes: claims beyond that are
    // damage, and room is not made for them.
    let claimed = snap::raw::decompress_len(bytes).ok()?;
    if claimed / LARGEST_RATIO > bytes.len() {
        return None;
    }
    let planes = Decoder::new().decompress_vec(bytes).ok()?;
    if planes.len() % BYTES != 0 {
        return None;
    }
    let count = planes.len() / BYTES;
    let number = |at: usize| {
        let mut own = [0; BYTES];
        for (plane, byte) in own.iter_mut().enumerate() {
            *byte = planes[plane * count + at];
        }
        f64::from_bits(u64::from_be_bytes(own))
    };
    Some((0..count).map(number).collect())
}

/// The first eight bytes of the BLAKE3 hash of a block: enough to notice damage.
pub fn check(bytes: &[u8]) -> u64 {
    let hash = blake3::hash(bytes);
    let first = hash.as_bytes().iter().take(8);
    first.fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn counts_take_less_room_than_their_numbers() {
        let counts: Vec<f64> = (0..4096).map(|n| f64::from(10_000 + n % 50)).collect();
        assert!(packed(&counts).unwrap().len() < counts.len() * BYTES / 3);
    }

    #[test]
    fn what_was_not_packed_is_not_unpacked() {
        assert_eq!(unpacked(&[255; 20]), None);
        let odd = Encoder::new().compress_vec(&[1; 9]).unwrap();
        assert_eq!(unpacked(&odd), None);
        assert_eq!(unpacked(&packed(&[]).unwrap()), Some(Vec::new()));
    }

    proptest! {
        #[test]
        fn numbers_come_back_bit_for_bit(bits in prop::collection::vec(any::<u64>(), 0..200)) {
            let numbers: Vec<f64> = bits.iter().map(|own| f64::from_bits(*own)).collect();
            let back = unpacked(&packed(&numbers).unwrap()).unwrap();
            let back: Vec<u64> = back.into_iter().map(f64::to_bits).collect();
            prop_assert_eq!(back, bits);
        }
    }
}
