//! Parents from levels: where a thread is a flat list whose comments say how deep they stand, by an attribute, a class
//! ('depth-2'), an indentation, or the width of an empty image.

use std::ops::Range;

use regex::Regex;

use crate::any_case;
use crate::any_case::folded;
use crate::platforms::{also, named};
use crate::py;
use crate::types::Item;
use crate::visible_text::{El, Element, Page};

/// Elements at a comment's beginning among which a spacer is looked for.
const FIRST: usize = 10;
/// Threads show at most so many levels; more values are something else (a user's points).
const MOST_LEVELS: usize = 25;
/// Share of the comments that must have an attribute or class, and that may stand more than one level below the last
/// (its parent was removed).
const MOST_HAVE: f64 = 0.8;
const MAY_JUMP: f64 = 0.1;

/// A level for each comment, None where it has none.
type Levels = Vec<Option<f64>>;

/// Attributes that say a level, the platforms' among them.
fn attributes() -> Vec<&'static str> {
    let any = [
        "data-depth",
        "data-level",
        "data-comment-depth",
        "data-comment-level",
        "data-indent",
        "data-nesting-level",
        "aria-level",
        "level",
    ];
    named("depth").into_iter().chain(any).chain(named("indent")).collect()
}

/// Those that any of these elements has, in their order.
fn present<'p>(elements: impl Iterator<Item = &'p Element<'p>>) -> Vec<&'static str> {
    let all = attributes();
    let mut has = vec![false; all.len()];
    for (name, _) in elements.flat_map(|e| e.attrs) {
        if let Some(at) = all.iter().position(|attribute| attribute == name) {
            has[at] = true;
        }
    }
    all.into_iter().zip(has).filter(|&(_, has)| has).map(|(name, _)| name).collect()
}

/// Sets the parents of a flat list's comments by their levels; whether it found any.
pub fn nest_by_level(page: &Page<'_>, items: &mut [Item]) -> bool {
    match levels_of(page, items) {
        Some(levels) => {
            nest(items, &levels);
            true
        }
        None => false,
    }
}

/// The levels of all comments by the first of the sources that reads like a thread's.
fn levels_of(page: &Page<'_>, items: &[Item]) -> Option<Vec<f64>> {
    let wrappers: Vec<Vec<El>> = (0..items.len()).map(|n| wrappers(page, items, n)).collect();
    let by_wrapper = |level: &dyn Fn(&Element<'_>) -> Option<f64>| -> Levels {
        wrappers.iter().map(|around| around.iter().find_map(|&e| level(page.e(e)))).collect()
    };
    let by_start = |level: &dyn Fn(&Element<'_>) -> Option<f64>| -> Levels {
        items.iter().map(|item| page.elements[start(page, item)].iter().find_map(level)).collect()
    };
    for name in present(wrappers.iter().flatten().map(|&e| page.e(e))) {
        if let Some(levels) = as_thread(by_wrapper(&|e| decimal(e.get(name))), false) {
            return Some(levels);
        }
    }
    for name in named("indent") {
        if let Some(levels) = as_thread(by_start(&|e| decimal(e.get(name))), false) {
            return Some(levels);
        }
    }
    let named = any_case!(format!(
        r"(?:^|[\s_-])(?:depth|level|lvl|indent|nest(?:ed|ing)?|offset|tier{})(?:-?level)?[-_]?(\d{{1,2}})(?:$|\s)",
        also("level")
    ));
    let indented = any_case!(
        r"(?:^|[;\s])(?:(?:margin|padding)-(?:left|inline-start)\s*:\s*|margin\s*:\s*[^\s]+\s+[^\s]+\s+[^\s]+\s+)(\d+(?:\.\d+)?)(?:px|r?em|%|ch)"
    );
    as_thread(by_wrapper(&|e| number(named, e.get("class"))), false)
        .or_else(|| as_thread(by_wrapper(&|e| number(indented, e.get("style"))), true))
        .or_else(|| as_thread(by_start(&spacer), true))
}

/// The levels, where they may be a thread's; comments without one stand at the top where they `may_lack` it.
fn as_thread(values: Levels, may_lack: bool) -> Option<Vec<f64>> {
    let known = || values.iter().flatten().copied();
    let first = known().next()?;
    if known().all(|value| value == first) {
        return None;
    }
    if !may_lack && (known().count() as f64) < MOST_HAVE * values.len() as f64 {
        return None;
    }
    let least = if may_lack { 0.0 } else { known().fold(first, f64::min) };
    let levels: Vec<f64> = values.into_iter().map(|value| value.unwrap_or(least)).collect();
    is_thread(&levels).then_some(levels)
}

/// A comment's block and the elements around it that hold no other comment.
fn wrappers(page: &Page<'_>, items: &[Item], n: usize) -> Vec<El> {
    let element = items[n].element;
    let before = n.checked_sub(1).map(|before| items[before].element);
    let after = items.get(n + 1).map(|after| after.element);
    let is_its = |&up: &El| {
        let around = page.e(up);
        before.is_none_or(|before| up > before)
            && after.is_none_or(|after| after >= around.end)
            && around.tag != "body"
    };
    std::iter::once(element).chain(page.ancestors(element).take_while(is_its)).collect()
}

/// The first elements in a comment's block.
fn start(page: &Page<'_>, item: &Item) -> Range<El> {
    let inside = page.inside(item.element);
    inside.start + 1..inside.end.min(inside.start + FIRST)
}

fn decimal(value: &str) -> Option<f64> {
    if value.is_empty() || !value.chars().all(py::is_decimal) {
        return None;
    }
    float(value)
}

/// The number that a pattern's group finds.
fn number(pattern: &Regex, value: &str) -> Option<f64> {
    // A level has a digit.
    if !value.chars().any(py::is_decimal) {
        return None;
    }
    let low = folded(value);
    let found = pattern.captures(&low)?;
    float(found.get(1)?.as_str())
}

/// What `float` makes of digits of any script and a point.
fn float(digits: &str) -> Option<f64> {
    if digits.is_ascii() {
        return digits.parse().ok();
    }
    let ascii = |c| py::digit(c).and_then(|digit| char::from_digit(digit, 10)).unwrap_or(c);
    digits.chars().map(ascii).collect::<String>().parse().ok()
}

/// The width of an image one pixel high.
fn spacer(e: &Element<'_>) -> Option<f64> {
    if e.tag == "img" && matches!(e.get("height"), "0" | "1") {
        decimal(e.get("width"))
    } else {
        None
    }
}

/// Whether these may be a thread's levels: from the top, and each at most one below the one before.
fn is_thread(levels: &[f64]) -> bool {
    let mut order: Vec<f64> = Vec::with_capacity(MOST_LEVELS + 1);
    for &level in levels {
        let at = order.partition_point(|&other| other < level);
        if order.get(at) != Some(&level) {
            order.insert(at, level);
        }
        if order.len() > MOST_LEVELS {
            return false;
        }
    }
    if order.len() < 2 || levels[0] != order[0] {
        return false;
    }
    let rank = |level: f64| order.partition_point(|&other| other < level);
    let jumps = levels.windows(2).filter(|pair| rank(pair[1]) > rank(pair[0]) + 1).count();
    jumps as f64 <= MAY_JUMP * levels.len() as f64
}

fn nest(items: &mut [Item], levels: &[f64]) {
    let mut opened: Vec<(f64, usize)> = Vec::new();
    for (n, &level) in levels.iter().enumerate() {
        while opened.last().is_some_and(|&(above, _)| above >= level) {
            opened.pop();
        }
        items[n].parent = opened.last().map(|&(_, above)| above);
        opened.push((level, n));
    }
}
