"""A comment's record from what a feed or an API gives: HTML becomes text and clean HTML as on a page."""

from datetime import datetime
from html import escape

from services.parser.engine import ask
from shared.ids import RecordIds
from shared.markup.tree import source_of
from shared.records import Comment, Page, Source
from shared.urls import join

_STRUCTURE = frozenset(["schema_version", "id", "page_id", "position", "depth", "provenance", "language", "status"])


def comment_of(
    page: Page,
    native: str | None,
    *,
    body: str,
    source: Source,
    base: str,
    parent: str | None = None,
    author: str | None = None,
    author_url: str | None = None,
    published: datetime | None = None,
    permalink: str | None = None,
    deleted: bool = False,
) -> Comment:
    """A record of `page` without its position.

    `native` and `parent`: the site's own ids, as the page's markup has them; `body`: HTML; `base`: what its links are
    relative to.
    """
    read = ask("fragment", html=source_of(f"<body>{body}").decode(), url=base, language=page.language)
    author = " ".join((author or "").split()) or None
    parent_id = RecordIds(page.id).comment(parent, None, None, "") if parent else None
    record = Comment(
        id=RecordIds(page.id).comment(native, parent_id, author, read["text"]),
        page_id=page.id,
        parent_id=parent_id,
        position="",
        author=author,
        author_url=join(base, author_url) if author_url else None,
        published_at=published,
        text=read["text"],
        html=read["html"],
        language=read["language"],
        permalink=join(base, permalink) if permalink else None,
        status="deleted" if deleted else read["status"],
    )
    return from_source(record, source)


def from_source(record: Comment, source: Source) -> Comment:
    """The record, with the source named for each field that has a value and does not name another."""
    given = record.model_dump(exclude_defaults=True, exclude=set(_STRUCTURE)).keys()
    return record.model_copy(update={"provenance": dict.fromkeys(given, source) | record.provenance})


def html_of(text: str) -> str:
    """Plain text as HTML."""
    return escape(text).replace("\n", "<br>")
