"""CPU seconds and anonymous memory of a process tree, while it runs."""

import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

# Four looks a second: a process that lives for less than 250 ms may be missed, and its last 250 ms are.
_PERIOD = 0.25


def role(process: psutil.Process) -> str:
    """What a process of Tearsheet's tree does: the stage of a worker, valkey, or the command itself."""
    words = process.cmdline()
    # The supervisor forks its workers, so they share its command line; each has its stage's name as its own.
    if process.name() in {"fetcher", "parser", "indexer", "scheduler"}:
        return process.name()
    if {"worker", "tearsheet.embedded.workers"} & set(words):
        return "supervisor"
    return "valkey" if words and "valkey" in Path(words[0]).name else "command"


def anonymous(process: psutil.Process) -> int:
    """Bytes of anonymous memory that a process holds (Linux: `Anonymous` of smaps_rollup; elsewhere its USS)."""
    rollup = Path(f"/proc/{process.pid}/smaps_rollup")
    if rollup.exists():
        line = next(line for line in rollup.read_text().splitlines() if line.startswith("Anonymous:"))
        return int(line.split()[1]) * 1024
    return int(process.memory_full_info().uss)


def tree(pid: int) -> list[psutil.Process]:
    """A process and all that descend from it."""
    top = psutil.Process(pid)
    return [top, *top.children(recursive=True)]


def anonymous_of_tree(pid: int) -> dict[str, int]:
    """Bytes of anonymous memory by role."""
    total: dict[str, int] = {}
    for process in tree(pid):
        try:
            name, size = role(process), anonymous(process)
        except (psutil.NoSuchProcess, psutil.ZombieProcess, OSError, StopIteration):
            continue
        total[name] = total.get(name, 0) + size
    return total


@dataclass
class CpuWatch:
    """Adds up the CPU seconds of a tree by role, also of processes that end: `with CpuWatch(pid) as watch: …`."""

    pid: int
    _seen: dict[int, tuple[str, float]] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(_PERIOD):
            try:
                processes = tree(self.pid)
            except psutil.NoSuchProcess:
                return
            for process in processes:
                try:
                    times = process.cpu_times()
                    name = role(process)  # each time: a forked worker takes its name a moment after it is there
                except (psutil.NoSuchProcess, psutil.ZombieProcess):
                    continue
                self._seen[process.pid] = (name, times.user + times.system)

    def seconds(self) -> dict[str, float]:
        """CPU seconds by role so far."""
        total: dict[str, float] = {}
        for name, seconds in self._seen.values():
            total[name] = total.get(name, 0.0) + seconds
        return total
