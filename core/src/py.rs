//! Text as Python's `str` has it: what counts as white space, a letter, a digit, and one character.

use std::borrow::Cow;

use regex::Regex;
use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{is_nfc, UnicodeNormalization};

/// `str.isspace` of one character.
#[inline]
pub fn is_space(c: char) -> bool {
    matches!(c, '\x1c'..='\x1f') || c.is_whitespace()
}

/// What a byte may be the first of: ordinary text, a space, other white space of ASCII, white space beyond it.
const TEXT: u8 = 0;
const SPACE: u8 = 1;
const ASCII: u8 = 2;
const BEYOND: u8 = 3;
const FIRST_BYTES: [u8; 256] = {
    let mut table = [TEXT; 256];
    let mut byte = 0;
    while byte < 0x80 {
        if matches!(byte, 9..=13 | 0x1c..=0x1f) {
            table[byte] = ASCII;
        }
        byte += 1;
    }
    table[b' ' as usize] = SPACE;
    // U+0085, U+00A0; U+1680; U+2000 to U+205F; U+3000.
    table[0xc2] = BEYOND;
    table[0xe1] = BEYOND;
    table[0xe2] = BEYOND;
    table[0xe3] = BEYOND;
    table
};

/// How many bytes the character that begins at a place has, if it is white space; else none.
#[inline]
fn space_at(s: &str, at: usize) -> usize {
    match FIRST_BYTES[s.as_bytes()[at] as usize] {
        TEXT => 0,
        BEYOND => s[at..].chars().next().filter(|&c| is_space(c)).map_or(0, char::len_utf8),
        _ => 1,
    }
}

/// `str.split()`: the words between white space.
pub fn words(s: &str) -> impl Iterator<Item = &str> + Clone {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < s.len() {
            match space_at(s, at) {
                0 => break,
                size => at += size,
            }
        }
        let begin = at;
        while at < s.len() && space_at(s, at) == 0 {
            at += 1;
        }
        (begin < at).then(|| &s[begin..at])
    })
}

/// `" ".join(s.split())`.
pub fn collapse(s: &str) -> Cow<'_, str> {
    let trimmed = strip(s);
    if is_spaced(trimmed.as_bytes()) {
        return Cow::Borrowed(trimmed);
    }
    let mut before = TEXT;
    for (at, &byte) in trimmed.as_bytes().iter().enumerate() {
        let first = FIRST_BYTES[byte as usize];
        if first != TEXT && (first != SPACE || before == SPACE) && space_at(trimmed, at) > 0 {
            let mut out = String::with_capacity(trimmed.len());
            for word in words(trimmed) {
                if !out.is_empty() {
                    out.push(' ');
                }
                out.push_str(word);
            }
            return Cow::Owned(out);
        }
        before = first;
    }
    Cow::Borrowed(trimmed)
}

/// Whether all is ASCII, and between words there are single spaces and nothing else. Without a branch, so that sixteen
/// bytes are looked at at once.
fn is_spaced(bytes: &[u8]) -> bool {
    let is_other = |b: u8| (b < b' ') | (b >= 0x80);
    let mut wrong = bytes.first().is_some_and(|&b| is_other(b));
    for (&a, &b) in bytes.iter().zip(bytes.get(1..).unwrap_or_default()) {
        wrong |= is_other(b) | ((a == b' ') & (b == b' '));
    }
    !wrong
}

/// `str.strip()`.
pub fn strip(s: &str) -> &str {
    let mut begin = 0;
    while begin < s.len() {
        match space_at(s, begin) {
            0 => break,
            size => begin += size,
        }
    }
    let mut end = s.len();
    while end > begin {
        match FIRST_BYTES[s.as_bytes()[end - 1] as usize] {
            SPACE | ASCII => end -= 1,
            _ if s.as_bytes()[end - 1].is_ascii() => break,
            _ => return s[begin..end].trim_end_matches(is_space),
        }
    }
    &s[begin..end]
}

/// `str.strip(these)`.
pub fn strip_chars<'s>(s: &'s str, these: &str) -> &'s str {
    s.trim_matches(|c| these.contains(c))
}

/// `len(s)`: characters, not bytes.
#[inline]
pub fn len(s: &str) -> usize {
    if s.is_ascii() {
        s.len()
    } else {
        s.chars().count()
    }
}

/// `s[:most]`.
pub fn head(s: &str, most: usize) -> &str {
    if s.len() <= most {
        return s;
    }
    match s.char_indices().nth(most) {
        Some((at, _)) => &s[..at],
        None => s,
    }
}

