"""Paths: where on the page each record stands (`docs/records.md` has their syntax)."""

from collections.abc import Iterator, Sequence

from services.parser.labels import Label, Part
from services.parser.visible_text import Element, VisiblePage
from shared.markup.paths import BODY

MOST = 50
"""Of one record; the first are kept. 9 in 10 records have one, and 5 of 6,800 of real pages this many."""
# What stands deeper has no path, so that a page of nothing but depth does not become megabytes of them. Real pages have
# some 50 levels.
_DEEPEST = 100

# Children of an element: itself, the first and the last of them; None with body alone.
_Span = tuple[Element | None, int, int]


def paths_of(page: VisiblePage, labels: Sequence[Label]) -> dict[Part, list[str]]:
    """The paths of each part, in document order: the largest elements whose texts are all its own, neighbours as one
    path; a text whose parent holds another part's by itself."""
    paths: dict[Part, list[str]] = {}
    known: dict[int, str] = {0: BODY}
    texts = page.texts
    runs = list(_runs(labels))
    for n, (part, first, last) in enumerate(runs):
        # Texts of no record may stand before and after.
        start = runs[n - 1][2] if n else 0
        end = runs[n + 1][1] if n + 1 < len(runs) else len(texts)
        its = paths.setdefault(part, [])
        if len(its) < MOST:
            its.extend(_path(span, known) for span in _spans(page, first, last, start, end) if _is_shallow(span))
            del its[MOST:]
    return paths


def _runs(labels: Sequence[Label]) -> Iterator[tuple[Part, int, int]]:
    """Texts that follow each other and are of one record: of which part, the first, and behind the last."""
    part: Part | None = None
    first = last = 0
    for n, label in enumerate(labels):
        now = label.part
        if now is part:
            last = n + 1
        elif now.kind != "hidden":
            if part is not None:
                yield part, first, last
            part, first, last = now, n, n + 1
    if part is not None:
        yield part, first, last


def _spans(page: VisiblePage, n: int, last: int, start: int, end: int) -> Iterator[_Span]:
    """The fewest that hold the texts of one run, and none before `start` or from `end` on."""
    texts = page.texts
    parent: Element | None = None
    begin = place = 0
    while n < last:
        text = texts[n]
        at: Element | None = text.parent
        if text.parent.first >= start and text.parent.last <= end:
            top = text.parent
            at = top.parent
            while at is not None and at.first >= start and at.last <= end:
                top, at = at, at.parent
            here, n = top.place, top.last
        else:
            here, n = text.place, n + 1
        start = n
        if at is not parent or not begin:
            if begin:
                yield parent, begin, place
            parent, begin = at, here
        place = here
    if begin:
        yield parent, begin, place


def _is_shallow(span: _Span) -> bool:
    return span[0] is None or span[0].depth < _DEEPEST


def _path(span: _Span, known: dict[int, str]) -> str:
    """As it is written; `known`: those of elements, by their number."""
    parent, first, last = span
    if parent is None:
        return BODY
    whole = known.get(parent.index) or _of(parent, known)
    return f"{whole}/{first}" if first == last else f"{whole}/{first}-{last}"


def _of(e: Element, known: dict[int, str]) -> str:
    steps = [e]
    while (above := steps[-1].parent) is not None and above.index not in known:
        steps.append(above)
    path = known[above.index] if above is not None else BODY
    for step in reversed(steps):
        path = known[step.index] = f"{path}/{step.place}"
    return path
