//! Parents that a comment names: by an attribute ('data-parent-id'), a link to the comment that it answers, the words
//! 'in reply to #3', or '@name' where it begins.

use std::borrow::Cow;

use crate::hash::Map;

use crate::any_case;
use crate::any_case::folded;
use crate::memo::NAMES;
use crate::platforms::{also, named};
use crate::reply_words::refers;
use crate::types::Item;
use crate::visible_text::{El, Element, Page, Tx};
use crate::{memo, py, rx};

const LONGEST_REFERENCE: usize = 200;
/// Words of a name at most.
const LONGEST_NAME: usize = 5;

/// The last part of an id or address: what comments are known by.
type Key<'p> = Cow<'p, str>;

/// Sets the parents of comments that name them by id or link, or by a number of the thread.
pub fn nest_by_reference(page: &Page<'_>, items: &mut [Item]) {
    let ids = ids(page, items);
    let names = LinkNames::new();
    let mut numbers: Option<Map<u32, usize>> = None;
    let mut by_author: Map<String, usize> = Map::default();
    for n in 0..items.len() {
        let item = &items[n];
        let mut owner = by_attribute(page, item, &ids).or_else(|| by_link(page, item, &ids, &names));
        if owner.is_none() && item.head_texts(page).any(|t| refers(page.t(t).value).is_some()) {
            let numbers = numbers.get_or_insert_with(|| numbers_of(page, items));
            owner = by_words(page, items, n, &by_author, &ids, numbers);
        }
        if let Some(author) = item.author {
            by_author.insert(py::casefold(&page.text(author)).into_owned(), n);
        }
        // What is answered stands before.
        if let Some(owner) = owner.filter(|&owner| owner < n) {
            items[n].parent = Some(owner);
        }
    }
}

/// Sets the parents of a flat thread's comments that begin with '@' and the name of one who wrote before them: that
/// one's last comment. Where a comment's microformat calls it a direct answer (`u-comment`), it stays one.
pub fn nest_by_mention(page: &Page<'_>, items: &mut [Item]) {
    let mut by_author: Map<String, usize> = Map::default();
    let mut by_address: Map<&str, usize> = Map::default();
    for n in 0..items.len() {
        let item = &items[n];
        let is_answer = || py::words(page.get(item.element, "class")).any(|class| class == "u-comment");
        if let Some(first) = first_text(page, item).filter(|_| item.parent.is_none() && !is_answer()) {
            let parent = mentioned(page, item.body[0], &by_author);
            let linked = || {
                let links = page.elements[page.inside(item.body[0])].iter();
                let mut links = links.filter(|e| e.tag == "a" && e.first <= first + 1);
                links.find_map(|link| by_address.get(link.get("href")).copied())
            };
            items[n].parent = parent.or_else(linked);
        }
        if let Some(author) = items[n].author {
            by_author.insert(py::casefold(&page.text(author)).into_owned(), n);
            let address = address(page, author);
            if !address.is_empty() {
                by_address.insert(address, n);
            }
        }
    }
}

/// Whose name a body begins with behind an '@': the longest such.
fn mentioned(page: &Page<'_>, body: El, by_author: &Map<String, usize>) -> Option<usize> {
    let said = page.beginning(body, LONGEST_REFERENCE + 1);
    let said = py::casefold(said.trim_start_matches(['@', ' ']));
    let ends: Vec<usize> = said.match_indices(' ').map(|(at, _)| at).chain([said.len()]).take(LONGEST_NAME).collect();
    ends.into_iter().rev().find_map(|end| {
        let name = &said[..end];
        by_author.get(name).or_else(|| by_author.get(name.trim_end_matches([':', ',', '.', '!', '?', ';']))).copied()
    })
}

/// The number of the body's first text, where that begins with '@'.
fn first_text(page: &Page<'_>, item: &Item) -> Option<Tx> {
    let first = page.e(*item.body.first()?).texts().next()?;
    page.t(first).value.trim_start_matches(py::is_space).starts_with('@').then_some(first)
}