/// `s[least:]`.
pub fn tail(s: &str, least: usize) -> &str {
    match s.char_indices().nth(least) {
        Some((at, _)) => &s[at..],
        None => "",
    }
}

/// `str.lower()`; nothing is copied where nothing changes.
pub fn lower(s: &str) -> Cow<'_, str> {
    if s.bytes().all(|b| b < 128 && !b.is_ascii_uppercase()) {
        Cow::Borrowed(s)
    } else {
        let mut out = String::with_capacity(s.len() + 8);
        push_lower(s, &mut out);
        Cow::Owned(out)
    }
}

/// Adds `str.lower()` to a text.
pub fn push_lower(s: &str, out: &mut String) {
    // A sigma is another at a word's end.
    if !s.is_ascii() && s.contains('Σ') {
        out.push_str(&s.to_lowercase());
        return;
    }
    let mut rest = s;
    loop {
        let size = rest.bytes().position(|byte| byte >= 128).unwrap_or(rest.len());
        let begin = out.len();
        out.push_str(&rest[..size]);
        out[begin..].make_ascii_lowercase();
        let mut chars = rest[size..].chars();
        match chars.next() {
            // Punctuation has no cases.
            Some(c @ '\u{2000}'..='\u{206f}') => out.push(c),
            Some(c) => out.extend(c.to_lowercase()),
            None => break,
        }
        rest = chars.as_str();
    }
}

/// `str.casefold()`: small letters, and what is spelled otherwise in capitals as those are ('ß' as 'ss').
pub fn casefold(s: &str) -> Cow<'_, str> {
    if s.is_ascii() {
        return lower(s);
    }
    let mut out = String::with_capacity(s.len() + 2);
    for c in s.chars() {
        match c {
            'ı' => out.push(c),
            _ if c.is_ascii() => out.push(c.to_ascii_lowercase()),
            'ẞ' => out.push_str("ss"),
            // Cherokee's small letters came later than its capitals, which stand for both.
            '\u{13a0}'..='\u{13f5}' => out.push(c),
            '\u{13f8}'..='\u{13fd}' | '\u{ab70}'..='\u{abbf}' => out.extend(c.to_uppercase()),
            _ => out.extend(c.to_uppercase().flat_map(char::to_lowercase)),
        }
    }
    Cow::Owned(out)
}

/// Letters in circles and squares, which Unicode counts as alphabetic and Python as symbols.
#[inline]
fn is_enclosed(c: char) -> bool {
    matches!(
        c,
        '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f149}' | '\u{1f150}'..='\u{1f169}' | '\u{1f170}'..='\u{1f189}'
    )
}

/// Numbers that are written as letters (category Nl): 'Ⅷ', '〇'.
#[inline]
fn is_letter_number(c: char) -> bool {
    matches!(
        c,
        '\u{16ee}'..='\u{16f0}' | 'Ⅰ'..='ↂ' | 'ↅ'..='ↈ' | '〇' | '〡'..='〩' | '〸'..='〺' | '\u{a6e6}'..='\u{a6ef}'
            | '\u{10140}'..='\u{10174}' | '\u{10341}' | '\u{1034a}' | '\u{103d1}'..='\u{103d5}'
            | '\u{12400}'..='\u{1246e}'
    )
}

/// `str.isalpha` of one character: Unicode's letters, without the marks, symbols and numbers that its property
/// Alphabetic counts too.
#[inline]
pub fn is_alpha(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphabetic()
    } else {
        c.is_alphabetic() && !is_combining_mark(c) && !is_enclosed(c) && !is_letter_number(c)
    }
}

/// Python's `\w`.
#[inline]
pub fn is_word(c: char) -> bool {
    c == '_' || is_alnum(c)
}

/// Python's `[^\W\d_]`.
#[inline]
pub fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphabetic()
    } else {
        is_alnum(c) && !is_decimal(c)
    }
}

/// `str.isalnum` of one character.
#[inline]
pub fn is_alnum(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric()
    } else {
        c.is_alphanumeric() && !is_combining_mark(c) && !is_enclosed(c)
    }
}

// The zeros of Unicode's decimal digits (category Nd) beyond ASCII's; nine more follow each.
const ZEROS: [u32; 65] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20,
    0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0,
    0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0,
    0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0,
    0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0,
];

