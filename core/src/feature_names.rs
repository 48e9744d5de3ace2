//! The names of the columns that blocks and pages have for the models (`features`), and where each stands.

use std::sync::LazyLock;

use crate::hash::Map;

use crate::block_words::WORD_COLUMNS;
use crate::columns::{AROUND, STEPS};
use crate::name_groups::GROUPS;
use crate::page_columns;

/// What is told of each element around a block.
pub const CONTAINER: [&str; 10] =
    ["chars", "share", "links", "marks", "p", "heads", "blocks", "function_words", "siblings", "place"];
const NEIGHBOUR: [&str; 4] = ["chars", "links", "heading", "sentence"];
const NEXT: [&str; 7] = ["chars", "links", "heading", "sentence", "tag", "function_words", "points"];

/// The columns of a block, in order.
pub static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut names: Vec<String> = Vec::new();
    let mut add = |more: &str| names.extend(more.split(' ').map(str::to_owned));
    add(&WORD_COLUMNS.join(" "));
    add("link_share tag heading emphasis pieces");
    add("place place_share before depth");
    GROUPS.iter().for_each(|(group, _)| add(&format!("name_{group}")));
    AROUND.iter().for_each(|tag| add(&format!("in_{tag}")));
    for n in 0..=STEPS {
        CONTAINER.iter().for_each(|column| add(&format!("up{n}_{column}")));
    }
    add("alike alike_chars alike_links alike_mean");
    for by in [-3, -2, -1, 1, 2, 3i32] {
        let columns = if by.abs() == 1 { &NEXT[..] } else { &NEIGHBOUR[..] };
        columns.iter().for_each(|column| add(&format!("next{by}_{column}")));
    }
    for half in [4, 12, 30] {
        ["prose", "links", "marks"].iter().for_each(|column| add(&format!("window{half}_{column}")));
    }
    add("section_distance section_kind section_prose section_ahead section_level");
    add("like_title like_description like_body is_title after_title");
    page_columns::names().for_each(|name| add(&format!("page_{name}")));
    names
});

static PLACES: LazyLock<Map<&str, usize>> =
    LazyLock::new(|| NAMES.iter().enumerate().map(|(n, name)| (name.as_str(), n)).collect());

/// Where a block's column stands, by its name; panics where there is none of that name.
pub fn at(name: &str) -> usize {
    PLACES.get(name).copied().unwrap_or_else(|| panic!("no column {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::{self, *};

    #[test]
    fn columns_stand_where_they_are_said_to_stand() {
        assert_eq!((NAMES.len(), PAGE_NAMES.len()), (features::WIDTH, features::PAGE_WIDTH));
        let places = [
            ("chars", CHARS),
            ("marks", MARKS),
            ("function_words", FUNCTION_WORDS),
            ("copyright", COPYRIGHT),
            ("price", PRICE),
            ("date", DATE),
            ("read_more", READ_MORE),
            ("points", POINTS),
            ("link_share", LINK_SHARE),
            ("tag", TAG),
            ("heading", HEADING),
            ("name_comment", NAMES_FROM),
            ("in_nav", AROUND_FROM),
            ("alike", ALIKE),
            ("page_blocks", PAGE_FROM),
        ];
        for (name, place) in places {
            assert_eq!(at(name), place, "{name}");
        }
    }
}
