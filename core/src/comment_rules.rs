//! Finds comments, replies, answers, reviews and forum posts by how they name themselves and by their repetition.
//!
//! What is recognised: the markup of Blogger, WordPress, Discourse, phpBB, vBulletin, XenForo, Invision, SMF, FluxBB,
//! NodeBB, Flarum, bbPress, Disqus, Drupal, Stack Exchange, Reddit, Hacker News, LiveJournal, Mastodon, WooCommerce,
//! Judge.me and Bazaarvoice, the talk pages of MediaWiki, schema.org's Comment, Answer and Review, and whatever names
//! its blocks alike, or at least those of their words, or has a button to reply in each. What only one platform's
//! markup has stands in `platforms`.

use crate::any_case::folded;
use crate::comment_fields::fill;
use crate::comment_groups::{
    around, groups_by_bodies, groups_by_replies, named_groups, without_doubles, Group, FEWEST,
};
use crate::comment_plausible::Finder;
use crate::platforms;
use crate::rx;
use crate::talk_pages::find_signed;
use crate::threads::link_replies;
use crate::types::Item;
use crate::visible_text::Page;

/// Characters that a line has at most which stands where the comments of others would.
const LINE: usize = 80;

/// Whether a line says that there are no comments.
pub(crate) fn says_none_yet(line: &str) -> bool {
    rx!(concat!(
        r"^\W*(?:be the first|no comments? yet|there are no comments|noch keine kommentare|keine kommentare|",
        r"(?:schreib\w*|verfass\w*|hinterlass\w*) (?:hier )?(?:den|als) erste|sei(?:en sie)? der erste|",
        r"soyez le premier|aucun commentaire|sé el primero|no hay comentarios|sii il primo|nessun commento|",
        r"seja o primeiro|nenhum comentário|wees de eerste|nog geen reacties|brak komentarzy)"
    ))
    .is_match(&folded(line))
}

/// The comments of a page in document order, a forum's opening post among them.
///
/// `further`: it is a further page of a thread, which may have one post alone.
pub fn find_items(page: &Page<'_>, further: bool) -> Vec<Item> {
    let mut finder = Finder::new(page);
    let mut groups = named_groups(&mut finder, further);
    if groups.is_empty() {
        groups = groups_by_bodies(&mut finder);
    }
    if groups.is_empty() {
        // MediaWiki's.
        let signed = if platforms::are_known() { find_signed(page) } else { Vec::new() };
        if !signed.is_empty() {
            return signed;
        }
        groups = groups_by_replies(&mut finder);
    }
    let mut items = items_of(page, &without_doubles(page, groups));
    nest(page, &mut items);
    for item in &mut items {
        fill(page, item);
    }
    let mut items = with_signatures(page, without_others(page, items));
    link_replies(page, &mut items);
    items
}

/// Items of the groups' blocks in document order, less those around another that hold no words but its.
fn items_of(page: &Page<'_>, groups: &[Group]) -> Vec<Item> {
    let mut found: Vec<(usize, &Group)> =
        groups.iter().flat_map(|group| group.elements.iter().map(move |&e| (e, group))).collect();
    found.sort_by_key(|&(e, _)| e);
    let is_wrapper = |n: usize| {
        found.get(n + 1).is_some_and(|&(inner, _)| {
            let (a, b) = (page.e(found[n].0), page.e(inner));
            a.has(inner) && a.first == b.first && a.last == b.last
        })
    };
    (0..found.len()).filter(|&n| !is_wrapper(n)).map(|n| Item::new(found[n].0, found[n].1.family)).collect()
}

/// Sets each item's parent: the item around it.
fn nest(page: &Page<'_>, items: &mut [Item]) {
    let mut opened: Vec<usize> = Vec::new();
    for n in 0..items.len() {
        let element = items[n].element;
        while opened.last().is_some_and(|&o| !page.e(items[o].element).has(element)) {
            opened.pop();
        }
        if let Some(&owner) = opened.last() {
            items[n].parent = Some(owner);
            items[owner].inner.push(element);
        }
        opened.push(n);
    }
}

/// The items less blocks that are no comments. What stood in one of those has no parent.
fn without_others(page: &Page<'_>, items: Vec<Item>) -> Vec<Item> {
    let mut kept = 0;
    let places: Vec<Option<usize>> = items
        .iter()
        .map(|item| {
            let place = (!is_more(page, item)).then_some(kept);
            kept += place.is_some() as usize;
            place
        })
        .collect();
    let mut found: Vec<Item> =
        items.into_iter().zip(&places).filter(|(_, place)| place.is_some()).map(|(item, _)| item).collect();
    for item in &mut found {
        item.parent = item.parent.and_then(|owner| places[owner]);
    }
    found
}

/// Where no block of a thread says who or when: what is around each and no other, where that says it.
fn with_signatures(page: &Page<'_>, items: Vec<Item>) -> Vec<Item> {
    let says = |i: &Item| i.author.is_some() || is_dated(i) || !i.inner.is_empty();
    if items.len() < FEWEST || items.iter().any(says) {
        return items;
    }
    let blocks: Vec<_> = items.iter().map(|i| i.element).collect();
    let wider: Vec<Item> = around(page, &blocks)
        .into_iter()
        .zip(&items)
        .map(|(e, own)| {
            let mut item = Item::new(e, own.family);
            fill(page, &mut item);
            item.body = if own.body.is_empty() { vec![own.element] } else { own.body.clone() };
            item
        })
        .collect();
    if are_signed(page, &wider.iter().collect::<Vec<_>>()) {
        wider
    } else {
        items
    }
}

fn is_dated(item: &Item) -> bool {
    item.date.is_some() || item.date_text.is_some()
}

/// Whether several items all say who wrote them and when, as no part of an article does.
pub fn are_signed(page: &Page<'_>, items: &[&Item]) -> bool {
    // What has no attributes is a post by what it holds (Flarum's), and has no date on any page.
    are_by_people(page, items) && items.iter().all(|i| is_dated(i) || page.e(i.element).attrs.is_empty())
}

/// Whether several items all say who wrote them.
pub fn are_by_people(_page: &Page<'_>, items: &[&Item]) -> bool {
    items.len() > 1 && items.iter().all(|i| i.author.is_some())
}

/// Whether a block among comments is none: without words, a link to more of them ('Load more', 'Log in'), or a line that
/// says that there are none.
fn is_more(page: &Page<'_>, item: &Item) -> bool {
    let size = page.chars(item.element);
    let said = item.author.is_some() || is_dated(item);
    if size == 0 || (!said && page.link_chars(item.element) as f64 > 0.9 * size as f64) {
        return true;
    }
    !is_dated(item) && says_none_yet(&page.beginning(item.element, LINE))
}
