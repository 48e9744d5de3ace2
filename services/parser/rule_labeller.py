"""The labeller by rules: comments first, then the article, then the rest as widgets; labels painted on elements."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from services.parser.article_rules import drops_in, find_body
from services.parser.comment_fields import Item, chrome_in, quotes_in
from services.parser.comment_rules import find_items
from services.parser.heading_rules import Heading, find_heading
from services.parser.keywords import kind_of_name
from services.parser.labels import Label, Labelled, Part
from services.parser.page_kind import page_kind
from services.parser.segments import SegmentedPage
from services.parser.visible_text import Element
from services.parser.widget_rules import Box, Divider

if TYPE_CHECKING:
    from shared.records import Role

_CAPTION = re.compile(r"caption|wp-caption-text|credit", re.IGNORECASE)
_COMMENT_CHROME = re.compile(
    r"^\W*\d*\W*(?:\d+ )?(?:comments?|repl(?:y|ies)|answers?|responses?|load more|show more|view (?:all|"
    r"more)|more comments|sort(?:ed)? by|newest|oldest|best|"
    r"kommentare?|commentaires?|comentarios?|comentários?|commenti|komentarze|reacties|комментари\w*|"
    r"σχόλια|yorum\w*|コメント)\b.{0,60}$",
    re.IGNORECASE,
)
# Texts between title and body at most, and letters from which on one is a sentence of the lead.
_LEAD, _SENTENCE = 25, 60


_LONGEST_CAPTION = 400
# Boxes of a page without an article that are what a reader came for.
_MAIN_KINDS = frozenset(
    "text featured_post recent_posts popular_posts gallery related_posts calendar archive labels links".split()
)


@lru_cache(maxsize=16_384)
def _is_caption(name: str) -> bool:
    return _CAPTION.search(name) is not None


class RuleLabeller:
    """Labels a page by rules on its structure and on well-known markup."""

    def label(self, page: SegmentedPage) -> Labelled:
        """One label for each text of the page."""
        return _Painter(page).paint()


class _Painter:
    def __init__(self, page: SegmentedPage) -> None:
        self.page = page
        self.visible = page.visible
        self.painted: dict[int, Label | None] = {}
        """Element number -> label of its texts, unless an element inside it has another."""
        self.single: dict[int, Label] = {}
        """Text number -> label, over its elements'."""

    def paint(self) -> Labelled:
        visible = self.visible
        items = find_items(visible)
        opening = self._opening(items)
        article = self._opening_article(opening) if opening else self._article(items)
        comments = [i for i in items if i is not opening]
        parts = self._comments(comments)
        labels = self._labels()
        if article is not None:
            self._lead(article, labels)
        start, end = self._extent(labels)
        if comments:
            self._thread_chrome(comments, labels, article)
        kind = page_kind(
            self.page,
            article=article is not None,
            posts=sum(i.family in ("post", "answer") for i in comments),
            comments=len(parts),
        )
        boxes = Divider(visible, lambda n: labels[n] is None, start=start, end=end).divide()
        self._widgets(boxes, labels, listing=article is None and not comments)
        return Labelled([self._or_text(n, label) for n, label in enumerate(labels)], kind)

    def _widgets(self, boxes: list[Box], labels: list[Label | None], *, listing: bool) -> None:
        """Labels the texts of the boxes; of a listing, what a reader came for is one widget in the main region."""
        main: Part | None = None
        for box in boxes:
            part = Part("widget", box.elements[0], box.score, box.kind, box.region)
            if listing and box.kind in _MAIN_KINDS and box.region == "inline":
                main = main or Part("widget", box.elements[0], 0.4, "text", "main")
                part = main
            title = box.title
            for n in box.texts:
                role: Role = "title" if title is not None and title.first <= n < title.last else "body"
                labels[n] = Label(part, role, box.score)

    def _or_text(self, n: int, label: Label | None) -> Label:
        """No text is without a record."""
        return label or Label(Part("widget", self.visible.texts[n].parent), "body", 0.1)

    # -- comments

    def _opening(self, items: list[Item]) -> Item | None:
        """The opening post of a forum thread, where the posts are all there is."""
        posts = [
            i
            for i in items
            if i.family == "post" or (i.family == "comment" and "post" in i.element.name + i.element.get("component"))
        ]
        if not posts and self.page.metadata.types and "DiscussionForumPosting" in self.page.metadata.types:
            posts = [i for i in items if i.family == "comment"]
        if len(posts) < 2 or posts[0].parent is not None or posts[0] is not items[0]:
            return None
        visible = self.visible
        first, last = posts[0].element, posts[-1].element
        inside = sum(visible.chars(i.element) for i in posts if i.parent is None)
        outside = find_body(visible, _taken(posts))
        if (
            outside is not None
            and outside[0].last <= first.first
            and visible.chars(outside[0]) > 0.5 * inside
            and outside[1] > 0.8
        ):
            return None
        return posts[0] if last.index > first.index else None

    def _opening_article(self, item: Item) -> Part:
        part = Part("article", item.element, 0.8)
        self._item(item, part)
        heading = find_heading(self.page, item.element, set())
        self._heading(part, Heading(heading.title, None, None, None))
        return part

    def _comments(self, items: list[Item]) -> list[Part]:
        made: dict[int, Part] = {}
        for item in items:
            parent = item.parent
            part = Part("comment", item.element, 0.8, parent=made.get(id(parent)) if parent is not None else None)
            made[id(item)] = part
            self._item(item, part)
        return list(made.values())

    def _item(self, item: Item, part: Part) -> None:
        """Paints a comment's block: its body, author and date; the rest is chrome."""
        paint = self.painted
        score = part.score
        body = item.body or [item.element]
        paint[item.element.index] = Label(part, "body" if not item.body else "chrome", score)
        for e in item.body:
            paint[e.index] = Label(part, "body", score)
        size = sum(self.visible.chars(b) for b in body)
        quotes = quotes_in(self.visible, item)
        if sum(e.last - e.first for e in quotes) >= sum(b.last - b.first for b in item.body):
            quotes = []
        for e in chrome_in(self.visible, item):
            inside = any(b.has(e) and b is not e for b in body) and self.visible.chars(e) < 0.6 * size
            if inside and not any(q.has(e) for q in quotes):
                paint[e.index] = Label(part, "chrome", score)
        for e in quotes:
            paint[e.index] = Label(part, "quote", score)
        if item.author is not None:
            paint[item.author.index] = Label(part, "byline", score)
        if item.date is not None:
            paint[item.date.index] = Label(part, "date", score)
        elif item.date_text is not None:
            self.single[item.date_text] = Label(part, "date", score)

    def _thread_chrome(self, items: list[Item], labels: list[Label | None], article: Part | None) -> None:
        """'4 comments:', 'Load more …' and the like around a thread are chrome of the article, or of its "
        "first comment."""
        visible = self.visible
        first = items[0].element
        around: Element = first
        for up in first.ancestors():
            if up.tag == "body" or (article is not None and up.has(article.element)):
                break
            around = up
        owner = article or next((label.part for label in labels[first.first : first.last] if label), None)
        if owner is None:
            return
        for n in range(around.first, around.last):
            t = visible.texts[n]
            if labels[n] is None and len(t.value) < 80 and _COMMENT_CHROME.match(t.value.strip()):
                labels[n] = Label(owner, "chrome", 0.6)

    # -- article

    def _article(self, items: list[Item]) -> Part | None:
        visible = self.visible
        taken = _taken(items)
        found = find_body(visible, taken)
        if found is None:
            return None
        body, score = found
        if self._is_listing(body):
            return None
        part = Part("article", body, score)
        self.painted[body.index] = Label(part, "body", score)
        for e in drops_in(visible, body):
            self.painted[e.index] = None
        for e in visible.inside(body)[1:]:
            if e.tag == "figcaption" or (e.name and _is_caption(e.name) and visible.chars(e) < _LONGEST_CAPTION):
                self.painted[e.index] = Label(part, "caption", score)
        for item in items:
            if body.has(item.element):
                self.painted[item.element.index] = None
        self._heading(part, find_heading(self.page, body, taken))
        return part

    def _heading(self, part: Part, heading: Heading) -> None:
        roles: list[tuple[Element | None, Role]] = [
            (heading.title, "title"),
            (heading.subtitle, "subtitle"),
            (heading.byline, "byline"),
            (heading.date, "date"),
        ]
        for e, role in roles:
            if e is not None:
                self.painted[e.index] = Label(part, role, part.score)
        if heading.byline_text is not None:
            self.single[heading.byline_text] = Label(part, "byline", part.score)
        if heading.date_text is not None:
            self.single[heading.date_text] = Label(part, "date", part.score)

    def _lead(self, part: Part, labels: list[Label | None]) -> None:
        """What stands between title and body and is no widget: sentences are the article's, bits of a meta "
        "line chrome."""
        visible = self.visible
        title = [
            n for n, label in enumerate(labels) if label is not None and label.part is part and label.role == "title"
        ]
        if not title or title[-1] > part.element.first or part.element.first - title[-1] > _LEAD:
            return
        for n in range(title[-1] + 1, part.element.first):
            t = visible.texts[n]
            if labels[n] is not None or visible.in_link[t.parent.index]:
                continue
            if any(
                kind_of_name(a.name) not in (None, "header")
                for a in (t.parent, *list(t.parent.ancestors())[:3])
                if a.name and not a.has(part.element)
            ):
                continue
            labels[n] = Label(part, "body" if len(t.value) > _SENTENCE else "chrome", 0.5)

    def _is_listing(self, body: Element) -> bool:
        """Whether the body is a list of links or teasers rather than one text."""
        visible = self.visible
        size = visible.chars(body)
        return size < 60 or visible.link_chars(body) > 0.65 * size

    # -- painting

    def _labels(self) -> list[Label | None]:
        """The label of each text: that of the nearest painted element around it."""
        visible = self.visible
        of: list[Label | None] = []
        for e in visible.elements:
            if e.index in self.painted:
                of.append(self.painted[e.index])
            else:
                of.append(of[e.parent.index] if e.parent is not None else None)
        return [self.single.get(n) or of[t.parent.index] for n, t in enumerate(visible.texts)]

    def _extent(self, labels: list[Label | None]) -> tuple[int, int]:
        """The texts between which article and comments stand."""
        named = [n for n, label in enumerate(labels) if label is not None and label.role == "body"]
        if not named:
            main = next((e for e in self.visible.elements if e.tag == "main" or e.get("role") == "main"), None)
            return (main.first, main.last) if main is not None else (0, len(labels))
        return named[0], named[-1] + 1


def _taken(items: list[Item]) -> set[int]:
    """Numbers of the elements in comments."""
    return {n for i in items for n in range(i.element.index, i.element.end)}
