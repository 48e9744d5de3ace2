"""The task base: owns lease, log context, deadline, timing, failure and the page's next step.

A service declares a stage's body in a few lines, and gives one ending for each page:

    @stage_task(PARSE)
    def parse_pages(work: Work) -> Iterable[tuple[Claim, Ending]]:
        for claim in work:
            yield claim, Parsed(...)
"""

import secrets
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import PurePath

import redis
import structlog
from celery import Task
from redis.exceptions import OutOfMemoryError

from shared import log
from shared.ledger import Ledger, Moved
from shared.ledger.clock import local_ms
from shared.queues import app, hint, publish
from shared.remembered import forget
from shared.settings import Settings
from shared.stage import Claim, Ending, Failed, Fetched, Indexed, Postponed, Stage
from shared.workers.limits import give_back
from shared.workers.slots import Held, Slots
from shared.workers.turns import TurnNotComeError, Turns

logger = structlog.get_logger()

# A lease outlives its task by this many seconds: it lapses by itself only where the supervisor died too.
LEASE_SLACK = 20.0
# Seconds that a step beside the body may take: telling a ledger that is away again (a restart takes it one or two).
_PATIENCE = 30.0
# Seconds between the first two tries to tell it; doubled up to one second.
_FIRST_PAUSE = 0.05
# Seconds after which a page that a full ledger could not take is tried again.
_FULL_DELAY = 10.0


@dataclass(frozen=True, slots=True)
class Work:
    """What a body is given. Iterating over it binds each page's ids to the log, and counts each page's deadline."""

    claims: Sequence[Claim]
    ledger: Ledger
    settings: Settings
    next_page: Callable[[], None]

    def __iter__(self) -> Iterator[Claim]:
        """The claims in turn."""
        for claim in self.claims:
            self.next_page()
            with _bound(claim):
                yield claim


Body = Callable[[Work], Iterable[tuple[Claim, Ending]]]


def stage_task(stage: Stage) -> Callable[[Body], Task]:
    """Declares a stage's Celery task: its name is the stage's, its argument a list of page ids."""

    def declare(body: Body) -> Task:
        def run(task: Task, page_ids: list[str]) -> None:
            runtime().run(stage, body, page_ids, str(task.request.id))

        return app.task(run, name=stage.name, bind=True)

    return declare


class Runtime:
    """What the tasks of a worker process share."""

    def __init__(self, settings: Settings, ledger: Ledger, slots: Slots, *, name: str, exclusive: bool) -> None:
        """`name`: the supervisor's (`shared.ledger.signs`).

        `exclusive`: the process works on several tasks at once, so a page alone must wait for its turn.
        """
        self._settings = settings
        self._ledger = ledger
        self._slots = slots
        self._name = name
        self._turns = Turns() if exclusive else None

    def run(self, stage: Stage, body: Body, page_ids: Sequence[str], task_id: str) -> None:
        """One task: from a hint to pages moved on and the next hints published."""
        token = f"{self._name}.{secrets.token_hex(8)}"
        deadline = deadline_of(stage, self._settings)
        with self._slots.hold(token, deadline) as held, structlog.contextvars.bound_contextvars(task=task_id):
            try:
                if stage.gather and self._ledger.backlog()[stage.name][0] < stage.batch:
                    time.sleep(stage.gather)
                claims = self._ledger.claim(
                    stage, page_ids, token=token, lease=self._lease(stage, deadline), now=self._ledger.clock.now()
                )
            except redis.RedisError as error:
                # The pages wait as they did; the reconciler publishes them again.
                logger.warning(log.LEDGER_DOWN, stage=stage.name, error=str(error))
                return
            if not claims:
                return
            if claims[0].alone:
                publish((stage.name, page_id) for page_id in page_ids if page_id != claims[0].page_id)  # one at a time
            if len(claims) == stage.batch > 1:
                hint([(stage.name, claims[0].page_id)], self._ledger.client)  # there may be more
            endings = self._in_turn(stage, body, claims, held)
            moved = self._move(stage, endings, held)
            if len(endings) < len(claims):
                self._retry_alone(token, held)
            self._publish(stage, moved)
            _log_moves(stage, moved)
        forget()
        give_back()

    @contextmanager
    def aside(self, stage: Stage) -> Iterator[Ledger]:
        """The ledger, for work of this process that is no page's, under the stage's deadline."""
        with self._slots.hold("", deadline_of(stage, self._settings)):
            yield self._ledger

    def _lease(self, stage: Stage, deadline: float) -> float:
        # Where a page may have to wait for its turn alone, it waits one deadline at most.
        deadlines = (stage.batch if stage.each else 1) + (self._turns is not None)
        return deadlines * deadline + _PATIENCE + LEASE_SLACK

    def _in_turn(self, stage: Stage, body: Body, claims: Sequence[Claim], held: Held) -> list[tuple[Claim, Ending]]:
        if self._turns is None:
            return self._work(stage, body, claims, held)
        deadline = deadline_of(stage, self._settings)
        held.restart(2 * deadline)
        try:
            with self._turns.take(alone=claims[0].alone, timeout=deadline):
                held.restart(deadline)
                return self._work(stage, body, claims, held)
        except TurnNotComeError:
            return [(claim, Postponed("waits for its turn alone", 1.0)) for claim in claims]

    def _work(self, stage: Stage, body: Body, claims: Sequence[Claim], held: Held) -> list[tuple[Claim, Ending]]:
        """The body's endings.

        An exception ends the page that was being worked on; in a stage that works on all
        of its pages at once, it leaves those without an ending.
        """
        deadline = deadline_of(stage, self._settings)

        def next_page() -> None:
            if stage.each:
                held.restart(deadline)

        endings: list[tuple[Claim, Ending]] = []
        while len(endings) < len(claims):
            rest = claims[len(endings) :]
            clock = _Clock(1 if stage.each else len(rest))
            try:
                for claim, ending in body(Work(rest, self._ledger, self._settings, next_page)):
                    endings.append((with_trail(claim, stage, ending, clock.lap()), ending))
                break
            except Exception as error:  # the boundary: whatever a page does to its body, it is recorded
                logger.warning(log.TASK_FAILED, stage=stage.name, pages=len(claims), exc_info=True)
                if len(claims) > 1 and not stage.each:
                    break
                claim, ending = claims[len(endings)], ending_of(error)
                endings.append((with_trail(claim, stage, ending, clock.lap()), ending))
        return endings

    def _move(
        self, stage: Stage, endings: Sequence[tuple[Claim, Ending]], held: Held
    ) -> list[tuple[Claim, Ending, Moved]]:
        """Tells the ledger how the pages ended.

        One that is away, or whose disk is full, is waited for however long it takes: where the leases lapse
        meanwhile, what is told then changes nothing.
        """
        pause = _FIRST_PAUSE
        while True:
            try:
                moved = self._ledger.end_many(endings, stage, now=self._ledger.clock.now())
                return [(claim, ending, m) for (claim, ending), m in zip(endings, moved, strict=True)]
            except redis.RedisError as error:
                if pause == _FIRST_PAUSE:
                    logger.warning(log.LEDGER_DOWN, stage=stage.name, error=str(error))
            held.restart(_PATIENCE)
            time.sleep(pause)
            pause = min(1.0, pause * 2)

    def _publish(self, stage: Stage, moved: Iterable[tuple[Claim, Ending, Moved]]) -> None:
        pairs = [(m.next, claim.page_id) for claim, _, m in moved if m.next is not None]
        onwards = [(name, page_id) for name, page_id in pairs if name != stage.name]
        hint(onwards, self._ledger.client)
        publish(pair for pair in pairs if pair[0] == stage.name)  # tried again, and perhaps alone

    def _retry_alone(self, token: str, held: Held) -> None:
        """Pages of a batch that its body gave no ending for: which of them is to blame shows when they are alone."""
        held.restart(_PATIENCE)
        try:
            publish(self._ledger.lapse(token, "its batch failed", "batch", now=self._ledger.clock.now(), shared=True))
        except redis.RedisError as error:
            logger.warning(log.LEDGER_DOWN, error=str(error))


