//! A page's tree, read from what lexbor writes of its own: every element closed, every attribute in double quotes.
//!
//! lexbor has parsed the page by the HTML standard; this only takes its serialisation apart
//! (https://html.spec.whatwg.org/multipage/parsing.html#serialising-html-fragments), so there is nothing to repair.

use std::borrow::Cow;

use bumpalo::Bump;
use memchr::memmem;

/// No node.
pub const NONE: usize = usize::MAX;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Element,
    Text,
    Comment,
}

/// An attribute: its name in lower case and its value, empty where it has none.
pub type Attr<'p> = (&'p str, &'p str);

#[derive(Debug)]
pub struct Node<'p> {
    pub kind: Kind,
    /// Of an element.
    pub tag: &'p str,
    /// Of a text.
    pub text: &'p str,
    pub attrs: &'p [Attr<'p>],
    pub parent: usize,
    pub first_child: usize,
    pub next: usize,
    /// One past the last node in it: `nodes[n + 1..end]` are all that stand inside.
    pub end: usize,
}

/// The nodes in document order; the first are the document's own children.
pub struct Dom<'p> {
    pub nodes: Vec<Node<'p>>,
    /// The `html` and `body` elements' numbers, `NONE` where there is none.
    pub html: usize,
    pub body: usize,
}

const VOID: [&str; 18] = [
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link",
    "meta", "param", "source", "track", "wbr",
];
/// Levels up at most to what an end tag closes that does not close what was opened last.
const ASTRAY: usize = 64;
const RAW: [&str; 7] = ["script", "style", "xmp", "iframe", "noembed", "noframes", "plaintext"];

/// Where a script's end tag stands; None where it has none. Between `<!--` and `-->` a script may write others, which
/// end with tags of their own (https://html.spec.whatwg.org/multipage/parsing.html#script-data-double-escaped-state).
fn end_of_script(bytes: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"script";
    let is_named = |at: usize| {
        let name = bytes.get(at..at + NAME.len());
        let after = bytes.get(at + NAME.len());
        name.is_some_and(|name| name.eq_ignore_ascii_case(NAME))
            && matches!(after, Some(b'\t' | b'\n' | b'\x0c' | b'\r' | b' ' | b'/' | b'>'))
    };
    let (mut commented, mut inside) = (false, false);
    let mut at = 0;
    loop {
        let left = bytes.get(at..)?;
        let found = if commented { memchr::memchr2(b'<', b'-', left) } else { memchr::memchr(b'<', left) };
        let here = at + found?;
        at = here + 1;
        let rest = &bytes[here..];
        if commented && rest.starts_with(b"-->") {
            (commented, inside) = (false, false);
        } else if rest.starts_with(b"</") && is_named(here + 2) {
            if !inside {
                return Some(here);
            }
            inside = false;
        } else if commented && rest[0] == b'<' && is_named(here + 1) {
            inside = true;
        } else if !commented && rest.starts_with(b"<!--") {
            // The same dashes may end it: `<!-->`.
            commented = true;
            at = here + 2;
        }
    }
}

/// Where the end tag of such an element of SVG or MathML stands, in which others of its name may be.
fn end_of_foreign(bytes: &[u8], tag: &[u8]) -> Option<usize> {
    let mut inside = 0;
    memchr::memchr_iter(b'<', bytes).find(|&at| {
        let rest = &bytes[at + 1..];
        if rest.strip_prefix(b"/").and_then(|rest| rest.strip_prefix(tag)).is_some_and(|rest| rest.starts_with(b">")) {
            inside -= 1;
        } else if rest.strip_prefix(tag).is_some_and(|rest| matches!(rest.first(), Some(b' ' | b'>'))) {
            inside += 1;
        }
        inside < 0
    })
}

/// Whose elements stand in an element.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Space {
    Html,
    Svg,
    Math,
}

impl Space {
    /// What an element here belongs to.
    fn of(self, tag: &str) -> Self {
        match tag {
            "svg" => Space::Svg,
            "math" => Space::Math,
            _ => self,
        }
    }

