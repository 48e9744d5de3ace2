//! Dates as pages write them, in any language, to points in time.
//!
//! Nearly all are one of a few shapes, whose words are looked up in `date_words`. What those tables do not hold
//! literally ("vor einer Stunde") is asked of the host, which takes a thousand times longer.

use std::cell::{Cell, RefCell};

use chrono::{Datelike, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Timelike};
use crate::hash::Map;

use crate::date_words::{tables_for, Tables};
use crate::folding::{fold, tokens, Token};
use crate::host::{ask, Question};
use crate::iso_dates::{is_year, machine_written};
use crate::memo::TEXTS;
use crate::time_of_day::{cut_time, Clock};
use crate::types::Moment;
use crate::{date_digits, jalali, named_dates, py, relative_dates};

/// A byline with a date in it is shorter; what is longer is prose.
const LONGEST: usize = 200;

/// What stops the reading of a text: a number or a day beyond what there is.
pub struct Impossible;

pub type Read = Result<Option<Moment>, Impossible>;

/// What a date is read from.
pub struct Asked<'t> {
    /// As it is written.
    pub text: &'t str,
    /// Folded, without the time of day.
    pub rest: &'t str,
    pub tokens: &'t [Token<'t>],
    pub at: Option<Clock>,
    pub tables: &'t Tables,
    pub base: Option<Moment>,
}

/// The answers known for a text: for which tables and from when it was read.
type Answers = Vec<(u32, Option<Moment>, Option<Moment>)>;

thread_local! {
    static KNOWN: RefCell<Map<String, Answers>> = RefCell::default();
    /// The year now, asked for once and again when the answers are forgotten.
    static YEAR: Cell<Option<i32>> = const { Cell::new(None) };
}

/// The first date in a text, with its zone: UTC is assumed where it names none, midnight where it names no time.
///
/// `languages` are BCP 47 codes, the likeliest first; the first one's region decides what 6/7/2021 means. `base` is
/// the time of reading, with its zone: what "3 hours ago", "yesterday" and a date without a year are counted from;
/// without it these are None. A month or year without its day is None. Texts over 200 characters are not looked at.
pub fn parse_date(text: &str, languages: &[&str], base: Option<Moment>) -> Option<Moment> {
    let text = py::strip(text);
    if text.len() < 3 || text.len() > 4 * LONGEST || (base.is_none() && !has_digit(text)) {
        return None;
    }
    if !(3..=LONGEST).contains(&py::len(text)) {
        return None;
    }
    if let Some(exact) = machine_written(text) {
        return Some(exact);
    }
    let tables = tables_for(languages);
    let known = KNOWN.with(|known| {
        let known = known.borrow();
        known.get(text)?.iter().find(|(id, from, _)| *id == tables.id && *from == base).map(|(.., found)| *found)
    });
    if let Some(found) = known {
        return found;
    }
    let found = read(text, &tables, base).unwrap_or(None);
    KNOWN.with(|known| {
        let mut known = known.borrow_mut();
        if known.len() >= TEXTS {
            known.clear();
            YEAR.set(None);
        }
        let answers = known.entry(text.to_owned()).or_default();
        // A text stands on pages of many languages and times.
        if answers.len() >= 16 {
            answers.clear();
        }
        answers.push((tables.id, base, found));
    });
    found
}

/// Whether a text may have a digit when it is folded: '①' and '㋀' have one too.
fn has_digit(text: &str) -> bool {
    if text.is_ascii() {
        return text.bytes().any(|b| b.is_ascii_digit());
    }
    text.chars().any(|c| c.is_numeric() || matches!(c, '\u{3200}'..='\u{33ff}' | '\u{1f100}'..='\u{1f2ff}'))
}

