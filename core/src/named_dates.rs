//! Dates with the name of their month.

use crate::dates::{day, full_year, jalali_day, latest, Asked, Impossible, Read};
use crate::folding::Token;
use crate::jalali;
use crate::time_of_day::Clock;
use crate::types::Moment;

/// 'May 3' in a longer text is a sentence's, not a date's.
const MOST_WORDS: usize = 7;

/// Between a day and its month, or a month and its year: "9 de mayo de 2021", "9th of May".
pub fn is_filler(word: &str) -> bool {
    matches!(
        word,
        "de" | "del" | "d" | "di" | "da" | "of" | "the" | "st" | "nd" | "rd" | "th" | "o" | "er" | "eme" | "e" | "a"
            | "an" | "den" | "der" | "η" | "m" | "g" | "gada" | "la"
    )
}

/// 28 June 2021, June 28th, 2021, 2021. june 28., 2021. gada 28. jūnijs, 28 Jun.
pub fn named_month(asked: &Asked<'_>) -> Read {
    let Asked { tokens, at, tables, base, .. } = *asked;
    if !tokens.iter().any(|t| t.is_digits) {
        return Ok(None);
    }
    let words: Vec<Token<'_>> = tokens.iter().filter(|t| t.is_digits || !is_filler(t.text)).copied().collect();
    let get = |n: usize| words.get(n).copied().unwrap_or(Token::NONE);
    for (n, token) in words.iter().enumerate() {
        let before = if n > 0 { get(n - 1) } else { Token::NONE };
        let after = get(n + 1);
        if token.is_digits || !(before.is_digits || after.is_digits) {
            continue;
        }
        let found = match jalali::month(token.text) {
            Some(month) if before.is_digits && after.is_digits => {
                jalali_day(int(after)?, month, int(before)?, at)
            }
            _ => {
                let own = tables.own_month(token.text);
                let Some(month) = own.or_else(|| tables.everyday().word(token.text).month) else { continue };
                let first = if n > 1 { get(n - 2) } else { Token::NONE };
                let found = around_month(month, [first, before, after, get(n + 2), get(n + 3)], at)?;
                if found.is_none() && own.is_some() && tokens.len() <= MOST_WORDS {
                    incomplete(month, before, after, at, base)?
                } else {
                    found
                }
            }
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// The date of a month's name and the two words before it and three after it.
fn around_month(month: i64, around: [Token<'_>; 5], at: Option<Clock>) -> Read {
    let [first, before, after, second, third] = around;
    if is_day(after)? {
        if is_year(second) {
            return Ok(day(int(second)?, month, int(after)?, at));
        }
        // October 7-8, 2026
        if is_day(second)? && is_year(third) {
            return Ok(day(int(third)?, month, int(after)?, at));
        }
    }
    if is_day(before)? && is_year(after) {
        return Ok(day(int(after)?, month, int(before)?, at));
    }
    if is_year(before) && is_day(after)? {
        return Ok(day(int(before)?, month, int(after)?, at));
    }
    if is_year(first) && is_day(before)? {
        return Ok(day(int(first)?, month, int(before)?, at));
    }
    Ok(None)
}

/// A day and month without the year, or with two digits of it.
fn incomplete(
    month: i64,
    before: Token<'_>,
    after: Token<'_>,
    at: Option<Clock>,
    base: Option<Moment>,
) -> Read {
    let is_before = is_day(before)?;
    if is_before && after.is_digits && after.len == 2 {
        return Ok(day(full_year(int(after)?, 2, base), month, int(before)?, at));
    }
    if is_before || is_day(after)? {
        return latest(month, int(if is_before { before } else { after })?, at, base);
    }
    Ok(None)
}

/// The number that digits are; not all that look like digits are of one.
pub fn int(token: Token<'_>) -> Result<i64, Impossible> {
    token.value.ok_or(Impossible)
}

fn is_day(token: Token<'_>) -> Result<bool, Impossible> {
    Ok(token.is_digits && token.len <= 2 && (1..=31).contains(&int(token)?))
}

fn is_year(token: Token<'_>) -> bool {
    token.is_digits && token.len == 4
}