/// Where the author's name leads.
fn address<'p>(page: &Page<'p>, author: El) -> &'p str {
    let mut around = std::iter::once(author).chain(page.ancestors(author).take(3));
    around.find(|&e| page.e(e).tag == "a").map_or("", |link| page.get(link, "href"))
}

/// The last part of an id or address, where it has a digit: 'comment-501', '/comment/501' and '#comment-501' name the
/// same.
fn key(value: &str) -> Option<Key<'_>> {
    // Whether a 'Σ' ends a word is asked of the whole.
    if !value.is_ascii() && value.contains('Σ') {
        return last_part(&value.to_lowercase()).map(|last| Cow::Owned(last.to_owned()));
    }
    last_part(value).map(py::lower)
}

fn last_part(value: &str) -> Option<&str> {
    let is_between = |c| matches!(c, '-' | '_' | ':' | '/' | '=' | '#' | '?' | '&' | '.');
    let parts = py::strip(value).trim_end_matches(is_between);
    let last = parts.rfind(is_between).map_or(parts, |at| &parts[at + 1..]);
    last.chars().any(py::is_digit).then_some(last)
}

/// The comments by their ids; what two of them have in common is no id.
fn ids<'p>(page: &Page<'p>, items: &[Item]) -> Map<Key<'p>, usize> {
    let mut owners: Map<Key<'p>, Option<usize>> = Map::default();
    let mut add = |key: Option<Key<'p>>, n: usize| {
        if let Some(key) = key {
            let owner = owners.entry(key).or_insert(Some(n));
            *owner = owner.filter(|&owner| owner == n);
        }
    };
    for (n, item) in items.iter().enumerate() {
        for e in blocks(page, item) {
            for (name, value) in e.attrs {
                if !value.is_empty() && is_id(name) {
                    add(key(value), n);
                }
            }
        }
        if let Some(date) = item.date {
            for e in std::iter::once(date).chain(page.ancestors(date).take(2)) {
                let href = page.get(e, "href");
                if page.e(e).tag == "a" && href.contains('#') {
                    add(key(href), n);
                }
            }
        }
    }
    owners.into_iter().filter_map(|(key, owner)| owner.map(|owner| (key, owner))).collect()
}

/// A comment's block and the first blocks in it.
fn blocks<'a, 'p>(page: &'a Page<'p>, item: &Item) -> impl Iterator<Item = &'a Element<'p>> {
    let e = page.e(item.element);
    std::iter::once(e).chain(e.children.iter().take(2).map(|&child| page.e(child)))
}

/// Whether an attribute has an id, and none of others than the comment itself.
fn is_id(name: &str) -> bool {
    memo!(NAMES, name, str => bool, {
        rx!(format!(r"^(?:id|name|itemid|about|data-[\w-]*id{})$", also("own id"))).is_match(name)
            && !rx!(r"parent|reply|user|author|owner|member|thread|topic|subject|-[ut]id").is_match(name)
    })
}

fn is_parent_id(name: &str) -> bool {
    memo!(NAMES, name, str => bool, {
        rx!(format!(
            r"^(?:data-)?(?:parent|reply-?to|in-?reply-?to)(?:-?(?:comment|post|reply|message))?(?:-?(?:id|cid{}))?$",
            also("parent id")
        ))
        .is_match(name)
    })
}

fn by_attribute(page: &Page<'_>, item: &Item, ids: &Map<Key<'_>, usize>) -> Option<usize> {
    let values = blocks(page, item).flat_map(|e| e.attrs);
    let mut values = values.filter(|(name, value)| !value.is_empty() && is_parent_id(name));
    values.find_map(|(_, value)| ids.get(&key(value)?).copied())
}

/// Elements of a comment's block that stand neither in its body nor in a comment inside it.
fn outside<'a, 'p>(page: &'a Page<'p>, item: &'a Item) -> impl Iterator<Item = &'a Element<'p>> {
    let end = page.e(item.element).end;
    let mut at = item.element + 1;
    let mut inner = item.inner.iter().copied().peekable();
    std::iter::from_fn(move || {
        while at < end {
            while inner.next_if(|&e| e < at).is_some() {}
            let e = page.e(at);
            if inner.peek() == Some(&at) || item.body.contains(&at) {
                at = e.end;
                continue;
            }
            at += 1;
            return Some(e);
        }
        None
    })
}

