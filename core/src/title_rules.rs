//! Finds an article's title on its page, and cuts from it what is none of it: a section's name, a date, the site's.

use std::borrow::Cow;

use crate::hash::Set;

use crate::any_case::folded;
use crate::keywords::plain;
use crate::parts::PartTexts;
use crate::segments::paragraphs;
use crate::source::is_site_name;
use crate::types::{Role, Segmented};
use crate::visible_text::{El, Page, Tx};
use crate::{any_case, memo, py, rx};

const TITLE_NAME: &str = r"(?:^|[\s_-])(?:(?:post|entry|article)?title|headline)(?:$|[\s_-])";
const SITE: &str = concat!(
    r"site-?(?:title|name|header|brand\w*|logo)|blog-?(?:title|name|header)|(?:^|[\s_-])(?:logo|brand|",
    r"branding|masthead|",
    r"titlewrapper|header-?(?:inner|text|image))(?:$|[\s_-])",
);
/// Texts into the body up to which a title may stand; further on, in a body that is the whole page, only one that says
/// what the head's titles say (the share of words in common).
const INTO_BODY: usize = 6;
const SURE: f64 = 0.7;
/// Elements in a heading for what is none of it.
const BESIDE: &str = concat!(
    r"(?:^|[\s-])(?:kicker|topline|top-?title|over-?line|roof-?line|dach-?zeile|spitzmarke|pre-?title|eyebrow|",
    r"super-?title|topic|category|rubrik|tag|badge|label|date|sub-?title|sub-?line|sub-?headline|untertitel|meta|",
    r"counter|copy|anchor)(?:$|[\s-])",
);
/// Letters of a title.
const LONGEST: usize = 300;
/// What may stand around a title and is none of it.
const AROUND: &str = " :|–—·•/\n-";
const BARS: [char; 4] = ['|', '·', '•', '/'];
const OPENING: &str = " \"'“„«‹‘¿¡([";
const CLOSING: &str = " \"'”“»›’?!.…)]";

fn is_title_heading(tag: &str) -> bool {
    matches!(tag, "h1" | "h2" | "h3")
}

/// The heading that says what the head's titles say; else the h1 nearest before the body.
pub fn find_title(page: &Segmented<'_>, body: El, taken: &[bool]) -> Option<El> {
    let (visible, metadata) = (&page.visible, &page.metadata);
    let site = metadata.site_name.as_deref();
    let titles = [&metadata.headline, &metadata.title, &metadata.document_title];
    let claims: Vec<Set<String>> = titles
        .into_iter()
        .flatten()
        .map(|title| word_list(&py::lower(title)).map(str::to_owned).collect::<Set<_>>())
        .filter(|words| !words.is_empty())
        .collect();
    let only = only_h1(page, taken);
    let mut best: Option<(El, f64)> = None;
    let (first, last) = (visible.e(body).first, visible.e(body).last);
    let begun = first + INTO_BODY;
    let end = visible.elements.partition_point(|e| e.first < last.max(begun + 1));
    for element in &visible.elements[..end] {
        let e = element.index;
        if element.last == element.first || !(2..=LONGEST).contains(&visible.chars(e)) || is_in(taken, e) {
            continue;
        }
        let is_heading = is_title_heading(element.tag);
        let is_named =
            (!element.name.is_empty() && is_title(element.name)) || element.get("itemprop") == "headline";
        if !is_heading && !is_named {
            continue;
        }
        let text = visible.text(e);
        let lower = py::lower(&text);
        let mut words: Vec<&str> = word_list(&lower).collect();
        words.sort_unstable();
        words.dedup();
        if words.is_empty() {
            continue;
        }
        let (mut like, mut cover) = (0.0_f64, 0.0_f64);
        for claim in &claims {
            let common = words.iter().filter(|&&word| claim.contains(word)).count() as f64;
            like = like.max(2.0 * common / (words.len() + claim.len()) as f64);
            cover = cover.max(common / words.len() as f64);
        }
        let least = match element.tag {
            _ if element.first > begun => SURE,
            "h1" => 0.0,
            _ => 0.3,
        };
        let is_only = only == Some(e);
        if !is_only && like < least {
            continue;
        }
        let mut score = 2.0 * like
            + 0.5 * cover
            + if element.tag == "h1" { 0.7 } else if is_heading { 0.3 } else { 0.0 }
            + if is_named { 0.4 } else { 0.0 };
        score += if is_only { 0.6 } else { 0.0 };
        score -= first.abs_diff(element.first).min(100) as f64 / 200.0;
        if is_heading && like < 0.6 && element.children.iter().any(|&child| leads_home(visible, child)) {
            score -= 1.0;
        }
        if score > best.map_or(0.0, |(_, most)| most) + 0.01 {
            if names_site(visible, e, body) {
                score -= 2.0;
            }
            if score > best.map_or(0.0, |(_, most)| most) + 0.01 && !is_site_name(&text, site) {
                best = Some((e, score));
            }
        }
    }
    best.map(|(e, _)| e)
}

fn is_in(taken: &[bool], e: El) -> bool {
    taken.get(e).copied().unwrap_or(false)
}

/// Whether an element is a link to the site's first page, or to a page right below it.
fn leads_home(page: &Page<'_>, e: El) -> bool {
    page.e(e).tag == "a" && page.get(e, "href").trim_end_matches('/').matches('/').count() <= 2
}

/// The page's h1, where it has but one that is not the site's name.
fn only_h1(page: &Segmented<'_>, taken: &[bool]) -> Option<El> {
    let (visible, site) = (&page.visible, page.metadata.site_name.as_deref());
    let mut found = visible.elements.iter().filter(|e| {
        e.tag == "h1"
            && e.last > e.first
            && !is_in(taken, e.index)
            && !is_sites(e.name)
            && !is_site_name(&visible.text(e.index), site)
    });
    let only = found.next()?;
    found.next().is_none().then_some(only.index)
}

