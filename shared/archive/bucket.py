"""A bucket of Amazon's S3, or of a server that speaks as it does (MinIO, Ceph), to which closed files go."""

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from shared.archive import files
from shared.archive.errors import ArchiveError, BucketError
from shared.settings import Settings

if TYPE_CHECKING:
    from obstore.store import S3Config

# A piece of an upload. S3 takes 10,000 of them, which makes 80 GB of these; larger files have larger ones.
_PIECE, _MOST_PIECES = 8 * 1024 * 1024, 10_000
# For a request, one of a piece over a slow line included (a megabit a second).
_TIMEOUT = "120s"
# Pieces under way at once, each of which is in memory.
_AT_ONCE = 2
# In the library's words, with the error of S3's own in XML.
_CODE = re.compile(r"<Code>([^<]{1,200})</Code>")
_DENIED = re.compile(r"status code: 40[13]\b")


class Bucket:
    """The archive's part of a bucket. Safe in threads.

    Its methods raise BucketError, in words for a person; ArchiveError where there is no such file, or not all of it.
    """

    def __init__(self, settings: Settings, name: str) -> None:
        """`name`: `s3://BUCKET` or `s3://BUCKET/PREFIX`. Nobody is asked yet."""
        from obstore import exceptions
        from obstore.store import S3Store  # 5 MB of machine code, for who has a bucket

        self.name = name
        bucket, _, prefix = name.removeprefix("s3://").partition("/")
        config: S3Config = {"region": settings.archive_bucket_region}
        if settings.archive_bucket_endpoint:
            # Servers other than Amazon's have the bucket in the path.
            config["endpoint"] = str(settings.archive_bucket_endpoint).rstrip("/")
            config["virtual_hosted_style_request"] = False
        if settings.archive_bucket_key:
            config["access_key_id"] = settings.archive_bucket_key
            config["secret_access_key"] = settings.archive_bucket_secret.get_secret_value()
        self._wrong = (OSError, exceptions.BaseError)
        try:
            self._store = S3Store(
                bucket,
                prefix=prefix.strip("/") or None,
                config=config,
                client_options={"timeout": _TIMEOUT, "connect_timeout": "10s", "allow_http": True},
                retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=60)},
            )
        except self._wrong as error:  # half of Amazon's own settings is there
            raise self._error(error) from None

    def look(self) -> None:
        """Asks it something small: raises what is wrong with it."""
        try:
            next(iter(self._store.list()), None)
        except self._wrong as error:
            raise self._error(error) from None

    def names(self) -> list[str]:
        """The archive's files that are there, in the order of their times."""
        try:
            found = [entry["path"] for page in self._store.list() for entry in page]
        except self._wrong as error:
            raise self._error(error) from None
        return sorted(name for name in found if name.endswith(files.SUFFIX) and "/" not in name)

    def put(self, path: Path) -> None:
        """Copies a file there, and looks whether it has come whole."""
        size = path.stat().st_size
        piece = max(_PIECE, size // _MOST_PIECES + 1)
        try:
            self._store.put(path.name, path, chunk_size=piece, max_concurrency=_AT_ONCE)
            there = self._store.head(path.name)["size"]
        except self._wrong as error:
            raise self._error(error) from None
        if there != size:
            raise ArchiveError(f"{self.name} has {there:,} bytes of {path.name}, which has {size:,}")

    def read(self, name: str, offset: int, length: int) -> bytes:
        """A piece of a file."""
        try:
            return bytes(self._store.get_range(name, start=offset, length=length))
        except self._wrong as error:
            raise self._error(error, name) from None

    def fetch(self, name: str, path: Path) -> None:
        """Copies a file from there, piece by piece: a request for all of it would be cut off by its time-out."""
        try:
            size = self._store.head(name)["size"]
            with path.open("wb") as file:
                for start in range(0, size, _PIECE):
                    file.write(self._store.get_range(name, start=start, end=min(start + _PIECE, size)))
        except self._wrong as error:
            raise self._error(error, name) from None

    def _error(self, error: Exception, name: str = "") -> ArchiveError:
        """In a line. What the library says of its own state, below the first line, is left out."""
        said = str(error)
        code = _CODE.search(said)
        reason = code.group(1) if code else said.partition("\n")[0].removeprefix("Generic S3 error: ")
        if reason == "NoSuchBucket":
            return BucketError(f"there is no bucket {self.name} (TEARSHEET_ARCHIVE_BUCKET)")
        if name and isinstance(error, FileNotFoundError):
            return ArchiveError(f"{self.name} has no {name}")
        if _DENIED.search(said):
            return BucketError(f"{self.name} lets nobody in with this key: {reason} (TEARSHEET_ARCHIVE_BUCKET_KEY)")
        return BucketError(f"{self.name} cannot be used: {reason}")


def bucket_of(settings: Settings) -> Bucket | None:
    """The bucket that closed files go to; None where they stay. Raises BucketError."""
    return Bucket(settings, settings.archive_bucket) if settings.archive_bucket else None
