"""How a host is spared: from start to start, slower when it asks for that, set aside when nobody answers."""

from pathlib import Path

import pytest

from shared.ids import page_id
from shared.ledger import Ledger
from shared.ledger.audit import audit
from shared.ledger.quarantine import list_pages
from shared.stage import FETCH, Asked, Begun, Claim, Ending, Failed, Onward, Postponed, Refused
from tests.shared.ledger.work import Work
from tests.valkey import Valkey

HOST = "a.example"
MINUTE = 60_000
NO_QUEUES = {"fetch": 0, "parse": 0, "index": 0}


@pytest.fixture
def polite(valkey: Valkey) -> Work:
    return Work(Ledger(valkey.client(), host_delay=1.0, host_concurrency=1, address_concurrency=2))


def submit(work: Work, count: int, host: str = HOST) -> None:
    work.crawl(*(f"http://{host}/{n}" for n in range(count)), digest=f"{host} {count}")


def turn(work: Work, *, after: int = 0) -> Claim:
    """The next turn, whenever it comes; its request is begun `after` milliseconds."""
    due = work.ledger.next_due()
    assert due is not None
    work.now = max(work.now, due)
    [page] = work.dispatch(window=1)
    work.now += after
    claim = work.one(FETCH, page)
    assert work.begin(claim) is Begun.GO
    return claim


def wait(work: Work, ending: Ending, *, took: int = 0, after: int = 0) -> int:
    """Milliseconds from a request's start until its host's next turn."""
    claim = turn(work, after=after)
    started = work.now
    work.now += took
    work.end(claim, FETCH, ending)
    due = work.ledger.next_due()
    assert due is not None
    return due - started


def answered(work: Work, **fields: float) -> Refused:
    return Refused("no", asked=Asked(max(work.ledger.next_due() or 0, work.now), "answered", **fields))


def slow(work: Work, retry_after: float | None = None) -> Failed:
    at = max(work.ledger.next_due() or 0, work.now)
    return Failed("status 503", "http_5xx", asked=Asked(at, "slow down", retry_after=retry_after))


def dead(work: Work) -> Failed:
    at = max(work.ledger.next_due() or 0, work.now)
    return Failed("no", "connect", asked=Asked(at, "failed", why="refused the connection", cause="connect"))


def test_the_delay_counts_from_the_requests_start(polite: Work) -> None:
    submit(polite, 4)
    assert wait(polite, answered(polite)) == 1000
    claim = turn(polite, after=300)  # a page that waited for a worker, and took its time
    started = polite.now
    polite.now += 400
    polite.end(claim, FETCH, Refused("no", asked=Asked(started + 50, "answered")))
    assert polite.ledger.next_due() == started + 1050


def test_a_request_that_takes_longer_than_the_delay_is_not_overtaken(polite: Work) -> None:
    submit(polite, 2)
    claim = turn(polite)
    polite.now += 20_000
    assert polite.dispatch() == []
    polite.end(claim, FETCH, Refused("no", asked=Asked(polite.now - 20_000, "answered")))
    assert len(polite.dispatch()) == 1


def test_a_crawl_delay_holds_until_it_is_taken_back(polite: Work) -> None:
    submit(polite, 4)
    assert wait(polite, answered(polite, delay=7.0)) == 7000
    assert wait(polite, answered(polite)) == 7000  # nothing known of it at this request
    assert wait(polite, answered(polite, delay=1.0)) == 1000
    assert polite.ledger.client.keys("pace:*") == []


def test_a_host_that_asks_for_it_is_slowed_and_recovers(polite: Work) -> None:
    submit(polite, 30)
    assert [wait(polite, slow(polite)) for _ in range(3)] == [2000, 4000, 8000]
    [host] = polite.ledger.paces(polite.now).slowed
    assert (host.host, host.delay) == (HOST, 8.0)
    assert [wait(polite, answered(polite)) for _ in range(4)] == [4000, 2000, 1000, 1000]
    assert polite.ledger.client.keys("pace:*") == []
    assert polite.ledger.paces(polite.now).slowed == []
    assert polite.ledger.client.zcard("paced") == 0


def test_no_slower_than_one_in_ten_minutes(polite: Work) -> None:
    submit(polite, 40)
    assert max(wait(polite, slow(polite)) for _ in range(15)) == 600_000


def test_retry_after_is_waited_for_without_an_attempt(polite: Work) -> None:
    submit(polite, 1)
    for _ in range(5):
        assert wait(polite, slow(polite, retry_after=120)) >= 120_000
    entry = polite.ledger.page(page_id(f"http://{HOST}/0"))
    assert entry is not None
    assert (entry.state, entry.attempts) == ("waiting", 0)


