"""Crawls: submission of URLs, and what became of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from shared.ids import page_id, source_id
from shared.ledger import keys
from shared.ledger.connection import BATCH, Argument, Connection
from shared.ledger.errors import LedgerDownError, UnknownCrawlError
from shared.records import RecordCounts
from shared.scope import Scope
from shared.stage import Kind, Line, Outcome
from shared.urls import MAX_LENGTH, NotAUrlError, page_url

# Milliseconds in which what was submitted is on disk; with `appendfsync everysec` it takes one second.
_ON_DISK = 15_000
_SCOPES_KEPT = 1000
# Elements of a crawl's lists that one round trip carries where they are only looked through: a megabyte.
_MANY = 10_000
FORGOTTEN_URL = "(forgotten)"


@dataclass(frozen=True, slots=True)
class Crawl:
    """A submission that takes URLs."""

    id: str
    resumed: bool
    """An earlier run of the same submission was interrupted."""
    submitted: int
    """Lines that are in already."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of a submitted line at once; `outcome` is None where its page is in flight."""

    url: str
    page_id: str
    outcome: Outcome | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class ReportLine:
    """How a submitted line ended; `outcome` is None while its page is in flight."""

    url: str
    outcome: Outcome | None
    reason: str | None
    page_id: str
    kind: Kind = "page"


@dataclass(frozen=True, slots=True)
class CrawlStatus:
    """A crawl's counters. They cost the same whatever the crawl's size."""

    id: str
    label: str
    digest: str
    created: datetime
    closed: bool
    """All its URLs are in."""
    paused: bool
    cancelled: bool
    finished: datetime | None
    submitted: int
    in_flight: int
    by_state: dict[keys.State, int]
    outcomes: dict[Outcome, int]
    records: RecordCounts
    """Of its pages that ended indexed or unchanged."""
    sources: int = 0
    """Of the lines: feeds, sitemaps and sites."""
    requisites: int = 0
    """Of the lines: stylesheets and images of pages."""
    requisite_outcomes: dict[Outcome, int] = field(default_factory=dict)
    """Of `outcomes`: those of requisites."""
    requisites_left: int = 0
    """Those that pages and stylesheets name beyond what is taken of one; some may count twice."""
    found: int = 0
    """Of the lines: those that sources named or pages link to."""
    left: int = 0
    """Found URLs that were left out since the crawl has its limit, or enough of their shape; some may count twice."""
    errors: dict[str, int] = field(default_factory=dict)
    """Failures by cause, those included after which a page was tried again with success."""


def moment(milliseconds: bytes | str | int) -> datetime:
    """A time of the ledger."""
    return datetime.fromtimestamp(int(milliseconds) / 1000, tz=UTC)


def counts_of(text: bytes | str | None) -> RecordCounts:
    """Record counts from a page's `n`."""
    if not text:
        return RecordCounts()
    word = text.decode("ascii") if isinstance(text, bytes) else text
    a, c, r, w, g = (int(n) for n in word.split(","))
    return RecordCounts(articles=a, comments=c, replies=r, widgets=w, gone=g)


