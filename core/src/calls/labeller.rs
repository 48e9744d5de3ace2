//! What of `labeller` can be asked for by itself: its steps, for training, and the small rules beside it.

use serde_json::{json, Value};

use super::{moment, text, with_page, with_segmented};
use crate::blocks::blocks_of;
use crate::element_features::is_short;
use crate::exports::with_models;
use crate::labeller::Painter;
use crate::parts::PartTexts;
use crate::types::{Context, Label, Matrix, Part, PartKind, Role, Segmented, WidgetBox};
use crate::visible_text::{El, Page, Tx};
use crate::{article, captions, lead, repeats};

/// The answer of a function by its name; None where this file has none of that name.
pub fn call(name: &str, args: &Value) -> Option<Value> {
    match name {
        "count_in" => Some(json!(article::count_in(text(args, "line")))),
        "captions" => Some(with_page(args, |_, page| {
            (0..page.elements.len()).map(|e| captions::is_caption(page, e)).collect()
        })),
        "without_repeats" => Some(with_page(args, |_, page| {
            let blocks = blocks_of(page);
            let chosen = bools(&args["chosen"], blocks.len());
            json!(repeats::without_repeats(page, &chosen, &blocks))
        })),
        "label_lead" => Some(with_page(args, |_, page| label_lead(args, page))),
        "build_article" => Some(with_segmented(args, |page| build_article(args, page))),
        "steps" => Some(with_segmented(args, |page| steps(args, page))),
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

/// What stands between a labeller's steps, with the models loaded last. `whole`: which elements are one widget, where
/// it is not the model that says so. Null where the page has no text or no models are loaded.
fn steps(args: &Value, page: &Segmented<'_>) -> Value {
    if page.visible.texts.is_empty() {
        return Value::Null;
    }
    let further = args["further"].as_bool().unwrap_or(false);
    let said = with_models(|models| {
        let mut painter = Painter::new(page, models, further);
        let labels = painter.labels();
        let table = painter.elements(&labels);
        let whole = match &args["whole"] {
            Value::Null => painter.whole(&table),
            given => bools(given, table.rows),
        };
        let boxes = painter.boxes(&labels, &whole);
        let (box_rows, texts, names) = painter.asked(&boxes, &table);
        let said = json!({
            "blocks": painter.blocks.texts,
            "rows": rows(&painter.rows),
            "in_thread": painter.in_thread,
            "kinds": numbers(&painter.kinds),
            "kind": painter.kind,
            "p": numbers(&painter.p),
            "labels": labels.iter().map(|label| about(label, &painter.parts)).collect::<Value>(),
            "table": rows(&table),
            "whole": whole,
            "boxes": boxes.iter().map(|of| about_box(of, &page.visible)).collect::<Value>(),
            "box_rows": rows(&box_rows),
            "box_texts": texts,
            "box_names": names,
        });
        let mut all = labels;
        painter.widgets(&boxes, &table, &mut all);
        let labelled = painter.finish(all);
        let all: Value = labelled.labels.iter().map(|&label| about(&Some(label), &labelled.parts)).collect();
        (said, all)
    });
    let Some((mut said, all)) = said else { return Value::Null };
    said["all_labels"] = all;
    said
}

/// A label: of which part (its number, kind, element, widget's kind, region and the part that it answers), which role,
/// how sure.
fn about(label: &Option<Label>, parts: &[Part]) -> Value {
    let Some(label) = label else { return Value::Null };
    let part = &parts[label.part];
    let answers: Option<El> = part.parent.map(|above| parts[above].element);
    json!([
        label.part, part.kind, part.element, part.widget_kind, part.region, answers, part.score, label.role, label.score
    ])
}

fn about_box(of: &WidgetBox, page: &Page<'_>) -> Value {
    json!({
        "elements": of.elements,
        "texts": of.texts,
        "kind": of.kind,
        "region": of.region,
        "score": of.score,
        "title": of.title,
        "is_short": is_short(page, of),
    })
}
