"""One request to the hostile site and the means to answer it badly; the answers are in `hostile_answers`."""

import socket
import socketserver
import struct
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self, cast
from urllib.parse import parse_qs, urlsplit

_PIECE = 65_536


@dataclass
class HostileSite:
    """A running hostile site."""

    url: str
    hits: Counter[str] = field(default_factory=Counter)
    """Requests by target (path and query), robots.txt included."""
    closing: threading.Event = field(default_factory=threading.Event)

    def at(self, target: str) -> str:
        """The URL of a case."""
        return self.url + target


class HangupError(Exception):
    """The site closes while it answers."""


class HostileServer(socketserver.ThreadingTCPServer):
    """A thread a connection. Silent when an answer fails: clients hang up on it all the time, as they should."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, host: str, answer: "Answer", port: int = 0) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), Exchange)
        self.answer = answer
        self.site = HostileSite(f"http://{f'[{host}]' if ':' in host else host}:{self.server_address[1]}")

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing."""


class Exchange(socketserver.BaseRequestHandler):
    """One request and its answer; the connection closes after it."""

    def handle(self) -> None:
        """Reads the request and answers it."""
        server = cast("HostileServer", self.server)
        self.site = server.site
        self.connection = cast("socket.socket", self.request)
        self.connection.settimeout(30)
        lines = self._read_head().decode("latin-1").split("\r\n")
        if len(lines[0].split(" ")) < 2:
            return
        self.target = lines[0].split(" ")[1]
        self.path = urlsplit(self.target).path
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        self.site.hits[self.target] += 1
        server.answer(self)

    def _read_head(self) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            piece = self.connection.recv(_PIECE)
            if not piece or len(data) > _PIECE:
                return b""
            data += piece
        return data.split(b"\r\n\r\n")[0]

    def n(self, default: int) -> int:
        """The number in `?n=…`."""
        return int(parse_qs(urlsplit(self.target).query).get("n", [str(default)])[0])

    def send(self, data: bytes) -> None:
        """Sends bytes; raises OSError where the client went, HangupError where the site closes."""
        if self.site.closing.is_set():
            raise HangupError
        self.connection.sendall(data)

    def pause(self, seconds: float) -> None:
        """Waits; raises HangupError as soon as the site closes."""
        if self.site.closing.wait(seconds):
            raise HangupError

    def drip(self, data: bytes) -> None:
        """Sends a byte a second."""
        for byte in data:
            self.send(bytes([byte]))
            self.pause(1)

    def head(
        self, status: str = "200 OK", content_type: str | None = "text/html; charset=utf-8", **headers: str
    ) -> Self:
        """Sends status line and headers; underscores in their names stand for hyphens."""
        lines = [f"HTTP/1.1 {status}", "Connection: close"]
        if content_type is not None:
            lines.append(f"Content-Type: {content_type}")
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.send("\r\n".join([*lines, "", ""]).encode("latin-1"))
        return self

    def reply(
        self,
        body: bytes | str,
        status: str = "200 OK",
        content_type: str | None = "text/html; charset=utf-8",
        **headers: str,
    ) -> None:
        """Sends a whole, well-formed answer, or what the headers given make of it. Text goes as UTF-8."""
        data = body.encode() if isinstance(body, str) else body
        self.head(status, content_type, **{"Content_Length": str(len(data)), **headers})
        self.send(data)

    def redirect(self, location: str) -> None:
        """Sends a 302."""
        self.reply(b"", status="302 Found", Location=location)

    def reset(self) -> None:
        """Ends the connection by RST."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


Answer = Callable[[Exchange], None]
