//! The arrays that the host hands over with the models' weights, in one piece of memory.
//!
//! All numbers are little endian, and every entry begins at a multiple of eight bytes:
//!
//! - once: `TSARRAYS`, then the version and the number of arrays, four bytes each;
//! - for each array: the size of its name, its kind (`u1`, `i2` or `f4`, filled up with zeros) and the number of its
//!   dimensions, four bytes each; its dimensions, four bytes each; its name; zeros up to a multiple of eight; its
//!   numbers, row by row; zeros up to a multiple of eight.

use crate::hash::Map;

const MAGIC: &[u8; 8] = b"TSARRAYS";
const VERSION: u32 = 1;
/// Dimensions of an array at most.
const MOST_DIMENSIONS: u32 = 4;

/// What kind of numbers an array has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Bytes: of a text.
    U1,
    /// 16-bit integers.
    I2,
    /// Single floats.
    F4,
}

impl Kind {
    fn of(code: &[u8]) -> Option<Self> {
        match code {
            b"u1\0\0" => Some(Kind::U1),
            b"i2\0\0" => Some(Kind::I2),
            b"f4\0\0" => Some(Kind::F4),
            _ => None,
        }
    }

    const fn size(self) -> usize {
        match self {
            Kind::U1 => 1,
            Kind::I2 => 2,
            Kind::F4 => 4,
        }
    }
}

struct Array<'b> {
    kind: Kind,
    shape: Vec<usize>,
    data: &'b [u8],
}

/// Arrays by their names.
pub struct Arrays<'b>(Map<&'b str, Array<'b>>);

/// What is left of the memory, from its start counted.
struct Reader<'b> {
    blob: &'b [u8],
    at: usize,
}

impl<'b> Reader<'b> {
    fn take(&mut self, size: usize, what: &str) -> Result<&'b [u8], String> {
        let end = self.at.checked_add(size).filter(|&end| end <= self.blob.len());
        let Some(end) = end else {
            let (found, wanted) = (self.blob.len(), self.at.saturating_add(size));
            return Err(format!("the weights end in {what}: {found} bytes of {wanted}"));
        };
        let found = &self.blob[self.at..end];
        self.at = end;
        Ok(found)
    }

    fn number(&mut self, what: &str) -> Result<u32, String> {
        let bytes = self.take(4, what)?;
        Ok(bytes.first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes)))
    }

    fn align(&mut self, what: &str) -> Result<(), String> {
        self.take(self.at.next_multiple_of(8) - self.at, what).map(|_| ())
    }
}

impl<'b> Arrays<'b> {
    /// Reads what the host made. Err says what is wrong with it.
    pub fn read(blob: &'b [u8]) -> Result<Self, String> {
        let mut reader = Reader { blob, at: 0 };
        if reader.take(MAGIC.len(), "their beginning")? != MAGIC {
            return Err("these are no weights: they do not begin with TSARRAYS".to_owned());
        }
        let version = reader.number("their version")?;
        if version != VERSION {
            return Err(format!("the weights are of version {version}, not {VERSION}"));
        }
        let count = reader.number("their number")?;
        let mut arrays = Map::default();
        for n in 0..count {
            let what = format!("array {n} of {count}");
            let name_size = reader.number(&what)? as usize;
            let code = reader.take(4, &what)?;
            let kind = Kind::of(code).ok_or_else(|| format!("{what} is of an unknown kind: {code:?}"))?;
            let dimensions = reader.number(&what)?;
            if dimensions > MOST_DIMENSIONS {
                return Err(format!("{what} has {dimensions} dimensions"));
            }
            let shape =
                (0..dimensions).map(|_| reader.number(&what).map(|n| n as usize)).collect::<Result<Vec<_>, _>>()?;
            let name = std::str::from_utf8(reader.take(name_size, &what)?).map_err(|_| format!("{what} has no name"))?;
            reader.align(&what)?;
            let size = shape.iter().try_fold(kind.size(), |size, &n| size.checked_mul(n));
            let data = reader.take(size.ok_or_else(|| format!("{name} is too large: {shape:?}"))?, name)?;
            reader.align(name)?;
            arrays.insert(name, Array { kind, shape, data });
        }
        Ok(Arrays(arrays))
    }

    /// An array's numbers as they lie there, and its dimensions: so many, of this kind.
    fn get<const D: usize>(&self, name: &str, kind: Kind) -> Result<(&'b [u8], [usize; D]), String> {
        let array = self.0.get(name).ok_or_else(|| format!("the weights have no {name}"))?;
        match <[usize; D]>::try_from(array.shape.as_slice()) {
            Ok(shape) if array.kind == kind => Ok((array.data, shape)),
            _ => Err(format!("{name} has {:?} of {:?}, not {D} dimensions of {kind:?}", array.shape, array.kind)),
        }
    }

    /// Single floats.
    pub fn floats<const D: usize>(&self, name: &str) -> Result<(Vec<f32>, [usize; D]), String> {
        let (data, shape) = self.get(name, Kind::F4)?;
        let numbers = data.chunks_exact(4).map(|b| b.first_chunk().map_or(0.0, |b| f32::from_le_bytes(*b)));
        Ok((numbers.collect(), shape))
    }

    /// 16-bit integers.
    pub fn shorts<const D: usize>(&self, name: &str) -> Result<(Vec<i16>, [usize; D]), String> {
        let (data, shape) = self.get(name, Kind::I2)?;
        let numbers = data.chunks_exact(2).map(|b| b.first_chunk().map_or(0, |b| i16::from_le_bytes(*b)));
        Ok((numbers.collect(), shape))
    }

    /// A text.
    pub fn text(&self, name: &str) -> Result<&'b str, String> {
        let (data, [_]) = self.get(name, Kind::U1)?;
        std::str::from_utf8(data).map_err(|_| format!("{name} is no text"))
    }
}
