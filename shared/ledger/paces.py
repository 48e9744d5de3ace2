"""Hosts that are not asked as others are: set aside since they do not answer, or slowed since they asked for it."""

from dataclasses import dataclass
from datetime import datetime

from shared.ledger.crawls import moment

# Hosts of each kind that are looked at: a count that is longer says nothing more to a person.
MOST = 1000


@dataclass(frozen=True, slots=True)
class HostPace:
    """A host with pages waiting that has fewer turns than others."""

    host: str
    until: datetime | None
    """Before which it is not asked; None for one that is just asked more seldom."""
    since: datetime | None
    """Of one set aside: when it failed first."""
    why: str
    """Of one set aside: how it failed last."""
    delay: float
    """Seconds between two requests."""


@dataclass(frozen=True, slots=True)
class Paces:
    """Both kinds, the soonest first, at most `MOST` each."""

    aside: list[HostPace]
    slowed: list[HostPace]


def paces_of(answer: list[list[list[bytes]]]) -> Paces:
    """What paces.lua gives."""
    aside, slowed = ([_pace(*(cell.decode("utf-8", "replace") for cell in row)) for row in rows] for rows in answer)
    return Paces(aside, slowed)


def _pace(host: str, until: str, since: str, why: str, delay: str) -> HostPace:
    return HostPace(host, moment(until) if until else None, moment(since) if since else None, why, int(delay) / 1000)
