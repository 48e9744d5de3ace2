"""A view's document: an archived body, and the records that it was cut into, to HTML that does nothing."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import nh3

from services.web.tear import markup
from services.web.tear.marks import BY_OURSELVES, RECORDS, marks_of, nodes_of
from services.web.tear.signing import PATH as ARCHIVED
from services.web.tear.source import Marked
from services.web.tear.styles import Styles
from shared.markup.paths import Places
from shared.markup.tree import tree_of
from shared.raw_page import RawPage
from shared.urls import join

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

POLICY = "; ".join([
    "default-src 'none'", "style-src 'unsafe-inline'", "img-src 'self'", "base-uri 'none'", "form-action 'none'",
    "frame-ancestors 'self'", "sandbox allow-top-navigation-by-user-activation",
])  # fmt: skip
"""Content Security Policy Level 3 of a view."""

_FOLDER = Path(__file__).parent
# As the parser has it (core/src/reader.rs).
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE | re.ASCII)
_OURS = (RECORDS, BY_OURSELVES, f"{ARCHIVED}?")
_HIDDEN = frozenset(["hidden", "noscript"])
_ATTRIBUTES = {
    "*": set(markup.ATTRIBUTES) | {"tabindex"},
    "a": {"href", "target"},
    "img": {"src", "loading"},
}


def view_of(
    raw: RawPage,
    records: Iterable[Marked],
    sheet_of: Callable[[str], RawPage | None],
    image_of: Callable[[str], str | None],
    way: str = RECORDS,
) -> str:
    """The document.

    `sheet_of`: what the archive holds of a stylesheet's URL; `image_of`: our address of an archived image, None where
    there is none; `way`: how links lead to records (`marks.target_of`).
    """
    records = list(records)
    tree = tree_of(raw.body, raw.content_type)
    places = Places(tree)
    base = _base(tree, raw.final_url)
    known: dict[str, str | None] = {}

    def image(reference: str) -> str | None:
        if reference not in known:
            url = join(base, reference)
            known[reference] = image_of(url) if url is not None and url.startswith(("http:", "https:")) else None
        return known[reference]

    styles = Styles(sheet_of, image_of)
    marks = marks_of(places, records, way)
    shown = _shown(places, records)
    body = markup.Body(marks, shown, image, lambda css: styles.declarations(css, base))
    inside = body.write(tree.body) if tree.body is not None else ""
    return "".join([
        f"<!DOCTYPE html><html{_attributes(body, tree.root)}><head><meta charset=utf-8>",
        f"<title>{escape(_title(tree))}</title>",
        "<meta name=viewport content='width=device-width, initial-scale=1'>",
        f"<style>{_own('base.css')}</style>",
        *_sheets(tree, styles, base, scriptless=bool(shown)),
        f"<style>{_own('frame.css')}</style></head>",
        f"<body{_attributes(body, tree.body)}>",
        _cleaned(inside, body.custom),
        "</body></html>",
    ])  # fmt: skip


def _cleaned(html: str, custom: set[str]) -> str:
    """Once more, by a library that parses it as a browser will; of addresses those that are ours pass."""
    return nh3.clean(
        html,
        tags=set(markup.TAGS) | custom,
        clean_content_tags={"script", "style"},
        attributes=_ATTRIBUTES,
        generic_attribute_prefixes=set(markup.PREFIXES),
        url_schemes=set(),
        url_relative=lambda url: url if url.startswith(_OURS) else None,
        link_rel=None,
        strip_comments=True,
    )


def _base(tree: "LexborHTMLParser", url: str) -> str:
    """What the page's addresses are relative to."""
    base = tree.css_first("base[href]")
    return (base is not None and join(url, base.attributes.get("href") or "")) or url


def _title(tree: "LexborHTMLParser") -> str:
    title = tree.css_first("title")
    return " ".join(title.text().split())[:300] if title is not None else ""


def _attributes(body: markup.Body, node: "LexborNode | None") -> str:
    return body.attributes_of(node) if node is not None else ""


def _shown(places: Places, records: Iterable[Marked]) -> set[int]:
    """What hides the words of records that are made of hidden ones (`mem_id`): a view shows them."""
    hiding: set[int] = set()
    for record in records:
        if record.provenance.get("text") in _HIDDEN:
            for node in nodes_of(places, record):
                around = node.parent
                while around is not None:
                    if _hides(around):
                        hiding.add(around.mem_id)
                    around = around.parent
                if node.is_element_node:
                    hiding.update(each.mem_id for each in node.css("noscript, [hidden], [style]") if _hides(each))
    return hiding


def _hides(node: "LexborNode") -> bool:
    attributes = node.attributes
    return "hidden" in attributes or node.tag == "noscript" or bool(_HIDING.search(attributes.get("style") or ""))


def _sheets(tree: "LexborHTMLParser", styles: Styles, base: str, *, scriptless: bool) -> Iterator[str]:
    """The page's stylesheets, each in a `style` element, in their order; not those that scripts or readers choose.

    `scriptless`: it is shown from its `noscript`, or from what scripts would show: with the styles of a `noscript`.
    """
    for node in tree.css("link[rel], style"):
        attributes = node.attributes
        media = attributes.get("media") or ""
        around = node.parent.tag if node.parent is not None else None
        if around == "svg" or (around == "noscript" and not scriptless):
            continue
        if node.tag == "style":
            css = styles.sheet(node.text(), base)
        else:
            relations = (attributes.get("rel") or "").lower().split()
            url = join(base, attributes.get("href") or "")
            if "stylesheet" not in relations or "alternate" in relations or url is None:
                continue
            css = styles.linked(url)
            if "media" in (attributes.get("onload") or ""):  # loaded late, by a script that then says for all media
                media = ""
        if css:
            yield f'<style media="{escape(media)}">{css}</style>' if media else f"<style>{css}</style>"


@cache
def _own(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
