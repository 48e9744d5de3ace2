//! The language of a text, by its script where that decides, else by a small model.

use std::borrow::Cow;
use std::cell::RefCell;

use regex_syntax::is_word_character;

use crate::fasttext::FastText;
use crate::py;
use crate::rx;

/// Characters looked at. Of the 34,000 records of 1,826 pages 300 gave another language to eight, of which two are of
/// several languages; time grows with them.
const SAMPLE: usize = 200;
/// Below these letters a text is names and interface words, on which the model guesses.
const LETTERS: usize = 12;
/// A short text needs a surer answer than a long one: `SURE` up to `SHORT` letters, or `LIKELY` and so many times
/// likelier than the next; above `LIKELY` alone. Of pieces of five words in 20 languages 90.2% are told right so and
/// 1.2% wrong; 83.8% and 0.7% by `SURE` alone (`bench.quality.languages`).
const SHORT: usize = 60;
const SURE: f32 = 0.8;
const LIKELY: f32 = 0.5;
const AHEAD: f32 = 3.0;
/// Guesses that are asked for.
const GUESSES: usize = 5;
/// What is less likely makes no difference to what is `LIKELY`, nor to what is `AHEAD` of two such, and takes the model
/// a third of its time.
const LEAST: f32 = 0.08;

/// Scripts written by one language only, or nearly so: first and last code point.
const OWN_SCRIPTS: [(&str, char, char); 19] = [
    ("el", '\u{370}', '\u{3ff}'),
    ("hy", '\u{530}', '\u{58f}'),
    ("he", '\u{590}', '\u{5ff}'),
    ("bn", '\u{980}', '\u{9ff}'),
    ("pa", '\u{a00}', '\u{a7f}'),
    ("gu", '\u{a80}', '\u{aff}'),
    ("ta", '\u{b80}', '\u{bff}'),
    ("te", '\u{c00}', '\u{c7f}'),
    ("kn", '\u{c80}', '\u{cff}'),
    ("ml", '\u{d00}', '\u{d7f}'),
    ("si", '\u{d80}', '\u{dff}'),
    ("th", '\u{e00}', '\u{e7f}'),
    ("lo", '\u{e80}', '\u{eff}'),
    ("my", '\u{1000}', '\u{109f}'),
    ("ka", '\u{10a0}', '\u{10ff}'),
    ("am", '\u{1200}', '\u{137f}'),
    ("km", '\u{1780}', '\u{17ff}'),
    ("ja", '\u{3040}', '\u{30ff}'),
    ("ko", '\u{ac00}', '\u{d7af}'),
];

thread_local! {
    static MODEL: RefCell<Option<FastText>> = const { RefCell::new(None) };
}

/// Takes the model. Err where it is none.
pub fn load(blob: &[u8]) -> Result<(), String> {
    let model = FastText::read(blob).map_err(|error| format!("the model of languages: {error}"))?;
    MODEL.with(|m| *m.borrow_mut() = Some(model));
    Ok(())
}

/// The BCP 47 code of the language that a text is written in; None where it is too short or unclear to say.
pub fn detect(text: &str) -> Option<String> {
    let words = words(py::head(text, 2 * SAMPLE));
    let words = py::head(&words, SAMPLE);
    let letters = py::len(words) - words.bytes().filter(|&b| b == b' ').count();
    if letters == 0 {
        return None;
    }
    if !words.is_ascii() {
        if let Some(own) = by_script(words, letters) {
            return Some(own.to_owned());
        }
    }
    if letters < 4 || letters < LETTERS && words.is_ascii() {
        return None;
    }
    MODEL.with(|model| by_model(model.borrow().as_ref()?, &py::lower(words), letters))
}

fn by_model(model: &FastText, words: &str, letters: usize) -> Option<String> {
    let is_norwegian = |label: &str| matches!(label, "no" | "nn" | "nb");
    let mut guesses = model.guesses(words, GUESSES, LEAST);
    if guesses.iter().any(|(label, _)| is_norwegian(label)) {
        guesses = model.guesses(words, GUESSES, 0.0);
    }
    // Both written forms of Norwegian are one.
    let mut chances: Vec<(&str, f32)> = Vec::with_capacity(GUESSES);
    for (label, chance) in guesses {
        let code = if is_norwegian(label) { "no" } else { label };
        match chances.iter_mut().find(|(known, _)| *known == code) {
            Some((_, sum)) => *sum += chance,
            None => chances.push((code, chance)),
        }
    }
    chances.sort_by(|a, b| b.1.total_cmp(&a.1));
    let &(best, chance) = chances.first()?;
    let next = chances.get(1).map_or(0.0, |&(_, chance)| chance);
    let is_ahead = letters >= SHORT || chance >= SURE || chance >= AHEAD * next;
    (chance >= LIKELY && is_ahead).then(|| best.to_owned())
}

/// A text's letters, with a space for all that stands between them, before and after.
fn words(text: &str) -> Cow<'_, str> {
    if text.contains('@') || text.contains("://") || text.contains("www.") {
        return rx!(r"(?:https?://|www\.)\S+|\S+@\S+|[\W\d_]+").replace_all(text, " ");
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_of_word(c) {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    Cow::Owned(out)
}

/// Whether a character is what a pattern calls one of a word, and neither a digit nor an underline.
fn is_of_word(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphabetic()
    } else {
        c.is_alphabetic() || (is_word_character(c) && !py::is_decimal(c))
    }
}

/// The language whose own script makes up most of the letters. Kana decides for Japanese at a tenth: the rest is Han.
fn by_script(words: &str, letters: usize) -> Option<&'static str> {
    let mut counts: Vec<(usize, usize)> = Vec::new();
    for c in words.chars().filter(|c| !c.is_ascii()) {
        let Some(script) = OWN_SCRIPTS.iter().position(|&(_, first, last)| (first..=last).contains(&c)) else { continue };
        match counts.iter_mut().find(|(known, _)| *known == script) {
            Some((_, count)) => *count += 1,
            None => counts.push((script, 1)),
        }
    }
    // The first of equals.
    let (script, count) = counts.into_iter().reduce(|most, each| if each.1 > most.1 { each } else { most })?;
    let language = OWN_SCRIPTS[script].0;
    let needed = if language == "ja" { 0.1 } else { 0.4 };
    (count as f64 >= f64::max(2.0, needed * letters as f64)).then_some(language)
}
