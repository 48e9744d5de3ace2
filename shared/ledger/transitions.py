"""Moving pages: dispatch, claim, the end of a stage, and what becomes of pages whose worker died."""

import json
import os
import random
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import zstandard
from redis.client import Pipeline
from redis.exceptions import OutOfMemoryError

from shared.ledger import keys
from shared.ledger.crawls import Crawls, id_of, moment
from shared.ledger.errors import LedgerFullError, asking
from shared.raw_page import RawPage
from shared.records import ParsedPage
from shared.stage import (
    STAGES,
    Asked,
    Begun,
    Claim,
    Duplicate,
    Ending,
    Failed,
    Fetched,
    Findings,
    Indexed,
    Onward,
    Outcome,
    Parsed,
    PartFetched,
    Postponed,
    Read,
    Refused,
    Stage,
    StageName,
    Unchanged,
    Wants,
)
from shared.urls import host_of

if TYPE_CHECKING:
    from shared.ledger.connection import Argument

_GONE = b"gone "
# Milliseconds that a ready page may wait while the queue is shorter than the pages ready, before it is published
# again: a message that is between the queue and its worker's claim is not lost.
GRACE = 5000
# Pages that one reconciliation republishes at most for each stage.
_MOST = 1000
# What becomes of a page that a full ledger could not take: it is tried again after so many seconds.
_FULL = Postponed("the ledger is full", 10.0)
# URLs that one script takes into a crawl: it keeps Redis for four milliseconds.
_PIECE = 200
# Characters of a reason: one long line; and of what is kept of a host's failure.
_REASON, _WHY = 300, 150


@dataclass(frozen=True, slots=True)
class Moved:
    """What a transition did."""

    lost: bool
    """The lease was no longer held: nothing changed."""
    next: StageName | None = None
    """Stage that the page is to be published for now."""
    outcome: Outcome | None = None
    retry_at: int | None = None
    """Milliseconds since 1970 from which the page is tried again."""


@dataclass(frozen=True, slots=True)
class Forsaken:
    """A host that has not answered for too long."""

    name: str
    since: datetime
    why: str
    cause: str
    """As a failure's."""


