"""One fetcher without a delay: `python -m bench.fetch --baseline-python PYTHON [--pages 3000] [--rounds 3]`.

Pages a second from the site's own log, first request to last answer, and CPU milliseconds a page: of one fetcher
process of 32 threads (with a scheduler and Valkey beside it, whose CPU is told too), of Scrapy alone with 32 requests
at once, and of `requests` in a bare pool of 32 threads. In turn, on one loopback host. PYTHON has what
`bench/pipeline/requirements.txt` names.
"""

import argparse
import statistics
import subprocess
import sys
from pathlib import Path

from bench.fetch.requests_pool import AT_ONCE
from bench.fetchers import fetchers
from bench.politeness import site as sites
from bench.politeness.site import Site

ENVIRONMENT = {
    "TEARSHEET_FETCH_DELAY": "0",
    "TEARSHEET_FETCH_HOST_CONCURRENCY": str(AT_ONCE),
    "TEARSHEET_FETCH_ADDRESS_CONCURRENCY": str(AT_ONCE),
    "TEARSHEET_FETCH_THREADS": str(AT_ONCE),
    "TEARSHEET_BACKLOG_MARK": "100000",
}


def rate(site: Site, pages: int) -> float:
    """Pages a second by the site's log of these requests."""
    hits = [hit for hit in site.hits() if hit.path != "/robots.txt"]
    if len(hits) != pages:
        sys.exit(f"{len(hits)} requests for {pages} pages")
    return pages / (max(h.ended for h in hits) - min(h.started for h in hits))


def tearsheet(site: Site, pages: int) -> tuple[float, dict[str, float]]:
    """Pages a second, CPU milliseconds a page by role."""
    with fetchers(1, ENVIRONMENT) as running:
        before = running.cpu()
        running.crawl([f"http://{site.hosts[0]}/page/{n}" for n in range(pages)], "pages", patience=600)
        after = running.cpu()
    return rate(site, pages), {role: 1000 * (after[role] - before.get(role, 0.0)) / pages for role in after}


def baseline(script: str, python: Path, site: Site, pages: int) -> tuple[float, float]:
    """Pages a second, CPU milliseconds a page."""
    command = [str(python), str(Path(__file__).with_name(script)), f"http://{site.hosts[0]}", str(pages)]
    came, cpu = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    if int(came) != pages:
        sys.exit(f"{script}: {came} of {pages} pages")
    return rate(site, pages), 1000 * float(cpu) / pages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--baseline-python", type=Path, required=True, help="python with requirements.txt installed")
    args = parser.parse_args()
    rates: dict[str, list[float]] = {}
    with sites.running(1) as site:
        for number in range(1, args.rounds + 1):
            ours, cpu = tearsheet(site, args.pages)
            rates.setdefault("tearsheet", []).append(ours)
            roles = ", ".join(f"{role} {ms:.1f}" for role, ms in sorted(cpu.items()))
            line = f"round {number}: tearsheet {ours:.0f} pages/s ({roles} ms CPU a page)"
            for name, script in (("scrapy", "scrapy_alone.py"), ("requests", "requests_pool.py")):
                theirs, ms = baseline(script, args.baseline_python, site, args.pages)
                rates.setdefault(name, []).append(theirs)
                line += f"; {name} {theirs:.0f} pages/s ({ms:.1f} ms)"
            print(line, flush=True)
    print("medians: " + ", ".join(f"{name} {statistics.median(found):.0f}" for name, found in rates.items()))


if __name__ == "__main__":
    main()
