//! What of bylines, titles and headings can be asked for by itself.

use serde_json::{json, Value};

use super::{text, with_segmented};
use crate::article_authors::authors_of;
use crate::byline_rules::find_byline;
use crate::bylines;
use crate::heading_place::Place;
use crate::heading_rules::find_heading;
use crate::parts::PartTexts;
use crate::title_rules::{find_title, title_of};
use crate::types::{Found, Part, PartKind, Role, Segmented};
use crate::visible_text::El;

/// The answer of a function by its name; None where this file has none of that name.
pub fn call(name: &str, args: &Value) -> Option<Value> {
    match name {
        "names_in" => Some(json!(bylines::names_in(text(args, "text")))),
        "is_name" => Some(json!(bylines::is_name(text(args, "text")))),
        "is_full_name" => Some(json!(bylines::is_full_name(text(args, "text")))),
        "is_byline" => Some(json!(bylines::is_byline(text(args, "text")))),
        "is_login" => Some(json!(bylines::is_login(text(args, "text")))),
        "bylines" => Some(json!(super::texts(args, "texts").into_iter().map(of_text).collect::<Vec<_>>())),
        "find_title" => Some(with_segmented(args, |page| {
            let [body, taken] = ["body", "taken"].map(|name| &args[name]);
            json!(find_title(page, number(body), &flags(page, taken)))
        })),
        "find_heading" => Some(with_segmented(args, |page| {
            let [body, taken] = ["body", "taken"].map(|name| &args[name]);
            let found = find_heading(page, number(body), &flags(page, taken));
            json!([found.title, found.subtitle, found.byline, found.date, found.byline_text, found.date_text])
        })),
        "find_byline" => Some(with_segmented(args, |page| {
            let [title, body, taken, foot] = ["title", "body", "taken", "with_foot"].map(|name| &args[name]);
            let (taken, title) = (flags(page, taken), title.as_u64().map(|title| title as El));
            let foot = foot.as_bool().unwrap_or(true);
            let languages = page.metadata.languages();
            let place = Place::new(&page.visible, title, number(body), &taken, foot, languages);
            json!(find_byline(&place).map(|Found { element, text, rank }| json!([element, text, rank])))
        })),
        "title_of" => Some(with_part(args, |texts| json!(title_of(texts)))),
        "authors_of" => Some(with_part(args, |texts| json!(authors_of(texts)))),
        _ => None,
    }
}

fn number(of: &Value) -> usize {
    of.as_u64().unwrap_or(0) as usize
}

fn numbers(of: &Value) -> Vec<usize> {
    of.as_array().map(|all| all.iter().map(number).collect()).unwrap_or_default()
}

/// Which elements are in a list of their numbers.
fn flags(page: &Segmented<'_>, these: &Value) -> Vec<bool> {
    let mut flags = vec![false; page.visible.elements.len()];
    numbers(these).into_iter().for_each(|e| flags[e] = true);
    flags
}

/// Hands on an article's texts: `element`, `numbers` and `roles`.
fn with_part<T>(args: &Value, ask: impl FnOnce(&PartTexts<'_, '_>) -> T) -> T {
    with_segmented(args, |page| {
        let part = Part::new(PartKind::Article, number(&args["element"]), 1.0);
        let role = |name: &&str| Role::ALL.iter().copied().find(|role| role.as_str() == *name).unwrap_or(Role::Body);
        let roles = super::texts(args, "roles").iter().map(role).collect();
        let numbers = numbers(&args["numbers"]);
        ask(&PartTexts { id: 0, part: &part, page, numbers, roles, paths: Vec::new() })
    })
}

/// All that is said of one text.
fn of_text(text: &str) -> Value {
    json!([
        bylines::names_in(text),
        bylines::is_name(text),
        bylines::is_full_name(text),
        bylines::is_byline(text),
        bylines::is_short_byline(text),
        bylines::is_role(text),
        bylines::names_a_role(text),
        bylines::is_credit(text),
        bylines::is_login(text),
        bylines::is_admin(text),
        bylines::by(text).map(|found| json!([text[..found.end].chars().count(), found.has_verb, found.has_label])),
        bylines::only_by(text).map(|found| json!([found.has_verb, found.has_label])),
    ])
}
