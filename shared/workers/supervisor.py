"""The supervisor: keeps worker processes running, and ends those that are past their deadline or memory.

Celery's solo and threads pools enforce no limit, and a process that is killed cannot say what it was working on. So
the supervisor polls the slots and the memory of its processes, kills what is over, and gives back the leases of every
process that dies, whoever killed it. One thread, no connection held open: it forks.
"""

import multiprocessing
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from types import FrameType

import structlog

from shared import log, queues
from shared.ledger import Ledger, LedgerDownError, LedgerFullError, signs
from shared.settings import Settings
from shared.stage import StageName
from shared.workers import limits, preload, process
from shared.workers.role import Role
from shared.workers.slots import Slots

logger = structlog.get_logger()

# Seconds between two looks at deadlines and memory.
POLL = 0.25
# Seconds before a process that died is started again, doubled at each death without an ended task in between.
_FIRST_DELAY, _LAST_DELAY = 0.05, 30.0
# Seconds after which a role's second process and those after it start: the first ones have the cores to themselves
# until they are ready, or a crawl of one page would wait for processes that it does not need.
_NEXT_OF_ROLE = 5.0
# Seconds between two signs of life, of which each comes with a look at whether work waits.
_CHECK = 2.0
# Fork starts a process in a twentieth of the time, the libraries loaded; macOS cannot be forked safely.
_METHOD = "fork" if sys.platform == "linux" else "spawn"


@dataclass(frozen=True, slots=True)
class _Verdict:
    """Why a process died, and which of its leases are to blame."""

    reason: str
    cause: str
    guilty: frozenset[str] | None = None
    """None: it was one of them, and nobody knows which."""


@dataclass(slots=True)
class _Worker:
    role: Role
    slots: Slots
    process: BaseProcess | None = None
    baseline: int = 0
    verdict: _Verdict | None = None
    deaths: int = 0
    start_at: float = 0.0
    ended: int = 0
    """Tasks that its dead predecessors ended."""


@dataclass(frozen=True, slots=True)
class _Return:
    """A lease to be given back."""

    token: str
    verdict: _Verdict
    shared: bool
    """Other tasks were under way in its process."""


@dataclass(slots=True)
class _Progress:
    """Of a stage: when a task last ended, or nothing waited."""

    ended: int = 0
    at: float = field(default_factory=time.monotonic)


