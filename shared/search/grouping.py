"""Results by page: an article with its matching comments and widgets, its reprints folded in.

A group is shown where its best record stands in the order of single records. So a cursor is that of a single record:
behind it a group is new if its best record is, and was shown before if not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from shared.ids import page_of
from shared.records import Article, Page
from shared.search.hits import Highlighter
from shared.search.request import Group, Hit, Result
from shared.stores import clauses as c
from shared.stores.protocol import Find, Finding, Place, Store

_SHOWN = 3
"""Records of a group that are shown: few, as each is read, cut and marked; a link leads to the others."""
_STEPS = (200, 1000)
"""Places looked at in search of the next groups: few where each is of another page, many within a long thread."""
_MOST_READ = 10_000
"""After so many a page of results ends with the groups that were found."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A group: its best records, best first, and how many match."""

    best: Sequence[Place]
    total: int


def grouped(store: Store, find: Find, limit: int) -> Result:
    """`limit` groups. Raises what `Store.find` raises."""
    walk = _Walk(store, find)
    if find.after is None and walk.is_whole:
        found, last = _of_all(walk.first, limit)
    else:
        found, last = _next(store, find, walk, limit)
    read, pages = store.read([place for group in found for place in group.best])
    findings = {each.place.mark: each for each in read}
    shown = [(group, best) for group in found if (best := [findings[p.mark] for p in group.best if p.mark in findings])]
    highlighter = Highlighter(find.clause)
    groups = [_group(highlighter, pages, best, group.total) for group, best in shown]
    return Result(walk.total, groups=groups, facets=walk.facets, next=last.after if last is not None else None)


def _of_all(places: Sequence[Place], limit: int) -> tuple[list[_Found], Place | None]:
    """The first groups of all that was found; and the place behind which the next one begins, if there is one."""
    groups: dict[str, list[Place]] = {}
    last: Place | None = None
    for before, place in zip([None, *places], places, strict=False):
        if place.group not in groups and len(groups) == limit:
            last = last or before
        else:
            groups.setdefault(place.group, []).append(place)
    return [_Found(best[:_SHOWN], len(best)) for best in groups.values()], last


def _next(store: Store, find: Find, walk: "_Walk", limit: int) -> tuple[list[_Found], Place | None]:
    """The next groups; and the last place that was looked at, if there is more behind it."""
    first: dict[str, Place] = {}
    found: list[_Found] = []
    last: Place | None = None
    pending: list[str] = []
    for place in walk:
        if place.group not in first:
            if len(found) + len(pending) == limit:
                found += _new(store, find, [first[group] for group in pending])
                pending = []
                if len(found) == limit:
                    return found, last
            first[place.group] = place
            pending.append(place.group)
        last = place
    found += _new(store, find, [first[group] for group in pending])
    return found, last if walk.cut_off else None


class _Walk:
    """Single records in order, from the cursor on."""

    def __init__(self, store: Store, find: Find) -> None:
        self._store = store
        self._find = find
        self.cut_off = False
        answer = store.places(replace(find, limit=_STEPS[0]))
        self.total, self.facets, self.first = answer.total, answer.facets, answer.places

    @property
    def is_whole(self) -> bool:
        """Whether nothing comes behind the first places."""
        return len(self.first) < _STEPS[0]

    def __iter__(self) -> Iterator[Place]:
        places, step, read = self.first, 0, 0
        while True:
            yield from places
            read += len(places)
            if len(places) < _STEPS[step]:
                return
            if read >= _MOST_READ:
                self.cut_off = True
                return
            step = min(step + 1, len(_STEPS) - 1)
            more = replace(self._find, after=places[-1].after, limit=_STEPS[step], facets={})
            places = self._store.places(more).places


def _new(store: Store, find: Find, firsts: Sequence[Place]) -> list[_Found]:
    """Of groups, by the first record of each behind the cursor: those that were not shown before it."""
    if not firsts:
        return []
    groups = tuple(first.group for first in firsts)
    of_groups = c.All((find.clause, c.Keyword("group", groups)))
    many = replace(find, clause=of_groups, after=None, limit=_SHOWN * len(groups), facets={"group": len(groups)})
    answer = store.places(many)
    totals = dict(answer.facets["group"])
    best: dict[str, list[Place]] = {}
    for place in answer.places:
        best.setdefault(place.group, []).append(place)
    found = []
    for first in firsts:
        # A thread of thousands may leave no room for the others.
        places = best.get(first.group) or _best(store, many, first.group) or [first]
        if find.after is None or places[0].mark == first.mark:
            found.append(_Found(places[:_SHOWN], totals.get(first.group, len(places))))
    return found


def _best(store: Store, find: Find, group: str) -> Sequence[Place]:
    of_group = c.All((find.clause, c.Keyword("group", (group,))))
    return store.places(replace(find, clause=of_group, limit=_SHOWN, facets={})).places


def _group(highlighter: Highlighter, pages: dict[str, Page], best: Sequence[Finding], total: int) -> Group:
    page_id = page_of(best[0].record.id)
    hits: list[Hit] = []
    reprints: list[Hit] = []
    for finding in best:
        other = isinstance(finding.record, Article) and page_of(finding.record.id) != page_id
        (reprints if other else hits).append(highlighter.hit(finding))
    more = max(0, total - len(best))
    return Group(pages.get(page_id), best[0].page_url, tuple(hits), more, tuple(reprints))
