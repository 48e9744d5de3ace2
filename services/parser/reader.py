"""Reads a page's visible text, as the design defines it, with the elements that it stands in.

Visible are the text nodes under `body`, in document order, outside `UNSEEN` elements, outside elements with a
`hidden` attribute or an inline style of `display:none` or `visibility:hidden`. Read as well, and marked as not visible,
is prose that a reader opens: what tabs and accordions hide.
"""

import re
from typing import TYPE_CHECKING

from services.parser.visible_text import INLINE, MOMENTS, Element, Text, VisiblePage

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

UNSEEN = frozenset(["script", "style", "noscript", "template", "svg", "iframe", "noframes", "noembed", "head"])
# CSS takes no letters for another's case but ASCII's: without the flag the long s of "di\u017fplay" would be an s.
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE | re.ASCII)
# What is hidden and no panel with prose, by its names and role.
_NO_PANEL = re.compile(
    r"modal|pop-?up|cookie|consent|gdpr|menu|nav|dialog|search|cart|log-?in|sign-?(?:in|up)|toast|overlay|lightbox|tooltip|"
    r"newsletter|subscri|share|filter|drawer|off-?canvas|alert|error|form|template|banner|loading|(?:^|[\s_-])ads?[\s_-]",
    re.IGNORECASE,
)
# Letters in paragraphs that a panel has at least, and the share of all its letters that links may have.
_PROSE, _PANEL_LINKS = 150, 0.3
# Panels in panels at most: all of each is measured.
_NESTED = 3
# Of the tags in a line those that change how letters look and nothing else: what they part may be one word.
_FORMATTING = frozenset(
    "b bdi bdo big del dfn em font i ins mark nobr q rb rp rt ruby s small strike strong sub sup tt u var wbr".split()
)
# And those that are boxes or pictures: what is before or after one is no part of the same word.
_BOXES = frozenset("audio button canvas embed iframe img input meter object picture progress select video".split())
# More tags than stand inside a word.
_APART = 99
# Punctuation that belongs to what stands before or after it, whatever tags are between.
_CLOSING = frozenset(",.;:!?)]}%’”…。、，！？：；）」』】")
_OPENING = frozenset("([{„‚¿¡「『【（")
# Characters without a width: where a word may be broken, joiners of words, and byte order marks amid a text.
_INVISIBLE = re.compile("[\u00ad\u2060\ufeff]")
_PREFORMATTED = frozenset(["pre", "textarea"])
# Tags that the reader treats like no other; nodes that are neither element nor text, as selectolax calls them.
_SPECIAL = UNSEEN | _PREFORMATTED | {"br"}
_NO_ELEMENTS = frozenset(["-comment", "-doctype", "-document", "-other"])
# lexbor's numbers: of text nodes, and the first that is none of the tags it knows, which have one number on all pages.
_TEXT_NODE, _FIRST_UNKNOWN = 0x0002, 0x00C4
# Elements that say something without a text in them; others without one are left out of the tree: a third of a page.
_KEPT = frozenset(["img", "iframe", "embed", "object", "video", "audio", "input", "hr"])
# A moment that stands in an attribute only: what a script writes into `<span class=timeago title=…>`, microdata's meta.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_NO_ATTRIBUTES: dict[str, str | None] = {}


def read(tree: "LexborHTMLParser", *, noscript: bool = False, hidden: bool = False) -> VisiblePage:
    """The visible page; with `noscript` or `hidden` also the text in those, marked as not visible."""
    body = tree.body
    if body is None:
        return VisiblePage([Element("body", {}, None, 0, 0)], [])
    return _Reader(noscript=noscript, hidden=hidden).read(body)