class Crawls(Connection):
    """The ledger's side that faces whoever submits."""

    def open_crawl(
        self, *, digest: str, label: str, scope: Scope | None = None, watch: bool = False, now: int | None = None
    ) -> Crawl:
        """A crawl for the submission with this digest: an unfinished one is taken up again.

        `scope`: what it takes in beyond its lines; the digest must cover it. `watch`: of watched pages; of what its
        sources name it takes in what is new, which is looked at again while something changes there.
        """
        about: list[Argument] = [scope.to_json(), int(scope.follow)] if scope else ["", 0]
        crawl, resumed, lines = self.run("open_crawl", [digest, label, now or self.clock.now(), int(watch), *about])
        return Crawl(crawl.decode(), bool(resumed), lines)

    def scope(self, crawl_id: str) -> Scope:
        """What the crawl takes in beyond its lines; it never changes."""
        scope = self._scopes.get(crawl_id)
        if scope is None:
            text = self.ask("HGET", keys.crawl(crawl_id), "scope")
            scope = Scope.from_json(text.decode()) if text else Scope()
            if len(self._scopes) >= _SCOPES_KEPT:
                self._scopes.clear()
            self._scopes[crawl_id] = scope
        return scope

    def submit(
        self,
        crawl_id: str,
        urls: Sequence[str | Line],
        *,
        at: int | None = None,
        sync: bool = True,
        now: int | None = None,
    ) -> list[Submitted]:
        """Takes lines into a crawl, at most a few thousand a call, and returns when they are on disk.

        A text alone is a page's URL.
        `at`: how many lines the crawl had before, so that a repeated call takes none twice (asked for where it is
        not given). `sync`: False leaves out the waiting for the disk, for all but the last call of a submission.
        `now`: from when its pages are due, in milliseconds since 1970; the clock's time where it is not given.
        Raises UnknownCrawlError, LedgerDownError, LedgerFullError.
        """
        if at is None:
            known = self.ask("HMGET", keys.crawl(crawl_id), "n", "found")
            at = int(known[0] or 0) - int(known[1] or 0)
        given = [Line(url) if isinstance(url, str) else url for url in urls]
        lines = [line(each) for each in given]
        args: list[Argument] = [crawl_id, now or self.clock.now(), at]
        for each in lines:
            args.extend(each)
        pipe = self.client.pipeline(transaction=False)
        self.run("submit", args, pipe)
        if sync:
            pipe.waitaof(1, 0, _ON_DISK)  # asks about writes of its own connection
        answers = self.execute(pipe)
        if sync and answers[1][0] < 1:
            raise LedgerDownError(f"the ledger's disk did not take what was submitted within {_ON_DISK // 1000} s")
        ends: list[bytes] = answers[0]
        return [
            Submitted(each.url, page.decode(), keys.OUTCOMES.get(outcome.decode()), reason.decode() or None)
            for each, page, outcome, reason in zip(given, ends[::3], ends[1::3], ends[2::3], strict=True)
        ]

    def close_submission(self, crawl_id: str) -> None:
        """All lines of the crawl are in: it is finished when nothing of it is in flight. Raises UnknownCrawlError."""
        self.run("close", [crawl_id, self.clock.now()])

    def pause(self, crawl_id: str) -> None:
        """Its pages are fetched no more until `resume`; what is fetched already goes on. Raises UnknownCrawlError."""
        self.run("pause", [crawl_id])

    def resume(self, crawl_id: str) -> None:
        """Takes back `pause`. Raises UnknownCrawlError."""
        left = None
        while left is None or left > 0:
            now_left = self.run("resume", [crawl_id, self.clock.now(), BATCH])
            if left is not None and now_left >= left:
                return  # another crawl's pages are parked as fast as they are brought back
            left = now_left

    def cancel(self, crawl_id: str) -> None:
        """Takes no more URLs, and refuses what waits for this crawl alone; what is under way ends by itself.

        Raises UnknownCrawlError.
        """
        start = 0
        while seen := self.run(
            "cancel", [crawl_id, self.clock.now(), start, start + BATCH - 1, "the crawl was cancelled"]
        ):
            start += seen

    def crawl(self, crawl_id: str) -> CrawlStatus:
        """A crawl's counters. Raises UnknownCrawlError."""
        fields = self.ask("HGETALL", keys.crawl(crawl_id))
        paused = bool(self.ask("SISMEMBER", keys.PAUSED_CRAWLS, crawl_id))
        if not fields:
            raise UnknownCrawlError(f"no crawl {crawl_id}")
        return _status(crawl_id, fields, paused=paused)

    def crawls(self) -> list[CrawlStatus]:
        """All crawls, oldest first."""
        return self._statuses([i.decode() for i in self.ask("ZRANGE", keys.CRAWLS, 0, -1)])

    def _statuses(self, ids: Sequence[str]) -> list[CrawlStatus]:
        paused = self.ask("SMEMBERS", keys.PAUSED_CRAWLS)
        pipe = self.client.pipeline(transaction=False)
        for crawl_id in ids:
            pipe.hgetall(keys.crawl(crawl_id))
        found = zip(ids, self.execute(pipe), strict=True)
        return [_status(i, fields, paused=i.encode() in paused) for i, fields in found]

    def latest(self, count: int, after: str | None = None) -> list[CrawlStatus]:
        """The crawls opened last, the latest first; `after`: those opened before that one. Raises UnknownCrawlError."""
        start = 0
        if after is not None:
            rank = self.ask("ZREVRANK", keys.CRAWLS, after)
            if rank is None:
                raise UnknownCrawlError(f"no crawl {after}")
            start = int(rank) + 1
        return self._statuses([i.decode() for i in self.ask("ZREVRANGE", keys.CRAWLS, start, start + count - 1)])

    def report(self, crawl_id: str) -> Iterator[ReportLine]:
        """How each line ended, in the order of submission."""
        endings: dict[str, tuple[Outcome | None, str | None]] = {}
        # A page may be several lines of a crawl that brings bodies with it: they end in their order.
        further: dict[str, list[tuple[Outcome | None, str | None]]] = {}
        for ended, ending in self._endings(crawl_id):
            if endings.setdefault(ended, ending) is not ending:
                further.setdefault(ended, []).append(ending)
        first: dict[str, int] = {}
        number = 0
        for batch in self.scan_list(keys.crawl_urls(crawl_id)):
            entries = self._entries([element[: keys.ID_LETTERS].decode() for element in batch])
            for element, (url, state, kind) in zip(batch, entries, strict=True):
                number += 1
                page, again, text = _cut(element)
                shown = text or url or FORGOTTEN_URL
                if again:
                    reason = f"same page as line {first[page]}"
                    yield ReportLine(shown, Outcome.DUPLICATE, reason, page, kind)
                    continue
                first[page] = number
                outcome, reason_or_none = endings.pop(page, (None, None))
                if further.get(page):
                    endings[page] = further[page].pop(0)
                if outcome is None:
                    reason_or_none = keys.IN_FLIGHT.get(state)
                yield ReportLine(shown, outcome, reason_or_none, page, kind)

    def lines(self, crawl_id: str, start: int, count: int) -> list[ReportLine]:
        """How some lines ended, from index `start` on, as `report` tells them; a second or two of a million lines.

        Raises UnknownCrawlError.
        """
        if not self.ask("EXISTS", keys.crawl(crawl_id)):
            raise UnknownCrawlError(f"no crawl {crawl_id}")
        lines = keys.crawl_urls(crawl_id)
        wanted: list[bytes] = self.ask("LRANGE", lines, start, start + count - 1)
        pages = {element[: keys.ID_LETTERS] for element in wanted}
        endings: dict[str, list[tuple[Outcome | None, str | None]]] = {}
        for batch in self.scan_list(keys.crawl_ended(crawl_id), batch_of=_MANY):
            for page, ending in map(_ending, (each for each in batch if each[: keys.ID_LETTERS] in pages)):
                endings.setdefault(page, []).append(ending)
        # Where a page comes again: which line was the first, and how many of its endings were other lines' before.
        first: dict[str, int] = {}
        before: dict[str, int] = {}
        if any(_cut(element)[1] for element in wanted) or any(len(each) > 1 for each in endings.values()):
            elements = (e for batch in self.scan_list(lines, until=start, batch_of=_MANY) for e in batch)
            for number, element in enumerate(elements, 1):
                if element[: keys.ID_LETTERS] in pages and not _cut(element)[1]:
                    page = _cut(element)[0]
                    first.setdefault(page, number)
                    before[page] = before.get(page, 0) + 1
        return list(self._told(wanted, start, endings, first, before))

    def _told(
        self,
        wanted: Sequence[bytes],
        start: int,
        endings: dict[str, list[tuple[Outcome | None, str | None]]],
        first: dict[str, int],
        before: dict[str, int],
    ) -> Iterator[ReportLine]:
        entries = self._entries([element[: keys.ID_LETTERS].decode() for element in wanted])
        for number, (element, (url, state, kind)) in enumerate(zip(wanted, entries, strict=True), start + 1):
            page, again, text = _cut(element)
            shown = text or url or FORGOTTEN_URL
            if again:
                yield ReportLine(shown, Outcome.DUPLICATE, f"same page as line {first[page]}", page, kind)
                continue
            first.setdefault(page, number)
            own = endings.get(page, [])[before.get(page, 0) :]
            before[page] = before.get(page, 0) + 1
            outcome, reason = own[0] if own else (None, keys.IN_FLIGHT.get(state))
            yield ReportLine(shown, outcome, reason, page, kind)

    def _endings(self, crawl_id: str) -> Iterator[tuple[str, tuple[Outcome | None, str | None]]]:
        for batch in self.scan_list(keys.crawl_ended(crawl_id)):
            yield from map(_ending, batch)

    def _entries(self, page_ids: Sequence[str]) -> list[tuple[str, str, Kind]]:
        pipe = self.client.pipeline(transaction=False)
        for page in page_ids:
            pipe.hmget(keys.page(page), "u", "s", "y")
        return [(_text(u), _text(s), keys.KIND_OF[_text(y)]) for u, s, y in self.execute(pipe)]


