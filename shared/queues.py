"""Celery, declared once: the app, its queues, its settings each with the reason beside it, and publishing.

A message is a hint that says "look at these pages": `[[page id, …]]` to the task and queue of the stage's name. The
ledger is the truth, so a lost message costs a few seconds until the reconciler publishes again, and a doubled one a
look at a page that is no longer waiting.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import redis
import structlog
from celery import Celery
from kombu.connection import Connection
from kombu.entity import Exchange, Queue
from kombu.exceptions import BatchPublishError, OperationalError
from kombu.messaging import Producer

from shared import log
from shared.settings import Settings, load
from shared.stage import INDEX, STAGES, StageName

logger = structlog.get_logger()

# Messages that one round trip carries when many are published: as many as measured twice as fast as one by one.
_BATCH = 100
# Page ids in one message to a stage that takes several pages a task.
_IDS = 64
_UNSENT = (OperationalError, BatchPublishError, redis.RedisError, OSError)
FORGET = "forget"
EXPIRE = "expire"
"""Task of the indexer, whose process alone may write to an embedded store: deletes what was forgotten."""


def broker_url(redis_url: str) -> str:
    """Kombu's name for the ledger's Redis: `unix:///path` is `redis+socket:///path` there, others stay."""
    return redis_url.replace("unix://", "redis+socket://", 1) if redis_url.startswith("unix://") else redis_url


def celery_settings(settings: Settings) -> dict[str, Any]:
    """Celery's settings."""
    return {
        "broker_url": broker_url(settings.redis_url),
        "broker_transport_options": {
            # Kombu's copies of unacknowledged messages are left out: three more writes a message, refused in a full
            # Redis (which ended the worker), and of use only after a visibility timeout above the longest deadline,
            # when the reconciler has long published again. Prefetch limits and warm shutdown work without them.
            "ack_emulation": False,
            # No priorities are used: one list a queue instead of four, so that LLEN is its length.
            "priority_steps": [0],
            # A Redis that went away without closing its connection is noticed.
            "socket_timeout": 30,
            "socket_connect_timeout": 5,
            "socket_keepalive": True,
            "health_check_interval": 10,
        },
        # A worker outlives any absence of Redis; None is for ever.
        "broker_connection_retry": True,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_channel_error_retry": True,
        # A message leaves Kombu's own count of what is in work when its task ends, so a worker holds no more
        # messages than it has threads, and a warm shutdown puts back those that it has not begun.
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        # What could not be published the reconciler publishes; a worker does not wait for it.
        "task_publish_retry": False,
        # A result backend costs a fifth of the throughput, and nobody waits for a result.
        "task_ignore_result": True,
        "result_backend": None,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_queues": [Queue(name, Exchange(name, type="direct"), routing_key=name) for name in STAGES],
        "task_routes": {name: {"queue": name} for name in STAGES},
        "task_create_missing_queues": False,
        "task_default_queue": "fetch",
        # Ids, times and arguments are enough; a copy of each in words is not needed.
        "task_send_sent_event": settings.worker_events,
        "worker_send_task_events": settings.worker_events,
        # Remote control is what Flower asks workers by; without events it is one more connection to hold open.
        "worker_enable_remote_control": settings.worker_events,
        "worker_disable_rate_limits": True,
        # structlog has the root logger and stderr.
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "enable_utc": True,
    }


app = Celery("tearsheet", set_as_current=True)
# Read when first needed, so that an entry point may `configure` with other settings before.
app.add_defaults(lambda: celery_settings(load()))


def configure(settings: Settings) -> Celery:
    """Points the app at the Redis of these settings, and returns it."""
    app.conf.update(celery_settings(settings))
    return app


def publish(pairs: Iterable[tuple[StageName, str]], connection: Connection | None = None) -> int:
    """Publishes (stage, page id) pairs; returns how many messages went out.

    Stages that take several pages a task get several ids a message. A Redis that is down or full is logged and is
    no error: the reconciler publishes what waits. `connection`: instead of the app's pool, for one who forks.
    """
    messages = list(_messages(pairs))
    if not messages:
        return 0
    try:
        if connection is not None:
            _send(app.amqp.Producer(connection), messages)
        else:
            with app.producer_or_acquire() as producer:
                _send(producer, messages)
    except _UNSENT as error:
        logger.warning(log.PUBLISH_FAILED, messages=len(messages), error=str(error))
        return 0
    return len(messages)


def publish_forget() -> None:
    """Asks an indexer to delete what was forgotten. As with `publish`, what is not sent is asked for again."""
    _ask_indexer(FORGET)


def publish_expire() -> None:
    """Asks an indexer to delete what is too old to be kept, in the same way."""
    _ask_indexer(EXPIRE)


def _ask_indexer(task: str) -> None:
    try:
        app.send_task(task, queue=INDEX.name, ignore_result=True)
    except _UNSENT as error:
        logger.warning(log.PUBLISH_FAILED, messages=1, error=str(error))


def hint(pairs: Sequence[tuple[StageName, str]], client: redis.Redis) -> int:
    """As `publish`, for pages that moved on and are not flagged alone: none where the queue has messages enough.

    Publishing costs 0.7 ms of a page's time, and asking for a queue's length a tenth.
    """
    batching = {stage for stage, _ in pairs if STAGES[stage].hints}
    if batching:
        try:
            lengths = queue_lengths(client)
        except redis.RedisError:
            return 0  # publishing would fail as well
        enough = {stage for stage in batching if lengths[stage] >= STAGES[stage].hints}
        pairs = [(stage, page_id) for stage, page_id in pairs if stage not in enough]
    return publish(pairs)


def _messages(pairs: Iterable[tuple[StageName, str]]) -> Iterable[tuple[StageName, list[str]]]:
    gathered: dict[StageName, list[str]] = {}
    for stage, page_id in pairs:
        if STAGES[stage].batch == 1:
            yield stage, [page_id]
        else:
            gathered.setdefault(stage, []).append(page_id)
    for stage, ids in gathered.items():
        size = min(STAGES[stage].batch, _IDS)
        for start in range(0, len(ids), size):
            yield stage, ids[start : start + size]


def _send(producer: Producer, messages: Sequence[tuple[StageName, list[str]]]) -> None:
    if len(messages) == 1:
        _send_one(producer, *messages[0])
        return
    with producer.batch(max_size=_BATCH):
        for stage, ids in messages:
            _send_one(producer, stage, ids)


def _send_one(producer: Producer, stage: StageName, ids: list[str]) -> None:
    app.send_task(stage, args=[ids], queue=stage, producer=producer, ignore_result=True)


def queue_lengths(client: redis.Redis) -> dict[StageName, int]:
    """Messages waiting in each stage's queue. Raises redis.RedisError."""
    pipe = client.pipeline(transaction=False)
    for name in STAGES:
        pipe.llen(name)
    return dict(zip(STAGES, pipe.execute(), strict=True))