def test_retry_after_is_believed_for_a_day_and_an_hour_a_page(polite: Work) -> None:
    submit(polite, 1)
    assert wait(polite, slow(polite, retry_after=1e9)) == 86_400_000
    wait(polite, slow(polite, retry_after=1))
    entry = polite.ledger.page(page_id(f"http://{HOST}/0"))
    assert entry is not None
    assert entry.attempts == 1


def test_several_pleas_at_once_slow_once(valkey: Valkey) -> None:
    work = Work(Ledger(valkey.client(), host_delay=0, host_concurrency=8))
    submit(work, 20)
    claims = [work.one(FETCH, page) for page in work.dispatch()]
    assert len(claims) == 8
    started = work.now
    work.now += 500
    for claim in claims:
        work.end(claim, FETCH, Failed("status 429", "http_429", asked=Asked(started, "slow down")))
    assert work.ledger.next_due() == started + 2000


def test_a_dead_host_is_set_aside_and_probed_by_one_page(polite: Work) -> None:
    submit(polite, 10)
    assert [wait(polite, dead(polite)) for _ in range(5)] == [1000] * 4 + [MINUTE]
    assert [wait(polite, dead(polite)) for _ in range(4)] == [2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 16 * MINUTE]
    [host] = polite.ledger.paces(polite.now).aside
    assert (host.host, host.why) == (HOST, "refused the connection")
    attempts = [polite.ledger.page(page_id(f"http://{HOST}/{n}")).attempts for n in range(10)]  # type: ignore[union-attr]
    assert sorted(attempts) == [0] * 6 + [1] * 4
    assert wait(polite, answered(polite)) == 1000
    assert polite.ledger.paces(polite.now).aside == []
    assert polite.ledger.client.keys("pace:*") == []
    assert audit(polite.ledger, polite.store).balanced


def test_an_answer_between_failures_is_a_sign_of_life(polite: Work) -> None:
    submit(polite, 20)
    for _ in range(3):
        assert [wait(polite, dead(polite)) for _ in range(4)] == [1000] * 4
        assert wait(polite, answered(polite)) == 1000


def test_a_page_of_a_dead_host_alone_ends_by_its_attempts(polite: Work) -> None:
    submit(polite, 1)
    for _ in range(3):
        claim = turn(polite)
        polite.end(claim, FETCH, dead(polite))
    entry = polite.ledger.page(page_id(f"http://{HOST}/0"))
    assert entry is not None
    assert (entry.state, entry.reason) == ("quarantined", "no")


def test_pages_of_a_host_that_stays_dead_are_quarantined(polite: Work, tmp_path: Path) -> None:
    submit(polite, 12)
    submit(polite, 1, host="b.example")
    began = polite.now
    while not polite.ledger.forsaken():
        claim = turn(polite)
        ending = dead(polite) if claim.url.startswith(f"http://{HOST}") else Refused("no")
        polite.end(claim, FETCH, ending)
    assert 60 * MINUTE <= polite.now - began < 61 * MINUTE
    [host] = polite.ledger.forsaken()
    assert polite.ledger.give_up(host, now=polite.now, most=5) == 7
    assert polite.ledger.give_up(host, now=polite.now, most=50) == 0
    assert polite.ledger.forsaken() == []
    found = list(list_pages(polite.ledger, tmp_path))
    assert len(found) == 12
    assert {page.reason for page in found} == {
        "a.example has not answered since 2027-01-15 08:00 UTC: refused the connection"
    }
    assert {page.cause for page in found} == {"connect"}
    assert audit(polite.ledger, polite.store).balanced
    submit(polite, 2, host=HOST)  # and it begins anew
    assert wait(polite, answered(polite)) == 1000


def test_time_in_which_nobody_tried_is_not_held_against_a_host(polite: Work) -> None:
    submit(polite, 12)
    for _ in range(5):
        wait(polite, dead(polite))
    polite.now += 10 * 60 * MINUTE  # the crawl was interrupted
    wait(polite, dead(polite))
    assert polite.ledger.forsaken() == []


def test_hosts_at_one_address_share_its_places(polite: Work) -> None:
    for host in "abcd":
        submit(polite, 2, host=f"{host}.example")
    claims = [polite.one(FETCH, page) for page in polite.dispatch()]
    begun = [polite.begin(claim) for claim in claims]
    assert begun == [Begun.GO, Begun.GO, Begun.CROWDED, Begun.CROWDED]
    for claim in claims[2:]:
        polite.end(claim, FETCH, Postponed("waits for a place", 0, address="192.0.2.1"))
    assert polite.dispatch() == []  # and nobody asks again and again
    assert polite.ledger.next_due() is None
    assert audit(polite.ledger, polite.store).balanced
    polite.end(claims[0], FETCH, Refused("no", asked=Asked(polite.now, "answered")))
    [page] = polite.dispatch()
    assert page == claims[2].page_id
    polite.ledger.lapse(claims[1].token, "died", "crash", now=polite.now)
    assert polite.dispatch() == [claims[3].page_id]
    assert audit(polite.ledger, polite.store).balanced


