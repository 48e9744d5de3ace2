"""What `tearsheet status` and a crawl's progress say of hosts that are not asked for now."""

from datetime import UTC, datetime

from shared.ledger import HostPace, Ledger, Paces
from shared.ledger.troubles import host_lines
from shared.stage import FETCH, Asked, Failed
from tearsheet.status import troubles
from tests.shared.ledger.work import Work
from tests.valkey import Valkey

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def pace(host: str, why: str = "") -> HostPace:
    return HostPace(host, NOON if why else None, NOON if why else None, why, 8.0)


def test_none() -> None:
    assert list(host_lines(Paces([], []))) == []


def test_one_of_each() -> None:
    assert list(host_lines(Paces([pace("a.example", "unknown host")], [pace("b.example")]))) == [
        "1 host does not answer, and pages wait: a.example, none before 12:00:00 UTC (unknown host)",
        "1 host asks for fewer requests: b.example one in 8 s",
    ]


def test_many() -> None:
    [line] = host_lines(Paces([], [pace(f"{n}.example") for n in range(5)]))
    assert line.startswith("5 hosts ask for fewer requests: 0.example one in 8 s; 1.example")
    assert line.endswith("; and 2 more")


def test_from_the_ledger(valkey: Valkey) -> None:
    with valkey.client() as client:
        work = Work(Ledger(client, host_delay=0, host_concurrency=8))
        work.now = work.ledger.clock.now()
        work.crawl(*(f"http://{host}.example/{n}" for host in ("dead", "busy") for n in range(6)))
        for page in work.dispatch():
            claim = work.one(FETCH, page)
            work.begin(claim, "")
            if "dead" in claim.url:
                asked = Asked(work.now, "failed", why="refused the connection", cause="connect")
                work.end(claim, FETCH, Failed("no", "connect", asked=asked))
            else:
                work.end(claim, FETCH, Failed("429", "http_429", asked=Asked(work.now, "slow down", retry_after=60)))
        aside, slowed = troubles(work.ledger.status())
        assert aside.startswith("1 host does not answer, and pages wait: dead.example, none before ")
        assert aside.endswith(" UTC (refused the connection)")
        assert slowed.startswith("1 host asks for fewer requests: busy.example one in 2 s, none before ")
