//! Clean HTML of a record, written from its own text nodes: structure, emphasis, links and images, nothing else.
//!
//! Nothing of the page's markup is copied, so there is no script, style, handler or foreign URL scheme to strip.

use crate::py;
use crate::urls::join;
use crate::visible_text::{El, Element, Page, Tx};

fn is_kept(tag: &str) -> bool {
    matches!(
        tag,
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "li" | "dl" | "dt" | "dd" | "blockquote" | "pre"
            | "code" | "table" | "thead" | "tbody" | "tr" | "th" | "td" | "figure" | "figcaption" | "em" | "strong"
            | "b" | "i" | "u" | "s" | "sub" | "sup" | "q" | "cite" | "abbr" | "time" | "kbd" | "samp" | "var" | "mark"
            | "small" | "del" | "ins"
    )
}

/// An element being written: the number of its next child, the next text of its own, the tag that it ends with.
struct Open<'p> {
    element: El,
    child: usize,
    text: Tx,
    tag: Option<&'p str>,
}

/// What is written, and how many of the record's texts stand before the place that the walk has come to.
struct Writer<'a, 'p> {
    page: &'a Page<'p>,
    numbers: &'a [Tx],
    at: usize,
    out: String,
}

/// The HTML of the texts in `root` that are the record's (`numbers`, rising); links and images absolute.
pub fn clean_html(page: &Page<'_>, root: El, numbers: &[Tx], url: &str) -> String {
    let mut writer = Writer { page, numbers, at: 0, out: String::new() };
    let mut stack = vec![Open { element: root, child: 0, text: page.e(root).first, tag: None }];
    while let Some(open) = stack.last_mut() {
        let e = page.e(open.element);
        let Some(child) = e.children.get(open.child).map(|&child| page.e(child)) else {
            writer.texts(open.text, e.last);
            if let Some(tag) = open.tag {
                writer.end(tag);
            }
            stack.pop();
            continue;
        };
        writer.texts(open.text, child.first);
        open.child += 1;
        open.text = child.last;
        if child.tag == "img" {
            if writer.is_beside(child.first) {
                writer.image(child, url);
            }
        } else if writer.has(child.first, child.last) {
            let tag = writer.begin(child, url);
            stack.push(Open { element: child.index, child: 0, text: child.first, tag });
        }
    }
    let whole = py::strip(&writer.out);
    if whole.len() == writer.out.len() {
        writer.out
    } else {
        whole.to_owned()
    }
}

impl<'p> Writer<'_, 'p> {
    fn skip_to(&mut self, first: Tx) {
        while self.numbers.get(self.at).is_some_and(|&n| n < first) {
            self.at += 1;
        }
    }

    /// Whether the record has one of these texts, none of which the walk has passed.
    fn has(&mut self, first: Tx, last: Tx) -> bool {
        self.skip_to(first);
        self.numbers.get(self.at).is_some_and(|&n| n < last)
    }

    /// Whether the record has the text before or after this place.
    fn is_beside(&mut self, first: Tx) -> bool {
        self.has(first, first + 1) || (self.at > 0 && self.numbers[self.at - 1] + 1 == first)
    }

    /// Writes the record's texts between two numbers.
    fn texts(&mut self, first: Tx, last: Tx) {
        if first >= last {
            return;
        }
        self.skip_to(first);
        while let Some(&n) = self.numbers.get(self.at).filter(|&&n| n < last) {
            let text = self.page.t(n);
            self.escape(text.value, false, text.preformatted);
            self.at += 1;
        }
    }

    fn begin(&mut self, e: &Element<'p>, url: &str) -> Option<&'p str> {
        match e.tag {
            "a" => {
                let href = e.get("href");
                let href = if href.is_empty() { None } else { join(url, href) }?;
                self.out.push_str("<a href=\"");
                self.escape(&href, true, true);
                self.out.push_str("\">");
                Some("a")
            }
            "div" | "section" | "article" | "main" => {
                self.out.push_str("<div>");
                Some("div")
            }
            tag if is_kept(tag) => {
                self.out.push('<');
                self.out.push_str(tag);
                self.out.push('>');
                Some(tag)
            }
            _ => None,
        }
    }

    fn end(&mut self, tag: &str) {
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push('>');
    }

    fn image(&mut self, e: &Element<'p>, url: &str) {
        let source = Some(e.get("src")).filter(|s| !s.is_empty()).unwrap_or_else(|| e.get("data-src"));
        let Some(source) = join(url, source).filter(|s| !s.is_empty()) else { return };
        self.out.push_str("<img src=\"");
        self.escape(&source, true, true);
        self.out.push_str("\" alt=\"");
        self.escape(e.get("alt"), true, true);
        self.out.push_str("\">");
    }

    /// Writes a text with references for what markup is made of; line breaks as they are or as elements.
    fn escape(&mut self, text: &str, quotes: bool, breaks: bool) {
        let mut begun = 0;
        for (at, byte) in text.bytes().enumerate() {
            let written = match byte {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' if quotes => "&quot;",
                b'\'' if quotes => "&#x27;",
                b'\n' if !breaks => "<br>",
                _ => continue,
            };
            self.out.push_str(&text[begun..at]);
            self.out.push_str(written);
            begun = at + 1;
        }
        self.out.push_str(&text[begun..]);
    }
}
