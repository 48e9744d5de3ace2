//! What a page's microdata says of its article: the properties of its one item of an article's type.

use std::borrow::Cow;

use crate::hash::Set;

use crate::dom::{Dom, Kind, Node, NONE};
use crate::json_ld::after_last;
use crate::{py, rx};

/// Items, or properties of one. More is a catalogue, of which each item would be looked at in vain.
pub const MOST: usize = 2000;
/// Characters of a property that stands as text.
const LONGEST: usize = 500;

/// Claims of the article's own item, and the types of all items.
#[derive(Default, Debug)]
pub struct Microdata {
    pub types: Vec<String>,
    pub headline: Option<String>,
    pub authors: Vec<String>,
    pub published: Option<String>,
    pub modified: Option<String>,
    pub comment_count: Option<i64>,
}

/// Whether an element is an item of some type.
pub fn is_item(node: &Node<'_>) -> bool {
    has(node, "itemscope") && has(node, "itemtype")
}

/// The microdata of a page's only article; of a list of articles only the types. `scopes`: the page's items, in order.
pub fn read_microdata(dom: &Dom<'_>, scopes: &[usize]) -> Microdata {
    let mut found = Microdata::default();
    let mut known = Set::default();
    let mut article = None;
    let mut articles = 0;
    for &node in scopes {
        let item_type = py::strip(dom.attr(node, "itemtype").unwrap_or(""));
        let name = after_last(item_type.trim_end_matches('/'), '/');
        if !name.is_empty() && known.insert(name) {
            found.types.push(name.to_owned());
        }
        if is_article(name) {
            articles += 1;
            article = article.or(Some(node));
        }
    }
    if let (Some(article), 1) = (article, articles) {
        read_article(dom, article, &mut found);
    }
    found
}

fn is_article(name: &str) -> bool {
    let name = name.strip_suffix('\n').unwrap_or(name);
    name.ends_with("Article") || name.ends_with("Posting") || matches!(name, "Question" | "Review" | "Recipe")
}

/// The item's own properties, those of items within it left out.
fn read_article(dom: &Dom<'_>, item: usize, found: &mut Microdata) {
    let mut name_of = None;
    let mut count: Option<String> = None;
    let mut seen = 0;
    for node in within(dom, item) {
        let Some(properties) = dom.attr(node, "itemprop") else { continue };
        seen += 1;
        if seen > MOST {
            break;
        }
        if owner(dom, node) != item {
            continue;
        }
        for property in py::words(&py::lower(properties)) {
            let first = |into: &mut Option<String>| {
                if into.is_none() {
                    *into = value(dom, node);
                }
            };
            match property {
                "headline" => first(&mut found.headline),
                "name" => first(&mut name_of),
                "datepublished" | "datecreated" => first(&mut found.published),
                "datemodified" => first(&mut found.modified),
                "commentcount" | "answercount" => first(&mut count),
                "author" | "creator" => found.authors.extend(name(dom, node)),
                "interactioncount" if count.is_none() => {
                    let said = value(dom, node).unwrap_or_default();
                    count = rx!(r"UserComments:(\d{1,8})").captures(&said).map(|found| found[1].to_owned());
                }
                _ => {}
            }
        }
    }
    found.headline = found.headline.take().or(name_of);
    let mut seen = Set::default();
    found.authors.retain(|name| seen.insert(name.clone()));
    let count = count.filter(|count| count.len() < 9 && count.bytes().all(|c| c.is_ascii_digit()));
    found.comment_count = count.and_then(|count| count.parse().ok());
}

/// An element and those in it, templates' left out.
fn within<'d>(dom: &'d Dom<'_>, element: usize) -> impl Iterator<Item = usize> + 'd {
    let end = dom.nodes[element].end;
    let mut n = element;
    std::iter::from_fn(move || {
        while n < end {
            let this = n;
            let node = &dom.nodes[this];
            n = if node.tag == "template" { node.end.max(this + 1) } else { this + 1 };
            if node.kind == Kind::Element {
                return Some(this);
            }
        }
        None
    })
}

/// The item that an element is a property of.
fn owner(dom: &Dom<'_>, node: usize) -> usize {
    let mut parent = dom.nodes[node].parent;
    while parent != NONE && !has(&dom.nodes[parent], "itemscope") {
        parent = dom.nodes[parent].parent;
    }
    parent
}

fn has(node: &Node<'_>, name: &str) -> bool {
    node.attrs.iter().any(|(n, _)| *n == name)
}

fn value(dom: &Dom<'_>, node: usize) -> Option<String> {
    let said = |name| dom.attr(node, name).filter(|said| !said.is_empty());
    let value = match said("content").or_else(|| said("datetime")) {
        Some(value) => Cow::Borrowed(value),
        None => Cow::Owned(text(dom, node)),
    };
    let line = py::collapse(&value);
    (!line.is_empty()).then(|| line.into_owned())
}

/// The beginning of an element's text.
fn text(dom: &Dom<'_>, element: usize) -> String {
    let end = dom.nodes[element].end;
    let mut out = String::new();
    let mut left = LONGEST;
    let mut n = element;
    while n < end && left > 0 {
        let node = &dom.nodes[n];
        n = if node.tag == "template" { node.end.max(n + 1) } else { n + 1 };
        if node.kind == Kind::Text {
            let part = py::head(node.text, left);
            left -= py::len(part);
            out.push_str(part);
        }
    }
    out
}

/// The name of a person: of the item within, or as text.
fn name(dom: &Dom<'_>, node: usize) -> Option<String> {
    if !has(&dom.nodes[node], "itemscope") {
        return value(dom, node);
    }
    let is_name = |&n: &usize| {
        let properties = dom.attr(n, "itemprop").unwrap_or("");
        properties.split([' ', '\t', '\n', '\r', '\x0c']).any(|property| property == "name")
    };
    within(dom, node).find(is_name).and_then(|inner| value(dom, inner))
}
