"""Tasks that behave as the page's URL says: what a worker must survive. `/<stage>/<what>`, else all goes well."""

import os
import signal
import time
from datetime import UTC, datetime

from shared.raw_page import RawPage
from shared.records import Page, ParsedPage, RecordCounts
from shared.stage import FETCH, INDEX, PARSE, Fetched, Indexed, Parsed, version_of
from shared.tasks import Work, stage_task

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def behave(stage: str, url: str) -> None:
    what = url.partition(f"/{stage}/")[2].partition("/")[0]
    if what == "loop":
        while True:
            pass
    elif what == "hog":
        held = []
        while True:
            held.append(bytes(2_000_000))
            time.sleep(0.002)
    elif what == "gulp":
        bytes(4_000_000_000)
    elif what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    elif what == "raise":
        raise ValueError("no such page")
    elif what == "nap":
        time.sleep(1)
    elif what == "sleep":
        time.sleep(60)


@stage_task(FETCH)
def fetch(work: Work):
    for claim in work:
        behave("fetch", claim.url)
        yield claim, Fetched(RawPage(b"<p>" + claim.url.encode(), claim.url, claim.url, 200, "text/html", NOW), "h")


@stage_task(PARSE)
def parse(work: Work):
    for claim in work:
        assert work.ledger.raw(claim.page_id) is not None
        behave("parse", claim.url)
        page = Page(
            id=claim.page_id,
            url=claim.url,
            final_url=claim.url,
            fetched_at=NOW,
            content_hash="h",
            parser_version="0",
        )
        yield claim, Parsed(ParsedPage(page=page, article=None, comments=[], widgets=[]))


@stage_task(INDEX)
def index(work: Work):
    for claim in work:
        behave("index", claim.url)
        yield claim, Indexed(version_of(claim.fetch_id), RecordCounts())