class _Reader:
    def __init__(self, *, noscript: bool, hidden: bool) -> None:
        # A frame's element is kept, what is in it is not.
        self.whole = noscript or hidden
        self.passed = UNSEEN - {"iframe"} | _NO_ELEMENTS
        if noscript:
            self.passed -= {"noscript"}
        self.hidden = hidden
        self.elements: list[Element] = []
        self.texts: list[Text] = []

    def read(self, body: "LexborNode") -> VisiblePage:  # noqa: C901 - a call costs more here than a branch
        """Walks the tree in document order, without recursion. This is the parser's hottest loop: keep it flat, and
        ask each node for as little as can be (a property of it costs as much as ten steps of ours)."""
        elements, texts, passed, keep_hidden, tags = self.elements, self.texts, self.passed, self.hidden, _TAGS
        # `place`: of the node last read, among its parent's children (`shared.markup.paths`), of elements alone.
        line = unseen_depth = pre_depth = breaks = place = 0
        # Since the last text: how many tags, whether one closed and another opened after it, and whether all of them
        # only change how letters look.
        tags_between, closed, turned, formatting = 0, False, False, True
        attrs = body.attributes
        parent = Element("body", attrs, None, 0, 0)
        elements.append(parent)
        if _hides(attrs):
            if not keep_hidden:
                return VisiblePage(elements, texts)
            unseen_depth = 1
        # What is open: node, element, what is known of its tag, whether it begins what is not visible or preformatted.
        opened: list[tuple[LexborNode, Element, _Tag, tuple[bool, bool] | None]] = [(body, parent, _BODY, None)]
        node = body.first_child
        while True:
            if node is None:
                done, element, (tag, block, _, changes, apart), begun = opened.pop()
                place = element.place
                element.last = len(texts)
                element.end = len(elements)
                if begun:
                    unseen_depth -= begun[0]
                    pre_depth -= begun[1]
                if block:
                    line += 1
                tags_between += apart
                closed = True
                formatting = formatting and changes
                if element.parent is None:
                    return VisiblePage(elements, texts, whole=self.whole)
                parent = element.parent
                if element.first == element.last and element is elements[-1] and not _tells(tag, element.attrs):
                    elements.pop()
                    parent.children.pop()
                node = done.next
                continue
            number = node.tag_id
            if number == _TEXT_NODE:
                value = node.text_content or ""
                if not value.isascii() and _INVISIBLE.search(value):
                    value = _INVISIBLE.sub("", value)
                words = value.split()
                if words:
                    joined = " ".join(words)
                    chars = len(joined) - len(words) + 1
                    if len(joined) == len(value):
                        # As most are: nothing to collapse, and no white space before or after.
                        value = joined if not pre_depth else value
                    elif not pre_depth:
                        before = " " if value[0].isspace() else ""
                        after = " " if value[-1].isspace() else ""
                        value = f"{before}{joined}{after}"
                    glued = (
                        tags_between < 2
                        or pre_depth > 0
                        or (
                            tags_between < _APART
                            and bool(texts)
                            and _is_one_word(texts[-1].value, value, formatting=formatting, nested=not turned)
                        )
                    )
                    texts.append(Text(value, parent, line, glued, chars, not unseen_depth, pre_depth > 0, place + 1))
                    breaks = tags_between = 0
                    closed, turned, formatting = False, False, True
                elif value and pre_depth and texts and texts[-1].line == line and texts[-1].preformatted:
                    # Between the coloured words of code it is what parts them.
                    texts[-1].value += value
                elif value:
                    tags_between += _APART
                node = node.next
                continue
            about = tags.get(number) or _tag_of(node)
            tag, block, special, changes, apart = about
            if special and tag in passed:
                if tag not in _NO_ELEMENTS:
                    place += 2
                node = node.next
                continue
            place += 2
            tags_between += apart
            turned = turned or closed
            formatting = formatting and changes
            attrs = node.attributes
            hides = ("style" in attrs or "hidden" in attrs) and _hides(attrs)
            if hides and not keep_hidden and not (unseen_depth < _NESTED and _is_panel(node, tag, attrs)):
                node = node.next
                continue
            if special and tag == "br":
                breaks += 1
                if breaks == 1 and texts:
                    texts[-1].value += "\n"
                elif breaks == 2:
                    line += 1
                node = node.next
                continue
            if block:
                line += 1
                breaks = 0
            child = node.first_child
            if child is None or (special and tag == "iframe"):
                if _tells(tag, attrs):
                    element = Element(tag, attrs or _NO_ATTRIBUTES, parent, len(elements), len(texts), place)
                    elements.append(element)
                    parent.children.append(element)
                node = node.next
                continue
            element = Element(tag, attrs or _NO_ATTRIBUTES, parent, len(elements), len(texts), place)
            elements.append(element)
            parent.children.append(element)
            begun = None
            if special or hides:
                begun = (hides or tag == "noscript", tag in _PREFORMATTED)
                unseen_depth += begun[0]
                pre_depth += begun[1]
            opened.append((node, element, about, begun))
            parent = element
            place = 0
            node = child


def _is_one_word(before: str, after: str, *, formatting: bool, nested: bool) -> bool:
    """Whether several tags between two texts of a line part no words. Style sheets set elements apart that have no
    space between them, so letters are joined only where tags go one way (`nested`: all open or all close) and a word
    seems to go on, or where all are `formatting`."""
    last, first = before[-1], after[0]
    if last.isspace() or first.isspace():
        return False
    if formatting or first in _CLOSING or last in _OPENING:
        return True
    goes_on = last.isalpha() and first.isalpha() and (len(before) == 1 or not first.isupper())
    return nested and goes_on


# Of a tag: its name, whether it is a block, whether the reader treats it specially, whether it only changes how letters
# look, and how many tags that part no word it counts for.
_Tag = tuple[str, bool, bool, bool, int]


def _about(name: str) -> _Tag:
    special = name in _SPECIAL or name in _NO_ELEMENTS
    return name, name not in INLINE, special, name in _FORMATTING, _APART if name in _BOXES else 1


_BODY = _about("body")
# Of each tag that lexbor knows, by its number.
_TAGS: dict[int, _Tag] = {}


def _tag_of(node: "LexborNode") -> _Tag:
    """What `_TAGS` has of a node, which is asked for its name only once a tag: that makes a new text each time."""
    found = _about(node.tag or "-other")
    if node.tag_id < _FIRST_UNKNOWN:
        _TAGS[node.tag_id] = found
    return found


def _tells(tag: str, attrs: dict[str, str | None]) -> bool:
    """Whether an element without text says something."""
    if tag in _KEPT or attrs.keys().isdisjoint(MOMENTS):
        return tag in _KEPT
    return any(_MOMENT.match(attrs.get(name) or "") is not None for name in MOMENTS)


def _is_panel(node: "LexborNode", tag: str, attrs: dict[str, str | None]) -> bool:
    """Whether a hidden element holds prose that a reader may open."""
    if _NO_PANEL.search(" ".join(attrs.get(name) or "" for name in ("id", "class", "role", "aria-label"))):
        return False
    paragraphs = [node] if tag == "p" else node.css("p")
    if sum(_letters(p) for p in paragraphs) < _PROSE:
        return False
    return sum(map(_letters, node.css("a"))) <= _PANEL_LINKS * _letters(node)


def _letters(node: "LexborNode") -> int:
    return len("".join(node.text().split()))


def _hides(attrs: dict[str, str | None]) -> bool:
    """Whether an element with these attributes is hidden, by the design's definition."""
    if "hidden" in attrs:
        return True
    style = attrs.get("style")
    return style is not None and _HIDING.search(style) is not None