def test_a_lease_that_was_lost_begins_nothing(polite: Work) -> None:
    submit(polite, 1)
    claim = turn(polite)
    polite.ledger.lapse(claim.token, "died", "crash", now=polite.now)
    assert polite.begin(claim) is Begun.LOST
    assert polite.ledger.client.hlen("addresses") == 0


def test_a_worker_that_died_has_made_its_request(polite: Work) -> None:
    submit(polite, 2)
    claim = turn(polite)
    polite.now += 10
    polite.ledger.lapse(claim.token, "died", "crash", now=polite.now)
    assert polite.ledger.next_due() == polite.now + 1000
    assert len(polite.dispatch()) == 0


def test_a_way_goes_on_in_the_queue_of_the_host_it_leads_to(polite: Work) -> None:
    submit(polite, 3)
    submit(polite, 2, host="b.example")
    claim = turn_of(polite, HOST)
    polite.end(claim, FETCH, Onward("b.example", '{"u":1}', asked=Asked(polite.now, "answered")))
    assert audit(polite.ledger, polite.store).balanced
    other = turn_of(polite, "b.example")  # it comes first there, and takes its turn
    assert (other.page_id, other.way) == (claim.page_id, '{"u":1}')
    assert polite.dispatch() == []
    polite.end(other, FETCH, Refused("no", asked=Asked(polite.now, "answered")))
    left = {key.decode() for key in polite.ledger.client.scan_iter()}
    assert not any(key.startswith("way:") for key in left)
    assert audit(polite.ledger, polite.store).balanced


def turn_of(work: Work, host: str) -> Claim:
    """The turn that this host has; those of others are ended."""
    found = None
    while found is None:
        work.now = max(work.now, work.ledger.next_due() or 0)
        for page in work.dispatch():
            claim = work.one(FETCH, page)
            if work.ledger.client.hexists("hostbusy", host):
                found = found or claim
                if claim is found:
                    continue
            work.end(claim, FETCH, Postponed("not now", 1))
    return found


def test_an_attempt_on_the_way_begins_anew(polite: Work) -> None:
    submit(polite, 1)
    claim = turn(polite)
    polite.end(claim, FETCH, Onward("b.example", "{}", asked=Asked(polite.now, "answered")))
    claim = turn(polite)
    polite.end(claim, FETCH, Failed("broke", "reset", asked=Asked(polite.now, "answered")))
    claim = turn(polite)
    assert (claim.way, claim.attempts) == ("", 1)
    assert polite.ledger.client.hkeys("hostbusy") == [b"a.example"]


def test_after_a_restart_each_host_waits_a_full_delay(valkey: Valkey) -> None:
    work = Work(Ledger(valkey.client(), host_delay=5.0, host_concurrency=1))
    submit(work, 3)
    submit(work, 3, host="b.example")
    work.dispatch()
    claim = work.one(FETCH, work.ledger.client.zrange("ready:fetch", 0, 0)[0].decode())
    work.end(claim, FETCH, Refused("no", asked=Asked(work.now, "answered", delay=20.0)))
    slow_host = claim.url.split("/")[2]
    valkey.restart()
    work.now += 100
    assert work.claim(FETCH, *[p.decode() for p in work.ledger.client.zrange("ready:fetch", 0, -1)]) == []
    assert work.dispatch() == []
    work.now += 5000
    pages = work.dispatch()
    assert len(pages) == 1
    assert work.one(FETCH, pages[0]).url.split("/")[2] != slow_host
    work.now += 15_000
    assert len(work.dispatch()) == 1
    assert audit(work.ledger, work.store).balanced


@pytest.mark.parametrize("delay", [0.0, 1.0])
def test_large_hosts_do_not_starve_small_ones(valkey: Valkey, delay: float) -> None:
    """A window of four, and two hosts with hundreds of pages that were there first."""
    work = Work(Ledger(valkey.client(), host_delay=delay, host_concurrency=2))
    for host in ("large", "huge"):
        submit(work, 300, host=f"{host}.example")
    work.now += 1
    for n in range(20):
        submit(work, 1, host=f"small-{n}.example")
    turns = 0
    small = 20
    while small:
        for page in work.dispatch(window=4):
            claim = work.one(FETCH, page)
            work.begin(claim)
            small -= "small" in claim.url
            turns += 1
            work.end(claim, FETCH, Refused("no", asked=Asked(work.now, "answered")))
        work.now += 10
    assert turns <= 60
