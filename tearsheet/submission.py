"""What a `crawl` command submits: its URLs in order, and the digest by which the same command is known again."""

import hashlib
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

# Of standard input, so much is held in memory; what is beyond goes to a temporary file.
_SPOOL = 8_000_000


class Submission:
    """URLs that can be gone through again from any place. They are text as it was given, not yet looked at."""

    def __init__(self, urls: Sequence[str], file: str | None) -> None:
        """`file`: a path, or `-` for standard input. One URL a line; blank lines and those that start with # are none.

        Raises OSError where the file cannot be read.
        """
        self._urls = [_clean(url) for url in urls]
        self._file = _open(file) if file else None
        digest = hashlib.sha256()
        self.count = 0
        self.label = ""
        for url in self.after(0):
            digest.update(url.encode("utf-8") + b"\n")
            self.label = self.label or url[:200]
            self.count += 1
        self.digest = digest.hexdigest()
        if self.count > 1:
            self.label += f" and {self.count - 1:,} more"

    def after(self, count: int) -> Iterator[str]:
        """The URLs after the first `count`."""
        for position, url in enumerate(self._all()):
            if position >= count:
                yield url

    def close(self) -> None:
        """Lets go of the file."""
        if self._file:
            self._file.close()

    def _all(self) -> Iterator[str]:
        yield from self._urls
        if self._file:
            self._file.seek(0)
            yield from _lines(self._file)


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
