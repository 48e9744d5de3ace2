//! Patterns of short lines: prices, dates, and what a button says that shows more.

use crate::py::{self, is_word};

fn is_digit_at(line: &[char], at: usize) -> bool {
    line.get(at).is_some_and(|&c| py::is_decimal(c))
}

/// Whether no word goes on between this character and the one before.
fn is_boundary(line: &[char], at: usize) -> bool {
    let is_word = |c: Option<&char>| c.is_some_and(|&c| is_word(c));
    is_word(at.checked_sub(1).and_then(|before| line.get(before))) != is_word(line.get(at))
}

/// `[$€£¥₹]\s?\d|\d\s?[$€£]|\b(?:USD|EUR|Rs\.?)\s?\d`
pub fn has_price(line: &[char]) -> bool {
    let after_space = |at: usize| at + usize::from(line.get(at).is_some_and(|&c| py::is_space(c)));
    (0..line.len()).any(|at| match line[at] {
        '$' | '€' | '£' | '¥' | '₹' => is_digit_at(line, after_space(at + 1)),
        'U' | 'E' | 'R' if is_boundary(line, at) => {
            let size = match &line[at..] {
                ['U', 'S', 'D', ..] | ['E', 'U', 'R', ..] | ['R', 's', '.', ..] => 3,
                ['R', 's', ..] => 2,
                _ => return false,
            };
            is_digit_at(line, after_space(at + size))
        }
        c => py::is_decimal(c) && matches!(line.get(after_space(at + 1)), Some('$' | '€' | '£')),
    })
}

/// `\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\b\d{1,2}:\d\d\b|\bago\b`
pub fn has_date(line: &[char]) -> bool {
    let is_digit = |at: usize| is_digit_at(line, at);
    let parts = |at: usize| matches!(line.get(at), Some('.' | '/' | '-'));
    let has_two = |at: usize| is_digit(at) && is_digit(at + 1);
    (0..line.len()).any(|at| {
        if line[at] == 'a' {
            return line[at..].starts_with(&['a', 'g', 'o']) && is_boundary(line, at) && is_boundary(line, at + 3);
        }
        if !is_digit(at) {
            return false;
        }
        if parts(at + 1) && is_digit(at + 2) {
            let next = at + 3 + usize::from(is_digit(at + 3));
            if parts(next) && has_two(next + 1) {
                return true;
            }
        }
        if !is_boundary(line, at) {
            return false;
        }
        let is_year = matches!(&line[at..], ['1', '9', ..] | ['2', '0', ..]) && has_two(at + 2);
        let colon = at + 1 + usize::from(is_digit(at + 1));
        is_year && is_boundary(line, at + 4)
            || line.get(colon) == Some(&':') && has_two(colon + 1) && is_boundary(line, colon + 3)
    })
}

/// `^(?:read|learn|see|view|show|load|weiter|mehr|lire|leer|continue|find out)\b.{0,30}$` in any case.
pub fn is_read_more(text: &str) -> bool {
    let begins: &[&str] = match text.chars().next() {
        Some('r' | 'R') => &["read"],
        Some('l' | 'L') => &["learn", "load", "lire", "leer"],
        Some('s' | 'S' | 'ſ') => &["see", "show"],
        Some('v' | 'V') => &["view"],
        Some('w' | 'W') => &["weiter"],
        Some('m' | 'M') => &["mehr"],
        Some('c' | 'C') => &["continue"],
        Some('f' | 'F') => &["find out"],
        _ => return false,
    };
    begins.iter().any(|begin| {
        let mut rest = text.chars();
        begin.chars().all(|letter| rest.next().is_some_and(|c| is_letter(c, letter)))
            && rest.clone().next().is_none_or(|c| !is_word(c))
            && rest.take(31).count() <= 30
    })
}

/// Whether a character is a small letter or its capital, as `re.IGNORECASE` has it.
fn is_letter(c: char, small: char) -> bool {
    c.to_ascii_lowercase() == small || matches!((c, small), ('ſ', 's') | ('ı' | 'İ', 'i'))
}
