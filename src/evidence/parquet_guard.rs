//! Looks through a Parquet file before it is decoded: what it claims to hold must be possible.
//!
//! A few bytes can claim a page of two thousand million bytes or a list of as many columns, and a
//! decoder makes room for what is claimed. So the footer and the headers of all pages (Thrift's
//! compact protocol) are walked first, nothing kept, and claims beyond the limits are refused.
//! Source: the format's specification, apache/parquet-format, `parquet.thrift`.

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{FileReader, SerializedFileReader};
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

/// Most bytes of a footer.
pub const LARGEST_FOOTER: usize = 8 << 20;
/// Most items in all lists of a footer together: columns, groups of rows, statistics.
pub const MOST_ITEMS: usize = 200_000;
/// Most bytes of a page, uncompressed; writers make pages of about a million bytes.
pub const LARGEST_PAGE: i64 = 64 << 20;
/// Deepest nesting of structures in a footer or header of a page; the format has seven levels.
pub const DEEPEST: usize = 16;

/// Opens a Parquet file of at most `most_rows` rows whose claims are possible.
///
/// # Errors
/// What is impossible or beyond the limits, or what the decoder complains of.
pub fn open(bytes: Bytes, most_rows: u64) -> Result<SerializedFileReader<Bytes>> {
    check_footer(&bytes)?;
    let reader = SerializedFileReader::new(bytes.clone())?;
    let about = reader.metadata();
    let rows = about.file_metadata().num_rows();
    let in_groups = about.row_groups().iter().map(|group| group.num_rows());
    let sum = in_groups.fold(0_i64, i64::saturating_add);
    let negative = about.row_groups().iter().any(|group| group.num_rows() < 0);
    if negative || sum != rows || u64::try_from(rows).map_or(true, |rows| rows > most_rows) {
        return refuse(format!(
            "it claims {rows} rows, and {sum} in its groups; at most {most_rows} are read"
        ));
    }
    for group in about.row_groups() {
        for column in group.columns() {
            let dictionary = column.dictionary_page_offset();
            let start = dictionary.map_or(column.data_page_offset(), |own| {
                own.min(column.data_page_offset())
            });
            check_pages(&bytes, start, column.compressed_size())?;
            if column.num_values() < 0 || column.uncompressed_size() < 0 {
                return refuse("a column claims less than nothing");
            }
        }
    }
    Ok(reader)
}

thread_local! {
    /// Is a panic of this thread one of a decoder, that becomes an error?
    static DECODING: Cell<bool> = const { Cell::new(false) };
}

/// Does something with a decoder. The library panics on some files whose pages contradict each
/// other (a page that refers to a dictionary that is not there, values cut short); such a panic is
/// an error of the file, and is told as one and not on standard error. What `work` had in its hands
/// is dropped with it, so nothing half done is seen.
///
/// # Errors
/// Those of `work`, and that the file cannot be decoded.
pub fn decoded<T>(work: impl FnOnce() -> T) -> Result<T> {
    static SILENCE: Once = Once::new();
    SILENCE.call_once(|| {
        let told = panic::take_hook();
        panic::set_hook(Box::new(move |about| {
            if !DECODING.get() {
                told(about);
            }
        }));
    });
    let outer = DECODING.replace(true);
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    DECODING.set(outer);
    done.or_else(|_| refuse("its pages contradict each other"))
}

fn refuse<T>(message: impl Into<String>) -> Result<T> {
    Err(ParquetError::General(message.into()))
}

/// Are the claims of the footer possible?
fn check_footer(bytes: &[u8]) -> Result<()> {
    let magic = b"PAR1";
    if bytes.len() < 12 || !bytes.starts_with(magic) || !bytes.ends_with(magic) {
        return refuse("it is no whole, unencrypted Parquet file");
    }
    let end = bytes.len() - 8;
    let length = bytes[end..end + 4]
        .iter()
        .rev()
        .fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
    if length > LARGEST_FOOTER || length > end - 4 {
        return refuse(format!(
            "its footer claims {length} bytes, more than there are or than {LARGEST_FOOTER}"
        ));
    }
    let mut walk = Walk::new(&bytes[end - length..end]);
    walk.structure(0, |_, _| ())
}

/// Are the claims of the pages of a column possible?
fn check_pages(bytes: &[u8], start: i64, length: i64) -> Result<()> {
    let place = usize::try_from(start)
        .ok()
        .zip(usize::try_from(length).ok());
    let inside = place.and_then(|(start, length)| bytes.get(start..start.checked_add(length)?));
    let Some(mut rest) = inside else {
        return refuse("a column lies outside the file");
    };
    while !rest.is_empty() {
        let mut sizes = [-1_i64; 2];
        let mut walk = Walk::new(rest);
        walk.structure(0, |field, whole| match field {
            2 => sizes[0] = whole,
            3 => sizes[1] = whole,
            _ => {}
        })?;
        let header = walk.at;
        let [uncompressed, compressed] = sizes;
        if !(0..=LARGEST_PAGE).contains(&uncompressed) {
            return refuse(format!(
                "a page claims {uncompressed} bytes; at most {LARGEST_PAGE}"
            ));
        }
        let next = usize::try_from(compressed).ok().map(|size| header + size);
        rest = match next.and_then(|next| rest.get(next..)) {
            Some(rest) => rest,
            None => return refuse("a page goes on beyond its column"),
        };
    }
    Ok(())
}

/// A walk over structures of Thrift's compact protocol, which keeps nothing.
struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    items: usize,
}

