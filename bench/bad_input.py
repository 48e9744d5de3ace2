"""How bad input ends: `python -m bench.bad_input`. Crawls every case of the tests' hostile site, feeds and sitemaps
among them, a page of sites with bad robots.txt files, and some URLs without a site.

Prints a table: what it was, how it ended and why, and seconds from submission to its end, retries included. A second
crawl, with a parse deadline that the largest page cannot meet, shows a page that kills its worker each time: it ends
in quarantine, the pages beside it are indexed. Exit code 0 only where every case ended as it may.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from tests.hostile_site import CASES, INDEXED, QUARANTINED, REFUSED, SOURCES, Case, Robots, hostile_site

TEARSHEET = Path(sys.executable).with_name("tearsheet")
# No waiting between requests, short waits between attempts, and no patience with a server that always says 'later':
# what is shown is how each case ends.
ENVIRONMENT = {
    "TEARSHEET_FETCH_ALLOW_PRIVATE": "127.0.0.0/8",
    "TEARSHEET_FETCH_DELAY": "0",
    "TEARSHEET_FETCH_HOST_CONCURRENCY": "64",
    "TEARSHEET_FETCH_ADDRESS_CONCURRENCY": "64",
    "TEARSHEET_FETCH_HOST_PATIENCE": "0",
    "TEARSHEET_FETCH_RETRY_DELAY": "1",
}
WITHOUT_SITE = (
    Case("hello world", "not a URL", (REFUSED,)),
    Case("file:///etc/passwd", "a scheme that is not fetched", (REFUSED,)),
    Case("http://no-such-host.invalid/", "an unknown host", (QUARANTINED,)),
    Case("http://127.0.0.1:1/", "a refused connection", (QUARANTINED,)),
    Case("http://169.254.169.254/latest/meta-data/", "an address that is not public", (REFUSED,)),
)
ROBOTS: dict[Robots, Case] = {
    "disallow": Case("", "a robots.txt that disallows everything", (REFUSED,)),
    "redirect": Case("", "a robots.txt elsewhere, that disallows everything", (REFUSED,)),
    "huge": Case("", "a robots.txt of 100 MB", (INDEXED,)),
    "endless": Case("", "a robots.txt without end", (INDEXED,)),
    "binary": Case("", "a robots.txt that is no text", (INDEXED,)),
    "error": Case("", "a robots.txt with status 500", (QUARANTINED,)),
    "stall": Case("", "a robots.txt that never comes", (QUARANTINED,)),
    "slow": Case("", "a robots.txt that comes a byte a second", (QUARANTINED,)),
}


def crawl(
    urls: Iterable[str], folder: Path, environment: dict[str, str], sources: Iterable[str] = ()
) -> dict[str, tuple[str, str, float]]:
    """Outcome, reason and seconds of each URL."""
    folder.mkdir()
    listed, report, data = folder / "urls.txt", folder / "report.jsonl", folder / "data"
    listed.write_text("".join(f"{url}\n" for url in urls))
    named = [word for url in sources for word in ("--sitemap" if "/sitemap/" in url else "--feed", url)]
    subprocess.run(
        [TEARSHEET, "crawl", "--file", listed, "--data", data, "--report", report, *named],
        env={**os.environ, **ENVIRONMENT, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,  # quarantined pages make it fail, as they should
    )
    ended = dict(_ends(data / "logs"))
    first = min(start for start, _ in ended.values())
    found: dict[str, tuple[str, str, float]] = {}
    for line in map(json.loads, report.read_text().splitlines()):
        seconds = ended[line["page_id"]][1] - first if line["page_id"] in ended else 0.0
        found[line["url"]] = (line["outcome"], line["reason"] or "", seconds)
    return found


def _ends(logs: Path) -> Iterator[tuple[str, tuple[float, float]]]:
    """Page id -> when its last fetch was dispatched and when it ended (seconds since 1970), from the workers' logs."""
    for path in logs.glob("workers.log*"):
        for line in path.read_text().splitlines():
            entry = json.loads(line) if line.startswith("{") else {}
            if entry.get("event") == "page ended":
                yield entry["page"], (entry["fetch"] / 1000, datetime.fromisoformat(entry["timestamp"]).timestamp())


def table(cases: dict[str, Case], found: dict[str, tuple[str, str, float]]) -> int:
    """Prints a row a case; returns how many ended as they may not."""
    wrong = 0
    for url, case in cases.items():
        outcome, reason, seconds = found.get(url, ("lost", "", 0.0))
        bad = outcome not in case.outcomes
        wrong += bad
        print(f"| {case.what} | {outcome}{' (WRONG)' if bad else ''} | {reason[:110]} | {seconds:.1f} s |")
    return wrong


def main() -> None:
    """Both crawls."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    with ExitStack() as stack:
        site = stack.enter_context(hostile_site())
        scratch = stack.enter_context(tempfile.TemporaryDirectory())
        cases = {site.at(c.path): c for c in CASES} | {c.path: c for c in WITHOUT_SITE}
        for robots, case in ROBOTS.items():
            cases[stack.enter_context(hostile_site(robots=robots)).at("/ok?n=1")] = case
        print("| what it was | how it ended | reason | after |\n|---|---|---|---|")
        sources = {site.at(c.path): c for c in SOURCES}
        wrong = table(cases | sources, crawl(cases, Path(scratch) / "all", {}, sources))
        print("\nA parse deadline of half a second: the page of two million tags kills its worker each time.\n")
        poison = {site.at("/html/tags"): Case("", "a poison page", (QUARANTINED,))}
        beside = {site.at(f"/ok?n={n}"): Case("", f"page {n} beside it", (INDEXED,)) for n in range(5)}
        wrong += table(
            poison | beside, crawl(poison | beside, Path(scratch) / "poison", {"TEARSHEET_PARSE_DEADLINE": "0.5"})
        )
    print(f"\n{len(cases) + len(sources) + 6} cases, {wrong} ended as they may not")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
