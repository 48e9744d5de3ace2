"""The article's record from its part and from what the page's head says."""

import re
from dataclasses import dataclass
from datetime import datetime

from services.parser.article_authors import authors_of
from services.parser.article_dates import published_of
from services.parser.clean_html import clean_html
from services.parser.parts import PartTexts, language_of
from services.parser.segments import paragraphs
from services.parser.source import source_in_line, split_source
from services.parser.title_rules import title_of
from services.parser.visible_text import Element
from shared.ids import article_id
from shared.records import Article, Image, Link, Provenance
from shared.urls import join

# From the beginning of a number, and all of it: a run of n digits would take n² steps.
_COUNT = re.compile(
    r"(?<![\d.,])[.,]*+(\d[\d.,]*+)\s*+(?:comments?|kommentare?|commentaires?|comentarios?|comentários?|commenti|"
    r"komentarz\w*|repl(?:y|ies)|reacties|комментари\w*|σχόλι\w*|yorum\w*|コメント|answers?)",
    re.IGNORECASE,
)
_OF_TEXT = ("subtitle", "body", "caption", "quote")
# Lines at an article's end that may say where it is from, and so many texts hold them: a note or an address may follow.
_SIGNED, _LAST = 3, 12


@dataclass(frozen=True, slots=True)
class Context:
    """What all records of a page share."""

    page_id: str
    url: str
    language: str | None
    fetched_at: datetime


def build_article(texts: PartTexts, context: Context) -> Article:
    """The article's record."""
    metadata = texts.page.metadata
    body = texts.text("subtitle", "body", "caption")
    language = language_of(body, context.language)
    provenance: Provenance = dict(texts.provenance())
    title = title_of(texts)
    if title is not None and not texts.texts("title"):
        provenance["title"] = metadata.provenance.get("title", "markup")
    authors, named_in = authors_of(texts)
    if named_in is not None:
        provenance["authors"] = named_in
    published, dated_in = published_of(texts, [language] if language else [], context.fetched_at)
    if dated_in is not None:
        provenance["published_at"] = dated_in
    source = split_source(title, metadata.site_name, context.url) if title else None
    if source is None:
        last = paragraphs(texts.texts("body")[-_LAST:]).splitlines()[-_SIGNED:]
        source = next((found for line in last if (found := source_in_line(line)) is not None), None)
    numbers = [n for n, role in zip(texts.numbers, texts.roles, strict=True) if role in _OF_TEXT]
    root = texts.part.element
    return Article(
        id=article_id(context.page_id),
        page_id=context.page_id,
        paths=texts.paths,
        provenance=provenance,
        title=title,
        subtitle=texts.line("subtitle"),
        authors=authors,
        published_at=published,
        modified_at=metadata.modified_at,
        source=source,
        language=language,
        text=body,
        html=clean_html(texts.page.visible, root, numbers, context.url),
        description=metadata.description,
        tags=list(metadata.tags),
        images=_images(texts, set(numbers), context.url),
        links=_links(texts, set(numbers), context.url),
        comment_count=metadata.comment_count if metadata.comment_count is not None else _count(texts),
        paywalled=metadata.paywalled,
    )


def _count(texts: PartTexts) -> int | None:
    """How many comments the page claims to have."""
    for t in texts.texts("chrome"):
        if _COUNT.search(t.value):
            return count_in(t.value)
    return None


def count_in(line: str) -> int | None:
    """The number of comments that a line claims: '4 comments', '1.204 Kommentare'."""
    found = _COUNT.search(line)
    digits = re.sub(r"\D", "", found.group(1)) if found else ""
    return int(digits) if 0 < len(digits) < 9 else None


def _images(texts: PartTexts, mine: set[int], url: str) -> list[Image]:
    """Images among the article's own texts."""
    visible = texts.page.visible
    images: dict[str, Image] = {}
    if not mine:
        return []
    for e in visible.inside(texts.part.element):
        if e.tag != "img" or not (e.first in mine or e.first - 1 in mine):
            continue
        src = join(url, e.get("src") if not e.get("src").startswith("data:") else e.get("data-src"))
        if src and src not in images:
            images[src] = Image(url=src, alt=e.get("alt") or None, caption=_caption(texts, e))
    return list(images.values())


def _caption(texts: PartTexts, image: Element) -> str | None:
    figure = next((a for a in list(image.ancestors())[:4] if a.tag == "figure"), None)
    if figure is None:
        return None
    return texts.page.visible.text(figure) or None


def _links(texts: PartTexts, mine: set[int], url: str) -> list[Link]:
    """Links in the article's own texts, each once."""
    links: dict[str, Link] = {}
    for e in texts.page.visible.inside(texts.part.element):
        if e.tag == "a" and e.first in mine and e.last > e.first and e.get("href"):
            href = join(url, e.get("href"))
            if href and href not in links:
                links[href] = Link(url=href, text=texts.page.visible.text(e))
    return list(links.values())
