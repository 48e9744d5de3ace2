//! Finds who wrote an article, on its page: elements named so, links to authors, lines that begin with 'by'.

use std::borrow::Cow;

use crate::any_case::folded;
use crate::bylines::{
    is_byline, is_credit, is_full_name, is_short_byline, names_a_role, names_in, only_by, whole_names,
};
use crate::dates::parse_date;
use crate::heading_place::{Line, Place};
use crate::keywords::plain;
use crate::types::Found;
use crate::visible_text::{El, Page, Tx};
use crate::{any_case, memo, py, rx};

const NAMED: &str = concat!(
    // 'author', but not in 'authorize' or 'authority'.
    r"author(?:$|[^i]|i(?:$|[^szt]))|by-?line|",
    r"(?:^|[\s-])(?:writers?|autor(?:in|en|es|e|i)?|auteurs?|redakteur|contributors?|",
    r"creators?|vcard|wrote|written|verfasser|forfatter|skribent|journalists?|reporters?|kirjoittaja|poster|",
    r"(?:big)?user-?name|nick(?:name)?|display-name)(?:$|[\s-])|(?:^|\s)fn(?:$|\s)",
);
/// Parts of an author's box that are not the name.
const NOT_THE_NAME: &str = concat!(
    r"(?:^|[\s-])(?:bio|biography|desc|description|about|avatar|image|img|photo|picture|social|follow|role|position|",
    r"job|jobtitle|function|funktion|related|more|credits?|caption|licen[sc]e|lizenz|quote)(?:$|[\s-])",
);
const PROFILE: &str = concat!(
    r"[?&](?:authors?|autor|people|users?|profile)=|",
    r"(?:^|[/.])(?:authors?|autor(?:en|es|in|innen)?|auteurs?|autor[ei]|people|persons?|personen|staff|profiles?|",
    r"profil|users?|members?|mitarbeiter|contributors?|writers?|journalists?|journalisten|redakteure?|redaktion|",
    r"columnists?|reporters?|bloggers?|producers?|creators?|by|newsteam|our-team|team)[/=-]",
);
/// Where links to what it is about lead, not to whom it is from.
const TOPIC: &str = r"/(?:tags?|categor(?:y|ies)|topics?|themen?|kategorien?|rubriken?|schlagworte?)/";
/// A text that goes on behind it.
const AND: &str = r"^(?:|.*[\s,;&])(?:and|und|et|y|e|i|og|och|и|,|;|&)\s*$";
const MORE: &str = concat!(
    r"^\W*(?:alle|all|more|mehr|weitere|autres|todos)(?:[^\w\n]|[^\w\n].{0,18}[^\w\n])",
    r"(?:artikel|articles|posts|beiträge|stories)(?:\W|$)",
);
/// Texts before a body's end in which a signature stands; and how long a text is that is signed.
const SIGNED: usize = 3;
const SIGNS: usize = 600;
/// Characters of an element that is a byline, and of a line with a date or what somebody is.
const LONGEST: usize = 100;
const META: usize = 40;
/// Texts below a title in which a line that begins with 'by' is its byline beyond doubt; and the rank of that, and of a
/// name there that leads to whoever bears it.
const CLOSE: usize = 8;
const BY: f64 = 5.5;
const LINKED_BY: f64 = 4.2;
/// The least rank of an element that says that somebody is named in it.
const TOLD: f64 = 4.0;
/// Words in a link to somebody that are not the name: 'By', 'Staff Writer'.
const MOST_BESIDE: usize = 3;
/// More than so many that are no names in full are categories.
const MOST_LOOSE: usize = 2;

/// The byline near an article's title, where its body begins, or below its end; its rank: how sure that is, 0 to 6.
pub fn find_byline(place: &Place<'_, '_>) -> Option<Found> {
    match (named_element(place), line(place)) {
        (Some(named), Some(line)) => Some(if line.rank > named.rank { line } else { named }),
        (named, line) => named.or(line),
    }
}

