"""Nothing is lost under `kill -9`: `python -m bench.kill --pages FOLDER [--count 3000]`.

Crawls the same local site twice, once undisturbed, once while a random worker process is killed every two seconds
and Valkey every ten. Then the two stores must hold the same ids and fields (fetch times, and dates reckoned from
them, apart), every page must be indexed (those without a word to read refused, in both runs), and the audit must
balance; with one record or one ledger entry deleted by hand, the audit must fail. Exit code 0 only where all of that
holds.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import psutil

from bench.pipeline import page_site
from bench.pipeline.run import ENVIRONMENT
from bench.processes import role, tree
from shared.settings import Settings
from shared.stores import open_store
from tearsheet.embedded.session import open_ledger

TEARSHEET = Path(sys.executable).with_name("tearsheet")
WORKER_PERIOD, VALKEY_PERIOD = 2.0, 10.0
# How a page of nothing but script ends; a folder of real pages has some.
UNREADABLE = "refused nothing to read: the page has no visible text"
DATES = ("published_at", "modified_at", "edited_at")


class Killer(threading.Thread):
    """Kills a random worker process, and now and then Valkey, of the tree under `pid`."""

    def __init__(self, pid: int, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self.pid, self.chance, self.killed, self.done = pid, chance, Counter[str](), threading.Event()

    def run(self) -> None:
        """Until `done` is set."""
        since_valkey = 0.0
        while not self.done.wait(WORKER_PERIOD):
            since_valkey += WORKER_PERIOD
            self._kill({"fetcher", "parser", "indexer", "scheduler"})
            if since_valkey >= VALKEY_PERIOD:
                since_valkey = 0.0
                self._kill({"valkey"})

    def _kill(self, roles: set[str]) -> None:
        found: list[tuple[str, psutil.Process]] = []
        with suppress(psutil.NoSuchProcess):
            for process in tree(self.pid):
                with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                    found.append((role(process), process))
        found = [(name, process) for name, process in found if name in roles]
        if found:
            name, process = self.chance.choice(found)
            with suppress(psutil.NoSuchProcess):
                process.kill()
                self.killed[name] += 1


def crawl(urls: Path, data: Path, report: Path, killer: random.Random | None) -> dict[str, str]:
    """Runs one crawl; returns how each URL ended: 'indexed', or outcome and reason."""
    process = subprocess.Popen(
        [TEARSHEET, "crawl", "--file", urls, "--data", data, "--report", report],
        env={**os.environ, **ENVIRONMENT},
        stdout=subprocess.DEVNULL,
    )
    threads = [Killer(process.pid, killer)] if killer else []
    for thread in threads:
        thread.start()
    process.wait()
    for thread in threads:
        thread.done.set()
        thread.join()
        print(f"killed: {dict(thread.killed)}")
    ends = map(json.loads, report.read_text().splitlines())
    return {end["url"]: f"{end['outcome']} {end['reason'] or ''}".strip() for end in ends}


def settings_of(data: Path) -> Settings:
    """Settings of an embedded run on this data folder."""
    return Settings(data=data, redis_url="", store="tantivy")


def records(data: Path) -> dict[str, dict[str, object]]:
    """Every record of a store by its id."""
    store = open_store(settings_of(data), write=False)
    try:
        return {record.id: record.model_dump() for record in store.export()}
    finally:
        store.close()


def differences(calm: dict[str, dict[str, object]], wild: dict[str, dict[str, object]]) -> Iterator[str]:
    """A line for each id or field in which two stores differ."""
    for missing in calm.keys() ^ wild.keys():
        yield f"{missing}: only in the {'undisturbed' if missing in calm else 'disturbed'} store"
    for record_id in calm.keys() & wild.keys():
        ours, theirs = calm[record_id], wild[record_id]
        page = record_id.partition(":")[0]
        apart = _time(wild[page], "fetched_at") - _time(calm[page], "fetched_at")
        for field, value in ours.items():
            other = theirs[field]
            if field == "fetched_at" or value == other or (field in DATES and _reckoned(value, other, apart)):
                continue
            if field in {"items", "updates"} and _without_dates(value) == _without_dates(other):
                continue
            yield f"{record_id} {field}: {value!r} and {other!r}"


def _time(record: dict[str, object], field: str) -> datetime:
    value = record[field]
    assert isinstance(value, datetime)
    return value


def _reckoned(value: object, other: object, apart: timedelta) -> bool:
    """Whether two dates are as far apart as their pages' fetches, to the minute (or the day, for 'yesterday')."""
    if not isinstance(value, datetime) or not isinstance(other, datetime):
        return False
    return abs((other - value) - apart) <= timedelta(minutes=1) or abs(other - value) == timedelta(days=1)


def _without_dates(items: object) -> list[dict[str, object]]:
    assert isinstance(items, list)
    return [{k: v for k, v in item.items() if k not in DATES} for item in items]


def audit(data: Path) -> int:
    """The audit's exit code."""
    return subprocess.run([TEARSHEET, "audit", "--data", data], stdout=subprocess.DEVNULL).returncode


def audit_sees_losses(data: Path, record_id: str, page_id: str) -> Iterator[str]:
    """Deletes a record, then a ledger entry; a line for each loss that the audit does not see."""
    import tantivy

    index = tantivy.Index.open(str(next((data / "store").rglob("meta.json")).parent))
    writer = index.writer()
    writer.delete_documents_by_term("id", record_id)
    writer.commit()
    writer.wait_merging_threads()
    if audit(data) == 0:
        yield f"record {record_id} was deleted, and the audit balances"
    with open_ledger(settings_of(data), workers=False) as ledger:
        ledger.client.delete(f"p:{page_id}")
    if audit(data) == 0:
        yield f"ledger entry {page_id} was deleted, and the audit balances"


def main() -> None:
    """Runs both crawls and the checks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, required=True, help="a folder of .html or .html.gz files")
    parser.add_argument("--count", type=int, default=3000, help="pages (default 3,000)")
    parser.add_argument("--seed", type=int, default=1, help="of the choice of victims (default 1)")
    args = parser.parse_args()
    problems: list[str] = []
    runs: list[dict[str, str]] = []
    with page_site.running(args.pages) as (base, _), tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        urls = folder / "urls.txt"
        urls.write_text("".join(f"{base}/p/{number}\n" for number in range(args.count)))
        for name, chance in (("calm", None), ("wild", random.Random(args.seed))):
            ends = crawl(urls, folder / name, folder / f"{name}.jsonl", chance)
            print(f"{name}: {dict(Counter(ends.values()))}", flush=True)
            problems += (f"{name}: {url} {end}" for url, end in ends.items() if end not in ("indexed", UNREADABLE))
            runs.append(ends)
            if audit(folder / name):
                problems.append(f"{name}: the audit does not balance")
        if runs[0] != runs[1] or len(runs[0]) != args.count:
            problems.append("URLs ended in different ways, or not all did")
        calm, wild = records(folder / "calm"), records(folder / "wild")
        found = list(differences(calm, wild))
        print(f"records: {len(calm)} and {len(wild)}, differences {len(found)}")
        problems += found
        page = next(i for i in wild if ":" not in i)
        problems += audit_sees_losses(folder / "wild", next(i for i in wild if ":w:" in i or ":c:" in i), page)
    for line in problems[:50]:
        print(line)
    print("nothing lost" if not problems else f"{len(problems)} problems")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
