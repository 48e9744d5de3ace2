//! Character references of a text that was escaped twice: `&amp;#39;` in a title, `&#39;` in JSON-LD.

use std::borrow::Cow;

use crate::entities::{BARE, NAMES};
use crate::py;

/// The longest names, and the longest of those that count without a semicolon.
const LONGEST: usize = 31;
const LONGEST_BARE: usize = 6;
/// Decimal digits of a number that is too long to be one.
const ENDLESS: usize = 1000;
/// What the numbers 0x80 to 0x9f stand for: windows-1252's characters.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text with its references read, as `html.unescape` reads them: HTML's names, the longest first and some also
/// without a semicolon, and numbers. What stands for no character becomes U+FFFD.
pub fn unescape(text: &str) -> Cow<'_, str> {
    let Some(first) = memchr::memchr(b'&', text.as_bytes()) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    let mut at = first;
    loop {
        let rest = &text[at + 1..];
        let read = if rest.starts_with('#') { number(rest.as_bytes()) } else { name(rest) };
        let next = match read {
            Some((size, character)) => {
                out.push_str(&text[done..at]);
                match character {
                    Read::One(c) => out.push(c),
                    Read::Some(s) => out.push_str(s),
                    Read::None => {}
                }
                done = at + 1 + size;
                done
            }
            None => at + 1,
        };
        match memchr::memchr(b'&', &text.as_bytes()[next..]) {
            Some(n) => at = next + n,
            None => break,
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// A text as one line, its references read; None where nothing is left.
pub fn line(text: &str) -> Option<Cow<'_, str>> {
    let line = match unescape(text) {
        Cow::Borrowed(text) => py::collapse(text),
        Cow::Owned(text) => match py::collapse(&text) {
            Cow::Borrowed(line) if line.len() == text.len() => Cow::Owned(text),
            line => Cow::Owned(line.into_owned()),
        },
    };
    (!line.is_empty()).then_some(line)
}

/// What a reference stands for.
enum Read {
    One(char),
    Some(&'static str),
    None,
}

/// `#39;` or `#x27;`: how many bytes it takes, and the character.
fn number(rest: &[u8]) -> Option<(usize, Read)> {
    let (from, base) = if matches!(rest.get(1), Some(b'x' | b'X')) { (2, 16) } else { (1, 10) };
    let digits = rest[from..].iter().take_while(|&&c| (c as char).is_digit(base)).count();
    if digits == 0 {
        return None;
    }
    let end = from + digits;
    let size = end + usize::from(rest.get(end) == Some(&b';'));
    let mut code = 0u32;
    for &c in &rest[from..end] {
        code = (code * base + (c as char).to_digit(base)?).min(0x11_0000);
    }
    if base == 10 && digits >= ENDLESS {
        code = 0x11_0000;
    }
    let read = match code {
        0 => Read::One('\u{fffd}'),
        0x0d => Read::One('\r'),
        0x80..=0x9f => Read::One(WINDOWS[code as usize - 0x80]),
        0x01..=0x08 | 0x0b | 0x0e..=0x1f | 0x7f | 0xfdd0..=0xfdef => Read::None,
        _ if code & 0xfffe == 0xfffe && code <= 0x10_ffff => Read::None,
        _ => Read::One(char::from_u32(code).unwrap_or('\u{fffd}')),
    };
    Some((size, read))
}

/// `amp;`, or a name that counts without a semicolon at the beginning of a word.
fn name(rest: &str) -> Option<(usize, Read)> {
    let bytes = rest.as_bytes();
    let size = bytes.iter().take(LONGEST + 1).take_while(|c| c.is_ascii_alphanumeric()).count();
    if bytes.get(size) == Some(&b';') {
        if let Ok(n) = NAMES.binary_search_by_key(&&rest[..size], |(name, _)| name) {
            return Some((size + 1, Read::Some(NAMES[n].1)));
        }
    }
    (2..=size.min(LONGEST_BARE)).rev().find_map(|size| {
        let name = &rest[..size];
        BARE.binary_search(&name).ok()?;
        let n = NAMES.binary_search_by_key(&name, |(name, _)| name).ok()?;
        Some((size, Read::Some(NAMES[n].1)))
    })
}
