//! URLs, by the WHATWG URL Standard (https://url.spec.whatwg.org/).

use std::borrow::Cow;
use std::cell::RefCell;

use crate::hash::Map;
use url::{Position, Url};

use crate::py;

/// References of one base whose answers are remembered, and bytes of one.
const MOST: usize = 4096;
const LONGEST: usize = 2000;

/// The base that was asked for last: a page's references have all the same.
struct Base {
    text: String,
    url: Option<Url>,
    /// Scheme, host and port, where it is http(s).
    origin: Option<String>,
    joined: Map<String, Option<String>>,
}

impl Base {
    fn new(text: &str) -> Self {
        let url = Url::parse(text).ok();
        let origin = url
            .as_ref()
            .filter(|url| is_web(url))
            .map(|url| format!("{}://{}", url.scheme(), &url[Position::BeforeHost..Position::BeforePath]));
        Base { text: text.to_owned(), url, origin, joined: Map::default() }
    }

    fn join(&mut self, reference: &str) -> Option<String> {
        if let (Some(origin), true) = (&self.origin, is_plain_path(reference.as_bytes())) {
            let mut out = String::with_capacity(origin.len() + reference.len());
            out.push_str(origin);
            out.push_str(reference);
            return Some(out);
        }
        if has_other_scheme(reference) {
            return None;
        }
        if reference.len() > LONGEST {
            return self.parse(reference);
        }
        if let Some(known) = self.joined.get(reference) {
            return known.clone();
        }
        let joined = self.parse(reference);
        if self.joined.len() >= MOST {
            self.joined.clear();
        }
        self.joined.insert(reference.to_owned(), joined.clone());
        joined
    }

    fn parse(&self, reference: &str) -> Option<String> {
        let mut given = Cow::Borrowed(py::strip(reference));
        if let (Some(_), Some(host)) = (&self.origin, after_slashes(&given)) {
            given = Cow::Owned(format!("//{host}"));
        }
        let joined = self.url.as_ref()?.join(&given).ok()?;
        is_web(&joined).then(|| written(joined))
    }
}

thread_local! {
    static BASE: RefCell<Option<Base>> = const { RefCell::new(None) };
}

/// An absolute http(s) URL from a reference found on a page at `base`, fragment kept; None where it makes none.
pub fn join(base: &str, reference: &str) -> Option<String> {
    if is_plain_url(reference.as_bytes()) {
        return Some(reference.to_owned());
    }
    BASE.with(|last| {
        let mut last = last.borrow_mut();
        match &mut *last {
            Some(known) if known.text == base => known.join(reference),
            other => other.insert(Base::new(base)).join(reference),
        }
    })
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// Whether a reference is of another scheme than http(s): `data:`, `javascript:`, `mailto:`.
fn has_other_scheme(reference: &str) -> bool {
    let begun = reference.trim_start_matches(py::is_space);
    let size = begun.bytes().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'-' | b'.')).count();
    begun.as_bytes().get(size) == Some(&b':')
        && begun.as_bytes()[0].is_ascii_alphabetic()
        && !begun[..size].eq_ignore_ascii_case("http")
        && !begun[..size].eq_ignore_ascii_case("https")
}

/// What follows three slashes or more: a host, as after two, by the standard; `url` takes it for no URL.
fn after_slashes(reference: &str) -> Option<&str> {
    let begun = reference.trim_start_matches(|c| c <= ' ');
    let host = begun.trim_start_matches(['/', '\\', '\t', '\n', '\r']);
    let slashes = &begun[..begun.len() - host.len()];
    (slashes.matches(['/', '\\']).count() > 2).then_some(host)
}

/// A URL as text. The standard has written '^' in a path as %5E since 2023, which `url` does not yet.
fn written(url: Url) -> String {
    if !url.path().contains('^') {
        return url.into();
    }
    let path = url.path().replace('^', "%5E");
    format!("{}{path}{}", &url[..Position::BeforePath], &url[Position::AfterPath..])
}

// References that are in normal form as they stand: five of six on a page, and parsing one takes long.
const BEGINS: u8 = 1;
const IN_PATH: u8 = 2;
const IN_QUERY: u8 = 4;
const IN_FRAGMENT: u8 = 8;
/// What may stand where: at the beginning of a part of a path, later in it, in a query, in a fragment.
static PLAIN: [u8; 256] = {
    let mut table = [0; 256];
    let mut c = 0;
    while c < 256 {
        table[c] = match c as u8 {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' | b'~' | b'@' | b',' | b'+' | b'=' | b'-' => {
                BEGINS | IN_PATH | IN_QUERY | IN_FRAGMENT
            }
            b'.' | b':' => IN_PATH | IN_QUERY | IN_FRAGMENT,
            b';' | b'&' | b'%' | b'/' | b'!' => IN_QUERY | IN_FRAGMENT,
            b'?' => IN_FRAGMENT,
            _ => 0,
        };
        c += 1;
    }
    table
};

fn run(text: &[u8], from: usize, kind: u8) -> usize {
    text[from..].iter().position(|&c| PLAIN[c as usize] & kind == 0).map_or(text.len(), |n| from + n)
}

/// Whether a reference is a path from the root in normal form, with or without query and fragment.
fn is_plain_path(text: &[u8]) -> bool {
    if text.first() != Some(&b'/') {
        return false;
    }
    let mut at = 1;
    while at < text.len() && PLAIN[text[at] as usize] & BEGINS != 0 {
        at = run(text, at + 1, IN_PATH);
        if text.get(at) != Some(&b'/') {
            break;
        }
        at += 1;
    }
    if text.get(at) == Some(&b'?') {
        let end = run(text, at + 1, IN_QUERY);
        if end == at + 1 {
            return false;
        }
        at = end;
    }
    if text.get(at) == Some(&b'#') {
        let end = run(text, at + 1, IN_FRAGMENT);
        if end == at + 1 {
            return false;
        }
        at = end;
    }
    at == text.len()
}

/// Whether a reference is an absolute http(s) URL in normal form.
fn is_plain_url(text: &[u8]) -> bool {
    let host = match text {
        [b'h', b't', b't', b'p', b's', b':', b'/', b'/', ..] => 8,
        [b'h', b't', b't', b'p', b':', b'/', b'/', ..] => 7,
        _ => return false,
    };
    let mut label = host;
    loop {
        let mut at = label;
        while at < text.len() && matches!(text[at], b'a'..=b'z' | b'0'..=b'9' | b'-') {
            at += 1;
        }
        match text.get(at) {
            Some(b'.') if at > label && !text[label..].starts_with(b"xn--") => label = at + 1,
            Some(b'/') => {
                let last = &text[label..at];
                return label > host
                    && last.len() >= 2
                    && last.iter().all(u8::is_ascii_lowercase)
                    && is_plain_path(&text[at..]);
            }
            _ => return false,
        }
    }
}
