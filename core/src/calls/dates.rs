//! What of `dates` can be asked for by itself.

use serde_json::{json, Value};

use super::{maybe, moment, text, texts, with_page};
use crate::heading_place::Place;
use crate::metadata::Metadata;
use crate::parts::PartTexts;
use crate::types::{iso_text, Moment, Part, PartKind, Role, Segmented, Source};
use crate::{article_dates, date_rules, dates, folding, jalali, script_dates, url_dates};

/// The answer of a function by its name; None where this file has none of that name.
pub fn call(name: &str, args: &Value) -> Option<Value> {
    let languages = texts(args, "languages");
    Some(match name {
        "parse_date" => said(dates::parse_date(text(args, "text"), &languages, moment(args, "base"))),
        "in_zone_of" => said(Some(dates::in_zone_of(
            moment(args, "claimed")?,
            moment(args, "shown")?,
            args["by_day"].as_bool().unwrap_or(true),
        ))),
        "fold" => json!(folding::fold(text(args, "text"))),
        "gregorian" => {
            let number = |name: &str| args[name].as_i64().unwrap_or(0);
            json!(jalali::gregorian(number("year"), number("month"), number("day")).map(|day| day.to_string()))
        }
        "is_date" => json!(date_rules::is_date(text(args, "text"), &languages)),
        "date_at_start" => said(date_rules::date_at_start(text(args, "text"), &languages)),
        "date_in_url" => said(url_dates::date_in_url(text(args, "url"))),
        "day_in_scripts" => with_page(args, |dom, _| said(script_dates::day_in_scripts(dom))),
        "find_date" => find_date(args, languages),
        "published_of" => published_of(args, &languages),
        _ => return None,
    })
}

fn said(moment: Option<Moment>) -> Value {
    json!(moment.as_ref().map(iso_text))
}

fn numbers(args: &Value, name: &str) -> Vec<usize> {
    let numbers = args[name].as_array().into_iter().flatten();
    numbers.filter_map(Value::as_u64).map(|n| n as usize).collect()
}

/// `title`, `body`: elements' numbers; `taken`: those of other records' elements.
fn find_date(args: &Value, languages: Vec<&str>) -> Value {
    with_page(args, |_, page| {
        let mut taken = vec![false; page.elements.len()];
        numbers(args, "taken").into_iter().for_each(|e| taken[e] = true);
        let title = args["title"].as_u64().map(|e| e as usize);
        let body = args["body"].as_u64().unwrap_or(0) as usize;
        let with_foot = args["with_foot"].as_bool().unwrap_or(true);
        let place = Place::new(page, title, body, &taken, with_foot, languages);
        json!(date_rules::find_date(&place).map(|found| json!([found.element, found.text, found.rank])))
    })
}

/// `element`, `numbers`, `roles`: of the article's part; `metadata`: what of it is asked.
fn published_of(args: &Value, languages: &[&str]) -> Value {
    let its = &args["metadata"];
    let source = |value: &Value| Source::ALL.iter().copied().find(|source| Some(source.as_str()) == value.as_str());
    let dated = |value: &Value| Some((crate::types::moment(value[0].as_str()?)?, source(&value[1])?));
    let mut metadata = Metadata {
        published_at: moment(its, "published_at"),
        other_dates: its["other_dates"].as_array().into_iter().flatten().filter_map(dated).collect(),
        loose_date: dated(&its["loose_date"]),
        script_date: moment(its, "script_date"),
        modified_at: moment(its, "modified_at"),
        document_title: maybe(its, "document_title").map(str::to_owned),
        canonical_url: maybe(its, "canonical_url").map(str::to_owned),
        language: maybe(its, "language").map(str::to_owned),
        ..Metadata::default()
    };
    metadata.provenance.extend(source(&its["source"]).map(|source| ("published_at", source)));
    let arena = bumpalo::Bump::new();
    let dom = crate::dom::Dom::read(text(args, "html"), &arena);
    let url = text(args, "page_url").to_owned();
    let page = Segmented { visible: crate::reader::visible(&dom, &arena), metadata, url };
    let roles = texts(args, "roles");
    let role = |name: &&str| Role::ALL.iter().copied().find(|role| role.as_str() == *name);
    let part = Part::new(PartKind::Article, args["element"].as_u64().unwrap_or(0) as usize, 1.0);
    let texts = PartTexts {
        id: 0,
        part: &part,
        page: &page,
        numbers: numbers(args, "numbers"),
        roles: roles.iter().filter_map(role).collect(),
        paths: Vec::new(),
    };
    let base = moment(args, "base").unwrap_or_default();
    let (at, source) = article_dates::published_of(&texts, languages, base);
    json!([at.as_ref().map(iso_text), source.map(Source::as_str)])
}
