"""Processes that parse pages, each page within its time and memory: one that is over, or dies, costs its page alone.

A parser that hangs in C code can be ended from outside only, so the parent watches and kills; the pages themselves
travel as paths where they lie on disk.
"""

import gzip
import multiprocessing
import signal
import time
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from shared.settings import Settings
from shared.workers import limits

# Results that wait for an earlier page's, for each process: memory is bounded while one page takes its ten seconds.
_AHEAD = 64
# Seconds between two looks at clocks and memory, as the workers' supervisor has it.
_POLL = 0.25
# Importing the parser takes about a second here; a machine that needs a minute is broken.
_START = 60.0


@dataclass(frozen=True, slots=True)
class Job:
    """A page to parse."""

    body: bytes | Path
    """The page itself, or the file that holds it (`.gz`: compressed)."""
    url: str
    explain: bool = False
    content_type: str | None = None
    final_url: str | None = None
    status: int | None = None
    fetched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a job: `json` holds the records, or `error` one line that says why there are none."""

    json: str | None = None
    error: str | None = None


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    index: int | None = None
    """The job it is at; None while it starts or waits."""
    ready: bool = False
    until: float = 0.0
    baseline: int = 0


class ParserDiedError(Exception):
    """The processes cannot be started: nothing is wrong with a page."""


class ParseJobs:
    """Parses jobs in processes, results in the jobs' order. A context manager: its end ends the processes."""

    def __init__(self, settings: Settings, *, processes: int) -> None:
        """`settings`: parse_deadline and parse_memory hold for each page."""
        self._settings = settings
        # Forked from a server that has the parser loaded: a new process costs milliseconds, and forking is safe
        # since that server has no threads.
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["services.parser"])
        self._workers = [self._start() for _ in range(processes)]

    def __enter__(self) -> "ParseJobs":
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Kills the processes."""
        for worker in self._workers:
            worker.process.kill()
            worker.process.join()

    def pids(self) -> list[int]:
        """Ids of the processes."""
        return [worker.process.pid for worker in self._workers if worker.process.pid is not None]

    def run(self, jobs: Iterable[Job | Result]) -> Iterator[Result]:
        """One result a job, in order. A `Result` among the jobs passes through. Raises ParserDiedError."""
        source = enumerate(jobs)
        done: dict[int, Result] = {}
        emitted, taken, more = 0, 0, True
        while more or emitted < taken:
            for worker in self._workers:
                while more and worker.ready and worker.index is None and taken - emitted < _AHEAD * len(self._workers):
                    index, job = next(source, (taken, None))
                    if job is None:
                        more = False
                    elif isinstance(job, Result):
                        done[index], taken = job, index + 1
                    else:
                        taken = index + 1
                        self._give(worker, index, job)
            while emitted in done:
                yield done.pop(emitted)
                emitted += 1
            if more or emitted < taken:
                done.update(self._collect())

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(theirs, self._settings.parse_memory), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours, until=time.monotonic() + _START)

    def _give(self, worker: _Worker, index: int, job: Job) -> None:
        worker.index = index
        worker.until = time.monotonic() + self._settings.parse_deadline
        try:
            worker.pipe.send(job)
        except OSError:
            worker.until = 0.0  # it died while it waited; _collect finds the end of its pipe

    def _collect(self) -> Iterator[tuple[int, Result]]:
        """Waits a moment for results, and ends what is over its limits."""
        for ready in wait([worker.pipe for worker in self._workers], _POLL):
            number = next(i for i, worker in enumerate(self._workers) if worker.pipe is ready)
            worker = self._workers[number]
            try:
                result = worker.pipe.recv()
            except (EOFError, OSError):
                yield from self._replace(number, f"the parser died of it ({_how(worker.process)})")
                continue
            if not worker.ready:
                worker.ready, worker.baseline = True, limits.resident(worker.process.pid or 0)
            elif worker.index is not None:
                index, worker.index = worker.index, None
                yield index, result
        for number, worker in enumerate(self._workers):
            if worker.ready and worker.index is None:
                continue
            if time.monotonic() > worker.until:
                yield from self._replace(number, f"not parsed within {self._settings.parse_deadline:g} s")
            elif worker.ready and limits.resident(worker.process.pid or 0) > worker.baseline + self._limit:
                yield from self._replace(number, f"needed more than {self._limit // 1_000_000} MB of memory")

    @property
    def _limit(self) -> int:
        return self._settings.parse_memory

    def _replace(self, number: int, error: str) -> Iterator[tuple[int, Result]]:
        worker = self._workers[number]
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        if not worker.ready:
            raise ParserDiedError(f"the parser does not start ({_how(worker.process)})")
        self._workers[number] = self._start()
        if worker.index is not None:
            yield worker.index, Result(error=error)


def _how(process: BaseProcess) -> str:
    process.join(1.0)
    code = process.exitcode
    return signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"


def _work(pipe: Connection, memory: int) -> None:
    """A process: jobs in, results out, until the pipe ends."""
    from services.parser import parse
    from tearsheet.record_json import page_json

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's
    limits.set_hard_cap(memory)
    pipe.send(None)
    while True:
        try:
            job: Job = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            body = job.body if isinstance(job.body, bytes) else _read(job.body)
            parsed = parse(
                body,
                job.url,
                content_type=job.content_type,
                fetched_at=job.fetched_at,
                status=job.status,
                final_url=job.final_url,
                explain=job.explain,
            )
            result = Result(json=page_json(parsed))
        except (OSError, EOFError, zlib.error) as error:  # gzip's own are of these kinds, and name no file
            why = error.strerror if isinstance(error, OSError) and error.strerror else error
            result = Result(error=f"{job.body if isinstance(job.body, Path) else 'the page'}: {why}")
        except MemoryError:
            result = Result(error=f"needed more than {memory // 1_000_000} MB of memory")
        except Exception as error:  # noqa: BLE001 - the boundary: whatever a page does to the parser, it is said
            result = Result(error=f"{type(error).__name__}: {' '.join(str(error).split())}")
        pipe.send(result)


def _read(path: Path) -> bytes:
    if path.suffix != ".gz":
        return path.read_bytes()
    with gzip.open(path) as file:
        return file.read()
