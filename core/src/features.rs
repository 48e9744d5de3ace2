//! What the model knows of each block: a row of numbers.
//!
//! Three kinds: of the block itself (its words, tags, links), of the elements around it (their names, tags, sizes, and
//! how they repeat), and of its neighbours and the page.

use crate::hash::Map;

use crate::block_claims::{likeness, sections};
use crate::block_words::{word_columns, Lower, WORD_COLUMNS};
use crate::blocks::Blocks;
use crate::columns::{Columns, AROUND, FAR, NAMED, STEPS};
use crate::feature_names::CONTAINER;
use crate::numbers::{expm1, log1p, sum};
use crate::page_columns::{page_columns, PAGE_COLUMNS};
use crate::types::{Matrix, Segmented};
use crate::visible_text::{is_heading, El, Page};

pub use crate::feature_names::at;

// Where some columns stand, and groups of them begin.
pub const CHARS: usize = 0;
pub const MARKS: usize = 2;
pub const FUNCTION_WORDS: usize = 7;
pub const POINTS: usize = 13;
pub const LINK_SHARE: usize = WORD_COLUMNS.len();
pub const NAMES_FROM: usize = LINK_SHARE + 9;
pub const AROUND_FROM: usize = NAMES_FROM + NAMED;
pub const ALIKE: usize = AROUND_FROM + AROUND.len() + (STEPS + 1) * CONTAINER.len();
const LIKE_BODY: usize = PAGE_FROM - 3;
pub const PAGE_FROM: usize = ALIKE + 4 + 30 + 9 + 5 + 5;
/// How many columns a block has.
pub const WIDTH: usize = PAGE_FROM + PAGE_COLUMNS;
/// How many columns a page has.
pub const PAGE_WIDTH: usize = PAGE_COLUMNS + NAMED + AROUND.len() + 8;

/// Neighbours looked at to either side.
const NEAR: usize = 3;
/// Blocks to either side that are added up.
const WINDOWS: [usize; 3] = [4, 12, 30];

/// The number of a block's tag.
fn place_of_tag(tag: &str) -> Option<u8> {
    Some(match tag {
        "p" => 0, "div" => 1, "li" => 2, "a" => 3, "h1" => 4, "h2" => 5, "h3" => 6, "h4" => 7, "h5" => 8,
        "h6" => 9, "td" => 10, "th" => 11, "span" => 12, "pre" => 13, "blockquote" => 14,
        "figcaption" => 15, "dt" => 16, "dd" => 17, "button" => 18, "label" => 19, "option" => 20,
        "textarea" => 21, "summary" => 22, "article" => 23, "section" => 24, "header" => 25, "footer" => 26,
        "nav" => 27, "aside" => 28, "main" => 29, "form" => 30, "body" => 31, "ul" => 32, "table" => 33,
        _ => return None,
    })
}

/// How a block's first words are set off: 1 bold, 2 a link, 4 italics.
fn emphasis(page: &Page<'_>, e: El) -> u8 {
    let mut found = 0;
    let mut at = Some(e);
    for _ in 0..3 {
        let Some(e) = at else { break };
        let e = page.e(e);
        found |= match e.tag {
            "b" | "strong" => 1,
            "a" => 2,
            "i" | "em" | "small" => 4,
            _ => 0,
        };
        at = e.parent;
    }
    found
}

/// What is measured of each block.
struct Measures {
    words: Matrix,
    link_share: Vec<f32>,
    tag: Vec<f32>,
    heading: Vec<f32>,
    /// Characters that are no link's.
    prose: Vec<f32>,
    /// For each block the sums of those before it, and at the end of all: characters, those of links, marks, characters
    /// of paragraphs, headings, function words, words.
    before: Vec<[f32; 8]>,
    /// The characters of all.
    total: f32,
}

