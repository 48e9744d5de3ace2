//! The time of day in a text, with its zone: 10:30, 3.04 pm, 午後3時4分, 10h30, 17:00:05 +0200, 9 PM ET.

use chrono::{Datelike, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Weekday};

use crate::date_words::{Tables, Words};
use crate::py::{self, is_letter, is_word};
use crate::types::Moment;

/// A zone: seconds before UTC's clock, or America's zones by their hours in winter.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Zone {
    Fixed(i32),
    American(i32),
}

/// A time of day with its zone.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Clock {
    pub time: NaiveTime,
    pub zone: Zone,
}

impl Clock {
    /// What a day has that names no time.
    pub const MIDNIGHT: Clock = Clock { time: NaiveTime::MIN, zone: Zone::Fixed(0) };

    /// This time on a day.
    pub fn on(self, day: NaiveDate) -> Option<Moment> {
        let local = day.and_time(self.time);
        let offset = match self.zone {
            Zone::Fixed(seconds) => seconds,
            Zone::American(hours) => 3600 * (hours + i32::from(is_summer_in_america(local))),
        };
        FixedOffset::east_opt(offset)?.from_local_datetime(&local).single()
    }
}

/// Whether the clocks of the United States show summer time: by the laws since 1967, none before.
fn is_summer_in_america(local: NaiveDateTime) -> bool {
    let year = local.year();
    let sunday = |month, n| NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Sun, n);
    let last = |month, days| {
        let end = NaiveDate::from_ymd_opt(year, month, days)?;
        end.checked_sub_days(Days::new(u64::from(end.weekday().num_days_from_sunday())))
    };
    let (start, end) = match year {
        ..=1966 => return false,
        1974 => (NaiveDate::from_ymd_opt(year, 1, 6), last(10, 31)),
        1975 => (NaiveDate::from_ymd_opt(year, 2, 23), last(10, 31)),
        ..=1986 => (last(4, 30), last(10, 31)),
        ..=2006 => (sunday(4, 1), last(10, 31)),
        _ => (sunday(3, 2), sunday(11, 1)),
    };
    // The hour that is left out in spring is still winter's, the one that comes twice in autumn first summer's.
    let starts = start.and_then(|day| day.and_hms_opt(3, 0, 0));
    let ends = end.and_then(|day| day.and_hms_opt(2, 0, 0));
    starts.is_some_and(|starts| starts <= local) && ends.is_some_and(|ends| local < ends)
}

/// A time as it is written, between two places of the text.
#[derive(Clone, Copy)]
struct Written {
    start: usize,
    end: usize,
    hour: u32,
    minute: u32,
    second: u32,
    /// Only the hour: '5 pm'.
    alone: bool,
}

/// A folded text without its time of day, and that time with its zone (UTC where none is named).
pub fn cut_time(folded: &str, tables: &Tables) -> Option<(String, Clock)> {
    let found = written(folded);
    // An hour alone ('5 pm') only where no minutes stand anywhere: in German 'am' is 'on the'.
    for at in found.iter().filter(|at| !at.alone).chain(found.iter().filter(|at| at.alone)) {
        let (start, end, late) = meridiem(folded, at.start, at.end, tables);
        let hour = match late {
            Some(late) if at.hour <= 12 => at.hour % 12 + 12 * u32::from(late),
            _ => at.hour,
        };
        let Some(time) = NaiveTime::from_hms_opt(hour, at.minute, at.second) else { continue };
        let (zone, end) = zone_at(folded, end).unwrap_or((Zone::Fixed(0), end));
        return Some((format!("{} {}", &folded[..start], &folded[end..]), Clock { time, zone }));
    }
    None
}

/// The digits that a text begins with: their number, and how many; more than four are too many for all uses.
#[inline]
fn digits(text: &str) -> (u32, usize, usize) {
    let (mut value, mut count, mut size) = (0u32, 0, 0);
    for c in text.chars() {
        let Some(digit) = py::digit(c) else { break };
        value = value.wrapping_mul(10).wrapping_add(digit);
        count += 1;
        size += c.len_utf8();
    }
    (value, count, size)
}

