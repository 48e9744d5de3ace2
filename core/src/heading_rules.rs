//! Finds an article's title, subtitle, byline and date around its body.

use crate::any_case::folded;
use crate::byline_rules::find_byline;
use crate::date_rules::find_date;
use crate::heading_place::Place;
use crate::title_rules::find_title;
use crate::types::{Heading, Segmented};
use crate::visible_text::El;
use crate::{any_case, memo};

const SUBTITLE: &str = concat!(
    r"(?:^|[\s_-])(?:sub-?title|sub-?head(?:line|ing)?|dek|deck|standfirst|tagline|article-?(?:summary|",
    r"intro|lead)|lead|kicker|entry-subtitle)(?:$|[\s_-])",
);
/// Texts after the title among which a subtitle is looked for, and its letters.
const NEAR: usize = 4;
const SHORTEST: usize = 15;
const LONGEST: f64 = 160.0;

/// The head of the article with this body; `taken`: which elements are other records'.
pub fn find_heading(page: &Segmented<'_>, body: El, taken: &[bool]) -> Heading {
    let title = find_title(page, body, taken);
    let place = Place::new(&page.visible, title, body, taken, true, page.metadata.languages());
    let (byline, date) = (find_byline(&place), find_date(&place));
    let said = byline.and_then(|found| found.element);
    let mut when = date.and_then(|found| found.element);
    if let (Some(said), Some(date)) = (said, when) {
        let (said, date) = (page.visible.e(said), page.visible.e(date));
        // An element that is both is the byline.
        if date.has(said.index) && date.texts() == said.texts() {
            when = None;
        }
    }
    Heading {
        title,
        subtitle: subtitle(&place),
        byline: said,
        date: when,
        byline_text: byline.and_then(|found| found.text),
        date_text: date.and_then(|found| found.text),
    }
}

fn subtitle(place: &Place<'_, '_>) -> Option<El> {
    let page = place.page;
    let last = page.e(place.title?).last;
    let (body, letters) = (page.e(place.body), page.chars(place.body));
    let most = LONGEST.min(0.5 * letters as f64);
    let from = page.elements.partition_point(|e| e.first < last);
    page.elements[from..].iter().take_while(|e| e.first < last + NEAR).map(|e| e.index).find(|&e| {
        let name = page.e(e).name;
        !name.is_empty()
            && !body.has(e)
            && !place.is_taken(e)
            && page.chars(e) > SHORTEST
            && page.chars(e) as f64 <= most
            && is_subtitle(name)
            && !place.stands_elsewhere(e)
    })
}

fn is_subtitle(name: &str) -> bool {
    memo!(memo::NAMES, name, str => bool, any_case!(SUBTITLE).is_match(&folded(name)))
}
