"""An article with a head in markup, for the tests of titles, authors and dates."""

from datetime import UTC, datetime

from selectolax.lexbor import LexborHTMLParser

from services.parser.article import Context, build_article
from services.parser.heading_rules import find_heading
from services.parser.labels import Part
from services.parser.metadata import read_metadata
from services.parser.parts import PartTexts
from services.parser.reader import read
from services.parser.segments import SegmentedPage
from services.parser.visible_text import Element, VisiblePage
from shared.records import Article, Role

URL = "https://quay.example/ferry.html"
NOW = datetime(2024, 6, 1, tzinfo=UTC)
PROSE = "The ferry left late, and nobody on the quay knew why it did. " * 12
BODY = f"<div id=body><p>{PROSE}</p><p>{PROSE}</p><p>{PROSE}</p></div>"


def article(markup: str, head: str = "", url: str = URL, lang: str = "en") -> Article:
    """The article of a page, its body the element with that id; as a labeller would label it."""
    tree = LexborHTMLParser(f"<!DOCTYPE html><html lang={lang}><head>{head}</head><body>{markup}</body></html>")
    visible = read(tree)
    page = SegmentedPage(visible, read_metadata(tree, url, base=NOW), url)
    body = next(e for e in visible.elements if e.get("id") == "body")
    roles = labelled(visible, page, body)
    texts = PartTexts(Part("article", body), page, list(roles), list(roles.values()), [])
    return build_article(texts, Context("page", url, lang, NOW))


def labelled(visible: VisiblePage, page: SegmentedPage, body: Element) -> dict[int, Role]:
    heading = find_heading(page, body, set())
    roles: dict[int, Role] = dict.fromkeys(range(body.first, body.last), "body")
    found: list[tuple[Element | None, int | None, Role]] = [
        (heading.title, None, "title"),
        (heading.byline, heading.byline_text, "byline"),
        (heading.date, heading.date_text, "date"),
    ]
    for e, n, role in found:
        roles.update(dict.fromkeys(range(e.first, e.last) if e is not None else [] if n is None else [n], role))
    return dict(sorted(roles.items()))


SITE = "<meta property=og:site_name content='The Quay'>"


def person(name: str, kind: str = "Person") -> str:
    return ld(author=f'{{"@type": "{kind}", "name": "{name}"}}')


def ld(**values: object) -> str:
    fields = ", ".join(f'"{k}": {v}' for k, v in values.items())
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {fields}}}</script>'
