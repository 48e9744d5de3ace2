//! The trained models and what they are asked.

use crate::arrays::Arrays;
use crate::features;
use crate::kind_words::{KindWords, Words};
use crate::trees::{Rows, Trees};
use crate::types::{Matrix, PageKind};

/// The kinds of pages in the order of the model's outputs.
pub const KINDS: [PageKind; 7] = [
    PageKind::Article,
    PageKind::Forum,
    PageKind::Product,
    PageKind::Collection,
    PageKind::Listing,
    PageKind::Documentation,
    PageKind::Service,
];

/// What labels a page.
pub struct Models {
    /// A page's kind.
    pub kind: Trees,
    /// Whether a block is what a reader came for.
    pub main: Trees,
    /// Whether an element is one widget.
    pub whole: Trees,
    /// A widget's kind.
    pub widget: Trees,
    /// What a widget's words say of its kind.
    pub texts: KindWords,
    /// What the names in its markup say of it.
    pub names: KindWords,
}

impl Models {
    /// Reads the arrays of all models (`arrays`): `kind/feature` and so on. Err says what is wrong with them.
    pub fn load(blob: &[u8]) -> Result<Self, String> {
        let arrays = &Arrays::read(blob)?;
        let models = Models {
            kind: Trees::load(arrays, "kind")?,
            main: Trees::load(arrays, "main")?,
            whole: Trees::load(arrays, "whole")?,
            widget: Trees::load(arrays, "widget")?,
            texts: KindWords::load(arrays, "texts")?,
            names: KindWords::load(arrays, "names")?,
        };
        let of_blocks = features::WIDTH + KINDS.len() + 1;
        let asked = [
            ("kind", &models.kind, features::PAGE_WIDTH, KINDS.len()),
            ("main", &models.main, of_blocks, 1),
            ("whole", &models.whole, usize::MAX, 1),
            ("widget", &models.widget, usize::MAX, models.texts.kinds()),
        ];
        for (name, trees, columns, outputs) in asked {
            if trees.width() > columns || trees.outputs() != outputs {
                let (width, found) = (trees.width(), trees.outputs());
                return Err(format!("{name} asks about {width} columns of {columns} and gives {found} of {outputs}"));
            }
        }
        if models.names.kinds() != models.texts.kinds() {
            return Err(format!("names speak of {} kinds, texts of {}", models.names.kinds(), models.texts.kinds()));
        }
        Ok(models)
    }

    /// The probability of each of `KINDS`. `rows`: the blocks' features; `in_thread`: which stand in a comment.
    pub fn kinds(&self, rows: &Matrix, in_thread: &[bool]) -> Vec<f32> {
        let data = features::page_row(rows, in_thread);
        let row = Matrix { rows: 1, columns: data.len(), data };
        self.kind.probabilities(&row).data
    }

    /// For each block the probability that it is of what a reader came for: an article's text or a thread's, or of a
    /// page without one its list.
    pub fn mains(&self, rows: &Matrix, in_thread: &[bool], kinds: &[f32]) -> Vec<f32> {
        self.main.probability(Rows { matrix: rows, shared: kinds, own: in_thread })
    }

    /// For each box the probability of each kind of widget, and of none. `rows`: the boxes' (`element_features`);
    /// `texts`, `names`: their words (`kind_words`).
    pub fn widgets(&self, rows: &Matrix, texts: &[Words], names: &[Words]) -> Matrix {
        let (own, kinds) = (rows.columns, self.texts.kinds());
        let mut all = Matrix::zeros(rows.rows, own + 2 * kinds);
        for n in 0..rows.rows {
            let row = all.row_mut(n);
            row[..own].copy_from_slice(rows.row(n));
            if let Some(words) = texts.get(n) {
                self.texts.score(words.iter(), &mut row[own..own + kinds]);
            }
            if let Some(words) = names.get(n) {
                self.names.score(words.iter(), &mut row[own + kinds..]);
            }
        }
        self.widget.probabilities(&all)
    }
}

/// The blocks whose words, taken together, have the highest expected F1.
///
/// `p`: each block's probability; `words`: how many it has. A set's expected F1 is about twice its expected hits over
/// its size and the expected size of the gold, so the best set is a head of the blocks by falling probability.
pub fn choose(p: &[f32], words: &[f32]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[b].total_cmp(&p[a]));
    let (mut hits, mut size) = (0.0f32, 0.0f32);
    let mut sums = Vec::with_capacity(p.len());
    for &n in &order {
        hits += p[n] * words[n];
        size += words[n];
        sums.push((hits, size));
    }
    let mut chosen = vec![false; p.len()];
    if hits > 0.0 {
        let (mut best, mut most) = (0, f32::NEG_INFINITY);
        for (n, &(some, size)) in sums.iter().enumerate() {
            let expected = 2.0 * some / (size + hits);
            if expected > most {
                (best, most) = (n, expected);
            }
        }
        order[..=best].iter().for_each(|&n| chosen[n] = true);
    }
    chosen
}
