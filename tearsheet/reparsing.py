"""Stored pages and their bodies from the archive, as one submission."""

import hashlib
import time
from collections.abc import Iterator, Sequence

import click

from shared.archive import Archive, ArchiveError
from shared.archive.errors import BucketError
from shared.ledger import Crawl
from shared.ledger.delivery import Reparsed
from shared.ledger.delivery import reparse as parse_again
from shared.ledger.walk import pages_of, site_name
from shared.queues import configure, hint
from shared.urls import NotAUrlError
from tearsheet.bringing import Bringing, room
from tearsheet.embedded.session import Session
from tearsheet.page_named import page_id_of

# Seconds for which pages are brought before somebody looks at the crawl again, and to wait for room behind.
_TURN, _FULL = 0.25, 0.2
# Of the pages that could not be parsed again, so many are named for each reason.
_NAMED = 10
_WORDS = {
    Reparsed.BUSY: "being worked on now",
    Reparsed.NOT_STORED: "not stored, or gone from its site since",
    Reparsed.TOO_OFTEN: "parsed 1,023 times from one fetch, which is as often as can be: fetch it again",
}
_MISSING = "not in the archive"
_DAMAGED = "damaged in the archive"


class Again:
    """Pages that are to be parsed again: those named, those of a site, or all that are stored."""

    def __init__(self, what: Sequence[str], site: str | None, archive: Archive) -> None:
        """`what`: URLs or ids; neither these nor a site: all. Raises click.ClickException."""
        self._named = {page_id_of(each): each for each in what}
        try:
            self._site = site_name(site) if site is not None else None
        except NotAUrlError as error:
            raise click.ClickException(f"{site!r} is no site: {error}") from None
        self.archive = archive
        said = " ".join(self._named) or self._site or "all"
        self.digest = hashlib.sha256(f"reparse {said}".encode()).hexdigest()
        self.label = f"parsed again: {', '.join(self._named.values()) or self._site or 'all pages'}"[:200]
        self._left_out: dict[str, list[str]] = {}
        self._counts: dict[str, int] = {}

    def bring(self, session: Session, crawl: Crawl) -> Bringing:
        """Brings those that are no lines of the crawl yet."""
        return _Bringing(session, crawl, self)

    def ids(self, session: Session) -> Iterator[str]:
        """Their ids; one may come twice."""
        if self._named:
            yield from self._named
        else:
            yield from pages_of(session.ledger, self._site, stored=True)

    def leave_out(self, page: str, url: str | None, reason: str) -> None:
        """A page cannot be parsed again."""
        self._counts[reason] = self._counts.get(reason, 0) + 1
        named = self._left_out.setdefault(reason, [])
        if len(named) < _NAMED:
            named.append(url or self._named.get(page, page))

    @property
    def any_left_out(self) -> bool:
        """Whether a page could not be parsed again."""
        return bool(self._counts)

    def left_out(self) -> Iterator[str]:
        """A line for each reason, with pages for which it holds."""
        for reason, count in self._counts.items():
            more = f" and {count - _NAMED:,} more" if count > _NAMED else ""
            yield f"{count:,} {reason}: {', '.join(self._left_out[reason])}{more}"

    def close(self) -> None:
        """Lets go of the archive."""
        self.archive.close()


class _Bringing:
    """One crawl of pages parsed again."""

    def __init__(self, session: Session, crawl: Crawl, pages: Again) -> None:
        self._ledger = session.ledger
        self._settings = session.settings
        self._crawl = crawl.id
        self._pages = pages
        self._ids = pages.ids(session)
        self._next: str | None = None
        configure(session.settings)

    def step(self) -> float | None:
        """As `Bringing` has it."""
        until = time.monotonic() + _TURN
        left = room(self._ledger, self._settings)
        ready: list[str] = []
        try:
            while left > 0 and time.monotonic() < until:
                self._next = self._next or next(self._ids, None)
                if self._next is None:
                    return None
                if self._bring(self._next):
                    ready.append(self._next)
                    left -= 1
                self._next = None
        finally:
            if ready:
                hint([("parse", page) for page in ready], self._ledger.client)
        return 0.0 if left > 0 else _FULL

    def _bring(self, page: str) -> bool:
        """Whether the page is parsed again; else it is told why not, or it was a line already."""
        entry = self._ledger.page(page)
        url = entry.url if entry else None
        if entry is None or entry.version is None:
            self._pages.leave_out(page, url, _WORDS[Reparsed.NOT_STORED])
            return False
        try:
            raw = self._pages.archive.read(page, entry.version)
        except BucketError:  # no fault of the page: nothing can be read
            raise
        except ArchiveError as error:
            self._pages.leave_out(page, f"{url} ({error})", _DAMAGED)
            return False
        if raw is None:
            self._pages.leave_out(page, url, _MISSING)
            return False
        done = parse_again(self._ledger, self._crawl, page, raw)
        if done in _WORDS:
            self._pages.leave_out(page, url, _WORDS[done])
        return done is Reparsed.TAKEN
