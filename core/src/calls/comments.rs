//! What of `comments` can be asked for by itself.

use serde_json::{json, Value};

use super::{texts, with_page};
use crate::comment_fields::{chrome_in, is_body_name, quotes_in};
use crate::comment_names::{body_token, by_class, families, Named};
use crate::comment_rules::find_items;
use crate::types::Item;
use crate::visible_text::Page;

/// The answer of a function by its name; None where this file has none of that name.
pub fn call(name: &str, args: &Value) -> Option<Value> {
    match name {
        "families" => Some(with_page(args, |_, page| {
            (0..page.elements.len()).map(|e| families(page, e).into_iter().map(named).collect::<Value>()).collect()
        })),
        "find_items" => Some(with_page(args, |_, page| {
            let items = find_items(page, args["further"].as_bool().unwrap_or(false));
            json!({"items": items.iter().map(|i| item(page, i)).collect::<Value>()})
        })),
        _ => of_names(name, args),
    }
}

/// The answers for each of several names.
fn of_names(name: &str, args: &Value) -> Option<Value> {
    let asked: fn(&str) -> Value = match name {
        "body_token" => |n| json!(body_token(n).as_deref()),
        "by_class" => |n| by_class(n).map_or(Value::Null, named),
        "is_body_name" => |n| is_body_name(n).into(),
        _ => return None,
    };
    Some(texts(args, "texts").into_iter().map(asked).collect())
}

fn named((family, token): Named) -> Value {
    json!([family, &*token])
}

fn item(page: &Page<'_>, i: &Item) -> Value {
    json!({
        "element": i.element,
        "family": i.family,
        "body": i.body,
        "author": i.author,
        "date": i.date,
        "date_text": i.date_text,
        "parent": i.parent,
        "inner": i.inner,
        "quotes": quotes_in(page, i),
        "chrome": chrome_in(page, i),
    })
}