/// The bytes of one white space at most that a text begins with.
#[inline]
fn space(text: &str) -> usize {
    text.chars().next().filter(|&c| py::is_space(c)).map_or(0, char::len_utf8)
}

/// The bytes of one of these characters, if the text begins with it.
#[inline]
fn one_of(text: &str, these: &str) -> Option<usize> {
    text.chars().next().filter(|&c| these.contains(c)).map(char::len_utf8)
}

#[inline]
fn is_digit_next(text: &str) -> bool {
    text.chars().next().is_some_and(py::is_decimal)
}

/// Whether a time may end here: before no digit and no colon.
#[inline]
fn ends(text: &str) -> bool {
    !text.starts_with(':') && !is_digit_next(text)
}

/// All times in a text.
fn written(folded: &str) -> Vec<Written> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut before = None;
    while let Some(c) = folded[at..].chars().next() {
        if py::digit(c).is_none() {
            before = Some(c);
            at += c.len_utf8();
            continue;
        }
        let (hour, count, size) = digits(&folded[at..]);
        let free = !before.is_some_and(|c| matches!(c, ':' | '.' | '/' | '-'));
        let time = if free && count <= 2 { time_at(folded, at, hour, size) } else { None };
        at = time.map_or(at + size, |time| time.end);
        before = folded[..at].chars().next_back();
        found.extend(time);
    }
    found
}

/// The time whose hour stands at a place.
fn time_at(folded: &str, start: usize, hour: u32, size: usize) -> Option<Written> {
    let rest = &folded[start + size..];
    let time = |end: usize, minute, second, alone| {
        Some(Written { start, end: start + size + end, hour, minute, second, alone })
    };
    if let Some((end, minute, second)) = minutes(rest) {
        return time(end, minute, second, false);
    }
    // 10h30; klo 10.30
    let told = folded[..start].ends_with("klo ") || folded[..start].ends_with("kl ");
    if rest.starts_with('h') || (told && rest.starts_with('.')) {
        let (minute, count, size) = digits(&rest[1..]);
        let after = &rest[1 + size..];
        if count == 2 && ends(after) && !(rest.starts_with('.') && after.starts_with('.')) {
            return time(1 + size, minute, 0, false);
        }
    }
    let after = &rest[space(rest)..];
    if (after.starts_with("am") || after.starts_with("pm")) && !after[2..].chars().next().is_some_and(is_word) {
        return time(0, 0, 0, true);
    }
    None
}

/// What follows an hour, where that is a sign for it, minutes, and perhaps seconds: its size, and they.
fn minutes(rest: &str) -> Option<(usize, u32, u32)> {
    let mut at = space(rest);
    at += one_of(&rest[at..], ":時时點点시")?;
    at += space(&rest[at..]);
    let (minute, count, size) = digits(&rest[at..]);
    if count == 0 || count > 2 {
        return None;
    }
    at += size;
    let sign = one_of(&rest[at..], "分분").unwrap_or(0);
    let after = at + sign;
    if let Some(seconds) = rest[after..].strip_prefix(':') {
        let (second, count, size) = digits(seconds);
        if count == 2 {
            let end = after + 1 + size;
            if let Some(part) = one_of(&rest[end..], ".,") {
                let (_, count, size) = digits(&rest[end + part..]);
                let end = end + part + size;
                if count > 0 && ends(&rest[end..]) {
                    return Some((end, minute, second));
                }
            }
            if ends(&rest[end..]) {
                return Some((end, minute, second));
            }
        }
    }
    if ends(&rest[after..]) {
        return Some((after, minute, 0));
    }
    // The sign is no part of it then.
    (sign > 0).then_some((at, minute, 0))
}

