//! Reads a page's visible text, as the design defines it, with the elements that it stands in.
//!
//! Visible are the text nodes under `body`, in document order, outside `UNSEEN` elements, outside elements with a
//! `hidden` attribute or an inline style of `display:none` or `visibility:hidden`. Read as well, and marked as not
//! visible, is prose that a reader opens: what tabs and accordions hide.

use bumpalo::collections::String;
use bumpalo::Bump;

use crate::dom::{Attr, Dom, Kind, NONE};
use crate::py;
use crate::rx;
use crate::visible_text::{is_inline, Element, Page, Text, MOMENTS};

/// A page with fewer visible characters is a shell; its words may stand in noscript, or be hidden until a script runs.
const SHELL: usize = 200;
/// Letters in paragraphs that a panel has at least, and the share of all its letters that links may have.
const PROSE: usize = 150;
const PANEL_LINKS: f64 = 0.3;
/// Panels in panels at most: all of each is measured.
const NESTED: i32 = 3;
/// More tags than stand inside a word.
const APART: u32 = 99;

fn is_unseen(tag: &str) -> bool {
    matches!(
        tag,
        "script" | "style" | "noscript" | "template" | "svg" | "iframe" | "noframes" | "noembed" | "head"
    )
}

/// Of the tags in a line those that change how letters look and nothing else: what they part may be one word.
fn is_formatting(tag: &str) -> bool {
    matches!(
        tag,
        "b" | "bdi" | "bdo" | "big" | "del" | "dfn" | "em" | "font" | "i" | "ins" | "mark" | "nobr" | "q" | "rb"
            | "rp" | "rt" | "ruby" | "s" | "small" | "strike" | "strong" | "sub" | "sup" | "tt" | "u" | "var" | "wbr"
    )
}

/// And those that are boxes or pictures: what is before or after one is no part of the same word.
fn is_box(tag: &str) -> bool {
    matches!(
        tag,
        "audio" | "button" | "canvas" | "embed" | "iframe" | "img" | "input" | "meter" | "object" | "picture"
            | "progress" | "select" | "video"
    )
}

/// Elements that say something without a text in them; others without one are left out of the tree.
fn is_kept(tag: &str) -> bool {
    matches!(tag, "img" | "iframe" | "embed" | "object" | "video" | "audio" | "input" | "hr")
}

/// Punctuation that belongs to what stands before or after it, whatever tags are between.
const CLOSING: &str = ",.;:!?)]}%’”…。、，！？：；）」』】";
const OPENING: &str = "([{„‚¿¡「『【（";

/// The visible page; for a shell also its noscript, or what it hides, if that is most of it.
pub fn visible<'p>(dom: &Dom<'p>, arena: &'p Bump) -> Page<'p> {
    let page = read(dom, arena, false, false);
    let size = page.shown();
    let elements = || (0..dom.nodes.len()).filter(|&n| dom.nodes[n].kind == Kind::Element);
    let without_script: usize = elements()
        .filter(|&n| dom.nodes[n].tag == "noscript")
        .map(|n| py::len(&dom.text(n)))
        .sum();
    if without_script as f64 > f64::max(0.6 * size as f64, SHELL as f64) {
        let more = read(dom, arena, true, false);
        if more.chars(0) as f64 > f64::max(1.6 * size as f64, (size + SHELL) as f64) {
            return more;
        }
    }
    // What React sends later and shows by script: on some pages nearly all, beside menus that stand there from the
    // start.
    let is_streamed = |n: usize| {
        dom.nodes[n].tag == "div"
            && dom.attr(n, "hidden").is_some()
            && dom.attr(n, "id").is_some_and(|id| id.starts_with("S:"))
    };
    if size < SHELL || elements().any(is_streamed) {
        let more = read(dom, arena, false, true);
        let factor = if size < SHELL { 4.0 } else { 1.6 };
        if more.chars(0) as f64 > f64::max(factor * size as f64, SHELL as f64) {
            return more;
        }
    }
    page
}

