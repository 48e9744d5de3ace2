"""The archive's index: where each answer stands, in SQLite beside the files, which are the truth.

Processes share it (WAL: readers and one writer at a time). What it lacks it takes from the files again.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from shared.archive.records import Original
from shared.ids import page_id as id_of

NAME = "index.sqlite"
_SCHEMA = 1
# Seconds to wait for another process's write: each takes a fraction of a millisecond.
_BUSY = 10.0
# Of answers that are a page itself: what may be read as its body.
_WHOLE_PAGE = (
    "(c.noarchive OR c.status BETWEEN 200 AND 299 OR c.status = 304 AND o.id IS NOT NULL) "
    "AND (c.truncated IS NULL OR c.truncated = 'disconnect' OR c.original IS NOT NULL)"
)
_TABLES = """
CREATE TABLE IF NOT EXISTS files (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
  indexed INTEGER NOT NULL DEFAULT 0  -- bytes from the file's beginning whose records are in `captures`
);
CREATE TABLE IF NOT EXISTS captures (
  id INTEGER PRIMARY KEY,
  -- fetch: none for parts of a discussion, and for what many pages share, whose page is that of its own URL
  page TEXT NOT NULL, fetch INTEGER,
  url TEXT NOT NULL, submitted TEXT,  -- submitted: the page's URL, where that is another
  time TEXT NOT NULL, status INTEGER NOT NULL, digest TEXT NOT NULL, truncated TEXT,
  record TEXT NOT NULL, original TEXT,  -- WARC-Record-IDs: its own, and of the answer whose body a revisit has
  file INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
  noarchive INTEGER NOT NULL,
  UNIQUE (file, offset)
);
CREATE INDEX IF NOT EXISTS by_page ON captures (page, fetch);
CREATE INDEX IF NOT EXISTS bodies ON captures (page, time) WHERE original IS NULL AND noarchive = 0;
CREATE INDEX IF NOT EXISTS by_record ON captures (record);
"""


@dataclass(frozen=True, slots=True)
class Capture:
    """An answer in the archive."""

    page_id: str
    fetch_id: int | None
    url: str
    submitted: str
    time: str
    """WARC-Date."""
    status: int
    digest: str
    truncated: str | None
    record: str
    """Its WARC-Record-ID."""
    original: str | None
    """Of a revisit: that of the answer with its body."""
    offset: int
    length: int
    noarchive: bool | int = False
    """The page was fetched and not kept, as its site asks."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands."""

    file: str
    offset: int
    length: int


