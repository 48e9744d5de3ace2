//! What of blocks, words and models can be asked for by itself.

use serde_json::{json, Value};

use super::{text, texts, with_page, with_segmented};
use crate::arrays::Arrays;
use crate::block_words::{word_columns, Lower, WORD_COLUMNS};
use crate::blocks::{blocks_of, smallest_with};
use crate::kind_words::{names_of, words_of, KindWords};
use crate::models::choose;
use crate::names::groups_of_name;
use crate::phrases::points_elsewhere;
use crate::topic_words::{topics, TOPICS};
use crate::trees::Trees;
use crate::types::{Matrix, Region, WidgetBox, WidgetKind};

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
        "groups_of_names" => Some(texts(args, "names").into_iter().map(groups_of_name).collect()),
        // Of an ensemble given, `arrays` in hexadecimal digits.
        "ensemble" => Some(with_arrays(args, |arrays| {
            let trees = Trees::load(arrays, "trees")?;
            let rows = rows(args);
            let probabilities = bytes(&trees.probabilities(&rows).data);
            Ok(json!([bytes(&trees.raw(&(&rows).into()).data), probabilities, bytes(&trees.probability(&rows))]))
        })),
        // Of words given, `arrays` in hexadecimal digits, for many lists.
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
        "needs_decoding" => Some(crate::encodings::as_it_is(&bytes_of(text(args, "body"))).is_none().into()),
        "choose" => Some(json!(choose(&floats(args, "p"), &floats(args, "words")))),
        "box_words" => Some(with_segmented(args, |page| {
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
    let mut found = vec![0.0; words.kinds()];
    words.score(said.as_array().into_iter().flatten().filter_map(Value::as_str), &mut found);
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
