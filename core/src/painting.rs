//! Painting a page's records: comments and an article's heading, element by element, and who inherits what.

use crate::comment_fields::{chrome_in, quotes_in};
use crate::heading_rules::find_heading;
use crate::labeller::{sum, Painter};
use crate::platforms::named;
use crate::types::{Family, Heading, Label, Labelled, PageKind, Part, PartId, PartKind, Role};
use crate::visible_text::{El, Tx};

/// How sure a comment's, a text's of nothing else.
const COMMENT: f64 = 0.8;
const REST: f64 = 0.1;
/// A block inside a comment's words that holds a larger share of them is no chrome.
const CHROME: f64 = 0.6;

impl Painter<'_, '_> {
    /// The opening post, where the page is a forum's thread and not a further page of one.
    pub(crate) fn opened(&mut self, items: &[usize]) -> Option<usize> {
        let opening = self.opening(items)?;
        self.kind = PageKind::Forum;
        (!self.further).then_some(opening)
    }

    /// The opening post of a forum thread, where the posts are all there is.
    fn opening(&self, items: &[usize]) -> Option<usize> {
        let family = |n: usize| self.found[n].family;
        // Attributes beside id and class that say what an element is.
        let attributes = named("kind");
        let is_post = |&n: &usize| match family(n) {
            Family::Post => true,
            Family::Comment => {
                let e = self.visible.e(self.found[n].element);
                e.name.contains("post") || attributes.iter().any(|name| e.get(name).contains("post"))
            }
            _ => false,
        };
        let mut posts: Vec<usize> = items.iter().copied().filter(is_post).collect();
        if posts.is_empty() && self.page.metadata.types.iter().any(|name| name == "DiscussionForumPosting") {
            posts = items.iter().copied().filter(|&n| family(n) == Family::Comment).collect();
        }
        if posts.len() < 2 || self.found[posts[0]].parent.is_some() || posts[0] != items[0] {
            return None;
        }
        let (first, last) = (self.found[posts[0]].element, self.found[posts[posts.len() - 1]].element);
        // An opening that is marked up otherwise than the answers stands before them: on 60 annotated threads those
        // that begin with the first post have at most a third of its words there.
        let before = 0..self.blocks.of_text[self.visible.e(first).first];
        let outside: Vec<f32> = before.filter(|&n| self.p[n] > 0.5).map(|n| self.p[n] * self.words[n]).collect();
        if sum(&outside) > 0.5 * sum(&self.words[self.blocks.within(self.visible, first)]) {
            return None;
        }
        (last > first).then_some(posts[0])
    }

    /// Paints the opening post, which is the article.
    pub(crate) fn paint_opening(&mut self, item: usize) -> PartId {
        let element = self.found[item].element;
        let part = self.add(Part::new(PartKind::Article, element, COMMENT));
        self.paint_item(item, part);
        let heading = find_heading(self.page, element, &vec![false; self.visible.elements.len()]);
        self.paint_heading(part, &Heading { title: heading.title, ..Heading::default() });
        part
    }

    /// Paints the comments.
    pub(crate) fn paint_comments(&mut self, items: &[usize]) {
        let mut made: Vec<Option<PartId>> = vec![None; self.found.len()];
        for &n in items {
            let parent = self.found[n].parent.and_then(|above| made[above]);
            let part =
                self.add(Part { parent, ..Part::new(PartKind::Comment, self.found[n].element, COMMENT) });
            made[n] = Some(part);
            self.paint_item(n, part);
        }
    }

