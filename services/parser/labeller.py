"""Labels a page: comments by their markup, article and kind by the models, widgets by what is left."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from services.parser.blocks import Blocks, blocks_of, smallest_with
from services.parser.captions import is_caption
from services.parser.columns import Columns, Matrix
from services.parser.comment_fields import chrome_in, quotes_in
from services.parser.comment_item import Item
from services.parser.comment_rules import are_by_people, are_signed, find_items
from services.parser.element_features import FREE, KIDS, WIDGET_KINDS, box_rows, element_rows, is_short
from services.parser.features import AT, features
from services.parser.heading_rules import Heading, find_heading
from services.parser.kind_words import names_of, words_of
from services.parser.labels import Label, Labelled, Part
from services.parser.lead import label_lead
from services.parser.models import KINDS, Models, choose, models
from services.parser.platforms import named
from services.parser.repeats import without_repeats
from services.parser.segments import SegmentedPage
from services.parser.thread_chrome import label_thread_chrome
from services.parser.widget_rules import Box, Divider

if TYPE_CHECKING:
    from services.parser.visible_text import Element
    from shared.records import PageKind, Role

# Kinds of pages without an article: what a reader came for is a list. A page has none where these together are likelier
# than not.
_LISTS: Final = [KINDS.index("listing"), KINDS.index("collection")]
# A page that holds fewer words of what a reader came for, as the model expects them, has no article.
_LEAST_WORDS = 8.0
# Blocks that the model takes for the article are no comments, whatever they call themselves, unless it is a forum's.
_ARTICLE_LIKE = 0.6
# From which probability on a block is one widget: by folds widgets F1 is 0.694 at 0.5, 0.700 at 0.45, 0.703 at 0.4.
_WHOLE = 0.4
# Below these probabilities of the model's own kind a rule that is as sure as its partner is right more often. By folds,
# where the two differ: a heading that is nothing but the kind's name is right in 25 of 29 cases and the model in two;
# the next in 86 of 168 against 37, and in 56 of 173 against 41.
_UNSURE = ((0.75, 0.9), (0.4, 0.7), (0.3, 0.6))
# From which probability on a short box is none. By folds widgets F1 is 0.716 at 0.65, 0.720 at 0.5 and at 0.4, 0.719 at
# 0.35, 0.712 at 0.25, and the kind of those found right in 0.791, 0.795 (0.5), 0.800 (0.35) and 0.805 (0.25).
_NONE = 0.4
# What a rule is as sure of is a widget, however short.
_SURE = 0.8
# Attributes beside id and class that say what an element is.
_NAMES = named("kind")
# Annotations of ruby (https://html.spec.whatwg.org/multipage/text-level-semantics.html#the-ruby-element).
_READINGS = ("rt", "rp")
# The smallest element with this share of the article's words is where it stands.
_MOST = 0.9
# An article is mostly one region: a block outside the smallest element with the first share of the chosen words stays
# where its own probability is the second. By folds text F1 is 0.8737 without, 0.8746 at (0.85, 0.75), 0.8755 at (0.8,
# 0.7) and (0.72, 0.65), and leaks are 0.037, 0.034, 0.034, 0.034.
_REGION, _ASTRAY = 0.72, 0.65
# Words at most, and the share of them that is a link at least, of a line that points elsewhere. The model keeps many,
# as some of its gold does; without them the F1 of strings is 0.938 by folds, with them 0.934, and text F1 the same.
_POINTER, _LINKED = 30, 0.4


class Labeller:
    """Labels pages with the models given, or with those that the parser comes with."""

    def __init__(self, given: Models | None = None) -> None:
        """`given`: others than the parser's own, to measure them."""
        self._models = given or models()

    def label(self, page: SegmentedPage, *, further: bool = False) -> Labelled:
        """One label for each text of the page. Never fails, whatever the page is.

        `further`: it is a further page of a forum's thread, and so its first post no opening.
        """
        if not page.visible.texts:
            return Labelled([], "other")
        painter = Painter(page, self._models, further=further)
        labels = painter.labels()
        table = painter.elements(labels)
        boxes = painter.boxes(labels, painter.whole(table))
        painter.widgets(boxes, table, labels)
        return Labelled([painter.or_text(n, label) for n, label in enumerate(labels)], painter.kind)


