//! Segments: a page's visible text cut into runs of one role in one record, in document order.
//!
//! Labels are given to text nodes, so a run may end in mid-line (a byline, then a date); runs never cross a line.

use crate::hash::Map;

use crate::py;
use crate::types::{Labelled, PartId, Segment};
use crate::visible_text::{El, Page, Tx};

/// A record's text from its text nodes: NFC, white space collapsed, paragraphs parted by a blank line.
pub fn paragraphs(page: &Page<'_>, texts: &[Tx]) -> String {
    let mut out = String::new();
    let mut raw = String::new();
    let mut at = 0;
    while at < texts.len() {
        let line = page.t(texts[at]).line;
        let end = at + texts[at..].iter().take_while(|&&n| page.t(n).line == line).count();
        let before = out.len();
        if before > 0 {
            out.push_str("\n\n");
        }
        let begun = out.len();
        push_line(page, &texts[at..end], &mut out, &mut raw);
        if out.len() == begun {
            out.truncate(before);
        }
        at = end;
    }
    match py::nfc(&out) {
        std::borrow::Cow::Borrowed(_) => out,
        std::borrow::Cow::Owned(composed) => composed,
    }
}

/// One line's texts; line breaks in it are kept, in preformatted text with the spaces before and after them. `raw` is
/// room to work in.
fn push_line(page: &Page<'_>, texts: &[Tx], out: &mut String, raw: &mut String) {
    if let [only] = texts {
        let only = page.t(*only);
        if !only.preformatted {
            // As read: white space collapsed, a line break at its end at most.
            out.push_str(py::strip(only.value));
            return;
        }
    }
    raw.clear();
    let mut preformatted = false;
    for (n, &text) in texts.iter().enumerate() {
        let text = page.t(text);
        if n > 0 && !text.glued {
            raw.push(' ');
        }
        raw.push_str(text.value);
        preformatted |= text.preformatted;
    }
    if preformatted {
        out.push_str(raw.trim_matches('\n').trim_end_matches(py::is_space));
        return;
    }
    let begun = out.len();
    for part in raw.split('\n') {
        let part = py::collapse(part);
        if !part.is_empty() {
            if out.len() > begun {
                out.push('\n');
            }
            out.push_str(&part);
        }
    }
}

/// The first 2,000 characters of the page's text, to tell its language by.
pub fn line_of_page(page: &Page<'_>) -> String {
    let mut line = String::new();
    for (n, text) in page.texts.iter().take(200).enumerate() {
        if n > 0 {
            line.push(' ');
        }
        line.push_str(text.value);
        if line.len() > 4 * 2000 {
            break;
        }
    }
    line.truncate(py::head(&line, 2000).len());
    line
}

/// The segments of a page; `ids` has the record id of each part. Text that is not visible has none.
pub fn segments(page: &Page<'_>, labelled: &Labelled, ids: &Map<PartId, String>) -> Vec<Segment> {
    let mut found = Vec::new();
    let mut raw = String::new();
    let shown = |n: &Tx| page.t(*n).visible;
    let texts: Vec<Tx> = (0..page.texts.len().min(labelled.labels.len())).filter(shown).collect();
    let key = |n: Tx| (page.t(n).line, labelled.labels[n].part, labelled.labels[n].role);
    let mut at = 0;
    while at < texts.len() {
        let (_, part, role) = key(texts[at]);
        let end = at + texts[at..].iter().take_while(|&&n| key(n) == key(texts[at])).count();
        let run = &texts[at..end];
        let mut text = String::new();
        push_line(page, run, &mut text, &mut raw);
        let score = run.iter().map(|&n| labelled.labels[n].score).fold(f64::INFINITY, f64::min);
        found.push(Segment {
            text,
            record: ids.get(&part).cloned(),
            role,
            score: thousandths(score),
            path: path(page, page.t(run[0]).parent),
        });
        at = end;
    }
    found
}

/// `round(x, 3)`: what is written with three places is the nearest such number of all that the binary one can mean.
fn thousandths(x: f64) -> f64 {
    format!("{x:.3}").parse().unwrap_or(x)
}

/// Where an element stands, like a CSS selector: at most the four nearest elements with an id or a class.
pub fn path(page: &Page<'_>, e: El) -> String {
    let mut steps: Vec<String> = Vec::with_capacity(4);
    let mut at = Some(e);
    while let Some(number) = at {
        if steps.len() == 4 {
            break;
        }
        let step = page.e(number);
        let mut names = py::words(step.name).take(2).peekable();
        if names.peek().is_some() || number == e {
            let mut own = String::from(step.tag);
            let ident = step.get("id");
            if ident.is_empty() {
                for name in names {
                    own.push('.');
                    own.push_str(name);
                }
            } else {
                own.push('#');
                own.push_str(ident);
            }
            steps.push(own);
        }
        at = step.parent;
    }
    steps.reverse();
    steps.join(" ")
}
