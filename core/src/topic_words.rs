//! What the words of a widget are about, counted: languages, places and currencies, law, the firm, offers, sorting.
//!
//! With these columns the kind of a widget is right in 0.776 in place of 0.770, by folds with the cuts given.

use std::sync::LazyLock;

use crate::hash::Map;

use crate::kind_words::words_in;
use crate::py;

/// Words by their topics.
pub const TOPICS: [(&str, &str); 8] = [
    ("languages", concat!(
        "english deutsch español français francais italiano português nederlands polski русский українська ",
        "日本語 中文 한국어 العربية türkçe svenska dansk norsk suomi čeština magyar română ελληνικά български עברית ",
        "हिन्दी indonesia català hrvatski slovenčina slovenščina lietuvių latviešu eesti српски فارسی বাংলা ",
        "chinese japanese korean german french spanish italian portuguese russian arabic dutch polish turkish ",
        "swedish danish finnish czech hungarian greek hebrew hindi thai vietnamese",
    )),
    ("places", concat!(
        "germany france spain italy australia canada kingdom states netherlands belgium austria switzerland ",
        "schweiz deutschland österreich españa italia japan brazil mexico india china korea sweden denmark ",
        "norway finland poland ireland zealand singapore malaysia usa uk global usd eur gbp aud cad chf jpy ",
        "nzd sek nok dkk",
    )),
    ("law", concat!(
        "privacy terms imprint impressum datenschutz datenschutzerklärung cookies cookie agb legal disclaimer ",
        "accessibility sitemap conditions policy",
    )),
    ("firm", "contact kontakt about careers advertise press mediadaten help faq support jobs team presse"),
    ("offers", concat!(
        "try free buy shop learn book download start apply donate spenden request demo quote join save order ",
        "call schedule discover explore jetzt testen kaufen bestellen sichern get",
    )),
    ("sorting", "sort filter filters grid list results view items price show per clear quantity cart size color"),
    ("closing", "close accept agree dismiss ok schließen akzeptieren fermer cerrar"),
    ("contact", "phone tel telefon fax email mail hours street avenue road suite am pm mon fri address adresse"),
];
/// How many columns `topics` gives: counts and shares of the topics' words, then whether there is a telephone number,
/// the sentences, their number for each word, the words, and the share of those with a capital.
pub const TOPIC_COLUMNS: usize = 2 * TOPICS.len() + 5;

// Numbers and what parts them in a telephone number, between its first and its last digit.
const LEAST_BETWEEN: usize = 6;
const MOST_BETWEEN: usize = 40;

static TOPIC: LazyLock<Map<&str, u8>> = LazyLock::new(|| {
    let words = |(n, (_, words)): (usize, &(&str, &'static str))| words.split(' ').map(move |word| (word, n as u8));
    TOPICS.iter().enumerate().flat_map(words).collect()
});

/// What `TOPIC_COLUMNS` are, of a widget's text.
pub fn topics(text: &str) -> Vec<f32> {
    let topic = &*TOPIC;
    let (mut words, mut capitals) = (0u32, 0u32);
    let mut counts = [0u32; TOPICS.len()];
    for at in words_in(text) {
        let word = &text[at];
        words += 1;
        capitals += u32::from(word.starts_with(|c: char| c.is_uppercase()));
        if let Some(&n) = topic.get(&*py::lower(word)) {
            counts[n as usize] += 1;
        }
    }
    let many = f64::from(words.max(1));
    let share = |n: u32| (f64::from(n) / many) as f32;
    let sentences = sentences(text);
    let mut found = Vec::with_capacity(TOPIC_COLUMNS);
    found.extend(counts.iter().map(|&n| n as f32));
    found.extend(counts.iter().map(|&n| share(n)));
    found.extend([
        f32::from(u8::from(has_telephone(text))),
        sentences as f32,
        share(sentences),
        many as f32,
        share(capitals),
    ]);
    found
}

/// How many marks end a sentence: before white space, or at the end.
fn sentences(text: &str) -> u32 {
    let mut found = 0;
    let mut after_mark = false;
    for c in text.chars() {
        found += u32::from(after_mark && py::is_space(c));
        after_mark = matches!(c, '.' | '!' | '?');
    }
    found + u32::from(after_mark)
}

/// Whether there is a run of digits and what parts them that is as long as a telephone number and ends with a digit. It
/// begins with the first digit of several: a '+' or a bracket before it changes nothing.
fn has_telephone(text: &str) -> bool {
    let mut in_number = false;
    for (at, c) in text.char_indices() {
        let is_digit = py::is_decimal(c);
        if is_digit && !in_number {
            let is_mark = |c: char| matches!(c, '(' | ')' | '.' | '/' | '–' | '-');
            let parts = |c: &char| py::is_decimal(*c) || py::is_space(*c) || is_mark(*c);
            let rest = text[at + c.len_utf8()..].chars().take(MOST_BETWEEN + 1).take_while(parts);
            if rest.skip(LEAST_BETWEEN).any(py::is_decimal) {
                return true;
            }
        }
        in_number = is_digit;
    }
    false
}
