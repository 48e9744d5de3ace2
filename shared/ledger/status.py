"""Reading the ledger: its counters cost the same at ten pages and at ten million."""

from dataclasses import dataclass
from datetime import datetime

from shared.ledger import keys
from shared.ledger.crawls import Crawls, CrawlStatus, counts_of, moment
from shared.ledger.paces import MOST, Paces, paces_of
from shared.records import RecordCounts
from shared.stage import STAGES, Kind, Outcome, StageName


@dataclass(frozen=True, slots=True)
class Memory:
    """Redis's memory in bytes; a `limit` of 0 is none."""

    used: int
    limit: int


@dataclass(frozen=True, slots=True)
class Status:
    """Where everything stands."""

    submitted: int
    """Lines of all crawls."""
    in_flight: dict[keys.State, int]
    """Pages by state."""
    outcomes: dict[Outcome, int]
    """Ended lines of all crawls."""
    pages: dict[str, int]
    """Pages by how their last fetch ended, forgotten ones included."""
    records: RecordCounts
    """What the store holds, as the ledger counts it."""
    errors: dict[str, int]
    backlog: dict[StageName, tuple[int, int]]
    """Pages ready and pages leased, by stage."""
    oldest: dict[StageName, float]
    """Seconds that the longest ready page of a stage has waited; no entry where none waits."""
    next_due: datetime | None
    memory: Memory
    on_disk: bool
    """Whether Redis keeps an append-only file and its last write went well."""
    crawls: list[CrawlStatus]
    """Those not finished."""
    notes: dict[str, str]
    """What is wrong now, in words."""
    hosts: Paces
    """Hosts that do not answer, and hosts that asked for fewer requests."""


@dataclass(frozen=True, slots=True)
class PageEntry:
    """What the ledger knows of a page."""

    page_id: str
    url: str | None
    """None where the page was forgotten."""
    state: str
    """waiting, fetching, parsing, indexing, an outcome, or forgotten."""
    outcome: Outcome | None
    reason: str | None
    fetch_id: int | None
    version: int | None
    counts: RecordCounts
    content_hash: str | None
    etag: str | None
    duplicate_of: str | None
    """Id of the page that says all it says."""
    interval: int | None
    """Seconds between two looks, where it is watched."""
    attempts: int
    alone: bool
    crawls: tuple[str, ...]
    kind: Kind = "page"


