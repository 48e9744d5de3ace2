"""What a page says of itself: JSON-LD, Open Graph, microdata and the usual meta elements."""

from dataclasses import dataclass, field
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser

from shared.records import Provenance


@dataclass(frozen=True, slots=True)
class ClaimedComment:
    """A comment as JSON-LD gives it; `replies` are those nested in it."""

    text: str
    author: str | None = None
    author_url: str | None = None
    published_at: datetime | None = None
    published_raw: str | None = None
    url: str | None = None
    votes: int | None = None
    replies: tuple["ClaimedComment", ...] = ()


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself. `provenance` names the source of each field that has a value."""

    title: str | None = None
    headline: str | None = None
    """The title as JSON-LD, Open Graph or microdata give it, the site's name not in it; `title` is its best."""
    document_title: str | None = None
    """The text of the `title` element, whole."""
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    site_name: str | None = None
    canonical_url: str | None = None
    description: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    paywalled: bool | None = None
    comment_count: int | None = None
    images: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    """The schema.org types that JSON-LD and microdata name, in order of appearance, once each."""
    og_type: str | None = None
    generator: str | None = None
    article_body: str | None = None
    comments: tuple[ClaimedComment, ...] = ()
    provenance: Provenance = field(default_factory=dict)


def read_metadata(tree: LexborHTMLParser, url: str, *, base: datetime | None = None) -> Metadata:
    """What the page at this URL says of itself. Never raises for what a page holds.

    `base` is the time of the fetch, that relative dates count from.
    """
    title = tree.css_first("title")
    return Metadata(title=title.text(strip=True) if title else None)
