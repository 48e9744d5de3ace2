"""The records: what a page is cut into. The JSON contract of store, API, command line and exports.

Times are ISO 8601 with zone, languages BCP 47, URLs absolute, texts NFC with paragraphs parted by a blank line.
`docs/records.md` documents each field; `docs/records.schema.json` is the published JSON Schema.
"""

from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

SCHEMA_VERSION: Literal[1] = 1
"""Raised when a field changes its meaning or goes; ledger and store refuse a version that they do not know."""

PageKind = Literal["article", "forum", "product", "collection", "listing", "documentation", "service", "other"]
WidgetKind = Literal[
    "header", "navigation", "search", "profile", "recent_posts", "popular_posts", "related_posts",
    "featured_post", "archive", "labels", "recent_comments", "links", "subscribe", "social", "embed",
    "gallery", "poll", "calendar", "stats", "translate", "ad", "comment_form", "footer", "notice", "text",
]  # fmt: skip
Region = Literal["header", "left", "right", "inline", "main", "footer"]
Source = Literal[
    "json-ld", "opengraph", "microdata", "markup", "heuristic", "noscript", "hidden", "comments feed", "comments api",
    "further page",
]  # fmt: skip
Role = Literal["title", "subtitle", "byline", "date", "body", "caption", "label", "quote", "chrome"]
"""The role of a segment in its record; chrome is what stands in a record's block and is none of its fields."""

Provenance = dict[str, Source]
"""Field name -> where its value came from; a field that is not named here was read from the page's markup."""


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_version: Literal[1] = SCHEMA_VERSION
    id: str
    provenance: Provenance = {}


class Page(_Record):
    """One fetched URL."""

    url: str
    final_url: str
    canonical_url: str | None = None
    site_name: str | None = None
    fetched_at: AwareDatetime
    gone_at: AwareDatetime | None = None
    status: int | None = None
    kind: PageKind = "other"
    language: str | None = None
    title: str | None = None
    content_hash: str
    parser_version: str


class Image(BaseModel):
    """An image in an article's body."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    url: str
    alt: str | None = None
    caption: str | None = None


class Link(BaseModel):
    """A link in an article's body."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    url: str
    text: str | None = None


class Update(BaseModel):
    """One entry of a live blog."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    published_at: AwareDatetime | None = None
    title: str | None = None
    text: str


class Article(_Record):
    """What a reader came for, at most one a page."""

    page_id: str
    paths: list[str] = []
    title: str | None = None
    subtitle: str | None = None
    authors: list[str] = []
    published_at: AwareDatetime | None = None
    modified_at: AwareDatetime | None = None
    source: str | None = None
    language: str | None = None
    text: str = ""
    html: str = ""
    description: str | None = None
    tags: list[str] = []
    images: list[Image] = []
    links: list[Link] = []
    comment_count: int | None = None
    paywalled: bool | None = None
    updates: list[Update] = []
    near_duplicate_of: str | None = None
    """Set by the store; the parser leaves it empty."""


class Comment(_Record):
    """A reader's contribution under an article, with its place in the thread."""

    page_id: str
    paths: list[str] = []
    parent_id: str | None = None
    position: str
    depth: Annotated[int, Field(ge=0)] = 0
    author: str | None = None
    author_url: str | None = None
    published_at: AwareDatetime | None = None
    published_raw: str | None = None
    edited_at: AwareDatetime | None = None
    text: str = ""
    html: str = ""
    quotes: list[str] = []
    language: str | None = None
    permalink: str | None = None
    votes: int | None = None
    status: Literal["shown", "deleted", "hidden"] = "shown"
    gone_since: AwareDatetime | None = None


class WidgetItem(BaseModel):
    """One entry of a widget's list."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: str | None = None
    url: str | None = None
    author: str | None = None
    published_at: AwareDatetime | None = None
    text: str | None = None


class Widget(_Record):
    """Any other visible block of a page."""

    page_id: str
    paths: list[str] = []
    kind: WidgetKind
    title: str | None = None
    text: str = ""
    items: list[WidgetItem] = []
    region: Region = "inline"
    language: str | None = None
    embed_url: str | None = None


class Segment(BaseModel):
    """A run of visible text with one role in one record; `record` is None only before records are built."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    text: str
    record: str | None
    role: Role
    score: float
    path: str


class ParsedPage(BaseModel):
    """A page cut into its parts: what the parser gives, what the store takes."""

    # Texts seldom come again: remembering them all takes a twelfth of the time that reading a page's JSON does.
    model_config = ConfigDict(extra="forbid", frozen=True, cache_strings="keys")
    page: Page
    article: Article | None = None
    comments: list[Comment] = []
    widgets: list[Widget] = []
    segments: list[Segment] | None = None
    """Only where asked for (`--explain`); never stored."""

    def counts(self) -> "RecordCounts":
        """How many records of each kind the page was cut into."""
        replies = sum(c.parent_id is not None for c in self.comments)
        return RecordCounts(
            articles=int(self.article is not None),
            comments=len(self.comments),
            replies=replies,
            widgets=len(self.widgets),
            gone=sum(c.gone_since is not None for c in self.comments),
        )


class RecordCounts(BaseModel):
    """A page's records by kind; among the comments are `replies`, and `gone` that are no longer on the page."""

    model_config = ConfigDict(frozen=True)
    articles: int = 0
    comments: int = 0
    replies: int = 0
    widgets: int = 0
    gone: int = 0

    def __add__(self, other: Self) -> "RecordCounts":
        """Field by field."""
        fields = RecordCounts.model_fields
        return RecordCounts(**{f: getattr(self, f) + getattr(other, f) for f in fields})


AnyRecord = Page | Article | Comment | Widget
