//! What the models know of each element that may be a widget: a row of numbers.

use std::ops::Range;

use crate::blocks::Blocks;
use crate::columns::{Columns, AROUND, NAMED};
use crate::features::at;
use crate::keywords::kind_of_heading;
use crate::labeller::sum;
use crate::names::kind_of_name;
use crate::numbers::log1p;
use crate::py;
use crate::types::{Matrix, PageKind, WidgetBox, WidgetKind};
use crate::visible_text::{is_heading, El, Page};

pub use crate::box_features::box_rows;

/// The kinds of pages that the model tells.
const PAGE_KINDS: usize = PageKind::ALL.len() - 1;
/// Numbers of an element's own, before those of what is named and tagged in and around it.
const OWN: usize = 39;
const COUNTED: [&str; 10] = ["form", "input", "img", "iframe", "nav", "ul", "a", "time", "button", "select"];
const NAMES_AT: usize = OWN + COUNTED.len();
const INSIDE_AT: usize = NAMES_AT + NAMED;
const AROUND_AT: usize = INSIDE_AT + NAMED;
const PAGE_AT: usize = AROUND_AT + AROUND.len();
/// How many numbers a row of an element has.
pub const ELEMENT_COLUMNS: usize = PAGE_AT + PAGE_KINDS;
/// Words at most of what may be no widget: a label, a counter, a button beside a record. Anything longer is kept as
/// one.
const BIT: usize = 8;
/// A block with more in it is no widget with one heading, and looking through it at every level would cost too much.
const MOST_BLOCKS: usize = 200;
/// The place of what is of no kind.
const NO_KIND: f32 = -1.0;

/// A kind's place among the model's outputs.
pub(crate) fn place_of(kind: Option<WidgetKind>) -> f32 {
    kind.map_or(NO_KIND, |kind| kind as usize as f32)
}

fn place_of_tag(tag: &str) -> f32 {
    let place = match tag {
        "div" => 0,
        "section" => 1,
        "ul" => 2,
        "ol" => 3,
        "li" => 4,
        "nav" => 5,
        "header" => 6,
        "footer" => 7,
        "aside" => 8,
        "form" => 9,
        "p" => 10,
        "table" => 11,
        "h1" => 12,
        "h2" => 13,
        "h3" => 14,
        "h4" => 15,
        "h5" => 16,
        "h6" => 17,
        "article" => 18,
        "main" => 19,
        "a" => 20,
        "span" => 21,
        _ => -1,
    };
    place as f32
}

fn place_of_counted(tag: &str) -> Option<usize> {
    COUNTED.iter().position(|&counted| counted == tag)
}

/// Sums over blocks.
#[derive(Clone, Copy, Default)]
struct Size {
    chars: f32,
    links: f32,
    marks: f32,
    heads: f32,
    function: f32,
    free: f32,
    main: f32,
    dates: f32,
    prices: f32,
    copyright: f32,
    read_more: f32,
}

macro_rules! by_field {
    ($a:expr, $op:tt, $b:expr, $($field:ident)+) => { Size { $($field: $a.$field $op $b.$field),+ } };
}

impl std::ops::Add for Size {
    type Output = Size;
    fn add(self, other: Size) -> Size {
        by_field!(self, +, other, chars links marks heads function free main dates prices copyright read_more)
    }
}

impl std::ops::Sub for Size {
    type Output = Size;
    fn sub(self, other: Size) -> Size {
        by_field!(self, -, other, chars links marks heads function free main dates prices copyright read_more)
    }
}

/// What each block counts for.
fn measures(rows: &Matrix, p: &[f32], free: &[bool]) -> Vec<Size> {
    let [chars, links, marks, heads, function] =
        ["chars", "link_share", "marks", "heading", "function_words"].map(at);
    let [dates, prices, copyright, read_more] = ["date", "price", "copyright", "read_more"].map(at);
    let measure = |n: usize| {
        let row = rows.row(n);
        let size = f64::from(row[chars]).exp_m1() as f32;
        Size {
            chars: size,
            links: size * row[links],
            marks: f64::from(row[marks]).exp_m1() as f32,
            heads: row[heads],
            function: size * row[function],
            free: f32::from(u8::from(free[n])),
            main: size * p[n],
            dates: row[dates],
            prices: row[prices],
            copyright: row[copyright],
            read_more: row[read_more],
        }
    };
    (0..rows.rows).map(measure).collect()
}

