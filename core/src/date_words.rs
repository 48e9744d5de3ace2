//! The words of dates, by language: months, weekdays, 'am', '# hours ago'.
//!
//! The host has them, from CLDR: a language's are asked for at its first date, and kept.

use std::cell::RefCell;
use std::rc::Rc;

use crate::hash::Map;
use serde::Deserialize;

use crate::host::{ask, Question};

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// How a language writes a date in digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
pub enum Order {
    #[default]
    #[serde(rename = "DMY")]
    DayFirst,
    #[serde(rename = "MDY")]
    MonthFirst,
    #[serde(rename = "YMD")]
    YearFirst,
}

/// A unit, and how many of it: (hour, -1) of '# hours ago', (day, 0) of 'today'.
pub type Meaning = (Unit, i64);

/// What a word may be.
#[derive(Clone, Copy, Default, Debug)]
pub struct Word {
    /// 1 to 12.
    pub month: Option<i64>,
    /// Monday is 0.
    pub weekday: Option<i64>,
    /// True for the second half of the day.
    pub meridiem: Option<bool>,
    /// Whether it is of a phrase with a number in it: most texts have none.
    pub counts: bool,
    /// What relative dates are known by: 'ago', 'πριν'.
    pub marks: bool,
}

/// The words of one language, folded. Phrases are words joined by a space, a number in them is '#'.
#[derive(Default)]
pub struct Words {
    /// As the host calls the language; empty of everyday words.
    pub code: String,
    order: Order,
    region_orders: Map<String, Order>,
    words: Map<String, Word>,
    /// Only the past: nothing that is published is dated 'in 3 days'.
    relative: Map<String, Meaning>,
}

/// The same as the host gives it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Given {
    order: Order,
    region_orders: Map<String, Order>,
    months: Map<String, i64>,
    weekdays: Map<String, i64>,
    meridiems: Map<String, bool>,
    relative: Map<String, Meaning>,
    counting: Vec<String>,
    markers: Vec<String>,
}

impl Words {
    fn new(code: &str, given: Given) -> Self {
        let mut words: Map<String, Word> = Map::default();
        given.months.into_iter().for_each(|(word, n)| words.entry(word).or_default().month = Some(n));
        given.weekdays.into_iter().for_each(|(word, n)| words.entry(word).or_default().weekday = Some(n));
        given.meridiems.into_iter().for_each(|(word, late)| words.entry(word).or_default().meridiem = Some(late));
        given.counting.into_iter().for_each(|word| words.entry(word).or_default().counts = true);
        given.markers.into_iter().for_each(|word| words.entry(word).or_default().marks = true);
        let Given { order, region_orders, relative, .. } = given;
        Words { code: code.to_owned(), order, region_orders, words, relative }
    }

    /// What a word may be in this language.
    #[inline]
    pub fn word(&self, word: &str) -> Word {
        self.words.get(word).copied().unwrap_or_default()
    }
}

/// Where the words of a text are looked up.
pub struct Tables {
    /// Others have another.
    pub id: u32,
    /// How the first language writes a date in digits, its region's way where it has one: en-GB is DMY, en is MDY.
    pub order: Order,
    /// Of the languages given, then of English.
    pub own: Vec<Rc<Words>>,
    /// Asked when neither the page's languages nor English know a word; where two languages use it for different
    /// months (listopad, lipiec), the one that is used more on the web wins.
    everyday: RefCell<Option<Rc<Words>>>,
}

