//! Dates that are counted from the time of reading: '3 hours ago', 'yesterday', 'Sunday at 7:23 PM'.

use chrono::{Datelike, Days, NaiveDate, TimeDelta, TimeZone};

use crate::dates::{moved, Asked, Impossible, Read};
use crate::date_words::{Tables, Unit};
use crate::folding::Token;
use crate::host::{ask, Question};
use crate::memo;
use crate::memo::TEXTS;
use crate::named_dates::{int, is_filler};
use crate::py;
use crate::time_of_day::Clock;
use crate::types::Moment;

/// The host's time grows with the text, and what is left to it is short.
const LONGEST_LEFT_OVER: usize = 50;

/// Around words like 'yesterday'.
fn is_link(word: &str) -> bool {
    is_filler(word)
        || matches!(
            word,
            "at" | "um" | "klo" | "kl" | "alle" | "om" | "on" | "am" | "as" | "στισ" | "v" | "ob" | "u" | "i" | "las"
                | "les"
        )
}

/// 3 hours ago, πριν από 2 ώρες, 3小时前; also 1 year, 2 months ago.
pub fn counted(asked: &Asked<'_>) -> Read {
    let Asked { tokens, tables, .. } = *asked;
    let Some(base) = asked.base else { return Ok(None) };
    if !tokens.iter().any(|t| t.is_digits && t.len <= 4) || !tokens.iter().any(|t| tables.counts(t.text)) {
        return Ok(None);
    }
    let mut phrase = String::new();
    for (n, token) in tokens.iter().enumerate() {
        if !token.is_digits || token.len > 4 {
            continue;
        }
        // The longest phrase first; the tables have up to three words on either side of the number.
        for start in n.saturating_sub(3)..=n {
            for end in (n + 1..=tokens.len().min(n + 5)).rev() {
                phrase.clear();
                tokens[start..n].iter().for_each(|t| {
                    phrase.push_str(t.text);
                    phrase.push(' ');
                });
                phrase.push('#');
                let ending = phrase.len() + 1;
                tokens[n + 1..end].iter().for_each(|t| {
                    phrase.push(' ');
                    phrase.push_str(t.text);
                });
                if let Some((unit, count)) = tables.relative(&phrase) {
                    let found = shift(base, unit, int(*token)?.saturating_mul(count))?;
                    let ending = phrase.get(ending..).unwrap_or("");
                    return with_larger_unit(&tokens[..start], ending, found, tables).map(Some);
                }
            }
        }
    }
    Ok(None)
}

/// Also counts the '1 year' of '1 year, 2 months ago'.
fn with_larger_unit(before: &[Token<'_>], ending: &str, found: Moment, tables: &Tables) -> Result<Moment, Impossible> {
    if let [.., number, word] = before {
        if number.is_digits {
            let rest = ending.split_once(' ').map_or("", |(_, rest)| rest);
            if let Some((unit, count)) = tables.relative(&format!("# {} {rest}", word.text)) {
                return shift(found, unit, int(*number)?.saturating_mul(count));
            }
        }
    }
    Ok(found)
}

/// A moment so many units later.
fn shift(base: Moment, unit: Unit, count: i64) -> Result<Moment, Impossible> {
    let seconds = match unit {
        Unit::Month | Unit::Year => {
            let months = if unit == Unit::Year { count.saturating_mul(12) } else { count };
            let months = months.saturating_add(i64::from(base.year()) * 12 + i64::from(base.month()) - 1);
            let (year, month) = (months.div_euclid(12), months.rem_euclid(12) as u32 + 1);
            let year = i32::try_from(year).ok().filter(|year| (1..=9999).contains(year)).ok_or(Impossible)?;
            let day = (1..=base.day()).rev().find_map(|day| NaiveDate::from_ymd_opt(year, month, day));
            let local = day.ok_or(Impossible)?.and_time(base.time());
            return base.offset().from_local_datetime(&local).single().ok_or(Impossible);
        }
        Unit::Second => 1,
        Unit::Minute => 60,
        Unit::Hour => 3600,
        Unit::Day => 86_400,
        Unit::Week => 604_800,
    };
    let by = TimeDelta::try_seconds(count.saturating_mul(seconds)).ok_or(Impossible)?;
    moved(base, by)
}

/// Yesterday, today at 10:30, Sunday at 7:23 PM, now.
pub fn named_day(asked: &Asked<'_>) -> Read {
    let Asked { tokens, tables, at, .. } = *asked;
    let Some(base) = asked.base else { return Ok(None) };
    let mut words = tokens.iter().filter(|t| !is_link(t.text)).map(|t| t.text);
    let Some(first) = words.next() else { return Ok(None) };
    let more: Vec<&str> = words.by_ref().take(3).collect();
    if more.len() > 2 {
        return Ok(None);
    }
    let mut meaning = if more.is_empty() {
        tables.relative(first)
    } else {
        tables.relative(&format!("{first} {}", more.join(" ")))
    };
    if meaning.is_none() && at.is_some() {
        meaning = tables.relative(first);
    }
    if let Some((unit, count)) = meaning {
        return match unit {
            Unit::Day => on(moved(base, TimeDelta::days(count))?, 0, at.unwrap_or(Clock::MIDNIGHT)).map(Some),
            Unit::Second | Unit::Minute | Unit::Hour => shift(base, unit, count).map(Some),
            _ => Ok(None),
        };
    }
    let (Some(at), true) = (at, more.is_empty()) else { return Ok(None) };
    let Some(weekday) = tables.weekday(first) else { return Ok(None) };
    let today = i64::from(base.weekday().num_days_from_monday());
    let day = moved(base, TimeDelta::days(-(today - weekday).rem_euclid(7)))?;
    let found = on(day, 0, at)?;
    if found <= moved(base, TimeDelta::hours(14))? {
        return Ok(Some(found));
    }
    on(day, 7, at).map(Some)
}

/// A time so many days before a moment's day.
fn on(moment: Moment, before: u64, at: Clock) -> Result<Moment, Impossible> {
    let day = moment.date_naive().checked_sub_days(Days::new(before)).filter(|day| (1..=9999).contains(&day.year()));
    day.and_then(|day| at.on(day)).ok_or(Impossible)
}

/// What a word like 'ago' marks as a relative date and the tables do not hold: vor einer Stunde.
pub fn left_over(asked: &Asked<'_>) -> Read {
    let Some(base) = asked.base else { return Ok(None) };
    for table in &asked.tables.own {
        if asked.tokens.iter().any(|t| table.word(t.text).marks) {
            if py::len(asked.text) > LONGEST_LEFT_OVER {
                return Ok(None);
            }
            if let Some(passed) = passed(asked.text, &table.code)? {
                let by = TimeDelta::microseconds(-passed);
                return moved(base, by).map(Some);
            }
        }
    }
    Ok(None)
}

/// How many microseconds ago the host says that this is.
fn passed(text: &str, code: &str) -> Result<Option<i64>, Impossible> {
    let asked = serde_json::json!({"text": text, "language": code}).to_string();
    let answer = memo!(TEXTS, asked.as_str(), str => String, ask(Question::LeftOver, &asked));
    match answer.as_str() {
        "" => Ok(None),
        microseconds => microseconds.parse().map(Some).map_err(|_| Impossible),
    }
}
