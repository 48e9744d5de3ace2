"""What is wrong now, in lines for a person."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from shared.ledger.paces import HostPace, Paces
from shared.ledger.status import Status

# Hosts that are named one by one.
_NAMED = 3


def troubles_of(found: Status, memory_mark: float) -> Iterator[str]:
    """A line each. `memory_mark`: the part of Redis's memory above which fetching waits."""
    if not found.on_disk:
        yield "the queue cannot write to its disk: is it full?"
    if 0 < found.memory.limit <= found.memory.used:
        yield (
            f"Redis is full ({_mb(found.memory.used)} of {_mb(found.memory.limit)}): raise its memory limit, "
            "or wait until pages have ended"
        )
    elif found.memory.limit and found.memory.used >= memory_mark * found.memory.limit:
        yield f"the queue's memory is filling up ({_mb(found.memory.used)}): fetching waits until pages have ended"
    yield from found.notes.values()
    yield from host_lines(found.hosts)


def host_lines(hosts: Paces) -> Iterator[str]:
    """Whom nothing is asked of for now, until when, and why."""
    if hosts.aside:
        named = [f"{h.host}{_until(h.until)} ({h.why})" for h in hosts.aside[:_NAMED]]
        verb = "does" if len(hosts.aside) == 1 else "do"
        yield f"{_hosts(hosts.aside)} {verb} not answer, and pages wait: {'; '.join(named)}{_more(hosts.aside)}"
    if hosts.slowed:
        named = [f"{h.host} one in {h.delay:g} s{_until(h.until)}" for h in hosts.slowed[:_NAMED]]
        verb = "asks" if len(hosts.slowed) == 1 else "ask"
        yield f"{_hosts(hosts.slowed)} {verb} for fewer requests: {'; '.join(named)}{_more(hosts.slowed)}"


def _hosts(hosts: Sequence[HostPace]) -> str:
    return f"{len(hosts):,} host{'' if len(hosts) == 1 else 's'}"


def _more(hosts: Sequence[HostPace]) -> str:
    return f"; and {len(hosts) - _NAMED} more" if len(hosts) > _NAMED else ""


def _until(moment: datetime | None) -> str:
    return f", none before {moment:%H:%M:%S} UTC" if moment is not None else ""


def _mb(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
