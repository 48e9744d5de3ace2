//! Cuts what is neither article nor comment into widgets, and tells their kinds and regions.
//!
//! Top down: a block that the model takes for one widget is one; a container of several is cut into them.

use std::sync::LazyLock;

use crate::hash::Set;

use crate::any_case::folded;
use crate::keywords::plain;
use crate::memo::NAMES;
use crate::names::kind_of_name;
use crate::pattern_set::PatternSet;
use crate::types::{Region, WidgetBox, WidgetKind};
use crate::visible_text::{is_heading, El, Page, Tx};
use crate::widget_kinds::{are_tags, kind_of, kind_of_loose};
use crate::{memo, py};

// What names say of a block's place, as bits of one number.
const FOOTER: u8 = 1;
const SIDEBAR: u8 = 2;
const LEFT: u8 = 4;
const HEADER: u8 = 8;
static PLACES: LazyLock<PatternSet> = LazyLock::new(|| {
    let patterns = [
        r"footer|colophon|copyright|(?:\A|\W)foot(?:\W|\Z)|bottom-?bar|site-?info",
        concat!(
            r"side-?bar|(?:\A|\W)(?:aside|rail)(?:\W|\Z)|secondary|rightcol|right-?col|left-?col|",
            r"column-(?:right|left)|widget-?area",
        ),
        r"left|lhs",
        concat!(
            r"^header|(?:\A|\W)header(?:\W|\Z)|masthead|site-?header|top-?bar|(?:\A|\W)navbar|page-?header|",
            r"global-?nav",
        ),
    ];
    PatternSet::new(patterns.map(py::pattern))
});
// So many siblings alike, of at most so many characters each, are one list.
const LIST: usize = 5;
const LIST_CHARS: usize = 300;
// So many elements are asked about in little more time than one.
const AT_ONCE: usize = 128;
// A block with more than this share of the page's characters is no side of it.
const MOST_OF_PAGE: f64 = 0.7;

/// Elements that go together with their like beside them.
fn is_simple(tag: &str) -> bool {
    matches!(
        tag,
        "a" | "span" | "p" | "b" | "strong" | "em" | "i" | "ul" | "ol" | "dl" | "label" | "img" | "button" | "small"
            | "font" | "input" | "time"
    )
}

/// What a name says of its block's place.
fn places(name: &str) -> u8 {
    if name.is_empty() {
        return 0;
    }
    memo!(NAMES, name, str => u8, {
        PLACES.matches(&folded(&plain(name))).fold(0, |bits, place| bits | 1 << place)
    })
}

/// Cuts the rest of a page into boxes, in document order.
///
/// `free`: which texts have no record yet; `whole`: says which of some elements are one widget; `start`, `end`: the
/// texts between which article and comments stand.
pub fn divide(
    page: &Page<'_>,
    free: &[bool],
    whole: impl Fn(&[El]) -> Vec<bool>,
    start: Tx,
    end: Tx,
) -> Vec<WidgetBox> {
    let mut taken = Vec::with_capacity(page.texts.len() + 1);
    taken.push(0);
    let mut so_far = 0;
    taken.extend(page.texts.iter().enumerate().map(|(n, _)| {
        so_far += usize::from(!free.get(n).copied().unwrap_or(false));
        so_far
    }));
    let tag_links = page.tag_links();
    let are_whole = vec![None; page.elements.len()];
    Divider { page, are_whole, start, end, taken, tag_links, boxes: Vec::new(), run: Vec::new() }.divide(whole)
}

struct Divider<'a, 'p> {
    page: &'a Page<'p>,
    /// Whether elements are one widget; None of those that were not asked about.
    are_whole: Vec<Option<bool>>,
    start: Tx,
    end: Tx,
    /// Sums of the texts that have a record: one more than there are texts.
    taken: Vec<usize>,
    tag_links: Vec<El>,
    boxes: Vec<WidgetBox>,
    /// Elements gathered for one box.
    run: Vec<El>,
}