    /// What stands in an element of this kind: HTML again where the standard lets it
    /// (https://html.spec.whatwg.org/multipage/parsing.html#html-integration-point).
    fn inside(self, tag: &str, attrs: &[Attr<'_>]) -> Self {
        let is_html = |&(name, value): &Attr<'_>| {
            name == "encoding"
                && (value.eq_ignore_ascii_case("text/html") || value.eq_ignore_ascii_case("application/xhtml+xml"))
        };
        match (self, tag) {
            (Space::Svg, "foreignObject" | "desc" | "title") | (Space::Math, "mi" | "mo" | "mn" | "ms" | "mtext") => {
                Space::Html
            }
            (Space::Math, "annotation-xml") if attrs.iter().any(is_html) => Space::Html,
            _ => self,
        }
    }
}

/// An element being read: its number, its last child so far, and what stands in it.
struct Open {
    node: usize,
    last: usize,
    inside: Space,
}

impl<'p> Dom<'p> {
    /// Takes a serialised document apart; `arena` holds the texts that have character references.
    pub fn read(source: &'p str, arena: &'p Bump) -> Dom<'p> {
        let mut dom = Dom { nodes: Vec::with_capacity(source.len() / 40), html: NONE, body: NONE };
        let bytes = source.as_bytes();
        let mut open: Vec<Open> = Vec::with_capacity(64);
        let mut top_last = NONE;
        let mut attrs: Vec<Attr<'p>> = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            if bytes[at] != b'<' {
                let end = memchr::memchr(b'<', &bytes[at..]).map_or(bytes.len(), |n| at + n);
                dom.add(&mut open, &mut top_last, Kind::Text, "", unescape(&source[at..end], arena), &[]);
                at = end;
                continue;
            }
            match bytes.get(at + 1) {
                Some(b'/') => {
                    let end = memchr::memchr(b'>', &bytes[at..]).map_or(bytes.len(), |n| at + n);
                    let tag = &source[(at + 2).min(end)..end];
                    at = (end + 1).min(bytes.len());
                    // It closes what was opened last, but in what a script in SVG says in a CDATA section.
                    let around = open.iter().rev().take(ASTRAY).position(|around| dom.nodes[around.node].tag == tag);
                    for _ in 0..around.map_or(0, |above| above + 1) {
                        if let Some(done) = open.pop() {
                            dom.close(done.node, open.last());
                        }
                    }
                }
                Some(b'!') if bytes[at..].starts_with(b"<!--") => {
                    at = memmem::find(&bytes[at + 4..], b"-->").map_or(bytes.len(), |n| at + 4 + n + 3);
                    dom.add(&mut open, &mut top_last, Kind::Comment, "", "", &[]);
                }
                Some(b'!') | Some(b'?') => {
                    at = memchr::memchr(b'>', &bytes[at..]).map_or(bytes.len(), |n| at + n + 1);
                }
                _ => {
                    let begin = at + 1;
                    at = begin;
                    while at < bytes.len() && bytes[at] != b' ' && bytes[at] != b'>' {
                        at += 1;
                    }
                    let tag = &source[begin..at];
                    attrs.clear();
                    while at < bytes.len() && bytes[at] == b' ' {
                        let begin = at + 1;
                        at = begin + 1;
                        while at < bytes.len() && !matches!(bytes[at], b'=' | b' ' | b'>') {
                            at += 1;
                        }
                        let name = &source[begin.min(source.len())..at.min(source.len())];
                        let mut value = "";
                        if bytes.get(at) == Some(&b'=') && bytes.get(at + 1) == Some(&b'"') {
                            let begin = at + 2;
                            let end = memchr::memchr(b'"', &bytes[begin..]).map_or(bytes.len(), |n| begin + n);
                            value = unescape(&source[begin..end], arena);
                            at = (end + 1).min(bytes.len());
                        }
                        attrs.push((name, value));
                    }
                    if at < bytes.len() {
                        at += 1;
                    }
                    let number = dom.add(
                        &mut open,
                        &mut top_last,
                        Kind::Element,
                        tag,
                        "",
                        arena.alloc_slice_copy(&attrs),
                    );
                    match tag {
                        "html" if dom.html == NONE => dom.html = number,
                        "body" if dom.body == NONE && open.len() == 1 => dom.body = number,
                        _ => {}
                    }
                    let space = open.last().map_or(Space::Html, |around| around.inside).of(tag);
                    if space == Space::Html && VOID.contains(&tag) {
                        continue;
                    }
                    open.push(Open { node: number, last: NONE, inside: space.inside(tag, &attrs) });
                    if RAW.contains(&tag) {
                        let close = format!("</{tag}>");
                        let end = match tag {
                            _ if space != Space::Html => end_of_foreign(&bytes[at..], tag.as_bytes())
                                .or_else(|| memmem::find(&bytes[at..], close.as_bytes())),
                            "plaintext" => None,
                            "script" => end_of_script(&bytes[at..]),
                            _ => memmem::find(&bytes[at..], close.as_bytes()),
                        };
                        // What was open at the document's end is closed there.
                        let end = end.or_else(|| memmem::rfind(&bytes[at..], close.as_bytes()));
                        let end = end.map_or(bytes.len(), |n| at + n);
                        if end > at {
                            dom.add(&mut open, &mut top_last, Kind::Text, "", &source[at..end], &[]);
                        }
                        at = end;
                    }
                }
            }
        }
        while let Some(done) = open.pop() {
            dom.close(done.node, open.last());
        }
        dom
    }

    /// Ends an element; `around`: the one that it stands in.
    fn close(&mut self, node: usize, around: Option<&Open>) {
        // What a template holds is no part of the document.
        if self.nodes[node].tag == "template" && around.is_none_or(|around| around.inside == Space::Html) {
            self.nodes.truncate(node + 1);
            self.nodes[node].first_child = NONE;
        }
        self.nodes[node].end = self.nodes.len();
    }

    fn add(
        &mut self,
        open: &mut [Open],
        top_last: &mut usize,
        kind: Kind,
        tag: &'p str,
        text: &'p str,
        attrs: &'p [Attr<'p>],
    ) -> usize {
        let number = self.nodes.len();
        let (parent, last) = match open.last_mut() {
            Some(around) => (around.node, &mut around.last),
            None => (NONE, top_last),
        };
        if *last != NONE {
            self.nodes[*last].next = number;
        } else if parent != NONE {
            self.nodes[parent].first_child = number;
        }
        *last = number;
        self.nodes.push(Node { kind, tag, text, attrs, parent, first_child: NONE, next: NONE, end: number + 1 });
        number
    }

    /// The value of an attribute, None where the element has none of that name.
    pub fn attr(&self, node: usize, name: &str) -> Option<&'p str> {
        self.nodes[node].attrs.iter().find(|(n, _)| *n == name).map(|(_, value)| *value)
    }

    /// The elements with this tag inside a node, in document order.
    pub fn tagged<'d>(&'d self, within: usize, tag: &'d str) -> impl Iterator<Item = usize> + 'd {
        let end = self.nodes[within].end;
        (within + 1..end).filter(move |&n| self.nodes[n].kind == Kind::Element && self.nodes[n].tag == tag)
    }

    /// All text in a node, scripts and styles too.
    pub fn text(&self, node: usize) -> Cow<'p, str> {
        let mut texts = self.nodes[node..self.nodes[node].end].iter().filter(|n| n.kind == Kind::Text);
        let Some(first) = texts.next() else { return Cow::Borrowed("") };
        let mut rest = texts.peekable();
        if rest.peek().is_none() {
            return Cow::Borrowed(first.text);
        }
        let mut out = String::from(first.text);
        rest.for_each(|n| out.push_str(n.text));
        Cow::Owned(out)
    }
}

/// Reads the five character references that a serialisation has.
fn unescape<'p>(text: &'p str, arena: &'p Bump) -> &'p str {
    let Some(mut at) = memchr::memchr(b'&', text.as_bytes()) else { return text };
    let mut out = bumpalo::collections::String::with_capacity_in(text.len(), arena);
    let mut done = 0;
    loop {
        out.push_str(&text[done..at]);
        let rest = &text[at..];
        let (character, size) = match rest.as_bytes() {
            [b'&', b'a', b'm', b'p', b';', ..] => ("&", 5),
            [b'&', b'l', b't', b';', ..] => ("<", 4),
            [b'&', b'g', b't', b';', ..] => (">", 4),
            [b'&', b'n', b'b', b's', b'p', b';', ..] => ("\u{a0}", 6),
            [b'&', b'q', b'u', b'o', b't', b';', ..] => ("\"", 6),
            _ => ("&", 1),
        };
        out.push_str(character);
        done = at + size;
        match memchr::memchr(b'&', &text.as_bytes()[done..]) {
            Some(n) => at = done + n,
            None => break,
        }
    }
    out.push_str(&text[done..]);
    out.into_bump_str()
}
