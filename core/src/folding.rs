//! Text as dates are looked up in it: lower case, no accents, no dots after letters, no direction marks.

use unicode_normalization::char::{canonical_combining_class, decompose_compatible};
use unicode_normalization::UnicodeNormalization;

use crate::py::{self, is_letter};

/// A text as it is looked up: Python's `casefold`, then NFKD without its combining marks, composed again.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut after_letter = false;
    if text.is_ascii() {
        for b in text.bytes() {
            if b != b'.' || !after_letter {
                out.push(b.to_ascii_lowercase() as char);
            }
            after_letter = b.is_ascii_alphabetic();
        }
        return out;
    }
    let mut composes = false;
    let mut take = |c: char, out: &mut String| match c {
        '\0'..='\x7f' => out.push(c),
        'ı' => out.push('i'),
        // What NFKD takes apart and NFC puts together again.
        '\u{ac00}'..='\u{d7a3}' => out.push(c),
        c if is_format(c) => {}
        c => decompose_compatible(c, |c| {
            if canonical_combining_class(c) == 0 {
                composes |= may_compose(c);
                out.push(unmixed(c));
            }
        }),
    };
    for c in text.chars() {
        if c == '.' && after_letter {
            after_letter = false;
            continue;
        }
        case_fold(c, |c| {
            after_letter = is_letter(c) || is_of_india(c);
            take(c, &mut out);
        });
    }
    if composes {
        out = out.nfc().collect();
    }
    out
}

/// What Python's `str.casefold` makes of a character, as far as NFKD without marks does not make it equal anyway.
fn case_fold(c: char, mut take: impl FnMut(char)) {
    let moved = |to: u32| char::from_u32(to).unwrap_or(c);
    match c {
        '\0'..='\x7f' => take(c.to_ascii_lowercase()),
        'ß' | 'ẞ' => {
            take('s');
            take('s');
        }
        'ς' => take('σ'),
        '\u{345}' => take('ι'),
        // Greek letters with an iota below, which is a letter of its own in small letters.
        '\u{1f80}'..='\u{1faf}' | '\u{1fb2}'..='\u{1fb4}' | '\u{1fb7}' | '\u{1fbc}' | '\u{1fc2}'..='\u{1fc4}'
        | '\u{1fc7}' | '\u{1fcc}' | '\u{1ff2}'..='\u{1ff4}' | '\u{1ff7}' | '\u{1ffc}' => {
            c.to_lowercase().for_each(|c| decompose_compatible(c, |c| if c != '\u{345}' { take(c) }));
            take('ι');
        }
        // Folded to a letter and its marks, after which a dot is no letter's.
        '\u{1f0}' | '\u{390}' | '\u{3b0}' | '\u{1e96}'..='\u{1e99}' | '\u{1f50}' | '\u{1f52}' | '\u{1f54}' | '\u{1f56}'
        | '\u{1fb6}' | '\u{1fc6}' | '\u{1fd2}' | '\u{1fd3}' | '\u{1fd6}' | '\u{1fd7}' | '\u{1fe2}'..='\u{1fe4}'
        | '\u{1fe6}' | '\u{1fe7}' | '\u{1ff6}' => decompose_compatible(c, take),
        // Cherokee's small letters fold to its capitals.
        '\u{13a0}'..='\u{13f5}' => take(c),
        '\u{13f8}'..='\u{13fd}' => take(moved(c as u32 - 8)),
        '\u{ab70}'..='\u{abbf}' => take(moved(c as u32 - 0xab70 + 0x13a0)),
        '\u{1c80}'..='\u{1c88}' => take(['в', 'д', 'о', 'с', 'т', 'т', 'ъ', 'ѣ', 'ꙋ'][c as usize - 0x1c80]),
        c => c.to_lowercase().for_each(take),
    }
}

/// Marks of direction, and joiners.
fn is_format(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character that is no mark may become one with another such: Hangul's letters, vowel signs of India.
fn may_compose(c: char) -> bool {
    matches!(c, '\u{9be}'..='\u{1fff}' | '\u{10000}'..)
}

/// Arabic and Persian letters that pages mix.
fn unmixed(c: char) -> char {
    match c {
        'ي' => 'ی',
        'ك' => 'ک',
        'ς' => 'σ',
        c => c,
    }
}

/// Scripts whose vowel signs are marks, which `\w` leaves out: India's, and the vowels of Thai.
#[inline]
fn is_of_india(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{dff}' | '\u{e30}'..='\u{e4e}')
}

#[inline]
fn is_of_word(c: char) -> bool {
    is_letter(c) || is_of_india(c) && !py::is_decimal(c)
}

/// A word or a number of a folded text.
#[derive(Clone, Copy, Debug)]
pub struct Token<'t> {
    pub text: &'t str,
    /// Python's `isdigit`.
    pub is_digits: bool,
    /// Its digits' number; None where it is a word, or of digits that `int` does not take (`➀`).
    pub value: Option<i64>,
    /// Digits.
    pub len: usize,
}

impl Token<'_> {
    pub const NONE: Token<'static> = Token { text: "", is_digits: false, value: None, len: 0 };
}

/// The words and numbers of a folded text; what stands between them is left out.
pub fn tokens(folded: &str) -> Vec<Token<'_>> {
    let mut found = Vec::with_capacity(folded.len() / 4);
    let mut chars = folded.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if let Some(digit) = py::digit(c) {
            let (mut value, mut len, mut end) = (i64::from(digit), 1, start + c.len_utf8());
            while let Some((at, digit)) = chars.peek().and_then(|&(at, c)| Some((at + c.len_utf8(), py::digit(c)?))) {
                value = value.saturating_mul(10).saturating_add(i64::from(digit));
                len += 1;
                end = at;
                chars.next();
            }
            found.push(Token { text: &folded[start..end], is_digits: true, value: Some(value), len });
        } else if is_of_word(c) {
            let (mut is_digits, mut len, mut end) = (is_odd_digit(c), 1, start + c.len_utf8());
            while let Some(&(at, c)) = chars.peek().filter(|(_, c)| is_of_word(*c)) {
                is_digits &= is_odd_digit(c);
                len += 1;
                end = at + c.len_utf8();
                chars.next();
            }
            found.push(Token { text: &folded[start..end], is_digits, value: None, len });
        }
    }
    found
}

/// Characters that `isdigit` takes and `int` does not, and that NFKD leaves.
fn is_odd_digit(c: char) -> bool {
    !c.is_ascii()
        && matches!(
            c,
            '\u{1369}'..='\u{1371}' | '\u{19da}' | '\u{24f5}'..='\u{24fd}' | '\u{24ff}' | '\u{2776}'..='\u{277e}'
                | '\u{2780}'..='\u{2788}' | '\u{278a}'..='\u{2792}' | '\u{10a40}'..='\u{10a43}'
                | '\u{10e60}'..='\u{10e68}' | '\u{11052}'..='\u{1105a}'
        )
}
