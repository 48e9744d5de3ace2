//! What of `widgets` can be asked for by itself.

use serde_json::{json, Value};

use super::{maybe, moment, text, texts, with_page};
use crate::blocks::blocks_of;
use crate::columns::Columns;
use crate::ids::RecordIds;
use crate::metadata::Metadata;
use crate::parts::PartTexts;
use crate::types::{Context, Matrix, Part, PartKind, Region, Role, Segmented, WidgetBox, WidgetKind};
use crate::{element_features, keyword_lists, keywords, widget_kinds, widget_rules, widgets};

/// The answer of a function by its name; None where this file has none of that name.
pub fn call(name: &str, args: &Value) -> Option<Value> {
    // Functions of one text are asked for many at once.
    let all = |ask: &dyn Fn(&str) -> Value| Some(texts(args, "of").into_iter().map(ask).collect());
    match name {
        "plain" => all(&|name| json!(keywords::plain(name))),
        "kind_of_name" => all(&|name| json!(keywords::kind_of_name(name))),
        "is_makers_name" => all(&|name| json!(keywords::is_makers_name(name))),
        "part_camel" => all(&|name| json!(keywords::part_camel(name, " "))),
        "kind_of_heading" => all(&|heading| json!(keywords::kind_of_heading(heading))),
        "heading_rules" => Some(keyword_lists::HEADINGS.iter().map(|(kind, said)| {
            let begin = keyword_lists::BEGINNINGS.iter().find(|(its, _)| its == kind);
            json!([kind, begin.map_or_else(|| (*said).to_owned(), |(_, begin)| format!("{begin}|{said}"))])
        }).collect()),
        "is_name_of_kind" => all(&|heading| json!(keywords::is_name_of_kind(heading))),
        "kind_of_loose" => all(&|text| json!(widget_kinds::kind_of_loose(text))),
        "divide" => Some(with_page(args, |_, page| {
            let (free, whole) = (flags(args, "free"), flags(args, "whole"));
            let boxes = widget_rules::divide(page, &free, &whole, number(args, "start"), number(args, "end"));
            boxes.iter().map(box_value).collect()
        })),
        "element_rows" => Some(with_page(args, |_, page| {
            let blocks = blocks_of(page);
            let tree = Columns::new(page, &blocks);
            let (rows, p, free) = (matrix(args, "rows"), floats(&args["p"]), flags(args, "free"));
            let table =
                element_features::element_rows(page, &blocks, &tree, &rows, &p, &free, &floats(&args["kinds"]));
            matrix_value(&table)
        })),
        "box_rows" => Some(with_given(args, |page| {
            matrix_value(&element_features::box_rows(page, &matrix(args, "rows"), &boxes(args)))
        })),
        "is_short" => Some(with_page(args, |_, page| {
            boxes(args).iter().map(|of| json!(element_features::is_short(page, of))).collect()
        })),
        "build_widgets" => Some(with_given(args, |page| {
            let given: &[Value] = args["parts"].as_array().map(Vec::as_slice).unwrap_or_default();
            let parts: Vec<Part> = given.iter().map(part).collect();
            let texts = |(id, part): (usize, _)| {
                let numbers = numbers(&given[id][3]);
                let roles = given[id][4].as_array().into_iter().flatten().map(role).collect();
                PartTexts { id, part, page, numbers, roles, paths: Vec::new() }
            };
            let texts: Vec<PartTexts<'_, '_>> = parts.iter().enumerate().map(texts).collect();
            let context = Context {
                page_id: text(args, "page_id").to_owned(),
                url: page.url.clone(),
                language: maybe(args, "language").map(str::to_owned),
                fetched_at: moment(args, "fetched_at").unwrap_or_default(),
            };
            json!(widgets::build_widgets(&texts, &mut RecordIds::new(&context.page_id), &context).0)
        })),
        _ => None,
    }
}

/// Reads the page in the arguments and hands it on with what they say of it: what its links are relative to, its site.
fn with_given<T>(args: &Value, ask: impl FnOnce(&Segmented<'_>) -> T) -> T {
    let arena = bumpalo::Bump::new();
    let dom = crate::dom::Dom::read(text(args, "html"), &arena);
    let site_name = maybe(args, "site_name").map(str::to_owned);
    let metadata = Metadata { site_name, ..Metadata::default() };
    ask(&Segmented { visible: crate::reader::visible(&dom, &arena), metadata, url: text(args, "base").to_owned() })
}

fn flags(args: &Value, name: &str) -> Vec<bool> {
    args[name].as_array().map(|all| all.iter().map(|one| one.as_bool().unwrap_or(false)).collect()).unwrap_or_default()
}

fn number(args: &Value, name: &str) -> usize {
    args[name].as_u64().unwrap_or(0) as usize
}

fn floats(of: &Value) -> Vec<f32> {
    of.as_array().map(|all| all.iter().map(|one| one.as_f64().unwrap_or(0.0) as f32).collect()).unwrap_or_default()
}

fn matrix(args: &Value, name: &str) -> Matrix {
    let rows: Vec<Vec<f32>> = args[name].as_array().map(|all| all.iter().map(floats).collect()).unwrap_or_default();
    Matrix { rows: rows.len(), columns: rows.first().map_or(0, Vec::len), data: rows.concat() }
}

fn matrix_value(table: &Matrix) -> Value {
    (0..table.rows).map(|row| json!(table.row(row))).collect()
}

fn numbers(of: &Value) -> Vec<usize> {
    of.as_array().into_iter().flatten().filter_map(Value::as_u64).map(|n| n as usize).collect()
}

fn kind(of: &Value) -> WidgetKind {
    *WidgetKind::ALL.iter().find(|kind| *of == kind.as_str()).unwrap_or(&WidgetKind::Text)
}

fn region(of: &Value) -> Region {
    *Region::ALL.iter().find(|region| *of == region.as_str()).unwrap_or(&Region::Inline)
}

fn role(of: &Value) -> Role {
    *Role::ALL.iter().find(|role| *of == role.as_str()).unwrap_or(&Role::Body)
}

/// A part of a widget: element, kind and region.
fn part(of: &Value) -> Part {
    let element = of[0].as_u64().unwrap_or(0) as usize;
    Part { widget_kind: kind(&of[1]), region: region(&of[2]), ..Part::new(PartKind::Widget, element, 1.0) }
}

/// Boxes as `box_value` writes them.
fn boxes(args: &Value) -> Vec<WidgetBox> {
    let read = |of: &Value| WidgetBox {
        elements: numbers(&of[0]),
        texts: numbers(&of[1]),
        kind: kind(&of[2]),
        region: region(&of[3]),
        score: of[4].as_f64().unwrap_or(0.0),
        title: of[5].as_u64().map(|n| n as usize),
    };
    args["boxes"].as_array().into_iter().flatten().map(read).collect()
}

fn box_value(b: &WidgetBox) -> Value {
    json!([b.elements, b.texts, b.kind, b.region, b.score, b.title])
}
