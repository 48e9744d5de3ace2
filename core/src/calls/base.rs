//! What of the reader can be asked for by itself.

use serde_json::{json, Value};

use super::{text, texts, with_page};
use crate::any_case::{folded, regex};
use crate::dom::Dom;
use crate::reader;
use crate::segments::paragraphs;

/// The answer of a function by its name; None where this file has none of that name.
pub fn call(name: &str, args: &Value) -> Option<Value> {
    match name {
        "language" => Some(json!(crate::language::detect(super::text(args, "text")))),
        "visible" => Some(with_page(args, |_, page| {
            let elements: Vec<_> = page
                .elements
                .iter()
                .map(|e| json!([e.tag, e.name, e.parent, e.first, e.last, e.end, e.place, e.depth]))
                .collect();
            let texts: Vec<_> = page
                .texts
                .iter()
                .map(|t| json!([t.value, t.parent, t.line, t.glued, t.chars, t.visible, t.preformatted, t.place]))
                .collect();
            json!({"whole": page.whole, "elements": elements, "texts": texts})
        })),
        // Of each pattern: is it in each text, does the text begin with it, is it all of it?
        "in_any_case" => Some(texts(args, "patterns").into_iter().map(|pattern| {
            let rules = [pattern, &format!(r"\A(?:{pattern})"), &format!(r"\A(?:{pattern})\Z")].map(regex);
            let said = |text| rules.each_ref().map(|rule| rule.is_match(&folded(text)));
            json!(texts(args, "texts").into_iter().map(said).collect::<Vec<_>>())
        }).collect()),
        "read" => Some(read(args)),
        _ => None,
    }
}

/// The page as it is read with or without `noscript` and `hidden`, and what can be asked of it: of each element its
/// text, and the first `most` characters of that.
fn read(args: &Value) -> Value {
    let arena = bumpalo::Bump::new();
    let document = crate::lexbor::Document::parse(text(args, "html"));
    let dom = Dom::read(&document, &arena);
    let flag = |name: &str| args[name].as_bool().unwrap_or(false);
    let page = reader::read(&dom, &arena, flag("noscript"), flag("hidden"));
    let most = args["most"].as_u64().unwrap_or(0) as usize;
    let element = |n: usize| {
        let e = page.e(n);
        json!({
            "index": e.index,
            "tag": e.tag,
            "name": e.name,
            "attrs": e.attrs.iter().map(|(name, value)| (name.to_string(), json!(value))).collect::<Value>(),
            "parent": e.parent,
            "children": e.children.as_slice(),
            "first": e.first,
            "last": e.last,
            "end": e.end,
            "depth": e.depth,
            "text": page.text(n),
            "beginning": page.beginning(n, most),
            "chars": page.chars(n),
            "link_chars": page.link_chars(n),
        })
    };
    let of_text = |t: &crate::visible_text::Text<'_>| {
        json!({ "value": t.value, "parent": t.parent, "line": t.line, "chars": t.chars, "visible": t.visible })
    };
    json!({
        "elements": (0..page.elements.len()).map(element).collect::<Value>(),
        "texts": page.texts.iter().map(of_text).collect::<Value>(),
        "paragraphs": paragraphs(&page, &(0..page.texts.len()).collect::<Vec<_>>()),
        "shown": page.shown(),
    })
}