_runtime: Runtime | None = None


def bind(settings: Settings, ledger: Ledger, slots: Slots, *, name: str, exclusive: bool) -> None:
    """Gives this process's tasks what they work with; see `Runtime`."""
    global _runtime  # a Celery task is called by name: nothing else can carry it there
    _runtime = Runtime(settings, ledger, slots, name=name, exclusive=exclusive)


def runtime() -> Runtime:
    """This process's runtime."""
    if _runtime is None:
        raise RuntimeError("a task ran in a process that is no worker of `tearsheet worker`")
    return _runtime


def deadline_of(stage: Stage, settings: Settings) -> float:
    """Seconds that a task of this stage may take."""
    return settings.parse_deadline if stage.name == "parse" else stage.deadline


def ending_of(error: Exception) -> Ending:
    """How a page ends whose body raised: what, and where in our code."""
    if isinstance(error, OutOfMemoryError):
        return Postponed("the ledger is full", _FULL_DELAY)
    if isinstance(error, redis.RedisError):
        return Postponed(f"the ledger is away: {error}", 1.0)
    if isinstance(error, MemoryError):
        return Failed("needed more memory than it may", "memory")
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({PurePath(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return Failed(f"{type(error).__name__}: {error}{place}", type(error).__name__)


def _bound(claim: Claim) -> AbstractContextManager[None]:
    return structlog.contextvars.bound_contextvars(page=claim.page_id, fetch=claim.fetch_id, crawl=claim.crawls)


def with_trail(claim: Claim, stage: Stage, ending: Ending, milliseconds: int) -> Claim:
    """The claim with this stage's time, and the body's size, added to what the log will tell at the page's end."""
    words = f"{claim.trail} {stage.name}_ms={milliseconds}".lstrip()
    if isinstance(ending, Fetched):
        words += f" bytes={len(ending.raw.body)}"
    return replace(claim, trail=words)


class _Clock:
    """Milliseconds between one ending and the next, or a share of them where pages are worked on all at once."""

    def __init__(self, pages: int) -> None:
        self._pages = pages
        self._at = time.perf_counter()
        self._share: int | None = None

    def lap(self) -> int:
        if self._share is not None:
            return self._share
        now = time.perf_counter()
        passed = round((now - self._at) * 1000 / self._pages)
        if self._pages > 1:
            self._share = passed
        self._at = now
        return passed


def _log_moves(stage: Stage, moved: Sequence[tuple[Claim, Ending, Moved]]) -> None:
    for claim, ending, m in moved:
        with _bound(claim):
            if m.lost:
                logger.info(log.LEASE_LOST, stage=stage.name)
            elif m.outcome is None:
                logger.debug(log.STAGE_ENDED, stage=stage.name, ended=type(ending).__name__, **_numbers(claim))
            else:
                logger.info(
                    log.PAGE_ENDED,
                    url=claim.url,
                    outcome=m.outcome.value,
                    reason=getattr(ending, "reason", None),
                    total_ms=local_ms() - claim.fetch_id,
                    **_numbers(claim),
                    **(ending.counts.model_dump() if isinstance(ending, Indexed) else {}),
                )


def _numbers(claim: Claim) -> dict[str, int]:
    pairs = (word.split("=") for word in claim.trail.split())
    return {name: int(number) for name, number in pairs}
