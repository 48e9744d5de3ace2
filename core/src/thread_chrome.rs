//! What stands around a thread and is none of its words: '4 comments:', 'Load more …', 'Sort by'.

use crate::any_case;
use crate::any_case::folded;
use crate::py;
use crate::types::{Label, Part, PartId, Role};
use crate::visible_text::{El, Page};

/// Characters that such a text has fewer than.
const LONGEST: usize = 80;

/// Labels such texts chrome of the article, or of the first comment where there is none; `first`: its block.
pub fn label_thread_chrome(
    page: &Page<'_>,
    parts: &[Part],
    first: El,
    labels: &mut [Option<Label>],
    article: Option<PartId>,
) {
    let stands = article.map(|part| parts[part].element);
    let is_thread = |up: &El| page.e(*up).tag != "body" && !stands.is_some_and(|place| page.e(*up).has(place));
    let around = page.ancestors(first).take_while(is_thread).last().unwrap_or(first);
    let of_comment = || labels[page.e(first).texts()].iter().flatten().next().map(|label| label.part);
    let Some(part) = article.or_else(of_comment) else { return };
    for n in page.e(around).texts() {
        if labels[n].is_none() && is_chrome(page.t(n).value) {
            labels[n] = Some(Label { part, role: Role::Chrome, score: 0.6 });
        }
    }
}

fn is_chrome(text: &str) -> bool {
    // Characters have four bytes at most.
    if text.len() >= 4 * LONGEST || py::len(text) >= LONGEST {
        return false;
    }
    any_case!(concat!(
        r"^\W*\d*\W*(?:\d+ )?(?:comments?|repl(?:y|ies)|answers?|responses?|load more|show more|view (?:all|",
        r"more)|more comments|sort(?:ed)? by|newest|oldest|best|",
        r"kommentare?|commentaires?|comentarios?|comentários?|commenti|komentarze|reacties|комментари\w*|",
        r"σχόλια|yorum\w*|コメント)(?:[^\w\n].{0,59})?$",
    ))
    .is_match(&folded(py::strip(text)))
}