/// The names that a byline's texts hold: those of a line that begins with 'by', else of links, else of any line.
pub fn names_of(page: &Page<'_>, texts: &[Tx]) -> Vec<String> {
    let texts: Vec<Tx> = texts.iter().copied().filter(|&t| !is_topic(page, t)).collect();
    let lines = lines_of(page, &texts);
    let pieces = || lines.iter().flatten();
    if let Some(piece) = pieces().find(|piece| is_byline(piece)) {
        return names_in(piece);
    }
    if let Some(name) = lines.iter().find_map(|pieces| name_in_pieces(pieces)) {
        return vec![name];
    }
    let linked = whole_names(linked(page, &texts));
    if linked.iter().any(|name| is_full_name(name)) {
        return linked;
    }
    let mut first = None;
    for names in pieces().map(|piece| names_in(piece)).filter(|names| !names.is_empty()) {
        if names.iter().any(|name| is_full_name(name)) {
            return names;
        }
        first.get_or_insert(names);
    }
    first.unwrap_or(linked)
}

/// The names of a byline that was found.
pub fn names_found(page: &Page<'_>, found: &Found) -> Vec<String> {
    match (found.element, found.text) {
        (Some(e), _) => names_of(page, &page.e(e).texts().collect::<Vec<_>>()),
        (None, Some(text)) => names_of(page, &[text]),
        (None, None) => Vec::new(),
    }
}

/// The name in a line that is a date and a name: '11.12.2019 - Amelie Roh'.
pub fn name_beside_date(page: &Page<'_>, texts: &[Tx]) -> Option<String> {
    lines_of(page, texts).iter().find_map(|pieces| name_in_pieces(pieces))
}

/// Whether a text is a link to a tag or a category.
fn is_topic(page: &Page<'_>, text: Tx) -> bool {
    let parent = page.t(text).parent;
    if !page.in_link[parent] {
        return false;
    }
    let link = std::iter::once(parent).chain(page.ancestors(parent)).find(|&e| page.e(e).tag == "a");
    link.is_some_and(|link| any_case!(TOPIC).is_match(&folded(page.get(link, "href"))))
}

/// Names in links, but for those of others who had a part in it: 'Reviewed by'.
fn linked(page: &Page<'_>, texts: &[Tx]) -> Vec<String> {
    let mut found = Vec::new();
    let mut before = "";
    for t in texts.iter().map(|&t| page.t(t)) {
        if page.in_link[t.parent] && !is_credit(before) {
            found.append(&mut names_in(t.value));
        }
        before = t.value;
    }
    found
}

/// A line's texts, those in elements of their own apart, unless a word joins them.
type Pieces<'p> = Vec<Cow<'p, str>>;

fn lines_of<'p>(page: &Page<'p>, texts: &[Tx]) -> Vec<Pieces<'p>> {
    texts.chunk_by(|&a, &b| page.t(a).line == page.t(b).line).map(|line| pieces(page, line.iter().copied())).collect()
}

fn pieces<'p>(page: &Page<'p>, line: impl Iterator<Item = Tx>) -> Pieces<'p> {
    let mut pieces: Pieces<'p> = Vec::new();
    let mut before = usize::MAX;
    for n in line {
        let parent = page.t(n).parent;
        let value = py::strip(page.texts[n].value);
        match pieces.last_mut() {
            Some(last) if parent == before || are_joined(last, value) => {
                let last = last.to_mut();
                last.push(' ');
                last.push_str(value);
            }
            _ => pieces.push(Cow::Borrowed(value)),
        }
        before = parent;
    }
    pieces
}

/// Whether two texts in elements of their own are one byline: 'By' and a name, a name and 'and', 'Jane', 'Roe'.
fn are_joined(said: &str, value: &str) -> bool {
    let (Some(first), Some(word)) = (value.chars().next(), py::words(value).next()) else { return true };
    let is_alpha = |text: &str| !text.is_empty() && text.chars().all(py::is_alpha);
    matches!(first, ',' | ';' | '&' | '.')
        || (is_alpha(said) && is_alpha(value) && !names_a_role(value))
        || any_case!(AND).is_match(&folded(word))
        || any_case!(AND).is_match(&folded(said))
        || only_by(said).is_some()
}