/// What is told of an element by what others around it are like as well.
#[derive(Clone, Copy, Default)]
struct Known {
    size: Size,
    /// Children with text, and the share of them that are of one tag and class.
    kids: usize,
    alike: f32,
    tag: f32,
    kind: f32,
    /// The kind that the heading says which it begins with.
    announced: f32,
    titled: bool,
    /// How many of some tags are in it, itself included.
    counted: [u32; COUNTED.len()],
    /// Which groups its descendants are named by, as bits.
    inside: u64,
}

/// A page's elements, each with a row of what is known of it, made when it is asked for.
pub struct Elements<'a> {
    tree: &'a Columns,
    known: Vec<Known>,
    /// Of each block the level of the heading that it is.
    levels: Vec<u8>,
    /// The page's characters.
    total: f32,
    /// The blocks between which those with a record stand.
    start: usize,
    end: usize,
    kinds: &'a [f32],
}

impl<'a> Elements<'a> {
    /// `rows`: the blocks' features; `p`: their probability to be of the article; `free`: which have no record yet;
    /// `kinds`: the probabilities of the page's kinds.
    pub fn new(
        page: &Page<'_>,
        blocks: &Blocks,
        tree: &'a Columns,
        rows: &Matrix,
        p: &[f32],
        free: &[bool],
        kinds: &'a [f32],
    ) -> Self {
        let measures = measures(rows, p, free);
        let chars: Vec<f32> = measures.iter().map(|of| of.chars).collect();
        let (start, end) = match (free.iter().position(|&free| !free), free.iter().rposition(|&free| !free)) {
            (Some(first), Some(last)) => (first, last + 1),
            _ => (blocks.len() / 2, blocks.len() / 2),
        };
        Elements {
            tree,
            known: known(page, blocks, tree, &measures),
            levels: blocks.owners.iter().map(|&owner| heading_level(page.e(owner).tag)).collect(),
            total: sum(&chars).max(1.0),
            start,
            end,
            kinds,
        }
    }

    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether none of an element's blocks has a record, and it has children with text.
    pub fn may_be_cut(&self, e: El) -> bool {
        let own = &self.known[e];
        own.kids > 0 && own.size.free / (self.tree.held(e) as f32).max(1.0) == 1.0
    }

    /// A row for each of these.
    pub fn rows(&self, of: &[El]) -> Matrix {
        let mut rows = Matrix::zeros(of.len(), ELEMENT_COLUMNS);
        for (n, &e) in of.iter().enumerate() {
            self.write(e, rows.row_mut(n));
        }
        rows
    }

    /// Writes an element's row over zeros.
    pub fn write(&self, e: El, row: &mut [f32]) {
        let (tree, own, count) = (self.tree, &self.known[e], self.levels.len());
        let of_page = |n: i64| (n as f64 / count.max(1) as f64) as f32;
        let up = tree.parent[e] as usize;
        let above = &self.known[up];
        let next = &self.known[tree.parent[up] as usize];
        let (first, last) = (tree.first[e] as usize, tree.last[e] as usize);
        let held = tree.held(e) as usize;
        let size = &own.size;
        let (whole, some) = (size.chars.max(1.0), (held as f32).max(1.0));
        let heads = size.heads;
        let numbers: [f32; OWN] = [
            log1p(size.chars),
            size.chars / self.total,
            size.chars / above.size.chars.max(1.0),
            size.links / whole,
            size.marks / whole,
            size.function / whole,
            size.main / whole,
            size.free / some,
            heads / some,
            log1p(heads),
            top_headings(&self.levels, first..last, heads > 0.0),
            log1p(held as f32),
            held as f32 / (tree.held(up) as f32).max(1.0),
            size.dates / some,
            size.prices / some,
            flag(size.copyright > 0.0),
            size.read_more / some,
            tree.depth[e] as f32,
            log1p(tree.siblings[e] as f32),
            own.kids as f32,
            above.kids as f32,
            own.alike,
            above.alike,
            own.tag,
            above.tag,
            own.kind,
            above.kind,
            next.kind,
            own.announced,
            above.announced,
            flag(own.titled),
            own.inside.count_ones() as f32,
            of_page(first as i64),
            of_page(last as i64),
            of_page(first as i64 - self.start as i64),
            of_page(first as i64 - self.end as i64),
            flag(first >= self.end),
            flag(last <= self.start),
            count as f32,
        ];
        row[..OWN].copy_from_slice(&numbers);
        for (to, &n) in row[OWN..NAMES_AT].iter_mut().zip(&own.counted) {
            *to = log1p(n as f32);
        }
        for (to, &n) in row[NAMES_AT..INSIDE_AT].iter_mut().zip(tree.names(e)) {
            *to = f32::from(n);
        }
        let mut inside = own.inside;
        while inside != 0 {
            row[INSIDE_AT + inside.trailing_zeros() as usize] = 1.0;
            inside &= inside - 1;
        }
        for (to, &n) in row[AROUND_AT..PAGE_AT].iter_mut().zip(tree.around(e)) {
            *to = f32::from(n);
        }
        row[PAGE_AT..].copy_from_slice(self.kinds);
    }
}

