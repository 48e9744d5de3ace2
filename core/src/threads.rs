//! A thread's shape: which comment answers which, beyond those that stand inside one another.

use crate::reply_references::{nest_by_mention, nest_by_reference};
use crate::thread_branches::nest_by_branch;
use crate::thread_levels::nest_by_level;
use crate::types::Item;
use crate::visible_text::Page;

/// Sets the parents that blocks inside one another do not show. What the page's structure says comes first; a parent
/// that a comment names by id is surer than any; '@name' counts only where nothing else makes a thread of a page.
pub fn link_replies(page: &Page<'_>, items: &mut [Item]) {
    if items.len() < 2 {
        return;
    }
    let inside = items.iter().any(|item| item.parent.is_some());
    let beside = nest_by_branch(page, items);
    let nested = inside || beside || nest_by_level(page, items);
    nest_by_reference(page, items);
    if !nested {
        nest_by_mention(page, items);
    }
}
