"""Finds the article: by markup that names it, else by where the sentences are."""

import re
from functools import lru_cache
from itertools import accumulate, groupby
from operator import attrgetter

from services.parser.keywords import kind_of_name, plain
from services.parser.visible_text import INLINE, Element, VisiblePage

_BODY_TOKENS = re.compile(
    r"^(?:(?:post|entry|article|story|single|news|blog|page|main|td-post|node|content|text|"
    r"body)[-_]*(?:_+)?(?:body|content|text|entry|copy|article|inner|main)"
    r"|articlebody|entrytext|storytext|post|hentry|entry|e-content|mw-parser-output|markdown-body|"
    r"rst-content|documentation|article|"
    r"article__body|article-body|article__content|article-content|story-body|js-post-body|post-message|"
    r"caas-body|rich-?text|richtext|wysiwyg|prose)$",
    re.IGNORECASE,
)
_STRONG_TOKENS = re.compile(
    r"^(?:post-?body|entry-?content|article-?_*body|articlebody|post-?content|story-?body|"
    r"article-?_*content|e-content|td-post-content|"
    r"single-?content|entry-?body|js-post-body|mw-parser-output|markdown-body|article-?text|"
    r"story-?content|news-?content)$",
    re.IGNORECASE,
)
_UNLIKELY = re.compile(
    r"comment|sidebar|footer|\bnav|menu|related|share|social|widget|promo|\bads?\b|sponsor|cookie|consent|"
    r"popup|modal|breadcrumb|pagination|pager|"
    r"subscribe|newsletter|login|search|recommend|toolbar|header|masthead|disqus|banner|tags?\b|aside|"
    r"popular|recent|latest",
    re.IGNORECASE,
)
# A line shorter than this scores nothing for the blocks that it stands in.
_SHORT_LINE = 25
# Elements that hold a line or a list's entry: what they stand in scores.
_LINES = frozenset("p pre blockquote li h2 h3 h4 h5 h6 dd dt td tr tbody ul ol figcaption figure".split())
_SENTENCE = re.compile(r"[.!?,;:…](?:\s|$)|[。，、！？；]")
# Kinds whose blocks are no part of an article's text; and those of them that hold sentences of other articles.
_BOILERPLATE = frozenset(
    "social related_posts popular_posts recent_posts subscribe comment_form recent_comments notice ad navigation "
    "labels profile search footer archive translate poll links stats featured_post".split()
)
_TEASERS = frozenset("related_posts popular_posts recent_posts featured_post ad comment_form notice subscribe".split())
_BOILERPLATE_TAGS = frozenset("nav footer aside form button select textarea dialog label".split())
_NEVER_BOILERPLATE = frozenset("body main article p".split())
_BOILERPLATE_ROLES = frozenset("navigation contentinfo banner search dialog".split())
# Characters from which on a block is content whatever its name says, if it is not mostly links.
_LONG = 500


def find_body(page: VisiblePage, taken: set[int]) -> tuple[Element, float] | None:
    """The element that holds the article's text, and how sure that is; `taken`: elements that are other records'."""
    content = Content(page, taken)
    scores = _scores(page, taken)
    named = _named(page, taken, scores)
    if named is not None and content.share(named[0]) > _NAMED_SHARE:
        return named
    if not scores:
        return None
    best = max(scores, key=lambda i: (scores[i], -i))
    element = _widened(page, page.elements[best], scores)
    score = min(0.7, scores[best] / 60)
    while content.share(element) < _LEAST_SHARE and element.parent is not None:
        element = element.parent
        score = 0.3
    return element, score


# Below this share of the page's content a block is one of several, and the article is what holds them all.
_LEAST_SHARE = 0.5
_NAMED_SHARE = 0.3


class Content:
    """Which of a page's texts may be content: in no menu, footer, form, or block that names itself a widget."""

    def __init__(self, page: VisiblePage, taken: set[int]) -> None:
        """`taken`: elements that are other records'."""
        self._page = page
        self._everything = page.chars(page.body)
        boiler: list[bool] = []
        for e in page.elements:
            up = e.parent is not None and boiler[e.parent.index]
            boiler.append(up or (e.last > e.first and (e.index in taken or self._is_boilerplate(e))))
        sizes = (0 if boiler[t.parent.index] else len(t.value) for t in page.texts)
        self._sums = [0, *accumulate(sizes)]

    def _is_boilerplate(self, e: Element) -> bool:
        if e.tag in _BOILERPLATE_TAGS:
            return self._page.chars(e) < 0.5 * self._everything
        if not e.name or e.tag in _NEVER_BOILERPLATE:
            return False
        kind = kind_of_name(e.name)
        named = kind in _BOILERPLATE
        if not named and e.attrs.get("role") not in _BOILERPLATE_ROLES:
            return False
        size = self._page.chars(e)
        if size > 0.4 * self._everything:
            return False
        # Names mislead: a long text under "topics" or "archive" is content, a list of links is none.
        return not named or size < _LONG or self._page.link_chars(e) > (0.2 if kind in _TEASERS else 0.4) * size

    def chars(self, e: Element) -> int:
        """Characters of content in an element."""
        return self._sums[e.last] - self._sums[e.first]

    def share(self, e: Element) -> float:
        """The share of the page's content that is in an element."""
        return self.chars(e) / self._sums[-1] if self._sums[-1] else 0.0


def prose(page: VisiblePage, e: Element) -> int:
    """Characters outside links in an element."""
    return page.chars(e) - page.link_chars(e)


