//! What of `metadata` can be asked for by itself.

use serde_json::{json, Value};

use super::{maybe, moment, text};
use crate::metadata::{ClaimedComment, Metadata};
use crate::types::{iso_text, Moment};
use crate::{dom, exports, metadata, references, source};

/// The answer of a function by its name; None where this file has none of that name.
pub fn call(name: &str, args: &Value) -> Option<Value> {
    Some(match name {
        "unescape" => json!(references::unescape(text(args, "text"))),
        "split_source" => json!(source::split_source(text(args, "title"), maybe(args, "site"), text(args, "url"))),
        "source_in_line" => json!(source::source_in_line(text(args, "text"))),
        "without_site" => json!(source::without_site(text(args, "title"), maybe(args, "site"), text(args, "url"))),
        "site_in_title" => json!(source::site_in_title(text(args, "document_title"), text(args, "title"))),
        "metadata" => with_metadata(args),
        _ => return None,
    })
}

/// What the page in the arguments says of itself.
fn with_metadata(args: &Value) -> Value {
    let arena = bumpalo::Bump::new();
    let document = crate::lexbor::Document::parse(text(args, "html"));
    let dom = dom::Dom::read(&document, &arena);
    let url = exports::base_of(&dom, text(args, "url"));
    metadata_of(&metadata::read_metadata(&dom, &url, moment(args, "fetched_at").unwrap_or_default()))
}

fn metadata_of(said: &Metadata) -> Value {
    let iso = |at: &Option<Moment>| at.as_ref().map(iso_text);
    json!({
        "title": said.title,
        "headline": said.headline,
        "titles": said.titles,
        "document_title": said.document_title,
        "authors": said.authors,
        "has_weak_authors": said.has_weak_authors,
        "published_at": iso(&said.published_at),
        "other_dates": said.other_dates.iter().map(|(at, source)| json!([iso_text(at), source])).collect::<Vec<_>>(),
        "loose_date": said.loose_date.as_ref().map(|(at, source)| json!([iso_text(at), source])),
        "script_date": iso(&said.script_date),
        "modified_at": iso(&said.modified_at),
        "site_name": said.site_name,
        "canonical_url": said.canonical_url,
        "description": said.description,
        "tags": said.tags,
        "language": said.language,
        "paywalled": said.paywalled,
        "comment_count": said.comment_count,
        "images": said.images,
        "types": said.types,
        "og_type": said.og_type,
        "generator": said.generator,
        "article_body": said.article_body,
        "comments": said.comments.iter().map(comment_of).collect::<Vec<_>>(),
        "provenance": said.provenance,
    })
}

fn comment_of(said: &ClaimedComment) -> Value {
    json!({
        "text": said.text,
        "author": said.author,
        "author_url": said.author_url,
        "published_at": said.published_at.as_ref().map(iso_text),
        "published_raw": said.published_raw,
        "url": said.url,
        "votes": said.votes,
        "replies": said.replies.iter().map(comment_of).collect::<Vec<_>>(),
    })
}
