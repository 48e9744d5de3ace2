//! Who wrote the article: what its page shows against what its head says.

use crate::byline_rules::{find_byline, name_beside_date, names_found, names_of};
use crate::bylines::{by, is_byline, is_full_name, is_login, names_in};
use crate::heading_place::place_of;
use crate::parts::PartTexts;
use crate::py;
use crate::source::is_site;
use crate::types::{Role, Source};

/// Texts between a title and the byline right below it; and of one that is still the article's own beside a login.
const RIGHT_BELOW: isize = 6;
const NEAR: isize = 15;
/// Characters of a label and the names behind it.
const LONGEST_LABELLED: usize = 80;

/// The article's authors, and where they are from; None: from its own byline.
pub fn authors_of(texts: &PartTexts<'_, '_>) -> (Vec<String>, Option<Source>) {
    let metadata = &texts.page.metadata;
    let claimed = &metadata.authors;
    let mut shown = shown(texts);
    let is_sites = |name: &String| is_site(name, metadata.site_name.as_deref(), &texts.page.url);
    if !shown.iter().all(is_sites) {
        shown.retain(|name| !is_sites(name));
    }
    if claimed.is_empty() && shown.is_empty() {
        return (labelled(texts), None);
    }
    let better = if metadata.has_weak_authors { is_better } else { says_more };
    if claimed.is_empty() || (!shown.is_empty() && better(texts, &shown, claimed)) {
        return (shown, None);
    }
    (claimed.clone(), Some(metadata.provenance.get("authors").copied().unwrap_or(Source::Markup)))
}

/// The names of the article's byline; where none was labelled, those near its title.
fn shown(texts: &PartTexts<'_, '_>) -> Vec<String> {
    let page = &texts.page.visible;
    let names = names_of(page, &texts.texts(&[Role::Byline]));
    if !names.is_empty() {
        return names;
    }
    if let Some(beside) = name_beside_date(page, &texts.texts(&[Role::Date])) {
        return vec![beside];
    }
    find_byline(&place_of(texts)).map_or_else(Vec::new, |found| names_found(page, &found))
}

/// The names that the page calls the author's, wherever they stand; none where it calls several so.
fn labelled(texts: &PartTexts<'_, '_>) -> Vec<String> {
    let (page, place) = (&texts.page.visible, place_of(texts));
    let mut only: Option<Vec<String>> = None;
    for (n, text) in page.texts.iter().enumerate() {
        let said = py::strip(text.value);
        // A character has four bytes at most.
        if said.len() > 4 * LONGEST_LABELLED || py::len(said) > LONGEST_LABELLED {
            continue;
        }
        let Some(label) = by(said) else { continue };
        // A bare 'by' may be anybody's.
        if !label.has_verb && !label.has_label {
            continue;
        }
        let names = if label.end < said.len() {
            if is_byline(said) { names_in(said) } else { Vec::new() }
        } else {
            match page.texts.get(n + 1) {
                Some(after) if is_full_name(py::strip(after.value)) => names_in(after.value),
                _ => Vec::new(),
            }
        };
        if names.is_empty() || only.as_ref() == Some(&names) || place.stands_elsewhere(text.parent) {
            continue;
        }
        if only.is_some() {
            return Vec::new();
        }
        only = Some(names);
    }
    only.unwrap_or_default()
}

/// Whether the byline is right and the head is not: 'By …' right below the title; one of those the head lists.
fn says_more(texts: &PartTexts<'_, '_>, shown: &[String], claimed: &[String]) -> bool {
    if !shown.iter().all(|name| is_full_name(name)) {
        return false;
    }
    if texts.page.metadata.provenance.get("authors") == Some(&Source::Microdata)
        && shown.iter().all(|name| claimed.contains(name))
        && !claimed.iter().all(|name| shown.contains(name))
    {
        return true;
    }
    below_title(texts).is_some_and(|below| 0 < below && below <= RIGHT_BELOW)
        && texts.line(&[Role::Byline]).is_some_and(|line| by(&line).is_some())
}

/// Whether a byline is better than a site's name or a login; beside a login only one near the title is.
fn is_better(texts: &PartTexts<'_, '_>, shown: &[String], weak: &[String]) -> bool {
    !weak.iter().all(|name| is_login(name))
        || (below_title(texts).is_some_and(|below| below.abs() <= NEAR) && shown.iter().any(|name| is_full_name(name)))
}

/// How many texts after the title, or where the text begins if it has none, the byline begins.
fn below_title(texts: &PartTexts<'_, '_>) -> Option<isize> {
    let place = |at: usize| texts.numbers[at] as isize;
    let byline = texts.roles.iter().position(|&role| role == Role::Byline).map(place)?;
    let title = texts.roles.iter().rposition(|&role| role == Role::Title).map(place);
    let above = title.unwrap_or_else(|| texts.page.visible.e(texts.part.element).first as isize - 1);
    Some(byline - above)
}