/// How links name what they are for: attributes, and words that are all they say.
struct LinkNames {
    attributes: Vec<&'static str>,
    /// In small letters.
    words: Vec<&'static str>,
}

impl LinkNames {
    fn new() -> Self {
        let attributes = ["class", "rel"].into_iter().chain(named("link name")).collect();
        LinkNames { attributes, words: named("parent word") }
    }

    /// Whether a link names itself a way to the comment's parent.
    fn lead_to_parent(&self, page: &Page<'_>, link: &Element<'_>) -> bool {
        let mut said = String::new();
        for &name in &self.attributes {
            said.push_str(link.get(name));
            said.push(' ');
        }
        is_way_to_parent(said.trim_end_matches(' '))
            || self.words.iter().any(|word| {
                page.chars(link.index) == word.len() && py::lower(&page.text(link.index)) == **word
            })
    }
}

fn is_way_to_parent(said: &str) -> bool {
    !said.is_empty()
        && memo!(NAMES, said, str => bool, {
            any_case!(format!(
                r"in-?reply-?to|replied-?to|reply-?to(?:$|\s)|jump-?to-?parent{}",
                also("parent link")
            ))
            .is_match(&folded(said))
        })
}

/// Where links lead that name themselves a way to the comment's parent.
fn by_link(
    page: &Page<'_>,
    item: &Item,
    ids: &Map<Key<'_>, usize>,
    names: &LinkNames,
) -> Option<usize> {
    outside(page, item).filter(|e| e.tag == "a").find_map(|link| {
        let owner = *ids.get(&key(link.get("href"))?)?;
        names.lead_to_parent(page, link).then_some(owner)
    })
}

/// The comment that the words 'in reply to …' name, by a link, a number or its author.
fn by_words(
    page: &Page<'_>,
    items: &[Item],
    n: usize,
    by_author: &Map<String, usize>,
    ids: &Map<Key<'_>, usize>,
    numbers: &Map<u32, usize>,
) -> Option<usize> {
    let item = &items[n];
    let short = outside(page, item).filter(|e| page.chars(e.index) < LONGEST_REFERENCE);
    let said = short.filter(|e| refers(&page.text(e.index)).is_some()).min_by_key(|e| page.chars(e.index));
    let Some(e) = said else {
        let text = page.beginning(*item.body.first()?, LONGEST_REFERENCE);
        return numbers.get(&numbered(refers(&text)?)?).copied();
    };
    let links = page.elements[page.inside(e.index)].iter().filter(|x| x.tag == "a");
    let mut owners = links.filter_map(|link| ids.get(&key(link.get("href"))?).copied());
    if let Some(owner) = owners.find(|&owner| owner != n) {
        return Some(owner);
    }
    let text = page.text(e.index);
    let rest = refers(&text)?;
    match numbered(rest) {
        Some(number) => numbers.get(&number).copied(),
        None => by_author.get(&*py::casefold(py::strip_chars(rest, " :,.@"))).copied(),
    }
}

/// The number that words begin with ('#3, …').
fn numbered(words: &str) -> Option<u32> {
    int(rx!(r"^\W*#\s?(\d{1,6})(?:$|\W)").captures(words)?.get(1)?.as_str())
}

/// What `int` makes of a few digits of any script.
fn int(digits: &str) -> Option<u32> {
    digits.chars().try_fold(0, |number, c| Some(10 * number + py::digit(c)?))
}

/// The comments by the number that the page gives them ('#3').
fn numbers_of(page: &Page<'_>, items: &[Item]) -> Map<u32, usize> {
    let mut numbers = Map::default();
    for (n, item) in items.iter().enumerate() {
        let number = |e: &Element<'_>| {
            if !(1..3).contains(&e.texts().len()) {
                return None;
            }
            int(rx!(r"^\W*#\s?(\d{1,6})$").captures(&page.text(e.index))?.get(1)?.as_str())
        };
        if let Some(number) = outside(page, item).find_map(number) {
            numbers.entry(number).or_insert(n);
        }
    }
    numbers
}
