//! A page's elements as columns: sizes, places, names and tags around each, and how they repeat.
//!
//! Elements are numbered in document order, each after its parent: what is known of a parent when its children are
//! asked for is found in one pass forwards, what is known of the children in one backwards.

use crate::hash::Map;

use crate::blocks::Blocks;
use crate::name_groups::GROUPS;
use crate::names::groups_of_name;
use crate::visible_text::{El, Element, Page};

/// Elements looked at around a block beside its own.
pub const STEPS: usize = 5;
/// Distances beyond this say no more.
pub const FAR: u8 = 8;
/// Tags whose distance above each element is told.
pub const AROUND: [&str; 17] = [
    "nav", "header", "footer", "aside", "main", "article", "section", "form", "table", "ul", "ol", "dl", "figure",
    "blockquote", "details", "button", "td",
];
/// The number of groups of names.
pub const NAMED: usize = GROUPS.len();
// All distances of an element, as many as vectors of 16 bytes hold.
const WIDTH: usize = 80;
const _: () = assert!(NAMED + AROUND.len() <= WIDTH && NAMED <= 64);

/// Which of `AROUND` a tag is.
fn place_of_tag(tag: &str) -> Option<usize> {
    Some(match tag {
        "nav" => 0, "header" => 1, "footer" => 2, "aside" => 3, "main" => 4, "article" => 5, "section" => 6,
        "form" => 7, "table" => 8, "ul" => 9, "ol" => 10, "dl" => 11, "figure" => 12, "blockquote" => 13,
        "details" => 14, "button" => 15, "td" => 16,
        _ => return None,
    })
}

/// Which of `AROUND` a role makes of an element.
fn place_of_role(role: &str) -> Option<usize> {
    place_of_tag(match role {
        "navigation" => "nav",
        "banner" => "header",
        "contentinfo" => "footer",
        "complementary" => "aside",
        "main" => "main",
        "article" => "article",
        "search" => "form",
        "dialog" => "details",
        _ => return None,
    })
}

/// Numbers of a page's elements, as columns: one number an element in each.
#[derive(Debug, Default)]
pub struct Columns {
    /// Its parent; body's is body.
    pub parent: Vec<u32>,
    pub depth: Vec<u32>,
    pub has_text: Vec<bool>,
    /// The first block that begins in it.
    pub first: Vec<u32>,
    /// One past the last block that begins in it.
    pub last: Vec<u32>,
    /// A number for its tag and first class.
    pub kind: Vec<u32>,
    /// How many numbers of kinds there are.
    pub kinds: usize,
    /// Siblings of one tag and class, itself included.
    pub siblings: Vec<u32>,
    /// The signature of the path of three: its kind, its parent's and that one's parent's.
    pub path: Vec<u64>,
    /// Which of the page's names it has, as numbers from 0 to `names.len()`.
    pub name: Vec<u32>,
    /// The groups that each of these speaks of, as bits.
    pub names: Vec<u64>,
    /// Levels up to the next of each group (`FAR` where none), then of each tag (`FAR * 2` where none).
    distances: Vec<[u8; WIDTH]>,
}

impl Columns {
    /// Reads all elements once.
    pub fn new(page: &Page<'_>, blocks: &Blocks) -> Self {
        let elements = &page.elements;
        let parent: Vec<u32> = elements.iter().map(|e| e.parent.unwrap_or(0) as u32).collect();
        let (kind, kinds) = kinds_of(elements);
        let (name, names) = names_of(elements);
        let mut columns = Columns {
            depth: elements.iter().map(|e| e.depth as u32).collect(),
            has_text: elements.iter().map(|e| e.last > e.first).collect(),
            first: elements.iter().map(|e| blocks.of_text[e.first] as u32).collect(),
            last: elements.iter().map(|e| blocks.of_text[e.last] as u32).collect(),
            siblings: siblings_of(elements, &kind, kinds),
            distances: distances_of(elements, &name, &names),
            path: Vec::with_capacity(elements.len()),
            name,
            names,
            parent,
            kind,
            kinds,
        };
        for e in 0..elements.len() {
            let up = columns.parent[e] as usize;
            let [own, above, next] = [e, up, columns.parent[up] as usize].map(|e| u64::from(columns.kind[e]));
            columns.path.push((own.wrapping_mul(1_000_003) + above).wrapping_mul(1_000_003).wrapping_add(next));
        }
        columns
    }