    /// Paints a comment's block: its body, author and date; the rest is chrome.
    fn paint_item(&mut self, item: usize, part: PartId) {
        let visible = self.visible;
        let item = &self.found[item];
        let score = self.parts[part].score;
        let paint = &mut self.painted;
        let label = |role| Some(Label { part, role, score });
        paint[item.element] = label(if item.body.is_empty() { Role::Body } else { Role::Chrome });
        for &e in &item.body {
            paint[e] = label(Role::Body);
        }
        let body = if item.body.is_empty() { std::slice::from_ref(&item.element) } else { &item.body };
        let size: usize = body.iter().map(|&b| visible.chars(b)).sum();
        let texts = |elements: &[El]| elements.iter().map(|&e| visible.e(e).texts().len()).sum::<usize>();
        let mut quotes = quotes_in(visible, item);
        if texts(&quotes) >= texts(&item.body) {
            quotes.clear();
        }
        for e in chrome_in(visible, item) {
            let inside = (visible.chars(e) as f64) < CHROME * size as f64
                && body.iter().any(|&b| b != e && visible.e(b).has(e))
                && !quotes.iter().any(|&q| visible.e(q).has(e));
            if inside {
                paint[e] = label(Role::Chrome);
            }
        }
        for e in quotes {
            paint[e] = label(Role::Quote);
        }
        if let Some(author) = item.author {
            paint[author] = label(Role::Byline);
        }
        if let Some(date) = item.date {
            paint[date] = label(Role::Date);
        } else if let Some(text) = item.date_text {
            self.single.push((text, Label { part, role: Role::Date, score }));
        }
    }

    /// Paints an article's head.
    pub(crate) fn paint_heading(&mut self, part: PartId, heading: &Heading) {
        let score = self.parts[part].score;
        let elements = [
            (heading.title, Role::Title),
            (heading.subtitle, Role::Subtitle),
            (heading.byline, Role::Byline),
            (heading.date, Role::Date),
        ];
        for (e, role) in elements {
            if let Some(e) = e {
                self.painted[e] = Some(Label { part, role, score });
            }
        }
        for (text, role) in [(heading.byline_text, Role::Byline), (heading.date_text, Role::Date)] {
            if let Some(text) = text {
                self.single.push((text, Label { part, role, score }));
            }
        }
    }

    /// The label of each text: that of the nearest painted element around it.
    pub(crate) fn inherited(&self) -> Vec<Option<Label>> {
        let mut of = self.painted.clone();
        for e in self.visible.elements.iter().skip(1) {
            of[e.index] = of[e.index].or_else(|| e.parent.and_then(|above| of[above]));
        }
        let mut labels: Vec<Option<Label>> = self.visible.texts.iter().map(|t| of[t.parent]).collect();
        for &(n, label) in &self.single {
            labels[n] = Some(label);
        }
        labels
    }

    /// The texts between which article and comments stand.
    pub(crate) fn extent(&self, labels: &[Option<Label>]) -> (Tx, Tx) {
        let is_body = |label: &Option<Label>| label.is_some_and(|label| label.role == Role::Body);
        if let Some(first) = labels.iter().position(is_body) {
            return (first, labels.iter().rposition(is_body).map_or(labels.len(), |last| last + 1));
        }
        let main = self.visible.elements.iter().find(|e| e.tag == "main" || e.get("role") == "main");
        main.map_or((0, labels.len()), |main| (main.first, main.last))
    }

    /// Which elements stand in comments.
    pub(crate) fn taken(&self, items: &[usize]) -> Vec<bool> {
        let mut taken = vec![false; self.visible.elements.len()];
        for &n in items {
            taken[self.visible.inside(self.found[n].element)].fill(true);
        }
        taken
    }

    /// The page's labels. No text is without a record; how a word is read, in small letters above it, is chrome.
    pub fn finish(mut self, labels: Vec<Option<Label>>) -> Labelled {
        let visible = self.visible;
        let labels = labels
            .into_iter()
            .zip(&visible.texts)
            .map(|(label, text)| {
                let label = label.unwrap_or_else(|| {
                    let part = self.add(Part::new(PartKind::Widget, text.parent, 0.5));
                    Label { part, role: Role::Body, score: REST }
                });
                // Annotations of ruby (https://html.spec.whatwg.org/multipage/text-level-semantics.html).
                let is_reading = matches!(visible.e(text.parent).tag, "rt" | "rp");
                if is_reading { Label { role: Role::Chrome, ..label } } else { label }
            })
            .collect();
        Labelled { parts: self.parts, labels, page_kind: self.kind }
    }
}
