"""The keys and letters of the ledger that Python uses, as the scripts have them. docs/ledger.md tells them all."""

from typing import Final, Literal

from shared.stage import Kind, Outcome, StageName

SCHEMA_VERSION: Final = 1
"""Of the ledger. Raised when a key or a field changes its meaning."""

SCHEMA = "schema"
COUNTS = "counts"
CRAWLS = "crawls"
OPEN_CRAWLS = "crawls:open"
PAUSED_CRAWLS = "crawls:paused"
WATCH_CRAWLS = "crawls:watch"
"""Crawls of watched pages; the score is when they began."""
WATCH = "watch"
"""Pages that are looked at again; the score is when they are due."""
WATCHED = "watched"
"""Of these: those that somebody asked to watch."""
HOSTS = "hosts"
REST = "rest"
"""Hosts that were asked a moment ago, by when their delay has passed."""
FORSAKEN = "forsaken"
"""Hosts that have not answered for too long: their waiting pages are being quarantined."""
PARKED = "parked"
"""Waiting pages all of whose crawls are paused."""
NOTES = "notes"
QUARANTINE = "quarantine"
QUARANTINED_RECORDS = "quarantine:records"
QUARANTINED_BODIES = "quarantine:bodies"
FORGOTTEN_SITES = "forgotten:sites"
FORGOTTEN_PENDING = "forgotten:pending"
"""Forgotten pages whose records are still to be deleted from the store."""
EXPIRED_PENDING = "expired:pending"
"""Pages that are too old to be kept; the score is the version up to which their records are still to be deleted."""
AUDIT = "audit"
"""The web service's last audit, in JSON."""
AUDITING = "auditing"
"""The token of the one that runs; gone a while after its last sign of life."""

State = Literal["waiting", "fetching", "parsing", "indexing"]
IN_FLIGHT: Final[dict[str, State]] = {"w": "waiting", "f": "fetching", "p": "parsing", "i": "indexing"}
OUTCOMES: Final[dict[str, Outcome]] = {
    "I": Outcome.INDEXED,
    "U": Outcome.UNCHANGED,
    "S": Outcome.READ,
    "D": Outcome.DUPLICATE,
    "R": Outcome.REFUSED,
    "Q": Outcome.QUARANTINED,
}
KINDS: Final[dict[Kind, str]] = {"page": "", "feed": "F", "sitemap": "S", "site": "H", "requisite": "R"}
"""What a URL is, as an entry's `y` says; a page has none."""
KIND_OF: Final[dict[str, Kind]] = {letter: kind for kind, letter in KINDS.items()}
FORGOTTEN: Final = "X"
"""State of an entry that was forgotten: it keeps no URL."""
RECORD_KINDS: Final = ("a", "c", "r", "w", "g")
"""Articles, comments, replies, widgets, comments gone: the order in a page's `n`."""
ID_LETTERS: Final = 20
"""Length of a page id, by which an element of a crawl's lists is cut."""


def page(page_id: str) -> str:
    """A page's entry."""
    return f"p:{page_id}"


def raw(page_id: str) -> str:
    """A page's raw body, between fetch and store."""
    return f"raw:{page_id}"


def out(page_id: str) -> str:
    """A page's records, between parse and store."""
    return f"out:{page_id}"


def parts(page_id: str) -> str:
    """Parts of a page's discussion that were fetched for it, until it is parsed with them."""
    return f"parts:{page_id}"


def body(page_id: str) -> str:
    """A quarantined page's raw body, until it is moved to disk."""
    return f"body:{page_id}"


def ready(stage: StageName) -> str:
    """Pages published to a stage and not yet claimed; the score is when they became ready."""
    return f"ready:{stage}"


def lease(stage: StageName) -> str:
    """Pages claimed at a stage; the score is when the lease lapses."""
    return f"lease:{stage}"


def held(token: str) -> str:
    """Pages that a lease's token holds."""
    return f"held:{token}"


def host(name: str) -> str:
    """Pages that wait for their host's turn; the score is when they are due."""
    return f"host:{name}"


def pace(name: str) -> str:
    """What is known of a host's pace, where it is not that of the settings."""
    return f"pace:{name}"


def way(page_id: str) -> str:
    """How far a fetch has come by robots.txt and redirects."""
    return f"way:{page_id}"


def crawl(crawl_id: str) -> str:
    """A crawl's fields and counters."""
    return f"crawl:{crawl_id}"


def crawl_urls(crawl_id: str) -> str:
    """A crawl's lines, as submitted."""
    return f"crawl:{crawl_id}:urls"


def crawl_ended(crawl_id: str) -> str:
    """How a crawl's pages ended, in that order."""
    return f"crawl:{crawl_id}:ended"
