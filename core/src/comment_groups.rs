//! Blocks that may be a page's comments, by what they call themselves, by their posts' bodies, or by buttons to reply.

use std::rc::Rc;

use crate::hash::Map;

use crate::comment_names::{body_token, families};
use crate::comment_plausible::Finder;
use crate::platforms;
use crate::py;
use crate::types::Family;
use crate::visible_text::{El, Page};

/// Blocks that name themselves alike, in document order.
#[derive(Clone)]
pub struct Group {
    pub family: Family,
    pub token: Rc<str>,
    pub elements: Vec<El>,
}

impl Group {
    /// Whether blocks are named replies.
    fn is_reply(&self) -> bool {
        self.family == Family::Post && self.token.contains("reply")
    }
}

/// A block whose words are to this share another's is a wrapper of that and no post: a blog's theme that wraps its pages
/// twice in what it names a post has 95% there.
const WRAPPED: f64 = 0.9;
/// Groups are compared pair by pair; a page with more of them is no thread.
const MOST_GROUPS: usize = 60;
/// A thread known by its posts' bodies alone has so many, or it is an article and an answer; a post is at most so many
/// levels higher above its body than most of them: on Mumsnet's pages the opening stands two levels higher.
pub const FEWEST: usize = 3;
const HIGHER: usize = 2;
/// Letters of the longest of a button's words.
const LONGEST_REPLY: usize = 12;

/// What a button to reply says, and nothing else, by what it begins with.
fn reply_buttons(first: u8) -> &'static [&'static str] {
    match first {
        b'a' => &["antworten"],
        b'b' => &["beantwoorden", "balas"],
        b'c' => &["cevapla"],
        b'o' => &["odpowiedz", "odpovědět"],
        b'r' => &["reply", "répondre", "responder", "rispondi", "reageer", "reageren"],
        b's' => &["svar", "svara"],
        b't' => &["trả lời"],
        b'v' => &["vastaa"],
        b'y' => &["yanıtla"],
        128.. => &["ответить", "відповісти", "返信", "回复", "回覆", "답글"],
        _ => &[],
    }
}

/// Whether words are all that a button to reply says.
pub(crate) fn is_reply_button(words: &str) -> bool {
    let words = py::strip(words);
    let buttons = words.bytes().next().map_or(&[][..], |first| reply_buttons(first.to_ascii_lowercase()));
    !buttons.is_empty() && buttons.contains(&&*py::lower(words))
}

/// Elements that look like comments, by family, tag and token; `alone`: also where there is one.
pub fn named_groups(finder: &mut Finder<'_, '_>, alone: bool) -> Vec<Group> {
    let page = finder.page;
    let mut places: Map<(Family, &str, Rc<str>), usize> = Map::default();
    let mut groups: Vec<Group> = Vec::new();
    for e in &page.elements {
        if (e.attrs.is_empty() && e.tag != "article") || page.chars(e.index) <= 2 {
            continue;
        }
        for (family, token) in families(page, e.index) {
            let place = *places.entry((family, e.tag, token.clone())).or_insert_with(|| {
                groups.push(Group { family, token, elements: Vec::new() });
                groups.len() - 1
            });
            groups[place].elements.push(e.index);
        }
    }
    // A comment may be short and its answer long; posts stand beside each other.
    for group in &mut groups {
        if group.family != Family::Comment {
            leave_wrappers(page, &mut group.elements);
        }
    }
    let plausible: Vec<bool> = groups.iter().map(|group| finder.is_plausible(group, alone)).collect();
    // A shop answers few of its reviews, and says not when.
    let mut reviews: Vec<El> = groups
        .iter()
        .zip(&plausible)
        .filter(|(group, &is_plausible)| is_plausible && group.family == Family::Review)
        .flat_map(|(group, _)| group.elements.iter().copied())
        .collect();
    reviews.sort_unstable();
    let reviews = Outers::new(page, reviews);
    let (mut found, mut answers) = (Vec::new(), Vec::new());
    for (group, is_plausible) in groups.into_iter().zip(plausible) {
        if is_plausible {
            found.push(group);
        } else if group.is_reply() && group.elements.iter().all(|&e| reviews.hold(e)) {
            answers.push(group);
        }
    }
    found.append(&mut answers);
    found
}