impl Tables {
    fn new(id: u32, languages: &[&str]) -> Self {
        let mut codes: Vec<String> = Vec::with_capacity(languages.len() + 1);
        for code in languages.iter().map(|language| code_of(language)).chain(std::iter::once("en".to_owned())) {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        let own = codes.iter().filter_map(|code| words_of(code)).collect();
        Tables { id, order: order_for(languages), own, everyday: RefCell::new(None) }
    }

    /// The words of some fifty languages in one table.
    pub fn everyday(&self) -> Rc<Words> {
        self.everyday.borrow_mut().get_or_insert_with(everyday).clone()
    }

    /// What a phrase says of a time before now.
    pub fn relative(&self, phrase: &str) -> Option<Meaning> {
        let own = self.own.iter().find_map(|table| table.relative.get(phrase));
        own.copied().or_else(|| self.everyday().relative.get(phrase).copied())
    }

    /// The month that a word names in the languages given.
    pub fn own_month(&self, word: &str) -> Option<i64> {
        self.own.iter().find_map(|table| table.word(word).month)
    }

    pub fn weekday(&self, word: &str) -> Option<i64> {
        self.own.iter().find_map(|table| table.word(word).weekday)
    }

    /// Whether a word is of a phrase with a number in it.
    pub fn counts(&self, word: &str) -> bool {
        self.own.iter().any(|table| table.word(word).counts) || self.everyday().word(word).counts
    }
}

fn everyday() -> Rc<Words> {
    words("").unwrap_or_default()
}

/// Whether a folded word is a month or a weekday in English or in an everyday language.
pub fn names_day_or_month(word: &str) -> bool {
    let is_one = |table: Rc<Words>| {
        let found = table.word(word);
        found.month.is_some() || found.weekday.is_some()
    };
    words("en").is_some_and(is_one) || is_one(everyday())
}

/// Combinations of languages whose tables are kept at hand.
const MOST_TABLES: usize = 64;

thread_local! {
    static WORDS: RefCell<Map<String, Option<Rc<Words>>>> = RefCell::default();
    /// The last used first.
    static TABLES: RefCell<(u32, Vec<(Vec<String>, Rc<Tables>)>)> = RefCell::default();
}

/// Where to look words up for these languages, BCP 47 codes, the likeliest first.
pub fn tables_for(languages: &[&str]) -> Rc<Tables> {
    TABLES.with(|kept| {
        let mut kept = kept.borrow_mut();
        let (count, tables) = &mut *kept;
        if let Some(at) = tables.iter().position(|(its, _)| its == languages) {
            tables[..=at].rotate_right(1);
        } else {
            *count = count.wrapping_add(1);
            tables.truncate(MOST_TABLES - 1);
            let key = languages.iter().map(|&language| language.to_owned()).collect();
            tables.insert(0, (key, Rc::new(Tables::new(*count, languages))));
        }
        tables[0].1.clone()
    })
}

/// A language's words by its code; None where the host has none.
fn words_of(code: &str) -> Option<Rc<Words>> {
    if is_code(code) {
        words(code)
    } else {
        None
    }
}

/// A language's words by its code, everyday ones by the empty code; None where the host has none.
fn words(code: &str) -> Option<Rc<Words>> {
    WORDS.with(|known| {
        if let Some(found) = known.borrow().get(code) {
            return found.clone();
        }
        let answer = ask(Question::DateWords, &serde_json::json!([code]).to_string());
        let mut given: Map<String, Option<Given>> = serde_json::from_str(&answer).unwrap_or_default();
        let found = given.remove(code).flatten().map(|given| Rc::new(Words::new(code, given)));
        known.borrow_mut().insert(code.to_owned(), found.clone());
        found
    })
}

/// Whether this may be a language's code: 'de', 'zh-Hant'.
fn is_code(code: &str) -> bool {
    let (language, script) = code.split_once('-').map_or((code, None), |(language, script)| (language, Some(script)));
    let is_small = |text: &str| text.bytes().all(|b| b.is_ascii_lowercase());
    matches!(language.len(), 2 | 3)
        && is_small(language)
        && script.is_none_or(|s| s.len() == 4 && s.as_bytes()[0].is_ascii_uppercase() && is_small(&s[1..]))
}

fn order_for(languages: &[&str]) -> Order {
    let Some(first) = languages.first() else { return Order::MonthFirst };
    let Some(table) = words_of(&code_of(first)) else { return Order::DayFirst };
    let first = first.replace('_', "-");
    let (language, region) = first.split_once('-').unwrap_or((&first, ""));
    let key = format!("{}-{}", language.to_lowercase(), region.to_uppercase());
    table.region_orders.get(&key).copied().unwrap_or(table.order)
}

/// A BCP 47 code as the host names its tables.
fn code_of(language: &str) -> String {
    let language = language.replace('_', "-").to_lowercase();
    let mut parts = language.split('-');
    let first = parts.next().unwrap_or("");
    match first {
        "zh" if parts.any(|part| matches!(part, "tw" | "hk" | "mo" | "hant")) => "zh-Hant",
        "sr" if parts.any(|part| part == "latn") => "sr-Latn",
        "no" | "nn" => "nb",
        "iw" => "he",
        "in" => "id",
        "tl" => "fil",
        "sh" => "sr-Latn",
        _ => first,
    }
    .to_owned()
}
