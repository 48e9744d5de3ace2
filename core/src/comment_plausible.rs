//! Whether blocks that are named like comments read like some: they say who or when, and are more than links.

use crate::hash::Set;

use crate::any_case::after;
use crate::comment_groups::Group;
use crate::comment_names::is_flarum;
use crate::comment_signatures::{names_author, says_when};
use crate::py;
use crate::types::Family;
use crate::visible_text::{El, Page, Tx};

/// Blocks of a group that are looked at: for a date, for an author or a heading.
const DATED: usize = 20;
const FIRST: usize = 10;
/// Elements of a block among which its author is looked for.
const INSIDE: usize = 400;
/// Characters that a text which may be a date is shorter than.
const LONGEST_DATE: usize = 120;
/// A heading of a number and a date has no more letters than a month.
const LETTERS: usize = 10;

/// A page whose blocks are looked at.
pub struct Finder<'a, 'p> {
    pub page: &'a Page<'p>,
    /// Of each text whether it says when, as far as it is known: blocks stand in one another.
    dates: Vec<Option<bool>>,
}

impl<'a, 'p> Finder<'a, 'p> {
    pub fn new(page: &'a Page<'p>) -> Self {
        Finder { page, dates: Vec::new() }
    }

    /// Whether a group may be a thread: comments say who or when, and are more than links.
    pub fn is_plausible(&mut self, group: &Group, alone: bool) -> bool {
        let (page, elements) = (self.page, &group.elements[..]);
        let Some(&first) = elements.first() else { return false };
        if is_flarum(group.family, &group.token) {
            return true; // without dates, as it is
        }
        let is_numbered = ends_in_digit(page.get(first, "id"));
        // What is named for several and stands alone is what holds them, or the form for one; a post alone has a number.
        let lone = alone && is_numbered;
        let for_several = matches!(group.family, Family::Post | Family::Review) || group.token.contains("comments");
        if elements.len() < 2 && !lone && for_several {
            return false;
        }
        let total: usize = elements.iter().map(|&e| page.chars(e)).sum();
        let links: usize = elements.iter().map(|&e| page.link_chars(e)).sum();
        let most = if matches!(group.family, Family::Comment | Family::Answer) { 0.6 } else { 0.45 };
        if links as f64 > most * total as f64 {
            return false;
        }
        if group.family == Family::Post {
            return self.are_posts(elements) && (self.have_authors(elements) || self.are_numbered(elements));
        }
        let dated = self.dated(elements) > 0.5;
        let mean = total as f64 / elements.len() as f64;
        if group.family == Family::Review {
            return dated || (elements.len() > 2 && mean > 40.0 && !self.are_teasers(elements));
        }
        if dated || (mean > 25.0 && self.have_authors(elements)) {
            return true;
        }
        group.family == Family::Comment && mean > 25.0 && (elements.len() > 1 || is_numbered)
    }

    /// Whether blocks read like a board's posts: most say when, they have some words, and they are no teasers.
    pub fn are_posts(&mut self, elements: &[El]) -> bool {
        let total: usize = elements.iter().map(|&e| self.page.chars(e)).sum();
        total as f64 / elements.len() as f64 > 30.0 && self.dated(elements) > 0.7 && !self.are_teasers(elements)
    }

    /// The share of the first blocks that have a date.
    fn dated(&mut self, elements: &[El]) -> f64 {
        let some = &elements[..elements.len().min(DATED)];
        let dated = some.iter().filter(|&&e| self.block_says_when(e)).count();
        dated as f64 / some.len() as f64
    }

    /// Whether a block has a date somewhere.
    fn block_says_when(&mut self, e: El) -> bool {
        let page = self.page;
        page.elements[page.inside(e)].iter().any(|x| x.tag == "time")
            || page.e(e).texts().any(|t| self.text_says_when(t))
    }

    fn text_says_when(&mut self, t: Tx) -> bool {
        if self.dates.is_empty() {
            self.dates = vec![None; self.page.texts.len()];
        }
        let value = self.page.t(t).value;
        *self.dates[t].get_or_insert_with(|| {
            (value.len() < LONGEST_DATE || py::len(value) < LONGEST_DATE) && says_when(value)
        })
    }

    /// Whether most blocks name an author by a class of its own.
    fn have_authors(&self, elements: &[El]) -> bool {
        let some = &elements[..elements.len().min(FIRST)];
        some.iter().filter(|&&e| self.has_author(e)).count() * 2 > some.len()
    }

    /// Whether one of the elements in a block, level by level, is named an author's.
    fn has_author(&self, block: El) -> bool {
        let mut found = vec![block];
        let mut at = 0;
        while at < found.len() && found.len() <= INSIDE {
            found.extend(&self.page.e(found[at]).children);
            at += 1;
        }
        found[1..].iter().any(|&e| names_author(self.page, e))
    }

    /// Whether most blocks have an id that ends with a number.
    fn are_numbered(&self, elements: &[El]) -> bool {
        let numbered = elements.iter().filter(|&&e| ends_in_digit(self.page.get(e, "id"))).count();
        elements.len() > 2 && numbered as f64 > 0.8 * elements.len() as f64
    }

    /// Whether most blocks have a heading of their own that is a link: entries of a list of articles. A forum's posts
    /// repeat the thread's ('Re: …'), as one alone does.
    fn are_teasers(&self, elements: &[El]) -> bool {
        if elements.len() < 2 {
            return false;
        }
        let some = &elements[..elements.len().min(FIRST)];
        let headings: Vec<String> = some.iter().filter_map(|&e| self.link_heading(e)).collect();
        let own: Set<&str> = headings.iter().map(|h| without_answer(h)).collect();
        headings.len() as f64 > 0.6 * some.len() as f64 && own.len() as f64 > 0.4 * headings.len() as f64 + 0.5
    }

    /// The words of a block's first heading that is a link and more than a number or a date.
    fn link_heading(&self, e: El) -> Option<String> {
        let page = self.page;
        page.inside(e)
            .filter(|&x| {
                matches!(page.e(x).tag, "h1" | "h2" | "h3" | "h4")
                    && page.chars(x) > 12
                    && page.link_chars(x) as f64 > 0.8 * page.chars(x) as f64
            })
            .map(|x| page.text(x))
            .find(|text| text.chars().filter(|&c| py::is_alnum(c) && !py::is_decimal(c)).nth(LETTERS - 1).is_some())
    }
}

fn ends_in_digit(ident: &str) -> bool {
    ident.chars().next_back().is_some_and(py::is_digit)
}

/// A heading without what an answer's begins with: 'Re: '.
pub(crate) fn without_answer(heading: &str) -> &str {
    ["re", "aw", "sv", "antw", "odp", "rif"]
        .iter()
        .find_map(|word| after(heading, word)?.trim_start_matches(py::is_space).strip_prefix(':'))
        .map_or(heading, |rest| rest.trim_start_matches(py::is_space))
}