class Transitions(Crawls):
    """The ledger's side that faces workers, their supervisors and the scheduler."""

    def dispatch(self, *, now: int, window: int) -> list[str]:
        """Makes due pages of due hosts ready to be fetched, `window` of them at most; the caller publishes them."""
        return [i.decode() for i in self.run("dispatch", [now, window])]

    def next_due(self) -> int | None:
        """When the next host may have its turn; None where no page waits for one."""
        first = self.ask("ZRANGE", keys.HOSTS, 0, 0, "WITHSCORES")
        return int(float(first[0][1])) if first else None

    def claim(self, stage: Stage, page_ids: Sequence[str], *, token: str, lease: float, now: int) -> list[Claim]:
        """Leases the named pages that are ready, for `lease` seconds, under a token of the task's own.

        A stage that takes several pages a task is filled up with the longest ready others. A page flagged alone
        comes only by its own id and as the only claim; other named pages stay ready then.
        """
        lapses = now + round(lease * 1000)
        rows = self.run("claim", [stage.name, token, now, lapses, stage.batch, *page_ids])
        return [_claim(row, token) for row in rows]

    def begin(self, claim: Claim, address: str, *, now: int) -> Begun:
        """Before a request is made under a fetch's claim: takes a place at the address, where one is free.

        `address`: as text; empty where it is not known. The place is given back when the fetch ends, however it does.
        """
        return Begun(self.run("begin", [claim.page_id, claim.token, now, address or "-"]))

    def forsaken(self) -> list[Forsaken]:
        """Hosts that have not answered for longer than the patience with them."""
        found: list[Forsaken] = []
        for name in self.ask("ZRANGE", keys.FORSAKEN, 0, _MOST):
            since, why, cause = self.ask("HMGET", keys.pace(name.decode()), "since", "y", "c")
            if since and cause:
                found.append(Forsaken(name.decode(), moment(since), (why or b"").decode(), cause.decode()))
        return found

    def give_up(self, host: Forsaken, *, now: int, most: int = 500) -> int:
        """Quarantines pages that wait for a host that does not answer, `most` a call; returns how many still wait."""
        since = f"{host.since:%Y-%m-%d %H:%M} UTC"
        reason = short(f"{host.name} has not answered since {since}: {host.why.removeprefix(f'{host.name}: ')}")
        left: int = self.run("give_up", [host.name, now, reason, host.cause, place(), most])
        return left

    def raw(self, page_id: str) -> RawPage | None:
        """A page's raw body; None where it is gone, as the page has ended."""
        packed = self.ask("GET", keys.raw(page_id))
        return RawPage.unpack(packed) if packed else None

    def parts(self, page_id: str) -> list[tuple[str, RawPage | None]]:
        """The parts of a page's discussion that were fetched for it, by the names that `Wants` gave them.

        None for one that cannot be had.
        """
        found = (line.partition(b"\n") for line in self.ask("LRANGE", keys.parts(page_id), 0, -1))
        return [(name.decode(), RawPage.unpack(packed) if packed else None) for name, _, packed in found]

    def parsed(self, page_ids: Sequence[str]) -> list[tuple[ParsedPage | None, datetime | None]]:
        """Each page's records, or when it was found gone; neither where the page has ended."""
        return [_records(packed) for packed in self.ask("MGET", *map(keys.out, page_ids))]

    def end(self, claim: Claim, stage: Stage, ending: Ending, now: int) -> Moved:
        """Moves a page on by how its work at `stage` ended. A page that a full ledger cannot take is postponed."""
        try:
            return _moved(self._end(None, claim, stage, ending, now))
        except LedgerFullError:
            return _moved(self._end(None, claim, stage, _FULL, now))

    def end_many(self, endings: Iterable[tuple[Claim, Ending]], stage: Stage, now: int) -> list[Moved]:
        """As `end`, for several pages in one round trip; each page is a transition of its own."""
        ended = list(endings)
        if len(ended) == 1:  # without a pipeline, which first asks whether its scripts are there
            claim, ending = ended[0]
            return [self.end(claim, stage, ending, now)]
        answers = self._end_all(ended, stage, now)
        full = [n for n, answer in enumerate(answers) if isinstance(answer, OutOfMemoryError)]
        postponed: list[tuple[Claim, Ending]] = [(ended[n][0], _FULL) for n in full]
        for n, answer in zip(full, self._end_all(postponed, stage, now), strict=True):
            answers[n] = answer
        return [_moved(answer) for answer in answers]

    def _end_all(self, ended: Sequence[tuple[Claim, Ending]], stage: Stage, now: int) -> list[Any]:
        pipe = self.client.pipeline(transaction=False)
        for claim, ending in ended:
            self._end(pipe, claim, stage, ending, now)
        return self.execute(pipe, raise_on_error=False)

    def lapse(
        self, token: str, reason: str, cause: str, *, now: int, shared: bool = False
    ) -> list[tuple[StageName, str]]:
        """Takes back the leases of a task that died; returns what is to be published.

        `shared`: its process worked on other pages too, so that none of them is known to be to blame. A page that
        died alone has failed an attempt; others are flagged to be tried alone.
        """
        args: list[Argument] = [token, now, short(reason), cause, int(shared), self.max_attempts, place()]
        return _pairs(self.run("lapse", args))

    def release(self, token: str, *, now: int) -> list[tuple[StageName, str]]:
        """Gives back the leases of a task that was ended through no fault of its pages: no attempt, no flag.

        Returns what is to be published.
        """
        return _pairs(self.run("release", [token, now]))

    def reconcile(self, *, now: int, queue_lengths: dict[StageName, int]) -> list[tuple[StageName, str]]:
        """Whatever stopped moving: lapsed leases, and ready pages of which no queue holds a message.

        `queue_lengths`: messages in the queues now. Returns what is to be published.
        """
        lengths = [queue_lengths[name] for name in STAGES]
        args: list[Argument] = [now, self.max_attempts, place(), GRACE, _MOST, *lengths]
        args += [stage.hints for stage in STAGES.values()]
        return _pairs(self.run("reconcile", args))

    def _end(self, pipe: Pipeline | None, claim: Claim, stage: Stage, ending: Ending, now: int) -> Any:  # noqa: ANN401  # a script's answer
        page: list[Argument] = [claim.page_id, claim.token, now]
        told = _told(getattr(ending, "asked", None), self.clock.offset())
        self._take_in(claim, getattr(ending, "found", ()), now)
        match ending:
            case Fetched(raw=raw, content_hash=content_hash):
                return self.run("fetched", [*page, raw.pack(), content_hash, raw.validator, claim.trail, told], pipe)
            case Onward(host=host, way=way):
                return self.run("onward", [*page, host, way, told], pipe)
            case PartFetched(raw=part):
                return self.run("part", [*page, part.pack() if part is not None else b"", told], pipe)
            case Wants(parts=parts):
                lines = [f"{host_of(url)} {url} {name}" for url, name in parts]
                return self.run("wants", [*page, *lines], pipe)
            case Parsed(parsed=parsed):
                packed = zstandard.compress(parsed.model_dump_json().encode())
                return self.run("parsed", [*page, packed, claim.trail], pipe)
            case Indexed(version=version, counts=counts, changed=changed, canonical=canonical, refused=refused):
                numbers = (counts.articles, counts.comments, counts.replies, counts.widgets, counts.gone)
                changes: list[Argument] = [int(changed), canonical or claim.page_id]
                records = [word for record, reason in refused for word in (record, short(reason))]
                return self.run(
                    "indexed",
                    [*page, version, ",".join(map(str, numbers)), *changes, *records],
                    pipe,
                )
            case Duplicate(of=of, reason=reason):
                return self.run("duplicate", [*page, of, short(reason)], pipe)
            case Unchanged() | Read():
                outcome, words, validator = _well(ending)
                return self.run("ended", [*page, stage.name, outcome, words, "", told, validator], pipe)
            case Refused(reason=reason, gone=gone):
                marker = gone_marker(now) if gone else b""
                return self.run("ended", [*page, stage.name, "R", short(reason), marker, told], pipe)
            case Failed(reason=reason, cause=cause, final=final):
                limits: list[Argument] = [int(final), self.max_attempts, place()]
                # Jitter keeps pages that failed together from coming back together.
                base = round(self.retry_delay * random.uniform(0.75, 1.25))  # noqa: S311
                return self.run("failed", [*page, stage.name, short(reason), cause, *limits, base, told], pipe)
            case Postponed(seconds=seconds, address=address):
                due = now + round(seconds * 1000)
                return self.run("postponed", [*page, stage.name, due, told, address], pipe)

    def _take_in(self, claim: Claim, found: Sequence[Findings], now: int) -> None:
        """What a page or source leads to becomes lines of a crawl, piece by piece, before the page itself moves on.

        Where that is interrupted the page is fetched again, and what is in already is passed over.
        """
        for findings in found:
            most = self.scope(findings.crawl).limit
            pieces = len(findings.urls) or int(findings.left > 0)
            for start in range(0, pieces, _PIECE):
                left = 0 if start else findings.left
                args: list[Argument] = [claim.page_id, claim.token, now, findings.crawl, most, left]
                for one in findings.urls[start : start + _PIECE]:
                    args += [id_of(one.kind, one.url), one.url, keys.KINDS[one.kind]]
                    args += [one.depth, one.shape.encode("utf-8", "surrogatepass"), one.most, one.updated]
                if not self.run("found", args):
                    break  # the lease is lost, or the crawl waits for the page no more


