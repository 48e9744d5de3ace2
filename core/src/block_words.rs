//! What the words of a block say, whatever stands around them.

use crate::block_terms::said;
use crate::line_patterns::{has_date, has_price, is_read_more};
use crate::phrases::points_elsewhere;
use crate::py;
use crate::types::Matrix;

/// What each column says.
pub const WORD_COLUMNS: [&str; 20] = [
    "chars", "words", "marks", "ends_sentence", "begins_upper", "upper", "digits", "function_words", "word_length",
    "copyright", "price", "date", "read_more", "points", "asking", "crediting", "separators", "asks", "at", "commas",
];
/// Characters of a block that are looked at for capitals and digits.
const SAMPLE: u32 = 400;
/// A block of so many characters is none that a pattern is about.
const LINE: u32 = 120;
const BUTTON: u32 = 60;

// What a character is, as bits.
const UPPER: u16 = 1;
const DIGIT: u16 = 2;
const END: u16 = 4;
const MARK: u16 = 8;
const SEPARATOR: u16 = 16;
const SPACE: u16 = 32;
const COMMA: u16 = 64;
const ASKS: u16 = 128;
const AT: u16 = 256;
const COPYRIGHT: u16 = 512;

const fn kind_of_ascii(byte: u8) -> u16 {
    match byte {
        b'A'..=b'Z' => UPPER,
        b'0'..=b'9' => DIGIT,
        b'.' | b'!' | b':' => END | MARK,
        b'?' => END | MARK | ASKS,
        b'"' | b'\'' => END,
        b';' => MARK,
        b',' => MARK | COMMA,
        b'|' => SEPARATOR,
        b' ' => SPACE,
        b'@' => AT,
        _ => 0,
    }
}

const OF_ASCII: [u16; 128] = {
    let mut kinds = [0; 128];
    let mut byte = 0;
    while byte < 128 {
        kinds[byte] = kind_of_ascii(byte as u8);
        byte += 1;
    }
    kinds
};

#[inline]
fn kind_of(c: char) -> u16 {
    if c.is_ascii() {
        return OF_ASCII[c as usize & 127];
    }
    match c {
        '…' | '。' | '！' | '？' => END | MARK,
        '、' => MARK,
        '”' | '»' | '’' => END,
        '•' | '·' | '›' => SEPARATOR,
        '©' => COPYRIGHT,
        // What is beyond the basic plane is nothing.
        '\u{ffff}'.. => 0,
        _ if c.is_uppercase() => UPPER,
        _ if py::is_decimal(c) => DIGIT,
        _ => 0,
    }
}

/// What is counted of a block's characters.
#[derive(Default)]
struct Counts {
    size: u32,
    spaces: u32,
    marks: u32,
    upper: u32,
    digits: u32,
    commas: u32,
    /// What its first, its last and any character is.
    first: u16,
    last: u16,
    any: u16,
}

impl Counts {
    fn of(text: &str) -> Self {
        let mut counts = Counts::default();
        if text.is_ascii() {
            let (beginning, rest) = text.split_at(text.len().min(SAMPLE as usize));
            let mut last = 0;
            for byte in beginning.bytes() {
                let kind = OF_ASCII[byte as usize & 127];
                counts.upper += u32::from(kind & UPPER);
                counts.digits += u32::from((kind / DIGIT) & 1);
                counts.add(kind, last);
                last = kind;
            }
            for byte in rest.bytes() {
                let kind = OF_ASCII[byte as usize & 127];
                counts.add(kind, last);
                last = kind;
            }
            counts.first = text.bytes().next().map_or(0, |byte| OF_ASCII[byte as usize & 127]);
            counts.last = last;
            counts.size = text.len() as u32;
        } else {
            for c in text.chars() {
                let kind = kind_of(c);
                if counts.size == 0 {
                    counts.first = kind;
                }
                if counts.size < SAMPLE {
                    counts.upper += u32::from(kind & UPPER);
                    counts.digits += u32::from((kind / DIGIT) & 1);
                }
                counts.add(kind, counts.last);
                counts.last = kind;
                counts.size += 1;
            }
        }
        counts.marks += u32::from((counts.last / MARK) & 1);
        counts
    }

    /// Counts a character, and the one before it where that is a mark at the end of a word.
    #[inline]
    fn add(&mut self, kind: u16, before: u16) {
        self.spaces += u32::from((kind / SPACE) & 1);
        self.commas += u32::from((kind / COMMA) & 1);
        self.marks += u32::from((kind / SPACE) & (before / MARK) & 1);
        self.any |= kind;
    }
}

/// Texts in lower case, one after the other.
pub struct Lower {
    all: String,
    ends: Vec<usize>,
}

impl Lower {
    /// Of all blocks.
    pub fn of(texts: &[String]) -> Self {
        let mut lower = Lower {
            all: String::with_capacity(texts.iter().map(|text| text.len() + 2).sum()),
            ends: Vec::with_capacity(texts.len()),
        };
        for text in texts {
            py::push_lower(text, &mut lower.all);
            lower.ends.push(lower.all.len());
        }
        lower
    }

    /// One of them.
    pub fn text(&self, n: usize) -> &str {
        let begin = n.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[begin..self.ends[n]]
    }
}

/// What the words of each block say: one row a text, one column a name in `WORD_COLUMNS`.
pub fn word_columns(texts: &[String], lower: &Lower) -> Matrix {
    let mut table = Matrix::zeros(texts.len(), WORD_COLUMNS.len());
    for (n, text) in texts.iter().enumerate() {
        table.row_mut(n).copy_from_slice(&columns_of(text, lower.text(n)));
    }
    table
}

fn columns_of(text: &str, lower: &str) -> [f32; 20] {
    let counts = Counts::of(text);
    let (size, words) = (f64::from(counts.size), f64::from(counts.spaces + 1));
    let said = said(lower);
    let (mut price, mut date, mut more) = (false, false, false);
    if counts.size < LINE {
        if counts.digits > 0 || said.ago {
            let mut line = ['\0'; LINE as usize];
            line.iter_mut().zip(text.chars()).for_each(|(to, c)| *to = c);
            let line = &line[..counts.size as usize];
            price = counts.digits > 0 && has_price(line);
            date = has_date(line);
        }
        more = counts.size < BUTTON && is_read_more(text);
    }
    // Of a long block the share of capitals in its beginning stands for all of it.
    let upper = f64::from(counts.upper) * f64::from((size as f32 / SAMPLE as f32).max(1.0));
    let any = |kind: u16| f32::from(u8::from(counts.any & kind != 0));
    let flag = |is: bool| f32::from(u8::from(is));
    [
        size as f32,
        words as f32,
        if counts.size > 10 { counts.marks as f32 } else { 0.0 },
        flag(counts.last & END != 0),
        flag(counts.first & UPPER != 0),
        (upper / (size - words + 1.0)) as f32,
        (f64::from(counts.digits) / size.min(f64::from(SAMPLE))) as f32,
        (f64::from(said.function) / words) as f32,
        (size / words) as f32,
        flag(counts.any & COPYRIGHT != 0 || said.copyright),
        flag(price),
        flag(date),
        flag(more),
        flag(points_elsewhere(lower)),
        said.asking as f32,
        said.crediting as f32,
        any(SEPARATOR),
        any(ASKS),
        any(AT),
        (f64::from(counts.commas) / words) as f32,
    ]
}
