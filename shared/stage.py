"""The pipeline as data: its stages, what a stage's work is given, and how that work may end.

Queue and task names follow from here. A stage's body (in its service) takes `Claim`s and gives one `Ending` for
each; the task base in `shared.tasks` turns endings into ledger transitions and messages.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Literal, NamedTuple

from shared.raw_page import RawPage
from shared.records import ParsedPage, RecordCounts


class Outcome(StrEnum):
    """How a submitted URL ended; each with a reason in words."""

    INDEXED = "indexed"
    UNCHANGED = "unchanged"
    READ = "read"
    """A feed, a sitemap or a site's home page: the pages that it names are lines of their own; a requisite that was
    archived."""
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    QUARANTINED = "quarantined"


StageName = Literal["fetch", "parse", "index"]
Kind = Literal["page", "feed", "sitemap", "site", "requisite"]
"""What a URL is: a page, a source of URLs (a site's home page leads to its feeds and sitemaps), or a requisite: a
stylesheet or an image that pages need to be shown."""


class Line(NamedTuple):
    """What is submitted: a URL, and what it is."""

    url: str
    kind: Kind = "page"


@dataclass(frozen=True, slots=True)
class Finding:
    """A URL that a page or a source leads to."""

    url: str
    """In normal form."""
    kind: Kind = "page"
    depth: int = 0
    """Links between it and a page that was given, or that a source named; of a source: sources above it; of a
    stylesheet: how many more requisites it may lead to."""
    shape: str = ""
    """What it has in common with URLs like it, of which a crawl takes at most `most`; empty: it is one of a kind."""
    most: int = 0
    updated: int = 0
    """When it changed last, as the source says: milliseconds since 1970; 0 where it does not say."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What a page or a source leads to, for one of the crawls that it belongs to."""

    crawl: str
    urls: tuple[Finding, ...]
    left: int = 0
    """Requisites that it leads to beyond what is taken of one."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the pipeline. Its queue and its Celery task bear its name."""

    name: StageName
    deadline: float
    """Seconds that one task may take; past it its worker process is killed."""
    batch: int
    """Pages that one task takes at most."""
    each: bool = False
    """The deadline is each page's, one after the other, and not that of all of a task's pages."""
    gather: float = 0.0
    """Seconds that a task waits for more pages, where fewer are ready than it could take."""

    @property
    def hints(self) -> int:
        """Messages in the queue from which on no more are needed; 0 where each page needs its own.

        A task that takes several pages fills up with whatever is ready, and one that was filled publishes another
        message. So a few messages find all pages, but for those flagged alone, which come by their own id.
        """
        return 4 if self.batch > 1 else 0


# fetch: 30 s in all for one request (the fetcher's own limit), as much for a name that is slow to resolve, and slack.
# parse: 10 s a page; eight pages share what a task costs (1 ms of 15).
# index: a bulk write of 64 pages against a store that is slow but alive. A commit costs as much as several pages, so
# a fifth of a second is waited for company: a dozen pages at the rate of two parsers.
FETCH = Stage("fetch", deadline=70.0, batch=1)
PARSE = Stage("parse", deadline=10.0, batch=8, each=True)
INDEX = Stage("index", deadline=60.0, batch=64, gather=0.2)
STAGES: dict[StageName, Stage] = {s.name: s for s in (FETCH, PARSE, INDEX)}


@dataclass(frozen=True, slots=True)
class Claim:
    """A page whose lease this task holds."""

    page_id: str
    url: str
    fetch_id: int
    """Milliseconds since 1970 at which this fetch was dispatched: unique for the page, and rising."""
    token: str
    """The lease's token; a transition with another is refused, so what outlived its lease changes nothing."""
    attempts: int
    """Failed attempts of this page at this stage and fetch so far."""
    alone: bool
    """Its batch died before, so it is worked on with no other page beside it."""
    crawls: tuple[str, ...] = ()
    validator: str | None = None
    """`RawPage.validator` of the page as it is stored, or of the source as all its crawls have it."""
    content_hash: str | None = None
    """Of the body that was last indexed; None where none was."""
    stored_version: int | None = None
    """Version that the store holds; None where it holds none."""
    trail: str = ""
    """What the log tells of earlier stages at the page's end: `name=number` words, kept in the ledger meanwhile."""
    parse: int = 0
    """Which parse of the fetch this is: 0, and one more each time that its page is parsed again."""
    archived: bool = False
    """Its body comes from an archive: nothing is asked for it."""
    kind: Kind = "page"
    depths: str = ""
    """`crawl:depth` words, for the crawls in which the page was found beyond depth 0."""
    way: str = ""
    """Fetch: how far it has come by robots.txt and redirects; empty at its beginning."""
    part: str = ""
    """Fetch: URL of the part of the page's discussion that is to be fetched; empty: the page itself."""

    def depth(self, crawl: str) -> int:
        """How deep the page lies in a crawl (see `Finding.depth`)."""
        return next((int(depth) for name, depth in self._depths() if name == crawl), 0)

    def _depths(self) -> Iterator[tuple[str, str]]:
        for word in self.depths.split():
            name, _, depth = word.partition(":")
            yield name, depth


class Begun(IntEnum):
    """Whether a request may be made under a claim."""

    GO = 1
    CROWDED = 0
    """Its address has as many requests under way as it may."""
    LOST = -1
    """The lease is held no more."""


Verdict = Literal["answered", "slow down", "failed"]
"""What a request showed of its host: it answers, it asks for fewer requests, or nobody answers."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that a fetch made, and what it showed of the host whose turn it was."""

    at: int
    """When it was made: milliseconds since 1970 by this machine's clock."""
    verdict: Verdict
    delay: float | None = None
    """Seconds between two requests that the host asks for, by robots.txt or a site's settings; None: not known now."""
    retry_after: float | None = None
    """Seconds after which it wants to be asked again."""
    why: str = ""
    cause: str = ""
    """Why nobody answers, and the name that this is counted under."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """Fetch: a body to parse."""

    raw: RawPage
    content_hash: str
    asked: Asked | None = field(default=None, compare=False)
    found: tuple[Findings, ...] = ()


@dataclass(frozen=True, slots=True)
class Onward:
    """Fetch: robots.txt was asked for, or a redirect came; the page's next request is another turn. No attempt."""

    host: str
    """Whose turn; empty for that of the page's own URL."""
    way: str
    """How far it has come, for the next claim."""
    asked: Asked | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class PartFetched:
    """Fetch: a part of the page's discussion came; None: it cannot be had, and the page does without it."""

    raw: RawPage | None
    asked: Asked | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Fetch: the same body as last time; of a source: nothing new."""

    asked: Asked | None = field(default=None, compare=False)
    found: tuple[Findings, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """Fetch: a source of URLs was read, or a requisite archived."""

    reason: str
    """What it is, in words: a feed of 30 entries."""
    asked: Asked | None = field(default=None, compare=False)
    found: tuple[Findings, ...] = ()
    validator: str = ""
    """As a page's (`RawPage.validator`); empty where it has none, or was not read to its end."""


@dataclass(frozen=True, slots=True)
class Wants:
    """Parse: the page's discussion goes on elsewhere; it is parsed again with these parts, those that can be had."""

    parts: tuple[tuple[str, str], ...]
    """Normal URL, and one line by which the parser knows the part."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """Parse: records to store."""

    parsed: ParsedPage


@dataclass(frozen=True, slots=True)
class Indexed:
    """Index: the page's records are in the store at `version`."""

    version: int
    counts: RecordCounts
    changed: bool = True
    """Whether a reader would see something new: other words in the article, or other comments."""
    refused: tuple[tuple[str, str], ...] = ()
    """(record id, the store's words) of records that the store would not take."""
    canonical: str | None = None
    """Id of the page's canonical URL; None where that is its own."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Index: a stored page says all that this one says, and is the same page by its canonical URL."""

    of: str
    """That page's id."""
    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Any stage: policy says no (address, robots, type, size, a 4xx, nothing to read)."""

    reason: str
    gone: bool = False
    """The page was there and is gone (404, 410): what the store holds of it is marked `gone_at`."""
    asked: Asked | None = field(default=None, compare=False)
    found: tuple[Findings, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """Any stage: the page's own failure. Counts as an attempt; over the limit the page is quarantined."""

    reason: str
    cause: str
    """Counted under this name: dns, connect, tls, timeout, http_5xx, parse_error, memory, …"""
    final: bool = False
    """Trying again cannot help: quarantine at once."""
    asked: Asked | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Postponed:
    """Any stage: not the page's fault (store down, Redis full). No attempt; tried again after `seconds`."""

    reason: str
    seconds: float
    address: str = ""
    """Fetch: it waits for a place at this address, however long that takes."""
    asked: Asked | None = field(default=None, compare=False)


Ending = (
    Fetched
    | Onward
    | PartFetched
    | Unchanged
    | Read
    | Wants
    | Parsed
    | Indexed
    | Duplicate
    | Refused
    | Failed
    | Postponed
)


def version_of(fetch_id: int, parse: int = 0) -> int:
    """The version of a page's records: by fetch time, then by parse of that fetch (0 to 1,023)."""
    return fetch_id << 10 | parse


def fetch_of(version: int) -> int:
    """The fetch id of a version: when it was fetched, in milliseconds since 1970."""
    return version >> 10
