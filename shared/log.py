"""Logs: structlog to stderr, human on a terminal and JSON otherwise, with no secret in any line.

Every event's name is a constant here, so that whoever searches the logs knows what can be found; values stand
beside it as keys. `page`, `fetch`, `crawl` and `task` are bound by the task base for every line of a task.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, Final, TextIO, cast

import structlog
from structlog.typing import Processor

from shared.settings import Settings

# A page's life
PAGE_ENDED: Final = "page ended"
STAGE_ENDED: Final = "stage ended"
LEASE_LOST: Final = "lease lost"
TASK_FAILED: Final = "task failed"
LEDGER_DOWN: Final = "ledger down"
PUBLISH_FAILED: Final = "publish failed"
STORE_DOWN: Final = "store down"
STORE_UP: Final = "store up"
FORGOTTEN: Final = "forgotten records deleted"
EXPIRED: Final = "records past their time deleted"
# The archive's
ARCHIVE_FAILS: Final = "archive cannot be written"
ARCHIVE_GOES_ON: Final = "archive goes on"
ARCHIVE_CLOSED: Final = "archive file of a dead worker closed"
ARCHIVE_INDEX_BEHIND: Final = "archive index behind"
ARCHIVE_DAMAGED: Final = "archive file damaged"
ARCHIVE_MOVED: Final = "archive file moved to the bucket"
ARCHIVE_WAITS: Final = "archive files wait for the bucket"
# A worker's life
WORKER_READY: Final = "worker ready"
WORKER_STARTED: Final = "worker started"
WORKER_DIED: Final = "worker died"
WORKER_KILLED: Final = "worker killed"
WORKER_STOPPED: Final = "worker stopped"
WORKER_STALLED: Final = "worker stalled"
LEASES_RETURNED: Final = "leases returned"
# The scheduler's
FETCHING_WAITS: Final = "fetching waits"
FETCHING_GOES_ON: Final = "fetching goes on"
RECONCILED: Final = "reconciled"
HOST_GIVEN_UP: Final = "host given up"
BODIES_MOVED: Final = "quarantined bodies moved"
LOOKED_AGAIN: Final = "watched pages submitted"
DISK_FULL: Final = "disk full"

# user:password@ in a URL (RFC 3986 3.2.1); the user's name goes too, since tokens stand there as well.
_USERINFO = re.compile(r"(?<=://)[^/\s@\"']+@")
# A credential after its scheme (RFC 9110 11.6.2), or after a name that says it is one.
_CREDENTIAL = re.compile(r"(?i)\b(authorization|proxy-authorization|cookie|set-cookie|password|passwd|token|secret|"
                         r"api[_-]?key)\b([\"']?\s*[:=]\s*[\"']?)"
                         r"(?:(?:basic|bearer|digest|apikey)\s+)?[^\s\"',;&]+")  # fmt: skip
_SECRET_KEYS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "password", "secret"})
_HIDDEN = "***"


def scrub(text: str) -> str:
    """The text without passwords in URLs and without credentials of headers."""
    if "://" in text:
        text = _USERINFO.sub(f"{_HIDDEN}@", text)
    return _CREDENTIAL.sub(rf"\1\2{_HIDDEN}", text)


def _scrub_value(value: object) -> object:
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, dict):
        return {k: _HIDDEN if str(k).lower() in _SECRET_KEYS else _scrub_value(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_scrub_value(v) for v in value]
    if isinstance(value, int | float | bool | None):
        return value
    return scrub(str(value))


def _scrub_event(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        event[key] = _HIDDEN if key.lower() in _SECRET_KEYS else _scrub_value(value)
    return event


class _Stderr:
    """Standard error, which drops a line that it cannot write (a full disk, a closed pipe).

    A line in a log is worth less than the page whose task it would end.
    """

    def __init__(self) -> None:
        self._file = sys.stderr

    def write(self, text: str) -> None:
        with suppress(OSError):
            self._file.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._file.flush()


def setup(settings: Settings, *, service: str | None = None) -> None:
    """Sets up structlog and the standard library's logging for this process; may be called again.

    `service`: bound to every line as `service`, where given.
    """
    human = settings.log_format == "human" or (settings.log_format == "auto" and sys.stderr.isatty())
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if human else "iso", utc=not human),
    ]
    if service is not None:

        def add_service(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
            event.setdefault("service", service)
            return event

        before.append(add_service)
    # The traceback is rendered to text before the scrubber, so that it too is scrubbed.
    after: list[Processor] = [structlog.processors.format_exc_info, _scrub_event]
    renderer: Processor = structlog.dev.ConsoleRenderer() if human else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*before, *after, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=cast("TextIO", _Stderr())),
        cache_logger_on_first_use=False,
    )
    _setup_standard(before, after, renderer, level)


def _setup_standard(before: list[Processor], after: list[Processor], renderer: Processor, level: int) -> None:
    """Lines of libraries (Celery, redis-py, urllib3) go the same way, from warnings up."""
    handler = logging.StreamHandler(_Stderr())
    drop = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=before, processors=[drop, *after, renderer])
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))
