"""Segments: a page's visible text cut into runs of one role in one record, in document order.

Labels are given to text nodes, so a run may end in mid-line (a byline, then a date); runs never cross a line.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from services.parser.visible_text import Element, Text, VisiblePage
from shared.records import Segment

if TYPE_CHECKING:
    from services.parser.labels import Label
    from services.parser.metadata import Metadata


@dataclass(frozen=True, slots=True)
class SegmentedPage:
    """What a labeller is given: the visible page and what its head says."""

    visible: VisiblePage
    metadata: "Metadata"
    url: str


def paragraphs(texts: Iterable[Text]) -> str:
    """A record's text from its text nodes: NFC, white space collapsed, paragraphs parted by a blank line."""
    text = "\n\n".join([line for _, run in groupby(texts, key=_LINE) if (line := _line(list(run)))])
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _line(texts: Sequence[Text]) -> str:
    """One line's texts; line breaks in it are kept, in preformatted text with the spaces before and after them."""
    first = texts[0]
    if len(texts) == 1 and not first.preformatted:
        # As read: white space collapsed, a line break at its end at most.
        return first.value.strip()
    raw = first.value + "".join([t.value if t.glued else f" {t.value}" for t in texts[1:]])
    if any(t.preformatted for t in texts):
        return raw.strip("\n").rstrip()
    if _BREAK not in raw:
        return " ".join(raw.split())
    return "\n".join(filter(None, (" ".join(part.split()) for part in raw.split(_BREAK))))


_BREAK = "\n"
_LINE = attrgetter("line")


def line_of_page(page: SegmentedPage) -> str:
    """The first 2,000 characters of the page's text, to tell its language by."""
    return " ".join(t.value for t in page.visible.texts[:200])[:2000]


def segments(texts: Sequence[Text], labels: "Sequence[Label]", ids: dict[int, str]) -> Iterator[Segment]:
    """The segments of a page; `ids` has the record id of each part by its `id()`. Text that is not visible has none."""
    pairs = ((t, label) for t, label in zip(texts, labels, strict=True) if t.visible)
    for (_, part, role), run in groupby(pairs, key=lambda p: (p[0].line, id(p[1].part), p[1].role)):
        these = list(run)
        yield Segment(
            text=_line([t for t, _ in these]),
            record=ids[part],
            role=role,
            score=round(min(label.score for _, label in these), 3),
            path=path(these[0][0].parent),
        )


def path(e: Element) -> str:
    """Where an element stands, like a CSS selector: at most the four nearest elements with an id or a class."""
    steps: list[str] = []
    at: Element | None = e
    while at is not None and len(steps) < 4:
        name = at.name.split()
        if name or at is e:
            own = f"#{at.get('id')}" if at.get("id") else "".join(f".{c}" for c in name[:2])
            steps.append(at.tag + own)
        at = at.parent
    return " ".join(reversed(steps))