class Painter:
    """One page being labelled, step by step: training looks at what stands between them."""

    def __init__(self, page: SegmentedPage, given: Models, *, further: bool = False) -> None:
        """Reads the page and asks the models about its blocks."""
        self._models = given
        self._further = further
        self.page = page
        self.visible = page.visible
        self.blocks: Blocks = blocks_of(self.visible)
        self.words = np.array([t.count(" ") + 1 for t in self.blocks.texts], np.float32)
        items = find_items(self.visible, further=further)
        self.tree = Columns(self.visible, self.blocks)
        self.rows = features(page, self.blocks, self.tree)
        thread = self._within(items)
        self.kinds = given.kinds(self.rows, thread)
        self.kind: PageKind = KINDS[int(self.kinds.argmax())]
        self.p = given.mains(self.rows, thread, self.kinds)
        self.items = items if self.kind == "forum" or further else self._without_articles(items)
        self.painted: dict[int, Label | None] = {}
        """Element number -> label of its texts, unless an element inside it has another."""
        self.single: dict[int, Label] = {}
        """Text number -> label, over its elements'."""

    def _within(self, items: list[Item]) -> NDArray[np.bool_]:
        """Which blocks stand in one of these."""
        found = np.zeros(len(self.blocks), bool)
        for item in items:
            found[self.blocks.within(item.element)] = True
        return found

    def _mean(self, items: list[Item]) -> float:
        """The mean probability of these items' words to be the article's."""
        at = self._within(items)
        words = float(self.words[at].sum())
        return float((self.p[at] * self.words[at]).sum()) / words if words else 0.0

    def _without_articles(self, items: list[Item]) -> list[Item]:
        """The items less those groups of one name that are the article itself."""
        groups: dict[tuple[str, str, str], list[Item]] = {}
        for item in items:
            key = (item.family, item.element.tag, item.element.get("class").partition(" ")[0])
            groups.setdefault(key, []).append(item)
        gone = {
            id(i)
            for group in groups.values()
            if not self._are_sure(group) and self._mean(group) > _ARTICLE_LIKE
            for i in group
        }
        return [i for i in items if id(i) not in gone and (i.parent is None or id(i.parent) not in gone)]

    def _are_sure(self, items: list[Item]) -> bool:
        """Whether items cannot be an article's parts. Shops' reviews say who wrote them and often not when."""
        reviews = self.kind == "product" and items[0].family == "review"
        return are_by_people(items) if reviews else are_signed(items)

    def labels(self) -> list[Label | None]:
        """The labels of article, comments, and what a page without an article is: a list in its main region."""
        items = self.items
        opening = self._opened(items)
        comments = [i for i in items if i is not opening]
        self._comments(comments)
        article = main = None
        chosen = self._chosen(items)
        once = without_repeats(chosen, self.blocks)
        if opening is not None:
            article = self._opening_article(opening)
        elif once.any():
            where = smallest_with(self.visible, self.blocks, self.words * once, _MOST)
            part = Part("article", where, float(self.p[once].mean()))
            if self.kinds[_LISTS].sum() > 0.5 and not comments:
                main = Part("widget", part.element, part.score, "text", "main")
            else:
                heading = find_heading(self.page, part.element, _taken(items))
                if self._has_body(once, heading):
                    article = part
                    self._heading(part, heading)
        labels = self._labels()
        if opening is None:
            self._body(article or main, chosen, once, labels)
        if article is not None and opening is None:
            label_lead(self.visible, article, labels)
        if comments:
            label_thread_chrome(self.visible, comments[0].element, labels, article)
        if not self.visible.whole:
            left_out = Label(Part("hidden", self.visible.body), "body", 1.0)
            for n, text in enumerate(self.visible.texts):
                if not text.visible and labels[n] is None:
                    labels[n] = left_out
        return labels

    # -- widgets

    def elements(self, labels: list[Label | None]) -> Matrix:
        """A row for each element (`element_features`)."""
        free = np.ones(len(self.blocks), bool)
        free[self.blocks.of_text[[n for n, label in enumerate(labels) if label is not None]]] = False
        return element_rows(self.visible, self.blocks, self.tree, self.rows, self.p, free, self.kinds)

    def whole(self, table: Matrix) -> NDArray[np.bool_]:
        """For each element whether it is one widget, if no record has a part of it; `table`: what `elements` says."""
        # What has no children is never cut, and what another record has a part of always is.
        asked = (table[:, FREE] == 1) & (table[:, KIDS] > 0)
        found = np.zeros(len(asked), bool)
        found[asked] = self._models.whole.probability(table[asked]) > _WHOLE
        return found

    def boxes(self, labels: list[Label | None], whole: NDArray[np.bool_]) -> list[Box]:
        """What is left, cut into widgets."""
        start, end = self._extent(labels)
        return Divider(self.visible, lambda n: labels[n] is None, whole, start=start, end=end).divide()

    def _chosen(self, items: list[Item]) -> NDArray[np.bool_]:
        """The blocks of the article, or of the list that the page is."""
        free = ~self._within(items)
        p = np.where(free, self.p, 0)
        if float((p * self.words).sum()) < _LEAST_WORDS:
            return np.zeros(len(p), bool)
        chosen = choose(p, self.words) & free
        # Where the model is unsure little is enough to be chosen: what it is sure of says where the article stands.
        region = smallest_with(self.visible, self.blocks, self.words * chosen * p**2, _REGION)
        inside = np.zeros(len(p), bool)
        inside[self.blocks.within(region)] = True
        return chosen & (inside | (p >= _ASTRAY)) & ~self._pointers()

    def _pointers(self) -> NDArray[np.bool_]:
        """Lines that only send the reader to another page: links that say so, and what announces some."""
        says = self.rows[:, AT["points"]] > 0
        announces = np.array([text.endswith(":") for text in self.blocks.texts], bool)
        return says & (self.words <= _POINTER) & (announces | (self.rows[:, AT["link_share"]] >= _LINKED))

    def _has_body(self, chosen: NDArray[np.bool_], heading: Heading) -> bool:
        """Whether more is chosen than a title, which alone (a link that is discussed) is no article."""
        body = chosen.copy()
        if heading.title is not None:
            body[self.blocks.within(heading.title)] = False
        return bool(body.any())

    def _body(
        self, part: Part | None, chosen: NDArray[np.bool_], once: NDArray[np.bool_], labels: list[Label | None]
    ) -> None:
        """Labels the texts of the chosen blocks that are nothing else: what is said again is chrome."""
        if part is None:
            return
        texts = self.visible.texts
        for block in np.flatnonzero(chosen):
            score = float(self.p[block])
            for n in range(self.blocks.first[block], self.blocks.last[block]):
                if labels[n] is None:
                    captions = part.kind == "article" and is_caption(self.visible, texts[n].parent)
                    role: Role = "caption" if captions else "body"
                    labels[n] = Label(part, role if once[block] else "chrome", score)

    def widgets(self, boxes: list[Box], table: Matrix, labels: list[Label | None]) -> None:
        """Labels the texts of the boxes."""
        if not boxes:
            return
        chances = self._models.widgets(
            box_rows(self.page, table, boxes),
            [words_of(self.page, box) for box in boxes],
            [names_of(self.page, box) for box in boxes],
        )
        loose: list[int] = []
        for box, chance in zip(boxes, chances, strict=True):
            if chance[-1] > _NONE and box.score < _SURE and is_short(self.visible, box):
                loose += box.texts
                continue
            best = int(chance[:-1].argmax())
            score, kind = float(chance[best]), WIDGET_KINDS[best]
            if any(score < unsure and box.score >= named for unsure, named in _UNSURE):
                score, kind = box.score, box.kind
            part = Part("widget", box.elements[0], score, kind, box.region)
            title = box.title
            for n in box.texts:
                role: Role = "title" if title is not None and title.first <= n < title.last else "body"
                labels[n] = Label(part, role, part.score)
        # Bits that are no block of their own are chrome of what they follow, or at the page's begin of what comes next.
        for n in sorted(loose):
            around = (labels[k] for at in (range(n - 1, -1, -1), range(n + 1, len(labels))) for k in at)
            near = next((x for x in around if x and x.part.kind != "hidden"), None)
            labels[n] = Label(near.part, "chrome", 0.3) if near is not None else None

    def or_text(self, n: int, label: Label | None) -> Label:
        """No text is without a record; how a word is read, in small letters above it, is chrome."""
        at = self.visible.texts[n].parent
        label = label or Label(Part("widget", at), "body", 0.1)
        return replace(label, role="chrome") if at.tag in _READINGS else label

    # -- comments

    def _opened(self, items: list[Item]) -> Item | None:
        """The opening post, where the page is a forum's thread and not a further page of one."""
        opening = self._opening(items)
        if opening is not None:
            self.kind = "forum"
        return opening if not self._further else None

    def _opening(self, items: list[Item]) -> Item | None:
        """The opening post of a forum thread, where the posts are all there is."""
        posts = [
            i
            for i in items
            if i.family == "post" or (i.family == "comment" and any("post" in name for name in _names(i.element)))
        ]
        if not posts and "DiscussionForumPosting" in self.page.metadata.types:
            posts = [i for i in items if i.family == "comment"]
        if len(posts) < 2 or posts[0].parent is not None or posts[0] is not items[0]:
            return None
        first, last = posts[0].element, posts[-1].element
        # An opening that is marked up otherwise than the answers stands before them: on 60 annotated threads those that
        # begin with the first post have at most a third of its words there.
        before = slice(0, int(self.blocks.of_text[first.first]))
        outside = float((self.p * self.words)[before][self.p[before] > 0.5].sum())
        if outside > 0.5 * self.words[self.blocks.within(first)].sum():
            return None
        return posts[0] if last.index > first.index else None

    def _opening_article(self, item: Item) -> Part:
        part = Part("article", item.element, 0.8)
        self._item(item, part)
        heading = find_heading(self.page, item.element, set())
        self._heading(part, Heading(heading.title, None, None, None))
        return part

    def _comments(self, items: list[Item]) -> None:
        made: dict[int, Part] = {}
        for item in items:
            parent = item.parent
            part = Part("comment", item.element, 0.8, parent=made.get(id(parent)) if parent is not None else None)
            made[id(item)] = part
            self._item(item, part)

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

    # -- article

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

    # -- painting

    def _labels(self) -> list[Label | None]:
        """The label of each text: that of the nearest painted element around it."""
        visible, painted = self.visible, self.painted
        of: list[Label | None] = [painted.get(0)]
        for e in visible.elements[1:]:
            inherited = of[e.parent.index] if e.parent is not None else None
            of.append(painted.get(e.index, inherited))
        labels = [of[t.parent.index] for t in visible.texts]
        for n, label in self.single.items():
            labels[n] = label
        return labels

    def _extent(self, labels: list[Label | None]) -> tuple[int, int]:
        """The texts between which article and comments stand."""
        named = [n for n, label in enumerate(labels) if label is not None and label.role == "body"]
        if not named:
            main = next((e for e in self.visible.elements if e.tag == "main" or e.get("role") == "main"), None)
            return (main.first, main.last) if main is not None else (0, len(labels))
        return named[0], named[-1] + 1


def _names(e: "Element") -> list[str]:
    """Id and classes, and what platforms name an element by."""
    return [e.name, *map(e.get, _NAMES)]


def _taken(items: list[Item]) -> set[int]:
    """Numbers of the elements in comments."""
    return {n for i in items for n in range(i.element.index, i.element.end)}