class Reading(Crawls):
    """The ledger's side that faces whoever watches."""

    def backlog(self) -> dict[StageName, tuple[int, int]]:
        """Pages ready and pages leased, by stage."""
        pipe = self.client.pipeline(transaction=False)
        for stage in STAGES:
            pipe.zcard(keys.ready(stage))
            pipe.zcard(keys.lease(stage))
        numbers = self.execute(pipe)
        return {stage: (numbers[2 * n], numbers[2 * n + 1]) for n, stage in enumerate(STAGES)}

    def next_work(self) -> int | None:
        """When workers have something to do next, in milliseconds since 1970 (0: now); None where nothing waits.

        That is a page in flight that is not put aside with its paused crawl, a watched page, or what is left of pages
        that were quarantined or forgotten.
        """
        pipe = self.client.pipeline(transaction=False)
        for key in (keys.HOSTS, keys.WATCH):
            pipe.zrange(key, 0, 0, withscores=True)
        pipe.llen(keys.QUARANTINED_BODIES)
        for key in (keys.FORSAKEN, keys.FORGOTTEN_PENDING, *map(keys.ready, STAGES), *map(keys.lease, STAGES)):
            pipe.zcard(key)
        hosts, watched, *waiting = self.execute(pipe)
        if any(waiting):
            return 0
        return min((int(score) for _, score in (*hosts, *watched)), default=None)

    def memory(self) -> tuple[int, int]:
        """Redis's memory in use and its limit (0: none), in bytes."""
        info = self.ask("INFO", "memory")
        return int(info["used_memory"]), int(info["maxmemory"])

    def page(self, page_id: str) -> PageEntry | None:
        """A page's entry; None where it was never submitted."""
        fields = self.ask("HGETALL", keys.page(page_id))
        if not fields:
            return None
        known = {k.decode(): v.decode("utf-8", "surrogatepass") for k, v in fields.items()}
        letter = known.get("s", "")
        outcome = keys.OUTCOMES.get(letter)
        return PageEntry(
            page_id=page_id,
            url=known.get("u"),
            state=keys.IN_FLIGHT.get(letter) or (outcome.value if outcome else "forgotten"),
            outcome=outcome,
            reason=known.get("r"),
            fetch_id=_number(known.get("f")),
            version=_number(known.get("v")),
            counts=counts_of(known.get("n")),
            content_hash=known.get("h"),
            etag=known.get("e"),
            duplicate_of=known.get("d"),
            interval=_number(known.get("i")),
            attempts=int(known.get("a", 0)),
            alone="b" in known,
            crawls=tuple(known.get("c", "").split()),
            kind=keys.KIND_OF[known.get("y", "")],
        )

    def set_note(self, key: str, text: str, ttl: float) -> None:
        """Says for `ttl` seconds what is wrong ("the store is down since …"); an empty text takes it back."""
        self.run("note", [key, text, self.clock.now() + round(ttl * 1000)])

    def notes(self) -> dict[str, str]:
        """What is wrong now, by key."""
        fields = self.ask("HGETALL", keys.NOTES)
        now = self.clock.now()
        found = ((k.decode(), *v.decode("utf-8", "replace").split(" ", 1)) for k, v in fields.items())
        return {key: text for key, until, text in found if int(until) > now}

    def paces(self, now: int) -> Paces:
        """Hosts that are set aside or slowed at `now`, in milliseconds since 1970."""
        return paces_of(self.run("paces", [now, MOST]))

    def totals(self) -> tuple[int, dict[Outcome, int]]:
        """Pages in flight, and how the lines of all crawls ended, in one round trip."""
        counts = self.ask("HGETALL", keys.COUNTS)
        known = {k.decode(): int(v) for k, v in counts.items()}
        return sum(_in_flight(known).values()), _outcomes(known)

    def status(self) -> Status:
        """Where everything stands."""
        pipe = self.client.pipeline(transaction=False)
        pipe.hgetall(keys.COUNTS)
        pipe.info("memory")
        pipe.info("persistence")
        pipe.zrange(keys.HOSTS, 0, 0, withscores=True)
        pipe.hvals(keys.OPEN_CRAWLS)
        for stage in STAGES:
            pipe.zrange(keys.ready(stage), 0, 0, withscores=True)
        counts, memory, disk, host, open_crawls, *oldest = self.execute(pipe)
        known = {k.decode(): int(v) for k, v in counts.items()}
        now = self.clock.now()
        pages = {o.value: known.get(f"s:{letter}", 0) for letter, o in keys.OUTCOMES.items()}
        return Status(
            submitted=known.get("submitted", 0),
            in_flight=_in_flight(known),
            outcomes=_outcomes(known),
            pages=pages | {"forgotten": known.get(f"s:{keys.FORGOTTEN}", 0)},
            records=counts_of(",".join(str(known.get(f"r:{k}", 0)) for k in keys.RECORD_KINDS)),
            errors={k[2:]: n for k, n in known.items() if k.startswith("e:")},
            backlog=self.backlog(),
            oldest={s: max(0.0, (now - row[0][1]) / 1000) for s, row in zip(STAGES, oldest, strict=True) if row},
            next_due=moment(int(host[0][1])) if host else None,
            memory=Memory(int(memory["used_memory"]), int(memory["maxmemory"])),
            on_disk=bool(disk["aof_enabled"]) and disk["aof_last_write_status"] == "ok",
            crawls=[self.crawl(i) for i in sorted((i.decode() for i in open_crawls), key=int)],
            notes=self.notes(),
            hosts=self.paces(now),
        )


def _in_flight(counts: dict[str, int]) -> dict[keys.State, int]:
    return {state: counts.get(f"s:{letter}", 0) for letter, state in keys.IN_FLIGHT.items()}


def _outcomes(counts: dict[str, int]) -> dict[Outcome, int]:
    return {outcome: counts.get(f"o:{letter}", 0) for letter, outcome in keys.OUTCOMES.items()}


def _number(text: str | None) -> int | None:
    return int(text) if text else None
