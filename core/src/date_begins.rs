//! The date that a paragraph begins with: '29.11.2022 – Mehrfach hatte …'; or a place and a date, as press releases
//! have them: 'Hofheim | Wiesbaden, 11. November 2021'.

use crate::py::{self, is_letter, is_word};

/// Characters of a place's name at most, after its first.
const LONGEST_PLACE: usize = 40;

/// The date as the paragraph writes it.
///
/// `\W{0,2}`, perhaps a place, then the date, then white space after up to three signs, or the end. A place is a letter
/// and 1 to 40 of `[^\d\n,(:.!?]`, then `,\s{0,2}(?:den )?\(?` or `\s?\(`.
pub fn beginning(paragraph: &str) -> Option<&str> {
    let rest = paragraph.trim_start_matches(|c| !is_word(c));
    let signs = &paragraph[..paragraph.len() - rest.len()];
    if signs.chars().nth(2).is_some() {
        return None;
    }
    after_place(rest).into_iter().flatten().find_map(date).or_else(|| date(rest))
}

/// What may follow a place at the beginning of a text.
fn after_place(text: &str) -> Option<[&str; 2]> {
    let first = text.chars().next().filter(|&c| is_letter(c))?;
    let is_of_name = |c: char| !matches!(c, '\n' | ',' | '(' | ':' | '.' | '!' | '?') && !py::is_decimal(c);
    let name = &text[first.len_utf8()..];
    let (mut count, mut end) = (0, name.len());
    for (at, c) in name.char_indices() {
        if count == LONGEST_PLACE || !is_of_name(c) {
            end = at;
            break;
        }
        count += 1;
    }
    let rest = &name[end..];
    if count == 0 {
        return None;
    }
    if let Some(rest) = rest.strip_prefix('(') {
        return Some([rest, ""]);
    }
    // The white space before a bracket is no part of the longest name.
    if rest.starts_with(py::is_space) {
        let mut after = rest.chars();
        after.next();
        return after.as_str().strip_prefix('(').map(|rest| [rest, ""]);
    }
    let mut rest = rest.strip_prefix(',')?;
    for _ in 0..2 {
        rest = rest.strip_prefix(py::is_space).unwrap_or(rest);
    }
    let without = |text| str::strip_prefix(text, '(').unwrap_or(text);
    Some([rest.strip_prefix("den ").map_or("", without), without(rest)])
}

/// The date that a text begins with, if only that: 1.2.2021, 1. Februar 2021, 2021-02-01, February 1, 2021.
fn date(text: &str) -> Option<&str> {
    let (count, size) = digits(text);
    let end = match count {
        0 => named_first(text)?,
        1 | 2 => in_digits(text, size).or_else(|| named(text, size))?,
        4 => {
            let mut at = size;
            for _ in 0..2 {
                at += usize::from(text[at..].starts_with('-'));
                let (count, size) = digits(&text[at..]);
                if !text[..at].ends_with('-') || count != 2 {
                    return None;
                }
                at += size;
            }
            at
        }
        _ => return None,
    };
    ends(&text[end..]).then(|| &text[..end])
}

/// 1.2.2021 after the day.
fn in_digits(text: &str, day: usize) -> Option<usize> {
    let mut at = day + text[day..].starts_with('.').then_some(1)?;
    at += space(&text[at..]);
    let (count, size) = digits(&text[at..]);
    if !matches!(count, 1 | 2) {
        return None;
    }
    at += size;
    at += text[at..].starts_with('.').then_some(1)?;
    at += space(&text[at..]);
    year(text, at)
}

/// 1. Februar 2021 after the day; also '1. Februar 21)'.
fn named(text: &str, day: usize) -> Option<usize> {
    let mut at = day + usize::from(text[day..].starts_with('.'));
    at += space(&text[at..]);
    at += word(&text[at..])?;
    at += space(&text[at..]);
    let (count, size) = digits(&text[at..]);
    let after = &text[at + size..];
    let is_year = count == 4 || (count == 2 && after[space(after)..].starts_with(')'));
    is_year.then_some(at + size)
}

/// February 1, 2021.
fn named_first(text: &str) -> Option<usize> {
    let mut at = word(text)?;
    at += usize::from(text[at..].starts_with('.'));
    at += text[at..].starts_with(' ').then_some(1)?;
    let (count, size) = digits(&text[at..]);
    if !matches!(count, 1 | 2) {
        return None;
    }
    at += size;
    at += text[at..].starts_with(", ").then_some(2)?;
    year(text, at)
}

/// Where a year of four digits ends that begins here.
fn year(text: &str, at: usize) -> Option<usize> {
    let (count, size) = digits(&text[at..]);
    (count == 4).then_some(at + size)
}

/// How many digits a text begins with, and their size.
fn digits(text: &str) -> (usize, usize) {
    let size = text.find(|c| !py::is_decimal(c)).unwrap_or(text.len());
    (text[..size].chars().count(), size)
}

/// The size of the word of 3 to 9 letters that a text begins with.
fn word(text: &str) -> Option<usize> {
    let size = text.find(|c| c != '_' && !is_letter(c)).unwrap_or(text.len());
    (3..=9).contains(&text[..size].chars().count()).then_some(size)
}

/// The size of one white space.
fn space(text: &str) -> usize {
    text.chars().next().filter(|&c| py::is_space(c)).map_or(0, char::len_utf8)
}

/// Whether a date may end here: `\W{1,3}\s|\s\W|$`.
fn ends(after: &str) -> bool {
    if after.is_empty() || after == "\n" {
        return true;
    }
    let mut signs = after.chars().take(4).take_while(|&c| !is_word(c));
    let Some(first) = signs.next() else { return false };
    let mut signs = signs.peekable();
    (py::is_space(first) && signs.peek().is_some()) || signs.any(py::is_space)
}
