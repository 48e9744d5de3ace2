"""Lines of a crawl that come with their bodies: pages from archives of others, and stored pages parsed again."""

from dataclasses import dataclass
from enum import Enum

from shared.ledger import keys
from shared.ledger.connection import Argument
from shared.ledger.crawls import line
from shared.ledger.ledger import Ledger
from shared.ledger.transitions import gone_marker, short
from shared.raw_page import RawPage
from shared.stage import Line, Outcome, Refused, StageName


@dataclass(frozen=True, slots=True)
class Delivery:
    """A page as it was at some time."""

    url: str
    """As it stands in the archive."""
    fetch_id: int
    """Milliseconds since 1970 at which it was fetched."""
    page: tuple[RawPage, str] | Refused
    """The body and its hash, or why there is none to parse."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of a delivery at once."""

    at: int
    """Lines that the crawl now has: one more than before, unless nothing was taken."""
    busy: bool = False
    """Nothing was taken, as the page is being worked on: it is to be delivered once it has ended."""
    publish: tuple[StageName, str] | None = None
    outcome: Outcome | None = None
    reason: str | None = None


def deliver(ledger: Ledger, crawl_id: str, delivery: Delivery, *, at: int, now: int | None = None) -> Delivered:
    """Takes a line with its body into a crawl; it goes on at the parse stage, as a fetched page does.

    Two deliveries of a page are two lines; the later fetch is the newer version. `at`: how many lines the crawl had
    before. Raises UnknownCrawlError, LedgerDownError, LedgerFullError.
    """
    page_id, normal, why_not, text, _ = line(Line(delivery.url))
    head: list[Argument] = [crawl_id, now or ledger.clock.now(), at, page_id, normal, text, delivery.fetch_id]
    answer = ledger.run("deliver", head + _told(delivery, why_not))
    word = answer[0].decode()
    if word == "at":
        return Delivered(int(answer[1]))
    if word == "busy":
        return Delivered(at, busy=True)
    if word:
        return Delivered(at + 1, publish=(word, answer[1].decode()))
    return Delivered(at + 1, outcome=keys.OUTCOMES[answer[1].decode()], reason=answer[2].decode() or None)


def _told(delivery: Delivery, why_no_url: str) -> list[Argument]:
    """The ending, its reason and what comes with it, as deliver.lua takes them."""
    match delivery.page:
        case Refused(reason=reason, gone=gone):
            marker = gone_marker(delivery.fetch_id)
            return ["G" if gone else "R", why_no_url or short(reason), marker, "", "", ""]
        case raw, content_hash:
            return ["P", why_no_url, raw.pack(), content_hash, raw.validator, f"bytes={len(raw.body)}"]


class Reparsed(Enum):
    """What became of a page that was to be parsed again."""

    TAKEN = "parse"
    AGAIN = "again"
    """It is a line of the crawl already."""
    BUSY = "busy"
    """It is being worked on."""
    NOT_STORED = "state"
    """The store does not hold it, or not as its last fetch found it (gone, refused, in quarantine)."""
    TOO_OFTEN = "often"
    """Its fetch was parsed 1,023 times."""


def reparse(ledger: Ledger, crawl_id: str, page_id: str, raw: RawPage, *, now: int | None = None) -> Reparsed:
    """Parses a stored page again from its body: the same fetch, the next parse of it; the caller publishes it.

    Raises LedgerDownError, LedgerFullError.
    """
    return Reparsed(ledger.run("reparse", [crawl_id, page_id, now or ledger.clock.now(), raw.pack()]).decode())
