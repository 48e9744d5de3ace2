//! What of `comments` can be asked for by itself.

use serde_json::{json, Value};

use super::{texts, with_page};
use crate::comment_fields::{self as fields, chrome_in, quotes_in};
use crate::comment_names::{body_token, by_class, families, Named};
use crate::comment_rules::{are_by_people, are_signed, find_items, says_none_yet};
use crate::comment_signatures::{may_be_name, names_author, says_when};
use crate::comment_times::{has_year, tells_of_edit};
use crate::types::Item;
use crate::visible_text::Page;
use crate::{comment_groups, comment_plausible, signature_names, talk_pages};

/// The answer of a function by its name; None where this file has none of that name.
pub fn call(name: &str, args: &Value) -> Option<Value> {
    match name {
        "families" => Some(with_page(args, |_, page| {
            (0..page.elements.len()).map(|e| families(page, e).into_iter().map(named).collect::<Value>()).collect()
        })),
        "names_author" => {
            Some(with_page(args, |_, page| (0..page.elements.len()).map(|e| names_author(page, e)).collect()))
        }
        "find_items" => Some(with_page(args, |_, page| {
            let items = find_items(page, args["further"].as_bool().unwrap_or(false));
            let all: Vec<_> = items.iter().collect();
            json!({
                "items": items.iter().map(|i| item(page, i)).collect::<Value>(),
                "signed": are_signed(page, &all),
                "by_people": are_by_people(page, &all),
            })
        })),
        _ => of_texts(name, args),
    }
}

/// The answers for each of several texts or names.
fn of_texts(name: &str, args: &Value) -> Option<Value> {
    let asked: fn(&str) -> Value = match name {
        "says_when" => |t| says_when(t).into(),
        "may_be_name" => |t| may_be_name(t).into(),
        "has_year" => |t| has_year(t).into(),
        "tells_of_edit" => |t| tells_of_edit(t).into(),
        "says_none_yet" => |t| says_none_yet(t).into(),
        "is_signed" => |t| talk_pages::is_signed(t).into(),
        "is_reply_button" => |t| comment_groups::is_reply_button(t).into(),
        "without_answer" => |t| comment_plausible::without_answer(t).into(),
        "body_token" => |n| json!(body_token(n).as_deref()),
        "by_class" => |n| by_class(n).map_or(Value::Null, named),
        "speaks_of_author" => |n| signature_names::speaks_of_author(n).into(),
        "is_author_name" => |n| signature_names::is_author_name(n).into(),
        "is_sure_name" => |n| signature_names::is_sure_name(n).into(),
        "is_date_name" => |n| signature_names::is_date_name(n).into(),
        "is_poster_name" => |n| signature_names::is_poster_name(n).into(),
        "is_body_name" => |n| fields::is_body_name(n).into(),
        "is_chrome_name" => |n| fields::is_chrome_name(n).into(),
        "is_quote_name" => |n| fields::is_quote_name(n).into(),
        "is_meta_name" => |n| fields::is_meta_name(n).into(),
        "is_title_name" => |n| fields::is_title_name(n).into(),
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
