"""What stands in a comment's block: its body, quotes of other posts, and chrome. Who and when: `comment_signatures`."""

import re

from services.parser.cache_sizes import NAMES
from services.parser.comment_item import Item, head_texts
from services.parser.comment_signatures import META_CHARS, sign, signs
from services.parser.platforms import also, named
from services.parser.reply_words import refers
from services.parser.visible_text import HEADINGS, Element, VisiblePage
from shared.remembered import remembered

_BODY = re.compile(
    r"(?:^|[\s_-])(?:(?:comments?|cmt|message|messages|post|reply|review|answer|cpost|msg)[-_]?(?:text|"
    rf"txt|body|content|contents|message|entry|data{also('body copy')})"
    rf"|entry-content|e-content{also('body')})(?:$|[\s_-])"
    rf"|(?:^|\s)(?:content|text|body|message|description{also('body word')})(?:$|\s)|__(?:text|body|message)(?:$|\s)",
    re.IGNORECASE,
)
_BODY_PROPS = frozenset(["text", "commentText", "reviewBody", "articleBody", "description"])
_META = re.compile(r"meta|author|footer|header|avatar|vcard|action|user-?info|title|date", re.IGNORECASE)
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:reply|replies|actions?|buttons?|btn|toolbar|controls?|avatar|author|vcard|"
    r"meta(?:data)?|votes?|voting|likes?|rating|"
    r"signature|sig|user-?info|user-?details|profile|poster|share|flag|report|permalink|footer|"
    r"edit|moderation|tools|menu|count(?:er)?|date|time|badge|rank|username|header|"
    rf"reactions?|karma|score|attribution|thumbs?|helpful|links{also('chrome')})(?:$|[\s_-])",
    re.IGNORECASE,
)
_QUOTE = re.compile(
    rf"(?:^|[\s_-])(?:(?!\s{also('no quote')})[^\W_]*quote|quote-?\w*|citation{also('quote')})(?:$|[\s_-])",
    re.IGNORECASE,
)
# What a quote of another post stands in; a button or a link that is named so offers to quote.
_QUOTE_TAGS = frozenset(["blockquote", "div", "aside", "table", "fieldset", "section", "figure", "dl"])
_CHROME_ATTRIBUTES = frozenset(named("chrome attribute"))
# What names the comment that is answered begins with, in an element that shows it.
_PARENT_PREVIEWS = named("parent preview")
# What a review's title calls itself; shops let them have a hundred letters.
_LONGEST_TITLE = 150
# What names the comment answered, at most.
_LONGEST_REFERENCE = 200
_TITLE = re.compile(r"(?:^|[\s_-])(?:title|headline|heading|subject)(?:$|\s)", re.IGNORECASE)


@remembered(NAMES)
def _is_body_name(name: str) -> bool:
    return _BODY.search(name) is not None


@remembered(NAMES)
def _is_chrome_name(name: str) -> bool:
    return _CHROME.search(name) is not None


def fill(page: VisiblePage, item: Item) -> None:
    """Finds body, author and date of an item."""
    own = _own(page, item)
    item.body = _body(page, item, own)
    title = _title(page, item, own)
    if title is not None:
        own = [e for e in own if not title.has(e)]
    in_body = {x.index for b in item.body for x in page.inside(b)}
    outside = _without_references(page, item, [e for e in own if e.index not in in_body])
    inside = [e for e in own if e.index in in_body and not any(e is b for b in item.body)]
    sign(page, item, own, outside, inside)
    if title is not None:
        item.body.insert(0, title)


def _without_references(page: VisiblePage, item: Item, elements: list[Element]) -> list[Element]:
    """Elements that are in no 'in reply to …' and no preview of the comment answered: those name another's author."""
    named = [e for e in elements if any(name.startswith(_PARENT_PREVIEWS) for name in e.attrs)]
    if any(refers(t.value) is not None for t in head_texts(page, item)):
        named += [e for e in elements if page.chars(e) < _LONGEST_REFERENCE and refers(page.text(e)) is not None]
    return [e for e in elements if not any(r.has(e) for r in named)] if named else elements


