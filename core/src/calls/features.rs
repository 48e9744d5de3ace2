//! What of blocks, columns, features and models can be asked for by itself.

use serde_json::{json, Value};

use super::{maybe, moment, text, texts, with_page};
use crate::arrays::Arrays;
use crate::block_words::{word_columns, Lower, WORD_COLUMNS};
use crate::blocks::{blocks_of, smallest_with};
use crate::columns::Columns;
use crate::exports::with_models;
use crate::feature_names::{NAMES, PAGE_NAMES};
use crate::features::{features, page_row};
use crate::kind_words::{names_of, words_of, KindWords};
use crate::metadata::Metadata;
use crate::models::choose;
use crate::name_groups::groups_of_name;
use crate::phrases::points_elsewhere;
use crate::topic_words::{topics, TOPICS};
use crate::trees::Trees;
use crate::types::{Matrix, Region, Segmented, WidgetBox, WidgetKind};

/// The answer of a function by its name; None where this file has none of that name.
pub fn call(name: &str, args: &Value) -> Option<Value> {
    match name {
        "blocks" => Some(with_page(args, |_, page| {
            let blocks = blocks_of(page);
            json!([blocks.owners, blocks.first, blocks.last, blocks.texts, blocks.of_text])
        })),
        "smallest_with" => Some(with_page(args, |_, page| {
            json!(smallest_with(page, &blocks_of(page), &floats(args, "weight"), args["share"].as_f64().unwrap_or(0.0)))
        })),
        "groups_of_name" => {
            let bits = groups_of_name(text(args, "name"));
            Some((0..64).filter(|n| bits >> n & 1 == 1).collect())
        }
        "groups_of_names" => Some(texts(args, "names").into_iter().map(groups_of_name).collect()),
        "columns" => Some(with_page(args, |_, page| {
            let tree = Columns::new(page, &blocks_of(page));
            let names: Vec<_> = (0..tree.len()).map(|e| tree.names(e).to_vec()).collect();
            let around: Vec<_> = (0..tree.len()).map(|e| tree.around(e).to_vec()).collect();
            json!({
                "parent": tree.parent, "depth": tree.depth, "has_text": tree.has_text, "first": tree.first,
                "last": tree.last, "kind": tree.kind, "siblings": tree.siblings, "path": tree.path, "names": names,
                "around": around, "bigger": tree.next_bigger(),
            })
        })),
        "features" => Some(with_claims(args, |page| {
            let blocks = blocks_of(&page.visible);
            json!(bytes(&features(page, &blocks, &Columns::new(&page.visible, &blocks)).data))
        })),
        "feature_names" => Some(json!([*NAMES, *PAGE_NAMES])),
        "judge" => with_models(|models| with_claims(args, |page| {
            let blocks = blocks_of(&page.visible);
            let rows = features(page, &blocks, &Columns::new(&page.visible, &blocks));
            let in_thread: Vec<bool> = floats(args, "in_thread").iter().map(|&n| n > 0.0).collect();
            let kinds = models.kinds(&rows, &in_thread);
            let mains = models.mains(&rows, &in_thread, &kinds);
            json!([bytes(&page_row(&rows, &in_thread)), bytes(&kinds), bytes(&mains)])
        })),
        "trees" => with_models(|models| {
            let trees = match text(args, "model") {
                "kind" => &models.kind,
                "main" => &models.main,
                "whole" => &models.whole,
                _ => &models.widget,
            };
            let rows = rows(args);
            json!([bytes(&trees.raw(&(&rows).into()).data), bytes(&trees.probabilities(&rows).data)])
        }),
        // The same of an ensemble given, `arrays` in hexadecimal digits.
        "ensemble" => Some(with_arrays(args, |arrays| {
            let trees = Trees::load(arrays, "trees")?;
            let rows = rows(args);
            let probabilities = bytes(&trees.probabilities(&rows).data);
            Ok(json!([bytes(&trees.raw(&(&rows).into()).data), probabilities, bytes(&trees.probability(&rows))]))
        })),
        "scores" => with_models(|models| {
            let words = if text(args, "model") == "texts" { &models.texts } else { &models.names };
            score(words, &args["words"])
        }),
        // The same of words given, `arrays` in hexadecimal digits, for many lists.
        "learnt_scores" => Some(with_arrays(args, |arrays| {
            let words = KindWords::load(arrays, "learnt")?;
            Ok(args["words"].as_array().into_iter().flatten().map(|some| score(&words, some)).collect())
        })),
        "topic_columns" => {
            let of_topics = ["words", "share"].map(|what| TOPICS.map(|(topic, _)| format!("{what}_{topic}"))).concat();
            let others = ["telephone", "sentences", "share_sentences", "words", "capitals"].map(str::to_owned);
            Some(json!([of_topics, others.to_vec()].concat()))
        }
        "word_column_names" => Some(json!(WORD_COLUMNS)),
        "word_columns" => {
            let said: Vec<String> = texts(args, "texts").into_iter().map(str::to_owned).collect();
            Some(json!(bytes(&word_columns(&said, &Lower::of(&said)).data)))
        }
        "points_elsewhere" => Some(texts(args, "texts").into_iter().map(points_elsewhere).collect()),
        "topics" => Some(texts(args, "texts").into_iter().map(topics).collect()),
        "choose" => Some(json!(choose(&floats(args, "p"), &floats(args, "words")))),
        "box_words" => Some(with_claims(args, |page| {
            let numbers = |n: &Value| -> Vec<usize> {
                let all = n.as_array().map(Vec::as_slice).unwrap_or_default();
                all.iter().filter_map(Value::as_u64).map(|n| n as usize).collect()
            };
            let boxes = args["boxes"].as_array().map(Vec::as_slice).unwrap_or_default();
            let said = boxes.iter().map(|each| {
                let of = WidgetBox {
                    elements: numbers(&each[0]),
                    texts: numbers(&each[1]),
                    kind: WidgetKind::Text,
                    region: Region::Inline,
                    score: 0.0,
                    title: None,
                };
                json!([words_of(page, &of), names_of(page, &of)])
            });
            said.collect()
        })),
        _ => None,
    }
}

