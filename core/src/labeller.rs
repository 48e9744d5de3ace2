//! Labels a page: comments by their markup, article and kind by the models, widgets by what is left.

use crate::hash::Map;

use crate::blocks::{blocks_of, smallest_with, Blocks};
use crate::captions::is_caption;
use crate::columns::Columns;
use crate::comment_rules::{are_by_people, are_signed, find_items};
use crate::features::{at, features};
use crate::heading_rules::find_heading;
use crate::lead::label_lead;
use crate::models::{choose, Models};
use crate::repeats::without_repeats;
use crate::thread_chrome::label_thread_chrome;
use crate::types::{
    Family, Heading, Item, Label, Labelled, Matrix, PageKind, Part, PartId, PartKind, Region, Role, Segmented,
};
use crate::visible_text::{Page, Tx};

/// Kinds of pages without an article: what a reader came for is a list. A page has none where these together are
/// likelier than not.
const LISTS: [usize; 2] = [PageKind::Listing as usize, PageKind::Collection as usize];
/// A page that holds fewer words of what a reader came for, as the model expects them, has no article.
const LEAST_WORDS: f32 = 8.0;
/// Blocks that the model takes for the article are no comments, whatever they call themselves, unless it is a forum's.
const ARTICLE_LIKE: f64 = 0.6;
/// The smallest element with this share of the article's words is where it stands.
const MOST: f64 = 0.9;
/// An article is mostly one region: a block outside the smallest element with the first share of the chosen words stays
/// where its own probability is the second. By folds text F1 is 0.8737 without, 0.8746 at (0.85, 0.75), 0.8755 at (0.8,
/// 0.7) and (0.72, 0.65), and leaks are 0.037, 0.034, 0.034, 0.034.
const REGION: f64 = 0.72;
const ASTRAY: f32 = 0.65;
/// Words at most, and the share of them that is a link at least, of a line that points elsewhere. The model keeps many,
/// as some of its gold does; without them the F1 of strings is 0.938 by folds, with them 0.934, and text F1 the same.
const POINTER: f32 = 30.0;
const LINKED: f32 = 0.4;

/// One label for each text of the page. Never fails, whatever the page is.
///
/// `further`: it is a further page of a forum's thread, and so its first post no opening.
pub fn label(page: &Segmented<'_>, models: &Models, further: bool) -> Labelled {
    if page.visible.texts.is_empty() {
        return Labelled { parts: Vec::new(), labels: Vec::new(), page_kind: PageKind::Other };
    }
    let mut painter = Painter::new(page, models, further);
    let mut labels = painter.labels();
    let elements = painter.elements(&labels);
    let boxes = painter.boxes(&labels, &elements);
    let asked = painter.asked(&boxes, &elements);
    painter.widgets(&boxes, &asked, &mut labels);
    painter.finish(labels)
}

/// One page being labelled, step by step: training looks at what stands between them.
pub struct Painter<'a, 'p> {
    pub(crate) models: &'a Models,
    pub(crate) further: bool,
    pub page: &'a Segmented<'p>,
    pub visible: &'a Page<'p>,
    pub blocks: Blocks,
    /// How many words each block has.
    pub words: Vec<f32>,
    pub tree: Columns,
    /// The blocks' features.
    pub rows: Matrix,
    /// The probabilities of the page's kinds.
    pub kinds: Vec<f32>,
    pub kind: PageKind,
    /// Each block's probability to be of what a reader came for.
    pub p: Vec<f32>,
    /// The comments as found, and which of them are some.
    pub found: Vec<Item>,
    pub items: Vec<usize>,
    pub parts: Vec<Part>,
    /// The label of each element's texts, unless an element inside it has another.
    pub(crate) painted: Vec<Option<Label>>,
    /// Texts' labels, over their elements'.
    pub(crate) single: Vec<(Tx, Label)>,
}

impl<'a, 'p> Painter<'a, 'p> {
    /// Reads the page and asks the models about its blocks. The page has texts.
    pub fn new(page: &'a Segmented<'p>, models: &'a Models, further: bool) -> Self {
        let visible = &page.visible;
        let blocks = blocks_of(visible);
        let words = blocks.texts.iter().map(|t| (memchr::memchr_iter(b' ', t.as_bytes()).count() + 1) as f32).collect();
        let found = find_items(visible, further);
        let tree = Columns::new(visible, &blocks);
        let rows = features(page, &blocks, &tree);
        let in_thread = within(visible, &blocks, found.iter());
        let kinds = models.kinds(&rows, &in_thread);
        let p = models.mains(&rows, &in_thread, &kinds);
        let mut painter = Painter {
            models,
            further,
            page,
            visible,
            blocks,
            words,
            tree,
            rows,
            kind: PageKind::ALL[first_largest(&kinds)],
            kinds,
            p,
            items: (0..found.len()).collect(),
            found,
            parts: Vec::new(),
            painted: vec![None; visible.elements.len()],
            single: Vec::new(),
        };
        if painter.kind != PageKind::Forum && !further {
            painter.items = painter.without_articles();
        }
        painter
    }

