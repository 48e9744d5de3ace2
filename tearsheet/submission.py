"""What a `crawl` command submits: its URLs in order, and the digest by which the same command is known again."""

import hashlib
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from shared.scope import Scope
from shared.stage import Line

# Of standard input, so much is held in memory; what is beyond goes to a temporary file.
_SPOOL = 8_000_000


class Submission:
    """URLs that can be gone through again from any place. They are text as it was given, not yet looked at."""

    def __init__(self, urls: Sequence[str | Line], file: str | None, scope: Scope | None = None) -> None:
        """`file`: a path, or `-` for standard input. One URL a line; blank ones and those that start with # are none.

        `scope`: what the crawl takes in beyond these, where it does.
        Raises OSError where the file cannot be read.
        """
        given = [Line(url) if isinstance(url, str) else url for url in urls]
        self._urls = [Line(_clean(line.url), line.kind) for line in given if line.url.strip()]
        self.scope = scope
        self._file = _open(file) if file else None
        digest = hashlib.sha256()
        self.count = 0
        self.label = ""
        if scope:
            digest.update(scope.to_json().encode("ascii") + b"\n")
        for url, kind in self.after(0):
            # A page's line is its URL alone, which holds no space where it is one.
            digest.update((url if kind == "page" else f"{kind} {url}").encode("utf-8") + b"\n")
            self.label = self.label or url[:200]
            self.count += 1
        self.digest = digest.hexdigest()
        if self.count > 1:
            self.label += f" and {self.count - 1:,} more"

    def after(self, count: int) -> Iterator[Line]:
        """The lines after the first `count`."""
        for position, line in enumerate(self._all()):
            if position >= count:
                yield line

    def close(self) -> None:
        """Lets go of the file."""
        if self._file:
            self._file.close()

    def _all(self) -> Iterator[Line]:
        yield from self._urls
        if self._file:
            self._file.seek(0)
            yield from map(Line, _lines(self._file))


def _open(file: str) -> IO[bytes]:
    if file != "-":
        return Path(file).open("rb")
    spool: IO[bytes] = tempfile.SpooledTemporaryFile(_SPOOL)  # noqa: SIM115 - closed by close()
    for line in sys.stdin.buffer:
        spool.write(line)
    return spool


def _lines(file: Iterable[bytes]) -> Iterator[str]:
    for number, line in enumerate(file):
        text = line.decode("utf-8", "replace").strip()
        if number == 0:
            text = text.removeprefix("\ufeff").strip()
        if text and not text.startswith("#"):
            yield text


def _clean(argument: str) -> str:
    """An argument that is not UTF-8 comes with lone surrogates, which nothing beyond here could store."""
    return argument.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