/// Reads the page in the arguments; what it says of itself is given with them (`claims`).
fn with_claims<T>(args: &Value, ask: impl FnOnce(&Segmented<'_>) -> T) -> T {
    let arena = bumpalo::Bump::new();
    let dom = crate::dom::Dom::read(text(args, "html"), &arena);
    let claims = &args["claims"];
    let own = |name: &str| maybe(claims, name).map(str::to_owned);
    let all = |name: &str| texts(claims, name).into_iter().map(str::to_owned).collect();
    let metadata = Metadata {
        title: own("title"),
        headline: own("headline"),
        description: own("description"),
        article_body: own("article_body"),
        og_type: own("og_type"),
        types: all("types"),
        authors: all("authors"),
        published_at: moment(claims, "published_at"),
        comment_count: claims["comment_count"].as_u64(),
        ..Metadata::default()
    };
    let page =
        Segmented { visible: crate::reader::visible(&dom, &arena), metadata, url: text(claims, "url").to_owned() };
    ask(&page)
}

/// Reads `arrays`, in hexadecimal digits, and hands them on; where they are wrong the answer says so.
fn with_arrays(args: &Value, ask: impl FnOnce(&Arrays<'_>) -> Result<Value, String>) -> Value {
    let blob = bytes_of(text(args, "arrays"));
    Arrays::read(&blob).and_then(|arrays| ask(&arrays)).unwrap_or_else(Value::String)
}

/// `rows` in hexadecimal digits, of so many `columns`.
fn rows(args: &Value) -> Matrix {
    let data = from_hex(text(args, "rows"));
    let columns = args["columns"].as_u64().unwrap_or(1).max(1) as usize;
    Matrix { rows: data.len() / columns, columns, data }
}

/// What words say of each kind together.
fn score(words: &KindWords, said: &Value) -> Value {
    let said: Vec<String> = said.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    let mut found = vec![0.0; words.kinds()];
    words.score(&said, &mut found);
    json!(bytes(&found))
}

/// Single floats as they lie in memory, in hexadecimal digits.
fn bytes(numbers: &[f32]) -> String {
    let digits = b"0123456789abcdef";
    let each = numbers.iter().flat_map(|n| n.to_le_bytes());
    each.flat_map(|byte| [digits[usize::from(byte >> 4)], digits[usize::from(byte & 15)]]).map(char::from).collect()
}

/// What `bytes` makes of single floats, read back.
fn from_hex(text: &str) -> Vec<f32> {
    bytes_of(text).as_chunks().0.iter().map(|four| f32::from_le_bytes(*four)).collect()
}

/// What hexadecimal digits stand for.
fn bytes_of(text: &str) -> Vec<u8> {
    let digit = |c: u8| char::from(c).to_digit(16).unwrap_or(0) as u8;
    text.as_bytes().chunks_exact(2).map(|two| digit(two[0]) << 4 | digit(two[1])).collect()
}

/// An argument that is a list of numbers.
fn floats(args: &Value, name: &str) -> Vec<f32> {
    let all = args[name].as_array();
    all.map(|all| all.iter().map(|n| n.as_f64().unwrap_or(0.0) as f32).collect()).unwrap_or_default()
}
