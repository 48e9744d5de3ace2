"""A hundred hosts of uneven size, a delay, and one, two or four fetchers: `python -m bench.politeness [--pages 12000]`.

From the servers' own log: the smallest time between two requests' starts at a host, requests that overlapped, pages
fetched twice, and the time from the first request to the end of the last one beside the ideal: the greater of the
largest host's pages times the delay, and all pages by the rate at which the same fetchers fetch without a delay. With
`--kill`, a fetcher is killed with -9 every few seconds, and Valkey now and then. Exit code 0 only where no request came
too early or overlapped another, no page was lost, none fetched twice without need, and the time was within 1.2 of the
ideal (not looked at with `--kill`).
"""

import argparse
import os
import random
import signal
import sys
import threading
import time
from collections import Counter, defaultdict
from contextlib import suppress
from itertools import pairwise

import psutil

from bench.fetchers import Fetchers, fetchers
from bench.politeness import site as sites
from bench.politeness.site import Hit, Site
from shared.stage import Outcome

HOSTS = 100
DELAY = 0.2
WITHIN = 1.2
FETCHER_PERIOD, VALKEY_PERIOD = 5.0, 15.0
# A page may be fetched again where its fetcher was killed before it had told, or Valkey before it had written, which it
# does once a second, and later under load.
NEEDED_WITHIN = 2.5
_ENVIRONMENT = {"TEARSHEET_FETCH_HOST_CONCURRENCY": "1"}


