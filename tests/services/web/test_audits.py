"""Audits of several web processes on one ledger: one at a time, and each tells of it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from services.web.audits import Audits, Run
from shared.ledger import Ledger
from shared.ledger.audit import AuditReport
from shared.settings import Settings
from shared.stage import Outcome
from tests.valkey import Valkey


@contextmanager
def process(valkey: Valkey, audit: Callable[[], AuditReport]) -> Iterator[Audits]:
    """One that has a connection of its own."""
    ledger = Ledger.connect(Settings(redis_url=valkey.url))
    yield Audits(lambda: ledger, audit, sign=0.02)
    ledger.client.close()


def last(audits: Audits) -> Run:
    found = audits.last()
    assert found is not None
    return found


def until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.01)


def ended(audits: Audits) -> Run:
    until(lambda: last(audits).finished)
    return last(audits)


def test_one_at_a_time_and_all_tell_of_it(valkey: Valkey) -> None:
    begun, go_on, times = threading.Event(), threading.Event(), []

    def audit() -> AuditReport:
        times.append(1)
        begun.set()
        assert go_on.wait(20)
        report = AuditReport(submitted=3, outcomes={Outcome.INDEXED: 2, Outcome.REFUSED: 1})
        report.problem("page x: lost")
        return report

    with process(valkey, audit) as one, process(valkey, audit) as other, valkey.client() as client:
        assert one.last() is None
        run = one.start()
        assert begun.wait(20)
        client.pexpire("auditing", 5000)
        until(lambda: client.pttl("auditing") > 5000)  # it says that it lives
        assert other.start() == other.last() == one.last() == run
        go_on.set()
        found = ended(other)
        assert found == one.last()
        assert found.report is not None
        assert (found.started, found.report.lines, found.report.outcomes[Outcome.INDEXED]) == (
            run.started,
            ["page x: lost"],
            2,
        )
        assert times == [1]
        again = other.start()
        assert again.started > run.started
        assert ended(one).report is not None
        assert times == [1, 1]


def test_one_whose_process_was_killed_is_told_so_and_holds_nobody_up(valkey: Valkey) -> None:
    with process(valkey, AuditReport) as one:
        started = one.start().started
        ended(one)
        with valkey.client() as client:  # as a process leaves it that is killed at work
            client.set("audit", b'{"started": "2026-11-28T12:00:00Z"}')
            client.set("auditing", "killed", px=400)
        assert (last(one).finished, last(one).error) == (None, None)
        assert one.start().started < started
        until(lambda: last(one).error)
        assert "cut short" in str(last(one).error)
        assert one.start().started > started
        assert ended(one).report == AuditReport()


def test_one_that_fails_is_told_with_its_reason(valkey: Valkey) -> None:
    def audit() -> AuditReport:
        raise ValueError("no\nstore")

    with process(valkey, audit) as one, process(valkey, audit) as other:
        one.start()
        assert (ended(other).error, ended(other).report) == ("no store", None)


def test_a_full_ledger_can_be_audited(valkey: Valkey) -> None:
    with process(valkey, AuditReport) as one, valkey.client() as client:
        client.config_set("maxmemory", 1)
        one.start()
        found = ended(one)
        client.config_set("maxmemory", 0)
        assert found.report == AuditReport()