fn flag(is: bool) -> f32 {
    f32::from(u8::from(is))
}

fn known(page: &Page<'_>, blocks: &Blocks, tree: &Columns, measures: &[Size]) -> Vec<Known> {
    // Sums of the first 0, 1, 2 … blocks, as single floats.
    let mut sums = Vec::with_capacity(measures.len() + 1);
    sums.push(Size::default());
    for (n, &measure) in measures.iter().enumerate() {
        sums.push(sums[n] + measure);
    }
    // The kinds that headings say are asked for once: many elements begin with the same.
    let mut said: Vec<Option<f32>> = vec![None; measures.len()];
    let mut kinds: Vec<Option<f32>> = vec![None; tree.names.len()];
    let mut known = Vec::with_capacity(page.elements.len());
    for e in &page.elements {
        let (first, last) = (tree.first[e.index] as usize, tree.last[e.index] as usize);
        let titled = measures.get(first).is_some_and(|of| of.heads > 0.0);
        let announced = if titled && last > first {
            *said[first].get_or_insert_with(|| place_of(kind_of_heading(&blocks.texts[first])))
        } else {
            NO_KIND
        };
        let mut own = Known {
            size: sums[last] - sums[first],
            tag: place_of_tag(e.tag),
            kind: *kinds[tree.name[e.index] as usize].get_or_insert_with(|| place_of(kind_of_name(e.name))),
            announced,
            titled,
            ..Known::default()
        };
        if let Some(n) = place_of_counted(e.tag) {
            own.counted[n] = 1;
        }
        known.push(own);
    }
    let mut alike = vec![0; tree.kinds];
    for e in page.elements.iter().filter(|e| !e.children.is_empty()) {
        let kids = || e.children.iter().copied().filter(|&child| tree.has_text[child]);
        let (mut many, mut most) = (0, 0);
        for child in kids() {
            let like = &mut alike[tree.kind[child] as usize];
            *like += 1;
            many += 1;
            most = most.max(*like);
        }
        for child in kids() {
            alike[tree.kind[child] as usize] = 0;
        }
        known[e.index].kids = many;
        known[e.index].alike = (most as f64 / many.max(1) as f64) as f32;
    }
    for e in page.elements.iter().rev() {
        let Some(parent) = e.parent else { continue };
        let own = known[e.index];
        let above = &mut known[parent];
        above.inside |= tree.names[tree.name[e.index] as usize] | own.inside;
        for (sum, n) in above.counted.iter_mut().zip(own.counted) {
            *sum += n;
        }
    }
    known
}

/// 1 to 6, or 0 for what is no heading.
fn heading_level(tag: &str) -> u8 {
    if is_heading(tag) {
        tag.as_bytes()[1] - b'0'
    } else {
        0
    }
}

/// How many headings of the highest level that is used there are among these blocks; `any`: whether there is one.
fn top_headings(levels: &[u8], within: Range<usize>, any: bool) -> f32 {
    if within.len() >= MOST_BLOCKS {
        return 9.0;
    }
    if !any {
        return 0.0;
    }
    let (mut top, mut many) = (u8::MAX, 0);
    for &level in levels[within].iter().filter(|&&level| level > 0) {
        if level < top {
            (top, many) = (level, 1);
        } else if level == top {
            many += 1;
        }
    }
    many as f32
}

/// Whether a box has so few words that it may be chrome of its neighbour: no form, which is more than its words, and no
/// paragraph, which says something.
pub fn is_short(page: &Page<'_>, of: &WidgetBox) -> bool {
    let words = of.texts.iter().flat_map(|&n| py::words(page.t(n).value));
    words.take(BIT + 1).count() <= BIT
        && !of.elements.iter().any(|&e| page.e(e).tag == "p")
        && !of.elements.iter().any(|&e| page.elements[page.inside(e)].iter().any(|x| x.tag == "form"))
}
