//! JSON-LD as pages really write it: broken, nested, listed, or huge.

use std::borrow::Cow;
use std::collections::VecDeque;

use bumpalo::Bump;
use crate::hash::Map;

use crate::json::{Object, Reader, Value};
use crate::references::{line, unescape};
use crate::{py, rx};

/// Something that a page describes.
pub type Item<'a> = Object<'a>;
/// Items by their `@id`.
pub type ById<'a> = Map<Cow<'a, str>, Item<'a>>;

// Characters of all blobs. The largest of 234 on 250 pages had 31,390; a million of small objects take some 75 ms.
const MOST_CHARS: usize = 1_000_000;
// A blob holds a page's own items near its top; what is deeper or later is lists of other pages' items.
const MOST_ITEMS: usize = 200;
// Names, or images, of one property.
const MOST_VALUES: usize = 20;

/// The items that a page's blobs describe, in order: those at the top, in @graph, and as mainEntity of these.
pub fn items_of<'a>(blobs: &'a [Cow<'_, str>], arena: &'a Bump) -> Vec<Item<'a>> {
    let mut budget = MOST_CHARS;
    let mut items = Vec::new();
    for text in blobs {
        match budget.checked_sub(py::len(text)) {
            Some(left) if items.len() < MOST_ITEMS => budget = left,
            _ => break,
        }
        for value in values(text, arena) {
            collect(value, &mut items);
        }
    }
    items
}

/// Items by their `@id`; of equal ones the last.
pub fn by_id<'a>(items: &[Item<'a>]) -> ById<'a> {
    let named = items.iter().filter(|item| item.has("@id"));
    named.filter_map(|item| Some((item.get("@id").written()?, *item))).collect()
}

/// The JSON values of a blob: one as a rule, several where pages write one after the other.
fn values<'a>(text: &'a str, arena: &'a Bump) -> Vec<Value<'a>> {
    let wrapping = rx!(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$");
    let mut text = text;
    if text.contains("<!") || text.contains("-->") || text.contains("]]>") {
        for _ in 0..2 {
            if let Cow::Owned(bare) = wrapping.replace_all(text, "") {
                text = arena.alloc_str(&bare);
            }
        }
    }
    let text = py::strip(text).trim_end_matches(';');
    read(text, arena)
        .or_else(|| match without_trailing_commas(text) {
            Some(repaired) => read(arena.alloc_str(&repaired), arena),
            None => None,
        })
        .unwrap_or_default()
}

/// The values up to the first that is none; None where that is the first of all.
fn read<'a>(text: &'a str, arena: &'a Bump) -> Option<Vec<Value<'a>>> {
    let mut reader = Reader::new(text, arena);
    let mut found = Vec::new();
    while reader.at < text.len() {
        match reader.value() {
            Ok(value) => found.push(value),
            Err(_) if found.is_empty() => return None,
            Err(_) => break,
        }
        let rest = &text[reader.at..];
        reader.at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n', ',', ';']).len();
    }
    Some(found)
}

/// A text without the commas that stand before a closing bracket; None where there are none.
fn without_trailing_commas(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut done = 0;
    for at in memchr::memchr_iter(b',', text.as_bytes()) {
        if text[at + 1..].trim_start_matches(py::is_space).starts_with(['}', ']']) {
            out.push_str(&text[done..at]);
            done = at + 1;
        }
    }
    out.push_str(&text[done..]);
    (done > 0).then_some(out)
}

fn collect<'a>(value: Value<'a>, items: &mut Vec<Item<'a>>) {
    let mut pending = VecDeque::from([value]);
    while items.len() < MOST_ITEMS {
        let Some(value) = pending.pop_front() else { return };
        match value {
            Value::List(values) => first(values, &mut pending),
            Value::Object(item) => {
                if let Value::List(graph) = item.get("@graph") {
                    first(graph, &mut pending);
                }
                if item.has("@type") {
                    items.push(item);
                }
                let main = item.get("mainEntity");
                if matches!(main, Value::List(_) | Value::Object(_)) && !has_type(item, "ItemList") {
                    pending.push_back(main);
                }
            }
            _ => {}
        }
    }
}

/// Puts a list's values before what is pending.
fn first<'a>(values: &[Value<'a>], pending: &mut VecDeque<Value<'a>>) {
    for value in values.iter().take(MOST_ITEMS).rev() {
        pending.push_front(*value);
    }
}

