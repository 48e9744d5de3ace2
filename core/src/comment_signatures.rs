//! Who wrote a comment and when: the elements and texts in its block that say so.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use crate::bylines::by;
pub use crate::comment_times::says_when;
use crate::comment_times::{has_year, tells_of_edit};
use crate::dates::parse_date;
use crate::platforms::also;
use crate::py;
use crate::rx;
pub use crate::signature_names::may_be_name;
use crate::signature_names::{is_author_name, is_date_name, is_label, is_poster_name, is_sure_name, speaks_of_author};
use crate::types::Item;
use crate::visible_text::{El, Page, Tx};

/// A link to who wrote is named so by WordPress, also where it is the title of a page that links here.
const LONGEST_LINK: usize = 200;
static PROFILE: LazyLock<Regex> = LazyLock::new(|| {
    py::regex(&format!("/(?:users?|members?|profiles?|author)/|profile{}", also("profile")))
});
/// What author, date and buttons of a comment come to at most, when they stand in the element that is named its body.
pub const META_CHARS: usize = 90;
const LONGEST_NAME: usize = 40;
/// Characters of a text of its own that may be a date, and of an element that is an author's or a date's.
const LONGEST_DATE: usize = 60;
/// Among how many of a comment's first texts a date of no element is looked for.
const FIRST_TEXTS: usize = 12;

fn is_name_tag(tag: &str) -> bool {
    matches!(tag, "a" | "b" | "strong" | "cite" | "h3" | "h4" | "h5" | "h6" | "dt" | "span")
}

/// Whether an element's own names say that it is an author's.
pub fn names_author(page: &Page<'_>, e: El) -> bool {
    let e = page.e(e);
    (!e.name.is_empty() && speaks_of_author(e.name)) || e.get("itemprop") == "author"
}

/// Finds author and date of an item among its own elements: outside its body, then inside. All in document order.
pub fn sign(page: &Page<'_>, item: &mut Item, own: &[El], outside: &[El], inside: &[El]) {
    let author = first(page, outside, author_rank, 3)
        .or_else(|| first(page, inside, author_rank, 7))
        .or_else(|| loose_author(page, item, own))
        .or_else(|| author_below(page, item, own));
    item.author = author.filter(|&a| leaves_words(page, item, a)).map(|a| refined(page, a));
    let date = first(page, outside, date_rank, 3).or_else(|| first(page, inside, date_rank, 7));
    item.date = date.map(|d| innermost(page, d));
    match item.date {
        None => item.date_text = loose_date(page, item, own),
        Some(date) if item.author.is_none() => part_line(page, item, date),
        Some(_) => {}
    }
}

/// Whether an item has more than an author: its only words ('Deleted comment') are no name.
fn leaves_words(page: &Page<'_>, item: &Item, author: El) -> bool {
    let (author, block) = (page.e(author), page.e(item.element));
    !item.inner.is_empty() || author.first > block.first || author.last < block.last
}

/// The first element of the highest rank; None where none reaches `least`.
fn first(page: &Page<'_>, own: &[El], rank: fn(&Page<'_>, El) -> u8, least: u8) -> Option<El> {
    let (mut best, mut found) = (least - 1, None);
    for &e in own {
        let r = rank(page, e);
        if r > best {
            (best, found) = (r, Some(e));
        }
    }
    found
}

/// The date itself in a line that is named for it and more: what is as much a date, where none is beside it.
fn innermost(page: &Page<'_>, mut date: El) -> El {
    let least = date_rank(page, date);
    for x in page.inside(date).skip(1) {
        let (around, e) = (page.e(date), page.e(x));
        if around.has(x) && e.last - e.first < around.last - around.first && date_rank(page, x) >= least {
            let mut beside = (around.first..e.first).chain(e.last..around.last);
            if !beside.any(|t| says_when(page.t(t).value)) {
                date = x;
            }
        }
    }
    date
}

/// Without an element that is named so, the first short bold text or link before the body is the author.
fn loose_author(page: &Page<'_>, item: &Item, own: &[El]) -> Option<El> {
    let begin = page.e(item.element).first;
    let start = item.body.first().map(|&b| page.e(b).first).filter(|&at| at > begin).unwrap_or(begin + 3);
    own.iter().copied().take_while(|&e| page.e(e).first < start).find(|&e| is_short_name(page, e) && may_name(page, e))
}

