"""The quarantine: pages that failed after all their attempts, and records that the store would not take.

A quarantined page's raw body waits in the ledger until the scheduler has moved it to disk, so that Redis is freed.
"""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from shared.ledger import keys
from shared.ledger.crawls import moment
from shared.ledger.ledger import Ledger
from shared.stage import Line, StageName

_SUFFIX = ".zst"


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A page in quarantine: where it failed, of what, in which process, and when."""

    page_id: str
    url: str
    stage: StageName
    reason: str
    cause: str
    place: str
    at: datetime
    body: bool
    """Its raw body is kept, so that it can be parsed again without a fetch."""


@dataclass(frozen=True, slots=True)
class RefusedRecord:
    """A record that the store would not take, with the store's words; its page's others are stored."""

    record_id: str
    page_id: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Retried:
    """Pages that left the quarantine, as a crawl of their own."""

    crawl_id: str
    pages: int
    publish: list[tuple[StageName, str]]
    """What is to be published; pages that are fetched anew come by dispatch."""


def list_pages(ledger: Ledger, folder: Path) -> Iterator[Quarantined]:
    """Quarantined pages. `folder`: where their bodies are moved to."""
    for page_id, text in _scan(ledger, keys.QUARANTINE):
        yield _quarantined(ledger, folder, page_id, text)


def one_page(ledger: Ledger, folder: Path, page_id: str) -> Quarantined | None:
    """A quarantined page; None where it is not in quarantine."""
    text = ledger.ask("HGET", keys.QUARANTINE, page_id)
    return None if text is None else _quarantined(ledger, folder, page_id, text)


def count_pages(ledger: Ledger) -> int:
    """How many pages are in quarantine."""
    return int(ledger.ask("HLEN", keys.QUARANTINE))


def some_pages(ledger: Ledger, folder: Path, cursor: int, about: int) -> tuple[list[Quarantined], int]:
    """About so many quarantined pages (a small quarantine as a whole), and where to go on: 0 at the beginning and
    after the end. Each page comes at least once."""
    following, found = ledger.ask("HSCAN", keys.QUARANTINE, cursor, "COUNT", about)
    return [_quarantined(ledger, folder, page.decode(), text) for page, text in found.items()], following


def some_records(ledger: Ledger, cursor: int, about: int) -> tuple[list[RefusedRecord], int]:
    """About so many pages' refused records, as `some_pages`."""
    following, found = ledger.ask("HSCAN", keys.QUARANTINED_RECORDS, cursor, "COUNT", about)
    return [each for page, text in found.items() for each in _refused(page.decode(), text)], following


def list_records(ledger: Ledger) -> Iterator[RefusedRecord]:
    """Records that the store would not take."""
    for page_id, text in _scan(ledger, keys.QUARANTINED_RECORDS):
        yield from _refused(page_id, text)


def body(ledger: Ledger, folder: Path, page_id: str) -> bytes | None:
    """A quarantined page's raw body as `RawPage.pack` made it; None where it was not kept."""
    facts = ledger.ask("HGET", keys.QUARANTINE, page_id)
    if facts is None or not _is_kept(json.loads(facts)):
        return None
    kept: bytes | None = ledger.ask(
        "GET", keys.body(page_id)
    )  # first: a file may be an earlier fetch's until it is moved
    if kept is not None:
        return kept
    try:
        return _file(folder, page_id).read_bytes()
    except FileNotFoundError:
        return None


def retry(ledger: Ledger, folder: Path, page_ids: Sequence[str], *, now: int | None = None) -> Retried:
    """Pages leave the quarantine: parsed again where their body was kept, else fetched anew.

    They are a crawl of their own, so what they were submitted in keeps its report. Pages that are not in quarantine
    are passed over. `now`: milliseconds since 1970, where it is not the clock's time.
    Raises LedgerDownError, LedgerFullError.
    """
    crawl = ledger.open_crawl(digest=f"retry {uuid4()}", label="pages from quarantine")
    publish: list[tuple[StageName, str]] = []
    pages = 0
    for page_id in page_ids:
        entry = ledger.page(page_id)
        if entry is None or entry.state != "quarantined" or entry.url is None:
            continue
        raw = body(ledger, folder, page_id)
        if raw is not None and ledger.run("requeue", [crawl.id, page_id, now or ledger.clock.now(), raw]):
            publish.append(("parse", page_id))
        else:
            ledger.submit(crawl.id, [Line(entry.url, entry.kind)], sync=False, now=now)
        _file(folder, page_id).unlink(missing_ok=True)
        pages += 1
    ledger.close_submission(crawl.id)
    return Retried(crawl.id, pages, publish)


def move_bodies(ledger: Ledger, folder: Path, cap: int) -> int:
    """Moves bodies from the ledger to `folder`, which keeps the newest within `cap` bytes; returns how many moved.

    Raises OSError where the disk is full: they stay in the ledger then.
    """
    moved = 0
    while page_id := ledger.ask("LINDEX", keys.QUARANTINED_BODIES, 0):
        name = page_id.decode()
        packed = ledger.ask("GET", keys.body(name))
        if packed is not None and len(packed) <= cap:
            _write(_file(folder, name), packed)
            moved += 1
        elif packed is not None:
            _file(folder, name).unlink(missing_ok=True)  # what may be there is of an earlier fetch
        pipe = ledger.client.pipeline()
        pipe.lrem(keys.QUARANTINED_BODIES, 0, name)
        pipe.unlink(keys.body(name))
        ledger.execute(pipe)
        # A page that left the quarantine meanwhile needs its file no more.
        if not ledger.ask("HEXISTS", keys.QUARANTINE, name):
            _file(folder, name).unlink(missing_ok=True)
    if moved:
        _trim(folder, cap)
    return moved


def _quarantined(ledger: Ledger, folder: Path, page_id: str, text: bytes) -> Quarantined:
    url = ledger.ask("HGET", keys.page(page_id), "u") or b""
    facts = json.loads(text)
    return Quarantined(
        page_id=page_id,
        url=url.decode("utf-8", "surrogatepass"),
        stage=facts["stage"],
        reason=facts["reason"],
        cause=facts["cause"],
        place=facts["place"],
        at=moment(facts["at"]),
        body=_is_kept(facts) and (bool(ledger.ask("EXISTS", keys.body(page_id))) or _file(folder, page_id).exists()),
    )


def _refused(page_id: str, text: bytes) -> Iterator[RefusedRecord]:
    facts = json.loads(text)
    for record_id, reason in facts["records"].items():
        yield RefusedRecord(record_id, page_id, reason, moment(facts["at"]))


def _scan(ledger: Ledger, key: str) -> Iterator[tuple[str, bytes]]:
    cursor = 0
    while True:
        cursor, fields = ledger.ask("HSCAN", key, cursor, "COUNT", 100)
        for name, value in fields.items():
            yield name.decode(), value
        if cursor == 0:
            return


def _is_kept(facts: dict[str, Any]) -> bool:
    """Whether a quarantined page left a body. A file may be there that is of an earlier fetch."""
    return bool(facts.get("kept", True))


def _file(folder: Path, page_id: str) -> Path:
    return folder / f"{page_id}{_SUFFIX}"


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, also when the machine stops."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _trim(folder: Path, cap: int) -> None:
    """Oldest go first."""
    files = sorted(((f.stat().st_mtime, f.stat().st_size, f) for f in folder.glob(f"*{_SUFFIX}")), reverse=True)
    total = 0
    for _, size, file in files:
        total += size
        if total > cap:
            file.unlink(missing_ok=True)
