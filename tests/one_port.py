"""Servers that listen on the same port, at several addresses or by several protocols."""

import socketserver
from collections.abc import Callable, Sequence
from contextlib import suppress


def on_one_port(makers: Sequence[Callable[[int], socketserver.TCPServer]]) -> list[socketserver.TCPServer]:
    """A server of each; another port is tried where somebody else has it. The first maker gets a 0: any port."""
    for _ in range(50):
        servers: list[socketserver.TCPServer] = []
        with suppress(OSError):
            for make in makers:
                servers.append(make(servers[0].server_address[1] if servers else 0))
            return servers
        for server in servers:
            server.server_close()
    raise OSError("no port is free for all of them")
