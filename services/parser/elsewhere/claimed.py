"""Comments that a page's own JSON-LD has and its visible text has not: nothing is to be fetched for them."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from services.parser.elsewhere.comment import comment_of, html_of
from services.parser.elsewhere.part import MOST_COMMENTS, Elsewhere, Shown
from services.parser.engine import ask
from shared.markup.tree import source_of
from shared.raw_page import RawPage
from shared.records import Comment

# One of them stands in each JSON-LD that has comments.
_MARKS = re.compile(rb'"(?:comment|(?:accepted|suggested)Answer)"\s*:')


def may_claim(raw: RawPage) -> bool:
    """Whether it is worth a look."""
    return b"ld+json" in raw.body and _MARKS.search(raw.body) is not None


def claimed(shown: Shown) -> Elsewhere | None:
    """The comments that the page's JSON-LD has; None where it has none, or the page itself shows all that it claims."""
    raw = shown.raw
    source = source_of(raw.body, raw.content_type).decode()
    said = ask("claimed", html=source, url=shown.url, fetched_at=raw.fetched_at.isoformat())
    if not said or not shown.lacks:
        return None
    comments = _records(said, None, shown)
    return Elsewhere(tuple(c for c, _ in zip(comments, range(MOST_COMMENTS), strict=False)), source="json-ld")


def _records(said: Sequence[dict[str, Any]], above: str | None, shown: Shown) -> Iterator[Comment]:
    for each in said:
        if each["author"] is None:  # an answer in a list of questions that a site answers itself
            continue
        record = comment_of(
            shown.parsed.page,
            None,
            body=html_of(each["text"]),
            source="json-ld",
            base=shown.raw.final_url,
            author=each["author"],
            author_url=each["author_url"],
            published=datetime.fromisoformat(at) if (at := each["published_at"]) else None,
            permalink=each["url"],
        )
        if above is not None:
            record = record.model_copy(
                update={"parent_id": above, "provenance": {**record.provenance, "parent_id": "json-ld"}}
            )
        yield record
        yield from _records(each["replies"], record.id, shown)