/// The bounds of a time with its 'pm', and whether it says that; None where it says neither.
fn meridiem(folded: &str, start: usize, end: usize, tables: &Tables) -> (usize, usize, Option<bool>) {
    let from = end + space(&folded[end..]);
    let after = &folded[from..];
    let after = &after[..after.find(|c| !is_letter(c)).unwrap_or(after.len())];
    let before = folded[..start].trim_end_matches(|c| c == ',' || py::is_space(c));
    let before_end = before.len();
    let before = &before
        [before.char_indices().rev().take_while(|(_, c)| is_letter(*c)).last().map_or(before_end, |(at, _)| at)..];
    // Written together with what stands before in Chinese and Japanese, where the word has two letters.
    let last_two = before.char_indices().nth_back(1).map_or(before, |(at, _)| &before[at..]);
    let of = |table: &Words, word: &str| if word.is_empty() { None } else { table.word(word).meridiem };
    for table in &tables.own {
        if let Some(late) = of(table, after) {
            return (start, from + after.len(), Some(late));
        }
        for word in [before, last_two] {
            if let Some(late) = of(table, word) {
                return (before_end - word.len(), end, Some(late));
            }
        }
    }
    (start, end, None)
}

/// The zone named at a place in the text, and where its name ends.
fn zone_at(folded: &str, at: usize) -> Option<(Zone, usize)> {
    let rest = folded[at..].trim_start_matches(|c| c == '(' || py::is_space(c));
    let at = folded.len() - rest.len();
    if let Some((minutes, size)) = offset(rest) {
        if minutes.abs() < 24 * 60 {
            return Some((Zone::Fixed(60 * minutes), at + size));
        }
    }
    let size = rest.bytes().take(5).take_while(u8::is_ascii_lowercase).count();
    if !(1..=4).contains(&size) || rest[size..].chars().next().is_some_and(is_word) {
        return None;
    }
    Some((named_zone(&rest[..size])?, at + size))
}

/// The minutes of '+0200', 'utc+2' or 'gmt -05:30', and its size.
fn offset(text: &str) -> Option<(i32, usize)> {
    let mut rest = text.strip_prefix("utc").or_else(|| text.strip_prefix("gmt")).unwrap_or(text);
    rest = &rest[space(rest)..];
    let sign = match rest.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    rest = &rest[1..];
    let two = |text: &str| -> Option<(i32, usize)> {
        let mut chars = text.chars();
        let (first, second) = (chars.next()?, chars.next()?);
        Some(((10 * py::digit(first)? + py::digit(second)?) as i32, first.len_utf8() + second.len_utf8()))
    };
    let one = rest.chars().next().and_then(|c| Some((py::digit(c)? as i32, c.len_utf8())));
    for (hours, size) in [two(rest), one].into_iter().flatten() {
        let after = &rest[size..];
        let colon = usize::from(after.starts_with(':'));
        for skip in if colon > 0 { &[1, 0][..] } else { &[0][..] } {
            let from = size + skip;
            for (minutes, more) in [two(&rest[from..]), Some((0, 0))].into_iter().flatten() {
                if !is_digit_next(&rest[from + more..]) {
                    return Some((sign * (60 * hours + minutes), text.len() - rest.len() + from + more));
                }
            }
        }
    }
    None
}

/// The zones that pages name by letters; where letters name several, the one with most readers.
fn named_zone(name: &str) -> Option<Zone> {
    let hours = match name {
        "z" | "utc" | "gmt" | "wet" => 0,
        "bst" | "cet" | "mez" | "west" => 1,
        "cest" | "mesz" | "eet" | "sast" => 2,
        "eest" | "msk" | "trt" => 3,
        "ist" => return Some(Zone::Fixed(5 * 3600 + 1800)),
        "wib" => 7,
        "hkt" | "sgt" => 8,
        "jst" | "kst" => 9,
        "aest" => 10,
        "aedt" => 11,
        "nzst" => 12,
        "nzdt" => 13,
        "brt" => -3,
        "edt" => -4,
        "est" | "cdt" => -5,
        "cst" | "mdt" => -6,
        "mst" | "pdt" => -7,
        "pst" => -8,
        "et" => return Some(Zone::American(-5)),
        "ct" => return Some(Zone::American(-6)),
        "mt" => return Some(Zone::American(-7)),
        "pt" => return Some(Zone::American(-8)),
        _ => return None,
    };
    Some(Zone::Fixed(3600 * hours))
}
