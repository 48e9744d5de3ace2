//! Which texts of an article are captions of its pictures.

use crate::any_case;
use crate::any_case::folded;
use crate::visible_text::{El, Page};

const LONGEST: usize = 400;
/// Elements around a text that may be named a caption.
const AROUND: usize = 3;

/// Whether a text in this element is a picture's caption.
pub fn is_caption(page: &Page<'_>, e: El) -> bool {
    std::iter::successors(Some(e), |&at| page.e(at).parent).take(AROUND).any(|at| {
        let e = page.e(at);
        e.tag == "figcaption" || (!e.name.is_empty() && is_named(e.name) && page.chars(at) < LONGEST)
    })
}

fn is_named(name: &str) -> bool {
    any_case!("caption|credit").is_match(&folded(name))
}
