"""What a command and the house say to each other: a line of JSON each."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Hello:
    """A command's first and only line: what it needs, and how it would have it."""

    workers: bool
    """Whether the workers are to run while it stays, or Valkey alone."""
    memory: int
    """Bytes that Valkey may take."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """The workers' settings, where they are not running already."""
    folder: str = "."
    """The workers' current folder (a `.env` may stand there)."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Digest of each setting's value, whichever way it came about."""

    def line(self) -> bytes:
        """For the socket."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def read(cls, line: bytes) -> "Hello":
        """Undoes `line`. Raises ValueError."""
        try:
            return cls(**json.loads(line))
        except TypeError as error:
            raise ValueError(str(error)) from None


@dataclass(frozen=True, slots=True)
class Answer:
    """The house's first and only line: when Valkey answers, or why it never will."""

    pid: int
    """The house's process id."""
    error: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    """Digests of the running workers' settings."""

    def line(self) -> bytes:
        """For the socket."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def read(cls, line: bytes) -> "Answer":
        """Undoes `line`. Raises ValueError."""
        try:
            return cls(**json.loads(line))
        except TypeError as error:
            raise ValueError(str(error)) from None