impl Measures {
    fn of(page: &Page<'_>, blocks: &Blocks, lower: &Lower) -> Self {
        let count = blocks.len();
        let words = word_columns(&blocks.texts, lower);
        let mut m = Measures {
            link_share: Vec::with_capacity(count),
            tag: Vec::with_capacity(count),
            heading: Vec::with_capacity(count),
            prose: Vec::with_capacity(count),
            before: Vec::with_capacity(count + 1),
            total: 0.0,
            words,
        };
        let mut sums = [0.0; 8];
        let mut all = Vec::with_capacity(count);
        for n in 0..count {
            let (first, last) = (blocks.first[n], blocks.last[n]);
            let between = |sums: &[usize]| sums[last] as f32 - sums[first] as f32;
            let links = between(&page.link_sums) / between(&page.char_sums).max(1.0);
            let tag = page.e(blocks.owners[n]).tag;
            let (place, heading) = (place_of_tag(tag), is_heading(tag));
            let word = m.words.row(n);
            let chars = word[CHARS];
            all.push(chars);
            m.before.push(sums);
            let paragraph = if place == Some(0) { chars } else { 0.0 };
            let heading = f32::from(u8::from(heading));
            let own = [
                chars, chars * links, word[MARKS], paragraph, heading, word[FUNCTION_WORDS] * word[1], word[1], 0.0,
            ];
            sums.iter_mut().zip(own).for_each(|(sum, own)| *sum += own);
            m.link_share.push(links);
            m.tag.push(place.map_or(-1.0, f32::from));
            m.heading.push(heading);
            m.prose.push(chars * (1.0 - links));
        }
        m.before.push(sums);
        m.total = sum(&all).max(1.0);
        m
    }
}

/// A row that is filled from its beginning.
struct Row<'r> {
    to: &'r mut [f32],
    at: usize,
}

impl Row<'_> {
    #[inline]
    fn add(&mut self, numbers: &[f32]) {
        self.to[self.at..self.at + numbers.len()].copy_from_slice(numbers);
        self.at += numbers.len();
    }

    #[inline]
    fn add_small(&mut self, numbers: &[u8]) {
        let to = &mut self.to[self.at..self.at + numbers.len()];
        to.iter_mut().zip(numbers).for_each(|(to, &number)| *to = f32::from(number));
        self.at += numbers.len();
    }
}

/// One row a block, one column a name in `feature_names::NAMES`.
pub fn features(page: &Segmented<'_>, blocks: &Blocks, tree: &Columns) -> Matrix {
    let visible = &page.visible;
    let count = blocks.len();
    let mut rows = Matrix::zeros(count, WIDTH);
    if count == 0 {
        return rows;
    }
    let lower = Lower::of(&blocks.texts);
    let m = Measures::of(visible, blocks, &lower);
    let mut around = Around::new(tree, &m);
    let alike = alike(tree, blocks, &m);
    let neighbours = neighbours(&m);
    let windows = windows(&m);
    let sections = sections(visible, blocks, &m.prose);
    let likeness = likeness(&page.metadata, blocks, &lower);
    let whole = page_columns(page, blocks, &m.words, &m.link_share);
    for n in 0..count {
        let mut row = Row { to: rows.row_mut(n), at: 0 };
        let owner = blocks.owners[n];
        let inner = visible.t(blocks.first[n]).parent;
        // The block itself.
        row.add(m.words.row(n));
        row.to[..3].iter_mut().for_each(|size| *size = log1p(*size));
        let pieces = (blocks.last[n] - blocks.first[n]) as f32;
        row.add(&[m.link_share[n], m.tag[n], m.heading[n], f32::from(emphasis(visible, inner)), pieces]);
        // Where it stands.
        let place = n as f32;
        row.add(&[place, place / count as f32, m.before[n][0] / m.total, tree.depth[owner] as f32]);
        // Names and tags around it.
        row.add_small(tree.names(inner));
        row.add_small(tree.around(owner));
        // The elements around it: their sizes, links and repetition.
        let mut at = owner;
        for _ in 0..=STEPS {
            row.add(around.of(at));
            row.add(&[(place - tree.first[at] as f32) / tree.held(at).max(1) as f32]);
            at = around.bigger[at] as usize;
        }
        row.add(&alike[n]);
        for by in [0, 1, 2, 4, 5, 6] {
            let next = &neighbours[n + by];
            row.add(if matches!(by, 2 | 4) { next } else { &next[..4] });
        }
        row.add(&windows[n]);
        row.add(&sections[n]);
        row.add(&likeness[n]);
        row.add(&whole);
    }
    rows
}

