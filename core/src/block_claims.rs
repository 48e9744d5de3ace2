//! What a block is to the headings above it, and to what the page's head claims: its title, its text.

use std::borrow::Cow;

use crate::hash::{Map, Set};

use crate::block_words::Lower;
use crate::blocks::Blocks;
use crate::keywords::kind_of_heading;
use crate::metadata::Metadata;
use crate::numbers::{log1p, running_sums};
use crate::py;
use crate::types::WidgetKind;
use crate::visible_text::{is_heading, Page};

/// Characters of a block that are compared with what the head claims.
const BEGINNING: usize = 4000;
/// Characters of a claim that are read, and so many more that its last letter is not taken for a word's end.
const CLAIM: usize = 20_000;
const BEYOND: usize = 100;
/// Shares of a block's words and of the title's from which on it is the title.
const TITLE: f32 = 0.75;
const OF_TITLE: f64 = 0.6;

/// What kind of list a heading announces.
fn place_of_kind(kind: Option<WidgetKind>) -> f32 {
    let Some(kind) = kind else { return -1.0 };
    match kind {
        WidgetKind::RelatedPosts => 0.0,
        WidgetKind::PopularPosts => 1.0,
        WidgetKind::RecentPosts => 2.0,
        WidgetKind::FeaturedPost => 3.0,
        WidgetKind::Archive => 4.0,
        WidgetKind::Labels => 5.0,
        WidgetKind::Subscribe => 6.0,
        WidgetKind::Social => 7.0,
        WidgetKind::Search => 8.0,
        WidgetKind::Profile => 9.0,
        WidgetKind::Links => 10.0,
        WidgetKind::Navigation => 11.0,
        WidgetKind::Notice => 12.0,
        WidgetKind::Ad => 13.0,
        WidgetKind::RecentComments => 14.0,
        WidgetKind::CommentForm => 15.0,
        _ => -1.0,
    }
}

/// Of the heading above each block: how far, what kind of list it announces, the prose since and ahead, and its level.
pub fn sections(page: &Page<'_>, blocks: &Blocks, prose: &[f32]) -> Vec<[f32; 5]> {
    let count = blocks.len();
    let sums = running_sums(prose);
    let mut rows = Vec::with_capacity(count);
    // The last heading: its block, its kind and its level.
    let mut last: Option<(usize, f32, f32)> = None;
    for n in 0..count {
        let tag = page.e(blocks.owners[n]).tag;
        if is_heading(tag) {
            let level = f32::from(tag.as_bytes().get(1).map_or(0, |digit| digit.wrapping_sub(b'0')));
            last = Some((n, place_of_kind(kind_of_heading(&blocks.texts[n])), level));
        }
        let (at, kind, level) = last.unwrap_or((0, -1.0, 0.0));
        let distance = if last.is_some() { n - at } else { 99 };
        rows.push([log1p(distance as f32), kind, log1p(sums[n] - sums[at]), 0.0, level]);
    }
    // Down to the next heading.
    let mut next = count;
    for n in (0..count).rev() {
        rows[n][3] = log1p(sums[next] - sums[n]);
        if is_heading(page.e(blocks.owners[n]).tag) {
            next = n;
        }
    }
    rows
}

/// Shares of each block's words that the page's own title, description and article body hold; whether it is the title,
/// and how far after that it stands.
pub fn likeness(metadata: &Metadata, blocks: &Blocks, lower: &Lower) -> Vec<[f32; 5]> {
    let mut rows = vec![[0.0, 0.0, 0.0, 0.0, 500.0]; blocks.len()];
    let title = metadata.headline.as_deref().filter(|title| !title.is_empty()).or(metadata.title.as_deref());
    let claims = [title, metadata.description.as_deref(), metadata.article_body.as_deref()].map(|claim| {
        let claim = py::head(claim.unwrap_or(""), CLAIM + BEYOND);
        let mut lower = py::lower(claim).into_owned();
        lower.truncate(py::head(&lower, CLAIM).len());
        lower
    });
    // Which of the claims have a word is told by bits.
    let mut known: Map<&str, u8> = Map::default();
    let mut titles_words: Set<&str> = Set::default();
    for (k, claim) in claims.iter().enumerate() {
        for word in tokens(claim) {
            *known.entry(word).or_default() |= 1 << k;
            if k == 0 {
                titles_words.insert(word);
            }
        }
    }
    if known.is_empty() {
        return rows;
    }
    let sieve = Sieve::of(known.keys());
    let least = OF_TITLE * titles_words.len() as f64;
    let mut first_title = None;
    for (n, text) in blocks.texts.iter().enumerate() {
        let beginning = py::head(text, BEGINNING);
        let lower = if beginning.len() == text.len() { Cow::Borrowed(lower.text(n)) } else { py::lower(beginning) };
        let (mut size, mut hits) = (0u32, [0u32; 3]);
        for word in tokens(&lower) {
            size += 1;
            if !sieve.lets_pass(word) {
                continue;
            }
            if let Some(&bits) = known.get(word) {
                hits.iter_mut().enumerate().for_each(|(k, hits)| *hits += u32::from(bits >> k & 1));
            }
        }
        for (share, hits) in rows[n].iter_mut().zip(hits) {
            *share = hits as f32 / size.max(1) as f32;
        }
        if !titles_words.is_empty() && rows[n][0] > TITLE && f64::from(size) >= least {
            rows[n][3] = 1.0;
            first_title.get_or_insert(n);
        }
    }
    if let Some(title) = first_title {
        for (n, row) in rows.iter_mut().enumerate() {
            row[4] = (n as f32 - title as f32).clamp(-200.0, 400.0);
        }
    }
    rows
}

/// Tells of most words, by their ends, that they are not among some.
struct Sieve([u64; 64]);

impl Sieve {
    fn of<'w>(words: impl Iterator<Item = &'w &'w str>) -> Self {
        let mut bits = [0; 64];
        words.for_each(|word| {
            let place = Self::place(word);
            bits[place / 64] |= 1 << (place % 64);
        });
        Sieve(bits)
    }

    fn lets_pass(&self, word: &str) -> bool {
        let place = Self::place(word);
        self.0[place / 64] >> (place % 64) & 1 == 1
    }

    fn place(word: &str) -> usize {
        let bytes = word.as_bytes();
        let ends = [bytes.first(), bytes.get(1), bytes.last()].map(|byte| byte.map_or(0, |&byte| usize::from(byte)));
        (ends[0] * 41 + ends[1] * 1093 + ends[2] * 331 + bytes.len() * 577) % (64 * 64)
    }
}

const IS_PART: [bool; 128] = {
    let mut parts = [false; 128];
    let mut byte = 0;
    while byte < 128 {
        parts[byte] = (byte as u8).is_ascii_alphanumeric() || byte as u8 == b'_';
        byte += 1;
    }
    parts
};

/// The words of a text: `\w+`.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    // From there on the first character that is part of a word or none, as asked for.
    let skip = |mut at: usize, part: bool| {
        while let Some(&byte) = text.as_bytes().get(at) {
            if byte < 128 {
                if IS_PART[usize::from(byte)] != part {
                    break;
                }
                at += 1;
            } else {
                let Some(c) = text[at..].chars().next() else { break };
                if py::is_alnum(c) != part {
                    break;
                }
                at += c.len_utf8();
            }
        }
        at
    };
    let mut at = 0;
    std::iter::from_fn(move || {
        let begin = skip(at, false);
        at = skip(begin, true);
        (at > begin).then(|| &text[begin..at])
    })
}
