//! What the host calls. It writes its arguments, one behind the other, where there is room for them, and gives their
//! sizes; an answer in bytes is a pointer to them in the upper half of a number, and their size in the lower.

use std::cell::RefCell;

use bumpalo::Bump;
use serde::Deserialize;
use serde_json::{json, Value};

use crate::lexbor::Document;
use crate::models::Models;
use crate::types::{moment, Segmented};
use crate::{calls, dom, encodings, hash, labeller, language, metadata, nesting, platforms, reader, records};

thread_local! {
    static MODELS: RefCell<Option<Models>> = const { RefCell::new(None) };
    static GIVEN: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static ANSWER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Makes room for arguments of so many bytes, and says where.
#[no_mangle]
pub extern "C" fn reserve(size: usize) -> u64 {
    GIVEN.with(|given| {
        // The old one goes first.
        given.take();
        given.replace(Vec::with_capacity(size));
        given.borrow().as_ptr() as u64
    })
}

/// The arguments. SAFETY: the host has filled so much of the last `reserve`, and asks for no other before it has its
/// answer.
unsafe fn given<'g>(size: usize) -> &'g [u8] {
    GIVEN.with(|given| {
        assert!(size <= given.borrow().capacity());
        std::slice::from_raw_parts(given.borrow().as_ptr(), size)
    })
}

/// Asks the models that were loaded last; None where none are.
pub fn with_models<T>(ask: impl FnOnce(&Models) -> T) -> Option<T> {
    MODELS.with(|models| models.borrow().as_ref().map(ask))
}

/// Keeps an answer until the next one.
fn answer(with: Vec<u8>) -> u64 {
    ANSWER.with(|answer| {
        let said = (with.as_ptr() as u64) << 32 | with.len() as u64;
        *answer.borrow_mut() = with;
        said
    })
}

/// Takes the models' weights (`arrays`); the answer is empty, or says what is wrong with them.
#[no_mangle]
pub unsafe extern "C" fn load(size: usize) -> u64 {
    match Models::load(given(size)) {
        Ok(models) => {
            MODELS.with(|m| *m.borrow_mut() = Some(models));
            answer(Vec::new())
        }
        Err(error) => answer(error.into_bytes()),
    }
}

/// Takes eight random bytes that names are hashed by; comes before all else.
#[no_mangle]
pub unsafe extern "C" fn seed(size: usize) {
    hash::seed(given(size).try_into().map_or(0, u64::from_le_bytes));
}

/// Leaves out what only one platform's markup has, to measure what is found without; comes before all else.
#[no_mangle]
pub extern "C" fn forget_platforms() {
    platforms::forget();
}

/// Takes the model of languages, a fastText file; the answer is empty, or says what is wrong with it.
#[no_mangle]
pub unsafe extern "C" fn load_languages(size: usize) -> u64 {
    answer(language::load(given(size)).err().unwrap_or_default().into_bytes())
}

/// What the host says of a page.
#[derive(Deserialize)]
struct About {
    url: String,
    final_url: String,
    fetched_at: String,
    status: Option<u64>,
    content_hash: String,
    parser_version: String,
    /// With the page's segments.
    explain: bool,
    /// It is a further page of a forum's thread.
    further: bool,
    /// Its source has been decoded.
    decoded: bool,
    /// Its source has been flattened.
    flat: bool,
}

/// The answer for a source that has to be flattened before it is parsed (`nesting`).
const TOO_DEEP: u64 = u64::MAX;
/// The answer for a source that has to be decoded (`encodings`).
const NOT_DECODED: u64 = u64::MAX - 1;

/// Cuts a page: `about` is an `About` in JSON, `html` its source. The answer is the page's records in JSON, or
/// `NOT_DECODED` or `TOO_DEEP`.
#[no_mangle]
pub unsafe extern "C" fn parse(about_size: usize, html_size: usize) -> u64 {
    let (about, html) = given(about_size + html_size).split_at(about_size);
    let about: About = serde_json::from_slice(about).expect("the host says it all");
    let known = if about.decoded { std::str::from_utf8(html).ok() } else { encodings::as_it_is(html) };
    let Some(html) = known else { return NOT_DECODED };
    if !about.flat && nesting::exceeds(html.as_bytes()) {
        return TOO_DEEP;
    }
    let fetched_at = moment(&about.fetched_at).expect("the host's time is one");
    let arena = Bump::new();
    let document = Document::parse(html);
    let dom = dom::Dom::read(&document, &arena);
    let base = base_of(&dom, &about.final_url);
    let page = Segmented {
        visible: reader::visible(&dom, &arena),
        metadata: metadata::read_metadata(&dom, &base, fetched_at),
        url: base,
    };
    let labelled = with_models(|models| labeller::label(&page, models, about.further)).expect("load comes first");
    let mut parsed = records::build(&page, &labelled, &about.url, &about.final_url, fetched_at, about.explain);
    parsed.page.fetched_at = about.fetched_at;
    parsed.page.status = about.status;
    parsed.page.content_hash = about.content_hash;
    parsed.page.parser_version = about.parser_version;
    answer(serde_json::to_vec(&parsed).expect("records are JSON"))
}

/// What the page's links are relative to.
pub fn base_of(dom: &dom::Dom<'_>, url: &str) -> String {
    (0..dom.nodes.len())
        .find(|&n| dom.nodes[n].tag == "base" && dom.attr(n, "href").is_some())
        .and_then(|n| crate::urls::join(url, dom.attr(n, "href").unwrap_or("")))
        .unwrap_or_else(|| url.to_owned())
}

/// Asks for one function by its name: JSON `{name, args}`; the answer is JSON `{answer}` or `{error}`.
#[no_mangle]
pub unsafe extern "C" fn call(size: usize) -> u64 {
    let asked: Value = serde_json::from_slice(given(size)).expect("the host writes JSON");
    let said = match calls::call(calls::text(&asked, "name"), &asked["args"]) {
        Ok(found) => json!({ "answer": found }),
        Err(error) => json!({ "error": error }),
    };
    answer(serde_json::to_vec(&said).expect("an answer is JSON"))
}

/// Whether a page's source has to be flattened before it is parsed: 1 or 0.
#[no_mangle]
pub unsafe extern "C" fn exceeds(size: usize) -> u64 {
    u64::from(nesting::exceeds(given(size)))
}
