//! Whether short texts say when: a date, a time, how long ago; or that something was edited.

use crate::any_case::{after, first_word, folded_letter};
use crate::py::{self, is_word};

#[inline]
fn word_before(text: &str, at: usize) -> bool {
    text[..at].chars().next_back().is_some_and(is_word)
}

#[inline]
fn word_at(text: &str, at: usize) -> bool {
    text[at..].chars().next().is_some_and(is_word)
}

/// How many digits stand there, and where they end.
#[inline]
fn digits(text: &str, at: usize) -> (usize, usize) {
    let (mut count, mut end) = (0, at);
    for c in text[at..].chars() {
        if !py::is_decimal(c) {
            break;
        }
        count += 1;
        end += c.len_utf8();
    }
    (count, end)
}

#[inline]
fn is_century(text: &str) -> bool {
    text.starts_with("19") || text.starts_with("20")
}

/// Whether a short text has a date or a time in it: '3/5/24', '2024', '12:30', '5 min', 'ago', 'yesterday'.
pub fn says_when(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'0'..=b'9' => {
                let (count, end) = digits(text, at);
                if number_says_when(text, at, count, end) {
                    return true;
                }
                at = end;
                continue;
            }
            b'a' | b'A' | b'v' | b'V' | b'h' | b'H' | b'i' | b'I' | b'y' | b'Y' | b't' | b'T' => {
                if word_says_when(text, at) {
                    return true;
                }
            }
            0..=127 => {}
            _ => {
                let c = text[at..].chars().next().unwrap_or(' ');
                if c == '前' || (folded_letter(c) == 'i' && word_says_when(text, at)) {
                    return true;
                }
                let (count, end) = digits(text, at);
                if count > 0 && number_says_when(text, at, count, end) {
                    return true;
                }
                at = if count > 0 { end } else { at + c.len_utf8() };
                continue;
            }
        }
        at += 1;
    }
    false
}

/// Whether the word that may begin there is one of time; the first letter is one of theirs.
fn word_says_when(text: &str, at: usize) -> bool {
    let rest = &text[at..];
    // By its second letter, which has no other forms.
    let word = match rest.as_bytes().get(first_size(rest)).map_or(0, u8::to_ascii_lowercase) {
        b'o' if after(rest, "today").is_some() => return true,
        b'e' => return after(rest, "yesterday").is_some(),
        b'g' => "ago",
        b'o' => "vor",
        b'a' => "hace",
        b'l' => "il y a",
        _ => return false,
    };
    after(rest, word).is_some_and(|next| !next.chars().next().is_some_and(is_word)) && !word_before(text, at)
}

/// Bytes of a text's first letter.
fn first_size(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

/// Whether the digits that begin and end there are of a date, a time or a span of time.
fn number_says_when(text: &str, at: usize, count: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    match bytes.get(end) {
        Some(b':') if digits(text, end + 1).0 >= 2 => return true,
        Some(b'.' | b'/' | b'-') => {
            let (second, then) = digits(text, end + 1);
            if matches!(second, 1 | 2)
                && matches!(bytes.get(then), Some(b'.' | b'/' | b'-'))
                && digits(text, then + 1).0 >= 2
            {
                return true;
            }
        }
        _ => {}
    }
    if word_before(text, at) {
        return false;
    }
    (count == 4 && is_century(&text[at..]) && !word_at(text, end)) || begins_with_unit(&text[end..])
}

/// Whether a unit of time comes next, by itself.
fn begins_with_unit(text: &str) -> bool {
    let Some((word, size)) = first_word::<7>(text.trim_start_matches(py::is_space)) else { return false };
    matches!(
        &word[..size],
        b"s" | b"m" | b"h" | b"d" | b"w" | b"y" | b"mo" | b"sec" | b"min" | b"hour" | b"hours" | b"day" | b"days"
            | b"week" | b"weeks" | b"month" | b"months" | b"year" | b"years"
    )
}

/// Whether a text has a year of this century or the last in it.
pub fn has_year(text: &str) -> bool {
    let bytes = text.as_bytes();
    (0..bytes.len().saturating_sub(3)).any(|at| {
        matches!(&bytes[at..at + 2], b"19" | b"20") && !word_before(text, at) && {
            let (count, end) = digits(text, at);
            count == 4 && !word_at(text, end)
        }
    })
}

/// Whether a text has a time of day in it: '9:45'.
pub fn has_clock(text: &str) -> bool {
    memchr::memchr_iter(b':', text.as_bytes()).any(|at| {
        text[..at].chars().next_back().is_some_and(py::is_decimal) && digits(text, at + 1).0 >= 2
    })
}

const EDITED: [&str; 10] = [
    "edited", "modified", "updated", "bearbeitet", "geändert", "modifié", "édité", "editado", "modificado",
    "modificato",
];

/// Whether a line begins by saying that something was edited: 'Last edited by …'.
pub fn tells_of_edit(line: &str) -> bool {
    let line = line.trim_start_matches(|c| !is_word(c));
    let line = after(line, "last ").or_else(|| after(line, "zuletzt ")).unwrap_or(line);
    EDITED.iter().any(|word| after(line, word).is_some_and(|next| !next.chars().next().is_some_and(is_word)))
}
