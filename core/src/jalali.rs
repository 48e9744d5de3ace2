//! The solar Hijri calendar, which pages of Iran and Afghanistan use: ۷ تیر ۱۴۰۰ is 28 June 2021.

use chrono::{Days, NaiveDate};

/// The number of a month by its folded name.
pub fn month(name: &str) -> Option<i64> {
    Some(match name {
        "فروردین" => 1,
        "اردیبهشت" => 2,
        "خرداد" => 3,
        "تیر" => 4,
        "مرداد" => 5,
        "شهریور" => 6,
        "مهر" => 7,
        "ابان" => 8,
        "اذر" => 9,
        "دی" => 10,
        "بهمن" => 11,
        "اسفند" => 12,
        _ => return None,
    })
}

/// Whether a year is one of this calendar's.
pub fn is_year(year: i64) -> bool {
    (1250..1500).contains(&year)
}

/// The day in the Gregorian calendar; None where there is no such day.
///
/// The year begins at the spring equinox in Tehran. The rule of 33-year cycles with 8 leap years gives that day
/// right for 1178 to 1633 (Birashk's table and this rule part outside of it).
pub fn gregorian(year: i64, month: i64, day: i64) -> Option<NaiveDate> {
    let longest = if month <= 6 { 31 } else { 30 };
    if !is_year(year) || !(1..=12).contains(&month) || !(1..=longest).contains(&day) {
        return None;
    }
    // Leap days before this year, counted so that 1 Farvardin 1400 is 21 March 2021.
    let days = 365 * (year - 1400) + (8 * year + 21) / 33 - (8 * 1400 + 21) / 33;
    let before = if month <= 7 { 31 * (month - 1) } else { 186 + 30 * (month - 7) };
    let days = days + before + day - 1;
    let first = NaiveDate::from_ymd_opt(2021, 3, 21)?;
    if days < 0 {
        first.checked_sub_days(Days::new(days.unsigned_abs()))
    } else {
        first.checked_add_days(Days::new(days.unsigned_abs()))
    }
}