/// What is open: node, element, and whether it begins what is not visible, or preformatted.
struct Open {
    node: usize,
    element: usize,
    begun: Option<(bool, bool)>,
}

/// The visible page; with `noscript` or `hidden` also the text in those, marked as not visible.
pub fn read<'p>(dom: &Dom<'p>, arena: &'p Bump, noscript: bool, keep_hidden: bool) -> Page<'p> {
    let mut elements: Vec<Element<'p>> = Vec::new();
    let mut texts: Vec<Text<'p>> = Vec::new();
    let whole = noscript || keep_hidden;
    if dom.body == NONE {
        elements.push(element("body", &[], None, 0, 0, 0, 4, arena));
        return Page::new(elements, texts, whole);
    }
    let (mut line, mut unseen_depth, mut pre_depth, mut breaks) = (0usize, 0i32, 0i32, 0u32);
    // Of the node last read, among its parent's children: of elements alone.
    let mut place = 0usize;
    // Since the last text: how many tags, whether one closed and another opened after it, and whether all of them only
    // change how letters look.
    let (mut tags_between, mut closed, mut turned, mut formatting) = (0u32, false, false, true);
    let attrs = dom.nodes[dom.body].attrs;
    elements.push(element("body", attrs, None, 0, 0, 0, 4, arena));
    if hides(attrs) {
        if !keep_hidden {
            return Page::new(elements, texts, whole);
        }
        unseen_depth = 1;
    }
    let mut parent = 0usize;
    let mut opened = vec![Open { node: dom.body, element: 0, begun: None }];
    let mut node = dom.nodes[dom.body].first_child;
    loop {
        if node == NONE {
            let Some(Open { node: done, element: number, begun }) = opened.pop() else { break };
            let tag = dom.nodes[done].tag;
            place = elements[number].place;
            elements[number].last = texts.len();
            elements[number].end = elements.len();
            if let Some((unseen, pre)) = begun {
                unseen_depth -= i32::from(unseen);
                pre_depth -= i32::from(pre);
            }
            if !is_inline(tag) {
                line += 1;
            }
            tags_between += if is_box(tag) { APART } else { 1 };
            closed = true;
            formatting = formatting && is_formatting(tag);
            let Some(above) = elements[number].parent else { break };
            parent = above;
            let e = &elements[number];
            if e.first == e.last && number + 1 == elements.len() && !tells(tag, e.attrs) {
                elements.pop();
                elements[parent].children.pop();
            }
            node = dom.nodes[done].next;
            continue;
        }
        let n = &dom.nodes[node];
        match n.kind {
            Kind::Comment => {
                node = n.next;
                continue;
            }
            Kind::Text => {
                let mut value = n.text;
                if !value.is_ascii() && value.contains(is_invisible) {
                    value = arena.alloc_str(&value.replace(is_invisible, ""));
                }
                let joined = py::collapse(value);
                if !joined.is_empty() {
                    let chars = py::len(&joined) - joined.bytes().filter(|&b| b == b' ').count();
                    if pre_depth == 0 && joined.len() != value.len() {
                        let before = if value.starts_with(py::is_space) { " " } else { "" };
                        let after = if value.ends_with(py::is_space) { " " } else { "" };
                        value = joined_in(arena, [before, &joined, after]);
                    } else if pre_depth == 0 && joined != value {
                        // As long, and with other white space between its words.
                        value = arena.alloc_str(&joined);
                    }
                    let glued = tags_between < 2
                        || pre_depth > 0
                        || (tags_between < APART
                            && texts.last().is_some_and(|t| is_one_word(t.value, value, formatting, !turned)));
                    texts.push(Text {
                        value,
                        parent,
                        line,
                        glued,
                        chars,
                        visible: unseen_depth == 0,
                        preformatted: pre_depth > 0,
                        place: place + 1,
                    });
                    (breaks, tags_between) = (0, 0);
                    (closed, turned, formatting) = (false, false, true);
                } else if !value.is_empty() {
                    match texts.last_mut() {
                        // Between the coloured words of code it is what parts them.
                        Some(last) if pre_depth > 0 && last.line == line && last.preformatted => {
                            last.value = joined_in(arena, [last.value, value]);
                        }
                        _ => tags_between += APART,
                    }
                }
                node = n.next;
                continue;
            }
            Kind::Element => {}
        }
        let tag = n.tag;
        place += 2;
        // A frame's element is kept, what is in it is not.
        if is_unseen(tag) && tag != "iframe" && !(noscript && tag == "noscript") {
            node = n.next;
            continue;
        }
        tags_between += if is_box(tag) { APART } else { 1 };
        turned = turned || closed;
        formatting = formatting && is_formatting(tag);
        let attrs = n.attrs;
        let hidden = hides(attrs);
        if hidden && !keep_hidden && !(unseen_depth < NESTED && is_panel(dom, node, tag, attrs)) {
            node = n.next;
            continue;
        }
        if tag == "br" {
            breaks += 1;
            if breaks == 1 {
                if let Some(last) = texts.last_mut() {
                    last.value = joined_in(arena, [last.value, "\n"]);
                }
            } else if breaks == 2 {
                line += 1;
            }
            node = n.next;
            continue;
        }
        if !is_inline(tag) {
            line += 1;
            breaks = 0;
        }
        if n.first_child == NONE || tag == "iframe" {
            if tells(tag, attrs) {
                add(&mut elements, tag, attrs, parent, texts.len(), place, arena);
            }
            node = n.next;
            continue;
        }
        let number = add(&mut elements, tag, attrs, parent, texts.len(), place, arena);
        let mut begun = None;
        let preformatted = matches!(tag, "pre" | "textarea");
        if is_unseen(tag) || preformatted || hidden {
            let unseen = hidden || tag == "noscript";
            unseen_depth += i32::from(unseen);
            pre_depth += i32::from(preformatted);
            begun = Some((unseen, preformatted));
        }
        opened.push(Open { node, element: number, begun });
        parent = number;
        place = 0;
        node = n.first_child;
    }
    Page::new(elements, texts, whole)
}

