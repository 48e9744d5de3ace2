//! What a widget's words, and the names in its markup, say of its kind: naive Bayes.

use std::ops::Range;

use crate::hash::{Map, Set};

use crate::arrays::Arrays;
use crate::py::{self, is_letter};
use crate::types::{Matrix, Segmented, WidgetBox};
use crate::visible_text::El;

// What is looked at of a box: its first texts and their characters, its first elements and the characters of their
// names, and so many words of each.
const TEXTS: usize = 60;
const CHARS: usize = 800;
const ELEMENTS: usize = 40;
const NAME_CHARS: usize = 600;
const MOST_WORDS: usize = 60;
const MOST_NAMES: usize = 40;

/// What each word says of each kind.
pub struct KindWords {
    /// Word -> its row.
    words: Map<Box<str>, u32>,
    /// A row a word, a column a kind: the logarithm of how many times likelier the kind is where the word stands.
    weights: Matrix,
}

impl KindWords {
    /// Reads the words and their weights from the arrays. Err says what is wrong with them.
    pub fn load(arrays: &Arrays<'_>, name: &str) -> Result<Self, String> {
        let said = arrays.text(&format!("{name}/words"))?;
        let (data, [rows, columns]) = arrays.floats(&format!("{name}/weights"))?;
        let words: Map<Box<str>, u32> = py::words(said).zip(0..).map(|(word, n)| (word.into(), n)).collect();
        if words.len() != rows {
            return Err(format!("{name} has {} words and weights of {rows}", words.len()));
        }
        Ok(KindWords { words, weights: Matrix { rows, columns, data } })
    }

    /// How many kinds.
    pub fn kinds(&self) -> usize {
        self.weights.columns
    }

    /// A column a kind: what a list of words says together, less the more they are, as they do not speak independently
    /// of one another.
    pub fn score(&self, words: &[String], found: &mut [f32]) {
        found.fill(0.0);
        let mut count = 0u32;
        for at in words.iter().filter_map(|word| self.words.get(word.as_str())) {
            count += 1;
            found.iter_mut().zip(self.weights.row(*at as usize)).for_each(|(sum, weight)| *sum += weight);
        }
        if count > 0 {
            let by = f64::from(count).sqrt() as f32;
            found.iter_mut().for_each(|sum| *sum /= by);
        }
    }
}

/// The words of a box, each once.
pub fn words_of(page: &Segmented<'_>, of: &WidgetBox) -> Vec<String> {
    let page = &page.visible;
    let text = joined(of.texts.iter().take(TEXTS).map(|&n| page.t(n).value), CHARS);
    distinct_words(&py::lower(&text), MOST_WORDS)
}

/// The words that ids and classes in a box are made of, each once.
pub fn names_of(page: &Segmented<'_>, of: &WidgetBox) -> Vec<String> {
    let page = &page.visible;
    let mut largest: Option<El> = None;
    for &e in &of.elements {
        if largest.is_none_or(|most| page.chars(e) > page.chars(most)) {
            largest = Some(e);
        }
    }
    let Some(largest) = largest else { return Vec::new() };
    let inside = largest..page.e(largest).end.min(largest + ELEMENTS);
    let names = joined(page.elements[inside].iter().map(|e| e.name), NAME_CHARS);
    // "commentForm" is two words.
    let mut parted = String::with_capacity(names.len() + 16);
    let mut before = ' ';
    for c in names.chars() {
        if before.is_ascii_lowercase() && c.is_ascii_uppercase() {
            parted.push(' ');
        }
        parted.push(c);
        before = c;
    }
    distinct_words(&py::lower(&parted), MOST_NAMES)
}

/// The first characters of texts with spaces between them.
fn joined<'t>(texts: impl Iterator<Item = &'t str>, most: usize) -> String {
    let mut text = String::with_capacity(most + 64);
    // So many bytes that are characters for sure.
    for (n, each) in texts.enumerate() {
        if n > 0 {
            text.push(' ');
        }
        text.push_str(py::head(each, most));
        if text.len() >= 4 * most {
            break;
        }
    }
    text.truncate(py::head(&text, most).len());
    text
}

/// Words of two letters and more, each once, in the order of their first appearance.
fn distinct_words(text: &str, most: usize) -> Vec<String> {
    let mut known: Set<&str> = Set::default();
    let mut found = Vec::new();
    for word in words_in(text).map(|at| &text[at]) {
        if found.len() >= most {
            break;
        }
        if word.chars().nth(1).is_some() && known.insert(word) {
            found.push(word.to_owned());
        }
    }
    found
}

/// Where words stand in a text: runs of letters.
pub fn words_in(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let begin = at + text[at..].find(is_letter)?;
        let end = text[begin..].find(|c| !is_letter(c)).map_or(text.len(), |n| begin + n);
        at = end;
        Some(begin..end)
    })
}
