//! Words by which a block names itself: in its id and classes, and in its heading.
//!
//! The first kind that matches wins, so what is specific comes before what is general.

use std::borrow::Cow;
use std::sync::{LazyLock, OnceLock};

use regex::Regex;
use crate::hash::Map;

use crate::any_case::{self, folded};
use crate::keyword_lists::{BEGINNINGS, HEADINGS, MAKERS, NAMES};
use crate::memo::TEXTS;
use crate::pattern_set::PatternSet;
use crate::types::WidgetKind;
use crate::{memo, platforms, py, rx};

/// Utility classes (Tailwind and the like) come by the dozen and say nothing after the first few.
pub const MOST_TOKENS: usize = 12;
/// Characters of an id or class that are looked at.
pub const LONGEST_TOKEN: usize = 60;
/// Of a heading.
const LONGEST_HEADING: usize = 80;
/// From so many letters on a word is found as the beginning or the end of a longer one, too.
const OPEN_FROM: usize = 6;
/// The rank of what speaks of no kind.
pub const NONE: u8 = u8::MAX;

/// The ranks of words: the places of their kinds in the list. A word of a name matches whole or in the plural, two that
/// follow one another as one ("comment-form"), and a long one also as the beginning or the end of a word ("sitefooter",
/// "searchresults").
struct Ranks {
    whole: Map<Box<[u8]>, u8>,
    /// The long words, by what they begin or end with.
    beginnings: Map<[u8; OPEN_FROM], Vec<(Box<[u8]>, u8)>>,
    endings: Map<[u8; OPEN_FROM], Vec<(Box<[u8]>, u8)>>,
}

static RANKS: LazyLock<Ranks> = LazyLock::new(|| {
    let mut ranks =
        Ranks { whole: Map::default(), beginnings: Map::default(), endings: Map::default() };
    for (rank, (kind, words)) in NAMES.iter().enumerate() {
        let also = if *kind == WidgetKind::CommentForm { platforms::listed("comment form") } else { String::new() };
        for word in words.split(' ').chain(also.split(' ')).filter(|word| !word.is_empty()) {
            let word: Box<[u8]> = word.bytes().filter(|&b| b != b'-').collect();
            if let (Some(first), Some(last)) = (word.first_chunk(), word.last_chunk()) {
                ranks.beginnings.entry(*first).or_default().push((word.clone(), rank as u8));
                ranks.endings.entry(*last).or_default().push((word.clone(), rank as u8));
            }
            ranks.whole.entry(word).or_insert(rank as u8);
        }
    }
    ranks
});

impl Ranks {
    /// The place of the first kind that a word speaks of.
    fn of_word(&self, word: &[u8]) -> u8 {
        let whole = |word: &[u8]| self.whole.get(word).copied().unwrap_or(NONE);
        let mut rank = whole(word);
        if let Some(one) = word.strip_suffix(b"s") {
            rank = rank.min(whole(one));
        }
        let mut also = |known: Option<&Vec<(Box<[u8]>, u8)>>, fits: fn(&[u8], &[u8]) -> bool| {
            for (known, its) in known.into_iter().flatten() {
                if *its < rank && fits(word, known) {
                    rank = *its;
                }
            }
        };
        if let (Some(first), Some(last)) = (word.first_chunk(), word.last_chunk()) {
            also(self.beginnings.get(first), |word, known| word.starts_with(known));
            also(self.endings.get(last), |word, known| word.ends_with(known));
        }
        rank
    }

    /// The place of the first kind that an id or a class speaks of. `letters`: room for its words.
    fn of_token(&self, token: &str, letters: &mut Vec<u8>) -> u8 {
        letters.clear();
        let mut token = Cow::Borrowed(token);
        if memchr::memmem::find(token.as_bytes(), b"eatured").is_some() {
            // What a post with a picture is called by themes: it is no featured post.
            let picture = rx!(r"(?i)featured[-_]?(?:[iıİ]mage|[iıİ]mg|med[iıİ]a|photo|thumb)");
            token = Cow::Owned(picture.replace_all(&token, "").into_owned());
        }
        let token = py::head(&token, LONGEST_TOKEN);
        // Words stand one behind the other in `letters`: from `before` the last one, from `begin` the one being read.
        let mut words = Words { ranks: self, rank: NONE, before: 0, begin: 0 };
        if token.is_ascii() {
            let mut last = 0;
            for b in token.bytes() {
                if !b.is_ascii_alphabetic() || (b.is_ascii_uppercase() && last_is_small(last)) {
                    words.end(letters);
                }
                if b.is_ascii_alphabetic() {
                    letters.push(b.to_ascii_lowercase());
                }
                last = b;
            }
        } else {
            for c in py::lower(token).chars() {
                if py::is_alnum(c) && !py::is_decimal(c) {
                    letters.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                } else {
                    words.end(letters);
                }
            }
        }
        words.end(letters);
        words.rank
    }
}

fn last_is_small(last: u8) -> bool {
    last.is_ascii_lowercase()
}

