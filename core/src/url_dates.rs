//! The day in an address: /2021/10/20/, /2021/oct/20/, /20211020-, 29-10-2021.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveTime};
use regex::Captures;

use crate::dates::parse_date;
use crate::types::Moment;
use crate::{py, rx};

const NAMED_MONTH: &str = r"/((?:19|20)\d\d)/([^\W\d_]{3,9})/(\d\d?)(?:\D|$)";
const YEAR_FIRST: &str = concat!(
    r"(?:^|\D)((?:19|20)\d\d)(?:/(\d\d?)/(\d\d?)|_(\d\d?)_(\d\d?)|-(\d\d?)-(\d\d?)|",
    r"(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]))(?:\D|$)",
);
const DAY_FIRST: &str = r"(?:^|\D)(0?[1-9]|[12]\d|3[01])[._-](0?[1-9]|1[0-2])[._-]((?:19|20)\d\d)(?:\D|$)";

/// The day in an address.
pub fn date_in_url(url: &str) -> Option<Moment> {
    let path = unquoted(path_of(url));
    if !path.contains("19") && !path.contains("20") {
        return None;
    }
    if let Some(found) = rx!(NAMED_MONTH).captures(&path) {
        return parse_date(&format!("{} {} {}", &found[3], &found[2], &found[1]), &[], None);
    }
    let (year, month, day) = match rx!(YEAR_FIRST).captures(&path) {
        Some(found) => (number(&found, &[1]), number(&found, &[2, 4, 6, 8]), number(&found, &[3, 5, 7, 9])),
        None => {
            let found = rx!(DAY_FIRST).captures(&path)?;
            (number(&found, &[3]), number(&found, &[2]), number(&found, &[1]))
        }
    };
    Some(NaiveDate::from_ymd_opt(year as i32, month, day)?.and_time(NaiveTime::MIN).and_utc().fixed_offset())
}

/// The number in the one of these groups that is of the match.
fn number(found: &Captures<'_>, groups: &[usize]) -> u32 {
    let digits = groups.iter().find_map(|&group| found.get(group)).map_or("", |digits| digits.as_str());
    digits.chars().filter_map(py::digit).fold(0, |sum, digit| 10 * sum + digit)
}

/// A URL's path: what stands after scheme and host, before query and fragment.
fn path_of(url: &str) -> &str {
    let mut rest = url.trim_start_matches(|c| c <= ' ');
    let is_of_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    if let Some((scheme, after)) = rest.split_once(':') {
        if scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(is_of_scheme) {
            rest = after;
        }
    }
    if let Some(host) = rest.strip_prefix("//") {
        rest = host.find(['/', '?', '#']).map_or("", |at| &host[at..]);
    }
    rest.find(['?', '#']).map_or(rest, |at| &rest[..at])
}

/// A text without percent signs for its characters.
fn unquoted(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let hex = |b: Option<&u8>| b.and_then(|&b| (b as char).to_digit(16));
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match (byte, hex(bytes.get(at + 1)), hex(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                out.push((16 * high + low) as u8);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&out).into_owned())
}