/// The title that was labelled, as the page shows it, without a kicker, a date or a second line beside it.
///
/// What the head says is a guide to where it begins and ends, and is taken where no title was labelled.
pub fn title_of(texts: &PartTexts<'_, '_>) -> Option<String> {
    let (page, metadata) = (&texts.page.visible, &texts.page.metadata);
    let shown = texts.texts(&[Role::Title]);
    let pieces: Vec<Tx> = shown.iter().copied().filter(|&t| !is_beside(page, page.t(t).parent)).collect();
    let marked = from_mark(page, &pieces);
    let whole = paragraphs(page, if marked.is_empty() { &shown } else { marked });
    let whole = py::collapse(&whole);
    let title = py::strip_chars(&whole, AROUND);
    if title.is_empty() {
        return metadata.title.clone();
    }
    let date = rx!(r"^\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\s*[|–—·-]\s+").find(title).map_or(0, |found| found.end());
    let title = without_site(&title[date..], metadata.site_name.as_deref());
    let pieces = if pieces.is_empty() { &shown } else { &pieces };
    let cut = metadata.titles.iter().find_map(|claim| cut(page, title, claim, pieces));
    Some(cut.unwrap_or_else(|| title.to_owned()))
}

/// What follows a colon or a dash that stands by itself, for those who hear a page: before it stands a kicker.
fn from_mark<'t>(page: &Page<'_>, pieces: &'t [Tx]) -> &'t [Tx] {
    let is_mark = |&t: &Tx| {
        let t = page.t(t);
        py::strip_chars(t.value, AROUND).is_empty() && !page.e(t.parent).name.is_empty()
    };
    &pieces[pieces.iter().rposition(is_mark).map_or(0, |at| at + 1)..]
}

/// Whether a text in a heading stands in an element for something beside the title.
fn is_beside(page: &Page<'_>, e: El) -> bool {
    for at in std::iter::once(e).chain(page.ancestors(e).take(2)).map(|e| page.e(e)) {
        if is_title_heading(at.tag) {
            return false;
        }
        if at.tag == "time" || (!at.name.is_empty() && is_beside_name(at.name)) {
            return true;
        }
    }
    false
}

/// The part of a title that the head gives as the whole, where a mark or an element parts it from the rest.
fn cut(page: &Page<'_>, title: &str, claim: &str, texts: &[Tx]) -> Option<String> {
    let claim = py::lower(claim);
    let wanted: Vec<&str> = word_list(&claim).collect();
    let shown: Vec<&str> = word_list(title).collect();
    if !(2 <= wanted.len() && wanted.len() < shown.len() && shown.len() <= 2 * wanted.len()) {
        return None;
    }
    let words: Vec<Cow<'_, str>> = shown.iter().map(|word| py::lower(word)).collect();
    let at = words.windows(wanted.len()).position(|words| words == wanted)?;
    let (begin, end) = (shown[at], shown[at + wanted.len() - 1]);
    let start = begin.as_ptr() as usize - title.as_ptr() as usize;
    let end = end.as_ptr() as usize - title.as_ptr() as usize + end.len();
    let before = title[..start].trim_end_matches(|c| OPENING.contains(c));
    let after = &title[end..];
    let rest = after.trim_start_matches(|c| CLOSING.contains(c));
    let is_whole = || {
        texts.iter().any(|&t| {
            let text = py::collapse(page.t(t).value);
            !py::strip_chars(&text, AROUND).is_empty() && word_list(&py::lower(&text)).eq(wanted.iter().copied())
        })
    };
    let parted = (before.is_empty() || before.ends_with(BARS)) && (rest.is_empty() || rest.starts_with(BARS));
    if !parted && !is_whole() {
        return None;
    }
    let opening = py::strip(&title[before.len()..start]);
    let closing = after[..after.len() - rest.len()].trim_end_matches(py::is_space);
    Some(py::strip_chars(&format!("{opening}{}{closing}", &title[start..end]), AROUND).to_owned())
}

/// A title as shown, without the site's name before or after a bar or a dash.
fn without_site<'t>(title: &'t str, site_name: Option<&str>) -> &'t str {
    let mut dashes = rx!(r"\s+[|–—·-]\s+").find_iter(title);
    let Some(first) = dashes.next() else { return title };
    let last = dashes.last().unwrap_or(first);
    let is_around = |c| AROUND.contains(c);
    if is_site_name(&title[last.end()..], site_name) {
        return title[..last.end()].trim_end_matches(is_around);
    }
    if is_site_name(&title[..first.start()], site_name) {
        return title[first.start()..].trim_start_matches(is_around);
    }
    title
}

/// The words of a text: letters, digits and underscores that follow one another.
fn word_list(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(py::is_alnum(c) || c == '_')).filter(|word| !word.is_empty())
}

/// Whether a heading stands in the site's own head: its name or its logo.
fn names_site(page: &Page<'_>, e: El, body: El) -> bool {
    let mut around = std::iter::once(e).chain(page.ancestors(e).take(3)).map(|e| page.e(e));
    around.any(|at| !at.has(body) && is_sites(at.name))
}

fn is_sites(name: &str) -> bool {
    !name.is_empty() && memo!(memo::NAMES, name, str => bool, any_case!(SITE).is_match(&folded(name)))
}

fn is_title(name: &str) -> bool {
    memo!(memo::NAMES, name, str => bool, any_case!(TITLE_NAME).is_match(&folded(name)))
}

fn is_beside_name(name: &str) -> bool {
    memo!(memo::NAMES, name, str => bool, rx!(BESIDE).is_match(&plain(name)))
}
