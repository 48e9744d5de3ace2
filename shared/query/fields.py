"""The fields of the query language. docs/search.md and `tearsheet search --help` are made from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

from shared.records import PageKind, Region, WidgetKind

FieldKind = Literal["text", "keyword", "choice", "host", "language", "date", "number", "id", "url"]
"""How a value is read: `text` as words, `keyword` as one whole, the others as they are named."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field that a query may name: `name:value`."""

    name: str
    kind: FieldKind
    help: str
    """One line."""
    example: str
    """A value."""
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    """Of kind `choice`: all values."""

    def row(self) -> str:
        """Its line in the table of docs/search.md."""
        also = ", ".join(f"`{alias}`" for alias in self.aliases)
        values = ", ".join(f"`{choice}`" for choice in self.choices) or f"`{self.example}`"
        return f"| `{self.name}` | {also} | {values} | {self.help} |"


_ALL = (
    Field("site", "host", "From this host or its subdomains; `www.` means nothing.", "example.com"),
    Field("author", "text", "Words of an author's name.", '"de silva"', ("authors",)),
    Field("title", "text", "Words of the title, one after the other.", '"red line"'),
    Field("text", "text", "Words of the text, one after the other.", "turnips"),
    Field(
        "kind", "choice", "The kind of record; a page's own record comes only when asked for.", "comment",
        choices=("page", "article", "comment", "widget"),
    ),
    Field("widget", "choice", "Widgets of this kind.", "recent_posts", choices=get_args(WidgetKind)),
    Field("region", "choice", "Widgets in this part of their page.", "left", choices=get_args(Region)),
    Field("page", "choice", "Records of pages of this kind.", "forum", choices=get_args(PageKind)),
    Field("lang", "language", "In this language (BCP 47); `en` finds `en-GB` too.", "el", ("language",)),
    Field("tag", "keyword", "Articles with this tag.", '"climate change"', ("tags",)),
    Field("source", "keyword", "Reprints that name this origin.", "reuters"),
    Field("date", "date", "Published (a page: fetched) at that time, or within a range.", "2021-06..2021-08"),
    Field("after", "date", "Published from the beginning of that time on.", "2021-06-28", ("since",)),
    Field("before", "date", "Published before that time begins.", "2022", ("until",)),
    Field("depth", "number", "Comments so deep in their thread; 0 is the top.", ">2"),
    Field(
        "has", "choice", "Records that have an `author` or a `date`, articles that have `comments` or `images`, "
        "comments that have `replies`.", "comments", choices=("comments", "author", "date", "replies", "images"),
    ),
    Field(
        "is", "choice", "`reply`: a comment under another; `gone`: no longer where it was; `deleted` and `hidden`: a "
        "comment that the site marks so; `paywalled`; `duplicate`: an article nearly the same as an earlier one.",
        "reply", choices=("reply", "gone", "deleted", "hidden", "paywalled", "duplicate"),
    ),
    Field("in", "id", "All of the page of this id, or the comment of this id and all below it.", "ID", ("thread",)),
    Field("url", "url", "Records of the page at this address.", "https://example.com/post"),
    Field("id", "id", "The record of this id.", "ID"),
)  # fmt: skip

FIELDS: Mapping[str, Field] = MappingProxyType({field.name: field for field in _ALL})
"""Name -> field."""

NAMED: Mapping[str, Field] = MappingProxyType({**FIELDS, **{alias: field for field in _ALL for alias in field.aliases}})
"""Name or alias -> field."""
