//! What of `threads` can be asked for by itself.

use rustc_hash::FxHashMap;
use serde_json::{json, Value};

use super::{maybe, moment, text, texts, with_page};
use crate::clean_html::clean_html;
use crate::comment_status::status_of;
use crate::comments::build_comments;
use crate::ids::RecordIds;
use crate::parts::{gather, language_of, PartTexts};
use crate::paths::paths_of;
use crate::py;
use crate::reply_words::refers;
use crate::segments::{line_of_page, segments};
use crate::thread_chrome::label_thread_chrome;
use crate::threads::link_replies;
use crate::types::{Context, Family, Item, Label, Labelled, PageKind, Part, PartKind, Role, Segmented};

/// The answer of a function by its name; None where this file has none of that name.
pub fn call(name: &str, args: &Value) -> Option<Value> {
    match name {
        "parts" => Some(with_parts(args, |page, labelled| {
            let paths = paths_of(&page.visible, &labelled.parts, &labelled.labels);
            let parts = gather(page, &labelled.parts, &labelled.labels, paths);
            let ids: FxHashMap<_, _> = (0..labelled.parts.len()).map(|n| (n, n.to_string())).collect();
            json!({
                "line": line_of_page(&page.visible),
                "segments": segments(&page.visible, labelled, &ids),
                "parts": parts.iter().map(|texts| said_of(page, texts)).collect::<Vec<_>>(),
            })
        })),
        "link_replies" => Some(with_page(args, |_, page| {
            let mut items: Vec<Item> = items_in(args);
            link_replies(page, &mut items);
            json!(items.iter().map(|item| item.parent).collect::<Vec<_>>())
        })),
        "thread_chrome" => Some(with_page(args, |_, page| {
            let mut labels = labels_in(args);
            let first = number(&args["first"]).unwrap_or(0);
            label_thread_chrome(page, &parts_in(args), first, &mut labels, number(&args["article"]));
            json!(labels.iter().map(|l| l.map(|l| (l.part, l.role, l.score))).collect::<Vec<_>>())
        })),
        "comments" => Some(with_parts(args, |page, labelled| {
            let paths = paths_of(&page.visible, &labelled.parts, &labelled.labels);
            let mut parts = gather(page, &labelled.parts, &labelled.labels, paths);
            parts.retain(|texts| texts.part.kind == PartKind::Comment);
            let context = Context {
                page_id: text(args, "page_id").to_owned(),
                url: page.url.clone(),
                language: maybe(args, "language").map(str::to_owned),
                fetched_at: moment(args, "fetched_at").unwrap_or_default(),
            };
            let (comments, ids) = build_comments(&parts, &mut RecordIds::new(&context.page_id), &context);
            let ids: Vec<_> = parts.iter().map(|texts| ids.get(&texts.id)).collect();
            json!({"comments": comments, "ids": ids})
        })),
        "refers" => Some(json!(refers(text(args, "text")))),
        "status_of" => Some(json!(status_of(text(args, "text"), texts(args, "names")))),
        "language_of" => Some(json!(language_of(text(args, "text"), maybe(args, "otherwise")))),
        "casefold" => Some(json!(py::casefold(text(args, "text")))),
        _ => None,
    }
}

/// All that a part's texts can be asked.
fn said_of(page: &Segmented<'_>, texts: &PartTexts<'_, '_>) -> Value {
    let shown = [Role::Body, Role::Caption, Role::Quote];
    let numbers = texts.texts(&shown);
    json!({
        "id": texts.id,
        "paths": texts.paths,
        "text": texts.text(&[]),
        "body": texts.text(&[Role::Body, Role::Caption]),
        "line": texts.line(&[Role::Byline]),
        "elements": texts.elements(&[Role::Body, Role::Chrome]),
        "provenance": texts.provenance(),
        "html": clean_html(&page.visible, texts.part.element, &numbers, &page.url),
    })
}

fn one_of<T: Copy>(all: &[T], name: &Value, written: impl Fn(T) -> &'static str) -> T {
    let name = name.as_str().unwrap_or("");
    all.iter().copied().find(|&x| written(x) == name).unwrap_or(all[0])
}

fn number(value: &Value) -> Option<usize> {
    value.as_u64().map(|n| n as usize)
}

/// Labels in the arguments: `labels`, for each text `[part, role, score]`, null where it has none.
fn labels_in(args: &Value) -> Vec<Option<Label>> {
    let all = args["labels"].as_array().map_or(&[][..], Vec::as_slice);
    let label = |l: &Value| {
        let role = one_of(Role::ALL, &l[1], Role::as_str);
        number(&l[0]).map(|part| Label { part, role, score: l[2].as_f64().unwrap_or(0.5) })
    };
    all.iter().map(label).collect()
}

/// Parts in the arguments: `parts`, `[kind, element, parent]` each.
fn parts_in(args: &Value) -> Vec<Part> {
    let all = args["parts"].as_array().map_or(&[][..], Vec::as_slice);
    let part = |p: &Value| {
        let kind = one_of(PartKind::ALL, &p[0], PartKind::as_str);
        Part { parent: number(&p[2]), ..Part::new(kind, number(&p[1]).unwrap_or(0), 0.5) }
    };
    all.iter().map(part).collect()
}

/// Comments in the arguments: `items`, each with its fields by their names.
fn items_in(args: &Value) -> Vec<Item> {
    let all = args["items"].as_array().map_or(&[][..], Vec::as_slice);
    let numbers = |value: &Value| value.as_array().map_or(Vec::new(), |all| all.iter().filter_map(number).collect());
    let item = |i: &Value| Item {
        body: numbers(&i["body"]),
        author: number(&i["author"]),
        date: number(&i["date"]),
        date_text: number(&i["date_text"]),
        parent: number(&i["parent"]),
        inner: numbers(&i["inner"]),
        ..Item::new(number(&i["element"]).unwrap_or(0), one_of(Family::ALL, &i["family"], Family::as_str))
    };
    all.iter().map(item).collect()
}

/// Reads the page in the arguments (`html`, `url`), and takes its labels and parts from there too.
fn with_parts(args: &Value, ask: impl FnOnce(&Segmented<'_>, &Labelled) -> Value) -> Value {
    let arena = bumpalo::Bump::new();
    let dom = crate::dom::Dom::read(text(args, "html"), &arena);
    let page = Segmented {
        visible: crate::reader::visible(&dom, &arena),
        metadata: Default::default(),
        url: text(args, "url").to_owned(),
    };
    let labels = labels_in(args).into_iter().flatten().collect();
    let labelled = Labelled { parts: parts_in(args), labels, page_kind: PageKind::Other };
    ask(&page, &labelled)
}
