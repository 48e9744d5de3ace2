//! Bylines: the names in 'Posted on May 3, 2021 by Jane Roe and John Doe', in some thirty languages.

use crate::any_case;
use crate::any_case::folded;
use crate::byline_words::{
    is_and, is_before_a_name, is_particle, ADMIN, AFTER, AGENCIES, AND, BEFORE_A_NAME, CREDIT, DEGREE, LABEL, NO_NAME,
    ROLE, VERB, WITH_COLON,
};
use crate::date_words::names_day_or_month;
use crate::folding::fold;
use crate::{py, rx};

/// Names in a byline.
const MOST: usize = 10;
/// Characters of a name, and of a byline.
const LONGEST: usize = 60;
const LONGEST_LINE: usize = 300;
/// Words of a name, of one with a word in lower case, of one all in lower case.
const MOST_WORDS: usize = 6;
const MOST_MIXED: usize = 4;
const MOST_SMALL: usize = 3;

/// What a byline begins with.
#[derive(Clone, Copy, Debug)]
pub struct By {
    /// Where it ends in the text: the name follows.
    pub end: usize,
    /// Whether a verb or what was written stands before 'by'.
    pub has_verb: bool,
    /// Whether it is a word for 'author'.
    pub has_label: bool,
}

fn beginning() -> String {
    let end = r"(?:\s*[:：]\s*|\s+|$)";
    let label = format!(r"({LABEL})(?:\(\w+\))?{end}");
    format!(r"\W*((?:{VERB}\s+){{0,3}})(?:{BEFORE_A_NAME}{end}|{label}|{WITH_COLON}\s*[:：／/]\s*)")
}

/// The words with which a text begins as a byline does.
pub fn by(text: &str) -> Option<By> {
    by_of(text, &folded(text))
}

/// The same where they are all of the text.
pub fn only_by(text: &str) -> Option<By> {
    let low = folded(text);
    let all = any_case!(format!("^(?:{})$", beginning()));
    if !all.is_match(&low) {
        return None;
    }
    let found = all.captures(&low)?;
    Some(By {
        end: text.len(),
        has_verb: found.get(1).is_some_and(|m| !m.is_empty()),
        has_label: found.get(2).is_some(),
    })
}

/// A text without the words with which it begins as a byline.
pub fn without_by(text: &str) -> &str {
    by(text).map_or(text, |found| &text[found.end..])
}

fn by_of(text: &str, low: &str) -> Option<By> {
    let start = any_case!(format!("^{}", beginning()));
    // Most texts begin with something else, which is seen at once.
    if !start.is_match(low) {
        return None;
    }
    let found = start.captures(low)?;
    Some(By {
        end: in_text(text, low, found.get(0)?.end()),
        has_verb: found.get(1).is_some_and(|m| !m.is_empty()),
        has_label: found.get(2).is_some(),
    })
}

/// Where a place of the folded text is in the text as written, or the other way round: folded letters may have other
/// sizes.
fn in_text(text: &str, low: &str, at: usize) -> usize {
    if text.is_ascii() && low.is_ascii() {
        return at;
    }
    let count = low[..at].chars().count();
    text.char_indices().nth(count).map_or(text.len(), |(at, _)| at)
}

/// The names that a byline holds.
pub fn names_in(byline: &str) -> Vec<String> {
    // A character has four bytes at most.
    if byline.len() > 4 * LONGEST_LINE || py::len(byline) > LONGEST_LINE {
        return Vec::new();
    }
    let collapsed = py::collapse(byline);
    let all_low = folded(&collapsed);
    let (mut text, mut low): (&str, &str) = (&collapsed, &all_low);
    if low.chars().any(py::is_decimal) {
        if let Some(end) = dated(low) {
            (text, low) = (&text[in_text(text, low, end)..], &low[end..]);
        }
        // '11.12.2019 - Amelie Roh'.
        let date_first = rx!(r"^(?:[^|·•∙]{0,40}?\d{2,4}[^|·•∙]{0,12}?(?:\s*[|·•∙]|,?\s[-–—/])\s)+");
        if let Some(found) = date_first.find(low) {
            (text, low) = (&text[in_text(text, low, found.end())..], &low[found.end()..]);
        }
    }
    if let Some(found) = by_of(text, low) {
        low = &low[in_text(low, text, found.end)..];
        text = &text[found.end..];
    }
    for end in [any_case!(CREDIT), any_case!(AFTER)] {
        if let Some(found) = end.find(low) {
            (text, low) = (&text[..in_text(text, low, found.start())], &low[..found.start()]);
        }
    }
    let and = any_case!(format!(r"\s*[,;]\s*(?:{AND}\s+)?|\s*&\s*|\s+/\s+|\s+{AND}\s+"));
    let mut parts = Vec::with_capacity(4);
    let mut done = 0;
    for found in and.find_iter(low) {
        let start = in_text(text, low, found.start());
        parts.push(without_label(&text[done..start]));
        done = in_text(text, low, found.end());
    }
    parts.push(without_label(&text[done..]));
    whole_names(parts)
}