/// What is told of the elements around blocks, each looked at once.
struct Around<'t> {
    tree: &'t Columns,
    m: &'t Measures,
    /// For each element the nearest around it with more blocks in it.
    bigger: Vec<u32>,
    /// For each element one more than its place among those looked at.
    seen: Vec<u32>,
    known: Vec<[f32; 9]>,
}

impl<'t> Around<'t> {
    fn new(tree: &'t Columns, m: &'t Measures) -> Self {
        Around { tree, m, bigger: tree.next_bigger(), seen: vec![0; tree.len()], known: Vec::new() }
    }

    /// An element's columns but the last.
    fn of(&mut self, e: El) -> &[f32; 9] {
        if self.seen[e] == 0 {
            self.known.push(self.look(e));
            self.seen[e] = self.known.len() as u32;
        }
        &self.known[self.seen[e] as usize - 1]
    }

    fn look(&self, e: El) -> [f32; 9] {
        let (tree, m) = (self.tree, self.m);
        let (first, last) = (&m.before[tree.first[e] as usize], &m.before[tree.last[e] as usize]);
        let mut size = [0.0; 8];
        size.iter_mut().zip(last.iter().zip(first)).for_each(|(size, (last, first))| *size = last - first);
        let [whole, links, marks, paragraphs, heads, function, said, _] = size;
        let held = tree.held(e) as f32;
        let (some, least) = (held.max(1.0), whole.max(1.0));
        [
            log1p(whole),
            whole / m.total,
            links / least,
            marks / least,
            paragraphs / least,
            heads / some,
            log1p(held),
            function / said.max(1.0),
            log1p(tree.siblings[e] as f32),
        ]
    }
}

/// Of the blocks that stand in the same kind of place anywhere on the page: how many, their share of the page, that of
/// links, and their length.
fn alike(tree: &Columns, blocks: &Blocks, m: &Measures) -> Vec<[f32; 4]> {
    let mut groups: Map<u64, usize> = Map::default();
    let mut sums: Vec<(u32, f64, f64)> = Vec::new();
    let mut group_of = Vec::with_capacity(blocks.len());
    for (n, &owner) in blocks.owners.iter().enumerate() {
        let group = *groups.entry(tree.path[owner]).or_insert(sums.len());
        if group == sums.len() {
            sums.push((0, 0.0, 0.0));
        }
        group_of.push(group);
        let chars = m.words.at(n, CHARS);
        let (count, all, links) = &mut sums[group];
        *count += 1;
        *all += f64::from(chars);
        *links += f64::from(chars * m.link_share[n]);
    }
    let rows: Vec<[f32; 4]> = sums
        .iter()
        .map(|&(count, chars, links)| {
            let mean = (chars / f64::from(count)) as f32;
            [
                log1p(count as f32),
                (chars / f64::from(m.total)) as f32,
                (links / chars.max(1.0)) as f32,
                log1p(mean),
            ]
        })
        .collect();
    group_of.into_iter().map(|group| rows[group]).collect()
}

/// What is told of blocks to those beside them; past the ends there is nothing.
fn neighbours(m: &Measures) -> Vec<[f32; 7]> {
    let count = m.words.rows;
    let mut near = vec![[0.0; 7]; count + 2 * NEAR];
    for n in 0..count {
        let word = m.words.row(n);
        near[NEAR + n] = [
            log1p(word[CHARS]),
            m.link_share[n],
            m.heading[n],
            word[3],
            m.tag[n],
            word[FUNCTION_WORDS],
            word[POINTS],
        ];
    }
    near
}

