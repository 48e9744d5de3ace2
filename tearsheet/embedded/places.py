"""Where the house keeps what, under the data folder and in a short private folder for its sockets."""

import hashlib
import json
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

# A Unix socket's path may have 108 bytes on Linux and 104 on macOS, the closing zero included; Valkey makes its
# socket under a longer temporary name first, so that paths over 100 bytes failed when tried.
_MAX_SOCKET_PATH = 90


_RUN = "run.json"


class UnsafeFolderError(Exception):
    """The folder for sockets belongs to somebody else, or others may write to it."""


@dataclass(frozen=True, slots=True)
class Places:
    """The house's paths; `sockets` are those of the house that runs, so that every command finds the same ones."""

    data: Path
    sockets: Path

    @classmethod
    def of(cls, data: Path) -> "Places":
        """The places of a data folder (made where it is missing). Raises UnsafeFolderError, OSError."""
        data.mkdir(parents=True, exist_ok=True)
        data = data.resolve()
        for folder in (data / "queue", data / "logs"):
            folder.mkdir(exist_ok=True)
        return cls(data, _in_use(data) or _socket_folder(data))

    @property
    def lock(self) -> Path:
        """Locked (flock) by the house and its Valkey, so that no other starts beside either; holds the house's pid."""
        return self.data / "lock"

    @property
    def run(self) -> Path:
        """JSON: the running house's sockets."""
        return self.data / _RUN

    @property
    def queue(self) -> Path:
        """Valkey's folder."""
        return self.data / "queue"

    @property
    def logs(self) -> Path:
        """The workers' and Valkey's logs."""
        return self.data / "logs"

    @property
    def control(self) -> Path:
        """Socket on which commands join the house."""
        return self.sockets / "house"

    @property
    def redis(self) -> Path:
        """Valkey's socket."""
        return self.sockets / "redis"

    @property
    def redis_url(self) -> str:
        """Valkey's address as redis-py reads it."""
        return f"unix://{self.redis}"


def _in_use(data: Path) -> Path | None:
    """The folder that the house chose which runs, or died and left it; it may have had another environment."""
    try:
        folder = Path(json.loads((data / _RUN).read_text(encoding="utf-8"))["control"]).parent
        _make_private(folder)
    except (OSError, ValueError, KeyError, TypeError, UnsafeFolderError):
        return None
    return folder


def _socket_folder(data: Path) -> Path:
    name = f"tearsheet-{os.getuid()}-{hashlib.blake2b(os.fsencode(data), digest_size=6).hexdigest()}"
    bases = [os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir(), "/tmp"]  # noqa: S108 - made 0700, owner checked
    for base in bases:
        folder = Path(base) / name
        if base and Path(base).is_dir() and len(os.fsencode(folder / "redis")) <= _MAX_SOCKET_PATH:
            _make_private(folder)
            return folder
    raise UnsafeFolderError("no folder with a path short enough for a socket: set TMPDIR to a short one")


def _make_private(folder: Path) -> None:
    """Makes the folder for its owner alone, and refuses one that somebody else made first."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise UnsafeFolderError(f"{folder} is not a folder of this user alone; remove it")
