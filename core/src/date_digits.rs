//! Dates written in digits alone, and those of languages that number their months.

use crate::date_words::Order;
use crate::dates::{day, full_year, jalali_day, latest, Asked, Read};
use crate::{jalali, py, rx};

/// 2021年6月28日, 2021년 6월 28일, both also without the year; 28 tháng 6, 2021.
pub fn numbered_month(asked: &Asked<'_>) -> Read {
    let rest = asked.rest;
    if !rest.is_ascii() && rest.contains(['月', '월']) {
        let east = rx!(r"(?:(\d{4})\s*[年년]\s*(\d{1,2})|(?:^|\D)(\d{1,2}))\s*[月월]\s*(\d{1,2})\s*[日일]");
        if let Some(found) = east.captures(rest) {
            let number = |group| found.get(group).map(|digits| number(digits.as_str()));
            let its_day = number(4).unwrap_or(0);
            return match number(1) {
                Some(year) => Ok(day(year, number(2).unwrap_or(0), its_day, asked.at)),
                None => latest(number(3).unwrap_or(0), its_day, asked.at, asked.base),
            };
        }
    }
    if rest.contains("thang") || rest.contains("thg") {
        let southeast = rx!(r"(?:^|\D)(\d{1,2})\s*(?:thang|thg)\s*(\d{1,2})[\s,]*(?:nam\s*)?(\d{4})");
        if let Some(found) = southeast.captures(rest) {
            return Ok(day(number(&found[3]), number(&found[2]), number(&found[1]), asked.at));
        }
    }
    Ok(None)
}

/// The number of a few digits.
fn number(digits: &str) -> i64 {
    digits.chars().filter_map(py::digit).fold(0, |sum, digit| 10 * sum + i64::from(digit))
}

/// A number as it is written.
#[derive(Clone, Copy)]
struct Digits {
    value: i64,
    len: usize,
    start: usize,
    end: usize,
}

/// 2021-06-28, 28.06.2021, 6/28/21, 1400/04/07.
pub fn in_digits(asked: &Asked<'_>) -> Read {
    let (rest, at, base) = (asked.rest, asked.at, asked.base);
    if !rest.contains(['-', '/', '.']) {
        return Ok(None);
    }
    let runs = runs(rest);
    let triples = || runs.windows(3).filter_map(|three| Some((separator(rest, three)?, three)));
    let after = |three: &[Digits]| &rest[three[2].end..];
    let is_digit_at = |text: &str, at: usize| text.get(at..).and_then(|t| t.chars().next()).is_some_and(py::is_decimal);
    let year_first = triples().find(|(_, three)| {
        let after = after(three);
        three[0].len == 4
            && three[1].len <= 2
            && three[2].len <= 2
            && !(after.starts_with('.') && is_digit_at(after, 1))
    });
    if let Some((_, three)) = year_first {
        let [year, month, its_day] = [three[0].value, three[1].value, three[2].value];
        let read = if jalali::is_year(year) { jalali_day } else { day };
        return Ok(read(year, month, its_day, at));
    }
    let year_last = triples().find(|(_, three)| {
        let after = after(three);
        let before = &rest[..three[0].start];
        three[0].len <= 2
            && three[1].len <= 2
            && matches!(three[2].len, 2 | 4)
            && !before.ends_with(['.', 'v'])
            && !after.starts_with(['%', '_'])
            && !(after.starts_with('.') && is_digit_at(after, 1))
    });
    let Some((separator, three)) = year_last else { return Ok(None) };
    let [first, second, last] = [three[0], three[1], three[2]];
    let order = asked.tables.order;
    if order == Order::YearFirst && last.len == 2 {
        let found = day(full_year(first.value, first.len, base), second.value, last.value, at);
        if found.is_some() {
            return Ok(found);
        }
    }
    let mut month_first = order == Order::MonthFirst && separator != '.';
    if second.value > 12 || first.value > 12 {
        month_first = second.value > 12;
    }
    let (its_day, month) = if month_first { (second.value, first.value) } else { (first.value, second.value) };
    Ok(day(full_year(last.value, last.len, base), month, its_day, at))
}

/// The numbers in a text.
fn runs(text: &str) -> Vec<Digits> {
    let mut found: Vec<Digits> = Vec::with_capacity(8);
    for (start, c) in text.char_indices() {
        let Some(digit) = py::digit(c) else { continue };
        let (digit, end) = (i64::from(digit), start + c.len_utf8());
        match found.last_mut() {
            Some(last) if last.end == start => {
                last.value = last.value.saturating_mul(10).saturating_add(digit);
                last.len += 1;
                last.end = end;
            }
            _ => found.push(Digits { value: digit, len: 1, start, end }),
        }
    }
    found
}

/// The one character that parts three numbers, with one white space at most on either side of it.
fn separator(text: &str, three: &[Digits]) -> Option<char> {
    let between = |a: Digits, b: Digits| {
        let gap = &text[a.end..b.start];
        let at = gap.find(['-', '/', '.'])?;
        let few = |side: &str| {
            let mut chars = side.chars();
            chars.next().is_none_or(py::is_space) && chars.next().is_none()
        };
        (few(&gap[..at]) && few(&gap[at + 1..])).then(|| gap.as_bytes()[at] as char)
    };
    let found = between(three[0], three[1])?;
    (between(three[1], three[2])? == found).then_some(found)
}
