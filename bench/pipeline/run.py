"""Tearsheet beside Scrapy with trafilatura and tantivy, in turn, on the same local site of real pages.

`python -m bench.pipeline.run --pages FOLDER [--count 1500] [--pairs 5]`. Both are timed as whole commands, from
start to end, every page fetched, parsed and stored. Prints pages a second of each, CPU seconds a page by stage, and
the ratio pair by pair with its median. `make bench` sets up both environments.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench.pipeline import page_site
from bench.processes import CpuWatch

BASELINE = Path(__file__).with_name("baseline.py")
# No politeness towards our own loopback site: the work is timed, not the waiting.
ENVIRONMENT = {
    "TEARSHEET_FETCH_ALLOW_PRIVATE": "127.0.0.0/8",
    "TEARSHEET_FETCH_DELAY": "0",
    "TEARSHEET_FETCH_HOST_CONCURRENCY": "32",
    "TEARSHEET_FETCH_ADDRESS_CONCURRENCY": "32",
    # They are real pages, served from here: whatever they ask of indexers, all are stored, and the comment feeds of
    # their real hosts are not asked for.
    "TEARSHEET_FETCH_NOINDEX": "false",
    "TEARSHEET_FETCH_DISCUSSIONS": "false",
}


def run_baseline(python: Path, base: str, count: int, folder: Path) -> tuple[float, float]:
    """Pages a second and CPU seconds a page of the baseline."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [python, BASELINE, base, str(count), folder], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    with CpuWatch(process.pid) as watch:
        out, _ = process.communicate()
    seconds = time.perf_counter() - started
    if process.returncode or int(out.split()[-1]) != count:
        sys.exit(f"the baseline stored {out.split()[-1:]} of {count} pages (exit code {process.returncode})")
    return count / seconds, sum(watch.seconds().values()) / count


def run_tearsheet(base: str, count: int, folder: Path) -> tuple[float, dict[str, float]]:
    """Pages a second and CPU seconds a page by stage of `tearsheet crawl`."""
    folder.mkdir()
    urls, report = folder / "urls.txt", folder / "report.jsonl"
    urls.write_text("".join(f"{base}/p/{number}\n" for number in range(count)))
    started = time.perf_counter()
    command = [Path(sys.executable).with_name("tearsheet"), "crawl", "--file", urls]
    process = subprocess.Popen(
        [*map(str, command), "--data", folder / "data", "--report", report],
        env={**os.environ, **ENVIRONMENT},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with CpuWatch(process.pid) as watch:
        process.wait()
    seconds = time.perf_counter() - started
    outcomes = Counter(json.loads(line)["outcome"] for line in report.read_text().splitlines())
    if outcomes["indexed"] != count:
        print(f"  note: outcomes {dict(outcomes)} of {count}", file=sys.stderr)
    return count / seconds, {name: s / count for name, s in watch.seconds().items()}


def main() -> None:
    """Runs the pairs and prints their figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, required=True, help="a folder of .html or .html.gz files")
    parser.add_argument("--count", type=int, default=1500, help="pages a run (default 1500)")
    parser.add_argument("--pairs", type=int, default=5, help="pairs of runs (default 5)")
    parser.add_argument("--baseline-python", type=Path, required=True, help="python with requirements.txt installed")
    args = parser.parse_args()
    ratios: list[float] = []
    with page_site.running(args.pages) as (base, pages), tempfile.TemporaryDirectory() as scratch:
        print(f"{args.count} pages a run from {pages} different ones, {os.cpu_count()} processors")
        for pair in range(1, args.pairs + 1):
            theirs, their_cpu = run_baseline(args.baseline_python, base, args.count, Path(scratch) / f"baseline{pair}")
            ours, our_cpu = run_tearsheet(base, args.count, Path(scratch) / f"tearsheet{pair}")
            ratios.append(ours / theirs)
            stages = ", ".join(f"{name} {1000 * s:.1f}" for name, s in sorted(our_cpu.items()))
            print(
                f"pair {pair}: baseline {theirs:.1f} pages/s ({1000 * their_cpu:.1f} ms CPU a page); "
                f"tearsheet {ours:.1f} pages/s ({1000 * sum(our_cpu.values()):.1f} ms CPU a page: {stages}); "
                f"ratio {ratios[-1]:.2f}",
                flush=True,
            )
    print(f"median ratio {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()
