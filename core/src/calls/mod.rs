//! Single functions, asked for by their names: for tests, for training, and for parts of pages fetched elsewhere.

use serde_json::Value;

mod base;
mod comments;
mod dates;
mod elsewhere;
mod features;
mod heading;
mod labeller;
mod metadata;
mod threads;
mod training;
mod widgets;

/// The answer of a function by its name, from arguments by theirs. Err where there is no such function.
pub fn call(name: &str, args: &Value) -> Result<Value, String> {
    base::call(name, args)
        .or_else(|| comments::call(name, args))
        .or_else(|| dates::call(name, args))
        .or_else(|| elsewhere::call(name, args))
        .or_else(|| features::call(name, args))
        .or_else(|| heading::call(name, args))
        .or_else(|| labeller::call(name, args))
        .or_else(|| metadata::call(name, args))
        .or_else(|| threads::call(name, args))
        .or_else(|| training::call(name, args))
        .or_else(|| widgets::call(name, args))
        .ok_or_else(|| format!("no function {name}"))
}

/// An argument that is a text, empty where it is not given.
pub fn text<'a>(args: &'a Value, name: &str) -> &'a str {
    args[name].as_str().unwrap_or("")
}

/// An argument that is a text or null.
pub fn maybe<'a>(args: &'a Value, name: &str) -> Option<&'a str> {
    args[name].as_str()
}

/// An argument that is a list of texts.
pub fn texts<'a>(args: &'a Value, name: &str) -> Vec<&'a str> {
    args[name].as_array().map(|all| all.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

/// An argument that is a moment in ISO 8601, or null.
pub fn moment(args: &Value, name: &str) -> Option<crate::types::Moment> {
    maybe(args, name).and_then(crate::types::moment)
}

/// Reads the page in the arguments (`html`, `url`, `fetched_at`) and hands it on.
pub fn with_page<T>(args: &Value, ask: impl FnOnce(&crate::dom::Dom<'_>, &crate::visible_text::Page<'_>) -> T) -> T {
    let arena = bumpalo::Bump::new();
    let document = crate::lexbor::Document::parse(text(args, "html"));
    let dom = crate::dom::Dom::read(&document, &arena);
    let page = crate::reader::visible(&dom, &arena);
    ask(&dom, &page)
}

/// The same with what the page says of itself.
pub fn with_segmented<T>(args: &Value, ask: impl FnOnce(&crate::types::Segmented<'_>) -> T) -> T {
    let arena = bumpalo::Bump::new();
    let document = crate::lexbor::Document::parse(text(args, "html"));
    let dom = crate::dom::Dom::read(&document, &arena);
    let url = crate::exports::base_of(&dom, text(args, "url"));
    let fetched_at = moment(args, "fetched_at").unwrap_or_default();
    let page = crate::types::Segmented {
        visible: crate::reader::visible(&dom, &arena),
        metadata: crate::metadata::read_metadata(&dom, &url, fetched_at),
        url,
    };
    ask(&page)
}
