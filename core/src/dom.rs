//! A page's tree: lexbor's nodes, in one list.

use std::borrow::Cow;

use bumpalo::Bump;

use crate::lexbor::{Document, Visitor};

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

/// A tree being read: what is open, each with its last child so far, and the attributes of the next element.
struct Reading<'p> {
    arena: &'p Bump,
    dom: Dom<'p>,
    open: Vec<(usize, usize)>,
    /// The document's own last child.
    top: usize,
    attrs: Vec<Attr<'p>>,
}

impl<'p> Reading<'p> {
    fn add(&mut self, kind: Kind, tag: &'p str, text: &'p str, attrs: &'p [Attr<'p>]) -> usize {
        let nodes = &mut self.dom.nodes;
        let number = nodes.len();
        let (parent, last) = match self.open.last_mut() {
            Some((node, last)) => (*node, last),
            None => (NONE, &mut self.top),
        };
        if *last != NONE {
            nodes[*last].next = number;
        } else if parent != NONE {
            nodes[parent].first_child = number;
        }
        *last = number;
        nodes.push(Node { kind, tag, text, attrs, parent, first_child: NONE, next: NONE, end: number + 1 });
        number
    }
}

impl<'p> Visitor<'p> for Reading<'p> {
    fn attribute(&mut self, name: &'p str, value: &'p str) {
        self.attrs.push((name, value));
    }

    fn open(&mut self, tag: &'p str) {
        let attrs = self.arena.alloc_slice_copy(&self.attrs);
        self.attrs.clear();
        let number = self.add(Kind::Element, tag, "", attrs);
        match tag {
            "html" if self.dom.html == NONE => self.dom.html = number,
            "body" if self.dom.body == NONE && self.open.len() == 1 => self.dom.body = number,
            _ => {}
        }
        self.open.push((number, NONE));
    }

    fn close(&mut self) {
        if let Some((node, _)) = self.open.pop() {
            self.dom.nodes[node].end = self.dom.nodes.len();
        }
    }

    fn text(&mut self, text: &'p str) {
        self.add(Kind::Text, "", text, &[]);
    }

    fn comment(&mut self) {
        self.add(Kind::Comment, "", "", &[]);
    }
}

impl<'p> Dom<'p> {
    /// The nodes of a document.
    pub fn read(document: &'p Document, arena: &'p Bump) -> Dom<'p> {
        let dom = Dom { nodes: Vec::with_capacity(1024), html: NONE, body: NONE };
        let mut reading = Reading { arena, dom, open: Vec::with_capacity(64), top: NONE, attrs: Vec::new() };
        document.visit(&mut reading);
        reading.dom
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