def sizes(pages: int) -> list[int]:
    """Pages of each host, from a twelve-hundredth of all to a twelfth, most of them small."""
    least, most = pages / 1200, pages / 12

    def of(power: float) -> list[int]:
        return [round(least * (most / least) ** ((n / (HOSTS - 1)) ** power)) for n in range(HOSTS)]

    low, high = 0.1, 50.0
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if sum(of(middle)) > pages else (low, middle)
    found = of(high)
    found[HOSTS // 2] += pages - sum(found)
    return found


def urls_of(site: Site, pages: int, name: str) -> list[str]:
    """Each host's pages in a row, as a file of URLs has them."""
    return [
        f"http://{host}/{name}/{n}" for host, size in zip(site.hosts, sizes(pages), strict=True) for n in range(size)
    ]


class Killer(threading.Thread):
    """Kills a random fetcher every few seconds, and Valkey now and then."""

    def __init__(self, running: Fetchers) -> None:
        super().__init__(daemon=True)
        self.running, self.done = running, threading.Event()
        self.kills: list[tuple[float, str]] = []

    def run(self) -> None:
        """Until `done` is set."""
        chance, since = random.Random(1), 0.0
        while not self.done.wait(FETCHER_PERIOD):
            since += FETCHER_PERIOD
            victims = self.running.processes("fetcher")
            if victims:
                with suppress(psutil.NoSuchProcess):
                    os.kill(chance.choice(victims).pid, signal.SIGKILL)
                    self.kills.append((time.monotonic(), "fetcher"))
            if since >= VALKEY_PERIOD:
                since = 0.0
                self.running.kill_valkey()
                self.kills.append((time.monotonic(), "valkey"))


def gaps(hits: list[Hit]) -> tuple[float, int, int]:
    """The smallest time between two starts at a host, how many were nearer than the delay, and how many overlapped."""
    smallest, early, overlaps = float("inf"), 0, 0
    for of_host in by_host(hits).values():
        for one, two in pairwise(of_host):
            smallest = min(smallest, two.started - one.started)
            early += two.started - one.started < DELAY
            overlaps += two.started < one.ended
    return smallest, early, overlaps


def by_host(hits: list[Hit]) -> dict[str, list[Hit]]:
    """Each host's requests in order."""
    found: defaultdict[str, list[Hit]] = defaultdict(list)
    for hit in sorted(hits, key=lambda h: h.started):
        found[hit.host].append(hit)
    return found


def without_need(hits: list[Hit], kills: list[tuple[float, str]]) -> tuple[int, int]:
    """Requests for a page that had been fetched, and those of them that no kill explains."""
    again, needless = 0, 0
    pages: defaultdict[tuple[str, str], list[Hit]] = defaultdict(list)
    for hit in hits:
        pages[hit.host, hit.path].append(hit)
    for requests in pages.values():
        for one, _two in pairwise(sorted(requests, key=lambda h: h.started)):
            again += 1
            needless += not any(one.started - 0.1 <= at <= one.ended + NEEDED_WITHIN for at, _ in kills)
    return again, needless


def rate(count: int, site: Site, pages: int) -> float:
    """Pages a second of so many fetchers without a delay."""
    environment = {**_ENVIRONMENT, "TEARSHEET_FETCH_DELAY": "0"}
    with fetchers(count, environment) as running:
        running.crawl(urls_of(site, pages, "rate"), "rate", patience=600)
    hits = site.hits()
    return len(hits) / (max(h.ended for h in hits) - min(h.started for h in hits))


def measure(count: int, site: Site, pages: int, *, kill: bool) -> list[str]:
    """One run; prints its figures, returns what is wrong with them."""
    without_delay = rate(count, site, max(1200, pages // 4))
    urls = urls_of(site, pages, "page")
    environment = {**_ENVIRONMENT, "TEARSHEET_FETCH_DELAY": str(DELAY)}
    with fetchers(count, environment) as running:
        killer = Killer(running)
        if kill:
            killer.start()
        before = running.cpu()
        crawl = running.crawl(urls, "pages", patience=120 + 5 * pages * DELAY / 12)
        killer.done.set()
        if kill:
            killer.join()
        after = running.cpu()
        status = running.ledger.crawl(crawl)
    hits = site.hits()
    total = max(h.ended for h in hits) - min(h.started for h in hits)
    largest = max(Counter(url.split("/")[2] for url in urls).values()) * DELAY
    ideal = max(largest, pages / without_delay)
    smallest, early, overlaps = gaps(hits)
    again, needless = without_need(hits, killer.kills)
    lost = len(urls) - len({(h.host, h.path) for h in hits if h.path != "/robots.txt"})
    if kill:
        after.pop("valkey")  # each new one counts its own
    cpu = ", ".join(f"{role} {1000 * (after[role] - before.get(role, 0)) / pages:.1f}" for role in sorted(after))
    print(f"{count} fetcher{'s' if count > 1 else ''}: {len(hits):,} requests for {len(urls):,} pages of {HOSTS} hosts")
    print(f"  smallest time between two starts at a host {1000 * smallest:.1f} ms (delay {1000 * DELAY:.0f}); "
          f"nearer than the delay: {early}; overlapping: {overlaps}")  # fmt: skip
    print(f"  pages fetched again {again}, without need {needless}; lost {lost}; outcomes {_named(status.outcomes)}")
    ideals = f"largest host {largest:.1f} s; all at {without_delay:.0f} a second {pages / without_delay:.1f} s"
    print(f"  total {total:.1f} s, ideal {ideal:.1f} s ({ideals}): {total / ideal:.3f}")
    print(f"  CPU, ms a page: {cpu}")
    if kill:
        print(f"  killed: {dict(Counter(what for _, what in killer.kills))}")
    sys.stdout.flush()
    wrong = {
        "requests nearer than the delay": early,
        "overlapping requests": overlaps,
        "pages lost": lost + status.submitted - sum(status.outcomes.values()),
        "pages fetched again without need": needless,
        "the time is not within 1.2 of the ideal": not kill and total > WITHIN * ideal,
    }
    return [f"{count} fetchers: {what}" for what, number in wrong.items() if number]


def _named(outcomes: dict[Outcome, int]) -> str:
    return ", ".join(f"{outcome} {count:,}" for outcome, count in outcomes.items() if count)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=12_000, help="of all hosts (default 12,000; at least 1,200)")
    parser.add_argument("--fetchers", default="1,2,4", help="how many, a run each (default 1,2,4)")
    parser.add_argument("--kill", action="store_true", help="kill -9 fetchers and Valkey meanwhile")
    args = parser.parse_args()
    problems: list[str] = []
    with sites.running(HOSTS) as site:
        for count in map(int, args.fetchers.split(",")):
            problems += measure(count, site, args.pages, kill=args.kill)
    for line in problems:
        print(line)
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