/// A time that the head gives in UTC, in the page's own zone, where the page shows the day before or after it.
///
/// `by_day`: a day alone tells the zone; else the minute has to agree as well.
pub fn in_zone_of(claimed: Moment, shown: Moment, by_day: bool) -> Moment {
    let day = shown.date_naive();
    if claimed.offset().local_minus_utc() != 0 || claimed.date_naive() == day {
        return claimed;
    }
    let minute = |at: NaiveDateTime| (at.hour(), at.minute());
    let at = minute(shown.naive_local());
    let fits = |quarters: i32| {
        let zone = FixedOffset::east_opt(900 * quarters)?;
        let local = claimed.naive_utc().checked_add_offset(zone)?;
        let agrees = local.date() == day && (minute(local) == at || (by_day && at == (0, 0)));
        agrees.then(|| claimed.with_timezone(&zone))
    };
    // The hours that the world's clocks differ from UTC by, the nearest first, then those with quarters.
    let hours = (0..=14).flat_map(|n| [-4 * n, 4 * n]);
    let quarters = (1..=55).filter(|n| n % 4 > 0).flat_map(|n| [-n, n]);
    hours.chain(quarters).filter(|n| (-48..57).contains(n)).find_map(fits).unwrap_or(claimed)
}

fn read(text: &str, tables: &Tables, base: Option<Moment>) -> Read {
    let folded = fold(text);
    let cut = cut_time(&folded, tables);
    let (rest, at) = cut.as_ref().map_or((folded.as_str(), None), |(rest, at)| (rest.as_str(), Some(*at)));
    let tokens = tokens(rest);
    let asked = Asked { text, rest, tokens: &tokens, at, tables, base };
    let ways: [fn(&Asked<'_>) -> Read; 6] = [
        relative_dates::counted,
        date_digits::numbered_month,
        named_dates::named_month,
        date_digits::in_digits,
        relative_dates::named_day,
        relative_dates::left_over,
    ];
    for way in ways {
        if let Some(found) = way(&asked)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// A day at a time; None where there is no such day. Years over 2400 are Buddhist (Thailand).
pub fn day(year: i64, month: i64, day: i64, at: Option<Clock>) -> Option<Moment> {
    let year = if (2401..2644).contains(&year) { year - 543 } else { year };
    let year = i32::try_from(year).ok().filter(|&year| is_year(year))?;
    let date = NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)?;
    at.unwrap_or(Clock::MIDNIGHT).on(date)
}

/// A day of the solar Hijri calendar.
pub fn jalali_day(year: i64, month: i64, its_day: i64, at: Option<Clock>) -> Option<Moment> {
    let found = jalali::gregorian(year, month, its_day)?;
    day(i64::from(found.year()), i64::from(found.month()), i64::from(found.day()), at)
}

/// The last such day up to a day after `base`: where the page was written, the day may have begun before ours.
pub fn latest(month: i64, its_day: i64, at: Option<Clock>, base: Option<Moment>) -> Read {
    let Some(base) = base else { return Ok(None) };
    let year = i64::from(base.year());
    for year in [year + 1, year, year - 1] {
        if let Some(found) = day(year, month, its_day, at) {
            if found <= moved(base, TimeDelta::days(1))? {
                return Ok(Some(found));
            }
        }
    }
    Ok(None)
}

/// A year of two digits is in this century up to the year after `base`, else in the last.
pub fn full_year(digits: i64, len: usize, base: Option<Moment>) -> i64 {
    if len != 2 {
        return digits;
    }
    let year = 2000 + digits;
    let now = base.map_or_else(this_year, |base| base.year());
    if year <= i64::from(now) + 1 {
        year
    } else {
        year - 100
    }
}

fn this_year() -> i32 {
    YEAR.get().unwrap_or_else(|| {
        let year = ask(Question::Year, "").parse().unwrap_or(2026);
        YEAR.set(Some(year));
        year
    })
}

/// A moment so much later; the calendar ends with the years 1 and 9999.
pub fn moved(at: Moment, by: TimeDelta) -> Result<Moment, Impossible> {
    let local = at.naive_local().checked_add_signed(by).filter(|local| (1..=9999).contains(&local.year()));
    local.and_then(|local| at.offset().from_local_datetime(&local).single()).ok_or(Impossible)
}
