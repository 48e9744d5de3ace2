"""Parses folders of real pages: times beside those of lexbor alone, the partition checked, predictions for a scorer.

The check is by a walk of its own (`bench/parser/walk.py`).

python -m bench.parser.run [FOLDER …] [--jobs N] [--limit N] [--out PRED.jsonl] [--no-check] [--baseline-python PYTHON]

A folder holds `*.html` pages. Without one, the pages beside the project are taken (`../shared/data/pages`, unpacked
to a cache); where they are missing this says so and measures nothing. With the Python of an environment that has
`requirements.txt` installed, trafilatura and rs-trafilatura are timed on each page right after it (`baselines.py`).

Times are those of the processor, in which a page takes as long on a busy machine as on an idle one, or nearly: on the
clock a parse of 50 ms is put aside for others again and again, and one of lexbor's 2 ms hardly ever.
"""

import argparse
import json
import multiprocessing
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from bench.parser.paths import Led, led
from bench.parser.walk import letters, walk
from services.parser import parse
from services.parser.engine import ask
from services.parser.relative_dates import microseconds_ago
from shared.records import ParsedPage

ROOT = Path(__file__).resolve().parents[2]
ARCHIVES = ROOT.parent / "shared" / "data" / "pages"
URL = "https://site.example/page"
BASELINES = Path(__file__).with_name("baselines.py")
FIRST = sorted((ROOT / "tests" / "services" / "parser" / "pages").glob("*/source.html"))
"""Pages that come with the project, none of those measured: each process parses them before."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One page."""

    name: str
    took: float
    """Milliseconds of the processor from bytes to records."""
    bare: float
    """Milliseconds of a bare lexbor parse."""
    others: dict[str, float]
    """Milliseconds of each baseline."""
    wrong: str | None
    """What is wrong with its partition."""
    led: Led | None
    """Where its records' paths lead; None where nothing is checked."""