    /// The mean probability of these items' words to be the article's.
    fn mean(&self, items: &[&Item]) -> f64 {
        let at = within(self.visible, &self.blocks, items.iter().copied());
        let words: f32 = sum(&picked(&self.words, &at));
        if words == 0.0 {
            return 0.0;
        }
        let weighed: Vec<f32> = (0..at.len()).filter(|&n| at[n]).map(|n| self.p[n] * self.words[n]).collect();
        f64::from(sum(&weighed)) / f64::from(words)
    }

    /// The items less those groups of one name that are the article itself.
    fn without_articles(&self) -> Vec<usize> {
        let mut groups: Map<(Family, &str, &str), Vec<usize>> = Map::default();
        for (n, item) in self.found.iter().enumerate() {
            let e = self.visible.e(item.element);
            let class = e.get("class");
            let name = class.split_once(' ').map_or(class, |(first, _)| first);
            groups.entry((item.family, e.tag, name)).or_default().push(n);
        }
        let mut gone = vec![false; self.found.len()];
        for group in groups.into_values() {
            let items: Vec<&Item> = group.iter().map(|&n| &self.found[n]).collect();
            if !self.are_sure(&items) && self.mean(&items) > ARTICLE_LIKE {
                for n in group {
                    gone[n] = true;
                }
            }
        }
        let stays = |&n: &usize| !gone[n] && self.found[n].parent.is_none_or(|above| !gone[above]);
        (0..self.found.len()).filter(stays).collect()
    }

    /// Whether items cannot be an article's parts. Shops' reviews say who wrote them and often not when.
    fn are_sure(&self, items: &[&Item]) -> bool {
        if self.kind == PageKind::Product && items[0].family == Family::Review {
            are_by_people(self.visible, items)
        } else {
            are_signed(self.visible, items)
        }
    }

    /// The labels of article, comments, and what a page without an article is: a list in its main region.
    pub fn labels(&mut self) -> Vec<Option<Label>> {
        let items = std::mem::take(&mut self.items);
        let opening = self.opened(&items);
        let comments: Vec<usize> = items.iter().copied().filter(|&n| Some(n) != opening).collect();
        self.paint_comments(&comments);
        let (mut article, mut main) = (None, None);
        let chosen = self.chosen(&items);
        let once = without_repeats(self.visible, &chosen, &self.blocks);
        if let Some(opening) = opening {
            article = Some(self.paint_opening(opening));
        } else if once.contains(&true) {
            let weight: Vec<f32> = self.words.iter().zip(&once).map(|(&w, &is)| if is { w } else { 0.0 }).collect();
            let place = smallest_with(self.visible, &self.blocks, &weight, MOST);
            let p = picked(&self.p, &once);
            let part = Part::new(PartKind::Article, place, f64::from(sum(&p) / p.len() as f32));
            if LISTS.iter().map(|&n| self.kinds[n]).sum::<f32>() > 0.5 && comments.is_empty() {
                main = Some(self.add(Part { kind: PartKind::Widget, region: Region::Main, ..part }));
            } else {
                let heading = find_heading(self.page, place, &self.taken(&items));
                if self.has_body(&once, &heading) {
                    let part = self.add(part);
                    article = Some(part);
                    self.paint_heading(part, &heading);
                }
            }
        }
        let mut labels = self.inherited();
        if opening.is_none() {
            if let Some(part) = article.or(main) {
                self.body(part, &chosen, &once, &mut labels);
            }
            if let Some(article) = article {
                label_lead(self.visible, &self.parts, article, &mut labels);
            }
        }
        if let Some(&first) = comments.first() {
            label_thread_chrome(self.visible, &self.parts, self.found[first].element, &mut labels, article);
        }
        if !self.visible.whole {
            let hidden = self.add(Part::new(PartKind::Hidden, 0, 0.5));
            for (label, text) in labels.iter_mut().zip(&self.visible.texts) {
                if !text.visible && label.is_none() {
                    *label = Some(Label { part: hidden, role: Role::Body, score: 1.0 });
                }
            }
        }
        self.items = items;
        labels
    }

    /// A part's number.
    pub(crate) fn add(&mut self, part: Part) -> PartId {
        self.parts.push(part);
        self.parts.len() - 1
    }