/// The name in a line that signs what stands above it: 'Posted by: <a>Name</a> at May 3, 2024'.
fn author_below(page: &Page<'_>, item: &Item, own: &[El]) -> Option<El> {
    let below = own.iter().copied().rev().find(|&e| is_short_name(page, e) && signs(page, item, e))?;
    may_name(page, below).then_some(below)
}

/// An element's text in one line; nothing is copied of a single text that is in one line as it is.
fn line<'p>(page: &Page<'p>, e: El) -> Cow<'p, str> {
    match page.e(e).texts() {
        one if one.len() == 1 => py::collapse(page.t(one.start).value),
        _ => Cow::Owned(page.text(e)),
    }
}

fn is_short_name(page: &Page<'_>, e: El) -> bool {
    is_name_tag(page.e(e).tag) && (2..=LONGEST_NAME).contains(&page.chars(e))
}

fn may_name(page: &Page<'_>, e: El) -> bool {
    may_be_name(&line(page, e))
}

/// Whether what is around a name is a line that begins with 'by' and says when.
pub fn signs(page: &Page<'_>, item: &Item, author: El) -> bool {
    let Some(line) = page.e(author).parent else { return false };
    if line == item.element
        || !page.e(item.element).has(line)
        || page.chars(line) > META_CHARS
        || page.e(line).first >= page.e(author).first
    {
        return false;
    }
    let text = page.text(line);
    says_when(&text) && by(&text).is_some()
}

/// Parts a line that is a bare name and a date: `<div>Name · <span>date</span></div>`.
fn part_line(page: &Page<'_>, item: &mut Item, date: El) {
    let around = page.e(date);
    let starts_later = |x: &El| {
        let x = page.e(*x);
        around.first < x.first && x.first < x.last && x.last == around.last
    };
    let (mut line, when) = match page.inside(date).skip(1).find(starts_later) {
        Some(inner) => (Some(date), inner),
        None => (around.parent, date),
    };
    let at = page.e(when);
    while let Some(up) = line.map(|l| page.e(l)).filter(|l| l.first == at.first && l.last == at.last) {
        line = up.parent;
    }
    let Some(line) = line else { return };
    let around = page.e(line);
    if !page.e(item.element).has(line)
        || !(around.first < at.first && at.first < at.last && at.last == around.last)
    {
        return;
    }
    let text: String = page.texts[around.first..at.first].iter().map(|t| t.value).collect();
    let text = py::strip(&text);
    if (2..=LONGEST_NAME).contains(&py::len(text)) && may_be_name(text) {
        (item.author, item.date) = (Some(line), Some(when));
    }
}

/// The first short text before or beside the body with a year and a time's digits in it; one that stands in what is
/// named a date, with a note of edits behind it, before others.
fn loose_date(page: &Page<'_>, item: &Item, own: &[El]) -> Option<Tx> {
    let block = page.e(item.element);
    let is_own = |e: El| e == item.element || own.binary_search(&e).is_ok();
    let until = item.body.first().map_or(block.first, |&b| page.e(b).first);
    let named = (block.first..until).find(|&n| {
        let t = page.t(n);
        is_short(t.value) && has_year(t.value) && is_own(t.parent) && is_date_name(page.e(t.parent).name)
    });
    if named.is_some() {
        return named;
    }
    let may_say_when = |&n: &Tx| {
        let t = page.t(n);
        // A page that links here may have a year in its title.
        let is_author = item.author.is_some_and(|a| page.e(a).texts().contains(&n));
        !is_author
            && is_short(t.value)
            && has_year(t.value)
            && is_own(t.parent)
            && !std::iter::once(t.parent)
                .chain(page.ancestors(t.parent))
                .take_while(|&e| e != item.element)
                .any(|e| is_poster_name(page.e(e).name))
    };
    let loose = || (block.first..block.last.min(block.first + FIRST_TEXTS)).filter(may_say_when);
    // A title may have a year in it: '2025-26: a season'.
    loose().find(|&n| parse_date(page.t(n).value, &[], None).is_some()).or_else(|| loose().next())
}

fn is_short(text: &str) -> bool {
    text.len() < LONGEST_DATE || py::len(text) < LONGEST_DATE
}