class Baselines:
    """The process that times the baselines for one of ours, which waits meanwhile."""

    def __init__(self, python: Path) -> None:
        self.process = subprocess.Popen(
            [python, BASELINES],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        # The tools' versions.
        self._answer()
        for page in FIRST:
            self.times(page)

    def times(self, path: Path) -> dict[str, float]:
        """Milliseconds by tool. Raises RuntimeError where the process is gone."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{path.resolve()}\n")
        self.process.stdin.flush()
        times: dict[str, float] = json.loads(self._answer())
        return times

    def _answer(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the baselines ended with exit code {self.process.wait()}")
        return line


_baselines: list[Baselines] = []


def start(python: Path | None) -> None:
    """Gives a process of ours its baselines, where there are some, and what it makes once: weights, the words of
    dates, dateparser, patterns. A worker parses pages for hours."""
    ask("parse_date", text="3 listopada 2026", languages=[])
    microseconds_ago("an hour ago", "en")
    for page in FIRST:
        parse(page.read_bytes(), URL)
    if python is not None:
        _baselines.append(Baselines(python))


def measure(job: tuple[Path, bool]) -> tuple[Measured, dict[str, Any]]:
    """One page, with what the baselines take for it, and its records."""
    path, check = job
    body = path.read_bytes()
    began = time.process_time()
    plain = parse(body, URL)
    took = (time.process_time() - began) * 1000
    began = time.process_time()
    LexborHTMLParser(body)
    bare = (time.process_time() - began) * 1000
    wrong, places = None, None
    if check:
        explained = parse(body, URL, explain=True)
        wrong, places = difference(explained, walk(body)), led(explained, body)
    record = plain.model_dump(mode="json", include={"page", "article", "comments", "widgets"})
    others = {name: ms for each in _baselines for name, ms in each.times(path).items()}
    return Measured(path.name, took, bare, others, wrong, places), record


def versions(python: Path) -> dict[str, str]:
    """The baselines that an environment has. Ends the run where it has none."""
    asked = subprocess.run([python, BASELINES], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    found: dict[str, str] = json.loads(asked.stdout) if asked.returncode == 0 else {}
    if not found:
        sys.exit(f"no baselines in {python}: {asked.stderr.strip()}")
    return found


def partition_error(body: bytes, url: str) -> str | None:
    """What is wrong with the partition of a page; None where it holds."""
    return difference(parse(body, url, explain=True), walk(body))


def difference(parsed: ParsedPage, visible: str) -> str | None:
    """In what a page's segments, which it was parsed with, are not its visible text; None where they are."""
    said = letters("".join(s.text for s in parsed.segments or []))
    seen = letters(visible)
    if said != seen:
        at = next((n for n, (a, b) in enumerate(zip(said, seen, strict=False)) if a != b), min(len(said), len(seen)))
        near = slice(at, at + 20)
        return f"segments differ from visible text at letter {at} of {len(seen)}: {said[near]!r}, {seen[near]!r}"
    ids = {parsed.article.id} if parsed.article else set()
    ids |= {c.id for c in parsed.comments} | {w.id for w in parsed.widgets}
    lost = [s for s in parsed.segments or [] if s.record not in ids]
    return f"{len(lost)} segments in no record" if lost else None


def folders(given: list[Path], cache: Path) -> list[Path]:
    """The folders to measure."""
    if given:
        return given
    for archive in sorted(ARCHIVES.glob("*.tar.xz")):
        if not (cache / archive.name.removesuffix(".tar.xz")).exists():
            with tarfile.open(archive) as tar:
                tar.extractall(cache, filter="data")
    return sorted({page.parent for page in cache.rglob("*.html")})


def jobs(found: list[Path], limit: int | None, *, check: bool) -> Iterator[tuple[Path, bool]]:
    """The pages of the folders; of each at most `limit`, evenly chosen."""
    for folder in found:
        pages = sorted(folder.glob("*.html"))
        step = max(1, len(pages) // limit) if limit else 1
        yield from ((page, check) for page in pages[::step])


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("folders", nargs="*", type=Path)
    ap.add_argument("--jobs", type=int, default=1)
    ap.add_argument("--limit", type=int)
    ap.add_argument("--out", type=Path)
    ap.add_argument("--no-check", action="store_true")
    ap.add_argument("--baseline-python", type=Path, help="python with requirements.txt installed")
    ap.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "tearsheet-pages")
    args = ap.parse_args()
    if not args.folders and not ARCHIVES.is_dir():
        print("skipped: no folder given and no ../shared/data/pages here")
        return 0
    work = list(jobs(folders(args.folders, args.cache), args.limit, check=not args.no_check))
    if not work:
        sys.exit(f"no *.html in {', '.join(map(str, args.folders))}: name a folder that holds pages")
    tools = versions(args.baseline_python) if args.baseline_python else {}
    pages: list[Measured] = []
    out = args.out.open("w", encoding="utf-8") if args.out else None
    with multiprocessing.get_context("spawn").Pool(args.jobs, start, (args.baseline_python,)) as pool:
        for page, record in pool.imap(measure, work, chunksize=8):
            pages.append(page)
            if out:
                out.write(json.dumps({"id": page.name, **record}, ensure_ascii=False) + "\n")
    if out:
        out.close()
    print(f"pages {len(pages)}, jobs {args.jobs}")
    print_times(pages, tools)
    wrong = [page for page in pages if page.wrong]
    if args.no_check:
        print("partition not checked")
    else:
        print(f"partition holds on {len(pages) - len(wrong)} of {len(pages)} pages")
        checked = [page.led for page in pages if page.led is not None]
        rightly, records = sum(p.rightly for p in checked), sum(p.records for p in checked)
        print(f"paths lead to their own words and no others, of {rightly} of {records} records")
    for page in wrong[:40]:
        print(f"  {page.name}: {page.wrong}")
    return 1 if wrong else 0


def print_times(pages: Sequence[Measured], tools: dict[str, str]) -> None:
    """Our times, and ours and each baseline's as ratios to a bare lexbor parse of the same pages."""
    ms, lexbor = [p.took for p in pages], [p.bare for p in pages]
    print(f"{_spread(ms)} ({max(pages, key=lambda p: p.took).name})")
    mean, middle = statistics.fmean(lexbor), statistics.median(lexbor)
    print(
        f"a bare lexbor parse: mean {mean:.2f} ms; all of ours takes {statistics.fmean(ms) / mean:.1f} times as long"
        f" (median {middle:.2f} ms, {statistics.median(ms) / middle:.1f} times)"
    )
    for name, version in tools.items():
        theirs = [p.others[name] for p in pages]
        print(
            f"{name} {version}: {_spread(theirs)}; {statistics.fmean(theirs) / mean:.1f} times as long as lexbor"
            f" (median {statistics.median(theirs) / middle:.1f} times)"
        )


def _spread(ms: Sequence[float]) -> str:
    ordered = sorted(ms)
    return (
        f"median {statistics.median(ms):.1f} ms, mean {statistics.fmean(ms):.1f}, "
        f"p99 {ordered[int(len(ms) * 0.99)]:.1f}, worst {ordered[-1]:.1f}"
    )


if __name__ == "__main__":
    sys.exit(main())