def id_of(kind: Kind, normal_url: str) -> str:
    """The id under which the ledger keeps a page or a source."""
    return page_id(normal_url) if kind == "page" else source_id(kind, normal_url)


def line(given: Line) -> tuple[str, str, str, bytes, str]:
    """A line as submit.lua takes it: id, normal URL, why it is none, the text where it is not that URL, kind."""
    url, kind = given
    text = url if len(url) <= MAX_LENGTH else url[:MAX_LENGTH] + "…"
    try:
        normal = page_url(url)
    except NotAUrlError as error:
        return id_of(kind, url), "", str(error), text.encode("utf-8", "surrogatepass"), keys.KINDS[kind]
    shown = b"" if normal == url else text.encode("utf-8", "surrogatepass")
    return id_of(kind, normal), normal, "", shown, keys.KINDS[kind]


def _ending(element: bytes) -> tuple[str, tuple[Outcome | None, str | None]]:
    """An element of a crawl's endings: page id, outcome, reason."""
    text = element.decode("utf-8", "replace")
    page, letter, reason = text[: keys.ID_LETTERS], text[keys.ID_LETTERS], text[keys.ID_LETTERS + 1 :]
    return page, (keys.OUTCOMES[letter], reason or None)


def _cut(element: bytes) -> tuple[str, bool, str]:
    """An element of a crawl's lines: page id, whether it is a duplicate, the text."""
    page, mark, rest = (
        element[: keys.ID_LETTERS],
        element[keys.ID_LETTERS : keys.ID_LETTERS + 1],
        element[keys.ID_LETTERS + 1 :],
    )
    return page.decode("ascii"), mark == b"=", _text(rest)


