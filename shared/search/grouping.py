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
from shared.stores.protocol import Find, Finding, Store

_SHOWN = 5
"""Records of a group that are shown."""
_STEPS = (50, 200, 1000)
"""Records read in search of the next groups: few where each is of another page, many within a thread of thousands."""
_MOST_READ = 10_000
"""After so many a page of results ends with the groups that were found."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A group: its best record, those of its records that are shown, and how many match."""

    first: Finding
    findings: Sequence[Finding]
    total: int


def grouped(store: Store, find: Find, limit: int) -> Result:
    """`limit` groups. Raises what `Store.find` raises."""
    first: dict[str, Finding] = {}
    found: list[_Found] = []
    walk = _Walk(store, find)
    last: Finding | None = None
    pending: list[str] = []
    for finding in walk:
        if finding.group not in first:
            if len(found) + len(pending) == limit:
                found += _new(store, find, [first[group] for group in pending])
                pending = []
                if len(found) == limit:
                    break
            first[finding.group] = finding
            pending.append(finding.group)
        last = finding
    else:
        found += _new(store, find, [first[group] for group in pending])
        last = last if walk.cut_off else None
    highlighter = Highlighter(find.clause)
    pages = _pages(store, [each.first for each in found])
    groups = [_group(highlighter, pages, each) for each in found]
    return Result(walk.total, groups=groups, facets=walk.facets, next=last.after if last is not None else None)


class _Walk:
    """Single records in order, from the cursor on."""

    def __init__(self, store: Store, find: Find) -> None:
        self._store = store
        self._find = find
        self.cut_off = False
        first = store.find(replace(find, limit=_STEPS[0]))
        self.total, self.facets = first.total, first.facets
        self._first = first.findings

    def __iter__(self) -> Iterator[Finding]:
        findings, step, read = self._first, 0, 0
        while True:
            yield from findings
            read += len(findings)
            if len(findings) < _STEPS[step]:
                return
            if read >= _MOST_READ:
                self.cut_off = True
                return
            step = min(step + 1, len(_STEPS) - 1)
            more = replace(self._find, after=findings[-1].after, limit=_STEPS[step], facets={})
            findings = self._store.find(more).findings


def _new(store: Store, find: Find, firsts: Sequence[Finding]) -> list[_Found]:
    """Of groups, by the first record of each behind the cursor: those that were not shown before it."""
    if not firsts:
        return []
    groups = tuple(first.group for first in firsts)
    of_groups = c.All((find.clause, c.Keyword("group", groups)))
    many = replace(find, clause=of_groups, after=None, limit=_SHOWN * len(groups), facets={"group": len(groups)})
    answer = store.find(many)
    totals = dict(answer.facets["group"])
    best: dict[str, list[Finding]] = {}
    for finding in answer.findings:
        best.setdefault(finding.group, []).append(finding)
    found = []
    for first in firsts:
        # A thread of thousands may leave no room for the others.
        findings = best.get(first.group) or _best(store, many, first.group) or [first]
        if find.after is None or findings[0].record.id == first.record.id:
            found.append(_Found(first, findings[:_SHOWN], totals.get(first.group, len(findings))))
    return found


def _best(store: Store, find: Find, group: str) -> Sequence[Finding]:
    of_group = c.All((find.clause, c.Keyword("group", (group,))))
    return store.find(replace(find, clause=of_group, limit=_SHOWN, facets={})).findings


def _pages(store: Store, bests: Sequence[Finding]) -> dict[str, Page]:
    """The pages' own records, by id."""
    if not bests:
        return {}
    ids = tuple(dict.fromkeys(page_of(best.record.id) for best in bests))
    answer = store.find(Find(c.Keyword("id", ids), ("page",), "newest", len(ids)))
    return {f.record.id: f.record for f in answer.findings if isinstance(f.record, Page)}


def _group(highlighter: Highlighter, pages: dict[str, Page], found: _Found) -> Group:
    page_id = page_of(found.first.record.id)
    hits: list[Hit] = []
    reprints: list[Hit] = []
    for finding in found.findings:
        other = isinstance(finding.record, Article) and page_of(finding.record.id) != page_id
        (reprints if other else hits).append(highlighter.hit(finding))
    more = max(0, found.total - len(found.findings))
    return Group(pages.get(page_id), found.first.page_url, tuple(hits), more, tuple(reprints))
