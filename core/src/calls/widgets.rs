//! What of `widgets` can be asked for by itself.

use serde_json::{json, Value};

use super::texts;
use crate::{keyword_lists, keywords, names};

/// The answer of a function by its name; None where this file has none of that name.
pub fn call(name: &str, args: &Value) -> Option<Value> {
    // Functions of one text are asked for many at once.
    let all = |ask: &dyn Fn(&str) -> Value| Some(texts(args, "of").into_iter().map(ask).collect());
    match name {
        "plain" => all(&|name| json!(keywords::plain(name))),
        "kind_of_name" => all(&|name| json!(names::kind_of_name(name))),
        "is_makers_name" => all(&|name| json!(keywords::is_makers_name(name))),
        "kind_of_heading" => all(&|heading| json!(keywords::kind_of_heading(heading))),
        "is_name_of_kind" => all(&|heading| json!(keywords::is_name_of_kind(heading))),
        "heading_rules" => {
            let rule = |(kind, said): &(crate::types::WidgetKind, &str)| {
                let begin = keyword_lists::BEGINNINGS.iter().find(|(its, _)| its == kind);
                json!([kind, begin.map_or_else(|| (*said).to_owned(), |(_, begin)| format!("{begin}|{said}"))])
            };
            Some(keyword_lists::HEADINGS.iter().map(rule).collect())
        }
        _ => None,
    }
}
