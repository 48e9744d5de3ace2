"""A crawl's progress on stderr: a line that changes on a terminal, a plain line now and then elsewhere."""

import sys
import time
from collections import deque
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from shared.ledger import CrawlStatus

if TYPE_CHECKING:
    from rich.live import Live

# Seconds: over how long the rate is taken, and between two plain lines.
_WINDOW = 15.0
_PLAIN_EVERY = 5.0
_BAR = 24


class Rate:
    """Pages ended a second, over the last seconds."""

    def __init__(self, window: float = _WINDOW) -> None:
        """`window`: in seconds."""
        self._window = window
        self._seen: deque[tuple[float, int]] = deque()

    def add(self, ended: int, now: float) -> float:
        """Takes in how many have ended by `now` (monotonic seconds); gives the rate."""
        self._seen.append((now, ended))
        while len(self._seen) > 2 and now - self._seen[1][0] > self._window:
            self._seen.popleft()
        since, before = self._seen[0]
        return (ended - before) / (now - since) if now > since else 0.0


def describe(status: CrawlStatus, rate: float) -> str:
    """One line: how many have ended, where the others are, how fast it goes and for how long yet."""
    ended = status.submitted - status.in_flight
    parts = [f"{ended:,} of {status.submitted:,} ended"]
    parts += [f"{count:,} {state}" for state, count in status.by_state.items() if count]
    if rate > 0:
        parts.append(f"{rate:,.1f} {'URLs' if status.requisites else 'pages'}/s")
        if status.in_flight:
            parts.append(f"{duration(status.in_flight / rate)} left")
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """Seconds in words that fit: `8 s`, `12 min`, `3 h 20 min`."""
    whole = round(seconds)
    if whole < 100:
        return f"{whole} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


class Progress(Protocol):
    """Shows a crawl's state as often as it is given."""

    def __enter__(self) -> Self:
        """Begins."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leaves the terminal as it was."""

    def show(self, status: CrawlStatus | None, troubles: list[str]) -> None:
        """`status`: None where the ledger does not answer. `troubles`: what is wrong, one line each."""


class PlainProgress:
    """Lines: one every few seconds, and one whenever something goes wrong or is well again."""

    def __init__(self, every: float = _PLAIN_EVERY) -> None:
        """`every`: seconds."""
        self._every = every
        self._rate = Rate()
        self._next = time.monotonic() + every
        self._troubles: list[str] = []

    def __enter__(self) -> Self:
        """Nothing to begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to leave."""

    def show(self, status: CrawlStatus | None, troubles: list[str]) -> None:
        """See `Progress`."""
        for trouble in troubles:
            if trouble not in self._troubles:
                print(trouble, file=sys.stderr, flush=True)  # noqa: T201
        self._troubles = troubles
        now = time.monotonic()
        if status is None:
            return
        rate = self._rate.add(status.submitted - status.in_flight, now)
        if now >= self._next:
            self._next = now + self._every
            print(describe(status, rate), file=sys.stderr, flush=True)  # noqa: T201


class TerminalProgress:
    """A bar with a line beside it, drawn anew in place."""

    def __init__(self) -> None:
        """Draws nothing yet."""
        self._rate = Rate()
        self._live: Live | None = None

    def __enter__(self) -> Self:
        """Takes over the terminal's last lines."""
        from rich.console import Console
        from rich.live import Live

        self._live = Live(console=Console(stderr=True), auto_refresh=False, transient=True)
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Wipes the lines away: the summary comes in their place."""
        if self._live:
            self._live.stop()

    def show(self, status: CrawlStatus | None, troubles: list[str]) -> None:
        """See `Progress`."""
        from rich.console import Group, RenderableType
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        lines: list[RenderableType] = []
        if status is not None:
            ended = status.submitted - status.in_flight
            rate = self._rate.add(ended, time.monotonic())
            line = Table.grid(padding=(0, 1))
            line.add_row(ProgressBar(max(1, status.submitted), ended, width=_BAR), Text(describe(status, rate)))
            lines.append(line)
        lines += [Text(trouble, style="yellow") for trouble in troubles]
        if self._live:
            self._live.update(Group(*lines), refresh=True)


def progress() -> Progress:
    """The kind of progress that stderr can show."""
    return TerminalProgress() if sys.stderr.isatty() else PlainProgress()