def _text(value: bytes | None) -> str:
    return value.decode("utf-8", "surrogatepass") if value else ""


def _status(crawl_id: str, fields: dict[bytes, Any], *, paused: bool) -> CrawlStatus:
    known = {k.decode(): _text(v) for k, v in fields.items()}

    def number(name: str) -> int:
        return int(known.get(name, 0))

    def named(prefix: str) -> dict[str, int]:
        return {k.removeprefix(prefix): int(v) for k, v in known.items() if k.startswith(prefix)}

    records = named("r:")
    finished = known.get("finished")
    return CrawlStatus(
        id=crawl_id,
        label=known.get("label", ""),
        digest=known.get("digest", ""),
        created=moment(known["created"]),
        closed="closed" in known,
        paused=paused,
        cancelled="cancelled" in known,
        finished=moment(finished) if finished else None,
        submitted=number("n"),
        in_flight=number("live"),
        by_state={state: number(f"s:{letter}") for letter, state in keys.IN_FLIGHT.items()},
        outcomes={outcome: number(f"o:{letter}") for letter, outcome in keys.OUTCOMES.items()},
        requisites=number("requisites"),
        requisites_left=number("beyond"),
        requisite_outcomes={outcome: number(f"q:{letter}") for letter, outcome in keys.OUTCOMES.items()},
        records=counts_of(",".join(str(records.get(k, 0)) for k in keys.RECORD_KINDS)),
        sources=number("sources"),
        found=number("found"),
        left=number("left"),
        errors=named("e:"),
    )
