//! Paths: where on the page each record stands, in the child sequences of EPUB Canonical Fragment Identifiers.
//!
//! Of an element's children the elements have the numbers 2, 4, 6 …, and the text before, between and after them 1, 3,
//! 5 … (https://idpf.org/epub/linking/cfi/ 2.1). `/4` is body, the second child of `html`. A path may end in
//! neighbours: `/4/2/6-11`.

use std::fmt::Write;

use crate::hash::Map;

use crate::types::{Label, Part, PartId, PartKind};
use crate::visible_text::{El, Page, Tx};

const BODY: &str = "/4";
/// Of one record; the first are kept. 9 in 10 records have one, and 5 of 6,800 of real pages this many.
pub const MOST: usize = 50;
/// What stands deeper has no path, so that a page of nothing but depth does not become megabytes of them. Real pages
/// have some 50 levels.
const DEEPEST: usize = 100;

/// Texts that follow each other and are of one record: of which part, the first, and behind the last.
struct Run {
    part: PartId,
    first: Tx,
    last: Tx,
}

/// Children of an element: itself, the first and the last of them; None with body alone.
struct Span {
    parent: Option<El>,
    first: usize,
    last: usize,
}

/// The paths of each part, in document order: the largest elements whose texts are all its own, neighbours as one path;
/// a text whose parent holds another part's by itself.
pub fn paths_of(page: &Page<'_>, parts: &[Part], labels: &[Label]) -> Map<PartId, Vec<String>> {
    let mut paths: Map<PartId, Vec<String>> = Map::default();
    let runs = runs(parts, labels);
    for (n, run) in runs.iter().enumerate() {
        // Texts of no record may stand before and after.
        let start = if n > 0 { runs[n - 1].last } else { 0 };
        let end = runs.get(n + 1).map_or(page.texts.len(), |next| next.first);
        let its = paths.entry(run.part).or_default();
        if its.len() < MOST {
            add_spans(page, run, start, end, its);
        }
    }
    paths
}

fn runs(parts: &[Part], labels: &[Label]) -> Vec<Run> {
    let mut found: Vec<Run> = Vec::new();
    for (n, label) in labels.iter().enumerate() {
        match found.last_mut() {
            Some(run) if run.part == label.part => run.last = n + 1,
            _ if parts[label.part].kind != PartKind::Hidden => {
                found.push(Run { part: label.part, first: n, last: n + 1 });
            }
            _ => {}
        }
    }
    found
}

/// Adds the fewest that hold the texts of one run, and none before `start` or from `end` on.
fn add_spans(page: &Page<'_>, run: &Run, mut start: Tx, end: Tx, paths: &mut Vec<String>) {
    let mut span: Option<Span> = None;
    let mut n = run.first;
    while n < run.last {
        let text = page.t(n);
        let mut at = Some(text.parent);
        let mut place = text.place;
        n += 1;
        while let Some(top) = at.map(|at| page.e(at)).filter(|e| e.first >= start && e.last <= end) {
            (at, place, n) = (top.parent, top.place, top.last);
        }
        start = n;
        match &mut span {
            Some(span) if span.parent == at => span.last = place,
            _ => {
                let next = Span { parent: at, first: place, last: place };
                add(page, span.replace(next), paths);
                if paths.len() >= MOST {
                    return;
                }
            }
        }
    }
    add(page, span, paths);
}

/// Adds a path as it is written, but for what stands too deep.
fn add(page: &Page<'_>, span: Option<Span>, paths: &mut Vec<String>) {
    let Some(Span { parent, first, last }) = span else { return };
    let Some(parent) = parent else { return paths.push(BODY.to_owned()) };
    if page.e(parent).depth >= DEEPEST {
        return;
    }
    let mut steps = [0; DEEPEST];
    let mut depth = 0;
    let mut at = page.e(parent);
    while let Some(above) = at.parent {
        steps[depth] = at.place;
        depth += 1;
        at = page.e(above);
    }
    let mut path = String::with_capacity(4 * (depth + 3));
    path.push_str(BODY);
    for place in steps[..depth].iter().rev() {
        let _ = write!(path, "/{place}");
    }
    let _ = if first == last { write!(path, "/{first}") } else { write!(path, "/{first}-{last}") };
    paths.push(path);
}
