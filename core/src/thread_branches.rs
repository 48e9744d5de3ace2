//! Parents from lists beside comments: a list or an indented block that follows a comment holds the answers to it.

use crate::hash::Map;

use crate::any_case;
use crate::any_case::folded;
use crate::memo;
use crate::memo::NAMES;
use crate::platforms::also;
use crate::types::Item;
use crate::visible_text::{El, Page};

/// A block of more comments than this is no comment with its answers.
const MOST: usize = 100;

/// Sets the parents of comments that stand in a list beside the comment which they answer; whether it found any.
pub fn nest_by_branch(page: &Page<'_>, items: &mut [Item]) -> bool {
    let mut found = false;
    let places = items.iter().map(|item| item.element).collect();
    let mut branches = Branches { page, places, beside: Map::default() };
    for n in 0..items.len() {
        if items[n].parent.is_none() {
            if let Some(owner) = branches.owner(items, n) {
                items[n].parent = Some(owner);
                found = true;
            }
        }
    }
    found
}

/// The comments' blocks, and of each element that was asked about its children that hold some, lists of answers left
/// out.
struct Branches<'a, 'p> {
    page: &'a Page<'p>,
    places: Vec<El>,
    beside: Map<El, Vec<El>>,
}

impl Branches<'_, '_> {
    /// The comment that the nearest list of answers around an item follows.
    fn owner(&mut self, items: &[Item], n: usize) -> Option<usize> {
        let mut branch = items[n].element;
        for up in self.page.ancestors(items[n].element) {
            if holds_answers(self.page, branch, up) {
                if let Some(owner) = self.last_beside(items, branch, up) {
                    return Some(owner);
                }
            }
            branch = up;
        }
        None
    }

    /// The last comment before a list of answers that stands beside it, and in no list of answers itself.
    fn last_beside(&mut self, items: &[Item], branch: El, up: El) -> Option<usize> {
        let Branches { page, places, beside } = self;
        let within = |child: El| {
            let from = places.partition_point(|&place| place < child);
            from..from + places[from..].partition_point(|&place| place < page.e(child).end)
        };
        let holders = beside.entry(up).or_insert_with(|| {
            let children = page.e(up).children.iter().copied();
            children.filter(|&child| !within(child).is_empty() && !holds_answers(page, child, up)).collect()
        });
        let child = *holders[..holders.partition_point(|&child| child < branch)].last()?;
        let is_top = |n: &usize| items[*n].parent.is_none_or(|parent| !page.e(child).has(items[parent].element));
        let mut tops = within(child).take(MOST).filter(is_top);
        let top = tops.next();
        top.filter(|_| tops.next().is_none())
    }
}

fn holds_answers(page: &Page<'_>, branch: El, up: El) -> bool {
    let branch = page.e(branch);
    is_named_answers(branch.name)
        || (matches!(branch.tag, "ul" | "ol" | "dl") && matches!(page.e(up).tag, "li" | "dd"))
}

fn is_named_answers(name: &str) -> bool {
    !name.is_empty()
        && memo!(NAMES, name, str => bool, {
            let answers = any_case!(format!(
                r"(?:^|[\s_-])(?:children|child-?(?:comments|posts|list)|repl(?:ies|y-?(?:list|thread|container))|nested|sub-?(?:comments?|thread|replies)|inner-?comments{})(?:$|[\s_-])",
                also("answers")
            ));
            answers.is_match(&folded(name))
        })
}
