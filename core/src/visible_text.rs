//! A page's visible text, as the design defines it, with the elements that it stands in; `reader` reads it.

use std::ops::Range;

use crate::dom::Attr;
use crate::py;

/// Elements that stand in a line of text; every other one begins a new line.
pub fn is_inline(tag: &str) -> bool {
    matches!(
        tag,
        "a" | "abbr" | "acronym" | "audio" | "b" | "bdi" | "bdo" | "big" | "button" | "canvas" | "cite" | "code"
            | "data" | "del" | "dfn" | "em" | "font" | "i" | "img" | "input" | "ins" | "kbd" | "label" | "map"
            | "mark" | "meter" | "nobr" | "object" | "output" | "picture" | "progress" | "q" | "rb" | "rp" | "rt"
            | "ruby" | "s" | "samp" | "select" | "small" | "source" | "span" | "strike" | "strong" | "sub" | "sup"
            | "svg" | "time" | "track" | "tt" | "u" | "var" | "video" | "wbr" | "area" | "embed" | "iframe" | "param"
            | "link" | "meta" | "script" | "style" | "noscript" | "template"
    )
}

pub fn is_heading(tag: &str) -> bool {
    matches!(tag, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// Attributes that give a moment in the machine's form.
pub const MOMENTS: [&str; 4] = ["datetime", "title", "content", "data-content"];

/// An element's number in `Page::elements`.
pub type El = usize;
/// A text's number in `Page::texts`.
pub type Tx = usize;

/// An element of the visible page. Texts of a subtree are `page.texts[first..last]`, its elements
/// `page.elements[index..end]`.
#[derive(Debug)]
pub struct Element<'p> {
    pub tag: &'p str,
    pub attrs: &'p [Attr<'p>],
    pub parent: Option<El>,
    pub index: El,
    pub first: Tx,
    pub last: Tx,
    pub end: El,
    pub depth: usize,
    /// Among its parent's children, as paths count them. Body's is 4.
    pub place: usize,
    /// Id and classes as written: what keywords are looked for in.
    pub name: &'p str,
    pub children: bumpalo::collections::Vec<'p, El>,
}

impl<'p> Element<'p> {
    /// An attribute's value, empty where it has none.
    #[inline]
    pub fn get(&self, attribute: &str) -> &'p str {
        self.attr(attribute).unwrap_or("")
    }

    /// An attribute's value, None where it is not there.
    #[inline]
    pub fn attr(&self, attribute: &str) -> Option<&'p str> {
        self.attrs.iter().find(|(name, _)| *name == attribute).map(|(_, value)| *value)
    }

    /// Whether the other is this element or stands in it.
    #[inline]
    pub fn has(&self, other: El) -> bool {
        self.index <= other && other < self.end
    }

    #[inline]
    pub fn texts(&self) -> Range<Tx> {
        self.first..self.last
    }
}

/// A visible text node.
#[derive(Debug)]
pub struct Text<'p> {
    pub value: &'p str,
    pub parent: El,
    /// Texts with one line number stand in one line or paragraph: no block begins or ends between them.
    pub line: usize,
    /// Nothing parts this from the text before: where neither has white space there, they are one word.
    pub glued: bool,
    /// Characters that are no white space.
    pub chars: usize,
    pub visible: bool,
    pub preformatted: bool,
    /// Among its parent's children, as paths count them.
    pub place: usize,
}

/// The visible elements and texts of a page, in document order.
pub struct Page<'p> {
    /// What is not visible was read as if it were the page.
    pub whole: bool,
    pub elements: Vec<Element<'p>>,
    pub texts: Vec<Text<'p>>,
    /// Whether each element is a link or in one.
    pub in_link: Vec<bool>,
    /// Sums of the texts' visible characters, and of those that are a link's: one more than there are texts.
    pub char_sums: Vec<usize>,
    pub link_sums: Vec<usize>,
}

impl<'p> Page<'p> {
    /// `elements[0]` is body.
    pub fn new(elements: Vec<Element<'p>>, texts: Vec<Text<'p>>, whole: bool) -> Self {
        let mut in_link = vec![false; elements.len()];
        let mut linked = 0;
        for e in &elements {
            if e.tag == "a" {
                linked = linked.max(e.end);
            }
            in_link[e.index] = e.index < linked;
        }
        let (mut char_sums, mut link_sums) = (vec![0; texts.len() + 1], vec![0; texts.len() + 1]);
        for (n, t) in texts.iter().enumerate() {
            char_sums[n + 1] = char_sums[n] + t.chars;
            link_sums[n + 1] = link_sums[n] + if in_link[t.parent] { t.chars } else { 0 };
        }
        Page { whole, elements, texts, in_link, char_sums, link_sums }
    }

    #[inline]
    pub fn e(&self, e: El) -> &Element<'p> {
        &self.elements[e]
    }

    #[inline]
    pub fn t(&self, t: Tx) -> &Text<'p> {
        &self.texts[t]
    }

    #[inline]
    pub fn get(&self, e: El, attribute: &str) -> &'p str {
        self.elements[e].get(attribute)
    }

    /// From the parent up to body.
    pub fn ancestors(&self, e: El) -> impl Iterator<Item = El> + '_ {
        std::iter::successors(self.elements[e].parent, |&at| self.elements[at].parent)
    }

    /// The element and all elements in it.
    #[inline]
    pub fn inside(&self, e: El) -> Range<El> {
        e..self.elements[e].end
    }

    /// Visible characters of the whole page.
    pub fn shown(&self) -> usize {
        self.texts.iter().filter(|t| t.visible).map(|t| t.chars).sum()
    }

    /// Visible characters in an element, white space not counted.
    #[inline]
    pub fn chars(&self, e: El) -> usize {
        let e = &self.elements[e];
        self.char_sums[e.last] - self.char_sums[e.first]
    }

    /// Those of them that are a link's.
    #[inline]
    pub fn link_chars(&self, e: El) -> usize {
        let e = &self.elements[e];
        self.link_sums[e.last] - self.link_sums[e.first]
    }

    /// Links to what the page is filed under: `rel=tag` (microformats' rel-tag).
    pub fn tag_links(&self) -> Vec<El> {
        let is_tag = |e: &&Element<'p>| e.tag == "a" && py::words(&py::lower(e.get("rel"))).any(|word| word == "tag");
        self.elements.iter().filter(is_tag).map(|e| e.index).collect()
    }

    /// An element's visible text in one line.
    pub fn text(&self, e: El) -> String {
        self.line_text(self.elements[e].texts())
    }

    /// The first characters of `text`.
    pub fn beginning(&self, e: El, most: usize) -> String {
        let e = &self.elements[e];
        let last = e.first + self.char_sums[e.first..e.last].partition_point(|&n| n < self.char_sums[e.first] + most);
        let mut line = self.line_text(e.first..last);
        line.truncate(py::head(&line, most).len());
        line
    }

    /// Texts in one line, white space collapsed.
    pub fn line_text(&self, texts: impl IntoIterator<Item = Tx>) -> String {
        let mut raw = String::new();
        self.push_line(texts, &mut raw);
        match py::collapse(&raw) {
            std::borrow::Cow::Borrowed(same) if same.len() == raw.len() => raw,
            other => other.into_owned(),
        }
    }

    fn push_line(&self, texts: impl IntoIterator<Item = Tx>, out: &mut String) {
        let mut line = None;
        for t in texts.into_iter().filter_map(|n| self.texts.get(n)) {
            if line.is_some_and(|line| t.line != line || !t.glued) {
                out.push(' ');
            }
            line = Some(t.line);
            out.push_str(t.value);
        }
    }
}
