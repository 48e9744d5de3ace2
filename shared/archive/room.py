"""How much the archive may still take: its own limit, and what the disk has left."""

import time
from pathlib import Path
from shutil import disk_usage

from shared.archive import files

# Seconds between two looks; other processes write to the folder too.
_LOOK = 10.0
# Bytes that are left to ledger, store and logs, where they share the disk.
LEFT_FREE = 1_000_000_000


class Room:
    """The archive's room. Not for threads at once."""

    def __init__(self, folder: Path, most: int) -> None:
        """`most`: bytes that the folder may hold."""
        self._folder = folder
        self._most = most
        self._left = 0
        self._reason = ""
        self._looked = float("-inf")

    def lacks(self) -> str:
        """Why nothing more is written; empty where there is room. Raises OSError."""
        now = time.monotonic()
        if now - self._looked > _LOOK:
            self._looked = now
            own = self._most - files.size(self._folder)
            disk = disk_usage(self._folder).free - LEFT_FREE
            self._left = min(own, disk)
            self._reason = (
                f"the archive holds the {self._most / 1e9:g} GB that it may (TEARSHEET_ARCHIVE_MAX_BYTES)"
                if own < disk
                else f"the disk of the archive has less than {LEFT_FREE / 1e9:g} GB left"
            )
        return self._reason if self._left <= 0 else ""

    def takes(self, size: int) -> None:
        """So many bytes were written."""
        self._left -= size
