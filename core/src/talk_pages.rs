//! Talk pages of wikis: what was said is plain text, indented by lists and signed with a name and a time in brackets.

use crate::hash::Map;

use crate::comment_times::{has_clock, has_year};
use crate::py;
use crate::types::{Family, Item};
use crate::visible_text::{is_inline, El, Page, Tx};

const LONGEST: usize = 60;
/// Texts between a name and its time: a link to the writer's own talk page, brackets.
const NAME_BEFORE: usize = 8;
/// Characters of what stands between the links of a signature.
const LONGEST_BETWEEN: usize = 3;
/// Letters of a time zone.
const ZONE: std::ops::RangeInclusive<usize> = 2..=5;

fn is_list(tag: &str) -> bool {
    matches!(tag, "dl" | "ul" | "ol")
}

/// Whether a text is a time as MediaWiki signs in any language: "09:45, 12 March 2021 (UTC)", "12. Mär. 2021, 11:30
/// (CET)".
pub(crate) fn is_signed(text: &str) -> bool {
    // Nearly all texts end in a letter or a full stop.
    if text.bytes().last().is_none_or(|last| last.is_ascii_alphanumeric() || last == b'.') {
        return false;
    }
    let Some(before) = py::strip(text).strip_suffix(')') else { return false };
    let day = before.trim_end_matches(|c: char| c.is_ascii_uppercase());
    ZONE.contains(&(before.len() - day.len()))
        && day.ends_with('(')
        && py::len(text) < LONGEST
        && !day.contains('\n')
        && has_year(day)
        && has_clock(day)
}

/// The signed comments of a page, in document order and in their thread; none where fewer than two are signed.
pub fn find_signed(page: &Page<'_>) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut found: Map<El, usize> = Map::default();
    for (n, t) in page.texts.iter().enumerate() {
        if is_signed(t.value) {
            if let Some(item) = item(page, n, &found) {
                found.insert(item.element, items.len());
                items.push(item);
            }
        }
    }
    if items.len() < 2 {
        return Vec::new();
    }
    let mut heads = Map::default();
    for n in 0..items.len() {
        let element = items[n].element;
        items[n].parent = parent(page, element, &found, &mut heads);
        if let Some(owner) = items[n].parent {
            if page.e(items[owner].element).has(element) {
                items[owner].inner.push(element);
            }
        }
    }
    items
}

/// The comment that ends with a signature's time; None where no name stands before it.
fn item(page: &Page<'_>, number: Tx, found: &Map<El, usize>) -> Option<Item> {
    let time = page.t(number).parent;
    let mut block = time;
    while let Some(up) = page.e(block).parent.filter(|_| is_inline(page.e(block).tag)) {
        block = up;
    }
    if page.e(block).tag == "body" || found.contains_key(&block) {
        return None;
    }
    let mut author = None;
    for n in (page.e(block).first.max(number.saturating_sub(NAME_BEFORE))..number).rev() {
        let t = page.t(n);
        let e = page.e(t.parent);
        if t.parent != time && e.tag == "a" && !e.get("href").is_empty() {
            author = Some(t.parent);
        } else if py::len(py::strip(t.value)) > LONGEST_BETWEEN {
            break;
        }
    }
    let mut item = Item::new(block, Family::Post);
    item.author = Some(author?);
    item.body = unsigned_before(page, block, found);
    item.body.push(block);
    if time == block {
        item.date_text = Some(number);
    } else {
        item.date = Some(time);
    }
    Some(item)
}

/// The elements beside one, from the nearest before it to the first.
fn before<'a>(page: &'a Page<'_>, e: El) -> impl Iterator<Item = El> + 'a {
    let siblings = page.e(e).parent.map_or(&[][..], |up| &page.e(up).children[..]);
    siblings[..siblings.partition_point(|&s| s < e)].iter().rev().copied()
}

/// The paragraphs just before a signed one that are signed by nobody: the same comment's.
fn unsigned_before(page: &Page<'_>, block: El, found: &Map<El, usize>) -> Vec<El> {
    if page.e(block).tag != "p" {
        return Vec::new();
    }
    let is_unsigned = |&e: &El| page.e(e).tag == "p" && !found.contains_key(&e);
    let mut unsigned: Vec<El> = before(page, block).take_while(is_unsigned).collect();
    unsigned.reverse();
    unsigned
}

/// What was found before lists: of each list the nearest element before it that is none.
type Heads = Map<El, Option<El>>;

/// The comment that the nearest list around a comment stands in or follows.
fn parent(page: &Page<'_>, element: El, found: &Map<El, usize>, heads: &mut Heads) -> Option<usize> {
    let mut branch = element;
    for up in page.ancestors(element) {
        if let Some(&owner) = found.get(&up) {
            return Some(owner);
        }
        if is_list(page.e(branch).tag) {
            if let Some(&owner) = head(page, branch, heads).and_then(|e| found.get(&e)) {
                return Some(owner);
            }
        }
        branch = up;
    }
    None
}

/// The nearest element before a list and beside it that is no list.
fn head(page: &Page<'_>, list: El, heads: &mut Heads) -> Option<El> {
    if let Some(&known) = heads.get(&list) {
        return known;
    }
    let mut found = None;
    for e in before(page, list) {
        let known = heads.get(&e).copied();
        if known.is_some() || !is_list(page.e(e).tag) {
            found = known.unwrap_or(Some(e));
            break;
        }
    }
    heads.insert(list, found);
    found
}