def _well(ending: Unchanged | Read) -> tuple[str, bytes, str]:
    """Outcome, reason and validator of a fetch that ends its page well."""
    return ("S", short(ending.reason), ending.validator) if isinstance(ending, Read) else ("U", b"", "")


def place() -> str:
    """Where this process runs, as the quarantine tells it."""
    return f"{socket.gethostname()}, process {os.getpid()}"


def gone_marker(at: int) -> bytes:
    """What stands in the place of records where a page is gone, since `at` in milliseconds since 1970."""
    return _GONE + str(at).encode()


def short(reason: str) -> bytes:
    """A reason as it is kept; a page's own words in it may be long, or no text that UTF-8 can tell."""
    text = reason if len(reason) <= _REASON else reason[: _REASON - 1] + "…"
    return text.encode("utf-8", "backslashreplace")


def _claim(row: list[bytes | None], token: str) -> Claim:
    (
        page_id,
        url,
        fetch,
        attempts,
        alone,
        crawls,
        validator,
        content_hash,
        version,
        trail,
        parse,
        elsewhere,
        way,
        part,
        kind,
        depths,
    ) = (None if cell is None else cell.decode("utf-8", "surrogatepass") for cell in row)
    return Claim(
        page_id=page_id or "",
        url=url or "",
        fetch_id=int(fetch or 0),
        token=token,
        attempts=int(attempts or 0),
        alone=alone is not None,
        crawls=tuple((crawls or "").split()),
        validator=validator,
        # What stands elsewhere may have changed where the page itself has not.
        content_hash=content_hash if elsewhere is None else None,
        stored_version=int(version) if version else None,
        trail=trail or "",
        way=way or "",
        part=part or "",
        parse=int(parse or 0),
        archived=parse is not None,
        kind=keys.KIND_OF[kind or ""],
        depths=depths or "",
    )


def _told(asked: Asked | None, offset: int) -> str:
    """What a fetch tells of its host, as hosts.lua reads it; times in milliseconds.

    `offset`: by which the ledger's clock is ahead of ours.
    """
    if asked is None:
        return ""
    told: dict[str, str | int] = {"at": asked.at + offset, "v": asked.verdict}
    if asked.delay is not None:
        told["d"] = round(asked.delay * 1000)
    if asked.retry_after is not None:
        told["r"] = round(asked.retry_after * 1000)
    if asked.verdict == "failed":
        told |= {"y": asked.why[:_WHY], "c": asked.cause}
    return json.dumps(told)


def _records(packed: bytes | None) -> tuple[ParsedPage | None, datetime | None]:
    if not packed:
        return None, None
    if packed.startswith(_GONE):
        return None, moment(packed.removeprefix(_GONE))
    return ParsedPage.model_validate_json(zstandard.decompress(packed)), None


def _moved(answer: list[bytes] | Exception) -> Moved:
    if isinstance(answer, Exception):
        with asking():
            raise answer
    if not answer:
        return Moved(lost=True)
    stage, outcome, retry_at = (cell.decode() for cell in answer)
    return Moved(
        lost=False,
        next=stage or None,  # type: ignore[arg-type]  # the scripts know no other words
        outcome=keys.OUTCOMES.get(outcome),
        retry_at=int(retry_at) if retry_at else None,
    )


def _pairs(rows: list[list[bytes]]) -> list[tuple[StageName, str]]:
    return [(row[0].decode(), row[1].decode()) for row in rows]  # type: ignore[misc]  # as above
