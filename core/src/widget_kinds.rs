//! The kind of a widget: by what it calls itself, by its heading, by what is in it, by where it stands.

use crate::any_case::folded;
use crate::keywords::{is_makers_name, is_name_of_kind, kind_of_heading};
use crate::names::kind_of_name;
use crate::types::{Region, WidgetKind};
use crate::visible_text::{El, Element, Page};
use crate::{any_case, py, rx};

// From this share of its characters in tags on a box is one of labels: the rest is 'Filed under:' and the like.
const TAGGED: f64 = 0.3;
// A program's names stand on the first elements of what it makes.
const OUTER: usize = 10;
// A part with this share of a box's characters speaks for the whole.
const LARGE: f64 = 0.4;
// Characters at most: of a login or skip link, of a few words, of a site's head, an advertisement, a copyright line.
const SHORT: usize = 100;
const FEW: usize = 40;
const LONGEST_HEADER: usize = 200;
const LONGEST_AD: usize = 400;
const LONGEST_COPYRIGHT: usize = 800;
// What a box's first words are looked for in: of each element, and of all.
const BEGINNING: usize = 400;
const WORDS: usize = 600;

/// Names that say where a block stands rather than what it is.
fn is_weak(kind: WidgetKind) -> bool {
    matches!(kind, WidgetKind::Header | WidgetKind::Footer) || is_general(kind)
}

/// Names that say little against a block's heading.
fn is_general(kind: WidgetKind) -> bool {
    use WidgetKind::*;
    matches!(kind, Navigation | Labels | Ad | Notice | Gallery | Stats)
}

fn is_copyright(text: &str) -> bool {
    any_case!(concat!(
        r"©|\(c\)\s*\d{4}|copyright|all rights reserved|powered by|alle rechte|tous droits|todos los derechos|",
        r"designed by|impressum",
    ))
    .is_match(text)
}

/// What a site's foot says besides: of the annotated pages' blocks without a title with such words in their foot 141
/// are footers and 46 navigation, most of these longer.
fn is_legal(text: &str) -> bool {
    any_case!(concat!(
        r"privacy|terms|imprint|datenschutz|(?:\A|\W)(?:legal|agb)(?:\W|\Z)|cookies|aviso legal|mentions légales|",
        r"confidentialité|privacidad|disclaimer",
    ))
    .is_match(text)
}

fn is_comment_form(text: &str) -> bool {
    any_case!(concat!(
        r"\A(?:(?:add|leave|post|write) (?:a |your )?(?:comment|reply|review|answer)|comment form|",
        r"reply to (?:this|thread)|log ?in (?:or \w+ )?to (?:comment|reply|post|leave))",
    ))
    .is_match(text)
        || any_case!(r"comments? (?:are|is) closed").is_match(text)
}

fn is_login(text: &str) -> bool {
    any_case!(
        r"\A(?:log ?in|sign ?in|sign ?up|register|subscribe|my account|create account|join)(?:\W|\Z)"
    )
    .is_match(text)
}

fn is_skip_link(text: &str) -> bool {
    any_case!(concat!(
        r"\A(?:skip|jump|go|direkt|zum|aller|ir|saltar|back|pular|přejít|przejdź) ",
        r"(?:to|zum|inhalt|au|al|a|do|para|content)",
    ))
    .is_match(text)
}

/// Characters of some elements.
fn chars(page: &Page<'_>, elements: &[El]) -> usize {
    elements.iter().map(|&e| page.chars(e)).sum()
}

/// All elements in some.
fn inside<'p, 'e>(page: &'e Page<'p>, elements: &'e [El]) -> impl Iterator<Item = &'e Element<'p>> {
    elements.iter().flat_map(|&e| &page.elements[page.inside(e)])
}

/// A box's kind, and how sure that is. `tag_links`: the page's, in document order.
pub fn kind_of(
    page: &Page<'_>,
    tag_links: &[El],
    elements: &[El],
    title: Option<El>,
    region: Option<Region>,
) -> (WidgetKind, f64) {
    let mut text = String::new();
    for (n, &e) in elements.iter().enumerate() {
        // No more than the first words count.
        if n > WORDS || text.len() > 4 * WORDS {
            break;
        }
        if n > 0 {
            text.push(' ');
        }
        text.push_str(&page.beginning(e, BEGINNING));
    }
    let text = folded(py::head(&text, WORDS));
    if is_comment_form(&text) {
        return (WidgetKind::CommentForm, 0.8);
    }
    if are_tags(page, tag_links, elements) {
        return (WidgetKind::Labels, 0.8);
    }
    if is_masthead(page, elements) {
        return (WidgetKind::Header, 0.9);
    }
    if let Some(said) = said(page, elements, title) {
        return said;
    }
    let size = chars(page, elements);
    if size < LONGEST_COPYRIGHT && is_copyright(&text) {
        return (WidgetKind::Footer, 0.7);
    }
    if title.is_none() && region == Some(Region::Footer) && size < SHORT && is_legal(&text) {
        return (WidgetKind::Footer, 0.7);
    }
    if elements.iter().any(|&e| page.e(e).tag == "nav") {
        return (WidgetKind::Navigation, 0.8);
    }
    if inside(page, elements).any(|x| !x.attrs.is_empty() && (x.get("type") == "search" || x.get("role") == "search")) {
        return (WidgetKind::Search, 0.7);
    }
    if size < SHORT && is_login(&text) {
        return (WidgetKind::Subscribe, 0.5);
    }
    if size < SHORT && is_skip_link(&text) {
        return (WidgetKind::Navigation, 0.6);
    }
    by_place(page, elements, region, size)
}