/// For so many blocks to either side as `WINDOWS` say: their prose, the share of links and the marks.
fn windows(m: &Measures) -> Vec<[f32; 9]> {
    let count = m.words.rows;
    let mut sums = Vec::with_capacity(count + 1);
    let mut sum = [0.0f64; 4];
    sums.push(sum);
    for n in 0..count {
        let word = m.words.row(n);
        let own = [word[CHARS], m.prose[n], word[CHARS] * m.link_share[n], word[MARKS]];
        sum.iter_mut().zip(own).for_each(|(sum, own)| *sum += f64::from(own));
        sums.push(sum);
    }
    let mut rows = vec![[0.0; 9]; count];
    for (n, row) in rows.iter_mut().enumerate() {
        for (half, to) in WINDOWS.into_iter().zip(row.chunks_exact_mut(3)) {
            let (ahead, behind) = (&sums[(n + half + 1).min(count)], &sums[n.saturating_sub(half)]);
            let [chars, prose, links, marks] = [0, 1, 2, 3].map(|k| (ahead[k] - behind[k]) as f32);
            let weight = chars.max(1.0);
            to.copy_from_slice(&[log1p(prose), links / weight, marks / weight]);
        }
    }
    rows
}

/// The page's own numbers, for its kind, from those of its blocks; a column a name in `feature_names::PAGE_NAMES`.
/// `in_thread`: which blocks stand in a comment.
pub fn page_row(rows: &Matrix, in_thread: &[bool]) -> Vec<f32> {
    if rows.rows == 0 {
        return vec![0.0; PAGE_WIDTH];
    }
    let mut share: Vec<f32> = (0..rows.rows).map(|n| expm1(rows.at(n, CHARS))).collect();
    let total = sum(&share).max(1.0);
    share.iter_mut().for_each(|share| *share /= total);
    let named: [f32; NAMED] = shares_within(rows, &share, NAMES_FROM, FAR);
    let around: [f32; AROUND.len()] = shares_within(rows, &share, AROUND_FROM, FAR * 2);
    let (mut threads, mut prose) = (Vec::with_capacity(share.len()), Vec::with_capacity(share.len()));
    let (mut alike, mut links) = (0.0f64, 0.0f64);
    let (mut longest, mut alike_most, mut like_body) = (f32::NEG_INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY);
    for (n, &own) in share.iter().enumerate() {
        let row = rows.row(n);
        let weight = f64::from(own);
        threads.push(if in_thread.get(n) == Some(&true) { own } else { 0.0 });
        prose.push(own * row[FUNCTION_WORDS]);
        longest = longest.max(own);
        alike_most = alike_most.max(row[ALIKE]);
        alike += weight * f64::from(row[ALIKE]);
        links += weight * f64::from(row[LINK_SHARE]);
        like_body = like_body.max(row[LIKE_BODY]);
    }
    let mut found = Vec::with_capacity(PAGE_WIDTH);
    found.extend_from_slice(&rows.row(0)[PAGE_FROM..]);
    found.extend(named.iter().chain(&around));
    let in_threads = in_thread.iter().filter(|&&is| is).count() as f32;
    found.extend([
        sum(&threads),
        in_threads,
        sum(&prose),
        longest,
        alike_most,
        alike as f32,
        links as f32,
        like_body,
    ]);
    found
}

/// For each of some columns the share of the page whose blocks have there less than this.
///
/// Single floats are added in the order in which they were for training: eight, then their sum, and the last column one
/// by one. Where it is all of the page that sum is 1, or next to it, and there are borders at 1.
fn shares_within<const WIDE: usize>(rows: &Matrix, share: &[f32], from: usize, far: u8) -> [f32; WIDE] {
    let (eights, count) = (share.len() / 8 * 8, share.len());
    let fours = eights + (count - eights) / 4 * 4;
    let mut found = [0.0; WIDE];
    let mut some = [0.0; WIDE];
    for (n, &own) in share.iter().enumerate() {
        let columns = &rows.row(n)[from..from + WIDE];
        let parts: [f32; WIDE] =
            std::array::from_fn(|k| if columns[k] < f32::from(far) { own } else { 0.0 });
        some.iter_mut().zip(parts).for_each(|(some, part)| *some += part);
        found[WIDE - 1] += parts[WIDE - 1];
        let whole = if n < eights { n % 8 == 7 } else { n >= fours || n + 1 == fours };
        if whole {
            found[..WIDE - 1].iter_mut().zip(&some).for_each(|(sum, some)| *sum += some);
            some = [0.0; WIDE];
        }
    }
    found
}
