"""A worker process: Celery's solo or threads pool on one stage's queue, tied to the life of its supervisor."""

import ctypes
import gc
import importlib
import os
import signal
import sys
from types import FrameType

import structlog
from celery.exceptions import WorkerShutdown
from celery.worker import WorkController, state

from shared import log, queues, tasks
from shared.ledger import Ledger, LedgerError
from shared.settings import Settings
from shared.workers import limits
from shared.workers.parent import end_with
from shared.workers.role import Role
from shared.workers.slots import Slots

logger = structlog.get_logger()

_PR_SET_NAME = 15  # prctl(2): the name that `ps -o comm` and `top` show


def main(role: Role, settings: Settings, slots: Slots, parent: int, name: str) -> None:
    """Runs until SIGTERM (warm: ends its tasks first) or until the supervisor, process `parent`, is gone.

    `name`: the supervisor's, with which the tokens of leases begin.
    """
    end_with(parent)
    if sys.platform == "linux":
        # A forked process has its supervisor's command line: this alone tells a parser from an indexer.
        ctypes.CDLL(None).prctl(_PR_SET_NAME, role.name.encode("ascii"))
    # The terminal's Ctrl-C reaches every process of the group; the supervisor decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    log.setup(settings, service=role.name)
    queues.configure(settings)
    limits.shape_heap()
    slots.attach()
    module = importlib.import_module(role.module)
    try:
        ledger = Ledger.connect(settings)
    except LedgerError as error:
        logger.warning(log.LEDGER_DOWN, error=str(error))
        sys.exit(1)  # and started again, later each time
    if role.stage is None:
        slots.ready = True
        module.run(settings, ledger, slots)
        return
    tasks.bind(settings, ledger, slots, name=name, exclusive=role.threads > 1)
    if hasattr(module, "prepare"):
        module.prepare(settings, ledger)
    _consume(role, settings, slots)


def _consume(role: Role, settings: Settings, slots: Slots) -> None:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        state.should_stop = 0
        if not slots.tokens():
            raise WorkerShutdown(0)  # idle: out of the poll at once

    def ready(_consumer: object) -> None:
        gc.freeze()  # what is there now stays: the collections of `give_back` need not look at it
        limits.set_hard_cap(role.memory)
        slots.ready = True
        logger.debug(log.WORKER_READY, pid=os.getpid())

    signal.signal(signal.SIGTERM, stop)
    worker = WorkController(
        app=queues.app,
        hostname=f"{role.name}-{os.getpid()}@{os.uname().nodename}",
        pool_cls=role.pool,
        concurrency=role.threads,
        queues=[role.stage],
        # Nothing is asked of other workers, and nothing told them: the ledger knows.
        without_mingle=True,
        without_gossip=True,
        without_heartbeat=not settings.worker_events,
        task_events=settings.worker_events,
        ready_callback=ready,
        loglevel="WARNING",
    )
    worker.start()
    sys.exit(worker.exitcode or 0)
