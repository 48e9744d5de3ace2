//! Ids: a page's from its URL, a record's from its page and what makes it itself (see `shared/ids.py`).
//!
//! Page: 20 letters of base32. Article: the page's id and `:a`. Comment: page, `:c:` and the native id, else a hash of
//! parent, author and text. Widget: page, `:w:`, kind and a hash of its text. Equal ids on one page get an ordinal.

use blake2::digest::consts::U13;
use blake2::{Blake2b, Digest};
use crate::hash::Map;

// 100 bits: with ten million pages two share an id with a chance of about 4e-17 (birthday bound).
const LETTERS: usize = 20;
const BASE32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
const LONGEST_NATIVE: usize = 80;

/// The first 100 bits of BLAKE2b (RFC 7693) over the parts, in lower-case base32 (RFC 4648).
fn hash(parts: &[&str]) -> String {
    let mut hasher = Blake2b::<U13>::new();
    for (n, part) in parts.iter().enumerate() {
        if n > 0 {
            hasher.update([0u8]);
        }
        hasher.update(part.as_bytes());
    }
    let digest = hasher.finalize();
    let mut bits = 0u32;
    let mut have = 0;
    let mut out = String::with_capacity(LETTERS);
    for &byte in digest.iter() {
        bits = bits << 8 | u32::from(byte);
        have += 8;
        while have >= 5 && out.len() < LETTERS {
            have -= 5;
            out.push(BASE32[(bits >> have & 31) as usize] as char);
        }
        bits &= (1 << have) - 1;
    }
    out
}

/// The id of the page behind a URL as `shared.urls.page_url` gives it; it never changes.
pub fn page_id(url: &str) -> String {
    hash(&[url])
}

/// The id of a page's article.
pub fn article_id(page: &str) -> String {
    format!("{page}:a")
}

/// Gives a page's records their ids, and equal ones an ordinal: `…`, `…~2`, `…~3`.
pub struct RecordIds {
    page: String,
    seen: Map<String, usize>,
}

impl RecordIds {
    /// `page`: the page's id.
    pub fn new(page: &str) -> Self {
        RecordIds { page: page.to_owned(), seen: Map::default() }
    }

    /// A comment's id, by the site's own id for it where it has one.
    pub fn comment(&mut self, native: Option<&str>, parent: Option<&str>, author: Option<&str>, text: &str) -> String {
        let own = native.map(plain).unwrap_or_default();
        let own = if own.is_empty() { hash(&[parent.unwrap_or(""), author.unwrap_or(""), text]) } else { own };
        self.ordinal(format!("{}:c:{own}", self.page))
    }

    /// A widget's id.
    pub fn widget(&mut self, kind: &str, text: &str) -> String {
        self.ordinal(format!("{}:w:{kind}:{}", self.page, hash(&[text])))
    }

    fn ordinal(&mut self, base: String) -> String {
        match self.seen.get_mut(&base) {
            Some(times) => {
                *times += 1;
                format!("{base}~{times}")
            }
            None => {
                self.seen.insert(base.clone(), 1);
                base
            }
        }
    }
}

/// A native id in letters that an id may have; a run of others is a hyphen.
fn plain(native: &str) -> String {
    let mut out = String::with_capacity(native.len().min(LONGEST_NATIVE + 1));
    let mut between = false;
    for c in native.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-') {
            if between {
                out.push('-');
                between = false;
            }
            out.push(c);
        } else {
            between = true;
        }
    }
    let own = out.trim_matches('-');
    own[..own.len().min(LONGEST_NATIVE)].to_owned()
}
