"""Captures from WARC files into the ledger, each judged as the fetcher judges an answer."""

import time
from datetime import UTC, datetime

from services.fetcher.causes import FailedError, RefusedError
from services.fetcher.page import read_page
from services.fetcher.robots import product_token
from shared.ledger import Crawl
from shared.ledger.delivery import Delivery, deliver
from shared.queues import configure, hint
from shared.raw_page import RawPage
from shared.settings import Settings
from shared.stage import Refused, StageName
from shared.urls import NotAUrlError, normalise, page_url
from tearsheet.bringing import room
from tearsheet.embedded.session import Session
from tearsheet.warc.captures import Capture, Captures
from tearsheet.warc.payload import answer, record_at

# Seconds for which captures are delivered before somebody looks at the crawl again.
_TURN = 0.25
# Seconds to wait for a page that is being worked on, and for room behind.
_BUSY, _FULL = 0.05, 0.2


class Delivering:
    """One crawl's deliveries, in their order."""

    def __init__(self, session: Session, crawl: Crawl, captures: Captures) -> None:
        """Goes on where the crawl stands."""
        self._ledger = session.ledger
        self._settings = session.settings
        self._crawl = crawl
        self._captures = captures
        self._go_to(crawl.submitted)
        configure(session.settings)

    def _go_to(self, at: int) -> None:
        self.at = at
        """Lines that the crawl has."""
        self._rest = self._captures.after(at)
        self._next: Delivery | None = None

    def step(self) -> float | None:
        """As `Bringing` has it. Raises ArchiveError and OSError too."""
        if self.at >= self._captures.count:
            return None
        until = time.monotonic() + _TURN
        left = room(self._ledger, self._settings)
        ready: list[tuple[StageName, str]] = []
        try:
            while left > 0 and self.at < self._captures.count and time.monotonic() < until:
                if self._next is None:
                    self._next = delivery_of(next(self._rest), self._settings)
                done = deliver(self._ledger, self._crawl.id, self._next, at=self.at)
                if done.busy:
                    return _BUSY
                if done.at != self.at + 1:  # a second of the ledger was lost
                    self._go_to(done.at)
                    continue
                self.at, self._next = done.at, None
                if done.publish:
                    ready.append(done.publish)
                    left -= 1
        finally:
            if ready:
                hint(ready, self._ledger.client)
        return 0.0 if left > 0 else _FULL


def delivery_of(capture: Capture, settings: Settings) -> Delivery:
    """Reads and judges a capture as the fetcher does an answer. Raises ArchiveError, OSError."""
    with record_at(capture.path, capture.offset) as record:
        response = answer(record)
        cut = record.rec_headers.get_header("WARC-Truncated")
        try:
            page = read_page(response, settings, product_token(settings.fetch_user_agent))
        except RefusedError as error:
            return Delivery(capture.url, capture.time, Refused(error.reason, gone=error.gone))
        except FailedError as error:
            return Delivery(capture.url, capture.time, Refused(error.reason))
        if cut:
            reason = f"it was cut off when it was archived (WARC-Truncated: {cut[:20]})"
            return Delivery(capture.url, capture.time, Refused(reason))
    try:
        url, final_url = page_url(capture.url), normalise(capture.url)
    except NotAUrlError:
        url = final_url = capture.url  # the ledger says why not
    raw = RawPage(
        body=page.body,
        url=url,
        final_url=final_url,
        status=response.status_code,
        content_type=page.content_type,
        fetched_at=datetime.fromtimestamp(capture.time / 1000, tz=UTC),
        etag=response.headers.get("ETag"),
        last_modified=response.headers.get("Last-Modified"),
    )
    return Delivery(capture.url, capture.time, (raw, page.content_hash))