fn named_element(place: &Place<'_, '_>) -> Option<Found> {
    let page = place.page;
    let title = place.title.map(|title| page.e(title));
    let mut best: Option<Found> = None;
    for e in place.elements() {
        let element = page.e(e);
        if element.attrs.is_empty() || page.chars(e) > LONGEST {
            continue;
        }
        let mut rank = rank_of(page, e);
        if rank == 0.0 || title.is_some_and(|title| title.has(e) || element.has(title.index)) {
            continue;
        }
        let is_loose = rank < TOLD;
        if is_loose && is_close(place, element.first) {
            rank = LINKED_BY;
        }
        let score = rank - place.farness(element.first, element.last);
        if best.is_some_and(|best| score <= best.rank) || place.stands_elsewhere(e) {
            continue;
        }
        let names = names_of(page, &element.texts().collect::<Vec<_>>());
        if names.is_empty() {
            continue;
        }
        let full = names.iter().filter(|name| is_full_name(name)).count();
        if (is_loose && (full < names.len() || words_beside(&page.text(e), &names) > MOST_BESIDE as isize))
            || (names.len() > MOST_LOOSE && full == 0)
        {
            continue;
        }
        best = Some(Found { element: Some(e), text: None, rank: score });
    }
    best
}

/// Whether a text stands right below the title.
fn is_close(place: &Place<'_, '_>, first: Tx) -> bool {
    place.title.is_some_and(|title| {
        let last = place.page.e(title).last;
        (last..=last + CLOSE).contains(&first)
    })
}

/// How many words of a text are of none of its names.
fn words_beside(text: &str, names: &[String]) -> isize {
    let count = |text: &str| py::words(text).count() as isize;
    count(text) - names.iter().map(|name| count(name)).sum::<isize>()
}

/// How surely an element holds an author's name, by its attributes.
fn rank_of(page: &Page<'_>, e: El) -> f64 {
    let e = page.e(e);
    if e.get("rel") == "author" || py::words(e.get("itemprop")).any(|word| word == "author") {
        return 6.0;
    }
    if !e.name.is_empty() && is_named(e.name) {
        return 5.0;
    }
    match e.tag {
        "address" => TOLD,
        "a" if any_case!(PROFILE).is_match(&folded(e.get("href"))) => 3.0,
        _ => 0.0,
    }
}

fn is_named(name: &str) -> bool {
    memo!(memo::NAMES, name, str => bool, {
        let words = plain(name);
        rx!(NAMED).is_match(&words) && !rx!(NOT_THE_NAME).is_match(&words)
    })
}

/// A line and its pieces.
struct Read<'l, 'p> {
    line: &'l Line,
    pieces: Pieces<'p>,
}

impl Read<'_, '_> {
    fn is_next_to(&self, other: &Read<'_, '_>) -> bool {
        self.line.last == other.line.first || other.line.last == self.line.first
    }
}

/// The best line that is a byline: 'By …', a name after 'Written by', beside a date or beside what one is.
fn line(place: &Place<'_, '_>) -> Option<Found> {
    let mut best: Option<(&Line, f64)> = None;
    let read = |line| Read { line, pieces: pieces(place.page, line.first..line.last) };
    let lines: Vec<Read<'_, '_>> = place.lines().iter().map(read).collect();
    for (n, it) in lines.iter().enumerate() {
        let beside = |other: Option<usize>| other.and_then(|n| lines.get(n)).filter(|other| it.is_next_to(other));
        let rank = rank_of_line(place, beside(n.checked_sub(1)), it, beside(Some(n + 1)));
        let score = rank - place.farness(it.line.first, it.line.last);
        if rank != 0.0 && best.is_none_or(|(_, most)| score > most) {
            best = Some((it.line, score));
        }
    }
    best.map(|(line, rank)| {
        let (element, text) = holder(place.page, line);
        Found { element, text, rank }
    })
}

