"""What a worker process is: which stage it works for, in which pool, and how much memory it may take."""

from dataclasses import dataclass
from typing import Literal

from shared.stage import StageName


@dataclass(frozen=True, slots=True)
class Role:
    """A kind of worker process, and how many of it."""

    name: str
    module: str
    """Imported in the process: holds the stage's task and, where needed, `prepare(settings, ledger)`; without a stage,
    `run(settings, ledger, slots)`."""
    stage: StageName | None
    memory: int
    """Bytes that a process may hold beyond what it held when it was ready."""
    pool: Literal["solo", "threads"] = "solo"
    threads: int = 1
    processes: int = 1
