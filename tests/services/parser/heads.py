"""An article with a head in markup, for the tests of titles, authors and dates."""

from datetime import UTC, datetime

from shared.records import Article
from tests.services.parser.asking import Page, ask_of

URL = "https://quay.example/ferry.html"
NOW = datetime(2024, 6, 1, tzinfo=UTC)
PROSE = "The ferry left late, and nobody on the quay knew why it did. " * 12
BODY = f"<div id=body><p>{PROSE}</p><p>{PROSE}</p><p>{PROSE}</p></div>"


def article(markup: str, head: str = "", url: str = URL, lang: str = "en") -> Article:
    """The article of a page, its body the element with that id; as a labeller would label it."""
    source = f"<!DOCTYPE html><html lang={lang}><head>{head}</head><body>{markup}</body></html>"
    page = Page(source)
    body = page.by_id("body").index
    about = {"url": url, "fetched_at": NOW.isoformat()}
    roles = labelled(page, body, ask_of("find_heading", source, body=body, taken=[], **about))
    texts = {"element": body, "numbers": list(roles), "roles": list(roles.values())}
    return Article.model_validate(ask_of("build_article", source, page_id="page", language=lang, **texts, **about))


def labelled(page: Page, body: int, heading: list[int | None]) -> dict[int, str]:
    title, _subtitle, byline, date, byline_text, date_text = heading
    roles = dict.fromkeys(texts_of(page, body), "body")
    for e, n, role in ((title, None, "title"), (byline, byline_text, "byline"), (date, date_text, "date")):
        roles.update(dict.fromkeys(texts_of(page, e) if e is not None else [] if n is None else [n], role))
    return dict(sorted(roles.items()))


def texts_of(page: Page, number: int) -> range:
    return range(page.elements[number].first, page.elements[number].last)


SITE = "<meta property=og:site_name content='The Quay'>"


def person(name: str, kind: str = "Person") -> str:
    return ld(author=f'{{"@type": "{kind}", "name": "{name}"}}')


def ld(**values: object) -> str:
    fields = ", ".join(f'"{k}": {v}' for k, v in values.items())
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {fields}}}</script>'
