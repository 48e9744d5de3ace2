"""A fetched page as it came: kept in the ledger, compressed, until its records are stored."""

import json
from dataclasses import dataclass, fields
from datetime import datetime

import zstandard

# zstd's fastest plain level: 0.6 ms for a page of 283 KB, to 17% of its size. The default, 3, takes twice as long for
# a twelfth less; a page stays for the seconds until it is parsed.
_LEVEL = 1


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
