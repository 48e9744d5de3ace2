//! What of bylines and headings can be asked for by itself.

use serde_json::{json, Value};

use super::{text, with_segmented};
use crate::bylines;
use crate::heading_rules::find_heading;

/// The answer of a function by its name; None where this file has none of that name.
pub fn call(name: &str, args: &Value) -> Option<Value> {
    Some(match name {
        "names_in" => json!(bylines::names_in(text(args, "text"))),
        "is_name" => json!(bylines::is_name(text(args, "text"))),
        "is_full_name" => json!(bylines::is_full_name(text(args, "text"))),
        "is_byline" => json!(bylines::is_byline(text(args, "text"))),
        "is_login" => json!(bylines::is_login(text(args, "text"))),
        "find_heading" => with_segmented(args, |page| {
            let body = args["body"].as_u64().unwrap_or(0) as usize;
            let mut taken = vec![false; page.visible.elements.len()];
            let given = args["taken"].as_array().into_iter().flatten().filter_map(Value::as_u64);
            given.for_each(|e| taken[e as usize] = true);
            let found = find_heading(page, body, &taken);
            json!([found.title, found.subtitle, found.byline, found.date, found.byline_text, found.date_text])
        }),
        _ => return None,
    })
}