impl Divider<'_, '_> {
    /// Level by level, so that of little that stands in a widget anything is asked.
    fn divide(mut self, whole: impl Fn(&[El]) -> Vec<bool>) -> Vec<WidgetBox> {
        let mut level: Vec<(El, Option<Region>)> = if self.page.elements.is_empty() { vec![] } else { vec![(0, None)] };
        while !level.is_empty() {
            let mut several = Vec::new();
            for (element, region) in level.drain(..) {
                if self.left(element) == 0 {
                    continue;
                }
                let region = self.region(element).or(region);
                let blocks = self.blocks(element);
                if self.is_pure(element) && self.is_whole(element, &blocks) {
                    self.add(vec![element], region);
                } else {
                    several.push((element, region, blocks));
                }
            }
            self.ask(several.iter().flat_map(|(_, _, blocks)| blocks).copied(), &whole);
            for (element, region, blocks) in several {
                self.cut(element, &blocks, region, &mut level);
            }
        }
        self.boxes.sort_by_key(|b| b.texts[0]);
        self.boxes
    }

    /// Asks about those of these elements that were not asked about, and about some that stand in them.
    fn ask(&mut self, of: impl Iterator<Item = El>, whole: &impl Fn(&[El]) -> Vec<bool>) {
        let mut asked: Vec<El> = of.filter(|&e| self.are_whole[e].is_none()).collect();
        let mut at = 0;
        while at < asked.len() && asked.len() < AT_ONCE {
            asked.extend(self.blocks(asked[at]));
            at += 1;
        }
        for (&element, is_whole) in asked.iter().zip(whole(&asked)) {
            self.are_whole[element] = Some(is_whole);
        }
    }

    fn is_free(&self, n: Tx) -> bool {
        self.taken[n + 1] == self.taken[n]
    }

    /// How many texts of an element have no record yet.
    fn left(&self, e: El) -> usize {
        let e = self.page.e(e);
        e.last - e.first - (self.taken[e.last] - self.taken[e.first])
    }

    /// Whether no text of an element has a record.
    fn is_pure(&self, e: El) -> bool {
        let e = self.page.e(e);
        self.taken[e.last] == self.taken[e.first]
    }

    fn region(&self, number: El) -> Option<Region> {
        let e = self.page.e(number);
        if e.tag == "body" || (e.name.is_empty() && !matches!(e.tag, "footer" | "aside" | "header")) {
            return None;
        }
        if self.page.chars(number) as f64 > MOST_OF_PAGE * self.page.chars(0) as f64 {
            return None;
        }
        let places = places(e.name);
        if (e.tag == "footer" && !self.is_in_article(number)) || (e.first >= self.end && places & FOOTER != 0) {
            return Some(Region::Footer);
        }
        if e.tag == "aside" || places & SIDEBAR != 0 {
            let left = e.last <= self.start || places & LEFT != 0;
            return Some(if left { Region::Left } else { Region::Right });
        }
        let is_header =
            e.last <= self.start && (e.tag == "header" || e.get("role") == "banner" || places & HEADER != 0);
        is_header.then_some(Region::Header)
    }

    fn is_in_article(&self, e: El) -> bool {
        self.page.ancestors(e).map(|a| self.page.e(a)).any(|a| {
            matches!(a.tag, "article" | "main" | "aside" | "blockquote") || py::lower(a.name).contains("comment")
        })
    }

    /// An element's children with text.
    fn blocks(&self, e: El) -> Vec<El> {
        let has_text = |&c: &El| self.page.e(c).last > self.page.e(c).first;
        self.page.e(e).children.iter().copied().filter(has_text).collect()
    }

    /// Whether an element that no record has a part of is one widget.
    fn is_whole(&self, e: El, blocks: &[El]) -> bool {
        if blocks.is_empty() {
            return true;
        }
        if self.page.e(e).tag == "body" || self.are_whole[e] != Some(true) {
            return false;
        }
        // The page's tags are a widget of their own beside share buttons and the like.
        let are_tags = |e: El| are_tags(self.page, &self.tag_links, &[e]);
        blocks.len() == 1 || are_tags(e) || !blocks.iter().any(|&c| are_tags(c))
    }

