//! What the host calls. Texts and answers are passed as a pointer and a size.

use std::cell::RefCell;

use bumpalo::Bump;
use serde::Deserialize;
use serde_json::{json, Value};

use crate::lexbor::Document;
use crate::models::Models;
use crate::types::{moment, Segmented};
use crate::{calls, dom, hash, labeller, language, metadata, nesting, platforms, reader, records};

thread_local! {
    static MODELS: RefCell<Option<Models>> = const { RefCell::new(None) };
    static ANSWER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Memory for an argument.
#[no_mangle]
pub extern "C" fn reserve(size: usize) -> *mut u8 {
    let mut memory = Vec::<u8>::with_capacity(size.max(1));
    let start = memory.as_mut_ptr();
    std::mem::forget(memory);
    start
}

/// An argument, taken over from the host. SAFETY: `start` is `reserve(size)`'s, and filled.
unsafe fn argument(start: *mut u8, size: usize) -> Vec<u8> {
    Vec::from_raw_parts(start, size, size.max(1))
}

/// Asks the models that were loaded last; None where none are.
pub fn with_models<T>(ask: impl FnOnce(&Models) -> T) -> Option<T> {
    MODELS.with(|models| models.borrow().as_ref().map(ask))
}

fn answer(with: Vec<u8>) -> usize {
    ANSWER.with(|answer| {
        let size = with.len();
        *answer.borrow_mut() = with;
        size
    })
}

/// Where the last answer stands.
#[no_mangle]
pub extern "C" fn answered() -> *const u8 {
    ANSWER.with(|answer| answer.borrow().as_ptr())
}

/// Takes the models' weights (`arrays`); the answer is empty, or says what is wrong with them.
#[no_mangle]
pub unsafe extern "C" fn load(start: *mut u8, size: usize) -> usize {
    match Models::load(&argument(start, size)) {
        Ok(models) => {
            MODELS.with(|m| *m.borrow_mut() = Some(models));
            answer(Vec::new())
        }
        Err(error) => answer(error.into_bytes()),
    }
}

/// Takes eight random bytes that names are hashed by; comes before all else.
#[no_mangle]
pub unsafe extern "C" fn seed(start: *mut u8, size: usize) {
    let given = argument(start, size);
    hash::seed(given.try_into().map_or(0, u64::from_le_bytes));
}

/// Leaves out what only one platform's markup has, to measure what is found without; comes before all else.
#[no_mangle]
pub extern "C" fn forget_platforms() {
    platforms::forget();
}

/// Takes the model of languages, a fastText file; the answer is empty, or says what is wrong with it.
#[no_mangle]
pub unsafe extern "C" fn load_languages(start: *mut u8, size: usize) -> usize {
    answer(language::load(&argument(start, size)).err().unwrap_or_default().into_bytes())
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
    /// Its source has been flattened.
    flat: bool,
}

/// The answer for a source that has to be flattened before it is parsed (`nesting`).
const TOO_DEEP: usize = usize::MAX;

/// Cuts a page: `about` is an `About` in JSON, `html` its source, in UTF-8. The answer is the page's records in JSON, or
/// `TOO_DEEP`.
#[no_mangle]
pub unsafe extern "C" fn parse(about: *mut u8, about_size: usize, html: *mut u8, html_size: usize) -> usize {
    let about: About = serde_json::from_slice(&argument(about, about_size)).expect("the host says it all");
    let html = argument(html, html_size);
    if !about.flat && nesting::exceeds(&html) {
        return TOO_DEEP;
    }
    let html = String::from_utf8_unchecked(html);
    let fetched_at = moment(&about.fetched_at).expect("the host's time is one");
    let arena = Bump::new();
    let document = Document::parse(&html);
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
pub unsafe extern "C" fn call(start: *mut u8, size: usize) -> usize {
    let asked: Value = serde_json::from_slice(&argument(start, size)).expect("the host writes JSON");
    let said = match calls::call(calls::text(&asked, "name"), &asked["args"]) {
        Ok(found) => json!({ "answer": found }),
        Err(error) => json!({ "error": error }),
    };
    answer(serde_json::to_vec(&said).expect("an answer is JSON"))
}

/// Whether a page's source has to be flattened before it is parsed: 1 or 0.
#[no_mangle]
pub unsafe extern "C" fn exceeds(start: *mut u8, size: usize) -> usize {
    usize::from(nesting::exceeds(&argument(start, size)))
}
