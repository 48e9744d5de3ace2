//! Whether a page's source is nested too deep, or has too many tags, to be parsed as it is.
//!
//! lexbor is quadratic in open elements (100,000 levels took 21 s) and takes 200 bytes an element; browsers stop at 512
//! levels too. This counts the depth that the parser could reach; only where that passes the limit, or there are too
//! many tags, is the source rewritten (`shared/markup/nesting.py`).

use memchr::{memchr, memchr_iter, memrchr};
use crate::hash::Map;

const MAX_DEPTH: i64 = 512;
/// Start and end tags. The largest of 1,826 real pages has 22,000; 100,000 cost some 60 MB in lexbor and our tree.
const MAX_TAGS: usize = 100_000;
/// Whatever so many tags make of themselves (a thousand levels, a thousand reopened fonts) takes lexbor 0.2 s at most.
const HARMLESS: usize = 2000;
const MOST_ATTRIBUTES: usize = 1000;
/// Places for names: pages have some forty.
const SHORT: usize = 256;
const LONG_TAG: usize = 2 * MOST_ATTRIBUTES;

/// What a tag's name means for what is open.
#[derive(Clone, Copy)]
struct Name {
    number: u32,
    void: bool,
    /// An end tag does not reach past these (the standard's "has an element in scope").
    barrier: bool,
    /// Opened again by the parser when left open (the list of active formatting elements); each costs at every later
    /// block.
    formatting: bool,
}

impl Name {
    fn new(name: &[u8], number: u32) -> Self {
        Name {
            number,
            void: matches!(
                name,
                b"area" | b"base" | b"br" | b"col" | b"embed" | b"frame" | b"hr" | b"img" | b"input" | b"link"
                    | b"meta" | b"param" | b"source" | b"track" | b"wbr" | b"keygen" | b"basefont" | b"bgsound"
            ),
            barrier: matches!(
                name,
                b"applet" | b"caption" | b"html" | b"table" | b"td" | b"th" | b"marquee" | b"object" | b"template"
            ),
            formatting: matches!(
                name,
                b"a" | b"b" | b"big" | b"code" | b"em" | b"font" | b"i" | b"nobr" | b"s" | b"small" | b"strike"
                    | b"strong" | b"tt" | b"u"
            ),
        }
    }
}

/// The tags' names met so far.
struct Names {
    /// Short ones, as nearly all are: eight letters as one number. One at each place, the last that was met.
    short: [(u64, Name); SHORT],
    all: Map<Vec<u8>, Name>,
}

impl Names {
    /// The name that a source begins with.
    fn read(&mut self, source: &[u8]) -> Name {
        // White space is ASCII's here: another kind in a tag's name makes one more name.
        let ends = |b: &u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r' | b'\x0b' | b'\x0c' | b'/' | b'>');
        let size = source.iter().position(ends).unwrap_or(source.len());
        let name = &source[..size];
        let packed = name.iter().fold(0, |packed, b| packed << 8 | u64::from(b.to_ascii_lowercase()));
        // Letters differ in their last bits, names in the last and the first of their letters.
        let place = (packed ^ packed >> 11) as usize % SHORT;
        if size <= size_of::<u64>() && self.short[place].0 == packed {
            return self.short[place].1;
        }
        let name = name.to_ascii_lowercase();
        let of = match self.all.get(&name) {
            Some(of) => *of,
            None => {
                let of = Name::new(&name, self.all.len() as u32);
                self.all.insert(name, of);
                of
            }
        };
        if size <= size_of::<u64>() {
            self.short[place] = (packed, of);
        }
        of
    }
}

/// Whether the tree of this source could pass a limit. Errs on the side of yes.
pub fn exceeds(source: &[u8]) -> bool {
    let marks = memchr_iter(b'<', source).count();
    if marks > MAX_TAGS || has_bloated_tag(source) {
        return true;
    }
    if marks < HARMLESS {
        return false;
    }
    let mut names = Names { short: [(0, Name::new(b"", 0)); SHORT], all: Map::default() };
    let mut open_count: Vec<u32> = Vec::new();
    let mut stack: Vec<Name> = Vec::new();
    let mut room = MAX_DEPTH;
    for mark in memchr_iter(b'<', source) {
        let is_end = source.get(mark + 1) == Some(&b'/');
        let begin = mark + 1 + usize::from(is_end);
        if !source.get(begin).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let name = names.read(&source[begin..]);
        open_count.resize(open_count.len().max(name.number as usize + 1), 0);
        let number = name.number as usize;
        if !is_end {
            if !name.void {
                stack.push(name);
                open_count[number] += 1;
                if stack.len() as i64 > room {
                    return true;
                }
            }
        } else if open_count[number] > 0 {
            // With the element itself, all that was left open in it is closed.
            while let Some(&top) = stack.last() {
                if top.number != name.number && top.barrier && !name.barrier {
                    break;
                }
                stack.pop();
                open_count[top.number as usize] -= 1;
                if top.number == name.number {
                    break;
                }
                room -= i64::from(top.formatting);
            }
        }
    }
    false
}

/// Whether a tag has more attributes than any page's: lexbor is quadratic in them. A tag that long covers a multiple of
/// `LONG_TAG`: they are looked for there alone.
fn has_bloated_tag(source: &[u8]) -> bool {
    let mut end = 0;
    for middle in (LONG_TAG..source.len()).step_by(LONG_TAG) {
        if middle < end {
            continue;
        }
        let start = memrchr(b'<', &source[end..=middle]).map(|at| end + at);
        end = memchr(b'<', &source[middle + 1..]).map_or(source.len(), |at| middle + 1 + at);
        let Some(start) = start else { continue };
        if start + LONG_TAG >= end || !source.get(start + 1).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let tag = &source[start..end];
        let tag = &tag[..memchr(b'>', tag).unwrap_or(tag.len())];
        if tag.len() > LONG_TAG && attributes(tag) > MOST_ATTRIBUTES {
            return true;
        }
    }
    false
}

/// Words of a tag outside quotes that are closed.
fn attributes(tag: &[u8]) -> usize {
    let (mut words, mut in_word, mut at) = (0, false, 0);
    while at < tag.len() {
        let byte = tag[at];
        if byte == b'"' || byte == b'\'' {
            if let Some(length) = memchr(byte, &tag[at + 1..]) {
                at += length + 2;
                continue;
            }
        }
        let is_space = byte.is_ascii_whitespace();
        words += usize::from(!is_space && !in_word);
        in_word = !is_space;
        at += 1;
    }
    words
}