def _named(page: VisiblePage, taken: set[int], scores: dict[int, float]) -> tuple[Element, float] | None:
    """The body by its microdata or its well-known class, where one stands out."""
    claimed: list[Element] = []
    classed: list[Element] = []
    for e in page.elements:
        attrs = e.attrs
        if not attrs or e.last == e.first or e.index in taken:
            continue
        if "articleBody" in e.get("itemprop") or attrs.get("property") == "articleBody":
            claimed.append(e)
        elif (names := attrs.get("class")) and _is_body_name(names):
            classed.append(e)
    everything = max((prose(page, page.elements[i]) for i in scores), default=0)
    for found, score in ((claimed, 0.95), (classed, 0.9)):
        outer: list[Element] = []
        for e in found:
            if page.chars(e) > 140 and page.link_chars(e) < 0.6 * page.chars(e) and not (outer and outer[-1].has(e)):
                outer.append(e)
        if not outer:
            continue
        outer.sort(key=lambda e: -prose(page, e))
        first = prose(page, outer[0])
        rest = sum(prose(page, e) for e in outer[1:])
        if first > 1.5 * rest and first > 0.25 * everything:
            return outer[0], score
    return None


@lru_cache(maxsize=32_768)
def _is_body_token(token: str) -> bool:
    return _STRONG_TOKENS.match(token) is not None


def _is_body_name(names: str) -> bool:
    return any(map(_is_body_token, names.split()))


def _scores(page: VisiblePage, taken: set[int]) -> dict[int, float]:
    """Points for each element with sentences below it: full for its parent block, half for the one above, less on."""
    scores: dict[int, float] = {}
    in_link = page.in_link
    for _, run in groupby(page.texts, key=attrgetter("line")):
        line = list(run)
        size = sum(len(t.value) for t in line)
        if size < _SHORT_LINE:
            continue
        owner = line[0].parent
        block = _block(owner)
        if block.index in taken or owner.tag in ("option", "textarea", "button"):
            continue
        if sum(len(t.value) for t in line if in_link[t.parent.index]) > 0.5 * size:
            continue
        marks = sum(len(_SENTENCE.findall(t.value)) for t in line)
        points = 1 + min(size / 100, 4) + min(marks, 6) * 0.5
        weight = 1.0
        up: Element | None = block.parent if block.tag in _LINES else block
        steps = 0
        while up is not None and steps < 5:
            if (
                up.tag in ("ul", "ol", "tr", "tbody", "p", "blockquote", "dl", "thead", "figure")
                and up.parent is not None
            ):
                up = up.parent
                continue
            scores[up.index] = scores.get(up.index, 0.0) + points * weight * _likely(up)
            weight *= 0.62
            up = up.parent
            steps += 1
    for index in scores:
        e = page.elements[index]
        size = page.chars(e)
        scores[index] *= 1 - page.link_chars(e) / size if size else 0
    return scores


@lru_cache(maxsize=32_768)
def _likely_token(token: str) -> float:
    return 1.25 if _BODY_TOKENS.match(token) else 0.35 if _UNLIKELY.search(plain(token)) else 1.0


@lru_cache(maxsize=16_384)
def _likely_name(name: str) -> float:
    weights = [_likely_token(t) for t in name.split()] or [1.0]
    return max(weights) if max(weights) > 1 else min(weights)


def _likely(e: Element) -> float:
    """How an element's own name weighs."""
    if e.tag in ("nav", "footer", "aside", "form", "header", "body"):
        return 0.35
    if e.tag == "article":
        return 1.25
    return _likely_name(e.name) if e.name else 1.0


def _block(e: Element) -> Element:
    while e.tag in INLINE and e.parent is not None:
        e = e.parent
    return e


def _widened(page: VisiblePage, e: Element, scores: dict[int, float]) -> Element:
    """Climbs where the element above holds clearly more prose of the same kind."""
    while e.parent is not None and e.parent.tag != "body":
        up = e.parent
        mine, more = prose(page, e), prose(page, up)
        others = sum(scores.get(c.index, 0.0) > 0.2 * scores.get(e.index, 1.0) for c in up.children if c is not e)
        if (
            more > 1.25 * mine and others and scores.get(up.index, 0.0) > 0.55 * scores.get(e.index, 0.0)
        ) or more == mine:
            e = up
            continue
        break
    return e


def drops_in(page: VisiblePage, body: Element) -> list[Element]:
    """Blocks in an article's body that are something else: share bars, related links, forms, boxes of links."""
    found: list[Element] = []
    skip = body.index
    total = max(1, page.chars(body))
    for e in page.inside(body)[1:]:
        if e.index < skip or e.last == e.first:
            continue
        if _is_drop(page, e, total):
            found.append(e)
            skip = e.end
    return found


def _is_drop(page: VisiblePage, e: Element, total: int) -> bool:
    size = page.chars(e)
    if size > 0.5 * total:
        return False
    if e.tag in ("nav", "form", "footer", "aside", "button", "select", "textarea"):
        return True
    kind = kind_of_name(e.name) if e.name else None
    if kind in _BOILERPLATE and e.tag not in (
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "em",
        "strong",
        "b",
        "i",
        "code",
        "pre",
        "blockquote",
    ):
        return size < 0.25 * total or page.link_chars(e) > 0.5 * size
    return (
        e.tag in ("ul", "ol", "div", "table") and size > 30 and page.link_chars(e) > 0.8 * size and len(e.children) > 2
    )
