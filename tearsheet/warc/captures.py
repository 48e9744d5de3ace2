"""The pages of several WARC files, in the order in which they were captured, as one submission.

They are listed in a temporary database, so that ten million of them need no more memory than ten.
"""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.ledger import Crawl
from tearsheet.bringing import Bringing
from tearsheet.embedded.session import Session
from tearsheet.warc.scan import Found, Scan

_TABLES = """
CREATE TABLE records (
  file INTEGER, offset INTEGER, kind TEXT, record TEXT, url TEXT, date TEXT, time INTEGER, digest TEXT,
  refers_to TEXT, refers_to_url TEXT, refers_to_date TEXT,
  body_file INTEGER, body_offset INTEGER  -- where the body is; nowhere for a revisit whose original is missing
);
"""
_INDEXES = """
CREATE INDEX by_record ON records (record) WHERE kind != 'revisit';
CREATE INDEX by_url ON records (url, date) WHERE kind != 'revisit';
CREATE INDEX by_time ON records (time, file, offset);
"""
# The record that a revisit refers to: by its id, else by URL and date, else the latest before it of its URL and digest.
_ORIGINALS = (
    "o.record = r.refers_to AND r.refers_to != ''",
    "o.url = r.refers_to_url AND o.date = r.refers_to_date",
    "o.url = coalesce(nullif(r.refers_to_url, ''), r.url) AND o.digest = r.digest AND r.digest != '' "
    "AND o.time <= r.time ORDER BY o.time DESC",
)
_RESOLVE = (
    "UPDATE records AS r SET (body_file, body_offset) = (SELECT o.file, o.offset FROM records o "
    "WHERE o.kind != 'revisit' AND {} LIMIT 1) WHERE r.body_file IS NULL"
)
_MISSING = "revisit of what is in none of these files"
# Records that one write of the list takes.
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Capture:
    """A page as it was at some time, and where its body stands."""

    url: str
    time: int
    """Milliseconds since 1970."""
    path: Path
    offset: int


class Captures:
    """A submission as `tearsheet.submission.Submission` is one, that brings its pages with it."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Walks through the files. Raises NotWarcError, OSError."""
        self._paths = [path.resolve() for path in paths]
        self._db = sqlite3.connect("", isolation_level=None)  # in a temporary file that nobody else sees
        self.damage: list[str] = []
        """A line for each file that could not be read to its end."""
        self.passed_over: Counter[str] = Counter()
        """Answers that are no pages: how many of what."""
        try:
            self._read(paths)
        except BaseException:
            self._db.close()
            raise
        where = "FROM records WHERE body_file IS NOT NULL"
        self.count: int = self._db.execute(f"SELECT count(*) {where}").fetchone()[0]
        missing = self._db.execute("SELECT count(*) FROM records WHERE body_file IS NULL").fetchone()[0]
        self.passed_over += Counter({_MISSING: missing})
        digest = hashlib.sha256(b"warc\n")
        for row in self._db.execute(f"SELECT url, time, digest, body_offset {where} ORDER BY time, file, offset"):
            digest.update(repr(row).encode("utf-8", "surrogatepass"))
        self.digest = digest.hexdigest()
        more = f" and {len(paths) - 1:,} more" if len(paths) > 1 else ""
        self.label = f"{paths[0].name[:200]}{more}"

    def bring(self, session: Session, crawl: Crawl) -> Bringing:
        """Delivers those that the crawl has not yet."""
        from tearsheet.warc.delivering import Delivering

        return Delivering(session, crawl, self)

    def after(self, count: int) -> Iterator[Capture]:
        """The captures after the first `count`."""
        rows = self._db.execute(
            "SELECT url, time, body_file, body_offset FROM records WHERE body_file IS NOT NULL "
            "ORDER BY time, file, offset LIMIT -1 OFFSET ?",
            (count,),
        )
        for url, time, file, offset in rows:
            yield Capture(url, time, self._paths[file], offset)

    def close(self) -> None:
        """Lets go of the list."""
        self._db.close()

    def _read(self, paths: Sequence[Path]) -> None:
        self._db.executescript(_TABLES)
        for number, path in enumerate(paths):
            self._take(number, Scan(path))
        self._db.executescript(_INDEXES)
        self._find_originals()

    def _take(self, number: int, scan: Scan) -> None:
        batch: list[tuple[object, ...]] = []
        for found in scan:
            batch.append(_row(number, found))
            if len(batch) == _BATCH:
                self._insert(batch)
                batch = []
        self._insert(batch)
        self.passed_over += scan.passed_over
        if scan.damage:
            self.damage.append(f"{scan.path}: {scan.damage}; the {scan.records:,} records before are taken")

    def _insert(self, rows: list[tuple[object, ...]]) -> None:
        self._db.execute("BEGIN")
        self._db.executemany("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self._db.execute("COMMIT")

    def _find_originals(self) -> None:
        for condition in _ORIGINALS:
            self._db.execute(_RESOLVE.format(condition))


def _row(file: int, found: Found) -> tuple[object, ...]:
    body = (None, None) if found.kind == "revisit" else (file, found.offset)
    return (
        file,
        found.offset,
        found.kind,
        found.record,
        found.url,
        found.date,
        found.time,
        found.digest,
        found.refers_to,
        found.refers_to_url,
        found.refers_to_date,
        *body,
    )