/// 'Posted on May 3, 2021 by …': where what stands before the name ends, in a text without other white space than
/// single spaces. A digit within 51 characters, and 'by' at most 20 characters behind it: the last such digit counts,
/// and the first 'by' behind that.
fn dated(low: &str) -> Option<usize> {
    // Spaces before a word for 'by', in characters, and where that word ends.
    let mut before: Vec<(usize, usize)> = Vec::new();
    let mut digits: Vec<usize> = Vec::new();
    let mut space = None;
    for (n, (at, c)) in low.char_indices().enumerate() {
        if c == ' ' {
            if let Some((begun, its)) = space {
                if is_before_a_name(&low[begun..at]) {
                    before.push((its, at + 1));
                }
            }
            space = Some((at + 1, n));
        } else if n <= 50 && py::is_decimal(c) {
            digits.push(n);
        }
    }
    digits.iter().rev().find_map(|&digit| {
        before.iter().find(|(space, _)| *space > digit && *space - digit <= 21).map(|&(_, end)| end)
    })
}

/// A part of a byline without its label: 'Interview: Jane Roe', '责任编辑：王小明'.
fn without_label(part: &str) -> &str {
    let Some((at, colon)) = part.char_indices().find(|(_, c)| matches!(c, ':' | '：')) else { return part };
    let label = &part[..at];
    let mut size = 0;
    for c in label.chars() {
        let is_word = py::is_alnum(c) || c == '_';
        if !(is_word || (size > 0 && c == ' ')) || (size == 0 && py::is_decimal(c)) {
            return part;
        }
        size += 1;
    }
    if !(2..=22).contains(&size) || (size == 22 && !label.ends_with(' ')) {
        return part;
    }
    let rest = part[at + colon.len_utf8()..].trim_start_matches(py::is_space);
    if rest.is_empty() || rest.starts_with('/') {
        part
    } else {
        rest
    }
}

/// The parts of a byline that are names. After a name in full a degree is added to it; a place, a role is none.
pub fn whole_names<S: AsRef<str>>(parts: impl IntoIterator<Item = S>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in parts {
        let part = py::strip_chars(part.as_ref(), " ,:;|·•-–—*/");
        if let Some(last) = names.last_mut() {
            if last.contains(' ') {
                if names_a_role(part) {
                    continue;
                }
                if is_degree(part) && !py::is_upper(last) {
                    last.push_str(", ");
                    last.push_str(part);
                    continue;
                }
                if !part.contains(' ') {
                    continue;
                }
            }
        }
        if is_name(part) && !is_role(part) && !names.iter().any(|name| name == part) {
            names.push(part.to_owned());
        }
    }
    names.truncate(MOST);
    names
}

fn is_degree(part: &str) -> bool {
    part.starts_with(|c: char| c.is_ascii_uppercase())
        && rx!(DEGREE).is_match(part)
        && !AGENCIES.contains(&&*part.to_uppercase())
}

/// Whether a line is 'by' and one word: a byline only right below a title.
pub fn is_short_byline(text: &str) -> bool {
    by(text).is_some_and(|found| py::words(&text[found.end..]).count() == 1) && !names_in(text).is_empty()
}

/// Whether a short text by itself is a byline: 'By Jane Roe', 'Von Jana Roh, 3. Mai 2021'.
pub fn is_byline(text: &str) -> bool {
    if text.len() > 4 * (LONGEST + 40) || py::len(text) > LONGEST + 40 {
        return false;
    }
    let Some(found) = by(text) else { return false };
    let rest = py::strip(&text[found.end..]);
    let Some(first) = rest.chars().next() else { return false };
    if !(first.is_uppercase() || !first.is_ascii()) || goes_on(rest) {
        return false;
    }
    let names = names_in(text);
    !names.is_empty() && (found.has_verb || names.iter().any(|name| is_full_name(name)))
}

