//! What comments need that stand elsewhere than on their page: in feeds, in answers of a platform, in JSON-LD.

use bumpalo::Bump;
use serde_json::{json, Value};

use super::{maybe, moment, text};
use crate::clean_html::clean_html;
use crate::comment_status::status_of;
use crate::dom::Dom;
use crate::metadata::{read_metadata, ClaimedComment};
use crate::parts::language_of;
use crate::py;
use crate::reader::read;
use crate::segments::paragraphs;
use crate::types::iso_text;

/// As on pages: a comment's language shows in its first words.
const LANGUAGE_SAMPLE: usize = 200;

/// The answer of a function by its name; None where this file has none of that name.
pub fn call(name: &str, args: &Value) -> Option<Value> {
    match name {
        "fragment" => Some(fragment(args)),
        "claimed" => {
            let arena = Bump::new();
            let document = crate::lexbor::Document::parse(text(args, "html"));
            let dom = Dom::read(&document, &arena);
            let said = read_metadata(&dom, text(args, "url"), moment(args, "fetched_at").unwrap_or_default());
            Some(said.comments.iter().map(claimed).collect())
        }
        _ => None,
    }
}

/// A comment's own HTML (`html`) as on a page: text, clean HTML, language and status. `url`:
/// what its links are relative to; `language`: the page's.
fn fragment(args: &Value) -> Value {
    let arena = Bump::new();
    let document = crate::lexbor::Document::parse(text(args, "html"));
    let dom = Dom::read(&document, &arena);
    let page = read(&dom, &arena, false, false);
    let texts: Vec<_> = (0..page.texts.len()).collect();
    let words = paragraphs(&page, &texts);
    json!({
        "html": clean_html(&page, 0, &texts, text(args, "url")),
        "language": language_of(py::head(&words, LANGUAGE_SAMPLE), maybe(args, "language")),
        "status": status_of(&words, []),
        "text": words,
    })
}

fn claimed(comment: &ClaimedComment) -> Value {
    json!({
        "text": comment.text,
        "author": comment.author,
        "author_url": comment.author_url,
        "published_at": comment.published_at.as_ref().map(iso_text),
        "url": comment.url,
        "replies": comment.replies.iter().map(claimed).collect::<Value>(),
    })
}
