"""Which nodes of a page's tree belong to which record."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from services.web.tear.source import Marked
from shared.markup.paths import Places
from shared.records import Article, Comment, Widget

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode


KINDS = ("article", "comment", "widget")
RECORDS = "/records/"
BY_OURSELVES = "/tear/to/"
"""Leads to a record's page by a page of ours, which asks for it as one of the same site: a browser sends a session's
cookie along with that (`SameSite=Strict`), and not with what is asked for from a frame without an origin."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A record on the page."""

    record_id: str
    kind: str
    """One of `KINDS`."""
    name: str
    """What its label says."""
    target: str
    """Where a click leads: to our page of it."""


def target_of(record_id: str, way: str = RECORDS) -> str:
    """The address of a record's page; `way`: `RECORDS`, or `BY_OURSELVES`."""
    return f"{way}{quote(record_id, safe=':~')}"


def anchor(record_id: str) -> str:
    """The id, in a view, of the first element of a record."""
    return f"record-{quote(record_id, safe=':~')}"


def stands(record: Marked) -> bool:
    """Whether it stands on the page: a comment may be gone from it, or have been found elsewhere."""
    return bool(record.paths) and not (isinstance(record, Comment) and record.gone_since is not None)


def nodes_of(places: Places, record: Marked) -> Iterator["LexborNode"]:
    """What its paths lead to."""
    if stands(record):
        for path in record.paths:
            yield from places.nodes(path)


def marks_of(places: Places, records: Iterable[Marked], way: str) -> dict[int, Mark]:
    """The mark of each node that paths lead to and that is to be seen, by its `mem_id`; `way`: see `target_of`."""
    marks: dict[int, Mark] = {}
    for record in records:
        mark = _mark(record, way)
        marks.update((node.mem_id, mark) for node in nodes_of(places, record) if _is_worth_it(node))
    return marks


def kind_of(record: Marked) -> str:
    """One of `KINDS`."""
    return "article" if isinstance(record, Article) else "comment" if isinstance(record, Comment) else "widget"


def _mark(record: Marked, way: str) -> Mark:
    name = {"article": "Article", "comment": "Comment"}.get(kind := kind_of(record), "")
    if isinstance(record, Comment):
        name = f"{name} {record.position}"
    elif isinstance(record, Widget):
        name = record.kind.replace("_", " ").capitalize()
    return Mark(record.id, kind, name, target_of(record.id, way))


def _is_worth_it(node: "LexborNode") -> bool:
    """Whether there is something to see; between a record's paragraphs stand line breaks, and places for scripts."""
    if node.is_text_node:
        return bool((node.text_content or "").strip())
    return bool(node.text().strip()) or node.tag == "img" or node.css_first("img, iframe, video, input") is not None