/// 'Published by Quay Horse and released in May' is a sentence; 'by Ana and de la Paz' is none.
fn goes_on(rest: &str) -> bool {
    let mut after_and = false;
    let mut words = py::words(rest).enumerate().peekable();
    while let Some((n, word)) = words.next() {
        let is_small = word.chars().next().is_some_and(|c| matches!(c, 'a'..='z' | 'ß'..='ö' | 'ø'..='ÿ'));
        let begins_a_name = words.peek().is_some()
            && matches!(
                word,
                "von" | "van" | "de" | "del" | "di" | "da" | "dos" | "du" | "le" | "la" | "el" | "al" | "bin" | "ibn"
                    | "ben" | "zu"
            );
        if after_and && is_small && !begins_a_name {
            return true;
        }
        after_and = n > 0 && is_and(word);
    }
    false
}

/// Whether a text can be what somebody is called: a name, a login, an editorial team.
pub fn is_name(text: &str) -> bool {
    text.len() <= 4 * LONGEST && is_name_of(text, &folded(text))
}

fn is_name_of(text: &str, low: &str) -> bool {
    if !(2..=LONGEST).contains(&py::len(text)) {
        return false;
    }
    if !text.chars().next().is_some_and(py::is_alnum) || text.contains("://") || !text.chars().any(py::is_alpha) {
        return false;
    }
    let (mut count, mut small) = (0, 0);
    for word in py::words(text) {
        count += 1;
        let lower = word.chars().next().is_some_and(py::is_small);
        small += (lower && !is_particle(&py::lower(word))) as usize;
    }
    if count > MOST_WORDS || (count > 2 && ends_a_sentence(text)) {
        return false;
    }
    if !(small == 0 || (small == 1 && count <= MOST_MIXED) || (small == count && count <= MOST_SMALL)) {
        return false;
    }
    !is_no_name(low) && !is_date(text)
}

/// Whether a text ends in a full stop or the like that is not behind an initial.
fn ends_a_sentence(text: &str) -> bool {
    let Some(before) = text.strip_suffix(['.', '!', '?', '…']) else { return false };
    let last_two = before.char_indices().rev().nth(1).map_or(before, |(at, _)| &before[at..]);
    !py::is_upper(last_two)
}

fn is_no_name(low: &str) -> bool {
    let low = low.strip_suffix('\n').unwrap_or(low);
    any_case!(NO_NAME).is_match(low) && !low.contains('\n')
}

/// Whether a text is a name of two to five words, each but the particles with a capital.
pub fn is_full_name(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    if !py::is_alpha(first) || py::is_small(first) || text.len() > 4 * LONGEST {
        return false;
    }
    let mut count = 0;
    for word in py::words(text) {
        count += 1;
        if word.chars().next().is_some_and(py::is_small) && !is_particle(word) {
            return false;
        }
    }
    if (first.is_ascii() && !(2..=5).contains(&count)) || text.chars().any(py::is_digit) {
        return false;
    }
    let low = folded(text);
    is_name_of(text, &low) && !is_role_of(&low)
}

/// Whether a text is what somebody is, and no name: 'Staff Writer', 'Redaktion'.
pub fn is_role(text: &str) -> bool {
    is_role_of(&folded(text))
}

fn is_role_of(low: &str) -> bool {
    any_case!(format!(r"^[ ,.&/-]*(?:{ROLE}(?:[ ,.&/-]+|$))*$")).is_match(low)
}

/// Whether a text has a word of what somebody is.
pub fn names_a_role(text: &str) -> bool {
    any_case!(format!(r"(?:^|\W){ROLE}(?:\W|$)")).is_match(&folded(text))
}

/// Whether a text announces somebody who had another part in it: 'Fact-checked by', 'Photos:'.
pub fn is_credit(text: &str) -> bool {
    let text = py::strip(text);
    if text.is_empty() {
        return false;
    }
    any_case!(CREDIT).is_match(&folded(text))
}

/// Whether a name is what somebody signs in with: 'admin', 'jroe', 'jane.roe'.
pub fn is_login(text: &str) -> bool {
    (!text.contains(' ') && text.chars().next().is_some_and(py::is_small)) || text.contains('_') || is_admin(text)
}

/// Whether a name is one that generators put where a person's belongs.
pub fn is_admin(text: &str) -> bool {
    any_case!(ADMIN).is_match(&folded(text))
}

/// Whether all words are months, weekdays and numbers.
fn is_date(text: &str) -> bool {
    py::words(text).all(|word| {
        let word = fold(word);
        let word = py::strip_chars(&word, ".,");
        (!word.is_empty() && word.chars().all(py::is_digit)) || names_day_or_month(word)
    })
}
