//! What a widget's words, and the names in its markup, say of its kind: naive Bayes.

use std::borrow::Cow;
use std::ops::Range;

use serde::{Serialize, Serializer};

use crate::hash::{Map, Seeded, Set};

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

    /// A column a kind: what words say together, less the more they are, as they do not speak independently of one
    /// another.
    pub fn score<'w>(&self, words: impl Iterator<Item = &'w str>, found: &mut [f32]) {
        found.fill(0.0);
        let mut count = 0u32;
        for at in words.filter_map(|word| self.words.get(word)) {
            count += 1;
            found.iter_mut().zip(self.weights.row(*at as usize)).for_each(|(sum, weight)| *sum += weight);
        }
        if count > 0 {
            let by = f64::from(count).sqrt() as f32;
            found.iter_mut().for_each(|sum| *sum /= by);
        }
    }
}

/// Some words, each once, in the order of their first appearance.
pub struct Words {
    text: String,
    /// Where they stand in it.
    at: Vec<Range<usize>>,
}

impl Words {
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.at.iter().map(|at| &self.text[at.clone()])
    }
}

/// The words of a box.
pub fn words_of(page: &Segmented<'_>, of: &WidgetBox) -> Words {
    let page = &page.visible;
    let text = joined(of.texts.iter().take(TEXTS).map(|&n| page.t(n).value), CHARS);
    distinct_words(text, MOST_WORDS)
}

/// The words that ids and classes in a box are made of.
pub fn names_of(page: &Segmented<'_>, of: &WidgetBox) -> Words {
    let page = &page.visible;
    let mut largest: Option<El> = None;
    for &e in &of.elements {
        if largest.is_none_or(|most| page.chars(e) > page.chars(most)) {
            largest = Some(e);
        }
    }
    let Some(largest) = largest else { return distinct_words(String::new(), MOST_NAMES) };
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
    distinct_words(parted, MOST_NAMES)
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

impl Serialize for Words {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter())
    }
}

/// Words of two letters and more in lower case.
fn distinct_words(mut text: String, most: usize) -> Words {
    if let Cow::Owned(lower) = py::lower(&text) {
        text = lower;
    }
    let mut known: Set<&str> = Set::with_capacity_and_hasher(most, Seeded);
    let mut found = Vec::with_capacity(most);
    for at in words_in(&text) {
        if found.len() >= most {
            break;
        }
        let word = &text[at.clone()];
        if word.chars().nth(1).is_some() && known.insert(word) {
            found.push(at);
        }
    }
    Words { at: found, text }
}

/// Where words stand in a text: runs of letters.
pub fn words_in(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let bytes = text.as_bytes();
    // Whether a letter begins at a place, and where the next character does.
    let read = move |at: usize| {
        if bytes[at].is_ascii() {
            return (bytes[at].is_ascii_alphabetic(), at + 1);
        }
        let c = text[at..].chars().next().unwrap_or(' ');
        (is_letter(c), at + c.len_utf8())
    };
    let mut at = 0;
    std::iter::from_fn(move || {
        let mut begin = at;
        while begin < text.len() {
            let (is_letter, next) = read(begin);
            if is_letter {
                at = next;
                break;
            }
            begin = next;
        }
        if begin >= text.len() {
            return None;
        }
        while at < text.len() {
            let (is_letter, next) = read(at);
            if !is_letter {
                break;
            }
            at = next;
        }
        Some(begin..at)
    })
}
