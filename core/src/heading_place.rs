//! Where an article's head may stand: around its title, where its body begins, and below its end.

use std::cell::{OnceCell, RefCell};
use std::ops::Range;

use crate::any_case::folded;
use crate::parts::PartTexts;
use crate::types::Role;
use crate::visible_text::{is_inline, El, Page, Tx};
use crate::{any_case, memo, py};

const ELSEWHERE: &str = concat!(
    r"sidebar|(?:^|\s)(?:widget|gadget)(?:\s|$)|related|recommend|popular|trending|comments?(?:$|[\s_-])|",
    r"respond|newsletter|footer-|site-footer|colophon|read-?next|more-?(?:from|stories|articles|news)|",
    r"(?:^|[\s_-])(?:nav|menu|breadcrumbs?|cookie|consent)(?:$|[\s_-])",
);
/// Texts that are looked at: before the title, in the body's begin, before and after its end.
const BEFORE_TITLE: usize = 15;
const INTO_BODY: usize = 12;
const BEFORE_END: usize = 6;
const AFTER_END: usize = 25;
/// Without a title: before the body.
const BEFORE_BODY: usize = 60;
/// An aside with fewer letters is a note in the article's head.
const NOTE: usize = 200;
/// Characters of a line in which a byline or a date is looked for.
const LONGEST: usize = 100;

/// The texts of one line near the article.
#[derive(Debug)]
pub struct Line {
    /// The number of the first of them.
    pub first: Tx,
    /// One past the last.
    pub last: Tx,
    /// What they say, white space collapsed.
    pub text: String,
}

/// An article's title and body, and what stands near them.
pub struct Place<'a, 'p> {
    /// What it stands on.
    pub page: &'a Page<'p>,
    /// The title's element, where one was found.
    pub title: Option<El>,
    /// The block that the article stands in.
    pub body: El,
    /// Which elements are other records'; all after its end are not.
    pub taken: &'a [bool],
    /// What dates are read in: what the page says that it is in.
    pub languages: Vec<&'a str>,
    /// The first text that may be of the head.
    pub low: Tx,
    /// One past the last text that may be of the article's foot.
    pub high: Tx,
    head_end: Tx,
    foot_start: Tx,
    /// What is known of each element: whether it stands elsewhere. Empty until that is asked.
    elsewhere: RefCell<Vec<Option<bool>>>,
    lines: OnceCell<Vec<Line>>,
}

impl<'a, 'p> Place<'a, 'p> {
    /// Head and foot follow from title and body; `with_foot`: whether what stands below the body's end may be the
    /// article's own.
    pub fn new(
        page: &'a Page<'p>,
        title: Option<El>,
        body: El,
        taken: &'a [bool],
        with_foot: bool,
        languages: Vec<&'a str>,
    ) -> Self {
        let (first, last) = (page.e(body).first, page.e(body).last);
        let low = match title {
            None => first.saturating_sub(BEFORE_BODY),
            Some(title) => page.e(title).first.saturating_sub(BEFORE_TITLE),
        };
        let high = page.texts.len().min(last + if with_foot { AFTER_END } else { 0 });
        let start = title.map_or(first, |title| first.max(last.min(page.e(title).last)));
        let head_end = high.min(start + INTO_BODY);
        let foot_start = head_end.max(last.saturating_sub(BEFORE_END));
        Place {
            page,
            title,
            body,
            taken,
            languages,
            low,
            high,
            head_end,
            foot_start,
            elsewhere: RefCell::default(),
            lines: OnceCell::new(),
        }
    }

    /// Whether what ends before this text stands in the head.
    pub fn is_head(&self, last: Tx) -> bool {
        last <= self.head_end
    }

    /// Whether an element is another record's.
    pub fn is_taken(&self, e: El) -> bool {
        self.taken.get(e).copied().unwrap_or(false)
    }

    fn ranges(&self) -> [Range<Tx>; 2] {
        [self.low..self.head_end, self.foot_start..self.high]
    }