/// Whether elements that follow one another are the page's tags, and what announces them.
pub fn are_tags(page: &Page<'_>, tag_links: &[El], elements: &[El]) -> bool {
    if tag_links.is_empty() {
        return false;
    }
    let of = |e: El| {
        let inside = page.inside(e);
        let first = tag_links.partition_point(|&a| a < inside.start);
        tag_links[first..].iter().take_while(move |&&a| a < inside.end).map(|&a| page.chars(a)).sum::<usize>()
    };
    let tags: usize = elements.iter().map(|&e| of(e)).sum();
    tags as f64 > TAGGED * chars(page, elements) as f64
}

/// Whether a box is the site's name: a heading of the first level whose links lead to a front page and nowhere else (24
/// of 25 such boxes of the annotated pages are headers).
fn is_masthead(page: &Page<'_>, elements: &[El]) -> bool {
    if !inside(page, elements).any(|x| x.tag == "h1") {
        return false;
    }
    let mut targets = inside(page, elements).filter(|x| x.tag == "a").filter_map(|x| x.attr("href")).peekable();
    targets.peek().is_some()
        && targets.all(|target| rx!(r"\A(?:(?i:https?:)?//[^/?#]+/?|/)\Z").is_match(py::strip(target)))
}

/// The kind that a box's names or its heading say; of names that say little the heading is the better one.
fn said(page: &Page<'_>, elements: &[El], title: Option<El>) -> Option<(WidgetKind, f64)> {
    if let Some(made) = made(page, elements) {
        return Some((made, 0.9));
    }
    let heading = title.map(|title| page.text(title)).unwrap_or_default();
    let by_heading = if heading.is_empty() { None } else { kind_of_heading(&heading) };
    if let Some(kind) = by_heading {
        if is_name_of_kind(&heading) {
            return Some((kind, 0.9));
        }
    }
    let mut by_name = None;
    for kind in elements.iter().filter_map(|&e| kind_of_name(page.e(e).name)) {
        if !is_weak(kind) {
            return Some((kind, 0.7));
        }
        by_name = by_name.or(Some(kind));
    }
    if let Some(kind) = by_heading {
        return Some((kind, 0.7));
    }
    if let Some(kind) = by_name {
        if is_general(kind) && !(kind == WidgetKind::Ad && chars(page, elements) > LONGEST_AD) {
            return Some((kind, 0.6));
        }
    }
    let inner = inner_kind(page, elements)?;
    (!matches!(inner, WidgetKind::Header | WidgetKind::Footer)).then_some((inner, 0.6))
}

/// The kind of a box that says nothing of itself: by where it stands and how much of it is links.
fn by_place(page: &Page<'_>, elements: &[El], region: Option<Region>, size: usize) -> (WidgetKind, f64) {
    let is_place = |place| elements.iter().any(|&e| kind_of_name(page.e(e).name) == Some(place));
    let links = elements.iter().map(|&e| page.link_chars(e)).sum::<usize>() as f64;
    let of_size = |share: f64| share * size as f64;
    if region == Some(Region::Footer) || is_place(WidgetKind::Footer) {
        let kind = if links > of_size(0.8) && size > FEW { WidgetKind::Navigation } else { WidgetKind::Footer };
        return (kind, 0.4);
    }
    let header = is_place(WidgetKind::Header);
    if links > of_size(0.7) && (size > FEW || !header) {
        return (WidgetKind::Navigation, 0.4);
    }
    if header && size < LONGEST_HEADER {
        return (WidgetKind::Header, 0.6);
    }
    let Some(&first) = elements.first() else { return (WidgetKind::Text, 0.3) };
    let mut above = page.ancestors(first).take(3).filter_map(|a| kind_of_name(page.e(a).name));
    if let Some(up) = above.find(|&kind| !is_weak(kind)) {
        return (up, 0.4);
    }
    let is_list = matches!(page.e(first).tag, "ul" | "ol") && links > of_size(0.4);
    (if is_list { WidgetKind::Navigation } else { WidgetKind::Text }, 0.3)
}

/// The kind that a program makes whose names the box or the largest part of it has.
fn made(page: &Page<'_>, elements: &[El]) -> Option<WidgetKind> {
    let most = LARGE * chars(page, elements) as f64;
    for &e in elements {
        let end = page.e(e).end.min(e + OUTER);
        for x in &page.elements[e..end] {
            if x.name.is_empty() || (page.chars(x.index) as f64) < most {
                continue;
            }
            if let Some(kind) = kind_of_name(x.name) {
                if is_makers_name(x.name) {
                    return Some(kind);
                }
            }
        }
    }
    None
}

/// The kind that the largest part of a box names.
fn inner_kind(page: &Page<'_>, elements: &[El]) -> Option<WidgetKind> {
    let (mut best, mut size) = (None, 0);
    let large = LARGE * chars(page, elements) as f64;
    for &e in elements {
        for x in &page.elements[e + 1..page.e(e).end] {
            let n = page.chars(x.index);
            if n > size && n as f64 >= large {
                if let Some(kind) = kind_of_name(x.name) {
                    (best, size) = (Some(kind), n);
                }
            }
        }
    }
    best
}

/// The kind of text that stands in no block of its own.
pub fn kind_of_loose(text: &str) -> Option<WidgetKind> {
    let words = folded(text);
    if is_copyright(&words) {
        return Some(WidgetKind::Footer);
    }
    is_comment_form(&words).then_some(WidgetKind::CommentForm)
}