    /// How many elements.
    #[inline]
    pub fn len(&self) -> usize {
        self.parent.len()
    }

    /// How many levels above an element one of each group is named, itself included: one of `GROUPS` each.
    #[inline]
    pub fn names(&self, e: El) -> &[u8; NAMED] {
        self.distances[e].first_chunk().expect("wide enough")
    }

    /// How many levels above an element one of each tag stands, itself included: one of `AROUND` each.
    #[inline]
    pub fn around(&self, e: El) -> &[u8; AROUND.len()] {
        self.distances[e][NAMED..].first_chunk().expect("wide enough")
    }

    /// How many blocks begin in an element.
    #[inline]
    pub fn held(&self, e: El) -> u32 {
        self.last[e].saturating_sub(self.first[e])
    }

    /// For each element the nearest around it with more blocks in it.
    pub fn next_bigger(&self) -> Vec<u32> {
        let mut up = self.parent.clone();
        for e in 1..up.len() {
            let above = up[e] as usize;
            if self.held(above) <= self.held(e) {
                up[e] = up[above];
            }
        }
        up
    }
}

/// A number for each element's tag and first class, in the order of appearance; and how many there are.
fn kinds_of(elements: &[Element<'_>]) -> (Vec<u32>, usize) {
    let mut ids: Map<(&str, &str), u32> = Map::default();
    let kinds = elements
        .iter()
        .map(|e| {
            let class = e.get("class");
            let first = class.split_once(' ').map_or(class, |(first, _)| first);
            let next = ids.len() as u32;
            *ids.entry((e.tag, first)).or_insert(next)
        })
        .collect();
    (kinds, ids.len())
}

/// For each element how many of its parent's children are of its kind.
fn siblings_of(elements: &[Element<'_>], kind: &[u32], kinds: usize) -> Vec<u32> {
    let mut siblings = vec![1; elements.len()];
    let mut counts = vec![0u32; kinds];
    for e in elements.iter().filter(|e| e.children.len() > 1) {
        for &child in &e.children {
            counts[kind[child] as usize] += 1;
        }
        for &child in &e.children {
            siblings[child] = counts[kind[child] as usize];
        }
        for &child in &e.children {
            counts[kind[child] as usize] = 0;
        }
    }
    siblings
}

/// Each element's name as a number, and the groups of each: many elements have one name.
fn names_of(elements: &[Element<'_>]) -> (Vec<u32>, Vec<u64>) {
    let mut numbers: Map<&str, u32> = Map::default();
    let mut groups = Vec::new();
    let of_elements = elements.iter().map(|e| {
        *numbers.entry(e.name).or_insert_with(|| {
            groups.push(groups_of_name(e.name));
            groups.len() as u32 - 1
        })
    });
    (of_elements.collect(), groups)
}

fn distances_of(elements: &[Element<'_>], name: &[u32], names: &[u64]) -> Vec<[u8; WIDTH]> {
    let mut far = [FAR; WIDTH];
    far[NAMED..].fill(FAR * 2);
    let mut rows: Vec<[u8; WIDTH]> = Vec::with_capacity(elements.len());
    for (e, &name) in elements.iter().zip(name) {
        let mut row = far;
        if let Some(parent) = e.parent {
            let above = &rows[parent];
            for n in 0..WIDTH {
                row[n] = far[n].min(above[n] + 1);
            }
        }
        let mut groups = names[name as usize];
        while groups != 0 {
            row[groups.trailing_zeros() as usize] = 0;
            groups &= groups - 1;
        }
        if let Some(n) = place_of_tag(e.tag) {
            row[NAMED + n] = 0;
        }
        if let Some(n) = e.attr("role").and_then(place_of_role) {
            row[NAMED + n] = 0;
        }
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_have_their_places() {
        assert!(AROUND.iter().enumerate().all(|(n, tag)| place_of_tag(tag) == Some(n)));
    }
}
