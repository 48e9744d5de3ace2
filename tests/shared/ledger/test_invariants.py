"""Whatever happens in whatever order: every submission in exactly one outcome or in flight, every counter the recount,
every page in flight in exactly one place, and the store as the ledger says. The audit is the judge."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from shared.ids import page_id, source_id
from shared.ledger import Ledger, UnknownCrawlError, watching
from shared.ledger.audit import audit
from shared.ledger.delivery import Delivery, Reparsed, deliver, reparse
from shared.ledger.forget import delete_pending, forget
from shared.ledger.quarantine import list_pages, move_bodies, retry
from shared.ledger.same_pages import take_over
from shared.scope import Scope
from shared.stage import (
    FETCH,
    INDEX,
    PARSE,
    STAGES,
    Asked,
    Begun,
    Claim,
    Duplicate,
    Ending,
    Failed,
    Fetched,
    Finding,
    Findings,
    Indexed,
    Line,
    Onward,
    Parsed,
    PartFetched,
    Postponed,
    Read,
    Refused,
    Stage,
    Unchanged,
    Verdict,
    Wants,
)
from shared.urls import normalise
from tests.shared.ledger.work import Work, body, records
from tests.valkey import Valkey

TEXTS = [f"http://{host}.example/{n}" for host in ("a", "b") for n in range(4)] + ["http://a.example/0#x", "no URL"]
PAGES = [page_id(normalise(text)) for text in TEXTS[:8]] + [source_id("site", text) for text in TEXTS[:2]]
PAGES += [source_id("requisite", text) for text in TEXTS[:3]]
FOLLOWS = Scope(follow=True, limit=5)
findings = st.builds(
    Finding,
    st.sampled_from(TEXTS[:3] + TEXTS[:8]),
    st.sampled_from(["page", "page", "page", "site", "requisite", "requisite"]),
    st.integers(0, 2),
    st.sampled_from(["", "a", "b"]),
    st.just(2),
)
pages = st.sampled_from(PAGES)
stages = st.sampled_from(list(STAGES.values()))
ENDS = "on on on refused gone failed final later same onward away crowded twin wants wants part".split()
verdicts = st.sampled_from(["answered", "answered", "slow down", "failed", None])


class LedgerMachine(RuleBasedStateMachine):
    """Two hosts, eight pages, workers that die, and a clock."""

    valkey: Valkey

    @initialize(delay=st.sampled_from([0.0, 1.0]), concurrency=st.integers(1, 3))
    def start(self, delay: float, concurrency: int) -> None:
        self.client = self.valkey.client()
        self.client.flushall()
        self.work = Work(
            Ledger(
                self.client,
                host_delay=delay,
                host_concurrency=concurrency,
                address_concurrency=2,
                host_patience=200,
                max_attempts=2,
            )
        )
        self.ledger = self.work.ledger
        self.claims: list[tuple[Stage, Claim]] = []
        self.open: dict[str, str] = {}
        self.folder = TemporaryDirectory()
        self.quarantine = Path(self.folder.name) / "quarantine"

    def teardown(self) -> None:
        if hasattr(self, "client"):
            if hasattr(self, "folder"):
                self.everything_ends()
            self.client.close()
            self.folder.cleanup()

    def everything_ends(self) -> None:
        """No page is forgotten by whose turn it is: with time, each comes to its end."""
        for crawl in self.ledger.crawls():
            self.ledger.resume(crawl.id)
        for _ in range(100):
            self.work.now += 86_400_000
            self.ledger.reconcile(now=self.work.now, queue_lengths={"fetch": 0, "parse": 0, "index": 0})
            if not sum(self.ledger.status().in_flight.values()):
                break
            self.work.dispatch()
            for stage in STAGES.values():
                ready = [page.decode() for page in self.client.zrange(f"ready:{stage.name}", 0, -1)]
                for page in ready:
                    for claim in self.work.claim(stage, page):
                        self.work.end(claim, stage, Refused("the end"))
        assert sum(self.ledger.status().in_flight.values()) == 0
        assert self.client.hlen("hostbusy") == self.client.hlen("addresses") == 0

    @rule(
        digest=st.sampled_from("xyz"),
        lines=st.lists(st.builds(Line, st.sampled_from(TEXTS), st.sampled_from(["page", "page", "site"])), max_size=5),
    )
    def submit(self, digest: str, lines: list[Line]) -> None:
        """Crawl x follows links, and takes in five pages at most."""
        crawl = self.ledger.open_crawl(digest=digest, label=digest, scope=FOLLOWS if digest == "x" else None)
        before = self.ledger.crawl(crawl.id)
        if before.closed:
            with pytest.raises(UnknownCrawlError):
                self.ledger.submit(crawl.id, lines, sync=False)
            return
        assert crawl.submitted == before.submitted - before.found
        answers = self.ledger.submit(crawl.id, lines, sync=False, now=self.work.now)
        assert [a.url for a in answers] == [line.url for line in lines]
        self.open[digest] = crawl.id

    @precondition(lambda self: self.open)
    @rule(data=st.data(), what=st.sampled_from(["close", "pause", "resume", "cancel"]))
    def crawl(self, data: st.DataObject, what: str) -> None:
        crawl = self.open[data.draw(st.sampled_from(sorted(self.open)))]
        act = {
            "close": self.ledger.close_submission,
            "pause": self.ledger.pause,
            "resume": self.ledger.resume,
            "cancel": self.ledger.cancel,
        }
        act[what](crawl)

    @rule(seconds=st.sampled_from([0, 1, 20, 100]), window=st.integers(1, 6))
    def dispatch(self, seconds: int, window: int) -> None:
        self.work.now += seconds * 1000
        found = self.work.dispatch(window)
        assert len(found) <= window
        assert len(set(found)) == len(found)

    @rule(stage=stages, named=st.lists(pages, max_size=3))
    def claim(self, stage: Stage, named: list[str]) -> None:
        claims = self.work.claim(stage, *named, lease=50)
        assert len(claims) <= stage.batch
        assert len(claims) == 1 or not any(c.alone for c in claims)
        self.claims += [(stage, claim) for claim in claims]

    @precondition(lambda self: self.claims)
    @rule(
        data=st.data(),
        how=st.sampled_from(ENDS),
        verdict=verdicts,
        leads_to=st.lists(findings, max_size=3),
    )
    def end(self, data: st.DataObject, how: str, verdict: Verdict | None, leads_to: list[Finding]) -> None:
        """Any claim ever made may end, also one whose lease is long lost, or that has ended before."""
        stage, claim = data.draw(st.sampled_from(self.claims))
        asked = None
        if verdict is not None and stage is FETCH:
            retry = 30.0 if verdict == "slow down" else None
            asked = Asked(self.work.now - 100, verdict, 5.0, retry, why="no", cause="dns")
        on: dict[str, Fetched | Read | Parsed | Indexed] = {}
        if how == "on" and stage.name == "index":
            on["index"] = self.work.store.write(claim)
        found = self.found(claim, leads_to)
        fetched = Fetched(body(claim.url), "hash", asked, found)
        on |= {
            "fetch": fetched if claim.kind == "page" else Read("a site", asked, found, validator='"e"'),
            "parse": Parsed(records(claim)),
        }
        endings = {
            "refused": Refused("no", asked=asked),
            "gone": Refused("404", gone=True, asked=asked),
            "failed": Failed("no", "dns", asked=asked),
            "final": Failed("never", "parse", final=True, asked=asked),
            "later": Postponed("later", 5, asked=asked),
            "wants": self.wants(stage, claim),
            "part": PartFetched(None, asked) if stage is FETCH and claim.part else Refused("no"),
            "twin": self.twin(stage, claim),
            "same": Unchanged(asked, found) if stage is FETCH else Refused("nothing to read"),
            "onward": Onward("", "{}", asked) if stage is FETCH else Refused("no"),
            "away": Onward("b.example", "{}", asked) if stage is FETCH else Refused("no"),
            "crowded": Postponed("crowded", 0, address="192.0.2.1"),
        }
        moved = self.work.end(claim, stage, on[stage.name] if how == "on" else endings[how])
        assert self.work.end(claim, stage, Refused("twice")).lost
        if not moved.lost:
            self.claims.remove((stage, claim))

    def wants(self, stage: Stage, claim: Claim) -> Ending:
        """As parser and fetcher end a page whose discussion goes on on two other hosts."""
        if stage is PARSE:
            parts = ("http://b.example/feed", "http://c.example/feed")
            return Wants(tuple((url, f'{{"url": "{url}"}}') for url in parts))
        return PartFetched(body(claim.part)) if stage is FETCH and claim.part else Refused("no")

    def twin(self, stage: Stage, claim: Claim) -> Ending:
        """As the indexer ends a page that is not stored and says what another one says."""
        stored = self.stored()
        if stage is INDEX and stored and claim.page_id not in stored:
            return Duplicate(stored[0], "the same page")
        return Refused("nothing to read")

    def stored(self) -> list[str]:
        return [page for page in PAGES if self.client.hexists(f"p:{page}", "v")]

    @rule(data=st.data())
    def take_over(self, data: st.DataObject) -> None:
        if len(self.stored()) > 1:
            page, by = data.draw(st.permutations(self.stored()))[:2]
            take_over(self.ledger, page, by, "the same page", now=self.work.now)
            delete_pending(self.ledger, self.work.store)

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), address=st.sampled_from(["192.0.2.1", "192.0.2.2", ""]))
    def begin(self, data: st.DataObject, address: str) -> None:
        """Any claim ever made may begin a request, or try to."""
        stage, claim = data.draw(st.sampled_from(self.claims))
        if stage is FETCH and self.work.begin(claim, address) is Begun.GO:
            assert self.work.begin(claim, address) is Begun.GO

    def found(self, claim: Claim, leads_to: list[Finding]) -> tuple[Findings, ...]:
        follows = [crawl for crawl in claim.crawls if claim.kind == "site" or self.ledger.scope(crawl).follow]
        return tuple(Findings(crawl, tuple(leads_to)) for crawl in follows)

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), shared=st.booleans(), release=st.booleans())
    def worker_dies(self, data: st.DataObject, shared: bool, release: bool) -> None:
        _, claim = data.draw(st.sampled_from(self.claims))
        if release:
            self.ledger.release(claim.token, now=self.work.now)
        else:
            self.ledger.lapse(claim.token, "died", "crash", now=self.work.now, shared=shared)
        assert self.ledger.lapse(claim.token, "died", "crash", now=self.work.now) == []

    @rule()
    def reconcile(self) -> None:
        self.ledger.reconcile(now=self.work.now, queue_lengths={"fetch": 0, "parse": 0, "index": 0})

    @rule(text=st.sampled_from(TEXTS[:8]), site=st.booleans())
    def forget(self, text: str, site: bool) -> None:
        if self.seldom():
            where = {"site": "a.example"} if site else {"url": text}
            forget(self.ledger, self.work.store, Path(self.folder.name), **where)

    def seldom(self) -> bool:
        self.turns = getattr(self, "turns", 0) + 1
        return self.turns % 4 == 0

    @rule(some=st.lists(pages, max_size=3), stop=st.booleans())
    def watch(self, some: list[str], stop: bool) -> None:
        known = [page for page in some if self.ledger.page(page) is not None]
        if stop:
            watching.unwatch(self.ledger, some)
        elif known:
            watching.watch(self.ledger, known, now=self.work.now)

    @rule(days=st.sampled_from([0, 1, 10]))
    def look(self, days: int) -> None:
        self.work.now += days * 86_400_000
        watching.look(self.ledger, now=self.work.now)
        watching.drop_old(self.ledger, now=self.work.now)

    @rule()
    def move_bodies(self) -> None:
        move_bodies(self.ledger, self.quarantine, 10_000)

    @rule()
    def retry(self) -> None:
        retry(
            self.ledger,
            self.quarantine,
            sorted(q.page_id for q in list_pages(self.ledger, self.quarantine)),
            now=self.work.now,
        )

    @precondition(lambda self: self.open)
    @rule(
        data=st.data(),
        text=st.sampled_from(TEXTS),
        ago=st.sampled_from([-1000, 0, 1, 5000, 10**9]),
        how=st.sampled_from(["body", "body", "same", "refused", "gone"]),
    )
    def deliver(self, data: st.DataObject, text: str, ago: int, how: str) -> None:
        crawl = self.open[data.draw(st.sampled_from(sorted(self.open)))]
        status = self.ledger.crawl(crawl)
        page = Refused("no", gone=how == "gone") if how in {"refused", "gone"} else None
        raw = body(text), "hash" if how == "same" else f"hash{ago}"
        delivery = Delivery(text, self.work.now - ago, page or raw)
        if status.closed:
            with pytest.raises(UnknownCrawlError):
                deliver(self.ledger, crawl, delivery, at=status.submitted, now=self.work.now)
            return
        found = deliver(self.ledger, crawl, delivery, at=status.submitted, now=self.work.now)
        assert found.at == status.submitted + (not found.busy)
        # Twice, as by a client that lost the reply: it is told where it stands.
        if not found.busy:
            again = deliver(self.ledger, crawl, delivery, at=status.submitted, now=self.work.now)
            assert (again.at, again.publish, again.outcome) == (found.at, None, None)

    @precondition(lambda self: self.open)
    @rule(data=st.data(), text=st.sampled_from(TEXTS[:8]))
    def reparse(self, data: st.DataObject, text: str) -> None:
        crawl = self.open[data.draw(st.sampled_from(sorted(self.open)))]
        if not self.ledger.crawl(crawl).closed:
            page = page_id(normalise(text))
            if reparse(self.ledger, crawl, page, body(text), now=self.work.now) is Reparsed.TAKEN:
                assert reparse(self.ledger, crawl, page, body(text), now=self.work.now) is Reparsed.AGAIN

    @rule()
    def hosts_are_given_up(self) -> None:
        for host in self.ledger.forsaken():
            self.ledger.give_up(host, now=self.work.now, most=2)

    @rule()
    def redis_restarts(self) -> None:
        """As the ledger sees it: another server's name. The second that may be lost with it is not."""
        if self.seldom():
            self.client.set("run", f"{'0' * 40} 0")

    @rule()
    def scripts_are_lost(self) -> None:
        self.client.script_flush()

    @invariant()
    def the_audit_balances(self) -> None:
        if not hasattr(self, "work"):
            return
        report = audit(self.ledger, self.work.store)
        # A worker that was storing a page while it was forgotten may have written it after: it is pending, and told.
        pending = {page.decode() for page in self.client.zrange("forgotten:pending", 0, -1)}
        lines = [line for line in report.lines if not any(page in line for page in pending)]
        assert lines == []
        assert report.submitted == report.in_flight + sum(report.outcomes.values())
        for crawl in self.ledger.crawls():
            assert crawl.submitted == crawl.in_flight + sum(crawl.outcomes.values())
            assert sum(crawl.by_state.values()) == crawl.in_flight
            outcomes = [line.outcome for line in self.ledger.report(crawl.id)]
            assert outcomes.count(None) == crawl.in_flight
            assert {o: outcomes.count(o) for o in crawl.outcomes} == crawl.outcomes
        for host, busy in self.client.hgetall("hostbusy").items():
            assert int(busy) <= self.ledger.politeness.concurrency, host
        for address, taken in self.client.hgetall("addresses").items():
            assert 0 < int(taken) <= 2, address
        for page in pending:
            assert self.ledger.page(page).state == "forgotten"  # type: ignore[union-attr]


def test_the_ledger_balances_whatever_happens(valkey: Valkey) -> None:
    class Machine(LedgerMachine):
        pass

    Machine.valkey = valkey
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=40,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
