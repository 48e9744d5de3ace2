"""A hundred hosts on loopback addresses, 127.1.0.1 and on, in one process that logs every request by its own clock."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

ROBOTS = b"User-agent: *\nDisallow: /private/\n"
_PAGE = (
    "<!DOCTYPE html><html lang=en><title>Page {path}</title><nav><a href=/>Home</a></nav>"
    "<article><h1>Page {path}</h1><p>{words}</p></article></html>"
)
_WORDS = "Otters live along rivers and hold hands when they sleep, so that none of them drifts away. " * 8


@dataclass(frozen=True, slots=True)
class Hit:
    """A request; times in seconds by the server's monotonic clock."""

    host: str
    path: str
    started: float
    """When it was read."""
    ended: float
    """When it was answered."""


class Site:
    """The running hosts."""

    def __init__(self, pipe: "Connection[str, list[Hit]]", port: int, hosts: list[str]) -> None:
        """`hosts`: each with its port."""
        self._pipe = pipe
        self.port = port
        self.hosts = hosts

    def hits(self) -> list[Hit]:
        """The log so far, which begins anew."""
        self._pipe.send("log")
        found: list[Hit] = self._pipe.recv()
        return found


def _serve(names: list[str], pipe: "Connection[object, str]") -> None:
    log: list[Hit] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        name, port = writer.get_extra_info("sockname")
        try:
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                started = time.monotonic()
                path = request.split(b" ", 2)[1].decode("latin-1")
                writer.write(_answer(path))
                await writer.drain()
                log.append(Hit(f"{name}:{port}", path, started, time.monotonic()))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def tell() -> None:
        try:
            pipe.recv()
        except EOFError:
            loop.stop()
            return
        pipe.send(list(log))
        log.clear()

    loop = asyncio.new_event_loop()
    port = 0
    for name in names:
        server = loop.run_until_complete(asyncio.start_server(talk, name, port, backlog=256, family=socket.AF_INET))
        port = server.sockets[0].getsockname()[1]
    loop.add_reader(pipe.fileno(), tell)
    pipe.send(port)
    loop.run_forever()


def _answer(path: str) -> bytes:
    if path == "/robots.txt":
        kind, body = "text/plain", ROBOTS
    else:
        kind, body = "text/html; charset=utf-8", _PAGE.format(path=path, words=_WORDS).encode()
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


@contextmanager
def running(count: int) -> Iterator[Site]:
    """So many hosts (250 at most), all on one port."""
    names = [f"127.1.0.{n}" for n in range(1, count + 1)]
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(names, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        port: int = ours.recv()
        yield Site(ours, port, [f"{name}:{port}" for name in names])
    finally:
        process.kill()
        process.join()
