"""What memory does while a crawl grows: `python -m bench.memory --pages FOLDER [--count 10000]`.

One crawl; the anonymous memory of all its processes together when 1,000 pages have ended, and from 10,000 on when the
same pages come again: the median of looks while the next 300 pages end. What a process holds swings with the page that
it is at, so other pages at either end would differ by more than the growth. Prints both, by process, and the growth in
percent and in bytes a page, and how many worker processes were replaced.
"""

import argparse
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bench.pipeline import page_site
from bench.pipeline.run import ENVIRONMENT
from bench.processes import anonymous_of_tree, role, tree
from shared.ledger import Ledger
from shared.settings import load
from tearsheet.embedded.session import open_ledger

FIRST, WINDOW = 1000, 300


def ended(ledger: Ledger) -> int:
    """Pages that have ended in the only crawl."""
    crawls = ledger.crawls()
    return sum(crawls[0].outcomes.values()) if crawls else 0


def look(ledger: Ledger, process: subprocess.Popen[bytes], first: int) -> dict[str, int]:
    """The median memory by role while pages `first` to `first + WINDOW` end."""
    looks: list[dict[str, int]] = []
    while (done := ended(ledger)) < first + WINDOW and process.poll() is None:
        if done >= first:
            looks.append(anonymous_of_tree(process.pid))
        time.sleep(0.2)
    return {name: int(median(one.get(name, 0) for one in looks)) for name in set().union(*looks)}


def main() -> None:
    """Runs the crawl and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, required=True, help="a folder of .html or .html.gz files")
    parser.add_argument("--count", type=int, default=10_000, help="pages until the second look (default 10,000)")
    args = parser.parse_args()
    if args.count < FIRST + WINDOW:
        parser.error(f"--count: at least {FIRST + WINDOW:,}, since growth is measured from {FIRST:,} pages on")
    with page_site.running(args.pages) as (base, pages), tempfile.TemporaryDirectory() as scratch:
        last = FIRST + math.ceil((args.count - FIRST) / pages) * pages
        data, urls = Path(scratch) / "data", Path(scratch) / "urls.txt"
        # Beyond the last look, since the last pages end while processes already go.
        urls.write_text("".join(f"{base}/p/{number}\n" for number in range(last + 2 * WINDOW)))
        process = subprocess.Popen(
            [Path(sys.executable).with_name("tearsheet"), "crawl", "--file", urls, "--data", data],
            env={**os.environ, **ENVIRONMENT},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        # Whoever opens the folder first has the house, and so its processes: that must be the crawl.
        while not {"valkey", "parser"} <= {role(p) for p in tree(process.pid)}:
            if process.poll() is not None:
                sys.exit(f"bench.memory: the crawl ended before it began, with exit code {process.returncode}")
            time.sleep(0.1)
        with open_ledger(load().model_copy(update={"data": data}), workers=False) as ledger:
            before = look(ledger, process, FIRST)
            pids = {p.pid for p in tree(process.pid)}
            after = look(ledger, process, last)
            replaced = len(pids - {p.pid for p in tree(process.pid)})
        process.wait()
    if not before or not after:
        sys.exit(f"bench.memory: the crawl ended too soon, with exit code {process.returncode}")
    for done, memory in ((FIRST, before), (last, after)):
        parts = ", ".join(f"{name} {size / 1e6:.1f}" for name, size in sorted(memory.items()))
        print(f"at {done} pages: {sum(memory.values()) / 1e6:.1f} MB ({parts})")
    total = sum(before.values())
    growth = sum(after.values()) - total
    print(
        f"growth {growth / 1e6:.1f} MB: {100 * growth / total:.1f}% of the first, "
        f"{growth / (last - FIRST):.0f} bytes a page; processes replaced: {replaced}"
    )


if __name__ == "__main__":
    main()
