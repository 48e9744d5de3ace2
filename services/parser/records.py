"""A page's records from its labels."""

import hashlib
from datetime import datetime

from services.parser.article import Context, build_article
from services.parser.comments import build_comments
from services.parser.labels import Labelled
from services.parser.language import detect
from services.parser.parts import gather
from services.parser.paths import paths_of
from services.parser.segments import SegmentedPage, line_of_page, segments
from services.parser.widgets import build_widgets
from shared.ids import RecordIds, page_id
from shared.records import Page, ParsedPage, Provenance, Widget

# A list of more labels is the site's, and a longer one a sentence.
_MOST_TAGS, _LONGEST_TAG = 20, 60

PARSER_VERSION = "5"
"""Raised with every change that cuts pages otherwise; says which stored records a reparse would change."""


def build(
    page: SegmentedPage,
    labelled: Labelled,
    *,
    url: str,
    final_url: str,
    body: bytes,
    fetched_at: datetime,
    status: int | None,
    explain: bool,
) -> ParsedPage:
    """All records of a page. `url`: as submitted, normalised; `page.url`: what links are relative to."""
    metadata = page.metadata
    ident = page_id(url)
    parts = gather(page, labelled.labels, paths_of(page.visible, labelled.labels))
    article_texts = next((p for p in parts if p.part.kind == "article"), None)
    language = metadata.language or detect(line_of_page(page))
    context = Context(ident, page.url, language, fetched_at)
    ids = RecordIds(ident)
    article = build_article(article_texts, context) if article_texts is not None else None
    comments, of_comments = build_comments([p for p in parts if p.part.kind == "comment"], ids, context)
    widgets, of_widgets = build_widgets([p for p in parts if p.part.kind == "widget"], ids, context)
    of_parts = of_comments | of_widgets
    if article is not None and article_texts is not None:
        of_parts[id(article_texts.part)] = article.id
        if shown := _tags_shown(widgets):
            said: Provenance = {**article.provenance, "tags": "markup"}
            article = article.model_copy(update={"tags": shown, "provenance": said})
        language = article.language or language
    return ParsedPage(
        page=Page(
            id=ident,
            url=url,
            final_url=final_url,
            canonical_url=metadata.canonical_url,
            site_name=metadata.site_name,
            fetched_at=fetched_at,
            status=status,
            kind=labelled.page_kind,
            language=language,
            title=metadata.title or (article.title if article else None),
            content_hash=hashlib.blake2b(body, digest_size=16).hexdigest(),
            parser_version=PARSER_VERSION,
            provenance=_provenance(metadata.provenance),
        ),
        article=article,
        comments=comments,
        widgets=widgets,
        segments=list(segments(page.visible.texts, labelled.labels, of_parts)) if explain else None,
    )


def _tags_shown(widgets: list[Widget]) -> list[str]:
    """What the page files its article under where readers see it: the labels that stand with it. The head's keywords
    are for search engines: of the annotated pages' tags these are 0.46 and the head's 0.36."""
    shown = [w for w in widgets if w.kind == "labels" and w.region in ("inline", "main") and len(w.items) <= _MOST_TAGS]
    texts = (i.title or i.text or "" for w in shown for i in w.items)
    tags = (" ".join(t.split()).lstrip("#") for t in texts)
    return list(dict.fromkeys(t for t in tags if 0 < len(t) <= _LONGEST_TAG))


def _provenance(claimed: Provenance) -> Provenance:
    return {k: v for k, v in claimed.items() if k in Page.model_fields}