class Supervisor:
    """Runs the processes of one or more roles until `stop`, SIGTERM or SIGINT."""

    def __init__(self, roles: Sequence[Role], settings: Settings) -> None:
        """`roles`: what to run, each with its number of processes."""
        self._settings = settings
        self._context = multiprocessing.get_context(_METHOD)
        self._workers = [
            _Worker(role, Slots(self._context, role.threads)) for role in roles for _ in range(role.processes)
        ]
        for earlier, worker in pairwise(self._workers):
            if earlier.role is worker.role:
                worker.start_at = time.monotonic() + _NEXT_OF_ROLE
        self._returns: list[_Return] = []
        self._stopping = False
        self._woken, self._waker = os.pipe()
        os.set_blocking(self._woken, False)
        self._progress = {role.stage: _Progress() for role in roles if role.stage is not None}
        self._checked = 0.0
        self._name = secrets.token_hex(4)

    def stop(self) -> None:
        """Asks for a warm shutdown; `run` returns after it."""
        self._stopping = True

    def pids(self) -> list[int]:
        """Ids of the processes that run now."""
        return [w.process.pid for w in self._workers if w.process is not None and w.process.pid is not None]

    def run(self) -> int:
        """Returns 0 after a shutdown that was asked for, 1 where work waited and none ended (`worker_stall`)."""
        if threading.current_thread() is threading.main_thread():
            for name in (signal.SIGTERM, signal.SIGINT):
                signal.signal(name, self._on_signal)
        if _METHOD == "fork":
            preload.preload()
        code = 0
        while not self._stopping:
            self._start_due()
            self._wait(POLL)
            self._reap()
            self._judge()
            self._give_back()
            if self._stalled():
                code = 1
                break
        self._shut_down()
        return code

    def _on_signal(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True
        os.write(self._waker, b".")

    # Starting and ending processes

    def _start_due(self) -> None:
        now = time.monotonic()
        for worker in self._workers:
            if worker.process is None and worker.start_at <= now:
                worker.slots.clear()
                worker.baseline, worker.verdict = 0, None
                worker.process = self._context.Process(  # type: ignore[attr-defined]  # every context has it
                    target=process.main,
                    args=(worker.role, self._settings, worker.slots, os.getpid(), self._name),
                    name=f"tearsheet {worker.role.name}",
                    # Should the supervisor end by an error of its own, its processes go with it, as at a kill: an end
                    # that waits for them would never come, and nobody would start it again.
                    daemon=True,
                )
                worker.process.start()
                logger.debug(log.WORKER_STARTED, role=worker.role.name, pid=worker.process.pid)

    def _wait(self, seconds: float) -> None:
        """Until a process dies or a signal comes, at most `seconds`."""
        sentinels = [w.process.sentinel for w in self._workers if w.process is not None]
        if sentinels:
            wait([*sentinels, self._woken], seconds)
        else:
            time.sleep(min(seconds, 0.05))
        with suppress(BlockingIOError):
            os.read(self._woken, 64)

    def _reap(self) -> None:
        for worker in self._workers:
            if worker.process is not None and worker.process.exitcode is not None:
                self._bury(worker, worker.process.exitcode)

    def _bury(self, worker: _Worker, code: int) -> None:
        """Takes note of a dead process: its leases, and when the next one starts."""
        assert worker.process is not None  # noqa: S101  # the caller looked
        verdict = worker.verdict or _Verdict(f"its worker process died ({_how(code)})", "crash")
        tokens = worker.slots.tokens() if worker.role.stage is not None else []
        self._returns.extend(_Return(token, verdict, shared=len(tokens) > 1) for token in tokens)
        ended = worker.slots.ended
        worker.deaths = 1 if ended else worker.deaths + 1
        worker.ended += ended
        delay = min(_LAST_DELAY, _FIRST_DELAY * 2 ** (worker.deaths - 1))
        worker.start_at = time.monotonic() + delay
        if not self._stopping:
            logger.warning(
                log.WORKER_DIED,
                role=worker.role.name,
                pid=worker.process.pid,
                how=_how(code),
                why=verdict.reason,
                leases=len(tokens),
                again_in=delay,
            )
        worker.process.close()
        worker.process = None
        worker.slots.clear()

    # Limits

    def _judge(self) -> None:
        now = time.monotonic()
        for worker in self._workers:
            if worker.process is None or worker.verdict is not None:
                continue
            overdue = worker.slots.overdue(now)
            if overdue:
                self._kill(worker, _Verdict("took longer than its deadline", "deadline", frozenset(overdue)))
            elif worker.slots.ready:
                self._judge_memory(worker)

    def _judge_memory(self, worker: _Worker) -> None:
        assert worker.process is not None  # noqa: S101  # the caller looked
        resident = limits.resident(worker.process.pid or 0)
        if not worker.baseline:
            worker.baseline = resident
        elif resident > worker.baseline + worker.role.memory:
            reason = f"needed more than {worker.role.memory // 1_000_000} MB of memory"
            self._kill(worker, _Verdict(reason, "memory"))

    def _kill(self, worker: _Worker, verdict: _Verdict) -> None:
        assert worker.process is not None  # noqa: S101  # the caller looked
        logger.warning(log.WORKER_KILLED, role=worker.role.name, pid=worker.process.pid, why=verdict.reason)
        worker.verdict = verdict
        worker.process.kill()

    # The ledger

    def _give_back(self, *, leaving: bool = False) -> None:
        """Gives back the leases of the dead. Where the ledger is away, later; where we leave, the scheduler does."""
        if not self._returns and not leaving:
            return
        try:
            ledger = Ledger.connect(self._settings)
            with closing(ledger.client), queues.app.connection_for_write() as connection:
                while self._returns:
                    pairs = _give_back(ledger, self._returns[0])
                    logger.info(log.LEASES_RETURNED, pages=len(pairs), why=self._returns[0].verdict.reason)
                    self._returns.pop(0)
                    queues.publish(pairs, connection)
                if leaving:
                    signs.leave(ledger, self._name)
        except LedgerDownError as error:
            logger.warning(log.LEDGER_DOWN, error=str(error), leases=len(self._returns))

    def _stalled(self) -> bool:
        """Whether work waits for a stage and none has ended for `worker_stall` seconds. Gives signs of life."""
        now = time.monotonic()
        if now - self._checked < _CHECK:
            return False
        self._checked = now
        if self._settings.worker_heartbeat is not None:
            self._settings.worker_heartbeat.touch()
        try:
            ledger = Ledger.connect(self._settings)
            with closing(ledger.client):
                signs.give_sign(ledger, self._name, now=ledger.clock.now())
                backlog = ledger.backlog()
        except (LedgerDownError, LedgerFullError):
            return False  # no worker's fault
        for stage, progress in self._progress.items():
            workers = [w for w in self._workers if w.role.stage == stage]
            ended = sum(w.ended + w.slots.ended for w in workers)
            waiting, _leased = backlog[stage]
            # Where none is ready yet, being started anew would not help.
            if ended != progress.ended or not waiting or not any(w.slots.ready for w in workers):
                progress.ended, progress.at = ended, now
            elif now - progress.at > self._settings.worker_stall:
                logger.error(log.WORKER_STALLED, stage=stage, waiting=waiting, seconds=round(now - progress.at))
                return True
        return False

    # The end

    def _shut_down(self) -> None:
        """Warm: tasks may end for `worker_grace` seconds; what remains is killed and gives its leases back."""
        self._stopping = True
        for worker in self._workers:
            if worker.process is None:
                continue
            if worker.slots.tokens() or self._settings.worker_events:
                worker.process.terminate()
            else:
                # It holds no lease, so there is nothing to end; what it would do to end in order takes half a second.
                worker.process.kill()
        until = time.monotonic() + self._settings.worker_grace
        while self.pids() and time.monotonic() < until:
            self._wait(POLL)
            self._reap()
            self._judge()
        for worker in self._workers:
            if worker.process is not None:
                worker.verdict = _Verdict("its worker was stopped", "stopped", frozenset())
                worker.process.kill()
                worker.process.join()
        self._reap()
        self._give_back(leaving=True)
        logger.debug(log.WORKER_STOPPED)


def _give_back(ledger: Ledger, lease: _Return) -> list[tuple[StageName, str]]:
    now, verdict = ledger.clock.now(), lease.verdict
    if verdict.guilty is None:
        return ledger.lapse(lease.token, verdict.reason, verdict.cause, now=now, shared=lease.shared)
    if lease.token in verdict.guilty:
        return ledger.lapse(lease.token, verdict.reason, verdict.cause, now=now, shared=False)
    return ledger.release(lease.token, now=now)


def _how(code: int) -> str:
    if code < 0:
        return signal.Signals(-code).name
    return f"exit code {code}"
