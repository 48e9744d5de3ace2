//! Finds when an article was published, on its page: microdata, `time` and elements named so, lines with a date.

use std::sync::LazyLock;

use crate::py::{is_letter, is_word};
use crate::any_case::folded;
use crate::date_begins::beginning;
use crate::dates::parse_date;
use crate::heading_place::Place;
use crate::keywords::plain;
use crate::types::{moment, Found, Moment};
use crate::visible_text::{El, Page, Tx};
use crate::{any_case, memo, py, rx};

const NAMED: &str = concat!(
    r"(?:^|[\s-])(?:(?:\w*-)?(?:date|datum|fecha|dated|dateline|pubdate|publishdate|posted-on|published|timestamp|",
    r"datetime|time|zeit|data|published-at|postdate|pub-date))(?:$|[\s-])|",
    r"(?:post|entry|article|publish|story|news)-?date",
);
/// What every such name has in it: passes over nine names of ten.
const STEM: &str = "dat|fecha|posted-on|published|time|zeit";
const MODIFIED: &str = concat!(
    r"updat|modif|chang|revis|edited|aktualis|geändert|stand(?:\W|$)|mis à jour|actualiz|",
    r"aggiornat|atualiz",
);
const CHANGE_NAME: &str = r"modif|last-?updat|updated-?(?:at|on|date)|date-?updated|(?:^|\s)updated(?:\s+hidden)?\n?$";
const EVENT: &str =
    r"event|deadline|start|end-date|countdown|calendar|clock|copyright|reading-?time|read-?time|duration";
/// Letters of a date's words: a month, a weekday, 'Posted on'.
const REST: usize = 32;
const LABEL: &str = concat!(
    r"^\W*(?:published|posted|date|updated|published on|datum|veröffentlicht|erschienen|publié|publicado|fecha|data|",
    r"pubblicato|mise en ligne|gepubliceerd|opublikowano|publicerad|publisert|дата|",
    r"опубликовано|公開日|发布时间)(?:\W|$)",
);
/// What a line calls its day, where that is not one of publication: of an event, of a member.
const OTHER_DAY: &str = concat!(
    r"^\W*(?:termine?|when|wann|quand|quando|cuándo|starts?|beginn?|deadline|registered|registriert|joined|",
    r"member since|mitglied seit|dabei seit|inscrit|registrado|iscritto|lid sinds)(?:[\W_]|$)",
);
/// Characters of an element that is a date, and of a label before one.
const LONGEST: usize = 60;
const LABEL_CHARS: usize = 30;
const MANY: usize = 3;

static SOME_DAY: LazyLock<Option<Moment>> = LazyLock::new(|| moment("2020-06-15T12:00:00+00:00"));

/// The date near an article's title, where its body begins, or below its end.
pub fn find_date(place: &Place<'_, '_>) -> Option<Found> {
    let mut best: Option<Found> = None;
    for found in [named_element(place), line(place), in_title(place)].into_iter().flatten() {
        if best.is_none_or(|best| found.rank > best.rank) {
            best = Some(found);
        }
    }
    best
}

/// A date as some texts say it.
#[derive(Clone, Copy, Debug)]
pub struct Said {
    pub at: Moment,
    /// Whether it says its year, in words or in its machine's form; else it is counted from the time of the fetch.
    pub has_year: bool,
}

/// The date that texts say: in the machine's form of an element around them, else in words.
pub fn date_in(page: &Page<'_>, numbers: &[Tx], languages: &[&str], base: Option<Moment>) -> Option<Said> {
    let mut looked = None;
    for parent in numbers.iter().map(|&n| page.t(n).parent) {
        if looked == Some(parent) {
            continue;
        }
        looked = Some(parent);
        for e in std::iter::once(parent).chain(page.ancestors(parent).take(2)) {
            if let Some(at) = machine_date(page, e, languages) {
                return Some(Said { at, has_year: true });
            }
        }
    }
    let said = |raw: &str| {
        let at = parse_date(raw, languages, base)?;
        Some(Said { at, has_year: base.is_none() || parse_date(raw, languages, None).is_some() })
    };
    if numbers.is_empty() {
        return None;
    }
    said(&page.line_text(numbers.iter().copied())).or_else(|| numbers.iter().find_map(|&n| said(page.t(n).value)))
}

/// The date that a text's first paragraphs begin with: '29.11.2022 – Mehrfach hatte …', '(21. November 2022) …'.
pub fn date_at_start(text: &str, languages: &[&str]) -> Option<Moment> {
    let found = text.split("\n\n").take(3).find_map(beginning)?;
    parse_date(found, languages, None)
}

/// Whether texts with a date say that it is that of an update.
pub fn is_of_change(page: &Page<'_>, first: Tx, last: Tx) -> bool {
    let before = if first > 0 { page.t(first - 1).value } else { "" };
    let words = page.line_text(first..last);
    let said = if py::len(before) < LABEL_CHARS { format!("{before} {words}") } else { words };
    if any_case!(MODIFIED).is_match(&folded(&said)) {
        return true;
    }
    let parent = page.t(first).parent;
    let names = std::iter::once(parent).chain(page.e(parent).parent).map(|e| page.e(e).name);
    names.into_iter().any(|name| !name.is_empty() && any_case!(CHANGE_NAME).is_match(&folded(name)))
}

fn machine_date(page: &Page<'_>, e: El, languages: &[&str]) -> Option<Moment> {
    let e = page.e(e);
    if e.attrs.is_empty() {
        return None;
    }
    ["datetime", "content", "data-time-string", "title"].into_iter().find_map(|name| {
        let value = e.get(name);
        if value.chars().any(py::is_decimal) {
            parse_date(value, languages, None)
        } else {
            None
        }
    })
}