impl<'a> Walk<'a> {
    fn new(bytes: &'a [u8]) -> Walk<'a> {
        Walk {
            bytes,
            at: 0,
            items: 0,
        }
    }

    /// Walks a structure; `seen` is told of the whole numbers directly in it, by field.
    fn structure(&mut self, depth: usize, mut seen: impl FnMut(i64, i64)) -> Result<()> {
        if depth > DEEPEST {
            return refuse(format!("it is nested deeper than {DEEPEST} levels"));
        }
        let mut field = 0_i64;
        loop {
            let head = self.byte()?;
            let kind = head & 0x0F;
            if kind == 0 {
                return Ok(());
            }
            field = match head >> 4 {
                0 => zigzag(self.varint()?),
                ahead => field + i64::from(ahead),
            };
            match kind {
                4..=6 => {
                    let whole = zigzag(self.varint()?);
                    seen(field, whole);
                }
                // Of a field, the kind itself says true or false.
                1 | 2 => {}
                _ => self.value(kind, depth)?,
            }
        }
    }

    fn value(&mut self, kind: u8, depth: usize) -> Result<()> {
        match kind {
            1..=3 => self.skip(1),
            4..=6 => self.varint().map(drop),
            7 => self.skip(8),
            8 => {
                let length = self.varint()?;
                self.skip(usize::try_from(length).unwrap_or(usize::MAX))
            }
            9 | 10 => {
                let head = self.byte()?;
                let count = match head >> 4 {
                    15 => self.varint()?,
                    short => u64::from(short),
                };
                self.count(count)?;
                (0..count).try_for_each(|_| self.value(head & 0x0F, depth + 1))
            }
            11 => {
                let count = self.varint()?;
                self.count(count)?;
                let kinds = if count == 0 { 0 } else { self.byte()? };
                (0..count).try_for_each(|_| {
                    self.value(kinds >> 4, depth + 1)?;
                    self.value(kinds & 0x0F, depth + 1)
                })
            }
            12 => self.structure(depth + 1, |_, _| ()),
            _ => refuse("it is not written as the format demands"),
        }
    }

    fn count(&mut self, more: u64) -> Result<()> {
        let left = self.bytes.len() - self.at;
        let more = usize::try_from(more).unwrap_or(usize::MAX);
        self.items = self.items.saturating_add(more);
        if more > left || self.items > MOST_ITEMS {
            return refuse(format!(
                "a list claims {more} items, more than there can be or than {MOST_ITEMS}"
            ));
        }
        Ok(())
    }

    fn byte(&mut self) -> Result<u8> {
        let byte = self.bytes.get(self.at).copied();
        self.at += 1;
        byte.ok_or_else(|| ParquetError::General("it ends in the middle".to_string()))
    }

    fn skip(&mut self, length: usize) -> Result<()> {
        match self.at.checked_add(length) {
            Some(next) if next <= self.bytes.len() => {
                self.at = next;
                Ok(())
            }
            _ => refuse("it ends in the middle"),
        }
    }

    fn varint(&mut self) -> Result<u64> {
        let mut whole = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            whole |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Ok(whole);
            }
        }
        refuse("a number is too long")
    }
}

fn zigzag(whole: u64) -> i64 {
    (whole >> 1) as i64 ^ -((whole & 1) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use parquet::data_type::Int32Type;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;
    use std::sync::Arc;

    fn file() -> Vec<u8> {
        let schema = parse_message_type("message m { required int32 a; }").unwrap();
        let mut bytes = Vec::new();
        let mut writer =
            SerializedFileWriter::new(&mut bytes, Arc::new(schema), Arc::default()).unwrap();
        let mut group = writer.next_row_group().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column
            .typed::<Int32Type>()
            .write_batch(&[1, 2, 3], None, None)
            .unwrap();
        column.close().unwrap();
        group.close().unwrap();
        writer.close().unwrap();
        bytes
    }

    #[test]
    fn a_sound_file_is_opened_and_too_many_rows_are_not() {
        let bytes = Bytes::from(file());
        assert!(open(bytes.clone(), 3).is_ok());
        let told = open(bytes, 2).err().unwrap().to_string();
        assert!(told.contains("at most 2"), "{told}");
    }

    #[test]
    fn impossible_claims_are_refused_before_room_is_made() {
        let sound = file();
        let end = sound.len() - 8;
        let mut footer = sound.clone();
        footer[end..end + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(open(Bytes::from(footer), 10).is_err());
        // A list of 2^31 - 1 structures.
        let mut list = b"PAR1".to_vec();
        let claim = [0x29, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x00];
        list.extend(claim);
        list.extend((claim.len() as u32).to_le_bytes());
        list.extend(b"PAR1");
        let told = open(Bytes::from(list), 10).err().unwrap().to_string();
        assert!(told.contains("items"), "{told}");
        // A page of 2^30 bytes: the header begins after the magic; its second field is the size.
        let mut page = sound.clone();
        assert_eq!(page[6], 0x15, "the head of the uncompressed size");
        let size = page[7];
        page.splice(7..8, [0x80, 0x80, 0x80, 0x80, 0x08]);
        assert!(size < 0x80);
        assert!(open(Bytes::from(page), 10).is_err());
    }

    #[test]
    fn deep_nesting_ends_at_the_limit() {
        let mut walk_over = vec![0x1C; 100];
        walk_over.extend([0; 101]);
        let told = Walk::new(&walk_over).structure(0, |_, _| ()).unwrap_err();
        assert!(told.to_string().contains("deeper"), "{told}");
    }
}
