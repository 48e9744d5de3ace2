//! Patterns that match in any case: the text is folded once, and the patterns are in small letters.

use std::borrow::Cow;

use regex::Regex;

/// A letter as Python's `re.IGNORECASE` compares it: 'ı' and 'İ' are an 'i' to it, 'ſ' an 's', 'ς' a 'σ'.
#[inline]
pub fn folded_letter(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let mut lower = c.to_lowercase();
    match (lower.next().unwrap_or(c), lower.next()) {
        (one, None) => match one {
            'ı' => 'i',
            'ſ' => 's',
            'ς' => 'σ',
            'µ' => 'μ',
            'ϐ' => 'β',
            'ϑ' => 'θ',
            'ϕ' => 'φ',
            'ϖ' => 'π',
            'ϰ' => 'κ',
            'ϱ' => 'ρ',
            'ϵ' => 'ε',
            'ẛ' => 'ṡ',
            other => other,
        },
        // 'İ' alone becomes two.
        (one, Some(_)) => one,
    }
}

/// A text to be searched with `any_case!` patterns: in small letters, one for one. Nothing is copied where nothing
/// changes.
pub fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return if text.bytes().any(|b| b.is_ascii_uppercase()) {
            Cow::Owned(text.to_ascii_lowercase())
        } else {
            Cow::Borrowed(text)
        };
    }
    let mut out = String::with_capacity(text.len());
    out.extend(text.chars().map(folded_letter));
    Cow::Owned(out)
}

/// What follows a word in small letters, where a text begins with it in any case.
#[inline]
pub fn after<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let mut rest = text.chars();
    for w in word.chars() {
        if folded_letter(rest.next()?) != w {
            return None;
        }
    }
    Some(rest.as_str())
}

/// A pattern for folded texts; its letters are in lower case.
pub fn pattern(text: &str) -> String {
    text.chars().map(|c| if c.is_lowercase() { folded_letter(c) } else { c }).collect()
}

/// The same, compiled.
pub fn regex(text: &str) -> Regex {
    crate::py::regex(&pattern(text))
}

/// A regular expression in Python's syntax, its letters in lower case, compiled at its first use:
/// `any_case!(r"terms|privacy").is_match(&folded(text))`.
#[macro_export]
macro_rules! any_case {
    ($text:expr) => {{
        static COMPILED: std::sync::LazyLock<regex::Regex> =
            std::sync::LazyLock::new(|| $crate::any_case::regex(&$text));
        &*COMPILED
    }};
}

/// The first word of a text in small letters, and its size; None where it has more than `MOST` letters, or others than
/// ASCII's.
pub(crate) fn first_word<const MOST: usize>(text: &str) -> Option<([u8; MOST], usize)> {
    let (mut word, mut size) = ([0u8; MOST], 0);
    for c in text.chars().take_while(|&c| crate::py::is_word(c)).map(folded_letter) {
        if !c.is_ascii() || size == MOST {
            return None;
        }
        word[size] = c as u8;
        size += 1;
    }
    Some((word, size))
}
