//! What of `threads` can be asked for by itself.

use serde_json::{json, Value};

use super::{text, texts};
use crate::comment_status::status_of;

/// The answer of a function by its name; None where this file has none of that name.
pub fn call(name: &str, args: &Value) -> Option<Value> {
    match name {
        "status_of" => Some(json!(status_of(text(args, "text"), texts(args, "names")))),
        _ => None,
    }
}
