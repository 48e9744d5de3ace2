"""What the archive raises."""

import zlib

from warcio.exceptions import ArchiveLoadFailed

DAMAGE = (ArchiveLoadFailed, AttributeError, EOFError, LookupError, TypeError, ValueError, zlib.error)
"""What warcio raises where a file is not as it should be."""


class ArchiveError(Exception):
    """A record cannot be read, or an archive is none; the message is one line for a person."""


class BucketError(ArchiveError):
    """The bucket does not do what it is asked, whatever the file."""