/// How surely a line holds an author's name, 0 to 6, by what is next to it.
fn rank_of_line(
    place: &Place<'_, '_>,
    before: Option<&Read<'_, '_>>,
    it: &Read<'_, '_>,
    after: Option<&Read<'_, '_>>,
) -> f64 {
    let line = it.line;
    let Some(first) = it.pieces.first() else { return 0.0 };
    let close = is_close(place, line.first);
    let by = if close { BY } else { 4.0 };
    if it.pieces.iter().any(|piece| is_byline(piece)) || (close && is_short_byline(first)) {
        return by;
    }
    if let Some(label) = before.and_then(|before| only_by(&before.line.text)) {
        if is_full_name(first) || (label.has_verb && !names_in(first).is_empty()) {
            return by;
        }
    }
    if is_signature(place, it) {
        return 1.5;
    }
    if !place.is_head(line.last) || is_entry(place, line) {
        return 0.0;
    }
    if name_in_pieces(&it.pieces).is_some() {
        return 3.0;
    }
    if close && is_full_name(&line.text) && [before, after].into_iter().flatten().any(tells_of) {
        return 2.0;
    }
    0.0
}

/// Whether a line at a body's end is a name and nothing else, set off from the text.
fn is_signature(place: &Place<'_, '_>, it: &Read<'_, '_>) -> bool {
    let (page, line, body) = (place.page, it.line, place.page.e(place.body));
    if !(body.first < line.first && line.first < body.last)
        || line.first + SIGNED < body.last
        || page.chars(place.body) < SIGNS
        || it.pieces.len() != 1
    {
        return false;
    }
    let is_emphasis = |e: El| matches!(page.e(e).tag, "em" | "i" | "strong" | "b");
    let set_off = |n: Tx| {
        let parent = page.t(n).parent;
        is_emphasis(parent) || page.e(parent).parent.is_some_and(is_emphasis)
    };
    (line.first..line.last).all(set_off) && is_full_name(&it.pieces[0])
}

/// Whether a line is of a list in the article's text, as a log of changes is.
fn is_entry(place: &Place<'_, '_>, line: &Line) -> bool {
    let page = place.page;
    let parent = page.t(line.first).parent;
    let around = std::iter::once(parent).chain(page.ancestors(parent)).find(|&e| page.e(e).tag == "li");
    around.is_some_and(|around| page.e(place.body).has(around))
}

/// Whether a line is what stands above or below a name: a date, or what somebody is.
fn tells_of(other: &Read<'_, '_>) -> bool {
    let text = &other.line.text;
    py::len(text) <= META
        && ((has_year(text) && parse_date(text, &[], None).is_some())
            || names_a_role(text)
            || any_case!(MORE).is_match(&folded(text)))
}

/// The element of a line's texts and no others, else the first text that a name is in.
fn holder(page: &Page<'_>, line: &Line) -> (Option<El>, Option<Tx>) {
    let parent = page.t(line.first).parent;
    let owner = std::iter::once(parent).chain(page.ancestors(parent)).find(|&e| page.e(e).last >= line.last);
    if let Some(owner) = owner.filter(|&owner| page.e(owner).texts() == (line.first..line.last)) {
        return (Some(owner), None);
    }
    let named = (line.first..line.last).find(|&n| !names_in(page.t(n).value).is_empty());
    (None, Some(named.unwrap_or(line.first)))
}

/// The name in a line's pieces that are a date and a name.
fn name_in_pieces(pieces: &[Cow<'_, str>]) -> Option<String> {
    if !pieces.iter().any(|piece| has_year(piece)) {
        return None;
    }
    let separator = rx!(r"\s*(?:[|·•∙]|\s[-–—/]\s|,\s)\s*");
    let parts: Vec<&str> = pieces.iter().flat_map(|piece| separator.split(piece)).filter(|p| !p.is_empty()).collect();
    if !(2..=6).contains(&parts.len()) || parts.iter().all(|part| parse_date(part, &[], None).is_none()) {
        return None;
    }
    parts.iter().flat_map(|part| names_in(part)).find(|name| is_full_name(name))
}

/// Whether a text has a year of the last century or this, as a word of its own.
fn has_year(text: &str) -> bool {
    let is_word = |c: char| py::is_alnum(c) || c == '_';
    let is_one = |at: usize| {
        let rest = &text[at..];
        if !(rest.starts_with("19") || rest.starts_with("20")) || text[..at].ends_with(is_word) {
            return false;
        }
        let mut after = rest[2..].chars();
        after.next().is_some_and(py::is_decimal)
            && after.next().is_some_and(py::is_decimal)
            && !after.next().is_some_and(is_word)
    };
    text.match_indices(['1', '2']).any(|(at, _)| is_one(at))
}