/// Elements in document order, and of each where it or one before it ends last.
struct Outers {
    elements: Vec<El>,
    ends: Vec<El>,
}

impl Outers {
    fn new(page: &Page<'_>, elements: Vec<El>) -> Self {
        let mut last = 0;
        let until = |&e: &El| {
            last = page.e(e).end.max(last);
            last
        };
        let ends = elements.iter().map(until).collect();
        Outers { elements, ends }
    }

    /// Whether an element stands in one of these.
    fn hold(&self, inner: El) -> bool {
        let before = self.elements.partition_point(|&e| e < inner);
        before > 0 && self.ends[before - 1] > inner
    }
}

/// Leaves out of elements in document order those that hold little but the next.
fn leave_wrappers(page: &Page<'_>, elements: &mut Vec<El>) {
    let mut at = 0;
    let nexts: Vec<Option<El>> = (1..=elements.len()).map(|n| elements.get(n).copied()).collect();
    elements.retain(|&e| {
        let next = nexts[at];
        at += 1;
        next.is_none_or(|n| !page.e(e).has(n) || (page.chars(n) as f64) < WRAPPED * page.chars(e) as f64)
    });
}

/// Posts of boards that name nothing but the block of a post's words: what is around one such block and no other.
pub fn groups_by_bodies(finder: &mut Finder<'_, '_>) -> Vec<Group> {
    let page = finder.page;
    let mut named: Vec<(Rc<str>, Vec<El>)> = Vec::new();
    for e in page.elements.iter().filter(|e| e.last > e.first && !e.attrs.is_empty()) {
        let classes = e.get("class");
        let Some(token) = body_token(classes) else { continue };
        match named.iter_mut().find(|(known, _)| *known == token) {
            Some((_, bodies)) => bodies.push(e.index),
            None => named.push((token, vec![e.index])),
        }
    }
    let mut found = Vec::new();
    for (token, bodies) in named {
        if bodies.len() >= FEWEST {
            let elements = around(page, &bodies);
            let group = Group { family: Family::Post, token, elements };
            if finder.is_plausible(&group, false) {
                found.push(group);
            }
        }
    }
    found
}

/// Posts of pages that name nothing at all: what is around one button to reply and no other, and says when.
pub fn groups_by_replies(finder: &mut Finder<'_, '_>) -> Vec<Group> {
    let page = finder.page;
    let buttons: Vec<El> = page
        .texts
        .iter()
        .filter(|t| t.chars > 1 && t.chars <= LONGEST_REPLY && is_reply_button(t.value))
        .map(|t| t.parent)
        .collect();
    if buttons.len() < FEWEST {
        return Vec::new();
    }
    let elements = around(page, &buttons);
    if elements.is_empty() || !finder.are_posts(&elements) {
        return Vec::new();
    }
    vec![Group { family: Family::Post, token: Rc::from("reply"), elements }]
}

