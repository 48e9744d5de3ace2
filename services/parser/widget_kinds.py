"""The kind of a widget: by what it calls itself, by its heading, by what is in it, by where it stands."""

import re
from itertools import islice

from services.parser.any_case import Pattern, Subject
from services.parser.keywords import is_makers_name, is_name_of_kind, kind_of_heading, kind_of_name
from services.parser.visible_text import Element, VisiblePage
from shared.records import Region, WidgetKind

_COPYRIGHT = Pattern(
    r"©|\(c\)\s*\d{4}|copyright|all rights reserved|powered by|alle rechte|tous droits|todos los derechos|"
    r"designed by|impressum"
)
# What a site's foot says besides: of the annotated pages' blocks without a title with such words in their foot 141 are
# footers and 46 navigation, most of these longer.
_LEGAL = Pattern(
    r"privacy|terms|imprint|datenschutz|\blegal\b|cookies|\bagb\b|aviso legal|mentions légales|confidentialité|"
    r"privacidad|disclaimer"
)
_COMMENT_FORM = Pattern(
    r"(?:add|leave|post|write) (?:a |your )?(?:comment|reply|review|answer)|comment form|"
    r"reply to (?:this|thread)|log ?in (?:or \w+ )?to (?:comment|reply|post|leave)"
)
_CLOSED = Pattern(r"comments? (?:are|is) closed")
_LOGIN = Pattern(r"(?:log ?in|sign ?in|sign ?up|register|subscribe|my account|create account|join)\b")
_SKIP = Pattern(
    r"(?:skip|jump|go|direkt|zum|aller|ir|saltar|back|pular|přejít|przejdź) (?:to|zum|inhalt|au|al|a|do|para|content)"
)
_FRONT_PAGE = re.compile(r"(?:https?:)?//[^/?#]+/?|/", re.IGNORECASE)
# Names that say where a block stands rather than what it is; and those that say little against its heading.
_WEAK = frozenset(["header", "footer", "navigation", "labels", "ad", "notice", "gallery", "stats"])
_GENERAL = frozenset(["navigation", "labels", "ad", "notice", "gallery", "stats"])
# From this share of its characters in tags on a box is one of labels: the rest is 'Filed under:' and the like.
_TAGGED = 0.3
# A program's names stand on the first elements of what it makes.
_OUTER = 10
# A part with this share of a box's characters speaks for the whole.
_LARGE = 0.4
# Characters at most: of a login or skip link, of a few words, of a site's head, an advertisement, a copyright line.
_SHORT, _FEW, _LONGEST_HEADER, _LONGEST_AD, _LONGEST_COPYRIGHT = 100, 40, 200, 400, 800


def kind_of(
    page: VisiblePage, elements: list[Element], title: Element | None, region: Region | None
) -> tuple[WidgetKind, float]:
    """A box's kind, and how sure that is."""
    text = Subject(" ".join([page.beginning(e, 400) for e in elements])[:600])
    if _COMMENT_FORM.begins(text) or _CLOSED.is_in(text):
        return "comment_form", 0.8
    if are_tags(page, elements):
        return "labels", 0.8
    if _is_masthead(page, elements):
        return "header", 0.9
    said = _said(page, elements, title)
    if said is not None:
        return said
    size = sum(page.chars(e) for e in elements)
    links = sum(page.link_chars(e) for e in elements)
    if size < _LONGEST_COPYRIGHT and _COPYRIGHT.is_in(text):
        return "footer", 0.7
    if title is None and region == "footer" and size < _SHORT and _LEGAL.is_in(text):
        return "footer", 0.7
    if any(e.tag == "nav" for e in elements):
        return "navigation", 0.8
    if any(_is_search(x.attrs) for e in elements for x in page.inside(e) if x.attrs):
        return "search", 0.7
    if size < _SHORT and _LOGIN.begins(text):
        return "subscribe", 0.5
    if size < _SHORT and _SKIP.begins(text):
        return "navigation", 0.6
    return _by_place(elements, region, size, links)