def _own(page: VisiblePage, item: Item) -> list[Element]:
    """Elements with text in an item's block that stand in no comment inside it."""
    own = []
    inner = {e.index: e.end for e in item.inner}
    at = item.element.index + 1
    while at < item.element.end:
        e = page.elements[at]
        at = inner.get(at, at + 1)
        if e.last > e.first and e.index not in inner:
            own.append(e)
    return own


def _body(page: VisiblePage, item: Item, own: list[Element]) -> list[Element]:
    """The element with the words of a comment: by its name, the innermost that holds most of what such names hold."""
    holders = {a.index for e in item.inner for a in e.ancestors()}
    named = [e for e in own if e.index not in holders and (_is_body_name(e.name) or e.get("itemprop") in _BODY_PROPS)]
    named = named or [e for e in own if e.index not in holders and e.tag == "div" and e.get("class") == "comment"]
    named = [
        e
        for e in named
        if not _is_meta(e)
        and not any(_QUOTE.search(a.name) for a in (e, *list(e.ancestors())[:3]) if item.element.has(a))
    ]
    if not named:
        return []
    best = max(named, key=lambda e: (page.chars(e) - page.link_chars(e) // 2, -e.index))
    for e in named:
        if (
            best.has(e)
            and e is not best
            and (page.chars(e) >= 0.6 * page.chars(best) or _beside(page, best, e) < META_CHARS)
        ):
            best = e
    return [best]


def _title(page: VisiblePage, item: Item, own: list[Element]) -> Element | None:
    """A review's title, which stands before its body."""
    if item.family != "review" or not item.body:
        return None
    start = item.body[0].first
    before = (e for e in own if e.last <= start and page.chars(e) <= _LONGEST_TITLE)
    return next((e for e in before if _TITLE.search(e.name)), None)


def _beside(page: VisiblePage, outer: Element, inner: Element) -> int:
    """Characters in an element that stand neither in an inner one nor in headings or chrome beside that."""
    rest = page.chars(outer) - page.chars(inner)
    at = outer.index + 1
    while rest >= META_CHARS and at < outer.end:
        e = page.elements[at]
        at = e.end if e is inner else at + 1
        if not e.has(inner) and (e.tag in HEADINGS or _is_meta(e) or _CHROME.search(e.name)):
            rest -= page.chars(e)
            at = e.end
    return rest


def _is_meta(e: Element) -> bool:
    """Whether an element is a comment's meta line, or a part of it."""
    return e.tag in ("time", "cite", "footer", "header", "button") or _META.search(e.name) is not None


def quotes_in(page: VisiblePage, item: Item) -> list[Element]:
    """Boxes in a post's body that quote another post, without those inside them."""
    found: list[Element] = []
    for body in item.body:
        for e in page.inside(body)[1:]:
            if e.last == e.first or e.tag not in _QUOTE_TAGS or (found and found[-1].has(e)):
                continue
            if _QUOTE.search(e.name) or (e.tag == "blockquote" and item.family == "post"):
                found.append(e)
    return found


def chrome_in(page: VisiblePage, item: Item) -> list[Element]:
    """Blocks in a comment that are none of its text: panes, buttons, quotes' heads, its meta line, a note of who edited
    it, the links between a name and a time that sign it."""
    signed = _signature(item)
    line = item.author.parent if item.author is not None and signs(page, item, item.author) else None
    return [
        e
        for e in _own(page, item)
        if (e.name and _is_chrome_name(e.name))
        or e.tag in ("button", "form", "footer", "header", "cite", "time", "select")
        or not _CHROME_ATTRIBUTES.isdisjoint(e.attrs)
        or (e.tag == "a" and e.first in signed)
        or e is line
    ]


def _signature(item: Item) -> range:
    """The texts between author and date where both stand at the end of the comment's own text."""
    end = item.date.first if item.date is not None else item.date_text
    if item.author is None or end is None or not any(b is item.element for b in item.body):
        return range(0)
    return range(item.author.last, end)
