"""The archive: every exchange with a server as it went over the wire, in WARC files (ISO 28500:2017, WARC 1.1)."""

from shared.archive.errors import ArchiveError
from shared.archive.exchange import Exchange, Fetch
from shared.archive.reader import Archive
from shared.archive.writer import ArchiveWriter

__all__ = ["Archive", "ArchiveError", "ArchiveWriter", "Exchange", "Fetch"]
