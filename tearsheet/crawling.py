"""A crawl as the command sees it: submitted, watched until its last page has ended, told."""

import json
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import TypeVar

import click

from shared.ledger import Crawl, CrawlStatus, LedgerDownError, LedgerFullError
from shared.records import ParsedPage
from shared.stores import open_store
from shared.stores.protocol import StoreDownError
from tearsheet.bringing import Pages
from tearsheet.embedded.session import Session
from tearsheet.embedded.visit import HouseError
from tearsheet.interrupt import Interrupt
from tearsheet.itself import itself
from tearsheet.progress import Progress, progress
from tearsheet.status import troubles
from tearsheet.submission import Submission
from tearsheet.summary import Endings, succeeded, summary

_T = TypeVar("_T")

# URLs that one round trip submits: as many as the ledger takes at once.
_CHUNK = 1000
# Seconds between two looks at the crawl: soon at first, since a single page takes a fraction of a second.
_SOON, _SELDOM = 0.03, 0.25
_SOON_FOR = 5.0
# Seconds between two looks for what is wrong.
_ASK = 2.0
# Seconds between two tries of a ledger that does not answer; one that is away so long does not come back by itself.
_RETRY = 0.2
_PATIENCE = 600.0


class _StoppedError(Exception):
    """Ctrl-C came while something was waited for."""


class Crawling:
    """One run of the command."""

    def __init__(self, session: Session, interrupt: Interrupt, report: Path | None, same_folder: str) -> None:
        """`report`: where to write how each URL ended. `same_folder`: ends a command that is to use our folder."""
        self._session = session
        self._ledger = session.ledger
        self._interrupt = interrupt
        self._report = report
        self._same_folder = same_folder
        self._progress: Progress = progress()
        self._status: CrawlStatus | None = None
        self._troubles: list[str] = []
        self._ask_at = time.monotonic() + _ASK

    def run(self, submission: Submission | Pages | None) -> int:
        """Crawls what was submitted, or goes on with what was interrupted where that is None; the exit code.

        Raises HouseError, LedgerDownError where the ledger stays away.
        """
        crawls: list[str] = []
        try:
            with self._progress:
                crawls = [self._submit(submission)] if submission else self._interrupted()
            codes = [self._one(crawl) for crawl in crawls]
        except _StoppedError:
            self._pause(crawls)
            return self._interrupt.exit_code
        if not codes:
            raise click.UsageError("no crawl was interrupted, so there is nothing to go on with: give a URL")
        return max(codes)

    def _submit(self, submission: Submission | Pages) -> str:
        scope = submission.scope if isinstance(submission, Submission) else None
        crawl = self._patiently(
            lambda: self._ledger.open_crawl(digest=submission.digest, label=submission.label, scope=scope)
        )
        if crawl.resumed:
            _say(f"going on with crawl {crawl.id}, which was interrupted ({crawl.submitted:,} URLs are in)")
            self._patiently(lambda: self._ledger.resume(crawl.id))
        if isinstance(submission, Submission):
            self._submit_urls(crawl, submission)
        else:
            self._bring(crawl, submission)
        self._patiently(lambda: self._ledger.close_submission(crawl.id))
        return crawl.id

    def _submit_urls(self, crawl: Crawl, submission: Submission) -> None:
        urls = submission.after(crawl.submitted)
        at = crawl.submitted
        while chunk := list(islice(urls, _CHUNK)):
            self._patiently(lambda: self._ledger.submit(crawl.id, chunk, at=at))  # noqa: B023 - it is called at once
            at += len(chunk)
            self._look(crawl.id)

    def _bring(self, crawl: Crawl, pages: Pages) -> None:
        """Brings pages with their bodies, as fast as the parsers and the store take them."""
        bringing = pages.bring(self._session, crawl)
        while (wait := self._patiently(bringing.step)) is not None:
            self._look(crawl.id)
            time.sleep(wait)

    def _interrupted(self) -> list[str]:
        """Crawls that have not ended, oldest first, and going again."""
        crawls = [crawl for crawl in self._patiently(self._ledger.crawls) if crawl.finished is None]
        for crawl in sorted(crawls, key=lambda c: c.created):
            _say(f"going on with crawl {crawl.id}: {crawl.label}")
            self._patiently(lambda: self._ledger.resume(crawl.id))  # noqa: B023 - it is called at once
        return [crawl.id for crawl in crawls]

    def _one(self, crawl_id: str) -> int:
        """Watches a crawl until its last page has ended, then tells how."""
        started = time.monotonic()
        with self._progress:
            while True:
                status = self._look(crawl_id)
                if status.finished is not None or (not status.closed and not status.in_flight):
                    break
                time.sleep(_SOON if time.monotonic() - started < _SOON_FOR else _SELDOM)
        self._tell(status)
        if status.finished is None:
            _say("not all of its URLs were submitted when it was interrupted: the same command submits the others")
        return 0 if succeeded(status) and status.finished is not None else 1

    def _look(self, crawl_id: str) -> CrawlStatus:
        status = self._patiently(lambda: self._ledger.crawl(crawl_id))
        if time.monotonic() >= self._ask_at:
            self._ask_at = time.monotonic() + _ASK
            self._troubles = list(troubles(self._patiently(self._ledger.status)))
        self._status = status
        self._progress.show(status, self._troubles)
        return status

    def _patiently(self, act: Callable[[], _T]) -> _T:
        """What `act` gives, once the ledger answers. Raises _StoppedError, HouseError, LedgerDownError."""
        until = time.monotonic() + _PATIENCE
        while True:
            if self._interrupt.number is not None:
                raise _StoppedError
            try:
                return act()
            except (LedgerDownError, LedgerFullError) as e:
                visit = self._session.visit
                if visit and visit.trouble:
                    raise HouseError(visit.trouble) from None
                if time.monotonic() > until:
                    raise LedgerDownError(f"{e} (for {_PATIENCE / 60:.0f} minutes)") from None
                self._progress.show(self._status, [str(e)])
                time.sleep(_RETRY)

    def _pause(self, crawls: list[str]) -> None:
        """After Ctrl-C: nobody else's workers go on with our pages, and the user knows how to."""
        status = self._status
        for crawl in crawls:
            try:
                self._ledger.pause(crawl)
            except (LedgerDownError, LedgerFullError):
                _say("the queue did not answer: the crawl was not paused, and whoever works in this folder goes on")
        ended = f"{status.submitted - status.in_flight:,} of {status.submitted:,} URLs have ended" if status else "none"
        _say(f"interrupted: {ended}. To go on: {itself()} crawl{self._same_folder} (or the same command again)")

    def _tell(self, status: CrawlStatus) -> None:
        endings = Endings()
        file = self._report.open("w", encoding="utf-8") if self._report else None
        try:
            for line in self._ledger.report(status.id):
                endings.add(line)
                if file:
                    entry = {"url": line.url, "outcome": line.outcome, "reason": line.reason, "page_id": line.page_id}
                    if line.kind == "requisite":
                        entry["kind"] = line.kind
                    file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        finally:
            if file:
                file.close()
        shown = self._stored(endings.shown.page_id) if endings.shown and endings.shown.page_id else None
        data = self._session.settings.data if self._session.visit else None
        click.echo(summary(status, endings, shown, data, self._same_folder))

    def _stored(self, page_id: str) -> ParsedPage | None:
        try:
            store = open_store(self._session.settings, write=False)
        except StoreDownError:
            return None
        try:
            return store.page(page_id)
        except StoreDownError:
            return None
        finally:
            store.close()


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201