fn named_element(place: &Place<'_, '_>) -> Option<Found> {
    let page = place.page;
    let mut best: Option<Found> = None;
    for e in place.elements() {
        let element = page.e(e);
        let rank = if !element.attrs.is_empty() || element.tag == "time" { rank(page, e) } else { 0.0 };
        if rank == 0.0 || place.title.is_some_and(|title| element.has(title)) {
            continue;
        }
        let score = rank - place.farness(element.first, element.last);
        if best.is_some_and(|best| score <= best.rank) {
            continue;
        }
        if !place.stands_elsewhere(e) && holds_date(place, e) && !is_of_a_list(place, e) {
            best = Some(Found { element: Some(e), text: None, rank: score });
        }
    }
    best
}

/// Whether an element below the body is one of many of its name: the dates of teasers, not the article's.
fn is_of_a_list(place: &Place<'_, '_>, e: El) -> bool {
    let element = place.page.e(e);
    if place.is_head(element.last) || element.name.is_empty() {
        return false;
    }
    place.page.elements.iter().filter(|x| x.name == element.name).take(MANY).count() >= MANY
}

/// Whether an element says a day: in its machine's form, in an element in it, or in words.
fn holds_date(place: &Place<'_, '_>, e: El) -> bool {
    let page = place.page;
    page.inside(e).any(|x| machine_date(page, x, &[]).is_some())
        || parse_date(&page.text(e), &place.languages, *SOME_DAY).is_some()
}

/// How surely an element holds the article's date, by its attributes.
fn rank(page: &Page<'_>, e: El) -> f64 {
    if page.chars(e) > LONGEST {
        return 0.0;
    }
    let element = page.e(e);
    let has = |prop: &str| py::words(element.get("itemprop")).any(|word| word == prop);
    let rank = if has("datePublished") || has("dateCreated") {
        6.0
    } else if element.tag == "time" {
        5.0
    } else if !element.name.is_empty()
        && is_name_of_date(element.name)
        && element.texts().any(|n| page.t(n).value.chars().any(py::is_decimal))
    {
        4.0
    } else {
        return 0.0;
    };
    if has("dateModified") || is_of_change(page, element.first, element.last) {
        1.0
    } else {
        rank
    }
}

fn is_name_of_date(name: &str) -> bool {
    memo!(memo::NAMES, name, str => bool, {
        let words = plain(name);
        rx!(STEM).is_match(&words) && rx!(NAMED).is_match(&words) && !rx!(EVENT).is_match(&words)
    })
}

/// The best line that is a date, or has a text that is one.
fn line(place: &Place<'_, '_>) -> Option<Found> {
    let page = place.page;
    let mut best: Option<Found> = None;
    let mut label = false;
    for line in place.lines() {
        let text = folded(&line.text);
        let at = (line.first..line.last).find(|&n| is_date(page.t(n).value, &place.languages));
        let is_short = py::len(&line.text) < LABEL_CHARS;
        let is_date = at.is_some() || is_date(&line.text, &place.languages);
        let (mut labels, mut modified) = (false, false);
        if is_date || is_short {
            labels = any_case!(LABEL).is_match(&text);
            modified = (is_date || labels) && any_case!(MODIFIED).is_match(&text);
        }
        if is_date && !any_case!(OTHER_DAY).is_match(&text) {
            let rank = if modified {
                1.0
            } else if label || labels {
                4.0
            } else {
                3.0
            };
            let score = rank - place.farness(line.first, line.last);
            if best.is_none_or(|best| score > best.rank) {
                best = Some(Found { element: None, text: Some(at.unwrap_or(line.first)), rank: score });
            }
        }
        label = is_short && labels && !modified;
    }
    best
}

/// A date that stands in the title's element, beside the title.
fn in_title(place: &Place<'_, '_>) -> Option<Found> {
    let texts = place.page.e(place.title?).texts();
    if texts.len() < 2 {
        return None;
    }
    let mut texts = texts;
    let found = texts.find(|&n| is_date(place.page.t(n).value, &place.languages))?;
    Some(Found { element: None, text: Some(found), rank: 4.0 })
}

/// Whether a short text is a date with a year, and little else.
pub fn is_date(text: &str, languages: &[&str]) -> bool {
    // What is left of a date when its own characters are gone are its words.
    says_year(text)
        && text.chars().filter(|&c| is_letter(c)).nth(REST - 1).is_none()
        && parse_date(text, languages, None).is_some()
}

/// Whether a text has what may be a year: 2021, 6/21, 年.
fn says_year(text: &str) -> bool {
    if !text.bytes().any(|b| b.is_ascii_digit() || b >= 0x80) {
        return false;
    }
    let digit_at = |text: &str| text.chars().next().filter(|&c| py::is_decimal(c)).map(char::len_utf8);
    // Two digits, and no letter nor digit behind them.
    let two_digits = |text: &str| {
        let one = digit_at(text)?;
        let two = one + digit_at(&text[one..])?;
        (!text[two..].chars().next().is_some_and(is_word)).then_some(())
    };
    let mut before = None;
    for (at, c) in text.char_indices() {
        let after = &text[at + c.len_utf8()..];
        let is_year = match c {
            '年' => true,
            '1' | '2' if !before.is_some_and(is_word) && after.starts_with(if c == '1' { '9' } else { '0' }) => {
                two_digits(&after[1..]).is_some()
            }
            _ => false,
        };
        if is_year || (py::is_decimal(c) && after.starts_with(['.', '/', '-']) && two_digits(&after[1..]).is_some()) {
            return true;
        }
        before = Some(c);
    }
    false
}
