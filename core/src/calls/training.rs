//! What training learns from: a page's blocks, what is left of it for widgets, and the widgets that a cut makes.

use serde_json::{json, Value};

use super::labeller::{bools, numbers, rows};
use super::with_segmented;
use crate::blocks::blocks_of;
use crate::columns::Columns;
use crate::comment_rules::find_items;
use crate::element_features::{is_short, Elements};
use crate::exports::with_models;
use crate::features::{features, page_row};
use crate::labeller::Painter;
use crate::types::{Label, Segmented, WidgetBox};

/// The answer of a function by its name; None where this file has none of that name.
pub fn call(name: &str, args: &Value) -> Option<Value> {
    match name {
        "example" => Some(with_segmented(args, example)),
        "uncut" => Some(with_segmented(args, |page| labelled(page, uncut))),
        "boxes" => Some(with_segmented(args, |page| {
            labelled(page, |painter, labels, elements| {
                let whole = bools(&args["whole"], elements.len());
                let boxes = painter.cut(labels, |of| of.iter().map(|&e| whole[e]).collect());
                cut(painter, &boxes, elements)
            })
        })),
        _ => None,
    }
}

/// A page's blocks: their words, their rows, which stand in a comment, and the page's own row. No models are asked.
fn example(page: &Segmented<'_>) -> Value {
    let visible = &page.visible;
    let blocks = blocks_of(visible);
    let mut in_thread = vec![false; blocks.len()];
    if !blocks.is_empty() {
        for item in find_items(visible, false) {
            in_thread[blocks.within(visible, item.element)].fill(true);
        }
    }
    let of_blocks = features(page, &blocks, &Columns::new(visible, &blocks));
    json!({
        "rows": rows(&of_blocks),
        "columns": of_blocks.columns,
        "page_row": numbers(&page_row(&of_blocks, &in_thread)),
        "in_thread": in_thread,
        "blocks": blocks.texts,
    })
}

/// Hands on a page whose article and comments are labelled, with its elements' rows. Null where the page has no text.
fn labelled(page: &Segmented<'_>, ask: impl FnOnce(&Painter<'_, '_>, &[Option<Label>], &Elements<'_>) -> Value) -> Value {
    if page.visible.texts.is_empty() {
        return Value::Null;
    }
    let said = with_models(|models| {
        let mut painter = Painter::new(page, models, false);
        let labels = painter.labels();
        ask(&painter, &labels, &painter.elements(&labels))
    });
    said.unwrap_or_default()
}

/// The page's texts, which of them have no record yet, and its elements (tag, texts, children) with their rows.
fn uncut(painter: &Painter<'_, '_>, labels: &[Option<Label>], elements: &Elements<'_>) -> Value {
    let page = painter.visible;
    json!({
        "texts": page.texts.iter().map(|t| t.value).collect::<Vec<_>>(),
        "free": labels.iter().map(Option::is_none).collect::<Vec<_>>(),
        "elements": page.elements.iter().map(|e| json!([e.tag, e.first, e.last, e.children.as_slice()])).collect::<Value>(),
        "table": rows(&elements.rows(&(0..elements.len()).collect::<Vec<_>>())),
    })
}

/// Boxes with their rows and words.
fn cut(painter: &Painter<'_, '_>, boxes: &[WidgetBox], elements: &Elements<'_>) -> Value {
    let (of_boxes, words, names) = painter.asked(boxes, elements);
    let about = |of: &WidgetBox| json!({ "texts": of.texts, "is_short": is_short(painter.visible, of) });
    json!({
        "boxes": boxes.iter().map(about).collect::<Value>(),
        "rows": rows(&of_boxes),
        "columns": of_boxes.columns,
        "words": words,
        "names": names,
    })
}
