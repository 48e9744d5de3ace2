"""Stylesheets and images of pages: found on pages and in stylesheets, fetched for the archive."""

from collections.abc import Iterable, Iterator

import requests

from services.fetcher import content_type
from services.fetcher.causes import FailedError, RefusedError
from services.fetcher.growth import normal_urls
from services.fetcher.page import heed_noarchive, read_within
from services.fetcher.page_requisites import read_requisites
from services.fetcher.status import check_status
from services.fetcher.stylesheets import MOST_BYTES, references_in
from shared.raw_page import validator_of
from shared.settings import Settings
from shared.stage import Claim, Finding, Findings, Read
from shared.urls import join

MOST = 200
"""Requisites that a page names itself: a page of the press has 20 to 150."""
MOST_OF_STYLESHEETS = 200
"""Requisites that all its stylesheets together lead to: each may lead to an equal share of them, and hands half of what
it has left on to those that it imports. So a page costs 400 requests at most, and a chain of imports ends by the
eighth."""


class Requisites:
    """Finds and reads them. Safe in threads."""

    def __init__(self, settings: Settings) -> None:
        """`settings`: of limits, and whether there are any requisites."""
        self._settings = settings

    def of_page(self, claim: Claim, body: bytes, url: str, declared: str | None) -> tuple[Findings, ...]:
        """Those that a page found at `url` names, for each crawl that it belongs to; none where they are not wanted."""
        if not self._settings.fetch_requisites:
            return ()
        named = read_requisites(body, url, declared)
        sheets = [sheet for sheet in normal_urls(named.stylesheets) if sheet != url]
        images = [image for image in normal_urls(named.images) if image != url and image not in sheets]
        taken = sheets[:MOST]
        share = MOST_OF_STYLESHEETS // max(1, len(taken))
        urls = tuple(_findings(taken, images[: MOST - len(taken)], share))
        return _for_each(claim.crawls, urls, len(sheets) + len(images) - len(urls) + named.more)

    def read(self, claim: Claim, response: requests.Response, url: str, token: str) -> Read:
        """What came is a stylesheet or an image. `token`: the name by which its site knows us.

        Raises RefusedError, FailedError, and what `read_within` raises.
        """
        check_status(response)
        asked = heed_noarchive(response, self._settings, token)
        if asked.noarchive and self._settings.fetch_noarchive:
            raise RefusedError("its site asks not to archive it")
        declared = response.headers.get("Content-Type")
        content_type.check_requisite(declared)
        body = read_within(response, self._settings)
        what = content_type.check_requisite(declared, body.data)
        if not body.complete:
            raise FailedError(f"the connection was closed after {len(body.data):,} bytes", "truncated")
        validator = validator_of(response.headers.get("ETag"), response.headers.get("Last-Modified"))
        words = f"{what} of {len(body.data):,} bytes"
        if what != content_type.STYLESHEET:
            return Read(words, validator=validator)
        if len(body.data) > MOST_BYTES:
            words += f" (its first {MOST_BYTES:,} were looked through)"
        return Read(words, found=tuple(self._of_stylesheet(claim, body.data, url, declared)), validator=validator)

    def _of_stylesheet(self, claim: Claim, body: bytes, url: str, declared: str | None) -> Iterator[Findings]:
        found = references_in(body, declared)
        imports = [sheet for sheet in normal_urls(_joined(found.imports, url)) if sheet != url]
        images = [image for image in normal_urls(_joined(found.images, url)) if image not in imports]
        for crawl in claim.crawls:
            may = claim.depth(crawl)
            sheets = imports[:may]
            pictures = images[: may - len(sheets)]
            share = (may - len(sheets) - len(pictures)) // (2 * max(1, len(sheets)))
            urls = tuple(_findings(sheets, pictures, share))
            yield from _for_each((crawl,), urls, len(imports) + len(images) - len(urls))


def _findings(sheets: Iterable[str], images: Iterable[str], share: int) -> Iterator[Finding]:
    for sheet in sheets:
        yield Finding(sheet, "requisite", share)
    for image in images:
        yield Finding(image, "requisite")


def _for_each(crawls: Iterable[str], urls: tuple[Finding, ...], left: int) -> tuple[Findings, ...]:
    return tuple(Findings(crawl, urls, left) for crawl in crawls if urls or left)


def _joined(references: Iterable[str], base: str) -> Iterator[str]:
    return (target for reference in references if (target := join(base, reference)) is not None)
