//! Dates in the machine's form: ISO 8601, and seconds or milliseconds since 1970.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, TimeZone};

use crate::py;
use crate::types::Moment;

/// The years that a page's dates are of.
pub fn is_year(year: i32) -> bool {
    (1800..2101).contains(&year)
}

/// ISO 8601, or seconds or milliseconds since 1970.
pub fn machine_written(text: &str) -> Option<Moment> {
    let bytes = text.as_bytes();
    if !bytes.first()?.is_ascii_digit() {
        return None;
    }
    if let Some(date) = date_size(bytes) {
        return iso(bytes, date).filter(|found| is_year(found.year()));
    }
    since_1970(text)
}

/// How many bytes a date like 2021-06-28 or 20210628 takes, where nothing follows it but a time.
fn date_size(text: &[u8]) -> Option<usize> {
    let sizes = if text.get(4) == Some(&b'-') { [(0, 4), (5, 7), (8, 10)] } else { [(0, 4), (4, 6), (6, 8)] };
    let all_digits =
        sizes.iter().all(|&(from, to)| text.get(from..to).is_some_and(|d| d.iter().all(u8::is_ascii_digit)));
    let size = sizes[2].1;
    if !all_digits || (size == 10 && text[7] != b'-') {
        return None;
    }
    match text.get(size) {
        None => Some(size),
        Some(b'T' | b' ') => (!text[size..].contains(&b'\n')).then_some(size),
        Some(_) => None,
    }
}

fn number(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |sum, d| 10 * sum + u32::from(d - b'0'))
}

/// What Python's `datetime.fromisoformat` (3.11) reads, UTC where no zone is named.
fn iso(text: &[u8], date: usize) -> Option<Moment> {
    let year = number(&text[..4]) as i32;
    let (month, day) = if date == 10 { (&text[5..7], &text[8..10]) } else { (&text[4..6], &text[6..8]) };
    let day = NaiveDate::from_ymd_opt(year, number(month), number(day))?;
    let (mut parts, mut offset) = ([0; 4], 0);
    if text.len() > date {
        (parts, offset) = time(&text[date + 1..])?;
    }
    let [hour, minute, second, micro] = parts;
    let local = day.and_hms_micro_opt(hour, minute, second, micro)?;
    FixedOffset::east_opt(offset)?.from_local_datetime(&local).single()
}

/// The parts of a time, and its zone's seconds before UTC's clock.
fn time(text: &[u8]) -> Option<([u32; 4], i32)> {
    let zone = text.iter().position(|b| matches!(b, b'+' | b'-' | b'Z')).unwrap_or(text.len());
    let (parts, more) = parts(text, zone)?;
    match text.get(zone) {
        None => (!more).then_some((parts, 0)),
        Some(b'Z') => (text.len() == zone + 1).then_some((parts, 0)),
        Some(sign) => {
            let its = &text[zone + 1..];
            let ([hours, minutes, seconds, _], more) = self::parts(its, its.len())?;
            let offset = (3600 * hours + 60 * minutes + seconds) as i32;
            let offset = if *sign == b'-' { -offset } else { offset };
            (!more).then_some((parts, offset))
        }
    }
}

/// Hours, minutes, seconds and microseconds of a text up to an end, and whether more follows. It looks beyond the end
/// where Python does, which takes '103+02:00' so.
fn parts(text: &[u8], end: usize) -> Option<([u32; 4], bool)> {
    let at = |n: usize| text.get(n).copied().unwrap_or(0);
    let mut found = [0; 4];
    let mut n = 0;
    let mut parted = true;
    for place in 0..3 {
        found[place] = two(at(n), at(n + 1))?;
        let next = at(n + 2);
        n += 3;
        if place == 0 {
            parted = next == b':';
        }
        if n >= end {
            return Some((found, next != 0));
        }
        if parted && next == b':' {
            continue;
        }
        if matches!(next, b'.' | b',') {
            break;
        }
        if parted {
            return None;
        }
        n -= 1;
    }
    let many = (end - n).min(6);
    for place in 0..many {
        let digit = at(n + place);
        if !digit.is_ascii_digit() {
            return None;
        }
        found[3] = 10 * found[3] + u32::from(digit - b'0');
    }
    found[3] *= 10u32.pow(6 - many as u32);
    n += many;
    while at(n).is_ascii_digit() {
        n += 1;
    }
    Some((found, at(n) != 0))
}

fn two(first: u8, second: u8) -> Option<u32> {
    (first.is_ascii_digit() && second.is_ascii_digit()).then(|| number(&[first, second]))
}

fn since_1970(text: &str) -> Option<Moment> {
    if !text.starts_with(['1', '2']) || text.len() < 10 {
        return None;
    }
    let mut count = 0;
    let mut value = 0i64;
    for c in text.chars() {
        value = value.checked_mul(10)?.checked_add(i64::from(py::digit(c)?))?;
        count += 1;
    }
    let milliseconds = match count {
        10 => 1000 * value,
        13 => value,
        _ => return None,
    };
    Some(DateTime::from_timestamp_millis(milliseconds)?.fixed_offset())
}