def are_tags(page: VisiblePage, elements: list[Element]) -> bool:
    """Whether elements are the page's tags, and what announces them."""
    if not page.tag_links:
        return False
    tags = sum(page.chars(a) for a in page.tag_links if any(e.index <= a.index < e.end for e in elements))
    return tags > _TAGGED * sum(map(page.chars, elements))


def _is_search(attrs: dict[str, str | None]) -> bool:
    return attrs.get("type") == "search" or attrs.get("role") == "search"


def _is_masthead(page: VisiblePage, elements: list[Element]) -> bool:
    """Whether a box is the site's name: a heading of the first level whose links lead to a front page and nowhere else
    (24 of 25 such boxes of the annotated pages are headers)."""
    inside = [x for e in elements for x in page.inside(e)]
    if "h1" not in [x.tag for x in inside]:
        return False
    targets = [x.get("href").strip() for x in inside if x.tag == "a" and "href" in x.attrs]
    return bool(targets) and all(map(_FRONT_PAGE.fullmatch, targets))


def _said(page: VisiblePage, elements: list[Element], title: Element | None) -> tuple[WidgetKind, float] | None:
    """The kind that a box's names or its heading say; of names that say little the heading is the better one."""
    if made := _made(page, elements):
        return made, 0.9
    heading = page.text(title) if title is not None else ""
    by_heading = kind_of_heading(heading) if heading else None
    if by_heading and is_name_of_kind(heading):
        return by_heading, 0.9
    names = [k for k in (kind_of_name(e.name) for e in elements if e.name) if k]
    by_name = next((k for k in names if k not in _WEAK), None) or (names[0] if names else None)
    if by_name and by_name not in _WEAK:
        return by_name, 0.7
    if by_heading:
        return by_heading, 0.7
    if by_name in _GENERAL and not (by_name == "ad" and sum(page.chars(e) for e in elements) > _LONGEST_AD):
        return by_name, 0.6
    inner = _inner_kind(page, elements)
    return (inner, 0.6) if inner and inner not in ("header", "footer") else None


def _by_place(elements: list[Element], region: Region | None, size: int, links: int) -> tuple[WidgetKind, float]:
    """The kind of a box that says nothing of itself: by where it stands and how much of it is links."""
    places = {kind_of_name(e.name) for e in elements if e.name}
    if "footer" in places or region == "footer":
        return ("navigation" if links > 0.8 * size and size > _FEW else "footer"), 0.4
    if links > 0.7 * size and (size > _FEW or "header" not in places):
        return "navigation", 0.4
    if "header" in places and size < _LONGEST_HEADER:
        return "header", 0.6
    above = (kind_of_name(a.name) for a in islice(elements[0].ancestors(), 3) if a.name)
    up = next((k for k in above if k and k not in _WEAK), None)
    if up:
        return up, 0.4
    return ("navigation" if elements[0].tag in ("ul", "ol") and links > 0.4 * size else "text"), 0.3


def _made(page: VisiblePage, elements: list[Element]) -> WidgetKind | None:
    """The kind that a program makes whose names the box or the largest part of it has."""
    most = _LARGE * sum(map(page.chars, elements))
    outer = (x for e in elements for x in page.elements[e.index : min(e.end, e.index + _OUTER)])
    large = (x.name for x in outer if x.name and page.chars(x) >= most)
    return next((kind for name in large if is_makers_name(name) and (kind := kind_of_name(name))), None)


def _inner_kind(page: VisiblePage, elements: list[Element]) -> WidgetKind | None:
    """The kind that the largest part of a box names."""
    best, size = None, 0
    total = sum(page.chars(e) for e in elements)
    for e in elements:
        for x in page.inside(e)[1:]:
            n = page.chars(x)
            if n > size and n >= _LARGE * total and x.name and (kind := kind_of_name(x.name)):
                best, size = kind, n
    return best


def kind_of_loose(text: str) -> WidgetKind | None:
    """The kind of text that stands in no block of its own."""
    words = Subject(text)
    if _COPYRIGHT.is_in(words):
        return "footer"
    return "comment_form" if _COMMENT_FORM.begins(words) or _CLOSED.is_in(words) else None