class Index:
    """One connection. Not for threads at once."""

    def __init__(self, folder: Path) -> None:
        """Opens it, or makes it. Raises sqlite3.Error."""
        self._db = sqlite3.connect(folder / NAME, timeout=_BUSY, isolation_level=None, check_same_thread=False)
        try:
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            if self._db.execute("PRAGMA user_version").fetchone()[0] != _SCHEMA:
                with self._transaction():
                    for statement in _TABLES.split(";"):
                        self._db.execute(statement)
                    self._db.execute(f"PRAGMA user_version = {_SCHEMA}")
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        """Lets go of the file."""
        self._db.close()

    def sync(self) -> None:
        """What it was told is on disk after this. Raises sqlite3.Error, also where others write without a pause."""
        ((busy, *_),) = self._db.execute("PRAGMA wal_checkpoint(FULL)")
        if busy:
            raise sqlite3.OperationalError("the archive's index is in use")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def add(self, file: str, start: int, end: int, captures: list[Capture]) -> None:
        """Takes in what a file holds from `start` to `end`. Running it again is harmless."""
        with self._transaction():
            self._db.execute("INSERT OR IGNORE INTO files (name) VALUES (?)", (file,))
            (number,) = self._db.execute("SELECT id FROM files WHERE name = ?", (file,)).fetchone()
            self._db.executemany(
                "INSERT OR IGNORE INTO captures (page, fetch, url, submitted, time, status, digest, truncated, record, "
                "original, file, offset, length, noarchive) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [_row(number, capture) for capture in captures],
            )
            # A gap before `start` stays one: whoever cleans up reads the file from there.
            self._db.execute(
                "UPDATE files SET indexed = ? WHERE id = ? AND indexed >= ? AND indexed < ?", (end, number, start, end)
            )

    def indexed(self, file: str) -> int:
        """Bytes from the file's beginning that the index knows."""
        found = self._db.execute("SELECT indexed FROM files WHERE name = ?", (file,)).fetchone()
        return int(found[0]) if found else 0

    def last(self, file: str) -> int:
        """Where the last answer begins that it knows of a file; 0 where it knows none."""
        found = self._db.execute(
            "SELECT max(offset) FROM captures WHERE file = (SELECT id FROM files WHERE name = ?)", (file,)
        ).fetchone()
        return int(found[0] or 0)

    def forget_file(self, file: str, end: int = 0) -> None:
        """Drops what it has of a file from `end` on, as the file is no longer so long."""
        with self._transaction():
            number = "(SELECT id FROM files WHERE name = ?)"
            self._db.execute(f"DELETE FROM captures WHERE file = {number} AND offset >= ?", (file, end))  # noqa: S608
            self._db.execute("UPDATE files SET indexed = min(indexed, ?) WHERE name = ?", (end, file))

    def clear(self) -> None:
        """Drops all that it has."""
        with self._transaction():
            self._db.execute("DELETE FROM captures")
            self._db.execute("DELETE FROM files")

    def files(self) -> list[str]:
        """Names of the files that it knows."""
        return [name for (name,) in self._db.execute("SELECT name FROM files ORDER BY name")]

    def files_with(self, pages: Iterable[str]) -> list[str]:
        """Names of the files that hold any of these pages."""
        self._db.execute("CREATE TEMP TABLE IF NOT EXISTS wanted (page TEXT PRIMARY KEY)")
        self._db.execute("DELETE FROM wanted")
        self._db.executemany("INSERT OR IGNORE INTO wanted VALUES (?)", ((page,) for page in pages))
        rows = self._db.execute(
            "SELECT DISTINCT name FROM files f JOIN captures c ON c.file = f.id JOIN wanted w ON w.page = c.page "
            "ORDER BY name"
        )
        return [name for (name,) in rows]

    def pages(self) -> Iterator[tuple[str, str]]:
        """Each page's id and one of its URLs."""
        yield from self._db.execute("SELECT page, coalesce(submitted, url) FROM captures GROUP BY page")

    def original(self, page_id: str, url: str) -> Original | None:
        """The latest whole answer with a body that a URL of the page gave; None where there is none."""
        found = self._db.execute(
            "SELECT record, url, time, digest FROM captures WHERE page = ? AND url = ? AND original IS NULL "
            "AND noarchive = 0 AND truncated IS NULL AND status != 304 ORDER BY time DESC LIMIT 1",
            (page_id, url),
        ).fetchone()
        return Original(*found) if found else None

    def page(self, page_id: str, fetch_id: int | None) -> tuple[Capture, Place, Place | None] | None:
        """The latest answer that is the page itself, of one fetch or of any, and where it stands.

        Of a revisit the second place is that of the record with its body.
        """
        return self._one(
            f"WHERE c.page = ? AND c.fetch IS NOT NULL AND (? IS NULL OR c.fetch = ?) AND {_WHOLE_PAGE} "
            "ORDER BY c.fetch DESC, c.time DESC LIMIT 1",
            (page_id, fetch_id, fetch_id),
        )

    def captures(self, page_id: str, most: int) -> list[Capture]:
        """The latest answers that are the page itself, the latest first."""
        rows = self._db.execute(
            "SELECT page, fetch, url, coalesce(submitted, url), time, status, digest, truncated, record, original, "
            "offset, length, noarchive FROM captures WHERE page = ? AND fetch IS NOT NULL "
            "ORDER BY fetch DESC, time DESC LIMIT ?",
            (page_id, most),
        )
        return [Capture(*row) for row in rows]

    def page_at(self, page_id: str, time: str) -> tuple[Capture, Place, Place | None] | None:
        """As `page`: the answer nearest to a time (as WARC-Date)."""
        return self._one(
            f"WHERE c.page = ? AND c.fetch IS NOT NULL AND {_WHOLE_PAGE} "
            "ORDER BY c.time = ? DESC, abs(julianday(c.time) - julianday(?)), c.time DESC LIMIT 1",
            (page_id, time, time),
        )

    def nearest(self, url: str, time: str | None) -> tuple[Capture, Place, Place | None] | None:
        """The whole answer or the redirect that a URL gave nearest to a time (as WARC-Date), else the latest.

        Of what is asked for by its own URL: robots.txt, requisites, pages that were submitted by it.
        """
        return self._one(
            "WHERE c.page = ? AND c.url = ? AND NOT c.noarchive "
            "AND (c.truncated IS NULL OR c.original IS NOT NULL OR c.status BETWEEN 301 AND 308) "
            "AND (c.status BETWEEN 200 AND 308 AND c.status != 304 OR c.status = 304 AND o.id IS NOT NULL) "
            "ORDER BY abs(julianday(c.time) - julianday(coalesce(?, '9999-12-31'))), c.time DESC LIMIT 1",
            (id_of(url), url, time),
        )

    def _one(self, which: str, values: tuple[object, ...]) -> tuple[Capture, Place, Place | None] | None:
        rows = self._db.execute(
            "SELECT c.page, c.fetch, c.url, coalesce(c.submitted, c.url), c.time, c.status, c.digest, c.truncated, "  # noqa: S608
            "c.record, c.original, c.offset, c.length, c.noarchive, f.name, g.name, o.offset, o.length "
            "FROM captures c JOIN files f ON f.id = c.file "
            f"LEFT JOIN captures o ON o.record = c.original LEFT JOIN files g ON g.id = o.file {which}",
            values,
        ).fetchone()
        if rows is None:
            return None
        *fields, file, original_file, offset, length = rows
        capture = Capture(*fields)
        body = Place(original_file, offset, length) if original_file is not None else None
        return capture, Place(file, capture.offset, capture.length), body


def _row(file: int, capture: Capture) -> tuple[object, ...]:
    return (
        capture.page_id,
        capture.fetch_id,
        capture.url,
        capture.submitted if capture.submitted != capture.url else None,
        capture.time,
        capture.status,
        capture.digest,
        capture.truncated,
        capture.record,
        capture.original,
        file,
        capture.offset,
        capture.length,
        int(capture.noarchive),
    )


def empty(folder: Path) -> None:
    """Takes out all that the index has, so that it is made anew. Raises sqlite3.Error.

    The file stays, as a fetcher that waits for work has it open; one that is no database is taken away.
    """
    try:
        with reading(folder) as index:
            index.clear()
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        for name in (NAME, f"{NAME}-wal", f"{NAME}-shm"):
            (folder / name).unlink(missing_ok=True)


def reading(folder: Path) -> "closing[Index]":
    """An index that is closed at the block's end."""
    return closing(Index(folder))
