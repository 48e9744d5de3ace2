//! What the names of an element, its id and its classes, say of it: the kind of widget and groups of words. Each name is
//! read once, and of names that are new each id and class.

use crate::keywords::{kind_at, rank_of_token, MOST_TOKENS, NONE};
use crate::memo::{NAMES, WORDS};
use crate::name_groups::groups_of_token;
use crate::types::WidgetKind;
use crate::{memo, py};

#[derive(Clone, Copy)]
struct Said {
    /// The place of the first kind that is spoken of.
    rank: u8,
    /// Bit n for `name_groups::GROUPS[n]`.
    groups: u64,
}

fn said(name: &str) -> Said {
    let of_token = |token| {
        memo!(WORDS, token, str => Said, Said { rank: rank_of_token(token), groups: groups_of_token(token) })
    };
    memo!(NAMES, name, str => Said, {
        py::words(name).take(MOST_TOKENS).map(of_token).fold(Said { rank: NONE, groups: 0 }, |all, one| {
            Said { rank: all.rank.min(one.rank), groups: all.groups | one.groups }
        })
    })
}

/// The widget kind that id and classes speak of.
pub fn kind_of_name(name: &str) -> Option<WidgetKind> {
    if name.is_empty() {
        return None;
    }
    kind_at(said(name).rank)
}

/// The groups that id and classes speak of: bit n for `name_groups::GROUPS[n]`.
pub fn groups_of_name(name: &str) -> u64 {
    said(name).groups
}