fn add<'p>(
    elements: &mut Vec<Element<'p>>,
    tag: &'p str,
    attrs: &'p [Attr<'p>],
    parent: usize,
    first: usize,
    place: usize,
    arena: &'p Bump,
) -> usize {
    let number = elements.len();
    let depth = elements[parent].depth + 1;
    elements.push(element(tag, attrs, Some(parent), number, first, depth, place, arena));
    elements[parent].children.push(number);
    number
}

#[allow(clippy::too_many_arguments)]
fn element<'p>(
    tag: &'p str,
    attrs: &'p [Attr<'p>],
    parent: Option<usize>,
    index: usize,
    first: usize,
    depth: usize,
    place: usize,
    arena: &'p Bump,
) -> Element<'p> {
    let value = |name: &str| attrs.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| *v);
    let (ident, classes) = (value("id"), value("class"));
    let name: &'p str = match (ident.is_empty(), classes.is_empty()) {
        (false, false) => joined_in(arena, [ident, " ", classes]),
        (false, true) => ident,
        _ => classes,
    };
    Element { tag, attrs, parent, index, first, last: first, end: index + 1, depth, place, name, children: bumpalo::vec![in arena] }
}

/// Characters without a width: where a word may be broken, joiners of words, and byte order marks amid a text.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{2060}' | '\u{feff}')
}

