"""The archive's files: one open file a process, whole records at its end by one write each, closed when it is full.

An open file bears the suffix `.open` and its process holds a lock on it (flock), so that another process can tell
whether its owner lives: what a dead one left is cut behind its last whole record and closed.
"""

import fcntl
import os
import socket
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

SUFFIX = ".warc.gz"
OPEN = ".open"
PART = ".part"
_PIECE = 1024 * 1024


def name_of(moment: datetime, serial: int) -> str:
    """A file's name as the WARC guidelines have it: prefix, time of the first record, serial number, who writes."""
    stamp = moment.astimezone(UTC).strftime("%Y%m%d%H%M%S%f")[:17]
    host = "".join(letter if letter.isalnum() or letter in ".-" else "_" for letter in socket.gethostname())
    return f"tearsheet-{stamp}-{serial:05}-{os.getpid()}~{host}{SUFFIX}"


class WarcFile:
    """A file being written by this process alone."""

    def __init__(self, folder: Path, serial: int) -> None:
        """Makes it. Raises OSError."""
        while True:
            self.name = name_of(datetime.now(UTC), serial)
            self._path = folder / f"{self.name}{OPEN}"
            self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o644)
            with suppress(BlockingIOError):
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.fstat(self._file).st_nlink:
                    break
            os.close(self._file)  # somebody cleans up, took it for one that was left, and may have it removed by now
        self.size = 0

    def append(self, data: bytes) -> int:
        """Writes records, and returns where they begin. Raises OSError: the file then is as it was before."""
        start = self.size
        try:
            written = os.write(self._file, data)
            while written < len(data):  # a disk that is nearly full takes a part
                written += os.write(self._file, memoryview(data)[written:])
        except OSError:
            os.ftruncate(self._file, start)
            raise
        self.size = start + len(data)
        return start

    def discard(self) -> None:
        """Takes it away."""
        self._path.unlink(missing_ok=True)
        os.close(self._file)

    def close(self) -> None:
        """It is full, or we end: on disk, and under its own name. Raises OSError."""
        try:
            os.fsync(self._file)
            self._path.rename(self._path.with_name(self.name))
        finally:
            os.close(self._file)


def names(folder: Path) -> list[str]:
    """The files' names, without the suffix of open ones, in the order of their times."""
    with suppress(FileNotFoundError):
        entries = {entry.name.removesuffix(OPEN) for entry in os.scandir(folder) if entry.is_file()}
        return sorted(name for name in entries if name.endswith(SUFFIX))
    return []


def size(folder: Path) -> int:
    """Bytes that the folder's files take, the index included."""
    total = 0
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):  # closed, and so renamed, meanwhile
                total += entry.stat().st_size
    return total


def path_of(folder: Path, name: str) -> Path:
    """Where a file is, open or closed."""
    closed = folder / name
    return closed if closed.exists() else folder / f"{name}{OPEN}"


def read(folder: Path, name: str, offset: int, length: int) -> bytes:
    """A piece of a file, open or closed. Raises OSError; FileNotFoundError where it is not here."""
    closed = folder / name
    # It may be closed between two looks.
    for path in (closed, folder / f"{name}{OPEN}"):
        with suppress(FileNotFoundError):
            return _read(path, offset, length)
    return _read(closed, offset, length)


def _read(path: Path, offset: int, length: int) -> bytes:
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(length)


@contextmanager
def abandoned(path: Path) -> Iterator[bool]:
    """Whether an open file's process is dead. Nobody else closes it within the block."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:  # closed meanwhile
        yield False
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield path.exists() and os.fstat(descriptor).st_ino == path.stat().st_ino
    except BlockingIOError:
        yield False
    finally:
        os.close(descriptor)


@contextmanager
def alone(folder: Path, *, wait: bool = True) -> Iterator[bool]:
    """Whether nobody else moves or rewrites closed files of the folder within the block. `wait`: until that is so."""
    descriptor = os.open(folder / "moving.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        for part in folder.glob(f"*{SUFFIX}{PART}"):  # whoever made it was killed
            part.unlink()
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(descriptor)


def whole_until(path: Path, start: int = 0) -> int:
    """Where the last whole gzip member ends that stands at `start` or after it; `start` where there is none."""
    end = start
    with path.open("rb") as file:
        file.seek(start)
        at, rest = start, b""
        while True:
            inflate = zlib.decompressobj(zlib.MAX_WBITS + 16)
            while not inflate.eof:
                piece = rest or file.read(_PIECE)
                if not piece:
                    return end
                rest = b""
                at += len(piece)
                try:
                    inflate.decompress(piece, _PIECE)
                    while inflate.unconsumed_tail:
                        inflate.decompress(inflate.unconsumed_tail, _PIECE)
                except zlib.error:
                    return end
            rest = inflate.unused_data
            at -= len(rest)
            end = at


def cut(path: Path, end: int) -> None:
    """Leaves `end` bytes. Raises OSError."""
    with path.open("r+b") as file:
        file.truncate(end)
        os.fsync(file.fileno())