/// The words of one id or class as they are read, and the best rank of them.
struct Words<'r> {
    ranks: &'r Ranks,
    rank: u8,
    before: usize,
    begin: usize,
}

impl Words<'_> {
    /// A word has ended with the last of the letters.
    fn end(&mut self, letters: &[u8]) {
        let word = &letters[self.begin..];
        if word.is_empty() {
            return;
        }
        self.rank = self.rank.min(self.ranks.of_word(word));
        // A single letter is no word, but a part of an id ("t3-1ab2").
        let before = &letters[self.before..self.begin];
        if before.iter().filter(|&&b| !is_continuation(b)).count() > 1 {
            self.rank = self.rank.min(self.ranks.of_word(&letters[self.before..]));
        }
        self.before = self.begin;
        self.begin = letters.len();
    }
}

/// Whether a byte is not the first one of a character in UTF-8.
fn is_continuation(b: u8) -> bool {
    b & 0xc0 == 0x80
}

/// Id and classes in lower case, words parted by hyphens, as the patterns here expect them. Nothing is copied where
/// nothing changes.
pub fn plain(name: &str) -> Cow<'_, str> {
    if is_plain(name) {
        return Cow::Borrowed(name);
    }
    let mut out = String::with_capacity(name.len() + 8);
    for token in py::words(name).take(MOST_TOKENS) {
        if !out.is_empty() {
            out.push(' ');
        }
        let token = py::head(token, LONGEST_TOKEN);
        if token.is_ascii() {
            let mut last = 0;
            for b in token.bytes() {
                if b.is_ascii_uppercase() && last_is_small(last) {
                    out.push('-');
                }
                out.push(if matches!(b, b'_' | b':' | b'.' | b'/') { '-' } else { b.to_ascii_lowercase() as char });
                last = b;
            }
        } else {
            out.push_str(&py::lower(token));
        }
    }
    Cow::Owned(out)
}

/// Whether a name is as `plain` would have it: few short words of small letters, digits and hyphens.
fn is_plain(name: &str) -> bool {
    let mut spaces = 0;
    let mut last = b' ';
    for b in name.bytes() {
        match b {
            b'a'..=b'z' | b'0'..=b'9' | b'-' => {}
            b' ' if last != b' ' => spaces += 1,
            _ => return false,
        }
        last = b;
    }
    name.len() <= LONGEST_TOKEN && spaces < MOST_TOKENS && (last != b' ' || name.is_empty())
}

/// The place of the first kind that an id or a class speaks of, greater than any where it speaks of none.
pub fn rank_of_token(token: &str) -> u8 {
    RANKS.of_token(token, &mut Vec::with_capacity(LONGEST_TOKEN))
}

/// The kind at such a place.
pub fn kind_at(rank: u8) -> Option<WidgetKind> {
    NAMES.get(usize::from(rank)).map(|(kind, _)| *kind)
}

/// Whether a program gave this id or these classes that makes widgets of one kind only.
pub fn is_makers_name(name: &str) -> bool {
    plain(name).split(' ').any(|word| MAKERS.iter().any(|maker| word.starts_with(maker)))
}

/// What headings say, all kinds at once.
static SAID: LazyLock<PatternSet> = LazyLock::new(|| {
    let patterns = HEADINGS.iter().map(|(kind, said)| {
        let begin = BEGINNINGS.iter().filter(|(its, _)| its == kind).map(|(_, begin)| *begin);
        // What ends a word, as an alternative to the text's end: `regex` takes marks for letters, Python's `re` does not.
        let said: Vec<String> = begin.chain([*said]).map(|p| p.replace(r"\b", r"(?:\W|\Z)")).collect();
        py::pattern(&any_case::pattern(&said.join("|")))
    });
    PatternSet::new(patterns)
});

/// The place in `HEADINGS` of the kind that a block's heading speaks of.
fn heading_rank(heading: &str) -> Option<usize> {
    let text = py::strip(py::head(heading, LONGEST_HEADING));
    memo!(TEXTS, text, str => Option<usize>, { SAID.matches(&folded(text)).next() })
}

/// The widget kind that a block's heading speaks of.
pub fn kind_of_heading(heading: &str) -> Option<WidgetKind> {
    heading_rank(heading).map(|rank| HEADINGS[rank].0)
}

/// Whether a heading is nothing but words for its kind: "Recent comments", "Über den Autor".
pub fn is_name_of_kind(heading: &str) -> bool {
    static ALL: LazyLock<Vec<OnceLock<Regex>>> = LazyLock::new(|| HEADINGS.iter().map(|_| OnceLock::new()).collect());
    let Some(rank) = heading_rank(heading) else { return false };
    let (kind, said) = HEADINGS[rank];
    // Their words head columns of menus and footers as well.
    if matches!(kind, WidgetKind::Labels | WidgetKind::Links | WidgetKind::Navigation) {
        return false;
    }
    let rule = ALL[rank].get_or_init(|| any_case::regex(&format!(r"\A(?:{})\Z", said.replace(r"\b", ""))));
    rule.is_match(&folded(py::strip_chars(py::head(heading, LONGEST_HEADING), " \n:.…»>")))
}