/// Whether several tags between two texts of a line part no words. Style sheets set elements apart that have no space
/// between them, so letters are joined only where tags go one way (`nested`: all open or all close) and a word seems to
/// go on, or where all are `formatting`.
fn is_one_word(before: &str, after: &str, formatting: bool, nested: bool) -> bool {
    let (Some(last), Some(first)) = (before.chars().next_back(), after.chars().next()) else { return false };
    if py::is_space(last) || py::is_space(first) {
        return false;
    }
    if formatting || CLOSING.contains(first) || OPENING.contains(last) {
        return true;
    }
    let single = before.len() == last.len_utf8();
    let goes_on = py::is_alpha(last) && py::is_alpha(first) && (single || !first.is_uppercase());
    nested && goes_on
}

/// Whether an element without text says something.
fn tells(tag: &str, attrs: &[Attr<'_>]) -> bool {
    is_kept(tag)
        || attrs.iter().any(|(name, value)| {
            MOMENTS.contains(name) && rx!(r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d").is_match(value)
        })
}

/// Whether a hidden element holds prose that a reader may open.
fn is_panel(dom: &Dom<'_>, node: usize, tag: &str, attrs: &[Attr<'_>]) -> bool {
    let value = |name: &str| attrs.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| *v);
    let names = ["id", "class", "role", "aria-label"].map(value).join(" ");
    // What is hidden and no panel with prose, by its names and role.
    let no_panel = rx!(
        r"(?i)modal|pop-?up|cookie|consent|gdpr|menu|nav|dialog|search|cart|log-?in|sign-?(?:in|up)|toast|overlay|lightbox|tooltip|newsletter|subscri|share|filter|drawer|off-?canvas|alert|error|form|template|banner|loading|(?:^|[\s_-])ads?[\s_-]"
    );
    if no_panel.is_match(&names) {
        return false;
    }
    let sum = |tag: &str| -> usize { dom.tagged(node, tag).map(|n| letters(dom, n)).sum() };
    let prose = if tag == "p" { letters(dom, node) } else { sum("p") };
    // A selector finds the element that it is asked of too: a link is all link.
    let links = if tag == "a" { letters(dom, node) } else { 0 } + sum("a");
    prose >= PROSE && links as f64 <= PANEL_LINKS * letters(dom, node) as f64
}

fn letters(dom: &Dom<'_>, node: usize) -> usize {
    dom.nodes[node..dom.nodes[node].end]
        .iter()
        .filter(|n| n.kind == Kind::Text)
        .map(|n| n.text.chars().filter(|&c| !py::is_space(c)).count())
        .sum()
}

/// Some texts as one.
fn joined_in<'p, const TEXTS: usize>(arena: &'p Bump, texts: [&str; TEXTS]) -> &'p str {
    let mut all = String::with_capacity_in(texts.iter().map(|text| text.len()).sum(), arena);
    texts.iter().for_each(|text| all.push_str(text));
    all.into_bump_str()
}

/// Whether an element with these attributes is hidden, by the design's definition.
fn hides(attrs: &[Attr<'_>]) -> bool {
    attrs.iter().any(|(name, value)| match *name {
        "hidden" => true,
        "style" => hides_by_style(value.as_bytes()),
        _ => false,
    })
}

/// Whether a style sets `display` to none or `visibility` to hidden. CSS takes no letters for another's case but ASCII's,
/// and nothing for white space but its.
fn hides_by_style(style: &[u8]) -> bool {
    let is_space = |b: &u8| matches!(b, b' ' | b'\t'..=b'\r');
    memchr::memchr_iter(b':', style).any(|colon| {
        let said = &style[colon + 1..];
        let said = &said[said.iter().take_while(|&b| is_space(b)).count()..];
        let of = &style[..colon];
        let of = &of[..of.len() - of.iter().rev().take_while(|&b| is_space(b)).count()];
        let sets = |name: &[u8], value: &[u8]| {
            said.get(..value.len()).is_some_and(|said| said.eq_ignore_ascii_case(value))
                && of.len().checked_sub(name.len()).is_some_and(|begin| of[begin..].eq_ignore_ascii_case(name))
        };
        sets(b"display", b"none") || sets(b"visibility", b"hidden")
    })
}
