"""What the archive raises."""


class ArchiveError(Exception):
    """A record cannot be read, or an archive is none; the message is one line for a person."""
