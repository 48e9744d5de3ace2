"""Links near-duplicates to the first known of them, the same for every store. Nothing is dropped.

That one, the leader, is what later ones are compared with; those that are linked to it are not, so a popular text costs
one comparison however often it was reprinted, and what is linked is like the leader itself.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from shared.ids import page_of
from shared.stores.near_duplicates import THRESHOLD, bands, likeness, signature
from shared.stores.replacing import Change, Held, Leader

MOST_CANDIDATES = 10
"""Leaders that an article is compared with: those that share most bands with it."""

Find = Callable[[Sequence[bytes]], Sequence[Sequence[Leader]]]
"""For each signature the stored leaders that share a band with it, at most `MOST_CANDIDATES`."""


@dataclass(frozen=True, slots=True)
class _Unlinked:
    """An article to be compared with others."""

    one: Leader
    """As which it is written where none is like it."""
    led: bool
    """It is one already, with the text that it has."""

    @property
    def order(self) -> tuple[bool, int, str]:
        """Leaders first, by age: what is written with them may be linked to them. The rest as it comes."""
        return (False, *_age(self.one)) if self.led else (True, 0, "")


def link(held: Mapping[str, Held], news: Mapping[str, Change], find: Find) -> dict[str, Change]:
    """What is to be written, by page id, with each article linked to a leader, or as one.

    An article whose text is as it was keeps its link. If it is a leader, it is linked only to one that has been one for
    longer: two that were written at once and missed each other are mended so, and never linked both ways.
    """
    linked = {page_id: _with_link(after, _kept_link(held.get(page_id), after)) for page_id, after in news.items()}
    unlinked = sorted(_unlinked(held, linked), key=lambda article: article.order)
    stored = find([article.one.signature for article in unlinked]) if unlinked else []
    written: dict[str, list[Leader]] = defaultdict(list)
    for article, candidates in zip(unlinked, stored, strict=True):
        one, keys = article.one, bands(article.one.signature)
        page_id = page_of(one.id)
        # What is stored of pages that are being written is what they were.
        others = [leader for leader in candidates if page_of(leader.id) not in news]
        others += {leader.id: leader for key in keys for leader in written[key]}.values()
        first = _first_like(one, [other for other in others if not article.led or _age(other) < _age(one)])
        if first is not None:
            linked[page_id] = _with_link(linked[page_id], first.id)
            continue
        linked[page_id] = replace(linked[page_id], leader=one)
        for key in keys:
            written[key].append(one)
    return linked


def _unlinked(held: Mapping[str, Held], linked: Mapping[str, Change]) -> Iterator[_Unlinked]:
    """The articles without a link that are long enough to be compared."""
    for page_id, after in linked.items():
        article = after.parsed.article
        if article is None or article.near_duplicate_of is not None:
            continue
        found = signature(article.text)
        if found is not None:
            before = held.get(page_id)
            since = before.leads_since if before is not None and _same_text(before, after) else None
            one = Leader(article.id, after.version if since is None else since, found)
            yield _Unlinked(one, led=since is not None)


def _first_like(one: Leader, others: Iterable[Leader]) -> Leader | None:
    """The first known of those that are like `one`."""
    like = (other for other in others if likeness(one.signature, other.signature) >= THRESHOLD)
    return min(like, key=_age, default=None)


def _age(leader: Leader) -> tuple[int, str]:
    return leader.since, leader.id


def _kept_link(held: Held | None, after: Change) -> str | None:
    """The link of an article whose text is as it was."""
    if held is None or held.parsed.article is None or not _same_text(held, after):
        return None
    return held.parsed.article.near_duplicate_of


def _same_text(held: Held, after: Change) -> bool:
    before, article = held.parsed.article, after.parsed.article
    return before is not None and article is not None and before.text == article.text


def _with_link(after: Change, to: str | None) -> Change:
    article = after.parsed.article
    if article is None or article.near_duplicate_of == to:
        return after
    linked = article.model_copy(update={"near_duplicate_of": to})
    return replace(after, parsed=after.parsed.model_copy(update={"article": linked}))
