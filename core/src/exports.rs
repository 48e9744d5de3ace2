//! What the host calls. Texts and answers are passed as a pointer and a size.

use std::cell::RefCell;

use bumpalo::Bump;
use serde_json::{json, Value};

use crate::models::Models;
use crate::types::Segmented;
use crate::{calls, dom, hash, labeller, language, metadata, platforms, reader, records};

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

/// Cuts a page: `about` is JSON (`url`, `final_url`, `fetched_at`, `status`, `content_hash`, `parser_version`,
/// `explain`, `further`), `html` what lexbor wrote of its tree. The answer is the page's records in JSON.
#[no_mangle]
pub unsafe extern "C" fn parse(about: *mut u8, about_size: usize, html: *mut u8, html_size: usize) -> usize {
    let about: Value = serde_json::from_slice(&argument(about, about_size)).unwrap_or_default();
    let html = String::from_utf8_unchecked(argument(html, html_size));
    let parsed = MODELS.with(|models| {
        let models = models.borrow();
        let arena = Bump::new();
        let dom = dom::Dom::read(&html, &arena);
        let url = calls::text(&about, "url");
        let final_url = calls::text(&about, "final_url");
        let fetched_at = calls::moment(&about, "fetched_at").unwrap_or_default();
        let base = base_of(&dom, final_url);
        let page = Segmented {
            visible: reader::visible(&dom, &arena),
            metadata: metadata::read_metadata(&dom, &base, fetched_at),
            url: base,
        };
        let further = about["further"].as_bool().unwrap_or(false);
        let labelled = labeller::label(&page, models.as_ref().expect("load comes first"), further);
        let explain = about["explain"].as_bool().unwrap_or(false);
        let mut parsed = records::build(&page, &labelled, url, final_url, fetched_at, explain);
        parsed.page.fetched_at = calls::text(&about, "fetched_at").to_owned();
        parsed.page.status = about["status"].as_u64();
        parsed.page.content_hash = calls::text(&about, "content_hash").to_owned();
        parsed.page.parser_version = calls::text(&about, "parser_version").to_owned();
        serde_json::to_vec(&parsed).unwrap_or_default()
    });
    answer(parsed)
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
    let asked: Value = serde_json::from_slice(&argument(start, size)).unwrap_or_default();
    let said = match calls::call(calls::text(&asked, "name"), &asked["args"]) {
        Ok(found) => json!({ "answer": found }),
        Err(error) => json!({ "error": error }),
    };
    answer(serde_json::to_vec(&said).unwrap_or_default())
}

/// Whether a page's source has to be flattened before it is parsed: 1 or 0.
#[no_mangle]
pub unsafe extern "C" fn exceeds(start: *mut u8, size: usize) -> usize {
    usize::from(crate::nesting::exceeds(&argument(start, size)))
}
