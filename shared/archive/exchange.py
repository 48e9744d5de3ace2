"""One exchange with a server, gathered while it goes on: the bytes of the request and of the answer."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

Truncated = Literal["length", "time", "disconnect"]
"""Why a body is not whole (ISO 28500 5.13): a limit of ours, a time-out, a connection that broke."""

Role = Literal["page", "part", "source", "robots", "requisite"]
"""What was asked for: a page, a part of its discussion, a source of URLs, a requisite of pages (each with the redirects
on the way to it), or a robots.txt."""
OF_MANY = frozenset({"robots", "requisite"})
"""Roles of what is asked for on behalf of many pages: it is found by its own URL."""

_HEAD_END = re.compile(rb"\r?\n\r?\n")
# An answer that says only that another follows (RFC 9110 15.2).
_INTERIM = re.compile(rb"HTTP/1\.\d 100\b")
_EMPTY = re.compile(rb"(?im)^Content-Length[ \t]*:[ \t]*0[ \t]*\r?$")
_CODED = re.compile(rb"(?im)^Content-Encoding[ \t]*:[ \t]*(?!identity|\r?$)\S")


@dataclass(frozen=True, slots=True)
class Fetch:
    """On whose behalf servers were asked."""

    page_id: str
    fetch_id: int
    url: str
    """The page's, as it was submitted."""


@dataclass(slots=True)
class Exchange:
    """What went over the wire. A body is kept as it was packed, and without the chunks it came in (RFC 9112 7.1)."""

    url: str
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended: datetime | None = None
    request: bytes = b""
    head: bytes = b""
    """Status line and headers as sent; empty where no answer came."""
    status: int = 0
    body: list[bytes] = field(default_factory=list)
    truncated: Truncated | None = None
    peer: str | None = None
    """IP address of who answered; None where that was a proxy."""
    proxied: bool = False
    secrets: tuple[str, ...] = ()
    """Names of request headers whose values are nobody's affair, beside those of passwords and cookies."""
    role: Role = "page"
    via: str | None = None
    """The URL that redirected here."""
    noarchive: bool = False
    """The site asks not to keep it: only that it was fetched is noted."""
    _read: bool = False
    """Whether the body was looked at."""
    _received: bytearray | None = field(default_factory=bytearray)

    def sent(self, data: bytes, peer: str | None) -> None:
        """The request goes out. A GET is sent at once; what is sent later is another try on another connection."""
        self.request, self.peer = data, None if self.proxied else peer

    def received(self, data: memoryview) -> None:
        """Bytes came: kept until the head is known."""
        if self._received is not None:
            self._received += data

    def answered(self, status: int) -> None:
        """Status line and headers have come, and perhaps a part of the body."""
        self.status = status
        rest, self._received = bytes(self._received or b""), None
        while end := _HEAD_END.search(rest):
            self.head, rest = rest[: end.end()], rest[end.end() :]
            if not _INTERIM.match(self.head):
                return

    def read(self, *, whole: bool) -> None:
        """The body was read, as far as it came."""
        self._read = True
        self.truncated = None if whole else "disconnect"

    def over(self, broke: Truncated | None) -> None:
        """Nothing more comes. `broke`: why, where it should have."""
        self.ended = datetime.now(UTC)
        if not self._read and not self._is_bodiless():
            self.truncated = broke or "length"  # a body that nobody reads is left

    def _is_bodiless(self) -> bool:
        return self.status in {204, 304} or _EMPTY.search(self.head) is not None

    @property
    def packed(self) -> bool:
        """Whether the body is compressed as it came."""
        return _CODED.search(self.head) is not None
