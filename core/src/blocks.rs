//! A page as blocks: what a labeller weighs one by one. A block is the texts of one line or paragraph.

use std::ops::Range;

use crate::numbers::running_sums;
use crate::py;
use crate::visible_text::{is_inline, El, Page, Tx};

/// The blocks of a page, in document order.
#[derive(Debug, Default)]
pub struct Blocks {
    /// The block-level element that each stands in.
    pub owners: Vec<El>,
    /// Number of each block's first text.
    pub first: Vec<Tx>,
    /// One past the number of its last text.
    pub last: Vec<Tx>,
    /// Its words, in one line.
    pub texts: Vec<String>,
    /// Text number -> block number; one more entry, with the number of blocks, stands at the end.
    pub of_text: Vec<usize>,
}

impl Blocks {
    /// How many.
    #[inline]
    pub fn len(&self) -> usize {
        self.owners.len()
    }

    /// Whether the page has none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.owners.is_empty()
    }

    /// The blocks that begin in an element.
    #[inline]
    pub fn within(&self, page: &Page<'_>, e: El) -> Range<usize> {
        let e = page.e(e);
        self.of_text[e.first]..self.of_text[e.last]
    }
}

/// The page's blocks.
pub fn blocks_of(page: &Page<'_>) -> Blocks {
    let count = page.texts.len();
    let mut blocks = Blocks { of_text: Vec::with_capacity(count + 1), ..Blocks::default() };
    let mut line = None;
    let mut raw = String::new();
    for (n, t) in page.texts.iter().enumerate() {
        if line != Some(t.line) {
            if n > 0 {
                blocks.last.push(n);
                blocks.texts.push(one_line(&mut raw));
            }
            line = Some(t.line);
            let mut owner = t.parent;
            while is_inline(page.elements[owner].tag) {
                match page.elements[owner].parent {
                    Some(parent) => owner = parent,
                    None => break,
                }
            }
            blocks.owners.push(owner);
            blocks.first.push(n);
        } else if !t.glued {
            raw.push(' ');
        }
        raw.push_str(t.value);
        blocks.of_text.push(blocks.owners.len() - 1);
    }
    if count > 0 {
        blocks.last.push(count);
        blocks.texts.push(one_line(&mut raw));
    }
    blocks.of_text.push(blocks.owners.len());
    blocks
}

/// What was gathered of a block, white space collapsed; what it was gathered in is empty again.
fn one_line(raw: &mut String) -> String {
    // As most are: letters and single spaces between them.
    let mut before = b' ';
    let is_plain = raw.bytes().all(|byte| {
        let plain = byte > b' ' && byte < 128 || byte == b' ' && before != b' ';
        before = byte;
        plain
    });
    let text = if is_plain && before != b' ' { raw.clone() } else { py::collapse(raw).into_owned() };
    raw.clear();
    text
}

/// The smallest element that holds at least this share of the blocks' weight; `weight`: one number a block.
pub fn smallest_with(page: &Page<'_>, blocks: &Blocks, weight: &[f32], share: f64) -> El {
    let sums = running_sums(weight);
    let least = share * f64::from(sums[sums.len() - 1]);
    let mut at = 0;
    while let Some(&inner) = page.elements[at].children.iter().find(|&&child| {
        let within = blocks.within(page, child);
        f64::from(sums[within.end]) - f64::from(sums[within.start]) >= least
    }) {
        at = inner;
    }
    at
}