/// The schema.org types of an item, without their prefix.
pub fn types_of(item: Item<'_>) -> impl Iterator<Item = &str> {
    let types = item.get("@type");
    let (list, one): (&[Value<'_>], _) = match types {
        Value::List(list) => (list, None),
        one => (&[], Some(one)),
    };
    list.iter().copied().chain(one).filter_map(|name| match name {
        Value::Text(name) => Some(after_last(after_last(name.trim_end_matches('/'), '/'), ':')),
        _ => None,
    })
}

/// Whether an item is of a schema.org type.
pub fn has_type(item: Item<'_>, name: &str) -> bool {
    types_of(item).any(|one| one == name)
}

/// What follows the last of a character; all where there is none.
pub fn after_last(text: &str, mark: char) -> &str {
    text.rfind(mark).map_or(text, |at| &text[at + mark.len_utf8()..])
}

/// A value as one line of text: itself, a number, or the first of a list, or what @value holds.
///
/// HTML's character references stand in JSON-LD that a template wrote, though they mean nothing there.
pub fn text_of<'a>(value: Value<'a>) -> Option<Cow<'a, str>> {
    let mut value = value;
    if let Value::List(values) = value {
        value = *values.first()?;
    }
    if let Value::Object(object) = value {
        value = object.get("@value").or(object.get("name"));
    }
    match value {
        Value::Text(text) => line(text),
        Value::Int(_) | Value::Float(_) => value.written(),
        _ => None,
    }
}

/// A value as a text with its line breaks.
pub fn body_of(value: Value<'_>) -> Option<String> {
    let Value::Text(text) = value else { return None };
    let read = unescape(text);
    let body = py::strip(&read);
    (!body.is_empty()).then(|| body.to_owned())
}

/// What an object refers to by its @id; itself where that is nothing known.
pub fn target<'a>(object: Object<'a>, by_id: &ById<'a>) -> Object<'a> {
    if by_id.is_empty() {
        return object;
    }
    object.get("@id").written().and_then(|id| by_id.get(&id)).copied().unwrap_or(object)
}

/// Names of people or organisations, also where they are only referred to by @id.
pub fn names_of<'a>(value: Value<'a>, by_id: &ById<'a>) -> Vec<Cow<'a, str>> {
    let all = value.listed().iter().take(MOST_VALUES);
    let names = all.filter_map(|&one| {
        let one = match one {
            Value::Object(object) if !object.has("name") => Value::Object(target(object, by_id)),
            _ => one,
        };
        text_of(one)
    });
    names.filter(|name| !name.contains("://")).collect()
}

/// URLs of images: as text, as ImageObject, or as @id of one.
pub fn urls_of<'a>(value: Value<'a>, by_id: &ById<'a>) -> Vec<&'a str> {
    let all = value.listed().iter().take(MOST_VALUES);
    let urls = all.filter_map(|&one| {
        let mut one = one;
        if let Value::Object(object) = one {
            let target = target(object, by_id);
            one = target.get("url").or(target.get("contentUrl")).or(object.get("@id"));
        }
        if let Value::List(values) = one {
            one = *values.first()?;
        }
        match one {
            Value::Text(url) if !url.is_empty() => Some(url),
            _ => None,
        }
    });
    urls.collect()
}

/// A count that may be written as text.
pub fn count_of(value: Value<'_>) -> Option<i64> {
    match value {
        Value::Text(text) => {
            let digits = py::strip(text);
            let is_number = !digits.is_empty() && digits.bytes().all(|c| c.is_ascii_digit());
            is_number.then(|| digits[..digits.len().min(9)].parse().ok())?
        }
        Value::Int(number) => number.parse().ok().filter(|count| (0..1_000_000_000).contains(count)),
        _ => None,
    }
}

/// A truth value that may be written as text, or as schema.org's own.
pub fn truth_of(value: Value<'_>) -> Option<bool> {
    if let Value::Bool(truth) = value {
        return Some(truth);
    }
    let word = text_of(value)?;
    match after_last(&py::lower(&word), '/') {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// The number of comments among an item's interaction counters.
pub fn interactions(item: Item<'_>) -> Option<i64> {
    let counters = item.get("interactionStatistic");
    let counter = counters.listed().iter().filter_map(|counter| counter.object()).find(|counter| {
        let name = match counter.get("interactionType") {
            Value::Object(kind) => types_of(kind).next().unwrap_or(""),
            Value::Text(kind) => after_last(kind, '/'),
            _ => "",
        };
        matches!(name, "CommentAction" | "ReplyAction")
    })?;
    count_of(counter.get("userInteractionCount"))
}
