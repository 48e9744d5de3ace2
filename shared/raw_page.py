"""A fetched page as it came: kept in the ledger, compressed, until its records are stored."""

import json
import re
from dataclasses import dataclass, fields
from datetime import datetime

import zstandard

# zstd's fastest plain level: 0.6 ms for a page of 283 KB, to 17% of its size. The default, 3, takes twice as long for
# a twelfth less; a page stays for the seconds until it is parsed.
_LEVEL = 1
# A date as servers write it (RFC 9110 5.6.7): it is sent back to them as it came.
_DATE = re.compile(r"[A-Za-z0-9 ,:+-]{10,40}")


def validator_of(etag: str | None, last_modified: str | None) -> str:
    """What a server is asked by whether something changed (RFC 9110 8.8): its ETag, else `=` and its date.

    Empty where it gave neither.
    """
    if etag or not last_modified or not _DATE.fullmatch(last_modified):
        return etag or ""
    return f"={last_modified}"


@dataclass(frozen=True, slots=True)
class RawPage:
    """The bytes of a response's body (content decoding undone) and what is needed to read them."""

    body: bytes
    url: str
    final_url: str
    status: int
    content_type: str | None
    fetched_at: datetime
    etag: str | None = None
    last_modified: str | None = None

    @property
    def validator(self) -> str:
        """See `validator_of`."""
        return validator_of(self.etag, self.last_modified)

    def pack(self) -> bytes:
        """One zstd frame: a line of JSON, then the body."""
        head = {field.name: getattr(self, field.name) for field in fields(self)}
        head |= {"body": None, "fetched_at": self.fetched_at.isoformat()}
        line = json.dumps(head, ensure_ascii=True).encode("ascii")
        return zstandard.ZstdCompressor(level=_LEVEL).compress(line + b"\n" + self.body)

    @classmethod
    def unpack(cls, packed: bytes) -> "RawPage":
        """Undoes `pack`."""
        line, _, body = zstandard.ZstdDecompressor().decompress(packed).partition(b"\n")
        head = json.loads(line)
        return cls(**head | {"body": body, "fetched_at": datetime.fromisoformat(head["fetched_at"])})