/// Around each of several like elements, the block that holds no other of them.
pub fn around(page: &Page<'_>, marks: &[El]) -> Vec<El> {
    let neighbours = |n: usize| (n.checked_sub(1).map(|before| marks[before]), marks.get(n + 1).copied());
    // How many levels above each hold neither of its neighbours.
    let climbs: Vec<usize> = (0..marks.len())
        .map(|n| {
            let (before, after) = neighbours(n);
            let is_alone = |&a: &El| {
                let a = page.e(a);
                !before.is_some_and(|b| a.has(b)) && !after.is_some_and(|b| a.has(b))
            };
            page.ancestors(marks[n]).take_while(is_alone).count()
        })
        .collect();
    let mut sorted = climbs.clone();
    sorted.sort_unstable();
    // An opening post often stands in a branch of its own, up to the page's head, as on Mumsnet.
    let usual = sorted.get(sorted.len().saturating_sub(1) / 2).copied().unwrap_or(0);
    let most = usual + if platforms::are_known() { HIGHER } else { 0 };
    marks
        .iter()
        .zip(climbs)
        .map(|(&mark, climb)| match climb.min(most) {
            0 => mark,
            levels => page.ancestors(mark).nth(levels - 1).unwrap_or(mark),
        })
        .collect()
}

/// Of groups that are wrappers of the same comments keeps the outer; of a list and its entries the entries.
pub fn without_doubles(page: &Page<'_>, mut groups: Vec<Group>) -> Vec<Group> {
    groups.sort_by_key(|group| std::cmp::Reverse(group.elements.len()));
    groups.truncate(MOST_GROUPS);
    groups.sort_by_cached_key(|group| group.elements.iter().map(|&e| page.e(e).depth).min().unwrap_or(0));
    let mut gone = vec![false; groups.len()];
    for a in 0..groups.len() {
        for b in 0..groups.len() {
            if a != b && !gone[a] && !gone[b] {
                match doubled(page, &groups[a], &groups[b]) {
                    Some(Double::First) => gone[a] = true,
                    Some(Double::Second) => gone[b] = true,
                    None => {}
                }
            }
        }
    }
    let mut gone = gone.into_iter();
    groups.retain(|_| !gone.next().unwrap_or(false));
    groups
}

enum Double {
    First,
    Second,
}

/// Which of two groups goes, where they are the same comments twice.
fn doubled(page: &Page<'_>, a: &Group, b: &Group) -> Option<Double> {
    let (size_a, size_b) = (a.elements.len(), b.elements.len());
    if 2 * common(&a.elements, &b.elements) > size_a.min(size_b) {
        return Some(if size_b <= size_a { Double::Second } else { Double::First });
    }
    let per = held(page, &a.elements, &b.elements);
    let sum: usize = per.iter().sum();
    if (sum as f64) < 0.5 * size_b as f64 {
        return None;
    }
    let answered = (matches!(a.family, Family::Answer | Family::Post) && b.family == Family::Comment)
        || (a.family == Family::Review && b.is_reply());
    let separate = answered && size_a > 1;
    if per.iter().any(|&n| n > 1) && sum as f64 > 1.3 * size_a as f64 {
        return (!separate).then_some(Double::First);
    }
    let share = 0.9 * size_a as f64;
    (!separate || (sum as f64 >= share && share == size_b as f64)).then_some(Double::Second)
}

/// How many elements two lists in document order have in common.
fn common(a: &[El], b: &[El]) -> usize {
    let (mut at, mut count) = (0, 0);
    for (n, &e) in a.iter().enumerate() {
        if n > 0 && a[n - 1] == e {
            continue;
        }
        while at < b.len() && b[at] < e {
            at += 1;
        }
        count += (b.get(at) == Some(&e)) as usize;
    }
    count
}

/// How many of `inners` stand in each of `outers` and in no other of them inside it. Both in document order.
fn held(page: &Page<'_>, outers: &[El], inners: &[El]) -> Vec<usize> {
    let mut held = vec![0; outers.len()];
    let mut opened: Vec<usize> = Vec::new();
    let mut n = 0;
    for &inner in inners {
        while n < outers.len() && outers[n] < inner {
            opened.push(n);
            n += 1;
        }
        while opened.last().is_some_and(|&o| page.e(outers[o]).end <= inner) {
            opened.pop();
        }
        // Elements nest, so once the innermost open one holds it, no other need be looked at.
        if let Some(&o) = opened.last() {
            held[o] += 1;
        }
    }
    held
}