/// The value of a decimal digit of any script: `str.isdecimal`, and what `int` makes of it.
pub fn digit(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    let code = c as u32;
    let at = ZEROS.partition_point(|&zero| zero <= code);
    let zero = *ZEROS.get(at.checked_sub(1)?)?;
    (code - zero < 10).then_some(code - zero)
}

/// `str.isdecimal` of one character (`str.isdigit` adds superscripts and circled digits).
#[inline]
pub fn is_decimal(c: char) -> bool {
    digit(c).is_some()
}

/// `str.isdigit` of one character: beside the decimal digits those that are raised, in circles and the like.
pub fn is_digit(c: char) -> bool {
    is_decimal(c)
        || matches!(
            c as u32,
            0xb2..=0xb3 | 0xb9 | 0x1369..=0x1371 | 0x19da | 0x2070 | 0x2074..=0x2079 | 0x2080..=0x2089
                | 0x2460..=0x2468 | 0x2474..=0x247c | 0x2488..=0x2490 | 0x24ea | 0x24f5..=0x24fd | 0x24ff
                | 0x2776..=0x277e | 0x2780..=0x2788 | 0x278a..=0x2792 | 0x10a40..=0x10a43 | 0x10e60..=0x10e68
                | 0x11052..=0x1105a | 0x1f100..=0x1f10a
        )
}

/// `str.islower` of one character. 'ʕ' has no case since Unicode 16; Python's tables are older.
#[inline]
pub fn is_small(c: char) -> bool {
    c.is_lowercase() || c == 'ʕ'
}

/// `str.isupper` of a text: it has capitals and no small letters.
pub fn is_upper(s: &str) -> bool {
    let mut cased = false;
    for c in s.chars() {
        if is_small(c) {
            return false;
        }
        cased |= c.is_uppercase();
    }
    cased
}

/// Unicode's normal form C.
pub fn nfc(s: &str) -> Cow<'_, str> {
    if s.is_ascii() || is_nfc(s) {
        Cow::Borrowed(s)
    } else {
        Cow::Owned(s.nfc().collect())
    }
}

/// A pattern as Python's `re` reads it, for `regex`: `\w` without marks, `\s` with the separators U+001C to U+001F,
/// `\Z`; possessive quantifiers are plain ones here, where nothing backtracks.
pub fn pattern(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut chars = pattern.chars().peekable();
    let mut in_class = false;
    let mut quantified = false;
    while let Some(c) = chars.next() {
        let was = quantified;
        quantified = false;
        match c {
            '\\' => match chars.next() {
                Some('w') if in_class => out.push_str(r"\p{L}\p{N}_"),
                Some('w') => out.push_str(r"[\p{L}\p{N}_]"),
                Some('W') if in_class => out.push_str(r"[^\p{L}\p{N}_]"),
                Some('W') => out.push_str(r"[^\p{L}\p{N}_]"),
                Some('s') if in_class => out.push_str(r"\s\x1c-\x1f"),
                Some('s') => out.push_str(r"[\s\x1c-\x1f]"),
                Some('Z') => out.push_str(r"\z"),
                Some(other) => {
                    out.push('\\');
                    out.push(other);
                }
                None => out.push('\\'),
            },
            '[' if !in_class => {
                in_class = true;
                out.push('[');
                if chars.peek() == Some(&'^') {
                    out.push('^');
                    chars.next();
                }
                if chars.peek() == Some(&']') {
                    out.push_str(r"\]");
                    chars.next();
                }
            }
            '[' => out.push_str(r"\["),
            '&' | '~' if in_class => {
                out.push('\\');
                out.push(c);
            }
            ']' if in_class => {
                in_class = false;
                out.push(']');
            }
            '+' if !in_class && was => {}
            '*' | '+' | '?' | '}' if !in_class => {
                quantified = true;
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

/// `pattern`, compiled. Panics where it is none: all patterns are the program's own.
pub fn regex(text: &str) -> Regex {
    Regex::new(&pattern(text)).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// `pattern` with look-around, compiled.
pub fn fancy(text: &str) -> fancy_regex::Regex {
    fancy_regex::Regex::new(&pattern(text)).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A regular expression in Python's syntax, compiled at its first use: `rx!(r"\d+").is_match(text)`.
#[macro_export]
macro_rules! rx {
    ($text:expr) => {{
        static COMPILED: std::sync::LazyLock<regex::Regex> = std::sync::LazyLock::new(|| $crate::py::regex(&$text));
        &*COMPILED
    }};
}