    /// What of an element's children is to be cut on goes to `later`; loose texts and a heading with what follows it
    /// are boxes.
    fn cut(&mut self, e: El, blocks: &[El], region: Option<Region>, later: &mut Vec<(El, Option<Region>)>) {
        let page = self.page;
        let mut loose = Vec::new();
        let mut at = page.e(e).first;
        for &c in blocks {
            loose.extend((at..page.e(c).first).filter(|&n| self.is_free(n)));
            at = page.e(c).last;
        }
        loose.extend((at..page.e(e).last).filter(|&n| self.is_free(n)));
        let listed = self.listed(blocks);
        for &c in blocks {
            if self.left(c) == 0 {
                self.flush(region);
                continue;
            }
            let tag = page.e(c).tag;
            let pure = self.is_pure(c);
            if pure && is_heading(tag) {
                self.flush(region);
                self.run.push(c);
            } else if pure && (is_simple(tag) || listed.contains(&c)) && kind_of_name(page.e(c).name).is_none() {
                self.run.push(c);
            } else if pure
                && self.run.len() == 1
                && is_heading(page.e(self.run[0]).tag)
                && self.is_whole(c, &self.blocks(c))
            {
                self.run.push(c);
                self.flush(region);
            } else {
                self.flush(region);
                later.push((c, region));
            }
        }
        self.flush(region);
        if !loose.is_empty() {
            self.add_texts(loose, e, region);
        }
    }

    /// The children that are entries of one list: many in a row, all with one tag and class.
    fn listed(&self, blocks: &[El]) -> Set<El> {
        let mut found = Set::default();
        if blocks.len() < LIST {
            return found;
        }
        let page = self.page;
        for these in blocks.chunk_by(|&a, &b| {
            let (a, b) = (page.e(a), page.e(b));
            a.tag == b.tag && a.get("class") == b.get("class")
        }) {
            if these.len() >= LIST
                && kind_of_name(page.e(these[0]).name).is_none()
                && these.iter().map(|&c| page.chars(c)).sum::<usize>() < LIST_CHARS * these.len()
            {
                found.extend(these);
            }
        }
        found
    }

    /// Makes a box of the elements gathered so far.
    fn flush(&mut self, region: Option<Region>) {
        if !self.run.is_empty() {
            let elements = std::mem::take(&mut self.run);
            self.add(elements, region);
        }
    }

    fn add_texts(&mut self, texts: Vec<Tx>, owner: El, region: Option<Region>) {
        let words: Vec<&str> = texts.iter().map(|&n| self.page.t(n).value).collect();
        self.boxes.push(WidgetBox {
            kind: kind_of_loose(&words.join(" ")).unwrap_or(WidgetKind::Text),
            region: region.unwrap_or_else(|| self.place(texts[0])),
            elements: vec![owner],
            texts,
            score: 0.3,
            title: None,
        });
    }

    fn add(&mut self, elements: Vec<El>, region: Option<Region>) {
        let page = self.page;
        let texts: Vec<Tx> =
            elements.iter().flat_map(|&e| page.e(e).texts()).filter(|&n| self.is_free(n)).collect();
        if texts.is_empty() {
            return;
        }
        let mut inside = elements.iter().flat_map(|&e| page.inside(e));
        let title = inside.find(|&x| is_heading(page.e(x).tag) && page.e(x).last > page.e(x).first);
        let (kind, score) = kind_of(page, &self.tag_links, &elements, title, region);
        let region = region.unwrap_or_else(|| self.place(texts[0]));
        self.boxes.push(WidgetBox { elements, texts, kind, region, score, title });
    }

    /// The region of a box that stands in none: before the main content, in or after it, or well behind it.
    fn place(&self, number: Tx) -> Region {
        if number < self.start {
            return Region::Header;
        }
        let rest = self.page.texts.len() as f64 - self.end as f64;
        if number >= self.end && number as f64 > self.end as f64 + 0.7 * rest {
            Region::Footer
        } else {
            Region::Inline
        }
    }
}