    /// The elements with texts in the head or in the foot, not amid the body.
    pub fn elements(&self) -> impl Iterator<Item = El> + '_ {
        let elements = &self.page.elements;
        self.ranges().into_iter().flat_map(move |texts| {
            let from = elements.partition_point(|e| e.first < texts.start);
            elements[from..]
                .iter()
                .take_while(move |e| e.first < texts.end)
                .filter(move |e| e.first < e.last && e.last <= texts.end && !self.is_taken(e.index))
                .map(|e| e.index)
        })
    }

    /// How far texts are from where a byline stands: 0 right below the title, up to 1 in the foot or far above.
    pub fn farness(&self, first: Tx, last: Tx) -> f64 {
        let anchor = self.title.map_or(self.page.e(self.body).first, |title| self.page.e(title).last);
        if first >= anchor {
            if self.is_head(last) {
                ((first - anchor) as f64 / 40.0).min(0.7)
            } else {
                0.9
            }
        } else {
            (0.2 + (anchor as f64 - last as f64) / 40.0).min(1.0)
        }
    }

    /// Whether an element stands in a block beside the body that is another's: a sidebar, a thread, teasers.
    pub fn stands_elsewhere(&self, e: El) -> bool {
        let mut known = self.elsewhere.borrow_mut();
        if known.is_empty() {
            known.resize(self.page.elements.len(), None);
        }
        let (mut found, mut at) = (false, Some(e));
        while let Some(one) = at {
            let element = self.page.e(one);
            if let Some(its) = known[one] {
                found = its;
                break;
            }
            if element.has(self.body) || self.title.is_some_and(|title| element.has(title)) {
                break;
            }
            if self.is_elsewhere(one) {
                known[one] = Some(true);
                found = true;
                break;
            }
            at = element.parent;
        }
        let end = at;
        at = Some(e);
        while let (Some(one), true) = (at, at != end) {
            known[one] = Some(found);
            at = self.page.e(one).parent;
        }
        found
    }

    fn is_elsewhere(&self, e: El) -> bool {
        if self.is_taken(e) {
            return true;
        }
        let element = self.page.e(e);
        if element.tag == "aside" && !is_named_meta(element.name) {
            return self.page.chars(e) > NOTE || !self.is_head(element.last) || is_named_elsewhere(element.name);
        }
        element.tag == "nav" || is_named_elsewhere(element.name)
    }

    /// The lines of head and foot, title, other blocks and what is too long left out. Byline and date are looked for
    /// in the same ones.
    pub fn lines(&self) -> &[Line] {
        self.lines.get_or_init(|| self.read_lines())
    }

    fn read_lines(&self) -> Vec<Line> {
        let texts = &self.page.texts;
        let title = self.title.map_or(0..0, |title| self.page.e(title).texts());
        let mut lines = Vec::new();
        for range in self.ranges() {
            let mut last = range.start;
            while last < range.end {
                let first = last;
                let mut size = 0;
                while last < range.end && texts[last].line == texts[first].line {
                    if size <= LONGEST {
                        size += py::len(texts[last].value);
                    }
                    last += 1;
                }
                if size > LONGEST || title.contains(&first) {
                    continue;
                }
                if !self.stands_elsewhere(block_of(self.page, texts[first].parent)) {
                    lines.push(Line { first, last, text: self.page.line_text(first..last) });
                }
            }
        }
        lines
    }
}

fn block_of(page: &Page<'_>, mut e: El) -> El {
    while let (true, Some(parent)) = (is_inline(page.e(e).tag), page.e(e).parent) {
        e = parent;
    }
    e
}

/// The place of an article whose texts were labelled: its own block and what stands above.
pub fn place_of<'a, 'p>(texts: &PartTexts<'a, 'p>) -> Place<'a, 'p> {
    let page = &texts.page.visible;
    let titles = texts.texts(&[Role::Title]);
    let mut title = titles.first().map(|&first| page.t(first).parent);
    while let Some(e) = title {
        if page.e(e).texts().len() >= titles.len() {
            break;
        }
        title = page.e(e).parent;
    }
    Place::new(page, title, texts.part.element, &[], false, texts.page.metadata.languages())
}

fn is_named_meta(name: &str) -> bool {
    !name.is_empty() && any_case!(r"(?:^|[\s_-])(?:meta|byline)(?:$|[\s_-])").is_match(&folded(name))
}

fn is_named_elsewhere(name: &str) -> bool {
    !name.is_empty() && memo!(memo::NAMES, name, str => bool, any_case!(ELSEWHERE).is_match(&folded(name)))
}
