//! What of `labeller` can be asked for by itself: the small rules beside it.

use serde_json::{json, Value};

use super::{moment, text, with_page, with_segmented};
use crate::blocks::blocks_of;
use crate::parts::PartTexts;
use crate::types::{Context, Label, Matrix, Part, PartKind, Role, Segmented};
use crate::visible_text::{Page, Tx};
use crate::{article, lead, repeats};

/// The answer of a function by its name; None where this file has none of that name.
pub fn call(name: &str, args: &Value) -> Option<Value> {
    match name {
        "count_in" => Some(json!(article::count_in(text(args, "line")))),
        "without_repeats" => Some(with_page(args, |_, page| {
            let blocks = blocks_of(page);
            let chosen = bools(&args["chosen"], blocks.len());
            json!(repeats::without_repeats(page, &chosen, &blocks))
        })),
        "label_lead" => Some(with_page(args, |_, page| label_lead(args, page))),
        "build_article" => Some(with_segmented(args, |page| build_article(args, page))),
        _ => None,
    }
}

/// Numbers as they are: a float's own digits, so that none is rounded twice.
pub(super) fn numbers(of: &[f32]) -> Value {
    of.iter().map(|&number| json!(f64::from(number))).collect()
}

pub(super) fn rows(of: &Matrix) -> Value {
    (0..of.rows).map(|n| numbers(of.row(n))).collect()
}

/// Those of a list of truths, as many as there must be; what is not given is false.
pub(super) fn bools(given: &Value, size: usize) -> Vec<bool> {
    (0..size).map(|n| given[n].as_bool().unwrap_or(false)).collect()
}

/// A number that must be less than `most`.
fn number(given: &Value, most: usize) -> Option<usize> {
    given.as_u64().and_then(|n| usize::try_from(n).ok()).filter(|&n| n < most)
}

fn role(given: &Value) -> Option<Role> {
    Role::ALL.iter().copied().find(|role| Some(role.as_str()) == given.as_str())
}

/// The roles of one article's texts, null where they have none: before (`roles`) and, as the answer, with the lead's,
/// and how sure each is. `element`: where the article stands.
fn label_lead(args: &Value, page: &Page<'_>) -> Value {
    let Some(element) = number(&args["element"], page.elements.len()) else { return Value::Null };
    let parts = [Part::new(PartKind::Article, element, 0.5)];
    let label = |n: Tx| role(&args["roles"][n]).map(|role| Label { part: 0, role, score: 1.0 });
    let mut labels: Vec<Option<Label>> = (0..page.texts.len()).map(label).collect();
    lead::label_lead(page, &parts, 0, &mut labels);
    labels.iter().map(|label| json!(label.map(|label| (label.role, label.score)))).collect()
}

/// An article's record; `element`: where it stands; `numbers` and `roles`: its texts.
fn build_article(args: &Value, page: &Segmented<'_>) -> Value {
    let visible = &page.visible;
    let Some(element) = number(&args["element"], visible.elements.len()) else { return Value::Null };
    let empty = Vec::new();
    let given = args["numbers"].as_array().unwrap_or(&empty);
    let (numbers, roles) = given
        .iter()
        .enumerate()
        .filter_map(|(n, at)| Some((number(at, visible.texts.len())?, role(&args["roles"][n])?)))
        .unzip();
    let part = Part::new(PartKind::Article, element, 0.5);
    let texts = PartTexts { id: 0, part: &part, page, numbers, roles, paths: Vec::new() };
    let context = Context {
        page_id: text(args, "page_id").to_owned(),
        url: page.url.clone(),
        language: super::maybe(args, "language").map(str::to_owned),
        fetched_at: moment(args, "fetched_at").unwrap_or_default(),
    };
    json!(article::build_article(&texts, &context))
}