    /// The blocks of the article, or of the list that the page is.
    fn chosen(&self, items: &[usize]) -> Vec<bool> {
        let (visible, blocks) = (self.visible, &self.blocks);
        let taken = within(visible, blocks, items.iter().map(|&n| &self.found[n]));
        let p: Vec<f32> = self.p.iter().zip(&taken).map(|(&p, &taken)| if taken { 0.0 } else { p }).collect();
        let weighed: Vec<f32> = p.iter().zip(&self.words).map(|(p, words)| p * words).collect();
        if sum(&weighed) < LEAST_WORDS {
            return vec![false; p.len()];
        }
        let mut chosen = choose(&p, &self.words);
        for (chosen, &taken) in chosen.iter_mut().zip(&taken) {
            *chosen &= !taken;
        }
        // Where the model is unsure little is enough to be chosen: what it is sure of says where the article stands.
        let weight = |n: usize| if chosen[n] { self.words[n] * (p[n] * p[n]) } else { 0.0 };
        let weight: Vec<f32> = (0..p.len()).map(weight).collect();
        let region = blocks.within(visible, smallest_with(visible, blocks, &weight, REGION));
        let (points, share) = (at("points"), at("link_share"));
        for (n, chosen) in chosen.iter_mut().enumerate().filter(|(_, chosen)| **chosen) {
            // Lines that only send the reader to another page: links that say so, and what announces some.
            let is_pointer = self.rows.at(n, points) > 0.0
                && self.words[n] <= POINTER
                && (blocks.texts[n].ends_with(':') || self.rows.at(n, share) >= LINKED);
            *chosen = (region.contains(&n) || p[n] >= ASTRAY) && !is_pointer;
        }
        chosen
    }

    /// Whether more is chosen than a title, which alone (a link that is discussed) is no article.
    fn has_body(&self, chosen: &[bool], heading: &Heading) -> bool {
        let title = heading.title.map_or(0..0, |title| self.blocks.within(self.visible, title));
        chosen.iter().enumerate().any(|(n, &is)| is && !title.contains(&n))
    }

    /// Labels the texts of the chosen blocks that are nothing else: what is said again is chrome.
    fn body(&self, part: PartId, chosen: &[bool], once: &[bool], labels: &mut [Option<Label>]) {
        let of_article = self.parts[part].kind == PartKind::Article;
        for block in (0..chosen.len()).filter(|&block| chosen[block]) {
            let score = f64::from(self.p[block]);
            for n in self.blocks.first[block]..self.blocks.last[block] {
                if labels[n].is_some() {
                    continue;
                }
                let role = if !once[block] {
                    Role::Chrome
                } else if of_article && is_caption(self.visible, self.visible.t(n).parent) {
                    Role::Caption
                } else {
                    Role::Body
                };
                labels[n] = Some(Label { part, role, score });
            }
        }
    }
}

/// Which blocks stand in one of these.
fn within<'i>(page: &Page<'_>, blocks: &Blocks, items: impl Iterator<Item = &'i Item>) -> Vec<bool> {
    let mut found = vec![false; blocks.len()];
    for item in items {
        found[blocks.within(page, item.element)].fill(true);
    }
    found
}

/// The numbers at these places.
pub(crate) fn picked(numbers: &[f32], at: &[bool]) -> Vec<f32> {
    numbers.iter().zip(at).filter(|(_, &is)| is).map(|(&number, _)| number).collect()
}

/// The place of the largest number, of equal ones of the first.
pub(crate) fn first_largest(numbers: &[f32]) -> usize {
    (1..numbers.len()).fold(0, |best, n| if numbers[n] > numbers[best] { n } else { best })
}

/// A sum as numpy takes it, pairwise: rounded otherwise a page on the edge would be cut otherwise.
pub(crate) fn sum(numbers: &[f32]) -> f32 {
    const LANES: usize = 8;
    const BLOCK: usize = 128;
    if numbers.len() < LANES {
        return numbers.iter().fold(0.0, |sum, number| sum + number);
    }
    if numbers.len() > BLOCK {
        let half = numbers.len() / 2;
        let (left, right) = numbers.split_at(half - half % LANES);
        return sum(left) + sum(right);
    }
    let mut lanes = [0.0f32; LANES];
    let chunks = numbers.chunks_exact(LANES);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (lane, number) in lanes.iter_mut().zip(chunk) {
            *lane += number;
        }
    }
    let [a, b, c, d, e, f, g, h] = lanes;
    rest.iter().fold(((a + b) + (c + d)) + ((e + f) + (g + h)), |sum, number| sum + number)
}
