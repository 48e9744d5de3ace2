"""Parses folders of real pages: times beside those of lexbor alone, the partition checked, predictions for a scorer.

The check is by a walk of its own (`bench/parser/walk.py`).

python -m bench.parser.run [FOLDER …] [--jobs N] [--limit N] [--out PRED.jsonl] [--no-check]

A folder holds `*.html` pages. Without one, the pages beside the project are taken (`../shared/data/pages`, unpacked
to a cache); where they are missing this says so and measures nothing.
"""

import argparse
import json
import multiprocessing
import statistics
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from bench.parser.walk import letters, walk
from services.parser import parse
from shared.records import ParsedPage

ROOT = Path(__file__).resolve().parents[2]
ARCHIVES = ROOT.parent / "shared" / "data" / "pages"


def measure(job: tuple[Path, bool]) -> tuple[str, float, float, str | None, dict[str, Any]]:
    """One page: its name, milliseconds, those of a bare lexbor parse, what is wrong with its partition, its records."""
    path, check = job
    body = path.read_bytes()
    url = "https://site.example/page"
    began = time.perf_counter()
    plain = parse(body, url)
    took = (time.perf_counter() - began) * 1000
    began = time.perf_counter()
    LexborHTMLParser(body)
    bare = (time.perf_counter() - began) * 1000
    wrong = partition_error(body, url) if check else None
    record = plain.model_dump(mode="json", include={"page", "article", "comments", "widgets"})
    return path.name, took, bare, wrong, record


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
    ap.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "tearsheet-pages")
    args = ap.parse_args()
    if not args.folders and not ARCHIVES.is_dir():
        print("skipped: no folder given and no ../shared/data/pages here")
        return 0
    work = list(jobs(folders(args.folders, args.cache), args.limit, check=not args.no_check))
    times: list[tuple[float, str]] = []
    lexbor: list[float] = []
    wrong: list[tuple[str, str]] = []
    out = args.out.open("w", encoding="utf-8") if args.out else None
    with multiprocessing.get_context("spawn").Pool(args.jobs) as pool:
        for name, took, bare, error, record in pool.imap(measure, work, chunksize=8):
            times.append((took, name))
            lexbor.append(bare)
            if error:
                wrong.append((name, error))
            if out:
                out.write(json.dumps({"id": name, **record}, ensure_ascii=False) + "\n")
    if out:
        out.close()
    times.sort()
    ms = [t for t, _ in times]
    print(f"pages {len(ms)}, jobs {args.jobs}")
    middle, mean, p99 = statistics.median(ms), statistics.fmean(ms), ms[int(len(ms) * 0.99)]
    print(f"median {middle:.1f} ms, mean {mean:.1f}, p99 {p99:.1f}, worst {ms[-1]:.1f} ({times[-1][1]})")
    alone = statistics.fmean(lexbor)
    print(f"a bare lexbor parse: mean {alone:.2f} ms; all of ours takes {mean / alone:.1f} times as long")
    if args.no_check:
        print("partition not checked")
    else:
        print(f"partition holds on {len(ms) - len(wrong)} of {len(ms)} pages")
    for name, error in wrong[:40]:
        print(f"  {name}: {error}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