/// The name itself in an element that holds it and more (a rank, a number, 'wrote on').
fn refined(page: &Page<'_>, author: El) -> El {
    for x in page.inside(author).skip(1) {
        let e = page.e(x);
        if e.last > e.first
            && (e.tag == "a" || e.get("itemprop") == "name" || py::words(e.name).any(|name| name == "fn"))
            && line(page, x).chars().any(py::is_alpha)
            && !shows_picture(page, x)
        {
            return x;
        }
        if !e.name.is_empty() && is_author_name(e.name) && stands_before_brackets(page, x, author) {
            return x;
        }
    }
    author
}

/// Whether an element is all of another but for what is in brackets: 'Ida Lund (Ely, GB)'.
fn stands_before_brackets(page: &Page<'_>, e: El, around: El) -> bool {
    let (e, around) = (page.e(e), page.e(around));
    if !(around.first == e.first && e.first < e.last && e.last < around.last) {
        return false;
    }
    let after: String = page.texts[e.last..around.last].iter().map(|t| t.value).collect();
    let after = py::strip(&after);
    after.starts_with('(') && after.ends_with(')')
}

fn shows_picture(page: &Page<'_>, e: El) -> bool {
    page.elements[page.inside(e)].iter().skip(1).any(|x| x.tag == "img" || x.name.contains("avatar"))
}

/// How surely an element is a comment's author.
fn author_rank(page: &Page<'_>, number: El) -> u8 {
    let e = page.e(number);
    let size = page.chars(number);
    if size == 0 || size > LONGEST_DATE {
        return if size > 0 && e.tag == "a" && size <= LONGEST_LINK && leads_to_author(page, number) { 7 } else { 0 };
    }
    let rank = named_author_rank(page, number, size);
    if rank == 0 {
        return 0;
    }
    let text = line(page, number);
    if (e.tag != "a" && says_when(&text)) || is_label(&text) {
        0
    } else {
        rank
    }
}

/// The same by names and tags alone.
fn named_author_rank(page: &Page<'_>, number: El, size: usize) -> u8 {
    let e = page.e(number);
    let itemprop = e.get("itemprop");
    let owns = |a: El| page.get(a, "itemprop").contains("author") || page.e(a).name.contains("creator");
    if itemprop == "name" && page.ancestors(number).take(4).any(owns) {
        return 10;
    }
    if !e.name.is_empty() && is_sure_name(e.name) {
        return 9;
    }
    if matches!(itemprop, "author" | "creator") || e.get("rel") == "author" {
        return 8;
    }
    if e.tag == "a" && (PROFILE.is_match(e.get("href")) || leads_to_author(page, number)) {
        // Around a picture stand its owner's initials or state.
        return if shows_picture(page, number) { 4 } else { 7 };
    }
    if !e.name.is_empty() && is_author_name(e.name) {
        return if size < 40 { 6 } else { 3 };
    }
    if e.tag == "cite" {
        5
    } else {
        0
    }
}

/// Whether a link is to the site of who wrote, as WordPress has it.
fn leads_to_author(page: &Page<'_>, e: El) -> bool {
    let e = page.e(e);
    py::words(e.get("class")).any(|c| c == "url") && py::words(e.get("rel")).any(|r| r == "external")
}

/// How surely an element is a comment's date.
fn date_rank(page: &Page<'_>, number: El) -> u8 {
    let e = page.e(number);
    let size = page.chars(number);
    if size == 0 || size > LONGEST_DATE {
        return 0;
    }
    if e.tag == "time" {
        return 10;
    }
    if matches!(e.get("itemprop"), "datePublished" | "dateCreated" | "commentTime" | "dateModified") {
        return 9;
    }
    if !says_when(&line(page, number)) {
        return 0;
    }
    if is_of_edit(page, number) {
        return 3;
    }
    if matches!(e.tag, "span" | "abbr" | "a") && rx!(r"\d{4}").is_match(e.get("title")) {
        return 8;
    }
    if !e.name.is_empty() && is_date_name(e.name) {
        return if size < 40 { 7 } else { 4 };
    }
    let may_be = matches!(e.tag, "a" | "span" | "small" | "abbr" | "p" | "div" | "td" | "em" | "i");
    if size < 30 && may_be {
        3
    } else {
        0
    }
}

/// Whether a short line says that a day is that of an edit.
fn is_of_edit(page: &Page<'_>, e: El) -> bool {
    let around = page.e(e).parent.filter(|&up| page.chars(up) <= META_CHARS).unwrap_or(e);
    tells_of_edit(&line(page, around))
}
