//! What of `dates` can be asked for by itself.

use serde_json::{json, Value};

use super::{moment, text, texts};
use crate::types::{iso_text, Moment};
use crate::{dates, jalali, url_dates};

/// The answer of a function by its name; None where this file has none of that name.
pub fn call(name: &str, args: &Value) -> Option<Value> {
    Some(match name {
        "parse_date" => said(dates::parse_date(text(args, "text"), &texts(args, "languages"), moment(args, "base"))),
        "in_zone_of" => said(Some(dates::in_zone_of(
            moment(args, "claimed")?,
            moment(args, "shown")?,
            args["by_day"].as_bool().unwrap_or(true),
        ))),
        "gregorian" => {
            let number = |name: &str| args[name].as_i64().unwrap_or(0);
            json!(jalali::gregorian(number("year"), number("month"), number("day")).map(|day| day.to_string()))
        }
        "date_in_url" => said(url_dates::date_in_url(text(args, "url"))),
        _ => return None,
    })
}

fn said(moment: Option<Moment>) -> Value {
    json!(moment.as_ref().map(iso_text))
}
